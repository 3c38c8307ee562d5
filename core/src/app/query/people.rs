//! Who belongs, who was invited, who waits at the door; and what waits for the director.

use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, DeviceId, InviteKey, PersonId};
use nestpost_protocol::log::LogState;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::Role as LogRole;
use nestpost_protocol::log::state::fact::{self, Device, InviteFact, InviteProgress, Person};
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::SortedMap;

use super::{day, thread};
use crate::app::AppError;
use crate::app::command::Relation;
use crate::app::day::Day;
use crate::app::item::{Item, Letter};
use crate::app::plan::admits;
use crate::app::scene::Scene;
use crate::app::view::{
    ChildEntry, DeviceEntry, DirectorHome, InviteEntry, InviteStage, NamedChild, PendingJoin, People,
    PersonEntry, PersonStage, Role,
};
use crate::code;
use crate::time::Timestamp;

const DAY: u64 = 24 * 60 * 60 * 1000;

/// # Errors
/// [`AppError::NotAllowed`] for guardians.
pub(super) fn all(scene: &Scene<'_>, now: Timestamp) -> Result<People, AppError> {
    if scene.role != LogRole::Sheet {
        scene.staff_only()?;
    }
    let letters = letters(scene);
    let mut staff: Vec<_> = scene
        .house
        .log
        .persons()
        .filter(|(id, _)| !scene.is_pin(id))
        .filter_map(|(id, person)| {
            let role = role_of(person).filter(|r| *r != Role::Guardian)?;
            let pin = scene.pin_of(id).and_then(|pin| Some((pin, scene.house.log.person(&pin)?)));
            let pin = pin.map(|(pin, known)| entry(scene, &letters, &pin, known, role, now));
            Some(PersonEntry { pin: pin.map(Box::new), ..entry(scene, &letters, id, person, role, now) })
        })
        .collect();
    staff.sort_by(|a, b| (a.role, &a.name, &a.person).cmp(&(b.role, &b.name, &b.person)));
    let children = scene
        .children()
        .into_iter()
        .map(|child| {
            let guardians = scene.guardians_of(&child).into_iter().filter_map(|id| {
                let person = scene.house.log.person(&id)?;
                Some(entry(scene, &letters, &id, person, Role::Guardian, now))
            });
            ChildEntry {
                id: child.to_string(),
                name: scene.child_name(&child),
                group: scene.team_of(&child).map(|t| t.to_string()).unwrap_or_default(),
                guardians: guardians.collect(),
            }
        })
        .collect();
    Ok(People { staff, children })
}

/// # Errors
/// [`AppError::NotAllowed`] for guardians, [`AppError::NotFound`].
pub(super) fn relation(scene: &Scene<'_>, person: &str, child: &str) -> Result<Relation, AppError> {
    scene.staff_only()?;
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let child = scene.find(Sort::Child, child)?.id;
    scene.relation(&person, &child).ok_or(AppError::NotFound)
}

/// # Errors
/// [`AppError::NotAllowed`], [`AppError::NotFound`].
pub(super) fn devices(scene: &Scene<'_>, person: &str) -> Result<Vec<DeviceEntry>, AppError> {
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    if person != scene.me && !matches!(scene.role, LogRole::Director | LogRole::Sheet) {
        return Err(AppError::NotAllowed);
    }
    let known = scene.house.log.person(&person).ok_or(AppError::NotFound)?;
    let all = scene.house.log.devices().filter(|(_, device)| device.person == person);
    let mut all: Vec<_> = all.filter(|(_, device)| device.is_live() || device.joining.is_none()).collect();
    all.sort_unstable_by_key(|(_, device)| device.since);
    let entry = |(id, device): (&DeviceId, &Device)| DeviceEntry {
        device: id.to_string(),
        this: *id == scene.house.me,
        ended: !known.devices.contains(id),
        sheet: device.sheet || known.role == Some(LogRole::Sheet),
        name: scene.house.names.get(id).cloned(),
        printed_at: scene.house.printed.filter(|(sheet, _)| sheet == id).map(|(_, at)| at.millis()),
    };
    Ok(all.into_iter().map(entry).collect())
}

/// A guardian, present or past. `None`: there never was such a person.
pub(super) fn guardian(scene: &Scene<'_>, id: &PersonId, now: Timestamp) -> Option<PersonEntry> {
    let person = scene.house.log.person(id)?;
    Some(entry(scene, &letters(scene), id, person, Role::Guardian, now))
}

/// The role a person has; once it has ended, the usual one of their side. The sheet is nobody.
pub(super) fn role_of(person: &Person) -> Option<Role> {
    match (person.role, person.side) {
        (Some(role), _) => Role::of(role),
        (None, fact::Side::House) => Some(Role::Educator),
        (None, fact::Side::Family) => Some(Role::Guardian),
    }
}

/// When letters were printed, as the staff tell each other, or those of them who may know of a protected guardian.
fn letters(scene: &Scene<'_>) -> SortedMap<InviteKey, Letter> {
    let told = scene.house.log.circles().filter(|circle| matches!(circle.sort, Sort::Staff | Sort::Guarded));
    let items = told.flat_map(|circle| scene.items(&circle.id).collect::<Vec<_>>());
    items
        .filter_map(|(at, item)| match item {
            Item::Letter(letter) if at.side == Side::Staff => Some((letter.invite, letter)),
            _ => None,
        })
        .collect()
}

