//! Outsiders with a house's public link.

use std::time::{Duration, Instant};

use jiff::civil::Date;
use nestpost_protocol::codec;
use nestpost_protocol::epoch::IntakeKeys;
use nestpost_protocol::id::{CircleId, Hash, HouseId, RecordId};
use nestpost_protocol::intake::{self, IntakeStep};
use nestpost_protocol::limit;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::message::{
    Ack, ByeCode, ClientMessage, Inquiry, IntakeHello, IntakeInfo, RefusalCode, RelayMessage, Submit,
    Versions,
};
use nestpost_protocol::record::{Header, Kind, LogHead, Position, Record, Sealing, Side};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::{access, label};

use crate::support::client::nothing;
use crate::support::house::circle;
use crate::support::{Client, Device, Draft, House, TestRelay};

/// The key of an intake's epoch, which signs the next.
fn epoch_key(number: u32) -> Device {
    Device::new(&format!("intake {number}"))
}

fn intake_epoch(draft: &mut Draft, author: &Device, circle: CircleId, signed: bool) {
    let house = draft.log.house().unwrap();
    draft.epoch_with(author, circle, |body| {
        let key = Hash::new(*epoch_key(body.number).id().as_bytes());
        let keys = IntakeKeys { key, by: None };
        let step = IntakeStep { number: body.number, recipient: body.recipient, keys };
        let input = step.signing_input(&house, &circle);
        let by = signed.then(|| epoch_key(body.number - 1).sign(label::INTAKE_STEP, &input));
        body.intake = Some(IntakeKeys { key, by });
    });
}

/// A house whose intake is open, its director's session, and what its link carries.
async fn open(relay: &TestRelay) -> (House, Client, CircleId, Hash) {
    let mut house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let mut desk = Client::member(relay.address, &house, &director).await;
    let intake = circle("intake");
    let mut draft = house.draft();
    draft.circle(&director, CircleNew::new(intake, Sort::Intake));
    intake_epoch(&mut draft, &director, intake, false);
    desk.commit(&mut house, draft).await;
    let mark = intake::mark(&house.now.log, &house.now.epochs).unwrap();
    (house, desk, intake, mark)
}

fn hello(relay: &TestRelay, house: HouseId, mark: Hash) -> IntakeHello {
    let origin = format!("http://{}", relay.address);
    IntakeHello { versions: Versions::OURS, origin, house, mark }
}

/// An outsider's session.
async fn call(relay: &TestRelay, house: &House, mark: Hash) -> (Client, IntakeInfo) {
    let mut client = Client::connect(relay.address).await;
    client.send(&ClientMessage::IntakeHello(hello(relay, house.id(), mark))).await;
    match client.receive().await {
        RelayMessage::IntakeInfo(info) => (client, info),
        other => panic!("unexpected {other:?}"),
    }
}

fn inquiry(
    house: &House,
    info: &IntakeInfo,
    outsider: &str,
    body: &[u8],
    change: impl FnOnce(&mut Header),
) -> Record {
    let (mut draft, outsider) = (house.draft(), Device::new(outsider));
    let id = house.id();
    let mut header = Header {
        kind: Kind::Inquiry,
        sealing: Sealing::Recipient,
        document: None,
        side: Side::Staff,
        epoch: info.steps.last().unwrap().number,
        log: LogHead::founding(&id),
        seen: Position::START,
        class: Class::Short,
        month: info.month,
        ..draft.header(&outsider, info.circle)
    };
    change(&mut header);
    draft.record(&outsider, header, body.to_vec())
}

async fn send(client: &mut Client, info: &IntakeInfo, record: &Record) -> Result<Ack, RefusalCode> {
    let work = intake::work(&client.challenge.nonce, &record.id(), info.bits).unwrap();
    send_with(client, record, work).await
}

async fn send_with(client: &mut Client, record: &Record, work: u64) -> Result<Ack, RefusalCode> {
    client.send(&ClientMessage::Inquiry(Inquiry { id: 3, record: record.clone(), work })).await;
    match client.receive().await {
        RelayMessage::Ack(ack) => Ok(ack),
        RelayMessage::Refused(refused) => {
            let told = (refused.id, refused.circle, refused.seq, refused.prev, refused.record);
            assert_eq!(told, (3, None, None, None, None), "an outsider is told nothing but why");
            Err(refused.code)
        }
        other => panic!("unexpected {other:?}"),
    }
}

