//! What directors look through: which devices were let in, and what was done to whom.

use nestpost_protocol::id::{Hash, Incarnation, InviteKey, RelayKey};
use nestpost_protocol::label;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::device_add::{self, DeviceAdd};
use nestpost_protocol::log::kind::invite::Invite;
use nestpost_protocol::log::kind::invite_end::InviteEnd;
use nestpost_protocol::log::kind::restored::Restored;

use super::Family;
use crate::app::command::{NoArgs, StaffRole};
use crate::app::fixture::{DAY, MORNING, World, view};
use crate::app::view::{Act, AdminEntry, Admission, ConfirmedEntry, GroupSymbol, Role};
use crate::app::{AppError, Command, Query};
use crate::crypto::DeviceKeys;

fn confirmed(world: &World, by: &DeviceKeys) -> Vec<ConfirmedEntry> {
    view!(world, by, ConfirmedLately, Query::ConfirmedLately(NoArgs {}))
}

fn acts(world: &World, by: &DeviceKeys) -> Vec<AdminEntry> {
    view!(world, by, AdminLog, Query::AdminLog(NoArgs {}))
}

fn whats(acts: &[AdminEntry]) -> Vec<Act> {
    acts.iter().map(|act| act.what).collect()
}

#[test]
fn who_was_let_in_lately_is_told_with_who_did_it_and_whether_they_are_gone() {
    let Family { mut world, director, educator, child, .. } = Family::new();
    world.pass(29 * DAY);
    let gerda = world.guardian("Gerda Grandmother", &child);
    let letter = world.letter(&educator, &gerda);
    let (device, join) = world.present(&letter);
    world.act(&educator, Command::ConfirmJoin { join });
    let all = confirmed(&world, &director);
    assert_eq!(all.len(), 5, "everybody of the last 30 days");
    assert_eq!((all[0].name.as_str(), all[0].by.as_str()), ("Gerda Grandmother", "Eva Educator"));
    assert_eq!((all[0].how, all[0].by_removed), (Admission::Met, false));
    assert_eq!(
        (all[0].at, all[0].device.as_str()),
        (Some(MORNING + 29 * DAY), device.id().to_string().as_str())
    );
    assert_eq!(all[0].children[0].name, "Mila");

    // Two days later the first ones are over; what was let in by somebody who is gone is said.
    world.pass(2 * DAY);
    let eva = world.log.device(&educator.id()).expect("known").person.to_string();
    world.act(&director, Command::RemovePerson { person: eva, sheet: None });
    let late = confirmed(&world, &director);
    assert_eq!(late.len(), 1);
    assert!(late[0].by_removed && !late[0].device_ended);
    world.act(&director, Command::EndDevice { device: device.id().to_string(), sheet: None });
    assert!(confirmed(&world, &director)[0].device_ended);

    for other in [&educator, &device] {
        assert_eq!(world.ask(other, &Query::ConfirmedLately(NoArgs {})), Err(AppError::NotAllowed));
    }
}

#[test]
fn staff_are_told_who_directs_and_what_the_sheet_did_and_of_no_family() {
    let Family { mut world, director, educator, mother, child, .. } = Family::new();
    let person = |world: &World, device: &DeviceKeys| world.log.device(&device.id()).expect("known").person;
    let (maren, eva) = (person(&world, &mother).to_string(), person(&world, &educator).to_string());
    let (named, on) = (Vec::new(), true);
    world.act(
        &director,
        Command::ProtectGuardian { person: maren, child, named, on, contacts: Vec::new(), untimed: false },
    );
    world.act(&director, Command::CreateGuarded { name: "Wohl".into(), members: vec![eva] });
    let (sheet, new) = (DeviceKeys::from_seed([2; 32]), DeviceKeys::from_seed([77; 32]));
    let (house, ada) = (world.log.house().expect("founded"), person(&world, &director));
    let proof = new.sign(label::DEVICE_ADD, &device_add::proof_input(house, ada, new.card()));
    let add = DeviceAdd { person: ada, device: new.card(), proof, sheet: None };
    world.append(&sheet, &Body::DeviceAdd(add), Vec::new());

    let seen = acts(&world, &educator);
    let latest = &seen[0];
    assert_eq!(
        (latest.what, latest.by.as_str(), latest.by_sheet),
        (Act::DeviceAdded, "", true),
        "somebody opened the house with it"
    );
    assert_eq!(latest.about.person_name.as_deref(), Some("Ada Director"));
    for act in &seen {
        assert!(act.about.child.is_none() && act.role != Some(Role::Guardian), "{act:?}");
    }
    // Not whose letter was printed, nor what came of a child.
    use Act::{DeviceAdded, Founded, GroupMade, InGroup, RoleGiven};
    let told = [Founded, RoleGiven, DeviceAdded, GroupMade, InGroup];
    assert!(whats(&seen).iter().all(|what| told.contains(what)), "{:?}", whats(&seen));
    assert!(told.iter().all(|what| whats(&seen).contains(what)), "{:?}", whats(&seen));
    assert!(whats(&acts(&world, &director)).contains(&Act::Protected));
    assert_eq!(world.ask(&mother, &Query::AdminLog(NoArgs {})), Err(AppError::NotAllowed));
}

