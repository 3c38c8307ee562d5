//! A house as somebody who knows everything sees it, and frames for it. Files are noise: nobody opens them here.

use std::collections::HashMap;
use std::net::SocketAddr;

use ed25519_dalek::{Signer as _, SigningKey};
use nestpost_protocol::blob::HoldBody;
use nestpost_protocol::codec::{self, Bytes, sha256};
use nestpost_protocol::epoch::{Addressee, EpochBody, Reader, ReaderList, Wrap, WrapHead};
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::id::{
    BlobId, CircleId, DeviceId, DocumentId, Hash, HouseId, InviteKey, Nonce, PersonId, Recipient, RecordId,
    RelayKey, Salt, Signature,
};
use nestpost_protocol::log::entry::cosign_input;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::confirm::Confirm;
use nestpost_protocol::log::kind::found::{Found, HouseKind, Second};
use nestpost_protocol::log::kind::invite::Invite;
use nestpost_protocol::log::kind::join::{self, Join};
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::log::{Body, Cosignature, DeviceCard, Entry, EntryBody, LogState, OpenEntry};
use nestpost_protocol::message::{EpochReaders, Frame};
use nestpost_protocol::record::{
    HEADER_VERSION, Header, Kind, LogHead, Position, Record, Sealing, Side, Suite,
};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::{label, verify};

use super::Client;

/// A device, made from its name.
#[derive(Clone)]
pub(crate) struct Device {
    key: SigningKey,
    pub(crate) card: DeviceCard,
    pub(crate) person: PersonId,
}

impl Device {
    pub(crate) fn new(name: &str) -> Self {
        Self::of(name, name)
    }

    /// Another device of a person.
    pub(crate) fn of(person: &str, name: &str) -> Self {
        let key = SigningKey::from_bytes(&sha256(&[name.as_bytes(), b" seed"]));
        let device = DeviceId::new(key.verifying_key().to_bytes());
        let card =
            DeviceCard { device, recipient: Recipient::new(sha256(&[name.as_bytes(), b" recipient"])) };
        Self { key, card, person: PersonId::new(*sha256(&[person.as_bytes()]).first_chunk().unwrap()) }
    }

    pub(crate) const fn id(&self) -> DeviceId {
        self.card.device
    }

    pub(crate) fn sign(&self, context: &[u8], message: &[u8]) -> Signature {
        Signature::new(self.key.sign(&verify::signing_input(context, message)).to_bytes())
    }
}

/// The secret of an invite.
pub(crate) struct Secret(SigningKey);

impl Secret {
    pub(crate) fn new(name: &str) -> Self {
        Self(SigningKey::from_bytes(&sha256(&[name.as_bytes(), b" invite"])))
    }

    pub(crate) fn key(&self) -> InviteKey {
        InviteKey::new(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, context: &[u8], message: &[u8]) -> Signature {
        Signature::new(self.0.sign(&verify::signing_input(context, message)).to_bytes())
    }
}

pub(crate) fn circle(name: &str) -> CircleId {
    CircleId::new(*sha256(&[name.as_bytes(), b" circle"]).first_chunk().unwrap())
}

pub(crate) fn document(name: &str) -> DocumentId {
    DocumentId::new(*sha256(&[name.as_bytes(), b" document"]).first_chunk().unwrap())
}

/// What a test talks about.
#[derive(Clone)]
pub(crate) struct Names {
    pub(crate) director: Device,
    pub(crate) sheet: Device,
    pub(crate) team: CircleId,
    pub(crate) directors: CircleId,
    pub(crate) house: CircleId,
    pub(crate) staff: CircleId,
}

/// A house, and who is in it.
pub(crate) struct House {
    pub(crate) names: Names,
    pub(crate) now: Draft,
}

/// The state of a house and the frame that leads there.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) log: LogState,
    pub(crate) epochs: Epochs,
    pub(crate) tails: HashMap<CircleId, Position>,
    /// Positions before the frame: its records cannot name each other's.
    before: HashMap<CircleId, Position>,
    chains: HashMap<(CircleId, DeviceId), (u64, RecordId)>,
    pub(crate) frame: Frame,
    /// Month at whose end what is written goes.
    pub(crate) month: Month,
}

