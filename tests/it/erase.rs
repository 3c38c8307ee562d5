//! Erasure through real engines: what goes is nowhere any more, and nothing else is lost.

use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::view::{AbsenceKind, Erasures, MediaTarget, Message, WrittenKind, WrittenPlace};
use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_core::batch::{Batch, Kept};
use nestpost_core::document::{Document, Value};
use nestpost_core::store::Table;
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::erase::{EraseBody, Erased};
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, Hash, ItemId, PersonId};
use nestpost_protocol::label;
use nestpost_protocol::message::{Frame, RecordPage, RefusalCode};
use nestpost_protocol::record::{Header, Kind, Record, Sealing};
use nestpost_tests::world::World;

use crate::concealed::names_in;
use crate::engine::{DAY as TODAY, Kita, id, kita};
use crate::media::host::{drawn, forged, full_of, group_circle, ids, send};

pub(crate) const DAY: u64 = 24 * 60 * 60 * 1000;
pub(crate) const CANARY: &str = "Kanarienvogel";

/// The record in a row of [`Table::Record`], if it is there: a page with that one row has one byte more. Whole documents
/// stand there too.
fn record_of(value: &[u8]) -> Option<Record> {
    let (circle, row) = value.split_at_checked(20)?;
    let page = [circle, &[0x81], row].concat();
    codec::decode::<RecordPage>(&page, 1 << 20).ok()?.rows.remove(0).record
}

fn thread(world: &World, name: &str) -> String {
    match world.query(name, &Query::Threads(NoArgs {})).unwrap() {
        View::Threads(threads) => threads[0].id.clone(),
        other => panic!("{other:?}"),
    }
}

fn messages(world: &World, name: &str, thread: &str) -> Vec<Message> {
    match world.query(name, &Query::Thread { id: thread.to_owned() }).unwrap() {
        View::Thread(detail) => detail.messages,
        other => panic!("{other:?}"),
    }
}

fn texts(world: &World, name: &str, thread: &str) -> Vec<String> {
    messages(world, name, thread).into_iter().map(|message| message.text).collect()
}

fn say(world: &mut World, name: &str, thread: &str, text: &str) -> String {
    let (thread, text) = (thread.to_owned(), text.to_owned());
    // What is written in the same moment has no order.
    world.now = world.now.plus(1000);
    id(world.command(name, Command::SendMessage { thread, text, set: None }).unwrap())
}

pub(crate) fn stored(world: &World, name: &str) -> Vec<Record> {
    let rows = world.rows(name).into_iter().filter(|row| row.table == Table::Record);
    rows.filter_map(|row| record_of(&row.value)).collect()
}

pub(crate) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Whether a device could still read something in what it has stored.
pub(crate) fn reads(world: &World, name: &str, needle: &str) -> bool {
    let opened = stored(world, name).into_iter().filter_map(|record| world.engine(name).open_record(&record));
    opened.into_iter().any(|plain| contains(&plain, needle.as_bytes()))
}

/// The records of a relay that somebody can read this in, as they were.
pub(crate) fn carriers(world: &World, reader: &str, needle: &str) -> Vec<Record> {
    let circles: Vec<_> = world.relay.log().circles().map(|circle| circle.id).collect();
    let all = circles.iter().flat_map(|circle| world.relay.records(circle)).cloned();
    let opens = |record: &Record| {
        world.engine(reader).open_record(record).is_some_and(|plain| contains(&plain, needle.as_bytes()))
    };
    all.filter(opens).collect()
}

/// Sealed bytes of these records anywhere in what a device stores.
fn keeps_any(world: &World, name: &str, records: &[Record]) -> bool {
    let bytes = world.stored_bytes(name);
    records.iter().any(|record| {
        let middle = record.body.len() / 2;
        contains(&bytes, &record.body[middle - 16..middle + 16])
    })
}

pub(crate) fn quarantined(world: &World, name: &str) -> bool {
    world.summary(name).alarms.iter().any(|alarm| alarm.code == "quarantined")
}

