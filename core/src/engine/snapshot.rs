//! Snapshots: made by whoever wrote much, taken by whoever comes new, and looked at afterwards.
//!
//! ```text
//! Snapshots → stored → their circle gets as far → checked → used; what came of the document meanwhile follows
//!                                                    ✗ the records themselves, at once
//! rows without records → asked for in their own time → applied again → all changes came in records? else built anew
//! ```
//! A record that a snapshot spared this device is a *bare* row: its place in the chain is known, its content vouched for
//! by its author's later signature. Until it is looked at, nothing but its absence can be wrong.

use minicbor::{Decode, Encode};
use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId};
use nestpost_protocol::limit;
use nestpost_protocol::message::{ClientMessage, RecordPage, WantedRows};
use nestpost_protocol::record::{Header, Kind, Record, Sealing};
use nestpost_protocol::snapshot::{LastRecord, SnapshotBody};
use nestpost_protocol::sorted::{SortedMap, SortedSet};
use nestpost_protocol::stands;

use crate::batch::Batch;
use crate::docs::{DocumentFact, Held, LIVE_CHANGES_MAX};
use crate::document::Document;
use crate::house::Alarm;
use crate::snapshot::{Snapshot, Start, Vouched};
use crate::store::{Blob, Loaded, RecordRow, Table, Write, record_key};
use crate::time::Timestamp;

use super::Engine;
use super::frame::Builder;
use super::noted::Arrived;
use super::session::Session;

/// Pause between two pages of records that nobody waits for.
const AUDIT_MS: u64 = 2_000;
/// Changes of a document before its first snapshot.
const FIRST_AT: usize = 32;

/// Snapshots between arrival and the last look at what they stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Snapshots {
    /// Not used yet.
    waiting: SortedMap<DocumentId, Waiting>,
    /// What came of their documents, in order.
    held_back: SortedMap<DocumentId, Vec<Arrived>>,
    /// Those that are stored.
    stored: SortedMap<DocumentId, CircleId>,
    bare: SortedMap<(CircleId, u64), DocumentId>,
    /// How many bare rows a document has.
    left: SortedMap<DocumentId, usize>,
    /// Documents whose records are wanted at once.
    urgent: SortedSet<DocumentId>,
    asked: bool,
    /// Bare rows that the relay lost: not asked for again on this line, unless it says that it has them.
    unheard: SortedSet<(CircleId, u64)>,
    /// Whatever the relay had to send with them has come, keys too.
    has_all: bool,
    /// When the next page of the others is asked for.
    at: Option<Timestamp>,
    /// Each device's last record in a document.
    pub(super) writers: SortedMap<DocumentId, SortedMap<DeviceId, LastRecord>>,
    /// Documents of which this device is to make one.
    due: SortedSet<DocumentId>,
    /// Not to be used: the device died over them, or they do not fit the rows.
    spoiled: SortedSet<DocumentId>,
}

#[derive(Debug, Clone)]
struct Waiting {
    header: Header,
    body: SnapshotBody,
}

/// A stored document; its key sorts before the circle's records.
#[derive(Debug, Encode, Decode)]
#[cbor(map)]
pub(super) struct SnapshotRow {
    /// Somebody else's snapshot, on trust.
    #[n(0)]
    pub(super) record: Option<Record>,
    /// What this device has understood itself, under the local key.
    #[n(1)]
    pub(super) kept: Option<Blob>,
}

/// Length of their keys: circle, 0, document.
pub(super) const SNAPSHOT_KEY_BYTES: usize = 16 + 8 + 16;
const ROW_BYTES_MAX: usize = limit::MESSAGE_BYTES_MAX;

enum Judgement {
    /// Not yet.
    Wait,
    /// It does not hold, or cannot be read.
    Doubt,
    Use(Box<(Document, Snapshot)>),
}

pub(super) fn snapshot_key(circle: &CircleId, document: &DocumentId) -> Vec<u8> {
    [record_key(circle, 0).as_slice(), document.as_bytes()].concat()
}

fn split_key(key: &[u8]) -> Option<(CircleId, DocumentId)> {
    let (circle, rest) = key.split_at_checked(16)?;
    Some((CircleId::from_slice(circle).ok()?, DocumentId::from_slice(rest.get(8..)?).ok()?))
}

/// How many snapshots a document of so many changes has had: the more it has, the more come in between.
fn level(changes: usize) -> usize {
    let mut at = FIRST_AT;
    let mut level = usize::from(changes >= LIVE_CHANGES_MAX);
    while at <= changes {
        level += 1;
        at += FIRST_AT.max(at / 4);
    }
    level
}

