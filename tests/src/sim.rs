//! Whole houses in which much goes wrong: real engines, the relay's real rules, one thread, one clock, one seed.
//!
//! A world begins as a copy of a house in which everything works ([`cast`]). In phase 1 people act while lines break, programs die, storage forgets and clocks
//! are wrong, whatever its plan holds ([`plan`]). In phase 2 everything works again, and within a bound everybody must have
//! come to rest; then it is looked at ([`check`]). Everything is drawn from the seed but what is sealed: age draws its own
//! randomness, so bytes differ from run to run and what happens does not.
//!
//! What this does not have: sockets, and the relay's own storage. The relay in memory keeps to the rules of the real one
//! ([`crate::relay`]); what it acknowledges is kept.

mod acts;
mod cast;
mod check;
pub(crate) mod dice;
mod disk;
mod faults;
mod hostile;
mod ledger;
mod lies;
#[cfg(feature = "mutants")]
pub mod mutants;
mod phone;
mod plan;
mod restore;
mod restrict;
mod snapshots;
mod stage;
mod tally;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use stage::Violation;
pub use tally::Tally;

use plan::{Plan, Trouble};
use stage::Stage;

/// One run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// What everything is drawn from.
    pub seed: u64,
    /// Steps of phase 1; drawn where it is not said.
    pub steps: Option<usize>,
    /// Keep what happened.
    pub trace: bool,
}

/// How it went.
#[derive(Debug)]
pub struct Report {
    /// Its seed.
    pub seed: u64,
    /// Steps of phase 1.
    pub steps: usize,
    /// What happened, counted.
    pub tally: Tally,
    /// What must not be and was.
    pub violation: Option<Violation>,
    /// What happened, if it was kept.
    pub trace: Vec<String>,
    /// The same in two runs of the same seed.
    pub digest: u64,
}

/// Rounds of phase 2: after each, time passes for whoever wants to try again.
const HEAL_ROUNDS_MAX: usize = 12;
const HEAL_MS: u64 = 20_000;
/// So rarely devices look for what the relay lacks.
const LACKS_MS: u64 = 600_000;
/// Starts after which a device has tried again whatever it had set aside, however often it had done so.
const STARTS_MAX: usize = 40;
/// Rounds of talk with a relay that has lied, each time.
const LYING_ROUNDS: usize = 8;
/// Rounds without anything new, after which nothing is to be expected.
const HEAL_CALM: usize = 2;

/// Lives one world.
#[must_use]
pub fn run(options: Options) -> Report {
    run_with(options, &[])
}

/// Lives one world with these kinds of trouble, whatever is drawn.
fn run_with(options: Options, with: &[Trouble]) -> Report {
    let mut stage = Stage::new(options.seed, options.trace);
    let plan = Plan::draw(&mut stage.dice, options.steps, with);
    stage.say(|| format!("{plan:?}"));
    let lived = catch_unwind(AssertUnwindSafe(|| live(&mut stage, &plan)));
    if let Err(panic) = lived {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        stage.violated("halt", text.unwrap_or_else(|| "an engine cannot go on".to_owned()));
    }
    #[cfg(feature = "mutants")]
    for (rule, count) in nestpost_protocol::mutant::asked() {
        stage.tally.rules.insert(format!("{rule:?}"), count);
    }
    Report {
        seed: options.seed,
        steps: plan.steps,
        tally: stage.tally,
        violation: stage.violation,
        trace: stage.trace.unwrap_or_default(),
        digest: stage.digest,
    }
}

fn live(stage: &mut Stage, plan: &Plan) {
    stage.tally.devices = plan.devices as u64;
    stage.cast(plan.devices, plan.written);
    stage.say(|| "-- everybody is there".to_owned());
    for _ in 0..plan.steps {
        if stage.violation.is_some() {
            return;
        }
        stage.step(plan);
    }
    stage.say(|| "-- everything works again".to_owned());
    stage.heal(plan);
    if stage.violation.is_none() {
        stage.check(plan);
    }
}

impl Stage {
    /// Everything works again; time passes until nobody has anything to do.
    fn heal(&mut self, plan: &Plan) {
        self.relays.iter_mut().for_each(|relay| relay.full = false);
        for phone in 0..self.phones.len() {
            self.drop_line(phone);
            let now = self.now;
            let device = self.phone_mut(phone);
            device.away_until = now;
            device.skew_ms = 0;
            device.relay = 0;
        }
        let mut calm = 0;
        for _ in 0..HEAL_ROUNDS_MAX {
            let before = self.tally.operations;
            if !plan.is_mended() {
                // Whoever has noticed may turn away again and again.
                self.settle_within(LYING_ROUNDS);
            } else if !self.settle() {
                return self.violated("stuck", "the world does not come to rest".into());
            }
            if plan.is_mended() {
                self.let_rest();
                self.go_on();
            }
            calm = if self.tally.operations == before { calm + 1 } else { 0 };
            if calm >= HEAL_CALM || self.violation.is_some() {
                return;
            }
            let lacks = self.relay_mut(0).lost().next().is_some();
            self.pass(if lacks { LACKS_MS } else { HEAL_MS });
        }
        if plan.is_mended() {
            self.violated("stuck", "somebody tries again and again".into());
        }
    }

    /// Whoever died over a record that harms nobody tries it again some starts later.
    fn let_rest(&mut self) {
        for _ in 0..STARTS_MAX {
            let rests =
                |stage: &Self, phone| stage.phone(phone).engine.as_ref().is_some_and(|e| e.set_aside() > 0);
            let resting: Vec<usize> = (0..self.phones.len()).filter(|phone| rests(self, *phone)).collect();
            if resting.is_empty() || self.violation.is_some() {
                return;
            }
            for phone in resting {
                self.die(phone, 0);
            }
            self.settle();
        }
    }
}
