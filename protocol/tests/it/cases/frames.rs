//! Frames: content, epochs, wraps, and what must stand together.

use nestpost_protocol::codec::sha256;
use nestpost_protocol::epoch::{Addressee, KeyEpoch};
use nestpost_protocol::id::*;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::dissolve::Dissolve;
use nestpost_protocol::log::kind::invite_end::InviteEnd;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::message::Frame;
use nestpost_protocol::record::{Header, Kind, LogHead, Position, Sealing, Side};
use nestpost_protocol::retention::{Class, Month, expiry};
use nestpost_protocol::sorted::SortedSet;

use super::{Case, Given, Input, horizons, named};
use crate::house::*;

pub struct Book<'a> {
    pub kita: &'a Kita,
    pub house: House,
    pub cases: &'a mut Vec<Case>,
}

impl Book<'_> {
    pub fn frame(&mut self, name: &str, frame: Frame, expect: &str) {
        let given = Given::Frames(self.house.frames[self.kita.house.frames.len()..].to_vec());
        self.cases.push(Case {
            name: format!("frame-{name}"),
            given,
            input: Input::Frame(frame),
            expect: expect.to_owned(),
        });
    }

    /// One batch in document 1, changed before it is signed.
    pub fn batch(
        &mut self,
        name: &str,
        author: &Key,
        circle: CircleId,
        expect: &str,
        change: impl FnOnce(&mut Header),
    ) {
        let mut desk = self.house.desk();
        desk.batch(author, circle, 1, change);
        self.frame(name, desk.done(), expect);
    }

    pub fn submit(&mut self, make: impl FnOnce(&mut Desk)) {
        let mut desk = self.house.desk();
        make(&mut desk);
        self.house.submit(desk.done()).expect("what is given holds");
    }

    pub fn again(&mut self) -> Book<'_> {
        Book { kita: self.kita, house: self.kita.house.clone(), cases: self.cases }
    }
}

pub fn member_end(circle: CircleId, who: u64) -> Body {
    Body::MemberEnd(MemberEnd { circle, who: Who::Person(person(who)) })
}

pub fn role_end(who: u64) -> Body {
    Body::RoleEnd(RoleEnd { person: person(who) })
}

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book { kita, house: kita.house.clone(), cases };
    writers(&mut book);
    headers(&mut book.again());
    documents(&mut book.again());
    stale(&mut book.again());
    leaving(&mut book.again());
    epochs(&mut book.again());
    stand_in(&mut book.again());
    races(&mut book.again());
    wraps(&mut book.again());
    given_circles(&mut book.again());
    horizons::add(&mut book.again());
    doors(&mut book.again());
    dissolved(&mut book.again());
    named::add(&mut book.again());
}

fn writers(book: &mut Book<'_>) {
    let kita = book.kita;
    let plain = |_: &mut Header| {};
    for (name, key, circle, expect) in [
        ("staff-in-house", &kita.ben, kita.all, "ok"),
        ("staff-in-staff", &kita.ben, kita.staff, "ok"),
        ("staff-in-group", &kita.tablet, kita.group, "ok"),
        ("staff-in-child", &kita.ben, kita.child, "ok"),
        ("staff-in-private", &kita.ben, kita.private_cem, "ok"),
        ("guardian-in-own-private", &kita.cem, kita.private_cem, "ok"),
        ("guardian-in-others-private", &kita.cem, kita.private_dana, "NotAllowed"),
        ("guardian-in-child", &kita.cem, kita.child, "NotAllowed"),
        ("guardian-in-group", &kita.cem, kita.group, "NotAllowed"),
        ("guardian-in-house", &kita.cem, kita.all, "NotAllowed"),
        ("guardian-in-staff", &kita.cem, kita.staff, "NotAllowed"),
        ("staff-in-team", &kita.ben, kita.team, "NotAllowed"),
        ("director-in-directors", &kita.anna, kita.directors, "NotAllowed"),
        ("team-in-parents", &kita.ben, kita.parents, "NotAllowed"),
        ("sheet-in-house", &kita.sheet, kita.all, "NotAllowed"),
        ("stranger-in-house", &Key::new(60), kita.all, "NotAllowed"),
        ("in-no-circle", &kita.ben, circle_id(99), "NotAllowed"),
    ] {
        book.batch(&format!("batch-{name}"), key, circle, expect, plain);
    }
    let cem = Side::Person(person(4));
    book.batch("batch-staff-on-guardians-side", &kita.ben, kita.private_cem, "NotAllowed", |h| h.side = cem);
    book.batch("batch-guardian-on-staff-side", &kita.cem, kita.private_cem, "NotAllowed", |h| {
        h.side = Side::Staff;
    });
    book.batch("batch-on-another-guardians-side", &kita.cem, kita.private_cem, "NotAllowed", |h| {
        h.side = Side::Person(person(5));
    });
}

