//! Entries: every kind right, and every rule broken once.

use nestpost_protocol::codec::encode;
use nestpost_protocol::id::*;
use nestpost_protocol::log::entry::cosign_input;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::confirm::Confirm;
use nestpost_protocol::log::kind::device_add::DeviceAdd;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::dissolve::Dissolve;
use nestpost_protocol::log::kind::found::Second;
use nestpost_protocol::log::kind::invite::Invite;
use nestpost_protocol::log::kind::invite_end::InviteEnd;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::restored::Restored;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::{Body, Class, Cosignature, Entry, EntryBody, KindNumber, OpenEntry};
use nestpost_protocol::record::LogHead;
use nestpost_protocol::{label, limit};

use super::{Case, Given, Input, circles};
use crate::house::*;

/// Collects cases on top of one house.
pub struct Book<'a> {
    pub kita: &'a Kita,
    pub house: House,
    pub cases: &'a mut Vec<Case>,
}

impl<'a> Book<'a> {
    pub fn new(kita: &'a Kita, cases: &'a mut Vec<Case>) -> Self {
        Self { kita, house: kita.house.clone(), cases }
    }

    fn given(&self) -> Given {
        Given::Entries(self.house.entries[self.kita.house.entries.len()..].to_vec())
    }

    pub fn case(&mut self, name: &str, entry: OpenEntry, expect: &str) {
        let given = self.given();
        let expect = if matches!(expect, "ok" | "Head" | "House") || expect.starts_with("Entry(") {
            expect.to_owned()
        } else {
            format!("Rule({expect})")
        };
        self.cases.push(Case { name: format!("entry-{name}"), given, input: Input::Entry(entry), expect });
    }

    pub fn body(&mut self, name: &str, author: &Key, body: &Body, expect: &str) {
        self.cosigned(name, author, body, &[], expect);
    }

    pub fn cosigned(&mut self, name: &str, author: &Key, body: &Body, by: &[&Key], expect: &str) {
        let entry = self.house.draft(author, body, by, |_| {});
        self.case(name, entry, expect);
    }

    pub fn changed(
        &mut self,
        name: &str,
        author: &Key,
        body: &Body,
        expect: &str,
        change: impl FnOnce(&mut EntryBody),
    ) {
        let entry = self.house.draft(author, body, &[], change);
        self.case(name, entry, expect);
    }
}

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    found_cases(cases);
    chain(kita, cases);
    invites(kita, cases);
    joins(kita, cases);
    confirms(kita, cases);
    devices(kita, cases);
    roles(kita, cases);
    dissolved(kita, cases);
    restored(kita, cases);
    circles::add(kita, cases);
    audiences(kita, cases);
}

fn found_cases(cases: &mut Vec<Case>) {
    let (anna, sheet, eva) = (Key::new(1), Key::new(2), Key::new(6));
    let house = House::empty();
    let with_sheet = found(&anna, Second::Sheet(person(2), sheet.card()));
    let mut case = |name: &str, entry: OpenEntry, expect: &str| {
        cases.push(Case {
            name: format!("entry-found-{name}"),
            given: Given::Nothing,
            input: Input::Entry(entry),
            expect: expect.to_owned(),
        });
    };
    case("with-sheet", house.draft(&anna, &with_sheet, &[&sheet], |_| {}), "ok");
    let with_director = found(&anna, Second::Director(person(6), eva.card()));
    case("with-second-director", house.draft(&anna, &with_director, &[&eva], |_| {}), "ok");
    case("without-cosignature", house.draft(&anna, &with_sheet, &[], |_| {}), "Rule(Cosignature)");
    case("cosigned-by-stranger", house.draft(&anna, &with_sheet, &[&eva], |_| {}), "Rule(Cosignature)");
    let author = house.draft(&eva, &with_sheet, &[&sheet], |_| {});
    case("signed-by-stranger", author, "Rule(Founding)");
    let same = found(&anna, Second::Director(person(1), eva.card()));
    case("twice-the-same-person", house.draft(&anna, &same, &[&eva], |_| {}), "Rule(Founding)");
    let same = found(&anna, Second::Director(person(6), anna.card()));
    case("twice-the-same-device", house.draft(&anna, &same, &[&anna], |_| {}), "Rule(Founding)");
    let restricted = house.draft(&anna, &with_sheet, &[&sheet], |entry| entry.class = Class::Restricted);
    case("restricted", restricted, "Rule(Class)");
    let late = house.draft(&anna, &with_sheet, &[&sheet], |entry| entry.seq = 1);
    case("not-first", late, "Head");
    let named = house.draft(&anna, &with_sheet, &[&sheet], |entry| entry.house = Some(HouseId::new([1; 32])));
    case("of-a-house", named, "Head");
    let role = role(person(3), Role::Educator);
    case("missing", house.draft(&anna, &role, &[], |entry| entry.class = Class::All), "Rule(NotEntitled)");
}

