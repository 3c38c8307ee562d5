//! Complaints about epochs that do not open.

use nestpost_protocol::codec::encode;
use nestpost_protocol::complaint::{Complaint, ComplaintHead};
use nestpost_protocol::id::*;
use nestpost_protocol::label;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::member::{History, Member, Who};

use super::frames::member_end;
use super::{Case, Given, Input};
use crate::house::*;

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    let head =
        |key: &Key, circle, epoch| ComplaintHead { house: kita.house.id(), circle, epoch, device: key.id() };
    let signed = |key: &Key, context: &[u8], head: &ComplaintHead| {
        let head = encode(head);
        Complaint { signature: key.sign(context, &head), head: head.into() }
    };
    let mut case = |house: &House, name: &str, complaint: Complaint, expect: &str| {
        let given = Given::Frames(house.frames[kita.house.frames.len()..].to_vec());
        let (name, input) = (format!("complaint-{name}"), Input::Complaint(complaint));
        cases.push(Case { name, given, input, expect: expect.to_owned() });
    };
    let before = kita.house.clone();
    for (name, key, circle, epoch, expect) in [
        ("of-guardian", &kita.cem, kita.child, 1, "ok"),
        ("of-staff", &kita.ben, kita.private_cem, 1, "ok"),
        ("in-key-circle", &kita.ben, kita.team, 1, "ok"),
        ("of-sheet", &kita.sheet, kita.directors, 1, "ok"),
        ("of-no-reader", &kita.dana, kita.private_cem, 1, "Reader"),
        ("of-guardian-in-team", &kita.cem, kita.team, 1, "Reader"),
        ("of-stranger", &Key::new(60), kita.child, 1, "Reader"),
        ("in-no-circle", &kita.cem, circle_id(99), 1, "Reader"),
        ("epoch-ahead", &kita.cem, kita.child, 2, "Epoch"),
        ("epoch-zero", &kita.cem, kita.child, 0, "Epoch"),
    ] {
        case(&before, name, signed(key, label::COMPLAINT, &head(key, circle, epoch)), expect);
    }
    let honest = head(&kita.cem, kita.child, 1);
    case(&before, "signed-by-another", signed(&kita.dana, label::COMPLAINT, &honest), "Signature");
    case(&before, "signed-in-another-context", signed(&kita.cem, label::WRAP, &honest), "Signature");
    let foreign = ComplaintHead { house: HouseId::new([9; 32]), ..honest };
    case(&before, "of-another-house", signed(&kita.cem, label::COMPLAINT, &foreign), "House");
    let mut cut = signed(&kita.cem, label::COMPLAINT, &honest);
    cut.head = cut.head[..cut.head.len() - 1].to_vec().into();
    case(&before, "cut", cut, "Decode(Malformed)");

    // Who left, and who came back to read from now on.
    let mut after = kita.house.clone();
    let mut desk = after.desk();
    desk.say(&kita.anna, &member_end(kita.child, 4));
    after.submit(desk.done()).unwrap();
    case(&after, "of-former-reader", signed(&kita.cem, label::COMPLAINT, &honest), "Reader");
    let mut desk = after.desk();
    let circle_seq = after.log.circle(&kita.child).unwrap().seq;
    let (circle, who) = (kita.child, Who::Person(person(4)));
    desk.say(&kita.anna, &Body::Member(Member { circle, circle_seq, who, history: History::FromNow }));
    desk.epoch(&kita.anna, kita.child);
    after.submit(desk.done()).unwrap();
    case(&after, "from-now-on", signed(&kita.cem, label::COMPLAINT, &head(&kita.cem, kita.child, 2)), "ok");
    case(&after, "from-now-on-about-before", signed(&kita.cem, label::COMPLAINT, &honest), "Reader");
}
