//! A house that signs for itself: keys from numbers, salts and nonces from a counter, so that the same steps give the
//! same bytes.

use std::cell::Cell;

use ed25519_dalek::{Signer as _, SigningKey};
use nestpost_protocol::admit::{Admitted, DocumentFact, Held, Refusal, admit_frame};
use nestpost_protocol::blob::{BlobFact, HoldBody};
use nestpost_protocol::codec::{encode, sha256};
use nestpost_protocol::epoch::{
    Addressee, EpochBody, HorizonLink, KeyEpoch, Reader, ReaderList, Wrap, WrapHead,
};
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::erase::{self, EraseBody, Erased, second_input};
use nestpost_protocol::id::*;
use nestpost_protocol::log::entry::{ENTRY_VERSION, cosign_input};
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::confirm::Confirm;
use nestpost_protocol::log::kind::device_add::{self, DeviceAdd};
use nestpost_protocol::log::kind::found::{Found, HouseKind, Second};
use nestpost_protocol::log::kind::invite::Invite;
use nestpost_protocol::log::kind::join::{self, Join};
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::order::{Order, order_input};
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::log::{
    Body, Cosignature, DeviceCard, Entry, EntryBody, LogError, LogState, OpenEntry,
};
use nestpost_protocol::message::{EpochReaders, Frame};
use nestpost_protocol::record::{HEADER_VERSION, Header, Kind, Position, Record, Sealing, Side, Suite};
use nestpost_protocol::retention::{Class, Month, Months, expiry};
use nestpost_protocol::snapshot::{AdmittedSnapshot, LastRecord, Written, admit_snapshot};
use nestpost_protocol::sorted::{SortedMap, SortedSet};
use nestpost_protocol::{access, label, verify};

/// The month on the relay's clock.
pub const MONTH: Month = Month::new(2026, 9);

/// A signing key with a number.
#[derive(Clone)]
pub struct Key {
    signing: SigningKey,
}

impl Key {
    pub fn new(number: u64) -> Self {
        Self { signing: SigningKey::from_bytes(&sha256(&[b"key", &number.to_be_bytes()])) }
    }
    pub fn bytes(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }
    pub fn id(&self) -> DeviceId {
        DeviceId::new(self.bytes())
    }
    pub fn card(&self) -> DeviceCard {
        DeviceCard { device: self.id(), recipient: Recipient::new(sha256(&[b"recipient", &self.bytes()])) }
    }
    pub fn sign(&self, context: &[u8], message: &[u8]) -> Signature {
        Signature::new(self.signing.sign(&verify::signing_input(context, message)).to_bytes())
    }
}

pub fn person(number: u64) -> PersonId {
    PersonId::new(short(b"person", number))
}
pub fn circle_id(number: u64) -> CircleId {
    CircleId::new(short(b"circle", number))
}
pub fn document(number: u64) -> DocumentId {
    DocumentId::new(short(b"document", number))
}
pub fn blob(number: u64) -> BlobId {
    BlobId::new(sha256(&[b"blob", &number.to_be_bytes()]))
}
fn short(label: &[u8], number: u64) -> [u8; 16] {
    sha256(&[label, &number.to_be_bytes()])[..16].try_into().unwrap()
}

pub fn item(number: u64) -> ItemId {
    ItemId::new(short(b"item", number))
}

/// A relay's memory of one house, and every key in it.
#[derive(Clone)]
pub struct House {
    pub log: LogState,
    pub epochs: Epochs,
    pub entries: Vec<OpenEntry>,
    pub written: SortedMap<(DocumentId, DeviceId), Written>,
    pub documents: SortedMap<DocumentId, DocumentFact>,
    pub last: SortedMap<(CircleId, DeviceId), (u64, RecordId)>,
    pub tails: SortedMap<CircleId, Position>,
    pub positions: SortedSet<(CircleId, Position)>,
    pub expired: SortedSet<u64>,
    pub frames: Vec<Frame>,
    pub blobs: SortedMap<BlobId, BlobFact>,
    counter: Cell<u64>,
}

