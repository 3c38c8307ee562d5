//! One encoded value, at least, of every type on the wire, with the name of its rule in `docs/protocol.cddl`.

use minicbor::{Decode, Encode};
use nestpost_protocol::blob::{HoldBody, Manifest, Missing, Reserve};
use nestpost_protocol::codec::{self, encode};
use nestpost_protocol::complaint::{Complaint, ComplaintHead};
use nestpost_protocol::epoch::{EpochBody, KeyEpoch, WrapHead};
use nestpost_protocol::erase::{EraseBody, Erased, second_input};
use nestpost_protocol::id::*;
use nestpost_protocol::label;
use nestpost_protocol::limit;
use nestpost_protocol::log::entry::{Cosignature, cosign_input};
use nestpost_protocol::log::{Entry, EntryBody, KindNumber};
use nestpost_protocol::message::*;
use nestpost_protocol::record::{Header, Kind, Position};
use nestpost_protocol::snapshot::SnapshotBody;

use crate::cases;
use crate::house::*;

/// An encoded value.
pub struct Sample {
    /// Rule of the grammar.
    pub rule: &'static str,
    pub bytes: Vec<u8>,
    /// Decodes and encodes again.
    pub again: fn(&[u8]) -> Option<Vec<u8>>,
}

fn again<T: for<'b> Decode<'b, ()> + Encode<()>>(bytes: &[u8]) -> Option<Vec<u8>> {
    codec::decode::<T>(bytes, limit::MESSAGE_BYTES_MAX).ok().map(|value| encode(&value))
}

fn sample<T: for<'b> Decode<'b, ()> + Encode<()>>(rule: &'static str, value: &T) -> Sample {
    Sample { rule, bytes: encode(value), again: again::<T> }
}

/// What is signed and never travels: encoded only.
fn input(rule: &'static str, bytes: Vec<u8>) -> Sample {
    Sample { rule, bytes, again: |bytes| Some(bytes.to_vec()) }
}

fn raw<T: for<'b> Decode<'b, ()> + Encode<()>>(rule: &'static str, bytes: &[u8]) -> Sample {
    Sample { rule, bytes: bytes.to_vec(), again: again::<T> }
}

pub fn all() -> Vec<Sample> {
    let kita = Kita::new();
    let mut samples = Vec::new();
    of_house(&kita, &mut samples);
    of_client(&kita, &mut samples);
    of_relay(&kita, &mut samples);
    of_blobs(&kita, &mut samples);
    samples
}

/// The name of a body's rule.
const fn body_rule(kind: KindNumber) -> &'static str {
    match kind {
        KindNumber::Found => "found",
        KindNumber::Invite => "invite",
        KindNumber::Join => "join",
        KindNumber::Confirm => "confirm",
        KindNumber::DeviceAdd => "device-add",
        KindNumber::DeviceEnd => "device-end",
        KindNumber::Role => "role-grant",
        KindNumber::RoleEnd => "role-end",
        KindNumber::Circle => "circle-new",
        KindNumber::Member => "member",
        KindNumber::MemberEnd => "member-end",
        KindNumber::InviteEnd => "invite-end",
        KindNumber::Protect => "protect",
        KindNumber::Order => "order",
        KindNumber::Dissolve => "dissolve",
        KindNumber::Restored => "restored",
        _ => "nothing",
    }
}