/// Whatever comes with the end of the house, or after it, comes too late.
fn dissolved(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, ben, eva) = (&kita.anna, &kita.ben, &kita.eva);
    let over = |desk: &mut Desk| desk.say_with(anna, &Body::Dissolve(Dissolve {}), &[eva]);
    let mut desk = book.house.desk();
    over(&mut desk);
    book.frame("dissolve", desk.done(), "ok");
    let mut desk = book.house.desk();
    over(&mut desk);
    desk.batch(ben, kita.child, 1, |_| {});
    book.frame("dissolve-with-a-record", desk.done(), "NotAllowed");
    let mut desk = book.house.desk();
    over(&mut desk);
    let late = desk.house.draft(anna, &role_end(4), &[], |_| {});
    desk.frame.entries.push(late);
    book.frame("dissolve-with-an-entry-after-it", desk.done(), "NotAllowed");

    let before = book.house.log.head().unwrap();
    book.submit(|desk| {
        over(desk);
    });
    let plain = |_: &mut Header| {};
    book.batch("dissolved-batch", ben, kita.child, "NotAllowed", plain);
    book.batch("dissolved-batch-of-guardian", &kita.cem, kita.private_cem, "NotAllowed", plain);
    book.batch("dissolved-batch-dated-back", ben, kita.child, "NotAllowed", |header| header.log = before);
    let mut desk = book.house.desk();
    desk.epoch(ben, kita.child);
    book.frame("dissolved-epoch", desk.done(), "NotAllowed");
    let mut desk = book.house.desk();
    desk.give(ben, kita.child, Addressee::Device(kita.cem.id()));
    book.frame("dissolved-wrap", desk.done(), "NotAllowed");
    let mut desk = book.house.desk();
    desk.hold(ben, kita.child, &[1], |_| {});
    book.frame("dissolved-hold", desk.done(), "NotAllowed");
}