/// Chain, signatures, class and `before`.
fn chain(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, ben) = (&kita.anna, &kita.ben);
    let body = role(person(20), Role::Educator);
    book.body("role", anna, &body, "ok");
    let second = found(&Key::new(30), Second::Sheet(person(31), Key::new(31).card()));
    book.cosigned("found-again", &Key::new(30), &second, &[&Key::new(31)], "Unfounded");
    book.changed("seq-skipped", anna, &body, "Head", |entry| entry.seq += 1);
    book.changed("seq-repeated", anna, &body, "Head", |entry| entry.seq -= 1);
    book.changed("prev-foreign", anna, &body, "Head", |entry| entry.prev = Some(LinkHash::new([9; 32])));
    book.changed("prev-missing", anna, &body, "Head", |entry| entry.prev = None);
    book.changed("house-foreign", anna, &body, "House", |entry| entry.house = Some(HouseId::new([9; 32])));
    book.changed("house-missing", anna, &body, "House", |entry| entry.house = None);
    book.changed("version-unknown", anna, &body, "Entry(Unsupported)", |entry| entry.version = 2);
    book.changed("class-too-narrow", anna, &body, "Class", |entry| entry.class = Class::Restricted);
    let family = role(person(21), Role::Guardian);
    book.changed("class-too-wide", anna, &family, "Class", |entry| entry.class = Class::All);
    book.changed("body-of-another-kind", anna, &body, "Entry(Decode(Malformed))", |entry| {
        entry.kind = KindNumber::Found;
    });

    let ended = Body::RoleEnd(RoleEnd { person: person(4) });
    let last = book.house.log.last_concerning(&person(4)).unwrap();
    book.changed("before-missing", anna, &ended, "Before", |entry| entry.before = None);
    book.changed("before-older", anna, &ended, "Before", |entry| entry.before = Some(last - 1));
    book.changed("before-newer", anna, &ended, "Before", |entry| entry.before = Some(last + 1));
    book.changed("before-where-nobody-is-concerned", anna, &body, "Before", |entry| {
        entry.before = Some(last)
    });

    let honest = book.house.draft(anna, &body, &[], |_| {});
    let mut entry: Entry = minicbor::decode(&honest.entry).unwrap();
    entry.signature = ben.sign(label::ENTRY, &entry.signed);
    let forged = OpenEntry { entry: encode(&entry).into(), salt: honest.salt };
    book.case("signed-by-another", forged, "Entry(Signature)");
    entry.signature = anna.sign(label::RECORD, &entry.signed);
    let crossed = OpenEntry { entry: encode(&entry).into(), salt: honest.salt };
    book.case("signed-in-another-context", crossed, "Entry(Signature)");
    let trailing = OpenEntry { entry: [&honest.entry[..], &[0]].concat().into(), salt: honest.salt };
    book.case("trailing-byte", trailing, "Entry(Decode(Trailing))");
    let five: Vec<&Key> = std::iter::repeat_n(&kita.eva, limit::COSIGNATURES_MAX + 1).collect();
    let crowded = book.house.draft(anna, &body, &five, |_| {});
    book.case("cosignatures-over-limit", crowded, "Entry(Decode(OutOfRange))");
    let superfluous = book.house.draft(anna, &body, &[&kita.eva], |_| {});
    book.case("cosignature-superfluous", superfluous, "Cosignature");

    // The chain of a guardian goes on with each entry about them.
    book.house.say(anna, &family);
    let right = book.house.log.before(&invite(&Key::new(40), person(21)));
    assert_eq!(right, Some(book.house.log.len() - 1));
    book.body("before-right", anna, &invite(&Key::new(40), person(21)), "ok");
}

