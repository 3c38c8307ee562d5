//! What a relay checks of a whole frame before it stores anything: entries, epochs with reader lists and wraps, write
//! rights, documents, chains. Pure: what the relay holds beyond log and epochs comes through [`Held`].
//!
//! A record or wrap the relay has already is acknowledged before it comes here (a repeated frame is not judged twice).

use crate::access;
use crate::blob::{self, BlobFact, HoldBody};
use crate::epoch::{Addressee, EpochBody, KeyEpoch, ReaderList, Wrap, WrapHead};
use crate::epochs::{EpochError, Epochs};
use crate::erase::{self, EraseBody};
use crate::id::{BlobId, CircleId, DeviceId, DocumentId, Hash, PersonId, RecordId, WrapId};
use crate::limit;
use crate::log::kind::circle::Sort;
use crate::log::kind::member::{History, Who};
use crate::log::kind::role::Role;
use crate::log::state::RuleError;
use crate::log::{Body, Link, LogError, LogState};
use crate::message::{EpochReaders, Frame, RefusalCode, Refused};
use crate::record::{Header, Kind, Position, Sealing, Side};
use crate::retention::{self, Class, Month, Months};
use crate::sorted::{SortedMap, SortedSet};

/// Why a frame is not admitted: the body of [`Refused`] without the client's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("frame refused: {code:?}")]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// The circle concerned.
    pub circle: Option<CircleId>,
    /// With `Chain`: the author's last sequence here (0: none).
    pub seq: Option<u64>,
    /// With `Chain`: the author's last record here.
    pub prev: Option<RecordId>,
    /// The record concerned.
    pub record: Option<RecordId>,
}

impl Refusal {
    pub(crate) const fn new(code: RefusalCode) -> Self {
        Self { code, circle: None, seq: None, prev: None, record: None }
    }

    const fn of(code: RefusalCode, circle: CircleId) -> Self {
        Self { circle: Some(circle), ..Self::new(code) }
    }

    const fn at(self, record: RecordId) -> Self {
        Self { record: Some(record), ..self }
    }

    /// The answer to the client that chose this number.
    #[must_use]
    pub const fn refused(self, id: u64) -> Refused {
        let Self { code, circle, seq, prev, record } = self;
        Refused { id, code, circle, seq, prev, record }
    }
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        Self::new(match error {
            LogError::Head => RefusalCode::Head,
            LogError::Entry(_) | LogError::NoLink | LogError::Withheld => RefusalCode::Malformed,
            LogError::Rule(RuleError::InviteUsed) => RefusalCode::InviteUsed,
            LogError::Rule(RuleError::InviteRevoked) => RefusalCode::InviteRevoked,
            LogError::Rule(RuleError::Dissolved) => RefusalCode::NotAllowed,
            LogError::House | LogError::Rule(_) => RefusalCode::Rule,
        })
    }
}

impl From<EpochError> for RefusalCode {
    fn from(error: EpochError) -> Self {
        match error {
            EpochError::Header | EpochError::Links | EpochError::Intake => Self::Malformed,
            EpochError::Circle | EpochError::NotAllowed => Self::NotAllowed,
            EpochError::Number => Self::Epoch,
            EpochError::Head => Self::Head,
            EpochError::Keys | EpochError::Readers | EpochError::Horizon => Self::Readers,
        }
    }
}

/// What a document's first record fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentFact {
    /// Circle.
    pub circle: CircleId,
    /// Side.
    pub side: Side,
    /// Retention class.
    pub class: Class,
    /// Month at whose end it expires.
    pub month: Month,
    /// An `erase` replaced it.
    pub moved: bool,
}

impl DocumentFact {
    /// What a record that begins a document fixes.
    #[must_use]
    pub const fn begun_by(header: &Header) -> Self {
        Self {
            circle: header.circle,
            side: header.side,
            class: header.class,
            month: header.month,
            moved: false,
        }
    }
}

/// What a relay holds beyond log and epochs.
pub trait Held {
    /// A document of this house.
    fn document(&self, document: &DocumentId) -> Option<DocumentFact>;
    /// Sequence and id of a device's last record in a circle.
    fn last(&self, circle: &CircleId, author: &DeviceId) -> Option<(u64, RecordId)>;
    /// Where the circle stands.
    fn end(&self, circle: &CircleId) -> Position;
    /// Whether the circle ever stood at this position in this history.
    fn held(&self, circle: &CircleId, position: &Position) -> bool;
    /// Whether the days of the invite with this entry number are over, by the relay's clock.
    fn invite_expired(&self, invite: u64) -> bool;
    /// A blob of this house.
    fn blob(&self, blob: &BlobId) -> Option<BlobFact>;
}

