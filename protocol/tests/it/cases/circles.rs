//! Entries about circles, who reads them, and who is protected.

use nestpost_protocol::id::*;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::protect::Protect;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::{Body, Class};

use super::Case;
use super::entries::Book;
use crate::house::*;

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    circles(kita, cases);
    members(kita, cases);
    guarded(kita, cases);
    councils(kita, cases);
    protections(kita, cases);
}

fn circles(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, fresh) = (&kita.anna, circle_id(50));
    let new = |sort| Body::Circle(circle(fresh, sort));
    book.body("circle-team", anna, &new(Sort::Team), "ok");
    book.body("circle-child", anna, &new(Sort::Child), "ok");
    book.body("circle-by-educator", &kita.ben, &new(Sort::Child), "NotEntitled");
    book.body("circle-by-guardian", &kita.cem, &new(Sort::Child), "NotEntitled");
    book.body("circle-intake", anna, &new(Sort::Intake), "ok");
    book.body("circle-intake-by-educator", &kita.ben, &new(Sort::Intake), "NotEntitled");
    for (name, sort) in [("directors", Sort::Directors), ("house", Sort::House), ("staff", Sort::Staff)] {
        book.body(&format!("circle-second-{name}"), anna, &new(sort), "CircleExists");
    }
    book.body("circle-reserved-family", anna, &new(Sort::Family), "SortReserved");
    let known = Body::Circle(circle(kita.child, Sort::Child));
    book.body("circle-id-known", anna, &known, "CircleExists");
    let with = |sort, change: &dyn Fn(&mut CircleNew)| {
        let mut body = circle(fresh, sort);
        change(&mut body);
        Body::Circle(body)
    };
    book.body("circle-parents-without-team", anna, &new(Sort::Parents), "CircleFields");
    book.body(
        "circle-parents-second",
        anna,
        &with(Sort::Parents, &|c| c.team = Some(kita.team)),
        "CircleExists",
    );
    book.body("circle-group-second", anna, &with(Sort::Group, &|c| c.team = Some(kita.team)), "CircleExists");
    book.body(
        "circle-parents-of-no-team",
        anna,
        &with(Sort::Parents, &|c| c.team = Some(kita.child)),
        "CircleFields",
    );
    book.body(
        "circle-parents-of-unknown",
        anna,
        &with(Sort::Parents, &|c| c.team = Some(circle_id(99))),
        "CircleUnknown",
    );
    book.body(
        "circle-team-with-team",
        anna,
        &with(Sort::Team, &|c| c.team = Some(kita.team)),
        "CircleFields",
    );
    book.body(
        "circle-child-with-guardian",
        anna,
        &with(Sort::Child, &|c| c.guardian = Some(person(4))),
        "CircleFields",
    );
    let private = |child: CircleId, guardian: PersonId| {
        with(Sort::Private, &move |c| {
            c.child = Some(child);
            c.guardian = Some(guardian);
        })
    };
    book.body("circle-private", anna, &private(kita.child, person(4)), "ok");
    book.body("circle-private-of-educator", anna, &private(kita.child, person(3)), "CircleFields");
    book.body("circle-private-of-no-child", anna, &private(kita.team, person(4)), "CircleFields");
    book.body("circle-private-of-unknown-child", anna, &private(circle_id(99), person(4)), "CircleUnknown");
    book.body("circle-private-of-unknown-person", anna, &private(kita.child, person(99)), "PersonUnknown");
    book.body(
        "circle-private-without-child",
        anna,
        &with(Sort::Private, &|c| c.guardian = Some(person(4))),
        "CircleFields",
    );
    book.house.say(anna, &new(Sort::Team));
    let second = Body::Circle(CircleNew { team: Some(fresh), ..circle(circle_id(51), Sort::Parents) });
    book.body("circle-parents-of-second-team", anna, &second, "ok");
}

