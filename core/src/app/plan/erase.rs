//! What is erased, by whom and when. Who took something back sees it gone at once, and it is erased some days later;
//! what others wrote, as soon as two of the staff want it, one of them a director.

use nestpost_protocol::access;
use nestpost_protocol::erase::{EraseBody, Erased, Second};
use nestpost_protocol::id::{BlobId, CircleId, DeviceId, DocumentId, ItemId, PersonId};
use nestpost_protocol::limit::ERASE_ITEMS_MAX;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::{Member, Who};
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::state::Circle;
use nestpost_protocol::record::{Header, Side};
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::{SortedMap, SortedSet};
use nestpost_protocol::stands;

use super::{Draft, media, post};
use crate::app::day::Day;
use crate::app::duty::published_id;
use crate::app::item::{Attendance, Item, Orders, PlanEnd, Restriction, Wish, profile};
use crate::app::scene::contacts::superseded;
use crate::app::scene::{Scene, directed};
use crate::app::{AppError, Reply};
use crate::docs::{ItemRef, Sent};
use crate::document::Value;
use crate::house::House;
use crate::time::Timestamp;

/// Days between taking something back and erasing it.
const ERASED_AFTER_DAYS: u64 = 7;
const DAY_MS: u64 = 86_400_000;

/// A document to write anew, and what goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Which.
    pub document: DocumentId,
    /// Without these.
    pub items: Vec<Erased>,
}

/// What somebody wants to be erased, to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wished {
    /// Where it stands.
    pub circle: CircleId,
    /// How long it is kept.
    pub class: Class,
    /// The item.
    pub item: ItemId,
}

/// Wants an item to be erased that somebody else wrote, wherever it stands; takes it back where that is for this person alone to
/// do. Again: nothing to do.
pub(super) fn erase(draft: &mut Draft<'_>, item: &str) -> Result<Reply, AppError> {
    let found = standing(&draft.scene, item)?;
    let house = draft.scene.house;
    if found.iter().any(|(at, _)| is_restricted(house, &at.circle, &at.item)) {
        return Err(AppError::NotAllowed);
    }
    let is_medium = found.iter().any(|(_, blob)| blob.is_some());
    // Of what nobody may take back alone, or somebody did before, two can still say that it goes.
    match if is_medium { media::remove(draft, item) } else { post::remove_item(draft, item) } {
        Ok(_) | Err(AppError::NotAllowed | AppError::NotFound) => {}
        Err(error) => return Err(error),
    }
    for (at, _) in found {
        let mine = |wish: &ItemRef<'_>| author(house, wish) == Some(draft.scene.me);
        let again = || wishes(house, &at.circle).any(|(said, wish)| wish.item == at.item && mine(&said));
        if !draft.scene.mine(&at) && !again() {
            draft.wishes.push(Wished { circle: at.circle, class: at.class, item: at.item });
        }
    }
    Ok(Reply::empty())
}

/// Nobody is shown an item from now on, and nobody erases it; or it is as any other again.
pub(super) fn restrict(draft: &mut Draft<'_>, item: &str, on: bool) -> Result<Reply, AppError> {
    let found = standing(&draft.scene, item)?;
    let house = draft.scene.house;
    for (at, _) in found.iter().filter(|(at, _)| is_restricted(house, &at.circle, &at.item) != on) {
        let restriction = Restriction { item: at.item, on, at: draft.now.millis() };
        draft.add(at.circle, at.class, Item::Restriction(restriction).value());
    }
    Ok(Reply::empty())
}

/// What was written or shown under this id, with what else is the same picture or file, taken back or not. All of it stands where
/// this device writes on the staff's side.
fn standing<'a>(scene: &Scene<'a>, item: &str) -> Result<Vec<(ItemRef<'a>, Option<BlobId>)>, AppError> {
    let id: ItemId = item.parse().map_err(|_| AppError::NotFound)?;
    let mut all = scene.shown();
    let same = all.iter().find(|(at, _)| at.item == id).ok_or(AppError::NotFound)?.1;
    all.retain(|(at, blob)| at.item == id || (same.is_some() && *blob == same));
    let house = scene.house;
    let writes = |circle: &CircleId| access::side_of(&house.log, &house.me, circle) == Some(Side::Staff);
    if all.iter().all(|(at, _)| writes(&at.circle)) { Ok(all) } else { Err(AppError::NotAllowed) }
}

/// Whether a director has said last that an item is restricted.
pub(in crate::app) fn is_restricted(house: &House, circle: &CircleId, item: &ItemId) -> bool {
    restriction(house, circle, item).is_some_and(|(_, restriction)| restriction.on)
}

