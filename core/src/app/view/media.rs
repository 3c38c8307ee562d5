//! Pictures and files.

use serde::{Deserialize, Serialize};

use super::ItemState;
use crate::media::MediaFault;

/// For whom pictures and files are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum MediaTarget {
    Group(String),
    Child(String),
    Thread(String),
    House(bool),
}

/// How far a picture or file of this device has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum TransferStage {
    Kept,
    Ready,
    Sent,
    Failed,
}

/// Where a picture or file of this device is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Transfer {
    pub stage: TransferStage,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fault: Option<MediaFault>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub may_retry: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
}

/// Whom a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum PictureAudience {
    Group,
    Child,
    Thread,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Picture {
    pub id: String,
    pub set: String,
    pub width: u16,
    pub height: u16,
    pub hash: String,
    pub alt: String,
    pub at: u64,
    pub author: String,
    pub mine: bool,
    pub audience: PictureAudience,
    pub audience_name: String,
    pub shared_with: Vec<String>,
    pub state: ItemState,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub transfer: Option<Transfer>,
    pub may_download: bool,
    pub may_remove: bool,
    pub may_share: bool,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Attachment {
    pub id: String,
    pub set: String,
    pub name: String,
    pub bytes: u64,
    pub at: u64,
    pub mine: bool,
    pub state: ItemState,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub transfer: Option<Transfer>,
    pub may_remove: bool,
}

/// Pictures and files together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Media {
    pub pictures: Vec<Picture>,
    pub files: Vec<Attachment>,
}
