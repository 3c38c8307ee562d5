//! Ranges, quotas, full disks, and readers who do not read.

use std::time::Duration;

use jiff::civil::Date;
use nestpost_protocol::limit::BLOB_PART_BYTES;
use nestpost_protocol::message::{ByeCode, RefusalCode};
use nestpost_protocol::record::{Header, Kind, Side};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::http::Response;
use crate::support::{Blob, Client, Courier, Kita, TestRelay};

fn told(answer: &Response) -> (u16, &str) {
    (answer.status, answer.text())
}

#[tokio::test]
async fn a_range_is_served_across_parts_and_what_is_none_is_refused_or_the_whole() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 2 * BLOB_PART_BYTES + 4321);
    kita.share(&courier, kita.child, &blob).await;
    let (part, length) = (BLOB_PART_BYTES, blob.sealed.len());
    for (text, begin, end) in [
        ("0-0".to_owned(), 0, 1),
        ("0-99".to_owned(), 0, 100),
        (format!("{}-{}", part - 1, part), part - 1, part + 1),
        (format!("{}-{}", part / 2, 2 * part + 10), part / 2, 2 * part + 11),
        (format!("{}-", 2 * part), 2 * part, length),
        (format!("{}-{}", length - 1, length + 5000), length - 1, length),
        ("-5000".to_owned(), length - 5000, length),
        (format!("-{}", length + 1), 0, length),
    ] {
        let answer = courier.range(&blob, &format!("bytes={text}")).await;
        assert_eq!(answer.status, 206, "{text}");
        assert!(answer.body == blob.sealed[begin..end], "{text}");
        let named = format!("bytes {begin}-{}/{length}", end - 1);
        assert_eq!(answer.header("content-range"), Some(named.as_str()));
        assert_eq!(answer.header("content-length"), Some((end - begin).to_string().as_str()));
    }
    for text in [format!("bytes={length}-"), format!("bytes={}-{}", length + 1, length + 2)] {
        let answer = courier.range(&blob, &text).await;
        assert_eq!(told(&answer), (416, "range"), "{text}");
        assert_eq!(answer.header("content-range"), Some(format!("bytes */{length}").as_str()));
    }
    for text in ["bytes=0-9,20-29", "bytes=0-9,5-14", "items=0-9", "bytes=nine"] {
        let answer = courier.range(&blob, text).await;
        assert_eq!((answer.status, answer.header("content-range")), (200, None), "{text}");
        assert!(answer.body == blob.sealed, "{text}");
    }
    let head = courier.ask("HEAD", &blob.path(), "Range: bytes=0-9\r\n", &[]).await;
    assert_eq!((head.status, head.header("content-length")), (206, Some("10")));
    relay.stop().await;
}

#[tokio::test]
async fn a_device_reserves_so_many_blobs_and_bytes_and_no_more() {
    let relay = TestRelay::start_with(|config| {
        config.limits.device_reservations_max = 3;
        config.limits.device_reserved_mib_max = 2;
    })
    .await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let blobs: Vec<Blob> = (0..4).map(|n| Blob::new(&format!("picture {n}"), 1000)).collect();
    for blob in &blobs[..3] {
        courier.missing(kita.child, blob).await;
    }
    let refused = courier.reserve(kita.child, &blobs[3]).await;
    assert_eq!(told(&refused), (429, "busy"));
    assert!(refused.header("retry-after").is_some());
    // The same again is the same room; a hold makes new room; another device has its own.
    courier.missing(kita.child, &blobs[0]).await;
    let educator = Courier::for_device(relay.address, &kita.house, &kita.educator).await;
    educator.missing(kita.child, &Blob::new("educator's", 1000)).await;
    kita.share(&courier, kita.child, &blobs[0]).await;
    courier.missing(kita.child, &blobs[3]).await;

    let large = |name: &str| Blob::new(name, BLOB_PART_BYTES - 400);
    educator.missing(kita.child, &large("one")).await;
    assert_eq!(told(&educator.reserve(kita.child, &large("two")).await), (429, "busy"));
    educator.missing(kita.child, &Blob::new("two", BLOB_PART_BYTES - 600)).await;
    // When their days are over, they do not count.
    relay.clock.set(Date::constant(2026, 9, 18));
    let educator = Courier::for_device(relay.address, &kita.house, &kita.educator).await;
    educator.missing(kita.child, &large("two")).await;
    relay.stop().await;
}

