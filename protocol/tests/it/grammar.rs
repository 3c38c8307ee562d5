//! `docs/protocol.cddl` against an independent decoder and validator: every encoded value fits its rule, and what is
//! spoiled does not.

use std::collections::{BTreeMap, BTreeSet};

use cddl::ast::CDDL;
use cddl::cddl_from_str;
use cddl::validator::Validator as _;
use cddl::validator::cbor::CBORValidator;
use cddl::validator::cbor_value::decode_cbor;

use crate::samples::{self, Sample};

const GRAMMAR: &str = include_str!("../../../docs/protocol.cddl");

/// The validator begins with the first rule; parsing takes longer than validating.
fn by_rule(samples: &[Sample]) -> BTreeMap<&'static str, String> {
    samples.iter().map(|sample| (sample.rule, format!("root = {}\n{GRAMMAR}", sample.rule))).collect()
}

fn fits(grammar: &CDDL<'_>, bytes: &[u8]) -> Result<(), String> {
    let value = decode_cbor(bytes).map_err(|error| error.to_string())?;
    CBORValidator::new(grammar, value, None).validate().map_err(|error| error.to_string())
}

#[test]
fn every_value_fits_its_rule() {
    let samples = samples::all();
    for (rule, text) in by_rule(&samples) {
        let grammar = cddl_from_str(&text, true).unwrap();
        for sample in samples.iter().filter(|sample| sample.rule == rule) {
            if let Err(error) = fits(&grammar, &sample.bytes) {
                panic!("{rule}: {error}\n{}", minicbor::display(&sample.bytes));
            }
        }
    }
}

/// A grammar that lets everything pass would prove nothing.
#[test]
fn spoiled_values_do_not_fit() {
    let samples = samples::all();
    for (rule, text) in by_rule(&samples) {
        let grammar = cddl_from_str(&text, true).unwrap();
        let sample = samples.iter().find(|sample| sample.rule == rule).unwrap();
        // A structure without its first field.
        let first = sample.bytes[0];
        if (0xa2..0xb8).contains(&first) {
            let mut decoder = minicbor::Decoder::new(&sample.bytes[1..]);
            decoder.skip().unwrap();
            decoder.skip().unwrap();
            let rest = &sample.bytes[1 + decoder.position()..];
            // These may lack theirs.
            if !matches!(sample.rule, "link" | "cursors" | "cosign-input") {
                let shorter = [&[first - 1], rest].concat();
                assert!(fits(&grammar, &shorter).is_err(), "{} without its first field", sample.rule);
            }
        }
        assert!(fits(&grammar, &[0xf6]).is_err(), "{}: null", sample.rule);
        // Says all by its kind.
        let is_empty = sample.rule == "dissolve";
        assert_eq!(fits(&grammar, &[0xa0]).is_ok(), is_empty, "{}: empty map", sample.rule);
    }
}

#[test]
fn every_rule_of_the_wire_has_a_sample() {
    let rules: BTreeSet<&str> = samples::all().iter().map(|sample| sample.rule).collect();
    let wire = GRAMMAR.split_once("wire = ").unwrap().1.split_once("\n\n").unwrap().0;
    let named: BTreeSet<&str> = wire.split(['/', '\n', ' ']).filter(|word| !word.is_empty()).collect();
    let missing: Vec<_> = named.difference(&rules).collect();
    assert!(missing.is_empty(), "no sample of {missing:?}");
}
