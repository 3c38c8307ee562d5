//! A device that was ended empties its storage as soon as it hears of it.
//!
//! The relay's word that a device has ended is no proof: nobody signs it, and a relay must not be able to destroy what was
//! written here. So the relay shows the `device-end` itself, and this device asks whether whoever signed it could say so, as
//! far as it knows the house. What it cannot judge (somebody who was admitted while it was away) it leaves sealed.

use nestpost_protocol::access;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, OpenEntry};
use nestpost_protocol::message::LogPage;
use nestpost_protocol::stands;

use crate::docs::Docs;
use crate::house::Stage;
use crate::store::{Table, Write, number_key, record_key};
use crate::transfers::Transfers;

use super::outbox::OUTBOX_KEY;
use super::snapshot::Snapshots;
use super::{After, Engine};

impl Engine {
    /// The entry that ends this device, alone and without a link. Whether the page was that.
    pub(super) fn take_farewell(&mut self, page: &LogPage) -> bool {
        let ([], [only]) = (page.links.as_slice(), page.entries.as_slice()) else { return false };
        let Some(ends) = self.ends_this(&only.entry) else { return false };
        if ends && stands!(Wipe) {
            self.wipe();
        }
        true
    }

    /// Whether an entry ends this device; none: it is about something else.
    fn ends_this(&self, entry: &OpenEntry) -> Option<bool> {
        let checked = entry.link().ok().and_then(|link| entry.check(&link).ok())?;
        let Body::DeviceEnd(end) = checked.kind else { return None };
        if end.device != self.house.me {
            return None;
        }
        let me = self.house.log.device(&self.house.me).map(|device| device.person);
        let author = access::role_of(&self.house.log, &checked.body.author);
        let may = author
            .is_some_and(|(person, role)| matches!(role, Role::Director | Role::Sheet) || Some(person) == me);
        Some(may && checked.body.house == self.house.id)
    }

    /// Deletes every row but the one that says that this device has ended, and forgets all keys and contents.
    fn wipe(&mut self) {
        self.writes.clear();
        self.after.retain(|after| matches!(after, After::Done(..)));
        for after in self.storing.values_mut() {
            after.retain(|after| matches!(after, After::Done(..)));
        }
        let mut gone: Vec<(Table, Vec<u8>)> = vec![(Table::Outbox, OUTBOX_KEY.to_vec())];
        gone.extend((0..self.house.log.len()).map(|seq| (Table::Log, number_key(seq))));
        for (circle, state) in &self.circles {
            gone.extend((1..=state.position().n).map(|n| (Table::Record, record_key(circle, n))));
        }
        gone.extend(self.snapshots.row_keys());
        gone.extend(self.wrap_rows.iter().map(|id| (Table::Wrap, id.as_bytes().to_vec())));
        let pending = self.house.docs.all().flat_map(|(_, held)| held.pending.iter());
        gone.extend(pending.map(|pending| (Table::Pending, number_key(pending.key))));
        gone.extend(self.intents.iter().map(|intent| (Table::Intent, number_key(intent.key))));
        gone.extend(self.house.transfers.rows().map(|(key, _)| (Table::Transfer, number_key(key))));
        gone.push(super::noted::row_key());
        gone.extend(super::evidence::row_keys(self.circles.keys()));
        self.writes.extend(gone.into_iter().map(|(table, key)| Write::delete(table, key)));

        self.house.log = nestpost_protocol::log::LogState::new();
        self.house.epochs = nestpost_protocol::epochs::Epochs::new();
        self.house.docs = Docs::new();
        self.house.transfers = Transfers::default();
        self.circles.clear();
        self.house.evidence.clear();
        self.house.founding = None;
        self.house.moves.clear();
        self.unopened_wraps.clear();
        self.wrap_rows.clear();
        self.rows.clear();
        self.snapshots = Snapshots::default();
        self.hold_rows.clear();
        self.noted = super::Noted::default();
        self.repairs = super::Repairs::default();
        self.restore = super::Restore::default();
        self.log_signed = None;
        self.outgoing = None;
        self.intents.clear();
        self.house.decided.clear();
        self.doubts.clear();
        self.meta = super::Meta { incarnation: self.meta.incarnation, ..super::Meta::default() };
        self.house.stage = Stage::Ended;
        self.house.id = None;
        self.changed = true;
        self.write_meta();
    }
}