/// A frame that may be stored, and what follows from it.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The log with the frame's entries.
    pub log: LogState,
    /// The epochs with the frame's.
    pub epochs: Epochs,
    /// One for each entry, in order.
    pub links: Vec<Link>,
    /// One for each record, in order.
    pub records: Vec<AdmittedRecord>,
    /// One for each wrap, in order.
    pub wraps: Vec<(WrapId, WrapHead)>,
}

/// A record that may be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmittedRecord {
    /// Its id.
    pub id: RecordId,
    /// Its header.
    pub header: Header,
    /// Of an epoch, its reader list.
    pub readers: Option<ReaderList>,
    /// Whether it begins a document.
    pub begins: bool,
    /// Of a hold or a release, the blobs that it names; see [`BlobFact::apply`]. Whether a blob still has holds is asked
    /// after the whole frame.
    pub blobs: Vec<BlobId>,
    /// Of a release, the holds of its circle that it ends.
    pub ended: Vec<(BlobId, Side)>,
    /// Of an erasure, the document that takes the place of the header's: of that one's other records only stubs stay.
    pub moved_to: Option<DocumentId>,
}

/// Checks a whole frame against what a house is now. `months` are the relay's.
///
/// # Errors
/// [`Refusal`], the first reason found. Nothing is changed either way.
pub fn admit_frame(
    log: &LogState,
    epochs: &Epochs,
    frame: &Frame,
    held: &dyn Held,
    months: Months,
) -> Result<Admitted, Refusal> {
    let within = frame.packs.is_none()
        && frame.entries.len() <= limit::FRAME_ENTRIES_MAX
        && frame.records.len() <= limit::FRAME_RECORDS_MAX
        && frame.readers.len() <= limit::FRAME_RECORDS_MAX
        && frame.wraps.len() <= limit::FRAME_WRAPS_MAX;
    if !within {
        return Err(Refusal::new(RefusalCode::Malformed));
    }
    let mut new = Admitted {
        log: log.clone(),
        epochs: epochs.clone(),
        links: Vec::new(),
        records: Vec::new(),
        wraps: Vec::new(),
    };
    admit_entries(&mut new, frame, held)?;
    let mut heads = Vec::with_capacity(frame.wraps.len());
    for wrap in &frame.wraps {
        heads.push((wrap.id(), wrap.check().map_err(|_| Refusal::new(RefusalCode::Malformed))?));
    }
    admit_records(&mut new, frame, &heads, held, months)?;
    for (_, head) in &heads {
        check_wrap_head(&new.log, &new.epochs, head)?;
    }
    new.wraps = heads;
    check_together(log, epochs, &new)?;
    Ok(new)
}

fn admit_entries(new: &mut Admitted, frame: &Frame, held: &dyn Held) -> Result<(), Refusal> {
    for open in &frame.entries {
        let link = open.link().map_err(|error| Refusal::from(LogError::from(error)))?;
        new.log.admit(&link, Some(open))?;
        if let Some(Body::Join(join)) = new.log.entry(link.seq).map(|entry| &entry.kind)
            && held.invite_expired(join.invite)
        {
            return Err(Refusal::new(RefusalCode::InviteExpired));
        }
        new.links.push(link);
    }
    Ok(())
}

