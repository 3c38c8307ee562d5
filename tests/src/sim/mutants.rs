//! Bugs built in one at a time: worlds in which much goes wrong must find each of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nestpost_protocol::mutant::{Rule, choose};

use super::{Options, run as live};

/// A bug, and what found it.
#[derive(Debug)]
pub struct Verdict {
    /// Name of the rule that was taken out.
    pub rule: String,
    /// What it says.
    pub says: &'static str,
    /// By which check, after how many seeds; none: it was not.
    pub caught: Option<(&'static str, u64)>,
}

/// Rules of who writes that a member of ill will runs into here too.
const ALSO: [Rule; 4] = [Rule::CurrentEpoch, Rule::Side, Rule::History, Rule::Chain];

fn seek(rule: Rule, first: u64, seeds: u64) -> Option<(&'static str, u64)> {
    choose(Some(rule));
    let found = (0..seeds).find_map(|number| {
        let options = Options { seed: first.wrapping_add(number), ..Options::default() };
        live(options).violation.map(|violation| (violation.check, number + 1))
    });
    choose(None);
    found
}

/// Builds every bug in, on so many cores.
pub fn run(first: u64, seeds: u64, cores: usize, said: impl Fn(&Verdict) + Sync) -> Vec<Verdict> {
    let also = Rule::ALL.iter().filter(|(rule, _)| ALSO.contains(rule));
    let rules: Vec<(Rule, &'static str)> = Rule::SYNC.iter().chain(also).copied().collect();
    let (next, verdicts) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some((rule, says)) = rules.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let caught = seek(*rule, first, seeds);
                    let verdict = Verdict { rule: format!("{rule:?}"), says, caught };
                    said(&verdict);
                    verdicts.lock().expect("no thread has died").push(verdict);
                }
            });
        }
    });
    verdicts.into_inner().expect("no thread has died")
}
