//! The bytes of blobs: one object per part, beside the database. The store says which of them count.
//!
//! A part is an object only under a blob that the store knows, and is noted only once it is durable. So what a crash
//! leaves behind goes with its blob; what a restored database does not know any more is looked for at the start.
//! Nothing here checks a right, and nothing is overwritten when it is deleted.

use std::error::Error as _;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use futures_util::TryStreamExt as _;
use nestpost_protocol::id::{BlobId, HouseId};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tokio::sync::RwLock;

/// Name of the folder in the data folder.
pub const FOLDER: &str = "blobs";

/// Why an object could not be written, read or deleted. Says nothing of which: paths are made of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ObjectError {
    /// There is none.
    #[error("no such object")]
    Missing,
    /// The disk, or whatever keeps the objects, does not do it.
    #[error("the objects cannot be used: {0}")]
    Failed(io::ErrorKind),
}

impl From<object_store::Error> for ObjectError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            return Self::Missing;
        }
        let mut cause = error.source();
        while let Some(inner) = cause {
            if let Some(io) = inner.downcast_ref::<io::Error>() {
                return Self::Failed(io.kind());
            }
            cause = inner.source();
        }
        Self::Failed(io::ErrorKind::Other)
    }
}

/// All objects of a relay.
#[derive(Debug)]
pub(crate) struct Blobs {
    objects: Arc<dyn ObjectStore>,
    folder: PathBuf,
    /// Held to read by whoever reserves, uploads or holds; to write by whoever lets blobs expire and deletes objects.
    pub(crate) gate: RwLock<()>,
}

impl Blobs {
    /// Opens or creates the folder.
    pub(crate) fn open(data: &Path) -> io::Result<Self> {
        let folder = data.join(FOLDER);
        crate::relay::private_folder(&folder)?;
        let files = LocalFileSystem::new_with_prefix(&folder).map_err(io::Error::other)?.with_fsync(true);
        Ok(Self { objects: Arc::new(files), folder, gate: RwLock::new(()) })
    }

    /// Keeps a part durably. The same part may come twice.
    pub(crate) async fn put(
        &self,
        house: HouseId,
        blob: BlobId,
        part: u32,
        bytes: Bytes,
    ) -> Result<(), ObjectError> {
        self.objects.put(&part_location(house, blob, part), bytes.into()).await?;
        Ok(())
    }

    /// Some bytes of a part.
    pub(crate) async fn read(
        &self,
        house: HouseId,
        blob: BlobId,
        part: u32,
        range: Range<u64>,
    ) -> Result<Bytes, ObjectError> {
        let wanted = range.end - range.start;
        let bytes = self.objects.get_range(&part_location(house, blob, part), range).await?;
        // A file that was cut short is none.
        if bytes.len() as u64 == wanted { Ok(bytes) } else { Err(ObjectError::Missing) }
    }

    /// Deletes everything of a blob, also what an upload left that was cut off by a crash.
    pub(crate) async fn delete(&self, house: HouseId, blob: BlobId) -> Result<(), ObjectError> {
        let found = self.objects.list(Some(&blob_location(house, blob)));
        let deleted = self.objects.delete_stream(Box::pin(found.map_ok(|object| object.location)));
        deleted.try_collect::<Vec<_>>().await?;
        let house = self.folder.join(house.to_string());
        match tokio::fs::remove_dir_all(house.join(blob.to_string())).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(ObjectError::Failed(error.kind()));
            }
            _ => {}
        }
        // With the last one goes the house's folder; while there are others, this fails.
        let _ = tokio::fs::remove_dir(house).await;
        Ok(())
    }

    /// Houses that have objects.
    pub(crate) async fn houses(&self) -> Result<Vec<HouseId>, ObjectError> {
        self.names(None).await
    }

    /// Blobs of a house that have objects.
    pub(crate) async fn of_house(&self, house: HouseId) -> Result<Vec<BlobId>, ObjectError> {
        self.names(Some(house_location(house))).await
    }

    /// What lies there and has the name of an id.
    async fn names<T: std::str::FromStr>(&self, under: Option<Location>) -> Result<Vec<T>, ObjectError> {
        let listed = self.objects.list_with_delimiter(under.as_ref()).await?;
        Ok(listed.common_prefixes.iter().filter_map(|prefix| prefix.filename()?.parse().ok()).collect())
    }
}

fn house_location(house: HouseId) -> Location {
    Location::from(house.to_string())
}

fn blob_location(house: HouseId, blob: BlobId) -> Location {
    house_location(house).join(blob.to_string())
}

fn part_location(house: HouseId, blob: BlobId, part: u32) -> Location {
    blob_location(house, blob).join(part.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSE: HouseId = HouseId::new([1; 32]);
    const BLOB: BlobId = BlobId::new([2; 32]);

    fn bytes(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    #[tokio::test]
    async fn a_part_is_read_back_and_may_come_twice() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data.path()).unwrap();
        blobs.put(HOUSE, BLOB, 1, bytes("sealed")).await.unwrap();
        blobs.put(HOUSE, BLOB, 1, bytes("sealed")).await.unwrap();
        assert_eq!(blobs.read(HOUSE, BLOB, 1, 2..6).await, Ok(bytes("aled")));
        assert_eq!(blobs.read(HOUSE, BLOB, 1, 2..7).await, Err(ObjectError::Missing));
        assert_eq!(blobs.read(HOUSE, BLOB, 0, 0..1).await, Err(ObjectError::Missing));
        assert_eq!(blobs.houses().await, Ok(vec![HOUSE]));
        assert_eq!(blobs.of_house(HOUSE).await, Ok(vec![BLOB]));
    }

    #[tokio::test]
    async fn nothing_is_left_of_a_deleted_blob() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data.path()).unwrap();
        blobs.put(HOUSE, BLOB, 0, bytes("sealed")).await.unwrap();
        // As a crash leaves it while a part is being written.
        let folder = data.path().join(FOLDER).join(HOUSE.to_string()).join(BLOB.to_string());
        std::fs::write(folder.join("1#1"), b"half a part").unwrap();
        blobs.delete(HOUSE, BLOB).await.unwrap();
        assert!(!folder.exists());
        // Once more, after a crash in between.
        blobs.delete(HOUSE, BLOB).await.unwrap();
        assert_eq!(blobs.of_house(HOUSE).await, Ok(Vec::new()));
    }

    #[tokio::test]
    async fn an_error_names_no_path() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(data.path()).unwrap();
        std::fs::write(data.path().join(FOLDER).join(HOUSE.to_string()), b"a file where a folder should be")
            .unwrap();
        let error = blobs.put(HOUSE, BLOB, 0, bytes("sealed")).await.unwrap_err();
        assert_eq!(error, ObjectError::Failed(io::ErrorKind::NotADirectory));
        assert!(!format!("{error} {error:?}").contains("0101"));
        let full = object_store::Error::Generic {
            store: "test",
            source: Box::new(io::Error::from(io::ErrorKind::StorageFull)),
        };
        assert_eq!(ObjectError::from(full), ObjectError::Failed(io::ErrorKind::StorageFull));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_can_look_into_the_folder() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        Blobs::open(data.path()).unwrap();
        let mode = std::fs::metadata(data.path().join(FOLDER)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
