//! The key under which this device keeps what nobody else has yet: its outbox and its secrets. It never leaves the
//! device; the platform keeps it in its key store (a browser: under a non-extractable key).

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroize as _;

use super::seal::{OpenError, PassphraseSeal, SealError};
use super::secret::Secret;
use super::{kdf, label};

/// 32 random bytes with their sealer. Not padded: who reads this storage sees when it was written anyway.
#[derive(Clone)]
pub struct LocalKey {
    secret: Secret<32>,
    seal: Arc<PassphraseSeal>,
}

impl LocalKey {
    /// Fresh entropy.
    #[must_use]
    pub fn generate() -> Self {
        Self::derive(Secret::generate())
    }

    /// A key from the platform's key store.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let secret = Secret::new(bytes);
        bytes.zeroize();
        Self::derive(secret)
    }

    fn derive(secret: Secret<32>) -> Self {
        let derived = kdf::derive(secret.expose(), label::LOCAL, &[]);
        let seal = PassphraseSeal::new(kdf::passphrase(label::HRP_LOCAL, &derived));
        Self { secret, seal: Arc::new(seal) }
    }

    /// The bytes, for the platform's key store.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; 32] {
        self.secret.expose()
    }

    /// Seals a row.
    ///
    /// # Errors
    /// [`SealError::Age`], which writing to memory gives no reason for.
    pub fn seal(&self, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.seal.seal(plaintext)
    }

    /// Opens a row.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, file: &[u8]) -> Result<Vec<u8>, OpenError> {
        self.seal.open(file)
    }
}

impl fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey(…)")
    }
}

impl PartialEq for LocalKey {
    fn eq(&self, other: &Self) -> bool {
        self.secret == other.secret
    }
}

impl Eq for LocalKey {}
