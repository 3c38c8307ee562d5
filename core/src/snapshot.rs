//! What is sealed in a snapshot: a document as a whole, and why to believe that its authors wrote it.
//!
//! Every change is by an actor that belongs to a device that is named, and is one that this device has signed, or lies
//! before one. Of each device the last record in the document must be among those that it has signed: whoever puts a
//! snapshot together can invent nothing. What they leave out all the same, readers find when they look at the records.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, Hash, HouseId, Signature};
use nestpost_protocol::record::Header;
use nestpost_protocol::snapshot::LastRecord;
use nestpost_protocol::{label, limit, verify};

use crate::batch::TipInput;
use crate::document::{Document, History};

/// Plaintext of a snapshot.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct Snapshot {
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
    /// Number of the last record of the circle that it covers.
    #[n(5)]
    pub covers: u64,
    /// Epoch of the document's first record.
    #[n(6)]
    pub begun: u32,
    /// In the order of the body's list.
    #[n(7)]
    pub devices: Vec<Vouched>,
    /// One Automerge document chunk, not compressed.
    #[n(8)]
    pub changes: Bytes,
}

/// What a device wrote in the document.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct Vouched {
    /// Device.
    #[n(0)]
    pub device: DeviceId,
    /// Every start that gave an actor of the document.
    #[n(1)]
    pub starts: Vec<Start>,
    /// What it has signed: every change of its own lies before one of them.
    #[n(2)]
    pub tips: Vec<Tip>,
}

/// A start of its engine, which gives an actor.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct Start {
    /// 16 random bytes; see [`Document::actor`].
    #[cbor(n(0), with = "minicbor::bytes")]
    pub start: [u8; 16],
    /// From which operation on its records count from which log position.
    #[n(1)]
    pub placed: Vec<(u64, u64)>,
}

/// What a device has signed of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Tip {
    /// Of its record.
    #[n(0)]
    pub seq: u64,
    /// Of its last change.
    #[n(1)]
    pub hash: Hash,
    /// Over [`Tip::signing_input`], context [`label::TIP`].
    #[n(2)]
    pub signature: Signature,
}

impl Tip {
    /// What a device signs, for the document of this header.
    #[must_use]
    pub fn signing_input(header: &Header, seq: u64, hash: [u8; 32]) -> Option<Vec<u8>> {
        TipInput::of(header, seq, hash).map(|input| codec::encode(&input))
    }

    /// Whether a device signed it, for the document of this header.
    #[must_use]
    pub fn holds(&self, device: &DeviceId, header: &Header) -> bool {
        Self::signing_input(header, self.seq, *self.hash.as_bytes()).is_some_and(|input| {
            verify::verify(device.as_bytes(), label::TIP, &input, &self.signature).is_ok()
        })
    }
}

impl Snapshot {
    /// From an opened body, which must repeat its header.
    #[must_use]
    pub fn open(plaintext: &[u8], header: &Header) -> Option<Self> {
        let snapshot: Self = codec::decode(plaintext, limit::RECORD_BODY_BYTES_MAX).ok()?;
        let matches = snapshot.house == header.house
            && snapshot.circle == header.circle
            && Some(snapshot.document) == header.document
            && snapshot.author == header.author
            && snapshot.epoch == header.epoch
            && snapshot.covers == header.seen.n;
        matches.then_some(snapshot)
    }

    /// The actors of a device.
    #[must_use]
    pub fn actors(&self, vouched: &Vouched) -> Vec<[u8; 16]> {
        let actor = |start: &Start| Document::actor(&vouched.device, &self.document, &start.start);
        let mut actors: Vec<_> = vouched.starts.iter().map(actor).collect();
        actors.sort_unstable();
        actors
    }

    /// Whether those who are said to have written the document have signed that they did, up to their last records.
    #[must_use]
    pub fn holds(&self, header: &Header, last: &[LastRecord], history: &History) -> bool {
        let named = self.devices.iter().map(|vouched| vouched.device);
        if !named.eq(last.iter().map(|last| last.device)) {
            return false;
        }
        let each = self.devices.iter().zip(last).all(|(vouched, last)| {
            let actors = self.actors(vouched);
            let tips: Vec<[u8; 32]> = vouched.tips.iter().map(|tip| *tip.hash.as_bytes()).collect();
            vouched.tips.iter().any(|tip| tip.seq == last.seq)
                && vouched.tips.iter().all(|tip| tip.holds(&vouched.device, header))
                && history.vouches(&tips, &|actor| actors.binary_search(actor).is_ok())
        });
        let mut all: Vec<_> = self.devices.iter().flat_map(|vouched| self.actors(vouched)).collect();
        all.sort_unstable();
        each && history.is_by(&|actor| all.binary_search(actor).is_ok())
    }
}
