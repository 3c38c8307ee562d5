//! One sample of every command, query and answer, as the page's contract types it. The file is TypeScript with
//! `satisfies`, so the web app's type check fails when the contract drifts, and this test when core does.

mod media;

use serde_json::{Map, Value, json, to_value};

use media::{host_commands, index, keys, uploads};

use crate::app::command::{Command, Contacts, Custody, NoArgs, Query, Relation, StaffRole};
use crate::app::view::*;
use crate::app::{AppError, Reply, View};
use crate::crypto::BlobSecret;
use crate::media::MediaFault;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web-demo/src/engine/contract.golden.ts");
const HEAD: &str = "/**
 * @file One sample of everything that crosses the edge, as `core` writes it. Made by core's tests
 * (`NESTPOST_BLESS=1 cargo test -p nestpost-core golden`); the type check holds it against the contract.
 */
import type { Commands, ErrorCode, InviteGreeting, Queries } from './contract';
import type { HostCommands, MediaIndexed, MediaRefs, TransferEdge } from './edge';
";
/// Anything hex.
const ID: &str = "0123456789abcdef0123456789abcdef";
const AT: u64 = 1_795_243_200_000;

fn id() -> String {
    ID.into()
}

fn day() -> String {
    "2026-11-21".into()
}

fn group() -> Group {
    Group { id: id(), name: "Igel".into(), symbol: GroupSymbol::Hedgehog, child_count: 1 }
}

fn absence(full: bool) -> Absence {
    Absence {
        id: id(),
        child: id(),
        kind: if full { AbsenceKind::Sick } else { AbsenceKind::Away },
        from: day(),
        to: day(),
        note: full.then(|| "Fieber".into()),
        by: if full { ReportedBy::Me } else { ReportedBy::OtherGuardian },
        by_name: full.then(|| "Maren".into()),
        at: full.then_some(AT),
        state: if full { ItemState::House } else { ItemState::Local },
        withdrawn: !full,
    }
}

fn secret() -> BlobSecret {
    BlobSecret::from_bytes([7; 32])
}

fn transfer(stage: TransferStage) -> Transfer {
    let fault = (stage == TransferStage::Failed).then_some(MediaFault::FormatUnsupported);
    let may_retry = false;
    Transfer { stage, fault, may_retry, name: (stage != TransferStage::Sent).then(|| "IMG_1.HEIC".into()) }
}

fn picture(stage: Option<TransferStage>) -> Picture {
    let audience = match stage {
        None => PictureAudience::Group,
        Some(TransferStage::Kept | TransferStage::Ready) => PictureAudience::Child,
        Some(TransferStage::Sent | TransferStage::Failed) => PictureAudience::Thread,
    };
    Picture {
        id: id(),
        set: id(),
        width: 1600,
        height: 1200,
        hash: "3807".into(),
        alt: "Laternen".into(),
        at: AT,
        author: "Eva".into(),
        mine: true,
        audience,
        audience_name: "Igel".into(),
        shared_with: vec!["Mila".into()],
        state: ItemState::Relay,
        transfer: stage.map(transfer),
        may_download: false,
        may_remove: true,
        may_share: true,
    }
}

fn attachment(stage: Option<TransferStage>) -> Attachment {
    Attachment {
        id: id(),
        set: id(),
        name: "Speiseplan.pdf".into(),
        bytes: 123_456,
        at: AT,
        mine: true,
        state: ItemState::Relay,
        transfer: stage.map(transfer),
        may_remove: true,
    }
}

fn media() -> Media {
    Media { pictures: vec![picture(None)], files: vec![attachment(None)] }
}

fn under_way() -> Media {
    use TransferStage as T;
    let pictures = [T::Kept, T::Ready, T::Sent, T::Failed].map(|stage| picture(Some(stage)));
    Media { pictures: pictures.to_vec(), files: vec![attachment(Some(T::Failed))] }
}

fn bulletin(full: bool) -> Bulletin {
    Bulletin {
        id: id(),
        media: if full { media() } else { Media::default() },
        title: "Laternenfest".into(),
        body: "Freitag".into(),
        audience: if full { Audience::Group } else { Audience::House },
        group_name: full.then(|| "Igel".into()),
        author: "Eva".into(),
        mine: full,
        at: AT,
        state: ItemState::Relay,
        seen_by_families: full.then_some(3),
        read: !full,
    }
}

