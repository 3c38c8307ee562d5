//! Opening, bit by bit.

use std::io::Read as _;

use age::stream::StreamReader;
use nestpost_protocol::blob::Manifest;
use nestpost_protocol::id::BlobId;

use super::{
    BlobSecret, HEADER_BYTES, ManifestBuilder, SEALED_CHUNK_BYTES, TAG_BYTES, passphrase_seal, sealed_bytes,
};
use crate::crypto::pipe::Pipe;
use crate::crypto::seal::OpenError;
use crate::pad;

/// Opens a sealed blob as it comes. Holds one chunk of 64 KiB, and hands out no byte before its chunk was
/// authenticated; the last ones, before the end was. See [`super`] on what is not known before [`Self::finish`].
pub struct BlobOpener {
    stage: Stage,
    id: Option<BlobId>,
    plain_bytes: usize,
    /// Where the next chunk begins, in the padded content.
    at: usize,
    /// Sealed bytes that did not come yet.
    left: u64,
    /// Sealed bytes that came and were not opened, since their chunk is not complete.
    pending: Pipe,
    manifest: ManifestBuilder,
}

enum Stage {
    Header(BlobSecret),
    Payload(Box<StreamReader<Pipe>>),
    /// The whole is open, up to its authentic end.
    Ended,
    Broken,
}

impl BlobOpener {
    /// `plain_bytes` is the length of the content, as an item names it beside secret and id. What never leaves this device
    /// needs no id.
    ///
    /// # Errors
    /// [`OpenError::Broken`] when no blob of this length exists.
    pub fn new(secret: &BlobSecret, plain_bytes: u64, id: Option<BlobId>) -> Result<Self, OpenError> {
        let left = sealed_bytes(plain_bytes).ok_or(OpenError::Broken)?;
        Ok(Self {
            stage: Stage::Header(secret.clone()),
            id,
            plain_bytes: usize::try_from(plain_bytes).map_err(|_| OpenError::Broken)?,
            at: 0,
            left,
            pending: Pipe::default(),
            manifest: ManifestBuilder::default(),
        })
    }

    /// The next sealed bytes, from the first on. Returns the content that follows so far.
    ///
    /// # Errors
    /// [`OpenError`]; nothing that comes later is opened then.
    pub fn push(&mut self, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let opened = self.open(sealed);
        if opened.is_err() {
            self.stage = Stage::Broken;
        }
        opened
    }

    /// Whether everything came, and was the blob with this id.
    ///
    /// # Errors
    /// [`OpenError::Broken`].
    pub fn finish(self) -> Result<(), OpenError> {
        let ended = matches!(self.stage, Stage::Ended);
        let id = Manifest::id(&self.manifest.finish());
        if ended && self.id.is_none_or(|named| named == id) { Ok(()) } else { Err(OpenError::Broken) }
    }

    fn open(&mut self, mut sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        self.manifest.push(sealed);
        let mut content = Vec::new();
        while !sealed.is_empty() {
            let (now, later) = sealed.split_at(self.missing()?.min(sealed.len()));
            self.pending.extend(now);
            self.left = self.left.checked_sub(now.len() as u64).ok_or(OpenError::Broken)?;
            sealed = later;
            if self.missing()? == 0 {
                content.append(&mut self.open_pending()?);
            }
        }
        Ok(content)
    }

    /// Bytes until the header, or the chunk at hand, is complete.
    fn missing(&self) -> Result<usize, OpenError> {
        let complete = match self.stage {
            Stage::Header(_) => HEADER_BYTES,
            Stage::Payload(_) => SEALED_CHUNK_BYTES,
            Stage::Ended | Stage::Broken => return Err(OpenError::Broken),
        };
        let missing = complete.saturating_sub(self.pending.len());
        // The last chunk ends where the file ends.
        Ok(usize::try_from(self.left).map_or(missing, |left| missing.min(left)))
    }

    /// Opens the complete header or chunk that is pending.
    fn open_pending(&mut self) -> Result<Vec<u8>, OpenError> {
        let reader = match &mut self.stage {
            Stage::Header(secret) => {
                let reader = passphrase_seal(secret).reader(self.pending.clone())?;
                self.stage = Stage::Payload(Box::new(reader));
                return Ok(Vec::new());
            }
            Stage::Payload(reader) => reader,
            Stage::Ended | Stage::Broken => return Err(OpenError::Broken),
        };
        let mut chunk = vec![0; self.pending.len().saturating_sub(TAG_BYTES)];
        reader.read_exact(&mut chunk).map_err(|_| OpenError::Broken)?;
        if self.left == 0 {
            // After a last chunk that is full, only age can tell whether it was sealed as the last one.
            if reader.read(&mut [0]).map_err(|_| OpenError::Broken)? > 0 {
                return Err(OpenError::Broken);
            }
            self.stage = Stage::Ended;
        }
        let at = self.at;
        self.at += chunk.len();
        pad::strip(chunk, at, self.plain_bytes).ok_or(OpenError::Broken)
    }
}
