//! Holds and releases: what the relay is to keep, and what it need not keep any longer.
//!
//! A blob whose bytes are all at the relay is named in a hold; with the acknowledgement comes the item that names it, in one
//! transaction with the end of its row. A hold that is refused costs only itself: what it named is doubted from then on and
//! travels in records of its own, in frames without anything else, after a pause that grows.

use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::id::{BlobId, CircleId, RecordId};
use nestpost_protocol::limit;
use nestpost_protocol::message::RefusalCode;
use nestpost_protocol::record::{Header, Kind};
use nestpost_protocol::retention::{Class, Month, expiry};

use crate::app::Edit;
use crate::house::Alarm;
use crate::media::MediaFault;
use crate::time::Timestamp;
use crate::transfers::{Row, Stage, Transfer};

use super::frame::Builder;
use super::outbox::Outgoing;
use super::{Engine, REFUSALS_MAX, RETRY_MS};

/// Holds and releases in one frame: small frames get through bad networks.
const FRAME_HOLDS_MAX: usize = 8;
/// The pause before a refused hold is tried again doubles so often: up to about an hour.
const DOUBLINGS_MAX: u32 = 8;

/// A row whose hold or release was refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doubt {
    times: u32,
    pub(super) not_before: Timestamp,
}

/// A record to make.
struct Planned {
    kind: Kind,
    circle: CircleId,
    class: Class,
    /// What was never sent from here is not mixed with what was: it is refused for other reasons.
    shared: bool,
    rows: Vec<u64>,
    blobs: Vec<BlobId>,
}

impl Planned {
    /// Of one row; none where nothing is to be said about it yet.
    fn of(key: u64, row: &Row) -> Option<Self> {
        let (kind, circle, class, shared, blobs) = match row {
            Row::Release(release) => {
                (Kind::Release, release.circle, release.class, false, release.blobs.clone())
            }
            Row::Transfer(transfer) => {
                (Kind::Hold, transfer.circle, transfer.class, transfer.shared, transfer.to_hold())
            }
        };
        (!blobs.is_empty()).then(|| Self { kind, circle, class, shared, rows: vec![key], blobs })
    }

    /// Takes another in, where both fit one record.
    fn join(&mut self, other: Self) -> Option<Self> {
        let alike = (self.kind, self.circle, self.class, self.shared)
            == (other.kind, other.circle, other.class, other.shared);
        if !alike || self.blobs.len() + other.blobs.len() > limit::HOLD_BLOBS_MAX {
            return Some(other);
        }
        self.rows.extend(other.rows);
        self.blobs.extend(other.blobs);
        None
    }
}

impl Engine {
    /// Records to make now: releases first, for what was let go may be held anew. `doubted`: one record for each row that
    /// was refused and has waited; else the others, together.
    fn planned_holds(&self, now: Timestamp, doubted: bool) -> Vec<Planned> {
        let mut plans: Vec<Planned> = Vec::new();
        let (releases, holds): (Vec<_>, Vec<_>) =
            self.house.transfers.rows().partition(|(_, row)| matches!(row, Row::Release(_)));
        for (key, row) in releases.into_iter().chain(holds) {
            let due = match self.doubts.get(&key) {
                Some(doubt) => doubted && doubt.not_before <= now,
                None => !doubted,
            };
            let Some(plan) = due.then(|| Planned::of(key, row)).flatten() else { continue };
            let left =
                plans.iter_mut().filter(|_| !doubted).try_fold(plan, |plan, into| into.join(plan).ok_or(()));
            if let Ok(plan) = left
                && plans.len() < FRAME_HOLDS_MAX
            {
                plans.push(plan);
            }
        }
        plans
    }

    /// The rows that a hold or release in the frame stands for, by record.
    pub(super) fn build_holds(
        builder: &mut Builder<'_>,
        now: Timestamp,
        doubted: bool,
    ) -> Vec<(RecordId, Vec<u64>)> {
        let mut made = Vec::new();
        for plan in builder.engine().planned_holds(now, doubted) {
            if !builder.ready(&plan.circle) {
                continue;
            }
            let month = expiry(plan.class, now.month());
            let until = (plan.class, month);
            if let Some(record) = builder.hold(plan.kind, &plan.circle, until, plan.blobs) {
                made.push((record, plan.rows));
            }
        }
        made
    }

    /// The relay keeps them: the items that name them are written. It let go: nothing is left to do.
    pub(super) fn holds_admitted(&mut self, now: Timestamp, outgoing: &Outgoing) {
        for (record, rows) in &outgoing.holds {
            let month = month_of(outgoing, record);
            for key in rows {
                if let Some(Row::Transfer(mut transfer)) = self.drop_row(*key) {
                    // It may have been set aside, or tried again, before the relay's answer came.
                    if let Some(prepared) = transfer.prepared().cloned() {
                        transfer.stage = Stage::Sent(prepared);
                    }
                    self.write_held(now, *transfer, *key, month);
                }
            }
        }
    }

