//! What this device has written and the relay has not yet acknowledged as durable.
//!
//! One sealed frame is under way at a time. It is stored before it is sent, sent again byte for byte until there is an
//! answer, and only a typed refusal lets it be taken apart and sealed anew. Changes keep their own rows until the
//! acknowledgement, so nothing that was written depends on the frame.

use minicbor::{Decode, Encode};
use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, DocumentId, RecordId};
use nestpost_protocol::limit;
use nestpost_protocol::log::{Body, Cosignature, KindNumber};
use nestpost_protocol::message::{
    Ack, ClientMessage, FoundHouse, Frame, RefusalCode, Refused, Submit, Versions,
};
use nestpost_protocol::retention::writable;
use nestpost_protocol::sorted::{SortedMap, SortedSet};
use nestpost_protocol::stands;

use crate::app::decision::Decision;
use crate::app::{Edit, IntakeChange};
use crate::house::{Alarm, Overtaken, Stage};
use crate::store::{Blob, Table, Write, number_key};
use crate::time::Timestamp;

use super::decide::EditRow;
use super::frame::{Builder, Obsolete};
use super::session::Session;
use super::{After, Engine, REFUSALS_MAX, RETRY_MS};

/// Bytes of bodies in one content frame; small frames get through bad networks.
const FRAME_BYTES_TARGET: usize = 256 << 10;

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum Purpose {
    #[n(0)]
    Content,
    #[n(1)]
    Membership,
    #[n(2)]
    Found,
    #[n(3)]
    Join,
}

/// The frame under way.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct Outgoing {
    #[n(0)]
    pub(super) purpose: Purpose,
    #[n(1)]
    pub(super) frame: Frame,
    /// Row of the intent it carries out.
    #[n(2)]
    pub(super) intent: Option<u64>,
    /// Rows of the changes it carries.
    #[n(3)]
    pub(super) pending: Vec<u64>,
    /// Which document each content record writes.
    #[n(4)]
    pub(super) documents: Vec<(RecordId, DocumentId)>,
    /// Rows of transfers that each hold or release stands for.
    #[n(5)]
    #[cbor(default)]
    pub(super) holds: Vec<(RecordId, Vec<u64>)>,
    #[cbor(skip)]
    pub(super) submit: u64,
    #[cbor(skip)]
    pub(super) stored: bool,
    #[cbor(skip)]
    pub(super) in_flight: bool,
}

/// A membership change that somebody here decided. Signed when it is sent, because every entry names its predecessor.
#[derive(Debug, Clone)]
pub(super) struct Intent {
    pub(super) key: u64,
    pub(super) bodies: Vec<Body>,
    /// Second signatures, each with the place of its entry.
    pub(super) cosignatures: Vec<(usize, Cosignature)>,
    /// A circle that gets a horizon instead.
    pub(super) horizon: Option<CircleId>,
    /// What a director wants of the intake.
    pub(super) intake: Option<IntakeChange>,
    /// How long the log was when it was decided.
    pub(super) since: u64,
    /// What is looked at again before it goes out.
    pub(super) decision: Option<Decision>,
    /// What is written once it is admitted.
    pub(super) edits: Vec<Edit>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct IntentRow {
    #[n(0)]
    bodies: Packed,
    #[n(1)]
    #[cbor(default)]
    cosignatures: Vec<(usize, Cosignature)>,
    #[n(2)]
    horizon: Option<CircleId>,
    #[n(3)]
    intake: Option<IntakeChange>,
    #[n(4)]
    #[cbor(default)]
    since: u64,
    #[n(5)]
    decision: Option<Decision>,
    #[n(6)]
    #[cbor(default)]
    edits: Vec<EditRow>,
}

pub(super) const OUTBOX_KEY: &[u8] = b"frame";
/// Decisions that came to nothing and are kept for the person, and how much of each.
const OVERTAKEN_MAX: usize = 16;
const OVERTAKEN_BODIES_MAX: usize = 16;
const ROW_BYTES_MAX: usize = 8 << 20;

impl Intent {
    pub(super) fn encode(&self) -> Vec<u8> {
        let (cosignatures, horizon, intake) = (self.cosignatures.clone(), self.horizon, self.intake);
        let (bodies, since) = (packed(&self.bodies), self.since);
        let (decision, edits) = (self.decision.clone(), self.edits.iter().map(EditRow::from).collect());
        codec::encode(&IntentRow { bodies, cosignatures, horizon, intake, since, decision, edits })
    }

