//! What happened in simulated worlds, counted.

use std::collections::BTreeMap;

/// Counts by name, of one world or of many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Worlds.
    pub worlds: u64,
    /// Devices in them.
    pub devices: u64,
    /// Everything that was scheduled: messages that arrived, transactions that were stored, commands, faults, time.
    pub operations: u64,
    /// What people did, by command.
    pub acts: BTreeMap<&'static str, u64>,
    /// What went wrong, by kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// How often the relay refused, by code.
    pub refusals: BTreeMap<String, u64>,
    /// Alarms that were up at the end, by code.
    pub alarms: BTreeMap<&'static str, u64>,
    /// What was looked at, by check.
    pub checks: BTreeMap<&'static str, u64>,
    /// How often each rule was asked.
    pub rules: BTreeMap<String, u64>,
}

fn add<K: Ord + Clone>(to: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
    for (key, count) in from {
        *to.entry(key.clone()).or_default() += count;
    }
}

impl Tally {
    /// Takes another one's counts in.
    pub fn add(&mut self, other: &Self) {
        self.worlds += other.worlds;
        self.devices += other.devices;
        self.operations += other.operations;
        add(&mut self.acts, &other.acts);
        add(&mut self.faults, &other.faults);
        add(&mut self.refusals, &other.refusals);
        add(&mut self.alarms, &other.alarms);
        add(&mut self.checks, &other.checks);
        add(&mut self.rules, &other.rules);
    }

    pub(super) fn act(&mut self, name: &'static str) {
        *self.acts.entry(name).or_default() += 1;
    }

    pub(super) fn fault(&mut self, name: &'static str) {
        *self.faults.entry(name).or_default() += 1;
    }

    pub(super) fn check(&mut self, name: &'static str) {
        *self.checks.entry(name).or_default() += 1;
    }
}
