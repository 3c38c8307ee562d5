//! Groups, children, people.

use nestpost_protocol::limit;
use nestpost_protocol::log::kind::circle::Sort;

use super::Family;
use crate::app::command::{NoArgs, StaffRole};
use crate::app::fixture::{World, view};
use crate::app::item::{NAME_CHARS_MAX, NOTICE_CHARS_MAX};
use crate::app::view::{GroupSymbol, PersonStage, Role};
use crate::app::{AppError, Command, Query, about, directors};

fn create_group(name: &str) -> Command {
    Command::CreateGroup { name: name.into(), symbol: GroupSymbol::Owl }
}

#[test]
fn a_founded_house_knows_its_name_and_its_director() {
    let world = World::found();
    let about = about(&world.house(&world.director));
    assert_eq!(about.name, "Kita Spatzennest");
    assert_eq!(about.help_line, "0341 123456");
    assert_eq!(about.notice, "Art. 13");
    assert_eq!(about.person_name, "Ada Director");
    assert_eq!(directors(&world.house(&world.director)), 1);
    for sort in [Sort::Directors, Sort::House, Sort::Staff] {
        assert_eq!(world.log.circles().filter(|c| c.sort == sort).count(), 1, "{sort:?}");
    }
}

#[test]
fn the_house_can_be_renamed_and_the_same_again_is_nothing() {
    let mut world = World::found();
    let director = world.director.clone();
    let update =
        Command::UpdateHouse { name: " Spatzennest ".into(), help_line: String::new(), notice: "Neu".into() };
    world.act(&director, update.clone());
    world.act(&director, update);
    assert_eq!(about(&world.house(&director)).name, "Spatzennest");
    let blank = Command::UpdateHouse { name: " ".into(), help_line: String::new(), notice: String::new() };
    assert_eq!(world.attempt(&director, &blank), Err(AppError::Empty));
    let notice = "n".repeat(NOTICE_CHARS_MAX + 1);
    let long = Command::UpdateHouse { name: "S".into(), help_line: String::new(), notice };
    assert_eq!(world.attempt(&director, &long), Err(AppError::TooLong));
}

#[test]
fn names_are_trimmed_and_limited() {
    let mut world = World::found();
    let director = world.director.clone();
    assert_eq!(world.attempt(&director, &create_group(" \n ")), Err(AppError::Empty));
    assert_eq!(
        world.attempt(&director, &create_group(&"g".repeat(NAME_CHARS_MAX + 1))),
        Err(AppError::TooLong)
    );
    world.act(&director, create_group(&format!("  {} ", "g".repeat(NAME_CHARS_MAX))));
    let groups = view!(world, &director, Groups, Query::Groups(NoArgs {}));
    assert_eq!(groups[0].name.chars().count(), NAME_CHARS_MAX);
    assert_eq!(groups[0].symbol, GroupSymbol::Owl);
}

#[test]
fn people_are_listed_with_their_groups_and_children() {
    let family = Family::new();
    let people = view!(family.world, &family.director, People, Query::People(NoArgs {}));
    let staff: Vec<_> = people.staff.iter().map(|p| (p.name.as_str(), p.role, p.stage)).collect();
    assert_eq!(
        staff,
        [
            ("Ada Director", Role::Director, PersonStage::Member),
            ("Eva Educator", Role::Educator, PersonStage::Member)
        ]
    );
    assert_eq!(people.staff[1].groups, std::slice::from_ref(&family.group));
    let names: Vec<_> = people.children.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Emil", "Mila"]);
    let mila = &people.children[1];
    assert_eq!(mila.group, family.group);
    let guardians: Vec<_> = mila.guardians.iter().map(|g| (g.name.as_str(), g.devices, g.stage)).collect();
    assert_eq!(
        guardians,
        [("Falk Father", 1, PersonStage::Member), ("Maren Mother", 1, PersonStage::Member)]
    );
    assert_eq!(mila.guardians[0].children[0].id, family.child);
}

#[test]
fn an_educator_sees_their_groups_families_only() {
    let family = Family::new();
    let people = view!(family.world, &family.educator, People, Query::People(NoArgs {}));
    let names: Vec<_> = people.children.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Mila"]);
    assert_eq!(people.children[0].guardians[0].name, "Falk Father");
    let groups = view!(family.world, &family.educator, Groups, Query::Groups(NoArgs {}));
    assert_eq!(groups.iter().map(|g| (g.name.as_str(), g.child_count)).collect::<Vec<_>>(), [("Igel", 1)]);
}

#[test]
fn a_guardian_may_not_list_people_and_sees_their_own_child_only() {
    let family = Family::new();
    let denied = Err(AppError::NotAllowed);
    let world = &family.world;
    assert_eq!(world.ask(&family.mother, &Query::People(NoArgs {})), denied);
    assert!(view!(world, &family.mother, PendingJoins, Query::PendingJoins(NoArgs {})).is_empty());
    let day = || super::super::fixture::TODAY.to_owned();
    assert_eq!(world.ask(&family.mother, &Query::DirectorHome { day: day() }), denied);
    assert_eq!(
        world.ask(&family.mother, &Query::GroupDay { group: family.group.clone(), day: day() }),
        denied
    );
    let foreign = Query::Absences { child: family.other_child.clone() };
    assert_eq!(world.ask(&family.mother, &foreign), Err(AppError::NotFound));
    let home = view!(world, &family.mother, ParentHome, Query::ParentHome { day: day() });
    assert_eq!(home.children.len(), 1);
    assert_eq!(home.children[0].name, "Mila");
    assert_eq!(home.children[0].group.as_ref().map(|g| g.name.as_str()), Some("Igel"));
    assert_eq!(about(&world.house(&family.mother)).person_name, "Maren Mother");
}

