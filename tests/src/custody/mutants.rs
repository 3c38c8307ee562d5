//! Rules taken out one at a time: random houses and histories, or those with a name, must find each of them missing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nestpost_protocol::mutant::{Rule, choose};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::random::{Differs, HOUSES, House, Houses, named};

/// Whoever is not found by then is not found.
const CASES_MAX: usize = 250;
/// With every rule in its place nothing may be found.
const CONTROL_CASES: usize = CASES_MAX;
const STEPS_MAX: usize = 14;
const SEED: [u8; 32] = *b"custody: rules taken out, singly";
const HOUSE_SEED: u64 = 20_261_128;

/// A rule, and how it was found missing.
#[derive(Debug)]
pub struct Verdict {
    /// Its name.
    pub rule: String,
    /// What it says.
    pub says: &'static str,
    /// By which check, after how many cases; none: it was not.
    pub caught: Option<(&'static str, usize)>,
}

/// A house, and what happens there.
type History = (usize, Vec<u32>);

/// The same histories each time.
fn histories(cases: usize) -> Vec<History> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = (0..HOUSES, vec(any::<u32>(), 4..=STEPS_MAX));
    (0..cases).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// What finds it, after how many cases. Engines that cannot go on have found it too.
fn seek(rule: Rule, histories: &[History]) -> Option<(&'static str, usize)> {
    choose(Some(rule));
    let attempt = |of: &dyn Fn() -> Result<(), Differs>| match catch_unwind(AssertUnwindSafe(of)) {
        Ok(Ok(())) => None,
        Ok(Err(differs)) => Some(differs.check),
        Err(_) => Some("halt"),
    };
    // It is missing from the start.
    let houses = Houses::new(HOUSE_SEED);
    let tried =
        |(n, (house, numbers)): (usize, &History)| Some((attempt(&|| houses.check(*house, numbers))?, n + 1));
    let found = histories.iter().enumerate().find_map(tried).or_else(|| {
        let Ok(house) = catch_unwind(House::usual) else { return Some(("halt", 0)) };
        let mut named = named().into_values();
        named.find_map(|steps| Some((attempt(&|| house.replay(&steps))?, CASES_MAX + 1)))
    });
    choose(None);
    found
}

/// Takes out every rule, on both cores. An error: something was found with all of them in place.
///
/// # Errors
/// What it was.
pub fn run(said: impl Fn(&Verdict) + Sync) -> Result<Vec<Verdict>, String> {
    let histories = histories(CASES_MAX);
    std::panic::set_hook(Box::new(|_| {}));
    let houses = Houses::new(HOUSE_SEED);
    let control = histories.iter().take(CONTROL_CASES);
    let found: Vec<String> = control
        .filter_map(|(house, numbers)| Some(houses.check(*house, numbers).err()?.what))
        .take(3)
        .collect();
    if !found.is_empty() {
        return Err(format!("with every rule in its place:\n{}", found.join("\n\n")));
    }
    let (next, verdicts) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((rule, says)) = Rule::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let caught = seek(*rule, &histories);
                    let verdict = Verdict { rule: format!("{rule:?}"), says, caught };
                    said(&verdict);
                    verdicts.lock().unwrap().push(verdict);
                }
            });
        }
    });
    Ok(verdicts.into_inner().unwrap())
}
