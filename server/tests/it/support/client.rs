//! A WebSocket client that says exactly what a test wants it to say.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use nestpost_protocol::codec;
use nestpost_protocol::epoch::Wrap;
use nestpost_protocol::id::{CircleId, HouseId, Incarnation, Nonce, RelayKey};
use nestpost_protocol::label;
use nestpost_protocol::log::{Link, LogState, OpenEntry};
use nestpost_protocol::message::{
    Ack, ByeCode, Challenge, ClientMessage, Cursor, Cursors, FoundHouse, Frame, Hello, InviteHello,
    InviteInfo, RefusalCode, Refused, RelayMessage, Row, SignedPosition, Submit, Synced, Versions,
    WantedRows, Welcome, Word, state_hash,
};
use nestpost_protocol::record::Record;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::house::Secret;
use super::{Device, Draft, House};

/// Long enough for a busy machine, short enough to end a test that hangs.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) challenge: Challenge,
    origin: String,
    next: u64,
    pub(crate) sent_bytes: usize,
    pub(crate) received_bytes: usize,
    /// Every byte of every message.
    pub(crate) raw: Vec<u8>,
    pub(crate) inbox: Inbox,
}

/// What a client was sent.
#[derive(Default)]
pub(crate) struct Inbox {
    pub(crate) links: Vec<Link>,
    pub(crate) entries: BTreeMap<u64, OpenEntry>,
    pub(crate) rows: BTreeMap<CircleId, Vec<Row>>,
    pub(crate) snapshots: Vec<Record>,
    pub(crate) wraps: Vec<Wrap>,
    pub(crate) synced: Option<Synced>,
    pub(crate) signed: Vec<SignedPosition>,
    /// What directors say of the copy, as last sent.
    pub(crate) words: Vec<Word>,
    /// What the relay lost, as last sent.
    pub(crate) lacks: Vec<WantedRows>,
    /// Names of the messages, in order.
    pub(crate) order: Vec<&'static str>,
}

impl Inbox {
    fn take(&mut self, message: RelayMessage) -> Option<RelayMessage> {
        match message {
            RelayMessage::Log(page) => {
                self.order.push("log");
                self.links.extend(page.links);
                self.entries.extend(page.entries.into_iter().map(|seen| (seen.seq, seen.entry)));
            }
            RelayMessage::Records(page) => {
                self.order.push("records");
                self.rows.entry(page.circle).or_default().extend(page.rows);
            }
            RelayMessage::Snapshots(records) => {
                self.order.push("snapshots");
                self.snapshots.extend(records);
            }
            RelayMessage::Wraps(wraps) => {
                self.order.push("wraps");
                self.wraps.extend(wraps);
            }
            RelayMessage::Synced(synced) => {
                self.order.push("synced");
                self.synced = Some(synced);
            }
            // Said after what was sent live; whoever asks about it reads `signed`.
            RelayMessage::Signed(positions) => self.signed.extend(positions),
            RelayMessage::Words(words) => self.words = words,
            RelayMessage::Lacks(lacks) => self.lacks = lacks,
            other => return Some(other),
        }
        None
    }
}

/// The cursors of somebody who holds everything in a draft's circles.
pub(crate) fn holds(draft: &Draft, circles: &[CircleId]) -> Cursors {
    let mut circles: Vec<Cursor> = circles
        .iter()
        .filter_map(|circle| {
            draft.tails.get(circle).map(|position| Cursor { circle: *circle, position: *position })
        })
        .collect();
    circles.sort();
    Cursors { log: draft.log.head(), circles }
}

