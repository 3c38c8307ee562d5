//! Records, wraps and messages on their own: what needs no log.

use nestpost_protocol::blob::{HoldBody, Manifest, Missing, Reserve};
use nestpost_protocol::codec::{encode, sha256};
use nestpost_protocol::epoch::{Addressee, EpochBody, HorizonLink, KeyEpoch};
use nestpost_protocol::id::*;
use nestpost_protocol::limit;
use nestpost_protocol::message::{ClientMessage, RelayMessage};
use nestpost_protocol::record::{Header, Kind, Record, Sealing, Side, Suite};
use nestpost_protocol::retention::{Class, Month};

use super::{Case, Given, Input};
use crate::house::*;

pub fn add(kita: &Kita, cases: &mut Vec<Case>) {
    records(kita, cases);
    wraps(kita, cases);
    bytes(kita, cases);
    blobs(cases);
}

fn records(kita: &Kita, cases: &mut Vec<Case>) {
    let mut push = |name: &str, record: Record, expect: &str| {
        cases.push(Case {
            name: format!("record-{name}"),
            given: Given::Nothing,
            input: Input::Record(record),
            expect: expect.to_owned(),
        });
    };
    let with = |change: &dyn Fn(&mut Header)| {
        kita.house.desk().record(&kita.ben, kita.child, Side::Staff, b"sealed".to_vec(), |header| {
            header.document = Some(document(1));
            change(header);
        })
    };
    let clear = |kind: Kind, with_document: bool| {
        with(&move |h| {
            h.kind = kind;
            h.sealing = Sealing::Clear;
            if !with_document {
                h.document = None;
            }
        })
    };
    push("batch", with(&|_| {}), "ok");
    push("snapshot", with(&|h| h.kind = Kind::Snapshot), "ok");
    push(
        "snapshot-in-a-chain",
        with(&|h| {
            h.kind = Kind::Snapshot;
            h.seq = 2;
            h.prev = Some(RecordId::new([1; 32]));
        }),
        "Inconsistent",
    );
    push("rewrite", with(&|h| h.kind = Kind::Rewrite), "ok");
    push("epoch", clear(Kind::Epoch, false), "ok");
    push("erase", clear(Kind::Erase, true), "ok");
    push("hold", clear(Kind::Hold, false), "ok");
    push("release", clear(Kind::Release, false), "ok");
    push("sealed-to-recipient", with(&|h| h.sealing = Sealing::Recipient), "ok");
    push("version-unknown", with(&|h| h.version = 2), "Unsupported");
    push("suite-reserved", with(&|h| h.suite = Suite::Hybrid), "Unsupported");
    push("body-hash-wrong", with(&|h| h.body_hash = Hash::new([1; 32])), "Body");
    push("body-length-wrong", with(&|h| h.body_len += 1), "Body");
    push("batch-in-clear", with(&|h| h.sealing = Sealing::Clear), "Inconsistent");
    push("epoch-sealed", with(&|h| h.kind = Kind::Epoch), "Inconsistent");
    push("epoch-with-document", clear(Kind::Epoch, true), "Inconsistent");
    push("hold-with-document", clear(Kind::Hold, true), "Inconsistent");
    push("erase-without-document", clear(Kind::Erase, false), "Inconsistent");
    push("batch-without-document", with(&|h| h.document = None), "Inconsistent");
    push("epoch-zero", with(&|h| h.epoch = 0), "Inconsistent");
    push("seq-zero", with(&|h| h.seq = 0), "Inconsistent");
    push("first-with-previous", with(&|h| h.prev = Some(RecordId::new([1; 32]))), "Inconsistent");
    push("second-without-previous", with(&|h| h.seq = 2), "Inconsistent");
    push("short-without-month", with(&|h| h.month = Month::NEVER), "Inconsistent");
    push("long-with-month", with(&|h| h.class = Class::Long), "Inconsistent");
    let mut forged = with(&|_| {});
    forged.signature = kita.ben.sign(nestpost_protocol::label::WRAP, &forged.header);
    push("signed-in-another-context", forged, "Signature");
    push("signed-by-another", with(&|h| h.author = kita.anna.id()), "Signature");
    let mut changed = with(&|_| {});
    changed.header = [&changed.header[..], &[0]].concat().into();
    push("header-trailing-byte", changed, "Decode(Trailing)");
    let mut cut = with(&|_| {});
    cut.header = cut.header[..20].to_vec().into();
    push("header-cut", cut, "Decode(Malformed)");
    // A key whose point is of small order would let one signature stand for any message.
    let weak = with(&|h| h.author = DeviceId::new([0; 32]));
    push("author-of-small-order", weak, "Signature");
}

