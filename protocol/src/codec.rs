//! Deterministic CBOR (RFC 8949 section 4.2) in and out.
//!
//! Structs are maps with integer keys in ascending order, shortest integers, definite lengths. Unknown keys are
//! skipped, so fields can be added. What is signed is verified over the bytes **as received**; nothing is re-encoded
//! to check it. Any other form of the same value (longer integers, indefinite lengths, keys unsorted or twice) is
//! refused, so that no two implementations can read one signed message differently.

use minicbor::{Decode, Encode};

/// The bytes are not what the grammar asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Not well-formed CBOR, a missing field or a wrong type.
    #[error("malformed message")]
    Malformed,
    /// Bytes follow the value.
    #[error("bytes after the end of a message")]
    Trailing,
    /// Longer than the limit for this kind of value.
    #[error("message over its size limit")]
    TooLarge,
    /// A list longer than its limit, or a number outside its range.
    #[error("value outside its limits")]
    OutOfRange,
}

/// Encodes a value. Writing to memory cannot fail; were it to, the result is empty and fails every later check.
#[must_use]
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}

/// Decodes exactly one value of at most `bytes_max` bytes.
///
/// # Errors
/// [`DecodeError`]; nothing is allocated from a length that the input merely claims.
pub fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8], bytes_max: usize) -> Result<T, DecodeError> {
    if bytes.len() > bytes_max {
        return Err(DecodeError::TooLarge);
    }
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| DecodeError::Malformed)?;
    if decoder.position() != bytes.len() {
        return Err(DecodeError::Trailing);
    }
    if is_deterministic(bytes) { Ok(value) } else { Err(DecodeError::Malformed) }
}

/// How deep arrays and maps may nest.
const DEPTH_MAX: usize = 32;

/// An array or map that is being walked.
struct Level {
    /// Items left in it; keys and values count one each.
    left: u64,
    is_map: bool,
    /// Where the item at hand begins.
    start: usize,
    /// The key before.
    key: Option<core::ops::Range<usize>>,
}

/// Whether one CBOR value has the only form that RFC 8949 section 4.2.1 leaves it: shortest heads, definite lengths,
/// keys in bytewise order and none twice. Floats and simple values, which the wire format does not use, are let pass.
fn is_deterministic(bytes: &[u8]) -> bool {
    let mut levels: Vec<Level> = Vec::new();
    let mut at = 0;
    loop {
        let Some((major, argument, after)) = head(bytes, at) else { return false };
        at = after;
        let items = match major {
            2 | 3 => {
                let Some(end) = usize::try_from(argument).ok().and_then(|len| at.checked_add(len)) else {
                    return false;
                };
                at = end;
                0
            }
            4 => argument,
            5 => {
                let Some(items) = argument.checked_mul(2) else { return false };
                items
            }
            6 => 1,
            _ => 0,
        };
        if at > bytes.len() {
            return false;
        }
        if items > 0 {
            if levels.len() == DEPTH_MAX {
                return false;
            }
            levels.push(Level { left: items, is_map: major == 5, start: at, key: None });
            continue;
        }
        // One item is complete, and with it perhaps what it is the last of.
        loop {
            let Some(level) = levels.last_mut() else { return at == bytes.len() };
            level.left -= 1;
            if level.is_map && level.left % 2 == 1 {
                let key = level.start..at;
                let sorted = level.key.clone().is_none_or(|last| bytes.get(last) < bytes.get(key.clone()));
                if !sorted {
                    return false;
                }
                level.key = Some(key);
            }
            level.start = at;
            if level.left > 0 {
                break;
            }
            levels.pop();
        }
    }
}

/// Major type and argument of the item that begins at `at`, and where its content begins. None: cut off, indefinite,
/// or longer than need be.
fn head(bytes: &[u8], at: usize) -> Option<(u8, u64, usize)> {
    let first = *bytes.get(at)?;
    let (major, info) = (first >> 5, first & 0x1f);
    let rest = bytes.get(at + 1..)?;
    let (argument, least, len) = match info {
        0..=23 => (u64::from(info), 0, 0),
        24 => (u64::from(*rest.first()?), 24, 1),
        25 => (u64::from(u16::from_be_bytes(*rest.first_chunk()?)), 1 << 8, 2),
        26 => (u64::from(u32::from_be_bytes(*rest.first_chunk()?)), 1 << 16, 4),
        27 => (u64::from_be_bytes(*rest.first_chunk()?), 1 << 32, 8),
        _ => return None,
    };
    (major == 7 || argument >= least).then_some((major, argument, at + 1 + len))
}

/// A byte string on the wire (`Vec<u8>` would be an array of numbers).
pub type Bytes = minicbor::bytes::ByteVec;

/// SHA-256 over the concatenation of `parts`. Callers begin with a label of [`crate::label`].
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_only() {
        let right: &[&[u8]] = &[
            &[0x00],
            &[0x18, 0x18],
            &[0x42, 1, 2],
            &[0x82, 0x01, 0xa1, 0x01, 0x02],
            &[0xa2, 0x01, 0x00, 0x02, 0x00],
            &[0xa2, 0x0a, 0x00, 0x18, 0x64, 0x00],
            &[0xa2, 0x61, b'z', 0x00, 0x62, b'a', b'a', 0x00],
            &[0xa0],
            &[0x80],
            &[0xf6],
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
        ];
        for bytes in right {
            assert!(is_deterministic(bytes), "{bytes:02x?}");
        }
        let wrong: &[&[u8]] = &[
            &[],
            &[0x18, 0x17],
            &[0x19, 0x00, 0xff],
            &[0x1a, 0x00, 0x00, 0xff, 0xff],
            &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            &[0x58, 0x01, 1],
            &[0x5f, 0x41, 1, 0xff],
            &[0x9f, 0xff],
            &[0xbf, 0xff],
            &[0xa2, 0x02, 0x00, 0x01, 0x00],
            &[0xa2, 0x01, 0x00, 0x01, 0x00],
            &[0xa1, 0x01],
            &[0x82, 0x01],
            &[0x43, 1, 2],
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x00, 0x00],
        ];
        for bytes in wrong {
            assert!(!is_deterministic(bytes), "{bytes:02x?}");
        }
        let nested = |depth: usize| [vec![0x81; depth], vec![0x00]].concat();
        assert!(is_deterministic(&nested(DEPTH_MAX)));
        assert!(!is_deterministic(&nested(DEPTH_MAX + 1)));
    }
}
