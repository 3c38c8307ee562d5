//! `nestpost-custody`: lives a scenario and prints what it comes to as JSON, alone on standard output.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use nestpost_tests::custody::{self, Scenario};

#[derive(Parser)]
#[command(
    name = "nestpost-custody",
    about = "Lives a family scenario on the real core and a relay in memory"
)]
struct Args {
    /// The scenario; `-` reads standard input.
    #[cfg_attr(feature = "mutants", arg(required_unless_present = "mutants"))]
    file: Option<PathBuf>,
    /// Takes out rules one at a time and says what found each of them missing.
    #[cfg(feature = "mutants")]
    #[arg(long, conflicts_with = "file")]
    mutants: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    #[cfg(feature = "mutants")]
    if args.mutants {
        return mutants();
    }
    let Some(file) = args.file else {
        eprintln!("no scenario was named");
        return ExitCode::from(2);
    };
    let text = if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(&file)
    };
    let scenario = match text
        .map_err(|e| e.to_string())
        .and_then(|text| Scenario::parse(&text).map_err(|e| e.to_string()))
    {
        Ok(scenario) => scenario,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let outcome = custody::run(&scenario);
    match serde_json::to_string(&outcome) {
        Ok(json) if writeln!(std::io::stdout(), "{json}").is_ok() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// A table, and a last line: `custody: ok, mutants=…, caught=…`.
#[cfg(feature = "mutants")]
fn mutants() -> ExitCode {
    let started = std::time::Instant::now();
    let verdicts = match custody::mutants::run(|verdict| eprintln!("{}", row(verdict))) {
        Ok(verdicts) => verdicts,
        Err(error) => {
            println!("{error}\ncustody: failed, mutants=0, caught=0");
            return ExitCode::FAILURE;
        }
    };
    let mut rows: Vec<String> = verdicts.iter().map(row).collect();
    rows.sort();
    println!("{:<20} {:<9} {:>5}  the rule says that", "taken out", "found by", "cases");
    println!("{}", rows.join("\n"));
    let caught = verdicts.iter().filter(|verdict| verdict.caught.is_some()).count();
    let state = if caught == verdicts.len() { "ok" } else { "failed" };
    let seconds = started.elapsed().as_secs();
    println!("custody: {state}, mutants={}, caught={caught}, seconds={seconds}", verdicts.len());
    ExitCode::from(u8::from(caught < verdicts.len()))
}

#[cfg(feature = "mutants")]
fn row(verdict: &custody::mutants::Verdict) -> String {
    let custody::mutants::Verdict { rule, says, caught } = verdict;
    let (by, cases) = caught.map_or(("nothing", String::new()), |(by, cases)| (by, cases.to_string()));
    format!("{rule:<20} {by:<9} {cases:>5}  {says}")
}
