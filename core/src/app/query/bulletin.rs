//! Bulletins of the house and of the reader's groups, newest first.

use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use super::picture::Gallery;
use super::{note, recent};
use crate::app::duty::published_id;
use crate::app::item::{Item, Told};
use crate::app::scene::{Marks, Scene, state};
use crate::app::view::{Audience, Bulletin, Media};
use crate::docs::ItemRef;
use crate::time::Timestamp;

pub(super) fn all(scene: &Scene<'_>, gallery: &Gallery<'_>, now: Timestamp) -> Vec<Bulletin> {
    let all_marks = scene.marks();
    let families = if scene.is_guardian() { SortedMap::new() } else { families(scene) };
    let house = scene.sole(Sort::House).ok().map(|id| (id, None));
    let groups = scene.circles(Sort::Group).map(|c| (c.id, c.team));
    let mut found: SortedMap<ItemId, Bulletin> = SortedMap::new();
    let apart = scene.told_apart();
    let mut copies: SortedSet<ItemId> = SortedSet::new();
    for (circle, team) in house.into_iter().chain(groups) {
        for (at, item) in scene.items(&circle).filter(|(at, _)| at.side == Side::Staff) {
            let Item::Bulletin(bulletin) = item else { continue };
            if apart.is_some() {
                copies.insert(published_id(&circle, &at.item));
            }
            if scene.is_removed(&at) {
                continue;
            }
            let none = Marks::default();
            let marks = all_marks.get(&at.item).unwrap_or(&none);
            let seen: SortedSet<_> = marks.guardians.keys().map(|p| families.get(p).unwrap_or(p)).collect();
            // Marks are gone after some weeks; no count is then better than a falling one.
            let count = !scene.is_guardian() && recent(bulletin.at, now);
            found.insert(
                at.item,
                Bulletin {
                    id: at.item.to_string(),
                    media: gallery.of_set(scene, &all_marks, &circle, bulletin.set, !seen.is_empty()),
                    title: bulletin.title,
                    body: bulletin.body,
                    audience: if team.is_some() { Audience::Group } else { Audience::House },
                    group_name: team.map(|t| scene.group_name(&t)),
                    author: scene.author(&at).map(|p| scene.person_name(&p)).unwrap_or_default(),
                    mine: scene.mine(&at),
                    at: bulletin.at,
                    state: state(&at, !seen.is_empty()),
                    seen_by_families: count.then(|| u32::try_from(seen.len()).unwrap_or(u32::MAX)),
                    // Who of the staff read what is nobody's business.
                    read: !scene.is_guardian() || marks.mine || !recent(bulletin.at, now),
                },
            );
        }
    }
    if let Some(apart) = apart {
        for (at, told) in note::told(scene, &apart) {
            // What they had before is here twice.
            if told.child.is_none() && !copies.contains(&at.item) {
                found.insert(at.item, apart_from(scene, &all_marks, &at, told));
            }
        }
    }
    let mut all: Vec<_> = found.into_values().collect();
    all.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    all
}

/// As it was told to somebody who does not read it where it stands.
fn apart_from(scene: &Scene<'_>, marks: &SortedMap<ItemId, Marks>, at: &ItemRef<'_>, told: Told) -> Bulletin {
    Bulletin {
        id: at.item.to_string(),
        media: Media::default(),
        title: told.title,
        body: told.body,
        audience: if told.group.is_some() { Audience::Group } else { Audience::House },
        group_name: told.group.map(|team| scene.group_name(&team)),
        author: scene.house_profile().0,
        mine: false,
        at: told.at,
        state: state(at, marks.get(&at.item).is_some_and(|marks| !marks.guardians.is_empty())),
        seen_by_families: None,
        read: true,
    }
}

/// One person to stand for each family: guardians who share a child are one.
fn families(scene: &Scene<'_>) -> SortedMap<PersonId, PersonId> {
    let mut head: SortedMap<PersonId, PersonId> = SortedMap::new();
    let children: SortedSet<CircleId> = scene.circles(Sort::Private).filter_map(|c| c.child).collect();
    for child in children {
        let guardians: Vec<_> = scene.privates_of(&child).filter_map(|c| c.guardian).collect();
        let old: SortedSet<_> = guardians.iter().map(|p| head.get(p).copied().unwrap_or(*p)).collect();
        let Some(first) = old.first().copied() else { continue };
        for person in guardians {
            head.insert(person, first);
        }
        for to in head.values_mut() {
            if old.contains(to) {
                *to = first;
            }
        }
    }
    head
}
