//! Prepares what was taken in and sends it, one at a time, in the engine's order: asks the relay for room, sends the parts that it
//! lacks, tells the engine when it has all. Small records go first: before every part it waits for them, though not for ever. Whatever
//! goes wrong is tried again after pauses that grow; what the relay never takes is set aside.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use data_encoding::HEXLOWER;
use nestpost_core::app::Command;
use nestpost_core::app::command::SealedArgs;
use nestpost_core::crypto::blob;
use nestpost_core::engine::{OriginalKey, OwnBlobKey, Summary, Upload};
use nestpost_core::media::MediaFault;
use nestpost_core::transfers::MediaKind;
use nestpost_protocol::blob::{Manifest, Reserve};
use nestpost_protocol::limit::BLOB_PART_BYTES;
use tokio::time::{Instant, sleep_until, timeout};

use super::files::{Files, Shelf};
use super::relay::{Relay, Trouble};
use super::{blocking, prepare};
use crate::device::{ClientError, Hand};
use crate::disk::DiskError;

/// Records wait no longer for a part than parts for records.
const SMALL_FIRST: Duration = Duration::from_secs(10);
/// Longest pause after trouble.
const PAUSE_MAX: Duration = Duration::from_secs(60);
/// Somebody has to make room at the relay: that takes longer.
const FULL: Duration = Duration::from_secs(60);
/// A blob is announced so often in one go: its room may have expired.
const RESERVES_MAX: usize = 3;
/// How often one item is offered that the relay does not take.
const TRIES_MAX: u32 = 8;

/// The sender of one device.
pub(crate) struct Sending {
    hand: Hand,
    files: Files,
    relay: Relay,
    /// After trouble that concerns everything.
    trouble: Option<Trial>,
    /// After trouble that concerns one item, by its id.
    items: BTreeMap<String, Trial>,
    /// How many pictures and files were named by something when that was looked at last.
    named: usize,
}

struct Trial {
    tries: u32,
    pauses: ExponentialBackoff,
    not_before: Instant,
}

impl Trial {
    fn new() -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(500))
            .with_max_delay(PAUSE_MAX)
            .with_jitter()
            .without_max_times()
            .build();
        Self { tries: 0, pauses, not_before: Instant::now() }
    }

    fn again(&mut self, at_least: Duration) {
        self.tries += 1;
        self.not_before = Instant::now() + self.pauses.next().unwrap_or(PAUSE_MAX).max(at_least);
    }

    fn waits(&self) -> bool {
        self.not_before > Instant::now()
    }
}

/// Why an item was not sent in one go.
enum Stopped {
    Trouble(Trouble),
    /// Its bytes are not on this device any more.
    Lost,
    /// By the person, or since nobody is there to send to.
    Put,
    Client(ClientError),
}

impl From<ClientError> for Stopped {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Offline => Self::Trouble(Trouble::Network),
            error => Self::Client(error),
        }
    }
}

/// What is asked of the relay.
enum Ask<'a> {
    /// Room for a blob; answers the parts that are to come.
    Room(&'a Reserve),
    Take {
        blob: &'a str,
        part: u32,
        bytes: &'a [u8],
    },
}

/// What one step came to.
enum Step {
    Done,
    /// Nothing to do before something changes, or this moment comes.
    Idle(Option<Instant>),
}

impl Sending {
    pub(crate) fn new(hand: Hand, files: Files, relay: Relay) -> Self {
        Self { hand, files, relay, trouble: None, items: BTreeMap::new(), named: 0 }
    }

    /// Works until the device is closed.
    pub(crate) async fn run(mut self) {
        let Err(_closed) = self.forever().await;
    }

    async fn forever(&mut self) -> Result<Infallible, ClientError> {
        self.tidy().await?;
        let mut summary = self.hand.summary();
        loop {
            summary.borrow_and_update();
            let Step::Idle(until) = self.step().await? else { continue };
            let named = self.hand.media_index().await?.len();
            if named < std::mem::replace(&mut self.named, named) {
                self.tidy().await?;
            }
            tokio::select! {
                changed = summary.changed() => changed.map_err(|_| ClientError::Closed)?,
                () = sleep(until) => {}
            }
        }
    }

    /// Files that nothing names any more.
    async fn tidy(&self) -> Result<(), ClientError> {
        let (rows, index) = (self.hand.transfers().await?, self.hand.media_index().await?);
        let originals: BTreeSet<String> =
            rows.iter().filter(|row| row.original.is_some()).map(|row| row.id.clone()).collect();
        let own = rows.iter().flat_map(|row| row.blobs.iter().map(|blob| blob.id.clone()));
        let named = index.into_iter().flat_map(|row| std::iter::once(row.full).chain(row.thumb));
        let blobs: BTreeSet<String> = own.chain(named).collect();
        let files = self.files.clone();
        blocking(move || {
            files.tidy(Shelf::Original, &originals)?;
            Ok(files.tidy(Shelf::Blob, &blobs)?)
        })
        .await
    }

