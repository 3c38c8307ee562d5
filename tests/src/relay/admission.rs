//! How the relay in memory takes a frame in, by the real rules.

use std::collections::BTreeSet;

use nestpost_protocol::admit::{DocumentFact, Refusal, admit_frame};
use nestpost_protocol::epoch::{Addressee, WrapHead};
use nestpost_protocol::id::{CircleId, DeviceId, InviteKey, RecordId};
use nestpost_protocol::log::kind::restored::Restored;
use nestpost_protocol::log::{Body, Entry, EntryBody, KindNumber, OpenEntry};
use nestpost_protocol::message::{Ack, Frame, LOG, Placed, RefusalCode, RelayMessage};
use nestpost_protocol::record::{Header, Position, Record};
use nestpost_protocol::retention::Months;
use nestpost_protocol::{codec, limit, stands};

use super::{House, MemoryRelay, SessionId, Stored};

impl MemoryRelay {
    /// A frame that no engine made, by the same rules. Whoever is there hears of it.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn forge(&mut self, frame: &Frame) -> Result<(), RefusalCode> {
        let admitted = self.admit(frame).map_err(|refusal| refusal.code);
        admitted.inspect_err(|code| self.refusals.push(*code))?;
        self.push_all();
        Ok(())
    }

    /// A copy takes nothing but what ends its waiting, and that is said of nothing else.
    fn check_place(&self, frame: &Frame) -> Result<(), Refusal> {
        let house = self.house.as_ref().unwrap();
        let says = |open: &OpenEntry| body_of(open).is_some_and(|body| body.kind == KindNumber::Restored);
        let code = match Restored::alone(frame) {
            _ if !house.awaits && !frame.entries.iter().any(says) => return Ok(()),
            Some((by, body)) if house.awaits && house.is_of(&by, &body, &self.public()) => return Ok(()),
            Some(_) => RefusalCode::Rule,
            None if house.awaits => RefusalCode::Elsewhere,
            None => RefusalCode::Rule,
        };
        Err(refusal(code))
    }

    /// Takes a whole frame in, or nothing of it. Returns the circles that it wrote to.
    pub(super) fn admit(&mut self, frame: &Frame) -> Result<BTreeSet<CircleId>, Refusal> {
        self.check_place(frame)?;
        if !stands!(AckDurable) {
            self.before = Some(self.backup());
        }
        let house = self.house.as_mut().unwrap();
        let admitted = admit_frame(&house.log, &house.epochs, frame, house, Months::within(self.month))?;
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
        self.lengths.push(house.log.len());
        self.frames.push(frame.clone());
        self.uploaded.push(self.received.len());
        Ok(touched)
    }

    /// A frame is handed in by whoever this is, and answered.
    pub(super) fn submit(&mut self, session: SessionId, id: u64, frame: Frame, by: Author) {
        let answer = self.take_in(frame, by);
        if let (Err(_), Author::Invite(key)) = (&answer, by) {
            // With the new head, so that a lost race can be run again.
            let info = self.invite_info(&key);
            info.into_iter().for_each(|info| self.send(session, &RelayMessage::InviteInfo(info)));
        }
        match answer {
            Err(refusal) => {
                self.refusals.push(refusal.code);
                self.push(session);
                self.send(session, &RelayMessage::Refused(refusal.refused(id)));
            }
            Ok((placed, circles)) => {
                self.push_all();
                let house = self.house.as_ref().unwrap();
                let positions = circles.iter().map(|circle| self.sign(house, *circle, house.end(circle)));
                let positions = positions.collect();
                self.send(session, &RelayMessage::Ack(Ack { id, placed, positions }));
            }
        }
    }

    /// Where its records stand, and the circles whose ends are told.
    fn take_in(&mut self, frame: Frame, by: Author) -> Result<(Vec<Placed>, BTreeSet<CircleId>), Refusal> {
        let house = self.house.as_ref().unwrap();
        check_author(house, by, &frame)?;
        let ids: Vec<RecordId> = frame.records.iter().map(Record::id).collect();
        let rest = if stands!(KnownAgain) { house.unknown(frame) } else { frame };
        let mut circles = BTreeSet::new();
        if !(rest.entries.is_empty() && rest.records.is_empty() && rest.wraps.is_empty()) {
            if self.full {
                return Err(refusal(RefusalCode::Quota));
            }
            let is_deaf =
                |record: &&Record| record.check().is_ok_and(|header| Some(header.circle) == self.deaf);
            if let Some(record) = rest.records.iter().find(is_deaf) {
                let (circle, record) = (self.deaf, Some(record.id()));
                return Err(Refusal { circle, record, ..refusal(RefusalCode::NotAllowed) });
            }
            circles = self.admit(&rest)?;
            if !rest.entries.is_empty() {
                circles.insert(LOG);
            }
        }
        let house = self.house.as_ref().unwrap();
        let placed = ids.iter().filter_map(|id| house.placed(id));
        let placed: Vec<Placed> = placed.collect();
        circles.extend(placed.iter().map(|placed| placed.circle));
        Ok((placed, circles))
    }
}

