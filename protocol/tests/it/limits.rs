//! Every limit, at it and one past it.

use nestpost_protocol::blob::{Manifest, ManifestError, Missing, Reserve};
use nestpost_protocol::codec::{self, DecodeError};
use nestpost_protocol::epoch::{EpochBody, HorizonLink, KeyEpoch};
use nestpost_protocol::id::*;
use nestpost_protocol::limit;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::invite::Invite;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, LogError, RuleError};
use nestpost_protocol::message::{ClientMessage, Frame, RefusalCode, RelayMessage};
use nestpost_protocol::record::{RecordError, Side};

use crate::house::*;

fn refused(house: &House, frame: &Frame) -> Option<RefusalCode> {
    house.clone().submit(frame.clone()).err().map(|refusal| refusal.code)
}

#[test]
fn entries_of_a_frame() {
    let kita = Kita::new();
    let frame = |count: usize| {
        let mut desk = kita.house.desk();
        for number in 0..count {
            desk.say(&kita.anna, &role(person(100 + number as u64), Role::Educator));
        }
        desk.done()
    };
    assert_eq!(refused(&kita.house, &frame(limit::FRAME_ENTRIES_MAX)), None);
    assert_eq!(refused(&kita.house, &frame(limit::FRAME_ENTRIES_MAX + 1)), Some(RefusalCode::Malformed));
}

#[test]
fn records_of_a_frame() {
    let kita = Kita::new();
    let frame = |count: usize| {
        let mut desk = kita.house.desk();
        for _ in 0..count {
            desk.batch(&kita.ben, kita.child, 1, |_| {});
        }
        desk.done()
    };
    assert_eq!(refused(&kita.house, &frame(limit::FRAME_RECORDS_MAX)), None);
    assert_eq!(refused(&kita.house, &frame(limit::FRAME_RECORDS_MAX + 1)), Some(RefusalCode::Malformed));
}

#[test]
fn wraps_of_a_frame() {
    let kita = Kita::new();
    let frame = |count: usize| {
        let mut desk = kita.house.desk();
        desk.give(&kita.ben, kita.child, nestpost_protocol::epoch::Addressee::Device(kita.cem.id()));
        let wrap = desk.frame.wraps[0].clone();
        desk.frame.wraps = vec![wrap; count];
        desk.done()
    };
    assert_eq!(refused(&kita.house, &frame(limit::FRAME_WRAPS_MAX)), None);
    assert_eq!(refused(&kita.house, &frame(limit::FRAME_WRAPS_MAX + 1)), Some(RefusalCode::Malformed));
}

#[test]
fn bytes_of_a_record() {
    let kita = Kita::new();
    let of = |len: usize| {
        let desk = kita.house.desk();
        let document = document(1);
        desk.record(&kita.ben, kita.child, Side::Staff, vec![7; len], |h| h.document = Some(document)).check()
    };
    assert!(of(limit::RECORD_BODY_BYTES_MAX).is_ok());
    let past = of(limit::RECORD_BODY_BYTES_MAX + 1);
    assert_eq!(past, Err(RecordError::Decode(DecodeError::TooLarge)));
}

#[test]
fn bytes_of_a_header() {
    let kita = Kita::new();
    let record = kita.house.desk().record(&kita.ben, kita.child, Side::Staff, Vec::new(), |header| {
        header.document = Some(document(1));
    });
    // A field of a later version fills the header up.
    let of = |len: usize| {
        let mut header = record.header.to_vec();
        header[0] += 1;
        let rest = len - header.len() - 5;
        header.extend([0x18, 0x63, 0x59]);
        header.extend(u16::try_from(rest).unwrap().to_be_bytes());
        header.extend(vec![0; rest]);
        assert_eq!(header.len(), len);
        let mut record = record.clone();
        record.signature = kita.ben.sign(nestpost_protocol::label::RECORD, &header);
        record.header = header.into();
        record.check().map(|_| ())
    };
    assert_eq!(of(limit::RECORD_HEADER_BYTES_MAX), Ok(()));
    assert_eq!(of(limit::RECORD_HEADER_BYTES_MAX + 1), Err(RecordError::Decode(DecodeError::TooLarge)));
}

