//! Who keeps a blob, and what becomes of one that nobody keeps.

use std::path::Path;

use jiff::civil::Date;
use nestpost_protocol::limit::BLOB_PART_BYTES;
use nestpost_protocol::message::RefusalCode;
use nestpost_protocol::record::{Header, Kind, Side};
use nestpost_protocol::retention::{Class, Month};
use nestpost_server::Relay;
use nestpost_server::store::Store as _;
use nestpost_server::store::sqlite::{SqliteOptions, SqliteStore};

use crate::support::{Blob, Client, Courier, Device, Draft, Kita, TestRelay};

/// Files of blobs in a data folder.
fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

fn blob_files(relay: &TestRelay) -> usize {
    files(&relay.folder.path().join(nestpost_server::BLOBS_FOLDER))
}

/// What the house weighs on disk.
async fn weight(relay: &TestRelay, kita: &Kita) -> u64 {
    let path = relay.folder.path().join(nestpost_server::DATABASE_FILE);
    let store = SqliteStore::open(&SqliteOptions { path, pages_max: None }).await.unwrap();
    let bytes = store.load(kita.house.id()).await.unwrap().unwrap().bytes;
    store.close().await;
    bytes
}

async fn sweep(relay: &Relay) {
    relay.sweep().await.unwrap();
}

#[tokio::test]
async fn a_hold_names_a_complete_blob_of_ones_own_or_is_refused() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let educator = Courier::for_device(relay.address, &kita.house, &kita.educator).await;
    let (half, foreign) = (Blob::new("half", BLOB_PART_BYTES + 1), Blob::new("foreign", 100));
    let whole = Blob::new("whole", 100);
    sender.missing(kita.child, &half).await;
    assert_eq!(sender.put(&half, 0).await.status, 204);
    educator.send(kita.child, &foreign).await;
    sender.send(kita.child, &whole).await;

    let unknown = Blob::new("unknown", 100);
    for bad in [&half, &foreign, &unknown] {
        let mut draft = kita.house.draft();
        draft.hold(&kita.director, kita.child, &[whole.id(), bad.id()]);
        assert_eq!(kita.desk.refusal(&draft).await, RefusalCode::Blob);
    }
    // A refused frame keeps nothing, of the good blob neither.
    let mut draft = kita.house.draft();
    draft.release(&kita.director, kita.child, &[whole.id()]);
    assert_eq!(kita.desk.refusal(&draft).await, RefusalCode::Blob);
    let mut draft = kita.house.draft();
    draft.hold(&kita.director, kita.child, &[whole.id()]);
    kita.desk.commit(&mut kita.house, draft).await;
    relay.stop().await;
}

#[tokio::test]
async fn a_second_device_of_the_same_person_goes_on_with_a_blob() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let second = Device::of("educator", "educator's telephone");
    kita.house.let_in(&mut kita.desk, relay.address, &second).await;
    let first = Courier::for_device(relay.address, &kita.house, &kita.educator).await;
    let blob = Blob::new("picture", BLOB_PART_BYTES + 1);
    first.missing(kita.child, &blob).await;
    assert_eq!(first.put(&blob, 0).await.status, 204);

    let mut phone = Client::member(relay.address, &kita.house, &second).await;
    let courier = Courier::of(relay.address, &mut phone).await;
    assert_eq!(courier.missing(kita.child, &blob).await, [1]);
    assert_eq!(courier.put(&blob, 1).await.status, 204);
    let mut draft = kita.house.draft();
    draft.hold(&second, kita.child, &[blob.id()]);
    phone.commit(&mut kita.house, draft).await;
    relay.stop().await;
}

