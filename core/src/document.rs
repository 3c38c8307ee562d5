//! Automerge behind few verbs.
//!
//! Items stand at the root under their id in hex; there are no shared containers. An item is one byte string, or a flat
//! map of fields of which the last writer of each field wins. Commit times are always 0: a change says who and after
//! what, never when.
//!
//! The record log is the truth, a [`Document`] a cache that can be built again. Changes come in only after their
//! record's signature held and its body opened; Automerge's own hashes and sequences are still never trusted to
//! identify an author: the actor of each change must be the one that its record's author, document and start give.

mod bound;
mod history;

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{
    ActorId, Automerge, Change, ChangeHash, LoadOptions, ObjId, ObjType, ROOT, ReadDoc as _, SaveOptions,
    ScalarValue,
};
use minicbor::{Decode, Encode};
use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{DeviceId, DocumentId, ItemId};
use nestpost_protocol::limit;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

/// Changes in one document; the next begins well before ([`crate::docs`] decides).
pub const DOCUMENT_CHANGES_MAX: usize = 20_000;
/// Changes in one call of [`Document::apply`].
pub const APPLY_CHANGES_MAX: usize = 20_000;
/// One change, bytes: it must fit a record's body.
pub const CHANGE_BYTES_MAX: usize = limit::RECORD_BODY_BYTES_MAX;
/// Fields of one item.
pub const ITEM_FIELDS_MAX: usize = 64;
pub use bound::{CHANGE_OPS_MAX, DOCUMENT_OPS_MAX};
pub use history::History;
const ACTOR: &[u8] = b"nestpost/1 actor";

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One byte string, for what is immutable or written as a whole.
    Bytes(Vec<u8>),
    /// Fields, each merged on its own.
    Map(SortedMap<String, Scalar>),
}

/// One field of an item.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Scalar {
    /// Text as a whole; two writers do not merge inside it.
    #[n(0)]
    Text(#[n(0)] String),
    /// A number.
    #[n(1)]
    Int(#[n(0)] i64),
    /// Bytes.
    #[n(2)]
    Bytes(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// A truth.
    #[n(3)]
    Bool(#[n(0)] bool),
}

/// Why an edit was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The item holds exactly this already: there is no change to send.
    #[error("item already has this value")]
    Unchanged,
    /// Larger than one record, or too many fields.
    #[error("item too large")]
    TooLarge,
    /// Automerge refused; the document is best built again.
    #[error("document refused the edit")]
    Refused,
}

/// Why changes were not applied at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// More changes than one call or one document takes.
    #[error("too many changes")]
    TooMany,
    /// Not a change or not a document.
    #[error("malformed change")]
    Malformed,
}

/// What [`Document::apply`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Hashes of the changes that were taken (or were there already), in the order given.
    pub hashes: Vec<[u8; 32]>,
    /// Number of the first operation of each of them; an actor's own ascend.
    pub ops: Vec<u64>,
    /// Indexes of those refused: malformed, too large, by another actor, or contradicting the document.
    pub refused: Vec<usize>,
}

/// One Automerge document.
#[derive(Debug, Clone)]
pub struct Document {
    inner: Automerge,
    /// Taken, but not visible: a change they depend on has not come yet.
    missing: SortedSet<ChangeHash>,
}

impl Document {
    /// An empty document, written by `actor`.
    #[must_use]
    pub fn new(actor: [u8; 16]) -> Self {
        Self { inner: Automerge::new().with_actor(ActorId::from(actor)), missing: SortedSet::new() }
    }

    /// A document that [`Document::save`] wrote on this device.
    ///
    /// # Errors
    /// [`ApplyError::Malformed`]; the caller builds it again from records.
    pub fn load(actor: [u8; 16], bytes: &[u8]) -> Result<Self, ApplyError> {
        let inner =
            Automerge::load_with_options(bytes, LoadOptions::new()).map_err(|_| ApplyError::Malformed)?;
        Ok(Self { inner: inner.with_actor(ActorId::from(actor)), missing: SortedSet::new() })
    }

    /// A document that somebody else put together ([`Document::snapshot`]). Who wrote what in it is still to be asked of
    /// its [`History`].
    ///
    /// # Errors
    /// [`ApplyError`].
    pub fn from_snapshot(actor: [u8; 16], bytes: &[u8]) -> Result<Self, ApplyError> {
        if !bound::is_bounded_document(bytes) {
            return Err(ApplyError::Malformed);
        }
        let document = Self::load(actor, bytes)?;
        if document.change_count() > DOCUMENT_CHANGES_MAX {
            return Err(ApplyError::TooMany);
        }
        Ok(document)
    }

    /// Takes in all that another copy of this document has.
    ///
    /// # Errors
    /// [`ApplyError::Malformed`] where the two contradict each other; this one is as it was then.
    pub fn absorb(&mut self, mut other: Self) -> Result<(), ApplyError> {
        if self.change_count() == 0 && self.missing.is_empty() {
            self.inner = other.inner.with_actor(self.inner.get_actor().clone());
            return Ok(());
        }
        let mut copy = self.inner.clone();
        copy.merge(&mut other.inner).map_err(|_| ApplyError::Malformed)?;
        self.inner = copy;
        let inner = &self.inner;
        self.missing.retain(|hash| inner.get_change_by_hash(hash).is_none());
        Ok(())
    }

