//! The plaintext of a batch record: changes of one document, and the header once more, since age has no associated data.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec::{self, Bytes, DecodeError, sha256};
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, Hash, HouseId, ItemId, Signature};
use nestpost_protocol::limit;
use nestpost_protocol::record::{Header, Kind, Side};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::sorted::SortedSet;

use crate::document::{self, ApplyError};
use crate::snapshot::Tip;

/// Changes in one batch.
pub const BATCH_CHANGES_MAX: usize = 2_000;
const BATCH_ID: &[u8] = b"nestpost/1 batch";

/// Plaintext of a record of kind `Batch`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Batch {
    /// House of the header.
    #[n(0)]
    pub house: HouseId,
    /// Circle of the header.
    #[n(1)]
    pub circle: CircleId,
    /// Document of the header.
    #[n(2)]
    pub document: DocumentId,
    /// Author device of the header.
    #[n(3)]
    pub author: DeviceId,
    /// Epoch of the header.
    #[n(4)]
    pub epoch: u32,
    /// Device sequence of the header.
    #[n(5)]
    pub seq: u64,
    /// [`batch_id`] of the changes: two records of one device with the same id are one.
    #[n(6)]
    pub id: Hash,
    /// 16 random bytes per engine start, part of the actor; see [`document::Document::actor`].
    #[cbor(n(7), with = "minicbor::bytes")]
    pub start: [u8; 16],
    /// Raw Automerge changes, in the order they were made.
    #[n(8)]
    pub changes: Vec<Bytes>,
    /// In a rewrite, and nowhere else: what remains of the document that it replaces, sorted by item.
    #[n(9)]
    pub kept: Option<Vec<Kept>>,
    /// By the author over [`Tip::signing_input`], context `label::TIP` of the protocol: stands in for the batch in snapshots.
    /// Absent in those of the first versions.
    #[n(10)]
    pub tip: Option<Signature>,
}

/// An item of a rewritten document, as it stood in the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Kept {
    /// Which.
    #[n(0)]
    pub item: ItemId,
    /// The device that wrote it.
    #[n(1)]
    pub author: DeviceId,
    /// The log position that it counts from.
    #[n(2)]
    pub log: u64,
}

/// What the author of a batch signs of it: the last change, in which document and with which record.
#[derive(Debug, Clone, Copy, Encode)]
#[cbor(map)]
pub(crate) struct TipInput {
    #[n(0)]
    pub(crate) house: HouseId,
    #[n(1)]
    pub(crate) circle: CircleId,
    #[n(2)]
    pub(crate) document: DocumentId,
    #[n(3)]
    pub(crate) side: Side,
    #[n(4)]
    pub(crate) class: Class,
    #[n(5)]
    pub(crate) month: Month,
    /// Of the record.
    #[n(6)]
    pub(crate) seq: u64,
    /// Of the change.
    #[n(7)]
    pub(crate) hash: Hash,
}

impl TipInput {
    /// As the author of a record with this header says it.
    pub(crate) fn of(header: &Header, seq: u64, hash: [u8; 32]) -> Option<Self> {
        let Header { house, circle, side, class, month, .. } = *header;
        Some(Self {
            house,
            circle,
            document: header.document?,
            side,
            class,
            month,
            seq,
            hash: Hash::new(hash),
        })
    }
}

/// Why an opened batch is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// Not a batch, or over its limits.
    #[error("malformed batch")]
    Decode(#[from] DecodeError),
    /// The plaintext names another house, circle, document, author, epoch or sequence than the header.
    #[error("batch belongs to another record")]
    Header,
    /// A change does not parse, or the id is not that of the changes.
    #[error("batch id does not match its changes")]
    Id,
}

