//! What is to be done on a later day, and what takes a second director.
//!
//! A plan says what, its orders how. As things change before its day, a director's device signs the orders anew; on the day
//! any device of the staff carries out those that it has the keys for. Clocks only trigger: the log knows no days.

use nestpost_protocol::id::{ItemId, PersonId};
use nestpost_protocol::limit::FRAME_ENTRIES_MAX;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::order::Order;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, Cosignature, LogState};
use nestpost_protocol::retention::Class;
use nestpost_protocol::{access, codec};
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;

use super::belong::{self, Changes};
use super::{Draft, apart, rebase};
use crate::app::command::Relation;
use crate::app::day::Day;
use crate::app::item::{How, Item, PlanEnd, Planned, ProposalEnd, What};
use crate::app::scene::Scene;
use crate::app::scene::later::PlanFact;
use crate::app::{AppError, Edit, Reply};
use crate::house::House;
use crate::time::Timestamp;

/// Plans that may be open at once.
const PLANS_MAX: usize = 256;

/// What a device of the staff does about plans now.
#[derive(Debug, Default)]
pub struct Later {
    /// Plans whose orders a director's device signs, and what is to be ordered.
    pub sign: Vec<(ItemId, Vec<Body>, Option<Cosignature>)>,
    /// What is due and this device can do, a plan each; and directors who are to be let in.
    pub execute: Vec<Vec<Body>>,
    /// What is written when that is done.
    pub edits: Vec<Edit>,
}

/// A plan and what it comes to on its day, after those before it.
pub(in crate::app) struct Projected {
    pub(in crate::app) plan: PlanFact,
    /// What must be ordered; or why that cannot be.
    pub(in crate::app) acts: Result<Vec<Body>, AppError>,
    edits: Vec<Edit>,
}

fn begin(draft: &Draft<'_>, what: What, day: &str) -> Result<Planned, AppError> {
    let day: Day = day.parse().map_err(|_| AppError::BadDay)?;
    let is_later = Day::of(draft.now).is_ok_and(|today| today < day);
    if is_later { Ok(Planned::of(what, day, draft.now.millis())) } else { Err(AppError::BadDay) }
}

fn add(draft: &mut Draft<'_>, planned: Planned) -> Result<Reply, AppError> {
    let staff = draft.scene.sole(Sort::Staff)?;
    let item = ItemId::new(draft.bytes());
    let mut open = draft.scene.open_plans();
    if open.len() >= PLANS_MAX {
        return Err(AppError::TooLong);
    }
    open.push(PlanFact { item, planned: planned.clone(), by: None, orders: None, end: None });
    let all = project(draft, open);
    let new = all.into_iter().find(|projected| projected.plan.item == item);
    new.map_or(Ok(Vec::new()), |projected| projected.acts)?;
    draft.edit(staff, Class::Long, item, Item::Planned(planned).value());
    Ok(Reply::Id { id: item.to_string() })
}

pub(super) fn plan_guardian(
    draft: &mut Draft<'_>,
    person: &str,
    child: &str,
    relation: Relation,
    day: &str,
) -> Result<Reply, AppError> {
    let person = Some(person.parse().map_err(|_| AppError::NotFound)?);
    let child = Some(draft.scene.find(Sort::Child, child)?.id);
    let planned = begin(draft, What::Guardian, day)?;
    add(draft, Planned { person, child, relation: Some(relation), ..planned })
}

pub(super) fn plan_move(
    draft: &mut Draft<'_>,
    child: &str,
    group: &str,
    day: &str,
) -> Result<Reply, AppError> {
    let child = Some(draft.scene.find(Sort::Child, child)?.id);
    let group = Some(draft.scene.find_group(group)?);
    let planned = begin(draft, What::Move, day)?;
    add(draft, Planned { child, group, ..planned })
}

pub(super) fn plan_leave(draft: &mut Draft<'_>, child: &str, day: &str) -> Result<Reply, AppError> {
    let child = Some(draft.scene.find(Sort::Child, child)?.id);
    let planned = begin(draft, What::Leave, day)?;
    add(draft, Planned { child, ..planned })
}

