//! What Nestpost's tests share: a relay in memory that applies the protocol's own rules, and a world of real engines
//! around it, all in one thread and without a clock of their own.

#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support fails loudly")]

pub mod bench;
pub mod custody;
pub mod relay;
pub mod sim;
pub mod world;
