//! Lives the steps of a scenario on real engines.
//!
//! Whoever acts does so on their first device that belongs. If the person is online, that device connects for the length of
//! the step: it takes what waits at the relay, does what the step says, and sends until quiet. Nobody else hears of it
//! before `sync` or `online`, but for those whom a step at the door is about.

mod hostile;
mod outcome;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use nestpost_core::app::command::{Custody, NoArgs, Relation, StaffRole};
use nestpost_core::app::view::GroupSymbol;
use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_protocol::access;
use nestpost_protocol::codec::sha256;
use nestpost_protocol::id::{CircleId, DeviceId, ItemId, PersonId};
use nestpost_protocol::limit::DEVICES_PER_PERSON_MAX;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;

use super::scenario::{AdmitRole, CircleName, Right, Step, Verb};
use super::{Refusal, evidence};
use crate::world::World;

/// Codes of refusals; the list in `docs/custody-scenarios.md`.
pub(super) mod reason {
    pub(crate) const NOT_A_WRITER: &str = "not_a_writer";
    pub(crate) const NOT_ALLOWED: &str = "not_allowed";
    pub(crate) const NOT_FOUND: &str = "not_found";
    pub(crate) const EXISTS: &str = "exists";
    pub(crate) const OFFLINE: &str = "offline";
    pub(crate) const NO_DEVICE: &str = "no_device";
    pub(crate) const NO_ROLE: &str = "no_role";
    pub(crate) const LAST_DIRECTOR: &str = "last_director";
    pub(crate) const NEEDS_SECOND_DIRECTOR: &str = "needs_second_director";
    pub(crate) const LOST_RACE: &str = "lost_race";
    pub(crate) const DISSOLVED: &str = "dissolved";
    pub(crate) const ONE_GROUP: &str = "one_group";
    pub(crate) const TOO_MANY_DEVICES: &str = "too_many_devices";
    pub(crate) const INTERNAL: &str = "internal";
}

/// Every reason there is.
pub(super) const REASONS: [&str; 14] = [
    reason::NOT_A_WRITER,
    reason::NOT_ALLOWED,
    reason::NOT_FOUND,
    reason::EXISTS,
    reason::OFFLINE,
    reason::NO_DEVICE,
    reason::NO_ROLE,
    reason::LAST_DIRECTOR,
    reason::NEEDS_SECOND_DIRECTOR,
    reason::LOST_RACE,
    reason::DISSOLVED,
    reason::ONE_GROUP,
    reason::TOO_MANY_DEVICES,
    reason::INTERNAL,
];

type Result<T = (), E = &'static str> = std::result::Result<T, E>;

#[derive(Clone)]
struct Person {
    id: PersonId,
    /// Names of devices in the world, oldest first.
    devices: Vec<String>,
    offline: bool,
    /// Of a group's tablets: the person that is open to whoever stands before them. `id` is the one behind PINs.
    open: Option<PersonId>,
    /// The open half of each device of a place.
    halves: Vec<String>,
}

impl Person {
    const fn new(id: PersonId) -> Self {
        Self { id, devices: Vec::new(), offline: false, open: None, halves: Vec::new() }
    }

    fn all(&self) -> Vec<String> {
        self.devices.iter().chain(&self.halves).cloned().collect()
    }
}

#[derive(Clone)]
struct Post {
    circle: CircleId,
    item: ItemId,
    photo: bool,
}

/// A scenario under way.
#[derive(Clone)]
pub(super) struct Runner {
    world: World,
    intake: bool,
    /// To the intake, for outsiders.
    link: Option<String>,
    director: Option<String>,
    persons: BTreeMap<String, Person>,
    groups: BTreeMap<String, CircleId>,
    children: BTreeMap<String, CircleId>,
    guarded: BTreeMap<String, CircleId>,
    posts: BTreeMap<String, Post>,
    refusals: Vec<Refusal>,
    /// Membership changes that wait on a device, with the step they came from.
    waiting: Vec<(String, u64, usize)>,
    /// Whom devices gave away before they emptied themselves, or before it was erased.
    given_away: BTreeMap<String, BTreeSet<String>>,
    /// Somebody was to be protected: what names them is erased as soon as staff are there.
    erases: bool,
    number: usize,
}