impl Snapshots {
    pub(super) fn waits(&self, document: &DocumentId) -> bool {
        self.waiting.contains_key(document)
    }

    pub(super) fn hold_back(&mut self, document: DocumentId, arrived: Arrived) {
        self.held_back.entry(document).or_default().push(arrived);
    }

    /// Keys of their rows.
    pub(super) fn row_keys(&self) -> impl Iterator<Item = (Table, Vec<u8>)> + '_ {
        self.stored.iter().map(|(document, circle)| (Table::Record, snapshot_key(circle, document)))
    }

    pub(super) fn line_is_down(&mut self) {
        self.unheard.clear();
        self.asked = false;
        self.has_all = false;
        self.at = None;
    }

    /// A row came without its record.
    pub(super) fn note_bare(&mut self, circle: CircleId, n: u64, document: DocumentId) {
        if self.bare.insert((circle, n), document).is_none() {
            *self.left.entry(document).or_default() += 1;
        }
    }

    pub(super) fn is_bare(&self, circle: CircleId, n: u64) -> bool {
        self.bare.contains_key(&(circle, n))
    }

    /// What the relay still lacks; what is no more among it can be asked for.
    pub(super) fn hear_lacks(&mut self, lacks: &[WantedRows]) {
        let lacked = |circle: &CircleId, n: &u64| {
            lacks.iter().any(|of| of.circle == *circle && of.rows.binary_search(n).is_ok())
        };
        self.unheard.retain(|(circle, n)| lacked(circle, n));
    }

    /// A document is stored.
    pub(super) fn note_stored(&mut self, document: DocumentId, circle: CircleId) {
        self.stored.insert(document, circle);
    }

    /// Whether something of a document was not looked at yet.
    pub(super) fn is_on_trust(&self, document: &DocumentId) -> bool {
        self.left.contains_key(document) || self.waiting.contains_key(document)
    }

    fn remove_bare(&mut self, circle: CircleId, n: u64) {
        let Some(document) = self.bare.remove(&(circle, n)) else { return };
        if let Some(left) = self.left.get_mut(&document) {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.left.remove(&document);
                self.urgent.remove(&document);
            }
        }
    }

    /// Its records are not for this device any more.
    fn forget_circle(&mut self, circle: CircleId) {
        let gone: Vec<u64> =
            self.bare.range((circle, 0)..=(circle, u64::MAX)).map(|((_, n), _)| *n).collect();
        for n in gone {
            self.remove_bare(circle, n);
        }
    }

    /// When this device is to be woken.
    pub(super) fn wait_no_longer(&mut self, now: Timestamp) {
        self.at = self.at.map(|at| at.min(now));
    }

    pub(super) fn wake_at(&self) -> Option<Timestamp> {
        self.at.filter(|_| !self.asked)
    }

    /// The relay has sent all that there is.
    pub(super) const fn all_came(&mut self) {
        self.has_all = true;
    }

    /// Somebody wrote in a document.
    pub(super) fn note_writer(&mut self, document: DocumentId, last: LastRecord) {
        let known = self.writers.entry(document).or_default().entry(last.device).or_insert(last);
        if known.seq < last.seq {
            *known = last;
        }
    }
}

impl Engine {
    // ---- taking ----

    /// Before the first records of a circle.
    pub(super) fn take_snapshots(&mut self, records: Vec<Record>) {
        if records.len() > limit::SNAPSHOTS_MAX {
            return self.garbage();
        }
        for record in records {
            let Ok(header) = record.check() else { return self.garbage() };
            let is_ours = header.kind == Kind::Snapshot && Some(header.house) == self.house.id;
            let (Some(document), Ok(body), true) =
                (header.document, SnapshotBody::decode(&record.body), is_ours)
            else {
                return self.garbage();
            };
            let circle = header.circle;
            let is_late = self.circles.get(&circle).is_some_and(|state| state.position().n > 0);
            if is_late || self.house.docs.get(&document).is_some() {
                continue;
            }
            let row = codec::encode(&SnapshotRow { record: Some(record), kept: None });
            self.writes.push(Write::put(Table::Record, snapshot_key(&circle, &document), row));
            self.snapshots.stored.insert(document, circle);
            self.snapshots.waiting.insert(document, Waiting { header, body });
            self.snapshots.has_all = false;
            self.note_snapshots(circle, true);
        }
    }

