//! The fold: from checked entries to facts. What each kind asks for and does stands in its own file.

use std::sync::Arc;

use super::Row;
use super::fact::{Circle, Device, InviteFact, InviteProgress, JoinFact, Person, Side, Span};
use crate::codec::sha256;
use crate::id::{CircleId, DeviceId, Hash, HouseId, Incarnation, InviteKey, Nonce, PersonId, RelayKey, Salt};
use crate::log::entry::{CheckedEntry, Class, DeviceCard};
use crate::log::kind::circle::Sort;
use crate::log::kind::found::Found;
use crate::log::kind::member::Who;
use crate::log::kind::role::Role;
use crate::log::kind::{
    Body, circle, confirm, device_add, device_end, dissolve, found, invite, invite_end, join, member,
    member_end, order, protect, restored, role, role_end,
};
use crate::sorted::{SortedMap, SortedSet};
use crate::{label, limit};

/// A rule of the log that an entry breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A log begins with `found`, and `found` stands nowhere else.
    #[error("a log begins with exactly one founding entry")]
    Unfounded,
    /// The founding entry contradicts itself.
    #[error("founding entry contradicts itself")]
    Founding,
    /// The author may not say this, or about this person.
    #[error("author is not entitled")]
    NotEntitled,
    /// A cosignature is missing, superfluous, or by someone who does not count.
    #[error("cosignature missing or not entitled")]
    Cosignature,
    /// A cosignature's nonce was used in this house before.
    #[error("cosignature was used before")]
    NonceUsed,
    /// The audience class is not the one that follows from kind and subject.
    #[error("wrong audience class")]
    Class,
    /// `before` is not the last entry that concerned this guardian.
    #[error("does not name the previous entry about this person")]
    Before,
    /// Nobody with this id.
    #[error("no such person")]
    PersonUnknown,
    /// The person has no role.
    #[error("person has no role")]
    NoRole,
    /// The person has a role already.
    #[error("person has a role already")]
    RoleHeld,
    /// This role is not given by an entry of this kind.
    #[error("role cannot be given")]
    RoleReserved,
    /// A guardian does not become staff under the same pseudonym, nor the other way round.
    #[error("person belongs to the other side of the house")]
    OtherSide,
    /// Nobody would be left who can direct the house.
    #[error("the last director cannot go")]
    LastDirector,
    /// This device key was used before.
    #[error("device key was used before")]
    DeviceUsed,
    /// No such device, or it has ended.
    #[error("no such live device")]
    DeviceUnknown,
    /// The person has as many devices as a person may have.
    #[error("person has too many devices")]
    DeviceLimit,
    /// The proof of possession does not hold.
    #[error("proof of possession does not hold")]
    Proof,
    /// No such invite.
    #[error("no such invite")]
    InviteUnknown,
    /// This invite key was used before.
    #[error("invite key was used before")]
    InviteKeyUsed,
    /// A field of the invite is out of its range.
    #[error("invite out of range")]
    InviteRange,
    /// A device has joined with it already.
    #[error("invite was used")]
    InviteUsed,
    /// The invite was withdrawn or is void.
    #[error("invite was withdrawn")]
    InviteRevoked,
    /// No such join, or it is confirmed or void.
    #[error("no such pending join")]
    JoinUnknown,
    /// The confirmation is of another join than the one in the log.
    #[error("confirmation names another join")]
    JoinCommitment,
    /// This circle exists, or the house has its one circle of this sort.
    #[error("circle exists")]
    CircleExists,
    /// The house has as many circles as a house may have.
    #[error("house has too many circles")]
    CircleLimit,
    /// A sort that this version does not know how to govern.
    #[error("sort of circle is reserved")]
    SortReserved,
    /// The optional fields do not fit the sort.
    #[error("circle fields do not fit its sort")]
    CircleFields,
    /// No such circle, or not with this entry number.
    #[error("no such circle")]
    CircleUnknown,
    /// This person or circle cannot read a circle of this sort.
    #[error("cannot be a member of this circle")]
    MemberSort,
    /// What this member reads of this circle cannot begin now.
    #[error("history of this circle is not cut")]
    MemberHistory,
    /// Protection that names the wrong persons, or ends where there is none.
    #[error("protection is not well-formed, or there is none")]
    Protection,
    /// The protected guardian reads, or would read, where others notice.
    #[error("a protected guardian reads apart from the others")]
    ProtectedReads,
    /// Is a member already.
    #[error("is a member already")]
    MemberExists,
    /// Is not a member.
    #[error("is not a member")]
    MemberUnknown,
    /// Nobody would be left who could add anybody.
    #[error("the last of its staff cannot leave a guarded circle")]
    LastMember,
    /// Of another place in the log, or of a life that the house had already.
    #[error("does not restore what stands before it")]
    Restored,
    /// The house was dissolved: nothing comes after.
    #[error("the house is dissolved")]
    Dissolved,
    /// Rests on an entry that this device does not see. Never returned by [`super::LogState`].
    #[error("rests on a hidden entry")]
    Hidden,
}

