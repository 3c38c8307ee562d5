//! Who is given what, and that everybody else hears one and the same.

use std::time::{Duration, Instant};

use jiff::civil::Date;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::message::{ByeCode, ClientMessage, RelayMessage, Stage};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::client::nothing;
use crate::support::house::Secret;
use crate::support::http::{Response, request};
use crate::support::{Blob, Client, Courier, Device, Kita, TestRelay};

/// Everything of an answer but the time.
fn without_date(response: &Response) -> String {
    let headers: Vec<_> = response.headers.iter().filter(|(name, _)| name != "date").collect();
    format!("{} {headers:?} {:?}", response.status, response.text())
}

#[tokio::test]
async fn everybody_who_may_not_know_hears_the_same() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let (blob, open) = (Blob::new("picture", 1000), Blob::new("not held yet", 1000));
    kita.share(&sender, kita.child, &blob).await;
    sender.missing(kita.child, &open).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    let stranger = Courier::for_device(relay.address, &kita.house, &kita.stranger).await;

    // Another house on the same relay, and another relay.
    let second = Client::new_house(relay.address).await;
    let elsewhere = Courier::for_device(relay.address, &second, &second.names.director.clone()).await;
    let other = TestRelay::start().await;
    let theirs = Client::new_house(other.address).await;
    let foreign = Courier::for_device(other.address, &theirs, &theirs.names.director.clone()).await;
    let foreign = Courier { address: relay.address, ..foreign };
    let shown = |ticket: &str| Courier { address: relay.address, ticket: ticket.to_owned() };
    let flip = |at: usize| {
        let mut text = parent.ticket.clone().into_bytes();
        let byte = text.get_mut(at).unwrap();
        *byte = if *byte == b'A' { b'B' } else { b'A' };
        shown(std::str::from_utf8(&text).unwrap())
    };

    let outsiders = [&foreign, &shown(""), &shown("AAAA"), &flip(4), &flip(60), &flip(120)];
    let mut answers = Vec::new();
    for somebody in [&stranger, &elsewhere].into_iter().chain(outsiders) {
        answers.push(somebody.get(&blob).await);
        answers.push(somebody.range(&blob, "bytes=5000-").await);
        answers.push(somebody.put(&blob, 0).await);
        answers.push(somebody.put(&open, 0).await);
        answers.push(somebody.put(&Blob::new("unknown", 1000), 0).await);
        answers.push(somebody.reserve(kita.child, &Blob::new("new", 1000)).await);
        answers.push(somebody.reserve(kita.child, &blob).await);
    }
    for somebody in outsiders {
        answers.push(somebody.ask("POST", "/blob", "", b"\xff").await);
        answers.push(somebody.ask("PUT", &blob.part_path(0), "", &vec![0; 2 << 20]).await);
    }
    answers.push(parent.get(&open).await);
    answers.push(parent.get(&Blob::new("unknown", 1000)).await);
    answers.push(parent.put(&blob, 0).await);
    answers.push(parent.put(&open, 0).await);
    // A guardian writes in no child's circle.
    answers.push(parent.reserve(kita.child, &Blob::new("new", 1000)).await);
    let id = blob.id().to_string();
    for path in [
        "/blob/".to_owned(),
        "/blob/../../x".to_owned(),
        "/blob/%2e%2e%2f%2e%2e%2fnestpost.sqlite".to_owned(),
        format!("/blob/{}", id.to_uppercase()),
        format!("/blob/{id}00"),
        format!("/blob/{}", &id[..62]),
        format!("/blob/{id}/"),
        format!("/blob/{id}/0"),
        format!("/blob/{id}/0/1"),
        format!("/blob/{}%{}", &id[..10], &id[11..]),
        format!("/blob/%ff{id}"),
        format!("/blob/{}", "a".repeat(20_000)),
        "/blob".to_owned(),
    ] {
        answers.push(parent.ask("GET", &path, "", &[]).await);
    }
    for method in ["DELETE", "PATCH", "OPTIONS", "POST", "PUT"] {
        answers.push(parent.ask(method, &blob.path(), "", &[]).await);
    }
    answers.push(request(relay.address, "GET", &blob.path(), "", &[]).await);
    answers.push(request(relay.address, "GET", &blob.path(), "Authorization: Basic AAAA\r\n", &[]).await);

    let expected = without_date(answers.first().unwrap());
    assert!(expected.starts_with("404 ") && expected.contains("\"not found\""), "{expected}");
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(without_date(answer), expected, "answer {n}");
    }
    assert!(parent.get(&blob).await.body == blob.sealed);
    other.stop().await;
    relay.stop().await;
}

#[tokio::test]
async fn a_refusal_takes_as_long_whatever_its_reason() {
    let relay = TestRelay::start_with(|config| config.limits.refusal_millis = 400).await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    kita.share(&sender, kita.child, &blob).await;
    let stranger = Courier::for_device(relay.address, &kita.house, &kita.stranger).await;
    let nobody = Courier { ticket: String::new(), ..stranger.clone() };
    for somebody in [&stranger, &nobody] {
        let began = Instant::now();
        assert_eq!(somebody.get(&blob).await.status, 404);
        assert!(began.elapsed() >= Duration::from_millis(400), "{:?}", began.elapsed());
    }
    relay.stop().await;
}

