//! What this device has written and the relay does not have.

use serde::{Deserialize, Serialize};

use super::WrittenPlace;

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum UnsentKind {
    Bulletin,
    Note,
    Message,
    Sick,
    Away,
}

/// Why it does not go by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stuck {
    /// This device does not write there any more.
    NoAccess,
    /// The relay did not take it. It is tried again.
    Refused,
}

/// Something that somebody wrote here, whole: whoever saves it needs nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct UnsentEntry {
    pub item: String,
    pub kind: UnsentKind,
    pub place: WrittenPlace,
    /// Of the group, the child, the guardian or the circle.
    pub place_name: String,
    /// A heading, where there is one.
    pub title: String,
    pub text: String,
    /// Of an absence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
    pub at: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stuck: Option<Stuck>,
}