fn reconnect(world: &mut World, name: &str) {
    world.set_offline(name, true);
    world.set_offline(name, false);
    world.settle();
}

/// Nora works in a group too.
pub(crate) fn colleague(world: &mut World, group: &str) {
    let (name, role) = ("Nora".to_owned(), StaffRole::Educator);
    let staff = Command::CreateStaff { name, role, groups: vec![group.to_owned()], until: None };
    let Reply::Person { person } = world.command("dora", staff).unwrap() else { panic!() };
    world.settle();
    crate::engine::admit(world, "nora", &person);
}

#[test]
fn what_its_author_took_back_is_nowhere_a_week_later() {
    let Kita { mut world, .. } = kita();
    let thread = thread(&world, "maria");
    say(&mut world, "maria", &thread, "Bleibt");
    let gone = say(&mut world, "maria", &thread, CANARY);
    world.settle();
    say(&mut world, "erik", &thread, "Antwort");
    world.settle();
    let records = carriers(&world, "erik", CANARY);
    assert_eq!(records.len(), 1);
    assert!(["maria", "erik", "dora"].iter().all(|name| reads(&world, name, CANARY)));
    world.command("maria", Command::RemoveItem { item: gone }).unwrap();
    world.settle();
    assert_eq!(texts(&world, "erik", &thread), ["Bleibt", "Antwort"], "hidden at once");
    world.pass(6 * DAY);
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), records, "not before its time");
    world.pass(DAY);
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), []);
    let circle = records[0].check().unwrap().circle;
    let erased = world.relay.records(&circle).into_iter().filter(|r| r.check().unwrap().kind == Kind::Erase);
    assert_eq!(erased.count(), 1, "once, and that stays");
    for name in ["maria", "erik", "dora"] {
        for _ in 0..2 {
            assert!(!reads(&world, name, CANARY), "{name}");
            assert!(!keeps_any(&world, name, &records), "{name}");
            assert_eq!(texts(&world, name, &thread), ["Bleibt", "Antwort"], "{name}");
            assert!(!quarantined(&world, name), "{name}");
            world.restart(name);
            world.settle();
        }
    }
    // Who wrote what is as before: the one may take it back, the other may not.
    let item = messages(&world, "erik", &thread)[0].id.clone();
    assert_eq!(world.command("erik", Command::RemoveItem { item: item.clone() }), Err(AppError::NotAllowed));
    world.command("maria", Command::RemoveItem { item }).unwrap();
    world.settle();
    assert_eq!(texts(&world, "dora", &thread), ["Antwort"]);
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn a_house_device_erases_a_day_later_for_somebody_who_is_not_there() {
    let Kita { mut world, .. } = kita();
    let thread = thread(&world, "maria");
    let gone = say(&mut world, "maria", &thread, CANARY);
    world.settle();
    let records = carriers(&world, "erik", CANARY);
    world.command("maria", Command::RemoveItem { item: gone }).unwrap();
    world.settle();
    world.set_offline("maria", true);
    world.pass(7 * DAY);
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), records);
    // Written without a network, to a document that is no more.
    say(&mut world, "maria", &thread, "Unterwegs");
    world.pass(DAY);
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), []);
    assert!(reads(&world, "maria", CANARY), "nobody has told her yet");
    world.set_offline("maria", false);
    world.settle();
    for name in ["maria", "erik", "dora"] {
        assert!(!reads(&world, name, CANARY) && !keeps_any(&world, name, &records), "{name}");
        assert_eq!(texts(&world, name, &thread), ["Unterwegs"], "{name}");
        assert!(!quarantined(&world, name), "{name}");
    }
    assert_eq!(world.summary("maria").waiting, 0);
}

