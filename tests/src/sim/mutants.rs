//! Bugs built in one at a time: worlds in which much goes wrong must find each of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use nestpost_protocol::mutant::{Rule, choose};

use super::plan::Trouble;
use super::{Options, run_with};

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

/// Rules that no drawn world has missed so far, though worlds ask for them: not built in, so that the table promises nothing.
const UNFOUND: [Rule; 7] = [
    Rule::LinksFollowed,
    Rule::ClockSetBack,
    Rule::OldTakenOut,
    Rule::SnapshotAudited,
    Rule::ErasedGone,
    Rule::LackBrought,
    Rule::RestrictedKept,
];

/// Trouble without which nobody can notice: the worlds of such a rule all have it.
const fn trouble(rule: Rule) -> &'static [Trouble] {
    match rule {
        Rule::OwnAnswer => &[Trouble::Twice, Trouble::RelayFull],
        Rule::WrapStored | Rule::WrapAckLater => &[Trouble::Die, Trouble::Members],
        Rule::NextRow => &[Trouble::Lose],
        Rule::LogFirst => &[Trouble::Overtake, Trouble::Members],
        Rule::SnapshotVouched | Rule::SnapshotLast | Rule::SparedAsked => &[Trouble::Snapshots],
        Rule::LostShown | Rule::GivenBack | Rule::SentAgain => &[Trouble::Restore],
        Rule::RetryLater => &[Trouble::RelayFull],
        Rule::WrittenAnew | Rule::SameItem | Rule::AllAnew => &[Trouble::Away, Trouble::Members],
        Rule::FreshKeys | Rule::StuckSaid => &[Trouble::Members],
        Rule::CurrentEpoch | Rule::Side | Rule::History | Rule::Chain => &[Trouble::Hostile],
        _ => &[],
    }
}

fn seek(rule: Rule, first: u64, seeds: u64) -> Option<(&'static str, u64)> {
    (0..seeds).find_map(|number| {
        let options = Options { seed: first.wrapping_add(number), ..Options::default() };
        choose(Some(rule));
        let found = run_with(options, trouble(rule)).violation;
        choose(None);
        // What goes wrong with every rule in place says nothing of this one.
        let found = found.filter(|_| run_with(options, trouble(rule)).violation.is_none());
        found.map(|violation| (violation.check, number + 1))
    })
}

/// Builds every bug in, on so many cores.
pub fn run(first: u64, seeds: u64, cores: usize, said: impl Fn(&Verdict) + Sync) -> Vec<Verdict> {
    let also = Rule::ALL.iter().filter(|(rule, _)| ALSO.contains(rule));
    let sync = Rule::SYNC.iter().filter(|(rule, _)| !UNFOUND.contains(rule));
    let rules: Vec<(Rule, &'static str)> = sync.chain(also).copied().collect();
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
