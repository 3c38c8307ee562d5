//! Pictures and files: by themselves, with the bulletin or message they belong to, and on their way from this device.
//!
//! A picture that was shared stands in several circles and is shown once: as it stands where it was first, with the names of
//! the others.

use base16ct::lower as hex;
use nestpost_protocol::id::{BlobId, CircleId, ItemId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::state::Circle;
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use crate::app::scene::{Marks, Medium, Scene, state_of};
use crate::app::view::{Attachment, Media, Picture, PictureAudience, Transfer, TransferStage};
use crate::transfers::{MediaKind, SET_FILES_MAX, Stage, Transfer as Sending};

/// Pictures on a home screen.
pub(super) const HOME_PICTURES_MAX: usize = 12;

/// What was seen by whom.
type AllMarks = SortedMap<ItemId, Marks>;

/// Pictures and files of every circle with a public of its own, and where else a blob stands.
pub(super) struct Gallery<'a> {
    circles: SortedMap<CircleId, Vec<Medium<'a>>>,
}

impl<'a> Gallery<'a> {
    pub(super) fn new(scene: &Scene<'a>) -> Self {
        let sorts = [Sort::House, Sort::Group, Sort::Child];
        let circles = sorts.into_iter().flat_map(|sort| scene.circles(sort));
        Self { circles: circles.map(|circle| (circle.id, scene.media(circle))).collect() }
    }

    /// Pictures of groups and children, those of one blob together, first where it was first.
    fn pictures(&self) -> Vec<Vec<&Medium<'a>>> {
        let mut by_blob: SortedMap<(Option<BlobId>, Option<ItemId>), Vec<&Medium<'a>>> = SortedMap::new();
        for medium in self.circles.values().flatten().filter(|m| m.kind == MediaKind::Picture) {
            let blob = medium.blob();
            by_blob.entry((blob, blob.is_none().then_some(medium.id))).or_default().push(medium);
        }
        let mut all: Vec<_> = by_blob.into_values().collect();
        for same in &mut all {
            same.sort_by_key(|m| (m.transfer.is_some(), m.at, m.id));
        }
        all
    }

    /// Where else its blob stands.
    fn elsewhere(&self, medium: &Medium<'_>) -> Vec<&Medium<'a>> {
        let blob = medium.blob();
        let all = self.circles.values().flatten().filter(|_| blob.is_some());
        all.filter(|other| other.blob() == blob && other.id != medium.id).collect()
    }

    /// What goes with a bulletin of this circle.
    pub(super) fn of_set(
        &self,
        scene: &Scene<'_>,
        marks: &AllMarks,
        circle: &CircleId,
        set: Option<ItemId>,
        seen: bool,
    ) -> Media {
        let here = self.circles.get(circle).map(Vec::as_slice).unwrap_or_default();
        of_set(scene, marks, here, (Side::Staff, set), seen, |medium| self.elsewhere(medium))
    }
}

/// What goes with a message of a thread, given all of the thread's.
pub(super) fn of_message(
    scene: &Scene<'_>,
    marks: &AllMarks,
    here: &[Medium<'_>],
    side: Side,
    set: Option<ItemId>,
    seen: bool,
) -> Media {
    of_set(scene, marks, here, (side, set), seen, |_| Vec::new())
}

/// Those of a set that stand in the same circle on the same side, as far as they are here.
fn of_set<'m, 'a: 'm>(
    scene: &Scene<'_>,
    marks: &AllMarks,
    here: &'m [Medium<'a>],
    (side, set): (Side, Option<ItemId>),
    seen: bool,
    elsewhere: impl Fn(&Medium<'_>) -> Vec<&'m Medium<'a>>,
) -> Media {
    let mut together: Vec<_> = here.iter().filter(|m| m.side == side && Some(m.set) == set).collect();
    together.sort_by_key(|m| m.place());
    let mut media = Media::default();
    for medium in together.into_iter().take(SET_FILES_MAX) {
        match medium.kind {
            MediaKind::Picture => {
                let mut same = vec![medium];
                same.extend(elsewhere(medium));
                media.pictures.push(picture(scene, marks, medium, &same, seen));
            }
            MediaKind::File => media.files.push(file(scene, marks, medium, seen)),
        }
    }
    media
}