#[tokio::test]
async fn a_reader_shares_a_blob_into_a_second_circle_and_nobody_else_does() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    kita.share(&sender, kita.child, &blob).await;
    let stranger = Courier::for_device(relay.address, &kita.house, &kita.stranger).await;
    assert_eq!(stranger.get(&blob).await.status, 404);

    // The parent reads it, and cannot keep it: it would stay when it is taken back.
    let mut phone = Client::member(relay.address, &kita.house, &kita.parent).await;
    let parent = Courier::of(relay.address, &mut phone).await;
    assert!(parent.get(&blob).await.body == blob.sealed);
    let mut draft = kita.house.draft();
    parents_hold(&kita, &mut draft, &blob);
    assert_eq!(phone.refusal(&draft).await, RefusalCode::Blob);

    // Staff share it with the other family, whose parent can fetch it from then on.
    let mut educator = Client::member(relay.address, &kita.house, &kita.educator).await;
    let mut draft = kita.house.draft();
    draft.hold(&kita.educator, kita.other_child, &[blob.id()]);
    educator.commit(&mut kita.house, draft).await;
    assert!(stranger.get(&blob).await.body == blob.sealed);

    // Taken from one circle it stays in the other.
    let mut draft = kita.house.draft();
    draft.release(&kita.director, kita.other_child, &[blob.id()]);
    kita.desk.commit(&mut kita.house, draft).await;
    assert_eq!(stranger.get(&blob).await.status, 404);
    sweep(&relay.relay).await;
    assert!(parent.get(&blob).await.body == blob.sealed);
    let mut draft = kita.house.draft();
    draft.release(&kita.director, kita.child, &[blob.id()]);
    kita.desk.commit(&mut kita.house, draft).await;
    assert_eq!(parent.get(&blob).await.status, 404);
    relay.stop().await;
}

/// The parent's side of their own thread keeps a blob.
fn parents_hold(kita: &Kita, draft: &mut Draft, blob: &Blob) {
    let header = Header {
        kind: Kind::Hold,
        side: Side::Person(kita.parent.person),
        class: Class::Short,
        month: Month::new(2026, 10),
        ..draft.header(&kita.parent, kita.private)
    };
    draft.about_blobs(&kita.parent, header, &[blob.id()]);
}

#[tokio::test]
async fn a_director_ends_the_holds_of_a_circle_on_every_side_and_others_their_own() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let mut phone = Client::member(relay.address, &kita.house, &kita.parent).await;
    let parent = Courier::of(relay.address, &mut phone).await;
    let mut educator = Client::member(relay.address, &kita.house, &kita.educator).await;
    let (first, second) = (Blob::new("first", 1000), Blob::new("second", 1000));
    for blob in [&first, &second] {
        parent.send(kita.private, blob).await;
        let mut draft = kita.house.draft();
        parents_hold(&kita, &mut draft, blob);
        phone.commit(&mut kita.house, draft).await;
    }
    let mut draft = kita.house.draft();
    draft.release(&kita.educator, kita.private, &[first.id()]);
    assert_eq!(educator.refusal(&draft).await, RefusalCode::Blob, "the parent's alone");
    let mut draft = kita.house.draft();
    draft.hold(&kita.educator, kita.private, &[first.id(), second.id()]);
    educator.commit(&mut kita.house, draft).await;

    // The educator ends one of two, the director both. So the relay reads it from its disk, too.
    let mut draft = kita.house.draft();
    draft.release(&kita.educator, kita.private, &[first.id()]);
    educator.commit(&mut kita.house, draft).await;
    let mut draft = kita.house.draft();
    draft.release(&kita.director, kita.private, &[second.id()]);
    kita.desk.commit(&mut kita.house, draft).await;
    let relay = TestRelay::start_in(relay.stop().await, |_| {}).await;
    let parent = Courier { address: relay.address, ..parent };
    assert!(parent.get(&first).await.body == first.sealed);
    assert_eq!(parent.get(&second).await.status, 404);
    sweep(&relay.relay).await;
    assert_eq!(blob_files(&relay), 1);
    kita.desk = Client::member(relay.address, &kita.house, &kita.director).await;
    let mut draft = kita.house.draft();
    draft.release(&kita.director, kita.private, &[first.id()]);
    kita.desk.commit(&mut kita.house, draft).await;
    sweep(&relay.relay).await;
    assert_eq!(blob_files(&relay), 0);
    relay.stop().await;
}

