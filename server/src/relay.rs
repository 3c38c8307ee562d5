//! The relay as a whole: what all sessions share.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota};
use nestpost_protocol::codec::Bytes;
use nestpost_protocol::id::{BlobId, CircleId, DeviceId, HouseId, Incarnation, PersonId};
use nestpost_protocol::message::{PositionClaim, SignedPosition};
use nestpost_protocol::record::Position;
use tokio::sync::{Mutex, Semaphore, watch};
use tokio_util::task::TaskTracker;

use crate::blobs::{self, Blobs, ObjectError};
use crate::clock::{Clock, Day, SystemClock};
use crate::config::Config;
use crate::house::registry::Houses;
use crate::house::{Desk, House};
use crate::relay_key::{KeyError, RelayKey};
use crate::store::sqlite::{SqliteOptions, SqliteStore};
use crate::store::{Store, StoreError};
use crate::ticket;

/// Name of the database in the data folder.
pub const DATABASE_FILE: &str = "nestpost.sqlite";
const LOCK_FILE: &str = "nestpost.lock";
/// How often expired documents are looked for, and old rate limits forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// Blobs whose objects are deleted while uploads wait.
const BURIED_AT_ONCE_MAX: usize = 32;
/// Blobs on disk that are compared with the database at a time.
const STRAYS_AT_ONCE_MAX: usize = 256;
/// A burst may be as long as this many seconds of the average.
const BURST_SECONDS: u32 = 20;

/// Why a relay cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The data folder cannot be made or locked.
    #[error("cannot use the data folder {path}")]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another relay runs on the same data folder.
    #[error("another relay uses the data folder {path}")]
    InUse {
        /// Which folder.
        path: PathBuf,
    },
    /// The relay key is not usable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database is not usable.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why not everything that has expired could be deleted. What could not is tried again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The blobs' folder fails.
    #[error("the objects of blobs cannot be deleted")]
    Objects(#[source] io::Error),
}

impl From<ObjectError> for SweepError {
    fn from(error: ObjectError) -> Self {
        Self::Objects(match error {
            ObjectError::Missing => io::ErrorKind::NotFound.into(),
            ObjectError::Failed(kind) => kind.into(),
        })
    }
}

/// Rates that one device, one house and the door may keep up.
#[derive(Debug)]
pub(crate) struct Rates {
    pub(crate) device: DefaultKeyedRateLimiter<DeviceId>,
    pub(crate) house: DefaultKeyedRateLimiter<HouseId>,
    /// In KiB.
    guardian: DefaultKeyedRateLimiter<PersonId>,
    /// What outsiders write.
    intake: DefaultKeyedRateLimiter<HouseId>,
    pub(crate) founding: DefaultDirectRateLimiter,
}

impl Rates {
    fn new(config: &Config) -> Self {
        let per_second = |rate: u32| {
            let rate = NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
            let burst = rate.saturating_mul(NonZeroU32::new(BURST_SECONDS).unwrap_or(NonZeroU32::MIN));
            Quota::per_second(rate).allow_burst(burst)
        };
        let founds = NonZeroU32::new(config.limits.founds_per_minute).unwrap_or(NonZeroU32::MIN);
        Self {
            device: DefaultKeyedRateLimiter::keyed(per_second(config.limits.device_frames_per_second)),
            house: DefaultKeyedRateLimiter::keyed(per_second(config.limits.house_frames_per_second)),
            guardian: DefaultKeyedRateLimiter::keyed(per_day(
                config.limits.guardian_mib_per_day.saturating_mul(1024),
            )),
            intake: DefaultKeyedRateLimiter::keyed(per_day(config.limits.intake_per_day)),
            founding: DefaultDirectRateLimiter::direct(Quota::per_minute(founds)),
        }
    }

    fn forget_idle(&self) {
        self.device.retain_recent();
        self.house.retain_recent();
        self.guardian.retain_recent();
        self.intake.retain_recent();
    }

    /// Whether a guardian may hand in so much more today.
    pub(crate) fn guardian_may(&self, person: &PersonId, bytes: u64) -> bool {
        let kib = u32::try_from(bytes / 1024 + 1).ok().and_then(NonZeroU32::new);
        kib.is_some_and(|kib| matches!(self.guardian.check_key_n(person, kib), Ok(Ok(()))))
    }