fn wraps(kita: &Kita, cases: &mut Vec<Case>) {
    let mut push = |name: &str, wrap, expect: &str| {
        cases.push(Case {
            name: format!("wrap-{name}"),
            given: Given::Nothing,
            input: Input::Wrap(wrap),
            expect: expect.to_owned(),
        });
    };
    let desk = kita.house.desk();
    let device = Addressee::Device(kita.cem.id());
    let epoch = Addressee::Epoch(KeyEpoch { circle: kita.team, epoch: 1 });
    push("to-device", desk.wrap(&kita.ben, kita.child, 1, device), "ok");
    push("to-epoch", desk.wrap(&kita.ben, kita.child, 1, epoch), "ok");
    let mut wrap = desk.wrap(&kita.ben, kita.child, 1, device);
    wrap.file = b"another".to_vec().into();
    push("file-exchanged", wrap, "File");
    let mut wrap = desk.wrap(&kita.ben, kita.child, 1, device);
    wrap.signature = kita.ben.sign(nestpost_protocol::label::RECORD, &wrap.head);
    push("signed-in-another-context", wrap, "Signature");
    let mut wrap = desk.wrap(&kita.ben, kita.child, 1, device);
    wrap.head = wrap.head[..9].to_vec().into();
    push("head-cut", wrap, "Decode(Malformed)");
}

fn bytes(kita: &Kita, cases: &mut Vec<Case>) {
    let mut push = |name: &str, of: &'static str, bytes: Vec<u8>, expect: &str| {
        cases.push(Case {
            name: format!("bytes-{name}"),
            given: Given::Nothing,
            input: Input::Bytes(of, bytes),
            expect: expect.to_owned(),
        });
    };
    let ack = encode(&ClientMessage::WrapAck(vec![WrapId::new([7; 32])]));
    push("message", "client-message", ack.clone(), "ok");
    push("message-empty", "client-message", Vec::new(), "Malformed");
    push("message-cut", "client-message", ack[..ack.len() - 1].to_vec(), "Malformed");
    push("message-trailing", "client-message", [&ack[..], &[0xf6]].concat(), "Trailing");
    push("message-number-unknown", "client-message", vec![0x82, 0x18, 0x63, 0x81, 0x80], "Malformed");
    push("message-text", "client-message", vec![0x63, b'a', b'b', b'c'], "Malformed");
    push("message-of-the-other-direction", "relay-message", ack, "Malformed");
    // A list that claims 2^32 rows and has none: nothing may be reserved for the claim.
    let claims = vec![0x82, 0x05, 0x81, 0x9b, 0, 0, 0, 1, 0, 0, 0, 0];
    push("list-length-claimed", "client-message", claims, "Malformed");
    let short_id = vec![0x82, 0x05, 0x81, 0x81, 0x43, 1, 2, 3];
    push("id-too-short", "client-message", short_id, "Malformed");
    let header = kita.house.desk().record(&kita.ben, kita.child, Side::Staff, Vec::new(), |_| {}).header;
    push("header", "header", header.to_vec(), "ok");
    // An unknown key is skipped, so that later versions can add fields.
    let mut longer = header.to_vec();
    longer[0] += 1;
    longer.extend([0x18, 0x63, 0x61, b'x']);
    push("header-unknown-field", "header", longer, "ok");
    let mut unsorted = header.to_vec();
    unsorted.swap(1, 3);
    unsorted.swap(2, 4);
    push("header-keys-unsorted", "header", unsorted, "Malformed");
    let mut twice = header.to_vec();
    twice[0] += 1;
    twice.extend([0x11, 0x00]);
    push("header-key-twice", "header", twice, "Malformed");
    let mut wide = vec![header[0], header[1], 0x18];
    wide.extend(&header[2..]);
    push("header-integer-longer-than-need-be", "header", wide, "Malformed");
    let mut open = header.to_vec();
    open[0] = 0xbf;
    open.push(0xff);
    push("header-indefinite-length", "header", open, "Malformed");
    let mut fewer = header.to_vec();
    fewer[0] -= 1;
    push("header-field-uncounted", "header", fewer, "Malformed");
    let epoch = EpochBody {
        number: 1,
        log: kita.house.log.head().unwrap(),
        recipient: Recipient::new(sha256(&[b"r"])),
        commitment: Hash::new([1; 32]),
        root: Hash::new([2; 32]),
        keys: vec![
            KeyEpoch { circle: CircleId::new([1; 16]), epoch: 1 },
            KeyEpoch { circle: CircleId::new([2; 16]), epoch: 1 },
        ],
        links: Vec::new(),
        horizon: None,
        intake: None,
    };
    push("epoch-body", "epoch-body", encode(&epoch), "ok");
    let unsorted = EpochBody { keys: epoch.keys.iter().rev().copied().collect(), ..epoch.clone() };
    push("epoch-body-keys-unsorted", "epoch-body", encode(&unsorted), "OutOfRange");
    let doubled = EpochBody { keys: vec![epoch.keys[0]; 2], ..epoch.clone() };
    push("epoch-body-key-twice", "epoch-body", encode(&doubled), "OutOfRange");
    push(
        "epoch-body-number-zero",
        "epoch-body",
        encode(&EpochBody { number: 0, ..epoch.clone() }),
        "OutOfRange",
    );
    let linked = EpochBody { links: vec![Vec::new().into(); limit::EPOCH_LINKS_MAX + 1], ..epoch.clone() };
    push("epoch-body-links-over-limit", "epoch-body", encode(&linked), "OutOfRange");
    let back = |keys: Vec<KeyEpoch>| {
        let link = |to| HorizonLink { to, link: b"a link".to_vec().into() };
        encode(&EpochBody { horizon: Some(keys.into_iter().map(link).collect()), ..epoch.clone() })
    };
    push("epoch-body-horizon", "epoch-body", back(epoch.keys.clone()), "ok");
    push("epoch-body-horizon-without-links", "epoch-body", back(Vec::new()), "ok");
    push("epoch-body-horizon-link-twice", "epoch-body", back(vec![epoch.keys[0]; 2]), "OutOfRange");
    let unsorted = back(epoch.keys.iter().rev().copied().collect());
    push("epoch-body-horizon-links-unsorted", "epoch-body", unsorted, "OutOfRange");
}

