//! A relay that lies and a member that does not keep to the rules: noticed, confined to the circle, and shown to others.

use nestpost_core::app::command::NoArgs;
use nestpost_core::app::view::{AbsenceKind, Evidence as Shown, Wrong};
use nestpost_core::app::{Command, Query, View};
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::evidence::{Case, Evidence, EvidenceError, History, SignedHeader, Verdict};
use nestpost_protocol::id::{Accumulator, CircleId, DeviceId, DocumentId, Hash};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::{Class as LinkClass, Link};
use nestpost_protocol::message::{LOG, LogPage, RelayMessage, Synced};
use nestpost_protocol::record::{HEADER_VERSION, Header, Kind, Position, Record, Sealing, Suite};
use nestpost_protocol::retention::{Class, expiry};
use nestpost_protocol::{access, label};
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, alarms, bulletin, kita};
use crate::repair::epoch;

fn shown(world: &World, name: &str) -> Shown {
    match world.query(name, &Query::Evidence(NoArgs {})).unwrap() {
        View::Evidence(evidence) => evidence,
        other => panic!("{other:?}"),
    }
}

fn file(world: &World, name: &str) -> Evidence {
    let hex = shown(world, name).file.expect("something to show");
    let bytes: Vec<u8> =
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect();
    for name in ["dora", "erik", "maria", "frank", "Carla", "Igel", "Spatzennest", "Fieber"] {
        let found = bytes.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name.as_bytes()));
        assert!(!found, "no names and no contents: {name}");
    }
    Evidence::decode(&bytes).unwrap()
}

fn verdicts(file: &Evidence) -> Result<Vec<Verdict>, EvidenceError> {
    Ok(file.check()?.into_iter().map(|finding| finding.verdict).collect())
}

fn wrongs(world: &World, name: &str) -> Vec<(Wrong, Option<String>)> {
    shown(world, name).cases.into_iter().map(|case| (case.what, case.person_name)).collect()
}

fn bulletins(world: &World, name: &str) -> usize {
    match world.query(name, &Query::Bulletins(NoArgs {})).unwrap() {
        View::Bulletins(all) => all.len(),
        other => panic!("{other:?}"),
    }
}

fn sick(world: &mut World, by: &str, child: &str) {
    let (child, from, to, note) = (child.to_owned(), DAY.to_owned(), DAY.to_owned(), "Fieber".to_owned());
    world.command(by, Command::ReportAbsence { child, kind: AbsenceKind::Sick, from, to, note }).unwrap();
    world.settle();
}

fn device(world: &World, name: &str) -> DeviceId {
    world.engine(name).house().me
}

fn thread(world: &World, name: &str) -> CircleId {
    let house = world.engine(name).house();
    let me = house.person().unwrap().0;
    house.log.circles().find(|c| c.sort == Sort::Private && c.guardian == Some(me)).unwrap().id
}

/// A record of somebody's in their thread, with a body that nobody can open.
fn record(world: &World, by: &str, circle: CircleId, change: impl FnOnce(&mut Header)) -> Record {
    let (keys, log) = (world.keys(by), world.relay.log());
    let last = world.relay.last(&circle, &keys.id());
    let body = vec![9; 1_200];
    let mut header = Header {
        version: HEADER_VERSION,
        suite: Suite::X25519,
        sealing: Sealing::Content,
        house: log.house().unwrap(),
        circle,
        epoch: world.relay.epoch(&circle).unwrap(),
        document: Some(DocumentId::new([8; 16])),
        side: access::side_of(log, &keys.id(), &circle).unwrap(),
        kind: Kind::Batch,
        author: keys.id(),
        seq: last.map_or(1, |(seq, _)| seq + 1),
        prev: last.map(|(_, id)| id),
        log: log.head().unwrap(),
        seen: world.relay.end(&circle),
        class: Class::Short,
        month: expiry(Class::Short, world.now.month()),
        body_hash: Hash::new(sha256(&[&body])),
        body_len: 1_200,
    };
    change(&mut header);
    let header = codec::encode(&header);
    Record { signature: keys.sign(label::RECORD, &header), header: header.into(), body: body.into() }
}

