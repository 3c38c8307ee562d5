//! Two relays that can stand in one place: the real one on its store, and the one in memory, each on a socket.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{SinkExt as _, StreamExt as _};
use nestpost_protocol::message::RelayMessage;
use nestpost_protocol::retention::Month;
use nestpost_protocol::{codec, limit};
use nestpost_tests::relay::{Backup, MemoryRelay, SessionId};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle, JoinSet};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::support::TestRelay;

/// A relay that was started.
pub(crate) trait Place: Sized {
    /// What it kept at some time.
    type Backup;

    /// An empty one, in September 2026.
    async fn start() -> Self;

    /// Where it listens; another address after each start.
    fn address(&self) -> SocketAddr;

    /// It stops and starts.
    async fn again(self) -> Self;

    /// It stops, is copied, and starts.
    async fn copied(self) -> (Self, Self::Backup);

    /// It stops, and starts with what it had then.
    async fn put_back(self, backup: Self::Backup) -> Self;
}

/// The real one.
pub(crate) struct Real(TestRelay);

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

impl Place for Real {
    type Backup = TempDir;

    async fn start() -> Self {
        Self(TestRelay::start().await)
    }

    fn address(&self) -> SocketAddr {
        self.0.address
    }

    async fn again(self) -> Self {
        Self(TestRelay::start_in(self.0.stop().await, |_| {}).await)
    }

    async fn copied(self) -> (Self, TempDir) {
        let folder = self.0.stop().await;
        let backup = tempfile::tempdir().unwrap();
        copy(folder.path(), backup.path());
        (Self(TestRelay::start_in(folder, |_| {}).await), backup)
    }

    async fn put_back(self, backup: TempDir) -> Self {
        self.0.stop().await;
        Self(TestRelay::start_in(backup, |_| {}).await)
    }
}

/// The one in memory.
pub(crate) struct Memory {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    serving: JoinHandle<()>,
}

struct Shared {
    relay: MemoryRelay,
    lines: BTreeMap<SessionId, UnboundedSender<Vec<u8>>>,
}

impl Shared {
    fn deliver(&mut self) {
        for (session, bytes) in self.relay.take() {
            if let Some(line) = self.lines.get(&session) {
                // Nobody there any more: nobody hears it.
                let _ = line.send(bytes);
            }
        }
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    async fn on(relay: MemoryRelay) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared { relay, lines: BTreeMap::new() }));
        let serving = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self { address, shared, serving }
    }

    /// Every line is gone.
    async fn stop(self) -> MemoryRelay {
        self.serving.abort();
        let _ = self.serving.await;
        lock(&self.shared).relay.clone()
    }
}

async fn serve(listener: TcpListener, shared: Arc<Mutex<Shared>>) {
    // They end with it.
    let mut lines = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        lines.spawn(line(stream, Arc::clone(&shared)));
    }
}

async fn line(stream: TcpStream, shared: Arc<Mutex<Shared>>) {
    let (mut out, mut into) = accept_async(stream).await.unwrap().split();
    let (sender, mut said) = unbounded_channel();
    let session = {
        let mut shared = lock(&shared);
        let session = shared.relay.connect();
        shared.lines.insert(session, sender);
        shared.deliver();
        session
    };
    loop {
        tokio::select! {
            biased;
            Some(bytes) = said.recv() => {
                let message = codec::decode::<RelayMessage>(&bytes, limit::MESSAGE_BYTES_MAX);
                let is_bye = matches!(message, Ok(RelayMessage::Bye(_)));
                if out.send(Message::binary(bytes)).await.is_err() || is_bye {
                    let _ = out.close().await;
                    break;
                }
            }
            frame = into.next() => match frame {
                Some(Ok(Message::Binary(bytes))) => {
                    let mut shared = lock(&shared);
                    shared.relay.receive(session, &bytes);
                    shared.deliver();
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => break,
            },
        }
    }
    let mut shared = lock(&shared);
    shared.lines.remove(&session);
    shared.relay.disconnect(session);
}

impl Place for Memory {
    type Backup = Backup;

    async fn start() -> Self {
        Self::on(MemoryRelay::new(Month::new(2026, 9))).await
    }

    fn address(&self) -> SocketAddr {
        self.address
    }

    async fn again(self) -> Self {
        let mut relay = self.stop().await;
        relay.start_again();
        Self::on(relay).await
    }

    async fn copied(self) -> (Self, Backup) {
        let backup = lock(&self.shared).relay.backup();
        (self.again().await, backup)
    }

    async fn put_back(self, backup: Backup) -> Self {
        let mut relay = self.stop().await;
        relay.put_back(&backup);
        Self::on(relay).await
    }
}