impl Batch {
    /// The batch that a record with this header carries. `changes` in the order they were made.
    ///
    /// # Errors
    /// [`BatchError::Header`] when the header names no document, [`BatchError::Id`] when a change does not parse,
    /// [`BatchError::Decode`] for no or too many changes.
    pub fn new(header: &Header, start: [u8; 16], changes: Vec<Vec<u8>>) -> Result<Self, BatchError> {
        Ok(Self {
            house: header.house,
            circle: header.circle,
            document: header.document.ok_or(BatchError::Header)?,
            author: header.author,
            epoch: header.epoch,
            seq: header.seq,
            id: id_of(header.kind, changes.iter().map(Vec::as_slice))?,
            start,
            changes: changes.into_iter().map(Bytes::from).collect(),
            tip: None,
            kept: None,
        })
    }

    /// Lets the author vouch for it in snapshots.
    #[must_use]
    pub fn vouched(self, header: &Header, sign: impl FnOnce(&[u8]) -> Signature) -> Self {
        let input = self.last_hash().and_then(|hash| Tip::signing_input(header, self.seq, hash));
        Self { tip: input.map(|input| sign(&input)), ..self }
    }

    /// Hash of the last change.
    fn last_hash(&self) -> Option<[u8; 32]> {
        self.changes.last().and_then(|change| document::change_hash(change).ok())
    }

    /// Hashes of all changes.
    pub(crate) fn hashes(&self) -> Option<Vec<[u8; 32]>> {
        self.changes.iter().map(|change| document::change_hash(change).ok()).collect()
    }

    /// What the author has signed of it for snapshots.
    pub(crate) fn signed_tip(&self) -> Option<Tip> {
        Some(Tip { seq: self.seq, hash: Hash::new(self.last_hash()?), signature: self.tip? })
    }

    /// What is sealed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Decodes an opened body and checks it: limits, the header's fields, the id. Only what passes here may reach a
    /// document, and only after the record's signature held.
    ///
    /// # Errors
    /// [`BatchError`].
    pub fn open(plaintext: &[u8], header: &Header) -> Result<Self, BatchError> {
        let batch: Self = codec::decode(plaintext, limit::RECORD_BODY_BYTES_MAX)?;
        let matches = batch.house == header.house
            && batch.circle == header.circle
            && Some(batch.document) == header.document
            && batch.author == header.author
            && batch.epoch == header.epoch
            && batch.seq == header.seq;
        if !matches {
            return Err(BatchError::Header);
        }
        let sorted = |kept: &Vec<Kept>| kept.is_sorted_by(|a, b| a.item < b.item);
        if batch.kept.as_ref().map(sorted) != (header.kind == Kind::Rewrite).then_some(true) {
            return Err(DecodeError::OutOfRange.into());
        }
        if batch.id != id_of(header.kind, batch.changes.iter().map(|change| change.as_slice()))? {
            return Err(BatchError::Id);
        }
        Ok(batch)
    }

    /// The changes as [`document::Document::apply_from`] takes them.
    #[must_use]
    pub fn into_changes(self) -> Vec<Vec<u8>> {
        self.changes.into_iter().map(Vec::from).collect()
    }
}

fn id_of<'a>(kind: Kind, changes: impl ExactSizeIterator<Item = &'a [u8]>) -> Result<Hash, BatchError> {
    // Of a rewritten document nothing may be left.
    let none = changes.len() == 0 && kind != Kind::Rewrite;
    if none || changes.len() > BATCH_CHANGES_MAX {
        return Err(DecodeError::OutOfRange.into());
    }
    let hashes: Result<Vec<_>, ApplyError> = changes.map(document::change_hash).collect();
    let hashes = hashes.map_err(|_| BatchError::Id)?;
    let distinct: SortedSet<_> = hashes.iter().collect();
    if distinct.len() == hashes.len() { Ok(batch_id(&hashes)) } else { Err(BatchError::Id) }
}

/// SHA-256 over label and sorted change hashes: what a batch is, however often and under whichever epoch it is sealed.
#[must_use]
pub fn batch_id(hashes: &[[u8; 32]]) -> Hash {
    let mut sorted = hashes.to_vec();
    sorted.sort_unstable();
    let mut parts: Vec<&[u8]> = vec![BATCH_ID, &[0]];
    parts.extend(sorted.iter().map(<[u8; 32]>::as_slice));
    Hash::new(sha256(&parts))
}

#[cfg(test)]
mod tests;
