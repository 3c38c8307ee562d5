//! What directors are shown of a family, what follows before it is decided, and circles with notes of their own.

use super::Family;
use crate::app::command::{Custody, NoArgs, Relation};
use crate::app::fixture::{TODAY, World, person as made, view};
use crate::app::view::{BoardSort, Reach};
use crate::app::{AppError, Command, Query, Reply, View, query};
use crate::crypto::DeviceKeys;
use crate::house::{House, Stage};

const ALL: Reach = Reach { child: true, group: true, thread: true };
const NOTHING: Reach = Reach { child: false, group: false, thread: false };

fn person_of(world: &World, device: &DeviceKeys) -> String {
    world.log.device(&device.id()).expect("known").person.to_string()
}

#[test]
fn directors_are_shown_everybody_who_is_something_to_a_child_whatever_they_read() {
    let Family { mut world, director, educator, father, child, .. } = Family::new();
    let query = || Query::Family { child: child.clone() };
    let of = |world: &World| view!(world, &director, Family, query());
    let shown = of(&world);
    assert!(!shown.left);
    let names: Vec<_> = shown.guardians.iter().map(|kin| (kin.entry.name.as_str(), kin.reach)).collect();
    assert_eq!(names, [("Falk Father", ALL), ("Maren Mother", ALL)]);
    let falk = person_of(&world, &father);
    let relation = Relation { information: false, ..Relation::USUAL };
    world.act(&director, Command::SetGuardian { person: falk.clone(), child: child.clone(), relation });
    let kin = of(&world).guardians.into_iter().find(|kin| kin.entry.person == falk).expect("still shown");
    assert_eq!((kin.reach, kin.relation, kin.protected), (NOTHING, relation, false));
    world.act(&director, Command::RemovePerson { person: falk.clone(), sheet: None });
    assert!(
        of(&world).guardians.iter().any(|kin| kin.entry.person == falk),
        "whoever was removed can come back"
    );
    assert_eq!(world.ask(&father, &query()), Err(AppError::NotAllowed));
    let names = |world: &World, device| {
        let shown = view!(world, device, Family, query());
        shown.guardians.into_iter().map(|kin| kin.entry.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&world, &educator), ["Maren Mother"], "who is gone collects nobody");
}

#[test]
fn the_team_is_shown_who_may_collect_and_nobody_who_is_protected() {
    let Family { mut world, director, educator, mother, father, child, .. } = Family::new();
    let [maren, falk] = [&mother, &father].map(|device| person_of(&world, device));
    let collects = |world: &World| {
        let shown = view!(world, &educator, Family, Query::Family { child: child.clone() });
        let told = shown.guardians.into_iter().map(|kin| (kin.entry.name, kin.relation.collect));
        told.collect::<Vec<_>>()
    };
    let relation = Relation { collect: false, information: false, ..Relation::USUAL };
    world.act(&director, Command::SetGuardian { person: falk, child: child.clone(), relation });
    assert_eq!(collects(&world), [("Falk Father".to_owned(), false), ("Maren Mother".to_owned(), true)]);
    let (person, child) = (maren, child.clone());
    world.act(
        &director,
        Command::ProtectGuardian {
            person,
            child,
            named: Vec::new(),
            on: true,
            contacts: Vec::new(),
            untimed: false,
        },
    );
    assert_eq!(collects(&world), [("Falk Father".to_owned(), false)]);
}

#[test]
fn what_a_guardian_would_see_is_told_before_it_is_decided_and_is_what_they_see_afterwards() {
    let Family { mut world, director, educator, father, group, child, .. } = Family::new();
    let falk = person_of(&world, &father);
    let sibling = world.child("Mio", &group);
    let told = |world: &World, relation: Relation| {
        let query = Query::Reach { person: falk.clone(), child: child.clone(), relation };
        assert_eq!(world.ask(&educator, &query), Err(AppError::NotAllowed));
        view!(world, &director, Reach, query)
    };
    let none = Relation { custody: Custody::None, ..Relation::USUAL };
    let untold = Relation { information: false, ..Relation::USUAL };
    for with_sibling in [false, true] {
        if with_sibling {
            let (person, child) = (falk.clone(), sibling.clone());
            world.act(&director, Command::AddGuardianToChild { person, child, relation: None });
        }
        for relation in [none, untold, Relation::USUAL] {
            let before = told(&world, relation);
            assert_eq!(before.group, before.child || with_sibling);
            let (person, of) = (falk.clone(), child.clone());
            world.act(&director, Command::SetGuardian { person, child: of, relation });
            let family = view!(world, &director, Family, Query::Family { child: child.clone() });
            let now = family.guardians.iter().find(|kin| kin.entry.person == falk).expect("there").reach;
            assert_eq!(now, before);
        }
    }
}

#[test]
fn a_guardian_whose_right_has_ended_is_shown_what_they_had_and_that_it_has_ended() {
    let Family { mut world, director, father, mother, child, .. } = Family::new();
    let falk = person_of(&world, &father);
    let home = |world: &World, device| {
        let home = view!(world, device, ParentHome, Query::ParentHome { day: TODAY.into() });
        let threads = view!(world, device, Threads, Query::Threads(NoArgs {}));
        (
            home.children.iter().map(|c| (c.name.clone(), c.ended)).collect::<Vec<_>>(),
            threads.iter().map(|t| t.ended).collect::<Vec<_>>(),
        )
    };
    let mila = |ended| vec![("Mila".to_owned(), ended)];
    let thread = view!(world, &father, Threads, Query::Threads(NoArgs {})).remove(0).id;
    world.act(&father, Command::SendMessage { thread, text: "Hallo".into(), set: None });
    assert_eq!(home(&world, &father), (mila(false), vec![false]));
    world.keep(&father);
    let relation = Relation { information: false, ..Relation::USUAL };
    world.act(&director, Command::SetGuardian { person: falk, child, relation });
    assert_eq!(home(&world, &father), (mila(true), vec![true]));
    assert_eq!(home(&world, &mother), (mila(false), vec![false]), "nothing changes for anybody else");
}