    /// From storage, before the circle's records. One that the device died on is left.
    pub(super) fn load_snapshot(&mut self, row: &Loaded) {
        let stored = codec::decode::<SnapshotRow>(&row.value, ROW_BYTES_MAX).ok();
        if let Some(SnapshotRow { kept: Some(kept), .. }) = &stored {
            if (self.cache.is_off || !self.load_kept(kept))
                && let Some((circle, document)) = split_key(&row.key)
            {
                self.snapshots.note_stored(document, circle);
                self.snapshots.spoiled.insert(document);
            }
            return;
        }
        let waiting = stored.and_then(|SnapshotRow { record, .. }| {
            let record = record?;
            let header = record.check().ok()?;
            let body = SnapshotBody::decode(&record.body).ok()?;
            Some((header.document?, Waiting { header, body }))
        });
        let Some((document, waiting)) = waiting else { return self.alarm(Alarm::Quarantined) };
        let circle = waiting.header.circle;
        self.snapshots.stored.insert(document, circle);
        if self.noted.died_on_snapshots(circle) {
            self.snapshots.spoiled.insert(document);
        } else {
            self.snapshots.waiting.insert(document, waiting);
        }
    }

    /// Uses what can be used by now.
    pub(super) fn try_snapshots(&mut self) {
        if !self.noted.loading {
            for document in std::mem::take(&mut self.snapshots.spoiled) {
                let circle = self.snapshots.stored.get(&document).copied();
                self.drop_snapshot(&document);
                if let Some(circle) = circle {
                    self.note_snapshots(circle, false);
                }
            }
        }
        if self.snapshots.waiting.is_empty() || (self.noted.is_behind() && !self.noted.loading) {
            return;
        }
        let documents: Vec<DocumentId> = self.snapshots.waiting.keys().copied().collect();
        for document in documents {
            match self.judge(&document) {
                Judgement::Wait => {}
                Judgement::Doubt => self.settle_snapshot(&document, None),
                Judgement::Use(good) => self.settle_snapshot(&document, Some(*good)),
            }
        }
    }

    fn judge(&self, document: &DocumentId) -> Judgement {
        let Some(Waiting { header, body }) = self.snapshots.waiting.get(document) else {
            return Judgement::Wait;
        };
        let later = if self.snapshots.has_all { Judgement::Doubt } else { Judgement::Wait };
        let Some(state) = self.circles.get(&header.circle) else { return later };
        if state.suspended {
            return Judgement::Wait;
        }
        if state.position().n < header.seen.n {
            return later;
        }
        let Some(keyring) = state.keys.get(&header.epoch) else { return later };
        let log = &self.house.log;
        if state.at(header.seen.n) != Some(header.seen) || !access::could_write(log, header) {
            return Judgement::Doubt;
        }
        let read = || {
            let plaintext = keyring.keys.open(&body.sealed).ok()?;
            let snapshot = Snapshot::open(&plaintext, header)?;
            let actor = Document::actor(&self.house.me, document, &self.start);
            let read = Document::from_snapshot(actor, &snapshot.changes).ok()?;
            let history = read.history();
            let holds = snapshot.holds(header, &body.last, &history) || !stands!(SnapshotVouched);
            let is_seen = || {
                let mut doubted =
                    snapshot.devices.iter().filter(|vouched| self.is_doubted(header, &vouched.device));
                doubted.all(|vouched| {
                    let (actors, seen) = (snapshot.actors(vouched), self.seen_of(document, &vouched.device));
                    let is_theirs = |actor: &[u8; 16]| actors.binary_search(actor).is_ok();
                    history.hashes_of(&is_theirs).all(|hash| seen.contains(&hash))
                })
            };
            (holds && (self.noted.loading || is_seen())).then_some((read, snapshot))
        };
        read().map_or(Judgement::Doubt, |good| Judgement::Use(Box::new(good)))
    }

    /// Whoever may not write here any more is not believed: they could sign today what they never sent.
    fn is_doubted(&self, header: &Header, device: &DeviceId) -> bool {
        access::side_of(&self.house.log, device, &header.circle) != Some(header.side)
    }

    /// Hashes of the changes of a device that came in records.
    fn seen_of(&self, document: &DocumentId, device: &DeviceId) -> SortedSet<[u8; 32]> {
        let rows = self.snapshots.held_back.get(document).into_iter().flatten();
        rows.filter(|arrived| arrived.header.author == *device)
            .filter_map(|arrived| {
                let keys = &self.circles.get(&arrived.header.circle)?.keys.get(&arrived.header.epoch)?.keys;
                let plaintext = keys.open(&arrived.record.body).ok()?;
                Batch::open(&plaintext, &arrived.header).ok()?.hashes()
            })
            .flatten()
            .collect()
    }

