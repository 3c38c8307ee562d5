//! What one device is sent: log, records and wraps, read from the store as it takes them. Nothing is queued.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::complaint::ComplaintHead;
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, Hash, Incarnation};
use nestpost_protocol::limit;
use nestpost_protocol::log::LogState;
use nestpost_protocol::message::{
    ByeCode, Cursor, Cursors, Hello, LOG, LogPage, RecordPage, RelayMessage, Row, SeenEntry, Stage, Synced,
    WantedRows, Welcome, Word, log_position, state_hash,
};
use nestpost_protocol::record::{Header, Position, Record};
use nestpost_protocol::snapshot;

use super::End;
use super::wire::Wire;
use crate::house::House;
use crate::relay::Relay;
use crate::store::{Mailbox, PageLimit, StoreError, StoredRow};

const PAGE: PageLimit = PageLimit { rows_max: limit::PAGE_ROWS_MAX, bytes_target: limit::PAGE_BYTES_TARGET };

/// Where a device stands in its house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Member,
    Joining,
    Ended,
    Stranger,
}

pub(super) fn standing(log: &LogState, device: &DeviceId) -> Standing {
    let Some(known) = log.device(device) else { return Standing::Stranger };
    if known.ended.is_some() {
        Standing::Ended
    } else if known.joining.is_some() {
        Standing::Joining
    } else if access::role_of(log, device).is_some() {
        Standing::Member
    } else {
        Standing::Ended
    }
}

/// That it is over, after the proof of it where a `device-end` is one: the device empties itself then.
pub(super) async fn farewell<T>(
    relay: &Relay,
    house: &House,
    device: &DeviceId,
    wire: &mut Wire,
) -> Result<T, End> {
    let proof = access::farewell(&house.state().log, device);
    if let Some(seq) = proof {
        let found = relay.store.entries(house.id(), &[seq], PAGE).await?;
        let entries = found.into_iter().map(|(seq, entry)| SeenEntry { seq, entry }).collect();
        wire.send(&RelayMessage::Log(LogPage { links: Vec::new(), entries })).await?;
    }
    Err(End::Bye(ByeCode::Ended))
}

/// The present, as far as this device may see it. Cheap: the log is shared.
struct View {
    log: LogState,
    standing: Standing,
    /// Key circles first: their epochs come before what they key.
    circles: Vec<(CircleId, Position)>,
    mailboxes: Vec<(Mailbox, i64)>,
}

/// One device's place in the streams of its house.
pub(super) struct Feed {
    relay: Arc<Relay>,
    house: Arc<House>,
    device: DeviceId,
    /// Until it has caught up: own records and acknowledged wraps too.
    full: bool,
    /// It takes snapshots instead of the records that they cover.
    takes_snapshots: bool,
    member: bool,
    /// The life of the house that it follows.
    life: Option<Incarnation>,
    /// The log as last sent.
    log: LogState,
    /// The next link to send.
    links: u64,
    /// Last position sent of each circle.
    records: HashMap<CircleId, u64>,
    /// Last number looked at of each mailbox.
    wraps: HashMap<Mailbox, i64>,
    /// Complaints that it was shown.
    complaints: BTreeSet<ComplaintHead>,
    /// Words on the copy, as last sent.
    words: Vec<Word>,
    /// What the relay lost, as last sent.
    lacks: Vec<WantedRows>,
}

impl Feed {
    pub(super) fn new(relay: Arc<Relay>, house: Arc<House>, device: DeviceId, hello: &Hello) -> Self {
        let life = house.incarnation();
        Self {
            relay,
            house,
            device,
            full: hello.full,
            takes_snapshots: hello.snapshots,
            member: false,
            life,
            log: LogState::new(),
            links: 0,
            records: HashMap::new(),
            wraps: HashMap::new(),
            complaints: BTreeSet::new(),
            words: Vec::new(),
            lacks: Vec::new(),
        }
    }

    pub(super) const fn house(&self) -> &Arc<House> {
        &self.house
    }

    pub(super) const fn device(&self) -> DeviceId {
        self.device
    }

    pub(super) const fn is_member(&self) -> bool {
        self.member
    }

    fn view(&self) -> View {
        let state = self.house.state();
        let visible = access::visible(&state.log, &self.device);
        let is_key = |circle: &CircleId| state.log.circle(circle).is_some_and(|circle| circle.sort.is_key());
        let mut circles: Vec<_> =
            visible.iter().filter_map(|id| state.tails.get(id).map(|tail| (*id, *tail))).collect();
        circles.sort_by_key(|(id, _)| (!is_key(id), *id));
        let own = std::iter::once(Mailbox::Device(self.device));
        let keys = visible.iter().filter(|id| is_key(id) && access::reads(&state.log, &self.device, id));
        let mailboxes = own
            .chain(keys.map(|id| Mailbox::Circle(*id)))
            .filter_map(|mailbox| state.mailboxes.get(&mailbox).map(|last| (mailbox, *last)))
            .collect();
        View { log: state.log.clone(), standing: standing(&state.log, &self.device), circles, mailboxes }
    }

