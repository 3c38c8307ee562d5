//! Scenarios from numbers: each number is a step that makes sense where it stands, told to a scenario and to the model.

use std::collections::BTreeMap;

use serde_json::Value;

use super::model::{Act, Kind, Model};
use super::runner::Runner;
use super::scenario::Step;

const STAFF: [&str; 5] = ["dora", "E", "N", "T", "nora"];
const DIRECTORS: [&str; 2] = ["dora", "nora"];
const GUARDIANS: [&str; 3] = ["F", "M", "X"];
const CHILDREN: [&str; 2] = ["C", "O"];
const GROUPS: [&str; 2] = ["G", "H"];
const CIRCLES: [&str; 13] = [
    "house",
    "staff",
    "group:G",
    "group:H",
    "child:C",
    "child:O",
    "private:M:C",
    "private:F:C",
    "private:X:O",
    "private:M:O",
    "private:X:C",
    "guarded:S",
    "council",
];

/// Something that is not as it ought to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differs {
    /// What was looked at.
    pub check: &'static str,
    /// What was found, and after which steps.
    pub what: String,
}

/// Histories that found something once, or that chance seldom draws, each under what it is about.
///
/// # Panics
/// If the file is none.
#[must_use]
pub fn named() -> BTreeMap<String, Vec<Value>> {
    serde_json::from_str(include_str!("../../histories/custody.json")).expect("a list of steps each")
}

/// The house in which every history begins, lived once.
pub struct House {
    runner: Runner,
    steps: usize,
}

impl House {
    /// Lives it.
    #[must_use]
    pub fn new() -> Self {
        let drawn = Drawn::new(&[]);
        let mut runner = Runner::new(true);
        for (number, step) in drawn.steps.iter().enumerate() {
            runner.step(number, step);
        }
        Self { runner, steps: drawn.steps.len() }
    }

    /// Lives a history, and asks whether what engines hold, show and were sent is what the model says, no more and no less,
    /// and whether the relay refuses whatever anybody may not.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn check(&self, numbers: &[u32]) -> Result<(), Differs> {
        self.live(&Drawn::new(numbers))
    }

    /// The same with steps as they stand in a scenario.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn replay(&self, steps: &[Value]) -> Result<(), Differs> {
        let mut drawn = Drawn::new(&[]);
        steps.iter().for_each(|step| drawn.say(step.to_string()));
        self.live(&drawn)
    }

    fn live(&self, drawn: &Drawn) -> Result<(), Differs> {
        let mut runner = self.runner.clone();
        for (number, step) in drawn.steps.iter().enumerate().skip(self.steps) {
            runner.step(number, step);
        }
        drawn.compare(runner)
    }
}

impl Default for House {
    fn default() -> Self {
        Self::new()
    }
}

/// Steps, and what they ought to come to.
struct Drawn {
    steps: Vec<Step>,
    /// As they would stand in a file.
    said: Vec<String>,
    model: Model,
    posts: usize,
}

const SHOWN: [&str; 4] = ["group:G", "group:H", "child:C", "child:O"];

fn pick<'a>(from: &[&'a str], n: u32) -> &'a str {
    from.get(n as usize % from.len()).copied().unwrap_or_default()
}

