//! Key derivation and the text forms that age asks for.

use bech32::{Bech32, Hrp};
use hkdf::Hkdf;
use secrecy::SecretString;
use sha2::Sha256;
use zeroize::Zeroize as _;

use super::secret::Secret;

/// `HKDF-SHA256(none, secret, label ‖ 0x00 ‖ context…)`, 32 bytes.
#[expect(clippy::expect_used, reason = "HKDF-SHA256 refuses more than 8,160 bytes only; this asks for 32")]
pub(super) fn derive(secret: &[u8], label: &[u8], context: &[&[u8]]) -> Secret<32> {
    let mut info = vec![label, &[0]];
    info.extend_from_slice(context);
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(None, secret).expand_multi_info(&info, &mut out).expect("32 bytes");
    let secret = Secret::new(out);
    out.zeroize();
    secret
}

/// Lower-case Bech32.
#[expect(
    clippy::expect_used,
    reason = "the longest prefix and 32 bytes make 76 of the 90 characters Bech32 allows"
)]
pub(super) fn bech32(hrp: Hrp, bytes: &[u8; 32]) -> String {
    bech32::encode_lower::<Bech32>(hrp, bytes).expect("short enough")
}

/// A derived secret as an age passphrase.
pub(super) fn passphrase(hrp: Hrp, secret: &Secret<32>) -> SecretString {
    SecretString::from(bech32(hrp, secret.expose()))
}
