//! A relay whose data was put back from a backup: it hears of it from its own signatures, is given back what it lost, and the
//! house goes on once two have said so. Nobody joins again, nobody who was taken out is heard, and nothing is lost that
//! anybody still has.

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::AbsenceKind;
use nestpost_core::app::{Command, Query, Reply, View};
use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, DeviceId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, alarms, bulletin, kita};
use crate::later::{proposals, second};

fn titles(world: &World, name: &str) -> Vec<String> {
    let View::Bulletins(read) = world.query(name, &Query::Bulletins(NoArgs {})).unwrap() else { panic!() };
    read.into_iter().map(|bulletin| bulletin.title).collect()
}

fn sick(world: &mut World, by: &str, child: &str) {
    let (child, from, to, note) = (child.to_owned(), DAY.to_owned(), DAY.to_owned(), "Fieber".to_owned());
    world.command(by, Command::ReportAbsence { child, kind: AbsenceKind::Sick, from, to, note }).unwrap();
    world.settle();
}

/// Absences that somebody of the house finds.
pub(crate) fn absences(world: &World, name: &str, child: &str) -> usize {
    match world.query(name, &Query::Absences { child: child.to_owned() }).unwrap() {
        View::Absences(all) => all.len(),
        other => panic!("{other:?}"),
    }
}

fn device(world: &World, name: &str) -> DeviceId {
    world.engine(name).house().me
}

pub(crate) fn thread(world: &World, name: &str) -> CircleId {
    let house = world.engine(name).house();
    let me = house.person().unwrap().0;
    house.log.circles().find(|c| c.sort == Sort::Private && c.guardian == Some(me)).unwrap().id
}

const DAY_MS: u64 = 86_400_000;

/// What the copy lacks, with the days.
fn missing(world: &World, name: &str) -> Vec<(u64, u64)> {
    match world.query(name, &Query::Missing(NoArgs {})).unwrap() {
        View::Missing(days) => days.into_iter().map(|day| (day.at.unwrap() / DAY_MS, day.count)).collect(),
        other => panic!("{other:?}"),
    }
}

fn offline(world: &mut World, names: &[&str]) {
    for name in names {
        world.set_offline(name, true);
    }
}

fn online(world: &mut World, names: &[&str]) {
    for name in names {
        world.set_offline(name, false);
    }
    world.settle();
}

fn confirm(world: &mut World) {
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::ConfirmMove { origin: None, sheet }).unwrap();
    world.settle();
}

fn is_live(world: &World, name: &str) {
    assert_eq!((world.summary(name).waiting, world.summary(name).link), (0, "online"), "{name}");
    assert!(
        alarms(world, name).iter().all(|code| !code.starts_with("relay_")),
        "{name}: {:?}",
        alarms(world, name)
    );
}

#[test]
fn a_relay_is_given_back_what_its_backup_lacks_and_the_house_goes_on() {
    let Kita { mut world, child, .. } = kita();
    bulletin(&mut world, "dora", "before");
    bulletin(&mut world, "dora", "taken back");
    let backup = world.relay.backup();
    let View::Bulletins(all) = world.query("dora", &Query::Bulletins(NoArgs {})).unwrap() else { panic!() };
    let item = all.into_iter().find(|bulletin| bulletin.title == "taken back").unwrap().id;
    world.command("dora", Command::RemoveItem { item }).unwrap();
    world.settle();
    bulletin(&mut world, "erik", "after");
    sick(&mut world, "maria", &child);
    let olga = device(&world, "olga");
    world.command("dora", Command::EndDevice { device: olga.to_string(), sheet: None }).unwrap();
    world.settle();
    let house = world.engine("dora").house().sole(Sort::House).unwrap();
    let of_maria = thread(&world, "maria");
    let ends = [house, of_maria].map(|circle| world.relay.end(&circle));
    let log = world.relay.log().head();

    let names = ["dora", "erik", "maria", "frank"];
    offline(&mut world, &names);
    world.relay.put_back(&backup);
    assert_ne!(world.relay.end(&house), ends[0]);
    online(&mut world, &names);
    assert!(world.relay.awaits());
    assert_eq!([house, of_maria].map(|circle| world.relay.end(&circle)), ends, "in its old places");
    assert_eq!(world.relay.log().head(), log);
    for name in names {
        assert!(alarms(&world, name).contains(&"relay_restored"), "{name}: {:?}", alarms(&world, name));
        assert_eq!(titles(&world, name), ["after", "before"], "{name}");
    }
    bulletin(&mut world, "erik", "waits");
    assert_eq!(world.summary("erik").waiting, 1);
    assert_eq!(world.engine("dora").house().copy.unwrap().missing, 0);
    confirm(&mut world);
    assert!(!world.relay.awaits());
    for name in names {
        is_live(&world, name);
        assert_eq!(titles(&world, name), ["waits", "after", "before"], "{name}");
        world.restart(name);
        world.settle();
        is_live(&world, name);
    }
    assert!(access::role_of(world.relay.log(), &olga).is_none());
}

