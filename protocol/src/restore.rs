//! What a relay takes back that lost it, and from whom: from anybody who reads it, under the relay's own signature from
//! before. So nothing is taken that was not admitted once, and nothing is asked again of rights that have ended since.

use crate::epoch::{EpochBody, ReaderList};
use crate::epochs::Epochs;
use crate::id::{CircleId, RecordId};
use crate::limit;
use crate::log::{Link, LogState, OpenEntry};
use crate::message::{GiveBack, LOG, Row};
use crate::record::{Header, Kind, Position, Record};

/// A row that is taken back.
#[derive(Debug, Clone)]
pub struct Back {
    /// Where it stood and stands.
    pub position: Position,
    /// Its id.
    pub id: RecordId,
    /// The record, its header and, of an epoch, its reader list; none: only the stub is left.
    pub record: Option<(Record, Header, Option<ReaderList>)>,
    /// Nobody who was there has the record; whoever does may bring it.
    pub lost: bool,
}

/// Whether a row brings the record that a relay lost there. One that names a log head which the house does not have is no part of
/// it: readers would take it for another log's.
#[must_use]
pub fn fills(log: &LogState, circle: &CircleId, row: &Row, id: &RecordId) -> Option<(Record, Header)> {
    let record = row.record.as_ref().filter(|record| record.id() == *id)?;
    let header = record.check().ok()?;
    let fits = header.circle == *circle
        && Some(header.house) == log.house()
        && log.knows_head(&header.log)
        && matches!(header.kind, Kind::Batch | Kind::Rewrite);
    fits.then(|| (record.clone(), header))
}

impl GiveBack {
    fn is_within(&self) -> bool {
        let rows = self.ids.len().max(self.links.len()).max(self.rows.len()).max(self.entries.len());
        rows <= limit::GIVEN_BACK_MAX
    }

    /// The log with as many of the entries as follow its head on the way to the signed one, and their links. That the
    /// signature is this relay's own is asked before.
    #[must_use]
    pub fn log(&self, log: &LogState) -> (LogState, Vec<(Link, OpenEntry)>) {
        let mut after = log.clone();
        let mut taken = Vec::new();
        let claim = &self.signed.claim;
        let mut links = self.links.iter().filter(|link| link.seq >= log.len());
        let mut head = log.head();
        let follows = self.is_within()
            && claim.circle == LOG
            && links.clone().all(|link| {
                let next = head.map(|head| (head.seq + 1, head.hash));
                head = Some(crate::record::LogHead { seq: link.seq, hash: link.hash() });
                next == link.prev.map(|prev| (link.seq, prev))
            })
            && head.is_some_and(|head| head.seq.checked_add(1) == Some(claim.n))
            && head.is_some_and(|head| head.hash.as_bytes() == claim.acc.as_bytes());
        if !follows {
            return (after, taken);
        }
        for open in &self.entries {
            let Ok(link) = open.link() else { break };
            if link.seq < after.len() {
                continue;
            }
            if links.next() != Some(&link) || after.admit(&link, Some(open)).is_err() {
                break;
            }
            taken.push((link, open.clone()));
        }
        (after, taken)
    }

    /// The epochs with those of as many rows as follow a circle's end on the way to the signed position, and these rows. A
    /// stub is taken from staff alone: somebody else may still hold what stood there. So may whoever brings a record later
    /// that staff knew of and did not have ([`fills`]).
    #[must_use]
    pub fn records(
        &self,
        log: &LogState,
        epochs: &Epochs,
        tail: Position,
        by_staff: bool,
    ) -> (Epochs, Vec<Back>) {
        let mut after = epochs.clone();
        let mut taken = Vec::new();
        let claim = &self.signed.claim;
        let skipped = tail.n.checked_add(1).and_then(|next| next.checked_sub(self.from));
        let ids = skipped.and_then(|skipped| self.ids.get(usize::try_from(skipped).ok()?..));
        let Some(ids) = ids.filter(|_| self.is_within()) else { return (after, taken) };
        let end = ids.iter().fold(tail, |position, id| position.next(id));
        if (end.n, end.acc) != (claim.n, claim.acc) {
            return (after, taken);
        }
        let mut position = tail;
        let rows = self.rows.iter().filter(|row| row.n > tail.n);
        for (row, id) in rows.zip(ids) {
            position = position.next(id);
            if (row.n, row.id) != (position.n, *id) {
                break;
            }
            let record = match &row.record {
                None if by_staff && (row.gone || row.document.is_some()) => None,
                None => break,
                Some(record) => {
                    let Ok(header) = record.check() else { break };
                    let fits = record.id() == *id
                        && header.circle == claim.circle
                        && Some(header.house) == log.house()
                        && log.knows_head(&header.log);
                    if !fits {
                        break;
                    }
                    let mut readers = None;
                    if header.kind == Kind::Epoch {
                        let (Ok(body), Some(list)) = (EpochBody::decode(&record.body), &row.readers) else {
                            break;
                        };
                        if after.admit(log, &header, body, Some(list)).is_err() {
                            break;
                        }
                        readers = Some(list.clone());
                    }
                    Some((record.clone(), header, readers))
                }
            };
            // What a snapshot spared the one who gives it is not gone.
            let lost = record.is_none() && (row.lost || !row.gone);
            taken.push(Back { position, id: *id, record, lost });
        }
        (after, taken)
    }
}
