//! A compiler for `wasm32-unknown-unknown`: rustup's where it can fetch the standard library's sources, Debian's where it
//! cannot (its security archive carries a recent one for its browsers, `rustc-web`).
//!
//! Both build the standard library along with ours, for size: what is compiled for everybody carries speed-first sorting and
//! the text of every panic. That is a tenth of what a phone loads.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use wait_timeout::ChildExt as _;

use crate::command::{cargo, command, find_program, output};
use crate::progress::{Step, note};
use crate::setup::packages::SystemPackage;
use crate::workspace::Workspace;

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The standard library's feature and the compiler's flags that make a small module. A panic is a trap without a text, so
/// nothing that somebody wrote can be in one; its stack numbers the functions, whose names stay in the target folder
/// (`nestpost_wasm.functions`).
const BUILD_STD: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// rustup has to fetch 3 MB; a network that lets nothing through must not hold us up for long.
const RUSTUP_PATIENCE: Duration = Duration::from_secs(90);

/// `debian` or `rustup` decides instead of us.
const ROUTE_VARIABLE: &str = "NESTPOST_WASM_TOOLCHAIN";

const WHY: &str = "Debian's Rust, for the WASM module";
const PACKAGES: [SystemPackage; 5] = [
    SystemPackage { package: "rustc-web", why: WHY },
    SystemPackage { package: "cargo-web", why: WHY },
    SystemPackage { package: "rust-web-src", why: WHY },
    SystemPackage { package: "rust-web-llvm", why: WHY },
    SystemPackage { package: "lld-22", why: "the linker for the WASM module" },
];

/// Something that builds for [`TARGET`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// The toolchain that runs us, with the component `rust-src`.
    Rustup,
    /// Debian's packages, by their full paths: rustup's come first on the path.
    Debian { cargo: PathBuf, rustc: PathBuf, linker: PathBuf },
}

impl WasmToolchain {
    pub(crate) fn route(&self) -> &'static str {
        match self {
            Self::Rustup => "rustup",
            Self::Debian { .. } => "debian",
        }
    }

    /// `cargo build` for WASM, with what the route needs; package and profile are the caller's.
    pub(crate) fn cargo_build(&self, workspace: &Workspace) -> Command {
        let mut build = match self {
            Self::Rustup => cargo(workspace.root()),
            Self::Debian { cargo: program, rustc, linker } => {
                let mut build = cargo(workspace.root());
                let inherited: Vec<_> = build.get_envs().map(|(key, _)| key.to_owned()).collect();
                build = command(program, workspace.root());
                for key in inherited {
                    build.env_remove(key);
                }
                build
                    .env("RUSTC", rustc)
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                    // rustup's cargo points these at its own toolchain.
                    .env_remove("LD_LIBRARY_PATH")
                    .env_remove("RUSTDOC")
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .env_remove("CARGO");
                build
            }
        };
        // Flags for the machine at hand mean nothing to WASM.
        build.env("RUSTFLAGS", RUSTFLAGS).env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("RUSTC_WRAPPER");
        // Building the standard library is unstable; the compiler that builds it is a stable one.
        build.env("RUSTC_BOOTSTRAP", "1");
        build.args(["build", "--target", TARGET]).args(BUILD_STD);
        build
    }

    /// The compiler's own description, part of what a build is made from.
    pub(crate) fn version(&self, workspace: &Workspace) -> Result<String> {
        let rustc = match self {
            Self::Rustup => Path::new("rustc"),
            Self::Debian { rustc, .. } => rustc,
        };
        output(command(rustc, workspace.root()).arg("-vV"))
    }
}

/// What is there already, else what rustup can add. `None`: Debian's packages are needed.
pub(crate) fn find_or_add(workspace: &Workspace) -> Result<Option<WasmToolchain>> {
    let forced = std::env::var(ROUTE_VARIABLE).ok();
    match forced.as_deref() {
        None => {}
        Some("rustup") => {
            if !rustup_has_sources(workspace) && !add_by_rustup(workspace)? {
                bail!("rustup could not add rust-src");
            }
            return Ok(Some(WasmToolchain::Rustup));
        }
        Some("debian") => return Ok(find_debian(workspace)),
        Some(other) => bail!("{ROUTE_VARIABLE}={other}: expected `rustup` or `debian`"),
    }
    if rustup_has_sources(workspace) {
        return Ok(Some(WasmToolchain::Rustup));
    }
    // Without a look at the network where Debian's packages stand ready.
    if let Some(found) = find_debian(workspace) {
        return Ok(Some(found));
    }
    if add_by_rustup(workspace)? {
        return Ok(Some(WasmToolchain::Rustup));
    }
    Ok(None)
}

