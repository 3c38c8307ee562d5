//! Erasure: a document is written anew without what goes, and every device that has it drops the old one once it has
//! seen that nothing else is missing.
//!
//! What was written here and not acknowledged moves to the new document, unless it is about something that went. The rows
//! of the old one become stubs, so that the chain stays checkable.

use nestpost_protocol::access;
use nestpost_protocol::erase::{self, EraseBody};
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, ItemId};
use nestpost_protocol::record::{Header, Kind};
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use crate::app;
use crate::batch::{BATCH_CHANGES_MAX, Batch, Kept};
use crate::docs::{Authors, DocumentFact, Held};
use crate::document::{Document, Value};
use crate::house::Gone;
use crate::store::{Table, Write, number_key};

use super::Engine;
use super::frame::Builder;
use super::inbox::Verdict;
use super::noted::Arrived;
use super::outbox::{Outgoing, Purpose};
use super::restore::UNNAMED;

/// What is erased, and what is to be.
#[derive(Debug, Clone, Default)]
pub(super) struct Erasures {
    /// By the document that comes instead, until that is here.
    told: SortedMap<DocumentId, Told>,
    /// Documents that are to be replaced.
    moved: SortedMap<DocumentId, Moved>,
    /// Documents of which the relay says that they are replaced, before this device read by what: until then, what waits in them stays,
    /// as some of it may have gone.
    awaited: SortedSet<DocumentId>,
    /// What this device is to erase.
    pub(super) due: Vec<app::Erasure>,
}

#[derive(Debug, Clone, Copy)]
struct Moved {
    /// Number of the record that says so.
    n: u64,
    becomes: Becomes,
}

/// Of a document that is to be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Becomes {
    /// What comes instead was not here yet, or not to be opened yet.
    Awaited,
    /// Something else than it may: here the old one stays.
    Kept,
    Replaced,
}

/// An erasure that holds as far as it can be told without its rewrite.
#[derive(Debug, Clone)]
struct Told {
    n: u64,
    header: Header,
    old: DocumentId,
    body: EraseBody,
}

impl Engine {
    /// Whether what waits in a document that the relay replaced is to wait for what comes instead. Whoever does not read there never
    /// hears of that, and what came before does not come again.
    pub(super) fn await_erasure(&mut self, document: &DocumentId) -> bool {
        let house = &self.house;
        let reads = |held: &Held| access::reads(&house.log, &house.me, &held.fact.circle);
        let comes = match self.erasures.moved.get(document) {
            None => house.docs.get(document).is_some_and(reads),
            Some(moved) => moved.becomes == Becomes::Awaited,
        };
        if comes {
            self.erasures.awaited.insert(*document);
        }
        comes
    }

    pub(super) fn awaits_erasure(&self, document: &DocumentId) -> bool {
        self.erasures.awaited.contains(document)
    }

    /// On a new line the relay is asked again.
    pub(super) fn await_no_erasures(&mut self) {
        self.erasures.awaited.clear();
    }

    /// What an erasure makes of a batch of the document that it replaces: nothing follows it, and nothing returns.
    pub(super) fn after_move(&self, document: &DocumentId, n: u64) -> Option<Verdict> {
        let moved = self.erasures.moved.get(document)?;
        let late = (n > moved.n).then_some(Verdict::Quarantined);
        late.or_else(|| (moved.becomes == Becomes::Replaced).then_some(Verdict::Taken))
    }

    /// The epoch that seals a record: of a rewrite, what its erasure says.
    pub(super) fn epoch_of(&self, header: &Header) -> u32 {
        let rewritten = header.document.filter(|_| header.kind == Kind::Rewrite);
        let told = rewritten.and_then(|document| self.erasures.told.get(&document));
        told.and_then(|told| told.body.epoch).unwrap_or(header.epoch)
    }

