//! What is planned for later days, and what waits for a second director.

use nestpost_protocol::log::Body;

use super::acts::subject;
use crate::app::AppError;
use crate::app::day::Day;
use crate::app::item::{How, What};
use crate::app::plan::projected;
use crate::app::scene::Scene;
use crate::app::scene::later::PlanFact;
use crate::app::view::{MissingDay, PlanEntry, PlanStage, PlanWhat, ProposalEntry, ProposalWhat};
use crate::time::DAY_MS;
use crate::time::Timestamp;

/// Plans: open ones first, in the order of their days, then those that are over, the latest first.
///
/// # Errors
/// [`AppError::NotAllowed`] for all but directors.
pub(super) fn plans(scene: &Scene<'_>, now: Timestamp) -> Result<Vec<PlanEntry>, AppError> {
    scene.directors_only()?;
    let today = Day::of(now).map_err(|_| AppError::BadDay)?;
    let open = projected(scene.house, now).into_iter().map(|projected| {
        let day = projected.plan.planned.day;
        let stage = match &projected.acts {
            Err(_) => PlanStage::Stuck,
            Ok(_) if day <= today => PlanStage::Due,
            Ok(_) => PlanStage::Waiting,
        };
        entry(scene, &projected.plan, stage, projected.acts.err().map(|error| error.code().to_owned()))
    });
    let mut all: Vec<_> = open.collect();
    let mut over: Vec<_> = scene
        .plans()
        .into_iter()
        .filter_map(|plan| {
            let end = plan.end.clone()?;
            let stage = match end.how {
                How::Done => PlanStage::Done,
                How::Withdrawn => PlanStage::Withdrawn,
                How::Failed => PlanStage::Failed,
            };
            Some(entry(scene, &plan, stage, end.reason))
        })
        .collect();
    over.sort_by(|a, b| (&b.day, b.at, &b.id).cmp(&(&a.day, a.at, &a.id)));
    all.extend(over);
    Ok(all)
}

fn entry(scene: &Scene<'_>, plan: &PlanFact, stage: PlanStage, reason: Option<String>) -> PlanEntry {
    let planned = &plan.planned;
    PlanEntry {
        id: plan.item.to_string(),
        what: match planned.what {
            What::Guardian => PlanWhat::Guardian,
            What::Move => PlanWhat::Move,
            What::Leave => PlanWhat::Leave,
            What::End => PlanWhat::End,
        },
        day: planned.day.to_string(),
        about: subject(scene, planned.person, planned.child, planned.group),
        relation: planned.relation,
        by: plan.by.map(|by| scene.person_name(&by)).unwrap_or_default(),
        at: planned.at,
        stage,
        reason,
    }
}

/// What waits for a second director, oldest first.
///
/// # Errors
/// [`AppError::NotAllowed`] for all but directors.
pub(super) fn proposals(scene: &Scene<'_>, now: Timestamp) -> Result<Vec<ProposalEntry>, AppError> {
    scene.directors_only()?;
    let today = Day::of(now).map_err(|_| AppError::BadDay)?;
    let entry = |fact: crate::app::scene::later::ProposalFact| {
        let due = fact.is_due(today);
        let (what, device, address) = match fact.body {
            Body::DeviceEnd(end) => (ProposalWhat::EndDevice, Some(end.device.to_string()), None),
            Body::Dissolve(_) => (ProposalWhat::DissolveHouse, None, None),
            Body::Restored(body) => (ProposalWhat::ConfirmMove, None, body.origin),
            _ => (ProposalWhat::RemovePerson, None, None),
        };
        ProposalEntry {
            id: fact.item.to_string(),
            what,
            person: fact.person.map(|person| person.to_string()),
            person_name: fact.person.map(|person| scene.person_name(&person)),
            device,
            address,
            by: scene.person_name(&fact.by),
            mine: fact.by == scene.me,
            at: fact.at,
            day: fact.day.map(|day| day.to_string()),
            due,
        }
    };
    Ok(scene.proposals().into_iter().map(entry).collect())
}

/// Of the copy that is here, the latest day first.
pub(super) fn missing(scene: &Scene<'_>) -> Vec<MissingDay> {
    let noon = |day: u32| (day > 0).then_some(u64::from(day) * DAY_MS + DAY_MS / 2);
    let days = scene.house.missing.iter().rev();
    days.map(|(day, count)| MissingDay { at: noon(*day), count: *count }).collect()
}

/// How many proposals wait for this director.
pub(super) fn waiting(scene: &Scene<'_>) -> u32 {
    if scene.directors_only().is_err() {
        return 0;
    }
    let waits = scene.proposals().iter().filter(|fact| fact.by != scene.me).count();
    u32::try_from(waits).unwrap_or(u32::MAX)
}