    /// Whether it says that the house goes on with a copy.
    pub(super) fn restores(&self) -> bool {
        matches!(self.bodies.as_slice(), [Body::Restored(_)])
    }

    pub(super) fn decode(key: u64, bytes: &[u8]) -> Option<Self> {
        let row: IntentRow = codec::decode(bytes, ROW_BYTES_MAX).ok()?;
        let bodies = unpacked(&row.bodies)?;
        let IntentRow { cosignatures, horizon, intake, since, decision, edits, .. } = row;
        let edits = edits.into_iter().map(Edit::from).collect();
        Some(Self { key, bodies, cosignatures, horizon, intake, since, decision, edits })
    }
}

/// What stands in a log, in a row of this device.
pub(super) type Packed = Vec<(KindNumber, Blob)>;

pub(super) fn packed(bodies: &[Body]) -> Packed {
    bodies.iter().map(Body::encode).map(|(kind, body)| (kind, body.into())).collect()
}

pub(super) fn unpacked(rows: &[(KindNumber, Blob)]) -> Option<Vec<Body>> {
    rows.iter().map(|(kind, body)| Body::decode(*kind, body).ok()).collect()
}

impl Outgoing {
    pub(super) const fn new(purpose: Purpose, frame: Frame) -> Self {
        Self {
            purpose,
            frame,
            intent: None,
            pending: Vec::new(),
            documents: Vec::new(),
            holds: Vec::new(),
            submit: 0,
            stored: false,
            in_flight: false,
        }
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        codec::decode::<Self>(bytes, ROW_BYTES_MAX).ok().map(|outgoing| Self { stored: true, ..outgoing })
    }
}

impl Engine {
    /// Queues a frame: stored with this input's transaction, sent once that is durable.
    pub(super) fn queue(&mut self, outgoing: Outgoing) {
        let Ok(sealed) = self.secrets.local.seal(&codec::encode(&outgoing)) else { return };
        self.writes.push(Write::put(Table::Outbox, OUTBOX_KEY.to_vec(), sealed));
        self.after.push(After::SendOutbox);
        let stored = !stands!(StoredFirst);
        self.outgoing = Some(Outgoing { stored, ..outgoing });
    }

    fn unqueue(&mut self) -> Option<Outgoing> {
        self.writes.push(Write::delete(Table::Outbox, OUTBOX_KEY.to_vec()));
        self.outgoing.take()
    }

    /// Builds the next frame if none is under way, and sends what may be sent.
    pub(super) fn pump(&mut self, now: Timestamp) {
        if self.is_to_go() {
            return;
        }
        let says = self.session == Session::Elsewhere && self.intents.iter().any(Intent::restores);
        if (self.session == Session::Live || says)
            && self.house.stage == Stage::Member
            && self.outgoing.is_none()
            && self.retry_at.is_none()
        {
            self.build_next(now);
        }
        self.send_outgoing();
    }

    fn send_outgoing(&mut self) {
        if self.retry_at.is_some() {
            return;
        }
        let Some(outgoing) = &mut self.outgoing else { return };
        let fits = match outgoing.purpose {
            Purpose::Content | Purpose::Membership => {
                matches!(self.session, Session::Live | Session::Elsewhere)
            }
            Purpose::Found => self.session == Session::Founding,
            Purpose::Join => self.session == Session::AtDoor,
        };
        if !fits || !outgoing.stored || outgoing.in_flight {
            return;
        }
        outgoing.in_flight = true;
        self.next_submit += 1;
        outgoing.submit = self.next_submit;
        let (id, frame) = (outgoing.submit, outgoing.frame.clone());
        let message = if outgoing.purpose == Purpose::Found {
            let setup_code = self.meta.founding.as_ref().and_then(|f| f.setup_code.clone());
            ClientMessage::Found(FoundHouse { versions: Versions::OURS, id, frame, setup_code })
        } else {
            ClientMessage::Submit(Submit { id, frame: frame.packed() })
        };
        self.send(&message);
    }

