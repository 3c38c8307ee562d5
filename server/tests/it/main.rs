//! The relay over real sockets, driven by hand-signed messages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail the test, as tests do"
)]

mod support;

mod admission;
mod binary;
mod blobs;
mod complaints;
mod door;
mod fan_out;
mod http;
mod intake;
mod limits;
mod lost;
mod moving;
mod retention;
mod schema;
mod snapshots;