impl Held for House {
    fn blob(&self, blob: &BlobId) -> Option<BlobFact> {
        self.blobs.get(blob).cloned()
    }
    fn document(&self, document: &DocumentId) -> Option<DocumentFact> {
        self.documents.get(document).copied()
    }
    fn last(&self, circle: &CircleId, author: &DeviceId) -> Option<(u64, RecordId)> {
        self.last.get(&(*circle, *author)).copied()
    }
    fn end(&self, circle: &CircleId) -> Position {
        self.tails.get(circle).copied().unwrap_or(Position::START)
    }
    fn held(&self, circle: &CircleId, position: &Position) -> bool {
        self.positions.contains(&(*circle, *position))
    }
    fn invite_expired(&self, invite: u64) -> bool {
        self.expired.contains(&invite)
    }
}

impl House {
    pub fn empty() -> Self {
        Self {
            log: LogState::new(),
            epochs: Epochs::new(),
            entries: Vec::new(),
            documents: SortedMap::new(),
            last: SortedMap::new(),
            tails: SortedMap::new(),
            positions: SortedSet::new(),
            expired: SortedSet::new(),
            frames: Vec::new(),
            blobs: SortedMap::new(),
            written: SortedMap::new(),
            counter: Cell::new(0),
        }
    }

    pub fn random(&self) -> [u8; 32] {
        self.counter.set(self.counter.get() + 1);
        let head = self.log.head().map(|head| *head.hash.as_bytes()).unwrap_or_default();
        let frames = self.frames.len() as u64;
        sha256(&[b"random", &head, &frames.to_be_bytes(), &self.counter.get().to_be_bytes()])
    }

    pub fn id(&self) -> HouseId {
        self.log.house().unwrap()
    }

    /// An entry on the head, changed by `change` before it is signed.
    pub fn draft(
        &self,
        author: &Key,
        body: &Body,
        cosigners: &[&Key],
        change: impl FnOnce(&mut EntryBody),
    ) -> OpenEntry {
        let (kind, bytes) = body.encode();
        let head = self.log.head();
        let mut entry = EntryBody {
            version: ENTRY_VERSION,
            house: self.log.house(),
            seq: self.log.len(),
            prev: head.map(|head| head.hash),
            class: self.log.classify(body).0,
            kind,
            author: author.id(),
            body: bytes.into(),
            before: self.log.before(body),
        };
        if matches!(body, Body::Found(_)) {
            entry.class = nestpost_protocol::log::Class::All;
        }
        change(&mut entry);
        let cosignatures = cosigners
            .iter()
            .map(|key| {
                let nonce = Nonce::new(self.random());
                let input = cosign_input(entry.house, entry.kind, &entry.body, nonce);
                Cosignature { device: key.id(), nonce, signature: key.sign(label::COSIGN, &input) }
            })
            .collect();
        self.sign(author, &entry, cosignatures)
    }

    pub fn sign(&self, author: &Key, entry: &EntryBody, cosignatures: Vec<Cosignature>) -> OpenEntry {
        let signed = encode(entry);
        let signature = author.sign(label::ENTRY, &signed);
        let entry = encode(&Entry { signed: signed.into(), signature, cosignatures });
        OpenEntry { entry: entry.into(), salt: Salt::new(self.random()) }
    }

    /// Puts an entry onto the log alone, without the rules of frames.
    pub fn take(&mut self, entry: OpenEntry) -> Result<u64, LogError> {
        let link = entry.link()?;
        self.log.admit(&link, Some(&entry))?;
        self.entries.push(entry);
        Ok(link.seq)
    }

    /// Signs and takes an entry; must be admitted.
    pub fn say(&mut self, author: &Key, body: &Body) -> u64 {
        let entry = self.draft(author, body, &[], |_| {});
        self.take(entry).unwrap_or_else(|error| panic!("{body:?}: {error:?}"))
    }

    /// What the rules answer, on a copy.
    pub fn ask(&self, author: &Key, body: &Body, cosigners: &[&Key]) -> Result<(), LogError> {
        let entry = self.draft(author, body, cosigners, |_| {});
        self.log.clone().admit(&entry.link()?, Some(&entry))
    }

