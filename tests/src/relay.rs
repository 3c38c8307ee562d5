//! A relay in memory: the protocol's rules, no network, no disk.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::{Signer as _, SigningKey};
use nestpost_protocol::admit::{DocumentFact, Held, Refusal, admit_frame};
use nestpost_protocol::blob::BlobFact;
use nestpost_protocol::complaint::{Complaint, ComplaintHead};
use nestpost_protocol::epoch::{Addressee, ReaderList, Wrap, WrapHead};
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::id::{
    Accumulator, BlobId, CircleId, DeviceId, DocumentId, HouseId, Incarnation, Nonce, RecordId, RelayKey,
    Signature, WrapId,
};
use nestpost_protocol::log::kind::restored::{Restored, Word};
use nestpost_protocol::log::{Link, LogState, OpenEntry};
use nestpost_protocol::message::{
    Ack, ByeCode, Challenge, ClientMessage, Cursor, Cursors, Frame, Hello, LOG, LogPage, Placed,
    PositionClaim, RecordPage, RefusalCode, RelayMessage, Row, SeenEntry, SignedPosition, Stage, Synced,
    Versions, WantedRows, Welcome, log_position, state_hash,
};
use nestpost_protocol::record::{Position, Record};
use nestpost_protocol::retention::{Month, Months};
use nestpost_protocol::snapshot::{self, AdmittedSnapshot};
use nestpost_protocol::verify::{signing_input, verify};
use nestpost_protocol::{access, codec, label, limit, stands};

mod door;
mod lies;
mod lost;
mod snapshots;

pub use lost::Backup;

/// A session's number.
pub type SessionId = u64;

#[derive(Clone)]
struct Stored {
    id: RecordId,
    author: DeviceId,
    /// Absent: only the stub is left.
    record: Option<Record>,
    readers: Option<ReaderList>,
    position: Position,
}

#[derive(Clone)]
struct House {
    id: HouseId,
    log: LogState,
    epochs: Epochs,
    entries: Vec<OpenEntry>,
    circles: BTreeMap<CircleId, Vec<Stored>>,
    documents: BTreeMap<DocumentId, DocumentFact>,
    last: BTreeMap<(CircleId, DeviceId), (u64, RecordId)>,
    wraps: Vec<(WrapId, WrapHead, Wrap)>,
    acknowledged: BTreeSet<(DeviceId, WrapId)>,
    blobs: BTreeMap<BlobId, BlobFact>,
    /// The latest of each document, with the last record that it covers.
    snapshots: BTreeMap<DocumentId, (Record, AdmittedSnapshot)>,
    complaints: BTreeMap<ComplaintHead, Complaint>,
    /// What directors say of the copy.
    words: Vec<Word>,
    /// Places of records that were lost and that somebody may bring.
    lost: BTreeSet<(CircleId, u64)>,
    incarnation: Incarnation,
    /// While it takes back what it lost: the life before, and the start in which that was found out.
    past: Option<(Incarnation, Incarnation)>,
    /// A copy, which two have yet to say that the house goes on with.
    awaits: bool,
    /// The log after each frame, by its length.
    history: BTreeMap<u64, LogState>,
}

impl Held for House {
    fn blob(&self, blob: &BlobId) -> Option<BlobFact> {
        self.blobs.get(blob).cloned()
    }
    fn document(&self, document: &DocumentId) -> Option<DocumentFact> {
        self.documents.get(document).copied()
    }
    fn last(&self, circle: &CircleId, author: &DeviceId) -> Option<(u64, RecordId)> {
        self.last.get(&(*circle, *author)).copied()
    }
    fn end(&self, circle: &CircleId) -> Position {
        self.circles.get(circle).and_then(|rows| rows.last()).map_or(Position::START, |row| row.position)
    }
    fn held(&self, circle: &CircleId, position: &Position) -> bool {
        let index = usize::try_from(position.n).unwrap().wrapping_sub(1);
        self.circles.get(circle).and_then(|rows| rows.get(index)).is_some_and(|row| row.position == *position)
    }
    fn invite_expired(&self, _invite: u64) -> bool {
        false
    }
}

