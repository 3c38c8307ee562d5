//! Pictures and files through real engines: held, shared, released; over deaths, refusals and lies.

pub(crate) mod host;

use std::collections::BTreeSet;

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::{AbsenceKind, ItemState, MediaTarget};
use nestpost_core::app::{Command, Query, View};
use nestpost_core::crypto::{DeviceKeys, random};
use nestpost_core::media::MediaFault;
use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, PersonId, Salt};
use nestpost_protocol::label;
use nestpost_protocol::log::entry::ENTRY_VERSION;
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::{Body, Entry, EntryBody, OpenEntry};
use nestpost_protocol::message::{Frame, RefusalCode};
use nestpost_protocol::record::{Kind, Side};
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, admit, kita, letter};
use host::{
    SET, blob_of, count, drawn, forge, forged, full_of, group_circle, ids, pictures, prepare, ready_command,
    send, stages, take_command, under_way, work,
};

const HOUR: u64 = 60 * 60 * 1000;

fn group(group: &str) -> MediaTarget {
    MediaTarget::Group(group.into())
}

fn thread_of(world: &World, name: &str) -> String {
    match world.query(name, &Query::Threads(NoArgs {})).unwrap() {
        View::Threads(threads) => threads[0].id.clone(),
        other => panic!("{other:?}"),
    }
}

fn alarms(world: &World, name: &str) -> Vec<&'static str> {
    world.summary(name).alarms.into_iter().map(|alarm| alarm.code).collect()
}

fn sick(child: &str) -> Command {
    let (from, to) = (DAY.into(), DAY.into());
    Command::ReportAbsence { child: child.into(), kind: AbsenceKind::Sick, from, to, note: "Fieber".into() }
}

