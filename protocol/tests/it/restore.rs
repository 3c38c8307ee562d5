//! What a relay takes back that lost it, rule by rule.

use nestpost_protocol::id::*;
use nestpost_protocol::limit;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::restored::Word;
use nestpost_protocol::log::{Body, Cosignature};
use nestpost_protocol::message::{GiveBack, LOG, PositionClaim, Row, SignedPosition, log_position};
use nestpost_protocol::record::{Header, LogHead, Position, Record};
use nestpost_protocol::{codec, label, restore};

use crate::house::*;

/// A house, and what a relay lost of it: three records of the child's circle, an epoch among them, and the entry that asks for it.
struct Lost {
    kita: Kita,
    now: House,
    rows: Vec<Row>,
}

fn lost() -> Lost {
    let kita = Kita::new();
    let mut now = kita.house.clone();
    let from = now.frames.len();
    for step in 0..3 {
        let mut desk = now.desk();
        if step == 1 {
            desk.say(&kita.anna, &Body::DeviceEnd(DeviceEnd { device: kita.dana.id() }));
            desk.epoch(&kita.anna, kita.child);
        } else {
            desk.batch(&kita.anna, kita.child, 60 + step, |_| {});
        }
        now.submit(desk.done()).unwrap();
    }
    let mut rows = Vec::new();
    for frame in &now.frames[from..] {
        for record in &frame.records {
            let list = frame.readers.iter().find(|readers| readers.record == record.id());
            let n = kita.house.tails[&kita.child].n + 1 + rows.len() as u64;
            rows.push(row(n, record, list.map(|readers| readers.list.clone())));
        }
    }
    assert_eq!(rows.len(), 3);
    Lost { kita, now, rows }
}

fn row(n: u64, record: &Record, readers: Option<nestpost_protocol::epoch::ReaderList>) -> Row {
    Row {
        n,
        id: record.id(),
        record: Some(record.clone()),
        gone: false,
        readers,
        document: None,
        lost: false,
    }
}

/// The signature is asked for before.
fn signed(house: &House, circle: CircleId, position: Position) -> SignedPosition {
    let (incarnation, start) = (Incarnation::new([1; 16]), None);
    let Position { n, acc } = position;
    let claim = PositionClaim { house: house.id(), incarnation, circle, n, acc, start };
    SignedPosition { claim, signature: Signature::new([0; 64]) }
}

impl Lost {
    fn log(&self) -> GiveBack {
        let from = self.kita.house.log.len();
        GiveBack {
            signed: signed(&self.now, LOG, log_position(&self.now.log)),
            from: 0,
            ids: Vec::new(),
            links: (from..self.now.log.len()).map(|seq| *self.now.log.link(seq).unwrap()).collect(),
            entries: self.now.entries[self.kita.house.entries.len()..].to_vec(),
            rows: Vec::new(),
        }
    }

    fn records(&self) -> GiveBack {
        self.of(self.rows.clone())
    }

    /// What a relay may have signed.
    fn of(&self, rows: Vec<Row>) -> GiveBack {
        let tail = self.kita.house.tails[&self.kita.child];
        let ids: Vec<RecordId> = rows.iter().map(|row| row.id).collect();
        let end = ids.iter().fold(tail, |position, id| position.next(id));
        let signed = signed(&self.now, self.kita.child, end);
        GiveBack { signed, from: tail.n + 1, ids, links: Vec::new(), entries: Vec::new(), rows }
    }

    fn entries_taken(&self, back: &GiveBack) -> usize {
        let (log, taken) = back.log(&self.kita.house.log);
        assert_eq!(log.len(), self.kita.house.log.len() + taken.len() as u64);
        taken.len()
    }

    fn rows_taken(&self, back: &GiveBack, by_staff: bool) -> usize {
        let tail = self.kita.house.tails[&self.kita.child];
        back.records(&self.now.log, &self.kita.house.epochs, tail, by_staff).1.len()
    }
}

