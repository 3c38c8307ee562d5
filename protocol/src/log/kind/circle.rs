//! `circle`: a new set of readers that share keys.

use minicbor::{Decode, Encode};

use crate::id::{CircleId, PersonId};

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
    /// Content: the elected parents; reserved.
    #[n(8)]
    Council,
    /// Content: named persons only (§ 8a, § 65 SGB VIII); reserved.
    #[n(9)]
    Guarded,
    /// Content: outsiders write, staff read; reserved.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
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
}
