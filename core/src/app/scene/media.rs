//! Pictures and files as the person at this device sees them: what was sent and not taken back, and what is on its way
//! from here.
//!
//! One blob may stand in several circles (it was shared): each is an item of its own, with a hold of its own.

use nestpost_protocol::access;
use nestpost_protocol::codec::Bytes;
use nestpost_protocol::id::{BlobId, ItemId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::state::Circle;
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::SortedMap;

use super::Scene;
use crate::app::item::{BlobRef, Description, File, Item, Photo, Removal};
use crate::app::plan::is_restricted;
use crate::docs::{ItemRef, Sent};
use crate::house::House;
use crate::transfers::{MediaKind, Transfer};

/// Where pictures and files stand, most public first: ids of one family's own items never stand before others.
const SORTS: [Sort; 4] = [Sort::House, Sort::Group, Sort::Child, Sort::Private];

/// A picture or file in one circle.
pub(in crate::app) struct Medium<'a> {
    pub(in crate::app) id: ItemId,
    pub(in crate::app) circle: &'a Circle,
    pub(in crate::app) side: Side,
    pub(in crate::app) class: Class,
    pub(in crate::app) kind: MediaKind,
    pub(in crate::app) set: ItemId,
    pub(in crate::app) order: u16,
    pub(in crate::app) at: u64,
    /// Of a picture what is to be seen, of a file its name.
    pub(in crate::app) text: String,
    /// None before it is prepared.
    pub(in crate::app) full: Option<BlobRef>,
    pub(in crate::app) thumb: Option<BlobRef>,
    pub(in crate::app) size: (u16, u16),
    pub(in crate::app) hash: Bytes,
    pub(in crate::app) author: Option<PersonId>,
    pub(in crate::app) mine: bool,
    pub(in crate::app) sent: Sent,
    /// While it is on its way.
    pub(in crate::app) transfer: Option<&'a Transfer>,
}

impl Medium<'_> {
    /// The blob itself, once there is one.
    pub(in crate::app) fn blob(&self) -> Option<BlobId> {
        self.full.as_ref().map(|full| full.id)
    }

    /// Both blobs.
    pub(in crate::app) fn blobs(&self) -> Vec<BlobId> {
        self.full.iter().chain(&self.thumb).map(|blob| blob.id).collect()
    }

    /// In the order of choosing.
    pub(in crate::app) fn place(&self) -> (u16, u64, ItemId) {
        (self.order, self.at, self.id)
    }

    /// Whether it may be shared on: pictures that a group or a child's guardians see already.
    pub(in crate::app) fn is_shareable(&self) -> bool {
        let public = matches!(self.circle.sort, Sort::Group | Sort::Child) && self.side == Side::Staff;
        public && self.kind == MediaKind::Picture && self.transfer.is_none()
    }
}

/// What takes pictures and files of one circle back, or describes them.
#[derive(Default)]
struct Remarks {
    removals: Vec<Taken>,
    descriptions: SortedMap<(Side, ItemId), (u64, ItemId, String)>,
}

/// Somebody's word that an item is taken back.
struct Taken {
    item: ItemId,
    side: Side,
    by: Option<PersonId>,
    /// Its author directed the house when the relay placed it.
    directed: bool,
}

impl Taken {
    /// Whether it counts, by the rule of a release: it is its author's own, or a director's who writes there.
    fn removes(&self, medium: &Medium<'_>) -> bool {
        let own = self.side == medium.side && self.by.is_some() && self.by == medium.author;
        self.item == medium.id && (own || self.directed)
    }
}

impl Remarks {
    fn take(&mut self, scene: &Scene<'_>, at: &ItemRef<'_>, item: Item) {
        match item {
            Item::Removal(Removal { item, .. }) => {
                let (side, by, directed) = (at.side, scene.author(at), scene.directed(at));
                self.removals.push(Taken { item, side, by, directed });
            }
            Item::Description(Description { item, text, at: time }) => {
                let before = self.descriptions.get(&(at.side, item));
                if before.is_none_or(|before| (before.0, before.1) < (time, at.item)) {
                    self.descriptions.insert((at.side, item), (time, at.item, text));
                }
            }
            _ => {}
        }
    }

