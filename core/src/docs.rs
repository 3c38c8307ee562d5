//! The documents of a house, as one device holds them.
//!
//! A circle has many small documents; a view is the union of their items. What this device wrote and the relay has
//! not acknowledged stays listed as *pending* and marks its items as existing only here.

use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, ItemId};
use nestpost_protocol::record::{Header, Side};
use nestpost_protocol::retention::{Class, Month, expired};
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use crate::document::{Document, EditError, Value};
use crate::snapshot::{Start, Tip};
use crate::time::Timestamp;

/// Changes of one document before the next begins.
pub const LIVE_CHANGES_MAX: usize = 2_000;
/// Bytes of changes of one document before the next begins.
pub const DOCUMENT_BYTES_MAX: usize = 256 << 10;

/// Signatures of one device that a document remembers.
const TIPS_MAX: usize = 64;

/// Where an item exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Only on this device.
    Local,
    /// The relay has acknowledged it as durable.
    Relay,
}

/// What is fixed by a document's first record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentFact {
    /// The circle that reads it.
    pub circle: CircleId,
    /// Who writes it.
    pub side: Side,
    /// How long it is kept.
    pub class: Class,
    /// Month at whose end it expires.
    pub month: Month,
}

impl DocumentFact {
    /// As a record says it.
    #[must_use]
    pub const fn of(header: &Header) -> Self {
        Self { circle: header.circle, side: header.side, class: header.class, month: header.month }
    }
}

/// One of this device's changes that the relay has not acknowledged.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Key of its row in storage; ascending in the order of writing.
    pub key: u64,
    /// The item it writes.
    pub item: ItemId,
    /// `start` of the engine that wrote it.
    pub start: [u8; 16],
    /// The raw Automerge change.
    pub change: Vec<u8>,
}

/// Who wrote items, from which log position on.
pub type Authors = SortedMap<ItemId, (DeviceId, u64)>;

/// A document with what the engine knows about it.
#[derive(Debug, Clone)]
pub struct Held {
    /// Fixed fields.
    pub fact: DocumentFact,
    /// The Automerge side.
    pub document: Document,
    /// Which device stands behind an actor.
    pub actors: SortedMap<[u8; 16], DeviceId>,
    /// Own changes not yet acknowledged, in order.
    pub pending: Vec<Pending>,
    /// Epoch of its first record; none while it is on this device only.
    pub begun: Option<u32>,
    /// An erasure replaced it: nothing new goes here.
    pub moved: bool,
    /// Of a rewritten document: the actor of the rewrite, and who wrote what it holds, from which log position on.
    kept: Option<([u8; 16], Authors)>,
    bytes: usize,
    items: SortedMap<ItemId, Item>,
    /// By actor, from which operation on its records name which log position.
    placed: SortedMap<[u8; 16], SortedMap<u64, u64>>,
    dirty: bool,
    /// The engine start behind an actor.
    starts: SortedMap<[u8; 16], [u8; 16]>,
    /// What devices have signed of their changes.
    pub(crate) tips: SortedMap<DeviceId, Vec<Tip>>,
    /// Of a document from a snapshot: changes that have come in records.
    pub(crate) brought: Option<SortedSet<[u8; 32]>>,
}

#[derive(Debug, Clone)]
struct Item {
    value: Value,
    actor: [u8; 16],
    op: Option<u64>,
}

/// An item as the domain reads it.
#[derive(Debug, Clone, Copy)]
pub struct ItemRef<'a> {
    /// Circle.
    pub circle: CircleId,
    /// Document.
    pub document: DocumentId,
    /// Side of the document: which side wrote the item.
    pub side: Side,
    /// Retention class of the document.
    pub class: Class,
    /// Its id.
    pub item: ItemId,
    /// Its value.
    pub value: &'a Value,
    /// The device behind the winning value.
    pub author: Option<DeviceId>,
    /// Where it exists.
    pub sent: Sent,
    /// The log position that its record counts from; none before the relay has placed that record.
    pub log: Option<u64>,
}

/// All documents of a house on this device.
#[derive(Debug, Clone, Default)]
pub struct Docs {
    held: SortedMap<DocumentId, Held>,
    circles: SortedMap<CircleId, SortedSet<DocumentId>>,
}

