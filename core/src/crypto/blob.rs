//! Blobs: pictures and files, each sealed under a secret of its own, bit by bit and never as a whole in memory.
//!
//! A sealed blob is a stock age passphrase file of work factor 1 over `content ‖ 0x80 ‖ zeros` ([`crate::pad`]). Its length
//! follows from the content's ([`sealed_bytes`]), which an item names, so anything cut or drawn out is noticed early.
//!
//! Not guaranteed: bytes that a [`BlobOpener`] hands out are authentic under the secret, but whoever has the secret could
//! have sealed others under it. That these are the ones whose id an item names is known when it has finished.

mod manifest;
mod opener;
mod sealer;
mod secret;

pub use manifest::ManifestBuilder;
pub use opener::BlobOpener;
pub use sealer::BlobSealer;
pub use secret::{BlobSecret, ParseSecretError};

use nestpost_protocol::blob::Manifest;
use nestpost_protocol::id::BlobId;

use super::seal::{OpenError, PassphraseSeal, SealError};
use crate::pad;

/// Longest content, bytes: more than any limit of [`crate::media`], and little enough for the arithmetic of 32 bits.
pub const BLOB_PLAIN_BYTES_MAX: u64 = 1 << 30;

/// The header of a passphrase file of work factor 1, and the nonce: every field has one length. `age-encryption.org/v1`,
/// `-> scrypt SALT 1`, the wrapped file key, `--- MAC`, a line each; then 16 bytes.
const HEADER_BYTES: usize = 22 + (10 + 22 + 3) + (43 + 1) + (4 + 43 + 1) + 16;
/// age's chunk, before and after sealing.
const CHUNK_BYTES: usize = 64 << 10;
const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
const TAG_BYTES: usize = 16;

/// What a sealed blob is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Opens it.
    pub secret: BlobSecret,
    /// Length of what was sealed, bytes.
    pub plain_bytes: u64,
    /// The sealed bytes, part by part.
    pub manifest: Manifest,
}

impl Sealed {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> BlobId {
        self.manifest.id()
    }

    /// Length at the relay, bytes.
    #[must_use]
    pub fn sealed_bytes(&self) -> u64 {
        self.manifest.bytes
    }
}

/// Length of a blob with this much content, sealed; `None` beyond [`BLOB_PLAIN_BYTES_MAX`].
#[must_use]
pub fn sealed_bytes(plain_bytes: u64) -> Option<u64> {
    let padded = padded_len(plain_bytes)?;
    Some((HEADER_BYTES + padded + padded.div_ceil(CHUNK_BYTES) * TAG_BYTES) as u64)
}

/// Seals content that is in memory anyway.
///
/// # Errors
/// [`SealError::Length`] beyond [`BLOB_PLAIN_BYTES_MAX`].
pub fn seal(content: &[u8]) -> Result<(Vec<u8>, Sealed), SealError> {
    let mut sealer = BlobSealer::new(content.len() as u64)?;
    let mut bytes = sealer.push(content)?;
    let (rest, sealed) = sealer.finish()?;
    bytes.extend_from_slice(&rest);
    Ok((bytes, sealed))
}

/// Opens a blob that is in memory anyway.
///
/// # Errors
/// [`OpenError`], as [`BlobOpener`].
pub fn open(bytes: &[u8], secret: &BlobSecret, plain_bytes: u64, id: BlobId) -> Result<Vec<u8>, OpenError> {
    let mut opener = BlobOpener::new(secret, plain_bytes, Some(id))?;
    let content = opener.push(bytes)?;
    opener.finish()?;
    Ok(content)
}

fn padded_len(plain_bytes: u64) -> Option<usize> {
    let plain = usize::try_from(plain_bytes).ok().filter(|_| plain_bytes <= BLOB_PLAIN_BYTES_MAX)?;
    Some(pad::padded_len(plain))
}

fn passphrase_seal(secret: &BlobSecret) -> PassphraseSeal {
    PassphraseSeal::new(secret.expose_passphrase().into())
}

#[cfg(test)]
mod tests;
