//! Scenarios from numbers: houses and families from a seed, and steps that make sense where they stand, told to a scenario and
//! to the model.

mod drawn;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::runner::Runner;
use drawn::Drawn;

/// Houses of a short run. Each takes as long to live as some histories.
pub const HOUSES: usize = 32;

/// Something that is not as it ought to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// What was looked at.
    pub check: &'static str,
    /// What was found, and after which steps.
    pub what: String,
}

/// Histories that found something once, or that chance seldom draws, each under what it is about. They begin in the first
/// house, or found their own.
///
/// # Panics
/// If the file is none.
#[must_use]
pub fn named() -> BTreeMap<String, Vec<Value>> {
    serde_json::from_str(include_str!("../../histories/custody.json")).expect("a list of steps each")
}

/// Houses and families, each drawn from a seed and its number and lived when it is first asked for. The first one is always the
/// same, so that what was found anywhere shrinks to it if it can.
pub struct Houses {
    seed: u64,
    lived: RefCell<BTreeMap<usize, Rc<House>>>,
}

impl Houses {
    /// Lives none of them yet.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, lived: RefCell::default() }
    }

    /// Lives a history in one of them, and asks whether what engines hold, show and were sent is what the model says, no more and no
    /// less, and whether the relay refuses whatever anybody may not.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn check(&self, house: usize, numbers: &[u32]) -> Result<(), Differs> {
        let lived = self.lived.borrow().get(&house).cloned();
        let lived = lived.unwrap_or_else(|| {
            let drawn = if house == 0 { Drawn::usual() } else { Drawn::house(self.seed, house) };
            Rc::clone(self.lived.borrow_mut().entry(house).or_insert(Rc::new(House::live(drawn))))
        });
        lived.check(numbers)
    }
}

/// A house in which histories begin, lived once.
pub struct House {
    runner: Runner,
    drawn: Drawn,
}

impl House {
    /// The first of all houses.
    #[must_use]
    pub fn usual() -> Self {
        Self::live(Drawn::usual())
    }

    fn live(drawn: Drawn) -> Self {
        let mut runner = Runner::new(true);
        drawn.live(&mut runner, 0);
        Self { runner, drawn }
    }

    fn check(&self, numbers: &[u32]) -> Result<(), Differs> {
        let mut drawn = self.drawn.clone();
        numbers.iter().for_each(|number| drawn.draw(*number));
        self.go_on(&drawn)
    }

    /// The same as [`Houses::check`], with steps as they stand in a scenario.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn replay(&self, steps: &[Value]) -> Result<(), Differs> {
        let founds = steps.first().and_then(|step| step.get("do")).is_some_and(|verb| verb == "found");
        let mut drawn = if founds { Drawn::default() } else { self.drawn.clone() };
        steps.iter().for_each(|step| drawn.say(step.to_string()));
        if founds { drawn.compare(Self::live(drawn.clone()).runner) } else { self.go_on(&drawn) }
    }

    fn go_on(&self, drawn: &Drawn) -> Result<(), Differs> {
        let mut runner = self.runner.clone();
        drawn.live(&mut runner, self.drawn.len());
        drawn.compare(runner)
    }
}
