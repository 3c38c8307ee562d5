//! What a scenario comes to: who holds, who reads, who knows.

use std::collections::{BTreeMap, BTreeSet};

use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::log::kind::circle::Sort;

use super::super::{Access, Outcome, evidence};
use super::{Person, Post, Runner};

impl Runner {
    pub(super) fn places(&self, circle: CircleId, item: ItemId, photo: bool) -> BTreeSet<(CircleId, ItemId)> {
        if !photo {
            return BTreeSet::from([(circle, item)]);
        }
        let circles =
            self.world.relay.log().circles().filter(|c| matches!(c.sort, Sort::Group | Sort::Child));
        let circles = circles.map(|c| c.id).chain([circle]).collect();
        evidence::Opened::new(&self.world, &circles).places(circle, item)
    }

    pub(super) fn traces(&self) -> BTreeMap<String, Vec<Vec<u8>>> {
        let trace = |(name, person): (&String, &Person)| {
            (name.clone(), evidence::traces(&self.world, &person.id, &Self::display(name)))
        };
        self.persons.iter().map(trace).collect()
    }

    pub(in crate::custody) fn outcome(&mut self) -> Outcome {
        let mut outcome =
            Outcome { version: 1, posts: BTreeMap::new(), knows: BTreeMap::new(), refusals: Vec::new() };
        if self.director.is_some() {
            let mut circles: BTreeSet<CircleId> = self.posts.values().map(|post| post.circle).collect();
            if self.posts.values().any(|post| post.photo) {
                let log = self.world.relay.log();
                let shared = log.circles().filter(|c| matches!(c.sort, Sort::Group | Sort::Child));
                circles.extend(shared.map(|c| c.id));
            }
            let opened = evidence::Opened::new(&self.world, &circles);
            for (name, post) in &self.posts {
                outcome.posts.insert(name.clone(), self.access(&opened, post));
            }
            outcome.knows = self.knows();
        }
        self.refusals.sort_unstable();
        outcome.refusals.clone_from(&self.refusals);
        outcome
    }

    /// Of each person's devices, whether there is nothing left on them.
    pub(in crate::custody) fn emptied(&self) -> BTreeMap<String, Vec<bool>> {
        let is_empty = |device: &String| self.world.row_count(device, None) <= 1;
        let of = |person: &Person| {
            let halves = person.halves.iter().map(Some).chain(std::iter::repeat(None));
            let both = person.devices.iter().zip(halves);
            both.map(|(device, half)| is_empty(device) && half.is_none_or(is_empty)).collect()
        };
        self.persons.iter().map(|(name, person)| (name.clone(), of(person))).collect()
    }

    fn access(&self, opened: &evidence::Opened, post: &Post) -> Access {
        let places = opened.places(post.circle, post.item);
        let mut access = Access::default();
        for (name, person) in &self.persons {
            if person.all().iter().any(|device| opened.holds(&self.world, device, &places)) {
                access.holders.insert(name.clone());
            }
            let devices = person.all();
            let current = devices.iter().filter(|device| {
                let me = self.world.engine(device).house().me;
                self.world.relay.log().device(&me).is_some_and(|d| d.ended.is_none())
            });
            if current.into_iter().any(|device| evidence::shows(&self.world, device, &places)) {
                access.readers.insert(name.clone());
            }
        }
        access
    }

    fn knows(&self) -> BTreeMap<String, BTreeSet<String>> {
        let everybody = self.traces();
        let mut knows = BTreeMap::new();
        for (name, person) in &self.persons {
            let mut found = evidence::given_away(&self.world, &person.all(), &everybody);
            found.extend(self.given_away.get(name).into_iter().flatten().cloned());
            found.remove(name);
            if !evidence::is_staff(&self.world, &person.id) {
                // Staff are known to all.
                found.retain(|other| {
                    self.persons.get(other).is_some_and(|other| !evidence::is_staff(&self.world, &other.id))
                });
            }
            knows.insert(name.clone(), found);
        }
        knows
    }
}
