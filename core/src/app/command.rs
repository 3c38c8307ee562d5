//! What the page asks for. Mirrors `commands.ts` and `queries.ts` in `web-demo/src/engine/`; a golden file keeps
//! the two from drifting apart. At the edge ids are lower-case hex, days `YYYY-MM-DD`, times milliseconds.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::view::{AbsenceKind, AttendanceEvent, GroupSymbol, MediaTarget};
use crate::crypto::BlobSecret;
use crate::media::MediaFault;
use crate::transfers::MediaKind;

/// Something to do, as `{name: args}`. Resolves once it is stored on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
// One wording for all: nobody reads which field a worker of ours got wrong, and phones load it.
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", expecting = "a command")]
#[expect(missing_docs, reason = "fields are those of the contract, described there")]
pub enum Command {
    /// A group: its team, its parents, its circle.
    CreateGroup { name: String, symbol: GroupSymbol },
    /// A child in a group.
    CreateChild { name: String, group: String },
    /// A guardian of a child.
    CreateGuardian {
        name: String,
        child: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        relation: Option<Relation>,
    },
    /// A guardian of whom nobody but directors and these staff ever learns. `contacts`: as below.
    CreateProtected {
        name: String,
        child: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        relation: Option<Relation>,
        named: Vec<String>,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        contacts: Vec<Contacts>,
        #[serde(default)]
        untimed: bool,
    },
    /// A guardian who is here already, also of a sibling.
    AddGuardianToChild {
        person: String,
        child: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        relation: Option<Relation>,
    },
    /// What a guardian is to a child has changed; which circles they read follows.
    SetGuardian { person: String, child: String, relation: Relation },
    /// Nobody but directors and these staff is to learn of a guardian, or no longer so. `contacts`: whom to call for their children
    /// from now on, without them; what went stays with directors and these staff. `untimed`: when these children come and leave is not
    /// written down any more.
    ProtectGuardian {
        person: String,
        child: String,
        named: Vec<String>,
        on: bool,
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        contacts: Vec<Contacts>,
        #[serde(default)]
        untimed: bool,
    },
    /// A child moves to another group.
    MoveChild { child: String, group: String },
    /// A child has left the house.
    ChildLeaves { child: String },
    /// Somebody belongs no longer. A director goes only when two agree: the recovery sheet's code stands for the second.
    RemovePerson {
        person: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        sheet: Option<String>,
    },
    /// Somebody who belonged does so again.
    ReadmitPerson { person: String },
    /// Another device of one's own: what it answered when it was told whose it is to be. From the recovery sheet:
    /// anybody's.
    AddDevice { answer: String },
    /// Whoever comes later reads this circle from now on only; without one, what is written to the whole house.
    Horizon { circle: Option<String> },
    /// A circle of named persons; directors are in it only if they are named.
    CreateGuarded { name: String, members: Vec<String> },
    /// The circle of the elected parents.
    CreateCouncil { members: Vec<String> },
    /// Outsiders may write to the house by a public link. Again: the links of before end.
    CreateIntake(NoArgs),
    /// Outsiders may not write any more.
    CloseIntake(NoArgs),
    /// Somebody of the staff sees to what an outsider wrote.
    TakeInquiry { inquiry: String },
    /// What an outsider wrote is not needed any more.
    DeleteInquiry { inquiry: String },
    /// A device belongs no longer, and empties its storage when it hears of it.
    EndDevice {
        device: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        sheet: Option<String>,
    },
    /// The house goes on with the copy that its relay has: it moved, or was restored. It takes two.
    ConfirmMove {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        origin: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        sheet: Option<String>,
    },
    /// The house is over: nobody writes any more, and the relay deletes it later. It takes two, as for a director who goes.
    DissolveHouse {
        #[serde(skip_serializing_if = "Option::is_none", default)]
        sheet: Option<String>,
    },
    /// Somebody who works here, or a group's shared tablets. A substitute stays up to a day.
    CreateStaff {
        name: String,
        role: StaffRole,
        groups: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        until: Option<String>,
    },
    /// From a day on, a guardian is something else to a child. This and the next three are carried out on the day by whichever
    /// device of the house is there.
    PlanGuardian { person: String, child: String, relation: Relation, day: String },
    /// On a day, a child moves to another group.
    PlanMove { child: String, group: String, day: String },
    /// On a day, a child has left the house.
    PlanLeave { child: String, day: String },
    /// On a day, somebody belongs no longer; a director only when two agree now.
    PlanEnd {
        person: String,
        day: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        sheet: Option<String>,
    },
    /// What was planned is not to be.
    CancelPlan { plan: String },
    /// A director agrees to what another one proposed: it is done.
    Agree { proposal: String },
    /// A director does not agree, or takes back what they proposed.
    Decline { proposal: String },
    /// A letter for what lies behind the PINs of a group's tablet; what was there before ends.
    GrantPin { place: String, valid_days: u16 },
    /// A group's tablet is gone: everything on it ends.
    EndPlace { place: String },
    /// What the day needs to know of a child: allergies, whom to call, whether times are kept.
    SetCare { child: String, allergies: String, contacts: String, untimed: bool },
    /// A child came, or left, or neither.
    Attend { child: String, day: String, event: AttendanceEvent },
    /// A letter for a person; voids the open ones they have.
    CreateInvite { person: String, valid_days: u16 },
    /// A code for another device of one's own, and what it is to be called. Voids the person's open letters.
    PairDevice { name: String },
    /// A recovery sheet of this person to print; on the house's that was typed in: one of the house. It is worth nothing yet, and
    /// kept nowhere.
    DrawSheet(NoArgs),
    /// It is printed: from now on this sheet counts, and those of before no longer.
    RenewSheet { code: String },
    /// What this person calls a device of theirs. Only their devices know; the engine notes it.
    NameDevice { device: String, name: String },
    /// The letter is void.
    RevokeInvite { invite: String },
    /// The digits were compared.
    ConfirmJoin { join: String },
    /// The digits differ, or nobody knows who it is.
    DeclineJoin { join: String },
    /// Name, help line and notice of the house.
    UpdateHouse { name: String, help_line: String, notice: String },
    /// A bulletin to a group, or to the house.
    PostBulletin {
        group: Option<String>,
        title: String,
        body: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        set: Option<String>,
    },
    /// A note to everybody who reads a circle: a child's guardians, or the staff.
    PostNote { circle: String, title: String, body: String },
    /// What was written is taken back.
    RemoveItem { item: String },
    /// What somebody else wrote, or a picture of theirs, is to go for good: once two of the staff want it.
    EraseItem { item: String },
    /// Nobody is shown something any more, and nobody erases it (Art. 18 GDPR); or that ends.
    RestrictItem { item: String, on: bool },
    /// A message into a thread.
    SendMessage {
        thread: String,
        text: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        set: Option<String>,
    },
    /// A child will not come.
    ReportAbsence { child: String, kind: AbsenceKind, from: String, to: String, note: String },
    /// It will come after all.
    WithdrawAbsence { absence: String },
    /// These items were on screen.
    MarkSeen { items: Vec<String> },
    /// What is to be seen on a picture.
    DescribePicture { id: String, alt: String },
    /// A picture also for somebody else.
    SharePicture { id: String, to: MediaTarget },
    /// A picture or file is taken back, on its way or sent.
    RemoveMedia { id: String },
    /// What was set aside is tried again, where something of it is left.
    RetryMedia { id: String },
    /// What was decided here and came to nothing has been read; the engine forgets it.
    ForgetOvertaken { id: u64 },
    /// What the relay did not take is offered to it again, at once; the engine does it.
    RetryUnsent(NoArgs),
    /// Pictures and files are sent no further, or again; the engine notes it.
    PauseMedia { paused: bool },
    /// Files are safe on this device. This and the next three are the host's, not the page's.
    TakeMedia { to: MediaTarget, set: String, files: Vec<TakenFile> },
    /// One is stripped and sealed.
    MediaReady {
        id: String,
        full: SealedArgs,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        thumb: Option<SealedArgs>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        width: Option<u16>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        height: Option<u16>,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        hash: Option<String>,
    },
    /// One is set aside.
    MediaFailed { id: String, fault: MediaFault },
    /// Every byte of one is at the relay.
    MediaSent { id: String },
    /// The recovery sheet again, while it is not confirmed; the engine answers this one.
    RecoverySheet(NoArgs),
    /// The recovery sheet is on paper; the engine notes it.
    ConfirmSheetPrinted(NoArgs),
}