impl Runner {
    /// `intake`: the scenario writes to it, so the house has one from the start.
    pub(super) fn new(intake: bool) -> Self {
        Self {
            intake,
            link: None,
            world: World::new(),
            director: None,
            persons: BTreeMap::new(),
            groups: BTreeMap::new(),
            children: BTreeMap::new(),
            guarded: BTreeMap::new(),
            posts: BTreeMap::new(),
            refusals: Vec::new(),
            waiting: Vec::new(),
            given_away: BTreeMap::new(),
            erases: false,
            number: 0,
        }
    }

    pub(super) fn step(&mut self, number: usize, step: &Step) {
        self.number = number;
        self.world.pass(1_000);
        self.erases |= matches!(step.verb, Verb::Protect { value: true, .. });
        if self.erases && matches!(step.verb, Verb::Protect { .. } | Verb::Online { .. } | Verb::Sync {}) {
            self.remember();
        }
        if let Err(reason) = self.perform(step) {
            self.refuse(number, reason);
        }
    }

    fn refuse(&mut self, step: usize, reason: &'static str) {
        if !self.refusals.iter().any(|r| r.step == step) {
            self.refusals.push(Refusal { step, reason });
        }
    }

    fn perform(&mut self, step: &Step) -> Result {
        if let Verb::Found { director } = &step.verb {
            return self.found(director);
        }
        let director = self.director.clone().ok_or(reason::NOT_FOUND)?;
        let by = step.by.clone().unwrap_or(director);
        self.person(&by)?;
        match &step.verb {
            Verb::Found { .. } => Ok(()),
            Verb::Admit { name, role, groups } => {
                let role = match role {
                    AdmitRole::Educator => StaffRole::Educator,
                    AdmitRole::Director => StaffRole::Director,
                };
                self.admit(&by, name, role, groups)
            }
            Verb::Place { name, group } => {
                self.admit(&by, name, StaffRole::Place, std::slice::from_ref(group))
            }
            Verb::Group { name } => self.group(&by, name),
            Verb::Child { name, groups } => self.child(&by, name, groups),
            Verb::Guardian { name, child, custody, information, collect, lives_with, protected } => {
                let relation = Relation {
                    custody: *custody,
                    lives_with: *lives_with,
                    information: *information,
                    collect: *collect,
                };
                self.guardian(&by, name, child, relation, *protected)
            }
            Verb::Post { circle, name } => self.post(&by, circle, name),
            Verb::Outside { name } => self.outside(name),
            Verb::Reply { to, name } => self.reply(&by, to, name),
            Verb::Photo { circle, name } => self.photo(&by, circle, name),
            Verb::Share { post, circle } => self.share(&by, post, circle),
            Verb::Erase { post } => self.erase(&by, post),
            Verb::SetRight { guardian, child, right, value } => {
                self.set_right(&by, guardian, child, *right, *value)
            }
            Verb::MoveGroup { child, from, to } => self.move_group(&by, child, from, to),
            Verb::Remove { person, by_sheet, .. } | Verb::EndRole { person, by_sheet, .. } => {
                let person = self.person(person)?;
                let id = person.open.unwrap_or(person.id).to_string();
                let sheet = by_sheet.then(|| self.world.sheet.clone());
                let reply = self.give(&by, Command::RemovePerson { person: id, sheet })?;
                self.agree(reply, step.verb.second())
            }
            Verb::Dissolve { by_sheet, .. } => {
                let sheet = by_sheet.then(|| self.world.sheet.clone());
                let reply = self.give(&by, Command::DissolveHouse { sheet })?;
                self.agree(reply, step.verb.second())
            }
            Verb::Readmit { person } => self.readmit(&by, person),
            Verb::Leave { child } => {
                let child = self.find_child(child)?.to_string();
                self.give(&by, Command::ChildLeaves { child }).map(|_| ())
            }
            Verb::EndDevice { person, device, by_sheet, with } => {
                self.end_device(&by, person, *device, *by_sheet, with.as_deref())
            }
            Verb::Recover { person, by_sheet } => self.recover(&by, person, *by_sheet),
            Verb::Offline { person } => {
                self.person_mut(person)?.offline = true;
                Ok(())
            }
            Verb::Online { person } => {
                let devices = self.person(person)?.all();
                self.person_mut(person)?.offline = false;
                self.connect(&devices);
                Ok(())
            }
            Verb::Sync {} => {
                self.sync();
                Ok(())
            }
            Verb::Guarded { name, members } => self.guarded(&by, name, members),
            Verb::Council { members } => self.council(&by, members),
            Verb::AddDevice { person } => self.add_device(person),
            Verb::Horizon { circle } => {
                let circle = self.circle(circle)?;
                let me = self.world.engine(&self.device(&by)?).house().me;
                let writes = access::side_of(self.world.relay.log(), &me, &circle).is_some();
                let done = self.give(&by, Command::Horizon { circle: Some(circle.to_string()) });
                done.map(|_| ()).map_err(|reason| if writes { reason } else { not_a_writer(reason) })
            }
            Verb::Protect { guardian, child, value } => {
                let person = self.person(guardian)?.id.to_string();
                let child = self.find_child(child)?.to_string();
                let command = Command::ProtectGuardian {
                    person,
                    child,
                    named: Vec::new(),
                    on: *value,
                    contacts: Vec::new(),
                    untimed: false,
                };
                self.give(&by, command).map(|_| ())
            }
        }
    }

