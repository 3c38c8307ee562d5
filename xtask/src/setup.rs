//! Finds out what is missing and installs it, so that a fresh clone needs a Rust toolchain, Node and nothing else.

mod node;
mod packages;
mod wasm_toolchain;

use std::path::PathBuf;

use anyhow::Result;

use crate::ConsentArgs;
use crate::command::{cargo, find_program, run as run_command, succeeds};
use crate::progress::{Step, skipped};
use crate::setup::packages::SystemPackage;
use crate::verdict::Verdict;
use crate::workspace::Workspace;

pub(crate) use crate::setup::node::npm_run;
pub(crate) use crate::setup::wasm_toolchain::{TARGET as WASM_TARGET, WasmToolchain};

/// A browser for the tests. They bring none of their own.
const CHROMIUM: SystemPackage = SystemPackage { package: "chromium", why: "the browser that tests drive" };
/// The stock sealing tool, which must open what we seal.
const AGE: SystemPackage =
    SystemPackage { package: "age", why: "the stock tool that must open what we seal" };

/// What a chore needs beyond cargo.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Needs {
    /// A compiler for `wasm32-unknown-unknown`.
    pub(crate) wasm: bool,
    /// Node and the PWA's dependencies.
    pub(crate) node: bool,
    /// Chromium and the stock `age`.
    pub(crate) tests: bool,
    /// rustfmt and clippy.
    pub(crate) lints: bool,
}

impl Needs {
    pub(crate) const EVERYTHING: Self = Self { wasm: true, node: true, tests: true, lints: true };
}

/// What is there once [`prepare`] has returned.
#[derive(Debug)]
pub(crate) struct Tools {
    /// Present when asked for.
    pub(crate) wasm: Option<WasmToolchain>,
    /// Present when asked for.
    pub(crate) chromium: Option<PathBuf>,
}

/// `cargo xtask setup`
pub(crate) fn run(workspace: &Workspace, args: ConsentArgs) -> Result<Verdict> {
    let tools = prepare(workspace, Needs::EVERYTHING, args)?;
    let route = tools.wasm.as_ref().map_or("none", WasmToolchain::route);
    Ok(Verdict::ok().with("wasm_toolchain", route))
}

/// Makes sure that everything in `needs` is there. All missing system packages are named and asked for at once.
pub(crate) fn prepare(workspace: &Workspace, needs: Needs, consent: ConsentArgs) -> Result<Tools> {
    if needs.node {
        node::check_version(workspace)?;
    }
    if needs.lints {
        add_lint_components(workspace)?;
    }
    let wasm = if needs.wasm { wasm_toolchain::find_or_add(workspace)? } else { None };

    let mut missing = Vec::new();
    if needs.wasm && wasm.is_none() {
        missing.extend(wasm_toolchain::missing_packages());
    }
    if needs.tests {
        missing.extend([CHROMIUM, AGE].into_iter().filter(|wanted| find_program(wanted.package).is_none()));
    }
    packages::install(workspace, &missing, consent)?;

    let wasm = match wasm {
        None if needs.wasm => Some(wasm_toolchain::from_system_packages(workspace)?),
        found => found,
    };
    if needs.node {
        node::install_dependencies(workspace)?;
    }
    let chromium = if needs.tests { find_program(CHROMIUM.package) } else { None };
    Ok(Tools { wasm, chromium })
}

/// rustup's minimal profile has neither rustfmt nor clippy.
fn add_lint_components(workspace: &Workspace) -> Result<()> {
    for (component, program) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let mut probe = cargo(workspace.root());
        probe.args([program, "--version"]).stderr(std::process::Stdio::null());
        if succeeds(&mut probe)? {
            continue;
        }
        let step = Step::start(format!("rustup component add {component}"));
        run_command(crate::command::command("rustup", workspace.root()).args([
            "component",
            "add",
            component,
        ]))?;
        step.done();
    }
    skipped("rustfmt and clippy", "present");
    Ok(())
}
