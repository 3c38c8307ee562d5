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

mod cases;
mod grammar;
mod house;
mod limits;
mod properties;
mod samples;
mod staleness;
mod vectors;
mod views;
