//! The circle in which a protected guardian is told what they may read: themselves, the staff named, the directors.

use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::limit::CIRCLE_PERSONS_MAX;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::protect::Protect;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, LogState};
use nestpost_protocol::sorted::SortedSet;

use super::{Draft, member};
use crate::app::AppError;
use crate::app::item::profile::{self, Profile};
use crate::app::scene::Scene;

/// A guardian who never was anywhere else: `role` comes when they are protected already. Returns their circle.
pub(super) fn found(
    draft: &mut Draft<'_>,
    person: PersonId,
    name: &str,
    named: &SortedSet<PersonId>,
    role: Body,
) -> Result<CircleId, AppError> {
    let wanted = wanted(&draft.scene, person, named)?;
    let circle = CircleId::new(draft.bytes());
    draft.entries.push(protect(person, named));
    draft.entries.push(role);
    open(draft, circle, wanted);
    name_in(draft, circle, person, name);
    Ok(circle)
}

/// Who reads the circle of a protected guardian.
fn wanted(
    scene: &Scene<'_>,
    person: PersonId,
    named: &SortedSet<PersonId>,
) -> Result<SortedSet<PersonId>, AppError> {
    let directors = directors(&scene.house.log);
    let wanted: SortedSet<PersonId> = named.iter().copied().chain(directors).chain([person]).collect();
    if wanted.len() > CIRCLE_PERSONS_MAX { Err(AppError::TooLong) } else { Ok(wanted) }
}

fn directors(log: &LogState) -> impl Iterator<Item = PersonId> {
    log.persons().filter(|(_, p)| p.role == Some(Role::Director)).map(|(id, _)| *id)
}

/// Whoever directs by now and is not in the circle of a protected guardian: they came later, or in the same hour. A device
/// that is in it lets them in, of each circle for itself.
pub(super) fn newcomers(scene: &Scene<'_>) -> Vec<Vec<Body>> {
    let log = &scene.house.log;
    let protected = log.persons().map(|(id, _)| id).filter(|id| log.is_protected(id));
    let circles = protected.filter_map(|person| scene.apart(person)).filter(|c| scene.writes(&c.id).is_ok());
    let missing = circles.map(|circle| {
        let came = directors(log).map(Who::Person).filter(|who| !circle.members.contains_key(who));
        came.map(|who| Body::Member(member(circle.id, who))).collect::<Vec<_>>()
    });
    missing.filter(|bodies| !bodies.is_empty()).collect()
}

/// Threads of protected guardians about children who have left: whoever carries out a plan does not see them, so a director's device
/// ends them.
pub(super) fn of_the_past(scene: &Scene<'_>) -> Vec<Vec<Body>> {
    if scene.role != Role::Director {
        return Vec::new();
    }
    let log = &scene.house.log;
    let threads = scene.circles(Sort::Private).filter_map(|c| {
        let (person, child) = (c.guardian?, c.child?);
        let who = Who::Person(person);
        let is_over = log.is_protected(&person) && c.members.contains_key(&who) && scene.has_left(&child);
        is_over.then(|| vec![Body::MemberEnd(MemberEnd { circle: c.id, who })])
    });
    threads.collect()
}

fn protect(person: PersonId, named: &SortedSet<PersonId>) -> Body {
    Body::Protect(Protect { person, named: named.iter().copied().collect(), on: true })
}

fn open(draft: &mut Draft<'_>, circle: CircleId, wanted: SortedSet<PersonId>) {
    let persons = Some(wanted.into_iter().collect());
    draft.entries.push(Body::Circle(CircleNew { persons, ..CircleNew::new(circle, Sort::Guarded) }));
}

fn name_in(draft: &mut Draft<'_>, circle: CircleId, person: PersonId, name: &str) {
    let told = Profile::Guarded { name: name.to_owned(), protects: Some(person) };
    draft.profile(circle, profile::circle_id(&circle), &told);
    draft.profile(circle, profile::person_id(&person), &Profile::Guardian { name: name.to_owned() });
}

/// Protection begins, or goes on with these names. Whoever is named no longer leaves before, whoever is new comes after.
pub(super) fn begin(
    draft: &mut Draft<'_>,
    person: PersonId,
    named: &SortedSet<PersonId>,
) -> Result<CircleId, AppError> {
    let wanted = wanted(&draft.scene, person, named)?;
    let me = Who::Person(draft.scene.me);
    // Drawn whether it is needed or not: a decision that is made anew draws the same.
    let fresh = CircleId::new(draft.bytes());
    let known = draft.scene.made_for(&person).find(|c| c.members.contains_key(&me));
    let person_of = |who: &Who| if let Who::Person(person) = who { Some(*person) } else { None };
    let now: Option<(_, SortedSet<PersonId>)> =
        known.map(|c| (c.id, c.members.keys().filter_map(person_of).collect()));
    let protect = protect(person, named);
    let circle = match now {
        Some((circle, now)) => {
            for gone in now.difference(&wanted) {
                draft.end(circle, Who::Person(*gone));
            }
            draft.entries.push(protect);
            for new in wanted.difference(&now) {
                draft.member(circle, Who::Person(*new));
            }
            circle
        }
        None => {
            draft.entries.push(protect);
            open(draft, fresh, wanted);
            fresh
        }
    };
    let name = draft.scene.person_name(&person);
    name_in(draft, circle, person, &name);
    let children: Vec<_> = draft.scene.circles(Sort::Child).map(|c| c.id).collect();
    for child in children {
        if let Some(relation) = draft.scene.relation(&person, &child) {
            let what = Profile::Relation { name: name.clone(), relation };
            draft.profile(circle, profile::relation_id(&person, &child), &what);
        }
    }
    Ok(circle)
}

/// Somebody protected comes back, to where they are told.
pub(super) fn readmit(draft: &mut Draft<'_>, person: PersonId) -> Result<(), AppError> {
    let circle = draft.scene.apart(&person).ok_or(AppError::NotAllowed)?;
    draft.scene.writes(&circle.id)?;
    let who = Who::Person(person);
    if !circle.members.contains_key(&who) {
        draft.member(circle.id, who);
    }
    Ok(())
}

/// Protection has ended: what they are to their children stands with everybody else's again, and they read that circle no more.
pub(super) fn end(draft: &mut Draft<'_>, person: PersonId) -> Result<(), AppError> {
    let staff = draft.scene.sole(Sort::Staff)?;
    let name = draft.scene.person_name(&person);
    let children: Vec<_> = draft.scene.circles(Sort::Child).map(|c| c.id).collect();
    for child in children {
        if let Some(relation) = draft.scene.relation(&person, &child) {
            let what = Profile::Relation { name: name.clone(), relation };
            draft.profile(staff, profile::relation_id(&person, &child), &what);
        }
    }
    if let Some(circle) = draft.scene.apart(&person).map(|c| c.id)
        && draft.scene.writes(&circle).is_ok()
    {
        draft.end(circle, Who::Person(person));
    }
    Ok(())
}
