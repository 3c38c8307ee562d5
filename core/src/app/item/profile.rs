//! Profiles: what is edited in place, as a map of scalars with its `kind` as text.
//!
//! Their ids follow from what they describe, so that they are found without a search and never begun twice:
//! the house's from its id, a group's from its team, a child's from its circle, a person's from their pseudonym.

use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{CircleId, HouseId, ItemId, PersonId};
use nestpost_protocol::sorted::SortedMap;

use super::{ALLERGIES_CHARS_MAX, HELP_LINE_CHARS_MAX, NAME_CHARS_MAX, NOTICE_CHARS_MAX, fits};
use crate::app::command::{Custody, Relation};
use crate::document::{Scalar, Value};

/// Marks that children know too.
pub const SYMBOLS: [&str; 8] = ["hedgehog", "squirrel", "owl", "fox", "snail", "ladybird", "bee", "frog"];

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Profile {
    /// The house. In `house`, class `long`.
    House {
        /// Its name.
        name: String,
        /// Telephone number to ask for help.
        help_line: String,
        /// Art. 13 notice.
        notice: String,
    },
    /// A group. In `house`, class `long`.
    Group {
        /// Its name.
        name: String,
        /// One of [`SYMBOLS`].
        symbol: String,
    },
    /// Somebody who works here, or a place. In `house`, class `long`.
    Staff {
        /// Their name.
        name: String,
    },
    /// A child. In `child`, class `long`.
    Child {
        /// Their name.
        name: String,
        /// The child has left the house.
        left: bool,
    },
    /// A guardian, written by staff. In their `private` circles, and in `child` for the other guardian: whoever reads
    /// a `child` circle has custody and no protection. Class `long`.
    Guardian {
        /// Their name.
        name: String,
    },
    /// A circle of named persons. In it, class `long`.
    Guarded {
        /// What its members call it.
        name: String,
        /// The protected guardian who is told there what they may read. The circle's id says nothing of it: whoever does not read it
        /// could neither look for it nor take it first.
        protects: Option<PersonId>,
    },
    /// What a guardian is to a child. In `staff`, class `long`: no guardian reads it.
    Relation {
        /// The guardian's name, for those who have no circle to stand in.
        name: String,
        /// What they are.
        relation: Relation,
    },
    /// What the day needs to know of a child. In `child`, class `long`: its guardians read it too.
    Care {
        /// A short line on allergies.
        allergies: String,
        /// When it comes and leaves is not written down.
        untimed: bool,
    },
    /// A group's tablet: the person behind its PINs. In `house`, class `long`.
    Place {
        /// Who.
        pin: PersonId,
    },
    /// From when on a protected guardian is told of a group. In their circle, class `long`.
    Tells {
        /// Milliseconds since 1970; the last of all: no more.
        since: u64,
    },
}

const CARE: &[u8] = b"nestpost/1 care";
const CONTACTS: &[u8] = b"nestpost/1 contacts";
const PERSON: &[u8] = b"nestpost/1 person";
const PLACE: &[u8] = b"nestpost/1 place";
const TELLS: &[u8] = b"nestpost/1 tells";
const RELATION: &[u8] = b"nestpost/1 relation";
const CUSTODY: [(Custody, &str); 5] = [
    (Custody::Joint, "joint"),
    (Custody::Sole, "sole"),
    (Custody::Court, "court"),
    (Custody::Foster, "foster"),
    (Custody::None, "none"),
];

impl Profile {
    /// The profile as it stands in a document.
    #[must_use]
    pub fn value(&self) -> Value {
        let mut truths: Vec<(&str, bool)> = Vec::new();
        let person_hex;
        let fields: Vec<(&str, &str)> = match self {
            Self::House { name, help_line, notice } => {
                vec![("kind", "house"), ("name", name), ("helpLine", help_line), ("notice", notice)]
            }
            Self::Group { name, symbol } => vec![("kind", "group"), ("name", name), ("symbol", symbol)],
            Self::Staff { name } => vec![("kind", "staff"), ("name", name)],
            Self::Child { name, left } => {
                truths.extend(left.then_some(("left", true)));
                vec![("kind", "child"), ("name", name)]
            }
            Self::Guardian { name } => vec![("kind", "guardian"), ("name", name)],
            Self::Guarded { name, protects } => {
                let mut fields: Vec<(&str, &str)> = vec![("kind", "guarded"), ("name", name)];
                if let Some(person) = protects {
                    person_hex = person.to_string();
                    fields.push(("protects", &person_hex));
                }
                fields
            }
            Self::Relation { name, relation } => {
                truths.push(("livesWith", relation.lives_with));
                truths.push(("information", relation.information));
                truths.push(("collect", relation.collect));
                let custody = CUSTODY.iter().find(|(c, _)| *c == relation.custody).map_or("none", |(_, n)| n);
                vec![("kind", "relation"), ("name", name), ("custody", custody)]
            }
            Self::Care { allergies, untimed } => {
                truths.push(("untimed", *untimed));
                vec![("kind", "care"), ("allergies", allergies)]
            }
            Self::Place { pin } => {
                person_hex = pin.to_string();
                vec![("kind", "place"), ("pin", &person_hex)]
            }
            Self::Tells { since } => {
                person_hex = since.to_string();
                vec![("kind", "tells"), ("since", &person_hex)]
            }
        };
        let texts = fields.into_iter().map(|(k, v)| (k.to_owned(), Scalar::Text(v.to_owned())));
        let truths = truths.into_iter().map(|(k, v)| (k.to_owned(), Scalar::Bool(v)));
        Value::Map(texts.chain(truths).collect())
    }

