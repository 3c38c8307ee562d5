//! Another device of one's own: its code, the digits, what it is told, and what nobody else is.

use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::view::{DeviceEntry, Letter, PendingJoin, RecoverySheet};
use nestpost_core::app::{AppError, Command, Query, Reply, View};
use nestpost_core::code;
use nestpost_core::crypto::LocalKey;
use nestpost_tests::world::World;

use crate::engine::{Kita, kita};

fn pairing(world: &mut World, by: &str, name: &str) -> Letter {
    let reply = world.command(by, Command::PairDevice { name: name.into() }).unwrap();
    world.settle();
    let Reply::Letter(letter) = reply else { panic!("no code: {reply:?}") };
    *letter
}

fn pending(world: &World, name: &str) -> Vec<PendingJoin> {
    let View::PendingJoins(joins) = world.query(name, &Query::PendingJoins(NoArgs {})).unwrap() else {
        panic!()
    };
    joins
}

fn devices(world: &World, name: &str) -> Vec<DeviceEntry> {
    let person = world.summary(name).me.person;
    let View::Devices(devices) = world.query(name, &Query::Devices { person }).unwrap() else { panic!() };
    devices
}

fn names(world: &World, name: &str) -> Vec<Option<String>> {
    devices(world, name).into_iter().map(|device| device.name).collect()
}

fn alarmed(world: &World, name: &str) -> bool {
    world.summary(name).alarms.iter().any(|alarm| alarm.code == "device_new")
}

/// A second device of this person, from one that they have.
fn pair(world: &mut World, by: &str, new: &str, name: &str) {
    let letter = pairing(world, by, name);
    world.join(new, &letter.code).unwrap();
    let digits = world.summary(new).digits.expect("digits while joining");
    let join = pending(world, by).pop().expect("it waits to be let in");
    assert_eq!(join.digits.as_slice(), digits.as_slice(), "both screens show the same digits");
    world.command(by, Command::ConfirmJoin { join: join.id }).unwrap();
    world.command(by, Command::NameDevice { device: join.device, name: name.into() }).unwrap();
    world.settle();
    assert_eq!(world.summary(new).stage, "member");
}

#[test]
fn a_person_lets_in_another_device_of_their_own_and_it_reads_what_was_written_before() {
    for who in ["maria", "erik", "dora"] {
        let Kita { mut world, .. } = kita();
        let me = world.engine(who).house().me.to_string();
        world.command(who, Command::NameDevice { device: me, name: "Telefon".into() }).unwrap();
        let bulletin =
            Command::PostBulletin { group: None, title: "Fest".into(), body: "Freitag".into(), set: None };
        world.command("dora", bulletin).unwrap();
        world.settle();
        pair(&mut world, who, "new", " Tablet ");
        assert_eq!(world.summary("new").me, world.summary(who).me);
        let told: View = world.query(who, &Query::Bulletins(NoArgs {})).unwrap();
        assert_eq!(world.query("new", &Query::Bulletins(NoArgs {})).unwrap(), told, "{who}");
        assert!(world.relay.refusals.is_empty(), "{:?}", world.relay.refusals);
        // Both devices know what they are called, and the relay keeps nothing that would tell.
        let both = [Some("Telefon".to_owned()), Some("Tablet".to_owned())];
        assert_eq!(names(&world, who), both, "{who}");
        assert_eq!(names(&world, "new"), both, "{who}");
        assert!(!alarmed(&world, who) && !alarmed(&world, "new"), "{who}");
        world.restart("new");
        assert_eq!(names(&world, "new"), both, "{who}");
    }
}