fn invites(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let secret = Key::new(50);
    let (anna, ben) = (&kita.anna, &kita.ben);
    book.body("invite-staff-by-director", anna, &invite(&secret, person(3)), "ok");
    book.body("invite-guardian-by-educator", ben, &invite(&secret, person(4)), "ok");
    book.body("invite-staff-by-educator", ben, &invite(&secret, person(1)), "NotEntitled");
    book.body("invite-own-by-educator", ben, &invite(&secret, person(3)), "ok");
    book.body("invite-by-guardian", &kita.dana, &invite(&secret, person(4)), "NotEntitled");
    book.body("invite-own-by-guardian", &kita.cem, &invite(&secret, person(4)), "ok");
    book.body("invite-own-by-place", &kita.tablet, &invite(&secret, person(7)), "NotEntitled");
    book.body("invite-by-place", &kita.tablet, &invite(&secret, person(4)), "NotEntitled");
    book.body("invite-by-sheet", &kita.sheet, &invite(&secret, person(4)), "NotEntitled");
    book.body("invite-by-stranger", &Key::new(60), &invite(&secret, person(4)), "NotEntitled");
    let unknown = |entry: &mut EntryBody| entry.class = Class::Restricted;
    book.changed("invite-unknown-person", anna, &invite(&secret, person(99)), "PersonUnknown", unknown);
    book.body("invite-sheet", anna, &invite(&secret, person(2)), "RoleReserved");
    let Body::Invite(proper) = invite(&secret, person(4)) else { panic!() };
    let with = |change: fn(&mut Invite)| {
        let mut invite = proper.clone();
        change(&mut invite);
        Body::Invite(invite)
    };
    book.body("invite-no-days", anna, &with(|i| i.days = 0), "InviteRange");
    book.body("invite-days-at-limit", anna, &with(|i| i.days = limit::INVITE_DAYS_MAX), "ok");
    book.body("invite-days-over-limit", anna, &with(|i| i.days = limit::INVITE_DAYS_MAX + 1), "InviteRange");
    book.house.say(anna, &invite(&secret, person(4)));
    let away = book.house.clone();
    book.house.say(anna, &Body::MemberEnd(MemberEnd { circle: kita.team, who: Who::Person(person(3)) }));
    book.body(
        "invite-guardian-by-educator-of-no-team-of-theirs",
        ben,
        &invite(&Key::new(53), person(4)),
        "NotEntitled",
    );
    book.body("invite-own-by-educator-of-no-team", ben, &invite(&Key::new(53), person(3)), "ok");
    book.house = away;
    book.house.say(anna, &role(person(30), Role::Guardian));
    book.body(
        "invite-guardian-of-nobody-by-educator",
        ben,
        &invite(&Key::new(53), person(30)),
        "NotEntitled",
    );
    book.body("invite-guardian-of-nobody-by-director", anna, &invite(&Key::new(53), person(30)), "ok");
    book.body("invite-key-again", anna, &invite(&secret, person(5)), "InviteKeyUsed");
    let ended = Body::RoleEnd(RoleEnd { person: person(5) });
    book.house.say(anna, &ended);
    book.body("invite-without-role", anna, &invite(&Key::new(51), person(5)), "NoRole");

    let mut book = Book::new(kita, book.cases);
    let seq = book.house.say(anna, &invite(&secret, person(4)));
    let withdraw = Body::InviteEnd(InviteEnd { invite: seq });
    book.body("invite-end-by-director", anna, &withdraw, "ok");
    book.body("invite-end-by-educator", ben, &withdraw, "ok");
    book.body("invite-end-by-place", &kita.tablet, &withdraw, "NotEntitled");
    book.body("invite-end-by-guardian", &kita.dana, &withdraw, "NotEntitled");
    book.body("invite-end-own-by-guardian", &kita.cem, &withdraw, "ok");
    let unknown = Body::InviteEnd(InviteEnd { invite: seq + 9 });
    book.body("invite-end-unknown", anna, &unknown, "InviteUnknown");
    let joined = join(book.house.id(), seq, &secret, &Key::new(61));
    book.house.say(&Key::new(61), &joined);
    book.body("invite-end-voids-join", anna, &withdraw, "ok");
    let pending = book.house.clone();
    book.house.say(anna, &withdraw);
    book.body("invite-end-again", anna, &withdraw, "InviteRevoked");
    let void = confirm(&book.house.log, seq + 1);
    book.body("confirm-after-invite-end", anna, &void, "JoinUnknown");
    book.house = pending;
    let body = confirm(&book.house.log, seq + 1);
    book.house.say(anna, &body);
    book.body("invite-end-after-confirm", anna, &withdraw, "InviteUsed");
    let own = book.house.say(anna, &invite(&Key::new(52), person(3)));
    book.body("invite-end-own-by-educator", ben, &Body::InviteEnd(InviteEnd { invite: own }), "ok");
    let staff = book.house.say(anna, &invite(&Key::new(55), person(1)));
    let withdraw = Body::InviteEnd(InviteEnd { invite: staff });
    book.body("invite-end-staff-by-educator", ben, &withdraw, "NotEntitled");
}

