//! What two of the staff are to agree upon, what nobody is shown, and the ledger of what is gone.

use nestpost_protocol::id::{CircleId, DeviceId, ItemId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::state::Circle;
use nestpost_protocol::sorted::SortedMap;

use crate::app::AppError;
use crate::app::item::Item;
use crate::app::item::profile;
use crate::app::plan::{ends, restriction, wishes};
use crate::app::scene::Scene;
use crate::app::view::{ErasedEntry, Erasures, Said, WrittenEntry, WrittenKind, WrittenPlace};
use crate::docs::ItemRef;
use crate::house::Gone;

/// Characters of a text that show which it is.
const BEGINNING_CHARS_MAX: usize = 120;

/// # Errors
/// [`AppError::NotAllowed`] for all but staff.
pub(super) fn erasures(scene: &Scene<'_>) -> Result<Erasures, AppError> {
    scene.staff_only()?;
    let house = scene.house;
    let said = |at: &ItemRef<'_>, time| Said {
        name: scene.author(at).map(|person| scene.person_name(&person)).unwrap_or_default(),
        mine: scene.mine(at),
        at: time,
    };
    let (mut wished, mut restricted) = (Vec::new(), Vec::new());
    let mut wants: SortedMap<(CircleId, ItemId), Vec<Said>> = SortedMap::new();
    for circle in house.log.circles().filter(|circle| scene.writes(&circle.id).is_ok()) {
        for (at, wish) in wishes(house, &circle.id) {
            let key = (circle.id, wish.item);
            wants.entry(key).or_default().push(said(&at, wish.at));
        }
    }
    for (at, _) in scene.shown() {
        let Some(item) = Item::read(at.value) else { continue };
        let held = restriction(house, &at.circle, &at.item).filter(|(_, restriction)| restriction.on);
        if let Some((by, restriction)) = held {
            restricted.extend(entry(scene, &at, item, vec![said(&by, restriction.at)]));
        } else if let Some(said) = wants.remove(&(at.circle, at.item)) {
            wished.extend(entry(scene, &at, item, said));
        }
    }
    let latest = |entry: &WrittenEntry| entry.said.iter().map(|said| said.at).max();
    wished.sort_by_key(|entry| std::cmp::Reverse(latest(entry)));
    restricted.sort_by_key(|entry| std::cmp::Reverse(latest(entry)));
    let mut erased: Vec<ErasedEntry> = house.gone.iter().filter_map(|gone| ledger(scene, gone)).collect();
    erased.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    Ok(Erasures { wished, restricted, erased })
}

fn entry(scene: &Scene<'_>, at: &ItemRef<'_>, item: Item, said: Vec<Said>) -> Option<WrittenEntry> {
    let (place, place_name) = place(scene, &at.circle)?;
    let is_note = !matches!(place, WrittenPlace::House | WrittenPlace::Group);
    let (kind, text, time) = match item {
        Item::Bulletin(b) if is_note => (WrittenKind::Note, [b.title, b.body].join(" "), b.at),
        Item::Bulletin(b) => (WrittenKind::Bulletin, [b.title, b.body].join(" "), b.at),
        Item::Message(m) => (WrittenKind::Message, m.text, m.at),
        Item::Photo(p) => (WrittenKind::Picture, p.alt, p.at),
        Item::File(f) => (WrittenKind::File, f.name, f.at),
        _ => return None,
    };
    Some(WrittenEntry {
        item: at.item.to_string(),
        kind,
        place,
        place_name,
        text: text.chars().take(BEGINNING_CHARS_MAX).collect(),
        author: scene.author(at).map(|person| scene.person_name(&person)).unwrap_or_default(),
        mine: scene.mine(at),
        at: time,
        said,
    })
}

fn place(scene: &Scene<'_>, circle: &CircleId) -> Option<(WrittenPlace, String)> {
    place_of(scene, scene.house.log.circle(circle).filter(|circle| scene.reads(&circle.id))?)
}

/// Where something stands, and what that is called as far as this device knows.
pub(super) fn place_of(scene: &Scene<'_>, circle: &Circle) -> Option<(WrittenPlace, String)> {
    Some(match circle.sort {
        Sort::House => (WrittenPlace::House, String::new()),
        Sort::Group => (WrittenPlace::Group, scene.group_name(circle.team.as_ref()?)),
        Sort::Child => (WrittenPlace::Child, scene.child_name(&circle.id)),
        Sort::Private => (WrittenPlace::Thread, scene.person_name(circle.guardian.as_ref()?)),
        Sort::Staff => (WrittenPlace::Staff, String::new()),
        Sort::Council => (WrittenPlace::Council, String::new()),
        Sort::Guarded => {
            let profile = scene.profile(&circle.id, profile::circle_id(&circle.id));
            (WrittenPlace::Guarded, profile.map(|named| named.name().to_owned()).unwrap_or_default())
        }
        _ => return None,
    })
}

fn ledger(scene: &Scene<'_>, gone: &Gone) -> Option<ErasedEntry> {
    let (place, place_name) = place(scene, &gone.circle)?;
    let name = |device: &DeviceId| {
        let person = scene.house.log.device(device).map(|known| known.person);
        person.map(|person| scene.person_name(&person)).unwrap_or_default()
    };
    let is_named = |item: &ItemId| gone.items.iter().any(|(gone, _)| gone == item);
    let said = ends(scene.house, &gone.circle).filter_map(|(_, end)| match end {
        Item::Removal(removal) if is_named(&removal.item) => Some(removal.at),
        Item::Wish(wish) if is_named(&wish.item) => Some(wish.at),
        _ => None,
    });
    Some(ErasedEntry {
        place,
        place_name,
        count: u32::try_from(gone.items.len()).unwrap_or(u32::MAX),
        by: name(&gone.by),
        second: gone.items.iter().find_map(|(_, second)| second.as_ref()).map(name),
        at: said.max(),
    })
}
