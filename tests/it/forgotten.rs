//! A house that goes on without what took somebody out, because nobody who knew of it was there, and whose word for it counts.

use nestpost_core::app::view::AbsenceKind;
use nestpost_core::app::{Command, Query, View};
use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::id::DeviceId;
use nestpost_protocol::log::state::fact::InviteProgress;
use nestpost_protocol::message::RelayMessage;
use nestpost_tests::relay::Backup;
use nestpost_tests::world::World;

use crate::backup::thread;
use crate::engine::{DAY, Kita, alarms, bulletin, kita, letter};
use crate::later::{proposals, second};

fn sick(world: &mut World, by: &str, child: &str) {
    let (child, from, to, note) = (child.to_owned(), DAY.to_owned(), DAY.to_owned(), "Fieber".to_owned());
    world.command(by, Command::ReportAbsence { child, kind: AbsenceKind::Sick, from, to, note }).unwrap();
    world.settle();
}

fn absences(world: &World, name: &str, child: &str) -> usize {
    match world.query(name, &Query::Absences { child: child.to_owned() }).unwrap() {
        View::Absences(all) => all.len(),
        other => panic!("{other:?}"),
    }
}

fn device(world: &World, name: &str) -> DeviceId {
    world.engine(name).house().me
}

fn person_of(world: &World, name: &str) -> String {
    world.summary(name).me.person
}

fn set(world: &mut World, names: &[&str], offline: bool) {
    for name in names {
        world.set_offline(name, offline);
    }
    world.settle();
}

fn belongs(world: &World, device: &DeviceId) -> bool {
    access::role_of(world.relay.log(), device).is_some()
}

/// A second director knows of a bulletin that the backup lacks; of what follows those alone know who are there.
fn apart(world: &mut World) -> Backup {
    second(world, "doris");
    let backup = world.relay.backup();
    bulletin(world, "erik", "after");
    set(world, &["doris", "maria", "frank", "olga"], true);
    backup
}

/// The relay is put back, and those who do not know of it say that the house goes on.
fn goes_on_without(world: &mut World, backup: &Backup, those_who_know: &[&str]) {
    set(world, those_who_know, true);
    world.relay.put_back(backup);
    set(world, &["doris", "maria", "frank", "olga"], false);
    assert!(world.relay.awaits());
    let sheet = Some(world.sheet.clone());
    world.command("doris", Command::ConfirmMove { origin: None, sheet }).unwrap();
    world.settle();
    assert!(!world.relay.awaits());
}

#[test]
fn a_house_that_goes_on_without_several_entries_is_followed_by_those_who_know_them() {
    let Kita { mut world, child, .. } = kita();
    let maria = person_of(&world, "maria");
    let open = letter(&mut world, &maria);
    second(&mut world, "dirk");
    let backup = apart(&mut world);
    let (frank, olga) = (device(&world, "frank"), device(&world, "olga"));
    let who = person_of(&world, "frank");
    world.command("dora", Command::RemovePerson { person: who, sheet: None }).unwrap();
    world.command("dora", Command::EndDevice { device: olga.to_string(), sheet: None }).unwrap();
    world.command("dora", Command::RevokeInvite { invite: open.invite.clone() }).unwrap();
    world.settle();
    assert!(!belongs(&world, &frank) && !belongs(&world, &olga));
    let key = open.invite.parse().unwrap();
    let is_open = |world: &World| {
        let stage = world.relay.log().invite_by_key(&key).unwrap().stage;
        matches!(stage, InviteProgress::Open)
    };
    assert!(!is_open(&world));

    let of_frank = thread(&world, "frank");
    let heard = |world: &World, name: &str| {
        let all = world.engine(name).house().docs.all();
        all.filter(|(_, held)| held.fact.circle == of_frank).count()
    };
    let before = heard(&world, "erik");
    goes_on_without(&mut world, &backup, &["dora", "dirk", "erik"]);
    assert!(belongs(&world, &frank) && belongs(&world, &olga) && is_open(&world), "nobody there knew");
    sick(&mut world, "frank", &child);
    assert_eq!((absences(&world, "doris", &child), world.summary("frank").waiting), (1, 0));

    // Where his log had several entries it has others now. Whom he knows to have been taken out he does not hear.
    set(&mut world, &["erik"], false);
    assert_eq!(world.summary("erik").link, "online");
    assert_eq!((heard(&world, "doris"), heard(&world, "erik")), (before + 1, before));
    // A director who knows says it once more, whoever said it first.
    set(&mut world, &["dirk"], false);
    assert!(!belongs(&world, &frank) && !belongs(&world, &olga) && !is_open(&world), "said again");
    assert_eq!(heard(&world, "dirk"), before);
}

#[test]
fn a_house_that_goes_on_by_the_word_of_whoever_was_taken_out_is_not_followed() {
    let Kita { mut world, .. } = kita();
    let backup = apart(&mut world);
    let (doris, sheet) = (person_of(&world, "doris"), Some(world.sheet.clone()));
    world.command("dora", Command::RemovePerson { person: doris, sheet }).unwrap();
    world.settle();
    let olga = person_of(&world, "olga");
    world.command("erik", Command::CreateInvite { person: olga, valid_days: 14 }).unwrap();
    world.settle();
    let len = world.relay.log().len();
    goes_on_without(&mut world, &backup, &["dora", "erik"]);
    set(&mut world, &["dora", "erik"], false);
    for name in ["dora", "erik"] {
        assert_ne!(world.summary(name).link, "online", "{name}");
        assert_eq!(world.engine(name).house().log.len(), len, "{name} stays with what was said before");
        assert!(!alarms(&world, name).is_empty(), "{name}");
    }
}

#[test]
fn words_that_a_director_did_not_sign_end_the_line() {
    let Kita { mut world, .. } = kita();
    second(&mut world, "doris");
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    let all = ["dora", "doris", "erik", "maria", "frank", "olga"];
    set(&mut world, &all, true);
    world.relay.put_back(&backup);
    set(&mut world, &all, false);
    world.command("dora", Command::ConfirmMove { origin: None, sheet: None }).unwrap();
    world.settle();
    assert_eq!(proposals(&world, "doris").len(), 1);
    let said = world.engine("doris").house().words.clone();
    let again = codec::encode(&RelayMessage::Words(said.clone()));
    world.receive("doris", again);
    assert!(!alarms(&world, "doris").contains(&"relay_garbage"));
    let mut forged = said;
    forged[0].body.origin = Some("https://elsewhere.example".to_owned());
    world.receive("doris", codec::encode(&RelayMessage::Words(forged)));
    assert!(alarms(&world, "doris").contains(&"relay_garbage"));
}