/// What was said last of whether an item is restricted, and who did.
pub(in crate::app) fn restriction<'a>(
    house: &'a House,
    circle: &CircleId,
    item: &ItemId,
) -> Option<(ItemRef<'a>, Restriction)> {
    let said = ends(house, circle).filter_map(|(at, end)| match end {
        Item::Restriction(said) if said.item == *item && at.side == Side::Staff => Some((at, said)),
        _ => None,
    });
    said.filter(|(at, _)| directed(house, at)).max_by_key(|(at, said)| (said.at, at.item))
}

/// Who wrote an item.
fn author(house: &House, item: &ItemRef<'_>) -> Option<PersonId> {
    match item.side {
        Side::Person(person) => Some(person),
        Side::Staff => item.author.and_then(|device| person(house, &device)),
    }
}

fn person(house: &House, device: &DeviceId) -> Option<PersonId> {
    house.log.device(device).map(|known| known.person)
}

/// What stands in a circle about erasing something.
pub(in crate::app) fn ends<'a>(
    house: &'a House,
    circle: &CircleId,
) -> impl Iterator<Item = (ItemRef<'a>, Item)> {
    let all = house.docs.items_like(circle, Item::ends_something);
    all.filter_map(|at| Some((at, Item::read(at.value)?)))
}

/// Who wants what to go.
pub(in crate::app) fn wishes<'a>(
    house: &'a House,
    circle: &CircleId,
) -> impl Iterator<Item = (ItemRef<'a>, Wish)> {
    ends(house, circle).filter_map(|(at, item)| match item {
        Item::Wish(wish) if at.side == Side::Staff && at.author == Some(wish.device) => Some((at, wish)),
        _ => None,
    })
}

/// When the author of an item took it back, the earliest that they claim. A copy that the house made ends with its source.
fn taken_back(house: &House, item: &ItemRef<'_>) -> Option<u64> {
    let is_told = matches!(Item::read(item.value), Some(Item::Told(_)));
    let when = |(at, end): (ItemRef<'_>, Item)| match end {
        Item::Removal(removal) if removal.item == item.item && at.side == item.side => {
            let by = author(house, &at);
            (by.is_some() && by == author(house, item)).then_some(removal.at)
        }
        Item::PublishedEnd(end) if end.absence == item.item && at.side == Side::Staff => is_told.then_some(0),
        _ => None,
    };
    ends(house, &item.circle).filter_map(when).min()
}

/// What an item only speaks about, so that it goes with it.
fn speaks_of(item: &ItemRef<'_>) -> Option<ItemId> {
    match Item::read(item.value)? {
        Item::Description(description) => Some(description.item),
        _ => None,
    }
}

/// Whether somebody could erase an item that is not restricted: their own, what the house says in nobody's name, a director what
/// is planned, what its author took back, what only speaks of such a thing, or what two of the staff want to go (that they are is
/// asked before).
#[must_use]
pub fn may_erase(house: &House, item: &ItemRef<'_>, header: &Header, body: &EraseBody) -> bool {
    let by = &header.author;
    if is_restricted(house, &item.circle, &item.item) && stands!(RestrictedKept) {
        return false;
    }
    // What the house says in nobody's name, any of its devices may say otherwise or not at all.
    let is_the_houses = item.side == Side::Staff
        && (matches!(item.value, Value::Map(_))
            || matches!(
                Item::read(item.value),
                Some(
                    Item::Published(_)
                        | Item::PublishedEnd(_)
                        | Item::Told(_)
                        | Item::Contacts(_)
                        | Item::Attendance(Attendance { at: Some(_), .. })
                )
            ));
    let directs =
        || access::role_then(&house.log, by, header.log.seq).is_some_and(|(_, r)| r == Role::Director);
    let is_planned = item.side == Side::Staff && Item::is_of_plans(item.value) && directs();
    let seconded = body.items.iter().any(|erased| erased.item == item.item && erased.second.is_some());
    let own = || author(house, item).is_some_and(|author| person(house, by) == Some(author));
    let spoken = || {
        speaks_of(item).is_some_and(|of| {
            let of_what = house.docs.items(&item.circle).find(|at| at.item == of);
            body.names(&of) || of_what.is_none_or(|at| taken_back(house, &at).is_some())
        })
    };
    seconded || is_the_houses || is_planned || own() || taken_back(house, item).is_some() || spoken()
}