#[test]
fn a_picture_is_held_before_its_item_goes_out() {
    let Kita { mut world, group: team, .. } = kita();
    let circle = group_circle(&world, &team);
    world.command("erik", take_command(&group(&team), &[0, 1])).unwrap();
    assert_eq!(stages(&world, "erik"), ["kept", "kept"]);
    let summary = world.summary("erik");
    assert_eq!((summary.waiting, summary.media.queued, summary.media.failed), (2, 2, 0));
    prepare(&mut world, "erik");
    world.settle();
    assert_eq!(stages(&world, "erik"), ["ready", "ready"]);
    assert!(pictures(&world, "maria").is_empty());
    assert_eq!(count(&world, &circle, Kind::Hold, &full_of(&drawn(0))), 0);
    work(&mut world, "erik");
    world.settle();
    assert_eq!(stages(&world, "erik"), [""; 0]);
    let summary = world.summary("erik");
    assert_eq!((summary.waiting, summary.media.queued), (0, 0), "{:?}", world.relay.refusals);
    for name in ["maria", "olga", "dora", "erik"] {
        assert_eq!(ids(&world, name), [drawn(0), drawn(1)], "{name}");
        let keys = world.engine(name).media(&drawn(1).parse().unwrap()).expect("it is there");
        assert_eq!(keys.full.id, full_of(&drawn(1)).to_string());
        assert_eq!(keys.thumb.unwrap().id, blob_of(&drawn(1), "thumb").to_string());
        assert_eq!(world.engine(name).media_index().len(), 2);
        assert_eq!(alarms(&world, name).iter().filter(|code| **code == "quarantined").count(), 0, "{name}");
    }
    // Each hold stands before the record of its item, for a year, on the staff's side.
    let records: Vec<_> = world.relay.records(&circle).iter().map(|r| r.check().unwrap()).collect();
    let holds: Vec<_> = records.iter().filter(|h| h.kind == Kind::Hold).collect();
    let items: Vec<_> = records.iter().filter(|h| h.kind == Kind::Batch).collect();
    let last = items.last().unwrap();
    assert!(holds.iter().all(|hold| hold.seq < last.seq && hold.side == Side::Staff));
    assert!(holds.iter().all(|hold| (hold.class, hold.month) == (last.class, last.month)));
    for name in ["maria", "erik"] {
        world.restart(name);
        world.settle();
        assert_eq!(ids(&world, name), [drawn(0), drawn(1)], "{name}, started again");
    }
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

/// Whatever the device was about to store or to send when it died: the picture arrives once, and so does its removal.
#[test]
fn a_device_that_dies_anywhere_on_the_way_sends_each_picture_exactly_once() {
    let Kita { mut world, group: team, .. } = kita();
    let circle = group_circle(&world, &team);
    let mut deaths = 0;
    for n in 0.. {
        let id = drawn(n);
        world.let_die_after("erik", u32::try_from(n).unwrap());
        for _ in 0..3 {
            world.attempt("erik", take_command(&group(&team), &[n]));
            work(&mut world, "erik");
            world.settle();
        }
        let seen: Vec<_> = ids(&world, "maria").into_iter().filter(|seen| *seen == id).collect();
        assert_eq!(seen.as_slice(), std::slice::from_ref(&id), "dead after {n}");
        assert_eq!(count(&world, &circle, Kind::Hold, &full_of(&id)), 1, "dead after {n}");
        assert_eq!(stages(&world, "erik"), [""; 0], "dead after {n}");
        if world.outlives("erik") {
            break;
        }
        deaths += 1;
    }
    assert!(deaths > 12, "{deaths}");
    for n in 0..deaths {
        world.let_die_after("erik", u32::try_from(n).unwrap());
        for _ in 0..3 {
            world.attempt("erik", Command::RemoveMedia { id: drawn(n) });
            world.settle();
        }
        assert!(!ids(&world, "maria").contains(&drawn(n)), "dead after {n}");
        assert_eq!(count(&world, &circle, Kind::Release, &full_of(&drawn(n))), 1, "dead after {n}");
        assert!(world.relay.blob(&full_of(&drawn(n))).is_none(), "dead after {n}");
        world.outlives("erik");
    }
    assert_eq!(world.summary("erik").waiting, 0);
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
    assert!(!alarms(&world, "erik").contains(&"device_copied"));
}

#[test]
fn what_the_relay_has_lost_is_sent_again() {
    let Kita { mut world, group: team, .. } = kita();
    world.set_offline("erik", true);
    world.command("erik", take_command(&group(&team), &[0, 1, 2])).unwrap();
    work(&mut world, "erik");
    // Days later: the reservations have expired, one of them at least.
    world.relay.lose_blob(&blob_of(&drawn(1), "thumb"));
    world.restart("erik");
    assert_eq!(stages(&world, "erik"), ["sent", "sent", "sent"]);
    world.set_offline("erik", false);
    world.settle();
    assert_eq!(world.relay.refusals, [RefusalCode::Blob]);
    assert_eq!(stages(&world, "erik"), ["ready", "ready", "ready"]);
    assert!(pictures(&world, "maria").is_empty());
    work(&mut world, "erik");
    world.settle();
    assert_eq!(ids(&world, "maria"), [0, 1, 2].map(drawn));
    assert_eq!(world.relay.refusals, [RefusalCode::Blob]);
    assert_eq!(stages(&world, "erik"), [""; 0]);
}

#[test]
fn a_hold_that_is_refused_again_and_again_stops_nothing_else() {
    let Kita { mut world, group: team, .. } = kita();
    world.command("erik", take_command(&group(&team), &[0, 1])).unwrap();
    prepare(&mut world, "erik");
    let device = world.engine("erik").house().me;
    for size in ["full", "thumb"] {
        world.relay.put_blob(device, blob_of(&drawn(1), size));
    }
    // The host is mistaken about the first: its bytes never get there.
    let say_sent = |world: &mut World| {
        for n in [0, 1] {
            world.command("erik", Command::MediaSent { id: drawn(n) }).unwrap();
        }
        world.settle();
    };
    say_sent(&mut world);
    say_sent(&mut world);
    assert_eq!(ids(&world, "maria"), [drawn(1)], "what was with it goes by itself");
    for round in 0..10 {
        say_sent(&mut world);
        let post = |title: String| Command::PostBulletin {
            group: Some(team.clone()),
            title,
            body: "…".into(),
            set: None,
        };
        world.command("erik", post(format!("Nr. {round}"))).unwrap();
        world.settle();
        let View::Bulletins(all) = world.query("maria", &Query::Bulletins(NoArgs {})).unwrap() else {
            panic!()
        };
        assert_eq!(all.len(), round + 1, "{:?}", world.relay.refusals);
    }
    let refusals = world.relay.refusals.len();
    assert!(refusals <= 4, "{refusals}");
    assert_eq!(stages(&world, "erik"), ["sent"], "it waits");
    for _ in 0..24 {
        world.pass(HOUR);
        say_sent(&mut world);
    }
    let refusals = world.relay.refusals.len() - refusals;
    assert!((4..=26).contains(&refusals), "{refusals}");
    assert!(alarms(&world, "erik").contains(&"refused"));
    // Its bytes come after all.
    work(&mut world, "erik");
    for size in ["full", "thumb"] {
        world.relay.put_blob(device, blob_of(&drawn(0), size));
    }
    world.pass(2 * HOUR);
    say_sent(&mut world);
    assert_eq!(ids(&world, "maria"), [drawn(0), drawn(1)]);
    assert!(!alarms(&world, "erik").contains(&"refused"));
}

#[test]
fn a_sick_note_goes_out_in_the_next_frame_whatever_else_waits() {
    let Kita { mut world, child, .. } = kita();
    let thread = thread_of(&world, "maria");
    let numbers: Vec<usize> = (0..300).collect();
    world.set_offline("maria", true);
    world.command("maria", take_command(&MediaTarget::Thread(thread.clone()), &numbers)).unwrap();
    work(&mut world, "maria");
    world.command("maria", sick(&child)).unwrap();
    let summary = world.summary("maria");
    assert_eq!((summary.waiting, summary.media.queued), (301, 300));
    let before = world.relay.frames.len();
    world.set_offline("maria", false);
    world.settle();
    let circle: CircleId = thread.parse().unwrap();
    let frames = world.relay.frames.iter().skip(before);
    let mine = frames.map(|frame| frame.records.iter().map(|r| r.check().unwrap()).collect::<Vec<_>>());
    let mut mine = mine.filter(|headers| headers.iter().any(|h| h.circle == circle));
    let first = mine.next().expect("a frame");
    assert!(first.iter().any(|header| header.kind == Kind::Batch), "the note is in the first frame");
    assert!(first.iter().any(|header| header.kind == Kind::Hold), "and waits for no frame of its own");
    assert_eq!(world.summary("maria").waiting, 0, "{:?}", world.relay.refusals);
    let View::Absences(seen) = world.query("erik", &Query::Absences { child }).unwrap() else { panic!() };
    assert_eq!(seen.len(), 1);
    assert_eq!(world.engine("erik").media_index().len(), 300);
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn a_picture_is_shared_into_a_second_circle_and_not_by_who_does_not_read_the_first() {
    let Kita { mut world, group: team, child } = kita();
    let circle: CircleId = child.parse().unwrap();
    send(&mut world, "erik", &group(&team), &[0]);
    let share = Command::SharePicture { id: drawn(0), to: MediaTarget::Child(child.clone()) };
    world.command("erik", share.clone()).unwrap();
    world.settle();
    assert_eq!(count(&world, &circle, Kind::Hold, &full_of(&drawn(0))), 1);
    let holds = &world.relay.blob(&full_of(&drawn(0))).unwrap().holds;
    assert_eq!(holds.len(), 2, "{holds:?}");
    for name in ["maria", "frank"] {
        let seen = pictures(&world, name);
        assert_eq!((seen.len(), seen[0].shared_with.clone()), (1, vec!["Carla".into()]), "{name}");
        assert!(seen[0].may_download, "{name}");
    }
    assert_eq!(pictures(&world, "olga")[0].shared_with, [""; 0]);
    assert!(world.command("olga", share).is_err());

    // A picture of Carla's alone: Olga's modified client cannot have it kept for herself, whatever it knows.
    send(&mut world, "erik", &MediaTarget::Child(child), &[1]);
    let olgas: CircleId = thread_of(&world, "olga").parse().unwrap();
    let refused = Err(RefusalCode::Blob);
    assert_eq!(forge(&mut world, "olga", &olgas, Kind::Hold, vec![full_of(&drawn(1))]), refused);
    // Nor what she reads: it would stay when Erik takes it back.
    assert_eq!(forge(&mut world, "olga", &olgas, Kind::Hold, vec![full_of(&drawn(0))]), refused);
}

#[test]
fn nobody_holds_or_releases_what_is_not_theirs() {
    let Kita { mut world, group: team, child } = kita();
    let circle = group_circle(&world, &team);
    send(&mut world, "erik", &group(&team), &[0]);
    send(&mut world, "erik", &MediaTarget::Child(child), &[1]);
    let marias: CircleId = thread_of(&world, "maria").parse().unwrap();
    let (shown, hers) = (full_of(&drawn(0)), full_of(&drawn(9)));
    // Not yet held: the device that put it there may, and nobody else.
    let device = world.engine("erik").house().me;
    world.relay.put_blob(device, hers);
    let mut try_all = |name: &str, circle: &CircleId| {
        [(Kind::Hold, hers), (Kind::Release, shown)]
            .map(|(kind, blob)| forge(&mut world, name, circle, kind, vec![blob]))
    };
    let (not_allowed, blob) = (Err(RefusalCode::NotAllowed), Err(RefusalCode::Blob));
    // She writes into no group, and her own thread holds neither.
    assert_eq!(try_all("maria", &circle), [not_allowed; 2]);
    assert_eq!(try_all("maria", &marias), [blob; 2]);
    // Dora directs, and takes back what staff show; she did not put the other one there.
    assert_eq!(forge(&mut world, "dora", &circle, Kind::Hold, vec![hers]), blob);
    assert_eq!(forge(&mut world, "dora", &circle, Kind::Release, vec![shown]), Ok(()));
    assert!(world.relay.blob(&shown).is_none());
    // What Maria keeps, nobody takes from her but Dora.
    let kept = full_of(&drawn(6));
    world.relay.put_blob(world.engine("maria").house().me, kept);
    assert_eq!(forge(&mut world, "maria", &marias, Kind::Hold, vec![kept]), Ok(()));
    assert_eq!(forge(&mut world, "erik", &marias, Kind::Release, vec![kept]), blob);
    assert_eq!(forge(&mut world, "dora", &marias, Kind::Release, vec![kept]), Ok(()));
    assert!(world.relay.blob(&kept).is_none());

    // What Maria could do until she was taken out.
    let own = full_of(&drawn(5));
    let (device, person) =
        (world.engine("maria").house().me, world.engine("maria").house().person().unwrap().0);
    world.relay.put_blob(device, own);
    let frame = Frame { entries: vec![end_role(&world, "dora", person)], ..Frame::default() };
    world.set_offline("maria", true);
    let record = forged(&world, "maria", &marias, Kind::Hold, vec![own]);
    world.relay.forge(&frame).expect("a director ends a role");
    let late = Frame { records: vec![record], ..Frame::default() };
    assert_eq!(world.relay.forge(&late), not_allowed);
    assert_eq!(forge(&mut world, "maria", &marias, Kind::Hold, vec![own]), not_allowed);
}

/// A role's end, as its author signs it.
fn end_role(world: &World, by: &str, person: PersonId) -> OpenEntry {
    entry_by(world, by, &Body::RoleEnd(RoleEnd { person }))
}

fn entry_by(world: &World, by: &str, body: &Body) -> OpenEntry {
    let keys: DeviceKeys = world.keys(by);
    let log = world.relay.log();
    let (kind, bytes) = body.encode();
    let head = log.head().unwrap();
    let signed = codec::encode(&EntryBody {
        version: ENTRY_VERSION,
        house: log.house(),
        seq: head.seq + 1,
        prev: Some(head.hash),
        class: log.classify(body).0,
        kind,
        author: keys.id(),
        body: bytes.into(),
        before: log.before(body),
    });
    let signature = keys.sign(label::ENTRY, &signed);
    let entry = codec::encode(&Entry { signed: signed.into(), signature, cosignatures: Vec::new() });
    OpenEntry { entry: entry.into(), salt: Salt::new(random::bytes()) }
}

#[test]
fn a_hold_that_its_author_could_not_write_is_set_aside_by_who_reads_it() {
    let Kita { mut world, group: team, .. } = kita();
    let circle = group_circle(&world, &team);
    send(&mut world, "erik", &group(&team), &[0]);
    let quarantined = |world: &World, name: &str| alarms(world, name).contains(&"quarantined");
    // The relay lets Olga say what the group keeps.
    let record = forged(&world, "olga", &circle, Kind::Hold, vec![full_of(&drawn(7))]);
    world.relay.slip_in(record);
    world.settle();
    for name in ["maria", "frank", "erik", "dora"] {
        assert!(quarantined(&world, name), "{name}");
    }
    // It stops nobody.
    send(&mut world, "erik", &group(&team), &[1]);
    for name in ["maria", "erik"] {
        assert_eq!(ids(&world, name), [drawn(0), drawn(1)], "{name}");
        world.restart(name);
        world.settle();
        assert!(quarantined(&world, name), "{name}, started again");
    }
}

#[test]
fn what_is_taken_back_is_gone_at_the_relay_and_from_every_screen() {
    let Kita { mut world, group: team, child } = kita();
    send(&mut world, "erik", &group(&team), &[0, 1]);
    let share = Command::SharePicture { id: drawn(0), to: MediaTarget::Child(child) };
    world.command("erik", share).unwrap();
    world.settle();
    assert!(world.command("maria", Command::RemoveMedia { id: drawn(0) }).is_err());
    world.set_offline("erik", true);
    world.command("erik", Command::RemoveMedia { id: drawn(0) }).unwrap();
    assert_eq!(ids(&world, "erik"), [drawn(1)]);
    world.restart("erik");
    world.set_offline("erik", false);
    world.settle();
    assert!(world.relay.blob(&full_of(&drawn(0))).is_none());
    assert!(world.relay.blob(&blob_of(&drawn(0), "thumb")).is_none());
    // A director takes back what another put there.
    world.command("dora", Command::RemoveMedia { id: drawn(1) }).unwrap();
    world.settle();
    assert!(world.relay.blob(&full_of(&drawn(1))).is_none());
    for name in ["maria", "frank", "olga", "erik", "dora"] {
        assert_eq!(ids(&world, name), [""; 0], "{name}");
        assert_eq!(world.engine(name).media(&drawn(0).parse().unwrap()), None, "{name}");
        assert!(world.engine(name).media_index().is_empty(), "{name}");
        assert_eq!(world.summary(name).waiting, 0, "{name}");
    }
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

/// What a removal rests on: which role its author had there.
#[test]
fn every_item_counts_from_the_log_position_of_its_record() {
    let Kita { mut world, group: team, .. } = kita();
    let circle = group_circle(&world, &team);
    send(&mut world, "erik", &group(&team), &[0]);
    // The log goes on.
    let person = world.engine("maria").house().person().unwrap().0;
    letter(&mut world, &person.to_string());
    world.command("dora", Command::RemoveMedia { id: drawn(0) }).unwrap();
    world.settle();
    let named = |world: &World| {
        let records = world.relay.records(&circle);
        let batches = records.iter().filter_map(|r| r.check().ok()).filter(|h| h.kind == Kind::Batch);
        batches.map(|header| (header.author, header.log.seq)).collect::<BTreeSet<_>>()
    };
    let distinct: BTreeSet<_> = named(&world).into_iter().map(|(_, seq)| seq).collect();
    assert_eq!(distinct.len(), 2);
    for name in ["maria", "erik", "dora"] {
        for again in [false, true] {
            if again {
                world.restart(name);
                world.settle();
            }
            let house = world.engine(name).house();
            let items = house.docs.items(&circle).map(|item| (item.author.unwrap(), item.log.unwrap()));
            assert_eq!(items.collect::<BTreeSet<_>>(), named(&world), "{name}");
        }
    }
}

/// What was sealed long ago and comes now, by a device that was offline or by one that lies, names an old log position.
#[test]
fn nothing_counts_from_before_what_the_relay_had_already() {
    for effects in 0.. {
        let Kita { mut world, group: team, .. } = kita();
        let circle = group_circle(&world, &team);
        send(&mut world, "erik", &group(&team), &[0]);
        world.let_fall_off_after("erik", effects);
        world.attempt("erik", Command::RemoveMedia { id: drawn(0) });
        world.settle();
        assert!(!world.outlives("erik"), "it never died with a sealed frame");
        let person = world.engine("maria").house().person().unwrap().0;
        letter(&mut world, &person.to_string());
        send(&mut world, "dora", &group(&team), &[1]);
        world.set_offline("erik", false);
        world.settle();
        let records = world.relay.records(&circle);
        let headers: Vec<_> = records.iter().filter_map(|r| r.check().ok()).collect();
        let last = headers.iter().rfind(|header| header.kind == Kind::Batch).unwrap();
        let latest = headers.iter().map(|header| header.log.seq).max().unwrap();
        if last.author != world.keys("erik").id() || last.log.seq == latest {
            continue;
        }
        for name in ["maria", "erik"] {
            let house = world.engine(name).house();
            let by_erik = house.docs.items(&circle).filter(|item| item.author == Some(last.author));
            let logs: BTreeSet<_> = by_erik.map(|item| item.log.unwrap()).collect();
            assert_eq!(logs.last(), Some(&latest), "{name}");
        }
        return;
    }
}

#[test]
fn what_is_taken_back_while_its_hold_is_under_way_is_not_kept() {
    let Kita { mut world, group: team, .. } = kita();
    world.command("erik", take_command(&group(&team), &[0, 1])).unwrap();
    work(&mut world, "erik");
    // The relay has both holds, and its answer is on its way.
    assert_eq!(world.relay.blob(&full_of(&drawn(0))).unwrap().holds.len(), 1);
    world.command("erik", Command::RemoveMedia { id: drawn(0) }).unwrap();
    world.restart("erik");
    world.settle();
    assert!(world.relay.blob(&full_of(&drawn(0))).is_none());
    assert_eq!(ids(&world, "maria"), [drawn(1)]);
    assert_eq!(world.summary("erik").waiting, 0);
}

#[test]
fn a_release_of_what_nobody_holds_is_forgotten() {
    let Kita { mut world, group: team, .. } = kita();
    send(&mut world, "erik", &group(&team), &[0, 1]);
    // Both take it back before either hears of the other.
    for name in ["erik", "dora"] {
        world.set_offline(name, true);
        world.command(name, Command::RemoveMedia { id: drawn(0) }).unwrap();
    }
    world.command("dora", Command::RemoveMedia { id: drawn(1) }).unwrap();
    world.set_offline("erik", false);
    world.settle();
    world.set_offline("dora", false);
    world.settle();
    assert!(world.relay.blob(&full_of(&drawn(1))).is_none(), "what was with it is released all the same");
    assert!(world.relay.refusals.len() <= 2, "{:?}", world.relay.refusals);
    world.pass(HOUR);
    world.settle();
    assert!(world.relay.refusals.len() <= 2, "{:?}", world.relay.refusals);
    assert_eq!(ids(&world, "maria"), [""; 0]);
}

#[test]
fn a_share_that_comes_too_late_is_set_aside_and_says_so() {
    let Kita { mut world, group: team, child } = kita();
    send(&mut world, "erik", &group(&team), &[0, 1, 2, 3, 4, 5, 6]);
    world.set_offline("erik", true);
    for n in 0..7 {
        let to = MediaTarget::Child(child.clone());
        world.command("erik", Command::SharePicture { id: drawn(n), to }).unwrap();
    }
    for n in 0..6 {
        world.command("dora", Command::RemoveMedia { id: drawn(n) }).unwrap();
    }
    world.settle();
    world.set_offline("erik", false);
    world.settle();
    // Each is refused by itself, and nothing else waits for it.
    let failed = under_way(&world, "erik").pictures;
    assert_eq!(failed.len(), 6);
    for picture in &failed {
        let transfer = picture.transfer.as_ref().unwrap();
        assert_eq!((transfer.fault, transfer.may_retry), (Some(MediaFault::Withdrawn), false));
    }
    assert_eq!(pictures(&world, "maria")[0].shared_with, ["Carla"], "the last one is shared");
    let media = world.summary("erik").media;
    assert_eq!((media.queued, media.failed), (0, 6));
    world.command("erik", sick(&child)).unwrap();
    world.settle();
    assert_eq!(world.summary("erik").waiting, 0, "{:?}", world.relay.refusals);
    world.command("erik", Command::RemoveMedia { id: failed[0].id.clone() }).unwrap();
    assert_eq!(world.summary("erik").media.failed, 5);
}

/// Nothing that could still be sent is given up unless somebody removes it.
#[test]
fn what_was_set_aside_stays_and_is_tried_again() {
    let Kita { mut world, .. } = kita();
    let marias = thread_of(&world, "maria");
    world.set_offline("maria", true);
    world.command("maria", take_command(&MediaTarget::Thread(marias.clone()), &[0, 1])).unwrap();
    world.command("maria", ready_command(&drawn(0))).unwrap();
    let stage = |world: &World| {
        let all = under_way(world, "maria").pictures;
        all.iter().map(|p| p.transfer.clone().unwrap()).map(|t| (t.fault, t.may_retry)).collect::<Vec<_>>()
    };
    assert_eq!(stage(&world), [(None, false); 2]);
    world.command("maria", Command::MediaFailed { id: drawn(0), fault: MediaFault::Refused }).unwrap();
    world.command("maria", Command::MediaFailed { id: drawn(1), fault: MediaFault::StorageFull }).unwrap();
    world.restart("maria");
    assert_eq!(stage(&world), [(Some(MediaFault::Refused), true), (Some(MediaFault::StorageFull), true)]);
    let rows = world.engine("maria").transfers();
    assert_eq!(rows.iter().map(|row| row.stage).collect::<Vec<_>>(), ["failed"; 2]);
    assert_eq!((rows[0].blobs.len(), rows[0].original.is_some()), (2, false));
    assert_eq!((rows[1].blobs.len(), rows[1].original.is_some()), (0, true));
    let media = world.summary("maria").media;
    assert_eq!((media.queued, media.failed), (0, 2));
    for n in [0, 1] {
        world.command("maria", Command::RetryMedia { id: drawn(n) }).unwrap();
    }
    assert_eq!(stages(&world, "maria"), ["ready", "kept"]);
    world.set_offline("maria", false);
    work(&mut world, "maria");
    world.settle();
    assert_eq!(stages(&world, "maria"), [""; 0]);
    assert_eq!(world.engine("erik").media_index().len(), 2);
    // What is damaged is not kept, and what is sent is not sent again.
    world.command("maria", take_command(&MediaTarget::Thread(marias), &[2])).unwrap();
    world.command("maria", Command::MediaFailed { id: drawn(2), fault: MediaFault::Undecodable }).unwrap();
    assert_eq!(stage(&world), [(Some(MediaFault::Undecodable), false)]);
    assert_eq!(stages(&world, "maria"), [""; 0]);
    world.command("maria", Command::RetryMedia { id: drawn(2) }).unwrap();
    assert_eq!(stage(&world), [(Some(MediaFault::Undecodable), false)]);
    assert!(world.command("maria", Command::RetryMedia { id: drawn(0) }).is_err());
}

#[test]
fn what_may_not_be_sent_there_any_more_waits_for_whoever_may_again() {
    let Kita { mut world, .. } = kita();
    let marias = thread_of(&world, "maria");
    let circle: CircleId = marias.parse().unwrap();
    let who = Who::Person(world.engine("maria").house().person().unwrap().0);
    world.command("maria", take_command(&MediaTarget::Thread(marias), &[0, 1])).unwrap();
    world.command("maria", ready_command(&drawn(0))).unwrap();
    let enter = |world: &mut World, body: &Body| {
        let entries = vec![entry_by(world, "dora", body)];
        world.relay.forge(&Frame { entries, ..Frame::default() }).expect("a director says who belongs");
        world.settle();
        // Somebody else's change wakes her device.
        let person = world.engine("olga").house().person().unwrap().0;
        letter(world, &person.to_string());
    };
    enter(&mut world, &Body::MemberEnd(MemberEnd { circle, who }));
    let set_aside = |world: &World| {
        let all = under_way(world, "maria").pictures.into_iter().filter_map(|picture| picture.transfer);
        all.map(|transfer| (transfer.fault, transfer.may_retry)).collect::<Vec<_>>()
    };
    assert_eq!(set_aside(&world), [(Some(MediaFault::NoAccess), true); 2]);
    let retry = |n| Command::RetryMedia { id: drawn(n) };
    assert!(world.command("maria", retry(0)).is_err());
    let circle_seq = world.relay.log().circle(&circle).unwrap().seq;
    let history = History::All;
    enter(&mut world, &Body::Member(Member { circle, circle_seq, who, history }));
    for n in [0, 1] {
        world.command("maria", retry(n)).unwrap();
    }
    assert_eq!(stages(&world, "maria"), ["ready", "kept"]);
    work(&mut world, "maria");
    world.settle();
    assert_eq!(stages(&world, "maria"), [""; 0], "{:?}", world.relay.refusals);
    assert_eq!(world.engine("erik").media_index().len(), 2);
}

#[test]
fn pausing_is_remembered() {
    let Kita { mut world, group: team, .. } = kita();
    world.command("erik", take_command(&group(&team), &[0])).unwrap();
    world.command("erik", Command::PauseMedia { paused: true }).unwrap();
    world.restart("erik");
    let media = world.summary("erik").media;
    assert!(media.paused && media.queued == 1);
    world.command("erik", Command::PauseMedia { paused: false }).unwrap();
    world.restart("erik");
    assert!(!world.summary("erik").media.paused);
    work(&mut world, "erik");
    world.settle();
    assert_eq!(ids(&world, "maria"), [drawn(0)]);
}

#[test]
fn either_device_of_a_person_takes_back_what_the_other_sent() {
    let Kita { mut world, group: team, .. } = kita();
    let person = world.engine("erik").house().person().unwrap().0.to_string();
    admit(&mut world, "erik's other", &person);
    world.settle();
    send(&mut world, "erik", &group(&team), &[0]);
    send(&mut world, "erik's other", &group(&team), &[1]);
    for name in ["erik", "erik's other"] {
        let seen = pictures(&world, name);
        assert!(
            seen.len() == 2 && seen.iter().all(|p| p.mine && p.may_remove && p.state == ItemState::Relay)
        );
    }
    world.command("erik's other", Command::RemoveMedia { id: drawn(0) }).unwrap();
    world.settle();
    assert!(world.relay.blob(&full_of(&drawn(0))).is_none());
    assert_eq!(ids(&world, "maria"), [drawn(1)]);
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn an_item_lasts_no_longer_than_its_hold() {
    let Kita { mut world, group: team, .. } = kita();
    let circle = group_circle(&world, &team);
    world.command("erik", take_command(&group(&team), &[0])).unwrap();
    work(&mut world, "erik");
    // The answer comes in the next month.
    world.pass(15 * 24 * HOUR);
    world.relay.month = world.now.month();
    world.settle();
    assert_eq!(ids(&world, "maria"), [drawn(0)]);
    let headers = world.relay.records(&circle).into_iter().map(|record| record.check().unwrap());
    let months: Vec<_> =
        headers.filter(|h| matches!(h.kind, Kind::Hold | Kind::Batch)).map(|h| (h.kind, h.month)).collect();
    let hold = months.iter().find(|(kind, _)| *kind == Kind::Hold).expect("held").1;
    assert_eq!(months.last(), Some(&(Kind::Batch, hold)));
}

#[test]
fn when_its_year_is_over_nothing_is_left_of_a_picture_but_its_place() {
    let Kita { mut world, group: team, .. } = kita();
    send(&mut world, "erik", &group(&team), &[0]);
    let knows = |world: &World, name: &str| {
        let blob = full_of(&drawn(0));
        world.stored_bytes(name).windows(32).any(|window| window == blob.as_bytes())
    };
    assert!(knows(&world, "erik") && knows(&world, "maria"));
    world.pass(400 * 24 * HOUR);
    world.relay.month = world.now.month();
    for name in ["erik", "maria"] {
        assert_eq!(ids(&world, name), [""; 0], "{name}");
        assert!(!knows(&world, name), "{name}");
        world.restart(name);
    }
    send(&mut world, "erik", &group(&team), &[1]);
    assert_eq!(ids(&world, "maria"), [drawn(1)]);
    assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
}

#[test]
fn a_picture_whose_document_expired_before_it_was_sent_is_held_anew() {
    let Kita { mut world, .. } = kita();
    let thread = thread_of(&world, "maria");
    for (n, lost) in [(0, false), (1, true)] {
        world.command("maria", take_command(&MediaTarget::Thread(thread.clone()), &[n])).unwrap();
        prepare(&mut world, "maria");
        // Held, and the line breaks before the item gets out.
        let device = world.engine("maria").house().me;
        for size in ["full", "thumb"] {
            world.relay.put_blob(device, blob_of(&drawn(n), size));
        }
        world.let_fall_off_after("maria", 10);
        world.command("maria", Command::MediaSent { id: drawn(n) }).unwrap();
        world.settle();
        assert!(!world.outlives("maria"), "she died");
        assert_eq!(world.relay.blob(&full_of(&drawn(n))).unwrap().holds.len(), 1);
        assert_eq!(stages(&world, "maria"), [""; 0], "the row is gone, the item waits");
        world.pass(70 * 24 * HOUR);
        world.relay.month = world.now.month();
        if lost {
            world.relay.lose_blob(&full_of(&drawn(n)));
        }
        world.set_offline("maria", false);
        world.settle();
        assert!(world.relay.refusals.contains(&RefusalCode::Expired), "{:?}", world.relay.refusals);
        let failed = world.summary("maria").media.failed;
        let there = world.engine("erik").media(&drawn(n).parse().unwrap()).is_some();
        assert_eq!((there, failed), (!lost, usize::from(lost)), "{:?}", world.relay.refusals);
    }
}

#[test]
fn a_ticket_is_asked_for_when_there_is_somebody_to_ask_and_once() {
    let Kita { mut world, .. } = kita();
    world.set_offline("maria", true);
    world.want_ticket("maria");
    world.want_ticket("maria");
    world.settle();
    assert!(world.device("maria").tickets.is_empty());
    world.set_offline("maria", false);
    world.settle();
    assert_eq!(world.device("maria").tickets, [b"ticket".to_vec()]);
    // Two ask before there is an answer: one question.
    world.want_ticket("maria");
    world.want_ticket("maria");
    world.settle();
    assert_eq!(world.device("maria").tickets.len(), 2);
    assert!(!alarms(&world, "maria").contains(&"relay_garbage"));
    world.want_ticket("maria");
    // The line breaks before the answer.
    world.set_offline("maria", true);
    world.set_offline("maria", false);
    world.settle();
    assert_eq!(world.device("maria").tickets.len(), 3);
}

#[test]
fn nothing_of_a_picture_lies_readable_on_the_device_or_passes_the_relay() {
    let Kita { mut world, group: team, .. } = kita();
    world.command("erik", take_command(&group(&team), &[0])).unwrap();
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
    let secrets: [&[u8]; 4] = [b"IMG_0.jpg", &[9; 32], &[7; 32], SET.as_bytes()];
    let check = |world: &World, when: &str| {
        for secret in secrets {
            assert!(!find(&world.stored_bytes("erik"), secret), "{when}");
            assert!(!find(&world.relay.received, secret), "{when}");
        }
    };
    check(&world, "kept");
    world.command("erik", ready_command(&drawn(0))).unwrap();
    check(&world, "ready");
    work(&mut world, "erik");
    check(&world, "sent");
    world.settle();
    check(&world, "arrived");
    assert!(
        find(&world.relay.received, full_of(&drawn(0)).as_bytes()),
        "the relay knows which blob it keeps"
    );
    assert!(!find(&world.stored_bytes("maria"), b"IMG_0.jpg"));
}
