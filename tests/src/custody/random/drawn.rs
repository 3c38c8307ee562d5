//! What happens: a house from a seed, and a step from each number.

use std::collections::BTreeMap;

use nestpost_core::app::command::Custody;

use super::Differs;
use crate::custody::model::{Act, Kind, Model, Tie};
use crate::custody::runner::Runner;
use crate::custody::scenario::Step;
use crate::sim::dice::Dice;

const STAFF: [&str; 5] = ["dora", "E", "N", "T", "nora"];
const DIRECTORS: [&str; 2] = ["dora", "nora"];
const GUARDIANS: [&str; 5] = ["F", "M", "X", "Y", "Z"];
const CHILDREN: [&str; 4] = ["C", "O", "P", "R"];
const GROUPS: [&str; 3] = ["G", "H", "K"];

/// Steps, and what they ought to come to.
#[derive(Clone, Default)]
pub(super) struct Drawn {
    steps: Vec<Step>,
    /// As they would stand in a file.
    said: Vec<String>,
    model: Model,
    groups: Vec<&'static str>,
    children: Vec<&'static str>,
    posts: usize,
}

fn pick<'a>(from: &[&'a str], n: usize) -> &'a str {
    from.get(n % from.len()).copied().unwrap_or_default()
}

/// What somebody is to a child, where it is not the usual.
fn tie(c: usize, d: usize) -> String {
    let custody = pick(&["joint", "joint", "joint", "none", "sole", "court", "foster", "none"], c);
    let [information, lives_with, collect] = [d % 5 != 4, d % 3 != 2, d % 2 != 1];
    format!(
        r#","custody":"{custody}","information":{information},"lives_with":{lives_with},"collect":{collect}"#
    )
}

