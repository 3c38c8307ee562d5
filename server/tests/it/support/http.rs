//! HTTP byte by byte, so that two answers can be compared to the last one.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8(bytes.get(..end).unwrap().to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers =
            lines.map(|line| line.split_once(": ").unwrap()).map(|(k, v)| (k.to_lowercase(), v.to_owned()));
        Some(Self { status, headers: headers.collect(), body: bytes.get(end + 4..).unwrap().to_vec() })
    }
}

/// One request on a connection of its own. `extra` are further header lines.
pub(crate) async fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    extra: &str,
    body: &[u8],
) -> Response {
    try_request(address, method, path, extra, body).await.expect("no answer")
}

/// The same with a relay that may be killed meanwhile.
pub(crate) async fn try_request(
    address: SocketAddr,
    method: &str,
    path: &str,
    extra: &str,
    body: &[u8],
) -> Option<Response> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let upgrades = extra.contains("Upgrade:");
    let connection = if upgrades { "upgrade" } else { "close" };
    let length = if matches!(method, "POST" | "PUT") {
        format!("Content-Length: {}\r\n", body.len())
    } else {
        String::new()
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: {connection}\r\n{length}{extra}\r\n"
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    // Whoever is refused may be told so before everything is sent.
    let _ = stream.write_all(body).await;
    let mut bytes = Vec::new();
    // A refused upgrade may leave the connection open: then its head is all there is to read.
    while stream.read_buf(&mut bytes).await.ok()? > 0 {
        if upgrades && bytes.windows(4).any(|window| window == b"\r\n\r\n") {
            break;
        }
    }
    Response::parse(&bytes)
}
