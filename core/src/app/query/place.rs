//! What a group's tablet shows without a PIN.

use nestpost_protocol::id::CircleId;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::Role;

use crate::app::AppError;
use crate::app::day::Day;
use crate::app::scene::{Scene, state};
use crate::app::view::{
    Attendance, AttendanceEvent, AttendanceMark, EmergencyEntry, ItemState, NamedPerson, PlaceView, Presence,
};

/// Whose tablet this is, and who works there: those may set a PIN.
///
/// # Errors
/// [`AppError::NotAllowed`] unless this is a place's open part.
pub(super) fn place(scene: &Scene<'_>) -> Result<PlaceView, AppError> {
    if !scene.is_open() {
        return Err(AppError::NotAllowed);
    }
    let groups = scene.groups();
    let log = &scene.house.log;
    let works = |person| {
        groups
            .iter()
            .any(|team| log.circle(team).is_some_and(|c| c.members.contains_key(&Who::Person(person))))
    };
    let staff = log
        .persons()
        .filter(|(id, person)| matches!(person.role, Some(Role::Educator | Role::Director)) && works(**id));
    let mut staff: Vec<_> =
        staff.map(|(id, _)| NamedPerson { person: id.to_string(), name: scene.person_name(id) }).collect();
    staff.sort_by(|a, b| (&a.name, &a.person).cmp(&(&b.name, &b.person)));
    Ok(PlaceView {
        name: scene.person_name(&scene.me),
        pin: scene.pin_of(&scene.me).map(|pin| pin.to_string()),
        groups: groups.iter().map(|team| scene.group(team)).collect(),
        staff,
    })
}

/// Whom to call, by child.
///
/// # Errors
/// [`AppError::NotAllowed`] for guardians, [`AppError::NotFound`].
pub(super) fn emergency(scene: &Scene<'_>, group: &str) -> Result<Vec<EmergencyEntry>, AppError> {
    scene.staff_only()?;
    let team = scene.find_group(group)?;
    let children = scene.children_of(&team).into_iter().filter(|child| !scene.has_left(child));
    Ok(children.map(|child| entry(scene, &child)).collect())
}

fn entry(scene: &Scene<'_>, child: &CircleId) -> EmergencyEntry {
    let care = scene.care(child);
    EmergencyEntry {
        id: child.to_string(),
        name: scene.child_name(child),
        allergies: care.allergies,
        contacts: care.contacts,
        apart: scene.contacts_apart(child),
        untimed: care.untimed,
    }
}

/// Whether a child is there. What two tablets said without knowing of each other stands side by side, the earliest first.
pub(super) fn attendance(scene: &Scene<'_>, child: &CircleId, day: Day) -> Attendance {
    let said = scene.attendance(child, day);
    let mut marks: Vec<AttendanceMark> = said
        .iter()
        .map(|(at, seen)| AttendanceMark {
            event: seen.event,
            at: seen.at,
            state: match state(at, false) {
                ItemState::Local => ItemState::Local,
                _ => ItemState::Relay,
            },
        })
        .collect();
    marks.sort_by_key(|mark| (mark.event == AttendanceEvent::Left, mark.at));
    let says = |event| marks.iter().any(|mark| mark.event == event);
    let presence = if says(AttendanceEvent::Left) {
        Presence::Left
    } else if says(AttendanceEvent::Came) {
        Presence::Here
    } else {
        Presence::NotYet
    };
    Attendance { presence, marks }
}