    pub fn submit(&mut self, frame: Frame) -> Result<Admitted, Refusal> {
        let admitted = admit_frame(&self.log, &self.epochs, &frame, self, Months::within(MONTH))?;
        self.log = admitted.log.clone();
        self.epochs = admitted.epochs.clone();
        self.entries.extend(frame.entries.iter().cloned());
        for record in &admitted.records {
            let tail = self.tails.entry(record.header.circle).or_insert(Position::START);
            *tail = tail.next(&record.id);
            self.positions.insert((record.header.circle, *tail));
            self.last.insert((record.header.circle, record.header.author), (record.header.seq, record.id));
            if let Some(document) = record.header.document {
                let (device, seq) = (record.header.author, record.header.seq);
                let last = LastRecord { device, seq, record: record.id };
                self.written.insert((document, device), Written { last, n: tail.n });
            }
            if record.begins {
                let document = record.header.document.unwrap();
                self.documents.insert(document, DocumentFact::begun_by(&record.header));
            }
            if let (Some(old), Some(_)) = (record.header.document, record.moved_to) {
                self.documents.get_mut(&old).unwrap().moved = true;
            }
            for id in &record.blobs {
                self.blobs.get_mut(id).unwrap().apply(&self.log, &record.header);
            }
        }
        let named: SortedSet<BlobId> =
            admitted.records.iter().flat_map(|record| record.blobs.iter().copied()).collect();
        self.blobs.retain(|id, blob| !named.contains(id) || !blob.holds.is_empty());
        self.frames.push(frame);
        Ok(admitted)
    }

    /// Every device's last record in a document.
    pub fn written(&self, document: &DocumentId) -> Vec<Written> {
        self.written.iter().filter(|((of, _), _)| of == document).map(|(_, written)| *written).collect()
    }

    pub fn take_snapshot(&self, record: &Record) -> Result<AdmittedSnapshot, Refusal> {
        let document = record.check().ok().and_then(|header| header.document);
        let written = document.map(|document| self.written(&document)).unwrap_or_default();
        admit_snapshot(&self.log, &self.epochs, record, self, &written, Months::within(MONTH))
    }

    /// Room for a blob, before anybody holds it.
    pub fn reserve(&mut self, reserver: &Key, number: u64, complete: bool) {
        let fact = BlobFact { complete, reserver: reserver.id(), holds: Vec::new() };
        self.blobs.insert(blob(number), fact);
    }

    pub fn desk(&self) -> Desk {
        Desk { house: self.clone(), frame: Frame::default(), staff: None }
    }
}

/// A frame in the making, on a copy of the house that has already said what the frame says.
pub struct Desk {
    pub house: House,
    pub frame: Frame,
    /// What reader lists say of the log.
    pub staff: Option<Hash>,
}

impl Desk {
    pub fn say(&mut self, author: &Key, body: &Body) -> u64 {
        self.say_with(author, body, &[])
    }

    pub fn say_with(&mut self, author: &Key, body: &Body, cosigners: &[&Key]) -> u64 {
        let entry = self.house.draft(author, body, cosigners, |_| {});
        self.frame.entries.push(entry.clone());
        self.house.take(entry).unwrap_or_else(|error| panic!("{body:?}: {error:?}"))
    }

    /// A new epoch with the wraps it needs; a wrap's file is as good as any here, nobody opens it.
    pub fn epoch(&mut self, author: &Key, circle: CircleId) -> &mut Self {
        let plan = self.house.epochs.plan(&self.house.log, &circle).expect("a plan");
        if plan.horizon {
            return self.horizon(author, circle, &plan.staff);
        }
        self.epoch_for(author, circle, plan.keys, plan.devices, |_| {})
    }

    /// A new epoch behind which nothing older is read, but by those to whom a link leads back.
    pub fn horizon(&mut self, author: &Key, circle: CircleId, back: &[KeyEpoch]) -> &mut Self {
        let plan = self.house.epochs.plan(&self.house.log, &circle).expect("a plan");
        self.epoch_for(author, circle, plan.keys, plan.devices, |body| {
            let link = |to: &KeyEpoch| HorizonLink { to: *to, link: b"a link".to_vec().into() };
            body.links.clear();
            body.horizon = Some(back.iter().map(link).collect());
        })
    }