/// Who may see an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Every member.
    All,
    /// The guardian concerned, and all staff.
    Person(PersonId),
    /// The guardians who read this `child` circle, and all staff: an entry about it that names none of them.
    Circle(CircleId),
    /// The protected guardian concerned, directors, and the staff named for them.
    Protected(PersonId),
    /// The members of this `guarded` circle, staff or not.
    Guarded(CircleId),
    /// The members of this `council`, and all staff.
    Council(CircleId),
}

/// Whose chain of entries an entry goes on with: each names the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// A guardian's.
    Person(PersonId),
    /// A circle's that has its own audience.
    Circle(CircleId),
}

impl Audience {
    /// Whether all staff see it.
    pub(crate) const fn has_all_staff(self) -> bool {
        match self {
            Self::All | Self::Person(_) | Self::Circle(_) | Self::Council(_) => true,
            Self::Protected(_) | Self::Guarded(_) => false,
        }
    }

    pub(crate) const fn subject(self) -> Option<Subject> {
        match self {
            Self::All | Self::Circle(_) => None,
            Self::Person(person) | Self::Protected(person) => Some(Subject::Person(person)),
            Self::Guarded(circle) | Self::Council(circle) => Some(Subject::Circle(circle)),
        }
    }
}

/// What a rule looks at.
pub(crate) struct Ctx<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) rows: &'a [Row],
    pub(crate) entry: &'a CheckedEntry,
    /// Whether proofs inside the body still have to be verified.
    pub(crate) proofs: bool,
}

impl Ctx<'_> {
    /// In a partial view what is missing may be hidden; in a full one it is an error.
    pub(crate) const fn hidden_or(&self, error: RuleError) -> RuleError {
        if self.facts.is_partial() { RuleError::Hidden } else { error }
    }

    pub(crate) fn house(&self) -> Result<HouseId, RuleError> {
        self.facts.house.ok_or(RuleError::Unfounded)
    }

    pub(crate) fn person(&self, person: &PersonId) -> Result<&Person, RuleError> {
        self.facts.persons.get(person).ok_or_else(|| self.hidden_or(RuleError::PersonUnknown))
    }

    pub(crate) fn circle(&self, circle: &CircleId) -> Result<&Circle, RuleError> {
        self.facts
            .circles
            .get(circle)
            .map(AsRef::as_ref)
            .ok_or_else(|| self.hidden_or(RuleError::CircleUnknown))
    }

    pub(crate) fn invite(&self, seq: u64) -> Result<&InviteFact, RuleError> {
        self.facts
            .invites
            .get(&seq)
            .map(AsRef::as_ref)
            .ok_or_else(|| self.hidden_or(RuleError::InviteUnknown))
    }

    /// No entry of this house named this key before.
    pub(crate) fn unused(&self, card: &DeviceCard) -> Result<(), RuleError> {
        if self.facts.devices.contains_key(&card.device) { Err(RuleError::DeviceUsed) } else { Ok(()) }
    }

    pub(crate) fn room_for_device(&self, person: &Person) -> Result<(), RuleError> {
        if person.devices.len() < limit::DEVICES_PER_PERSON_MAX {
            Ok(())
        } else {
            Err(RuleError::DeviceLimit)
        }
    }

    fn class(&self) -> Result<(), RuleError> {
        let Some(audience) = self.facts.audience(&self.entry.kind) else {
            return Err(self.hidden_or(RuleError::Class));
        };
        let class = if audience == Audience::All { Class::All } else { Class::Restricted };
        if class != self.entry.body.class {
            return Err(RuleError::Class);
        }
        let subject = Facts::chain(audience, &self.entry.kind);
        let expected = subject.and_then(|subject| self.facts.concerning.get(&subject).copied());
        let before = self.entry.body.before;
        if before == expected {
            return Ok(());
        }
        let withheld = before.is_some_and(|before| {
            subject.is_some() && before > expected.unwrap_or(0) && self.is_hidden(before)
        });
        if withheld { Ok(()) } else { Err(RuleError::Before) }
    }

    fn is_hidden(&self, seq: u64) -> bool {
        usize::try_from(seq)
            .ok()
            .and_then(|i| self.rows.get(i))
            .is_some_and(|row| row.entry.is_none() && row.link.class == Class::Restricted)
    }
}

