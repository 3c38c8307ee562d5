//! Who ought to hold, read and know what: a deliberately naive reckoning that shares nothing with the protocol.
//!
//! There are no entries, epochs or wraps here, only people, what they are to each other, *locks* (a circle has a new one
//! whenever somebody who may have the old one is no longer to read) and what each device was given when it last met the
//! relay. It knows the verbs that [`super::random`] draws; offline people do nothing but write, and directors decide about each
//! person and child once.

mod deeds;
mod questions;
mod verbs;

use std::collections::{BTreeMap, BTreeSet};

use nestpost_core::app::command::Custody;

type Names = BTreeSet<String>;

/// What a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Directs.
    Director,
    /// Educates.
    Educator,
    /// Of children.
    Guardian,
}

/// What somebody is to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// Who they care for it with; [`Custody::None`]: they do not.
    pub custody: Custody,
    /// They are to be told.
    pub information: bool,
    /// They may collect it, which opens nothing.
    pub collect: bool,
    /// It lives with them, which opens nothing.
    pub lives_with: bool,
}

impl Tie {
    /// Reads what is written about the child.
    fn reads(self) -> bool {
        self.custody != Custody::None && self.information
    }
}

#[derive(Debug, Clone, Default)]
struct Device {
    ended: bool,
    wiped: bool,
    told: bool,
    /// Locks it has the key of.
    keys: BTreeSet<(String, usize)>,
    /// What it was given, or wrote.
    has: Names,
    /// What it knows to be taken back.
    erased: Names,
    /// Circles it thinks that it reads.
    shows: Names,
    /// Written and not sent.
    waits: Vec<String>,
    /// What it knows of families, where it is a director's.
    shown: Families,
}

/// What decisions rest on.
#[derive(Debug, Clone, Default)]
struct Families {
    relations: BTreeMap<(String, String), Tie>,
    groups: BTreeMap<String, String>,
    protected: Names,
    belong: Names,
}

/// What waits for a director to be online: with what was so for them, and in which step it was decided.
#[derive(Debug, Clone)]
struct Decided {
    by: String,
    act: Act,
    rests_on: String,
    step: usize,
}

#[derive(Debug, Clone)]
struct Person {
    kind: Kind,
    groups: Vec<String>,
    belongs: bool,
    offline: bool,
    devices: Vec<Device>,
    knows: Names,
}

#[derive(Debug, Clone)]
struct Child {
    group: String,
    left: bool,
    /// Guardians whose names stand in its circle.
    named: Names,
}

/// A device: whose, and which.
type Line = (String, usize);

#[derive(Debug, Clone, Default)]
struct Lock {
    /// Whoever may have the key.
    given: BTreeSet<Line>,
    /// Sets by whose own keys it can be opened, with whoever may have those.
    named: BTreeMap<String, BTreeSet<Line>>,
    /// The keys of one of them were renewed.
    worn: bool,
    /// Nobody has made its key yet: whoever named the circle's members is none of them.
    unmade: bool,
    /// Of a circle of persons by name: for whom it was made. Whoever writes there next makes another where a device came.
    listed: BTreeSet<Line>,
    /// Whoever comes later gets no older key, but these and staff.
    horizon: Option<Names>,
    /// Who of these came from elsewhere with it: devices that they get later, by number, are given no older key by themselves.
    cut: BTreeMap<String, usize>,
}

#[derive(Debug, Clone)]
struct Post {
    circle: String,
    author: String,
    /// None: it never reached the relay.
    lock: Option<usize>,
    /// Where else a picture was shown.
    also: Vec<(String, usize)>,
    photo: bool,
    erased: bool,
}

/// The house.
#[derive(Debug, Clone, Default)]
pub struct Model {
    persons: BTreeMap<String, Person>,
    groups: Vec<String>,
    children: BTreeMap<String, Child>,
    /// By guardian and child.
    relations: BTreeMap<(String, String), Tie>,
    /// (guardian, child) who were ever to be told: there is a circle for that.
    threads: BTreeSet<(String, String)>,
    /// Threads in which the child's name stands.
    titled: Names,
    locks: BTreeMap<String, Vec<Lock>>,
    /// Of each group's parents: whoever may have their present keys.
    parents: BTreeMap<String, BTreeSet<Line>>,
    posts: BTreeMap<String, Post>,
    /// Of circles that are by name: who is in them.
    named: BTreeMap<String, Names>,
    /// Whoever was ever elected.
    elected: Names,
    protected: Names,
    /// Who came as somebody protected.
    came_apart: Names,
    /// Of these, who always was: only directors know of them.
    hidden: Names,
    /// Nothing is written any more.
    over: bool,
    /// Decided offline, by directors.
    decided: Vec<Decided>,
    /// Steps that came to nothing.
    lost: Vec<usize>,
    /// Steps so far.
    steps: usize,
}

