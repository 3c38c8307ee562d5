//! Logging in, and being turned away.

use std::time::{Duration, Instant};

use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::id::HouseId;
use nestpost_protocol::label;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::invite_end::InviteEnd;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::message::{
    ByeCode, ClientMessage, Cursors, InviteHello, InviteStage, LOG, RefusalCode, RelayMessage, Stage,
    Versions, log_position,
};
use nestpost_server::config::{Origin, SetupCode};

use crate::support::client::{fold, holds, nothing};
use crate::support::house::Secret;
use crate::support::{Client, Device, House, TestRelay};

#[tokio::test]
async fn a_founded_house_reaches_its_director() {
    let relay = TestRelay::start().await;
    let mut client = Client::connect(relay.address).await;
    let house = House::found(client.challenge.relay);
    let ack = client.found(house.now.frame.clone(), None).await.unwrap();
    assert_eq!(ack.placed.len(), 4);
    assert!(ack.positions.iter().all(|position| position.holds(&client.challenge.relay)));

    // On the same socket.
    client.catch_up(house.id(), &house.names.director, nothing()).await;
    let log = fold(&client.inbox);
    assert_eq!(log.head(), house.now.log.head());
    let synced = client.inbox.synced.as_ref().unwrap();
    assert_eq!(synced.log, house.now.log.head());
    for position in &synced.positions {
        assert!(position.holds(&log.relay().unwrap()));
        let held = match position.claim.circle {
            LOG => log_position(&log),
            circle => house.now.tail(circle),
        };
        assert_eq!((position.claim.n, position.claim.acc), (held.n, held.acc));
    }
    // Of each circle, and of the log.
    assert_eq!(synced.positions.len(), 5);
    // Their own records come without the bytes, with the reader lists that staff may see.
    let rows = client.inbox.rows.get(&house.names.team).unwrap();
    assert!(rows.iter().all(|row| row.record.is_none() && !row.gone && row.readers.is_some()));
    // One wrap per circle for the device itself or a key circle that it reads.
    assert!(client.inbox.wraps.len() >= 4, "{}", client.inbox.wraps.len());
    relay.stop().await;
}

#[tokio::test]
async fn nothing_new_is_one_round_trip_of_300_bytes_each_way() {
    let relay = TestRelay::start().await;
    let house = Client::new_house(relay.address).await;
    let names = &house.names;
    let mut first = Client::member(relay.address, &house, &names.director).await;
    let wraps = first.inbox.wraps.iter().map(nestpost_protocol::epoch::Wrap::id).collect();
    first.send(&ClientMessage::WrapAck(wraps)).await;
    // Answered after the acknowledgement was stored: messages of a session are served in order.
    first.submit(house.draft().frame).await.unwrap();

    let mut client = Client::connect(relay.address).await;
    let held = holds(&house.now, &[names.team, names.directors, names.house, names.staff]);
    let welcome = client.login(house.id(), &names.director, &held).await;
    assert!(welcome.equal);
    assert_eq!(welcome.stage, Stage::Member);
    println!("hello: {} bytes up, {} bytes down", client.sent_bytes, client.received_bytes);
    assert!(client.sent_bytes <= 300, "{}", client.sent_bytes);
    assert!(client.received_bytes <= 300, "{}", client.received_bytes);
    // And nothing follows: the next message is the answer to what is asked next.
    client.submit(house.draft().frame).await.unwrap();
    assert!(client.inbox.order.is_empty(), "{:?}", client.inbox.order);
    relay.stop().await;
}

