//! The SQLite store: one file in WAL mode, one writer task with group commit, a few read connections.
//!
//! `synchronous=FULL`: what was acknowledged survives a power cut. `secure_delete`: what expired is overwritten.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use nestpost_protocol::id::{
    Accumulator, BlobId, CircleId, DeviceId, DocumentId, HouseId, InviteKey, RecordId, WrapId,
};
use nestpost_protocol::log::OpenEntry;
use nestpost_protocol::retention::Month;
use nestpost_protocol::snapshot::Written;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::{Mutex, RwLock, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::{
    Anew, Commit, Committed, Mailbox, NewSnapshot, PageLimit, Reservation, Reserved, Store, StoreError,
    StoredBlob, StoredHouse, StoredInvite, StoredRow, StoredSnapshot, StoredWrap,
};
use crate::clock::Day;

mod blobs;
pub mod copy;
mod lost;
mod read;
mod snapshots;
mod write;

use write::{Job, Outcome, Task};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Jobs that wait for the writer; beyond that, sessions wait.
const QUEUE_MAX: usize = 1024;
/// Connections that read.
const READERS_MAX: u32 = 4;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How the database file is opened.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The file; created if missing.
    pub path: PathBuf,
    /// Upper bound of the file, in pages of 4 KiB; `None`: as large as the disk.
    pub pages_max: Option<u32>,
}

/// A relay's store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    jobs: RwLock<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl SqliteStore {
    /// Opens or creates the file and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened or migrated.
    pub async fn open(options: &SqliteOptions) -> Result<Self, StoreError> {
        let mut writer = connect_options(&options.path).create_if_missing(true);
        if let Some(pages) = options.pages_max {
            writer = writer.pragma("max_page_count", pages.to_string());
        }
        let mut connection = writer.connect().await.map_err(database)?;
        MIGRATIONS.run(&mut connection).await.map_err(StoreError::Migrate)?;
        Self::with_writer(connection, &options.path).await
    }

    async fn with_writer(connection: SqliteConnection, path: &Path) -> Result<Self, StoreError> {
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS_MAX)
            .connect_with(connect_options(path).read_only(true))
            .await
            .map_err(database)?;
        let mut connection = connection;
        let opened = write::Opened::at(&mut connection).await?;
        let (jobs, queue) = mpsc::channel(QUEUE_MAX);
        let writer = tokio::spawn(write::run(connection, queue, opened));
        Ok(Self { readers, jobs: RwLock::new(Some(jobs)), writer: Mutex::new(Some(writer)) })
    }

    /// Every column of a database as `table.column`, sorted; for the check against the documentation. Only reads.
    ///
    /// # Errors
    /// [`StoreError`] when there is no such file, or it is no database.
    pub async fn columns_of(path: &Path) -> Result<Vec<String>, StoreError> {
        let mut connection = connect_options(path).read_only(true).connect().await.map_err(database)?;
        read::columns(&mut connection).await
    }

    async fn write(&self, task: Task) -> Result<Outcome, StoreError> {
        let jobs = self.jobs.read().await.clone().ok_or(StoreError::Closed)?;
        let (reply, outcome) = oneshot::channel();
        jobs.send(Job { task, reply }).await.map_err(|_| StoreError::Closed)?;
        outcome.await.map_err(|_| StoreError::Closed)?
    }
}

fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .pragma("secure_delete", "on")
        .disable_statement_logging()
}

/// SQLite's primary result codes that mean something to the relay.
const SQLITE_FULL: i32 = 13;
const SQLITE_CONSTRAINT: i32 = 19;

fn database(error: sqlx::Error) -> StoreError {
    let code = match &error {
        sqlx::Error::Database(inner) => inner.code().and_then(|code| code.parse::<i32>().ok()),
        _ => None,
    };
    match code.map(|code| code & 0xff) {
        Some(SQLITE_FULL) => StoreError::Full,
        Some(SQLITE_CONSTRAINT) => StoreError::Conflict,
        _ => StoreError::Database(error),
    }
}

/// Numbers of the protocol are far below 2^63: they count from 1 without gaps.
fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[async_trait]
impl Store for SqliteStore {
    async fn has_house(&self, house: HouseId) -> Result<bool, StoreError> {
        read::has_house(&self.readers, house).await
    }

    async fn load(&self, house: HouseId) -> Result<Option<StoredHouse>, StoreError> {
        read::load(&self.readers, house).await
    }

    async fn commit(&self, commit: Arc<Commit>) -> Result<Committed, StoreError> {
        match self.write(Task::Commit(commit)).await? {
            Outcome::Committed(committed) => Ok(committed),
            _ => Ok(Committed::default()),
        }
    }

    async fn begin_anew(&self, house: HouseId, anew: Anew) -> Result<(), StoreError> {
        self.write(Task::BeginAnew(house, anew)).await.map(|_| ())
    }

    async fn entries(
        &self,
        house: HouseId,
        seqs: &[u64],
        limit: PageLimit,
    ) -> Result<Vec<(u64, OpenEntry)>, StoreError> {
        read::entries(&self.readers, house, seqs, limit).await
    }