impl House {
    /// Where a chain ends.
    fn end(&self, circle: &CircleId) -> Position {
        if *circle == LOG {
            return log_position(&self.log);
        }
        self.circles.get(circle).and_then(|rows| rows.last()).map_or(Position::START, |row| row.position)
    }

    /// What it led to at this number.
    fn at(&self, circle: &CircleId, n: u64) -> Option<Accumulator> {
        if *circle == LOG {
            return Some(Accumulator::new(*self.log.link(n.checked_sub(1)?)?.hash().as_bytes()));
        }
        let index = usize::try_from(n.checked_sub(1)?).unwrap();
        Some(self.circles.get(circle)?.get(index)?.position.acc)
    }
}

#[derive(Clone)]
enum State {
    Challenged,
    Door,
    Greeted { device: DeviceId, full: bool },
    Live { device: DeviceId, full: bool },
}

#[derive(Clone)]
struct Session {
    nonce: Nonce,
    state: State,
    log: LogState,
    sent: BTreeMap<CircleId, u64>,
    wraps: BTreeSet<WrapId>,
    heard: BTreeSet<ComplaintHead>,
    words: Vec<Word>,
    lacks: Vec<WantedRows>,
    member: bool,
    takes_snapshots: bool,
}

/// Links with their entries, each page far below a message's limit; older entries come with the first.
fn log_pages(links: Vec<Link>, mut entries: Vec<SeenEntry>) -> Vec<RelayMessage> {
    const PAGE: usize = 500;
    let mut pages = Vec::new();
    let chunks = links.chunks(PAGE).map(<[Link]>::to_vec).chain(links.is_empty().then(Vec::new));
    for links in chunks {
        let end = links.last().map_or(u64::MAX, |link| link.seq);
        let (here, later) = entries.into_iter().partition(|entry| entry.seq <= end);
        entries = later;
        let page = LogPage { links, entries: here };
        if !page.links.is_empty() || !page.entries.is_empty() {
            pages.push(RelayMessage::Log(page));
        }
    }
    pages
}

/// The relay. Every message it sends is queued in [`MemoryRelay::take`].
#[derive(Clone)]
pub struct MemoryRelay {
    key: SigningKey,
    /// How often it was started, and what it had then.
    starts: u8,
    opened: Option<House>,
    lives: u8,
    house: Option<House>,
    sessions: BTreeMap<SessionId, Session>,
    next: u64,
    /// The month of its clock.
    pub month: Month,
    queue: Vec<(SessionId, Vec<u8>)>,
    /// Everything that was sent to a session, for tests that look at all bytes a device ever got.
    pub transcript: BTreeMap<SessionId, Vec<u8>>,
    /// Every frame that any client sent.
    pub received: Vec<u8>,
    /// Every frame that was admitted, in order.
    pub frames: Vec<Frame>,
    /// How much had come when each of them was admitted.
    pub uploaded: Vec<usize>,
    /// Refusals so far.
    pub refusals: Vec<RefusalCode>,
    /// Why snapshots were not kept.
    pub snapshots_refused: Vec<RefusalCode>,
    /// Records that it sent because somebody asked for them.
    pub rows_sent: usize,
    /// How many of them it sends at a time.
    pub rows_per_page: usize,
    /// There is no room for anything more.
    pub full: bool,
    /// A circle in which it takes nothing, whatever its rules say.
    pub deaf: Option<CircleId>,
    /// What was there before the last frame, of a relay that acknowledges what is not durable.
    before: Option<Backup>,
}

impl MemoryRelay {
    /// An empty relay whose clock stands in `month`.
    #[must_use]
    pub fn new(month: Month) -> Self {
        Self {
            key: SigningKey::from_bytes(&[7; 32]),
            starts: 1,
            opened: None,
            lives: 0,
            house: None,
            sessions: BTreeMap::new(),
            next: 0,
            month,
            queue: Vec::new(),
            transcript: BTreeMap::new(),
            received: Vec::new(),
            frames: Vec::new(),
            uploaded: Vec::new(),
            refusals: Vec::new(),
            snapshots_refused: Vec::new(),
            rows_sent: 0,
            rows_per_page: limit::PAGE_ROWS_MAX,
            full: false,
            deaf: None,
            before: None,
        }
    }

