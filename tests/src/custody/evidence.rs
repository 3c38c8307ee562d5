//! What devices hold and were sent, after the last step: keys, what the app shows, and what gives people away.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use nestpost_core::app::command::NoArgs;
use nestpost_core::app::item::Item;
use nestpost_core::app::{Query, View};
use nestpost_core::batch::Batch;
use nestpost_core::docs::Sent;
use nestpost_core::document::{Document, Scalar, Value};
use nestpost_protocol::id::{CircleId, DocumentId, ItemId, PersonId, RecordId};
use nestpost_protocol::log::state::Side;
use nestpost_protocol::record::Kind;

use crate::world::World;

/// Items of all records, opened with everybody's keys together: under which epochs each stands.
pub(super) struct Opened {
    epochs: BTreeMap<(CircleId, ItemId), BTreeSet<u32>>,
    /// Items by the blob of the picture that they are.
    blobs: BTreeMap<Vec<u8>, BTreeSet<(CircleId, ItemId)>>,
    blob_of: BTreeMap<(CircleId, ItemId), Vec<u8>>,
}

impl Opened {
    pub(super) fn new(world: &World, circles: &BTreeSet<CircleId>) -> Self {
        let mut opened = Self { epochs: BTreeMap::new(), blobs: BTreeMap::new(), blob_of: BTreeMap::new() };
        for circle in circles {
            opened.open(world, circle);
        }
        opened
    }

    fn open(&mut self, world: &World, circle: &CircleId) {
        let mut documents: BTreeMap<DocumentId, (Document, BTreeSet<ItemId>)> = BTreeMap::new();
        for record in world.relay.records(circle) {
            let Ok(header) = record.check() else { continue };
            if header.kind == Kind::Inquiry {
                self.epochs.entry((*circle, item_of(&record.id()))).or_default().insert(header.epoch);
                continue;
            }
            let (Kind::Batch, Some(document)) = (header.kind, header.document) else { continue };
            let Some(plaintext) = world.engines().find_map(|(_, engine)| engine.open_record(record)) else {
                continue;
            };
            let Ok(batch) = Batch::open(&plaintext, &header) else { continue };
            let start = batch.start;
            let (held, seen) =
                documents.entry(document).or_insert_with(|| (Document::new([0; 16]), BTreeSet::new()));
            let _ = held.apply_from(&header.author, &document, &start, &batch.into_changes());
            for (item, value, _) in held.items() {
                if !seen.insert(item) {
                    continue;
                }
                self.epochs.entry((*circle, item)).or_default().insert(header.epoch);
                if let Some(Item::Photo(photo)) = Item::read(&value) {
                    let blob = photo.full.id.as_bytes().to_vec();
                    self.blobs.entry(blob.clone()).or_default().insert((*circle, item));
                    self.blob_of.insert((*circle, item), blob);
                }
            }
        }
    }

    /// The item and, of a picture, wherever else the same blob stands.
    pub(super) fn places(&self, circle: CircleId, item: ItemId) -> BTreeSet<(CircleId, ItemId)> {
        let same = self.blob_of.get(&(circle, item)).and_then(|blob| self.blobs.get(blob));
        same.cloned().unwrap_or_default().into_iter().chain([(circle, item)]).collect()
    }

    /// Whether a device can open one of these, or wrote it and has it waiting.
    pub(super) fn holds(&self, world: &World, device: &str, places: &BTreeSet<(CircleId, ItemId)>) -> bool {
        let engine = world.engine(device);
        places.iter().any(|(circle, item)| {
            let epochs = self.epochs.get(&(*circle, *item)).into_iter().flatten();
            let by_key = epochs.into_iter().any(|epoch| engine.holds_epoch(circle, *epoch));
            let local = engine.house().docs.item(circle, item).is_some_and(|at| at.sent == Sent::Local);
            by_key || local || engine.house().transfers.get(item).is_some()
        })
    }
}

