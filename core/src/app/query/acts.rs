//! Who did what to whom, from the log. It has no dates: what a time is known of was told by whoever did it, in an item of the
//! staff, and of the rest only the order is known.

use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, DeviceId, PersonId};
use nestpost_protocol::log::entry::CheckedEntry;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::Role as LogRole;
use nestpost_protocol::log::{Body, Class};
use nestpost_protocol::sorted::SortedMap;

use super::people;
use crate::app::AppError;
use crate::app::item::Item;
use crate::app::scene::Scene;
use crate::app::view::{
    Act, AdminEntry, Admission, ConfirmedEntry, NamedChild, OvertakenEntry, OvertakenPart, Role, Subject,
};
use crate::house::Overtaken;
use crate::time::Timestamp;

const DAY: u64 = 24 * 60 * 60 * 1000;
/// What was let in longer ago is not looked at again.
const CONFIRMED_MAX: u64 = 30 * DAY;
/// How far back the acts go.
const ACTS_MAX: u64 = 90 * DAY;
/// So many of the latest, of somebody who was removed since, are shown whatever time they claimed.
const LATEST: usize = 20;

/// What is known of when entries came.
struct Times {
    /// What the author of an entry said of it.
    claimed: SortedMap<u64, u64>,
    now: u64,
}

impl Times {
    fn new(scene: &Scene<'_>, now: Timestamp) -> Self {
        let log = &scene.house.log;
        let mut claimed = SortedMap::new();
        let staff = scene.sole(Sort::Staff).into_iter();
        let items = staff.flat_map(|circle| scene.items(&circle).collect::<Vec<_>>());
        for (at, item) in items {
            let said = match item {
                Item::Letter(letter) => log.invite_by_key(&letter.invite).map(|fact| (fact.seq, letter.at)),
                Item::LetIn(note) => {
                    let join = log.joins().find(|join| join.commitment == note.join);
                    join.and_then(|join| join.confirmed).map(|seq| (seq, note.at))
                }
                _ => None,
            };
            // Nobody says it of what somebody else did.
            let entry = said.and_then(|(seq, time)| Some((log.entry(seq)?, seq, time)));
            if let Some((entry, seq, time)) = entry
                && at.author == Some(entry.body.author)
            {
                claimed.insert(seq, time.min(now.millis()));
            }
        }
        Self { claimed, now: now.millis() }
    }

    /// The latest time that was told of entries before this one: it came no earlier.
    fn after(&self, seq: u64) -> Option<u64> {
        self.claimed.range(..seq).map(|(_, time)| *time).max()
    }

    /// The first entry that may be younger than this. One is older if it, or a later one, is said to be, and no earlier one
    /// contradicts that: a clock that is set back hides nothing.
    fn since(&self, age: u64) -> u64 {
        let cutoff = self.now.saturating_sub(age);
        let is_old = |(seq, time): (&u64, &u64)| (*time).max(self.after(*seq).unwrap_or(0)) < cutoff;
        let last = self.claimed.iter().rev().find(|said| is_old(*said));
        last.map_or(0, |(seq, _)| seq + 1)
    }
}

/// Which devices were let in, latest first.
///
/// # Errors
/// [`AppError::NotAllowed`] for all but directors.
pub(super) fn confirmed_lately(scene: &Scene<'_>, now: Timestamp) -> Result<Vec<ConfirmedEntry>, AppError> {
    scene.directors_only()?;
    let times = Times::new(scene, now);
    let since = times.since(CONFIRMED_MAX);
    let mut all = Vec::new();
    for entry in entries(scene) {
        let seq = entry.body.seq;
        let let_in = match entry.kind.act() {
            Body::Confirm(confirm) => {
                let join = scene.house.log.joins().find(|join| join.seq == confirm.join);
                join.map(|join| (join.person, join.device.device))
            }
            Body::DeviceAdd(add) => Some((add.person, add.device.device)),
            _ => None,
        };
        let Some(entry) = let_in.and_then(|(person, device)| confirmed(scene, entry, &person, &device))
        else {
            continue;
        };
        let is_recent = seq >= since || (entry.by_removed && all.len() < LATEST);
        if is_recent {
            all.push(ConfirmedEntry { at: times.claimed.get(&seq).copied(), ..entry });
        }
    }
    Ok(all)
}

