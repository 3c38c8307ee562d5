//! Blobs: pictures and files, each sealed under a secret of its own.

mod secret;

pub use secret::{BlobSecret, ParseSecretError};

use nestpost_protocol::blob::Manifest;
use nestpost_protocol::id::BlobId;

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
