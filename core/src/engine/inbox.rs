//! What arrives from the relay: log pages, records, wraps. Everything is checked here before it is stored or shown.

use nestpost_protocol::access;
use nestpost_protocol::blob::HoldBody;
use nestpost_protocol::codec;
use nestpost_protocol::epoch::{Addressee, EpochBody, Wrap};
use nestpost_protocol::evidence::Case;
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, RecordId, RelayKey};
use nestpost_protocol::limit;
use nestpost_protocol::log::OpenEntry;
use nestpost_protocol::message::{LOG, LogPage, RecordPage, Row, SignedPosition};
use nestpost_protocol::record::{Header, Kind, Record};
use nestpost_protocol::retention::Month;
use nestpost_protocol::snapshot::LastRecord;
use nestpost_protocol::sorted::SortedMap;
use nestpost_protocol::stands;

use crate::app::Greeting;
use crate::batch::Batch;
use crate::crypto::{self, EpochSecret, Opener};
use crate::docs::DocumentFact;
use crate::document::Document;
use crate::house::{Alarm, Quarantined, Stage};
use crate::store::{Chain, RecordRow, Table, Write, number_key, record_key};
use crate::time::Timestamp;

use super::load::LogRow;
use super::noted::Arrived;
use super::session::Session;
use super::{After, Engine, Keyring, Place};

/// Records set aside that are listed; all are counted.
const QUARANTINED_MAX: usize = 256;

/// A record that was not taken. Its position counts all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Applied.
    Taken,
    /// Its epoch's secret is not known yet.
    Locked,
    /// Does not hold; set aside and counted.
    Quarantined,
}

/// Pages that wait for the log. A relay sends that first; more of them make no sense.
const EARLY_PAGES_MAX: usize = 64;
/// Stands for the document of a record that nobody has.
const NO_DOCUMENT: DocumentId = DocumentId::new([0; 16]);

/// What ends a page.
enum PageFault {
    /// It does not continue what this device has.
    Garbage,
    /// Our own record, but not here: this device lost its storage. Everything is asked for.
    OwnMissing,
}

impl Engine {
    pub(super) fn take_log(&mut self, page: LogPage) {
        if self.house.log.is_empty() && page.links.is_empty() {
            // While joining: our own invite and join, which we know.
            return;
        }
        let mut entries: SortedMap<u64, OpenEntry> =
            page.entries.into_iter().map(|e| (e.seq, e.entry)).collect();
        // What was hidden until now first: what is new may rest on it.
        let newer = entries.split_off(&self.restore.fork_from().min(self.house.log.len()));
        for (seq, entry) in std::mem::replace(&mut entries, newer) {
            self.fill_entry(seq, &entry);
        }
        for link in &page.links {
            let entry = entries.remove(&link.seq);
            if self.restore.takes_fork(link, entry.as_ref()) {
                continue;
            }
            if let Some(known) = self.house.log.link(link.seq) {
                if known != link {
                    if self.shows_lost_log(link.seq) {
                        return;
                    }
                    if self.meta.renewed {
                        // On a new line it is found out where the two part.
                        return self.close();
                    }
                    // The relay shows another history than before.
                    return self.suspend(LOG, None);
                }
                if let Some(entry) = entry {
                    self.fill_entry(link.seq, &entry);
                }
                continue;
            }
            if link.seq == 0 && Some(link.founds()) != self.house.id {
                return self.garbage();
            }
            let follows = link.prev == self.house.log.head().map(|head| head.hash);
            if !follows && link.seq == self.house.log.len() {
                // So it is when it goes on from another link than the last one here.
                self.alarm(Alarm::RelayRewound);
                return self.close();
            }
            if self.house.log.admit(link, entry.as_ref()).is_err() {
                return self.garbage();
            }
            let row = LogRow { link: *link, entry, day: self.today };
            self.restore.log_days.note(link.seq.saturating_add(1), self.today);
            self.writes.push(Write::put(Table::Log, number_key(link.seq), codec::encode(&row)));
            self.note_relay(row);
        }
        for (seq, entry) in entries {
            self.fill_entry(seq, &entry);
        }
        if let Some(last) = page.links.last() {
            self.restore.show(last.seq + 1);
            self.ask_again();
        }
        self.log_changed();
        for page in std::mem::take(&mut self.early) {
            self.take_records(page);
        }
        if self.session == Session::Elsewhere && self.follows_fork() {
            return;
        }
        if matches!(self.session, Session::Live | Session::Elsewhere) && self.check_log() {
            self.hear_word();
        }
    }

