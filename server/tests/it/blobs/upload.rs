//! How a blob comes: room, parts, a hold.

use jiff::civil::Date;
use nestpost_protocol::blob::Manifest;
use nestpost_protocol::id::Hash;
use nestpost_protocol::limit::{BLOB_BYTES_MAX, BLOB_PART_BYTES};
use nestpost_protocol::message::RefusalCode;

use crate::support::house::circle;
use crate::support::{Blob, Client, Courier, Kita, TestRelay};

#[tokio::test]
async fn a_blob_is_reserved_sent_held_and_fetched_by_another_reader() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let blob = Blob::new("picture", 2 * BLOB_PART_BYTES + 300_000);
    let sender = kita.courier(relay.address).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;

    assert_eq!(sender.missing(kita.child, &blob).await, [0, 1, 2]);
    for part in 0..3 {
        // Nobody is given what nobody holds, the sender included.
        assert_eq!(parent.get(&blob).await.status, 404);
        assert_eq!(sender.get(&blob).await.status, 404);
        assert_eq!(sender.put(&blob, part).await.status, 204);
    }
    assert_eq!(sender.missing(kita.child, &blob).await, [0_u32; 0]);
    assert_eq!(parent.get(&blob).await.status, 404);
    let mut draft = kita.house.draft();
    draft.hold(&kita.director, kita.child, &[blob.id()]);
    kita.desk.commit(&mut kita.house, draft).await;

    let fetched = parent.get(&blob).await;
    assert_eq!(fetched.status, 200);
    assert!(fetched.body == blob.sealed, "other bytes came back");
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("cache-control", "no-store"),
        ("accept-ranges", "bytes"),
        ("content-length", &blob.sealed.len().to_string()),
        ("etag", &format!("\"{}\"", blob.id())),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(fetched.header(name), Some(value), "{name}");
    }
    let head = parent.ask("HEAD", &blob.path(), "", &[]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), fetched.header("content-length"));
    // Who reads it, or sent it, need not send it again.
    assert_eq!(sender.missing(kita.child, &blob).await, [0_u32; 0]);
    let educator = Courier::for_device(relay.address, &kita.house, &kita.educator).await;
    assert_eq!(educator.missing(kita.other_child, &blob).await, [0_u32; 0]);
    relay.stop().await;
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let blob = Blob::new("picture", 3 * BLOB_PART_BYTES);
    let sender = kita.courier(relay.address).await;
    sender.missing(kita.child, &blob).await;
    assert_eq!(sender.put(&blob, 1).await.status, 204);
    let folder = relay.stop().await;

    let relay = TestRelay::start_in(folder, |_| {}).await;
    kita.desk = Client::member(relay.address, &kita.house, &kita.director).await;
    // The ticket is good for every life of the relay.
    let sender = Courier { address: relay.address, ..sender };
    assert_eq!(sender.missing(kita.child, &blob).await, [0, 2]);
    let courier = sender.clone();
    kita.share(&courier, kita.child, &blob).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    assert!(parent.get(&blob).await.body == blob.sealed);

    // And a blob that is held outlives a restart too.
    let folder = relay.stop().await;
    let relay = TestRelay::start_in(folder, |_| {}).await;
    let parent = Courier { address: relay.address, ..parent };
    assert!(parent.range(&blob, "bytes=1048570-1048585").await.body == blob.sealed[1_048_570..1_048_586]);
    relay.stop().await;
}

#[tokio::test]
async fn a_part_comes_as_often_as_it_likes_and_only_as_itself() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let blob = Blob::new("picture", BLOB_PART_BYTES + 1000);
    let sender = kita.courier(relay.address).await;
    sender.missing(kita.child, &blob).await;
    let put = async |part: usize, body: &[u8]| {
        let response = sender.ask("PUT", &blob.part_path(part), "", body).await;
        (response.status, response.text().to_owned())
    };
    let mismatch = (422, "mismatch".to_owned());
    let mut wrong = blob.part(0).to_vec();
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(put(0, &wrong).await, mismatch);
    assert_eq!(put(0, blob.part(1)).await, mismatch);
    assert_eq!(put(0, &blob.part(0)[1..]).await, mismatch);
    assert_eq!(put(0, &[]).await, mismatch);
    assert_eq!(put(2, blob.part(1)).await, mismatch, "there is no such part");
    assert_eq!(put(32, blob.part(1)).await, mismatch);
    assert_eq!(put(0, &vec![1; BLOB_PART_BYTES + 1]).await, (413, "too large".to_owned()));
    assert_eq!(sender.missing(kita.child, &blob).await, [0, 1]);
    assert!(!blob.folder(relay.folder.path(), &kita.house).exists(), "wrong bytes reached the disk");

    // The same part twice at once, and once more.
    let (one, two) = tokio::join!(sender.put(&blob, 0), sender.put(&blob, 0));
    assert_eq!((one.status, two.status), (204, 204));
    assert_eq!(sender.put(&blob, 0).await.status, 204);
    assert_eq!(sender.missing(kita.child, &blob).await, [1]);
    let courier = sender.clone();
    kita.share(&courier, kita.child, &blob).await;
    // An answer that was lost on its way: sent again when it is held already.
    assert_eq!(sender.put(&blob, 1).await.status, 204);
    assert_eq!(put(1, &wrong[..1000]).await, mismatch);
    let files = std::fs::read_dir(blob.folder(relay.folder.path(), &kita.house)).unwrap();
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["0", "1"]);
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    assert!(parent.get(&blob).await.body == blob.sealed);
    relay.stop().await;
}

