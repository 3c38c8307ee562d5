//! `join`: a device presents itself with an invite. The first wins.

use minicbor::{Decode, Encode};

use crate::id::{HouseId, Signature};
use crate::log::entry::{CheckedEntry, DeviceCard};
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{Device, InviteProgress, JoinFact, RuleError};
use crate::{codec, label, verify};

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

/// The first device that proves an open invite's key, with a device key never seen here.
pub(crate) fn admit(body: &Join, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    if ctx.entry.body.author != body.device.device {
        return Err(RuleError::NotEntitled);
    }
    let invite = ctx.invite(body.invite)?;
    match invite.stage {
        InviteProgress::Open => {}
        InviteProgress::Used { .. } | InviteProgress::Confirmed { .. } => return Err(RuleError::InviteUsed),
        InviteProgress::Revoked | InviteProgress::Void => return Err(RuleError::InviteRevoked),
    }
    ctx.unused(&body.device)?;
    if ctx.proofs {
        let input = proof_input(ctx.house()?, body.invite, body.device);
        verify::verify(invite.body.key.as_bytes(), label::JOIN, &input, &body.proof)
            .map_err(|_| RuleError::Proof)?;
    }
    Ok(())
}

pub(crate) fn apply(body: &Join, entry: &CheckedEntry, facts: &mut Facts) {
    let seq = entry.body.seq;
    let Some(invite) = facts.invites.get_mut(&body.invite) else { return };
    let person = invite.body.person;
    std::sync::Arc::make_mut(invite).stage = InviteProgress::Used { join: seq };
    let device =
        Device { card: body.device, person, since: seq, ended: None, joining: Some(seq), sheet: false };
    facts.devices.insert(body.device.device, device);
    let join = JoinFact {
        seq,
        invite: body.invite,
        device: body.device,
        person,
        commitment: entry.link.commitment,
        confirmed: None,
        void: false,
    };
    facts.joins.insert(seq, join);
}
