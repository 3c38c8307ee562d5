//! Notes: what stands in the circle of a child or of the staff, newest first.

use std::collections::BTreeMap;

use nestpost_protocol::id::{CircleId, ItemId};

use crate::app::AppError;
use crate::app::item::{Bulletin, Item};
use crate::app::scene::{Scene, state};
use crate::app::view::Note;

/// # Errors
/// [`AppError::NotFound`].
pub(super) fn of_circle(scene: &Scene<'_>, circle: &str) -> Result<Vec<Note>, AppError> {
    Ok(all(scene, &scene.find_board(circle)?.id))
}

/// Of a circle, whatever it is.
pub(super) fn all(scene: &Scene<'_>, circle: &CircleId) -> Vec<Note> {
    let mut found: BTreeMap<ItemId, Note> = BTreeMap::new();
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
    let mut all: Vec<_> = found.into_values().collect();
    all.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    all
}
