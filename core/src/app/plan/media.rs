//! Pictures and files: taken in, prepared, sent; described, shared, taken back. What was said before, or about something
//! that is gone, is done already: the host repeats itself after a restart.

use base16ct::lower as hex;
use nestpost_protocol::codec::Bytes;
use nestpost_protocol::id::{BlobId, CircleId, ItemId};
use nestpost_protocol::limit::BLOB_BYTES_MAX;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::state::Circle;
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::SortedSet;

use super::{Draft, optional};
use crate::app::command::{SealedArgs, TakenFile};
use crate::app::item::{
    ALT_CHARS_MAX, BlobRef, Description, FILE_BYTES_MAX, FILE_NAME_CHARS_MAX, HASH_BYTES_MAX, Item,
    PICTURE_BYTES_MAX, Removal, SIDE_PIXELS_MAX, THUMB_BYTES_MAX,
};
use crate::app::scene::{Medium, Scene};
use crate::app::view::MediaTarget;
use crate::app::{AppError, Reply};
use crate::media::MediaFault;
use crate::transfers::{
    MediaKind, Original, Prepared, Release, SET_FILES_MAX, SealedBlob, Stage, TRANSFERS_MAX, Transfer,
    TransferEdit,
};

/// What is known of a picture's looks before it is seen.
pub(super) struct Shape<'a> {
    pub(super) width: Option<u16>,
    pub(super) height: Option<u16>,
    pub(super) hash: Option<&'a str>,
}

/// A set's id as the page drew it.
pub(super) fn set_of(text: &str) -> Result<ItemId, AppError> {
    item_of(text)
}

fn item_of(text: &str) -> Result<ItemId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// The circle that is to hold something, and how long.
fn target<'a>(scene: &Scene<'a>, to: &MediaTarget) -> Result<(&'a Circle, Class), AppError> {
    let circle = match to {
        MediaTarget::Group(group) => {
            let team = scene.find_group(group)?;
            scene.group_of(&team).ok_or(AppError::NotFound)?
        }
        MediaTarget::Child(child) => scene.find(Sort::Child, child)?,
        MediaTarget::Thread(thread) => scene.find(Sort::Private, thread)?,
        MediaTarget::House(_) => {
            let house = scene.sole(Sort::House)?;
            scene.house.log.circle(&house).ok_or(AppError::NotFound)?
        }
    };
    scene.writes(&circle.id)?;
    // As with messages: whatever a guardian sends goes into the month's one `short` document.
    Ok((circle, if scene.is_guardian() { Class::Short } else { Class::Year }))
}

/// Notes files whose originals lie sealed on this device.
pub(super) fn take(
    draft: &mut Draft<'_>,
    to: &MediaTarget,
    set: &str,
    files: &[TakenFile],
) -> Result<Reply, AppError> {
    let (circle, class) = target(&draft.scene, to)?;
    let set = item_of(set)?;
    let here: Vec<Medium<'_>> = draft.scene.media(circle).into_iter().filter(|m| m.set == set).collect();
    let transfers = &draft.scene.house.transfers;
    if here.len() + files.len() > SET_FILES_MAX || transfers.len() + files.len() > TRANSFERS_MAX {
        return Err(AppError::TooLong);
    }
    let set_aside = transfers.all().filter(|t| t.set == set).map(|t| t.order);
    let last = here.iter().map(|m| m.order).chain(set_aside).max();
    let mut order = last.map_or(0, |last| last.saturating_add(1));
    let mut taken: SortedSet<ItemId> = here.iter().map(|m| m.id).collect();
    for file in files {
        let fits = match circle.sort {
            Sort::House => file.kind == MediaKind::File,
            Sort::Child => file.kind == MediaKind::Picture,
            _ => true,
        };
        if !fits {
            return Err(AppError::NotAllowed);
        }
        let item = item_of(&file.id)?;
        if !taken.insert(item) || transfers.get(&item).is_some() {
            continue;
        }
        let original = Original { secret: file.secret.clone(), bytes: file.bytes };
        draft.transfers.push(TransferEdit::Put(Box::new(Transfer {
            item,
            circle: circle.id,
            class,
            kind: file.kind,
            set,
            order,
            at: draft.now.millis(),
            alt: optional(&file.alt, ALT_CHARS_MAX)?,
            name: short_name(&file.name),
            stage: Stage::Kept(original),
            shared: false,
        })));
        order = order.saturating_add(1);
    }
    Ok(Reply::empty())
}