impl Docs {
    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every item of a circle, document by document.
    pub fn items(&self, circle: &CircleId) -> impl Iterator<Item = ItemRef<'_>> {
        self.circles
            .get(circle)
            .into_iter()
            .flatten()
            .flat_map(|id| self.held.get(id).into_iter().flat_map(|held| held.refs(*id)))
    }

    /// Those of a circle's items whose value looks like it, without a closer look at the others.
    pub fn items_like(
        &self,
        circle: &CircleId,
        looks: fn(&Value) -> bool,
    ) -> impl Iterator<Item = ItemRef<'_>> {
        let all = self.circles.get(circle).into_iter().flatten();
        let held = all.filter_map(|id| Some((*id, self.held.get(id)?)));
        held.flat_map(move |(id, held)| {
            let alike = held.items.iter().filter(move |(_, item)| looks(&item.value));
            alike.map(move |(item, what)| held.make(id, *item, what))
        })
    }

    /// One item of a circle; of several with that id (published twice, or copied over a horizon) the staff's, as others do
    /// neither; of those the one in the document that was begun last, of those in the first.
    #[must_use]
    pub fn item(&self, circle: &CircleId, item: &ItemId) -> Option<ItemRef<'_>> {
        let ids = self.circles.get(circle)?;
        let all =
            ids.iter().filter_map(|id| self.held.get(id).and_then(|h| Some((h.rank(), h.one(*id, item)?))));
        all.min_by_key(|(rank, _)| *rank).map(|(_, item)| item)
    }

    /// A document.
    #[must_use]
    pub fn get(&self, document: &DocumentId) -> Option<&Held> {
        self.held.get(document)
    }

    /// A document, to change.
    pub fn get_mut(&mut self, document: &DocumentId) -> Option<&mut Held> {
        self.held.get_mut(document)
    }

    /// All documents.
    pub fn all(&self) -> impl Iterator<Item = (&DocumentId, &Held)> {
        self.held.iter()
    }

    /// The document, begun if it is not there. `None` when it is there with other fixed fields.
    pub fn begin(&mut self, id: DocumentId, fact: DocumentFact, actor: [u8; 16]) -> Option<&mut Held> {
        let held = self.held.entry(id).or_insert_with(|| Held::new(fact, actor));
        if held.fact != fact {
            return None;
        }
        self.circles.entry(fact.circle).or_default().insert(id);
        Some(held)
    }

    /// Where a new item of this circle, side, class and month goes: the first such document that has room and was not
    /// begun before the epoch `since`.
    #[must_use]
    pub fn place(&self, fact: &DocumentFact, since: u32) -> Option<DocumentId> {
        let ids = self.circles.get(&fact.circle)?;
        // What may not be in any record, nobody is to build upon.
        let fits = |h: &Held| {
            h.fact == *fact && h.has_room() && !h.is_before(since) && !h.moved && h.brought.is_none()
        };
        ids.iter().copied().find(|id| self.held.get(id).is_some_and(fits))
    }

    /// Which document, not begun before the epoch `since`, holds an item that is edited in place.
    #[must_use]
    pub fn home(&self, circle: &CircleId, item: &ItemId, since: u32) -> Option<DocumentId> {
        let ids = self.circles.get(circle)?;
        let holds = |h: &Held| h.items.contains_key(item) && !h.is_before(since) && !h.moved;
        ids.iter().copied().find(|id| self.held.get(id).is_some_and(holds))
    }

    /// Items of the staff's side that are edited in place and stand in no document begun since that epoch: whoever came
    /// with a horizon cannot read them.
    #[must_use]
    pub fn left_behind(&self, circle: &CircleId, since: u32) -> Vec<(ItemId, Class, Value)> {
        let ids = self.circles.get(circle).into_iter().flatten();
        let mut found: SortedMap<ItemId, (Option<u32>, Class, Value)> = SortedMap::new();
        for held in ids.filter_map(|id| self.held.get(id)).filter(|held| held.is_before(since)) {
            for (id, item) in held.items.iter().filter(|_| held.fact.side == Side::Staff) {
                if matches!(item.value, Value::Map(_)) && self.home(circle, id, since).is_none() {
                    let newer = found.get(id).is_none_or(|(begun, ..)| *begun < held.begun);
                    if newer {
                        found.insert(*id, (held.begun, held.fact.class, item.value.clone()));
                    }
                }
            }
        }
        found.into_iter().map(|(id, (_, class, value))| (id, class, value)).collect()
    }

    /// Forgets what waits.
    #[cfg(feature = "mutants")]
    pub(crate) fn drop_waiting(&mut self) {
        self.held.values_mut().for_each(|held| held.pending.clear());
    }

    /// How many items exist only on this device.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.held.values().map(|h| h.pending.iter().map(|p| p.item).collect::<SortedSet<_>>().len()).sum()
    }

    /// Drops what has expired in the month of `now`. Returns the ids of the documents that are gone.
    pub fn expire(&mut self, now: Timestamp) -> Vec<DocumentId> {
        let month = now.month();
        let gone: Vec<_> = self
            .held
            .iter()
            .filter(|(_, h)| h.pending.is_empty() && expired(h.fact.class, h.fact.month, month))
            .map(|(id, _)| *id)
            .collect();
        for id in &gone {
            self.forget(id);
        }
        gone
    }

    /// A document takes the place of another one.
    pub fn replace(&mut self, old: &DocumentId, id: DocumentId, held: Held) {
        self.forget(old);
        self.circles.entry(held.fact.circle).or_default().insert(id);
        self.held.insert(id, held);
    }

    /// Drops a document and all that is in it.
    pub fn forget(&mut self, id: &DocumentId) {
        if let Some(held) = self.held.remove(id)
            && let Some(ids) = self.circles.get_mut(&held.fact.circle)
        {
            ids.remove(id);
        }
    }

    /// Brings the item tables up to date with the documents; the engine calls it once per input.
    pub fn refresh(&mut self) {
        for held in self.held.values_mut() {
            held.refresh();
        }
    }
}

