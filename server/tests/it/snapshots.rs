//! Snapshots: kept beside the records, sent before them, and the records when they are asked for.

use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::id::CircleId;
use nestpost_protocol::message::{ByeCode, ClientMessage, Hello, RelayMessage, WantedRows};
use nestpost_protocol::record::{Header, Kind, Record};
use nestpost_protocol::snapshot::{LastRecord, SnapshotBody};

use crate::support::client::nothing;
use crate::support::house::document;
use crate::support::{Client, Device, House, TestRelay};

/// A snapshot of the document that all batches go to.
fn snapshot(house: &House, author: &Device, circle: CircleId, last: LastRecord, byte: u8) -> Record {
    let mut draft = house.draft();
    let header = Header { kind: Kind::Snapshot, seq: 1, prev: None, ..draft.header(author, circle) };
    let body = SnapshotBody { last: vec![last], sealed: Bytes::from(vec![byte; 2_000]) };
    draft.record(author, header, codec::encode(&body))
}

/// What somebody is sent who comes new.
async fn come(relay: &TestRelay, house: &House, device: &Device, snapshots: bool) -> Client {
    let mut client = Client::connect(relay.address).await;
    let cursors = nothing();
    let hello = Hello { snapshots, ..client.hello(house.id(), device, &cursors) };
    client.send(&ClientMessage::Hello(hello)).await;
    let RelayMessage::Welcome(_) = client.receive().await else { panic!("no welcome") };
    client.send(&ClientMessage::Cursors(cursors)).await;
    client.receive_until(|inbox| inbox.synced.is_some()).await;
    client
}

/// Waits until the relay has looked at everything that was sent before.
async fn settle(desk: &mut Client) {
    desk.ticket().await;
}

#[tokio::test]
async fn whoever_comes_new_gets_the_snapshot_first_and_the_records_on_demand() {
    let relay = TestRelay::start().await;
    let mut house = Client::new_house(relay.address).await;
    let (director, sheet, target) =
        (house.names.director.clone(), house.names.sheet.clone(), house.names.house);
    let mut desk = Client::member(relay.address, &house, &director).await;
    let mut ids = Vec::new();
    for bytes in [100, 200, 300] {
        let mut draft = house.draft();
        ids.push(draft.batch(&director, target, bytes));
        desk.commit(&mut house, draft).await;
    }
    let seq = house.now.header(&director, target).seq - 1;
    let last = LastRecord { device: director.id(), seq, record: ids[2] };

    // One that leaves something out is not kept; of two that do not, the later one is.
    let stale = LastRecord { seq: seq - 1, record: ids[1], ..last };
    for record in [
        snapshot(&house, &director, target, last, 1),
        snapshot(&house, &director, target, last, 2),
        snapshot(&house, &director, target, stale, 3),
    ] {
        desk.send(&ClientMessage::Snapshot(record)).await;
    }
    settle(&mut desk).await;
    // Somebody goes on writing.
    let mut draft = house.draft();
    let later = draft.batch(&director, target, 400);
    desk.commit(&mut house, draft).await;

    let client = come(&relay, &house, &sheet, true).await;
    let kept = client.inbox.snapshots.first().expect("a snapshot");
    assert_eq!(client.inbox.snapshots.len(), 1);
    assert_eq!(SnapshotBody::decode(&kept.body).unwrap().sealed.first(), Some(&2));
    let at = |name| client.inbox.order.iter().position(|message| *message == name).unwrap();
    assert!(at("snapshots") < client.inbox.order.iter().rposition(|message| *message == "records").unwrap());
    let rows = client.inbox.rows.get(&target).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.record.is_some(), row.gone, row.document)).collect();
    let bare = (false, false, Some(document("journal")));
    // The epoch, three batches that it covers, and what came since.
    assert_eq!(seen, [(true, false, None), bare, bare, bare, (true, false, None)]);
    assert_eq!(rows.last().unwrap().id, later);

    // The records, when they are asked for.
    let mut client = client;
    let wanted: Vec<u64> = rows_of(&client, target)[1..4].to_vec();
    client.send(&ClientMessage::Rows(WantedRows { circle: target, rows: wanted })).await;
    let RelayMessage::Rows(page) = client.answer().await else { panic!("no rows") };
    let found: Vec<_> = page.rows.iter().map(|row| row.record.as_ref().unwrap().id()).collect();
    assert_eq!(found, ids);

    // Whoever does not say so is spared nothing, nor is whoever has something of the circle.
    let plain = come(&relay, &house, &sheet, false).await;
    assert!(plain.inbox.snapshots.is_empty());
    assert!(plain.inbox.rows.get(&target).unwrap().iter().all(|row| row.record.is_some()));
    relay.stop().await;
}

fn rows_of(client: &Client, circle: CircleId) -> Vec<u64> {
    client.inbox.rows.get(&circle).unwrap().iter().map(|row| row.n).collect()
}

#[tokio::test]
async fn nobody_hands_in_what_somebody_else_signed_or_asks_for_what_is_not_theirs() {
    let relay = TestRelay::start().await;
    let mut house = Client::new_house(relay.address).await;
    let (director, sheet, target) =
        (house.names.director.clone(), house.names.sheet.clone(), house.names.house);
    let mut desk = Client::member(relay.address, &house, &director).await;
    let mut draft = house.draft();
    let record = draft.batch(&director, target, 100);
    desk.commit(&mut house, draft).await;
    let seq = house.now.header(&director, target).seq - 1;
    let last = LastRecord { device: director.id(), seq, record };

    let mut other = Client::member(relay.address, &house, &sheet).await;
    other.send(&ClientMessage::Snapshot(snapshot(&house, &director, target, last, 1))).await;
    other.send(&ClientMessage::Snapshot(snapshot(&house, &sheet, target, last, 2))).await;
    settle(&mut other).await;
    assert!(come(&relay, &house, &sheet, true).await.inbox.snapshots.is_empty());

    let mut forged = snapshot(&house, &sheet, target, last, 3);
    forged.signature = sheet.sign(b"another context", &forged.header);
    other.send(&ClientMessage::Snapshot(forged)).await;
    assert_eq!(other.bye().await, ByeCode::Malformed);
    for (circle, rows) in
        [(CircleId::new([99; 16]), vec![1]), (target, vec![]), (target, vec![2, 1]), (target, vec![1; 513])]
    {
        let mut other = Client::member(relay.address, &house, &sheet).await;
        other.send(&ClientMessage::Rows(WantedRows { circle, rows })).await;
        assert_eq!(other.bye().await, ByeCode::Malformed);
    }
    relay.stop().await;
}
