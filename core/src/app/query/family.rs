//! What guardians are to a child and what follows; and the circles whose notes stand by themselves.

use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::state::Side;
use nestpost_protocol::sorted::SortedSet;

use super::{note, people};
use crate::app::AppError;
use crate::app::command::{Contacts, Relation};
use crate::app::item::profile::{self, Profile};
use crate::app::scene::Scene;
use crate::app::view::{Board, BoardMember, BoardSort, Boards, Family, Kin, PersonStage, Reach, Role};
use crate::time::Timestamp;

/// Everybody who is or was something to a child, by name.
///
/// # Errors
/// [`AppError::NotAllowed`] for guardians, [`AppError::NotFound`].
pub(super) fn of_child(scene: &Scene<'_>, child: &str, now: Timestamp) -> Result<Family, AppError> {
    scene.staff_only()?;
    let child = scene.find(Sort::Child, child)?.id;
    let guardians = scene.house.log.persons().filter(|(_, person)| person.side == Side::Family);
    let mut guardians: Vec<Kin> = guardians
        .filter_map(|(id, _)| {
            Some(Kin {
                relation: scene.relation(id, &child)?,
                entry: people::guardian(scene, id, now)?,
                reach: reach_now(scene, id, &child),
                protected: scene.house.log.is_protected(id),
                named: named(scene, id),
                contacts: contacts(scene, id),
            })
        })
        .collect();
    if scene.directors_only().is_err() {
        // What the day needs. Whoever is told something, and is not told it here, is none of the team's business.
        guardians.retain(|kin| {
            kin.entry.stage != PersonStage::Ended && kin.relation.is_told() == kin.reach.thread
        });
    }
    guardians.sort_by(|a, b| (&a.entry.name, &a.entry.person).cmp(&(&b.entry.name, &b.entry.person)));
    Ok(Family { left: scene.has_left(&child), guardians })
}

/// What a guardian would see if they were this to a child.
///
/// # Errors
/// [`AppError::NotAllowed`] for all but directors, [`AppError::NotFound`].
pub(super) fn reach(
    scene: &Scene<'_>,
    person: &str,
    child: &str,
    relation: Relation,
) -> Result<Reach, AppError> {
    scene.directors_only()?;
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let child = scene.find(Sort::Child, child)?.id;
    if scene.house.log.is_protected(&person) {
        // They stay apart from the others, whatever they are.
        return Ok(Reach { thread: relation.is_told(), ..Reach::default() });
    }
    let team = scene.team_of(&child);
    let sibling =
        scene.children().into_iter().filter(|other| *other != child && scene.team_of(other) == team);
    let told = |other: &CircleId| {
        !scene.has_left(other) && scene.relation(&person, other).is_some_and(|r| r.reads_child())
    };
    let child = relation.reads_child();
    Ok(Reach { child, group: child || sibling.into_iter().any(|c| told(&c)), thread: relation.is_told() })
}

/// Whom to call for their children, where something is said.
fn contacts(scene: &Scene<'_>, person: &PersonId) -> Vec<Contacts> {
    let apart = scene.house.log.is_protected(person).then(|| scene.apart(person));
    let said = |child: CircleId| {
        let circle = apart.map_or(Some(child), |apart| apart.map(|circle| circle.id))?;
        scene.relation(person, &child)?;
        let contacts = scene.contacts_in(&circle, &child);
        (!contacts.is_empty()).then(|| Contacts { child: child.to_string(), contacts })
    };
    scene.children().into_iter().filter_map(said).collect()
}

/// Staff who know of a protected guardian: who reads their circle with this device. A director who came later is not among them.
fn named(scene: &Scene<'_>, person: &PersonId) -> Option<Vec<BoardMember>> {
    let mut all = members(scene, &scene.apart(person)?.id);
    all.retain(|member| member.role != Role::Guardian);
    Some(all)
}

fn reach_now(scene: &Scene<'_>, person: &PersonId, child: &CircleId) -> Reach {
    let who = Who::Person(*person);
    let log = &scene.house.log;
    let team = scene.team_of(child);
    let is = |circle: &CircleId| log.circle(circle).is_some_and(|c| c.members.contains_key(&who));
    let parents = log.circles().find(|c| c.sort == Sort::Parents && c.team.is_some() && c.team == team);
    Reach {
        child: is(child),
        group: parents.is_some_and(|c| c.members.contains_key(&who)),
        thread: scene.private(person, child).is_some_and(|c| c.members.contains_key(&who)),
    }
}

/// Circles with notes of their own that this device reads: the team's, the council's, those of named persons, the children's.
pub(super) fn boards(scene: &Scene<'_>) -> Boards {
    const SORTS: [(Sort, BoardSort); 4] = [
        (Sort::Staff, BoardSort::Staff),
        (Sort::Council, BoardSort::Council),
        (Sort::Guarded, BoardSort::Guarded),
        (Sort::Child, BoardSort::Child),
    ];
    let log = &scene.house.log;
    let protected = log.persons().map(|(id, _)| id).filter(|id| log.is_protected(id));
    let apart: Vec<(CircleId, String)> =
        protected.filter_map(|id| Some((scene.apart(id)?.id, id.to_string()))).collect();
    let mut all: Vec<Board> = Vec::new();
    for (sort, as_board) in SORTS {
        for circle in scene.circles(sort) {
            let name = match as_board {
                BoardSort::Child => scene.child_name(&circle.id),
                BoardSort::Guarded => match scene.profile(&circle.id, profile::circle_id(&circle.id)) {
                    Some(Profile::Guarded { name, .. }) => name,
                    _ => String::new(),
                },
                BoardSort::Staff | BoardSort::Council => String::new(),
            };
            let named = matches!(as_board, BoardSort::Council | BoardSort::Guarded);
            all.push(Board {
                id: circle.id.to_string(),
                sort: as_board,
                name,
                protects: apart.iter().find(|(id, _)| *id == circle.id).map(|(_, person)| person.clone()),
                members: if named { members(scene, &circle.id) } else { Vec::new() },
                may_write: !scene.is_closed(&circle.id),
                last: note::all(scene, &circle.id).into_iter().next(),
            });
        }
    }
    all.sort_by(|a, b| (a.sort, &a.name, &a.id).cmp(&(b.sort, &b.name, &b.id)));
    let may_make_council = scene.directors_only().is_ok() && scene.house.sole(Sort::Council).is_none();
    Boards { boards: all, may_make_council }
}

fn members(scene: &Scene<'_>, circle: &CircleId) -> Vec<BoardMember> {
    let persons: SortedSet<PersonId> = access::direct_readers(&scene.house.log, circle)
        .into_iter()
        .filter_map(|who| if let Who::Person(person) = who { Some(person) } else { None })
        .collect();
    let mut all: Vec<_> = persons
        .iter()
        .filter_map(|id| {
            let role = Role::of(scene.role_of(id)?)?;
            Some(BoardMember { person: id.to_string(), name: scene.person_name(id), role })
        })
        .collect();
    all.sort_by(|a, b| (&a.name, &a.person).cmp(&(&b.name, &b.person)));
    all
}