impl House {
    /// A founded house: a director and the sheet; team, directors, house and staff circles, each with an epoch.
    pub(crate) fn found(relay: RelayKey) -> Self {
        let names = Names {
            director: Device::new("director"),
            sheet: Device::new("sheet"),
            team: circle("team"),
            directors: circle("directors"),
            house: circle("house"),
            staff: circle("staff"),
        };
        let mut draft = Draft {
            log: LogState::new(),
            epochs: Epochs::new(),
            tails: HashMap::new(),
            before: HashMap::new(),
            chains: HashMap::new(),
            frame: Frame::default(),
            month: Month::new(2026, 10),
        };
        let director = &names.director;
        let body = Body::Found(Found {
            kind: HouseKind::Kita,
            director: director.person,
            device: director.card,
            second: Second::Sheet(names.sheet.person, names.sheet.card),
            relay,
        });
        draft.entry_with(director, body, Some(&names.sheet));
        for (id, sort) in [
            (names.directors, Sort::Directors),
            (names.team, Sort::Team),
            (names.house, Sort::House),
            (names.staff, Sort::Staff),
        ] {
            draft.circle(
                director,
                CircleNew { circle: id, sort, team: None, child: None, guardian: None, persons: None },
            );
        }
        for id in [names.directors, names.team] {
            draft.member(director, id, Who::Person(director.person));
            draft.member(director, id, Who::Person(names.sheet.person));
        }
        for id in [names.directors, names.team, names.house, names.staff] {
            draft.epoch(director, id);
        }
        Self { names, now: draft }
    }

    pub(crate) fn id(&self) -> HouseId {
        self.now.log.house().unwrap()
    }

    /// The next frame, from here.
    pub(crate) fn draft(&self) -> Draft {
        Draft { frame: Frame::default(), before: self.now.tails.clone(), ..self.now.clone() }
    }
}

impl Draft {
    pub(crate) fn head(&self) -> LogHead {
        self.log.head().unwrap()
    }

    pub(crate) fn tail(&self, circle: CircleId) -> Position {
        self.tails.get(&circle).copied().unwrap_or(Position::START)
    }

    pub(crate) fn entry(&mut self, author: &Device, body: Body) -> u64 {
        self.entry_with(author, body, None)
    }

    pub(crate) fn entry_with(&mut self, author: &Device, body: Body, cosigner: Option<&Device>) -> u64 {
        let open = self.signed_entry(author, &body, cosigner);
        let link = open.link().unwrap();
        self.log.admit(&link, Some(&open)).unwrap();
        self.frame.entries.push(open);
        link.seq
    }

    /// An entry at the head, whether the rules hold or not.
    pub(crate) fn signed_entry(&self, author: &Device, body: &Body, cosigner: Option<&Device>) -> OpenEntry {
        let head = self.log.head();
        let (kind, bytes) = body.encode();
        let class = match body {
            Body::Found(_) => nestpost_protocol::log::Class::All,
            _ => self.log.classify(body).0,
        };
        let house = self.log.house();
        let signed = codec::encode(&EntryBody {
            version: 1,
            house,
            seq: head.map_or(0, |head| head.seq + 1),
            prev: head.map(|head| head.hash),
            class,
            kind,
            author: author.id(),
            body: Bytes::from(bytes.clone()),
            before: self.log.before(body),
        });
        let cosignatures = cosigner.map(|device| {
            let nonce = Nonce::new(rand::random());
            let signature = device.sign(label::COSIGN, &cosign_input(house, kind, &bytes, nonce));
            Cosignature { device: device.id(), nonce, signature }
        });
        let entry = Entry {
            signature: author.sign(label::ENTRY, &signed),
            signed: Bytes::from(signed),
            cosignatures: cosignatures.into_iter().collect(),
        };
        OpenEntry { entry: Bytes::from(codec::encode(&entry)), salt: Salt::new(rand::random()) }
    }

    pub(crate) fn circle(&mut self, author: &Device, new: CircleNew) -> u64 {
        self.entry(author, Body::Circle(new))
    }

    pub(crate) fn member(&mut self, author: &Device, circle: CircleId, who: Who) -> u64 {
        let circle_seq = self.log.circle(&circle).unwrap().seq;
        self.entry(author, Body::Member(Member { circle, circle_seq, who, history: History::All }))
    }

    pub(crate) fn role(&mut self, author: &Device, person: PersonId, role: Role) -> u64 {
        self.entry(author, Body::Role(RoleGrant { person, role }))
    }

    pub(crate) fn invite(&mut self, author: &Device, person: PersonId, secret: &Secret, days: u16) -> u64 {
        let mac = Hash::new([1; 32]);
        let greeting = Bytes::from(vec![2; 64]);
        self.entry(author, Body::Invite(Invite { key: secret.key(), person, mac, greeting, days }))
    }

