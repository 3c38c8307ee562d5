//! What a Nestpost client and a Nestpost relay agree on.
//!
//! Ids, deterministic CBOR codecs (RFC 8949 section 4.2), the rules of the house log, signature checks, record
//! headers, messages and limits. Everything here is pure: no clock, no socket, no file, no randomness, and nothing
//! that could open a sealed byte. The same rules run on the relay and on every client; `docs/protocol.md` is the
//! prose, `docs/protocol.cddl` the grammar.
//!
//! Reading order: [`id`] → [`verify`] → [`log`] (who belongs) → [`record`], [`epoch`] and [`blob`] (what is stored) →
//! [`access`] (who may read and write what) → [`message`] (what travels).

#![forbid(unsafe_code)]

pub mod access;
pub mod admit;
pub mod blob;
pub mod codec;
pub mod complaint;
pub mod epoch;
pub mod epochs;
pub mod erase;
pub mod evidence;
pub mod id;
pub mod intake;
pub mod label;
pub mod limit;
pub mod log;
pub mod message;
pub mod mutant;
pub mod pack;
pub mod record;
pub mod restore;
pub mod retention;
pub mod snapshot;
pub mod sorted;
pub mod verify;

/// The newest protocol version this build speaks.
pub const VERSION_MAX: u16 = 1;
/// The oldest protocol version this build speaks: N and N − 1, from the second version on.
pub const VERSION_MIN: u16 = 1;
