//! What a device may do with blobs: room for one, its parts, its bytes. Asked of the log and the store each time; the
//! house in memory keeps nothing of blobs but their weight.

use std::sync::PoisonError;

use nestpost_protocol::access;
use nestpost_protocol::blob::{self, Manifest, Missing};
use nestpost_protocol::id::{BlobId, CircleId, DeviceId, PersonId};
use nestpost_protocol::log::LogState;
use nestpost_protocol::log::kind::role::Role;

use super::{Desk, House};
use crate::store::{Elsewhere, Reservation, StoreError, StoredBlob};

/// Why a device does not get what it asks for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BlobError {
    /// No right, no blob, no reservation: one and the same.
    #[error("no such blob")]
    NotFound,
    /// Too much is reserved already.
    #[error("too many reservations are open")]
    Busy,
    /// The house, or this guardian's day, has no room.
    #[error("no room is left")]
    Quota,
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl House {
    /// Makes room for a blob; the same again is the same room. Returns the parts that are still to come.
    pub(crate) async fn reserve(
        &self,
        desk: &Desk<'_>,
        device: DeviceId,
        circle: CircleId,
        manifest: Manifest,
    ) -> Result<Missing, BlobError> {
        let _door = self.admission.lock().await;
        let _gate = desk.gate.read().await;
        let log = self.state().log.clone();
        let (person, role) = access::role_of(&log, &device).ok_or(BlobError::NotFound)?;
        access::side_of(&log, &device, &circle).ok_or(BlobError::NotFound)?;
        if self.state().elsewhere != Elsewhere::Here {
            return Err(BlobError::Busy);
        }
        let (id, today) = (manifest.id(), desk.clock.day());
        let known = self.find(desk, id).await?;
        let own = known.as_ref().is_some_and(|known| person_of(&log, &known.reserver) == Some(person));
        if let Some(known) = &known {
            let held = known.fact(today).filter(|fact| !fact.holds.is_empty());
            if let Some(fact) = held {
                let may = own || blob::may_fetch(&log, &device, &fact);
                return if may { Ok(known.missing()) } else { Err(BlobError::NotFound) };
            }
            if known.is_open(today) && !own {
                return Err(BlobError::NotFound);
            }
        }
        let open = known.as_ref().is_some_and(|known| known.is_open(today) && known.reserver == device);
        if !open {
            self.check_reservations(desk, device, &manifest).await?;
        }
        if known.is_none() && self.state().bytes.saturating_add(manifest.bytes) > desk.quota_bytes {
            return Err(BlobError::Quota);
        }
        // Last, since it is not given back.
        if !own && role == Role::Guardian && !desk.rates.guardian_may(&person, manifest.bytes) {
            return Err(BlobError::Quota);
        }
        let missing = match &known {
            Some(known) if own => known.missing(),
            _ => Missing { parts: (0..).zip(&manifest.parts).map(|(part, _)| part).collect() },
        };
        let reservation =
            Reservation { house: self.id, blob: id, manifest, reserver: device, day: today, afresh: !own };
        let grown = desk.store.reserve(reservation).await?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.bytes = state.bytes.saturating_add(grown);
        Ok(missing)
    }

    /// What one device may have reserved at a time.
    async fn check_reservations(
        &self,
        desk: &Desk<'_>,
        device: DeviceId,
        manifest: &Manifest,
    ) -> Result<(), BlobError> {
        let reserved = desk.store.reserved(self.id, device, desk.clock.day()).await?;
        let bytes_max = u64::from(desk.limits.device_reserved_mib_max) << 20;
        let fits = reserved.count < desk.limits.device_reservations_max
            && reserved.bytes.saturating_add(manifest.bytes) <= bytes_max;
        if fits { Ok(()) } else { Err(BlobError::Busy) }
    }

    /// The blob of which this device may hand in a part: its person has reserved it.
    pub(crate) async fn uploading(
        &self,
        desk: &Desk<'_>,
        device: DeviceId,
        id: BlobId,
        part: u32,
    ) -> Result<StoredBlob, BlobError> {
        let known = self.find(desk, id).await?.ok_or(BlobError::NotFound)?;
        let log = self.state().log.clone();
        let (person, _) = access::role_of(&log, &device).ok_or(BlobError::NotFound)?;
        let own = person_of(&log, &known.reserver) == Some(person);
        let there = known.is_open(desk.clock.day()) || (known.reserved.is_none() && known.here.has(part));
        if own && there { Ok(known) } else { Err(BlobError::NotFound) }
    }

    /// The blob whose bytes this device may be given.
    pub(crate) async fn fetching(
        &self,
        desk: &Desk<'_>,
        device: DeviceId,
        id: BlobId,
    ) -> Result<StoredBlob, BlobError> {
        let known = self.find(desk, id).await?.ok_or(BlobError::NotFound)?;
        let fact = known.fact(desk.clock.day()).filter(|fact| fact.complete);
        let may = fact.is_some_and(|fact| blob::may_fetch(&self.state().log, &device, &fact));
        if may { Ok(known) } else { Err(BlobError::NotFound) }
    }

    async fn find(&self, desk: &Desk<'_>, id: BlobId) -> Result<Option<StoredBlob>, StoreError> {
        Ok(desk.store.blobs(self.id, &[id]).await?.pop().map(|(_, known)| known))
    }

    /// Whether this is a device of somebody with a role.
    pub(crate) fn has_member(&self, device: &DeviceId) -> bool {
        access::role_of(&self.state().log, device).is_some()
    }
}

fn person_of(log: &LogState, device: &DeviceId) -> Option<PersonId> {
    log.device(device).map(|known| known.person)
}