    /// The answer to a login. If there is nothing new, the feed stands at the present.
    pub(super) fn welcome(&mut self, version: u16, hello: &Hello) -> Welcome {
        let view = self.view();
        self.member = view.standing == Standing::Member;
        // Of a life that it does not know, a device is told where everything stands.
        let same = hello.incarnation.is_none() || hello.incarnation == self.life;
        let equal = !self.full && same && hello.state == present(&view);
        if equal {
            self.links = if self.member { view.log.len() } else { 0 };
            self.records = view.circles.iter().map(|(circle, tail)| (*circle, tail.n)).collect();
            self.log = view.log;
        }
        let (stage, log) =
            if self.member { (Stage::Member, self.house.state().log.head()) } else { (Stage::Joining, None) };
        let incarnation = self.life.unwrap_or(Incarnation::new([0; 16]));
        Welcome { version, incarnation, stage, equal, log }
    }

    /// Sends everything that is missing at the client, then `Synced`.
    pub(super) async fn catch_up(&mut self, wire: &mut Wire, cursors: &Cursors) -> Result<(), End> {
        if cursors.circles.len() > limit::CURSORS_MAX {
            return Err(End::Bye(ByeCode::Malformed));
        }
        let view = self.view();
        for cursor in &cursors.circles {
            if let Some((_, tail)) = view.circles.iter().find(|(circle, _)| *circle == cursor.circle)
                && self.is_held(cursor, tail).await?
            {
                self.records.insert(cursor.circle, cursor.position.n);
            }
        }
        let mut older = Vec::new();
        if self.member {
            // A head that was never here: the client compares what it gets and sees the fork.
            let held = cursors.log.filter(|head| view.log.knows_head(head));
            self.links = held.map_or(0, |head| head.seq + 1);
            older = access::late(&view.log, &self.device, self.links);
        }
        self.send_log(wire, &view, older).await?;
        self.send_rest(wire, &view).await?;
        self.full = false;
        self.send_synced(wire, &view).await
    }

    /// Whether the client's position is one of this history. If not, it gets the circle from the start and compares.
    async fn is_held(&self, cursor: &Cursor, tail: &Position) -> Result<bool, StoreError> {
        let position = cursor.position;
        if position == *tail || position.n == 0 {
            return Ok(true);
        }
        if position.n > tail.n {
            return Ok(false);
        }
        let acc = self.relay.store.accumulator(self.house.id(), cursor.circle, position.n).await?;
        Ok(acc == Some(position.acc))
    }

    /// Sends what is new. Links reach a device only together with something that is for it, or with the answer to
    /// something it sent (`asked`): so the time of an entry about somebody else does not show.
    pub(super) async fn pump(&mut self, wire: &mut Wire, asked: bool) -> Result<(), End> {
        if self.house.incarnation().is_some_and(|life| Some(life) != self.life) {
            // It has begun another life: everybody looks again at what they have.
            return Err(End::Bye(ByeCode::Busy));
        }
        let view = self.view();
        match view.standing {
            Standing::Member => {}
            Standing::Joining => return self.send_log(wire, &view, Vec::new()).await,
            // The house is no more.
            Standing::Stranger => return Err(End::Bye(ByeCode::NotFound)),
            Standing::Ended => {
                return farewell(&self.relay, &self.house, &self.device, wire).await;
            }
        }
        if !self.member {
            // Just confirmed: everything, from the start.
            self.member = true;
            self.log = LogState::new();
            self.send_log(wire, &view, Vec::new()).await?;
            self.send_rest(wire, &view).await?;
            return self.send_synced(wire, &view).await;
        }
        let seen = if view.log.len() == self.log.len() {
            Vec::new()
        } else {
            access::newly_seen(&self.log, &view.log, &self.device)
        };
        let grown: Vec<CircleId> = view
            .circles
            .iter()
            .filter(|(circle, tail)| tail.n > self.sent(circle))
            .map(|(circle, _)| *circle)
            .collect();
        let has_rest =
            !grown.is_empty() || view.mailboxes.iter().any(|(mailbox, last)| *last > self.looked_at(mailbox));
        let mut signed = Vec::new();
        if asked || has_rest || !seen.is_empty() {
            let older = seen.into_iter().filter(|seq| *seq < self.links).collect();
            if self.links < view.log.len() {
                signed.push(self.relay.sign(&self.house, LOG, log_position(&view.log)));
            }
            self.send_log(wire, &view, older).await?;
        }
        self.send_rest(wire, &view).await?;
        signed
            .extend(grown.into_iter().map(|circle| self.relay.sign(&self.house, circle, view.tail(&circle))));
        if !signed.is_empty() {
            wire.send(&RelayMessage::Signed(signed)).await?;
        }
        self.send_complaints(wire, &view).await?;
        let lacks = self.house.lacks(&self.device);
        if lacks != self.lacks {
            self.lacks.clone_from(&lacks);
            wire.send(&RelayMessage::Lacks(lacks)).await?;
        }
        let words = self.house.words_for(&self.relay.desk(), &self.device);
        if words == self.words {
            return Ok(());
        }
        self.words.clone_from(&words);
        wire.send(&RelayMessage::Words(words)).await
    }

