//! The operating system's (or browser's) entropy, for secrets only. Everything else draws from the engine's seed.

use rand::TryRngCore as _;
use rand::rngs::OsRng;

/// `N` unpredictable bytes.
///
/// # Panics
/// When the platform has no entropy source: no secret may be made then, and `age` could not seal either.
#[must_use]
#[expect(clippy::expect_used, reason = "without entropy there is no secret worth continuing with")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).expect("the platform gives entropy");
    bytes
}