    /// Whether the relay keeps entries from this device that it has to show. Whoever it took out would go on reading.
    pub(super) fn check_log(&mut self) -> bool {
        let log = &self.house.log;
        let is_staff = access::is_staff(log, &self.house.me);
        let complete = log.withheld(&self.house.me).next().is_none()
            && !(is_staff && self.house.epochs.contradicts(log));
        if !complete {
            self.alarm(Alarm::RelayRewound);
            self.close();
        }
        complete
    }

    fn fill_entry(&mut self, seq: u64, entry: &OpenEntry) {
        let Some(link) = self.house.log.link(seq).copied() else { return self.garbage() };
        if self.house.log.entry(seq).is_some() {
            return;
        }
        if self.house.log.fill(seq, entry).is_err() {
            return self.garbage();
        }
        let day = self.restore.log_days.of(seq.saturating_add(1));
        let row = LogRow { link, entry: Some(entry.clone()), day };
        self.writes.push(Write::put(Table::Log, number_key(seq), codec::encode(&row)));
    }

    /// Membership may have changed: where this device stands, what it can open, what it has to do.
    pub(super) fn log_changed(&mut self) {
        match (self.house.person().is_some(), self.house.stage) {
            (true, Stage::Presenting | Stage::Joining | Stage::Founding) => {
                self.take_names();
                self.meta.joining = None;
                self.meta.pairing = None;
                self.meta.founding = None;
                self.set_stage(Stage::Member);
            }
            (false, Stage::Member) if self.house.log.device(&self.house.me).is_some() => {
                self.set_stage(Stage::Ended)
            }
            _ => {}
        }
        self.refusals = 0;
        self.duties_due = true;
        self.changed = true;
        self.doubt_writers();
        self.open_what_opens();
    }

    /// What the person calls their devices, as the one that let this one in told it.
    fn take_names(&mut self) {
        let Some(joining) = &self.meta.joining else { return };
        let Ok(greeting) = Greeting::decode(&joining.greeting) else { return };
        let names = greeting.devices.into_iter().map(|named| (named.device, named.name));
        self.house.names.extend(names);
        if !greeting.device_name.is_empty() {
            self.house.names.insert(self.house.me, greeting.device_name);
        }
    }

    pub(super) fn take_records(&mut self, page: RecordPage) {
        if self.restore.passes_over(&self.house.log) {
            return;
        }
        if self.is_early(&page) && stands!(LogFirst) {
            return self.wait_for_log(page);
        }
        let mut arrived = Vec::new();
        let fault = page.rows.into_iter().find_map(|row| match self.take_row(page.circle, row) {
            Ok(taken) => {
                arrived.extend(taken);
                None
            }
            Err(fault) => Some(fault),
        });
        self.apply_later(arrived);
        match fault {
            None => {}
            Some(PageFault::Garbage) => self.garbage(),
            Some(PageFault::OwnMissing) => {
                // A copy of the house refuses what others who had heard of it give back to it later: that is no sign of
                // a second device.
                if !self.meta.renewed {
                    self.alarm(Alarm::DeviceCopied);
                }
                self.meta.full = stands!(OwnReadAgain);
                self.write_meta();
                self.close();
            }
        }
    }

