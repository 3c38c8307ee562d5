//! The house as the person at this device sees it: circles by what they mean, names, and who has seen what.
//!
//! Built once per command or query. Everything here is narrowed to the circles this device reads.

pub(super) mod apart;
pub(super) mod contacts;
pub(super) mod later;
mod media;

use nestpost_protocol::access;
use nestpost_protocol::id::{BlobId, CircleId, ItemId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::state::{Circle, Side as LogSide};
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use super::AppError;
use super::command::{Custody, Relation};
use super::day::Day;
use super::item::profile::{self, Profile};
use super::item::{Attendance, Item, Seen};
use super::plan::is_restricted;
use super::view;
use crate::docs::{ItemRef, Sent};
use crate::house::{House, Stage};
pub(super) use media::{Medium, directed};

/// Circles with notes of their own.
const BOARDS: [Sort; 4] = [Sort::Child, Sort::Staff, Sort::Guarded, Sort::Council];
/// Circles with bulletins, notes or messages.
const WRITTEN: [Sort; 7] =
    [Sort::House, Sort::Group, Sort::Child, Sort::Staff, Sort::Private, Sort::Guarded, Sort::Council];

/// The view of one person.
pub(super) struct Scene<'a> {
    pub(super) house: &'a House,
    pub(super) me: PersonId,
    pub(super) role: Role,
    /// Circles whose contents this device shows: those it reads, and of a guardian's those it once read.
    readable: SortedSet<CircleId>,
    by_sort: SortedMap<Sort, Vec<&'a Circle>>,
}

/// Who has seen one item, with the earliest claimed time.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    /// By somebody of the house.
    pub(super) staff: Option<u64>,
    /// By guardians.
    pub(super) guardians: SortedMap<PersonId, u64>,
    /// By the person at this device.
    pub(super) mine: bool,
}

/// What the day needs to know of a child.
#[derive(Debug, Clone, Default)]
pub(super) struct Care {
    pub(super) allergies: String,
    pub(super) contacts: String,
    pub(super) untimed: bool,
}

impl Marks {
    /// Whether anybody of the other side than the writer's has seen it.
    pub(super) fn by_other_side(&self, side: Side) -> bool {
        match side {
            Side::Staff => !self.guardians.is_empty(),
            Side::Person(_) => self.staff.is_some(),
        }
    }
}

impl<'a> Scene<'a> {
    /// # Errors
    /// [`AppError::NotAllowed`] when this device belongs to nobody (any more).
    pub(super) fn new(house: &'a House) -> Result<Self, AppError> {
        let (me, role) = house.person().or_else(|| former_guardian(house)).ok_or(AppError::NotAllowed)?;
        let was_here = role != Role::Guardian && house.stage == Stage::Ended;
        if was_here && nestpost_protocol::stands!(FormerStaff) {
            // What staff saw was the house's.
            return Err(AppError::NotAllowed);
        }
        let mut readable = access::visible(&house.log, &house.me);
        if role == Role::Guardian {
            // A guardian keeps what they had. Nothing new comes.
            readable.extend(house.docs.all().map(|(_, held)| held.fact.circle));
        }
        let mut by_sort: SortedMap<Sort, Vec<&Circle>> = SortedMap::new();
        for circle in house.log.circles().filter(|circle| readable.contains(&circle.id)) {
            by_sort.entry(circle.sort).or_default().push(circle);
        }
        Ok(Self { house, me, role, readable, by_sort })
    }

    pub(super) fn is_guardian(&self) -> bool {
        self.role == Role::Guardian
    }

    /// # Errors
    /// [`AppError::NotAllowed`] unless this is somebody of the house.
    pub(super) fn staff_only(&self) -> Result<(), AppError> {
        if self.role.is_staff() { Ok(()) } else { Err(AppError::NotAllowed) }
    }

    /// # Errors
    /// [`AppError::NotAllowed`] unless this person directs the house.
    pub(super) fn directors_only(&self) -> Result<(), AppError> {
        if self.role == Role::Director { Ok(()) } else { Err(AppError::NotAllowed) }
    }

