//! Right and wrong, one case each: what is given, what comes, what must be answered. The same cases are the vectors
//! under `tests/vectors`.

mod circles;
mod complaints;
mod entries;
mod erasures;
mod frames;
mod holds;
mod horizons;
pub mod intake;
mod named;
mod orders;
mod packs;
mod records;
pub mod snapshots;

use std::fmt::Debug;

use nestpost_protocol::blob::{HoldBody, Missing, Reserve};
use nestpost_protocol::codec::{self, DecodeError};
use nestpost_protocol::complaint::Complaint;
use nestpost_protocol::epoch::{EpochBody, Wrap};
use nestpost_protocol::erase::EraseBody;
use nestpost_protocol::limit;
use nestpost_protocol::log::{Entry, EntryBody, OpenEntry};
use nestpost_protocol::message::{ClientMessage, Frame, RelayMessage};
use nestpost_protocol::record::{Header, Record};

use crate::house::{House, Kita};

/// What is there before the input comes.
#[derive(Clone)]
pub enum Given {
    /// No house.
    Nothing,
    /// The small house, then these entries, not looked at as frames.
    Entries(Vec<OpenEntry>),
    /// The small house, then these frames.
    Frames(Vec<Frame>),
}

#[derive(Clone)]
pub enum Input {
    Entry(OpenEntry),
    Frame(Frame),
    Record(Record),
    Wrap(Wrap),
    Complaint(Complaint),
    Snapshot(Record),
    /// Bytes that claim to be a value of this type.
    Bytes(&'static str, Vec<u8>),
}

#[derive(Clone)]
pub struct Case {
    pub name: String,
    pub given: Given,
    pub input: Input,
    /// `ok`, or the error as `Debug` prints it.
    pub expect: String,
}

pub fn all() -> Vec<Case> {
    let kita = Kita::new();
    let mut cases = Vec::new();
    entries::add(&kita, &mut cases);
    orders::add(&kita, &mut cases);
    frames::add(&kita, &mut cases);
    holds::add(&kita, &mut cases);
    erasures::add(&kita, &mut cases);
    intake::add(&kita, &mut cases);
    records::add(&kita, &mut cases);
    complaints::add(&kita, &mut cases);
    packs::add(&kita, &mut cases);
    snapshots::add(&kita, &mut cases);
    cases
}

/// Evaluates an input; a refusal must leave everything as it was.
pub fn evaluate(base: &House, given: &Given, input: &Input) -> String {
    let mut house = match given {
        Given::Nothing => House::empty(),
        Given::Entries(_) | Given::Frames(_) => base.clone(),
    };
    match given {
        Given::Entries(entries) => {
            for entry in entries {
                house.take(entry.clone()).expect("what is given holds");
            }
        }
        Given::Frames(frames) => {
            for frame in frames {
                house.submit(frame.clone()).expect("what is given holds");
            }
        }
        Given::Nothing => {}
    }
    let before = (house.log.head(), house.log.len());
    let answer = match input {
        Input::Entry(entry) => answer(house.take(entry.clone())),
        Input::Frame(frame) => answer(house.submit(frame.clone()).map_err(|refusal| refusal.code)),
        Input::Record(record) => answer(record.check()),
        Input::Wrap(wrap) => answer(wrap.check()),
        Input::Complaint(complaint) => {
            answer(complaint.check().and_then(|head| head.holds(&house.log, &house.epochs)))
        }
        Input::Snapshot(record) => answer(house.take_snapshot(record).map_err(|refusal| refusal.code)),
        Input::Bytes(of, bytes) => answer(decode(of, bytes)),
    };
    if answer != "ok" {
        assert_eq!(before, (house.log.head(), house.log.len()), "a refusal changed the log");
    }
    answer
}

fn answer<T, E: Debug>(result: Result<T, E>) -> String {
    result.map_or_else(|error| format!("{error:?}"), |_| "ok".to_owned())
}

/// Decodes by name; a value that decodes must encode to the same bytes.
pub fn decode(of: &str, bytes: &[u8]) -> Result<(), DecodeError> {
    fn whole<'b, T>(bytes: &'b [u8], max: usize) -> Result<(), DecodeError>
    where
        T: minicbor::Decode<'b, ()> + minicbor::Encode<()>,
    {
        codec::decode::<T>(bytes, max).map(|_| ())
    }
    match of {
        "client-message" => whole::<ClientMessage>(bytes, limit::MESSAGE_BYTES_MAX),
        "relay-message" => whole::<RelayMessage>(bytes, limit::MESSAGE_BYTES_MAX),
        "header" => whole::<Header>(bytes, limit::RECORD_HEADER_BYTES_MAX),
        "entry" => whole::<Entry>(bytes, limit::ENTRY_BYTES_MAX),
        "entry-body" => whole::<EntryBody>(bytes, limit::ENTRY_BYTES_MAX),
        "epoch-body" => EpochBody::decode(bytes).map(|_| ()),
        "erase-body" => EraseBody::decode(bytes).map(|_| ()),
        "hold-body" => HoldBody::decode(bytes).map(|_| ()),
        "reserve" => Reserve::decode(bytes).map(|_| ()),
        "packed-frame" => {
            let frame = codec::decode::<Frame>(bytes, limit::MESSAGE_BYTES_MAX)?;
            frame.unpacked().map(|_| ())
        }
        "missing" => Missing::decode(bytes).map(|_| ()),
        other => panic!("no such type: {other}"),
    }
}

#[test]
fn every_case_is_answered_as_expected() {
    let base = Kita::new().house;
    let mut wrong = Vec::new();
    for case in all() {
        let answer = evaluate(&base, &case.given, &case.input);
        if answer != case.expect {
            wrong.push(format!("{}: expected {}, got {answer}", case.name, case.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_name_stands_twice() {
    let mut names: Vec<String> = all().into_iter().map(|case| case.name).collect();
    names.sort();
    let before = names.len();
    names.dedup();
    assert_eq!(before, names.len());
}