fn members(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let anna = &kita.anna;
    let other_team = circle_id(50);
    book.house.say(anna, &Body::Circle(circle(other_team, Sort::Team)));
    let (other_child, private) = (circle_id(51), circle_id(52));
    book.house.say(anna, &Body::Circle(circle(other_child, Sort::Child)));
    let new =
        CircleNew { child: Some(other_child), guardian: Some(person(4)), ..circle(private, Sort::Private) };
    book.house.say(anna, &Body::Circle(new));
    let p = |number| Who::Person(person(number));
    let c = Who::Circle;
    let rows: &[(&str, CircleId, Who, &str)] = &[
        ("team-educator", other_team, p(3), "ok"),
        ("team-place", other_team, p(7), "ok"),
        ("team-director", other_team, p(1), "ok"),
        ("team-sheet", other_team, p(2), "ok"),
        ("team-guardian", other_team, p(4), "MemberSort"),
        ("team-circle", other_team, c(kita.directors), "MemberSort"),
        ("directors-educator", kita.directors, p(3), "MemberSort"),
        ("directors-circle", kita.directors, c(kita.team), "MemberSort"),
        ("parents-educator", kita.parents, p(3), "MemberSort"),
        ("parents-other-team", kita.parents, c(other_team), "MemberSort"),
        ("group-person", kita.group, p(4), "MemberSort"),
        ("group-place", kita.group, p(7), "ok"),
        ("group-educator", kita.group, p(3), "MemberSort"),
        ("group-directors", kita.group, c(kita.directors), "MemberSort"),
        ("child-guardian", other_child, p(4), "ok"),
        ("child-team", other_child, c(kita.team), "ok"),
        ("child-second-team", kita.child, c(other_team), "ok"),
        ("child-place", other_child, p(7), "ok"),
        ("child-educator", other_child, p(3), "MemberSort"),
        ("child-director", other_child, p(1), "MemberSort"),
        ("child-parents", other_child, c(kita.parents), "MemberSort"),
        ("child-child", other_child, c(kita.child), "MemberSort"),
        ("private-own-guardian", private, p(4), "ok"),
        ("private-other-guardian", private, p(5), "MemberSort"),
        ("private-team", private, c(kita.team), "ok"),
        ("private-directors", private, c(kita.directors), "ok"),
        ("private-second-team", kita.private_cem, c(other_team), "MemberSort"),
        ("private-parents", private, c(kita.parents), "MemberSort"),
        ("private-educator", private, p(3), "MemberSort"),
        ("house-person", kita.all, p(3), "MemberSort"),
        ("house-place", kita.all, p(7), "ok"),
        ("house-guardian", kita.all, p(4), "MemberSort"),
        ("staff-place", kita.staff, p(7), "MemberSort"),
        ("parents-place", kita.parents, p(7), "MemberSort"),
        ("private-place", private, p(7), "MemberSort"),
        ("house-team", kita.all, c(kita.team), "MemberSort"),
        ("staff-person", kita.staff, p(3), "MemberSort"),
        ("again", kita.team, p(3), "MemberExists"),
    ];
    for (name, circle, who, expect) in rows {
        let body = member(&book.house.log, *circle, *who);
        book.body(&format!("member-{name}"), anna, &body, expect);
    }
    for (name, circle, who, expect) in [
        ("team", other_team, p(3), "MemberHistory"),
        ("directors", kita.directors, p(6), "MemberHistory"),
        ("parents-team", kita.parents, c(kita.team), "MemberHistory"),
        ("child", other_child, p(4), "ok"),
        ("child-team", other_child, c(kita.team), "ok"),
    ] {
        let Body::Member(whole) = member(&book.house.log, circle, who) else { panic!() };
        let body = Body::Member(Member { history: History::FromNow, ..whole });
        book.body(&format!("member-from-now-{name}"), anna, &body, expect);
    }
    let open = member(&book.house.log, other_child, p(7));
    book.changed("member-child-place-told-to-all", anna, &open, "Class", |e| e.class = Class::All);
    let body = member(&book.house.log, other_child, p(4));
    book.body("member-by-educator", &kita.ben, &body, "NotEntitled");
    book.body("member-by-guardian", &kita.cem, &body, "NotEntitled");
    let wrong_seq = |change: fn(&mut Member)| {
        let mut member = Member {
            circle: other_team,
            circle_seq: book.house.log.circle(&other_team).unwrap().seq,
            who: p(3),
            history: History::All,
        };
        change(&mut member);
        Body::Member(member)
    };
    let (seq, circle) = (wrong_seq(|m| m.circle_seq -= 1), wrong_seq(|m| m.circle = circle_id(99)));
    book.body("member-circle-seq-wrong", anna, &seq, "CircleUnknown");
    book.changed("member-circle-unknown", anna, &circle, "CircleUnknown", |e| e.class = Class::All);
    let unknown = member(&book.house.log, other_team, p(99));
    book.body("member-person-unknown", anna, &unknown, "PersonUnknown");

    let end = |circle, who| Body::MemberEnd(MemberEnd { circle, who });
    book.body("member-end-guardian", anna, &end(kita.child, p(4)), "ok");
    book.body("member-end-circle", anna, &end(kita.child, c(kita.team)), "ok");
    book.body("member-end-staff", anna, &end(kita.team, p(3)), "ok");
    book.body("member-end-by-educator", &kita.ben, &end(kita.child, p(4)), "NotEntitled");
    book.body("member-end-own", &kita.cem, &end(kita.child, p(4)), "NotEntitled");
    book.body("member-end-no-member", anna, &end(other_child, p(4)), "MemberUnknown");
    book.body("member-end-derived", anna, &end(kita.all, c(kita.team)), "MemberUnknown");
    book.house.say(anna, &Body::RoleEnd(RoleEnd { person: person(4) }));
    let gone = member(&book.house.log, other_child, p(4));
    book.body("member-without-role", anna, &gone, "NoRole");
    // A role that comes back does not bring the old circles back.
    book.house.say(anna, &role(person(4), Role::Guardian));
    book.body("member-end-after-role-again", anna, &end(kita.child, p(4)), "MemberUnknown");
}