#[tokio::test]
async fn everybody_who_does_not_belong_gets_the_same_answer() {
    let relay = TestRelay::start_with(|config| config.limits.refusal_millis = 100).await;
    let mut house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let director = &director;
    let secret = Secret::new("letter");
    let mut desk = Client::member(relay.address, &house, director).await;
    let mut draft = house.draft();
    let person = Device::new("educator").person;
    draft.role(director, person, Role::Educator);
    draft.invite(director, person, &secret, 14);
    desk.commit(&mut house, draft).await;
    let stranger = Device::new("stranger");
    let elsewhere = HouseId::new([9; 32]);
    let state = nothing();

    let mut answers = Vec::new();
    let cases = [
        "no house",
        "not a member",
        "wrong signature",
        "foreign origin",
        "an invite's key without its secret",
        "an invite passed on",
        "no invite",
    ];
    for case in cases {
        let mut client = Client::connect(relay.address).await;
        let mut keyed = client.invite_hello(&secret);
        keyed.signature = client.invite_hello(&Secret::new("never sent")).signature;
        let mut passed_on = client.invite_hello(&secret);
        passed_on.origin = "https://evil.example".to_owned();
        let input = InviteHello::signing_input(&passed_on.origin, secret.key(), client.challenge.nonce);
        passed_on.signature = secret.sign(label::INVITE_HELLO, &input);
        let mut forged = client.hello(house.id(), director, &state);
        forged.signature = client.hello(house.id(), &stranger, &state).signature;
        let foreign = client.hello_from("https://evil.example", house.id(), None, director, &state);
        let message = match case {
            "no house" => ClientMessage::Hello(client.hello(elsewhere, &stranger, &state)),
            "not a member" => ClientMessage::Hello(client.hello(house.id(), &stranger, &state)),
            "wrong signature" => ClientMessage::Hello(forged),
            "foreign origin" => ClientMessage::Hello(foreign),
            "an invite's key without its secret" => ClientMessage::InviteHello(keyed),
            "an invite passed on" => ClientMessage::InviteHello(passed_on),
            _ => ClientMessage::InviteHello(client.invite_hello(&Secret::new("never sent"))),
        };
        let asked = Instant::now();
        client.send(&message).await;
        let answer = client.receive().await;
        assert!(asked.elapsed() >= Duration::from_millis(90), "{case} is answered at once");
        assert_eq!(answer, RelayMessage::Bye(ByeCode::NotFound), "{case}");
        assert!(client.try_receive().await.is_none(), "{case}");
        answers.push(codec::encode(&answer));
    }
    assert!(answers.windows(2).all(|pair| pair.first() == pair.get(1)));
    relay.stop().await;
}

#[tokio::test]
async fn a_recorded_hello_opens_no_second_session() {
    let relay = TestRelay::start().await;
    let house = Client::new_house(relay.address).await;
    let mut client = Client::connect(relay.address).await;
    let hello = client.hello(house.id(), &house.names.director, &nothing());
    client.send(&ClientMessage::Hello(hello.clone())).await;
    assert!(matches!(client.receive().await, RelayMessage::Welcome(_)));
    // On a new socket the nonce is another.
    let mut thief = Client::connect(relay.address).await;
    thief.send(&ClientMessage::Hello(hello.clone())).await;
    assert_eq!(thief.bye().await, ByeCode::NotFound);
    // On the same one it is out of order.
    client.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(client.bye().await, ByeCode::Malformed);
    relay.stop().await;
}

#[tokio::test]
async fn configured_origins_are_the_only_ones() {
    let relay =
        TestRelay::start_with(|config| config.origins = vec![Origin::parse("https://kita.example").unwrap()])
            .await;
    let mut founder = Client::connect(relay.address).await;
    let house = House::found(founder.challenge.relay);
    founder.found(house.now.frame.clone(), None).await.unwrap();
    for (origin, welcome) in
        [("https://kita.example", true), ("http://kita.example", false), ("http://127.0.0.1", false)]
    {
        let mut client = Client::connect(relay.address).await;
        let hello = client.hello_from(origin, house.id(), None, &house.names.director, &nothing());
        client.send(&ClientMessage::Hello(hello)).await;
        assert_eq!(matches!(client.receive().await, RelayMessage::Welcome(_)), welcome, "{origin}");
    }
    relay.stop().await;
}

#[tokio::test]
async fn an_app_of_another_age_hears_so() {
    let relay = TestRelay::start().await;
    let house = Client::new_house(relay.address).await;
    let mut client = Client::connect(relay.address).await;
    let newest = client.challenge.versions.max;
    let mut hello = client.hello(house.id(), &house.names.director, &nothing());
    hello.versions = Versions { min: newest + 1, max: newest + 1 };
    client.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(client.bye().await, ByeCode::Version);
    relay.stop().await;
}

#[tokio::test]
async fn a_setup_code_keeps_new_houses_out() {
    let code = SetupCode::new("correct-horse".into());
    let relay = TestRelay::start_with(|config| config.setup_code = Some(code)).await;
    let mut client = Client::connect(relay.address).await;
    let house = House::found(client.challenge.relay);
    for wrong in [None, Some("wrong"), Some("")] {
        assert_eq!(client.found(house.now.frame.clone(), wrong).await.unwrap_err().code, RefusalCode::Closed);
    }
    client.found(house.now.frame.clone(), Some("correct-horse")).await.unwrap();
    // Sent again because the answer was lost: the same house, not an error.
    let again = client.found(house.now.frame.clone(), Some("correct-horse")).await.unwrap();
    assert_eq!(again.placed.len(), 4);
    relay.stop().await;
}

