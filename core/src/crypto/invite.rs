//! The one-time secret of an invite: 128 bits on a letter, from which a signing key, a MAC key and a sealing key follow.

use std::fmt;

use ed25519_dalek::SigningKey;
use hmac::{Hmac, Mac as _};
use nestpost_protocol::id::{Hash, HouseId, InviteKey, Signature};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize as _;

use super::seal::{OpenError, PassphraseSeal, SealError};
use super::secret::Secret;
use super::{kdf, key, label};
use crate::pad;

/// 16 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteSecret(Secret<16>);

impl InviteSecret {
    /// Fresh entropy.
    #[must_use]
    pub fn generate() -> Self {
        Self(Secret::generate())
    }

    /// A secret that was typed or scanned.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; 16]) -> Self {
        let secret = Secret::new(bytes);
        bytes.zeroize();
        Self(secret)
    }

    /// The bytes, for [`crate::code`] alone.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; 16] {
        self.0.expose()
    }

    /// The public half that stands in the `invite` entry, and that the relay knows the door by.
    #[must_use]
    pub fn key(&self) -> InviteKey {
        InviteKey::new(self.signing_key().verifying_key().to_bytes())
    }

    /// Proves possession. `context` is `label::JOIN` or `label::INVITE_HELLO` of the protocol.
    #[must_use]
    pub fn sign(&self, context: &[u8], message: &[u8]) -> Signature {
        key::sign_with(&self.signing_key(), context, message)
    }

    /// HMAC-SHA256 over the house id: a typed code names no house, so a relay could offer another one.
    #[must_use]
    pub fn mac(&self, house: &HouseId) -> Hash {
        Hash::new(self.hmac(house).finalize().into_bytes().into())
    }

    /// Whether `mac` is this secret's over `house`, in constant time.
    #[must_use]
    pub fn authenticates(&self, house: &HouseId, mac: &Hash) -> bool {
        self.mac(house).as_bytes().ct_eq(mac.as_bytes()).into()
    }

    /// Seals the greeting, padded.
    ///
    /// # Errors
    /// [`SealError::Age`], which writing to memory gives no reason for.
    pub fn seal_greeting(&self, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.greeting().seal(&pad::pad(plaintext))
    }

    /// Opens the greeting.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_greeting(&self, file: &[u8]) -> Result<Vec<u8>, OpenError> {
        let mut padded = self.greeting().open(file)?;
        let len = pad::unpad(&padded).ok_or(OpenError::Broken)?.len();
        padded.truncate(len);
        Ok(padded)
    }

    fn signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(kdf::derive(self.0.expose(), label::INVITE_SIGN, &[]).expose())
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn hmac(&self, house: &HouseId) -> Hmac<Sha256> {
        let key = kdf::derive(self.0.expose(), label::INVITE_MAC, &[]);
        Hmac::<Sha256>::new_from_slice(key.expose()).expect("any length").chain_update(house.as_bytes())
    }

    /// Used once or twice in an invite's life, so nothing is kept.
    fn greeting(&self) -> PassphraseSeal {
        let secret = kdf::derive(self.0.expose(), label::INVITE_GREETING, &[]);
        PassphraseSeal::new(kdf::passphrase(label::HRP_GREETING, &secret))
    }
}

impl fmt::Debug for InviteSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteSecret(…)")
    }
}
