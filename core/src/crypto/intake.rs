//! The intake's keys: one that leads outsiders from an epoch to the next, and sealing to an epoch's recipient.

use ed25519_dalek::SigningKey;
use nestpost_protocol::id::{CircleId, Hash, HouseId, Recipient, Signature};
use nestpost_protocol::label as context;

use super::epoch::{EpochKeys, EpochSecret};
use super::key::sign_with;
use super::seal::{FileKind, OpenError, SealError, decrypt, seal_to};
use super::{kdf, label};
use crate::pad;

/// Signs the keys of the next epoch of an intake.
pub struct IntakeKey(SigningKey);

impl IntakeKey {
    /// As follows from an epoch's secret.
    #[must_use]
    pub fn of(secret: &EpochSecret, house: &HouseId, circle: &CircleId, number: u32) -> Self {
        let number = number.to_be_bytes();
        let context: [&[u8]; 3] = [house.as_bytes(), circle.as_bytes(), &number];
        let seed = kdf::derive(secret.expose_bytes(), label::EPOCH_INTAKE, &context);
        Self(SigningKey::from_bytes(seed.expose()))
    }

    /// Its public half, as the epoch's record publishes it.
    #[must_use]
    pub fn public(&self) -> Hash {
        Hash::new(self.0.verifying_key().to_bytes())
    }

    /// Signs a step to the next epoch.
    #[must_use]
    pub fn sign(&self, input: &[u8]) -> Signature {
        sign_with(&self.0, context::INTAKE_STEP, input)
    }
}

/// Seals what an outsider writes, padded to its size class first.
///
/// # Errors
/// [`SealError::Recipient`] when `to` is no usable age recipient.
pub fn seal_inquiry(to: &Recipient, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    seal_to(to, &pad::pad(plaintext))
}

/// Opens it and takes the padding off.
///
/// # Errors
/// [`OpenError`].
pub fn open_inquiry(keys: &EpochKeys, file: &[u8]) -> Result<Vec<u8>, OpenError> {
    let padded = decrypt(keys.identity(), file, FileKind::Recipient)?;
    pad::unpad(&padded).map(<[u8]>::to_vec).ok_or(OpenError::Broken)
}