/// A name that is too long loses its middle: what kind of file it is stands at its end.
fn short_name(name: &str) -> String {
    let name = name.trim();
    let chars = name.chars().count();
    if chars <= FILE_NAME_CHARS_MAX {
        return name.to_owned();
    }
    let tail = 16;
    let head = name.chars().take(FILE_NAME_CHARS_MAX - tail - 1);
    head.chain(['…']).chain(name.chars().skip(chars - tail)).collect()
}

/// Stripped and sealed. What no reader would take is set aside.
pub(super) fn ready(
    draft: &mut Draft<'_>,
    id: &str,
    full: &SealedArgs,
    thumb: Option<&SealedArgs>,
    shape: &Shape<'_>,
) -> Result<Reply, AppError> {
    advance(draft, id, |transfer| {
        if !matches!(transfer.stage, Stage::Kept(_)) {
            return Ok(None);
        }
        let prepared = prepared(transfer.kind, full, thumb, shape)?;
        Ok(Some(match fault_of(transfer.kind, &prepared) {
            Some(fault) => Stage::Failed(fault, None),
            None => Stage::Ready(prepared),
        }))
    })
}

fn prepared(
    kind: MediaKind,
    full: &SealedArgs,
    thumb: Option<&SealedArgs>,
    shape: &Shape<'_>,
) -> Result<Prepared, AppError> {
    let full = sealed(full)?;
    if kind == MediaKind::File {
        let hash = Bytes::from(Vec::new());
        return Ok(Prepared { full, thumb: None, width: 0, height: 0, hash });
    }
    let (Some(thumb), Some(width), Some(height)) = (thumb, shape.width, shape.height) else {
        return Err(AppError::Internal);
    };
    let hash = hex::decode_vec(shape.hash.unwrap_or_default().as_bytes()).map_err(|_| AppError::Internal)?;
    if width == 0 || height == 0 || hash.len() > HASH_BYTES_MAX {
        return Err(AppError::Internal);
    }
    Ok(Prepared { full, thumb: Some(sealed(thumb)?), width, height, hash: hash.into() })
}

fn sealed(args: &SealedArgs) -> Result<SealedBlob, AppError> {
    let id: BlobId = args.id.parse().map_err(|_| AppError::Internal)?;
    let blob = BlobRef { id, secret: args.secret.clone(), bytes: args.bytes };
    Ok(SealedBlob { blob, sealed: args.sealed })
}

fn fault_of(kind: MediaKind, prepared: &Prepared) -> Option<MediaFault> {
    let bytes_max = match kind {
        MediaKind::Picture => PICTURE_BYTES_MAX,
        MediaKind::File => FILE_BYTES_MAX,
    };
    let thumb = prepared.thumb.as_ref().map_or(0, |thumb| thumb.blob.bytes);
    let too_large = prepared.full.blob.bytes > bytes_max
        || thumb > THUMB_BYTES_MAX
        || prepared.blobs().any(|blob| blob.sealed > BLOB_BYTES_MAX);
    if too_large {
        return Some(MediaFault::TooLarge);
    }
    let too_many = prepared.width > SIDE_PIXELS_MAX || prepared.height > SIDE_PIXELS_MAX;
    too_many.then_some(MediaFault::TooManyPixels)
}

/// Set aside, with a reason. What is at the relay already goes its way.
pub(super) fn failed(draft: &mut Draft<'_>, id: &str, fault: MediaFault) -> Result<Reply, AppError> {
    advance(draft, id, |transfer| {
        let before = matches!(transfer.stage, Stage::Kept(_) | Stage::Ready(_));
        Ok(before.then(|| transfer.set_aside(fault)))
    })
}

/// Set aside, and tried again with what is left of it.
pub(super) fn retry(draft: &mut Draft<'_>, id: &str) -> Result<Reply, AppError> {
    let transfers = &draft.scene.house.transfers;
    let transfer = transfers.get(&item_of(id)?).ok_or(AppError::NotFound)?;
    draft.scene.writes(&transfer.circle)?;
    advance(draft, id, |transfer| Ok(transfer.resumed()))
}

/// Every byte is at the relay.
pub(super) fn sent(draft: &mut Draft<'_>, id: &str) -> Result<Reply, AppError> {
    advance(draft, id, |transfer| match &transfer.stage {
        Stage::Ready(prepared) => Ok(Some(Stage::Sent(prepared.clone()))),
        Stage::Kept(_) | Stage::Sent(_) | Stage::Failed(..) => Ok(None),
    })
}

fn advance(
    draft: &mut Draft<'_>,
    id: &str,
    next: impl Fn(&Transfer) -> Result<Option<Stage>, AppError>,
) -> Result<Reply, AppError> {
    if let Some(transfer) = draft.scene.house.transfers.get(&item_of(id)?)
        && let Some(stage) = next(transfer)?
    {
        draft.transfers.push(TransferEdit::Put(Box::new(Transfer { stage, ..transfer.clone() })));
    }
    Ok(Reply::empty())
}