    /// A snapshot is used, or its document's records are wanted instead. Then what was held back follows.
    fn settle_snapshot(&mut self, document: &DocumentId, good: Option<(Document, Snapshot)>) {
        let Some(Waiting { header, body }) = self.snapshots.waiting.remove(document) else { return };
        let used = good.is_some_and(|(read, snapshot)| self.use_snapshot(&header, read, &snapshot));
        if used {
            for last in body.last {
                self.snapshots.note_writer(*document, last);
            }
        } else {
            self.drop_snapshot(document);
            self.snapshots.urgent.insert(*document);
        }
        if !self.snapshots.waiting.values().any(|waiting| waiting.header.circle == header.circle) {
            self.note_snapshots(header.circle, false);
        }
        let follows = self.snapshots.held_back.remove(document).unwrap_or_default();
        if self.noted.loading {
            for arrived in follows {
                self.load_arrived(arrived);
            }
        } else {
            self.apply_later(follows);
        }
        self.changed = true;
    }

    fn use_snapshot(&mut self, header: &Header, read: Document, snapshot: &Snapshot) -> bool {
        let actor = Document::actor(&self.house.me, &snapshot.document, &self.start);
        let fact = DocumentFact::of(header);
        let Some(held) = self.house.docs.begin(snapshot.document, fact, actor) else { return false };
        held.take_snapshot(read, snapshot)
    }

    /// A stored snapshot goes.
    fn drop_snapshot(&mut self, document: &DocumentId) {
        if let Some(circle) = self.snapshots.stored.remove(document) {
            self.writes.push(Write::delete(Table::Record, snapshot_key(&circle, document)));
        }
    }

    /// The document is gone, and with it all that stands for it.
    pub(super) fn forget_snapshot(&mut self, document: &DocumentId) {
        self.drop_snapshot(document);
        self.cache.forget(document);
        let snapshots = &mut self.snapshots;
        snapshots.waiting.remove(document);
        snapshots.held_back.remove(document);
        snapshots.writers.remove(document);
        snapshots.urgent.remove(document);
        if snapshots.left.remove(document).is_some() {
            snapshots.bare.retain(|_, of| of != document);
        }
    }

    // ---- looking at what was spared ----

    /// How many records this device takes on trust for now.
    #[must_use]
    pub fn bare_rows(&self) -> usize {
        self.snapshots.bare.len()
    }

    /// Asks for a page of the records that snapshots stand for.
    pub(super) fn ask_rows(&mut self, now: Timestamp) {
        let snapshots = &mut self.snapshots;
        let has_line = matches!(self.session, Session::Live | Session::Elsewhere);
        if snapshots.bare.is_empty() || !has_line || !stands!(SparedAsked) {
            snapshots.at = None;
            return;
        }
        if snapshots.asked || self.noted.is_behind() {
            snapshots.at = snapshots.at.map(|at| at.max(now.plus(AUDIT_MS)));
            return;
        }
        for document in snapshots.left.keys() {
            // What no snapshot stands for, or what builds upon something that is not in it.
            let held = self.house.docs.get(document);
            let is_whole = held.is_some_and(|held| held.brought.is_some() && held.document.missing() == 0);
            if !is_whole && !snapshots.waiting.contains_key(document) {
                snapshots.urgent.insert(*document);
            }
        }
        let (urgent, unheard) = (&snapshots.urgent, &snapshots.unheard);
        let is_due = snapshots.at.is_some_and(|at| at <= now);
        let mut there = snapshots.bare.iter().filter(|(place, _)| !unheard.contains(*place)).peekable();
        if there.peek().is_none() {
            snapshots.at = None;
            return;
        }
        let first = there
            .clone()
            .find(|(_, document)| urgent.contains(*document))
            .or_else(|| there.next().filter(|_| is_due));
        let Some((&(circle, n), document)) = first else {
            snapshots.at.get_or_insert(now.plus(AUDIT_MS));
            return;
        };
        if !access::reads(&self.house.log, &self.house.me, &circle) {
            return self.snapshots.forget_circle(circle);
        }
        let wants = urgent.contains(document);
        let rows: Vec<u64> = snapshots
            .bare
            .range((circle, n)..=(circle, u64::MAX))
            .filter(|(place, document)| !unheard.contains(*place) && (!wants || urgent.contains(*document)))
            .map(|((_, n), _)| *n)
            .take(limit::PAGE_ROWS_MAX)
            .collect();
        snapshots.asked = true;
        snapshots.at = Some(now.plus(AUDIT_MS));
        self.send(&ClientMessage::Rows(WantedRows { circle, rows }));
    }

