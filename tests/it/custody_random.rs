//! Random houses and histories: what real engines hold, show and were sent is what a naive reckoning says, no more and no
//! less, and the relay refuses whatever somebody may not.

use std::io::Write as _;

use nestpost_tests::custody::random::{HOUSES, House, Houses, named};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// In a run of all tests; `--long` asks for more.
const CASES: u32 = 2_000;
const STEPS_MAX: usize = 10;

fn cases() -> u32 {
    std::env::var("NESTPOST_CUSTODY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

fn run(share: u32) {
    let config =
        Config { cases: cases() / 2, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    let seed = match config.rng_seed {
        // The first test repeats what was said of either.
        RngSeed::Fixed(seed) => seed.wrapping_add(u64::from(share) - 1),
        RngSeed::Random => u64::from(share) + 20_261_121,
    };
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed), ..config });
    // Past the test's own capture: it is said whether it fails or not.
    let _ = writeln!(std::io::stderr(), "custody: {} cases, seed {seed}", cases() / 2);
    let houses = Houses::new(seed);
    // More of them where there is time to live them.
    let number = HOUSES.max(cases() as usize / 160);
    let cases = (0..number, vec(any::<u32>(), 0..=STEPS_MAX));
    if let Err(error) = runner.run(&cases, |(house, numbers)| {
        houses.check(house, &numbers).map_err(|differs| TestCaseError::fail(differs.what))
    }) {
        panic!("{error}");
    }
}

#[test]
fn histories_with_a_name_come_to_what_they_ought_to() {
    let house = House::usual();
    for (name, steps) in named() {
        if let Err(differs) = house.replay(&steps) {
            panic!("{name}: {}", differs.what);
        }
    }
}

// Two tests, so that two cores share the work.

#[test]
fn nobody_holds_reads_or_knows_more_or_less_than_they_ought_to_one() {
    run(1);
}

#[test]
fn nobody_holds_reads_or_knows_more_or_less_than_they_ought_to_two() {
    run(2);
}