#[test]
fn a_guardian_whose_role_has_ended_is_shown_that_all_of_it_has() {
    let Family { world, mother, .. } = Family::new();
    let mut house = world.house(&mother);
    let home = |house: &House| match query(&Query::ParentHome { day: TODAY.into() }, house, world.now) {
        Ok(View::ParentHome(home)) => home.children.iter().map(|c| c.ended).collect::<Vec<_>>(),
        other => panic!("no home: {other:?}"),
    };
    assert_eq!(home(&house), [false]);
    // The relay says so before the device has seen why.
    house.stage = Stage::Ended;
    assert_eq!(home(&house), [true]);
}

#[test]
fn a_guardian_without_custody_is_told_by_name_whom_their_thread_is_about() {
    let mut world = World::found();
    let director = world.director.clone();
    let group = world.group("Igel");
    let child = world.child("Mila", &group);
    let relation = Some(Relation { custody: Custody::None, ..Relation::USUAL });
    let falk = made(world.act(&director, Command::CreateGuardian { name: "Falk".into(), child, relation }));
    let device = world.admit(&falk);
    let home = view!(world, &device, ParentHome, Query::ParentHome { day: TODAY.into() });
    let shown: Vec<_> = home.children.iter().map(|c| (c.name.as_str(), c.ended, c.group.is_some())).collect();
    assert_eq!(shown, [("Mila", false, false)]);
    assert_eq!(view!(world, &device, Threads, Query::Threads(NoArgs {}))[0].child_name, "Mila");
}

#[test]
fn everybody_is_shown_the_circles_whose_notes_they_read_and_who_is_in_them() {
    let Family { mut world, director, educator, mother, stranger, .. } = Family::new();
    let all = |world: &World, device| view!(world, device, Boards, Query::Boards(NoArgs {}));
    let boards = |world: &World, device| all(world, device).boards;
    let sorts = |world: &World, device| boards(world, device).iter().map(|b| b.sort).collect::<Vec<_>>();
    assert_eq!(sorts(&world, &mother), [BoardSort::Child]);
    assert!(!boards(&world, &mother)[0].may_write, "no guardian writes where another reads");
    let [maren, sina, eva, ada] =
        [&mother, &stranger, &educator, &director].map(|device| person_of(&world, device));
    let members = vec![maren.clone(), sina, ada];
    world.act(&director, Command::CreateCouncil { members });
    let name = "Wegen Mila".to_owned();
    let Reply::Id { id } = world.act(&educator, Command::CreateGuarded { name, members: vec![eva, maren] })
    else {
        panic!("a circle has an id")
    };
    assert_eq!(
        sorts(&world, &director),
        [BoardSort::Staff, BoardSort::Council, BoardSort::Child, BoardSort::Child]
    );
    let shown = boards(&world, &mother);
    let council = shown.iter().find(|b| b.sort == BoardSort::Council).expect("there");
    let names: Vec<_> = council.members.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["Ada Director", "Maren Mother", "Sina Stranger"]);
    let guarded = shown.iter().find(|b| b.sort == BoardSort::Guarded).expect("there");
    assert_eq!((guarded.name.as_str(), guarded.may_write, guarded.members.len()), ("Wegen Mila", true, 2));
    let note = Command::PostNote { circle: id, title: "Gespräch".into(), body: "Donnerstag".into() };
    world.act(&mother, note);
    let shown = boards(&world, &educator);
    let last =
        shown.iter().find(|b| b.sort == BoardSort::Guarded).and_then(|b| b.last.clone()).expect("written");
    assert_eq!((last.title.as_str(), last.author.as_str()), ("Gespräch", "Maren Mother"));
}

#[test]
fn whoever_writes_to_a_council_that_a_director_only_made_is_known_by_name_there() {
    let Family { mut world, director, educator, mother, stranger, .. } = Family::new();
    let members = [&mother, &stranger].map(|device| person_of(&world, device)).to_vec();
    let asked = |world: &World| {
        let of = |device| view!(world, device, Boards, Query::Boards(NoArgs {})).may_make_council;
        [&director, &educator, &mother].map(of)
    };
    assert_eq!(asked(&world), [true, false, false]);
    let make = Command::CreateCouncil { members };
    let Reply::Id { id } = world.act(&director, make.clone()) else { panic!("an id") };
    assert_eq!(asked(&world), [false; 3], "the director does not read it, and there is one");
    assert_eq!(world.attempt(&director, &make), Err(AppError::LostRace));
    let note = Command::PostNote { circle: id, title: "Fest".into(), body: "Wer backt?".into() };
    world.act(&mother, note.clone());
    world.act(&mother, note);
    let boards = view!(world, &stranger, Boards, Query::Boards(NoArgs {})).boards;
    let council = boards.iter().find(|b| b.sort == BoardSort::Council).expect("there");
    assert_eq!(council.last.as_ref().map(|note| note.author.as_str()), Some("Maren Mother"));
}
