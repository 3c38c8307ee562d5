//! Holds and releases of blobs.

use nestpost_protocol::blob::HoldBody;
use nestpost_protocol::codec::encode;
use nestpost_protocol::id::CircleId;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::record::{Header, Kind, Side};
use nestpost_protocol::retention::{Class, Month, expiry};

use super::Case;
use super::frames::{Book, member_end, role_end};
use crate::house::*;

/// Ben's; all parts are there.
const BENS: u64 = 1;
/// Ben's; parts are missing.
const PARTIAL: u64 = 2;
/// Cem's.
const CEMS: u64 = 3;
/// The relay has never heard of it.
const UNKNOWN: u64 = 9;

impl Book<'_> {
    /// One hold, changed before it is signed.
    fn hold(
        &mut self,
        name: &str,
        author: &Key,
        circle: CircleId,
        numbers: &[u64],
        expect: &str,
        change: impl FnOnce(&mut Header),
    ) {
        let mut desk = self.house.desk();
        desk.hold(author, circle, numbers, change);
        self.frame(&format!("hold-{name}"), desk.done(), expect);
    }

    fn release(&mut self, name: &str, author: &Key, circle: CircleId, numbers: &[u64], expect: &str) {
        self.released(name, author, circle, numbers, expect, |_| {});
    }

    fn released(
        &mut self,
        name: &str,
        author: &Key,
        circle: CircleId,
        numbers: &[u64],
        expect: &str,
        change: impl FnOnce(&mut Header),
    ) {
        let mut desk = self.house.desk();
        let body = HoldBody::new(numbers.iter().map(|number| blob(*number)).collect());
        desk.in_clear(author, circle, Kind::Release, body.encode(), change);
        self.frame(&format!("release-{name}"), desk.done(), expect);
    }

    /// Several in one frame.
    fn desk(&mut self, name: &str, expect: &str, make: impl FnOnce(&mut Desk)) {
        let mut desk = self.house.desk();
        make(&mut desk);
        self.frame(name, desk.done(), expect);
    }
}

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book { kita, house: kita.house.clone(), cases };
    first(&mut book);
    bodies(&mut book.again());
    months(&mut book.again());
    shared(&mut book.again());
    released(&mut book.again());
    within_a_frame(&mut book.again());
    keys(&mut book.again());
    removed(&mut book.again());
}

/// Nobody holds it yet: whoever reserved it may, in any circle that they write.
fn first(book: &mut Book<'_>) {
    let kita = book.kita;
    let same = |_: &mut Header| {};
    for (name, key, circle, number, expect) in [
        ("by-reserver", &kita.ben, kita.child, BENS, "ok"),
        ("by-reserver-in-group", &kita.ben, kita.group, BENS, "ok"),
        ("by-reserver-in-private", &kita.ben, kita.private_cem, BENS, "ok"),
        ("by-colleague", &kita.tablet, kita.child, BENS, "Blob"),
        ("by-director", &kita.anna, kita.child, BENS, "Blob"),
        ("by-guardian", &kita.cem, kita.private_cem, BENS, "Blob"),
        ("by-stranger", &Key::new(60), kita.child, BENS, "NotAllowed"),
        ("incomplete", &kita.ben, kita.child, PARTIAL, "Blob"),
        ("unknown", &kita.ben, kita.child, UNKNOWN, "Blob"),
        ("guardian-in-own-private", &kita.cem, kita.private_cem, CEMS, "ok"),
        ("guardian-in-others-private", &kita.cem, kita.private_dana, CEMS, "NotAllowed"),
        ("guardian-in-child", &kita.cem, kita.child, CEMS, "NotAllowed"),
        ("guardian-in-group", &kita.cem, kita.group, CEMS, "NotAllowed"),
        ("in-key-circle", &kita.ben, kita.team, BENS, "NotAllowed"),
        ("in-no-circle", &kita.ben, circle_id(99), BENS, "NotAllowed"),
    ] {
        book.hold(name, key, circle, &[number], expect, same);
    }
    book.hold("one-of-two-unknown", &kita.ben, kita.child, &[BENS, UNKNOWN], "Blob", same);
    let cem = Side::Person(person(4));
    book.hold("staff-on-guardians-side", &kita.ben, kita.private_cem, &[BENS], "NotAllowed", |h| {
        h.side = cem;
    });
    book.hold("guardian-on-staff-side", &kita.cem, kita.private_cem, &[CEMS], "NotAllowed", |h| {
        h.side = Side::Staff;
    });
    let phone = Key::new(70);
    book.submit(|desk| {
        let body = device_add(desk.house.id(), person(3), &phone);
        desk.say(&kita.ben, &body);
    });
    book.hold("by-another-device-of-the-reserver", &phone, kita.child, &[BENS], "ok", same);
}