fn admit_records(
    new: &mut Admitted,
    frame: &Frame,
    wraps: &[(WrapId, WrapHead)],
    held: &dyn Held,
    months: Months,
) -> Result<(), Refusal> {
    let mut chains: SortedMap<(CircleId, DeviceId), (u64, RecordId)> = SortedMap::new();
    let mut begun: SortedMap<DocumentId, DocumentFact> = SortedMap::new();
    let mut touched: SortedMap<BlobId, BlobFact> = SortedMap::new();
    let mut written: SortedSet<DocumentId> = SortedSet::new();
    let mut erasing: Option<(Header, DocumentId)> = None;
    let mut lists: SortedMap<RecordId, &ReaderList> = SortedMap::new();
    for EpochReaders { record, list } in &frame.readers {
        if lists.insert(*record, list).is_some() {
            return Err(Refusal::new(RefusalCode::Malformed).at(*record));
        }
    }
    for record in &frame.records {
        let id = record.id();
        let header = record.check().map_err(|_| Refusal::new(RefusalCode::Malformed).at(id))?;
        if header.kind == Kind::Snapshot {
            // It comes by a message of its own.
            return Err(Refusal::of(RefusalCode::Malformed, header.circle).at(id));
        }
        if Some(header.house) != new.log.house() {
            return Err(Refusal::of(RefusalCode::NotAllowed, header.circle).at(id));
        }
        if !new.log.knows_head(&header.log) || !knows_position(held, &header) {
            return Err(Refusal::of(RefusalCode::Fork, header.circle).at(id));
        }
        let rewrites = erasing.take().map(|(erase, to)| erase::continues(&erase, &to, &header));
        if !rewrites.unwrap_or(header.kind != Kind::Rewrite) {
            return Err(Refusal::of(RefusalCode::Document, header.circle).at(id));
        }
        let mut begins = false;
        let mut moved_to = None;
        let mut kept = Kept::default();
        let list = lists.remove(&id);
        if header.kind == Kind::Epoch {
            let body = EpochBody::decode(&record.body)
                .map_err(|_| Refusal::of(RefusalCode::Malformed, header.circle).at(id))?;
            let list = list.ok_or_else(|| Refusal::of(RefusalCode::Readers, header.circle).at(id))?;
            admit_epoch(new, &header, body, list, wraps).map_err(|refusal| refusal.at(id))?;
        } else {
            let known = header.document.and_then(|id| begun.get(&id).copied().or_else(|| held.document(&id)));
            check_content(&new.log, &new.epochs, &header, known.as_ref())
                .map_err(|refusal| refusal.at(id))?;
            check_month(&header, months).map_err(|refusal| refusal.at(id))?;
            if matches!(header.kind, Kind::Hold | Kind::Release) {
                kept = admit_hold(&new.log, &header, &record.body, held, &mut touched)
                    .map_err(|refusal| refusal.at(id))?;
            }
            if let (Kind::Erase, Some(document), Some(known)) = (header.kind, header.document, known) {
                let is_written = written.contains(&document);
                let to = admit_erase(&new.log, &header, &record.body, held, is_written)
                    .map_err(|refusal| refusal.at(id))?;
                begun.insert(document, DocumentFact { moved: true, ..known });
                erasing = Some((header.clone(), to));
                moved_to = Some(to);
            }
            written.extend(header.document);
            if let (Some(document), None) = (header.document, known) {
                begun.insert(document, DocumentFact::begun_by(&header));
                begins = true;
            }
        }
        let key = (header.circle, header.author);
        let last = chains.get(&key).copied().or_else(|| held.last(&header.circle, &header.author));
        check_chain(&header, last).map_err(|refusal| refusal.at(id))?;
        chains.insert(key, (header.seq, id));
        let Kept { blobs, ended } = kept;
        let readers = list.cloned();
        new.records.push(AdmittedRecord { id, header, readers, begins, blobs, ended, moved_to });
    }
    let complete = lists.is_empty() && erasing.is_none();
    if complete { Ok(()) } else { Err(Refusal::new(RefusalCode::Malformed)) }
}

/// Checks what an erasure says, and that its author has seen all that it replaces: the circle's very end, and nothing that
/// the same frame writes. Returns the document that comes instead.
fn admit_erase(
    log: &LogState,
    header: &Header,
    body: &[u8],
    held: &dyn Held,
    is_written: bool,
) -> Result<DocumentId, Refusal> {
    let refused = |code| Err(Refusal::of(code, header.circle));
    let Ok(body) = EraseBody::decode(body) else { return refused(RefusalCode::Malformed) };
    if !body.is_seconded(header, &|device| access::role_of(log, device)) {
        return refused(RefusalCode::NotAllowed);
    }
    let sees_all = header.seen == held.end(&header.circle) && !is_written;
    if sees_all { Ok(body.to) } else { refused(RefusalCode::Document) }
}

fn knows_position(held: &dyn Held, header: &Header) -> bool {
    header.seen == Position::START || held.held(&header.circle, &header.seen) || !crate::stands!(History)
}

fn check_chain(header: &Header, last: Option<(u64, RecordId)>) -> Result<(), Refusal> {
    let (seq, prev) = last.map_or((0, None), |(seq, id)| (seq, Some(id)));
    if (header.seq.checked_sub(1) == Some(seq) && header.prev == prev) || !crate::stands!(Chain) {
        return Ok(());
    }
    Err(Refusal { seq: Some(seq), prev, ..Refusal::of(RefusalCode::Chain, header.circle) })
}

