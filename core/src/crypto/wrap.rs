//! Wraps (an epoch's secret for one reader) and links (the older epoch's secret for whoever holds the newer one): age
//! recipient files with the same payload. The signature around a wrap is `nestpost_protocol::epoch::Wrap`'s.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, Hash, HouseId, Recipient};
use nestpost_protocol::limit;
use nestpost_protocol::record::Suite;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use super::epoch::{EpochKeys, EpochSecret};
use super::key::DeviceKeys;
use super::seal::{FileKind, OpenError, SealError, decrypt, seal_to};

/// What a wrap or a link carries. All fields are of fixed size, so files differ in nothing but the numbers' width.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Payload {
    #[n(0)]
    house: HouseId,
    #[n(1)]
    circle: CircleId,
    #[n(2)]
    number: u32,
    #[n(3)]
    suite: Suite,
    #[cbor(n(4), with = "minicbor::bytes")]
    secret: [u8; 32],
}

impl Drop for Payload {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// Whose key opens a wrap.
#[derive(Debug, Clone, Copy)]
pub enum Opener<'a> {
    /// This device's.
    Device(&'a DeviceKeys),
    /// That of a key circle's epoch.
    Epoch(&'a EpochKeys),
}

/// Seals an epoch's secret to a device's or a key-circle epoch's recipient.
///
/// # Errors
/// [`SealError::Recipient`] when `to` is no usable age recipient.
pub fn wrap_epoch(
    secret: &EpochSecret,
    house: &HouseId,
    circle: &CircleId,
    number: u32,
    to: &Recipient,
) -> Result<Vec<u8>, SealError> {
    let payload = Payload {
        house: *house,
        circle: *circle,
        number,
        suite: Suite::X25519,
        secret: *secret.expose_bytes(),
    };
    seal_to(to, &Zeroizing::new(codec::encode(&payload)))
}

/// Opens a wrap and checks that it carries what it should: this house, circle and number, and — where the epoch's
/// record is known — the secret behind its commitment. A commitment of `None` proves nothing; check it before use.
///
/// # Errors
/// [`OpenError::NotForUs`] when the file is for another key; [`OpenError::Broken`] for everything else.
pub fn unwrap_epoch(
    opener: Opener<'_>,
    file: &[u8],
    house: &HouseId,
    circle: &CircleId,
    number: u32,
    expected_commitment: Option<&Hash>,
) -> Result<EpochSecret, OpenError> {
    if file.len() > limit::WRAP_BYTES_MAX {
        return Err(OpenError::Broken);
    }
    let identity = match opener {
        Opener::Device(keys) => keys.identity(),
        Opener::Epoch(keys) => keys.identity(),
    };
    let plaintext = Zeroizing::new(decrypt(identity, file, FileKind::Recipient)?);
    let payload: Payload = codec::decode(&plaintext, limit::WRAP_BYTES_MAX).map_err(|_| OpenError::Broken)?;
    if payload.house != *house
        || payload.circle != *circle
        || payload.number != number
        || payload.suite != Suite::X25519
    {
        return Err(OpenError::Broken);
    }
    let secret = EpochSecret::from_bytes(payload.secret);
    if let Some(expected) = expected_commitment {
        let commitment = secret.keys(house, circle, number).commitment();
        if !bool::from(commitment.as_bytes().ct_eq(expected.as_bytes())) {
            return Err(OpenError::Broken);
        }
    }
    Ok(secret)
}

/// Seals the secret of the older epoch `number` to the newer epoch's recipient (at a horizon: to the staff side's).
///
/// # Errors
/// As [`wrap_epoch`].
pub fn seal_link(
    older: &EpochSecret,
    house: &HouseId,
    circle: &CircleId,
    number: u32,
    to: &Recipient,
) -> Result<Vec<u8>, SealError> {
    wrap_epoch(older, house, circle, number, to)
}

/// Opens the link to the older epoch `number` with the newer epoch's keys.
///
/// # Errors
/// As [`unwrap_epoch`].
pub fn open_link(
    newer: &EpochKeys,
    file: &[u8],
    house: &HouseId,
    circle: &CircleId,
    number: u32,
    expected_commitment: Option<&Hash>,
) -> Result<EpochSecret, OpenError> {
    unwrap_epoch(Opener::Epoch(newer), file, house, circle, number, expected_commitment)
}
