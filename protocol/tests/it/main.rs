//! Tests of the protocol: the rules of the house log and of frames on houses that sign for themselves, vectors named
//! after what is wrong, properties, partial views, and the grammar against an independent validator.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests fail loudly, and their helpers are public to each other only"
)]

mod blobs;
mod cases;
mod grammar;
mod house;
mod limits;
mod properties;
mod restore;
mod samples;
mod staleness;
mod vectors;
mod views;

/// How many cases a property is tried with: `short`, unless proptest's own variable asks for another number.
fn cases(short: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(short)
}
