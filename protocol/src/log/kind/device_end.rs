//! `device-end`: a device no longer belongs.

use minicbor::{Decode, Encode};

use crate::id::DeviceId;
use crate::log::kind::role::Role;
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{InviteProgress, RuleError};

/// Body of `device-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceEnd {
    /// Which device.
    #[n(0)]
    pub device: DeviceId,
}

/// A live device. Ending another director's, or the sheet's, takes two; somebody who can direct or recover stays.
pub(crate) fn admit(body: &DeviceEnd, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    let device =
        ctx.facts.devices.get(&body.device).ok_or_else(|| ctx.hidden_or(RuleError::DeviceUnknown))?;
    let role = ctx.facts.role(&device.person);
    let author = ctx.entitled(&device.person, role)?;
    if !device.is_live() {
        return Err(RuleError::DeviceUnknown);
    }
    if !matches!(role, Some(Role::Director | Role::Sheet)) {
        return ctx.no_cosignature();
    }
    let alone = author.person == device.person || author.role == Role::Sheet;
    ctx.cosigned(&author, &device.person, !alone)?;
    let directs = |role| matches!(role, Role::Director | Role::Sheet);
    if ctx.facts.leaves(directs, |_, left| *left != body.device) {
        Ok(())
    } else {
        Err(RuleError::LastDirector)
    }
}

pub(crate) fn apply(body: &DeviceEnd, seq: u64, facts: &mut Facts) {
    let Some(device) = facts.devices.get_mut(&body.device) else { return };
    device.ended = Some(seq);
    if let Some(person) = facts.persons.get_mut(&device.person) {
        person.devices.retain(|live| *live != body.device);
    }
    facts.close_invites(seq, InviteProgress::Void, |invite, _| invite.author == body.device);
}
