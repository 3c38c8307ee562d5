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
    let input = signing_input(context, message);
    known::unless(key, &input, signature, || {
        let key = VerifyingKey::from_bytes(key).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
        key.verify_strict(&input, &signature).map_err(|_| BadSignature)
    })
}

#[cfg(not(feature = "mutants"))]
mod known {
    use super::{BadSignature, Signature};

    pub(super) fn unless(
        _: &[u8; 32],
        _: &[u8],
        _: &Signature,
        check: impl FnOnce() -> Result<(), BadSignature>,
    ) -> Result<(), BadSignature> {
        check()
    }
}

/// What was found to hold, kept: many devices and a relay of one simulated house check the same on one thread.
#[cfg(feature = "mutants")]
mod known {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::{BadSignature, Signature};
    use crate::codec::sha256;

    const KNOWN_MAX: usize = 100_000;

    thread_local! {
        static KNOWN: RefCell<BTreeSet<[u8; 32]>> = RefCell::default();
    }

    pub(super) fn unless(
        key: &[u8; 32],
        input: &[u8],
        signature: &Signature,
        check: impl FnOnce() -> Result<(), BadSignature>,
    ) -> Result<(), BadSignature> {
        let name = sha256(&[key, signature.as_bytes(), input]);
        if KNOWN.with_borrow(|known| known.contains(&name)) {
            return Ok(());
        }
        check()?;
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= KNOWN_MAX {
                known.clear();
            }
            known.insert(name);
        });
        Ok(())
    }
}
