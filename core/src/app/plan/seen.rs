//! Seen marks. A guardian's stand in their `private` circles, so that no other family learns who reads when; staff
//! mark what families wrote, not what the house wrote itself.

use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use super::Draft;
use crate::app::item::{Item, SEEN_ITEMS_MAX, Seen};
use crate::app::scene::Scene;
use crate::app::{AppError, Reply};

/// Items in one command.
pub(super) const MARK_ITEMS_MAX: usize = 2_000;

/// Unknown ids, one's own items and what is marked already are passed over: pages mark whatever was on screen.
pub(super) fn mark_seen(draft: &mut Draft<'_>, items: &[String]) -> Result<Reply, AppError> {
    if items.len() > MARK_ITEMS_MAX {
        return Err(AppError::TooLong);
    }
    let wanted: SortedSet<ItemId> = items.iter().filter_map(|id| id.parse().ok()).collect();
    let marks = draft.scene.marks();
    let mut by_circle: SortedMap<CircleId, Vec<ItemId>> = SortedMap::new();
    for (item, circle) in places(&draft.scene) {
        if wanted.contains(&item) && !marks.get(&item).is_some_and(|m| m.mine) {
            by_circle.entry(circle).or_default().push(item);
        }
    }
    for (circle, items) in by_circle {
        draft.scene.writes(&circle)?;
        for chunk in items.chunks(SEEN_ITEMS_MAX) {
            let item = Item::Seen(Seen { items: chunk.to_vec(), at: draft.now.millis() });
            draft.add(circle, Class::Short, item.value());
        }
    }
    Ok(Reply::empty())
}

/// Where a mark on an item of the other side goes.
fn places(scene: &Scene<'_>) -> SortedMap<ItemId, CircleId> {
    let mut places = SortedMap::new();
    let mut note = |from: &CircleId, to: CircleId, theirs: &dyn Fn(Side) -> bool| {
        for (at, item) in scene.items(from) {
            let shown = matches!(
                item,
                Item::Bulletin(_)
                    | Item::Message(_)
                    | Item::Absence(_)
                    | Item::Published(_)
                    | Item::Photo(_)
                    | Item::File(_)
            );
            if shown && theirs(at.side) {
                places.insert(at.item, to);
            }
        }
    };
    if !scene.is_guardian() {
        for circle in scene.circles(Sort::Private) {
            note(&circle.id, circle.id, &|side| side != Side::Staff);
        }
        return places;
    }
    let staff = |side| side == Side::Staff;
    for circle in scene.circles(Sort::Private).filter(|c| c.guardian == Some(scene.me)) {
        note(&circle.id, circle.id, &staff);
        let Some(child) = circle.child else { continue };
        note(&child, circle.id, &staff);
        let group = scene.team_of(&child).and_then(|team| scene.group_of(&team));
        for news in group.map(|c| c.id).into_iter().chain(scene.sole(Sort::House)) {
            note(&news, circle.id, &staff);
        }
    }
    places
}
