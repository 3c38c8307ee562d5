//! Frames of circles whose members are named one by one, and what staff see of a log that has them.

use nestpost_protocol::epoch::Addressee;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::protect::Protect;
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::SortedSet;

use super::frames::{Book, member_end};
use crate::house::*;

use super::horizons::from_now;

pub fn add(book: &mut Book<'_>) {
    guarded(&mut book.again());
    digests(&mut book.again());
    council(&mut book.again());
    protection(&mut book.again());
}

/// Members write and renew; no director does by being one.
fn guarded(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, ben, eva, cem, id) = (&kita.anna, &kita.ben, &kita.eva, &kita.cem, circle_id(50));
    let mut persons = vec![person(3), person(4), person(6)];
    persons.sort_unstable();
    let new = Body::Circle(CircleNew { persons: Some(persons), ..CircleNew::new(id, Sort::Guarded) });
    let mut desk = book.house.desk();
    desk.say(anna, &new);
    desk.epoch(anna, id);
    book.frame("guarded-with-epoch-by-one-who-is-no-member", desk.done(), "NotAllowed");
    book.submit(|desk| {
        desk.say(anna, &new);
    });
    let mut desk = book.house.desk();
    desk.epoch(ben, id).batch(ben, id, 1, |_| {});
    book.frame("guarded-begun-by-member", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.epoch(cem, id).batch(cem, id, 1, |_| {});
    book.frame("guarded-begun-by-guardian", desk.done(), "ok");
    let mut desk = book.house.desk();
    let plan = desk.house.epochs.plan(&desk.house.log, &id).unwrap();
    let mut more = plan.devices;
    more.insert(anna.id());
    desk.epoch_for(ben, id, plan.keys, more, |_| {});
    book.frame("guarded-with-director-among-readers", desk.done(), "Readers");
    book.submit(|desk| {
        desk.epoch(ben, id);
    });
    let cems = Side::Person(person(4));
    book.batch("batch-staff-in-guarded", eva, id, "ok", |_| {});
    book.batch("batch-guardian-in-guarded", cem, id, "ok", |_| {});
    book.batch("batch-staff-on-guardians-side-in-guarded", eva, id, "NotAllowed", |h| h.side = cems);
    book.batch("batch-guardian-on-staff-side-in-guarded", cem, id, "NotAllowed", |h| h.side = Side::Staff);
    book.batch("batch-director-in-guarded", anna, id, "NotAllowed", |_| {});
    let mut desk = book.house.desk();
    desk.give(anna, id, Addressee::Device(eva.id()));
    book.frame("wrap-in-guarded-by-director", desk.done(), "NotAllowed");
    let body = from_now(&book.house.log, id, Who::Person(person(1)));
    let mut desk = book.house.desk();
    desk.say(ben, &body);
    desk.plain_epoch(ben, id);
    book.frame("from-now-in-guarded-with-epoch-that-is-no-horizon", desk.done(), "Readers");
    let mut desk = book.house.desk();
    desk.say(ben, &body);
    desk.epoch(ben, id);
    book.frame("from-now-in-guarded-with-horizon", desk.done(), "ok");
    book.submit(|desk| {
        desk.say(eva, &member_end(id, 3));
    });
    book.batch("batch-in-guarded-after-one-left", eva, id, "Stale", |_| {});
    let mut desk = book.house.desk();
    desk.epoch(eva, id).batch(eva, id, 2, |_| {});
    book.frame("guarded-renewed-by-who-stays", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.epoch(ben, id);
    book.frame("guarded-renewed-by-who-left", desk.done(), "NotAllowed");
}

/// What a reader list says of the log is what all staff see of it.
fn digests(book: &mut Book<'_>) {
    let kita = book.kita;
    let ben = &kita.ben;
    let digest = |desk: &Desk| desk.house.log.staff_digest(desk.house.log.len() - 1);
    let mut desk = book.house.desk();
    desk.staff = digest(&desk);
    desk.epoch(ben, kita.child);
    book.frame("epoch-staff-digest", desk.done(), "ok");
    let mut desk = book.house.desk();
    desk.staff = desk.house.log.staff_digest(3);
    desk.epoch(ben, kita.child);
    book.frame("epoch-staff-digest-older", desk.done(), "Readers");
    let mut desk = book.house.desk();
    desk.staff = digest(&desk);
    desk.epoch(ben, kita.private_cem);
    book.frame("epoch-staff-digest-in-private", desk.done(), "Readers");
    let mut desk = book.house.desk();
    desk.staff = digest(&desk);
    desk.epoch(ben, kita.child);
    desk.frame.readers[0].list.staff = None;
    book.frame("epoch-staff-digest-taken-out", desk.done(), "Readers");
    // A guarded circle does not count: who is not in it knows the same.
    let persons = Some(vec![person(3)]);
    book.submit(|desk| {
        let new = CircleNew { persons, ..CircleNew::new(circle_id(50), Sort::Guarded) };
        desk.say(ben, &Body::Circle(new));
    });
    let mut desk = book.house.desk();
    desk.staff = desk.house.log.staff_digest(desk.house.log.len() - 2);
    desk.epoch(ben, kita.child);
    book.frame("epoch-staff-digest-after-guarded", desk.done(), "ok");
}

/// The one circle where guardians write for each other; staff read it by name only.
fn council(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, cem, dana, eva, id) = (&kita.anna, &kita.cem, &kita.dana, &kita.eva, circle_id(50));
    book.submit(|desk| {
        let persons = SortedSet::from([person(4), person(5), person(6)]).into_iter().collect();
        let new = CircleNew { persons: Some(persons), ..CircleNew::new(id, Sort::Council) };
        desk.say(anna, &Body::Circle(new));
    });
    let mut desk = book.house.desk();
    desk.epoch(anna, id);
    book.frame("epoch-council-by-director-who-is-no-member", desk.done(), "NotAllowed");
    let mut desk = book.house.desk();
    desk.epoch(eva, id);
    book.frame("epoch-council-by-director-who-is-named", desk.done(), "ok");
    book.submit(|desk| {
        desk.epoch(cem, id);
    });
    for (name, author, expect) in
        [("guardian", cem, "ok"), ("director", eva, "ok"), ("another-director", anna, "NotAllowed")]
    {
        book.batch(&format!("batch-{name}-in-council"), author, id, expect, |_| {});
    }
    let (cems, danas) = (Side::Person(person(4)), Side::Person(person(5)));
    book.batch("batch-guardian-on-anothers-side-in-council", cem, id, "NotAllowed", |h| h.side = danas);
    book.batch("batch-guardian-on-staff-side-in-council", cem, id, "NotAllowed", |h| h.side = Side::Staff);
    book.batch("batch-staff-on-guardians-side-in-council", eva, id, "NotAllowed", |h| h.side = cems);
    book.submit(|desk| {
        desk.say(anna, &member_end(id, 4));
    });
    book.batch("batch-in-council-after-one-left", dana, id, "Stale", |_| {});
    let mut desk = book.house.desk();
    desk.epoch(dana, id).batch(dana, id, 2, |_| {});
    book.frame("council-renewed-by-guardian", desk.done(), "ok");
}