    /// The actor of a device in a document, for one start of its engine: 16 bytes of SHA-256(label, device, document,
    /// start). A restored backup or a cloned tablet starts anew and so never reuses (actor, sequence), which would
    /// wedge the document for good.
    #[must_use]
    pub fn actor(device: &DeviceId, document: &DocumentId, start: &[u8; 16]) -> [u8; 16] {
        let hash = sha256(&[ACTOR, &[0], device.as_bytes(), document.as_bytes(), start]);
        let (actor, _) = hash.split_first_chunk().unwrap_or((&[0; 16], &[]));
        *actor
    }

    /// Writes an item and returns the one raw change that does it. A map creates the item, or updates only the fields
    /// that differ; fields it does not name stay.
    ///
    /// # Errors
    /// [`EditError`]; nothing is written then.
    pub fn put(&mut self, item: &ItemId, value: &Value) -> Result<Vec<u8>, EditError> {
        if bytes_of(value) > CHANGE_BYTES_MAX / 2 || fields_of(value) > ITEM_FIELDS_MAX {
            return Err(EditError::TooLarge);
        }
        let key = item.to_string();
        let mut transaction = self.inner.transaction();
        let written = write(&mut transaction, &key, value);
        if !matches!(written, Ok(true)) {
            transaction.rollback();
            return Err(if written.is_ok() { EditError::Unchanged } else { EditError::Refused });
        }
        let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(0));
        let change = hash.and_then(|hash| self.inner.get_change_by_hash(&hash)).ok_or(EditError::Refused)?;
        Ok(change.raw_bytes().to_vec())
    }

    /// Applies changes that this device stored itself after checking them once.
    ///
    /// # Errors
    /// [`ApplyError::TooMany`] before anything is looked at. Single bad changes are no error: see [`Applied`].
    pub fn apply(&mut self, changes: &[Vec<u8>]) -> Result<Applied, ApplyError> {
        self.apply_by(None, changes)
    }

    /// Applies the changes of one opened batch: every change's actor must be [`Document::actor`] of these three.
    ///
    /// # Errors
    /// As [`Document::apply`].
    pub fn apply_from(
        &mut self,
        author: &DeviceId,
        document: &DocumentId,
        start: &[u8; 16],
        changes: &[Vec<u8>],
    ) -> Result<Applied, ApplyError> {
        self.apply_by(Some(ActorId::from(Self::actor(author, document, start))), changes)
    }

    fn apply_by(&mut self, actor: Option<ActorId>, changes: &[Vec<u8>]) -> Result<Applied, ApplyError> {
        if changes.len() > APPLY_CHANGES_MAX || self.change_count() + changes.len() > DOCUMENT_CHANGES_MAX {
            return Err(ApplyError::TooMany);
        }
        let mut good = Vec::with_capacity(changes.len());
        let mut refused = Vec::new();
        for (index, bytes) in changes.iter().enumerate() {
            match parse(bytes) {
                Ok(change) if actor.as_ref().is_none_or(|actor| change.actor_id() == actor) => {
                    good.push((index, change));
                }
                _ => refused.push(index),
            }
        }
        self.apply_or_split(&good, &mut refused);
        refused.sort_unstable();
        let taken =
            || good.iter().filter(|(i, _)| refused.binary_search(i).is_err()).map(|(_, change)| change);
        let hashes: Vec<ChangeHash> = taken().map(Change::hash).collect();
        let ops = taken().map(|change| change.start_op().get()).collect();
        self.missing.extend(&hashes);
        let inner = &self.inner;
        self.missing.retain(|hash| inner.get_change_by_hash(hash).is_none());
        Ok(Applied { hashes: hashes.iter().map(|hash| hash.0).collect(), ops, refused })
    }

    /// All at once; on an error each half on its own, so that one bad change costs only itself. A failed call may leave
    /// Automerge with a part of its input, hence the copy.
    fn apply_or_split(&mut self, changes: &[(usize, Change)], refused: &mut Vec<usize>) {
        if changes.is_empty() {
            return;
        }
        let mut copy = self.inner.clone();
        if copy.apply_changes(changes.iter().map(|(_, change)| change.clone())).is_ok() {
            self.inner = copy;
        } else if let [(index, _)] = changes {
            refused.push(*index);
        } else {
            let (first, second) = changes.split_at(changes.len() / 2);
            self.apply_or_split(first, refused);
            self.apply_or_split(second, refused);
        }
    }

    /// How many changes wait for one that has not come.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.missing.len()
    }

    /// Every item with the actor that wrote it: for a map, the actor that created it.
    #[must_use]
    pub fn items(&self) -> Vec<(ItemId, Value, [u8; 16])> {
        let keys: Vec<String> = self.inner.keys(ROOT).collect();
        keys.iter()
            .filter_map(|key| {
                let item = key.parse().ok()?;
                self.item(&item).map(|(value, actor)| (item, value, actor))
            })
            .collect()
    }

    /// One item; `None` when it is not there or is of a shape this version does not know.
    #[must_use]
    pub fn item(&self, item: &ItemId) -> Option<(Value, [u8; 16])> {
        let (value, id) = self.inner.get(ROOT, item.to_string()).ok()??;
        let ObjId::Id(_, actor, _) = &id else { return None };
        let actor = actor.to_bytes().try_into().ok()?;
        let value = match value {
            automerge::Value::Scalar(scalar) => match scalar.as_ref() {
                ScalarValue::Bytes(bytes) => Value::Bytes(bytes.clone()),
                _ => return None,
            },
            automerge::Value::Object(ObjType::Map) => Value::Map(self.fields(&id)),
            automerge::Value::Object(_) => return None,
        };
        Some((value, actor))
    }

    /// Number of the operation that wrote an item: for a map, that created it.
    #[must_use]
    pub fn op_of(&self, item: &ItemId) -> Option<u64> {
        match self.inner.get(ROOT, item.to_string()).ok()?? {
            (_, ObjId::Id(op, ..)) => Some(op),
            (_, ObjId::Root) => None,
        }
    }

    /// Fields of a newer version's types are left out.
    fn fields(&self, map: &ObjId) -> SortedMap<String, Scalar> {
        let keys: Vec<String> = self.inner.keys(map).collect();
        keys.into_iter()
            .filter_map(|key| {
                let (value, _) = self.inner.get(map, key.as_str()).ok()??;
                let scalar = Scalar::read(&value)?;
                Some((key, scalar))
            })
            .collect()
    }

    /// Its changes and what they build upon.
    #[must_use]
    pub fn history(&self) -> History {
        History::of(&self.inner)
    }

    /// The document as one chunk that [`Document::from_snapshot`] takes; what waits is left out.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.inner.save_with_options(SaveOptions { deflate: false, retain_orphans: false })
    }

    /// Changes that are part of the document.
    #[must_use]
    pub fn change_count(&self) -> usize {
        usize::try_from(self.inner.stats().num_changes).unwrap_or(usize::MAX)
    }

    /// The document as Automerge's own format, waiting changes included.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        self.inner.save()
    }
}