fn guarded(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, ben, eva, id) = (&kita.anna, &kita.ben, &kita.eva, circle_id(50));
    let new = |numbers: &[u64]| {
        let mut persons: Vec<PersonId> = numbers.iter().map(|number| person(*number)).collect();
        persons.sort_unstable();
        CircleNew { persons: Some(persons), ..CircleNew::new(id, Sort::Guarded) }
    };
    let two = Body::Circle(new(&[3, 6]));
    book.body("circle-guarded-by-director", anna, &two, "ok");
    book.body("circle-guarded-by-educator", ben, &two, "ok");
    book.body("circle-guarded-by-place", &kita.tablet, &two, "NotEntitled");
    book.body("circle-guarded-by-guardian", &kita.cem, &two, "NotEntitled");
    book.body("circle-guarded-by-sheet", &kita.sheet, &two, "NotEntitled");
    for (name, numbers, expect) in [
        ("of-others", &[6][..], "ok"),
        ("with-guardian", &[3, 4], "ok"),
        ("of-guardian-alone", &[4], "MemberSort"),
        ("with-two-guardians", &[3, 4, 5], "MemberSort"),
        ("with-place", &[3, 7], "MemberSort"),
        ("with-sheet", &[3, 2], "MemberSort"),
        ("of-nobody", &[], "CircleFields"),
        ("twice-the-same", &[3, 3], "CircleFields"),
        ("with-unknown", &[3, 99], "PersonUnknown"),
    ] {
        book.body(&format!("circle-guarded-{name}"), ben, &Body::Circle(new(numbers)), expect);
    }
    let with = |change: &dyn Fn(&mut CircleNew)| {
        let mut body = new(&[3, 6]);
        change(&mut body);
        Body::Circle(body)
    };
    let unsorted = with(&|c| c.persons.as_mut().unwrap().reverse());
    book.body("circle-guarded-unsorted", ben, &unsorted, "CircleFields");
    book.body("circle-guarded-without-list", ben, &with(&|c| c.persons = None), "CircleFields");
    book.body("circle-guarded-with-team", ben, &with(&|c| c.team = Some(kita.team)), "CircleFields");
    book.body("circle-child-with-persons", anna, &with(&|c| c.sort = Sort::Child), "CircleFields");
    book.changed("circle-guarded-class-too-wide", ben, &two, "Class", |entry| entry.class = Class::All);

    let p = |number| Who::Person(person(number));
    let end = |number| Body::MemberEnd(MemberEnd { circle: id, who: p(number) });
    book.house.say(anna, &two);
    let body = |book: &Book<'_>, who| member(&book.house.log, id, who);
    for (name, who, expect) in [
        ("director", p(1), "ok"),
        ("guardian", p(4), "ok"),
        ("place", p(7), "MemberSort"),
        ("sheet", p(2), "MemberSort"),
        ("team", Who::Circle(kita.team), "MemberSort"),
        ("again", p(6), "MemberExists"),
    ] {
        let body = body(&book, who);
        book.body(&format!("member-guarded-{name}"), ben, &body, expect);
    }
    let guardian = body(&book, p(4));
    book.body("member-guarded-by-member-who-directs", eva, &guardian, "ok");
    book.body("member-guarded-by-director-who-made-it", anna, &guardian, "NotEntitled");
    book.body("member-guarded-by-place", &kita.tablet, &guardian, "NotEntitled");
    book.body("member-end-guarded-by-member", ben, &end(6), "ok");
    book.body("member-end-guarded-own", ben, &end(3), "ok");
    book.body("member-end-guarded-by-director-who-made-it", anna, &end(3), "NotEntitled");
    let made = book.house.log.len() - 1;
    book.changed("member-guarded-before-missing", ben, &guardian, "Before", |entry| entry.before = None);
    book.changed("member-guarded-before-of-the-guardian", ben, &guardian, "Before", |entry| {
        entry.before = Some(made - 1);
    });
    book.house.say(ben, &guardian);
    book.body("member-guarded-by-guardian", &kita.cem, &body(&book, p(1)), "NotEntitled");
    book.body("member-guarded-second-guardian", ben, &body(&book, p(5)), "MemberSort");
    book.house.say(ben, &end(4));
    book.body("member-guarded-guardian-again", ben, &body(&book, p(4)), "ok");
    book.body("member-guarded-another-guardian-later", ben, &body(&book, p(5)), "MemberSort");
    book.house.say(ben, &end(6));
    book.body("member-end-guarded-last-of-staff", ben, &end(3), "LastMember");
    book.body("member-guarded-by-one-who-left", eva, &body(&book, p(1)), "NotEntitled");
    // What the members say about their circle is no part of what others must name.
    let invited = invite(&Key::new(50), person(4));
    assert_eq!(book.house.log.before(&invited), kita.house.log.before(&invited));
    book.body("before-of-a-guardian-in-guarded", anna, &invited, "ok");
}

