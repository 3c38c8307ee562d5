//! Somebody comes back: with the role they had, and what they read by it.

use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::log::state::Side;
use nestpost_protocol::log::{Body, LogState};

use super::belong::{Changes, reconcile};
use super::{Draft, apart, place};
use crate::app::{AppError, Reply};

/// The role again, and the circles that go with it. Devices of before are ended.
pub(super) fn readmit_person(draft: &mut Draft<'_>, person: &str) -> Result<Reply, AppError> {
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let log = &draft.scene.house.log;
    let known = log.person(&person).ok_or(AppError::NotFound)?;
    if known.role.is_some() {
        return Ok(Reply::empty());
    }
    let (side, devices) = (known.side, known.devices.clone());
    let role = last_role(log, &person).ok_or(AppError::NotFound)?;
    // Whoever went left their devices behind; what comes back is a new one.
    for device in devices {
        draft.entries.push(Body::DeviceEnd(DeviceEnd { device }));
    }
    draft.entries.push(Body::Role(RoleGrant { person, role }));
    if side == Side::Family {
        if log.is_protected(&person) {
            apart::readmit(draft, person)?;
        }
        reconcile(draft, &Changes::default(), person)?;
        return Ok(Reply::empty());
    }
    if let Some(pin) = draft.scene.pin_of(&person).filter(|_| role == Role::Place) {
        place::readmit(draft, person, pin)?;
        return Ok(Reply::empty());
    }
    let all = |c: &&nestpost_protocol::log::state::Circle| match role {
        Role::Director => matches!(c.sort, Sort::Team | Sort::Directors),
        _ => c.sort == Sort::Team && was_member(log, &person, &c.id),
    };
    let circles: Vec<CircleId> = log.circles().filter(all).map(|c| c.id).collect();
    for circle in circles {
        draft.member(circle, Who::Person(person));
    }
    Ok(Reply::empty())
}

fn bodies(log: &LogState) -> impl Iterator<Item = &Body> {
    (0..log.len()).filter_map(|seq| log.entry(seq)).map(|entry| &entry.kind)
}

fn last_role(log: &LogState, person: &PersonId) -> Option<Role> {
    let given = bodies(log).filter_map(|body| match body {
        Body::Role(grant) if grant.person == *person => Some(grant.role),
        Body::Found(found) if found.director == *person => Some(Role::Director),
        Body::Found(found) if found.second.parts().0 == *person => Some(found.second.parts().2),
        _ => None,
    });
    given.last().filter(|role| *role != Role::Sheet)
}

/// Whether somebody was in a circle until their role ended.
fn was_member(log: &LogState, person: &PersonId, circle: &CircleId) -> bool {
    let who = Who::Person(*person);
    let said = bodies(log).filter_map(|body| match body {
        Body::Member(member) if member.circle == *circle && member.who == who => Some(true),
        Body::MemberEnd(end) if end.circle == *circle && end.who == who => Some(false),
        _ => None,
    });
    said.last().unwrap_or(false)
}

impl Draft<'_> {
    /// Whether somebody was in a circle until their role ended.
    pub(super) fn was_in(&self, person: &PersonId, circle: &CircleId) -> bool {
        was_member(&self.scene.house.log, person, circle)
    }
}
