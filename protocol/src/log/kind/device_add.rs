//! `device-add`: another device of a person, added by one that they have.

use minicbor::{Decode, Encode};

use crate::codec;
use crate::id::{HouseId, PersonId, Signature};
use crate::log::entry::DeviceCard;

/// Body of `device-add`. Authored by a device of the same person, or by the recovery sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceAdd {
    /// Whose device it becomes.
    #[n(0)]
    pub person: PersonId,
    /// The device.
    #[n(1)]
    pub device: DeviceCard,
    /// By the new device over [`proof_input`], context [`crate::label::DEVICE_ADD`].
    #[n(2)]
    pub proof: Signature,
}

#[derive(Encode)]
#[cbor(map)]
struct ProofInput {
    #[n(0)]
    house: HouseId,
    #[n(1)]
    person: PersonId,
    #[n(2)]
    device: DeviceCard,
}

/// What the new device signs.
#[must_use]
pub fn proof_input(house: HouseId, person: PersonId, device: DeviceCard) -> Vec<u8> {
    codec::encode(&ProofInput { house, person, device })
}
