//! All integration tests, in one binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what failed by panicking"
)]

mod apart;
mod backup;
mod called;
mod concealed;
mod custody;
mod custody_command;
mod custody_random;
mod decided;
mod devices;
mod dissolved;
mod ended;
mod engine;
mod erase;
mod evidence;
mod forgotten;
mod guardian;
mod intake;
mod interop;
mod interop_js;
mod lacks;
mod later;
mod let_go;
mod media;
mod moved;
mod night;
mod pictures;
mod poison;
mod refused;
mod relays;
mod repair;
mod sheltered;
mod sim;
mod snapshots;
mod upload;
