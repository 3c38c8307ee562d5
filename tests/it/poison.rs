//! A record that kills the device which applies it. The device is switched off in that very moment, as often as it takes.

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::AbsenceKind;
use nestpost_core::app::{Command, Query, View};
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, kita};

fn titles(world: &World, name: &str) -> usize {
    match world.query(name, &Query::Bulletins(NoArgs {})).unwrap() {
        View::Bulletins(bulletins) => bulletins.len(),
        other => panic!("no bulletins: {other:?}"),
    }
}

fn quarantined(world: &World, name: &str) -> u32 {
    let alarms = world.summary(name).alarms;
    alarms.into_iter().find(|alarm| alarm.code == "quarantined").map_or(0, |alarm| alarm.count)
}

/// One bulletin to the house and one to the group: two circles, two documents.
fn post_two(kita: &mut Kita) {
    for group in [None, Some(kita.group.clone())] {
        let (title, body) = ("Ausflug".to_owned(), "…".to_owned());
        kita.world.command("erik", Command::PostBulletin { group, title, body, set: None }).unwrap();
    }
    kita.world.settle();
}

/// Two bulletins while Maria is away. She comes back and dies `deaths` times over what she finds.
fn return_and_die(deaths: u32) -> Kita {
    let mut kita = kita();
    // A circle's first epoch comes with its first record.
    post_two(&mut kita);
    kita.world.set_offline("maria", true);
    post_two(&mut kita);
    kita.world.let_die_on_records("maria", deaths);
    kita.world.set_offline("maria", false);
    kita.world.settle();
    kita
}

#[test]
fn a_record_that_kills_again_and_again_is_set_aside_and_the_rest_is_read() {
    // Together, alone, alone once more; then the device leaves it.
    let mut kita = return_and_die(3);
    assert_eq!(titles(&kita.world, "maria"), 3);
    assert_eq!(quarantined(&kita.world, "maria"), 1);

    // What builds upon it in its document waits with it; all else goes on.
    post_two(&mut kita);
    assert_eq!(titles(&kita.world, "maria"), 4);
    // It stays aside, is not forgotten, and nobody else minds.
    kita.world.restart("maria");
    kita.world.settle();
    assert_eq!(quarantined(&kita.world, "maria"), 1);
    assert_eq!(titles(&kita.world, "maria"), 4);
    assert_eq!(titles(&kita.world, "frank"), 6);
}

fn start_again(world: &mut World) {
    world.restart("maria");
    world.settle();
}

#[test]
fn what_was_set_aside_is_tried_again_after_some_starts_and_later_each_time() {
    let mut kita = return_and_die(3);
    let world = &mut kita.world;
    for rest in [2, 4] {
        for start in 0..rest {
            start_again(world);
            assert_eq!(
                (titles(world, "maria"), quarantined(world, "maria")),
                (3, 1),
                "start {start} of {rest}"
            );
        }
        if rest == 2 {
            // It kills still.
            world.let_die_on_records("maria", 2);
            start_again(world);
            assert_eq!((titles(world, "maria"), quarantined(world, "maria")), (3, 1));
        }
    }
    // It was something else that killed.
    start_again(world);
    assert_eq!((titles(world, "maria"), quarantined(world, "maria")), (4, 0));
    start_again(world);
    assert_eq!((titles(world, "maria"), quarantined(world, "maria")), (4, 0));
}

#[test]
fn whoever_is_switched_off_while_reading_misses_nothing() {
    for deaths in [0, 1, 2] {
        let Kita { world, .. } = return_and_die(deaths);
        assert_eq!(titles(&world, "maria"), 4, "after {deaths} deaths");
        assert_eq!(quarantined(&world, "maria"), 0, "after {deaths} deaths");
    }
}

#[test]
fn what_waits_to_be_sent_survives_such_a_record() {
    let mut kita = kita();
    post_two(&mut kita);
    kita.world.set_offline("maria", true);
    post_two(&mut kita);
    let child = kita.child.clone();
    let sick = Command::ReportAbsence {
        child,
        kind: AbsenceKind::Sick,
        from: DAY.into(),
        to: DAY.into(),
        note: String::new(),
    };
    kita.world.command("maria", sick).unwrap();
    kita.world.let_die_on_records("maria", 3);
    kita.world.set_offline("maria", false);
    kita.world.settle();
    assert_eq!(quarantined(&kita.world, "maria"), 1);
    assert_eq!(kita.world.summary("maria").waiting, 0, "{:?}", kita.world.relay.refusals);
}