#[test]
fn entries_are_taken_on_the_way_to_what_the_relay_signed_and_no_others() {
    let lost = lost();
    let right = lost.log();
    let all = right.entries.len();
    assert_eq!((all, lost.entries_taken(&right)), (1, 1));
    let wrong = |change: fn(&mut GiveBack)| {
        let mut back = right.clone();
        change(&mut back);
        lost.entries_taken(&back)
    };
    assert_eq!(wrong(|back| back.signed.claim.circle = CircleId::new([1; 16])), 0, "another chain's end");
    assert_eq!(wrong(|back| back.signed.claim.n += 1), 0);
    assert_eq!(wrong(|back| back.signed.claim.acc = Accumulator::new([1; 32])), 0);
    assert_eq!(wrong(|back| back.links[0].commitment = Hash::new([1; 32])), 0);
    assert_eq!(wrong(|back| back.ids = vec![RecordId::new([1; 32]); limit::GIVEN_BACK_MAX + 1]), 0);
    assert_eq!(
        wrong(|back| back.ids = vec![RecordId::new([1; 32]); limit::GIVEN_BACK_MAX]),
        1,
        "at the limit"
    );
    assert_eq!(wrong(|back| back.entries[0].salt = Salt::new([1; 32])), 0, "committed to by another link");
    // What the relay still has may come before it.
    let mut more = right.clone();
    more.entries.insert(0, lost.kita.house.entries.last().unwrap().clone());
    more.links.insert(0, *lost.kita.house.log.link(lost.kita.house.log.len() - 1).unwrap());
    assert_eq!(lost.entries_taken(&more), 1);
}

#[test]
fn links_between_two_entries_are_not_left_out() {
    let lost = lost();
    let mut now = lost.kita.house.clone();
    for device in [&lost.kita.dana, &lost.kita.cem, &lost.kita.tablet] {
        now.say(&lost.kita.anna, &Body::DeviceEnd(DeviceEnd { device: device.id() }));
    }
    let later = Lost { kita: lost.kita, now, rows: Vec::new() };
    let mut back = later.log();
    assert_eq!(later.entries_taken(&back), 3);
    back.links.remove(1);
    back.entries.truncate(1);
    assert_eq!(later.entries_taken(&back), 0);
}

#[test]
fn an_entry_that_the_rules_do_not_allow_is_not_taken_although_the_relay_signed_it() {
    let lost = lost();
    let ends = Body::DeviceEnd(DeviceEnd { device: lost.kita.ben.id() });
    let entry = lost.kita.house.draft(&lost.kita.cem, &ends, &[], |_| {});
    let link = entry.link().unwrap();
    let end = Position { n: link.seq + 1, acc: Accumulator::new(*link.hash().as_bytes()) };
    let mut back = lost.log();
    back.signed = signed(&lost.now, LOG, end);
    (back.links, back.entries) = (vec![link], vec![entry]);
    assert_eq!(lost.entries_taken(&back), 0);
}

#[test]
fn records_are_taken_in_their_places_on_the_way_to_what_the_relay_signed() {
    let lost = lost();
    let right = lost.records();
    assert_eq!(lost.rows_taken(&right, false), 3);
    let wrong = |change: &dyn Fn(&mut GiveBack)| {
        let mut back = right.clone();
        change(&mut back);
        lost.rows_taken(&back, true)
    };
    assert_eq!(wrong(&|back| back.signed.claim.n += 1), 0);
    assert_eq!(wrong(&|back| back.signed.claim.acc = Accumulator::new([1; 32])), 0);
    assert_eq!(wrong(&|back| back.from += 1), 0, "ids begin elsewhere");
    assert_eq!(wrong(&|back| back.rows[1].id = RecordId::new([1; 32])), 1);
    assert_eq!(wrong(&|back| back.rows[1].n += 1), 1);
    assert_eq!(wrong(&|back| back.rows[2].record = back.rows[0].record.clone()), 2, "other bytes");
    assert_eq!(wrong(&|back| back.rows[1].readers = None), 1, "an epoch without its readers");
    let other = lost.kita.house.frames[0].readers[0].list.clone();
    assert_eq!(wrong(&|back| back.rows[1].readers = Some(other.clone())), 1, "or with others");
    assert_eq!(
        wrong(&|back| back.links = vec![*lost.now.log.link(0).unwrap(); limit::GIVEN_BACK_MAX + 1]),
        0
    );
    // What the relay has by now is passed over.
    let mut from_before = right.clone();
    from_before.from -= 1;
    from_before.ids.insert(0, RecordId::new([9; 32]));
    assert_eq!(lost.rows_taken(&from_before, false), 3);
}

