//! Frames with somebody who reads from now on.

use nestpost_protocol::epoch::{Addressee, KeyEpoch};
use nestpost_protocol::id::*;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, LogState};

use super::frames::Book;
use crate::house::*;

/// Who reads from now on reads nothing older.
pub fn add(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, newcomer, child) = (&kita.anna, Key::new(70), kita.child);
    book.submit(|desk| {
        desk.say(anna, &role(person(20), Role::Guardian));
        let body = device_add(desk.house.id(), person(20), &newcomer);
        desk.say(&kita.sheet, &body);
    });
    let into_child = from_now(&book.house.log, child, Who::Person(person(20)));
    let mut with = |name: &str, expect: &str, change: &dyn Fn(&mut Desk)| {
        let mut desk = book.house.desk();
        desk.say(anna, &into_child);
        change(&mut desk);
        book.frame(&format!("from-now-{name}"), desk.done(), expect);
    };
    let (team, directors) =
        (KeyEpoch { circle: kita.team, epoch: 1 }, KeyEpoch { circle: kita.directors, epoch: 1 });
    with("without-epoch", "Readers", &|_| {});
    with("with-horizon", "ok", &|desk| {
        desk.epoch(anna, child);
    });
    with("with-horizon-without-link", "ok", &|desk| {
        desk.horizon(anna, child, &[]);
    });
    with("with-epoch-that-is-no-horizon", "Readers", &|desk| {
        desk.plain_epoch(anna, child);
    });
    with("with-link-for-everybody", "Malformed", &|desk| {
        let plan = desk.house.epochs.plan(&desk.house.log, &child).unwrap();
        desk.epoch_for(anna, child, plan.keys, plan.devices, |body| body.horizon = Some(Vec::new()));
    });
    with("with-link-to-circle-that-does-not-read", "Malformed", &|desk| {
        desk.horizon(anna, child, &[directors]);
    });
    with("with-link-to-old-team", "Malformed", &|desk| {
        desk.horizon(anna, child, &[KeyEpoch { epoch: 2, ..team }]);
    });
    with("horizon-elsewhere", "Readers", &|desk| {
        desk.horizon(anna, kita.group, &[team]);
    });
    unforced_horizons(&mut book.again());
    later_wraps(&mut book.again());

    let into_parents = from_now(&book.house.log, kita.parents, Who::Person(person(20)));
    let mut with = |name: &str, expect: &str, change: &dyn Fn(&mut Desk)| {
        let mut desk = book.house.desk();
        desk.say(anna, &into_parents);
        change(&mut desk);
        book.frame(&format!("from-now-in-key-circle-{name}"), desk.done(), expect);
    };
    with("alone", "Readers", &|desk| {
        desk.epoch(anna, kita.parents);
    });
    with("without-its-epoch", "Readers", &|desk| {
        desk.epoch(anna, kita.group).epoch(anna, kita.all);
    });
    with("with-one-of-two-that-nest-it", "Readers", &|desk| {
        desk.epoch(anna, kita.parents).epoch(anna, kita.group);
    });
    with("with-all-that-nest-it", "ok", &|desk| {
        desk.epoch(anna, kita.parents).epoch(anna, kita.group).epoch(anna, kita.all);
    });
    with("with-one-that-is-no-horizon", "Readers", &|desk| {
        desk.epoch(anna, kita.parents).plain_epoch(anna, kita.group).epoch(anna, kita.all);
    });
    with("with-link-to-parents", "Malformed", &|desk| {
        desk.epoch(anna, kita.parents).epoch(anna, kita.all);
        let parents = desk.key(kita.parents);
        desk.horizon(anna, kita.group, &[parents]);
    });
}

pub fn from_now(log: &LogState, circle: CircleId, who: Who) -> Body {
    let Body::Member(whole) = member(log, circle, who) else { panic!() };
    Body::Member(Member { history: History::FromNow, ..whole })
}

