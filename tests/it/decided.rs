//! Two directors decide about one family, one of them offline: the later one is looked at again, and made for what is so by
//! then, or given up and said.

use nestpost_core::app::command::{Custody, Relation, StaffRole};
use nestpost_core::app::view::GroupSymbol;
use nestpost_core::app::{Command, Query, View};
use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_tests::world::World;

use crate::engine::{Kita, admit, id, kita, person};

const NONE: Relation = Relation { custody: Custody::None, ..Relation::USUAL };

/// A house with a second director and a second group; the first director is off the network.
struct House {
    world: World,
    child: String,
    foxes: String,
    frank: String,
    maria: String,
}

fn house() -> House {
    let Kita { mut world, child, .. } = kita();
    let staff =
        Command::CreateStaff { name: "nora".into(), role: StaffRole::Director, groups: vec![], until: None };
    let nora = person(world.command("dora", staff).unwrap());
    world.settle();
    admit(&mut world, "nora", &nora);
    let foxes = Command::CreateGroup { name: "Fuchs".into(), symbol: GroupSymbol::Fox };
    let foxes = id(world.command("dora", foxes).unwrap());
    world.settle();
    world.set_offline("dora", true);
    let of = |name: &str| world.summary(name).me.person;
    let (frank, maria) = (of("frank"), of("maria"));
    House { world, child, foxes, frank, maria }
}

impl House {
    fn set(&self, relation: Relation) -> Command {
        Command::SetGuardian { person: self.frank.clone(), child: self.child.clone(), relation }
    }

    fn relation(&self, name: &str) -> Relation {
        let (person, child) = (self.frank.clone(), self.child.clone());
        let View::Relation(relation) = self.world.query(name, &Query::Relation { person, child }).unwrap()
        else {
            panic!()
        };
        relation
    }

    fn back(&mut self) {
        self.world.set_offline("dora", false);
        self.world.settle();
        assert_eq!(self.world.engine("dora").intents(), Vec::<u64>::new());
    }

    /// How many decisions of the one who was away came to nothing, and that it is said exactly then.
    fn given_up(&self) -> usize {
        let given_up = self.world.engine("dora").given_up().len();
        let said = self.world.summary("dora").alarms.iter().any(|alarm| alarm.code == "overtaken");
        assert_eq!(said, given_up > 0);
        given_up
    }

    fn is_among_parents(&self, person: &str, group: &str) -> bool {
        let who = Who::Person(person.parse::<PersonId>().unwrap());
        let team = Some(group.parse::<CircleId>().unwrap());
        let mut all = self.world.relay.log().circles();
        all.any(|c| c.sort == Sort::Parents && c.team == team && c.members.contains_key(&who))
    }

    fn reads_child(&self, name: &str) -> bool {
        let me = self.world.engine(name).house().me;
        access::reads(self.world.relay.log(), &me, &self.child.parse().unwrap())
    }
}

#[test]
fn a_child_moves_with_the_family_that_it_has_when_the_decision_arrives() {
    let mut house = house();
    let (child, group) = (house.child.clone(), house.foxes.clone());
    house.world.command("dora", Command::MoveChild { child, group }).unwrap();
    let change = house.set(NONE);
    house.world.command("nora", change).unwrap();
    house.world.settle();
    house.back();
    assert_eq!(house.given_up(), 0);
    assert!(house.is_among_parents(&house.maria, &house.foxes));
    assert!(!house.is_among_parents(&house.frank, &house.foxes), "whose custody ended meanwhile");
    assert!(!house.reads_child("frank"));
}

#[test]
fn whoever_came_under_protection_meanwhile_is_not_led_to_others_by_a_move() {
    let mut house = house();
    let (child, group) = (house.child.clone(), house.foxes.clone());
    house.world.command("dora", Command::MoveChild { child, group }).unwrap();
    let (person, child) = (house.frank.clone(), house.child.clone());
    let protect = Command::ProtectGuardian {
        person,
        child,
        named: Vec::new(),
        on: true,
        contacts: Vec::new(),
        untimed: false,
    };
    house.world.command("nora", protect).unwrap();
    house.world.settle();
    house.back();
    assert_eq!(house.given_up(), 0);
    assert!(house.is_among_parents(&house.maria, &house.foxes));
    assert!(!house.is_among_parents(&house.frank, &house.foxes) && !house.reads_child("frank"));
}

#[test]
fn of_two_decisions_about_one_guardian_the_later_is_given_up_as_a_whole_and_said() {
    let told = Relation { information: false, ..Relation::USUAL };
    let silent = Relation { collect: false, ..Relation::USUAL };
    // One that changes who reads, and one that does not.
    for late in [told, silent] {
        let mut house = house();
        let change = house.set(late);
        house.world.command("dora", change).unwrap();
        assert_eq!(house.relation("dora"), late, "shown as decided");
        assert_eq!(house.world.engine("dora").intents().len(), 1);
        let change = house.set(NONE);
        house.world.command("nora", change).unwrap();
        house.world.settle();
        house.back();
        assert_eq!(house.given_up(), 1);
        for name in ["dora", "nora"] {
            assert_eq!(house.relation(name), NONE, "{name}");
        }
        assert!(!house.reads_child("frank"));
    }
}

/// Both decide the same, the one who is away first; nothing of it is done twice.
fn decide_alike(house: &mut House, command: &Command) {
    for name in ["dora", "nora"] {
        house.world.command(name, command.clone()).unwrap();
        house.world.settle();
    }
    let before = house.world.relay.log().len();
    house.back();
    assert_eq!((house.given_up(), house.world.relay.log().len()), (0, before), "{command:?}");
}

#[test]
fn what_both_decide_is_done_once_and_nobody_is_told_otherwise() {
    let mut house = house();
    for relation in [NONE, Relation::USUAL] {
        house.world.set_offline("dora", true);
        let change = house.set(relation);
        decide_alike(&mut house, &change);
        assert_eq!(house.relation("nora"), relation);
        assert_eq!(house.reads_child("frank"), relation == Relation::USUAL);
    }
    house.world.set_offline("dora", true);
    let device = house.world.engine("erik").house().me.to_string();
    decide_alike(&mut house, &Command::EndDevice { device, sheet: None });
    assert_eq!(house.world.summary("erik").stage, "ended");
    house.world.set_offline("dora", true);
    let person = house.frank.clone();
    decide_alike(&mut house, &Command::RemovePerson { person, sheet: None });
    assert_eq!(house.world.summary("frank").stage, "ended");
}

#[test]
fn decisions_outlive_a_restart_and_rest_on_each_other() {
    let mut house = house();
    let change = house.set(NONE);
    house.world.command("dora", change).unwrap();
    house.world.restart("dora");
    assert_eq!(house.relation("dora"), NONE, "shown as decided");
    let last = Relation { collect: false, ..NONE };
    let change = house.set(last);
    house.world.command("dora", change).unwrap();
    house.back();
    assert_eq!(house.given_up(), 0);
    for name in ["dora", "nora", "erik"] {
        assert_eq!(house.relation(name), last, "{name}");
    }
    assert!(!house.reads_child("frank"));
}
