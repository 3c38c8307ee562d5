//! `invite`: a one-time secret may admit one device of one person.

use minicbor::{Decode, Encode};

use crate::codec::Bytes;
use crate::id::{Hash, InviteKey, PersonId};
use crate::limit;
use crate::log::entry::CheckedEntry;
use crate::log::kind::role::Role;
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{InviteFact, InviteProgress, RuleError};

/// Body of `invite`. The person must hold a role. It carries no keys of circles.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Invite {
    /// Public half of the signing key that the secret derives.
    #[n(0)]
    pub key: InviteKey,
    /// The person a joining device will belong to.
    #[n(1)]
    pub person: PersonId,
    /// HMAC-SHA256 over the house id under a key that the secret derives: even a typed code authenticates the house.
    #[n(2)]
    pub mac: Hash,
    /// Greeting (house name, Art. 13 notice, validity) sealed under a key that the secret derives.
    #[n(3)]
    pub greeting: Bytes,
    /// Days the relay keeps the door open, from admission, 1 to [`crate::limit::INVITE_DAYS_MAX`].
    #[n(4)]
    pub days: u16,
}

/// A fresh key, for a person who holds a role that joins at the door.
pub(crate) fn admit(body: &Invite, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    let person = ctx.person(&body.person)?;
    ctx.entitled(&body.person, person.role)?;
    match person.role {
        None => return Err(RuleError::NoRole),
        Some(Role::Sheet | Role::Applicant) => return Err(RuleError::RoleReserved),
        Some(Role::Director | Role::Educator | Role::Guardian | Role::Place) => {}
    }
    if ctx.facts.invite_keys.contains_key(&body.key) {
        return Err(RuleError::InviteKeyUsed);
    }
    let in_range =
        (1..=limit::INVITE_DAYS_MAX).contains(&body.days) && body.greeting.len() <= limit::GREETING_BYTES_MAX;
    if in_range { Ok(()) } else { Err(RuleError::InviteRange) }
}

pub(crate) fn apply(body: &Invite, entry: &CheckedEntry, facts: &mut Facts) {
    let seq = entry.body.seq;
    facts.invite_keys.insert(body.key, seq);
    let fact = InviteFact { seq, body: body.clone(), author: entry.body.author, stage: InviteProgress::Open };
    facts.invites.insert(seq, fact.into());
}
