//! A data folder that was put back from a backup: the relay hears of it from what it signed itself, takes back what it lost
//! and nothing else, and goes on once two of the house have said so.

use std::path::Path;

use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, Hash, Incarnation};
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::restored::{Restored, positions};
use nestpost_protocol::log::{Body, OpenEntry};
use nestpost_protocol::message::{
    Asked, ByeCode, ClientMessage, Cursor, GiveBack, LOG, RefusalCode, RelayMessage, Row, SignedPosition,
    Stands, log_position,
};
use nestpost_protocol::record::{Header, Position, Side};

use crate::support::client::nothing;
use crate::support::house::document;
use crate::support::{Client, Device, Draft, House, Kita, TestRelay};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name))
        } else {
            std::fs::copy(&path, to.join(name)).map(|_| ()).unwrap()
        }
    }
}

/// Asks where a chain stands, right after the login.
async fn stands(client: &mut Client, circle: CircleId, at: Vec<u64>) -> Stands {
    client.send(&ClientMessage::Compare(vec![Asked { circle, at }])).await;
    match client.receive().await {
        RelayMessage::Compared(mut stands) => stands.pop().unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn give(client: &mut Client, back: GiveBack) -> Position {
    client.send(&ClientMessage::GiveBack(back)).await;
    match client.answer().await {
        RelayMessage::Given(cursor) => cursor.position,
        other => panic!("{other:?}"),
    }
}

fn agree(house: &House, by: &Device, sheet: &Device, incarnation: Incarnation) -> Draft {
    let visible = access::visible(&house.now.log, &by.id());
    let circles: Vec<Cursor> = visible
        .into_iter()
        .filter_map(|circle| Some(Cursor { circle, position: *house.now.tails.get(&circle)? }))
        .collect();
    let log = house.now.log.head().unwrap();
    let positions = positions(&incarnation, &circles);
    let mut draft = house.draft();
    let body = Restored { incarnation, log, positions, relay: None, origin: None };
    draft.entry_with(by, Body::Restored(body), Some(sheet));
    draft
}

fn of(signed: &[SignedPosition], circle: CircleId) -> SignedPosition {
    *signed.iter().rfind(|signed| signed.claim.circle == circle).unwrap()
}

#[tokio::test]
async fn a_relay_takes_back_what_its_backup_lacks_and_forgets_what_came_before_it_knew() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let (director, parent) = (kita.director.clone(), kita.parent.clone());
    let (sheet, child, private) = (kita.house.names.sheet.clone(), kita.child, kita.private);
    let folder = relay.stop().await;
    let backup = tempfile::tempdir().unwrap();
    copy(folder.path(), backup.path());
    let before = kita.house.now.clone();

    // What the backup does not have: a record, the end of the parent's device, another record.
    let relay = TestRelay::start_in(folder, |_| {}).await;
    let mut desk = Client::member(relay.address, &kita.house, &director).await;
    let mut signed = Vec::new();
    let (mut rows, mut entries): (Vec<Row>, Vec<OpenEntry>) = (Vec::new(), Vec::new());
    for step in 0..3 {
        let mut draft = kita.house.draft();
        if step == 1 {
            draft.entry(&director, Body::DeviceEnd(DeviceEnd { device: parent.id() }));
            draft.epoch(&director, child);
        } else {
            draft.batch(&director, child, 50);
        }
        for (record, n) in draft.frame.records.iter().zip(kita.house.now.tails[&child].n + 1..) {
            let readers = draft.frame.readers.iter().find(|readers| readers.record == record.id());
            let readers = readers.map(|readers| readers.list.clone());
            rows.push(Row {
                n,
                id: record.id(),
                record: Some(record.clone()),
                gone: false,
                readers,
                document: None,
            });
        }
        entries.extend(draft.frame.entries.iter().cloned());
        signed.extend(desk.commit(&mut kita.house, draft).await.positions);
    }
    let (head, end) = (kita.house.now.log.head(), kita.house.now.tails[&child]);
    let welcome_before =
        Client::connect(relay.address).await.login(kita.house.id(), &director, &nothing()).await;
    drop(desk);
    let _ = relay.stop().await;

    // The parent's device is the first to be there, and taken for a member.
    let relay = TestRelay::start_in(backup, |_| {}).await;
    let mut phone = Client::member(relay.address, &kita.house, &parent).await;
    let mut early = House { names: kita.house.names.clone(), now: before.clone() };
    let mut draft = early.draft();
    let side = Side::Person(parent.person);
    let header = Header { side, document: Some(document("note")), ..draft.header(&parent, private) };
    let note = draft.record(&parent, header, vec![7; 30]);
    let since = phone.commit(&mut early, draft).await.positions;
    let mut tablet = Client::member(relay.address, &kita.house, &kita.educator).await;
    let mut draft = early.draft();
    draft.batch(&kita.educator, child, 30);
    tablet.commit(&mut early, draft).await;

    let mut desk = Client::connect(relay.address).await;
    let welcome = desk.login(kita.house.id(), &director, &nothing()).await;
    assert_eq!((welcome.incarnation, welcome.log), (welcome_before.incarnation, before.log.head()));
    // Of what it has, and of what another start signed, it learns nothing new.
    let here = stands(&mut desk, child, vec![1, 2, 99]).await;
    assert_eq!((here.end.n, here.at.len()), (before.tails[&child].n + 1, 2));
    let mut forged = of(&signed, child);
    forged.claim.n += 1;
    for harmless in [of(&since, private), forged] {
        let mut other = Client::connect(relay.address).await;
        other.login(kita.house.id(), &director, &nothing()).await;
        other.send(&ClientMessage::Lost(harmless)).await;
        assert_eq!(other.bye().await, ByeCode::Busy);
        let again = Client::connect(relay.address).await.login(kita.house.id(), &director, &nothing()).await;
        assert_eq!(again.incarnation, welcome.incarnation, "nothing happens");
    }
    desk.send(&ClientMessage::Lost(of(&signed, LOG))).await;
    assert_eq!(desk.bye().await, ByeCode::Busy);
    assert_eq!(phone.bye().await, ByeCode::Busy, "all lines end");

    let mut desk = Client::connect(relay.address).await;
    let welcome = desk.login(kita.house.id(), &director, &nothing()).await;
    assert_ne!(welcome.incarnation, welcome_before.incarnation);
    let gone = stands(&mut desk, private, vec![]).await;
    assert_eq!(Some(gone.end), before.tails.get(&private).copied().or(Some(Position::START)));
    desk.send(&ClientMessage::Cursors(nothing())).await;
    desk.receive_until(|inbox| inbox.synced.is_some()).await;
    let mut late = early.draft();
    late.batch(&director, child, 30);
    assert_eq!(desk.refusal(&late).await, RefusalCode::Elsewhere);

    // What the parent's device was given in between is no history of this house.
    let tail = before.tails.get(&private).copied().unwrap_or(Position::START);
    let row = note;
    let back = GiveBack {
        signed: of(&since, private),
        from: tail.n + 1,
        ids: vec![row.id()],
        links: vec![],
        entries: vec![],
        rows: vec![Row {
            n: tail.n + 1,
            id: row.id(),
            record: Some(row),
            gone: false,
            readers: None,
            document: None,
        }],
    };
    assert_eq!(give(&mut desk, back).await, tail);

    let from = before.tails[&child].n + 1;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let records = GiveBack {
        signed: of(&signed, child),
        from,
        ids: ids.clone(),
        links: vec![],
        entries: vec![],
        rows: rows.clone(),
    };
    // Its author names a log that is not here yet.
    assert_eq!(give(&mut desk, records.clone()).await.n, from);
    let links =
        (before.log.len()..kita.house.now.log.len()).map(|seq| *kita.house.now.log.link(seq).unwrap());
    let log = GiveBack {
        signed: of(&signed, LOG),
        from: 0,
        ids: vec![],
        links: links.collect(),
        entries,
        rows: vec![],
    };
    let mut another = log.clone();
    another.links[0].commitment = Hash::new([1; 32]);
    assert_eq!(give(&mut desk, another).await, log_position(&before.log));
    assert_eq!(give(&mut desk, log).await, log_position(&kita.house.now.log));
    let mut another = records.clone();
    another.rows[1].record = rows[0].record.clone();
    assert_eq!(give(&mut desk, another).await.n, from);
    assert_eq!(give(&mut desk, records).await, end);

    // It survives a restart; the device that was ended is out, and two end the waiting.
    drop(desk);
    let relay = TestRelay::start_in(relay.stop().await, |_| {}).await;
    let mut phone = Client::connect(relay.address).await;
    let hello = phone.hello(kita.house.id(), &parent, &nothing());
    phone.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(phone.bye().await, ByeCode::Ended);
    let mut desk = Client::connect(relay.address).await;
    let welcome = desk.catch_up(kita.house.id(), &director, nothing()).await;
    assert_eq!(welcome.log, head);
    assert_eq!(desk.inbox.rows[&child].len() as u64, end.n);
    let draft = agree(&kita.house, &director, &sheet, welcome.incarnation);
    desk.commit(&mut kita.house, draft).await;
    let mut draft = kita.house.draft();
    draft.batch(&director, child, 30);
    desk.commit(&mut kita.house, draft).await;
    // The educator's record of the time in between never was.
    let mut tablet = Client::member(relay.address, &kita.house, &kita.educator).await;
    let mut draft = kita.house.draft();
    draft.batch(&kita.educator, child, 30);
    tablet.commit(&mut kita.house, draft).await;
}