    /// A new socket; the challenge is queued.
    pub fn connect(&mut self) -> SessionId {
        self.next += 1;
        let nonce = Nonce::new(codec::sha256(&[&self.next.to_be_bytes()]));
        let empty = BTreeMap::new();
        self.sessions.insert(
            self.next,
            Session {
                nonce,
                state: State::Challenged,
                log: LogState::new(),
                sent: empty,
                wraps: BTreeSet::new(),
                heard: BTreeSet::new(),
                words: Vec::new(),
                lacks: Vec::new(),
                member: false,
                takes_snapshots: false,
            },
        );
        let relay = self.public();
        self.send(self.next, &RelayMessage::Challenge(Challenge { nonce, versions: Versions::OURS, relay }));
        self.next
    }

    /// The records of a circle, in order.
    #[must_use]
    pub fn records(&self, circle: &CircleId) -> Vec<&Record> {
        let rows = self.house.as_ref().and_then(|house| house.circles.get(circle));
        rows.into_iter().flatten().filter_map(|stored| stored.record.as_ref()).collect()
    }

    /// The ids of all records of a circle, in order: of those too of which only the stub is left.
    #[must_use]
    pub fn ids(&self, circle: &CircleId) -> Vec<RecordId> {
        let rows = self.house.as_ref().and_then(|house| house.circles.get(circle));
        rows.into_iter().flatten().map(|stored| stored.id).collect()
    }

    /// All parts of a blob came from this device; nobody holds it yet.
    pub fn put_blob(&mut self, reserver: DeviceId, blob: BlobId) {
        if let Some(house) = &mut self.house {
            house.blobs.entry(blob).or_insert(BlobFact { complete: true, reserver, holds: Vec::new() });
        }
    }

    /// What it knows of a blob.
    #[must_use]
    pub fn blob(&self, blob: &BlobId) -> Option<&BlobFact> {
        self.house.as_ref()?.blobs.get(blob)
    }

    /// A reservation has expired, or the blob was lost.
    pub fn lose_blob(&mut self, blob: &BlobId) {
        if let Some(house) = &mut self.house {
            house.blobs.remove(blob);
        }
    }

    /// The socket is gone.
    pub fn disconnect(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }

    /// Messages since the last call, in order.
    pub fn take(&mut self) -> Vec<(SessionId, Vec<u8>)> {
        std::mem::take(&mut self.queue)
    }

    /// One frame from a client.
    pub fn receive(&mut self, session: SessionId, bytes: &[u8]) {
        if !self.sessions.contains_key(&session) {
            return;
        }
        self.received.extend_from_slice(bytes);
        let Ok(message) = codec::decode::<ClientMessage>(bytes, limit::MESSAGE_BYTES_MAX) else {
            return self.bye(session, ByeCode::Malformed);
        };
        match message {
            ClientMessage::Hello(hello) => self.hello(session, &hello),
            ClientMessage::Cursors(cursors) => self.cursors(session, &cursors),
            ClientMessage::Submit(submit) => {
                let frame = submit.frame.unpacked().expect("an engine packs what can be unpacked");
                self.submit(session, submit.id, frame);
            }
            ClientMessage::InviteHello(hello) => self.invite_hello(session, &hello),
            ClientMessage::IntakeHello(hello) => self.intake_hello(session, &hello),
            ClientMessage::Inquiry(inquiry) => self.inquiry(session, &inquiry),
            ClientMessage::Found(found) => self.submit(session, found.id, found.frame),
            ClientMessage::Complaint(complaint) => self.complain(session, complaint),
            ClientMessage::Lost(signed) => {
                self.shown(&signed);
                // Whoever shows it hears nothing more on this line.
                if self.sessions.contains_key(&session) {
                    self.bye(session, ByeCode::Busy);
                }
            }
            ClientMessage::Compare(asked) => self.compare(session, asked),
            ClientMessage::GiveBack(back) => self.give_back(session, &back),
            ClientMessage::Ticket => self.send(session, &RelayMessage::Ticket(b"ticket".to_vec().into())),
            ClientMessage::Snapshot(record) => self.keep_snapshot(record),
            ClientMessage::Rows(wanted) => self.send_rows(session, &wanted),
            ClientMessage::Words(said) => self.say(session, said),
            ClientMessage::Fill(page) => self.fill(session, page),
            ClientMessage::WrapAck(ids) => {
                let device = self.device(session);
                if let (Some(house), Some(device)) = (&mut self.house, device) {
                    house.acknowledged.extend(ids.into_iter().map(|id| (device, id)));
                }
            }
        }
    }

