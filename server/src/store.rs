//! Where the relay keeps what it was given: one trait, one small implementation per database.
//!
//! A store knows nothing of rules. It keeps a frame as a whole or not at all, and [`Store::commit`] returns only once
//! the frame is durable. Two commits that claim the same position, record id or log number cannot both succeed.

use std::sync::Arc;

use async_trait::async_trait;
use nestpost_protocol::epoch::{Addressee, ReaderList, Wrap};
use nestpost_protocol::id::{
    Accumulator, BlobId, CircleId, DeviceId, DocumentId, HouseId, Incarnation, InviteKey, PersonId, RecordId,
    WrapId,
};
use nestpost_protocol::log::{Link, OpenEntry};
use nestpost_protocol::record::{Position, Record, Side};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::snapshot::Written;

use crate::clock::Day;

mod blob;
#[cfg(test)]
pub(crate) mod conformance;
pub mod sqlite;

pub use blob::{BlobChange, Parts, RESERVATION_DAYS, Reservation, Reserved, StoredBlob};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The disk, or the space given to the database, is full. Nothing of the frame was kept.
    #[error("no space left in the store")]
    Full,
    /// Somebody else took the same position, record id or log number. Nothing of the frame was kept.
    #[error("the store has moved on")]
    Conflict,
    /// A stored value is not what was once written.
    #[error("the store holds a value that does not decode")]
    Corrupt,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Anything else the database reports.
    #[error("database error")]
    Database(#[source] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("database migration failed")]
    Migrate(#[source] sqlx::migrate::MigrateError),
}

/// By whom a wrap is asked for: a device, or whoever reads a key circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mailbox {
    /// Wraps to this device.
    Device(DeviceId),
    /// Wraps to epochs of this key circle.
    Circle(CircleId),
}

impl Mailbox {
    /// Where a wrap for this addressee lies.
    #[must_use]
    pub const fn of(addressee: &Addressee) -> Self {
        match addressee {
            Addressee::Device(device) => Self::Device(*device),
            Addressee::Epoch(key) => Self::Circle(key.circle),
        }
    }

    /// As stored: 32 bytes for a device, 16 for a circle.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Device(device) => device.as_bytes(),
            Self::Circle(circle) => circle.as_bytes(),
        }
    }

    /// From its stored form.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] on any other length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        DeviceId::from_slice(bytes)
            .map(Self::Device)
            .or_else(|_| CircleId::from_slice(bytes).map(Self::Circle))
            .map_err(|_| StoreError::Corrupt)
    }
}

/// A log entry to keep.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Its link; `link.seq` is the number in the log.
    pub link: Link,
    /// As received.
    pub entry: OpenEntry,
    /// The key, if it is an `invite`.
    pub invite: Option<InviteKey>,
}

/// A record to keep.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// Circle.
    pub circle: CircleId,
    /// Where it stands, with the accumulator after it.
    pub position: Position,
    /// Its id.
    pub id: RecordId,
    /// Author device.
    pub author: DeviceId,
    /// The author's sequence in the circle.
    pub author_seq: u64,
    /// As received.
    pub record: Record,
    /// Month at whose end it goes; `None`: kept until erased.
    pub expires: Option<Month>,
    /// Reader list, if it is an epoch.
    pub readers: Option<ReaderList>,
}

/// A snapshot to keep in place of the one before.
#[derive(Debug, Clone)]
pub struct NewSnapshot {
    /// House.
    pub house: HouseId,
    /// Circle of the document.
    pub circle: CircleId,
    /// Document.
    pub document: DocumentId,
    /// Number of the last record of the circle that it covers.
    pub covers: u64,
    /// As received.
    pub record: Record,
    /// Month at whose end it goes with its document.
    pub expires: Option<Month>,
}

impl NewSnapshot {
    /// Bytes, as counted towards the house's quota.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        (self.record.header.len() + self.record.body.len()) as u64
    }
}

/// A snapshot, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSnapshot {
    /// Document.
    pub document: DocumentId,
    /// Number of the last record of its circle that it covers.
    pub covers: u64,
    /// As received.
    pub record: Record,
}

/// What the first record of a document fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredDocument {
    /// Document.
    pub document: DocumentId,
    /// Its circle.
    pub circle: CircleId,
    /// Its side.
    pub side: Side,
    /// Its retention class.
    pub class: Class,
    /// Month at whose end it expires.
    pub month: Month,
    /// The document that took its place when something in it was erased.
    pub successor: Option<DocumentId>,
}

