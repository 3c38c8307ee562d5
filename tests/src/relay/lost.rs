//! A relay in memory that lost something, or went elsewhere, and what devices give back to it.

use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, DeviceId, Incarnation, RelayKey};
use nestpost_protocol::log::kind::restored::Restored;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::message::{
    Asked, ByeCode, Cursor, GiveBack, LOG, RecordPage, RelayMessage, Row, SignedPosition, Stands, WantedRows,
    Word,
};
use nestpost_protocol::record::{Kind, Position, Record};
use nestpost_protocol::restore::{self, Back};
use nestpost_protocol::retention::{Class, Months};
use nestpost_protocol::stands;

use super::{DocumentFact, House, MemoryRelay, SessionId, SigningKey, Stored};

/// What a relay kept at some time.
#[derive(Clone)]
pub struct Backup(pub(super) Option<House>);

impl House {
    pub(super) fn is_of(&self, by: &[DeviceId], body: &Restored, relay: &RelayKey) -> bool {
        body.is_of(&self.log, by, &self.incarnation, relay, |circle| self.end(circle))
    }

    fn takes(&self, word: &Word, relay: &RelayKey) -> bool {
        let by = [word.cosignature.device];
        self.awaits && word.check(&self.log).is_some() && self.is_of(&by, &word.body, relay)
    }

    /// What a device has yet to hear of them.
    pub(super) fn words_for(
        &self,
        device: &DeviceId,
        relay: &RelayKey,
        heard: &mut Vec<Word>,
    ) -> Option<RelayMessage> {
        let directs = access::role_of(&self.log, device).is_some_and(|(_, role)| role == Role::Director);
        let said = self.words.iter().filter(|word| directs && self.takes(word, relay));
        let said: Vec<Word> = said.cloned().collect();
        (said != *heard).then(|| {
            heard.clone_from(&said);
            RelayMessage::Words(said)
        })
    }
}

impl House {
    /// What a device has yet to hear of records that are not here.
    pub(super) fn lacks(&self, device: &DeviceId, heard: &mut Vec<WantedRows>) -> Option<RelayMessage> {
        let mut lacks: Vec<WantedRows> = Vec::new();
        let visible = access::visible(&self.log, device);
        for (circle, n) in self.lost.iter().filter(|(circle, _)| visible.contains(circle)) {
            match lacks.last_mut().filter(|last| last.circle == *circle) {
                Some(last) => last.rows.push(*n),
                None => lacks.push(WantedRows { circle: *circle, rows: vec![*n] }),
            }
        }
        (lacks != *heard).then(|| {
            heard.clone_from(&lacks);
            RelayMessage::Lacks(lacks)
        })
    }
}

impl MemoryRelay {
    /// A backup of everything it keeps.
    #[must_use]
    pub fn backup(&self) -> Backup {
        Backup(self.house.clone())
    }

    /// Its data is put back as it was and it starts again, without knowing that it lost something. Every line is gone.
    pub fn put_back(&mut self, backup: &Backup) {
        self.house.clone_from(&backup.0);
        self.start_again();
    }

    /// It stops and starts. Every line is gone.
    pub fn start_again(&mut self) {
        self.sessions.clear();
        self.starts += 1;
        self.opened.clone_from(&self.house);
    }

    /// Whether the house waits for two to say that it goes on.
    #[must_use]
    pub fn awaits(&self) -> bool {
        self.house.as_ref().is_some_and(|house| house.awaits)
    }

    /// Places of records that it lost and that nobody has brought.
    pub fn lost(&self) -> impl Iterator<Item = &(CircleId, u64)> {
        self.house.iter().flat_map(|house| &house.lost)
    }