fn councils(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, id) = (&kita.anna, circle_id(50));
    let new = |numbers: &[u64]| {
        let mut persons: Vec<PersonId> = numbers.iter().map(|number| person(*number)).collect();
        persons.sort_unstable();
        Body::Circle(CircleNew { persons: Some(persons), ..CircleNew::new(id, Sort::Council) })
    };
    for (name, numbers, expect) in [
        ("of-guardians", &[4, 5][..], "ok"),
        ("with-director", &[4, 6], "ok"),
        ("with-educator", &[4, 3], "MemberSort"),
        ("with-place", &[4, 7], "MemberSort"),
        ("with-sheet", &[4, 2], "MemberSort"),
        ("of-nobody", &[], "CircleFields"),
        ("with-unknown", &[4, 99], "PersonUnknown"),
    ] {
        book.body(&format!("circle-council-{name}"), anna, &new(numbers), expect);
    }
    let without = Body::Circle(CircleNew::new(id, Sort::Council));
    book.body("circle-council-without-list", anna, &without, "CircleFields");
    book.body("circle-council-by-educator", &kita.ben, &new(&[4]), "NotEntitled");
    book.body("circle-council-by-guardian", &kita.cem, &new(&[4]), "NotEntitled");
    book.changed("circle-council-class-too-wide", anna, &new(&[4]), "Class", |entry| {
        entry.class = Class::All
    });
    book.house.say(anna, &new(&[4]));
    let body = |book: &Book<'_>, who| member(&book.house.log, id, who);
    let p = |number| Who::Person(person(number));
    for (name, who, expect) in [
        ("guardian", p(5), "ok"),
        ("director", p(1), "ok"),
        ("educator", p(3), "MemberSort"),
        ("sheet", p(2), "MemberSort"),
        ("parents", Who::Circle(kita.parents), "MemberSort"),
        ("again", p(4), "MemberExists"),
    ] {
        let body = body(&book, who);
        book.body(&format!("member-council-{name}"), anna, &body, expect);
    }
    let dana = body(&book, p(5));
    book.body("member-council-by-guardian", &kita.cem, &dana, "NotEntitled");
    book.body("member-council-by-educator", &kita.ben, &dana, "NotEntitled");
    book.changed("member-council-before-missing", anna, &dana, "Before", |entry| entry.before = None);
    let end = Body::MemberEnd(MemberEnd { circle: id, who: p(4) });
    book.body("member-end-council", anna, &end, "ok");
    book.body("member-end-council-own", &kita.cem, &end, "NotEntitled");
}

