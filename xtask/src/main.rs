//! Every chore of the repository. `cargo xtask --help` lists them; each one sets itself up and runs from any folder.
//!
//! Results go to standard output, whose last line is `NAME: ok|failed, key=value …`; builds and progress go to standard
//! error (`custody` answers with JSON alone). Exit code 0: everything asked for holds. 1: a result falls short. 2: wrong use.

mod bench;
mod ci;
mod command;
mod counts;
mod custody;
mod demo;
mod fuzz;
mod leak_drill;
mod licenses;
mod lint;
mod notices;
mod progress;
mod relay;
mod setup;
mod sim;
mod stamp;
mod test;
mod tidy;
mod verdict;
mod wasm;
mod web;
mod workspace;

use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Parser, Subcommand};

use crate::verdict::{Verdict, WrongUse};
use crate::workspace::Workspace;

/// The chores of Nestpost.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Builds everything, founds and fills a demo house, serves it and prints what to open. Ctrl-C stops it.
    Demo(demo::DemoArgs),
    /// Runs every test, in Rust, in Node and in Chromium.
    Test(test::TestArgs),
    /// Checks format, lints and tidiness, then runs every test.
    Ci(ConsentArgs),
    /// Checks format and runs the linters: rustfmt, clippy, prettier, eslint, svelte-check.
    Lint(ConsentArgs),
    /// Checks what the compiler cannot.
    Tidy(tidy::TidyArgs),
    /// Builds the WASM module and prints its sizes.
    Wasm(ConsentArgs),
    /// Lets people use the app in browsers and searches everything the relay has for what they wrote.
    LeakDrill(leak_drill::LeakDrillArgs),
    /// Lives a family scenario on the real core and prints who holds, reads and knows what, as JSON and nothing else.
    Custody(custody::CustodyArgs),
    /// Lives houses in which much goes wrong, and says what must not be and was.
    Sim(sim::SimArgs),
    /// Looks for bytes that a decoder, or whatever loads something, does not stand.
    Fuzz(fuzz::FuzzArgs),
    /// Times what people wait for, natively and in Chromium, and compares it with what was promised.
    Bench(bench::BenchArgs),
    /// Installs what the other chores need.
    Setup(ConsentArgs),
}

/// Every chore may find that something is missing.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ConsentArgs {
    /// Install missing system packages without asking (`CI=true` answers the same).
    #[arg(long)]
    pub(crate) yes: bool,
}

impl Chore {
    fn name(&self) -> &'static str {
        match self {
            Self::Demo(_) => "demo",
            Self::Test(_) => "test",
            Self::Ci(_) => "ci",
            Self::Lint(_) => "lint",
            Self::Tidy(_) => "tidy",
            Self::Wasm(_) => "wasm",
            Self::LeakDrill(_) => "leak-drill",
            Self::Custody(_) => "custody",
            Self::Sim(_) => "sim",
            Self::Fuzz(_) => "fuzz",
            Self::Bench(_) => "bench",
            Self::Setup(_) => "setup",
        }
    }

    fn run(&self, workspace: &Workspace) -> anyhow::Result<Verdict> {
        match self {
            Self::Demo(args) => demo::run(workspace, args),
            Self::Test(args) => test::run(workspace, args),
            Self::Ci(args) => ci::run(workspace, *args),
            Self::Lint(args) => lint::run(workspace, *args),
            Self::Tidy(args) => tidy::run(workspace, args),
            Self::Wasm(args) => wasm::run(workspace, *args),
            Self::LeakDrill(args) => leak_drill::run(workspace, args),
            Self::Bench(args) => bench::run(workspace, args),
            Self::Setup(args) => setup::run(workspace, *args),
            Self::Custody(_) | Self::Sim(_) | Self::Fuzz(_) => anyhow::bail!("it answers for itself"),
        }
    }
}

fn main() -> ExitCode {
    let chore = Cli::parse().chore;
    let answered = match &chore {
        Chore::Custody(args) => Some(Workspace::find().and_then(|workspace| custody::run(&workspace, args))),
        Chore::Fuzz(args) => Some(Workspace::find().and_then(|workspace| fuzz::run(&workspace, args))),
        Chore::Sim(args) => Some(Workspace::find().and_then(|workspace| sim::run(&workspace, args))),
        _ => None,
    };
    if let Some(answered) = answered {
        return answered.unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            ExitCode::from(1)
        });
    }
    let started = Instant::now();
    let result = Workspace::find().and_then(|workspace| chore.run(&workspace));
    let (verdict, exit) = match result {
        Ok(verdict) => {
            let exit = if verdict.holds() { 0 } else { 1 };
            (verdict, exit)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            (Verdict::failed(), if error.is::<WrongUse>() { 2 } else { 1 })
        }
    };
    println!("{}", verdict.with("seconds", started.elapsed().as_secs()).line(chore.name()));
    ExitCode::from(exit)
}
