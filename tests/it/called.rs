//! Whom to call for a child: what several say stands side by side, and who comes under protection is taken out of it.

use nestpost_core::app::command::{Contacts, Relation, StaffRole};
use nestpost_core::app::{AppError, Command, Query, View};
use nestpost_protocol::id::CircleId;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_tests::world::World;

use crate::concealed::names_in;
use crate::engine::{Kita, admit, kita, person};
use crate::erase::{carriers, colleague, person_of, quarantined, reads};

const FRANK: &str = "Frank 0341 11111";
const MARIA: &str = "Maria 0341 22222";
const OMA: &str = "Oma 0341 33333";
const FRANKS: &str = "11111";
const MARIAS: &str = "22222";

struct House {
    world: World,
    group: String,
    child: String,
}

impl House {
    /// Dora directs, Erik and Nora educate; both parents and a grandmother can be called.
    fn open() -> Self {
        let Kita { mut world, group, child } = kita();
        colleague(&mut world, &group);
        let mut house = Self { world, group, child };
        house.say("dora", "Nüsse", &[FRANK, MARIA, OMA]);
        house.world.settle();
        for who in ["maria", "frank", "erik", "nora", "dora"] {
            assert!(house.stands(who, FRANKS) && house.stands(who, MARIAS), "{who}");
        }
        house
    }

    fn say(&mut self, by: &str, allergies: &str, lines: &[&str]) {
        let (child, allergies, contacts) = (self.child.clone(), allergies.into(), lines.join("\n"));
        let care = Command::SetCare { child, allergies, contacts, untimed: false };
        self.world.command(by, care).unwrap();
    }

    fn contacts(&self, lines: &[&str]) -> Vec<Contacts> {
        vec![Contacts { child: self.child.clone(), contacts: lines.join("\n") }]
    }

    /// Protects a guardian, without whom these are to be called.
    fn protect(&mut self, by: &str, who: &str, lines: &[&str]) {
        let (person, child) = (person_of(&self.world, who), self.child.clone());
        let (named, contacts) = (vec![person_of(&self.world, "erik")], self.contacts(lines));
        let protect = Command::ProtectGuardian { person, child, named, on: true, contacts, untimed: false };
        self.world.command(by, protect).unwrap();
    }

    fn unprotect(&mut self, who: &str) {
        let (person, child) = (person_of(&self.world, who), self.child.clone());
        let end = Command::ProtectGuardian {
            person,
            child,
            named: Vec::new(),
            on: false,
            contacts: Vec::new(),
            untimed: false,
        };
        self.world.command("dora", end).unwrap();
        self.world.settle();
    }

