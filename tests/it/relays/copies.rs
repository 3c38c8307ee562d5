//! Of a relay that was put back from a backup: what it takes back, from whom, and how it goes on.

use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::erase::{EraseBody, Erased};
use nestpost_protocol::id::{CircleId, Hash, Incarnation, ItemId, Nonce};
use nestpost_protocol::label;
use nestpost_protocol::log::entry::cosign_input;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::restored::{Restored, positions};
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, Cosignature, OpenEntry};
use nestpost_protocol::message::{
    Asked, ByeCode, ClientMessage, Cursor, GiveBack, LOG, RecordPage, RefusalCode, RelayMessage, Row,
    SignedPosition, Stands, WantedRows, Word, log_position,
};
use nestpost_protocol::record::{Header, Kind, Position, Record, Sealing, Side};
use nestpost_protocol::retention::{Class, Month};

use super::place::Place;
use super::support::client::nothing;
use super::support::house::document;
use super::support::{Client, Device, Draft, House, Kita};

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

fn restored(house: &House, by: &Device, incarnation: Incarnation) -> Restored {
    let visible = access::visible(&house.now.log, &by.id());
    let circles: Vec<Cursor> = visible
        .into_iter()
        .filter_map(|circle| Some(Cursor { circle, position: *house.now.tails.get(&circle)? }))
        .collect();
    let log = house.now.log.head().unwrap();
    let positions = positions(&incarnation, &circles);
    Restored { incarnation, log, positions, relay: None, origin: None }
}

fn agree(house: &House, by: &Device, second: &Device, incarnation: Incarnation) -> Draft {
    let mut draft = house.draft();
    draft.entry_with(by, Body::Restored(restored(house, by, incarnation)), Some(second));
    draft
}

fn of(signed: &[SignedPosition], circle: CircleId) -> SignedPosition {
    *signed.iter().rfind(|signed| signed.claim.circle == circle).unwrap()
}

fn row(n: u64, record: &Record) -> Row {
    let record = record.clone();
    Row { n, id: record.id(), record: Some(record), gone: false, readers: None, document: None, lost: false }
}

/// Shows the relay what it signed, and comes back.
async fn show(address: std::net::SocketAddr, house: &House, by: &Device, lost: SignedPosition) -> Client {
    let mut client = Client::connect(address).await;
    client.login(house.id(), by, &nothing()).await;
    client.send(&ClientMessage::Lost(lost)).await;
    assert_eq!(client.bye().await, ByeCode::Busy);
    let mut client = Client::connect(address).await;
    client.catch_up(house.id(), by, nothing()).await;
    client
}