fn message(full: bool) -> Message {
    Message {
        id: id(),
        media: if full { media() } else { Media::default() },
        text: "Hallo".into(),
        mine: full,
        side: if full { ThreadSide::Guardian } else { ThreadSide::House },
        author: "Maren".into(),
        at: AT,
        state: ItemState::House,
        seen_at: full.then_some(AT),
        absence: full.then(|| absence(true)),
    }
}

fn thread(full: bool) -> Thread {
    Thread {
        id: id(),
        child: id(),
        child_name: "Mila".into(),
        guardian_name: "Maren".into(),
        group_name: "Igel".into(),
        unread: 1,
        ended: !full,
        last: full.then(|| message(true)),
    }
}

fn attendance() -> Attendance {
    use AttendanceEvent as E;
    let mark = |(event, state)| AttendanceMark { event, at: (event == E::Came).then_some(AT), state };
    let marks = [(E::Came, ItemState::Relay), (E::Left, ItemState::Local)].map(mark).to_vec();
    Attendance { presence: Presence::Left, marks }
}

fn place() -> PlaceView {
    let staff = vec![NamedPerson { person: id(), name: "Eva".into() }];
    PlaceView { name: "Tablet Igel".into(), pin: Some(id()), groups: vec![group()], staff }
}

fn emergency() -> EmergencyEntry {
    let (name, allergies, contacts) = ("Mila".into(), "Nüsse".into(), "Maren 0341 1".into());
    EmergencyEntry { id: id(), name, allergies, contacts, apart: "Falk 0341 2".into(), untimed: false }
}

fn group_day() -> GroupDay {
    let child = |status| DayChild {
        id: id(),
        name: "Mila".into(),
        status,
        absences: vec![absence(true)],
        attendance: attendance(),
        allergies: (status == DayStatus::Expected).then(|| "Nüsse".into()),
    };
    let children = [DayStatus::Expected, DayStatus::Sick, DayStatus::Away].map(child).to_vec();
    GroupDay { day: day(), group: group(), children, expected: 1, sick: 1, away: 1 }
}

fn person(stage: PersonStage, invite: Option<InviteStage>) -> PersonEntry {
    PersonEntry {
        person: id(),
        name: "Maren".into(),
        role: Role::Guardian,
        groups: vec![id()],
        children: vec![NamedChild { id: id(), name: "Mila".into() }],
        stage,
        devices: 1,
        invite: invite.map(|stage| InviteEntry { id: id(), valid_until: AT, stage }),
        pin: None,
    }
}

fn people() -> People {
    use {InviteStage as I, PersonStage as P};
    let guardians = [
        (P::None, None),
        (P::Invited, Some(I::Open)),
        (P::Joining, Some(I::Used)),
        (P::Member, Some(I::Revoked)),
        (P::Ended, Some(I::Expired)),
    ];
    let guardians = guardians.map(|(stage, invite)| person(stage, invite)).to_vec();
    People {
        staff: vec![PersonEntry {
            role: Role::Place,
            pin: Some(Box::new(person(P::Invited, Some(I::Open)))),
            ..person(P::None, None)
        }],
        children: vec![ChildEntry { id: id(), name: "Mila".into(), group: id(), guardians }],
    }
}

fn pending(full: bool) -> PendingJoin {
    PendingJoin {
        id: id(),
        person: id(),
        device: id().repeat(2),
        name: "Maren".into(),
        role: Role::Educator,
        child_names: vec!["Mila".into()],
        digits: vec!["012".into(); 6],
        at: full.then_some(AT),
    }
}

fn letter() -> Letter {
    Letter {
        invite: id(),
        person: id(),
        person_name: "Maren".into(),
        child_names: vec!["Mila".into()],
        role: Role::Director,
        house_name: "Spatzennest".into(),
        fingerprint: "AAAA-BBBB-CCCC-DDDD".into(),
        code: "CODE".into(),
        link: "https://kita.example/#j=HOUSE.CODE".into(),
        qr_svg: "<svg></svg>".into(),
        valid_until: AT,
        help_line: "0341".into(),
    }
}

fn sheet() -> RecoverySheet {
    RecoverySheet {
        house_name: "Spatzennest".into(),
        fingerprint: "AAAA-BBBB-CCCC-DDDD".into(),
        code: "CODE".into(),
        house: "HOUSE".into(),
        qr_svg: "<svg></svg>".into(),
        created_at: AT,
        person_name: Some("Ada".into()),
    }
}

