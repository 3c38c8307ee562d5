//! Blobs over HTTP: `POST /blob` makes room, `PUT /blob/{id}/{part}` hands in a part, `GET /blob/{id}` fetches.
//!
//! Every request shows a ticket; what its device may do is asked of the log and the store anew. Whatever goes wrong for
//! somebody who may not know about a blob is answered alike: a ticket that is none, another house, nobody's right, no such
//! blob, no reservation, a path that is none. Each request runs to its end even if the client has gone.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use nestpost_protocol::blob::{ManifestError, Missing, Reserve};
use nestpost_protocol::codec::{self, DecodeError};
use nestpost_protocol::id::{BlobId, DeviceId};
use nestpost_protocol::limit;
use tokio::sync::SemaphorePermit;
use tokio::time::Instant;

use super::listen::Line;
use super::{TOO_MANY, foreign_origin, is_foreign};
use crate::blobs::ObjectError;
use crate::house::House;
use crate::house::blobs::BlobError;
use crate::house::sessions::Seat;
use crate::relay::{Relay, stopped};
use crate::session::even_out;
use crate::store::StoreError;
use crate::ticket;

mod download;

use download::Download;

/// All paths of blobs begin so.
pub(super) const PATH: &str = "/blob";
/// Seconds after which whoever is told `busy` may ask again.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("30");

/// Why a request is not answered as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    Malformed,
    /// The ticket was this relay's, but is too old.
    Ticket,
    /// One and the same for everything that somebody may not know about.
    NotFound,
    TooLarge,
    /// The bytes are not that part.
    Mismatch,
    Busy,
    Quota,
    /// The relay cannot store anything at present.
    Full,
    /// No byte of a blob of this length is in the range asked for.
    Range(u64),
    /// The store does not answer, or the relay stops.
    Unavailable,
}

impl Refused {
    fn response(self) -> Response {
        let (status, code) = match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::Ticket => (StatusCode::UNAUTHORIZED, "ticket"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not found"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too large"),
            Self::Range(_) => (StatusCode::RANGE_NOT_SATISFIABLE, "range"),
            Self::Mismatch => (StatusCode::UNPROCESSABLE_ENTITY, "mismatch"),
            Self::Busy => (StatusCode::TOO_MANY_REQUESTS, "busy"),
            Self::Quota => (StatusCode::INSUFFICIENT_STORAGE, "quota"),
            Self::Full => (StatusCode::INSUFFICIENT_STORAGE, "full"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        };
        let mut response = (status, code).into_response();
        match self {
            Self::Busy => {
                response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
            }
            Self::Range(bytes) => {
                if let Ok(range) = HeaderValue::from_str(&format!("bytes */{bytes}")) {
                    response.headers_mut().insert(CONTENT_RANGE, range);
                }
            }
            _ => {}
        }
        response
    }
}

impl From<BlobError> for Refused {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::NotFound => Self::NotFound,
            BlobError::Busy => Self::Busy,
            BlobError::Quota => Self::Quota,
            BlobError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a blob could not be noted or looked up");
        if matches!(error, StoreError::Full) { Self::Full } else { Self::Unavailable }
    }
}

/// What a path below [`PATH`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    All,
    Blob(BlobId),
    Part(BlobId, u32),
}

impl Target {
    /// Ids and numbers have one form only; nothing is decoded.
    fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix(PATH)?;
        if rest.is_empty() {
            return Some(Self::All);
        }
        let rest = rest.strip_prefix('/')?;
        let Some((blob, number)) = rest.split_once('/') else { return rest.parse().ok().map(Self::Blob) };
        let part: u32 = number.parse().ok()?;
        (part.to_string() == number).then_some(Self::Part(blob.parse().ok()?, part))
    }
}

/// Answers everything below [`PATH`].
pub(super) async fn serve(
    State(relay): State<Arc<Relay>>,
    Extension(line): Extension<Line>,
    request: Request,
) -> Response {
    let began = Instant::now();
    if is_foreign(&relay.config, request.headers()) {
        return foreign_origin();
    }
    let Ok(permit) = Arc::clone(&relay.connections).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, TOO_MANY).into_response();
    };
    let step = relay.config.limits.refusal();
    // A client that goes away must not leave half of a change behind.
    let work = relay.sessions.spawn(answer(Arc::clone(&relay), request));
    match work.await {
        Ok(Ok(Answer::Whole(response))) => response,
        Ok(Ok(Answer::Stream(download))) => download.response(permit, line),
        Ok(Err(refused)) => {
            if refused == Refused::NotFound {
                even_out(began, step).await;
            }
            tracing::debug!(?refused, "blob request refused");
            refused.response()
        }
        Err(_) => Refused::Unavailable.response(),
    }
}

