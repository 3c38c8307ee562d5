//! A house goes on elsewhere, on another relay.

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::{AbsenceKind, ProposalWhat};
use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, kita, letter};
use crate::later::{is_asked, proposals, second};

const ALL: [&str; 5] = ["dora", "erik", "maria", "frank", "olga"];

fn sick(child: &str) -> Command {
    let (from, to, note) = (DAY.into(), DAY.into(), "Fieber".into());
    Command::ReportAbsence { child: child.into(), kind: AbsenceKind::Sick, from, to, note }
}

fn bulletin(title: &str) -> Command {
    Command::PostBulletin { group: None, title: title.into(), body: "Freitag".into(), set: None }
}

fn titles(world: &World, name: &str) -> Vec<String> {
    let View::Bulletins(read) = world.query(name, &Query::Bulletins(NoArgs {})).unwrap() else { panic!() };
    read.into_iter().map(|bulletin| bulletin.title).collect()
}

fn has_alarm(world: &World, name: &str, code: &str) -> bool {
    world.summary(name).alarms.iter().any(|alarm| alarm.code == code)
}

/// Every line is gone; all come back.
fn reconnect(world: &mut World, names: &[&str]) {
    for offline in [true, false] {
        for name in names {
            world.set_offline(name, offline);
        }
    }
    world.settle();
}

fn confirm(sheet: Option<String>) -> Command {
    Command::ConfirmMove { origin: None, sheet }
}

#[test]
fn on_another_relay_all_read_at_once_and_write_once_two_have_said_so() {
    let Kita { mut world, child, .. } = kita();
    world.command("erik", bulletin("before")).unwrap();
    world.settle();
    world.set_offline("maria", true);
    world.command("maria", sick(&child)).unwrap();
    let sheet = Some(world.sheet.clone());
    assert_eq!(world.command("dora", confirm(sheet.clone())), Err(AppError::NotFound), "it is where it was");

    world.relay.move_house();
    reconnect(&mut world, &["dora", "erik", "frank", "olga", "maria"]);
    world.command("erik", bulletin("meanwhile")).unwrap();
    world.settle();
    for name in ALL {
        assert!(has_alarm(&world, name, "relay_moved"), "{name}");
        assert!(!has_alarm(&world, name, "relay_rewound"), "{name}");
    }
    assert_eq!(titles(&world, "frank"), ["before"]);
    assert_eq!((world.summary("maria").waiting, world.summary("erik").waiting), (1, 1));
    assert_eq!(world.command("erik", confirm(sheet.clone())), Err(AppError::NotAllowed));
    assert_eq!(world.command("dora", confirm(None)), Err(AppError::NeedsSecond));
    // Who comes back from a restart sees the same.
    world.restart("dora");
    world.settle();
    world.command("dora", confirm(sheet)).unwrap();
    world.settle();
    for name in ALL {
        assert_eq!((world.summary(name).waiting, world.summary(name).link), (0, "online"), "{name}");
        assert!(
            !has_alarm(&world, name, "relay_moved") && !has_alarm(&world, name, "relay_rewound"),
            "{name}"
        );
        assert_eq!(titles(&world, name), ["meanwhile", "before"], "{name}");
    }
    // Nobody has anything to join or to confirm again, later neither.
    reconnect(&mut world, &ALL);
    world.restart("maria");
    world.settle();
    world.command("maria", sick(&child)).unwrap();
    world.settle();
    assert_eq!(world.summary("maria").waiting, 0);
    assert!(!has_alarm(&world, "maria", "relay_moved") && !has_alarm(&world, "maria", "relay_rewound"));
}

#[test]
fn who_was_away_during_the_move_goes_on_without_a_word() {
    let Kita { mut world, child, .. } = kita();
    world.set_offline("maria", true);
    world.command("maria", sick(&child)).unwrap();
    world.relay.move_house();
    reconnect(&mut world, &["dora", "erik"]);
    let sheet = Some(world.sheet.clone());
    world.command("dora", confirm(sheet)).unwrap();
    world.settle();
    world.set_offline("maria", false);
    world.settle();
    assert_eq!((world.summary("maria").waiting, world.summary("maria").stage), (0, "member"));
    assert!(!has_alarm(&world, "maria", "relay_moved") && !has_alarm(&world, "maria", "relay_rewound"));
}

