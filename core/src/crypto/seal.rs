//! age files in and out: passphrase files of work factor 1, and X25519 recipient files.

use std::io::{Read as _, Write as _};
use std::iter;
use std::sync::{Arc, OnceLock};

use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor};
use curve25519_dalek::montgomery::MontgomeryPoint;
use nestpost_protocol::id::Recipient;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::pipe::Pipe;
use super::{kdf, label};

/// Why something sealed does not open. Two meanings only; no detail an attacker could use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Sealed for a key that is not this one.
    #[error("sealed for somebody else")]
    NotForUs,
    /// Not a valid file, changed on its way, or not what it claims to be.
    #[error("sealed data is broken")]
    Broken,
}

/// Why something could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The recipient is no usable age recipient.
    #[error("not a usable age recipient")]
    Recipient,
    /// age refused; it has no reason to when writing to memory.
    #[error("sealing failed")]
    Age,
    /// Fewer or more bytes than were announced, or too many to announce.
    #[error("not as many bytes as announced")]
    Length,
}

/// `N = 2^1`, the smallest that age accepts, for secrets of 256 random bits: stretching would add nothing.
const STRONG: u8 = 1;

/// Seals and opens passphrase files under one secret, at one work factor. A higher one is invalid: it would let a writer make
/// readers work.
///
/// Recipient and identity are made at first use and kept: age's constructors measure the machine (a few milliseconds)
/// before the factor can be set.
pub(super) struct PassphraseSeal {
    passphrase: SecretString,
    log_n: u8,
    recipient: OnceLock<Arc<age::scrypt::Recipient>>,
    identity: OnceLock<Arc<age::scrypt::Identity>>,
}

impl PassphraseSeal {
    pub(super) const fn new(passphrase: SecretString) -> Self {
        Self::stretched(passphrase, STRONG)
    }

    /// Under something that people remember.
    pub(super) const fn stretched(passphrase: SecretString, log_n: u8) -> Self {
        Self { passphrase, log_n, recipient: OnceLock::new(), identity: OnceLock::new() }
    }

    pub(super) fn expose_passphrase(&self) -> &str {
        self.passphrase.expose_secret()
    }

    pub(super) fn seal(&self, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        encrypt(self.recipient(), plaintext)
    }

    pub(super) fn open(&self, file: &[u8]) -> Result<Vec<u8>, OpenError> {
        decrypt(self.identity(), file, FileKind::Passphrase)
    }

    /// For a file that is written bit by bit.
    pub(super) fn writer(&self, file: Pipe) -> Result<StreamWriter<Pipe>, SealError> {
        writer(self.recipient(), file)
    }

    /// For a file that is read bit by bit. The whole header must be there.
    pub(super) fn reader(&self, file: Pipe) -> Result<StreamReader<Pipe>, OpenError> {
        reader(self.identity(), file, FileKind::Passphrase)
    }

    fn recipient(&self) -> &age::scrypt::Recipient {
        self.recipient.get_or_init(|| {
            made::recipient(&self.passphrase, self.log_n, || {
                let mut recipient = age::scrypt::Recipient::new(self.passphrase.clone());
                recipient.set_work_factor(self.log_n);
                recipient
            })
        })
    }

    fn identity(&self) -> &age::scrypt::Identity {
        self.identity.get_or_init(|| {
            made::identity(&self.passphrase, self.log_n, || {
                let mut identity = age::scrypt::Identity::new(self.passphrase.clone());
                // The format has no factor 0 (no leading zeros), so of strong secrets "at most 1" is "exactly 1".
                identity.set_max_work_factor(self.log_n);
                identity
            })
        })
    }
}

/// What age measures the machine for, each time.
#[cfg(not(feature = "mutants"))]
mod made {
    use std::sync::Arc;

    use age::scrypt::{Identity, Recipient};
    use secrecy::SecretString;

    pub(super) fn recipient(_: &SecretString, _: u8, make: impl FnOnce() -> Recipient) -> Arc<Recipient> {
        Arc::new(make())
    }

    pub(super) fn identity(_: &SecretString, _: u8, make: impl FnOnce() -> Identity) -> Arc<Identity> {
        Arc::new(make())
    }
}