    /// Whether a record replaces a document that storage still has: then nothing may be forgotten while it is read.
    pub(super) fn replaces_what_is_here(&self, arrived: &Arrived) -> bool {
        let rewritten = arrived.header.document.filter(|_| arrived.header.kind == Kind::Rewrite);
        let told = rewritten.and_then(|document| self.erasures.told.get(&document));
        told.is_some_and(|told| self.first_of(told).is_some())
    }

    /// The document here that a rewrite replaces, and what comes instead of it in between, the latest first: of what was written anew
    /// more than once meanwhile, the relay has the end only.
    fn first_of(&self, told: &Told) -> Option<(DocumentId, Vec<Told>)> {
        let (mut document, mut n, mut between) = (told.old, told.n, Vec::new());
        loop {
            if self.house.docs.get(&document).is_some() {
                let is_kept = |moved: &Moved| moved.becomes == Becomes::Kept;
                let kept = self.erasures.moved.get(&document).is_some_and(is_kept);
                return (between.is_empty() || !kept).then_some((document, between));
            }
            let earlier = self.erasures.told.get(&document).filter(|earlier| earlier.n < n)?;
            (document, n) = (earlier.old, earlier.n);
            between.push(earlier.clone());
        }
    }

    pub(super) fn take_erase(&mut self, Arrived { n, header, record, .. }: &Arrived) -> Verdict {
        let (Some(old), Ok(body)) = (header.document, EraseBody::decode(&record.body)) else {
            return Verdict::Quarantined;
        };
        let log = &self.house.log;
        let then = |device: &DeviceId| access::role_then(log, device, header.log.seq);
        if !access::could_write(log, header) || !body.is_seconded(header, &then) {
            self.erasures.awaited.remove(&old);
            return Verdict::Quarantined;
        }
        // The relay has moved on, whatever becomes of it here.
        self.erasures.moved.entry(old).or_insert(Moved { n: *n, becomes: Becomes::Awaited });
        if let Some(held) = self.house.docs.get_mut(&old) {
            held.moved = true;
        }
        let items = body.items.iter().map(|erased| (erased.item, erased.second.map(|second| second.device)));
        self.house.gone.push(Gone {
            to: body.to,
            circle: header.circle,
            by: header.author,
            items: items.collect(),
        });
        self.erasures.told.insert(body.to, Told { n: *n, header: header.clone(), old, body });
        Verdict::Taken
    }

    pub(super) fn take_rewrite(&mut self, arrived: &Arrived) -> Verdict {
        let Some(to) = arrived.header.document else { return Verdict::Quarantined };
        let verdict = self.look_at_rewrite(to, arrived);
        if verdict == Verdict::Quarantined
            && let Some(told) = self.erasures.told.get(&to)
        {
            // Here, nothing went.
            self.house.gone.retain(|gone| gone.to != to);
            self.erasures.awaited.remove(&told.old);
            if let Some(moved) = self.erasures.moved.get_mut(&told.old) {
                moved.becomes = Becomes::Kept;
            }
        }
        verdict
    }

    fn look_at_rewrite(&mut self, to: DocumentId, Arrived { n, header, record, .. }: &Arrived) -> Verdict {
        let follows = |told: &&Told| told.n + 1 == *n && erase::continues(&told.header, &to, header);
        let Some(told) = self.erasures.told.get(&to).filter(follows).cloned() else {
            return Verdict::Quarantined;
        };
        let epoch = self.epoch_of(header);
        let Some(keyring) = self.circles.get(&header.circle).and_then(|state| state.keys.get(&epoch)) else {
            return Verdict::Locked;
        };
        let batch = keyring.keys.open(&record.body).ok().and_then(|plain| Batch::open(&plain, header).ok());
        let Some(new) = batch.and_then(|batch| self.rewritten(header, to, epoch, batch)) else {
            return Verdict::Quarantined;
        };
        let (old, mut erasures) = self.first_of(&told).unwrap_or((told.old, Vec::new()));
        erasures.insert(0, told);
        if let Some(old) = self.house.docs.get_mut(&old) {
            old.refresh();
        }
        if !self.is_the_rest(&old, &erasures, to, &new) {
            return Verdict::Quarantined;
        }
        self.replace(old, &erasures, to, new);
        Verdict::Taken
    }

