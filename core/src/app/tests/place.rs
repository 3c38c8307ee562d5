//! A group's tablet: what its open part reads and does, what it does not, and what is taken from it.

use super::super::fixture::{TODAY, World, view};
use super::Family;
use crate::app::command::{Command, Contacts, NoArgs, Query, StaffRole};
use crate::app::item::{Item, Restriction};
use crate::app::view::{AttendanceEvent as E, GroupDay, PersonEntry, PlacePart, Presence};
use crate::app::{AppError, Reply, about, erasures};
use crate::crypto::DeviceKeys;
use nestpost_protocol::id::{CircleId, ItemId};

struct Tablet {
    place: String,
    open: DeviceKeys,
    pin: DeviceKeys,
}

fn entry(world: &World, place: &str) -> PersonEntry {
    let people = view!(world, &world.director, People, Query::People(NoArgs {}));
    people.staff.into_iter().find(|p| p.person == place).expect("the place is listed")
}

fn unlock(world: &mut World, place: &str) -> DeviceKeys {
    let director = world.director.clone();
    let letter = match world.act(&director, Command::GrantPin { place: place.into(), valid_days: 14 }) {
        Reply::Letter(letter) => *letter,
        other => panic!("not a letter: {other:?}"),
    };
    let (keys, join) = world.present(&letter);
    world.act(&director, Command::ConfirmJoin { join });
    keys
}

fn tablet(family: &mut Family) -> Tablet {
    let place = family.world.staff("Tablet Igel", StaffRole::Place, &[&family.group.clone()]);
    let open = family.world.admit(&place);
    let pin = unlock(&mut family.world, &place);
    Tablet { place, open, pin }
}

fn day(world: &World, device: &DeviceKeys, group: &str) -> GroupDay {
    view!(world, device, GroupDay, Query::GroupDay { group: group.into(), day: TODAY.into() })
}

fn attend(world: &mut World, by: &DeviceKeys, child: &str, event: E) -> Result<Reply, AppError> {
    world.attempt(by, &Command::Attend { child: child.into(), day: TODAY.into(), event })
}

#[test]
fn a_tablet_shows_the_day_to_whoever_stands_before_it_and_threads_only_behind_a_pin() {
    let mut family = Family::new();
    let tablet = tablet(&mut family);
    let (world, open) = (&family.world, &tablet.open);
    assert_eq!(about(&world.house(open)).place, Some(PlacePart::Open));
    assert_eq!(about(&world.house(&tablet.pin)).place, Some(PlacePart::Pin));
    let names: Vec<_> = day(world, open, &family.group).children.into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["Mila"]);
    for question in [
        Query::Threads(NoArgs {}),
        Query::Bulletins(NoArgs {}),
        Query::Pictures(NoArgs {}),
        Query::People(NoArgs {}),
        Query::Notes { circle: family.child.clone() },
        Query::Absences { child: family.child.clone() },
    ] {
        assert_eq!(world.ask(open, &question), Err(AppError::NotAllowed), "{question:?}");
    }
    assert_eq!(view!(world, &tablet.pin, Threads, Query::Threads(NoArgs {})).len(), 2);
    let place = view!(world, open, Place, Query::Place(NoArgs {}));
    let staff: Vec<_> = place.staff.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(
        (place.name.as_str(), staff.as_slice()),
        ("Tablet Igel", ["Ada Director", "Eva Educator"].as_slice())
    );
    let entry = entry(world, &tablet.place);
    assert_eq!(entry.groups, [family.group.clone()]);
    assert_eq!(entry.pin.map(|pin| pin.person), place.pin);
    assert_eq!(world.ask(&tablet.pin, &Query::Place(NoArgs {})), Err(AppError::NotAllowed));
    for command in [
        Command::PostBulletin {
            group: Some(family.group.clone()),
            title: "X".into(),
            body: "X".into(),
            set: None,
        },
        Command::SetCare {
            child: family.child.clone(),
            allergies: "X".into(),
            contacts: String::new(),
            untimed: false,
        },
    ] {
        assert_eq!(family.world.attempt(open, &command), Err(AppError::NotAllowed), "{command:?}");
    }
}

#[test]
fn a_tablet_follows_the_children_of_its_group() {
    let mut family = Family::new();
    let tablet = tablet(&mut family);
    let director = family.director.clone();
    let later = family.world.child("Ole", &family.group.clone());
    let names = |family: &Family| -> Vec<String> {
        day(&family.world, &tablet.open, &family.group).children.into_iter().map(|c| c.name).collect()
    };
    assert_eq!(names(&family), ["Mila", "Ole"]);
    let away = Command::MoveChild { child: later.clone(), group: family.world.group("Bienen") };
    family.world.act(&director, away);
    assert_eq!(names(&family), ["Mila"]);
    let back = Command::MoveChild { child: later, group: family.group.clone() };
    family.world.act(&director, back);
    assert_eq!(names(&family), ["Mila", "Ole"]);
    family.world.act(&director, Command::ChildLeaves { child: family.child.clone() });
    assert_eq!(names(&family), ["Ole"]);
}