/// Whom to call for a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
#[expect(missing_docs, reason = "as in the contract")]
pub struct Contacts {
    #[n(0)]
    pub child: String,
    #[n(1)]
    pub contacts: String,
}

/// What a guardian is to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "camelCase")]
#[cbor(map)]
pub struct Relation {
    /// Who they care for the child with.
    #[n(0)]
    pub custody: Custody,
    /// The child lives with them.
    #[n(1)]
    pub lives_with: bool,
    /// They have a right to be told.
    #[n(2)]
    pub information: bool,
    /// They may collect the child.
    #[n(3)]
    pub collect: bool,
}

impl Relation {
    /// What is taken for granted of parents.
    pub const USUAL: Self =
        Self { custody: Custody::Joint, lives_with: true, information: true, collect: true };

    /// They have a thread of their own.
    pub(super) fn is_told(&self) -> bool {
        self.information || !nestpost_protocol::stands!(ToldGuardian)
    }

    /// They read the child, and are among the parents of its group.
    pub(super) fn reads_child(&self) -> bool {
        self.information && (self.custody != Custody::None || !nestpost_protocol::stands!(ChildGuardian))
    }
}

/// Custody of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Custody {
    /// With somebody else.
    #[n(0)]
    Joint,
    /// Alone.
    #[n(1)]
    Sole,
    /// Guardian by court.
    #[n(2)]
    Court,
    /// Foster parent.
    #[n(3)]
    Foster,
    /// None; they may still have a right to be told.
    #[n(4)]
    None,
}

