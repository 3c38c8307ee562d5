//! Snapshots: what a relay keeps beside the records.

use nestpost_protocol::codec::{Bytes, encode};
use nestpost_protocol::erase::Erased;
use nestpost_protocol::id::*;
use nestpost_protocol::record::{Header, Kind, Position, Record, Side};
use nestpost_protocol::retention::{Class, Month, expiry};
use nestpost_protocol::snapshot::{LastRecord, SnapshotBody};

use super::{Case, Given, Input};
use crate::house::*;

/// A snapshot as such.
pub fn sample(kita: &Kita) -> Record {
    let made_up = LastRecord { device: kita.ben.id(), seq: 3, record: RecordId::new([1; 32]) };
    let list = |last: &mut Vec<LastRecord>| last.push(made_up);
    snapshot_with(&kita.house, &kita.ben, kita.child, 2, Side::Staff, list, |_| {})
}

/// A snapshot that names what the house has.
fn snapshot(house: &House, author: &Key, circle: CircleId, number: u64, side: Side) -> Record {
    snapshot_with(house, author, circle, number, side, |_| {}, |_| {})
}

fn snapshot_with(
    house: &House,
    author: &Key,
    circle: CircleId,
    number: u64,
    side: Side,
    list: impl FnOnce(&mut Vec<LastRecord>),
    change: impl FnOnce(&mut Header),
) -> Record {
    let mut last: Vec<LastRecord> =
        house.written(&document(number)).into_iter().map(|written| written.last).collect();
    list(&mut last);
    let body = encode(&SnapshotBody { last, sealed: Bytes::from(b"sealed".to_vec()) });
    house.desk().record(author, circle, side, body, |header| {
        header.kind = Kind::Snapshot;
        header.document = Some(document(number));
        header.seq = 1;
        header.prev = None;
        change(header);
    })
}

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    let (ben, anna, cem, circle) = (&kita.ben, &kita.anna, &kita.cem, kita.private_cem);
    let side = Side::Person(person(4));
    let mut house = kita.house.clone();
    let mut case = |house: &House, name: &str, record: Record, expect: &str| {
        let given = Given::Frames(house.frames[kita.house.frames.len()..].to_vec());
        let (name, input) = (format!("snapshot-{name}"), Input::Snapshot(record));
        cases.push(Case { name, given, input, expect: expect.to_owned() });
    };
    let mut desk = house.desk();
    desk.epoch(cem, circle).batch(cem, circle, 1, |_| {}).batch(cem, circle, 1, |_| {});
    desk.batch(ben, kita.child, 2, |_| {}).batch(anna, kita.child, 2, |_| {});
    house.submit(desk.done()).unwrap();
    let child = |list: &dyn Fn(&mut Vec<LastRecord>), change: &dyn Fn(&mut Header)| {
        snapshot_with(&house, ben, kita.child, 2, Side::Staff, list, change)
    };
    case(&house, "by-staff", snapshot(&house, ben, circle, 1, side), "ok");
    case(&house, "by-its-side", snapshot(&house, cem, circle, 1, side), "ok");
    case(&house, "of-staff", child(&|_| {}, &|_| {}), "ok");
    case(&house, "by-another-guardian", snapshot(&house, &kita.dana, circle, 1, side), "NotAllowed");
    case(&house, "of-staff-by-guardian", snapshot(&house, cem, kita.child, 2, Side::Staff), "NotAllowed");
    case(&house, "by-stranger", snapshot(&house, &Key::new(60), circle, 1, side), "NotAllowed");
    case(&house, "device-left-out", child(&|last| last.truncate(1), &|_| {}), "Document");
    case(
        &house,
        "device-made-up",
        child(
            &|last| {
                last[0].device = cem.id();
                last.sort_unstable();
            },
            &|_| {},
        ),
        "Document",
    );
    case(&house, "record-older", child(&|last| last[0].record = RecordId::new([1; 32]), &|_| {}), "Document");
    case(&house, "seq-ahead", child(&|last| last[0].seq += 1, &|_| {}), "Document");
    case(&house, "devices-unsorted", child(&|last| last.reverse(), &|_| {}), "Malformed");
    case(&house, "devices-none", child(&|last| last.clear(), &|_| {}), "Malformed");
    case(&house, "covers-nothing", child(&|_| {}, &|h| h.seen = Position::START), "Fork");
    let never = Position { n: 1, acc: Accumulator::new([9; 32]) };
    case(&house, "covers-another-history", child(&|_| {}, &|h| h.seen = never), "Fork");
    let early = kita.house.tails[&kita.child];
    case(&house, "covers-too-little", child(&|_| {}, &|h| h.seen = early), "Document");
    case(
        &house,
        "of-nothing",
        snapshot_with(
            &house,
            ben,
            kita.child,
            9,
            Side::Staff,
            |last| {
                last.push(LastRecord { device: ben.id(), seq: 1, record: RecordId::new([1; 32]) });
            },
            |_| {},
        ),
        "Document",
    );
    case(&house, "in-another-circle", snapshot(&house, ben, kita.child, 1, side), "Document");
    let year = expiry(Class::Year, MONTH);
    case(&house, "other-class", child(&|_| {}, &|h| (h.class, h.month) = (Class::Year, year)), "Document");
    case(&house, "month-over", child(&|_| {}, &|h| h.month = Month::new(2026, 8)), "Document");
    case(&house, "old-epoch", child(&|_| {}, &|h| h.epoch = 7), "Epoch");
    case(&house, "of-another-kind", child(&|_| {}, &|h| h.kind = Kind::Batch), "Malformed");
    // Somebody has written since.
    let before = child(&|_| {}, &|_| {});
    let mut later = house.clone();
    let mut desk = later.desk();
    desk.batch(ben, kita.child, 2, |_| {});
    later.submit(desk.done()).unwrap();
    case(&later, "overtaken", before.clone(), "Document");
    let mut later = house.clone();
    let mut desk = later.desk();
    let items = vec![Erased { item: item(1), second: None }];
    desk.erase(ben, kita.child, (2, 5), items, |_| {});
    later.submit(desk.done()).unwrap();
    case(&later, "of-replaced", before.clone(), "Moved");
    let mut later = house.clone();
    let mut desk = later.desk();
    desk.batch(ben, kita.child, 3, |_| {});
    later.submit(desk.done()).unwrap();
    case(&later, "overtaken-elsewhere", before, "ok");
    let mut cut = child(&|_| {}, &|_| {});
    cut.body = cut.body[..cut.body.len() - 1].to_vec().into();
    case(&house, "cut", cut, "Malformed");
}
