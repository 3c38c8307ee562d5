//! The intake: outsiders write by a public link, staff read.

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::{Intake, IntakeEntry};
use nestpost_core::app::{AppError, Command, Query, View};
use nestpost_core::code::IntakeLink;
use nestpost_core::door::DoorError;
use nestpost_core::inquiry::{self, Words};
use nestpost_core::store::Table;
use nestpost_protocol::id::{CircleId, Hash, Recipient};
use nestpost_protocol::intake;
use nestpost_protocol::limit;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::message::IntakeInfo;
use nestpost_protocol::record::{Kind, Record};
use nestpost_protocol::retention::{Class, expiry};
use nestpost_tests::world::World;

use crate::engine::{Kita, kita};

const CREATE: Command = Command::CreateIntake(NoArgs {});
const CLOSE: Command = Command::CloseIntake(NoArgs {});

fn intake_of(world: &World, name: &str) -> Result<Intake, AppError> {
    match world.query(name, &Query::Intake(NoArgs {}))? {
        View::Intake(intake) => Ok(intake),
        other => panic!("{other:?}"),
    }
}

fn entries(world: &World, name: &str) -> Vec<IntakeEntry> {
    intake_of(world, name).unwrap().entries
}

fn words(world: &World, text: &str) -> Words {
    Words::new("Kim Muster", "0341 4711", text, world.now).unwrap()
}

fn write(world: &mut World, link: &str, text: &str) -> Result<(), DoorError> {
    let words = words(world, text);
    world.write_from_outside(link, words)
}

/// The small house, its intake open, and the link.
fn open() -> (World, String) {
    let Kita { mut world, .. } = kita();
    assert_eq!(intake_of(&world, "dora").unwrap().link, None);
    world.command("dora", CREATE).unwrap();
    world.settle();
    let link = intake_of(&world, "dora").unwrap().link.expect("a link");
    (world, link)
}

fn circle(world: &World) -> CircleId {
    world.relay.log().circles().find(|circle| circle.sort == Sort::Intake).unwrap().id
}

fn inquiries(world: &World) -> Vec<Record> {
    let circle = circle(world);
    let records = world.relay.records(&circle).into_iter().cloned();
    records.filter(|record| record.check().unwrap().kind == Kind::Inquiry).collect()
}

#[test]
fn what_an_outsider_writes_is_read_by_all_staff_and_by_no_family() {
    let (mut world, link) = open();
    assert!(intake_of(&world, "erik").unwrap().qr_svg.is_some_and(|svg| svg.starts_with("<svg")));
    write(&mut world, &link, "Haben Sie im Herbst einen Platz?").unwrap();
    world.settle();
    for name in ["dora", "erik"] {
        let entries = entries(&world, name);
        let [entry] = entries.as_slice() else { panic!("{name}: {entries:?}") };
        let shown = (entry.name.as_str(), entry.contact.as_str(), entry.text.as_str(), entry.at);
        let sent = ("Kim Muster", "0341 4711", "Haben Sie im Herbst einen Platz?", world.now.millis());
        assert_eq!(shown, sent, "{name}");
        world.restart(name);
        assert_eq!(self::entries(&world, name), entries, "{name}: sealed on disk, opened again");
    }
    for name in ["maria", "frank", "olga"] {
        assert_eq!(intake_of(&world, name), Err(AppError::NotAllowed), "{name}");
        let circle = circle(&world);
        assert!(!world.engine(name).holds_epoch(&circle, 1), "{name} has its keys");
        assert_eq!(world.command(name, CREATE), Err(AppError::NotAllowed), "{name}");
    }
    assert_eq!(world.command("erik", CREATE), Err(AppError::NotAllowed));
    // Neither relay nor storage has a word of it.
    let stored = [&world.stored_bytes("dora")[..], &world.relay.received].concat();
    for word in ["Muster", "Herbst", "4711"] {
        assert!(!stored.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{word}");
    }
    assert!(world.summary("dora").alarms.iter().all(|alarm| alarm.code != "quarantined"));
}

#[test]
fn a_link_outlives_who_leaves_and_who_left_reads_nothing_new() {
    let (mut world, link) = open();
    write(&mut world, &link, "first").unwrap();
    world.settle();
    let (before, circle) = (world.relay.epoch(&circle(&world)).unwrap(), circle(&world));
    let erik = world.summary("erik").me.person;
    world.set_offline("erik", true);
    world.command("dora", Command::RemovePerson { person: erik, sheet: None }).unwrap();
    world.settle();
    // Outsiders hold no keys, so the house made new ones unasked.
    assert_eq!(world.relay.epoch(&circle), Some(before + 1));
    write(&mut world, &link, "second").unwrap();
    world.settle();
    let texts: Vec<String> = entries(&world, "dora").into_iter().map(|entry| entry.text).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts.contains(&"second".to_owned()));
    let sealed = inquiries(&world).pop().unwrap();
    assert_eq!(sealed.check().unwrap().epoch, before + 1);
    assert!(world.engine("erik").holds_epoch(&circle, before));
    assert!(!world.engine("erik").holds_epoch(&circle, before + 1), "who left has the new keys");
}