#[tokio::test]
async fn a_hold_is_released_by_whoever_made_it_or_a_director_and_by_nobody_else() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let before = weight(&relay, &kita).await;
    let (mine, theirs) = (Blob::new("of the director", 1000), Blob::new("of the educator", 2_000_000));
    kita.share(&sender, kita.child, &mine).await;
    let mut educator = Client::member(relay.address, &kita.house, &kita.educator).await;
    let courier = Courier::of(relay.address, &mut educator).await;
    courier.send(kita.child, &theirs).await;
    let mut draft = kita.house.draft();
    draft.hold(&kita.educator, kita.child, &[theirs.id()]);
    educator.commit(&mut kita.house, draft).await;

    let mut draft = kita.house.draft();
    draft.release(&kita.educator, kita.child, &[mine.id()]);
    assert_eq!(educator.refusal(&draft).await, RefusalCode::Blob);
    // Saying it again makes nobody its author.
    let mut draft = kita.house.draft();
    draft.hold(&kita.educator, kita.child, &[mine.id()]);
    educator.commit(&mut kita.house, draft).await;
    let mut draft = kita.house.draft();
    draft.release(&kita.educator, kita.child, &[mine.id()]);
    assert_eq!(educator.refusal(&draft).await, RefusalCode::Blob);
    let mut draft = kita.house.draft();
    draft.release(&kita.educator, kita.other_child, &[theirs.id()]);
    assert_eq!(educator.refusal(&draft).await, RefusalCode::Blob, "not held there");

    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    assert_eq!(parent.get(&mine).await.status, 200);
    assert_eq!(blob_files(&relay), 3);
    // A director releases what anybody holds, an author their own; at once nobody is given it any more.
    let mut draft = kita.house.draft();
    draft.release(&kita.director, kita.child, &[mine.id(), theirs.id()]);
    kita.desk.commit(&mut kita.house, draft).await;
    assert_eq!(parent.get(&mine).await.status, 404);
    assert_eq!(parent.get(&theirs).await.status, 404);
    let mut draft = kita.house.draft();
    draft.hold(&kita.director, kita.child, &[mine.id()]);
    assert_eq!(kita.desk.refusal(&draft).await, RefusalCode::Blob, "no holds, no blob");

    let heavy = weight(&relay, &kita).await;
    sweep(&relay.relay).await;
    assert_eq!(blob_files(&relay), 0);
    assert_eq!(weight(&relay, &kita).await, heavy - 2_001_000);
    assert!(weight(&relay, &kita).await < before + 10_000);

    // Its author alone, and it can be sent again as if it had never been there.
    assert_eq!(courier.missing(kita.child, &theirs).await, [0, 1]);
    courier.send(kita.child, &theirs).await;
    let mut draft = kita.house.draft();
    draft.hold(&kita.educator, kita.child, &[theirs.id()]);
    educator.commit(&mut kita.house, draft).await;
    assert!(parent.get(&theirs).await.body == theirs.sealed);
    let mut draft = kita.house.draft();
    draft.release(&kita.educator, kita.child, &[theirs.id()]);
    educator.commit(&mut kita.house, draft).await;
    sweep(&relay.relay).await;
    assert_eq!(blob_files(&relay), 0);
    relay.stop().await;
}

#[tokio::test]
async fn a_blob_goes_with_the_month_of_its_last_hold() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 50_000);
    kita.share(&sender, kita.child, &blob).await;
    let month =
        |month| Header { month, ..Header::clone(&kita.house.draft().header(&kita.director, kita.child)) };
    // A shorter hold of the same circle takes nothing away.
    let mut draft = kita.house.draft();
    let shorter = Header { kind: Kind::Hold, class: Class::Year, ..month(Month::new(2026, 11)) };
    draft.about_blobs(&kita.director, shorter, &[blob.id()]);
    kita.desk.commit(&mut kita.house, draft).await;

    relay.clock.set(Date::constant(2027, 9, 30));
    sweep(&relay.relay).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    assert!(parent.get(&blob).await.body == blob.sealed);
    let before = weight(&relay, &kita).await;
    relay.clock.set(Date::constant(2027, 10, 1));
    sweep(&relay.relay).await;
    assert_eq!(parent.get(&blob).await.status, 404);
    assert_eq!(blob_files(&relay), 0);
    assert!(weight(&relay, &kita).await <= before - 50_000);

    // The hold itself has left a stub, and names nothing any more.
    let raw = std::fs::read(relay.folder.path().join(nestpost_server::DATABASE_FILE)).unwrap();
    let id = blob.id();
    assert!(!raw.windows(32).any(|window| window == id.as_bytes()), "the database still names the blob");
    relay.stop().await;
}

