//! `cargo xtask sim`: houses in which much goes wrong, on the real core and a relay in memory.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::command::{cargo, command, run as run_command};
use crate::workspace::Workspace;

const BINARY: &str = "nestpost-sim";

#[derive(Debug, Args)]
pub(crate) struct SimArgs {
    /// The first seed; 1 where it is not said.
    #[arg(long)]
    seed: Option<u64>,
    /// How many seeds, from the first. With `--seed` alone that one, else 300. With `--mutants` at most so many for each.
    #[arg(long)]
    seeds: Option<u64>,
    /// Steps of each world while things go wrong; drawn from the seed where it is not said.
    #[arg(long)]
    steps: Option<usize>,
    /// Prints what happens.
    #[arg(long)]
    trace: bool,
    /// Builds bugs in, one at a time, and lets worlds find each of them.
    #[arg(long, conflicts_with_all = ["trace", "steps"])]
    mutants: bool,
}

/// Builds and runs it; its exit code and its last line are ours.
pub(crate) fn run(workspace: &Workspace, args: &SimArgs) -> Result<ExitCode> {
    let mut build = cargo(workspace.root());
    build.args(["build", "--locked", "--quiet", "--package", "nestpost-tests", "--bin", BINARY]);
    // Only then it is counted which rules were asked.
    build.args(["--features", "mutants"]);
    run_command(&mut build)?;
    let mut sim = command(workspace.target().join("debug").join(BINARY), workspace.root());
    for (name, value) in [("--seed", args.seed), ("--seeds", args.seeds)] {
        sim.args(value.iter().flat_map(|value| [name.to_owned(), value.to_string()]));
    }
    sim.args(args.steps.iter().flat_map(|steps| ["--steps".to_owned(), steps.to_string()]));
    sim.args(args.trace.then_some("--trace"));
    sim.args(args.mutants.then_some("--mutants"));
    let status = sim.status().with_context(|| format!("could not start {BINARY}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
