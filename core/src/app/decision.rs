//! What is decided about guardians and children. Until it is admitted the house may have become another: then it is looked
//! at again, and made anew for what is so by then, or given up and said.

use minicbor::{Decode, Encode};
use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::member_end::MemberEnd;
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use super::command::{Command, Contacts, Relation};
use super::scene::Scene;
use super::{AppError, Plan};
use crate::app;
use crate::house::House;
use crate::time::Timestamp;

/// A decision, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Decision {
    #[n(0)]
    what: What,
    #[n(1)]
    person: Option<PersonId>,
    #[n(2)]
    child: Option<CircleId>,
    /// The group that the child comes to.
    #[n(3)]
    group: Option<CircleId>,
    /// What the guardian is to be to the child.
    #[n(4)]
    relation: Option<Relation>,
    /// Staff whom a protected guardian's circle names.
    #[n(5)]
    named: Vec<PersonId>,
    #[n(6)]
    rests_on: Basis,
    /// Whom to call for the children of who comes under protection.
    #[n(7)]
    contacts: Option<Vec<Contacts>>,
    /// What it draws: ids stay the same when it is made anew.
    #[n(8)]
    #[cbor(default, with = "minicbor::bytes")]
    seed: [u8; 32],
    /// When the children of who comes under protection come and leave is not written down any more.
    #[n(9)]
    #[cbor(default)]
    untimed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
enum What {
    #[n(0)]
    Relate,
    #[n(1)]
    Move,
    #[n(2)]
    Leave,
    #[n(3)]
    Protect,
    #[n(4)]
    Unprotect,
    #[n(5)]
    Readmit,
}

/// What was so when it was decided, of what the decision changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
struct Basis {
    #[n(0)]
    relation: Option<Relation>,
    #[n(1)]
    team: Option<CircleId>,
    #[n(2)]
    protected: bool,
    /// Of who comes under protection: what is said of whom to call for their children.
    #[n(3)]
    #[cbor(default)]
    contacts: Vec<ItemId>,
    /// And who else of these children's guardians is protected.
    #[n(4)]
    #[cbor(default)]
    others: Vec<PersonId>,
}

impl Decision {
    /// What a command decides here and now; none: it is no such decision.
    #[must_use]
    pub(crate) fn of(command: &Command, house: &House, rng: &mut ChaCha20Rng) -> Option<Self> {
        let made = |what, person: Option<&String>, child: Option<&String>| {
            let person: Option<PersonId> = person.map(|id| id.parse()).transpose().ok()?;
            let child: Option<CircleId> = child.map(|id| id.parse()).transpose().ok()?;
            let (group, relation, named, rests_on) = (None, None, Vec::new(), Basis::default());
            let (contacts, seed, untimed) = (None, [0; 32], false);
            Some(Self { what, person, child, group, relation, named, rests_on, contacts, seed, untimed })
        };
        let decision = match command {
            Command::SetGuardian { person, child, relation } => {
                Self { relation: Some(*relation), ..made(What::Relate, Some(person), Some(child))? }
            }
            Command::AddGuardianToChild { person, child, relation } => {
                let relation = Some(relation.unwrap_or(Relation::USUAL));
                Self { relation, ..made(What::Relate, Some(person), Some(child))? }
            }
            Command::MoveChild { child, group } => {
                Self { group: Some(group.parse().ok()?), ..made(What::Move, None, Some(child))? }
            }
            Command::ChildLeaves { child } => made(What::Leave, None, Some(child))?,
            Command::ProtectGuardian { person, child, named, on, contacts, untimed } => {
                let named = named.iter().map(|id| id.parse().ok()).collect::<Option<Vec<PersonId>>>()?;
                let what = if *on { What::Protect } else { What::Unprotect };
                let contacts = (!contacts.is_empty()).then(|| contacts.clone());
                Self { named, contacts, untimed: *untimed, ..made(what, Some(person), Some(child))? }
            }
            Command::ReadmitPerson { person } => made(What::Readmit, Some(person), None)?,
            _ => return None,
        };
        let rests_on = decision.basis(&Scene::new(house).ok()?);
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        Some(Self { rests_on, seed, ..decision })
    }

    /// What it comes to as things are now, under the same ids each time.
    ///
    /// # Errors
    /// As [`app::plan`].
    pub(crate) fn plan(&self, house: &House, now: Timestamp) -> Result<Plan, AppError> {
        app::plan(&self.command(), house, now, &mut ChaCha20Rng::from_seed(self.seed))
    }

    /// The command that decides it once more.
    fn command(&self) -> Command {
        let person = self.person.map(|id| id.to_string()).unwrap_or_default();
        let child = self.child.map(|id| id.to_string()).unwrap_or_default();
        let relation = self.relation.unwrap_or(Relation::USUAL);
        match self.what {
            What::Relate if self.rests_on.relation.is_none() => {
                Command::AddGuardianToChild { person, child, relation: Some(relation) }
            }
            What::Relate => Command::SetGuardian { person, child, relation },
            What::Move => {
                Command::MoveChild { child, group: self.group.map(|id| id.to_string()).unwrap_or_default() }
            }
            What::Leave => Command::ChildLeaves { child },
            What::Protect | What::Unprotect => Command::ProtectGuardian {
                person,
                child,
                named: self.named.iter().map(ToString::to_string).collect(),
                on: self.what == What::Protect,
                contacts: self.contacts.clone().unwrap_or_default(),
                untimed: self.untimed,
            },
            What::Readmit => Command::ReadmitPerson { person },
        }
    }

    /// Whether somebody else has decided the same thing otherwise since.
    #[must_use]
    pub(crate) fn is_overtaken(&self, house: &House) -> bool {
        Scene::new(house).is_ok_and(|scene| self.basis(&scene) != self.rests_on)
    }

    /// What is told of it where no entry would have said it.
    pub(crate) fn stands_for(&self) -> Option<Body> {
        let (person, circle) = self.person.zip(self.child)?;
        let who = Who::Person(person);
        let member = Member { circle, circle_seq: 0, who, history: History::All };
        let reads = self.relation.is_some_and(|relation| relation.reads_child());
        Some(if reads { Body::Member(member) } else { Body::MemberEnd(MemberEnd { circle, who }) })
    }

    fn basis(&self, scene: &Scene<'_>) -> Basis {
        let none = Basis::default();
        match (self.what, self.person, self.child) {
            (What::Relate, Some(person), Some(child)) => {
                Basis { relation: scene.relation(&person, &child), ..none }
            }
            (What::Move, _, Some(child)) => Basis { team: scene.team_of(&child), ..none },
            (What::Protect, Some(person), _) if !scene.house.log.is_protected(&person) => {
                let children = scene.circles(Sort::Child).map(|circle| circle.id);
                let children: Vec<CircleId> =
                    children.filter(|child| scene.relation(&person, child).is_some()).collect();
                let persons = scene.house.log.persons().map(|(other, _)| *other);
                let of_them = |other: &PersonId| {
                    *other != person && children.iter().any(|child| scene.relation(other, child).is_some())
                };
                let others = persons.filter(|other| scene.comes_apart(other) && of_them(other)).collect();
                let contacts = children.iter().flat_map(|child| scene.contacts_now(child, child)).collect();
                Basis { contacts, others, ..none }
            }
            (What::Protect | What::Unprotect, Some(person), _) => {
                Basis { protected: scene.house.log.is_protected(&person), ..none }
            }
            _ => none,
        }
    }
}
