//! What members say that they cannot open. In memory only, and bounded: it is said again with each login.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use nestpost_protocol::complaint::{Complaint, ComplaintHead};
use nestpost_protocol::epoch::{Addressee, WrapHead};
use nestpost_protocol::id::DeviceId;
use nestpost_protocol::limit;
use nestpost_protocol::log::LogState;

/// The complaints of a house.
#[derive(Debug, Default)]
pub(crate) struct Complaints(Mutex<BTreeMap<ComplaintHead, Complaint>>);

impl Complaints {
    fn all(&self) -> MutexGuard<'_, BTreeMap<ComplaintHead, Complaint>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is news. Beyond what is kept of one circle, nothing is; what no longer `holds` makes room.
    pub(crate) fn note(
        &self,
        head: ComplaintHead,
        complaint: Complaint,
        holds: impl Fn(&ComplaintHead) -> bool,
    ) -> bool {
        let mut all = self.all();
        if all.contains_key(&head) {
            return false;
        }
        let of_circle = |all: &BTreeMap<ComplaintHead, Complaint>| {
            all.keys().filter(|known| known.circle == head.circle).count()
        };
        if of_circle(&all) >= limit::COMPLAINTS_MAX {
            all.retain(|known, _| holds(known));
        }
        let has_room = of_circle(&all) < limit::COMPLAINTS_MAX;
        if has_room {
            all.insert(head, complaint);
        }
        has_room
    }

    /// Wraps came: whoever they are for may complain again.
    pub(crate) fn settle<'a>(&self, wraps: impl Iterator<Item = &'a WrapHead>) {
        let mut all = self.all();
        if all.is_empty() {
            return;
        }
        for wrap in wraps {
            if let Addressee::Device(device) = wrap.addressee {
                all.retain(|head, _| {
                    (head.circle, head.epoch, head.device) != (wrap.circle, wrap.epoch, device)
                });
            }
        }
    }

    /// Those that this device may help with.
    pub(crate) fn shown_to(&self, log: &LogState, device: &DeviceId) -> Vec<(ComplaintHead, Complaint)> {
        let all = self.all();
        let shown = all.iter().filter(|(head, _)| head.is_for(log, device));
        shown.map(|(head, complaint)| (*head, complaint.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use nestpost_protocol::id::{CircleId, HouseId, Signature};

    use super::*;

    #[test]
    fn of_one_circle_no_more_is_kept_than_the_limit_and_what_is_over_makes_room() {
        let head = |circle: u8, n: usize| ComplaintHead {
            house: HouseId::new([1; 32]),
            circle: CircleId::new([circle; 16]),
            epoch: u32::try_from(n).unwrap(),
            device: DeviceId::new([3; 32]),
        };
        let said = || Complaint { head: Vec::new().into(), signature: Signature::new([0; 64]) };
        let complaints = Complaints::default();
        for n in 0..limit::COMPLAINTS_MAX {
            assert!(complaints.note(head(1, n), said(), |_| true));
        }
        assert!(!complaints.note(head(1, 0), said(), |_| true), "known");
        assert!(!complaints.note(head(1, limit::COMPLAINTS_MAX), said(), |_| true), "no room");
        assert!(complaints.note(head(2, 0), said(), |_| true), "room for another circle");
        assert!(complaints.note(head(1, limit::COMPLAINTS_MAX), said(), |old| old.epoch > 0));
        assert_eq!(complaints.all().len(), limit::COMPLAINTS_MAX);
    }
}
