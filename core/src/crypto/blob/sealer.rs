//! Sealing, bit by bit.

use std::io::Write as _;

use age::stream::StreamWriter;

use super::{BlobSecret, ManifestBuilder, Sealed, padded_len, passphrase_seal};
use crate::crypto::pipe::Pipe;
use crate::crypto::seal::SealError;
use crate::pad;

/// Seals content as it comes, under a fresh secret. Holds one chunk of 64 KiB.
pub struct BlobSealer {
    secret: BlobSecret,
    plain_bytes: u64,
    /// What is still to come of them.
    left: u64,
    writer: StreamWriter<Pipe>,
    sealed: Pipe,
    manifest: ManifestBuilder,
}

impl BlobSealer {
    /// For exactly so many bytes of content: the padding depends on it.
    ///
    /// # Errors
    /// [`SealError::Length`] beyond [`super::BLOB_PLAIN_BYTES_MAX`].
    pub fn new(plain_bytes: u64) -> Result<Self, SealError> {
        padded_len(plain_bytes).ok_or(SealError::Length)?;
        let (secret, sealed) = (BlobSecret::generate(), Pipe::default());
        let writer = passphrase_seal(&secret).writer(sealed.clone())?;
        let manifest = ManifestBuilder::default();
        Ok(Self { secret, plain_bytes, left: plain_bytes, writer, sealed, manifest })
    }

    /// The next bytes of content. Returns the sealed bytes that follow so far.
    ///
    /// # Errors
    /// [`SealError::Length`] when there are more than announced.
    pub fn push(&mut self, content: &[u8]) -> Result<Vec<u8>, SealError> {
        self.left = self.left.checked_sub(content.len() as u64).ok_or(SealError::Length)?;
        self.writer.write_all(content).map_err(|_| SealError::Age)?;
        let bytes = self.sealed.drain();
        self.manifest.push(&bytes);
        Ok(bytes)
    }

    /// Returns the last sealed bytes: those of the last chunk and of the padding, at most 12 % of the content.
    ///
    /// # Errors
    /// [`SealError::Length`] when fewer bytes came than announced.
    pub fn finish(mut self) -> Result<(Vec<u8>, Sealed), SealError> {
        let len = usize::try_from(self.plain_bytes).map_err(|_| SealError::Length)?;
        if self.left > 0 {
            return Err(SealError::Length);
        }
        self.writer.write_all(&pad::padding(len)).map_err(|_| SealError::Age)?;
        self.writer.finish().map_err(|_| SealError::Age)?;
        let bytes = self.sealed.drain();
        self.manifest.push(&bytes);
        let manifest = self.manifest.finish();
        Ok((bytes, Sealed { secret: self.secret, plain_bytes: self.plain_bytes, manifest }))
    }
}
