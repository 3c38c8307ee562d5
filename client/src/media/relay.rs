//! Blobs over HTTP, as the relay answers for them (`docs/protocol.md`, Blobs). One request each: when to try again is for others
//! to say. Sealed bytes alone go this way. As the line to the relay, without TLS.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, RANGE, RETRY_AFTER};
use hyper::http::request::Builder;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use nestpost_protocol::blob::{Missing, Reserve};
use nestpost_protocol::codec;
use nestpost_protocol::limit::BLOB_RESERVE_BYTES_MAX;
use tokio::time::timeout;

/// Nobody answers a small question for this long.
const ANSWER_MAX: Duration = Duration::from_secs(30);
/// A part takes a while on a bad line: one MiB at 32 kbit/s.
const PART_MAX: Duration = Duration::from_secs(300);
/// Between two pieces of a download.
const QUIET_MAX: Duration = Duration::from_secs(30);
/// Where a relay is busy and does not say for how long.
const BUSY: Duration = Duration::from_secs(5);

/// Why a request was not answered as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No relay there, the line broke, or the relay stops.
    Network,
    /// The ticket is too old.
    Ticket,
    /// No right, no such blob, nothing reserved.
    Absent,
    /// Not the bytes that were announced, either way.
    Mismatch,
    /// Over a limit.
    TooLarge,
    /// Too much at once: after this long.
    Busy(Duration),
    /// No room at the relay.
    Full,
    /// Anything else: this relay and this program do not understand each other.
    Refused,
}

