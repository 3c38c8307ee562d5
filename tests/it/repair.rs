//! A hostile member makes keys that open for nobody, or not for everybody; whoever is left out says so and is helped.

use nestpost_core::app::Command;
use nestpost_core::app::view::{AbsenceKind, Note};
use nestpost_core::app::{Query, View};
use nestpost_core::crypto::{self, EpochSecret};
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::complaint::ComplaintHead;
use nestpost_protocol::epoch::{Addressee, EpochBody, Reader, ReaderList, Wrap, WrapHead};
use nestpost_protocol::id::{CircleId, DeviceId, Hash, Salt};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::message::{EpochReaders, Frame};
use nestpost_protocol::record::{HEADER_VERSION, Header, Kind, Position, Record, Sealing, Side, Suite};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::{access, label};
use nestpost_tests::world::World;

use crate::engine::{DAY, Kita, kita};

/// A new epoch of a circle as a member makes it who wants these readers to open it, and no other.
pub(crate) fn epoch(world: &World, by: &str, circle: CircleId, opens: impl Fn(&Addressee) -> bool) -> Frame {
    let (keys, log, epochs) = (world.keys(by), world.relay.log(), world.relay.epochs());
    let (house, head) = (log.house().unwrap(), log.head().unwrap());
    let plan = epochs.plan(log, &circle).unwrap();
    let number = epochs.current(&circle).unwrap().number + 1;
    let secret = EpochSecret::generate();
    let made = secret.keys(&house, &circle, number);
    let devices =
        plan.devices.iter().map(|id| (Addressee::Device(*id), log.device(id).unwrap().card.recipient));
    let circles = plan
        .keys
        .iter()
        .map(|key| (Addressee::Epoch(*key), epochs.get(&key.circle, key.epoch).unwrap().body.recipient));
    let (mut rows, mut wraps) = (Vec::new(), Vec::new());
    for (addressee, recipient) in devices.chain(circles) {
        // What does not open looks as what does.
        let right = crypto::wrap_epoch(&secret, &house, &circle, number, &recipient).unwrap();
        let wrong =
            crypto::wrap_epoch(&EpochSecret::generate(), &house, &circle, number, &recipient).unwrap();
        let file = if opens(&addressee) { right } else { wrong };
        let file_hash = Hash::new(sha256(&[&file]));
        rows.push(Reader { addressee, wrap: file_hash });
        let (suite, maker) = (Suite::X25519, keys.id());
        let head = WrapHead { house, circle, epoch: number, suite, addressee, maker, file_hash };
        let head = codec::encode(&head);
        wraps.push(Wrap { signature: keys.sign(label::WRAP, &head), head: head.into(), file: file.into() });
    }
    rows.sort_unstable();
    let sort = log.circle(&circle).unwrap().sort;
    let staff = access::lists_are_for_staff(sort).then(|| log.staff_digest(head.seq)).flatten();
    let list = ReaderList { salt: Salt::new([7; 32]), rows, staff };
    // No way back, either.
    let body = EpochBody {
        number,
        log: head,
        recipient: made.recipient(),
        commitment: made.commitment(),
        root: list.root(),
        keys: plan.keys,
        links: vec![b"leads nowhere".to_vec().into()],
        horizon: None,
        intake: None,
    };
    let body = codec::encode(&body);
    let last = world.relay.last(&circle, &keys.id());
    let header = Header {
        version: HEADER_VERSION,
        suite: Suite::X25519,
        sealing: Sealing::Clear,
        house,
        circle,
        epoch: number,
        document: None,
        side: access::side_of(log, &keys.id(), &circle).unwrap_or(Side::Staff),
        kind: Kind::Epoch,
        author: keys.id(),
        seq: last.map_or(1, |(seq, _)| seq + 1),
        prev: last.map(|(_, id)| id),
        log: head,
        seen: Position::START,
        class: Class::Long,
        month: Month::NEVER,
        body_hash: Hash::new(sha256(&[&body])),
        body_len: u32::try_from(body.len()).unwrap(),
    };
    let header = codec::encode(&header);
    let record =
        Record { signature: keys.sign(label::RECORD, &header), header: header.into(), body: body.into() };
    let readers = vec![EpochReaders { record: record.id(), list }];
    Frame { records: vec![record], readers, wraps, ..Frame::default() }
}

fn device(world: &World, name: &str) -> DeviceId {
    world.engine(name).house().me
}

fn note(world: &mut World, by: &str, circle: &str, title: &str) {
    let (title, body) = (title.to_owned(), "Text".to_owned());
    world.command(by, Command::PostNote { circle: circle.into(), title, body }).unwrap();
    world.settle();
}

fn titles(world: &World, name: &str, circle: &str) -> Vec<String> {
    let query = Query::Notes { circle: circle.into() };
    let View::Notes(notes) = world.query(name, &query).unwrap() else { panic!() };
    let mut titles: Vec<String> = notes.into_iter().map(|note: Note| note.title).collect();
    titles.sort();
    titles
}

