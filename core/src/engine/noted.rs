//! A record that is about to be applied is noted first.
//!
//! Applying means decrypting and merging what somebody else wrote. Should that ever kill the process (a trap in WASM, memory
//! that runs out, a worker that hangs and is ended), the device must not die on the same record at every start. So records are
//! stored with a note, applied once both are durable, and the note is taken back with the next transaction. What is still noted
//! at a start is applied one at a time, each with a note of its own; what the device died on alone twice is set aside. As a
//! device may also have been switched off, or its storage full, at that very moment, it is tried again after two more
//! starts, four, eight, and by another version of the app.
//!
//! ```text
//! page → store rows + note → apply together → take the note back
//!                                 ✗ start → store note "alone" → apply → take it back → next
//!                                                                  ✗ start → once more ✗ start → set aside
//! ```

use std::collections::VecDeque;

use minicbor::{Decode, Encode};
use nestpost_protocol::codec;
use nestpost_protocol::epoch::ReaderList;
use nestpost_protocol::id::CircleId;
use nestpost_protocol::record::{Header, Record};
use nestpost_protocol::sorted::SortedSet;
use nestpost_protocol::stands;

use crate::store::{Loaded, Table, Write};

use super::{After, Engine};

const KEY: &[u8] = b"noted";
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// A device may also have been switched off at that very moment.
const ALONE_MAX: u32 = 2;
/// Stands for all snapshots of a circle, whose records begin at 1.
const SNAPSHOTS: u64 = 0;
/// What is set aside rests for no more than two to so many starts.
const PATIENCE_MAX: u32 = 5;
const NOTES_BYTES_MAX: usize = 1 << 20;

/// Circle and number of a record.
type Place = (CircleId, u64);

/// A record that has advanced its circle and is not applied yet. Its signature holds.
#[derive(Debug, Clone)]
pub(super) struct Arrived {
    pub(super) n: u64,
    pub(super) header: Header,
    pub(super) record: Record,
    /// The log position it counts from: the one that it names, or the latest that a record before it names. Nobody writes
    /// under a right of the past by naming one.
    pub(super) log: u64,
    /// Whom an epoch was made for, where this device may know.
    pub(super) readers: Option<ReaderList>,
    /// The epoch whose secret opens it.
    pub(super) under: u32,
}

impl Arrived {
    const fn place(&self) -> Place {
        (self.header.circle, self.n)
    }
}

/// The notes, as stored.
#[derive(Debug, Clone, Default, Encode, Decode)]
#[cbor(map)]
struct Notes {
    /// Stored, and about to be applied.
    #[n(0)]
    fresh: SortedSet<Place>,
    /// About to be applied alone, for the how-manieth time.
    #[n(1)]
    alone: Option<(Place, u32)>,
    /// The device died on these.
    #[n(2)]
    barred: SortedSet<Place>,
    /// Version of what died on them; another one tries them again.
    #[n(3)]
    version: String,
    /// How often something was set aside since all was well, and how many starts ago that was.
    #[n(4)]
    #[cbor(default)]
    patience: u32,
    #[n(5)]
    #[cbor(default)]
    rested: u32,
}

/// Records between arrival and application.
#[derive(Debug, Clone, Default)]
pub(super) struct Noted {
    notes: Notes,
    /// Records that wait for their note to be durable.
    under_way: usize,
    /// Noted when the device last stopped, in their order: each is tried alone.
    suspects: VecDeque<Arrived>,
    /// The storage is being read: what was applied before is applied again, without a note.
    pub(super) loading: bool,
    /// A start is to be counted.
    counts: bool,
}

/// Whether a record may be applied while the storage is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AtLoad {
    Apply,
    Later,
    Never,
}

impl Noted {
    /// Whether what this device knows lags behind what it has: nothing new is built on it meanwhile.
    pub(super) fn is_behind(&self) -> bool {
        self.under_way > 0 || !self.suspects.is_empty()
    }

    /// From storage, before any record is loaded. A note that says "alone" was the last thing this device did.
    pub(super) fn load(&mut self, row: &Loaded) {
        self.notes = codec::decode(&row.value, NOTES_BYTES_MAX).unwrap_or_default();
        self.notes.rested += 1;
        if self.notes.version != VERSION || self.notes.rested > 1 << self.notes.patience {
            self.notes.version = VERSION.to_owned();
            self.notes.fresh.append(&mut self.notes.barred);
        }
        self.counts = true;
        if let Some((place, times)) = self.notes.alone {
            if times < ALONE_MAX {
                self.notes.fresh.insert(place);
            } else {
                self.notes.alone = None;
                self.notes.barred.insert(place);
                self.notes.patience = PATIENCE_MAX.min(self.notes.patience + 1);
                self.notes.rested = 0;
            }
        }
    }

