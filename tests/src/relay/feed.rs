//! What the relay in memory tells whom: at the login, and live.

use std::collections::BTreeMap;

use ed25519_dalek::Signer as _;
use nestpost_protocol::complaint::Complaint;
use nestpost_protocol::epoch::{Addressee, Wrap};
use nestpost_protocol::id::{CircleId, DeviceId, Incarnation, Signature, WrapId};
use nestpost_protocol::log::{Link, LogState};
use nestpost_protocol::message::{
    ByeCode, Cursor, Cursors, Hello, LOG, LogPage, PositionClaim, RecordPage, RelayMessage, Row, SeenEntry,
    SignedPosition, Stage, Synced, Welcome, log_position, state_hash,
};
use nestpost_protocol::record::Position;
use nestpost_protocol::verify::{signing_input, verify};
use nestpost_protocol::{access, codec, label, snapshot};

use super::{House, MemoryRelay, SessionId, State};

/// Links with their entries, each page far below a message's limit; older entries come with the first.
fn log_pages(links: Vec<Link>, mut entries: Vec<SeenEntry>) -> Vec<RelayMessage> {
    const PAGE: usize = 500;
    let mut pages = Vec::new();
    let chunks = links.chunks(PAGE).map(<[Link]>::to_vec).chain(links.is_empty().then(Vec::new));
    for links in chunks {
        let end = links.last().map_or(u64::MAX, |link| link.seq);
        let (here, later) = entries.into_iter().partition(|entry| entry.seq <= end);
        entries = later;
        let page = LogPage { links, entries: here };
        if !page.links.is_empty() || !page.entries.is_empty() {
            pages.push(RelayMessage::Log(page));
        }
    }
    pages
}

impl MemoryRelay {
    /// Why, where there is proof of it, and that it is over.
    pub(super) fn farewell(&mut self, session: SessionId, device: &DeviceId) {
        let house = self.house.as_ref().unwrap();
        if let Some(seq) = access::farewell(&house.log, device) {
            let entry = house.entries.get(usize::try_from(seq).unwrap()).unwrap().clone();
            let entries = vec![SeenEntry { seq, entry }];
            self.send(session, &RelayMessage::Log(LogPage { links: Vec::new(), entries }));
        }
        self.bye(session, ByeCode::Ended);
    }

    pub(super) fn hello(&mut self, session: SessionId, hello: &Hello) {
        let nonce = self.sessions.get(&session).unwrap().nonce;
        let input = Hello::signing_input(&hello.origin, hello.house, hello.incarnation, hello.device, nonce);
        let signed = verify(hello.device.as_bytes(), label::HELLO, &input, &hello.signature).is_ok();
        let known = self.house.as_ref().filter(|house| house.id == hello.house);
        let stage = known.and_then(|house| {
            let joining = house.log.device(&hello.device).is_some_and(|d| {
                d.joining.is_some()
                    && d.ended.is_none()
                    && !house.log.joins().any(|j| Some(j.seq) == d.joining && j.void)
            });
            match access::role_of(&house.log, &hello.device) {
                Some(_) => Some(Stage::Member),
                None if joining => Some(Stage::Joining),
                None => None,
            }
        });
        // Whoever proves a key that did belong may know that it does not any more.
        if signed && stage.is_none() && known.is_some_and(|house| house.log.device(&hello.device).is_some()) {
            return self.farewell(session, &hello.device);
        }
        let (Some(house), Some(stage), true) = (known, stage, signed) else {
            return self.bye(session, ByeCode::NotFound);
        };
        let equal = stage == Stage::Member && state_hash(&Self::held_by(house, &hello.device)) == hello.state;
        let equal = equal && Self::wraps_for(house, &hello.device, hello.full).is_empty();
        let equal = equal && hello.incarnation.is_none_or(|life| life == house.incarnation);
        let log = house.log.head().filter(|_| stage == Stage::Member);
        let welcome = Welcome { version: 1, incarnation: house.incarnation, stage, equal, log };
        let state = if equal {
            State::Live { device: hello.device, full: hello.full }
        } else {
            State::Greeted { device: hello.device, full: hello.full }
        };
        let sent = house.circles.iter().map(|(circle, rows)| (*circle, rows.len() as u64)).collect();
        let log = house.log.clone();
        let live = self.sessions.get_mut(&session).unwrap();
        live.state = state;
        live.takes_snapshots = hello.snapshots;
        live.member = stage == Stage::Member;
        if equal {
            live.sent = sent;
            live.log = log;
            live.member = true;
        }
        self.send(session, &RelayMessage::Welcome(welcome));
        if equal {
            self.tell(session);
        }
    }

