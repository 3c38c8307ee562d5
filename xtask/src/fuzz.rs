//! `cargo xtask fuzz`: libFuzzer looks for bytes that a decoder does not stand. What it is led by, the stable compiler puts in; a
//! compiler for C++ is needed beside it.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::command::{cargo, command, output, run as run_command, tee_errors};
use crate::progress::Step;
use crate::workspace::Workspace;

const PACKAGE: &str = "nestpost-fuzz";
const CORPUS: &str = "nestpost-fuzz-corpus";
/// What counts the branches that are reached.
const FLAGS: [&str; 4] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
];
/// What takes longer, in seconds, is a finding: whoever sends such bytes keeps a phone busy.
const INPUT_SECONDS_MAX: u32 = 5;
const INPUT_BYTES_MAX: u32 = 64 * 1024;

#[derive(Debug, Args)]
pub(crate) struct FuzzArgs {
    /// One target alone; all of them where it is not said.
    #[arg(long)]
    target: Option<String>,
    /// For how long, each.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// The first seed; 1 to 4,294,967,295.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    seed: u32,
    /// Takes into `fuzz/corpus` what reached something new.
    #[arg(long)]
    keep: bool,
}

/// Builds it, runs each target and tells what was found.
pub(crate) fn run(workspace: &Workspace, args: &FuzzArgs) -> Result<ExitCode> {
    let target = workspace.target().join("fuzz");
    let version = output(command("rustc", workspace.root()).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let build = |bin| {
        let mut build = cargo(workspace.root());
        build.args(["build", "--locked", "--quiet", "--package", PACKAGE, "--bin", bin]);
        build
    };
    // Whatever is built with these flags is linked to libFuzzer or not at all.
    let mut counted = build(PACKAGE);
    counted.args(["--features", "libfuzzer", "--target", host, "--target-dir"]).arg(&target);
    run_command(counted.env("RUSTFLAGS", FLAGS.join(" ")))?;
    run_command(&mut build(CORPUS))?;
    let program = target.join(host).join("debug").join(PACKAGE);
    let packer = workspace.target().join("debug").join(CORPUS);

    let all = names(workspace)?;
    let names: Vec<&String> =
        all.iter().filter(|name| args.target.as_ref().is_none_or(|only| only == *name)).collect();
    if names.is_empty() {
        bail!("no such target: {}", all.join(", "));
    }
    let (mut runs, mut findings) = (0, Vec::new());
    for name in &names {
        let step = Step::start(name.as_str());
        let inputs = target.join("inputs").join(name);
        let corpus = |verb: &str, folder: &Path| {
            run_command(command(&packer, workspace.root()).args([verb, name.as_str()]).arg(folder))
        };
        corpus("unpack", &inputs)?;
        let mut fuzz = libfuzzer(workspace, &program, name);
        fuzz.arg(format!("-max_total_time={}", args.seconds)).arg(format!("-seed={}", args.seed));
        fuzz.arg(format!("-artifact_prefix={}/", target.join(name).display())).arg(&inputs);
        fs::create_dir_all(target.join(name))?;
        let succeeded = tee_errors(&mut fuzz, |line| {
            let count = line.strip_prefix("stat::number_of_executed_units:");
            runs += count.and_then(|count| count.trim().parse::<u64>().ok()).unwrap_or_default();
        })?;
        if !succeeded {
            findings.push(name.as_str());
            continue;
        }
        if args.keep {
            let merged = target.join("merged").join(name);
            fs::remove_dir_all(&merged).or_else(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?;
            fs::create_dir_all(&merged)?;
            run_command(libfuzzer(workspace, &program, name).arg("-merge=1").arg(&merged).arg(&inputs))?;
            corpus("pack", &merged)?;
        }
        fs::remove_dir_all(&inputs)?;
        step.done();
    }
    let verdict = if findings.is_empty() { "ok" } else { "failed" };
    println!(
        "fuzz: {verdict}, targets={} runs={runs} findings={} seed={}",
        names.len(),
        findings.len(),
        args.seed
    );
    for name in &findings {
        println!("{name}: the input lies in {}", target.join(name).display());
    }
    Ok(ExitCode::from(u8::from(!findings.is_empty())))
}

/// The targets are what has a corpus; the corpora's own test sees to it that each has.
fn names(workspace: &Workspace) -> Result<Vec<String>> {
    let files = fs::read_dir(workspace.root().join("fuzz/corpus"))?;
    let name = |file: std::io::Result<fs::DirEntry>| {
        Ok(file?.path().file_stem().context("a file without a name")?.to_string_lossy().into_owned())
    };
    let mut names = files.map(name).collect::<Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
}

fn libfuzzer(workspace: &Workspace, program: &Path, name: &str) -> Command {
    let mut fuzz = command(program, workspace.root());
    fuzz.env("NESTPOST_FUZZ_TARGET", name);
    fuzz.arg(format!("-timeout={INPUT_SECONDS_MAX}")).arg(format!("-max_len={INPUT_BYTES_MAX}"));
    fuzz.args(["-print_final_stats=1", "-print_funcs=0", "-verbosity=0"]);
    fuzz
}
