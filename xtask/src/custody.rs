//! `cargo xtask custody`: a family scenario on the real core and a relay in memory. Standard output is its JSON alone; with
//! `--mutants` a table, and a last line as of the other chores.

use std::process::{ExitCode, Stdio};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::command::{cargo, command, run as run_command};
use crate::workspace::Workspace;

const BINARY: &str = "nestpost-custody";

#[derive(Debug, Args)]
pub(crate) struct CustodyArgs {
    /// The scenario; `-` reads standard input. Its format stands in docs/custody-scenarios.md.
    #[arg(required_unless_present = "mutants")]
    file: Option<std::path::PathBuf>,
    /// Takes the rules of who belongs and who reads out, one at a time, and lets random histories find each of them missing.
    #[arg(long, conflicts_with = "file")]
    mutants: bool,
}

/// Builds and runs it; its exit code is ours: 0 with an outcome, 2 for malformed input; 1 if a rule's absence goes unnoticed.
pub(crate) fn run(workspace: &Workspace, args: &CustodyArgs) -> Result<ExitCode> {
    let mut build = cargo(workspace.root());
    build.args(["build", "--locked", "--quiet", "--package", "nestpost-tests", "--bin", BINARY]);
    if args.mutants {
        build.args(["--features", "mutants"]);
    }
    run_command(&mut build)?;
    let mut custody = command(workspace.target().join("debug").join(BINARY), workspace.root());
    match &args.file {
        None => custody.arg("--mutants"),
        Some(file) if file.as_os_str() == "-" => custody.arg("-"),
        // Named before the folder changes.
        Some(file) => custody.arg(std::path::absolute(file)?),
    };
    let status =
        custody.stdin(Stdio::inherit()).status().with_context(|| format!("could not start {BINARY}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