#[tokio::test]
async fn a_full_house_takes_no_blob_until_one_is_gone() {
    let relay = TestRelay::start_with(|config| config.house_quota_bytes = 3 << 20).await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let (first, second) = (Blob::new("first", 2_000_000), Blob::new("second", 2_000_000));
    kita.share(&courier, kita.child, &first).await;
    assert_eq!(told(&courier.reserve(kita.child, &second).await), (507, "quota"));
    // What is refused weighs nothing, and a blob weighs on everything else of the house.
    courier.send(kita.child, &Blob::new("small", 150_000)).await;
    let mut draft = kita.house.draft();
    draft.batch(&kita.director, kita.child, 500_000);
    kita.desk.commit(&mut kita.house, draft).await;
    let mut over = kita.house.draft();
    over.batch(&kita.director, kita.child, 510_000);
    assert_eq!(kita.desk.refusal(&over).await, RefusalCode::Quota);
    // A hold is small; somebody who must be shut out can be.
    let mut draft = kita.house.draft();
    draft.release(&kita.director, kita.child, &[first.id()]);
    kita.desk.commit(&mut kita.house, draft).await;
    assert_eq!(told(&courier.reserve(kita.child, &second).await), (507, "quota"), "not before it is gone");
    relay.relay.sweep().await.unwrap();
    kita.share(&courier, kita.child, &second).await;

    // So it is for a relay that starts anew.
    let relay = TestRelay::start_in(relay.stop().await, |config| config.house_quota_bytes = 3 << 20).await;
    let courier = Courier { address: relay.address, ..courier };
    assert_eq!(told(&courier.reserve(kita.child, &first).await), (507, "quota"));
    relay.stop().await;
}

#[tokio::test]
async fn no_guardian_fills_the_house_with_blobs() {
    let relay = TestRelay::start_with(|config| config.limits.guardian_mib_per_day = 2).await;
    let mut kita = Kita::on(&relay).await;
    let mut phone = Client::member(relay.address, &kita.house, &kita.parent).await;
    let parent = Courier::of(relay.address, &mut phone).await;
    let (first, second) = (Blob::new("first", 1_500_000), Blob::new("second", 1_500_000));
    parent.send(kita.private, &first).await;
    // The same again costs nothing.
    parent.send(kita.private, &first).await;
    assert_eq!(told(&parent.reserve(kita.private, &second).await), (507, "quota"));
    parent.send(kita.private, &Blob::new("small", 100_000)).await;
    let director = kita.courier(relay.address).await;
    director.send(kita.private, &second).await;

    let mut draft = kita.house.draft();
    let header = Header {
        kind: Kind::Hold,
        side: Side::Person(kita.parent.person),
        ..draft.header(&kita.parent, kita.private)
    };
    draft.about_blobs(&kita.parent, header, &[first.id()]);
    phone.commit(&mut kita.house, draft).await;
    assert!(director.get(&first).await.body == first.sealed);
    relay.stop().await;
}

#[tokio::test]
async fn a_full_disk_refuses_parts_and_loses_nothing() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let (kept, blob) = (Blob::new("kept", 1000), Blob::new("picture", BLOB_PART_BYTES + 1000));
    kita.share(&courier, kita.child, &kept).await;
    assert_eq!(courier.missing(kita.child, &blob).await, [0, 1]);
    assert_eq!(courier.put(&blob, 0).await.status, 204);
    // No file can be made any more where this one's part would go.
    let folder = blob.folder(relay.folder.path(), &kita.house);
    let aside = folder.with_extension("aside");
    std::fs::rename(&folder, &aside).unwrap();
    std::fs::write(&folder, b"in the way").unwrap();
    assert_eq!(told(&courier.put(&blob, 1).await), (507, "full"));
    assert_eq!(courier.missing(kita.child, &blob).await, [1], "a part that is not there was noted");
    let mut draft = kita.house.draft();
    draft.hold(&kita.director, kita.child, &[blob.id()]);
    assert_eq!(kita.desk.refusal(&draft).await, RefusalCode::Blob);
    // Reading and writing go on meanwhile.
    assert!(courier.get(&kept).await.body == kept.sealed);
    let mut draft = kita.house.draft();
    draft.batch(&kita.director, kita.child, 100);
    kita.desk.commit(&mut kita.house, draft).await;

    std::fs::remove_file(&folder).unwrap();
    std::fs::rename(&aside, &folder).unwrap();
    assert_eq!(courier.put(&blob, 1).await.status, 204);
    kita.share(&courier, kita.child, &blob).await;
    assert!(courier.get(&blob).await.body == blob.sealed);
    relay.stop().await;
}

#[tokio::test]
async fn a_full_database_refuses_reservations_and_loses_nothing() {
    let relay = TestRelay::start_with(|config| config.database_pages_max = Some(200)).await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let kept = Blob::new("kept", 1000);
    kita.share(&courier, kita.child, &kept).await;
    let (mut sent, mut refused) = (Vec::new(), None);
    loop {
        let mut draft = kita.house.draft();
        draft.batch(&kita.director, kita.child, 2000);
        match kita.desk.submit(draft.frame.clone()).await {
            Ok(_) => kita.house.now = draft,
            Err(full) => {
                assert_eq!(full.code, RefusalCode::Full);
                break;
            }
        }
    }
    for n in 0..400 {
        let blob = Blob::new(&format!("picture {n}"), 40 + n);
        let answer = courier.reserve(kita.child, &blob).await;
        match answer.status {
            200 => sent.push(blob),
            429 => continue,
            _ => {
                refused = Some((answer.status, answer.text().to_owned()));
                break;
            }
        }
    }
    assert_eq!(refused, Some((507, "full".to_owned())));
    assert!(courier.get(&kept).await.body == kept.sealed);

    let relay = TestRelay::start_in(relay.stop().await, |_| {}).await;
    let courier = Courier { address: relay.address, ..courier };
    for blob in &sent {
        courier.send(kita.child, blob).await;
    }
    assert!(courier.get(&kept).await.body == kept.sealed);
    relay.stop().await;
}