fn of_house(kita: &Kita, samples: &mut Vec<Sample>) {
    use nestpost_protocol::log::Body;
    use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
    use nestpost_protocol::log::kind::confirm::Confirm;
    use nestpost_protocol::log::kind::device_add::DeviceAdd;
    use nestpost_protocol::log::kind::device_end::DeviceEnd;
    use nestpost_protocol::log::kind::dissolve::Dissolve;
    use nestpost_protocol::log::kind::found::{Found, Second};
    use nestpost_protocol::log::kind::invite::Invite;
    use nestpost_protocol::log::kind::invite_end::InviteEnd;
    use nestpost_protocol::log::kind::join::Join;
    use nestpost_protocol::log::kind::member::{Member, Who};
    use nestpost_protocol::log::kind::member_end::MemberEnd;
    use nestpost_protocol::log::kind::order::Order;
    use nestpost_protocol::log::kind::protect::Protect;
    use nestpost_protocol::log::kind::restored::Restored;
    use nestpost_protocol::log::kind::role::RoleGrant;
    use nestpost_protocol::log::kind::role_end::RoleEnd;

    let mut more = kita.house.clone();
    more.say(&kita.cem, &device_add(more.id(), person(4), &Key::new(70)));
    more.say(&kita.cem, &Body::DeviceEnd(DeviceEnd { device: Key::new(70).id() }));
    let seq = more.say(&kita.anna, &invite(&Key::new(50), person(4)));
    more.say(&kita.anna, &Body::InviteEnd(InviteEnd { invite: seq }));
    more.say(&kita.anna, &Body::MemberEnd(MemberEnd { circle: kita.child, who: Who::Person(person(5)) }));
    more.say(&kita.anna, &Body::RoleEnd(RoleEnd { person: person(5) }));
    let persons = Some(vec![person(3)]);
    more.say(&kita.ben, &Body::Circle(CircleNew { persons, ..CircleNew::new(circle_id(50), Sort::Guarded) }));
    let resign = Body::RoleEnd(RoleEnd { person: person(6) });
    let due = order(ordered(&more, &kita.anna, &resign, Nonce::new([5; 32]), &[&kita.sheet]));
    more.say(&kita.tablet, &due);
    let leave = Body::MemberEnd(MemberEnd { circle: kita.child, who: Who::Person(person(4)) });
    let due = order(ordered(&more, &kita.anna, &leave, Nonce::new([6; 32]), &[]));
    more.say(&kita.tablet, &due);
    let named = vec![person(3)];
    more.say(&kita.anna, &Body::Protect(Protect { person: person(20), named, on: true }));
    for (life, origin) in [(2, None), (3, Some("https://new.example".to_owned()))] {
        let (incarnation, log) = (Incarnation::new([life; 16]), more.log.head().unwrap());
        let relay = origin.as_ref().map(|_| RelayKey::new([4; 32]));
        let body = Body::Restored(Restored { incarnation, log, relay, origin, ..restored_body() });
        let copied = more.draft(&kita.anna, &body, &[&kita.sheet], |_| {});
        more.take(copied).unwrap();
    }
    let over = more.draft(&kita.anna, &Body::Dissolve(Dissolve {}), &[&kita.sheet], |_| {});
    more.take(over).unwrap();
    let second = found(&kita.anna, Second::Director(person(6), kita.eva.card()));
    let other = House::empty().draft(&kita.anna, &second, &[&kita.eva], |_| {});
    for open in more.entries.iter().chain([&other]) {
        samples.push(sample("open-entry", open));
        samples.push(sample("link", &open.link().unwrap()));
        samples.push(raw::<Entry>("entry", &open.entry));
        let entry: Entry = minicbor::decode(&open.entry).unwrap();
        samples.push(raw::<EntryBody>("entry-body", &entry.signed));
        let signed: EntryBody = minicbor::decode(&entry.signed).unwrap();
        let (rule, bytes) = (body_rule(signed.kind), &signed.body);
        samples.push(match signed.kind {
            KindNumber::Found => raw::<Found>(rule, bytes),
            KindNumber::Invite => raw::<Invite>(rule, bytes),
            KindNumber::Join => raw::<Join>(rule, bytes),
            KindNumber::Confirm => raw::<Confirm>(rule, bytes),
            KindNumber::DeviceAdd => raw::<DeviceAdd>(rule, bytes),
            KindNumber::DeviceEnd => raw::<DeviceEnd>(rule, bytes),
            KindNumber::Role => raw::<RoleGrant>(rule, bytes),
            KindNumber::RoleEnd => raw::<RoleEnd>(rule, bytes),
            KindNumber::Circle => raw::<CircleNew>(rule, bytes),
            KindNumber::Member => raw::<Member>(rule, bytes),
            KindNumber::MemberEnd => raw::<MemberEnd>(rule, bytes),
            KindNumber::InviteEnd => raw::<InviteEnd>(rule, bytes),
            KindNumber::Protect => raw::<Protect>(rule, bytes),
            KindNumber::Order => raw::<Order>(rule, bytes),
            KindNumber::Dissolve => raw::<Dissolve>(rule, bytes),
            KindNumber::Restored => raw::<Restored>(rule, bytes),
            other => panic!("no sample of {other:?}"),
        });
    }
    let mut desk = kita.house.desk();
    desk.epoch(&kita.cem, kita.private_cem).batch(&kita.cem, kita.private_cem, 1, |_| {});
    desk.batch(&kita.ben, kita.child, 2, |header| header.kind = Kind::Rewrite);
    let second = desk.second(&kita.eva, kita.child, item(2));
    let items = vec![Erased { item: item(1), second: None }, second];
    desk.erase(&kita.anna, kita.child, (1, 3), items, |_| {});
    desk.staff = desk.house.log.staff_digest(desk.house.log.len() - 1);
    desk.horizon(&kita.ben, kita.child, &[KeyEpoch { circle: kita.team, epoch: 1 }]);
    desk.hold(&kita.ben, kita.child, &[1, 2], |_| {}).release(&kita.ben, kita.child, &[1]);
    let mut frames = kita.house.frames.clone();
    frames.push(desk.done());
    let mut asked = kita.house.clone();
    cases::intake::open(&mut asked, kita);
    frames.extend(asked.frames.pop());
    for frame in &frames {
        samples.push(sample("frame", frame));
        for record in &frame.records {
            samples.push(sample("record", record));
            let header = record.check().unwrap();
            samples.push(raw::<Header>("header", &record.header));
            if header.kind == Kind::Epoch {
                samples.push(raw::<EpochBody>("epoch-body", &record.body));
            }
            if header.kind == Kind::Erase {
                samples.push(raw::<EraseBody>("erase-body", &record.body));
                for erased in EraseBody::decode(&record.body).into_iter().flat_map(|body| body.items) {
                    let bytes = second_input(header.house, header.circle, erased.item);
                    samples.push(input("erase-second-input", bytes));
                }
            }
            if matches!(header.kind, Kind::Hold | Kind::Release) {
                samples.push(raw::<HoldBody>("hold-body", &record.body));
            }
        }
        for list in &frame.readers {
            samples.push(sample("reader-list", &list.list));
        }
        for wrap in &frame.wraps {
            samples.push(sample("wrap", wrap));
            samples.push(raw::<WrapHead>("wrap-head", &wrap.head));
        }
    }
}