/// A sheet is no person: who held it nobody knows.
fn is_sheet_then(scene: &Scene<'_>, device: &DeviceId, seq: u64) -> bool {
    access::role_then(&scene.house.log, device, seq).is_some_and(|(_, role)| role == LogRole::Sheet)
}

fn confirmed(
    scene: &Scene<'_>,
    entry: &CheckedEntry,
    person: &PersonId,
    device: &DeviceId,
) -> Option<ConfirmedEntry> {
    let log = &scene.house.log;
    let author = log.device(&entry.body.author)?;
    let is_sheet = is_sheet_then(scene, &entry.body.author, entry.body.seq);
    let how = match author.person {
        _ if is_sheet => Admission::Sheet,
        own if own == *person => Admission::Own,
        _ => Admission::Met,
    };
    let children = scene.children_of_person(person);
    let named = |child: &CircleId| NamedChild { id: child.to_string(), name: scene.child_name(child) };
    Some(ConfirmedEntry {
        person: person.to_string(),
        name: scene.person_name(person),
        role: people::role_of(log.person(person)?)?,
        children: children.iter().map(named).collect(),
        device: device.to_string(),
        device_ended: !log.device(device)?.is_live(),
        how,
        by_person: (!is_sheet).then(|| author.person.to_string()),
        by: if is_sheet { String::new() } else { scene.person_name(&author.person) },
        by_removed: access::role_of(log, &entry.body.author).is_none(),
        at: None,
    })
}

/// Acts, latest first, all that may be younger: whoever does much pushes nothing out. Directors see all that their device sees, other staff [what all may know](is_for_staff).
///
/// # Errors
/// [`AppError::NotAllowed`] for all but staff.
pub(super) fn admin_log(scene: &Scene<'_>, now: Timestamp) -> Result<Vec<AdminEntry>, AppError> {
    scene.staff_only()?;
    let directs = scene.role == LogRole::Director;
    let times = Times::new(scene, now);
    let since = times.since(ACTS_MAX);
    let recent = entries(scene).take_while(|entry| entry.body.seq >= since);
    let told = recent
        .filter_map(|entry| act(scene, entry, &times).filter(|told| directs || is_for_staff(entry, told)));
    Ok(told.collect())
}

/// Who works here and directs, and what was done with the sheet: of entries that every member sees, so that nobody learns of a
/// protected guardian, a child or a circle of named persons. The devices of a colleague who does not direct are theirs.
fn is_for_staff(entry: &CheckedEntry, told: &AdminEntry) -> bool {
    let at_the_door = matches!(
        told.what,
        Act::Invited | Act::InviteEnded | Act::Confirmed | Act::DeviceAdded | Act::DeviceEnded
    );
    let directs = told.by_sheet || told.role == Some(Role::Director);
    entry.body.class == Class::All && (directs || !at_the_door)
}

fn act(scene: &Scene<'_>, entry: &CheckedEntry, times: &Times) -> Option<AdminEntry> {
    let log = &scene.house.log;
    let seq = entry.body.seq;
    let done = Done::of(scene, entry.kind.act())?;
    let owner = |device: &DeviceId| log.device(device).map(|device| device.person);
    let decided = match &entry.kind {
        Body::Order(order, _) => order.device,
        _ => entry.body.author,
    };
    let by = owner(&decided);
    let carrier =
        owner(&entry.body.author).filter(|carrier| decided != entry.body.author && Some(*carrier) != by);
    let name = |person: PersonId| scene.person_name(&person);
    let is_sheet = |device: &DeviceId| is_sheet_then(scene, device, seq);
    let by_sheet = is_sheet(&decided);
    let agreed = entry.cosignatures.iter().filter(|c| !is_sheet(&c.device)).filter_map(|c| owner(&c.device));
    // Of somebody who has a role again, or another one: as it was then.
    let role = done.person.and_then(|person| people::role_of(log.person(&person)?));
    Some(AdminEntry {
        seq,
        what: done.what,
        by: by.filter(|_| !by_sheet).map(name).unwrap_or_default(),
        by_sheet,
        by_person: by.map(|person| person.to_string()),
        agreed_by: agreed.map(name).collect(),
        agreed_by_sheet: entry.cosignatures.iter().any(|c| is_sheet(&c.device)),
        carried_out_by: carrier.map(name),
        about: done.about(scene),
        role,
        device: done.device.map(|device| device.to_string()),
        at: times.claimed.get(&seq).copied(),
        after: times.after(seq),
    })
}