    pub(crate) fn join(&mut self, device: &Device, secret: &Secret) -> u64 {
        let body = self.join_body(device, secret);
        self.entry(device, body)
    }

    pub(crate) fn join_body(&self, device: &Device, secret: &Secret) -> Body {
        let invite = self.log.invite_by_key(&secret.key()).unwrap().seq;
        let input = join::proof_input(self.log.house().unwrap(), invite, device.card);
        Body::Join(Join { invite, device: device.card, proof: secret.sign(label::JOIN, &input) })
    }

    pub(crate) fn confirm(&mut self, author: &Device, join: u64) -> u64 {
        let commitment = self.log.link(join).unwrap().commitment;
        self.entry(author, Body::Confirm(Confirm { join, commitment }))
    }

    /// A new epoch of a circle, with a wrap for everybody it asks for.
    pub(crate) fn epoch(&mut self, author: &Device, circle: CircleId) -> RecordId {
        self.epoch_with(author, circle, |_| {})
    }

    /// The same, changed before it is signed.
    pub(crate) fn epoch_with(
        &mut self,
        author: &Device,
        circle: CircleId,
        change: impl FnOnce(&mut EpochBody),
    ) -> RecordId {
        let plan = self.epochs.plan(&self.log, &circle).unwrap();
        let number = self.epochs.current(&circle).map_or(1, |epoch| epoch.number + 1);
        let addressees: Vec<Addressee> = plan
            .devices
            .iter()
            .map(|d| Addressee::Device(*d))
            .chain(plan.keys.iter().map(|k| Addressee::Epoch(*k)))
            .collect();
        let wraps: Vec<Wrap> = addressees.iter().map(|to| self.wrap(author, circle, number, *to)).collect();
        let rows = addressees
            .iter()
            .zip(&wraps)
            .map(|(addressee, wrap)| Reader { addressee: *addressee, wrap: Hash::new(sha256(&[&wrap.file])) })
            .collect();
        let list = ReaderList { salt: Salt::new(rand::random()), rows, staff: None };
        let mut body = EpochBody {
            number,
            log: self.head(),
            recipient: Recipient::new(rand::random()),
            commitment: Hash::new(rand::random()),
            root: list.root(),
            keys: plan.keys,
            links: Vec::new(),
            horizon: None,
            intake: None,
        };
        change(&mut body);
        let header = Header {
            epoch: number,
            kind: Kind::Epoch,
            sealing: Sealing::Clear,
            document: None,
            class: Class::Long,
            month: Month::NEVER,
            ..self.header(author, circle)
        };
        let record = self.record(author, header.clone(), codec::encode(&body));
        self.epochs.admit_new(&self.log, &header, body, &list).unwrap();
        self.frame.readers.push(EpochReaders { record: record.id(), list });
        self.frame.wraps.extend(wraps);
        record.id()
    }

    pub(crate) fn wrap(&self, maker: &Device, circle: CircleId, epoch: u32, addressee: Addressee) -> Wrap {
        let file: Vec<u8> = (0..200).map(|_| rand::random()).collect();
        let head = codec::encode(&WrapHead {
            house: self.log.house().unwrap(),
            circle,
            epoch,
            suite: Suite::X25519,
            addressee,
            maker: maker.id(),
            file_hash: Hash::new(sha256(&[&file])),
        });
        Wrap { signature: maker.sign(label::WRAP, &head), head: Bytes::from(head), file: Bytes::from(file) }
    }

    /// A header as an honest author would begin it.
    pub(crate) fn header(&self, author: &Device, circle: CircleId) -> Header {
        let (seq, prev) =
            self.chains.get(&(circle, author.id())).map_or((0, None), |(seq, id)| (*seq, Some(*id)));
        Header {
            version: HEADER_VERSION,
            suite: Suite::X25519,
            sealing: Sealing::Content,
            house: self.log.house().unwrap(),
            circle,
            epoch: self.epochs.current(&circle).map_or(1, |epoch| epoch.number),
            document: Some(document("journal")),
            side: Side::Staff,
            kind: Kind::Batch,
            author: author.id(),
            seq: seq + 1,
            prev,
            log: self.head(),
            seen: self.before.get(&circle).copied().unwrap_or(Position::START),
            class: Class::Short,
            month: self.month,
            body_hash: Hash::new([0; 32]),
            body_len: 0,
        }
    }

