//! Erasures, and the rewrites that take the place of what they empty.

use nestpost_protocol::codec::encode;
use nestpost_protocol::erase::{EraseBody, Erased};
use nestpost_protocol::id::CircleId;
use nestpost_protocol::limit;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::record::{Header, Kind, Position, Side};
use nestpost_protocol::retention::{Class, Month, expiry};

use super::frames::Book;
use super::{Case, Given, Input};
use crate::house::*;

const fn own(number: nestpost_protocol::id::ItemId) -> Erased {
    Erased { item: number, second: None }
}

impl Book<'_> {
    /// What several records in one frame come to.
    fn erasing(&mut self, name: &str, expect: &str, make: impl FnOnce(&mut Desk)) {
        let mut desk = self.house.desk();
        make(&mut desk);
        self.frame(&format!("erase-{name}"), desk.done(), expect);
    }
}

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book { kita, house: kita.house.clone(), cases };
    // Document 1: staff's in the child's circle. Document 5: a guardian's own.
    book.submit(|desk| {
        desk.batch(&kita.ben, kita.child, 1, |_| {});
        desk.batch(&kita.cem, kita.private_cem, 5, |_| {});
    });
    who(&mut Book { kita, house: book.house.clone(), cases: book.cases });
    together(&mut Book { kita, house: book.house.clone(), cases: book.cases });
    seconds(&mut Book { kita, house: book.house.clone(), cases: book.cases });
    afterwards(&mut Book { kita, house: book.house.clone(), cases: book.cases });
    bodies(cases);
}

/// Whoever writes the document's side, or staff.
fn who(book: &mut Book<'_>) {
    let kita = book.kita;
    let cem = Side::Person(person(4));
    let staff: (CircleId, u64, Side) = (kita.child, 1, Side::Staff);
    let guardians: (CircleId, u64, Side) = (kita.private_cem, 5, cem);
    for (name, key, (circle, old, side), expect) in [
        ("by-author", &kita.ben, staff, "ok"),
        ("by-colleague", &kita.tablet, staff, "ok"),
        ("by-director", &kita.anna, staff, "ok"),
        ("by-guardian-of-child", &kita.cem, staff, "NotAllowed"),
        ("by-stranger", &Key::new(60), staff, "NotAllowed"),
        ("own-by-guardian", &kita.cem, guardians, "ok"),
        ("guardians-by-staff", &kita.ben, guardians, "ok"),
        ("guardians-by-other-guardian", &kita.dana, guardians, "NotAllowed"),
    ] {
        book.erasing(name, expect, |desk| {
            desk.erase(key, circle, (old, 2), vec![own(item(1))], |h| h.side = side);
        });
    }
    book.erasing("staff-side-by-guardian", "NotAllowed", |desk| {
        desk.erase(&kita.cem, kita.private_cem, (5, 2), vec![own(item(1))], |h| h.side = Side::Staff);
    });
}

