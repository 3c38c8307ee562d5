//! Records: sealed, signed envelopes with a position in their circle.

use minicbor::{Decode, Encode};

use crate::codec::{self, Bytes, DecodeError, sha256};
use crate::id::{
    Accumulator, CircleId, DeviceId, DocumentId, Hash, HouseId, LinkHash, PersonId, RecordId, Signature,
};
use crate::retention::{Class, Month};
use crate::{label, limit, verify};

/// The version byte of the header format.
pub const HEADER_VERSION: u8 = 1;

/// Cryptographic suite. The two never mix in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Suite {
    /// X25519 recipients.
    #[n(1)]
    X25519,
    /// Hybrid `mlkem768x25519` recipients; reserved, refused by this version.
    #[n(2)]
    Hybrid,
}

/// How the body is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Sealing {
    /// In clear (epochs, erasures, holds: what the relay must read).
    #[n(0)]
    Clear,
    /// Under the epoch's content secret.
    #[n(1)]
    Content,
    /// To the epoch's recipient (`intake`: outsiders write, staff read).
    #[n(2)]
    Recipient,
}

/// Kind of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    /// A batch of Automerge changes.
    #[n(0)]
    Batch,
    /// A document as a whole; a cache without a position of its own, see [`crate::snapshot`].
    #[n(1)]
    Snapshot,
    /// A new key generation of the circle; body [`crate::epoch::EpochBody`].
    #[n(2)]
    Epoch,
    /// Items of a document are gone.
    #[n(3)]
    Erase,
    /// The document that replaces an erased one.
    #[n(4)]
    Rewrite,
    /// A circle holds a blob.
    #[n(5)]
    Hold,
    /// A circle no longer holds a blob.
    #[n(6)]
    Release,
    /// From an outsider to an `intake`, sealed to the epoch's recipient.
    #[n(7)]
    Inquiry,
}

/// Side of a document: who writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Side {
    /// The house's staff and places.
    #[n(0)]
    Staff,
    /// One guardian.
    #[n(1)]
    Person(#[n(0)] PersonId),
}

/// A place in a circle's history: the record with number `n` and the accumulator after it. `n` = 0 is "nothing yet".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Position {
    /// The relay's gapless number within the circle, from 1.
    #[n(0)]
    pub n: u64,
    /// Accumulator over records 1 to `n`.
    #[n(1)]
    pub acc: Accumulator,
}

impl Position {
    /// Before the first record.
    pub const START: Self = Self { n: 0, acc: Accumulator::ZERO };

    /// The position after one more record.
    #[must_use]
    pub fn next(self, id: &RecordId) -> Self {
        let n = self.n + 1;
        Self { n, acc: accumulate(&self.acc, n, id) }
    }
}

/// A place in the house log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct LogHead {
    /// Number of the last link, from 0.
    #[n(0)]
    pub seq: u64,
    /// Its hash.
    #[n(1)]
    pub hash: LinkHash,
}

/// What stands in clear before every body. Integer keys as in `docs/protocol.md`, table "record header".
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Header {
    /// [`HEADER_VERSION`].
    #[n(0)]
    pub version: u8,
    /// Suite of the epoch.
    #[n(1)]
    pub suite: Suite,
    /// How the body is sealed.
    #[n(2)]
    pub sealing: Sealing,
    /// House.
    #[n(3)]
    pub house: HouseId,
    /// Circle.
    #[n(4)]
    pub circle: CircleId,
    /// Epoch the body is sealed under; in an epoch record its own number.
    #[n(5)]
    pub epoch: u32,
    /// Document; absent in epochs.
    #[n(6)]
    pub document: Option<DocumentId>,
    /// Side of the document.
    #[n(7)]
    pub side: Side,
    /// Kind of the record.
    #[n(8)]
    pub kind: Kind,
    /// Author device.
    #[n(9)]
    pub author: DeviceId,
    /// The author's own count of records in this circle, from 1.
    #[n(10)]
    pub seq: u64,
    /// The author's previous record in this circle.
    #[n(11)]
    pub prev: Option<RecordId>,
    /// Log head last seen.
    #[n(12)]
    pub log: LogHead,
    /// Position of this circle last seen.
    #[n(13)]
    pub seen: Position,
    /// Retention class of the document.
    #[n(14)]
    pub class: Class,
    /// Month at whose end the document expires.
    #[n(15)]
    pub month: Month,
    /// SHA-256 of the body.
    #[n(16)]
    pub body_hash: Hash,
    /// Length of the body, bytes.
    #[n(17)]
    pub body_len: u32,
}

