//! Groups, children, guardians, staff: who there is, and which circles they read.

use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::SortedSet;

use super::{Draft, later, place, required};
use crate::app::command::StaffRole;
use crate::app::item::NAME_CHARS_MAX;
use crate::app::item::profile::{self, Profile};
use crate::app::view::GroupSymbol;
use crate::app::{AppError, Reply};

/// A group is a team, its parents, and the circle that both read. Its id is the team's.
pub(super) fn create_group(
    draft: &mut Draft<'_>,
    name: &str,
    symbol: GroupSymbol,
) -> Result<Reply, AppError> {
    let name = required(name, NAME_CHARS_MAX)?;
    let house = draft.scene.sole(Sort::House)?;
    let team = create_team(draft);
    let parents = draft.circle(Sort::Parents, Some(team));
    draft.member(parents, Who::Circle(team));
    let group = draft.circle(Sort::Group, Some(team));
    draft.member(group, Who::Circle(team));
    draft.member(group, Who::Circle(parents));
    let value = Profile::Group { name, symbol: symbol.name().to_owned() }.value();
    draft.edit(house, Class::Long, profile::circle_id(&team), value);
    Ok(Reply::Id { id: team.to_string() })
}

/// A team has every director and the recovery sheet from its first day.
fn create_team(draft: &mut Draft<'_>) -> CircleId {
    let team = draft.circle(Sort::Team, None);
    let log = &draft.scene.house.log;
    let leads: Vec<PersonId> = log
        .persons()
        .filter(|(_, p)| matches!(p.role, Some(Role::Director | Role::Sheet)))
        .map(|(id, _)| *id)
        .collect();
    for person in leads {
        draft.member(team, Who::Person(person));
    }
    team
}

/// A child is its circle, read by its team.
pub(super) fn create_child(draft: &mut Draft<'_>, name: &str, group: &str) -> Result<Reply, AppError> {
    let name = required(name, NAME_CHARS_MAX)?;
    let team = draft.scene.find_group(group)?;
    let child = draft.circle(Sort::Child, None);
    draft.member(child, Who::Circle(team));
    for place in draft.scene.places_of(&team) {
        draft.member(child, Who::Person(place));
    }
    draft.edit(child, Class::Long, profile::circle_id(&child), Profile::Child { name, left: false }.value());
    Ok(Reply::Id { id: child.to_string() })
}

/// Somebody who works here. Directors are in every team; an educator without a group is in the team without a group.
pub(super) fn create_staff(
    draft: &mut Draft<'_>,
    name: &str,
    role: StaffRole,
    groups: &[String],
    until: Option<&str>,
) -> Result<Reply, AppError> {
    let name = required(name, NAME_CHARS_MAX)?;
    let house = draft.scene.sole(Sort::House)?;
    let mut teams = groups.iter().map(|g| draft.scene.find_group(g)).collect::<Result<SortedSet<_>, _>>()?;
    if role == StaffRole::Place {
        return if teams.is_empty() { Err(AppError::Empty) } else { place::create(draft, &name, &teams) };
    }
    let person = draft.person();
    let role = match role {
        StaffRole::Educator => Role::Educator,
        StaffRole::Director => Role::Director,
        StaffRole::Place => Role::Place,
    };
    draft.entries.push(Body::Role(RoleGrant { person, role }));
    match role {
        Role::Director => {
            let directors = draft.scene.sole(Sort::Directors)?;
            draft.member(directors, Who::Person(person));
            teams = draft.scene.house.log.circles().filter(|c| c.sort == Sort::Team).map(|c| c.id).collect();
        }
        _ if teams.is_empty() => {
            let team = spare_team(draft);
            teams.insert(team);
        }
        _ => {}
    }
    for team in teams {
        draft.member(team, Who::Person(person));
    }
    draft.edit(house, Class::Long, profile::person_id(&person), Profile::Staff { name }.value());
    if let Some(last) = until {
        if role == Role::Director {
            return Err(AppError::NeedsSecond);
        }
        later::until(draft, person, last)?;
    }
    Ok(Reply::Person { person: person.to_string() })
}

/// The team without a group, made when it is first needed.
fn spare_team(draft: &mut Draft<'_>) -> CircleId {
    let log = &draft.scene.house.log;
    let grouped: SortedSet<_> =
        log.circles().filter(|c| c.sort == Sort::Group).filter_map(|c| c.team).collect();
    let spare = log.circles().find(|c| c.sort == Sort::Team && !grouped.contains(&c.id)).map(|c| c.id);
    spare.unwrap_or_else(|| create_team(draft))
}
