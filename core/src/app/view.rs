//! What the page shows. Mirrors the types of `web-demo/src/engine/views.ts`, field by field.

use minicbor::{Decode, Encode};
use nestpost_protocol::log::kind::role::Role as LogRole;
use serde::{Deserialize, Serialize};

use super::command::Relation;
use super::item;

mod acts;
mod erase;
mod family;
mod intake;
mod later;
mod media;
mod people;
mod place;
mod unsent;
pub use acts::{
    Act, AdminEntry, Admission, ConfirmedEntry, Evidence, EvidenceCase, OvertakenEntry, OvertakenPart,
    QuarantinedEntry, Subject, Wrong,
};
pub use erase::{ErasedEntry, Erasures, Said, WrittenEntry, WrittenKind, WrittenPlace};
pub use family::{Board, BoardMember, BoardSort, Boards, Family, Kin, Reach};
pub use intake::{Intake, IntakeEntry};
pub use later::{MissingDay, PlanEntry, PlanStage, PlanWhat, ProposalEntry, ProposalWhat};
pub use media::{Attachment, Media, MediaTarget, Picture, PictureAudience, Transfer, TransferStage};
pub use people::{
    ChildEntry, DeviceEntry, InviteEntry, InviteGreeting, InviteStage, Letter, NamedChild, PendingJoin,
    People, PersonEntry, PersonStage, RecoverySheet,
};
pub use place::{
    Attendance, AttendanceEvent, AttendanceMark, EmergencyEntry, NamedPerson, PlacePart, PlaceView, Presence,
};
pub use unsent::{Stuck, UnsentEntry, UnsentKind};

/// Where an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Only on this device.
    Local,
    /// The relay has it.
    Relay,
    /// The other side has seen it: somebody of the house, or a family.
    House,
}

/// Roles as the page knows them; in a greeting by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Role {
    /// Directs the house.
    #[n(0)]
    Director,
    /// Works with children.
    #[n(1)]
    Educator,
    /// Of a child.
    #[n(2)]
    Guardian,
    /// A group's shared tablets.
    #[n(3)]
    Place,
}

impl Role {
    /// The page's word for a role; `None` for the sheet and for outsiders, whom it never shows.
    #[must_use]
    pub const fn of(role: LogRole) -> Option<Self> {
        match role {
            LogRole::Director => Some(Self::Director),
            LogRole::Educator => Some(Self::Educator),
            LogRole::Guardian => Some(Self::Guardian),
            LogRole::Place => Some(Self::Place),
            LogRole::Applicant | LogRole::Sheet => None,
        }
    }
}

/// A mark that children know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "animals")]
pub enum GroupSymbol {
    Hedgehog,
    Squirrel,
    Owl,
    Fox,
    Snail,
    Ladybird,
    Bee,
    Frog,
}

impl GroupSymbol {
    const ALL: [Self; 8] = [
        Self::Hedgehog,
        Self::Squirrel,
        Self::Owl,
        Self::Fox,
        Self::Snail,
        Self::Ladybird,
        Self::Bee,
        Self::Frog,
    ];

    /// Its name in a profile.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().zip(item::profile::SYMBOLS).find(|(s, _)| **s == self).map_or("hedgehog", |(_, n)| n)
    }

    /// From its name in a profile; the first one where the name is unknown.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL
            .iter()
            .zip(item::profile::SYMBOLS)
            .find(|(_, n)| *n == name)
            .map_or(Self::Hedgehog, |(s, _)| *s)
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Group {
    pub id: String,
    pub name: String,
    pub symbol: GroupSymbol,
    pub child_count: u32,
}

/// Why a child is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum AbsenceKind {
    Sick,
    Away,
}

impl From<item::AbsenceKind> for AbsenceKind {
    fn from(kind: item::AbsenceKind) -> Self {
        match kind {
            item::AbsenceKind::Sick => Self::Sick,
            item::AbsenceKind::Away => Self::Away,
        }
    }
}

impl From<AbsenceKind> for item::AbsenceKind {
    fn from(kind: AbsenceKind) -> Self {
        match kind {
            AbsenceKind::Sick => Self::Sick,
            AbsenceKind::Away => Self::Away,
        }
    }
}

/// Who reported an absence, seen from the reader. For staff every guardian is `other_guardian`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum ReportedBy {
    Me,
    OtherGuardian,
    House,
}

/// An absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Absence {
    pub id: String,
    pub child: String,
    pub kind: AbsenceKind,
    pub from: String,
    pub to: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    pub by: ReportedBy,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by_name: Option<String>,
    /// When it was reported; absent from a copy for whom that is not told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<u64>,
    pub state: ItemState,
    pub withdrawn: bool,
}