fn joins(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (secret, device) = (Key::new(50), Key::new(61));
    let seq = book.house.say(&kita.anna, &invite(&secret, person(4)));
    let house = book.house.id();
    let body = join(house, seq, &secret, &device);
    book.body("join", &device, &body, "ok");
    book.body("join-signed-by-another", &Key::new(62), &body, "NotEntitled");
    book.body("join-wrong-secret", &device, &join(house, seq, &Key::new(51), &device), "Proof");
    book.body(
        "join-proof-of-another-house",
        &device,
        &join(HouseId::new([3; 32]), seq, &secret, &device),
        "Proof",
    );
    book.body("join-device-known", &kita.ben, &join(house, seq, &secret, &kita.ben), "DeviceUsed");
    book.changed(
        "join-invite-unknown",
        &device,
        &join(house, seq + 5, &secret, &device),
        "InviteUnknown",
        |_| {},
    );
    let other_class = |entry: &mut EntryBody| entry.class = Class::All;
    book.changed("join-class-not-the-invites", &device, &body, "Class", other_class);
    book.changed("join-with-before", &device, &body, "Before", |entry| entry.before = Some(seq));
    let other = Key::new(62);
    book.house.say(&device, &body);
    book.body("join-second", &other, &join(house, seq, &secret, &other), "InviteUsed");
    book.body("join-speaks-unconfirmed", &device, &device_add(house, person(4), &other), "NotEntitled");
    let staff = book.house.say(&kita.anna, &invite(&Key::new(53), person(3)));
    book.body("join-staff-is-for-all", &other, &join(house, staff, &Key::new(53), &other), "ok");

    // An invite falls with its author.
    let mut book = Book::new(kita, book.cases);
    let by_ben = book.house.say(&kita.ben, &invite(&secret, person(4)));
    let gone = Body::DeviceEnd(DeviceEnd { device: kita.ben.id() });
    book.house.say(&kita.ben, &gone);
    book.body("join-author-removed", &device, &join(house, by_ben, &secret, &device), "InviteRevoked");
    let mut book = Book::new(kita, book.cases);
    let seq = book.house.say(&kita.anna, &invite(&secret, person(4)));
    book.house.say(&kita.anna, &Body::RoleEnd(RoleEnd { person: person(4) }));
    book.body("join-person-without-role", &device, &join(house, seq, &secret, &device), "InviteRevoked");
    let mut book = Book::new(kita, book.cases);
    let seq = book.house.say(&kita.anna, &invite(&secret, person(4)));
    book.house.say(&kita.anna, &Body::InviteEnd(InviteEnd { invite: seq }));
    book.body("join-withdrawn", &device, &join(house, seq, &secret, &device), "InviteRevoked");
}