pub(crate) fn nothing() -> Cursors {
    Cursors { log: None, circles: Vec::new() }
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let (socket, _) = connect_async(format!("ws://{address}/ws")).await.unwrap();
        let blank =
            Challenge { nonce: Nonce::new([0; 32]), versions: Versions::OURS, relay: RelayKey::new([0; 32]) };
        let mut client = Self {
            socket,
            challenge: blank,
            origin: format!("http://{address}"),
            next: 1,
            sent_bytes: 0,
            received_bytes: 0,
            raw: Vec::new(),
            inbox: Inbox::default(),
        };
        let RelayMessage::Challenge(challenge) = client.receive().await else { panic!("no challenge") };
        client.challenge = challenge;
        client
    }

    pub(crate) async fn send(&mut self, message: &ClientMessage) {
        self.send_raw(Message::binary(codec::encode(message))).await;
    }

    pub(crate) async fn send_raw(&mut self, frame: Message) {
        // Header of a masked frame: 2, 4 or 10 bytes, and the mask.
        let length = frame.len();
        self.sent_bytes += length + 4 + if length < 126 { 2 } else { 4 };
        self.socket.send(frame).await.unwrap();
    }

    /// The next message, whatever it is.
    pub(crate) async fn receive(&mut self) -> RelayMessage {
        self.try_receive().await.expect("the relay closed the connection")
    }

    /// `None`: closed.
    pub(crate) async fn try_receive(&mut self) -> Option<RelayMessage> {
        loop {
            let frame =
                tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("the relay says nothing");
            match frame {
                Some(Ok(Message::Binary(bytes))) => {
                    self.received_bytes += bytes.len() + if bytes.len() < 126 { 2 } else { 4 };
                    self.raw.extend_from_slice(&bytes);
                    return Some(codec::decode(&bytes, usize::MAX).unwrap());
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(other)) => panic!("unexpected frame {other:?}"),
            }
        }
    }

    /// The next message that is not a page; pages go to the inbox.
    pub(crate) async fn answer(&mut self) -> RelayMessage {
        loop {
            let message = self.receive().await;
            if let Some(message) = self.inbox.take(message) {
                return message;
            }
        }
    }

    /// Takes pages until the inbox is as the test wants it.
    pub(crate) async fn receive_until(&mut self, done: impl Fn(&Inbox) -> bool) {
        while !done(&self.inbox) {
            let message = self.receive().await;
            if let Some(message) = self.inbox.take(message) {
                panic!("unexpected {message:?}");
            }
        }
    }

    pub(crate) async fn bye(&mut self) -> ByeCode {
        match self.answer().await {
            RelayMessage::Bye(code) => code,
            other => panic!("unexpected {other:?}"),
        }
    }

    pub(crate) fn hello(&self, house: HouseId, device: &Device, state: &Cursors) -> Hello {
        self.hello_from(&self.origin, house, None, device, state)
    }

    pub(crate) fn hello_from(
        &self,
        origin: &str,
        house: HouseId,
        incarnation: Option<Incarnation>,
        device: &Device,
        state: &Cursors,
    ) -> Hello {
        let input = Hello::signing_input(origin, house, incarnation, device.id(), self.challenge.nonce);
        Hello {
            versions: Versions::OURS,
            origin: origin.to_owned(),
            house,
            device: device.id(),
            incarnation,
            state: state_hash(state),
            full: false,
            snapshots: false,
            signature: device.sign(label::HELLO, &input),
        }
    }

    pub(crate) async fn login(&mut self, house: HouseId, device: &Device, state: &Cursors) -> Welcome {
        let hello = self.hello(house, device, state);
        self.send(&ClientMessage::Hello(hello)).await;
        match self.receive().await {
            RelayMessage::Welcome(welcome) => welcome,
            other => panic!("unexpected {other:?}"),
        }
    }

    /// Logs in with these cursors and takes everything up to `Synced`.
    pub(crate) async fn catch_up(&mut self, house: HouseId, device: &Device, cursors: Cursors) -> Welcome {
        let welcome = self.login(house, device, &cursors).await;
        assert!(!welcome.equal);
        self.send(&ClientMessage::Cursors(cursors)).await;
        self.receive_until(|inbox| inbox.synced.is_some()).await;
        welcome
    }

    /// A client that is logged in and holds everything.
    pub(crate) async fn member(address: SocketAddr, house: &House, device: &Device) -> Self {
        let mut client = Self::connect(address).await;
        client.catch_up(house.id(), device, nothing()).await;
        client.inbox.order.clear();
        client
    }

    pub(crate) async fn submit(&mut self, frame: Frame) -> Result<Ack, Refused> {
        let id = self.next;
        self.next += 1;
        self.send(&ClientMessage::Submit(Submit { id, frame })).await;
        self.outcome(id).await
    }

    async fn outcome(&mut self, expected: u64) -> Result<Ack, Refused> {
        match self.answer().await {
            RelayMessage::Ack(ack) if ack.id == expected => Ok(ack),
            RelayMessage::Refused(refused) if refused.id == expected => Err(refused),
            other => panic!("unexpected {other:?}"),
        }
    }

    /// Submits a draft and makes it the house's state.
    pub(crate) async fn commit(&mut self, house: &mut House, draft: Draft) -> Ack {
        let ack = self.submit(draft.frame.clone()).await.unwrap();
        house.now = draft;
        ack
    }

    /// A ticket for blobs, as it is shown.
    pub(crate) async fn ticket(&mut self) -> String {
        self.send(&ClientMessage::Ticket).await;
        match self.answer().await {
            RelayMessage::Ticket(ticket) => data_encoding::BASE64URL_NOPAD.encode(&ticket),
            other => panic!("unexpected {other:?}"),
        }
    }

    pub(crate) async fn refusal(&mut self, draft: &Draft) -> RefusalCode {
        self.submit(draft.frame.clone()).await.unwrap_err().code
    }

    pub(crate) async fn found(&mut self, frame: Frame, setup_code: Option<&str>) -> Result<Ack, Refused> {
        let found =
            FoundHouse { versions: Versions::OURS, id: 7, frame, setup_code: setup_code.map(str::to_owned) };
        self.send(&ClientMessage::Found(found)).await;
        self.outcome(7).await
    }

    /// Founds a house on this relay.
    pub(crate) async fn new_house(address: SocketAddr) -> House {
        let mut client = Self::connect(address).await;
        let house = House::found(client.challenge.relay);
        client.found(house.now.frame.clone(), None).await.unwrap();
        house
    }

    pub(crate) fn invite_hello(&self, secret: &Secret) -> InviteHello {
        let input = InviteHello::signing_input(&self.origin, secret.key(), self.challenge.nonce);
        InviteHello {
            versions: Versions::OURS,
            origin: self.origin.clone(),
            key: secret.key(),
            signature: secret.sign(label::INVITE_HELLO, &input),
        }
    }

    pub(crate) async fn visit(&mut self, secret: &Secret) -> InviteInfo {
        let hello = self.invite_hello(secret);
        self.send(&ClientMessage::InviteHello(hello)).await;
        match self.receive().await {
            RelayMessage::InviteInfo(info) => info,
            other => panic!("unexpected {other:?}"),
        }
    }
}

/// Folds what a client was sent; panics if it does not hold together.
pub(crate) fn fold(inbox: &Inbox) -> LogState {
    let mut log = LogState::new();
    for link in &inbox.links {
        log.admit(link, inbox.entries.get(&link.seq)).unwrap();
    }
    log
}
