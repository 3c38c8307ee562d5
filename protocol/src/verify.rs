//! The only place that checks signatures. Strict verification (RFC 8032 with small-order keys refused), so that a
//! signature has one meaning for every implementation.

use ed25519_dalek::VerifyingKey;

use crate::id::Signature;

/// The signature does not hold for this key, context and message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("signature does not hold")]
pub struct BadSignature;

/// What is actually signed: `context ‖ 0x00 ‖ message`.
#[must_use]
pub fn signing_input(context: &[u8], message: &[u8]) -> Vec<u8> {
    let mut input = Vec::with_capacity(context.len() + 1 + message.len());
    input.extend_from_slice(context);
    input.push(0);
    input.extend_from_slice(message);
    input
}

/// Checks a signature by the Ed25519 key `key` (a device, an invite or a relay).
///
/// # Errors
/// [`BadSignature`] when it does not hold, the key is no point, or either is of small order.
pub fn verify(
    key: &[u8; 32],
    context: &[u8],
    message: &[u8],
    signature: &Signature,
) -> Result<(), BadSignature> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| BadSignature)?;
    let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
    key.verify_strict(&signing_input(context, message), &signature).map_err(|_| BadSignature)
}
