//! Looks for bytes that a target does not stand, for some seconds each, from its corpus on. `cargo xtask fuzz` builds and runs it.
//!
//! Automerge ends the program over some changes that no writer makes. A device notes each record before it applies it, so that the
//! next start sets it aside (`core/src/engine/noted.rs`): such an end is counted apart, and is no finding.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use data_encoding::HEXLOWER;
use nestpost_fuzz::mutate::mutate;
use nestpost_fuzz::{TARGETS, Target, corpus, cover};
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

/// What takes longer is a finding: whoever sends such bytes keeps a phone busy.
const INPUT_MAX: Duration = Duration::from_secs(5);
/// So much is kept of a target's inputs, the shortest first: of those that were taken, and of the others.
const KEPT_BYTES_MAX: (usize, usize) = (40 * 1024, 12 * 1024);

/// Where the last panic was, and what it said.
static PANIC: Mutex<(String, String)> = Mutex::new((String::new(), String::new()));

#[derive(Debug, Parser)]
struct Args {
    /// One target alone.
    #[arg(long)]
    target: Option<String>,
    /// For how long, each.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// The first seed; drawn where it is not said.
    #[arg(long)]
    seed: Option<u64>,
    /// Takes into the corpora what reached something new.
    #[arg(long)]
    keep: bool,
    /// Where the input at hand is written before it is tried, so that one that ends the program is found there.
    #[arg(long)]
    out: PathBuf,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let targets: Vec<Target> = TARGETS
        .into_iter()
        .filter(|target| args.target.as_deref().is_none_or(|name| name == target.name))
        .collect();
    if targets.is_empty() {
        bail!("no such target");
    }
    fs::create_dir_all(&args.out)?;
    let seed = args.seed.unwrap_or_else(|| rand::rng().random());
    panic::set_hook(Box::new(|info| {
        let file = info.location().map(|at| at.file().to_owned()).unwrap_or_default();
        let what = info.payload_as_str().unwrap_or("panic").to_owned();
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = (file, what);
    }));
    let (mut runs, mut ended, mut findings) = (0, 0, 0);
    for target in &targets {
        let all = fuzz(target, &args, seed)?;
        runs += all.runs;
        ended += all.ended;
        findings += all.findings.len();
    }
    let verdict = if findings == 0 { "ok" } else { "failed" };
    println!(
        "fuzz: {verdict}, targets={} runs={runs} set_aside={ended} findings={findings} seed={seed}",
        targets.len()
    );
    Ok(ExitCode::from(u8::from(findings > 0)))
}

/// What came of one target.
#[derive(Debug, Default)]
struct Tally {
    runs: u64,
    /// Inputs over which Automerge ended.
    ended: u64,
    findings: Vec<String>,
}

fn fuzz(target: &Target, args: &Args, seed: u64) -> Result<Tally> {
    let path = args.out.join(target.name);
    let current = File::create(&path).with_context(|| target.name)?;
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let mut seen = cover::Seen::default();
    cover::reset();
    let mut tally = Tally::default();
    let mut attempt = |input: Vec<u8>, inputs: &mut Vec<Vec<u8>>, keeps_all: bool| -> Result<()> {
        current.set_len(input.len() as u64)?;
        current.write_all_at(&input, 0)?;
        tally.runs += 1;
        let began = Instant::now();
        let ended = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err();
        let is_new = seen.is_new();
        let (file, mut what) = PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if ended && file.contains("/automerge-") {
            tally.ended += 1;
            return Ok(());
        }
        let is_slow = began.elapsed() > INPUT_MAX;
        if !ended && is_slow {
            what = "slow".to_owned();
        }
        if ended || is_slow {
            if !tally.findings.contains(&what) {
                println!("{}: {what} ({file})\n  {}", target.name, HEXLOWER.encode(&input));
                tally.findings.push(what);
            }
        } else if is_new || keeps_all {
            inputs.push(input);
        }
        Ok(())
    };
    let mut inputs = Vec::new();
    let mut known = corpus::read(target.name)?;
    known.sort_by_key(Vec::len);
    for input in known {
        attempt(input, &mut inputs, !args.keep)?;
    }
    if inputs.is_empty() {
        inputs.push(Vec::new());
    }
    let end = Instant::now() + Duration::from_secs(args.seconds);
    while Instant::now() < end {
        for _ in 0..16 {
            // Half of the time from what is new.
            let newest = inputs.len().saturating_sub(inputs.len() / 4 + 1);
            let from = if rng.random() { inputs.get(newest..).unwrap_or(&inputs) } else { &inputs };
            let [one, other] =
                [from, &inputs].map(|inputs| inputs.choose(&mut rng).cloned().unwrap_or_default());
            attempt(mutate(&mut rng, &one, &other), &mut inputs, false)?;
        }
    }
    println!(
        "{}: runs={} set_aside={} corpus={} reached={}",
        target.name,
        tally.runs,
        tally.ended,
        inputs.len(),
        seen.count()
    );
    if args.keep {
        inputs.sort_by_key(Vec::len);
        let mut left = KEPT_BYTES_MAX;
        inputs.retain(|input| {
            let left = if (target.run)(input) { &mut left.0 } else { &mut left.1 };
            let fits = input.len() <= *left;
            *left -= if fits { input.len() } else { 0 };
            fits
        });
        corpus::write(target.name, &inputs)?;
    }
    fs::remove_file(&path)?;
    Ok(tally)
}