impl Held {
    fn new(fact: DocumentFact, actor: [u8; 16]) -> Self {
        Self {
            fact,
            document: Document::new(actor),
            actors: SortedMap::new(),
            pending: Vec::new(),
            begun: None,
            moved: false,
            kept: None,
            bytes: 0,
            items: SortedMap::new(),
            placed: SortedMap::new(),
            dirty: false,
            starts: SortedMap::new(),
            tips: SortedMap::new(),
            brought: None,
        }
    }

    /// A document that a rewrite begins, with who wrote what it holds.
    #[must_use]
    pub fn rewritten(fact: DocumentFact, actor: [u8; 16], by: [u8; 16], kept: Authors) -> Self {
        Self { kept: Some((by, kept)), ..Self::new(fact, actor) }
    }

    /// An actor is this device's, from this start of its engine.
    pub fn know(&mut self, actor: [u8; 16], device: DeviceId, start: [u8; 16]) {
        self.actors.insert(actor, device);
        self.starts.insert(actor, start);
    }

    /// The starts of a device's engine that are known here.
    pub(crate) fn starts_of(&self, device: &DeviceId) -> Vec<Start> {
        let actors = self.actors.iter().filter(|(_, of)| *of == device);
        actors
            .filter_map(|(actor, _)| {
                let placed = self.placed.get(actor).into_iter().flatten();
                let placed = placed.map(|(op, log)| (*op, *log)).collect();
                Some(Start { start: *self.starts.get(actor)?, placed })
            })
            .collect()
    }

    /// A device has signed some of its changes. Those that later ones build upon are forgotten now and then.
    pub(crate) fn note_tip(&mut self, device: DeviceId, tip: Tip) {
        let tips = self.tips.entry(device).or_default();
        tips.push(tip);
        if tips.len() >= TIPS_MAX {
            let hashes: Vec<[u8; 32]> = tips.iter().map(|tip| *tip.hash.as_bytes()).collect();
            let latest = self.document.history().latest(&hashes);
            let last = tips.iter().map(|tip| tip.seq).max();
            let mut keep = latest.into_iter();
            tips.retain(|tip| keep.next() == Some(true) || Some(tip.seq) == last);
        }
    }

    /// Forgets all but what waits to be sent.
    pub(crate) fn begin_anew(&mut self, actor: [u8; 16]) {
        self.document = Document::new(actor);
        let own: Vec<Vec<u8>> = self.pending.iter().map(|pending| pending.change.clone()).collect();
        // What builds upon records waits for them.
        let _ = self.document.apply(&own);
        self.tips.clear();
        self.placed.clear();
        (self.begun, self.brought, self.bytes, self.dirty) = (None, None, 0, true);
    }

    /// Whether a rewrite began it: no snapshot says who wrote what it holds.
    pub(crate) const fn is_rewritten(&self) -> bool {
        self.kept.is_some()
    }

    /// Whether it was begun before an epoch.
    #[must_use]
    pub fn is_before(&self, epoch: u32) -> bool {
        self.begun.is_some_and(|begun| begun < epoch)
    }

    /// Sorts the staff's first, and of those the youngest.
    fn rank(&self) -> (bool, std::cmp::Reverse<u32>) {
        (self.fact.side != Side::Staff, std::cmp::Reverse(self.begun.unwrap_or(u32::MAX)))
    }

