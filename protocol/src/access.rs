//! Who may read and write what: pure functions of the house log.
//!
//! Relay and clients ask the same functions. On a guardian's partial log they answer the same as on the full one, as
//! far as that guardian's own devices and circles are concerned.

use crate::epoch::Addressee;
use crate::id::{CircleId, DeviceId, PersonId};
use crate::log::kind::circle::Sort;
use crate::log::kind::member::{History, Who};
use crate::log::kind::role::Role;
use crate::log::state::fact::{Circle, Membership, Span};
use crate::log::state::fold::{Audience, Facts};
use crate::log::{Body, LogState};
use crate::record::{Header, Kind, Side};
use crate::sorted::SortedSet;

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
        if !device.span()?.holds(self.at) && crate::stands!(EndedDevice) {
            return None;
        }
        self.role(&device.person).map(|role| (device.person, role))
    }

    /// Whether the house was dissolved already: there are readers left, and nobody who writes.
    fn is_over(self) -> bool {
        self.facts.dissolved.is_some_and(|seq| seq <= self.at)
    }

    pub(crate) fn is_staff(self, device: &DeviceId) -> bool {
        self.role_of(device).is_some_and(|(_, role)| role.is_staff())
    }

    /// Direct readers with a role, and key circles.
    pub(crate) fn direct(self, circle: &CircleId) -> impl Iterator<Item = Who> + 'a {
        self.memberships(circle).map(|(who, _)| who)
    }

    /// Direct readers with a role, and key circles, each with its membership. What follows from the circles that exist
    /// reads everything.
    pub(crate) fn memberships(self, circle: &CircleId) -> impl Iterator<Item = (Who, Membership)> + 'a {
        let derived = self.circle(circle).filter(|circle| is_followed(circle.sort)).into_iter().flat_map(
            move |circle| {
                self.facts
                    .keys
                    .iter()
                    .filter_map(move |key| self.circle(key).filter(|key| follows(circle.sort, key.sort)))
                    .map(|key| (Who::Circle(key.id), Membership { history: History::All, seq: key.seq }))
            },
        );
        let explicit = self.circle(circle).into_iter().flat_map(move |circle| {
            let present = circle.members.iter().filter(move |(_, m)| m.seq <= self.at);
            let past = circle.past.iter().filter(move |(_, span, _)| span.holds(self.at));
            let past =
                past.map(|(who, span, history)| (*who, Membership { history: *history, seq: span.from }));
            present.map(|(who, membership)| (*who, *membership)).chain(past)
        });
        explicit.chain(derived).filter(move |(who, _)| match who {
            Who::Person(person) => self.role(person).is_some(),
            Who::Circle(key) => self.circle(key).is_some(),
        })
    }

    /// Number of the latest entry since which somebody reads this circle from then on only, directly or through a key
    /// circle.
    pub(crate) fn cut(self, circle: &CircleId) -> Option<u64> {
        self.cut_in(circle, 0)
    }

    fn cut_in(self, circle: &CircleId, depth: u8) -> Option<u64> {
        let cuts = self.memberships(circle).map(|(who, membership)| match who {
            Who::Circle(key) if depth < DEPTH_MAX => membership.since().max(self.cut_in(&key, depth + 1)),
            _ => membership.since(),
        });
        cuts.flatten().max()
    }

    /// Number of the entry since which this person, or whoever reads this key circle, reads the circle; 0: as far back
    /// as the links lead. None: not at all.
    fn reads_since(self, who: Who, circle: &CircleId, depth: u8) -> Option<u64> {
        let ways = self.memberships(circle).filter_map(|(reader, membership)| {
            let since = membership.since().unwrap_or(0);
            match reader {
                _ if reader == who => Some(since),
                Who::Circle(key) if depth < DEPTH_MAX => {
                    self.reads_since(who, &key, depth + 1).map(|inner| inner.max(since))
                }
                _ => None,
            }
        });
        ways.min()
    }

    fn collect_readers(self, circle: &CircleId, depth: u8, into: &mut SortedSet<PersonId>) {
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
        if self.is_over() {
            return None;
        }
        let (person, role) = self.role_of(device)?;
        let known = self.circle(circle)?;
        let side = match known.sort {
            Sort::Team | Sort::Directors | Sort::Parents => None,
            Sort::House | Sort::Staff | Sort::Group | Sort::Child if role.is_staff() => Some(Side::Staff),
            Sort::House | Sort::Staff | Sort::Group | Sort::Child => {
                (!crate::stands!(GuardiansOnlyRead)).then_some(Side::Person(person))
            }
            Sort::Private if role.is_staff() => Some(Side::Staff),
            Sort::Private => {
                (role == Role::Guardian && known.guardian == Some(person)).then_some(Side::Person(person))
            }
            Sort::Council | Sort::Guarded if role.is_staff() => Some(Side::Staff),
            Sort::Council | Sort::Guarded => (role == Role::Guardian).then_some(Side::Person(person)),
            Sort::Intake | Sort::Family => None,
        }?;
        (self.person_reads(&person, circle, 0) || !crate::stands!(OwnReaders)).then_some(side)
    }

    /// Whether a key circle holds staff alone.
    pub(crate) fn is_staff_key(self, circle: &CircleId) -> bool {
        self.circle(circle).is_some_and(|circle| matches!(circle.sort, Sort::Team | Sort::Directors))
    }

    pub(crate) fn may_rotate(self, device: &DeviceId, circle: &CircleId) -> bool {
        if self.is_over() {
            return false;
        }
        let Some(known) = self.circle(circle) else { return false };
        match known.sort {
            // The sheet too: what it ends has to lose the keys, when nobody else is left to see to it.
            Sort::Team | Sort::Directors => {
                let keeps =
                    self.role_of(device).is_some_and(|(_, role)| role.is_staff() || role == Role::Sheet);
                keeps && self.reads(device, circle)
            }
            // Outsiders write there, who hold no keys.
            Sort::Intake => self.is_staff(device) && self.reads(device, circle),
            Sort::Parents => {
                self.is_staff(device) && known.team.is_some_and(|team| self.reads(device, &team))
            }
            _ => self.side_of(device, circle).is_some(),
        }
    }

    pub(crate) fn targets(self, circle: &CircleId) -> EpochTargets {
        let mut targets = EpochTargets { keys: SortedSet::new(), devices: SortedSet::new() };
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
        Sort::Staff | Sort::Intake => matches!(key, Sort::Team | Sort::Directors),
        _ => false,
    }
}

