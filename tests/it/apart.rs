//! A protected guardian is told what they may read, and nobody else is told of them.

use nestpost_core::app::command::{Custody, NoArgs, Relation, StaffRole};
use nestpost_core::app::item::{Item, profile};
use nestpost_core::app::view::{AbsenceKind, ReportedBy};
use nestpost_core::app::{AppError, Command, Query, View};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;
use nestpost_tests::world::World;

use crate::concealed::names_in;
use crate::engine::{DAY, Kita, admit, kita, person};

pub(crate) fn person_of(world: &World, name: &str) -> String {
    world.summary(name).me.person
}

pub(crate) fn bulletins(world: &World, name: &str) -> Vec<(String, String, Option<String>)> {
    match world.query(name, &Query::Bulletins(NoArgs {})).unwrap() {
        View::Bulletins(all) => {
            let mut all: Vec<_> = all.into_iter().map(|b| (b.title, b.author, b.group_name)).collect();
            all.sort();
            all
        }
        other => panic!("{other:?}"),
    }
}

/// Days and reporters of the absences that a guardian is shown for their one child.
fn absences(world: &World, name: &str) -> Vec<(ReportedBy, Option<String>, bool)> {
    match world.query(name, &Query::ParentHome { day: DAY.into() }).unwrap() {
        View::ParentHome(home) => {
            assert_eq!(home.children.len(), 1, "{name}");
            assert_eq!(home.children[0].name, "Carla");
            home.children[0].today.iter().map(|a| (a.by, a.by_name.clone(), a.withdrawn)).collect()
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn post(world: &mut World, name: &str, group: Option<&str>, title: &str) {
    let (group, title, body) = (group.map(str::to_owned), title.to_owned(), "Text".to_owned());
    world.command(name, Command::PostBulletin { group, title, body, set: None }).unwrap();
    world.settle();
}

fn sick(world: &mut World, name: &str, child: &str) {
    let (from, to, note) = (DAY.to_owned(), DAY.to_owned(), "Fieber".to_owned());
    let report = Command::ReportAbsence { child: child.into(), kind: AbsenceKind::Sick, from, to, note };
    world.command(name, report).unwrap();
    world.settle();
}

pub(crate) fn protect(world: &mut World, who: &str, child: &str, named: &[&str], on: bool) {
    let person = person_of(world, who);
    let named = named.iter().map(|name| person_of(world, name)).collect();
    world
        .command(
            "dora",
            Command::ProtectGuardian {
                person,
                child: child.into(),
                named,
                on,
                contacts: Vec::new(),
                untimed: false,
            },
        )
        .unwrap();
    world.settle();
    assert!(world.summary("dora").alarms.iter().all(|alarm| alarm.code != "refused"));
}

/// Circles of named persons that a device knows somebody in.
fn apart_with(world: &World, name: &str, other: &str) -> usize {
    let who = Who::Person(person_of(world, other).parse().unwrap());
    let all = world.engine(name).house().log.circles();
    all.filter(|circle| circle.sort == Sort::Guarded && circle.members.contains_key(&who)).count()
}

#[test]
fn named_staff_tell_a_protected_guardian_what_they_may_read() {
    let Kita { mut world, group, child } = kita();
    post(&mut world, "erik", Some(&group), "Ausflug");
    protect(&mut world, "frank", &child, &["erik"], true);
    // Only the one who is named is there.
    world.set_offline("dora", true);
    post(&mut world, "erik", Some(&group), "Laternen");
    post(&mut world, "erik", None, "Fest");
    let note = Command::PostNote { circle: child.clone(), title: "Zahn".into(), body: "Der erste".into() };
    world.command("erik", note).unwrap();
    world.settle();
    sick(&mut world, "maria", &child);
    world.settle();
    let titles: Vec<_> = bulletins(&world, "frank").into_iter().map(|b| b.0).collect();
    for title in ["Laternen", "Fest"] {
        assert!(titles.iter().any(|t| t == title), "{titles:?}");
    }
    let told = bulletins(&world, "frank").into_iter().find(|b| b.0 == "Laternen").unwrap();
    assert_eq!((told.1.as_str(), told.2.as_deref()), ("Kita Spatzennest", Some("Igel")), "no publisher");
    assert_eq!(absences(&world, "frank"), [(ReportedBy::House, None, false)], "no reporter");
    let View::Boards(shown) = world.query("frank", &Query::Boards(NoArgs {})).unwrap() else { panic!() };
    let boards = shown.boards;
    let notes: Vec<_> = boards.iter().filter_map(|b| b.last.as_ref()).map(|n| n.title.as_str()).collect();
    assert!(notes.contains(&"Zahn"), "{notes:?}");
    // And back: he writes to those who know of him.
    let board = boards.iter().find(|b| b.may_write).expect("his own circle");
    let note = Command::PostNote { circle: board.id.clone(), title: "Danke".into(), body: "Text".into() };
    world.command("frank", note).unwrap();
    world.settle();
    let View::Notes(notes) = world.query("erik", &Query::Notes { circle: board.id.clone() }).unwrap() else {
        panic!()
    };
    assert!(notes.iter().any(|note| note.title == "Danke"));

    // Two devices that know of him tell him once.
    world.set_offline("dora", false);
    world.settle();
    let mut titles: Vec<_> = bulletins(&world, "frank").into_iter().map(|b| b.0).collect();
    titles.dedup();
    assert_eq!(titles, ["Ausflug", "Fest", "Laternen"]);
    assert_eq!(bulletins(&world, "frank").len(), 3, "what he had before is not shown twice");
    assert_eq!(bulletins(&world, "erik").len(), 3, "and staff are not shown copies");
}

#[test]
fn what_a_protected_guardian_reports_names_nobody() {
    let Kita { mut world, child, .. } = kita();
    protect(&mut world, "frank", &child, &[], true);
    sick(&mut world, "frank", &child);
    let as_told = |withdrawn| [(ReportedBy::House, Some("dora".to_owned()), withdrawn)];
    assert_eq!(absences(&world, "maria"), as_told(false), "as if the house had entered it itself");
    let View::Absences(at_house) = world.query("erik", &Query::Absences { child: child.clone() }).unwrap()
    else {
        panic!()
    };
    assert_eq!((at_house.len(), at_house[0].by, at_house[0].note.clone()), (1, ReportedBy::House, None));
    // In the bytes neither: it is of the kind that staff write, and has the time when he reported it.
    let circle = child.parse().unwrap();
    let written: Vec<Item> =
        world.engine("erik").house().docs.items(&circle).filter_map(|at| Item::read(at.value)).collect();
    let absence = written.iter().find_map(|item| match item {
        Item::Absence(absence) => Some(absence.clone()),
        _ => None,
    });
    let absence = absence.expect("of that kind");
    assert_eq!((absence.note.as_str(), absence.at > 0), ("", true));
    assert!(!written.iter().any(|item| matches!(item, Item::Published(_))), "{written:?}");
    let own = absences(&world, "frank");
    assert_eq!(own.len(), 1, "his own report does not come back as another one: {own:?}");
    assert_eq!(own[0].0, ReportedBy::Me);
    for name in ["erik", "maria"] {
        assert_eq!(apart_with(&world, name, "frank"), 0, "{name}");
    }
    let View::ParentHome(home) = world.query("frank", &Query::ParentHome { day: DAY.into() }).unwrap() else {
        panic!()
    };
    let absence = home.children[0].today[0].id.clone();
    world.command("frank", Command::WithdrawAbsence { absence }).unwrap();
    world.settle();
    assert_eq!(absences(&world, "maria"), as_told(true));
}

#[test]
fn what_a_protected_guardian_is_to_a_child_changes_without_telling_the_staff() {
    let Kita { mut world, group, child } = kita();
    let frank = person_of(&world, "frank");
    protect(&mut world, "frank", &child, &["erik"], true);
    let relation = Relation { custody: Custody::None, ..Relation::USUAL };
    let change = Command::SetGuardian { person: frank.clone(), child: child.clone(), relation };
    world.command("dora", change).unwrap();
    world.settle();
    let asked = Query::Relation { person: frank.clone(), child: child.clone() };
    assert_eq!(world.query("dora", &asked).unwrap(), View::Relation(relation));
    post(&mut world, "erik", Some(&group), "Laternen");
    assert!(bulletins(&world, "frank").iter().all(|b| b.0 != "Laternen"), "he reads that no more");
    let plan = Command::PlanGuardian {
        person: frank,
        child: child.clone(),
        relation: Relation::USUAL,
        day: "2026-11-22".into(),
    };
    assert_eq!(world.command("dora", plan), Err(AppError::NotAllowed), "plans stand where all staff read");

    // It ends, and he is what he was made meanwhile.
    protect(&mut world, "frank", &child, &[], false);
    assert_eq!(world.query("dora", &asked).unwrap(), View::Relation(relation));
    assert_eq!(world.query("erik", &asked).unwrap(), View::Relation(relation));
    let who = Who::Person(person_of(&world, "frank").parse().unwrap());
    let log = &world.engine("dora").house().log;
    let of_child = log.circle(&child.parse().unwrap()).unwrap();
    assert!(!of_child.members.contains_key(&who));
    let open: Vec<_> =
        log.circles().filter(|c| c.members.contains_key(&who)).map(|c| format!("{:?}", c.sort)).collect();
    assert_eq!(open, ["Private"], "no more circle apart");
    protect(&mut world, "frank", &child, &["erik"], true);
    assert!(apart_with(&world, "erik", "frank") > 0, "the same circle again");
}

#[test]
fn whoever_is_named_no_longer_is_told_no_more() {
    let Kita { mut world, child, .. } = kita();
    protect(&mut world, "frank", &child, &["erik"], true);
    assert!(apart_with(&world, "erik", "frank") > 0);
    protect(&mut world, "frank", &child, &[], true);
    assert_eq!(apart_with(&world, "dora", "erik"), 0);
    protect(&mut world, "frank", &child, &["erik"], true);
    assert_eq!(apart_with(&world, "dora", "erik"), 1);
}

/// What a device shows as the circle of a protected guardian: whose it is, and who reads it.
pub(crate) fn board_of(world: &World, name: &str) -> Option<(String, Vec<String>)> {
    let View::Boards(shown) = world.query(name, &Query::Boards(NoArgs {})).unwrap() else { panic!() };
    let board = shown.boards.into_iter().find(|board| board.protects.is_some())?;
    Some((board.protects?, board.members.into_iter().map(|member| member.name).collect()))
}

/// Whom of the staff a device shows as reading with somebody protected; `None`: it may not say.
fn named(world: &World, name: &str, child: &str, person: &str) -> Option<Vec<String>> {
    let View::Family(family) = world.query(name, &Query::Family { child: child.into() }).unwrap() else {
        panic!()
    };
    let kin = family.guardians.into_iter().find(|kin| kin.entry.person == person).expect("shown");
    Some(kin.named?.into_iter().map(|member| member.name).collect())
}

#[test]
fn a_protected_guardian_is_shown_by_name_who_reads_with_them() {
    let Kita { mut world, child, .. } = kita();
    let frank = person_of(&world, "frank");
    assert_eq!(named(&world, "dora", &child, &frank), None, "nobody is protected");
    protect(&mut world, "frank", &child, &["erik"], true);
    assert_eq!(named(&world, "dora", &child, &frank), Some(["Erik", "dora"].map(str::to_owned).to_vec()));
    let all = ["dora", "erik", "frank"].map(|name| board_of(&world, name));
    let readers = ["Erik", "Frank", "dora"].map(str::to_owned).to_vec();
    assert_eq!(all, [(); 3].map(|()| Some((frank.clone(), readers.clone()))));
    assert_eq!(board_of(&world, "maria"), None);
    protect(&mut world, "frank", &child, &[], true);
    assert_eq!(named(&world, "dora", &child, &frank), Some(vec!["dora".to_owned()]));
    assert_eq!(board_of(&world, "frank").unwrap().1, ["Frank", "dora"]);
}

#[test]
fn whoever_directs_later_reads_with_a_protected_guardian_and_can_end_it() {
    let Kita { mut world, child, .. } = kita();
    let frank = person_of(&world, "frank");
    protect(&mut world, "frank", &child, &["erik"], true);
    // Nobody of them is there but a member of the staff who is named: their device lets the director in.
    let (name, role, groups) = ("doris".to_owned(), StaffRole::Director, Vec::new());
    let staff = Command::CreateStaff { name, role, groups, until: None };
    let doris = person(world.command("dora", staff).unwrap());
    world.settle();
    admit(&mut world, "doris", &doris);
    for name in ["dora", "doris"] {
        let all = ["Erik", "dora", "doris"].map(str::to_owned).to_vec();
        assert_eq!(named(&world, name, &child, &frank), Some(all), "{name}");
    }
    assert_eq!(board_of(&world, "doris").unwrap().1, ["Erik", "Frank", "dora", "doris"]);
    world.set_offline("dora", true);
    let (person, named) = (frank.clone(), Vec::new());
    let end = Command::ProtectGuardian {
        person,
        child: child.clone(),
        named,
        on: false,
        contacts: Vec::new(),
        untimed: false,
    };
    world.command("doris", end).unwrap();
    world.settle();
    assert_eq!(world.summary("doris").waiting, 0, "{:?}", world.relay.refusals);
    let asked = Query::Relation { person: frank, child };
    assert_eq!(world.query("erik", &asked).unwrap(), View::Relation(Relation::USUAL));
}

/// How long the letter of a guardian is valid, as a director sees it.
fn valid_until(world: &World, child: &str, person: &str) -> Option<u64> {
    let View::Family(family) = world.query("dora", &Query::Family { child: child.into() }).unwrap() else {
        panic!()
    };
    let kin = family.guardians.into_iter().find(|kin| kin.entry.person == person)?;
    kin.entry.invite.map(|invite| invite.valid_until)
}

#[test]
fn whoever_is_protected_from_the_start_never_was_anywhere_else() {
    let Kita { mut world, group, child } = kita();
    let named_staff = vec![person_of(&world, "erik")];
    let (name, child_id) = ("Nora".to_owned(), child.clone());
    let new = Command::CreateProtected {
        name,
        child: child_id,
        relation: None,
        named: named_staff,
        contacts: Vec::new(),
        untimed: false,
    };
    assert_eq!(world.command("erik", new.clone()), Err(AppError::NotAllowed));
    let nora = person(world.command("dora", new).unwrap());
    world.settle();
    assert_eq!(world.summary("dora").waiting, 0, "{:?}", world.relay.refusals);
    let until = Some(world.now.millis() + 14 * 24 * 3_600_000);
    admit(&mut world, "nora", &nora);
    world.pass(60_000);
    assert_eq!(named(&world, "dora", &child, &nora), Some(["Erik", "dora"].map(str::to_owned).to_vec()));
    assert_eq!(board_of(&world, "nora").unwrap().1, ["Erik", "Nora", "dora"]);
    let asked = Query::Relation { person: nora.clone(), child: child.clone() };
    assert_eq!(world.query("dora", &asked).unwrap(), View::Relation(Relation::USUAL));
    post(&mut world, "erik", Some(&group), "Laternen");
    assert!(bulletins(&world, "nora").iter().any(|b| b.0 == "Laternen"));
    sick(&mut world, "nora", &child);
    let as_told = [(ReportedBy::House, Some("dora".to_owned()), false)];
    assert_eq!(absences(&world, "maria"), as_told, "as if the house had entered it itself");
    // Of her circles nobody else has an entry, and no device of theirs her name.
    let who: Who = Who::Person(nora.parse().unwrap());
    for name in ["maria", "frank", "olga"] {
        let log = &world.engine(name).house().log;
        assert!(log.person(&nora.parse().unwrap()).is_none(), "{name}");
        assert!(log.circles().all(|circle| !circle.members.contains_key(&who)), "{name}");
    }
    let sorts: Vec<_> = world
        .engine("dora")
        .house()
        .log
        .circles()
        .filter(|circle| circle.members.contains_key(&who))
        .map(|circle| circle.sort)
        .collect();
    assert_eq!(sorts.len(), 2);
    assert!(sorts.contains(&Sort::Guarded) && sorts.contains(&Sort::Private), "{sorts:?}");
    let staff = world.engine("dora").house().sole(Sort::Staff).unwrap();
    let id = profile::person_id(&nora.parse().unwrap());
    let relation = profile::relation_id(&nora.parse().unwrap(), &child.parse().unwrap());
    for circle in [staff, child.parse().unwrap()] {
        let docs = &world.engine("dora").house().docs;
        assert!(docs.item(&circle, &id).is_none() && docs.item(&circle, &relation).is_none());
    }
    // Nor her letter, which stands in her circle: it is valid from when it was printed.
    let invite = world.engine("dora").house().log.invites().find(|i| i.body.person.to_string() == nora);
    let key = invite.unwrap().body.key;
    assert!(!names_in(&world, "dora", &staff, key.as_bytes()));
    assert_eq!(valid_until(&world, &child, &nora), until);
    // It ends as any protection does.
    protect(&mut world, "nora", &child, &[], false);
    assert_eq!(world.query("erik", &asked).unwrap(), View::Relation(Relation::USUAL));
    let log = &world.engine("erik").house().log;
    assert!(log.circle(&child.parse().unwrap()).unwrap().members.contains_key(&who));
}

#[test]
fn a_copy_of_a_report_says_no_time_to_whom_it_is_not_told() {
    let Kita { mut world, child, .. } = kita();
    sick(&mut world, "frank", &child);
    let View::ParentHome(home) = world.query("maria", &Query::ParentHome { day: DAY.into() }).unwrap() else {
        panic!()
    };
    let View::Absences(at_house) = world.query("erik", &Query::Absences { child }).unwrap() else { panic!() };
    assert_eq!((home.children[0].today[0].at, at_house[0].at), (None, Some(world.now.millis())));
}
