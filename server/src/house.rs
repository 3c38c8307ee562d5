//! One house on this relay: its folded state, and the one door through which frames come in.
//!
//! Admission is serialised per house: a frame is checked against the state, committed, and only then becomes state and
//! wakes the sessions. What was acknowledged is durable; what was refused left no trace.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use nestpost_protocol::access;
use nestpost_protocol::admit::{self, Admitted, Refusal};
use nestpost_protocol::codec;
use nestpost_protocol::complaint::{Complaint, ComplaintError};
use nestpost_protocol::epoch::{Wrap, WrapHead};
use nestpost_protocol::id::{CircleId, DeviceId, HouseId, Incarnation, InviteKey, RecordId, RelayKey};
use nestpost_protocol::limit;
use nestpost_protocol::log::kind::restored::Restored;
use nestpost_protocol::log::{Body, Entry, EntryBody, KindNumber, OpenEntry};
use nestpost_protocol::message::{Frame, LOG, Placed, RefusalCode, log_position};
use nestpost_protocol::record::{Header, Kind, Position, Record};
use tokio::sync::{Mutex, RwLock as Gate, watch};

use crate::clock::Clock;
use crate::config::{Limits, Origin};
use crate::relay::Rates;
use crate::store::{Commit, Elsewhere, Store, StoreError};

pub(crate) mod blobs;
pub(crate) mod complaints;
pub(crate) mod held;
pub(crate) mod lost;
pub(crate) mod registry;
pub(crate) mod sessions;
mod snapshots;
pub(crate) mod state;
mod words;

use complaints::Complaints;
use held::Held;
use sessions::Sessions;
use state::HouseState;
use words::Words;

/// Who hands in a frame.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Author {
    /// A device that proved its key.
    Device(DeviceId),
    /// Somebody who proved the secret of an invite.
    Invite(InviteKey),
    /// Somebody with the public link of the intake, who proves nothing.
    Outsider,
}

/// A frame that is durable.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// Where its records stand.
    pub(crate) placed: Vec<Placed>,
    /// Circles of the frame, and the log where it had entries, each once, with the position they have reached.
    pub(crate) circles: Vec<(CircleId, Position)>,
}

/// Why a frame is not durable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubmitError {
    /// It may not be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It cannot be, at present.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SubmitError {
    /// For members: how an invite stands is for whoever holds its secret. Else a guardian could find out which links are
    /// invites, and when another family joins.
    pub(crate) fn without_stages(self) -> Self {
        match self {
            Self::Refused(refusal)
                if matches!(
                    refusal.code,
                    RefusalCode::InviteUsed | RefusalCode::InviteExpired | RefusalCode::InviteRevoked
                ) =>
            {
                Self::Refused(Refusal { code: RefusalCode::Rule, ..refusal })
            }
            other => other,
        }
    }
}

/// What admission needs beside the house.
pub(crate) struct Desk<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) quota_bytes: u64,
    pub(crate) limits: &'a Limits,
    pub(crate) rates: &'a Rates,
    /// Open while no blob is being collected.
    pub(crate) gate: &'a Gate<()>,
    /// The relay's own key, and where it is reached.
    pub(crate) relay: RelayKey,
    /// Drawn when it started.
    pub(crate) start: Incarnation,
    pub(crate) origins: &'a [Origin],
}

/// A house in memory.
#[derive(Debug)]
pub(crate) struct House {
    id: HouseId,
    /// Length of the log when it was loaded.
    loaded: u64,
    /// Held from the first look at a frame until it is durable.
    admission: Mutex<()>,
    state: RwLock<HouseState>,
    version: watch::Sender<u64>,
    pub(crate) complaints: Complaints,
    words: Words,
    pub(crate) sessions: Sessions,
    /// Blobs on their way, up or down.
    pub(crate) transfers: Sessions,
    /// Requests of them that have a turn to send a part, or wait for one.
    pub(crate) uploads: Sessions,
}

impl House {
    /// One that is being founded.
    pub(crate) fn draft(id: HouseId, incarnation: Incarnation) -> Self {
        Self::new(id, HouseState { incarnation: Some(incarnation), ..HouseState::default() })
    }