    /// Whether something in it names an entry that has not come, and would be judged without it.
    fn is_early(&self, page: &RecordPage) -> bool {
        let length = self.house.log.len();
        let names = |record: &Record| {
            codec::decode::<Header>(&record.header, limit::RECORD_HEADER_BYTES_MAX)
                .is_ok_and(|header| header.log.seq >= length)
        };
        self.early.iter().any(|other| other.circle == page.circle)
            || page.rows.iter().filter_map(|row| row.record.as_ref()).any(names)
    }

    /// Own records are completed now: their frame may be acknowledged before the log is here.
    fn wait_for_log(&mut self, RecordPage { circle, rows }: RecordPage) {
        if self.early.len() == EARLY_PAGES_MAX {
            return self.garbage();
        }
        let rows = rows.into_iter().map(|row| self.complete(row.clone()).unwrap_or(row)).collect();
        self.early.push(RecordPage { circle, rows });
    }

    /// The next row of a circle: stored, and its place in the circle's chain taken.
    fn take_row(&mut self, circle: CircleId, row: Row) -> Result<Option<Arrived>, PageFault> {
        let state = self.circles.entry(circle).or_default();
        if self.meta.renewed && state.id_at(row.n).is_some_and(|ours| ours != row.id) {
            self.restore.set_apart(circle);
        }
        if state.suspended || row.n <= state.position().n || self.restore.is_apart(&circle) {
            return Ok(None);
        }
        if row.n != state.position().n + 1 && stands!(NextRow) {
            return Err(PageFault::Garbage);
        }
        let row = self.complete(row).ok_or(PageFault::OwnMissing)?;
        if row.record.as_ref().is_some_and(|record| record.id() != row.id) {
            return Err(PageFault::Garbage);
        }
        let stored = RecordRow { circle, row, own: None, held: false, day: self.today };
        self.writes.push(Write::put(
            Table::Record,
            record_key(&circle, stored.row.n),
            codec::encode(&stored),
        ));
        Ok(self.advance(circle, stored.row, false, stored.day))
    }

    /// Own records come without their bytes; they are in the outbox. Those that a snapshot covers stay without.
    fn complete(&self, mut row: Row) -> Option<Row> {
        if row.record.is_none() && !row.gone && row.document.is_none() {
            let frame = &self.outgoing.as_ref()?.frame;
            row.record = Some(frame.records.iter().find(|r| r.id() == row.id)?.clone());
            row.readers = frame.readers.iter().find(|r| r.record == row.id).map(|r| r.list.clone());
        }
        Some(row)
    }

    /// Advances the circle by one row, without a look at what is sealed in it. What is left to do is to apply it.
    /// `held`: it was here once, as far as only its stub is left.
    pub(super) fn advance(&mut self, circle: CircleId, row: Row, held: bool, day: u32) -> Option<Arrived> {
        let state = self.circles.entry(circle).or_default();
        let position = state.position().next(&row.id);
        state.position = Some(position);
        state.accumulators.push(position.acc);
        state.ids.push(row.id);
        if row.gone && row.record.is_none() && !held {
            state.gap = row.n;
        }
        state.days.note(row.n, day);
        if self.noted.loading {
            self.cache.compare(&circle, position);
        }
        // What the relay lost is looked at once somebody has brought it, as what a snapshot spared this device.
        let lost = (row.lost && !held).then_some(NO_DOCUMENT);
        match row.document.filter(|_| !row.gone).or(lost).filter(|_| row.record.is_none()) {
            Some(document) => {
                self.snapshots.note_bare(circle, row.n, document);
                None
            }
            None => self.examine(circle, row),
        }
    }

