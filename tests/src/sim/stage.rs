//! The world: devices, relays, what is under way between them, one clock, one seed.

use std::collections::{BTreeSet, VecDeque};

use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_core::door::{Door, DoorError, DoorStep, Visitor};
use nestpost_core::engine::{Engine, Input, LoadError, Output};
use nestpost_core::time::Timestamp;
use nestpost_protocol::id::{CircleId, DeviceId, PersonId};
use nestpost_protocol::message::{ClientMessage, RelayMessage};
use nestpost_protocol::record::Header;
use nestpost_protocol::{codec, limit};

use super::cast;
use super::dice::Dice;
use super::ledger::Ledger;
use super::lies::Kept;
use super::phone::{Asked, Line, Phone, frame_id};
use super::tally::Tally;
use crate::relay::{MemoryRelay, SessionId};

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What was looked at.
    pub check: &'static str,
    /// What was seen.
    pub what: String,
}

/// Messages of a line that is gone, which the relay reads all the same.
struct Stray {
    relay: usize,
    session: SessionId,
    up: VecDeque<Vec<u8>>,
}

/// Everything there is.
pub(super) struct Stage {
    pub(super) dice: Dice,
    pub(super) now: Timestamp,
    /// The first is the one that tells the truth, if any does.
    pub(super) relays: Vec<MemoryRelay>,
    pub(super) phones: Vec<Phone>,
    strays: Vec<Stray>,
    pub(super) ledger: Ledger,
    /// The last answer that was to be kept.
    pub(super) reply: Option<Reply>,
    /// Circles in which somebody wrote what readers refuse.
    pub(super) hostile: BTreeSet<CircleId>,
    /// Who read there then.
    pub(super) harmed: BTreeSet<PersonId>,
    /// Devices that did.
    pub(super) hostile_devices: BTreeSet<DeviceId>,
    /// What a lying relay keeps for later.
    pub(super) kept: Kept,
    /// What lies about in the house.
    pub(super) house: cast::Kept,
    pub(super) tally: Tally,
    pub(super) violation: Option<Violation>,
    /// What happened, for people, if they want to read it.
    pub(super) trace: Option<Vec<String>>,
    /// Stands for all that happened: two runs of a seed must agree.
    pub(super) digest: u64,
}

/// 2026-11-21T08:00Z.
const BEGIN_MS: u64 = 1_795_248_000_000;

impl Stage {
    pub(super) fn new(seed: u64, trace: bool) -> Self {
        let now = Timestamp::from_millis(BEGIN_MS);
        Self {
            dice: Dice::new(seed),
            now,
            relays: vec![MemoryRelay::new(now.month())],
            phones: Vec::new(),
            strays: Vec::new(),
            ledger: Ledger::default(),
            reply: None,
            hostile: BTreeSet::new(),
            harmed: BTreeSet::new(),
            hostile_devices: BTreeSet::new(),
            kept: Kept::default(),
            house: cast::Kept::default(),
            tally: Tally { worlds: 1, ..Tally::default() },
            violation: None,
            trace: trace.then(Vec::new),
            digest: 0,
        }
    }

    // What is said about it.

    /// The first thing that must not be counts.
    pub(super) fn violated(&mut self, check: &'static str, what: String) {
        if self.violation.is_none() {
            self.say(|| format!("VIOLATION {check}: {what}"));
            self.violation = Some(Violation { check, what });
        }
    }

