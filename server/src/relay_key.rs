//! The key under which this relay signs positions and tickets for blobs. It lies beside the database, readable by the relay
//! alone.
//!
//! It vouches for what the relay said, nothing else: it opens nothing. Every house names its public half in `found`, so
//! it must be kept with the data folder's backups.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer as _, SigningKey};
use nestpost_protocol::id::{self, Signature};
use nestpost_protocol::message::{PositionClaim, SignedPosition};
use nestpost_protocol::{codec, label, verify};

/// Name of the file in the data folder: 32 raw bytes.
pub const FILE: &str = "relay.key";

/// Why the key is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("cannot read or create {path}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file does not hold 32 bytes.
    #[error("{path} is not a relay key")]
    Malformed {
        /// Which file.
        path: PathBuf,
    },
}

/// The relay's signing key.
pub struct RelayKey(SigningKey);

impl std::fmt::Debug for RelayKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RelayKey({:?})", self.public())
    }
}

impl RelayKey {
    /// Reads the key from the data folder, or draws one and writes it durably.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(data: &Path) -> Result<Self, KeyError> {
        let path = data.join(FILE);
        match read(&path) {
            Ok(Some(seed)) => Ok(Self(SigningKey::from_bytes(&seed))),
            Ok(None) => Err(KeyError::Malformed { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let seed: [u8; 32] = rand::random();
                write(data, &path, &seed).map_err(|source| KeyError::Io { path, source })?;
                Ok(Self(SigningKey::from_bytes(&seed)))
            }
            Err(source) => Err(KeyError::Io { path, source }),
        }
    }

    /// The public half, as houses name it.
    #[must_use]
    pub fn public(&self) -> id::RelayKey {
        id::RelayKey::new(self.0.verifying_key().to_bytes())
    }

    /// Signs what the relay claims of a circle.
    #[must_use]
    pub fn sign(&self, claim: PositionClaim) -> SignedPosition {
        let input = verify::signing_input(label::POSITION, &codec::encode(&claim));
        SignedPosition { claim, signature: Signature::new(self.0.sign(&input).to_bytes()) }
    }

    /// Signs what stands in a ticket for blobs.
    pub(crate) fn sign_ticket(&self, claim: &[u8]) -> Signature {
        Signature::new(self.0.sign(&verify::signing_input(label::TICKET, claim)).to_bytes())
    }
}

fn read(path: &Path) -> io::Result<Option<[u8; 32]>> {
    let mut bytes = Vec::with_capacity(33);
    std::fs::File::open(path)?.take(33).read_to_end(&mut bytes)?;
    Ok(bytes.try_into().ok())
}

fn write(data: &Path, path: &Path, seed: &[u8; 32]) -> io::Result<()> {
    // Under another name first: a key that was cut short by a crash must not be taken for one.
    let draft = path.with_extension("key.new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(seed)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    std::fs::File::open(data)?.sync_all()
}

#[cfg(test)]
mod tests {
    use nestpost_protocol::id::{Accumulator, CircleId, HouseId, Incarnation};

    use super::*;

    #[test]
    fn the_key_stays_the_same_and_its_signatures_hold() {
        let data = tempfile::tempdir().unwrap();
        let key = RelayKey::open(data.path()).unwrap();
        let again = RelayKey::open(data.path()).unwrap();
        assert_eq!(key.public(), again.public());
        let claim = PositionClaim {
            house: HouseId::new([1; 32]),
            incarnation: Incarnation::new([2; 16]),
            start: None,
            circle: CircleId::new([3; 16]),
            n: 4,
            acc: Accumulator::new([5; 32]),
        };
        let signed = key.sign(claim);
        assert!(signed.holds(&again.public()));
        assert!(!SignedPosition { claim: PositionClaim { n: 5, ..claim }, ..signed }.holds(&key.public()));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        let _ = RelayKey::open(data.path()).unwrap();
        let mode = std::fs::metadata(data.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_cut_short_is_refused() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join(FILE), [1; 31]).unwrap();
        assert!(matches!(RelayKey::open(data.path()), Err(KeyError::Malformed { .. })));
    }
}
