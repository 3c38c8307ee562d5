//! Whoever comes new starts from snapshots. Stale ones, races and lies cost time and nothing else.

use data_encoding::HEXLOWER;
use nestpost_core::app::Command;
use nestpost_core::app::command::NoArgs;
use nestpost_core::app::item::TEXT_CHARS_MAX;
use nestpost_core::app::{Query, View};
use nestpost_core::document::{Document, change_hash};
use nestpost_core::engine::Engine;
use nestpost_core::snapshot::{Snapshot, Start, Tip};
use nestpost_core::store::Table;
use nestpost_protocol::codec;
use nestpost_protocol::id::{DocumentId, Hash, ItemId};
use nestpost_protocol::label;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::record::{Header, Record};
use nestpost_protocol::retention::Class;
use nestpost_protocol::snapshot::SnapshotBody;
use nestpost_tests::world::World;

use crate::engine::{Kita, admit, kita, person};

/// Changes before the first snapshot, and between the first ones.
const STEP: usize = 32;

fn post(world: &mut World, name: &str, count: usize) {
    for number in 0..count {
        let (title, body) = (format!("{name} {number}"), "…".to_owned());
        world.command(name, Command::PostBulletin { group: None, title, body, set: None }).unwrap();
        world.settle();
    }
}

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

fn garbage(world: &World, name: &str) -> bool {
    world.summary(name).alarms.iter().any(|alarm| alarm.code == "relay_garbage")
}

/// Until every record was looked at.
fn audit(world: &mut World) {
    for _ in 0..20 {
        world.pass(2_000);
        world.settle();
    }
}

/// The snapshot of the document with the bulletins, and its header.
fn kept(world: &World) -> (DocumentId, Record, Header) {
    let (document, record) = world.relay.snapshots().next().expect("a snapshot was made");
    (*document, record.clone(), record.check().unwrap())
}

/// A guardian of a new child in the group.
fn newcomer(world: &mut World, group: &str, name: &str) {
    let child = Command::CreateChild { name: format!("{name} junior"), group: group.into() };
    let child = crate::engine::id(world.command("dora", child).unwrap());
    world.settle();
    let guardian = Command::CreateGuardian { name: name.into(), child, relation: None };
    let guardian = person(world.command("dora", guardian).unwrap());
    world.settle();
    admit(world, name, &guardian);
}

fn bare_rows(world: &World, name: &str) -> usize {
    world.engine(name).bare_rows()
}

#[test]
fn whoever_comes_new_starts_from_a_snapshot_and_looks_at_the_records_later() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP + 6);
    assert_eq!(world.relay.snapshots_refused, []);
    let (document, ..) = kept(&world);
    newcomer(&mut world, &group, "nina");
    // All of it is there, most of it without its records.
    assert_eq!(titles(&world, "nina"), STEP + 6);
    assert_eq!((world.relay.rows_sent, bare_rows(&world, "nina")), (0, STEP));
    let rows = world.row_count("nina", Some(Table::Record));

    // So it is after a start without a network.
    world.set_offline("nina", true);
    world.restart("nina");
    assert_eq!(titles(&world, "nina"), STEP + 6);
    assert_eq!(bare_rows(&world, "nina"), STEP);

    // In their own time the records come, page by page.
    world.set_offline("nina", false);
    world.relay.rows_per_page = 10;
    world.settle();
    assert_eq!(world.relay.rows_sent, 0);
    world.pass(2_000);
    world.settle();
    assert_eq!((world.relay.rows_sent, bare_rows(&world, "nina")), (10, STEP - 10));
    audit(&mut world);
    assert_eq!((world.relay.rows_sent, bare_rows(&world, "nina")), (STEP, 0));
    // The document as this device has read it itself stands in its place.
    assert_eq!(world.row_count("nina", Some(Table::Record)), rows);
    assert_eq!((titles(&world, "nina"), quarantined(&world, "nina")), (STEP + 6, 0));
    assert!(!garbage(&world, "nina"));
    world.restart("nina");
    world.settle();
    assert_eq!((titles(&world, "nina"), bare_rows(&world, "nina")), (STEP + 6, 0));

    // What is written on goes on, by everybody, in the same document.
    post(&mut world, "dora", 2);
    assert_eq!(titles(&world, "nina"), STEP + 8);
    assert!(world.relay.documents().any(|(id, _)| id == document));
}

