//! What a store keeps of blobs: their manifests, which parts are here, and who holds them. The bytes lie elsewhere.

use nestpost_protocol::blob::{BlobFact, HoldFact, Manifest, Missing};
use nestpost_protocol::id::{BlobId, CircleId, DeviceId, HouseId, RecordId};
use nestpost_protocol::limit;
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::Month;

use crate::clock::Day;

/// Whole days after which a reservation is over if no circle holds the blob.
pub const RESERVATION_DAYS: u16 = 3;

/// A bit for each part that is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts(u32);

// A part without a bit could never be here.
const _: () = assert!(limit::BLOB_PARTS_MAX <= u32::BITS as usize);

impl Parts {
    /// From its stored form.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Only this part; nothing past [`limit::BLOB_PARTS_MAX`].
    #[must_use]
    pub fn only(part: u32) -> Self {
        Self(1_u32.checked_shl(part).unwrap_or(0))
    }

    /// As stored.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether this part is here.
    #[must_use]
    pub fn has(self, part: u32) -> bool {
        self.0 & Self::only(part).0 != 0
    }
}

/// A blob to make room for.
#[derive(Debug, Clone)]
pub struct Reservation {
    /// House.
    pub house: HouseId,
    /// Its id.
    pub blob: BlobId,
    /// What will come.
    pub manifest: Manifest,
    /// For whom.
    pub reserver: DeviceId,
    /// Relay's day.
    pub day: Day,
    /// Parts that came for an earlier reservation do not count.
    pub afresh: bool,
}

/// A blob, as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlob {
    /// What it consists of.
    pub manifest: Manifest,
    /// Which parts are here.
    pub here: Parts,
    /// The device that reserved it last.
    pub reserver: DeviceId,
    /// Day of the reservation; `None` while somebody holds it.
    pub reserved: Option<Day>,
    /// Who holds it.
    pub holds: Vec<HoldFact>,
}

impl StoredBlob {
    /// The parts that are still to come.
    #[must_use]
    pub fn missing(&self) -> Missing {
        let count = u32::try_from(self.manifest.parts.len()).unwrap_or(u32::MAX);
        Missing { parts: (0..count).filter(|part| !self.here.has(*part)).collect() }
    }

    /// Whether it is reserved, and the days of that are not over.
    #[must_use]
    pub fn is_open(&self, today: Day) -> bool {
        self.reserved.is_some_and(|day| !day.is_older_than(RESERVATION_DAYS, today))
    }

    /// What the rules need to know; `None`: neither held nor reserved any more, so there is no such blob.
    #[must_use]
    pub fn fact(&self, today: Day) -> Option<BlobFact> {
        (self.is_open(today) || !self.holds.is_empty()).then(|| BlobFact {
            complete: self.missing().parts.is_empty(),
            reserver: self.reserver,
            holds: self.holds.clone(),
        })
    }
}

/// What a device has reserved and nobody holds yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reserved {
    /// How many blobs.
    pub count: u64,
    /// How large together.
    pub bytes: u64,
}

/// What an admitted record changes about a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobChange {
    /// A circle keeps it. If it does already, the later month counts, and whoever said so first stays the author.
    Hold {
        /// Which.
        blob: BlobId,
        /// Who keeps it.
        hold: HoldFact,
        /// The record.
        record: RecordId,
        /// Month at whose end the hold goes; `None`: until released.
        expires: Option<Month>,
    },
    /// A circle does not keep it any more.
    Release {
        /// Which.
        blob: BlobId,
        /// The circle that held it.
        circle: CircleId,
        /// The side that held it.
        side: Side,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_a_bit_of_its_own_and_none_beyond() {
        let last = u32::try_from(limit::BLOB_PARTS_MAX).unwrap() - 1;
        let all = (0..=last).map(|part| Parts::only(part).bits()).fold(0, |a, b| a ^ b);
        assert_eq!(all, u32::MAX);
        assert_eq!(Parts::only(last + 1).bits(), 0);
        assert!(!Parts::from_bits(u32::MAX).has(last + 1));
    }
}
