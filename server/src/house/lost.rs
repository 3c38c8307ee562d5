//! History that this relay lost: shown by its own signatures, taken back under them.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use nestpost_protocol::access;
use nestpost_protocol::admit::AdmittedRecord;
use nestpost_protocol::blob::HoldBody;
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::erase::EraseBody;
use nestpost_protocol::id::{Accumulator, CircleId, DeviceId, HouseId, Incarnation, RelayKey};
use nestpost_protocol::limit;
use nestpost_protocol::log::{Body, LogState};
use nestpost_protocol::message::{
    Asked, Cursor, GiveBack, LOG, RecordPage, SignedPosition, Stands, WantedRows, log_position,
};
use nestpost_protocol::record::{Header, Kind, Position};
use nestpost_protocol::restore::{self, Back};
use nestpost_protocol::retention::Class;

use super::state::{HouseState, blob_changes};
use super::{Desk, House};
use crate::clock::Day;
use crate::store::{
    Anew, BlobChange, Commit, Elsewhere, Erasure, NewEntry, NewRecord, NewStub, PageLimit, Past, Store,
    StoreError, StoredDocument,
};

impl House {
    /// Somebody shows what this relay signed once. If it does not have it any more, its data was put back from a backup: it
    /// begins a new life, forgets what came since it started, and takes nothing from then on but what it lost.
    pub(crate) async fn shown(&self, desk: &Desk<'_>, signed: &SignedPosition) -> Result<(), StoreError> {
        let _door = self.admission.lock().await;
        let claim = &signed.claim;
        let (life, elsewhere) = {
            let state = self.state();
            (state.incarnation, state.elsewhere)
        };
        let is_own = elsewhere == Elsewhere::Here
            && claim.house == self.id()
            && Some(claim.incarnation) == life
            && claim.start != Some(desk.start)
            && signed.holds(&desk.relay);
        if !is_own || self.at(desk.store, claim.circle, claim.n).await? == Some(claim.acc) {
            return Ok(());
        }
        let anew = Anew {
            incarnation: Incarnation::new(rand::random()),
            past: Past { incarnation: claim.incarnation, start: desk.start },
            log_from: self.loaded,
        };
        tracing::warn!("this relay has lost records: the house waits until its devices have given them back");
        desk.store.begin_anew(self.id(), anew).await?;
        self.reload(desk.store).await
    }

    fn end(&self, circle: &CircleId) -> Position {
        let state = self.state();
        if *circle == LOG { log_position(&state.log) } else { state.tail(circle) }
    }

    /// What a chain led to at this number; none beyond its end.
    async fn at(
        &self,
        store: &dyn Store,
        circle: CircleId,
        n: u64,
    ) -> Result<Option<Accumulator>, StoreError> {
        if circle == LOG {
            let seq = n.checked_sub(1);
            let hash = seq.and_then(|seq| self.state().log.link(seq).map(nestpost_protocol::log::Link::hash));
            return Ok(hash.map(|hash| Accumulator::new(*hash.as_bytes())));
        }
        store.accumulator(self.id(), circle, n).await
    }

    /// Where these chains stand, as far as a device may know.
    pub(crate) async fn compare(
        &self,
        store: &dyn Store,
        device: &DeviceId,
        asked: Vec<Asked>,
    ) -> Result<Vec<Stands>, StoreError> {
        let visible = access::visible(&self.state().log, device);
        let mut found = Vec::with_capacity(asked.len());
        for Asked { circle, at: numbers } in asked {
            let (mut end, mut at) = (Position::START, Vec::new());
            if circle == LOG || visible.contains(&circle) {
                end = self.end(&circle);
                for n in numbers {
                    let Some(acc) = self.at(store, circle, n).await? else { break };
                    at.push(acc);
                }
            }
            found.push(Stands { circle, end, at });
        }
        Ok(found)
    }