    pub(crate) fn new(id: HouseId, state: HouseState) -> Self {
        Self {
            id,
            loaded: state.log.len(),
            admission: Mutex::new(()),
            state: RwLock::new(state),
            version: watch::Sender::new(0),
            complaints: Complaints::default(),
            words: Words::default(),
            sessions: Sessions::default(),
            transfers: Sessions::default(),
            uploads: Sessions::default(),
        }
    }

    pub(crate) const fn id(&self) -> HouseId {
        self.id
    }

    /// Its present life; none once the store has it no more.
    pub(crate) fn incarnation(&self) -> Option<Incarnation> {
        self.state().incarnation
    }

    /// Never held across an await.
    pub(crate) fn state(&self) -> RwLockReadGuard<'_, HouseState> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes with every commit.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Forgets bytes that were deleted by retention.
    pub(crate) fn freed(&self, bytes: u64) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.bytes = state.bytes.saturating_sub(bytes);
        drop(state);
        self.version.send_modify(|version| *version = version.wrapping_add(1));
    }

    /// Somebody who belongs says that they cannot open something. Kept in memory only: they say it again.
    pub(crate) fn complain(&self, complaint: Complaint, device: DeviceId) -> Result<(), ComplaintError> {
        let head = complaint.check()?;
        let state = self.state();
        head.holds(&state.log, &state.epochs)?;
        let is_theirs = head.device == device;
        let is_new = is_theirs
            && self.complaints.note(head, complaint, |old| old.holds(&state.log, &state.epochs).is_ok());
        drop(state);
        if is_new {
            self.version.send_modify(|version| *version = version.wrapping_add(1));
        }
        Ok(())
    }

    /// The store has it no more: nobody belongs to it.
    pub(crate) fn forget(&self) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = HouseState::default();
        self.version.send_modify(|version| *version = version.wrapping_add(1));
    }

    /// Admits and keeps a frame, or says why not. `founds`: this is the first frame of a new house.
    pub(crate) async fn submit(
        self: &Arc<Self>,
        desk: &Desk<'_>,
        author: Author,
        frame: Frame,
        founds: bool,
    ) -> Result<Accepted, SubmitError> {
        let _door = self.admission.lock().await;
        let _gate = desk.gate.read().await;
        let (frame, ids, mut placed) = self.strip_known(desk.store, author, frame).await?;
        if frame.entries.is_empty() && frame.records.is_empty() && frame.wraps.is_empty() {
            return Ok(self.accepted(placed));
        }
        self.check_place(desk, &frame)?;
        let held = Held::gather(self, desk, &frame).await?;
        let (frame, admitted) = self.admit(frame, held).await?;
        let commit = {
            let state = self.state();
            let mut commit = state.commit(self.id, frame, &admitted);
            commit.day = desk.clock.day();
            commit.founds = state.incarnation.filter(|_| founds);
            let is_staff = matches!(author, Author::Device(device) if access::is_staff(&state.log, &device));
            let quota = match author {
                // Nobody outside fills a house up.
                Author::Outsider => desk.quota_bytes / 8 * 7,
                _ => desk.quota_bytes,
            };
            check_quota(&state, &commit, quota, is_staff || founds)?;
            Arc::new(commit)
        };
        for record in &commit.records {
            placed.push(Placed { record: record.id, circle: record.circle, n: record.position.n });
        }
        placed.sort_by_key(|placed| ids.iter().position(|id| *id == placed.record));
        let committed = match desk.store.commit(Arc::clone(&commit)).await {
            Ok(committed) => committed,
            Err(error) => {
                if !matches!(error, StoreError::Full) && !founds {
                    self.reload(desk.store).await?;
                }
                return Err(error.into());
            }
        };
        self.complaints.settle(admitted.wraps.iter().map(|(_, head)| head));
        self.state.write().unwrap_or_else(PoisonError::into_inner).apply(admitted, &commit, &committed);
        self.version.send_modify(|version| *version = version.wrapping_add(1));
        let mut accepted = self.accepted(placed);
        if !commit.entries.is_empty() {
            accepted.circles.push((LOG, log_position(&self.state().log)));
        }
        Ok(accepted)
    }

    /// A copy takes nothing before two have said that the house goes on with it, and that is said of nothing else.
    fn check_place(&self, desk: &Desk<'_>, frame: &Frame) -> Result<(), Refusal> {
        let state = self.state();
        let says = |open: &OpenEntry| entry_body(open).is_some_and(|body| body.kind == KindNumber::Restored);
        match (state.elsewhere, Restored::alone(frame)) {
            (Elsewhere::Here, _) if !frame.entries.iter().any(says) => Ok(()),
            (Elsewhere::Here, _) => Err(refusal(RefusalCode::Rule)),
            (Elsewhere::Awaits, Some((by, body))) => {
                let of_copy = state.incarnation.is_some_and(|incarnation| {
                    body.is_of(&state.log, &by, &incarnation, &desk.relay, |circle| state.tail(circle))
                });
                let is_own = body.origin.as_deref().is_none_or(|origin| {
                    Origin::parse(origin)
                        .is_some_and(|origin| desk.origins.is_empty() || desk.origins.contains(&origin))
                });
                if of_copy && is_own { Ok(()) } else { Err(refusal(RefusalCode::Rule)) }
            }
            (Elsewhere::Awaits | Elsewhere::Taken, _) => Err(refusal(RefusalCode::Elsewhere)),
        }
    }

    fn accepted(&self, placed: Vec<Placed>) -> Accepted {
        let circles: BTreeSet<CircleId> = placed.iter().map(|placed| placed.circle).collect();
        let state = self.state();
        Accepted {
            circles: circles.into_iter().map(|circle| (circle, state.tail(&circle))).collect(),
            placed,
        }
    }

    /// The store said something unexpected: what is in memory may not be what is on disk.
    pub(super) async fn reload(&self, store: &dyn Store) -> Result<(), StoreError> {
        let stored = store.load(self.id).await?.ok_or(StoreError::Corrupt)?;
        let state = HouseState::fold(stored)?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        self.version.send_modify(|version| *version = version.wrapping_add(1));
        Ok(())
    }

    /// Takes out what is here already: it is acknowledged before any other check. What is left has an author who may
    /// hand it in.
    async fn strip_known(
        &self,
        store: &dyn Store,
        author: Author,
        mut frame: Frame,
    ) -> Result<(Frame, Vec<RecordId>, Vec<Placed>), SubmitError> {
        let over = frame.entries.len() > limit::FRAME_ENTRIES_MAX
            || frame.records.len() > limit::FRAME_RECORDS_MAX
            || frame.readers.len() > limit::FRAME_RECORDS_MAX
            || frame.wraps.len() > limit::FRAME_WRAPS_MAX;
        if over {
            return Err(refusal(RefusalCode::Malformed).into());
        }
        self.check_authors(author, &frame)?;

        let ids: Vec<RecordId> = frame.records.iter().map(Record::id).collect();
        let placed: Vec<Placed> = store
            .known(self.id, &ids)
            .await?
            .into_iter()
            .map(|(record, circle, n)| Placed { record, circle, n })
            .collect();
        let known: HashSet<RecordId> = placed.iter().map(|placed| placed.record).collect();
        frame.records.retain(|record| !known.contains(&record.id()));
        frame.readers.retain(|readers| !known.contains(&readers.record));
        {
            let state = self.state();
            frame.entries.retain(|entry| {
                let link = entry.link().ok();
                link.is_none_or(|link| state.log.link(link.seq) != Some(&link))
            });
        }
        let wraps: Vec<_> = frame.wraps.iter().map(Wrap::id).collect();
        let known: HashSet<_> = store.known_wraps(self.id, &wraps).await?.into_iter().collect();
        frame.wraps.retain(|wrap| !known.contains(&wrap.id()));
        Ok((frame, ids, placed))
    }

    /// Nobody hands in what somebody else wrote.
    fn check_authors(&self, author: Author, frame: &Frame) -> Result<(), Refusal> {
        let device = match author {
            Author::Device(device) => device,
            Author::Invite(key) => return self.check_join(key, frame),
            Author::Outsider => return check_inquiry(frame),
        };
        for open in &frame.entries {
            let body = entry_body(open).ok_or(refusal(RefusalCode::Malformed))?;
            if body.author != device {
                return Err(refusal(RefusalCode::Rule));
            }
        }
        for record in &frame.records {
            let header: Header = codec::decode(&record.header, limit::RECORD_HEADER_BYTES_MAX)
                .map_err(|_| Refusal { record: Some(record.id()), ..refusal(RefusalCode::Malformed) })?;
            if header.author != device {
                let circle = Some(header.circle);
                return Err(Refusal {
                    circle,
                    record: Some(record.id()),
                    ..refusal(RefusalCode::NotAllowed)
                });
            }
        }
        for wrap in &frame.wraps {
            let head: WrapHead = codec::decode(&wrap.head, limit::WRAP_BYTES_MAX)
                .map_err(|_| refusal(RefusalCode::Malformed))?;
            if head.maker != device {
                return Err(Refusal { circle: Some(head.circle), ..refusal(RefusalCode::NotAllowed) });
            }
        }
        Ok(())
    }

    /// At the door: one `join` with this invite, nothing else.
    fn check_join(&self, key: InviteKey, frame: &Frame) -> Result<(), Refusal> {
        let [open] = frame.entries.as_slice() else { return Err(refusal(RefusalCode::NotAllowed)) };
        if !frame.records.is_empty() || !frame.readers.is_empty() || !frame.wraps.is_empty() {
            return Err(refusal(RefusalCode::NotAllowed));
        }
        let body = entry_body(open).ok_or(refusal(RefusalCode::Malformed))?;
        let body = Body::decode(body.kind, &body.body).map_err(|_| refusal(RefusalCode::Malformed))?;
        let invite = self.state().log.invite_by_key(&key).map(|invite| invite.seq);
        match body {
            Body::Join(join) if Some(join.invite) == invite => Ok(()),
            _ => Err(refusal(RefusalCode::NotAllowed)),
        }
    }

    /// The rules, off the async threads: a large frame means thousands of signatures.
    async fn admit(self: &Arc<Self>, frame: Frame, held: Held) -> Result<(Frame, Admitted), SubmitError> {
        let house = Arc::clone(self);
        let work = move || {
            let state = house.state();
            let admitted =
                admit::admit_frame(&state.log, &state.epochs, &frame, &held.with(&state), held.months)?;
            Ok::<_, Refusal>((frame, admitted))
        };
        let done = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?;
        Ok(done?)
    }
}