    async fn records(
        &self,
        house: HouseId,
        circle: CircleId,
        after: u64,
        without: Option<DeviceId>,
        limit: PageLimit,
    ) -> Result<Vec<StoredRow>, StoreError> {
        read::records(&self.readers, house, circle, after, without, limit).await
    }

    async fn rows(
        &self,
        house: HouseId,
        circle: CircleId,
        ns: &[u64],
        limit: PageLimit,
    ) -> Result<Vec<StoredRow>, StoreError> {
        snapshots::rows(&self.readers, house, circle, ns, limit).await
    }

    async fn written(
        &self,
        house: HouseId,
        circle: CircleId,
        document: DocumentId,
    ) -> Result<Vec<Written>, StoreError> {
        snapshots::written(&self.readers, house, circle, document).await
    }

    async fn keep_snapshot(&self, snapshot: NewSnapshot) -> Result<(u64, u64), StoreError> {
        match self.write(Task::Snapshot(Box::new(snapshot))).await? {
            Outcome::Kept { added, freed } => Ok((added, freed)),
            _ => Ok((0, 0)),
        }
    }

    async fn snapshots(
        &self,
        house: HouseId,
        circle: CircleId,
        after: Option<DocumentId>,
        limit: PageLimit,
    ) -> Result<Vec<StoredSnapshot>, StoreError> {
        snapshots::page(&self.readers, house, circle, after, limit).await
    }

    async fn known(
        &self,
        house: HouseId,
        ids: &[RecordId],
    ) -> Result<Vec<(RecordId, CircleId, u64)>, StoreError> {
        read::known(&self.readers, house, ids).await
    }

    async fn known_wraps(&self, house: HouseId, ids: &[WrapId]) -> Result<Vec<WrapId>, StoreError> {
        read::known_wraps(&self.readers, house, ids).await
    }

    async fn accumulator(
        &self,
        house: HouseId,
        circle: CircleId,
        n: u64,
    ) -> Result<Option<Accumulator>, StoreError> {
        read::accumulator(&self.readers, house, circle, n).await
    }

    async fn wraps(
        &self,
        house: HouseId,
        mailbox: Mailbox,
        device: DeviceId,
        after: i64,
        all: bool,
        limit: PageLimit,
    ) -> Result<Vec<StoredWrap>, StoreError> {
        read::wraps(&self.readers, house, mailbox, device, after, all, limit).await
    }

    async fn acknowledge(
        &self,
        house: HouseId,
        device: DeviceId,
        wraps: &[WrapId],
    ) -> Result<(), StoreError> {
        self.write(Task::Acknowledge { house, device, wraps: wraps.to_vec() }).await.map(|_| ())
    }

    async fn invite(&self, key: InviteKey) -> Result<Option<StoredInvite>, StoreError> {
        read::invite(&self.readers, key).await
    }

    async fn reserve(&self, reservation: Reservation) -> Result<u64, StoreError> {
        match self.write(Task::Reserve(reservation)).await? {
            Outcome::Reserved(bytes) => Ok(bytes),
            _ => Ok(0),
        }
    }

    async fn blobs(&self, house: HouseId, ids: &[BlobId]) -> Result<Vec<(BlobId, StoredBlob)>, StoreError> {
        blobs::find(&self.readers, house, ids).await
    }

    async fn note_part(&self, house: HouseId, blob: BlobId, part: u32) -> Result<(), StoreError> {
        self.write(Task::NotePart { house, blob, part }).await.map(|_| ())
    }

    async fn reserved(&self, house: HouseId, device: DeviceId, today: Day) -> Result<Reserved, StoreError> {
        blobs::reserved(&self.readers, house, device, today).await
    }

    async fn expire(&self, now: Month, today: Day) -> Result<Vec<(HouseId, u64)>, StoreError> {
        match self.write(Task::Expire(now, today)).await? {
            Outcome::Expired(freed) => Ok(freed),
            _ => Ok(Vec::new()),
        }
    }

    async fn forget_dissolved(&self, before: Day) -> Result<Vec<HouseId>, StoreError> {
        match self.write(Task::ForgetDissolved(before)).await? {
            Outcome::Forgotten(houses) => Ok(houses),
            _ => Ok(Vec::new()),
        }
    }

    async fn doomed(&self, count_max: usize) -> Result<Vec<(HouseId, BlobId)>, StoreError> {
        blobs::doomed(&self.readers, count_max).await
    }

    async fn doom(&self, house: HouseId, ids: &[BlobId]) -> Result<(), StoreError> {
        self.write(Task::Doom { house, ids: ids.to_vec() }).await.map(|_| ())
    }

    async fn buried(&self, blobs: &[(HouseId, BlobId)]) -> Result<(), StoreError> {
        self.write(Task::Buried(blobs.to_vec())).await.map(|_| ())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        if self.jobs.read().await.as_ref().is_none_or(mpsc::Sender::is_closed) {
            return Err(StoreError::Closed);
        }
        sqlx::query("select 1").execute(&self.readers).await.map_err(database).map(|_| ())
    }

    async fn close(&self) {
        self.jobs.write().await.take();
        if let Some(writer) = self.writer.lock().await.take()
            && writer.await.is_err()
        {
            tracing::error!("the store's writer ended unexpectedly");
        }
        self.readers.close().await;
    }
}

#[cfg(test)]
mod tests;
