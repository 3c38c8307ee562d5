//! One device in one house: a task that owns the engine and performs what it asks for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backon::BackoffBuilder;
use data_encoding::BASE64URL_NOPAD;
use nestpost_core::app::{AppError, Command, Greeting, Query, Reply, View};
use nestpost_core::code;
use nestpost_core::door::{Door, DoorError, DoorStep};
use nestpost_core::engine::{
    Config, Engine, FoundArgs, Input, LoadError, MediaKeys, MediaRow, Output, Summary, Upload,
};
use nestpost_core::house::Stage;
use nestpost_protocol::id::{CircleId, ItemId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::disk::{self, Disk, DiskError};
use crate::line::Line;
use crate::media::{Files, Reading, Relay, Sending};

/// Why a device could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The folder.
    #[error("device folder cannot be used")]
    Disk(#[from] DiskError),
    /// The rows in it.
    #[error("device storage cannot be loaded")]
    Load(#[from] LoadError),
    /// The code.
    #[error("the code does not open")]
    Door(#[from] DoorError),
    /// The command or query.
    #[error("refused by the app")]
    App(#[from] AppError),
    /// No relay there.
    #[error("the relay cannot be reached")]
    Offline,
    /// Of a picture or file: nobody keeps it any more, or what they keep is not what was named.
    #[error("the picture or file is gone")]
    Gone,
    /// A picture or file could not be sealed.
    #[error("the picture or file cannot be sealed")]
    Sealing,
    /// The device's task has ended.
    #[error("the device is closed")]
    Closed,
}

/// Where a device lives and whom it talks to.
#[derive(Debug, Clone)]
pub struct Options {
    /// Origin of the relay, e.g. `http://localhost:8787`.
    pub origin: String,
    /// Folder of this device; one device each.
    pub folder: PathBuf,
    /// Its clock.
    pub clock: Clock,
}

/// A device at work. Dropping it stops its tasks at the next input; [`Device::close`] waits for that.
pub struct Device {
    /// While it is there, the task goes on.
    requests: mpsc::Sender<Request>,
    pub(crate) hand: Hand,
    pub(crate) files: Files,
    pub(crate) reading: Reading,
    task: JoinHandle<()>,
    sending: JoinHandle<()>,
}

/// What asks the device's task, without keeping it alive.
#[derive(Clone)]
pub(crate) struct Hand {
    requests: mpsc::WeakSender<Request>,
    summary: watch::Receiver<Summary>,
}

pub(crate) enum Request {
    Command(Command, oneshot::Sender<Result<Reply, AppError>>),
    Query(Query, oneshot::Sender<Result<View, AppError>>),
    ContentSecrets(CircleId, oneshot::Sender<Vec<(u32, String)>>),
    Transfers(oneshot::Sender<Vec<Upload>>),
    Media(ItemId, oneshot::Sender<Option<MediaKeys>>),
    MediaIndex(oneshot::Sender<Vec<MediaRow>>),
    /// Another one than this, which is too old.
    Ticket(Option<String>, oneshot::Sender<String>),
    Offline(bool),
    Close,
}

/// A device that is online has a ticket within this.
const TICKET_MAX: Duration = Duration::from_secs(15);

impl Hand {
    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Result<T, ClientError> {
        let (answer, result) = oneshot::channel();
        self.tell(request(answer)).await?;
        result.await.map_err(|_| ClientError::Closed)
    }

    async fn tell(&self, request: Request) -> Result<(), ClientError> {
        let requests = self.requests.upgrade().ok_or(ClientError::Closed)?;
        requests.send(request).await.map_err(|_| ClientError::Closed)
    }

    pub(crate) fn summary(&self) -> watch::Receiver<Summary> {
        self.summary.clone()
    }

    pub(crate) async fn command(&self, command: Command) -> Result<Reply, ClientError> {
        Ok(self.ask(|answer| Request::Command(command, answer)).await??)
    }

    pub(crate) async fn transfers(&self) -> Result<Vec<Upload>, ClientError> {
        self.ask(Request::Transfers).await
    }

    pub(crate) async fn media(&self, item: ItemId) -> Result<Option<MediaKeys>, ClientError> {
        self.ask(|answer| Request::Media(item, answer)).await
    }

    pub(crate) async fn media_index(&self) -> Result<Vec<MediaRow>, ClientError> {
        self.ask(Request::MediaIndex).await
    }

    /// A ticket as it stands in a header, other than `stale`, which the relay does not take any more.
    pub(crate) async fn ticket(&self, stale: Option<String>) -> Result<String, ClientError> {
        let asked = self.ask(|answer| Request::Ticket(stale, answer));
        tokio::time::timeout(TICKET_MAX, asked).await.map_err(|_| ClientError::Offline)?
    }
}

fn config(options: &Options) -> Config {
    Config { origin: options.origin.clone(), seed: rand::random() }
}

impl Device {
    /// Founds a house. Returns the device and the recovery sheet's printed code.
    ///
    /// # Errors
    /// [`ClientError::Disk`], or [`ClientError::App`] for the names.
    pub fn found(options: Options, args: FoundArgs) -> Result<(Self, String), ClientError> {
        let secrets = disk::make_secrets(&options.folder)?;
        let founded = Engine::found(&config(&options), secrets, args)?;
        let code = code::format_sheet(&founded.sheet);
        Ok((Self::start(options, founded.engine)?, code))
    }

    /// Opens an invite without consuming it.
    ///
    /// # Errors
    /// [`ClientError::Door`] or [`ClientError::Offline`].
    pub async fn greet(origin: &str, code: &str) -> Result<Greeting, ClientError> {
        Ok(visit(origin, code).await?.1)
    }

    /// Joins with a typed code or a letter's link.
    ///
    /// # Errors
    /// [`ClientError::Door`], [`ClientError::Offline`] or [`ClientError::Disk`].
    pub async fn join(options: Options, code: &str) -> Result<Self, ClientError> {
        let (visitor, _) = visit(&options.origin, code).await?;
        let secrets = disk::make_secrets(&options.folder)?;
        let engine = Engine::join(&config(&options), secrets, &visitor);
        Self::start(options, engine)
    }

    /// Opens a device that was closed.
    ///
    /// # Errors
    /// [`ClientError::Disk`] or [`ClientError::Load`].
    pub fn open(options: Options) -> Result<Self, ClientError> {
        let secrets = disk::read_secrets(&options.folder)?;
        let disk = Disk::open(&options.folder)?;
        let engine = Engine::open(&config(&options), secrets, disk.load()?)?;
        Ok(Self::run(options, engine, disk))
    }

    /// Whether a folder holds a device.
    #[must_use]
    pub fn is_there(folder: &Path) -> bool {
        disk::read_secrets(folder).is_ok()
    }

    fn start(options: Options, engine: Engine) -> Result<Self, ClientError> {
        let disk = Disk::open(&options.folder)?;
        Ok(Self::run(options, engine, disk))
    }

    fn run(options: Options, engine: Engine, disk: Disk) -> Self {
        let (requests, inbox) = mpsc::channel(64);
        let (publish, summary) = watch::channel(engine.summary());
        let hand = Hand { requests: requests.downgrade(), summary };
        let files = Files::new(&options.folder);
        let relay = Relay::new(&options.origin);
        let worker = Worker {
            erased: 0,
            engine,
            disk,
            clock: options.clock.clone(),
            options,
            publish,
            waiting: HashMap::new(),
            next_command: 0,
            ticket: None,
            tickets: Vec::new(),
            wake: None,
            relay: relay.clone(),
            vain: 0,
        };
        let task = tokio::spawn(worker.run(inbox));
        let sending = tokio::spawn(Sending::new(hand.clone(), files.clone(), relay.clone()).run());
        let reading = Reading { files: files.clone(), relay };
        Self { requests, hand, files, reading, task, sending }
    }

    /// Carries out a command; resolves when it is stored on this device.
    ///
    /// # Errors
    /// [`ClientError::App`] or [`ClientError::Closed`].
    pub async fn command(&self, command: Command) -> Result<Reply, ClientError> {
        self.hand.command(command).await
    }

    /// Answers a question from what is on this device.
    ///
    /// # Errors
    /// [`ClientError::App`] or [`ClientError::Closed`].
    pub async fn query(&self, query: Query) -> Result<View, ClientError> {
        Ok(self.hand.ask(|answer| Request::Query(query, answer)).await??)
    }

    /// Content secrets of a circle as passphrases for the ordinary `age` tools; for a person's own export.
    ///
    /// # Errors
    /// [`ClientError::Closed`].
    pub async fn expose_content_secrets(&self, circle: CircleId) -> Result<Vec<(u32, String)>, ClientError> {
        self.hand.ask(|answer| Request::ContentSecrets(circle, answer)).await
    }

    /// Takes the device off the network, or puts it back.
    ///
    /// # Errors
    /// [`ClientError::Closed`].
    pub async fn set_offline(&self, offline: bool) -> Result<(), ClientError> {
        self.hand.tell(Request::Offline(offline)).await
    }

    /// The house as it stands.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.hand.summary.borrow().clone()
    }

    /// Waits until the summary is as wanted. It is looked at again after every change of anything.
    ///
    /// # Errors
    /// [`ClientError::Closed`].
    pub async fn until(&self, wanted: impl FnMut(&Summary) -> bool) -> Result<Summary, ClientError> {
        let mut summary = self.hand.summary();
        let found = summary.wait_for(wanted).await.map_err(|_| ClientError::Closed)?;
        Ok(found.clone())
    }

    /// Asks a question again after every change, until the answer is as wanted.
    ///
    /// # Errors
    /// [`ClientError::Closed`]; errors of the query count as "not yet".
    pub async fn until_view(
        &self,
        query: Query,
        wanted: impl Fn(&View) -> bool,
    ) -> Result<View, ClientError> {
        let mut summary = self.hand.summary();
        loop {
            summary.borrow_and_update();
            if let Ok(view) = self.query(query.clone()).await
                && wanted(&view)
            {
                return Ok(view);
            }
            summary.changed().await.map_err(|_| ClientError::Closed)?;
        }
    }

    /// Stops the device. What was written stays on its disk.
    pub async fn close(self) {
        let _ = self.requests.send(Request::Close).await;
        drop(self.requests);
        let _ = self.task.await;
        let _ = self.sending.await;
    }
}

async fn visit(origin: &str, code: &str) -> Result<(nestpost_core::door::Visitor, Greeting), ClientError> {
    let mut door = Door::new(origin, code)?;
    let mut line = Line::open(origin).await.ok_or(ClientError::Offline)?;
    loop {
        let bytes = line.receive().await.ok_or(ClientError::Offline)?;
        match door.received(&bytes)? {
            DoorStep::Send(bytes) => {
                line.send(bytes).await;
            }
            DoorStep::Opened(opened) => {
                line.close().await;
                return Ok(*opened);
            }
        }
    }
}

/// Longest pause between two attempts to reach the relay.
const PAUSE_MAX: Duration = Duration::from_secs(5);

struct Worker {
    engine: Engine,
    disk: Disk,
    /// How much was erased when the disk was written last.
    erased: u64,
    clock: Clock,
    options: Options,
    publish: watch::Sender<Summary>,
    waiting: HashMap<u64, oneshot::Sender<Result<Reply, AppError>>>,
    next_command: u64,
    /// As it stands in a header.
    ticket: Option<String>,
    /// Who waits for another one.
    tickets: Vec<oneshot::Sender<String>>,
    wake: Option<Instant>,
    relay: Relay,
    /// Attempts in a row to which nobody answered.
    vain: u32,
}

enum Turn {
    Request(Option<Request>),
    Frame(Option<Vec<u8>>),
    Connected(Option<Box<Line>>),
    Wake,
}

impl Worker {
    async fn run(mut self, mut inbox: mpsc::Receiver<Request>) {
        let mut line: Option<Line> = None;
        let mut offline = false;
        let mut pauses = pauses();
        let mut next_try = Instant::now();
        self.feed(&mut line, Input::Tick).await;
        loop {
            let wake = self.wake;
            let origin = self.next_origin();
            let turn = tokio::select! {
                request = inbox.recv() => Turn::Request(request),
                frame = receive(&mut line) => Turn::Frame(frame),
                opened = connect(&origin, next_try), if line.is_none() && !offline && !self.is_over() => Turn::Connected(opened),
                () = sleep(wake) => Turn::Wake,
            };
            match turn {
                Turn::Request(None | Some(Request::Close)) => break,
                Turn::Request(Some(Request::Offline(wanted))) => {
                    offline = wanted;
                    if offline && let Some(gone) = line.take() {
                        gone.close().await;
                        self.feed(&mut line, Input::LinkDown).await;
                    }
                    next_try = Instant::now();
                }
                Turn::Request(Some(request)) => self.request(&mut line, request).await,
                Turn::Frame(Some(bytes)) => {
                    self.feed(&mut line, Input::Received(bytes)).await;
                    if self.publish.borrow().link == "online" {
                        pauses = self::pauses();
                    }
                    if line.is_none() {
                        // The engine ended it: a new login, after a pause.
                        next_try = Instant::now() + pauses.next().unwrap_or(PAUSE_MAX);
                    }
                }
                Turn::Frame(None) => {
                    line = None;
                    self.feed(&mut line, Input::LinkDown).await;
                    next_try = Instant::now() + pauses.next().unwrap_or(PAUSE_MAX);
                }
                Turn::Connected(Some(opened)) => {
                    line = Some(*opened);
                    self.vain = 0;
                    self.engine.set_origin(&origin);
                    self.relay.set_origin(&origin);
                    // It may be another relay, which knows nothing of tickets that this one gave.
                    self.ticket = None;
                    self.feed(&mut line, Input::LinkUp).await;
                }
                Turn::Connected(None) => {
                    self.vain = self.vain.wrapping_add(1);
                    next_try = Instant::now() + pauses.next().unwrap_or(PAUSE_MAX);
                }
                Turn::Wake => {
                    self.wake = None;
                    self.feed(&mut line, Input::Tick).await;
                }
            }
        }
        if let Some(line) = line {
            line.close().await;
        }
    }

    /// Where the house is, as two have said; every other time where it was, if nobody answers.
    fn next_origin(&self) -> String {
        let address = self.engine.house().log.origin();
        address.filter(|_| self.vain.is_multiple_of(2)).unwrap_or(&self.options.origin).to_owned()
    }

    /// It has emptied itself, and does not know any more whom to ask.
    fn is_over(&self) -> bool {
        let house = self.engine.house();
        house.stage == Stage::Ended && house.id.is_none()
    }

    /// Another engine, from what is stored.
    fn reopened(&self) -> Result<Engine, ClientError> {
        let secrets = disk::read_secrets(&self.options.folder)?;
        Ok(Engine::open(&config(&self.options), secrets, self.disk.load()?)?)
    }

    /// Another engine takes the place of this one, from what is stored.
    async fn begin_again(&mut self, line: &mut Option<Line>) {
        if let Some(open) = line.take() {
            open.close().await;
        }
        self.waiting.clear();
        // What does not load now does not load at the next start either; until then this one goes on.
        if let Ok(engine) = self.reopened() {
            self.erased = engine.erased();
            self.engine = engine;
        }
    }

    async fn request(&mut self, line: &mut Option<Line>, request: Request) {
        match request {
            Request::Command(command, answer) => {
                self.next_command += 1;
                let id = self.next_command;
                self.waiting.insert(id, answer);
                self.feed(line, Input::Command { id, command }).await;
            }
            Request::Query(query, answer) => {
                let _ = answer.send(self.engine.query(self.clock.now(), &query));
            }
            Request::ContentSecrets(circle, answer) => {
                let _ = answer.send(self.engine.expose_content_secrets(&circle));
            }
            Request::Transfers(answer) => {
                let _ = answer.send(self.engine.transfers());
            }
            Request::Media(item, answer) => {
                let _ = answer.send(self.engine.media(&item));
            }
            Request::MediaIndex(answer) => {
                let _ = answer.send(self.engine.media_index());
            }
            Request::Ticket(stale, answer) => match &self.ticket {
                Some(ticket) if stale.as_ref() != Some(ticket) => {
                    let _ = answer.send(ticket.clone());
                }
                _ => {
                    self.tickets.push(answer);
                    self.feed(line, Input::TicketWanted).await;
                }
            },
            Request::Offline(_) | Request::Close => {}
        }
    }

    /// One input, and everything that follows from it.
    async fn feed(&mut self, line: &mut Option<Line>, input: Input) {
        let mut inputs = std::collections::VecDeque::from([input]);
        let mut answers = Vec::new();
        while let Some(input) = inputs.pop_front() {
            let failed = matches!(input, Input::StoreFailed(_));
            self.engine.handle(self.clock.now(), input);
            loop {
                match self.engine.poll_output() {
                    // It builds upon what was not stored.
                    Output::Store { .. } | Output::Send(_) if failed => {}
                    Output::Store { id, writes } => {
                        let erases = self.engine.erased() > self.erased;
                        self.erased = self.engine.erased();
                        inputs.push_back(match self.disk.write(&writes, erases) {
                            Ok(()) => Input::Stored(id),
                            Err(_) => Input::StoreFailed(id),
                        });
                    }
                    Output::Send(bytes) => {
                        if let Some(open) = line {
                            open.send(bytes).await;
                        }
                    }
                    Output::Close => {
                        if let Some(open) = line.take() {
                            open.close().await;
                            inputs.push_back(Input::LinkDown);
                        }
                    }
                    Output::Restart => {
                        self.begin_again(line).await;
                        inputs.push_back(Input::Tick);
                    }
                    Output::Done { id, result } => {
                        if let Some(answer) = self.waiting.remove(&id) {
                            answers.push((answer, result));
                        }
                    }
                    Output::Ticket(bytes) => {
                        let ticket = BASE64URL_NOPAD.encode(&bytes);
                        for answer in self.tickets.drain(..) {
                            let _ = answer.send(ticket.clone());
                        }
                        self.ticket = Some(ticket);
                    }
                    Output::Changed => {}
                    Output::Idle { until } => {
                        let now = self.clock.now();
                        self.wake = until.map(|at| {
                            Instant::now() + Duration::from_millis(at.millis().saturating_sub(now.millis()))
                        });
                        break;
                    }
                }
            }
            if failed {
                inputs.clear();
                self.begin_again(line).await;
            }
        }
        self.disk.tidy();
        // Whoever waits for an answer finds a summary that knows of it.
        self.publish.send_replace(self.engine.summary());
        for (answer, result) in answers {
            let _ = answer.send(result);
        }
    }
}

fn pauses() -> backon::ExponentialBackoff {
    backon::ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(50))
        .with_max_delay(PAUSE_MAX)
        .with_jitter()
        .without_max_times()
        .build()
}

async fn receive(line: &mut Option<Line>) -> Option<Vec<u8>> {
    match line {
        Some(line) => line.receive().await,
        None => std::future::pending().await,
    }
}

async fn connect(origin: &str, at: Instant) -> Option<Box<Line>> {
    tokio::time::sleep_until(at).await;
    Line::open(origin).await.map(Box::new)
}

async fn sleep(until: Option<Instant>) {
    match until {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
