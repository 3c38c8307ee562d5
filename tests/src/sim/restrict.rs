//! What a director restricts is shown to nobody, and nobody erases it.

use std::collections::BTreeSet;

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::item::{Item, Restriction};
use nestpost_core::app::{Command, Query, View};
use nestpost_core::docs::{ItemRef, Sent};
use nestpost_core::engine::Engine;
use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::log::kind::role::Role;

use super::phone::Asked;
use super::stage::Stage;

impl Stage {
    /// A director restricts a text, or ends that.
    pub(super) fn restrict(&mut self, phone: usize) {
        let there: Vec<ItemId> = self.ledger.texts.iter().filter_map(|text| Some(text.place?.1)).collect();
        let Some(item) = self.dice.pick(&there).map(ToString::to_string) else { return };
        let on = self.dice.chance(700);
        self.tally.act(if on { "restrict" } else { "restrict no more" });
        self.command(phone, Command::RestrictItem { item, on }, Asked::Other);
    }

    /// Texts that are restricted, which the relay has, and that are still there: whatever happens, they stay.
    pub(super) fn note_held(&mut self) {
        let mut held = Vec::new();
        for phone in self.directors() {
            let device = self.phone(phone);
            // One that may not have heard that it was erased says nothing.
            let hears_all =
                device.line.as_ref().is_some_and(|line| line.down.is_empty() && line.up.is_empty());
            let Some(engine) =
                device.engine.as_ref().filter(|engine| hears_all && engine.summary().link == "online")
            else {
                continue;
            };
            for (number, text) in self.ledger.texts.iter().enumerate() {
                let Some((circle, item)) = text.place else { continue };
                let is_here = engine.house().docs.item(&circle, &item).is_some();
                if is_here && restricts(engine, &circle, &item) == Some((true, true)) {
                    held.push(number);
                }
            }
        }
        for number in held {
            if let Some(text) = self.ledger.texts.get_mut(number) {
                text.held = true;
            }
        }
    }

    /// What is restricted is there for those who read, and shown to none of them.
    pub(super) fn check_restricted(&mut self) {
        let (mut shown, mut gone) = (Vec::new(), Vec::new());
        let members = self.members();
        let directors: Vec<&Engine> = members
            .iter()
            .map(|(_, engine)| *engine)
            .filter(|engine| engine.house().person().is_some_and(|(_, role)| role == Role::Director))
            .collect();
        let mut restricted = BTreeSet::new();
        for text in &self.ledger.texts {
            let Some((circle, item)) = text.place.filter(|_| !self.has_expired(text)) else { continue };
            let said = directors.iter().find_map(|engine| restricts(engine, &circle, &item));
            if said.is_none_or(|(on, _)| !on) {
                continue;
            }
            restricted.insert(item.to_string());
            let reads = |engine: &&Engine| access::reads(self.truth(), &engine.house().me, &circle);
            let is_there = |engine: &Engine| engine.house().docs.item(&circle, &item).is_some();
            let lacks = directors.iter().find(|engine| reads(engine) && !is_there(engine));
            if text.held && lacks.is_some() {
                gone.push(text.says.clone());
            }
        }
        for (number, _) in &members {
            let all = self.shown_to(*number);
            if let Some(item) = all.intersection(&restricted).next() {
                shown.push(format!("{item} to {}", self.phone(*number).name));
            }
        }
        self.judge("restricted", shown);
        self.judge("held", gone);
    }

    /// Ids of bulletins and messages that somebody is shown.
    fn shown_to(&self, phone: usize) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        if let Some(View::Bulletins(all)) = self.query(phone, &Query::Bulletins(NoArgs {})) {
            ids.extend(all.into_iter().map(|bulletin| bulletin.id));
        }
        let Some(View::Threads(threads)) = self.query(phone, &Query::Threads(NoArgs {})) else { return ids };
        for thread in threads {
            if let Some(View::Thread(thread)) = self.query(phone, &Query::Thread { id: thread.id }) {
                ids.extend(thread.messages.into_iter().map(|message| message.id));
            }
        }
        ids
    }
}

/// Whether an item is restricted as far as a device knows, and whether the relay has what was said last of it.
fn restricts(engine: &Engine, circle: &CircleId, item: &ItemId) -> Option<(bool, bool)> {
    let house = engine.house();
    let directs = |at: &ItemRef<'_>| {
        let log = &house.log;
        let role = at.author.and_then(|device| match at.log {
            Some(seq) => access::role_then(log, &device, seq),
            None => access::role_of(log, &device),
        });
        role.is_some_and(|(_, role)| role == Role::Director)
    };
    let said = house.docs.items(circle).filter_map(|at| match Item::read(at.value)? {
        Item::Restriction(Restriction { item: of, on, at: when }) if of == *item && directs(&at) => {
            Some(((when, at.item), on, at.sent == Sent::Relay))
        }
        _ => None,
    });
    said.max_by_key(|(order, ..)| *order).map(|(_, on, sent)| (on, sent))
}