    fn build_next(&mut self, now: Timestamp) {
        if self.house.log.dissolved().is_some() {
            // What was written too late stays here, to be read.
            for key in self.intents() {
                self.give_up(key);
            }
            return;
        }
        if self.session == Session::Elsewhere {
            // Nothing else is taken before that.
            self.intents.make_contiguous().sort_by_key(|intent| !intent.restores());
        }
        while let Some(intent) = self.intents.front().cloned() {
            if self.session == Session::Elsewhere && !intent.restores() {
                return;
            }
            if self.session == Session::Elsewhere && self.lets_go_of_log() {
                // Another engine says it.
                return;
            }
            if self.session == Session::Live && self.is_log_doubted() {
                break;
            }
            let key = intent.key;
            let intent = match self.look_again(now, intent) {
                Ok(intent) => intent,
                Err(obsolete) => {
                    self.come_to_nothing(key, obsolete);
                    continue;
                }
            };
            if intent.decision.is_some() && intent.bodies.is_empty() {
                self.write_decided(now, key);
                self.drop_intent(key);
                continue;
            }
            let builder = Builder::new(self);
            let built = match (&intent.horizon, intent.intake) {
                (Some(circle), _) => builder.horizon(circle),
                (None, Some(change)) if intent.bodies.is_empty() => builder.intake(change),
                (None, _) => builder.membership(&intent),
            };
            match built {
                Ok(frame) => {
                    let mut outgoing = Outgoing::new(Purpose::Membership, frame);
                    outgoing.intent = Some(intent.key);
                    return self.queue(outgoing);
                }
                Err(obsolete) => {
                    if obsolete == Obsolete::Done {
                        self.write_decided(now, key);
                    }
                    self.come_to_nothing(key, obsolete);
                }
            }
        }
        if self.session == Session::Elsewhere {
            return;
        }
        if let Some(repairs) = self.build_repairs() {
            return self.queue(repairs);
        }
        // What was refused before comes last, and by itself.
        if let Some(outgoing) = self
            .build_content(now)
            .or_else(|| self.build_erasure())
            .or_else(|| self.build_intake())
            .or_else(|| self.build_doubted(now))
            .or_else(|| self.build_refused(now))
        {
            self.queue(outgoing);
        }
    }

    fn come_to_nothing(&mut self, key: u64, obsolete: Obsolete) {
        match obsolete {
            Obsolete::Done => self.drop_intent(key),
            // Somebody else was first and it no longer makes sense.
            Obsolete::Refused => self.give_up(key),
        }
    }

    pub(super) fn drop_intent(&mut self, key: u64) {
        self.intents.retain(|intent| intent.key != key);
        self.show_decided();
        self.writes.push(Write::delete(Table::Intent, number_key(key)));
        self.changed = true;
    }

    /// A membership change that will not be.
    fn give_up(&mut self, key: u64) {
        let known = self.intents.iter().find(|intent| intent.key == key);
        let (mut bodies, since) =
            known.map(|intent| (intent.bodies.clone(), intent.since)).unwrap_or_default();
        if !self.give_up_orders(&bodies) {
            self.given_up.push(key);
            let decision = self.intents.iter().find(|intent| intent.key == key);
            let unsaid = decision.filter(|intent| intent.bodies.is_empty());
            bodies.extend(unsaid.and_then(|intent| intent.decision.as_ref()?.stands_for()));
            if self.house.log.dissolved().is_none() {
                bodies.truncate(OVERTAKEN_BODIES_MAX);
                self.tell_overtaken(key, bodies, since);
            }
        }
        self.drop_intent(key);
    }

    /// The person is told that something came to nothing, until they have read it.
    pub(super) fn tell_overtaken(&mut self, key: u64, bodies: Vec<Body>, since: u64) {
        let seq = self.house.log.len();
        self.house.overtaken.push(Overtaken { key, bodies, since, seq });
        let surplus = self.house.overtaken.len().saturating_sub(OVERTAKEN_MAX);
        self.house.overtaken.drain(..surplus);
        self.write_meta();
    }

