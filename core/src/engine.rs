//! The sync engine of one house on one device: a state machine without input or output of its own.
//!
//! `engine/session.rs` speaks with the relay, `engine/inbox.rs` takes what arrives, `engine/noted.rs` sees to it that no
//! record kills the device twice, `engine/outbox.rs` sends what was
//! written, `engine/frame.rs` signs entries and makes epochs and wraps, `engine/load.rs` rebuilds everything from
//! storage, `engine/wipe.rs` empties it, `engine/begin.rs` founds and joins, `engine/restore.rs` deals with a relay that lost something, `engine/media.rs` and `engine/hold.rs` see pictures and files on their way.

mod begin;
mod cache;
mod decide;
mod edit;
mod erase;
mod evidence;
mod frame;
mod hold;
mod inbox;
mod intake;
mod lacks;
mod later;
mod load;
mod media;
mod meta;
mod noted;
mod outbox;
mod repair;
mod restore;
mod session;
mod snapshot;
mod summary;
mod wipe;
mod word;

use std::collections::VecDeque;

use nestpost_protocol::epoch::{Wrap, WrapHead};
use nestpost_protocol::id::{Accumulator, CircleId, DocumentId, HouseId, Nonce, RecordId, RelayKey, WrapId};
use nestpost_protocol::message::{RecordPage, SignedPosition};
use nestpost_protocol::record::{Position, Record};
use nestpost_protocol::retention::Month;
use nestpost_protocol::sorted::{SortedMap, SortedSet};
use nestpost_protocol::stands;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

use crate::app::{self, AppError, Command, Query, Reply, View};
use crate::crypto::{DeviceKeys, EpochKeys, EpochSecret, LocalKey};
use crate::docs::Docs;
use crate::house::{Alarm, House, LinkState, Stage};
use crate::store::{Chain, Write};
use crate::time::Timestamp;
use crate::transfers::Transfers;

pub(crate) use begin::check_invite;
pub use begin::{FoundArgs, Founded};
use cache::Cache;
use erase::Erasures;
use hold::Doubt;
pub use load::LoadError;
use media::Ticket;
pub use media::{BlobKey, MediaKeys, MediaRow, OriginalKey, OwnBlobKey, Upload};
use meta::Meta;
use noted::{Arrived, Noted};
use outbox::{Intent, Outgoing};
use repair::Repairs;
use restore::{Days, Restore};
use session::Session;
use snapshot::Snapshots;
pub use summary::{MediaSummary, Summary};

/// What a driver feeds in.
#[derive(Debug)]
pub enum Input {
    /// The transaction with this id is durable on this device.
    Stored(u64),
    /// It could not be written; nothing of it is there.
    StoreFailed(u64),
    /// There is a line to the relay.
    LinkUp,
    /// There is none any more.
    LinkDown,
    /// One binary frame from the relay.
    Received(Vec<u8>),
    /// Somebody wants something; answered by [`Output::Done`] with the same id.
    Command {
        /// Chosen by the driver.
        id: u64,
        /// What is wanted.
        command: Command,
    },
    /// A ticket is wanted, to show with requests for blobs; answered by [`Output::Ticket`] once there is a line.
    TicketWanted,
    /// Time has passed.
    Tick,
}

/// What a driver performs.
#[derive(Debug, Clone)]
pub enum Output {
    /// Write all of it or nothing, durably, then say [`Input::Stored`].
    Store {
        /// Chosen by the engine.
        id: u64,
        /// In order.
        writes: Vec<Write>,
    },
    /// Send one binary frame.
    Send(Vec<u8>),
    /// Close the line; connect again after a pause.
    Close,
    /// This engine has done what it can with what it holds: close the line and open another one from what is stored.
    Restart,
    /// A command is done: what it changed is stored on this device.
    Done {
        /// The command's id.
        id: u64,
        /// Its answer.
        result: Result<Reply, AppError>,
    },
    /// A ticket for blobs, opaque.
    Ticket(Vec<u8>),
    /// What views show may have changed.
    Changed,
    /// Nothing more; wake the engine at `until`, if there is such a time.
    Idle {
        /// When a [`Input::Tick`] is wanted.
        until: Option<Timestamp>,
    },
}

/// What the engine is told once.
#[derive(Debug, Clone)]
pub struct Config {
    /// Origin of the relay, e.g. `https://kita.example`.
    pub origin: String,
    /// 32 random bytes; everything that is random but not secret is drawn from them.
    pub seed: [u8; 32],
}

/// The secrets of a device in one house.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Signs and opens.
    pub keys: DeviceKeys,
    /// What waits on this device lies under it.
    pub local: LocalKey,
}