fn protections(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, ben) = (&kita.anna, &kita.ben);
    let protect = |number: u64, named: &[u64]| {
        let mut named: Vec<PersonId> = named.iter().map(|number| person(*number)).collect();
        named.sort_unstable();
        Protect { person: person(number), named, on: true }
    };
    let off = |number| Body::Protect(Protect { on: false, ..protect(number, &[]) });
    let p = |number| Who::Person(person(number));
    let end = |circle, who| Body::MemberEnd(MemberEnd { circle, who });
    for (name, number, named, expect) in [
        ("before-role", 20, &[3][..], "ok"),
        ("naming-nobody", 20, &[], "ok"),
        ("naming-director", 20, &[6], "ok"),
        ("naming-place", 20, &[7], "Protection"),
        ("naming-sheet", 20, &[2], "Protection"),
        ("naming-guardian", 20, &[5], "Protection"),
        ("naming-twice", 20, &[3, 3], "Protection"),
        ("naming-unknown", 20, &[99], "PersonUnknown"),
        ("staff", 3, &[], "OtherSide"),
        ("reader-of-child", 4, &[], "ProtectedReads"),
    ] {
        book.body(&format!("protect-{name}"), anna, &Body::Protect(protect(number, named)), expect);
    }
    let new = Body::Protect(protect(20, &[3]));
    let mut unsorted = protect(20, &[3, 6]);
    unsorted.named.reverse();
    book.body("protect-naming-unsorted", anna, &Body::Protect(unsorted), "Protection");
    book.body("protect-by-educator", ben, &new, "NotEntitled");
    book.body("protect-by-guardian", &kita.cem, &new, "NotEntitled");
    book.body("protect-by-sheet", &kita.sheet, &new, "NotEntitled");
    book.body("protect-off-where-there-is-none", anna, &off(4), "Protection");
    book.changed("protect-class-too-wide", anna, &new, "Class", |entry| entry.class = Class::All);
    book.house.say(anna, &end(kita.child, p(4)));
    book.body("protect-reader-of-parents", anna, &Body::Protect(protect(4, &[])), "ProtectedReads");
    book.house.say(anna, &end(kita.parents, p(4)));
    book.body("protect-reader-of-private-with-team", anna, &Body::Protect(protect(4, &[])), "ProtectedReads");
    book.house.say(anna, &end(kita.private_cem, Who::Circle(kita.team)));
    book.body("protect-reader-of-private-with-nobody", anna, &Body::Protect(protect(4, &[])), "ok");
    let body = member(&book.house.log, kita.private_cem, Who::Circle(kita.directors));
    book.house.say(anna, &body);
    book.house.say(anna, &Body::Protect(protect(4, &[3])));
    book.body("protect-other-names", anna, &Body::Protect(protect(4, &[])), "ok");
    book.body("protect-off", anna, &off(4), "ok");
    book.changed("protect-before-missing", anna, &off(4), "Before", |entry| entry.before = None);
    let named_off = Body::Protect(Protect { on: false, ..protect(4, &[3]) });
    book.body("protect-off-naming", anna, &named_off, "Protection");
    for (name, circle, expect) in [
        ("child", kita.child, "ProtectedReads"),
        ("parents", kita.parents, "ProtectedReads"),
        ("private", kita.private_cem, "MemberExists"),
    ] {
        let body = member(&book.house.log, circle, p(4));
        book.body(&format!("member-protected-{name}"), anna, &body, expect);
    }
    // Who knows of them may write about them; the others are told what strangers are told.
    let invited = invite(&Key::new(50), person(4));
    book.body("invite-protected-by-named", ben, &invited, "ok");
    book.body(
        "role-end-protected-by-director",
        &kita.eva,
        &Body::RoleEnd(RoleEnd { person: person(4) }),
        "ok",
    );
    book.house.say(anna, &Body::Protect(protect(4, &[])));
    book.body("invite-protected-by-one-not-named", ben, &invited, "NotEntitled");
    let seq = book.house.say(anna, &invited);
    let joined = join(book.house.id(), seq, &Key::new(50), &Key::new(61));
    let joined = book.house.say(&Key::new(61), &joined);
    let body = confirm(&book.house.log, joined);
    book.body("confirm-protected-by-place", &kita.tablet, &body, "NotEntitled");
    book.body("confirm-protected-by-director", anna, &body, "ok");
    book.body(
        "device-add-protected-own",
        &kita.cem,
        &device_add(kita.house.id(), person(4), &Key::new(62)),
        "ok",
    );

    // Nobody gets to know of them by a guarded circle.
    let guarded = |numbers: &[u64]| {
        let mut persons: Vec<PersonId> = numbers.iter().map(|number| person(*number)).collect();
        persons.sort_unstable();
        Body::Circle(CircleNew { persons: Some(persons), ..CircleNew::new(circle_id(50), Sort::Guarded) })
    };
    book.body("circle-guarded-with-protected-by-one-not-named", ben, &guarded(&[3, 4]), "ProtectedReads");
    book.body("circle-guarded-of-director-with-protected", anna, &guarded(&[1, 4]), "ok");
    let council = Body::Circle(CircleNew {
        persons: Some(vec![person(4)]),
        ..CircleNew::new(circle_id(51), Sort::Council)
    });
    book.body("circle-council-with-protected", anna, &council, "ProtectedReads");
    let apart = book.house.clone();
    book.house.say(anna, &guarded(&[1, 4]));
    let body = member(&book.house.log, circle_id(50), p(3));
    book.body("member-guarded-with-protected-not-named", anna, &body, "ProtectedReads");
    let body = member(&book.house.log, circle_id(50), p(6));
    book.body("member-guarded-with-protected-director", anna, &body, "ok");
    book.house = apart;
    book.house.say(anna, &guarded(&[1, 3]));
    let body = member(&book.house.log, circle_id(50), p(4));
    book.body("member-guarded-protected-to-one-not-named", ben, &body, "ProtectedReads");
    book.house.say(anna, &end(kita.private_cem, Who::Circle(kita.directors)));
    let body = member(&book.house.log, kita.private_cem, Who::Circle(kita.team));
    book.body("member-private-team-of-protected", anna, &body, "ProtectedReads");
    let private = CircleNew {
        child: Some(kita.child),
        guardian: Some(person(4)),
        ..circle(circle_id(53), Sort::Private)
    };
    book.body("circle-private-of-protected", anna, &Body::Circle(private), "ok");

    let mut book = Book::new(kita, book.cases);
    book.house.say(anna, &new);
    book.body("role-protected", anna, &role(person(20), Role::Guardian), "ok");
    book.body(
        "role-protected-by-one-not-named",
        &kita.tablet,
        &role(person(20), Role::Guardian),
        "NotEntitled",
    );
    book.body("role-protected-as-educator", anna, &role(person(20), Role::Educator), "OtherSide");
    book.body("role-protected-by-named", ben, &role(person(20), Role::Guardian), "ok");
    book.house.say(anna, &off(20));
    book.body("protect-off-again", anna, &off(20), "Protection");
}