#[test]
fn bytes_of_a_wrap() {
    let kita = Kita::new();
    let of = |len: usize| {
        let desk = kita.house.desk();
        let device = nestpost_protocol::epoch::Addressee::Device(kita.cem.id());
        let wrap = desk.wrap(&kita.ben, kita.child, 1, device);
        let mut head: nestpost_protocol::epoch::WrapHead = minicbor::decode(&wrap.head).unwrap();
        let file = vec![7; len];
        head.file_hash = Hash::new(codec::sha256(&[&file]));
        let head = codec::encode(&head);
        let signature = kita.ben.sign(nestpost_protocol::label::WRAP, &head);
        nestpost_protocol::epoch::Wrap { head: head.into(), signature, file: file.into() }.check().is_ok()
    };
    assert!(of(limit::WRAP_BYTES_MAX));
    assert!(!of(limit::WRAP_BYTES_MAX + 1));
}

#[test]
fn the_greeting_of_an_invite() {
    let kita = Kita::new();
    let of = |len: usize| {
        let Body::Invite(proper) = invite(&Key::new(50), person(4)) else { panic!() };
        kita.house.ask(&kita.anna, &Body::Invite(Invite { greeting: vec![7; len].into(), ..proper }), &[])
    };
    assert_eq!(of(limit::GREETING_BYTES_MAX), Ok(()));
    assert_eq!(of(limit::GREETING_BYTES_MAX + 1), Err(LogError::Rule(RuleError::InviteRange)));
    // Far beyond, the entry itself is too long.
    assert!(of(limit::ENTRY_BYTES_MAX).is_err());
}

#[test]
fn key_circles_of_an_epoch() {
    let of = |count: usize| {
        let key = |n: usize| {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&(n as u64).to_be_bytes());
            KeyEpoch { circle: CircleId::new(id), epoch: 1 }
        };
        let body = EpochBody {
            number: 1,
            log: nestpost_protocol::record::LogHead { seq: 0, hash: LinkHash::new([1; 32]) },
            recipient: Recipient::new([1; 32]),
            commitment: Hash::new([1; 32]),
            root: Hash::new([1; 32]),
            keys: (0..count).map(key).collect(),
            links: Vec::new(),
            horizon: None,
            intake: None,
        };
        EpochBody::decode(&codec::encode(&body)).is_ok()
    };
    assert!(of(limit::EPOCH_KEYS_MAX));
    assert!(!of(limit::EPOCH_KEYS_MAX + 1));
    let back = |count: usize| {
        let link = |n: usize| HorizonLink {
            to: KeyEpoch { circle: circle_id(n as u64), epoch: 1 },
            link: Vec::new().into(),
        };
        let mut links: Vec<_> = (0..count).map(link).collect();
        links.sort_unstable_by_key(|link| link.to);
        let body = EpochBody {
            number: 2,
            log: nestpost_protocol::record::LogHead { seq: 0, hash: LinkHash::new([1; 32]) },
            recipient: Recipient::new([1; 32]),
            commitment: Hash::new([1; 32]),
            root: Hash::new([1; 32]),
            keys: Vec::new(),
            links: Vec::new(),
            horizon: Some(links),
            intake: None,
        };
        EpochBody::decode(&codec::encode(&body)).is_ok()
    };
    assert!(back(0) && back(limit::EPOCH_KEYS_MAX));
    assert!(!back(limit::EPOCH_KEYS_MAX + 1));
}

#[test]
fn bytes_and_parts_of_a_blob() {
    let of = |bytes: u64, parts: usize| {
        Manifest { bytes, parts: vec![Hash::new([1; 32]); parts] }.checked().map(|_| ())
    };
    assert_eq!(of(0, 0), Err(ManifestError::Empty));
    assert_eq!(of(1, 1), Ok(()));
    assert_eq!(of(limit::BLOB_PART_BYTES as u64, 1), Ok(()));
    assert_eq!(of(limit::BLOB_PART_BYTES as u64 + 1, 1), Err(ManifestError::Parts));
    assert_eq!(of(limit::BLOB_BYTES_MAX, limit::BLOB_PARTS_MAX), Ok(()));
    assert_eq!(of(limit::BLOB_BYTES_MAX, limit::BLOB_PARTS_MAX + 1), Err(ManifestError::Parts));
    assert_eq!(of(limit::BLOB_BYTES_MAX + 1, limit::BLOB_PARTS_MAX + 1), Err(ManifestError::TooLarge));
    let missing = |part: usize| Missing::decode(&codec::encode(&Missing { parts: vec![part as u32] }));
    assert!(missing(limit::BLOB_PARTS_MAX - 1).is_ok());
    assert_eq!(missing(limit::BLOB_PARTS_MAX), Err(DecodeError::OutOfRange));
}

