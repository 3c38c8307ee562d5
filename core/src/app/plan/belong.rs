//! Who belongs, and what of: what a guardian is to a child, children who move and leave, people who go and come back.
//!
//! What a guardian reads follows from what they are to their children ([`reconcile`]): who has custody and is to be told
//! reads the child and is among the parents of its group; who is to be told has a thread of their own.

use base16ct::lower as hex;
use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, DeviceId, ItemId, Nonce, PersonId};
use nestpost_protocol::label;
use nestpost_protocol::limit;
use nestpost_protocol::log::entry::{Cosignature, cosign_input};
use nestpost_protocol::log::kind::KindNumber;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::dissolve::Dissolve;
use nestpost_protocol::log::kind::member::{History, Who};
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::protect::Protect;
use nestpost_protocol::log::kind::restored::Restored;
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::{Body, LogState};
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use super::{Draft, apart, contacts as calls, later, place, required};
use crate::app::command::{Contacts, Relation};
use crate::app::day::Day;
use crate::app::item::NAME_CHARS_MAX;
use crate::app::item::profile::{self, Profile};
use crate::app::query::acting_directors;
use crate::app::scene::Scene;
use crate::app::{AppError, Proposed, Reply};
use crate::house::Copied;
use crate::{code, crypto};

/// What a command changes before circles follow.
#[derive(Default)]
pub(super) struct Changes {
    relations: SortedMap<(PersonId, CircleId), Relation>,
    /// Names of guardians that no circle tells yet.
    names: SortedMap<PersonId, String>,
    left: SortedSet<CircleId>,
    moved: SortedMap<CircleId, CircleId>,
    /// What was ordered for an earlier day than this.
    members: SortedMap<(CircleId, Who), bool>,
    /// Protection ends first.
    unprotects: bool,
    /// For a later day.
    planned: bool,
    /// The circle of somebody who is protected from the start.
    apart: Option<CircleId>,
}

/// What goes with a protection.
pub(super) struct Shielded<'a> {
    /// Staff who know.
    pub(super) named: &'a [String],
    /// Whom to call from now on.
    pub(super) contacts: &'a [Contacts],
    /// No times of their children any more.
    pub(super) untimed: bool,
}

impl Changes {
    /// What is planned.
    pub(super) fn for_later() -> Self {
        Self { planned: true, ..Self::default() }
    }

    fn relation(&self, scene: &Scene<'_>, person: &PersonId, child: &CircleId) -> Option<Relation> {
        if self.has_left(scene, child) {
            return None;
        }
        self.relations.get(&(*person, *child)).copied().or_else(|| scene.relation(person, child))
    }

    fn team(&self, scene: &Scene<'_>, child: &CircleId) -> Option<CircleId> {
        self.moved.get(child).copied().or_else(|| scene.team_of(child))
    }

    fn has_left(&self, scene: &Scene<'_>, child: &CircleId) -> bool {
        self.left.contains(child) || scene.has_left(child)
    }

    fn is_member(&self, log: &LogState, circle: &CircleId, who: Who) -> bool {
        let now = || log.circle(circle).is_some_and(|c| c.members.contains_key(&who));
        self.members.get(&(*circle, who)).copied().unwrap_or_else(now)
    }

    /// What follows comes after these.
    pub(super) fn suppose(&mut self, acts: &[Body]) {
        for act in acts {
            match act {
                Body::Member(member) => self.members.insert((member.circle, member.who), true),
                Body::MemberEnd(end) => self.members.insert((end.circle, end.who), false),
                _ => None,
            };
        }
    }

    fn name(&self, scene: &Scene<'_>, person: &PersonId) -> String {
        self.names.get(person).cloned().unwrap_or_else(|| scene.person_name(person))
    }
}

/// A guardian is a person with a role; which circles they read follows from what they are to the child.
pub(super) fn create_guardian(
    draft: &mut Draft<'_>,
    name: &str,
    child: &str,
    relation: Option<Relation>,
) -> Result<Reply, AppError> {
    let name = required(name, NAME_CHARS_MAX)?;
    let child = draft.scene.find(Sort::Child, child)?.id;
    let person = draft.person();
    draft.entries.push(Body::Role(RoleGrant { person, role: Role::Guardian }));
    let mut changes = Changes::default();
    changes.names.insert(person, name);
    relate(draft, &mut changes, person, child, relation.unwrap_or(Relation::USUAL))?;
    Ok(Reply::Person { person: person.to_string() })
}

