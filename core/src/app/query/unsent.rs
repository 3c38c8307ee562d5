//! What exists on this device alone: in whole, so that a person can read it, and keep it elsewhere.

use nestpost_protocol::log::kind::circle::Sort;

use super::erase::place_of;
use crate::app::item::{AbsenceKind, Item};
use crate::app::scene::Scene;
use crate::app::view::{Stuck, UnsentEntry, UnsentKind, WrittenPlace};
use crate::docs::{ItemRef, Sent};

/// Oldest first, wherever it was written: also where nobody at this device writes or reads any more.
pub(super) fn unsent(scene: &Scene<'_>) -> Vec<UnsentEntry> {
    let waiting = scene.house.docs.all().filter(|(_, held)| !held.pending.is_empty());
    let items = waiting.flat_map(|(id, held)| held.items(*id));
    let here = items.filter(|at| at.sent == Sent::Local && !scene.is_removed(at));
    let mut all: Vec<UnsentEntry> = here.filter_map(|at| entry(scene, &at)).collect();
    all.sort_by(|a, b| (a.at, &a.item).cmp(&(b.at, &b.item)));
    all
}

fn entry(scene: &Scene<'_>, at: &ItemRef<'_>) -> Option<UnsentEntry> {
    let circle = scene.house.log.circle(&at.circle)?;
    let (place, mut place_name) = place_of(scene, circle)?;
    if circle.sort == Sort::Private && scene.is_guardian() {
        // To themselves they are nobody's name.
        place_name = circle.child.map(|child| scene.child_name(&child)).unwrap_or_default();
    }
    let is_note = !matches!(place, WrittenPlace::House | WrittenPlace::Group);
    let (mut title, mut days) = (String::new(), None);
    let (kind, text, time) = match Item::read(at.value)? {
        Item::Bulletin(written) => {
            title = written.title;
            let kind = if is_note { UnsentKind::Note } else { UnsentKind::Bulletin };
            (kind, written.body, written.at)
        }
        // One without words goes with its pictures, which have a list of their own.
        Item::Message(written) if !written.text.is_empty() => (UnsentKind::Message, written.text, written.at),
        Item::Absence(absence) => {
            days = Some((absence.from.to_string(), absence.to.to_string()));
            let kind = match absence.kind {
                AbsenceKind::Sick => UnsentKind::Sick,
                AbsenceKind::Away => UnsentKind::Away,
            };
            (kind, absence.note, absence.at)
        }
        _ => return None,
    };
    let stuck = if scene.is_closed(&at.circle) {
        Some(Stuck::NoAccess)
    } else {
        scene.house.refused.contains_key(&at.document).then_some(Stuck::Refused)
    };
    let (from, to) = days.unzip();
    Some(UnsentEntry {
        item: at.item.to_string(),
        kind,
        place,
        place_name,
        title,
        text,
        from,
        to,
        at: time,
        stuck,
    })
}