#[tokio::test]
async fn whoever_does_not_belong_any_more_is_given_nothing_at_once() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    let (blob, open) = (Blob::new("picture", 1000), Blob::new("on its way", 1000));
    kita.share(&sender, kita.child, &blob).await;
    let second = Device::of("parent", "parent's tablet");
    kita.house.let_in(&mut kita.desk, relay.address, &second).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    let tablet = Courier::for_device(relay.address, &kita.house, &second).await;
    let educator = Courier::for_device(relay.address, &kita.house, &kita.educator).await;
    educator.missing(kita.child, &open).await;
    for reader in [&parent, &tablet, &educator] {
        assert_eq!(reader.get(&blob).await.status, 200);
    }

    let mut draft = kita.house.draft();
    draft.entry(&kita.director, Body::DeviceEnd(DeviceEnd { device: kita.parent.id() }));
    kita.desk.commit(&mut kita.house, draft).await;
    assert_eq!(parent.get(&blob).await.status, 404);
    assert_eq!(tablet.get(&blob).await.status, 200, "the other device goes on");

    let mut draft = kita.house.draft();
    draft.entry(&kita.director, Body::RoleEnd(RoleEnd { person: kita.educator.person }));
    draft.epoch(&kita.director, kita.house.names.team);
    kita.desk.commit(&mut kita.house, draft).await;
    assert_eq!(educator.get(&blob).await.status, 404);
    assert_eq!(educator.put(&open, 0).await.status, 404);
    assert_eq!(educator.reserve(kita.child, &open).await.status, 404);
    // Also on the day after, when the ticket would be too old for a member.
    relay.clock.set(Date::constant(2026, 9, 20));
    assert_eq!(educator.get(&blob).await.status, 404);
    assert_eq!(tablet.get(&blob).await.status, 401);
    relay.stop().await;
}

#[tokio::test]
async fn a_ticket_is_good_today_and_tomorrow() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    kita.share(&courier, kita.child, &blob).await;
    for (day, status) in [(13, 401), (14, 200), (15, 200), (16, 401)] {
        relay.clock.set(Date::constant(2026, 9, day));
        let answer = courier.get(&blob).await;
        assert_eq!(answer.status, status, "on the {day}th");
        if status == 401 {
            assert_eq!(answer.text(), "ticket");
        }
    }
    let fresh = kita.courier(relay.address).await;
    assert_eq!(fresh.get(&blob).await.status, 200);
    relay.stop().await;
}

#[tokio::test]
async fn tickets_are_for_members_in_a_session_that_is_live() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    // At the door, before a login.
    let mut early = Client::connect(relay.address).await;
    early.send(&ClientMessage::Ticket).await;
    assert_eq!(early.bye().await, ByeCode::Malformed);
    // Before the catch-up.
    let mut hasty = Client::connect(relay.address).await;
    hasty.login(kita.house.id(), &kita.director, &nothing()).await;
    hasty.send(&ClientMessage::Ticket).await;
    assert_eq!(hasty.bye().await, ByeCode::Malformed);
    // With a letter, and between joining and being confirmed.
    let newcomer = Device::new("newcomer");
    let secret = Secret::new("letter");
    let mut draft = kita.house.draft();
    draft.role(&kita.director, newcomer.person, Role::Guardian);
    draft.invite(&kita.director, newcomer.person, &secret, 14);
    kita.desk.commit(&mut kita.house, draft).await;
    let mut door = Client::connect(relay.address).await;
    door.visit(&secret).await;
    let mut draft = kita.house.draft();
    draft.join(&newcomer, &secret);
    door.commit(&mut kita.house, draft).await;
    door.send(&ClientMessage::Ticket).await;
    assert_eq!(door.bye().await, ByeCode::Malformed);
    let mut joining = Client::connect(relay.address).await;
    let welcome = joining.login(kita.house.id(), &newcomer, &nothing()).await;
    assert!(welcome.equal && welcome.stage == Stage::Joining);
    joining.send(&ClientMessage::Ticket).await;
    assert_eq!(joining.bye().await, ByeCode::Malformed);
    // A member, as often as they ask.
    for _ in 0..3 {
        kita.desk.send(&ClientMessage::Ticket).await;
        assert!(matches!(kita.desk.answer().await, RelayMessage::Ticket(_)));
    }
    relay.stop().await;
}

#[tokio::test]
async fn a_page_of_somebody_else_may_not_ask() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let courier = kita.courier(relay.address).await;
    let blob = Blob::new("picture", 1000);
    kita.share(&courier, kita.child, &blob).await;
    for (origin, status) in
        [("https://evil.example", 403), ("null", 403), (&format!("http://{}", relay.address), 200)]
    {
        let answer = courier.ask("GET", &blob.path(), &format!("Origin: {origin}\r\n"), &[]).await;
        assert_eq!(answer.status, status, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    relay.stop().await;
}

#[tokio::test]
async fn what_is_on_its_way_stops_when_its_reader_does_not_belong_any_more() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let sender = kita.courier(relay.address).await;
    // More than a loopback socket buffers.
    let blob = Blob::new("large", 16 << 20);
    kita.share(&sender, kita.child, &blob).await;
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    let mut stream = TcpStream::connect(relay.address).await.unwrap();
    let head = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\r\n",
        blob.path(),
        relay.address,
        parent.ticket
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let mut draft = kita.house.draft();
    draft.entry(&kita.director, Body::DeviceEnd(DeviceEnd { device: kita.parent.id() }));
    kita.desk.commit(&mut kita.house, draft).await;
    let mut rest = Vec::new();
    // Closed or reset.
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.len() < blob.sealed.len(), "all of it came");
    relay.stop().await;
}