#[test]
fn a_relay_that_signs_two_histories_is_caught_with_both_signatures() {
    let Kita { mut world, child, .. } = kita();
    bulletin(&mut world, "dora", "Vorher");
    let house = world.engine("erik").house().sole(Sort::House).unwrap();
    // Whoever comes online and was away is given the relay's word for all there is.
    world.set_offline("erik", true);
    bulletin(&mut world, "dora", "Dann");
    world.set_offline("erik", false);
    world.settle();
    assert!(shown(&world, "erik").file.is_none());
    let end = world.relay.end(&house);
    let other = Position { n: end.n, acc: Accumulator::new([6; 32]) };
    let positions = vec![world.relay.vouch(house, other)];
    let synced = Synced { log: world.relay.log().head(), positions };
    world.receive("erik", codec::encode(&RelayMessage::Synced(synced)));
    assert!(alarms(&world, "erik").contains(&"relay_rewound"));
    for again in [false, true] {
        if again {
            world.restart("erik");
        }
        assert_eq!(wrongs(&world, "erik"), [(Wrong::Relay, None)], "{again}");
        assert_eq!(verdicts(&file(&world, "erik")), Ok(vec![Verdict::Relay]));
    }
    // Only this circle rests: a thread goes on.
    sick(&mut world, "maria", &child);
    let of_maria = thread(&world, "maria");
    assert!(world.engine("erik").house().docs.all().any(|(_, held)| held.fact.circle == of_maria));
    assert!(alarms(&world, "dora").iter().all(|code| *code != "relay_rewound"), "nobody else is told so");

    // Nobody can make such a file, or another one of it.
    let true_file = file(&world, "erik");
    let mut forged = true_file.clone();
    let [Case::Histories(ours, theirs)] = forged.cases.as_mut_slice() else { panic!("{forged:?}") };
    theirs.from = ours.from;
    assert_eq!(verdicts(&forged), Err(EvidenceError::Consistent));
    let mut forged = true_file.clone();
    let [Case::Histories(_, theirs)] = forged.cases.as_mut_slice() else { panic!() };
    theirs.from.acc = Accumulator::new([7; 32]);
    let signed = theirs.signed.as_mut().unwrap();
    signed.claim.acc = theirs.from.acc;
    assert_eq!(verdicts(&forged), Err(EvidenceError::Signature));
    let mut forged = true_file.clone();
    let [Case::Histories(ours, _)] = forged.cases.as_mut_slice() else { panic!() };
    ours.signed = None;
    assert_eq!(verdicts(&forged), Ok(vec![Verdict::WordOfRelay]), "one signature is no proof");
    let mut forged = true_file;
    forged.house = nestpost_protocol::id::HouseId::new([1; 32]);
    assert_eq!(verdicts(&forged), Err(EvidenceError::House));
}

#[test]
fn a_record_that_names_another_history_stops_its_circle_alone_and_is_kept() {
    let Kita { mut world, child, .. } = kita();
    // Whoever comes online and was away is given the relay's word for all there is.
    world.set_offline("erik", true);
    sick(&mut world, "maria", &child);
    world.set_offline("erik", false);
    world.settle();
    let circle = thread(&world, "maria");
    let seen = Position { n: world.relay.end(&circle).n, acc: Accumulator::new([5; 32]) };
    let lie = record(&world, "maria", circle, |header| header.seen = seen);
    let header = SignedHeader::of(&lie);
    world.relay.slip_in(lie);
    world.settle();
    let maria = device(&world, "maria");
    assert!(alarms(&world, "erik").contains(&"relay_rewound"));
    assert!(wrongs(&world, "erik").iter().any(|(what, _)| *what == Wrong::RelayOrDevice));
    let file = file(&world, "erik");
    let verdicts = verdicts(&file).unwrap();
    assert!(verdicts.contains(&Verdict::RelayOrDevice(maria)), "{verdicts:?}");
    assert!(file.cases.iter().any(|case| matches!(case, Case::Seen(_, shown) if *shown == header)));
    bulletin(&mut world, "dora", "Danach");
    assert_eq!(bulletins(&world, "erik"), 1, "all else goes on");
}

#[test]
fn what_a_member_should_not_have_made_is_kept_with_their_signature() {
    let Kita { mut world, .. } = kita();
    let circle = thread(&world, "frank");
    let bad = record(&world, "frank", circle, |_| ());
    let id = bad.id().to_string();
    world.relay.slip_in(bad);
    world.settle();
    // What was set aside is set aside again by whoever starts anew, and listed once.
    world.restart("erik");
    world.settle();
    let frank = device(&world, "frank");
    for name in ["dora", "erik"] {
        assert!(alarms(&world, name).contains(&"quarantined"), "{name}");
        assert_eq!(shown(&world, name).cases[0].device, Some(frank.to_string()));
        let set_aside = shown(&world, name).set_aside;
        assert_eq!((set_aside.len(), &set_aside[0].record), (1, &id), "{name}");
        assert_eq!(Some(&set_aside[0].author), shown(&world, name).cases[0].person_name.as_ref());
        assert_eq!(verdicts(&file(&world, name)), Ok(vec![Verdict::Device(frank)]), "{name}");
    }
    let told = shown(&world, "maria");
    assert!(told.cases.is_empty() && told.set_aside.is_empty(), "no other family hears of it");
    // Of keys that do not open, the wrap.
    let frame = epoch(&world, "frank", circle, |_| false);
    world.relay.forge(&frame).unwrap();
    world.settle();
    let wraps = file(&world, "dora").cases.into_iter().filter(|case| matches!(case, Case::Wrap(_)));
    assert!(wraps.count() > 0);
    // That they do not open is the word of whoever they are for.
    let verdicts = verdicts(&file(&world, "dora")).unwrap();
    assert!(verdicts.contains(&Verdict::Wrap(frank)), "{verdicts:?}");
    let of = |wrong: Wrong| shown(&world, "dora").cases.iter().filter(|case| case.what == wrong).count();
    let wraps = verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Wrap(_))).count();
    assert_eq!((of(Wrong::Unproven), of(Wrong::Device)), (wraps, verdicts.len() - wraps));
    bulletin(&mut world, "dora", "Danach");
    assert_eq!(bulletins(&world, "frank"), 1, "all else goes on");
}

