//! Where a protected guardian is told what they may read.

use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::state::Circle;

use super::Scene;
use crate::app::item::profile::Profile;

/// Circles that one guardian may come to have so: none of the directors of before may be left.
pub(in crate::app) const APART_MAX: u8 = 8;

/// Id of the circle of a protected guardian: the first 16 bytes of SHA-256(label ‖ person ‖ number).
#[must_use]
pub(in crate::app) fn apart_id(person: &PersonId, n: u8) -> CircleId {
    let hash = sha256(&[b"nestpost/1 apart", &[0], person.as_bytes(), &[n]]);
    CircleId::new(hash.first_chunk::<16>().copied().unwrap_or_default())
}

impl<'a> Scene<'a> {
    /// The circle of a protected guardian, where this device reads it.
    pub(in crate::app) fn apart(&self, person: &PersonId) -> Option<&'a Circle> {
        if !self.house.log.is_protected(person) {
            return None;
        }
        let mut ids = (0..APART_MAX).map(|n| apart_id(person, n));
        ids.find_map(|id| {
            let circle = self.circles(Sort::Guarded).find(|c| c.id == id)?;
            circle.members.contains_key(&Who::Person(*person)).then_some(circle)
        })
    }

    /// Whether somebody is protected, or is to be by what was decided here.
    pub(in crate::app) fn comes_apart(&self, person: &PersonId) -> bool {
        let decided = || {
            let circles: Vec<CircleId> = (0..APART_MAX).map(|n| apart_id(person, n)).collect();
            self.house.decided.iter().any(|edit| circles.contains(&edit.circle))
        };
        self.house.log.is_protected(person) || decided()
    }

    /// Where this person is told what others read elsewhere.
    pub(in crate::app) fn told_apart(&self) -> Option<CircleId> {
        if self.is_guardian() { self.apart(&self.me).map(|c| c.id) } else { None }
    }

    /// A profile of the house, from where this device reads it.
    pub(super) fn house_wide(&self, id: nestpost_protocol::id::ItemId) -> Option<Profile> {
        let circles = self.told_apart().into_iter().chain(self.house.sole(Sort::House));
        circles.into_iter().find_map(|circle| self.profile(&circle, id))
    }
}