#[test]
fn the_next_snapshot_takes_the_place_of_the_one_before_and_is_made_by_whoever_wrote() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP);
    let (document, _, first) = kept(&world);
    post(&mut world, "dora", STEP);
    let (again, record, second) = kept(&world);
    assert_eq!((again, world.relay.snapshots().count()), (document, 1));
    assert_eq!((first.author, second.author), (world.keys("erik").id(), world.keys("dora").id()));
    assert!(second.seen.n > first.seen.n);
    assert_eq!(SnapshotBody::decode(&record.body).unwrap().last.len(), 2);
    newcomer(&mut world, &group, "nina");
    assert_eq!((titles(&world, "nina"), bare_rows(&world, "nina")), (2 * STEP, 2 * STEP));
    audit(&mut world);
    assert_eq!((titles(&world, "nina"), quarantined(&world, "nina")), (2 * STEP, 0));
}

#[test]
fn whoever_is_switched_off_while_snapshots_come_misses_nothing() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP + 2);
    for after in (0..30).step_by(2) {
        let name = format!("nina{after}");
        let child = Command::CreateChild { name: "Kind".into(), group: group.clone() };
        let child = crate::engine::id(world.command("dora", child).unwrap());
        world.settle();
        let guardian = Command::CreateGuardian { name: name.clone(), child, relation: None };
        let guardian = person(world.command("dora", guardian).unwrap());
        world.settle();
        let letter = crate::engine::letter(&mut world, &guardian);
        world.join(&name, &letter.code).unwrap();
        world.let_die_after(&name, after);
        let View::PendingJoins(joins) = world.query("dora", &Query::PendingJoins(NoArgs {})).unwrap() else {
            panic!()
        };
        let join = joins.into_iter().find(|join| join.person == guardian).unwrap();
        world.command("dora", Command::ConfirmJoin { join: join.id }).unwrap();
        world.settle();
        world.outlives(&name);
        assert_eq!(titles(&world, &name), STEP + 2, "after {after} effects");
        audit(&mut world);
        assert_eq!(
            (titles(&world, &name), quarantined(&world, &name)),
            (STEP + 2, 0),
            "after {after} effects"
        );
        assert_eq!(bare_rows(&world, &name), 0, "after {after} effects");
        world.forget(&name);
    }
}

#[test]
fn what_somebody_wrote_who_may_not_any_more_is_looked_at_at_once() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP);
    newcomer(&mut world, &group, "nina");
    assert_eq!((world.relay.rows_sent, bare_rows(&world, "nina")), (0, STEP));
    remove_erik(&mut world);
    assert_eq!((world.relay.rows_sent, bare_rows(&world, "nina")), (STEP, 0));
    assert_eq!((titles(&world, "nina"), quarantined(&world, "nina")), (STEP, 0));
    // Nor is whoever comes then spared any of it.
    newcomer(&mut world, &group, "ruth");
    assert_eq!((titles(&world, "ruth"), bare_rows(&world, "ruth")), (STEP, 0));
    assert_eq!(world.relay.rows_sent, STEP);
}

fn remove_erik(world: &mut World) {
    let id = world.keys("erik").id();
    let person = world.relay.log().device(&id).unwrap().person.to_string();
    world.command("dora", Command::RemovePerson { person, sheet: None }).unwrap();
    world.settle();
}