    /// A record that says that a circle keeps these blobs, or does not any more.
    pub(crate) fn about_blobs(&mut self, author: &Device, header: Header, blobs: &[BlobId]) -> RecordId {
        let header = Header { sealing: Sealing::Clear, document: None, ..header };
        self.record(author, header, HoldBody::new(blobs.to_vec()).encode()).id()
    }

    /// Staff's side of a circle keeps these blobs for a year.
    pub(crate) fn hold(&mut self, author: &Device, circle: CircleId, blobs: &[BlobId]) -> RecordId {
        let header = Header { kind: Kind::Hold, ..self.year(author, circle) };
        self.about_blobs(author, header, blobs)
    }

    /// Staff's side of a circle does not keep these blobs any more.
    pub(crate) fn release(&mut self, author: &Device, circle: CircleId, blobs: &[BlobId]) -> RecordId {
        let header = Header { kind: Kind::Release, ..self.year(author, circle) };
        self.about_blobs(author, header, blobs)
    }

    fn year(&self, author: &Device, circle: CircleId) -> Header {
        let month = Month::from_index(self.month.index() + 11);
        Header { class: Class::Year, month, ..self.header(author, circle) }
    }

    /// Signs a record, puts it into the frame and moves on.
    pub(crate) fn record(&mut self, author: &Device, header: Header, body: Vec<u8>) -> Record {
        let header = Header {
            body_hash: Hash::new(sha256(&[&body])),
            body_len: u32::try_from(body.len()).unwrap(),
            ..header
        };
        let (circle, seq) = (header.circle, header.seq);
        let header = codec::encode(&header);
        let signature = author.sign(label::RECORD, &header);
        let record = Record { header: Bytes::from(header), signature, body: Bytes::from(body) };
        let id = record.id();
        self.tails.insert(circle, self.tail(circle).next(&id));
        self.chains.insert((circle, author.id()), (seq, id));
        self.frame.records.push(record.clone());
        record
    }

    /// A batch of `bytes` of noise.
    pub(crate) fn batch(&mut self, author: &Device, circle: CircleId, bytes: usize) -> RecordId {
        let header = self.header(author, circle);
        self.record(author, header, vec![7; bytes]).id()
    }
}

impl House {
    /// Adds the parents of the team's group, with keys.
    pub(crate) async fn add_parents(&mut self, desk: &mut Client) -> CircleId {
        let (director, parents) = (self.names.director.clone(), circle("parents"));
        let team = self.names.team;
        let mut draft = self.draft();
        let new = CircleNew {
            circle: parents,
            sort: Sort::Parents,
            team: Some(team),
            child: None,
            guardian: None,
            persons: None,
        };
        draft.circle(&director, new);
        draft.member(&director, parents, Who::Circle(team));
        draft.epoch(&director, parents);
        draft.epoch(&director, self.names.house);
        desk.commit(self, draft).await;
        parents
    }

    /// Gives a person a role, and lets their first device in.
    pub(crate) async fn admit(
        &mut self,
        desk: &mut Client,
        address: SocketAddr,
        device: &Device,
        role: Role,
    ) {
        let director = self.names.director.clone();
        let mut draft = self.draft();
        draft.role(&director, device.person, role);
        desk.commit(self, draft).await;
        self.let_in(desk, address, device).await;
    }

    /// Invites, joins and confirms a person's device, through the relay's door.
    pub(crate) async fn let_in(&mut self, desk: &mut Client, address: SocketAddr, device: &Device) {
        let director = self.names.director.clone();
        let secret = Secret::new(&device.id().to_string());
        let mut draft = self.draft();
        draft.invite(&director, device.person, &secret, 14);
        desk.commit(self, draft).await;
        let mut draft = self.draft();
        let join = draft.join(device, &secret);
        let mut door = Client::connect(address).await;
        door.visit(&secret).await;
        door.commit(self, draft).await;
        let mut draft = self.draft();
        draft.confirm(&director, join);
        desk.commit(self, draft).await;
    }

    /// Makes a person a reader of a circle and wraps its epoch to a device of theirs.
    pub(crate) async fn let_read(&mut self, desk: &mut Client, circle: CircleId, device: &Device) {
        let director = self.names.director.clone();
        let mut draft = self.draft();
        draft.member(&director, circle, Who::Person(device.person));
        let epoch = draft.epochs.current(&circle).unwrap().number;
        let wrap = draft.wrap(&director, circle, epoch, Addressee::Device(device.id()));
        draft.frame.wraps.push(wrap);
        desk.commit(self, draft).await;
    }
}