/// From outside: one inquiry, nothing else.
fn check_inquiry(frame: &Frame) -> Result<(), Refusal> {
    let others = !frame.entries.is_empty() || !frame.readers.is_empty() || !frame.wraps.is_empty();
    let [record] = frame.records.as_slice() else { return Err(refusal(RefusalCode::NotAllowed)) };
    let header: Header = codec::decode(&record.header, limit::RECORD_HEADER_BYTES_MAX)
        .map_err(|_| refusal(RefusalCode::Malformed))?;
    if others || header.kind != Kind::Inquiry { Err(refusal(RefusalCode::NotAllowed)) } else { Ok(()) }
}

/// Entries, epochs and wraps of staff may go a quarter beyond the quota: a full house must still be able to shut somebody
/// out, and whoever filled it must not reach that reserve.
fn check_quota(state: &HouseState, commit: &Commit, quota_bytes: u64, is_staff: bool) -> Result<(), Refusal> {
    let has_content = commit.records.iter().any(|record| record.readers.is_none());
    let quota =
        if has_content || !is_staff { quota_bytes } else { quota_bytes.saturating_add(quota_bytes / 4) };
    if state.bytes.saturating_add(commit.bytes()) > quota { Err(refusal(RefusalCode::Quota)) } else { Ok(()) }
}

pub(crate) const fn refusal(code: RefusalCode) -> Refusal {
    Refusal { code, circle: None, seq: None, prev: None, record: None }
}

/// What the author of an entry claims, unverified.
pub(crate) fn entry_body(open: &OpenEntry) -> Option<EntryBody> {
    let entry: Entry = codec::decode(&open.entry, limit::ENTRY_BYTES_MAX).ok()?;
    codec::decode(&entry.signed, limit::ENTRY_BYTES_MAX).ok()
}
