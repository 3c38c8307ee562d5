//! What a protected guardian is told, and is not, when the house changes around them; and who may let somebody in.

use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::item::Item;
use nestpost_core::app::view::{AttendanceEvent, GroupSymbol};
use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_protocol::id::CircleId;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_tests::world::World;

use crate::apart::{board_of, bulletins, person_of, post, protect};
use crate::engine::{DAY, Kita, admit, id, kita, person};
use crate::later::second;

const DAY_MS: u64 = 86_400_000;

fn titles(world: &World, name: &str) -> Vec<String> {
    bulletins(world, name).into_iter().map(|bulletin| bulletin.0).collect()
}

/// Another group with an educator of its own.
fn foxes(world: &mut World, educator: &str) -> String {
    let (name, symbol) = ("Fuchs".to_owned(), GroupSymbol::Fox);
    let group = id(world.command("dora", Command::CreateGroup { name, symbol }).unwrap());
    world.settle();
    let (name, role, groups) = (educator.to_owned(), StaffRole::Educator, vec![group.clone()]);
    let made =
        person(world.command("dora", Command::CreateStaff { name, role, groups, until: None }).unwrap());
    world.settle();
    admit(world, educator, &made);
    group
}

/// Threads that somebody reads, as a device sees the log.
fn threads_of(world: &World, seen_by: &str, person: &str) -> usize {
    let who = Who::Person(person.parse().unwrap());
    let all = world.engine(seen_by).house().log.circles();
    all.filter(|circle| circle.sort == Sort::Private && circle.members.contains_key(&who)).count()
}

#[test]
fn whoever_directs_later_can_protect_again_who_was_protected_before() {
    let Kita { mut world, child, .. } = kita();
    protect(&mut world, "frank", &child, &["erik"], true);
    protect(&mut world, "frank", &child, &[], false);
    assert_eq!(board_of(&world, "frank"), None);
    second(&mut world, "doris");
    let (person, named) = (person_of(&world, "frank"), Vec::new());
    let again =
        Command::ProtectGuardian { person, child, named, on: true, contacts: Vec::new(), untimed: false };
    world.command("doris", again).unwrap();
    world.settle();
    assert_eq!(world.summary("doris").waiting, 0, "{:?}", world.relay.refusals);
    assert!(world.engine("doris").given_up().is_empty());
    let readers = ["Frank", "dora", "doris"].map(str::to_owned).to_vec();
    for name in ["frank", "dora", "doris"] {
        assert_eq!(board_of(&world, name).expect("a circle").1, readers, "{name}");
    }
}

#[test]
fn with_the_child_s_last_day_a_protected_guardian_is_told_no_more() {
    let Kita { mut world, group, child } = kita();
    let frank = person_of(&world, "frank");
    protect(&mut world, "frank", &child, &["erik"], true);
    post(&mut world, "erik", Some(&group), "Ausflug");
    assert_eq!(titles(&world, "frank"), ["Ausflug"]);
    assert_eq!(threads_of(&world, "dora", &frank), 1);
    world.command("dora", Command::PlanLeave { child, day: "2026-11-22".into() }).unwrap();
    world.settle();
    assert_eq!(threads_of(&world, "dora", &frank), 1, "not before its day");
    world.pass(DAY_MS);
    world.settle();
    assert_eq!(threads_of(&world, "dora", &frank), 0);
    for group in [Some(group.as_str()), None] {
        post(&mut world, "dora", group, "Danach");
    }
    assert_eq!(titles(&world, "frank"), ["Ausflug"], "what they had they keep");
}

#[test]
fn of_the_group_that_the_child_comes_to_they_are_told_nothing_older() {
    let Kita { mut world, group, child } = kita();
    let foxes = foxes(&mut world, "nils");
    post(&mut world, "nils", Some(&foxes), "Vorher");
    post(&mut world, "erik", Some(&group), "Ausflug");
    protect(&mut world, "frank", &child, &["erik"], true);
    world.pass(60_000);
    world.command("dora", Command::MoveChild { child: child.clone(), group: foxes.clone() }).unwrap();
    world.settle();
    world.pass(60_000);
    post(&mut world, "nils", Some(&foxes), "Nachher");
    world.set_offline("dora", false);
    world.settle();
    let told = titles(&world, "frank");
    assert!(told.contains(&"Nachher".to_owned()) && !told.contains(&"Vorher".to_owned()), "{told:?}");
    // The same on the way back: what the first group wrote meanwhile was not for them.
    post(&mut world, "erik", Some(&group), "Inzwischen");
    world.pass(60_000);
    world.command("dora", Command::MoveChild { child, group: group.clone() }).unwrap();
    world.settle();
    world.pass(60_000);
    post(&mut world, "erik", Some(&group), "Wieder hier");
    let told = titles(&world, "frank");
    assert!(told.contains(&"Wieder hier".to_owned()) && !told.contains(&"Inzwischen".to_owned()), "{told:?}");
}