pub(super) async fn taken_back<P: Place>() {
    let place = P::start().await;
    let mut kita = Kita::at(place.address()).await;
    let (director, parent) = (kita.director.clone(), kita.parent.clone());
    let (sheet, child, private) = (kita.house.names.sheet.clone(), kita.child, kita.private);
    let mut draft = kita.house.draft();
    draft.batch(&director, child, 20);
    let kept = of(&kita.desk.commit(&mut kita.house, draft).await.positions, child);
    let (place, backup) = place.copied().await;
    let before = kita.house.now.clone();

    // What the backup does not have: a record, the end of the parent's device, another record.
    let mut desk = Client::member(place.address(), &kita.house, &director).await;
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
            rows.push(Row { readers, ..row(n, record) });
        }
        entries.extend(draft.frame.entries.iter().cloned());
        signed.extend(desk.commit(&mut kita.house, draft).await.positions);
    }
    let (head, end) = (kita.house.now.log.head(), kita.house.now.tails[&child]);
    let before_it =
        Client::connect(place.address()).await.login(kita.house.id(), &director, &nothing()).await;

    // The parent's device is the first to be there, and taken for a member.
    let place = place.put_back(backup).await;
    let mut phone = Client::member(place.address(), &kita.house, &parent).await;
    let mut early = House { names: kita.house.names.clone(), now: before.clone() };
    let mut draft = early.draft();
    let side = Side::Person(parent.person);
    let header = Header { side, document: Some(document("note")), ..draft.header(&parent, private) };
    let note = draft.record(&parent, header, vec![7; 30]);
    let since = phone.commit(&mut early, draft).await.positions;

    let mut desk = Client::connect(place.address()).await;
    let welcome = desk.login(kita.house.id(), &director, &nothing()).await;
    assert_eq!((welcome.incarnation, welcome.log), (before_it.incarnation, before.log.head()));
    let here = stands(&mut desk, child, vec![1, 2, 99]).await;
    assert_eq!((here.end, here.at.len()), (before.tails[&child], 2));
    // Of what it has, of what it never signed, and of what it signed since it started, it learns nothing new.
    let mut forged = of(&signed, child);
    forged.claim.n += 1;
    for harmless in [of(&since, private), forged, kept] {
        let mut other = Client::connect(place.address()).await;
        other.login(kita.house.id(), &director, &nothing()).await;
        other.send(&ClientMessage::Lost(harmless)).await;
        assert_eq!(other.bye().await, ByeCode::Busy);
        let again =
            Client::connect(place.address()).await.login(kita.house.id(), &director, &nothing()).await;
        assert_eq!(again.incarnation, welcome.incarnation, "nothing happens");
    }
    desk.send(&ClientMessage::Lost(of(&signed, LOG))).await;
    assert_eq!(desk.bye().await, ByeCode::Busy);
    assert_eq!(phone.bye().await, ByeCode::Busy, "all lines end");

    let mut desk = Client::connect(place.address()).await;
    let welcome = desk.login(kita.house.id(), &director, &nothing()).await;
    assert_ne!(welcome.incarnation, before_it.incarnation);
    let mut phone = Client::connect(place.address()).await;
    phone.login(kita.house.id(), &parent, &nothing()).await;
    let hidden = stands(&mut phone, kita.house.names.staff, vec![1]).await;
    assert_eq!((hidden.end, hidden.at.len()), (Position::START, 0), "nobody asks about what they do not see");
    let tail = before.tails.get(&private).copied().unwrap_or(Position::START);
    assert_eq!(stands(&mut desk, private, vec![]).await.end, tail, "what came in between is gone");
    desk.send(&ClientMessage::Cursors(nothing())).await;
    desk.receive_until(|inbox| inbox.synced.is_some()).await;
    let mut late = House { names: kita.house.names.clone(), now: before.clone() }.draft();
    late.batch(&director, child, 30);
    assert_eq!(desk.refusal(&late).await, RefusalCode::Elsewhere);

    // What the parent's device was given in between is no history of this house.
    let back = GiveBack {
        signed: of(&since, private),
        from: tail.n + 1,
        ids: vec![note.id()],
        links: vec![],
        entries: vec![],
        rows: vec![row(tail.n + 1, &note)],
    };
    assert_eq!(give(&mut desk, back).await, tail);
    let from = before.tails[&child].n + 1;
    let records = GiveBack {
        signed: of(&signed, child),
        from,
        ids: rows.iter().map(|row| row.id).collect(),
        links: vec![],
        entries: vec![],
        rows: rows.clone(),
    };
    // The author of the second names a log that is not here yet.
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
    another.rows[1].record.clone_from(&rows[0].record);
    assert_eq!(give(&mut desk, another).await.n, from);
    assert_eq!(give(&mut desk, records).await, end);

    // It survives a restart; the device that was ended is out, and two end the waiting.
    let place = place.again().await;
    let mut phone = Client::connect(place.address()).await;
    let hello = phone.hello(kita.house.id(), &parent, &nothing());
    phone.send(&ClientMessage::Hello(hello)).await;
    assert_eq!(phone.bye().await, ByeCode::Ended);
    let mut desk = Client::connect(place.address()).await;
    let welcome = desk.catch_up(kita.house.id(), &director, nothing()).await;
    assert_eq!(welcome.log, head);
    assert_eq!(desk.inbox.rows[&child].len() as u64, end.n);
    let draft = agree(&kita.house, &director, &sheet, welcome.incarnation);
    desk.commit(&mut kita.house, draft).await;
    let mut draft = kita.house.draft();
    draft.batch(&director, child, 30);
    desk.commit(&mut kita.house, draft).await;
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

fn long(header: Header) -> Header {
    Header { class: Class::Long, month: Month::NEVER, ..header }
}