/// The old document as it is, the new one right behind, and nobody has written in between.
fn together(book: &mut Book<'_>) {
    let kita = book.kita;
    let items = || vec![own(item(1)), own(item(2))];
    let same = |_: &mut Header| {};
    let erase = |desk: &mut Desk, change: &dyn Fn(&mut Header)| {
        desk.erase(&kita.ben, kita.child, (1, 2), items(), change);
    };
    book.erasing("several", "ok", |desk| erase(desk, &same));
    book.erasing("unknown-document", "Document", |desk| {
        desk.erase(&kita.ben, kita.child, (9, 2), items(), same);
    });
    book.erasing("into-known-document", "Document", |desk| {
        desk.erase(&kita.ben, kita.child, (1, 1), items(), same);
    });
    book.erasing("in-another-circle", "Document", |desk| {
        desk.erase(&kita.ben, kita.group, (1, 2), items(), same);
    });
    book.erasing("of-another-month", "Document", |desk| {
        erase(desk, &|h| h.month = Month::from_index(h.month.index() - 1));
    });
    book.erasing("of-another-class", "Document", |desk| {
        erase(desk, &|h| {
            h.class = Class::Year;
            h.month = expiry(Class::Year, MONTH);
        });
    });
    book.erasing("without-rewrite", "Malformed", |desk| {
        erase(desk, &same);
        desk.frame.records.pop();
    });
    book.erasing("rewrite-alone", "Document", |desk| {
        desk.batch(&kita.ben, kita.child, 2, |h| h.kind = Kind::Rewrite);
    });
    book.erasing("rewrite-first", "Document", |desk| {
        desk.batch(&kita.ben, kita.child, 2, |h| h.kind = Kind::Rewrite);
        erase(desk, &same);
    });
    book.erasing("rewrite-of-another-document", "Document", |desk| {
        let body = EraseBody::new(document(3), items()).encode();
        let old = |h: &mut Header| h.document = Some(document(1));
        desk.in_clear(&kita.ben, kita.child, Kind::Erase, body, old);
        desk.batch(&kita.ben, kita.child, 2, |h| h.kind = Kind::Rewrite);
    });
    book.erasing("rewrite-by-another", "Document", |desk| {
        erase(desk, &same);
        desk.frame.records.pop();
        desk.batch(&kita.anna, kita.child, 2, |h| h.kind = Kind::Rewrite);
    });
    book.erasing("rewrite-kept-longer", "Document", |desk| {
        erase(desk, &|h| {
            if h.kind == Kind::Rewrite {
                h.class = Class::Year;
                h.month = expiry(Class::Year, MONTH);
            }
        });
    });
    book.erasing("batch-in-between", "Document", |desk| {
        erase(desk, &same);
        desk.frame.records.pop();
        desk.batch(&kita.ben, kita.child, 3, |_| {});
        desk.batch(&kita.ben, kita.child, 2, |h| h.kind = Kind::Rewrite);
    });
    book.erasing("written-in-the-frame", "Document", |desk| {
        desk.batch(&kita.ben, kita.child, 1, |_| {});
        erase(desk, &same);
    });
    book.erasing("written-afterwards-in-the-frame", "Moved", |desk| {
        erase(desk, &same);
        desk.batch(&kita.ben, kita.child, 1, |_| {});
    });
    book.erasing("new-one-written-in-the-frame", "ok", |desk| {
        erase(desk, &same);
        desk.batch(&kita.ben, kita.child, 2, |_| {});
    });
    book.erasing("twice-in-the-frame", "Moved", |desk| {
        erase(desk, &same);
        desk.erase(&kita.ben, kita.child, (1, 3), items(), same);
    });
    let end = book.house.tails.get(&kita.child).copied().unwrap_or(Position::START);
    book.submit(|desk| {
        desk.batch(&kita.anna, kita.child, 1, |_| {});
    });
    book.erasing("of-what-it-has-not-seen", "Document", |desk| erase(desk, &|h| h.seen = end));
    book.submit(|desk| {
        let body = Body::DeviceEnd(DeviceEnd { device: kita.tablet.id() });
        desk.say(&kita.anna, &body);
        desk.epoch(&kita.anna, kita.team);
    });
    // Clear, but what comes after it is sealed under keys that somebody has who left.
    book.erasing("under-stale-keys", "Stale", |desk| erase(desk, &same));
}

