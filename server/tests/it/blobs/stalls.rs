//! Whoever begins and does not go on: neither connections nor anybody's turn are theirs for long.

use std::time::Duration;

use nestpost_protocol::limit::BLOB_PART_BYTES;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Blob, Client, Courier, Kita, TestRelay};

/// Far beyond every limit below, and within those that hyper has by itself (30 s).
const PATIENCE: Duration = Duration::from_secs(20);

/// The head of a request, and nothing else.
async fn begin(courier: &Courier, method: &str, path: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(courier.address).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Length: {length}\r\n\r\n",
        courier.address, courier.ticket
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// What comes back first.
async fn status(stream: &mut TcpStream) -> String {
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    String::from_utf8(answer.split_off(9)).unwrap()
}

/// More than a loopback socket buffers.
fn large() -> Blob {
    Blob::new("large", 16 * BLOB_PART_BYTES)
}

#[tokio::test]
async fn downloads_that_nobody_reads_keep_nobody_out_for_long() {
    let relay = TestRelay::start_with(|config| {
        config.limits.stall_seconds = 1;
        config.limits.connections_max = 12;
        config.limits.device_transfers_max = 1000;
    })
    .await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let (blob, small) = (large(), Blob::new("small", 1000));
    kita.share(&courier, kita.child, &blob).await;
    kita.share(&courier, kita.child, &small).await;
    let mut silent = Vec::new();
    loop {
        let mut stream = begin(&courier, "GET", &blob.path(), 0).await;
        match status(&mut stream).await.as_str() {
            "200" => silent.push(stream),
            full => break assert_eq!(full, "503"),
        }
        assert!(silent.len() <= 12);
    }
    let let_in = async {
        while courier.get(&small).await.status != 200 {}
        // Not one of them alone.
        let mut others = Vec::new();
        while others.len() < silent.len() {
            let mut stream = begin(&courier, "GET", &blob.path(), 0).await;
            if status(&mut stream).await == "200" {
                others.push(stream);
            }
        }
    };
    tokio::time::timeout(PATIENCE, let_in).await.expect("they keep the others out");
    relay.stop().await;
}

#[tokio::test]
async fn a_download_that_makes_way_for_a_newer_one_leaves_its_connection() {
    let relay = TestRelay::start_with(|config| {
        config.limits.connections_max = 12;
        config.limits.device_transfers_max = 2;
    })
    .await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    let (blob, small) = (large(), Blob::new("small", 1000));
    kita.share(&courier, kita.child, &blob).await;
    kita.share(&courier, kita.child, &small).await;
    let mut silent = Vec::new();
    let all = async {
        while silent.len() < 40 {
            let mut stream = begin(&courier, "GET", &blob.path(), 0).await;
            // The one before may be leaving at this moment.
            if status(&mut stream).await == "200" {
                silent.push(stream);
            }
        }
        while parent.get(&small).await.status != 200 {}
    };
    tokio::time::timeout(PATIENCE, all).await.expect("those that made way keep their connections");
    relay.stop().await;
}

#[tokio::test]
async fn a_body_that_stalls_is_not_waited_for() {
    let relay = TestRelay::start_with(|config| config.limits.stall_seconds = 1).await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    courier.missing(kita.child, &blob).await;
    for (method, path) in [("PUT", blob.part_path(0)), ("POST", "/blob".to_owned())] {
        let mut stream = begin(&courier, method, &path, 1000).await;
        stream.write_all(&blob.sealed[..999]).await.unwrap();
        let answer = tokio::time::timeout(Duration::from_secs(15), status(&mut stream)).await;
        assert_eq!(answer.expect("waited for"), "429", "{method}");
    }
    assert_eq!(courier.put(&blob, 0).await.status, 204);
    relay.stop().await;
}

#[tokio::test]
async fn whoever_trickles_keeps_no_other_house_waiting() {
    let relay = TestRelay::start_with(|config| config.limits.uploads_max = 2).await;
    let mut kita = Kita::on(&relay).await;
    let other = Client::new_house(relay.address).await;
    let courier = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    courier.missing(kita.child, &blob).await;
    // One has the house's share, the next hears at once that it is taken.
    let mut trickling = Vec::new();
    let refused = async {
        loop {
            let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
            let second = Blob::new("another", 1000);
            parent.missing(kita.private, &second).await;
            let mut first = begin(&courier, "PUT", &blob.part_path(0), 1000).await;
            first.write_all(&blob.sealed[..1]).await.unwrap();
            trickling.push(first);
            if parent.put(&second, 0).await.status == 429 {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, refused).await.expect("one house takes every turn");
    let elsewhere = Courier::for_device(relay.address, &other, &other.names.director.clone()).await;
    let theirs = Blob::new("theirs", 1000);
    elsewhere.missing(other.names.house, &theirs).await;
    let sent = tokio::time::timeout(Duration::from_secs(10), elsewhere.put(&theirs, 0)).await;
    assert_eq!(sent.expect("waits for another house").status, 204);
    relay.stop().await;
}

#[tokio::test]
async fn a_newer_request_ends_one_whose_body_does_not_come() {
    let relay = TestRelay::start_with(|config| config.limits.device_transfers_max = 1).await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    let mut stream = begin(&courier, "POST", "/blob", 1000).await;
    let answer = async {
        // Until it has come so far that it can be ended.
        loop {
            courier.missing(kita.child, &blob).await;
            if let Ok(answer) = tokio::time::timeout(Duration::from_millis(50), status(&mut stream)).await {
                break answer;
            }
        }
    };
    let answer = tokio::time::timeout(Duration::from_secs(15), answer).await;
    assert_eq!(answer.expect("waited for"), "429");
    relay.stop().await;
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_so_at_once() {
    let relay = TestRelay::start_with(|config| config.limits.device_frames_per_second = 1).await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    kita.share(&courier, kita.child, &blob).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    let mut served = 0;
    let refused = loop {
        let answer = parent.get(&blob).await;
        if answer.status != 200 {
            break answer;
        }
        served += 1;
        assert!(served < 200, "nobody is told");
    };
    assert_eq!((refused.status, refused.text()), (429, "busy"));
    assert!(refused.header("retry-after").is_some() && served >= 10);
    relay.stop().await;
}

#[tokio::test]
async fn a_connection_that_does_not_ask_is_closed() {
    let relay = TestRelay::start_with(|config| config.limits.head_seconds = 1).await;
    for begun in
        ["", "GET /healthz HTTP/1.1\r\nHost: relay\r\nX-", "GET /healthz HTTP/1.1\r\nHost: relay\r\n\r\n"]
    {
        let mut stream = TcpStream::connect(relay.address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
        ended.expect("kept open").unwrap();
        assert_eq!(answer.ends_with(b"ok\n"), begun.ends_with("\r\n\r\n"));
    }
    relay.stop().await;
}