    /// Of others, each once, to whoever may help.
    async fn send_complaints(&mut self, wire: &mut Wire, view: &View) -> Result<(), End> {
        let mut shown = self.house.complaints.shown_to(&view.log, &self.device);
        shown.retain(|(head, _)| self.complaints.insert(*head));
        if shown.is_empty() {
            return Ok(());
        }
        let complaints = shown.into_iter().map(|(_, complaint)| complaint).collect();
        wire.send(&RelayMessage::Complaints(complaints)).await
    }

    fn sent(&self, circle: &CircleId) -> u64 {
        self.records.get(circle).copied().unwrap_or(0)
    }

    fn looked_at(&self, mailbox: &Mailbox) -> i64 {
        self.wraps.get(mailbox).copied().unwrap_or(0)
    }

    /// `older` first, then every link from the next on with the entries behind them that this device may see. While
    /// joining, there are no links, only the device's own two entries.
    async fn send_log(&mut self, wire: &mut Wire, view: &View, mut older: Vec<u64>) -> Result<(), End> {
        if view.standing == Standing::Joining {
            older = access::newly_seen(&self.log, &view.log, &self.device);
        }
        while !older.is_empty() {
            let entries = self.entries(&older).await?;
            let done = entries.len();
            older.drain(..done);
            wire.send(&RelayMessage::Log(LogPage { links: Vec::new(), entries })).await?;
        }
        while view.standing == Standing::Member && self.links < view.log.len() {
            let page_end = view.log.len().min(self.links + limit::PAGE_ROWS_MAX as u64);
            let wanted: Vec<u64> = (self.links..page_end)
                .filter(|seq| access::sees_entry(&view.log, &self.device, *seq))
                .collect();
            let entries = if wanted.is_empty() { Vec::new() } else { self.entries(&wanted).await? };
            let end = if entries.len() == wanted.len() {
                page_end
            } else {
                entries.last().map_or(page_end, |last| last.seq + 1)
            };
            let links = (self.links..end).filter_map(|seq| view.log.link(seq).copied()).collect();
            wire.send(&RelayMessage::Log(LogPage { links, entries })).await?;
            self.links = end;
        }
        self.log = view.log.clone();
        Ok(())
    }

    /// At least one of the entries asked for, in order.
    async fn entries(&self, seqs: &[u64]) -> Result<Vec<SeenEntry>, End> {
        let found = self.relay.store.entries(self.house.id(), seqs, PAGE).await?;
        if found.is_empty() || found.iter().zip(seqs).any(|((seq, _), wanted)| seq != wanted) {
            return Err(StoreError::Corrupt.into());
        }
        Ok(found.into_iter().map(|(seq, entry)| SeenEntry { seq, entry }).collect())
    }

    async fn send_rest(&mut self, wire: &mut Wire, view: &View) -> Result<(), End> {
        for (circle, tail) in &view.circles {
            self.send_records(wire, view, *circle, tail.n).await?;
        }
        for (mailbox, last) in &view.mailboxes {
            self.send_wraps(wire, *mailbox, *last).await?;
        }
        Ok(())
    }

    /// Up to the position of the view: later rows may rest on links that were not sent yet.
    async fn send_records(
        &mut self,
        wire: &mut Wire,
        view: &View,
        circle: CircleId,
        last: u64,
    ) -> Result<(), End> {
        let shows_readers = access::sees_reader_list(&view.log, &self.device, &circle);
        let without = (!self.full).then_some(self.device);
        let covered = self.send_snapshots(wire, circle).await?;
        let spared = |record: &Record| -> Option<DocumentId> {
            let header: Header = codec::decode(&record.header, limit::RECORD_HEADER_BYTES_MAX).ok()?;
            let is_spared =
                header.author != self.device && snapshot::spares(&view.log, &circle, &header.author);
            header.document.filter(|_| is_spared)
        };
        while self.sent(&circle) < last {
            let mut found =
                self.relay.store.records(self.house.id(), circle, self.sent(&circle), without, PAGE).await?;
            found.retain(|row| row.n <= last);
            let reached = found.last().map(|row| row.n).ok_or(StoreError::Corrupt)?;
            let rows = found.into_iter().map(|row| {
                let document = row
                    .record
                    .as_ref()
                    .filter(|_| !covered.is_empty())
                    .and_then(spared)
                    .filter(|document| covered.get(document).is_some_and(|covers| row.n <= *covers));
                Row {
                    n: row.n,
                    id: row.id,
                    record: row.record.filter(|_| document.is_none()),
                    gone: row.gone,
                    readers: row.readers.filter(|_| shows_readers),
                    document,
                    lost: row.lost,
                }
            });
            let page = RecordPage { circle, rows: rows.collect() };
            wire.send(&RelayMessage::Records(page)).await?;
            self.records.insert(circle, reached);
        }
        Ok(())
    }