#[test]
fn what_others_wrote_goes_once_two_of_the_staff_want_it() {
    let Kita { mut world, group, .. } = kita();
    colleague(&mut world, &group);
    let thread = thread(&world, "maria");
    say(&mut world, "maria", &thread, "Bleibt");
    let gone = say(&mut world, "maria", &thread, CANARY);
    world.settle();
    let records = carriers(&world, "erik", CANARY);
    let erase = || Command::EraseItem { item: gone.clone() };
    assert_eq!(world.command("maria", erase()), Err(AppError::NotAllowed));
    assert_eq!(world.command("frank", erase()), Err(AppError::NotAllowed));
    world.command("erik", erase()).unwrap();
    world.settle();
    world.command("erik", erase()).unwrap();
    world.pass(6 * DAY);
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), records, "one alone is not two");
    world.command("nora", erase()).unwrap();
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), records, "nobody directs");
    world.command("dora", erase()).unwrap();
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), []);
    for name in ["maria", "erik", "dora"] {
        assert!(!reads(&world, name, CANARY) && !keeps_any(&world, name, &records), "{name}");
        assert_eq!(texts(&world, name, &thread), ["Bleibt"], "{name}");
        assert!(!quarantined(&world, name), "{name}");
    }
    assert_eq!(world.command("dora", erase()), Err(AppError::NotFound));
}

#[test]
fn what_was_written_meanwhile_moves_to_the_new_document() {
    let Kita { mut world, .. } = kita();
    let thread = thread(&world, "maria");
    let gone = say(&mut world, "maria", &thread, CANARY);
    say(&mut world, "maria", &thread, "Bleibt");
    world.settle();
    world.set_offline("maria", true);
    world.command("erik", Command::EraseItem { item: gone.clone() }).unwrap();
    world.settle();
    world.command("dora", Command::EraseItem { item: gone.clone() }).unwrap();
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), []);
    say(&mut world, "maria", &thread, "Später");
    world.restart("maria");
    world.set_offline("maria", false);
    world.settle();
    for name in ["maria", "dora"] {
        assert_eq!(texts(&world, name, &thread), ["Bleibt", "Später"], "{name}");
        assert!(!reads(&world, name, CANARY), "{name}");
    }
    assert_eq!(world.summary("maria").waiting, 0, "{:?}", world.relay.refusals);
}

#[test]
fn a_device_that_dies_anywhere_on_the_way_erases_once() {
    for effects in 0.. {
        let Kita { mut world, .. } = kita();
        let thread = thread(&world, "maria");
        say(&mut world, "maria", &thread, "Bleibt");
        let gone = say(&mut world, "maria", &thread, CANARY);
        world.settle();
        world.command("maria", Command::RemoveItem { item: gone }).unwrap();
        world.settle();
        let names = ["maria", "erik"];
        for name in names {
            world.let_die_after(name, effects);
        }
        for ms in [8 * DAY, 1000, 1000] {
            world.pass(ms);
            world.settle();
        }
        for name in ["maria", "erik", "dora"] {
            assert!(!reads(&world, name, CANARY), "{name}, dead after {effects}");
            assert_eq!(texts(&world, name, &thread), ["Bleibt"], "{name}, dead after {effects}");
            reconnect(&mut world, name);
            world.restart(name);
            world.settle();
            assert!(!reads(&world, name, CANARY), "{name}, dead after {effects}, again");
            assert_eq!(texts(&world, name, &thread), ["Bleibt"], "{name}, dead after {effects}, again");
        }
        if names.map(|name| world.outlives(name)) == [true; 2] {
            assert!(effects > 4, "{effects}");
            break;
        }
    }
}

#[test]
fn a_picture_and_what_was_said_of_it_are_nowhere_a_week_later() {
    let Kita { mut world, group, .. } = kita();
    let to = MediaTarget::Group(group);
    send(&mut world, "erik", &to, &[0, 1]);
    assert_eq!(ids(&world, "maria"), [drawn(0), drawn(1)]);
    let alt = CANARY.to_owned();
    world.command("erik", Command::DescribePicture { id: drawn(0), alt }).unwrap();
    world.settle();
    let blob = full_of(&drawn(0));
    let named = |world: &World, name: &str| {
        let opened: Vec<_> =
            stored(world, name).iter().filter_map(|r| world.engine(name).open_record(r)).collect();
        opened.iter().any(|plain| contains(plain, blob.as_bytes()))
    };
    assert!(named(&world, "maria") && reads(&world, "maria", CANARY));
    world.command("erik", Command::RemoveMedia { id: drawn(0) }).unwrap();
    world.settle();
    assert!(world.relay.blob(&blob).is_none(), "the relay lets go at once");
    world.pass(7 * DAY);
    world.settle();
    assert_eq!(carriers(&world, "maria", CANARY), []);
    for name in ["maria", "olga", "dora", "erik"] {
        assert!(!named(&world, name) && !reads(&world, name, CANARY), "{name}");
        assert_eq!(ids(&world, name), [drawn(1)], "{name}");
        assert!(!quarantined(&world, name), "{name}");
    }
}