/// All pictures for groups and children. Sets by their newest, then in the order of choosing.
pub(super) fn all(scene: &Scene<'_>, gallery: &Gallery<'_>, marks: &AllMarks) -> Vec<Picture> {
    let mut found = gallery.pictures();
    let key = |m: &Medium<'_>| (m.circle.id, m.set);
    let mut newest: SortedMap<(CircleId, ItemId), u64> = SortedMap::new();
    for first in found.iter().filter_map(|same| same.first()) {
        let at = newest.entry(key(first)).or_default();
        *at = (*at).max(first.at);
    }
    found.sort_by_cached_key(|same| {
        same.first().map(|m| {
            let at = newest.get(&key(m)).copied().unwrap_or_default();
            (std::cmp::Reverse(at), key(m), m.place())
        })
    });
    let shown = found.iter().filter_map(|same| same.first().map(|first| (first, same)));
    shown.map(|(first, same)| picture(scene, marks, first, same, false)).collect()
}

/// What this device is sending or has set aside, in the order of sending.
pub(super) fn transfers(scene: &Scene<'_>) -> Media {
    let none = AllMarks::new();
    let mut media = Media::default();
    for medium in scene.house.transfers.all().filter_map(|t| scene.on_its_way(t)) {
        match medium.kind {
            MediaKind::Picture => media.pictures.push(picture(scene, &none, &medium, &[&medium], false)),
            MediaKind::File => media.files.push(file(scene, &none, &medium, false)),
        }
    }
    media
}

/// `same`: wherever its blob stands, itself included. `seen`: what it belongs to was seen.
fn picture(
    scene: &Scene<'_>,
    marks: &AllMarks,
    medium: &Medium<'_>,
    same: &[&Medium<'_>],
    seen: bool,
) -> Picture {
    let own_child = |m: &&Medium<'_>| m.circle.sort == Sort::Child && m.transfer.is_none();
    let others: SortedSet<_> = same
        .iter()
        .filter(|m| m.circle.id != medium.circle.id)
        .map(|m| audience(scene, m.circle).1)
        .collect();
    let (width, height) = medium.size;
    let (kind, name) = audience(scene, medium.circle);
    Picture {
        id: medium.id.to_string(),
        set: medium.set.to_string(),
        width,
        height,
        hash: hex::encode_string(&medium.hash),
        alt: medium.text.clone(),
        at: medium.at,
        author: medium.author.map(|p| scene.person_name(&p)).unwrap_or_default(),
        mine: medium.mine,
        audience: kind,
        audience_name: name,
        shared_with: others.into_iter().collect(),
        state: state_of(medium.sent, seen || same.iter().any(|m| is_marked(marks, m))),
        transfer: transfer(medium),
        may_download: scene.is_guardian() && same.iter().any(own_child),
        may_remove: same.iter().any(|m| scene.may_remove(m)),
        may_share: scene.role.is_staff() && medium.is_shareable(),
    }
}

fn file(scene: &Scene<'_>, marks: &AllMarks, medium: &Medium<'_>, seen: bool) -> Attachment {
    let original = medium.transfer.and_then(Sending::original).map(|original| original.bytes);
    Attachment {
        id: medium.id.to_string(),
        set: medium.set.to_string(),
        name: medium.text.clone(),
        bytes: medium.full.as_ref().map(|full| full.bytes).or(original).unwrap_or_default(),
        at: medium.at,
        mine: medium.mine,
        state: state_of(medium.sent, seen || is_marked(marks, medium)),
        transfer: transfer(medium),
        may_remove: scene.may_remove(medium),
    }
}

fn is_marked(marks: &AllMarks, medium: &Medium<'_>) -> bool {
    marks.get(&medium.id).is_some_and(|marks| marks.by_other_side(medium.side))
}

fn transfer(medium: &Medium<'_>) -> Option<Transfer> {
    let transfer = medium.transfer?;
    let (stage, fault) = match &transfer.stage {
        Stage::Kept(_) => (TransferStage::Kept, None),
        Stage::Ready(_) => (TransferStage::Ready, None),
        Stage::Sent(_) => (TransferStage::Sent, None),
        Stage::Failed(fault, _) => (TransferStage::Failed, Some(*fault)),
    };
    let name = (!transfer.name.is_empty()).then(|| transfer.name.clone());
    let may_retry = transfer.resumed().is_some();
    Some(Transfer { stage, fault, may_retry, name })
}

fn audience(scene: &Scene<'_>, circle: &Circle) -> (PictureAudience, String) {
    match circle.sort {
        Sort::Child => (PictureAudience::Child, scene.child_name(&circle.id)),
        Sort::Private => {
            (PictureAudience::Thread, circle.child.map(|c| scene.child_name(&c)).unwrap_or_default())
        }
        _ => (PictureAudience::Group, circle.team.map(|t| scene.group_name(&t)).unwrap_or_default()),
    }
}