/// The same, kept: many devices of many simulated houses hold the same keys on one thread, and measuring was nearly half
/// of what a world takes.
#[cfg(feature = "mutants")]
mod made {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use age::scrypt::{Identity, Recipient};
    use nestpost_protocol::codec::sha256;
    use secrecy::{ExposeSecret as _, SecretString};

    type Kept<T> = RefCell<BTreeMap<[u8; 32], Arc<T>>>;

    const KEPT_MAX: usize = 20_000;

    thread_local! {
        static RECIPIENTS: Kept<Recipient> = RefCell::default();
        static IDENTITIES: Kept<Identity> = RefCell::default();
    }

    fn kept<T>(all: &Kept<T>, secret: &SecretString, log_n: u8, make: impl FnOnce() -> T) -> Arc<T> {
        let mut all = all.borrow_mut();
        if all.len() >= KEPT_MAX {
            all.clear();
        }
        let key = sha256(&[&[log_n], secret.expose_secret().as_bytes()]);
        Arc::clone(all.entry(key).or_insert_with(|| Arc::new(make())))
    }

    pub(super) fn recipient(
        secret: &SecretString,
        log_n: u8,
        make: impl FnOnce() -> Recipient,
    ) -> Arc<Recipient> {
        RECIPIENTS.with(|all| kept(all, secret, log_n, make))
    }

    pub(super) fn identity(
        secret: &SecretString,
        log_n: u8,
        make: impl FnOnce() -> Identity,
    ) -> Arc<Identity> {
        IDENTITIES.with(|all| kept(all, secret, log_n, make))
    }
}

/// What the header of a file must say. A reader of one kind is never handed the other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Passphrase,
    Recipient,
}

/// Refuses points of small order first: age panics on them (it takes the all-zero shared secret for a failing random
/// generator), and recipients come from peers.
pub(super) fn seal_to(recipient: &Recipient, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    // A clamped scalar is a multiple of the cofactor, so it takes exactly those points to zero.
    if MontgomeryPoint(*recipient.as_bytes()).mul_clamped([0x40; 32]).as_bytes().ct_eq(&[0; 32]).into() {
        return Err(SealError::Recipient);
    }
    let recipient: age::x25519::Recipient =
        kdf::bech32(label::HRP_RECIPIENT, recipient.as_bytes()).parse().map_err(|_| SealError::Recipient)?;
    encrypt(&recipient, plaintext)
}

fn writer(recipient: &dyn age::Recipient, file: Pipe) -> Result<StreamWriter<Pipe>, SealError> {
    let encryptor = Encryptor::with_recipients(iter::once(recipient)).map_err(|_| SealError::Age)?;
    encryptor.wrap_output(file).map_err(|_| SealError::Age)
}

fn encrypt(recipient: &dyn age::Recipient, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    let file = Pipe::default();
    let mut writer = writer(recipient, file.clone())?;
    writer.write_all(plaintext).map_err(|_| SealError::Age)?;
    writer.finish().map_err(|_| SealError::Age)?;
    Ok(file.drain())
}

fn reader(identity: &dyn age::Identity, file: Pipe, kind: FileKind) -> Result<StreamReader<Pipe>, OpenError> {
    let decryptor = Decryptor::new_buffered(file).map_err(open_error)?;
    if decryptor.is_scrypt() != (kind == FileKind::Passphrase) {
        return Err(OpenError::Broken);
    }
    decryptor.decrypt(iter::once(identity)).map_err(open_error)
}

pub(super) fn decrypt(
    identity: &dyn age::Identity,
    file: &[u8],
    kind: FileKind,
) -> Result<Vec<u8>, OpenError> {
    let mut reader = reader(identity, Pipe::of(file), kind)?;
    let mut plaintext = Vec::with_capacity(file.len());
    reader.read_to_end(&mut plaintext).map_err(|_| OpenError::Broken)?;
    Ok(plaintext)
}

/// Before the header's MAC is checked, a file for another key and one with a changed stanza look the same.
fn open_error(error: DecryptError) -> OpenError {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            OpenError::NotForUs
        }
        _ => OpenError::Broken,
    }
}
