//! What outsiders wrote.

use serde::{Deserialize, Serialize};

/// The intake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Intake {
    pub open: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub qr_svg: Option<String>,
    pub entries: Vec<IntakeEntry>,
    pub unreadable: u32,
}

/// What one of them wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct IntakeEntry {
    pub id: String,
    pub name: String,
    pub contact: String,
    pub text: String,
    pub at: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub taken_by: Option<String>,
}
