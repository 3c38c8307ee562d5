//! What the engine keeps in the device's storage: rows of (table, key, value), written in transactions.
//!
//! Values that would be readable lie under the local key; sealed records, wraps and the pseudonymous log lie as they
//! were received.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec::Bytes;
use nestpost_protocol::id::{CircleId, RecordId};
use nestpost_protocol::message::Row;

/// A table of the device's storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Single values by name.
    Meta,
    /// Links and entries by seq.
    Log,
    /// Rows of circles by circle and number.
    Record,
    /// Wraps by id.
    Wrap,
    /// Changes not yet acknowledged, under the local key.
    Pending,
    /// Membership intents not yet acknowledged, under the local key.
    Intent,
    /// The sealed frame under way.
    Outbox,
    /// Pictures and files on their way, under the local key.
    Transfer,
}

impl Table {
    /// All tables, in the order they are loaded in.
    pub const ALL: [Self; 8] = [
        Self::Meta,
        Self::Log,
        Self::Record,
        Self::Wrap,
        Self::Pending,
        Self::Intent,
        Self::Outbox,
        Self::Transfer,
    ];

    /// Its name in a storage that has names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Log => "log",
            Self::Record => "record",
            Self::Wrap => "wrap",
            Self::Pending => "pending",
            Self::Intent => "intent",
            Self::Outbox => "outbox",
            Self::Transfer => "transfer",
        }
    }

    /// From its name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }
}

/// One write of a transaction. `value: None` deletes. Keys order as their bytes do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Table.
    pub table: Table,
    /// Key.
    pub key: Vec<u8>,
    /// Value; `None` deletes.
    pub value: Option<Vec<u8>>,
}

impl Write {
    /// Sets a row.
    #[must_use]
    pub const fn put(table: Table, key: Vec<u8>, value: Vec<u8>) -> Self {
        Self { table, key, value: Some(value) }
    }

    /// Deletes a row.
    #[must_use]
    pub const fn delete(table: Table, key: Vec<u8>) -> Self {
        Self { table, key, value: None }
    }
}

/// A row as loaded: table, key, value. Drivers hand over all rows, ordered by table and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Table.
    pub table: Table,
    /// Key.
    pub key: Vec<u8>,
    /// Value.
    pub value: Vec<u8>,
}

/// Key of a numbered row.
#[must_use]
pub(crate) fn number_key(n: u64) -> Vec<u8> {
    n.to_be_bytes().to_vec()
}

/// The number behind a key.
#[must_use]
pub(crate) fn key_number(key: &[u8]) -> Option<u64> {
    key.try_into().ok().map(u64::from_be_bytes)
}

/// Key of a record row: circle, then number.
#[must_use]
pub(crate) fn record_key(circle: &CircleId, n: u64) -> Vec<u8> {
    [circle.as_bytes().as_slice(), &n.to_be_bytes()].concat()
}

/// Value of a record row.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct RecordRow {
    /// Circle.
    #[n(0)]
    pub(crate) circle: CircleId,
    /// The row, with the record where it is known.
    #[n(1)]
    pub(crate) row: Row,
    /// Of what this device wrote and has dropped, its own count: its chain goes on from there.
    #[n(2)]
    #[cbor(default)]
    pub(crate) own: Option<u64>,
    /// Of a stub: this device had the record, and dropped it.
    #[n(3)]
    #[cbor(default)]
    pub(crate) held: bool,
    /// The day on which it came here, since 1970; 0: not known.
    #[n(4)]
    #[cbor(default)]
    pub(crate) day: u32,
}

/// Last acknowledged own record of a circle: continues the author's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Chain {
    /// Sequence.
    #[n(0)]
    pub(crate) seq: u64,
    /// Its record.
    #[n(1)]
    pub(crate) prev: Option<RecordId>,
}

/// A byte string field.
pub(crate) type Blob = Bytes;