fn confirms(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (secret, device, house) = (Key::new(50), Key::new(61), kita.house.id());
    let seq = book.house.say(&kita.anna, &invite(&secret, person(4)));
    let joined = book.house.say(&device, &join(house, seq, &secret, &device));
    let body = confirm(&book.house.log, joined);
    book.body("confirm-by-director", &kita.anna, &body, "ok");
    book.body("confirm-by-educator", &kita.ben, &body, "ok");
    book.body("confirm-by-place", &kita.tablet, &body, "ok");
    let mut open = Book::new(kita, &mut *book.cases);
    open.house = book.house.clone();
    open.house
        .say(&kita.anna, &Body::MemberEnd(MemberEnd { circle: kita.team, who: Who::Person(person(7)) }));
    let reads = member(&open.house.log, kita.child, Who::Person(person(7)));
    open.house.say(&kita.anna, &reads);
    open.body("confirm-by-open-place", &kita.tablet, &body, "NotEntitled");
    open.house
        .say(&kita.anna, &Body::MemberEnd(MemberEnd { circle: kita.team, who: Who::Person(person(3)) }));
    open.body("confirm-by-educator-of-no-team-of-theirs", &kita.ben, &body, "NotEntitled");
    book.body("confirm-by-guardian", &kita.dana, &body, "NotEntitled");
    book.body("confirm-own-by-guardian", &kita.cem, &body, "ok");
    book.body("confirm-by-itself", &device, &body, "NotEntitled");
    let other = Body::Confirm(Confirm { join: joined, commitment: Hash::new([1; 32]) });
    book.body("confirm-of-another-join", &kita.anna, &other, "JoinCommitment");
    let other = Body::Confirm(Confirm { join: joined + 1, commitment: Hash::new([1; 32]) });
    book.body("confirm-unknown", &kita.anna, &other, "JoinUnknown");
    book.house.say(&kita.anna, &body);
    book.body("confirm-again", &kita.anna, &body, "JoinUnknown");

    let mut book = Book::new(kita, book.cases);
    let seq = book.house.say(&kita.anna, &invite(&Key::new(56), person(1)));
    let directors = Key::new(62);
    let joined = book.house.say(&directors, &join(house, seq, &Key::new(56), &directors));
    let body = confirm(&book.house.log, joined);
    book.body("confirm-staff-by-educator", &kita.ben, &body, "NotEntitled");
    let seq = book.house.say(&kita.anna, &invite(&secret, person(3)));
    let joined = book.house.say(&device, &join(house, seq, &secret, &device));
    let body = confirm(&book.house.log, joined);
    book.body("confirm-own-by-educator", &kita.ben, &body, "ok");
    book.body("confirm-staff-by-place", &kita.tablet, &body, "NotEntitled");
    for number in 70..70 + limit::DEVICES_PER_PERSON_MAX as u64 - 1 {
        book.house.say(&kita.ben, &device_add(house, person(3), &Key::new(number)));
    }
    book.body("confirm-device-limit", &kita.anna, &body, "DeviceLimit");
}

fn devices(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (house, new) = (kita.house.id(), Key::new(80));
    book.body("device-add-own", &kita.cem, &device_add(house, person(4), &new), "ok");
    let Body::DeviceAdd(own) = device_add(house, person(4), &new) else { panic!() };
    let sheet = Body::DeviceAdd(DeviceAdd { sheet: Some(true), ..own });
    book.body("device-add-own-sheet", &kita.cem, &sheet, "ok");
    let denied = Body::DeviceAdd(DeviceAdd { sheet: Some(false), ..own });
    book.body("device-add-sheet-false", &kita.cem, &denied, "Entry(Decode(OutOfRange))");
    book.body("device-add-by-sheet", &kita.sheet, &device_add(house, person(1), &new), "ok");
    book.body("device-add-by-other-person", &kita.ben, &device_add(house, person(4), &new), "NotEntitled");
    book.body("device-add-by-director", &kita.anna, &device_add(house, person(4), &new), "NotEntitled");
    book.body("device-add-known", &kita.cem, &device_add(house, person(4), &kita.dana), "DeviceUsed");
    let Body::DeviceAdd(mut foreign) = device_add(house, person(5), &new) else { panic!() };
    foreign.person = person(4);
    book.body("device-add-proof-for-another", &kita.cem, &Body::DeviceAdd(foreign), "Proof");
    for number in 81..81 + limit::DEVICES_PER_PERSON_MAX as u64 - 2 {
        book.house.say(&kita.cem, &device_add(house, person(4), &Key::new(number)));
    }
    book.body("device-add-at-limit", &kita.cem, &device_add(house, person(4), &new), "ok");
    book.house.say(&kita.cem, &device_add(house, person(4), &new));
    book.body(
        "device-add-over-limit",
        &kita.cem,
        &device_add(house, person(4), &Key::new(90)),
        "DeviceLimit",
    );

    let mut book = Book::new(kita, book.cases);
    let end = |key: &Key| Body::DeviceEnd(DeviceEnd { device: key.id() });
    book.body("device-end-own", &kita.cem, &end(&kita.cem), "ok");
    book.body("device-end-by-director", &kita.anna, &end(&kita.ben), "ok");
    book.body("device-end-by-other-guardian", &kita.dana, &end(&kita.cem), "NotEntitled");
    book.body("device-end-by-educator", &kita.ben, &end(&kita.cem), "NotEntitled");
    book.changed("device-end-unknown", &kita.anna, &end(&new), "DeviceUnknown", |e| e.class = Class::All);
    book.body("device-end-director-by-one", &kita.anna, &end(&kita.eva), "Cosignature");
    book.cosigned("device-end-director-by-two", &kita.anna, &end(&kita.eva), &[&kita.sheet], "ok");
    book.cosigned(
        "device-end-director-self-cosigned",
        &kita.anna,
        &end(&kita.eva),
        &[&kita.anna],
        "Cosignature",
    );
    book.cosigned(
        "device-end-director-cosigned-by-the-one-concerned",
        &kita.anna,
        &end(&kita.eva),
        &[&kita.eva],
        "Cosignature",
    );
    book.cosigned(
        "device-end-director-cosigned-by-educator",
        &kita.anna,
        &end(&kita.eva),
        &[&kita.ben],
        "Cosignature",
    );
    book.body("device-end-director-own", &kita.eva, &end(&kita.eva), "ok");
    book.body("device-end-director-by-sheet", &kita.sheet, &end(&kita.eva), "ok");
    book.cosigned("device-end-sheet-by-two", &kita.anna, &end(&kita.sheet), &[&kita.eva], "ok");
    book.cosigned(
        "device-end-superfluous-cosignature",
        &kita.anna,
        &end(&kita.ben),
        &[&kita.eva],
        "Cosignature",
    );
    let nonce = Nonce::new([5; 32]);
    let twice = |house: &House| {
        let (kind, bytes) = end(&kita.eva).encode();
        let signature = kita.sheet.sign(label::COSIGN, &cosign_input(Some(house.id()), kind, &bytes, nonce));
        Cosignature { device: kita.sheet.id(), nonce, signature }
    };
    let cosignature = twice(&book.house);
    let build = |house: &House, cosignatures: Vec<Cosignature>| {
        let draft = house.draft(&kita.anna, &end(&kita.eva), &[], |_| {});
        let entry: Entry = minicbor::decode(&draft.entry).unwrap();
        let body: EntryBody = minicbor::decode(&entry.signed).unwrap();
        house.sign(&kita.anna, &body, cosignatures)
    };
    let doubled = build(&book.house, vec![cosignature.clone(), cosignature.clone()]);
    book.case("cosignature-twice-in-one", doubled, "NonceUsed");
    let mut forged = cosignature.clone();
    forged.signature = kita.ben.sign(label::COSIGN, b"something else");
    let forged = build(&book.house, vec![forged]);
    book.case("cosignature-forged", forged, "Entry(Signature)");
    // A cosignature names no place in the log, so it survives a lost race; but it is used once.
    let first = build(&book.house, vec![cosignature]);
    book.case("cosignature-made-earlier", first, "ok");
    book.house.say(&kita.ben, &end(&kita.ben));
    book.body("device-end-again", &kita.anna, &end(&kita.ben), "DeviceUnknown");
    book.body("author-ended", &kita.ben, &invite(&Key::new(54), person(4)), "NotEntitled");
}