    /// Reads a profile that somebody wrote. `None`: no profile, of an unknown kind, a field missing or over its limit.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let Value::Map(map) = value else { return None };
        let name = || text(map, "name", NAME_CHARS_MAX);
        Some(match text(map, "kind", NAME_CHARS_MAX)?.as_str() {
            "house" => Self::House {
                name: name()?,
                help_line: text(map, "helpLine", HELP_LINE_CHARS_MAX)?,
                notice: text(map, "notice", NOTICE_CHARS_MAX)?,
            },
            "group" => {
                let symbol = text(map, "symbol", NAME_CHARS_MAX)?;
                // A symbol that a newer app knows must not hide the group.
                let known = SYMBOLS.contains(&symbol.as_str());
                Self::Group { name: name()?, symbol: if known { symbol } else { SYMBOLS[0].to_owned() } }
            }
            "staff" => Self::Staff { name: name()? },
            "child" => Self::Child { name: name()?, left: truth(map, "left").unwrap_or(false) },
            "guardian" => Self::Guardian { name: name()? },
            "guarded" => {
                let protects = text(map, "protects", NAME_CHARS_MAX);
                Self::Guarded { name: name()?, protects: protects.and_then(|person| person.parse().ok()) }
            }
            "relation" => {
                let custody = text(map, "custody", NAME_CHARS_MAX)?;
                let relation = Relation {
                    custody: CUSTODY.iter().find(|(_, n)| *n == custody).map(|(c, _)| *c)?,
                    lives_with: truth(map, "livesWith")?,
                    information: truth(map, "information")?,
                    collect: truth(map, "collect")?,
                };
                Self::Relation { name: name()?, relation }
            }
            "care" => Self::Care {
                allergies: text(map, "allergies", ALLERGIES_CHARS_MAX)?,
                untimed: truth(map, "untimed")?,
            },
            "place" => Self::Place { pin: text(map, "pin", NAME_CHARS_MAX)?.parse().ok()? },
            "tells" => Self::Tells { since: text(map, "since", NAME_CHARS_MAX)?.parse().ok()? },
            _ => return None,
        })
    }

    /// The name it carries.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::House { name, .. }
            | Self::Group { name, .. }
            | Self::Staff { name }
            | Self::Child { name, .. }
            | Self::Guardian { name }
            | Self::Guarded { name, .. }
            | Self::Relation { name, .. } => name,
            Self::Care { .. } | Self::Place { .. } | Self::Tells { .. } => "",
        }
    }
}

fn text(map: &SortedMap<String, Scalar>, key: &str, max: usize) -> Option<String> {
    match map.get(key) {
        Some(Scalar::Text(text)) if fits(text, max) => Some(text.clone()),
        _ => None,
    }
}

fn truth(map: &SortedMap<String, Scalar>, key: &str) -> Option<bool> {
    match map.get(key) {
        Some(Scalar::Bool(truth)) => Some(*truth),
        _ => None,
    }
}

/// Id of what a guardian is to a child: the first 16 bytes of SHA-256(label ‖ person ‖ child).
#[must_use]
pub fn relation_id(person: &PersonId, child: &CircleId) -> ItemId {
    let hash = sha256(&[RELATION, &[0], person.as_bytes(), child.as_bytes()]);
    ItemId::new(hash.first_chunk::<16>().copied().unwrap_or_default())
}

/// Id of what the day needs to know of a child.
#[must_use]
pub fn care_id(child: &CircleId) -> ItemId {
    derived(CARE, child.as_bytes())
}

/// Id of whom to call for a child without a protected guardian, from what it replaces: a decision that is made anew says it under the
/// same id, so that one that rests on it finds it; and so do two devices that do it unasked. `apart` is that guardian's circle, whose id
/// nobody else knows: to them this is an id like any other.
#[must_use]
pub fn contacts_id(child: &CircleId, apart: &CircleId, replaces: &[ItemId]) -> ItemId {
    let mut of = [*child.as_bytes(), *apart.as_bytes()].concat();
    of.extend(replaces.iter().flat_map(|item| *item.as_bytes()));
    derived(CONTACTS, &of)
}

/// Id of what says from when on a protected guardian is told of a group, by its team.
#[must_use]
pub fn tells_id(team: &CircleId) -> ItemId {
    derived(TELLS, team.as_bytes())
}

/// Id of what says who is behind the PINs of a place, by its open person.
#[must_use]
pub fn place_id(open: &PersonId) -> ItemId {
    derived(PLACE, open.as_bytes())
}

fn derived(label: &[u8], of: &[u8]) -> ItemId {
    ItemId::new(sha256(&[label, &[0], of]).first_chunk::<16>().copied().unwrap_or_default())
}

/// Id of the house's profile.
#[must_use]
pub fn house_id(house: &HouseId) -> ItemId {
    let mut id = [0; 16];
    for (to, from) in id.iter_mut().zip(house.as_bytes()) {
        *to = *from;
    }
    ItemId::new(id)
}

/// Id of the profile of a group (by its team) or of a child (by its circle).
#[must_use]
pub fn circle_id(circle: &CircleId) -> ItemId {
    ItemId::new(*circle.as_bytes())
}

/// Id of the profile of a person. Not the person's own: when a protected guardian's is erased, the ledger keeps it, and whoever
/// comes to the child later reads that.
#[must_use]
pub fn person_id(person: &PersonId) -> ItemId {
    derived(PERSON, person.as_bytes())
}