/// The same, and nobody but directors and these staff ever learns of them: they are protected before they have a role.
pub(super) fn create_protected(
    draft: &mut Draft<'_>,
    name: &str,
    child: &str,
    relation: Option<Relation>,
    with: &Shielded<'_>,
) -> Result<Reply, AppError> {
    let name = required(name, NAME_CHARS_MAX)?;
    let child = draft.scene.find(Sort::Child, child)?.id;
    let named = staff_named(&draft.scene, with.named)?;
    let person = draft.person();
    let role = Body::Role(RoleGrant { person, role: Role::Guardian });
    let apart = apart::found(draft, person, &name, &named, role)?;
    let mut changes = Changes { apart: Some(apart), ..Changes::default() };
    changes.names.insert(person, name);
    relate(draft, &mut changes, person, child, relation.unwrap_or(Relation::USUAL))?;
    if with.untimed {
        place::keep_no_times(draft, child);
    }
    for said in with.contacts {
        if said.child.parse() != Ok(child) {
            return Err(AppError::NotFound);
        }
        calls::leave_out(draft, apart, &person, child, &said.contacts)?;
    }
    Ok(Reply::Person { person: person.to_string() })
}

/// The same person, for a sibling. Again for the same child: nothing to do.
pub(super) fn add_guardian(
    draft: &mut Draft<'_>,
    person: &str,
    child: &str,
    relation: Option<Relation>,
) -> Result<Reply, AppError> {
    let person = find_guardian(&draft.scene, person)?;
    let child = draft.scene.find(Sort::Child, child)?.id;
    if draft.scene.relation(&person, &child).is_none() {
        relate(draft, &mut Changes::default(), person, child, relation.unwrap_or(Relation::USUAL))?;
    }
    Ok(Reply::empty())
}

/// What a guardian is to a child of theirs.
pub(super) fn set_guardian(
    draft: &mut Draft<'_>,
    person: &str,
    child: &str,
    relation: Relation,
) -> Result<Reply, AppError> {
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let child = draft.scene.find(Sort::Child, child)?.id;
    change(draft, &mut Changes::default(), person, child, relation)?;
    Ok(Reply::empty())
}

/// The same, now or on its day.
pub(super) fn change(
    draft: &mut Draft<'_>,
    changes: &mut Changes,
    person: PersonId,
    child: CircleId,
    relation: Relation,
) -> Result<(), AppError> {
    if draft.scene.role_of(&person) != Some(Role::Guardian) {
        return Err(AppError::NotFound);
    }
    // What is planned stands where all staff read.
    if changes.planned && draft.scene.house.log.is_protected(&person) {
        return Err(AppError::NotAllowed);
    }
    changes.relation(&draft.scene, &person, &child).ok_or(AppError::NotFound)?;
    relate(draft, changes, person, child, relation)
}

fn find_guardian(scene: &Scene<'_>, person: &str) -> Result<PersonId, AppError> {
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    if scene.role_of(&person) == Some(Role::Guardian) { Ok(person) } else { Err(AppError::NotFound) }
}

fn staff_named(scene: &Scene<'_>, named: &[String]) -> Result<SortedSet<PersonId>, AppError> {
    let known = named.iter().map(|name| {
        let known: PersonId = name.parse().map_err(|_| AppError::NotFound)?;
        match scene.role_of(&known) {
            Some(Role::Director | Role::Educator) => Ok(known),
            Some(_) => Err(AppError::NotAllowed),
            None => Err(AppError::NotFound),
        }
    });
    known.collect()
}