#[test]
fn who_was_taken_out_is_not_heard_at_a_relay_that_forgot_it() {
    let Kita { mut world, child, .. } = kita();
    let backup = world.relay.backup();
    let (frank, of_frank) = (world.summary("frank").me.person, thread(&world, "frank"));
    let names = ["dora", "erik", "maria", "olga"];
    let held = |world: &World, name: &str| {
        let docs = world.engine(name).house().docs.all();
        docs.filter(|(_, held)| held.fact.circle == of_frank).count()
    };
    offline(&mut world, &["frank"]);
    let before = held(&world, "dora");
    world.command("dora", Command::RemovePerson { person: frank, sheet: None }).unwrap();
    world.settle();
    offline(&mut world, &names);
    world.relay.put_back(&backup);
    let end = world.relay.end(&of_frank);
    // He is the first to be there, and the relay takes him for a member.
    online(&mut world, &["frank"]);
    sick(&mut world, "frank", &child);
    assert_eq!((world.summary("frank").waiting, world.relay.end(&of_frank).n), (0, end.n + 1));
    for name in names {
        online(&mut world, &[name]);
        assert_eq!((absences(&world, "dora", &child), held(&world, "dora")), (0, before), "{name}");
    }
    assert_eq!(world.relay.end(&of_frank), end, "nor does the relay have it any more");
    assert_eq!(world.summary("frank").stage, "ended");
    confirm(&mut world);
    for name in names {
        is_live(&world, name);
        assert_eq!((absences(&world, "dora", &child), held(&world, "dora")), (0, before), "{name}");
    }
    assert!(access::role_of(world.relay.log(), &device(&world, "frank")).is_none());
}

#[test]
fn what_nobody_gave_back_is_sent_again_by_its_author() {
    let Kita { mut world, child, .. } = kita();
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    offline(&mut world, &["dora", "erik", "olga", "frank"]);
    // Nobody else has seen this.
    sick(&mut world, "maria", &child);
    offline(&mut world, &["maria"]);
    world.relay.put_back(&backup);
    online(&mut world, &["dora", "erik", "olga", "frank"]);
    assert!(world.relay.awaits());
    assert_eq!(titles(&world, "frank"), ["after"]);
    confirm(&mut world);
    bulletin(&mut world, "dora", "meanwhile");
    assert_eq!(absences(&world, "dora", &child), 0);
    online(&mut world, &["maria"]);
    for name in ["dora", "erik", "maria", "olga", "frank"] {
        is_live(&world, name);
    }
    assert_eq!(absences(&world, "dora", &child), 1);
    assert_eq!(titles(&world, "maria"), ["meanwhile", "after"]);
    world.restart("maria");
    world.settle();
    is_live(&world, "maria");
    assert_eq!((absences(&world, "maria", &child), absences(&world, "dora", &child)), (1, 1));
}