#[test]
fn a_guardian_of_siblings_has_one_person_and_a_thread_per_child() {
    let mut family = Family::new();
    let people = view!(family.world, &family.director, People, Query::People(NoArgs {}));
    let mother = people.children[1].guardians[1].clone();
    assert_eq!(mother.name, "Maren Mother");
    let sibling = family.world.child("Nino", &family.group);
    let add =
        Command::AddGuardianToChild { person: mother.person.clone(), child: sibling.clone(), relation: None };
    let director = family.director.clone();
    family.world.act(&director, add.clone());
    let before = family.world.log.len();
    family.world.act(&director, add);
    assert_eq!(family.world.log.len(), before, "a second time is nothing");
    let threads = view!(family.world, &family.mother, Threads, Query::Threads(NoArgs {}));
    let names: Vec<_> = threads.iter().map(|t| t.child_name.as_str()).collect();
    assert_eq!(names, ["Mila", "Nino"]);
    let father = view!(family.world, &family.father, Threads, Query::Threads(NoArgs {}));
    assert_eq!(father.len(), 1);
    let staff = Command::AddGuardianToChild {
        person: people.staff[0].person.clone(),
        child: sibling,
        relation: None,
    };
    assert_eq!(family.world.attempt(&director, &staff), Err(AppError::NotFound));
}

#[test]
fn a_new_director_is_in_every_team_and_in_those_to_come() {
    let mut family = Family::new();
    let person = family.world.staff("Dora Director", StaffRole::Director, &[]);
    let dora = family.world.admit(&person);
    let child = family.world.child("Paul", &family.group);
    let later = family.world.group("Bienen");
    family.world.child("Ole", &later);
    let day = Query::DirectorHome { day: super::super::fixture::TODAY.into() };
    let home = view!(family.world, &dora, DirectorHome, day);
    let groups: Vec<_> = home.groups.iter().map(|g| (g.group.name.as_str(), g.expected)).collect();
    assert_eq!(groups, [("Bienen", 1), ("Eulen", 1), ("Igel", 2)]);
    assert_eq!(directors(&family.world.house(&dora)), 2);
    // And may do what the first may.
    family.world.act(&dora, Command::CreateGuardian { name: "Gesa".into(), child, relation: None });
}

#[test]
fn staff_without_a_group_share_a_team_without_one() {
    let mut world = World::found();
    let before = world.log.circles().count();
    let first = world.staff("Kai", StaffRole::Educator, &[]);
    let second = world.staff("Kim", StaffRole::Educator, &[]);
    assert_eq!(world.log.circles().count(), before + 1);
    let kai = world.admit(&first);
    world.admit(&second);
    assert!(view!(world, &kai, Groups, Query::Groups(NoArgs {})).is_empty());
    // They read and write the house's news.
    world.act(
        &kai,
        Command::PostBulletin { group: None, title: "Probe".into(), body: "Text".into(), set: None },
    );
    let director = world.director.clone();
    let place =
        Command::CreateStaff { name: "Tablet".into(), role: StaffRole::Place, groups: vec![], until: None };
    assert_eq!(world.attempt(&director, &place), Err(AppError::Empty));
}

#[test]
fn the_largest_frame_of_a_command_fits() {
    let mut world = World::found();
    let director = world.director.clone();
    for n in 0..20 {
        world.group(&format!("Gruppe {n}"));
    }
    let house = world.house(&director);
    let command =
        Command::CreateStaff { name: "D".into(), role: StaffRole::Director, groups: vec![], until: None };
    let plan = crate::app::plan(&command, &house, world.now, &mut world.rng).expect("a plan");
    assert!(plan.entries.len() <= limit::FRAME_ENTRIES_MAX, "{} entries", plan.entries.len());
}

#[test]
fn what_only_directors_do_nobody_else_does() {
    let mut family = Family::new();
    let commands = [
        create_group("X"),
        Command::CreateChild { name: "X".into(), group: family.group.clone() },
        Command::CreateGuardian { name: "X".into(), child: family.child.clone(), relation: None },
        Command::CreateStaff { name: "X".into(), role: StaffRole::Educator, groups: vec![], until: None },
        Command::UpdateHouse { name: "X".into(), help_line: String::new(), notice: String::new() },
    ];
    for device in [family.educator.clone(), family.mother.clone()] {
        for command in &commands {
            assert_eq!(family.world.attempt(&device, command), Err(AppError::NotAllowed), "{command:?}");
        }
    }
    let outsider = crate::crypto::DeviceKeys::from_seed([250; 32]);
    assert_eq!(family.world.attempt(&outsider, &commands[0]), Err(AppError::NotAllowed));
    assert_eq!(family.world.ask(&outsider, &Query::Bulletins(NoArgs {})), Err(AppError::NotAllowed));
}