fn cursors(kita: &Kita) -> Cursors {
    let circles = kita.house.tails.iter();
    let circles = circles.map(|(circle, position)| Cursor { circle: *circle, position: *position }).collect();
    Cursors { log: kita.house.log.head(), circles }
}

fn of_client(kita: &Kita, samples: &mut Vec<Sample>) {
    let origin = "https://kita.example".to_owned();
    let (versions, frame) = (Versions::OURS, kita.house.frames[0].clone());
    let signature = kita.cem.sign(b"test", b"");
    let held = cursors(kita);
    samples.push(sample("cursors", &held));
    let hello = Hello {
        versions,
        origin: origin.clone(),
        house: kita.house.id(),
        device: kita.cem.id(),
        incarnation: None,
        state: state_hash(&held),
        full: false,
        signature,
        snapshots: true,
    };
    let again = Hello { incarnation: Some(Incarnation::new([3; 16])), full: true, ..hello.clone() };
    let key = InviteKey::new(Key::new(50).bytes());
    let (nonce, card) = (Nonce::new([1; 32]), kita.cem.card());
    let (house, device) = (kita.house.id(), kita.cem.id());
    samples.push(input("hello-input", Hello::signing_input(&origin, house, None, device, nonce)));
    samples.push(input("invite-hello-input", InviteHello::signing_input(&origin, key, nonce)));
    samples.push(input("cosign-input", cosign_input(Some(house), KindNumber::RoleEnd, &[0xa0], nonce)));
    samples.push(input("join-proof", nestpost_protocol::log::kind::join::proof_input(house, 7, card)));
    let order = nestpost_protocol::log::kind::order::order_input(house, KindNumber::RoleEnd, &[0xa0], nonce);
    samples.push(input("order-input", order));
    let add = nestpost_protocol::log::kind::device_add::proof_input(house, person(4), card);
    samples.push(input("device-add-proof", add));
    samples.push(raw::<ComplaintHead>("complaint-head", &complaint(kita).head));
    samples.push(sample("complaint", &complaint(kita)));
    let found = FoundHouse { versions, id: 1, frame: frame.clone(), setup_code: None };
    for message in [
        ClientMessage::Hello(hello),
        ClientMessage::Hello(again),
        ClientMessage::Cursors(held),
        ClientMessage::Cursors(Cursors { log: None, circles: Vec::new() }),
        ClientMessage::Submit(Submit { id: 7, frame }),
        ClientMessage::InviteHello(InviteHello { versions, origin, key, signature }),
        ClientMessage::Found(FoundHouse { setup_code: Some("setup".to_owned()), ..found.clone() }),
        ClientMessage::Found(found),
        ClientMessage::WrapAck(vec![WrapId::new([1; 32]), WrapId::new([2; 32])]),
        ClientMessage::Ticket,
        ClientMessage::Complaint(complaint(kita)),
        ClientMessage::Lost(signed(kita)),
        ClientMessage::Compare(vec![
            Asked { circle: LOG, at: vec![] },
            Asked { circle: kita.child, at: vec![1, 4] },
        ]),
        ClientMessage::GiveBack(give_back(kita)),
        ClientMessage::Snapshot(cases::snapshots::sample(kita)),
        ClientMessage::Words(vec![word(kita)]),
        ClientMessage::Words(vec![]),
        ClientMessage::Rows(WantedRows { circle: kita.child, rows: vec![1, 4] }),
        ClientMessage::Fill(RecordPage { circle: kita.child, rows: give_back(kita).rows }),
    ] {
        samples.push(sample("client-message", &message));
    }
    let (asked, info) = cases::intake::spoken(kita);
    samples.extend(asked.iter().map(|message| sample("client-message", message)));
    samples.push(sample("relay-message", &info));
    let RelayMessage::IntakeInfo(info) = info else { panic!() };
    let step = &info.steps[0];
    samples.push(sample("intake-step", step));
    samples.push(input("intake-step-input", step.signing_input(&house, &info.circle)));
}

