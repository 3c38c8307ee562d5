//! Somebody is removed at night while families are off the network: what these write goes to whoever is left, and two who make
//! new keys at once lose nothing.

use nestpost_core::app::command::StaffRole;
use nestpost_core::app::view::AbsenceKind;
use nestpost_core::app::{Command, Query, View};
use nestpost_core::store::Table;
use nestpost_protocol::id::CircleId;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::message::RefusalCode;
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, admit, kita, person};

/// Erik and Elif work in the group; Erik is to go.
fn house() -> (Kita, CircleId) {
    let mut kita = kita();
    let (name, groups) = ("Elif".to_owned(), vec![kita.group.clone()]);
    let staff = Command::CreateStaff { name, role: StaffRole::Educator, groups, until: None };
    let elif = person(kita.world.command("dora", staff).unwrap());
    kita.world.settle();
    admit(&mut kita.world, "elif", &elif);
    let maria = kita.world.summary("maria").me.person;
    let is_hers = |circle: &&nestpost_protocol::log::state::Circle| {
        circle.sort == Sort::Private && circle.guardian.is_some_and(|one| one.to_string() == maria)
    };
    let thread = kita.world.relay.log().circles().find(is_hers).unwrap().id;
    kita.world.relay.refusals.clear();
    (kita, thread)
}

/// He does not hear of it: what he could open he still could.
fn remove_erik(world: &mut World) {
    let erik = world.summary("erik").me.person;
    world.set_offline("erik", true);
    world.command("dora", Command::RemovePerson { person: erik, sheet: None }).unwrap();
    world.settle();
}

/// Of the newest record in a circle: whether somebody's keys open it.
fn opens_last(world: &World, name: &str, circle: &CircleId) -> bool {
    let records = world.relay.records(circle);
    world.engine(name).open_record(records.last().unwrap()).is_some()
}

fn is_sick(world: &World, name: &str, group: &str) -> bool {
    let day = Query::GroupDay { group: group.to_owned(), day: DAY.into() };
    let View::GroupDay(day) = world.query(name, &day).unwrap() else { panic!() };
    day.sick == 1
}

/// Wherever her line broke: before it was sealed, or after.
#[test]
fn a_sick_note_at_6_40_reaches_who_is_left_and_not_the_educator_who_was_removed_at_night() {
    let (mut before, mut sealed) = (0, 0);
    for effects in std::iter::once(None).chain((0..).map(Some)) {
        let (Kita { mut world, group, child }, thread) = house();
        match effects {
            None => world.set_offline("maria", true),
            Some(effects) => world.let_fall_off_after("maria", effects),
        }
        let (from, to, note) = (DAY.to_owned(), DAY.to_owned(), "Fieber".to_owned());
        let report = Command::ReportAbsence { child, kind: AbsenceKind::Sick, from, to, note };
        let _ = world.attempt("maria", report);
        if effects.is_some() && world.outlives("maria") {
            break;
        }
        if world.summary("maria").waiting == 0 {
            continue;
        }
        let old = world.relay.records(&thread).len();
        let is_sealed = world.row_count("maria", Some(Table::Outbox)) > 0;
        *(if is_sealed { &mut sealed } else { &mut before }) += 1;
        remove_erik(&mut world);
        assert_eq!(world.relay.records(&thread).len(), old, "nobody has to write there first");
        world.set_offline("maria", false);
        world.settle();
        assert_eq!(world.summary("maria").waiting, 0, "{:?}", world.relay.refusals);
        // What was sealed under keys that he has was refused, and sealed again.
        let refused = world.relay.refusals.contains(&RefusalCode::Stale);
        assert_eq!(refused, is_sealed, "{:?}", world.relay.refusals);
        for name in ["dora", "elif"] {
            assert!(is_sick(&world, name, &group), "{name}");
            assert!(opens_last(&world, name, &thread), "{name}");
        }
        assert!(!opens_last(&world, "erik", &thread), "he has kept his keys");
        world.set_offline("erik", false);
        world.settle();
        assert!(!opens_last(&world, "erik", &thread), "nobody gave him the new ones");
    }
    assert!(before > 0 && sealed > 0, "{before} {sealed}");
}

#[test]
fn whoever_is_second_to_make_new_keys_seals_again_and_nothing_is_lost() {
    let (Kita { mut world, .. }, thread) = house();
    remove_erik(&mut world);
    let epoch = world.relay.epoch(&thread).unwrap();
    // Nobody hears of anybody else before both have sent.
    for (name, text) in [("maria", "Wir kommen später."), ("elif", "Guten Morgen")] {
        let (thread, text) = (thread.to_string(), text.to_owned());
        world.command(name, Command::SendMessage { thread, text, set: None }).unwrap();
    }
    assert_eq!(world.relay.refusals, [RefusalCode::Epoch]);
    world.settle();
    assert_eq!(world.relay.refusals, [RefusalCode::Epoch]);
    assert_eq!(world.relay.epoch(&thread), Some(epoch + 1), "one of them made the keys");
    for name in ["maria", "elif", "dora"] {
        let View::Thread(seen) = world.query(name, &Query::Thread { id: thread.to_string() }).unwrap() else {
            panic!()
        };
        let mut texts: Vec<_> = seen.messages.iter().map(|message| message.text.as_str()).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["Guten Morgen", "Wir kommen später."], "{name}");
        assert_eq!(world.summary(name).waiting, 0, "{name}");
    }
    assert!(!world.engine("erik").holds_epoch(&thread, epoch + 1));
}