/// Nobody learns by an erasure what they could not read before.
#[test]
fn what_lies_behind_a_horizon_stays_there() {
    let Kita { mut world, group, .. } = kita();
    let post = |title: &str| Command::PostBulletin {
        group: Some(group.clone()),
        title: title.into(),
        body: "Text".into(),
        set: None,
    };
    world.command("erik", post("Vorher")).unwrap();
    let gone = id(world.command("erik", post(CANARY)).unwrap());
    world.settle();
    world
        .command("dora", Command::Horizon { circle: Some(group_circle(&world, &group).to_string()) })
        .unwrap();
    world.settle();
    let child = id(world
        .command("dora", Command::CreateChild { name: "Nora".into(), group: group.clone() })
        .unwrap());
    world.settle();
    let guardian = Command::CreateGuardian { name: "Neu".into(), child, relation: None };
    let Reply::Person { person } = world.command("dora", guardian).unwrap() else { panic!() };
    world.settle();
    crate::engine::admit(&mut world, "neu", &person);
    let titles = |world: &World, name: &str| match world.query(name, &Query::Bulletins(NoArgs {})).unwrap() {
        View::Bulletins(all) => all.into_iter().map(|bulletin| bulletin.title).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(titles(&world, "neu"), [""; 0]);
    world.command("erik", Command::RemoveItem { item: gone }).unwrap();
    world.settle();
    world.pass(7 * DAY);
    world.settle();
    assert_eq!(carriers(&world, "erik", CANARY), []);
    for name in ["erik", "dora", "maria", "olga"] {
        assert_eq!(titles(&world, name), ["Vorher"], "{name}");
        assert!(!reads(&world, name, CANARY) && !quarantined(&world, name), "{name}");
    }
    assert_eq!(titles(&world, "neu"), [""; 0]);
    assert!(!reads(&world, "neu", "Vorher") && !quarantined(&world, "neu"));
    // And everybody goes on.
    world.command("erik", post("Nachher")).unwrap();
    world.settle();
    assert_eq!(titles(&world, "neu"), ["Nachher"]);
}

pub(crate) fn person_of(world: &World, name: &str) -> String {
    world.summary(name).me.person
}

fn erasures(world: &World, name: &str) -> Erasures {
    match world.query(name, &Query::Erasures(NoArgs {})).unwrap() {
        View::Erasures(erasures) => erasures,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn protect(world: &mut World, who: &str, child: &str, named: &[&str]) {
    let person = person_of(world, who);
    let named = named.iter().map(|name| person_of(world, name)).collect();
    let protect = Command::ProtectGuardian {
        person,
        child: child.into(),
        named,
        on: true,
        contacts: Vec::new(),
        untimed: false,
    };
    world.command("dora", protect).unwrap();
    world.settle();
}

pub(crate) fn sick(world: &mut World, name: &str, child: &str) {
    let (from, to, note) = (TODAY.to_owned(), TODAY.to_owned(), String::new());
    let report = Command::ReportAbsence { child: child.into(), kind: AbsenceKind::Sick, from, to, note };
    world.command(name, report).unwrap();
    world.settle();
}

#[test]
fn whoever_writes_about_what_went_meanwhile_is_told_that_it_came_to_nothing() {
    for effects in 0.. {
        let Kita { mut world, child, .. } = kita();
        let circle: CircleId = child.parse().unwrap();
        sick(&mut world, "frank", &child);
        // Both would tell the other guardian of the second one; erik gets as far as his own storage.
        world.set_offline("dora", true);
        world.let_fall_off_after("erik", effects);
        sick(&mut world, "frank", &child);
        assert!(!world.outlives("erik"), "he never had it alone");
        if world.summary("erik").waiting == 0 {
            continue;
        }
        world.set_offline("dora", false);
        world.settle();
        protect(&mut world, "frank", &child, &[]);
        assert_eq!(world.summary("erik").waiting, 1);
        world.set_offline("erik", false);
        world.settle();
        let house = world.summary("erik");
        assert_eq!(house.waiting, 0, "{:?}", world.relay.refusals);
        let told = house.alarms.iter().find(|alarm| alarm.code == "overtaken").map(|alarm| alarm.count);
        assert_eq!(told, Some(1));
        let person: PersonId = person_of(&world, "frank").parse().unwrap();
        assert!(!names_in(&world, "maria", &circle, person.as_bytes()));
        assert!(["erik", "maria", "dora"].iter().all(|name| !quarantined(&world, name)));
        break;
    }
}

/// The document that an item stands in, at a device.
fn document_of(world: &World, name: &str, circle: &CircleId, item: &str) -> DocumentId {
    let item: ItemId = item.parse().unwrap();
    world.engine(name).house().docs.items(circle).find(|at| at.item == item).unwrap().document
}

fn signed(world: &World, by: &str, header: Header, body: Vec<u8>) -> Record {
    let header = Header {
        body_hash: Hash::new(sha256(&[&body])),
        body_len: u32::try_from(body.len()).unwrap(),
        ..header
    };
    let bytes = codec::encode(&header);
    let signature = world.keys(by).sign(label::RECORD, &bytes);
    Record { header: bytes.into(), signature, body: body.into() }
}

/// A document written anew by a modified client: `change` does with its items as it likes.
fn rewrite(
    world: &mut World,
    by: &str,
    document: DocumentId,
    gone: &[&str],
    change: impl FnOnce(&mut Vec<(ItemId, Value, DeviceId)>),
) -> Result<(), RefusalCode> {
    let engine = world.engine(by);
    let held = engine.house().docs.get(&document).unwrap();
    let fact = held.fact;
    let mut items: Vec<_> =
        held.items(document).map(|at| (at.item, at.value.clone(), at.author.unwrap())).collect();
    change(&mut items);
    let to = DocumentId::new([0xE5; 16]);
    let start = [7; 16];
    let mut fresh = Document::new(Document::actor(&world.keys(by).id(), &to, &start));
    let changes: Vec<_> = items.iter().map(|(item, value, _)| fresh.put(item, value).unwrap()).collect();
    let kept = items.iter().map(|(item, _, author)| Kept { item: *item, author: *author, log: 0 });

    let erased = gone.iter().map(|item| Erased { item: item.parse().unwrap(), second: None });
    let body = EraseBody::new(to, erased.collect());
    let plain = forged(world, by, &fact.circle, Kind::Hold, Vec::new()).check().unwrap();
    let header = Header {
        kind: Kind::Erase,
        document: Some(document),
        side: fact.side,
        class: fact.class,
        month: fact.month,
        seen: world.relay.end(&fact.circle),
        ..plain
    };
    let erase = signed(world, by, header.clone(), body.encode());
    let header = Header {
        kind: Kind::Rewrite,
        sealing: Sealing::Content,
        document: Some(to),
        seq: header.seq + 1,
        prev: Some(erase.id()),
        ..header
    };
    let batch = Batch { kept: Some(kept.collect()), ..Batch::new(&header, start, changes).unwrap() };
    let keys = world.engine(by).epoch_keys(&fact.circle, header.epoch).unwrap();
    let sealed = keys.seal(&batch.encode()).unwrap();
    let rewrite = signed(world, by, header, sealed);
    let frame = Frame { records: vec![erase, rewrite], ..Frame::default() };
    let told = world.relay.forge(&frame);
    world.settle();
    told
}

/// A member of the staff who lies takes what the relay has, and nothing from anybody else.
#[test]
fn nobody_drops_what_one_of_the_staff_had_no_right_to_erase() {
    type Change = fn(&mut Vec<(ItemId, Value, DeviceId)>);
    let other: Change = |items| {
        let Some((_, value, _)) = items.first_mut() else { panic!() };
        let Value::Bytes(bytes) = value else { panic!() };
        // One letter of what stays.
        let at = bytes.windows(6).position(|window| window == b"Bleibt").unwrap();
        bytes[at] = b'b';
    };
    let more: Change = |items| {
        let (_, value, author) = items[0].clone();
        items.push((ItemId::new([0xFF; 16]), value, author));
    };
    let less: Change = |items| {
        items.remove(0);
    };
    let mine: Change = |items| {
        let by = items[1].2;
        items[0].2 = by;
    };
    // Of what maria wrote nothing may go; of what erik wrote himself, nothing else.
    for (case, change) in [("hers", None), ("other", Some(other)), ("more", Some(more)), ("less", Some(less))]
        .into_iter()
        .chain([("mine", Some(mine))])
    {
        let Kita { mut world, .. } = kita();
        let thread = thread(&world, "maria");
        let circle: CircleId = thread.parse().unwrap();
        let stays = say(&mut world, "dora", &thread, "Bleibt");
        world.settle();
        let own = say(&mut world, "erik", &thread, "Von Erik");
        world.settle();
        let document = document_of(&world, "erik", &circle, &own);
        assert_eq!(document, document_of(&world, "erik", &circle, &stays));
        let (gone, drop) = if change.is_some() { (&own, &own) } else { (&stays, &stays) };
        let dropped: ItemId = drop.parse().unwrap();
        let told = rewrite(&mut world, "erik", document, &[gone], |items| {
            items.sort_by_key(|(item, ..)| *item != stays.parse().unwrap());
            if let Some(change) = change {
                change(items);
            }
            items.retain(|(item, ..)| *item != dropped);
            items.sort_by_key(|(item, ..)| *item);
        });
        assert_eq!(told, Ok(()), "{case}: the relay cannot tell");
        for name in ["maria", "dora"] {
            for _ in 0..2 {
                assert_eq!(texts(&world, name, &thread), ["Bleibt", "Von Erik"], "{case}: {name}");
                assert!(quarantined(&world, name), "{case}: {name} is told");
                world.restart(name);
                world.settle();
            }
        }
        assert_eq!(erasures(&world, "dora").erased, [], "{case}: nothing went");
        let View::Evidence(evidence) = world.query("dora", &Query::Evidence(NoArgs {})).unwrap() else {
            panic!()
        };
        assert_eq!(evidence.cases.len(), 1, "{case}");
        // And everybody goes on, in another document.
        say(&mut world, "dora", &thread, "Weiter");
        world.settle();
        assert_eq!(texts(&world, "maria", &thread), ["Bleibt", "Von Erik", "Weiter"], "{case}");
        assert_eq!(world.summary("dora").waiting, 0, "{case}");
    }
}

#[test]
fn what_is_restricted_is_shown_to_nobody_and_erased_by_nobody() {
    let Kita { mut world, group, .. } = kita();
    let thread = thread(&world, "maria");
    let item = say(&mut world, "maria", &thread, CANARY);
    let before = say(&mut world, "maria", &thread, "Zurück");
    world.settle();
    send(&mut world, "erik", &MediaTarget::Group(group), &[0]);
    world.command("maria", Command::RemoveItem { item: before.clone() }).unwrap();
    world.settle();
    let restrict = |item: &str, on| Command::RestrictItem { item: item.to_owned(), on };
    assert_eq!(world.command("erik", restrict(&item, true)), Err(AppError::NotAllowed));
    world.command("dora", restrict(&item, true)).unwrap();
    world.command("dora", restrict(&drawn(0), true)).unwrap();
    world.settle();
    world.now = world.now.plus(1000);
    world.command("dora", restrict(&before, true)).unwrap();
    world.settle();
    for name in ["maria", "erik", "dora"] {
        assert_eq!(texts(&world, name, &thread), [""; 0], "{name}");
        assert_eq!(ids(&world, name), [""; 0], "{name}");
    }
    let held = erasures(&world, "dora").restricted;
    let seen: Vec<_> = held.iter().map(|one| (one.kind, one.place, one.text.as_str())).collect();
    assert_eq!(
        seen,
        [
            (WrittenKind::Message, WrittenPlace::Thread, "Zurück"),
            (WrittenKind::Picture, WrittenPlace::Group, ""),
            (WrittenKind::Message, WrittenPlace::Thread, CANARY)
        ]
    );
    // It stays, whoever wants it gone.
    world.command("maria", Command::RemoveItem { item: item.clone() }).unwrap();
    assert_eq!(world.command("erik", Command::EraseItem { item: item.clone() }), Err(AppError::NotAllowed));
    for _ in 0..9 {
        world.pass(DAY);
        world.settle();
    }
    for text in [CANARY, "Zurück"] {
        assert!(["maria", "erik", "dora"].iter().all(|name| reads(&world, name, text)), "{text}");
    }
    // Nor does anybody believe that it went.
    let circle: CircleId = thread.parse().unwrap();
    let document = document_of(&world, "maria", &circle, &item);
    let dropped: ItemId = item.parse().unwrap();
    let told = rewrite(&mut world, "maria", document, &[&item], |items| {
        items.retain(|(item, ..)| *item != dropped);
    });
    assert_eq!(told, Ok(()));
    assert_eq!(erasures(&world, "dora").restricted.len(), 3);
    world.command("dora", restrict(&item, false)).unwrap();
    world.command("dora", restrict(&drawn(0), false)).unwrap();
    world.command("dora", restrict(&before, false)).unwrap();
    world.settle();
    assert_eq!(ids(&world, "maria"), [drawn(0)]);
    assert_eq!(erasures(&world, "dora").restricted, []);
}

#[test]
fn what_two_are_to_agree_upon_and_what_is_gone_are_listed() {
    let Kita { mut world, .. } = kita();
    let thread = thread(&world, "maria");
    let gone = say(&mut world, "maria", &thread, CANARY);
    world.settle();
    assert_eq!(world.query("maria", &Query::Erasures(NoArgs {})), Err(AppError::NotAllowed));
    world.command("erik", Command::EraseItem { item: gone.clone() }).unwrap();
    world.settle();
    for (name, mine) in [("erik", true), ("dora", false)] {
        let all = erasures(&world, name);
        let [entry] = all.wished.as_slice() else { panic!("{all:?}") };
        assert_eq!((entry.item.as_str(), entry.text.as_str()), (gone.as_str(), CANARY), "{name}");
        assert_eq!((entry.kind, entry.place), (WrittenKind::Message, WrittenPlace::Thread), "{name}");
        assert_eq!((entry.author.as_str(), entry.place_name.as_str()), ("Maria", "Maria"), "{name}");
        let said: Vec<_> = entry.said.iter().map(|said| (said.name.as_str(), said.mine)).collect();
        assert_eq!(said, [("Erik", mine)], "{name}");
        assert_eq!(all.erased, [], "{name}");
    }
    world.command("dora", Command::EraseItem { item: gone }).unwrap();
    world.settle();
    for name in ["erik", "dora"] {
        world.restart(name);
        world.settle();
        let all = erasures(&world, name);
        assert_eq!(all.wished, [], "{name}");
        let [entry] = all.erased.as_slice() else { panic!("{all:?}") };
        assert_eq!((entry.place, entry.count), (WrittenPlace::Thread, 1), "{name}");
        let mut by = [entry.by.as_str(), entry.second.as_deref().unwrap()];
        by.sort_unstable();
        assert_eq!(by, ["Erik", "dora"], "{name}");
        assert!(entry.at.is_some(), "{name}");
    }
}
