//! A group's tablet: two persons, one open to whoever stands before it, one behind personal PINs; and what the open one is
//! there for: who came, who left.
//!
//! The open person is a member of the group's circle, its children's and the house's by name, and of no team: a tablet that is
//! locked holds no key that leads to a family's thread.

use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::limit::FRAME_ENTRIES_MAX;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::SortedSet;

use super::{Draft, contacts as calls, optional, people};
use crate::app::day::Day;
use crate::app::item::profile::{self, Profile};
use crate::app::item::{ALLERGIES_CHARS_MAX, Attendance, Item};
use crate::app::view::AttendanceEvent;
use crate::app::{AppError, Reply};

/// Both persons of a new tablet. Answers with the open one: it stands for the place.
pub(super) fn create(
    draft: &mut Draft<'_>,
    name: &str,
    teams: &SortedSet<CircleId>,
) -> Result<Reply, AppError> {
    let house = draft.scene.sole(Sort::House)?;
    let (open, pin) = (draft.person(), draft.person());
    for person in [open, pin] {
        draft.entries.push(Body::Role(RoleGrant { person, role: Role::Place }));
        let value = Profile::Staff { name: name.to_owned() }.value();
        draft.edit(house, Class::Long, profile::person_id(&person), value);
    }
    draft.edit(house, Class::Long, profile::place_id(&open), Profile::Place { pin }.value());
    for team in teams {
        draft.member(*team, Who::Person(pin));
    }
    belong(draft, open, teams)?;
    Ok(Reply::Person { person: open.to_string() })
}

/// The circles of the open person.
fn belong(draft: &mut Draft<'_>, open: PersonId, teams: &SortedSet<CircleId>) -> Result<(), AppError> {
    let mut circles = vec![draft.scene.sole(Sort::House)?];
    for team in teams {
        circles.extend(draft.scene.group_of(team).map(|group| group.id));
        circles.extend(draft.scene.children_of(team).iter().filter(|child| !draft.scene.has_left(child)));
    }
    for circle in circles {
        draft.member(circle, Who::Person(open));
    }
    // One frame, all or nothing.
    if draft.entries.len() > FRAME_ENTRIES_MAX { Err(AppError::TooLong) } else { Ok(()) }
}

/// A child comes to a team: its tablets read it, those of others no longer.
pub(super) fn follow(draft: &mut Draft<'_>, child: &CircleId, team: Option<&CircleId>) {
    let wanted: SortedSet<Who> = team
        .map(|team| draft.scene.places_of(team))
        .unwrap_or_default()
        .into_iter()
        .map(Who::Person)
        .collect();
    let now: SortedSet<Who> = draft.scene.places_in(child).into_iter().map(Who::Person).collect();
    for who in now.difference(&wanted) {
        draft.end(*child, *who);
    }
    for who in wanted.difference(&now) {
        draft.member(*child, *who);
    }
}

fn find(draft: &Draft<'_>, place: &str) -> Result<(PersonId, Option<PersonId>), AppError> {
    let place: PersonId = place.parse().map_err(|_| AppError::NotFound)?;
    if draft.scene.role_of(&place) != Some(Role::Place) {
        return Err(AppError::NotFound);
    }
    Ok((place, draft.scene.pin_of(&place)))
}

/// What ends with the role of a place: its other person's.
pub(super) fn also_end(draft: &mut Draft<'_>, place: &PersonId) {
    if let Some(person) = draft.scene.pin_of(place).filter(|pin| draft.scene.role_of(pin).is_some()) {
        draft.entries.push(Body::RoleEnd(RoleEnd { person }));
    }
}

/// The other person of a place that comes back, and the open one's circles. `teams`: where the place was.
pub(super) fn readmit(draft: &mut Draft<'_>, place: PersonId, pin: PersonId) -> Result<(), AppError> {
    let teams: SortedSet<CircleId> = draft
        .scene
        .circles(Sort::Group)
        .filter(|group| draft.was_in(&place, &group.id))
        .filter_map(|g| g.team)
        .collect();
    if draft.scene.role_of(&pin).is_none() {
        end_devices(draft, &pin);
        draft.entries.push(Body::Role(RoleGrant { person: pin, role: Role::Place }));
        for team in &teams {
            draft.member(*team, Who::Person(pin));
        }
    }
    belong(draft, place, &teams)
}

fn end_devices(draft: &mut Draft<'_>, person: &PersonId) {
    let devices = draft.scene.house.log.person(person).map(|p| p.devices.clone()).unwrap_or_default();
    draft.entries.extend(devices.into_iter().map(|device| Body::DeviceEnd(DeviceEnd { device })));
}

/// A letter for what lies behind the PINs, first or again. What was there before ends: a tablet that lost it has lost its keys.
pub(super) fn grant_pin(draft: &mut Draft<'_>, place: &str, days: u16) -> Result<Reply, AppError> {
    let pin = find(draft, place)?.1.ok_or(AppError::NotFound)?;
    end_devices(draft, &pin);
    people::create_invite(draft, &pin.to_string(), days)
}

/// A tablet is gone: everything on it ends, open or not.
pub(super) fn end(draft: &mut Draft<'_>, place: &str) -> Result<Reply, AppError> {
    let (open, pin) = find(draft, place)?;
    for person in [Some(open), pin].into_iter().flatten() {
        end_devices(draft, &person);
    }
    Ok(Reply::empty())
}

/// What the day needs to know of a child. Everybody who reads the child's circle reads it.
pub(super) fn set_care(
    draft: &mut Draft<'_>,
    child: &str,
    allergies: &str,
    contacts: &str,
    untimed: bool,
) -> Result<Reply, AppError> {
    let child = draft.scene.find(Sort::Child, child)?.id;
    let allergies = optional(allergies, ALLERGIES_CHARS_MAX)?;
    draft.profile(child, profile::care_id(&child), &Profile::Care { allergies, untimed });
    calls::set(draft, child, contacts)?;
    Ok(Reply::empty())
}

/// When a child comes and leaves is not written down any more.
pub(super) fn keep_no_times(draft: &mut Draft<'_>, child: CircleId) {
    let allergies = draft.scene.care(&child).allergies;
    draft.profile(child, profile::care_id(&child), &Profile::Care { allergies, untimed: true });
}

/// One tap: a child came, or left; or the last of it was a mistake. Again: nothing to do.
pub(super) fn attend(
    draft: &mut Draft<'_>,
    child: &str,
    day: &str,
    event: AttendanceEvent,
) -> Result<Reply, AppError> {
    let child = draft.scene.find(Sort::Child, child)?.id;
    let day: Day = day.parse().map_err(|_| AppError::BadDay)?;
    draft.scene.writes(&child)?;
    let now = draft.scene.attendance(&child, day);
    let of = |wanted| -> Vec<ItemId> {
        now.iter().filter(|(_, seen)| seen.event == wanted).map(|(at, _)| at.item).collect()
    };
    let (came, left) = (of(AttendanceEvent::Came), of(AttendanceEvent::Left));
    let replaces = match event {
        // Whoever left and is back has not left.
        AttendanceEvent::Came if came.is_empty() || !left.is_empty() => left,
        AttendanceEvent::Left if left.is_empty() => Vec::new(),
        AttendanceEvent::None if !left.is_empty() => left,
        AttendanceEvent::None if !came.is_empty() => came,
        _ => return Ok(Reply::empty()),
    };
    let untimed = draft.scene.care(&child).untimed;
    let at = (!untimed).then_some(draft.now.millis());
    let item = Item::Attendance(Attendance { day, event, at, replaces });
    Ok(draft.add(child, Class::Short, item.value()))
}
