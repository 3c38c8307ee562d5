//! A data folder that was put back from a backup: the relay hears of it from what it signed itself, takes back what it lost
//! and nothing else, and goes on once two of the house have said so.

use std::path::Path;

use jiff::civil::Date;
use nestpost_protocol::access;
use nestpost_protocol::erase::{EraseBody, Erased};
use nestpost_protocol::id::{CircleId, Hash, Incarnation, ItemId};
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::restored::{Restored, positions};
use nestpost_protocol::log::{Body, OpenEntry};
use nestpost_protocol::message::{
    Asked, ByeCode, ClientMessage, Cursor, GiveBack, LOG, RecordPage, RefusalCode, RelayMessage, Row,
    SignedPosition, Stands, WantedRows, log_position,
};
use nestpost_protocol::record::{Header, Kind, Position, Record, Sealing, Side};
use nestpost_protocol::retention::{Class, Month};

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
    let mut desk = Client::member(relay.address, &kita.house, &director).await;
    let mut draft = kita.house.draft();
    draft.batch(&director, child, 20);
    let kept = desk.commit(&mut kita.house, draft).await.positions;
    drop(desk);
    let folder = relay.stop().await;
    let backup = tempfile::tempdir().unwrap();
    copy(folder.path(), backup.path());
    let before = kita.house.now.clone();
    let kept = of(&kept, child);

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
                lost: false,
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
    for harmless in [of(&since, private), forged, kept] {
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
    let mut phone = Client::connect(relay.address).await;
    phone.login(kita.house.id(), &parent, &nothing()).await;
    let hidden = stands(&mut phone, kita.house.names.staff, vec![1]).await;
    assert_eq!((hidden.end, hidden.at.len()), (Position::START, 0), "nobody asks about what they do not see");
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
            lost: false,
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

/// The relay's word on places of a circle: whether a record is there, gone, lost.
async fn rows(client: &mut Client, circle: CircleId, wanted: &[u64]) -> Vec<(bool, bool, bool)> {
    client.send(&ClientMessage::Rows(WantedRows { circle, rows: wanted.to_vec() })).await;
    match client.answer().await {
        RelayMessage::Rows(page) => {
            page.rows.iter().map(|row| (row.record.is_some(), row.gone, row.lost)).collect()
        }
        other => panic!("{other:?}"),
    }
}

const HERE: (bool, bool, bool) = (true, false, false);
const GONE: (bool, bool, bool) = (false, true, false);
const LOST: (bool, bool, bool) = (false, true, true);

#[tokio::test]
async fn what_nobody_had_is_brought_later_by_whoever_has_it_unless_it_was_erased_or_expired_meanwhile() {
    let relay = TestRelay::start().await;
    let mut kita = Kita::on(&relay).await;
    let (director, parent) = (kita.director.clone(), kita.parent.clone());
    let (sheet, child) = (kita.house.names.sheet.clone(), kita.child);
    let folder = relay.stop().await;
    let backup = tempfile::tempdir().unwrap();
    copy(folder.path(), backup.path());
    let from = kita.house.now.tails.get(&child).copied().unwrap_or(Position::START).n + 1;

    let relay = TestRelay::start_in(folder, |_| {}).await;
    let mut desk = Client::member(relay.address, &kita.house, &director).await;
    let (mut records, mut signed) = (Vec::new(), Vec::new());
    let long = |header: Header| Header { class: Class::Long, month: Month::NEVER, ..header };
    for name in ["kept", "erased", "expired", "last", "over", "old", "erased"] {
        let mut draft = kita.house.draft();
        let header = Header { document: Some(document(name)), ..draft.header(&director, child) };
        let header = if matches!(name, "expired" | "over") { header } else { long(header) };
        records.push(draft.record(&director, header, vec![7; 40]));
        signed.extend(desk.commit(&mut kita.house, draft).await.positions);
    }
    let erase = |draft: &mut Draft, old: &str, new: &str| {
        let erased = Erased { item: ItemId::new([5; 16]), second: None };
        let header = Header {
            kind: Kind::Erase,
            sealing: Sealing::Clear,
            document: Some(document(old)),
            ..long(draft.header(&director, child))
        };
        let erasure = draft.record(&director, header, EraseBody::new(document(new), vec![erased]).encode());
        let header = Header {
            kind: Kind::Rewrite,
            document: Some(document(new)),
            ..long(draft.header(&director, child))
        };
        [erasure, draft.record(&director, header, vec![4; 100])]
    };
    let mut draft = kita.house.draft();
    records.extend(erase(&mut draft, "old", "anew"));
    signed.extend(desk.commit(&mut kita.house, draft).await.positions);
    // What a parent does not see.
    let staff = kita.house.names.staff;
    let hidden_from = kita.house.now.tails[&staff].n + 1;
    let mut draft = kita.house.draft();
    let header = Header { document: Some(document("staff's")), ..draft.header(&director, staff) };
    let hidden = draft.record(&director, header, vec![7; 40]);
    signed.extend(desk.commit(&mut kita.house, draft).await.positions);
    drop(desk);
    let _ = relay.stop().await;

    let relay = TestRelay::start_in(backup, |_| {}).await;
    let mut desk = Client::connect(relay.address).await;
    desk.login(kita.house.id(), &director, &nothing()).await;
    desk.send(&ClientMessage::Lost(of(&signed, child))).await;
    assert_eq!(desk.bye().await, ByeCode::Busy);
    let mut desk = Client::connect(relay.address).await;
    desk.catch_up(kita.house.id(), &director, nothing()).await;
    let row = |n, record: &Record| Row {
        n,
        id: record.id(),
        record: Some(record.clone()),
        gone: false,
        readers: None,
        document: None,
        lost: false,
    };
    let all: Vec<Row> = (from..).zip(&records).map(|(n, record)| row(n, record)).collect();
    let gone = Row { record: None, gone: true, ..all[5].clone() };
    let spared = |row: &Row| Row { record: None, document: Some(document("a snapshot's")), ..row.clone() };
    let back = GiveBack {
        signed: of(&signed, child),
        from,
        ids: records.iter().map(|record| record.id()).collect(),
        links: vec![],
        entries: vec![],
        rows: [spared(&all[0]), spared(&all[1]), spared(&all[2]), all[3].clone(), all[4].clone(), gone]
            .into_iter()
            .chain(all[6..].iter().cloned())
            .collect(),
    };
    // Of a parent no stub is taken, nor anything that they do not see; of nobody what the relay did not sign.
    let mut phone = Client::connect(relay.address).await;
    phone.catch_up(kita.house.id(), &parent, nothing()).await;
    assert_eq!(give(&mut phone, back.clone()).await.n, from - 1);
    let of_staff = GiveBack {
        signed: of(&signed, staff),
        from: hidden_from,
        ids: vec![hidden.id()],
        rows: vec![row(hidden_from, &hidden)],
        ..back.clone()
    };
    give(&mut phone, of_staff.clone()).await;
    assert_eq!(rows(&mut desk, staff, &[hidden_from]).await, []);
    let mut forged = back.clone();
    forged.signed.signature = of(&signed, staff).signature;
    assert_eq!(give(&mut desk, forged).await.n, from - 1);
    assert_eq!(give(&mut desk, of_staff).await, kita.house.now.tails[&staff]);
    assert_eq!(give(&mut desk, back).await, kita.house.now.tails[&child]);
    let places: Vec<u64> = (from..from + 9).collect();
    let lacks = |places: &[u64]| vec![WantedRows { circle: child, rows: places.to_vec() }];
    let before = [LOST, LOST, LOST, HERE, HERE, GONE, HERE, HERE, HERE];
    assert_eq!(rows(&mut desk, child, &places).await, before);
    desk.receive_until(|inbox| inbox.lacks == lacks(&places[..3])).await;
    let welcome = Client::connect(relay.address).await.login(kita.house.id(), &director, &nothing()).await;
    let draft = agree(&kita.house, &director, &sheet, welcome.incarnation);
    desk.commit(&mut kita.house, draft).await;

    // Documents are what they were: of their class, and replaced.
    let written = |house: &House, name: &str, as_before: bool| {
        let mut draft = house.draft();
        let header = Header { document: Some(document(name)), ..draft.header(&director, child) };
        let header = if as_before { long(header) } else { header };
        draft.record(&director, header, vec![1; 10]);
        draft
    };
    assert_eq!(desk.refusal(&written(&kita.house, "last", false)).await, RefusalCode::Document);
    assert_eq!(desk.refusal(&written(&kita.house, "old", true)).await, RefusalCode::Moved);
    let draft = written(&kita.house, "last", true);
    desk.commit(&mut kita.house, draft).await;

    // One document is written anew, and a month is over.
    let mut draft = kita.house.draft();
    erase(&mut draft, "erased", "rest");
    desk.commit(&mut kita.house, draft).await;
    drop(desk);
    let relay = TestRelay::start_in(relay.stop().await, |_| {}).await;
    relay.clock.set(Date::constant(2028, 11, 1));
    relay.relay.sweep().await.unwrap();

    let mut phone = Client::connect(relay.address).await;
    phone.catch_up(kita.house.id(), &parent, nothing()).await;
    phone.receive_until(|inbox| inbox.lacks == lacks(&places[..3])).await;
    let fill = |rows: Vec<Row>| ClientMessage::Fill(RecordPage { circle: child, rows });
    let wrong = Row { record: all[3].record.clone(), ..all[0].clone() };
    phone.send(&fill(vec![wrong, all[3].clone()])).await;
    let since = [LOST, LOST, LOST, HERE, GONE, GONE, GONE, HERE, HERE];
    assert_eq!(rows(&mut phone, child, &places).await, since);
    phone.send(&fill(all.clone())).await;
    let now = [HERE, GONE, GONE, HERE, GONE, GONE, GONE, HERE, HERE];
    assert_eq!(rows(&mut phone, child, &places).await, now);
    phone.receive_until(|inbox| inbox.lacks.is_empty()).await;

    // So it stays, and its author goes on from their last record.
    let relay = TestRelay::start_in(relay.stop().await, |_| {}).await;
    let mut desk = Client::connect(relay.address).await;
    desk.catch_up(kita.house.id(), &director, nothing()).await;
    assert_eq!(rows(&mut desk, child, &places).await, now);
    assert!(desk.inbox.lacks.is_empty());
    relay.stop().await;
}
