//! Who may read and write what: pure functions of the house log.
//!
//! Relay and clients ask the same functions. On a guardian's partial log they answer the same as on the full one, as
//! far as that guardian's own devices and circles are concerned.

use std::collections::BTreeSet;

use crate::epoch::Addressee;
use crate::id::{CircleId, DeviceId, PersonId};
use crate::log::LogState;
use crate::log::kind::circle::Sort;
use crate::log::kind::member::Who;
use crate::log::kind::role::Role;
use crate::log::state::fact::{Circle, Span};
use crate::log::state::fold::{Audience, Facts};
use crate::record::{Header, Side};

/// The house at one number of its log; [`Span::NOW`] is the present.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    facts: &'a Facts,
    at: u64,
}

/// Nesting is acyclic by the rule of `member`; the bound only keeps a mistake there from recursing for ever.
const DEPTH_MAX: u8 = 4;

impl<'a> View<'a> {
    pub(crate) fn now(log: &'a LogState) -> Self {
        Self { facts: log.facts(), at: Span::NOW }
    }

    /// As of the entry with this number.
    pub(crate) fn at(log: &'a LogState, seq: u64) -> Self {
        Self { facts: log.facts(), at: seq }
    }

    fn circle(self, circle: &CircleId) -> Option<&'a Circle> {
        self.facts.circles.get(circle).map(AsRef::as_ref).filter(|circle| circle.seq <= self.at)
    }

    fn role(self, person: &PersonId) -> Option<Role> {
        let person = self.facts.persons.get(person)?;
        if self.at == Span::NOW { person.role } else { person.role_at(self.at) }
    }

    pub(crate) fn role_of(self, device: &DeviceId) -> Option<(PersonId, Role)> {
        let device = self.facts.devices.get(device)?;
        if !device.span()?.holds(self.at) {
            return None;
        }
        self.role(&device.person).map(|role| (device.person, role))
    }

    pub(crate) fn is_staff(self, device: &DeviceId) -> bool {
        self.role_of(device).is_some_and(|(_, role)| role.is_staff())
    }

    /// Direct readers with a role, and key circles.
    pub(crate) fn direct(self, circle: &CircleId) -> impl Iterator<Item = Who> + 'a {
        let derived = self.circle(circle).into_iter().flat_map(move |circle| {
            self.facts
                .keys
                .iter()
                .filter(move |key| self.circle(key).is_some_and(|key| follows(circle.sort, key.sort)))
                .map(|key| Who::Circle(*key))
        });
        let explicit = self.circle(circle).into_iter().flat_map(move |circle| {
            let present = circle.members.iter().filter(move |(_, m)| m.seq <= self.at).map(|(who, _)| *who);
            let past = circle.past.iter().filter(move |(_, span)| span.holds(self.at)).map(|(who, _)| *who);
            present.chain(past)
        });
        explicit.chain(derived).filter(move |who| match who {
            Who::Person(person) => self.role(person).is_some(),
            Who::Circle(key) => self.circle(key).is_some(),
        })
    }

    fn collect_readers(self, circle: &CircleId, depth: u8, into: &mut BTreeSet<PersonId>) {
        for who in self.direct(circle) {
            match who {
                Who::Person(person) => {
                    into.insert(person);
                }
                Who::Circle(key) if depth < DEPTH_MAX => self.collect_readers(&key, depth + 1, into),
                Who::Circle(_) => {}
            }
        }
    }

    fn person_reads(self, person: &PersonId, circle: &CircleId, depth: u8) -> bool {
        let Some(known) = self.circle(circle) else { return false };
        if self.at == Span::NOW && known.members.contains_key(&Who::Person(*person)) {
            return true;
        }
        self.direct(circle).any(|who| match who {
            Who::Person(reader) => reader == *person,
            Who::Circle(key) => depth < DEPTH_MAX && self.person_reads(person, &key, depth + 1),
        })
    }

    pub(crate) fn reads(self, device: &DeviceId, circle: &CircleId) -> bool {
        self.role_of(device).is_some_and(|(person, _)| self.person_reads(&person, circle, 0))
    }

    pub(crate) fn side_of(self, device: &DeviceId, circle: &CircleId) -> Option<Side> {
        let (person, role) = self.role_of(device)?;
        let known = self.circle(circle)?;
        let side = match known.sort {
            Sort::Team | Sort::Directors | Sort::Parents => None,
            Sort::House | Sort::Staff | Sort::Group | Sort::Child => role.is_staff().then_some(Side::Staff),
            Sort::Private if role.is_staff() => Some(Side::Staff),
            Sort::Private => {
                (role == Role::Guardian && known.guardian == Some(person)).then_some(Side::Person(person))
            }
            Sort::Council | Sort::Guarded | Sort::Intake | Sort::Family => None,
        }?;
        self.person_reads(&person, circle, 0).then_some(side)
    }

    pub(crate) fn may_rotate(self, device: &DeviceId, circle: &CircleId) -> bool {
        let Some(known) = self.circle(circle) else { return false };
        match known.sort {
            Sort::Team | Sort::Directors => self.is_staff(device) && self.reads(device, circle),
            Sort::Parents => {
                self.is_staff(device) && known.team.is_some_and(|team| self.reads(device, &team))
            }
            _ => self.side_of(device, circle).is_some(),
        }
    }

    pub(crate) fn targets(self, circle: &CircleId) -> EpochTargets {
        let mut targets = EpochTargets { keys: BTreeSet::new(), devices: BTreeSet::new() };
        for who in self.direct(circle) {
            match who {
                Who::Circle(key) => {
                    targets.keys.insert(key);
                }
                Who::Person(person) => targets.devices.extend(self.devices_of(&person)),
            }
        }
        targets
    }

    pub(crate) fn devices_of(self, person: &PersonId) -> impl Iterator<Item = DeviceId> + 'a {
        let all =
            self.facts.persons.get(person).map(|person| person.all_devices.as_slice()).unwrap_or_default();
        all.iter()
            .filter(move |device| {
                self.facts
                    .devices
                    .get(device)
                    .and_then(|known| known.span())
                    .is_some_and(|span| span.holds(self.at))
            })
            .copied()
    }

    /// The first device found that read the circle at some number from `since` on and does not any more.
    pub(crate) fn departed(log: &LogState, circle: &CircleId, since: u64) -> Option<DeviceId> {
        let now = View::now(log);
        let gone = |device: &DeviceId| !now.reads(device, circle);
        now.departed_in(circle, Span::open(since), 0, &gone)
    }

    fn departed_in(
        self,
        circle: &CircleId,
        window: Span,
        depth: u8,
        gone: &dyn Fn(&DeviceId) -> bool,
    ) -> Option<DeviceId> {
        let known = self.circle(circle)?;
        let derived = self.facts.keys.iter().filter_map(|key| {
            let key = self.circle(key).filter(|key| follows(known.sort, key.sort))?;
            Some((Who::Circle(key.id), Span::open(key.seq)))
        });
        known.spans().chain(derived).filter_map(|(who, span)| Some((who, span.and(window)?))).find_map(
            |(who, span)| match who {
                Who::Person(person) => self.departed_of(&person, span, gone),
                Who::Circle(key) if depth < DEPTH_MAX => self.departed_in(&key, span, depth + 1, gone),
                Who::Circle(_) => None,
            },
        )
    }

    /// A device of this person that read during `window` and has gone. What never ended is not asked twice: if the
    /// membership, the role and the device all go on, the device still reads.
    fn departed_of(
        self,
        person: &PersonId,
        window: Span,
        gone: &dyn Fn(&DeviceId) -> bool,
    ) -> Option<DeviceId> {
        let known = self.facts.persons.get(person)?;
        known.all_devices.iter().copied().find(|id| {
            let Some(belonged) = self.facts.devices.get(id).and_then(|device| device.span()) else {
                return false;
            };
            let ended = known.roles.iter().filter_map(|(_, role)| window.and(*role)?.and(belonged));
            ended.into_iter().any(|span| span.to.is_some()) && gone(id)
        })
    }
}