fn entry(
    scene: &Scene<'_>,
    letters: &SortedMap<InviteKey, Letter>,
    id: &PersonId,
    person: &Person,
    role: Role,
    now: Timestamp,
) -> PersonEntry {
    let log = &scene.house.log;
    // The latest; a new letter makes older ones void.
    let invite = log
        .invites()
        .filter(|i| i.body.person == *id && !is_pairing(log, i))
        .last()
        .map(|i| invite_entry(letters, i, now));
    let joining = log.joins().any(|j| j.person == *id && j.is_pending());
    let stage = if person.role.is_none() {
        PersonStage::Ended
    } else if joining {
        PersonStage::Joining
    } else if !person.devices.is_empty() {
        PersonStage::Member
    } else if invite.as_ref().is_some_and(|i| i.stage == InviteStage::Open) {
        PersonStage::Invited
    } else {
        PersonStage::None
    };
    let children = scene.children_of_person(id);
    let devices = person.devices.iter().filter(|d| log.device(d).is_none_or(|d| !d.sheet));
    let named = |c: &CircleId| NamedChild { id: c.to_string(), name: scene.child_name(c) };
    PersonEntry {
        person: id.to_string(),
        name: scene.person_name(id),
        role,
        groups: groups_of(scene, id, &children).iter().map(ToString::to_string).collect(),
        children: children.iter().map(named).collect(),
        stage,
        devices: u32::try_from(devices.count()).unwrap_or(u32::MAX),
        invite,
        pin: None,
    }
}

/// Whether it is for another device of whoever made it: no letter.
fn is_pairing(log: &LogState, invite: &InviteFact) -> bool {
    log.device(&invite.author).is_some_and(|device| device.person == invite.body.person)
}

/// A guardian's groups are their children's.
fn groups_of(scene: &Scene<'_>, person: &PersonId, children: &[CircleId]) -> Vec<CircleId> {
    let theirs: Vec<_> = children.iter().filter_map(|c| scene.team_of(c)).collect();
    let log = &scene.house.log;
    let open: Vec<CircleId> = log
        .circles()
        .filter(|c| c.sort == Sort::Group && c.members.contains_key(&Who::Person(*person)))
        .filter_map(|c| c.team)
        .collect();
    let works = |team: &CircleId| {
        open.contains(team) || access::direct_readers(log, team).contains(&Who::Person(*person))
    };
    // Groups of the whole house, not only those that this device reads: who works where is no secret among staff.
    let mut teams: Vec<_> = log.circles().filter(|c| c.sort == Sort::Group).filter_map(|c| c.team).collect();
    teams.retain(|team| theirs.contains(team) || works(team));
    teams.sort_by_cached_key(|t| (scene.group_name(t), *t));
    teams
}

fn invite_entry(letters: &SortedMap<InviteKey, Letter>, invite: &InviteFact, now: Timestamp) -> InviteEntry {
    let printed = letters.get(&invite.body.key);
    // Without word of when it was printed: it cannot be valid for longer than from now.
    let at = printed.map_or(now.millis(), |l| l.at);
    let valid_until = at.saturating_add(u64::from(invite.body.days) * DAY);
    let stage = match invite.stage {
        InviteProgress::Open if valid_until < now.millis() => InviteStage::Expired,
        InviteProgress::Open => InviteStage::Open,
        InviteProgress::Used { .. } | InviteProgress::Confirmed { .. } => InviteStage::Used,
        InviteProgress::Revoked | InviteProgress::Void => InviteStage::Revoked,
    };
    InviteEntry { id: invite.body.key.to_string(), valid_until, stage }
}

/// Oldest first. Only whom this person may let in: other devices of their own too.
pub(super) fn pending_joins(scene: &Scene<'_>) -> Vec<PendingJoin> {
    let joins = scene.house.log.joins().filter(|j| j.is_pending()).filter_map(|join| {
        let role = scene.role_of(&join.person)?;
        let children = scene.children_of_person(&join.person);
        if join.person != scene.me && !admits(scene, &join.person) {
            return None;
        }
        Some(PendingJoin {
            id: join.commitment.to_string(),
            person: join.person.to_string(),
            device: join.device.device.to_string(),
            name: scene.person_name(&join.person),
            role: Role::of(role)?,
            child_names: children.iter().map(|c| scene.child_name(c)).collect(),
            digits: code::join_digits(&join.commitment).to_vec(),
            // The log has no dates.
            at: None,
        })
    });
    joins.collect()
}

/// # Errors
/// [`AppError::NotAllowed`] for guardians.
pub(super) fn director_home(scene: &Scene<'_>, today: Day, now: Timestamp) -> Result<DirectorHome, AppError> {
    scene.staff_only()?;
    let joins = pending_joins(scene);
    let letters = letters(scene);
    let log = &scene.house.log;
    let open = log
        .invites()
        .filter(|i| !is_pairing(log, i))
        .map(|i| invite_entry(&letters, i, now))
        .filter(|i| i.stage == InviteStage::Open)
        .count();
    let marks = scene.marks();
    let groups = scene.groups().iter().map(|team| day::of_team(scene, &marks, team, today)).collect();
    let mut unread = thread::all(scene, now);
    unread.retain(|t| t.unread > 0);
    Ok(DirectorHome { joins, open_invites: u32::try_from(open).unwrap_or(u32::MAX), groups, unread })
}