fn bodies(book: &mut Book<'_>) {
    let kita = book.kita;
    let sorted = HoldBody::new(vec![blob(BENS), blob(CEMS)]);
    let mut unsorted = sorted.clone();
    unsorted.blobs.reverse();
    for (name, body) in [
        ("of-nothing", HoldBody::new(Vec::new()).encode()),
        ("unsorted", unsorted.encode()),
        ("twice-the-same", HoldBody { blobs: vec![blob(BENS); 2] }.encode()),
        ("body-trailing-byte", [HoldBody::new(vec![blob(BENS)]).encode(), vec![0]].concat()),
        ("body-sealed", b"sealed".to_vec()),
        ("body-a-list", encode(&vec![blob(BENS)])),
    ] {
        for (act, kind) in [("hold", Kind::Hold), ("release", Kind::Release)] {
            book.desk(&format!("{act}-{name}"), "Malformed", |desk| {
                desk.in_clear(&kita.ben, kita.child, kind, body.clone(), |_| {});
            });
        }
    }
}

/// How long is in the header; no blob is kept for good.
fn months(book: &mut Book<'_>) {
    let kita = book.kita;
    let (ben, child) = (&kita.ben, kita.child);
    let year = expiry(Class::Year, MONTH);
    for (name, class, month, expect) in [
        ("short", Class::Short, expiry(Class::Short, MONTH), "ok"),
        ("short-until-this-month", Class::Short, MONTH, "ok"),
        ("short-for-too-long", Class::Short, Month::new(2026, 11), "Expired"),
        ("year", Class::Year, year, "ok"),
        ("year-for-too-long", Class::Year, Month::from_index(year.index() + 1), "Expired"),
        ("month-over", Class::Year, Month::new(2026, 8), "Expired"),
        ("long", Class::Long, Month::NEVER, "Expired"),
    ] {
        book.hold(name, ben, child, &[BENS], expect, |h| (h.class, h.month) = (class, month));
    }
    // What a guardian sends stands in a document of this month or the next.
    for (name, class, month, expect) in [
        ("guardians-short", Class::Short, expiry(Class::Short, MONTH), "ok"),
        ("guardians-short-for-too-long", Class::Short, Month::new(2026, 11), "Expired"),
        ("guardians-year", Class::Year, year, "Expired"),
        ("guardians-year-until-this-month", Class::Year, MONTH, "Expired"),
        ("guardians-long", Class::Long, Month::NEVER, "Expired"),
    ] {
        book.hold(name, &kita.cem, kita.private_cem, &[CEMS], expect, |h| {
            (h.class, h.month) = (class, month);
        });
    }
    book.submit(|desk| {
        desk.hold(ben, child, &[BENS], |_| {});
    });
    book.released("month-over", ben, child, &[BENS], "ok", |h| h.month = Month::new(2026, 8));
    book.released("long", ben, child, &[BENS], "ok", |h| (h.class, h.month) = (Class::Long, Month::NEVER));
}

