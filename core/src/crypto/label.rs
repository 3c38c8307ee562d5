//! Every key derivation label and passphrase prefix, in one place.
//!
//! `HKDF-SHA256(salt = none, ikm = secret, info = label ‖ 0x00 ‖ context)`. Labels of signatures and of hashes that
//! travel stand in `nestpost_protocol::label`.

use bech32::Hrp;

/// Device seed → Ed25519 signing key.
pub(super) const DEVICE_SIGN: &[u8] = b"nestpost/1 device sign";
/// Device seed → X25519 age identity.
pub(super) const DEVICE_SEAL: &[u8] = b"nestpost/1 device seal";

/// Epoch secret (context: house, circle, number) → X25519 age identity.
pub(super) const EPOCH_IDENTITY: &[u8] = b"nestpost/1 epoch identity";
/// Epoch secret (same context) → content secret.
pub(super) const EPOCH_CONTENT: &[u8] = b"nestpost/1 epoch content";
/// Epoch secret (same context) → commitment.
pub(super) const EPOCH_COMMITMENT: &[u8] = b"nestpost/1 epoch commitment";
/// Epoch secret (same context) → Ed25519 key that signs the next epoch of an intake.
pub(super) const EPOCH_INTAKE: &[u8] = b"nestpost/1 epoch intake";

/// Invite secret → Ed25519 signing key.
pub(super) const INVITE_SIGN: &[u8] = b"nestpost/1 invite sign";
/// Invite secret → key of the MAC over the house id.
pub(super) const INVITE_MAC: &[u8] = b"nestpost/1 invite mac";
/// Invite secret → secret of the greeting.
pub(super) const INVITE_GREETING: &[u8] = b"nestpost/1 invite greeting";

/// Local key → secret of what waits on this device.
pub(super) const LOCAL: &[u8] = b"nestpost/1 local";

/// Every label, for the test that none is a prefix of another.
#[cfg(test)]
pub(super) const ALL: &[&[u8]] = &[
    DEVICE_SIGN,
    DEVICE_SEAL,
    EPOCH_IDENTITY,
    EPOCH_CONTENT,
    EPOCH_COMMITMENT,
    EPOCH_INTAKE,
    INVITE_SIGN,
    INVITE_MAC,
    INVITE_GREETING,
    LOCAL,
];

/// Bech32 prefix of an age recipient.
pub(super) const HRP_RECIPIENT: Hrp = Hrp::parse_unchecked("age");
/// Bech32 prefix of an age identity; written in upper case.
pub(super) const HRP_IDENTITY: Hrp = Hrp::parse_unchecked("age-secret-key-");
/// Bech32 prefix of a content passphrase.
pub(super) const HRP_CONTENT: Hrp = Hrp::parse_unchecked("nestpost-content-");
/// Bech32 prefix of a greeting passphrase.
pub(super) const HRP_GREETING: Hrp = Hrp::parse_unchecked("nestpost-greeting-");
/// Bech32 prefix of a passphrase under which rows lie on this device.
pub(super) const HRP_LOCAL: Hrp = Hrp::parse_unchecked("nestpost-local-");
/// Bech32 prefix of a blob's passphrase.
pub(super) const HRP_BLOB: Hrp = Hrp::parse_unchecked("nestpost-blob-");