fn commands() -> Vec<(Command, Reply)> {
    let text = || String::from("Text");
    let made = || Reply::Id { id: id() };
    let person = || Reply::Person { person: id() };
    vec![
        (Command::CreateGroup { name: text(), symbol: GroupSymbol::Ladybird }, made()),
        (Command::CreateChild { name: text(), group: id() }, made()),
        (Command::CreateGuardian { name: text(), child: id(), relation: Some(Relation::USUAL) }, person()),
        (
            Command::CreateProtected {
                name: text(),
                child: id(),
                relation: None,
                named: vec![id()],
                contacts: vec![contacts()],
                untimed: true,
            },
            person(),
        ),
        (Command::ForgetOvertaken { id: 7 }, Reply::empty()),
        (Command::AddGuardianToChild { person: id(), child: id(), relation: None }, Reply::empty()),
        (Command::SetGuardian { person: id(), child: id(), relation: relation() }, Reply::empty()),
        (
            Command::ProtectGuardian {
                person: id(),
                child: id(),
                named: vec![id()],
                on: true,
                contacts: vec![contacts()],
                untimed: true,
            },
            Reply::empty(),
        ),
        (Command::AddDevice { answer: "a2".into() }, Reply::empty()),
        (Command::Horizon { circle: Some(id()) }, Reply::empty()),
        (Command::CreateGuarded { name: text(), members: vec![id()] }, made()),
        (Command::CreateCouncil { members: vec![id()] }, made()),
        (Command::CreateIntake(NoArgs {}), Reply::empty()),
        (Command::CloseIntake(NoArgs {}), Reply::empty()),
        (Command::TakeInquiry { inquiry: id().repeat(2) }, Reply::empty()),
        (Command::DeleteInquiry { inquiry: id().repeat(2) }, Reply::empty()),
        (Command::MoveChild { child: id(), group: id() }, Reply::empty()),
        (Command::ChildLeaves { child: id() }, Reply::empty()),
        (Command::RemovePerson { person: id(), sheet: Some("CODE".into()) }, Reply::empty()),
        (Command::ReadmitPerson { person: id() }, Reply::empty()),
        (Command::EndDevice { device: id().repeat(2), sheet: None }, Reply::Proposal { proposal: id() }),
        (Command::ConfirmMove { origin: None, sheet: None }, Reply::Proposal { proposal: id() }),
        (Command::DissolveHouse { sheet: Some("CODE".into()) }, Reply::empty()),
        (Command::PostNote { circle: id(), title: text(), body: text() }, made()),
        (Command::RemoveItem { item: id() }, Reply::empty()),
        (Command::EraseItem { item: id() }, Reply::empty()),
        (Command::RestrictItem { item: id(), on: true }, Reply::empty()),
        (
            Command::CreateStaff {
                name: text(),
                role: StaffRole::Educator,
                groups: vec![id()],
                until: Some(day()),
            },
            person(),
        ),
        (Command::PlanGuardian { person: id(), child: id(), relation: relation(), day: day() }, made()),
        (Command::PlanMove { child: id(), group: id(), day: day() }, made()),
        (Command::PlanLeave { child: id(), day: day() }, made()),
        (Command::PlanEnd { person: id(), day: day(), sheet: None }, made()),
        (Command::CancelPlan { plan: id() }, Reply::empty()),
        (Command::Agree { proposal: id() }, Reply::empty()),
        (Command::Decline { proposal: id() }, Reply::empty()),
        (Command::CreateInvite { person: id(), valid_days: 14 }, Reply::Letter(Box::new(letter()))),
        (Command::DrawSheet(NoArgs {}), Reply::Sheet(Box::new(sheet()))),
        (Command::RenewSheet { code: "CODE".into() }, Reply::Id { id: id().repeat(2) }),
        (Command::PairDevice { name: "Telefon".into() }, Reply::Letter(Box::new(letter()))),
        (Command::NameDevice { device: id().repeat(2), name: "Telefon".into() }, Reply::empty()),
        (Command::GrantPin { place: id(), valid_days: 14 }, Reply::Letter(Box::new(letter()))),
        (Command::EndPlace { place: id() }, Reply::empty()),
        (
            Command::SetCare { child: id(), allergies: text(), contacts: text(), untimed: true },
            Reply::empty(),
        ),
        (Command::Attend { child: id(), day: day(), event: AttendanceEvent::None }, made()),
        (Command::RevokeInvite { invite: id() }, Reply::empty()),
        (Command::ConfirmJoin { join: id() }, Reply::empty()),
        (Command::DeclineJoin { join: id() }, Reply::empty()),
        (Command::UpdateHouse { name: text(), help_line: text(), notice: text() }, Reply::empty()),
        (Command::PostBulletin { group: None, title: text(), body: text(), set: Some(id()) }, made()),
        (Command::SendMessage { thread: id(), text: text(), set: Some(id()) }, made()),
        (
            Command::ReportAbsence {
                child: id(),
                kind: AbsenceKind::Sick,
                from: day(),
                to: day(),
                note: text(),
            },
            made(),
        ),
        (Command::WithdrawAbsence { absence: id() }, Reply::empty()),
        (Command::MarkSeen { items: vec![id()] }, Reply::empty()),
        (Command::DescribePicture { id: id(), alt: text() }, Reply::empty()),
        (Command::RetryMedia { id: id() }, Reply::empty()),
        (Command::SharePicture { id: id(), to: MediaTarget::Child(id()) }, Reply::empty()),
        (Command::RemoveMedia { id: id() }, Reply::empty()),
        (Command::PauseMedia { paused: true }, Reply::empty()),
        (Command::RetryUnsent(NoArgs {}), Reply::empty()),
        (
            Command::RecoverySheet(NoArgs {}),
            Reply::Sheet(Box::new(RecoverySheet { person_name: None, ..sheet() })),
        ),
        (Command::ConfirmSheetPrinted(NoArgs {}), Reply::empty()),
    ]
}