    fn complain(&mut self, session: SessionId, complaint: Complaint) {
        let device = self.device(session);
        let Some(house) = &mut self.house else { return };
        let Ok(head) = complaint.check() else { return self.bye(session, ByeCode::Malformed) };
        if Some(head.device) == device && head.holds(&house.log, &house.epochs).is_ok() {
            house.complaints.insert(head, complaint);
            self.push_all();
        }
    }

    fn device(&self, session: SessionId) -> Option<DeviceId> {
        match self.sessions.get(&session)?.state {
            State::Greeted { device, .. } | State::Live { device, .. } => Some(device),
            State::Challenged | State::Door => None,
        }
    }

    fn send(&mut self, session: SessionId, message: &RelayMessage) {
        let bytes = codec::encode(message);
        self.transcript.entry(session).or_default().extend_from_slice(&bytes);
        self.queue.push((session, bytes));
    }

    fn bye(&mut self, session: SessionId, code: ByeCode) {
        self.send(session, &RelayMessage::Bye(code));
        self.sessions.remove(&session);
    }

    /// Why, where there is proof of it, and that it is over.
    fn farewell(&mut self, session: SessionId, device: &DeviceId) {
        let house = self.house.as_ref().unwrap();
        if let Some(seq) = access::farewell(&house.log, device) {
            let entry = house.entries.get(usize::try_from(seq).unwrap()).unwrap().clone();
            let entries = vec![SeenEntry { seq, entry }];
            self.send(session, &RelayMessage::Log(LogPage { links: Vec::new(), entries }));
        }
        self.bye(session, ByeCode::Ended);
    }

    fn hello(&mut self, session: SessionId, hello: &Hello) {
        let nonce = self.sessions.get(&session).unwrap().nonce;
        let input = Hello::signing_input(&hello.origin, hello.house, hello.incarnation, hello.device, nonce);
        let signed = verify(hello.device.as_bytes(), label::HELLO, &input, &hello.signature).is_ok();
        let known = self.house.as_ref().filter(|house| house.id == hello.house);
        let stage = known.and_then(|house| {
            let joining = house.log.device(&hello.device).is_some_and(|d| {
                d.joining.is_some()
                    && d.ended.is_none()
                    && !house.log.joins().any(|j| Some(j.seq) == d.joining && j.void)
            });
            match access::role_of(&house.log, &hello.device) {
                Some(_) => Some(Stage::Member),
                None if joining => Some(Stage::Joining),
                None => None,
            }
        });
        // Whoever proves a key that did belong may know that it does not any more.
        if signed && stage.is_none() && known.is_some_and(|house| house.log.device(&hello.device).is_some()) {
            return self.farewell(session, &hello.device);
        }
        let (Some(house), Some(stage), true) = (known, stage, signed) else {
            return self.bye(session, ByeCode::NotFound);
        };
        let equal = stage == Stage::Member && state_hash(&Self::held_by(house, &hello.device)) == hello.state;
        let equal = equal && Self::wraps_for(house, &hello.device, hello.full).is_empty();
        let equal = equal && hello.incarnation.is_none_or(|life| life == house.incarnation);
        let log = house.log.head().filter(|_| stage == Stage::Member);
        let welcome = Welcome { version: 1, incarnation: house.incarnation, stage, equal, log };
        let state = if equal {
            State::Live { device: hello.device, full: hello.full }
        } else {
            State::Greeted { device: hello.device, full: hello.full }
        };
        let sent = house.circles.iter().map(|(circle, rows)| (*circle, rows.len() as u64)).collect();
        let log = house.log.clone();
        let live = self.sessions.get_mut(&session).unwrap();
        live.state = state;
        live.takes_snapshots = hello.snapshots;
        if equal {
            live.sent = sent;
            live.log = log;
            live.member = true;
        }
        self.send(session, &RelayMessage::Welcome(welcome));
        self.send_lacks(session, equal);
    }

