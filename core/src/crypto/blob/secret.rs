//! The secret of one blob.

use base16ct::lower as hex;
use minicbor::{Decode, Decoder, Encode, Encoder};
use zeroize::{Zeroize as _, Zeroizing};

use super::super::secret::Secret;
use super::super::{kdf, label};

/// 32 random bytes, drawn for one blob. Items carry it to whoever reads them, so unlike other secrets it has a form in
/// CBOR; what it is written into is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobSecret(Secret<32>);

/// The text is not 32 bytes in lower-case hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the secret of a blob")]
pub struct ParseSecretError;

impl BlobSecret {
    /// Fresh entropy.
    #[must_use]
    pub fn generate() -> Self {
        Self(Secret::generate())
    }

    /// A known secret.
    #[must_use]
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let secret = Secret::new(bytes);
        bytes.zeroize();
        Self(secret)
    }

    /// From [`Self::expose_hex`].
    ///
    /// # Errors
    /// [`ParseSecretError`] for anything but 64 lower-case digits.
    pub fn from_hex(text: &str) -> Result<Self, ParseSecretError> {
        let bytes = hex::decode_vec(text.as_bytes()).map(Zeroizing::new).map_err(|_| ParseSecretError)?;
        Self::from_slice(&bytes).ok_or(ParseSecretError)
    }

    /// The bytes themselves.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// Lower-case hex, for the way between engine and media worker.
    #[must_use]
    pub fn expose_hex(&self) -> String {
        hex::encode_string(self.0.expose())
    }

    /// The passphrase that stock `age --decrypt` asks for. What it prints ends with the padding: one byte 0x80, then
    /// zeros.
    #[must_use]
    pub fn expose_passphrase(&self) -> String {
        kdf::bech32(label::HRP_BLOB, self.0.expose())
    }

    fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }
}

impl<C> Encode<C> for BlobSecret {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(self.0.expose())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for BlobSecret {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let secret = Self::from_slice(d.bytes()?);
        secret.ok_or_else(|| minicbor::decode::Error::message("blob secret of wrong length").at(at))
    }
}

#[cfg(test)]
mod tests {
    use nestpost_protocol::codec;

    use super::*;

    #[test]
    fn it_comes_back_from_hex_and_from_an_item() {
        let secret = BlobSecret::generate();
        assert_eq!(BlobSecret::from_hex(&secret.expose_hex()), Ok(secret.clone()));
        let encoded = codec::encode(&secret);
        assert_eq!(codec::decode::<BlobSecret>(&encoded, 64), Ok(secret));
        assert_eq!(encoded.len(), 34, "a byte string of 32");
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        for text in ["", "00", &"0".repeat(63), &"0".repeat(66), &"A".repeat(64), &"g".repeat(64)] {
            assert_eq!(BlobSecret::from_hex(text), Err(ParseSecretError), "{text}");
        }
        let short = codec::encode(&codec::Bytes::from(vec![1; 31]));
        assert!(codec::decode::<BlobSecret>(&short, 64).is_err());
    }

    #[test]
    fn two_secrets_are_not_one_and_neither_is_printed() {
        let [a, b] = [BlobSecret::from_bytes([1; 32]), BlobSecret::from_bytes([2; 32])];
        assert_ne!(a, b);
        assert_ne!(BlobSecret::generate(), BlobSecret::generate());
        assert_eq!(format!("{a:?}"), "BlobSecret(Secret(…))");
        assert!(a.expose_passphrase().starts_with("nestpost-blob-1qyqszqgp"), "{}", a.expose_passphrase());
    }
}
