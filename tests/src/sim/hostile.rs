//! A member of ill will: frames with true signatures that no engine makes. The relay refuses what it can see; what it cannot,
//! every reader refuses, and nobody else is harmed.

use nestpost_core::batch::Batch;
use nestpost_core::document::{Document, Value};
use nestpost_protocol::access;
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, Hash, ItemId, PersonId, RecordId};
use nestpost_protocol::label;
use nestpost_protocol::message::Frame;
use nestpost_protocol::record::{
    HEADER_VERSION, Header, Kind, LogHead, Position, Record, Sealing, Side, Suite,
};
use nestpost_protocol::retention::{Class, expiry};

use super::phone::Phone;
use super::stage::Stage;

/// Stands in what nobody may ever see.
pub(super) const FORBIDDEN: &str = "nobody may see this";

/// What somebody tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    /// Changes in another device's name.
    OtherActor,
    /// What is sealed names another document than the header.
    OtherDocument,
    /// What is sealed makes no sense.
    Garbage,
    /// Sealed under a secret that is none.
    NotSealed,
    /// On the side of others.
    OtherSide,
    /// Under keys of before.
    OldEpoch,
    /// Without the record before.
    Gap,
    /// After a position that there never was.
    NoPosition,
    /// At an entry that there never was.
    NoEntry,
    /// Kept for longer than its class allows.
    TooLong,
    /// Signed by another key.
    NotSigned,
    /// Somebody else's item, in a document of one's own.
    TheirItem,
}

const ALL: [(Attempt, &str, bool); 12] = [
    (Attempt::OtherActor, "hostile: another actor", true),
    (Attempt::OtherDocument, "hostile: another document", true),
    (Attempt::Garbage, "hostile: garbage", true),
    (Attempt::NotSealed, "hostile: not sealed", true),
    (Attempt::OtherSide, "hostile: another side", false),
    (Attempt::OldEpoch, "hostile: old keys", false),
    (Attempt::Gap, "hostile: a gap", false),
    (Attempt::NoPosition, "hostile: no such position", false),
    (Attempt::NoEntry, "hostile: no such entry", false),
    (Attempt::TooLong, "hostile: kept too long", false),
    (Attempt::NotSigned, "hostile: another's signature", false),
    (Attempt::TheirItem, "hostile: another's item", true),
];

impl Stage {
    /// A member tries something.
    pub(super) fn be_hostile(&mut self) {
        let members: Vec<usize> =
            (1..self.phones.len()).filter(|phone| self.phone(*phone).is_member()).collect();
        let Some(phone) = self.dice.pick(&members).copied() else { return };
        let device = self.phone(phone).id;
        let log = self.relay_mut(0).log().clone();
        let writes = |circle: &CircleId| access::side_of(&log, &device, circle);
        let circles: Vec<(CircleId, Side)> =
            log.circles().filter_map(|circle| Some((circle.id, writes(&circle.id)?))).collect();
        let Some((circle, side)) = self.dice.pick(&circles).copied() else { return };
        let Some((attempt, name, unseen)) = self.dice.pick(&ALL).copied() else { return };
        let theirs = if attempt == Attempt::TheirItem { self.their_item(&circle) } else { None };
        if attempt == Attempt::TheirItem && theirs.is_none() {
            return;
        }
        let (document, item) = (self.random_id(), self.random_id());
        let item = theirs.unwrap_or(ItemId::new(item));
        let Some(frame) = self.attempt(phone, (circle, side), attempt, DocumentId::new(document), item)
        else {
            return;
        };
        self.tally.fault(name);
        self.note(phone, name);
        let taken = self.relay_mut(0).forge(&frame).is_ok();
        self.collect(0);
        if taken && !unseen {
            self.violated("refused", format!("the relay took: {name}"));
        }
        if taken {
            // Its app knows nothing of this.
            self.phone_mut(phone).forgets = true;
            self.hostile.insert(circle);
            self.harmed.extend(access::readers(&log, &circle).iter().copied());
            self.hostile_devices.insert(device);
        }
    }

    fn random_id(&mut self) -> [u8; 16] {
        self.dice.bytes().first_chunk().copied().unwrap_or_default()
    }

