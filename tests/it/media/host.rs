//! What a host and its media worker do, as far as an engine can tell: they draw ids, seal, and put bytes at the relay.

use nestpost_core::app::command::{NoArgs, SealedArgs, TakenFile};
use nestpost_core::app::view::{Media, MediaTarget, Picture};
use nestpost_core::app::{Command, Query, View};
use nestpost_core::crypto::BlobSecret;
use nestpost_core::transfers::MediaKind;
use nestpost_protocol::access;
use nestpost_protocol::blob::HoldBody;
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::id::{BlobId, CircleId, Hash, ItemId};
use nestpost_protocol::label;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::message::{Frame, RefusalCode};
use nestpost_protocol::record::{HEADER_VERSION, Header, Kind, Position, Record, Sealing, Side, Suite};
use nestpost_protocol::retention::{Class, expiry};
use nestpost_tests::world::World;

pub(super) const SET: &str = "5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e";

/// The id that a host draws for its n-th file.
pub(crate) fn drawn(n: usize) -> String {
    ItemId::new(u128::try_from(n + 1).unwrap().to_be_bytes()).to_string()
}

pub(crate) fn full_of(id: &str) -> BlobId {
    blob_of(id, "full")
}

pub(crate) fn blob_of(id: &str, size: &str) -> BlobId {
    BlobId::new(sha256(&[id.as_bytes(), size.as_bytes()]))
}

pub(crate) fn take_command(to: &MediaTarget, numbers: &[usize]) -> Command {
    let file = |n: &usize| {
        let secret = BlobSecret::from_bytes([9; 32]);
        let name = format!("IMG_{n}.jpg");
        TakenFile {
            id: drawn(*n),
            kind: MediaKind::Picture,
            name,
            alt: String::new(),
            secret,
            bytes: 4_000_000,
        }
    };
    Command::TakeMedia { to: to.clone(), set: SET.into(), files: numbers.iter().map(file).collect() }
}

pub(crate) fn ready_command(id: &str) -> Command {
    let sealed = |size: &str| {
        let secret = BlobSecret::from_bytes([7; 32]);
        SealedArgs { id: blob_of(id, size).to_string(), secret, bytes: 90_000, sealed: 91_000 }
    };
    Command::MediaReady {
        id: id.into(),
        full: sealed("full"),
        thumb: Some(sealed("thumb")),
        width: Some(1600),
        height: Some(1200),
        hash: Some("3807".into()),
    }
}

/// One round of a host: whatever was kept is prepared, whatever is ready is sent. It may die over any of it.
pub(crate) fn work(world: &mut World, name: &str) {
    prepare(world, name);
    for upload in world.engine(name).transfers().into_iter().filter(|upload| upload.stage == "ready") {
        let device = world.engine(name).house().me;
        for blob in &upload.blobs {
            world.relay.put_blob(device, blob.id.parse().unwrap());
        }
        world.attempt(name, Command::MediaSent { id: upload.id });
    }
}

pub(crate) fn prepare(world: &mut World, name: &str) {
    for upload in world.engine(name).transfers().into_iter().filter(|upload| upload.stage == "kept") {
        world.attempt(name, ready_command(&upload.id));
    }
}

/// From the picker to everybody.
pub(crate) fn send(world: &mut World, name: &str, to: &MediaTarget, numbers: &[usize]) {
    world.command(name, take_command(to, numbers)).unwrap();
    work(world, name);
    world.settle();
}

pub(crate) fn stages(world: &World, name: &str) -> Vec<&'static str> {
    world.engine(name).transfers().iter().map(|upload| upload.stage).collect()
}

pub(crate) fn pictures(world: &World, name: &str) -> Vec<Picture> {
    match world.query(name, &Query::Pictures(NoArgs {})).unwrap() {
        View::Pictures(pictures) => pictures,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn ids(world: &World, name: &str) -> Vec<String> {
    pictures(world, name).into_iter().map(|picture| picture.id).collect()
}

pub(crate) fn under_way(world: &World, name: &str) -> Media {
    match world.query(name, &Query::Transfers(NoArgs {})).unwrap() {
        View::Transfers(media) => media,
        other => panic!("{other:?}"),
    }
}

/// The circle that a group's pictures go to.
pub(crate) fn group_circle(world: &World, group: &str) -> CircleId {
    let team: CircleId = group.parse().unwrap();
    world.relay.log().circles().find(|c| c.sort == Sort::Group && c.team == Some(team)).unwrap().id
}

/// How many records of a circle hold, or release, this blob.
pub(crate) fn count(world: &World, circle: &CircleId, kind: Kind, blob: &BlobId) -> usize {
    let records = world.relay.records(circle).into_iter();
    let named = records.filter(|record| {
        let of_kind = record.check().is_ok_and(|header| header.kind == kind);
        of_kind && HoldBody::decode(&record.body).is_ok_and(|body| body.blobs.contains(blob))
    });
    named.count()
}

/// A record that a modified client of `name` makes.
pub(crate) fn forged(world: &World, name: &str, circle: &CircleId, kind: Kind, blobs: Vec<BlobId>) -> Record {
    let keys = world.keys(name);
    let log = world.relay.log();
    let side = access::side_of(log, &keys.id(), circle).unwrap_or(Side::Staff);
    let last = world.relay.last(circle, &keys.id());
    let body = HoldBody::new(blobs).encode();
    let class = if side == Side::Staff { Class::Year } else { Class::Short };
    let header = Header {
        version: HEADER_VERSION,
        suite: Suite::X25519,
        sealing: Sealing::Clear,
        house: log.house().unwrap(),
        circle: *circle,
        epoch: world.relay.epoch(circle).unwrap(),
        document: None,
        side,
        kind,
        author: keys.id(),
        seq: last.map_or(0, |(seq, _)| seq) + 1,
        prev: last.map(|(_, id)| id),
        log: log.head().unwrap(),
        seen: Position::START,
        class,
        month: expiry(class, world.relay.month),
        body_hash: Hash::new(sha256(&[&body])),
        body_len: u32::try_from(body.len()).unwrap(),
    };
    let bytes = codec::encode(&header);
    let signature = keys.sign(label::RECORD, &bytes);
    Record { header: bytes.into(), signature, body: body.into() }
}

/// What the relay says to it.
pub(crate) fn forge(
    world: &mut World,
    name: &str,
    circle: &CircleId,
    kind: Kind,
    blobs: Vec<BlobId>,
) -> Result<(), RefusalCode> {
    let records = vec![forged(world, name, circle, kind, blobs)];
    world.relay.forge(&Frame { records, ..Frame::default() })
}