fn relation() -> Relation {
    Relation { custody: Custody::None, lives_with: false, information: true, collect: false }
}

fn reach() -> Reach {
    Reach { child: false, group: true, thread: true }
}

fn family() -> Family {
    let entry = person(PersonStage::Member, None);
    Family {
        left: true,
        guardians: vec![Kin {
            entry,
            relation: relation(),
            reach: reach(),
            protected: true,
            named: Some(members()),
            contacts: vec![contacts()],
        }],
    }
}

fn contacts() -> Contacts {
    Contacts { child: id(), contacts: "Maren 0341 1".into() }
}

fn members() -> Vec<BoardMember> {
    vec![BoardMember { person: id(), name: "Maren".into(), role: Role::Guardian }]
}

fn boards() -> Vec<Board> {
    use BoardSort as S;
    let sorts = [S::Staff, S::Council, S::Guarded, S::Child].into_iter();
    let board = |sort: S| Board {
        id: id(),
        sort,
        name: "Mila".into(),
        protects: (sort == S::Guarded).then(id),
        members: if sort == S::Guarded { members() } else { Vec::new() },
        may_write: sort != S::Child,
        last: (sort == S::Staff).then(note),
    };
    sorts.map(board).collect()
}

fn subject(person: bool, child: bool, group: bool) -> Subject {
    Subject {
        person: person.then(id),
        person_name: person.then(|| "Maren".into()),
        child: child.then(id),
        child_name: child.then(|| "Mila".into()),
        group: group.then(id),
        group_name: group.then(|| "Igel".into()),
    }
}

fn plans() -> Vec<PlanEntry> {
    use PlanStage as S;
    let of = |what, stage: S| {
        let (of_person, of_child) =
            (matches!(what, PlanWhat::Guardian | PlanWhat::End), !matches!(what, PlanWhat::End));
        PlanEntry {
            id: id(),
            what,
            day: day(),
            about: subject(of_person, of_child, what == PlanWhat::Move),
            relation: (what == PlanWhat::Guardian).then(relation),
            by: "Ada".into(),
            at: AT,
            stage,
            reason: (stage == S::Failed).then(|| "not_found".into()),
        }
    };
    vec![
        of(PlanWhat::Guardian, S::Due),
        of(PlanWhat::Move, S::Waiting),
        of(PlanWhat::Leave, S::Failed),
        of(PlanWhat::Move, S::Stuck),
        of(PlanWhat::End, S::Done),
        of(PlanWhat::End, S::Withdrawn),
    ]
}

fn intake() -> Intake {
    let entry = |taken: bool| IntakeEntry {
        id: id().repeat(2),
        name: "Kim".into(),
        contact: "0341".into(),
        text: "Ein Platz?".into(),
        at: AT,
        taken_by: taken.then(|| "Eva".into()),
    };
    Intake {
        open: true,
        link: Some("https://kita.example/#i=HOUSE.MARK".into()),
        qr_svg: Some("<svg></svg>".into()),
        entries: vec![entry(true), entry(false)],
        unreadable: 1,
    }
}