    /// A new epoch with a link for everybody, whoever has come.
    pub fn plain_epoch(&mut self, author: &Key, circle: CircleId) -> &mut Self {
        let plan = self.house.epochs.plan(&self.house.log, &circle).expect("a plan");
        self.epoch_for(author, circle, plan.keys, plan.devices, |_| {})
    }

    pub fn epoch_for(
        &mut self,
        author: &Key,
        circle: CircleId,
        keys: Vec<KeyEpoch>,
        devices: SortedSet<DeviceId>,
        change: impl FnOnce(&mut EpochBody),
    ) -> &mut Self {
        let number = self.house.epochs.current(&circle).map_or(1, |epoch| epoch.number + 1);
        let addressees =
            devices.into_iter().map(Addressee::Device).chain(keys.iter().copied().map(Addressee::Epoch));
        let mut rows = Vec::new();
        for addressee in addressees {
            let wrap = self.wrap(author, circle, number, addressee);
            rows.push(Reader { addressee, wrap: Hash::new(sha256(&[&wrap.file])) });
            self.frame.wraps.push(wrap);
        }
        rows.sort_unstable();
        let list = ReaderList { salt: Salt::new(self.house.random()), rows, staff: self.staff };
        let parents = self.house.log.circle(&circle).is_some_and(|circle| circle.sort == Sort::Parents);
        let links = if number == 1 || parents { Vec::new() } else { vec![b"a link".to_vec().into()] };
        let mut body = EpochBody {
            number,
            log: self.house.log.head().unwrap(),
            recipient: Recipient::new(self.house.random()),
            commitment: Hash::new(self.house.random()),
            root: list.root(),
            keys,
            links,
            horizon: None,
            intake: None,
        };
        change(&mut body);
        let side = access::side_of(&self.house.log, &author.id(), &circle).unwrap_or(Side::Staff);
        let record = self.record(author, circle, side, encode(&body), |header| {
            header.kind = Kind::Epoch;
            header.sealing = Sealing::Clear;
            header.document = None;
            header.epoch = body.number;
            header.class = Class::Long;
            header.month = Month::NEVER;
        });
        let header = record.check().unwrap();
        // A wrong one stays out of the copy: the frame is to be refused, not the desk.
        let _ = self.house.epochs.admit_new(&self.house.log, &header, body, &list);
        self.frame.readers.push(EpochReaders { record: record.id(), list });
        self.place(record);
        self
    }

    pub fn wrap(&self, maker: &Key, circle: CircleId, epoch: u32, addressee: Addressee) -> Wrap {
        let file = [&b"age file "[..], &self.house.random()].concat();
        let head = encode(&WrapHead {
            house: self.house.id(),
            circle,
            epoch,
            suite: Suite::X25519,
            addressee,
            maker: maker.id(),
            file_hash: Hash::new(sha256(&[&file])),
        });
        let signature = maker.sign(label::WRAP, &head);
        Wrap { head: head.into(), signature, file: file.into() }
    }

    /// Wraps the current epoch.
    pub fn give(&mut self, maker: &Key, circle: CircleId, addressee: Addressee) -> &mut Self {
        let number = self.house.epochs.current(&circle).unwrap().number;
        let wrap = self.wrap(maker, circle, number, addressee);
        self.frame.wraps.push(wrap);
        self
    }

    /// A key circle at its current epoch.
    pub fn key(&self, circle: CircleId) -> KeyEpoch {
        KeyEpoch { circle, epoch: self.house.epochs.current(&circle).unwrap().number }
    }

    /// A batch in a document, changed by `change` before it is signed.
    pub fn batch(
        &mut self,
        author: &Key,
        circle: CircleId,
        number: u64,
        change: impl FnOnce(&mut Header),
    ) -> &mut Self {
        let side = access::side_of(&self.house.log, &author.id(), &circle).unwrap_or(Side::Staff);
        let body = [&b"sealed "[..], &self.house.random()].concat();
        let record = self.record(author, circle, side, body, |header| {
            header.document = Some(document(number));
            change(header);
        });
        self.place(record);
        self
    }

    /// Holds blobs, changed by `change` before it is signed.
    pub fn hold(
        &mut self,
        author: &Key,
        circle: CircleId,
        numbers: &[u64],
        change: impl FnOnce(&mut Header),
    ) -> &mut Self {
        let body = HoldBody::new(numbers.iter().map(|number| blob(*number)).collect());
        self.in_clear(author, circle, Kind::Hold, body.encode(), change)
    }