/// A guardian's child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct ChildCard {
    pub id: String,
    pub name: String,
    pub group: Option<Group>,
    pub today: Vec<Absence>,
    pub upcoming: Vec<Absence>,
    pub attendance: Attendance,
    pub unread: u32,
    pub ended: bool,
}

/// Whom a bulletin is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum Audience {
    House,
    Group,
}

/// A bulletin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Bulletin {
    pub id: String,
    pub media: Media,
    pub title: String,
    pub body: String,
    pub audience: Audience,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group_name: Option<String>,
    pub author: String,
    pub mine: bool,
    pub at: u64,
    pub state: ItemState,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seen_by_families: Option<u32>,
    pub read: bool,
}

/// A note in the circle of a child or of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Note {
    pub id: String,
    pub title: String,
    pub body: String,
    pub author: String,
    pub mine: bool,
    pub at: u64,
    pub state: ItemState,
}

/// Which side of a thread wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum ThreadSide {
    House,
    Guardian,
}

/// A message of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Message {
    pub id: String,
    pub media: Media,
    pub text: String,
    pub mine: bool,
    pub side: ThreadSide,
    pub author: String,
    pub at: u64,
    pub state: ItemState,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seen_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub absence: Option<Absence>,
}

/// One thread per guardian and child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Thread {
    pub id: String,
    pub child: String,
    pub child_name: String,
    pub guardian_name: String,
    pub group_name: String,
    pub unread: u32,
    pub ended: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub last: Option<Message>,
}

/// A thread with its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct ThreadDetail {
    #[serde(flatten)]
    pub thread: Thread,
    pub messages: Vec<Message>,
}

/// What to expect of a child on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in the contract")]
pub enum DayStatus {
    Expected,
    Sick,
    Away,
}

/// A child on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct DayChild {
    pub id: String,
    pub name: String,
    pub status: DayStatus,
    pub absences: Vec<Absence>,
    pub attendance: Attendance,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub allergies: Option<String>,
}

/// A group on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct GroupDay {
    pub day: String,
    pub group: Group,
    pub children: Vec<DayChild>,
    pub expected: u32,
    pub sick: u32,
    pub away: u32,
}

/// `parent_home`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct ParentHome {
    pub children: Vec<ChildCard>,
    pub bulletins: Vec<Bulletin>,
    pub pictures: Vec<Picture>,
}

/// `director_home`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "as in the contract")]
pub struct DirectorHome {
    pub joins: Vec<PendingJoin>,
    pub open_invites: u32,
    pub groups: Vec<GroupDay>,
    pub unread: Vec<Thread>,
}

/// Answer to a query: the bare value of its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "one per query")]
pub enum View {
    ParentHome(ParentHome),
    Bulletins(Vec<Bulletin>),
    Pictures(Vec<Picture>),
    Transfers(Media),
    Notes(Vec<Note>),
    Relation(Relation),
    Family(Family),
    Reach(Reach),
    Boards(Boards),
    Devices(Vec<DeviceEntry>),
    Threads(Vec<Thread>),
    Thread(Box<ThreadDetail>),
    Absences(Vec<Absence>),
    Groups(Vec<Group>),
    GroupDay(GroupDay),
    People(People),
    Plans(Vec<PlanEntry>),
    Proposals(Vec<ProposalEntry>),
    Missing(Vec<MissingDay>),
    Overtaken(Vec<OvertakenEntry>),
    Intake(Intake),
    ConfirmedLately(Vec<ConfirmedEntry>),
    AdminLog(Vec<AdminEntry>),
    Evidence(Evidence),
    Erasures(Erasures),
    Unsent(Vec<UnsentEntry>),
    PendingJoins(Vec<PendingJoin>),
    DirectorHome(DirectorHome),
    Place(PlaceView),
    EmergencyList(Vec<EmergencyEntry>),
}

/// Answer to a command: the bare value of its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// The id of what was made.
    Id {
        /// Hex.
        id: String,
    },
    /// The person that was made.
    Person {
        /// Hex.
        person: String,
    },
    /// It waits for a second director.
    Proposal {
        /// Hex.
        proposal: String,
    },
    /// A letter.
    Letter(Box<Letter>),
    /// A recovery sheet.
    Sheet(Box<RecoverySheet>),
    /// Done.
    Done {},
}

impl Reply {
    /// Done, and nothing to tell.
    #[must_use]
    pub const fn empty() -> Self {
        Self::Done {}
    }
}

/// What the page's header shows of a house that this device belongs to; stage, line and alarms are the engine's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// Name of the house; empty until its profile has arrived.
    pub name: String,
    /// Of a group's tablet: whether this is its open part.
    pub place: Option<PlacePart>,
    /// Telephone number to ask for help.
    pub help_line: String,
    /// Art. 13 notice.
    pub notice: String,
    /// This device's person, hex; empty while it has none.
    pub person: String,
    /// Their name.
    pub person_name: String,
}