fn word(kita: &Kita) -> Word {
    let (device, nonce, signature) = (kita.anna.id(), Nonce::new([5; 32]), kita.anna.sign(b"test", b""));
    Word { body: restored_body(), cosignature: Cosignature { device, nonce, signature }, at: 1 }
}

fn complaint(kita: &Kita) -> Complaint {
    let (house, circle) = (kita.house.id(), kita.child);
    let head = encode(&ComplaintHead { house, circle, epoch: 1, device: kita.cem.id() });
    Complaint { signature: kita.cem.sign(label::COMPLAINT, &head), head: head.into() }
}

/// The log's end, as a relay signs it.
fn signed(kita: &Kita) -> SignedPosition {
    let Position { n, acc } = log_position(&kita.house.log);
    let (house, incarnation) = (kita.house.id(), Incarnation::new([3; 16]));
    let claim =
        PositionClaim { house, incarnation, circle: LOG, n, acc, start: Some(Incarnation::new([4; 16])) };
    SignedPosition { claim, signature: kita.anna.sign(b"test", b"") }
}

fn give_back(kita: &Kita) -> GiveBack {
    let record = kita.house.frames[0].records[0].clone();
    let row = Row {
        n: 1,
        id: record.id(),
        record: Some(record),
        gone: false,
        readers: None,
        document: None,
        lost: false,
    };
    GiveBack {
        signed: signed(kita),
        from: 1,
        ids: vec![row.id],
        links: vec![*kita.house.log.link(1).unwrap()],
        entries: vec![kita.house.entries[1].clone()],
        rows: vec![row],
    }
}

