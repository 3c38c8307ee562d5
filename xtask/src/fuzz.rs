//! `cargo xtask fuzz`: looks for bytes that a decoder does not stand. The compiler counts which branches they reach; that needs no
//! nightly one.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::command::{cargo, command, output, run as run_command};
use crate::workspace::Workspace;

const PACKAGE: &str = "nestpost-fuzz";
/// What libFuzzer's own counters are built with.
const FLAGS: [&str; 3] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=3",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
];

#[derive(Debug, Args)]
pub(crate) struct FuzzArgs {
    /// One target alone; all of them where it is not said.
    #[arg(long)]
    target: Option<String>,
    /// For how long, each.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// The first seed; drawn where it is not said.
    #[arg(long)]
    seed: Option<u64>,
    /// Takes into `fuzz/corpus` what reached something new.
    #[arg(long)]
    keep: bool,
}

/// Builds and runs it; its exit code and its last line are ours.
pub(crate) fn run(workspace: &Workspace, args: &FuzzArgs) -> Result<ExitCode> {
    let target = workspace.target().join("fuzz");
    let version = output(command("rustc", workspace.root()).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let mut build = cargo(workspace.root());
    build.args(["build", "--locked", "--quiet", "--package", PACKAGE, "--target", host, "--target-dir"]);
    build.arg(&target).env("RUSTFLAGS", FLAGS.join(" "));
    run_command(&mut build)?;
    let mut fuzz = command(target.join(host).join("debug").join(PACKAGE), workspace.root());
    fuzz.args(["--seconds", &args.seconds.to_string(), "--out"]).arg(target.join("inputs"));
    fuzz.args(args.target.iter().flat_map(|name| ["--target", name.as_str()]));
    fuzz.args(args.seed.iter().flat_map(|seed| ["--seed".to_owned(), seed.to_string()]));
    fuzz.args(args.keep.then_some("--keep"));
    let status = fuzz.status().with_context(|| format!("could not start {PACKAGE}"))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Ok(ExitCode::from(code))
}