    /// Rows of membership changes that wait.
    #[must_use]
    pub fn intents(&self) -> Vec<u64> {
        self.intents.iter().map(|intent| intent.key).collect()
    }

    /// Rows of membership changes that came to nothing since the engine started, because the house had changed meanwhile.
    #[must_use]
    pub fn given_up(&self) -> &[u64] {
        &self.given_up
    }

    fn build_content(&mut self, now: Timestamp) -> Option<Outgoing> {
        self.move_expired(now);
        let mut work: SortedMap<CircleId, Vec<DocumentId>> = SortedMap::new();
        for (id, held) in self.house.docs.all() {
            if !held.pending.is_empty() && !self.house.refused.contains_key(id) && !self.awaits_erasure(id) {
                work.entry(held.fact.circle).or_default().push(*id);
            }
        }
        // Written before this device heard that it does not write there any more. Should it again, this goes out.
        let is_stuck = |circle: &CircleId| {
            access::side_of(&self.house.log, &self.house.me, circle).is_none() && stands!(StuckSaid)
        };
        let refused = self.house.refused.values().any(|at| *at > now);
        if (refused || work.keys().any(is_stuck)) && !self.house.alarms.contains_key(&Alarm::Refused) {
            self.alarm(Alarm::Refused);
        }
        let mut builder = Builder::new(self);
        let holds = Self::build_holds(&mut builder, now, false);
        let (pending, documents) = build_batches(&mut builder, work);
        if pending.is_empty() && holds.is_empty() {
            return None;
        }
        let frame = builder.finish();
        Some(Outgoing { pending, documents, holds, ..Outgoing::new(Purpose::Content, frame) })
    }

    /// One document whose changes were refused, once more and by itself: only so it is known whether they are what the relay does
    /// not take.
    fn build_refused(&mut self, now: Timestamp) -> Option<Outgoing> {
        let Self { house, .. } = self;
        let writes = |circle: &CircleId| access::side_of(&house.log, &house.me, circle).is_some();
        let waits = |id: &DocumentId| {
            house.docs.get(id).is_some_and(|held| !held.pending.is_empty() && writes(&held.fact.circle))
        };
        house.refused.retain(|id, _| waits(id));
        let id = *house.refused.iter().find(|(_, at)| **at <= now)?.0;
        let work = [(house.docs.get(&id)?.fact.circle, vec![id])].into_iter().collect();
        let mut builder = Builder::new(self);
        let (pending, documents) = build_batches(&mut builder, work);
        let frame = builder.finish();
        (!pending.is_empty()).then(|| Outgoing {
            pending,
            documents,
            ..Outgoing::new(Purpose::Content, frame)
        })
    }

    /// Holds and releases that were refused, once more.
    fn build_doubted(&mut self, now: Timestamp) -> Option<Outgoing> {
        if self.doubts.is_empty() {
            return None;
        }
        let mut builder = Builder::new(self);
        let holds = Self::build_holds(&mut builder, now, true);
        let frame = builder.finish();
        (!holds.is_empty()).then(|| Outgoing { holds, ..Outgoing::new(Purpose::Content, frame) })
    }

    /// Whatever waits in a document that no longer takes writes, or lies behind a horizon, is written anew into one that
    /// does.
    fn move_expired(&mut self, now: Timestamp) {
        let months = now.months();
        let late: Vec<DocumentId> = self
            .house
            .docs
            .all()
            .filter(|(_, h)| !h.pending.is_empty())
            .filter(|(_, h)| {
                !writable(h.fact.class, h.fact.month, months) || h.is_before(self.horizon_of(&h.fact.circle))
            })
            .map(|(id, _)| *id)
            .collect();
        for document in late {
            self.write_anew(&document, now);
        }
    }

    /// Whether an answer is to the frame under way.
    fn is_answer(&self, id: u64) -> bool {
        self.outgoing.as_ref().is_some_and(|o| (o.submit == id || !stands!(OwnAnswer)) && o.in_flight)
    }

