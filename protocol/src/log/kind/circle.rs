//! `circle`: a new set of readers that share keys.

use minicbor::{Decode, Encode};

use crate::id::{CircleId, PersonId};
use crate::limit;
use crate::log::kind::member::{History, Who};
use crate::log::kind::protect::may_meet;
use crate::log::kind::role::Role;
use crate::log::state::fold::{Ctx, Facts};
use crate::log::state::{Circle, Membership, RuleError};

/// Sort of a circle. Key circles carry keys, never content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Sort {
    /// Key circle: staff persons and places of one group, and the directors (and the sheet).
    #[n(0)]
    Team,
    /// Key circle: the directors (and the sheet). One per house.
    #[n(1)]
    Directors,
    /// Key circle: the guardians of one group; also wrapped to the group's team.
    #[n(2)]
    Parents,
    /// Content: directors, all teams, all parents; staff write. One per house; its readers follow from the circles.
    #[n(3)]
    House,
    /// Content: directors and all teams. One per house; its readers follow from the circles.
    #[n(4)]
    Staff,
    /// Content: a team and its parents; staff write.
    #[n(5)]
    Group,
    /// Content: a team and one child's guardians; staff write, guardians read. Its id names the child.
    #[n(6)]
    Child,
    /// Content: one guardian and the team (or the directors), about one child; both sides write.
    #[n(7)]
    Private,
    /// Content: the elected parents, and directors by name; all write. Its members know of each other.
    #[n(8)]
    Council,
    /// Content: named persons only (§ 8a, § 65 SGB VIII): staff, and one guardian at most; all write. No director is in
    /// it by being one.
    #[n(9)]
    Guarded,
    /// Content: outsiders write, staff read. One per house; its readers follow from the circles, as those of `staff`.
    #[n(10)]
    Intake,
    /// Content: two guardians who choose it; reserved.
    #[n(11)]
    Family,
}

impl Sort {
    /// Whether circles of this sort carry keys only.
    #[must_use]
    pub const fn is_key(self) -> bool {
        matches!(self, Self::Team | Self::Directors | Self::Parents)
    }
}

/// Body of `circle`. Which of the optional fields a sort has is part of its rule.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CircleNew {
    /// The new circle.
    #[n(0)]
    pub circle: CircleId,
    /// Its sort.
    #[n(1)]
    pub sort: Sort,
    /// `parents`, `group`: the team of the group.
    #[n(2)]
    pub team: Option<CircleId>,
    /// `private`: the child's circle.
    #[n(3)]
    pub child: Option<CircleId>,
    /// `private`: the guardian.
    #[n(4)]
    pub guardian: Option<PersonId>,
    /// `council`, `guarded`: its first members, sorted, none twice, at most [`crate::limit::CIRCLE_PERSONS_MAX`].
    #[n(5)]
    pub persons: Option<Vec<PersonId>>,
}

impl CircleNew {
    /// Without any of the fields that some sorts ask for.
    #[must_use]
    pub const fn new(circle: CircleId, sort: Sort) -> Self {
        Self { circle, sort, team: None, child: None, guardian: None, persons: None }
    }
}

