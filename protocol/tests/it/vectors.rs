//! The cases as files under `tests/vectors`, for other implementations: bytes in hex, what they are in diagnostic
//! notation, what must be answered.
//!
//! The files are read and judged from their bytes alone. `cargo test -p nestpost-protocol -- --ignored bless` writes
//! them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use minicbor::Decode;
use nestpost_protocol::blob::BlobFact;
use nestpost_protocol::codec::encode;
use nestpost_protocol::complaint::Complaint;
use nestpost_protocol::epoch::Wrap;
use nestpost_protocol::id::{BlobId, DeviceId};
use nestpost_protocol::log::{Entry, EntryBody, OpenEntry};
use nestpost_protocol::message::Frame;
use nestpost_protocol::record::Record;

use crate::cases::{self, Case, Given, Input};
use crate::house::{House, Kita};

/// Types of bytes that stand on their own.
const TYPES: [&str; 9] = [
    "client-message",
    "relay-message",
    "header",
    "epoch-body",
    "erase-body",
    "hold-body",
    "reserve",
    "missing",
    "packed-frame",
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

const COMPLETE: &str = "complete";

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// The small house that most cases begin with: its frames, in order.
fn house_file(house: &House) -> String {
    let mut text = String::from(
        "# The house most vectors begin with: its frames, in order, as `frame` values of docs/protocol.cddl, and blobs\n\
         # that nobody holds yet: id, the device that reserved it, whether all of its parts are here. The relay's month\n\
         # is 2026-09, and it holds nothing else.\n",
    );
    for (id, blob) in &house.blobs {
        let parts = if blob.complete { COMPLETE } else { "partial" };
        let _ = writeln!(text, "blob: {} {} {parts}", hex(id.as_bytes()), hex(blob.reserver.as_bytes()));
    }
    for frame in &house.frames {
        let _ = writeln!(text, "frame: {}", hex(&encode(frame)));
    }
    text
}

fn file(case: &Case) -> String {
    let mut text = String::new();
    let (what, bytes) = match &case.input {
        Input::Entry(entry) => ("entry", encode(entry)),
        Input::Frame(frame) => ("frame", encode(frame)),
        Input::Record(record) => ("record", encode(record)),
        Input::Wrap(wrap) => ("wrap", encode(wrap)),
        Input::Complaint(complaint) => ("complaint", encode(complaint)),
        Input::Snapshot(record) => ("snapshot", encode(record)),
        Input::Bytes(of, bytes) => (*of, bytes.clone()),
    };
    let _ = writeln!(text, "expect: {}", case.expect);
    match &case.given {
        Given::Nothing => {
            let _ = writeln!(text, "given: nothing");
        }
        Given::Entries(entries) => {
            let _ = writeln!(text, "given: house");
            for entry in entries {
                let _ = writeln!(text, "given-entry: {}", hex(&encode(entry)));
            }
        }
        Given::Frames(frames) => {
            let _ = writeln!(text, "given: house");
            for frame in frames {
                let _ = writeln!(text, "given-frame: {}", hex(&encode(frame)));
            }
        }
    }
    let _ = writeln!(text, "{what}: {}", hex(&bytes));
    for (part, bytes) in parts(&case.input) {
        let _ = writeln!(text, "# {part}: {}", minicbor::display(&bytes));
    }
    text
}

/// What a reader of the file wants to see decoded: the signed parts.
fn parts(input: &Input) -> Vec<(&'static str, Vec<u8>)> {
    match input {
        Input::Entry(open) => signed_parts(open),
        Input::Record(record) | Input::Snapshot(record) => vec![("header", record.header.to_vec())],
        Input::Wrap(wrap) => vec![("head", wrap.head.to_vec())],
        Input::Complaint(complaint) => vec![("head", complaint.head.to_vec())],
        Input::Bytes(_, bytes) => vec![("diagnostic", bytes.clone())],
        Input::Frame(frame) => {
            let entries = frame.entries.iter().flat_map(signed_parts);
            let records = frame.records.iter().map(|record| ("header", record.header.to_vec()));
            let wraps = frame.wraps.iter().map(|wrap| ("wrap head", wrap.head.to_vec()));
            entries.chain(records).chain(wraps).collect()
        }
    }
}

fn signed_parts(open: &OpenEntry) -> Vec<(&'static str, Vec<u8>)> {
    let mut parts = Vec::new();
    if let Ok(entry) = minicbor::decode::<Entry>(&open.entry) {
        parts.push(("signed", entry.signed.to_vec()));
        if let Ok(body) = minicbor::decode::<EntryBody>(&entry.signed) {
            parts.push(("body", body.body.to_vec()));
        }
    }
    parts
}

#[test]
#[ignore = "writes the vectors; run it after a change that was meant"]
fn bless() {
    let folder = folder();
    std::fs::create_dir_all(&folder).unwrap();
    for old in std::fs::read_dir(&folder).unwrap() {
        std::fs::remove_file(old.unwrap().path()).unwrap();
    }
    std::fs::write(folder.join("house.txt"), house_file(&Kita::new().house)).unwrap();
    for case in cases::all() {
        std::fs::write(folder.join(format!("{}.txt", case.name)), file(&case)).unwrap();
    }
}

fn from_hex<T: for<'b> Decode<'b, ()>>(text: &str) -> T {
    minicbor::decode(&HEXLOWER.decode(text.as_bytes()).unwrap()).unwrap()
}

#[test]
fn every_file_is_answered_as_it_says() {
    let mut house = House::empty();
    let text = std::fs::read_to_string(folder().join("house.txt")).expect("the vectors were blessed");
    for line in text.lines().filter_map(|line| line.strip_prefix("frame: ")) {
        house.submit(from_hex(line)).unwrap();
    }
    for line in text.lines().filter_map(|line| line.strip_prefix("blob: ")) {
        let words: Vec<&str> = line.split(' ').collect();
        let bytes = |word: usize| HEXLOWER.decode(words[word].as_bytes()).unwrap().try_into().unwrap();
        let (reserver, complete) = (DeviceId::new(bytes(1)), words[2] == COMPLETE);
        house.blobs.insert(BlobId::new(bytes(0)), BlobFact { complete, reserver, holds: Vec::new() });
    }
    let mut seen = 0;
    for path in std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "house" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let (mut expect, mut given, mut input) = (None, Given::Nothing, None);
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (key, value) = line.split_once(": ").or_else(|| line.split_once(':')).unwrap();
            match (key, &mut given) {
                ("expect", _) => expect = Some(value.to_owned()),
                ("given", _) if value == "house" => given = Given::Entries(Vec::new()),
                ("given", _) => given = Given::Nothing,
                ("given-entry", Given::Entries(entries)) => entries.push(from_hex(value)),
                ("given-frame", Given::Frames(frames)) => frames.push(from_hex(value)),
                ("given-frame", _) => given = Given::Frames(vec![from_hex(value)]),
                ("entry", _) if name.starts_with("entry-") => {
                    input = Some(Input::Entry(from_hex::<OpenEntry>(value)));
                }
                ("frame", _) => input = Some(Input::Frame(from_hex::<Frame>(value))),
                ("record", _) => input = Some(Input::Record(from_hex::<Record>(value))),
                ("snapshot", _) => input = Some(Input::Snapshot(from_hex::<Record>(value))),
                ("complaint", _) => input = Some(Input::Complaint(from_hex::<Complaint>(value))),
                ("wrap", _) => input = Some(Input::Wrap(from_hex::<Wrap>(value))),
                (of, _) => {
                    let of = TYPES
                        .into_iter()
                        .find(|known| *known == of)
                        .unwrap_or_else(|| panic!("{name}: no such key {key}"));
                    input = Some(Input::Bytes(of, HEXLOWER.decode(value.as_bytes()).unwrap()));
                }
            }
        }
        let answer = cases::evaluate(&house, &given, &input.unwrap());
        assert_eq!(Some(answer), expect, "{name}");
        seen += 1;
    }
    assert!(seen > 300, "only {seen} vectors");
}

/// A change of the wire format shows here, whether or not it was meant.
#[test]
fn the_files_are_what_the_cases_make() {
    let mut wanted: BTreeMap<String, String> =
        cases::all().iter().map(|case| (case.name.clone(), file(case))).collect();
    wanted.insert("house".to_owned(), house_file(&Kita::new().house));
    let found: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the vectors were blessed")
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let names: BTreeSet<String> = wanted.keys().cloned().collect();
    assert_eq!(names.symmetric_difference(&found).collect::<Vec<_>>(), Vec::<&String>::new());
    for (name, text) in wanted {
        let found = std::fs::read_to_string(folder().join(format!("{name}.txt"))).unwrap();
        assert!(found == text, "{name} differs: was the wire format meant to change?");
    }
}
