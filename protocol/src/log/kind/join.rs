//! `join`: a device presents itself with an invite. The first wins.

use minicbor::{Decode, Encode};

use crate::codec;
use crate::id::{HouseId, Signature};
use crate::log::entry::DeviceCard;

/// Body of `join`. The author is the joining device itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Join {
    /// Seq of the `invite` entry.
    #[n(0)]
    pub invite: u64,
    /// The device.
    #[n(1)]
    pub device: DeviceCard,
    /// By the invite's key over [`proof_input`], context [`crate::label::JOIN`].
    #[n(2)]
    pub proof: Signature,
}

#[derive(Encode)]
#[cbor(map)]
struct ProofInput {
    #[n(0)]
    house: HouseId,
    #[n(1)]
    invite: u64,
    #[n(2)]
    device: DeviceCard,
}

/// What the invite's key signs.
#[must_use]
pub fn proof_input(house: HouseId, invite: u64, device: DeviceCard) -> Vec<u8> {
    codec::encode(&ProofInput { house, invite, device })
}