enum Answer {
    Whole(Response),
    Stream(Download),
}

/// Who asks. The seat is theirs until they are answered, or a newer request of theirs needs it.
struct Caller {
    house: Arc<House>,
    device: DeviceId,
    seat: Seat,
}

async fn answer(relay: Arc<Relay>, request: Request) -> Result<Answer, Refused> {
    let (head, body) = request.into_parts();
    let target = Target::parse(head.uri.path());
    let mut incoming = Incoming { relay: &relay, body: Some(body) };
    let result = async {
        let mut caller = enter(&relay, &head.headers).await?;
        match (head.method, target) {
            (Method::POST, Some(Target::All)) => reserve(&relay, &mut caller, &mut incoming).await,
            (Method::PUT, Some(Target::Part(blob, part))) => {
                upload(&relay, &mut caller, blob, part, &mut incoming).await
            }
            (method @ (Method::GET | Method::HEAD), Some(Target::Blob(blob))) => {
                let download = Download::begin(&relay, caller, blob, &head.headers).await?;
                Ok(if method == Method::HEAD {
                    Answer::Whole(download.head())
                } else {
                    Answer::Stream(download)
                })
            }
            _ => Err(Refused::NotFound),
        }
    };
    let result = result.await;
    if result.is_err() {
        incoming.drain().await;
    }
    result
}

/// Whose ticket it is, if they still belong.
async fn enter(relay: &Arc<Relay>, headers: &HeaderMap) -> Result<Caller, Refused> {
    let claim = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .and_then(|text| ticket::read(&relay.key, text))
        .ok_or(Refused::NotFound)?;
    let house = relay.house(claim.house).await?.ok_or(Refused::NotFound)?;
    if !house.has_member(&claim.device) {
        return Err(Refused::NotFound);
    }
    if !claim.holds_on(relay.today()) {
        return Err(Refused::Ticket);
    }
    // Whoever asks too often waits at home: here they would take others' connections.
    relay.rates.device.check_key(&claim.device).map_err(|_| Refused::Busy)?;
    let limits = &relay.config.limits;
    let seat = house
        .transfers
        .enter(claim.device, limits.device_transfers_max, limits.house_sessions_max)
        .ok_or(Refused::Busy)?;
    Ok(Caller { house, device: claim.device, seat })
}

async fn reserve(
    relay: &Arc<Relay>,
    caller: &mut Caller,
    incoming: &mut Incoming<'_>,
) -> Result<Answer, Refused> {
    let patience = relay.config.limits.hello();
    let body = tokio::select! {
        () = caller.seat.evicted() => return Err(Refused::Busy),
        taken = incoming.take(limit::BLOB_RESERVE_BYTES_MAX, patience) => taken?,
    };
    let wanted = Reserve::decode(&body).map_err(|error| match error {
        DecodeError::TooLarge => Refused::TooLarge,
        _ => Refused::Malformed,
    })?;
    let manifest = wanted.manifest.checked().map_err(|error| match error {
        ManifestError::TooLarge => Refused::TooLarge,
        _ => Refused::Malformed,
    })?;
    let missing: Missing =
        caller.house.reserve(&relay.desk(), caller.device, wanted.circle, manifest).await?;
    let cbor = (CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
    Ok(Answer::Whole(([cbor], codec::encode(&missing)).into_response()))
}

async fn upload(
    relay: &Arc<Relay>,
    caller: &mut Caller,
    blob: BlobId,
    part: u32,
    incoming: &mut Incoming<'_>,
) -> Result<Answer, Refused> {
    let Caller { house, device, seat } = caller;
    // Before a byte is taken in, and again when it counts.
    house.uploading(&relay.desk(), *device, blob, part).await?;
    let limits = &relay.config.limits;
    let mut share = house
        .uploads
        .enter(*device, limits.device_uploads_max, limits.house_uploads())
        .ok_or(Refused::Busy)?;
    let (bytes, _turn) = tokio::select! {
        () = seat.evicted() => return Err(Refused::Busy),
        () = share.evicted() => return Err(Refused::Busy),
        taken = incoming.take_part() => taken?,
    };

    let _gate = relay.blobs.gate.read().await;
    let known = house.uploading(&relay.desk(), *device, blob, part).await?;
    let (manifest, copy) = (known.manifest, bytes.clone());
    let is_part = tokio::task::spawn_blocking(move || manifest.is_part(part, &copy)).await;
    if !is_part.map_err(|_| Refused::Unavailable)? {
        return Err(Refused::Mismatch);
    }
    if !known.here.has(part) {
        relay.blobs.put(house.id(), blob, part, bytes).await.map_err(|error| {
            tracing::error!(%error, "a part of a blob could not be kept");
            Refused::Full
        })?;
        // An object that is not noted does not count; the part comes again.
        relay.store.note_part(house.id(), blob, part).await?;
    }
    Ok(Answer::Whole(StatusCode::NO_CONTENT.into_response()))
}

/// The body of a request, taken once.
struct Incoming<'a> {
    relay: &'a Arc<Relay>,
    body: Option<Body>,
}