    async fn step(&mut self) -> Result<Step, ClientError> {
        let rows = self.hand.transfers().await?;
        self.items.retain(|id, _| rows.iter().any(|row| row.id == *id && row.stage != "failed"));
        if let Some(row) = rows.iter().find(|row| row.stage == "kept" && !self.waits(&row.id)) {
            let outcome = self.prepare(row).await;
            self.judge(row, outcome).await?;
            return Ok(Step::Done);
        }
        let may_send = may_send(&self.hand.summary().borrow());
        if !may_send {
            // A network that comes back is tried at once.
            self.trouble = None;
        }
        let ready = |row: &&Upload| row.stage == "ready" && !self.waits(&row.id);
        let next = rows.iter().find(ready).filter(|_| may_send);
        if let Some(row) = next.filter(|_| self.trouble.as_ref().is_none_or(|trial| !trial.waits())) {
            let outcome = self.send(row).await;
            self.judge(row, outcome).await?;
            return Ok(Step::Done);
        }
        let waits = self.items.values().chain(&self.trouble).filter(|trial| trial.waits());
        Ok(Step::Idle(waits.map(|trial| trial.not_before).min()))
    }

    fn waits(&self, id: &str) -> bool {
        self.items.get(id).is_some_and(Trial::waits)
    }

    // ---- preparing ----

    async fn prepare(&self, row: &Upload) -> Result<(), Stopped> {
        let Some(OriginalKey { secret, bytes }) = row.original.clone() else { return Err(Stopped::Lost) };
        let (files, id, kind) = (self.files.clone(), row.id.clone(), row.kind);
        let made = blocking(move || {
            let Some(sealed) = files.read(Shelf::Original, &id)? else { return Ok(Err(MediaFault::Lost)) };
            let original = blob::BlobOpener::new(&secret, bytes, None).and_then(|mut opener| {
                let plain = opener.push(&sealed)?;
                opener.finish().map(|()| plain)
            });
            let Ok(original) = original else { return Ok(Err(MediaFault::Lost)) };
            make(&files, kind, &id, &original)
        })
        .await?;
        let command = made.unwrap_or_else(|fault| Command::MediaFailed { id: row.id.clone(), fault });
        self.hand.command(command).await?;
        let kept = self
            .hand
            .transfers()
            .await?
            .into_iter()
            .any(|other| other.id == row.id && other.original.is_some());
        if kept {
            return Ok(());
        }
        let (files, id) = (self.files.clone(), row.id.clone());
        Ok(blocking(move || Ok(files.remove(Shelf::Original, &id)?)).await?)
    }

    // ---- sending ----

    async fn send(&self, row: &Upload) -> Result<(), Stopped> {
        for blob in &row.blobs {
            self.send_blob(row, blob).await?;
        }
        self.hand.command(Command::MediaSent { id: row.id.clone() }).await?;
        Ok(())
    }

    async fn send_blob(&self, row: &Upload, blob: &OwnBlobKey) -> Result<(), Stopped> {
        let (files, id) = (self.files.clone(), blob.id.clone());
        let sealed = blocking(move || Ok(files.read(Shelf::Blob, &id)?)).await?.ok_or(Stopped::Lost)?;
        let manifest = Manifest::of(&sealed).map_err(|_| Stopped::Lost)?;
        if manifest.id().to_string() != blob.id {
            return Err(Stopped::Lost);
        }
        let circle = row.circle.parse().map_err(|_| Stopped::Lost)?;
        let wanted = Reserve { circle, manifest };
        for attempt in 1..=RESERVES_MAX {
            let missing = self.ask(&Ask::Room(&wanted)).await?;
            match self.send_parts(row, blob, &sealed, &missing).await {
                // Its room has expired, or the relay got something else: it knows best what it lacks now.
                Err(Stopped::Trouble(Trouble::Absent | Trouble::Mismatch)) if attempt < RESERVES_MAX => {}
                outcome => return outcome,
            }
        }
        Ok(())
    }

    async fn send_parts(
        &self,
        row: &Upload,
        blob: &OwnBlobKey,
        sealed: &[u8],
        missing: &[u32],
    ) -> Result<(), Stopped> {
        let mut summary = self.hand.summary();
        for part in missing {
            let small = summary.wait_for(|house| house.waiting <= house.media.queued);
            // Not for ever; and whether the device is closed is found out anyway.
            drop(timeout(SMALL_FIRST, small).await);
            let rows = self.hand.transfers().await?;
            let wanted = rows.iter().any(|other| other.id == row.id && other.stage == row.stage);
            if !wanted || !may_send(&summary.borrow()) {
                return Err(Stopped::Put);
            }
            let chunks =
                usize::try_from(*part).ok().and_then(|part| sealed.chunks(BLOB_PART_BYTES).nth(part));
            let bytes = chunks.ok_or(Stopped::Trouble(Trouble::Refused))?;
            self.ask(&Ask::Take { blob: &blob.id, part: *part, bytes }).await?;
        }
        Ok(())
    }