/// Staff who read a circle that holds it may make others hold it where they write. A guardian keeps what is theirs.
fn shared(book: &mut Book<'_>) {
    let kita = book.kita;
    let same = |_: &mut Header| {};
    book.submit(|desk| {
        desk.hold(&kita.ben, kita.child, &[BENS], |_| {}).hold(&kita.cem, kita.private_cem, &[CEMS], |_| {});
    });
    for (name, key, circle, number, expect) in [
        ("shared-by-colleague", &kita.tablet, kita.group, BENS, "ok"),
        ("shared-by-author", &kita.ben, kita.group, BENS, "ok"),
        ("shared-by-guardian", &kita.dana, kita.private_dana, BENS, "Blob"),
        ("again-by-guardian", &kita.cem, kita.private_cem, CEMS, "ok"),
        ("shared-by-guardian-in-group", &kita.dana, kita.group, BENS, "NotAllowed"),
        ("shared-out-of-private-by-staff", &kita.ben, kita.child, CEMS, "ok"),
        ("again", &kita.ben, kita.child, BENS, "ok"),
        ("again-by-colleague", &kita.tablet, kita.child, BENS, "ok"),
        ("on-both-sides", &kita.ben, kita.private_cem, CEMS, "ok"),
    ] {
        book.hold(name, key, circle, &[number], expect, same);
    }
    book.hold("one-of-two-a-guardians-own", &kita.cem, kita.private_cem, &[BENS, CEMS], "Blob", same);
    shared_back(&mut Book { kita, house: book.house.clone(), cases: book.cases });
    // Said again by another, it is still the first one's.
    book.submit(|desk| {
        desk.hold(&kita.tablet, kita.child, &[BENS], |_| {});
    });
    book.release("of-what-was-only-held-again", &kita.tablet, kita.child, &[BENS], "Blob");
    book.release("by-who-held-it-first", &kita.ben, kita.child, &[BENS], "ok");
    book.submit(|desk| {
        desk.release(&kita.ben, kita.child, &[BENS]);
    });
    book.hold("after-the-last-release", &kita.ben, kita.child, &[BENS], "Blob", same);
}

/// Staff have shared a guardian's with both guardians of the child.
fn shared_back(book: &mut Book<'_>) {
    let kita = book.kita;
    book.submit(|desk| {
        desk.hold(&kita.ben, kita.child, &[CEMS], |_| {}).release(&kita.cem, kita.private_cem, &[CEMS]);
    });
    book.hold("guardians-own-that-staff-hold", &kita.cem, kita.private_cem, &[CEMS], "ok", |_| {});
    book.hold("of-another-guardian-that-staff-hold", &kita.dana, kita.private_dana, &[CEMS], "Blob", |_| {});
}

fn released(book: &mut Book<'_>) {
    let kita = book.kita;
    let phone = Key::new(70);
    book.submit(|desk| {
        let body = device_add(desk.house.id(), person(3), &phone);
        desk.say(&kita.ben, &body);
        desk.hold(&kita.ben, kita.child, &[BENS], |_| {}).hold(&kita.cem, kita.private_cem, &[CEMS], |_| {});
    });
    for (name, key, circle, number, expect) in [
        ("by-author", &kita.ben, kita.child, BENS, "ok"),
        ("by-another-device-of-the-author", &phone, kita.child, BENS, "ok"),
        ("by-director", &kita.anna, kita.child, BENS, "ok"),
        ("by-second-director", &kita.eva, kita.child, BENS, "ok"),
        ("by-colleague", &kita.tablet, kita.child, BENS, "Blob"),
        ("by-guardian", &kita.cem, kita.child, BENS, "NotAllowed"),
        ("by-stranger", &Key::new(60), kita.child, BENS, "NotAllowed"),
        ("in-another-circle", &kita.ben, kita.group, BENS, "Blob"),
        ("not-held", &kita.ben, kita.child, PARTIAL, "Blob"),
        ("unknown", &kita.ben, kita.child, UNKNOWN, "Blob"),
        ("guardians-own", &kita.cem, kita.private_cem, CEMS, "ok"),
        ("guardians-by-director", &kita.anna, kita.private_cem, CEMS, "ok"),
        ("guardians-by-educator", &kita.ben, kita.private_cem, CEMS, "Blob"),
        ("guardians-by-director-in-another-circle", &kita.anna, kita.private_dana, CEMS, "Blob"),
        ("guardians-by-another-guardian", &kita.dana, kita.private_cem, CEMS, "NotAllowed"),
    ] {
        book.release(name, key, circle, &[number], expect);
    }
    book.release("one-of-two-unheld", &kita.ben, kita.child, &[BENS, PARTIAL], "Blob");
    let cem = Side::Person(person(4));
    let private = kita.private_cem;
    book.released("guardians-by-director-on-their-side", &kita.anna, private, &[CEMS], "NotAllowed", |h| {
        h.side = cem;
    });
    both_sides(&mut Book { kita, house: book.house.clone(), cases: book.cases });
    book.submit(|desk| {
        desk.release(&kita.ben, kita.child, &[BENS]);
    });
    book.release("again", &kita.ben, kita.child, &[BENS], "Blob");
}