    // Lines.

    /// Lets these devices, and no others, talk until nobody has anything to say.
    fn connect(&mut self, devices: &[String]) {
        for device in devices {
            self.note_before_end(device);
            self.upload(device);
            self.world.set_offline(device, false);
        }
        self.world.settle();
        for device in devices {
            // What a hold was acknowledged for goes out now.
            self.world.set_offline(device, true);
        }
        self.report_given_up();
    }

    /// Everybody, again and again until nobody has anything to say.
    fn sync(&mut self) {
        let all: Vec<String> = self.persons.values().flat_map(Person::all).collect();
        for person in self.persons.values_mut() {
            person.offline = false;
        }
        self.connect(&all);
    }

    /// Pictures of this device are prepared; their bytes reach the relay.
    fn upload(&mut self, device: &str) {
        for upload in self.world.engine(device).transfers() {
            if upload.stage != "ready" {
                continue;
            }
            let me = self.world.engine(device).house().me;
            for blob in &upload.blobs {
                if let Ok(id) = blob.id.parse() {
                    self.world.relay.put_blob(me, id);
                }
            }
            let _ = self.world.command(device, Command::MediaSent { id: upload.id });
        }
    }

    /// A device that hears now that it has ended empties itself: what it gives away is looked at before.
    fn note_before_end(&mut self, device: &str) {
        let me = self.world.engine(device).house().me;
        let ended = self.world.relay.log().device(&me).is_some_and(|d| d.ended.is_some());
        if !ended || self.world.row_count(device, None) <= 1 {
            return;
        }
        let everybody = self.traces();
        let devices = [device.to_owned()];
        let found = evidence::given_away(&self.world, &devices, &everybody);
        let owner = self.persons.iter().find(|(_, p)| p.all().iter().any(|d| d == device));
        if let Some((name, _)) = owner {
            self.given_away.entry(name.clone()).or_default().extend(found);
        }
    }

    /// Whoever was told of somebody knows of them, whatever is erased now.
    fn remember(&mut self) {
        let everybody = self.traces();
        for (name, person) in &self.persons {
            let found = evidence::given_away(&self.world, &person.all(), &everybody);
            self.given_away.entry(name.clone()).or_default().extend(found);
        }
    }

