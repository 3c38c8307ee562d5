//! What people write: bulletins, messages, absences, the house's own profile.

use nestpost_protocol::access;
use nestpost_protocol::id::ItemId;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::Class;

use super::{Draft, media, optional, required};
use crate::app::day::Day;
use crate::app::item::profile::{self, Profile};
use crate::app::item::{
    Absence, Bulletin, HELP_LINE_CHARS_MAX, Item, Message, NAME_CHARS_MAX, NOTE_CHARS_MAX, NOTICE_CHARS_MAX,
    Removal, TEXT_CHARS_MAX, TITLE_CHARS_MAX, Withdrawal,
};
use crate::app::view::AbsenceKind;
use crate::app::{AppError, Reply};

/// How far back an absence may begin, days: whoever was ill says so afterwards.
const BACK_DAYS_MAX: i32 = 31;
/// How far ahead it may end, days.
const AHEAD_DAYS_MAX: i32 = 366;

pub(super) fn update_house(
    draft: &mut Draft<'_>,
    name: &str,
    help_line: &str,
    notice: &str,
) -> Result<Reply, AppError> {
    let name = required(name, NAME_CHARS_MAX)?;
    let help_line = optional(help_line, HELP_LINE_CHARS_MAX)?;
    let notice = optional(notice, NOTICE_CHARS_MAX)?;
    let texts = (name, help_line, notice);
    if texts == draft.scene.house_profile() {
        return Ok(Reply::empty());
    }
    let (name, help_line, notice) = texts;
    let profile = Profile::House { name, help_line, notice };
    let house = draft.scene.house.id.ok_or(AppError::NotFound)?;
    let circle = draft.scene.sole(Sort::House)?;
    draft.scene.writes(&circle)?;
    draft.edit(circle, Class::Long, profile::house_id(&house), profile.value());
    Ok(Reply::empty())
}

pub(super) fn post_bulletin(
    draft: &mut Draft<'_>,
    group: Option<&str>,
    title: &str,
    body: &str,
    set: Option<&str>,
) -> Result<Reply, AppError> {
    let title = required(title, TITLE_CHARS_MAX)?;
    let body = required(body, TEXT_CHARS_MAX)?;
    let set = set.map(media::set_of).transpose()?;
    let circle = match group {
        Some(group) => {
            let team = draft.scene.find_group(group)?;
            draft.scene.group_of(&team).ok_or(AppError::NotFound)?.id
        }
        None => draft.scene.sole(Sort::House)?,
    };
    draft.scene.writes(&circle)?;
    let item = Item::Bulletin(Bulletin { title, body, at: draft.now.millis(), set });
    Ok(draft.add(circle, Class::Year, item.value()))
}

/// A note to everybody who reads a circle that has no screen of bulletins of its own.
pub(super) fn post_note(
    draft: &mut Draft<'_>,
    circle: &str,
    title: &str,
    body: &str,
) -> Result<Reply, AppError> {
    let title = required(title, TITLE_CHARS_MAX)?;
    let body = required(body, TEXT_CHARS_MAX)?;
    let circle = draft.scene.find_board(circle)?.id;
    draft.scene.writes(&circle)?;
    if draft.scene.is_guardian() {
        // Among named persons: nobody else may have said what they are called.
        let (me, own) = (draft.scene.me, draft.scene.person_name(&draft.scene.me));
        let id = profile::person_id(&me);
        let said = draft.scene.house.docs.items(&circle).any(|i| i.item == id);
        if !said && !own.is_empty() {
            draft.edit(circle, Class::Long, id, Profile::Guardian { name: own }.value());
        }
    }
    let item = Item::Bulletin(Bulletin { title, body, at: draft.now.millis(), set: None });
    Ok(draft.add(circle, Class::Year, item.value()))
}

/// A bulletin, note or message: by its author, on the staff's side also by a director. Again: nothing to do.
pub(super) fn remove_item(draft: &mut Draft<'_>, item: &str) -> Result<Reply, AppError> {
    let id: ItemId = item.parse().map_err(|_| AppError::NotFound)?;
    let scene = &draft.scene;
    let found = scene.written().into_iter().find(|(at, _)| at.item == id);
    let Some((at, _)) = found else { return Err(AppError::NotFound) };
    if scene.is_removed(&at) {
        return Ok(Reply::empty());
    }
    let side = access::side_of(&scene.house.log, &scene.house.me, &at.circle);
    let directs = at.side == Side::Staff && scene.role == Role::Director;
    if side != Some(at.side) || !(scene.mine(&at) || directs) {
        return Err(AppError::NotAllowed);
    }
    let (circle, class) = (at.circle, at.class);
    let removal = Item::Removal(Removal { item: id, at: draft.now.millis() });
    draft.add(circle, class, removal.value());
    Ok(Reply::empty())
}