    /// Whether outsiders may write to this house once more today.
    pub(crate) fn intake_may(&self, house: &HouseId) -> bool {
        self.intake.check_key(house).is_ok()
    }
}

/// As much at once as in a day.
fn per_day(count: u32) -> Quota {
    let count = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(Duration::from_secs(86_400) / count.get())
        .unwrap_or(Quota::per_second(count))
        .allow_burst(count)
}

/// A relay on its data folder. Sessions hold it; [`crate::serve`] closes it.
pub struct Relay {
    pub(crate) config: Config,
    pub(crate) key: RelayKey,
    /// Drawn when it starts.
    start: Incarnation,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) blobs: Blobs,
    pub(crate) houses: Houses,
    pub(crate) rates: Rates,
    /// One house is founded at a time.
    pub(crate) founding: Mutex<()>,
    /// One permit per connection.
    pub(crate) connections: Arc<Semaphore>,
    /// One permit per part of a blob that is being received.
    pub(crate) uploads: Semaphore,
    pub(crate) sessions: TaskTracker,
    clock: Arc<dyn Clock>,
    stopping: watch::Sender<bool>,
    /// Locked as long as the relay lives.
    _lock: File,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("config", &self.config).field("key", &self.key).finish_non_exhaustive()
    }
}

impl Relay {
    /// Opens the data folder, on the machine's clock.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(config: Config) -> Result<Arc<Self>, OpenError> {
        Self::open_at(config, Arc::new(SystemClock)).await
    }

    /// Opens the data folder, on a given clock.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open_at(config: Config, clock: Arc<dyn Clock>) -> Result<Arc<Self>, OpenError> {
        let lock = lock_folder(&config)?;
        let key = RelayKey::open(&config.data)?;
        let options =
            SqliteOptions { path: config.data.join(DATABASE_FILE), pages_max: config.database_pages_max };
        let store = SqliteStore::open(&options).await?;
        let blobs = Blobs::open(&config.data)
            .map_err(|source| OpenError::Folder { path: config.data.join(blobs::FOLDER), source })?;
        Ok(Arc::new(Self {
            key,
            start: Incarnation::new(rand::random()),
            store: Arc::new(store),
            blobs,
            houses: Houses::new(config.limits.houses_cached_max),
            rates: Rates::new(&config),
            founding: Mutex::new(()),
            connections: Arc::new(Semaphore::new(config.limits.connections_max.min(Semaphore::MAX_PERMITS))),
            uploads: Semaphore::new(config.limits.uploads_max.min(Semaphore::MAX_PERMITS)),
            sessions: TaskTracker::new(),
            clock,
            stopping: watch::Sender::new(false),
            _lock: lock,
            config,
        }))
    }

    /// Turns `true` when the relay shuts down.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk {
            store: &*self.store,
            clock: &*self.clock,
            quota_bytes: self.config.house_quota_bytes,
            limits: &self.config.limits,
            rates: &self.rates,
            gate: &self.blobs.gate,
            relay: self.key.public(),
            start: self.start,
            origins: &self.config.origins,
        }
    }

    pub(crate) fn today(&self) -> Day {
        self.clock.day()
    }

    pub(crate) async fn house(&self, id: HouseId) -> Result<Option<Arc<House>>, StoreError> {
        self.houses.get(&*self.store, id).await
    }

    /// A position of a circle under the relay's signature.
    pub(crate) fn sign(&self, house: &House, circle: CircleId, position: Position) -> SignedPosition {
        let incarnation = house.incarnation().unwrap_or(Incarnation::new([0; 16]));
        let (house, start, Position { n, acc }) = (house.id(), Some(self.start), position);
        self.key.sign(PositionClaim { house, incarnation, circle, n, acc, start })
    }

    /// What a device shows with its requests for blobs.
    pub(crate) fn ticket(&self, house: HouseId, device: DeviceId) -> Bytes {
        ticket::issue(&self.key, house, device, self.today())
    }

    /// Deletes what has expired by the relay's clock, houses that were dissolved long ago, and blobs that nobody holds. Stubs of records stay, so every chain
    /// stays checkable.
    ///
    /// # Errors
    /// [`SweepError`].
    pub async fn sweep(&self) -> Result<(), SweepError> {
        let last_kept = self.today().before(self.config.dissolved_days);
        let (freed, forgotten) = {
            // Nobody holds, reserves or uploads a blob that is being collected.
            let _gate = self.blobs.gate.write().await;
            let freed = self.store.expire(self.clock.month(), self.today()).await?;
            (freed, self.store.forget_dissolved(last_kept).await?)
        };
        self.forget_weight(&freed);
        for house in &forgotten {
            self.houses.forget(*house).await;
        }
        if !forgotten.is_empty() {
            tracing::info!(houses = forgotten.len(), "dissolved houses deleted");
        }
        self.bury().await
    }

    fn forget_weight(&self, freed: &[(HouseId, u64)]) {
        if freed.is_empty() {
            return;
        }
        let bytes: u64 = freed.iter().map(|(_, bytes)| bytes).sum();
        tracing::info!(houses = freed.len(), bytes, "expired documents and blobs deleted");
        for house in self.houses.in_memory() {
            if let Some((_, bytes)) = freed.iter().find(|(id, _)| *id == house.id()) {
                house.freed(*bytes);
            }
        }
    }

    /// Deletes the objects of blobs that are no more. A few at a time: uploads wait meanwhile.
    async fn bury(&self) -> Result<(), SweepError> {
        let mut failed = None;
        loop {
            let _gate = self.blobs.gate.write().await;
            let doomed = self.store.doomed(BURIED_AT_ONCE_MAX).await?;
            let mut buried = Vec::with_capacity(doomed.len());
            for (house, blob) in doomed {
                match self.blobs.delete(house, blob).await {
                    Ok(()) => buried.push((house, blob)),
                    Err(error) => failed = Some(error),
                }
            }
            if buried.is_empty() {
                return failed.map_or(Ok(()), |error| Err(error.into()));
            }
            self.store.buried(&buried).await?;
        }
    }

    /// Looks for objects that the database does not know (it may have been restored from an older copy), and deletes
    /// them. Only in houses that it does know: a database that is missing as a whole is somebody's mistake.
    ///
    /// # Errors
    /// [`SweepError`].
    pub async fn sweep_strays(&self) -> Result<(), SweepError> {
        for house in self.blobs.houses().await? {
            if !self.store.has_house(house).await? {
                tracing::warn!("there are blobs of a house that the database does not know");
                continue;
            }
            for ids in self.blobs.of_house(house).await?.chunks(STRAYS_AT_ONCE_MAX) {
                let known: BTreeSet<BlobId> =
                    self.store.blobs(house, ids).await?.into_iter().map(|(id, _)| id).collect();
                let strays: Vec<BlobId> = ids.iter().filter(|id| !known.contains(id)).copied().collect();
                if !strays.is_empty() {
                    tracing::info!(count = strays.len(), "blobs without an entry in the database deleted");
                    self.store.doom(house, &strays).await?;
                }
            }
        }
        self.bury().await
    }

    /// Sweeps every hour until the relay stops.
    pub(crate) async fn sweep_forever(self: Arc<Self>) {
        let mut stopping = self.stopping();
        let mut every = tokio::time::interval(SWEEP_EVERY);
        tokio::select! {
            () = stopped(&mut stopping) => return,
            swept = self.sweep_strays() => {
                if let Err(error) = swept {
                    tracing::error!(%error, "blobs without an entry could not be looked for");
                }
            }
        }
        loop {
            tokio::select! {
                () = stopped(&mut stopping) => return,
                _ = every.tick() => {
                    self.rates.forget_idle();
                    if let Err(error) = self.sweep().await {
                        tracing::error!(%error, "what has expired could not be deleted");
                    }
                }
            }
        }
    }

    /// Tells every session to end, waits for them, then closes the store.
    pub(crate) async fn close(&self) {
        self.stopping.send_replace(true);
        self.sessions.close();
        if tokio::time::timeout(self.config.limits.shutdown(), self.sessions.wait()).await.is_err() {
            tracing::warn!("some sessions did not end in time");
        }
        self.store.close().await;
    }
}

/// Resolves when the relay shuts down.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // The relay outlives its sessions; were it gone, this would be the time to stop too.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

pub(crate) fn lock_folder(config: &Config) -> Result<File, OpenError> {
    let path = config.data.clone();
    let folder = |source| OpenError::Folder { path: path.clone(), source };
    private_folder(&path).map_err(folder)?;
    let lock = File::create(path.join(LOCK_FILE)).map_err(folder)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.clone() }),
        Err(TryLockError::Error(source)) => Err(folder(source)),
    }
}

/// Makes a folder that its owner alone can enter; one that is there stays as it is.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