    fn held_by(house: &House, device: &DeviceId) -> Cursors {
        let circles = access::visible(&house.log, device)
            .into_iter()
            .filter_map(|circle| {
                let position = house.circles.get(&circle)?.last()?.position;
                Some(Cursor { circle, position })
            })
            .collect();
        Cursors { log: house.log.head(), circles }
    }

    fn wraps_for(house: &House, device: &DeviceId, full: bool) -> Vec<(WrapId, Wrap)> {
        house
            .wraps
            .iter()
            .filter(|(id, head, _)| {
                let mine = match head.addressee {
                    Addressee::Device(to) => to == *device,
                    Addressee::Epoch(key) => access::reads(&house.log, device, &key.circle),
                };
                mine && (full || !house.acknowledged.contains(&(*device, *id)))
            })
            .map(|(id, _, wrap)| (*id, wrap.clone()))
            .collect()
    }

    fn cursors(&mut self, session: SessionId, cursors: &Cursors) {
        let Some(house) = &self.house else { return };
        let live = self.sessions.get_mut(&session).unwrap();
        let State::Greeted { device, full } = live.state else { return };
        live.state = State::Live { device, full };
        live.member = access::role_of(&house.log, &device).is_some();
        live.sent = cursors.circles.iter().map(|c| (c.circle, c.position.n)).collect();
        // The log as this device holds it: only what it was shown then.
        let length = cursors.log.filter(|head| house.log.knows_head(head)).map_or(0, |head| head.seq + 1);
        live.log = house.history.get(&length).cloned().unwrap_or_else(|| {
            let mut known = LogState::new();
            for entry in house.entries.iter().take(usize::try_from(length).unwrap()) {
                known.admit(&entry.link().unwrap(), Some(entry)).unwrap();
            }
            known
        });
        if !live.member {
            // While joining: the device's own two entries, without links.
            let entries: Vec<SeenEntry> = (0..house.log.len())
                .filter(|seq| access::sees_entry(&house.log, &device, *seq))
                .map(|seq| SeenEntry {
                    seq,
                    entry: house.entries.get(usize::try_from(seq).unwrap()).unwrap().clone(),
                })
                .collect();
            live.log = LogState::new();
            self.send(session, &RelayMessage::Log(LogPage { links: Vec::new(), entries }));
        }
        self.push(session);
        self.send_synced(session, &device);
    }

    fn send_synced(&mut self, session: SessionId, device: &DeviceId) {
        let Some(house) = &self.house else { return };
        let member = access::role_of(&house.log, device).is_some();
        let of_log = member.then(|| Cursor { circle: LOG, position: log_position(&house.log) });
        let positions = Self::held_by(house, device)
            .circles
            .into_iter()
            .chain(of_log)
            .map(|c| self.sign(house, c.circle, c.position))
            .collect();
        let log = house.log.head().filter(|_| member);
        self.send(session, &RelayMessage::Synced(Synced { log, positions }));
    }