    /// Looks at a record whose place in its circle is known.
    pub(super) fn examine(&mut self, circle: CircleId, row: Row) -> Option<Arrived> {
        let record = row.record?;
        let checked = if self.noted.loading && self.cache.is_checked(&circle, row.n) {
            codec::decode::<Header>(&record.header, limit::RECORD_HEADER_BYTES_MAX)
                .ok()
                .filter(|_| record.id() == row.id)
        } else {
            record.check().ok()
        };
        let header = checked.filter(|header| header.circle == circle && Some(header.house) == self.house.id);
        let Some(header) = header else {
            self.quarantine(circle, row.n, row.id, None);
            return None;
        };
        let own = (header.author == self.house.me).then_some(header.seq);
        if let Some(seq) = own {
            self.continue_chain(circle, seq, row.id);
        }
        let place = Place { circle, n: row.n, id: row.id, own };
        match (header.document, header.kind) {
            // An erasure outlives what it empties.
            (Some(_), Kind::Erase) => {}
            (Some(document), kind) => {
                if matches!(kind, Kind::Batch | Kind::Rewrite) {
                    let last = LastRecord { device: header.author, seq: header.seq, record: row.id };
                    self.snapshots.note_writer(document, last);
                }
                self.rows.entry(document).or_default().push(place);
            }
            (None, Kind::Hold | Kind::Release | Kind::Inquiry) if header.month != Month::NEVER => {
                self.hold_rows.entry(header.month).or_default().push(place);
            }
            (None, _) => {}
        }
        self.compare_claim(&header, &record);
        if !self.is_in_turn(row.n, &header, &record) {
            self.quarantine(circle, row.n, row.id, Some(header.author));
            self.note_record(&header, &record);
            return None;
        }
        let log = self.counts_from(row.n, &header);
        let under = header.epoch;
        Some(Arrived { n: row.n, header, record, log, readers: row.readers, under })
    }

    /// The relay had every log position that is named here when it admitted what comes after.
    fn counts_from(&mut self, n: u64, header: &Header) -> u64 {
        let known = self.house.log.knows_head(&header.log);
        let state = self.circles.entry(header.circle).or_default();
        let named = if known { header.log.seq } else { 0 };
        state.name_log(n, named).max(header.log.seq)
    }

    /// This device's last record of a circle.
    pub(super) fn continue_chain(&mut self, circle: CircleId, seq: u64, id: RecordId) {
        let chain = &mut self.circles.entry(circle).or_default().chain;
        if seq > chain.seq {
            *chain = Chain { seq, prev: Some(id) };
        }
    }

    /// Content belongs to the epoch that is current where it stands, and to no log position before that epoch's: else
    /// somebody who was taken out could go on writing, dated back, with a relay's help.
    fn is_in_turn(&mut self, n: u64, header: &Header, record: &Record) -> bool {
        let Some(state) = self.circles.get_mut(&header.circle) else { return false };
        let (number, log) = state.turn(n);
        if header.kind != Kind::Epoch {
            // Outsiders know no log head.
            let knows = header.log.seq >= log || header.kind == Kind::Inquiry;
            return header.epoch == number && knows;
        }
        if let Ok(body) = EpochBody::decode(&record.body)
            && body.number == number + 1
        {
            state.turns.push((n, body.number, body.log.seq));
        }
        true
    }

    /// Epochs, then what is sealed under them.
    pub(super) fn apply(&mut self, arrived: Arrived) {
        if let Some(document) = arrived.header.document.filter(|document| self.snapshots.waits(document)) {
            return self.snapshots.hold_back(document, arrived);
        }
        let verdict = match arrived.header.kind {
            _ if self.is_revoked(&arrived) => Verdict::Quarantined,
            Kind::Epoch => self.take_epoch(&arrived),
            Kind::Batch => self.take_batch(&arrived),
            Kind::Erase => self.take_erase(&arrived),
            Kind::Rewrite => self.take_rewrite(&arrived),
            Kind::Hold | Kind::Release => self.take_hold(&arrived),
            Kind::Inquiry => self.take_inquiry(&arrived),
            // Written by later versions; kept with their position, shown as not understood.
            _ => Verdict::Quarantined,
        };
        match verdict {
            Verdict::Taken => {}
            Verdict::Locked if !stands!(LockedKept) => {}
            Verdict::Locked => {
                let under = self.epoch_of(&arrived.header);
                let locked = Arrived { under, ..arrived };
                self.circles.entry(locked.header.circle).or_default().locked.push(locked);
            }
            Verdict::Quarantined => {
                let (header, id) = (&arrived.header, arrived.record.id());
                self.quarantine(header.circle, arrived.n, id, Some(header.author));
                if let Some(document) = arrived.header.document {
                    self.cache.note_unclear(document);
                }
                if arrived.header.kind != Kind::Snapshot {
                    self.note_record(&arrived.header, &arrived.record);
                }
            }
        }
    }

