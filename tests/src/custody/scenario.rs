//! The scenario file: `{"version":1,"steps":[{"do":VERB, …}, …]}`.

use std::fmt;
use std::str::FromStr;

use nestpost_core::app::command::Custody;
use nestpost_core::app::item::NAME_CHARS_MAX;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

/// The input is not a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed(String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Steps, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What happens.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Whose devices do it; absent: the first director's.
    pub by: Option<String>,
    /// What.
    pub verb: Verb,
}

const fn yes() -> bool {
    true
}

fn joint() -> Custody {
    Custody::Joint
}

/// What a step does. The names are those of the file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "described in docs/custody-scenarios.md")]
pub enum Verb {
    Found {
        director: String,
    },
    Admit {
        name: String,
        role: AdmitRole,
        #[serde(default)]
        groups: Vec<String>,
    },
    Place {
        name: String,
        group: String,
    },
    Group {
        name: String,
    },
    Child {
        name: String,
        groups: Vec<String>,
    },
    Guardian {
        name: String,
        child: String,
        #[serde(default = "joint")]
        custody: Custody,
        #[serde(default = "yes")]
        information: bool,
        #[serde(default = "yes")]
        collect: bool,
        #[serde(default = "yes")]
        lives_with: bool,
        /// From the start.
        #[serde(default)]
        protected: bool,
    },
    Guarded {
        name: String,
        members: Vec<String>,
    },
    Council {
        members: Vec<String>,
    },
    Post {
        circle: CircleName,
        name: String,
    },
    Reply {
        to: String,
        name: String,
    },
    Photo {
        circle: CircleName,
        name: String,
    },
    Share {
        post: String,
        circle: CircleName,
    },
    Erase {
        post: String,
    },
    SetRight {
        guardian: String,
        child: String,
        right: Right,
        value: bool,
    },
    Protect {
        guardian: String,
        child: String,
        value: bool,
    },
    MoveGroup {
        child: String,
        from: String,
        to: String,
    },
    Remove {
        person: String,
        #[serde(default)]
        by_sheet: bool,
        #[serde(default)]
        with: Option<String>,
    },
    Readmit {
        person: String,
    },
    Leave {
        child: String,
    },
    AddDevice {
        person: String,
    },
    EndDevice {
        person: String,
        device: usize,
        #[serde(default)]
        by_sheet: bool,
        #[serde(default)]
        with: Option<String>,
    },
    Recover {
        person: String,
        #[serde(default)]
        by_sheet: bool,
    },
    Horizon {
        circle: CircleName,
    },
    EndRole {
        person: String,
        #[serde(default)]
        by_sheet: bool,
        #[serde(default)]
        with: Option<String>,
    },
    Dissolve {
        #[serde(default)]
        by_sheet: bool,
        #[serde(default)]
        with: Option<String>,
    },
    Offline {
        person: String,
    },
    Online {
        person: String,
    },
    Outside {
        name: String,
    },
    Sync {},
}

impl Verb {
    /// Whose agreement makes two of it.
    #[must_use]
    pub fn second(&self) -> Option<&str> {
        match self {
            Self::Remove { with, .. }
            | Self::EndRole { with, .. }
            | Self::EndDevice { with, .. }
            | Self::Dissolve { with, .. } => with.as_deref(),
            _ => None,
        }
    }

    /// The circle that it names.
    #[must_use]
    pub const fn circle(&self) -> Option<&CircleName> {
        match self {
            Self::Post { circle, .. }
            | Self::Photo { circle, .. }
            | Self::Share { circle, .. }
            | Self::Horizon { circle } => Some(circle),
            Self::Outside { .. } => Some(&CircleName::Intake),
            _ => None,
        }
    }
}

/// Whom `admit` admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as they are called")]
pub enum AdmitRole {
    Educator,
    Director,
}

/// What `set_right` sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as they are called")]
pub enum Right {
    Information,
    Collect,
    Custody,
}

/// A circle as scenarios name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "as they are called")]
pub enum CircleName {
    House,
    Staff,
    Council,
    Intake,
    Group(String),
    Child(String),
    /// Guardian, child.
    Private(String, String),
    Guarded(String),
}

impl FromStr for CircleName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split(':').collect();
        Ok(match parts.as_slice() {
            ["house"] => Self::House,
            ["staff"] => Self::Staff,
            ["council"] => Self::Council,
            ["intake"] => Self::Intake,
            ["group", name] if is_name(name) => Self::Group((*name).into()),
            ["child", name] if is_name(name) => Self::Child((*name).into()),
            ["guarded", name] if is_name(name) => Self::Guarded((*name).into()),
            ["private", guardian, child] if is_name(guardian) && is_name(child) => {
                Self::Private((*guardian).into(), (*child).into())
            }
            _ => return Err(format!("no such sort of circle: {text:?}")),
        })
    }
}