    fn sign(&self, house: &House, circle: CircleId, position: Position) -> SignedPosition {
        let claim = PositionClaim {
            house: house.id,
            incarnation: house.incarnation,
            circle,
            n: position.n,
            acc: position.acc,
            start: Some(Incarnation::new([self.starts; 16])),
        };
        let signature = self.key.sign(&signing_input(label::POSITION, &codec::encode(&claim)));
        SignedPosition { claim, signature: Signature::new(signature.to_bytes()) }
    }

    /// Everything a live session lacks.
    fn push(&mut self, session: SessionId) {
        let Some(house) = &self.house else { return };
        let Some(live) = self.sessions.get_mut(&session) else { return };
        let State::Live { device, full } = live.state else { return };
        let relay = RelayKey::new(self.key.verifying_key().to_bytes());
        let (mut messages, mut grown) = (Vec::new(), Vec::new());
        let mut confirmed = false;
        let is_over = |d: &nestpost_protocol::log::state::Device| {
            d.ended.is_some() || (d.joining.is_none() && access::role_of(&house.log, &device).is_none())
        };
        if house.log.device(&device).is_none_or(is_over) {
            return self.farewell(session, &device);
        }
        if access::role_of(&house.log, &device).is_some() {
            confirmed = !std::mem::replace(&mut live.member, true);
            let from = live.log.len();
            let entries: Vec<SeenEntry> = access::newly_seen(&live.log, &house.log, &device)
                .into_iter()
                .map(|seq| SeenEntry {
                    seq,
                    entry: house.entries.get(usize::try_from(seq).unwrap()).unwrap().clone(),
                })
                .collect();
            let links: Vec<_> = (from..house.log.len()).map(|seq| *house.log.link(seq).unwrap()).collect();
            if !links.is_empty() {
                grown.push((LOG, log_position(&house.log)));
            }
            messages.extend(log_pages(links, entries));
            live.log = house.log.clone();
            for circle in access::visible(&house.log, &device) {
                let sent = live.sent.entry(circle).or_default();
                let snapshots = if *sent == 0 && live.takes_snapshots {
                    house.snapshots_of(&circle)
                } else {
                    BTreeMap::new()
                };
                if !snapshots.is_empty() {
                    let records = snapshots.values().map(|(record, _)| record.clone()).collect();
                    messages.push(RelayMessage::Snapshots(records));
                }
                let lists = access::sees_reader_list(&house.log, &device, &circle);
                let rows: Vec<Row> = house
                    .circles
                    .get(&circle)
                    .into_iter()
                    .flatten()
                    .filter(|row| row.position.n > *sent)
                    .map(|row| {
                        let own = row.author == device;
                        let header = row.record.as_ref().map(|record| record.check().unwrap());
                        let covered = header.and_then(|header| header.document).filter(|document| {
                            let kept = snapshots.get(document);
                            kept.is_some_and(|(_, admitted)| row.position.n <= admitted.covers)
                                && !own
                                && snapshot::spares(&house.log, &circle, &row.author)
                        });
                        Row {
                            n: row.position.n,
                            id: row.id,
                            record: row.record.clone().filter(|_| covered.is_none() && (full || !own)),
                            gone: row.record.is_none(),
                            lost: house.lost.contains(&(circle, row.position.n)),
                            readers: row.readers.clone().filter(|_| lists),
                            document: covered,
                        }
                    })
                    .collect();
                if let Some(last) = rows.last() {
                    *sent = last.n;
                    let end = house.circles.get(&circle).and_then(|rows| rows.last());
                    grown.extend(end.map(|row| (circle, row.position)));
                    messages.push(RelayMessage::Records(RecordPage { circle, rows }));
                }
            }
            let wraps: Vec<Wrap> = Self::wraps_for(house, &device, full)
                .into_iter()
                .filter(|(id, _)| live.wraps.insert(*id))
                .map(|(_, wrap)| wrap)
                .collect();
            if !wraps.is_empty() {
                messages.push(RelayMessage::Wraps(wraps));
            }
            let complaints: Vec<Complaint> = house
                .complaints
                .iter()
                .filter(|(head, _)| head.is_for(&house.log, &device) && live.heard.insert(**head))
                .map(|(_, complaint)| complaint.clone())
                .collect();
            if !complaints.is_empty() {
                messages.push(RelayMessage::Complaints(complaints));
            }
            messages.extend(house.words_for(&device, &relay, &mut live.words));
            messages.extend(house.lacks(&device, &mut live.lacks));
        }
        let house = self.house.as_ref().unwrap();
        if !grown.is_empty() {
            let signed = grown.into_iter().map(|(circle, end)| self.sign(house, circle, end)).collect();
            messages.push(RelayMessage::Signed(signed));
        }
        for message in messages {
            self.send(session, &message);
        }
        if confirmed {
            self.send_synced(session, &device);
        }
    }

