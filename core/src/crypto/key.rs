//! A device's keys: everything follows from one 32-byte seed, which a printed recovery sheet can carry.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey};
use nestpost_protocol::id::{DeviceId, Recipient, Signature};
use nestpost_protocol::log::entry::DeviceCard;
use nestpost_protocol::verify::signing_input;
use zeroize::Zeroize as _;

use super::secret::Secret;
use super::{kdf, label};

/// The seed of a device with the two keys it derives.
#[derive(Clone)]
pub struct DeviceKeys {
    seed: Secret<32>,
    sign: SigningKey,
    identity: age::x25519::Identity,
    card: DeviceCard,
}

impl DeviceKeys {
    /// A new device, from fresh entropy.
    #[must_use]
    pub fn generate() -> Self {
        Self::derive(Secret::generate())
    }

    /// A known device.
    #[must_use]
    pub fn from_seed(mut seed: [u8; 32]) -> Self {
        let secret = Secret::new(seed);
        seed.zeroize();
        Self::derive(secret)
    }

    fn derive(seed: Secret<32>) -> Self {
        let sign = SigningKey::from_bytes(kdf::derive(seed.expose(), label::DEVICE_SIGN, &[]).expose());
        let (identity, recipient) = x25519(&kdf::derive(seed.expose(), label::DEVICE_SEAL, &[]));
        let card = DeviceCard { device: DeviceId::new(sign.verifying_key().to_bytes()), recipient };
        Self { seed, sign, identity, card }
    }

    /// The seed, for the recovery sheet and the device's own storage.
    #[must_use]
    pub fn expose_seed(&self) -> &[u8; 32] {
        self.seed.expose()
    }

    /// The device's id: its Ed25519 verifying key.
    #[must_use]
    pub fn id(&self) -> DeviceId {
        self.card.device
    }

    /// The public half.
    #[must_use]
    pub fn card(&self) -> DeviceCard {
        self.card
    }

    /// Signs `context ‖ 0x00 ‖ message` (RFC 8032; deterministic). `context` is one of `nestpost_protocol::label`.
    #[must_use]
    pub fn sign(&self, context: &[u8], message: &[u8]) -> Signature {
        sign_with(&self.sign, context, message)
    }

    pub(super) fn identity(&self) -> &age::x25519::Identity {
        &self.identity
    }
}

impl fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceKeys").field("id", &self.card.device).finish_non_exhaustive()
    }
}

impl PartialEq for DeviceKeys {
    /// Both keys follow from the seed.
    fn eq(&self, other: &Self) -> bool {
        self.seed == other.seed
    }
}

impl Eq for DeviceKeys {}

pub(super) fn sign_with(key: &SigningKey, context: &[u8], message: &[u8]) -> Signature {
    Signature::new(key.sign(&signing_input(context, message)).to_bytes())
}

/// An age identity from 32 secret bytes, by way of its own text form (`AGE-SECRET-KEY-1…`), and its recipient.
#[expect(
    clippy::expect_used,
    reason = "the text was encoded one line above, from 32 bytes and the right prefix"
)]
pub(super) fn x25519(secret: &Secret<32>) -> (age::x25519::Identity, Recipient) {
    let mut text = identity_text(secret);
    let identity: age::x25519::Identity = text.parse().expect("an identity");
    text.zeroize();
    let public = bech32::decode(&identity.to_public().to_string())
        .ok()
        .and_then(|(_, bytes)| Recipient::from_slice(&bytes).ok())
        .expect("age prints a recipient of 32 bytes");
    (identity, public)
}

/// `AGE-SECRET-KEY-1…`
pub(super) fn identity_text(secret: &Secret<32>) -> String {
    let mut lower = kdf::bech32(label::HRP_IDENTITY, secret.expose());
    let upper = lower.to_ascii_uppercase();
    lower.zeroize();
    upper
}
