//! `member-end`: a person or a key circle no longer reads a circle.

use minicbor::{Decode, Encode};

use super::member::Who;
use crate::id::CircleId;
use crate::log::state::RuleError;
use crate::log::state::fold::{Ctx, Facts};

/// Body of `member-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MemberEnd {
    /// Which circle.
    #[n(0)]
    pub circle: CircleId,
    /// Who.
    #[n(1)]
    pub who: Who,
}

/// A present, explicit member.
pub(crate) fn admit(body: &MemberEnd, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    ctx.entitled_to_any()?;
    let circle = ctx.circle(&body.circle)?;
    if circle.members.contains_key(&body.who) { Ok(()) } else { Err(ctx.hidden_or(RuleError::MemberUnknown)) }
}

pub(crate) fn apply(body: &MemberEnd, seq: u64, facts: &mut Facts) {
    if let Some(circle) = facts.circle_mut(&body.circle) {
        circle.end(&body.who, seq);
    }
}
