//! The manifest of bytes that come bit by bit.

use nestpost_protocol::blob::Manifest;
use nestpost_protocol::id::Hash;
use nestpost_protocol::limit::BLOB_PART_BYTES;
use sha2::{Digest as _, Sha256};

/// Hashes part after part; holds none of the bytes.
#[derive(Clone, Default)]
pub struct ManifestBuilder {
    bytes: u64,
    parts: Vec<Hash>,
    part: Sha256,
    in_part: usize,
}

impl ManifestBuilder {
    /// The next bytes.
    pub fn push(&mut self, mut bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = BLOB_PART_BYTES - self.in_part;
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.part.update(now);
            self.in_part += now.len();
            if self.in_part == BLOB_PART_BYTES {
                self.end_part();
            }
            bytes = later;
        }
    }

    /// Of all bytes so far. Whether a relay takes so many is asked by [`Manifest::checked`].
    #[must_use]
    pub fn finish(mut self) -> Manifest {
        if self.in_part > 0 {
            self.end_part();
        }
        Manifest { bytes: self.bytes, parts: self.parts }
    }

    fn end_part(&mut self) {
        self.parts.push(Hash::new(self.part.finalize_reset().into()));
        self.in_part = 0;
    }
}
