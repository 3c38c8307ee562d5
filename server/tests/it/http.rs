//! What is around the session: headers, caching, health.

use std::net::SocketAddr;

use crate::support::TestRelay;
use crate::support::http::{Response, request};

async fn get(address: SocketAddr, path: &str, extra: &str) -> Response {
    request(address, "GET", path, extra, &[]).await
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let relay = TestRelay::start().await;
    for (path, status) in [("/", 200), ("/healthz", 200), ("/no/such/page", 404), ("/ws", 400)] {
        let response = get(relay.address, path, "").await;
        assert_eq!(response.status, status, "{path}");
        let policy = response.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none';"), "{path}");
        assert!(policy.contains("require-trusted-types-for 'script'"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-cache"),
        ] {
            assert_eq!(response.header(name), Some(value), "{path}");
        }
        assert!(response.header("permissions-policy").unwrap().contains("camera=(self)"), "{path}");
        assert!(response.header("strict-transport-security").is_none(), "{path}");
        assert!(response.header("server").is_none(), "{path}");
    }
    assert_eq!(get(relay.address, "/healthz", "").await.body, b"ok\n");
    relay.stop().await;
}

#[tokio::test]
async fn the_page_is_compressed_and_not_sent_twice() {
    let relay = TestRelay::start().await;
    let page = get(relay.address, "/", "").await;
    assert!(String::from_utf8_lossy(&page.body).contains("Nestpost"));
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let tag = page.header("etag").unwrap();
    let again = get(relay.address, "/", &format!("If-None-Match: {tag}\r\n")).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let small = get(relay.address, "/", "Accept-Encoding: gzip, br\r\n").await;
    assert!(matches!(small.header("content-encoding"), Some("br" | "gzip")));
    assert!(small.body.len() < page.body.len());
    relay.stop().await;
}

#[tokio::test]
async fn a_page_of_somebody_else_may_not_connect() {
    let relay = TestRelay::start().await;
    let upgrade = |origin: &str| {
        format!(
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
             Origin: {origin}\r\n"
        )
    };
    assert_eq!(get(relay.address, "/ws", &upgrade("https://evil.example")).await.status, 403);
    assert_eq!(get(relay.address, "/ws", &upgrade("null")).await.status, 403);
    relay.stop().await;
}
