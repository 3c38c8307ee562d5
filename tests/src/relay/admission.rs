//! How the relay in memory takes a frame in, by the real rules.

use std::collections::BTreeSet;

use nestpost_protocol::admit::{DocumentFact, Refusal, admit_frame};
use nestpost_protocol::epoch::Addressee;
use nestpost_protocol::id::CircleId;
use nestpost_protocol::log::kind::restored::Restored;
use nestpost_protocol::message::{Ack, Frame, LOG, Placed, RefusalCode, RelayMessage};
use nestpost_protocol::record::{Position, Record};
use nestpost_protocol::retention::Months;
use nestpost_protocol::stands;

use super::{MemoryRelay, SessionId, Stored};

impl MemoryRelay {
    /// A frame that no engine made, by the same rules. Whoever is there hears of it.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn forge(&mut self, frame: &Frame) -> Result<(), RefusalCode> {
        self.admit(frame).map_err(|refusal| refusal.code)?;
        self.push_all();
        Ok(())
    }

    /// A copy takes nothing but what ends its waiting.
    pub(super) fn check_place(&self, frame: &Frame) -> Result<(), Refusal> {
        let house = self.house.as_ref().unwrap();
        let ends = Restored::alone(frame).is_some_and(|(by, body)| house.is_of(&by, &body, &self.public()));
        if !house.awaits || ends {
            return Ok(());
        }
        let code = RefusalCode::Elsewhere;
        Err(Refusal { code, circle: None, seq: None, prev: None, record: None })
    }

    /// Takes a whole frame in, or nothing of it. Returns the circles that it wrote to.
    pub(super) fn admit(&mut self, frame: &Frame) -> Result<BTreeSet<CircleId>, Refusal> {
        self.check_place(frame).inspect_err(|refusal| self.refusals.push(refusal.code))?;
        if !stands!(AckDurable) {
            self.before = Some(self.backup());
        }
        let house = self.house.as_mut().unwrap();
        let admitted = admit_frame(&house.log, &house.epochs, frame, house, Months::within(self.month))
            .inspect_err(|refusal| self.refusals.push(refusal.code))?;
        let (mut touched, mut named) = (BTreeSet::new(), BTreeSet::new());
        house.awaits = false;
        house.past = None;
        house.log = admitted.log;
        house.history.insert(house.log.len(), house.log.clone());
        house.epochs = admitted.epochs;
        house.entries.extend(frame.entries.iter().cloned());
        for (record, fact) in frame.records.iter().zip(admitted.records) {
            let header = fact.header;
            let rows = house.circles.entry(header.circle).or_default();
            let position = rows.last().map_or(Position::START, |r| r.position).next(&fact.id);
            let author = header.author;
            rows.push(Stored {
                id: fact.id,
                author,
                record: Some(record.clone()),
                readers: fact.readers,
                position,
            });
            house.last.insert((header.circle, header.author), (header.seq, fact.id));
            if let Some(document) = header.document {
                let known =
                    house.documents.entry(document).or_insert_with(|| DocumentFact::begun_by(&header));
                known.moved |= fact.moved_to.is_some();
                if fact.moved_to.is_some() {
                    house.snapshots.remove(&document);
                    let of = |record: &Record| record.check().is_ok_and(|h| h.document == Some(document));
                    for row in rows.iter_mut().filter(|row| row.id != fact.id) {
                        row.record = row.record.take().filter(|record| !of(record));
                    }
                }
            }
            for id in &fact.blobs {
                if let Some(blob) = house.blobs.get_mut(id) {
                    blob.apply(&house.log, &header);
                }
                named.insert(*id);
            }
            touched.insert(header.circle);
        }
        house.blobs.retain(|id, blob| !named.contains(id) || !blob.holds.is_empty());
        let wraps = frame.wraps.iter().zip(admitted.wraps).filter(|_| stands!(WholeFrame));
        for (wrap, (id, head)) in wraps {
            house.complaints.retain(|known, _| {
                (known.circle, known.epoch, Addressee::Device(known.device))
                    != (head.circle, head.epoch, head.addressee)
            });
            house.wraps.push((id, head, wrap.clone()));
        }
        self.frames.push(frame.clone());
        self.uploaded.push(self.received.len());
        Ok(touched)
    }

    pub(super) fn submit(&mut self, session: SessionId, id: u64, frame: Frame) {
        self.found(&frame);
        let house = self.house.as_ref().unwrap();
        let known = frame.entries.iter().all(|entry| house.entries.contains(entry))
            && frame.records.iter().all(|r| house.circles.values().flatten().any(|row| row.id == r.id()))
            && frame.wraps.iter().all(|wrap| house.wraps.iter().any(|(id, ..)| *id == wrap.id()));
        let mut touched = BTreeSet::new();
        if !known && self.full {
            let code = RefusalCode::Quota;
            self.refusals.push(code);
            let refusal = Refusal { code, circle: None, seq: None, prev: None, record: None };
            return self.send(session, &RelayMessage::Refused(refusal.refused(id)));
        }
        let of = |record: &&Record| record.check().is_ok_and(|header| Some(header.circle) == self.deaf);
        if let Some(record) = frame.records.iter().find(of) {
            let (code, record) = (RefusalCode::NotAllowed, Some(record.id()));
            self.refusals.push(code);
            let refusal = Refusal { code, circle: self.deaf, seq: None, prev: None, record };
            return self.send(session, &RelayMessage::Refused(refusal.refused(id)));
        }
        if !known || !stands!(KnownAgain) {
            match self.admit(&frame) {
                Err(refusal) => {
                    self.push(session);
                    return self.send(session, &RelayMessage::Refused(refusal.refused(id)));
                }
                Ok(circles) => touched = circles,
            }
        }
        let house = self.house.as_ref().unwrap();
        let placed = frame
            .records
            .iter()
            .filter_map(|record| {
                let id = record.id();
                let circle = record.check().unwrap().circle;
                let row = house.circles.get(&circle)?.iter().find(|row| row.id == id)?;
                Some(Placed { record: id, circle, n: row.position.n })
            })
            .collect();
        self.push_all();
        if !frame.entries.is_empty() {
            touched.insert(LOG);
        }
        let house = self.house.as_ref().unwrap();
        let positions = touched.iter().map(|circle| self.sign(house, *circle, house.end(circle))).collect();
        self.send(session, &RelayMessage::Ack(Ack { id, placed, positions }));
    }
}