/// What this device is to erase now. What was taken back is left to whoever did so for one more day.
#[must_use]
pub fn erasures(house: &House, now: Timestamp) -> Vec<Erasure> {
    let mut due: SortedMap<DocumentId, Vec<Erased>> = SortedMap::new();
    let Some((me, _)) = house.person() else { return Vec::new() };
    let after = |days: u64, at: u64| at.saturating_add(days * DAY_MS) <= now.millis();
    let concealed = Concealed::new(house, now);
    for (circle, sort) in house.log.circles().map(|circle| (circle.id, circle.sort)) {
        let named: SortedSet<ItemId> = ends(house, &circle)
            .filter_map(|(_, item)| match item {
                Item::Removal(removal) => Some(removal.item),
                Item::Wish(wish) => Some(wish.item),
                Item::PublishedEnd(end) => Some(end.absence),
                _ => None,
            })
            .collect();
        let writes = || access::side_of(&house.log, &house.me, &circle);
        let concealed = concealed.as_ref().filter(|concealed| concealed.hides(sort));
        let may = concealed.is_some() || !named.is_empty();
        let Some(side) = may.then(writes).flatten() else { continue };
        let concealed = concealed.filter(|_| side == Side::Staff);
        let wishes: Vec<_> = wishes(house, &circle).collect();
        let goes = |at: &ItemRef<'_>| -> Option<Option<Second>> {
            if concealed.is_some_and(|concealed| concealed.conceals(sort, at)) {
                return (!is_restricted(house, &circle, &at.item)).then_some(None);
            }
            let own = author(house, at) == Some(me);
            if named.contains(&at.item) && is_restricted(house, &circle, &at.item) && stands!(RestrictedKept)
            {
                return None;
            }
            let days = if own { ERASED_AFTER_DAYS } else { ERASED_AFTER_DAYS + 1 };
            match named.contains(&at.item).then(|| second(house, &me, at, &wishes))? {
                Some(second) => Some(Some(second)),
                None => taken_back(house, at).filter(|at| after(days, *at)).map(|_| None),
            }
        };
        for at in house.docs.items(&circle).filter(|at| side == Side::Staff || side == at.side) {
            let second = goes(&at).or_else(|| {
                let of = speaks_of(&at)?;
                // Gone before, or about to go.
                let there = house.docs.items(&circle).find(|other| other.item == of);
                there.map_or(named.contains(&of), |of| goes(&of).is_some()).then_some(None)
            });
            if let (Some(second), Sent::Relay) = (second, at.sent) {
                let items = due.entry(at.document).or_default();
                if items.len() < ERASE_ITEMS_MAX {
                    items.push(Erased { item: at.item, second });
                }
            }
        }
    }
    due.into_iter().map(|(document, items)| Erasure { document, items }).collect()
}

/// What nobody is to find any more where it stands. With a child: who a protected guardian is; whom to call, as it was said before, with
/// every child, so that nothing is told by it; times, where the house keeps none. With the staff: what a protected guardian is to the
/// child and what was planned for them. In that guardian's circle: copies of what is gone.
struct Concealed {
    today: Option<Day>,
    /// The protected.
    persons: SortedSet<PersonId>,
    /// Their names with the child.
    names: SortedSet<ItemId>,
    /// Children whose times are not kept.
    untimed: SortedSet<CircleId>,
    of_staff: SortedSet<ItemId>,
    copies: SortedSet<ItemId>,
    /// What was said of whom to call, and counts no more.
    contacts: SortedSet<ItemId>,
}

impl Concealed {
    /// Nothing, unless this is a device of the staff.
    fn new(house: &House, now: Timestamp) -> Option<Self> {
        let scene = Scene::new(house).ok().filter(|scene| scene.role.is_staff())?;
        let log = &house.log;
        let persons: SortedSet<PersonId> =
            log.persons().map(|(person, _)| *person).filter(|person| log.is_protected(person)).collect();
        let gone = house.gone.iter().filter(|_| !persons.is_empty());
        let copies = gone.flat_map(|gone| {
            // What was said anew under the same id is copied anew.
            let items = gone.items.iter().filter(|(item, _)| house.docs.item(&gone.circle, item).is_none());
            items.map(|(item, _)| published_id(&gone.circle, item))
        });
        let children = scene.circles(Sort::Child).map(|circle| circle.id);
        Some(Self {
            today: Day::of(now).ok(),
            names: persons.iter().map(profile::person_id).collect(),
            untimed: children.filter(|child| scene.care(child).untimed).collect(),
            of_staff: of_staff(house, &scene, &persons),
            copies: copies.collect(),
            contacts: contacts(&scene, &persons),
            persons,
        })
    }

    /// Whether there may be something in circles of this sort.
    fn hides(&self, sort: Sort) -> bool {
        match sort {
            Sort::Child => true,
            Sort::Staff => !self.of_staff.is_empty(),
            Sort::Guarded => !self.copies.is_empty() || !self.contacts.is_empty(),
            _ => false,
        }
    }

