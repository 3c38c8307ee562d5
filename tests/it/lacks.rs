//! What nobody had who was there when a relay was given back what it lost: its place is kept, and whoever has it brings it.

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::GroupSymbol;
use nestpost_core::app::{Command, Query, Reply, View};
use nestpost_tests::world::World;

use crate::engine::{Kita, id, kita, person};
use crate::later::second;

/// One more than makes a snapshot.
const COUNT: usize = 33;

fn titles(world: &World, name: &str) -> usize {
    match world.query(name, &Query::Bulletins(NoArgs {})).unwrap() {
        View::Bulletins(bulletins) => bulletins.len(),
        other => panic!("{other:?}"),
    }
}

/// Lets a guardian of a new child in.
fn newcomer(world: &mut World, by: &str, group: &str, name: &str) {
    let child = Command::CreateChild { name: "Kind".into(), group: group.into() };
    let child = id(world.command(by, child).unwrap());
    world.settle();
    let guardian = Command::CreateGuardian { name: name.into(), child, relation: None };
    let person = person(world.command(by, guardian).unwrap());
    world.settle();
    let letter = world.command(by, Command::CreateInvite { person, valid_days: 14 }).unwrap();
    world.settle();
    let Reply::Letter(letter) = letter else { panic!("{letter:?}") };
    world.join(name, &letter.code).unwrap();
    let View::PendingJoins(joins) = world.query(by, &Query::PendingJoins(NoArgs {})).unwrap() else {
        panic!()
    };
    world.command(by, Command::ConfirmJoin { join: joins[0].id.clone() }).unwrap();
    world.settle();
    assert_eq!(world.summary(name).stage, "member");
}

/// In their own time devices look at what a snapshot spared them.
fn later(world: &mut World) {
    for _ in 0..4 {
        world.pass(2_000);
        world.settle();
    }
}

#[test]
fn what_nobody_has_who_is_there_keeps_its_place_and_comes_with_whoever_has_it() {
    let Kita { mut world, .. } = kita();
    second(&mut world, "doris");
    world.set_offline("doris", true);
    let backup = world.relay.backup();
    let group = Command::CreateGroup { name: "Hasen".into(), symbol: GroupSymbol::Hedgehog };
    let group = id(world.command("dora", group).unwrap());
    world.settle();
    for number in 0..COUNT {
        let (title, body) = (format!("{number}"), "Text".to_owned());
        let post = Command::PostBulletin { group: Some(group.clone()), title, body, set: None };
        world.command("dora", post).unwrap();
        world.settle();
    }
    // She has all of it as a whole, and most of it without its records.
    world.set_offline("doris", false);
    world.settle();
    let bare = world.engine("doris").bare_rows();
    assert_eq!((titles(&world, "doris"), bare), (COUNT, COUNT - 1));
    let others = ["dora", "erik", "maria", "frank", "olga"];
    for name in others {
        world.set_offline(name, true);
    }
    let log = world.relay.log().head();
    world.set_offline("doris", true);
    world.relay.put_back(&backup);
    world.set_offline("doris", false);
    world.settle();
    assert!(world.relay.awaits());
    assert_eq!(world.relay.log().head(), log);
    assert_eq!(world.engine("doris").house().copy.unwrap().missing, 0, "in its old places");
    assert_eq!(world.relay.lost().count(), bare);
    let sheet = Some(world.sheet.clone());
    world.command("doris", Command::ConfirmMove { origin: None, sheet }).unwrap();
    world.settle();
    assert!(!world.relay.awaits());
    later(&mut world);
    assert_eq!((titles(&world, "doris"), world.engine("doris").bare_rows()), (COUNT, bare));

    // Who comes now lacks it, also after a start.
    newcomer(&mut world, "doris", &group, "nina");
    world.restart("nina");
    world.settle();
    later(&mut world);
    let sent = world.relay.rows_sent;
    later(&mut world);
    assert_eq!(world.relay.rows_sent, sent, "nobody asks again and again");
    assert!(titles(&world, "nina") < COUNT);

    for name in others {
        world.set_offline(name, false);
    }
    world.settle();
    later(&mut world);
    assert_eq!(world.relay.lost().count(), 0);
    for name in ["dora", "doris", "nina"] {
        for again in [false, true] {
            if again {
                world.restart(name);
                world.settle();
            }
            assert_eq!(titles(&world, name), COUNT, "{name}");
            assert_eq!(world.engine(name).bare_rows(), 0, "{name}");
            let alarms = world.summary(name).alarms;
            assert!(alarms.iter().all(|alarm| !alarm.code.starts_with("relay_")), "{name}: {alarms:?}");
            assert!(alarms.iter().all(|alarm| alarm.code != "quarantined"), "{name}: {alarms:?}");
        }
    }
}
