//! What the relay will not take stays on the device, the person hears of it, and it goes out as soon as it may.

use nestpost_core::app::Command;
use nestpost_core::app::view::AbsenceKind;
use nestpost_protocol::message::RefusalCode;
use nestpost_protocol::retention::Month;
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, kita};

fn is_said(world: &World, name: &str) -> bool {
    world.summary(name).alarms.iter().any(|alarm| alarm.code == "refused")
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
    assert!(is_said(&world, "maria"), "{:?}, {:?}", world.relay.refusals, world.summary("maria"));
    assert_eq!(world.summary("maria").waiting, 1);

    world.relay.month = month;
    world.restart("maria");
    world.settle();
    assert_eq!(world.summary("maria").waiting, 0);
    assert!(!is_said(&world, "maria"));
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