    /// The records that were asked for.
    pub(super) fn take_rows(&mut self, page: RecordPage) {
        let RecordPage { circle, rows } = page;
        if !std::mem::take(&mut self.snapshots.asked) || rows.is_empty() {
            return self.garbage();
        }
        let mut arrived = Vec::new();
        for row in rows {
            if !self.snapshots.bare.contains_key(&(circle, row.n)) {
                continue;
            }
            let is_ours = self.circles.get(&circle).and_then(|state| state.id(row.n)) == Some(row.id);
            let is_whole = row.record.as_ref().map_or(row.gone, |record| record.id() == row.id);
            if !is_ours || !is_whole {
                return self.garbage();
            }
            if row.lost && row.record.is_none() {
                self.snapshots.unheard.insert((circle, row.n));
                continue;
            }
            self.snapshots.remove_bare(circle, row.n);
            let day = self.circles.get(&circle).map_or(0, |state| state.days.of(row.n));
            let stored = RecordRow { circle, row, own: None, held: false, day };
            let key = record_key(&circle, stored.row.n);
            self.writes.push(Write::put(Table::Record, key, codec::encode(&stored)));
            arrived.extend(self.examine(circle, stored.row));
        }
        self.apply_later(arrived);
    }

    /// Somebody may not write any more: what they are said to have written is looked at now.
    pub(super) fn doubt_writers(&mut self) {
        let log = &self.house.log;
        for document in self.snapshots.left.keys() {
            let Some(held) = self.house.docs.get(document) else { continue };
            let fact = &held.fact;
            let gone = |device: &DeviceId| access::side_of(log, device, &fact.circle) != Some(fact.side);
            if held.actors.values().any(gone) {
                self.snapshots.urgent.insert(*document);
            }
        }
    }

    /// Documents whose records have all been looked at.
    pub(super) fn finish_audits(&mut self) {
        if self.noted.is_behind() {
            return;
        }
        let left = &self.snapshots.left;
        let done: Vec<(DocumentId, bool)> = self
            .house
            .docs
            .all()
            .filter(|(document, held)| held.brought.is_some() && !left.contains_key(*document))
            .filter(|(document, held)| !self.has_locked(&held.fact.circle, document))
            .map(|(document, held)| (*document, held.came_in_records()))
            .collect();
        for (document, is_good) in done {
            self.drop_snapshot(&document);
            if let Some(held) = self.house.docs.get_mut(&document) {
                held.brought = None;
                self.cache.touch(document);
            }
            if !is_good && stands!(SnapshotAudited) {
                self.build_anew(&document);
            }
        }
    }

    pub(super) fn has_locked(&self, circle: &CircleId, document: &DocumentId) -> bool {
        let locked = self.circles.get(circle).map(|state| state.locked.as_slice()).unwrap_or_default();
        locked.iter().any(|arrived| arrived.header.document == Some(*document))
    }

    /// A snapshot had what no record has: the document is built from its records alone.
    fn build_anew(&mut self, document: &DocumentId) {
        self.alarm(Alarm::Quarantined);
        let actor = Document::actor(&self.house.me, document, &self.start);
        let Some(held) = self.house.docs.get_mut(document) else { return };
        held.begin_anew(actor);
        for place in self.rows.remove(document).unwrap_or_default() {
            self.snapshots.note_bare(place.circle, place.n, *document);
        }
        self.snapshots.urgent.insert(*document);
    }

    // ---- making ----

    /// So many changes of this device in a document have arrived.
    pub(super) fn note_arrived(&mut self, document: &DocumentId, changes: usize) {
        let Some(held) = self.house.docs.get(document) else { return };
        let count = held.document.change_count().saturating_sub(held.pending.len());
        if level(count) > level(count.saturating_sub(changes)) {
            self.snapshots.due.insert(*document);
        }
    }

    /// Makes the snapshots that are due, of documents that are as the relay has them.
    pub(super) fn make_snapshots(&mut self) {
        if self.snapshots.due.is_empty() || self.session != Session::Live || self.noted.is_behind() {
            return;
        }
        let is_settled =
            |document: &DocumentId| self.house.docs.get(document).is_none_or(|held| held.pending.is_empty());
        let due: Vec<DocumentId> =
            self.snapshots.due.iter().filter(|document| is_settled(document)).copied().collect();
        for document in due {
            self.snapshots.due.remove(&document);
            if let Some(record) = self.make_snapshot(&document) {
                self.send(&ClientMessage::Snapshot(record));
            }
        }
    }

