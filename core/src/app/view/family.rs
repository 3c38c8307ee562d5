//! What guardians are to a child, what they see of it, and the circles whose notes stand by themselves.

use serde::{Deserialize, Serialize};

use super::{PersonEntry, Role};
use crate::app::command::{Contacts, Relation};

/// What a guardian sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reach {
    /// The child: its notes, pictures, absences.
    pub child: bool,
    /// The child's group.
    pub group: bool,
    /// A thread of their own about the child.
    pub thread: bool,
}

/// A guardian of a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Kin {
    pub entry: PersonEntry,
    pub relation: Relation,
    pub reach: Reach,
    pub protected: bool,
    /// Staff who read with them; where this device may say who does.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub named: Option<Vec<BoardMember>>,
    /// Whom to call for each child of theirs; of somebody protected, what went from there, for directors and the staff named.
    pub contacts: Vec<Contacts>,
}

/// `family`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Family {
    pub left: bool,
    pub guardians: Vec<Kin>,
}

/// Sorts of circles with notes of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum BoardSort {
    Staff,
    Council,
    Guarded,
    Child,
}

/// Somebody in a circle of named persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct BoardMember {
    pub person: String,
    pub name: String,
    pub role: Role,
}

/// `boards`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Boards {
    pub boards: Vec<Board>,
    /// This person directs, and the house has no council, not even one that they do not read.
    pub may_make_council: bool,
}

/// A circle with notes of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Board {
    pub id: String,
    pub sort: BoardSort,
    pub name: String,
    /// The protected guardian for whom it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub protects: Option<String>,
    pub members: Vec<BoardMember>,
    pub may_write: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last: Option<super::Note>,
}