#[tokio::test]
async fn objects_that_the_database_does_not_know_are_found_and_deleted() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let (kept, stray) = (Blob::new("kept", 1000), Blob::new("stray", 1000));
    kita.share(&sender, kita.child, &kept).await;
    let folder = relay.folder.path().to_owned();
    let lost = stray.folder(&folder, &kita.house);
    std::fs::create_dir_all(&lost).unwrap();
    std::fs::write(lost.join("0"), &stray.sealed).unwrap();
    // A house that the database does not know: somebody restored the wrong file. Nothing is deleted.
    let unknown = folder.join(nestpost_server::BLOBS_FOLDER).join("ab".repeat(32)).join("cd".repeat(32));
    std::fs::create_dir_all(&unknown).unwrap();
    std::fs::write(unknown.join("0"), b"somebody's").unwrap();
    let odd = folder.join(nestpost_server::BLOBS_FOLDER).join("lost+found");
    std::fs::create_dir_all(&odd).unwrap();

    relay.relay.sweep_strays().await.unwrap();
    assert!(!lost.exists());
    assert!(unknown.join("0").exists() && odd.exists());
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    assert!(parent.get(&kept).await.body == kept.sealed);
    relay.stop().await;
}

#[tokio::test]
async fn an_object_that_is_lost_is_not_found_and_not_half_sent() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let blob = Blob::new("picture", BLOB_PART_BYTES + 1000);
    kita.share(&sender, kita.child, &blob).await;
    let folder = blob.folder(relay.folder.path(), &kita.house);
    std::fs::remove_file(folder.join("0")).unwrap();
    assert_eq!(sender.get(&blob).await.status, 404);
    // Cut short is lost, too.
    std::fs::write(folder.join("1"), [1; 999]).unwrap();
    assert_eq!(sender.range(&blob, "bytes=-500").await.status, 404);
    // Where it breaks off in the middle, the connection does.
    std::fs::write(folder.join("0"), blob.part(0)).unwrap();
    let broken = sender.get(&blob).await;
    assert_eq!(broken.status, 200);
    assert!(broken.body.len() <= BLOB_PART_BYTES && blob.sealed.starts_with(&broken.body));
    assert_eq!(broken.header("content-length"), Some(blob.sealed.len().to_string().as_str()));
    relay.stop().await;
}

#[tokio::test]
async fn what_comes_again_while_it_is_being_deleted_is_there_afterwards() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let blobs: Vec<Blob> = (0..24).map(|n| Blob::new(&format!("picture {n}"), 500 + n)).collect();
    let courier = kita.courier(relay.address).await;
    for blob in &blobs {
        courier.send(kita.child, blob).await;
    }
    relay.clock.set(Date::constant(2026, 9, 18));
    let courier = kita.courier(relay.address).await;
    let send = async {
        // The last is deleted last: it is there the longest while others are deleted.
        for blob in blobs.iter().rev() {
            courier.send(kita.child, blob).await;
        }
    };
    let ((), swept) = tokio::join!(send, relay.relay.sweep());
    swept.unwrap();
    for blob in &blobs {
        courier.send(kita.child, blob).await;
    }
    let mut draft = kita.house.draft();
    draft.hold(&kita.director, kita.child, &blobs.iter().map(Blob::id).collect::<Vec<_>>());
    kita.desk.commit(&mut kita.house, draft).await;
    for blob in &blobs {
        assert!(courier.get(blob).await.body == blob.sealed);
    }
    relay.stop().await;
}
