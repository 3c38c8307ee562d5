//! What is wanted to go for good, what nobody is shown, and what was erased.

use serde::{Deserialize, Serialize};

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum WrittenKind {
    Bulletin,
    Note,
    Message,
    Picture,
    File,
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum WrittenPlace {
    House,
    Group,
    Child,
    Thread,
    Staff,
    Council,
    Guarded,
}

/// Somebody who said something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Said {
    pub name: String,
    pub mine: bool,
    pub at: u64,
}

/// Something that is to go, or is not to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct WrittenEntry {
    pub item: String,
    pub kind: WrittenKind,
    pub place: WrittenPlace,
    /// Of the group, the child, the guardian or the circle.
    pub place_name: String,
    /// How it begins.
    pub text: String,
    pub author: String,
    pub mine: bool,
    pub at: u64,
    pub said: Vec<Said>,
}

/// What was erased at once: nothing but where, how much and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct ErasedEntry {
    pub place: WrittenPlace,
    pub place_name: String,
    pub count: u32,
    pub by: String,
    /// Who else wanted it; absent where it was taken back before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub second: Option<String>,
    /// When the last word was said that it goes, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<u64>,
}

/// `erasures`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Erasures {
    pub wished: Vec<WrittenEntry>,
    pub restricted: Vec<WrittenEntry>,
    pub erased: Vec<ErasedEntry>,
}
