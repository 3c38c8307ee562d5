//! `nestpost-bench`: times the core natively and prints the figures as JSON, alone on standard output.

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use nestpost_tests::bench::{self, BigHouse};

#[derive(Parser)]
#[command(name = "nestpost-bench", about = "Times the core of Nestpost")]
struct Args {
    /// How often each thing is timed.
    #[arg(long, default_value_t = 9)]
    runs: u32,
    /// Entries of the house's log.
    #[arg(long, default_value_t = 5_000)]
    entries: u64,
    /// Where the stored logs go, for whoever times them in a browser.
    #[arg(long)]
    logs: Option<PathBuf>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let house = BigHouse::with_entries(args.entries);
    if let Some(path) = &args.logs {
        std::fs::write(path, serde_json::to_vec(&bench::exported(&house))?)?;
    }
    println!("{}", serde_json::to_string(&bench::cold_logs(&house, args.runs))?);
    Ok(())
}
