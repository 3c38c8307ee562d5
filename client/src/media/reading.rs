//! Opening blobs: from this device, else from the relay. Nothing is handed out before the whole was found to be the blob of
//! that name. What was fetched stays on this device as long as its item.

use std::time::Duration;

use backon::BackoffBuilder as _;
use nestpost_core::crypto::blob::{self, BlobOpener};
use nestpost_core::engine::BlobKey;

use super::blocking;
use super::files::{Files, Shelf};
use super::relay::{Relay, Trouble};
use crate::device::{ClientError, Hand};

/// How often a download that broke off is gone on with.
const ATTEMPTS_MAX: usize = 5;
/// Tickets that the relay does not take, in one download.
const TICKETS_MAX: usize = 2;

/// What opens blobs of one device.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) files: Files,
    pub(crate) relay: Relay,
}

/// What has come so far.
struct Download {
    opener: BlobOpener,
    sealed: Vec<u8>,
    plain: Vec<u8>,
}

impl Download {
    fn take(&mut self, piece: &[u8]) -> Result<(), Trouble> {
        self.plain.append(&mut self.opener.push(piece).map_err(|_| Trouble::Mismatch)?);
        self.sealed.extend_from_slice(piece);
        Ok(())
    }
}

impl Reading {
    /// What is in the blob.
    pub(crate) async fn read(&self, hand: &Hand, key: &BlobKey) -> Result<Vec<u8>, ClientError> {
        if let Some(plain) = self.local(key).await? {
            return Ok(plain);
        }
        let Download { opener, sealed, plain } = self.download(hand, key).await?;
        opener.finish().map_err(|_| ClientError::Gone)?;
        let (files, id) = (self.files.clone(), key.id.clone());
        blocking(move || Ok(files.write(Shelf::Blob, &id, &sealed)?)).await?;
        Ok(plain)
    }

    /// Damaged or cut off, it is as good as not there.
    async fn local(&self, key: &BlobKey) -> Result<Option<Vec<u8>>, ClientError> {
        let (files, key) = (self.files.clone(), key.clone());
        blocking(move || {
            let Some(sealed) = files.read(Shelf::Blob, &key.id)? else { return Ok(None) };
            let id = key.id.parse().map_err(|_| ClientError::Gone)?;
            Ok(blob::open(&sealed, &key.secret, key.bytes, id).ok())
        })
        .await
    }

    async fn download(&self, hand: &Hand, key: &BlobKey) -> Result<Download, ClientError> {
        let id = key.id.parse().map_err(|_| ClientError::Gone)?;
        let opener = BlobOpener::new(&key.secret, key.bytes, Some(id)).map_err(|_| ClientError::Gone)?;
        let mut coming = Download { opener, sealed: Vec::new(), plain: Vec::new() };
        let mut pauses = backon::ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_jitter()
            .with_max_times(ATTEMPTS_MAX)
            .build();
        let (mut stale, mut tickets) = (None, 0);
        loop {
            let ticket = hand.ticket(stale.take()).await?;
            let from = coming.sealed.len() as u64;
            let answer = self.relay.get(&ticket, &key.id, from, |piece| coming.take(piece)).await;
            let pause = match answer {
                Ok(()) => return Ok(coming),
                Err(Trouble::Ticket) if tickets < TICKETS_MAX => {
                    tickets += 1;
                    stale = Some(ticket);
                    continue;
                }
                Err(Trouble::Network | Trouble::Ticket) => pauses.next(),
                Err(Trouble::Busy(after)) => pauses.next().map(|pause| pause.max(after)),
                Err(_) => return Err(ClientError::Gone),
            };
            tokio::time::sleep(pause.ok_or(ClientError::Offline)?).await;
        }
    }
}
