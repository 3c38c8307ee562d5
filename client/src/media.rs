//! Pictures and files of a device: taken in, prepared, sent, fetched. Sealed bytes lie as files beside the engine's rows, each
//! under the secret that a row or an item carries.

mod files;
mod prepare;
mod reading;
mod relay;
mod sending;

use nestpost_core::app::Command;
use nestpost_core::app::command::TakenFile;
use nestpost_core::app::view::MediaTarget;
use nestpost_core::crypto::blob;
use nestpost_core::media::MediaFault;
use nestpost_core::transfers::MediaKind;
use nestpost_protocol::id::ItemId;

pub(crate) use files::{Files, Shelf};
pub(crate) use reading::Reading;
pub(crate) use relay::Relay;
pub(crate) use sending::Sending;

use crate::device::{ClientError, Device};

/// A file that somebody chose.
#[derive(Debug, Clone)]
pub struct ChosenFile {
    /// Picture or attachment.
    pub kind: MediaKind,
    /// Its name. A picture's stays on this device.
    pub name: String,
    /// What is to be seen on a picture; may be empty.
    pub alt: String,
    /// As it is.
    pub bytes: Vec<u8>,
}

/// Which of a picture's two sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For a column of a phone's screen.
    Thumb,
    /// As large as there is.
    Full,
}

impl Device {
    /// An id for pictures and files that are chosen together, and for the text that goes with them.
    #[must_use]
    pub fn new_set() -> String {
        random_id().to_string()
    }

    /// Takes files in; resolves when each is safe on this device, or set aside at once. Preparing and sending go on by
    /// themselves. Answers for each file the item that it becomes.
    ///
    /// # Errors
    /// [`ClientError::Disk`], [`ClientError::App`], [`ClientError::Closed`].
    pub async fn add_media(
        &self,
        to: MediaTarget,
        set: &str,
        chosen: Vec<ChosenFile>,
    ) -> Result<Vec<Result<String, MediaFault>>, ClientError> {
        let (mut taken, mut answers) = (Vec::new(), Vec::new());
        for file in chosen {
            if let Err(fault) = prepare::check(file.kind, &file.bytes) {
                answers.push(Err(fault));
                continue;
            }
            let id = random_id().to_string();
            let ChosenFile { kind, name, alt, bytes } = file;
            let len = bytes.len() as u64;
            let (files, shelved) = (self.files.clone(), id.clone());
            let secret = blocking(move || {
                let (sealed, known) = blob::seal(&bytes).map_err(|_| ClientError::Sealing)?;
                files.write(Shelf::Original, &shelved, &sealed)?;
                Ok(known.secret)
            })
            .await?;
            taken.push(TakenFile { id: id.clone(), kind, name, alt, secret, bytes: len });
            answers.push(Ok(id));
        }
        if !taken.is_empty() {
            self.command(Command::TakeMedia { to, set: set.to_owned(), files: taken }).await?;
        }
        Ok(answers)
    }

    /// A picture's JPEG: from this device, or fetched.
    ///
    /// # Errors
    /// [`ClientError::Gone`], [`ClientError::Offline`], [`ClientError::Disk`], [`ClientError::Closed`].
    pub async fn picture(&self, id: &str, size: Size) -> Result<Vec<u8>, ClientError> {
        let keys = self.hand.media(parsed(id)?).await?.ok_or(ClientError::Gone)?;
        let key = match (size, keys.thumb) {
            (Size::Thumb, Some(thumb)) => thumb,
            (Size::Thumb, None) | (Size::Full, _) => keys.full,
        };
        self.reading.read(&self.hand, &key).await
    }

    /// An attachment's bytes: from this device, or fetched.
    ///
    /// # Errors
    /// As [`Device::picture`].
    pub async fn file(&self, id: &str) -> Result<Vec<u8>, ClientError> {
        self.picture(id, Size::Full).await
    }
}

fn parsed(id: &str) -> Result<ItemId, ClientError> {
    id.parse().map_err(|_| ClientError::Gone)
}

fn random_id() -> ItemId {
    ItemId::new(rand::random())
}

/// Work that would keep other tasks waiting: files, sealing, pictures.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ClientError> + Send + 'static,
) -> Result<T, ClientError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ClientError::Closed)?
}
