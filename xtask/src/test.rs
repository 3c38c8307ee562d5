//! Every test there is, stage by stage.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::command::{cargo, run as run_command, succeeds, tee};
use crate::counts::Counts;
use crate::progress::Step;
use crate::setup::{self, Needs, Tools, npm_run};
use crate::verdict::Verdict;
use crate::workspace::Workspace;
use crate::{ConsentArgs, relay, wasm, web};

/// The workspace as far as it is tested natively, and apart from this program: cargo would otherwise build its
/// dependencies again with the features that the others want.
const TESTED: [&str; 4] = ["--locked", "--workspace", "--exclude", "nestpost-xtask"];

/// proptest's own variable, and what `--long` sets it to.
const CASES_VARIABLE: &str = "PROPTEST_CASES";
const CASES_LONG: &str = "10000";
/// Random houses and histories; 2,000 without it.
const CUSTODY_VARIABLE: &str = "NESTPOST_CUSTODY_CASES";
const CUSTODY_LONG: &str = "20000";
/// Houses in which much goes wrong; 300 without it.
const SIM_VARIABLE: &str = "NESTPOST_SIM_SEEDS";
const SIM_LONG: &str = "5000";

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct TestArgs {
    /// Full counts: 10,000 cases of every property instead of 48 to 256, 20,000 random houses instead of 2,000, 5,000
    /// in which much goes wrong instead of 300. Takes hours.
    #[arg(long)]
    long: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// One stage's outcome.
#[derive(Debug)]
struct Stage {
    name: &'static str,
    counts: Counts,
    seconds: f64,
}

/// `cargo xtask test`
pub(crate) fn run(workspace: &Workspace, args: &TestArgs) -> Result<Verdict> {
    let tools = setup::prepare(
        workspace,
        Needs { wasm: true, node: true, tests: true, ..Needs::default() },
        args.consent,
    )?;
    let counts = run_stages(workspace, &tools, args.long)?;
    println!();
    println!("{} passed, {} failed", counts.passed, counts.failed);
    Ok(Verdict::when(counts.failed == 0).with("passed", counts.passed).with("failed", counts.failed))
}

/// Runs all stages, a failing one too, and prints a summary. An error: something could not be built.
pub(crate) fn run_stages(workspace: &Workspace, tools: &Tools, long: bool) -> Result<Counts> {
    wasm::build(workspace, tools)?;
    web::build(workspace)?;
    let step = Step::start("relay, client and tests (debug)");
    run_command(relay::cargo_with_web(workspace).arg("build").args(TESTED).args(["--bins", "--tests"]))?;
    step.done();

    let mut rust = relay::cargo_with_web(workspace);
    rust.args(["test", "--no-fail-fast"]).args(TESTED);
    let mut chores = cargo(workspace.root());
    chores.args(["test", "--locked", "--package", "nestpost-xtask"]);
    let unit = npm_run(workspace, "test:unit");
    let mut browser = npm_run(workspace, "test:e2e");
    browser.env("NESTPOST_BIN", relay::debug_binary(workspace, relay::RELAY));
    browser.env("NESTPOST_DEMO_BIN", relay::debug_binary(workspace, relay::DEMO_FILLER));
    browser.env("NESTPOST_THEN_BIN", relay::debug_binary(workspace, relay::THEN));
    if let Some(chromium) = &tools.chromium {
        browser.env("NESTPOST_CHROMIUM", chromium);
    }

    let mut stages = Vec::new();
    for (name, mut command) in [("rust", rust), ("xtask", chores), ("web unit", unit), ("browser", browser)] {
        if long {
            command.env(CASES_VARIABLE, CASES_LONG).env(CUSTODY_VARIABLE, CUSTODY_LONG);
            command.env(SIM_VARIABLE, SIM_LONG);
        }
        stages.push(run_stage(name, &mut command)?);
    }

    let mut total = Counts::default();
    println!("{:<10} {:>7} {:>7} {:>8}", "stage", "passed", "failed", "seconds");
    for Stage { name, counts, seconds } in stages {
        println!("{name:<10} {:>7} {:>7} {seconds:>8.1}", counts.passed, counts.failed);
        total += counts;
    }
    Ok(total)
}

fn run_stage(name: &'static str, command: &mut Command) -> Result<Stage> {
    let step = Step::start(format!("tests: {name}"));
    let mut counts = Counts::default();
    let succeeded = tee(command, |line| counts.read(line))?;
    let counts = judge(counts, succeeded);
    let seconds = step.seconds();
    if counts.failed == 0 {
        step.done();
    }
    Ok(Stage { name, counts, seconds })
}

/// A runner that fails without naming a failed test has failed all the same, and so has one that ran nothing.
fn judge(mut counts: Counts, succeeded: bool) -> Counts {
    if counts.failed == 0 && (!succeeded || counts.passed == 0) {
        counts.failed = 1;
    }
    counts
}

/// Whether a command, shown as a step, exits with 0.
pub(crate) fn check(title: &str, command: &mut Command) -> Result<bool> {
    let step = Step::start(title);
    let holds = succeeds(command)?;
    if holds {
        step.done();
    }
    Ok(holds)
}

#[cfg(test)]
mod tests {
    use super::judge;
    use crate::counts::Counts;

    #[test]
    fn stage_that_dies_or_runs_nothing_has_failed() {
        assert_eq!(judge(Counts { passed: 5, failed: 0 }, false).failed, 1);
        assert_eq!(judge(Counts { passed: 0, failed: 0 }, true).failed, 1);
        assert_eq!(judge(Counts { passed: 5, failed: 2 }, false).failed, 2);
        assert_eq!(judge(Counts { passed: 5, failed: 0 }, true).failed, 0);
    }
}
