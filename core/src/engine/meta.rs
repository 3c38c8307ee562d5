//! The one row that says what this engine is: where it stands, and what founding or joining still needs.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, DeviceId, Hash, HouseId, Incarnation, PersonId};
use nestpost_protocol::message::WantedRows;

use crate::app::NamedDevice;
use crate::house::{Overtaken, Stage};
use crate::store::{Blob, Loaded, Table, Write};

use super::outbox::{Packed, packed, unpacked};
use super::{Engine, Secrets};

const KEY: &[u8] = b"meta";
/// A meta row holds texts of the house; this bounds what is read back.
const META_BYTES_MAX: usize = 256 << 10;

/// Stored under the local key.
#[derive(Debug, Clone, Default, Encode, Decode)]
#[cbor(map)]
pub(super) struct Meta {
    #[n(0)]
    pub(super) stage: u8,
    #[n(1)]
    pub(super) house: Option<HouseId>,
    #[n(2)]
    pub(super) incarnation: Option<Incarnation>,
    #[n(3)]
    pub(super) founding: Option<Founding>,
    #[n(4)]
    pub(super) joining: Option<Joining>,
    /// The recovery sheet has not been confirmed as printed.
    #[n(5)]
    pub(super) sheet_open: bool,
    /// Own records are missing here: ask the relay for them in full.
    #[n(6)]
    pub(super) full: bool,
    /// Seed of the recovery sheet, until it is confirmed as printed; then it is forgotten here.
    #[n(7)]
    pub(super) sheet_seed: Option<Blob>,
    /// The person has stopped the sending of pictures and files.
    #[n(8)]
    #[cbor(default)]
    pub(super) media_paused: bool,
    /// Whose this device is to be, until one that belongs has added it.
    #[n(9)]
    pub(super) pairing: Option<PersonId>,
    /// The relay's history began another life; whether the house agreed to it is not known yet.
    #[n(20)]
    #[cbor(default)]
    pub(super) renewed: bool,
    /// What the relay lacked of what is here, in its present life: kept at hand, to give it back.
    #[n(31)]
    pub(super) lost: Option<Lost>,
    /// What the house goes on without: taken out of the storage at the next start.
    #[n(32)]
    #[cbor(default)]
    pub(super) cut: Vec<Length>,
    /// Devices that were taken out by entries which the house went on without, until that is said again; and how far their
    /// records count.
    #[n(33)]
    #[cbor(default)]
    pub(super) revoked: Vec<DeviceId>,
    #[n(34)]
    #[cbor(default)]
    pub(super) counted: Vec<Length>,
    /// What this director says of a copy.
    #[n(40)]
    pub(super) said: Option<Said>,
    /// Circles that rest, because of what the relay or a device signed.
    #[n(41)]
    #[cbor(default)]
    pub(super) suspended: Vec<CircleId>,
    /// Records that the relay lost, as last heard, and that this device may have.
    #[n(42)]
    #[cbor(default)]
    pub(super) wanted: Vec<WantedRows>,
    /// When what is stored was last read for them, in milliseconds.
    #[n(43)]
    #[cbor(default)]
    pub(super) wanted_at: u64,
    /// What this person calls their devices.
    #[n(10)]
    #[cbor(default)]
    pub(super) names: Vec<NamedDevice>,
    /// The sheet that was said to be printed here last, and when, in milliseconds.
    #[n(11)]
    pub(super) printed: Option<(DeviceId, u64)>,
    /// What was decided here and came to nothing, until the person has read it.
    #[n(21)]
    #[cbor(default)]
    pub(super) overtaken: Vec<OvertakenRow>,
}

/// A decision that came to nothing.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct OvertakenRow {
    #[n(0)]
    key: u64,
    #[n(1)]
    bodies: Packed,
    #[n(2)]
    since: u64,
    #[n(3)]
    seq: u64,
}

impl OvertakenRow {
    fn of(lost: &Overtaken) -> Self {
        let Overtaken { key, since, seq, .. } = *lost;
        Self { key, bodies: packed(&lost.bodies), since, seq }
    }

    pub(super) fn read(&self) -> Option<Overtaken> {
        let Self { key, since, seq, .. } = *self;
        Some(Overtaken { key, bodies: unpacked(&self.bodies)?, since, seq })
    }
}

/// That the house goes on with the copy of this life.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct Said {
    #[n(0)]
    pub(super) life: Incarnation,
    #[n(1)]
    pub(super) origin: Option<String>,
    #[n(2)]
    pub(super) at: u64,
}

/// A chain, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Length {
    #[n(0)]
    pub(super) circle: CircleId,
    #[n(1)]
    pub(super) n: u64,
}