    /// Releases blobs.
    pub fn release(&mut self, author: &Key, circle: CircleId, numbers: &[u64]) -> &mut Self {
        let body = HoldBody::new(numbers.iter().map(|number| blob(*number)).collect());
        self.in_clear(author, circle, Kind::Release, body.encode(), |_| {})
    }

    pub fn in_clear(
        &mut self,
        author: &Key,
        circle: CircleId,
        kind: Kind,
        body: Vec<u8>,
        change: impl FnOnce(&mut Header),
    ) -> &mut Self {
        let side = access::side_of(&self.house.log, &author.id(), &circle).unwrap_or(Side::Staff);
        let record = self.record(author, circle, side, body, |header| {
            header.kind = kind;
            header.sealing = Sealing::Clear;
            change(header);
        });
        self.place(record);
        self
    }

    /// Takes items out of one document and begins the other one, each record changed before it is signed.
    pub fn erase(
        &mut self,
        author: &Key,
        circle: CircleId,
        (old, to): (u64, u64),
        items: Vec<Erased>,
        change: impl Fn(&mut Header),
    ) -> &mut Self {
        let body = EraseBody::new(document(to), items).encode();
        self.in_clear(author, circle, Kind::Erase, body, |header| {
            header.document = Some(document(old));
            change(header);
        });
        self.batch(author, circle, to, |header| {
            header.kind = Kind::Rewrite;
            change(header);
        })
    }

    /// A second one's word.
    pub fn second(&self, by: &Key, circle: CircleId, item: ItemId) -> Erased {
        let signature = by.sign(label::ERASE, &second_input(self.house.id(), circle, item));
        Erased { item, second: Some(erase::Second { device: by.id(), signature }) }
    }

    pub fn place(&mut self, record: Record) {
        if let Ok(header) = record.check() {
            self.house.last.insert((header.circle, header.author), (header.seq, record.id()));
        }
        self.frame.records.push(record);
    }

    pub fn record(
        &self,
        author: &Key,
        circle: CircleId,
        side: Side,
        body: Vec<u8>,
        change: impl FnOnce(&mut Header),
    ) -> Record {
        let last = self.house.last.get(&(circle, author.id())).copied();
        let mut header = Header {
            version: HEADER_VERSION,
            suite: Suite::X25519,
            sealing: Sealing::Content,
            house: self.house.id(),
            circle,
            epoch: self.house.epochs.current(&circle).map_or(1, |epoch| epoch.number),
            document: None,
            side,
            kind: Kind::Batch,
            author: author.id(),
            seq: last.map_or(1, |(seq, _)| seq + 1),
            prev: last.map(|(_, id)| id),
            log: self.house.log.head().unwrap(),
            seen: self.house.tails.get(&circle).copied().unwrap_or(Position::START),
            class: Class::Short,
            month: expiry(Class::Short, MONTH),
            body_hash: Hash::new(sha256(&[&body])),
            body_len: u32::try_from(body.len()).unwrap(),
        };
        change(&mut header);
        sign_record(author, &header, body)
    }

    pub fn done(&mut self) -> Frame {
        std::mem::take(&mut self.frame)
    }
}

pub fn sign_record(author: &Key, header: &Header, body: Vec<u8>) -> Record {
    let header = encode(header);
    let signature = author.sign(label::RECORD, &header);
    Record { header: header.into(), signature, body: body.into() }
}