    /// The new document, with a row for each item.
    fn rewritten(&self, header: &Header, to: DocumentId, epoch: u32, batch: Batch) -> Option<Held> {
        let fact = DocumentFact {
            circle: header.circle,
            side: header.side,
            class: header.class,
            month: header.month,
        };
        let start = batch.start;
        let by = Document::actor(&header.author, &to, &start);
        let kept: Authors =
            batch.kept.iter().flatten().map(|kept| (kept.item, (kept.author, kept.log))).collect();
        let items: Vec<ItemId> = kept.keys().copied().collect();
        let mut new = Held::rewritten(fact, Document::actor(&self.house.me, &to, &self.start), by, kept);
        new.begun = Some(epoch);
        let changes = batch.into_changes();
        new.note(changes.iter().map(Vec::len).sum());
        let applied = new.document.apply_from(&header.author, &to, &start, &changes).ok()?;
        new.refresh();
        let complete = applied.refused.is_empty() && new.items(to).map(|at| at.item).eq(items);
        (complete && self.house.docs.get(&to).is_none()).then_some(new)
    }

    /// Whether the new document is the old one without what may be erased, and of several erasures with what came in between.
    fn is_the_rest(&self, document: &DocumentId, erasures: &[Told], to: DocumentId, new: &Held) -> bool {
        let Some(old) = self.house.docs.get(document) else { return true };
        if old.fact != new.fact {
            return false;
        }
        let is_partial = erasures.len() > 1 || self.is_partial(&old.fact.circle, document, old);
        let here: SortedSet<ItemId> = old.pending.iter().map(|pending| pending.item).collect();
        let now: SortedMap<ItemId, _> = new.items(to).map(|at| (at.item, at)).collect();
        let before: SortedMap<ItemId, _> = old.items(*document).map(|at| (at.item, at)).collect();
        let rest = before.values().filter(|was| !here.contains(&was.item)).all(|was| {
            if let Some(told) = erasures.iter().find(|told| told.body.names(&was.item)) {
                return app::may_erase(&self.house, was, &told.header, &told.body);
            }
            let same = |now: &crate::docs::ItemRef<'_>| {
                let is_older = is_partial && matches!(was.value, Value::Map(_));
                was.author == now.author && (is_older || was.value == now.value)
            };
            now.get(&was.item).is_some_and(same)
        });
        let known = |item: &ItemId| is_partial || before.contains_key(item);
        rest && now.keys().all(|item| !is_named(erasures, item) && known(item))
    }

    /// Whether this device may lack something of a document that was written before it was replaced.
    fn is_partial(&self, circle: &CircleId, document: &DocumentId, held: &Held) -> bool {
        let Some(state) = self.circles.get(circle) else { return true };
        let first = self.rows.get(document).and_then(|places| places.first()).map_or(0, |place| place.n);
        state.gap > first || !self.is_whole(circle, document, held)
    }

    /// Whether everything of a document that is in its circle was opened here.
    fn is_whole(&self, circle: &CircleId, document: &DocumentId, held: &Held) -> bool {
        let is_on_trust = held.brought.is_some() || self.snapshots.is_on_trust(document);
        held.document.missing() == 0 && !is_on_trust && !self.has_locked(circle, document)
    }

    fn replace(&mut self, document: DocumentId, erasures: &[Told], to: DocumentId, new: Held) {
        let fact = new.fact;
        let mut values: Vec<(ItemId, Value)> = Vec::new();
        let mut dropped = None;
        let mut gone: Vec<(ItemId, Value)> = Vec::new();
        if let Some(old) = self.house.docs.get_mut(&document) {
            old.refresh();
            let named = old.items(document).filter(|at| is_named(erasures, &at.item));
            gone.extend(named.map(|at| (at.item, at.value.clone())));
            for pending in std::mem::take(&mut old.pending) {
                self.writes.push(Write::delete(Table::Pending, number_key(pending.key)));
                if pending.item == UNNAMED {
                    let lost = old.items(document).filter(|at| !is_named(erasures, &at.item));
                    let lost = lost.filter(|at| new.items(to).all(|kept| kept.item != at.item));
                    values.extend(lost.map(|at| (at.item, at.value.clone())));
                } else if is_named(erasures, &pending.item) {
                    dropped = Some(pending.key);
                } else if !values.iter().any(|(item, _)| *item == pending.item)
                    && let Some((value, _)) = old.document.item(&pending.item)
                {
                    match app::still_said(&value, &gone) {
                        None => values.push((pending.item, value)),
                        Some(rest) => {
                            dropped = Some(pending.key);
                            values.extend(rest.map(|rest| (pending.item, rest)));
                        }
                    }
                }
            }
        }
        for told in erasures {
            self.erasures.told.remove(&told.body.to);
            self.erasures.awaited.remove(&told.old);
            self.erasures.moved.insert(told.old, Moved { n: told.n, becomes: Becomes::Replaced });
            if let Some(state) = self.circles.get_mut(&fact.circle) {
                state.locked.retain(|arrived| arrived.header.document != Some(told.old));
            }
            self.forget_document(&told.old);
        }
        self.house.docs.replace(&document, to, new);
        for (item, value) in values {
            // What is there already need not be said again.
            let _ = self.put(to, fact, item, &value);
        }
        if let Some(key) = dropped {
            self.tell_overtaken(key, Vec::new(), self.house.log.len());
        }
        self.changed = true;
        self.duties_due = true;
    }

    /// The next document to write anew.
    pub(super) fn build_erasure(&mut self) -> Option<Outgoing> {
        while let Some(due) = self.erasures.due.pop() {
            if let Some(frame) = self.erasure(&due) {
                return Some(Outgoing::new(Purpose::Content, frame));
            }
        }
        None
    }

    fn erasure(&mut self, due: &app::Erasure) -> Option<nestpost_protocol::message::Frame> {
        let (to, start) = (DocumentId::new(self.random()), self.random());
        let held = self.house.docs.get(&due.document)?;
        let circle = held.fact.circle;
        let is_whole = self.is_whole(&circle, &due.document, held);
        let is_ready = held.pending.is_empty() && !held.moved && is_whole;
        let begun = held.begun.filter(|_| is_ready)?;
        let mut body = EraseBody::new(to, due.items.clone());
        let mut fresh = Document::new(Document::actor(&self.house.me, &to, &start));
        let (mut changes, mut kept) = (Vec::new(), Vec::new());
        for at in held.items(due.document).filter(|at| !body.names(&at.item)) {
            changes.push(fresh.put(&at.item, at.value).ok()?);
            kept.push(Kept { item: at.item, author: at.author?, log: at.log.unwrap_or_default() });
        }
        if changes.len() > BATCH_CHANGES_MAX {
            return None;
        }
        // Whoever came with a horizon reads what lies behind it as little as before.
        let horizons = self.house.epochs.of(&circle).filter(|epoch| epoch.body.horizon.is_some());
        body.epoch = horizons.map(|epoch| epoch.number).filter(|number| *number > begun).min().map(|n| n - 1);
        let mut builder = Builder::new(self);
        let built = builder.ready(&circle)
            && builder.erasure(&circle, &due.document, &body, start, changes, kept).is_some();
        built.then(|| builder.finish())
    }
}

fn is_named(erasures: &[Told], item: &ItemId) -> bool {
    erasures.iter().any(|told| told.body.names(item))
}