    fn report_given_up(&mut self) {
        let mut still = Vec::new();
        for (device, key, step) in std::mem::take(&mut self.waiting) {
            let engine = self.world.engine(&device);
            if engine.given_up().contains(&key) {
                self.refuse(step, reason::LOST_RACE);
            } else if engine.intents().contains(&key) {
                still.push((device, key, step));
            }
        }
        self.waiting = still;
    }

    // Who and what.

    fn person(&self, name: &str) -> Result<&Person> {
        self.persons.get(name).ok_or(reason::NOT_FOUND)
    }

    fn person_mut(&mut self, name: &str) -> Result<&mut Person> {
        self.persons.get_mut(name).ok_or(reason::NOT_FOUND)
    }

    /// The first device of a person that belongs, as far as it knows itself.
    fn device(&self, name: &str) -> Result<String> {
        let person = self.person(name)?;
        let ended = |device: &&String| {
            let me = self.world.engine(device).house().me;
            self.world.relay.log().device(&me).is_some_and(|d| d.ended.is_some())
                && (!person.offline || self.world.summary(device).stage == "ended")
        };
        person.devices.iter().find(|d| !ended(d)).cloned().ok_or(reason::NO_DEVICE)
    }

    fn find_child(&self, name: &str) -> Result<CircleId> {
        self.children.get(name).copied().ok_or(reason::NOT_FOUND)
    }

    fn find_group(&self, name: &str) -> Result<CircleId> {
        self.groups.get(name).copied().ok_or(reason::NOT_FOUND)
    }

    /// The name a person has in the app: one that stands nowhere by chance.
    fn display(name: &str) -> String {
        let hash = data_encoding::HEXLOWER.encode(&sha256(&[b"custody", name.as_bytes()]));
        let tail: String = hash.chars().take(24).collect();
        format!("{name} {tail}")
    }

    fn circle(&self, name: &CircleName) -> Result<CircleId> {
        let log = self.world.relay.log();
        let sole = |sort| log.circles().find(|c| c.sort == sort).map(|c| c.id).ok_or(reason::NOT_FOUND);
        match name {
            CircleName::House => sole(Sort::House),
            CircleName::Staff => sole(Sort::Staff),
            CircleName::Council => sole(Sort::Council),
            CircleName::Intake => sole(Sort::Intake),
            CircleName::Group(group) => {
                let team = Some(self.find_group(group)?);
                let circle = log.circles().find(|c| c.sort == Sort::Group && c.team == team);
                circle.map(|c| c.id).ok_or(reason::NOT_FOUND)
            }
            CircleName::Child(child) => self.find_child(child),
            CircleName::Private(guardian, child) => {
                let (guardian, child) = (self.person(guardian)?.id, self.find_child(child)?);
                let circle = log.circles().find(|c| {
                    c.sort == Sort::Private && c.guardian == Some(guardian) && c.child == Some(child)
                });
                circle.map(|c| c.id).ok_or(reason::NOT_FOUND)
            }
            CircleName::Guarded(name) => self.guarded.get(name).copied().ok_or(reason::NOT_FOUND),
        }
    }

    // Commands.

    /// Gives a command on a person's device; online it takes before and sends afterwards.
    fn give(&mut self, by: &str, command: Command) -> Result<Reply> {
        let device = self.device(by)?;
        self.give_on(by, &device, |_, _| Ok(command))
    }

    /// The same, with a command that depends on what the device knows by then.
    fn give_on(
        &mut self,
        by: &str,
        device: &str,
        command: impl FnOnce(&Self, &str) -> Result<Command>,
    ) -> Result<Reply> {
        let offline = self.person(by)?.offline;
        let line = [device.to_owned()];
        if !offline {
            self.connect(&line);
        }
        let command = command(self, device)?;
        let before = self.world.engine(device).intents();
        let result = self.world.command(device, command);
        let number = self.number;
        for key in self.world.engine(device).intents() {
            if !before.contains(&key) {
                self.waiting.push((device.to_owned(), key, number));
            }
        }
        let reply = result.map_err(|error| self.reason(device, error))?;
        if !offline {
            self.connect(&line);
        }
        if self.refusals.iter().any(|r| r.step == number) { Err(reason::LOST_RACE) } else { Ok(reply) }
    }

