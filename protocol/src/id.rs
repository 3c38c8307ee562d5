//! Identifiers: fixed-size byte strings with a type each.
//!
//! None of them is a secret or a credential. They print as lower-case hex, and in `Debug` shortened to four bytes so
//! that a log line never carries a whole id.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Decoder, Encode, Encoder};

/// The text is not the lower-case hex form of this id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hex id of the expected length")]
pub struct ParseIdError;

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;
            /// Wraps raw bytes.
            #[must_use]
            pub const fn new(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
            /// The raw bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
            /// From a slice of exactly the right length.
            ///
            /// # Errors
            /// [`ParseIdError`] on any other length.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, ParseIdError> {
                bytes.try_into().map(Self).map_err(|_| ParseIdError)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base16ct::lower::encode_string(&self.0))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let head = self.0.first_chunk::<4>().map_or(String::new(), |b| base16ct::lower::encode_string(b));
                write!(f, concat!(stringify!($name), "({}…)"), head)
            }
        }
        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let bytes = base16ct::lower::decode_vec(text).map_err(|_| ParseIdError)?;
                Self::from_slice(&bytes)
            }
        }
        impl<C> Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }
        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let at = d.position();
                Self::from_slice(d.bytes()?)
                    .map_err(|_| minicbor::decode::Error::message("id of wrong length").at(at))
            }
        }
    };
}

byte_id!(
    /// One facility: the hash of link 0 of its log.
    HouseId, 32
);
byte_id!(
    /// A pseudonym in one house, drawn at random.
    PersonId, 16
);
byte_id!(
    /// A device: its Ed25519 verifying key. Different in every house, so relays cannot link houses by it.
    DeviceId, 32
);
byte_id!(
    /// A circle of readers, drawn at random. A `child` circle's id names the child.
    CircleId, 16
);
byte_id!(
    /// An Automerge document, drawn at random.
    DocumentId, 16
);
byte_id!(
    /// One thing in a document.
    ItemId, 16
);
byte_id!(
    /// SHA-256 of a record's header and signature.
    RecordId, 32
);
byte_id!(
    /// SHA-256 of a wrap's signed part and signature.
    WrapId, 32
);
byte_id!(
    /// A sealed blob: the hash of its [`crate::blob::Manifest`].
    BlobId, 32
);
byte_id!(
    /// Hash of a link of the house log.
    LinkHash, 32
);
byte_id!(
    /// SHA-256 of something else; the field says of what.
    Hash, 32
);
byte_id!(
    /// Running hash over a circle's records; see [`crate::record::accumulate`].
    Accumulator, 32
);
byte_id!(
    /// The public half (Ed25519) of the signing key that an invite's secret derives.
    InviteKey, 32
);
byte_id!(
    /// The Ed25519 key under which a relay signs positions.
    RelayKey, 32
);
byte_id!(
    /// One life of a relay's history of a house; a restore from backup begins a new one.
    Incarnation, 16
);
byte_id!(
    /// An X25519 age recipient (suite 1): the 32 bytes that `age1…` encodes.
    Recipient, 32
);
byte_id!(
    /// An Ed25519 signature (RFC 8032).
    Signature, 64
);
byte_id!(
    /// 32 random bytes that make a commitment or a list unguessable.
    Salt, 32
);
byte_id!(
    /// 32 random bytes, used once.
    Nonce, 32
);

impl Accumulator {
    /// The accumulator of an empty circle.
    pub const ZERO: Self = Self::new([0; 32]);
}
