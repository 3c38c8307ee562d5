//! What others knew of a guardian who comes under protection is erased where it stood.

use nestpost_core::app::command::{Custody, NoArgs, Relation};
use nestpost_core::app::item::Item;
use nestpost_core::app::view::{PlanStage, ReportedBy};
use nestpost_core::app::{AppError, Command, Query, View};
use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::record::Record;
use nestpost_tests::world::World;

use crate::engine::{DAY as TODAY, Kita, id, kita};
use crate::erase::{
    CANARY, DAY, carriers, colleague, contains, person_of, protect, quarantined, reads, sick, stored,
};

/// Whether anything that a device has of a circle names this.
pub(crate) fn names_in(world: &World, name: &str, circle: &CircleId, needle: &[u8]) -> bool {
    let of_circle = |record: &Record| record.check().is_ok_and(|header| header.circle == *circle);
    let opened = stored(world, name).into_iter().filter(of_circle);
    opened.filter_map(|record| world.engine(name).open_record(&record)).any(|plain| contains(&plain, needle))
}

#[test]
fn who_comes_under_protection_is_named_with_the_child_no_more() {
    let Kita { mut world, child, .. } = kita();
    let circle: CircleId = child.parse().unwrap();
    sick(&mut world, "frank", &child);
    let person: PersonId = person_of(&world, "frank").parse().unwrap();
    let name = b"Frank".as_slice();
    for who in ["maria", "erik", "dora"] {
        assert!(names_in(&world, who, &circle, name), "{who}");
        assert!(names_in(&world, who, &circle, person.as_bytes()), "{who}");
    }
    protect(&mut world, "frank", &child, &[]);
    for who in ["maria", "erik", "dora"] {
        for _ in 0..2 {
            assert!(!names_in(&world, who, &circle, name), "{who}");
            assert!(!names_in(&world, who, &circle, person.as_bytes()), "{who}");
            assert!(!quarantined(&world, who), "{who}");
            world.restart(who);
            world.settle();
        }
    }
    // That the child is sick stays; by whom it is known does not.
    let home = Query::ParentHome { day: TODAY.into() };
    let View::ParentHome(home) = world.query("maria", &home).unwrap() else { panic!() };
    let by: Vec<_> = home.children[0].today.iter().map(|absence| (absence.by, absence.withdrawn)).collect();
    assert_eq!(by, [(ReportedBy::House, false)]);
    assert_eq!(home.children[0].name, "Carla");
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn what_a_protected_guardian_was_to_the_child_stands_with_the_staff_no_more() {
    let Kita { mut world, group, child } = kita();
    colleague(&mut world, &group);
    let (person, day) = (person_of(&world, "frank"), "2026-11-22".to_owned());
    let relation = Relation { lives_with: false, ..Relation::USUAL };
    let now = Command::SetGuardian { person: person.clone(), child: child.clone(), relation };
    let then = Relation { custody: Custody::None, ..relation };
    let later = Command::PlanGuardian {
        person: person.clone(),
        child: child.clone(),
        relation: then,
        day: day.clone(),
    };
    let leave = Command::PlanLeave { child: child.clone(), day: "2026-11-23".into() };
    // Whoever plans is not who protects.
    crate::later::second(&mut world, "doris");
    for command in [now, later.clone(), leave] {
        world.command("doris", command).unwrap();
        world.settle();
    }
    let plan = id(world.command("doris", later).unwrap());
    world.command("doris", Command::CancelPlan { plan }).unwrap();
    world.settle();
    world.set_offline("doris", true);
    let staff = world.engine("dora").house().sole(Sort::Staff).unwrap();
    let pseudonym: PersonId = person.parse().unwrap();
    let asked = Query::Relation { person: person.clone(), child: child.clone() };
    let stand = |world: &World, name: &str| {
        [b"Frank".as_slice(), pseudonym.as_bytes()].map(|needle| names_in(world, name, &staff, needle))
    };
    let plans = |world: &World| {
        let View::Plans(plans) = world.query("dora", &Query::Plans(NoArgs {})).unwrap() else { panic!() };
        plans.iter().map(|plan| plan.stage).collect::<Vec<_>>()
    };
    let ends = |world: &World| {
        let items = world.engine("dora").house().docs.items(&staff);
        items.filter(|at| matches!(Item::read(at.value), Some(Item::PlanEnd(_)))).count()
    };
    assert_eq!(plans(&world), [PlanStage::Waiting, PlanStage::Waiting, PlanStage::Withdrawn]);
    assert_eq!(ends(&world), 1);
    for round in ["once", "again"] {
        for name in ["dora", "erik", "nora"] {
            assert_eq!(stand(&world, name), [true; 2], "{name}, {round}");
            assert_eq!(world.query(name, &asked).unwrap(), View::Relation(relation), "{name}, {round}");
        }
        protect(&mut world, "frank", &child, &["erik"]);
        for name in ["dora", "erik", "nora"] {
            for _ in 0..2 {
                assert_eq!(stand(&world, name), [false; 2], "{name}, {round}");
                assert!(!quarantined(&world, name), "{name}, {round}");
                let told = world.query(name, &asked);
                let knows =
                    if name == "nora" { Err(AppError::NotFound) } else { Ok(View::Relation(relation)) };
                assert_eq!(told, knows, "{name}, {round}");
                world.restart(name);
                world.settle();
            }
        }
        if round == "once" {
            let (person, child, named) = (person.clone(), child.clone(), Vec::new());
            world
                .command(
                    "dora",
                    Command::ProtectGuardian {
                        person,
                        child,
                        named,
                        on: false,
                        contacts: Vec::new(),
                        untimed: false,
                    },
                )
                .unwrap();
            world.settle();
        }
    }
    // Nobody plans it anew; the other plan is as it was, and what was signed for it names them no more.
    assert_eq!((plans(&world), ends(&world)), (vec![PlanStage::Waiting], 0));
    let end = Command::PlanEnd { person, day, sheet: None };
    assert_eq!(world.command("dora", end), Err(AppError::NotAllowed));
    for _ in 0..2 {
        world.pass(DAY);
        world.settle();
    }
    assert_eq!(plans(&world), [PlanStage::Done]);
    assert_eq!(stand(&world, "erik"), [false; 2]);
    // Two devices that may know of it erase at once: one of them is late, and content with that.
    assert!(["dora", "erik", "nora"].iter().all(|name| world.summary(name).waiting == 0));
}

#[test]
fn copies_for_a_protected_guardian_go_with_what_they_copy() {
    let Kita { mut world, group, child } = kita();
    colleague(&mut world, &group);
    protect(&mut world, "frank", &child, &["erik"]);
    let post = |title: &str| Command::PostBulletin {
        group: Some(group.clone()),
        title: title.into(),
        body: "Text".into(),
        set: None,
    };
    world.command("nora", post("Bleibt")).unwrap();
    let all = ["maria", "frank", "erik", "nora", "dora"];
    for seconded in [false, true] {
        let gone = id(world.command("nora", post(CANARY)).unwrap());
        world.settle();
        assert!(all.iter().all(|name| *name == "frank" || reads(&world, name, CANARY)));
        assert!(reads(&world, "frank", CANARY), "a copy");
        if seconded {
            for name in ["erik", "dora"] {
                world.command(name, Command::EraseItem { item: gone.clone() }).unwrap();
                world.settle();
            }
        } else {
            world.command("nora", Command::RemoveItem { item: gone }).unwrap();
            world.settle();
            world.pass(7 * DAY);
            world.settle();
        }
        assert_eq!(carriers(&world, "dora", CANARY), [], "{seconded}");
        for name in all {
            assert!(!reads(&world, name, CANARY), "{name}, {seconded}");
            assert!(!quarantined(&world, name), "{name}, {seconded}");
        }
    }
    assert!(reads(&world, "frank", "Bleibt"));
}