/// Everything that follows from the entries seen so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) house: Option<HouseId>,
    pub(crate) found: Option<Found>,
    pub(crate) devices: SortedMap<DeviceId, Device>,
    pub(crate) persons: SortedMap<PersonId, Person>,
    pub(crate) circles: SortedMap<CircleId, Arc<Circle>>,
    /// The key circles among them.
    pub(crate) keys: SortedSet<CircleId>,
    /// The `council`s among them.
    pub(crate) councils: SortedSet<CircleId>,
    /// Protected guardians, and the staff named for each.
    pub(crate) protections: SortedMap<PersonId, SortedSet<PersonId>>,
    pub(crate) invites: SortedMap<u64, Arc<InviteFact>>,
    pub(crate) invite_keys: SortedMap<InviteKey, u64>,
    pub(crate) joins: SortedMap<u64, JoinFact>,
    pub(crate) nonces: SortedSet<Nonce>,
    /// Under which the relay signs positions, and where it is reached where an entry says so.
    pub(crate) relay: Option<RelayKey>,
    pub(crate) origin: Option<String>,
    /// Lives of its history that `restored` named.
    pub(crate) lives: SortedSet<Incarnation>,
    /// Number of the `dissolve`.
    pub(crate) dissolved: Option<u64>,
    /// Audience of each restricted entry that was seen.
    pub(crate) restricted: SortedMap<u64, Audience>,
    /// Last entry of each chain.
    pub(crate) concerning: SortedMap<Subject, u64>,
    pub(crate) withheld: SortedSet<(Subject, u64)>,
    /// After each entry, a digest over all those that every member of staff sees.
    pub(crate) staff: Vec<Hash>,
    hidden: u64,
}

/// Asks every rule that concerns the entry. Reads only.
pub(crate) fn check(ctx: &Ctx<'_>) -> Result<(), RuleError> {
    if ctx.facts.dissolved.is_some() {
        return Err(RuleError::Dissolved);
    }
    match &ctx.entry.kind {
        Body::Found(body) => found::admit(body, ctx)?,
        Body::Invite(body) => invite::admit(body, ctx)?,
        Body::Join(body) => join::admit(body, ctx)?,
        Body::Confirm(body) => confirm::admit(body, ctx)?,
        Body::DeviceAdd(body) => device_add::admit(body, ctx)?,
        Body::DeviceEnd(body) => device_end::admit(body, ctx)?,
        Body::Role(body) => role::admit(body, ctx)?,
        Body::RoleEnd(body) => role_end::admit(body, ctx)?,
        Body::Circle(body) => circle::admit(body, ctx)?,
        Body::Member(body) => member::admit(body, ctx)?,
        Body::MemberEnd(body) => member_end::admit(body, ctx)?,
        Body::InviteEnd(body) => invite_end::admit(body, ctx)?,
        Body::Protect(body) => protect::admit(body, ctx)?,
        Body::Dissolve(body) => dissolve::admit(body, ctx)?,
        Body::Restored(body) => restored::admit(body, ctx)?,
        Body::Order(body, act) => order::admit(body, act, ctx)?,
    }
    ctx.class()
}