fn headers(book: &mut Book<'_>) {
    let kita = book.kita;
    let (ben, child) = (&kita.ben, kita.child);
    book.batch("batch-house-foreign", ben, child, "NotAllowed", |h| h.house = HouseId::new([1; 32]));
    book.batch("batch-epoch-too-new", ben, child, "Epoch", |h| h.epoch = 2);
    book.batch("batch-epoch-zero", ben, child, "Malformed", |h| h.epoch = 0);
    book.batch("batch-sealed-to-recipient", ben, child, "NotAllowed", |h| h.sealing = Sealing::Recipient);
    book.batch("batch-in-clear", ben, child, "Malformed", |h| h.sealing = Sealing::Clear);
    book.batch("batch-log-head-unknown", ben, child, "Fork", |h| {
        h.log = LogHead { seq: h.log.seq, hash: LinkHash::new([1; 32]) };
    });
    book.batch("batch-log-head-ahead", ben, child, "Fork", |h| h.log.seq += 1);
    let older = LogHead { seq: 3, hash: book.house.log.link(3).unwrap().hash() };
    book.batch("batch-log-head-older", ben, child, "ok", |h| h.log = older);
    book.batch("batch-position-unknown", ben, child, "Fork", |h| h.seen.acc = Accumulator::new([1; 32]));
    book.batch("batch-position-ahead", ben, child, "Fork", |h| h.seen.n += 1);
    book.batch("batch-position-start", ben, child, "ok", |h| h.seen = Position::START);
    book.batch("batch-first-is-second", ben, child, "Chain", |h| {
        h.seq = 2;
        h.prev = Some(RecordId::new([1; 32]));
    });
    book.batch("batch-month-over", ben, child, "Expired", |h| h.month = Month::new(2026, 8));
    book.batch("batch-month-too-far", ben, child, "Expired", |h| h.month = Month::new(2027, 9));
    book.batch("batch-long", ben, child, "ok", |h| {
        h.class = Class::Long;
        h.month = Month::NEVER;
    });
    book.batch("batch-long-with-month", ben, child, "Malformed", |h| h.class = Class::Long);
    book.batch("batch-without-document", ben, child, "Malformed", |h| h.document = None);
    book.batch("snapshot-in-a-frame", ben, child, "Malformed", |h| h.kind = Kind::Snapshot);
    book.batch("erase-of-nothing", ben, child, "Document", |h| {
        h.kind = Kind::Erase;
        h.sealing = Sealing::Clear;
    });
    let mut desk = book.house.desk();
    desk.batch(ben, child, 1, |_| {});
    desk.frame.records[0].body = b"sealed something else, of any length".to_vec().into();
    book.frame("batch-body-exchanged", desk.done(), "Malformed");
    let mut desk = book.house.desk();
    desk.batch(ben, child, 1, |h| h.author = kita.anna.id());
    book.frame("batch-author-forged", desk.done(), "Malformed");
}