/// Two of the staff, one of them a director.
fn seconds(book: &mut Book<'_>) {
    let kita = book.kita;
    let same = |_: &mut Header| {};
    for (name, by, second, expect) in [
        ("director-and-educator", &kita.anna, &kita.ben, "ok"),
        ("educator-and-director", &kita.ben, &kita.anna, "ok"),
        ("two-directors", &kita.anna, &kita.eva, "ok"),
        ("educator-and-place", &kita.ben, &kita.tablet, "NotAllowed"),
        ("director-twice", &kita.anna, &kita.anna, "NotAllowed"),
        ("director-and-guardian", &kita.anna, &kita.cem, "NotAllowed"),
        ("director-and-sheet", &kita.anna, &kita.sheet, "NotAllowed"),
        ("director-and-stranger", &kita.anna, &Key::new(60), "NotAllowed"),
    ] {
        book.erasing(name, expect, |desk| {
            let second = desk.second(second, kita.child, item(1));
            desk.erase(by, kita.child, (1, 2), vec![second], same);
        });
    }
    book.erasing("second-of-another-item", "NotAllowed", |desk| {
        let second = desk.second(&kita.eva, kita.child, item(2)).second;
        desk.erase(&kita.anna, kita.child, (1, 2), vec![Erased { item: item(1), second }], same);
    });
    book.erasing("second-in-another-circle", "NotAllowed", |desk| {
        let second = desk.second(&kita.eva, kita.group, item(1));
        desk.erase(&kita.anna, kita.child, (1, 2), vec![second], same);
    });
    book.erasing("one-of-two-not-seconded-rightly", "NotAllowed", |desk| {
        let right = desk.second(&kita.eva, kita.child, item(1));
        let wrong = Erased { item: item(2), ..right };
        desk.erase(&kita.anna, kita.child, (1, 2), vec![right, wrong], same);
    });
    let second = book.house.desk().second(&kita.ben, kita.child, item(1));
    book.submit(|desk| {
        let body = Body::DeviceEnd(DeviceEnd { device: kita.ben.id() });
        desk.say(&kita.anna, &body);
        desk.epoch(&kita.anna, kita.team);
    });
    book.erasing("second-who-has-left", "NotAllowed", |desk| {
        if desk.house.epochs.stale(&desk.house.log, &kita.child).is_some() {
            desk.epoch(&kita.anna, kita.child);
        }
        desk.erase(&kita.anna, kita.child, (1, 2), vec![second], same);
    });
}

/// What was replaced takes nothing any more; what came instead does.
fn afterwards(book: &mut Book<'_>) {
    let kita = book.kita;
    let same = |_: &mut Header| {};
    book.submit(|desk| {
        desk.erase(&kita.ben, kita.child, (1, 2), vec![own(item(1))], same);
    });
    book.erasing("then-batch", "Moved", |desk| {
        desk.batch(&kita.anna, kita.child, 1, |_| {});
    });
    book.erasing("then-again", "Moved", |desk| {
        desk.erase(&kita.anna, kita.child, (1, 3), vec![own(item(2))], same);
    });
    book.erasing("then-batch-in-the-new-one", "ok", |desk| {
        desk.batch(&kita.anna, kita.child, 2, |_| {});
    });
    book.erasing("then-of-the-new-one", "ok", |desk| {
        desk.erase(&kita.anna, kita.child, (2, 3), vec![own(item(2))], same);
    });
    book.erasing("then-back", "Document", |desk| {
        desk.erase(&kita.anna, kita.child, (2, 1), vec![own(item(2))], same);
    });
}

fn bodies(cases: &mut Vec<Case>) {
    let mut push = |name: &str, bytes: Vec<u8>, expect: &str| {
        cases.push(Case {
            name: format!("bytes-erase-body{name}"),
            given: Given::Nothing,
            input: Input::Bytes("erase-body", bytes),
            expect: expect.to_owned(),
        });
    };
    let items = |count: usize| (0..count).map(|number| own(item(number as u64))).collect::<Vec<_>>();
    let body = |count: usize| EraseBody::new(document(2), items(count));
    push("", body(2).encode(), "ok");
    push("-of-nothing", body(0).encode(), "OutOfRange");
    push("-at-limit", body(limit::ERASE_ITEMS_MAX).encode(), "ok");
    push("-over-limit", body(limit::ERASE_ITEMS_MAX + 1).encode(), "OutOfRange");
    push("-under-older-keys", EraseBody { epoch: Some(3), ..body(1) }.encode(), "ok");
    let twice = EraseBody { items: vec![own(item(1)); 2], ..body(0) };
    push("-twice-the-same", encode(&twice), "OutOfRange");
    let mut unsorted = body(2);
    unsorted.items.reverse();
    push("-unsorted", unsorted.encode(), "OutOfRange");
}