fn of_relay(kita: &Kita, samples: &mut Vec<Sample>) {
    let house = &kita.house;
    let frame = &house.frames[0];
    let record = &frame.records[0];
    let claim = PositionClaim {
        house: house.id(),
        incarnation: Incarnation::new([3; 16]),
        circle: kita.child,
        n: 1,
        acc: house.tails[&kita.child].acc,
        start: None,
    };
    samples.push(sample("position-claim", &claim));
    let signed = SignedPosition { claim, signature: kita.anna.sign(b"test", b"") };
    let row = |n, record: Option<_>, gone, readers| Row {
        n,
        id: RecordId::new([1; 32]),
        record,
        gone,
        readers,
        document: None,
        lost: false,
    };
    let snapshot = cases::snapshots::sample(kita);
    samples.push(sample("record", &snapshot));
    samples.push(raw::<SnapshotBody>("snapshot-body", &snapshot.body));
    let info = InviteInfo {
        version: 1,
        house: house.id(),
        head: house.log.head().unwrap(),
        entry: house.entries[9].clone(),
        stage: InviteStage::Open,
    };
    let refused = |code| Refused { id: 7, code, circle: None, seq: None, prev: None, record: None };
    let mut messages = vec![
        RelayMessage::Challenge(Challenge {
            nonce: Nonce::new([1; 32]),
            versions: Versions::OURS,
            relay: house.log.relay().unwrap(),
        }),
        RelayMessage::Log(LogPage {
            links: vec![*house.log.link(0).unwrap(), *house.log.link(1).unwrap()],
            entries: vec![SeenEntry { seq: 1, entry: house.entries[1].clone() }],
        }),
        RelayMessage::Records(RecordPage {
            circle: kita.child,
            rows: vec![
                row(1, Some(record.clone()), false, Some(frame.readers[0].list.clone())),
                row(2, None, false, None),
                row(3, None, true, None),
                Row { document: Some(document(2)), ..row(4, None, false, None) },
                Row { lost: true, ..row(5, None, true, None) },
            ],
        }),
        RelayMessage::Snapshots(vec![snapshot]),
        RelayMessage::Words(vec![word(kita)]),
        RelayMessage::Lacks(vec![WantedRows { circle: kita.child, rows: vec![5] }]),
        RelayMessage::Lacks(vec![]),
        RelayMessage::Rows(RecordPage {
            circle: kita.child,
            rows: vec![row(1, Some(record.clone()), false, None)],
        }),
        RelayMessage::Wraps(frame.wraps.clone()),
        RelayMessage::Complaints(vec![complaint(kita)]),
        RelayMessage::Synced(Synced { log: house.log.head(), positions: vec![signed] }),
        RelayMessage::Synced(Synced { log: None, positions: Vec::new() }),
        RelayMessage::Signed(vec![signed, self::signed(kita)]),
        RelayMessage::Compared(vec![Stands {
            circle: kita.child,
            end: house.tails[&kita.child],
            at: vec![house.tails[&kita.child].acc],
        }]),
        RelayMessage::Given(cursors(kita).circles[0]),
        RelayMessage::Ticket(vec![7; limit::TICKET_BYTES_MAX].into()),
        RelayMessage::Ack(Ack {
            id: 7,
            placed: vec![Placed { record: record.id(), circle: kita.child, n: 1 }],
            positions: vec![signed],
        }),
        RelayMessage::Refused(Refused {
            circle: Some(kita.child),
            seq: Some(4),
            prev: Some(RecordId::new([1; 32])),
            record: Some(RecordId::new([2; 32])),
            ..refused(RefusalCode::Chain)
        }),
    ];
    for stage in [Stage::Joining, Stage::Member] {
        let incarnation = Incarnation::new([3; 16]);
        let log = house.log.head().filter(|_| stage == Stage::Member);
        messages.push(RelayMessage::Welcome(Welcome { version: 1, incarnation, stage, equal: false, log }));
    }
    for stage in [InviteStage::Open, InviteStage::Used, InviteStage::Expired, InviteStage::Revoked] {
        messages.push(RelayMessage::InviteInfo(InviteInfo { stage, ..info.clone() }));
    }
    for number in 0..=u8::MAX {
        if let Ok(code) = minicbor::decode::<RefusalCode>(&encode(&number)) {
            messages.push(RelayMessage::Refused(refused(code)));
        }
        if let Ok(code) = minicbor::decode::<ByeCode>(&encode(&number)) {
            messages.push(RelayMessage::Bye(code));
        }
    }
    samples.extend(messages.iter().map(|message| sample("relay-message", message)));
    samples.push(sample("position", &Position::START));
}

fn of_blobs(kita: &Kita, samples: &mut Vec<Sample>) {
    for bytes in [1, limit::BLOB_PART_BYTES, limit::BLOB_PART_BYTES + 1, 3 * limit::BLOB_PART_BYTES] {
        let manifest = Manifest::of(&vec![7; bytes]).unwrap();
        samples.push(sample("manifest", &manifest));
        samples.push(sample("reserve", &Reserve { circle: kita.child, manifest }));
    }
    for parts in [Vec::new(), vec![0], (0..32).collect()] {
        samples.push(sample("missing", &Missing { parts }));
    }
    let most = (0..limit::HOLD_BLOBS_MAX as u64).map(blob).collect();
    samples.push(sample("hold-body", &HoldBody::new(most)));
}