fn documents(book: &mut Book<'_>) {
    let kita = book.kita;
    let (ben, cem, circle) = (&kita.ben, &kita.cem, kita.private_cem);
    book.submit(|desk| {
        desk.batch(cem, circle, 1, |_| {});
    });
    book.batch("document-continued", cem, circle, "ok", |_| {});
    book.batch("document-of-another-side", ben, circle, "Document", |_| {});
    book.batch("document-in-another-circle", ben, kita.child, "Document", |_| {});
    book.batch("document-other-month", cem, circle, "Document", |h| h.month = Month::new(2026, 11));
    book.batch("document-other-class", cem, circle, "Document", |h| {
        h.class = Class::Year;
        h.month = expiry(Class::Year, MONTH);
    });
    let side = Side::Person(person(4));
    book.batch("rewrite-of-known-document", ben, circle, "Document", |h| {
        h.kind = Kind::Rewrite;
        h.side = side;
    });
    let mut desk = book.house.desk();
    desk.batch(ben, circle, 2, |h| {
        h.kind = Kind::Rewrite;
        h.side = side;
    });
    book.frame("rewrite-without-erasure", desk.done(), "Document");
    book.batch("chain-repeated", cem, circle, "Chain", |h| {
        h.seq = 1;
        h.prev = None;
    });
    book.batch("chain-skipped", cem, circle, "Chain", |h| h.seq = 3);
    book.batch("chain-other-previous", cem, circle, "Chain", |h| h.prev = Some(RecordId::new([1; 32])));
    let mut desk = book.house.desk();
    desk.batch(cem, circle, 1, |_| {}).batch(cem, circle, 1, |_| {}).batch(cem, circle, 3, |_| {});
    book.frame("chain-within-a-frame", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.batch(cem, circle, 3, |_| {}).batch(ben, circle, 3, |_| {});
    book.frame("document-of-two-sides-within-a-frame", desk.done(), "Document");
}

/// A guardian has gone: nobody writes for them to read.
fn stale(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, ben, child) = (&kita.anna, &kita.ben, kita.child);
    book.submit(|desk| {
        desk.say(anna, &member_end(child, 5));
    });
    book.batch("batch-stale", ben, child, "Stale", |_| {});
    book.batch("batch-stale-elsewhere-fresh", ben, kita.group, "ok", |_| {});
    let mut desk = book.house.desk();
    desk.epoch(ben, child).batch(ben, child, 1, |_| {});
    book.frame("epoch-with-batch", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.batch(ben, child, 1, |_| {}).epoch(ben, child);
    book.frame("epoch-after-batch", desk.done(), "Stale");
    let mut desk = book.house.desk();
    desk.give(ben, child, Addressee::Device(kita.cem.id()));
    book.frame("wrap-on-stale-epoch", desk.done(), "ok");
    book.submit(|desk| {
        desk.epoch(ben, child);
    });
    book.batch("batch-old-epoch", ben, child, "Epoch", |h| h.epoch = 1);
    let mut desk = book.house.desk();
    let wrap = desk.wrap(ben, child, 1, Addressee::Device(kita.cem.id()));
    desk.frame.wraps.push(wrap);
    book.frame("wrap-of-old-epoch", desk.done(), "ok");
}

/// Staff leave only together with new keys, so that a guardian's note never waits for staff.
fn leaving(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, cem) = (&kita.anna, &kita.cem);
    let mut desk = book.house.desk();
    desk.say(anna, &role_end(3));
    book.frame("leaves-team-without-epoch", desk.done(), "Stale");
    let mut desk = book.house.desk();
    desk.say(anna, &member_end(kita.team, 3));
    book.frame("member-end-team-without-epoch", desk.done(), "Stale");
    let mut desk = book.house.desk();
    desk.say(&kita.ben, &Body::DeviceEnd(DeviceEnd { device: kita.ben.id() }));
    book.frame("device-end-team-without-epoch", desk.done(), "Stale");
    let mut desk = book.house.desk();
    desk.say(anna, &role_end(3));
    desk.epoch(anna, kita.team);
    book.frame("leaves-team-with-epoch", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.say(anna, &role_end(3));
    desk.epoch(&kita.ben, kita.team);
    book.frame("leaves-team-with-epoch-by-the-one-who-leaves", desk.done(), "NotAllowed");
    let mut desk = book.house.desk();
    desk.say_with(anna, &role_end(6), &[&kita.sheet]);
    desk.epoch(anna, kita.team);
    book.frame("director-leaves-with-half-the-epochs", desk.done(), "Stale");
    let mut desk = book.house.desk();
    desk.say_with(anna, &role_end(6), &[&kita.sheet]);
    desk.epoch(anna, kita.team).epoch(anna, kita.directors);
    book.frame("director-leaves-with-epochs", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.say_with(anna, &role_end(6), &[&kita.sheet]);
    desk.say(anna, &role(person(6), Role::Director));
    for circle in [kita.directors, kita.team] {
        let body = member(&desk.house.log, circle, Who::Person(person(6)));
        desk.say(anna, &body);
    }
    book.frame("director-leaves-and-is-back-in-one-frame", desk.done(), "ok");

    let due = order(ordered(&book.house, anna, &role_end(3), Nonce::new([5; 32]), &[]));
    let mut desk = book.house.desk();
    desk.say(&kita.tablet, &due);
    book.frame("order-out-of-team-without-epoch", desk.done(), "Stale");
    let mut desk = book.house.desk();
    desk.say(&kita.tablet, &due);
    desk.epoch(&kita.tablet, kita.team);
    book.frame("order-out-of-team-with-epoch", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.say(anna, &role(person(20), Role::Guardian));
    let from_now = horizons::from_now(&desk.house.log, kita.child, Who::Person(person(20)));
    let due = order(ordered(&desk.house, anna, &from_now, Nonce::new([5; 32]), &[]));
    desk.say(&kita.tablet, &due);
    book.frame("order-from-now-without-epoch", desk.done(), "Readers");

    book.submit(|desk| {
        desk.say(anna, &role_end(3));
        desk.epoch(anna, kita.team);
    });
    book.batch("batch-by-removed", &kita.ben, kita.child, "NotAllowed", |_| {});
    book.batch("batch-names-old-team", cem, kita.private_cem, "Stale", |_| {});
    let mut desk = book.house.desk();
    desk.epoch(cem, kita.private_cem).batch(cem, kita.private_cem, 1, |_| {});
    book.frame("guardian-rotates-private", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.epoch(cem, kita.child);
    book.frame("guardian-rotates-child", desk.done(), "NotAllowed");
    let mut desk = book.house.desk();
    let old = KeyEpoch { circle: kita.team, epoch: 1 };
    let devices = SortedSet::from([kita.cem.id()]);
    desk.epoch_for(cem, kita.private_cem, vec![old], devices, |_| {});
    book.frame("epoch-names-old-team", desk.done(), "Readers");
}

fn epochs(book: &mut Book<'_>) {
    let kita = book.kita;
    let (ben, child) = (&kita.ben, kita.child);
    for (name, key, circle, expect) in [
        ("team-by-educator", &kita.ben, kita.team, "ok"),
        ("team-by-place", &kita.tablet, kita.team, "ok"),
        ("team-by-guardian", &kita.cem, kita.team, "NotAllowed"),
        ("team-by-sheet", &kita.sheet, kita.team, "ok"),
        ("directors-by-director", &kita.eva, kita.directors, "ok"),
        ("directors-by-educator", &kita.ben, kita.directors, "NotAllowed"),
        ("parents-by-educator", &kita.ben, kita.parents, "ok"),
        ("parents-by-guardian", &kita.cem, kita.parents, "NotAllowed"),
        ("group-by-educator", &kita.ben, kita.group, "ok"),
        ("house-by-place", &kita.tablet, kita.all, "ok"),
        ("house-by-guardian", &kita.cem, kita.all, "NotAllowed"),
        ("private-by-guardian", &kita.cem, kita.private_cem, "ok"),
        ("private-by-staff", &kita.ben, kita.private_cem, "ok"),
        ("private-by-other-guardian", &kita.dana, kita.private_cem, "NotAllowed"),
    ] {
        let mut desk = book.house.desk();
        desk.epoch(key, circle);
        book.frame(&format!("epoch-{name}"), desk.done(), expect);
    }
    let plan = book.house.epochs.plan(&book.house.log, &child).unwrap();
    let mut with = |name: &str, expect: &str, change: &dyn Fn(&mut Desk)| {
        let mut desk = book.house.desk();
        change(&mut desk);
        book.frame(&format!("epoch-{name}"), desk.done(), expect);
    };
    let (keys, devices) = (plan.keys, plan.devices);
    with("number-skipped", "Epoch", &|desk| {
        desk.epoch_for(ben, child, keys.clone(), devices.clone(), |body| body.number += 1);
    });
    with("number-taken", "Epoch", &|desk| {
        desk.epoch_for(ben, child, keys.clone(), devices.clone(), |body| body.number -= 1);
    });
    with("log-head-older", "Head", &|desk| {
        let older = LogHead { seq: 3, hash: desk.house.log.link(3).unwrap().hash() };
        desk.epoch_for(ben, child, keys.clone(), devices.clone(), |body| body.log = older);
    });
    with("log-head-unknown", "Head", &|desk| {
        desk.epoch_for(ben, child, keys.clone(), devices.clone(), |body| {
            body.log.hash = LinkHash::new([1; 32])
        });
    });
    with("root-foreign", "Readers", &|desk| {
        desk.epoch_for(ben, child, keys.clone(), devices.clone(), |body| body.root = Hash::new([1; 32]));
    });
    with("reader-missing", "Readers", &|desk| {
        desk.epoch_for(ben, child, keys.clone(), SortedSet::from([kita.cem.id()]), |_| {});
    });
    with("reader-too-many", "Readers", &|desk| {
        let mut devices = devices.clone();
        devices.insert(Key::new(60).id());
        desk.epoch_for(ben, child, keys.clone(), devices, |_| {});
    });
    with("key-circle-missing", "Readers", &|desk| {
        desk.epoch_for(ben, child, Vec::new(), devices.clone(), |_| {});
    });
    with("key-circle-foreign", "Readers", &|desk| {
        let mut keys = keys.clone();
        keys.push(KeyEpoch { circle: kita.parents, epoch: 1 });
        keys.sort_unstable();
        desk.epoch_for(ben, child, keys, devices.clone(), |_| {});
    });
    with("key-circle-epoch-unknown", "Readers", &|desk| {
        let keys = keys.iter().map(|key| KeyEpoch { epoch: 7, ..*key }).collect();
        desk.epoch_for(ben, child, keys, devices.clone(), |_| {});
    });
    with("key-circles-listed-otherwise", "Readers", &|desk| {
        desk.epoch_for(ben, child, keys.clone(), devices.clone(), |body| body.keys.clear());
    });
    with("list-missing", "Readers", &|desk| {
        desk.epoch(ben, child);
        desk.frame.readers.clear();
    });
    with("list-of-nothing", "Malformed", &|desk| {
        desk.epoch(ben, child);
        desk.frame.records.clear();
    });
    with("list-twice", "Malformed", &|desk| {
        desk.epoch(ben, child);
        let again = desk.frame.readers[0].clone();
        desk.frame.readers.push(again);
    });
    with("wrap-missing", "Readers", &|desk| {
        desk.epoch(ben, child);
        desk.frame.wraps.pop();
    });
    with("wrap-of-another-file", "Readers", &|desk| {
        desk.epoch(ben, child);
        desk.frame.wraps.pop();
        let number = desk.house.epochs.current(&child).unwrap().number;
        let other = desk.wrap(ben, child, number, Addressee::Epoch(desk.key(kita.team)));
        desk.frame.wraps.push(other);
    });
    with("parents-with-link", "Malformed", &|desk| {
        let plan = desk.house.epochs.plan(&desk.house.log, &kita.parents).unwrap();
        desk.epoch_for(ben, kita.parents, plan.keys, plan.devices, |body| {
            body.links.push(b"a link".to_vec().into());
        });
    });
    with("team-renewed-but-old-one-named", "Readers", &|desk| {
        desk.epoch(ben, kita.team);
        desk.epoch_for(ben, child, keys.clone(), devices.clone(), |_| {});
    });
    with("team-then-child", "ok", &|desk| {
        desk.epoch(ben, kita.team).epoch(ben, child);
    });
    with("expiring", "Malformed", &|desk| {
        desk.epoch(ben, child);
        let record = desk.frame.records.pop().unwrap();
        let mut header = record.check().unwrap();
        header.class = Class::Short;
        header.month = expiry(Class::Short, MONTH);
        let body = record.body.to_vec();
        header.body_hash = Hash::new(sha256(&[&body]));
        let record = sign_record(ben, &header, body);
        desk.frame.readers[0].record = record.id();
        desk.frame.records.push(record);
    });
}

/// Two renew at once: the first wins, the other takes the winner's epoch.
fn races(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, ben, child) = (&kita.anna, &kita.ben, kita.child);
    let mut desk = book.house.desk();
    desk.epoch(ben, child).batch(ben, child, 1, |_| {});
    let bens = desk.done();
    let mut desk = book.house.desk();
    desk.say(anna, &role_end(3));
    desk.epoch(anna, kita.team);
    let annas = desk.done();
    let before = book.house.clone();
    book.submit(|desk| {
        desk.epoch(anna, child);
    });
    book.frame("race-for-epoch-lost", bens.clone(), "Epoch");
    book.frame("race-for-epoch-of-another-circle", annas, "ok");
    // The log moved on in between: the epoch was made for readers of before.
    book.house = before;
    book.submit(|desk| {
        desk.say(anna, &member_end(child, 5));
    });
    book.frame("race-with-entry-lost", bens, "Head");
}

/// A stale `parents` circle is replaced by its readers' devices where the author cannot renew it.
fn stand_in(book: &mut Book<'_>) {
    let kita = book.kita;
    let (ben, group) = (&kita.ben, kita.group);
    let team = |desk: &Desk| vec![desk.key(kita.team)];
    let mut desk = book.house.desk();
    let keys = team(&desk);
    desk.epoch_for(ben, group, keys, SortedSet::from([kita.cem.id(), kita.dana.id()]), |_| {});
    book.frame("parents-fresh-replaced-by-devices", desk.done(), "Readers");
    book.submit(|desk| {
        desk.say(&kita.anna, &member_end(kita.parents, 5));
    });
    let mut desk = book.house.desk();
    let keys = team(&desk);
    desk.epoch_for(ben, group, keys, SortedSet::from([kita.cem.id()]), |_| {}).batch(ben, group, 1, |_| {});
    book.frame("parents-stale-replaced-by-devices", desk.done(), "ok");
    let mut desk = book.house.desk();
    let keys = team(&desk);
    desk.epoch_for(ben, group, keys, SortedSet::from([kita.cem.id(), kita.dana.id()]), |_| {});
    book.frame("parents-stale-replaced-with-the-one-who-left", desk.done(), "Readers");
    let mut desk = book.house.desk();
    let mut keys = team(&desk);
    keys.push(desk.key(kita.parents));
    keys.sort_unstable();
    desk.epoch_for(ben, group, keys, SortedSet::new(), |_| {});
    book.frame("parents-stale-named", desk.done(), "Readers");
    let mut desk = book.house.desk();
    desk.epoch(ben, kita.parents).epoch(ben, group).batch(ben, group, 1, |_| {});
    book.frame("parents-renewed-then-group", desk.done(), "ok");
}

fn wraps(book: &mut Book<'_>) {
    let kita = book.kita;
    let second = Key::new(70);
    book.submit(|desk| {
        let body = device_add(desk.house.id(), person(4), &second);
        desk.say(&kita.cem, &body);
    });
    let to = |key: &Key| Addressee::Device(key.id());
    for (name, maker, circle, addressee, expect) in [
        ("own-device", &kita.cem, kita.child, to(&second), "ok"),
        ("own-device-of-parents", &kita.cem, kita.parents, to(&second), "ok"),
        ("to-other-guardian", &kita.cem, kita.child, to(&kita.dana), "NotAllowed"),
        ("by-staff", &kita.ben, kita.child, to(&kita.dana), "ok"),
        ("by-writing-guardian", &kita.cem, kita.private_cem, to(&second), "ok"),
        ("by-sheet-to-director", &kita.sheet, kita.directors, to(&kita.eva), "ok"),
        ("by-stranger", &Key::new(60), kita.child, to(&kita.dana), "NotAllowed"),
        ("to-stranger", &kita.ben, kita.child, to(&Key::new(60)), "NotAllowed"),
        ("to-no-reader", &kita.ben, kita.private_cem, to(&kita.dana), "NotAllowed"),
        ("by-no-reader", &kita.dana, kita.private_cem, to(&kita.cem), "NotAllowed"),
    ] {
        let mut desk = book.house.desk();
        desk.give(maker, circle, addressee);
        book.frame(&format!("wrap-{name}"), desk.done(), expect);
    }
    let key = |circle, epoch| Addressee::Epoch(KeyEpoch { circle, epoch });
    for (name, addressee, expect) in [
        ("to-team", key(kita.team, 1), "ok"),
        ("to-team-epoch-unknown", key(kita.team, 2), "Epoch"),
        ("to-circle-that-does-not-read", key(kita.parents, 1), "NotAllowed"),
    ] {
        let mut desk = book.house.desk();
        desk.give(&kita.ben, kita.child, addressee);
        book.frame(&format!("wrap-{name}"), desk.done(), expect);
    }
    let mut desk = book.house.desk();
    let wrap = desk.wrap(&kita.ben, kita.child, 2, to(&kita.cem));
    desk.frame.wraps.push(wrap);
    book.frame("wrap-epoch-unknown", desk.done(), "Epoch");
    let mut desk = book.house.desk();
    desk.give(&kita.ben, kita.child, to(&kita.cem));
    desk.frame.wraps[0].file = b"another file".to_vec().into();
    book.frame("wrap-file-exchanged", desk.done(), "Malformed");

    book.submit(|desk| {
        desk.epoch(&kita.ben, kita.team);
    });
    let mut desk = book.house.desk();
    desk.give(&kita.ben, kita.child, key(kita.team, 1));
    book.frame("wrap-to-old-team", desk.done(), "Epoch");
    book.submit(|desk| {
        desk.say(&kita.anna, &member_end(kita.parents, 5));
    });
    let mut desk = book.house.desk();
    desk.give(&kita.ben, kita.group, key(kita.parents, 1));
    book.frame("wrap-to-stale-parents", desk.done(), "Stale");
}

/// A key circle that comes to read something is given the keys in the same frame.
fn given_circles(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, team) = (&kita.anna, circle_id(50));
    let begin = |desk: &mut Desk| {
        desk.say(anna, &Body::Circle(circle(team, Sort::Team)));
        let body = member(&desk.house.log, team, Who::Person(person(1)));
        desk.say(anna, &body);
    };
    let mut desk = book.house.desk();
    begin(&mut desk);
    book.frame("team-without-epoch", desk.done(), "Readers");
    let mut desk = book.house.desk();
    begin(&mut desk);
    desk.epoch(anna, team);
    book.frame("team-without-wraps", desk.done(), "Readers");
    let with_keys = |desk: &mut Desk| {
        begin(desk);
        desk.epoch(anna, team);
        let key = Addressee::Epoch(desk.key(team));
        desk.give(anna, kita.all, key).give(anna, kita.staff, key);
    };
    let mut desk = book.house.desk();
    with_keys(&mut desk);
    book.frame("team-with-wraps", desk.done(), "ok");
    let mut desk = book.house.desk();
    begin(&mut desk);
    desk.epoch(anna, team).epoch(anna, kita.all).epoch(anna, kita.staff);
    book.frame("team-with-new-epochs", desk.done(), "ok");
    book.submit(with_keys);
    let nested = |desk: &mut Desk| {
        let body = member(&desk.house.log, kita.child, Who::Circle(team));
        desk.say(anna, &body);
    };
    let mut desk = book.house.desk();
    nested(&mut desk);
    book.frame("second-team-without-wrap", desk.done(), "Readers");
    let mut desk = book.house.desk();
    nested(&mut desk);
    let key = Addressee::Epoch(desk.key(team));
    desk.give(anna, kita.child, key);
    book.frame("second-team-with-wrap", desk.done(), "ok");
    let mut desk = book.house.desk();
    nested(&mut desk);
    desk.epoch(anna, kita.child);
    book.frame("second-team-with-epoch", desk.done(), "ok");
}

fn doors(book: &mut Book<'_>) {
    let kita = book.kita;
    let (secret, device) = (Key::new(50), Key::new(61));
    book.submit(|desk| {
        desk.say(&kita.ben, &invite(&secret, person(4)));
    });
    let seq = book.house.log.len() - 1;
    let joining = |house: &House, device: &Key| {
        let mut desk = house.desk();
        let body = join(house.id(), seq, &secret, device);
        let entry = house.draft(device, &body, &[], |_| {});
        desk.frame.entries.push(entry);
        desk.done()
    };
    let frame = joining(&book.house, &device);
    book.frame("join", frame.clone(), "ok");
    let withdraw = Body::InviteEnd(InviteEnd { invite: seq });
    let open = book.house.clone();
    book.submit(|desk| {
        desk.say(&kita.ben, &withdraw);
    });
    let late = joining(&book.house, &device);
    book.frame("join-withdrawn", late, "InviteRevoked");
    book.house = open;
    book.house.submit(frame.clone()).unwrap();
    book.frame("join-log-moved-on", frame, "Head");
    let second = joining(&book.house, &Key::new(62));
    book.frame("join-used", second, "InviteUsed");
}