/// The engine of one house. A clone is the same device once more: only one of them may go on against a relay.
#[derive(Debug, Clone)]
pub struct Engine {
    secrets: Secrets,
    start: [u8; 16],
    rng: ChaCha20Rng,
    house: House,
    circles: SortedMap<CircleId, CircleState>,
    /// Checked when they came: they are looked at again whenever something opens.
    unopened_wraps: SortedMap<WrapId, (WrapHead, Wrap)>,
    /// Every stored wrap.
    wrap_rows: SortedSet<WrapId>,
    /// Where a document's records stand, so that they can go when it expires.
    rows: SortedMap<DocumentId, Vec<Place>>,
    /// What is erased, and what is to be.
    erasures: Erasures,
    erased: u64,
    /// Where holds, releases and what outsiders wrote stand, by the month at whose end they expire.
    hold_rows: SortedMap<Month, Vec<Place>>,
    meta: Meta,
    noted: Noted,
    repairs: Repairs,
    restore: Restore,
    /// The latest head of the log that the relay signed and that is ours.
    log_signed: Option<SignedPosition>,
    snapshots: Snapshots,
    cache: Cache,
    session: Session,
    /// Key of the relay at the other end of the line.
    relay: Option<RelayKey>,
    /// Records that wait for the log.
    early: Vec<RecordPage>,
    outgoing: Option<Outgoing>,
    intents: VecDeque<Intent>,
    given_up: Vec<u64>,
    /// Orders that came to nothing here.
    vain: SortedSet<Nonce>,
    /// The day of the input that is taken.
    today: u32,
    next_key: u64,
    next_store: u64,
    next_submit: u64,
    /// Consecutive refusals, to give up a hopeless frame instead of spinning.
    refusals: u32,
    retry_at: Option<Timestamp>,
    /// What the clock showed last.
    clock: Timestamp,
    /// Rows of transfers whose hold or release was refused.
    doubts: SortedMap<u64, Doubt>,
    /// When one of them is to be tried again.
    holds_at: Option<Timestamp>,
    ticket: Ticket,
    writes: Vec<Write>,
    after: Vec<After>,
    storing: SortedMap<u64, Vec<After>>,
    changed: bool,
    duties_due: bool,
    out: VecDeque<Output>,
}

/// What the engine knows of a circle beside its documents.
#[derive(Debug, Clone, Default)]
struct CircleState {
    position: Option<Position>,
    accumulators: Vec<Accumulator>,
    /// Of every record here.
    ids: Vec<RecordId>,
    /// When they came here.
    days: Days,
    /// The latest position that the relay signed and that is ours.
    signed: Option<SignedPosition>,
    chain: Chain,
    /// The epochs in the order of the stream: where each stands, its number, and the log position it was made at.
    turns: Vec<(u64, u32, u64)>,
    /// The log positions that records here have named, ascending, each with the first record that named it or a later
    /// one: whatever comes after was admitted no earlier.
    logs: Vec<(u64, u64)>,
    keys: SortedMap<u32, Keyring>,
    /// Records whose epoch's secret is not known yet, in order.
    locked: Vec<Arrived>,
    /// Number of the latest record that was gone before this device saw it.
    gap: u64,
    /// The relay contradicted itself or another device here; nothing more is taken or sent.
    suspended: bool,
}

impl CircleState {
    fn position(&self) -> Position {
        self.position.unwrap_or(Position::START)
    }

    /// The record at a position.
    fn id(&self, n: u64) -> Option<RecordId> {
        self.ids.get(usize::try_from(n.checked_sub(1)?).ok()?).copied()
    }

    /// Number of the epoch whose turn it is before a position, and the log position it was made at.
    fn turn(&self, n: u64) -> (u32, u64) {
        let before = self.turns.partition_point(|(at, ..)| *at < n);
        before
            .checked_sub(1)
            .and_then(|last| self.turns.get(last))
            .map_or((0, 0), |(_, number, log)| (*number, *log))
    }

    /// The record at `n` names a log position. Returns the latest that has been named up to there.
    fn name_log(&mut self, n: u64, log: u64) -> u64 {
        let at = self.logs.partition_point(|(before, _)| *before <= n);
        let before = at.checked_sub(1).and_then(|last| self.logs.get(last)).map_or(0, |(_, log)| *log);
        if log > before {
            let passed = self.logs.iter().skip(at).take_while(|(_, later)| *later <= log).count();
            self.logs.splice(at..at + passed, [(n, log)]);
        }
        before.max(log)
    }
}

/// Where a record stands that will expire.
#[derive(Debug, Clone)]
struct Place {
    circle: CircleId,
    n: u64,
    id: RecordId,
    /// Of this device's own, its count.
    own: Option<u64>,
}

#[derive(Debug, Clone)]
struct Keyring {
    secret: EpochSecret,
    keys: EpochKeys,
}