#[test]
fn one_tap_says_that_a_child_came_and_another_takes_it_back() {
    let mut family = Family::new();
    let tablet = tablet(&mut family);
    let child = family.child.clone();
    let presence =
        |family: &Family| day(&family.world, &tablet.open, &family.group).children[0].attendance.presence;
    assert_eq!(presence(&family), Presence::NotYet);
    for (event, then) in [
        (E::None, Presence::NotYet),
        (E::Came, Presence::Here),
        (E::Came, Presence::Here),
        (E::Left, Presence::Left),
        (E::Left, Presence::Left),
        (E::None, Presence::Here),
        (E::Left, Presence::Left),
        // Back from the dentist.
        (E::Came, Presence::Here),
        (E::None, Presence::NotYet),
    ] {
        attend(&mut family.world, &tablet.open, &child, event).expect("one tap");
        assert_eq!(presence(&family), then, "after {event:?}");
        family.world.pass(60_000);
    }
    // Its guardians see it, and say nothing of it.
    attend(&mut family.world, &tablet.open, &child, E::Came).expect("one tap");
    let home = view!(family.world, &family.mother, ParentHome, Query::ParentHome { day: TODAY.into() });
    let seen = &home.children[0].attendance;
    assert_eq!(
        (seen.presence, seen.marks.len(), seen.marks[0].at),
        (Presence::Here, 1, Some(family.world.now.millis()))
    );
    assert_eq!(attend(&mut family.world, &family.mother.clone(), &child, E::Left), Err(AppError::NotAllowed));
    assert_eq!(
        attend(&mut family.world, &tablet.open, &family.other_child, E::Came),
        Err(AppError::NotFound)
    );
}

#[test]
fn what_two_tablets_say_without_a_line_stands_side_by_side_the_earliest_first() {
    let mut family = Family::new();
    let first = tablet(&mut family);
    let second = tablet(&mut family);
    let child = family.child.clone();
    family.world.set_offline(&first.open, true);
    family.world.set_offline(&second.open, true);
    let early = family.world.now.millis();
    attend(&mut family.world, &first.open, &child, E::Came).expect("one tap");
    family.world.pass(60_000);
    attend(&mut family.world, &second.open, &child, E::Came).expect("one tap");
    family.world.set_offline(&first.open, false);
    family.world.set_offline(&second.open, false);
    let seen = day(&family.world, &first.open, &family.group).children[0].attendance.clone();
    assert_eq!(seen.presence, Presence::Here);
    assert_eq!(seen.marks.iter().map(|m| m.at).collect::<Vec<_>>(), [Some(early), Some(early + 60_000)]);
    // One correction takes back both.
    attend(&mut family.world, &second.open, &child, E::None).expect("one tap");
    let seen = day(&family.world, &first.open, &family.group).children[0].attendance.clone();
    assert_eq!((seen.presence, seen.marks.len()), (Presence::NotYet, 0));
}

#[test]
fn what_the_day_needs_is_short_and_times_are_left_out_where_they_must_be() {
    let mut family = Family::new();
    let tablet = tablet(&mut family);
    let care = |allergies: &str, untimed| Command::SetCare {
        child: family.child.clone(),
        allergies: allergies.into(),
        contacts: "Maren 0341 1".into(),
        untimed,
    };
    let (short, long) = (care("Nüsse", true), care(&"x".repeat(81), true));
    assert_eq!(family.world.attempt(&family.educator.clone(), &long), Err(AppError::TooLong));
    family.world.act(&family.educator.clone(), short);
    assert_eq!(
        day(&family.world, &tablet.open, &family.group).children[0].allergies.as_deref(),
        Some("Nüsse")
    );
    let list = Query::EmergencyList { group: family.group.clone() };
    let list = view!(family.world, &tablet.open, EmergencyList, list);
    assert_eq!((list.len(), list[0].contacts.as_str()), (1, "Maren 0341 1"));
    attend(&mut family.world, &tablet.open, &family.child.clone(), E::Came).expect("one tap");
    let seen = &day(&family.world, &tablet.open, &family.group).children[0].attendance;
    assert_eq!((seen.presence, seen.marks[0].at), (Presence::Here, None));
}

