//! What the house log says: the chain as it was received, and the facts folded from it.
//!
//! The relay sees every entry; a device sees every link, but the entries of its audience only: staff all but those of
//! `guarded` circles and protected persons, a guardian a few. The same rules run on both. Where a rule would need something that is hidden, it is checked on what is
//! visible: an entry that rests on a hidden one is kept and has no effect until [`LogState::fill`] brings it.

pub mod fact;
pub(crate) mod fold;
pub(crate) mod rights;

use std::sync::Arc;

pub use fact::{Circle, Device, InviteFact, InviteProgress, JoinFact, Membership, Person, Side};
pub use fold::RuleError;

use self::fold::{Audience, Ctx, Facts, Subject};
use super::entry::{CheckedEntry, Class, EntryError, OpenEntry};
use super::kind::Body;
use super::kind::found::Found;
use super::link::Link;
use crate::id::{CircleId, DeviceId, Hash, HouseId, Incarnation, InviteKey, LinkHash, PersonId, RelayKey};
use crate::record::LogHead;

/// Why a link or an entry was not taken. The state is as it was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The link does not extend the head (number or previous hash): the log has moved on, or the history forks.
    #[error("link does not extend the log's head")]
    Head,
    /// The link is of another house.
    #[error("link of another house")]
    House,
    /// The entry itself does not hold.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A rule of the log does not allow it.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A link that everybody sees came without its entry.
    #[error("an entry that everybody may see is missing")]
    Withheld,
    /// [`LogState::fill`] names a link that is not here.
    #[error("no such link")]
    NoLink,
}

/// One position of the log.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) link: Link,
    pub(crate) hash: LinkHash,
    pub(crate) entry: Option<Arc<CheckedEntry>>,
}

/// The house log as far as it was received, with everything that follows from it.
///
/// A clone shares everything; the first change after it copies what changes. So a relay admits a whole frame on a
/// clone and keeps or drops it.
#[derive(Debug, Clone, Default)]
pub struct LogState {
    rows: Arc<Vec<Row>>,
    facts: Arc<Facts>,
}

impl LogState {
    /// A log without any link.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The house, once link 0 is here.
    #[must_use]
    pub fn house(&self) -> Option<HouseId> {
        self.facts.house
    }

    /// The last link.
    #[must_use]
    pub fn head(&self) -> Option<LogHead> {
        self.rows.last().map(|row| LogHead { seq: row.link.seq, hash: row.hash })
    }

    /// Number of links.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Whether there is no link yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn row(&self, seq: u64) -> Option<&Row> {
        self.rows.get(usize::try_from(seq).ok()?)
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The link with this number.
    #[must_use]
    pub fn link(&self, seq: u64) -> Option<&Link> {
        self.row(seq).map(|row| &row.link)
    }

    /// The entry behind a link; none when it was not received.
    #[must_use]
    pub fn entry(&self, seq: u64) -> Option<&CheckedEntry> {
        self.row(seq).and_then(|row| row.entry.as_deref())
    }

    /// Whether this was ever the head of this history.
    #[must_use]
    pub fn knows_head(&self, head: &LogHead) -> bool {
        self.row(head.seq).is_some_and(|row| row.hash == head.hash)
    }

    /// Takes the next link, with its entry where this device may see it. Checks chain, signatures and every rule.
    ///
    /// # Errors
    /// [`LogError`]; the state is unchanged.
    pub fn admit(&mut self, link: &Link, entry: Option<&OpenEntry>) -> Result<(), LogError> {
        self.extends(link)?;
        let checked = match entry {
            Some(open) => Some(Arc::new(open.check(link)?)),
            None if link.seq == 0 => return Err(RuleError::Unfounded.into()),
            // Everybody may see it: a link alone is a revocation kept from us.
            None if link.class == Class::All => return Err(LogError::Withheld),
            None => None,
        };
        let effective = match &checked {
            Some(checked) => self.check(checked, true)?,
            None => false,
        };
        let facts = Arc::make_mut(&mut self.facts);
        match &checked {
            Some(checked) if effective => facts.apply(checked),
            Some(checked) => facts.skip(checked),
            None => facts.hide(),
        }
        let hash = link.hash();
        Arc::make_mut(&mut self.rows).push(Row { link: *link, hash, entry: checked });
        Ok(())
    }

