//! Rebuilds an engine from the rows in storage.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec;
use nestpost_protocol::epoch::Wrap;
use nestpost_protocol::id::CircleId;
use nestpost_protocol::limit;
use nestpost_protocol::log::{Link, OpenEntry};
use nestpost_protocol::record::Kind;

use crate::docs::{DocumentFact, Pending};
use crate::document::Document;
use crate::house::Alarm;
use crate::store::{Loaded, RecordRow, Table, key_number};
use crate::time::Timestamp;

use super::edit::PendingRow;
use super::meta::{OvertakenRow, number_stage};
use super::noted::{Arrived, is_notes};
use super::outbox::{Intent, Outgoing};
use super::restore::is_to_be_cut;
use super::snapshot::SNAPSHOT_KEY_BYTES;
use super::{Config, Engine, Secrets};

/// A row of the log: the link, and the entry where this device may see it.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct LogRow {
    #[n(0)]
    pub(super) link: Link,
    #[n(1)]
    pub(super) entry: Option<OpenEntry>,
    /// The day on which it came here, as in a record's row.
    #[n(2)]
    #[cbor(default)]
    pub(super) day: u32,
}

/// The storage is not that of an engine with these secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The first row is missing or does not open under the local key.
    #[error("storage belongs to another device, or is damaged")]
    Meta,
    /// The log does not chain: rows are missing.
    #[error("stored house log is damaged")]
    Log,
}

impl Engine {
    /// From all rows of a storage, ordered by table ([`Table::ALL`]) and key. The engine starts without a line.
    ///
    /// # Errors
    /// [`LoadError`]. A single damaged record or change is set aside and counted instead.
    pub fn open(config: &Config, secrets: Secrets, rows: Vec<Loaded>) -> Result<Self, LoadError> {
        if is_to_be_cut(&secrets, &rows) {
            return Self::load(config, secrets, &rows, false)?.without_cut(config, rows);
        }
        let engine = Self::load(config, secrets, &rows, true)?;
        let end = |circle: &CircleId| engine.circles.get(circle).map_or(0, |state| state.position().n);
        if engine.cache.holds(end) { Ok(engine) } else { Self::load(config, engine.secrets, &rows, false) }
    }

    pub(super) fn load(
        config: &Config,
        secrets: Secrets,
        rows: &[Loaded],
        with_cache: bool,
    ) -> Result<Self, LoadError> {
        let mut engine = Self::empty(config, secrets);
        engine.noted.loading = true;
        engine.cache.is_off = !with_cache;
        let meta =
            rows.iter().find(|row| row.table == Table::Meta && !is_notes(row)).ok_or(LoadError::Meta)?;
        engine.meta = engine.read_meta(&meta.value).ok_or(LoadError::Meta)?;
        engine.house.stage = number_stage(engine.meta.stage);
        engine.house.id = engine.meta.house;
        engine.house.transfers.paused = engine.meta.media_paused;
        let names = std::mem::take(&mut engine.meta.names);
        engine.house.printed = engine.meta.printed.map(|(sheet, at)| (sheet, Timestamp::from_millis(at)));
        engine.house.overtaken = engine.meta.overtaken.iter().filter_map(OvertakenRow::read).collect();
        engine.house.names = names.into_iter().map(|named| (named.device, named.name)).collect();
        if let Some(notes) = rows.iter().find(|row| is_notes(row)) {
            engine.noted.load(notes);
        }
        for row in rows {
            match row.table {
                Table::Meta => engine.load_evidence(row),
                Table::Log => engine.load_log(row)?,
                Table::Record if row.key.len() == SNAPSHOT_KEY_BYTES => engine.load_snapshot(row),
                Table::Record => engine.load_record(row),
                Table::Wrap => engine.load_wrap(row),
                Table::Pending => engine.load_pending(row),
                Table::Intent => engine.load_intent(row),
                Table::Outbox => engine.load_outbox(row),
                Table::Transfer => engine.load_transfer(row),
            }
        }
        engine.load_suspended();
        engine.open_what_opens();
        engine.try_snapshots();
        engine.house.docs.refresh();
        engine.noted.loading = false;
        // What loading found out is not news to storage.
        engine.writes.clear();
        engine.after.clear();
        Ok(engine)
    }

