//! Who ought to hold, read and know what: a deliberately naive reckoning that shares nothing with the protocol.
//!
//! There are no entries, epochs or wraps here, only people, what they are to each other, *locks* (a circle has a new one
//! whenever somebody who may have the old one is no longer to read) and what each device was given when it last met the
//! relay. It knows the verbs that [`super::random`] draws; offline people do nothing but write, and a director decides one
//! thing at a time.

use std::collections::{BTreeMap, BTreeSet};

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
}

#[derive(Debug, Clone)]
struct Person {
    kind: Kind,
    group: Option<String>,
    belongs: bool,
    offline: bool,
    devices: Vec<Device>,
    knows: Names,
}

#[derive(Debug, Clone)]
struct Child {
    group: String,
    left: bool,
    /// Guardians who were named in its circle.
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
    /// (guardian, child): custody, information.
    relations: BTreeMap<(String, String), (bool, bool)>,
    /// (guardian, child) who were ever to be told: there is a circle for that.
    threads: BTreeSet<(String, String)>,
    locks: BTreeMap<String, Vec<Lock>>,
    /// Of each group's parents: whoever may have their present keys.
    parents: BTreeMap<String, BTreeSet<Line>>,
    posts: BTreeMap<String, Post>,
    /// Of circles that are by name: who is in them.
    named: BTreeMap<String, Names>,
    /// Whoever was ever elected.
    elected: Names,
    protected: Names,
    /// Decided offline, by a director.
    decided: Vec<(String, Act)>,
}

