//! What outsiders wrote, newest first.

use nestpost_protocol::id::RecordId;
use nestpost_protocol::intake;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use crate::app::AppError;
use crate::app::item::Item;
use crate::app::scene::Scene;
use crate::app::view::{Intake, IntakeEntry};
use crate::code::IntakeLink;
use crate::qr;

/// # Errors
/// [`AppError::NotAllowed`] for guardians.
pub(super) fn intake(scene: &Scene<'_>) -> Result<Intake, AppError> {
    scene.staff_only()?;
    let house = scene.house;
    let mark = intake::mark(&house.log, &house.epochs);
    let link = house
        .id
        .zip(mark)
        .map(|(house_id, mark)| IntakeLink { house: house_id, mark }.format(house.address()));
    let qr_svg = link.as_ref().and_then(|link| qr::svg(link).ok());
    let (taken, deleted) = (taken(scene), deleted(scene));
    let here = house.inquiries.iter().filter(|(id, _)| !deleted.contains(id));
    let mut unreadable = 0;
    let mut entries: Vec<IntakeEntry> = Vec::new();
    for (id, received) in here {
        let Some(inquiry) = &received.inquiry else {
            unreadable += 1;
            continue;
        };
        entries.push(IntakeEntry {
            id: id.to_string(),
            name: inquiry.name.clone(),
            contact: inquiry.contact.clone(),
            text: inquiry.text.clone(),
            at: inquiry.at,
            taken_by: taken.get(id).map(|(_, name)| name.clone()),
        });
    }
    entries.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    Ok(Intake { open: link.is_some(), link, qr_svg, entries, unreadable })
}

/// Who saw to what first.
fn taken(scene: &Scene<'_>) -> SortedMap<RecordId, (u64, String)> {
    let mut all: SortedMap<RecordId, (u64, String)> = SortedMap::new();
    let Ok(staff) = scene.sole(Sort::Staff) else { return all };
    for (at, item) in scene.items(&staff) {
        let Item::InquiryTaken(taken) = item else { continue };
        let name = scene.author(&at).map(|person| scene.person_name(&person)).unwrap_or_default();
        let first = all.get(&taken.inquiry).is_none_or(|known| (taken.at, &name) < (known.0, &known.1));
        if first {
            all.insert(taken.inquiry, (taken.at, name));
        }
    }
    all
}

/// What staff deleted.
pub(super) fn deleted(scene: &Scene<'_>) -> SortedSet<RecordId> {
    let staff = scene.sole(Sort::Staff).ok();
    let items = staff.into_iter().flat_map(|staff| scene.items(&staff).collect::<Vec<_>>());
    let deleted = items.filter_map(|(_, item)| match item {
        Item::InquiryDeleted(deleted) => Some(deleted.inquiry),
        _ => None,
    });
    deleted.collect()
}
