use nestpost_protocol::id::Incarnation;
use tempfile::TempDir;

use super::*;
use crate::store::{NewEntry, conformance};

fn options(folder: &TempDir) -> SqliteOptions {
    SqliteOptions { path: folder.path().join("nestpost.sqlite"), pages_max: None }
}

#[tokio::test]
async fn conforms() {
    // Kept until the last check has run.
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::run(|| {
        number += 1;
        let path = folder.path().join(format!("{number}.sqlite"));
        async move { SqliteStore::open(&SqliteOptions { path, pages_max: None }).await.unwrap() }
    })
    .await;
}

async fn commit(store: &SqliteStore, frame: Commit) -> Result<Committed, StoreError> {
    store.commit(Arc::new(frame)).await
}

fn big(house: u8, bytes: usize) -> Commit {
    let entry = OpenEntry {
        entry: nestpost_protocol::codec::Bytes::from(vec![1; bytes]),
        salt: nestpost_protocol::id::Salt::new([2; 32]),
    };
    let link = nestpost_protocol::log::Link {
        house: None,
        seq: 0,
        prev: None,
        class: nestpost_protocol::log::Class::All,
        commitment: nestpost_protocol::id::Hash::new([3; 32]),
    };
    Commit {
        founds: Some(Incarnation::new([house; 16])),
        entries: vec![NewEntry { link, entry, invite: None }],
        ..Commit::nothing(HouseId::new([house; 32]))
    }
}

#[tokio::test]
async fn a_full_disk_refuses_the_frame_and_takes_the_next_that_fits() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&SqliteOptions { pages_max: Some(64), ..options(&folder) }).await.unwrap();
    commit(&store, big(1, 1000)).await.unwrap();
    let (full, small) = tokio::join!(commit(&store, big(2, 400 << 10)), commit(&store, big(3, 1000)));
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    small.unwrap();
    assert!(!store.has_house(HouseId::new([2; 32])).await.unwrap());
    assert!(store.has_house(HouseId::new([3; 32])).await.unwrap());
}

#[tokio::test]
async fn what_was_committed_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    {
        let store = SqliteStore::open(&options(&folder)).await.unwrap();
        commit(&store, big(1, 1000)).await.unwrap();
        // Dropped, not closed.
    }
    let store = SqliteStore::open(&options(&folder)).await.unwrap();
    assert!(store.has_house(HouseId::new([1; 32])).await.unwrap());
    store.close().await;
}

#[tokio::test]
async fn the_file_is_opened_as_promised() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&options(&folder)).await.unwrap();
    let mut connection = connect_options(&options(&folder).path).connect().await.unwrap();
    for (pragma, expected) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
        let query = match pragma {
            "journal_mode" => "pragma journal_mode",
            "synchronous" => "select cast(synchronous as text) from pragma_synchronous",
            _ => "select cast(foreign_keys as text) from pragma_foreign_keys",
        };
        let value: String = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
        assert_eq!(value, expected, "{pragma}");
    }
    let secure: i64 = sqlx::query_scalar("pragma secure_delete").fetch_one(&mut connection).await.unwrap();
    assert_eq!(secure, 1);
    store.close().await;
}
