//! What the fold knows about each thing, with the spans of the past that staleness and replayed epochs need.

use crate::id::{CircleId, DeviceId, Hash, PersonId};
use crate::log::entry::DeviceCard;
use crate::log::kind::circle::Sort;
use crate::log::kind::invite::Invite;
use crate::log::kind::member::{History, Who};
use crate::log::kind::role::Role;
use crate::sorted::SortedMap;

/// Numbers in the log between which something held: from, inclusive, to, exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: u64,
    pub(crate) to: Option<u64>,
}

impl Span {
    /// Now: later than every number in any log.
    pub(crate) const NOW: u64 = u64::MAX;

    pub(crate) const fn open(from: u64) -> Self {
        Self { from, to: None }
    }

    pub(crate) const fn holds(self, at: u64) -> bool {
        self.from <= at
            && match self.to {
                None => true,
                Some(to) => at < to,
            }
    }

    /// The numbers in both, if any.
    pub(crate) fn and(self, other: Self) -> Option<Self> {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        to.is_none_or(|to| from < to).then_some(Self { from, to })
    }
}

/// A device that was named in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its public keys.
    pub card: DeviceCard,
    /// Whose it is (or would be, while joining).
    pub person: PersonId,
    /// Number of the entry since which it belongs; while joining, of the `join`.
    pub since: u64,
    /// Number of the entry that ended it, or voided its join.
    pub ended: Option<u64>,
    /// Number of its `join`, until that is confirmed.
    pub joining: Option<u64>,
    /// Its entry says that it is a recovery sheet. That of `found` has a role instead.
    pub sheet: bool,
}

impl Device {
    /// Whether it belongs: neither joining nor ended.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.joining.is_none() && self.ended.is_none()
    }

    /// When it belonged.
    pub(crate) const fn span(&self) -> Option<Span> {
        match self.joining {
            None => Some(Span { from: self.since, to: self.ended }),
            Some(_) => None,
        }
    }
}

/// On which side of the house a person stands. It never changes: whoever works here and has a child here is two
/// persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Directors, educators, places, the sheet.
    House,
    /// Guardians.
    Family,
}

impl Role {
    /// The side this role stands on.
    #[must_use]
    pub const fn side(self) -> Side {
        match self {
            Self::Guardian | Self::Applicant => Side::Family,
            Self::Director | Self::Educator | Self::Place | Self::Sheet => Side::House,
        }
    }
}

/// A person who was given a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Present role.
    pub role: Option<Role>,
    /// Number of the entry that ended the last role, while there is none.
    pub role_ended: Option<u64>,
    /// Devices that belong, oldest first. They read nothing while there is no role.
    pub devices: Vec<DeviceId>,
    /// Side, for good.
    pub side: Side,
    pub(crate) roles: Vec<(Role, Span)>,
    /// Every device that ever belonged, for the past.
    pub(crate) all_devices: Vec<DeviceId>,
}

impl Person {
    pub(crate) fn role_at(&self, at: u64) -> Option<Role> {
        self.roles.iter().find(|(_, span)| span.holds(at)).map(|(role, _)| *role)
    }
}

/// A direct membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// How far back it reads.
    pub history: History,
    /// Number of the `member` entry.
    pub seq: u64,
}

impl Membership {
    /// Number of the entry since which it reads; none: as far back as the links lead.
    #[must_use]
    pub const fn since(&self) -> Option<u64> {
        match self.history {
            History::All => None,
            History::FromNow => Some(self.seq),
        }
    }
}

/// A circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    /// Its id.
    pub id: CircleId,
    /// Its sort.
    pub sort: Sort,
    /// `parents`, `group`: the team of the group.
    pub team: Option<CircleId>,
    /// `private`: the child's circle.
    pub child: Option<CircleId>,
    /// `private`: the guardian.
    pub guardian: Option<PersonId>,
    /// Number of its `circle` entry.
    pub seq: u64,
    /// Direct members at present, as the entries say; for `house` and `staff` see
    /// [`crate::access::direct_readers`].
    pub members: SortedMap<Who, Membership>,
    pub(crate) past: Vec<(Who, Span, History)>,
}

impl Circle {
    /// Every direct membership there ever was.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (Who, Span)> {
        let past = self.past.iter().map(|(who, span, _)| (*who, *span));
        self.members.iter().map(|(who, m)| (*who, Span::open(m.seq))).chain(past)
    }

    /// Persons who are direct members.
    pub(crate) fn persons(&self) -> impl Iterator<Item = PersonId> {
        self.members.keys().filter_map(|who| match who {
            Who::Person(person) => Some(*person),
            Who::Circle(_) => None,
        })
    }

    /// Whether this person was a member when the entry with this number came, or later: to them it is shown.
    pub(crate) fn knew(&self, person: &PersonId, seq: u64) -> bool {
        let who = Who::Person(*person);
        self.spans().any(|(member, span)| member == who && span.to.is_none_or(|to| to >= seq))
    }

    pub(crate) fn end(&mut self, who: &Who, seq: u64) {
        if let Some(membership) = self.members.remove(who) {
            let span = Span { from: membership.seq, to: Some(seq) };
            self.past.push((*who, span, membership.history));
        }
    }
}

/// How far an invite has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteProgress {
    /// Nobody has joined with it.
    Open,
    /// A device has joined and waits.
    Used {
        /// Number of the `join`.
        join: u64,
    },
    /// The device belongs.
    Confirmed {
        /// Number of the `join`.
        join: u64,
        /// Number of the `confirm`.
        confirm: u64,
    },
    /// Withdrawn by an `invite-end`.
    Revoked,
    /// Its author was removed, or the person's role has ended.
    Void,
}

/// An invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteFact {
    /// Number of the entry.
    pub seq: u64,
    /// What it says.
    pub body: Invite,
    /// The device that wrote it.
    pub author: DeviceId,
    /// How far it has come.
    pub stage: InviteProgress,
}

/// A device at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinFact {
    /// Number of the entry.
    pub seq: u64,
    /// Number of the `invite`.
    pub invite: u64,
    /// What it presented.
    pub device: DeviceCard,
    /// Whose device it would become.
    pub person: PersonId,
    /// Commitment of the `join`'s link: the digits are derived from it.
    pub commitment: Hash,
    /// Number of the `confirm`.
    pub confirmed: Option<u64>,
    /// Will never be confirmed.
    pub void: bool,
}

impl JoinFact {
    /// Whether it waits for a `confirm`.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        self.confirmed.is_none() && !self.void
    }
}
