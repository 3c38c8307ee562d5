//! The sync engine of Nestpost and the Kita domain on top of it: everything that decides on a client.
//!
//! # The contract
//!
//! The engine has no clock, no socket, no file and, outside [`crypto`], no randomness of its own. A driver feeds it
//! with [`engine::Input`]s and performs its [`engine::Output`]s:
//!
//! 1. `engine.handle(now, input)` changes state and queues outputs.
//! 2. Drain `poll_output()` until [`engine::Output::Idle`]; only then handle the next input.
//! 3. `Idle { until }` names the next moment at which `Input::Tick` is wanted, if any.
//!
//! # Invariants
//!
//! - **No local change is sent before it is stored.** A `Send` of something written here follows the `Stored` of it.
//! - Every input is safe to repeat.
//! - Bytes from a peer can end a link, never the engine.
//! - Bytes reach Automerge only after their signature was checked and their sealing opened.
//! - The rows in storage are the truth; everything in memory can be rebuilt from them at any time.
//!
//! # Map
//!
//! [`crypto`] seals, opens and signs · [`document`] is Automerge behind few verbs · [`docs`] holds the documents of a
//! house · [`house`] is what the domain reads · [`app`] is the Kita domain: commands in, views out · [`engine`] owns
//! it all · [`door`] opens an invite before there is a house · [`inquiry`] writes to one from outside · [`media`] checks pictures and files ·
//! [`transfers`] are those on their way.

pub mod app;
pub mod batch;
pub mod code;
pub mod crypto;
pub mod docs;
pub mod document;
pub mod door;
pub mod engine;
pub mod house;
pub mod inquiry;
pub mod media;
pub mod pad;
pub mod qr;
pub mod snapshot;
pub mod store;
#[cfg(test)]
mod testing;
pub mod time;
pub mod transfers;
