//! Pictures and files of this device on their way: what the relay does not keep yet, and what it is to keep no longer.
//!
//! The bytes themselves never come here. A row says what a picture is, how far it has come, and what opens what lies
//! sealed beside the rows; it goes in the transaction that writes the item.
//!
//! ```text
//! kept (the original, sealed) → ready (stripped, sealed, named) → sent (every byte is at the relay) → hold → item
//!    └────────────── failed ──────────┘        ▲──────── hold refused ───────┘
//! ```
//!
//! What is set aside keeps what may still be sent, and goes on from where it was when the person tries it again.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec::Bytes;
use nestpost_protocol::id::{BlobId, CircleId, ItemId};
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::SortedMap;
use serde::{Deserialize, Serialize};

use crate::app::item::{BlobRef, File, Item, Photo};
use crate::crypto::BlobSecret;
use crate::docs::DocumentFact;
use crate::document::Value;
use crate::media::MediaFault;

/// Rows on one device.
pub const TRANSFERS_MAX: usize = 2_000;
/// Files in one set, and in one command.
pub const SET_FILES_MAX: usize = 500;

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture, prepared and stripped.
    #[n(0)]
    Picture,
    /// A file as it is.
    #[n(1)]
    File,
}

/// A sealed blob of this device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealedBlob {
    /// As items name it.
    #[n(0)]
    pub blob: BlobRef,
    /// Length at the relay, bytes; 0 where it was never here (it is shared).
    #[n(1)]
    pub sealed: u64,
}

/// The original, sealed on this device under a secret of its own.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Original {
    /// Opens it.
    #[n(0)]
    pub secret: BlobSecret,
    /// Its length, bytes.
    #[n(1)]
    pub bytes: u64,
}

/// What is sent of a picture or file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Prepared {
    /// The picture or file.
    #[n(0)]
    pub full: SealedBlob,
    /// Of a picture, the small one.
    #[n(1)]
    pub thumb: Option<SealedBlob>,
    /// Pixels; 0 for a file.
    #[n(2)]
    pub width: u16,
    /// Pixels; 0 for a file.
    #[n(3)]
    pub height: u16,
    /// ThumbHash; empty for a file.
    #[n(4)]
    pub hash: Bytes,
}

