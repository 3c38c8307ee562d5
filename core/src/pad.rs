//! Padding of plaintext, so that the length of a sealed body says little about its content.
//!
//! A marker byte 0x80 follows the plaintext, then zeros (ISO/IEC 7816-4) up to the size class: 1 KiB, beyond that the
//! next PADMÉ length (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
//! 2019, section 4): at most 12 % more, and lengths leak O(log log n) bits. Called by [`crate::crypto`] when it seals
//! and opens; nobody else pads.

/// The smallest size class, bytes.
pub const PADDED_BYTES_MIN: usize = 1024;
const MARKER: u8 = 0x80;

/// The size class of a plaintext of `len` bytes.
#[must_use]
pub fn padded_len(len: usize) -> usize {
    let with_marker = len.saturating_add(1);
    if with_marker <= PADDED_BYTES_MIN { PADDED_BYTES_MIN } else { padme(with_marker) }
}

/// PADMÉ: keeps the top `⌊log2 E⌋ + 1` bits after the leading one, E = ⌊log2 len⌋, and rounds up the rest.
fn padme(len: usize) -> usize {
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1usize << (exponent - kept)) - 1;
    len.saturating_add(mask) & !mask
}

/// The plaintext with its padding.
#[must_use]
pub(crate) fn pad(plaintext: &[u8]) -> Vec<u8> {
    [plaintext, &padding(plaintext.len())].concat()
}

/// What follows a plaintext of `len` bytes.
#[must_use]
pub(crate) fn padding(len: usize) -> Vec<u8> {
    let mut padding = vec![0; padded_len(len).saturating_sub(len)];
    if let Some(first) = padding.first_mut() {
        *first = MARKER;
    }
    padding
}

/// The plaintext without its padding; `None` when the padding is not exactly what [`pad`] makes.
#[must_use]
pub(crate) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let at = padded.iter().rposition(|byte| *byte != 0)?;
    let (plaintext, padding) = padded.split_at_checked(at)?;
    (padding.first() == Some(&MARKER) && padded_len(at) == padded.len()).then_some(plaintext)
}

/// Takes the padding of a plaintext of `len` bytes off one chunk of the whole, which begins at `at`; `None` when what is
/// taken off is not what [`padding`] makes. That the whole has [`padded_len`] is the caller's to see.
#[must_use]
pub(crate) fn strip(mut chunk: Vec<u8>, at: usize, len: usize) -> Option<Vec<u8>> {
    let content = len.saturating_sub(at).min(chunk.len());
    let expected = |place: usize| if place == len { MARKER } else { 0 };
    let sound = (at..).zip(&chunk).skip(content).all(|(place, byte)| *byte == expected(place));
    chunk.truncate(content);
    sound.then_some(chunk)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn size_classes() {
        let classes = [
            (0, 1024),
            (1023, 1024),
            (1024, 1088),
            (1087, 1088),
            (1088, 1152),
            (2047, 2048),
            (2048, 2176),
            (9_999, 10_240),
            (100_000, 100_352),
            (500_000, 507_904),
        ];
        for (len, padded) in classes {
            assert_eq!(padded_len(len), padded, "{len}");
        }
    }

    #[test]
    fn refuses_foreign_padding() {
        for (name, padded) in [
            ("empty", vec![]),
            ("no marker", vec![0; 1024]),
            ("another marker", [&[7, 0x81][..], &[0; 1022]].concat()),
            ("too short for its class", vec![7, 0x80, 0, 0]),
            ("too long for its class", [&[7, 0x80][..], &[0; 1086]].concat()),
        ] {
            assert_eq!(unpad(&padded), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn comes_off_again(plaintext in proptest::collection::vec(prop_oneof![Just(0), Just(0x80), any::<u8>()], 0..5000)) {
            let padded = pad(&plaintext);
            prop_assert_eq!(padded.len(), padded_len(plaintext.len()));
            prop_assert!(padded.len() <= (plaintext.len() + 1).max(PADDED_BYTES_MIN) * 112 / 100 + 1);
            prop_assert_eq!(unpad(&padded), Some(&plaintext[..]));
        }

        #[test]
        fn comes_off_chunk_by_chunk(len in 0usize..5000, chunk in 1usize..2000) {
            let plaintext = vec![0x80; len];
            let chunks = pad(&plaintext).chunks(chunk).map(<[u8]>::to_vec).collect::<Vec<_>>();
            let stripped = chunks.into_iter().enumerate().map(|(n, bytes)| strip(bytes, n * chunk, len));
            prop_assert_eq!(stripped.collect::<Option<Vec<_>>>().map(|chunks| chunks.concat()), Some(plaintext));
        }

        #[test]
        fn another_padding_is_noticed_in_its_chunk(len in 0usize..3000, place: proptest::sample::Index, bit in 0u8..8) {
            let mut padded = pad(&vec![7; len]);
            let at = len + place.index(padded.len() - len);
            padded[at] ^= 1 << bit;
            let chunk = padded.split_off(at.saturating_sub(5));
            prop_assert_eq!(strip(chunk, padded.len(), len), None);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
            if let Some(plaintext) = unpad(&bytes) {
                prop_assert_eq!(pad(plaintext), bytes);
            }
        }
    }
}
