//! The engine, end to end over a relay in memory: found, invite, join, confirm, write, read, offline, restart.

use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::view::{AbsenceKind, GroupSymbol, ItemState, Letter};
use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_tests::world::World;

pub(crate) const DAY: &str = "2026-11-21";

/// Codes of what a device was told.
pub(crate) fn alarms(world: &World, name: &str) -> Vec<&'static str> {
    world.summary(name).alarms.iter().map(|alarm| alarm.code).collect()
}

/// A bulletin for the whole house; everything settles.
pub(crate) fn bulletin(world: &mut World, by: &str, title: &str) {
    let (title, body) = (title.to_owned(), "Text".to_owned());
    world.command(by, Command::PostBulletin { group: None, title, body, set: None }).unwrap();
    world.settle();
}

pub(crate) fn id(reply: Reply) -> String {
    match reply {
        Reply::Id { id } => id,
        other => panic!("no id: {other:?}"),
    }
}

pub(crate) fn person(reply: Reply) -> String {
    match reply {
        Reply::Person { person } => person,
        other => panic!("no person: {other:?}"),
    }
}

pub(crate) fn letter(world: &mut World, person: &str) -> Letter {
    let reply =
        world.command("dora", Command::CreateInvite { person: person.into(), valid_days: 14 }).unwrap();
    world.settle();
    match reply {
        Reply::Letter(letter) => *letter,
        other => panic!("no letter: {other:?}"),
    }
}

pub(crate) fn admit(world: &mut World, name: &str, person: &str) {
    let letter = letter(world, person);
    world.join(name, &letter.code).unwrap();
    assert_eq!(world.summary(name).stage, "joining");
    let View::PendingJoins(joins) = world.query("dora", &Query::PendingJoins(NoArgs {})).unwrap() else {
        panic!()
    };
    let join = joins.into_iter().find(|j| j.person == person).expect("the join is pending");
    let digits = world.summary(name).digits.expect("digits while joining");
    assert_eq!(join.digits.as_slice(), digits.as_slice(), "both screens show the same digits");
    world.command("dora", Command::ConfirmJoin { join: join.id }).unwrap();
    world.settle();
    assert_eq!(world.summary(name).stage, "member");
}

pub(crate) struct Kita {
    pub(crate) world: World,
    pub(crate) group: String,
    pub(crate) child: String,
}

/// Dora directs, Erik educates, Maria and Frank are Carla's parents, Olga is Otto's mother in the same group.
pub(crate) fn kita() -> Kita {
    let mut world = World::new();
    world.found("dora");
    assert_eq!(world.summary("dora").stage, "member");
    assert_eq!(world.summary("dora").waiting, 0, "{:?}", world.relay.refusals);
    let group = id(world
        .command("dora", Command::CreateGroup { name: "Igel".into(), symbol: GroupSymbol::Hedgehog })
        .unwrap());
    world.settle();
    let child = id(world
        .command("dora", Command::CreateChild { name: "Carla".into(), group: group.clone() })
        .unwrap());
    let other = id(world
        .command("dora", Command::CreateChild { name: "Otto".into(), group: group.clone() })
        .unwrap());
    world.settle();
    assert_eq!(world.summary("dora").waiting, 0, "{:?}", world.relay.refusals);
    let guardian = |world: &mut World, name: &str, child: &str| {
        person(
            world
                .command(
                    "dora",
                    Command::CreateGuardian { name: name.into(), child: child.into(), relation: None },
                )
                .unwrap(),
        )
    };
    let maria = guardian(&mut world, "Maria", &child);
    let frank = guardian(&mut world, "Frank", &child);
    let olga = guardian(&mut world, "Olga", &other);
    let staff = Command::CreateStaff {
        name: "Erik".into(),
        role: StaffRole::Educator,
        groups: vec![group.clone()],
        until: None,
    };
    let erik = person(world.command("dora", staff).unwrap());
    world.settle();
    assert_eq!(world.summary("dora").waiting, 0, "{:?}", world.relay.refusals);
    for (name, person) in [("erik", &erik), ("maria", &maria), ("frank", &frank), ("olga", &olga)] {
        admit(&mut world, name, person);
    }
    Kita { world, group, child }
}

fn bulletins(world: &World, name: &str) -> Vec<nestpost_core::app::view::Bulletin> {
    match world.query(name, &Query::Bulletins(NoArgs {})).unwrap() {
        View::Bulletins(bulletins) => bulletins,
        other => panic!("{other:?}"),
    }
}

