//! `cargo xtask custody`: a family scenario on the real core and a relay in memory. Standard output is its JSON alone.

use std::process::{ExitCode, Stdio};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::command::{cargo, command, run as run_command};
use crate::workspace::Workspace;

const BINARY: &str = "nestpost-custody";

#[derive(Debug, Args)]
pub(crate) struct CustodyArgs {
    /// The scenario; `-` reads standard input. Its format stands in docs/custody-scenarios.md.
    file: std::path::PathBuf,
}

/// Builds and runs it; its exit code is ours: 0 with an outcome, 2 for malformed input.
pub(crate) fn run(workspace: &Workspace, args: &CustodyArgs) -> Result<ExitCode> {
    // Named before the folder changes.
    let file =
        if args.file.as_os_str() == "-" { args.file.clone() } else { std::path::absolute(&args.file)? };
    let mut build = cargo(workspace.root());
    run_command(build.args([
        "build",
        "--locked",
        "--quiet",
        "--package",
        "nestpost-tests",
        "--bin",
        BINARY,
    ]))?;
    let binary = workspace.target().join("debug").join(BINARY);
    let status = command(&binary, workspace.root())
        .arg(file)
        .stdin(Stdio::inherit())
        .status()
        .with_context(|| format!("could not start {BINARY}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
