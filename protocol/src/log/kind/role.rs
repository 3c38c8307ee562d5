//! `role`: a person holds a role.

use minicbor::{Decode, Encode};

use crate::id::PersonId;
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{RuleError, Side};

/// Role of a person in a house. What each may do stands in one table, `log/state/rights.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Directs the house.
    #[n(0)]
    Director,
    /// Works with children.
    #[n(1)]
    Educator,
    /// Has custody of a child, or the right to information.
    #[n(2)]
    Guardian,
    /// The shared tablets of a group.
    #[n(3)]
    Place,
    /// Wants a place; reserved.
    #[n(4)]
    Applicant,
    /// The printed recovery sheet; given by `found` only.
    #[n(5)]
    Sheet,
}

impl Role {
    /// Staff in the sense of the design: directors, educators and places.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Director | Self::Educator | Self::Place)
    }
}

/// Body of `role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RoleGrant {
    /// Who.
    #[n(0)]
    pub person: PersonId,
    /// What they become; a person has one role at a time.
    #[n(1)]
    pub role: Role,
}

/// A person without a role, on the side of the house where they always were.
pub(crate) fn admit(body: &RoleGrant, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    ctx.entitled(&body.person, Some(body.role))?;
    if matches!(body.role, Role::Sheet | Role::Applicant) {
        return Err(RuleError::RoleReserved);
    }
    // Its entries would be for all to see.
    if body.role.side() == Side::House && ctx.facts.protections.contains_key(&body.person) {
        return Err(RuleError::OtherSide);
    }
    match ctx.facts.persons.get(&body.person) {
        None => Ok(()),
        Some(person) if person.role.is_some() => Err(RuleError::RoleHeld),
        Some(person) if person.side != body.role.side() => Err(RuleError::OtherSide),
        Some(_) => Ok(()),
    }
}

pub(crate) fn apply(body: &RoleGrant, seq: u64, facts: &mut Facts) {
    facts.give_role(body.person, body.role, seq);
}