#[tokio::test]
async fn a_house_that_names_another_relay_is_refused() {
    let relay = TestRelay::start().await;
    let mut client = Client::connect(relay.address).await;
    let house = House::found(nestpost_protocol::id::RelayKey::new([3; 32]));
    assert_eq!(client.found(house.now.frame.clone(), None).await.unwrap_err().code, RefusalCode::Malformed);
    relay.stop().await;
}

#[tokio::test]
async fn a_letter_leads_to_the_door_and_a_confirmation_inside() {
    let relay = TestRelay::start().await;
    let mut house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let mut desk = Client::member(relay.address, &house, &director).await;
    let parent = Device::new("parent");
    let secret = Secret::new("letter");
    let mut draft = house.draft();
    draft.role(&director, parent.person, Role::Guardian);
    draft.invite(&director, parent.person, &secret, 14);
    desk.commit(&mut house, draft).await;

    let mut door = Client::connect(relay.address).await;
    let info = door.visit(&secret).await;
    assert_eq!((info.house, info.head, info.stage), (house.id(), house.now.head(), InviteStage::Open));
    // Two want in at once; the second hears that the letter was used, with the new head.
    let mut late = Client::connect(relay.address).await;
    late.visit(&secret).await;
    let mut draft = house.draft();
    let join = draft.join(&parent, &secret);
    let frame = draft.frame.clone();
    door.commit(&mut house, draft).await;

    let mut race = house.draft();
    let body = race.join_body(&Device::new("thief"), &secret);
    race.frame.entries.push(race.signed_entry(&Device::new("thief"), &body, None));
    late.send(&ClientMessage::Submit(nestpost_protocol::message::Submit { id: 1, frame: race.frame })).await;
    let RelayMessage::InviteInfo(info) = late.receive().await else { panic!("no news before the refusal") };
    assert_eq!((info.stage, info.head), (InviteStage::Used, house.now.head()));
    let RelayMessage::Refused(refused) = late.receive().await else { panic!("no refusal") };
    assert_eq!(refused.code, RefusalCode::InviteUsed);
    // The answer got lost: the same join again is the same join.
    let mut again = Client::connect(relay.address).await;
    assert_eq!(again.visit(&secret).await.stage, InviteStage::Used);
    again.submit(frame).await.unwrap();

    // While joining: its own two entries, nothing else.
    let mut phone = Client::connect(relay.address).await;
    let welcome =
        phone.login(house.id(), &parent, &Cursors { log: Some(house.now.head()), circles: Vec::new() }).await;
    assert_eq!((welcome.stage, welcome.equal), (Stage::Joining, false));
    phone.send(&ClientMessage::Cursors(nothing())).await;
    phone.receive_until(|inbox| inbox.synced.is_some()).await;
    assert_eq!(phone.inbox.entries.len(), 2);
    assert!(phone.inbox.links.is_empty() && phone.inbox.rows.is_empty() && phone.inbox.wraps.is_empty());
    let synced = phone.inbox.synced.take().unwrap();
    assert!(synced.log.is_none() && synced.positions.is_empty());
    // It writes nothing.
    let mut early = house.draft();
    early.batch(&parent, house.names.house, 10);
    assert_eq!(phone.refusal(&early).await, RefusalCode::NotAllowed);

    // Confirmed: everything, on the open socket.
    let mut draft = house.draft();
    draft.confirm(&director, join);
    desk.commit(&mut house, draft).await;
    phone.receive_until(|inbox| inbox.synced.is_some()).await;
    assert_eq!(fold(&phone.inbox).head(), house.now.log.head());

    // Ended: the open session is closed, and the next login hears why.
    let mut draft = house.draft();
    draft.entry(&director, Body::DeviceEnd(DeviceEnd { device: parent.id() }));
    desk.commit(&mut house, draft).await;
    assert_eq!(phone.bye().await, ByeCode::Ended);
    let mut phone = Client::connect(relay.address).await;
    let hello = phone.hello(house.id(), &parent, &nothing());
    phone.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(phone.bye().await, ByeCode::Ended);
    // With the proof, alone: the device empties itself.
    let shown: Vec<_> = phone.inbox.entries.iter().collect();
    assert_eq!(shown.len(), 1);
    let ended = access::farewell(&house.now.log, &parent.id());
    assert_eq!(shown.first().map(|(seq, _)| **seq), ended);
    assert!(phone.inbox.links.is_empty() && phone.inbox.rows.is_empty() && phone.inbox.wraps.is_empty());
    relay.stop().await;
}