#[test]
fn what_a_relay_took_before_it_knew_is_sent_again() {
    let Kita { mut world, child, .. } = kita();
    offline(&mut world, &["frank"]);
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    let others = ["dora", "erik", "maria", "olga"];
    offline(&mut world, &others);
    world.relay.put_back(&backup);
    // Frank has missed nothing, so the relay does not hear that it has.
    online(&mut world, &["frank"]);
    sick(&mut world, "frank", &child);
    assert_eq!((world.summary("frank").waiting, world.relay.awaits()), (0, false));
    online(&mut world, &others);
    assert!(world.relay.awaits());
    confirm(&mut world);
    for name in ["dora", "erik", "maria", "olga", "frank"] {
        is_live(&world, name);
    }
    assert_eq!((absences(&world, "dora", &child), absences(&world, "frank", &child)), (1, 1));
    assert_eq!(titles(&world, "frank"), ["after"]);
}

#[test]
fn a_director_who_changed_something_before_the_relay_knew_says_it_again() {
    let Kita { mut world, group, .. } = kita();
    offline(&mut world, &["dora"]);
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    let person = world.summary("olga").me.person;
    world.command("erik", Command::CreateInvite { person, valid_days: 14 }).unwrap();
    world.settle();
    let others = ["erik", "maria", "olga", "frank"];
    offline(&mut world, &others);
    world.relay.put_back(&backup);
    online(&mut world, &["dora"]);
    world.command("dora", Command::CreateChild { name: "Nina".into(), group: group.clone() }).unwrap();
    world.settle();
    assert_eq!((world.summary("dora").waiting, world.relay.awaits()), (0, false));
    online(&mut world, &others);
    assert!(world.relay.awaits());
    confirm(&mut world);
    for name in ["dora", "erik", "maria", "olga", "frank"] {
        is_live(&world, name);
    }
    let day = world.query("erik", &Query::GroupDay { group, day: DAY.into() }).unwrap();
    assert_eq!(format!("{day:?}").matches("Nina").count(), 1, "{day:?}");
}

#[test]
fn a_log_that_grew_before_the_relay_knew_is_let_go_of_where_all_have_it() {
    let Kita { mut world, group, .. } = kita();
    offline(&mut world, &["dora"]);
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    let others = ["erik", "maria", "olga", "frank"];
    offline(&mut world, &others);
    world.relay.put_back(&backup);
    online(&mut world, &["dora"]);
    let len = world.relay.log().len();
    world.command("dora", Command::CreateChild { name: "Nina".into(), group: group.clone() }).unwrap();
    world.settle();
    assert!(world.relay.log().len() > len && !world.relay.awaits());
    online(&mut world, &others);
    // What came on top of a history that lacked something is no part of it, and nobody has another one.
    assert!(world.relay.awaits() && world.relay.log().len() == len);
    assert_eq!(world.engine("dora").house().copy.unwrap().log.seq + 1, len);
    confirm(&mut world);
    for name in ["dora", "erik", "maria", "olga", "frank"] {
        is_live(&world, name);
        assert_eq!(titles(&world, name), ["after"], "{name}");
    }
    let day = world.query("erik", &Query::GroupDay { group, day: DAY.into() }).unwrap();
    assert_eq!(format!("{day:?}").matches("Nina").count(), 1, "{day:?}");
}

#[test]
fn a_change_of_who_belongs_that_waits_is_carried_out_once_the_house_goes_on() {
    let Kita { mut world, .. } = kita();
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    let all = ["dora", "erik", "maria", "olga", "frank"];
    offline(&mut world, &all);
    let frank = world.summary("frank").me.person;
    world.command("dora", Command::RemovePerson { person: frank, sheet: None }).unwrap();
    world.relay.put_back(&backup);
    online(&mut world, &all);
    assert!(world.relay.awaits());
    assert_eq!((world.summary("frank").stage, world.engine("dora").intents().len()), ("member", 1));
    confirm(&mut world);
    assert_eq!(world.summary("frank").stage, "ended");
    for name in ["dora", "erik", "maria", "olga"] {
        is_live(&world, name);
        assert_eq!(titles(&world, name), ["after"], "{name}");
    }
}