/// The place of a record that is not here.
#[derive(Debug, Clone, Copy)]
pub struct NewStub {
    /// Circle.
    pub circle: CircleId,
    /// Where it stands.
    pub position: Position,
    /// Its id.
    pub id: RecordId,
    /// Nobody who was there had it.
    pub lost: bool,
}

/// The end of a place's being lost.
#[derive(Debug, Clone)]
pub enum Fill {
    /// The record is here again.
    Back(Box<NewRecord>),
    /// It was erased, or has expired: the stub stays.
    Gone(CircleId, u64),
}

/// A document that another one replaces: of its records only stubs stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// Its circle.
    pub circle: CircleId,
    /// The document.
    pub document: DocumentId,
    /// What takes its place.
    pub successor: DocumentId,
    /// The record that says so, which stays.
    pub record: RecordId,
}

impl StoredDocument {
    pub(crate) const fn person(&self) -> Option<PersonId> {
        match self.side {
            Side::Staff => None,
            Side::Person(person) => Some(person),
        }
    }
}

/// A wrap to keep.
#[derive(Debug, Clone)]
pub struct NewWrap {
    /// Its id.
    pub id: WrapId,
    /// For whom.
    pub mailbox: Mailbox,
    /// As received.
    pub wrap: Wrap,
}

/// A frame that was admitted: all or none of it is kept.
#[derive(Debug, Clone)]
pub struct Commit {
    /// House.
    pub house: HouseId,
    /// Set in the first frame of a house.
    pub founds: Option<Incarnation>,
    /// Relay's day, for the invites in it and the end of the house.
    pub day: Day,
    /// Whether it dissolves the house.
    pub dissolves: bool,
    /// Whether the house, a copy, goes on here from now on.
    pub resumes: bool,
    /// Entries, consecutive.
    pub entries: Vec<NewEntry>,
    /// Records in order of admission.
    pub records: Vec<NewRecord>,
    /// Places of records that are gone, or lost.
    pub stubs: Vec<NewStub>,
    /// What takes places of lost records; one that is not (any more) is a [`StoreError::Conflict`].
    pub fills: Vec<Fill>,
    /// Documents begun.
    pub documents: Vec<StoredDocument>,
    /// Wraps; a known one is skipped.
    pub wraps: Vec<NewWrap>,
    /// Holds and releases, in order. A hold of a blob that is not here is a [`StoreError::Conflict`].
    pub blobs: Vec<BlobChange>,
    /// Documents that are replaced, in order.
    pub erasures: Vec<Erasure>,
}

impl Commit {
    /// Nothing yet.
    #[must_use]
    pub const fn nothing(house: HouseId) -> Self {
        Self {
            house,
            founds: None,
            day: Day::from_index(0),
            dissolves: false,
            resumes: false,
            entries: Vec::new(),
            records: Vec::new(),
            stubs: Vec::new(),
            fills: Vec::new(),
            documents: Vec::new(),
            wraps: Vec::new(),
            blobs: Vec::new(),
            erasures: Vec::new(),
        }
    }

    /// Bytes of content in this frame, as counted towards the house's quota.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let entries = self.entries.iter().map(|e| e.entry.entry.len());
        let fills = self.fills.iter().filter_map(|fill| match fill {
            Fill::Back(record) => Some(&**record),
            Fill::Gone(..) => None,
        });
        let records = self.records.iter().chain(fills).map(|r| r.record.header.len() + r.record.body.len());
        let wraps = self.wraps.iter().map(|w| w.wrap.head.len() + w.wrap.file.len());
        let sum: usize = entries.chain(records).chain(wraps).sum();
        u64::try_from(sum).unwrap_or(u64::MAX)
    }
}

/// What a commit was given by the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// The store's number of the last new wrap per mailbox.
    pub wraps: Vec<(Mailbox, i64)>,
    /// Bytes of records that are stubs now.
    pub freed: u64,
}

/// Where a house goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Elsewhere {
    /// Here.
    #[default]
    Here,
    /// Here, once two of the house have said so: this is a copy from another relay.
    Awaits,
    /// On another relay; what is here can be read.
    Taken,
}

