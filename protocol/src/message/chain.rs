//! Where chains stand, under the relay's signature, and what is given back of them to a relay that lost it.

use minicbor::{Decode, Encode};

use super::Row;
use crate::id::{Accumulator, CircleId, HouseId, Incarnation, RecordId, RelayKey, Signature};
use crate::log::{Link, LogState, OpenEntry};
use crate::record::Position;
use crate::{codec, label};

/// A position under the relay's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedPosition {
    /// What is signed.
    #[n(0)]
    pub claim: PositionClaim,
    /// By the relay key, context [`label::POSITION`], over the CBOR of the claim.
    #[n(1)]
    pub signature: Signature,
}

/// What a relay claims of a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PositionClaim {
    /// House.
    #[n(0)]
    pub house: HouseId,
    /// Incarnation.
    #[n(1)]
    pub incarnation: Incarnation,
    /// Circle.
    #[n(2)]
    pub circle: CircleId,
    /// Number.
    #[n(3)]
    pub n: u64,
    /// Accumulator after that record.
    #[n(4)]
    pub acc: Accumulator,
    /// Drawn by the relay each time it starts: tells what it signed before its data was put back from what it signed since.
    #[n(5)]
    pub start: Option<Incarnation>,
}

/// Stands for the log where circles are named: its positions are (number of links, hash of the last one).
pub const LOG: CircleId = CircleId::new([0; 16]);

/// The log's end as a position; none of a log without links.
#[must_use]
pub fn log_position(log: &LogState) -> Position {
    log.head().map_or(Position::START, |head| Position {
        n: head.seq.saturating_add(1),
        acc: Accumulator::new(*head.hash.as_bytes()),
    })
}

/// Where does this chain stand, and where did it at these numbers?
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Asked {
    /// Circle, or [`LOG`].
    #[n(0)]
    pub circle: CircleId,
    /// Ascending, from 1; at most [`crate::limit::ASKED_MAX`].
    #[n(1)]
    pub at: Vec<u64>,
}

/// Where a chain stands at a relay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Stands {
    /// Circle, or [`LOG`].
    #[n(0)]
    pub circle: CircleId,
    /// Its end; nothing, of a circle that is not visible.
    #[n(1)]
    pub end: Position,
    /// At the numbers that were asked about, as far as they are not beyond the end.
    #[n(2)]
    pub at: Vec<Accumulator>,
}

/// Part of a chain that a relay lost, under the relay's own signature from before. Whoever gives it back need not be
/// entitled to write it, nor its author still: it was admitted once.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GiveBack {
    /// Where the chain led.
    #[n(0)]
    pub signed: SignedPosition,
    /// Of a circle: the first of the numbers up to there.
    #[n(1)]
    pub from: u64,
    /// Of a circle: their ids.
    #[n(2)]
    pub ids: Vec<RecordId>,
    /// Of the log: the links up to there.
    #[n(3)]
    pub links: Vec<Link>,
    /// Of the log: entries behind the first of them.
    #[n(4)]
    pub entries: Vec<OpenEntry>,
    /// Of a circle: the first of its rows.
    #[n(5)]
    pub rows: Vec<Row>,
}

impl SignedPosition {
    /// Whether the signature holds under `relay`. A claim has one encoding only, so re-encoding it is safe.
    #[must_use]
    pub fn holds(&self, relay: &RelayKey) -> bool {
        let claim = codec::encode(&self.claim);
        crate::verify::verify(relay.as_bytes(), label::POSITION, &claim, &self.signature).is_ok()
    }
}
