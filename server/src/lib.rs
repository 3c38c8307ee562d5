//! The Nestpost relay.
#![forbid(unsafe_code)]
pub mod clock;
pub mod config;
pub mod relay_key;
pub mod store;