#[test]
fn a_director_ends_links_and_closes_and_opens_again() {
    let (mut world, old) = open();
    write(&mut world, &old, "one").unwrap();
    world.command("dora", CREATE).unwrap();
    world.settle();
    let new = intake_of(&world, "dora").unwrap().link.unwrap();
    assert_ne!(old, new);
    assert_eq!(write(&mut world, &old, "two"), Err(DoorError::Unknown));
    write(&mut world, &new, "three").unwrap();
    world.command("dora", CLOSE).unwrap();
    world.settle();
    assert_eq!(write(&mut world, &new, "four"), Err(DoorError::Unknown));
    let intake = intake_of(&world, "erik").unwrap();
    assert_eq!((intake.open, intake.link, intake.entries.len()), (false, None, 2));
    // Closed already: nothing to do. New keys do not open it again.
    world.command("dora", CLOSE).unwrap();
    let erik = world.summary("erik").me.person;
    world.command("dora", Command::RemovePerson { person: erik, sheet: None }).unwrap();
    world.settle();
    assert!(!intake_of(&world, "dora").unwrap().open);
    world.command("dora", CREATE).unwrap();
    world.settle();
    let again = intake_of(&world, "dora").unwrap().link.unwrap();
    write(&mut world, &again, "five").unwrap();
    world.settle();
    assert_eq!(entries(&world, "dora").len(), 3);
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn a_relay_that_shows_keys_of_its_own_is_told_nothing() {
    let (world, link) = open();
    let link = IntakeLink::parse(&link).unwrap();
    let house = world.engine("dora").house();
    let (circle, steps) = intake::steps(&house.log, &house.epochs, &link.mark).unwrap();
    let month = expiry(Class::Short, world.now.month());
    let info = IntakeInfo { version: 1, circle, steps, month, bits: 0 };
    let words = words(&world, "for the house alone");
    assert!(inquiry::seal(&link, &info, &words).is_ok());
    let mut own = info.clone();
    own.steps[0].recipient = Recipient::new([9; 32]);
    assert_eq!(inquiry::seal(&link, &own, &words).unwrap_err(), DoorError::Foreign);
    let mut elsewhere = info;
    elsewhere.circle = CircleId::new([9; 16]);
    assert_eq!(inquiry::seal(&link, &elsewhere, &words).unwrap_err(), DoorError::Foreign);
    let other = IntakeLink { mark: Hash::new([9; 32]), ..link };
    assert_eq!(inquiry::seal(&other, &elsewhere, &words).unwrap_err(), DoorError::Foreign);
}

#[test]
fn staff_see_to_an_entry_or_delete_it_from_all_devices() {
    let (mut world, link) = open();
    write(&mut world, &link, "keep").unwrap();
    write(&mut world, &link, "go").unwrap();
    world.settle();
    let find = |world: &World, text: &str| {
        entries(world, "erik").into_iter().find(|entry| entry.text == text).map(|entry| entry.id)
    };
    let (keep, go) = (find(&world, "keep").unwrap(), find(&world, "go").unwrap());
    let rows = world.row_count("dora", Some(Table::Record));
    world.command("erik", Command::TakeInquiry { inquiry: keep.clone() }).unwrap();
    world.command("erik", Command::DeleteInquiry { inquiry: go.clone() }).unwrap();
    assert_eq!(entries(&world, "erik").len(), 1, "gone at once here");
    world.settle();
    let left = entries(&world, "dora");
    let [entry] = left.as_slice() else { panic!("{left:?}") };
    assert_eq!((entry.text.as_str(), entry.taken_by.as_deref()), ("keep", Some("Erik")));
    // Its place in the circle stays, its bytes do not.
    let sealed = inquiries(&world).into_iter().find(|record| record.id().to_string() == go).unwrap();
    for name in ["dora", "erik"] {
        let stored = world.stored_bytes(name);
        assert!(!stored.windows(64).any(|bytes| bytes == &sealed.body[..64]), "{name} keeps it");
        world.restart(name);
        world.settle();
        assert_eq!(entries(&world, name).len(), 1, "{name}");
    }
    assert!(world.row_count("dora", Some(Table::Record)) >= rows);
    let again = Command::DeleteInquiry { inquiry: go };
    assert_eq!(world.command("dora", again), Err(AppError::NotFound));
    assert_eq!(world.command("maria", Command::TakeInquiry { inquiry: keep }), Err(AppError::NotAllowed));
}

#[test]
fn it_goes_from_devices_at_the_end_of_its_month() {
    let (mut world, link) = open();
    write(&mut world, &link, "soon gone").unwrap();
    world.settle();
    let sealed = inquiries(&world).pop().unwrap();
    let day = 24 * 60 * 60 * 1000;
    // From 21 November: `short` goes with December.
    world.pass(40 * day);
    assert_eq!(entries(&world, "dora").len(), 1);
    world.pass(2 * day);
    assert_eq!(entries(&world, "dora").len(), 0);
    let stored = world.stored_bytes("dora");
    assert!(!stored.windows(64).any(|bytes| bytes == &sealed.body[..64]));
}

#[test]
fn a_text_of_the_longest_fits_and_one_longer_is_not_taken() {
    let (mut world, link) = open();
    let wide = |count: usize| "\u{1f388}".repeat(count);
    let of = |name: usize, contact: usize, text: usize| {
        Words::new(&wide(name), &wide(contact), &wide(text), world.now).map(|_| ())
    };
    let (name, contact, text) = (
        inquiry::INQUIRY_NAME_CHARS_MAX,
        inquiry::INQUIRY_CONTACT_CHARS_MAX,
        inquiry::INQUIRY_TEXT_CHARS_MAX,
    );
    assert_eq!(of(name + 1, contact, text), Err(DoorError::TooLong));
    assert_eq!(of(name, contact + 1, text), Err(DoorError::TooLong));
    assert_eq!(of(name, contact, text + 1), Err(DoorError::TooLong));
    assert_eq!(of(0, contact, text), Err(DoorError::Empty));
    assert_eq!(of(name, contact, 0), Err(DoorError::Empty));
    let longest = Words::new(&wide(name), &wide(contact), &wide(text), world.now).unwrap();
    world.write_from_outside(&link, longest).unwrap();
    world.settle();
    let entry = entries(&world, "dora").pop().unwrap();
    assert_eq!((entry.name, entry.contact, entry.text), (wide(name), wide(contact), wide(text)));
    let sealed = inquiries(&world).pop().unwrap();
    assert!(sealed.body.len() <= limit::INQUIRY_BYTES_MAX, "{}", sealed.body.len());
    // A short one looks like any other.
    write(&mut world, &link, "a").unwrap();
    write(&mut world, &link, &"b".repeat(500)).unwrap();
    let sizes: Vec<usize> = inquiries(&world).iter().rev().take(2).map(|record| record.body.len()).collect();
    // age itself adds a little noise to its header.
    assert!(sizes.iter().all(|size| (1024..1700).contains(size)), "{sizes:?}");
}

#[test]
fn what_does_not_open_is_counted_and_alarms_nobody() {
    let (mut world, link) = open();
    write(&mut world, &link, "sound").unwrap();
    let record = inquiries(&world).pop().unwrap();
    // By somebody who follows the wire but not the form.
    let keys = nestpost_core::crypto::DeviceKeys::generate();
    let body = b"not an age file".to_vec();
    let mut header = record.check().unwrap();
    header.author = keys.id();
    header.body_hash = Hash::new(nestpost_protocol::codec::sha256(&[&body]));
    header.body_len = u32::try_from(body.len()).unwrap();
    let header = nestpost_protocol::codec::encode(&header);
    let signature = keys.sign(nestpost_protocol::label::RECORD, &header);
    let garbage = Record { header: header.into(), signature, body: body.into() };
    let frame = nestpost_protocol::message::Frame { records: vec![garbage], ..Default::default() };
    world.relay.forge(&frame).unwrap();
    world.settle();
    let intake = intake_of(&world, "dora").unwrap();
    assert_eq!((intake.entries.len(), intake.unreadable), (1, 1));
    assert!(world.summary("dora").alarms.iter().all(|alarm| alarm.code != "quarantined"));
    // The words of one outsider under another's key are nobody's.
    let mut stolen = record.check().unwrap();
    let keys = nestpost_core::crypto::DeviceKeys::generate();
    stolen.author = keys.id();
    let header = nestpost_protocol::codec::encode(&stolen);
    let signature = keys.sign(nestpost_protocol::label::RECORD, &header);
    let stolen = Record { header: header.into(), signature, body: record.body };
    let frame = nestpost_protocol::message::Frame { records: vec![stolen], ..Default::default() };
    world.relay.forge(&frame).unwrap();
    world.settle();
    assert_eq!(intake_of(&world, "dora").unwrap().unreadable, 2);
}

#[test]
fn new_groups_and_staff_read_what_came_before_them() {
    let (mut world, link) = open();
    write(&mut world, &link, "early").unwrap();
    let group = crate::engine::id(
        world
            .command(
                "dora",
                Command::CreateGroup {
                    name: "Dachse".into(),
                    symbol: nestpost_core::app::view::GroupSymbol::Ladybird,
                },
            )
            .unwrap(),
    );
    world.settle();
    let staff = Command::CreateStaff {
        name: "Nora".into(),
        role: nestpost_core::app::command::StaffRole::Educator,
        groups: vec![group],
        until: None,
    };
    let nora = crate::engine::person(world.command("dora", staff).unwrap());
    world.settle();
    crate::engine::admit(&mut world, "nora", &nora);
    assert_eq!(entries(&world, "nora").len(), 1);
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn nobody_of_a_scenario_writes_there() {
    let scenario = r#"{"version":1,"steps":[
        {"do":"found","director":"dora"},
        {"do":"group","name":"G"},
        {"do":"admit","name":"E","role":"educator","groups":["G"]},
        {"do":"child","name":"C","groups":["G"]},
        {"do":"guardian","name":"M","child":"C"},
        {"do":"post","by":"dora","circle":"intake","name":"p1"},
        {"do":"post","by":"E","circle":"intake","name":"p2"},
        {"do":"post","by":"M","circle":"intake","name":"p3"},
        {"do":"photo","by":"E","circle":"intake","name":"f1"},
        {"do":"sync"}
    ]}"#;
    let outcome = nestpost_tests::custody::run(&nestpost_tests::custody::Scenario::parse(scenario).unwrap());
    let refused: Vec<_> = outcome.refusals.iter().map(|refusal| (refusal.step, refusal.reason)).collect();
    assert_eq!(refused, [5, 6, 7, 8].map(|step| (step, "not_a_writer")));
    assert!(outcome.posts.is_empty());
}
