//! The bytes of a blob on their way to a reader: read as the connection takes them, a slice at a time.

use std::convert::Infallible;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;
use http_range_header::RangeUnsatisfiableError;
use nestpost_protocol::id::{BlobId, DeviceId};
use nestpost_protocol::limit::BLOB_PART_BYTES;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::super::listen::Line;
use super::{Caller, Refused, unreadable};
use crate::blobs::ObjectError;
use crate::house::House;
use crate::house::sessions::Seat;
use crate::relay::{Relay, stopped};

/// What one download holds in memory, beside the buffer of its connection.
const SLICE_BYTES: u64 = 128 << 10;

/// A download whose first bytes are at hand.
pub(super) struct Download {
    relay: Arc<Relay>,
    house: Arc<House>,
    device: DeviceId,
    blob: BlobId,
    /// Length of the blob.
    bytes: u64,
    /// What was asked for; `None`: everything.
    range: Option<Range<u64>>,
    first: Bytes,
    seat: Seat,
}

impl Download {
    /// Asks for the right and reads the first bytes, so that what is not there is not promised.
    pub(super) async fn begin(
        relay: &Arc<Relay>,
        caller: Caller,
        blob: BlobId,
        headers: &HeaderMap,
    ) -> Result<Self, Refused> {
        let Caller { house, device, seat } = caller;
        let known = house.fetching(&relay.desk(), device, blob).await?;
        let bytes = known.manifest.bytes;
        let range = range(headers, &tag(blob), bytes)?;
        let slice = slice(range.clone().unwrap_or(0..bytes));
        let first = read(relay, &house, blob, slice).await.map_err(unreadable)?;
        Ok(Self { relay: Arc::clone(relay), house, device, blob, bytes, range, first, seat })
    }

    /// The answer without the bytes.
    pub(super) fn head(&self) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        let wanted = self.wanted();
        headers.insert(CONTENT_LENGTH, (wanted.end - wanted.start).into());
        if let Ok(tag) = HeaderValue::from_str(&tag(self.blob)) {
            headers.insert(ETAG, tag);
        }
        if let Some(Range { start, end }) = &self.range {
            let text = format!("bytes {start}-{}/{}", end.saturating_sub(1), self.bytes);
            if let Ok(text) = HeaderValue::from_str(&text) {
                headers.insert(CONTENT_RANGE, text);
            }
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
        response
    }

    /// The answer. The connection's permit is given back when the connection has taken over the last byte, or nobody wants
    /// it any more; the rest is for the time in which an answer must leave.
    pub(super) fn response(self, permit: OwnedSemaphorePermit, line: Line) -> Response {
        let mut response = self.head();
        *response.body_mut() = self.body(permit, line);
        response
    }

    fn wanted(&self) -> Range<u64> {
        self.range.clone().unwrap_or(0..self.bytes)
    }

    fn body(self, permit: OwnedSemaphorePermit, line: Line) -> Body {
        let Range { start, end } = self.wanted();
        let Self { relay, house, device, blob, first, seat, .. } = self;
        let (under_way, over) = oneshot::channel();
        relay.sessions.spawn(watch(Arc::clone(&relay), seat, line, over));
        let rest = Rest {
            next: start + first.len() as u64,
            first: Some(first),
            end,
            relay,
            house,
            device,
            blob,
            _under_way: under_way,
            _permit: permit,
        };
        Body::from_stream(stream::try_unfold(rest, |mut rest| async move {
            let slice = rest.next().await?;
            Ok::<_, io::Error>(slice.map(|slice| (slice, rest)))
        }))
    }
}

/// Cuts the connection of a download that must end. The connection itself would not hear of it while its reader takes
/// nothing: nobody asks for the next bytes.
async fn watch(relay: Arc<Relay>, mut seat: Seat, line: Line, over: oneshot::Receiver<Infallible>) {
    let mut stopping = relay.stopping();
    tokio::select! {
        // Over first: the connection may be in use for something else by now.
        biased;
        _ = over => {}
        () = stopped(&mut stopping) => line.cut(),
        () = seat.evicted() => line.cut(),
    }
}

/// What has not been sent yet. Nothing of it runs while the connection does not take it.
struct Rest {
    relay: Arc<Relay>,
    house: Arc<House>,
    device: DeviceId,
    blob: BlobId,
    first: Option<Bytes>,
    next: u64,
    end: u64,
    /// Dropped with the rest: the seat is free then.
    _under_way: oneshot::Sender<Infallible>,
    _permit: OwnedSemaphorePermit,
}