impl Drawn {
    /// A small house: the parents of one of two children.
    pub(super) fn usual() -> Self {
        let mut drawn = Self { groups: vec!["G", "H"], children: vec!["C", "O"], ..Self::default() };
        drawn.found();
        drawn.say(r#"{"do":"admit","name":"E","role":"educator","groups":["G"]}"#.into());
        for child in CHILDREN.iter().take(2) {
            drawn.say(format!(r#"{{"do":"child","name":"{child}","groups":["G"]}}"#));
        }
        drawn.guardian("M", "C", "");
        drawn.guardian("F", "C", "");
        drawn
    }

    /// Any house: its groups, children and staff, who is what to whom, and what circles there are by name.
    pub(super) fn house(seed: u64, number: usize) -> Self {
        let mut dice = Dice::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(number as u64));
        let mut drawn = Self {
            groups: GROUPS.iter().take(1 + dice.below(3)).copied().collect(),
            children: CHILDREN.iter().take(1 + dice.below(4)).copied().collect(),
            ..Self::default()
        };
        drawn.found();
        let groups = drawn.groups.clone();
        let any_group = |dice: &mut Dice| dice.pick(&groups).copied().unwrap_or_default();
        if dice.chance(300) {
            drawn.say(r#"{"do":"admit","name":"nora","role":"director"}"#.into());
        }
        for (name, often) in [("E", 900), ("N", 350)] {
            if dice.chance(often) {
                let (one, other) = (any_group(&mut dice), any_group(&mut dice));
                let both =
                    if one != other && dice.chance(250) { format!(r#","{other}""#) } else { String::new() };
                drawn.say(format!(
                    r#"{{"do":"admit","name":"{name}","role":"educator","groups":["{one}"{both}]}}"#
                ));
            }
        }
        for child in drawn.children.clone() {
            let group = any_group(&mut dice);
            drawn.say(format!(r#"{{"do":"child","name":"{child}","groups":["{group}"]}}"#));
        }
        if dice.chance(200) {
            let group = any_group(&mut dice);
            drawn.say(format!(r#"{{"do":"place","name":"T","group":"{group}"}}"#));
        }
        drawn.families(&mut dice);
        drawn.circles_by_name(&mut dice);
        if dice.chance(500) {
            drawn.say(r#"{"do":"sync"}"#.into());
        }
        drawn
    }

    fn found(&mut self) {
        self.say(r#"{"do":"found","director":"dora"}"#.into());
        for group in self.groups.clone() {
            self.say(format!(r#"{{"do":"group","name":"{group}"}}"#));
        }
    }

    /// Of each child up to three guardians, who may be others' too.
    fn families(&mut self, dice: &mut Dice) {
        for child in self.children.clone() {
            for _ in 0..dice.below(4) {
                let there = GUARDIANS.iter().filter(|name| self.model.belongs(name)).count();
                let is_known = there > 0 && (there == GUARDIANS.len() - 1 || dice.chance(350));
                let name = pick(&GUARDIANS, if is_known { dice.below(there) } else { there });
                let apart = if !is_known && dice.chance(100) { r#","protected":true"# } else { "" };
                if self.model.relation(name, child).is_none() && !self.model.is_protected(name) {
                    self.guardian(name, child, &(tie(dice.below(64), dice.below(64)) + apart));
                }
            }
        }
        let guardian = pick(&GUARDIANS, dice.below(3));
        let own = self.children.iter().copied().find(|child| self.model.relation(guardian, child).is_some());
        if let Some(child) = own.filter(|_| dice.chance(250)) {
            self.protect("dora", guardian, child);
        }
    }

    fn circles_by_name(&mut self, dice: &mut Dice) {
        if dice.chance(250) {
            let by = pick(&["dora", "E", "N"], dice.below(3));
            self.guarded(by, dice.below(64));
        }
        if dice.chance(250) {
            self.council(dice.below(64));
        }
    }

    /// The steps from this one on, by real engines.
    pub(super) fn live(&self, runner: &mut Runner, from: usize) {
        for (number, step) in self.steps.iter().enumerate().skip(from) {
            runner.step(number, step);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    pub(super) fn compare(&self, mut runner: Runner) -> Result<(), Differs> {
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
    pub(super) fn say(&mut self, step: String) {
        let read: Step = step.parse().expect("drawn steps are well-formed");
        self.model.live(&read);
        self.steps.push(read);
        self.said.push(step);
    }

    /// `tie`: what differs from what is taken for granted.
    fn guardian(&mut self, name: &str, child: &str, tie: &str) {
        self.say(format!(r#"{{"do":"guardian","name":"{name}","child":"{child}"{tie}}}"#));
    }

    /// A step.
    pub(super) fn draw(&mut self, number: u32) {
        let number = number as usize;
        let (verb, a, b) = (number % 50, number / 50 % 64, number / 3_200 % 64);
        let (c, d) = (number / 204_800 % 64, number / 13_107_200 % 64);
        let anybody: Vec<&str> = STAFF.into_iter().chain(GUARDIANS).collect();
        let person = pick(&anybody, a);
        let guardian = pick(&GUARDIANS, a);
        let child = pick(&self.children, b);
        let group = pick(&self.groups, d);
        // At the door, or on behalf of everybody: it takes a director who is online.
        let directs = self.model.acts("dora");
        let director = if c % 8 > 4 && self.model.belongs("nora") { "nora" } else { "dora" };
        if self.model.is_over() {
            // Whoever was away hears of it.
            match verb {
                0..=9 => self.sync(),
                10..=29 if self.model.belongs(person) || self.model.is_gone(person) => self.online(person),
                _ => {}
            }
            return;
        }
        match verb {
            0..=9 => {
                let circles: Vec<String> = self.model.circles().into_iter().collect();
                let Some(circle) = circles.get(b % circles.len()) else { return };
                self.post(person, circle);
            }
            10..=12 => self.sync(),
            13 | 47 if self.model.acts(person) && (person != "dora" || c.is_multiple_of(2)) => {
                self.say(format!(r#"{{"do":"offline","person":"{person}"}}"#));
            }
            14 if self.model.belongs(person) || self.model.is_gone(person) => self.online(person),
            15..=17 => self.set_right(director, guardian, child, c),
            18..=19 => self.move_child(director, child, c),
            20 | 46 => self.remove(director, person),
            21 if c.is_multiple_of(2) => self.leave(director, child),
            22 => self.protect(director, guardian, child),
            45 if directs && !self.model.belongs("nora") && !self.model.is_gone("nora") => {
                self.say(r#"{"do":"admit","name":"nora","role":"director"}"#.into());
            }
            23 if directs && c % 4 == 3 => self.dissolve(d),
            23 if directs => self.readmit(person),
            24 if person != "T" && self.model.acts(person) && self.model.devices(person).len() < 3 => {
                self.say(format!(r#"{{"do":"add_device","person":"{person}"}}"#));
            }
            25 if !DIRECTORS.contains(&person) && directs => self.end_device(person, b),
            26 if directs => self.horizon(group),
            27..=28 if directs => self.newcomer(guardian, child, c, d),
            29 if directs && !self.model.belongs("N") && !self.model.is_gone("N") => {
                self.say(format!(r#"{{"do":"admit","name":"N","role":"educator","groups":["{group}"]}}"#));
            }
            30..=31 => self.erase(person, b),
            32..=34 => self.photo(person, &self.shown(b)),
            35..=37 => self.share(person, &self.shown(b), c),
            38..=39 => self.guarded(person, c),
            40..=41 if directs => self.council(c),
            42..=43 => self.recover(person),
            44 if directs && !self.model.belongs("T") && !self.model.is_gone("T") => {
                self.say(format!(r#"{{"do":"place","name":"T","group":"{group}"}}"#));
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
        if !self.model.belongs(by) {
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

    /// A circle of families, where pictures are.
    fn shown(&self, b: usize) -> String {
        let groups = self.groups.iter().map(|group| format!("group:{group}"));
        let all: Vec<String> =
            groups.chain(self.children.iter().map(|child| format!("child:{child}"))).collect();
        all.get(b % all.len()).cloned().unwrap_or_default()
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

    fn share(&mut self, by: &str, circle: &str, c: usize) {
        let pictures = self.model.pictures(by, circle);
        let Some(id) = pictures.get(c % pictures.len().max(1)).cloned() else { return };
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
        if !self.model.belongs(guardian) || !related || self.model.was_hidden(guardian) {
            return;
        }
        let value = !self.model.is_protected(guardian);
        let step = format!(r#""do":"protect","guardian":"{guardian}","child":"{child}","value":{value}"#);
        self.decide(by, &Act::Protect(guardian.into(), value), &step);
    }

    /// By a director or an educator, who need not be in it. One guardian may be.
    fn guarded(&mut self, by: &str, c: usize) {
        let members: &[&str] = match c % 6 {
            0 | 1 => &["E"],
            2 => &["E", "dora"],
            3 => &["E", "N"],
            4 => &["E", "F"],
            _ => &["M", "dora", "nora"],
        };
        let may = |name: &&&str| self.model.belongs(name) && !self.model.is_protected(name);
        let members: Vec<&str> = members.iter().filter(may).copied().collect();
        let staff = members.iter().any(|name| STAFF.contains(name));
        if staff
            && !self.model.has_named("guarded:S")
            && STAFF.contains(&by)
            && by != "T"
            && self.model.acts(by)
        {
            let list = members.join("\",\"");
            self.say(format!(r#"{{"do":"guarded","by":"{by}","name":"S","members":["{list}"]}}"#));
        }
    }

    fn council(&mut self, c: usize) {
        let members: &[&str] = match c % 4 {
            0 => &["F", "M"],
            1 => &["M", "X"],
            2 => &["F", "Y"],
            _ => &["F", "M", "dora"],
        };
        let may = |name: &&&str| self.model.belongs(name) && !self.model.is_protected(name);
        let members: Vec<&str> = members.iter().filter(may).copied().collect();
        if members.iter().any(|name| GUARDIANS.contains(name)) && !self.model.has_named("council") {
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

    fn set_right(&mut self, by: &str, guardian: &str, child: &str, c: usize) {
        let Some(now) = self.model.shown_relation(by, guardian, child) else { return };
        let there = self.model.belongs(guardian) && self.model.group_of(child).is_some();
        if !there || self.model.is_protected(guardian) {
            return;
        }
        let (right, value, tie) = match c % 5 {
            0 | 1 => ("information", !now.information, Tie { information: !now.information, ..now }),
            2 => ("collect", !now.collect, Tie { collect: !now.collect, ..now }),
            _ if now.custody == Custody::None => ("custody", true, Tie { custody: Custody::Joint, ..now }),
            _ => ("custody", false, Tie { custody: Custody::None, ..now }),
        };
        let act = Act::Relate(guardian.into(), child.into(), tie);
        let who = format!(r#""guardian":"{guardian}","child":"{child}""#);
        self.decide(by, &act, &format!(r#""do":"set_right",{who},"right":"{right}","value":{value}"#));
    }

    fn move_child(&mut self, by: &str, child: &str, c: usize) {
        let Some(from) = self.model.group_of(child) else { return };
        let others: Vec<&str> = self.groups.iter().copied().filter(|group| *group != from).collect();
        let Some(to) = others.get(c % others.len().max(1)) else { return };
        let step = format!(r#""do":"move_group","child":"{child}","from":"{from}","to":"{to}""#);
        self.decide(by, &Act::Move(child.into(), (*to).into()), &step);
    }

    fn remove(&mut self, by: &str, person: &str) {
        if person == "dora" || !self.model.belongs(person) {
            return;
        }
        if person == "nora" {
            // It takes the recovery sheet. What she has decided and not sent would come from nobody.
            if by == "dora" && self.model.acts(by) && !self.model.is_decided(person) {
                self.say(r#"{"do":"remove","person":"nora","by_sheet":true}"#.into());
            }
            return;
        }
        self.decide(by, &Act::Remove(person.into()), &format!(r#""do":"remove","person":"{person}""#));
    }

    /// By two, one of whom may be the recovery sheet.
    fn dissolve(&mut self, d: usize) {
        let second = if self.model.acts("nora") && d.is_multiple_of(2) {
            r#""with":"nora""#
        } else {
            r#""by_sheet":true"#
        };
        self.say(format!(r#"{{"do":"dissolve",{second}}}"#));
    }

    fn readmit(&mut self, person: &str) {
        if !self.model.is_gone(person) || self.model.is_protected(person) {
            return;
        }
        self.say(format!(r#"{{"do":"readmit","person":"{person}"}}"#));
    }

    fn end_device(&mut self, person: &str, b: usize) {
        let live = self.model.devices(person);
        if live.len() < 2 || !self.model.belongs(person) {
            return;
        }
        let Some(number) = live.get(b % live.len()) else { return };
        self.say(format!(r#"{{"do":"end_device","person":"{person}","device":{number}}}"#));
    }

    fn horizon(&mut self, group: &str) {
        self.say(format!(r#"{{"do":"horizon","circle":"group:{group}"}}"#));
    }

    fn newcomer(&mut self, guardian: &str, child: &str, c: usize, d: usize) {
        if self.model.is_gone(guardian)
            || self.model.group_of(child).is_none()
            || self.model.is_protected(guardian)
        {
            return;
        }
        if self.model.relation(guardian, child).is_none() {
            let is_new = self.model.kind(guardian).is_none();
            let apart = if is_new && d % 7 == 6 { r#","protected":true"# } else { "" };
            self.guardian(guardian, child, &(tie(c, d) + apart));
        }
    }

    fn erase(&mut self, person: &str, b: usize) {
        let own = self.model.posts_of(person);
        let Some(id) = own.get(b % own.len().max(1)).cloned() else { return };
        if !self.model.acts(person) || !self.model.writes(person, self.model.circle_of(&id)) {
            return;
        }
        self.say(format!(r#"{{"do":"erase","by":"{person}","post":"{id}"}}"#));
    }
}