/// What a director decides, offline perhaps.
#[derive(Debug, Clone)]
pub enum Act {
    /// What somebody is to a child.
    Relate(String, String, Tie),
    /// A child changes groups.
    Move(String, String),
    /// A child leaves.
    Leave(String),
    /// Somebody's time is over.
    Remove(String),
    /// Nobody is to know of a guardian, or everybody again.
    Protect(String, bool),
}

impl Post {
    /// Every place with its lock.
    fn places(&self) -> impl Iterator<Item = (&String, usize)> {
        let first = self.lock.map(|lock| (&self.circle, lock));
        first.into_iter().chain(self.also.iter().map(|(circle, lock)| (circle, *lock)))
    }
}

impl Model {
    // ---- who ought to read ----

    /// Sets of readers of a circle: it is locked for each of them.
    fn sets(&self, circle: &str) -> Names {
        let teams = || self.groups.iter().map(|g| format!("team:{g}"));
        let parents = || self.groups.iter().map(|g| format!("parents:{g}"));
        let mut parts = circle.split(':');
        let sort = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let team_of = |child: &str| self.children.get(child).map(|c| format!("team:{}", c.group));
        match (sort, rest.as_slice()) {
            ("house", _) => teams().chain(parents()).chain(["directors".to_owned()]).collect(),
            ("staff" | "intake", _) => teams().chain(["directors".to_owned()]).collect(),
            ("group", [group]) => [format!("team:{group}"), format!("parents:{group}")].into(),
            ("child", [child]) => team_of(child).into_iter().chain([format!("custody:{child}")]).collect(),
            ("guarded" | "council", _) => [format!("named:{circle}")].into(),
            ("private", [guardian, child]) => {
                let apart = self.protected.contains(*guardian);
                let house = if apart { Some("directors".to_owned()) } else { team_of(child) };
                house.into_iter().chain([format!("told:{guardian}:{child}")]).collect()
            }
            _ => Names::new(),
        }
    }

    fn in_set(&self, name: &str, set: &str) -> bool {
        let Some(person) = self.persons.get(name).filter(|p| p.belongs) else { return false };
        let mut parts = set.split(':');
        let sort = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let right = |child: &str| {
            let present = self.children.get(child).is_some_and(|c| !c.left);
            let relation = self.relations.get(&(name.to_owned(), child.to_owned())).copied();
            relation.filter(|_| present)
        };
        let apart = self.protected.contains(name);
        match (sort, rest.as_slice()) {
            ("directors", _) => person.kind == Kind::Director,
            ("team", [group]) => {
                person.kind == Kind::Director || person.groups.iter().any(|one| one == group)
            }
            ("parents", [group]) => self.children.iter().any(|(child, known)| {
                !apart && known.group == *group && right(child).is_some_and(Tie::reads)
            }),
            ("custody", [child]) => !apart && right(child).is_some_and(Tie::reads),
            ("named", _) => {
                self.named.get(set.trim_start_matches("named:")).is_some_and(|all| all.contains(name))
            }
            ("told", [guardian, child]) => {
                *guardian == name && right(child).is_some_and(|tie| tie.information)
            }
            _ => false,
        }
    }

    /// Whether somebody is to read a circle now.
    #[must_use]
    pub fn reads(&self, name: &str, circle: &str) -> bool {
        self.sets(circle).iter().any(|set| self.in_set(name, set))
    }

    /// Whether somebody may write into a circle now.
    #[must_use]
    pub fn writes(&self, name: &str, circle: &str) -> bool {
        let staff = self.persons.get(name).is_some_and(|p| p.kind != Kind::Guardian);
        let writes = staff || guardians_write(circle);
        // Outsiders write there.
        self.reads(name, circle) && writes && circle != "intake" && !self.over
    }

    /// Every circle.
    #[must_use]
    pub fn circles(&self) -> Names {
        let mut all: Names = ["house", "staff", "intake"].map(str::to_owned).into();
        all.extend(self.groups.iter().map(|g| format!("group:{g}")));
        all.extend(self.children.keys().map(|c| format!("child:{c}")));
        all.extend(self.threads.iter().map(|(g, c)| format!("private:{g}:{c}")));
        all.extend(self.named.keys().cloned());
        all
    }