/// A guardian and staff hold the same: a director's release ends both, anybody else's their own.
fn both_sides(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, ben, cem, private) = (&kita.anna, &kita.ben, &kita.cem, kita.private_cem);
    book.submit(|desk| {
        desk.hold(ben, private, &[CEMS], |_| {}).hold(ben, kita.child, &[CEMS], |_| {});
    });
    book.desk("release-staffs-then-guardians", "ok", |desk| {
        desk.release(ben, private, &[CEMS]).release(cem, private, &[CEMS]);
    });
    book.desk("release-guardians-then-staffs", "ok", |desk| {
        desk.release(cem, private, &[CEMS]).release(ben, private, &[CEMS]);
    });
    book.desk("release-staffs-twice", "Blob", |desk| {
        desk.release(ben, private, &[CEMS]).release(ben, private, &[CEMS]);
    });
    book.desk("release-both-sides-then-guardians", "Blob", |desk| {
        desk.release(anna, private, &[CEMS]).release(cem, private, &[CEMS]);
    });
    book.desk("release-both-sides-then-staffs", "Blob", |desk| {
        desk.release(anna, private, &[CEMS]).release(ben, private, &[CEMS]);
    });
    book.desk("release-both-sides-then-in-another-circle", "ok", |desk| {
        desk.release(anna, private, &[CEMS]).release(anna, kita.child, &[CEMS]);
    });
}

/// Each is judged by what those before it in the frame have done.
fn within_a_frame(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, ben, tablet) = (&kita.anna, &kita.ben, &kita.tablet);
    let (child, group) = (kita.child, kita.group);
    book.desk("hold-in-two-circles", "ok", |desk| {
        desk.hold(ben, child, &[BENS], |_| {}).hold(ben, group, &[BENS], |_| {});
    });
    book.desk("hold-then-share", "ok", |desk| {
        desk.hold(ben, child, &[BENS], |_| {}).hold(tablet, group, &[BENS], |_| {});
    });
    book.desk("hold-hold-release", "ok", |desk| {
        desk.hold(ben, child, &[BENS], |_| {}).hold(ben, group, &[BENS], |_| {}).release(ben, child, &[BENS]);
    });
    book.desk("hold-share-then-hold", "Blob", |desk| {
        desk.hold(tablet, group, &[BENS], |_| {}).hold(ben, child, &[BENS], |_| {});
    });
    book.desk("hold-then-release", "ok", |desk| {
        desk.hold(ben, child, &[BENS], |_| {}).release(ben, child, &[BENS]);
    });
    book.desk("release-then-hold-of-nothing", "Blob", |desk| {
        desk.release(ben, child, &[BENS]).hold(ben, child, &[BENS], |_| {});
    });
    book.submit(|desk| {
        desk.hold(ben, child, &[BENS], |_| {});
    });
    book.desk("release-then-hold", "ok", |desk| {
        desk.release(ben, child, &[BENS]).hold(ben, group, &[BENS], |_| {});
    });
    book.desk("release-then-hold-by-another", "Blob", |desk| {
        desk.release(anna, child, &[BENS]).hold(anna, group, &[BENS], |_| {});
    });
    book.desk("hold-by-another-then-release", "ok", |desk| {
        desk.hold(anna, group, &[BENS], |_| {}).release(anna, child, &[BENS]);
    });
    book.desk("release-twice", "Blob", |desk| {
        desk.release(ben, child, &[BENS]).release(anna, child, &[BENS]);
    });
    book.desk("release-hold-release", "ok", |desk| {
        desk.release(ben, child, &[BENS]).hold(ben, child, &[BENS], |_| {}).release(ben, child, &[BENS]);
    });
}

