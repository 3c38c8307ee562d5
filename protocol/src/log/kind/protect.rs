//! `protect`: nobody learns of a guardian but directors and the staff named here (a refuge, a ban on information).

use minicbor::{Decode, Encode};

use crate::id::PersonId;
use crate::limit;
use crate::log::kind::circle::Sort;
use crate::log::kind::member::Who;
use crate::log::kind::role::Role;
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{Circle, RuleError, Side};
use crate::sorted::SortedSet;

/// Body of `protect`. It may come before the `role` of a new guardian: then nobody else ever sees that they exist.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Protect {
    /// The guardian.
    #[n(0)]
    pub person: PersonId,
    /// Staff who know, besides directors; sorted, none twice, at most [`crate::limit::PROTECT_NAMED_MAX`]. Nobody when off.
    #[n(1)]
    pub named: Vec<PersonId>,
    /// Whether protection begins (or goes on, with these names), or ends.
    #[n(2)]
    pub on: bool,
}

/// A guardian, or somebody who has no role yet, and who reads no circle where others would notice.
pub(crate) fn admit(body: &Protect, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    ctx.entitled(&body.person, None)?;
    let known = ctx.facts.persons.get(&body.person);
    if known.is_some_and(|person| person.side != Side::Family) {
        return Err(RuleError::OtherSide);
    }
    if !body.on {
        let protected = ctx.facts.protections.contains_key(&body.person);
        return if protected && body.named.is_empty() { Ok(()) } else { Err(RuleError::Protection) };
    }
    let sorted = body.named.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    if !sorted || body.named.len() > limit::PROTECT_NAMED_MAX {
        return Err(RuleError::Protection);
    }
    for person in &body.named {
        match ctx.person(person)?.role {
            Some(Role::Director | Role::Educator) => {}
            Some(_) => return Err(RuleError::Protection),
            None => return Err(RuleError::NoRole),
        }
    }
    let who = Who::Person(body.person);
    let reads = |circle: &Circle| circle.members.contains_key(&who);
    let apart = |circle: &Circle| is_apart(circle, ctx.facts) || !crate::stands!(Apart);
    if ctx.facts.circles.values().any(|circle| reads(circle) && !apart(circle)) {
        return Err(RuleError::ProtectedReads);
    }
    Ok(())
}

/// Whether a protected guardian may read this circle: a `private` one with the directors, or a `guarded` one.
pub(crate) fn is_apart(circle: &Circle, facts: &Facts) -> bool {
    let is_team = |who: &Who| match who {
        Who::Circle(key) => facts.circles.get(key).is_none_or(|key| key.sort != Sort::Directors),
        Who::Person(_) => false,
    };
    match circle.sort {
        Sort::Private => !circle.members.keys().any(is_team),
        Sort::Guarded => true,
        _ => false,
    }
}

/// Whether neither of these two would get to know of a protected guardian by meeting the other in a `guarded` circle.
pub(crate) fn may_meet(one: &PersonId, other: &PersonId, facts: &Facts) -> bool {
    let knows = |guardian: &PersonId, who: &PersonId| {
        facts.role(who).is_none_or(|role| facts.may_know(guardian, who, role))
    };
    one == other || (knows(one, other) && knows(other, one))
}

pub(crate) fn apply(body: &Protect, facts: &mut Facts) {
    if body.on {
        let named: SortedSet<PersonId> = body.named.iter().copied().collect();
        facts.protections.insert(body.person, named);
    } else {
        facts.protections.remove(&body.person);
    }
}
