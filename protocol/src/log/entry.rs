//! Entries of the house log: what an author signs, and what travels.

use minicbor::{Decode, Encode};

use super::kind::{Body, KindNumber};
use super::link::{self, Link};
use crate::codec::{self, Bytes, DecodeError};
use crate::id::{DeviceId, HouseId, LinkHash, Nonce, Recipient, Salt, Signature};
use crate::{label, limit, verify};

/// The version byte of the entry format.
pub const ENTRY_VERSION: u8 = 1;

/// Who may see an entry. A pure function of kind and subject, checked by relay and staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Class {
    /// Every member.
    #[n(0)]
    All,
    /// The one person concerned, and all staff.
    #[n(1)]
    Restricted,
}

/// Public half of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct DeviceCard {
    /// Ed25519 verifying key.
    #[n(0)]
    pub device: DeviceId,
    /// age recipient.
    #[n(1)]
    pub recipient: Recipient,
}

/// What the author signs, context [`label::ENTRY`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EntryBody {
    /// [`ENTRY_VERSION`].
    #[n(0)]
    pub version: u8,
    /// The house; absent in `found`.
    #[n(1)]
    pub house: Option<HouseId>,
    /// Number in the log, from 0.
    #[n(2)]
    pub seq: u64,
    /// Hash of the previous link; absent in `found`.
    #[n(3)]
    pub prev: Option<LinkHash>,
    /// Audience class.
    #[n(4)]
    pub class: Class,
    /// Kind.
    #[n(5)]
    pub kind: KindNumber,
    /// Author device.
    #[n(6)]
    pub author: DeviceId,
    /// CBOR of the kind's body.
    #[n(7)]
    pub body: Bytes,
    /// The seq of the previous entry that concerned the same guardian, if any.
    #[n(8)]
    pub before: Option<u64>,
}

/// A second signature over (house, kind, body, nonce), context [`label::COSIGN`]. It names no place in the log, so it
/// survives a lost race.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cosignature {
    /// Who cosigns.
    #[n(0)]
    pub device: DeviceId,
    /// Used once in a house.
    #[n(1)]
    pub nonce: Nonce,
    /// The signature.
    #[n(2)]
    pub signature: Signature,
}

/// What a cosigner signs.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(map)]
struct CosignInput<'a> {
    #[n(0)]
    house: Option<HouseId>,
    #[n(1)]
    kind: KindNumber,
    #[n(2)]
    body: &'a Bytes,
    #[n(3)]
    nonce: Nonce,
}

/// The message under a cosignature.
#[must_use]
pub fn cosign_input(house: Option<HouseId>, kind: KindNumber, body: &[u8], nonce: Nonce) -> Vec<u8> {
    codec::encode(&CosignInput { house, kind, body: &Bytes::from(body.to_vec()), nonce })
}

/// A signed entry as it travels and is stored.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// CBOR of [`EntryBody`], exactly as signed.
    #[n(0)]
    pub signed: Bytes,
    /// By the author device.
    #[n(1)]
    pub signature: Signature,
    /// Cosignatures, where the kind asks for them.
    #[n(2)]
    pub cosignatures: Vec<Cosignature>,
}

/// An entry as its audience gets it: CBOR of [`Entry`] with the salt of its link's commitment.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OpenEntry {
    /// CBOR of [`Entry`], exactly as committed to.
    #[n(0)]
    pub entry: Bytes,
    /// Salt of the commitment.
    #[n(1)]
    pub salt: Salt,
}

/// Why an entry is not even worth asking the rules about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// Does not decode, or is over its limits.
    #[error("malformed log entry")]
    Decode(#[from] DecodeError),
    /// An entry version this build does not speak.
    #[error("log entry of an unknown version")]
    Unsupported,
    /// The author's or a cosigner's signature does not hold.
    #[error("log entry signature does not hold")]
    Signature,
    /// The link does not commit to this entry.
    #[error("log entry does not match its link")]
    Commitment,
}

/// An entry whose signatures hold. Whether its author may say so is for the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedEntry {
    /// What the author signed.
    pub body: EntryBody,
    /// The kind's body, decoded.
    pub kind: Body,
    /// Verified cosignatures.
    pub cosignatures: Vec<Cosignature>,
    /// The link that commits to it.
    pub link: Link,
    /// Salt of the commitment.
    pub salt: Salt,
}

impl OpenEntry {
    /// The link that a relay derives from this entry.
    ///
    /// # Errors
    /// [`EntryError::Decode`] when the entry does not decode.
    pub fn link(&self) -> Result<Link, EntryError> {
        let entry: Entry = codec::decode(&self.entry, limit::ENTRY_BYTES_MAX)?;
        let body: EntryBody = codec::decode(&entry.signed, limit::ENTRY_BYTES_MAX)?;
        Ok(Link {
            house: body.house,
            seq: body.seq,
            prev: body.prev,
            class: body.class,
            commitment: link::commitment(&self.salt, &self.entry),
        })
    }

    /// Decodes and checks everything that needs no log: limits, version, signatures, commitment to `link`.
    ///
    /// # Errors
    /// [`EntryError`].
    pub fn check(&self, link: &Link) -> Result<CheckedEntry, EntryError> {
        if self.link()? != *link {
            return Err(EntryError::Commitment);
        }
        let entry: Entry = codec::decode(&self.entry, limit::ENTRY_BYTES_MAX)?;
        let body: EntryBody = codec::decode(&entry.signed, limit::ENTRY_BYTES_MAX)?;
        if body.version != ENTRY_VERSION {
            return Err(EntryError::Unsupported);
        }
        if entry.cosignatures.len() > limit::COSIGNATURES_MAX {
            return Err(DecodeError::OutOfRange.into());
        }
        verify::verify(body.author.as_bytes(), label::ENTRY, &entry.signed, &entry.signature)
            .map_err(|_| EntryError::Signature)?;
        for cosignature in &entry.cosignatures {
            let input = cosign_input(body.house, body.kind, &body.body, cosignature.nonce);
            verify::verify(cosignature.device.as_bytes(), label::COSIGN, &input, &cosignature.signature)
                .map_err(|_| EntryError::Signature)?;
        }
        let kind = Body::decode(body.kind, &body.body)?;
        Ok(CheckedEntry { body, kind, cosignatures: entry.cosignatures, link: *link, salt: self.salt })
    }
}