async fn shown(relay: &TestRelay, house: &House, circle: CircleId) -> Vec<(RecordId, bool)> {
    let mut client = Client::connect(relay.address).await;
    client.catch_up(house.id(), &house.names.director, nothing()).await;
    let rows = client.inbox.rows.get(&circle).unwrap();
    rows.iter().map(|row| (row.id, row.record.is_some())).collect()
}

#[tokio::test]
async fn what_an_outsider_writes_reaches_staff_and_goes_with_its_month() {
    let relay = TestRelay::start().await;
    let (house, _desk, intake, mark) = open(&relay).await;
    let (mut client, info) = call(&relay, &house, mark).await;
    assert_eq!((info.circle, info.month, info.bits), (intake, Month::new(2026, 10), 18));
    let present = intake::follow(&house.id(), &intake, &mark, &info.steps).unwrap();
    assert_eq!(present.recipient, house.now.epochs.current(&intake).unwrap().body.recipient);

    let record = inquiry(&house, &info, "stranger", b"a file for the recipient", |_| {});
    let ack = send(&mut client, &info, &record).await.unwrap();
    // How many wrote before is nobody's business out there.
    assert_eq!((ack.id, ack.placed.len(), ack.positions.len()), (3, 0, 0));
    // Sent again, because the answer was lost: the same message.
    send(&mut client, &info, &record).await.unwrap();
    assert_eq!(shown(&relay, &house, intake).await.last(), Some(&(record.id(), true)));
    assert_eq!(shown(&relay, &house, intake).await.len(), 2);

    relay.clock.set(Date::constant(2026, 11, 1));
    relay.relay.sweep().await.unwrap();
    assert_eq!(shown(&relay, &house, intake).await.last(), Some(&(record.id(), false)));
    relay.stop().await;
}

#[tokio::test]
async fn strangers_are_answered_alike() {
    let relay = TestRelay::start_with(|config| config.limits.refusal_millis = 100).await;
    let (mut house, mut desk, intake, mark) = open(&relay).await;
    let other = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let id = house.id();
    let mut answers = Vec::new();
    let mut cases = vec![
        ("no house", hello(&relay, HouseId::new([9; 32]), mark)),
        ("no intake", hello(&relay, other.id(), mark)),
        ("another mark", hello(&relay, id, Hash::new([9; 32]))),
        ("foreign origin", IntakeHello { origin: "https://evil.example".into(), ..hello(&relay, id, mark) }),
    ];
    let mut ask = async |name: &str, hello: IntakeHello| {
        let mut client = Client::connect(relay.address).await;
        let asked = Instant::now();
        client.send(&ClientMessage::IntakeHello(hello)).await;
        let answer = client.receive().await;
        assert!(asked.elapsed() >= Duration::from_millis(90), "{name} is answered at once");
        assert_eq!(answer, RelayMessage::Bye(ByeCode::NotFound), "{name}");
        assert!(client.try_receive().await.is_none(), "{name}");
        answers.push(codec::encode(&answer));
    };
    for (name, hello) in cases.drain(..) {
        ask(name, hello).await;
    }
    // The link ends with a director's word, and with the intake.
    let mut draft = house.draft();
    intake_epoch(&mut draft, &director, intake, false);
    desk.commit(&mut house, draft).await;
    ask("an old link", hello(&relay, id, mark)).await;
    let new = intake::mark(&house.now.log, &house.now.epochs).unwrap();
    call(&relay, &house, new).await;
    let mut draft = house.draft();
    draft.epoch(&director, intake);
    desk.commit(&mut house, draft).await;
    ask("closed", hello(&relay, id, new)).await;
    assert!(answers.windows(2).all(|pair| pair.first() == pair.get(1)));
    relay.stop().await;
}