pub fn found(director: &Key, second: Second) -> Body {
    Body::Found(Found {
        kind: HouseKind::Kita,
        director: person(1),
        device: director.card(),
        second,
        relay: RelayKey::new(Key::new(900).bytes()),
    })
}
pub fn role(who: PersonId, role: Role) -> Body {
    Body::Role(RoleGrant { person: who, role })
}
pub fn circle(id: CircleId, sort: Sort) -> CircleNew {
    CircleNew::new(id, sort)
}
pub fn invite(key: &Key, who: PersonId) -> Body {
    Body::Invite(Invite {
        key: InviteKey::new(key.bytes()),
        person: who,
        mac: Hash::new([7; 32]),
        greeting: b"sealed greeting".to_vec().into(),
        days: 14,
    })
}
pub fn join(house: HouseId, invite: u64, secret: &Key, device: &Key) -> Body {
    let proof = secret.sign(label::JOIN, &join::proof_input(house, invite, device.card()));
    Body::Join(Join { invite, device: device.card(), proof })
}
pub fn confirm(log: &LogState, join: u64) -> Body {
    Body::Confirm(Confirm { join, commitment: log.link(join).unwrap().commitment })
}
pub fn device_add(house: HouseId, who: PersonId, device: &Key) -> Body {
    let proof = device.sign(label::DEVICE_ADD, &device_add::proof_input(house, who, device.card()));
    Body::DeviceAdd(DeviceAdd { person: who, device: device.card(), proof, sheet: None })
}
pub fn member(log: &LogState, circle: CircleId, who: Who) -> Body {
    let circle_seq = log.circle(&circle).map_or(0, |circle| circle.seq);
    Body::Member(Member { circle, circle_seq, who, history: History::All })
}

/// A house that goes on with another copy.
pub fn restored_body() -> nestpost_protocol::log::kind::restored::Restored {
    nestpost_protocol::log::kind::restored::Restored {
        incarnation: Incarnation::new([2; 16]),
        log: nestpost_protocol::record::LogHead { seq: 0, hash: LinkHash::new([1; 32]) },
        positions: Hash::new([3; 32]),
        relay: None,
        origin: None,
    }
}

/// Something ordered for a later day.
pub fn ordered(house: &House, by: &Key, act: &Body, nonce: Nonce, cosigners: &[&Key]) -> Order {
    let (kind, bytes) = act.encode();
    let signature = by.sign(label::ORDER, &order_input(house.id(), kind, &bytes, nonce));
    let cosignatures: Vec<Cosignature> = cosigners
        .iter()
        .map(|key| {
            let nonce = Nonce::new(house.random());
            let input = cosign_input(Some(house.id()), kind, &bytes, nonce);
            Cosignature { device: key.id(), nonce, signature: key.sign(label::COSIGN, &input) }
        })
        .collect();
    let cosignatures = (!cosignatures.is_empty()).then_some(cosignatures);
    Order { kind, body: bytes.into(), nonce, device: by.id(), signature, cosignatures }
}

/// The entry that carries it out; an order of what is not ordered is no body at all.
pub fn order(order: Order) -> Body {
    let act = order.act().unwrap();
    Body::Order(order, Box::new(act))
}

/// Who and what the small house has. Persons: 1 director Anna, 2 the sheet, 3 educator Ben, 4 and 5 the guardians Cem
/// and Dana of one child, 6 a second director, 7 the group's tablets. Blobs that nobody holds yet: 1 and 2 of Ben, 2 not
/// complete, 3 of Cem.
pub struct Kita {
    pub house: House,
    pub anna: Key,
    pub sheet: Key,
    pub ben: Key,
    pub cem: Key,
    pub dana: Key,
    pub eva: Key,
    pub tablet: Key,
    pub directors: CircleId,
    pub all: CircleId,
    pub staff: CircleId,
    pub team: CircleId,
    pub parents: CircleId,
    pub group: CircleId,
    pub child: CircleId,
    pub private_cem: CircleId,
    pub private_dana: CircleId,
}

impl Kita {
    /// Founded, staffed, one child with two guardians, keys for every circle; each step one frame.
    pub fn new() -> Self {
        let mut kita = Self {
            house: House::empty(),
            anna: Key::new(1),
            sheet: Key::new(2),
            ben: Key::new(3),
            cem: Key::new(4),
            dana: Key::new(5),
            eva: Key::new(6),
            tablet: Key::new(7),
            directors: circle_id(1),
            all: circle_id(2),
            staff: circle_id(3),
            team: circle_id(4),
            parents: circle_id(5),
            group: circle_id(6),
            child: circle_id(7),
            private_cem: circle_id(8),
            private_dana: circle_id(9),
        };
        kita.begin();
        kita.enter(3, Role::Educator, &Key::new(3));
        kita.enter(6, Role::Director, &Key::new(6));
        kita.enter(7, Role::Place, &Key::new(7));
        kita.enter(4, Role::Guardian, &Key::new(4));
        kita.enter(5, Role::Guardian, &Key::new(5));
        kita.house.reserve(&Key::new(3), 1, true);
        kita.house.reserve(&Key::new(3), 2, false);
        kita.house.reserve(&Key::new(4), 3, true);
        kita
    }