    // ---- locks ----

    fn lines(&self, is: impl Fn(&str) -> bool) -> BTreeSet<Line> {
        let mut all = BTreeSet::new();
        for (name, person) in self.persons.iter().filter(|(name, _)| is(name)) {
            let live = person.devices.iter().enumerate().filter(|(_, d)| !d.ended);
            all.extend(live.map(|(n, _)| (name.clone(), n)));
        }
        all
    }

    /// Who has the keys of a set: parents share theirs with the team of the group.
    fn keepers(&self, set: &str) -> BTreeSet<Line> {
        let team = set.strip_prefix("parents:").map(|group| format!("team:{group}"));
        self.lines(|name| self.in_set(name, set) || team.as_ref().is_some_and(|team| self.in_set(name, team)))
    }

    /// After a change: who is to read now may have the present keys.
    fn give(&mut self) {
        for group in self.groups.clone() {
            let keepers = self.keepers(&format!("parents:{group}"));
            self.parents.entry(format!("parents:{group}")).or_default().extend(keepers);
        }
        for circle in self.circles() {
            if !self.locks.contains_key(&circle) {
                let named = self.key_sets(&circle).into_iter().map(|set| (set, BTreeSet::new())).collect();
                let unmade = self.named.contains_key(&circle);
                self.locks.insert(circle.clone(), vec![Lock { named, unmade, ..Lock::default() }]);
            }
            let readers = self.lines(|name| self.reads(name, &circle));
            let named: Names = self.last(&circle).named.keys().cloned().collect();
            let kept: Vec<_> = named.into_iter().map(|set| (self.keepers(&set), set)).collect();
            let Some(lock) = self.locks.get_mut(&circle).and_then(|locks| locks.last_mut()) else { continue };
            lock.given.extend(readers);
            for (keepers, set) in kept {
                lock.named.entry(set).or_default().extend(keepers);
            }
        }
    }

    fn last(&self, circle: &str) -> Lock {
        self.locks.get(circle).and_then(|locks| locks.last()).cloned().unwrap_or_default()
    }

    /// Sets with keys of their own.
    fn key_sets(&self, circle: &str) -> Names {
        let own = |set: &String| ["directors", "team:", "parents:"].iter().any(|sort| set.starts_with(sort));
        self.sets(circle).into_iter().filter(own).collect()
    }

    /// Whether somebody may have the present key who is not to read any more.
    #[must_use]
    pub fn is_worn(&self, circle: &str) -> bool {
        let lock = self.last(circle);
        let readers = self.lines(|name| self.reads(name, circle));
        let sets = self.sets(circle);
        let has_strangers =
            self.named.contains_key(circle) && !lock.unmade && !readers.is_subset(&lock.listed);
        lock.worn
            || has_strangers
            || !lock.given.is_subset(&readers)
            || lock
                .named
                .iter()
                .any(|(set, given)| !sets.contains(set) || !given.is_subset(&self.keepers(set)))
    }

    /// The lock that something written now is under.
    fn lock(&mut self, by: &str, circle: &str) -> usize {
        if self.is_worn(circle) {
            self.renew(by, circle, None);
        }
        self.make(circle);
        self.locks.get(circle).map_or(0, |locks| locks.len().saturating_sub(1))
    }

    /// There are keys now.
    fn make(&mut self, circle: &str) {
        let listed = self.lines(|name| self.reads(name, circle));
        for lock in self.locks.get_mut(circle).into_iter().flatten() {
            if std::mem::take(&mut lock.unmade) {
                lock.listed.clone_from(&listed);
            }
        }
    }

    fn renew_parents(&mut self, set: &str) {
        let keepers = self.keepers(set);
        self.parents.insert(set.to_owned(), keepers);
        for lock in self.locks.values_mut().filter_map(|locks| locks.last_mut()) {
            lock.worn |= lock.named.contains_key(set);
        }
    }

    fn renew(&mut self, by: &str, circle: &str, horizon: Option<Names>) {
        let mut named = BTreeMap::new();
        for set in self.key_sets(circle) {
            if let Some(group) = set.strip_prefix("parents:") {
                let fresh = self.parents.get(&set).is_none_or(|given| given.is_subset(&self.keepers(&set)));
                // Who works elsewhere cannot renew them, and gives the key to each of the parents instead.
                if !fresh && !self.in_set(by, &format!("team:{group}")) {
                    continue;
                }
                if !fresh {
                    self.renew_parents(&set);
                }
            }
            named.insert(set, BTreeSet::new());
        }
        let listed = self.lines(|name| self.reads(name, circle));
        let lock = Lock { named, horizon, listed, ..Lock::default() };
        self.locks.entry(circle.to_owned()).or_default().push(lock);
        self.give();
    }