#[tokio::test]
async fn what_is_on_its_way_ends_with_the_relay_and_with_the_device() {
    let relay = TestRelay::start_with(|config| {
        config.limits.device_transfers_max = 2;
        config.limits.shutdown_seconds = 1;
    })
    .await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    // More than a loopback socket buffers.
    let blob = Blob::new("large", 16 * BLOB_PART_BYTES);
    kita.share(&courier, kita.child, &blob).await;
    let begin = async |method: &str, path: String, length: usize| {
        let expect = if method == "PUT" { "Expect: 100-continue\r\n" } else { "" };
        let mut stream = TcpStream::connect(relay.address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n{expect}Content-Length: {length}\r\n\r\n",
            relay.address, courier.ticket
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    };
    // Whoever does not read is ended when others are begun, and those get everything.
    let mut oldest = begin("GET", blob.path(), 0).await;
    let mut first = [0; 15];
    oldest.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let (one, two) = tokio::join!(courier.get(&blob), courier.get(&blob));
    assert!(one.body == blob.sealed && two.body == blob.sealed);
    let mut rest = Vec::new();
    // Reset or closed: the rest does not come.
    let _ = oldest.read_to_end(&mut rest).await;
    assert!(rest.len() < blob.sealed.len(), "an old download was waited for");

    // A part whose bytes do not come, and a download that nobody reads, end with the relay.
    let mut silent = begin("GET", blob.path(), 0).await;
    silent.read_exact(&mut first).await.unwrap();
    // Meanwhile the other one has filled every buffer and waits.
    assert!(courier.get(&blob).await.body == blob.sealed);
    let half = Blob::new("half", 1000);
    courier.missing(kita.child, &half).await;
    let mut slow = begin("PUT", half.part_path(0), 1000).await;
    let mut go_on = [0; 25];
    slow.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    slow.write_all(&half.sealed[..500]).await.unwrap();
    tokio::time::timeout(Duration::from_secs(60), relay.stop()).await.expect("the relay does not stop");
    let mut answer = Vec::new();
    let _ = slow.read_to_end(&mut answer).await;
    assert!(answer.starts_with(b"HTTP/1.1 503"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(kita.desk.bye().await, ByeCode::Shutdown);
    drop(silent);
}

#[tokio::test]
async fn whoever_is_refused_hears_it_after_all_they_sent_and_may_ask_again() {
    let relay = TestRelay::start().await;
    let mut stream = TcpStream::connect(relay.address).await.unwrap();
    let path = Blob::new("unknown", 10).part_path(0);
    for _ in 0..3 {
        // More than the relay has at hand when it knows the answer.
        let body = vec![7; 900_000];
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
            relay.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"not found") {
            assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "closed instead of answered");
        }
        assert!(answer.starts_with(b"HTTP/1.1 404"));
    }
    relay.stop().await;
}

#[tokio::test]
async fn a_part_that_does_not_come_is_not_waited_for() {
    let relay = TestRelay::start_with(|config| config.limits.part_seconds = 1).await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    courier.missing(kita.child, &blob).await;
    let mut stream = TcpStream::connect(relay.address).await.unwrap();
    let head = format!(
        "PUT {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Length: 1000\r\n\r\n",
        blob.part_path(0),
        relay.address,
        courier.ticket
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&blob.sealed[..999]).await.unwrap();
    let mut answer = vec![0; 12];
    tokio::time::timeout(Duration::from_secs(60), stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer, b"HTTP/1.1 429");
    assert_eq!(courier.put(&blob, 0).await.status, 204);
    relay.stop().await;
}

#[tokio::test]
async fn blobs_count_as_connections() {
    let relay = TestRelay::start_with(|config| config.limits.connections_max = 2).await;
    let house = Client::new_house(relay.address).await;
    let mut desk = Client::member(relay.address, &house, &house.names.director.clone()).await;
    let courier = Courier::of(relay.address, &mut desk).await;
    let blob = Blob::new("unknown", 10);
    // Until the session that founded the house has left.
    while courier.get(&blob).await.status != 404 {}
    let second = Client::connect(relay.address).await;
    assert_eq!(courier.get(&blob).await.status, 503);
    drop(second);
    while courier.get(&blob).await.status != 404 {}
    relay.stop().await;
}