    /// Sets a record aside, in sight of whoever looks into it.
    pub(super) fn quarantine(
        &mut self,
        circle: CircleId,
        n: u64,
        record: RecordId,
        author: Option<DeviceId>,
    ) {
        self.alarm(Alarm::Quarantined);
        let set_aside = Quarantined { circle, n, record, author };
        let all = &mut self.house.quarantined;
        if all.len() < QUARANTINED_MAX && !all.contains(&set_aside) {
            all.push(set_aside);
        }
    }

    /// The relay signed a position: the signature must hold, and it must be ours.
    pub(super) fn check_position(&mut self, signed: &SignedPosition, relay: Option<&RelayKey>) {
        let claim = &signed.claim;
        if relay.is_some_and(|key| !signed.holds(key)) || Some(claim.house) != self.house.id {
            return self.garbage();
        }
        self.compare_signed(signed);
    }

    fn take_epoch(&mut self, arrived: &Arrived) -> Verdict {
        let Ok(body) = EpochBody::decode(&arrived.record.body) else { return Verdict::Quarantined };
        let readers = arrived.readers.as_ref();
        match self.house.epochs.admit(&self.house.log, &arrived.header, body, readers) {
            Ok(()) => Verdict::Taken,
            Err(_) => Verdict::Quarantined,
        }
    }

    fn take_batch(&mut self, Arrived { n, header, record, log, .. }: &Arrived) -> Verdict {
        let Some(document) = header.document else { return Verdict::Quarantined };
        if let Some(verdict) = self.after_move(&document, *n) {
            return verdict;
        }
        let Some(state) = self.circles.get(&header.circle) else { return Verdict::Quarantined };
        let Some(keyring) = state.keys.get(&header.epoch) else { return Verdict::Locked };
        let Ok(plaintext) = keyring.keys.open(&record.body) else { return Verdict::Quarantined };
        let Ok(batch) = Batch::open(&plaintext, header) else { return Verdict::Quarantined };
        if !access::could_write(&self.house.log, header) {
            return Verdict::Quarantined;
        }
        let actor = Document::actor(&self.house.me, &document, &self.start);
        let fact = DocumentFact::of(header);
        let Some(held) = self.house.docs.begin(document, fact, actor) else { return Verdict::Quarantined };
        let author_actor = Document::actor(&header.author, &document, &batch.start);
        held.know(author_actor, header.author, batch.start);
        held.begun = Some(held.begun.map_or(header.epoch, |begun| begun.min(header.epoch)));
        let (start, tip) = (batch.start, batch.signed_tip());
        let changes = batch.into_changes();
        let before = (held.document.change_count(), held.document.missing());
        match held.document.apply_from(&header.author, &document, &start, &changes) {
            Ok(applied) => {
                // What a snapshot has brought already is not counted twice.
                let is_new = before != (held.document.change_count(), held.document.missing());
                held.note(changes.iter().map(Vec::len).filter(|_| is_new).sum());
                held.place(author_actor, &applied.ops, *log);
                if let Some(tip) = tip {
                    held.note_tip(header.author, tip);
                }
                if let Some(brought) = &mut held.brought {
                    brought.extend(applied.hashes);
                }
                self.cache.touch(document);
                self.changed = true;
                if applied.refused.is_empty() { Verdict::Taken } else { Verdict::Quarantined }
            }
            Err(_) => Verdict::Quarantined,
        }
    }

