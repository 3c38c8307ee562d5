//! Records that a relay sent and never signed before it was put back: nobody can show them to it, so whoever has them lets them
//! go, and one's own are sent again.

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::{Command, Query, View};
use nestpost_protocol::codec;
use nestpost_protocol::limit;
use nestpost_protocol::message::RelayMessage;
use nestpost_tests::relay::Backup;
use nestpost_tests::world::World;

use crate::engine::{Kita, alarms, bulletin, kita};
use crate::later::second;

const ALL: [&str; 6] = ["dora", "doris", "erik", "maria", "frank", "olga"];

fn titles(world: &World, name: &str) -> Vec<String> {
    let View::Bulletins(read) = world.query(name, &Query::Bulletins(NoArgs {})).unwrap() else { panic!() };
    let mut titles: Vec<String> = read.into_iter().map(|bulletin| bulletin.title).collect();
    titles.sort();
    titles
}

fn set(world: &mut World, names: &[&str], offline: bool) {
    for name in names {
        world.set_offline(name, offline);
    }
    world.settle();
}

/// A director writes, and of all that the relay says then these devices get the records alone.
fn is_heard_unsigned(world: &mut World, by: &str, title: &str, names: &[&str]) {
    let (title, body) = (title.to_owned(), "Text".to_owned());
    world.command(by, Command::PostBulletin { group: None, title, body, set: None }).unwrap();
    for (session, bytes) in world.relay.take() {
        let name = names.iter().find(|name| world.device(name).lines.last() == Some(&session));
        let message = codec::decode(&bytes, limit::MESSAGE_BYTES_MAX).unwrap();
        if let (Some(name), RelayMessage::Records(_)) = (name, message) {
            world.receive(name, bytes);
        }
    }
}

fn put_back(world: &mut World, backup: &Backup) {
    for name in ALL {
        world.set_offline(name, true);
    }
    world.relay.put_back(backup);
}

fn is_live(world: &World, name: &str) {
    assert_eq!((world.summary(name).waiting, world.summary(name).link), (0, "online"), "{name}");
    let up = alarms(world, name);
    assert!(up.iter().all(|code| !code.starts_with("relay_") && *code != "device_copied"), "{name}: {up:?}");
}

#[test]
fn what_a_relay_forgot_and_never_signed_makes_room_for_what_it_has_instead() {
    let Kita { mut world, .. } = kita();
    second(&mut world, "doris");
    bulletin(&mut world, "dora", "before");
    let backup = world.relay.backup();
    is_heard_unsigned(&mut world, "dora", "forgotten", &["erik"]);
    assert_eq!(titles(&world, "erik"), ["before", "forgotten"]);
    put_back(&mut world, &backup);
    set(&mut world, &["doris"], false);
    bulletin(&mut world, "doris", "instead");
    set(&mut world, &["erik"], false);
    assert!(!world.relay.awaits(), "nobody can show what it forgot");
    assert_eq!(titles(&world, "erik"), ["before", "instead"]);
    bulletin(&mut world, "erik", "later");
    is_live(&world, "erik");
    set(&mut world, &ALL, false);
    for name in ALL {
        is_live(&world, name);
        assert_eq!(titles(&world, name), ["before", "forgotten", "instead", "later"], "{name}");
    }
}

#[test]
fn what_its_author_heard_of_and_had_no_answer_to_is_sent_once_more() {
    let Kita { mut world, .. } = kita();
    second(&mut world, "doris");
    bulletin(&mut world, "dora", "before");
    let backup = world.relay.backup();
    is_heard_unsigned(&mut world, "dora", "forgotten", &["dora", "erik"]);
    put_back(&mut world, &backup);
    set(&mut world, &["doris"], false);
    bulletin(&mut world, "doris", "instead");
    set(&mut world, &ALL, false);
    for name in ALL {
        is_live(&world, name);
        assert_eq!(titles(&world, name), ["before", "forgotten", "instead"], "{name}");
    }
}

#[test]
fn what_waits_for_an_answer_does_not_wait_twice_once_the_house_goes_on() {
    let Kita { mut world, .. } = kita();
    second(&mut world, "doris");
    let backup = world.relay.backup();
    bulletin(&mut world, "erik", "after");
    is_heard_unsigned(&mut world, "dora", "forgotten", &["dora"]);
    put_back(&mut world, &backup);
    set(&mut world, &ALL, false);
    assert!(world.relay.awaits());
    let sheet = Some(world.sheet.clone());
    world.command("doris", Command::ConfirmMove { origin: None, sheet }).unwrap();
    world.settle();
    for name in ALL {
        is_live(&world, name);
        assert_eq!(titles(&world, name), ["after", "forgotten"], "{name}");
    }
}

#[test]
fn a_relay_is_shown_what_it_signed_once_what_it_did_not_sign_is_let_go() {
    let Kita { mut world, .. } = kita();
    second(&mut world, "doris");
    bulletin(&mut world, "dora", "before");
    let backup = world.relay.backup();
    world.set_offline("doris", true);
    bulletin(&mut world, "dora", "signed");
    is_heard_unsigned(&mut world, "dora", "forgotten", &["erik"]);
    put_back(&mut world, &backup);
    // She has missed it, and the relay gets as far as it was without a word of that.
    set(&mut world, &["doris"], false);
    bulletin(&mut world, "doris", "one");
    bulletin(&mut world, "doris", "two");
    set(&mut world, &["erik"], false);
    assert!(world.relay.awaits());
    set(&mut world, &ALL, false);
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::ConfirmMove { origin: None, sheet }).unwrap();
    world.settle();
    for name in ALL {
        is_live(&world, name);
        assert_eq!(titles(&world, name), ["before", "forgotten", "one", "signed", "two"], "{name}");
    }
}