    pub(super) fn acknowledged(&mut self, now: Timestamp, ack: &Ack) {
        if !self.is_answer(ack.id) {
            return;
        }
        let Some(outgoing) = self.unqueue() else { return };
        let relay = self.relay.or(self.house.log.relay());
        for position in &ack.positions {
            self.check_position(position, relay.as_ref());
        }
        let keys: SortedSet<u64> = outgoing.pending.iter().copied().collect();
        for (_, document) in &outgoing.documents {
            if let Some(held) = self.house.docs.get_mut(document) {
                let before = held.pending.len();
                held.pending.retain(|p| !keys.contains(&p.key) && stands!(OnlyAnswered));
                self.house.refused.remove(document);
                let arrived = before - held.pending.len();
                self.note_arrived(document, arrived);
            }
        }
        for key in keys {
            self.writes.push(Write::delete(Table::Pending, number_key(key)));
        }
        if let Some(key) = outgoing.intent {
            self.write_decided(now, key);
            self.drop_intent(key);
        }
        self.holds_admitted(now, &outgoing);
        self.refusals = 0;
        self.clear_alarm(Alarm::QuotaFull);
        self.clear_alarm(Alarm::Refused);
        self.changed = true;
        match outgoing.purpose {
            // What was founded comes back as everybody gets it, through the login that follows.
            Purpose::Found => {
                self.meta.full = true;
                self.set_stage(Stage::Presenting);
                self.write_meta();
                self.after.push(After::Close);
            }
            Purpose::Join => {
                self.set_stage(Stage::Joining);
                self.after.push(After::Close);
            }
            Purpose::Content | Purpose::Membership => {
                // What it replaces may go now.
                self.duties_due = true;
                self.take_wraps(outgoing.frame.wraps);
            }
        }
    }

    pub(super) fn refused(&mut self, now: Timestamp, refused: &Refused) {
        if !self.is_answer(refused.id) {
            return;
        }
        match refused.code {
            // Never admitted, never lost: the same bytes again, later.
            RefusalCode::Quota | RefusalCode::Full => {
                self.alarm(Alarm::QuotaFull);
                return self.pause(now);
            }
            RefusalCode::InviteUsed => return self.join_failed("code_used"),
            RefusalCode::InviteExpired => return self.join_failed("code_expired"),
            RefusalCode::InviteRevoked => return self.join_failed("code_revoked"),
            RefusalCode::Closed => return self.found_failed(),
            _ => {}
        }
        let Some(outgoing) = self.unqueue() else { return };
        if self.refuse_holds(now, &outgoing, refused.code, refused.record) {
            self.changed = true;
            return;
        }
        match refused.code {
            RefusalCode::Chain => self.rejoin_chain(refused),
            // What was written stays, until two have said that the house goes on there.
            RefusalCode::Elsewhere => {
                let said = self
                    .intents
                    .iter()
                    .find(|intent| Some(intent.key) == outgoing.intent && intent.restores());
                if let Some(key) = said.map(|intent| intent.key) {
                    self.give_up(key);
                    self.alarm(Alarm::Refused);
                }
                self.wait_for_word();
                self.changed = true;
                return;
            }
            // Another device wrote it anew first: nothing of what was written here was refused.
            RefusalCode::Moved if outgoing.documents.is_empty() => {
                self.changed = true;
                return;
            }
            // It no longer has what this device saw.
            RefusalCode::Fork => self.alarm(Alarm::RelayRewound),
            RefusalCode::Expired | RefusalCode::Moved | RefusalCode::Document => {
                let hit = outgoing.documents.iter().find(|(record, _)| Some(*record) == refused.record);
                let documents: Vec<DocumentId> = match hit {
                    Some((_, document)) => vec![*document],
                    None => outgoing.documents.iter().map(|(_, d)| *d).collect(),
                };
                let is_moved = refused.code == RefusalCode::Moved;
                for document in documents {
                    if !is_moved || !self.await_erasure(&document) {
                        self.write_anew(&document, now);
                    }
                }
            }
            RefusalCode::Rule | RefusalCode::NotAllowed | RefusalCode::Malformed => {
                if self.refuse_documents(now, &outgoing, refused.record) {
                    self.changed = true;
                    return;
                }
                if let Some(key) = outgoing.intent {
                    self.give_up(key);
                }
                self.refusals = self.refusals.max(REFUSALS_MAX);
            }
            _ => {}
        }
        self.changed = true;
        if outgoing.purpose == Purpose::Join {
            // The head has moved on; the door is asked again on a new line.
            return self.close();
        }
        self.refusals += 1;
        if self.refusals >= REFUSALS_MAX {
            if outgoing.purpose == Purpose::Content {
                self.clear_alarm(Alarm::Refused);
                self.alarm(Alarm::Refused);
            }
            self.pause(now);
        }
    }