/// A record as it travels and is stored: header bytes, signature over them, body.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Record {
    /// CBOR of [`Header`], exactly as signed.
    #[n(0)]
    pub header: Bytes,
    /// By the author device, context [`label::RECORD`].
    #[n(1)]
    pub signature: Signature,
    /// Sealed, or in clear where the header says so.
    #[n(2)]
    pub body: Bytes,
}

/// Why a record is not even worth looking at the log for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Header or body do not decode, or are over their limits.
    #[error("malformed record")]
    Decode(#[from] DecodeError),
    /// A header version or suite this build does not speak.
    #[error("record of an unknown version or suite")]
    Unsupported,
    /// Length or hash of the body is not the header's.
    #[error("record body does not match its header")]
    Body,
    /// The signature does not hold.
    #[error("record signature does not hold")]
    Signature,
    /// Fields that contradict each other (an epoch with a document, `long` with a month …).
    #[error("record header contradicts itself")]
    Inconsistent,
}

impl Record {
    /// Id of the record: SHA-256 over label, header bytes and signature.
    #[must_use]
    pub fn id(&self) -> RecordId {
        RecordId::new(sha256(&[label::RECORD_ID, &[0], &self.header, self.signature.as_bytes()]))
    }

    /// Decodes the header and checks everything that needs no log: limits, versions, body hash, consistency, signature.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn check(&self) -> Result<Header, RecordError> {
        let header: Header = codec::decode(&self.header, limit::RECORD_HEADER_BYTES_MAX)?;
        if self.body.len() > limit::RECORD_BODY_BYTES_MAX {
            return Err(DecodeError::TooLarge.into());
        }
        if header.version != HEADER_VERSION || header.suite != Suite::X25519 {
            return Err(RecordError::Unsupported);
        }
        if header.body_len as usize != self.body.len()
            || header.body_hash.as_bytes() != &sha256(&[&self.body])
        {
            return Err(RecordError::Body);
        }
        if !header.is_consistent() {
            return Err(RecordError::Inconsistent);
        }
        if header.kind == Kind::Inquiry && self.body.len() > limit::INQUIRY_BYTES_MAX {
            return Err(DecodeError::TooLarge.into());
        }
        verify::verify(header.author.as_bytes(), label::RECORD, &self.header, &self.signature)
            .map_err(|_| RecordError::Signature)?;
        Ok(header)
    }
}

impl LogHead {
    /// Link 0, whose hash is the house's id: all that an outsider knows of the log.
    #[must_use]
    pub const fn founding(house: &HouseId) -> Self {
        Self { seq: 0, hash: LinkHash::new(*house.as_bytes()) }
    }
}

impl Header {
    /// An outsider has seen nothing, and writes once.
    fn is_from_outside(&self) -> bool {
        self.sealing == Sealing::Recipient
            && self.side == Side::Staff
            && self.class == Class::Short
            && self.seq == 1
            && self.log == LogHead::founding(&self.house)
            && self.seen == Position::START
    }

    fn is_consistent(&self) -> bool {
        let clear = matches!(self.kind, Kind::Epoch | Kind::Erase | Kind::Hold | Kind::Release);
        let has_document = matches!(self.kind, Kind::Batch | Kind::Snapshot | Kind::Rewrite | Kind::Erase);
        let month_fits = (self.class == Class::Long) == (self.month == Month::NEVER);
        self.epoch >= 1
            && clear == (self.sealing == Sealing::Clear)
            && has_document == self.document.is_some()
            && month_fits
            && self.seq >= 1
            && (self.seq == 1) == self.prev.is_none()
            // A snapshot stands beside its author's chain.
            && (self.kind != Kind::Snapshot || self.seq == 1)
            && (self.kind != Kind::Inquiry || self.is_from_outside())
    }
}

/// `acc_n = SHA-256(label ‖ acc_{n−1} ‖ n ‖ id)`, `n` as eight bytes big-endian.
#[must_use]
pub fn accumulate(previous: &Accumulator, n: u64, id: &RecordId) -> Accumulator {
    Accumulator::new(sha256(&[
        label::ACCUMULATOR,
        &[0],
        previous.as_bytes(),
        &n.to_be_bytes(),
        id.as_bytes(),
    ]))
}
