//! Who may author what: the one table.
//!
//! `found` is authored by whoever founds, `join` by the device at the door; both prove themselves otherwise.

use super::fact::Circle;
use super::fold::{Ctx, Facts, RuleError};
use crate::id::PersonId;
use crate::log::kind::KindNumber;
use crate::log::kind::circle::Sort;
use crate::log::kind::member::Who;
use crate::log::kind::role::Role;

/// Whom an author may speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    /// Nobody.
    No,
    /// The author's own person.
    Own,
    /// Guardians.
    Guardians,
    /// Guardians of children whom a team of the author's cares for: who read a circle that it reads.
    Families,
    /// The same, and the author's own person.
    FamiliesAndOwn,
    /// Circles whose members decide for themselves (`guarded`): a new one, and those that the author is a member of. This
    /// much everyone has who has [`Right::Any`], and no more.
    Guarded,
    /// Everyone.
    Any,
}

/// The table of rights.
pub(crate) const fn right(role: Role, kind: KindNumber) -> Right {
    use KindNumber as K;
    use Right::{Any, Families, FamiliesAndOwn, Guarded, Guardians, No, Own};
    match kind {
        //                                       director educator   place      guardian sheet
        // One's own: another device of the same person.
        K::Invite | K::InviteEnd => of(role, [Any, FamiliesAndOwn, No, Own, No]),
        K::Confirm => of(role, [Any, FamiliesAndOwn, Families, Own, No]),
        K::DeviceAdd => of(role, [Own, Own, Own, Own, Any]),
        K::DeviceEnd => of(role, [Any, Own, Own, Own, Any]),
        K::Role => of(role, [Any, Guardians, No, No, No]),
        K::RoleEnd => of(role, [Any, No, No, No, No]),
        K::Circle | K::Member | K::MemberEnd => of(role, [Any, Guarded, No, No, No]),
        K::Protect | K::Dissolve | K::Restored => of(role, [Any, No, No, No, No]),
        // Carrying it out says nothing of one's own; what is ordered has a row of its own.
        K::Order => of(role, [Any, Any, Any, No, No]),
        K::Found | K::Join => No,
    }
}

const fn of(role: Role, row: [Right; 5]) -> Right {
    let [director, educator, place, guardian, sheet] = row;
    match role {
        Role::Director => director,
        Role::Educator => educator,
        Role::Place => place,
        Role::Guardian => guardian,
        Role::Sheet => sheet,
        Role::Applicant => Right::No,
    }
}

/// The live device that wrote the entry at hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Author {
    pub(crate) person: PersonId,
    pub(crate) role: Role,
}

impl Facts {
    /// Whether a guardian reads a child's circle, or has a thread, that a team reads in which this person is by name; or is protected,
    /// and this person is named for them. Whoever sees entries about that guardian sees those too, so all come to the same answer.
    pub(crate) fn cares_for(&self, person: &PersonId, guardian: &PersonId) -> bool {
        let (works, reads) = (Who::Person(*person), Who::Person(*guardian));
        let is_theirs = |who: &Who| match who {
            Who::Circle(key) => {
                let key = self.circles.get(key).filter(|key| key.sort == Sort::Team);
                key.is_some_and(|key| key.members.contains_key(&works))
            }
            Who::Person(_) => false,
        };
        let mut families =
            self.circles.values().filter(|circle| matches!(circle.sort, Sort::Child | Sort::Private));
        self.protections.get(guardian).is_some_and(|named| named.contains(person))
            || families
                .any(|circle| circle.members.contains_key(&reads) && circle.members.keys().any(is_theirs))
            || !crate::stands!(Families)
    }
}