    /// Takes back what follows the end of the log, or of a circle that the device reads, and answers where that stands now.
    pub(crate) async fn give_back(
        self: &Arc<Self>,
        desk: &Desk<'_>,
        device: &DeviceId,
        back: GiveBack,
    ) -> Result<Cursor, StoreError> {
        let _door = self.admission.lock().await;
        let circle = back.signed.claim.circle;
        if self.is_of_before(&desk.relay, &back.signed) {
            let (house, device) = (Arc::clone(self), *device);
            let work = move || house.judge(&device, &back);
            let judged = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?;
            if let Some(judged) = judged {
                self.take_back(desk, judged).await?;
            }
        }
        Ok(Cursor { circle, position: self.end(&circle) })
    }

    /// Whether the relay signed it in the life before, and before it lost anything.
    fn is_of_before(&self, relay: &RelayKey, signed: &SignedPosition) -> bool {
        let past = {
            let state = self.state();
            state.past.filter(|_| state.elsewhere == Elsewhere::Awaits)
        };
        let claim = &signed.claim;
        past.is_some_and(|past| claim.incarnation == past.incarnation && claim.start != Some(past.start))
            && claim.house == self.id()
            && signed.holds(relay)
    }

    fn judge(&self, device: &DeviceId, back: &GiveBack) -> Option<Judged> {
        let state = self.state();
        let circle = back.signed.claim.circle;
        if circle == LOG {
            let (log, taken) = back.log(&state.log);
            let entries = taken.into_iter().map(|(link, entry)| {
                let invite = match log.entry(link.seq).map(|entry| &entry.kind) {
                    Some(Body::Invite(invite)) => Some(invite.key),
                    _ => None,
                };
                NewEntry { link, entry, invite }
            });
            let entries: Vec<NewEntry> = entries.collect();
            let epochs = state.epochs.clone();
            return (!entries.is_empty()).then_some(Judged {
                circle,
                log,
                epochs,
                entries,
                rows: Vec::new(),
            });
        }
        if !access::visible(&state.log, device).contains(&circle) {
            return None;
        }
        let by_staff = access::is_staff(&state.log, device);
        let (epochs, rows) = back.records(&state.log, &state.epochs, state.tail(&circle), by_staff);
        let log = state.log.clone();
        (!rows.is_empty()).then_some(Judged { circle, log, epochs, entries: Vec::new(), rows })
    }

    async fn take_back(&self, desk: &Desk<'_>, judged: Judged) -> Result<(), StoreError> {
        let mut commit = judged.commit(self.id(), &self.state());
        commit.day = desk.clock.day();
        commit.blobs = self.blob_changes(desk, &judged).await?;
        let commit = Arc::new(commit);
        let freed = match desk.store.commit(Arc::clone(&commit)).await {
            Ok(committed) => committed.freed,
            Err(error) => {
                self.reload(desk.store).await?;
                return Err(error);
            }
        };
        self.state.write().unwrap_or_else(PoisonError::into_inner).take_back(judged, &commit, freed);
        self.version.send_modify(|version| *version = version.wrapping_add(1));
        Ok(())
    }

    /// Records of a circle that the device reads take the places of those that were lost. What was erased meanwhile, or has
    /// expired, does not come back.
    pub(crate) async fn fill(
        &self,
        desk: &Desk<'_>,
        device: &DeviceId,
        page: RecordPage,
    ) -> Result<(), StoreError> {
        let _door = self.admission.lock().await;
        let circle = page.circle;
        let mut known = {
            let state = self.state();
            let may =
                state.elsewhere != Elsewhere::Taken && access::visible(&state.log, device).contains(&circle);
            if may { state.lost.get(&circle).cloned().unwrap_or_default() } else { BTreeSet::new() }
        };
        let limit = PageLimit { rows_max: limit::PAGE_ROWS_MAX, bytes_target: limit::MESSAGE_BYTES_MAX };
        let mut commit = Commit { day: desk.clock.day(), ..Commit::nothing(self.id()) };
        for row in page.rows.iter().take(limit::PAGE_ROWS_MAX).filter(|row| known.remove(&row.n)) {
            let stored = desk.store.rows(self.id(), circle, &[row.n], limit).await?;
            let acc = desk.store.accumulator(self.id(), circle, row.n).await?;
            let (Some(stored), Some(acc)) = (stored.first(), acc) else { continue };
            let state = self.state();
            if let Some((record, header)) = restore::fills(&state.log, &circle, row, &stored.id) {
                let position = Position { n: row.n, acc };
                state.fill_with(&mut commit, position, stored.id, record, &header, desk.clock.months());
            }
        }
        if commit.fills.is_empty() {
            return Ok(());
        }
        desk.store.commit(Arc::new(commit.clone())).await?;
        self.state.write().unwrap_or_else(PoisonError::into_inner).fill(&commit);
        self.version.send_modify(|version| *version = version.wrapping_add(1));
        Ok(())
    }