impl fmt::Display for CircleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::House => f.write_str("house"),
            Self::Staff => f.write_str("staff"),
            Self::Council => f.write_str("council"),
            Self::Intake => f.write_str("intake"),
            Self::Group(name) => write!(f, "group:{name}"),
            Self::Child(name) => write!(f, "child:{name}"),
            Self::Private(guardian, child) => write!(f, "private:{guardian}:{child}"),
            Self::Guarded(name) => write!(f, "guarded:{name}"),
        }
    }
}

impl<'de> Deserialize<'de> for CircleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// [`Malformed`], which says where.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let malformed = |what: &str| Malformed(format!("malformed scenario: {what}"));
        let value: Value = serde_json::from_str(text).map_err(|e| malformed(&e.to_string()))?;
        let Value::Object(mut root) = value else { return Err(malformed("not an object")) };
        if root.remove("version") != Some(Value::from(1)) {
            return Err(malformed("version is not 1"));
        }
        let Some(Value::Array(steps)) = root.remove("steps") else {
            return Err(malformed("steps is not a list"));
        };
        if let Some(key) = root.keys().next() {
            return Err(malformed(&format!("unknown key {key:?}")));
        }
        let steps = steps.into_iter().enumerate();
        let steps = steps.map(|(number, step)| Step::parse(number, step)).collect::<Result<_, _>>()?;
        Ok(Self { steps })
    }
}

impl FromStr for Step {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let value = serde_json::from_str(text).map_err(|e| Malformed(format!("malformed step: {e}")))?;
        Self::parse(0, value)
    }
}

impl Step {
    fn parse(number: usize, value: Value) -> Result<Self, Malformed> {
        let malformed = |what: String| Malformed(format!("step {number}: {what}"));
        let Value::Object(mut step) = value else { return Err(malformed("not an object".into())) };
        let by = match step.remove("by") {
            None => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err(malformed("`by` is not a name".into())),
        };
        let names = step.iter().filter(|(key, _)| *key != "circle").flat_map(|(_, value)| texts(value));
        if let Some(name) = names.chain(by.as_deref()).find(|name| !is_name(name)) {
            return Err(malformed(format!("{name:?} is not a name")));
        }
        let verb = serde_json::from_value(Value::Object(step)).map_err(|e| malformed(e.to_string()))?;
        Ok(Self { by, verb })
    }
}

/// Something that the app takes for a name, and that may stand in a circle's.
fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= NAME_CHARS_MAX && !text.contains(':')
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Scenario::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn a_scenario_is_read_with_what_is_taken_for_granted() {
        let text = r#"{"version":1,"steps":[{"do":"found","director":"dora"},
            {"do":"guardian","by":"dora","name":"M","child":"C","custody":"none"},{"do":"sync"}]}"#;
        let scenario = Scenario::parse(text).unwrap();
        assert_eq!(scenario.steps.len(), 3);
        let guardian = scenario.steps.get(1).unwrap();
        assert_eq!(guardian.by.as_deref(), Some("dora"));
        let (name, child) = ("M".to_owned(), "C".to_owned());
        let custody = Custody::None;
        let (information, collect, lives_with, protected) = (true, true, true, false);
        let expected = Verb::Guardian { name, child, custody, information, collect, lives_with, protected };
        assert_eq!(guardian.verb, expected);
    }

    #[test]
    fn what_is_malformed_is_named_with_its_step() {
        let step = |step: &str| error(&format!(r#"{{"version":1,"steps":[{{"do":"sync"}},{step}]}}"#));
        for bad in [
            r#"{"do":"fly"}"#,
            r#"{"do":"post","circle":"group:","name":"p"}"#,
            r#"{"do":"post","circle":"garden","name":"p"}"#,
            r#"{"do":"post","circle":"house"}"#,
            r#"{"do":"sync","soon":true}"#,
            r#"{"do":"end_device","person":"M","device":-1}"#,
            r#"{"do":"set_right","guardian":"M","child":"C","right":"vote","value":true}"#,
            r#"{"do":"sync","by":3}"#,
            r#"{"do":"group","name":" "}"#,
            r#"{"do":"group","name":"G:H"}"#,
            r#"{"do":"council","members":["M",""]}"#,
            r#"{"do":"sync","by":""}"#,
            r#"{}"#,
            r#"7"#,
        ] {
            assert!(step(bad).starts_with("step 1: "), "{bad}: {}", step(bad));
        }
        for bad in ["", "[]", r#"{"steps":[]}"#, r#"{"version":2,"steps":[]}"#, r#"{"version":1}"#] {
            assert!(error(bad).starts_with("malformed scenario: "), "{bad}");
        }
    }
}