/// A document is written anew under another id.
fn erase(draft: &mut Draft, by: &Device, circle: CircleId, old: &str, new: &str) -> [Record; 2] {
    let erased = Erased { item: ItemId::new([5; 16]), second: None };
    let header = Header {
        kind: Kind::Erase,
        sealing: Sealing::Clear,
        document: Some(document(old)),
        ..long(draft.header(by, circle))
    };
    let erasure = draft.record(by, header, EraseBody::new(document(new), vec![erased]).encode());
    let header =
        Header { kind: Kind::Rewrite, document: Some(document(new)), ..long(draft.header(by, circle)) };
    [erasure, draft.record(by, header, vec![4; 100])]
}

pub(super) async fn brought<P: Place>() {
    let place = P::start().await;
    let mut kita = Kita::at(place.address()).await;
    let (director, parent) = (kita.director.clone(), kita.parent.clone());
    let (sheet, child) = (kita.house.names.sheet.clone(), kita.child);
    let (place, backup) = place.copied().await;
    let from = kita.house.now.tails.get(&child).copied().unwrap_or(Position::START).n + 1;

    let mut desk = Client::member(place.address(), &kita.house, &director).await;
    let (mut records, mut signed) = (Vec::new(), Vec::new());
    for name in ["kept", "erased", "last", "old"] {
        let mut draft = kita.house.draft();
        let header = long(Header { document: Some(document(name)), ..draft.header(&director, child) });
        records.push(draft.record(&director, header, vec![7; 40]));
        signed.extend(desk.commit(&mut kita.house, draft).await.positions);
    }
    let mut draft = kita.house.draft();
    records.extend(erase(&mut draft, &director, child, "old", "anew"));
    signed.extend(desk.commit(&mut kita.house, draft).await.positions);

    let place = place.put_back(backup).await;
    let mut desk = show(place.address(), &kita.house, &director, of(&signed, child)).await;
    let all: Vec<Row> = (from..).zip(&records).map(|(n, record)| row(n, record)).collect();
    let spared = |row: &Row| Row { record: None, document: Some(document("a snapshot's")), ..row.clone() };
    let gone = Row { record: None, gone: true, ..all[3].clone() };
    let back = GiveBack {
        signed: of(&signed, child),
        from,
        ids: records.iter().map(Record::id).collect(),
        links: vec![],
        entries: vec![],
        rows: [spared(&all[0]), spared(&all[1]), all[2].clone(), gone, all[4].clone(), all[5].clone()].into(),
    };
    // Of a parent no stub is taken; of nobody what the relay did not sign.
    let mut phone = Client::connect(place.address()).await;
    phone.catch_up(kita.house.id(), &parent, nothing()).await;
    assert_eq!(give(&mut phone, back.clone()).await.n, from - 1);
    let mut forged = back.clone();
    forged.signed.claim.n += 1;
    assert_eq!(give(&mut desk, forged).await.n, from - 1);
    assert_eq!(give(&mut desk, back).await, kita.house.now.tails[&child]);
    let places: Vec<u64> = (from..from + 6).collect();
    let lacks = vec![WantedRows { circle: child, rows: places[..2].to_vec() }];
    assert_eq!(rows(&mut desk, child, &places).await, [LOST, LOST, HERE, GONE, HERE, HERE]);
    desk.receive_until(|inbox| inbox.lacks == lacks).await;
    let life = Client::connect(place.address()).await.login(kita.house.id(), &director, &nothing()).await;
    let draft = agree(&kita.house, &director, &sheet, life.incarnation);
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
    // Another document goes, whose lost record its place still waits for.
    let mut draft = kita.house.draft();
    let header = long(Header { document: Some(document("erased")), ..draft.header(&director, child) });
    draft.record(&director, header, vec![7; 40]);
    desk.commit(&mut kita.house, draft).await;
    let mut draft = kita.house.draft();
    erase(&mut draft, &director, child, "erased", "rest");
    desk.commit(&mut kita.house, draft).await;

    let place = place.again().await;
    let mut phone = Client::connect(place.address()).await;
    phone.catch_up(kita.house.id(), &parent, nothing()).await;
    phone.receive_until(|inbox| inbox.lacks == lacks).await;
    let fill = |rows: Vec<Row>| ClientMessage::Fill(RecordPage { circle: child, rows });
    let wrong = Row { record: all[2].record.clone(), ..all[0].clone() };
    phone.send(&fill(vec![wrong, all[2].clone()])).await;
    assert_eq!(rows(&mut phone, child, &places).await, [LOST, LOST, HERE, GONE, HERE, HERE]);
    phone.send(&fill(all)).await;
    assert_eq!(rows(&mut phone, child, &places).await, [HERE, GONE, HERE, GONE, HERE, HERE]);
    phone.receive_until(|inbox| inbox.lacks.is_empty()).await;
    // So it stays.
    let place = place.again().await;
    let mut desk = Client::connect(place.address()).await;
    desk.catch_up(kita.house.id(), &director, nothing()).await;
    assert_eq!(rows(&mut desk, child, &places).await, [HERE, GONE, HERE, GONE, HERE, HERE]);
    assert!(desk.inbox.lacks.is_empty());
}