fn roles(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, ben) = (&kita.anna, &kita.ben);
    for (name, what) in [
        ("director", Role::Director),
        ("educator", Role::Educator),
        ("guardian", Role::Guardian),
        ("place", Role::Place),
    ] {
        book.body(&format!("role-{name}"), anna, &role(person(20), what), "ok");
    }
    book.body("role-sheet", anna, &role(person(20), Role::Sheet), "RoleReserved");
    book.body("role-applicant", anna, &role(person(20), Role::Applicant), "RoleReserved");
    book.body("role-guardian-by-educator", ben, &role(person(20), Role::Guardian), "ok");
    book.body("role-educator-by-educator", ben, &role(person(20), Role::Educator), "NotEntitled");
    book.body("role-by-guardian", &kita.cem, &role(person(20), Role::Guardian), "NotEntitled");
    book.body("role-held", anna, &role(person(3), Role::Director), "RoleHeld");
    let end = |number| Body::RoleEnd(RoleEnd { person: person(number) });
    book.body("role-end", anna, &end(4), "ok");
    book.body("role-end-by-educator", ben, &end(4), "NotEntitled");
    book.body("role-end-own-by-guardian", &kita.cem, &end(4), "NotEntitled");
    book.changed("role-end-unknown", anna, &end(99), "PersonUnknown", |e| e.class = Class::All);
    book.body("role-end-director-by-one", anna, &end(6), "Cosignature");
    book.cosigned("role-end-director-with-sheet", anna, &end(6), &[&kita.sheet], "ok");
    book.cosigned(
        "role-end-director-cosigned-by-the-one-concerned",
        anna,
        &end(6),
        &[&kita.eva],
        "Cosignature",
    );
    book.body("role-end-director-resigns-alone", anna, &end(1), "Cosignature");
    book.cosigned("role-end-director-resigns", anna, &end(1), &[&kita.eva], "ok");
    let resigned = book.house.draft(anna, &end(6), &[&kita.sheet], |_| {});
    book.house.take(resigned).unwrap();
    book.cosigned("role-end-last-director", anna, &end(1), &[&kita.sheet], "LastDirector");
    book.body("role-end-author-without-role", &kita.eva, &end(4), "NotEntitled");
    book.body("role-again-as-educator", anna, &role(person(6), Role::Educator), "ok");
    book.body("role-on-the-other-side", anna, &role(person(6), Role::Guardian), "OtherSide");
    book.house.say(anna, &end(4));
    book.body("role-end-again", anna, &end(4), "NoRole");
    book.body("role-guardian-becomes-staff", anna, &role(person(4), Role::Educator), "OtherSide");
    book.body("role-guardian-again", ben, &role(person(4), Role::Guardian), "ok");
    book.body(
        "device-add-without-role",
        &kita.cem,
        &device_add(kita.house.id(), person(4), &Key::new(91)),
        "NotEntitled",
    );
}

