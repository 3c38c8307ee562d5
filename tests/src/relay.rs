//! A relay in memory: the protocol's rules, no network, no disk.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::SigningKey;
use nestpost_protocol::admit::{DocumentFact, Held};
use nestpost_protocol::blob::BlobFact;
use nestpost_protocol::complaint::{Complaint, ComplaintHead};
use nestpost_protocol::epoch::{ReaderList, Wrap, WrapHead};
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::id::{
    Accumulator, BlobId, CircleId, DeviceId, DocumentId, HouseId, Incarnation, InviteKey, Nonce, RecordId,
    WrapId,
};
use nestpost_protocol::log::kind::restored::Word;
use nestpost_protocol::log::{LogState, OpenEntry};
use nestpost_protocol::message::{
    ByeCode, Challenge, ClientMessage, Frame, LOG, RefusalCode, RelayMessage, SignedPosition, Versions,
    WantedRows, log_position,
};
use nestpost_protocol::record::{Position, Record};
use nestpost_protocol::retention::Month;
use nestpost_protocol::snapshot::AdmittedSnapshot;
use nestpost_protocol::{codec, limit};

mod admission;
mod door;
mod feed;
mod lies;
mod lost;
mod snapshots;

use admission::{Author, refusal};
pub use lost::Backup;

/// Frames that one session at the door may hand in, as at the real relay.
const DOOR_FRAMES_MAX: usize = 5;

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
    /// With a letter, and so many frames so far.
    Door {
        key: InviteKey,
        frames: usize,
    },
    /// Outside, by a public link.
    Caller,
    Greeted {
        device: DeviceId,
        full: bool,
    },
    Live {
        device: DeviceId,
        full: bool,
    },
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
    /// How long the log was with each of them.
    pub lengths: Vec<u64>,
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
            lengths: Vec::new(),
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
        let known = self.sessions.get(&session).map(|live| (live.state.clone(), live.member));
        let Some((state, member)) = known else { return };
        match (state, message) {
            (State::Challenged, message) => self.enter(session, message),
            (State::Door { key, frames }, ClientMessage::Submit(submit)) => {
                let by = Author::Invite(key);
                self.submit(session, submit.id, submit.frame, by);
                match self.sessions.get_mut(&session) {
                    Some(_) if frames + 1 >= DOOR_FRAMES_MAX => self.bye(session, ByeCode::Busy),
                    Some(live) => live.state = State::Door { key, frames: frames + 1 },
                    None => {}
                }
            }
            (State::Caller, ClientMessage::Inquiry(inquiry)) => self.inquiry(session, &inquiry),
            (State::Greeted { .. }, ClientMessage::Cursors(cursors)) => self.cursors(session, &cursors),
            (State::Greeted { .. }, ClientMessage::Compare(asked)) if member => self.compare(session, asked),
            (State::Greeted { .. } | State::Live { .. }, ClientMessage::Lost(signed)) if member => {
                self.shown(&signed);
                // Whoever shows it hears nothing more on this line.
                if self.sessions.contains_key(&session) {
                    self.bye(session, ByeCode::Busy);
                }
            }
            (State::Live { device, .. }, ClientMessage::Submit(submit)) => match submit.frame.unpacked() {
                Ok(frame) if member => self.submit(session, submit.id, frame, Author::Device(device)),
                Ok(_) => self.refuse(session, submit.id, RefusalCode::NotAllowed),
                Err(_) => self.refuse(session, submit.id, RefusalCode::Malformed),
            },
            (State::Live { device, .. }, ClientMessage::WrapAck(ids)) => {
                let ids = ids.into_iter().map(|id| (device, id));
                self.house.iter_mut().for_each(|house| house.acknowledged.extend(ids.clone()));
            }
            (State::Live { .. }, message) if member => self.serve(session, message),
            _ => self.bye(session, ByeCode::Malformed),
        }
    }

    /// Whoever comes says who they are.
    fn enter(&mut self, session: SessionId, message: ClientMessage) {
        match message {
            ClientMessage::Hello(hello) => self.hello(session, &hello),
            ClientMessage::InviteHello(hello) => self.invite_hello(session, &hello),
            ClientMessage::IntakeHello(hello) => self.intake_hello(session, &hello),
            ClientMessage::Found(found) => {
                self.found(&found.frame);
                self.submit(session, found.id, found.frame, Author::Founder);
            }
            _ => self.bye(session, ByeCode::Malformed),
        }
    }

    fn refuse(&mut self, session: SessionId, id: u64, code: RefusalCode) {
        self.refusals.push(code);
        self.send(session, &RelayMessage::Refused(refusal(code).refused(id)));
    }

    /// What a member's device says once it has caught up.
    fn serve(&mut self, session: SessionId, message: ClientMessage) {
        match message {
            ClientMessage::Complaint(complaint) => self.complain(session, complaint),
            ClientMessage::GiveBack(back) => self.give_back(session, &back),
            ClientMessage::Ticket => self.send(session, &RelayMessage::Ticket(b"ticket".to_vec().into())),
            ClientMessage::Snapshot(record) => match (record.check(), self.device(session)) {
                (Err(_), _) => self.bye(session, ByeCode::Malformed),
                (Ok(header), Some(device)) if header.author == device => {
                    self.keep_snapshot(record);
                }
                (Ok(_), _) => {}
            },
            ClientMessage::Rows(wanted) => self.send_rows(session, &wanted),
            ClientMessage::Words(said) => self.say(session, said),
            ClientMessage::Fill(page) => self.fill(session, page),
            _ => self.bye(session, ByeCode::Malformed),
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
            State::Challenged | State::Door { .. } | State::Caller => None,
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
}