    /// What the relay will not take is set aside, so that everything else goes on. Returns whether there is something.
    fn refuse_documents(&mut self, now: Timestamp, outgoing: &Outgoing, record: Option<RecordId>) -> bool {
        let named = |id: &RecordId| record.is_none_or(|record| record == *id);
        let hit: Vec<DocumentId> =
            outgoing.documents.iter().filter(|(id, _)| named(id)).map(|(_, document)| *document).collect();
        for document in &hit {
            let again = self.house.refused.contains_key(document);
            // By itself at once, and then one in each pause, however many there are.
            let pauses = u64::try_from(self.house.refused.len()).unwrap_or(1);
            let at = if again { now.plus(RETRY_MS * pauses) } else { now };
            self.house.refused.insert(*document, at);
            if again {
                self.clear_alarm(Alarm::Refused);
                self.alarm(Alarm::Refused);
            }
        }
        self.wake_for_doubts(now);
        !hit.is_empty()
    }

    fn pause(&mut self, now: Timestamp) {
        self.retry_at =
            Some(if stands!(RetryLater) { now.plus(RETRY_MS) } else { Timestamp::from_millis(u64::MAX) });
    }

    /// The relay's last record of this device is not ours: continue from what it names.
    fn rejoin_chain(&mut self, refused: &Refused) {
        self.alarm(Alarm::DeviceCopied);
        if let Some(circle) = refused.circle {
            let state = self.circles.entry(circle).or_default();
            state.chain.seq = refused.seq.unwrap_or(0);
            state.chain.prev = refused.prev;
        }
    }
}

/// As much of what waits as one frame takes.
fn build_batches(
    builder: &mut Builder<'_>,
    work: SortedMap<CircleId, Vec<DocumentId>>,
) -> (Vec<u64>, Vec<(RecordId, DocumentId)>) {
    let (mut pending, mut documents, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (circle, ids) in work {
        if !builder.ready(&circle) {
            continue;
        }
        for document in ids {
            for batch in builder.waiting_batches(&document) {
                if bytes >= FRAME_BYTES_TARGET || builder.record_count() >= limit::FRAME_RECORDS_MAX {
                    break;
                }
                let Some((record, size)) = builder.batch(&circle, &document, &batch) else { continue };
                bytes += size;
                pending.extend(batch.keys);
                documents.push((record, document));
            }
        }
    }
    (pending, documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As version 0.1.0 wrote it.
    #[derive(Encode)]
    #[cbor(map)]
    struct First {
        #[n(0)]
        purpose: Purpose,
        #[n(1)]
        frame: Frame,
        #[n(2)]
        intent: Option<u64>,
        #[n(3)]
        pending: Vec<u64>,
        #[n(4)]
        documents: Vec<(RecordId, DocumentId)>,
    }

    #[test]
    fn a_frame_that_the_first_version_left_under_way_is_read() {
        let documents = vec![(RecordId::new([1; 32]), DocumentId::new([2; 16]))];
        let (purpose, pending) = (Purpose::Content, vec![4, 5]);
        let bytes =
            codec::encode(&First { purpose, frame: Frame::default(), intent: None, pending, documents });
        let outgoing = Outgoing::decode(&bytes).unwrap();
        assert_eq!((outgoing.pending.as_slice(), outgoing.documents.len()), ([4, 5].as_slice(), 1));
        assert!(outgoing.stored && outgoing.holds.is_empty());
    }
}