    /// Whether the device was about to use snapshots of a circle when it last stopped.
    pub(super) fn died_on_snapshots(&self, circle: CircleId) -> bool {
        self.notes.fresh.contains(&(circle, SNAPSHOTS))
    }

    fn at_load(&self, place: &Place) -> AtLoad {
        if self.notes.barred.contains(place) {
            AtLoad::Never
        } else if self.notes.fresh.contains(place) {
            AtLoad::Later
        } else {
            AtLoad::Apply
        }
    }

    fn write(&self) -> Write {
        Write::put(Table::Meta, KEY.to_vec(), codec::encode(&self.notes))
    }
}

/// Where the notes stand.
pub(super) fn row_key() -> (Table, Vec<u8>) {
    (Table::Meta, KEY.to_vec())
}

/// Whether a row of [`Table::Meta`] is the notes'.
pub(super) fn is_notes(row: &Loaded) -> bool {
    row.table == Table::Meta && row.key == KEY
}

impl Engine {
    /// Whether records are applied as soon as the transaction under way is stored.
    #[must_use]
    pub const fn is_about_to_apply(&self) -> bool {
        self.noted.under_way > 0
    }

    /// How many records this device has set aside because it died over them.
    #[must_use]
    pub fn set_aside(&self) -> usize {
        self.noted.notes.barred.len()
    }

    /// Applies rows once this input's transaction, with their note, is durable.
    pub(super) fn apply_later(&mut self, rows: Vec<Arrived>) {
        if rows.is_empty() {
            return;
        }
        self.noted.notes.fresh.extend(rows.iter().map(Arrived::place));
        self.noted.under_way += rows.len();
        self.writes.push(self.noted.write());
        if !stands!(NoteBeforeApply) {
            return self.apply_noted(rows);
        }
        self.after.push(After::Apply(rows));
    }

    /// What was loaded is applied at once, unless there is a note on it, or what it replaces is still here.
    pub(super) fn load_arrived(&mut self, arrived: Arrived) {
        match self.noted.at_load(&arrived.place()) {
            AtLoad::Apply if self.replaces_what_is_here(&arrived) => self.noted.suspects.push_back(arrived),
            AtLoad::Apply => self.apply(arrived),
            AtLoad::Later if !stands!(NotedTaken) => {}
            AtLoad::Later => self.noted.suspects.push_back(arrived),
            AtLoad::Never => {
                if let Some(document) = arrived.header.document {
                    self.cache.note_unclear(document);
                }
                let header = &arrived.header;
                self.quarantine(header.circle, arrived.n, arrived.record.id(), Some(header.author));
            }
        }
    }

    /// Snapshots of a circle are about to be used, or have been.
    pub(super) fn note_snapshots(&mut self, circle: CircleId, about_to: bool) {
        let place = (circle, SNAPSHOTS);
        let fresh = &mut self.noted.notes.fresh;
        let is_new = if about_to { fresh.insert(place) } else { fresh.remove(&place) };
        if is_new {
            self.writes.push(self.noted.write());
        }
    }

    /// Their note is durable.
    pub(super) fn apply_noted(&mut self, rows: Vec<Arrived>) {
        self.noted.under_way = self.noted.under_way.saturating_sub(rows.len());
        for arrived in rows {
            let place = arrived.place();
            self.apply(arrived);
            self.noted.notes.fresh.remove(&place);
            if self.noted.notes.alone.is_some_and(|(alone, _)| alone == place) {
                self.noted.notes.alone = None;
            }
        }
        if self.noted.notes.barred.is_empty() && self.noted.notes.alone.is_none() {
            self.noted.notes.patience = 0;
        }
        self.writes.push(self.noted.write());
        self.open_what_opens();
        self.duties_due = true;
        self.changed = true;
    }

    /// After a start that found notes: the next suspect, with a note of its own.
    pub(super) fn try_suspect(&mut self) {
        if std::mem::take(&mut self.noted.counts) && !self.noted.notes.barred.is_empty() {
            self.writes.push(self.noted.write());
        }
        if self.noted.under_way > 0 {
            return;
        }
        let Some(arrived) = self.noted.suspects.pop_front() else { return };
        let place = arrived.place();
        self.noted.notes.fresh.remove(&place);
        let before =
            self.noted.notes.alone.filter(|(alone, _)| *alone == place).map_or(0, |(_, times)| times);
        self.noted.notes.alone = Some((place, before + 1));
        self.noted.under_way = 1;
        self.writes.push(self.noted.write());
        self.after.push(After::Apply(vec![arrived]));
    }
}