/// Who hands a frame in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Author {
    Device(DeviceId),
    /// At the door.
    Invite(InviteKey),
    /// Of a house that is not there yet.
    Founder,
}

impl House {
    fn placed(&self, record: &RecordId) -> Option<Placed> {
        let found = self.circles.iter().find_map(|(circle, rows)| {
            rows.iter().find(|row| row.id == *record).map(|row| (*circle, row.position.n))
        });
        found.map(|(circle, n)| Placed { record: *record, circle, n })
    }

    /// What of a frame is not here already.
    fn unknown(&self, mut frame: Frame) -> Frame {
        frame.entries.retain(|entry| !self.entries.contains(entry));
        frame.records.retain(|record| self.placed(&record.id()).is_none());
        frame.readers.retain(|readers| self.placed(&readers.record).is_none());
        frame.wraps.retain(|wrap| !self.wraps.iter().any(|(id, ..)| *id == wrap.id()));
        frame
    }
}

pub(super) const fn refusal(code: RefusalCode) -> Refusal {
    Refusal { code, circle: None, seq: None, prev: None, record: None }
}

fn body_of(open: &OpenEntry) -> Option<EntryBody> {
    let entry: Entry = codec::decode(&open.entry, limit::ENTRY_BYTES_MAX).ok()?;
    codec::decode(&entry.signed, limit::ENTRY_BYTES_MAX).ok()
}

/// Nobody hands in what somebody else wrote; at the door, one `join` with this invite and nothing else.
fn check_author(house: &House, by: Author, frame: &Frame) -> Result<(), Refusal> {
    let refused = |code| Err(refusal(code));
    match by {
        Author::Founder => Ok(()),
        Author::Invite(key) => {
            let alone = frame.records.is_empty() && frame.readers.is_empty() && frame.wraps.is_empty();
            let body = frame.entries.first().and_then(body_of);
            let join = body.and_then(|body| Body::decode(body.kind, &body.body).ok());
            let invite = house.log.invite_by_key(&key).map(|invite| invite.seq);
            match join {
                Some(Body::Join(join))
                    if alone && frame.entries.len() == 1 && Some(join.invite) == invite =>
                {
                    Ok(())
                }
                _ => refused(RefusalCode::NotAllowed),
            }
        }
        Author::Device(device) => {
            let entries = frame.entries.iter().map(body_of);
            for body in entries {
                match body {
                    None => return refused(RefusalCode::Malformed),
                    Some(body) if body.author != device => return refused(RefusalCode::Rule),
                    Some(_) => {}
                }
            }
            for record in &frame.records {
                let id = Some(record.id());
                let Ok(header) = codec::decode::<Header>(&record.header, limit::RECORD_HEADER_BYTES_MAX)
                else {
                    return Err(Refusal { record: id, ..refusal(RefusalCode::Malformed) });
                };
                if header.author != device {
                    let circle = Some(header.circle);
                    return Err(Refusal { circle, record: id, ..refusal(RefusalCode::NotAllowed) });
                }
            }
            for wrap in &frame.wraps {
                match codec::decode::<WrapHead>(&wrap.head, limit::WRAP_BYTES_MAX) {
                    Err(_) => return refused(RefusalCode::Malformed),
                    Ok(head) if head.maker != device => {
                        let circle = Some(head.circle);
                        return Err(Refusal { circle, ..refusal(RefusalCode::NotAllowed) });
                    }
                    Ok(_) => {}
                }
            }
            Ok(())
        }
    }
}