/// The packages of Debian's route that are not installed.
pub(crate) fn missing_packages() -> Vec<SystemPackage> {
    PACKAGES.into_iter().filter(|wanted| !is_installed(wanted.package)).collect()
}

/// Debian's route, after its packages were installed.
pub(crate) fn from_system_packages(workspace: &Workspace) -> Result<WasmToolchain> {
    find_debian(workspace)
        .context("Debian's packages for WASM are installed, but their programs were not found")
}

fn rustup_has_sources(workspace: &Workspace) -> bool {
    let mut rustc = command("rustc", workspace.root());
    rustc.args(["--print", "sysroot"]).stderr(Stdio::null());
    let Ok(sysroot) = output(&mut rustc) else { return false };
    Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file()
}

/// Asks rustup once, without its retries. `false`: there is no rustup, or it cannot.
fn add_by_rustup(workspace: &Workspace) -> Result<bool> {
    if find_program("rustup").is_none() {
        return Ok(false);
    }
    let step = Step::start("rustup component add rust-src");
    let mut child = command("rustup", workspace.root())
        .args(["component", "add", "rust-src"])
        .env("RUSTUP_MAX_RETRIES", "0")
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .spawn()
        .context("could not start rustup")?;
    let status = child.wait_timeout(RUSTUP_PATIENCE)?;
    if status.is_none() {
        child.kill()?;
        child.wait()?;
    }
    let added = status.is_some_and(|status| status.success()) && rustup_has_sources(workspace);
    if !added {
        note("rustup cannot fetch it here; taking Debian's compiler instead");
    }
    step.done();
    Ok(added)
}

fn find_debian(workspace: &Workspace) -> Option<WasmToolchain> {
    if !missing_packages().is_empty() {
        return None;
    }
    Some(WasmToolchain::Debian {
        cargo: program_of("cargo-web", workspace, |name| name == "cargo")?,
        rustc: program_of("rustc-web", workspace, |name| name == "rustc")?,
        linker: program_of("lld-22", workspace, |name| name.starts_with("wasm-ld"))?,
    })
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]).stderr(Stdio::null());
    output(&mut query).is_ok_and(|status| status == "installed")
}

/// The program that a package puts into a folder `/usr/bin`.
fn program_of(package: &str, workspace: &Workspace, wanted: impl Fn(&str) -> bool) -> Option<PathBuf> {
    let files = output(command("dpkg", workspace.root()).args(["--listfiles", package])).ok()?;
    pick_program(&files, wanted)
}

fn pick_program(files: &str, wanted: impl Fn(&str) -> bool) -> Option<PathBuf> {
    let path = files.lines().find(|line| line.strip_prefix("/usr/bin/").is_some_and(&wanted))?;
    Some(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use super::{BUILD_STD, WasmToolchain, pick_program};
    use crate::workspace::Workspace;

    #[test]
    fn programs_come_from_the_packages_file_list() {
        let files = "/.\n/usr/share/cargo/bin/cargo\n/usr/bin/cargo\n/usr/bin/wasm-ld-22\n";
        assert_eq!(pick_program(files, |name| name == "cargo"), Some(PathBuf::from("/usr/bin/cargo")));
        assert_eq!(
            pick_program(files, |name| name.starts_with("wasm-ld")),
            Some(PathBuf::from("/usr/bin/wasm-ld-22"))
        );
        assert_eq!(pick_program(files, |name| name == "rustc"), None);
    }

    #[test]
    fn both_routes_build_the_standard_library_along() {
        let debian = WasmToolchain::Debian {
            cargo: "/usr/bin/cargo".into(),
            rustc: "/usr/bin/rustc".into(),
            linker: "/usr/bin/wasm-ld-22".into(),
        };
        for toolchain in [&WasmToolchain::Rustup, &debian] {
            let build = toolchain.cargo_build(&Workspace::at(Path::new("/")));
            let args: Vec<_> = build.get_args().filter_map(|arg| arg.to_str()).collect();
            assert_eq!(args, [&["build", "--target", "wasm32-unknown-unknown"], &BUILD_STD[..]].concat());
            assert_eq!(env(&build, "RUSTC_BOOTSTRAP"), Some("1".as_ref()));
        }
        let build = debian.cargo_build(&Workspace::at(Path::new("/")));
        assert_eq!(build.get_program(), "/usr/bin/cargo");
        assert_eq!(env(&build, "RUSTC"), Some("/usr/bin/rustc".as_ref()));
    }

    fn env<'a>(build: &'a Command, wanted: &str) -> Option<&'a OsStr> {
        build.get_envs().find(|(key, _)| *key == wanted).and_then(|(_, value)| value)
    }
}