/// Whatever a guardian sends goes into the month's one `short` document; what the house answers is kept for the year.
pub(super) fn send_message(
    draft: &mut Draft<'_>,
    thread: &str,
    text: &str,
    set: Option<&str>,
) -> Result<Reply, AppError> {
    let set = set.map(media::set_of).transpose()?;
    let text = if set.is_some() { optional(text, TEXT_CHARS_MAX) } else { required(text, TEXT_CHARS_MAX) }?;
    let circle = draft.scene.find(Sort::Private, thread)?.id;
    draft.scene.writes(&circle)?;
    let class = if draft.scene.is_guardian() { Class::Short } else { Class::Year };
    let item = Item::Message(Message { text, at: draft.now.millis(), set });
    Ok(draft.add(circle, class, item.value()))
}

/// A guardian tells the team in their own circle; the house writes straight into the child's.
pub(super) fn report_absence(
    draft: &mut Draft<'_>,
    child: &str,
    kind: AbsenceKind,
    days: [&str; 2],
    note: &str,
) -> Result<Reply, AppError> {
    // Of whom others must not know, they do not read the child's circle; they have a thread.
    let apart = draft.scene.told_apart().and_then(|_| child.parse().ok());
    let apart = apart.filter(|child| draft.scene.private(&draft.scene.me, child).is_some());
    let child = apart.map_or_else(|| draft.scene.find(Sort::Child, child).map(|c| c.id), Ok)?;
    let note = optional(note, NOTE_CHARS_MAX)?;
    let [from, to] = days.map(|d| d.parse::<Day>().map_err(|_| AppError::BadDay));
    let (from, to) = (from?, to?);
    let today = Day::of(draft.now).map_err(|_| AppError::BadDay)?;
    if from > to || from < today.plus(-BACK_DAYS_MAX) || to > today.plus(AHEAD_DAYS_MAX) {
        return Err(AppError::BadDay);
    }
    let (circle, class) = if draft.scene.is_guardian() {
        let me = draft.scene.me;
        (draft.scene.private(&me, &child).ok_or(AppError::NotFound)?.id, Class::Short)
    } else {
        (child, to.class(draft.now))
    };
    draft.scene.writes(&circle)?;
    let item = Item::Absence(Absence { kind: kind.into(), from, to, note, at: draft.now.millis() });
    Ok(draft.add(circle, class, item.value()))
}

/// One's own report, or for staff any that the house entered. Again: nothing to do.
pub(super) fn withdraw_absence(draft: &mut Draft<'_>, absence: &str) -> Result<Reply, AppError> {
    let id: ItemId = absence.parse().map_err(|_| AppError::NotFound)?;
    let scene = &draft.scene;
    let (side, sort) = if scene.is_guardian() {
        (Side::Person(scene.me), Sort::Private)
    } else {
        (Side::Staff, Sort::Child)
    };
    let mut found = None;
    for circle in scene.circles(Sort::Private).chain(scene.circles(Sort::Child)) {
        for (at, item) in scene.items(&circle.id).filter(|(at, _)| at.item == id) {
            // Where the withdrawal goes; nowhere, if the absence is somebody else's.
            let home = match item {
                Item::Absence(_) => (circle.sort == sort && at.side == side).then_some(circle.id),
                // The copy in the child's circle, once one's own item is gone.
                Item::Published(p) if p.reporter == Some(scene.me) => {
                    scene.private(&scene.me, &p.child).map(|c| c.id)
                }
                Item::Published(_) => None,
                _ => continue,
            };
            found = Some(home.map(|home| (home, at.class)));
        }
    }
    let (circle, kept) = found.ok_or(AppError::NotFound)?.ok_or(AppError::NotAllowed)?;
    scene.writes(&circle)?;
    let class = if scene.is_guardian() { Class::Short } else { kept };
    let names = |item: &Item| matches!(item, Item::Withdrawal(w) if w.absence == id);
    let again = scene.items(&circle).any(|(at, item)| at.side == side && names(&item));
    if !again {
        let item = Item::Withdrawal(Withdrawal { absence: id, at: draft.now.millis() });
        draft.add(circle, class, item.value());
    }
    Ok(Reply::empty())
}