impl Rest {
    /// The next bytes. An error breaks the connection off: the reader may come back for the rest.
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        if self.next >= self.end {
            return Ok(None);
        }
        if !self.house.has_member(&self.device) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let read = read(&self.relay, &self.house, self.blob, slice(self.next..self.end)).await;
        // Released meanwhile, or the disk fails; it was said already if it is the latter at the first byte.
        let slice = read.map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        self.next += slice.len() as u64;
        Ok(Some(slice))
    }
}

async fn read(relay: &Relay, house: &House, blob: BlobId, slice: Range<u64>) -> Result<Bytes, ObjectError> {
    let part_bytes = BLOB_PART_BYTES as u64;
    let part = u32::try_from(slice.start / part_bytes).map_err(|_| ObjectError::Missing)?;
    let begin = u64::from(part) * part_bytes;
    relay.blobs.read(house.id(), blob, part, slice.start - begin..slice.end - begin).await
}

/// The beginning of a range: no more than a slice, and of one part.
fn slice(range: Range<u64>) -> Range<u64> {
    let part_end = (range.start / BLOB_PART_BYTES as u64 + 1) * BLOB_PART_BYTES as u64;
    range.start..range.end.min(range.start + SLICE_BYTES).min(part_end)
}

fn tag(blob: BlobId) -> String {
    format!("\"{blob}\"")
}

/// The one range asked for. What is no range, several at once, or a range of something else, is answered with everything
/// (RFC 9110 section 14.2 allows that).
fn range(headers: &HeaderMap, tag: &str, bytes: u64) -> Result<Option<Range<u64>>, Refused> {
    let of_another = headers.get(IF_RANGE).is_some_and(|condition| condition.as_bytes() != tag.as_bytes());
    let Some(text) = headers.get(RANGE).and_then(|text| text.to_str().ok()).filter(|_| !of_another) else {
        return Ok(None);
    };
    let Ok(ranges) = http_range_header::parse_range_header(text) else { return Ok(None) };
    if ranges.ranges.len() != 1 {
        return Ok(None);
    }
    match ranges.validate(bytes).as_deref() {
        Ok([range]) => Ok(Some(*range.start()..range.end() + 1)),
        // Asked for more than there is from the end: that is everything.
        Err(RangeUnsatisfiableError::FileSuffixOutOfBounds) => Ok(Some(0..bytes)),
        Ok(_) | Err(_) => Err(Refused::Range(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(text: &str, condition: Option<&str>) -> Result<Option<Range<u64>>, Refused> {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, text.parse().unwrap());
        if let Some(condition) = condition {
            headers.insert(IF_RANGE, condition.parse().unwrap());
        }
        range(&headers, "\"tag\"", 100)
    }

    #[test]
    fn one_range_is_served_and_everything_else_is_the_whole_or_refused() {
        assert_eq!(ask("bytes=0-0", None), Ok(Some(0..1)));
        assert_eq!(ask("bytes=10-19", None), Ok(Some(10..20)));
        assert_eq!(ask("bytes=90-", None), Ok(Some(90..100)));
        assert_eq!(ask("bytes=90-1000", None), Ok(Some(90..100)));
        assert_eq!(ask("bytes=-10", None), Ok(Some(90..100)));
        assert_eq!(ask("bytes=-1000", None), Ok(Some(0..100)));
        assert_eq!(ask("bytes=100-", None), Err(Refused::Range(100)));
        assert_eq!(ask("bytes=100-200", None), Err(Refused::Range(100)));
        for whole in ["bytes=0-1,5-6", "bytes=x", "pages=1-2", "bytes=0-1 ", ""] {
            assert_eq!(ask(whole, None), Ok(None), "{whole}");
        }
        assert_eq!(ask("bytes=0-0", Some("\"tag\"")), Ok(Some(0..1)));
        assert_eq!(ask("bytes=0-0", Some("\"other\"")), Ok(None));
    }

    #[test]
    fn a_slice_crosses_no_part() {
        let part = BLOB_PART_BYTES as u64;
        assert_eq!(slice(0..10), 0..10);
        assert_eq!(slice(0..2 * part), 0..SLICE_BYTES);
        assert_eq!(slice(part - 1..2 * part), part - 1..part);
        assert_eq!(slice(part..2 * part), part..part + SLICE_BYTES);
    }
}