    /// Takes the entry behind an older link that this device may see only now, and folds again. A second time is
    /// nothing.
    ///
    /// # Errors
    /// [`LogError`]; the state is unchanged.
    pub fn fill(&mut self, seq: u64, entry: &OpenEntry) -> Result<(), LogError> {
        let row = self.row(seq).ok_or(LogError::NoLink)?;
        let checked = entry.check(&row.link)?;
        if row.entry.is_some() {
            return Ok(());
        }
        let mut filled = Self { rows: Arc::clone(&self.rows), facts: Arc::default() };
        if let Some(row) = usize::try_from(seq).ok().and_then(|i| Arc::make_mut(&mut filled.rows).get_mut(i))
        {
            row.entry = Some(Arc::new(checked));
        }
        filled.fold(seq)?;
        *self = filled;
        Ok(())
    }

    /// Folds every row anew. Signatures inside bodies were checked when their entries came, but for `fresh`.
    fn fold(&mut self, fresh: u64) -> Result<(), LogError> {
        self.facts = Arc::default();
        for row in Arc::clone(&self.rows).iter() {
            let effective = match &row.entry {
                Some(checked) => self.check(checked, row.link.seq == fresh)?,
                None => false,
            };
            let facts = Arc::make_mut(&mut self.facts);
            match &row.entry {
                Some(checked) if effective => facts.apply(checked),
                Some(checked) => facts.skip(checked),
                None => facts.hide(),
            }
        }
        Ok(())
    }

    /// The log as it stood after so many links.
    #[must_use]
    pub fn until(&self, len: u64) -> Self {
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let rows = self.rows.iter().take(len).cloned().collect();
        let mut log = Self { rows: Arc::new(rows), facts: Arc::default() };
        // It was let through once.
        let _ = log.fold(u64::MAX);
        log
    }

    fn extends(&self, link: &Link) -> Result<(), LogError> {
        let Some(head) = self.head() else {
            return if link.seq == 0 && link.house.is_none() && link.prev.is_none() {
                Ok(())
            } else {
                Err(LogError::Head)
            };
        };
        if link.seq > 0 && link.house != self.house() {
            return Err(LogError::House);
        }
        if link.seq != head.seq + 1 || link.prev != Some(head.hash) {
            return Err(LogError::Head);
        }
        Ok(())
    }

