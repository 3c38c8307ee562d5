//! `device-add`: another device of a person, added by one that they have.

use minicbor::{Decode, Encode};

use crate::id::{HouseId, PersonId, Signature};
use crate::log::entry::DeviceCard;
use crate::log::state::RuleError;
use crate::log::state::fold::{Ctx, Facts};
use crate::{codec, label, verify};

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
    /// It is the person's recovery sheet, a seed on paper. For whoever shows devices; no rule asks.
    #[n(3)]
    pub sheet: Option<bool>,
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

/// A device key never seen here, for a person who holds a role and has room; the new device agrees.
pub(crate) fn admit(body: &DeviceAdd, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    let person = ctx.person(&body.person)?;
    ctx.entitled(&body.person, person.role)?;
    if person.role.is_none() {
        return Err(RuleError::NoRole);
    }
    ctx.unused(&body.device)?;
    ctx.room_for_device(person)?;
    if ctx.proofs {
        let input = proof_input(ctx.house()?, body.person, body.device);
        verify::verify(body.device.device.as_bytes(), label::DEVICE_ADD, &input, &body.proof)
            .map_err(|_| RuleError::Proof)?;
    }
    Ok(())
}

pub(crate) fn apply(body: &DeviceAdd, seq: u64, facts: &mut Facts) {
    facts.give_device(body.person, body.device, seq);
    if let Some(device) = facts.devices.get_mut(&body.device.device) {
        device.sheet = body.sheet == Some(true);
    }
}