/// Whether every circle of sort `key` reads every circle of sort `content` without an entry that says so.
const fn follows(content: Sort, key: Sort) -> bool {
    match content {
        Sort::House => key.is_key(),
        Sort::Staff => matches!(key, Sort::Team | Sort::Directors),
        _ => false,
    }
}

/// Person and role of a live device whose person's role has not ended.
#[must_use]
pub fn role_of(log: &LogState, device: &DeviceId) -> Option<(PersonId, Role)> {
    View::now(log).role_of(device)
}

/// The same as of the entry with this number.
#[must_use]
pub fn role_then(log: &LogState, device: &DeviceId, seq: u64) -> Option<(PersonId, Role)> {
    View::at(log, seq).role_of(device)
}

/// Whether this is a live device of a director, an educator or a place.
#[must_use]
pub fn is_staff(log: &LogState, device: &DeviceId) -> bool {
    View::now(log).is_staff(device)
}

/// Who reads a circle directly: its explicit members, or what follows for `house` and `staff`. Persons without a role
/// are left out.
#[must_use]
pub fn direct_readers(log: &LogState, circle: &CircleId) -> BTreeSet<Who> {
    View::now(log).direct(circle).collect()
}

/// Every person who reads a circle, through key circles too.
#[must_use]
pub fn readers(log: &LogState, circle: &CircleId) -> BTreeSet<PersonId> {
    let mut readers = BTreeSet::new();
    View::now(log).collect_readers(circle, 0, &mut readers);
    readers
}

/// Whether a device reads a circle.
#[must_use]
pub fn reads(log: &LogState, device: &DeviceId, circle: &CircleId) -> bool {
    View::now(log).reads(device, circle)
}

