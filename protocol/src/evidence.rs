//! What a device can show to somebody else when a relay lied or a member did not keep to the rules: signatures, headers and
//! entries, nothing sealed and no names. [`Evidence::check`] needs nothing but the file.

use minicbor::{Decode, Encode};

use crate::codec::{self, Bytes, DecodeError, sha256};
use crate::epoch::Wrap;
use crate::id::{CircleId, DeviceId, HouseId, RecordId, RelayKey, Signature};
use crate::limit;
use crate::log::kind::Body;
use crate::log::{Link, OpenEntry};
use crate::message::SignedPosition;
use crate::record::{Header, Position, Record, Sealing};
use crate::sorted::SortedSet;
use crate::{label, verify};

/// What such a file begins with.
pub const TITLE: &str = "nestpost evidence 1";

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Evidence {
    /// [`TITLE`].
    #[n(0)]
    pub title: String,
    /// The house: hash of the link of [`Evidence::found`].
    #[n(1)]
    pub house: HouseId,
    /// Its first entry, which names the relay's key.
    #[n(2)]
    pub found: OpenEntry,
    /// What is shown.
    #[n(3)]
    pub cases: Vec<Case>,
    /// Entries `restored` that name other keys of relays. Whether those who signed them direct the house is asked of its log.
    #[n(4)]
    #[cbor(default)]
    pub moves: Vec<OpenEntry>,
}

/// A header as its author signed it, without the body.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedHeader {
    /// CBOR of [`Header`].
    #[n(0)]
    pub header: Bytes,
    /// By its author, context [`label::RECORD`].
    #[n(1)]
    pub signature: Signature,
}

/// Part of a circle as a relay showed it: a position, and the ids of the records after it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct History {
    /// Circle.
    #[n(0)]
    pub circle: CircleId,
    /// Where it begins.
    #[n(1)]
    pub from: Position,
    /// What came next.
    #[n(2)]
    pub ids: Vec<RecordId>,
    /// The relay's word for where that leads. Absent: it is only the word of whoever shows this.
    #[n(3)]
    pub signed: Option<SignedPosition>,
}