    fn push_all(&mut self) {
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            self.push(session);
        }
    }

    /// A frame that no engine made, by the same rules. Whoever is there hears of it.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn forge(&mut self, frame: &Frame) -> Result<(), RefusalCode> {
        self.admit(frame).map_err(|refusal| refusal.code)?;
        self.push_all();
        Ok(())
    }

    /// The relay's word for a position, whether or not it is one that it holds.
    #[must_use]
    pub fn vouch(&self, circle: CircleId, position: Position) -> SignedPosition {
        self.sign(self.house.as_ref().expect("founded"), circle, position)
    }

    /// Number and accumulator of the last record of a circle.
    #[must_use]
    pub fn end(&self, circle: &CircleId) -> Position {
        let rows = self.house.as_ref().and_then(|house| house.circles.get(circle));
        rows.and_then(|rows| rows.last()).map_or(Position::START, |row| row.position)
    }

    /// The house's log, where there is a house.
    #[must_use]
    pub fn log(&self) -> &LogState {
        &self.house.as_ref().expect("founded").log
    }

    /// All epochs.
    #[must_use]
    pub fn epochs(&self) -> &Epochs {
        &self.house.as_ref().expect("founded").epochs
    }

    /// Every document that was begun.
    pub fn documents(&self) -> impl Iterator<Item = (DocumentId, DocumentFact)> {
        let all = self.house.iter().flat_map(|house| &house.documents);
        all.map(|(document, fact)| (*document, *fact))
    }

    /// Number of the current epoch of a circle.
    #[must_use]
    pub fn epoch(&self, circle: &CircleId) -> Option<u32> {
        Some(self.house.as_ref()?.epochs.current(circle)?.body.number)
    }

    /// Sequence and id of a device's last record in a circle.
    #[must_use]
    pub fn last(&self, circle: &CircleId, author: &DeviceId) -> Option<(u64, RecordId)> {
        self.house.as_ref()?.last(circle, author)
    }

    /// A copy takes nothing but what ends its waiting.
    fn check_place(&self, frame: &Frame) -> Result<(), Refusal> {
        let house = self.house.as_ref().unwrap();
        let ends = Restored::alone(frame).is_some_and(|(by, body)| house.is_of(&by, &body, &self.public()));
        if !house.awaits || ends {
            return Ok(());
        }
        let code = RefusalCode::Elsewhere;
        Err(Refusal { code, circle: None, seq: None, prev: None, record: None })
    }

    /// Takes a whole frame in, or nothing of it. Returns the circles that it wrote to.
    fn admit(&mut self, frame: &Frame) -> Result<BTreeSet<CircleId>, Refusal> {
        self.check_place(frame).inspect_err(|refusal| self.refusals.push(refusal.code))?;
        if !stands!(AckDurable) {
            self.before = Some(self.backup());
        }
        let house = self.house.as_mut().unwrap();
        let admitted = admit_frame(&house.log, &house.epochs, frame, house, Months::within(self.month))
            .inspect_err(|refusal| self.refusals.push(refusal.code))?;
        let (mut touched, mut named) = (BTreeSet::new(), BTreeSet::new());
        house.awaits = false;
        house.past = None;
        house.log = admitted.log;
        house.history.insert(house.log.len(), house.log.clone());
        house.epochs = admitted.epochs;
        house.entries.extend(frame.entries.iter().cloned());
        for (record, fact) in frame.records.iter().zip(admitted.records) {
            let header = fact.header;
            let rows = house.circles.entry(header.circle).or_default();
            let position = rows.last().map_or(Position::START, |r| r.position).next(&fact.id);
            let author = header.author;
            rows.push(Stored {
                id: fact.id,
                author,
                record: Some(record.clone()),
                readers: fact.readers,
                position,
            });
            house.last.insert((header.circle, header.author), (header.seq, fact.id));
            if let Some(document) = header.document {
                let known =
                    house.documents.entry(document).or_insert_with(|| DocumentFact::begun_by(&header));
                known.moved |= fact.moved_to.is_some();
                if fact.moved_to.is_some() {
                    house.snapshots.remove(&document);
                    let of = |record: &Record| record.check().is_ok_and(|h| h.document == Some(document));
                    for row in rows.iter_mut().filter(|row| row.id != fact.id) {
                        row.record = row.record.take().filter(|record| !of(record));
                    }
                }
            }
            for id in &fact.blobs {
                if let Some(blob) = house.blobs.get_mut(id) {
                    blob.apply(&house.log, &header);
                }
                named.insert(*id);
            }
            touched.insert(header.circle);
        }
        house.blobs.retain(|id, blob| !named.contains(id) || !blob.holds.is_empty());
        let wraps = frame.wraps.iter().zip(admitted.wraps).filter(|_| stands!(WholeFrame));
        for (wrap, (id, head)) in wraps {
            house.complaints.retain(|known, _| {
                (known.circle, known.epoch, Addressee::Device(known.device))
                    != (head.circle, head.epoch, head.addressee)
            });
            house.wraps.push((id, head, wrap.clone()));
        }
        self.frames.push(frame.clone());
        self.uploaded.push(self.received.len());
        Ok(touched)
    }

    fn submit(&mut self, session: SessionId, id: u64, frame: Frame) {
        self.found(&frame);
        let house = self.house.as_ref().unwrap();
        let known = frame.entries.iter().all(|entry| house.entries.contains(entry))
            && frame.records.iter().all(|r| house.circles.values().flatten().any(|row| row.id == r.id()))
            && frame.wraps.iter().all(|wrap| house.wraps.iter().any(|(id, ..)| *id == wrap.id()));
        let mut touched = BTreeSet::new();
        if !known && self.full {
            let code = RefusalCode::Quota;
            self.refusals.push(code);
            let refusal = Refusal { code, circle: None, seq: None, prev: None, record: None };
            return self.send(session, &RelayMessage::Refused(refusal.refused(id)));
        }
        let of = |record: &&Record| record.check().is_ok_and(|header| Some(header.circle) == self.deaf);
        if let Some(record) = frame.records.iter().find(of) {
            let (code, record) = (RefusalCode::NotAllowed, Some(record.id()));
            self.refusals.push(code);
            let refusal = Refusal { code, circle: self.deaf, seq: None, prev: None, record };
            return self.send(session, &RelayMessage::Refused(refusal.refused(id)));
        }
        if !known || !stands!(KnownAgain) {
            match self.admit(&frame) {
                Err(refusal) => {
                    self.push(session);
                    return self.send(session, &RelayMessage::Refused(refusal.refused(id)));
                }
                Ok(circles) => touched = circles,
            }
        }
        let house = self.house.as_ref().unwrap();
        let placed = frame
            .records
            .iter()
            .filter_map(|record| {
                let id = record.id();
                let circle = record.check().unwrap().circle;
                let row = house.circles.get(&circle)?.iter().find(|row| row.id == id)?;
                Some(Placed { record: id, circle, n: row.position.n })
            })
            .collect();
        self.push_all();
        if !frame.entries.is_empty() {
            touched.insert(LOG);
        }
        let house = self.house.as_ref().unwrap();
        let positions = touched.iter().map(|circle| self.sign(house, *circle, house.end(circle))).collect();
        self.send(session, &RelayMessage::Ack(Ack { id, placed, positions }));
    }
}