/// They leave every circle where others would notice them, and their threads go on with the directors; or they come back to
/// what they are. One frame: the team and all its children get new keys, so that nobody sees which child it is.
pub(super) fn protect_guardian(
    draft: &mut Draft<'_>,
    person: &str,
    child: &str,
    on: bool,
    with: &Shielded<'_>,
) -> Result<Reply, AppError> {
    let person = find_guardian(&draft.scene, person)?;
    let child = draft.scene.find(Sort::Child, child)?.id;
    let directors = draft.scene.sole(Sort::Directors)?;
    if draft.scene.relation(&person, &child).is_none() {
        return Err(AppError::NotFound);
    }
    let names = staff_named(&draft.scene, with.named)?;
    let log = &draft.scene.house.log;
    match (on, log.is_protected(&person)) {
        (true, true) => {
            apart::begin(draft, person, &names)?;
            return Ok(Reply::empty());
        }
        (false, false) => return Ok(Reply::empty()),
        _ => {}
    }
    let who = Who::Person(person);
    let ends: Vec<CircleId> = log
        .circles()
        .filter(|c| on && matches!(c.sort, Sort::Child | Sort::Parents | Sort::Council))
        .filter(|c| c.members.contains_key(&who))
        .map(|c| c.id)
        .collect();
    let threads: Vec<(CircleId, Option<CircleId>, Vec<Who>)> = log
        .circles()
        .filter(|c| c.sort == Sort::Private && c.guardian == Some(person))
        .map(|c| {
            let house = c.members.keys().filter(|who| matches!(who, Who::Circle(_)));
            (c.id, c.child, house.copied().collect())
        })
        .collect();
    for circle in ends {
        draft.end(circle, who);
    }
    if !on {
        apart::end(draft, person)?;
        draft.entries.push(Body::Protect(Protect { person, named: Vec::new(), on }));
    }
    for (thread, child, before) in threads {
        let team = child.and_then(|child| draft.scene.team_of_staff(&child));
        let key = if on { Some(directors) } else { team };
        let Some(key) = key else { continue };
        for side in before {
            draft.end(thread, side);
        }
        draft.member(thread, Who::Circle(key));
    }
    if on {
        let apart = apart::begin(draft, person, &names)?;
        if with.untimed {
            let children = draft.scene.circles(Sort::Child).map(|circle| circle.id);
            let theirs = children.filter(|child| draft.scene.relation(&person, child).is_some());
            for child in theirs.collect::<Vec<_>>() {
                place::keep_no_times(draft, child);
            }
        }
        for Contacts { child, contacts } in with.contacts {
            let child = draft.scene.find(Sort::Child, child)?.id;
            draft.scene.relation(&person, &child).ok_or(AppError::NotFound)?;
            calls::leave_out(draft, apart, &person, child, contacts)?;
        }
    } else {
        let changes = Changes { unprotects: true, ..Changes::default() };
        reconcile(draft, &changes, person)?;
    }
    Ok(Reply::empty())
}

fn relate(
    draft: &mut Draft<'_>,
    changes: &mut Changes,
    person: PersonId,
    child: CircleId,
    relation: Relation,
) -> Result<(), AppError> {
    let place = if let Some(apart) = changes.apart {
        apart
    } else if draft.scene.house.log.is_protected(&person) {
        let apart = draft.scene.apart(&person).map(|circle| circle.id).ok_or(AppError::NotAllowed)?;
        draft.scene.writes(&apart).map(|()| apart)?
    } else {
        draft.scene.sole(Sort::Staff)?
    };
    let name = changes.name(&draft.scene, &person);
    changes.relations.insert((person, child), relation);
    draft.profile(place, profile::relation_id(&person, &child), &Profile::Relation { name, relation });
    reconcile(draft, changes, person)
}