/// Whether there are such circles.
const fn is_followed(content: Sort) -> bool {
    matches!(content, Sort::House | Sort::Staff | Sort::Intake)
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

/// Whether a person of the house works in a team that reads a circle of this guardian's: whom educators let in.
#[must_use]
pub fn cares_for(log: &LogState, person: &PersonId, guardian: &PersonId) -> bool {
    log.facts().cares_for(person, guardian)
}

/// Whether this is a live device of a director, an educator or a place.
#[must_use]
pub fn is_staff(log: &LogState, device: &DeviceId) -> bool {
    View::now(log).is_staff(device)
}

/// Who reads a circle directly: its explicit members, or what follows for `house` and `staff`. Persons without a role
/// are left out.
#[must_use]
pub fn direct_readers(log: &LogState, circle: &CircleId) -> SortedSet<Who> {
    View::now(log).direct(circle).collect()
}

/// Every person who reads a circle, through key circles too.
#[must_use]
pub fn readers(log: &LogState, circle: &CircleId) -> SortedSet<PersonId> {
    let mut readers = SortedSet::new();
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
pub fn visible(log: &LogState, device: &DeviceId) -> SortedSet<CircleId> {
    let now = View::now(log);
    let mut visible = SortedSet::new();
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

/// Who came to read what between a log and what it became. Asking every device about every circle takes seconds in a house
/// of some size; what a log shares with its copy has not changed.
#[derive(Debug)]
pub struct Arrivals<'a> {
    before: &'a LogState,
    after: &'a LogState,
    /// Live devices that were nobody's, or somebody's with another role, or whose person came to some circle.
    devices: SortedSet<DeviceId>,
    /// Circles that a key circle came to, and with it whoever holds its keys.
    widened: SortedSet<CircleId>,
}

impl<'a> Arrivals<'a> {
    /// Between these two.
    #[must_use]
    pub fn between(before: &'a LogState, after: &'a LogState) -> Self {
        let known = |device: &DeviceId| {
            role_of(after, device).is_some_and(|now| role_of(before, device) == Some(now))
        };
        let mut devices: SortedSet<DeviceId> = live(after).filter(|device| !known(device)).collect();
        let mut widened = SortedSet::new();
        for circle in after.circles() {
            let then = before.circle(&circle.id);
            if then.is_some_and(|then| std::ptr::eq(then, circle)) {
                continue;
            }
            let came = |who: &&Who| then.is_none_or(|then| !then.members.contains_key(*who));
            for who in circle.members.keys().filter(came) {
                match who {
                    Who::Person(person) => devices.extend(View::now(after).devices_of(person)),
                    Who::Circle(_) => {
                        widened.insert(circle.id);
                    }
                }
            }
        }
        Self { before, after, devices, widened }
    }

    /// Live devices that read a circle and did not before.
    #[must_use]
    pub fn of(&self, circle: &CircleId) -> Vec<DeviceId> {
        let new =
            |device: &DeviceId| reads(self.after, device, circle) && !reads(self.before, device, circle);
        if self.is_widened(circle, 0) {
            live(self.after).filter(new).collect()
        } else {
            self.devices.iter().copied().filter(new).collect()
        }
    }

    /// Whether a key circle came to this one, or to one that reads it.
    fn is_widened(&self, circle: &CircleId, depth: u8) -> bool {
        let mut direct = View::now(self.after).direct(circle);
        self.widened.contains(circle)
            || (!self.widened.is_empty()
                && direct.any(|who| match who {
                    Who::Circle(key) => depth < DEPTH_MAX && self.is_widened(&key, depth + 1),
                    Who::Person(_) => false,
                }))
    }
}

fn live(log: &LogState) -> impl Iterator<Item = DeviceId> {
    log.devices().filter(|(_, device)| device.is_live()).map(|(id, _)| *id)
}

/// Whether a device may see the entry with this number: staff all but what is `guarded`, a guardian what concerns them
/// and what describes the `child` circles they are members of, the members of a `guarded` circle or a `council` what was
/// said of it up to their end, those of a `council` also each other's role and devices, a joining device its invite and
/// its join.
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
        Some(Audience::Guarded(circle)) => {
            log.circle(&circle).is_some_and(|circle| circle.knew(&person, seq))
        }
        Some(Audience::Protected(concerned))
            if log.facts().protections.contains_key(&concerned) && concerned != person =>
        {
            role != Role::Guardian
                && (log.facts().may_know(&concerned, &person, role)
                    || (log
                        .entry(seq)
                        .is_some_and(|entry| entry.kind.identifies() || is_protect(&entry.kind))
                        && meet(log, &person, &concerned, seq)))
        }
        Some(_) if role != Role::Guardian => true,
        Some(Audience::Council(circle)) => {
            log.circle(&circle).is_some_and(|circle| circle.knew(&person, seq))
        }
        Some(Audience::Person(concerned) | Audience::Protected(concerned)) => {
            concerned == person
                || !crate::stands!(Audience)
                || (log.entry(seq).is_some_and(|entry| entry.kind.identifies())
                    && sit_together(log, &person, &concerned, seq))
        }
        Some(Audience::Circle(circle)) => {
            log.circle(&circle).is_some_and(|circle| circle.members.contains_key(&Who::Person(person)))
        }
        None => false,
    }
}