#[test]
fn whose_name_has_not_come_is_not_taken_for_the_sheet() {
    let Family { mut world, director, educator, group, .. } = Family::new();
    // Offline, the director tells nobody what they are called.
    world.set_offline(&director, true);
    let dana = world.staff("Dana Director", StaffRole::Director, &[]);
    let nina = world.staff("Nina New", StaffRole::Educator, &[&group]);
    let [dana, new] = [&dana, &nina].map(|person| world.admit(person));
    world.act(&new, Command::PairDevice { name: "Telefon".into() });
    world.act(&dana, Command::CreateGroup { name: "Kraniche".into(), symbol: GroupSymbol::Fox });
    let seen = acts(&world, &educator);
    let made = seen.iter().find(|act| act.what == Act::GroupMade).expect("all staff see it");
    assert_eq!((made.by.as_str(), made.by_sheet, made.agreed_by_sheet), ("", false, false));
    let of_nina = |act: &AdminEntry| act.by_person.as_ref() == Some(&nina);
    assert!(!seen.iter().any(of_nina), "her devices are hers");
    assert!(acts(&world, &director).iter().any(of_nina));
    let founded = seen.last().expect("all of it is young");
    assert_eq!((founded.what, founded.agreed_by.as_slice()), (Act::Founded, &[][..]));
    assert!(founded.agreed_by_sheet && !founded.by_sheet);
}

#[test]
fn a_house_that_goes_on_with_another_copy_or_relay_is_told() {
    for (relay, what) in [(None, Act::GoesOn), (Some(RelayKey::new([5; 32])), Act::Moved)] {
        let Family { mut world, educator, .. } = Family::new();
        let (log, positions) = (world.log.head().expect("founded"), Hash::new([0; 32]));
        let incarnation = Incarnation::new([1; 16]);
        world.agree(&Body::Restored(Restored { incarnation, log, positions, relay, origin: None }));
        let told = &acts(&world, &educator)[0];
        assert_eq!((told.what, told.by.as_str(), told.agreed_by_sheet), (what, "Ada Director", true));
    }
}

#[test]
fn whoever_does_much_pushes_nothing_out() {
    let Family { mut world, director, .. } = Family::new();
    let person = world.log.device(&director.id()).expect("known").person;
    for n in 0..251_u16 {
        let mut key = [8; 32];
        key[..2].copy_from_slice(&n.to_be_bytes());
        let (key, mac, greeting) = (InviteKey::new(key), Hash::new([1; 32]), vec![2; 64].into());
        let invite = world.log.len();
        world.append(&director, &Body::Invite(Invite { key, person, mac, greeting, days: 14 }), Vec::new());
        world.append(&director, &Body::InviteEnd(InviteEnd { invite }), Vec::new());
    }
    let all = acts(&world, &director);
    assert!(all.len() > 500 && all.last().map(|act| act.what) == Some(Act::Founded));
}

#[test]
fn a_clock_set_back_hides_nobody() {
    let Family { mut world, director, educator, child, .. } = Family::new();
    let gerda = world.guardian("Gerda Grandmother", &child);
    // Hers claims a year that was long ago.
    let now = world.now;
    world.now = crate::time::Timestamp::from_millis(MORNING - 400 * DAY);
    let letter = world.letter(&educator, &gerda);
    let (_, join) = world.present(&letter);
    world.act(&educator, Command::ConfirmJoin { join });
    world.now = now;
    assert_eq!(confirmed(&world, &director)[0].name, "Gerda Grandmother");
    let seqs: Vec<u64> = acts(&world, &director).iter().map(|act| act.seq).collect();
    assert!(seqs.contains(&0), "nothing before it is hidden either");
    // Nor where nothing else happens for long, once somebody notices and removes them.
    world.pass(40 * DAY);
    assert!(confirmed(&world, &director).is_empty());
    world.act(&director, Command::EndDevice { device: educator.id().to_string(), sheet: None });
    let late = confirmed(&world, &director);
    assert_eq!((late.len(), late[0].name.as_str()), (1, "Gerda Grandmother"));
}

#[test]
fn acts_say_who_did_what_to_whom() {
    let Family { mut world, director, educator, mother, child, group, .. } = Family::new();
    let before = acts(&world, &director).len();
    let person = |world: &World, device: &DeviceKeys| {
        world.log.device(&device.id()).expect("known").person.to_string()
    };
    let (maren, eva) = (person(&world, &mother), person(&world, &educator));
    world.act(&director, Command::RemovePerson { person: maren.clone(), sheet: None });
    let ended = &acts(&world, &director)[0];
    assert_eq!((ended.what, ended.by.as_str()), (Act::RoleEnded, "Ada Director"));
    assert_eq!(
        (ended.about.person.as_ref(), ended.about.person_name.as_deref()),
        (Some(&maren), Some("Maren Mother"))
    );
    assert_eq!((ended.at, ended.after), (None, Some(MORNING)), "of this the order is known");

    let eulen = world.group("Kraniche");
    world.act(&director, Command::MoveChild { child: child.clone(), group: eulen });
    let moved = acts(&world, &director);
    let into = moved.iter().find(|act| act.what == Act::ChildInGroup).expect("it came into a group");
    assert_eq!(
        (into.about.child_name.as_deref(), into.about.group_name.as_deref()),
        (Some("Mila"), Some("Kraniche"))
    );
    assert!(whats(&moved).contains(&Act::ChildInGroupEnded) && whats(&moved).contains(&Act::GroupMade));
    assert!(acts(&world, &director).len() > before);

    // Whoever reads only what they are a member of hears of no act there.
    world.act(&director, Command::CreateGuarded { name: "Wohl".into(), members: vec![eva] });
    let unseen = whats(&acts(&world, &director)).contains(&Act::GuardedMade);
    assert_eq!(
        unseen,
        world.log.entry(world.log.len() - 1).is_some(),
        "this fixture's staff see all entries"
    );

    world.staff("Neu", StaffRole::Educator, &[&group]);
    world.pass(91 * DAY);
    let letter = world.letter(&director, &person(&world, &educator));
    let (_, join) = world.present(&letter);
    world.act(&director, Command::ConfirmJoin { join });
    world.pass(91 * DAY);
    let quarter = acts(&world, &director);
    assert!(quarter.is_empty(), "{:?}", whats(&quarter));
}