/// Who could read everything, and that nothing waits.
fn everybody_reads(world: &World, circle: &str, expected: &[&str]) {
    for name in ["dora", "erik", "maria", "frank"] {
        assert_eq!(titles(world, name, circle), expected, "{name}");
        assert_eq!(world.summary(name).waiting, 0, "{name}");
    }
}

#[test]
fn who_is_left_out_of_an_epoch_is_wrapped_to_by_another_writer() {
    let Kita { mut world, child, .. } = kita();
    let circle: CircleId = child.parse().unwrap();
    note(&mut world, "dora", &child, "before");
    for name in ["dora", "erik"] {
        world.set_offline(name, true);
    }
    let maria = device(&world, "maria");
    let frame = epoch(&world, "erik", circle, |to| *to != Addressee::Device(maria));
    let number = world.relay.epoch(&circle).unwrap() + 1;
    world.relay.forge(&frame).unwrap();
    world.settle();
    assert!(!world.engine("maria").holds_epoch(&circle, number), "nobody is there");
    world.set_offline("dora", false);
    world.settle();
    assert!(world.engine("maria").holds_epoch(&circle, number));
    assert_eq!(world.relay.epoch(&circle), Some(number), "nobody had to make new keys");
    note(&mut world, "dora", &child, "later");
    world.set_offline("erik", false);
    world.settle();
    everybody_reads(&world, &child, &["before", "later"]);
}

#[test]
fn an_epoch_that_opens_for_nobody_is_followed_by_one_that_does_and_leads_back() {
    let Kita { mut world, child, .. } = kita();
    let circle: CircleId = child.parse().unwrap();
    note(&mut world, "dora", &child, "before");
    let frame = epoch(&world, "erik", circle, |_| false);
    let number = world.relay.epoch(&circle).unwrap() + 1;
    world.relay.forge(&frame).unwrap();
    world.settle();
    assert_eq!(world.relay.epoch(&circle), Some(number + 1), "no more than one, whoever noticed");
    note(&mut world, "dora", &child, "later");
    everybody_reads(&world, &child, &["before", "later"]);

    // Who comes later is led past it to what was before.
    let new = Command::CreateGuardian { name: "Gesa".into(), child: child.clone(), relation: None };
    let gesa = crate::engine::person(world.command("dora", new).unwrap());
    world.settle();
    crate::engine::admit(&mut world, "gesa", &gesa);
    assert_eq!(titles(&world, "gesa", &child), ["before", "later"]);
}

#[test]
fn alone_a_writer_makes_new_keys_as_soon_as_there_is_something_to_write() {
    let Kita { mut world, child, .. } = kita();
    let thread = world
        .engine("maria")
        .house()
        .log
        .circles()
        .find(|circle| circle.sort == Sort::Private)
        .map(|circle| circle.id)
        .unwrap();
    world.set_offline("dora", true);
    let frame = epoch(&world, "erik", thread, |_| false);
    let number = world.relay.epoch(&thread).unwrap() + 1;
    world.relay.forge(&frame).unwrap();
    world.set_offline("erik", true);
    world.settle();
    assert_eq!(world.relay.epoch(&thread), Some(number));
    let (from, to) = (DAY.to_owned(), DAY.to_owned());
    let sick = Command::ReportAbsence { child, kind: AbsenceKind::Sick, from, to, note: "Fieber".into() };
    world.command("maria", sick).unwrap();
    world.settle();
    assert_eq!((world.relay.epoch(&thread), world.summary("maria").waiting), (Some(number + 1), 0));
}

#[test]
fn a_complaint_reaches_who_may_help_and_no_other_family() {
    let Kita { mut world, child, .. } = kita();
    let circle: CircleId = child.parse().unwrap();
    for name in ["dora", "erik"] {
        world.set_offline(name, true);
    }
    let maria = device(&world, "maria");
    let frame = epoch(&world, "erik", circle, |to| *to != Addressee::Device(maria));
    world.relay.forge(&frame).unwrap();
    world.settle();
    // A complaint's head, as it is signed.
    let house = world.relay.log().house().unwrap();
    let epoch = world.relay.epoch(&circle).unwrap();
    let head = codec::encode(&ComplaintHead { house, circle, epoch, device: maria });
    let heard = |world: &World, name: &str| {
        let lines = &world.device(name).lines;
        let bytes: Vec<u8> = lines.iter().flat_map(|line| world.relay.transcript[line].clone()).collect();
        bytes.windows(head.len()).any(|window| window == head)
    };
    assert!(world.relay.received.windows(head.len()).any(|window| window == head), "she complains");
    world.set_offline("dora", false);
    world.settle();
    assert!(heard(&world, "dora"));
    assert!(!heard(&world, "frank") && !heard(&world, "olga") && !heard(&world, "maria"));
    // Once is enough: neither a restart nor a new line brings it up again.
    for name in ["maria", "dora"] {
        world.restart(name);
        world.settle();
    }
    let said = world.relay.received.windows(head.len()).filter(|window| **window == head).count();
    assert_eq!(said, 1);
}