impl Facts {
    /// Folds an entry that [`check`] let through.
    pub(crate) fn apply(&mut self, entry: &CheckedEntry) {
        let seq = entry.body.seq;
        let audience = self.audience(&entry.kind);
        match &entry.kind {
            Body::Found(body) => found::apply(body, entry, self),
            Body::Invite(body) => invite::apply(body, entry, self),
            Body::Join(body) => join::apply(body, entry, self),
            Body::Confirm(body) => confirm::apply(body, seq, self),
            Body::DeviceAdd(body) => device_add::apply(body, seq, self),
            Body::DeviceEnd(body) => device_end::apply(body, seq, self),
            Body::Role(body) => role::apply(body, seq, self),
            Body::RoleEnd(body) => role_end::apply(body, seq, self),
            Body::Circle(body) => circle::apply(body, seq, self),
            Body::Member(body) => member::apply(body, seq, self),
            Body::MemberEnd(body) => member_end::apply(body, seq, self),
            Body::InviteEnd(body) => invite_end::apply(body, seq, self),
            Body::Protect(body) => protect::apply(body, self),
            Body::Dissolve(_) => dissolve::apply(seq, self),
            Body::Restored(body) => restored::apply(body, self),
            Body::Order(body, act) => {
                order::apply(act, seq, self);
                self.nonces.extend(body.nonces());
            }
        }
        self.nonces.extend(entry.cosignatures.iter().map(|cosignature| cosignature.nonce));
        let Some(audience) = audience else { return self.note(None) };
        if audience != Audience::All {
            self.restricted.insert(seq, audience);
        }
        if let Some(subject) = Self::chain(audience, &entry.kind) {
            let last = self.concerning.insert(subject, seq);
            let withheld = entry.body.before.filter(|before| Some(*before) != last);
            self.withheld.extend(withheld.map(|before| (subject, before)));
        }
        self.note(audience.has_all_staff().then_some(&entry.salt));
    }

    /// The chain that an entry of this audience goes on with. A `join` stands outside: its author cannot know it.
    pub(crate) const fn chain(audience: Audience, body: &Body) -> Option<Subject> {
        match body {
            Body::Join(_) => None,
            _ => audience.subject(),
        }
    }

    /// Digests an entry that all staff see, by the salt of its link, which nobody knows who does not see it.
    fn note(&mut self, salt: Option<&Salt>) {
        let last = self.staff.last().copied().unwrap_or(Hash::new([0; 32]));
        let next = match salt {
            Some(salt) => {
                let seq = (self.staff.len() as u64).to_be_bytes();
                Hash::new(sha256(&[label::STAFF_LOG, &[0], last.as_bytes(), &seq, salt.as_bytes()]))
            }
            None => last,
        };
        self.staff.push(next);
    }

    /// An entry that was seen but rests on something hidden: it has no effect, yet the next entry about the same
    /// guardian names it.
    pub(crate) fn skip(&mut self, entry: &CheckedEntry) {
        if let Some(before) = entry.body.before
            && let Some((subject, last)) = self.concerning.iter_mut().find(|(_, last)| **last == before)
        {
            *last = entry.link.seq;
            let audience = match *subject {
                Subject::Person(person) => self.family(&person),
                Subject::Circle(circle) if self.councils.contains(&circle) => Audience::Council(circle),
                Subject::Circle(circle) => Audience::Guarded(circle),
            };
            self.restricted.insert(entry.link.seq, audience);
        }
        self.hide();
    }

    /// Notes an entry that is not seen, or rests on one that is not.
    pub(crate) fn hide(&mut self) {
        self.hidden += 1;
        self.note(None);
    }

    /// Whether entries are missing here.
    pub(crate) const fn is_partial(&self) -> bool {
        self.hidden > 0
    }

    /// Present role of a person.
    pub(crate) fn role(&self, person: &PersonId) -> Option<Role> {
        self.persons.get(person)?.role
    }