pub(crate) fn check_month(header: &Header, months: Months) -> Result<(), Refusal> {
    let within = match header.kind {
        Kind::Batch | Kind::Snapshot | Kind::Rewrite | Kind::Inquiry => {
            retention::writable(header.class, header.month, months)
        }
        Kind::Hold => {
            blob::may_last(header.side, header.class)
                && retention::writable(header.class, header.month, months)
        }
        Kind::Epoch | Kind::Erase | Kind::Release => true,
    };
    if within { Ok(()) } else { Err(Refusal::of(RefusalCode::Expired, header.circle)) }
}

/// Blobs that a hold or release names, and the holds that it ends.
#[derive(Default)]
struct Kept {
    blobs: Vec<BlobId>,
    ended: Vec<(BlobId, Side)>,
}

/// Checks that each blob may be held or released, after what the records before this one in the frame did to it
/// (`touched`).
fn admit_hold(
    log: &LogState,
    header: &Header,
    body: &[u8],
    held: &dyn Held,
    touched: &mut SortedMap<BlobId, BlobFact>,
) -> Result<Kept, Refusal> {
    let body = HoldBody::decode(body).map_err(|_| Refusal::of(RefusalCode::Malformed, header.circle))?;
    blob::check_hold(log, header, &body, |id| touched.get(id).cloned().or_else(|| held.blob(id)))
        .map_err(|_| Refusal::of(RefusalCode::Blob, header.circle))?;
    let mut ended = Vec::new();
    for id in &body.blobs {
        if let Some(mut fact) = touched.remove(id).or_else(|| held.blob(id)) {
            ended.extend(fact.apply(log, header).into_iter().map(|side| (*id, side)));
            touched.insert(*id, fact);
        }
    }
    Ok(Kept { blobs: body.blobs, ended })
}

/// Checks an epoch of a frame: its rules, and that every reader in its list has the wrap it is said to have.
fn admit_epoch(
    new: &mut Admitted,
    header: &Header,
    body: EpochBody,
    list: &ReaderList,
    wraps: &[(WrapId, WrapHead)],
) -> Result<(), Refusal> {
    if header.class != Class::Long {
        return Err(Refusal::of(RefusalCode::Malformed, header.circle));
    }
    new.epochs
        .admit_new(&new.log, header, body, list)
        .map_err(|error| Refusal::of(error.into(), header.circle))?;
    let made: SortedSet<(Addressee, Hash)> = wraps
        .iter()
        .filter(|(_, head)| head.circle == header.circle && head.epoch == header.epoch)
        .map(|(_, head)| (head.addressee, head.file_hash))
        .collect();
    let complete = list.rows.iter().all(|row| made.contains(&(row.addressee, row.wrap)));
    if complete || !crate::stands!(EpochWraps) {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::Readers, header.circle))
    }
}

/// Checks a wrap on its own: signature, maker's right, a reader as addressee, an epoch that exists. A key circle is
/// wrapped to by its current, fresh epoch only; the wrapped epoch itself may be old.
///
/// # Errors
/// [`Refusal`].
pub fn check_wrap(log: &LogState, epochs: &Epochs, wrap: &Wrap) -> Result<WrapHead, Refusal> {
    let head = wrap.check().map_err(|_| Refusal::new(RefusalCode::Malformed))?;
    check_wrap_head(log, epochs, &head)?;
    Ok(head)
}

fn check_wrap_head(log: &LogState, epochs: &Epochs, head: &WrapHead) -> Result<(), Refusal> {
    let refused = |code| Err(Refusal::of(code, head.circle));
    if Some(head.house) != log.house() || !access::may_wrap(log, &head.maker, &head.circle, &head.addressee) {
        return refused(RefusalCode::NotAllowed);
    }
    let Some(epoch) = epochs.get(&head.circle, head.epoch) else { return refused(RefusalCode::Epoch) };
    // Behind somebody's horizon only staff lead back, and one person at a time.
    let by_staff = matches!(head.addressee, Addressee::Device(_))
        && access::role_of(log, &head.maker).is_some_and(|(_, role)| role != Role::Guardian);
    if !by_staff && access::is_before_horizon(log, &head.circle, &head.addressee, epoch.body.log.seq) {
        return refused(RefusalCode::NotAllowed);
    }
    if let Addressee::Epoch(KeyEpoch { circle, epoch }) = head.addressee {
        let current = epochs.current(&circle).is_some_and(|current| current.number == epoch);
        if !current {
            return Err(Refusal::of(RefusalCode::Epoch, circle));
        }
        if epochs.stale(log, &circle).is_some() {
            return Err(Refusal::of(RefusalCode::Stale, circle));
        }
    }
    Ok(())
}