    pub(super) fn held_by(house: &House, device: &DeviceId) -> Cursors {
        let circles = access::visible(&house.log, device)
            .into_iter()
            .filter_map(|circle| {
                let position = house.circles.get(&circle)?.last()?.position;
                Some(Cursor { circle, position })
            })
            .collect();
        Cursors { log: house.log.head(), circles }
    }

    pub(super) fn wraps_for(house: &House, device: &DeviceId, full: bool) -> Vec<(WrapId, Wrap)> {
        house
            .wraps
            .iter()
            .filter(|(id, head, _)| {
                let mine = match head.addressee {
                    Addressee::Device(to) => to == *device,
                    Addressee::Epoch(key) => access::reads(&house.log, device, &key.circle),
                };
                mine && (full || !house.acknowledged.contains(&(*device, *id)))
            })
            .map(|(id, _, wrap)| (*id, wrap.clone()))
            .collect()
    }

    pub(super) fn cursors(&mut self, session: SessionId, cursors: &Cursors) {
        let Some(house) = &self.house else { return };
        let live = self.sessions.get_mut(&session).unwrap();
        let State::Greeted { device, full } = live.state else { return };
        live.state = State::Live { device, full };
        live.member = access::role_of(&house.log, &device).is_some();
        live.sent = cursors.circles.iter().map(|c| (c.circle, c.position.n)).collect();
        // The log as this device holds it: only what it was shown then.
        let length = cursors.log.filter(|head| house.log.knows_head(head)).map_or(0, |head| head.seq + 1);
        live.log = house.history.get(&length).cloned().unwrap_or_else(|| {
            let mut known = LogState::new();
            for entry in house.entries.iter().take(usize::try_from(length).unwrap()) {
                known.admit(&entry.link().unwrap(), Some(entry)).unwrap();
            }
            known
        });
        if !live.member {
            // While joining: the device's own two entries, without links.
            let entries: Vec<SeenEntry> = (0..house.log.len())
                .filter(|seq| access::sees_entry(&house.log, &device, *seq))
                .map(|seq| SeenEntry {
                    seq,
                    entry: house.entries.get(usize::try_from(seq).unwrap()).unwrap().clone(),
                })
                .collect();
            live.log = LogState::new();
            self.send(session, &RelayMessage::Log(LogPage { links: Vec::new(), entries }));
        }
        self.send_news(session);
        self.send_synced(session, &device);
        self.tell(session);
    }

    pub(super) fn send_synced(&mut self, session: SessionId, device: &DeviceId) {
        let Some(house) = &self.house else { return };
        let member = access::role_of(&house.log, device).is_some();
        let of_log = member.then(|| Cursor { circle: LOG, position: log_position(&house.log) });
        let positions = Self::held_by(house, device)
            .circles
            .into_iter()
            .chain(of_log)
            .map(|c| self.sign(house, c.circle, c.position))
            .collect();
        let log = house.log.head().filter(|_| member);
        self.send(session, &RelayMessage::Synced(Synced { log, positions }));
    }

    pub(super) fn sign(&self, house: &House, circle: CircleId, position: Position) -> SignedPosition {
        let claim = PositionClaim {
            house: house.id,
            incarnation: house.incarnation,
            circle,
            n: position.n,
            acc: position.acc,
            start: Some(Incarnation::new([self.starts; 16])),
        };
        let signature = self.key.sign(&signing_input(label::POSITION, &codec::encode(&claim)));
        SignedPosition { claim, signature: Signature::new(signature.to_bytes()) }
    }

    /// Everything a live session lacks.
    pub(super) fn push(&mut self, session: SessionId) {
        self.send_news(session);
        self.tell(session);
    }

    /// What is said of the house to a live session that has all of it.
    fn tell(&mut self, session: SessionId) {
        let relay = self.public();
        let Some(house) = &self.house else { return };
        let Some(live) = self.sessions.get_mut(&session) else { return };
        let State::Live { device, .. } = live.state else { return };
        if !live.member {
            return;
        }
        let complaints: Vec<Complaint> = house
            .complaints
            .iter()
            .filter(|(head, _)| head.is_for(&house.log, &device) && live.heard.insert(**head))
            .map(|(_, complaint)| complaint.clone())
            .collect();
        let complaints = (!complaints.is_empty()).then_some(RelayMessage::Complaints(complaints));
        let lacks = house.lacks(&device, &mut live.lacks);
        let words = house.words_for(&device, &relay, &mut live.words);
        for message in [complaints, lacks, words].into_iter().flatten() {
            self.send(session, &message);
        }
    }

