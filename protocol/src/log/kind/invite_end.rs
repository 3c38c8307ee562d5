//! `invite-end`: an invite, and a join that is not confirmed yet, are void.

use minicbor::{Decode, Encode};

use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{InviteProgress, RuleError};

/// Body of `invite-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InviteEnd {
    /// Seq of the `invite` entry.
    #[n(0)]
    pub invite: u64,
}

/// Whoever may invite the person may withdraw, until the join is confirmed.
pub(crate) fn admit(body: &InviteEnd, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    let invite = ctx.invite(body.invite)?;
    ctx.entitled(&invite.body.person, ctx.facts.role(&invite.body.person))?;
    match invite.stage {
        InviteProgress::Open | InviteProgress::Used { .. } => Ok(()),
        InviteProgress::Confirmed { .. } => Err(RuleError::InviteUsed),
        InviteProgress::Revoked | InviteProgress::Void => Err(RuleError::InviteRevoked),
    }
}

pub(crate) fn apply(body: &InviteEnd, seq: u64, facts: &mut Facts) {
    facts.close_invites(seq, InviteProgress::Revoked, |invite, _| invite.seq == body.invite);
}
