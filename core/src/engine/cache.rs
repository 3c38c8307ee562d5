//! Documents as this device has them, stored under its local key, so that a start need not open every record again.
//!
//! A cache belongs to a position of its circle: what the rows up to there come to is compared when they are loaded, and if
//! it differs, everything is loaded without caches. Rows up to that position were checked when they came; their
//! signatures are not checked again.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId};
use nestpost_protocol::limit;
use nestpost_protocol::record::{Position, Side};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::snapshot::LastRecord;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use crate::docs::{DocumentFact, Held};
use crate::document::Document;
use crate::snapshot::{Snapshot, Vouched};
use crate::store::{Blob, Table, Write};

use super::Engine;
use super::snapshot::{SnapshotRow, snapshot_key};

/// Changes that come before a document is stored anew; of a long one, a quarter of what it has.
const CHANGES_MIN: usize = 8;

/// A document, as stored.
#[derive(Debug, Encode, Decode)]
#[cbor(map)]
pub(super) struct Kept {
    #[n(0)]
    side: Side,
    #[n(1)]
    class: Class,
    #[n(2)]
    month: Month,
    #[n(3)]
    position: Position,
    #[n(4)]
    last: Vec<LastRecord>,
    #[n(5)]
    snapshot: Snapshot,
}

/// What is stored of documents, and what is to be.
#[derive(Debug, Clone, Default)]
pub(super) struct Cache {
    /// Changes that a document had when it was stored, and the last record that this covers.
    kept: SortedMap<DocumentId, (usize, u64)>,
    /// Up to where this device has checked the rows of a circle.
    checked: SortedMap<CircleId, Position>,
    /// Changed since the last look.
    touched: SortedSet<DocumentId>,
    /// Something in it was not taken: it is read again at each start, so that this is seen.
    unclear: SortedSet<DocumentId>,
    /// The rows do not come to what was stored.
    contradicted: bool,
    /// Nothing is read from it.
    pub(super) is_off: bool,
}

impl Cache {
    pub(super) fn touch(&mut self, document: DocumentId) {
        self.touched.insert(document);
    }

    pub(super) fn note_unclear(&mut self, document: DocumentId) {
        self.unclear.insert(document);
    }

    pub(super) fn forget(&mut self, document: &DocumentId) {
        self.kept.remove(document);
        self.touched.remove(document);
    }

    /// Whether a row was checked when it came.
    pub(super) fn is_checked(&self, circle: &CircleId, n: u64) -> bool {
        self.checked.get(circle).is_some_and(|position| n <= position.n)
    }

    /// Whether a record is part of a document that was stored.
    pub(super) fn covers(&self, document: &DocumentId, n: u64) -> bool {
        self.kept.get(document).is_some_and(|(_, covers)| n <= *covers)
    }

    /// The rows of a circle have come to a position.
    pub(super) fn compare(&mut self, circle: &CircleId, position: Position) {
        let checked = self.checked.get(circle).filter(|checked| checked.n == position.n);
        self.contradicted |= checked.is_some_and(|checked| *checked != position);
    }

    /// Every row was loaded. Whether they came to what was stored.
    pub(super) fn holds(&self, end: impl Fn(&CircleId) -> u64) -> bool {
        !self.contradicted && self.checked.iter().all(|(circle, position)| end(circle) >= position.n)
    }
}

impl Engine {
    /// Takes a stored document, before the rows that it stands for. Whether it could.
    pub(super) fn load_kept(&mut self, sealed: &[u8]) -> bool {
        let opened = self.secrets.local.open(sealed).ok();
        let Some(kept) =
            opened.and_then(|bytes| codec::decode::<Kept>(&bytes, limit::MESSAGE_BYTES_MAX).ok())
        else {
            return false;
        };
        let Kept { side, class, month, position, last, snapshot } = kept;
        let Snapshot { circle, document, covers, .. } = snapshot;
        let actor = Document::actor(&self.house.me, &document, &self.start);
        let Ok(read) = Document::load(actor, &snapshot.changes) else { return false };
        let fact = DocumentFact { circle, side, class, month };
        let changes = read.change_count();
        let Some(held) = self.house.docs.begin(document, fact, actor) else { return false };
        if !held.take_snapshot(read, &snapshot) {
            return false;
        }
        held.brought = None;
        for last in last {
            self.snapshots.note_writer(document, last);
        }
        self.cache.kept.insert(document, (changes, covers));
        self.snapshots.note_stored(document, circle);
        let checked = self.cache.checked.entry(circle).or_insert(position);
        if checked.n < position.n {
            *checked = position;
        }
        true
    }

    /// Stores documents that have changed much since they were stored last.
    pub(super) fn keep_documents(&mut self) {
        if self.cache.touched.is_empty() || self.noted.is_behind() {
            return;
        }
        for document in std::mem::take(&mut self.cache.touched) {
            let Some(held) = self.house.docs.get(&document) else { continue };
            let changes = held.document.change_count();
            let (before, _) = self.cache.kept.get(&document).copied().unwrap_or_default();
            let is_much = changes >= before + CHANGES_MIN.max(before / 4);
            if !is_much || self.cache.unclear.contains(&document) {
                continue;
            }
            if !held.pending.is_empty() {
                // What was not sent yet has rows of its own.
                self.cache.touched.insert(document);
                continue;
            }
            if let Some((circle, covers, row)) = self.keep(&document, held) {
                self.writes.push(Write::put(Table::Record, snapshot_key(&circle, &document), row));
                self.snapshots.note_stored(document, circle);
                self.cache.kept.insert(document, (changes, covers));
            }
        }
    }

    /// None while something of it is missing or on trust.
    fn keep(&self, document: &DocumentId, held: &Held) -> Option<(CircleId, u64, Vec<u8>)> {
        let DocumentFact { circle, side, class, month } = held.fact;
        let position = self.circles.get(&circle)?.position?;
        let is_whole = held.document.missing() == 0
            && held.brought.is_none()
            && !held.is_rewritten()
            && !self.snapshots.is_on_trust(document)
            && !self.has_locked(&circle, document);
        let devices: SortedSet<DeviceId> = held.actors.values().copied().collect();
        let devices = devices.into_iter().map(|device| {
            let tips = held.tips.get(&device).cloned().unwrap_or_default();
            Vouched { device, starts: held.starts_of(&device), tips }
        });
        let snapshot = Snapshot {
            house: self.house.id?,
            circle,
            document: *document,
            author: self.house.me,
            epoch: 0,
            covers: position.n,
            begun: held.begun.filter(|_| is_whole)?,
            devices: devices.collect(),
            changes: held.document.snapshot().into(),
        };
        let last = self.snapshots.writers.get(document)?.values().copied().collect();
        let kept = Kept { side, class, month, position, last, snapshot };
        let sealed = self.secrets.local.seal(&codec::encode(&kept)).ok()?;
        let row = SnapshotRow { record: None, kept: Some(Blob::from(sealed)) };
        Some((circle, position.n, codec::encode(&row)))
    }
}