/// Checks a record other than an epoch: the author's right to write on this side of this circle, the current and
/// fresh epoch, and what its document's first record fixed. Sequence, position and month are looked at elsewhere.
///
/// # Errors
/// [`Refusal`].
pub fn check_content(
    log: &LogState,
    epochs: &Epochs,
    header: &Header,
    document: Option<&DocumentFact>,
) -> Result<(), Refusal> {
    let refused = |code| Err(Refusal::of(code, header.circle));
    if Some(header.house) != log.house() || header.kind == Kind::Epoch {
        return refused(RefusalCode::NotAllowed);
    }
    if !log.knows_head(&header.log) {
        return refused(RefusalCode::Fork);
    }
    if header.kind == Kind::Inquiry {
        return check_inquiry(log, epochs, header);
    }
    let Some(side) = access::side_of(log, &header.author, &header.circle) else {
        return refused(RefusalCode::NotAllowed);
    };
    if !access::side_fits(header, side) && crate::stands!(Side) {
        return refused(RefusalCode::NotAllowed);
    }
    check_epoch(log, epochs, header)?;
    match (document, header.kind) {
        (None, Kind::Snapshot | Kind::Erase) | (Some(_), Kind::Rewrite) => refused(RefusalCode::Document),
        (None, _) => Ok(()),
        (Some(known), _) if known.moved => refused(RefusalCode::Moved),
        (Some(known), _) if *known == DocumentFact::begun_by(header) => Ok(()),
        (Some(_), _) if !crate::stands!(Document) => Ok(()),
        (Some(_), _) => refused(RefusalCode::Document),
    }
}

/// To an intake that is open, sealed to its present recipient, by a key that belongs to nobody.
fn check_inquiry(log: &LogState, epochs: &Epochs, header: &Header) -> Result<(), Refusal> {
    let refused = |code| Err(Refusal::of(code, header.circle));
    let current = epochs.current(&header.circle).filter(|current| current.body.intake.is_some());
    match current {
        _ if log.dissolved().is_some() || !access::is_from_outside(log, header) => {
            refused(RefusalCode::NotAllowed)
        }
        None => refused(RefusalCode::NotAllowed),
        Some(current) if current.number != header.epoch => refused(RefusalCode::Epoch),
        Some(_) if epochs.stale(log, &header.circle).is_some() => refused(RefusalCode::Stale),
        Some(_) => Ok(()),
    }
}

/// Of the current epoch; what is sealed, under one that is fresh. What is in clear needs no key: an erasure or a release
/// never waits for new ones, and a hold gives a blob to present readers only, who cannot open it before an item comes.
fn check_epoch(log: &LogState, epochs: &Epochs, header: &Header) -> Result<(), Refusal> {
    let refused = |code| Err(Refusal::of(code, header.circle));
    let clear = matches!(header.kind, Kind::Erase | Kind::Hold | Kind::Release);
    if !clear && header.sealing != Sealing::Content {
        return refused(RefusalCode::NotAllowed);
    }
    match (epochs.current(&header.circle), epochs.stale(log, &header.circle)) {
        (None, _) => refused(RefusalCode::Stale),
        (Some(current), _) if current.number != header.epoch && crate::stands!(CurrentEpoch) => {
            refused(RefusalCode::Epoch)
        }
        (Some(_), Some(_)) if !clear && crate::stands!(FreshEpoch) => refused(RefusalCode::Stale),
        (Some(_), _) => Ok(()),
    }
}

