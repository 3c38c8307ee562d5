//! `member`: a person or a key circle reads a circle.

use minicbor::{Decode, Encode};

use crate::id::{CircleId, PersonId};

/// A direct reader of a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Who {
    /// A person, through each of their devices.
    #[n(0)]
    Person(#[n(0)] PersonId),
    /// Whoever reads a key circle.
    #[n(1)]
    Circle(#[n(0)] CircleId),
}

/// How far back a new member reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum History {
    /// As far as the links lead.
    #[n(0)]
    All,
    /// From a new horizon epoch on.
    #[n(1)]
    FromNow,
}

/// Body of `member`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Member {
    /// Which circle.
    #[n(0)]
    pub circle: CircleId,
    /// Seq of its `circle` entry, which is delivered with this one.
    #[n(1)]
    pub circle_seq: u64,
    /// Who reads it.
    #[n(2)]
    pub who: Who,
    /// From when.
    #[n(3)]
    pub history: History,
}
