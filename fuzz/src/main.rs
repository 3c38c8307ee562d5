//! One target under libFuzzer, which `NESTPOST_FUZZ_TARGET` names. `cargo xtask fuzz` builds and runs it.
//!
//! Automerge ends the program over some changes that no writer makes. A device notes each record before it applies it, so that the
//! next start sets it aside (`core/src/engine/noted.rs`): such an end is no finding, and its input is not kept.
#![no_main]
#![allow(unsafe_code, reason = "the functions by whose names libFuzzer calls, which its macros write")]

use std::panic::{self, AssertUnwindSafe};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target, fuzzer_mutate};
use nestpost_fuzz::{TARGETS, Target, mutate};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("NESTPOST_FUZZ_TARGET").unwrap_or_default();
    TARGETS.into_iter().find(|target| target.name == name).unwrap_or_else(|| {
        eprintln!("NESTPOST_FUZZ_TARGET={name}: no such target");
        std::process::exit(2)
    })
});

/// So much is a string of bytes inside of something longer at a time.
const GROWTH_BYTES: usize = 16;

/// Whether it was Automerge that panicked last.
static IS_AUTOMERGE: AtomicBool = AtomicBool::new(false);

fn note_where_it_panics() {
    // Not libFuzzer's own, which ends the program at once.
    let _ = panic::take_hook();
    panic::set_hook(Box::new(|info| {
        let is_automerge = info.location().is_some_and(|at| at.file().contains("/automerge-"));
        IS_AUTOMERGE.store(is_automerge, Ordering::Relaxed);
        if !is_automerge {
            eprintln!("{info}");
        }
    }));
}

fuzz_target!(init: note_where_it_panics(), |bytes: &[u8]| -> Corpus {
    match panic::catch_unwind(AssertUnwindSafe(|| (TARGET.run)(bytes))) {
        Ok(_) => Corpus::Keep,
        Err(_) if IS_AUTOMERGE.load(Ordering::Relaxed) => Corpus::Reject,
        Err(_) => std::process::abort(),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.into());
    let input = data.get(..size).unwrap_or_default();
    let within = |bytes: &mut Vec<u8>| {
        let len = bytes.len();
        bytes.resize(len + GROWTH_BYTES, 0);
        let len = fuzzer_mutate(bytes, len, len + GROWTH_BYTES);
        bytes.truncate(len);
    };
    let made = if rng.random_bool(0.6) { mutate::mutate(&mut rng, input, &within) } else { None };
    match made.as_deref().and_then(|made| Some((made, data.get_mut(..made.len())?))) {
        Some((made, to)) => {
            to.copy_from_slice(made);
            made.len()
        }
        None => fuzzer_mutate(data, size, max_size),
    }
});