/// What follows once a transaction is durable.
#[derive(Debug, Clone)]
enum After {
    Done(u64, Box<Reply>),
    SendOutbox,
    AckWraps(Vec<WrapId>),
    /// Records whose note is durable.
    Apply(Vec<Arrived>),
    Close,
    Restart,
}

/// Pause before a refused frame is built again, or a full relay is asked again.
const RETRY_MS: u64 = 15_000;
/// Refusals in a row before a pause.
const REFUSALS_MAX: u32 = 4;

impl Engine {
    fn empty(config: &Config, secrets: Secrets) -> Self {
        let mut rng = ChaCha20Rng::from_seed(config.seed);
        let mut start = [0; 16];
        rand::RngCore::fill_bytes(&mut rng, &mut start);
        if !stands!(ActorFresh) {
            start = [0; 16];
        }
        let me = secrets.keys.id();
        Self {
            secrets,
            start,
            rng,
            house: House {
                id: None,
                log: nestpost_protocol::log::LogState::new(),
                epochs: nestpost_protocol::epochs::Epochs::new(),
                docs: Docs::new(),
                transfers: Transfers::default(),
                inquiries: SortedMap::new(),
                me,
                names: SortedMap::new(),
                printed: None,
                decided: Vec::new(),
                stage: Stage::Presenting,
                link: LinkState::Offline,
                alarms: SortedMap::new(),
                copy: None,
                missing: Vec::new(),
                words: Vec::new(),
                evidence: Vec::new(),
                gone: Vec::new(),
                refused: SortedMap::new(),
                quarantined: Vec::new(),
                overtaken: Vec::new(),
                founding: None,
                moves: Vec::new(),
                origin: config.origin.clone(),
            },
            circles: SortedMap::new(),
            unopened_wraps: SortedMap::new(),
            wrap_rows: SortedSet::new(),
            rows: SortedMap::new(),
            erasures: Erasures::default(),
            erased: 0,
            hold_rows: SortedMap::new(),
            meta: Meta::default(),
            noted: Noted::default(),
            repairs: Repairs::default(),
            restore: Restore::default(),
            log_signed: None,
            snapshots: Snapshots::default(),
            cache: Cache::default(),
            session: Session::Down,
            relay: None,
            outgoing: None,
            intents: VecDeque::new(),
            given_up: Vec::new(),
            vain: SortedSet::new(),
            today: 0,
            next_key: 0,
            next_store: 0,
            next_submit: 0,
            refusals: 0,
            retry_at: None,
            clock: Timestamp::default(),
            doubts: SortedMap::new(),
            holds_at: None,
            ticket: Ticket::default(),
            writes: Vec::new(),
            after: Vec::new(),
            storing: SortedMap::new(),
            changed: false,
            duties_due: false,
            early: Vec::new(),
            out: VecDeque::new(),
        }
    }

    /// Takes one input. Drain [`Engine::poll_output`] before the next.
    pub fn handle(&mut self, now: Timestamp, input: Input) {
        self.today = now.day();
        if now < std::mem::replace(&mut self.clock, now) && stands!(ClockSetBack) {
            self.wait_no_longer(now);
        }
        match input {
            Input::Stored(id) => self.stored(id),
            Input::StoreFailed(id) => self.store_failed(id),
            Input::LinkUp => self.link_up(),
            Input::LinkDown => self.link_down(),
            Input::Received(bytes) => self.received(now, &bytes),
            Input::Command { id, command } => self.command(now, id, &command),
            Input::TicketWanted => self.ticket_wanted(),
            Input::Tick => self.tick(now),
        }
        self.settle(now);
    }

    /// The origin under which the next line reaches the relay, where that is another one than before.
    pub fn set_origin(&mut self, origin: &str) {
        origin.clone_into(&mut self.house.origin);
    }

    /// The next effect to perform; [`Output::Idle`] when there is none.
    pub fn poll_output(&mut self) -> Output {
        let until = self.retry_at.into_iter().chain(self.holds_at).chain(self.snapshots.wake_at()).min();
        self.out.pop_front().unwrap_or(Output::Idle { until })
    }

    /// Answers a question from what is on this device.
    ///
    /// # Errors
    /// [`AppError`] when what is asked for is not there, or not for this device.
    pub fn query(&self, now: Timestamp, query: &Query) -> Result<View, AppError> {
        app::query(query, &self.house, now)
    }

    /// The house as this device knows it.
    #[must_use]
    pub const fn house(&self) -> &House {
        &self.house
    }

    /// The house's id, once it has one.
    #[must_use]
    pub const fn house_id(&self) -> Option<HouseId> {
        self.house.id
    }

