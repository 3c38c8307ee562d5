//! Blobs: sealed photos, thumbnails and attachments, stored beside the records.
//!
//! A blob is known by its **manifest**: its length and the hash of each part. Its id is the hash of the manifest, so a
//! part is checked the moment it comes, and whoever has the whole checks it against the id that stands in an item. A
//! blob has *holds*: records of a circle that say that this circle keeps it. The first one commits it; no holds, no
//! blob. Its secret stands in items and never comes here.
//!
//! Not guaranteed: that a blob can be opened, or is what its item says. Nobody here can look into one. And whoever reads
//! a circle that holds a blob can keep the bytes, or upload the same picture again: a release ends what the relay keeps.

use minicbor::{Decode, Encode};

use crate::access;
use crate::codec::{self, DecodeError, sha256};
use crate::id::{BlobId, CircleId, DeviceId, Hash, PersonId};
use crate::label;
use crate::limit::{self, BLOB_PART_BYTES};
use crate::log::LogState;
use crate::log::kind::role::Role;
use crate::record::{Header, Kind, Side};
use crate::retention::Class;

/// What a blob consists of.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    /// Length in bytes, sealed.
    #[n(0)]
    pub bytes: u64,
    /// SHA-256 of each part, in order. All parts but the last have [`BLOB_PART_BYTES`].
    #[n(1)]
    pub parts: Vec<Hash>,
}

/// Why a manifest is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// No bytes at all.
    #[error("a blob has at least one byte")]
    Empty,
    /// More than [`limit::BLOB_BYTES_MAX`].
    #[error("the blob is too large")]
    TooLarge,
    /// Not as many hashes as the length has parts.
    #[error("the parts do not make the length")]
    Parts,
}

impl Manifest {
    /// Of sealed bytes.
    ///
    /// # Errors
    /// [`ManifestError::Empty`], [`ManifestError::TooLarge`].
    pub fn of(sealed: &[u8]) -> Result<Self, ManifestError> {
        let parts = sealed.chunks(BLOB_PART_BYTES).map(|part| Hash::new(sha256(&[part]))).collect();
        Self { bytes: sealed.len() as u64, parts }.checked()
    }

    /// Within the limits, with a hash for each part.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn checked(self) -> Result<Self, ManifestError> {
        if self.bytes == 0 {
            return Err(ManifestError::Empty);
        }
        if self.bytes > limit::BLOB_BYTES_MAX {
            return Err(ManifestError::TooLarge);
        }
        let parts = self.bytes.div_ceil(BLOB_PART_BYTES as u64);
        if self.parts.len() as u64 == parts { Ok(self) } else { Err(ManifestError::Parts) }
    }

    /// `SHA-256(label ‖ 0x00 ‖ CBOR(manifest))`.
    #[must_use]
    pub fn id(&self) -> BlobId {
        BlobId::new(sha256(&[label::BLOB_ID, &[0], &codec::encode(self)]))
    }

    /// Length of the part with this number, from 0; `None` past the last.
    #[must_use]
    pub fn part_bytes(&self, part: u32) -> Option<u64> {
        let begin = u64::from(part).checked_mul(BLOB_PART_BYTES as u64)?;
        let rest = self.bytes.checked_sub(begin).filter(|rest| *rest > 0)?;
        Some(rest.min(BLOB_PART_BYTES as u64))
    }

    /// Whether these bytes are the part with this number.
    #[must_use]
    pub fn is_part(&self, part: u32, bytes: &[u8]) -> bool {
        let hash = usize::try_from(part).ok().and_then(|part| self.parts.get(part));
        self.part_bytes(part) == Some(bytes.len() as u64)
            && hash.is_some_and(|hash| hash.as_bytes() == &sha256(&[bytes]))
    }
}

/// `POST /blob`: room for a blob, before its parts come.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Reserve {
    /// The circle that is to hold it: the device must be able to write there.
    #[n(0)]
    pub circle: CircleId,
    /// What will come.
    #[n(1)]
    pub manifest: Manifest,
}

impl Reserve {
    /// # Errors
    /// [`DecodeError`]; the manifest may still be none.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        codec::decode(bytes, limit::BLOB_RESERVE_BYTES_MAX)
    }
}

/// Answer to [`Reserve`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Missing {
    /// Numbers of the parts that are not here yet, ascending. None: all are.
    #[n(0)]
    pub parts: Vec<u32>,
}

