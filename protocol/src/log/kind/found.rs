//! `found`: link 0 of a house.

use minicbor::{Decode, Encode};

use crate::id::{PersonId, RelayKey};
use crate::log::entry::DeviceCard;

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
