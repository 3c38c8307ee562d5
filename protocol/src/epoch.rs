//! Epochs (key generations of a circle) and wraps (the ways to their secret).

use minicbor::{Decode, Encode};

use crate::codec::{self, Bytes, DecodeError, sha256};
use crate::id::{CircleId, DeviceId, Hash, HouseId, Recipient, Salt, Signature, WrapId};
use crate::record::{LogHead, Suite};
use crate::{label, limit, verify};

/// Clear body of an epoch record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EpochBody {
    /// From 1, gapless.
    #[n(0)]
    pub number: u32,
    /// The log head whose readers this epoch is made for.
    #[n(1)]
    pub log: LogHead,
    /// The epoch's age recipient.
    #[n(2)]
    pub recipient: Recipient,
    /// Commitment to the epoch's secret, over house, circle and number.
    #[n(3)]
    pub commitment: Hash,
    /// [`ReaderList::root`].
    #[n(4)]
    pub root: Hash,
    /// Key-circle epochs that are readers here, sorted by circle.
    #[n(5)]
    pub keys: Vec<KeyEpoch>,
    /// Age files that carry the previous epoch's secret, sealed to this epoch's recipient. None in `parents`, and none at
    /// a horizon.
    #[n(6)]
    pub links: Vec<Bytes>,
    /// Present: this epoch is a *horizon*. Whoever holds it reads nothing older, unless one of these links is for them.
    #[n(7)]
    pub horizon: Option<Vec<HorizonLink>>,
    /// Of an `intake` that is open, and of nothing else.
    #[n(8)]
    pub intake: Option<IntakeKeys>,
}

/// What leads outsiders from an older epoch of an `intake` to the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IntakeKeys {
    /// The epoch's Ed25519 key, which signs the next epoch.
    #[n(0)]
    pub key: Hash,
    /// By the key of the epoch before, over [`crate::intake::IntakeStep::signing_input`]. Absent: links of before end here.
    #[n(1)]
    pub by: Option<Signature>,
}

/// A way back behind a horizon, for one key circle of the circle's staff side.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HorizonLink {
    /// One of [`EpochBody::keys`].
    #[n(0)]
    pub to: KeyEpoch,
    /// Age file with the previous epoch's secret, sealed to that key epoch's recipient.
    #[n(1)]
    pub link: Bytes,
}

/// One epoch of a key circle, named as a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct KeyEpoch {
    /// The key circle.
    #[n(0)]
    pub circle: CircleId,
    /// Its epoch.
    #[n(1)]
    pub epoch: u32,
}

/// Whom a wrap is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Addressee {
    /// One device, by its age recipient.
    #[n(0)]
    Device(#[n(0)] DeviceId),
    /// Whoever holds that epoch of a key circle, by the epoch's recipient.
    #[n(1)]
    Epoch(#[n(0)] KeyEpoch),
}

/// One row of an epoch's reader list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Reader {
    /// Who.
    #[n(0)]
    pub addressee: Addressee,
    /// SHA-256 of the wrap's age file.
    #[n(1)]
    pub wrap: Hash,
}

/// Who can open an epoch; shown to the relay and to staff only (in `private` and `council`: to the members).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReaderList {
    /// Keeps the root from being guessed.
    #[n(0)]
    pub salt: Salt,
    /// Sorted by addressee, no addressee twice.
    #[n(1)]
    pub rows: Vec<Reader>,
    /// The maker's [`crate::log::LogState::staff_digest`] of the log head that the epoch is made for; only where nobody but
    /// staff is shown the list. Staff from whom the relay keeps an entry see it here.
    #[n(2)]
    pub staff: Option<Hash>,
}

impl ReaderList {
    /// `SHA-256(label ‖ salt ‖ CBOR(rows) ‖ digest, if any)`: the epoch body's `root`.
    #[must_use]
    pub fn root(&self) -> Hash {
        let rows = codec::encode(&self.rows);
        let digest = self.staff.as_ref().map_or(&[][..], |digest| digest.as_bytes());
        Hash::new(sha256(&[label::READER_ROOT, &[0], self.salt.as_bytes(), &rows, digest]))
    }
}

impl EpochBody {
    /// Decodes the body of an epoch record and checks its limits and order.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let body: Self = codec::decode(bytes, limit::RECORD_BODY_BYTES_MAX)?;
        let sorted = body.keys.windows(2).all(|w| matches!(w, [a, b] if a.circle < b.circle));
        let back = body.horizon.as_deref().unwrap_or_default();
        let back_sorted = back.windows(2).all(|w| matches!(w, [a, b] if a.to.circle < b.to.circle));
        if body.number == 0
            || !sorted
            || !back_sorted
            || body.keys.len() > limit::EPOCH_KEYS_MAX
            || back.len() > limit::EPOCH_KEYS_MAX
            || body.links.len() > limit::EPOCH_LINKS_MAX
        {
            return Err(DecodeError::OutOfRange);
        }
        Ok(body)
    }
}

/// What a wrap's maker signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WrapHead {
    /// House.
    #[n(0)]
    pub house: HouseId,
    /// Circle whose secret is carried.
    #[n(1)]
    pub circle: CircleId,
    /// Epoch of that circle.
    #[n(2)]
    pub epoch: u32,
    /// Suite of the file.
    #[n(3)]
    pub suite: Suite,
    /// For whom.
    #[n(4)]
    pub addressee: Addressee,
    /// By which device.
    #[n(5)]
    pub maker: DeviceId,
    /// SHA-256 of the age file.
    #[n(6)]
    pub file_hash: Hash,
}

/// A wrap as it travels: detached, without a position, delivered to its addressee only.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Wrap {
    /// CBOR of [`WrapHead`], exactly as signed.
    #[n(0)]
    pub head: Bytes,
    /// By the maker, context [`label::WRAP`].
    #[n(1)]
    pub signature: Signature,
    /// The age file.
    #[n(2)]
    pub file: Bytes,
}

/// Why a wrap is refused before anyone tries to open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WrapError {
    /// Does not decode or is over its limits.
    #[error("malformed wrap")]
    Decode(#[from] DecodeError),
    /// The file's hash is not the one that was signed.
    #[error("wrap file does not match its head")]
    File,
    /// The signature does not hold.
    #[error("wrap signature does not hold")]
    Signature,
}

impl Wrap {
    /// Id of the wrap.
    #[must_use]
    pub fn id(&self) -> WrapId {
        WrapId::new(sha256(&[label::WRAP_ID, &[0], &self.head, self.signature.as_bytes()]))
    }

    /// Decodes the head, checks limits, file hash and signature.
    ///
    /// # Errors
    /// [`WrapError`].
    pub fn check(&self) -> Result<WrapHead, WrapError> {
        let head: WrapHead = codec::decode(&self.head, 512)?;
        if self.file.len() > limit::WRAP_BYTES_MAX {
            return Err(DecodeError::TooLarge.into());
        }
        if head.file_hash.as_bytes() != &sha256(&[&self.file]) {
            return Err(WrapError::File);
        }
        verify::verify(head.maker.as_bytes(), label::WRAP, &self.head, &self.signature)
            .map_err(|_| WrapError::Signature)?;
        Ok(head)
    }
}
