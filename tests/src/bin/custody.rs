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
    file: PathBuf,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let text = if args.file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(&args.file)
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