/// By the side that wrote it, wherever it stands.
pub(super) fn describe(draft: &mut Draft<'_>, id: &str, alt: &str) -> Result<Reply, AppError> {
    let alt = optional(alt, ALT_CHARS_MAX)?;
    let instances = draft.scene.instances(&item_of(id)?);
    let first = instances.first().ok_or(AppError::NotFound)?;
    if first.kind != MediaKind::Picture {
        return Err(AppError::NotFound);
    }
    if first.transfer.is_none() && !draft.scene.writes_beside(first) {
        return Err(AppError::NotAllowed);
    }
    for medium in instances.into_iter().filter(|m| m.text != alt) {
        if let Some(transfer) = medium.transfer {
            let described = Transfer { alt: alt.clone(), ..transfer.clone() };
            draft.transfers.push(TransferEdit::Put(Box::new(described)));
        } else if draft.scene.writes_beside(&medium) {
            let at = draft.now.millis();
            let item = Item::Description(Description { item: medium.id, text: alt.clone(), at });
            draft.add(medium.circle.id, medium.class, item.value());
        }
    }
    Ok(Reply::empty())
}

/// The same blobs under the same secrets in another circle: nothing is sent but a hold and an item.
pub(super) fn share(draft: &mut Draft<'_>, id: &str, to: &MediaTarget) -> Result<Reply, AppError> {
    let (circle, class) = target(&draft.scene, to)?;
    let instances = draft.scene.instances(&item_of(id)?);
    let first = instances.first().ok_or(AppError::NotFound)?;
    if !first.is_shareable() || !matches!(circle.sort, Sort::Group | Sort::Child) {
        return Err(AppError::NotAllowed);
    }
    if instances.iter().any(|medium| medium.circle.id == circle.id) {
        return Ok(Reply::empty());
    }
    if draft.scene.house.transfers.len() >= TRANSFERS_MAX {
        return Err(AppError::TooLong);
    }
    let (Some(full), Some(thumb)) = (first.full.clone(), first.thumb.clone()) else {
        return Err(AppError::NotFound);
    };
    let (width, height) = first.size;
    let [full, thumb] = [full, thumb].map(|blob| SealedBlob { blob, sealed: 0 });
    let prepared = Prepared { full, thumb: Some(thumb), width, height, hash: first.hash.clone() };
    let alt = first.text.clone();
    let transfer = Transfer {
        item: ItemId::new(draft.bytes()),
        circle: circle.id,
        class,
        kind: MediaKind::Picture,
        set: ItemId::new(draft.bytes()),
        order: 0,
        at: draft.now.millis(),
        alt,
        name: String::new(),
        stage: Stage::Sent(prepared),
        shared: true,
    };
    draft.transfers.push(TransferEdit::Put(Box::new(transfer)));
    Ok(Reply::empty())
}

/// On its way: it goes no further. Sent: taken back wherever this person may, and held there no longer.
pub(super) fn remove(draft: &mut Draft<'_>, id: &str) -> Result<Reply, AppError> {
    let id = item_of(id)?;
    if draft.scene.house.transfers.get(&id).is_some() {
        draft.transfers.push(TransferEdit::Drop(id));
        return Ok(Reply::empty());
    }
    let instances = draft.scene.instances(&id);
    if instances.is_empty() {
        return Err(AppError::NotFound);
    }
    let (gone, stays): (Vec<_>, Vec<_>) = instances.into_iter().partition(|m| draft.scene.may_remove(m));
    if gone.is_empty() {
        return Err(AppError::NotAllowed);
    }
    let mut released: SortedSet<CircleId> = SortedSet::new();
    for medium in gone {
        if medium.transfer.is_some() {
            draft.transfers.push(TransferEdit::Drop(medium.id));
            continue;
        }
        let removal = Item::Removal(Removal { item: medium.id, at: draft.now.millis() });
        let (circle, class) = (medium.circle.id, medium.class);
        draft.add(circle, class, removal.value());
        // A side of a circle holds a blob once, for all items that name it; a director's release ends it on every side.
        let directs = draft.scene.directs(&medium);
        let is_named = stays.iter().any(|m| m.circle.id == circle && (directs || m.side == medium.side));
        if !is_named && released.insert(circle) {
            draft.transfers.push(TransferEdit::Release(Release { circle, class, blobs: medium.blobs() }));
        }
    }
    Ok(Reply::empty())
}