    /// What a live session lacks of the log, of records and of wraps.
    fn send_news(&mut self, session: SessionId) {
        let Some(house) = &self.house else { return };
        let Some(live) = self.sessions.get_mut(&session) else { return };
        let State::Live { device, full } = live.state else { return };
        let (mut messages, mut grown) = (Vec::new(), Vec::new());
        let mut confirmed = false;
        let is_over = |d: &nestpost_protocol::log::state::Device| {
            d.ended.is_some() || (d.joining.is_none() && access::role_of(&house.log, &device).is_none())
        };
        if house.log.device(&device).is_none_or(is_over) {
            return self.farewell(session, &device);
        }
        if access::role_of(&house.log, &device).is_some() {
            confirmed = !std::mem::replace(&mut live.member, true);
            let from = live.log.len();
            let entries: Vec<SeenEntry> = access::newly_seen(&live.log, &house.log, &device)
                .into_iter()
                .map(|seq| SeenEntry {
                    seq,
                    entry: house.entries.get(usize::try_from(seq).unwrap()).unwrap().clone(),
                })
                .collect();
            let links: Vec<_> = (from..house.log.len()).map(|seq| *house.log.link(seq).unwrap()).collect();
            if !links.is_empty() {
                grown.push((LOG, log_position(&house.log)));
            }
            messages.extend(log_pages(links, entries));
            live.log = house.log.clone();
            for circle in access::visible(&house.log, &device) {
                let sent = live.sent.entry(circle).or_default();
                let snapshots = if *sent == 0 && live.takes_snapshots {
                    house.snapshots_of(&circle)
                } else {
                    BTreeMap::new()
                };
                if !snapshots.is_empty() {
                    let records = snapshots.values().map(|(record, _)| record.clone()).collect();
                    messages.push(RelayMessage::Snapshots(records));
                }
                let lists = access::sees_reader_list(&house.log, &device, &circle);
                let rows: Vec<Row> = house
                    .circles
                    .get(&circle)
                    .into_iter()
                    .flatten()
                    .filter(|row| row.position.n > *sent)
                    .map(|row| {
                        let own = row.author == device;
                        let header = row.record.as_ref().map(|record| record.check().unwrap());
                        let covered = header.and_then(|header| header.document).filter(|document| {
                            let kept = snapshots.get(document);
                            kept.is_some_and(|(_, admitted)| row.position.n <= admitted.covers)
                                && !own
                                && snapshot::spares(&house.log, &circle, &row.author)
                        });
                        Row {
                            n: row.position.n,
                            id: row.id,
                            record: row.record.clone().filter(|_| covered.is_none() && (full || !own)),
                            gone: row.record.is_none(),
                            lost: house.lost.contains(&(circle, row.position.n)),
                            readers: row.readers.clone().filter(|_| lists),
                            document: covered,
                        }
                    })
                    .collect();
                if let Some(last) = rows.last() {
                    *sent = last.n;
                    let end = house.circles.get(&circle).and_then(|rows| rows.last());
                    grown.extend(end.map(|row| (circle, row.position)));
                    messages.push(RelayMessage::Records(RecordPage { circle, rows }));
                }
            }
            let wraps: Vec<Wrap> = Self::wraps_for(house, &device, full)
                .into_iter()
                .filter(|(id, _)| live.wraps.insert(*id))
                .map(|(_, wrap)| wrap)
                .collect();
            if !wraps.is_empty() {
                messages.push(RelayMessage::Wraps(wraps));
            }
        }
        let house = self.house.as_ref().unwrap();
        if !grown.is_empty() {
            let signed = grown.into_iter().map(|(circle, end)| self.sign(house, circle, end)).collect();
            messages.push(RelayMessage::Signed(signed));
        }
        for message in messages {
            self.send(session, &message);
        }
        if confirmed {
            self.send_synced(session, &device);
        }
    }

    pub(super) fn push_all(&mut self) {
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            self.push(session);
        }
    }
}
