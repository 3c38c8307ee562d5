//! `role-end`: a person's role has ended; they read nothing any more, without a `member-end` per circle.

use minicbor::{Decode, Encode};

use crate::id::PersonId;
use crate::log::kind::member::Who;
use crate::log::kind::role::Role;
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{InviteProgress, RuleError};

/// Body of `role-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RoleEnd {
    /// Who.
    #[n(0)]
    pub person: PersonId,
}

/// A person with a role. A director, or the sheet, goes only when two agree, the one concerned not counting as the
/// second; a director stays.
pub(crate) fn admit(body: &RoleEnd, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    let person = ctx.person(&body.person)?;
    let author = ctx.entitled(&body.person, person.role)?;
    let Some(role) = person.role else { return Err(RuleError::NoRole) };
    if !matches!(role, Role::Director | Role::Sheet) {
        return ctx.no_cosignature();
    }
    ctx.cosigned(&author, &body.person, true)?;
    let stays = ctx.facts.leaves(|role| role == Role::Director, |left, _| *left != body.person);
    if stays || !crate::stands!(LastDirector) { Ok(()) } else { Err(RuleError::LastDirector) }
}

/// Memberships end with the role, so that a later role does not bring them back; devices keep belonging.
pub(crate) fn apply(body: &RoleEnd, seq: u64, facts: &mut Facts) {
    let Some(person) = facts.persons.get_mut(&body.person) else { return };
    if !crate::stands!(EndedRole) {
        return;
    }
    person.role = None;
    person.role_ended = Some(seq);
    if let Some((_, span)) = person.roles.last_mut() {
        span.to = Some(seq);
    }
    let who = Who::Person(body.person);
    let ends = crate::stands!(RoleEndsMemberships);
    for circle in facts.circles.values_mut().filter(|circle| ends && circle.members.contains_key(&who)) {
        std::sync::Arc::make_mut(circle).end(&who, seq);
    }
    facts.close_invites(seq, InviteProgress::Void, |invite, devices| {
        invite.body.person == body.person
            || devices.get(&invite.author).is_some_and(|author| author.person == body.person)
    });
}
