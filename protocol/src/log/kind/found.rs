//! `found`: link 0 of a house.

use minicbor::{Decode, Encode};

use crate::id::{HouseId, PersonId, RelayKey};
use crate::log::entry::{CheckedEntry, DeviceCard};
use crate::log::kind::role::Role;
use crate::log::state::RuleError;
use crate::log::state::fold::{Ctx, Facts};

/// What kind of house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum HouseKind {
    /// A daycare centre.
    #[n(0)]
    Kita,
    /// A municipality's place office.
    #[n(1)]
    Office,
}

/// The second pair of eyes of a house from its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Second {
    /// A second director; their device cosigns `found`.
    #[n(0)]
    Director(#[n(0)] PersonId, #[n(1)] DeviceCard),
    /// The printed recovery sheet: the only device of the person `sheet`. Its key cosigns `found`.
    #[n(1)]
    Sheet(#[n(0)] PersonId, #[n(1)] DeviceCard),
}

/// Body of `found`. The author is the director's device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Found {
    /// Kind of house.
    #[n(0)]
    pub kind: HouseKind,
    /// The first director.
    #[n(1)]
    pub director: PersonId,
    /// Their first device; its key signs the entry.
    #[n(2)]
    pub device: DeviceCard,
    /// Second director or recovery sheet.
    #[n(3)]
    pub second: Second,
    /// Under which the relay signs positions.
    #[n(4)]
    pub relay: RelayKey,
}

impl Second {
    /// Who it is, with which device, in which role.
    #[must_use]
    pub const fn parts(&self) -> (PersonId, DeviceCard, Role) {
        match *self {
            Self::Director(person, card) => (person, card, Role::Director),
            Self::Sheet(person, card) => (person, card, Role::Sheet),
        }
    }
}

/// Only as link 0, signed by the first director's device and cosigned by the second.
pub(crate) fn admit(body: &Found, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    let entry = &ctx.entry.body;
    if ctx.facts.house.is_some() || entry.seq != 0 {
        return Err(RuleError::Unfounded);
    }
    let (person, card, _) = body.second.parts();
    if entry.author != body.device.device || person == body.director || card.device == body.device.device {
        return Err(RuleError::Founding);
    }
    match ctx.entry.cosignatures.as_slice() {
        [only] if only.device == card.device => Ok(()),
        _ => Err(RuleError::Cosignature),
    }
}

pub(crate) fn apply(body: &Found, entry: &CheckedEntry, facts: &mut Facts) {
    let house: HouseId = entry.link.founds();
    let (person, card, role) = body.second.parts();
    facts.house = Some(house);
    facts.found = Some(*body);
    facts.relay = Some(body.relay);
    facts.give_role(body.director, Role::Director, 0);
    facts.give_device(body.director, body.device, 0);
    facts.give_role(person, role, 0);
    facts.give_device(person, card, 0);
}