#[test]
fn what_a_director_says_of_it_is_said_again_as_more_is_given_back() {
    let Kita { mut world, child, .. } = kita();
    second(&mut world, "doris");
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    offline(&mut world, &["dora", "doris", "erik", "olga", "frank"]);
    sick(&mut world, "maria", &child);
    offline(&mut world, &["maria"]);
    world.relay.put_back(&backup);
    let office = ["dora", "doris", "erik"];
    online(&mut world, &office);
    assert!(world.relay.awaits());
    let said = world.command("dora", Command::ConfirmMove { origin: None, sheet: None });
    let Ok(Reply::Proposal { proposal }) = said else { panic!("{said:?}") };
    world.settle();
    assert_eq!(proposals(&world, "doris").len(), 1);
    // More comes while she is away: of the copy as it is now she has said nothing.
    offline(&mut world, &["dora"]);
    online(&mut world, &["maria"]);
    assert!(proposals(&world, "doris").is_empty());
    online(&mut world, &["dora"]);
    assert_eq!(proposals(&world, "doris").len(), 1);
    world.command("doris", Command::Agree { proposal }).unwrap();
    world.settle();
    online(&mut world, &["olga", "frank"]);
    for name in ["dora", "doris", "erik", "maria", "olga", "frank"] {
        is_live(&world, name);
        assert_eq!(titles(&world, name), ["after"], "{name}");
    }
    assert_eq!(absences(&world, "dora", &child), 1);
}

#[test]
fn whoever_has_just_what_the_copy_has_says_so_although_others_give_back_more() {
    let Kita { mut world, child, .. } = kita();
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    offline(&mut world, &["dora", "erik", "olga", "frank"]);
    sick(&mut world, "maria", &child);
    offline(&mut world, &["maria"]);
    world.relay.put_back(&backup);
    // Erik gives back all that Dora has, so she is told nothing; Maria has more.
    for name in ["erik", "dora", "maria"] {
        online(&mut world, &[name]);
    }
    assert!(world.relay.awaits());
    assert_eq!(world.engine("dora").house().copy.unwrap().missing, 0);
    confirm(&mut world);
    assert!(!world.relay.awaits(), "{:?}", world.relay.refusals);
    online(&mut world, &["olga", "frank"]);
    for name in ["dora", "erik", "maria", "olga", "frank"] {
        is_live(&world, name);
    }
    assert_eq!(absences(&world, "dora", &child), 1);
}

#[test]
fn what_a_copy_lacks_is_shown_by_the_day_on_which_it_came() {
    let Kita { mut world, child, .. } = kita();
    offline(&mut world, &["frank"]);
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    let others = ["dora", "erik", "maria", "olga"];
    offline(&mut world, &others);
    world.relay.put_back(&backup);
    // What the relay takes before it knows is no history later.
    online(&mut world, &["frank"]);
    sick(&mut world, "frank", &child);
    let first = world.now.millis() / DAY_MS;
    world.now = world.now.plus(DAY_MS);
    for _ in 0..2 {
        sick(&mut world, "frank", &child);
    }
    assert!(missing(&world, "frank").is_empty());
    online(&mut world, &others);
    assert!(world.relay.awaits());
    for again in [false, true] {
        if again {
            world.restart("frank");
            world.settle();
        }
        assert_eq!(missing(&world, "frank"), [(first + 1, 2), (first, 1)], "{again}");
        // She was given it before she could say that something else was lost.
        assert_eq!(missing(&world, "dora"), [(first + 1, 3)]);
    }
    confirm(&mut world);
    assert!(missing(&world, "frank").is_empty() && missing(&world, "dora").is_empty());
}
