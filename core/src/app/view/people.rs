//! Who belongs, who is invited, and what is printed for them.

use serde::{Deserialize, Serialize};

use super::Role;

/// How far a person has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum PersonStage {
    None,
    Invited,
    Joining,
    Member,
    Ended,
}

/// How far an invite has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum InviteStage {
    Open,
    Used,
    Revoked,
    Expired,
}

/// The latest invite of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct InviteEntry {
    pub id: String,
    pub valid_until: u64,
    pub stage: InviteStage,
}

/// A child, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct NamedChild {
    pub id: String,
    pub name: String,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct PersonEntry {
    pub person: String,
    pub name: String,
    pub role: Role,
    pub groups: Vec<String>,
    pub children: Vec<NamedChild>,
    pub stage: PersonStage,
    /// Without a sheet.
    pub devices: u32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub invite: Option<InviteEntry>,
    /// Of a group's tablet: the person behind its PINs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pin: Option<Box<PersonEntry>>,
}

/// A device of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceEntry {
    /// Hex.
    pub device: String,
    /// It is the one that shows this.
    pub this: bool,
    /// It belongs no longer.
    pub ended: bool,
    /// It is a recovery sheet.
    pub sheet: bool,
    /// What this person calls it; of their own devices, where they have said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// A sheet: when it was said to be printed, where that was on this device.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub printed_at: Option<u64>,
}

/// A child with its guardians.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct ChildEntry {
    pub id: String,
    pub name: String,
    pub group: String,
    pub guardians: Vec<PersonEntry>,
}

/// Somebody at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct PendingJoin {
    pub id: String,
    pub person: String,
    pub device: String,
    pub name: String,
    pub role: Role,
    pub child_names: Vec<String>,
    pub digits: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<u64>,
}

/// A letter, shown and printed once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Letter {
    pub invite: String,
    pub person: String,
    pub person_name: String,
    pub child_names: Vec<String>,
    pub role: Role,
    pub house_name: String,
    pub fingerprint: String,
    pub code: String,
    pub link: String,
    pub qr_svg: String,
    pub valid_until: u64,
    pub help_line: String,
}

// The code admits whoever holds it, and so do the link and the drawing of it.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter")
            .field("role", &self.role)
            .field("valid_until", &self.valid_until)
            .finish_non_exhaustive()
    }
}

/// A recovery sheet, to print.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct RecoverySheet {
    pub house_name: String,
    pub fingerprint: String,
    pub code: String,
    pub house: String,
    pub qr_svg: String,
    pub created_at: u64,
    /// Whose it is; nobody's where it is the house's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person_name: Option<String>,
}

// The code is the seed of a device.
impl std::fmt::Debug for RecoverySheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoverySheet").field("created_at", &self.created_at).finish_non_exhaustive()
    }
}

/// What a parent sees before confirming that they want to join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct InviteGreeting {
    pub house_name: String,
    pub fingerprint: String,
    pub notice: String,
    pub valid_until: u64,
    pub role: Role,
    /// For what lies behind the PINs of a group's tablet: it belongs on that tablet.
    pub pin: bool,
    /// From another device of the same person: what this one is to be called.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub device_name: Option<String>,
    pub help_line: String,
}

/// `people`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct People {
    pub staff: Vec<PersonEntry>,
    pub children: Vec<ChildEntry>,
}