/// A snapshot as a member makes it who wants something else to be in it. `change` gets the plaintext and the header.
fn lie(world: &mut World, by: &str, change: impl FnOnce(&World, &mut Snapshot, &Header)) {
    let (_, record, header) = kept(world);
    let body = SnapshotBody::decode(&record.body).unwrap();
    let epoch = world.relay.epoch(&header.circle).unwrap();
    let plaintext =
        world.engine("dora").epoch_keys(&header.circle, header.epoch).unwrap().open(&body.sealed).unwrap();
    let mut snapshot = Snapshot::open(&plaintext, &header).unwrap();
    let author = world.keys(by).id();
    let header = Header { author, epoch, ..header };
    (snapshot.author, snapshot.epoch) = (author, epoch);
    change(world, &mut snapshot, &header);
    let keys = world.engine("dora").epoch_keys(&header.circle, epoch).unwrap();
    let sealed = keys.seal(&codec::encode(&snapshot)).unwrap().into();
    let body = codec::encode(&SnapshotBody { sealed, ..body });
    let header = Header {
        body_hash: Hash::new(codec::sha256(&[&body])),
        body_len: u32::try_from(body.len()).unwrap(),
        ..header
    };
    let bytes = codec::encode(&header);
    let signature = world.keys(by).sign(label::RECORD, &bytes);
    world.relay.lie_with(Record { header: bytes.into(), signature, body: body.into() });
}

/// One more item in a snapshot, by an actor of this device; what it signs of it, if it does.
fn slip_in(world: &World, snapshot: &mut Snapshot, header: &Header, of: &str, signed: bool) {
    let device = world.keys(of).id();
    let start = [9; 16];
    let actor = Document::actor(&device, &snapshot.document, &start);
    let mut document = Document::from_snapshot(actor, &snapshot.changes).unwrap();
    let honest = document.items().first().unwrap().1.clone();
    let change = document.put(&ItemId::new([9; 16]), &honest).unwrap();
    snapshot.changes = document.snapshot().into();
    let vouched = snapshot.devices.iter_mut().find(|vouched| vouched.device == device).unwrap();
    vouched.starts.push(Start { start, placed: vec![(0, header.log.seq)] });
    if signed {
        let (seq, hash) = (vouched.tips[0].seq, change_hash(&change).unwrap());
        let input = Tip::signing_input(header, seq, hash).unwrap();
        let signature = world.keys(of).sign(label::TIP, &input);
        vouched.tips = vec![Tip { seq, hash: Hash::new(hash), signature }];
    }
}

#[test]
fn nobody_writes_in_somebody_elses_name_by_a_snapshot() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP);
    lie(&mut world, "dora", |world, snapshot, header| slip_in(world, snapshot, header, "erik", false));
    newcomer(&mut world, &group, "nina");
    // It is not believed; the records come instead, at once.
    assert_eq!((world.relay.rows_sent, bare_rows(&world, "nina")), (STEP, 0));
    assert_eq!((titles(&world, "nina"), quarantined(&world, "nina")), (STEP, 0));
    world.restart("nina");
    world.settle();
    assert_eq!(titles(&world, "nina"), STEP);
}

#[test]
fn what_was_signed_but_never_sent_goes_again_when_the_records_are_looked_at() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP);
    lie(&mut world, "dora", |world, snapshot, header| slip_in(world, snapshot, header, "erik", true));
    newcomer(&mut world, &group, "nina");
    assert_eq!((titles(&world, "nina"), bare_rows(&world, "nina")), (STEP + 1, STEP));
    audit(&mut world);
    assert_eq!((titles(&world, "nina"), bare_rows(&world, "nina")), (STEP, 0));
    assert_eq!(quarantined(&world, "nina"), 1);
    // It is gone from storage too, and what is written on is read.
    world.restart("nina");
    world.settle();
    post(&mut world, "erik", 1);
    assert_eq!(titles(&world, "nina"), STEP + 1);
}

