//! An epoch's secret and what follows from it: age identity, content secret, commitment.

use std::fmt;
use std::sync::Arc;

use nestpost_protocol::id::{CircleId, Hash, HouseId, Recipient};
use zeroize::Zeroize as _;

use super::seal::{OpenError, PassphraseSeal, SealError};
use super::secret::Secret;
use super::{kdf, key, label};
use crate::pad;

/// S: 32 random bytes that open one key generation of a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochSecret(Secret<32>);

impl EpochSecret {
    /// Fresh entropy.
    #[must_use]
    pub fn generate() -> Self {
        Self(Secret::generate())
    }

    /// A known secret.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let secret = Secret::new(bytes);
        bytes.zeroize();
        Self(secret)
    }

    /// The bytes, for wraps and for the device's own storage.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// Everything that follows from this secret as epoch `number` of `circle` in `house`. The same secret under
    /// another house, circle or number gives unrelated keys.
    #[must_use]
    pub fn keys(&self, house: &HouseId, circle: &CircleId, number: u32) -> EpochKeys {
        let number = number.to_be_bytes();
        let context: [&[u8]; 3] = [house.as_bytes(), circle.as_bytes(), &number];
        let derive = |label| kdf::derive(self.0.expose(), label, &context);
        let identity_secret = derive(label::EPOCH_IDENTITY);
        let (identity, recipient) = key::x25519(&identity_secret);
        EpochKeys {
            recipient,
            commitment: Hash::new(*derive(label::EPOCH_COMMITMENT).expose()),
            identity,
            identity_secret,
            content: Arc::new(PassphraseSeal::new(kdf::passphrase(
                label::HRP_CONTENT,
                &derive(label::EPOCH_CONTENT),
            ))),
        }
    }
}

/// The keys of one epoch of one circle. Keep one per epoch: see [`super::seal`] on what making them costs.
#[derive(Clone)]
pub struct EpochKeys {
    recipient: Recipient,
    commitment: Hash,
    identity: age::x25519::Identity,
    identity_secret: Secret<32>,
    content: Arc<PassphraseSeal>,
}

impl EpochKeys {
    /// The epoch's age recipient, as its record publishes it.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        self.recipient
    }

    /// The commitment, as its record publishes it.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        self.commitment
    }

    /// Seals content, padded to its size class first.
    ///
    /// # Errors
    /// [`SealError::Age`], which writing to memory gives no reason for.
    pub fn seal(&self, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.content.seal(&pad::pad(plaintext))
    }

    /// Opens content and takes the padding off.
    ///
    /// # Errors
    /// [`OpenError`]. Work factors other than 1 are [`OpenError::Broken`].
    pub fn open(&self, file: &[u8]) -> Result<Vec<u8>, OpenError> {
        let mut padded = self.content.open(file)?;
        let len = pad::unpad(&padded).ok_or(OpenError::Broken)?.len();
        padded.truncate(len);
        Ok(padded)
    }

    /// The content secret as the passphrase that stock `age --decrypt` asks for. What it prints ends with the padding:
    /// one byte 0x80, then zeros.
    #[must_use]
    pub fn expose_content_secret(&self) -> String {
        self.content.expose_passphrase().to_owned()
    }

    /// The epoch's identity as stock age reads it (`AGE-SECRET-KEY-1…`).
    #[must_use]
    pub fn expose_identity(&self) -> String {
        key::identity_text(&self.identity_secret)
    }

    pub(super) fn identity(&self) -> &age::x25519::Identity {
        &self.identity
    }
}

impl fmt::Debug for EpochKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EpochKeys").field("recipient", &self.recipient).finish_non_exhaustive()
    }
}