impl Ctx<'_> {
    /// The author, who must belong to a person with a role.
    pub(crate) fn author(&self) -> Result<Author, RuleError> {
        let author = &self.entry.body.author;
        let Some(device) = self.facts.devices.get(author) else {
            return Err(self.hidden_or(RuleError::NotEntitled));
        };
        let role = self.facts.role(&device.person);
        match role {
            Some(role) if device.is_live() => Ok(Author { person: device.person, role }),
            _ => Err(RuleError::NotEntitled),
        }
    }

    /// The author, if the table lets them speak about this person in this role.
    pub(crate) fn entitled(&self, subject: &PersonId, role: Option<Role>) -> Result<Author, RuleError> {
        let author = self.author()?;
        let allowed = match right(author.role, self.entry.body.kind) {
            Right::No | Right::Guarded => false,
            Right::Own => author.person == *subject,
            Right::Guardians => role == Some(Role::Guardian),
            Right::Families => role == Some(Role::Guardian) && self.facts.cares_for(&author.person, subject),
            Right::FamiliesAndOwn => {
                author.person == *subject
                    || (role == Some(Role::Guardian) && self.facts.cares_for(&author.person, subject))
            }
            Right::Any => true,
        };
        let allowed = allowed || !crate::stands!(Rights);
        if allowed && self.may_know(subject, &author) { Ok(author) } else { Err(RuleError::NotEntitled) }
    }

    /// Whether this author may know of a person at all.
    fn may_know(&self, subject: &PersonId, author: &Author) -> bool {
        author.person == *subject || self.facts.may_know(subject, &author.person, author.role)
    }

    /// The author, if the table lets them begin a circle of this sort.
    pub(crate) fn entitled_to_sort(&self, sort: Sort) -> Result<Author, RuleError> {
        let author = self.author()?;
        let allowed = match right(author.role, self.entry.body.kind) {
            Right::Any => true,
            Right::Guarded => sort == Sort::Guarded,
            Right::No | Right::Own | Right::Guardians | Right::Families | Right::FamiliesAndOwn => {
                !crate::stands!(CircleRights)
            }
        };
        if allowed { Ok(author) } else { Err(RuleError::NotEntitled) }
    }

    /// The author, if the table lets them say who reads this circle. Of a `guarded` one its staff members say it, and no
    /// director by being one.
    pub(crate) fn entitled_to_circle(&self, circle: &Circle) -> Result<Author, RuleError> {
        let author = self.entitled_to_sort(circle.sort)?;
        let member = circle.members.contains_key(&Who::Person(author.person));
        if circle.sort != Sort::Guarded || member { Ok(author) } else { Err(RuleError::NotEntitled) }
    }

    /// The author, if the table lets them say what is about nobody: of the house as a whole, or ordered by others.
    pub(crate) fn entitled_to_all(&self) -> Result<Author, RuleError> {
        let author = self.author()?;
        let allowed = right(author.role, self.entry.body.kind) == Right::Any;
        if allowed { Ok(author) } else { Err(RuleError::NotEntitled) }
    }

    /// No cosignature belongs here.
    pub(crate) fn no_cosignature(&self) -> Result<(), RuleError> {
        if self.entry.cosignatures.is_empty() { Ok(()) } else { Err(RuleError::Cosignature) }
    }

    /// Two pairs of eyes: the author and another director, or the sheet. The person concerned does not count as the
    /// second. Each cosignature must be by someone who counts, with a nonce that this house has not seen.
    pub(crate) fn cosigned(
        &self,
        author: &Author,
        concerned: &PersonId,
        needed: bool,
    ) -> Result<(), RuleError> {
        for (i, cosignature) in self.entry.cosignatures.iter().enumerate() {
            let Some(device) = self.facts.devices.get(&cosignature.device) else {
                return Err(self.hidden_or(RuleError::Cosignature));
            };
            let counts = device.is_live()
                && device.person != *concerned
                && device.person != author.person
                && matches!(self.facts.role(&device.person), Some(Role::Director | Role::Sheet));
            if !counts {
                return Err(RuleError::Cosignature);
            }
            let again =
                self.entry.cosignatures.iter().skip(i + 1).any(|other| other.nonce == cosignature.nonce);
            if again || self.facts.nonces.contains(&cosignature.nonce) {
                return Err(RuleError::NonceUsed);
            }
        }
        if needed && self.entry.cosignatures.is_empty() && crate::stands!(Twice) {
            Err(RuleError::Cosignature)
        } else {
            Ok(())
        }
    }
}