#[test]
fn a_record_that_names_another_log_is_kept_with_the_link_that_was_shown_here() {
    let Kita { mut world, .. } = kita();
    let circle = thread(&world, "maria");
    let other = record(&world, "maria", circle, |header| {
        header.log.hash = nestpost_protocol::id::LinkHash::new([4; 32]);
    });
    world.relay.slip_in(other);
    world.settle();
    let maria = device(&world, "maria");
    assert!(verdicts(&file(&world, "dora")).unwrap().contains(&Verdict::Word(maria)));
    let mut consistent = file(&world, "dora");
    let link = *world.relay.log().link(0).unwrap();
    consistent.cases.retain(|case| matches!(case, Case::Head(..)));
    let [Case::Head(_, shown)] = consistent.cases.as_mut_slice() else { panic!("{consistent:?}") };
    *shown = link;
    assert_eq!(verdicts(&consistent), Err(EvidenceError::Consistent));
    // Two claims of one device's own prove nothing at all.
    let history = || History {
        circle,
        from: Position { n: 1, acc: Accumulator::new([1; 32]) },
        ids: vec![],
        signed: None,
    };
    let other = History { from: Position { n: 1, acc: Accumulator::new([2; 32]) }, ..history() };
    consistent.cases = vec![Case::Histories(history(), other)];
    assert_eq!(verdicts(&consistent), Err(EvidenceError::Signature));
}

/// The relay signs another end of the house's circle than it showed.
fn signs_another(world: &mut World, name: &str) {
    let house = world.engine(name).house().sole(Sort::House).unwrap();
    let end = world.relay.end(&house);
    let other = Position { n: end.n, acc: Accumulator::new([6; 32]) };
    let positions = vec![world.relay.vouch(house, other)];
    let synced = Synced { log: world.relay.log().head(), positions };
    world.receive(name, codec::encode(&RelayMessage::Synced(synced)));
    world.settle();
}

/// The house goes on with another relay.
fn moves(world: &mut World) {
    let all = ["dora", "erik", "maria", "frank", "olga"];
    world.relay.move_house();
    for offline in [true, false] {
        all.iter().for_each(|name| world.set_offline(name, offline));
    }
    world.settle();
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::ConfirmMove { origin: None, sheet }).unwrap();
    world.settle();
}

fn is_rewound(world: &World, name: &str) -> bool {
    alarms(world, name).contains(&"relay_rewound")
}

#[test]
fn a_circle_rests_over_a_restart_until_the_house_goes_on_with_another_copy() {
    let Kita { mut world, .. } = kita();
    bulletin(&mut world, "dora", "Vorher");
    signs_another(&mut world, "erik");
    world.restart("erik");
    world.settle();
    bulletin(&mut world, "dora", "Danach");
    assert!(is_rewound(&world, "erik"));
    assert_eq!((bulletins(&world, "erik"), bulletins(&world, "maria")), (1, 2));
    moves(&mut world);
    for again in [false, true] {
        if again {
            world.restart("erik");
            world.settle();
        }
        assert_eq!((bulletins(&world, "erik"), is_rewound(&world, "erik")), (2, false), "{again}");
    }
    assert_eq!(wrongs(&world, "erik"), [(Wrong::Relay, None)], "it is shown all the same");
}

#[test]
fn what_the_relay_of_a_later_copy_signed_is_proof_too() {
    let Kita { mut world, .. } = kita();
    moves(&mut world);
    bulletin(&mut world, "dora", "Dort");
    signs_another(&mut world, "erik");
    world.restart("erik");
    assert_eq!(wrongs(&world, "erik"), [(Wrong::Relay, None)]);
    let file = file(&world, "erik");
    assert_eq!(verdicts(&file), Ok(vec![Verdict::Relay]));
    let key = file.check().unwrap()[0].key;
    assert!(key.is_some() && key != Some(world.engine("erik").house().log.founded().unwrap().relay));
    let mut forged = file.clone();
    let moves = std::mem::take(&mut forged.moves);
    assert_eq!((moves.len(), verdicts(&forged)), (1, Err(EvidenceError::Signature)));
    forged.moves = vec![forged.found.clone()];
    assert_eq!(verdicts(&forged), Err(EvidenceError::House), "it names no later key");
    let mut entry = moves.into_iter().next().unwrap();
    let last = entry.entry.len() - 1;
    let mut bytes = entry.entry.to_vec();
    bytes[last] ^= 1;
    entry.entry = bytes.into();
    forged.moves = vec![entry];
    assert_eq!(verdicts(&forged), Err(EvidenceError::Signature));
}

