//! Bytes from a peer can end a link, never the program: nothing panics, whatever comes, and what is refused changes
//! nothing. Seeds of failures are printed by proptest and kept beside this file.

use std::sync::OnceLock;

use nestpost_protocol::codec::{self, encode};
use nestpost_protocol::limit;
use nestpost_protocol::log::OpenEntry;
use nestpost_protocol::message::{ClientMessage, Frame, RelayMessage};
use proptest::prelude::*;

use crate::cases;
use crate::house::*;
use crate::samples::{self, Sample};

fn every_sample() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(samples::all)
}

fn kita() -> Kita {
    thread_local!(static KITA: Kita = Kita::new());
    KITA.with(|kita| Kita {
        house: kita.house.clone(),
        anna: kita.anna.clone(),
        sheet: kita.sheet.clone(),
        ben: kita.ben.clone(),
        cem: kita.cem.clone(),
        dana: kita.dana.clone(),
        eva: kita.eva.clone(),
        tablet: kita.tablet.clone(),
        ..*kita
    })
}

fn decode_all(bytes: &[u8]) {
    let _ = codec::decode::<ClientMessage>(bytes, limit::MESSAGE_BYTES_MAX);
    let _ = codec::decode::<RelayMessage>(bytes, limit::MESSAGE_BYTES_MAX);
    for of in ["header", "entry", "entry-body", "epoch-body"] {
        let _ = cases::decode(of, bytes);
    }
    for sample in every_sample().iter().step_by(17) {
        let _ = (sample.again)(bytes);
    }
}

/// How bytes are spoiled.
#[derive(Debug, Clone)]
enum Spoil {
    Set(prop::sample::Index, u8),
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
}

impl Spoil {
    fn on(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let len = bytes.len();
        match self {
            Self::Set(at, to) => bytes[at.index(len)] = *to,
            Self::Flip(at, bit) => bytes[at.index(len)] ^= 1 << (bit % 8),
            Self::Cut(at) => bytes.truncate(at.index(len)),
            Self::Insert(at, what) => bytes.insert(at.index(len), *what),
            Self::Remove(at) => {
                bytes.remove(at.index(len));
            }
        }
    }
}

fn spoils() -> impl Strategy<Value = Vec<Spoil>> {
    let one = prop_oneof![
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, to)| Spoil::Set(at, to)),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, bit)| Spoil::Flip(at, bit)),
        any::<prop::sample::Index>().prop_map(Spoil::Cut),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, what)| Spoil::Insert(at, what)),
        any::<prop::sample::Index>().prop_map(Spoil::Remove),
    ];
    prop::collection::vec(one, 1..4)
}

#[test]
fn encoding_and_decoding_are_inverse() {
    for sample in every_sample() {
        assert_eq!((sample.again)(&sample.bytes).as_ref(), Some(&sample.bytes), "{}", sample.rule);
    }
}

proptest! {
    #[test]
    fn decoders_take_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        decode_all(&bytes);
    }

    /// What decodes at all has the one deterministic form: only fields of a later version can be lost by encoding it
    /// again, and then the value stays the same.
    #[test]
    fn decoders_take_spoiled_values(which in any::<prop::sample::Index>(), spoils in spoils()) {
        let sample = &every_sample()[which.index(every_sample().len())];
        let mut bytes = sample.bytes.clone();
        for spoil in &spoils {
            spoil.on(&mut bytes);
        }
        decode_all(&bytes);
        let travels = !sample.rule.ends_with("-input") && !sample.rule.ends_with("-proof");
        if let Some(once) = (sample.again)(&bytes).filter(|_| travels) {
            prop_assert!(once.len() <= bytes.len());
            prop_assert!(once.len() < bytes.len() || once == bytes);
            prop_assert_eq!((sample.again)(&once), Some(once));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(128), ..ProptestConfig::default() })]

    /// A frame whose bytes were touched is refused (or is another frame altogether), and nothing has changed.
    #[test]
    fn a_spoiled_frame_changes_nothing(spoils in spoils(), inner in any::<bool>(), which in any::<prop::sample::Index>()) {
        let kita = kita();
        let mut desk = kita.house.desk();
        desk.say(&kita.anna, &role(person(20), nestpost_protocol::log::kind::role::Role::Guardian));
        desk.epoch(&kita.cem, kita.private_cem).batch(&kita.cem, kita.private_cem, 1, |_| {});
        let whole = desk.done();
        let spoiled = if inner {
            let mut frame = whole.clone();
            let part = which.index(4);
            let bytes = match part {
                0 => &mut frame.entries[0].entry,
                1 => &mut frame.records[0].header,
                2 => &mut frame.records[0].body,
                _ => &mut frame.wraps[0].head,
            };
            let mut changed = bytes.to_vec();
            for spoil in &spoils {
                spoil.on(&mut changed);
            }
            *bytes = changed.into();
            Some(frame)
        } else {
            let mut bytes = encode(&whole);
            for spoil in &spoils {
                spoil.on(&mut bytes);
            }
            codec::decode::<Frame>(&bytes, limit::MESSAGE_BYTES_MAX).ok()
        };
        if let Some(frame) = spoiled.filter(|frame| *frame != whole) {
            let mut house = kita.house.clone();
            let before = (house.log.head(), house.log.len(), house.epochs.current(&kita.private_cem).cloned());
            if house.submit(frame).is_err() {
                let after = (house.log.head(), house.log.len(), house.epochs.current(&kita.private_cem).cloned());
                prop_assert_eq!(before, after);
            }
        }
    }

    /// Entries of a log, spoiled and in any order, on any prefix of it.
    #[test]
    fn the_log_takes_any_entry(at in any::<prop::sample::Index>(), which in any::<prop::sample::Index>(), spoils in spoils()) {
        let kita = kita();
        let entries = &kita.house.entries;
        let mut log = nestpost_protocol::log::LogState::new();
        for entry in &entries[..at.index(entries.len())] {
            log.admit(&entry.link().unwrap(), Some(entry)).unwrap();
        }
        let before = (log.head(), log.len());
        let mut entry: OpenEntry = entries[which.index(entries.len())].clone();
        let mut bytes = entry.entry.to_vec();
        for spoil in &spoils {
            spoil.on(&mut bytes);
        }
        let untouched = bytes == entry.entry.to_vec();
        entry.entry = bytes.into();
        if let Ok(link) = entry.link() {
            let answer = log.admit(&link, Some(&entry));
            prop_assert!(answer.is_err() || untouched, "a spoiled entry was admitted");
            if answer.is_err() {
                prop_assert_eq!(before, (log.head(), log.len()));
            }
        }
    }
}