/// What a director decides, offline perhaps.
#[derive(Debug, Clone)]
pub enum Act {
    /// What somebody is to a child: custody, information.
    Relate(String, String, bool, bool),
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
            ("staff", _) => teams().chain(["directors".to_owned()]).collect(),
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
            relation.filter(|_| present).unwrap_or((false, false))
        };
        let apart = self.protected.contains(name);
        match (sort, rest.as_slice()) {
            ("directors", _) => person.kind == Kind::Director,
            ("team", [group]) => person.kind == Kind::Director || person.group.as_deref() == Some(*group),
            ("parents", [group]) => self
                .children
                .iter()
                .any(|(child, known)| !apart && known.group == *group && right(child) == (true, true)),
            ("custody", [child]) => !apart && right(child) == (true, true),
            ("named", _) => {
                self.named.get(set.trim_start_matches("named:")).is_some_and(|all| all.contains(name))
            }
            ("told", [guardian, child]) => *guardian == name && right(child).1,
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
        self.reads(name, circle) && (staff || circle.starts_with("private:") || circle == "council")
    }

    /// Every circle.
    #[must_use]
    pub fn circles(&self) -> Names {
        let mut all: Names = ["house".to_owned(), "staff".to_owned()].into();
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
                self.locks.insert(circle.clone(), vec![Lock { named, ..Lock::default() }]);
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
        lock.worn
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
        self.locks.get(circle).map_or(0, |locks| locks.len().saturating_sub(1))
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
        let lock = Lock { named, horizon, ..Lock::default() };
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
        for (by, act) in std::mem::take(&mut self.decided) {
            if by == name {
                self.carry_out(name, &act);
            } else {
                self.decided.push((by, act));
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
    }

    fn take(&mut self, name: &str, n: usize) {
        let readable: Names = self.circles().into_iter().filter(|circle| self.reads(name, circle)).collect();
        let Some(person) = self.persons.get(name) else { return };
        let (belongs, kind) = (person.belongs, person.kind);
        let mut knows = Names::new();
        if belongs && kind == Kind::Guardian {
            for circle in &readable {
                let child = circle.strip_prefix("child:").and_then(|c| self.children.get(c));
                knows.extend(child.into_iter().flat_map(|c| c.named.iter().cloned()));
                if circle == "council" {
                    knows.extend(self.elected.iter().cloned());
                }
            }
        } else if belongs {
            knows.extend(self.persons.keys().cloned());
        }
        let mut keys = BTreeSet::new();
        for circle in &readable {
            let Some(locks) = self.locks.get(circle) else { continue };
            let mut leads = true;
            for (number, lock) in locks.iter().enumerate().rev() {
                if leads {
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

    // ---- what happens ----

    /// Something happens at the relay, by the first device of somebody who is online; it is noted in these circles.
    fn at_relay(&mut self, by: &str, notes: &[&str], change: impl FnOnce(&mut Self)) {
        let line = self.line(by);
        self.meet(&line);
        change(self);
        self.give();
        for circle in notes {
            self.lock(by, circle);
        }
        self.meet(&line);
    }

    /// Somebody is admitted, with a device.
    pub fn admit(&mut self, by: &str, name: &str, kind: Kind, group: Option<&str>) {
        let person = Person {
            kind,
            group: group.map(str::to_owned),
            belongs: true,
            offline: false,
            devices: vec![Device::default()],
            knows: Names::new(),
        };
        // A letter for everybody, a name for staff.
        let notes: &[&str] = if kind == Kind::Guardian { &["staff"] } else { &["staff", "house"] };
        self.at_relay(by, notes, |this| {
            this.persons.insert(name.to_owned(), person);
        });
        self.meet(&[(name.to_owned(), 0)]);
    }

    /// A group.
    pub fn group(&mut self, by: &str, name: &str) {
        self.at_relay(by, &["house"], |this| this.groups.push(name.to_owned()));
    }

    /// A child.
    pub fn child(&mut self, by: &str, name: &str, group: &str) {
        let child = Child { group: group.to_owned(), left: false, named: Names::new() };
        let circle = format!("child:{name}");
        self.at_relay(by, &[&circle], |this| {
            this.children.insert(name.to_owned(), child);
        });
    }

    /// What somebody is to a child; admits them if they are new.
    pub fn relate(&mut self, by: &str, name: &str, child: &str, custody: bool, information: bool) {
        let is_new = !self.persons.contains_key(name);
        let change = |this: &mut Self| this.set_relation(name, child, custody, information);
        if is_new {
            let line = self.line(by);
            self.meet(&line);
            self.admit(by, name, Kind::Guardian, None);
            change(self);
            self.give();
            self.note_guardian(by, (name, child), custody, information);
            self.meet(&line);
            self.meet(&[(name.to_owned(), 0)]);
        } else {
            let named = self.locks.contains_key(&format!("private:{name}:{child}"));
            self.at_relay(by, &["staff"], change);
            if !named {
                self.note_guardian(by, (name, child), custody, information);
                self.meet(&self.line(by));
            }
        }
    }

    /// They are here anew: as far back as they ever read.
    fn uncut(&mut self, name: &str) {
        for lock in self.locks.values_mut().flatten() {
            lock.cut.remove(name);
        }
    }

    /// Their name stands in their thread, and in the child's circle if they read it.
    fn note_guardian(&mut self, by: &str, (name, child): (&str, &str), custody: bool, information: bool) {
        if information {
            self.lock(by, &format!("private:{name}:{child}"));
        }
        if custody && information {
            self.lock(by, &format!("child:{child}"));
        }
    }

    /// What somebody is to a child: custody, information.
    #[must_use]
    pub fn relation(&self, name: &str, child: &str) -> Option<(bool, bool)> {
        self.relations.get(&(name.to_owned(), child.to_owned())).copied()
    }

    /// Whether there is a circle for what somebody is told of a child.
    #[must_use]
    pub fn has_thread(&self, name: &str, child: &str) -> bool {
        self.threads.contains(&(name.to_owned(), child.to_owned()))
    }

    /// A child changes groups.
    pub fn move_child(&mut self, by: &str, child: &str, group: &str) {
        let maker = by.to_owned();
        self.at_relay(by, &[], |this| {
            let parents = format!("parents:{group}");
            let circles = [format!("group:{group}"), "house".to_owned()];
            let among = |this: &Self, of: &dyn Fn(&str) -> bool| -> Names {
                this.persons.keys().filter(|name| of(name)).cloned().collect()
            };
            let before = among(this, &|name| this.in_set(name, &parents));
            let there = circles.each_ref().map(|circle| among(this, &|name| this.reads(name, circle)));
            if let Some(child) = this.children.get_mut(child) {
                child.group = group.to_owned();
            }
            // Whoever comes to a group with the child reads nothing there that is older.
            if !among(this, &|name| this.in_set(name, &parents)).is_subset(&before) {
                this.renew_parents(&parents);
                let came: BTreeMap<_, _> = among(this, &|name| this.in_set(name, &parents))
                    .difference(&before)
                    .filter_map(|name| Some((name.clone(), this.persons.get(name)?.devices.len())))
                    .collect();
                for (circle, there) in circles.iter().zip(there) {
                    this.renew(&maker, circle, Some(there));
                    if let Some(lock) = this.locks.get_mut(circle).and_then(|locks| locks.last_mut()) {
                        lock.cut = came.clone();
                    }
                }
            }
        });
    }

    /// A child leaves.
    pub fn leave(&mut self, by: &str, child: &str) {
        let circle = format!("child:{child}");
        self.at_relay(by, &[&circle], |this| {
            if let Some(child) = this.children.get_mut(child) {
                child.left = true;
            }
        });
    }

    /// Somebody's time is over.
    pub fn remove(&mut self, by: &str, name: &str) {
        self.at_relay(by, &[], |this| {
            this.end_role(name);
        });
    }

    /// They come back, with a new device.
    pub fn readmit(&mut self, by: &str, name: &str) {
        self.at_relay(by, &["staff"], |this| {
            if let Some(person) = this.persons.get_mut(name) {
                person.belongs = true;
                person.offline = false;
                person.devices.iter_mut().for_each(|d| d.ended = true);
                person.devices.push(Device::default());
            }
            this.uncut(name);
        });
        let last = self.persons.get(name).map_or(0, |p| p.devices.len().saturating_sub(1));
        self.meet(&[(name.to_owned(), last)]);
    }

    /// Another device.
    pub fn add_device(&mut self, name: &str) {
        self.at_relay(name, &[], |this| {
            if let Some(person) = this.persons.get_mut(name) {
                person.devices.push(Device::default());
            }
        });
        let last = self.persons.get(name).map_or(0, |p| p.devices.len().saturating_sub(1));
        self.meet(&[(name.to_owned(), last)]);
    }

    /// A device is ended.
    pub fn end_device(&mut self, by: &str, name: &str, number: usize) {
        self.at_relay(by, &[], |this| {
            if let Some(device) = this.persons.get_mut(name).and_then(|p| p.devices.get_mut(number)) {
                device.ended = true;
            }
        });
    }

    /// Whoever comes later reads from now on only.
    pub fn horizon(&mut self, by: &str, circle: &str) {
        let line = self.line(by);
        self.meet(&line);
        let there: Names = self.persons.keys().filter(|name| self.reads(name, circle)).cloned().collect();
        if let Some(group) = circle.strip_prefix("group:") {
            self.renew_parents(&format!("parents:{group}"));
        }
        self.renew(by, circle, Some(there));
        self.meet(&line);
    }

    /// Something is written.
    pub fn post(&mut self, by: &str, circle: &str, id: &str, photo: bool) {
        let line = self.line(by);
        self.meet(&line);
        let Some(n) = self.first(by) else { return };
        let (circle, author) = (circle.to_owned(), by.to_owned());
        let post = Post { circle, author, lock: None, also: Vec::new(), photo, erased: false };
        self.posts.insert(id.to_owned(), post);
        if let Some(device) = self.persons.get_mut(by).and_then(|p| p.devices.get_mut(n)) {
            device.waits.push(id.to_owned());
            device.has.insert(id.to_owned());
        }
        self.meet(&line);
    }

    /// A picture is shown somewhere else too.
    pub fn share(&mut self, by: &str, id: &str, circle: &str) {
        self.at_relay(by, &[], |this| {
            let lock = this.lock(by, circle);
            if let Some(post) = this.posts.get_mut(id) {
                post.also.push((circle.to_owned(), lock));
            }
        });
    }

    /// A circle of persons by name.
    pub fn by_name(&mut self, by: &str, circle: &str, members: &[&str]) {
        let all: Names = members.iter().map(|name| (*name).to_owned()).collect();
        let notes = if members.contains(&by) { vec![circle] } else { Vec::new() };
        self.at_relay(by, &notes, |this| {
            if circle == "council" {
                this.elected.clone_from(&all);
            }
            this.named.insert(circle.to_owned(), all);
        });
    }

    /// A director decides something: now, or as soon as they are online.
    pub fn decide(&mut self, by: &str, act: Act) {
        if !self.acts(by) {
            self.decided.push((by.to_owned(), act));
            return;
        }
        match act {
            Act::Relate(name, child, custody, information) => {
                self.relate(by, &name, &child, custody, information);
            }
            Act::Leave(child) => self.leave(by, &child),
            Act::Remove(name) => self.remove(by, &name),
            Act::Protect(..) => self.at_relay(by, &[], |this| this.carry_out(by, &act)),
        }
    }

    /// What was decided happens.
    fn carry_out(&mut self, by: &str, act: &Act) {
        match act {
            Act::Relate(name, child, custody, information) => {
                let was = self.threads.contains(&(name.clone(), child.clone()));
                self.set_relation(name, child, *custody, *information);
                self.give();
                if !was {
                    self.note_guardian(by, (name, child), *custody, *information);
                }
            }
            Act::Leave(child) => {
                if let Some(child) = self.children.get_mut(child) {
                    child.left = true;
                }
            }
            Act::Remove(name) => self.end_role(name),
            Act::Protect(name, on) => {
                if *on {
                    self.mask(by, name);
                    self.protected.insert(name.clone());
                } else {
                    self.protected.remove(name);
                }
            }
        }
        self.give();
    }

    /// New keys for the teams of a child, and for all of their children: nobody sees which it is.
    fn mask(&mut self, by: &str, name: &str) {
        let of = |child: &str| self.in_set(name, &format!("custody:{child}"));
        let groups: Names =
            self.children.iter().filter(|(child, _)| of(child)).map(|(_, c)| c.group.clone()).collect();
        self.protected.insert(name.to_owned());
        for group in groups {
            let team = format!("team:{group}");
            for lock in self.locks.values_mut().filter_map(|locks| locks.last_mut()) {
                lock.worn |= lock.named.contains_key(&team);
            }
            let all: Vec<String> = self
                .children
                .iter()
                .filter(|(_, known)| known.group == group)
                .map(|(child, _)| format!("child:{child}"))
                .collect();
            for circle in all {
                self.renew(by, &circle, None);
            }
        }
    }

    fn end_role(&mut self, name: &str) {
        if let Some(person) = self.persons.get_mut(name) {
            person.belongs = false;
        }
        for members in self.named.values_mut() {
            members.remove(name);
        }
    }

    fn set_relation(&mut self, name: &str, child: &str, custody: bool, information: bool) {
        let group = self.children.get(child).map(|c| format!("parents:{}", c.group)).unwrap_or_default();
        let was = self.in_set(name, &group);
        self.relations.insert((name.to_owned(), child.to_owned()), (custody, information));
        if !was && self.in_set(name, &group) {
            self.uncut(name);
        }
        if information {
            self.threads.insert((name.to_owned(), child.to_owned()));
        }
        if let Some(child) = self.children.get_mut(child).filter(|c| custody && information && !c.left) {
            child.named.insert(name.to_owned());
        }
    }

    /// Another device, from the recovery sheet: nobody else of theirs hears of it.
    pub fn recover(&mut self, name: &str) {
        if let Some(person) = self.persons.get_mut(name) {
            person.devices.push(Device::default());
        }
        self.give();
        let last = self.persons.get(name).map_or(0, |p| p.devices.len().saturating_sub(1));
        self.meet(&[(name.to_owned(), last)]);
    }

    /// Something is taken back by its author.
    pub fn erase(&mut self, by: &str, id: &str) {
        self.at_relay(by, &[], |this| {
            let circle = this.posts.get(id).map(|p| p.circle.clone()).unwrap_or_default();
            this.lock(by, &circle);
            if let Some(post) = this.posts.get_mut(id) {
                post.erased = true;
            }
        });
    }

    /// Off the network.
    pub fn offline(&mut self, name: &str) {
        if let Some(person) = self.persons.get_mut(name) {
            person.offline = true;
        }
    }

    /// Back on it, with all devices.
    pub fn online(&mut self, name: &str) {
        let Some(person) = self.persons.get_mut(name) else { return };
        person.offline = false;
        let devices: Vec<_> = (0..person.devices.len()).map(|n| (name.to_owned(), n)).collect();
        self.meet(&devices);
    }

    /// Everybody.
    pub fn sync(&mut self) {
        let mut all = Vec::new();
        for (name, person) in &mut self.persons {
            person.offline = false;
            all.extend((0..person.devices.len()).map(|n| (name.clone(), n)));
        }
        self.meet(&all);
    }

    // ---- questions of whoever draws steps ----

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

    /// Whether somebody's first device, as far as it knows, may write into a circle.
    #[must_use]
    pub fn thinks_it_writes(&self, name: &str, circle: &str) -> bool {
        let device = self.first(name).and_then(|n| self.persons.get(name)?.devices.get(n));
        let staff = self.persons.get(name).is_some_and(|p| p.kind != Kind::Guardian);
        let role = staff || circle.starts_with("private:") || circle == "council";
        role && device.is_some_and(|d| d.shows.contains(circle))
    }

    /// A child's group, while it is there.
    #[must_use]
    pub fn group_of(&self, child: &str) -> Option<&str> {
        self.children.get(child).filter(|c| !c.left).map(|c| c.group.as_str())
    }

    /// Whether nobody is to know of a guardian.
    #[must_use]
    pub fn is_protected(&self, name: &str) -> bool {
        self.protected.contains(name)
    }

    /// Whether a child has a guardian of whom nobody is to know.
    #[must_use]
    pub fn hides(&self, child: &str) -> bool {
        self.relations.keys().any(|(name, of)| of == child && self.is_protected(name))
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

    /// Whether something waits for a director to be online.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        !self.decided.is_empty()
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