/// Ends and begins memberships of a guardian until they are what follows from their children.
pub(super) fn reconcile(draft: &mut Draft<'_>, changes: &Changes, person: PersonId) -> Result<(), AppError> {
    let is_protected = draft.scene.house.log.is_protected(&person) || changes.apart.is_some();
    let apart = is_protected && !changes.unprotects;
    if apart && changes.planned {
        return Ok(());
    }
    let mut told = SortedSet::new();
    let mut reads = SortedSet::new();
    let children: Vec<CircleId> = draft.scene.circles(Sort::Child).map(|c| c.id).collect();
    for child in children {
        let Some(relation) = changes.relation(&draft.scene, &person, &child) else { continue };
        if !relation.is_told() {
            continue;
        }
        if apart {
            told.insert((child, draft.scene.sole(Sort::Directors)?));
            continue;
        }
        let team = changes.team(&draft.scene, &child).ok_or(AppError::NotFound)?;
        told.insert((child, team));
        if relation.reads_child() {
            reads.insert(child);
            let mut all = draft.scene.house.log.circles();
            reads.extend(all.find(|c| c.sort == Sort::Parents && c.team == Some(team)).map(|c| c.id));
        }
    }
    let who = Who::Person(person);
    let log = &draft.scene.house.log;
    let is = |circle: &CircleId| changes.is_member(log, circle, who);
    let open: Vec<_> = log.circles().filter(|c| matches!(c.sort, Sort::Child | Sort::Parents)).collect();
    let ends: Vec<CircleId> = open.iter().map(|c| c.id).filter(|id| is(id) && !reads.contains(id)).collect();
    let begins: Vec<CircleId> = reads.iter().copied().filter(|id| !is(id)).collect();
    let threads: Vec<_> = log
        .circles()
        .filter(|c| c.sort == Sort::Private && c.guardian == Some(person))
        .filter_map(|c| Some((c.id, c.child?, is(&c.id))))
        .collect();
    for (thread, child, is_open) in &threads {
        if *is_open && !told.iter().any(|(told, _)| told == child) {
            draft.end(*thread, who);
        }
    }
    let name = Profile::Guardian { name: changes.name(&draft.scene, &person) };
    for circle in begins {
        draft.member(circle, who);
        // Of a group that the child comes to now they read nothing older.
        let team = draft.scene.house.log.circle(&circle).and_then(|c| c.team);
        if team.is_some_and(|team| changes.moved.values().any(|to| *to == team))
            && let Some(Body::Member(member)) = draft.entries.last_mut()
        {
            member.history = History::FromNow;
        }
    }
    // Last, so that they read what both have in common all the time.
    for circle in ends {
        draft.end(circle, who);
    }
    for child in reads.iter().filter(|c| told.iter().any(|(told, _)| told == *c)) {
        draft.profile(*child, profile::person_id(&person), &name);
    }
    for (child, team) in told {
        let known = threads.iter().find(|(_, of, _)| *of == child);
        let thread = match known {
            Some((thread, _, is_open)) => {
                if !is_open {
                    draft.member(*thread, who);
                }
                *thread
            }
            None => {
                let thread = draft.private(child, person);
                draft.member(thread, who);
                draft.member(thread, Who::Circle(team));
                thread
            }
        };
        draft.profile(thread, profile::person_id(&person), &name);
        if !reads.contains(&child) {
            let name = draft.scene.child_name(&child);
            draft.profile(thread, profile::circle_id(&child), &Profile::Child { name, left: false });
        }
    }
    Ok(())
}

/// The child's circle and its guardians' threads change their team; guardians change parents' circles, unless another child
/// keeps them there.
pub(super) fn move_child(draft: &mut Draft<'_>, child: &str, group: &str) -> Result<Reply, AppError> {
    let child = draft.scene.find(Sort::Child, child)?.id;
    let team = draft.scene.find_group(group)?;
    move_to(draft, &mut Changes::default(), child, team)?;
    Ok(Reply::empty())
}

/// The same, now or on its day.
pub(super) fn move_to(
    draft: &mut Draft<'_>,
    changes: &mut Changes,
    child: CircleId,
    team: CircleId,
) -> Result<(), AppError> {
    let mut groups = draft.scene.house.log.circles().filter(|c| c.sort == Sort::Group);
    if changes.has_left(&draft.scene, &child) || !groups.any(|c| c.team == Some(team)) {
        return Err(AppError::NotFound);
    }
    let before = changes.team(&draft.scene, &child).ok_or(AppError::NotFound)?;
    if before == team {
        return Ok(());
    }
    let log = &draft.scene.house.log;
    let circles: Vec<_> = log
        .circles()
        .filter(|c| c.id == child || (c.sort == Sort::Private && c.child == Some(child)))
        .filter(|c| changes.is_member(log, &c.id, Who::Circle(before)))
        .map(|c| c.id)
        .collect();
    for circle in circles {
        draft.end(circle, Who::Circle(before));
        draft.member(circle, Who::Circle(team));
    }
    place::follow(draft, &child, Some(&team));
    changes.moved.insert(child, team);
    for person in draft.scene.related(&child) {
        reconcile(draft, changes, person)?;
    }
    Ok(())
}

/// Its guardians no longer read it, and the group only if another child of theirs is there. The team goes on reading.
pub(super) fn child_leaves(draft: &mut Draft<'_>, child: &str) -> Result<Reply, AppError> {
    let child = draft.scene.find(Sort::Child, child)?.id;
    leave(draft, &mut Changes::default(), child)?;
    Ok(Reply::empty())
}