    /// The item goes as soon as the hold does.
    fn write_held(&mut self, now: Timestamp, transfer: Transfer, key: u64, month: Option<Month>) {
        let Some(item) = transfer.item() else { return };
        let (circle, class) = (transfer.circle, transfer.class);
        let edit = Edit { circle, class, item: transfer.item, value: item.value() };
        if self.write_until(now, &edit, month).is_err() {
            // Not without a trace: the person hears of it.
            let stage = transfer.set_aside(MediaFault::Refused);
            let _ = self.put_row(key, Row::Transfer(Box::new(Transfer { stage, ..transfer })));
        }
    }

    /// Deals with a refusal, where it is about a hold or a release. Returns whether it was.
    pub(super) fn refuse_holds(
        &mut self,
        now: Timestamp,
        outgoing: &Outgoing,
        code: RefusalCode,
        record: Option<RecordId>,
    ) -> bool {
        let about_record = matches!(
            code,
            RefusalCode::Blob
                | RefusalCode::Expired
                | RefusalCode::NotAllowed
                | RefusalCode::Malformed
                | RefusalCode::Document
        );
        // A blob is named by nothing else, so no record need be named with it.
        let named = |id: &RecordId| record.map_or(code == RefusalCode::Blob, |record| record == *id);
        let hit: Vec<&(RecordId, Vec<u64>)> =
            outgoing.holds.iter().filter(|(id, _)| about_record && named(id)).collect();
        for (_, rows) in &hit {
            for key in rows {
                self.doubt(now, *key);
                if code == RefusalCode::Blob {
                    self.hold_refused(*key, rows.len() == 1);
                }
            }
        }
        !hit.is_empty()
    }

    /// What the relay does not have is sent again; what was never sent from here cannot be.
    fn hold_refused(&mut self, key: u64, alone: bool) {
        let Some(row) = self.house.transfers.row(key).cloned() else { return };
        match row {
            Row::Transfer(transfer) if !transfer.shared => {
                if let Stage::Sent(prepared) = transfer.stage {
                    self.restage(key, Stage::Ready(prepared));
                }
            }
            Row::Transfer(_) if alone => self.restage(key, Stage::Failed(MediaFault::Withdrawn, None)),
            // Nobody holds it any more, or it is not this person's to release.
            Row::Release(_) if alone => drop(self.drop_row(key)),
            Row::Transfer(_) | Row::Release(_) => {}
        }
    }

    fn restage(&mut self, key: u64, stage: Stage) {
        let Some(Row::Transfer(transfer)) = self.house.transfers.row(key).cloned() else { return };
        // A row that could be stored once can be stored again.
        let _ = self.put_row(key, Row::Transfer(Box::new(Transfer { stage, ..*transfer })));
    }

    /// What was refused has waited long enough.
    pub(super) fn try_again(&mut self, now: Timestamp) {
        (self.retry_at, self.refusals) = (None, 0);
        self.doubts.values_mut().for_each(|doubt| doubt.not_before = now);
        self.house.refused.values_mut().for_each(|at| *at = now);
        self.changed = true;
    }

    fn doubt(&mut self, now: Timestamp, key: u64) {
        let times = self.doubts.get(&key).map_or(0, |doubt| doubt.times) + 1;
        let pause = match times {
            1 => 0,
            _ => RETRY_MS << times.saturating_sub(2).min(DOUBLINGS_MAX),
        };
        let not_before = now.plus(pause);
        self.doubts.insert(key, Doubt { times, not_before });
        if times >= REFUSALS_MAX {
            self.clear_alarm(Alarm::Refused);
            self.alarm(Alarm::Refused);
        }
        self.wake_for_doubts(now);
    }

    /// When the next refused hold or document has waited long enough.
    pub(super) fn wake_for_doubts(&mut self, now: Timestamp) {
        let refused = self.house.refused.values().copied();
        let waits = self.doubts.values().map(|doubt| doubt.not_before).chain(refused);
        self.holds_at = waits.filter(|at| *at > now).min();
    }

    /// What is for a circle that this device writes into no more goes nowhere.
    pub(super) fn review_transfers(&mut self) {
        let writes = |circle: &CircleId| access::side_of(&self.house.log, &self.house.me, circle).is_some();
        let stranded: Vec<(u64, bool)> = self
            .house
            .transfers
            .rows()
            .filter_map(|(key, row)| match row {
                Row::Transfer(t) => (!t.is_failed() && !writes(&t.circle)).then_some((key, true)),
                Row::Release(r) => (!writes(&r.circle)).then_some((key, false)),
            })
            .collect();
        for (key, said) in stranded {
            match self.house.transfers.row(key) {
                Some(Row::Transfer(transfer)) if said => {
                    let stage = transfer.set_aside(MediaFault::NoAccess);
                    self.restage(key, stage);
                }
                _ => drop(self.drop_row(key)),
            }
        }
    }
}

impl Outgoing {
    /// Whether the frame holds what this row stands for.
    pub(super) fn holds_row(&self, key: u64) -> bool {
        self.holds.iter().any(|(_, rows)| rows.contains(&key))
    }
}

/// Until when a record of the frame holds.
fn month_of(outgoing: &Outgoing, id: &RecordId) -> Option<Month> {
    let record = outgoing.frame.records.iter().find(|record| record.id() == *id)?;
    let header: Header = codec::decode(&record.header, limit::RECORD_HEADER_BYTES_MAX).ok()?;
    Some(header.month)
}