    fn load_log(&mut self, row: &Loaded) -> Result<(), LoadError> {
        let row: LogRow =
            codec::decode(&row.value, limit::ENTRY_BYTES_MAX + 4096).map_err(|_| LoadError::Log)?;
        if row.link.seq == self.house.log.len() {
            self.house.log.admit(&row.link, row.entry.as_ref()).map_err(|_| LoadError::Log)?;
            self.keep_entry(&row);
            self.restore.log_days.note(row.link.seq.saturating_add(1), row.day);
            self.note_relay(row);
            Ok(())
        } else {
            Err(LoadError::Log)
        }
    }

    fn load_record(&mut self, row: &Loaded) {
        match codec::decode::<RecordRow>(&row.value, limit::MESSAGE_BYTES_MAX) {
            Ok(stored) => self.load_row(stored),
            Err(_) => self.alarm(Alarm::Quarantined),
        }
    }

    fn load_row(&mut self, RecordRow { circle, row, own, held, day }: RecordRow) {
        if let Some(seq) = own {
            self.continue_chain(circle, seq, row.id);
        }
        self.keep_row(circle, &row);
        let arrived = self.advance(circle, row, held, day);
        let is_kept = |arrived: &Arrived| {
            // An erasure says something of the document, and is no part of it.
            let document = arrived.header.document.filter(|_| arrived.header.kind != Kind::Erase);
            document.is_some_and(|document| self.cache.covers(&document, arrived.n))
        };
        if let Some(arrived) = arrived.filter(|arrived| !is_kept(arrived)) {
            self.load_arrived(arrived);
        }
    }

    fn load_wrap(&mut self, row: &Loaded) {
        if let Ok(wrap) = codec::decode::<Wrap>(&row.value, limit::MESSAGE_BYTES_MAX) {
            let id = wrap.id();
            self.wrap_rows.insert(id);
            if let Ok(head) = wrap.check() {
                self.unopened_wraps.insert(id, (head, wrap));
            }
        }
    }

    fn load_pending(&mut self, row: &Loaded) {
        // Records that wait for a key come first: what was written here may build upon them.
        self.open_what_opens();
        self.try_snapshots();
        let Some(key) = key_number(&row.key) else { return };
        self.next_key = self.next_key.max(key);
        let Ok(bytes) = self.secrets.local.open(&row.value) else { return self.alarm(Alarm::Quarantined) };
        let Ok(stored) = codec::decode::<PendingRow>(&bytes, limit::MESSAGE_BYTES_MAX) else {
            return self.alarm(Alarm::Quarantined);
        };
        let Ok(start) = <[u8; 16]>::try_from(stored.start.as_slice()) else { return };
        let me = self.house.me;
        let fact = DocumentFact {
            circle: stored.circle,
            side: stored.side,
            class: stored.class,
            month: stored.month,
        };
        let actor = Document::actor(&me, &stored.document, &self.start);
        let Some(held) = self.house.docs.begin(stored.document, fact, actor) else { return };
        held.know(Document::actor(&me, &stored.document, &start), me, start);
        let change = stored.change.to_vec();
        let applied = held.document.apply_from(&me, &stored.document, &start, std::slice::from_ref(&change));
        held.note(change.len());
        held.pending.push(Pending { key, item: stored.item, start, change });
        if applied.is_err() {
            self.alarm(Alarm::Quarantined);
        }
    }

    fn load_intent(&mut self, row: &Loaded) {
        let Some(key) = key_number(&row.key) else { return };
        self.next_key = self.next_key.max(key);
        let opened = self.secrets.local.open(&row.value).ok();
        match opened.and_then(|bytes| Intent::decode(key, &bytes)) {
            Some(intent) => {
                self.intents.push_back(intent);
                self.show_decided();
            }
            None => self.alarm(Alarm::Quarantined),
        }
    }

    fn load_outbox(&mut self, row: &Loaded) {
        let opened = self.secrets.local.open(&row.value).ok();
        match opened.and_then(|bytes| Outgoing::decode(&bytes)) {
            Some(outgoing) => self.outgoing = Some(outgoing),
            None => self.alarm(Alarm::Quarantined),
        }
    }
}