/// The same, now or on its day.
pub(super) fn leave(draft: &mut Draft<'_>, changes: &mut Changes, child: CircleId) -> Result<(), AppError> {
    if changes.has_left(&draft.scene, &child) {
        return Ok(());
    }
    let name = draft.scene.child_name(&child);
    draft.profile(child, profile::circle_id(&child), &Profile::Child { name, left: true });
    place::follow(draft, &child, None);
    changes.left.insert(child);
    for person in draft.scene.related(&child) {
        reconcile(draft, changes, person)?;
    }
    Ok(())
}

pub(super) const fn role_end(person: PersonId) -> Body {
    Body::RoleEnd(RoleEnd { person })
}

/// Their role has ended. What they had stays on their devices.
pub(super) fn remove_person(
    draft: &mut Draft<'_>,
    person: &str,
    sheet: Option<&str>,
) -> Result<Reply, AppError> {
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let role = draft.scene.role_of(&person).filter(|role| *role != Role::Sheet).ok_or(AppError::NotFound)?;
    let body = Body::RoleEnd(RoleEnd { person });
    if role == Role::Director {
        may_end_director(&draft.scene, &person)?;
        return with_second(draft, body, Some(person), sheet);
    }
    draft.entries.push(body);
    place::also_end(draft, &person);
    Ok(Reply::empty())
}

/// # Errors
/// [`AppError::LastDirector`]; [`AppError::NeedsSecond`] for oneself: whoever goes does not count, and cannot make the keys of those
/// who stay.
pub(super) fn may_end_director(scene: &Scene<'_>, person: &PersonId) -> Result<(), AppError> {
    leaves_a_director(scene, person)?;
    if *person == scene.me { Err(AppError::NeedsSecond) } else { Ok(()) }
}

/// # Errors
/// [`AppError::LastDirector`] if nobody who directs is left without this person.
pub(super) fn leaves_a_director(scene: &Scene<'_>, person: &PersonId) -> Result<(), AppError> {
    if other_directors(scene, &[*person]) { Ok(()) } else { Err(AppError::LastDirector) }
}

fn other_directors(scene: &Scene<'_>, than: &[PersonId]) -> bool {
    acting_directors(&scene.house.log).any(|director| !than.contains(&director))
}

/// What takes two: the sheet agrees at once. Without it, it is proposed to another director, if there is one who counts.
fn with_second(
    draft: &mut Draft<'_>,
    body: Body,
    concerned: Option<PersonId>,
    sheet: Option<&str>,
) -> Result<Reply, AppError> {
    match second(draft, &body, concerned, None, sheet)? {
        Ok(cosignature) => {
            draft.cosignatures.push((draft.entries.len(), cosignature));
            draft.entries.push(body);
            Ok(Reply::empty())
        }
        Err(proposed) => Ok(proposed),
    }
}

/// What the sheet signs; or, without it, that it is proposed, for a day where one is named.
pub(super) fn second(
    draft: &mut Draft<'_>,
    body: &Body,
    concerned: Option<PersonId>,
    day: Option<Day>,
    sheet: Option<&str>,
) -> Result<Result<Cosignature, Reply>, AppError> {
    let me = draft.scene.me;
    if sheet.is_none() && other_directors(&draft.scene, &[me, concerned.unwrap_or(me)]) {
        let item = ItemId::new(draft.bytes());
        draft.proposes = Some(Proposed { item, body: body.clone(), day });
        return Ok(Err(Reply::Proposal { proposal: item.to_string() }));
    }
    cosign(draft, body, sheet).map(Ok)
}

