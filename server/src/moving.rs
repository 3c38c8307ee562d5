//! A house moves to another relay: out into a file, in from it. The relays stand still meanwhile.

use std::io;
use std::path::{Path, PathBuf};

use data_encoding::{Encoding, Specification};
use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{HouseId, Incarnation};
use nestpost_protocol::label;
use nestpost_protocol::limit::BLOB_PART_BYTES;

use crate::blobs::{Blobs, ObjectError};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::house::state::HouseState;
use crate::relay::{DATABASE_FILE, OpenError, lock_folder};
use crate::store::sqlite::copy::Copier;
use crate::store::{Elsewhere, StoreError};

/// Why a house does not move.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MoveError {
    /// The data folder is in use, or cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database or the file fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No house is called this here, or it was not exported.
    #[error("no such house")]
    Unknown,
    /// The file is there already.
    #[error("{path} is there already")]
    FileExists {
        /// Which file.
        path: PathBuf,
    },
    /// The file holds no house, or more than one, or a part of one.
    #[error("{path} is no whole house")]
    File {
        /// Which file.
        path: PathBuf,
    },
    /// The house is here already.
    #[error("this relay has the house already")]
    HouseExists,
    /// The bytes of pictures and files cannot be read or written.
    #[error("the objects of blobs cannot be used")]
    Objects(#[source] io::Error),
}

impl From<ObjectError> for MoveError {
    fn from(error: ObjectError) -> Self {
        Self::Objects(match error {
            ObjectError::Missing => io::ErrorKind::NotFound.into(),
            ObjectError::Failed(kind) => kind.into(),
        })
    }
}

/// Writes a house to a new file. From then on it can be read here and no more be written. Returns its fingerprint.
///
/// # Errors
/// [`MoveError`]; the file is of no use then, and the house goes on here.
pub async fn export(config: &Config, house: &str, file: &Path) -> Result<String, MoveError> {
    let _lock = lock_folder(config)?;
    if file.exists() {
        return Err(MoveError::FileExists { path: file.to_owned() });
    }
    let mut here = Copier::open(&config.data.join(DATABASE_FILE), false).await?;
    let id = find(&mut here, house).await?;
    let blobs = open_blobs(config)?;
    Copier::open(file, true).await?.close().await?;
    here.copy_out(id, file).await?;
    let mut there = Copier::open(file, false).await?;
    for (blob, bytes, parts) in here.kept_blobs(id).await? {
        for part in 0..parts {
            let begin = u64::from(part) * BLOB_PART_BYTES as u64;
            let length = (bytes - begin).min(BLOB_PART_BYTES as u64);
            let sealed = blobs.read(id, blob, part, 0..length).await?;
            there.put_part(blob, part, &sealed).await?;
        }
    }
    there.close().await?;
    here.mark(id, Elsewhere::Taken, Some(SystemClock.day())).await?;
    here.close().await?;
    Ok(fingerprint(&id))
}

/// Takes a house in from such a file, as a copy that can be read and waits for two of the house. Every signature, rule and
/// hash in it is checked first. Returns its fingerprint.
///
/// # Errors
/// [`MoveError`]; nothing of it is here then.
pub async fn import(config: &Config, file: &Path) -> Result<String, MoveError> {
    let _lock = lock_folder(config)?;
    let broken = || MoveError::File { path: file.to_owned() };
    let mut there = Copier::open(file, false).await?;
    let houses = there.houses().await?;
    let [id] = houses.as_slice() else { return Err(broken()) };
    let mut here = Copier::open(&config.data.join(DATABASE_FILE), true).await?;
    if here.houses().await?.contains(id) {
        return Err(MoveError::HouseExists);
    }
    let stored = there.checked(*id, file).await?.ok_or_else(broken)?;
    let state = HouseState::fold(stored)?;
    if state.log.house() != Some(*id) {
        return Err(broken());
    }
    let blobs = open_blobs(config)?;
    for (blob, _, parts) in there.kept_blobs(*id).await? {
        for part in 0..parts {
            let sealed = there.part(*id, blob, part).await?;
            blobs.put(*id, blob, part, sealed.into()).await?;
        }
    }
    there.close().await?;
    here.copy_in(*id, file, Incarnation::new(rand::random())).await?;
    if state.log.dissolved().is_some() {
        here.mark(*id, Elsewhere::Awaits, Some(SystemClock.day())).await?;
    }
    here.close().await?;
    Ok(fingerprint(id))
}

/// A house that was exported goes on here. Returns its fingerprint.
///
/// # Errors
/// [`MoveError`].
pub async fn reopen(config: &Config, house: &str) -> Result<String, MoveError> {
    let _lock = lock_folder(config)?;
    let mut here = Copier::open(&config.data.join(DATABASE_FILE), false).await?;
    let id = find(&mut here, house).await?;
    let reopened = here.reopen(id).await?;
    here.close().await?;
    if reopened { Ok(fingerprint(&id)) } else { Err(MoveError::Unknown) }
}

fn open_blobs(config: &Config) -> Result<Blobs, MoveError> {
    Blobs::open(&config.data).map_err(MoveError::Objects)
}

async fn find(here: &mut Copier, house: &str) -> Result<HouseId, MoveError> {
    let wanted: String = plain(house);
    let houses = here.houses().await?;
    houses.into_iter().find(|id| plain(&fingerprint(id)) == wanted).ok_or(MoveError::Unknown)
}

/// As printed on letters: 80 bits of a hash, in Crockford's alphabet.
#[must_use]
pub fn fingerprint(house: &HouseId) -> String {
    let hash = sha256(&[label::FINGERPRINT, &[0], house.as_bytes()]);
    let text =
        crockford().map_or_else(String::new, |code| code.encode(hash.first_chunk::<10>().map_or(&[], |b| b)));
    let groups: Vec<String> =
        text.chars().collect::<Vec<_>>().chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

fn crockford() -> Option<Encoding> {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.encoding().ok()
}

/// Typed by hand.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_is_called_what_its_letters_say() {
        assert_eq!(fingerprint(&HouseId::new([1; 32])).len(), 19);
        assert_eq!(plain(" abcd-efgh\n"), "ABCDEFGH");
    }
}
