//! `restored`: a house goes on with another copy of its history: on another relay, or after a restore from backup.

use minicbor::{Decode, Encode};

use super::Body;
use crate::codec::{self, sha256};
use crate::id::{CircleId, DeviceId, Hash, Incarnation, PersonId, RelayKey};
use crate::log::LogState;
use crate::log::entry::{Cosignature, Entry, EntryBody, cosign_input};
use crate::log::kind::role::Role;
use crate::log::state::RuleError;
use crate::log::state::fold::{Ctx, Facts};
use crate::message::{Cursor, Frame};
use crate::record::{LogHead, Position};
use crate::{access, label, limit, verify};

/// Body of `restored`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Restored {
    /// The copy's life, as the relay names it; a new one.
    #[n(0)]
    pub incarnation: Incarnation,
    /// Where its log ended: the entry stands right behind.
    #[n(1)]
    pub log: LogHead,
    /// [`positions`] of the circles that the author, or who cosigns, sees: what they saw of the copy before they said so.
    #[n(2)]
    pub positions: Hash,
    /// Under which the relay signs positions from now on, if that changes.
    #[n(3)]
    pub relay: Option<RelayKey>,
    /// Where the relay is reached from now on, if that changes; at most [`crate::limit::ORIGIN_BYTES_MAX`].
    #[n(4)]
    pub origin: Option<String>,
}

/// What stands for the positions of circles, sorted. The accumulators in it are for their readers alone, so it tells
/// nobody else how much there is.
#[must_use]
pub fn positions(incarnation: &Incarnation, circles: &[Cursor]) -> Hash {
    let circles = codec::encode(&circles);
    Hash::new(sha256(&[label::RESTORED, &[0], incarnation.as_bytes(), &circles]))
}

/// Two agree, on a life that the house has not had, right behind the log that they saw.
pub(crate) fn admit(body: &Restored, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    let author = ctx.entitled_to_all()?;
    ctx.cosigned(&author, &author.person, true)?;
    let said = &ctx.entry.body;
    let follows = body.log.seq.checked_add(1) == Some(said.seq) && Some(body.log.hash) == said.prev;
    let named = body
        .origin
        .as_ref()
        .is_none_or(|origin| !origin.is_empty() && origin.len() <= limit::ORIGIN_BYTES_MAX);
    if follows && named && !ctx.facts.lives.contains(&body.incarnation) {
        Ok(())
    } else {
        Err(RuleError::Restored)
    }
}

pub(crate) fn apply(body: &Restored, facts: &mut Facts) {
    facts.lives.insert(body.incarnation);
    facts.relay = body.relay.or(facts.relay);
    if body.origin.is_some() {
        facts.origin.clone_from(&body.origin);
    }
}

impl Restored {
    /// The only thing in a frame, and by whom, the author first: nothing else is taken by a relay that waits for it.
    #[must_use]
    pub fn alone(frame: &Frame) -> Option<(Vec<DeviceId>, Self)> {
        let [open] = frame.entries.as_slice() else { return None };
        let alone = frame.records.is_empty() && frame.readers.is_empty() && frame.wraps.is_empty();
        let entry: Entry = codec::decode(&open.entry, limit::ENTRY_BYTES_MAX).ok().filter(|_| alone)?;
        let said: EntryBody = codec::decode(&entry.signed, limit::ENTRY_BYTES_MAX).ok()?;
        match Body::decode(said.kind, &said.body) {
            Ok(Body::Restored(body)) => {
                let second = entry.cosignatures.iter().map(|cosignature| cosignature.device);
                Some((std::iter::once(said.author).chain(second).collect(), body))
            }
            _ => None,
        }
    }

    /// Whether it is about the copy that a relay holds: its life, its key, and what one of those who say it sees of it.
    #[must_use]
    pub fn is_of(
        &self,
        log: &LogState,
        by: &[DeviceId],
        incarnation: &Incarnation,
        relay: &RelayKey,
        tail: impl Fn(&CircleId) -> Position,
    ) -> bool {
        let sees = |device: &DeviceId| {
            let visible = access::visible(log, device).into_iter();
            let circles: Vec<Cursor> = visible
                .map(|circle| Cursor { circle, position: tail(&circle) })
                .filter(|cursor| cursor.position != Position::START)
                .collect();
            self.positions == positions(incarnation, &circles)
        };
        self.incarnation == *incarnation && self.relay.or(log.relay()) == Some(*relay) && by.iter().any(sees)
    }
}

/// What one director says before a second one does. It travels beside the log: a copy takes nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Word {
    /// What is to be said.
    #[n(0)]
    pub body: Restored,
    /// Theirs, as a second signature under it.
    #[n(1)]
    pub cosignature: Cosignature,
    /// When, in milliseconds, by their own clock.
    #[n(2)]
    pub at: u64,
}

impl Word {
    /// Whose it is, if they direct the house, signed it, and mean what follows this log.
    #[must_use]
    pub fn check(&self, log: &LogState) -> Option<PersonId> {
        let Cosignature { device, nonce, signature } = &self.cosignature;
        let (person, role) = access::role_of(log, device)?;
        let (kind, bytes) = Body::Restored(self.body.clone()).encode();
        let input = cosign_input(log.house(), kind, &bytes, *nonce);
        let holds = role == Role::Director
            && log.head() == Some(self.body.log)
            && verify::verify(device.as_bytes(), label::COSIGN, &input, signature).is_ok();
        holds.then_some(person)
    }
}