/// What relay and devices say of who belongs.
fn links(world: &World, name: &str) -> [u64; 2] {
    [world.relay.log().len(), world.engine(name).house().log.len()]
}

/// A letter for another device of somebody's.
fn invites(world: &mut World, by: &str, whom: &str) {
    let person = world.summary(whom).me.person;
    world.command(by, Command::CreateInvite { person, valid_days: 30 }).unwrap();
    world.settle();
}

/// The relay's word for another log of so many links.
fn says_of_log(world: &mut World, name: &str, n: u64) {
    let other = Position { n, acc: Accumulator::new([6; 32]) };
    let positions = vec![world.relay.vouch(LOG, other)];
    world.receive(name, codec::encode(&RelayMessage::Signed(positions)));
    world.settle();
}

#[test]
fn whoever_is_shown_two_logs_says_nothing_of_who_belongs_until_the_house_goes_on_with_another_copy() {
    let Kita { mut world, child, .. } = kita();
    bulletin(&mut world, "dora", "Vorher");
    let doubts = |world: &World| alarms(world, "erik").contains(&"log_doubted");
    // The relay's word for the log that is here, and then for another one.
    world.set_offline("erik", true);
    world.set_offline("erik", false);
    world.settle();
    let len = world.relay.log().len();
    says_of_log(&mut world, "erik", len);
    assert!(doubts(&world) && !is_rewound(&world, "erik"), "it says one thing once");
    assert_eq!(wrongs(&world, "erik"), [(Wrong::Relay, None)]);
    assert_eq!(verdicts(&file(&world, "erik")), Ok(vec![Verdict::Relay]), "it has signed both");

    for again in [false, true] {
        if again {
            world.restart("erik");
            world.settle();
        }
        assert!(doubts(&world), "{again}");
        let before = world.relay.log().len();
        invites(&mut world, "erik", "frank");
        assert_eq!(links(&world, "erik"), [before; 2], "{again}");
        assert!(world.summary("erik").waiting > 0);
    }
    // All else goes on, also behind what others say of who belongs.
    invites(&mut world, "dora", "olga");
    bulletin(&mut world, "dora", "Danach");
    sick(&mut world, "maria", &child);
    assert_eq!(links(&world, "erik"), [len + 1; 2]);
    assert_eq!(bulletins(&world, "erik"), 2);
    let of_maria = thread(&world, "maria");
    assert!(world.engine("erik").house().docs.all().any(|(_, held)| held.fact.circle == of_maria));
    bulletin(&mut world, "erik", "Von ihm");
    assert_eq!(bulletins(&world, "maria"), 3);

    moves(&mut world);
    assert!(!doubts(&world));
    assert_eq!(world.summary("erik").waiting, 0);
    // A letter of the director's, two of his, and that the house goes on.
    assert_eq!(links(&world, "erik"), [len + 4; 2], "what he decided follows");
}

#[test]
fn whoever_sees_another_log_in_a_record_or_in_place_of_its_own_doubts_it() {
    for by_record in [true, false] {
        let Kita { mut world, .. } = kita();
        let circle = thread(&world, "maria");
        if by_record {
            let other = record(&world, "maria", circle, |header| {
                header.log.hash = nestpost_protocol::id::LinkHash::new([4; 32]);
            });
            world.relay.slip_in(other);
            world.settle();
        } else {
            // Behind what the relay gave its word for, with the same number twice.
            let head = world.relay.log().head().unwrap();
            let link = |commitment| Link {
                house: world.relay.log().house(),
                seq: head.seq + 1,
                prev: Some(head.hash),
                class: LinkClass::Restricted,
                commitment: Hash::new([commitment; 32]),
            };
            for link in [link(4), link(5)] {
                let page = LogPage { links: vec![link], entries: Vec::new() };
                world.receive("dora", codec::encode(&RelayMessage::Log(page)));
            }
        }
        assert!(alarms(&world, "dora").contains(&"log_doubted"), "{by_record}");
        assert!(!alarms(&world, "frank").contains(&"log_doubted"), "{by_record}");
        let before = world.relay.log().len();
        invites(&mut world, "dora", "erik");
        assert_eq!(world.relay.log().len(), before, "{by_record}");
    }
}