    fn conceals(&self, sort: Sort, at: &ItemRef<'_>) -> bool {
        if at.side != Side::Staff {
            return false;
        }
        if self.contacts.contains(&at.item) {
            return true;
        }
        match sort {
            Sort::Guarded => self.copies.contains(&at.item) && !matches!(at.value, Value::Map(_)),
            Sort::Staff => self.of_staff.contains(&at.item),
            _ if matches!(at.value, Value::Map(_)) => self.names.contains(&at.item),
            _ => match Item::read(at.value) {
                Some(Item::Published(copy)) => copy.reporter.is_some_and(|by| self.persons.contains(&by)),
                // What the day needs stands until it is over.
                Some(Item::Attendance(mark)) => {
                    let is_over = self.today.is_some_and(|today| mark.day < today);
                    mark.at.is_some() && is_over && self.untimed.contains(&at.circle)
                }
                _ => false,
            },
        }
    }
}

/// Whom to call: what counts no more, with each child and in the circles of protected guardians.
fn contacts(scene: &Scene<'_>, persons: &SortedSet<PersonId>) -> SortedSet<ItemId> {
    let mut items = SortedSet::new();
    for child in scene.circles(Sort::Child).map(|circle| circle.id) {
        let theirs = persons.iter().filter(|person| scene.relation(person, &child).is_some());
        let apart: Vec<_> = theirs.filter_map(|person| scene.apart(person)).map(|circle| circle.id).collect();
        // Where nobody is protected one device is enough: of whoever said what counts now.
        let said_it = |item: &ItemId| {
            let at = scene.house.docs.item(&child, item);
            at.is_some_and(|at| author(scene.house, &at) == Some(scene.me))
        };
        let here = !apart.is_empty() || scene.contacts_now(&child, &child).iter().any(said_it);
        for circle in here.then_some(child).into_iter().chain(apart) {
            let stays = |item: &ItemId| is_restricted(scene.house, &circle, item);
            items.extend(superseded(&scene.contacts_said(&circle, &child), stays));
        }
    }
    items
}

/// What stands with all staff of protected guardians: what they are to a child, once the relay has that in their own circle; for a
/// director's device, plans for them, and orders that name them.
fn of_staff(house: &House, scene: &Scene<'_>, persons: &SortedSet<PersonId>) -> SortedSet<ItemId> {
    let mut items = SortedSet::new();
    let Some(staff) = house.sole(Sort::Staff) else { return items };
    let children = || house.log.circles().filter(|circle| circle.sort == Sort::Child);
    for person in persons {
        let Some(apart) = scene.apart(person) else { continue };
        let ids = children().map(|child| profile::relation_id(person, &child.id));
        let is_here = |id: &ItemId| house.docs.item(&apart.id, id).is_some_and(|at| at.sent == Sent::Relay);
        items.extend(ids.filter(is_here));
    }
    if persons.is_empty() || scene.role != Role::Director {
        return items;
    }
    let names = |act: &Body| match act {
        Body::Member(Member { circle, who, .. }) | Body::MemberEnd(MemberEnd { circle, who }) => {
            let is_theirs = |circle: &Circle| circle.guardian.is_some_and(|person| persons.contains(&person));
            matches!(who, Who::Person(person) if persons.contains(person))
                || house.log.circle(circle).is_some_and(is_theirs)
        }
        _ => false,
    };
    let all: Vec<_> = house.docs.items_like(&staff, Item::is_of_plans).collect();
    let all: Vec<_> = all.iter().filter_map(|at| Some((at.item, Item::read(at.value)?))).collect();
    let is_about = |item: &Item| match item {
        Item::Planned(plan) => plan.person.is_some_and(|person| persons.contains(&person)),
        Item::Orders(orders) => orders.orders.iter().any(|order| order.act().is_ok_and(|act| names(&act))),
        _ => false,
    };
    items.extend(all.iter().filter(|(_, item)| is_about(item)).map(|(item, _)| *item));
    let of_those = all.iter().filter(|(_, item)| match item {
        Item::Orders(Orders { plan, .. }) | Item::PlanEnd(PlanEnd { plan, .. }) => items.contains(plan),
        _ => false,
    });
    let of_those: Vec<ItemId> = of_those.map(|(item, _)| *item).collect();
    items.extend(of_those);
    items
}

/// The other one's word, where this person and somebody else of the staff want an item to go, and one of them directs.
fn second(
    house: &House,
    me: &PersonId,
    item: &ItemRef<'_>,
    wishes: &[(ItemRef<'_>, Wish)],
) -> Option<Second> {
    let house_id = house.id?;
    let role = |device: &DeviceId| access::role_of(&house.log, device);
    let (_, mine) = role(&house.me)?;
    let all = || wishes.iter().filter(|(_, wish)| wish.item == item.item);
    if !all().any(|(at, _)| author(house, at) == Some(*me)) {
        return None;
    }
    all().find_map(|(_, wish)| {
        let (person, other) = role(&wish.device)?;
        let two = person != *me && mine.is_staff() && other.is_staff();
        let directed = mine == Role::Director || other == Role::Director;
        let second = Second { device: wish.device, signature: wish.signature };
        (two && directed && second.is_signed(house_id, item.circle, item.item)).then_some(second)
    })
}
