//! `confirm`: the house knows who presented a code.

use minicbor::{Decode, Encode};

use crate::id::Hash;

/// Body of `confirm`: from here on the device belongs to the invite's person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Confirm {
    /// Seq of the `join` entry.
    #[n(0)]
    pub join: u64,
    /// Commitment of the `join` entry's link, whose digits were compared.
    #[n(1)]
    pub commitment: Hash,
}