    /// A text that stands in a circle.
    fn their_item(&mut self, circle: &CircleId) -> Option<ItemId> {
        let there: Vec<ItemId> = self
            .ledger
            .texts
            .iter()
            .filter_map(|text| text.place.filter(|(at, _)| at == circle && !text.taken_back))
            .map(|(_, item)| item)
            .collect();
        self.dice.pick(&there).copied()
    }

    fn attempt(
        &self,
        phone: usize,
        (circle, side): (CircleId, Side),
        attempt: Attempt,
        document: DocumentId,
        item: ItemId,
    ) -> Option<Frame> {
        let device = self.phone(phone);
        let engine = device.engine.as_ref()?;
        let mut header = self.header(device, circle, side, document)?;
        let start = [7; 16];
        let other = self.phones.first().map(|phone| phone.id)?;
        let author = if attempt == Attempt::OtherActor { &other } else { &device.id };
        let change = forbidden(author, &document, &start, item)?;
        let mut batch = Batch::new(&header, start, vec![change]).ok()?;
        match attempt {
            Attempt::OtherDocument => batch.document = DocumentId::new([9; 16]),
            Attempt::OtherSide => {
                header.side =
                    if side == Side::Staff { Side::Person(PersonId::new([3; 16])) } else { Side::Staff };
            }
            Attempt::OldEpoch => header.epoch = header.epoch.checked_sub(1).filter(|epoch| *epoch > 0)?,
            Attempt::Gap => header.seq += 1,
            Attempt::NoPosition => {
                header.seen = Position { n: header.seen.n + 1_000, ..Position::START };
            }
            Attempt::NoEntry => header.log = LogHead { seq: header.log.seq + 1_000, ..header.log },
            Attempt::TooLong => header.month = expiry(Class::Year, header.month),
            Attempt::OtherActor
            | Attempt::Garbage
            | Attempt::NotSealed
            | Attempt::NotSigned
            | Attempt::TheirItem => {}
        }
        let plain = if attempt == Attempt::Garbage { vec![0x5a; 900] } else { batch.encode() };
        let body = if attempt == Attempt::NotSealed {
            vec![0x61; 1_100]
        } else {
            engine.epoch_keys(&circle, self.relays.first()?.epoch(&circle)?)?.seal(&plain).ok()?
        };
        let mut record = sign(device, header, body);
        if attempt == Attempt::NotSigned {
            let other = self.phones.first()?;
            record.signature = other.keys().sign(label::RECORD, &record.header);
        }
        Some(Frame { records: vec![record], ..Frame::default() })
    }

    /// The header that an engine would make.
    fn header(&self, device: &Phone, circle: CircleId, side: Side, document: DocumentId) -> Option<Header> {
        let relay = self.relays.first()?;
        let last: Option<(u64, RecordId)> = relay.last(&circle, &device.id);
        let epoch = relay.epoch(&circle)?;
        Some(Header {
            version: HEADER_VERSION,
            suite: Suite::X25519,
            sealing: Sealing::Content,
            house: relay.log().house()?,
            circle,
            epoch,
            document: Some(document),
            side,
            kind: Kind::Batch,
            author: device.id,
            seq: last.map_or(0, |(seq, _)| seq) + 1,
            prev: last.map(|(_, id)| id),
            log: relay.log().head()?,
            seen: Position::START,
            class: Class::Short,
            month: expiry(Class::Short, relay.month),
            body_hash: Hash::new([0; 32]),
            body_len: 0,
        })
    }
}

fn forbidden(author: &DeviceId, document: &DocumentId, start: &[u8; 16], item: ItemId) -> Option<Vec<u8>> {
    let mut written = Document::new(Document::actor(author, document, start));
    written.put(&item, &Value::Bytes(FORBIDDEN.as_bytes().to_vec())).ok()
}

fn sign(device: &Phone, mut header: Header, body: Vec<u8>) -> Record {
    header.body_hash = Hash::new(sha256(&[&body]));
    header.body_len = u32::try_from(body.len()).unwrap_or_default();
    let bytes = codec::encode(&header);
    let signature = device.keys().sign(label::RECORD, &bytes);
    Record { header: bytes.into(), signature, body: body.into() }
}