#[test]
fn others_are_not_asked_and_cannot_answer_and_families_hear_of_nothing() {
    let Kita { mut world, .. } = kita();
    let letter = pairing(&mut world, "maria", "Tablet");
    world.join("new", &letter.code).unwrap();
    assert!(pending(&world, "frank").is_empty() && pending(&world, "olga").is_empty());
    let join = pending(&world, "maria").pop().unwrap();
    for other in ["frank", "olga"] {
        let confirm = Command::ConfirmJoin { join: join.id.clone() };
        assert_eq!(world.command(other, confirm), Err(AppError::NotFound), "{other}");
    }
    world.command("maria", Command::DeclineJoin { join: join.id }).unwrap();
    world.settle();
    assert_eq!(world.summary("new").stage, "ended");
    assert_eq!(devices(&world, "maria").len(), 1, "what was never let in is no device of hers");
    // The door lets somebody in whom they did not let in themselves: their devices say so.
    assert!(!alarmed(&world, "maria"));
    let person = world.summary("maria").me.person;
    crate::engine::admit(&mut world, "door", &person);
    assert!(alarmed(&world, "maria"));
    let new = world.engine("door").house().me.to_string();
    let end = Command::EndDevice { device: new.clone(), sheet: None };
    assert_eq!(world.command("frank", end.clone()), Err(AppError::NotFound));
    world.command("maria", end).unwrap();
    world.settle();
    assert_eq!(world.summary("door").stage, "ended");
    assert!(!alarmed(&world, "maria"));
    let ended: Vec<bool> = devices(&world, "maria").iter().map(|device| device.ended).collect();
    assert_eq!(ended, [false, true]);
}

#[test]
fn a_code_falls_with_the_device_that_made_it() {
    let Kita { mut world, .. } = kita();
    let letter = pairing(&mut world, "maria", "Tablet");
    let device = world.engine("maria").house().me.to_string();
    world.command("dora", Command::EndDevice { device, sheet: None }).unwrap();
    world.settle();
    assert!(world.join("new", &letter.code).is_err());
    assert_eq!(world.command("erik", Command::PairDevice { name: " ".into() }), Err(AppError::Empty));
}

#[test]
fn a_sheet_that_was_typed_in_lets_a_new_device_in_and_makes_the_next_sheet() {
    recover_from_the_sheet(kita().world);
}

#[test]
fn a_sheet_brings_back_what_was_written_in_a_house_without_groups_too() {
    let mut world = World::new();
    world.found("dora");
    recover_from_the_sheet(world);
}