    /// Somebody shows what it signed once and does not have.
    pub(super) fn shown(&mut self, signed: &SignedPosition) {
        let (claim, start) = (&signed.claim, Incarnation::new([self.starts; 16]));
        let relay = self.public();
        let Some(house) = &self.house else { return };
        let own = !house.awaits
            && claim.incarnation == house.incarnation
            && claim.start != Some(start)
            && signed.holds(&relay);
        if !own || house.at(&claim.circle, claim.n) == Some(claim.acc) {
            return;
        }
        let past = Some((house.incarnation, start));
        // What came since it started came on top of a history that lacked something.
        self.house.clone_from(&self.opened);
        self.lives += 1;
        if let Some(house) = &mut self.house {
            house.past = past;
            house.awaits = true;
            house.incarnation = Incarnation::new([100 + self.lives; 16]);
        }
        for session in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.bye(session, ByeCode::Busy);
        }
    }

    pub(super) fn public(&self) -> RelayKey {
        RelayKey::new(self.key.verifying_key().to_bytes())
    }

    /// A director's device says that the house goes on, or takes it back.
    pub(super) fn say(&mut self, session: SessionId, said: Vec<Word>) {
        let Some(device) = self.device(session) else { return };
        let relay = self.public();
        if said.len() > 1 || said.iter().any(|word| word.cosignature.device != device) {
            return self.bye(session, ByeCode::Malformed);
        }
        let Some(house) = &mut self.house else { return };
        house.words.retain(|known| known.cosignature.device != device);
        let said: Vec<Word> = said.into_iter().filter(|word| house.takes(word, &relay)).collect();
        house.words.extend(said);
        self.push_all();
    }

    pub(super) fn compare(&mut self, session: SessionId, asked: Vec<Asked>) {
        let Some((house, device)) = self.house.as_ref().zip(self.device(session)) else { return };
        let visible = access::visible(&house.log, &device);
        let stands = asked.into_iter().map(|Asked { circle, at }| {
            if circle != LOG && !visible.contains(&circle) {
                return Stands { circle, end: Position::START, at: Vec::new() };
            }
            let at = at.into_iter().map_while(|n| house.at(&circle, n)).collect();
            Stands { circle, end: house.end(&circle), at }
        });
        let compared = RelayMessage::Compared(stands.collect());
        self.send(session, &compared);
    }

    pub(super) fn give_back(&mut self, session: SessionId, back: &GiveBack) {
        let relay = self.public();
        let Some(device) = self.device(session) else { return };
        let Some(house) = &mut self.house else { return };
        let (claim, circle) = (&back.signed.claim, back.signed.claim.circle);
        let own = house.awaits
            && house
                .past
                .is_some_and(|(life, start)| claim.incarnation == life && claim.start != Some(start))
            && back.signed.holds(&relay);
        if own && circle == LOG {
            let (log, taken) = back.log(&house.log);
            house.log = log;
            house.history.insert(house.log.len(), house.log.clone());
            house.entries.extend(taken.into_iter().map(|(_, entry)| entry));
        } else if own && access::visible(&house.log, &device).contains(&circle) {
            let by_staff = access::is_staff(&house.log, &device);
            let (epochs, rows) = back.records(&house.log, &house.epochs, house.end(&circle), by_staff);
            house.epochs = epochs;
            for Back { position, id, record, lost } in rows {
                if lost {
                    house.lost.insert((circle, position.n));
                }
                let stored = house.circles.entry(circle).or_default();
                let Some((record, header, readers)) = record else {
                    let author = DeviceId::new([0; 32]);
                    stored.push(Stored { id, author, record: None, readers: None, position });
                    continue;
                };
                house.last.insert((circle, header.author), (header.seq, id));
                if let Some(document) = header.document {
                    let known =
                        house.documents.entry(document).or_insert_with(|| DocumentFact::begun_by(&header));
                    if header.kind == Kind::Erase && stands!(ErasedGone) {
                        known.moved = true;
                        let of = |record: &Record| record.check().is_ok_and(|h| h.document == Some(document));
                        for row in stored.iter_mut() {
                            row.record = row.record.take().filter(|record| !of(record));
                        }
                    }
                }
                let (author, record) = (header.author, Some(record));
                stored.push(Stored { id, author, record, readers, position });
            }
        }
        let position = house.end(&circle);
        self.push_all();
        self.send(session, &RelayMessage::Given(Cursor { circle, position }));
    }

    /// Records that it lost.
    pub(super) fn fill(&mut self, session: SessionId, page: RecordPage) {
        let Some(device) = self.device(session) else { return };
        let months = Months::within(self.month);
        let Some(house) = &mut self.house else { return };
        let RecordPage { circle, rows } = page;
        let may = access::visible(&house.log, &device).contains(&circle);
        let is_lost = |row: &Row| may && house.lost.contains(&(circle, row.n));
        let rows: Vec<Row> = rows.into_iter().filter(is_lost).collect();
        for row in &rows {
            let index = usize::try_from(row.n - 1).unwrap();
            let stored = house.circles.get_mut(&circle).and_then(|rows| rows.get_mut(index)).unwrap();
            let Some((record, header)) = restore::fills(&house.log, &circle, row, &stored.id) else {
                continue;
            };
            house.lost.remove(&(circle, row.n));
            let document = header.document.unwrap();
            let known = house.documents.entry(document).or_insert_with(|| DocumentFact::begun_by(&header));
            if (known.moved && stands!(ErasedGone))
                || (header.class != Class::Long && header.month < months.today)
            {
                continue;
            }
            let last = house.last.entry((circle, header.author)).or_insert((header.seq, stored.id));
            *last = (*last).max((header.seq, stored.id));
            (stored.author, stored.record) = (header.author, Some(record));
        }
        self.push_all();
    }

    /// The house goes to another relay, as a copy that waits. Every line is gone.
    pub fn move_house(&mut self) {
        self.key = SigningKey::from_bytes(&[8; 32]);
        self.begin_anew(2);
    }

    fn begin_anew(&mut self, life: u8) {
        self.sessions.clear();
        if let Some(house) = &mut self.house {
            house.incarnation = Incarnation::new([life; 16]);
            house.awaits = true;
        }
    }
}
