//! Houses in which much goes wrong: nothing is lost, told twice, or read by whoever does not belong.

use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use nestpost_tests::sim::{self, Options, Tally};

/// In a run of all tests; `--long` asks for more.
const SEEDS: u64 = 300;
const CORES: usize = 2;

fn seeds() -> u64 {
    std::env::var("NESTPOST_SIM_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS)
}

#[test]
fn houses_in_which_much_goes_wrong_come_to_rest_and_have_lost_nothing() {
    let (next, found) = (AtomicU64::new(1), Mutex::new((Tally::default(), Vec::new())));
    std::thread::scope(|scope| {
        for _ in 0..CORES {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > seeds() {
                        return;
                    }
                    let report = sim::run(Options { seed, ..Options::default() });
                    let mut found = found.lock().unwrap();
                    found.0.add(&report.tally);
                    found.1.extend(report.violation.map(|violation| (seed, violation)));
                }
            });
        }
    });
    let (tally, violations) = found.into_inner().unwrap();
    // Past the test's own capture: it is said whether it fails or not.
    let _ = writeln!(std::io::stderr(), "sim: {} seeds, {} operations", seeds(), tally.operations);
    assert!(violations.is_empty(), "cargo xtask sim --seed S --trace: {violations:?}");
    let kinds = tally.faults.len();
    assert!(kinds >= 12 || seeds() < 100, "{kinds} kinds of faults: {:?}", tally.faults);
}

#[test]
fn a_seed_gives_the_same_world_each_time() {
    for seed in [3, 5, 8] {
        // Each thread founds its own house: whatever is sealed differs.
        let options = Options { seed, steps: Some(300), trace: true };
        let [one, two] = [0, 1].map(|_| std::thread::spawn(move || sim::run(options)).join().unwrap());
        let differs = one.trace.iter().zip(&two.trace).find(|(one, two)| one != two);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(one.digest, two.digest, "seed {seed}");
    }
}