impl Drawn {
    /// A small house, and a step for each number.
    fn new(numbers: &[u32]) -> Self {
        let mut drawn = Self { steps: Vec::new(), said: Vec::new(), model: Model::default(), posts: 0 };
        drawn.say(r#"{"do":"found","director":"dora"}"#.into());
        for group in GROUPS {
            drawn.say(format!(r#"{{"do":"group","name":"{group}"}}"#));
        }
        drawn.say(r#"{"do":"admit","name":"E","role":"educator","groups":["G"]}"#.into());
        for child in CHILDREN {
            drawn.say(format!(r#"{{"do":"child","name":"{child}","groups":["G"]}}"#));
        }
        drawn.guardian("M", "C", true, true);
        drawn.guardian("F", "C", true, true);
        for number in numbers {
            drawn.draw(*number);
        }
        drawn
    }

    fn compare(&self, mut runner: Runner) -> Result<(), Differs> {
        let outcome = runner.outcome();
        let steps = self.said.join(",\n");
        let same = |check, holds: bool, what: String| {
            if holds { Ok(()) } else { Err(Differs { check, what: format!("{check}: {what}\n{steps}") }) }
        };
        let expected = self.model.refusals();
        let refusals = &outcome.refusals;
        same("refusals", *refusals == expected, format!("{refusals:?} instead of {expected:?}"))?;
        let posts: BTreeMap<_, _> =
            outcome.posts.iter().map(|(name, a)| (name, (&a.holders, &a.readers))).collect();
        let expected = self.model.posts();
        for (name, (holders, readers)) in &expected {
            let is = posts.get(name).copied();
            let said = |what| format!("{name}: {is:?} instead of {what:?}");
            same("holders", is.is_some_and(|(is, _)| is == holders), said(holders))?;
            same("readers", is.is_some_and(|(_, is)| is == readers), said(readers))?;
        }
        same(
            "posts",
            posts.len() == expected.len(),
            format!("{} instead of {}", posts.len(), expected.len()),
        )?;
        let knows = self.model.knows();
        same("knows", outcome.knows == knows, format!("{:?} instead of {knows:?}", outcome.knows))?;
        let emptied = runner.emptied();
        let expected = emptied.keys().map(|name| (name.clone(), self.model.emptied(name))).collect();
        same("emptied", emptied == expected, format!("{emptied:?} instead of {expected:?}"))?;
        let accepted = runner.attempts(&self.model);
        same("attempts", accepted.is_empty(), accepted.join(", "))
    }

    /// What happens next.
    fn say(&mut self, step: String) {
        let read: Step = step.parse().expect("drawn steps are well-formed");
        self.model.live(&read);
        self.steps.push(read);
        self.said.push(step);
    }

    fn guardian(&mut self, name: &str, child: &str, custody: bool, information: bool) {
        let word = if custody { "joint" } else { "none" };
        self.say(format!(
            r#"{{"do":"guardian","name":"{name}","child":"{child}","custody":"{word}","information":{information}}}"#
        ));
    }

    fn draw(&mut self, number: u32) {
        let (verb, a, b, c) = (number % 50, number / 50 % 64, number / 3_200 % 64, number / 204_800 % 64);
        let anybody: Vec<&str> = STAFF.into_iter().chain(GUARDIANS).collect();
        let person = pick(&anybody, a);
        let guardian = pick(&GUARDIANS, a);
        let child = pick(&CHILDREN, b);
        // At the door, or on behalf of everybody: it takes a director who is online.
        let directs = self.model.acts("dora");
        let director = if c % 8 > 4 && self.model.belongs("nora") { "nora" } else { "dora" };
        match verb {
            0..=9 => self.post(person, pick(&CIRCLES, b)),
            10..=12 => self.sync(),
            13 | 47 if self.model.acts(person) && (person != "dora" || c.is_multiple_of(2)) => {
                self.say(format!(r#"{{"do":"offline","person":"{person}"}}"#));
            }
            14 if self.model.belongs(person) || self.model.is_gone(person) => self.online(person),
            15..=17 => self.set_right(director, guardian, child, c),
            18..=19 => self.move_child(director, child),
            20 | 46 => self.remove(director, person),
            21 if c.is_multiple_of(2) => self.leave(director, child),
            22 => self.protect(director, guardian, child),
            45 if directs && !self.model.belongs("nora") && !self.model.is_gone("nora") => {
                self.say(r#"{"do":"admit","name":"nora","role":"director"}"#.into());
            }
            23 if directs => self.readmit(person),
            24 if person != "T" && self.model.acts(person) && self.model.devices(person).len() < 3 => {
                self.say(format!(r#"{{"do":"add_device","person":"{person}"}}"#));
            }
            25 if !DIRECTORS.contains(&person) && directs => self.end_device(person, b),
            26 if directs => self.horizon(pick(&GROUPS, a)),
            27..=28 if directs => self.newcomer(guardian, child, c),
            29 if directs && !self.model.belongs("N") && !self.model.is_gone("N") => {
                self.say(r#"{"do":"admit","name":"N","role":"educator","groups":["H"]}"#.into());
            }
            30..=31 => self.erase(person, b),
            32..=34 => self.photo(person, pick(&SHOWN, b)),
            35..=37 => self.share(person, pick(&SHOWN, b), c),
            38..=39 => self.guarded(person, c),
            40..=41 if directs => self.council(c),
            42..=43 => self.recover(person),
            44 if directs && !self.model.belongs("T") && !self.model.is_gone("T") => {
                self.say(r#"{"do":"place","name":"T","group":"G"}"#.into());
            }
            48..=49 if !self.model.is_worn("intake") => {
                self.posts += 1;
                self.say(format!(r#"{{"do":"outside","name":"p{}"}}"#, self.posts));
            }
            _ => {}
        }
    }

    fn post(&mut self, by: &str, circle: &str) {
        // Whoever is not there has no device to be refused on.
        if !self.model.belongs(by) || !self.exists(circle) {
            return;
        }
        let allowed = if self.model.acts(by) {
            self.model.writes(by, circle)
        } else {
            self.model.thinks_it_writes(by, circle)
        };
        if !allowed {
            return;
        }
        self.write("post", by, circle);
    }

    fn write(&mut self, verb: &str, by: &str, circle: &str) {
        self.posts += 1;
        let id = format!("p{}", self.posts);
        self.say(format!(r#"{{"do":"{verb}","by":"{by}","circle":"{circle}","name":"{id}"}}"#));
    }

    fn photo(&mut self, by: &str, circle: &str) {
        if self.model.kind(by) != Some(Kind::Guardian) && self.model.acts(by) && self.model.writes(by, circle)
        {
            self.write("photo", by, circle);
        }
    }

    fn share(&mut self, by: &str, circle: &str, c: u32) {
        let pictures = self.model.pictures(by, circle);
        let Some(id) = pictures.get(c as usize % pictures.len().max(1)).cloned() else { return };
        if self.model.kind(by) != Some(Kind::Guardian) && self.model.acts(by) && self.model.writes(by, circle)
        {
            self.say(format!(r#"{{"do":"share","by":"{by}","post":"{id}","circle":"{circle}"}}"#));
        }
    }

    fn sync(&mut self) {
        for director in DIRECTORS {
            if self.model.is_decided(director) {
                self.online(director);
            }
        }
        self.say(r#"{"do":"sync"}"#.into());
    }

    fn online(&mut self, person: &str) {
        self.say(format!(r#"{{"do":"online","person":"{person}"}}"#));
    }

    /// Whoever is offline decides about each person and child once.
    fn decide(&mut self, by: &str, act: &Act, step: &str) {
        if self.model.may_decide(by, act) {
            self.say(format!(r#"{{"by":"{by}",{step}}}"#));
        }
    }

    fn leave(&mut self, by: &str, child: &str) {
        if self.model.group_of(child).is_some() {
            let step = format!(r#""do":"leave","child":"{child}""#);
            self.decide(by, &Act::Leave(child.into()), &step);
        }
    }

    fn protect(&mut self, by: &str, guardian: &str, child: &str) {
        let shown = self.model.shown_relation(by, guardian, child);
        let related = shown.is_some() && self.model.group_of(child).is_some();
        if !self.model.belongs(guardian) || !related {
            return;
        }
        let value = !self.model.is_protected(guardian);
        let step = format!(r#""do":"protect","guardian":"{guardian}","child":"{child}","value":{value}"#);
        self.decide(by, &Act::Protect(guardian.into(), value), &step);
    }

    /// By a director or an educator, who need not be in it.
    fn guarded(&mut self, by: &str, c: u32) {
        let members: &[&str] = match c % 3 {
            0 => &["E"],
            1 => &["E", "dora"],
            _ => &["E", "N"],
        };
        let all = members.iter().all(|name| self.model.belongs(name));
        if all
            && !self.model.has_named("guarded:S")
            && STAFF.contains(&by)
            && by != "T"
            && self.model.acts(by)
        {
            let list = members.join("\",\"");
            self.say(format!(r#"{{"do":"guarded","by":"{by}","name":"S","members":["{list}"]}}"#));
        }
    }

    fn council(&mut self, c: u32) {
        let members: &[&str] = match c % 3 {
            0 => &["F", "M"],
            1 => &["M", "X"],
            _ => &["F", "M", "dora"],
        };
        let may = |name: &&str| self.model.belongs(name) && !self.model.is_protected(name);
        if members.iter().all(may) && !self.model.has_named("council") {
            let list = members.join("\",\"");
            self.say(format!(r#"{{"do":"council","members":["{list}"]}}"#));
        }
    }

    fn recover(&mut self, person: &str) {
        let may = person != "T" && self.model.belongs(person) && !self.model.is_named(person);
        if may && self.model.devices(person).len() < 3 {
            self.say(format!(r#"{{"do":"recover","person":"{person}","by_sheet":true}}"#));
        }
    }

    fn exists(&self, circle: &str) -> bool {
        if matches!(circle, "guarded:S" | "council") {
            return self.model.has_named(circle);
        }
        match circle.strip_prefix("private:").and_then(|rest| rest.split_once(':')) {
            Some((guardian, child)) => self.model.has_thread(guardian, child),
            None => true,
        }
    }

    fn set_right(&mut self, by: &str, guardian: &str, child: &str, c: u32) {
        let Some((custody, information)) = self.model.shown_relation(by, guardian, child) else { return };
        let there = self.model.belongs(guardian) && self.model.group_of(child).is_some();
        if !there || self.model.is_protected(guardian) {
            return;
        }
        let (right, value, act) = if c.is_multiple_of(2) {
            ("information", !information, (custody, !information))
        } else {
            ("custody", !custody, (!custody, information))
        };
        let act = Act::Relate(guardian.into(), child.into(), act.0, act.1);
        let who = format!(r#""guardian":"{guardian}","child":"{child}""#);
        self.decide(by, &act, &format!(r#""do":"set_right",{who},"right":"{right}","value":{value}"#));
    }

    fn move_child(&mut self, by: &str, child: &str) {
        let Some(from) = self.model.group_of(child) else { return };
        let (from, to) = if from == "G" { ("G", "H") } else { ("H", "G") };
        let step = format!(r#""do":"move_group","child":"{child}","from":"{from}","to":"{to}""#);
        self.decide(by, &Act::Move(child.into(), to.into()), &step);
    }

    fn remove(&mut self, by: &str, person: &str) {
        if DIRECTORS.contains(&person) || !self.model.belongs(person) {
            return;
        }
        self.decide(by, &Act::Remove(person.into()), &format!(r#""do":"remove","person":"{person}""#));
    }

    fn readmit(&mut self, person: &str) {
        if !self.model.is_gone(person) || self.model.is_protected(person) {
            return;
        }
        self.say(format!(r#"{{"do":"readmit","person":"{person}"}}"#));
    }

    fn end_device(&mut self, person: &str, b: u32) {
        let live = self.model.devices(person);
        if live.len() < 2 || !self.model.belongs(person) {
            return;
        }
        let Some(number) = live.get(b as usize % live.len()) else { return };
        self.say(format!(r#"{{"do":"end_device","person":"{person}","device":{number}}}"#));
    }

    fn horizon(&mut self, group: &str) {
        self.say(format!(r#"{{"do":"horizon","circle":"group:{group}"}}"#));
    }

    fn newcomer(&mut self, guardian: &str, child: &str, c: u32) {
        let known = self.model.belongs(guardian);
        if self.model.is_gone(guardian)
            || self.model.group_of(child).is_none()
            || self.model.is_protected(guardian)
        {
            return;
        }
        if self.model.relation(guardian, child).is_none() && (known || guardian == "X") {
            self.guardian(guardian, child, !c.is_multiple_of(4), !c.is_multiple_of(5));
        }
    }

    fn erase(&mut self, person: &str, b: u32) {
        let own = self.model.posts_of(person);
        let Some(id) = own.get(b as usize % own.len().max(1)).cloned() else { return };
        if !self.model.acts(person) || !self.model.writes(person, self.model.circle_of(&id)) {
            return;
        }
        self.say(format!(r#"{{"do":"erase","by":"{person}","post":"{id}"}}"#));
    }
}
