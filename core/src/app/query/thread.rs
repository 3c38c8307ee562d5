//! Threads: one per guardian and child, their messages and sick notes in one line.

use nestpost_protocol::id::ItemId;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::state::Circle;
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::SortedMap;

use super::{absence, picture, recent};
use crate::app::AppError;
use crate::app::item::Item;
use crate::app::scene::{Marks, Scene, state};
use crate::app::view::{Absence, Message, Thread, ThreadDetail, ThreadSide};
use crate::time::Timestamp;

/// Latest first; those without a message after them, by name.
pub(super) fn all(scene: &Scene<'_>, now: Timestamp) -> Vec<Thread> {
    let marks = scene.marks();
    let mut all: Vec<_> =
        mine(scene).filter_map(|c| detail(scene, c, &marks, now)).map(|d| d.thread).collect();
    let last = |t: &Thread| t.last.as_ref().map(|m| m.at);
    all.sort_by(|a, b| last(b).cmp(&last(a)).then_with(|| by_name(a).cmp(&by_name(b))));
    all
}

/// One thread with its messages, oldest first.
pub(super) fn one(scene: &Scene<'_>, id: &str, now: Timestamp) -> Result<ThreadDetail, AppError> {
    let circle = scene.find(Sort::Private, id)?;
    detail(scene, circle, &scene.marks(), now).ok_or(AppError::NotFound)
}

/// Messages of the other side in the threads of one child that the reader has not seen.
pub(super) fn unread<'a>(
    scene: &Scene<'a>,
    thread: &'a Circle,
    marks: &SortedMap<ItemId, Marks>,
    now: Timestamp,
) -> u32 {
    detail(scene, thread, marks, now).map_or(0, |d| d.thread.unread)
}

/// A guardian's own, anybody else's all.
pub(super) fn mine<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Circle> {
    let me = scene.is_guardian().then_some(scene.me);
    scene.circles(Sort::Private).filter(move |c| me.is_none() || c.guardian == me)
}

fn by_name(thread: &Thread) -> (&str, &str, &str) {
    (&thread.child_name, &thread.guardian_name, &thread.id)
}

fn detail<'a>(
    scene: &Scene<'a>,
    circle: &'a Circle,
    marks: &SortedMap<ItemId, Marks>,
    now: Timestamp,
) -> Option<ThreadDetail> {
    let (child, guardian) = (circle.child?, circle.guardian?);
    let mut absences: SortedMap<String, Absence> =
        absence::of_child(scene, marks, &child).into_iter().map(|d| (d.view.id.clone(), d.view)).collect();
    let media = scene.media(circle);
    let all_marks = marks;
    let mut messages: SortedMap<ItemId, Message> = SortedMap::new();
    let mut unread = 0;
    for (at, item) in scene.items(&circle.id) {
        let id = at.item.to_string();
        let (text, time, set, absence) = match item {
            Item::Message(_) if scene.is_removed(&at) => continue,
            Item::Message(message) => (message.text, message.at, message.set, None),
            Item::Absence(absence) if at.side == Side::Person(guardian) => {
                (absence.note, absence.at, None, absences.remove(&id))
            }
            _ => continue,
        };
        let marks = all_marks.get(&at.item);
        let (side, seen_at) = match at.side {
            Side::Staff => (ThreadSide::House, marks.and_then(|m| m.guardians.get(&guardian).copied())),
            Side::Person(_) => (ThreadSide::Guardian, marks.and_then(|m| m.staff)),
        };
        let theirs = (side == ThreadSide::House) == scene.is_guardian();
        let message = Message {
            id,
            media: picture::of_message(scene, all_marks, &media, at.side, set, seen_at.is_some()),
            text,
            mine: scene.mine(&at),
            side,
            author: scene.author(&at).map(|p| scene.person_name(&p)).unwrap_or_default(),
            at: time,
            state: state(&at, seen_at.is_some()),
            seen_at,
            absence,
        };
        let fresh = theirs && !marks.is_some_and(|m| m.mine) && recent(time, now);
        // The same item may stand in two documents; it is one message.
        if messages.insert(at.item, message).is_none() && fresh {
            unread += 1;
        }
    }
    let mut messages: Vec<_> = messages.into_values().collect();
    messages.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let thread = Thread {
        id: circle.id.to_string(),
        child: child.to_string(),
        child_name: scene.child_name(&child),
        guardian_name: scene.person_name(&guardian),
        group_name: scene.team_of(&child).map(|t| scene.group_name(&t)).unwrap_or_default(),
        unread,
        ended: scene.is_closed(&circle.id),
        last: messages.last().cloned(),
    };
    Some(ThreadDetail { thread, messages })
}