/// A director goes only when two agree, as at once: `sheet`, or else another director whom it is proposed to.
pub(super) fn plan_end(
    draft: &mut Draft<'_>,
    person: &str,
    day: &str,
    sheet: Option<&str>,
) -> Result<Reply, AppError> {
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let role = draft.scene.role_of(&person).ok_or(AppError::NotFound)?;
    // What is planned stands where all staff read.
    if draft.scene.house.log.is_protected(&person) {
        return Err(AppError::NotAllowed);
    }
    let planned = begin(draft, What::End, day)?;
    if role != Role::Director {
        return add(draft, Planned { person: Some(person), ..planned });
    }
    belong::may_end_director(&draft.scene, &person)?;
    let (body, concerned) = (belong::role_end(person), Some(person));
    let second = match belong::second(draft, &body, concerned, Some(planned.day), sheet)? {
        Ok(cosignature) => Some(cosignature),
        Err(proposed) => return Ok(proposed),
    };
    add(draft, Planned { person: Some(person), second, ..planned })
}

/// Whoever is new here stays up to a day.
pub(super) fn until(draft: &mut Draft<'_>, person: PersonId, last: &str) -> Result<(), AppError> {
    let last: Day = last.parse().map_err(|_| AppError::BadDay)?;
    if Day::of(draft.now).is_ok_and(|today| last < today) {
        return Err(AppError::BadDay);
    }
    let staff = draft.scene.sole(Sort::Staff)?;
    let planned = Planned::of(What::End, last.plus(1), draft.now.millis());
    draft.add(staff, Class::Long, Item::Planned(Planned { person: Some(person), ..planned }).value());
    Ok(())
}

pub(super) fn cancel(draft: &mut Draft<'_>, plan: &str) -> Result<Reply, AppError> {
    let item: ItemId = plan.parse().map_err(|_| AppError::NotFound)?;
    let plan = draft.scene.plans().into_iter().find(|p| p.item == item).ok_or(AppError::NotFound)?;
    match plan.end.map(|end| end.how) {
        // What two agreed on about a director is not theirs to undo.
        None if plan.planned.second.is_some() && plan.planned.person == Some(draft.scene.me) => {
            Err(AppError::NotAllowed)
        }
        None => {
            let end = ended(&draft.scene, item, How::Withdrawn, None)?;
            draft.edits.push(end);
            Ok(Reply::empty())
        }
        Some(How::Withdrawn) => Ok(Reply::empty()),
        Some(How::Done | How::Failed) => Err(AppError::LostRace),
    }
}

/// The second director agrees: what the first one signed goes with the entry.
pub(super) fn agree(draft: &mut Draft<'_>, proposal: &str) -> Result<Reply, AppError> {
    let fact = draft.scene.find_proposal(proposal)?;
    if fact.by == draft.scene.me {
        return Err(AppError::NotAllowed);
    }
    if let Some(person) = fact.person
        && matches!(fact.body, Body::RoleEnd(_))
    {
        belong::leaves_a_director(&draft.scene, &person)?;
        let today = Day::of(draft.now).map_err(|_| AppError::BadDay)?;
        if let Some(day) = fact.day.filter(|_| !fact.is_due(today)) {
            let planned = Planned::of(What::End, day, draft.now.millis());
            add(draft, Planned { person: Some(person), second: Some(fact.cosignature), ..planned })?;
            return end_proposal(draft, fact.item);
        }
    }
    draft.cosignatures.push((draft.entries.len(), fact.cosignature));
    draft.entries.push(fact.body);
    Ok(Reply::empty())
}

/// Whoever does not agree says so; whoever proposed it takes it back.
pub(super) fn decline(draft: &mut Draft<'_>, proposal: &str) -> Result<Reply, AppError> {
    let fact = draft.scene.find_proposal(proposal)?;
    if matches!(fact.body, Body::Restored(_)) {
        // The relay forgets it when the device that said it takes it back.
        let own = fact.cosignature.device == draft.scene.house.me;
        return if own { Ok(Reply::empty()) } else { Err(AppError::NotAllowed) };
    }
    end_proposal(draft, fact.item)
}

