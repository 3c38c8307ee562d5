//! Sealed files of one device, beside its rows. A file is there as a whole or not at all; which of them are still wanted, rows
//! and items say.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::disk::DiskError;

/// The sealed files of one device.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    folder: PathBuf,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// Chosen, and not prepared yet; named after the item that it becomes.
    Original,
    /// As at the relay, named after its id.
    Blob,
}

impl Shelf {
    const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Blob => "blob",
        }
    }
}

impl Files {
    /// In the folder of a device.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// On disk when this returns. `name` is an id in hex.
    pub(crate) fn write(&self, shelf: Shelf, name: &str, bytes: &[u8]) -> Result<(), DiskError> {
        let folder = self.folder.join(shelf.name());
        fs::create_dir_all(&folder)?;
        let new = folder.join(format!("{name}.new"));
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&new, folder.join(name))?;
        File::open(&folder)?.sync_all()?;
        Ok(())
    }

    /// `None`: there is no such file.
    pub(crate) fn read(&self, shelf: Shelf, name: &str) -> Result<Option<Vec<u8>>, DiskError> {
        match fs::read(self.path(shelf, name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// What is not there is removed already.
    pub(crate) fn remove(&self, shelf: Shelf, name: &str) -> Result<(), DiskError> {
        match fs::remove_file(self.path(shelf, name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Removes what nobody names any more, and what was being written when the program ended.
    pub(crate) fn tidy(&self, shelf: Shelf, wanted: &BTreeSet<String>) -> Result<(), DiskError> {
        let entries = match fs::read_dir(self.folder.join(shelf.name())) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for entry in entries {
            let entry = entry?;
            let known = entry.file_name().to_str().is_some_and(|name| wanted.contains(name));
            if !known {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn path(&self, shelf: Shelf, name: &str) -> PathBuf {
        self.folder.join(shelf.name()).join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_stays_and_the_rest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path());
        files.tidy(Shelf::Blob, &BTreeSet::new()).unwrap();
        for name in ["aa", "bb"] {
            files.write(Shelf::Blob, name, name.as_bytes()).unwrap();
        }
        files.write(Shelf::Original, "cc", b"original").unwrap();
        fs::write(folder.path().join("blob/dd.new"), "half").unwrap();
        files.tidy(Shelf::Blob, &BTreeSet::from(["aa".to_owned(), "cc".to_owned()])).unwrap();
        assert_eq!(files.read(Shelf::Blob, "aa").unwrap().as_deref(), Some(&b"aa"[..]));
        assert_eq!(files.read(Shelf::Blob, "bb").unwrap(), None);
        assert_eq!(fs::read_dir(folder.path().join("blob")).unwrap().count(), 1);
        assert!(files.read(Shelf::Original, "cc").unwrap().is_some());
        files.write(Shelf::Blob, "aa", b"another").unwrap();
        assert_eq!(files.read(Shelf::Blob, "aa").unwrap().as_deref(), Some(&b"another"[..]));
        files.remove(Shelf::Blob, "aa").unwrap();
        files.remove(Shelf::Blob, "aa").unwrap();
        assert_eq!(files.read(Shelf::Blob, "aa").unwrap(), None);
    }
}
