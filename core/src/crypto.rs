//! Sealing, keys and signatures: the only place that knows `age`, HKDF, signing keys and the machine's randomness.
//!
//! Everything sealed is a stock age file (<https://age-encryption.org/v1>), so an exported secret opens its data with
//! the ordinary tools:
//!
//! * **content**, **blobs** and the invite's greeting are passphrase files with work factor 1. The passphrase is a
//!   256-bit secret (derived; a blob's is drawn for it alone; a greeting's has 128 bits of entropy) in lower-case
//!   Bech32, so stretching would add nothing;
//! * **wraps**, **links** and what outsiders write are X25519 recipient files.
//!
//! Nothing above may order, hash or dedupe by ciphertext: `age` draws its own randomness. Plaintext that a relay will
//! see sealed is padded in here ([`crate::pad`]), so that no caller can forget it.
//!
//! What this does **not** give: age has no associated data, so callers repeat the header inside the plaintext and
//! compare ([`crate::batch`]); a passphrase file is authenticated against whoever lacks the epoch, not among its
//! readers, so authorship is the record's signature alone.

pub mod blob;
pub mod epoch;
pub mod intake;
pub mod invite;
mod kdf;
pub mod key;
mod label;
pub mod local;
pub mod pin;
mod pipe;
pub mod random;
pub mod seal;
pub mod secret;
pub mod wrap;

pub use blob::BlobSecret;
pub use epoch::{EpochKeys, EpochSecret};
pub use intake::{IntakeKey, open_inquiry, seal_inquiry};
pub use invite::InviteSecret;
pub use key::DeviceKeys;
pub use local::LocalKey;
pub use seal::{OpenError, SealError};
pub use wrap::{Opener, open_link, seal_link, unwrap_epoch, wrap_epoch};

#[cfg(test)]
mod tests;