    /// The relay's to act upon; here it must only be one that its author could write.
    fn take_hold(&self, Arrived { header, record, .. }: &Arrived) -> Verdict {
        let holds = HoldBody::decode(&record.body).is_ok() && access::could_write(&self.house.log, header);
        if holds { Verdict::Taken } else { Verdict::Quarantined }
    }

    pub(super) fn take_wraps(&mut self, wraps: Vec<Wrap>) {
        let mut ids = Vec::new();
        for wrap in wraps {
            let Ok(head) = wrap.check() else {
                self.alarm(Alarm::Quarantined);
                continue;
            };
            if Some(head.house) != self.house.id {
                self.alarm(Alarm::Quarantined);
                continue;
            }
            let id = wrap.id();
            if stands!(WrapStored) {
                self.writes.push(Write::put(Table::Wrap, id.as_bytes().to_vec(), codec::encode(&wrap)));
            }
            self.unopened_wraps.insert(id, (head, wrap));
            self.wrap_rows.insert(id);
            ids.push(id);
        }
        if !stands!(WrapAckLater) {
            self.ack_wraps(ids);
        } else if !ids.is_empty() {
            self.after.push(After::AckWraps(ids));
        }
        self.open_what_opens();
    }

    /// Opens wraps, links and locked records until nothing more opens.
    pub(super) fn open_what_opens(&mut self) {
        loop {
            let wraps = self.open_wraps();
            let links = stands!(LinksFollowed) && self.open_links();
            if !wraps && !links {
                break;
            }
        }
        if stands!(UnlockedApplied) {
            self.apply_unlocked();
        }
    }

    fn open_wraps(&mut self) -> bool {
        let mut opened = Vec::new();
        for (id, (head, wrap)) in &self.unopened_wraps {
            // Until the epoch itself is here there is nothing to hold the secret against.
            let Some(fact) = self.house.epochs.get(&head.circle, head.epoch) else { continue };
            let opener = match head.addressee {
                Addressee::Device(device) if device == self.house.me => Opener::Device(&self.secrets.keys),
                Addressee::Device(_) => continue,
                Addressee::Epoch(key) => {
                    match self.circles.get(&key.circle).and_then(|state| state.keys.get(&key.epoch)) {
                        Some(keyring) => Opener::Epoch(&keyring.keys),
                        None => continue,
                    }
                }
            };
            let commitment = fact.body.commitment;
            let secret = crypto::unwrap_epoch(
                opener,
                &wrap.file,
                &head.house,
                &head.circle,
                head.epoch,
                Some(&commitment),
            );
            opened.push((*id, head.circle, head.epoch, secret.ok()));
        }
        let mut progress = false;
        for (id, circle, epoch, secret) in opened {
            let wrap = self.unopened_wraps.remove(&id);
            match secret {
                Some(secret) => progress |= self.learn(circle, epoch, secret),
                None => {
                    self.alarm(Alarm::Quarantined);
                    if let Some((_, wrap)) = wrap {
                        self.note_case(Case::Wrap(wrap));
                    }
                    if !self.holds_epoch(&circle, epoch) {
                        self.repairs.spoiled(circle, epoch);
                    }
                }
            }
        }
        progress
    }

