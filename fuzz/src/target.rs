//! What is tried. A target says whether bytes were taken; what it finds wrong with what it took, it panics about.

use minicbor::{Decode, Encode};
use nestpost_core::app::Greeting;
use nestpost_core::app::day::Day;
use nestpost_core::app::item::Item;
use nestpost_core::batch::Batch;
use nestpost_core::code::{self, IntakeLink, InviteCode};
use nestpost_core::crypto::{DeviceKeys, LocalKey};
use nestpost_core::document::{Document, Value};
use nestpost_core::engine::{Config, Engine, Input, Output, Secrets};
use nestpost_core::inquiry::Inquiry;
use nestpost_core::media;
use nestpost_core::snapshot::Snapshot;
use nestpost_core::store::{Loaded, Table};
use nestpost_core::time::Timestamp;
use nestpost_protocol::blob::{HoldBody, Missing, Reserve};
use nestpost_protocol::codec::{self, Bytes};
use nestpost_protocol::complaint::Complaint;
use nestpost_protocol::epoch::{EpochBody, Wrap};
use nestpost_protocol::erase::EraseBody;
use nestpost_protocol::evidence::Evidence;
use nestpost_protocol::id::{DeviceId, DocumentId, HouseId};
use nestpost_protocol::limit;
use nestpost_protocol::log::kind::KindNumber;
use nestpost_protocol::log::{Body, LogState, OpenEntry};
use nestpost_protocol::message::{ClientMessage, Frame, RelayMessage};
use nestpost_protocol::record::{Header, Record};
use nestpost_protocol::snapshot::SnapshotBody;

/// Something that takes bytes from elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, and its corpus's.
    pub name: &'static str,
    /// Whether these were taken.
    pub run: fn(&[u8]) -> bool,
}

/// All of them, sorted.
pub const TARGETS: [Target; 19] = [
    Target { name: "batch", run: batch },
    Target { name: "changes", run: changes },
    Target { name: "client-message", run: |bytes| again::<ClientMessage>(bytes, limit::MESSAGE_BYTES_MAX) },
    Target { name: "code", run: typed },
    Target { name: "document", run: document },
    Target { name: "engine", run: engine },
    Target { name: "entry", run: entry },
    Target { name: "entry-body", run: entry_body },
    Target { name: "evidence", run: evidence },
    Target { name: "frame", run: |bytes| again::<Frame>(bytes, limit::MESSAGE_BYTES_MAX) },
    Target {
        name: "greeting",
        run: |bytes| Greeting::decode(bytes).is_ok_and(|read| read.encode().len() <= bytes.len()),
    },
    Target { name: "header", run: |bytes| again::<Header>(bytes, limit::RECORD_BODY_BYTES_MAX) },
    Target { name: "inquiry", run: inquiry },
    Target { name: "item", run: item },
    Target { name: "media", run: media },
    Target {
        name: "record",
        run: |bytes| {
            codec::decode::<Record>(bytes, limit::MESSAGE_BYTES_MAX)
                .is_ok_and(|record| record.check().is_ok())
        },
    },
    Target { name: "record-body", run: record_body },
    Target { name: "relay-message", run: |bytes| again::<RelayMessage>(bytes, limit::MESSAGE_BYTES_MAX) },
    Target { name: "snapshot", run: snapshot },
];

/// What is read, once written, is read as the same: less what a later version said besides, and with what an earlier one did not say.
fn again<T>(bytes: &[u8], bytes_max: usize) -> bool
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    let Ok(read) = codec::decode::<T>(bytes, bytes_max) else { return false };
    let once = codec::encode(&read);
    if once.len() <= bytes_max {
        let twice = codec::decode::<T>(&once, bytes_max).map(|read| codec::encode(&read));
        assert!(twice.is_ok_and(|twice| twice == once), "not read again");
    }
    true
}

fn entry(bytes: &[u8]) -> bool {
    let Ok(entry) = codec::decode::<OpenEntry>(bytes, limit::MESSAGE_BYTES_MAX) else { return false };
    let Ok(link) = entry.link() else { return false };
    let checked = entry.check(&link).is_ok();
    let admitted = LogState::new().admit(&link, Some(&entry)).is_ok();
    assert!(checked || !admitted, "admitted unchecked");
    checked
}