impl Elsewhere {
    pub(crate) const fn number(self) -> Option<i64> {
        match self {
            Self::Here => None,
            Self::Awaits => Some(1),
            Self::Taken => Some(2),
        }
    }

    pub(crate) const fn from_number(number: Option<i64>) -> Result<Self, StoreError> {
        match number {
            None => Ok(Self::Here),
            Some(1) => Ok(Self::Awaits),
            Some(2) => Ok(Self::Taken),
            Some(_) => Err(StoreError::Corrupt),
        }
    }
}

/// A house begins a new life here: it has lost something.
#[derive(Debug, Clone, Copy)]
pub struct Anew {
    /// The new life.
    pub incarnation: Incarnation,
    /// The one before.
    pub past: Past,
    /// Entries from this number on came since the relay started.
    pub log_from: u64,
}

/// What a relay that lost something signed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// In this life;
    pub incarnation: Incarnation,
    /// and not since this start.
    pub start: Incarnation,
}

/// Everything needed to fold a house's state.
#[derive(Debug, Clone)]
pub struct StoredHouse {
    /// The relay's current life of this history.
    pub incarnation: Incarnation,
    /// While it takes back what it lost: the life before.
    pub past: Option<Past>,
    /// Bytes stored.
    pub bytes: u64,
    /// Where it goes on.
    pub elsewhere: Elsewhere,
    /// The log, from 0.
    pub entries: Vec<(Link, OpenEntry)>,
    /// Epoch records in order of admission, with their reader lists.
    pub epochs: Vec<(Record, ReaderList)>,
    /// Last position of each circle that has records.
    pub tails: Vec<(CircleId, Position)>,
    /// Last (sequence, record) of each device in each circle.
    pub authors: Vec<(CircleId, DeviceId, u64, RecordId)>,
    /// Documents begun.
    pub documents: Vec<StoredDocument>,
    /// The number of the last wrap in each mailbox.
    pub wraps: Vec<(Mailbox, i64)>,
    /// Number in the log and day of each invite.
    pub invites: Vec<(u64, Day)>,
    /// Places of records that were lost.
    pub lost: Vec<(CircleId, u64)>,
}

/// One position of a circle, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// Number in the circle.
    pub n: u64,
    /// Id of the record that stood or stands there.
    pub id: RecordId,
    /// The record; `None` where only the stub is left, or where it was asked to be left out.
    pub record: Option<Record>,
    /// Only the stub is left.
    pub gone: bool,
    /// Because the record was lost.
    pub lost: bool,
    /// Reader list, if it is an epoch.
    pub readers: Option<ReaderList>,
}

/// A wrap, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredWrap {
    /// The store's own number, ascending.
    pub n: i64,
    /// As received.
    pub wrap: Wrap,
}

/// An invite, as found by its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredInvite {
    /// House.
    pub house: HouseId,
    /// Number of its entry.
    pub seq: u64,
    /// Relay's day when it was admitted.
    pub day: Day,
}

/// A page's limits: it ends at whichever is reached first, but holds at least one row if there is one.
#[derive(Debug, Clone, Copy)]
pub struct PageLimit {
    /// Rows at most.
    pub rows_max: usize,
    /// Bytes after which no further row is added.
    pub bytes_target: usize,
}