    /// Asks with a ticket, and once more with another one if that is too old.
    async fn ask(&self, ask: &Ask<'_>) -> Result<Vec<u32>, Stopped> {
        let ticket = self.hand.ticket(None).await?;
        let answer = match self.ask_once(ask, &ticket).await {
            Err(Trouble::Ticket) => {
                let ticket = self.hand.ticket(Some(ticket)).await?;
                self.ask_once(ask, &ticket).await
            }
            answer => answer,
        };
        answer.map_err(Stopped::Trouble)
    }

    async fn ask_once(&self, ask: &Ask<'_>, ticket: &str) -> Result<Vec<u32>, Trouble> {
        match *ask {
            Ask::Room(wanted) => self.relay.reserve(ticket, wanted).await,
            Ask::Take { blob, part, bytes } => {
                self.relay.put(ticket, blob, part, bytes.to_vec()).await.map(|()| Vec::new())
            }
        }
    }

    // ---- what follows ----

    async fn judge(&mut self, row: &Upload, outcome: Result<(), Stopped>) -> Result<(), ClientError> {
        let fault = match outcome {
            Ok(()) => {
                self.items.remove(&row.id);
                if row.stage == "ready" {
                    self.trouble = None;
                }
                return Ok(());
            }
            Err(Stopped::Put) => return Ok(()),
            Err(Stopped::Client(ClientError::Closed)) => return Err(ClientError::Closed),
            Err(Stopped::Lost) => Some(MediaFault::Lost),
            Err(Stopped::Client(ClientError::Disk(DiskError::Io(error)))) if is_full(&error) => {
                Some(MediaFault::StorageFull)
            }
            Err(Stopped::Trouble(trouble)) => {
                let pause = match trouble {
                    Trouble::Network | Trouble::Ticket => Some(Duration::ZERO),
                    Trouble::Busy(after) => Some(after),
                    Trouble::Full => Some(FULL),
                    Trouble::Absent | Trouble::Mismatch | Trouble::TooLarge | Trouble::Refused => None,
                };
                if let Some(pause) = pause {
                    self.trouble.get_or_insert_with(Trial::new).again(pause);
                    return Ok(());
                }
                (trouble == Trouble::TooLarge).then_some(MediaFault::Refused)
            }
            Err(Stopped::Client(_)) => None,
        };
        let trial = self.items.entry(row.id.clone()).or_insert_with(Trial::new);
        trial.again(Duration::ZERO);
        let fault = fault.or((trial.tries >= TRIES_MAX).then_some(MediaFault::Refused));
        if let Some(fault) = fault {
            let failed = self.hand.command(Command::MediaFailed { id: row.id.clone(), fault }).await;
            if matches!(failed, Err(ClientError::Closed)) {
                return Err(ClientError::Closed);
            }
        }
        Ok(())
    }
}

/// What is sealed and on disk, as the engine wants to hear of it.
fn make(
    files: &Files,
    kind: MediaKind,
    id: &str,
    original: &[u8],
) -> Result<Result<Command, MediaFault>, ClientError> {
    let keep = |plain: &[u8]| -> Result<SealedArgs, ClientError> {
        let (bytes, sealed) = blob::seal(plain).map_err(|_| ClientError::Sealing)?;
        let id = sealed.id().to_string();
        files.write(Shelf::Blob, &id, &bytes)?;
        let (bytes, size) = (sealed.plain_bytes, sealed.sealed_bytes());
        Ok(SealedArgs { id, secret: sealed.secret, bytes, sealed: size })
    };
    let id = id.to_owned();
    if kind == MediaKind::File {
        let full = keep(original)?;
        return Ok(Ok(Command::MediaReady { id, full, thumb: None, width: None, height: None, hash: None }));
    }
    let picture = match prepare::picture(original) {
        Ok(picture) => picture,
        Err(fault) => return Ok(Err(fault)),
    };
    let side = |pixels: u32| u16::try_from(pixels).ok();
    Ok(Ok(Command::MediaReady {
        id,
        full: keep(&picture.full.bytes)?,
        thumb: Some(keep(&picture.thumb.bytes)?),
        width: side(picture.full.width),
        height: side(picture.full.height),
        hash: Some(HEXLOWER.encode(&picture.hash)),
    }))
}

fn may_send(house: &Summary) -> bool {
    house.stage == "member" && house.link == "online" && !house.media.paused
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

async fn sleep(until: Option<Instant>) {
    match until {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
