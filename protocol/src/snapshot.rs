//! Snapshots: a document as a whole, so that whoever comes new need not open every record of it. A cache and no more:
//! the records stay, readers look at them later, and a relay may lose a snapshot at any time.
//!
//! A snapshot is a record of its own kind that takes no position, no sequence and no part in the accumulator, as wraps
//! do. The position that its header has seen is the one it covers. The relay can see that it names each device's last
//! record in the document; what is sealed in it, only readers can hold against the devices' signatures.

use minicbor::{Decode, Encode};

use crate::admit::{self, Held, Refusal};
use crate::codec::{self, Bytes, DecodeError};
use crate::epochs::Epochs;
use crate::id::{CircleId, DeviceId, RecordId};
use crate::limit;
use crate::log::LogState;
use crate::message::RefusalCode;
use crate::record::{Header, Kind, Position, Record};
use crate::retention::Months;

/// Body of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SnapshotBody {
    /// Of each device that wrote in the document; sorted.
    #[n(0)]
    pub last: Vec<LastRecord>,
    /// The document and what vouches for it, sealed under the epoch's content secret.
    #[n(1)]
    pub sealed: Bytes,
}

/// The last record of a device in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct LastRecord {
    /// Its author.
    #[n(0)]
    pub device: DeviceId,
    /// The author's count of it.
    #[n(1)]
    pub seq: u64,
    /// The record.
    #[n(2)]
    pub record: RecordId,
}

/// A [`LastRecord`] with its number in the circle, as a relay knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The record.
    pub last: LastRecord,
    /// Its number in the circle.
    pub n: u64,
}

impl SnapshotBody {
    /// Decodes a snapshot's body: at least one device, sorted, each once.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let body: Self = codec::decode(bytes, limit::RECORD_BODY_BYTES_MAX)?;
        let sorted = body.last.windows(2).all(|pair| matches!(pair, [a, b] if a.device < b.device));
        if body.last.is_empty() || body.last.len() > limit::SNAPSHOT_DEVICES_MAX || !sorted {
            return Err(DecodeError::OutOfRange);
        }
        Ok(body)
    }
}

/// A snapshot that a relay keeps in place of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmittedSnapshot {
    /// Its header.
    pub header: Header,
    /// Number of the last record that it covers.
    pub covers: u64,
}

/// Checks a snapshot against what a house is now: the uploader's right, the present epoch, the document as its first
/// record fixed it, the position, and that no record of the document is left out. `written` is every device's last
/// record in the document.
///
/// # Errors
/// [`Refusal`]. It has no consequence but that the snapshot is not kept.
pub fn admit_snapshot(
    log: &LogState,
    epochs: &Epochs,
    record: &Record,
    held: &dyn Held,
    written: &[Written],
    months: Months,
) -> Result<AdmittedSnapshot, Refusal> {
    let refused = |code| Refusal { record: Some(record.id()), ..Refusal::new(code) };
    let header = record.check().map_err(|_| refused(RefusalCode::Malformed))?;
    let body = SnapshotBody::decode(&record.body).map_err(|_| refused(RefusalCode::Malformed))?;
    if header.kind != Kind::Snapshot {
        return Err(refused(RefusalCode::Malformed));
    }
    let document = header.document.and_then(|id| held.document(&id));
    admit::check_content(log, epochs, &header, document.as_ref())?;
    admit::check_month(&header, months)?;
    if header.seen == Position::START || !held.held(&header.circle, &header.seen) {
        return Err(refused(RefusalCode::Fork));
    }
    let mut last: Vec<LastRecord> = written.iter().map(|written| written.last).collect();
    last.sort_unstable();
    let covered = written.iter().all(|written| written.n <= header.seen.n);
    if (last != body.last || !covered) && crate::stands!(SnapshotLast) {
        return Err(refused(RefusalCode::Document));
    }
    Ok(AdmittedSnapshot { covers: header.seen.n, header })
}

/// Which records a reader is spared that takes a snapshot: those it covers, of whoever may still write. What others wrote
/// the reader sees for itself.
#[must_use]
pub fn spares(log: &LogState, circle: &CircleId, author: &DeviceId) -> bool {
    crate::access::side_of(log, author, circle).is_some()
}
