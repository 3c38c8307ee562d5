//! Where a protected guardian is told what they may read.

use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::state::Circle;

use super::Scene;
use crate::app::item::profile::{self, Profile};

impl<'a> Scene<'a> {
    /// The circle of a protected guardian, where this device reads it: the one they read, or last read.
    pub(in crate::app) fn apart(&self, person: &PersonId) -> Option<&'a Circle> {
        if !self.house.log.is_protected(person) {
            return None;
        }
        let reads = |circle: &&Circle| circle.members.contains_key(&Who::Person(*person));
        self.made_for(person).find(reads).or_else(|| self.made_for(person).last())
    }

    /// Circles that were made for a guardian's protection, now or before, where this device reads them; the oldest first.
    pub(in crate::app) fn made_for(&self, person: &PersonId) -> impl Iterator<Item = &'a Circle> {
        let is = |circle: &&Circle| {
            let said = self.profile(&circle.id, profile::circle_id(&circle.id));
            matches!(said, Some(Profile::Guarded { protects: Some(protects), .. }) if protects == *person)
        };
        let mut circles: Vec<&Circle> = self.circles(Sort::Guarded).filter(is).collect();
        circles.sort_by_key(|circle| circle.seq);
        circles.into_iter()
    }

    /// Whether somebody is protected, or is to be by what was decided here.
    pub(in crate::app) fn comes_apart(&self, person: &PersonId) -> bool {
        let decided = || {
            self.house.decided.iter().any(|edit| {
                let protects = match Profile::read(&edit.value) {
                    Some(Profile::Guarded { protects, .. }) => protects,
                    _ => None,
                };
                protects.as_ref() == Some(person) || self.made_for(person).any(|c| c.id == edit.circle)
            })
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
