//! A device: an engine while it is switched on, its storage, its clock and its line.

use std::collections::{BTreeMap, VecDeque};

use minicbor::Decode;
use nestpost_core::crypto::{DeviceKeys, LocalKey};
use nestpost_core::engine::{Config, Engine, Secrets};
use nestpost_core::store::Table;
use nestpost_core::time::Timestamp;
use nestpost_protocol::codec;
use nestpost_protocol::id::DeviceId;
use nestpost_protocol::message::Frame;

use super::disk::Disk;
use crate::relay::SessionId;
use crate::world::ORIGIN;

/// What a phone waits for an answer to.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// A text with this number was written.
    Text(usize),
    /// This text was taken back.
    TakeBack(usize),
    /// A letter or a code for another device.
    Letter,
    /// A guardian, for whom a letter is next.
    Guardian,
    /// This person was removed.
    Removed(String),
    /// Something whose answer is kept.
    Reply,
    /// Anything else.
    Other,
}

/// A line to a relay, and what is under way on it.
pub(super) struct Line {
    pub(super) relay: usize,
    pub(super) session: SessionId,
    pub(super) up: VecDeque<Vec<u8>>,
    pub(super) down: VecDeque<Vec<u8>>,
    /// What will come to the device a second time.
    pub(super) late: Option<Vec<u8>>,
}

/// A device.
pub(super) struct Phone {
    /// For people who read traces: who it is of, and which one.
    pub(super) name: String,
    seed: [u8; 32],
    local: [u8; 32],
    pub(super) id: DeviceId,
    /// None: it is switched off.
    pub(super) engine: Option<Engine>,
    pub(super) disk: Disk,
    /// What it would be put back to.
    pub(super) backup: Option<Disk>,
    pub(super) line: Option<Line>,
    /// The relay that it reaches.
    pub(super) relay: usize,
    /// It has no network before this moment.
    pub(super) away_until: Timestamp,
    /// Its clock is wrong by so much.
    pub(super) skew_ms: i64,
    /// When its engine wants to be woken.
    pub(super) wake: Option<Timestamp>,
    pub(super) next_command: u64,
    pub(super) asked: BTreeMap<u64, Asked>,
    /// Everything of it is lost: it is never switched on again.
    pub(super) lost: bool,
    /// It is a copy, was copied, or forgot something: what it sends need not follow from what it sent.
    pub(super) forgets: bool,
    /// The frame that it sent last and has no answer to, with the number it sent it under.
    pub(super) unanswered: Option<(u64, FrameId)>,
}

impl Phone {
    pub(super) fn new(name: String, seed: [u8; 32], local: [u8; 32]) -> Self {
        Self {
            name,
            seed,
            local,
            id: DeviceKeys::from_seed(seed).id(),
            engine: None,
            disk: Disk::default(),
            backup: None,
            line: None,
            relay: 0,
            away_until: Timestamp::default(),
            skew_ms: 0,
            wake: None,
            next_command: 0,
            asked: BTreeMap::new(),
            lost: false,
            forgets: false,
            unanswered: None,
        }
    }

    pub(super) fn with(mut self, engine: Engine) -> Self {
        self.engine = Some(engine);
        self
    }

    /// The same device once more.
    pub(super) fn copy(&self, name: String) -> Self {
        let mut copy = Self::new(name, self.seed, self.local);
        copy.disk = self.disk.clone();
        copy.disk.crash(0);
        copy.forgets = true;
        copy
    }

    pub(super) fn secrets(&self) -> Secrets {
        Secrets { keys: self.keys(), local: LocalKey::from_bytes(self.local) }
    }

    /// Seed and local key.
    pub(super) const fn expose_secrets(&self) -> ([u8; 32], [u8; 32]) {
        (self.seed, self.local)
    }

    pub(super) fn keys(&self) -> DeviceKeys {
        DeviceKeys::from_seed(self.seed)
    }

    pub(super) fn config(seed: [u8; 32]) -> Config {
        Config { origin: ORIGIN.into(), seed }
    }

    /// What its clock shows.
    pub(super) fn clock(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.millis().saturating_add_signed(self.skew_ms))
    }

    pub(super) fn is_member(&self) -> bool {
        self.engine.as_ref().is_some_and(|engine| engine.house().person().is_some())
    }

    /// The frame that is stored as under way.
    pub(super) fn stored_frame(&self) -> Option<FrameId> {
        let row = self.disk.get(Table::Outbox, b"frame")?;
        let opened = LocalKey::from_bytes(self.local).open(row).ok()?;
        let outgoing: Outgoing = codec::decode(&opened, ROW_BYTES_MAX).ok()?;
        Some(frame_id(&outgoing.frame))
    }
}

/// The stored row of a frame under way, as far as it is looked at.
#[derive(Decode)]
#[cbor(map)]
struct Outgoing {
    #[n(1)]
    frame: Frame,
}

const ROW_BYTES_MAX: usize = 8 << 20;

/// What a frame would write: the same in every sealing of it that is sent again, another one if it is sealed anew.
pub(super) type FrameId = [u8; 32];

/// Packed or not.
pub(super) fn frame_id(frame: &Frame) -> FrameId {
    let entries = frame.entries.iter().map(codec::encode);
    let records = frame.records.iter().map(|record| record.id().as_bytes().to_vec());
    let parts: Vec<Vec<u8>> = entries.chain(records).collect();
    codec::sha256(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
}
