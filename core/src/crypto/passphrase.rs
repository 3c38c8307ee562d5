//! age's passphrase stanza at a fixed work factor.
//!
//! age's own `scrypt::Recipient` and `scrypt::Identity` measure the machine when they are made, before any factor can be set:
//! 2 ms for every epoch of every circle, twice. Files are the same: stock age opens them, and they open stock age's.

use std::collections::HashSet;

use age::secrecy::ExposeSecret as _;
use age::{DecryptError, EncryptError};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{aead_decrypt, aead_encrypt};
use data_encoding::BASE64_NOPAD;
use scrypt::Params;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::{label, random};

const TAG: &str = "scrypt";
const SALT_BYTES: usize = 16;
const BODY_BYTES: usize = FILE_KEY_BYTES + 16;
/// age's passphrase at one work factor (`N = 2^log_n`); both who seals and who opens. Files with any other factor do not
/// open: it would let a writer make readers work.
pub(super) struct Passphrase {
    secret: SecretString,
    log_n: u8,
}

impl Passphrase {
    /// Of 256 random bits: stretching would add nothing, so the smallest factor there is.
    pub(super) const fn strong(secret: SecretString) -> Self {
        Self { secret, log_n: 1 }
    }

    /// Of something that people remember.
    pub(super) const fn stretched(secret: SecretString, log_n: u8) -> Self {
        Self { secret, log_n }
    }

    pub(super) fn expose(&self) -> &str {
        self.secret.expose_secret()
    }

    /// `None`: the parameters are fixed, and good.
    fn key(&self, salt: &[u8; SALT_BYTES]) -> Option<Zeroizing<[u8; 32]>> {
        let mut key = Zeroizing::new([0; 32]);
        let params = Params::new(self.log_n, 8, 1, 32).ok()?;
        let salt = [label::AGE_SCRYPT, salt].concat();
        scrypt::scrypt(self.expose().as_bytes(), &salt, &params, &mut *key).ok()?;
        Some(key)
    }
}

impl age::Recipient for Passphrase {
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let salt = random::bytes();
        let key = self.key(&salt).ok_or(EncryptError::MissingRecipients)?;
        let stanza = Stanza {
            tag: TAG.into(),
            args: vec![BASE64_NOPAD.encode(&salt), self.log_n.to_string()],
            body: aead_encrypt(&key, file_key.expose_secret()),
        };
        // It stands alone in its file: there is nothing that a label would have to keep away.
        Ok((vec![stanza], HashSet::new()))
    }
}

impl age::Identity for Passphrase {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != TAG {
            return None;
        }
        let salt = match stanza.args.as_slice() {
            [salt, factor] if *factor == self.log_n.to_string() && stanza.body.len() == BODY_BYTES => {
                BASE64_NOPAD.decode(salt.as_bytes()).ok()
            }
            _ => None,
        };
        let salt = salt.and_then(|salt| <[u8; SALT_BYTES]>::try_from(salt).ok());
        let Some(key) = salt.and_then(|salt| self.key(&salt)) else {
            return Some(Err(DecryptError::InvalidHeader));
        };
        let opened = aead_decrypt(&key, FILE_KEY_BYTES, &stanza.body).map(Zeroizing::new);
        Some(match opened {
            Ok(bytes) => FileKey::try_init_with_mut(|file_key| {
                <[u8; FILE_KEY_BYTES]>::try_from(bytes.as_slice()).map(|bytes| *file_key = bytes)
            })
            .map_err(|_| DecryptError::InvalidHeader),
            Err(_) => Err(DecryptError::DecryptionFailed),
        })
    }
}
