//! Storage of one device in one folder: a key-value file for the engine's rows, and the device's secrets beside it.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use nestpost_core::crypto::{DeviceKeys, LocalKey};
use nestpost_core::engine::Secrets;
use nestpost_core::store::{Loaded, Table, Write};
use redb::{Database, Durability, ReadableTable, TableDefinition};
use zeroize::Zeroizing;

/// The folder could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiskError {
    /// File system.
    #[error("device folder")]
    Io(#[from] std::io::Error),
    /// Key-value file.
    #[error("device storage")]
    Store(#[from] redb::Error),
    /// The secrets are not what this program wrote.
    #[error("device secrets are damaged")]
    Secrets,
}

/// The storage of one device.
pub(crate) struct Disk {
    folder: PathBuf,
    database: Database,
    /// The file may hold what was erased.
    stale: bool,
    /// Something was written since it was last tried to be tidied.
    due: bool,
}

const ROWS: &str = "rows.redb";
/// The same without what was erased, until it takes the place of the other.
const FRESH: &str = "rows.fresh";
/// There while the file may hold what was erased, between its rows.
const STALE: &str = "stale";
const SECRETS: &str = "secrets";

const fn definition(table: Table) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
    TableDefinition::new(table.name())
}

impl Disk {
    /// Opens the folder, making it if need be.
    pub(crate) fn open(folder: &Path) -> Result<Self, DiskError> {
        fs::create_dir_all(folder)?;
        let database = Database::create(folder.join(ROWS)).map_err(redb::Error::from)?;
        let stale = folder.join(STALE).exists();
        let mut disk = Self { folder: folder.to_owned(), database, stale, due: stale };
        disk.tidy();
        Ok(disk)
    }

    /// All rows, in the order in which the engine loads them.
    pub(crate) fn load(&self) -> Result<Vec<Loaded>, DiskError> {
        let transaction = self.database.begin_write().map_err(redb::Error::from)?;
        let mut rows = Vec::new();
        for table in Table::ALL {
            // Opening for writing makes a table that is not there yet.
            let opened = transaction.open_table(definition(table)).map_err(redb::Error::from)?;
            for row in opened.iter().map_err(redb::Error::from)? {
                let (key, value) = row.map_err(redb::Error::from)?;
                rows.push(Loaded { table, key: key.value().to_vec(), value: value.value().to_vec() });
            }
        }
        transaction.commit().map_err(redb::Error::from)?;
        Ok(rows)
    }

    /// One transaction, on disk when this returns. `erases`: what was erased by now is not to be found in the file either, once
    /// it is tidied.
    pub(crate) fn write(&mut self, writes: &[Write], erases: bool) -> Result<(), DiskError> {
        if erases {
            File::create(self.folder.join(STALE))?.sync_all()?;
            self.sync_folder()?;
            self.stale = true;
        }
        self.due |= self.stale;
        self.commit(writes)
    }

    /// Leaves nothing of what was erased between the rows. What fails is done after the next write, or at the next start.
    pub(crate) fn tidy(&mut self) {
        if std::mem::take(&mut self.due) {
            self.stale = self.renew().is_err();
            if self.stale {
                // It may have been full: half a copy is in the way.
                let _ = fs::remove_file(self.folder.join(FRESH));
            }
        }
    }

    /// Names in the folder are on disk when this returns.
    fn sync_folder(&self) -> Result<(), DiskError> {
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// Pages that a transaction frees keep what they held: the rows move to a new file.
    fn renew(&mut self) -> Result<(), DiskError> {
        let fresh = self.folder.join(FRESH);
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let copy = Self {
            folder: self.folder.clone(),
            database: Database::create(&fresh).map_err(redb::Error::from)?,
            stale: false,
            due: false,
        };
        let rows = self.load()?;
        let writes: Vec<Write> =
            rows.into_iter().map(|row| Write::put(row.table, row.key, row.value)).collect();
        copy.commit(&writes)?;
        fs::rename(&fresh, self.folder.join(ROWS))?;
        self.database = copy.database;
        self.sync_folder()?;
        fs::remove_file(self.folder.join(STALE))?;
        Ok(())
    }

    fn commit(&self, writes: &[Write]) -> Result<(), DiskError> {
        let mut transaction = self.database.begin_write().map_err(redb::Error::from)?;
        transaction.set_durability(Durability::Immediate).map_err(redb::Error::from)?;
        for write in writes {
            let mut table = transaction.open_table(definition(write.table)).map_err(redb::Error::from)?;
            match &write.value {
                Some(value) => {
                    table.insert(write.key.as_slice(), value.as_slice()).map_err(redb::Error::from)?;
                }
                None => {
                    table.remove(write.key.as_slice()).map_err(redb::Error::from)?;
                }
            }
        }
        transaction.commit().map_err(redb::Error::from)?;
        Ok(())
    }
}

/// Makes fresh secrets and keeps them in the folder, readable by its owner only.
pub(crate) fn make_secrets(folder: &Path) -> Result<Secrets, DiskError> {
    let secrets = Secrets { keys: DeviceKeys::generate(), local: LocalKey::generate() };
    let mut bytes = Zeroizing::new(Vec::with_capacity(64));
    bytes.extend_from_slice(secrets.keys.expose_seed());
    bytes.extend_from_slice(secrets.local.expose_bytes());
    fs::create_dir_all(folder)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(folder.join(SECRETS))?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    Ok(secrets)
}

/// The secrets that [`make_secrets`] kept.
pub(crate) fn read_secrets(folder: &Path) -> Result<Secrets, DiskError> {
    let bytes = Zeroizing::new(fs::read(folder.join(SECRETS))?);
    let (seed, local) = bytes.split_at_checked(32).ok_or(DiskError::Secrets)?;
    let seed: [u8; 32] = seed.try_into().map_err(|_| DiskError::Secrets)?;
    let local: [u8; 32] = local.try_into().map_err(|_| DiskError::Secrets)?;
    Ok(Secrets { keys: DeviceKeys::from_seed(seed), local: LocalKey::from_bytes(local) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(of: &serde_json::Value) -> Vec<Write> {
        let hex = |value: &serde_json::Value| {
            value.as_str().map(|text| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap())
        };
        let rows = of.as_array().unwrap().iter();
        rows.map(|row| {
            let table = Table::from_name(row[0].as_str().unwrap()).unwrap();
            Write { table, key: hex(&row[1]).unwrap(), value: hex(&row[2]) }
        })
        .collect()
    }

    /// The browser's storage and the simulated one pass it too. (What is not taken begins this device again.)
    #[test]
    fn it_passes_the_list_that_every_storage_of_a_device_passes() {
        let list: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../tests/histories/storage.json")).unwrap();
        for listed in list {
            let folder = tempfile::tempdir().unwrap();
            let mut disk = Disk::open(folder.path()).unwrap();
            let steps = listed["steps"].as_array().unwrap().iter();
            for step in steps.take_while(|step| step["fails"] != true) {
                disk.write(&writes(&step["store"]), false).unwrap();
            }
            drop(disk);
            let rows = Disk::open(folder.path()).unwrap().load().unwrap();
            let rows: Vec<_> = rows.into_iter().map(|row| (row.table, row.key, Some(row.value))).collect();
            let expected: Vec<_> =
                writes(&listed["rows"]).into_iter().map(|row| (row.table, row.key, row.value)).collect();
            assert_eq!(rows, expected, "{}", listed["says"]);
        }
    }
}