/// One thing that cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Case {
    /// Two histories of one circle that differ at the position where both begin.
    #[n(0)]
    Histories(#[n(0)] History, #[n(1)] History),
    /// A record whose author has seen another history.
    #[n(1)]
    Seen(#[n(0)] History, #[n(1)] SignedHeader),
    /// A record whose author has seen another log than the one with this link.
    #[n(2)]
    Head(#[n(0)] SignedHeader, #[n(1)] Link),
    /// A record that does not hold. With its body where that is in clear.
    #[n(3)]
    Record(#[n(0)] SignedHeader, #[n(1)] Option<Bytes>),
    /// A wrap that does not open to what its epoch commits to. Only its addressee can tell.
    #[n(4)]
    Wrap(#[n(0)] Wrap),
}

/// What a case shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The relay signed two histories: nobody else can have done that.
    Relay,
    /// The relay signed one history, a device another: one of the two is wrong.
    RelayOrDevice(DeviceId),
    /// A device signed this, and says something else than the one who shows it.
    Word(DeviceId),
    /// The relay signed this, and showed something else, says the one who shows it.
    WordOfRelay,
    /// A device signed this. Whether that breaks a rule is asked of the house's log.
    Device(DeviceId),
    /// A device made this wrap. That it does not open is the word of the one who shows it.
    Wrap(DeviceId),
}

/// What a case shows, and of which relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// What it shows.
    pub verdict: Verdict,
    /// Under which key the relay signed, where it did. Another one than the house began with is only as good as the move that
    /// names it.
    pub key: Option<RelayKey>,
}

/// Why a file proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// Not such a file, or a part of it does not decode.
    #[error("malformed evidence")]
    Decode(#[from] DecodeError),
    /// The first entry is not the house's.
    #[error("evidence of another house")]
    House,
    /// A signature does not hold.
    #[error("signature in evidence does not hold")]
    Signature,
    /// What is shown contradicts nothing.
    #[error("evidence shows no contradiction")]
    Consistent,
    /// Over [`limit::EVIDENCE_CASES_MAX`].
    #[error("more than 32 cases or moves in evidence")]
    TooMany,
}

impl SignedHeader {
    /// The header of a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        Self { header: record.header.clone(), signature: record.signature }
    }

    fn check(&self, house: &HouseId) -> Result<Header, EvidenceError> {
        let header: Header = codec::decode(&self.header, limit::RECORD_HEADER_BYTES_MAX)?;
        verify::verify(header.author.as_bytes(), label::RECORD, &self.header, &self.signature)
            .map_err(|_| EvidenceError::Signature)?;
        if header.house == *house { Ok(header) } else { Err(EvidenceError::House) }
    }
}

impl History {
    fn check(&self, house: &HouseId, relay: &RelayKey) -> Result<(), EvidenceError> {
        let Some(signed) = &self.signed else { return Ok(()) };
        if !signed.holds(relay) {
            return Err(EvidenceError::Signature);
        }
        let to = self.ids.iter().fold(self.from, |position, id| position.next(id));
        let claim = &signed.claim;
        if claim.house != *house || claim.circle != self.circle {
            return Err(EvidenceError::House);
        }
        if (claim.n, claim.acc) == (to.n, to.acc) { Ok(()) } else { Err(EvidenceError::Consistent) }
    }

    fn differs(&self, from: Position) -> bool {
        self.from.n == from.n && self.from.acc != from.acc
    }
}

impl Case {
    /// The circle that it is about; none: the log.
    #[must_use]
    pub fn circle(&self) -> Option<CircleId> {
        match self {
            Self::Histories(history, _) | Self::Seen(history, _) => Some(history.circle),
            Self::Record(header, _) => Some(header.header()?.circle),
            Self::Wrap(wrap) => wrap.check().ok().map(|head| head.circle),
            Self::Head(..) => None,
        }
    }

    /// What it shows, of a relay with one of these keys; the first that fits.
    ///
    /// # Errors
    /// [`EvidenceError`].
    pub fn check(&self, house: &HouseId, relays: &[RelayKey]) -> Result<Finding, EvidenceError> {
        let mut failed = EvidenceError::House;
        for relay in relays {
            match self.check_under(house, relay) {
                Ok(verdict) => return Ok(Finding { verdict, key: self.is_of_relay().then_some(*relay) }),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    /// Whether a relay signed a part of it.
    fn is_of_relay(&self) -> bool {
        match self {
            Self::Histories(one, other) => one.signed.or(other.signed).is_some(),
            Self::Seen(history, _) => history.signed.is_some(),
            Self::Head(..) | Self::Record(..) | Self::Wrap(_) => false,
        }
    }

    fn check_under(&self, house: &HouseId, relay: &RelayKey) -> Result<Verdict, EvidenceError> {
        match self {
            Self::Histories(one, other) => {
                one.check(house, relay)?;
                other.check(house, relay)?;
                let incarnations = [one, other].map(|h| h.signed.map(|signed| signed.claim.incarnation));
                if one.circle != other.circle || !one.differs(other.from) {
                    return Err(EvidenceError::Consistent);
                }
                match incarnations {
                    // A relay that was restored from a backup says so by a new incarnation.
                    [Some(a), Some(b)] if a != b => Err(EvidenceError::Consistent),
                    [Some(_), Some(_)] => Ok(Verdict::Relay),
                    [None, None] => Err(EvidenceError::Signature),
                    _ => Ok(Verdict::WordOfRelay),
                }
            }
            Self::Seen(history, header) => {
                history.check(house, relay)?;
                let header = header.check(house)?;
                if header.circle != history.circle || !history.differs(header.seen) {
                    return Err(EvidenceError::Consistent);
                }
                Ok(match history.signed {
                    Some(_) => Verdict::RelayOrDevice(header.author),
                    None => Verdict::Word(header.author),
                })
            }
            Self::Head(header, link) => {
                let header = header.check(house)?;
                if header.log.seq == link.seq && header.log.hash != link.hash() {
                    Ok(Verdict::Word(header.author))
                } else {
                    Err(EvidenceError::Consistent)
                }
            }
            Self::Record(signed, body) => {
                let header = signed.check(house)?;
                if let Some(body) = body
                    && (header.sealing != Sealing::Clear || header.body_hash.as_bytes() != &sha256(&[body]))
                {
                    return Err(EvidenceError::Consistent);
                }
                Ok(Verdict::Device(header.author))
            }
            Self::Wrap(wrap) => {
                let head = wrap.check().map_err(|_| EvidenceError::Signature)?;
                if head.house == *house { Ok(Verdict::Wrap(head.maker)) } else { Err(EvidenceError::House) }
            }
        }
    }
}

impl SignedHeader {
    fn header(&self) -> Option<Header> {
        codec::decode(&self.header, limit::RECORD_HEADER_BYTES_MAX).ok()
    }
}

impl Evidence {
    /// A file for a house whose first entry this is. Of more moves than may stand in it, those that name the keys of its cases, and
    /// the latest.
    #[must_use]
    pub fn new(house: HouseId, found: OpenEntry, moves: Vec<OpenEntry>, cases: Vec<Case>) -> Self {
        let keep = kept(&house, &moves, &cases);
        let moves = (0..).zip(moves).filter(|(at, _)| keep.contains(at)).map(|(_, entry)| entry).collect();
        Self { title: TITLE.to_owned(), house, found, cases, moves }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`EvidenceError::Decode`].
    pub fn decode(bytes: &[u8]) -> Result<Self, EvidenceError> {
        let read: Self = codec::decode(bytes, limit::EVIDENCE_BYTES_MAX)?;
        if read.title == TITLE { Ok(read) } else { Err(DecodeError::Malformed.into()) }
    }

    /// What each case of a file shows, from nothing but the file. Whose house it is, whoever asks must know: its id stands on
    /// every letter, as a fingerprint. Anybody can sign a move: whether those who did direct the house, only its log can tell, and
    /// with it whether a [`Finding::key`] that only a move names is the relay's.
    ///
    /// # Errors
    /// [`EvidenceError`]; of the first case that does not hold.
    pub fn check(&self) -> Result<Vec<Finding>, EvidenceError> {
        if self.cases.len().max(self.moves.len()) > limit::EVIDENCE_CASES_MAX {
            return Err(EvidenceError::TooMany);
        }
        let link = self.found.link().map_err(|_| EvidenceError::House)?;
        if link.seq != 0 || link.founds() != self.house {
            return Err(EvidenceError::House);
        }
        let founding = self.found.check(&link).map_err(|_| EvidenceError::Signature)?;
        let Body::Found(found) = founding.kind else { return Err(EvidenceError::House) };
        let mut relays = vec![found.relay];
        for entry in &self.moves {
            let said =
                entry.link().and_then(|link| entry.check(&link)).map_err(|_| EvidenceError::Signature)?;
            match said.kind {
                Body::Restored(body)
                    if said.body.house == Some(self.house) && !said.cosignatures.is_empty() =>
                {
                    relays.extend(body.relay);
                }
                _ => return Err(EvidenceError::House),
            }
        }
        self.cases.iter().map(|case| case.check(&self.house, &relays)).collect()
    }
}

/// Which moves stand in a file with these cases.
fn kept(house: &HouseId, moves: &[OpenEntry], cases: &[Case]) -> SortedSet<usize> {
    if moves.len() <= limit::EVIDENCE_CASES_MAX {
        return (0..moves.len()).collect();
    }
    let keys: Vec<Option<RelayKey>> = moves.iter().map(names).collect();
    let of_relay = cases.iter().filter(|case| case.is_of_relay());
    let fits = |case: &Case, key: &RelayKey| case.check_under(house, key).is_ok();
    let needed =
        of_relay.filter_map(|case| keys.iter().rposition(|key| key.is_some_and(|key| fits(case, &key))));
    let mut keep: SortedSet<usize> = needed.take(limit::EVIDENCE_CASES_MAX).collect();
    for latest in (0..moves.len()).rev() {
        if keep.len() < limit::EVIDENCE_CASES_MAX {
            keep.insert(latest);
        }
    }
    keep
}

/// Which key of a relay a move names.
fn names(entry: &OpenEntry) -> Option<RelayKey> {
    let said = entry.link().and_then(|link| entry.check(&link)).ok()?;
    if let Body::Restored(body) = said.kind { body.relay } else { None }
}
