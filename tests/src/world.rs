//! A world of devices around a relay in memory: real engines, real sealing, one thread.

use std::collections::{BTreeMap, VecDeque};

use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_core::code;
use nestpost_core::crypto::{DeviceKeys, LocalKey};
use nestpost_core::door::{Door, DoorError, DoorStep, Visitor};
use nestpost_core::engine::{Config, Engine, FoundArgs, Input, LoadError, Output, Secrets, Summary};
use nestpost_core::inquiry::{Outsider, OutsiderStep, Words};
use nestpost_core::store::{Loaded, Table, Write};
use nestpost_core::time::Timestamp;
use nestpost_protocol::id::{HouseId, PersonId};

use crate::relay::{MemoryRelay, SessionId};

/// Origin that every device of the world uses.
pub const ORIGIN: &str = "http://localhost:8787";

/// A device: an engine, the rows it stored, and its line.
#[derive(Clone)]
pub struct Device {
    seed: [u8; 32],
    local: [u8; 32],
    engine: Engine,
    rows: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    line: Option<SessionId>,
    /// Every line this device ever had.
    pub lines: Vec<SessionId>,
    offline: bool,
    /// It has asked since it heard that it ended.
    asked: bool,
    done: BTreeMap<u64, Result<Reply, AppError>>,
    /// Tickets for blobs that came.
    pub tickets: Vec<Vec<u8>>,
    next: u64,
    starts: u8,
    /// How often it still dies as soon as it applies a record.
    deaths: u32,
    /// How many more effects it performs before it dies.
    effects: Option<u32>,
    /// When it dies in this way, it comes back without a network.
    falls_off: bool,
}

/// Devices by name, one relay, one clock.
#[derive(Clone)]
pub struct World {
    /// The relay.
    pub relay: MemoryRelay,
    /// The clock of everybody.
    pub now: Timestamp,
    devices: BTreeMap<String, Device>,
    /// Code of the house's recovery sheet.
    pub sheet: String,
}

impl World {
    /// An empty world at 2026-11-21T08:00Z.
    #[must_use]
    pub fn new() -> Self {
        let now = Timestamp::from_millis(1_795_248_000_000);
        Self { relay: MemoryRelay::new(now.month()), now, devices: BTreeMap::new(), sheet: String::new() }
    }

    fn config(starts: u8, name: &str) -> Config {
        let mut seed = [starts; 32];
        for (byte, from) in seed.iter_mut().zip(name.bytes()) {
            *byte ^= from;
        }
        Config { origin: ORIGIN.into(), seed }
    }

    fn adopt(&mut self, name: &str, seed: [u8; 32], local: [u8; 32], engine: Engine) {
        let device = Device {
            seed,
            local,
            engine,
            rows: BTreeMap::new(),
            line: None,
            lines: Vec::new(),
            offline: false,
            asked: false,
            done: BTreeMap::new(),
            tickets: Vec::new(),
            next: 0,
            starts: 1,
            deaths: 0,
            effects: None,
            falls_off: false,
        };
        self.devices.insert(name.to_owned(), device);
        self.feed(name, Input::Tick);
    }

    fn secrets() -> (Secrets, [u8; 32], [u8; 32]) {
        let secrets = Secrets { keys: DeviceKeys::generate(), local: LocalKey::generate() };
        let (seed, local) = (*secrets.keys.expose_seed(), *secrets.local.expose_bytes());
        (secrets, seed, local)
    }

    /// `name` founds the house; everything settles.
    pub fn found(&mut self, name: &str) {
        self.found_as(name, name);
    }

    /// The same; the director is called otherwise.
    pub fn found_as(&mut self, name: &str, director_name: &str) {
        let (secrets, seed, local) = Self::secrets();
        let args = FoundArgs {
            house_name: "Kita Spatzennest".into(),
            director_name: director_name.into(),
            help_line: "0351 123".into(),
            notice: "Wer, was, wozu.".into(),
            setup_code: None,
        };
        let founded = Engine::found(&Self::config(1, name), secrets, args).unwrap();
        self.sheet = code::format_sheet(&founded.sheet);
        self.adopt(name, seed, local, founded.engine);
        self.settle();
    }