    /// None where something of the document is not understood here, or not vouched for: the records stay.
    fn make_snapshot(&mut self, document: &DocumentId) -> Option<Record> {
        let held = self.house.docs.get(document)?;
        let fact = held.fact;
        let is_unclear = held.is_rewritten()
            || held.brought.is_some()
            || held.document.missing() > 0
            || self.snapshots.left.contains_key(document)
            || self.snapshots.waits(document)
            // Sealed under the present keys it would go to those who read from a horizon on.
            || held.is_before(self.horizon_of(&fact.circle));
        if is_unclear {
            return None;
        }
        let last: Vec<LastRecord> = self.snapshots.writers.get(document)?.values().copied().collect();
        let (devices, changes, begun) = (held.vouched(&last)?, held.document.snapshot(), held.begun?);
        let builder = Builder::new(self);
        let mut header = builder.snapshot_header(&fact.circle, fact.side)?;
        header.sealing = Sealing::Content;
        header.document = Some(*document);
        header.class = fact.class;
        header.month = fact.month;
        let snapshot = Snapshot {
            house: header.house,
            circle: header.circle,
            document: *document,
            author: header.author,
            epoch: header.epoch,
            covers: header.seen.n,
            begun,
            devices,
            changes: changes.into(),
        };
        // What readers would not believe is not sent.
        let read = self.house.docs.get(document)?.document.history();
        if !snapshot.holds(&header, &last, &read) {
            return None;
        }
        let plaintext = codec::encode(&snapshot);
        let sealed = self.circles.get(&fact.circle)?.keys.get(&header.epoch)?.keys.seal(&plaintext).ok()?;
        let body = codec::encode(&SnapshotBody { last, sealed: sealed.into() });
        if body.len() > limit::RECORD_BODY_BYTES_MAX {
            return None;
        }
        Builder::new(self).sign_apart(header, body)
    }
}

impl Held {
    /// Takes the document from a snapshot. Whether the two agree.
    pub(super) fn take_snapshot(&mut self, read: Document, snapshot: &Snapshot) -> bool {
        if self.document.absorb(read).is_err() {
            return false;
        }
        for vouched in &snapshot.devices {
            for Start { start, placed } in &vouched.starts {
                let actor = Document::actor(&vouched.device, &snapshot.document, start);
                self.know(actor, vouched.device, *start);
                for (op, log) in placed {
                    self.place(actor, &[*op], *log);
                }
            }
            for tip in &vouched.tips {
                self.note_tip(vouched.device, *tip);
            }
        }
        self.begun = Some(self.begun.map_or(snapshot.begun, |begun| begun.min(snapshot.begun)));
        self.note(snapshot.changes.len());
        self.brought = Some(SortedSet::new());
        true
    }

    /// Whether every change came in a record that this device has seen.
    fn came_in_records(&self) -> bool {
        let Some(brought) = &self.brought else { return true };
        let own: Vec<[u8; 32]> =
            self.pending.iter().filter_map(|p| crate::document::change_hash(&p.change).ok()).collect();
        self.document.history().hashes().all(|hash| brought.contains(&hash) || own.contains(&hash))
    }

    /// What devices say of their changes here, each up to its last record. None where one does not.
    fn vouched(&self, last: &[LastRecord]) -> Option<Vec<Vouched>> {
        let history = self.document.history();
        last.iter()
            .map(|last| {
                let tips = self.tips.get(&last.device)?;
                let hashes: Vec<[u8; 32]> = tips.iter().map(|tip| *tip.hash.as_bytes()).collect();
                let latest = history.latest(&hashes);
                let needed = tips.iter().zip(latest).filter(|(tip, latest)| *latest || tip.seq == last.seq);
                let tips = needed.map(|(tip, _)| *tip).collect();
                Some(Vouched { device: last.device, starts: self.starts_of(&last.device), tips })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_a_document_the_rarer_its_snapshots() {
        assert_eq!([0, 31, 32, 63, 64].map(level), [0, 0, 1, 1, 2]);
        let times = level(LIVE_CHANGES_MAX);
        assert!((15..30).contains(&times), "{times}");
        assert!(level(LIVE_CHANGES_MAX) > level(LIVE_CHANGES_MAX - 1), "one more when it is full");
    }
}
