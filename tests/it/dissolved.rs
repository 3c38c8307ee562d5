//! The end of a house: read, and no more written.

use nestpost_core::app::command::{NoArgs, Relation};
use nestpost_core::app::view::AbsenceKind;
use nestpost_core::app::{AppError, Command, Query, View};
use nestpost_protocol::codec;
use nestpost_protocol::message::{ByeCode, RelayMessage};
use nestpost_tests::world::World;

use crate::backup::absences;
use crate::engine::{DAY, Kita, kita};
use crate::later::{proposals, second};

fn sick(child: &str) -> Command {
    let (from, to, note) = (DAY.into(), DAY.into(), "Fieber".into());
    Command::ReportAbsence { child: child.into(), kind: AbsenceKind::Sick, from, to, note }
}

fn codes(world: &World, name: &str) -> Vec<&'static str> {
    world.summary(name).alarms.iter().map(|alarm| alarm.code).collect()
}

#[test]
fn two_dissolve_a_house_and_everybody_reads_on() {
    let Kita { mut world, child, .. } = kita();
    let bulletin =
        Command::PostBulletin { group: None, title: "Fest".into(), body: "Freitag".into(), set: None };
    world.command("erik", bulletin.clone()).unwrap();
    world.settle();
    world.set_offline("maria", true);
    world.command("maria", sick(&child)).unwrap();

    let alone = Command::DissolveHouse { sheet: None };
    assert_eq!(world.command("dora", alone.clone()), Err(AppError::NeedsSecond));
    assert_eq!(world.command("erik", alone), Err(AppError::NotAllowed));
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::DissolveHouse { sheet }).unwrap();
    world.settle();
    for name in ["dora", "erik", "frank"] {
        assert!(world.summary(name).dissolved, "{name}");
        assert_eq!(codes(&world, name), ["dissolved"], "{name}");
    }
    assert_eq!(world.command("erik", bulletin), Err(AppError::Dissolved));
    assert_eq!(world.command("frank", sick(&child)), Err(AppError::Dissolved));

    // What was written before the news came stays on its device, and nobody is alarmed by it, also later.
    world.set_offline("maria", false);
    world.settle();
    world.pass(60_000);
    world.settle();
    assert_eq!((world.summary("maria").waiting, codes(&world, "maria")), (1, vec!["dissolved"]));
    let View::Bulletins(read) = world.query("maria", &Query::Bulletins(NoArgs {})).unwrap() else { panic!() };
    assert_eq!(read.len(), 1);
    world.restart("maria");
    world.settle();
    assert_eq!((world.summary("maria").waiting, codes(&world, "maria")), (1, vec!["dissolved"]));

    // The relay deletes it, as was said: it does not know the house any more.
    let gone = codec::encode(&RelayMessage::Bye(ByeCode::NotFound));
    world.receive("maria", gone);
    assert_eq!((world.summary("maria").stage, codes(&world, "maria")), ("member", vec!["dissolved"]));
}

#[test]
fn a_membership_change_that_comes_too_late_is_given_up() {
    let Kita { mut world, group, .. } = kita();
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::DissolveHouse { sheet }).unwrap();
    // Decided in the same breath; the house ends first.
    let child = Command::CreateChild { name: "Kim".into(), group };
    world.command("dora", child).unwrap();
    world.settle();
    assert!(world.summary("dora").dissolved);
    assert_eq!(world.engine("dora").intents(), Vec::<u64>::new());
    assert_eq!(world.engine("dora").given_up().len(), 1);
    // The house is over, and so is whatever was to be done in it: of that nobody reads who was faster.
    let View::Overtaken(told) = world.query("dora", &Query::Overtaken(NoArgs {})).unwrap() else { panic!() };
    assert_eq!(told.len(), 0);
}

#[test]
fn what_is_on_its_way_when_a_house_ends_alarms_nobody_and_is_sent_no_more() {
    let Kita { mut world, child, .. } = kita();
    let before = world.relay.refusals.len();
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::DissolveHouse { sheet }).unwrap();
    world.command("frank", sick(&child)).unwrap();
    world.set_offline("maria", true);
    world.command("maria", sick(&child)).unwrap();
    world.settle();
    world.set_offline("maria", false);
    world.settle();
    for _ in 0..3 {
        world.pass(60_000);
        world.settle();
    }
    for name in ["frank", "maria"] {
        assert_eq!((world.summary(name).waiting, codes(&world, name)), (1, vec!["dissolved"]), "{name}");
    }
    assert_eq!(world.relay.refusals.len() - before, 1, "what was on its way, once, and nothing else");
}

#[test]
fn what_came_in_as_a_house_ended_is_read_and_passed_on_by_nobody() {
    let Kita { mut world, child, .. } = kita();
    world.set_offline("erik", true);
    // The relay takes both before the director hears of the first.
    world.command("maria", sick(&child)).unwrap();
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::DissolveHouse { sheet }).unwrap();
    world.settle();
    world.set_offline("erik", false);
    world.settle();
    assert_eq!(absences(&world, "erik", &child), 1);
    assert_eq!((world.summary("erik").waiting, absences(&world, "frank", &child)), (0, 0));
}

#[test]
fn what_was_planned_or_proposed_in_a_house_that_is_over_is_not_carried_out() {
    let Kita { mut world, child, .. } = kita();
    second(&mut world, "doris");
    let frank = world.summary("frank").me.person;
    let (day, relation) = ("2026-11-22".to_owned(), Relation { collect: false, ..Relation::USUAL });
    let plan = Command::PlanGuardian { person: frank.clone(), child: child.clone(), relation, day };
    world.command("dora", plan).unwrap();
    world.command("dora", Command::PlanLeave { child, day: "2026-11-22".into() }).unwrap();
    world.settle();
    // Of one of them a director would say on its day that it came to nothing.
    world.command("dora", Command::RemovePerson { person: frank, sheet: None }).unwrap();
    world.command("dora", Command::DissolveHouse { sheet: None }).unwrap();
    world.settle();
    assert_eq!(proposals(&world, "doris").len(), 1);
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::DissolveHouse { sheet }).unwrap();
    world.settle();
    assert_eq!(proposals(&world, "doris").len(), 0, "it has come about");
    world.pass(86_400_000);
    world.settle();
    for name in ["dora", "doris", "erik"] {
        let engine = world.engine(name);
        assert_eq!((engine.given_up().len(), world.summary(name).waiting), (0, 0), "{name}");
    }
}