/// Whoever comes under protection leaves no stale keys that would tell whose child it is.
fn protection(book: &mut Book<'_>) {
    let kita = book.kita;
    let (anna, second, other_team, elsewhere) = (&kita.anna, circle_id(50), circle_id(51), circle_id(52));
    book.submit(|desk| {
        for id in [second, elsewhere] {
            desk.say(anna, &Body::Circle(circle(id, Sort::Child)));
        }
        desk.say(anna, &Body::Circle(circle(other_team, Sort::Team)));
        for (id, who) in [
            (other_team, Who::Person(person(1))),
            (second, Who::Circle(kita.team)),
            (elsewhere, Who::Circle(other_team)),
        ] {
            let body = member(&desk.house.log, id, who);
            desk.say(anna, &body);
        }
        for id in [other_team, second, elsewhere, kita.all, kita.staff] {
            desk.epoch(anna, id);
        }
    });
    let protect = Body::Protect(Protect { person: person(4), named: Vec::new(), on: true });
    let apart = |desk: &mut Desk| {
        for (id, who) in [
            (kita.child, Who::Person(person(4))),
            (kita.parents, Who::Person(person(4))),
            (kita.private_cem, Who::Circle(kita.team)),
        ] {
            desk.say(anna, &Body::MemberEnd(MemberEnd { circle: id, who }));
        }
        let body = member(&desk.house.log, kita.private_cem, Who::Circle(kita.directors));
        desk.say(anna, &body);
        desk.say(anna, &protect);
        desk.epoch(anna, kita.private_cem);
    };
    let mut with = |name: &str, expect: &str, circles: &[nestpost_protocol::id::CircleId]| {
        let mut desk = book.house.desk();
        apart(&mut desk);
        for id in circles {
            desk.epoch(anna, *id);
        }
        book.frame(&format!("protect-{name}"), desk.done(), expect);
    };
    with("without-epochs", "Stale", &[]);
    with("with-the-childs-epoch-alone", "Stale", &[kita.child]);
    with("with-all-children-but-not-the-team", "Stale", &[kita.child, second]);
    with("with-team-but-not-all-children", "Stale", &[kita.team, kita.child]);
    with("with-team-and-all-its-children", "ok", &[kita.team, kita.child, second]);
    book.submit(|desk| {
        apart(desk);
        for id in [kita.team, kita.child, second] {
            desk.epoch(anna, id);
        }
    });
    let mut desk = book.house.desk();
    desk.say(anna, &protect);
    book.frame("protect-again-with-other-names", desk.done(), "ok");
    let stranger = Body::Protect(Protect { person: person(40), named: Vec::new(), on: true });
    let mut desk = book.house.desk();
    desk.say(anna, &stranger);
    book.frame("protect-who-never-read", desk.done(), "ok");
}
