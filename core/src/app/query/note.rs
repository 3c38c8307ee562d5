//! Notes: what stands in the circle of a child or of the staff, newest first.

use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::SortedMap;

use crate::app::AppError;
use crate::app::item::{Bulletin, Item, Told};
use crate::app::scene::{Scene, state};
use crate::app::view::Note;
use crate::docs::ItemRef;

/// # Errors
/// [`AppError::NotFound`].
pub(super) fn of_circle(scene: &Scene<'_>, circle: &str) -> Result<Vec<Note>, AppError> {
    Ok(all(scene, &scene.find_board(circle)?.id))
}

/// What a protected guardian is told in their circle, unless it was taken back.
pub(super) fn told<'a>(scene: &Scene<'a>, circle: &CircleId) -> Vec<(ItemRef<'a>, Told)> {
    let (mut all, mut over) = (Vec::new(), Vec::new());
    for (at, item) in scene.items(circle).filter(|(at, _)| at.side == Side::Staff) {
        match item {
            Item::Told(told) => all.push((at, told)),
            Item::PublishedEnd(end) => over.push(end.absence),
            _ => {}
        }
    }
    all.retain(|(at, _)| !over.contains(&at.item));
    all
}

/// Of a circle, whatever it is.
pub(super) fn all(scene: &Scene<'_>, circle: &CircleId) -> Vec<Note> {
    let mut found: SortedMap<ItemId, Note> = SortedMap::new();
    for (at, item) in scene.items(circle) {
        let Item::Bulletin(note) = item else { continue };
        if scene.is_removed(&at) {
            continue;
        }
        let author = scene.author(&at).map(|p| scene.person_name(&p)).unwrap_or_default();
        let (id, mine, state) = (at.item.to_string(), scene.mine(&at), state(&at, false));
        let Bulletin { title, body, at: time, .. } = note;
        found.insert(at.item, Note { id, title, body, author, mine, at: time, state });
    }
    for (at, told) in self::told(scene, circle) {
        if told.child.is_some() {
            let (id, author, mine, state) =
                (at.item.to_string(), scene.house_profile().0, false, state(&at, false));
            let (title, body, at_ms) = (told.title, told.body, told.at);
            found.insert(at.item, Note { id, title, body, author, mine, at: at_ms, state });
        }
    }
    let mut all: Vec<_> = found.into_values().collect();
    all.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    all
}
