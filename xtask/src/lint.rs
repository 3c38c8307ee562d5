//! Format and lints of Rust, TypeScript and Svelte.

use anyhow::Result;

use crate::ConsentArgs;
use crate::command::cargo;
use crate::setup::{self, Needs, Tools, npm_run};
use crate::test::check;
use crate::verdict::Verdict;
use crate::wasm;
use crate::workspace::Workspace;

/// `cargo xtask lint`
pub(crate) fn run(workspace: &Workspace, args: ConsentArgs) -> Result<Verdict> {
    let needs = Needs { wasm: true, node: true, lints: true, ..Needs::default() };
    let tools = setup::prepare(workspace, needs, args)?;
    let failed = run_checks(workspace, &tools)?;
    Ok(Verdict::when(failed == 0).with("failed", failed))
}

/// Runs every check, also after one that failed, and counts the failed ones.
pub(crate) fn run_checks(workspace: &Workspace, tools: &Tools) -> Result<usize> {
    let mut fmt = cargo(workspace.root());
    fmt.args(["fmt", "--all", "--check"]);
    let mut clippy = cargo(workspace.root());
    // A relay without the PWA is what clippy looks at; nothing it says depends on the embedded files.
    clippy.args(["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]);

    let mut failed = 0;
    failed += usize::from(!check("cargo fmt --check", &mut fmt)?);
    failed += usize::from(!check("prettier", &mut npm_run(workspace, "format:check"))?);
    failed += usize::from(!check("eslint", &mut npm_run(workspace, "lint"))?);
    // svelte-check reads the types of the WASM module.
    wasm::build(workspace, tools)?;
    failed += usize::from(!check("svelte-check", &mut npm_run(workspace, "check"))?);
    failed += usize::from(!check("clippy", &mut clippy)?);
    Ok(failed)
}
