//! Scenarios of families and houses, on the real core and a relay in memory: who holds the key to what was written, who
//! can read it, and who can tell that somebody else exists.
//!
//! [`run`] reads a scenario (`docs/custody-scenarios.md` has the verbs, the codes and worked examples), lets real engines
//! live it, and answers from what they hold and were sent, never from what they ought to.

mod evidence;
pub mod model;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod random;
mod runner;
pub mod scenario;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use scenario::CircleName;
pub use scenario::{Malformed, Scenario};

/// What a scenario comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Always 1.
    pub version: u32,
    /// What was written, by name.
    pub posts: BTreeMap<String, Access>,
    /// Of each person, who else exists as far as their devices can tell.
    pub knows: BTreeMap<String, BTreeSet<String>>,
    /// Steps that were refused, in order.
    pub refusals: Vec<Refusal>,
}

/// Who has something that was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Access {
    /// Persons with a key to it on any device.
    pub holders: BTreeSet<String>,
    /// Persons one of whose devices can show it.
    pub readers: BTreeSet<String>,
}

/// A step that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refusal {
    /// From 0.
    pub step: usize,
    /// One of a closed list.
    pub reason: &'static str,
}

/// Every reason a step can be refused for.
pub const REASONS: &[&str] = &runner::REASONS;

/// Lives a scenario.
#[must_use]
pub fn run(scenario: &Scenario) -> Outcome {
    let intake = scenario.steps.iter().any(|step| step.verb.circle() == Some(&CircleName::Intake));
    let mut runner = runner::Runner::new(intake);
    for (number, step) in scenario.steps.iter().enumerate() {
        runner.step(number, step);
    }
    runner.outcome()
}