#[test]
fn whoever_was_removed_writes_nothing_more_by_a_snapshot() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP);
    remove_erik(&mut world);
    lie(&mut world, "dora", |world, snapshot, header| slip_in(world, snapshot, header, "erik", true));
    newcomer(&mut world, &group, "nina");
    // Not even until the records are looked at.
    assert_eq!((titles(&world, "nina"), quarantined(&world, "nina")), (STEP, 0));
}

#[test]
fn a_snapshot_that_leaves_out_what_came_last_is_not_believed() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP);
    let (_, old, header) = kept(&world);
    let body = SnapshotBody::decode(&old.body).unwrap();
    let keys = world.engine("dora").epoch_keys(&header.circle, header.epoch).unwrap();
    let old = Snapshot::open(&keys.open(&body.sealed).unwrap(), &header).unwrap();
    post(&mut world, "erik", STEP);
    lie(&mut world, "dora", |_, snapshot, _| {
        snapshot.changes = old.changes.clone();
        snapshot.devices = old.devices.clone();
    });
    newcomer(&mut world, &group, "nina");
    assert_eq!((titles(&world, "nina"), bare_rows(&world, "nina")), (2 * STEP, 0));
    assert_eq!(quarantined(&world, "nina"), 0);
}

#[test]
fn what_cannot_be_opened_is_made_up_for_by_the_records() {
    let Kita { mut world, group, .. } = kita();
    post(&mut world, "erik", STEP);
    lie(&mut world, "dora", |_, snapshot, _| snapshot.changes = b"no document".to_vec().into());
    newcomer(&mut world, &group, "nina");
    assert_eq!((titles(&world, "nina"), bare_rows(&world, "nina")), (STEP, 0));
    assert!(world.engine("nina").house().docs.all().count() > 0);
}

/// Rows of the house circle with a batch of its largest document, by their keys.
fn batches(world: &World) -> Vec<Vec<u8>> {
    let circle = world.relay.log().circles().find(|circle| circle.sort == Sort::House).unwrap().id;
    let headers: Vec<Header> =
        world.relay.records(&circle).into_iter().map(|record| record.check().unwrap()).collect();
    let count = |document| headers.iter().filter(|header| header.document == document).count();
    let largest = headers
        .iter()
        .map(|header| header.document)
        .max_by_key(|document| if document.is_some() { count(*document) } else { 0 });
    (1_u64..)
        .zip(&headers)
        .filter(|(_, header)| Some(header.document) == largest)
        .map(|(n, _)| [circle.as_bytes().as_slice(), &n.to_be_bytes()].concat())
        .collect()
}

fn titles_of(world: &World, engine: &Engine) -> usize {
    match engine.query(world.now, &Query::Bulletins(NoArgs {})).unwrap() {
        View::Bulletins(bulletins) => bulletins.len(),
        other => panic!("no bulletins: {other:?}"),
    }
}

#[test]
fn a_start_opens_no_record_again_that_is_part_of_a_stored_document() {
    let Kita { mut world, .. } = kita();
    post(&mut world, "erik", 40);
    let keys = batches(&world);
    for name in ["erik", "maria"] {
        // The middle of a row is its sealed body, which nobody looks at any more.
        let mut rows = world.rows(name);
        let mut spoiled = 0;
        for row in rows.iter_mut().filter(|row| row.table == Table::Record) {
            if keys.iter().take(30).any(|key| *key == row.key) {
                let middle = row.value.len() / 2;
                row.value[middle] ^= 1;
                spoiled += 1;
            }
        }
        assert_eq!(spoiled, 30, "{name}");
        let engine = world.open(name, rows).unwrap();
        assert_eq!(titles_of(&world, &engine), 40, "{name}");
        assert!(engine.summary().alarms.iter().all(|alarm| alarm.code != "quarantined"), "{name}");
    }
}