fn word(house: &House, by: &Device, body: &Restored) -> Vec<Word> {
    let (kind, bytes) = Body::Restored(body.clone()).encode();
    let nonce = Nonce::new(codec::sha256(&[b"nonce"]));
    let signature = by.sign(label::COSIGN, &cosign_input(house.now.log.house(), kind, &bytes, nonce));
    vec![Word { body: body.clone(), cosignature: Cosignature { device: by.id(), nonce, signature }, at: 7 }]
}

pub(super) async fn words<P: Place>() {
    let place = P::start().await;
    let mut kita = Kita::at(place.address()).await;
    let (director, second) = (kita.director.clone(), Device::of("second", "second"));
    kita.house.admit(&mut kita.desk, place.address(), &second, Role::Director).await;
    let (place, backup) = place.copied().await;
    let before = kita.house.now.clone();
    let mut desk = Client::member(place.address(), &kita.house, &director).await;
    let mut draft = kita.house.draft();
    draft.batch(&director, kita.child, 10);
    let signed = desk.commit(&mut kita.house, draft).await.positions;
    // The house goes on without it: nobody gives it back.
    let place = place.put_back(backup).await;
    kita.house.now = before;
    let mut desk = show(place.address(), &kita.house, &director, of(&signed, kita.child)).await;
    let address = place.address();
    let life = Client::connect(address).await.login(kita.house.id(), &director, &nothing()).await.incarnation;
    let member = async |device: &Device| {
        let mut client = Client::connect(address).await;
        client.catch_up(kita.house.id(), device, nothing()).await;
        client
    };
    let (mut office, mut tablet) = (member(&second).await, member(&kita.educator).await);
    let body = restored(&kita.house, &director, life);
    let said = word(&kita.house, &director, &body);
    desk.send(&ClientMessage::Words(said.clone())).await;
    office.receive_until(|inbox| inbox.words == said).await;
    desk.receive_until(|inbox| inbox.words == said).await;
    let mut late = member(&second).await;
    late.receive_until(|inbox| inbox.words == said).await;
    tablet.ticket().await;
    assert!(tablet.inbox.words.is_empty(), "directors only");

    // Taken back; and what is not of this copy, or not a director's, is not shown.
    desk.send(&ClientMessage::Words(vec![])).await;
    office.receive_until(|inbox| inbox.words.is_empty()).await;
    let other = Restored { positions: Hash::new([1; 32]), ..body.clone() };
    desk.send(&ClientMessage::Words(word(&kita.house, &director, &other))).await;
    tablet.send(&ClientMessage::Words(word(&kita.house, &kita.educator, &body))).await;
    tablet.ticket().await;
    desk.send(&ClientMessage::Words(said.clone())).await;
    office.receive_until(|inbox| !inbox.words.is_empty()).await;
    assert_eq!(office.inbox.words, said);
    // Nobody says it for somebody else, nor twice.
    let twice = [word(&kita.house, &second, &body), word(&kita.house, &second, &body)].concat();
    for wrong in [said.clone(), twice] {
        let mut other = member(&second).await;
        other.send(&ClientMessage::Words(wrong)).await;
        assert_eq!(other.bye().await, ByeCode::Malformed);
    }
    // What the first one saw counts, whatever the second one sees.
    let mut draft = kita.house.draft();
    draft.entry_with(&second, Body::Restored(body), Some(&director));
    office.commit(&mut kita.house, draft).await;
    desk.receive_until(|inbox| inbox.words.is_empty()).await;
    let mut draft = kita.house.draft();
    draft.batch(&director, kita.child, 10);
    desk.commit(&mut kita.house, draft).await;
}