/// What a relay lacked in one of its lives: everything beyond these lengths.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct Lost {
    #[n(0)]
    pub(super) life: Incarnation,
    #[n(1)]
    pub(super) beyond: Vec<Length>,
}

/// What a founding needs until the relay has answered.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct Founding {
    #[n(0)]
    pub(super) house_name: String,
    #[n(1)]
    pub(super) director_name: String,
    #[n(2)]
    pub(super) help_line: String,
    #[n(3)]
    pub(super) notice: String,
    /// Seed of the recovery sheet: cosigns `found`.
    #[n(4)]
    pub(super) sheet_seed: Blob,
    #[n(5)]
    pub(super) director: PersonId,
    #[n(6)]
    pub(super) sheet: PersonId,
    #[n(7)]
    pub(super) setup_code: Option<String>,
}

/// What a join needs until the house has confirmed.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct Joining {
    /// The invite's secret.
    #[n(0)]
    pub(super) secret: Blob,
    /// Commitment of our `join` entry, once it was sent: the digits at the door come from it.
    #[n(1)]
    pub(super) commitment: Option<Hash>,
    /// What the greeting said, for the time before the house's own profile can be read.
    #[n(2)]
    pub(super) greeting: Blob,
    /// Why it ended, as a code of the contract, if it did.
    #[n(3)]
    pub(super) failed: Option<String>,
}

const fn stage_number(stage: Stage) -> u8 {
    match stage {
        Stage::Founding => 0,
        Stage::Presenting => 1,
        Stage::Joining => 2,
        Stage::Member => 3,
        Stage::Ended => 4,
    }
}

pub(super) const fn number_stage(number: u8) -> Stage {
    match number {
        0 => Stage::Founding,
        1 => Stage::Presenting,
        2 => Stage::Joining,
        3 => Stage::Member,
        _ => Stage::Ended,
    }
}

impl Engine {
    /// Queues the meta row for the transaction of this input.
    pub(super) fn write_meta(&mut self) {
        self.meta.stage = stage_number(self.house.stage);
        self.meta.house = self.house.id;
        let names = self.house.names.iter();
        self.meta.names =
            names.map(|(device, name)| NamedDevice { device: *device, name: name.clone() }).collect();
        self.meta.printed = self.house.printed.map(|(sheet, at)| (sheet, at.millis()));
        self.meta.overtaken = self.house.overtaken.iter().map(OvertakenRow::of).collect();
        self.writes.extend(self.seal_meta(&self.meta));
    }

    /// The row of it.
    pub(super) fn seal_meta(&self, meta: &Meta) -> Option<Write> {
        let sealed = self.secrets.local.seal(&codec::encode(meta)).ok()?;
        Some(Write::put(Table::Meta, KEY.to_vec(), sealed))
    }

    pub(super) fn set_stage(&mut self, stage: Stage) {
        if self.house.stage != stage {
            self.house.stage = stage;
            self.changed = true;
            self.write_meta();
        }
    }

    /// Reads the meta row back. `None` when it does not open: another device's storage, or a damaged one.
    pub(super) fn read_meta(&self, sealed: &[u8]) -> Option<Meta> {
        read(&self.secrets, sealed)
    }
}

fn read(secrets: &Secrets, sealed: &[u8]) -> Option<Meta> {
    let bytes = secrets.local.open(sealed).ok()?;
    codec::decode(&bytes, META_BYTES_MAX).ok()
}

/// Whether a row is this one.
pub(super) fn is_meta(row: &Loaded) -> bool {
    row.table == Table::Meta && row.key == KEY
}

/// Whether something is to be taken out of the storage.
pub(super) fn cuts(secrets: &Secrets, sealed: &[u8]) -> bool {
    read(secrets, sealed).is_some_and(|meta| !meta.cut.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As version 0.1.0 wrote it.
    #[derive(Encode)]
    #[cbor(map)]
    struct First {
        #[n(0)]
        stage: u8,
        #[n(1)]
        house: Option<HouseId>,
        #[n(5)]
        sheet_open: bool,
        #[n(6)]
        full: bool,
    }

    #[test]
    fn what_the_first_version_wrote_is_read() {
        let house = Some(HouseId::new([7; 32]));
        let bytes = codec::encode(&First { stage: 3, house, sheet_open: true, full: false });
        let meta: Meta = codec::decode(&bytes, META_BYTES_MAX).unwrap();
        assert_eq!((meta.stage, meta.house, meta.sheet_open), (3, house, true));
        assert!(!meta.media_paused);
    }
}
