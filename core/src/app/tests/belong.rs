//! Who belongs to what: guardians' rights, children who move and leave, people who go and come back.

use nestpost_protocol::access;
use nestpost_protocol::id::{CircleId, PersonId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::state::Circle;

use super::Family;
use crate::app::command::{Custody, NoArgs, Relation, StaffRole};
use crate::app::fixture::{World, id, view};
use crate::app::item::NAME_CHARS_MAX;
use crate::app::view::PersonStage;
use crate::app::{AppError, Command, Query};
use crate::crypto::DeviceKeys;

fn person_of(world: &World, device: &DeviceKeys) -> String {
    world.log.device(&device.id()).expect("known").person.to_string()
}

/// Circles of a sort that a device reads.
fn reads(world: &World, device: &DeviceKeys, sort: Sort) -> usize {
    let reads = |c: &&Circle| c.sort == sort && access::reads(&world.log, &device.id(), &c.id);
    world.log.circles().filter(reads).count()
}

/// Children, threads, parents, groups, the house.
fn reach(world: &World, device: &DeviceKeys) -> [usize; 5] {
    [Sort::Child, Sort::Private, Sort::Parents, Sort::Group, Sort::House].map(|s| reads(world, device, s))
}

fn set(person: &str, child: &str, change: impl Fn(&mut Relation)) -> Command {
    let mut relation = Relation::USUAL;
    change(&mut relation);
    Command::SetGuardian { person: person.into(), child: child.into(), relation }
}

fn team_of(world: &World, circle: &CircleId) -> Vec<CircleId> {
    access::epoch_targets(&world.log, circle).keys.into_iter().collect()
}

#[test]
fn what_a_guardian_reads_follows_from_what_they_are_to_the_child() {
    let Family { mut world, director, father, mother, child, .. } = Family::new();
    let falk = person_of(&world, &father);
    assert_eq!(reach(&world, &father), [1, 1, 1, 1, 1]);
    world.act(&director, set(&falk, &child, |r| r.collect = false));
    assert_eq!(reach(&world, &father), [1, 1, 1, 1, 1], "collecting changes no circle");
    world.act(&director, set(&falk, &child, |r| r.custody = Custody::None));
    assert_eq!(reach(&world, &father), [0, 1, 0, 0, 0], "without custody there is still a right to be told");
    let no = set(&falk, &child, |r| r.information = false);
    world.act(&director, no.clone());
    assert_eq!(reach(&world, &father), [0; 5]);
    let before = world.log.len();
    world.act(&director, no);
    assert_eq!(world.log.len(), before, "the same again is nothing");
    world.act(&director, set(&falk, &child, |_| ()));
    assert_eq!(reach(&world, &father), [1, 1, 1, 1, 1]);
    let privates = world.log.circles().filter(|c| c.sort == Sort::Private).count();
    assert_eq!(privates, 3, "the thread is the one of before");
    assert_eq!(reach(&world, &mother), [1, 1, 1, 1, 1], "nothing changes for anybody else");
}

#[test]
fn a_relation_is_for_staff_alone_and_stays_as_it_was_set() {
    let Family { mut world, director, educator, father, child, .. } = Family::new();
    let falk = person_of(&world, &father);
    let query = || Query::Relation { person: falk.clone(), child: child.clone() };
    assert_eq!(view!(world, &educator, Relation, query()), Relation::USUAL);
    let court = Relation { custody: Custody::Court, lives_with: false, information: true, collect: false };
    let command = Command::SetGuardian { person: falk.clone(), child: child.clone(), relation: court };
    assert_eq!(world.attempt(&educator, &command), Err(AppError::NotAllowed));
    world.act(&director, command);
    assert_eq!(view!(world, &educator, Relation, query()), court);
    assert_eq!(world.ask(&father, &query()), Err(AppError::NotAllowed));
}

#[test]
fn who_has_no_circle_at_all_is_still_called_by_their_name() {
    let mut world = World::found();
    let director = world.director.clone();
    let group = world.group("Igel");
    let child = world.child("Mila", &group);
    let relation = Some(Relation { information: false, ..Relation::USUAL });
    let name = "Falk".to_owned();
    let reply = world.act(&director, Command::CreateGuardian { name, child, relation });
    let falk = crate::app::fixture::person(reply);
    assert_eq!(world.letter(&director, &falk).person_name, "Falk");
    let device = world.admit(&falk);
    assert_eq!(reach(&world, &device), [0; 5]);
}

#[test]
fn a_sibling_keeps_a_guardian_among_the_parents() {
    let Family { mut world, director, mother, group, child, .. } = Family::new();
    let maren = person_of(&world, &mother);
    let sibling = world.child("Mio", &group);
    let (person, of) = (maren.clone(), sibling.clone());
    world.act(&director, Command::AddGuardianToChild { person, child: of, relation: None });
    assert_eq!(reach(&world, &mother), [2, 2, 1, 1, 1]);
    world.act(&director, set(&maren, &child, |r| r.information = false));
    assert_eq!(reach(&world, &mother), [1, 1, 1, 1, 1]);
    world.act(&director, Command::ChildLeaves { child: sibling });
    assert_eq!(reach(&world, &mother), [0; 5]);
}

#[test]
fn a_child_moves_with_its_threads_and_its_guardians_change_groups() {
    let Family { mut world, director, educator, mother, father, child, .. } = Family::new();
    let groups = view!(world, &director, Groups, Query::Groups(NoArgs {}));
    let owls = groups.iter().find(|g| g.name == "Eulen").expect("there").id.clone();
    let circle: CircleId = child.parse().expect("an id");
    world.act(&director, Command::MoveChild { child: child.clone(), group: owls.clone() });
    let team: CircleId = owls.parse().expect("an id");
    assert_eq!(team_of(&world, &circle), [team]);
    let of_child = |c: &&Circle| c.sort == Sort::Private && c.child == Some(circle);
    assert!(world.log.circles().filter(of_child).all(|c| team_of(&world, &c.id) == [team]));
    assert_eq!(reach(&world, &educator), [0, 0, 1, 1, 1], "the old team reads neither child nor threads");
    for device in [&mother, &father] {
        assert_eq!(reach(&world, device), [1, 1, 1, 1, 1]);
        let log = &world.log;
        let group = log.circles().find(|c| c.sort == Sort::Group && c.team == Some(team)).expect("there");
        assert!(access::reads(log, &device.id(), &group.id));
    }
    let before = world.log.len();
    world.act(&director, Command::MoveChild { child, group: owls });
    assert_eq!(world.log.len(), before, "the same again is nothing");
}

#[test]
fn a_child_that_leaves_takes_its_guardians_along_and_its_team_goes_on_reading() {
    let Family { mut world, director, educator, mother, father, child, .. } = Family::new();
    world.act(&director, Command::ChildLeaves { child: child.clone() });
    assert_eq!((reach(&world, &mother), reach(&world, &father)), ([0; 5], [0; 5]));
    assert_eq!(reach(&world, &educator), [1, 2, 1, 1, 1]);
    let before = world.log.len();
    world.act(&director, Command::ChildLeaves { child });
    assert_eq!(world.log.len(), before);
}

#[test]
fn whoever_is_removed_reads_nothing_and_comes_back_to_what_they_are() {
    let Family { mut world, director, educator, mother, child, .. } = Family::new();
    let maren = person_of(&world, &mother);
    world.act(&director, set(&maren, &child, |r| r.custody = Custody::None));
    world.act(&director, Command::RemovePerson { person: maren.clone(), sheet: None });
    assert_eq!(reach(&world, &mother), [0; 5]);
    let again = Command::RemovePerson { person: maren.clone(), sheet: None };
    assert_eq!(world.attempt(&director, &again), Err(AppError::NotFound));
    world.act(&director, Command::ReadmitPerson { person: maren.clone() });
    assert_eq!(reach(&world, &mother), [0; 5], "the devices of before stay outside");
    let phone = world.admit(&maren);
    assert_eq!(reach(&world, &phone), [0, 1, 0, 0, 0]);

    let eva = person_of(&world, &educator);
    world.act(&director, Command::RemovePerson { person: eva.clone(), sheet: None });
    assert_eq!(reads(&world, &educator, Sort::Team), 0);
    world.act(&director, Command::ReadmitPerson { person: eva.clone() });
    let phone = world.admit(&eva);
    assert_eq!(reads(&world, &phone, Sort::Team), 1);
}

#[test]
fn a_director_goes_only_with_a_second_signature_and_never_as_the_last() {
    let mut world = World::found();
    let director = world.director.clone();
    let ada = person_of(&world, &director);
    let remove = |person: &str, sheet: Option<String>| Command::RemovePerson { person: person.into(), sheet };
    let sheet = crate::code::format_sheet(&DeviceKeys::from_seed([2; 32]));
    let last = world.attempt(&director, &remove(&ada, Some(sheet.clone())));
    assert_eq!(last, Err(AppError::LastDirector));
    let dieter = world.staff("Dieter", StaffRole::Director, &[]);
    assert_eq!(world.attempt(&director, &remove(&ada, None)), Err(AppError::LastDirector), "not joined yet");
    let second = world.admit(&dieter);
    assert_eq!(world.attempt(&second, &remove(&ada, None)), Err(AppError::NeedsSecond));
    let foreign = crate::code::format_sheet(&DeviceKeys::from_seed([8; 32]));
    assert_eq!(world.attempt(&second, &remove(&ada, Some(foreign))), Err(AppError::NeedsSecond));
    world.act(&second, remove(&ada, Some(sheet)));
    assert_eq!(reads(&world, &director, Sort::Directors), 0);
    assert_eq!(world.ask(&director, &Query::People(NoArgs {})), Err(AppError::NotAllowed));
}

#[test]
fn a_device_is_ended_by_its_person_or_a_director() {
    let Family { mut world, director, educator, mother, father, .. } = Family::new();
    let end = |device: &DeviceKeys| Command::EndDevice { device: device.id().to_string(), sheet: None };
    assert_eq!(world.attempt(&educator, &end(&mother)), Err(AppError::NotAllowed));
    assert_eq!(world.attempt(&father, &end(&mother)), Err(AppError::NotFound), "not even known to be there");
    let maren = person_of(&world, &mother);
    let devices = |person: &str| Query::Devices { person: person.into() };
    assert_eq!(view!(world, &mother, Devices, devices(&maren)).len(), 1);
    assert_eq!(world.ask(&father, &devices(&maren)), Err(AppError::NotAllowed));
    world.act(&director, end(&mother));
    assert_eq!(reach(&world, &mother), [0; 5]);
    let ended: Vec<_> =
        view!(world, &director, Devices, devices(&maren)).iter().map(|device| device.ended).collect();
    assert_eq!(ended, [true], "it stays in the list as one that was");
    assert_eq!(world.attempt(&director, &end(&mother)), Err(AppError::NotFound));
    world.act(&father, end(&father));
    assert_eq!(reach(&world, &father), [0; 5]);
}

#[test]
fn notes_stand_in_the_circle_of_a_child_or_of_the_staff() {
    let Family { mut world, director, educator, mother, stranger, child, .. } = Family::new();
    let note =
        |circle: &str| Command::PostNote { circle: circle.into(), title: "A".into(), body: "B".into() };
    let staff = world.log.circles().find(|c| c.sort == Sort::Staff).expect("there").id.to_string();
    let item = id(world.act(&educator, note(&child)));
    world.act(&educator, note(&staff));
    let notes = |circle: &str| Query::Notes { circle: circle.into() };
    assert_eq!(view!(world, &mother, Notes, notes(&child)).len(), 1);
    assert_eq!(view!(world, &director, Notes, notes(&staff)).len(), 1);
    assert_eq!(world.ask(&stranger, &notes(&child)), Err(AppError::NotFound));
    assert_eq!(world.ask(&mother, &notes(&staff)), Err(AppError::NotFound));
    assert_eq!(world.attempt(&mother, &note(&child)), Err(AppError::NotAllowed));
    assert_eq!(world.attempt(&mother, &note(&staff)), Err(AppError::NotFound));
    let long = Command::PostNote { circle: staff, title: "n".repeat(NAME_CHARS_MAX * 2), body: "B".into() };
    assert_eq!(world.attempt(&director, &long), Err(AppError::TooLong));
    let remove = Command::RemoveItem { item };
    assert_eq!(world.attempt(&mother, &remove), Err(AppError::NotAllowed));
    world.act(&director, remove.clone());
    world.act(&director, remove);
    assert!(view!(world, &mother, Notes, notes(&child)).is_empty());
}

#[test]
fn what_was_written_is_taken_back_by_its_author() {
    let Family { mut world, director, educator, mother, .. } = Family::new();
    let thread = view!(world, &mother, Threads, Query::Threads(NoArgs {}))[0].id.clone();
    let say = Command::SendMessage { thread: thread.clone(), text: "Hallo".into(), set: None };
    let item = id(world.act(&mother, say));
    let remove = |item: &str| Command::RemoveItem { item: item.into() };
    assert_eq!(world.attempt(&educator, &remove(&item)), Err(AppError::NotAllowed));
    assert_eq!(world.attempt(&director, &remove(&item)), Err(AppError::NotAllowed), "another side");
    world.act(&mother, remove(&item));
    let left = |world: &World, device| {
        view!(world, device, Thread, Query::Thread { id: thread.clone() }).messages.len()
    };
    assert_eq!((left(&world, &mother), left(&world, &educator)), (0, 0));
    let post = Command::PostBulletin { group: None, title: "A".into(), body: "B".into(), set: None };
    let item = id(world.act(&director, post));
    assert_eq!(world.attempt(&educator, &remove(&item)), Err(AppError::NotAllowed));
    world.act(&director, remove(&item));
    assert!(view!(world, &mother, Bulletins, Query::Bulletins(NoArgs {})).is_empty());
}

#[test]
fn whose_time_is_over_is_listed_so() {
    let Family { mut world, director, educator, .. } = Family::new();
    let person = person_of(&world, &educator);
    world.act(&director, Command::RemovePerson { person: person.clone(), sheet: None });
    let people = view!(world, &director, People, Query::People(NoArgs {}));
    let entry = people.staff.iter().find(|p| p.person == person).expect("listed");
    assert_eq!(entry.stage, PersonStage::Ended);
    let known: PersonId = person.parse().expect("an id");
    assert!(world.log.person(&known).is_some());
}
