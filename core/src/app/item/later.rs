//! What is to be done on a later day, and what takes a second director. In `staff`.

use minicbor::{Decode, Encode};
use nestpost_protocol::codec::Bytes;
use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::limit::FRAME_ENTRIES_MAX;
use nestpost_protocol::log::Cosignature;
use nestpost_protocol::log::kind::KindNumber;
use nestpost_protocol::log::kind::order::Order;

use super::NAME_CHARS_MAX;
use crate::app::command::Relation;
use crate::app::day::Day;
use crate::app::item::fits;

/// What is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum What {
    /// What a guardian is to a child changes.
    #[n(0)]
    Guardian,
    /// A child moves to another group.
    #[n(1)]
    Move,
    /// A child leaves the house.
    #[n(2)]
    Leave,
    /// Somebody's role ends.
    #[n(3)]
    End,
}

/// A director's plan. Class `long`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Planned {
    /// What.
    #[n(0)]
    pub what: What,
    /// From this day on.
    #[n(1)]
    pub day: Day,
    /// Claimed time, milliseconds.
    #[n(2)]
    pub at: u64,
    /// Whom it is about.
    #[n(3)]
    pub person: Option<PersonId>,
    /// The child.
    #[n(4)]
    pub child: Option<CircleId>,
    /// The group it moves to, by its team.
    #[n(5)]
    pub group: Option<CircleId>,
    /// What the guardian is then.
    #[n(6)]
    pub relation: Option<Relation>,
    /// By the other one of two, where it takes two: over what is ordered. Goes into each order of it.
    #[n(7)]
    pub second: Option<Cosignature>,
}

impl Planned {
    /// One that does not say yet what it is about.
    #[must_use]
    pub const fn of(what: What, day: Day, at: u64) -> Self {
        Self { what, day, at, person: None, child: None, group: None, relation: None, second: None }
    }

    /// Whether it names what it is about.
    pub(super) const fn fits(&self) -> bool {
        match self.what {
            What::Guardian => self.person.is_some() && self.child.is_some() && self.relation.is_some(),
            What::Move => self.child.is_some() && self.group.is_some(),
            What::Leave => self.child.is_some(),
            What::End => self.person.is_some(),
        }
    }
}

/// How a plan is carried out as things stand: signed by a director's device, and again by it or another one when what they
/// rest on has changed. The latest that a director who is still in office signed counts. Class `long`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Orders {
    /// The plan.
    #[n(0)]
    pub plan: ItemId,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
    /// In order; none where nobody's circles change.
    #[n(2)]
    pub orders: Vec<Order>,
}

impl Orders {
    pub(super) const fn fits(&self) -> bool {
        self.orders.len() <= FRAME_ENTRIES_MAX
    }
}

/// How a plan ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum How {
    /// It was carried out.
    #[n(0)]
    Done,
    /// A director thought better of it.
    #[n(1)]
    Withdrawn,
    /// When it was due it made no sense any more.
    #[n(2)]
    Failed,
}

/// A plan is over. Under [`ended_id`], so that two devices agree. Class `long`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PlanEnd {
    /// The plan.
    #[n(0)]
    pub plan: ItemId,
    /// How.
    #[n(1)]
    pub how: How,
    /// Code of the reason, where it failed.
    #[n(2)]
    pub reason: Option<String>,
}

impl PlanEnd {
    pub(super) fn fits(&self) -> bool {
        self.reason.as_ref().is_none_or(|reason| fits(reason, NAME_CHARS_MAX))
    }
}

/// What takes two, as the first director signed it: the second one's device writes the entry. Class `year`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Proposal {
    /// Kind of the entry.
    #[n(0)]
    pub kind: KindNumber,
    /// CBOR of its body.
    #[n(1)]
    pub body: Bytes,
    /// By the device of the one who proposes it.
    #[n(2)]
    pub cosignature: Cosignature,
    /// Claimed time, milliseconds.
    #[n(3)]
    pub at: u64,
    /// Not at once: a plan for this day.
    #[n(4)]
    pub day: Option<Day>,
}

/// What a protected guardian may read elsewhere, told apart. Class `year`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Told {
    /// A group's, by its team.
    #[n(0)]
    pub group: Option<CircleId>,
    /// A note about a child.
    #[n(1)]
    pub child: Option<CircleId>,
    /// Heading.
    #[n(2)]
    pub title: String,
    /// Text.
    #[n(3)]
    pub body: String,
    /// As the source claims it, milliseconds.
    #[n(4)]
    pub at: u64,
}

/// A director does not agree, or thought better of it. Class `year`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProposalEnd {
    /// The proposal.
    #[n(0)]
    pub proposal: ItemId,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
}
