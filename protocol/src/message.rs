//! What travels over the WebSocket: one CBOR value per binary frame, `[number, [payload]]`.

use minicbor::{Decode, Decoder, Encode, decode};

use crate::codec::{self, Bytes, sha256};
use crate::complaint::Complaint;
use crate::epoch::{ReaderList, Wrap};
use crate::id::{
    CircleId, DeviceId, DocumentId, Hash, HouseId, Incarnation, InviteKey, Nonce, RecordId, RelayKey,
    Signature, WrapId,
};
use crate::intake::IntakeStep;
use crate::log::{Link, OpenEntry};
use crate::pack::Pack;
use crate::record::{LogHead, Position, Record};
use crate::retention::Month;
use crate::{label, limit};

mod chain;

pub use crate::log::kind::restored::Word;
pub use chain::{Asked, GiveBack, LOG, PositionClaim, SignedPosition, Stands, log_position};

/// A range of protocol versions, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Versions {
    /// Oldest spoken.
    #[n(0)]
    pub min: u16,
    /// Newest spoken.
    #[n(1)]
    pub max: u16,
}

impl Versions {
    /// What this build speaks.
    pub const OURS: Self = Self { min: crate::VERSION_MIN, max: crate::VERSION_MAX };

    /// The newest version both speak.
    #[must_use]
    pub fn common(self, other: Self) -> Option<u16> {
        let newest = self.max.min(other.max);
        (newest >= self.min && newest >= other.min).then_some(newest)
    }
}

