//! What has expired is gone from the disk, and the chain still holds.

use std::path::Path;

use jiff::civil::Date;
use nestpost_protocol::erase::{EraseBody, Erased};
use nestpost_protocol::id::ItemId;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::dissolve::Dissolve;
use nestpost_protocol::message::{ByeCode, ClientMessage, RefusalCode};
use nestpost_protocol::record::{Header, Kind, Sealing};
use nestpost_protocol::retention::{Class, Month};

use crate::support::client::{fold, nothing};
use crate::support::house::document;
use crate::support::{Blob, Client, Courier, Kita, TestRelay};

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

#[tokio::test]
async fn what_was_erased_leaves_stubs_and_its_ledger_and_nothing_else() {
    let relay = TestRelay::start().await;
    let mut house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let mut desk = Client::member(relay.address, &house, &director).await;
    let target = house.names.house;
    let mut draft = house.draft();
    let header = draft.header(&director, target);
    draft.record(&director, header, CANARY.repeat(20));
    desk.commit(&mut house, draft).await;
    assert!(!on_disk(relay.folder.path(), CANARY).is_empty());

    let erased = Erased { item: ItemId::new([5; 16]), second: None };
    let mut draft = house.draft();
    let header = Header { kind: Kind::Erase, sealing: Sealing::Clear, ..draft.header(&director, target) };
    draft.record(&director, header, EraseBody::new(document("rest"), vec![erased]).encode());
    let header =
        Header { kind: Kind::Rewrite, document: Some(document("rest")), ..draft.header(&director, target) };
    draft.record(&director, header, vec![4; 100]);
    desk.commit(&mut house, draft).await;
    assert_eq!(on_disk(relay.folder.path(), CANARY), Vec::<String>::new(), "at once");

    let mut late = house.draft();
    late.batch(&director, target, 10);
    assert_eq!(desk.refusal(&late).await, RefusalCode::Moved);

    // Also for a relay that starts anew, and when the month of the document is over.
    let relay = TestRelay::start_in(relay.stop().await, |_| {}).await;
    let mut desk = Client::member(relay.address, &house, &director).await;
    assert_eq!(desk.refusal(&late).await, RefusalCode::Moved);
    relay.clock.set(Date::constant(2026, 11, 1));
    relay.relay.sweep().await.unwrap();
    let mut reader = Client::connect(relay.address).await;
    reader.catch_up(house.id(), &house.names.sheet, nothing()).await;
    let rows = reader.inbox.rows.get(&target).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.n, row.gone, row.record.is_some())).collect();
    assert_eq!(seen, [(1, false, true), (2, true, false), (3, false, true), (4, true, false)]);
    relay.stop().await;
}

/// Names of files and folders below a folder.
fn names(folder: &Path) -> Vec<String> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            let below = if path.is_dir() { names(&path) } else { Vec::new() };
            below.into_iter().chain([path.file_name().unwrap().to_string_lossy().into_owned()])
        })
        .collect()
}

#[tokio::test]
async fn a_dissolved_house_can_be_read_for_its_days_and_then_nothing_is_left_of_it() {
    let relay = TestRelay::start_with(|config| config.dissolved_days = 30).await;
    let mut kita = Kita::on(&relay).await;
    let (director, sheet) = (kita.director.clone(), kita.house.names.sheet.clone());
    let (child, id) = (kita.child, kita.house.id());
    let blob = Blob::new("picture", 100);
    let courier = Courier::of(relay.address, &mut kita.desk).await;
    courier.send(child, &blob).await;
    let mut draft = kita.house.draft();
    draft.hold(&director, child, &[blob.id()]);
    let header = draft.header(&director, child);
    draft.record(&director, header, CANARY.repeat(20));
    kita.desk.commit(&mut kita.house, draft).await;

    let mut draft = kita.house.draft();
    draft.entry_with(&director, Body::Dissolve(Dissolve {}), Some(&sheet));
    kita.desk.commit(&mut kita.house, draft).await;
    let mut late = kita.house.draft();
    late.batch(&director, child, 10);
    assert_eq!(kita.desk.refusal(&late).await, RefusalCode::NotAllowed);
    assert_eq!(courier.reserve(child, &Blob::new("another", 100)).await.status, 404);

    relay.clock.set(Date::constant(2026, 10, 14));
    relay.relay.sweep().await.unwrap();
    let mut reader = Client::connect(relay.address).await;
    reader.catch_up(id, &sheet, nothing()).await;
    assert_eq!(fold(&reader.inbox).head(), kita.house.now.log.head());
    let fetched = Courier::for_device(relay.address, &kita.house, &director).await;
    assert_eq!(fetched.get(&blob).await.status, 200);

    relay.clock.set(Date::constant(2026, 10, 15));
    relay.relay.sweep().await.unwrap();
    assert_eq!(kita.desk.bye().await, ByeCode::NotFound);
    let mut again = Client::connect(relay.address).await;
    let hello = again.hello(id, &director, &nothing());
    again.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(again.bye().await, ByeCode::NotFound);
    drop((reader, again));
    let folder = relay.stop().await;
    for trace in [CANARY, &blob.sealed, id.as_bytes()] {
        assert_eq!(on_disk(folder.path(), trace), Vec::<String>::new());
    }
    assert!(!names(folder.path()).contains(&id.to_string()));
}