#[test]
fn a_protected_guardian_who_went_comes_back_to_what_they_read() {
    let Kita { mut world, group, child } = kita();
    let frank = person_of(&world, "frank");
    protect(&mut world, "frank", &child, &["erik"], true);
    world.command("dora", Command::RemovePerson { person: frank.clone(), sheet: None }).unwrap();
    world.settle();
    let View::Family(family) = world.query("dora", &Query::Family { child: child.clone() }).unwrap() else {
        panic!()
    };
    assert!(
        family.guardians.iter().any(|kin| kin.entry.person == frank),
        "still shown, to be taken in again"
    );
    post(&mut world, "erik", Some(&group), "Ohne ihn");
    world.command("dora", Command::ReadmitPerson { person: frank.clone() }).unwrap();
    world.settle();
    assert_eq!(world.summary("dora").waiting, 0, "{:?}", world.relay.refusals);
    admit(&mut world, "frank2", &frank);
    post(&mut world, "erik", Some(&group), "Wieder da");
    assert!(titles(&world, "frank2").contains(&"Wieder da".to_owned()));
    assert_eq!(threads_of(&world, "dora", &frank), 1);
}

#[test]
fn only_who_cares_for_a_child_lets_its_guardians_in_and_directors_the_protected() {
    let Kita { mut world, child, .. } = kita();
    foxes(&mut world, "nils");
    let [maria, frank] = ["maria", "frank"].map(|name| person_of(&world, name));
    let invite = |person: &str| Command::CreateInvite { person: person.into(), valid_days: 14 };
    assert_eq!(world.command("nils", invite(&maria)), Err(AppError::NotAllowed), "another group's");
    let Ok(Reply::Letter(letter)) = world.command("erik", invite(&maria)) else { panic!() };
    world.settle();
    world.join("maria2", &letter.code).unwrap();
    world.settle();
    let pending = |world: &World, name: &str| {
        let View::PendingJoins(joins) = world.query(name, &Query::PendingJoins(NoArgs {})).unwrap() else {
            panic!()
        };
        joins.into_iter().map(|join| join.id).collect::<Vec<_>>()
    };
    assert_eq!(pending(&world, "nils"), [""; 0]);
    let join = pending(&world, "erik").remove(0);
    assert_eq!(world.command("nils", Command::ConfirmJoin { join: join.clone() }), Err(AppError::NotAllowed));
    world.command("erik", Command::ConfirmJoin { join }).unwrap();
    world.settle();
    assert_eq!(world.summary("maria2").stage, "member");
    // Somebody protected is let in by directors alone, who have all the keys.
    protect(&mut world, "frank", &child, &["erik"], true);
    let Ok(Reply::Letter(letter)) = world.command("dora", invite(&frank)) else { panic!() };
    world.settle();
    world.join("frank2", &letter.code).unwrap();
    world.settle();
    for name in ["nils", "erik"] {
        assert_eq!(pending(&world, name), [""; 0], "{name}");
    }
    let join = pending(&world, "dora").remove(0);
    assert_eq!(world.command("erik", Command::ConfirmJoin { join: join.clone() }), Err(AppError::NotAllowed));
    world.command("dora", Command::ConfirmJoin { join }).unwrap();
    world.settle();
    assert_eq!(world.summary("frank2").stage, "member", "{:?}", world.relay.refusals);
}

#[test]
fn with_protection_no_time_of_the_child_is_kept_nor_stays_from_days_before() {
    let Kita { mut world, child, .. } = kita();
    let attend =
        |day: &str| Command::Attend { child: child.clone(), day: day.into(), event: AttendanceEvent::Came };
    world.command("erik", attend(DAY)).unwrap();
    world.settle();
    let circle: CircleId = child.parse().unwrap();
    let times = |world: &World, name: &str| {
        let items = world.engine(name).house().docs.items(&circle).filter_map(|at| Item::read(at.value));
        items.filter(|item| matches!(item, Item::Attendance(mark) if mark.at.is_some())).count()
    };
    assert_eq!(times(&world, "maria"), 1);
    let (person, named) = (person_of(&world, "frank"), Vec::new());
    let on = true;
    let protect = Command::ProtectGuardian {
        person,
        child: child.clone(),
        named,
        on,
        contacts: Vec::new(),
        untimed: true,
    };
    world.command("dora", protect).unwrap();
    world.settle();
    assert_eq!(times(&world, "maria"), 1, "what the day needs stands until it is over");
    world.pass(DAY_MS);
    world.settle();
    for name in ["maria", "erik", "dora"] {
        assert_eq!(times(&world, name), 0, "{name}");
    }
    world.command("erik", attend("2026-11-22")).unwrap();
    world.settle();
    assert_eq!(times(&world, "maria"), 0);
}