/// Whether two guardians were in a `council` when the entry with this number came, or later: they write for each other,
/// so each has to know the other's devices.
fn sit_together(log: &LogState, one: &PersonId, other: &PersonId, seq: u64) -> bool {
    let mut councils = log.facts().councils.iter().filter_map(|circle| log.circle(circle));
    councils.any(|council| council.knew(one, seq) && council.knew(other, seq))
}

/// Whether two persons were in a `guarded` circle when the entry with this number came, or later. A guardian in it may
/// have come under protection since; whoever was in it with them is not shut out by that.
fn meet(log: &LogState, one: &PersonId, other: &PersonId, seq: u64) -> bool {
    let mut circles = log.circles().filter(|circle| circle.sort == Sort::Guarded);
    circles.any(|circle| circle.knew(one, seq) && circle.knew(other, seq))
}

const fn is_protect(body: &Body) -> bool {
    matches!(body, Body::Protect(_))
}

/// The entry that a relay shows to a device that it lets in no more, if it was ended by one: its proof, alone, before the
/// relay's `bye`.
#[must_use]
pub fn farewell(log: &LogState, device: &DeviceId) -> Option<u64> {
    let seq = log.device(device)?.ended?;
    let ends = |body: &Body| matches!(body, Body::DeviceEnd(end) if end.device == *device);
    log.entry(seq).is_some_and(|entry| ends(entry.kind.act())).then_some(seq)
}

/// Entries that a device may see in `after` and could not in `before`, older ones included: what has to be delivered
/// to it when the log moves from one to the other.
#[must_use]
pub fn newly_seen(before: &LogState, after: &LogState, device: &DeviceId) -> Vec<u64> {
    let seen = |log: &LogState, seq| seq < log.len() && sees_entry(log, device, seq);
    (0..after.len()).filter(|seq| seen(after, *seq) && !seen(before, *seq)).collect()
}

