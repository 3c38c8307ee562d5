//! `cargo xtask bench`: how long things take that people wait for, natively and in headless Chromium, against what was promised.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::command::{cargo, command, run as run_command};
use crate::progress::{Step, note};
use crate::setup::{self, Needs};
use crate::verdict::{Verdict, WrongUse};
use crate::workspace::Workspace;
use crate::{ConsentArgs, relay, wasm, web};

const NATIVE: &str = "nestpost-bench";

/// What is measured, and within how many milliseconds it has to be done.
const BUDGETS: [Budget; 5] = [
    Budget { name: "log_cold", ms_max: 250.0 },
    Budget { name: "log_cold_parent", ms_max: 30.0 },
    Budget { name: "log_cold_browser", ms_max: 700.0 },
    Budget { name: "log_cold_parent_browser", ms_max: 30.0 },
    Budget { name: "join_24_circles_browser", ms_max: 1_000.0 },
];

#[derive(Debug, Clone, Copy)]
struct Budget {
    name: &'static str,
    ms_max: f64,
}

#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Where the figures go, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only what has this name.
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// A shorter log and fewer runs: whether it works, not how fast.
    #[arg(long)]
    quick: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// As `nestpost-bench` and `npm run bench` print it.
#[derive(Debug, Deserialize)]
struct Measured {
    name: String,
    ms: Vec<f64>,
}

/// A row of the report. Keys are never renamed.
#[derive(Debug, Serialize)]
struct Figure {
    name: &'static str,
    median_ms: f64,
    min_ms: f64,
    max_ms: f64,
    runs: usize,
    /// Not with `--quick`, whose log is shorter.
    budget_ms: Option<f64>,
}

impl Figure {
    fn is_within(&self) -> bool {
        self.budget_ms.is_none_or(|budget| self.median_ms <= budget)
    }
}

/// `cargo xtask bench`
pub(crate) fn run(workspace: &Workspace, args: &BenchArgs) -> Result<Verdict> {
    let wanted: Vec<Budget> =
        BUDGETS.into_iter().filter(|one| args.only.as_ref().is_none_or(|only| one.name == only)).collect();
    if wanted.is_empty() {
        let names: Vec<_> = BUDGETS.iter().map(|one| one.name).collect();
        return Err(
            WrongUse(format!("nothing of that name is measured; there are {}", names.join(", "))).into()
        );
    }
    let json = args.json.as_ref().map(std::path::absolute).transpose()?;
    let measured = measure(workspace, args, &wanted)?;
    let mut figures = Vec::new();
    for Budget { name, ms_max } in wanted {
        let ms = measured.get(name).with_context(|| format!("{name} was not measured"))?;
        figures.push(figure(name, ms, (!args.quick).then_some(ms_max)).context("a figure without a run")?);
    }
    print(&figures);
    if let Some(path) = json {
        fs::write(&path, serde_json::to_vec_pretty(&figures)?)
            .with_context(|| format!("could not write {}", path.display()))?;
    }
    let mut verdict = Verdict::when(figures.iter().all(Figure::is_within));
    for figure in &figures {
        verdict = verdict.with(figure.name, format!("{:.1}", figure.median_ms));
    }
    Ok(verdict)
}

fn measure(workspace: &Workspace, args: &BenchArgs, wanted: &[Budget]) -> Result<BTreeMap<String, Vec<f64>>> {
    let in_browser = wanted.iter().any(|one| one.name.ends_with("_browser"));
    let needs = Needs { wasm: in_browser, node: in_browser, tests: in_browser, ..Needs::default() };
    let tools = setup::prepare(workspace, needs, args.consent)?;
    if in_browser {
        wasm::build(workspace, &tools)?;
        web::build(workspace)?;
        relay::build_release(workspace)?;
    }
    let step = Step::start("benchmarks of the core (release)");
    run_command(cargo(workspace.root()).args([
        "build",
        "--locked",
        "--release",
        "--package",
        "nestpost-tests",
        "--bin",
        NATIVE,
    ]))?;
    step.done();

    let folder = tempfile::tempdir()?;
    let logs = folder.path().join("logs.json");
    let (runs, entries) = if args.quick { ("1", "300") } else { ("9", "5000") };
    note("a house grows, then its log is read; this takes a minute");
    let mut native = command(relay::release_binary(workspace, NATIVE), workspace.root());
    native.args(["--runs", runs, "--entries", entries, "--logs"]).arg(&logs);
    let mut measured = read(&mut native)?;
    if in_browser {
        note("the same in Chromium, and somebody joins");
        measured.extend(read(&mut in_chromium(workspace, &logs, runs))?);
    }
    Ok(measured.into_iter().map(|one| (one.name, one.ms)).collect())
}

fn in_chromium(workspace: &Workspace, logs: &Path, runs: &str) -> Command {
    let mut npm = setup::npm_run(workspace, "bench");
    npm.env("NESTPOST_BIN", relay::release_binary(workspace, relay::RELAY));
    npm.arg("--").arg(logs).arg(runs);
    npm
}

/// The last line that a program prints, once it has ended well.
fn read(command: &mut Command) -> Result<Vec<Measured>> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    let printed = String::from_utf8(output.stdout)?;
    let last = printed.lines().last().unwrap_or_default();
    if !output.status.success() {
        bail!("a benchmark failed: {last}");
    }
    serde_json::from_str(last).context("what a benchmark printed")
}

fn figure(name: &'static str, ms: &[f64], budget_ms: Option<f64>) -> Option<Figure> {
    let mut sorted = ms.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (min_ms, max_ms) = (*sorted.first()?, *sorted.last()?);
    Some(Figure {
        name,
        median_ms: *sorted.get(sorted.len() / 2)?,
        min_ms,
        max_ms,
        runs: ms.len(),
        budget_ms,
    })
}

fn print(figures: &[Figure]) {
    println!("{:<28}{:>10}{:>10}{:>10}{:>6}{:>10}", "ms", "median", "min", "max", "runs", "budget");
    for one in figures {
        let budget = one.budget_ms.map_or_else(|| "-".to_owned(), |budget| format!("{budget:.0}"));
        println!(
            "{:<28}{:>10.1}{:>10.1}{:>10.1}{:>6}{:>10}",
            one.name, one.median_ms, one.min_ms, one.max_ms, one.runs, budget
        );
    }
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn the_middle_one_counts_and_may_be_as_large_as_promised() {
        let figure = |budget| figure("log_cold", &[9.0, 250.0, 260.0], Some(budget)).unwrap();
        assert!(figure(250.0).is_within());
        assert!(!figure(249.9).is_within());
        assert_eq!((figure(250.0).min_ms, figure(250.0).max_ms), (9.0, 260.0));
    }

    #[test]
    fn nothing_measured_is_no_figure() {
        assert!(figure("log_cold", &[], None).is_none());
    }
}
