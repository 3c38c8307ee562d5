//! What whoever draws steps asks, and what the reckoning comes to.

use std::collections::BTreeMap;

use super::{Act, Families, Kind, Model, Names, Post, Tie, guardians_write};
use crate::custody::Refusal;

impl Model {
    /// Whether somebody belongs, is online and has a device.
    #[must_use]
    pub fn acts(&self, name: &str) -> bool {
        self.persons.get(name).is_some_and(|p| p.belongs && !p.offline) && self.first(name).is_some()
    }

    /// Whether somebody is there at all, offline or not.
    #[must_use]
    pub fn belongs(&self, name: &str) -> bool {
        self.persons.get(name).is_some_and(|p| p.belongs) && self.first(name).is_some()
    }

    /// What somebody is, or was.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.persons.get(name).map(|p| p.kind)
    }

    /// Whether somebody was there and is not.
    #[must_use]
    pub fn is_gone(&self, name: &str) -> bool {
        self.persons.get(name).is_some_and(|p| !p.belongs)
    }

    /// Numbers of somebody's devices that have not ended.
    #[must_use]
    pub fn devices(&self, name: &str) -> Vec<usize> {
        let devices = self.persons.get(name).map(|p| p.devices.as_slice()).unwrap_or_default();
        devices.iter().enumerate().filter(|(_, d)| !d.ended).map(|(n, _)| n).collect()
    }

    /// Of each device of somebody, whether it has emptied itself.
    #[must_use]
    pub fn emptied(&self, name: &str) -> Vec<bool> {
        let devices = self.persons.get(name).map(|p| p.devices.as_slice()).unwrap_or_default();
        devices.iter().map(|device| device.wiped).collect()
    }

    /// Whether somebody's first device, as far as it knows, may write into a circle.
    #[must_use]
    pub fn thinks_it_writes(&self, name: &str, circle: &str) -> bool {
        let device = self.first(name).and_then(|n| self.persons.get(name)?.devices.get(n));
        let staff = self.persons.get(name).is_some_and(|p| p.kind != Kind::Guardian);
        let role = staff || guardians_write(circle);
        role && circle != "intake" && device.is_some_and(|d| d.shows.contains(circle))
    }

    /// A child's group, while it is there.
    #[must_use]
    pub fn group_of(&self, child: &str) -> Option<&str> {
        self.children.get(child).filter(|c| !c.left).map(|c| c.group.as_str())
    }

    /// Whether the house is dissolved.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.over
    }

    /// Whether nobody is to know of a guardian.
    #[must_use]
    pub fn is_protected(&self, name: &str) -> bool {
        self.protected.contains(name)
    }

    /// Whether somebody came protected and is not so any more. Who learns of them once they are again hangs on what was noted between.
    #[must_use]
    pub fn was_hidden(&self, name: &str) -> bool {
        self.came_apart.contains(name) && !self.hidden.contains(name)
    }

    /// Whether somebody is in a circle by name.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.named.values().any(|members| members.contains(name))
    }

    /// Whether there is this circle by name.
    #[must_use]
    pub fn has_named(&self, circle: &str) -> bool {
        self.named.contains_key(circle)
    }

    /// Whether something waits for this director to be online.
    #[must_use]
    pub fn is_decided(&self, by: &str) -> bool {
        self.decided.iter().any(|decided| decided.by == by)
    }

    /// Whether a director may decide this now. Whoever is offline decides about each person and child once.
    #[must_use]
    pub fn may_decide(&self, by: &str, act: &Act) -> bool {
        let about = act.about();
        let own = self.decided.iter().filter(|decided| decided.by == by);
        let again = own.flat_map(|decided| decided.act.about()).any(|one| about.contains(&one));
        let known = |shown: &Families| {
            about.iter().all(|one| shown.groups.contains_key(*one) || shown.belong.contains(*one))
        };
        self.acts(by) || (!again && self.shown(by).is_some_and(known))
    }

    /// Steps that came to nothing, since another director was first.
    #[must_use]
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut lost = self.lost.clone();
        lost.sort_unstable();
        lost.into_iter().map(|step| Refusal { step, reason: "lost_race" }).collect()
    }

    pub(super) fn families(&self) -> Families {
        let groups = self.children.iter().map(|(name, child)| (name.clone(), child.group.clone()));
        Families {
            relations: self.relations.clone(),
            groups: groups.collect(),
            protected: self.protected.clone(),
            belong: self.persons.iter().filter(|(_, p)| p.belongs).map(|(name, _)| name.clone()).collect(),
        }
    }

    /// What somebody's first device knows of families.
    pub(super) fn shown(&self, name: &str) -> Option<&Families> {
        self.first(name).and_then(|n| self.persons.get(name)?.devices.get(n)).map(|device| &device.shown)
    }

    /// What somebody is to a child, as far as a director's device knows; online that is what is so.
    #[must_use]
    pub fn shown_relation(&self, by: &str, name: &str, child: &str) -> Option<Tie> {
        if self.acts(by) {
            return self.relation(name, child);
        }
        self.shown(by)?.relations.get(&(name.to_owned(), child.to_owned())).copied()
    }

    /// Pictures that stand and that somebody sees, and are not shown in this circle.
    #[must_use]
    pub fn pictures(&self, name: &str, circle: &str) -> Vec<String> {
        let seen = |post: &Post| {
            post.photo
                && post.lock.is_some()
                && self.reads(name, &post.circle)
                && post.places().all(|(place, _)| place != circle)
        };
        self.posts.iter().filter(|(_, post)| seen(post)).map(|(id, _)| id.clone()).collect()
    }

    /// Posts that stand, of an author.
    #[must_use]
    pub fn posts_of(&self, name: &str) -> Vec<String> {
        let stands = |p: &Post| p.lock.is_some() && !p.erased && !p.photo;
        let own = self.posts.iter().filter(|(_, p)| p.author == name && stands(p));
        own.map(|(id, _)| id.clone()).collect()
    }

    /// Where something stands.
    #[must_use]
    pub fn circle_of(&self, id: &str) -> &str {
        self.posts.get(id).map_or("", |p| p.circle.as_str())
    }

    // ---- answers ----

    /// Who holds and who reads what was written.
    #[must_use]
    pub fn posts(&self) -> BTreeMap<String, (Names, Names)> {
        let mut all = BTreeMap::new();
        for (id, post) in &self.posts {
            let (mut holders, mut readers) = (Names::new(), Names::new());
            for (name, person) in &self.persons {
                for device in &person.devices {
                    let key =
                        post.places().any(|(circle, lock)| device.keys.contains(&(circle.clone(), lock)));
                    let local = post.lock.is_none() && post.author == *name && device.has.contains(id);
                    if (key || local) && !device.wiped {
                        holders.insert(name.clone());
                    }
                    let staff = person.kind != Kind::Guardian;
                    let open = if staff {
                        let shown = device.shows.contains(&post.circle)
                            || post.also.iter().any(|(circle, _)| device.shows.contains(circle));
                        shown && (person.belongs || !device.told)
                    } else {
                        true
                    };
                    if !device.ended && open && device.has.contains(id) && !device.erased.contains(id) {
                        readers.insert(name.clone());
                    }
                }
            }
            all.insert(id.clone(), (holders, readers));
        }
        all
    }

    /// Who knows of whom.
    #[must_use]
    pub fn knows(&self) -> BTreeMap<String, Names> {
        let mut all = BTreeMap::new();
        for (name, person) in &self.persons {
            let guardian = person.kind == Kind::Guardian;
            let mut knows: Names = person.knows.clone();
            knows.remove(name);
            if guardian {
                knows.retain(|other| self.persons.get(other).is_some_and(|p| p.kind == Kind::Guardian));
            }
            all.insert(name.clone(), knows);
        }
        all
    }
}