/// Whether the app on this device shows one of these.
pub(super) fn shows(world: &World, device: &str, places: &BTreeSet<(CircleId, ItemId)>) -> bool {
    places.iter().any(|(circle, item)| {
        let (circle, item) = (circle.to_string(), item.to_string());
        let ask = |query: Query| world.query(device, &query).ok();
        let bulletins = match ask(Query::Bulletins(NoArgs {})) {
            Some(View::Bulletins(all)) => all.iter().any(|b| b.id == item),
            _ => false,
        };
        let pictures = || match ask(Query::Pictures(NoArgs {})) {
            Some(View::Pictures(all)) => all.iter().any(|p| p.id == item),
            _ => false,
        };
        let notes = || match ask(Query::Notes { circle: circle.clone() }) {
            Some(View::Notes(all)) => all.iter().any(|n| n.id == item),
            _ => false,
        };
        let thread = || match ask(Query::Thread { id: circle.clone() }) {
            Some(View::Thread(thread)) => {
                thread.messages.iter().any(|m| m.id == item || m.media.pictures.iter().any(|p| p.id == item))
            }
            _ => false,
        };
        let intake = || match ask(Query::Intake(NoArgs {})) {
            Some(View::Intake(intake)) => intake.entries.iter().any(|e| e.id.starts_with(&item)),
            _ => false,
        };
        bulletins || notes() || thread() || pictures() || intake()
    })
}

/// What an outsider wrote is no item; it has the beginning of its record's id for one.
pub(super) fn item_of(record: &RecordId) -> ItemId {
    ItemId::new(record.as_bytes().first_chunk::<16>().copied().unwrap_or_default())
}

/// Everything that gives a person away: pseudonym, devices, keys of their letters, circles of their own, their name.
pub(super) fn traces(world: &World, person: &PersonId, name: &str) -> Vec<Vec<u8>> {
    let log = world.relay.log();
    let mut all = vec![person.as_bytes().to_vec(), name.as_bytes().to_vec()];
    for (device, known) in log.devices().filter(|(_, d)| d.person == *person) {
        all.push(device.as_bytes().to_vec());
        all.push(known.card.recipient.as_bytes().to_vec());
    }
    all.extend(log.invites().filter(|i| i.body.person == *person).map(|i| i.body.key.as_bytes().to_vec()));
    let own = log.circles().filter(|c| c.guardian == Some(*person));
    all.extend(own.map(|c| c.id.as_bytes().to_vec()));
    let hex: Vec<Vec<u8>> = all
        .iter()
        .skip(2)
        .chain(all.first())
        .map(|id| data_encoding::HEXLOWER.encode(id).into_bytes())
        .collect();
    all.extend(hex);
    all
}

/// Whom all bytes that were sent to these devices, and all that was opened there, give away.
pub(super) fn given_away(
    world: &World,
    devices: &[String],
    everybody: &BTreeMap<String, Vec<Vec<u8>>>,
) -> BTreeSet<String> {
    let mut owners = Vec::new();
    let mut patterns = Vec::new();
    for (name, traces) in everybody {
        for trace in traces {
            owners.push(name);
            patterns.push(trace);
        }
    }
    // Quick to build: it is thrown away after a few kilobytes.
    let kind = Some(AhoCorasickKind::NoncontiguousNFA);
    let search = AhoCorasick::builder().kind(kind).build(&patterns).expect("few and short patterns");
    let mut found = BTreeSet::new();
    let mut look = |bytes: &[u8]| {
        for hit in search.find_overlapping_iter(bytes) {
            if let Some(owner) = owners.get(hit.pattern().as_usize()) {
                found.insert((*owner).clone());
            }
        }
    };
    for device in devices {
        for line in &world.device(device).lines {
            if let Some(sent) = world.relay.transcript.get(line) {
                look(sent);
            }
        }
        let docs = &world.engine(device).house().docs;
        for (_, held) in docs.all() {
            for (item, value, _) in held.document.items() {
                look(item.as_bytes());
                match value {
                    Value::Bytes(bytes) => look(&bytes),
                    Value::Map(fields) => fields.values().for_each(|field| match field {
                        Scalar::Text(text) => look(text.as_bytes()),
                        Scalar::Bytes(bytes) => look(bytes),
                        Scalar::Int(_) | Scalar::Bool(_) => {}
                    }),
                }
            }
        }
    }
    found
}

/// Whether a person is of the house's own.
pub(super) fn is_staff(world: &World, person: &PersonId) -> bool {
    world.relay.log().person(person).is_some_and(|p| p.side == Side::House)
}
