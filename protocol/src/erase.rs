//! Erasure: a document is replaced by one without some of its items.
//!
//! Automerge keeps what was overwritten, so nothing is erased inside a document. A record of kind `Erase` says which
//! items go, and the `Rewrite` right behind it begins the document that takes the place of the old one. The relay keeps
//! of the old one's records the stubs, and refuses what is still written to it (`moved`). The `Erase` itself stays: it is
//! the ledger of what must not come back, and holds nothing but ids of items.
//!
//! What remains, and who wrote it, stands sealed in the rewrite: a hash of a short item in clear could be guessed.
//!
//! Not guaranteed: that the relay can tell whose the items are. It asks for the right to write the document; whether
//! author, or two of the staff, might erase these very items every reader asks before dropping anything.

use minicbor::{Decode, Encode};

use crate::codec::{self, DecodeError};
use crate::id::{CircleId, DeviceId, DocumentId, HouseId, ItemId, PersonId, Signature};
use crate::limit;
use crate::log::kind::role::Role;
use crate::record::{Header, Kind};
use crate::{label, verify};

/// Body of a record of kind `Erase`, in clear: the relay must read it. The old document is the header's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EraseBody {
    /// The document that takes its place, begun by the next record of the frame.
    #[n(0)]
    pub to: DocumentId,
    /// What goes: sorted by item, none twice, at most [`limit::ERASE_ITEMS_MAX`].
    #[n(1)]
    pub items: Vec<Erased>,
    /// The epoch whose content secret seals the rewrite; absent: the header's, as ever. What lies behind a horizon stays
    /// there.
    #[n(2)]
    pub epoch: Option<u32>,
}

/// An item that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Erased {
    /// Which.
    #[n(0)]
    pub item: ItemId,
    /// Who else of the staff wants that; absent: the item's own author took it back.
    #[n(1)]
    pub second: Option<Second>,
}

/// Somebody's word that an item is to go. It names no document, so that it survives a lost race.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Second {
    /// A device of somebody else than the erasure's author.
    #[n(0)]
    pub device: DeviceId,
    /// Over [`second_input`], context [`label::ERASE`].
    #[n(1)]
    pub signature: Signature,
}

#[derive(Encode)]
#[cbor(map)]
struct SecondInput {
    #[n(0)]
    house: HouseId,
    #[n(1)]
    circle: CircleId,
    #[n(2)]
    item: ItemId,
}

/// What a second one signs.
#[must_use]
pub fn second_input(house: HouseId, circle: CircleId, item: ItemId) -> Vec<u8> {
    codec::encode(&SecondInput { house, circle, item })
}

impl Second {
    /// Whether the signature holds.
    #[must_use]
    pub fn is_signed(&self, house: HouseId, circle: CircleId, item: ItemId) -> bool {
        let input = second_input(house, circle, item);
        verify::verify(self.device.as_bytes(), label::ERASE, &input, &self.signature).is_ok()
    }
}

impl EraseBody {
    /// Sorted and without doubles.
    #[must_use]
    pub fn new(to: DocumentId, mut items: Vec<Erased>) -> Self {
        items.sort_unstable_by_key(|erased| erased.item);
        items.dedup_by_key(|erased| erased.item);
        Self { to, items, epoch: None }
    }

    /// As it travels.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// # Errors
    /// [`DecodeError`]: malformed, empty, too many, unsorted.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let body: Self = codec::decode(bytes, limit::RECORD_BODY_BYTES_MAX)?;
        let count = body.items.len();
        let sorted = body.items.is_sorted_by(|a, b| a.item < b.item);
        if count == 0 || count > limit::ERASE_ITEMS_MAX || !sorted {
            return Err(DecodeError::OutOfRange);
        }
        Ok(body)
    }

    /// Whether this item goes.
    #[must_use]
    pub fn names(&self, item: &ItemId) -> bool {
        self.items.binary_search_by_key(item, |erased| erased.item).is_ok()
    }

    /// Whether everybody who is named as a second one is that: another of the staff, one of both a director, and signed.
    /// `role` says who stands behind a device at the time that counts.
    #[must_use]
    pub fn is_seconded(&self, header: &Header, role: &dyn Fn(&DeviceId) -> Option<(PersonId, Role)>) -> bool {
        let Some((author, first)) = role(&header.author) else { return false };
        self.items.iter().all(|erased| {
            let Some(second) = &erased.second else { return true };
            let two = role(&second.device).is_some_and(|(person, other)| {
                let directed = first == Role::Director || other == Role::Director;
                person != author && first.is_staff() && other.is_staff() && directed
            });
            two && second.is_signed(header.house, header.circle, erased.item)
        })
    }
}

/// Whether a rewrite begins what the erasure before it in the frame, or in the circle's stream, names.
#[must_use]
pub fn continues(erase: &Header, to: &DocumentId, rewrite: &Header) -> bool {
    let fixed = |header: &Header| (header.circle, header.side, header.class, header.month, header.author);
    rewrite.kind == Kind::Rewrite && rewrite.document.as_ref() == Some(to) && fixed(erase) == fixed(rewrite)
}