    /// Whether this is the open part of a group's tablet: it reads what it reads by name alone.
    pub(super) fn is_open(&self) -> bool {
        self.role == Role::Place && !self.circles(Sort::Team).any(|c| self.is_member(&self.me, c))
    }

    fn is_member(&self, person: &PersonId, circle: &Circle) -> bool {
        circle.members.contains_key(&Who::Person(*person)) && self.role_of(person).is_some()
    }

    fn places_by_name(&self, circle: &Circle) -> Vec<PersonId> {
        let persons = circle.members.keys().filter_map(|who| match who {
            Who::Person(person) => Some(*person),
            Who::Circle(_) => None,
        });
        persons.filter(|person| self.role_of(person) == Some(Role::Place)).collect()
    }

    /// The open persons of a group's tablets.
    pub(super) fn places_of(&self, team: &CircleId) -> Vec<PersonId> {
        self.group_of(team).map(|group| self.places_by_name(group)).unwrap_or_default()
    }

    /// The open persons that read a child's circle.
    pub(super) fn places_in(&self, child: &CircleId) -> Vec<PersonId> {
        self.house.log.circle(child).map(|circle| self.places_by_name(circle)).unwrap_or_default()
    }

    /// The person behind the PINs of a place.
    pub(super) fn pin_of(&self, open: &PersonId) -> Option<PersonId> {
        let house = self.house.sole(Sort::House)?;
        match self.profile(&house, profile::place_id(open)) {
            Some(Profile::Place { pin }) => Some(pin),
            _ => None,
        }
    }

    /// Whether this is the person behind the PINs of some place.
    pub(super) fn is_pin(&self, person: &PersonId) -> bool {
        let mut staff = self.house.log.persons().filter(|(_, one)| one.side == LogSide::House);
        staff.any(|(open, _)| open != person && self.pin_of(open) == Some(*person))
    }

    /// # Errors
    /// [`AppError::NotAllowed`] unless this device may write content into the circle.
    pub(super) fn writes(&self, circle: &CircleId) -> Result<(), AppError> {
        access::side_of(&self.house.log, &self.house.me, circle).map(|_| ()).ok_or(AppError::NotAllowed)
    }

    /// Whether this device shows what stands there.
    pub(super) fn reads(&self, circle: &CircleId) -> bool {
        self.readable.contains(circle)
    }

    /// Whether nothing can be written there from here (any more). A house that the relay says has ended is closed as a whole.
    pub(super) fn is_closed(&self, circle: &CircleId) -> bool {
        self.house.stage == Stage::Ended || self.writes(circle).is_err()
    }

    // Circles.

