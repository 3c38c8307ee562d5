//! What lies behind a personal PIN on a shared tablet: a stock age passphrase file, one for each person who set one.
//!
//! The passphrase is the PIN, a dash and 32 random bytes of this tablet in hex, which the platform keeps in its key store: who
//! copies the file without them has 256 bits to guess. Not guaranteed: that the platform keeps them. Who has both guesses six
//! digits, and the work factor is what each guess costs.

use base16ct::lower as hex;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::seal::{OpenError, PassphraseSeal, SealError};
use super::secret::Secret;

/// `N = 2^15`: 32 MiB and about 0.1 s natively for each guess, some tenths of a second on a tablet in a browser.
pub const WORK_FACTOR: u8 = 15;
/// Fewest digits of a PIN.
pub const PIN_DIGITS_MIN: usize = 6;
/// Most digits of a PIN.
pub const PIN_DIGITS_MAX: usize = 12;

/// Whether people may choose this: digits only, enough of them, and not one and the same or a row of them.
#[must_use]
pub fn is_fit(pin: &str) -> bool {
    let digits = pin.as_bytes();
    let steps = |by: u8| digits.windows(2).all(|pair| matches!(pair, [a, b] if *b == a.wrapping_add(by)));
    (PIN_DIGITS_MIN..=PIN_DIGITS_MAX).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && ![0, 1, u8::MAX].into_iter().any(steps)
}

/// Seals what a PIN is to open.
///
/// # Errors
/// [`SealError::Age`], which writing to memory gives no reason for.
pub fn seal(plaintext: &[u8], pin: &str, tablet: &Secret<32>) -> Result<Vec<u8>, SealError> {
    passphrase(pin, tablet).seal(plaintext)
}

/// Opens it.
///
/// # Errors
/// [`OpenError`]: another PIN, or another tablet.
pub fn open(file: &[u8], pin: &str, tablet: &Secret<32>) -> Result<Vec<u8>, OpenError> {
    passphrase(pin, tablet).open(file)
}

fn passphrase(pin: &str, tablet: &Secret<32>) -> PassphraseSeal {
    let hex = Zeroizing::new(hex::encode_string(tablet.expose()));
    PassphraseSeal::stretched(SecretString::from(format!("{pin}-{}", *hex)), WORK_FACTOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_opens_on_its_tablet_alone() {
        let (tablet, other) = (Secret::new([7; 32]), Secret::new([8; 32]));
        let file = seal(b"seed and key", "493827", &tablet).expect("seals");
        assert_eq!(open(&file, "493827", &tablet).expect("opens"), b"seed and key");
        assert!(open(&file, "493828", &tablet).is_err());
        assert!(open(&file, "493827", &other).is_err());
    }

    #[test]
    fn stock_age_opens_it_with_pin_and_secret_and_sees_the_work_factor() {
        use std::io::Read as _;
        let file = seal(b"seed and key", "493827", &Secret::new([7; 32])).expect("seals");
        let header = String::from_utf8_lossy(&file);
        let stanza = header.lines().nth(1).expect("a stanza");
        assert_eq!(stanza.split(' ').nth(3), Some("15"), "{stanza}");
        let text = format!("493827-{}", "07".repeat(32));
        let identity = age::scrypt::Identity::new(SecretString::from(text));
        let mut plain = Vec::new();
        let decryptor = age::Decryptor::new_buffered(file.as_slice()).expect("an age file");
        let mut reader = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).expect("opens");
        reader.read_to_end(&mut plain).expect("reads");
        assert_eq!(plain, b"seed and key");
    }

    #[test]
    fn a_pin_has_six_digits_that_are_not_a_row() {
        for fit in ["493827", "112233", "123457", "987653", "049382", "493827493827"] {
            assert!(is_fit(fit), "{fit}");
        }
        for unfit in
            ["", "49382", "4938274938270", "49382a", "４９３８２７", "111111", "123456", "345678", "987654"]
        {
            assert!(!is_fit(unfit), "{unfit}");
        }
    }
}