    /// Content secrets of a circle's epochs as passphrases for the ordinary `age` tools, by epoch. For a person's own
    /// export only.
    #[must_use]
    pub fn expose_content_secrets(&self, circle: &CircleId) -> Vec<(u32, String)> {
        let Some(state) = self.circles.get(circle) else { return Vec::new() };
        state.keys.iter().map(|(n, k)| (*n, k.keys.expose_content_secret())).collect()
    }

    /// Whether this device has the secret of an epoch.
    #[must_use]
    pub fn holds_epoch(&self, circle: &CircleId, epoch: u32) -> bool {
        self.circles.get(circle).is_some_and(|state| state.keys.contains_key(&epoch))
    }

    /// How many records went from storage since the engine started: where storage keeps what was overwritten, that is to go too.
    #[must_use]
    pub const fn erased(&self) -> u64 {
        self.erased
    }

    /// Keys of an epoch, for whoever seals and opens in this device's place.
    #[must_use]
    pub fn epoch_keys(&self, circle: &CircleId, epoch: u32) -> Option<&EpochKeys> {
        self.circles.get(circle)?.keys.get(&epoch).map(|keyring| &keyring.keys)
    }

    /// What is sealed in a batch, where this device has the secret.
    #[must_use]
    pub fn open_record(&self, record: &Record) -> Option<Vec<u8>> {
        let header = record.check().ok()?;
        self.epoch_keys(&header.circle, header.epoch)?.open(&record.body).ok()
    }

    /// Everything after an input that does not depend on which one it was: item tables, duties, sending, storing.
    fn settle(&mut self, now: Timestamp) {
        self.try_snapshots();
        self.finish_audits();
        self.house.docs.refresh();
        self.ask_ticket();
        self.try_suspect();
        // Nothing is built on less than what is here.
        if !self.noted.is_behind() {
            if std::mem::take(&mut self.duties_due) {
                self.do_duties(now);
            }
            self.complain();
            self.pump(now);
            self.make_snapshots();
            self.keep_documents();
        }
        self.ask_rows(now);
        if !self.writes.is_empty() || !self.after.is_empty() {
            let id = self.next_store;
            self.next_store += 1;
            let writes = std::mem::take(&mut self.writes);
            self.storing.insert(id, std::mem::take(&mut self.after));
            self.out.push_back(Output::Store { id, writes });
        }
        if std::mem::take(&mut self.changed) {
            self.out.push_back(Output::Changed);
        }
    }

    fn stored(&mut self, id: u64) {
        for after in self.storing.remove(&id).unwrap_or_default() {
            match after {
                After::Done(id, reply) => self.out.push_back(Output::Done { id, result: Ok(*reply) }),
                After::SendOutbox => {
                    if let Some(outgoing) = &mut self.outgoing {
                        outgoing.stored = true;
                    }
                }
                After::AckWraps(ids) => self.ack_wraps(ids),
                After::Apply(rows) => self.apply_noted(rows),
                After::Close => self.out.push_back(Output::Close),
                After::Restart => self.out.push_back(Output::Restart),
            }
        }
    }

    fn store_failed(&mut self, id: u64) {
        self.alarm(Alarm::StorageFull);
        for after in self.storing.remove(&id).unwrap_or_default() {
            if let After::Done(id, _) = after {
                self.out.push_back(Output::Done { id, result: Err(AppError::StorageFull) });
            }
        }
    }

    /// The clock was set back: what waits for a time it showed would wait for as long as it was wrong.
    fn wait_no_longer(&mut self, now: Timestamp) {
        self.retry_at = self.retry_at.map(|at| at.min(now));
        self.snapshots.wait_no_longer(now);
        for doubt in self.doubts.values_mut() {
            doubt.not_before = doubt.not_before.min(now);
        }
        self.wake_for_doubts(now);
    }

    fn tick(&mut self, now: Timestamp) {
        if self.retry_at.is_some_and(|at| at <= now) {
            self.retry_at = None;
            self.refusals = 0;
            if let Some(outgoing) = &mut self.outgoing {
                outgoing.in_flight = false;
            }
        }
        self.wake_for_doubts(now);
        for document in self.house.docs.expire(now) {
            self.forget_document(&document);
            self.changed = true;
        }
        self.forget_holds(now);
        self.duties_due = true;
    }

    fn alarm(&mut self, alarm: Alarm) {
        let count = self.house.alarms.entry(alarm).or_default();
        *count = count.saturating_add(1);
        self.changed = true;
    }

    fn clear_alarm(&mut self, alarm: Alarm) {
        if self.house.alarms.remove(&alarm).is_some() {
            self.changed = true;
        }
    }

    fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        rand::RngCore::fill_bytes(&mut self.rng, &mut bytes);
        bytes
    }

    fn next_key(&mut self) -> u64 {
        self.next_key += 1;
        self.next_key
    }
}
