//! What keeps one client, or a full disk, from harming the others.

use std::time::Duration;

use futures_util::StreamExt as _;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::message::{ByeCode, ClientMessage, RefusalCode, RelayMessage, Submit};
use nestpost_protocol::record::{Header, Side};
use nestpost_protocol::{codec, limit};
use tokio::io::AsyncReadExt as _;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::client::{holds, nothing};
use crate::support::house::{circle, document};
use crate::support::{Client, Device, House, TestRelay};

async fn house_with_desk(relay: &TestRelay) -> (House, Device, Client) {
    let house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let desk = Client::member(relay.address, &house, &director).await;
    (house, director, desk)
}

#[tokio::test]
async fn garbage_text_and_messages_out_of_order_end_the_session() {
    let relay = TestRelay::start().await;
    let house = Client::new_house(relay.address).await;
    let early = codec::encode(&ClientMessage::Submit(Submit { id: 1, frame: house.draft().frame }));
    let trailing = [codec::encode(&ClientMessage::Cursors(nothing())), vec![0]].concat();
    for frame in [
        Message::binary(vec![0xff; 64]),
        Message::binary(Vec::new()),
        // An array that claims to be endless.
        Message::binary(vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        Message::text("hello"),
        Message::binary(early),
        Message::binary(trailing),
    ] {
        let mut client = Client::connect(relay.address).await;
        client.send_raw(frame.clone()).await;
        assert_eq!(client.bye().await, ByeCode::Malformed, "{frame:?}");
    }
    relay.stop().await;
}

#[tokio::test]
async fn a_message_is_taken_up_to_its_limit_and_no_further() {
    let relay = TestRelay::start().await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let target = house.names.house;
    let frame_of = |bytes: usize| {
        let mut draft = house.draft();
        draft.batch(&director, target, 500_000);
        draft.batch(&director, target, 300_000);
        draft.batch(&director, target, bytes);
        let size = codec::encode(&ClientMessage::Submit(Submit { id: 1, frame: draft.frame.clone() })).len();
        (draft, size)
    };
    let (_, base) = frame_of(100_000);
    let fits = 100_000 + limit::MESSAGE_BYTES_MAX - base;
    let (draft, size) = frame_of(fits);
    assert_eq!(size, limit::MESSAGE_BYTES_MAX);
    let over = frame_of(fits + 1).0;
    assert_eq!(desk.commit(&mut house, draft).await.placed.len(), 3);

    let mut client = Client::connect(relay.address).await;
    client.login(house.id(), &director, &nothing()).await;
    let message = codec::encode(&ClientMessage::Submit(Submit { id: 1, frame: over.frame }));
    client.send_raw(Message::binary(message)).await;
    assert_eq!(client.bye().await, ByeCode::Malformed);
    relay.stop().await;
}

#[tokio::test]
async fn a_record_is_taken_up_to_its_limit_and_no_further() {
    let relay = TestRelay::start().await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let mut over = house.draft();
    over.batch(&director, house.names.house, limit::RECORD_BODY_BYTES_MAX + 1);
    assert_eq!(desk.refusal(&over).await, RefusalCode::Malformed);
    let mut draft = house.draft();
    draft.batch(&director, house.names.house, limit::RECORD_BODY_BYTES_MAX);
    desk.commit(&mut house, draft).await;

    let mut over = house.draft();
    for _ in 0..=limit::FRAME_RECORDS_MAX {
        over.batch(&director, house.names.house, 1);
    }
    assert_eq!(desk.refusal(&over).await, RefusalCode::Malformed);
    relay.stop().await;
}

#[tokio::test]
async fn whoever_does_not_log_in_has_to_leave() {
    let relay = TestRelay::start_with(|config| config.limits.hello_seconds = 1).await;
    let mut client = Client::connect(relay.address).await;
    assert_eq!(client.bye().await, ByeCode::Idle);
    relay.stop().await;
}

#[tokio::test]
async fn whoever_is_not_heard_of_any_more_has_to_leave() {
    let relay = TestRelay::start_with(|config| config.limits.idle_seconds = 1).await;
    let house = Client::new_house(relay.address).await;
    let client = Client::member(relay.address, &house, &house.names.director.clone()).await;
    // Below the WebSocket nobody answers pings. Frames of a server are not masked: opcode, length, payload.
    let MaybeTlsStream::Plain(mut stream) = client.socket.into_inner() else { panic!("no plain stream") };
    let (mut pings, mut last) = (0, Vec::new());
    loop {
        let mut head = [0; 2];
        tokio::time::timeout(Duration::from_secs(20), stream.read_exact(&mut head)).await.unwrap().unwrap();
        let [opcode, length] = head;
        let mut payload = vec![0; usize::from(length)];
        stream.read_exact(&mut payload).await.unwrap();
        match opcode & 0x0f {
            9 => pings += 1,
            2 => last = payload,
            8 => break,
            other => panic!("opcode {other}"),
        }
    }
    assert!(pings >= 2, "{pings}");
    assert_eq!(codec::decode::<RelayMessage>(&last, 64).unwrap(), RelayMessage::Bye(ByeCode::Idle));

    // Whoever answers pings may stay as long as they like.
    let mut patient = Client::member(relay.address, &house, &house.names.director.clone()).await;
    for _ in 0..8 {
        // Eight pings are nearly three times as long as silence is borne; reading is answering.
        let frame = tokio::time::timeout(Duration::from_secs(20), patient.socket.next()).await.unwrap();
        assert!(matches!(frame, Some(Ok(Message::Ping(_)))), "{frame:?}");
    }
    patient.submit(house.draft().frame).await.unwrap();
    relay.stop().await;
}

#[tokio::test]
async fn whoever_does_not_read_is_cut_off_and_catches_up_later() {
    let relay = TestRelay::start_with(|config| config.limits.send_seconds = 1).await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    // More than a loopback socket buffers.
    for _ in 0..40 {
        let mut draft = house.draft();
        draft.batch(&director, house.names.house, limit::RECORD_BODY_BYTES_MAX);
        desk.commit(&mut house, draft).await;
    }
    let sheet = house.names.sheet.clone();
    let mut slow = Client::connect(relay.address).await;
    slow.login(house.id(), &sheet, &nothing()).await;
    slow.send(&ClientMessage::Cursors(nothing())).await;
    // Not synchronisation but the behaviour under test: nothing is read for longer than a message may take.
    // tidy: allow(sleep): the client is slow on purpose
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let mut complete = false;
    while let Some(message) = slow.try_receive().await {
        complete |= matches!(message, RelayMessage::Synced(_));
    }
    assert!(!complete, "a client that does not read was waited for");
    // Others were served meanwhile, and so is the slow one when it comes back.
    desk.submit(house.draft().frame).await.unwrap();
    let back = Client::member(relay.address, &house, &sheet).await;
    assert_eq!(back.inbox.rows.get(&house.names.house).unwrap().len(), 41);
    relay.stop().await;
}

#[tokio::test]
async fn a_device_with_too_many_sessions_loses_its_oldest() {
    let relay = TestRelay::start_with(|config| config.limits.device_sessions_max = 2).await;
    let house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let mut first = Client::member(relay.address, &house, &director).await;
    let mut second = Client::member(relay.address, &house, &director).await;
    let _third = Client::member(relay.address, &house, &director).await;
    assert_eq!(first.bye().await, ByeCode::Busy);
    second.submit(house.draft().frame).await.unwrap();
    relay.stop().await;
}

#[tokio::test]
async fn a_full_house_turns_others_away() {
    let relay = TestRelay::start_with(|config| config.limits.house_sessions_max = 1).await;
    let house = Client::new_house(relay.address).await;
    let _first = Client::member(relay.address, &house, &house.names.director.clone()).await;
    let mut second = Client::connect(relay.address).await;
    let hello = second.hello(house.id(), &house.names.sheet, &nothing());
    second.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(second.bye().await, ByeCode::Busy);
    relay.stop().await;
}

#[tokio::test]
async fn a_full_quota_refuses_content_and_still_lets_somebody_be_shut_out() {
    let relay = TestRelay::start_with(|config| config.house_quota_bytes = 100_000).await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let mut draft = house.draft();
    draft.batch(&director, house.names.house, 80_000);
    desk.commit(&mut house, draft).await;
    let mut over = house.draft();
    over.batch(&director, house.names.house, 20_000);
    assert_eq!(desk.refusal(&over).await, RefusalCode::Quota);
    // Keys and entries go on.
    let mut draft = house.draft();
    for _ in 0..8 {
        draft.epoch(&director, house.names.team);
    }
    desk.commit(&mut house, draft).await;
    // What the house has is served as ever.
    let reader = Client::member(relay.address, &house, &house.names.sheet.clone()).await;
    assert_eq!(reader.inbox.rows.get(&house.names.house).unwrap().len(), 2);
    relay.stop().await;
}

#[tokio::test]
async fn no_guardian_fills_the_house_or_its_reserve() {
    let relay = TestRelay::start_with(|config| {
        config.limits.guardian_mib_per_day = 1;
        config.house_quota_bytes = 2_000_000;
    })
    .await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let guardian = Device::new("parent");
    house.admit(&mut desk, relay.address, &guardian, Role::Guardian).await;
    let private = circle("private");
    let mut draft = house.draft();
    let child = circle("child");
    let fresh = CircleNew {
        circle: child,
        sort: Sort::Child,
        team: None,
        child: None,
        guardian: None,
        persons: None,
    };
    draft.circle(&director, fresh);
    draft.member(&director, child, Who::Circle(house.names.team));
    draft.member(&director, child, Who::Person(guardian.person));
    let fresh = CircleNew {
        circle: private,
        sort: Sort::Private,
        team: None,
        child: Some(child),
        guardian: Some(guardian.person),
        persons: None,
    };
    draft.circle(&director, fresh);
    draft.member(&director, private, Who::Person(guardian.person));
    draft.member(&director, private, Who::Circle(house.names.team));
    draft.epoch(&director, child);
    draft.epoch(&director, private);
    desk.commit(&mut house, draft).await;

    let mut phone = Client::member(relay.address, &house, &guardian).await;
    let write = |house: &House, bytes: usize| {
        let mut draft = house.draft();
        for _ in 0..bytes / 300_000 {
            let header = Header {
                document: Some(document("mine")),
                side: Side::Person(guardian.person),
                ..draft.header(&guardian, private)
            };
            draft.record(&guardian, header, vec![1; 300_000]);
        }
        draft
    };
    let half = write(&house, 600_000);
    phone.commit(&mut house, half).await;
    assert_eq!(phone.refusal(&write(&house, 600_000)).await, RefusalCode::Quota);
    // The rest of the day's share is theirs, and the house goes on.
    let rest = write(&house, 300_000);
    phone.commit(&mut house, rest).await;
    let mut draft = house.draft();
    draft.batch(&director, house.names.house, 450_000);
    draft.batch(&director, house.names.house, 450_000);
    desk.commit(&mut house, draft).await;

    // Full for guardians is not full for those who must shut one out.
    let mut filled = house.draft();
    filled.batch(&director, house.names.house, 250_000);
    assert_eq!(desk.refusal(&filled).await, RefusalCode::Quota);
    let mut draft = house.draft();
    for _ in 0..40 {
        draft.epoch(&director, house.names.team);
    }
    desk.commit(&mut house, draft).await;
    relay.stop().await;
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_takes_nobody_down() {
    let relay = TestRelay::start_with(|config| config.database_pages_max = Some(300)).await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let target = house.names.house;
    let refused = loop {
        let mut draft = house.draft();
        draft.batch(&director, target, 100_000);
        match desk.submit(draft.frame.clone()).await {
            Ok(_) => house.now = draft,
            Err(refused) => break refused,
        }
    };
    assert_eq!(refused.code, RefusalCode::Full);
    let stored = house.now.tail(target).n;
    assert!(stored > 2, "{stored}");
    // Acknowledgements of wraps have nowhere to go either; that is no reason to end a session.
    let wraps = desk.inbox.wraps.iter().map(nestpost_protocol::epoch::Wrap::id).collect();
    desk.send(&ClientMessage::WrapAck(wraps)).await;
    let held = holds(&house.now, &[house.names.team, house.names.directors, house.names.staff, target]);
    let mut other = Client::connect(relay.address).await;
    assert!(other.login(house.id(), &director, &held).await.equal);
    // The same frame, once there is room.
    let folder = relay.stop().await;
    let relay = TestRelay::start_in(folder, |_| {}).await;
    let mut desk = Client::member(relay.address, &house, &director).await;
    let mut draft = house.draft();
    draft.batch(&director, target, 100_000);
    desk.commit(&mut house, draft).await;
    relay.stop().await;
}

#[tokio::test]
async fn a_relay_that_stops_says_so() {
    let relay = TestRelay::start().await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let mut door = Client::connect(relay.address).await;
    let mut draft = house.draft();
    draft.batch(&director, house.names.house, 100);
    desk.commit(&mut house, draft).await;
    let folder = relay.stop().await;
    assert_eq!(desk.bye().await, ByeCode::Shutdown);
    assert_eq!(door.bye().await, ByeCode::Shutdown);
    let relay = TestRelay::start_in(folder, |_| {}).await;
    let held =
        holds(&house.now, &[house.names.team, house.names.directors, house.names.staff, house.names.house]);
    let mut client = Client::connect(relay.address).await;
    assert!(client.login(house.id(), &director, &held).await.equal);
    relay.stop().await;
}
