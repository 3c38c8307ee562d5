//! A line between device and relay that breaks when a test says so, and notes what was asked over HTTP.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Where the line breaks, once.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    /// In the request that begins so for the `nth` time, from 1 …
    pub(super) method: &'static str,
    pub(super) nth: usize,
    /// … after so many bytes of it, or, of what is fetched, of the answer.
    pub(super) bytes: usize,
}

#[derive(Default)]
struct Seen {
    /// First line and, where there is one, the range of each request for blobs.
    asked: watch::Sender<Vec<String>>,
    cut: Mutex<Option<Cut>>,
    /// Whether what the device sends over its socket stays where it is.
    held: watch::Sender<bool>,
    /// Nobody answers here any more.
    shut: watch::Sender<bool>,
    /// How often somebody came.
    lines: AtomicUsize,
}

#[derive(Clone, Default)]
pub(super) struct Proxy {
    seen: Arc<Seen>,
    port: u16,
}

impl Proxy {
    pub(super) async fn start(relay: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let carrier = proxy.clone();
        tokio::spawn(async move {
            while let Ok((device, _)) = listener.accept().await {
                carrier.seen.lines.fetch_add(1, Ordering::Relaxed);
                if !*carrier.seen.shut.borrow() {
                    tokio::spawn(carrier.clone().carry(device, relay));
                }
            }
        });
        proxy
    }

    pub(super) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn lines(&self) -> usize {
        self.seen.lines.load(Ordering::Relaxed)
    }

    pub(super) fn cut(&self, cut: Cut) {
        *self.seen.cut.lock().unwrap() = Some(cut);
    }

    /// The address is no more, and every line through it breaks.
    pub(super) fn shut(&self) {
        self.seen.shut.send_replace(true);
    }

    /// Records go no further; requests for blobs do.
    pub(super) fn hold_records(&self, held: bool) {
        self.seen.held.send_replace(held);
    }

    /// Requests for blobs so far that begin so.
    pub(super) fn asked(&self, begin: &str) -> Vec<String> {
        self.seen.asked.borrow().iter().filter(|line| line.starts_with(begin)).cloned().collect()
    }

    pub(super) async fn until_asked(&self, begin: &str, count: usize) {
        let mut asked = self.seen.asked.subscribe();
        let enough =
            |lines: &Vec<String>| lines.iter().filter(|line| line.starts_with(begin)).count() >= count;
        asked.wait_for(enough).await.unwrap();
    }

    async fn carry(self, mut device: TcpStream, relay: SocketAddr) {
        let Ok(mut relay) = TcpStream::connect(relay).await else { return };
        let (mut up, mut down) = (vec![0; 64 << 10], vec![0; 64 << 10]);
        // How much of either direction still passes, where the line is to break.
        let (mut up_left, mut down_left) = (usize::MAX, usize::MAX);
        let (mut held, mut shut) = (self.seen.held.subscribe(), self.seen.shut.subscribe());
        let mut is_socket = false;
        loop {
            let stays = is_socket && *held.borrow_and_update();
            let passed = tokio::select! {
                changed = held.changed() => changed.is_ok(),
                _ = shut.changed() => false,
                read = device.read(&mut up), if !stays => {
                    let bytes = &up[..read.unwrap_or(0)];
                    is_socket |= bytes.starts_with(b"GET /ws ");
                    if let Some(cut) = self.look(bytes) {
                        let left = if cut.method == "GET" { &mut down_left } else { &mut up_left };
                        *left = cut.bytes;
                    }
                    pass(bytes, &mut relay, &mut up_left).await
                }
                read = relay.read(&mut down) => {
                    pass(&down[..read.unwrap_or(0)], &mut device, &mut down_left).await
                }
            };
            if !passed {
                return;
            }
        }
    }

    /// A device waits for an answer before it asks again: a request begins where a read does.
    fn look(&self, bytes: &[u8]) -> Option<Cut> {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
        let mut lines = text.lines();
        let first = lines.next()?.strip_suffix(" HTTP/1.1").filter(|line| line.contains(" /blob"))?;
        let range = lines.find(|line| line.to_lowercase().starts_with("range:")).unwrap_or_default();
        let line = format!("{first} {}", range.to_lowercase()).trim().to_owned();
        self.seen.asked.send_modify(|asked| asked.push(line));
        let mut planned = self.seen.cut.lock().unwrap();
        let cut = (*planned)?;
        let due = first.starts_with(cut.method) && self.asked(cut.method).len() == cut.nth;
        due.then(|| planned.take()).flatten()
    }
}

/// `false`: the line has ended, or breaks here.
async fn pass(bytes: &[u8], to: &mut TcpStream, left: &mut usize) -> bool {
    let passing = bytes.len().min(*left);
    if *left != usize::MAX {
        *left -= passing;
    }
    !bytes.is_empty() && to.write_all(&bytes[..passing]).await.is_ok() && *left > 0
}