    /// Whether the entry has effect: not so if it rests on something hidden.
    fn check(&self, entry: &CheckedEntry, proofs: bool) -> Result<bool, RuleError> {
        match fold::check(&Ctx { facts: &self.facts, rows: &self.rows, entry, proofs }) {
            Ok(()) => Ok(true),
            Err(RuleError::Hidden) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Under which the relay signs positions.
    #[must_use]
    pub fn relay(&self) -> Option<RelayKey> {
        self.facts.relay
    }

    /// Whether two have said that this life of the history is the house's.
    #[must_use]
    pub fn goes_on(&self, incarnation: &Incarnation) -> bool {
        self.facts.lives.contains(incarnation)
    }

    /// Where the relay is reached, where an entry says so.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.facts.origin.as_deref()
    }

    /// The first entry.
    #[must_use]
    pub fn founded(&self) -> Option<&Found> {
        self.facts.found.as_ref()
    }

    /// Number of the entry that dissolved the house: from there on nobody writes, makes keys or comes in.
    #[must_use]
    pub fn dissolved(&self) -> Option<u64> {
        self.facts.dissolved
    }

    /// A device, live, joining or ended.
    #[must_use]
    pub fn device(&self, device: &DeviceId) -> Option<&Device> {
        self.facts.devices.get(device)
    }

    /// Every device that was ever seen, ended ones too.
    pub fn devices(&self) -> impl Iterator<Item = (&DeviceId, &Device)> {
        self.facts.devices.iter()
    }

    /// A person, with or without a role.
    #[must_use]
    pub fn person(&self, person: &PersonId) -> Option<&Person> {
        self.facts.persons.get(person)
    }

    /// Whether a guardian is under protection, as far as this device may know.
    #[must_use]
    pub fn is_protected(&self, person: &PersonId) -> bool {
        self.facts.protections.contains_key(person)
    }

    /// Every person that was ever given a role.
    pub fn persons(&self) -> impl Iterator<Item = (&PersonId, &Person)> {
        self.facts.persons.iter()
    }

    /// A circle.
    #[must_use]
    pub fn circle(&self, circle: &CircleId) -> Option<&Circle> {
        self.facts.circles.get(circle).map(AsRef::as_ref)
    }

    /// Every circle, by id.
    pub fn circles(&self) -> impl Iterator<Item = &Circle> {
        self.facts.circles.values().map(AsRef::as_ref)
    }

    /// Every invite, oldest first.
    pub fn invites(&self) -> impl Iterator<Item = &InviteFact> {
        self.facts.invites.values().map(AsRef::as_ref)
    }

    /// The invite with this key.
    #[must_use]
    pub fn invite_by_key(&self, key: &InviteKey) -> Option<&InviteFact> {
        let seq = self.facts.invite_keys.get(key)?;
        self.facts.invites.get(seq).map(AsRef::as_ref)
    }

    /// Every join, oldest first.
    pub fn joins(&self) -> impl Iterator<Item = &JoinFact> {
        self.facts.joins.values()
    }

    /// Number of the last entry that concerned this guardian: the `before` that the next one must carry. Joins stand
    /// outside this chain (their author cannot know it; they name their invite, and the `confirm` names them), so a
    /// `join` carries no `before`.
    #[must_use]
    pub fn last_concerning(&self, person: &PersonId) -> Option<u64> {
        self.facts.concerning.get(&Subject::Person(*person)).copied()
    }

    /// Class that an entry with this body has, and the guardian it concerns, if any: for whoever writes entries.
    /// What a body names must be known, or the answer is (restricted, nobody).
    #[must_use]
    pub fn classify(&self, body: &Body) -> (Class, Option<PersonId>) {
        match self.facts.audience(body) {
            Some(Audience::All) => (Class::All, None),
            Some(Audience::Person(person) | Audience::Protected(person)) => (Class::Restricted, Some(person)),
            Some(Audience::Circle(_) | Audience::Guarded(_) | Audience::Council(_)) | None => {
                (Class::Restricted, None)
            }
        }
    }

    /// The `before` that an entry with this body must carry now.
    #[must_use]
    pub fn before(&self, body: &Body) -> Option<u64> {
        let subject = Facts::chain(self.facts.audience(body)?, body)?;
        self.facts.concerning.get(&subject).copied()
    }

    /// Digest over all entries up to this number that every member of staff sees: a staff device that was shown them
    /// all has the same one as the relay, whatever else it was shown. It stands in reader lists.
    #[must_use]
    pub fn staff_digest(&self, seq: u64) -> Option<Hash> {
        self.facts.staff.get(usize::try_from(seq).ok()?).copied()
    }

    /// Links without their entries. For staff they are those of `guarded` circles and protected persons, or withheld: see
    /// [`crate::epochs::Epochs::contradicts`].
    pub fn hidden(&self) -> impl Iterator<Item = u64> {
        self.rows.iter().filter(|row| row.entry.is_none()).map(|row| row.link.seq)
    }

    /// Entries that later ones say this device must have, and that were never received: proof that the relay withholds,
    /// unless they come with the page at hand. Of other guardians in a `council` a guardian sees some entries only.
    pub fn withheld(&self, device: &DeviceId) -> impl Iterator<Item = u64> {
        let owner = self.device(device).map(|device| device.person);
        let owner = owner.and_then(|id| Some((id, self.facts.persons.get(&id)?)));
        let whole = move |subject: &Subject| match (subject, owner) {
            (Subject::Person(concerned), Some((id, owner))) => match owner.side {
                Side::Family => *concerned == id,
                Side::House => owner.role.is_some_and(|role| self.facts.may_know(concerned, &id, role)),
            },
            _ => true,
        };
        self.facts.withheld.iter().filter(move |(subject, _)| whole(subject)).map(|(_, seq)| *seq)
    }

    pub(crate) fn audience_of(&self, seq: u64) -> Option<Audience> {
        let row = self.row(seq)?;
        match row.link.class {
            Class::All => Some(Audience::All),
            Class::Restricted => self.facts.restricted.get(&seq).copied(),
        }
    }
}
