//! Deterministic CBOR (RFC 8949 section 4.2) in and out.
//!
//! Structs are maps with integer keys in ascending order, shortest integers, definite lengths. Unknown keys are
//! skipped, so fields can be added. What is signed is verified over the bytes **as received**; nothing is re-encoded
//! to check it.

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
    if decoder.position() == bytes.len() { Ok(value) } else { Err(DecodeError::Trailing) }
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