    // ---- devices meet the relay ----

    fn meet(&mut self, devices: &[(String, usize)]) {
        for (name, n) in devices {
            self.send(name, *n);
        }
        for (name, n) in devices {
            self.take(name, *n);
        }
    }

    fn send(&mut self, name: &str, n: usize) {
        let Some(device) = self.persons.get_mut(name).and_then(|p| p.devices.get_mut(n)) else { return };
        if device.ended {
            return;
        }
        let waits = std::mem::take(&mut device.waits);
        // Who belongs goes out before what was written.
        for decided in std::mem::take(&mut self.decided) {
            if decided.by == name {
                self.look_again(&decided);
            } else {
                self.decided.push(decided);
            }
        }
        for id in waits {
            let Some(circle) = self.posts.get(&id).map(|post| post.circle.clone()) else { continue };
            if !self.writes(name, &circle) {
                continue;
            }
            let lock = self.lock(name, &circle);
            if let Some(post) = self.posts.get_mut(&id) {
                post.lock = Some(lock);
            }
        }
        // Outsiders cannot renew it.
        let staff = self.persons.get(name).is_some_and(|p| p.kind != Kind::Guardian);
        if staff && self.reads(name, "intake") && !self.over {
            self.lock(name, "intake");
        }
    }

    fn take(&mut self, name: &str, n: usize) {
        let readable: Names = self.circles().into_iter().filter(|circle| self.reads(name, circle)).collect();
        let Some(person) = self.persons.get(name) else { return };
        let (belongs, kind) = (person.belongs, person.kind);
        let families = if kind == Kind::Director { self.families() } else { Families::default() };
        let mut knows = Names::new();
        if belongs && kind == Kind::Guardian {
            for circle in &readable {
                let child = circle.strip_prefix("child:").and_then(|c| self.children.get(c));
                knows.extend(child.into_iter().flat_map(|c| c.named.iter().cloned()));
            }
            // What was said of it up to their end, whether they heard it in time or not.
            if self.elected.contains(name) {
                knows.extend(self.elected.iter().cloned());
            }
        } else if belongs {
            let told = |other: &&String| kind == Kind::Director || !self.hidden.contains(*other);
            knows.extend(self.persons.keys().filter(told).cloned());
        }
        let mut keys = BTreeSet::new();
        for circle in &readable {
            let Some(locks) = self.locks.get(circle) else { continue };
            let mut leads = true;
            for (number, lock) in locks.iter().enumerate().rev() {
                if leads && !lock.unmade {
                    keys.insert((circle.clone(), number));
                }
                if let Some(there) = lock.horizon.as_ref().filter(|_| kind == Kind::Guardian) {
                    leads = there.contains(name) && lock.cut.get(name).is_none_or(|devices| n < *devices);
                }
            }
        }
        let Some(device) = self.persons.get_mut(name).and_then(|p| p.devices.get_mut(n)) else { return };
        if device.ended {
            *device = Device { ended: true, wiped: true, told: true, ..Device::default() };
            return;
        }
        if !belongs {
            device.told = true;
            return;
        }
        device.keys.extend(keys);
        device.shows = readable;
        device.shown = families;
        for (id, post) in &self.posts {
            let mut places = post.places();
            if places.any(|(circle, lock)| {
                device.shows.contains(circle) && device.keys.contains(&(circle.clone(), lock))
            }) {
                device.has.insert(id.clone());
                if post.erased {
                    device.erased.insert(id.clone());
                }
            }
        }
        if let Some(person) = self.persons.get_mut(name) {
            person.knows.extend(knows);
        }
    }

    fn first(&self, name: &str) -> Option<usize> {
        self.persons.get(name)?.devices.iter().position(|d| !d.ended)
    }

    /// The first device of whoever acts, if they are online.
    fn line(&self, name: &str) -> Vec<(String, usize)> {
        let online = self.persons.get(name).is_some_and(|p| !p.offline);
        self.first(name).filter(|_| online).map(|n| (name.to_owned(), n)).into_iter().collect()
    }
}

/// Where not the staff alone write.
fn guardians_write(circle: &str) -> bool {
    circle == "council" || ["private:", "guarded:"].iter().any(|sort| circle.starts_with(sort))
}
