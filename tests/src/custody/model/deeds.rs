//! What happens in a house: whatever a scenario can say, and what was decided offline.

use std::collections::BTreeMap;

use super::{Act, Child, Decided, Device, Families, Kind, Model, Names, Person, Post, Tie};

impl Model {
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
    pub fn admit(&mut self, by: &str, name: &str, kind: Kind, groups: &[String]) {
        let person = Person {
            kind,
            groups: groups.to_vec(),
            belongs: true,
            offline: false,
            devices: vec![Device::default()],
            knows: Names::new(),
        };
        // A letter for everybody, a name for staff.
        let notes: &[&str] = match kind {
            Kind::Guardian if self.protected.contains(name) => &[],
            Kind::Guardian => &["staff"],
            _ => &["staff", "house"],
        };
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
    pub fn relate(&mut self, by: &str, name: &str, child: &str, tie: Tie) {
        let is_new = !self.persons.contains_key(name);
        let change = |this: &mut Self| this.set_relation(name, child, tie);
        if is_new {
            let line = self.line(by);
            self.meet(&line);
            self.admit(by, name, Kind::Guardian, &[]);
            change(self);
            self.give();
            self.note_guardian(by, (name, child), tie);
            self.note_children(by, name);
            self.meet(&line);
            self.meet(&[(name.to_owned(), 0)]);
        } else {
            let named = self.locks.contains_key(&format!("private:{name}:{child}"));
            self.at_relay(by, &["staff"], change);
            if !named {
                self.note_guardian(by, (name, child), tie);
            }
            self.note_children(by, name);
            self.meet(&self.line(by));
        }
    }

    /// Whoever comes is protected from the start.
    pub fn hide(&mut self, name: &str) {
        self.protected.insert(name.to_owned());
        self.came_apart.insert(name.to_owned());
        self.hidden.insert(name.to_owned());
    }

    /// They are here anew: as far back as they ever read.
    fn uncut(&mut self, name: &str) {
        for lock in self.locks.values_mut().flatten() {
            lock.cut.remove(name);
        }
    }

    /// Their name stands in their thread, and in the child's circle if they read it.
    fn note_guardian(&mut self, by: &str, (name, child): (&str, &str), tie: Tie) {
        if tie.information {
            self.lock(by, &format!("private:{name}:{child}"));
        }
        if tie.reads() && !self.protected.contains(name) {
            self.lock(by, &format!("child:{child}"));
        }
    }

    /// Whoever is told of a child and does not read it finds its name in their thread.
    fn note_children(&mut self, by: &str, name: &str) {
        let all: Vec<String> = self.children.keys().cloned().collect();
        for child in all {
            let thread = format!("private:{name}:{child}");
            let told = self.in_set(name, &format!("told:{name}:{child}"));
            let reads = self.in_set(name, &format!("custody:{child}"));
            if told && !reads && self.titled.insert(thread.clone()) {
                self.lock(by, &thread);
            }
        }
    }

    /// The same of everybody who is something to a child.
    fn note_related(&mut self, by: &str, child: &str) {
        let of = |(name, to): &(String, String)| (to == child).then(|| name.clone());
        let names: Names = self.relations.keys().filter_map(of).collect();
        for name in names {
            self.note_children(by, &name);
        }
    }

    /// What somebody is to a child.
    #[must_use]
    pub fn relation(&self, name: &str, child: &str) -> Option<Tie> {
        self.relations.get(&(name.to_owned(), child.to_owned())).copied()
    }

    /// Whether there is a circle for what somebody is told of a child.
    #[must_use]
    pub fn has_thread(&self, name: &str, child: &str) -> bool {
        self.threads.contains(&(name.to_owned(), child.to_owned()))
    }

    /// A child changes groups.
    fn carry_move(&mut self, maker: &str, child: &str, group: &str) {
        let parents = format!("parents:{group}");
        let circles = [format!("group:{group}"), "house".to_owned()];
        let among = |this: &Self, of: &dyn Fn(&str) -> bool| -> Names {
            this.persons.keys().filter(|name| of(name)).cloned().collect()
        };
        let this: &Self = self;
        let before = among(this, &|name| this.in_set(name, &parents));
        let there = circles.each_ref().map(|circle| among(this, &|name| this.reads(name, circle)));
        if let Some(child) = self.children.get_mut(child) {
            child.group = group.to_owned();
        }
        // Whoever comes to a group with the child reads nothing there that is older.
        let this: &Self = self;
        let now = among(this, &|name| this.in_set(name, &parents));
        if now.is_subset(&before) {
            return;
        }
        self.renew_parents(&parents);
        let came: BTreeMap<_, _> = now
            .difference(&before)
            .filter_map(|name| Some((name.clone(), self.persons.get(name)?.devices.len())))
            .collect();
        for (circle, there) in circles.iter().zip(there) {
            self.renew(maker, circle, Some(there));
            if let Some(lock) = self.locks.get_mut(circle).and_then(|locks| locks.last_mut()) {
                lock.cut.clone_from(&came);
            }
        }
    }

    /// A child leaves.
    pub fn leave(&mut self, by: &str, child: &str) {
        let circle = format!("child:{child}");
        self.at_relay(by, &[&circle], |this| {
            if let Some(child) = this.children.get_mut(child) {
                child.left = true;
            }
            this.give();
            this.note_related(by, child);
        });
    }

    /// Somebody's time is over.
    pub fn remove(&mut self, by: &str, name: &str) {
        self.at_relay(by, &[], |this| {
            this.end_role(name);
        });
    }

    /// The house ends. What one director proposes and another one agrees to is noted by both.
    pub fn dissolve(&mut self, by: &str, with: Option<&str>) {
        let notes: &[&str] = if with.is_some() { &["staff"] } else { &[] };
        self.at_relay(by, notes, |_| ());
        self.at_relay(with.unwrap_or(by), &[], |this| this.over = true);
        self.meet(&self.line(by));
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
            // It is given the keys of all that its person reads, and some are made for that.
            let own: Vec<_> = this.named.keys().filter(|circle| this.reads(name, circle)).cloned().collect();
            own.iter().for_each(|circle| this.make(circle));
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

    /// Somebody outside writes.
    pub fn outside(&mut self, id: &str) {
        let lock = self.locks.get("intake").map(|locks| locks.len().saturating_sub(1));
        let (circle, author) = ("intake".to_owned(), "outside".to_owned());
        let post = Post { circle, author, lock, also: Vec::new(), photo: false, erased: false };
        self.posts.insert(id.to_owned(), post);
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
    pub fn by_name(&mut self, by: &str, circle: &str, members: &[String]) {
        let all: Names = members.iter().cloned().collect();
        let notes = if all.contains(by) { vec![circle] } else { Vec::new() };
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
            let shown = self.shown(by).cloned().unwrap_or_default();
            let rests_on = shown.state(&act);
            // Nothing to do, as far as their device knows.
            if rests_on != act.wanted() {
                self.decided.push(Decided { by: by.to_owned(), act, rests_on, step: self.steps });
            }
            return;
        }
        match act {
            Act::Relate(name, child, tie) => self.relate(by, &name, &child, tie),
            Act::Leave(child) => self.leave(by, &child),
            Act::Remove(name) => self.remove(by, &name),
            Act::Protect(..) | Act::Move(..) => self.at_relay(by, &[], |this| this.carry_out(by, &act)),
        }
    }

    /// What was decided happens, if it can still happen and nobody has decided otherwise.
    pub(super) fn look_again(&mut self, decided: &Decided) {
        let Decided { by, act, rests_on, step } = decided;
        let guardian = |name: &String| self.persons.get(name).is_some_and(|p| p.belongs);
        let here = |child: &String| self.children.get(child).is_some_and(|c| !c.left);
        let can = !self.over
            && match act {
                Act::Relate(name, child, ..) => guardian(name) && here(child),
                Act::Move(child, _) => here(child),
                Act::Protect(name, _) => guardian(name),
                Act::Leave(_) | Act::Remove(_) => true,
            };
        let now = self.families().state(act);
        let is_so = now == act.wanted() && !matches!(act, Act::Protect(_, true));
        if can && !now.is_empty() && is_so {
            return;
        }
        if can && now == *rests_on {
            self.carry_out(by, act);
        } else {
            self.lost.push(*step);
        }
    }

    /// What was decided happens.
    pub(super) fn carry_out(&mut self, by: &str, act: &Act) {
        match act {
            Act::Relate(name, child, tie) => {
                let was = self.threads.contains(&(name.clone(), child.clone()));
                self.set_relation(name, child, *tie);
                self.give();
                if !was {
                    self.note_guardian(by, (name, child), *tie);
                }
                self.note_children(by, name);
            }
            Act::Move(child, group) => {
                self.carry_move(by, child, group);
                self.give();
                self.note_related(by, child);
            }
            Act::Leave(child) => {
                if let Some(child) = self.children.get_mut(child) {
                    child.left = true;
                }
                self.give();
                self.note_related(by, child);
            }
            Act::Remove(name) => self.end_role(name),
            Act::Protect(name, on) => {
                if *on {
                    self.mask(by, name);
                    if let Some(council) = self.named.get_mut("council") {
                        council.remove(name);
                    }
                    self.protected.insert(name.clone());
                    // It is erased where it stood.
                    for child in self.children.values_mut() {
                        child.named.remove(name);
                    }
                } else {
                    self.protected.remove(name);
                    self.hidden.remove(name);
                    for (child, known) in &mut self.children {
                        let relation = self.relations.get(&(name.clone(), child.clone()));
                        if relation.is_some_and(|tie| tie.reads()) && !known.left {
                            known.named.insert(name.clone());
                        }
                    }
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

    fn set_relation(&mut self, name: &str, child: &str, tie: Tie) {
        let group = self.children.get(child).map(|c| format!("parents:{}", c.group)).unwrap_or_default();
        let was = self.in_set(name, &group);
        self.relations.insert((name.to_owned(), child.to_owned()), tie);
        if !was && self.in_set(name, &group) {
            self.uncut(name);
        }
        if tie.information {
            self.threads.insert((name.to_owned(), child.to_owned()));
        }
        let apart = self.protected.contains(name);
        let named = |c: &&mut Child| tie.reads() && !c.left && !apart;
        if let Some(child) = self.children.get_mut(child).filter(named) {
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
}

impl Act {
    /// What is to be so; empty where nothing else could have been decided.
    pub(super) fn wanted(&self) -> String {
        match self {
            Self::Relate(_, _, tie) => format!("{:?}", Some(tie)),
            Self::Move(_, group) => group.clone(),
            Self::Protect(_, on) => on.to_string(),
            Self::Leave(_) | Self::Remove(_) => "over".into(),
        }
    }

    /// Persons and children whom it is about.
    pub(super) fn about(&self) -> Vec<&String> {
        match self {
            Self::Relate(name, child, ..) => vec![name, child],
            Self::Move(child, _) | Self::Leave(child) => vec![child],
            Self::Remove(name) | Self::Protect(name, _) => vec![name],
        }
    }
}

impl Families {
    /// What is so, of what this changes.
    pub(super) fn state(&self, act: &Act) -> String {
        match act {
            Act::Relate(name, child, ..) => {
                format!("{:?}", self.relations.get(&(name.clone(), child.clone())))
            }
            Act::Move(child, _) => self.groups.get(child).cloned().unwrap_or_default(),
            Act::Protect(name, _) => self.protected.contains(name).to_string(),
            Act::Leave(_) | Act::Remove(_) => String::new(),
        }
    }
}
