//! `member`: a person or a key circle reads a circle.

use minicbor::{Decode, Encode};

use crate::id::{CircleId, PersonId};
use crate::log::kind::circle::{Sort, may_be_elected, may_be_named};
use crate::log::kind::protect::{is_apart, may_meet};
use crate::log::kind::role::Role;
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{Circle, Membership, RuleError, Side};

/// A direct reader of a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Who {
    /// A person, through each of their devices.
    #[n(0)]
    Person(#[n(0)] PersonId),
    /// Whoever reads a key circle.
    #[n(1)]
    Circle(#[n(0)] CircleId),
}

/// How far back a new member reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum History {
    /// As far as the links lead.
    #[n(0)]
    All,
    /// From a new horizon epoch on.
    #[n(1)]
    FromNow,
}

/// Body of `member`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Member {
    /// Which circle.
    #[n(0)]
    pub circle: CircleId,
    /// Seq of its `circle` entry, which is delivered with this one.
    #[n(1)]
    pub circle_seq: u64,
    /// Who reads it.
    #[n(2)]
    pub who: Who,
    /// From when.
    #[n(3)]
    pub history: History,
}

/// A circle of this number, and a person with the right role or a key circle that its sort may nest.
pub(crate) fn admit(body: &Member, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    let circle = ctx.circle(&body.circle)?;
    ctx.entitled_to_circle(circle)?;
    if circle.seq != body.circle_seq {
        return Err(RuleError::CircleUnknown);
    }
    // Staff read what their team has read: nobody else could lead them back. Nor is `parents` cut for its own team.
    let whole = match body.who {
        Who::Person(_) => matches!(circle.sort, Sort::Team | Sort::Directors),
        Who::Circle(_) => circle.sort.is_key(),
    };
    if whole && body.history == History::FromNow {
        return Err(RuleError::MemberHistory);
    }
    let would_notice = match body.who {
        Who::Person(person) => {
            (ctx.facts.protections.contains_key(&person) && !is_apart(circle, ctx.facts))
                || (circle.sort == Sort::Guarded
                    && !circle.persons().all(|other| may_meet(&person, &other, ctx.facts)))
        }
        Who::Circle(key) => {
            let directors = ctx.circle(&key)?.sort == Sort::Directors;
            circle.guardian.is_some_and(|guardian| ctx.facts.protections.contains_key(&guardian))
                && !directors
        }
    };
    if would_notice {
        return Err(RuleError::ProtectedReads);
    }
    match body.who {
        Who::Person(person) => fits_person(circle, &person, ctx)?,
        Who::Circle(key) => fits_circle(circle, &key, ctx)?,
    }
    if circle.members.contains_key(&body.who) { Err(RuleError::MemberExists) } else { Ok(()) }
}

fn fits_person(circle: &Circle, person: &PersonId, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    let role = ctx.person(person)?.role.ok_or(RuleError::NoRole)?;
    let fits = match circle.sort {
        Sort::Team => matches!(role, Role::Director | Role::Educator | Role::Place | Role::Sheet),
        Sort::Directors => matches!(role, Role::Director | Role::Sheet),
        Sort::Parents => role == Role::Guardian,
        Sort::Child => matches!(role, Role::Guardian | Role::Place),
        Sort::Private => circle.guardian == Some(*person) && role == Role::Guardian,
        // `house` and `staff` follow from the circles that exist; `group` reads through its team and parents. A place that is
        // open to whoever stands before it reads what the day needs by name, without a key that leads to families' threads.
        Sort::House | Sort::Group => role == Role::Place,
        Sort::Staff => false,
        Sort::Guarded => {
            may_be_named(role) && (role != Role::Guardian || is_only_guardian(circle, person, ctx))
        }
        Sort::Council => may_be_elected(role),
        Sort::Intake | Sort::Family => false,
    };
    if fits { Ok(()) } else { Err(RuleError::MemberSort) }
}

/// One guardian at a time would not do: the next one would see the entries about the first.
fn is_only_guardian(circle: &Circle, person: &PersonId, ctx: &Ctx<'_>) -> bool {
    circle.spans().all(|(who, _)| match who {
        Who::Person(other) => {
            other == *person || ctx.facts.persons.get(&other).is_some_and(|other| other.side == Side::House)
        }
        Who::Circle(_) => true,
    })
}

/// Only upwards in the order team, parents, content: so nesting has no cycles and a depth of two.
fn fits_circle(circle: &Circle, key: &CircleId, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    let key = ctx.circle(key)?;
    let fits = match circle.sort {
        Sort::Parents => circle.team == Some(key.id),
        Sort::Group => circle.team == Some(key.id) || (key.sort == Sort::Parents && key.team == circle.team),
        Sort::Child => key.sort == Sort::Team,
        Sort::Private => {
            let another = circle.members.keys().any(|who| matches!(who, Who::Circle(id) if *id != key.id));
            matches!(key.sort, Sort::Team | Sort::Directors) && !another
        }
        Sort::Team | Sort::Directors | Sort::House | Sort::Staff => false,
        Sort::Council | Sort::Guarded | Sort::Intake | Sort::Family => false,
    };
    if fits { Ok(()) } else { Err(RuleError::MemberSort) }
}

pub(crate) fn apply(body: &Member, seq: u64, facts: &mut Facts) {
    if let Some(circle) = facts.circle_mut(&body.circle) {
        circle.members.insert(body.who, Membership { history: body.history, seq });
    }
}
