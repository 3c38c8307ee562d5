//! Pictures and files: what stands in documents about a blob, once the relay keeps it.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec::Bytes;
use nestpost_protocol::id::{BlobId, ItemId};
use nestpost_protocol::limit::BLOB_BYTES_MAX;

use super::fits;
use crate::crypto::BlobSecret;

/// Longest description of a picture, characters.
pub const ALT_CHARS_MAX: usize = 300;
/// Longest name of a file, characters.
pub const FILE_NAME_CHARS_MAX: usize = 120;
/// Longest hash of a picture that stands in for it, bytes.
pub const HASH_BYTES_MAX: usize = 32;
/// Longest side of a picture, pixels. This app prepares far smaller ones.
pub const SIDE_PIXELS_MAX: u16 = 4096;
/// Largest picture, bytes. This app aims far lower.
pub const PICTURE_BYTES_MAX: u64 = 4 << 20;
/// Largest thumbnail, bytes: devices fetch them unasked.
pub const THUMB_BYTES_MAX: u64 = 256 << 10;
/// Largest file, bytes: sealed and padded it must still be a blob.
pub const FILE_BYTES_MAX: u64 = BLOB_BYTES_MAX;

/// A blob and what opens it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BlobRef {
    /// Which.
    #[n(0)]
    pub id: BlobId,
    /// Opens it.
    #[n(1)]
    pub secret: BlobSecret,
    /// Length of what is sealed, bytes.
    #[n(2)]
    pub bytes: u64,
}

/// A picture. In `group` or `child` by staff, in `private` by both.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Photo {
    /// Chosen together, and the bulletin or message it belongs to.
    #[n(0)]
    pub set: ItemId,
    /// The picture.
    #[n(1)]
    pub full: BlobRef,
    /// The same, small.
    #[n(2)]
    pub thumb: BlobRef,
    /// Pixels.
    #[n(3)]
    pub width: u16,
    /// Pixels.
    #[n(4)]
    pub height: u16,
    /// ThumbHash.
    #[n(5)]
    pub hash: Bytes,
    /// What is to be seen; may be empty, and a [`Description`] says better.
    #[n(6)]
    pub alt: String,
    /// Claimed time, milliseconds.
    #[n(7)]
    pub at: u64,
    /// Place in its set.
    #[n(8)]
    pub order: u16,
}

/// An attachment. In `house` or `group` by staff, in `private` by both.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct File {
    /// Chosen together, and the bulletin or message it belongs to.
    #[n(0)]
    pub set: ItemId,
    /// The file.
    #[n(1)]
    pub blob: BlobRef,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// Claimed time, milliseconds.
    #[n(3)]
    pub at: u64,
    /// Place in its set.
    #[n(4)]
    pub order: u16,
}

/// A picture or file of the same circle and side is taken back: by the person who wrote it, or on the staff's side by a
/// director.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Removal {
    /// Which.
    #[n(0)]
    pub item: ItemId,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
}

/// What is to be seen on a picture of the same circle and side. The latest counts.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Description {
    /// Which.
    #[n(0)]
    pub item: ItemId,
    /// Text.
    #[n(1)]
    pub text: String,
    /// Claimed time, milliseconds.
    #[n(2)]
    pub at: u64,
}

impl Photo {
    pub(super) fn within_limits(&self) -> bool {
        let side = |pixels: u16| (1..=SIDE_PIXELS_MAX).contains(&pixels);
        fits(&self.alt, ALT_CHARS_MAX)
            && self.hash.len() <= HASH_BYTES_MAX
            && side(self.width)
            && side(self.height)
            && self.full.bytes <= PICTURE_BYTES_MAX
            && self.thumb.bytes <= THUMB_BYTES_MAX
    }
}

impl File {
    pub(super) fn within_limits(&self) -> bool {
        fits(&self.name, FILE_NAME_CHARS_MAX) && self.blob.bytes <= FILE_BYTES_MAX
    }
}
