//! What every member of a house sees of an entry.

use minicbor::{Decode, Encode};

use super::entry::Class;
use crate::codec::{self, sha256};
use crate::id::{Hash, HouseId, LinkHash, Salt};
use crate::label;

/// A link of the chain. Link 0 has neither house nor previous hash; its own hash is the house id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Link {
    /// The house; absent in link 0.
    #[n(0)]
    pub house: Option<HouseId>,
    /// From 0, gapless.
    #[n(1)]
    pub seq: u64,
    /// Hash of the previous link; absent in link 0.
    #[n(2)]
    pub prev: Option<LinkHash>,
    /// Who may see the entry behind it.
    #[n(3)]
    pub class: Class,
    /// `SHA-256(label ‖ salt ‖ signed entry)`.
    #[n(4)]
    pub commitment: Hash,
}

impl Link {
    /// Hash of this link. A link has one encoding only (fixed sizes, shortest integers), so hashing what was decoded
    /// is hashing what was received.
    #[must_use]
    pub fn hash(&self) -> LinkHash {
        LinkHash::new(sha256(&[label::LINK_HASH, &[0], &codec::encode(self)]))
    }

    /// The house this link founds, if it is link 0.
    #[must_use]
    pub fn founds(&self) -> HouseId {
        HouseId::new(*self.hash().as_bytes())
    }
}

/// Commitment to a signed entry.
#[must_use]
pub fn commitment(salt: &Salt, entry: &[u8]) -> Hash {
    Hash::new(sha256(&[label::COMMITMENT, &[0], salt.as_bytes(), entry]))
}