/// What was decided on this device and came to nothing, the latest first.
pub(super) fn overtaken(scene: &Scene<'_>, now: Timestamp) -> Vec<OvertakenEntry> {
    let all = &scene.house.overtaken;
    if all.is_empty() {
        return Vec::new();
    }
    let times = Times::new(scene, now);
    let entry = |lost: &Overtaken| {
        let parts: Vec<Done> = lost.bodies.iter().filter_map(|body| Done::of(scene, body.act())).collect();
        let others = |entry: &&CheckedEntry| {
            (lost.since..lost.seq).contains(&entry.body.seq) && entry.body.author != scene.house.me
        };
        let cause = entries(scene).filter(others).find(|entry| {
            let done = Done::of(scene, entry.kind.act());
            done.is_some_and(|done| parts.iter().any(|part| part.meets(&done)))
        });
        // A guardian is found beside a child.
        let beside = |person: PersonId| {
            let mut children = scene.circles(Sort::Child).map(|circle| circle.id);
            children.find(|child| scene.relation(&person, child).is_some())
        };
        let part = |part: &Done| {
            let child = part.child.or_else(|| part.person.and_then(beside));
            OvertakenPart { what: part.what, about: subject(scene, part.person, child, part.team) }
        };
        OvertakenEntry {
            id: lost.key,
            parts: parts.iter().map(part).collect(),
            cause: cause.and_then(|entry| act(scene, entry, &times)),
        }
    };
    all.iter().rev().map(entry).collect()
}

/// Whom and what, with their names.
pub(super) fn subject(
    scene: &Scene<'_>,
    person: Option<PersonId>,
    child: Option<CircleId>,
    team: Option<CircleId>,
) -> Subject {
    let hex = |circle: Option<CircleId>| circle.map(|circle| circle.to_string());
    Subject {
        person: person.map(|person| person.to_string()),
        person_name: person.map(|person| scene.person_name(&person)),
        child: hex(child),
        child_name: child.map(|child| scene.child_name(&child)),
        group: hex(team),
        group_name: team.map(|team| scene.group_name(&team)),
    }
}

/// What an entry did, to whom.
struct Done {
    what: Act,
    person: Option<PersonId>,
    device: Option<DeviceId>,
    child: Option<CircleId>,
    team: Option<CircleId>,
}

impl Done {
    const fn new(what: Act) -> Self {
        Self { what, person: None, device: None, child: None, team: None }
    }

    const fn to(what: Act, person: PersonId) -> Self {
        Self { person: Some(person), ..Self::new(what) }
    }

    fn device(scene: &Scene<'_>, what: Act, device: DeviceId) -> Self {
        let owner = scene.house.log.device(&device).map(|device| device.person);
        Self { person: owner, device: Some(device), ..Self::new(what) }
    }

    fn about(&self, scene: &Scene<'_>) -> Subject {
        subject(scene, self.person, self.child, self.team)
    }

    /// Whether both are about the same person, or else the same child.
    fn meets(&self, other: &Self) -> bool {
        match (self.person, other.person) {
            (Some(one), Some(other)) => one == other,
            _ => self.child.is_some() && self.child == other.child,
        }
    }