    /// Circles of a sort that this device reads.
    pub(super) fn circles(&self, sort: Sort) -> impl Iterator<Item = &'a Circle> {
        self.by_sort.get(&sort).into_iter().flatten().copied()
    }

    /// A circle of a sort that this device reads, from its id at the edge.
    ///
    /// # Errors
    /// [`AppError::NotFound`], whether it does not exist or is not for this device.
    pub(super) fn find(&self, sort: Sort, id: &str) -> Result<&'a Circle, AppError> {
        let id: CircleId = id.parse().map_err(|_| AppError::NotFound)?;
        let circle = self.house.log.circle(&id).ok_or(AppError::NotFound)?;
        if circle.sort == sort && self.readable.contains(&id) { Ok(circle) } else { Err(AppError::NotFound) }
    }

    /// The one circle of a sort, where this device reads it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] before it exists.
    pub(super) fn sole(&self, sort: Sort) -> Result<CircleId, AppError> {
        self.house.sole(sort).ok_or(AppError::NotFound)
    }

    /// A circle whose notes stand by themselves: a child's, the staff's, of named persons, the council's.
    ///
    /// # Errors
    /// [`AppError::NotFound`], whether it does not exist or is not for this device.
    pub(super) fn find_board(&self, id: &str) -> Result<&'a Circle, AppError> {
        BOARDS.into_iter().find_map(|sort| self.find(sort, id).ok()).ok_or(AppError::NotFound)
    }

    /// The `group` circle of a team, where this device reads it.
    pub(super) fn group_of(&self, team: &CircleId) -> Option<&'a Circle> {
        self.circles(Sort::Group).find(|c| c.team.as_ref() == Some(team))
    }

    /// The team of a group from its id at the edge (a group's id is its team's).
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub(super) fn find_group(&self, id: &str) -> Result<CircleId, AppError> {
        let team: CircleId = id.parse().map_err(|_| AppError::NotFound)?;
        self.group_of(&team).map(|_| team).ok_or(AppError::NotFound)
    }

    /// Teams of the groups this device reads, by name.
    pub(super) fn groups(&self) -> Vec<CircleId> {
        let mut teams: Vec<_> = self.circles(Sort::Group).filter_map(|c| c.team).collect();
        teams.sort_by_cached_key(|t| (self.group_name(t), *t));
        teams.dedup();
        teams
    }

    /// The team that cares for a child. A guardian does not see the child circle's own entries about the team, but
    /// those of their `private` circle with it.
    pub(super) fn team_of(&self, child: &CircleId) -> Option<CircleId> {
        let privates =
            self.house.log.circles().filter(|c| c.sort == Sort::Private && c.child.as_ref() == Some(child));
        let circles = self.house.log.circle(child).into_iter().chain(privates);
        let mut teams = circles.flat_map(|c| access::direct_readers(&self.house.log, &c.id));
        teams.find_map(|who| match who {
            Who::Circle(team) if self.sort_of(&team) == Some(Sort::Team) => Some(team),
            Who::Circle(_) | Who::Person(_) => None,
        })
    }

    /// The team that reads a child's circle, for those who see its entries: staff.
    pub(super) fn team_of_staff(&self, child: &CircleId) -> Option<CircleId> {
        let mut readers = access::direct_readers(&self.house.log, child).into_iter();
        readers.find_map(|who| match who {
            Who::Circle(team) if self.sort_of(&team) == Some(Sort::Team) => Some(team),
            Who::Circle(_) | Who::Person(_) => None,
        })
    }

    fn sort_of(&self, circle: &CircleId) -> Option<Sort> {
        self.house.log.circle(circle).map(|c| c.sort)
    }

    /// Children this device reads about, by name. For a guardian: their own.
    pub(super) fn children(&self) -> Vec<CircleId> {
        self.children_where(|_| true)
    }

    /// Children of a group, by name.
    pub(super) fn children_of(&self, team: &CircleId) -> Vec<CircleId> {
        self.children_where(|child| self.team_of(child).as_ref() == Some(team))
    }

    /// The children of a guardian that this device reads about, by name.
    pub(super) fn children_of_person(&self, person: &PersonId) -> Vec<CircleId> {
        if self.house.log.is_protected(person) {
            return self.children_where(|child| self.relation(person, child).is_some());
        }
        let guardian = Who::Person(*person);
        self.children_where(|child| access::direct_readers(&self.house.log, child).contains(&guardian))
    }

    fn children_where(&self, is: impl Fn(&CircleId) -> bool) -> Vec<CircleId> {
        let mut children: Vec<_> = self.circles(Sort::Child).map(|c| c.id).filter(|c| is(c)).collect();
        children.sort_by_cached_key(|c| (self.child_name(c), *c));
        children
    }

    /// The guardians who read a child's circle, by name. For a guardian: those it may know of.
    pub(super) fn guardians_of(&self, child: &CircleId) -> Vec<PersonId> {
        let readers = access::direct_readers(&self.house.log, child);
        let mut guardians: Vec<_> = readers.iter().filter_map(|who| self.as_guardian(who)).collect();
        guardians.sort_by_cached_key(|p| (self.person_name(p), *p));
        guardians
    }

    /// Whether a guardian reads a child's circle.
    pub(super) fn is_guardian_of(&self, guardian: &PersonId, child: &CircleId) -> bool {
        let who = Who::Person(*guardian);
        access::direct_readers(&self.house.log, child).contains(&who) && self.as_guardian(&who).is_some()
    }

    fn as_guardian(&self, who: &Who) -> Option<PersonId> {
        match who {
            Who::Person(person) => (self.role_of(person) == Some(Role::Guardian)).then_some(*person),
            Who::Circle(_) => None,
        }
    }

    /// What a guardian is to a child: as staff wrote it, else as it follows from the circles they read. Staff only.
    pub(super) fn relation(&self, person: &PersonId, child: &CircleId) -> Option<Relation> {
        // Of whom not all staff know, it stands apart.
        let circles =
            self.apart(person).map(|circle| circle.id).into_iter().chain(self.house.sole(Sort::Staff));
        let written = circles.into_iter().find_map(|c| self.profile(&c, profile::relation_id(person, child)));
        if let Some(Profile::Relation { relation, .. }) = written {
            return Some(relation);
        }
        let who = Who::Person(*person);
        let is = |circle: &Circle| circle.members.contains_key(&who);
        if self.house.log.circle(child).is_some_and(is) {
            return Some(Relation::USUAL);
        }
        let told = self.private(person, child).is_some_and(is);
        told.then_some(Relation { custody: Custody::None, ..Relation::USUAL })
    }

    /// Guardians who are something to a child, by id.
    pub(super) fn related(&self, child: &CircleId) -> Vec<PersonId> {
        let guardians = self.house.log.persons().filter(|(_, p)| p.role == Some(Role::Guardian));
        guardians.map(|(id, _)| *id).filter(|id| self.relation(id, child).is_some()).collect()
    }

    /// What the day needs to know of a child.
    pub(super) fn care(&self, child: &CircleId) -> Care {
        let contacts = self.contacts_in(child, child);
        match self.profile(child, profile::care_id(child)) {
            Some(Profile::Care { allergies, untimed }) => Care { allergies, contacts, untimed },
            _ => Care { contacts, ..Care::default() },
        }
    }

    /// What was said of a child's coming and leaving on a day and still counts.
    pub(super) fn attendance(&self, child: &CircleId, day: Day) -> Vec<(ItemRef<'a>, Attendance)> {
        let all =
            self.items(child).filter(|(at, _)| at.side == Side::Staff).filter_map(|(at, item)| match item {
                Item::Attendance(said) if said.day == day => Some((at, said)),
                _ => None,
            });
        let mut all: Vec<_> = all.collect();
        let replaced: SortedSet<ItemId> = all.iter().flat_map(|(_, said)| said.replaces.clone()).collect();
        all.retain(|(at, said)| said.event != view::AttendanceEvent::None && !replaced.contains(&at.item));
        all
    }

    /// Whether a child has left the house.
    pub(super) fn has_left(&self, child: &CircleId) -> bool {
        let profile = self.profile(child, profile::circle_id(child));
        matches!(profile, Some(Profile::Child { left: true, .. }))
    }

    /// Role of a person, while it lasts.
    pub(super) fn role_of(&self, person: &PersonId) -> Option<Role> {
        self.house.log.person(person).and_then(|p| p.role)
    }

    /// The thread circles of a child.
    pub(super) fn privates_of(&self, child: &CircleId) -> impl Iterator<Item = &'a Circle> {
        self.circles(Sort::Private).filter(move |c| c.child.as_ref() == Some(child))
    }

    /// The thread circle of a guardian about a child.
    pub(super) fn private(&self, guardian: &PersonId, child: &CircleId) -> Option<&'a Circle> {
        self.privates_of(child).find(|c| c.guardian.as_ref() == Some(guardian))
    }

    // Items.

    /// The immutable items of a circle.
    pub(super) fn items(&self, circle: &CircleId) -> impl Iterator<Item = (ItemRef<'a>, Item)> {
        let readable = self.readable.contains(circle);
        let items = readable.then(|| self.house.docs.items(circle));
        items.into_iter().flatten().filter_map(|i| Item::read(i.value).map(|item| (i, item)))
    }

    /// Who wrote an item.
    pub(super) fn author(&self, item: &ItemRef<'_>) -> Option<PersonId> {
        match item.side {
            Side::Person(person) => Some(person),
            Side::Staff => item.author.and_then(|device| self.house.log.device(&device)).map(|d| d.person),
        }
    }

    /// Whether this person wrote it.
    pub(super) fn mine(&self, item: &ItemRef<'_>) -> bool {
        item.author == Some(self.house.me) || self.author(item) == Some(self.me)
    }

    /// Bulletins, notes and messages that this device reads, taken back or not.
    pub(super) fn written(&self) -> Vec<(ItemRef<'a>, Item)> {
        let circles = WRITTEN.into_iter().flat_map(|sort| self.circles(sort));
        let items = circles.flat_map(|circle| self.items(&circle.id).collect::<Vec<_>>());
        items.filter(|(_, item)| matches!(item, Item::Bulletin(_) | Item::Message(_))).collect()
    }

    /// What was written or shown that this device reads, taken back or not, and the blob of a picture or file.
    pub(super) fn shown(&self) -> Vec<(ItemRef<'a>, Option<BlobId>)> {
        let circles = WRITTEN.into_iter().flat_map(|sort| self.circles(sort));
        let items = circles.flat_map(|circle| self.items(&circle.id).collect::<Vec<_>>());
        let shown = items.filter_map(|(at, item)| match item {
            Item::Bulletin(_) | Item::Message(_) => Some((at, None)),
            Item::Photo(photo) => Some((at, Some(photo.full.id))),
            Item::File(file) => Some((at, Some(file.blob.id))),
            _ => None,
        });
        shown.collect()
    }

    /// Whether somebody who may has taken this back, its author, or on the staff's side a director; or nobody is to be shown it.
    pub(super) fn is_removed(&self, item: &ItemRef<'_>) -> bool {
        self.is_taken_back(item)
            || (is_restricted(self.house, &item.circle, &item.item)
                && nestpost_protocol::stands!(RestrictedHidden))
    }

    fn is_taken_back(&self, item: &ItemRef<'_>) -> bool {
        let remarks = self.house.docs.items_like(&item.circle, Item::is_remark);
        remarks.filter(|at| at.side == item.side).any(|at| {
            let Some(Item::Removal(removal)) = Item::read(at.value) else { return false };
            let by = self.author(&at);
            let own = by.is_some() && by == self.author(item);
            let directed = || self.directed(&at);
            removal.item == item.item && (own || directed()) && nestpost_protocol::stands!(Removed)
        })
    }

    /// What staff wrote as a profile. The guardian's side of a `private` circle has no say in it.
    pub(super) fn profile(&self, circle: &CircleId, id: ItemId) -> Option<Profile> {
        let decided = self.house.decided.iter().rev().find(|e| e.circle == *circle && e.item == id);
        if let Some(edit) = decided {
            return Profile::read(&edit.value);
        }
        let item = self.house.docs.item(circle, &id).filter(|item| item.side == Side::Staff)?;
        Profile::read(item.value)
    }

    // Names. Empty while the profile has not arrived.

    /// The house's profile: name, help line, notice.
    pub(super) fn house_profile(&self) -> (String, String, String) {
        match self.house.id.and_then(|id| self.house_wide(profile::house_id(&id))) {
            Some(Profile::House { name, help_line, notice }) => (name, help_line, notice),
            _ => Default::default(),
        }
    }

    fn group_profile(&self, team: &CircleId) -> (String, view::GroupSymbol) {
        match self.house_wide(profile::circle_id(team)) {
            Some(Profile::Group { name, symbol }) => (name, view::GroupSymbol::from_name(&symbol)),
            _ => (String::new(), view::GroupSymbol::Hedgehog),
        }
    }

    pub(super) fn group_name(&self, team: &CircleId) -> String {
        self.group_profile(team).0
    }

    pub(super) fn group(&self, team: &CircleId) -> view::Group {
        let (name, symbol) = self.group_profile(team);
        let child_count = u32::try_from(self.children_of(team).len()).unwrap_or(u32::MAX);
        view::Group { id: team.to_string(), name, symbol, child_count }
    }

    pub(super) fn child_name(&self, child: &CircleId) -> String {
        // Whoever has a thread alone is told there whom it is about.
        let circles = [*child].into_iter().chain(self.privates_of(child).map(|c| c.id));
        let mut found = circles.filter_map(|circle| self.profile(&circle, profile::circle_id(child)));
        found.next().map(|p| p.name().to_owned()).unwrap_or_default()
    }

    /// Staff by `house`; guardians by their `private` circles, else by the circles of their children.
    pub(super) fn person_name(&self, person: &PersonId) -> String {
        let id = profile::person_id(person);
        let staff = self.house.sole(Sort::House).into_iter();
        let privates =
            self.circles(Sort::Private).filter(|c| c.guardian.as_ref() == Some(person)).map(|c| c.id);
        let children = || self.circles(Sort::Child).map(|c| c.id);
        let circles = staff.chain(privates).chain(children());
        let named = [Sort::Council, Sort::Guarded].into_iter().flat_map(|sort| self.circles(sort));
        // Among named persons, guardians say themselves what they are called.
        let said = |circle: &CircleId| {
            let own = |i: &ItemRef<'_>| i.item == id && i.side == Side::Person(*person);
            self.house.docs.items(circle).find(own).and_then(|i| Profile::read(i.value))
        };
        let mut found = circles
            .filter_map(|circle| self.profile(&circle, id))
            .chain(named.filter_map(|circle| self.profile(&circle.id, id).or_else(|| said(&circle.id))));
        // Whoever has no circle to stand in is named by what they are to a child.
        let related = || {
            let staff = self.house.sole(Sort::Staff)?;
            children().find_map(|child| self.profile(&staff, profile::relation_id(person, &child)))
        };
        found.next().or_else(related).map(|p| p.name().to_owned()).unwrap_or_default()
    }

    // Seen marks.

    /// Who has seen what, as far as this device reads it.
    pub(super) fn marks(&self) -> SortedMap<ItemId, Marks> {
        let mut all: SortedMap<ItemId, Marks> = SortedMap::new();
        for circle in self.circles(Sort::Private) {
            for (at, item) in self.items(&circle.id) {
                let Item::Seen(Seen { items, at: time }) = item else { continue };
                let mine = self.mine(&at);
                for id in items {
                    let marks = all.entry(id).or_default();
                    marks.mine |= mine;
                    match at.side {
                        Side::Staff => marks.staff = Some(marks.staff.map_or(time, |t| t.min(time))),
                        Side::Person(person) => {
                            let first = marks.guardians.entry(person).or_insert(time);
                            *first = (*first).min(time);
                        }
                    }
                }
            }
        }
        all
    }
}

/// Whose device this is, when their time here is over and they keep what they had.
fn former_guardian(house: &House) -> Option<(PersonId, Role)> {
    let device = house.log.device(&house.me).filter(|device| device.is_live())?;
    let person = house.log.person(&device.person)?;
    (person.side == LogSide::Family).then_some((device.person, Role::Guardian))
}

/// Where an item is, given whether the other side has seen it.
pub(super) fn state(item: &ItemRef<'_>, seen: bool) -> view::ItemState {
    state_of(item.sent, seen)
}

/// Where something is, given whether the other side has seen it.
pub(super) const fn state_of(sent: Sent, seen: bool) -> view::ItemState {
    match sent {
        Sent::Local => view::ItemState::Local,
        Sent::Relay if seen => view::ItemState::House,
        Sent::Relay => view::ItemState::Relay,
    }
}
