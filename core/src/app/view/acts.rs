//! Who did what to whom: membership, for directors to look through.

use super::WrittenPlace;
use serde::{Deserialize, Serialize};

use super::{NamedChild, Role};

/// How a device came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Somebody compared the digits with them.
    Met,
    /// From another device of theirs.
    Own,
    /// With the recovery sheet.
    Sheet,
}

/// A device that was let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct ConfirmedEntry {
    pub person: String,
    pub name: String,
    pub role: Role,
    pub children: Vec<NamedChild>,
    pub device: String,
    pub device_ended: bool,
    pub how: Admission,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by_person: Option<String>,
    pub by: String,
    pub by_removed: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<u64>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum Act {
    Founded,
    RoleGiven,
    RoleEnded,
    Invited,
    InviteEnded,
    Confirmed,
    DeviceAdded,
    DeviceEnded,
    GroupMade,
    ChildMade,
    GuardedMade,
    CouncilMade,
    ThreadMade,
    ThreadEnded,
    ReadsChild,
    ReadsChildEnded,
    InGroup,
    InGroupEnded,
    ChildInGroup,
    ChildInGroupEnded,
    InGuarded,
    InGuardedEnded,
    InCouncil,
    InCouncilEnded,
    Protected,
    ProtectionEnded,
    GoesOn,
    Moved,
    Dissolved,
}

/// Whom and what something is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Subject {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub child: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub child_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group_name: Option<String>,
}

/// An act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct AdminEntry {
    pub seq: u64,
    pub what: Act,
    pub by: String,
    pub by_sheet: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by_person: Option<String>,
    pub agreed_by: Vec<String>,
    pub agreed_by_sheet: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub carried_out_by: Option<String>,
    pub about: Subject,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub device: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<u64>,
}

/// A part of what was decided and came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in the contract")]
pub struct OvertakenPart {
    pub what: Act,
    pub about: Subject,
}

/// What was decided and came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OvertakenEntry {
    /// For `forget_overtaken`.
    pub id: u64,
    /// What it would have done.
    pub parts: Vec<OvertakenPart>,
    /// What somebody else did meanwhile to the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cause: Option<AdminEntry>,
}

/// Who did what they should not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// The relay, proven by two signatures of its own.
    Relay,
    /// The relay, says this device.
    RelayUnproven,
    /// The relay or that device: one contradicts the other.
    RelayOrDevice,
    /// The relay or that device, or that device alone, says this one.
    Unproven,
    /// That device.
    Device,
}

/// Something that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct EvidenceCase {
    pub what: Wrong,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub device: Option<String>,
}

/// A record that did not open or did not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct QuarantinedEntry {
    /// Its id, by which whoever has the relay's data finds it.
    pub record: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<WrittenPlace>,
    pub place_name: String,
    /// Within its circle.
    pub number: u64,
    /// Whose device made it, as far as this one knows.
    pub author: String,
}

/// All of it, and the file to show to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Evidence {
    pub cases: Vec<EvidenceCase>,
    /// What was set aside, the first of it.
    pub set_aside: Vec<QuarantinedEntry>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
}