/// What must stand in one frame.
fn check_together(log: &LogState, epochs: &Epochs, new: &Admitted) -> Result<(), Refusal> {
    if new.links.is_empty() {
        return Ok(());
    }
    // Nobody leaves a team or the directors with their present keys: a parent's note never waits for staff.
    for circle in new.log.circles().filter(|circle| matches!(circle.sort, Sort::Team | Sort::Directors)) {
        let was_fresh = epochs.stale(log, &circle.id).is_none();
        let has_readers = !access::readers(&new.log, &circle.id).is_empty();
        let is_left = crate::stands!(TeamRenewed) && new.epochs.stale(&new.log, &circle.id).is_some();
        if was_fresh && has_readers && is_left {
            return Err(Refusal::of(RefusalCode::Stale, circle.id));
        }
    }
    let bodies = new.links.iter().filter_map(|link| new.log.entry(link.seq)).map(|entry| entry.kind.act());
    for body in bodies {
        match body {
            Body::Member(member) => {
                if let Who::Circle(key) = member.who {
                    check_given(epochs, new, &member.circle, &key)?;
                }
                if member.history == History::FromNow {
                    check_horizon(epochs, new, &member.circle)?;
                }
            }
            Body::Protect(protect) if protect.on && crate::stands!(Masked) => {
                check_masked(log, epochs, new, &protect.person)?
            }
            Body::Circle(key) if key.sort.is_key() => {
                for circle in new
                    .log
                    .circles()
                    .filter(|circle| matches!(circle.sort, Sort::House | Sort::Staff | Sort::Intake))
                {
                    if access::epoch_targets(&new.log, &circle.id).keys.contains(&key.circle) {
                        check_given(epochs, new, &circle.id, &key.circle)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whoever comes under protection and read a child's circle until now leaves stale keys behind, which would tell the
/// child's other readers. So its team and all children of that team are given new ones.
fn check_masked(log: &LogState, epochs: &Epochs, new: &Admitted, person: &PersonId) -> Result<(), Refusal> {
    let nested = |log: &LogState, circle: &CircleId| access::epoch_targets(log, circle).keys;
    let children = |log: &LogState| -> Vec<CircleId> {
        log.circles().filter(|circle| circle.sort == Sort::Child).map(|circle| circle.id).collect()
    };
    let who = Who::Person(*person);
    let read = log.circles().filter(|c| c.sort == Sort::Child && c.members.contains_key(&who));
    let teams: SortedSet<CircleId> = read
        .flat_map(|child| nested(log, &child.id).into_iter().chain(nested(&new.log, &child.id)))
        .collect();
    let touched = children(&new.log)
        .into_iter()
        .filter(|child| nested(&new.log, child).iter().any(|team| teams.contains(team)));
    for circle in teams.iter().copied().chain(touched) {
        if !is_renewed(epochs, new, &circle) {
            return Err(Refusal::of(RefusalCode::Stale, circle));
        }
    }
    Ok(())
}

/// Whether the frame has a new epoch of a circle, or the circle had none.
fn is_renewed(epochs: &Epochs, new: &Admitted, circle: &CircleId) -> bool {
    match (epochs.current(circle), new.epochs.current(circle)) {
        (Some(before), Some(now)) => now.number > before.number,
        (None, _) => true,
        (Some(_), None) => false,
    }
}

/// A key circle that comes to read a circle with keys is given them in the same frame: by a new epoch, or a wrap.
fn check_given(epochs: &Epochs, new: &Admitted, circle: &CircleId, key: &CircleId) -> Result<(), Refusal> {
    let Some(before) = epochs.current(circle) else { return Ok(()) };
    if !access::epoch_targets(&new.log, circle).keys.contains(key) {
        return Ok(());
    }
    let Some(key_epoch) = new.epochs.current(key) else {
        return Err(Refusal::of(RefusalCode::Readers, *key));
    };
    let renewed = new.epochs.current(circle).is_some_and(|current| current.number > before.number);
    let addressee = Addressee::Epoch(KeyEpoch { circle: *key, epoch: key_epoch.number });
    let wrapped = new.wraps.iter().any(|(_, head)| {
        head.circle == *circle && head.epoch == before.number && head.addressee == addressee
    });
    if renewed || wrapped || !crate::stands!(Given) {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::Readers, *circle))
    }
}

/// Who reads from now on needs a horizon: a new epoch of the circle and, if it is a key circle, of every circle that
/// nests it. That those of content circles are horizons is a rule of epochs.
fn check_horizon(epochs: &Epochs, new: &Admitted, circle: &CircleId) -> Result<(), Refusal> {
    let renewed = |circle: &CircleId| is_renewed(epochs, new, circle);
    if !renewed(circle) {
        return Err(Refusal::of(RefusalCode::Readers, *circle));
    }
    let is_key = new.log.circle(circle).is_some_and(|circle| circle.sort.is_key());
    let nesting = new
        .log
        .circles()
        .filter(|nesting| is_key && access::epoch_targets(&new.log, &nesting.id).keys.contains(circle))
        .find(|nesting| !renewed(&nesting.id));
    match nesting {
        None => Ok(()),
        Some(nesting) => Err(Refusal::of(RefusalCode::Readers, nesting.id)),
    }
}