fn entry_body(bytes: &[u8]) -> bool {
    let Some((kind, body)) = bytes.split_first() else { return false };
    let kind = minicbor::decode::<KindNumber>(&[*kind]);
    kind.is_ok_and(|kind| Body::decode(kind, body).is_ok())
}

fn record_body(bytes: &[u8]) -> bool {
    let Some((which, body)) = bytes.split_first() else { return false };
    match which {
        0 => EpochBody::decode(body).is_ok(),
        1 => EraseBody::decode(body).is_ok(),
        2 => HoldBody::decode(body).is_ok(),
        3 => SnapshotBody::decode(body).is_ok(),
        4 => Reserve::decode(body)
            .is_ok_and(|reserve| again::<Reserve>(body, body.len()) && reserve.manifest.checked().is_ok()),
        5 => Missing::decode(body).is_ok(),
        6 => codec::decode::<Wrap>(body, limit::MESSAGE_BYTES_MAX).is_ok_and(|wrap| wrap.check().is_ok()),
        7 => {
            codec::decode::<Complaint>(body, limit::MESSAGE_BYTES_MAX).is_ok_and(|said| said.check().is_ok())
        }
        _ => false,
    }
}

/// What a target that takes several strings of bytes is given: an array of them.
fn parts(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    minicbor::decode::<Vec<Bytes>>(bytes).ok().map(|parts| parts.into_iter().map(Vec::from).collect())
}

/// A header, and what was sealed under it.
fn opened(bytes: &[u8]) -> Option<(Header, Vec<u8>)> {
    let [header, plain] = <[Vec<u8>; 2]>::try_from(parts(bytes)?).ok()?;
    Some((codec::decode(&header, limit::RECORD_BODY_BYTES_MAX).ok()?, plain))
}

fn batch(bytes: &[u8]) -> bool {
    let Some((header, plain)) = opened(bytes) else { return false };
    let Ok(batch) = Batch::open(&plain, &header) else { return false };
    let (document, start) = (batch.document, batch.start);
    let changes = batch.into_changes();
    let mut taken = Document::new([1; 16]);
    if taken.apply_from(&header.author, &document, &start, &changes).is_ok() {
        is_kept(&taken);
    }
    true
}

fn snapshot(bytes: &[u8]) -> bool {
    let Some((header, plain)) = opened(bytes) else { return false };
    let Some(snapshot) = Snapshot::open(&plain, &header) else { return false };
    let Ok(document) = Document::from_snapshot([1; 16], &snapshot.changes) else { return false };
    let _ = snapshot.holds(&header, &[], &document.history());
    is_kept(&document);
    true
}

fn evidence(bytes: &[u8]) -> bool {
    Evidence::decode(bytes).is_ok_and(|read| read.check().is_ok() || !read.cases.is_empty())
}

fn inquiry(bytes: &[u8]) -> bool {
    opened(bytes).is_some_and(|(header, plain)| Inquiry::open(&plain, &header).is_some())
}

/// Whoever stores a document has the same one at the next start.
fn is_kept(document: &Document) {
    let items = document.items();
    if document.missing() == 0 {
        let loaded = Document::load([1; 16], &document.save());
        assert!(loaded.is_ok_and(|loaded| loaded.items() == items), "not loaded again");
    }
    for (item, value, _) in &items {
        assert!(document.item(item).is_some_and(|(same, _)| same == *value), "not found");
        let _ = Item::read(value);
        let _ = nestpost_core::app::item::profile::Profile::read(value);
    }
}

fn document(bytes: &[u8]) -> bool {
    let from_another = Document::from_snapshot([1; 16], bytes);
    if let Ok(document) = &from_another {
        is_kept(document);
    }
    from_another.is_ok()
}

fn changes(bytes: &[u8]) -> bool {
    let Some(changes) = parts(bytes) else { return false };
    let mut document = Document::new([1; 16]);
    let Ok(applied) = document.apply(&changes) else { return false };
    is_kept(&document);
    // Once more changes nothing.
    let before = document.items();
    let _ = document.apply(&changes);
    assert!(document.items() == before, "changed by what was there");
    applied.refused.is_empty()
}

