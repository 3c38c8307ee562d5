//! Complaints: a device that reads a circle says that it cannot open an epoch of it, so that somebody repairs that.
//!
//! Nobody but its maker sees whether a wrap's file opens, and to whom; a hostile member could leave others out. A complaint
//! has no position and is no record: the relay keeps it in memory, and shows it to whoever could help.

use minicbor::{Decode, Encode};

use crate::access;
use crate::codec::{self, Bytes, DecodeError};
use crate::epoch::Addressee;
use crate::epochs::Epochs;
use crate::id::{CircleId, DeviceId, HouseId, Signature};
use crate::log::LogState;
use crate::{label, limit, verify};

/// What the device signs, context [`label::COMPLAINT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct ComplaintHead {
    /// House.
    #[n(0)]
    pub house: HouseId,
    /// Circle that it reads.
    #[n(1)]
    pub circle: CircleId,
    /// Epoch whose secret it finds no way to.
    #[n(2)]
    pub epoch: u32,
    /// Who complains.
    #[n(3)]
    pub device: DeviceId,
}

/// A complaint as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Complaint {
    /// CBOR of [`ComplaintHead`], exactly as signed.
    #[n(0)]
    pub head: Bytes,
    /// By the device.
    #[n(1)]
    pub signature: Signature,
}

/// Why a complaint is not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComplaintError {
    /// Does not decode.
    #[error("malformed complaint")]
    Decode(#[from] DecodeError),
    /// The signature does not hold.
    #[error("complaint signature does not hold")]
    Signature,
    /// Of another house.
    #[error("complaint of another house")]
    House,
    /// The device does not read the circle (any more), or nothing so old.
    #[error("whoever complains does not read that")]
    Reader,
    /// There is no such epoch.
    #[error("no such epoch")]
    Epoch,
}

impl Complaint {
    /// Decodes the head and checks the signature.
    ///
    /// # Errors
    /// [`ComplaintError::Decode`], [`ComplaintError::Signature`].
    pub fn check(&self) -> Result<ComplaintHead, ComplaintError> {
        let head: ComplaintHead = codec::decode(&self.head, limit::COMPLAINT_BYTES_MAX)?;
        verify::verify(head.device.as_bytes(), label::COMPLAINT, &self.head, &self.signature)
            .map_err(|_| ComplaintError::Signature)?;
        Ok(head)
    }
}

impl ComplaintHead {
    /// Whether there is something to complain about: the device reads the circle, and this epoch of it.
    ///
    /// # Errors
    /// [`ComplaintError`].
    pub fn holds(&self, log: &LogState, epochs: &Epochs) -> Result<(), ComplaintError> {
        if Some(self.house) != log.house() {
            return Err(ComplaintError::House);
        }
        if !access::reads(log, &self.device, &self.circle) {
            return Err(ComplaintError::Reader);
        }
        let epoch = epochs.get(&self.circle, self.epoch).ok_or(ComplaintError::Epoch)?;
        // Whoever came later is not led back by complaining.
        let to = Addressee::Device(self.device);
        if access::is_before_horizon(log, &self.circle, &to, epoch.body.log.seq) {
            return Err(ComplaintError::Reader);
        }
        Ok(())
    }

    /// Whether it is shown to this device: to whoever may wrap for the one who complains, and so knows of them.
    #[must_use]
    pub fn is_for(&self, log: &LogState, device: &DeviceId) -> bool {
        *device != self.device && access::may_wrap(log, device, &self.circle, &Addressee::Device(self.device))
    }
}