/// The relay over HTTP.
#[derive(Debug, Clone)]
pub(crate) struct Relay {
    origin: Arc<RwLock<String>>,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Relay {
    /// At this origin.
    pub(crate) fn new(origin: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { origin: Arc::new(RwLock::new(origin.to_owned())), client }
    }

    /// The house is reached there now.
    pub(crate) fn set_origin(&self, origin: &str) {
        origin.clone_into(&mut self.origin.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// `POST /blob`: the parts that are to come.
    pub(crate) async fn reserve(&self, ticket: &str, wanted: &Reserve) -> Result<Vec<u32>, Trouble> {
        let request = self.request(Method::POST, "/blob", ticket).header(CONTENT_TYPE, "application/cbor");
        let answer = self.ask(request, codec::encode(wanted), ANSWER_MAX).await?;
        let mut bytes = Vec::new();
        each_piece(answer, |piece| {
            bytes.extend_from_slice(piece);
            if bytes.len() > BLOB_RESERVE_BYTES_MAX { Err(Trouble::Refused) } else { Ok(()) }
        })
        .await?;
        Ok(Missing::decode(&bytes).map_err(|_| Trouble::Refused)?.parts)
    }

    /// `PUT /blob/{id}/{n}`.
    pub(crate) async fn put(
        &self,
        ticket: &str,
        blob: &str,
        part: u32,
        bytes: Vec<u8>,
    ) -> Result<(), Trouble> {
        let request = self
            .request(Method::PUT, &format!("/blob/{blob}/{part}"), ticket)
            .header(CONTENT_TYPE, "application/octet-stream");
        self.ask(request, bytes, PART_MAX).await.map(|_| ())
    }

    /// `GET /blob/{id}`: hands over what follows the first `from` bytes. What was handed over stays good when the line breaks.
    pub(crate) async fn get(
        &self,
        ticket: &str,
        blob: &str,
        from: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let mut request = self.request(Method::GET, &format!("/blob/{blob}"), ticket);
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        let answer = self.ask(request, Vec::new(), ANSWER_MAX).await?;
        // A relay may send all of it: what is here already is passed over.
        let mut here = match answer.status() {
            StatusCode::PARTIAL_CONTENT if begins_at(answer.headers(), from) => 0,
            StatusCode::PARTIAL_CONTENT => return Err(Trouble::Mismatch),
            _ => from,
        };
        each_piece(answer, |piece| {
            let skip = here.min(piece.len() as u64);
            here -= skip;
            let new = usize::try_from(skip).ok().and_then(|skip| piece.get(skip..)).unwrap_or_default();
            if new.is_empty() { Ok(()) } else { take(new) }
        })
        .await
    }

    fn request(&self, method: Method, path: &str, ticket: &str) -> Builder {
        let origin = self.origin.read().unwrap_or_else(PoisonError::into_inner);
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", origin.trim_end_matches('/')))
            .header(AUTHORIZATION, format!("Bearer {ticket}"))
    }

    async fn ask(
        &self,
        request: Builder,
        body: Vec<u8>,
        patience: Duration,
    ) -> Result<Response<Incoming>, Trouble> {
        let request = request.body(Full::from(body)).map_err(|_| Trouble::Refused)?;
        let asked = timeout(patience, self.client.request(request)).await;
        let answer = asked.map_err(|_| Trouble::Network)?.map_err(|_| Trouble::Network)?;
        match trouble(answer.status(), answer.headers()) {
            None => Ok(answer),
            Some(trouble) => Err(trouble),
        }
    }
}

/// What an answer means that is not good.
fn trouble(status: StatusCode, headers: &HeaderMap) -> Option<Trouble> {
    let after = || {
        let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
        Some(Duration::from_secs(seconds))
    };
    Some(match status.as_u16() {
        200..=299 => return None,
        401 => Trouble::Ticket,
        404 => Trouble::Absent,
        413 => Trouble::TooLarge,
        416 | 422 => Trouble::Mismatch,
        429 => Trouble::Busy(after().unwrap_or(BUSY)),
        507 => Trouble::Full,
        500..=599 => Trouble::Network,
        _ => Trouble::Refused,
    })
}

fn begins_at(headers: &HeaderMap, from: u64) -> bool {
    let range = headers.get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {from}-")))
}

async fn each_piece(
    answer: Response<Incoming>,
    mut take: impl FnMut(&[u8]) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let mut body = answer.into_body();
    // An answer that ends too early is an error here.
    while let Some(frame) = timeout(QUIET_MAX, body.frame()).await.map_err(|_| Trouble::Network)? {
        let frame = frame.map_err(|_| Trouble::Network)?;
        if let Some(piece) = frame.data_ref() {
            take(piece)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use nestpost_protocol::blob::Manifest;
    use nestpost_protocol::id::CircleId;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A relay that answers each request with these bytes in turn, then closes the line; and what it was asked.
    async fn scripted(answers: &[&str]) -> (Relay, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Relay::new(&format!("http://{}/", listener.local_addr().unwrap()));
        let answers: Vec<String> = answers.iter().map(|&answer| answer.to_owned()).collect();
        let asked = tokio::spawn(async move {
            let mut asked = Vec::new();
            for answer in answers {
                let (mut line, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 4096];
                let read = line.read(&mut request).await.unwrap();
                asked.push(String::from_utf8_lossy(&request[..read]).to_lowercase());
                line.write_all(answer.as_bytes()).await.unwrap();
            }
            asked
        });
        (relay, asked)
    }

    fn wanted() -> Reserve {
        Reserve { circle: CircleId::new([1; 16]), manifest: Manifest::of(b"sealed").unwrap() }
    }

    #[tokio::test]
    async fn every_answer_has_a_meaning() {
        for (status, expected) in [
            ("400 Bad Request", Trouble::Refused),
            ("401 Unauthorized", Trouble::Ticket),
            ("404 Not Found", Trouble::Absent),
            ("413 Content Too Large", Trouble::TooLarge),
            ("422 Unprocessable Content", Trouble::Mismatch),
            ("429 Too Many Requests\r\nRetry-After: 7", Trouble::Busy(Duration::from_secs(7))),
            ("429 Too Many Requests", Trouble::Busy(BUSY)),
            ("502 Bad Gateway", Trouble::Network),
            ("503 Service Unavailable", Trouble::Network),
            ("507 Insufficient Storage", Trouble::Full),
            ("301 Moved Permanently\r\nLocation: http://127.0.0.1:1/", Trouble::Refused),
        ] {
            let (relay, _) = scripted(&[&format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n")]).await;
            assert_eq!(relay.reserve("t", &wanted()).await, Err(expected), "{status}");
        }
        let nobody = Relay::new("http://127.0.0.1:1");
        assert_eq!(nobody.reserve("t", &wanted()).await, Err(Trouble::Network));
        let (relay, _) = scripted(&["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwords"]).await;
        assert_eq!(relay.reserve("t", &wanted()).await, Err(Trouble::Refused));
    }

    #[tokio::test]
    async fn a_download_keeps_what_came_before_the_line_broke_and_asks_for_the_rest() {
        let (relay, asked) = scripted(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123",
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\n456789",
        ])
        .await;
        let mut got = Vec::new();
        let mut take = |piece: &[u8]| {
            got.extend_from_slice(piece);
            Ok(())
        };
        assert_eq!(relay.get("pass", "b10b", 0, &mut take).await, Err(Trouble::Network));
        assert_eq!(relay.get("pass", "b10b", 4, &mut take).await, Ok(()));
        assert_eq!(got, b"0123456789");
        let asked = asked.await.unwrap();
        assert!(asked[0].starts_with("get /blob/b10b http/1.1\r\n") && !asked[0].contains("range"));
        assert!(asked[1].contains("\r\nrange: bytes=4-\r\n"));
        assert!(asked.iter().all(|request| request.contains("\r\nauthorization: bearer pass\r\n")));
    }

    #[tokio::test]
    async fn what_is_here_is_passed_over_where_a_relay_sends_all_and_no_other_range_is_taken() {
        let (relay, _) = scripted(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10\r\n\r\n0123456789",
        ])
        .await;
        let mut got = Vec::new();
        let mut take = |piece: &[u8]| {
            got.extend_from_slice(piece);
            Ok(())
        };
        assert_eq!(relay.get("t", "b", 4, &mut take).await, Ok(()));
        assert_eq!(relay.get("t", "b", 4, &mut take).await, Err(Trouble::Mismatch));
        assert_eq!(got, b"456789");
    }
}