fn recover_from_the_sheet(mut world: World) {
    let staff = Command::CreateStaff {
        name: "Rosa".into(),
        role: StaffRole::Director,
        groups: Vec::new(),
        until: None,
    };
    let rosa = crate::engine::person(world.command("dora", staff).unwrap());
    let bulletin =
        Command::PostBulletin { group: None, title: "Fest".into(), body: "Freitag".into(), set: None };
    world.command("dora", bulletin).unwrap();
    world.settle();
    // Somebody has come and gone since.
    crate::engine::admit(&mut world, "rosa", &rosa);
    let sheet = Some(world.sheet.clone());
    world.command("dora", Command::RemovePerson { person: rosa, sheet }).unwrap();
    world.settle();
    let before = world.query("dora", &Query::Bulletins(NoArgs {})).unwrap();
    let dora = world.summary("dora").me.person;
    let lost = world.engine("dora").house().me.to_string();
    let house = world.relay.log().house().unwrap();
    let second = world.relay.log().founded().unwrap().second.parts().0;
    let first = world.sheet.clone();

    // Nobody is left who could help.
    for name in ["dora", "erik", "maria", "frank", "olga"] {
        if world.engines().any(|(there, _)| there == name) {
            world.set_offline(name, true);
        }
    }
    // Looked at first, and forgotten: what it was sent then is sent again.
    world.unfold_sheet("look", house, second);
    world.set_offline("look", false);
    world.settle();
    world.forget("look");
    world.unfold_sheet("sheet", house, second);
    world.set_offline("sheet", false);
    world.settle();
    let View::People(people) = world.query("sheet", &Query::People(NoArgs {})).unwrap() else { panic!() };
    assert!(
        people.staff.iter().any(|one| one.person == dora && !one.name.is_empty()),
        "it knows who directs"
    );
    let answer = world.pair("new", house, dora.parse().unwrap());
    world.command("sheet", Command::AddDevice { answer }).unwrap();
    world.settle();
    world.command("sheet", Command::EndDevice { device: lost, sheet: None }).unwrap();
    world.settle();
    let next = own_sheet(&mut world, "sheet");
    assert!(world.engine("sheet").given_up().is_empty(), "{:?}", world.relay.refusals);
    let old = world.engine("sheet").house().me.to_string();
    world.forget("sheet");

    // From the new one the old one ends: it stays to make the keys.
    world.sheet = next.code;
    world.unfold_sheet("next", house, second);
    world.set_offline("next", false);
    world.settle();
    world.command("next", Command::EndDevice { device: old, sheet: None }).unwrap();
    world.settle();
    assert!(world.engine("next").given_up().is_empty(), "{:?}", world.relay.refusals);
    world.forget("next");

    world.set_offline("new", false);
    world.settle();
    assert_eq!(world.summary("new").stage, "member");
    assert_eq!(world.query("new", &Query::Bulletins(NoArgs {})).unwrap(), before);
    world.set_offline("dora", false);
    world.settle();
    assert_eq!(world.summary("dora").stage, "ended", "what was lost is empty");

    // The old sheet opens nothing, and stands for nobody.
    world.sheet = first.clone();
    world.unfold_sheet("old", house, second);
    world.set_offline("old", false);
    world.settle();
    assert_ne!(world.summary("old").stage, "member");
    let staff = Command::CreateStaff {
        name: "Ada".into(),
        role: StaffRole::Director,
        groups: Vec::new(),
        until: None,
    };
    let ada = crate::engine::person(world.command("new", staff).unwrap());
    world.settle();
    assert_eq!(
        world.command("new", Command::RemovePerson { person: ada, sheet: Some(first) }),
        Err(AppError::NeedsSecond)
    );
}

/// A sheet that is drawn and not yet printed.
fn drawn(world: &mut World, by: &str) -> RecoverySheet {
    let Reply::Sheet(sheet) = world.command(by, Command::DrawSheet(NoArgs {})).unwrap() else { panic!() };
    *sheet
}

/// A sheet that was printed.
fn own_sheet(world: &mut World, by: &str) -> RecoverySheet {
    let sheet = drawn(world, by);
    world.command(by, Command::RenewSheet { code: sheet.code.clone() }).unwrap();
    world.settle();
    sheet
}

/// How many devices a director is told that somebody has.
fn counted(world: &World, by: &str, person: &str) -> Option<u32> {
    let View::People(people) = world.query(by, &Query::People(NoArgs {})).unwrap() else { panic!() };
    let guardians = people.children.into_iter().flat_map(|child| child.guardians);
    people.staff.into_iter().chain(guardians).find(|one| one.person == person).map(|one| one.devices)
}

/// Which live devices of a person are sheets, oldest first.
fn sheets(world: &World, name: &str) -> Vec<bool> {
    devices(world, name).into_iter().filter(|one| !one.ended).map(|one| one.sheet).collect()
}