#[tokio::test]
async fn an_invite_ends_by_the_relays_clock_and_by_the_house() {
    let relay = TestRelay::start().await;
    let mut house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let mut desk = Client::member(relay.address, &house, &director).await;
    let (one, two) = (Secret::new("one"), Secret::new("two"));
    let parent = Device::new("parent");
    let mut draft = house.draft();
    draft.role(&director, parent.person, Role::Guardian);
    draft.invite(&director, parent.person, &one, 14);
    let second = draft.invite(&director, parent.person, &two, 90);
    desk.commit(&mut house, draft).await;

    relay.clock.set(crate::support::relay::TODAY.checked_add(jiff::Span::new().days(14)).unwrap());
    assert_eq!(Client::connect(relay.address).await.visit(&one).await.stage, InviteStage::Open);
    relay.clock.set(crate::support::relay::TODAY.checked_add(jiff::Span::new().days(15)).unwrap());
    let mut door = Client::connect(relay.address).await;
    assert_eq!(door.visit(&one).await.stage, InviteStage::Expired);
    let mut draft = house.draft();
    draft.join(&parent, &one);
    door.send(&ClientMessage::Submit(nestpost_protocol::message::Submit { id: 1, frame: draft.frame })).await;
    assert!(matches!(door.receive().await, RelayMessage::InviteInfo(_)));
    let RelayMessage::Refused(refused) = door.receive().await else { panic!("no refusal") };
    assert_eq!(refused.code, RefusalCode::InviteExpired);

    let mut draft = house.draft();
    draft.entry(&director, Body::InviteEnd(InviteEnd { invite: second }));
    desk.commit(&mut house, draft).await;
    assert_eq!(Client::connect(relay.address).await.visit(&two).await.stage, InviteStage::Revoked);
    relay.stop().await;
}

#[tokio::test]
async fn at_the_door_nothing_but_a_join_is_taken() {
    let relay = TestRelay::start().await;
    let mut house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let mut desk = Client::member(relay.address, &house, &director).await;
    let (secret, other) = (Secret::new("letter"), Secret::new("other"));
    let parent = Device::new("parent");
    let mut draft = house.draft();
    draft.role(&director, parent.person, Role::Guardian);
    draft.invite(&director, parent.person, &secret, 14);
    draft.invite(&director, parent.person, &other, 14);
    desk.commit(&mut house, draft).await;
    let mut wrong = Vec::new();
    // The director's own entry, a join with another invite, a join with luggage.
    let mut draft = house.draft();
    draft.role(&director, Device::new("friend").person, Role::Director);
    wrong.push(draft.frame);
    let mut draft = house.draft();
    draft.join(&parent, &other);
    wrong.push(draft.frame);
    let mut draft = house.draft();
    draft.join(&parent, &secret);
    draft.batch(&director, house.names.house, 10);
    wrong.push(draft.frame);
    let mut patient = Client::connect(relay.address).await;
    patient.visit(&secret).await;
    for id in 1..=5 {
        let frame = wrong.first().unwrap().clone();
        patient.send(&ClientMessage::Submit(nestpost_protocol::message::Submit { id, frame })).await;
        assert!(matches!(patient.receive().await, RelayMessage::InviteInfo(_)));
        assert!(matches!(patient.receive().await, RelayMessage::Refused(_)));
    }
    assert_eq!(patient.bye().await, ByeCode::Busy);
    for frame in wrong {
        let mut door = Client::connect(relay.address).await;
        door.visit(&secret).await;
        door.send(&ClientMessage::Submit(nestpost_protocol::message::Submit { id: 1, frame })).await;
        assert!(matches!(door.receive().await, RelayMessage::InviteInfo(_)));
        let RelayMessage::Refused(refused) = door.receive().await else { panic!("no refusal") };
        assert_eq!(refused.code, RefusalCode::NotAllowed);
    }
    relay.stop().await;
}

#[tokio::test]
async fn members_do_not_hear_how_somebody_elses_invite_stands() {
    let relay = TestRelay::start().await;
    let mut house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let mut desk = Client::member(relay.address, &house, &director).await;
    let guardian = Device::new("parent");
    house.admit(&mut desk, relay.address, &guardian, Role::Guardian).await;
    let secret = Secret::new("letter of another family");
    let mut draft = house.draft();
    let other = Device::new("other parent").person;
    draft.role(&director, other, Role::Guardian);
    let invite = draft.invite(&director, other, &secret, 14);
    draft.entry(&director, Body::InviteEnd(InviteEnd { invite }));
    desk.commit(&mut house, draft).await;

    let mut phone = Client::member(relay.address, &house, &guardian).await;
    let mut draft = house.draft();
    let body = draft.join_body(&guardian, &Secret::new("letter of another family"));
    let guess = draft.signed_entry(&guardian, &body, None);
    draft.frame.entries.push(guess);
    assert_eq!(phone.refusal(&draft).await, RefusalCode::Rule);
    relay.stop().await;
}