#[test]
fn a_number_that_only_some_may_know_is_shown_to_no_tablet_and_what_it_replaced_goes_unless_it_is_restricted()
{
    let mut family = Family::new();
    let tablet = tablet(&mut family);
    let (director, educator, child) =
        (family.director.clone(), family.educator.clone(), family.child.clone());
    let say = |contacts: &str| {
        let (child, contacts) = (child.clone(), contacts.into());
        Command::SetCare { child, allergies: String::new(), contacts, untimed: false }
    };
    family.world.act(&educator, say("Falk 0341 11111\nMaren 0341 22222"));
    let circle: CircleId = child.parse().expect("an id");
    let said = |world: &World| {
        let house = world.house(&director);
        let all =
            house.docs.items(&circle).filter(|at| matches!(Item::read(at.value), Some(Item::Contacts(_))));
        all.map(|at| at.item).collect::<Vec<_>>()
    };
    let before = said(&family.world);
    let going = |world: &World| {
        let all = erasures(&world.house(&director), world.now).into_iter();
        all.flat_map(|due| due.items.into_iter().map(|erased| erased.item)).collect::<Vec<_>>()
    };
    assert!(!going(&family.world).contains(&before[0]));
    let of = |device: &DeviceKeys| family.world.log.device(&device.id()).expect("known").person.to_string();
    let (falk, eva) = (of(&family.father), of(&educator));
    family.world.act(
        &director,
        Command::ProtectGuardian {
            person: falk,
            child: child.clone(),
            named: vec![eva],
            on: true,
            contacts: vec![Contacts { child: child.clone(), contacts: "Maren 0341 22222".into() }],
            untimed: false,
        },
    );
    let shown = |world: &World, device: &DeviceKeys| {
        let list = view!(world, device, EmergencyList, Query::EmergencyList { group: family.group.clone() });
        (list[0].contacts.clone(), list[0].apart.clone())
    };
    let (maren, falk) = ("Maren 0341 22222".to_owned(), "Falk 0341 11111".to_owned());
    for device in [&director, &educator] {
        assert_eq!(shown(&family.world, device), (maren.clone(), falk.clone()));
    }
    for device in [&tablet.open, &tablet.pin] {
        assert_eq!(shown(&family.world, device), (maren.clone(), String::new()));
    }
    let list = Query::EmergencyList { group: family.group.clone() };
    for device in [&family.father, &family.mother] {
        assert_eq!(family.world.ask(device, &list), Err(AppError::NotAllowed));
    }
    assert!(going(&family.world).contains(&before[0]));
    for (n, on) in [(1, true), (2, false)] {
        let word = Restriction { item: before[0], on, at: n.into() };
        family.world.forge(&director, circle, ItemId::new([n; 16]), Item::Restriction(word).value());
        assert_eq!(going(&family.world).contains(&before[0]), !on);
    }
    let now = said(&family.world);
    let now = now.iter().find(|item| **item != before[0]).expect("what replaces it");
    assert!(!going(&family.world).contains(now));
}

#[test]
fn a_tablet_is_unlocked_anew_ended_and_taken_out_with_both_its_persons() {
    let mut family = Family::new();
    let tablet = tablet(&mut family);
    let live = |world: &World, keys: &DeviceKeys| world.log.device(&keys.id()).is_some_and(|d| d.is_live());
    let again = unlock(&mut family.world, &tablet.place);
    assert!(!live(&family.world, &tablet.pin), "what was lost is ended");
    assert!(live(&family.world, &tablet.open) && live(&family.world, &again));
    let director = family.director.clone();
    family.world.act(&director, Command::EndPlace { place: tablet.place.clone() });
    assert!(!live(&family.world, &tablet.open) && !live(&family.world, &again));
    // The place stays, for another tablet.
    let next = family.world.admit(&tablet.place);
    assert_eq!(day(&family.world, &next, &family.group).children.len(), 1);
    let pin = entry(&family.world, &tablet.place).pin.expect("a person behind PINs").person;
    family.world.act(&director, Command::RemovePerson { person: tablet.place.clone(), sheet: None });
    let role = |world: &World, hex: &str| world.log.person(&hex.parse().expect("hex")).and_then(|p| p.role);
    assert_eq!((role(&family.world, &tablet.place), role(&family.world, &pin)), (None, None));
    family.world.act(&director, Command::ReadmitPerson { person: tablet.place.clone() });
    let next = family.world.admit(&tablet.place);
    assert_eq!(day(&family.world, &next, &family.group).children.len(), 1);
    let next = unlock(&mut family.world, &tablet.place);
    assert_eq!(view!(family.world, &next, Threads, Query::Threads(NoArgs {})).len(), 2);
}