impl Missing {
    /// # Errors
    /// [`DecodeError`]: malformed, not ascending, a number that no part has.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let missing: Self = codec::decode(bytes, limit::BLOB_RESERVE_BYTES_MAX)?;
        let ascending = missing.parts.is_sorted_by(|a, b| a < b);
        let within = missing.parts.iter().all(|part| (*part as usize) < limit::BLOB_PARTS_MAX);
        if ascending && within { Ok(missing) } else { Err(DecodeError::OutOfRange) }
    }
}

/// Body of a record of kind `Hold` or `Release`, in clear: the relay must read it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HoldBody {
    /// Which blobs, sorted, none twice, at most [`limit::HOLD_BLOBS_MAX`].
    #[n(0)]
    pub blobs: Vec<BlobId>,
}

impl HoldBody {
    /// Sorted and without doubles.
    #[must_use]
    pub fn new(mut blobs: Vec<BlobId>) -> Self {
        blobs.sort_unstable();
        blobs.dedup();
        Self { blobs }
    }

    /// As it travels.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// # Errors
    /// [`DecodeError`]: malformed, empty, too many, unsorted.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let body: Self = codec::decode(bytes, limit::RECORD_BODY_BYTES_MAX)?;
        let count = body.blobs.len();
        let sorted = body.blobs.is_sorted_by(|a, b| a < b);
        if count == 0 || count > limit::HOLD_BLOBS_MAX || !sorted {
            return Err(DecodeError::OutOfRange);
        }
        Ok(body)
    }
}

/// A circle keeps a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldFact {
    /// Circle.
    pub circle: CircleId,
    /// Side that holds it.
    pub side: Side,
    /// Device that said so first.
    pub author: DeviceId,
}

/// What a relay knows of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobFact {
    /// Every part is here.
    pub complete: bool,
    /// The device that reserved it.
    pub reserver: DeviceId,
    /// Its holds: one for each circle and side.
    pub holds: Vec<HoldFact>,
}

impl BlobFact {
    /// What an admitted hold or release of this blob changes. A side of a circle holds a blob once, and whoever said so
    /// first stays its author: nobody makes another's hold their own by saying it again, to release it then. Returns the
    /// sides of the circle whose hold has ended.
    pub fn apply(&mut self, log: &LogState, header: &Header) -> Vec<Side> {
        let (circle, side, author) = (header.circle, header.side, header.author);
        let of = |hold: &HoldFact| hold.circle == circle && hold.side == side;
        match header.kind {
            Kind::Hold if !self.holds.iter().any(of) => self.holds.push(HoldFact { circle, side, author }),
            Kind::Release => {
                return self
                    .holds
                    .extract_if(.., |hold| ends(log, header, hold))
                    .map(|hold| hold.side)
                    .collect();
            }
            Kind::Hold
            | Kind::Batch
            | Kind::Snapshot
            | Kind::Epoch
            | Kind::Erase
            | Kind::Rewrite
            | Kind::Inquiry => {}
        }
        Vec::new()
    }
}

/// Person of a device, live or not.
fn person_of(log: &LogState, device: &DeviceId) -> Option<PersonId> {
    log.device(device).map(|known| known.person)
}

/// Whether the author of a hold may make this side of the circle keep the blob: its parts are here, and it is the author's
/// own. Staff may also keep what a circle holds already which the author reads. A guardian may not: what others took back
/// would stay. Write right and side are asked elsewhere.
#[must_use]
pub fn may_hold(log: &LogState, author: &DeviceId, side: Side, blob: &BlobFact) -> bool {
    let own = || person_of(log, author).is_some_and(|me| person_of(log, &blob.reserver) == Some(me));
    let shares = side == Side::Staff && !blob.holds.is_empty();
    blob.complete && if shares { may_fetch(log, author, blob) } else { own() }
}

/// Whether a hold may last so long: no blob is kept for good, for it is large, and it may be a child's face. What a
/// guardian sends goes with the `short` document that names it.
#[must_use]
pub const fn may_last(side: Side, class: Class) -> bool {
    matches!((side, class), (_, Class::Short) | (Side::Staff, Class::Year))
}

/// Whether a device may be given a blob's bytes: it reads a circle that holds it.
#[must_use]
pub fn may_fetch(log: &LogState, device: &DeviceId, blob: &BlobFact) -> bool {
    blob.holds.iter().any(|hold| access::reads(log, device, &hold.circle))
}