    /// Whether one more change fits.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.document.change_count() < LIVE_CHANGES_MAX && self.bytes < DOCUMENT_BYTES_MAX
    }

    /// Writes an item. Returns the raw change.
    ///
    /// # Errors
    /// [`EditError`] of the document.
    pub fn put(&mut self, item: &ItemId, value: &Value) -> Result<Vec<u8>, EditError> {
        let change = self.document.put(item, value)?;
        self.note(change.len());
        Ok(change)
    }

    /// Its items, as they stand in the document.
    pub fn items(&self, document: DocumentId) -> impl Iterator<Item = ItemRef<'_>> {
        self.refs(document)
    }

    /// Brings the item table up to date with the document.
    pub fn refresh(&mut self) {
        if std::mem::take(&mut self.dirty) {
            let document = &self.document;
            let item = |(id, value, actor)| (id, Item { value, actor, op: document.op_of(&id) });
            self.items = document.items().into_iter().map(item).collect();
        }
    }

    /// The document was changed by `bytes` bytes of changes.
    pub fn note(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.dirty = true;
    }

    /// These operations of an actor came with a record that counts from this log position. Of an operation that comes
    /// twice the later one counts: who repeats it shows no earlier right.
    pub fn place(&mut self, actor: [u8; 16], ops: &[u64], log: u64) {
        let placed = self.placed.entry(actor).or_default();
        for op in ops {
            if placed.range(..=op).next_back().is_none_or(|(_, before)| *before < log) {
                placed.insert(*op, log);
            }
        }
    }

    /// What the rewrite that began this document says of an item, unless somebody has written it again since.
    fn kept(&self, id: &ItemId, item: &Item) -> Option<(DeviceId, u64)> {
        let (actor, kept) = self.kept.as_ref()?;
        kept.get(id).copied().filter(|_| *actor == item.actor)
    }

    fn log_of(&self, id: &ItemId, item: &Item) -> Option<u64> {
        if let Some((_, log)) = self.kept(id, item) {
            return Some(log);
        }
        self.placed.get(&item.actor)?.range(..=item.op?).next_back().map(|(_, log)| *log)
    }

    fn refs(&self, document: DocumentId) -> impl Iterator<Item = ItemRef<'_>> {
        self.items.iter().map(move |(id, item)| self.make(document, *id, item))
    }

    fn one(&self, document: DocumentId, id: &ItemId) -> Option<ItemRef<'_>> {
        self.items.get(id).map(|item| self.make(document, *id, item))
    }

    fn make<'a>(&'a self, document: DocumentId, id: ItemId, item: &'a Item) -> ItemRef<'a> {
        let sent = if self.pending.iter().any(|p| p.item == id) { Sent::Local } else { Sent::Relay };
        ItemRef {
            circle: self.fact.circle,
            document,
            side: self.fact.side,
            class: self.fact.class,
            item: id,
            value: &item.value,
            author: self
                .kept(&id, item)
                .map_or_else(|| self.actors.get(&item.actor).copied(), |(author, _)| Some(author)),
            sent,
            log: self.log_of(&id, item).filter(|_| sent == Sent::Relay),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_counts_from_the_log_position_that_its_record_names() {
        let fact = DocumentFact {
            circle: CircleId::new([1; 16]),
            side: Side::Staff,
            class: Class::Year,
            month: Month::new(2026, 9),
        };
        let (id, actor) = (DocumentId::new([2; 16]), [3; 16]);
        let mut docs = Docs::new();
        let held = docs.begin(id, fact, actor).unwrap();
        let item = |n: u8| ItemId::new([n; 16]);
        for n in 1..=6 {
            held.put(&item(n), &Value::Bytes(vec![n])).unwrap();
        }
        // In the order of the stream or not: records whose key comes later are opened later.
        held.place(actor, &[5], 9);
        held.place(actor, &[1, 2], 4);
        held.place(actor, &[3, 4], 4);
        held.place([4; 16], &[6], 1);
        docs.refresh();
        let logs =
            |docs: &Docs| (1..=6).map(|n| docs.item(&fact.circle, &item(n)).unwrap().log).collect::<Vec<_>>();
        assert_eq!(logs(&docs), [Some(4), Some(4), Some(4), Some(4), Some(9), Some(9)]);
        // Sent again under an earlier position, or a later one.
        let held = docs.get_mut(&id).unwrap();
        held.place(actor, &[5], 2);
        assert_eq!(logs(&docs)[4], Some(9));
        docs.get_mut(&id).unwrap().place(actor, &[2], 7);
        assert_eq!(logs(&docs)[..2], [Some(4), Some(7)]);
    }
    #[test]
    fn nobody_takes_the_place_of_what_staff_wrote() {
        let (circle, item) = (CircleId::new([1; 16]), ItemId::new([5; 16]));
        let person = Side::Person(nestpost_protocol::id::PersonId::new([6; 16]));
        let mut docs = Docs::new();
        // The youngest of them is somebody else's.
        for (number, side) in [(1, Side::Staff), (2, Side::Staff), (3, person)] {
            let fact = DocumentFact { circle, side, class: Class::Year, month: Month::new(2026, 9) };
            let held = docs.begin(DocumentId::new([9 - number; 16]), fact, [number; 16]).unwrap();
            held.begun = Some(number.into());
            held.put(&item, &Value::Bytes(vec![number])).unwrap();
        }
        docs.refresh();
        assert_eq!(docs.item(&circle, &item).unwrap().value, &Value::Bytes(vec![2]));
    }
}