fn proposal(mine: bool) -> ProposalEntry {
    ProposalEntry {
        id: id(),
        what: if mine { ProposalWhat::EndDevice } else { ProposalWhat::ConfirmMove },
        person: mine.then(id),
        person_name: mine.then(|| "Ada".into()),
        device: mine.then(|| id().repeat(2)),
        address: (!mine).then(|| "https://kita.example".into()),
        by: "Ada".into(),
        mine,
        at: AT,
        day: mine.then(day),
        due: mine,
    }
}

fn confirmed(how: Admission) -> ConfirmedEntry {
    let met = how == Admission::Met;
    ConfirmedEntry {
        person: id(),
        name: "Maren".into(),
        role: Role::Guardian,
        children: vec![NamedChild { id: id(), name: "Mila".into() }],
        device: id().repeat(2),
        device_ended: !met,
        how,
        by_person: (how != Admission::Sheet).then(id),
        by: if how == Admission::Sheet { String::new() } else { "Ada".into() },
        by_removed: met,
        at: met.then_some(AT),
    }
}

fn evidence() -> Evidence {
    let all = [Wrong::Relay, Wrong::RelayUnproven, Wrong::RelayOrDevice, Wrong::Unproven, Wrong::Device];
    let cases = all.map(|what| {
        let named = matches!(what, Wrong::RelayOrDevice | Wrong::Unproven | Wrong::Device);
        EvidenceCase {
            what,
            person: named.then(id),
            person_name: named.then(|| "Maren".into()),
            device: named.then(|| id().repeat(2)),
        }
    });
    let set_aside = |place| QuarantinedEntry {
        record: id().repeat(2),
        place,
        place_name: "Igel".into(),
        number: 7,
        author: "Eva".into(),
    };
    let set_aside = vec![set_aside(Some(WrittenPlace::Group)), set_aside(None)];
    Evidence { cases: cases.to_vec(), set_aside, file: Some("a400".into()) }
}

fn overtaken() -> Vec<OvertakenEntry> {
    let part = |what| OvertakenPart { what, about: subject(true, false, false) };
    let entry = |id, what, cause| OvertakenEntry { id, parts: vec![part(what)], cause };
    vec![entry(7, Act::Invited, acts().pop()), entry(8, Act::RoleEnded, None)]
}

fn erasures() -> Erasures {
    let said = |mine| Said { name: "Ada".into(), mine, at: AT };
    let entry = |kind, place| WrittenEntry {
        item: id(),
        kind,
        place,
        place_name: "Igel".into(),
        text: "Text".into(),
        author: "Eva".into(),
        mine: false,
        at: AT,
        said: vec![said(true), said(false)],
    };
    let gone = |full: bool| ErasedEntry {
        place: WrittenPlace::Thread,
        place_name: "Maren".into(),
        count: 2,
        by: "Ada".into(),
        second: full.then(|| "Eva".into()),
        at: full.then_some(AT),
    };
    let kinds = [WrittenKind::Bulletin, WrittenKind::Note, WrittenKind::Picture, WrittenKind::File];
    let places = [WrittenPlace::House, WrittenPlace::Child, WrittenPlace::Group, WrittenPlace::Staff];
    let named = [WrittenPlace::Council, WrittenPlace::Guarded];
    Erasures {
        wished: kinds.into_iter().zip(places).map(|(kind, place)| entry(kind, place)).collect(),
        restricted: named.map(|place| entry(WrittenKind::Message, place)).to_vec(),
        erased: vec![gone(true), gone(false)],
    }
}

fn unsent() -> Vec<UnsentEntry> {
    let kinds =
        [UnsentKind::Bulletin, UnsentKind::Note, UnsentKind::Message, UnsentKind::Sick, UnsentKind::Away];
    let stuck = [Some(Stuck::NoAccess), Some(Stuck::Refused), None, None, None];
    let entry = |(kind, stuck)| {
        let day = matches!(kind, UnsentKind::Sick | UnsentKind::Away).then(day);
        let (place, place_name) = (WrittenPlace::Thread, "Carla".into());
        let (title, text) = ("Titel".into(), "Text".into());
        let (from, to) = (day.clone(), day);
        UnsentEntry { item: id(), kind, place, place_name, title, text, from, to, at: AT, stuck }
    };
    kinds.into_iter().zip(stuck).map(entry).collect()
}