fn threads(world: &World, name: &str) -> Vec<nestpost_core::app::view::Thread> {
    match world.query(name, &Query::Threads(NoArgs {})).unwrap() {
        View::Threads(threads) => threads,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bulletin_reaches_every_family_of_the_group() {
    let Kita { mut world, group, .. } = kita();
    let post = Command::PostBulletin {
        group: Some(group),
        title: "Laternen".into(),
        body: "Um fünf am Tor.".into(),
        set: None,
    };
    world.command("erik", post).unwrap();
    assert_eq!(bulletins(&world, "erik")[0].state, ItemState::Local);
    world.settle();
    assert_eq!(bulletins(&world, "erik")[0].state, ItemState::Relay);
    for name in ["dora", "maria", "frank", "olga"] {
        let seen = bulletins(&world, name);
        assert_eq!(seen.len(), 1, "{name}");
        assert_eq!(seen[0].title, "Laternen");
    }
}

#[test]
fn a_sick_note_reaches_the_group_and_the_other_guardian_and_nobody_else() {
    let Kita { mut world, group, child } = kita();
    let note = Command::ReportAbsence {
        child: child.clone(),
        kind: AbsenceKind::Sick,
        from: DAY.into(),
        to: DAY.into(),
        note: "Fieber".into(),
    };
    world.set_offline("maria", true);
    world.command("maria", note).unwrap();
    assert_eq!(world.summary("maria").waiting, 1);
    world.restart("maria");
    assert_eq!(world.summary("maria").waiting, 1, "what was written survives the device being killed");
    world.set_offline("maria", false);
    world.settle();
    assert_eq!(world.summary("maria").waiting, 0, "{:?}", world.relay.refusals);
    let View::GroupDay(day) =
        world.query("erik", &Query::GroupDay { group: group.clone(), day: DAY.into() }).unwrap()
    else {
        panic!()
    };
    assert_eq!((day.sick, day.expected), (1, 1));
    let View::Absences(absences) = world.query("frank", &Query::Absences { child }).unwrap() else {
        panic!()
    };
    assert_eq!(absences.len(), 1, "the house published it to the other guardian");
    assert_eq!(absences[0].note, None, "the note is for the house alone");
    assert!(threads(&world, "olga").iter().all(|t| t.child_name == "Otto"));
}

#[test]
fn a_thread_is_between_one_guardian_and_the_house() {
    let Kita { mut world, .. } = kita();
    let thread = threads(&world, "maria")[0].id.clone();
    world
        .command(
            "maria",
            Command::SendMessage { thread: thread.clone(), text: "Guten Morgen".into(), set: None },
        )
        .unwrap();
    world.settle();
    world
        .command("erik", Command::SendMessage { thread: thread.clone(), text: "Hallo".into(), set: None })
        .unwrap();
    world.settle();
    for name in ["maria", "erik", "dora"] {
        let View::Thread(detail) = world.query(name, &Query::Thread { id: thread.clone() }).unwrap() else {
            panic!()
        };
        let texts: Vec<_> = detail.messages.iter().map(|m| m.text.as_str()).collect();
        assert_eq!(texts, ["Guten Morgen", "Hallo"], "{name}");
    }
    for name in ["frank", "olga"] {
        assert!(world.query(name, &Query::Thread { id: thread.clone() }).is_err(), "{name}");
    }
}

#[test]
fn everything_is_there_again_after_a_restart() {
    let Kita { mut world, group, .. } = kita();
    let post = Command::PostBulletin {
        group: Some(group.clone()),
        title: "Waldtag".into(),
        body: "Mit Stiefeln.".into(),
        set: None,
    };
    world.command("erik", post).unwrap();
    world.settle();
    for name in ["dora", "erik", "maria", "frank", "olga"] {
        let before = bulletins(&world, name);
        world.restart(name);
        assert_eq!(bulletins(&world, name), before, "{name}");
    }
    world.settle();
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
    // Written on, each in the documents that were loaded.
    for title in ["Waldtag fällt aus", "Waldtag nächste Woche"] {
        let post = Command::PostBulletin {
            group: Some(group.clone()),
            title: title.into(),
            body: "Regen.".into(),
            set: None,
        };
        world.command("erik", post).unwrap();
        world.settle();
        world.restart("erik");
    }
    assert_eq!(bulletins(&world, "olga").len(), 3);
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn nothing_readable_lies_on_a_device_or_passes_the_relay() {
    let Kita { mut world, group, .. } = kita();
    let canary = "Kanarienvogel-Ängstlich";
    let post =
        Command::PostBulletin { group: Some(group), title: canary.into(), body: canary.into(), set: None };
    world.set_offline("erik", true);
    world.command("erik", post).unwrap();
    let find = |bytes: &[u8]| bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
    assert!(!find(&world.stored_bytes("erik")), "while it waits");
    world.set_offline("erik", false);
    world.settle();
    assert_eq!(bulletins(&world, "maria")[0].title, canary);
    for name in ["dora", "erik", "maria"] {
        assert!(!find(&world.stored_bytes(name)), "{name}");
    }
    assert!(!find(&world.relay.received));
}

#[test]
fn the_recovery_sheet_is_shown_until_it_is_confirmed() {
    let mut world = World::new();
    world.found("dora");
    let sheet = |world: &mut World| world.command("dora", Command::RecoverySheet(NoArgs {}));
    let Ok(Reply::Sheet(first)) = sheet(&mut world) else { panic!("no sheet") };
    assert_eq!(first.fingerprint, world.summary("dora").fingerprint);
    assert!(nestpost_core::code::parse_sheet(&first.code).is_ok());
    world.restart("dora");
    let Ok(Reply::Sheet(again)) = sheet(&mut world) else { panic!("no sheet after a restart") };
    assert_eq!(again.code, first.code);
    world.command("dora", Command::ConfirmSheetPrinted(NoArgs {})).unwrap();
    world.settle();
    assert_eq!(sheet(&mut world), Err(AppError::NotFound));
}

#[test]
fn nobody_is_alarmed_when_nothing_is_wrong() {
    let Kita { world, .. } = kita();
    for name in ["dora", "erik", "maria", "frank", "olga"] {
        let alarms: Vec<_> = world.summary(name).alarms.into_iter().map(|alarm| alarm.code).collect();
        let expected: &[&str] = if name == "dora" { &["one_director", "sheet_missing"] } else { &[] };
        assert!(alarms.iter().all(|code| expected.contains(code)), "{name}: {alarms:?}");
    }
}