    fn open_links(&mut self) -> bool {
        let Some(house) = self.house.id else { return false };
        let mut found = Vec::new();
        let mut spoiled = Vec::new();
        for (circle, state) in &self.circles {
            for (number, keyring) in &state.keys {
                let older = number.saturating_sub(1);
                let lost = self.repairs.is_spoiled(circle, older);
                if older == 0 || state.keys.contains_key(&older) || lost {
                    continue;
                }
                let Some(fact) = self.house.epochs.get(circle, *number) else { continue };
                let Some(_) = self.house.epochs.get(circle, older) else { continue };
                let links = fact.body.links.iter().map(|link| (Some(&keyring.keys), link));
                // Behind a horizon only the key circles lead that it names.
                let back = fact.body.horizon.iter().flatten().map(|back| {
                    let key = self.circles.get(&back.to.circle).and_then(|s| s.keys.get(&back.to.epoch));
                    (key.map(|keyring| &keyring.keys), &back.link)
                });
                // To the one before, or to an older one where the maker could not open that.
                let reach = older.saturating_sub(limit::EPOCH_LINK_BACK_MAX);
                let mut led = None;
                for (keys, link) in links.chain(back) {
                    let Some(keys) = keys else { continue };
                    led = (reach + 1..=older).rev().find_map(|number| {
                        let commitment = self.house.epochs.get(circle, number)?.body.commitment;
                        let opened = crypto::open_link(keys, link, &house, circle, number, Some(&commitment));
                        opened.ok().map(|secret| (*circle, number, secret))
                    });
                    if led.is_some() {
                        break;
                    }
                    spoiled.push((*circle, older));
                }
                if led.as_ref().is_some_and(|(_, number, _)| *number < older) {
                    spoiled.push((*circle, older));
                }
                found.extend(led);
            }
        }
        let mut progress = false;
        for (circle, epoch, secret) in found {
            progress |= self.learn(circle, epoch, secret);
        }
        for (circle, epoch) in spoiled {
            if !self.holds_epoch(&circle, epoch) {
                self.repairs.spoiled(circle, epoch);
            }
        }
        progress
    }

    /// A secret that matches its epoch's commitment.
    pub(super) fn learn(&mut self, circle: CircleId, epoch: u32, secret: EpochSecret) -> bool {
        let Some(house) = self.house.id else { return false };
        let state = self.circles.entry(circle).or_default();
        if state.keys.contains_key(&epoch) {
            return false;
        }
        let keys = secret.keys(&house, &circle, epoch);
        state.keys.insert(epoch, Keyring { secret, keys });
        self.repairs.found(&circle, epoch);
        self.changed = true;
        true
    }

    fn apply_unlocked(&mut self) {
        let mut ready = Vec::new();
        for state in self.circles.values_mut() {
            let (opens, stays) = std::mem::take(&mut state.locked)
                .into_iter()
                .partition(|a| state.keys.contains_key(&a.under));
            state.locked = stays;
            let opens: Vec<Arrived> = opens;
            ready.extend(opens);
        }
        if !self.noted.loading {
            return self.apply_later(ready);
        }
        for arrived in ready {
            self.load_arrived(arrived);
        }
    }

    /// A document expired, or was replaced: its records go from this device too. The stubs stay, so that the chain stays checkable.
    pub(super) fn forget_document(&mut self, document: &DocumentId) {
        let places = self.rows.remove(document).unwrap_or_default();
        self.forget_records(places);
        self.forget_snapshot(document);
    }

    /// Holds, releases and what outsiders wrote go at the end of their month, as documents do.
    pub(super) fn forget_holds(&mut self, now: Timestamp) {
        let kept = self.hold_rows.split_off(&now.month());
        for (_, places) in std::mem::replace(&mut self.hold_rows, kept) {
            self.forget_records(places);
        }
        let before = self.house.inquiries.len();
        self.house.inquiries.retain(|_, received| received.month >= now.month());
        self.changed |= self.house.inquiries.len() < before;
    }

    pub(super) fn forget_records(&mut self, places: Vec<Place>) {
        self.erased += places.len() as u64;
        for Place { circle, n, id, own } in places {
            let row = Row { n, id, record: None, gone: true, readers: None, document: None, lost: false };
            let day = self.circles.get(&circle).map_or(0, |state| state.days.of(n));
            self.writes.push(Write::put(
                Table::Record,
                record_key(&circle, n),
                codec::encode(&RecordRow { circle, row, own, held: true, day }),
            ));
        }
    }
}
