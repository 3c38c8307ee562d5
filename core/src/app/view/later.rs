//! What is planned for later days, and what waits for a second director.

use serde::{Deserialize, Serialize};

use super::Subject;
use crate::app::command::Relation;

/// What is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum PlanWhat {
    Guardian,
    Move,
    Leave,
    End,
}

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum PlanStage {
    Waiting,
    Due,
    /// Open, and cannot be as things are.
    Stuck,
    Done,
    Withdrawn,
    Failed,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct PlanEntry {
    pub id: String,
    pub what: PlanWhat,
    pub day: String,
    pub about: Subject,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub relation: Option<Relation>,
    pub by: String,
    pub at: u64,
    pub stage: PlanStage,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// Entries of a day that a relay's copy lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in the contract")]
pub struct MissingDay {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<u64>,
    pub count: u64,
}

/// What takes two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum ProposalWhat {
    RemovePerson,
    EndDevice,
    DissolveHouse,
    ConfirmMove,
}

/// What one director proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct ProposalEntry {
    pub id: String,
    pub what: ProposalWhat,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub device: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub address: Option<String>,
    pub by: String,
    pub mine: bool,
    pub at: u64,
    /// From this day on, where not at once.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub day: Option<String>,
    /// That day is here: whoever agrees now does it at once.
    pub due: bool,
}