/// A fresh id with the fields its sort asks for. One `directors`, `house` and `staff` per house, one `parents` and
/// one `group` per team.
pub(crate) fn admit(body: &CircleNew, ctx: &Ctx<'_>) -> Result<(), RuleError> {
    ctx.no_cosignature()?;
    ctx.entitled_to_sort(body.sort)?;
    if ctx.facts.circles.contains_key(&body.circle) {
        return Err(RuleError::CircleExists);
    }
    if ctx.facts.circles.len() >= limit::CIRCLES_MAX {
        return Err(RuleError::CircleLimit);
    }
    let single = |team| {
        let exists = ctx.facts.circles.values().any(|circle| circle.sort == body.sort && circle.team == team);
        if exists { Err(RuleError::CircleExists) } else { Ok(()) }
    };
    if body.persons.is_some() != matches!(body.sort, Sort::Council | Sort::Guarded) {
        return Err(RuleError::CircleFields);
    }
    match (body.sort, body.team, body.child, body.guardian) {
        (Sort::Guarded, None, None, None) => {
            named(body.sort, body.persons.as_deref().unwrap_or_default(), ctx, &|roles| {
                let guardians = roles.iter().filter(|role| **role == Role::Guardian).count();
                guardians <= 1 && guardians < roles.len() && roles.iter().all(|role| may_be_named(*role))
            })
        }
        (Sort::Council, None, None, None) => {
            named(body.sort, body.persons.as_deref().unwrap_or_default(), ctx, &|roles| {
                roles.iter().all(|role| may_be_elected(*role))
            })
        }
        (Sort::Team | Sort::Child, None, None, None) => Ok(()),
        (Sort::Directors | Sort::House | Sort::Staff | Sort::Intake, None, None, None) => single(None),
        (Sort::Parents | Sort::Group, Some(team), None, None) => {
            if ctx.circle(&team)?.sort != Sort::Team {
                return Err(RuleError::CircleFields);
            }
            single(Some(team))
        }
        (Sort::Private, None, Some(child), Some(guardian)) => {
            // A protected guardian does not see the child's circle; their view of the rest still holds.
            match ctx.circle(&child) {
                Ok(circle) if circle.sort == Sort::Child => {}
                Err(RuleError::Hidden) => {}
                Ok(_) => return Err(RuleError::CircleFields),
                Err(error) => return Err(error),
            }
            match ctx.person(&guardian)?.role {
                Some(Role::Guardian) => Ok(()),
                Some(_) => Err(RuleError::CircleFields),
                None => Err(RuleError::NoRole),
            }
        }
        (Sort::Family, ..) => Err(RuleError::SortReserved),
        _ => Err(RuleError::CircleFields),
    }
}

/// Who may be a member of a `guarded` circle by name.
pub(crate) const fn may_be_named(role: Role) -> bool {
    matches!(role, Role::Director | Role::Educator | Role::Guardian)
}

/// Who may be a member of a `council`.
pub(crate) const fn may_be_elected(role: Role) -> bool {
    matches!(role, Role::Guardian | Role::Director)
}

/// A list of first members in its one order, each with a role, all of them together as the sort wants them.
fn named(
    sort: Sort,
    persons: &[PersonId],
    ctx: &Ctx<'_>,
    fit: &dyn Fn(&[Role]) -> bool,
) -> Result<(), RuleError> {
    let sorted = persons.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    if persons.is_empty() || persons.len() > limit::CIRCLE_PERSONS_MAX || !sorted {
        return Err(RuleError::CircleFields);
    }
    let role = |person| ctx.person(person)?.role.ok_or(RuleError::NoRole);
    let roles = persons.iter().map(role).collect::<Result<Vec<_>, _>>()?;
    if !fit(&roles) {
        return Err(RuleError::MemberSort);
    }
    let elected = sort == Sort::Council && persons.iter().any(|id| ctx.facts.protections.contains_key(id));
    let meet = persons.iter().all(|one| persons.iter().all(|other| may_meet(one, other, ctx.facts)));
    if elected || !meet { Err(RuleError::ProtectedReads) } else { Ok(()) }
}

pub(crate) fn apply(body: &CircleNew, seq: u64, facts: &mut Facts) {
    let first = body.persons.iter().flatten().map(|person| Who::Person(*person));
    let circle = Circle {
        id: body.circle,
        sort: body.sort,
        team: body.team,
        child: body.child,
        guardian: body.guardian,
        seq,
        members: first.map(|who| (who, Membership { history: History::All, seq })).collect(),
        past: Vec::new(),
    };
    if body.sort.is_key() {
        facts.keys.insert(body.circle);
    }
    if body.sort == Sort::Council {
        facts.councils.insert(body.circle);
    }
    facts.circles.insert(body.circle, circle.into());
}