fn item(bytes: &[u8]) -> bool {
    let Some(item) = Item::read(&Value::Bytes(bytes.to_vec())) else { return false };
    let value = item.value();
    assert!(Item::read(&value).is_some_and(|again| again.value() == value), "not read again");
    true
}

fn typed(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let is_id = text.parse::<HouseId>().is_ok()
        | text.parse::<DeviceId>().is_ok()
        | text.parse::<DocumentId>().is_ok();
    let is_link = InviteCode::parse(text).is_ok() | IntakeLink::parse(text).is_ok();
    let is_sheet = code::parse_sheet(text).is_ok() | code::parse_sheet_house(text).is_ok();
    is_id | is_link | is_sheet | text.parse::<Day>().is_ok()
}

fn media(bytes: &[u8]) -> bool {
    let _ = media::sniff(bytes);
    let half = bytes.split_at(bytes.len() / 2);
    let is_pdf = media::check_pdf(half.0, half.1, bytes.len() as u64).is_ok();
    let is_picture = media::check_picture(bytes, bytes.len() as u64).is_ok();
    let clean = media::clean_jpeg(bytes, 4096, bytes.len() + 1024);
    if let Ok(clean) = &clean {
        let twice = media::clean_jpeg(&clean.bytes, 4096, clean.bytes.len());
        assert!(twice.is_ok_and(|twice| twice.bytes == clean.bytes), "not clean");
    }
    is_pdf | is_picture | clean.is_ok()
}

/// A device: its secrets, its rows, and what it is told by whoever speaks as the relay.
#[derive(Debug, Encode, Decode)]
pub struct Stored {
    /// Seed of its keys.
    #[n(0)]
    pub seed: Bytes,
    /// Its local key.
    #[n(1)]
    pub local: Bytes,
    /// Table by its place in [`Table::ALL`], key, value; in their order.
    #[n(2)]
    pub rows: Vec<(u8, Bytes, Bytes)>,
    /// Messages of a relay.
    #[n(3)]
    pub told: Vec<Bytes>,
}

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);
/// More outputs than these inputs can have: it goes round in circles.
const OUTPUTS_MAX: usize = 10_000;

fn engine(bytes: &[u8]) -> bool {
    let Ok(stored) = minicbor::decode::<Stored>(bytes) else { return false };
    let secrets = || {
        let seed: [u8; 32] = stored.seed.as_slice().try_into().ok()?;
        let local: [u8; 32] = stored.local.as_slice().try_into().ok()?;
        Some(Secrets { keys: DeviceKeys::from_seed(seed), local: LocalKey::from_bytes(local) })
    };
    let row = |(table, key, value): &(u8, Bytes, Bytes)| {
        let table: Table = *Table::ALL.get(usize::from(*table))?;
        Some(Loaded { table, key: key.to_vec(), value: value.to_vec() })
    };
    let (Some(secrets), Some(mut rows)) =
        (secrets(), stored.rows.iter().map(row).collect::<Option<Vec<_>>>())
    else {
        return false;
    };
    rows.sort_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
    let config = Config { origin: "https://kita.example".into(), seed: [7; 32] };
    let Ok(mut engine) = Engine::open(&config, secrets, rows) else { return false };
    let told = stored.told.iter().map(|told| Input::Received(told.to_vec()));
    let inputs = [Input::Tick, Input::LinkUp].into_iter().chain(told).chain([Input::LinkDown, Input::Tick]);
    let mut outputs = 0;
    for input in inputs {
        let mut waiting = std::collections::VecDeque::from([input]);
        while let Some(input) = waiting.pop_front() {
            engine.handle(NOW, input);
            loop {
                outputs += 1;
                assert!(outputs < OUTPUTS_MAX, "without end");
                match engine.poll_output() {
                    Output::Store { id, .. } => waiting.push_back(Input::Stored(id)),
                    Output::Close => waiting.push_back(Input::LinkDown),
                    Output::Idle { .. } => break,
                    _ => {}
                }
            }
        }
    }
    let _ = engine.summary();
    true
}