fn end_proposal(draft: &mut Draft<'_>, proposal: ItemId) -> Result<Reply, AppError> {
    let staff = draft.scene.sole(Sort::Staff)?;
    let end = ProposalEnd { proposal, at: draft.now.millis() };
    draft.add(staff, Class::Year, Item::ProposalEnd(end).value());
    Ok(Reply::empty())
}

/// Who may sign as second that this director goes, and is not this person, or nobody.
fn counts(scene: &Scene<'_>, second: Option<&Cosignature>, concerned: &PersonId) -> Option<PersonId> {
    let (person, role) = access::role_of(&scene.house.log, &second?.device)?;
    (matches!(role, Role::Director | Role::Sheet) && person != *concerned).then_some(person)
}

/// Whether what an entry would bring about is so already.
pub fn brought_about(log: &LogState, body: &Body) -> bool {
    let is_member = |circle, who| log.circle(circle).is_some_and(|c| c.members.contains_key(who));
    match body.act() {
        Body::Member(member) => is_member(&member.circle, &member.who),
        Body::MemberEnd(end) => log.circle(&end.circle).is_some() && !is_member(&end.circle, &end.who),
        Body::RoleEnd(end) => log.person(&end.person).is_some_and(|person| person.role.is_none()),
        Body::DeviceEnd(end) => log.device(&end.device).is_some_and(|device| device.ended.is_some()),
        Body::Dissolve(_) => log.dissolved().is_some(),
        _ => false,
    }
}

/// Open plans in the order of their days, and what each comes to.
pub(in crate::app) fn projected(house: &House, now: Timestamp) -> Vec<Projected> {
    let Ok(scene) = Scene::new(house) else { return Vec::new() };
    let open = scene.open_plans();
    if open.is_empty() {
        return Vec::new();
    }
    // Nothing that is ordered has an id of its own.
    let mut rng = ChaCha20Rng::from_seed([0; 32]);
    project(&mut Draft::new(scene, now, &mut rng), open)
}

fn project(draft: &mut Draft<'_>, mut open: Vec<PlanFact>) -> Vec<Projected> {
    open.sort_by_key(|plan| (plan.planned.day, plan.planned.at, plan.item));
    let mut changes = Changes::for_later();
    let each = open.into_iter().map(|plan| {
        let result = carry(draft, &mut changes, &plan.planned);
        let mut acts = std::mem::take(&mut draft.entries);
        let edits = std::mem::take(&mut draft.edits);
        rebase(&mut acts, &draft.scene.house.log);
        let fits = acts.len() <= FRAME_ENTRIES_MAX
            && acts.iter().all(|act| matches!(act, Body::Member(_) | Body::MemberEnd(_) | Body::RoleEnd(_)));
        changes.suppose(&acts);
        let acts = result.and(if fits { Ok(acts) } else { Err(AppError::NotPlannable) });
        Projected { plan, acts, edits }
    });
    each.collect()
}

fn carry(draft: &mut Draft<'_>, changes: &mut Changes, planned: &Planned) -> Result<(), AppError> {
    let Planned { person, child, group, relation, .. } = *planned;
    match (planned.what, person, child) {
        (What::Guardian, Some(person), Some(child)) => {
            let relation = relation.ok_or(AppError::NotFound)?;
            belong::change(draft, changes, person, child, relation)
        }
        (What::Move, _, Some(child)) => {
            belong::move_to(draft, changes, child, group.ok_or(AppError::NotFound)?)
        }
        (What::Leave, _, Some(child)) => belong::leave(draft, changes, child),
        (What::End, Some(person), _) => match draft.scene.role_of(&person) {
            Some(Role::Sheet) => Err(AppError::NeedsSecond),
            Some(role) => {
                if role == Role::Director {
                    counts(&draft.scene, planned.second.as_ref(), &person).ok_or(AppError::NeedsSecond)?;
                    belong::leaves_a_director(&draft.scene, &person)?;
                }
                draft.entries.push(belong::role_end(person));
                Ok(())
            }
            None => Ok(()),
        },
        _ => Err(AppError::NotFound),
    }
}