    fn begin(&mut self) {
        let (anna, sheet) = (&self.anna, &self.sheet);
        let second = Second::Sheet(person(2), sheet.card());
        let mut desk = self.house.desk();
        desk.say_with(anna, &found(anna, second), &[sheet]);
        for (id, sort) in [
            (self.directors, Sort::Directors),
            (self.all, Sort::House),
            (self.staff, Sort::Staff),
            (self.team, Sort::Team),
        ] {
            desk.say(anna, &Body::Circle(circle(id, sort)));
        }
        for (id, sort) in [(self.parents, Sort::Parents), (self.group, Sort::Group)] {
            desk.say(anna, &Body::Circle(CircleNew { team: Some(self.team), ..circle(id, sort) }));
        }
        desk.say(anna, &Body::Circle(circle(self.child, Sort::Child)));
        for (id, who) in [
            (self.directors, Who::Person(person(1))),
            (self.directors, Who::Person(person(2))),
            (self.team, Who::Person(person(1))),
            (self.team, Who::Person(person(2))),
            (self.parents, Who::Circle(self.team)),
            (self.group, Who::Circle(self.team)),
            (self.group, Who::Circle(self.parents)),
            (self.child, Who::Circle(self.team)),
        ] {
            let body = member(&desk.house.log, id, who);
            desk.say(anna, &body);
        }
        for id in [self.directors, self.team, self.parents, self.all, self.staff, self.group, self.child] {
            desk.epoch(anna, id);
        }
        self.house.submit(desk.done()).unwrap();
    }

    /// Role, circles, invite; join; confirm with the wraps.
    fn enter(&mut self, number: u64, as_role: Role, key: &Key) {
        let who = person(number);
        let secret = Key::new(100 + number);
        let mut desk = self.house.desk();
        desk.say(&self.anna, &role(who, as_role));
        let mut circles = match as_role {
            Role::Director => vec![self.directors, self.team],
            Role::Guardian => vec![self.parents, self.child],
            _ => vec![self.team],
        };
        if as_role == Role::Guardian {
            let id = if number == 4 { self.private_cem } else { self.private_dana };
            let private =
                CircleNew { child: Some(self.child), guardian: Some(who), ..circle(id, Sort::Private) };
            desk.say(&self.anna, &Body::Circle(private));
            let team = member(&desk.house.log, id, Who::Circle(self.team));
            desk.say(&self.anna, &team);
            circles.push(id);
        }
        for id in &circles {
            let body = member(&desk.house.log, *id, Who::Person(who));
            desk.say(&self.anna, &body);
        }
        let invited = desk.say(&self.anna, &invite(&secret, who));
        if as_role == Role::Guardian {
            desk.epoch(&self.anna, *circles.last().unwrap());
        }
        self.house.submit(desk.done()).unwrap();

        let mut desk = self.house.desk();
        let joined = desk.say(key, &join(self.house.id(), invited, &secret, key));
        self.house.submit(desk.done()).unwrap();

        let mut desk = self.house.desk();
        let body = confirm(&desk.house.log, joined);
        desk.say(&self.anna, &body);
        for id in circles {
            desk.give(&self.anna, id, Addressee::Device(key.id()));
        }
        self.house.submit(desk.done()).unwrap();
    }

    /// Every key in the house, by whose it is.
    pub fn keys(&self) -> [(&'static str, &Key); 7] {
        [
            ("anna", &self.anna),
            ("sheet", &self.sheet),
            ("ben", &self.ben),
            ("cem", &self.cem),
            ("dana", &self.dana),
            ("eva", &self.eva),
            ("tablet", &self.tablet),
        ]
    }

    pub fn circles(&self) -> [CircleId; 9] {
        [
            self.directors,
            self.all,
            self.staff,
            self.team,
            self.parents,
            self.group,
            self.child,
            self.private_cem,
            self.private_dana,
        ]
    }
}
