//! Who is sent what, and in which order.

use nestpost_protocol::epoch::{Addressee, WrapHead};
use nestpost_protocol::id::{Accumulator, CircleId};
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::message::{ClientMessage, Cursor, Cursors};
use nestpost_protocol::record::{Header, Position};
use nestpost_protocol::{codec, limit};

use crate::support::client::{fold, holds, nothing};
use crate::support::house::{circle, document};
use crate::support::{Client, Device, House, TestRelay};

async fn house_with_desk(relay: &TestRelay) -> (House, Device, Client) {
    let house = Client::new_house(relay.address).await;
    let director = house.names.director.clone();
    let desk = Client::member(relay.address, &house, &director).await;
    (house, director, desk)
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn rows_come_before_the_acknowledgement_and_to_everybody_who_reads() {
    let relay = TestRelay::start().await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let sheet = house.names.sheet.clone();
    let mut other = Client::member(relay.address, &house, &sheet).await;
    let target = house.names.house;
    let mut draft = house.draft();
    let id = draft.batch(&director, target, 100);
    let record = draft.frame.records.first().unwrap().clone();
    desk.inbox.rows.clear();
    let ack = desk.commit(&mut house, draft).await;
    // Its own row without the bytes, in the inbox when the acknowledgement arrived.
    let row = desk.inbox.rows.get(&target).unwrap().first().unwrap();
    assert_eq!((row.n, row.id, row.record.is_none(), row.gone), (2, id, true, false));
    assert_eq!(ack.positions.first().unwrap().claim.n, 2);

    other.inbox.rows.clear();
    other.receive_until(|inbox| inbox.rows.contains_key(&target)).await;
    let row = other.inbox.rows.get(&target).unwrap().first().unwrap();
    assert_eq!(row.record.as_ref(), Some(&record));
    relay.stop().await;
}

#[tokio::test]
async fn a_device_that_lost_its_storage_gets_its_own_records_and_wraps_again() {
    let relay = TestRelay::start().await;
    let (house, director, mut desk) = house_with_desk(&relay).await;
    let wraps: Vec<_> = desk.inbox.wraps.iter().map(nestpost_protocol::epoch::Wrap::id).collect();
    assert!(!wraps.is_empty());
    desk.send(&ClientMessage::WrapAck(wraps.clone())).await;
    desk.submit(house.draft().frame).await.unwrap();

    let again = Client::member(relay.address, &house, &director).await;
    assert!(again.inbox.wraps.is_empty());
    assert!(again.inbox.rows.values().flatten().all(|row| row.record.is_none()));

    let mut lost = Client::connect(relay.address).await;
    let mut hello = lost.hello(house.id(), &director, &nothing());
    hello.full = true;
    lost.send(&ClientMessage::Hello(hello)).await;
    lost.receive().await;
    lost.send(&ClientMessage::Cursors(nothing())).await;
    lost.receive_until(|inbox| inbox.synced.is_some()).await;
    assert!(lost.inbox.rows.values().flatten().all(|row| row.record.is_some()));
    let again: Vec<_> = lost.inbox.wraps.iter().map(nestpost_protocol::epoch::Wrap::id).collect();
    assert_eq!(again.len(), wraps.len());
    relay.stop().await;
}

#[tokio::test]
async fn a_wrap_goes_to_its_addressee_alone() {
    let relay = TestRelay::start().await;
    let (house, director, desk) = house_with_desk(&relay).await;
    let sheet = Client::member(relay.address, &house, &house.names.sheet.clone()).await;
    let addressees = |client: &Client| -> Vec<Addressee> {
        let heads = client.inbox.wraps.iter().map(|wrap| codec::decode::<WrapHead>(&wrap.head, 512).unwrap());
        heads.map(|head| head.addressee).collect()
    };
    let devices = |client: &Client| -> Vec<_> {
        let devices = addressees(client).into_iter();
        devices
            .filter_map(|to| if let Addressee::Device(device) = to { Some(device) } else { None })
            .collect()
    };
    assert!(devices(&desk).iter().all(|device| *device == director.id()));
    assert!(devices(&sheet).iter().all(|device| *device == house.names.sheet.id()));
    assert_eq!(devices(&desk).len(), 2);
    assert_eq!(devices(&sheet).len(), 2);
    relay.stop().await;
}

#[tokio::test]
async fn a_long_history_comes_in_pages_and_from_where_one_left_off() {
    let relay = TestRelay::start().await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let target = house.names.house;
    let mut half = house.draft();
    for _ in 0..3 {
        let mut draft = house.draft();
        for _ in 0..limit::FRAME_RECORDS_MAX {
            draft.batch(&director, target, 20);
        }
        half = house.draft();
        desk.commit(&mut house, draft).await;
    }
    // Few rows, many bytes.
    let mut draft = house.draft();
    draft.batch(&director, target, limit::RECORD_BODY_BYTES_MAX);
    desk.commit(&mut house, draft).await;

    let sheet = house.names.sheet.clone();
    let all = Client::member(relay.address, &house, &sheet).await;
    let rows = all.inbox.rows.get(&target).unwrap();
    let expected = house.now.tail(target).n;
    assert_eq!(expected, 1 + 3 * 256 + 1);
    assert_eq!(rows.iter().map(|row| row.n).collect::<Vec<_>>(), (1..=expected).collect::<Vec<_>>());

    let others = [house.names.team, house.names.directors, house.names.staff];
    let mut cursors = holds(&half, &[others.as_slice(), &[target]].concat());
    let mut client = Client::connect(relay.address).await;
    client.catch_up(house.id(), &sheet, cursors.clone()).await;
    let rows = client.inbox.rows.remove(&target).unwrap();
    assert_eq!(rows.first().unwrap().n, half.tail(target).n + 1);
    assert!(client.inbox.rows.is_empty(), "nothing else is new");

    // A position that is not of this history: from the start, so that the client can compare.
    for cursor in &mut cursors.circles {
        if cursor.circle == target {
            cursor.position.acc = Accumulator::new([6; 32]);
        }
    }
    let mut client = Client::connect(relay.address).await;
    client.catch_up(house.id(), &sheet, cursors).await;
    assert_eq!(client.inbox.rows.get(&target).unwrap().first().unwrap().n, 1);
    relay.stop().await;
}

#[tokio::test]
async fn cursors_of_circles_one_does_not_read_are_ignored() {
    let relay = TestRelay::start().await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let educator = Device::new("educator");
    house.admit(&mut desk, relay.address, &educator, Role::Educator).await;
    let foreign = Cursor { circle: house.names.staff, position: Position::START };
    let cursors = Cursors { log: None, circles: vec![foreign] };
    let mut tablet = Client::connect(relay.address).await;
    tablet.catch_up(house.id(), &educator, cursors).await;
    assert!(tablet.inbox.rows.is_empty());

    // Made a reader: everything from the start, on the open session.
    let team = house.names.team;
    house.let_read(&mut desk, team, &educator).await;
    let wanted = [team, house.names.house, house.names.staff];
    tablet
        .receive_until(|inbox| wanted.iter().all(|c| inbox.rows.contains_key(c)) && !inbox.wraps.is_empty())
        .await;
    // And what comes then, too.
    let mut draft = house.draft();
    let id = draft.batch(&director, house.names.staff, 10);
    desk.commit(&mut house, draft).await;
    tablet.receive_until(|inbox| inbox.rows.values().flatten().any(|row| row.id == id)).await;
    assert_eq!(fold(&tablet.inbox).head(), house.now.log.head());
    relay.stop().await;
}

/// The child circle of a family: the team and one guardian.
async fn add_child(house: &mut House, desk: &mut Client, name: &str, guardian: &Device) -> CircleId {
    let director = house.names.director.clone();
    let team = house.names.team;
    let child = circle(name);
    let mut draft = house.draft();
    let fresh = CircleNew {
        circle: child,
        sort: Sort::Child,
        team: None,
        child: None,
        guardian: None,
        persons: None,
    };
    draft.circle(&director, fresh);
    draft.member(&director, child, Who::Circle(team));
    draft.member(&director, child, Who::Person(guardian.person));
    draft.epoch(&director, child);
    desk.commit(house, draft).await;
    child
}

#[tokio::test]
async fn a_guardian_learns_nothing_of_other_families_not_even_when_they_change() {
    let relay = TestRelay::start().await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let parents = house.add_parents(&mut desk).await;
    let (mine, other) = (Device::new("parent"), Device::new("other parent"));
    house.admit(&mut desk, relay.address, &mine, Role::Guardian).await;
    house.let_read(&mut desk, parents, &mine).await;
    let my_child = add_child(&mut house, &mut desk, "my child", &mine).await;
    let mut phone = Client::member(relay.address, &house, &mine).await;
    assert!(phone.inbox.rows.contains_key(&my_child));
    phone.inbox.order.clear();

    house.admit(&mut desk, relay.address, &other, Role::Guardian).await;
    house.let_read(&mut desk, parents, &other).await;
    let other_child = add_child(&mut house, &mut desk, "other child", &other).await;
    let mut draft = house.draft();
    let header = Header { document: Some(document("other child")), ..draft.header(&director, other_child) };
    draft.record(&director, header, vec![5; 100]);
    desk.commit(&mut house, draft).await;
    // Only now something for everybody: the links come with it, in one go, before the rows.
    let mut draft = house.draft();
    let id = draft.batch(&director, house.names.house, 100);
    desk.commit(&mut house, draft).await;
    phone.receive_until(|inbox| inbox.rows.values().flatten().any(|row| row.id == id)).await;
    assert_eq!(phone.inbox.order, ["log", "records"]);
    assert_eq!(fold(&phone.inbox).head(), house.now.log.head());
    assert!(phone.inbox.rows.values().flatten().all(|row| row.readers.is_none()));

    let mut again = Client::connect(relay.address).await;
    again.catch_up(house.id(), &mine, nothing()).await;
    for (whose, bytes) in [("live", &phone.raw), ("from the start", &again.raw)] {
        assert!(contains(bytes, mine.person.as_bytes()), "{whose}: the search finds nothing at all");
        for (what, id) in [
            ("person", other.person.as_bytes().as_slice()),
            ("device", other.id().as_bytes().as_slice()),
            ("child", other_child.as_bytes().as_slice()),
        ] {
            assert!(!contains(bytes, id), "{whose}: {what}");
        }
    }
    relay.stop().await;
}

#[tokio::test]
async fn an_older_entry_is_delivered_when_it_becomes_visible() {
    let relay = TestRelay::start().await;
    let (mut house, director, mut desk) = house_with_desk(&relay).await;
    let (one, two) = (Device::new("one"), Device::new("two"));
    house.admit(&mut desk, relay.address, &one, Role::Guardian).await;
    house.admit(&mut desk, relay.address, &two, Role::Guardian).await;
    let child = add_child(&mut house, &mut desk, "child", &one).await;
    let made = house.now.log.circle(&child).unwrap().seq;
    let mut online = Client::member(relay.address, &house, &two).await;
    let offline = Client::member(relay.address, &house, &two).await;
    assert!(!online.inbox.entries.contains_key(&made) && !offline.inbox.entries.contains_key(&made));
    let held = Cursors { log: house.now.log.head(), circles: Vec::new() };
    let held = Cursors {
        circles: offline
            .inbox
            .synced
            .as_ref()
            .unwrap()
            .positions
            .iter()
            .map(|p| Cursor { circle: p.claim.circle, position: Position { n: p.claim.n, acc: p.claim.acc } })
            .collect(),
        ..held
    };
    drop(offline);

    let mut draft = house.draft();
    draft.member(&director, child, Who::Person(two.person));
    let wrap = draft.wrap(&director, child, 1, Addressee::Device(two.id()));
    draft.frame.wraps.push(wrap);
    desk.commit(&mut house, draft).await;
    online.receive_until(|inbox| inbox.rows.contains_key(&child) && !inbox.wraps.is_empty()).await;
    assert!(online.inbox.entries.contains_key(&made));
    let mut back = Client::connect(relay.address).await;
    back.catch_up(house.id(), &two, held).await;
    assert!(back.inbox.entries.contains_key(&made));
    assert_eq!(back.inbox.rows.get(&child).unwrap().first().unwrap().n, 1);
    relay.stop().await;
}
