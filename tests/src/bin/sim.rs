//! `nestpost-sim`: lives worlds in which much goes wrong and says what must not be and was.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use nestpost_tests::sim::{self, Options, Report, Tally};

#[derive(Parser)]
#[command(name = "nestpost-sim", about = "Lives houses in which much goes wrong")]
struct Args {
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seeds, from the first; one if only a seed is named.
    #[arg(long)]
    seeds: Option<u64>,
    /// Steps of each world while things go wrong; drawn from the seed where it is not said.
    #[arg(long)]
    steps: Option<usize>,
    /// Print what happens.
    #[arg(long)]
    trace: bool,
    /// Build bugs in, one at a time, and say what found each of them.
    #[cfg(feature = "mutants")]
    #[arg(long)]
    mutants: bool,
}

const SEEDS: u64 = 300;
/// Whatever bug is not found by then is not found.
#[cfg(feature = "mutants")]
const MUTANT_SEEDS: u64 = 500;
const CORES: usize = 2;
/// Failures that are printed.
const SHOWN_MAX: usize = 10;

fn main() -> ExitCode {
    let named = std::env::args().any(|arg| arg == "--seed" || arg.starts_with("--seed="));
    let args = Args::parse();
    let seeds = args.seeds.unwrap_or(if named { 1 } else { SEEDS });
    let started = Instant::now();
    // What a world dies of is said with its seed.
    std::panic::set_hook(Box::new(|_| {}));
    #[cfg(feature = "mutants")]
    if args.mutants {
        return mutants(args.seed, args.seeds.unwrap_or(MUTANT_SEEDS), started);
    }
    let (next, all) = (AtomicU64::new(0), Mutex::new((Tally::default(), Vec::new())));
    std::thread::scope(|scope| {
        for _ in 0..CORES {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= seeds {
                        break;
                    }
                    let seed = args.seed.wrapping_add(number);
                    let report = sim::run(Options { seed, steps: args.steps, trace: args.trace });
                    for line in &report.trace {
                        println!("{line}");
                    }
                    let Ok(mut all) = all.lock() else { break };
                    all.0.add(&report.tally);
                    if report.violation.is_some() {
                        all.1.push(report);
                    }
                }
            });
        }
    });
    let Ok((tally, mut failed)) = all.into_inner() else { return ExitCode::FAILURE };
    failed.sort_by_key(|report| report.seed);
    print(&tally);
    for report in failed.iter().take(SHOWN_MAX) {
        say(report);
    }
    let state = if failed.is_empty() { "ok" } else { "failed" };
    println!(
        "sim: {state}, seeds={seeds}, operations={}, violations={}, seconds={}",
        tally.operations,
        failed.len(),
        started.elapsed().as_secs()
    );
    ExitCode::from(u8::from(!failed.is_empty()))
}

fn print(tally: &Tally) {
    println!("{:<12} {:>9}", "worlds", tally.worlds);
    println!("{:<12} {:>9}", "devices", tally.devices);
    println!("{:<12} {:>9}", "operations", tally.operations);
    let tables: [(&str, Vec<(String, u64)>); 6] = [
        ("acts", rows(&tally.acts)),
        ("faults", rows(&tally.faults)),
        ("refusals", rows(&tally.refusals)),
        ("alarms", rows(&tally.alarms)),
        ("checks", rows(&tally.checks)),
        ("rules", rows(&tally.rules)),
    ];
    for (title, rows) in tables {
        if !rows.is_empty() {
            let rows: Vec<String> = rows.iter().map(|(name, count)| format!("{name} {count}")).collect();
            println!("{title}: {}", rows.join(", "));
        }
    }
}

fn rows(counts: &std::collections::BTreeMap<impl ToString, u64>) -> Vec<(String, u64)> {
    counts.iter().map(|(name, count)| (name.to_string(), *count)).collect()
}

fn say(report: &Report) {
    if let Some(violation) = &report.violation {
        println!("seed {}: {}: {}", report.seed, violation.check, violation.what);
        println!("  again: cargo xtask sim --seed {} --steps {} --trace", report.seed, report.steps);
    }
}

/// A table, and a last line: `sim: ok, mutants=…, caught=…`.
#[cfg(feature = "mutants")]
fn mutants(first: u64, seeds: u64, started: Instant) -> ExitCode {
    let row = |verdict: &sim::mutants::Verdict| {
        let (by, seeds) = verdict.caught.map_or(("nothing", 0), |found| found);
        format!("{:<16} {by:<14} {seeds:>5}  {}", verdict.rule, verdict.says)
    };
    let verdicts = sim::mutants::run(first, seeds, CORES, |verdict| eprintln!("{}", row(verdict)));
    let mut rows: Vec<String> = verdicts.iter().map(row).collect();
    rows.sort();
    println!("{:<16} {:<14} {:>5}  the rule says that", "taken out", "found by", "seeds");
    println!("{}", rows.join("\n"));
    let caught = verdicts.iter().filter(|verdict| verdict.caught.is_some()).count();
    let state = if caught == verdicts.len() { "ok" } else { "failed" };
    let seconds = started.elapsed().as_secs();
    println!("sim: {state}, mutants={}, caught={caught}, seconds={seconds}", verdicts.len());
    ExitCode::from(u8::from(caught < verdicts.len()))
}