/// Durable storage of a relay. Every read sees at least what was committed before it began.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Whether this house exists.
    async fn has_house(&self, house: HouseId) -> Result<bool, StoreError>;

    /// Everything needed to fold a house's state; `None`: no such house.
    async fn load(&self, house: HouseId) -> Result<Option<StoredHouse>, StoreError>;

    /// Keeps a frame; returns when it is durable.
    async fn commit(&self, commit: Arc<Commit>) -> Result<Committed, StoreError>;

    /// Begins a new life of a house: forgets the records and wraps that came since the store was opened, and entries, and has it
    /// wait. Blobs stay held.
    async fn begin_anew(&self, house: HouseId, anew: Anew) -> Result<(), StoreError>;

    /// Entries by number, in ascending order of number; unknown numbers are left out. Ends early at the page's limit.
    async fn entries(
        &self,
        house: HouseId,
        seqs: &[u64],
        limit: PageLimit,
    ) -> Result<Vec<(u64, OpenEntry)>, StoreError>;

    /// Records of a circle after position `after`. The bodies of `without` are left out.
    async fn records(
        &self,
        house: HouseId,
        circle: CircleId,
        after: u64,
        without: Option<DeviceId>,
        limit: PageLimit,
    ) -> Result<Vec<StoredRow>, StoreError>;

    /// Records of a circle by position, in the order asked for; unknown positions are left out. Ends early at the page's
    /// limit.
    async fn rows(
        &self,
        house: HouseId,
        circle: CircleId,
        ns: &[u64],
        limit: PageLimit,
    ) -> Result<Vec<StoredRow>, StoreError>;

    /// Each device's last record in a document that changed it.
    async fn written(
        &self,
        house: HouseId,
        circle: CircleId,
        document: DocumentId,
    ) -> Result<Vec<Written>, StoreError>;

    /// Keeps a snapshot in place of the one before. Returns the bytes added, and those freed.
    async fn keep_snapshot(&self, snapshot: NewSnapshot) -> Result<(u64, u64), StoreError>;

    /// Snapshots of a circle by document, after this one.
    async fn snapshots(
        &self,
        house: HouseId,
        circle: CircleId,
        after: Option<DocumentId>,
        limit: PageLimit,
    ) -> Result<Vec<StoredSnapshot>, StoreError>;

    /// Which of these records are known, and where they stand.
    async fn known(
        &self,
        house: HouseId,
        ids: &[RecordId],
    ) -> Result<Vec<(RecordId, CircleId, u64)>, StoreError>;

    /// Which of these wraps are known.
    async fn known_wraps(&self, house: HouseId, ids: &[WrapId]) -> Result<Vec<WrapId>, StoreError>;

    /// Accumulator after position `n` (from 1) of a circle.
    async fn accumulator(
        &self,
        house: HouseId,
        circle: CircleId,
        n: u64,
    ) -> Result<Option<Accumulator>, StoreError>;

    /// Wraps of a mailbox after the store's number `after`: those `device` has not acknowledged, or all.
    async fn wraps(
        &self,
        house: HouseId,
        mailbox: Mailbox,
        device: DeviceId,
        after: i64,
        all: bool,
        limit: PageLimit,
    ) -> Result<Vec<StoredWrap>, StoreError>;

    /// `device` has stored these wraps. Unknown ids are skipped.
    async fn acknowledge(&self, house: HouseId, device: DeviceId, wraps: &[WrapId])
    -> Result<(), StoreError>;

    /// The invite with this key.
    async fn invite(&self, key: InviteKey) -> Result<Option<StoredInvite>, StoreError>;

    /// Makes room for a blob that nobody holds; one that is reserved already is reserved anew. Returns the bytes by which
    /// the house has grown.
    async fn reserve(&self, reservation: Reservation) -> Result<u64, StoreError>;

    /// Those of these blobs that are known.
    async fn blobs(&self, house: HouseId, ids: &[BlobId]) -> Result<Vec<(BlobId, StoredBlob)>, StoreError>;

    /// A part has come. [`StoreError::Conflict`]: there is no such blob.
    async fn note_part(&self, house: HouseId, blob: BlobId, part: u32) -> Result<(), StoreError>;

    /// What a device has reserved, as far as that is not over.
    async fn reserved(&self, house: HouseId, device: DeviceId, today: Day) -> Result<Reserved, StoreError>;

    /// Reduces to stubs every record that expired before `now` and ends such holds; then forgets blobs that nobody holds
    /// and whose reservation is over, and notes that their objects are to be deleted. Returns the bytes freed per house.
    async fn expire(&self, now: Month, today: Day) -> Result<Vec<(HouseId, u64)>, StoreError>;

    /// Forgets every house that was dissolved before this day, with all that was kept for it, and notes that the objects of
    /// its blobs are to be deleted. Returns which.
    async fn forget_dissolved(&self, before: Day) -> Result<Vec<HouseId>, StoreError>;

    /// Some of the blobs whose objects are to be deleted.
    async fn doomed(&self, count_max: usize) -> Result<Vec<(HouseId, BlobId)>, StoreError>;

    /// The objects of these blobs are to be deleted, unless the blob is known.
    async fn doom(&self, house: HouseId, ids: &[BlobId]) -> Result<(), StoreError>;

    /// The objects of these blobs are deleted.
    async fn buried(&self, blobs: &[(HouseId, BlobId)]) -> Result<(), StoreError>;

    /// Whether the store answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Finishes what was begun and closes. Later calls are [`StoreError::Closed`].
    async fn close(&self);
}