    /// Audience of an entry with this body: a pure function of kind and subject. None: something it names is unknown.
    pub(crate) fn audience(&self, body: &Body) -> Option<Audience> {
        let about = |person: &PersonId| {
            self.persons.get(person).map(|known| match known.side {
                Side::House => Audience::All,
                Side::Family => self.family(person),
            })
        };
        let of_invite = |seq: &u64| self.invites.get(seq).and_then(|invite| about(&invite.body.person));
        let of_member = |circle: &CircleId, who: &Who| {
            let circle = self.circles.get(circle)?;
            Some(match (circle.sort, who) {
                (Sort::Private, _) => self.family(&circle.guardian?),
                (Sort::Guarded, _) => Audience::Guarded(circle.id),
                (Sort::Council, _) => Audience::Council(circle.id),
                (Sort::Parents, Who::Person(person)) => about(person)?,
                (Sort::Child, Who::Person(person)) => match about(person)? {
                    // A place: that there is this child is told to its guardians alone.
                    Audience::All => Audience::Circle(circle.id),
                    guardian => guardian,
                },
                (Sort::Child, Who::Circle(_)) => Audience::Circle(circle.id),
                _ => Audience::All,
            })
        };
        match body {
            Body::Found(_) | Body::Dissolve(_) | Body::Restored(_) => Some(Audience::All),
            Body::Invite(body) => about(&body.person),
            Body::Join(body) => of_invite(&body.invite),
            Body::InviteEnd(body) => of_invite(&body.invite),
            Body::Confirm(body) => self.joins.get(&body.join).and_then(|join| about(&join.person)),
            Body::DeviceAdd(body) => about(&body.person),
            Body::DeviceEnd(body) => self.devices.get(&body.device).and_then(|device| about(&device.person)),
            Body::Role(body) => Some(match body.role.side() {
                Side::House => Audience::All,
                Side::Family => self.family(&body.person),
            }),
            Body::RoleEnd(body) => about(&body.person),
            Body::Circle(body) => Some(match (body.sort, body.guardian) {
                (Sort::Private, Some(guardian)) => self.family(&guardian),
                (Sort::Child, _) => Audience::Circle(body.circle),
                (Sort::Guarded, _) => Audience::Guarded(body.circle),
                (Sort::Council, _) => Audience::Council(body.circle),
                _ => Audience::All,
            }),
            Body::Member(body) => of_member(&body.circle, &body.who),
            Body::MemberEnd(body) => of_member(&body.circle, &body.who),
            Body::Protect(body) => Some(Audience::Protected(body.person)),
            Body::Order(_, act) => self.audience(act),
        }
    }

    /// Audience of what concerns a guardian.
    fn family(&self, person: &PersonId) -> Audience {
        if self.protections.contains_key(person) {
            Audience::Protected(*person)
        } else {
            Audience::Person(*person)
        }
    }

    /// Whether somebody of the house, in this role, is to know of a person: of a protected one directors and the staff
    /// named for them; the sheet stands in for directors.
    pub(crate) fn may_know(&self, subject: &PersonId, who: &PersonId, role: Role) -> bool {
        self.protections
            .get(subject)
            .is_none_or(|named| matches!(role, Role::Director | Role::Sheet) || named.contains(who))
    }

    pub(crate) fn give_role(&mut self, person: PersonId, role: Role, seq: u64) {
        let known = self.persons.entry(person).or_insert_with(|| Person {
            role: None,
            role_ended: None,
            devices: Vec::new(),
            side: role.side(),
            roles: Vec::new(),
            all_devices: Vec::new(),
        });
        known.role = Some(role);
        known.role_ended = None;
        known.roles.push((role, Span::open(seq)));
    }

    pub(crate) fn give_device(&mut self, person: PersonId, card: DeviceCard, seq: u64) {
        self.devices.insert(
            card.device,
            Device { card, person, since: seq, ended: None, joining: None, sheet: false },
        );
        if let Some(known) = self.persons.get_mut(&person) {
            known.devices.push(card.device);
            known.all_devices.push(card.device);
        }
    }

    pub(crate) fn circle_mut(&mut self, circle: &CircleId) -> Option<&mut Circle> {
        self.circles.get_mut(circle).map(Arc::make_mut)
    }

    /// Closes every open or used invite that matches, and the joins that wait on them.
    pub(crate) fn close_invites(
        &mut self,
        seq: u64,
        stage: InviteProgress,
        matching: impl Fn(&InviteFact, &SortedMap<DeviceId, Device>) -> bool,
    ) {
        for invite in self.invites.values_mut() {
            let join = match invite.stage {
                InviteProgress::Open => None,
                InviteProgress::Used { join } => Some(join),
                InviteProgress::Confirmed { .. } | InviteProgress::Revoked | InviteProgress::Void => continue,
            };
            if !matching(invite, &self.devices) {
                continue;
            }
            Arc::make_mut(invite).stage = stage;
            if let Some(join) = join.and_then(|join| self.joins.get_mut(&join)) {
                join.void = true;
                if let Some(device) = self.devices.get_mut(&join.device.device) {
                    device.ended = Some(seq);
                }
            }
        }
    }

    /// Whether a live device is left that `keeps` and belongs to someone in such a role.
    pub(crate) fn leaves(
        &self,
        role: impl Fn(Role) -> bool,
        keeps: impl Fn(&PersonId, &DeviceId) -> bool,
    ) -> bool {
        self.persons.iter().any(|(id, person)| {
            person.role.is_some_and(&role) && person.devices.iter().any(|device| keeps(id, device))
        })
    }
}