#[tokio::test]
async fn a_reservation_is_well_formed_and_within_the_limits() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let post = async |body: &[u8]| {
        let response = sender.ask("POST", "/blob", "", body).await;
        (response.status, response.text().to_owned())
    };
    let (malformed, too_large) = ((400, "malformed".to_owned()), (413, "too large".to_owned()));
    for body in [&[][..], b"\xff", &[0; 4096]] {
        assert_eq!(post(body).await, malformed);
    }
    assert_eq!(post(&[0; 4097]).await, too_large);
    let blob = |bytes: u64, parts: usize| Blob {
        manifest: Manifest { bytes, parts: vec![Hash::new([1; 32]); parts] },
        sealed: Vec::new(),
    };
    let answer = async |blob: Blob| {
        let response = sender.reserve(kita.child, &blob).await;
        (response.status, String::from_utf8_lossy(&response.body).into_owned())
    };
    assert_eq!(answer(blob(0, 0)).await, malformed);
    assert_eq!(answer(blob(BLOB_PART_BYTES as u64, 2)).await, malformed);
    assert_eq!(answer(blob(BLOB_BYTES_MAX + 1, 33)).await, too_large);
    assert_eq!(answer(blob(BLOB_BYTES_MAX, 32)).await.0, 200);
    // Only where one may write: not in a circle of keys, nor in one that is none.
    for foreign in [kita.house.names.team, circle("nobody's")] {
        assert_eq!(sender.reserve(foreign, &Blob::new("picture", 10)).await.status, 404);
    }
    relay.stop().await;
}

#[tokio::test]
async fn a_reservation_is_over_after_three_days_and_can_be_made_again() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let blob = Blob::new("picture", BLOB_PART_BYTES + 10);
    let sender = kita.courier(relay.address).await;
    sender.send(kita.child, &blob).await;
    let mut hold = kita.house.draft();
    hold.hold(&kita.director, kita.child, &[blob.id()]);

    // On the third day it stands, and no sweep takes it; on the fourth it does not, swept or not.
    relay.clock.set(Date::constant(2026, 9, 17));
    relay.relay.sweep().await.unwrap();
    let sender = kita.courier(sender.address).await;
    assert_eq!(sender.put(&blob, 1).await.status, 204);
    for swept in [false, true] {
        relay.clock.set(Date::constant(2026, 9, 18));
        if swept {
            relay.relay.sweep().await.unwrap();
        }
        let sender = kita.courier(sender.address).await;
        assert_eq!(sender.put(&blob, 1).await.status, 404, "swept: {swept}");
        assert_eq!(kita.desk.refusal(&hold).await, RefusalCode::Blob, "swept: {swept}");
        assert_eq!(blob.folder(relay.folder.path(), &kita.house).exists(), !swept);
    }

    let sender = kita.courier(sender.address).await;
    assert_eq!(sender.missing(kita.child, &blob).await, [0, 1]);
    kita.share(&sender, kita.child, &blob).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    assert!(parent.get(&blob).await.body == blob.sealed);

    // Reserved again before it was swept, it goes on where it was.
    let second = Blob::new("another", BLOB_PART_BYTES + 10);
    sender.missing(kita.child, &second).await;
    assert_eq!(sender.put(&second, 0).await.status, 204);
    relay.clock.set(Date::constant(2026, 9, 22));
    let sender = kita.courier(sender.address).await;
    assert_eq!(sender.missing(kita.child, &second).await, [1]);
    relay.relay.sweep().await.unwrap();
    assert_eq!(sender.put(&second, 1).await.status, 204);
    relay.stop().await;
}

#[tokio::test]
async fn what_somebody_has_reserved_is_not_anothers_until_it_is_over() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let blob = Blob::new("picture", BLOB_PART_BYTES + 10);
    let sender = kita.courier(relay.address).await;
    sender.send(kita.child, &blob).await;
    let mut educator = Client::member(relay.address, &kita.house, &kita.educator).await;
    let courier = Courier::of(relay.address, &mut educator).await;
    assert_eq!(courier.reserve(kita.child, &blob).await.status, 404);

    relay.clock.set(Date::constant(2026, 9, 18));
    let courier = Courier::of(relay.address, &mut educator).await;
    // Whoever takes it over has to show that they have the bytes.
    assert_eq!(courier.missing(kita.child, &blob).await, [0, 1]);
    let mut draft = kita.house.draft();
    draft.hold(&kita.educator, kita.child, &[blob.id()]);
    assert_eq!(educator.refusal(&draft).await, RefusalCode::Blob);
    let sender = kita.courier(relay.address).await;
    assert_eq!(sender.reserve(kita.child, &blob).await.status, 404);
    assert_eq!(sender.put(&blob, 0).await.status, 404);
    courier.send(kita.child, &blob).await;
    educator.commit(&mut kita.house, draft).await;
    assert!(sender.get(&blob).await.body == blob.sealed);
    relay.stop().await;
}