#[tokio::test]
async fn each_message_costs_its_own_work_and_a_house_takes_so_many_a_day() {
    let relay = TestRelay::start_with(|config| config.limits.intake_per_day = 2).await;
    let (house, _desk, intake, mark) = open(&relay).await;
    let (mut client, info) = call(&relay, &house, mark).await;
    let record = inquiry(&house, &info, "one", b"one", |_| {});
    let work = intake::work(&client.challenge.nonce, &record.id(), info.bits).unwrap();
    let other = inquiry(&house, &info, "two", b"two", |_| {});
    // One in 262,144 would do by chance.
    assert_eq!(send_with(&mut client, &other, work).await.unwrap_err(), RefusalCode::Work);
    send_with(&mut client, &record, work).await.unwrap();
    // Nor is it good on another line.
    let (mut again, info) = call(&relay, &house, mark).await;
    assert_eq!(send_with(&mut again, &record, work).await.unwrap_err(), RefusalCode::Work);
    send(&mut again, &info, &other).await.unwrap();
    let third = inquiry(&house, &info, "three", b"three", |_| {});
    assert_eq!(send(&mut again, &info, &third).await.unwrap_err(), RefusalCode::Quota);
    assert_eq!(shown(&relay, &house, intake).await.len(), 3);
    relay.stop().await;
}

#[tokio::test]
async fn a_link_outlives_new_keys_and_old_keys_are_refused() {
    let relay = TestRelay::start().await;
    let (mut house, mut desk, intake, mark) = open(&relay).await;
    let director = house.names.director.clone();
    let (mut late, old) = call(&relay, &house, mark).await;
    let mut draft = house.draft();
    intake_epoch(&mut draft, &director, intake, true);
    desk.commit(&mut house, draft).await;
    let record = inquiry(&house, &old, "late", b"late", |_| {});
    assert_eq!(send(&mut late, &old, &record).await.unwrap_err(), RefusalCode::Epoch);
    let (mut client, info) = call(&relay, &house, mark).await;
    assert_eq!(info.steps.len(), 2);
    let present = intake::follow(&house.id(), &intake, &mark, &info.steps).unwrap();
    assert_eq!(present.number, 2);
    let record = inquiry(&house, &info, "in time", b"in time", |_| {});
    send(&mut client, &info, &record).await.unwrap();
    relay.stop().await;
}

#[tokio::test]
async fn an_outsider_hands_in_inquiries_and_nothing_else() {
    let relay = TestRelay::start_with(|config| config.limits.intake_work_bits = 1).await;
    let (house, _desk, intake, mark) = open(&relay).await;
    let (mut client, info) = call(&relay, &house, mark).await;
    let refused = async |client: &mut Client, record: &Record| send(client, &info, record).await.unwrap_err();
    let batch = inquiry(&house, &info, "a", b"a", |header| {
        header.kind = Kind::Batch;
        header.sealing = Sealing::Content;
        header.document = Some(crate::support::house::document("journal"));
    });
    assert_eq!(refused(&mut client, &batch).await, RefusalCode::NotAllowed);
    let elsewhere = inquiry(&house, &info, "b", b"b", |header| header.circle = house.names.staff);
    assert_eq!(refused(&mut client, &elsewhere).await, RefusalCode::NotAllowed);
    let director = &house.names.director;
    assert!(access::is_staff(&house.now.log, &director.id()));
    let member = inquiry(&house, &info, "director", b"c", |header| {
        header.seq = 1;
        header.prev = None;
    });
    assert_eq!(refused(&mut client, &member).await, RefusalCode::NotAllowed);
    let long = inquiry(&house, &info, "d", &vec![7; limit::INQUIRY_BYTES_MAX + 1], |_| {});
    assert_eq!(refused(&mut client, &long).await, RefusalCode::Malformed);
    // Not more than a few on one line.
    let fits = inquiry(&house, &info, "e", &vec![7; limit::INQUIRY_BYTES_MAX], |_| {});
    send(&mut client, &info, &fits).await.unwrap();
    assert_eq!(client.bye().await, ByeCode::Busy);

    let (mut client, _) = call(&relay, &house, mark).await;
    client.send(&ClientMessage::Submit(Submit { id: 1, frame: house.draft().frame })).await;
    assert_eq!(client.bye().await, ByeCode::Malformed);
    // Without a link there is nothing to hand in.
    let mut client = Client::connect(relay.address).await;
    client.send(&ClientMessage::Inquiry(Inquiry { id: 1, record: fits, work: 0 })).await;
    assert_eq!(client.bye().await, ByeCode::Malformed);
    assert_eq!(shown(&relay, &house, intake).await.len(), 2);
    relay.stop().await;
}
