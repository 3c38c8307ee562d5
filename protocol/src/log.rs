//! The house log: one signed, hash-chained, linear list of entries that says who belongs.
//!
//! Every member sees every [`Link`]; the signed [`Entry`] behind it goes to its audience only. The relay admits an
//! entry iff its link extends the head and the rules hold; clients re-check every rule on what they may see.

pub mod entry;
pub mod kind;
pub mod link;
pub mod state;

pub use entry::{Class, Cosignature, DeviceCard, Entry, EntryBody, EntryError, OpenEntry};
pub use kind::{Body, KindNumber};
pub use link::Link;
pub use state::{LogError, LogState, RuleError};