    /// Allergies, whom to call, and whom with that only some know of.
    fn shown(&self, who: &str) -> (String, Vec<String>, Vec<String>) {
        let list = Query::EmergencyList { group: self.group.clone() };
        let View::EmergencyList(list) = self.world.query(who, &list).unwrap() else { panic!() };
        let child = list.into_iter().find(|child| child.id == self.child).unwrap();
        let lines = |text: &str| {
            let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        (child.allergies, lines(&child.contacts), lines(&child.apart))
    }

    /// With a protected guardian, as directors see them.
    fn kept(&self, who: &str, of: &str) -> Option<Vec<String>> {
        let View::Family(family) =
            self.world.query(who, &Query::Family { child: self.child.clone() }).unwrap()
        else {
            panic!()
        };
        let of = person_of(&self.world, of);
        let kin = family.guardians.into_iter().find(|kin| kin.entry.person == of)?;
        Some(kin.contacts.into_iter().map(|said| said.contacts).collect())
    }

    /// Whether it stands with the child in what a device has.
    fn stands(&self, who: &str, needle: &str) -> bool {
        let circle: CircleId = self.child.parse().unwrap();
        names_in(&self.world, who, &circle, needle.as_bytes())
    }

    /// The circle of a protected guardian.
    fn apart(&self, who: &str) -> CircleId {
        let who = Who::Person(person_of(&self.world, who).parse().unwrap());
        let log = &self.world.engine("dora").house().log;
        let guarded: Vec<_> = log.circles().filter(|circle| circle.sort == Sort::Guarded).collect();
        guarded.iter().find(|circle| circle.members.contains_key(&who)).unwrap().id
    }

    fn is_protected(&self, who: &str) -> bool {
        self.world.engine("dora").house().log.is_protected(&person_of(&self.world, who).parse().unwrap())
    }

    /// A number stands with the child no more, wherever that is read, nor did anybody have a record too many. Whoever comes under
    /// protection reads no more there and keeps what they had.
    fn is_gone_from_the_child(&mut self, needle: &str) {
        let readers: Vec<_> = ["maria", "frank", "erik", "nora", "dora"]
            .into_iter()
            .filter(|who| !self.is_protected(who))
            .collect();
        for who in readers {
            for _ in 0..2 {
                assert!(!self.stands(who, needle), "{who}");
                assert!(!quarantined(&self.world, who), "{who}");
                self.world.restart(who);
                self.world.settle();
            }
        }
        let circle: CircleId = self.child.parse().unwrap();
        let of_child = carriers(&self.world, "dora", needle);
        assert!(of_child.iter().all(|record| record.check().unwrap().circle != circle), "with the relay");
    }

    fn overtaken(&self, who: &str) -> u32 {
        let alarms = self.world.summary(who).alarms.into_iter();
        alarms.filter(|alarm| alarm.code == "overtaken").map(|alarm| alarm.count).sum()
    }
}

#[test]
fn the_number_of_who_comes_under_protection_stays_with_directors_and_the_staff_named() {
    let mut house = House::open();
    house.protect("dora", "frank", &[MARIA, OMA]);
    house.world.settle();
    house.is_gone_from_the_child(FRANKS);
    for who in ["maria", "nora"] {
        assert_eq!(carriers(&house.world, who, FRANKS), [], "{who}: nowhere else either");
        assert!(!reads(&house.world, who, FRANKS), "{who}");
    }
    for who in ["erik", "nora", "dora"] {
        let (allergies, contacts, apart) = house.shown(who);
        assert_eq!((allergies.as_str(), contacts), ("Nüsse", vec![MARIA.into(), OMA.to_owned()]), "{who}");
        let known: &[&str] = if who == "nora" { &[] } else { &[FRANK] };
        assert_eq!(apart, known, "{who}");
    }
    assert_eq!(house.kept("dora", "frank"), Some(vec![FRANK.to_owned()]), "what went, and nothing else");
    for who in ["erik", "nora"] {
        assert_eq!(house.kept(who, "frank"), None, "{who}");
    }
    for who in ["maria", "frank"] {
        let list = Query::EmergencyList { group: house.group.clone() };
        assert_eq!(house.world.query(who, &list), Err(AppError::NotAllowed), "{who}");
    }
}

#[test]
fn what_is_noted_offline_while_somebody_comes_under_protection_is_kept_and_their_number_stays_away() {
    let mut house = House::open();
    house.world.set_offline("erik", true);
    house.world.set_offline("nora", true);
    let nele = "Nele 0341 44444";
    house.say("erik", "Nüsse, Bienen", &["Vater 0341/11111", FRANK, MARIA, OMA, nele]);
    house.say("nora", "Nüsse", &[FRANK]);
    house.protect("dora", "frank", &[MARIA, OMA]);
    house.world.settle();
    // Nobody but dora is there to erase what is replaced.
    house.world.pass(60_000);
    house.world.settle();
    for who in ["erik", "nora"] {
        house.world.set_offline(who, false);
        house.world.settle();
        assert_eq!(house.overtaken(who), 1, "{who} is told to look at it again");
    }
    house.is_gone_from_the_child(FRANKS);
    assert_eq!(carriers(&house.world, "maria", FRANKS), []);
    for who in ["erik", "nora", "dora"] {
        let (allergies, contacts, _) = house.shown(who);
        assert_eq!(allergies, "Nüsse, Bienen", "{who}");
        assert_eq!(contacts, [MARIA, nele, OMA], "{who}");
        assert_eq!(house.world.summary(who).waiting, 0);
    }
    house.say("nora", "Nüsse, Bienen", &[MARIA]);
    house.world.settle();
    assert_eq!(house.shown("erik").1, [MARIA], "what stood side by side is replaced as a whole");
    house.is_gone_from_the_child("44444");
}

#[test]
fn a_number_that_came_back_beside_the_rest_goes_again_as_soon_as_somebody_who_knows_is_there() {
    let mut house = House::open();
    // What stands there is behind a horizon, so that what is said next stands in another document.
    let circle = Some(house.child.clone());
    house.world.command("dora", Command::Horizon { circle }).unwrap();
    house.world.settle();
    house.world.set_offline("nora", true);
    let nele = "Nele 0341 44444";
    house.say("nora", "Nüsse", &["Vater 0341/11111", MARIA, nele]);
    house.protect("dora", "frank", &[MARIA, OMA]);
    house.world.settle();
    for who in ["dora", "erik"] {
        house.world.set_offline(who, true);
    }
    house.world.set_offline("nora", false);
    house.world.settle();
    assert!(house.stands("maria", "0341/11111"), "nobody here knows better");
    for who in ["dora", "erik"] {
        house.world.set_offline(who, false);
    }
    house.world.settle();
    house.is_gone_from_the_child("0341/11111");
    for who in ["nora", "erik", "dora"] {
        assert_eq!(house.shown(who).1, [MARIA, nele, OMA], "{who}");
    }
    // Whom somebody names on purpose later is named.
    house.say("nora", "Nüsse", &[FRANK]);
    house.world.settle();
    assert_eq!(house.shown("erik").1, [FRANK]);
}

#[test]
fn what_two_say_without_knowing_of_each_other_stands_side_by_side() {
    let mut house = House::open();
    house.world.set_offline("erik", true);
    house.say("erik", "Nüsse", &[MARIA, "Nele"]);
    house.say("nora", "Bienen", &[MARIA, OMA]);
    house.world.settle();
    house.world.set_offline("erik", false);
    house.world.settle();
    for who in ["erik", "nora", "dora"] {
        let (allergies, contacts, _) = house.shown(who);
        assert_eq!((allergies.as_str(), contacts.len()), ("Bienen", 3), "{who}");
        assert_eq!(contacts, [MARIA, "Nele", OMA], "{who}");
    }
    house.say("erik", "Bienen", &[OMA]);
    house.world.settle();
    assert_eq!(house.shown("dora").1, [OMA]);
    assert!(
        !house.stands("maria", FRANKS),
        "whether somebody is protected or not, nothing stays of what was said before"
    );
}

#[test]
fn however_often_it_changes_nothing_is_left_of_what_was_said_before() {
    let mut house = House::open();
    house.protect("dora", "frank", &[MARIA, OMA]);
    house.world.settle();
    let last = 12;
    for n in 0..=last {
        house.say("erik", "Nüsse", &[&format!("Notruf 700{n:02}")]);
        house.world.settle();
    }
    for n in 0..last {
        let number = format!("700{n:02}");
        assert!(!house.stands("maria", &number) && !house.stands("dora", &number), "{number}");
        assert_eq!(carriers(&house.world, "dora", &number), [], "{number}");
    }
    assert_eq!(house.shown("nora").1, [format!("Notruf 700{last}")]);
    assert_eq!(house.shown("erik").2, [FRANK]);
}

#[test]
fn of_two_directors_who_protect_two_guardians_the_second_is_told_and_neither_number_returns() {
    for apart in [true, false] {
        let mut house = House::open();
        crate::later::second(&mut house.world, "doris");
        house.world.set_offline("doris", apart);
        house.protect("doris", "maria", &[FRANK, OMA]);
        house.protect("dora", "frank", &[MARIA, OMA]);
        house.world.settle();
        house.world.set_offline("doris", false);
        house.world.settle();
        let told = [house.overtaken("dora"), house.overtaken("doris")];
        assert_eq!(told.iter().sum::<u32>(), 1, "{told:?}");
        let franks = told == [0, 1];
        assert!(franks || !apart);
        let (number, protected, stays) =
            if franks { (FRANKS, "frank", MARIA) } else { (MARIAS, "maria", FRANK) };
        house.is_gone_from_the_child(number);
        assert_eq!(house.shown("nora").1, [stays, OMA], "offline: {apart}");
        for who in ["frank", "maria"] {
            assert_eq!(house.is_protected(who), who == protected, "{who}");
        }
        // Looked at again, it holds.
        let (by, other, number) = if franks { ("doris", "maria", MARIAS) } else { ("dora", "frank", FRANKS) };
        house.protect(by, other, &[OMA]);
        house.world.settle();
        house.is_gone_from_the_child(number);
        assert_eq!(house.shown("dora").1, [OMA]);
    }
}

#[test]
fn who_protects_two_guardians_offline_has_decided_both() {
    let mut house = House::open();
    house.world.set_offline("dora", true);
    house.protect("dora", "frank", &[MARIA, OMA]);
    assert_eq!(house.shown("dora").1, [MARIA, OMA], "shown as decided");
    house.protect("dora", "maria", &[OMA]);
    house.world.restart("dora");
    house.world.set_offline("dora", false);
    house.world.settle();
    assert_eq!(house.overtaken("dora"), 0);
    for number in [FRANKS, MARIAS] {
        house.is_gone_from_the_child(number);
    }
    assert_eq!(house.shown("erik"), ("Nüsse".into(), vec![OMA.into()], vec![FRANK.into(), MARIA.into()]));
}

#[test]
fn whoever_comes_under_protection_second_is_taken_out_of_what_is_kept_with_the_first() {
    let mut house = House::open();
    let both = "Eltern: Maria 0341 22222, Frank 0341 11111";
    house.say("erik", "Nüsse", &[both, OMA]);
    house.world.settle();
    house.protect("dora", "maria", &[OMA]);
    house.world.settle();
    house.is_gone_from_the_child(MARIAS);
    assert_eq!(house.kept("dora", "maria"), Some(vec![both.to_owned()]));
    let apart = house.apart("maria");
    assert!(names_in(&house.world, "maria", &apart, FRANKS.as_bytes()));
    house.say("erik", "Nüsse", &[OMA, "Vater 0341/111-11"]);
    house.world.settle();
    house.protect("dora", "frank", &[OMA]);
    house.world.settle();
    house.is_gone_from_the_child("0341/111-11");
    for _ in 0..2 {
        assert!(!names_in(&house.world, "maria", &apart, FRANKS.as_bytes()));
        assert!(names_in(&house.world, "maria", &apart, MARIAS.as_bytes()));
        assert_eq!(carriers(&house.world, "maria", FRANKS), []);
        assert!(!reads(&house.world, "frank", MARIAS));
        house.world.restart("maria");
        house.world.settle();
    }
    assert_eq!(house.kept("dora", "maria"), Some(vec!["Eltern: Maria 0341 22222".to_owned()]));
    assert_eq!(house.kept("dora", "frank"), Some(vec!["Vater 0341/111-11".to_owned()]));
    assert_eq!(house.shown("erik").2, ["Eltern: Maria 0341 22222", "Vater 0341/111-11"]);
    assert!(house.shown("nora").2.is_empty());
}

#[test]
fn whoever_is_protected_from_the_start_is_taken_out_of_what_stands_there_already() {
    let mut house = House::open();
    let (child, named) = (house.child.clone(), vec![person_of(&house.world, "erik")]);
    let create = |contacts: Vec<Contacts>| Command::CreateProtected {
        name: "Hanna".into(),
        child: child.clone(),
        relation: None,
        named: named.clone(),
        contacts,
        untimed: false,
    };
    let elsewhere = vec![Contacts { child: named[0].clone(), contacts: String::new() }];
    assert_eq!(house.world.command("dora", create(elsewhere)), Err(AppError::NotFound));
    let without = house.contacts(&[FRANK, MARIA]);
    let hanna = person(house.world.command("dora", create(without)).unwrap());
    house.world.settle();
    house.is_gone_from_the_child("33333");
    assert_eq!(house.shown("nora").1, [FRANK, MARIA]);
    for who in ["erik", "dora"] {
        assert_eq!(house.shown(who).2, [OMA], "{who}");
    }
    assert!(house.shown("nora").2.is_empty());
    admit(&mut house.world, "hanna", &hanna);
    assert_eq!(carriers(&house.world, "maria", "33333"), []);
    assert!(!reads(&house.world, "hanna", FRANKS));
}

#[test]
fn after_protection_no_number_returns_by_itself_and_a_second_one_keeps_both() {
    let mut house = House::open();
    house.protect("dora", "frank", &[MARIA, OMA]);
    house.world.settle();
    house.is_gone_from_the_child(FRANKS);
    house.unprotect("frank");
    assert!(!house.stands("maria", FRANKS) && !house.stands("dora", FRANKS));
    assert_eq!(house.shown("dora"), ("Nüsse".into(), vec![MARIA.into(), OMA.into()], Vec::new()));
    assert_eq!(house.kept("dora", "frank"), Some(vec![[MARIA, OMA].join("\n")]), "as anybody's");
    let new = "Frank 0341 99999";
    house.say("dora", "Nüsse", &[MARIA, new]);
    house.world.settle();
    assert_eq!(house.shown("nora").1, [new, MARIA]);
    assert!(!house.stands("maria", "33333"), "as everywhere, what was said before is gone");
    house.protect("dora", "frank", &[MARIA]);
    house.world.settle();
    house.is_gone_from_the_child("99999");
    house.is_gone_from_the_child("33333");
    assert_eq!(house.shown("erik").2, [FRANK, new]);
    assert!(house.shown("nora").2.is_empty());
}

#[test]
fn a_director_who_comes_later_reads_what_is_kept_once_they_are_let_in() {
    let mut house = House::open();
    house.protect("dora", "frank", &[MARIA, OMA]);
    house.world.settle();
    let staff =
        Command::CreateStaff { name: "Doris".into(), role: StaffRole::Director, groups: vec![], until: None };
    let doris = person(house.world.command("dora", staff).unwrap());
    house.world.settle();
    admit(&mut house.world, "doris", &doris);
    house.world.pass(60_000);
    house.world.settle();
    assert_eq!(house.shown("doris").2, [FRANK]);
    assert_eq!(house.kept("doris", "frank"), Some(vec![FRANK.to_owned()]));
    let relation = Query::Relation { person: person_of(&house.world, "frank"), child: house.child.clone() };
    assert_eq!(house.world.query("doris", &relation).unwrap(), View::Relation(Relation::USUAL));
}
