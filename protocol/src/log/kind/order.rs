//! `order`: what somebody decided for a later day, carried out when it is due by whoever of the staff is there.
//!
//! Of the days the log knows nothing: orders wait in documents. Who carries one out needs no right to what it does.

use minicbor::{Decode, Encode};

use super::{Body, KindNumber, device_end, member, member_end, role_end};
use crate::codec::{Bytes, DecodeError};
use crate::id::{DeviceId, HouseId, Nonce, Signature};
use crate::log::entry::{CheckedEntry, Cosignature, cosign_input};
use crate::log::state::RuleError;
use crate::log::state::fold::{Ctx, Facts};
use crate::{label, limit, verify};

/// Body of `order`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Order {
    /// What is to be done: `member`, `member-end`, `role-end` or `device-end`.
    #[n(0)]
    pub kind: KindNumber,
    /// CBOR of that kind's body.
    #[n(1)]
    pub body: Bytes,
    /// Used once in a house.
    #[n(2)]
    pub nonce: Nonce,
    /// Who gives the order.
    #[n(3)]
    pub device: DeviceId,
    /// By that device over [`order_input`], context [`crate::label::ORDER`].
    #[n(4)]
    pub signature: Signature,
    /// Cosignatures of what is to be done, where its kind asks for them; absent, not empty.
    #[n(5)]
    pub cosignatures: Option<Vec<Cosignature>>,
}

/// What the one who gives the order signs: the same as a cosigner, in a context of its own. It names no place in the log.
#[must_use]
pub fn order_input(house: HouseId, kind: KindNumber, body: &[u8], nonce: Nonce) -> Vec<u8> {
    cosign_input(Some(house), kind, body, nonce)
}

impl Order {
    /// What is to be done.
    ///
    /// # Errors
    /// [`DecodeError`]; a kind that is not ordered is [`DecodeError::OutOfRange`].
    pub fn act(&self) -> Result<Body, DecodeError> {
        match self.kind {
            KindNumber::Member | KindNumber::MemberEnd | KindNumber::RoleEnd | KindNumber::DeviceEnd => {
                Body::decode(self.kind, &self.body)
            }
            _ => Err(DecodeError::OutOfRange),
        }
    }

    fn cosignatures(&self) -> &[Cosignature] {
        self.cosignatures.as_deref().unwrap_or_default()
    }

    /// Every nonce that is used up by it.
    pub(crate) fn nonces(&self) -> impl Iterator<Item = Nonce> + '_ {
        std::iter::once(self.nonce).chain(self.cosignatures().iter().map(|cosignature| cosignature.nonce))
    }
}

/// Carried out by a live device of the staff; what is done is asked of the rules as if the one who gave the order said it
/// now: still live, still in office, still entitled. No order is carried out twice.
pub(crate) fn admit(body: &Order, act: &Body, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    ctx.entitled_to_all()?;
    let fresh = body.cosignatures().iter().all(|cosignature| cosignature.nonce != body.nonce);
    if (!fresh || ctx.facts.nonces.contains(&body.nonce)) && crate::stands!(Nonce) {
        return Err(RuleError::NonceUsed);
    }
    if body.cosignatures.as_ref().is_some_and(Vec::is_empty)
        || body.cosignatures().len() > limit::COSIGNATURES_MAX
    {
        return Err(RuleError::Cosignature);
    }
    if ctx.proofs {
        let house = ctx.house()?;
        let input = order_input(house, body.kind, &body.body, body.nonce);
        verify::verify(body.device.as_bytes(), label::ORDER, &input, &body.signature)
            .map_err(|_| RuleError::Proof)?;
        for cosignature in body.cosignatures() {
            let input = cosign_input(Some(house), body.kind, &body.body, cosignature.nonce);
            verify::verify(cosignature.device.as_bytes(), label::COSIGN, &input, &cosignature.signature)
                .map_err(|_| RuleError::Proof)?;
        }
    }
    let mut said: CheckedEntry = ctx.entry.clone();
    said.body.kind = body.kind;
    said.body.author = body.device;
    said.body.body = body.body.clone();
    said.cosignatures = body.cosignatures().to_vec();
    said.kind = act.clone();
    let said = Ctx { entry: &said, ..*ctx };
    if !crate::stands!(OrderEntitled) {
        return Ok(());
    }
    match act {
        Body::Member(act) => member::admit(act, &said),
        Body::MemberEnd(act) => member_end::admit(act, &said),
        Body::RoleEnd(act) => role_end::admit(act, &said),
        Body::DeviceEnd(act) => device_end::admit(act, &said),
        _ => Err(RuleError::NotEntitled),
    }
}

pub(crate) fn apply(act: &Body, seq: u64, facts: &mut Facts) {
    match act {
        Body::Member(act) => member::apply(act, seq, facts),
        Body::MemberEnd(act) => member_end::apply(act, seq, facts),
        Body::RoleEnd(act) => role_end::apply(act, seq, facts),
        Body::DeviceEnd(act) => device_end::apply(act, seq, facts),
        _ => {}
    }
}
