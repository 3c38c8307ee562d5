//! Every decoder, and everything that is loaded, as a target: bytes in, and whether they were taken. None may panic, whatever comes;
//! what is taken and encoded again is the same value. `cargo xtask fuzz` has libFuzzer look for bytes that break this; what
//! reached branches of its own stands in `corpus/`, a line of hex each, and is tried again by this crate's tests.

pub mod corpus;
pub mod mutate;
pub mod target;

pub use target::{TARGETS, Target};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_stands_what_was_found_so_far_and_takes_some_of_it() {
        for target in TARGETS {
            let inputs = corpus::read(target.name).unwrap();
            assert!(inputs.len() >= 2, "{}", target.name);
            let taken = inputs.iter().filter(|input| (target.run)(input)).count();
            assert!(taken > 0, "{}: of {} nothing is taken", target.name, inputs.len());
            assert!(taken < inputs.len(), "{}: everything is taken", target.name);
        }
        assert_eq!(
            corpus::names().unwrap(),
            TARGETS.map(|target| target.name),
            "each has its corpus, and none is left over"
        );
    }
}