#[test]
fn bytes_of_a_reservation() {
    let parts = vec![Hash::new([1; 32]); limit::BLOB_PARTS_MAX];
    let manifest = Manifest { bytes: limit::BLOB_BYTES_MAX, parts };
    let largest = codec::encode(&Reserve { circle: circle_id(1), manifest });
    assert!(Reserve::decode(&largest).is_ok());
    // A field of a later version fills it up.
    let of = |len: usize| {
        let mut bytes = largest.clone();
        bytes[0] += 1;
        let rest = len - bytes.len() - 5;
        bytes.extend([0x18, 0x63, 0x59]);
        bytes.extend(u16::try_from(rest).unwrap().to_be_bytes());
        bytes.extend(vec![0; rest]);
        assert_eq!(bytes.len(), len);
        Reserve::decode(&bytes).map(|_| ())
    };
    assert_eq!(of(limit::BLOB_RESERVE_BYTES_MAX), Ok(()));
    assert_eq!(of(limit::BLOB_RESERVE_BYTES_MAX + 1), Err(DecodeError::TooLarge));
}

#[test]
fn blobs_of_a_hold() {
    let mut kita = Kita::new();
    let numbers: Vec<u64> = (100..=100 + limit::HOLD_BLOBS_MAX as u64).collect();
    for number in &numbers {
        kita.house.reserve(&kita.ben, *number, true);
    }
    let frame = |numbers: &[u64]| kita.house.desk().hold(&kita.ben, kita.child, numbers, |_| {}).done();
    assert_eq!(refused(&kita.house, &frame(&numbers[1..])), None);
    assert_eq!(refused(&kita.house, &frame(&numbers)), Some(RefusalCode::Malformed));
}

#[test]
fn bytes_of_a_ticket() {
    let of = |len: usize| {
        let bytes = codec::encode(&RelayMessage::Ticket(vec![7; len].into()));
        codec::decode::<RelayMessage>(&bytes, limit::MESSAGE_BYTES_MAX).map(|_| ())
    };
    assert_eq!(of(limit::TICKET_BYTES_MAX), Ok(()));
    assert_eq!(of(limit::TICKET_BYTES_MAX + 1), Err(DecodeError::Malformed));
}

#[test]
fn bytes_of_a_message() {
    let ids = |count: usize| codec::encode(&ClientMessage::WrapAck(vec![WrapId::new([7; 32]); count]));
    let bytes = ids(100);
    assert!(codec::decode::<ClientMessage>(&bytes, bytes.len()).is_ok());
    assert_eq!(codec::decode::<ClientMessage>(&bytes, bytes.len() - 1), Err(DecodeError::TooLarge));
}

#[test]
fn circles_of_a_house() {
    let mut kita = Kita::new();
    let taken = kita.house.log.circles().count();
    for number in taken..limit::CIRCLES_MAX {
        kita.house.say(&kita.anna, &Body::Circle(circle(circle_id(1000 + number as u64), Sort::Child)));
    }
    let one_more = Body::Circle(circle(circle_id(999), Sort::Child));
    assert_eq!(kita.house.ask(&kita.anna, &one_more, &[]), Err(LogError::Rule(RuleError::CircleLimit)));
}

/// Days are the relay's to count: they only ever take away.
#[test]
fn the_days_of_an_invite() {
    let mut kita = Kita::new();
    let (secret, device) = (Key::new(50), Key::new(61));
    let invited = kita.house.say(&kita.anna, &invite(&secret, person(4)));
    let mut desk = kita.house.desk();
    let body = join(kita.house.id(), invited, &secret, &device);
    desk.say(&device, &body);
    let frame = desk.done();
    assert_eq!(refused(&kita.house, &frame), None);
    kita.house.expired.insert(invited);
    assert_eq!(refused(&kita.house, &frame), Some(RefusalCode::InviteExpired));
}

/// Contexts and labels are what keeps one signature from standing for another.
#[test]
fn a_signature_stands_for_one_context() {
    let key = Key::new(1);
    for (i, context) in nestpost_protocol::label::ALL.iter().enumerate() {
        let signature = key.sign(context, b"message");
        for (j, other) in nestpost_protocol::label::ALL.iter().enumerate() {
            let holds =
                nestpost_protocol::verify::verify(&key.bytes(), other, b"message", &signature).is_ok();
            assert_eq!(holds, i == j);
        }
    }
}
