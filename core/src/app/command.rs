//! What the page asks for. Mirrors `Commands` and `Queries` of `web-demo/src/engine/contract.ts`; a golden file keeps
//! the two from drifting apart. At the edge ids are lower-case hex, days `YYYY-MM-DD`, times milliseconds.

use serde::{Deserialize, Serialize};

use super::view::{AbsenceKind, GroupSymbol};

/// Something to do, as `{name: args}`. Resolves once it is stored on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "fields are those of the contract, described there")]
pub enum Command {
    /// A group: its team, its parents, its circle.
    CreateGroup { name: String, symbol: GroupSymbol },
    /// A child in a group.
    CreateChild { name: String, group: String },
    /// A guardian of a child.
    CreateGuardian { name: String, child: String },
    /// A guardian who is here already, also of a sibling.
    AddGuardianToChild { person: String, child: String },
    /// Somebody who works here, or a group's shared tablets.
    CreateStaff { name: String, role: StaffRole, groups: Vec<String> },
    /// A letter for a person; voids the open ones they have.
    CreateInvite { person: String, valid_days: u16 },
    /// The letter is void.
    RevokeInvite { invite: String },
    /// The digits were compared.
    ConfirmJoin { join: String },
    /// The digits differ, or nobody knows who it is.
    DeclineJoin { join: String },
    /// Name, help line and notice of the house.
    UpdateHouse { name: String, help_line: String, notice: String },
    /// A bulletin to a group, or to the house.
    PostBulletin { group: Option<String>, title: String, body: String },
    /// A message into a thread.
    SendMessage { thread: String, text: String },
    /// A child will not come.
    ReportAbsence { child: String, kind: AbsenceKind, from: String, to: String, note: String },
    /// It will come after all.
    WithdrawAbsence { absence: String },
    /// These items were on screen.
    MarkSeen { items: Vec<String> },
    /// The recovery sheet again, while it is not confirmed; the engine answers this one.
    RecoverySheet(NoArgs),
    /// The recovery sheet is on paper; the engine notes it.
    ConfirmSheetPrinted(NoArgs),
}

/// `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NoArgs {}

/// Roles that `create_staff` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// Works with children.
    Educator,
    /// Directs the house.
    Director,
    /// The shared tablets of a group.
    Place,
}

/// A pure read, as `{name: args}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "fields are those of the contract, described there")]
pub enum Query {
    /// A guardian's children and the news.
    ParentHome { day: String },
    /// All bulletins, newest first.
    Bulletins(NoArgs),
    /// All threads, latest first.
    Threads(NoArgs),
    /// One thread.
    Thread { id: String },
    /// All absences of a child.
    Absences { child: String },
    /// The groups this device may see.
    Groups(NoArgs),
    /// Who is expected in a group on a day.
    GroupDay { group: String, day: String },
    /// Who belongs.
    People(NoArgs),
    /// Who waits at the door.
    PendingJoins(NoArgs),
    /// What waits for the director.
    DirectorHome { day: String },
}
