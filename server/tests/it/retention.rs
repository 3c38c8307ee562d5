//! What has expired is gone from the disk, and the chain still holds.

use std::path::Path;

use jiff::civil::Date;
use nestpost_protocol::message::RefusalCode;
use nestpost_protocol::record::Header;
use nestpost_protocol::retention::{Class, Month};

use crate::support::client::{fold, nothing};
use crate::support::house::document;
use crate::support::{Client, TestRelay};

const CANARY: &[u8] = b"a sealed note that nobody keeps any longer than promised";

/// Names of the files below a folder that hold these bytes.
fn on_disk(folder: &Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(on_disk(&path, needle));
        } else if std::fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

#[tokio::test]
async fn an_expired_document_leaves_stubs_and_nothing_else() {
    let relay = TestRelay::start().await;
    let mut house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let mut desk = Client::member(relay.address, &house, &director).await;
    let target = house.names.house;
    let mut draft = house.draft();
    let header = draft.header(&director, target);
    draft.record(&director, header, CANARY.repeat(20));
    let kept = Header {
        document: Some(document("later")),
        class: Class::Year,
        month: Month::new(2027, 9),
        ..draft.header(&director, target)
    };
    draft.record(&director, kept, vec![3; 100]);
    desk.commit(&mut house, draft).await;
    assert!(!on_disk(relay.folder.path(), CANARY).is_empty());

    relay.clock.set(Date::constant(2026, 10, 31));
    relay.relay.sweep().await.unwrap();
    assert!(!on_disk(relay.folder.path(), CANARY).is_empty());
    relay.clock.set(Date::constant(2026, 11, 1));
    relay.relay.sweep().await.unwrap();
    assert_eq!(on_disk(relay.folder.path(), CANARY), Vec::<String>::new());

    let mut reader = Client::connect(relay.address).await;
    reader.catch_up(house.id(), &house.names.sheet, nothing()).await;
    let rows = reader.inbox.rows.get(&target).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.n, row.gone, row.record.is_some())).collect();
    assert_eq!(seen, [(1, false, true), (2, true, false), (3, false, true)]);
    assert_eq!(fold(&reader.inbox).head(), house.now.log.head());

    // The author's chain goes on from the record that is gone; the document does not.
    let mut late = house.draft();
    late.batch(&director, target, 10);
    assert_eq!(desk.refusal(&late).await, RefusalCode::Expired);
    let mut draft = house.draft();
    let header = Header {
        document: Some(document("new")),
        month: Month::new(2026, 12),
        ..draft.header(&director, target)
    };
    draft.record(&director, header, vec![1; 10]);
    desk.commit(&mut house, draft).await;

    // Also for a relay that starts anew on what is left.
    let relay = TestRelay::start_in(relay.stop().await, |_| {}).await;
    let mut reader = Client::connect(relay.address).await;
    reader.catch_up(house.id(), &house.names.sheet, nothing()).await;
    assert_eq!(reader.inbox.rows.get(&target).unwrap().len(), 4);
    relay.stop().await;
}
