//! `confirm`: the house knows who presented a code.

use minicbor::{Decode, Encode};

use crate::id::{Hash, PersonId};
use crate::log::kind::circle::Sort;
use crate::log::kind::member::Who;
use crate::log::kind::role::Role;
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{InviteProgress, RuleError};

/// Body of `confirm`: from here on the device belongs to the invite's person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Confirm {
    /// Seq of the `join` entry.
    #[n(0)]
    pub join: u64,
    /// Commitment of the `join` entry's link, whose digits were compared.
    #[n(1)]
    pub commitment: Hash,
}

/// A pending join, named by the very link whose digits were compared, of a person who holds a role and has room.
pub(crate) fn admit(body: &Confirm, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    let join = ctx.facts.joins.get(&body.join).ok_or_else(|| ctx.hidden_or(RuleError::JoinUnknown))?;
    let person = ctx.person(&join.person)?;
    let author = ctx.entitled(&join.person, person.role)?;
    // What is open to whoever stands before it lets nobody in.
    if author.role == Role::Place && !is_in_a_team(&author.person, ctx.facts) {
        return Err(RuleError::NotEntitled);
    }
    if !join.is_pending() {
        return Err(RuleError::JoinUnknown);
    }
    if join.commitment != body.commitment {
        return Err(RuleError::JoinCommitment);
    }
    if person.role.is_none() {
        return Err(RuleError::NoRole);
    }
    ctx.room_for_device(person)
}

fn is_in_a_team(person: &PersonId, facts: &Facts) -> bool {
    let mut keys = facts.keys.iter().filter_map(|key| facts.circles.get(key));
    keys.any(|key| key.sort == Sort::Team && key.members.contains_key(&Who::Person(*person)))
}

pub(crate) fn apply(body: &Confirm, seq: u64, facts: &mut Facts) {
    let Some(join) = facts.joins.get_mut(&body.join) else { return };
    join.confirmed = Some(seq);
    let (invite, person, card) = (join.invite, join.person, join.device);
    if let Some(invite) = facts.invites.get_mut(&invite) {
        std::sync::Arc::make_mut(invite).stage = InviteProgress::Confirmed { join: body.join, confirm: seq };
    }
    facts.give_device(person, card, seq);
}