    /// The medium with what is said of it; none when it is taken back.
    fn apply<'a>(&self, mut medium: Medium<'a>) -> Option<Medium<'a>> {
        if self.removals.iter().any(|removal| removal.removes(&medium)) {
            return None;
        }
        if medium.kind == MediaKind::Picture
            && let Some((_, _, text)) = self.descriptions.get(&(medium.side, medium.id))
        {
            medium.text.clone_from(text);
        }
        Some(medium)
    }
}

impl<'a> Scene<'a> {
    /// All pictures and files that this device reads, circle by circle.
    pub(in crate::app) fn all_media(&self) -> Vec<Medium<'a>> {
        let circles = SORTS.into_iter().flat_map(|sort| self.circles(sort));
        circles.flat_map(|circle| self.media(circle)).collect()
    }

    /// Those of one circle.
    pub(in crate::app) fn media(&self, circle: &'a Circle) -> Vec<Medium<'a>> {
        let mut found: SortedMap<(ItemId, Side), Medium<'a>> = SortedMap::new();
        let mut remarks = Remarks::default();
        for (at, item) in self.items(&circle.id) {
            if matches!(item, Item::Removal(_) | Item::Description(_)) {
                remarks.take(self, &at, item);
            } else if let Some(medium) = self.medium_of(circle, &at, item) {
                // The same item may stand in two documents; it is one picture.
                found.insert((at.item, at.side), medium);
            }
        }
        for transfer in self.house.transfers.all().filter(|t| t.circle == circle.id && !t.is_failed()) {
            if let Some(medium) = self.on_its_way(transfer) {
                found.entry((transfer.item, medium.side)).or_insert(medium);
            }
        }
        let seen = found.into_values().filter_map(|medium| remarks.apply(medium));
        seen.filter(|medium| !is_restricted(self.house, &circle.id, &medium.id)).collect()
    }

    /// One of them, wherever it stands.
    pub(in crate::app) fn medium(&self, id: &ItemId) -> Option<Medium<'a>> {
        if let Some(transfer) = self.house.transfers.get(id) {
            return self.on_its_way(transfer);
        }
        let circles = SORTS.into_iter().flat_map(|sort| self.circles(sort));
        circles.into_iter().find_map(|circle| {
            let at = self.house.docs.item(&circle.id, id)?;
            let medium = self.medium_of(circle, &at, Item::read(at.value)?)?;
            let mut remarks = Remarks::default();
            for at in self.house.docs.items_like(&circle.id, Item::is_remark) {
                if let Some(item) = Item::read(at.value) {
                    remarks.take(self, &at, item);
                }
            }
            remarks.apply(medium).filter(|medium| !is_restricted(self.house, &circle.id, &medium.id))
        })
    }

    /// Wherever the same blob stands, this one first.
    pub(in crate::app) fn instances(&self, id: &ItemId) -> Vec<Medium<'a>> {
        let Some(medium) = self.medium(id) else { return Vec::new() };
        let blob = medium.blob();
        let shared = matches!(medium.circle.sort, Sort::Group | Sort::Child) && medium.side == Side::Staff;
        let others = [Sort::Group, Sort::Child].into_iter().flat_map(|sort| self.circles(sort));
        let others = others.filter(|_| shared && blob.is_some()).flat_map(|circle| self.media(circle));
        let same = others.filter(|other| other.blob() == blob && other.id != *id);
        std::iter::once(medium).chain(same.collect::<Vec<_>>()).collect()
    }

    /// Whether this person may take it back: its author, or on the staff's side a director.
    pub(in crate::app) fn may_remove(&self, medium: &Medium<'_>) -> bool {
        medium.transfer.is_some() || self.directs(medium) || (medium.mine && self.writes_beside(medium))
    }

    /// Whether this is a director's device that writes there: their word counts on every side.
    pub(in crate::app) fn directs(&self, medium: &Medium<'_>) -> bool {
        self.role == Role::Director && self.writes(&medium.circle.id).is_ok()
    }

    /// Whether this device writes where it stands, on its side.
    pub(in crate::app) fn writes_beside(&self, medium: &Medium<'_>) -> bool {
        access::side_of(&self.house.log, &self.house.me, &medium.circle.id) == Some(medium.side)
    }

    fn medium_of(&self, circle: &'a Circle, at: &ItemRef<'_>, item: Item) -> Option<Medium<'a>> {
        let blank = Medium {
            id: at.item,
            circle,
            side: at.side,
            class: at.class,
            kind: MediaKind::File,
            set: at.item,
            order: 0,
            at: 0,
            text: String::new(),
            full: None,
            thumb: None,
            size: (0, 0),
            hash: Bytes::from(Vec::new()),
            author: None,
            mine: false,
            sent: at.sent,
            transfer: None,
        };
        let mut medium = match item {
            // The whole house is shown files only.
            Item::Photo(photo) if circle.sort != Sort::House => blank.with_photo(photo),
            Item::File(file) => blank.with_file(file),
            _ => return None,
        };
        medium.author = self.author(at);
        medium.mine = self.mine(at);
        Some(medium)
    }

    /// A transfer of this device as what it becomes.
    pub(in crate::app) fn on_its_way(&self, transfer: &'a Transfer) -> Option<Medium<'a>> {
        let circle = self.house.log.circle(&transfer.circle)?;
        let prepared = transfer.prepared();
        let picture = transfer.kind == MediaKind::Picture;
        Some(Medium {
            id: transfer.item,
            circle,
            side: if self.is_guardian() { Side::Person(self.me) } else { Side::Staff },
            class: transfer.class,
            kind: transfer.kind,
            set: transfer.set,
            order: transfer.order,
            at: transfer.at,
            text: if picture { transfer.alt.clone() } else { transfer.name.clone() },
            full: prepared.map(|p| p.full.blob.clone()),
            thumb: prepared.and_then(|p| p.thumb.as_ref()).map(|thumb| thumb.blob.clone()),
            size: prepared.map_or((0, 0), |p| (p.width, p.height)),
            hash: prepared.map_or_else(|| Bytes::from(Vec::new()), |p| p.hash.clone()),
            author: Some(self.me),
            mine: true,
            sent: Sent::Local,
            transfer: Some(transfer),
        })
    }

    /// Whether the author of an item directed the house at the log position that its record counts from: what a director
    /// took back stays so when they leave, and nothing that they write afterwards takes anything back. What is only here
    /// counts from now.
    pub(in crate::app) fn directed(&self, at: &ItemRef<'_>) -> bool {
        directed(self.house, at)
    }
}

/// [`Scene::directed`], of a house.
pub(in crate::app) fn directed(house: &House, at: &ItemRef<'_>) -> bool {
    let log = &house.log;
    let role = at.author.and_then(|device| match at.log {
        Some(seq) => access::role_then(log, &device, seq),
        None => access::role_of(log, &device),
    });
    role.is_some_and(|(_, role)| role == Role::Director)
}

impl Medium<'_> {
    fn with_photo(self, photo: Photo) -> Self {
        Self {
            kind: MediaKind::Picture,
            set: photo.set,
            order: photo.order,
            at: photo.at,
            text: photo.alt,
            full: Some(photo.full),
            thumb: Some(photo.thumb),
            size: (photo.width, photo.height),
            hash: photo.hash,
            ..self
        }
    }

    fn with_file(self, file: File) -> Self {
        Self { set: file.set, order: file.order, at: file.at, text: file.name, full: Some(file.blob), ..self }
    }
}
