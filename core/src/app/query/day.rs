//! A guardian's home and a group's day. The page passes the day that people mean.

use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::sorted::SortedMap;

use super::picture::{self, Gallery, HOME_PICTURES_MAX};
use super::{absence, bulletin, place, thread};
use crate::app::AppError;
use crate::app::day::Day;
use crate::app::scene::{Marks, Scene};
use crate::app::view::{AbsenceKind, ChildCard, DayChild, DayStatus, GroupDay, ParentHome};
use crate::time::Timestamp;

/// Bulletins on a home screen.
const HOME_BULLETINS_MAX: usize = 20;

pub(super) fn parent_home(scene: &Scene<'_>, day: Day, now: Timestamp) -> ParentHome {
    let marks = scene.marks();
    let mut ids = scene.children();
    // Somebody without custody has a thread alone.
    ids.extend(thread::mine(scene).filter_map(|c| c.child).filter(|c| !ids.contains(c)).collect::<Vec<_>>());
    let children = ids.into_iter().map(|c| card(scene, &marks, &c, day, now)).collect();
    let gallery = Gallery::new(scene);
    let mut bulletins = bulletin::all(scene, &gallery, now);
    bulletins.truncate(HOME_BULLETINS_MAX);
    let mut pictures = picture::all(scene, &gallery, &marks);
    pictures.truncate(HOME_PICTURES_MAX);
    ParentHome { children, bulletins, pictures }
}

fn card(
    scene: &Scene<'_>,
    marks: &SortedMap<ItemId, Marks>,
    child: &CircleId,
    day: Day,
    now: Timestamp,
) -> ChildCard {
    let all = absence::of_child(scene, marks, child);
    let (mut today, mut upcoming) = (Vec::new(), Vec::new());
    for dated in all.into_iter().filter(|d| d.to >= day) {
        // What was taken back for today stays in sight today; for later days it is simply gone.
        match (dated.covers(day), dated.view.withdrawn) {
            (true, _) => today.push(dated.view),
            (false, false) => upcoming.push(dated.view),
            (false, true) => {}
        }
    }
    today.sort_by_key(|a| a.withdrawn);
    let own = scene.private(&scene.me, child);
    let unread = own.map_or(0, |c| thread::unread(scene, c, marks, now));
    ChildCard {
        id: child.to_string(),
        name: scene.child_name(child),
        group: scene.team_of(child).filter(|t| scene.group_of(t).is_some()).map(|t| scene.group(&t)),
        today,
        upcoming,
        attendance: place::attendance(scene, child, day),
        unread,
        ended: own.is_none_or(|c| scene.is_closed(&c.id)),
    }
}

/// # Errors
/// [`AppError::NotAllowed`] for guardians, [`AppError::NotFound`].
pub(super) fn group_day(scene: &Scene<'_>, group: &str, day: Day) -> Result<GroupDay, AppError> {
    scene.staff_only()?;
    let team = scene.find_group(group)?;
    Ok(of_team(scene, &scene.marks(), &team, day))
}

/// Who of a group is expected. Reports of both guardians stand side by side; sick outweighs away.
pub(super) fn of_team(
    scene: &Scene<'_>,
    marks: &SortedMap<ItemId, Marks>,
    team: &CircleId,
    day: Day,
) -> GroupDay {
    let children: Vec<DayChild> = scene
        .children_of(team)
        .into_iter()
        .map(|child| {
            let all = absence::of_child(scene, marks, &child);
            let mut absences: Vec<_> = all.into_iter().filter(|d| d.covers(day)).map(|d| d.view).collect();
            if scene.is_open() {
                // That it is sick, not what ails it.
                absences.iter_mut().for_each(|absence| absence.note = None);
            }
            let says = |kind| absences.iter().any(|a| !a.withdrawn && a.kind == kind);
            let status = if says(AbsenceKind::Sick) {
                DayStatus::Sick
            } else if says(AbsenceKind::Away) {
                DayStatus::Away
            } else {
                DayStatus::Expected
            };
            DayChild {
                id: child.to_string(),
                name: scene.child_name(&child),
                status,
                absences,
                attendance: place::attendance(scene, &child, day),
                allergies: Some(scene.care(&child).allergies).filter(|text| !text.is_empty()),
            }
        })
        .collect();
    let count =
        |status| u32::try_from(children.iter().filter(|c| c.status == status).count()).unwrap_or(u32::MAX);
    GroupDay {
        day: day.to_string(),
        group: scene.group(team),
        expected: count(DayStatus::Expected),
        sick: count(DayStatus::Sick),
        away: count(DayStatus::Away),
        children,
    }
}
