//! What is to be erased, and what is not to be used.

use minicbor::{Decode, Encode};
use nestpost_protocol::id::{DeviceId, ItemId, Signature};

/// Somebody of the staff wants an item of the same circle to be erased, whoever wrote it. Once two do, one of them a director,
/// it is. On the staff's side, in the class of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Wish {
    /// Which.
    #[n(0)]
    pub item: ItemId,
    /// The device that signed.
    #[n(1)]
    pub device: DeviceId,
    /// Over [`nestpost_protocol::erase::second_input`].
    #[n(2)]
    pub signature: Signature,
    /// Claimed time, milliseconds.
    #[n(3)]
    pub at: u64,
}

/// A director says that nobody is to be shown an item of the same circle, and that it stays (Art. 18 GDPR); or that this has
/// ended. What was said last counts. On the staff's side, in the class of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Restriction {
    /// Which.
    #[n(0)]
    pub item: ItemId,
    /// Whether it begins.
    #[n(1)]
    pub on: bool,
    /// Claimed time, milliseconds.
    #[n(2)]
    pub at: u64,
}