    /// Opens an invite.
    ///
    /// # Errors
    /// What the door says.
    pub fn visit(&mut self, code: &str) -> Result<Visitor, DoorError> {
        self.visit_on(code).map(|(visitor, _)| visitor)
    }

    fn visit_on(&mut self, code: &str) -> Result<(Visitor, SessionId), DoorError> {
        let mut door = Door::new(ORIGIN, code)?;
        let session = self.relay.connect();
        loop {
            let queue = self.relay.take();
            let (_, bytes) = queue.into_iter().find(|(to, _)| *to == session).expect("the relay answers");
            match door.received(&bytes) {
                Ok(DoorStep::Send(bytes)) => self.relay.receive(session, &bytes),
                Ok(DoorStep::Opened(opened)) => {
                    self.relay.disconnect(session);
                    return Ok((opened.0, session));
                }
                Err(error) => {
                    self.relay.disconnect(session);
                    return Err(error);
                }
            }
        }
    }

    /// Somebody outside writes by a public link. What the house hears of it waits until everything settles.
    ///
    /// # Errors
    /// What the outsider is told.
    pub fn write_from_outside(&mut self, link: &str, words: Words) -> Result<(), DoorError> {
        let mut outsider = Outsider::new(ORIGIN, link, words)?;
        let session = self.relay.connect();
        let mut others = Vec::new();
        let end = loop {
            let queue = self.relay.take();
            let (mine, rest): (Vec<_>, Vec<_>) = queue.into_iter().partition(|(to, _)| *to == session);
            others.extend(rest);
            let (_, bytes) = mine.into_iter().next().expect("the relay answers");
            match outsider.received(&bytes) {
                Ok(OutsiderStep::Send(bytes)) => self.relay.receive(session, &bytes),
                Ok(OutsiderStep::Sent) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        self.relay.disconnect(session);
        self.deliver(others);
        end
    }

    /// `name` joins with a code; everything settles.
    ///
    /// # Errors
    /// What the door says.
    pub fn join(&mut self, name: &str, code: &str) -> Result<(), DoorError> {
        let (visitor, session) = self.visit_on(code)?;
        let (secrets, seed, local) = Self::secrets();
        let engine = Engine::join(&Self::config(1, name), secrets, &visitor);
        self.adopt(name, seed, local, engine);
        self.device_mut(name).lines.push(session);
        self.settle();
        Ok(())
    }

    /// `name` is to be added as a device of this person; it belongs to nobody yet. Returns what it answers.
    pub fn pair(&mut self, name: &str, house: HouseId, person: PersonId) -> String {
        let (secrets, seed, local) = Self::secrets();
        self.pair_with(name, secrets, seed, local, (house, person))
    }

    /// The recovery sheet is typed in: for as long as it takes, a device of its own.
    pub fn unfold_sheet(&mut self, name: &str, house: HouseId, person: PersonId) {
        let keys = code::parse_sheet(&self.sheet).unwrap();
        let (seed, local) = (*keys.expose_seed(), LocalKey::generate());
        let bytes = *local.expose_bytes();
        self.pair_with(name, Secrets { keys, local }, seed, bytes, (house, person));
    }

    fn pair_with(
        &mut self,
        name: &str,
        secrets: Secrets,
        seed: [u8; 32],
        local: [u8; 32],
        (house, person): (HouseId, PersonId),
    ) -> String {
        let engine = Engine::pair(&Self::config(1, name), secrets, house, person);
        let (answer, _) = engine.pairing().unwrap();
        self.adopt(name, seed, local, engine);
        self.set_offline(name, true);
        answer
    }

    /// A device is forgotten, with everything on it.
    pub fn forget(&mut self, name: &str) {
        self.set_offline(name, true);
        self.devices.remove(name);
    }

    /// A device.
    #[must_use]
    pub fn device(&self, name: &str) -> &Device {
        self.devices.get(name).expect("a device of that name")
    }

    fn device_mut(&mut self, name: &str) -> &mut Device {
        self.devices.get_mut(name).expect("a device of that name")
    }

    /// The house as a device sees it.
    #[must_use]
    pub fn summary(&self, name: &str) -> Summary {
        self.device(name).engine.summary()
    }

    /// The engine of a device.
    #[must_use]
    pub fn engine(&self, name: &str) -> &Engine {
        &self.device(name).engine
    }

    /// Every device with its engine.
    pub fn engines(&self) -> impl Iterator<Item = (&str, &Engine)> {
        self.devices.iter().map(|(name, device)| (name.as_str(), &device.engine))
    }

    /// A command, carried out and stored; nothing else happens yet.
    ///
    /// # Errors
    /// The app's.
    pub fn command(&mut self, name: &str, command: Command) -> Result<Reply, AppError> {
        self.attempt(name, command).expect("every command is answered once it is stored")
    }

    /// A command, and its answer unless the device dies over it.
    pub fn attempt(&mut self, name: &str, command: Command) -> Option<Result<Reply, AppError>> {
        let device = self.device_mut(name);
        device.next += 1;
        let id = device.next;
        self.feed(name, Input::Command { id, command });
        self.device_mut(name).done.remove(&id)
    }

    /// A ticket for blobs is wanted.
    pub fn want_ticket(&mut self, name: &str) {
        self.feed(name, Input::TicketWanted);
    }

    /// Time passes for everybody.
    pub fn pass(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        let names: Vec<String> = self.devices.keys().cloned().collect();
        for name in names {
            self.feed(&name, Input::Tick);
        }
    }

    /// A query.
    ///
    /// # Errors
    /// The app's.
    pub fn query(&self, name: &str, query: &Query) -> Result<View, AppError> {
        self.device(name).engine.query(self.now, query)
    }

    /// Takes a device off the network, or lets it back on.
    pub fn set_offline(&mut self, name: &str, offline: bool) {
        let device = self.device_mut(name);
        device.offline = offline;
        device.asked = false;
        if offline && let Some(line) = device.line.take() {
            self.relay.disconnect(line);
            self.feed(name, Input::LinkDown);
        }
    }

    /// From now on a device dies, so often, in the moment in which it applies records; it is started again each time.
    pub fn let_die_on_records(&mut self, name: &str, times: u32) {
        self.device_mut(name).deaths = times;
    }

    /// A device performs so many more effects (a transaction counts twice: before it and after it), then it dies and is started
    /// again.
    pub fn let_die_after(&mut self, name: &str, effects: u32) {
        self.device_mut(name).effects = Some(effects);
    }

    /// The same, and it comes back without a network.
    pub fn let_fall_off_after(&mut self, name: &str, effects: u32) {
        self.let_die_after(name, effects);
        self.device_mut(name).falls_off = true;
    }

    /// Whether the device that was to die still lives.
    pub fn outlives(&mut self, name: &str) -> bool {
        self.device_mut(name).effects.take().is_some()
    }

    /// The keys of a device, for whoever speaks in its place.
    #[must_use]
    pub fn keys(&self, name: &str) -> DeviceKeys {
        DeviceKeys::from_seed(self.device(name).seed)
    }

    /// Kills a device and starts it again from what it had stored.
    pub fn restart(&mut self, name: &str) {
        self.device_mut(name).starts += 1;
        let engine = self.open(name, self.rows(name)).expect("stored rows load");
        let device = self.device_mut(name);
        device.engine = engine;
        if let Some(line) = device.line.take() {
            self.relay.disconnect(line);
        }
        self.feed(name, Input::Tick);
    }

    /// Another engine with a device's secrets, from these rows.
    ///
    /// # Errors
    /// [`LoadError`].
    pub fn open(&self, name: &str, rows: Vec<Loaded>) -> Result<Engine, LoadError> {
        let device = self.device(name);
        let secrets =
            Secrets { keys: DeviceKeys::from_seed(device.seed), local: LocalKey::from_bytes(device.local) };
        Engine::open(&Self::config(device.starts, name), secrets, rows)
    }

    /// All rows a device has stored, in their order.
    #[must_use]
    pub fn rows(&self, name: &str) -> Vec<Loaded> {
        let rows = self.device(name).rows.iter();
        rows.map(|((table, key), value)| Loaded { table: *table, key: key.clone(), value: value.clone() })
            .collect()
    }

    /// Seed and local key of a device, for whoever opens its rows elsewhere.
    #[must_use]
    pub fn secrets_of(&self, name: &str) -> ([u8; 32], [u8; 32]) {
        let device = self.device(name);
        (device.seed, device.local)
    }

    /// How many rows a device has stored, of one table or of all.
    #[must_use]
    pub fn row_count(&self, name: &str, of: Option<Table>) -> usize {
        self.device(name).rows.keys().filter(|(table, _)| of.is_none_or(|of| of == *table)).count()
    }

    /// A device is told something, by whoever speaks as the relay.
    pub fn receive(&mut self, name: &str, bytes: Vec<u8>) {
        self.feed(name, Input::Received(bytes));
    }

    /// All rows a device has stored, as bytes.
    #[must_use]
    pub fn stored_bytes(&self, name: &str) -> Vec<u8> {
        self.device(name).rows.iter().flat_map(|((_, key), value)| key.iter().chain(value).copied()).collect()
    }

    /// Runs until nobody has anything to say.
    pub fn settle(&mut self) {
        for _ in 0..10_000 {
            self.connect_all();
            let queue = self.relay.take();
            if queue.is_empty() {
                return;
            }
            self.deliver(queue);
        }
        let alarms = self.devices.iter().map(|(name, device)| (name, device.engine.summary().alarms));
        panic!("the world does not settle: {:?}, {:?}", self.relay.refusals, alarms.collect::<Vec<_>>());
    }

    fn deliver(&mut self, queue: Vec<(SessionId, Vec<u8>)>) {
        for (session, bytes) in queue {
            let name =
                self.devices.iter().find(|(_, d)| d.line == Some(session)).map(|(name, _)| name.clone());
            if let Some(name) = name {
                self.feed(&name, Input::Received(bytes));
            }
        }
    }

    fn connect_all(&mut self) {
        let waiting: Vec<String> = self
            .devices
            .iter()
            .filter(|(_, d)| d.line.is_none() && !d.offline && !(d.asked && d.has_ended()))
            .map(|(name, _)| name.clone())
            .collect();
        for name in waiting {
            let session = self.relay.connect();
            let device = self.device_mut(&name);
            device.line = Some(session);
            device.lines.push(session);
            // Nothing but the log is proof that it ended, so it asks again; once, or the world never settles.
            device.asked = device.has_ended();
            self.feed(&name, Input::LinkUp);
        }
    }

    fn die(&mut self, name: &str) {
        let device = self.device_mut(name);
        device.offline |= std::mem::take(&mut device.falls_off);
        self.restart(name);
    }

    fn feed(&mut self, name: &str, input: Input) {
        let mut inputs = VecDeque::from([input]);
        let now = self.now;
        while let Some(input) = inputs.pop_front() {
            self.device_mut(name).engine.handle(now, input);
            loop {
                let device = self.device_mut(name);
                let output = device.engine.poll_output();
                if matches!(output, Output::Store { .. } | Output::Send(_)) && device.is_dying() {
                    return self.die(name);
                }
                match output {
                    Output::Store { id, writes } => {
                        device.store(writes);
                        if device.is_dying() {
                            return self.die(name);
                        }
                        if device.deaths > 0 && device.engine.is_about_to_apply() {
                            device.deaths -= 1;
                            return self.restart(name);
                        }
                        inputs.push_back(Input::Stored(id));
                    }
                    Output::Send(bytes) => {
                        if let Some(line) = device.line {
                            self.relay.receive(line, &bytes);
                        }
                    }
                    Output::Close => {
                        if let Some(line) = device.line.take() {
                            self.relay.disconnect(line);
                            inputs.push_back(Input::LinkDown);
                        }
                    }
                    Output::Restart => return self.restart(name),
                    Output::Done { id, result } => {
                        device.done.insert(id, result);
                    }
                    Output::Ticket(bytes) => self.device_mut(name).tickets.push(bytes),
                    Output::Changed => {}
                    Output::Idle { .. } => break,
                }
            }
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl Device {
    fn has_ended(&self) -> bool {
        self.engine.summary().stage == "ended"
    }

    /// Counts one effect.
    fn is_dying(&mut self) -> bool {
        let left = self.effects.take();
        self.effects = left.and_then(|left| left.checked_sub(1));
        left == Some(0)
    }

    fn store(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write.value {
                Some(value) => self.rows.insert((write.table, write.key), value),
                None => self.rows.remove(&(write.table, write.key)),
            };
        }
    }
}