/// Whether the author of a release may take this hold away: whoever made it (by any of their devices), or a director,
/// whichever side holds it. Write right and the side of the release are asked elsewhere.
#[must_use]
pub fn may_release(log: &LogState, author: &DeviceId, hold: &HoldFact) -> bool {
    let Some((person, role)) = access::role_of(log, author) else { return false };
    person_of(log, &hold.author) == Some(person) || role == Role::Director
}

/// A release ends every hold of its circle that its author may take away.
fn ends(log: &LogState, release: &Header, hold: &HoldFact) -> bool {
    hold.circle == release.circle && may_release(log, &release.author, hold)
}

/// Checks a hold or release against what the relay knows of each blob it names.
///
/// # Errors
/// The first blob that may not be held or released. Unknown, incomplete and foreign ones are one and the same.
pub fn check_hold(
    log: &LogState,
    header: &Header,
    body: &HoldBody,
    blob: impl Fn(&BlobId) -> Option<BlobFact>,
) -> Result<(), BlobId> {
    let may = |id: &BlobId| {
        let Some(fact) = blob(id) else { return false };
        if header.kind == Kind::Hold {
            return may_hold(log, &header.author, header.side, &fact);
        }
        fact.holds.iter().any(|hold| ends(log, header, hold))
    };
    match body.blobs.iter().find(|id| !may(id)) {
        None => Ok(()),
        Some(id) => Err(*id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_has_a_hash_for_each_part_and_no_more() {
        let sealed = vec![7; BLOB_PART_BYTES + 1];
        let manifest = Manifest::of(&sealed).unwrap();
        assert_eq!(manifest.parts.len(), 2);
        assert_eq!((manifest.part_bytes(0), manifest.part_bytes(1)), (Some(BLOB_PART_BYTES as u64), Some(1)));
        assert_eq!(manifest.part_bytes(2), None);
        assert!(manifest.is_part(1, &[7]));
        assert!(!manifest.is_part(1, &[8]));
        assert!(!manifest.is_part(1, &[7, 7]));
        assert!(!manifest.is_part(2, &[]));
        assert!(!manifest.is_part(u32::MAX, &[7]));
        let short = Manifest { parts: manifest.parts.iter().take(1).copied().collect(), ..manifest.clone() };
        assert_eq!(short.checked(), Err(ManifestError::Parts));
        let long = Manifest { bytes: 3, ..manifest };
        assert_eq!(long.checked(), Err(ManifestError::Parts));
    }

    #[test]
    fn the_id_is_of_length_and_content() {
        let id = |bytes: &[u8]| Manifest::of(bytes).unwrap().id();
        assert_eq!(id(&[1, 2]), id(&[1, 2]));
        assert_ne!(id(&[1, 2]), id(&[1, 3]));
        assert_ne!(id(&[1, 2]), id(&[1, 2, 0]));
    }

    #[test]
    fn a_side_holds_a_blob_once_and_the_first_stays_its_author() {
        let header = |kind, circle, side, author| Header {
            version: crate::record::HEADER_VERSION,
            suite: crate::record::Suite::X25519,
            sealing: crate::record::Sealing::Clear,
            house: crate::id::HouseId::new([1; 32]),
            circle: CircleId::new([circle; 16]),
            epoch: 1,
            document: None,
            side,
            kind,
            author: DeviceId::new([author; 32]),
            seq: 1,
            prev: None,
            log: crate::record::LogHead { seq: 0, hash: crate::id::LinkHash::new([1; 32]) },
            seen: crate::record::Position::START,
            class: crate::retention::Class::Short,
            month: crate::retention::Month::new(2026, 9),
            body_hash: Hash::new([1; 32]),
            body_len: 1,
        };
        let (log, guardian) = (LogState::new(), Side::Person(PersonId::new([7; 16])));
        let mut fact = BlobFact { complete: true, reserver: DeviceId::new([1; 32]), holds: Vec::new() };
        for (circle, side, author) in
            [(1, Side::Staff, 1), (1, Side::Staff, 2), (1, guardian, 3), (2, Side::Staff, 2)]
        {
            assert_eq!(fact.apply(&log, &header(Kind::Hold, circle, side, author)), []);
        }
        let whose: Vec<DeviceId> = fact.holds.iter().map(|hold| hold.author).collect();
        assert_eq!(whose, [1, 3, 2].map(|author| DeviceId::new([author; 32])));
        // Whom the log does not know ends nothing.
        let before = fact.clone();
        for kind in [Kind::Batch, Kind::Release] {
            assert_eq!(fact.apply(&log, &header(kind, 1, Side::Staff, 1)), []);
        }
        assert_eq!(fact, before);
    }
}
