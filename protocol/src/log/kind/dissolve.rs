//! `dissolve`: the house is over. Nothing is written any more; what there is can be read until the relay deletes it.

use minicbor::{Decode, Encode};

use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{InviteProgress, RuleError};

/// Body of `dissolve`: says all by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Dissolve {}

/// A director, with a second one or the sheet.
pub(crate) fn admit(_: &Dissolve, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    let author = ctx.entitled_to_all()?;
    ctx.cosigned(&author, &author.person, true)
}

/// From its number on nothing more is admitted; see [`crate::access`]. Nobody comes in with a letter any more.
pub(crate) fn apply(seq: u64, facts: &mut Facts) {
    facts.dissolved = Some(seq);
    facts.close_invites(seq, InviteProgress::Void, |_, _| true);
}