/// Entries that a device may see now and perhaps could not when it was given their links: what has to be delivered again
/// to one that held the log up to `links` links.
#[must_use]
pub fn late(log: &LogState, device: &DeviceId, links: u64) -> Vec<u64> {
    let staff = role_of(log, device).is_some_and(|(_, role)| role != Role::Guardian);
    let may_be_late = |seq: &u64| match log.audience_of(*seq) {
        Some(Audience::All) | None => false,
        Some(audience) => !(staff && audience.has_all_staff()),
    };
    (0..links.min(log.len())).filter(may_be_late).filter(|seq| sees_entry(log, device, *seq)).collect()
}

/// Whether a device is shown the reader lists of a circle's epochs: staff, and in `private` its readers alone.
#[must_use]
pub fn sees_reader_list(log: &LogState, device: &DeviceId, circle: &CircleId) -> bool {
    match log.circle(circle).map(|circle| circle.sort) {
        None => false,
        Some(sort) if lists_are_for_staff(sort) && crate::stands!(ReaderLists) => is_staff(log, device),
        Some(_) => reads(log, device, circle),
    }
}

/// Whether reader lists of this sort go to staff, and to nobody else.
#[must_use]
pub const fn lists_are_for_staff(sort: Sort) -> bool {
    !matches!(sort, Sort::Private | Sort::Council | Sort::Guarded | Sort::Family)
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
    let side = || View::at(log, header.log.seq).side_of(&header.author, &header.circle);
    log.knows_head(&header.log) && side().is_some_and(|side| side_fits(header, side))
}

/// Whether somebody who writes on `side` may write this record: on their own, but staff also rewrite what is erased, and
/// keep snapshots, on a guardian's.
#[must_use]
pub fn side_fits(header: &Header, side: Side) -> bool {
    let replaces = matches!(header.kind, Kind::Snapshot | Kind::Rewrite | Kind::Erase);
    side == header.side || (replaces && side == Side::Staff)
}

/// Whether a record is what an outsider may write: nobody who belongs, or did, writes to an `intake`.
#[must_use]
pub fn is_from_outside(log: &LogState, header: &Header) -> bool {
    header.kind == Kind::Inquiry
        && log.circle(&header.circle).is_some_and(|circle| circle.sort == Sort::Intake)
        && log.device(&header.author).is_none()
}

/// Whether this device may make epochs of this circle: members of the team for `team` and `parents`, directors for
/// `directors`, staff who read it for `intake`, any writer for other content.
#[must_use]
pub fn may_rotate(log: &LogState, device: &DeviceId, circle: &CircleId) -> bool {
    View::now(log).may_rotate(device, circle)
}

/// Whether this device may wrap an epoch of this circle for this addressee, who must read it: a writer or epoch
/// maker, the sheet where it reads, or any reader for another device of the same person.
#[must_use]
pub fn may_wrap(log: &LogState, device: &DeviceId, circle: &CircleId, to: &Addressee) -> bool {
    let now = View::now(log);
    let Some((person, role)) = now.role_of(device).filter(|_| !now.is_over()) else { return false };
    let entitled = match to {
        Addressee::Device(reader) => now.reads(reader, circle),
        Addressee::Epoch(key) => nests(now, circle, &key.circle, 0),
    };
    let own = || match to {
        Addressee::Device(reader) => now.role_of(reader).is_some_and(|(other, _)| other == person),
        Addressee::Epoch(_) => false,
    };
    let reads = || now.person_reads(&person, circle, 0);
    (entitled || !crate::stands!(WrapReader))
        && (now.may_rotate(device, circle)
            || (reads() && (role == Role::Sheet || own() || !crate::stands!(WrapMaker))))
}

/// Whether an epoch made for the log's entry `made` is older than what the addressee may read. A wrap to one device is
/// a decision about one person; one to a key circle reaches everybody in it, so the latest of them counts.
#[must_use]
pub fn is_before_horizon(log: &LogState, circle: &CircleId, to: &Addressee, made: u64) -> bool {
    let now = View::now(log);
    let since = match to {
        Addressee::Device(device) => {
            now.role_of(device).and_then(|(person, _)| now.reads_since(Who::Person(person), circle, 0))
        }
        Addressee::Epoch(key) => {
            now.reads_since(Who::Circle(key.circle), circle, 0).max(now.cut(&key.circle))
        }
    };
    since.is_some_and(|since| made < since)
}

/// Whether a person read a circle when the log stood at this number.
#[must_use]
pub fn read_at(log: &LogState, person: &PersonId, circle: &CircleId, at: u64) -> bool {
    View::at(log, at).person_reads(person, circle, 0)
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
    pub keys: SortedSet<CircleId>,
    /// Live devices of the persons who read directly.
    pub devices: SortedSet<DeviceId>,
}

/// Whom an epoch made now must be wrapped to.
#[must_use]
pub fn epoch_targets(log: &LogState, circle: &CircleId) -> EpochTargets {
    View::now(log).targets(circle)
}