/// A copy goes on where two say that it does.
fn restored(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, ben, eva, sheet) = (&kita.anna, &kita.ben, &kita.eva, &kita.sheet);
    let head = book.house.log.head().unwrap();
    let right = Restored {
        incarnation: Incarnation::new([2; 16]),
        log: head,
        positions: Hash::new([3; 32]),
        relay: Some(RelayKey::new([4; 32])),
        origin: Some("https://new.example".to_owned()),
    };
    let body = Body::Restored(right.clone());
    for (name, author, cosigners, expect) in [
        ("by-one", anna, &[][..], "Cosignature"),
        ("by-two", anna, &[eva], "ok"),
        ("with-sheet", eva, &[sheet], "ok"),
        ("cosigned-by-herself", anna, &[anna], "Cosignature"),
        ("cosigned-by-educator", anna, &[ben], "Cosignature"),
        ("by-educator", ben, &[anna], "NotEntitled"),
        ("by-guardian", &kita.cem, &[anna], "NotEntitled"),
        ("by-sheet", sheet, &[anna], "NotEntitled"),
    ] {
        book.cosigned(&format!("restored-{name}"), author, &body, cosigners, expect);
    }
    let origin = |length: usize| Some("o".repeat(length));
    let older = LogHead { seq: head.seq - 1, hash: book.house.log.link(head.seq - 1).unwrap().hash() };
    for (name, changed, expect) in [
        ("in-place", Restored { relay: None, origin: None, ..right.clone() }, "ok"),
        ("log-head-older", Restored { log: older, ..right.clone() }, "Restored"),
        (
            "log-head-ahead",
            Restored { log: LogHead { seq: head.seq + 1, ..head }, ..right.clone() },
            "Restored",
        ),
        (
            "log-hash-foreign",
            Restored { log: LogHead { hash: older.hash, ..head }, ..right.clone() },
            "Restored",
        ),
        ("origin-empty", Restored { origin: origin(0), ..right.clone() }, "Restored"),
        ("origin-at-limit", Restored { origin: origin(limit::ORIGIN_BYTES_MAX), ..right.clone() }, "ok"),
        (
            "origin-over-limit",
            Restored { origin: origin(limit::ORIGIN_BYTES_MAX + 1), ..right.clone() },
            "Restored",
        ),
    ] {
        book.cosigned(&format!("restored-{name}"), anna, &Body::Restored(changed), &[eva], expect);
    }
    let restricted = book.house.draft(anna, &body, &[eva], |entry| entry.class = Class::Restricted);
    book.case("restored-restricted", restricted, "Class");
    let entry = book.house.draft(anna, &body, &[eva], |_| {});
    book.house.take(entry).unwrap();
    assert_eq!((book.house.log.relay(), book.house.log.origin()), (right.relay, right.origin.as_deref()));
    let log = book.house.log.head().unwrap();
    let again = Restored { log, ..right };
    book.cosigned("restored-same-life", anna, &Body::Restored(again.clone()), &[eva], "Restored");
    let next = Restored { incarnation: Incarnation::new([5; 16]), relay: None, origin: None, ..again };
    book.cosigned("restored-once-more", anna, &Body::Restored(next.clone()), &[eva], "ok");
    // What it does not name stays.
    let entry = book.house.draft(anna, &Body::Restored(next), &[eva], |_| {});
    book.house.take(entry).unwrap();
    assert_eq!(book.house.log.origin(), Some("https://new.example"));
}