fn acts() -> Vec<AdminEntry> {
    use Act as A;
    let of = |what: Act, full: bool| AdminEntry {
        seq: 7,
        what,
        by: "Ada".into(),
        by_sheet: false,
        by_person: full.then(id),
        agreed_by_sheet: full,
        agreed_by: if full { vec!["Dora".into()] } else { Vec::new() },
        carried_out_by: full.then(|| "Eva".into()),
        about: subject(full, full, full),
        role: full.then_some(Role::Guardian),
        device: full.then(|| id().repeat(2)),
        at: full.then_some(AT),
        after: full.then_some(AT),
    };
    let bare = [
        A::Founded,
        A::RoleEnded,
        A::Invited,
        A::InviteEnded,
        A::Confirmed,
        A::DeviceAdded,
        A::DeviceEnded,
        A::GroupMade,
        A::ChildMade,
        A::GuardedMade,
        A::CouncilMade,
        A::ThreadMade,
        A::ThreadEnded,
        A::ReadsChild,
        A::ReadsChildEnded,
        A::InGroup,
        A::InGroupEnded,
        A::ChildInGroup,
        A::ChildInGroupEnded,
        A::InGuarded,
        A::InGuardedEnded,
        A::InCouncil,
        A::InCouncilEnded,
        A::Protected,
        A::ProtectionEnded,
        A::GoesOn,
        A::Moved,
        A::Dissolved,
    ];
    [of(A::RoleGiven, true)].into_iter().chain(bare.map(|what| of(what, false))).collect()
}

fn note() -> Note {
    let (title, body, author) = ("Titel".into(), "Text".into(), "Eva".into());
    Note { id: id(), title, body, author, mine: false, at: AT, state: ItemState::Relay }
}

fn queries() -> Vec<(Query, View)> {
    let card = |group| ChildCard {
        id: id(),
        name: "Mila".into(),
        group,
        today: vec![absence(true)],
        upcoming: vec![absence(false)],
        attendance: attendance(),
        unread: 2,
        ended: false,
    };
    let home = ParentHome {
        children: vec![card(Some(group())), card(None)],
        bulletins: vec![bulletin(true), bulletin(false)],
        pictures: vec![picture(None)],
    };
    let detail = ThreadDetail { thread: thread(true), messages: vec![message(true), message(false)] };
    let desk = DirectorHome {
        joins: vec![pending(true)],
        open_invites: 1,
        groups: vec![group_day()],
        unread: vec![thread(true)],
    };
    let house = Absence { by: ReportedBy::House, ..absence(true) };
    vec![
        (Query::ParentHome { day: day() }, View::ParentHome(home)),
        (Query::Bulletins(NoArgs {}), View::Bulletins(vec![bulletin(true)])),
        (Query::Pictures(NoArgs {}), View::Pictures(vec![picture(None)])),
        (Query::Transfers(NoArgs {}), View::Transfers(under_way())),
        (Query::Notes { circle: id() }, View::Notes(vec![note()])),
        (Query::Relation { person: id(), child: id() }, View::Relation(relation())),
        (Query::Family { child: id() }, View::Family(family())),
        (Query::Reach { person: id(), child: id(), relation: relation() }, View::Reach(reach())),
        (Query::Boards(NoArgs {}), View::Boards(Boards { boards: boards(), may_make_council: true })),
        (
            Query::Devices { person: id() },
            View::Devices(vec![
                DeviceEntry {
                    device: id().repeat(2),
                    this: true,
                    ended: false,
                    sheet: false,
                    name: None,
                    printed_at: None,
                },
                DeviceEntry {
                    device: id().repeat(2),
                    this: false,
                    ended: true,
                    sheet: true,
                    name: Some("Telefon".into()),
                    printed_at: Some(AT),
                },
            ]),
        ),
        (Query::Threads(NoArgs {}), View::Threads(vec![thread(true), thread(false)])),
        (Query::Thread { id: id() }, View::Thread(Box::new(detail))),
        (Query::Absences { child: id() }, View::Absences(vec![house])),
        (Query::Groups(NoArgs {}), View::Groups(vec![group()])),
        (Query::GroupDay { group: id(), day: day() }, View::GroupDay(group_day())),
        (Query::People(NoArgs {}), View::People(people())),
        (Query::Plans(NoArgs {}), View::Plans(plans())),
        (Query::Proposals(NoArgs {}), View::Proposals(vec![proposal(true), proposal(false)])),
        (
            Query::Missing(NoArgs {}),
            View::Missing(vec![MissingDay { at: Some(AT), count: 3 }, MissingDay { at: None, count: 1 }]),
        ),
        (Query::Overtaken(NoArgs {}), View::Overtaken(overtaken())),
        (Query::Intake(NoArgs {}), View::Intake(intake())),
        (
            Query::ConfirmedLately(NoArgs {}),
            View::ConfirmedLately([Admission::Met, Admission::Own, Admission::Sheet].map(confirmed).to_vec()),
        ),
        (Query::AdminLog(NoArgs {}), View::AdminLog(acts())),
        (Query::Evidence(NoArgs {}), View::Evidence(evidence())),
        (Query::Erasures(NoArgs {}), View::Erasures(erasures())),
        (Query::Unsent(NoArgs {}), View::Unsent(unsent())),
        (Query::PendingJoins(NoArgs {}), View::PendingJoins(vec![pending(true), pending(false)])),
        (Query::DirectorHome { day: day() }, View::DirectorHome(desk)),
        (Query::Place(NoArgs {}), View::Place(place())),
        (Query::EmergencyList { group: id() }, View::EmergencyList(vec![emergency()])),
    ]
}