#[test]
fn everybody_comes_back_with_a_sheet_of_their_own_and_nobody_of_the_house() {
    let Kita { mut world, child, .. } = kita();
    let named = vec![world.summary("erik").me.person];
    let nora = Command::CreateProtected {
        name: "Nora".into(),
        child,
        relation: None,
        named,
        contacts: Vec::new(),
        untimed: false,
    };
    let nora = crate::engine::person(world.command("dora", nora).unwrap());
    world.settle();
    crate::engine::admit(&mut world, "nora", &nora);
    let bulletin =
        Command::PostBulletin { group: None, title: "Fest".into(), body: "Freitag".into(), set: None };
    world.command("dora", bulletin).unwrap();
    world.settle();
    let house = world.relay.log().house().unwrap();
    let everybody = ["nora", "maria", "erik", "dora"];
    for who in everybody {
        let me = world.summary(who).me;
        let (person, lost) = (me.person.parse().unwrap(), world.engine(who).house().me.to_string());
        let void = own_sheet(&mut world, who);
        let sheet = own_sheet(&mut world, who);
        assert_eq!(sheet.person_name, Some(me.name), "{who}");
        assert_eq!(sheets(&world, who), [false, true], "the one before is void");
        let told = (who != "nora").then_some(1);
        assert_eq!(counted(&world, "dora", &me.person), told, "paper is no device");
        assert!(!alarmed(&world, who), "{who} knows of it");
        let before = world.query(who, &Query::Bulletins(NoArgs {})).unwrap();
        for name in everybody {
            world.set_offline(name, true);
        }

        let opens = |world: &mut World, name: &str, code: &str| {
            world.sheet = code.to_owned();
            world.unfold_sheet(name, house, person);
            world.set_offline(name, false);
            world.settle();
            world.summary(name).stage == "member"
        };
        assert!(!opens(&mut world, "void", &void.code), "{who}");
        world.forget("void");
        assert!(opens(&mut world, "sheet", &sheet.code), "{who}");
        world.command("sheet", Command::EndDevice { device: lost, sheet: None }).unwrap();
        world.settle();
        let new = format!("{who} again");
        let answer = world.pair(&new, house, person);
        world.command("sheet", Command::AddDevice { answer }).unwrap();
        world.settle();
        let next = own_sheet(&mut world, "sheet");
        assert!(world.engine("sheet").given_up().is_empty(), "{who}: {:?}", world.relay.refusals);
        let used = world.engine("sheet").house().me.to_string();
        world.forget("sheet");
        assert!(opens(&mut world, "next", &next.code), "{who}");
        world.command("next", Command::EndDevice { device: used, sheet: None }).unwrap();
        world.settle();
        assert!(world.engine("next").given_up().is_empty(), "{who}: {:?}", world.relay.refusals);
        world.forget("next");

        for name in everybody.into_iter().chain([new.as_str()]) {
            world.set_offline(name, false);
        }
        world.settle();
        assert_eq!(world.summary(who).stage, "ended", "{who}: what was lost is empty");
        assert_eq!(world.query(&new, &Query::Bulletins(NoArgs {})).unwrap(), before, "{who}");
        assert_eq!(sheets(&world, &new), [false, true], "{who}");
        assert!(!opens(&mut world, "used", &sheet.code), "{who}: a sheet that was used is void");
        world.forget("used");
    }
}

#[test]
fn a_sheet_that_was_printed_on_one_device_is_asked_about_on_the_others() {
    let Kita { mut world, .. } = kita();
    pair(&mut world, "maria", "tablet", "Tablet");
    let me = world.engine("maria").house().me.to_string();
    world.command("tablet", Command::NameDevice { device: me, name: "Telefon".into() }).unwrap();
    own_sheet(&mut world, "maria");
    assert!(alarmed(&world, "tablet") && !alarmed(&world, "maria"));
    let sheet = world.relay.log().devices().find(|(_, device)| device.sheet).map(|(id, _)| id.to_string());
    let known = Command::NameDevice { device: sheet.unwrap(), name: "Blatt".into() };
    world.command("tablet", known).unwrap();
    world.restart("tablet");
    assert!(!alarmed(&world, "tablet"));
}

/// Whether a sheet opens the house now; nothing of it stays.
fn opens(world: &mut World, whose: &str, sheet: &RecoverySheet) -> bool {
    let house = world.relay.log().house().unwrap();
    let device = code::parse_sheet(&sheet.code).unwrap().id();
    // Whom the relay never heard of asks for ever.
    if world.relay.log().device(&device).is_none() {
        return false;
    }
    let person = world.summary(whose).me.person.parse().unwrap();
    world.sheet = sheet.code.clone();
    world.unfold_sheet("tried", house, person);
    world.set_offline("tried", false);
    world.settle();
    let opens = world.summary("tried").stage == "member";
    world.forget("tried");
    opens
}