/// A device of one's own, or for a director anybody's; that of another director takes two.
pub(super) fn end_device(
    draft: &mut Draft<'_>,
    device: &str,
    sheet: Option<&str>,
) -> Result<Reply, AppError> {
    let device: DeviceId = device.parse().map_err(|_| AppError::NotFound)?;
    let log = &draft.scene.house.log;
    let known = log.device(&device).filter(|d| d.is_live()).ok_or(AppError::NotFound)?;
    let own = known.person == draft.scene.me;
    if !own && !matches!(draft.scene.role, Role::Director | Role::Sheet) {
        return Err(AppError::NotAllowed);
    }
    let role = draft.scene.role_of(&known.person);
    // The team's keys are made anew by a device that stays.
    if device == draft.scene.house.me && draft.scene.role.is_staff() {
        return Err(AppError::NotAllowed);
    }
    // A sheet goes when the next one is there.
    if role == Some(Role::Sheet) && (!own || device == draft.scene.house.me) {
        return Err(AppError::NotFound);
    }
    let body = Body::DeviceEnd(DeviceEnd { device });
    if role == Some(Role::Director) && !own && draft.scene.role != Role::Sheet {
        let person = known.person;
        return with_second(draft, body, Some(person), sheet);
    }
    draft.entries.push(body);
    Ok(Reply::empty())
}

/// The end of the house, for everybody in it.
pub(super) fn dissolve(draft: &mut Draft<'_>, sheet: Option<&str>) -> Result<Reply, AppError> {
    with_second(draft, Body::Dissolve(Dissolve {}), None, sheet)
}

/// The house goes on with the copy that this device sees. If another director says so already, that is agreed to.
pub(super) fn confirm_move(
    draft: &mut Draft<'_>,
    origin: Option<&str>,
    sheet: Option<&str>,
) -> Result<Reply, AppError> {
    let copy = draft.scene.house.copy.ok_or(AppError::NotFound)?;
    if origin.is_some_and(|origin| origin.len() > limit::ORIGIN_BYTES_MAX) {
        return Err(AppError::TooLong);
    }
    let origin = origin.filter(|origin| !origin.is_empty()).map(str::to_owned);
    let Copied { incarnation, relay, log, positions, .. } = copy;
    let body = Body::Restored(Restored { incarnation, log, positions, relay, origin });
    let me = draft.scene.me;
    if sheet.is_none() && other_directors(&draft.scene, &[me]) {
        let said = draft.scene.words();
        if let Some(word) = said.into_iter().find(|word| word.by != me) {
            return later::agree(draft, &word.item.to_string());
        }
        // Each director says one thing of it.
        let item = ItemId::new(*me.as_bytes());
        draft.proposes = Some(Proposed { item, body, day: None });
        return Ok(Reply::Proposal { proposal: item.to_string() });
    }
    let cosignature = cosign(draft, &body, sheet)?;
    draft.cosignatures.push((draft.entries.len(), cosignature));
    draft.entries.push(body);
    Ok(Reply::empty())
}

/// What a new device answered: it agrees to be this person's. The digits of both were compared.
pub(super) fn add_device(draft: &mut Draft<'_>, answer: &str) -> Result<Reply, AppError> {
    let bytes = hex::decode_vec(answer.as_bytes()).map_err(|_| AppError::NotFound)?;
    let Ok(Body::DeviceAdd(add)) = Body::decode(KindNumber::DeviceAdd, &bytes) else {
        return Err(AppError::NotFound);
    };
    draft.scene.role_of(&add.person).ok_or(AppError::NotFound)?;
    if add.person != draft.scene.me && draft.scene.role != Role::Sheet {
        return Err(AppError::NotAllowed);
    }
    draft.entries.push(Body::DeviceAdd(add));
    Ok(Reply::empty())
}

/// Whoever comes later does not read what was written before. Those who read it keep it.
pub(super) fn horizon(draft: &mut Draft<'_>, circle: Option<&str>) -> Result<Reply, AppError> {
    let id = match circle {
        Some(circle) => {
            let id: CircleId = circle.parse().map_err(|_| AppError::NotFound)?;
            // A group's id is its team's.
            draft.scene.group_of(&id).map_or(id, |group| group.id)
        }
        None => draft.scene.sole(Sort::House)?,
    };
    let log = &draft.scene.house.log;
    let known = log.circle(&id).ok_or(AppError::NotFound)?;
    draft.scene.writes(&id)?;
    // The parents' keys that it nests are renewed with it.
    let renewed = access::epoch_targets(log, &id).keys.into_iter().chain([id]);
    let mut renewed =
        renewed.filter(|key| *key == id || log.circle(key).is_some_and(|c| c.sort == Sort::Parents));
    if known.sort.is_key() || !renewed.all(|key| access::may_rotate(log, &draft.scene.house.me, &key)) {
        return Err(AppError::NotAllowed);
    }
    draft.horizon = Some(id);
    Ok(Reply::empty())
}

