//! What a device of the house does unasked: it tells the child's other guardian what they may know.
//!
//! No guardian's device writes where another guardian reads. So a device of the house copies an absence (and its
//! withdrawal) from the reporter's `private` circle into the child's. Id and value depend on the source item alone:
//! two tablets that do it twice agree, and a device that does it again changes nothing. What only some may know of whom to call and came
//! back goes again in the same way.

mod tell;

use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::SortedSet;

use super::Edit;
use super::item::{Absence, Item, Published, PublishedEnd, Withdrawal};
use super::plan::returned;
use super::scene::Scene;
use crate::house::House;
use crate::time::Timestamp;

const PUBLISHED: &[u8] = b"nestpost/1 published";

/// Id of the copy that devices of the house make: the first 16 bytes of SHA-256(label ‖ source circle ‖ source item).
#[must_use]
pub fn published_id(circle: &CircleId, item: &ItemId) -> ItemId {
    let hash = sha256(&[PUBLISHED, &[0], circle.as_bytes(), item.as_bytes()]);
    ItemId::new(hash.first_chunk::<16>().copied().unwrap_or_default())
}

/// What is to be published now. Nothing on a guardian's device.
#[must_use]
pub fn duties(house: &House, now: Timestamp) -> Vec<Edit> {
    let Ok(scene) = Scene::new(house) else { return Vec::new() };
    if !scene.role.is_staff() {
        return Vec::new();
    }
    let mut edits = Vec::new();
    for circle in scene.circles(Sort::Private) {
        let (Some(child), Some(guardian)) = (circle.child, circle.guardian) else { continue };
        // Of a protected guardian, who is not in their child's circle, nobody is named: what they report stands there as what the house
        // was told and entered itself.
        let is_apart = || house.log.is_protected(&guardian);
        let is_told = || scene.relation(&guardian, &child).is_some_and(|relation| relation.is_told());
        let reporter = Some(guardian).filter(|_| scene.is_guardian_of(&guardian, &child));
        let tells = reporter.is_some() || (is_apart() && is_told());
        if !tells || scene.writes(&child).is_err() {
            continue;
        }
        let side = Side::Person(guardian);
        let own: Vec<_> = scene.items(&circle.id).filter(|(at, _)| at.side == side).collect();
        let absences: SortedSet<ItemId> =
            own.iter().filter(|(_, i)| matches!(i, Item::Absence(_))).map(|(at, _)| at.item).collect();
        let published: SortedSet<ItemId> = scene
            .items(&child)
            .filter(|(at, i)| match i {
                Item::Published(copy) => copy.reporter == reporter,
                Item::Absence(_) => reporter.is_none() && at.side == Side::Staff,
                _ => false,
            })
            .map(|(at, _)| at.item)
            .collect();
        for (at, item) in own {
            let (class, copy) = match item {
                Item::Absence(a) => {
                    let class = a.to.class(Timestamp::from_millis(a.at));
                    let copy = match reporter {
                        Some(_) => Item::Published(Published {
                            child,
                            kind: a.kind,
                            from: a.from,
                            to: a.to,
                            reporter,
                        }),
                        None => Item::Absence(Absence { note: String::new(), ..a }),
                    };
                    (class, copy)
                }
                Item::Withdrawal(w) => {
                    // Of the copy, where the reporter's own short-lived item is gone already.
                    let absence = match (absences.contains(&w.absence), published.contains(&w.absence)) {
                        (true, _) => published_id(&circle.id, &w.absence),
                        (false, true) => w.absence,
                        (false, false) => continue,
                    };
                    let end = match reporter {
                        Some(_) => Item::PublishedEnd(PublishedEnd { absence }),
                        None => Item::Withdrawal(Withdrawal { absence, at: w.at }),
                    };
                    (class_of(house, &child, &absence), end)
                }
                _ => continue,
            };
            let id = published_id(&circle.id, &at.item);
            let there = house.docs.items(&child).any(|i| i.item == id && i.side == Side::Staff);
            if !there {
                edits.push(Edit { circle: child, class, item: id, value: copy.value() });
            }
        }
    }
    edits.extend(tell::tell(&scene, now));
    edits.extend(returned(&scene));
    edits
}

/// A withdrawal is kept as long as what it withdraws.
fn class_of(house: &House, circle: &CircleId, item: &ItemId) -> Class {
    house.docs.items(circle).find(|i| i.item == *item).map_or(Class::Short, |i| i.class)
}