/// What is still here of something that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Left {
    /// As it was kept.
    #[n(0)]
    Original(#[n(0)] Original),
    /// As it was prepared.
    #[n(1)]
    Prepared(#[n(0)] Prepared),
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Stage {
    /// Safe on this device.
    #[n(0)]
    Kept(#[n(0)] Original),
    /// Stripped and sealed.
    #[n(1)]
    Ready(#[n(0)] Prepared),
    /// Every byte is at the relay, which does not keep it yet.
    #[n(2)]
    Sent(#[n(0)] Prepared),
    /// Set aside, with what may be tried again.
    #[n(3)]
    Failed(#[n(0)] MediaFault, #[n(1)] Option<Left>),
}

/// A picture or file on its way.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Transfer {
    /// Id of the item it becomes.
    #[n(0)]
    pub item: ItemId,
    /// For whom.
    #[n(1)]
    pub circle: CircleId,
    /// How long it is kept.
    #[n(2)]
    pub class: Class,
    /// Picture or file.
    #[n(3)]
    pub kind: MediaKind,
    /// Chosen together.
    #[n(4)]
    pub set: ItemId,
    /// Place in its set.
    #[n(5)]
    pub order: u16,
    /// Claimed time, milliseconds.
    #[n(6)]
    pub at: u64,
    /// What is to be seen.
    #[n(7)]
    pub alt: String,
    /// Name of the file it came from. A picture's stays on this device.
    #[n(8)]
    pub name: String,
    /// How far it has come.
    #[n(9)]
    pub stage: Stage,
    /// A blob that another circle holds already: there is nothing to send.
    #[n(10)]
    pub shared: bool,
}

/// A hold that is to end.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Release {
    /// Which circle holds the blobs.
    #[n(0)]
    pub circle: CircleId,
    /// Class of what named them.
    #[n(1)]
    pub class: Class,
    /// Which.
    #[n(2)]
    pub blobs: Vec<BlobId>,
}

/// A row as stored.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Row {
    /// To be held.
    #[n(0)]
    Transfer(#[n(0)] Box<Transfer>),
    /// To be released.
    #[n(1)]
    Release(#[n(0)] Release),
}

/// What a command changes here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferEdit {
    /// One more, or the one of that item in its new state.
    Put(Box<Transfer>),
    /// The one of that item is gone.
    Drop(ItemId),
    /// A hold is to end.
    Release(Release),
}

/// All rows of a device, by their key: in the order in which they were made.
#[derive(Debug, Clone, Default)]
pub struct Transfers {
    rows: SortedMap<u64, Row>,
    /// The person has stopped sending.
    pub paused: bool,
}

impl Transfer {
    /// What was prepared of it, while there is something.
    #[must_use]
    pub const fn prepared(&self) -> Option<&Prepared> {
        match &self.stage {
            Stage::Ready(prepared)
            | Stage::Sent(prepared)
            | Stage::Failed(_, Some(Left::Prepared(prepared))) => Some(prepared),
            Stage::Kept(_) | Stage::Failed(..) => None,
        }
    }

    /// Its original, while that is here.
    #[must_use]
    pub const fn original(&self) -> Option<&Original> {
        match &self.stage {
            Stage::Kept(original) | Stage::Failed(_, Some(Left::Original(original))) => Some(original),
            Stage::Ready(_) | Stage::Sent(_) | Stage::Failed(..) => None,
        }
    }

    /// The stage of what is set aside now. Nothing that could still be sent is given up.
    #[must_use]
    pub fn set_aside(&self, fault: MediaFault) -> Stage {
        let original = self.original().cloned().map(Left::Original);
        let left = original.or_else(|| self.prepared().cloned().map(Left::Prepared));
        Stage::Failed(fault, left.filter(|_| fault.may_pass()))
    }

    /// The stage from which what was set aside is tried again; none where nothing of it is left.
    #[must_use]
    pub fn resumed(&self) -> Option<Stage> {
        match &self.stage {
            Stage::Failed(_, Some(Left::Original(original))) => Some(Stage::Kept(original.clone())),
            Stage::Failed(_, Some(Left::Prepared(prepared))) if self.shared => {
                Some(Stage::Sent(prepared.clone()))
            }
            Stage::Failed(_, Some(Left::Prepared(prepared))) => Some(Stage::Ready(prepared.clone())),
            Stage::Kept(_) | Stage::Ready(_) | Stage::Sent(_) | Stage::Failed(_, None) => None,
        }
    }

    /// An item that was written, but for a document that takes no more: it is held and written once more.
    #[must_use]
    pub fn again(item: ItemId, fact: &DocumentFact, value: &Value) -> Option<Self> {
        let here = |blob: BlobRef| SealedBlob { blob, sealed: 0 };
        let bare = |set, order, at, kind, alt, name, prepared| Self {
            item,
            circle: fact.circle,
            class: fact.class,
            kind,
            set,
            order,
            at,
            alt,
            name,
            stage: Stage::Sent(prepared),
            shared: true,
        };
        Some(match Item::read(value)? {
            Item::Photo(photo) => {
                let prepared = Prepared {
                    full: here(photo.full),
                    thumb: Some(here(photo.thumb)),
                    width: photo.width,
                    height: photo.height,
                    hash: photo.hash,
                };
                let kind = MediaKind::Picture;
                bare(photo.set, photo.order, photo.at, kind, photo.alt, String::new(), prepared)
            }
            Item::File(file) => {
                let full = here(file.blob);
                let prepared =
                    Prepared { full, thumb: None, width: 0, height: 0, hash: Bytes::from(Vec::new()) };
                bare(file.set, file.order, file.at, MediaKind::File, String::new(), file.name, prepared)
            }
            _ => return None,
        })
    }

    /// Whether it was set aside.
    #[must_use]
    pub const fn is_failed(&self) -> bool {
        matches!(self.stage, Stage::Failed(..))
    }

    /// Blobs that a hold of it names; none before it is sent.
    #[must_use]
    pub fn to_hold(&self) -> Vec<BlobId> {
        let Stage::Sent(prepared) = &self.stage else { return Vec::new() };
        prepared.blobs().map(|sealed| sealed.blob.id).collect()
    }

    /// The item it becomes once its blobs are held.
    #[must_use]
    pub fn item(&self) -> Option<Item> {
        let Stage::Sent(prepared) = &self.stage else { return None };
        let full = prepared.full.blob.clone();
        Some(match self.kind {
            MediaKind::Picture => Item::Photo(Photo {
                set: self.set,
                full,
                thumb: prepared.thumb.as_ref()?.blob.clone(),
                width: prepared.width,
                height: prepared.height,
                hash: prepared.hash.clone(),
                alt: self.alt.clone(),
                at: self.at,
                order: self.order,
            }),
            MediaKind::File => Item::File(File {
                set: self.set,
                blob: full,
                name: self.name.clone(),
                at: self.at,
                order: self.order,
            }),
        })
    }
}

impl Prepared {
    /// The blob itself, then the small one.
    pub fn blobs(&self) -> impl Iterator<Item = &SealedBlob> {
        std::iter::once(&self.full).chain(&self.thumb)
    }
}

impl Transfers {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every row with its key.
    pub fn rows(&self) -> impl Iterator<Item = (u64, &Row)> {
        self.rows.iter().map(|(key, row)| (*key, row))
    }

    /// The row with this key.
    #[must_use]
    pub fn row(&self, key: u64) -> Option<&Row> {
        self.rows.get(&key)
    }

    /// Everything on its way, failed or not, in the order of sending.
    pub fn all(&self) -> impl Iterator<Item = &Transfer> {
        self.rows.values().filter_map(|row| match row {
            Row::Transfer(transfer) => Some(transfer.as_ref()),
            Row::Release(_) => None,
        })
    }

    /// The one that becomes this item.
    #[must_use]
    pub fn get(&self, item: &ItemId) -> Option<&Transfer> {
        self.all().find(|transfer| transfer.item == *item)
    }

    /// Key of the one that becomes this item.
    #[must_use]
    pub fn key_of(&self, item: &ItemId) -> Option<u64> {
        let is = |row: &Row| matches!(row, Row::Transfer(transfer) if transfer.item == *item);
        self.rows.iter().find(|(_, row)| is(row)).map(|(key, _)| *key)
    }

    /// How many are on their way.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.all().filter(|transfer| !transfer.is_failed()).count()
    }

    /// How many are set aside.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.all().filter(|transfer| transfer.is_failed()).count()
    }

    /// Sets a row.
    pub fn put(&mut self, key: u64, row: Row) {
        self.rows.insert(key, row);
    }

    /// Takes a row out.
    pub fn remove(&mut self, key: u64) -> Option<Row> {
        self.rows.remove(&key)
    }
}