/// From client to relay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ClientMessage {
    /// Login; answered by `Welcome` or `Bye`.
    #[n(0)]
    Hello(#[n(0)] Hello),
    /// After a `Welcome` that is not `equal`: what this device holds.
    #[n(1)]
    Cursors(#[n(0)] Cursors),
    /// Something to write, all or none; answered by `Ack` or `Refused` with the same id.
    #[n(2)]
    Submit(#[n(0)] Submit),
    /// At the door with an invite's secret; answered by `InviteInfo` or `Bye`. The session may then `Submit` one frame
    /// with exactly one `join` entry.
    #[n(3)]
    InviteHello(#[n(0)] InviteHello),
    /// A new house; answered by `Ack` or `Refused`.
    #[n(4)]
    Found(#[n(0)] FoundHouse),
    /// These wraps are stored here; do not deliver them again.
    #[n(5)]
    WrapAck(#[n(0)] Vec<WrapId>),
    /// Members only, once the catch-up is complete: asks for a ticket; answered by `Ticket`.
    #[n(6)]
    Ticket,
    /// Members only: this device finds no way to an epoch of a circle that it reads. Not answered.
    #[n(7)]
    Complaint(#[n(0)] Complaint),
    /// At the door with a public link; answered by `IntakeInfo` or `Bye`.
    #[n(8)]
    IntakeHello(#[n(0)] IntakeHello),
    /// After `IntakeInfo`, once: what an outsider writes; answered by `Ack`, without positions, or `Refused`.
    #[n(9)]
    Inquiry(#[n(0)] Inquiry),
    /// Members only: this relay signed this once and does not have it any more. Answered by `Bye`; a relay that finds it so
    /// ends every session of the house and begins a new life of it.
    #[n(10)]
    Lost(#[n(0)] SignedPosition),
    /// Members only: where do these chains stand? Answered by `Compared`.
    #[n(11)]
    Compare(#[n(0)] Vec<Asked>),
    /// Members only: history that this relay lost; answered by `Given`.
    #[n(12)]
    GiveBack(#[n(0)] GiveBack),
    /// Members only, once the catch-up is complete: a snapshot of a document. Not answered.
    #[n(13)]
    Snapshot(#[n(0)] Record),
    /// Members only, once the catch-up is complete: records that a snapshot spared this device; answered by `Rows`.
    #[n(14)]
    Rows(#[n(0)] WantedRows),
    /// Directors only: that the house goes on with the copy that this relay holds, for a second one to agree; at most one, and
    /// none takes it back. Not answered.
    #[n(15)]
    Words(#[n(0)] Vec<Word>),
    /// Members only: records that this relay said it lost; at most [`crate::limit::PAGE_ROWS_MAX`]. Not answered.
    #[n(16)]
    Fill(#[n(0)] RecordPage),
}

/// From relay to client.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RelayMessage {
    /// First message on every socket.
    #[n(0)]
    Challenge(#[n(0)] Challenge),
    /// The login holds.
    #[n(1)]
    Welcome(#[n(0)] Welcome),
    /// Links, and the entries behind them that this device may see.
    #[n(2)]
    Log(#[n(0)] LogPage),
    /// Records of one circle, in order.
    #[n(3)]
    Records(#[n(0)] RecordPage),
    /// Wraps for this device, or for key circles that it reads.
    #[n(4)]
    Wraps(#[n(0)] Vec<Wrap>),
    /// The catch-up is complete; what follows is live.
    #[n(5)]
    Synced(#[n(0)] Synced),
    /// The frame is durable.
    #[n(6)]
    Ack(#[n(0)] Ack),
    /// The frame was not admitted, and none of the ids in it will ever be unless it is sent again.
    #[n(7)]
    Refused(#[n(0)] Refused),
    /// The invite behind the proven key.
    #[n(8)]
    InviteInfo(#[n(0)] InviteInfo),
    /// The relay closes the session.
    #[n(9)]
    Bye(#[n(0)] ByeCode),
    /// To show when blobs are stored or fetched over HTTP; opaque, at most [`crate::limit::TICKET_BYTES_MAX`]. It names a
    /// device for some time and allows nothing: what that device may is asked of the log with each request.
    #[n(10)]
    Ticket(#[cbor(n(0), decode_with = "decode_ticket")] Bytes),
    /// Complaints of others that this device may be able to help with.
    #[n(11)]
    Complaints(#[n(0)] Vec<Complaint>),
    /// What an outsider needs to write.
    #[n(12)]
    IntakeInfo(#[n(0)] IntakeInfo),
    /// Where log and circles stand after what was sent live.
    #[n(13)]
    Signed(#[n(0)] Vec<SignedPosition>),
    /// Of each chain that was asked about, in order.
    #[n(14)]
    Compared(#[n(0)] Vec<Stands>),
    /// Where the chain stands now.
    #[n(15)]
    Given(#[n(0)] Cursor),
    /// The latest snapshots of documents of one circle, before the first records of that circle, to a device that holds
    /// nothing of it and takes snapshots; at most [`crate::limit::SNAPSHOTS_MAX`].
    #[n(16)]
    Snapshots(#[n(0)] Vec<Record>),
    /// Rows that were asked for, with their records: at least the first of those that are still here. A stub where
    /// nothing else is left.
    #[n(17)]
    Rows(#[n(0)] RecordPage),
    /// To directors' devices: all that directors say of the copy as it is now.
    #[n(18)]
    Words(#[n(0)] Vec<Word>),
    /// To members: all records that the relay lost, of circles that this device sees, whenever that changes; none: it has
    /// them all, or has given them up. Of each circle at most [`crate::limit::PAGE_ROWS_MAX`].
    #[n(19)]
    Lacks(#[n(0)] Vec<WantedRows>),
}

fn decode_ticket<C>(decoder: &mut Decoder<'_>, _: &mut C) -> Result<Bytes, decode::Error> {
    let bytes = decoder.bytes()?;
    if bytes.len() > limit::TICKET_BYTES_MAX {
        return Err(decode::Error::message("ticket over its size limit"));
    }
    Ok(bytes.to_vec().into())
}

/// First message of the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Challenge {
    /// To be signed by the login.
    #[n(0)]
    pub nonce: Nonce,
    /// What the relay speaks.
    #[n(1)]
    pub versions: Versions,
    /// The key under which this relay signs positions.
    #[n(2)]
    pub relay: RelayKey,
}

/// Login by signed nonce.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hello {
    /// What the client speaks.
    #[n(0)]
    pub versions: Versions,
    /// Origin under which the client reached the relay, e.g. `https://kita.example`.
    #[n(1)]
    pub origin: String,
    /// House.
    #[n(2)]
    pub house: HouseId,
    /// Device.
    #[n(3)]
    pub device: DeviceId,
    /// Incarnation last seen, if any.
    #[n(4)]
    pub incarnation: Option<Incarnation>,
    /// [`state_hash`] over everything held.
    #[n(5)]
    pub state: Hash,
    /// Storage was lost: deliver own records in full and acknowledged wraps again.
    #[n(6)]
    pub full: bool,
    /// By the device over [`Hello::signing_input`], context [`label::HELLO`].
    #[n(7)]
    pub signature: Signature,
    /// The device takes snapshots instead of the records that they cover.
    #[n(8)]
    #[cbor(default)]
    pub snapshots: bool,
}

#[derive(Encode)]
#[cbor(map)]
struct HelloInput<'a> {
    #[n(0)]
    origin: &'a str,
    #[n(1)]
    house: HouseId,
    #[n(2)]
    incarnation: Option<Incarnation>,
    #[n(3)]
    device: DeviceId,
    #[n(4)]
    nonce: Nonce,
}

impl Hello {
    /// What the device signs.
    #[must_use]
    pub fn signing_input(
        origin: &str,
        house: HouseId,
        incarnation: Option<Incarnation>,
        device: DeviceId,
        nonce: Nonce,
    ) -> Vec<u8> {
        codec::encode(&HelloInput { origin, house, incarnation, device, nonce })
    }
}

/// Proof of an invite's secret.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InviteHello {
    /// What the client speaks.
    #[n(0)]
    pub versions: Versions,
    /// Origin under which the client reached the relay.
    #[n(1)]
    pub origin: String,
    /// Public half.
    #[n(2)]
    pub key: InviteKey,
    /// By that key over [`InviteHello::signing_input`], context [`label::INVITE_HELLO`].
    #[n(3)]
    pub signature: Signature,
}

#[derive(Encode)]
#[cbor(map)]
struct InviteHelloInput<'a> {
    #[n(0)]
    origin: &'a str,
    #[n(1)]
    key: InviteKey,
    #[n(2)]
    nonce: Nonce,
}

impl InviteHello {
    /// What the invite's key signs.
    #[must_use]
    pub fn signing_input(origin: &str, key: InviteKey, nonce: Nonce) -> Vec<u8> {
        codec::encode(&InviteHelloInput { origin, key, nonce })
    }
}

/// Stage of an invite at the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum InviteStage {
    /// Nobody has joined with it.
    #[n(0)]
    Open,
    /// A device has joined with it.
    #[n(1)]
    Used,
    /// Its days are over.
    #[n(2)]
    Expired,
    /// The house has withdrawn it.
    #[n(3)]
    Revoked,
}

/// Everything a holder of an invite's secret learns before joining.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InviteInfo {
    /// Version agreed on.
    #[n(0)]
    pub version: u16,
    /// House.
    #[n(1)]
    pub house: HouseId,
    /// Log head a `join` must extend.
    #[n(2)]
    pub head: LogHead,
    /// The `invite` entry.
    #[n(3)]
    pub entry: OpenEntry,
    /// Whether a `join` would be taken.
    #[n(4)]
    pub stage: InviteStage,
}

/// Somebody with a public link.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IntakeHello {
    /// What the client speaks.
    #[n(0)]
    pub versions: Versions,
    /// Origin under which the client reached the relay.
    #[n(1)]
    pub origin: String,
    /// House.
    #[n(2)]
    pub house: HouseId,
    /// What the link carries of the intake's keys.
    #[n(3)]
    pub mark: Hash,
}

/// Everything a holder of a public link learns.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IntakeInfo {
    /// Version agreed on.
    #[n(0)]
    pub version: u16,
    /// The intake.
    #[n(1)]
    pub circle: CircleId,
    /// From the keys that the link marks to the present ones: at least one, at most
    /// [`crate::limit::INTAKE_STEPS_MAX`]; see [`crate::intake::follow`].
    #[n(2)]
    pub steps: Vec<IntakeStep>,
    /// Month at whose end an inquiry of today expires, by the relay's clock.
    #[n(3)]
    pub month: Month,
    /// Zero bits of the work asked for, over the nonce of the `Challenge`; see [`crate::intake::is_worked`].
    #[n(4)]
    pub bits: u8,
}

/// What an outsider writes, with the work that the relay asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Inquiry {
    /// Chosen by the client, echoed in the answer.
    #[n(0)]
    pub id: u64,
    /// Of kind `Inquiry`.
    #[n(1)]
    pub record: Record,
    /// The answer to the work.
    #[n(2)]
    pub work: u64,
}

/// Where a device stands in the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Stage {
    /// Joined, not confirmed: sees its own invite and join.
    #[n(0)]
    Joining,
    /// Belongs to a person with a role.
    #[n(1)]
    Member,
}

/// Answer to a login that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Welcome {
    /// Version agreed on.
    #[n(0)]
    pub version: u16,
    /// The relay's current life of this house's history.
    #[n(1)]
    pub incarnation: Incarnation,
    /// Where the device stands.
    #[n(2)]
    pub stage: Stage,
    /// The state hash is the relay's: nothing new. Otherwise the relay waits for `Cursors`.
    #[n(3)]
    pub equal: bool,
    /// Head of the relay's log, for members: what comes from one that has less than this device is not taken.
    #[n(4)]
    pub log: Option<LogHead>,
}

/// A circle and the last position held of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Cursor {
    /// Circle.
    #[n(0)]
    pub circle: CircleId,
    /// Position.
    #[n(1)]
    pub position: Position,
}

/// What a device holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cursors {
    /// Log head held, if any.
    #[n(0)]
    pub log: Option<LogHead>,
    /// Sorted by circle; circles without records are left out.
    #[n(1)]
    pub circles: Vec<Cursor>,
}

/// `SHA-256(label ‖ CBOR(cursors))`: equal on both sides iff there is nothing new.
#[must_use]
pub fn state_hash(cursors: &Cursors) -> Hash {
    Hash::new(sha256(&[label::STATE, &[0], &codec::encode(cursors)]))
}

/// Entries, epochs, records and wraps that belong together: all or none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Frame {
    /// Admitted first, in order.
    #[n(0)]
    pub entries: Vec<OpenEntry>,
    /// Then records, in order, epochs before what they key.
    #[n(1)]
    pub records: Vec<Record>,
    /// Reader lists of the epochs among the records.
    #[n(2)]
    pub readers: Vec<EpochReaders>,
    /// Wraps, of these epochs or of earlier ones.
    #[n(3)]
    pub wraps: Vec<Wrap>,
    /// Reader lists and wraps that are sent shorter; see [`Frame::unpacked`].
    #[n(4)]
    pub packs: Option<Vec<Pack>>,
}

/// The reader list of an epoch in the same frame.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EpochReaders {
    /// The epoch record.
    #[n(0)]
    pub record: RecordId,
    /// Its reader list.
    #[n(1)]
    pub list: ReaderList,
}

/// A frame with the client's number for it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Submit {
    /// Chosen by the client, echoed in the answer.
    #[n(0)]
    pub id: u64,
    /// What to write.
    #[n(1)]
    pub frame: Frame,
}

/// The first frame of a house.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FoundHouse {
    /// What the client speaks.
    #[n(0)]
    pub versions: Versions,
    /// Chosen by the client, echoed in the answer.
    #[n(1)]
    pub id: u64,
    /// Begins with `found`.
    #[n(2)]
    pub frame: Frame,
    /// The operator's setup code, where the relay asks for one.
    #[n(3)]
    pub setup_code: Option<String>,
}

/// Links from a number on, and entries this device may see (of these links, or of older ones it now may see).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LogPage {
    /// Consecutive.
    #[n(0)]
    pub links: Vec<Link>,
    /// Sorted by seq.
    #[n(1)]
    pub entries: Vec<SeenEntry>,
}

/// An entry with its number in the log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SeenEntry {
    /// Number in the log.
    #[n(0)]
    pub seq: u64,
    /// The entry.
    #[n(1)]
    pub entry: OpenEntry,
}

/// Records of one circle with consecutive numbers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecordPage {
    /// Circle.
    #[n(0)]
    pub circle: CircleId,
    /// Rows in order.
    #[n(1)]
    pub rows: Vec<Row>,
}

/// Records of a circle by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WantedRows {
    /// Circle.
    #[n(0)]
    pub circle: CircleId,
    /// Their numbers, ascending; at most [`crate::limit::PAGE_ROWS_MAX`].
    #[n(1)]
    pub rows: Vec<u64>,
}

/// One position of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Row {
    /// Number in the circle, from 1.
    #[n(0)]
    pub n: u64,
    /// Id of the record that stood or stands there.
    #[n(1)]
    pub id: RecordId,
    /// The record; absent for this device's own (unless it asked for `full`), where only the stub is left, and where a
    /// snapshot covers it.
    #[n(2)]
    pub record: Option<Record>,
    /// Erased or expired: only (n, id) is left.
    #[n(3)]
    pub gone: bool,
    /// Of an epoch, where this device may see it.
    #[n(4)]
    pub readers: Option<ReaderList>,
    /// Its document, where the record is left out because a snapshot of that document was sent which covers it.
    #[n(5)]
    pub document: Option<DocumentId>,
    /// Of a stub: the relay lost the record, and takes it from whoever has it.
    #[n(6)]
    #[cbor(default)]
    pub lost: bool,
}

/// The catch-up is complete.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Synced {
    /// Head of the log; absent while joining.
    #[n(0)]
    pub log: Option<LogHead>,
    /// Of each visible circle that has records.
    #[n(1)]
    pub positions: Vec<SignedPosition>,
}

/// The frame is durable. Rows up to these positions were sent before, on the same socket.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ack {
    /// The client's number.
    #[n(0)]
    pub id: u64,
    /// Where the records stand.
    #[n(1)]
    pub placed: Vec<Placed>,
    /// Per circle of the frame.
    #[n(2)]
    pub positions: Vec<SignedPosition>,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Placed {
    /// Record.
    #[n(0)]
    pub record: RecordId,
    /// Circle.
    #[n(1)]
    pub circle: CircleId,
    /// Number.
    #[n(2)]
    pub n: u64,
}

/// Why a frame was not admitted. What proves it was sent before, on the same socket, as log and record pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum RefusalCode {
    /// Not well-formed, over a limit, or a signature does not hold.
    #[n(0)]
    Malformed,
    /// The log has moved on; extend the new head.
    #[n(1)]
    Head,
    /// The log's rules do not allow it.
    #[n(2)]
    Rule,
    /// The author may not write this circle or side. Also: no such circle.
    #[n(3)]
    NotAllowed,
    /// The circle's keys are stale: rotate first.
    #[n(4)]
    Stale,
    /// Sealed under an epoch that is not the circle's current one, or an epoch whose number is taken.
    #[n(5)]
    Epoch,
    /// The author's sequence is not the relay's; see `seq` and `prev`.
    #[n(6)]
    Chain,
    /// The document was rewritten; write to its successor.
    #[n(7)]
    Moved,
    /// The document's month, or a hold's, is over or too far away.
    #[n(8)]
    Expired,
    /// The named log head or position was never held in this history.
    #[n(9)]
    Fork,
    /// The document's side, class or month is another.
    #[n(10)]
    Document,
    /// The house's quota is used up; nothing is lost, try later.
    #[n(11)]
    Quota,
    /// The relay cannot store anything at present; nothing is lost, try later.
    #[n(12)]
    Full,
    /// The invite was used.
    #[n(13)]
    InviteUsed,
    /// The invite's days are over.
    #[n(14)]
    InviteExpired,
    /// The invite was withdrawn.
    #[n(15)]
    InviteRevoked,
    /// This relay takes no new houses, or not with this setup code.
    #[n(16)]
    Closed,
    /// The epoch's reader list or wraps are not the circle's readers at that log head.
    #[n(17)]
    Readers,
    /// A blob that a hold or release names is not here, not complete, or not this author's to hold or to release: one
    /// and the same answer.
    #[n(18)]
    Blob,
    /// The work that an outsider's message takes was not done.
    #[n(19)]
    Work,
    /// A copy of a house: two have yet to say that it goes on here, or it was taken to another relay.
    #[n(20)]
    Elsewhere,
}

/// A frame was not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Refused {
    /// The client's number.
    #[n(0)]
    pub id: u64,
    /// Why.
    #[n(1)]
    pub code: RefusalCode,
    /// The circle concerned.
    #[n(2)]
    pub circle: Option<CircleId>,
    /// With `Chain`: the author's last sequence at the relay (0: none).
    #[n(3)]
    pub seq: Option<u64>,
    /// With `Chain`: the author's last record at the relay.
    #[n(4)]
    pub prev: Option<RecordId>,
    /// The record concerned.
    #[n(5)]
    pub record: Option<RecordId>,
}

/// Why the relay closes a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum ByeCode {
    /// Not a member, no such house, no such invite: one and the same answer.
    #[n(0)]
    NotFound,
    /// No common version: the app is too old (or the relay).
    #[n(1)]
    Version,
    /// A message out of order, malformed or over a limit.
    #[n(2)]
    Malformed,
    /// The reader is too slow; connect again and catch up.
    #[n(3)]
    Slow,
    /// Nothing was heard for too long.
    #[n(4)]
    Idle,
    /// The relay shuts down; connect again later.
    #[n(5)]
    Shutdown,
    /// Too many requests; connect again later.
    #[n(6)]
    Busy,
    /// The device's membership has ended.
    #[n(7)]
    Ended,
}