/// Two agree that the house is over; nothing comes after.
fn dissolved(kita: &Kita, cases: &mut Vec<Case>) {
    let mut book = Book::new(kita, cases);
    let (anna, ben, eva, sheet) = (&kita.anna, &kita.ben, &kita.eva, &kita.sheet);
    let body = Body::Dissolve(Dissolve {});
    for (name, author, cosigners, expect) in [
        ("by-one", anna, &[][..], "Cosignature"),
        ("by-two", anna, &[eva], "ok"),
        ("with-sheet", eva, &[sheet], "ok"),
        ("cosigned-by-herself", anna, &[anna], "Cosignature"),
        ("cosigned-by-educator", anna, &[ben], "Cosignature"),
        ("cosigned-by-guardian", anna, &[&kita.cem], "Cosignature"),
        ("cosigned-by-stranger", anna, &[&Key::new(60)], "Cosignature"),
        ("by-educator", ben, &[anna], "NotEntitled"),
        ("by-place", &kita.tablet, &[anna], "NotEntitled"),
        ("by-guardian", &kita.cem, &[anna], "NotEntitled"),
        ("by-sheet", sheet, &[anna], "NotEntitled"),
        ("by-stranger", &Key::new(60), &[anna], "NotEntitled"),
    ] {
        book.cosigned(&format!("dissolve-{name}"), author, &body, cosigners, expect);
    }
    let restricted = book.house.draft(anna, &body, &[eva], |entry| entry.class = Class::Restricted);
    book.case("dissolve-restricted", restricted, "Class");
    let secret = Key::new(50);
    let invited = book.house.say(anna, &invite(&secret, person(4)));
    let entry = book.house.draft(anna, &body, &[eva], |_| {});
    book.house.take(entry).unwrap();
    book.cosigned("dissolve-again", anna, &body, &[eva], "Dissolved");
    book.body("dissolved-role", anna, &role(person(20), Role::Educator), "Dissolved");
    book.body(
        "dissolved-device-end",
        &kita.cem,
        &Body::DeviceEnd(DeviceEnd { device: kita.cem.id() }),
        "Dissolved",
    );
    let late = Key::new(80);
    book.body("dissolved-join", &late, &join(kita.house.id(), invited, &secret, &late), "Dissolved");
}

/// The class of an entry must be the one that follows from kind and subject.
fn audiences(kita: &Kita, cases: &mut Vec<Case>) {
    let book = Book::new(kita, cases);
    let log = &book.house.log;
    let p = |number| Who::Person(person(number));
    let family = Some(person(4));
    let rows: Vec<(Body, Class, Option<PersonId>)> = vec![
        (role(person(20), Role::Educator), Class::All, None),
        (role(person(4), Role::Guardian), Class::Restricted, family),
        (Body::RoleEnd(RoleEnd { person: person(3) }), Class::All, None),
        (Body::Dissolve(Dissolve {}), Class::All, None),
        (Body::Restored(restored_body()), Class::All, None),
        (Body::RoleEnd(RoleEnd { person: person(4) }), Class::Restricted, family),
        (invite(&Key::new(50), person(3)), Class::All, None),
        (invite(&Key::new(50), person(4)), Class::Restricted, family),
        (device_add(book.house.id(), person(3), &Key::new(50)), Class::All, None),
        (device_add(book.house.id(), person(4), &Key::new(50)), Class::Restricted, family),
        (Body::DeviceEnd(DeviceEnd { device: kita.ben.id() }), Class::All, None),
        (Body::DeviceEnd(DeviceEnd { device: kita.cem.id() }), Class::Restricted, family),
        (Body::Circle(circle(circle_id(50), Sort::Team)), Class::All, None),
        (Body::Circle(circle(circle_id(50), Sort::Child)), Class::Restricted, None),
        (
            Body::Circle(CircleNew {
                guardian: family,
                child: Some(kita.child),
                ..circle(circle_id(50), Sort::Private)
            }),
            Class::Restricted,
            family,
        ),
        (member(log, kita.team, p(3)), Class::All, None),
        (member(log, kita.parents, p(4)), Class::Restricted, family),
        (member(log, kita.parents, Who::Circle(kita.team)), Class::All, None),
        (member(log, kita.group, Who::Circle(kita.parents)), Class::All, None),
        (member(log, kita.child, p(4)), Class::Restricted, family),
        (member(log, kita.child, Who::Circle(kita.team)), Class::Restricted, None),
        (member(log, kita.private_cem, Who::Circle(kita.team)), Class::Restricted, family),
    ];
    for (body, class, concerned) in rows {
        assert_eq!(log.classify(&body), (class, concerned), "{body:?}");
    }
}