#[test]
fn a_sheet_that_was_drawn_and_not_printed_changes_nothing() {
    let Kita { mut world, .. } = kita();
    let first = own_sheet(&mut world, "maria");
    let (entries, rows) = (world.relay.log().len(), world.rows("maria").len());
    let never = drawn(&mut world, "maria");
    world.settle();
    assert_eq!((world.relay.log().len(), world.rows("maria").len()), (entries, rows));
    assert_eq!(world.summary("maria").waiting, 0);
    world.restart("maria");
    world.settle();
    assert!(!opens(&mut world, "maria", &never), "nobody has said that it is printed");
    assert!(opens(&mut world, "maria", &first), "the one before is as good as ever");
}

#[test]
fn a_sheet_that_was_printed_without_a_network_counts_once_the_relay_knows_and_until_then_the_one_before() {
    let Kita { mut world, .. } = kita();
    let first = own_sheet(&mut world, "maria");
    world.set_offline("maria", true);
    // Printed twice: the last one is to count.
    let lost = own_sheet(&mut world, "maria");
    let next = own_sheet(&mut world, "maria");
    assert_eq!(sheets(&world, "maria"), [false, true]);
    assert!(opens(&mut world, "maria", &first) && !opens(&mut world, "maria", &next));
    let (_, local) = world.secrets_of("maria");
    for row in world.rows("maria") {
        let row = LocalKey::from_bytes(local).open(&row.value).unwrap_or(row.value);
        for sheet in [&lost, &next] {
            let keys = code::parse_sheet(&sheet.code).unwrap();
            for secret in [sheet.code.as_bytes(), keys.expose_seed()] {
                let kept = row.windows(secret.len()).any(|bytes| bytes == secret);
                assert!(!kept, "what opens the house is on paper alone");
            }
        }
    }
    world.restart("maria");
    world.set_offline("maria", false);
    world.settle();
    assert!(world.engine("maria").given_up().is_empty(), "{:?}", world.relay.refusals);
    assert_eq!(sheets(&world, "maria"), [false, true], "one of them counts");
    let known = [&first, &lost, &next].map(|sheet| opens(&mut world, "maria", sheet));
    assert_eq!(known, [false, false, true]);
}

#[test]
fn of_two_sheets_from_two_devices_the_one_counts_that_came_last() {
    let Kita { mut world, .. } = kita();
    pair(&mut world, "maria", "tablet", "Tablet");
    own_sheet(&mut world, "maria");
    world.set_offline("tablet", true);
    let waits = own_sheet(&mut world, "tablet");
    let other = own_sheet(&mut world, "maria");
    world.set_offline("tablet", false);
    world.settle();
    assert!(world.engine("tablet").given_up().is_empty(), "{:?}", world.relay.refusals);
    assert_eq!(sheets(&world, "maria"), [false, false, true]);
    assert!(opens(&mut world, "maria", &waits) && !opens(&mut world, "maria", &other));
}

#[test]
fn a_device_tells_when_the_sheet_was_printed_on_it_and_no_other_one_guesses() {
    let Kita { mut world, .. } = kita();
    pair(&mut world, "maria", "tablet", "Tablet");
    let printed = |world: &World, name: &str| -> Vec<Option<u64>> {
        let live = devices(world, name).into_iter().filter(|one| one.sheet && !one.ended);
        live.map(|one| one.printed_at).collect()
    };
    let at = world.now.millis();
    own_sheet(&mut world, "maria");
    world.pass(60_000);
    world.restart("maria");
    assert_eq!(printed(&world, "maria"), [Some(at)]);
    assert_eq!(printed(&world, "tablet"), [None]);
    own_sheet(&mut world, "tablet");
    assert_eq!(printed(&world, "maria"), [None], "that was the one before");
}