/// A horizon may stand where nobody asks for one: it is for those who come later. A team that comes from now on is not
/// led back itself.
fn unforced_horizons(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, second, fresh) = (&kita.anna, circle_id(50), circle_id(51));
    let team = KeyEpoch { circle: kita.team, epoch: 1 };
    for (name, author, circle, back, expect) in [
        ("in-group", &kita.ben, kita.group, vec![team], "ok"),
        ("in-private-by-guardian", &kita.cem, kita.private_cem, vec![team], "ok"),
        ("in-child-by-guardian", &kita.cem, kita.child, vec![team], "NotAllowed"),
        ("in-team", &kita.ben, kita.team, vec![], "Malformed"),
        ("in-parents", &kita.ben, kita.parents, vec![team], "Malformed"),
    ] {
        let mut desk = book.house.desk();
        desk.horizon(author, circle, &back);
        book.frame(&format!("horizon-{name}"), desk.done(), expect);
    }
    let mut desk = book.house.desk();
    desk.say(anna, &Body::Circle(circle(fresh, Sort::Child)));
    let body = member(&desk.house.log, fresh, Who::Circle(kita.team));
    desk.say(anna, &body);
    desk.horizon(anna, fresh, &[]);
    book.frame("horizon-in-first-epoch", desk.done(), "Malformed");
    book.submit(|desk| {
        desk.say(anna, &Body::Circle(circle(second, Sort::Team)));
        let body = member(&desk.house.log, second, Who::Person(person(1)));
        desk.say(anna, &body);
        desk.epoch(anna, second).epoch(anna, kita.all).epoch(anna, kita.staff);
    });
    let nested = |desk: &mut Desk| {
        let body = from_now(&desk.house.log, kita.child, Who::Circle(second));
        desk.say(anna, &body);
    };
    let mut desk = book.house.desk();
    nested(&mut desk);
    let itself = desk.key(second);
    desk.horizon(anna, kita.child, &[itself]);
    book.frame("from-now-team-with-link-to-itself", desk.done(), "Malformed");
    let mut desk = book.house.desk();
    nested(&mut desk);
    desk.give(anna, kita.child, Addressee::Epoch(itself));
    book.frame("from-now-team-with-wrap", desk.done(), "NotAllowed");
    book.submit(|desk| {
        nested(desk);
        desk.epoch(anna, kita.child);
    });
    // From the next one on it is led back as far as its own horizon.
    let mut desk = book.house.desk();
    desk.horizon(anna, kita.child, &[itself]);
    book.frame("horizon-with-link-to-team-that-came-from-now", desk.done(), "ok");
    let mut desk = book.house.desk();
    let older = desk.wrap(anna, kita.child, 1, Addressee::Epoch(itself));
    desk.frame.wraps.push(older);
    book.frame("wrap-of-older-epoch-to-team-from-now", desk.done(), "NotAllowed");
}

/// Behind a horizon only staff lead back, one person at a time.
fn later_wraps(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, newcomer, second) = (&kita.anna, Key::new(70), Key::new(71));
    book.submit(|desk| {
        desk.say(anna, &role(person(20), Role::Guardian));
        for key in [&newcomer, &second] {
            let body = device_add(desk.house.id(), person(20), key);
            desk.say(&kita.sheet, &body);
        }
        for circle in [kita.child, kita.parents] {
            let body = from_now(&desk.house.log, circle, Who::Person(person(20)));
            desk.say(anna, &body);
        }
        for circle in [kita.parents, kita.child, kita.group, kita.all] {
            desk.epoch(anna, circle);
        }
    });
    let device = |key: &Key| Addressee::Device(key.id());
    let parents = Addressee::Epoch(KeyEpoch { circle: kita.parents, epoch: 2 });
    for (name, maker, circle, epoch, to, expect) in [
        ("of-older-epoch-from-now-by-staff", &kita.ben, kita.child, 1, device(&newcomer), "ok"),
        ("of-older-epoch-from-now-to-own-device", &newcomer, kita.child, 1, device(&second), "NotAllowed"),
        ("of-horizon-to-own-device", &newcomer, kita.child, 2, device(&second), "ok"),
        (
            "of-older-epoch-through-parents-to-own-device",
            &newcomer,
            kita.group,
            1,
            device(&second),
            "NotAllowed",
        ),
        ("of-older-epoch-through-parents-by-staff", &kita.ben, kita.group, 1, device(&newcomer), "ok"),
        ("of-older-epoch-to-parents-with-a-newcomer", &kita.ben, kita.group, 1, parents, "NotAllowed"),
        ("of-horizon-to-parents-with-a-newcomer", &kita.ben, kita.group, 2, parents, "ok"),
        ("of-older-epoch-to-who-was-there-before", &kita.ben, kita.child, 1, device(&kita.cem), "ok"),
    ] {
        let mut desk = book.house.desk();
        let wrap = desk.wrap(maker, circle, epoch, to);
        desk.frame.wraps.push(wrap);
        book.frame(&format!("wrap-{name}"), desk.done(), expect);
    }
}