#[test]
fn a_stub_is_taken_from_staff_alone_and_so_is_a_row_that_they_were_spared() {
    let lost = lost();
    let mut back = lost.records();
    let is_lost = |back: &GiveBack| {
        let Lost { kita: Kita { house, child, .. }, now, .. } = &lost;
        let (_, taken) = back.records(&now.log, &house.epochs, house.tails[child], true);
        taken.first().map(|back| (back.record.is_some(), back.lost))
    };
    assert_eq!(is_lost(&back), Some((true, false)));
    back.rows[0].record = None;
    assert_eq!((lost.rows_taken(&back, true), lost.rows_taken(&back, false)), (0, 0), "it is not gone");
    back.rows[0].gone = true;
    assert_eq!((lost.rows_taken(&back, true), lost.rows_taken(&back, false)), (3, 0));
    assert_eq!(is_lost(&back), Some((false, false)), "nor does it come again");
    back.rows[0].lost = true;
    assert_eq!((is_lost(&back), lost.rows_taken(&back, false)), (Some((false, true)), 0));
    let spared =
        Row { gone: false, lost: false, document: Some(DocumentId::new([7; 16])), ..back.rows[0].clone() };
    back.rows[0] = spared;
    assert_eq!((is_lost(&back), lost.rows_taken(&back, false)), (Some((false, true)), 0));
}

#[test]
fn a_record_fills_its_own_place_alone() {
    let lost = lost();
    let circle = lost.kita.child;
    let row = lost.rows.iter().find(|row| row.readers.is_none()).unwrap();
    let fills = |circle: &CircleId, row: &Row, id: &RecordId| {
        restore::fills(&lost.now.log, circle, row, id).is_some()
    };
    assert!(fills(&circle, row, &row.id));
    assert!(!fills(&lost.kita.group, row, &row.id));
    assert!(!fills(&circle, row, &RecordId::new([1; 32])));
    let mut changed = row.clone();
    let record = changed.record.as_mut().unwrap();
    record.body = vec![1; record.body.len()].into();
    assert!(!fills(&circle, &changed, &row.id), "other bytes under the header");
    let epoch = lost.rows.iter().find(|row| row.readers.is_some()).unwrap();
    assert!(!fills(&circle, epoch, &epoch.id), "what others rest on");
    changed.record = None;
    assert!(!fills(&circle, &changed, &row.id));
}

#[test]
fn a_record_of_elsewhere_is_not_taken_although_the_relay_signed_its_id() {
    let lost = lost();
    let kita = &lost.kita;
    let n = lost.rows[0].n;
    let taken = |change: &dyn Fn(&mut Header)| {
        let mut desk = lost.now.desk();
        desk.batch(&kita.anna, kita.child, 70, change);
        let record = desk.done().records.remove(0);
        lost.rows_taken(&lost.of(vec![row(n, &record, None)]), true)
    };
    assert_eq!(taken(&|_| {}), 1);
    assert_eq!(taken(&|header| header.circle = kita.group), 0);
    assert_eq!(taken(&|header| header.house = HouseId::new([1; 32])), 0);
    let hash = LinkHash::new([1; 32]);
    assert_eq!(taken(&|header| header.log = LogHead { hash, ..header.log }), 0, "a log that is not here");
}

#[test]
fn a_word_on_a_copy_is_a_directors_and_of_the_log_that_is_there() {
    let kita = Kita::new();
    let word = |by: &Key, log: LogHead| {
        let body = nestpost_protocol::log::kind::restored::Restored { log, ..restored_body() };
        let (kind, bytes) = Body::Restored(body.clone()).encode();
        let nonce = Nonce::new([3; 32]);
        let input = nestpost_protocol::log::entry::cosign_input(kita.house.log.house(), kind, &bytes, nonce);
        let cosignature = Cosignature { device: by.id(), nonce, signature: by.sign(label::COSIGN, &input) };
        Word { body, cosignature, at: 7 }
    };
    let head = kita.house.log.head().unwrap();
    let right = word(&kita.anna, head);
    assert_eq!(right.check(&kita.house.log), Some(person(1)));
    let again: Word = codec::decode(&codec::encode(&right), limit::MESSAGE_BYTES_MAX).unwrap();
    assert_eq!(again, right);
    for other in [&kita.ben, &kita.cem, &kita.sheet, &Key::new(99)] {
        assert_eq!(word(other, head).check(&kita.house.log), None);
    }
    let older = LogHead { seq: head.seq - 1, hash: kita.house.log.link(head.seq - 1).unwrap().hash() };
    assert_eq!(word(&kita.anna, older).check(&kita.house.log), None);
    let mut forged = right;
    forged.body.positions = Hash::new([9; 32]);
    assert_eq!(forged.check(&kita.house.log), None, "she signed something else");
}
