//! What the relay will not take stays on the device, the person hears of it, and it goes out as soon as it may.

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::{AbsenceKind, GroupSymbol, Stuck, UnsentEntry, UnsentKind, WrittenPlace};
use nestpost_core::app::{Command, Query, View};
use nestpost_protocol::id::ItemId;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::message::{RefusalCode, RelayMessage};
use nestpost_protocol::retention::Month;
use nestpost_protocol::{codec, limit};
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, alarms, bulletin, id, kita};

fn unsent(world: &World, name: &str) -> Vec<UnsentEntry> {
    match world.query(name, &Query::Unsent(NoArgs {})).unwrap() {
        View::Unsent(entries) => entries,
        other => panic!("{other:?}"),
    }
}

fn is_said(world: &World, name: &str, code: &str) -> bool {
    world.summary(name).alarms.iter().any(|alarm| alarm.code == code)
}

#[test]
fn a_note_that_is_refused_again_and_again_is_kept_said_and_sent_later() {
    let Kita { mut world, child, .. } = kita();
    // The relay's clock has stood still for three months.
    let month = std::mem::replace(&mut world.relay.month, Month::new(2026, 8));
    let sick = Command::ReportAbsence {
        child,
        kind: AbsenceKind::Sick,
        from: DAY.into(),
        to: DAY.into(),
        note: "Fieber".into(),
    };
    world.command("maria", sick).unwrap();
    world.settle();
    assert!(world.relay.refusals.contains(&RefusalCode::Expired), "{:?}", world.relay.refusals);
    assert!(is_said(&world, "maria", "refused"), "{:?}, {:?}", world.relay.refusals, world.summary("maria"));
    assert_eq!(world.summary("maria").waiting, 1);

    world.relay.month = month;
    world.restart("maria");
    world.settle();
    assert_eq!(world.summary("maria").waiting, 0);
    assert!(!is_said(&world, "maria", "refused"));
}

#[test]
fn a_relay_that_comes_back_is_asked_at_once_whether_it_has_room_again() {
    let Kita { mut world, child, .. } = kita();
    world.relay.full = true;
    let sick = Command::ReportAbsence {
        child,
        kind: AbsenceKind::Sick,
        from: DAY.into(),
        to: DAY.into(),
        note: "Fieber".into(),
    };
    world.command("maria", sick).unwrap();
    world.settle();
    assert_eq!((is_said(&world, "maria", "quota_full"), world.summary("maria").waiting), (true, 1));

    world.relay.full = false;
    world.set_offline("maria", true);
    world.set_offline("maria", false);
    world.settle();
    assert_eq!((is_said(&world, "maria", "quota_full"), world.summary("maria").waiting), (false, 0));
}

#[test]
fn whoever_writes_again_after_all_they_wrote_has_expired_is_no_copy() {
    let Kita { mut world, child, .. } = kita();
    let sick = |from: &str| Command::ReportAbsence {
        child: child.clone(),
        kind: AbsenceKind::Sick,
        from: from.into(),
        to: from.into(),
        note: "Fieber".into(),
    };
    world.command("maria", sick(DAY)).unwrap();
    world.settle();
    world.pass(100 * 24 * 60 * 60 * 1000);
    world.relay.month = world.now.month();
    world.settle();
    world.restart("maria");
    world.command("maria", sick("2027-03-01")).unwrap();
    world.settle();
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
    assert!(world.summary("maria").alarms.iter().all(|alarm| alarm.code != "device_copied"));
    assert_eq!(world.summary("maria").waiting, 0);
}

fn create_group(world: &mut World) -> String {
    let (name, symbol) = ("Dachs".to_owned(), GroupSymbol::Hedgehog);
    let group = id(world.command("dora", Command::CreateGroup { name, symbol }).unwrap());
    world.settle();
    group
}

fn move_child(world: &mut World, child: &str, group: &str) {
    world.command("dora", Command::MoveChild { child: child.to_owned(), group: group.to_owned() }).unwrap();
    world.settle();
}

