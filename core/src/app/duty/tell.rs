//! A protected guardian reads neither the house's circles nor their child's. Devices of the staff who know of them copy what
//! they may read into their own circle: without pictures and files, without a reporter, under ids that follow from the source.

use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::Class;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use super::published_id;
use crate::app::Edit;
use crate::app::item::profile::{self, Profile};
use crate::app::item::{Item, Published, PublishedEnd, Told};
use crate::app::scene::Scene;
use crate::docs::ItemRef;
use crate::time::Timestamp;

/// What is older stays where it is.
const TOLD_MAX: u64 = 31 * 24 * 60 * 60 * 1000;

/// A time that never comes.
const NO_MORE: u64 = u64::MAX;

/// A circle that is told, with what is there already.
struct Telling<'a, 'b> {
    scene: &'a Scene<'b>,
    circle: CircleId,
    there: SortedSet<ItemId>,
    since: u64,
    edits: Vec<Edit>,
}

pub(super) fn tell(scene: &Scene<'_>, now: Timestamp) -> Vec<Edit> {
    let log = &scene.house.log;
    let protected = log.persons().filter(|(id, person)| person.role.is_some() && log.is_protected(id));
    let protected = protected.map(|(id, _)| id);
    let circles = protected.filter_map(|person| Some((person, scene.apart(person)?.id)));
    let mut edits = Vec::new();
    for (person, circle) in circles.filter(|(_, circle)| scene.writes(circle).is_ok()) {
        let there = scene.house.docs.items(&circle).map(|at| at.item).collect();
        let since = now.millis().saturating_sub(TOLD_MAX);
        let mut telling = Telling { scene, circle, there, since, edits: Vec::new() };
        // Who reads with them is no secret from them, and they read no other circle that names the staff.
        if let Some(house) = scene.house.sole(Sort::House) {
            for staff in access::direct_readers(log, &circle) {
                if let Who::Person(id) = staff
                    && id != *person
                {
                    telling.profile(&house, profile::person_id(&id));
                }
            }
        }
        let mut reads = SortedMap::new();
        for child in scene.circles(Sort::Child).map(|c| c.id) {
            let relation = match scene.profile(&circle, profile::relation_id(person, &child)) {
                Some(Profile::Relation { relation, .. }) if relation.is_told() => relation,
                _ => continue,
            };
            // As for everybody else, it is over for them with the child's last day.
            if scene.has_left(&child) {
                continue;
            }
            telling.profile(&child, profile::circle_id(&child));
            if relation.reads_child() {
                reads.insert(child, scene.team_of_staff(&child));
            }
        }
        if let Some(house) = scene.house.sole(Sort::House).filter(|_| !reads.is_empty()) {
            if let Some(id) = &scene.house.id {
                telling.profile(&house, profile::house_id(id));
            }
            telling.bulletins(&house, None, None, since);
            let teams: SortedSet<CircleId> = reads.values().flatten().copied().collect();
            telling.no_more(&teams);
            for team in &teams {
                telling.profile(&house, profile::circle_id(team));
                let since = telling.group_since(team, now).max(since);
                if let Some(group) = scene.group_of(team) {
                    telling.bulletins(&group.id, Some(*team), None, since);
                }
            }
        }
        for child in reads.keys() {
            telling.bulletins(child, None, Some(*child), since);
            telling.absences(child);
        }
        edits.extend(telling.edits);
    }
    edits
}

impl<'b> Telling<'_, 'b> {
    fn put(&mut self, class: Class, item: ItemId, value: &Item) {
        if self.there.insert(item) {
            self.edits.push(Edit { circle: self.circle, class, item, value: value.value() });
        }
    }

    fn profile(&mut self, from: &CircleId, id: ItemId) {
        let Some(said) = self.scene.profile(from, id) else { return };
        if self.scene.profile(&self.circle, id).as_ref() != Some(&said) {
            self.edits.push(Edit { circle: self.circle, class: Class::Long, item: id, value: said.value() });
        }
    }

    fn says_since(&self, team: &CircleId) -> Option<u64> {
        match self.scene.profile(&self.circle, profile::tells_id(team)) {
            Some(Profile::Tells { since }) => Some(since),
            _ => None,
        }
    }

    fn say_since(&mut self, team: &CircleId, since: u64) {
        let (item, value) = (profile::tells_id(team), Profile::Tells { since }.value());
        self.edits.push(Edit { circle: self.circle, class: Class::Long, item, value });
    }

    fn teams(&self) -> impl Iterator<Item = CircleId> {
        let groups = self.scene.house.log.circles().filter(|circle| circle.sort == Sort::Group);
        groups.filter_map(|circle| circle.team)
    }

    /// From when on they are told of a group. Of one that their child comes to from another they hear nothing older, as nobody does.
    fn group_since(&mut self, team: &CircleId, now: Timestamp) -> u64 {
        match self.says_since(team) {
            Some(since) if since != NO_MORE => since,
            _ => {
                let is_first = self.teams().all(|other| self.says_since(&other).is_none());
                let since = if is_first { 0 } else { now.millis() };
                self.say_since(team, since);
                since
            }
        }
    }

    /// Of groups where no child of theirs is they are told no more. Who does not direct does not see all children.
    fn no_more(&mut self, teams: &SortedSet<CircleId>) {
        if self.scene.role != Role::Director {
            return;
        }
        let before: Vec<CircleId> = self.teams().filter(|team| !teams.contains(team)).collect();
        for team in before {
            if self.says_since(&team).is_some_and(|since| since != NO_MORE) {
                self.say_since(&team, NO_MORE);
            }
        }
    }

    fn bulletins(&mut self, from: &CircleId, group: Option<CircleId>, child: Option<CircleId>, since: u64) {
        for (at, item) in self.of_staff(from) {
            let Item::Bulletin(bulletin) = item else { continue };
            let copy = published_id(from, &at.item);
            if self.scene.is_removed(&at) {
                self.end(copy, at.class);
            } else if bulletin.at >= since {
                let (title, body) = (bulletin.title, bulletin.body);
                let told = Told { group, child, title, body, at: bulletin.at };
                self.put(Class::Year, copy, &Item::Told(told));
            }
        }
    }

    fn absences(&mut self, child: &CircleId) {
        for (at, item) in self.of_staff(child) {
            let (kind, from, to) = match item {
                Item::Absence(a) => (a.kind, a.from, a.to),
                Item::Published(p) => (p.kind, p.from, p.to),
                Item::Withdrawal(w) => {
                    self.end(published_id(child, &w.absence), at.class);
                    continue;
                }
                Item::PublishedEnd(end) => {
                    self.end(published_id(child, &end.absence), at.class);
                    continue;
                }
                _ => continue,
            };
            if to.start() >= self.since {
                let copy = Published { child: *child, kind, from, to, reporter: None };
                self.put(at.class, published_id(child, &at.item), &Item::Published(copy));
            }
        }
    }

    fn end(&mut self, copy: ItemId, class: Class) {
        if self.there.contains(&copy) {
            let end = Item::PublishedEnd(PublishedEnd { absence: copy });
            self.put(class, published_id(&self.circle, &copy), &end);
        }
    }

    fn of_staff(&self, circle: &CircleId) -> Vec<(ItemRef<'b>, Item)> {
        self.scene.items(circle).filter(|(at, _)| at.side == Side::Staff).collect()
    }
}
