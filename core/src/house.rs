//! A house as one device knows it: what the domain reads.

use nestpost_protocol::access;
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::evidence::Case;
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, HouseId, ItemId, PersonId, RecordId};
use nestpost_protocol::id::{Hash, Incarnation, RelayKey};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::{Body, LogState, OpenEntry};
use nestpost_protocol::message::Word;
use nestpost_protocol::record::LogHead;
use nestpost_protocol::sorted::SortedMap;

use crate::app::Edit;
use crate::docs::Docs;
use crate::inquiry::Received;
use crate::time::Timestamp;
use crate::transfers::Transfers;

/// Where this device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The house is being founded; the relay has not answered yet.
    Founding,
    /// The code is presented or waits for a network.
    Presenting,
    /// The house has yet to confirm.
    Joining,
    /// Belongs.
    Member,
    /// No longer belongs.
    Ended,
}

/// State of the line to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// No line.
    Offline,
    /// A line, catching up.
    Connecting,
    /// Everything there is is here.
    Online,
}

/// Something a person must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// The recovery sheet has not been printed.
    SheetMissing,
    /// The house has one director only.
    OneDirector,
    /// The house is over.
    Dissolved,
    /// What was decided here is not to be: somebody else had changed what it rests on.
    Overtaken,
    /// Something waits for a second director: this one.
    Proposal,
    /// The relay knows records of this device that this device does not: it was copied, or lost its storage.
    DeviceCopied,
    /// The relay forgot something it had.
    RelayRewound,
    /// Two logs were shown to this device: until the house goes on with another copy, it changes nothing about who belongs.
    LogDoubted,
    /// The house is on another relay than before, and two of it have yet to say that it goes on there.
    RelayMoved,
    /// The relay's data was put back from a backup, and two of the house have yet to say that it goes on with that.
    RelayRestored,
    /// The relay no longer speaks this app's version.
    AppOutdated,
    /// The device cannot store.
    StorageFull,
    /// The house's quota is used up, or the relay's disk is full.
    QuotaFull,
    /// The relay does not take what was written here, again and again; it stays and is tried again.
    Refused,
    /// Records that could not be opened or did not hold.
    Quarantined,
    /// The relay sent something that made no sense.
    RelayGarbage,
    /// The relay does not know this house (any more).
    HouseUnknown,
    /// The house is reached at another address than this device reaches it.
    AddressNew,
    /// A device of this person's that they have given no name here: perhaps not theirs.
    DeviceNew,
}

/// A copy of the house on a relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Its life.
    pub incarnation: Incarnation,
    /// The relay's key, where it is another one.
    pub relay: Option<RelayKey>,
    /// Its log ends there.
    pub log: LogHead,
    /// What stands for the positions that this device sees.
    pub positions: Hash,
    /// Records and entries that this device has and it has not.
    pub missing: u64,
}

/// What somebody decided on this device and what came to nothing: the house had changed meanwhile.
#[derive(Debug, Clone)]
pub struct Overtaken {
    /// Key of the row that waited.
    pub key: u64,
    /// What would have been.
    pub bodies: Vec<Body>,
    /// How long the log was when it was decided,
    pub since: u64,
    /// and when it was given up.
    pub seq: u64,
}

/// A record that did not open or did not hold: set aside, and everything else goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarantined {
    /// Where it stands,
    pub circle: CircleId,
    /// with which number.
    pub n: u64,
    /// Its id.
    pub record: RecordId,
    /// Whose device made it, where that could be read.
    pub author: Option<DeviceId>,
}

/// What was erased from a document, by whose word.
#[derive(Debug, Clone)]
pub struct Gone {
    /// The document that came instead.
    pub to: DocumentId,
    /// Where.
    pub circle: CircleId,
    /// Who wrote it anew.
    pub by: DeviceId,
    /// What is gone, and who else wanted that.
    pub items: Vec<(ItemId, Option<DeviceId>)>,
}

/// The house, for whoever reads.
#[derive(Debug, Clone)]
pub struct House {
    /// Its id; unknown until it is founded.
    pub id: Option<HouseId>,
    /// Who belongs.
    pub log: LogState,
    /// Key generations.
    pub epochs: Epochs,
    /// What was written.
    pub docs: Docs,
    /// Pictures and files of this device on their way.
    pub transfers: Transfers,
    /// What outsiders wrote to the intake.
    pub inquiries: SortedMap<RecordId, Received>,
    /// This device.
    pub me: DeviceId,
    /// What this person calls their devices. Told to nobody but these.
    pub names: SortedMap<DeviceId, String>,
    /// The sheet that was said to be printed on this device last, and when.
    pub printed: Option<(DeviceId, Timestamp)>,
    /// What is to be written once decisions that wait here are admitted; shown as if it were.
    pub decided: Vec<Edit>,
    /// Where it stands.
    pub stage: Stage,
    /// The line.
    pub link: LinkState,
    /// What a person must know, with a count.
    pub alarms: SortedMap<Alarm, u32>,
    /// What was erased.
    pub gone: Vec<Gone>,
    /// Documents whose changes from here the relay did not take, and when that is tried again. Everything else goes its way.
    pub refused: SortedMap<DocumentId, Timestamp>,
    /// Records that did not open or did not hold, the first of them.
    pub quarantined: Vec<Quarantined>,
    /// What was decided here and came to nothing, until the person has read it.
    pub overtaken: Vec<Overtaken>,
    /// What this device could show of a relay that lied or a member that did not keep to the rules.
    pub evidence: Vec<Case>,
    /// The first entry, as it was received.
    pub founding: Option<OpenEntry>,
    /// Entries that name another key of the relay, likewise.
    pub moves: Vec<OpenEntry>,
    /// A copy of the house that two have yet to say it goes on with, as this device sees it.
    pub copy: Option<Copied>,
    /// What this device has and it has not, by the day it came here: days since 1970, 0 where that is not known.
    pub missing: Vec<(u32, u64)>,
    /// What directors say of it, until two do.
    pub words: Vec<Word>,
    /// Origin of the relay, for links in letters.
    pub origin: String,
}

impl House {
    /// Where the house is reached: as two have said, else where this device reached it.
    #[must_use]
    pub fn address(&self) -> &str {
        // Nothing else is shown as an address.
        self.log.origin().filter(|origin| origin.starts_with("http")).unwrap_or(&self.origin)
    }

    /// This device's person and role, while it belongs.
    #[must_use]
    pub fn person(&self) -> Option<(PersonId, Role)> {
        access::role_of(&self.log, &self.me)
    }

    /// The one circle of a sort of which a house has one.
    #[must_use]
    pub fn sole(&self, sort: Sort) -> Option<CircleId> {
        self.log.circles().find(|c| c.sort == sort).map(|c| c.id)
    }

    /// How many items exist only on this device, pictures and files on their way included.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.docs.waiting() + self.transfers.queued()
    }
}