#[test]
fn what_somebody_wrote_where_they_do_not_write_any_more_is_said_and_sent_if_they_do_again() {
    let Kita { mut world, child, group } = kita();
    let View::Threads(threads) = world.query("erik", &Query::Threads(NoArgs {})).unwrap() else { panic!() };
    let thread = threads.into_iter().find(|thread| thread.child == child).unwrap().id;
    world.set_offline("erik", true);
    let text = "Alles gut?".to_owned();
    world.command("erik", Command::SendMessage { thread, text, set: None }).unwrap();
    let other = create_group(&mut world);
    move_child(&mut world, &child, &other);
    assert!(!is_said(&world, "erik", "refused"));
    world.set_offline("erik", false);
    world.settle();
    assert_eq!((world.summary("erik").waiting, is_said(&world, "erik", "refused")), (1, true));
    let kept = unsent(&world, "erik");
    assert_eq!(
        kept.iter().map(|entry| (entry.text.as_str(), entry.stuck)).collect::<Vec<_>>(),
        [("Alles gut?", Some(Stuck::NoAccess))]
    );
    // All else goes out.
    bulletin(&mut world, "erik", "Ausflug");
    assert_eq!((world.summary("erik").waiting, is_said(&world, "erik", "refused")), (1, true));
    move_child(&mut world, &child, &group);
    assert_eq!((world.summary("erik").waiting, is_said(&world, "erik", "refused")), (0, false));
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn what_is_written_anew_stands_in_one_document_only() {
    let Kita { mut world, group, .. } = kita();
    let post = |world: &mut World| {
        let (title, body) = ("Ausflug".to_owned(), "…".to_owned());
        let post = Command::PostBulletin { group: Some(group.clone()), title, body, set: None };
        id(world.command("erik", post).unwrap()).parse::<ItemId>().unwrap()
    };
    post(&mut world);
    world.settle();
    world.set_offline("erik", true);
    let item = post(&mut world);
    let circle = world.relay.log().circles().find(|circle| circle.sort == Sort::Group).unwrap().id;
    world.command("dora", Command::Horizon { circle: Some(circle.to_string()) }).unwrap();
    world.settle();
    world.set_offline("erik", false);
    world.settle();
    assert_eq!(world.summary("erik").waiting, 0);
    for name in ["erik", "dora", "maria"] {
        let docs = world.engine(name).house().docs.all();
        assert_eq!(docs.filter(|(_, held)| held.document.item(&item).is_some()).count(), 1, "{name}");
    }
}

#[test]
fn whoever_tries_again_later_does_not_wait_for_as_long_as_a_clock_was_wrong() {
    let Kita { mut world, .. } = kita();
    let now = world.now;
    world.now = now.plus(24 * 60 * 60 * 1000);
    world.relay.full = true;
    bulletin(&mut world, "erik", "Ausflug");
    assert!(world.relay.refusals.contains(&RefusalCode::Quota), "{:?}", world.relay.refusals);
    world.relay.full = false;
    world.now = now;
    world.pass(1_000);
    world.settle();
    assert_eq!(world.summary("erik").waiting, 0);
}

#[test]
fn what_the_relay_does_not_take_holds_up_nothing_else_and_goes_out_when_somebody_tries_again() {
    let Kita { mut world, child, .. } = kita();
    let View::Threads(threads) = world.query("erik", &Query::Threads(NoArgs {})).unwrap() else { panic!() };
    let thread = threads.into_iter().find(|thread| thread.child == child).unwrap().id;
    world.settle();
    assert!(unsent(&world, "erik").is_empty());
    // Both in one frame.
    world.set_offline("erik", true);
    world.relay.deaf = Some(thread.parse().unwrap());
    let text = "Alles gut?".to_owned();
    world.command("erik", Command::SendMessage { thread, text, set: None }).unwrap();
    let post = |title: &str| Command::PostBulletin {
        group: None,
        title: title.into(),
        body: "Um neun.".into(),
        set: None,
    };
    world.command("erik", post("Ausflug")).unwrap();
    let waiting = unsent(&world, "erik");
    let seen = |entries: &[UnsentEntry]| {
        entries.iter().map(|entry| (entry.kind, entry.place, entry.stuck)).collect::<Vec<_>>()
    };
    let message = |stuck| (UnsentKind::Message, WrittenPlace::Thread, stuck);
    assert_eq!(seen(&waiting), [message(None), (UnsentKind::Bulletin, WrittenPlace::House, None)]);
    assert_eq!((waiting[1].title.as_str(), waiting[1].text.as_str()), ("Ausflug", "Um neun."));
    world.set_offline("erik", false);
    world.settle();
    assert_eq!(seen(&unsent(&world, "erik")), [message(Some(Stuck::Refused))]);
    assert_eq!((world.summary("erik").waiting, is_said(&world, "erik", "refused")), (1, true));
    // What is written later goes past it, too.
    world.command("erik", post("Regensachen")).unwrap();
    world.settle();
    assert_eq!(seen(&unsent(&world, "erik")), [message(Some(Stuck::Refused))]);
    assert!(is_said(&world, "erik", "refused"));

    world.relay.deaf = None;
    world.command("erik", Command::RetryUnsent(NoArgs {})).unwrap();
    world.settle();
    assert!(unsent(&world, "erik").is_empty());
    assert_eq!((world.summary("erik").waiting, is_said(&world, "erik", "refused")), (0, false));
}

#[test]
fn whoever_is_always_second_to_erase_is_refused_nothing() {
    let Kita { mut world, .. } = kita();
    let View::Threads(threads) = world.query("maria", &Query::Threads(NoArgs {})).unwrap() else { panic!() };
    let thread = threads[0].id.clone();
    for _ in 0..6 {
        let text = "Nicht so gemeint".to_owned();
        let said = Command::SendMessage { thread: thread.clone(), text, set: None };
        let item = id(world.command("maria", said).unwrap());
        world.command("maria", Command::RemoveItem { item }).unwrap();
        world.settle();
        // A house device erases for whoever is not there; two of them begin at once.
        world.set_offline("maria", true);
        world.pass(9 * 24 * 60 * 60 * 1000);
        world.relay.month = world.now.month();
        world.settle();
        world.set_offline("maria", false);
        world.settle();
    }
    let late = world.relay.refusals.iter().filter(|code| **code == RefusalCode::Moved).count();
    assert!(late >= 6, "{:?}", world.relay.refusals);
    assert!(!is_said(&world, "dora", "refused") && !is_said(&world, "erik", "refused"));
}

#[test]
fn records_that_come_before_the_log_wait_for_it_on_the_same_line() {
    let Kita { mut world, .. } = kita();
    let line = |world: &World, name: &str| world.device(name).lines.last().copied().unwrap();
    let erik = line(&world, "erik");
    let frank = world.relay.log().device(&world.keys("frank").id()).unwrap().person.to_string();
    world.command("dora", Command::RemovePerson { person: frank, sheet: None }).unwrap();
    let (title, body) = ("Ausflug".to_owned(), "Text".to_owned());
    world.command("dora", Command::PostBulletin { group: None, title, body, set: None }).unwrap();
    let mut held = Vec::new();
    loop {
        let queue = world.relay.take();
        if queue.is_empty() {
            break;
        }
        for (session, bytes) in queue {
            let name =
                ["dora", "frank", "maria", "olga"].into_iter().find(|name| line(&world, name) == session);
            match name {
                Some(name) => world.receive(name, bytes),
                None => held.push(bytes),
            }
        }
    }
    let is_log =
        |bytes: &Vec<u8>| matches!(codec::decode(bytes, limit::MESSAGE_BYTES_MAX), Ok(RelayMessage::Log(_)));
    assert!(held.iter().any(is_log));
    held.sort_by_key(is_log);
    for bytes in held {
        world.receive("erik", bytes);
    }
    world.settle();
    assert_eq!((line(&world, "erik"), alarms(&world, "erik")), (erik, Vec::new()));
    let View::Bulletins(seen) = world.query("erik", &Query::Bulletins(NoArgs {})).unwrap() else { panic!() };
    assert!(seen.iter().any(|bulletin| bulletin.title == "Ausflug"));
}