impl Scalar {
    fn read(value: &automerge::Value<'_>) -> Option<Self> {
        match value.as_scalar()? {
            ScalarValue::Str(text) => Some(Self::Text(text.to_string())),
            ScalarValue::Int(number) => Some(Self::Int(*number)),
            ScalarValue::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            ScalarValue::Boolean(truth) => Some(Self::Bool(*truth)),
            _ => None,
        }
    }

    fn to_automerge(&self) -> ScalarValue {
        match self {
            Self::Text(text) => ScalarValue::Str(text.as_str().into()),
            Self::Int(number) => ScalarValue::Int(*number),
            Self::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
            Self::Bool(truth) => ScalarValue::Boolean(*truth),
        }
    }
}

/// Whether anything was written.
fn write(
    transaction: &mut automerge::transaction::Transaction<'_>,
    key: &str,
    value: &Value,
) -> Result<bool, automerge::AutomergeError> {
    let current = transaction.get(ROOT, key)?.map(|(value, id)| (value.into_owned(), id));
    match (value, current) {
        (Value::Bytes(new), Some((old, _))) if old.as_bytes() == Some(new.as_slice()) => Ok(false),
        (Value::Bytes(new), _) => {
            transaction.put(ROOT, key, ScalarValue::Bytes(new.clone()))?;
            Ok(true)
        }
        (Value::Map(fields), current) => {
            let (map, mut written) = match current {
                Some((automerge::Value::Object(ObjType::Map), map)) => (map, false),
                _ => (transaction.put_object(ROOT, key, ObjType::Map)?, true),
            };
            for (name, scalar) in fields {
                let old = transaction.get(&map, name.as_str())?.and_then(|(value, _)| Scalar::read(&value));
                if old.as_ref() != Some(scalar) {
                    transaction.put(&map, name.as_str(), scalar.to_automerge())?;
                    written = true;
                }
            }
            Ok(written)
        }
    }
}

fn fields_of(value: &Value) -> usize {
    match value {
        Value::Bytes(_) => 1,
        Value::Map(fields) => fields.len(),
    }
}

fn bytes_of(value: &Value) -> usize {
    match value {
        Value::Bytes(bytes) => bytes.len(),
        Value::Map(fields) => fields.iter().map(|(name, scalar)| name.len() + scalar.len()).sum(),
    }
}

impl Scalar {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Int(_) | Self::Bool(_) => 8,
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Change, ApplyError> {
    if bytes.len() > CHANGE_BYTES_MAX || !bound::is_bounded(bytes) {
        return Err(ApplyError::Malformed);
    }
    Change::from_bytes(bytes.to_vec()).map_err(|_| ApplyError::Malformed)
}

/// Automerge's hash of one raw change.
///
/// # Errors
/// [`ApplyError::Malformed`].
pub fn change_hash(change: &[u8]) -> Result<[u8; 32], ApplyError> {
    parse(change).map(|change| change.hash().0)
}

#[cfg(test)]
mod tests;
