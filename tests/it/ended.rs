//! A device that was ended empties itself; nobody else can make it do so.

use nestpost_core::app::Command;
use nestpost_core::app::view::AbsenceKind;
use nestpost_core::store::Table;
use nestpost_protocol::codec;
use nestpost_protocol::id::Salt;
use nestpost_protocol::label;
use nestpost_protocol::log::entry::ENTRY_VERSION;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::{Body, Entry, EntryBody, OpenEntry};
use nestpost_protocol::message::{LogPage, RelayMessage, SeenEntry};
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, kita};

fn sick(child: &str) -> Command {
    let (from, to, note) = (DAY.into(), DAY.into(), "Fieber".into());
    Command::ReportAbsence { child: child.into(), kind: AbsenceKind::Sick, from, to, note }
}

fn end(world: &mut World, by: &str, of: &str) {
    let device = world.engine(of).house().me.to_string();
    world.command(by, Command::EndDevice { device, sheet: None }).unwrap();
    world.settle();
}

#[test]
fn what_lies_on_an_ended_device_is_gone_after_its_next_contact_and_after_a_restart() {
    let Kita { mut world, child, .. } = kita();
    world.set_offline("maria", true);
    world.command("maria", sick(&child)).unwrap();
    end(&mut world, "dora", "maria");
    assert!(world.row_count("maria", None) > 20, "offline, it cannot have heard of it");
    world.set_offline("maria", false);
    world.settle();
    assert_eq!(world.summary("maria").stage, "ended");
    assert_eq!((world.row_count("maria", None), world.row_count("maria", Some(Table::Meta))), (1, 1));
    assert_eq!(world.engine("maria").house().docs.all().count(), 0);
    assert_eq!(world.summary("maria").fingerprint, "", "it does not even know of which house");
    world.restart("maria");
    world.settle();
    assert_eq!((world.summary("maria").stage, world.row_count("maria", None)), ("ended", 1));
    assert_eq!(world.summary("maria").fingerprint, "");
    assert!(world.summary("erik").alarms.iter().all(|alarm| alarm.code != "quarantined"));
}

#[test]
fn who_worked_there_is_shown_nothing_and_not_told_that_all_is_gone() {
    let Kita { mut world, .. } = kita();
    let person = world.summary("erik").me.person;
    world.command("dora", Command::RemovePerson { person, sheet: None }).unwrap();
    world.settle();
    for again in [false, true] {
        if again {
            world.restart("erik");
            world.settle();
        }
        let shown = world.summary("erik");
        assert_eq!(
            (shown.stage, shown.name.as_str(), shown.me.person.as_str()),
            ("ended", "", ""),
            "{again}"
        );
        assert_ne!(shown.fingerprint, "", "{again}");
        assert!(world.row_count("erik", None) > 20, "{again}");
    }
}

/// A page as a relay shows it to a device that was ended, by somebody.
fn farewell(world: &World, by: &str, of: &str) -> Vec<u8> {
    let (keys, log) = (world.keys(by), world.relay.log());
    let (kind, body) = Body::DeviceEnd(DeviceEnd { device: world.engine(of).house().me }).encode();
    let head = log.head().unwrap();
    let signed = codec::encode(&EntryBody {
        version: ENTRY_VERSION,
        house: log.house(),
        seq: head.seq + 1,
        prev: Some(head.hash),
        class: nestpost_protocol::log::entry::Class::Restricted,
        kind,
        author: keys.id(),
        body: body.into(),
        before: None,
    });
    let signature = keys.sign(label::ENTRY, &signed);
    let entry = codec::encode(&Entry { signed: signed.into(), signature, cosignatures: Vec::new() });
    let entry = OpenEntry { entry: entry.into(), salt: Salt::new([1; 32]) };
    let entries = vec![SeenEntry { seq: head.seq + 1, entry }];
    codec::encode(&RelayMessage::Log(LogPage { links: Vec::new(), entries }))
}

#[test]
fn a_relay_cannot_empty_a_device_by_itself_or_with_the_help_of_another_family() {
    let Kita { mut world, .. } = kita();
    let rows = world.row_count("maria", None);
    for by in ["olga", "frank", "erik"] {
        let page = farewell(&world, by, "maria");
        world.receive("maria", page);
        assert!(world.row_count("maria", None) >= rows, "{by}");
        assert_eq!(world.summary("maria").stage, "member", "{by}");
    }
    // It can be: with somebody who may.
    let page = farewell(&world, "dora", "maria");
    world.receive("maria", page);
    assert_eq!((world.summary("maria").stage, world.row_count("maria", None)), ("ended", 1));
}