    /// What this relay lost of what a device sees.
    pub(crate) fn lacks(&self, device: &DeviceId) -> Vec<WantedRows> {
        let state = self.state();
        if state.lost.is_empty() {
            return Vec::new();
        }
        let visible = access::visible(&state.log, device);
        let lost = state.lost.iter().filter(|(circle, _)| visible.contains(circle));
        lost.map(|(circle, rows)| WantedRows {
            circle: *circle,
            rows: rows.iter().copied().take(limit::PAGE_ROWS_MAX).collect(),
        })
        .collect()
    }

    /// Of blobs that are still here.
    async fn blob_changes(&self, desk: &Desk<'_>, judged: &Judged) -> Result<Vec<BlobChange>, StoreError> {
        let mut changes = Vec::new();
        for back in &judged.rows {
            let Some((record, header, _)) = &back.record else { continue };
            if !matches!(header.kind, Kind::Hold | Kind::Release) {
                continue;
            }
            let Ok(body) = HoldBody::decode(&record.body) else { continue };
            let known = desk.store.blobs(self.id(), &body.blobs).await?;
            let mut admitted = AdmittedRecord {
                id: back.id,
                header: header.clone(),
                readers: None,
                begins: false,
                blobs: known.iter().map(|(id, _)| *id).collect(),
                ended: Vec::new(),
                moved_to: None,
            };
            let today = desk.clock.day();
            for (id, blob) in known {
                if let Some(mut fact) = blob.fact(today) {
                    admitted.ended.extend(fact.apply(&judged.log, header).into_iter().map(|side| (id, side)));
                }
            }
            changes.extend(blob_changes(&admitted));
        }
        Ok(changes)
    }
}

/// What is taken back, and the house with it.
pub(super) struct Judged {
    circle: CircleId,
    pub(super) log: LogState,
    pub(super) epochs: Epochs,
    entries: Vec<NewEntry>,
    rows: Vec<Back>,
}

impl Judged {
    fn commit(&self, house: HouseId, state: &HouseState) -> Commit {
        let mut documents: Vec<StoredDocument> = Vec::new();
        let (mut records, mut stubs, mut erasures) = (Vec::new(), Vec::new(), Vec::new());
        for back in &self.rows {
            let Some((record, header, readers)) = &back.record else {
                let Back { position, id, lost, .. } = *back;
                stubs.push(NewStub { circle: self.circle, position, id, lost });
                continue;
            };
            let Header { circle, side, class, month, .. } = *header;
            if let Some(document) = header.document
                && !state.documents.contains_key(&document)
                && documents.iter().all(|known| known.document != document)
            {
                documents.push(StoredDocument { document, circle, side, class, month, successor: None });
            }
            if let (Kind::Erase, Some(document)) = (header.kind, header.document)
                && let Ok(body) = EraseBody::decode(&record.body)
            {
                erasures.push(Erasure { circle, document, successor: body.to, record: back.id });
            }
            records.push(NewRecord {
                circle,
                position: back.position,
                id: back.id,
                author: header.author,
                author_seq: header.seq,
                record: record.clone(),
                expires: (!matches!(header.kind, Kind::Epoch | Kind::Erase) && class != Class::Long)
                    .then_some(month),
                readers: readers.clone(),
            });
        }
        Commit {
            house,
            founds: None,
            day: Day::from_index(0),
            dissolves: state.log.dissolved().is_none() && self.log.dissolved().is_some(),
            resumes: false,
            entries: self.entries.clone(),
            records,
            stubs,
            fills: Vec::new(),
            documents,
            wraps: Vec::new(),
            blobs: Vec::new(),
            erasures,
        }
    }
}