/// Circles whose records a device is given: those it reads, and the key circles nested in them (which hold epochs
/// only).
#[must_use]
pub fn visible(log: &LogState, device: &DeviceId) -> BTreeSet<CircleId> {
    let now = View::now(log);
    let mut visible = BTreeSet::new();
    let Some((person, _)) = now.role_of(device) else { return visible };
    let mut nested: Vec<CircleId> = log
        .circles()
        .filter(|circle| now.person_reads(&person, &circle.id, 0))
        .map(|circle| circle.id)
        .collect();
    while let Some(circle) = nested.pop() {
        if visible.insert(circle) {
            nested.extend(now.direct(&circle).filter_map(|who| match who {
                Who::Circle(key) => Some(key),
                Who::Person(_) => None,
            }));
        }
    }
    visible
}

/// Whether a device may see the entry with this number: staff all, a guardian what concerns them and what describes
/// the `child` circles they are members of, a joining device its invite and its join.
#[must_use]
pub fn sees_entry(log: &LogState, device: &DeviceId, seq: u64) -> bool {
    let Some(known) = log.device(device) else { return false };
    if let (Some(join), None) = (known.joining, known.ended) {
        let invite = log.facts().joins.get(&join).map(|join| join.invite);
        return seq == join || Some(seq) == invite;
    }
    let Some((person, role)) = role_of(log, device) else { return false };
    match log.audience_of(seq) {
        Some(Audience::All) => true,
        Some(_) if role != Role::Guardian => true,
        Some(Audience::Person(concerned)) => concerned == person,
        Some(Audience::Circle(circle)) => {
            log.circle(&circle).is_some_and(|circle| circle.members.contains_key(&Who::Person(person)))
        }
        None => false,
    }
}

/// Entries that a device may see in `after` and could not in `before`, older ones included: what has to be delivered
/// to it when the log moves from one to the other.
#[must_use]
pub fn newly_seen(before: &LogState, after: &LogState, device: &DeviceId) -> Vec<u64> {
    let seen = |log: &LogState, seq| seq < log.len() && sees_entry(log, device, seq);
    (0..after.len()).filter(|seq| seen(after, *seq) && !seen(before, *seq)).collect()
}

/// Whether a device is shown the reader lists of a circle's epochs: staff, and in `private` its readers alone.
#[must_use]
pub fn sees_reader_list(log: &LogState, device: &DeviceId, circle: &CircleId) -> bool {
    match log.circle(circle).map(|circle| circle.sort) {
        None => false,
        Some(Sort::Private | Sort::Council | Sort::Guarded | Sort::Family) => reads(log, device, circle),
        Some(_) => is_staff(log, device),
    }
}

/// On which side this device may write content in this circle; none: it may not.
#[must_use]
pub fn side_of(log: &LogState, device: &DeviceId, circle: &CircleId) -> Option<Side> {
    View::now(log).side_of(device, circle)
}

/// Whether the author of a record could write it, on its side, at the log head that it names: what a reader asks of
/// history that a relay has already placed.
#[must_use]
pub fn could_write(log: &LogState, header: &Header) -> bool {
    log.knows_head(&header.log)
        && View::at(log, header.log.seq).side_of(&header.author, &header.circle) == Some(header.side)
}

/// Whether this device may make epochs of this circle: members of the team for `team` and `parents`, directors for
/// `directors`, any writer for content.
#[must_use]
pub fn may_rotate(log: &LogState, device: &DeviceId, circle: &CircleId) -> bool {
    View::now(log).may_rotate(device, circle)
}

/// Whether this device may wrap an epoch of this circle for this addressee, who must read it: a writer or epoch
/// maker, the sheet where it reads, or any reader for another device of the same person.
#[must_use]
pub fn may_wrap(log: &LogState, device: &DeviceId, circle: &CircleId, to: &Addressee) -> bool {
    let now = View::now(log);
    let Some((person, role)) = now.role_of(device) else { return false };
    let entitled = match to {
        Addressee::Device(reader) => now.reads(reader, circle),
        Addressee::Epoch(key) => nests(now, circle, &key.circle, 0),
    };
    let own = || match to {
        Addressee::Device(reader) => now.role_of(reader).is_some_and(|(other, _)| other == person),
        Addressee::Epoch(_) => false,
    };
    let reads = || now.person_reads(&person, circle, 0);
    entitled && (now.may_rotate(device, circle) || (reads() && (role == Role::Sheet || own())))
}

fn nests(view: View<'_>, circle: &CircleId, key: &CircleId, depth: u8) -> bool {
    view.direct(circle).any(|who| match who {
        Who::Circle(nested) => nested == *key || (depth < DEPTH_MAX && nests(view, &nested, key, depth + 1)),
        Who::Person(_) => false,
    })
}

/// Whom an epoch of a circle must be wrapped to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EpochTargets {
    /// Key circles, each by its current epoch; [`crate::epochs::Epochs::plan`] knows which have one.
    pub keys: BTreeSet<CircleId>,
    /// Live devices of the persons who read directly.
    pub devices: BTreeSet<DeviceId>,
}

/// Whom an epoch made now must be wrapped to.
#[must_use]
pub fn epoch_targets(log: &LogState, circle: &CircleId) -> EpochTargets {
    View::now(log).targets(circle)
}