/// What this device does about plans now; nothing on a guardian's.
pub fn later(house: &House, now: Timestamp) -> Later {
    let mut later = Later::default();
    let (Ok(scene), Ok(today)) = (Scene::new(house), Day::of(now)) else { return later };
    if !scene.role.is_staff() {
        return later;
    }
    let log = &house.log;
    later.execute = apart::newcomers(&scene);
    later.execute.extend(apart::of_the_past(&scene));
    for Projected { plan, acts, edits } in projected(house, now) {
        let is_due = plan.planned.day <= today;
        let orders = plan.orders.as_deref();
        let left: Vec<(&Order, Body)> = orders
            .unwrap_or_default()
            .iter()
            .filter_map(|order| Some((order, order.act().ok()?)))
            .filter(|(_, act)| !brought_about(log, act))
            .collect();
        let acts = match acts {
            Ok(acts) => acts,
            Err(error) => {
                let end = ended(&scene, plan.item, How::Failed, Some(error.code()));
                later.edits.extend(end.ok().filter(|_| is_due && scene.role == Role::Director));
                continue;
            }
        };
        // Only directors see everything that orders rest on. Of two who sign none is the other, nor whom it is about.
        let as_signed = orders.is_some() && left.iter().map(|(_, act)| act).eq(&acts);
        if scene.role == Role::Director && !as_signed {
            let Planned { person, second, .. } = plan.planned;
            let is_one = second.as_ref().is_some_and(|second| {
                person == Some(scene.me)
                    || log.device(&second.device).is_some_and(|known| known.person == scene.me)
            });
            if !is_one {
                later.sign.push((plan.item, acts, second));
            }
            continue;
        }
        if !is_due || orders.is_none() {
            continue;
        }
        if left.is_empty() {
            if may_finish(&scene, &plan, today) && edits.iter().all(|e| scene.writes(&e.circle).is_ok()) {
                later.edits.extend(edits);
                later.edits.extend(ended(&scene, plan.item, How::Done, None));
            }
            continue;
        }
        let mine = left.into_iter().filter(|(_, act)| {
            let circle = match act {
                Body::Member(member) => &member.circle,
                Body::MemberEnd(end) => &end.circle,
                // Whoever stays makes the keys of those who direct.
                Body::RoleEnd(end) if scene.role_of(&end.person) == Some(Role::Director) => {
                    return scene.role == Role::Director && end.person != scene.me;
                }
                _ => return true,
            };
            access::may_rotate(log, &house.me, circle)
        });
        let mine: Vec<Body> = mine.map(|(order, act)| Body::Order(order.clone(), Box::new(act))).collect();
        if !mine.is_empty() {
            later.execute.push(mine);
        }
    }
    later
}

/// Whoever carried a plan out also writes what goes with it. If they do not come to it, somebody else does the day after:
/// by then nobody has changed anything again within the same minute.
fn may_finish(scene: &Scene<'_>, plan: &PlanFact, today: Day) -> bool {
    let Planned { what, child, day, .. } = plan.planned;
    let sees = child.is_none_or(|child| scene.circles(Sort::Child).any(|c| c.id == child));
    if matches!(what, What::Guardian | What::Leave) && !sees {
        return false;
    }
    let nonces: Vec<_> = plan.orders.iter().flatten().map(|order| order.nonce).collect();
    let log = &scene.house.log;
    let by = (0..log.len()).rev().filter_map(|seq| log.entry(seq)).find_map(|entry| match &entry.kind {
        Body::Order(order, _) if nonces.contains(&order.nonce) => Some(entry.body.author),
        _ => None,
    });
    day < today || by.is_none_or(|by| by == scene.house.me)
}

fn ended(scene: &Scene<'_>, plan: ItemId, how: How, reason: Option<&str>) -> Result<Edit, AppError> {
    let circle = scene.sole(Sort::Staff)?;
    let end = PlanEnd { plan, how, reason: reason.map(str::to_owned) };
    // Of what is to be said, so that two who say the same agree.
    let hash = codec::sha256(&[b"nestpost/1 plan-end", &[0], plan.as_bytes(), &codec::encode(&end)]);
    let item = ItemId::new(hash.first_chunk::<16>().copied().unwrap_or_default());
    Ok(Edit { circle, class: Class::Long, item, value: Item::PlanEnd(end).value() })
}