    /// None for what follows from another act, or says nothing to a person: joins, key circles, circles of the house.
    fn of(scene: &Scene<'_>, body: &Body) -> Option<Self> {
        let log = &scene.house.log;
        let invited = |seq: u64| log.invites().find(|invite| invite.seq == seq).map(|i| i.body.person);
        Some(match body {
            Body::Found(_) => Self::new(Act::Founded),
            Body::Role(role) => Self::to(Act::RoleGiven, role.person),
            Body::RoleEnd(end) => Self::to(Act::RoleEnded, end.person),
            Body::Invite(invite) => Self::to(Act::Invited, invite.person),
            Body::InviteEnd(end) => Self::to(Act::InviteEnded, invited(end.invite)?),
            Body::Confirm(confirm) => {
                let join = log.joins().find(|join| join.seq == confirm.join)?;
                Self::device(scene, Act::Confirmed, join.device.device)
            }
            Body::DeviceAdd(add) => Self::device(scene, Act::DeviceAdded, add.device.device),
            Body::DeviceEnd(end) => Self::device(scene, Act::DeviceEnded, end.device),
            Body::Protect(protect) => {
                Self::to(if protect.on { Act::Protected } else { Act::ProtectionEnded }, protect.person)
            }
            Body::Dissolve(_) => Self::new(Act::Dissolved),
            // With another key or address it is another relay, or should be asked about as one.
            Body::Restored(body) if body.relay.is_some() || body.origin.is_some() => Self::new(Act::Moved),
            Body::Restored(_) => Self::new(Act::GoesOn),
            Body::Circle(circle) => match circle.sort {
                Sort::Group => Self { team: circle.team, ..Self::new(Act::GroupMade) },
                Sort::Child => Self { child: Some(circle.circle), ..Self::new(Act::ChildMade) },
                Sort::Guarded => Self::new(Act::GuardedMade),
                Sort::Council => Self::new(Act::CouncilMade),
                _ => return None,
            },
            Body::Member(member) => Self::membership(scene, &member.circle, &member.who, true)?,
            Body::MemberEnd(end) => Self::membership(scene, &end.circle, &end.who, false)?,
            _ => return None,
        })
    }

    fn membership(scene: &Scene<'_>, circle: &CircleId, who: &Who, began: bool) -> Option<Self> {
        let known = scene.house.log.circle(circle)?;
        let either = |one: Act, other: Act| if began { one } else { other };
        Some(match (known.sort, who) {
            (Sort::Team, Who::Person(person)) => {
                let what = either(Act::InGroup, Act::InGroupEnded);
                Self { team: Some(*circle), ..Self::to(what, *person) }
            }
            (Sort::Group, Who::Person(person)) => {
                let what = either(Act::InGroup, Act::InGroupEnded);
                Self { team: known.team, ..Self::to(what, *person) }
            }
            (Sort::Child, Who::Person(person)) => {
                let what = either(Act::ReadsChild, Act::ReadsChildEnded);
                Self { child: Some(*circle), ..Self::to(what, *person) }
            }
            (Sort::Child, Who::Circle(team)) => {
                let what = either(Act::ChildInGroup, Act::ChildInGroupEnded);
                Self { child: Some(*circle), team: Some(*team), ..Self::new(what) }
            }
            (Sort::Private, Who::Person(person)) => {
                let what = either(Act::ThreadMade, Act::ThreadEnded);
                Self { child: known.child, ..Self::to(what, *person) }
            }
            (Sort::Guarded, Who::Person(person)) => {
                Self::to(either(Act::InGuarded, Act::InGuardedEnded), *person)
            }
            (Sort::Council, Who::Person(person)) => {
                Self::to(either(Act::InCouncil, Act::InCouncilEnded), *person)
            }
            _ => return None,
        })
    }
}

/// Every entry that this device sees, latest first.
fn entries<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a CheckedEntry> {
    let log = &scene.house.log;
    (0..log.len()).rev().filter_map(|seq| log.entry(seq))
}
