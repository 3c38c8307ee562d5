//! Scenarios from numbers: each number is a step that makes sense where it stands, told to a scenario and to the model.

use super::model::{Kind, Model};
use super::scenario::Scenario;

const STAFF: [&str; 3] = ["dora", "E", "N"];
const GUARDIANS: [&str; 3] = ["F", "M", "X"];
const CHILDREN: [&str; 2] = ["C", "O"];
const GROUPS: [&str; 2] = ["G", "H"];
const CIRCLES: [&str; 11] = [
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
];

/// Steps as JSON, and what they ought to come to.
pub struct Drawn {
    /// One JSON object each.
    pub steps: Vec<String>,
    /// The reckoning.
    pub model: Model,
    posts: usize,
}

fn pick<'a>(from: &[&'a str], n: u32) -> &'a str {
    from.get(n as usize % from.len()).copied().unwrap_or_default()
}

impl Drawn {
    /// A small house, and a step for each number.
    #[must_use]
    pub fn new(numbers: &[u32]) -> Self {
        let mut drawn = Self { steps: Vec::new(), model: Model::default(), posts: 0 };
        drawn.say(r#"{"do":"found","director":"dora"}"#.into());
        drawn.model.admit("dora", "dora", Kind::Director, None);
        for group in GROUPS {
            drawn.say(format!(r#"{{"do":"group","name":"{group}"}}"#));
            drawn.model.group("dora", group);
        }
        drawn.say(r#"{"do":"admit","name":"E","role":"educator","groups":["G"]}"#.into());
        drawn.model.admit("dora", "E", Kind::Educator, Some("G"));
        for child in CHILDREN {
            drawn.say(format!(r#"{{"do":"child","name":"{child}","groups":["G"]}}"#));
            drawn.model.child("dora", child, "G");
        }
        drawn.guardian("M", "C", true, true);
        drawn.guardian("F", "C", true, true);
        for number in numbers {
            drawn.draw(*number);
        }
        drawn
    }

    /// The scenario.
    ///
    /// # Panics
    /// If what was drawn is no scenario.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        let text = format!(r#"{{"version":1,"steps":[{}]}}"#, self.steps.join(","));
        Scenario::parse(&text).expect("drawn steps are well-formed")
    }

    fn say(&mut self, step: String) {
        self.steps.push(step);
    }

    fn guardian(&mut self, name: &str, child: &str, custody: bool, information: bool) {
        let word = if custody { "joint" } else { "none" };
        self.say(format!(
            r#"{{"do":"guardian","name":"{name}","child":"{child}","custody":"{word}","information":{information}}}"#
        ));
        self.model.relate("dora", name, child, custody, information);
    }

    fn draw(&mut self, number: u32) {
        let (verb, a, b, c) = (number % 32, number / 32 % 64, number / 2048 % 64, number / 131_072 % 64);
        let anybody: Vec<&str> = STAFF.into_iter().chain(GUARDIANS).collect();
        let person = pick(&anybody, a);
        let guardian = pick(&GUARDIANS, a);
        let child = pick(&CHILDREN, b);
        match verb {
            0..=8 => self.post(person, pick(&CIRCLES, b)),
            9..=11 => {
                self.say(r#"{"do":"sync"}"#.into());
                self.model.sync();
            }
            12 if person != "dora" && self.model.acts(person) => {
                self.say(format!(r#"{{"do":"offline","person":"{person}"}}"#));
                self.model.offline(person);
            }
            13 if self.model.belongs(person) || self.model.is_gone(person) => {
                self.say(format!(r#"{{"do":"online","person":"{person}"}}"#));
                self.model.online(person);
            }
            14..=16 => self.set_right(guardian, child, c),
            17..=18 => self.move_child(child),
            19 => self.remove(person),
            20 => self.readmit(person),
            21 if self.model.group_of(child).is_some() && c.is_multiple_of(2) => {
                self.say(format!(r#"{{"do":"leave","child":"{child}"}}"#));
                self.model.leave("dora", child);
            }
            22 if self.model.acts(person) && self.model.devices(person).len() < 2 => {
                self.say(format!(r#"{{"do":"add_device","person":"{person}"}}"#));
                self.model.add_device(person);
            }
            23 if person != "dora" => self.end_device(person, b),
            24 => self.horizon(pick(&GROUPS, a)),
            25..=26 => self.newcomer(guardian, child, c),
            27 if !self.model.belongs("N") && !self.model.is_gone("N") => {
                self.say(r#"{"do":"admit","name":"N","role":"educator","groups":["H"]}"#.into());
                self.model.admit("dora", "N", Kind::Educator, Some("H"));
            }
            28..=29 => self.erase(person, b),
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
        self.posts += 1;
        let id = format!("p{}", self.posts);
        self.say(format!(r#"{{"do":"post","by":"{by}","circle":"{circle}","name":"{id}"}}"#));
        self.model.post(by, circle, &id);
    }

    fn exists(&self, circle: &str) -> bool {
        match circle.strip_prefix("private:").and_then(|rest| rest.split_once(':')) {
            Some((guardian, child)) => self.model.has_thread(guardian, child),
            None => true,
        }
    }

    fn set_right(&mut self, guardian: &str, child: &str, c: u32) {
        let Some((custody, information)) = self.model.relation(guardian, child) else { return };
        if !self.model.belongs(guardian) || self.model.group_of(child).is_none() {
            return;
        }
        let (right, value) =
            if c.is_multiple_of(2) { ("information", !information) } else { ("custody", !custody) };
        self.say(format!(
            r#"{{"do":"set_right","guardian":"{guardian}","child":"{child}","right":"{right}","value":{value}}}"#
        ));
        let now = if c.is_multiple_of(2) { (custody, value) } else { (value, information) };
        self.model.relate("dora", guardian, child, now.0, now.1);
    }

    fn move_child(&mut self, child: &str) {
        let Some(from) = self.model.group_of(child) else { return };
        let (from, to) = if from == "G" { ("G", "H") } else { ("H", "G") };
        self.say(format!(r#"{{"do":"move_group","child":"{child}","from":"{from}","to":"{to}"}}"#));
        self.model.move_child("dora", child, to);
    }

    fn remove(&mut self, person: &str) {
        if person == "dora" || !self.model.belongs(person) {
            return;
        }
        self.say(format!(r#"{{"do":"remove","person":"{person}"}}"#));
        self.model.remove("dora", person);
    }

    fn readmit(&mut self, person: &str) {
        if !self.model.is_gone(person) {
            return;
        }
        self.say(format!(r#"{{"do":"readmit","person":"{person}"}}"#));
        self.model.readmit("dora", person);
    }

    fn end_device(&mut self, person: &str, b: u32) {
        let live = self.model.devices(person);
        if live.len() < 2 || !self.model.belongs(person) {
            return;
        }
        let Some(number) = live.get(b as usize % live.len()) else { return };
        self.say(format!(r#"{{"do":"end_device","person":"{person}","device":{number}}}"#));
        self.model.end_device("dora", person, *number);
    }

    fn horizon(&mut self, group: &str) {
        self.say(format!(r#"{{"do":"horizon","circle":"group:{group}"}}"#));
        self.model.horizon("dora", &format!("group:{group}"));
    }

    fn newcomer(&mut self, guardian: &str, child: &str, c: u32) {
        let known = self.model.belongs(guardian);
        if self.model.is_gone(guardian) || self.model.group_of(child).is_none() {
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
        self.model.erase(person, &id);
    }
}
