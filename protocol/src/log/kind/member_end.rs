//! `member-end`: a person or a key circle no longer reads a circle.

use minicbor::{Decode, Encode};

use super::member::Who;
use crate::id::CircleId;
use crate::log::kind::circle::Sort;
use crate::log::kind::role::Role;
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

/// A present, explicit member; of a `guarded` circle not the last one of its staff.
pub(crate) fn admit(body: &MemberEnd, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    let circle = ctx.circle(&body.circle)?;
    ctx.entitled_to_circle(circle)?;
    if !circle.members.contains_key(&body.who) {
        return Err(ctx.hidden_or(RuleError::MemberUnknown));
    }
    // Nobody could ever add anybody again.
    let stays = |who: &Who| match who {
        Who::Person(person) => ctx.facts.role(person).is_some_and(Role::is_staff),
        Who::Circle(_) => false,
    };
    let left = || circle.members.keys().any(|who| *who != body.who && stays(who));
    if circle.sort == Sort::Guarded && !left() { Err(RuleError::LastMember) } else { Ok(()) }
}

pub(crate) fn apply(body: &MemberEnd, seq: u64, facts: &mut Facts) {
    if let Some(circle) = facts.circle_mut(&body.circle)
        && crate::stands!(EndedMember)
    {
        circle.end(&body.who, seq);
    }
}