/// What is said of blobs over HTTP, and in clear bodies. A manifest whose parts do not make its length does decode: it is
/// told apart by [`Manifest::checked`].
fn blobs(cases: &mut Vec<Case>) {
    let mut push = |name: &str, of: &'static str, bytes: Vec<u8>, expect: &str| {
        cases.push(Case {
            name: format!("bytes-{name}"),
            given: Given::Nothing,
            input: Input::Bytes(of, bytes),
            expect: expect.to_owned(),
        });
    };
    push("hold-body", "hold-body", HoldBody::new(vec![blob(1), blob(2)]).encode(), "ok");
    push("hold-body-of-nothing", "hold-body", HoldBody::new(Vec::new()).encode(), "OutOfRange");
    let ids = |count: usize| (0..count).map(|number| blob(number as u64)).collect::<Vec<_>>();
    push("hold-body-at-limit", "hold-body", HoldBody::new(ids(limit::HOLD_BLOBS_MAX)).encode(), "ok");
    let over = HoldBody::new(ids(limit::HOLD_BLOBS_MAX + 1));
    push("hold-body-over-limit", "hold-body", over.encode(), "OutOfRange");
    let doubled = HoldBody { blobs: vec![blob(1); 2] };
    push("hold-body-twice-the-same", "hold-body", doubled.encode(), "OutOfRange");
    let mut unsorted = HoldBody::new(ids(2));
    unsorted.blobs.reverse();
    push("hold-body-unsorted", "hold-body", unsorted.encode(), "OutOfRange");

    let reserve = Reserve { circle: circle_id(1), manifest: Manifest::of(b"sealed").unwrap() };
    let bytes = encode(&reserve);
    push("reserve", "reserve", bytes.clone(), "ok");
    push("reserve-cut", "reserve", bytes[..bytes.len() - 1].to_vec(), "Malformed");
    push("reserve-trailing", "reserve", [&bytes[..], &[0]].concat(), "Trailing");
    push("reserve-too-long", "reserve", vec![0; limit::BLOB_RESERVE_BYTES_MAX + 1], "TooLarge");
    let missing = |parts: &[u32]| encode(&Missing { parts: parts.to_vec() });
    push("missing-none", "missing", missing(&[]), "ok");
    push("missing", "missing", missing(&[0, 3, 31]), "ok");
    push("missing-past-the-last", "missing", missing(&[32]), "OutOfRange");
    push("missing-unsorted", "missing", missing(&[3, 0]), "OutOfRange");
    push("missing-twice-the-same", "missing", missing(&[3, 3]), "OutOfRange");

    push("ticket-asked", "client-message", encode(&ClientMessage::Ticket), "ok");
    let ticket = |len: usize| encode(&RelayMessage::Ticket(vec![7; len].into()));
    push("ticket", "relay-message", ticket(limit::TICKET_BYTES_MAX), "ok");
    push("ticket-too-long", "relay-message", ticket(limit::TICKET_BYTES_MAX + 1), "Malformed");
}