fn propose(world: &mut World, by: &str) -> String {
    let Ok(Reply::Proposal { proposal }) = world.command(by, confirm(None)) else { panic!("done at once") };
    world.settle();
    proposal
}

/// Doris directs, too, and reads what Dora does not.
fn two_directors(world: &mut World) {
    let doris = second(world, "doris");
    let guarded = Command::CreateGuarded { name: "Supervision".into(), members: vec![doris] };
    world.command("dora", guarded).unwrap();
    world.settle();
}

#[test]
fn two_directors_say_that_the_house_goes_on_elsewhere_without_the_sheet() {
    let Kita { mut world, .. } = kita();
    two_directors(&mut world);
    world.relay.move_house();
    let all = ["dora", "doris", "erik", "maria", "frank", "olga"];
    reconnect(&mut world, &all);
    let proposal = propose(&mut world, "dora");
    let shown = proposals(&world, "doris");
    assert_eq!(shown.len(), 1);
    assert_eq!((shown[0].what, shown[0].mine), (ProposalWhat::ConfirmMove, false));
    assert_eq!((shown[0].by.as_str(), shown[0].id.as_str()), ("dora", proposal.as_str()));
    assert!(proposals(&world, "dora")[0].mine);
    assert!(is_asked(&world, "doris") && !is_asked(&world, "dora") && !is_asked(&world, "erik"));
    assert!(has_alarm(&world, "doris", "relay_moved"), "nothing is done yet");
    let agree = Command::Agree { proposal: proposal.clone() };
    assert_eq!(world.command("dora", agree.clone()), Err(AppError::NotAllowed), "two are two");
    assert_eq!(world.command("erik", agree.clone()), Err(AppError::NotAllowed));
    let decline = Command::Decline { proposal };
    assert_eq!(world.command("doris", decline.clone()), Err(AppError::NotAllowed), "it just waits");

    // Taken back, it is nothing to agree to, also after a new login.
    world.command("dora", decline).unwrap();
    world.settle();
    reconnect(&mut world, &all);
    assert!(proposals(&world, "doris").is_empty() && proposals(&world, "dora").is_empty());
    assert_eq!(world.command("doris", agree.clone()), Err(AppError::NotFound));

    // Said, it stands after a restart of either side.
    propose(&mut world, "dora");
    world.restart("dora");
    world.settle();
    world.relay.start_again();
    reconnect(&mut world, &all);
    assert_eq!((proposals(&world, "doris").len(), proposals(&world, "dora").len()), (1, 1));
    world.command("doris", agree).unwrap();
    world.settle();
    for name in all {
        assert_eq!((world.summary(name).waiting, world.summary(name).link), (0, "online"), "{name}");
        assert!(!has_alarm(&world, name, "relay_moved") && !is_asked(&world, name), "{name}");
    }
    assert!(proposals(&world, "doris").is_empty() && proposals(&world, "dora").is_empty());
}

#[test]
fn a_director_who_confirms_what_another_one_proposed_agrees() {
    let Kita { mut world, .. } = kita();
    two_directors(&mut world);
    world.relay.move_house();
    reconnect(&mut world, &["dora", "doris", "erik"]);
    propose(&mut world, "doris");
    assert_eq!(world.command("dora", confirm(None)), Ok(Reply::empty()));
    world.settle();
    for name in ["dora", "doris", "erik"] {
        assert!(!has_alarm(&world, name, "relay_moved"), "{name}");
    }
}

#[test]
fn a_new_address_is_shown_where_the_old_one_is_used_and_stands_on_letters() {
    let Kita { mut world, .. } = kita();
    world.relay.move_house();
    reconnect(&mut world, &ALL);
    assert!(!has_alarm(&world, "maria", "address_new"));
    let (origin, sheet) = (Some("https://neu.example".to_owned()), Some(world.sheet.clone()));
    world.command("dora", Command::ConfirmMove { origin: origin.clone(), sheet }).unwrap();
    world.settle();
    for name in ALL {
        assert_eq!(
            (world.summary(name).address, world.summary(name).link),
            (origin.clone(), "online"),
            "{name}"
        );
        assert!(has_alarm(&world, name, "address_new"), "{name}");
    }
    let person = world.summary("olga").me.person;
    assert!(letter(&mut world, &person).link.starts_with("https://neu.example/"));
}