/// `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NoArgs {}

/// A file whose original lies sealed on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are those of the contract, described there")]
pub struct TakenFile {
    pub id: String,
    pub kind: MediaKind,
    pub name: String,
    pub alt: String,
    #[serde(with = "secret_hex")]
    pub secret: BlobSecret,
    pub bytes: u64,
}

/// A blob as the media worker sealed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are those of the contract, described there")]
pub struct SealedArgs {
    pub id: String,
    #[serde(with = "secret_hex")]
    pub secret: BlobSecret,
    pub bytes: u64,
    pub sealed: u64,
}

/// A blob's secret between engine and media worker.
pub(crate) mod secret_hex {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};
    use zeroize::Zeroizing;

    use crate::crypto::BlobSecret;

    pub(crate) fn serialize<S: Serializer>(secret: &BlobSecret, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(secret.expose_hex()))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BlobSecret, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        BlobSecret::from_hex(&text).map_err(D::Error::custom)
    }
}

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
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase", expecting = "a query")]
#[expect(missing_docs, reason = "fields are those of the contract, described there")]
pub enum Query {
    /// A guardian's children and the news.
    ParentHome { day: String },
    /// All bulletins, newest first.
    Bulletins(NoArgs),
    /// Pictures for groups and children, newest first.
    Pictures(NoArgs),
    /// What this device is sending or has set aside.
    Transfers(NoArgs),
    /// Notes in the circle of a child or of the staff, newest first.
    Notes { circle: String },
    /// What a guardian is to a child.
    Relation { person: String, child: String },
    /// Everybody who is or was something to a child.
    Family { child: String },
    /// What a guardian would see if they were this to a child.
    Reach { person: String, child: String, relation: Relation },
    /// Circles with notes of their own.
    Boards(NoArgs),
    /// Devices of a person: one's own, or for a director anybody's.
    Devices { person: String },
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
    /// What is planned for later days, and what became of it.
    Plans(NoArgs),
    /// What waits for a second director.
    Proposals(NoArgs),
    /// What the copy of a relay lacks of what this device has, by day.
    Missing(NoArgs),
    /// What was decided here and came to nothing, because the house had changed meanwhile.
    Overtaken(NoArgs),
    /// What outsiders wrote, and the link by which they do.
    Intake(NoArgs),
    /// Which devices were let in lately, and by whom.
    ConfirmedLately(NoArgs),
    /// What was done to whom.
    AdminLog(NoArgs),
    /// What this device could show of a relay that lied or a member that did not keep to the rules.
    Evidence(NoArgs),
    /// What is wanted to go for good, what nobody is shown, and what was erased.
    Erasures(NoArgs),
    /// What this person wrote and the relay does not have, oldest first.
    Unsent(NoArgs),
    /// Who waits at the door.
    PendingJoins(NoArgs),
    /// What waits for the director.
    DirectorHome { day: String },
    /// Whose tablet this is, and who works there.
    Place(NoArgs),
    /// Whom to call for the children of a group.
    EmergencyList { group: String },
}
