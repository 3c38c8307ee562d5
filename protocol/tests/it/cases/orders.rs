//! Entries that carry out what somebody ordered before.

use nestpost_protocol::codec::encode;
use nestpost_protocol::id::*;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::order::{Order, order_input};
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::{Body, Class, EntryBody};
use nestpost_protocol::{label, limit};

use super::Case;
use super::entries::Book;
use crate::house::*;

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    carried_out(kita, cases);
    forged(kita, cases);
    once_and_in_office(kita, cases);
}

fn nonce(number: u8) -> Nonce {
    Nonce::new([number; 32])
}

fn leave(kita: &Kita) -> Body {
    Body::MemberEnd(MemberEnd { circle: kita.child, who: Who::Person(person(4)) })
}

fn role_end(number: u64) -> Body {
    Body::RoleEnd(RoleEnd { person: person(number) })
}

fn carried_out(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, ben, tablet) = (&kita.anna, &kita.ben, &kita.tablet);
    let body = order(ordered(&book.house, anna, &leave(kita), nonce(5), &[]));
    book.body("order-by-director", &kita.eva, &body, "ok");
    book.body("order-by-educator", ben, &body, "ok");
    book.body("order-by-place", tablet, &body, "ok");
    book.body("order-by-guardian", &kita.cem, &body, "NotEntitled");
    book.body("order-by-sheet", &kita.sheet, &body, "NotEntitled");
    book.body("order-by-stranger", &Key::new(60), &body, "NotEntitled");
    let arrive = member(&book.house.log, kita.child, Who::Person(person(4)));
    let device_end = |key: &Key| Body::DeviceEnd(DeviceEnd { device: key.id() });
    for (name, by, act, cosigners, expect) in [
        ("of-educator", ben, leave(kita), &[][..], "NotEntitled"),
        ("of-guardian", &kita.cem, leave(kita), &[], "NotEntitled"),
        ("of-stranger", &Key::new(60), leave(kita), &[], "NotEntitled"),
        ("role-end", anna, role_end(4), &[], "ok"),
        ("device-end", anna, device_end(&kita.cem), &[], "ok"),
        ("device-end-own", ben, device_end(ben), &[], "ok"),
        ("member-who-is-one", anna, arrive, &[], "MemberExists"),
        ("director-role-end-by-one", anna, role_end(6), &[], "Cosignature"),
        ("director-role-end-by-two", anna, role_end(6), &[&kita.sheet], "ok"),
        ("cosigned-by-the-one-concerned", anna, role_end(6), &[&kita.eva], "Cosignature"),
        ("superfluous-cosignature", anna, leave(kita), &[&kita.eva], "Cosignature"),
    ] {
        let body = order(ordered(&book.house, by, &act, nonce(5), cosigners));
        book.body(&format!("order-{name}"), tablet, &body, expect);
    }
    book.cosigned("order-cosigned-itself", tablet, &body, &[&kita.eva], "Cosignature");
    book.changed("order-class-too-wide", tablet, &body, "Class", |entry| entry.class = Class::All);
    book.changed("order-before-missing", tablet, &body, "Before", |entry| entry.before = None);

    // A guarded circle's members order for it.
    let id = circle_id(50);
    let mut persons = vec![person(3), person(6)];
    persons.sort_unstable();
    let new = CircleNew { persons: Some(persons), ..CircleNew::new(id, Sort::Guarded) };
    book.house.say(ben, &Body::Circle(new));
    let end = Body::MemberEnd(MemberEnd { circle: id, who: Who::Person(person(6)) });
    for (name, by, expect) in [("member", ben, "ok"), ("director", anna, "NotEntitled")] {
        let body = order(ordered(&book.house, by, &end, nonce(5), &[]));
        book.body(&format!("order-in-guarded-of-{name}"), &kita.eva, &body, expect);
    }
}

fn forged(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, tablet) = (&kita.anna, &kita.tablet);
    let honest = ordered(&book.house, anna, &leave(kita), nonce(5), &[]);
    let two = ordered(&book.house, anna, &role_end(6), nonce(5), &[&kita.sheet]);
    let changed = |change: &dyn Fn(&mut Order)| {
        let mut order = honest.clone();
        change(&mut order);
        order
    };
    let elsewhere = Body::MemberEnd(MemberEnd { circle: kita.parents, who: Who::Person(person(4)) });
    let input = order_input(kita.house.id(), honest.kind, &honest.body, honest.nonce);
    let abroad = order_input(HouseId::new([3; 32]), honest.kind, &honest.body, honest.nonce);
    let five: Vec<&Key> = std::iter::repeat_n(&kita.eva, limit::COSIGNATURES_MAX + 1).collect();
    let crowded = ordered(&book.house, anna, &role_end(6), nonce(5), &five);
    for (name, wrong, expect) in [
        ("of-something-else", changed(&|o| o.body = elsewhere.encode().1.into()), "Proof"),
        ("nonce-exchanged", changed(&|o| o.nonce = nonce(6)), "Proof"),
        ("signed-by-another", changed(&|o| o.device = kita.eva.id()), "Proof"),
        ("signed-in-another-context", changed(&|o| o.signature = anna.sign(label::COSIGN, &input)), "Proof"),
        ("of-another-house", changed(&|o| o.signature = anna.sign(label::ORDER, &abroad)), "Proof"),
        (
            "cosignature-of-something-else",
            changed(&|o| o.cosignatures.clone_from(&two.cosignatures)),
            "Proof",
        ),
        ("cosignatures-empty", changed(&|o| o.cosignatures = Some(Vec::new())), "Cosignature"),
        ("cosignatures-over-limit", crowded, "Cosignature"),
    ] {
        book.body(&format!("order-{name}"), tablet, &order(wrong), expect);
    }
    // What is not ordered: a circle, a role, an order.
    let body = order(honest.clone());
    for (name, (kind, bytes)) in [
        ("circle", Body::Circle(circle(circle_id(50), Sort::Child)).encode()),
        ("role", role(person(20), Role::Guardian).encode()),
        ("order", body.encode()),
    ] {
        let wrong = Order { kind, body: bytes.into(), ..honest.clone() };
        let put = |entry: &mut EntryBody| entry.body = encode(&wrong).into();
        book.changed(&format!("order-of-{name}"), tablet, &body, "Entry(Decode(OutOfRange))", put);
    }
}

fn once_and_in_office(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, eva, tablet) = (&kita.anna, &kita.eva, &kita.tablet);
    let body = order(ordered(&book.house, anna, &leave(kita), nonce(5), &[]));
    book.house.say(tablet, &body);
    let back = member(&book.house.log, kita.child, Who::Person(person(4)));
    book.house.say(anna, &back);
    book.body("order-again", tablet, &body, "NonceUsed");
    let another = order(ordered(&book.house, anna, &leave(kita), nonce(7), &[]));
    book.body("order-another-of-the-same", tablet, &another, "ok");
    let by_eva = order(ordered(&book.house, eva, &leave(kita), nonce(8), &[]));
    book.body("order-of-second-director", tablet, &by_eva, "ok");
    let gone = book.house.draft(anna, &role_end(6), &[&kita.sheet], |_| {});
    book.house.take(gone).unwrap();
    book.body("order-of-one-who-left", tablet, &by_eva, "NotEntitled");
}