    /// To whoever holds nothing of a circle yet. Returns the documents, each with the last record that its snapshot covers.
    async fn send_snapshots(
        &self,
        wire: &mut Wire,
        circle: CircleId,
    ) -> Result<HashMap<DocumentId, u64>, End> {
        let mut covered = HashMap::new();
        if !self.takes_snapshots || self.sent(&circle) > 0 {
            return Ok(covered);
        }
        let limit = PageLimit { rows_max: limit::SNAPSHOTS_MAX, ..PAGE };
        let mut after = None;
        loop {
            let page = self.relay.store.snapshots(self.house.id(), circle, after, limit).await?;
            let Some(last) = page.last() else { return Ok(covered) };
            after = Some(last.document);
            covered.extend(page.iter().map(|kept| (kept.document, kept.covers)));
            let records = page.into_iter().map(|kept| kept.record).collect();
            wire.send(&RelayMessage::Snapshots(records)).await?;
        }
    }

    /// Records that a snapshot spared this device.
    pub(super) async fn send_rows(&self, wire: &mut Wire, wanted: &WantedRows) -> Result<(), End> {
        let WantedRows { circle, rows } = wanted;
        let may = access::reads(&self.house.state().log, &self.device, circle);
        let is_sorted = rows.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        if !may || rows.is_empty() || rows.len() > limit::PAGE_ROWS_MAX || !is_sorted {
            return Err(End::Bye(ByeCode::Malformed));
        }
        let found = self.relay.store.rows(self.house.id(), *circle, rows, PAGE).await?;
        let rows = found.into_iter().map(|row| {
            let StoredRow { n, id, record, gone, lost, .. } = row;
            Row { n, id, record, gone, readers: None, document: None, lost }
        });
        let page = RecordPage { circle: *circle, rows: rows.collect() };
        wire.send(&RelayMessage::Rows(page)).await
    }

    async fn send_wraps(&mut self, wire: &mut Wire, mailbox: Mailbox, last: i64) -> Result<(), End> {
        while self.looked_at(&mailbox) < last {
            let after = self.looked_at(&mailbox);
            let (house, device) = (self.house.id(), self.device);
            let mut found = self.relay.store.wraps(house, mailbox, device, after, self.full, PAGE).await?;
            found.retain(|wrap| wrap.n <= last);
            let Some(reached) = found.last().map(|wrap| wrap.n) else {
                self.wraps.insert(mailbox, last);
                return Ok(());
            };
            wire.send(&RelayMessage::Wraps(found.into_iter().map(|wrap| wrap.wrap).collect())).await?;
            self.wraps.insert(mailbox, reached);
        }
        Ok(())
    }

    async fn send_synced(&self, wire: &mut Wire, view: &View) -> Result<(), End> {
        let log = if view.standing == Standing::Member { view.log.head() } else { None };
        let mut circles: BTreeSet<CircleId> = BTreeSet::new();
        circles.extend(view.circles.iter().map(|(circle, _)| *circle));
        let of_log = log.map(|_| (LOG, log_position(&view.log)));
        let positions = circles
            .into_iter()
            .map(|circle| (circle, view.tail(&circle)))
            .chain(of_log)
            .map(|(circle, position)| self.relay.sign(&self.house, circle, position));
        wire.send(&RelayMessage::Synced(Synced { log, positions: positions.collect() })).await
    }
}

impl View {
    fn tail(&self, circle: &CircleId) -> Position {
        self.circles.iter().find(|(id, _)| id == circle).map_or(Position::START, |(_, tail)| *tail)
    }
}

/// The state hash of a device that holds everything it may see.
fn present(view: &View) -> Hash {
    if view.standing != Standing::Member {
        return state_hash(&Cursors { log: None, circles: Vec::new() });
    }
    let mut circles: Vec<Cursor> = view
        .circles
        .iter()
        .map(|(circle, position)| Cursor { circle: *circle, position: *position })
        .collect();
    circles.sort_unstable();
    state_hash(&Cursors { log: view.log.head(), circles })
}