    pub(super) fn say(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(what());
        }
    }

    /// One thing that happened to a device.
    pub(super) fn note(&mut self, phone: usize, kind: &'static str) {
        self.tally.operations += 1;
        for byte in kind.bytes().chain([phone.to_le_bytes().first().copied().unwrap_or_default()]) {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if self.trace.is_some() {
            let name = self.phones.get(phone).map_or("relay", |phone| &phone.name).to_owned();
            self.say(|| format!("{name}: {kind}"));
        }
    }

    // Devices.

    pub(super) fn phone(&self, phone: usize) -> &Phone {
        self.phones.get(phone).expect("a device of that number")
    }

    pub(super) fn phone_mut(&mut self, phone: usize) -> &mut Phone {
        self.phones.get_mut(phone).expect("a device of that number")
    }

    /// A device that is there for the first time.
    pub(super) fn adopt(&mut self, phone: Phone, engine: Engine) -> usize {
        let number = self.phones.len();
        self.phones.push(phone.with(engine));
        self.feed(number, Input::Tick);
        number
    }

    /// Switches a device on.
    pub(super) fn start(&mut self, phone: usize) {
        let seed = self.dice.bytes();
        let device = self.phone(phone);
        if device.lost || device.engine.is_some() {
            return;
        }
        match Engine::open(&Phone::config(seed), device.secrets(), device.disk.load()) {
            Ok(engine) => {
                self.phone_mut(phone).engine = Some(engine);
                self.note(phone, "starts");
                self.feed(phone, Input::Tick);
            }
            // It died before it had stored anything at all: whoever holds it begins anew.
            Err(LoadError::Meta) if device.disk.load().is_empty() => self.phone_mut(phone).lost = true,
            Err(error) => self.violated("load", format!("{}: {error}", self.phone(phone).name)),
        }
    }

    /// A device dies. Of what it has handed to its storage, so many transactions are kept.
    pub(super) fn die(&mut self, phone: usize, kept: usize) {
        self.cut(phone);
        let device = self.phone_mut(phone);
        device.engine = None;
        device.wake = None;
        device.asked.clear();
        device.disk.crash(kept);
    }

    // Lines.

    /// A new line to the relay that it is led to.
    pub(super) fn connect(&mut self, phone: usize) {
        let device = self.phone(phone);
        let relay = device.relay;
        let ended = device.engine.as_ref().is_none_or(|engine| engine.summary().stage == "ended");
        if ended || device.line.is_some() {
            return;
        }
        let session = self.relay_mut(relay).connect();
        let line = Line { relay, session, up: VecDeque::new(), down: VecDeque::new(), late: None };
        self.phone_mut(phone).line = Some(line);
        self.collect(relay);
        self.note(phone, "line up");
        self.feed(phone, Input::LinkUp);
    }

    pub(super) fn relay_mut(&mut self, relay: usize) -> &mut MemoryRelay {
        self.relays.get_mut(relay).expect("a relay of that number")
    }

    /// A line breaks. What was sent on it may arrive, to a point; what was to come does not.
    fn cut(&mut self, phone: usize) {
        let Some(line) = self.phone_mut(phone).line.take() else { return };
        let Line { relay, session, mut up, .. } = line;
        up.truncate(self.dice.below(up.len() + 1));
        if up.is_empty() {
            self.relay_mut(relay).disconnect(session);
        } else {
            self.strays.push(Stray { relay, session, up });
        }
    }

    /// The same, and the device notices.
    pub(super) fn drop_line(&mut self, phone: usize) {
        if self.phone(phone).line.is_some() {
            self.cut(phone);
            self.feed(phone, Input::LinkDown);
        }
    }

    /// A relay has died: nothing that was under way to or from it arrives.
    pub(super) fn drop_all_lines(&mut self, relay: usize) {
        self.strays.retain(|stray| stray.relay != relay);
        for phone in 0..self.phones.len() {
            let Some(line) = &mut self.phone_mut(phone).line else { continue };
            if line.relay == relay {
                line.up.clear();
                self.drop_line(phone);
            }
        }
    }

    /// What a relay has said is on its way.
    pub(super) fn collect(&mut self, relay: usize) {
        for (session, bytes) in self.relay_mut(relay).take() {
            let to = |line: &&mut Line| line.relay == relay && line.session == session;
            if let Some(line) = self.phones.iter_mut().filter_map(|phone| phone.line.as_mut()).find(to) {
                line.down.push_back(bytes);
            }
        }
    }

    /// A relay reads a message.
    fn hear(&mut self, relay: usize, session: SessionId, bytes: &[u8]) {
        self.relay_mut(relay).receive(session, bytes);
        self.collect(relay);
    }

    /// The next message of a device arrives at its relay.
    pub(super) fn send_up(&mut self, phone: usize) -> bool {
        let Some(line) = &mut self.phone_mut(phone).line else { return false };
        let Some(bytes) = line.up.pop_front() else { return false };
        let (relay, session) = (line.relay, line.session);
        self.note(phone, "is heard");
        self.hear(relay, session, &bytes);
        true
    }

    /// The next message of a relay arrives at a device.
    pub(super) fn send_down(&mut self, phone: usize) -> bool {
        let Some(line) = &mut self.phone_mut(phone).line else { return false };
        let Some(bytes) = line.down.pop_front() else { return false };
        self.tell(phone, bytes);
        true
    }

    /// A device is told something.
    pub(super) fn tell(&mut self, phone: usize, bytes: Vec<u8>) {
        let kind = self.look_at_answer(phone, &bytes);
        self.note(phone, kind);
        self.feed(phone, Input::Received(bytes));
    }

    /// The next message of a line that is gone arrives.
    pub(super) fn send_stray(&mut self) -> bool {
        let Some(stray) = self.strays.first_mut() else { return false };
        let (relay, session, next) = (stray.relay, stray.session, stray.up.pop_front());
        match next {
            Some(bytes) => {
                self.note(usize::MAX, "a straggler is heard");
                self.hear(relay, session, &bytes);
            }
            None => {
                self.strays.remove(0);
                self.relay_mut(relay).disconnect(session);
            }
        }
        true
    }

    // Storage.

    /// The oldest transaction of a device is stored.
    pub(super) fn sync(&mut self, phone: usize) -> bool {
        let Some(id) = self.phone_mut(phone).disk.sync() else { return false };
        self.note(phone, "stores");
        self.feed(phone, Input::Stored(id));
        true
    }

    // Engines.

    /// An input, and all that follows from it at once.
    pub(super) fn feed(&mut self, phone: usize, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let clock = self.phone(phone).clock(self.now);
            let Some(engine) = &mut self.phone_mut(phone).engine else { return };
            engine.handle(clock, input);
            loop {
                let Some(engine) = &mut self.phone_mut(phone).engine else { return };
                match engine.poll_output() {
                    Output::Store { id, writes } => self.phone_mut(phone).disk.hand_over(id, writes),
                    Output::Send(bytes) => {
                        self.look_at_submission(phone, &bytes);
                        if let Some(line) = &mut self.phone_mut(phone).line {
                            line.up.push_back(bytes);
                        }
                    }
                    Output::Close => {
                        if self.phone(phone).line.is_some() {
                            self.cut(phone);
                            inputs.push_back(Input::LinkDown);
                        }
                    }
                    // What its storage has is not what it knows: it begins again from there.
                    Output::Restart => {
                        self.note(phone, "begins again");
                        self.die(phone, 0);
                        return self.start(phone);
                    }
                    Output::Done { id, result } => self.answered(phone, id, result),
                    Output::Ticket(_) | Output::Changed => {}
                    Output::Idle { until } => {
                        self.phone_mut(phone).wake = until;
                        break;
                    }
                }
            }
        }
        self.look_at_trust(phone);
    }

    /// What is sent lies stored, and nothing is sealed again before there was an answer.
    fn look_at_submission(&mut self, phone: usize, bytes: &[u8]) {
        let device = self.phone(phone);
        if !device.is_member() {
            return;
        }
        let Ok(ClientMessage::Submit(submit)) = codec::decode(bytes, limit::MESSAGE_BYTES_MAX) else {
            return;
        };
        if self.trace.is_some() {
            for header in submit.frame.records.iter().filter_map(|record| record.check().ok()) {
                let Header { kind, circle, seq, seen, log, epoch, .. } = header;
                let (seen, log) = (seen.n, log.seq);
                self.say(|| format!("  {kind:?} {seq} in {circle:?} under {epoch}, after {seen}, log {log}"));
            }
        }
        self.tally.check("stored");
        self.tally.check("resealed");
        let device = self.phone(phone);
        let frame = frame_id(&submit.frame);
        if device.stored_frame() != Some(frame) {
            self.violated("stored", format!("{} sent what it had not stored", device.name));
        }
        let device = self.phone(phone);
        // What stands on a history that the relay does not have is written anew.
        let forgets = device.forgets || self.kept.put_back;
        if !forgets && device.unanswered.is_some_and(|(_, before)| before != frame) {
            self.violated("resealed", format!("{} sealed again without an answer", device.name));
        }
        self.phone_mut(phone).unanswered = Some((submit.id, frame));
    }

    fn look_at_answer(&mut self, phone: usize, bytes: &[u8]) -> &'static str {
        let Ok(message) = codec::decode::<RelayMessage>(bytes, limit::MESSAGE_BYTES_MAX) else {
            return "hears noise";
        };
        let (kind, answers) = match message {
            RelayMessage::Challenge(_) => ("is challenged", None),
            RelayMessage::Welcome(_) => ("is welcomed", None),
            RelayMessage::Log(_) => ("hears of the log", None),
            RelayMessage::Records(_) => ("is sent records", None),
            RelayMessage::Wraps(_) => ("is sent wraps", None),
            RelayMessage::Synced(_) => ("has caught up", None),
            RelayMessage::Ack(ack) => ("is acknowledged", Some(ack.id)),
            RelayMessage::Refused(refused) => {
                self.say(|| format!("  {:?}", refused.code));
                ("is refused", Some(refused.id))
            }
            RelayMessage::Bye(_) => ("is sent away", None),
            _ => ("is told something", None),
        };
        let device = self.phone_mut(phone);
        if answers.is_some() && device.unanswered.map(|(id, _)| id) == answers {
            device.unanswered = None;
        }
        kind
    }

    // Commands.

    /// Somebody wants something of their device.
    pub(super) fn command(&mut self, phone: usize, command: Command, asked: Asked) {
        let device = self.phone_mut(phone);
        if device.engine.is_none() {
            return;
        }
        device.next_command += 1;
        let id = device.next_command;
        device.asked.insert(id, asked);
        self.note(phone, "is asked");
        self.say(|| match &command {
            // The code on the paper is another one in each house that is founded.
            Command::ConfirmMove { origin, sheet: Some(_) } => {
                format!("  ConfirmMove {origin:?}, with the sheet")
            }
            _ => format!("  {command:?}"),
        });
        self.feed(phone, Input::Command { id, command });
    }

    fn answered(&mut self, phone: usize, id: u64, result: Result<Reply, AppError>) {
        let Some(asked) = self.phone_mut(phone).asked.remove(&id) else { return };
        if let (Err(error), true) = (&result, self.trace.is_some()) {
            let text = format!("{}: {error} ({asked:?})", self.phone(phone).name);
            self.say(|| text);
        }
        if let Ok(reply) = result {
            self.done(phone, &asked, reply);
        }
    }

    pub(super) fn query(&self, phone: usize, query: &Query) -> Option<View> {
        let device = self.phone(phone);
        device.engine.as_ref()?.query(device.clock(self.now), query).ok()
    }

    /// Opens a letter, at the first relay.
    pub(super) fn visit(&mut self, code: &str) -> Result<Visitor, DoorError> {
        let mut door = Door::new(crate::world::ORIGIN, code)?;
        let session = self.relay_mut(0).connect();
        let opened = loop {
            let queue = self.relay_mut(0).take().into_iter();
            let Some((_, bytes)) = queue.into_iter().find(|(to, _)| *to == session) else {
                break Err(DoorError::Garbage);
            };
            match door.received(&bytes) {
                Ok(DoorStep::Send(bytes)) => self.relay_mut(0).receive(session, &bytes),
                Ok(DoorStep::Opened(visitor)) => break Ok(visitor.0),
                Err(error) => break Err(error),
            }
        };
        self.relay_mut(0).disconnect(session);
        opened
    }

    // Time.

    pub(super) fn pass(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        let month = self.now.month();
        for relay in &mut self.relays {
            relay.month = month;
        }
        for phone in 0..self.phones.len() {
            self.feed(phone, Input::Tick);
        }
    }

    /// Everything works, until nobody has anything to say. Whether that moment came.
    pub(super) fn settle(&mut self) -> bool {
        self.settle_within(SETTLE_ROUNDS_MAX)
    }

    pub(super) fn settle_within(&mut self, rounds: usize) -> bool {
        for _ in 0..rounds {
            let mut moved = false;
            for phone in 0..self.phones.len() {
                self.start(phone);
                if self.phone(phone).away_until <= self.now {
                    self.connect(phone);
                }
                while self.send_up(phone) {
                    moved = true;
                }
                while self.send_down(phone) || self.sync(phone) {
                    moved = true;
                }
                if self.violation.is_some() {
                    return true;
                }
            }
            while self.send_stray() {
                moved = true;
            }
            if !moved {
                return true;
            }
        }
        false
    }
}

const SETTLE_ROUNDS_MAX: usize = 5_000;