/// Of `{name: args}`: the arguments and the result, under the name.
fn sample(into: &mut Map<String, Value>, call: Value, result: Value) {
    let (name, args) = call.as_object().and_then(|call| call.iter().next()).expect("a call has a name");
    into.insert(name.clone(), json!({ "args": args, "result": result }));
}

fn render() -> String {
    let [mut all_commands, mut all_host_commands, mut all_queries] = [(); 3].map(|()| Map::new());
    for (into, all) in [(&mut all_commands, commands()), (&mut all_host_commands, host_commands())] {
        for (command, reply) in all {
            let call = to_value(&command).expect("serialises");
            assert_eq!(serde_json::from_value::<Command>(call.clone()).expect("reads back"), command);
            sample(into, call, to_value(reply).expect("serialises"));
        }
    }
    for (query, view) in queries() {
        let call = to_value(&query).expect("serialises");
        assert_eq!(serde_json::from_value::<Query>(call.clone()).expect("reads back"), query);
        sample(&mut all_queries, call, to_value(view).expect("serialises"));
    }
    let greeting = InviteGreeting {
        house_name: "Spatzennest".into(),
        fingerprint: "AAAA-BBBB-CCCC-DDDD".into(),
        notice: "Art. 13".into(),
        valid_until: AT,
        role: Role::Guardian,
        pin: false,
        help_line: "0341".into(),
        device_name: Some("Tablet".into()),
    };
    let block = |name: &str, value: Value, shape: &str| {
        let body = serde_json::to_string_pretty(&value).expect("serialises");
        format!("\n// prettier-ignore\nexport const {name} = {body} satisfies {shape};\n")
    };
    let each = |of: &str| format!("{{ [K in keyof {of}]: Pick<{of}[K], 'args' | 'result'> }}");
    [
        HEAD.to_owned(),
        block("commands", Value::Object(all_commands), &each("Commands")),
        block("queries", Value::Object(all_queries), &each("Queries")),
        block("greeting", to_value(greeting).expect("serialises"), "InviteGreeting"),
        block("hostCommands", Value::Object(all_host_commands), &each("HostCommands")),
        block("transfers", to_value(uploads()).expect("serialises"), "readonly TransferEdge[]"),
        block("media", to_value(keys()).expect("serialises"), "readonly MediaRefs[]"),
        block("mediaIndex", to_value(index()).expect("serialises"), "readonly MediaIndexed[]"),
        block("errors", to_value(AppError::ALL).expect("serialises"), "readonly ErrorCode[]"),
    ]
    .concat()
}

#[test]
fn golden_samples_are_what_the_web_app_checks() {
    let now = render();
    if std::env::var_os("NESTPOST_BLESS").is_some() {
        std::fs::write(FILE, &now).expect("the golden file is written");
    }
    let kept = std::fs::read_to_string(FILE).expect("the golden file is there");
    assert!(
        kept == now,
        "core's edge types changed: bless contract.golden.ts and see whether the web app still checks"
    );
}