impl<'a> Incoming<'a> {
    /// The whole body, of at most `bytes_max` bytes, if it comes in time and does not stall.
    async fn take(&mut self, bytes_max: usize, patience: Duration) -> Result<Bytes, Refused> {
        let body = self.body.take().ok_or(Refused::Malformed)?;
        let mut stopping = self.relay.stopping();
        let taken = collect(body, bytes_max, self.relay.config.limits.stall());
        tokio::select! {
            biased;
            () = stopped(&mut stopping) => Err(Refused::Unavailable),
            taken = tokio::time::timeout(patience, taken) => taken.map_err(|_| Refused::Busy)?,
        }
    }

    /// A part, when there is memory for it; the permit stands for that memory.
    async fn take_part(&mut self) -> Result<(Bytes, SemaphorePermit<'a>), Refused> {
        let turn = tokio::time::timeout(self.relay.config.limits.hello(), self.relay.uploads.acquire()).await;
        // Never closed.
        let turn = turn.map_err(|_| Refused::Busy)?.map_err(|_| Refused::Unavailable)?;
        Ok((self.take(limit::BLOB_PART_BYTES, self.relay.config.limits.part()).await?, turn))
    }

    /// Reads what is left and forgets it: a client that is still sending would not hear the answer.
    async fn drain(&mut self) {
        let Some(body) = self.body.take() else { return };
        let mut stopping = self.relay.stopping();
        let patience: Duration = self.relay.config.limits.hello();
        let rest = async {
            let (mut body, mut left) = (body.into_data_stream(), limit::BLOB_PART_BYTES);
            while let Some(Ok(chunk)) = body.next().await {
                let Some(rest) = left.checked_sub(chunk.len()) else { break };
                left = rest;
            }
        };
        tokio::select! {
            () = stopped(&mut stopping) => {}
            // However much came: the answer is given now.
            _ = tokio::time::timeout(patience, rest) => {}
        }
    }
}

async fn collect(body: Body, bytes_max: usize, stall: Duration) -> Result<Bytes, Refused> {
    let mut taken = Vec::new();
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = tokio::time::timeout(stall, chunks.next()).await.map_err(|_| Refused::Busy)? {
        // The client is gone, or broke off.
        let chunk = chunk.map_err(|_| Refused::Malformed)?;
        if taken.len() + chunk.len() > bytes_max {
            return Err(Refused::TooLarge);
        }
        taken.extend_from_slice(&chunk);
    }
    Ok(taken.into())
}

/// Why a part cannot be read. What the database says is here, and is not, was lost with the disk.
fn unreadable(error: ObjectError) -> Refused {
    tracing::error!(%error, "a part of a blob could not be read");
    match error {
        ObjectError::Missing => Refused::NotFound,
        ObjectError::Failed(_) => Refused::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_blob_in_one_form_only() {
        let id = BlobId::new([0xab; 32]);
        let parse = |rest: &str| Target::parse(&format!("/blob{rest}"));
        assert_eq!(parse(""), Some(Target::All));
        assert_eq!(parse(&format!("/{id}")), Some(Target::Blob(id)));
        assert_eq!(parse(&format!("/{id}/0")), Some(Target::Part(id, 0)));
        assert_eq!(parse(&format!("/{id}/31")), Some(Target::Part(id, 31)));
        let upper = id.to_string().to_uppercase();
        for bad in [
            "/".to_owned(),
            "/../../x".to_owned(),
            "/%2e%2e%2f".to_owned(),
            format!("/{upper}"),
            format!("/{id}0"),
            format!("/{id}/"),
            format!("/{id}/00"),
            format!("/{id}/+1"),
            format!("/{id}/-1"),
            format!("/{id}/4294967296"),
            format!("/{id}/0/0"),
            format!("/{id}/%30"),
            format!("//{id}"),
        ] {
            assert_eq!(parse(&bad), None, "{bad}");
        }
    }
}