    /// What it takes two for is proposed by one; the other one agrees, or nobody does.
    fn agree(&mut self, reply: Reply, with: Option<&str>) -> Result {
        let Reply::Proposal { proposal } = reply else { return Ok(()) };
        let with = with.ok_or(reason::NEEDS_SECOND_DIRECTOR)?;
        self.give(with, Command::Agree { proposal }).map(|_| ())
    }

    fn reason(&self, device: &str, error: AppError) -> &'static str {
        let summary = self.world.summary(device);
        match error {
            AppError::NotAllowed if summary.stage == "ended" => reason::NO_ROLE,
            AppError::NotAllowed => reason::NOT_ALLOWED,
            AppError::NotFound | AppError::Empty => reason::NOT_FOUND,
            AppError::NeedsSecond => reason::NEEDS_SECOND_DIRECTOR,
            AppError::LastDirector => reason::LAST_DIRECTOR,
            AppError::LostRace => reason::LOST_RACE,
            AppError::Dissolved => reason::DISSOLVED,
            _ => reason::INTERNAL,
        }
    }

    fn online(&self, by: &str) -> Result {
        if self.person(by)?.offline { Err(reason::OFFLINE) } else { Ok(()) }
    }

    fn found(&mut self, director: &str) -> Result {
        if self.director.is_some() {
            return Err(reason::EXISTS);
        }
        let device = format!("{director}#0");
        self.world.found_as(&device, &Self::display(director));
        self.world.set_offline(&device, true);
        let (id, _) = self.world.engine(&device).house().person().ok_or(reason::INTERNAL)?;
        let person = Person { devices: vec![device], ..Person::new(id) };
        self.persons.insert(director.to_owned(), person);
        self.director = Some(director.to_owned());
        if self.intake {
            self.give(director, Command::CreateIntake(NoArgs {}))?;
        }
        Ok(())
    }

    fn admit(&mut self, by: &str, name: &str, role: StaffRole, groups: &[String]) -> Result {
        if self.persons.contains_key(name) {
            return Err(reason::EXISTS);
        }
        self.online(by)?;
        let groups = groups.iter().map(|g| self.find_group(g).map(|id| id.to_string()));
        let groups = groups.collect::<Result<Vec<_>>>()?;
        let reply =
            self.give(by, Command::CreateStaff { name: Self::display(name), role, groups, until: None })?;
        let id = person_of(reply)?;
        let mut person = Person::new(id);
        if role == StaffRole::Place {
            let host = self.device(by)?;
            let people = self.world.query(&host, &Query::People(NoArgs {}));
            let Ok(View::People(people)) = people else { return Err(reason::INTERNAL) };
            let place = people.staff.into_iter().find(|one| one.person == id.to_string());
            let pin = place.and_then(|place| place.pin).ok_or(reason::INTERNAL)?;
            person =
                Person { open: Some(id), ..Person::new(pin.person.parse().map_err(|_| reason::INTERNAL)?) };
        }
        self.persons.insert(name.to_owned(), person);
        self.join(by, name)
    }

    /// Letter, join, comparison of the digits; of a place for both of its persons.
    fn join(&mut self, by: &str, name: &str) -> Result {
        let device = self.next_device(name)?;
        let person = self.person(name)?;
        let (id, open) = (person.id, person.open);
        self.join_as(by, &id, &device)?;
        self.person_mut(name)?.devices.push(device.clone());
        self.person_mut(name)?.offline = false;
        if let Some(open) = open {
            let half = half_of(&device);
            self.join_as(by, &open, &half)?;
            self.person_mut(name)?.halves.push(half);
        }
        Ok(())
    }

    fn join_as(&mut self, by: &str, person: &PersonId, device: &str) -> Result {
        let id = person.to_string();
        let host = self.device(by)?;
        let invite = Command::CreateInvite { person: id.clone(), valid_days: 14 };
        let Reply::Letter(letter) = self.give(by, invite)? else { return Err(reason::INTERNAL) };
        self.world.join(device, &letter.code).map_err(|_| reason::INTERNAL)?;
        self.world.set_offline(device, true);
        self.give_on(by, &host, |this, host| {
            let Ok(View::PendingJoins(joins)) = this.world.query(host, &Query::PendingJoins(NoArgs {}))
            else {
                return Err(reason::NOT_ALLOWED);
            };
            let join = joins.into_iter().find(|j| j.person == id).ok_or(reason::NOT_FOUND)?;
            let digits = this.world.summary(device).digits;
            if digits.is_none_or(|digits| digits.as_slice() != join.digits.as_slice()) {
                return Err(reason::INTERNAL);
            }
            Ok(Command::ConfirmJoin { join: join.id })
        })?;
        self.connect(&[host, device.to_owned()]);
        if self.world.summary(device).stage == "member" { Ok(()) } else { Err(reason::INTERNAL) }
    }

    fn group(&mut self, by: &str, name: &str) -> Result {
        if self.groups.contains_key(name) {
            return Err(reason::EXISTS);
        }
        let command = Command::CreateGroup { name: Self::display(name), symbol: GroupSymbol::Fox };
        let id = id_of(self.give(by, command)?)?;
        self.groups.insert(name.to_owned(), id.parse().map_err(|_| reason::INTERNAL)?);
        Ok(())
    }

    fn child(&mut self, by: &str, name: &str, groups: &[String]) -> Result {
        if self.children.contains_key(name) {
            return Err(reason::EXISTS);
        }
        let [group] = groups else { return Err(reason::ONE_GROUP) };
        let group = self.find_group(group)?.to_string();
        let id = id_of(self.give(by, Command::CreateChild { name: Self::display(name), group })?)?;
        self.children.insert(name.to_owned(), id.parse().map_err(|_| reason::INTERNAL)?);
        Ok(())
    }

    fn guardian(&mut self, by: &str, name: &str, child: &str, relation: Relation, apart: bool) -> Result {
        let child = self.find_child(child)?.to_string();
        if let Some(person) = self.persons.get(name) {
            if apart || evidence::is_staff(&self.world, &person.id) {
                return Err(reason::EXISTS);
            }
            let person = person.id.to_string();
            let device = self.device(by)?;
            return self
                .give_on(by, &device, |this, device| {
                    let (person, child) = (person.clone(), child.clone());
                    let query = Query::Relation { person: person.clone(), child: child.clone() };
                    Ok(match this.world.query(device, &query) {
                        Ok(_) => Command::SetGuardian { person, child, relation },
                        Err(_) => Command::AddGuardianToChild { person, child, relation: Some(relation) },
                    })
                })
                .map(|_| ());
        }
        self.online(by)?;
        let (known_as, relation) = (Self::display(name), Some(relation));
        let command = if apart {
            Command::CreateProtected {
                name: known_as,
                child,
                relation,
                named: Vec::new(),
                contacts: Vec::new(),
                untimed: false,
            }
        } else {
            Command::CreateGuardian { name: known_as, child, relation }
        };
        let id = person_of(self.give(by, command)?)?;
        self.persons.insert(name.to_owned(), Person::new(id));
        self.join(by, name)
    }

    fn set_right(&mut self, by: &str, guardian: &str, child: &str, right: Right, value: bool) -> Result {
        let person = self.person(guardian)?.id.to_string();
        let child = self.find_child(child)?.to_string();
        let device = self.device(by)?;
        self.give_on(by, &device, |this, device| {
            let query = Query::Relation { person: person.clone(), child: child.clone() };
            let mut relation = match this.world.query(device, &query) {
                Ok(View::Relation(relation)) => relation,
                Ok(_) => return Err(reason::INTERNAL),
                Err(error) => return Err(this.reason(device, error)),
            };
            match right {
                Right::Information => relation.information = value,
                Right::Collect => relation.collect = value,
                Right::Custody if !value => relation.custody = Custody::None,
                Right::Custody if relation.custody == Custody::None => relation.custody = Custody::Joint,
                Right::Custody => {}
            }
            Ok(Command::SetGuardian { person: person.clone(), child: child.clone(), relation })
        })
        .map(|_| ())
    }

    fn move_group(&mut self, by: &str, child: &str, from: &str, to: &str) -> Result {
        let (child, from) = (self.find_child(child)?, self.find_group(from)?);
        let group = self.find_group(to)?.to_string();
        let log = self.world.relay.log();
        let there =
            |id: &CircleId| log.circle(id).is_some_and(|c| c.members.contains_key(&Who::Circle(from)));
        if !there(&child) {
            return Err(reason::NOT_FOUND);
        }
        self.give(by, Command::MoveChild { child: child.to_string(), group }).map(|_| ())
    }

    fn readmit(&mut self, by: &str, name: &str) -> Result {
        self.online(by)?;
        let person = self.person(name)?;
        let id = person.open.unwrap_or(person.id);
        if self.world.relay.log().person(&id).is_some_and(|p| p.role.is_some()) {
            return Err(reason::EXISTS);
        }
        self.give(by, Command::ReadmitPerson { person: id.to_string() })?;
        self.join(by, name)
    }

    fn end_device(
        &mut self,
        by: &str,
        name: &str,
        number: usize,
        by_sheet: bool,
        with: Option<&str>,
    ) -> Result {
        let device = self.person(name)?.devices.get(number).cloned().ok_or(reason::NOT_FOUND)?;
        if by == name && self.person(name)?.open.is_some() {
            return Err(reason::NOT_ALLOWED);
        }
        let id: DeviceId = self.world.engine(&device).house().me;
        let sheet = by_sheet.then(|| self.world.sheet.clone());
        // One's own, from another that one has.
        let mut acting = self.device(by)?;
        if acting == device {
            let log = self.world.relay.log();
            let live = |other: &&String| {
                let me = self.world.engine(other).house().me;
                **other != device && log.device(&me).is_some_and(|d| d.ended.is_none())
            };
            acting = self.person(by)?.devices.iter().find(live).cloned().unwrap_or(acting);
        }
        let command = Command::EndDevice { device: id.to_string(), sheet };
        let reply = self.give_on(by, &acting, |_, _| Ok(command))?;
        self.agree(reply, with)?;
        let Some(half) = self.person(name)?.halves.get(number).cloned() else { return Ok(()) };
        let device = self.world.engine(&half).house().me.to_string();
        let command = Command::EndDevice { device, sheet: None };
        self.give_on(by, &acting, |_, _| Ok(command)).map(|_| ())
    }

    /// Another device: at the door, or from the recovery sheet.
    fn recover(&mut self, by: &str, name: &str, by_sheet: bool) -> Result {
        if !by_sheet {
            self.online(by)?;
            return self.join(by, name);
        }
        let person = self.person(name)?;
        let (id, open) = (person.id, person.open);
        let device = self.next_device(name)?;
        let (result, given_up) = self.unfold(&id, &device)?;
        self.welcome(name, device.clone(), result, given_up)?;
        let Some(open) = open else { return Ok(()) };
        let half = half_of(&device);
        self.unfold(&open, &half)?.0?;
        self.person_mut(name)?.halves.push(half.clone());
        self.connect(&[half]);
        Ok(())
    }

    /// The recovery sheet lets a device in.
    fn unfold(&mut self, id: &PersonId, device: &str) -> Result<(Result, bool)> {
        let log = self.world.relay.log();
        let house = log.house().ok_or(reason::INTERNAL)?;
        log.person(id).and_then(|p| p.role).ok_or(reason::NO_ROLE)?;
        let second = log.founded().ok_or(reason::INTERNAL)?.second.parts().0;
        let answer = self.world.pair(device, house, *id);
        let sheet = "sheet".to_owned();
        self.world.unfold_sheet(&sheet, house, second);
        self.connect(std::slice::from_ref(&sheet));
        let added = self.world.command(&sheet, Command::AddDevice { answer });
        self.connect(std::slice::from_ref(&sheet));
        let given_up = !self.world.engine(&sheet).given_up().is_empty();
        let result = added.map_err(|error| self.reason(&sheet, error));
        self.world.forget(&sheet);
        Ok((result.map(|_| ()), given_up))
    }

    /// From a device that the person has.
    fn add_device(&mut self, name: &str) -> Result {
        self.online(name)?;
        let person = self.person(name)?;
        if person.open.is_some() {
            // A tablet is paired by a director.
            return Err(reason::NOT_ALLOWED);
        }
        let id = person.id;
        let house = self.world.relay.log().house().ok_or(reason::INTERNAL)?;
        let host = self.device(name)?;
        let device = self.next_device(name)?;
        let answer = self.world.pair(&device, house, id);
        let result = self.give_on(name, &host, |_, _| Ok(Command::AddDevice { answer }));
        self.welcome(name, device, result.map(|_| ()), false)
    }

    fn next_device(&self, name: &str) -> Result<String> {
        let person = self.person(name)?;
        let live = |p: &nestpost_protocol::log::state::Person| p.devices.len();
        if self.world.relay.log().person(&person.id).map_or(0, live) >= DEVICES_PER_PERSON_MAX {
            return Err(reason::TOO_MANY_DEVICES);
        }
        Ok(format!("{name}#{}", person.devices.len()))
    }

    /// A new device hears that it belongs; or it never was.
    fn welcome(&mut self, name: &str, device: String, result: Result, given_up: bool) -> Result {
        if result.is_ok() && !given_up {
            self.person_mut(name)?.devices.push(device.clone());
            self.connect(std::slice::from_ref(&device));
            return Ok(());
        }
        self.world.forget(&device);
        result.and(Err(reason::LOST_RACE))
    }

    fn members(&self, names: &[String]) -> Result<Vec<String>> {
        names.iter().map(|name| Ok(self.person(name)?.id.to_string())).collect()
    }

    fn guarded(&mut self, by: &str, name: &str, members: &[String]) -> Result {
        if self.guarded.contains_key(name) {
            return Err(reason::EXISTS);
        }
        let command = Command::CreateGuarded { name: Self::display(name), members: self.members(members)? };
        let id = id_of(self.give(by, command)?)?;
        self.guarded.insert(name.to_owned(), id.parse().map_err(|_| reason::INTERNAL)?);
        Ok(())
    }

    fn council(&mut self, by: &str, members: &[String]) -> Result {
        if self.circle(&CircleName::Council).is_ok() {
            return Err(reason::EXISTS);
        }
        let members = self.members(members)?;
        self.give(by, Command::CreateCouncil { members }).map(|_| ())
    }
}

/// Whoever may not write somewhere may not even know whether it exists; a scenario does.
fn not_a_writer(reason: &'static str) -> &'static str {
    match reason {
        reason::NOT_ALLOWED | reason::NOT_FOUND => reason::NOT_A_WRITER,
        other => other,
    }
}

/// The open half of a place's device.
fn half_of(device: &str) -> String {
    format!("{device}~")
}

fn id_of(reply: Reply) -> Result<String> {
    if let Reply::Id { id } = reply { Ok(id) } else { Err(reason::INTERNAL) }
}

fn person_of(reply: Reply) -> Result<PersonId> {
    let Reply::Person { person } = reply else { return Err(reason::INTERNAL) };
    person.parse().map_err(|_| reason::INTERNAL)
}