/// Under the current epoch, which may be stale: no key is needed to hold or to release.
fn keys(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, ben, child) = (&kita.anna, &kita.ben, kita.child);
    let young = circle_id(50);
    book.submit(|desk| {
        desk.say(anna, &Body::Circle(circle(young, Sort::Child)));
        let body =
            member(&desk.house.log, young, nestpost_protocol::log::kind::member::Who::Circle(kita.team));
        desk.say(anna, &body);
    });
    book.hold("circle-without-epoch", ben, young, &[BENS], "Stale", |_| {});
    book.submit(|desk| {
        desk.say(anna, &member_end(child, 5));
    });
    book.hold("stale", ben, child, &[BENS], "ok", |_| {});
    book.desk("hold-stale-with-batch", "Stale", |desk| {
        desk.hold(ben, child, &[BENS], |_| {}).batch(ben, child, 1, |_| {});
    });
    book.submit(|desk| {
        desk.hold(ben, child, &[BENS], |_| {});
    });
    book.release("stale", ben, child, &[BENS], "ok");
    book.submit(|desk| {
        desk.epoch(ben, child);
    });
    book.hold("old-epoch", ben, child, &[BENS], "Epoch", |h| h.epoch = 1);
    book.released("old-epoch", ben, child, &[BENS], "Epoch", |h| h.epoch = 1);
    book.hold("epoch-too-new", ben, child, &[BENS], "Epoch", |h| h.epoch = 3);
    book.desk("hold-with-epoch", "ok", |desk| {
        desk.epoch(ben, child).hold(ben, child, &[BENS], |_| {});
    });
    book.desk("hold-before-epoch", "Epoch", |desk| {
        desk.epoch(ben, child).hold(ben, child, &[BENS], |_| {});
        desk.frame.records.rotate_left(1);
    });
}

fn removed(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, ben) = (&kita.anna, &kita.ben);
    book.desk("hold-by-device-that-ends-in-the-frame", "NotAllowed", |desk| {
        desk.say(ben, &Body::DeviceEnd(DeviceEnd { device: ben.id() }));
        desk.epoch(anna, kita.team).hold(ben, kita.group, &[BENS], |_| {});
    });
    book.submit(|desk| {
        desk.hold(ben, kita.child, &[BENS], |_| {});
    });
    book.submit(|desk| {
        desk.say(anna, &role_end(3));
        desk.epoch(anna, kita.team);
    });
    book.hold("by-removed", ben, kita.group, &[BENS], "NotAllowed", |_| {});
    book.release("by-removed", ben, kita.child, &[BENS], "NotAllowed");
    book.release("of-the-removed-by-colleague", &kita.tablet, kita.child, &[BENS], "Blob");
    book.release("of-the-removed-by-director", anna, kita.child, &[BENS], "ok");
    book.hold("of-the-removed-shared", &kita.tablet, kita.group, &[BENS], "ok", |_| {});

    let mut book = book.again();
    book.submit(|desk| {
        desk.hold(ben, kita.child, &[BENS], |_| {}).hold(&kita.cem, kita.private_cem, &[CEMS], |_| {});
    });
    book.submit(|desk| {
        desk.say(&kita.eva, &member_end(kita.team, 1));
        desk.say(&kita.eva, &role_end(4));
        desk.epoch(&kita.eva, kita.team);
    });
    // Out of the team, she writes to the house, and reads no circle that holds it.
    book.hold("shared-by-no-reader", anna, kita.all, &[BENS], "Blob", |_| {});
    book.hold("shared-by-reader", &kita.eva, kita.all, &[BENS], "ok", |_| {});
    book.release("of-the-removed-guardian-by-director", &kita.eva, kita.private_cem, &[CEMS], "ok");
}
