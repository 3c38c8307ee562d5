//! Absences of a child, as the reader may know them: each report once, reports of two guardians side by side.

use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use crate::app::AppError;
use crate::app::day::Day;
use crate::app::duty::published_id;
use crate::app::item::{self, Item, Published};
use crate::app::scene::{Marks, Scene, state};
use crate::app::view::{Absence, ItemState, ReportedBy};
use crate::docs::ItemRef;

/// An absence with its days, for whoever asks about a day.
pub(super) struct Dated {
    pub(super) view: Absence,
    pub(super) from: Day,
    pub(super) to: Day,
}

impl Dated {
    /// Whether it speaks about that day.
    pub(super) fn covers(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// All of a child's, by first day, then claimed time, then id.
pub(super) fn of_child(scene: &Scene<'_>, marks: &SortedMap<ItemId, Marks>, child: &CircleId) -> Vec<Dated> {
    let mut found: SortedMap<ItemId, Dated> = SortedMap::new();
    // Copies of what this device sees in the original.
    let mut copies: SortedSet<ItemId> = SortedSet::new();
    let mut withdrawn: SortedSet<ItemId> = SortedSet::new();
    let mut by_reporter: SortedSet<(Option<PersonId>, ItemId)> = SortedSet::new();
    for circle in scene.privates_of(child) {
        let side = circle.guardian.map(Side::Person);
        // A guardian takes back what they reported themselves, or its copy, and nobody else's.
        let mut own: SortedSet<ItemId> = SortedSet::new();
        let mut taken_back: SortedSet<ItemId> = SortedSet::new();
        for (at, item) in scene.items(&circle.id).filter(|(at, _)| Some(at.side) == side) {
            match item {
                Item::Absence(absence) => {
                    copies.insert(published_id(&circle.id, &at.item));
                    own.insert(at.item);
                    found.insert(at.item, reported(scene, marks, child, &at, absence));
                }
                Item::Withdrawal(w) => {
                    taken_back.insert(w.absence);
                }
                _ => {}
            }
        }
        withdrawn.extend(own.intersection(&taken_back));
        by_reporter.extend(taken_back.into_iter().map(|id| (circle.guardian, id)));
    }
    for (at, item) in scene.items(child) {
        match item {
            Item::Absence(absence) if !copies.contains(&at.item) => {
                found.insert(at.item, reported(scene, marks, child, &at, absence));
            }
            Item::Published(copy) if copy.child == *child && !copies.contains(&at.item) => {
                if copy.reporter.is_some() && by_reporter.contains(&(copy.reporter, at.item)) {
                    withdrawn.insert(at.item);
                }
                found.insert(at.item, published(scene, &at, copy));
            }
            Item::Withdrawal(w) => {
                withdrawn.insert(w.absence);
            }
            Item::PublishedEnd(end) => {
                withdrawn.insert(end.absence);
            }
            _ => {}
        }
    }
    if let Some(apart) = scene.told_apart() {
        // What came back, or was here before, is told already.
        let here = copies.iter().chain(found.keys());
        let again: SortedSet<ItemId> = here.map(|item| published_id(child, item)).collect();
        for (at, item) in scene.items(&apart).filter(|(at, _)| at.side == Side::Staff) {
            match item {
                Item::Published(copy) if copy.child == *child && !again.contains(&at.item) => {
                    found.insert(at.item, published(scene, &at, copy));
                }
                Item::PublishedEnd(end) => {
                    withdrawn.insert(end.absence);
                }
                _ => {}
            }
        }
    }
    let mut all: Vec<Dated> = found
        .into_iter()
        .map(|(id, mut dated)| {
            dated.view.withdrawn = withdrawn.contains(&id);
            dated
        })
        .collect();
    all.sort_by(|a, b| (a.from, a.view.at, &a.view.id).cmp(&(b.from, b.view.at, &b.view.id)));
    all
}

/// The query `absences`.
pub(super) fn of_child_id(scene: &Scene<'_>, child: &str) -> Result<Vec<Absence>, AppError> {
    let child = scene.find(Sort::Child, child)?.id;
    Ok(of_child(scene, &scene.marks(), &child).into_iter().map(|d| d.view).collect())
}

/// As the author wrote it, in a thread or by the house.
fn reported(
    scene: &Scene<'_>,
    marks: &SortedMap<ItemId, Marks>,
    child: &CircleId,
    at: &ItemRef<'_>,
    absence: item::Absence,
) -> Dated {
    let author = scene.author(at);
    let marks = marks.get(&at.item);
    let (by, seen) = match at.side {
        _ if scene.mine(at) => (ReportedBy::Me, marks.is_some_and(|m| m.by_other_side(at.side))),
        Side::Staff => (ReportedBy::House, marks.is_some_and(|m| !m.guardians.is_empty())),
        Side::Person(_) => (ReportedBy::OtherGuardian, marks.is_some_and(|m| m.staff.is_some())),
    };
    let view = Absence {
        id: at.item.to_string(),
        child: child.to_string(),
        kind: absence.kind.into(),
        from: absence.from.to_string(),
        to: absence.to.to_string(),
        note: (!absence.note.is_empty()).then_some(absence.note),
        by,
        by_name: author.map(|p| scene.person_name(&p)).filter(|n| !n.is_empty()),
        at: Some(absence.at),
        state: state(at, seen),
        withdrawn: false,
    };
    Dated { view, from: absence.from, to: absence.to }
}

/// As a device of the house published it. A copy carries no time.
fn published(scene: &Scene<'_>, at: &ItemRef<'_>, copy: Published) -> Dated {
    let reporter = copy.reporter;
    let by = match reporter {
        Some(person) if person == scene.me => ReportedBy::Me,
        Some(person) if scene.role_of(&person).is_some_and(Role::is_staff) => ReportedBy::House,
        Some(_) => ReportedBy::OtherGuardian,
        // That somebody else told the house is nobody's business.
        None => ReportedBy::House,
    };
    let view = Absence {
        id: at.item.to_string(),
        child: copy.child.to_string(),
        kind: copy.kind.into(),
        from: copy.from.to_string(),
        to: copy.to.to_string(),
        note: None,
        by,
        by_name: reporter.map(|p| scene.person_name(&p)).filter(|n| !n.is_empty()),
        at: None,
        // The house has published it, so the house has it.
        state: state(at, true),
        withdrawn: false,
    };
    debug_assert!(view.state != ItemState::Relay, "a published absence is the house's own");
    Dated { view, from: copy.from, to: copy.to }
}