#[test]
fn a_stored_document_that_does_not_fit_the_rows_is_not_used() {
    let Kita { mut world, .. } = kita();
    post(&mut world, "erik", 40);
    let keys = batches(&world);
    // The last rows are missing, as after a torn backup.
    let mut rows = world.rows("maria");
    let lost = &keys[10..];
    rows.retain(|row| !lost.contains(&row.key));
    let engine = world.open("maria", rows).unwrap();
    assert_eq!(titles_of(&world, &engine), 10);
    // A row of another history.
    let mut rows = world.rows("maria");
    let other = rows.iter().find(|row| row.key == keys[21]).unwrap().value.clone();
    rows.iter_mut().find(|row| row.key == keys[20]).unwrap().value = other;
    let engine = world.open("maria", rows).unwrap();
    assert_eq!(titles_of(&world, &engine), 20, "what builds upon the lost record waits");
}

#[test]
fn what_waits_to_be_sent_is_there_beside_a_stored_document() {
    let Kita { mut world, .. } = kita();
    post(&mut world, "erik", 20);
    world.set_offline("erik", true);
    for number in 0..12 {
        let (title, body) = (format!("später {number}"), "…".to_owned());
        world.command("erik", Command::PostBulletin { group: None, title, body, set: None }).unwrap();
    }
    world.restart("erik");
    assert_eq!((titles(&world, "erik"), world.summary("erik").waiting), (32, 12));
    world.set_offline("erik", false);
    world.settle();
    world.restart("erik");
    world.settle();
    assert_eq!((titles(&world, "erik"), world.summary("erik").waiting), (32, 0));
    assert_eq!(titles(&world, "maria"), 32);
}

#[test]
fn a_document_that_is_full_is_followed_by_the_next_and_whoever_comes_new_reads_both() {
    let Kita { mut world, group, .. } = kita();
    let count = 60_u8;
    for number in 0..count {
        let title = format!("erik {number}");
        // No two parts alike: changes are packed.
        let hash = |part: usize| HEXLOWER.encode(&codec::sha256(&[&[number], &part.to_be_bytes()]));
        let body = (0..TEXT_CHARS_MAX / 64).map(hash).collect();
        world.command("erik", Command::PostBulletin { group: None, title, body, set: None }).unwrap();
        world.settle();
    }
    let house = world.relay.log().circles().find(|circle| circle.sort == Sort::House).map(|circle| circle.id);
    let written =
        world.relay.documents().filter(|(_, fact)| Some(fact.circle) == house && fact.class == Class::Year);
    assert!(written.count() > 1);
    newcomer(&mut world, &group, "nina");
    assert_eq!(titles(&world, "nina"), usize::from(count));
    world.restart("nina");
    world.settle();
    assert_eq!((titles(&world, "nina"), quarantined(&world, "nina")), (usize::from(count), 0));
}

#[test]
fn a_large_snapshot_adds_few_bytes_to_a_change() {
    let Kita { mut world, .. } = kita();
    for (round, name) in ["erik", "dora"].into_iter().cycle().take(48).enumerate() {
        world.set_offline(name, true);
        for number in 0..25 {
            let title = format!("{name} {round} {number}");
            let body = "Morgen früh gehen wir in den Wald.".to_owned();
            world.command(name, Command::PostBulletin { group: None, title, body, set: None }).unwrap();
        }
        world.set_offline(name, false);
        world.settle();
    }
    let (_, record, header) = kept(&world);
    let body = SnapshotBody::decode(&record.body).unwrap();
    let keys = world.engine("dora").epoch_keys(&header.circle, header.epoch).unwrap();
    let snapshot = Snapshot::open(&keys.open(&body.sealed).unwrap(), &header).unwrap();
    let document = Document::from_snapshot([1; 16], &snapshot.changes).unwrap();
    let (changes, own) = (document.change_count(), snapshot.changes.len());
    let more = record.header.len() + record.body.len() - own;
    assert!(changes >= 1_000, "{changes} changes");
    assert!(more <= 10 * changes, "{more} bytes beside Automerge's {own} for {changes} changes");
}
