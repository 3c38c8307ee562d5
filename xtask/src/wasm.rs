//! The WASM module: built, bound to JavaScript, measured.
//!
//! Without a pass of wasm-opt: it takes 8 % off the plain bytes but makes what goes over the line, gzipped or brotli, 6 to 8 %
//! larger, and needs minutes.

mod order;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};

use crate::ConsentArgs;
use crate::command::run as run_command;
use crate::progress::{Step, skipped};
use crate::setup::{self, Needs, Tools, WasmToolchain};
use crate::stamp::Stamp;
use crate::verdict::Verdict;
use crate::workspace::Workspace;

/// What a phone may have to load, gzipped. The aim is 800,000; snapshots and relays that were restored took 130,000.
pub(crate) const GZIP_BYTES_MAX: u64 = 860_000;

/// The files' common name in `web-demo/src/wasm/`.
const OUT_NAME: &str = "nestpost";

/// What loading the module costs, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sizes {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Sizes {
    fn within_budget(self) -> bool {
        self.gzip <= GZIP_BYTES_MAX
    }

    fn of(bytes: &[u8]) -> Result<Self> {
        let mut brotli = Vec::new();
        let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
        brotli::BrotliCompress(&mut &*bytes, &mut brotli, &params)?;
        Ok(Self { raw: length(bytes), gzip: gzip_bytes(bytes)?, brotli: length(&brotli) })
    }
}

/// `cargo xtask wasm`
pub(crate) fn run(workspace: &Workspace, args: ConsentArgs) -> Result<Verdict> {
    let tools = setup::prepare(workspace, Needs { wasm: true, ..Needs::default() }, args)?;
    build(workspace, &tools)?;
    let bytes = std::fs::read(module(workspace)).context("the built WASM module")?;
    let sizes = Sizes::of(&bytes)?;
    println!("raw    {:>9} bytes", sizes.raw);
    println!("gzip   {:>9} bytes, budget {GZIP_BYTES_MAX}", sizes.gzip);
    println!("brotli {:>9} bytes", sizes.brotli);
    Ok(Verdict::when(sizes.within_budget())
        .with("raw", sizes.raw)
        .with("gzip", sizes.gzip)
        .with("brotli", sizes.brotli)
        .with("gzip_max", GZIP_BYTES_MAX))
}

/// Builds the module and its JavaScript edge into `web-demo/src/wasm/`, unless nothing it is made from has changed.
pub(crate) fn build(workspace: &Workspace, tools: &Tools) -> Result<()> {
    const TITLE: &str = "WASM module";
    let toolchain = tools.wasm.as_ref().context("no compiler for WASM was set up")?;
    let stamp = Stamp::of(workspace, "wasm", &inputs(workspace), &[&toolchain.version(workspace)?])?;
    if stamp.is_fresh() && module(workspace).is_file() {
        skipped(TITLE, "unchanged");
        return Ok(());
    }
    let step = Step::start(format!("{TITLE} ({} toolchain)", toolchain.route()));
    stamp.forget();
    let compiled = compile(workspace, toolchain)?;
    bind(&compiled, &workspace.web_wasm(), &compiled.with_extension("functions"))?;
    stamp.set()?;
    step.done();
    Ok(())
}

/// The gzipped size of the module built last, if there is one.
pub(crate) fn built_gzip_bytes(workspace: &Workspace) -> Option<u64> {
    let bytes = std::fs::read(module(workspace)).ok()?;
    gzip_bytes(&bytes).ok()
}

/// The module that the PWA loads.
pub(crate) fn module(workspace: &Workspace) -> PathBuf {
    workspace.web_wasm().join(format!("{OUT_NAME}_bg.wasm"))
}

/// Everything the module is made from: three crates, their dependencies and the tools that finish it.
fn inputs(workspace: &Workspace) -> Vec<PathBuf> {
    let root = workspace.root();
    let mut inputs = vec![
        root.join("Cargo.toml"),
        root.join("Cargo.lock"),
        root.join("xtask/src/wasm.rs"),
        root.join("xtask/src/wasm"),
        root.join("xtask/src/setup/wasm_toolchain.rs"),
    ];
    for package in ["wasm", "core", "protocol", "compat/i18n-embed-fl", "compat/minicbor"] {
        inputs.push(root.join(package).join("Cargo.toml"));
        inputs.push(root.join(package).join("src"));
    }
    inputs
}

fn compile(workspace: &Workspace, toolchain: &WasmToolchain) -> Result<PathBuf> {
    let target = workspace.wasm_target();
    let mut build = toolchain.cargo_build(workspace);
    build.args(["--locked", "--package", "nestpost-wasm", "--lib", "--profile", "wasm", "--target-dir"]);
    build.arg(&target);
    run_command(&mut build)?;
    Ok(target.join("wasm32-unknown-unknown").join("wasm").join("nestpost_wasm.wasm"))
}

/// The one place that knows wasm-bindgen's tool, whose library calls itself internal: its version equals that of the
/// crate `wasm-bindgen`, or it refuses.
fn bind(compiled: &Path, out: &Path, names: &Path) -> Result<()> {
    if out.exists() {
        std::fs::remove_dir_all(out)?;
    }
    std::fs::create_dir_all(out)?;
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(compiled)
        .out_name(OUT_NAME)
        .remove_producers_section(true)
        .web(true)
        .and_then(|bindgen| bindgen.typescript(true).generate(out))
        .map_err(|error| anyhow!("wasm-bindgen: {error:#}"))?;
    let module = out.join(format!("{OUT_NAME}_bg.wasm"));
    let ordered = order::order(&std::fs::read(&module)?)?;
    std::fs::write(module, ordered.module)?;
    let lines = ordered.names.iter().zip(ordered.imported..).map(|(name, index)| format!("{index} {name}\n"));
    Ok(std::fs::write(names, lines.collect::<String>())?)
}

fn gzip_bytes(bytes: &[u8]) -> Result<u64> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    Ok(length(&gzip.finish()?))
}

fn length(bytes: &[u8]) -> u64 {
    bytes.len() as u64
}

#[cfg(test)]
mod tests {
    use super::{GZIP_BYTES_MAX, Sizes};

    #[test]
    fn compressed_sizes_are_real() {
        let sizes = Sizes::of(&vec![b'a'; 100_000]).unwrap();
        assert_eq!(sizes.raw, 100_000);
        assert!(sizes.gzip < 1_000 && sizes.brotli < sizes.gzip, "{sizes:?}");
    }

    #[test]
    fn one_byte_over_the_budget_is_over() {
        let sizes = Sizes { raw: 0, gzip: GZIP_BYTES_MAX, brotli: 0 };
        assert!(sizes.within_budget());
        assert!(!Sizes { gzip: GZIP_BYTES_MAX + 1, ..sizes }.within_budget());
    }
}
