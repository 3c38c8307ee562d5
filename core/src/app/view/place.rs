//! A group's tablet, and who is there.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::{Group, ItemState};

/// Which part of a group's tablet a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacePart {
    /// Open to whoever stands before it.
    Open,
    /// Behind personal PINs.
    Pin,
}

/// What happened at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum AttendanceEvent {
    /// The child came.
    #[n(0)]
    Came,
    /// It left.
    #[n(1)]
    Left,
    /// Neither: what this replaces was a mistake.
    #[n(2)]
    None,
}

/// Whether a child is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum Presence {
    NotYet,
    Here,
    Left,
}

/// What one device said at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct AttendanceMark {
    pub event: AttendanceEvent,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<u64>,
    pub state: ItemState,
}

/// Whether a child is there on a day, and what says so: marks of different devices side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Attendance {
    pub presence: Presence,
    pub marks: Vec<AttendanceMark>,
}

/// A person, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct NamedPerson {
    pub person: String,
    pub name: String,
}

/// `place`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// What the tablet is called.
    pub name: String,
    /// The person behind its PINs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pin: Option<String>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Who works there and may set a PIN.
    pub staff: Vec<NamedPerson>,
}

/// Whom to call for a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct EmergencyEntry {
    pub id: String,
    pub name: String,
    pub allergies: String,
    pub contacts: String,
    /// And who stands with a protected guardian only: for directors and the staff named.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub apart: String,
    pub untimed: bool,
}