/// Named persons: staff, and one guardian at most. Who makes it need not be in it.
pub(super) fn create_guarded(
    draft: &mut Draft<'_>,
    name: &str,
    members: &[String],
) -> Result<Reply, AppError> {
    let name = required(name, NAME_CHARS_MAX)?;
    let circle = named(draft, Sort::Guarded, members)?;
    // What it is called is for its members alone: whoever is none of them cannot write it.
    if is_among(draft, members) {
        draft.edit(
            circle,
            Class::Long,
            profile::circle_id(&circle),
            Profile::Guarded { name, protects: None }.value(),
        );
    }
    Ok(Reply::Id { id: circle.to_string() })
}

/// The elected parents. Staff read it only if they are named.
pub(super) fn create_council(draft: &mut Draft<'_>, members: &[String]) -> Result<Reply, AppError> {
    if draft.scene.house.sole(Sort::Council).is_some() {
        return Err(AppError::LostRace);
    }
    let circle = named(draft, Sort::Council, members)?;
    Ok(Reply::Id { id: circle.to_string() })
}

fn named(draft: &mut Draft<'_>, sort: Sort, members: &[String]) -> Result<CircleId, AppError> {
    let mut persons: SortedSet<PersonId> = SortedSet::new();
    let mut guardians = 0;
    for member in members {
        let person: PersonId = member.parse().map_err(|_| AppError::NotFound)?;
        let role = draft.scene.role_of(&person).ok_or(AppError::NotFound)?;
        guardians += usize::from(role == Role::Guardian && persons.insert(person));
        persons.insert(person);
        let fits = match sort {
            Sort::Guarded => matches!(role, Role::Director | Role::Educator | Role::Guardian),
            _ => matches!(role, Role::Director | Role::Guardian),
        };
        if !fits {
            return Err(AppError::NotAllowed);
        }
    }
    if persons.is_empty() || persons.len() > limit::CIRCLE_PERSONS_MAX {
        return Err(AppError::Empty);
    }
    if sort == Sort::Guarded && guardians > 1 {
        return Err(AppError::NotAllowed);
    }
    let circle = CircleId::new(draft.bytes());
    let all = persons.iter().copied().collect();
    draft.entries.push(Body::Circle(CircleNew { persons: Some(all), ..CircleNew::new(circle, sort) }));
    if is_among(draft, members) {
        // Guardians read each other's names nowhere else.
        for person in &persons {
            if draft.scene.role_of(person) != Some(Role::Guardian) {
                continue;
            }
            let name = Profile::Guardian { name: draft.scene.person_name(person) };
            draft.edit(circle, Class::Long, profile::person_id(person), name.value());
        }
    }
    Ok(circle)
}

fn is_among(draft: &Draft<'_>, members: &[String]) -> bool {
    members.contains(&draft.scene.me.to_string())
}

/// The sheet agrees.
fn cosign(draft: &Draft<'_>, body: &Body, sheet: Option<&str>) -> Result<Cosignature, AppError> {
    let keys = code::parse_sheet(sheet.ok_or(AppError::NeedsSecond)?).map_err(|_| AppError::NeedsSecond)?;
    let log = &draft.scene.house.log;
    let known = log.device(&keys.id()).filter(|d| d.is_live()).ok_or(AppError::NeedsSecond)?;
    if draft.scene.role_of(&known.person) != Some(Role::Sheet) {
        return Err(AppError::NeedsSecond);
    }
    let (kind, bytes) = body.encode();
    let nonce = Nonce::new(crypto::random::bytes());
    let signature = keys.sign(label::COSIGN, &cosign_input(log.house(), kind, &bytes, nonce));
    Ok(Cosignature { device: keys.id(), nonce, signature })
}

impl Draft<'_> {
    pub(super) fn end(&mut self, circle: CircleId, who: Who) {
        self.entries.push(Body::MemberEnd(MemberEnd { circle, who }));
    }

    /// Writes a profile unless it stands there.
    pub(super) fn profile(&mut self, circle: CircleId, id: nestpost_protocol::id::ItemId, profile: &Profile) {
        if self.scene.profile(&circle, id).as_ref() != Some(profile) {
            self.edit(circle, Class::Long, id, profile.value());
        }
    }
}
