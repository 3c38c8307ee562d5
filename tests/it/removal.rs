//! What it costs to remove a guardian.

use nestpost_core::app::view::GroupSymbol;
use nestpost_core::app::{Command, Reply};
use nestpost_tests::world::World;

use crate::engine::{admit, id, person};

const GROUPS: usize = 20;
/// Guardians of the group of the one who goes: 500 in 20 groups. Those of other groups stand in no list of readers that is made
/// anew, whatever their number.
const GUARDIANS: usize = 25;

#[test]
fn removing_one_guardian_renews_the_keys_of_their_group_and_of_the_house_and_nobody_elses() {
    let mut world = World::new();
    world.found("dora");
    let mut groups = Vec::new();
    for n in 0..GROUPS {
        let name = format!("Gruppe {n}");
        let made = world.command("dora", Command::CreateGroup { name, symbol: GroupSymbol::Fox }).unwrap();
        groups.push(id(made));
        world.settle();
    }
    let mut persons = Vec::new();
    for n in 0..GUARDIANS {
        let group = groups[0].clone();
        let child =
            id(world.command("dora", Command::CreateChild { name: format!("Kind {n}"), group }).unwrap());
        world.settle();
        let (name, relation) = (format!("Eltern {n}"), None);
        let made = person(world.command("dora", Command::CreateGuardian { name, child, relation }).unwrap());
        world.settle();
        admit(&mut world, &format!("parent{n}"), &made);
        world.set_offline(&format!("parent{n}"), true);
        persons.push(made);
    }
    let bulletin = |title: &str| Command::PostBulletin {
        group: None,
        title: title.into(),
        body: "Text".into(),
        set: None,
    };
    let cost = |world: &mut World, commands: Vec<Command>| {
        let before = world.relay.received.len();
        for command in commands {
            assert!(!matches!(world.command("dora", command), Ok(Reply::Proposal { .. })));
            world.settle();
        }
        world.relay.received.len() - before
    };
    let usual = cost(&mut world, vec![bulletin("vorher")]);
    let usual = usual.min(cost(&mut world, vec![bulletin("noch eine")]));
    let remove = Command::RemovePerson { person: persons[0].clone(), sheet: None };
    let removal = cost(&mut world, vec![remove, bulletin("nachher")]) - usual;
    println!("removal of a guardian: {removal} bytes before the next bulletin of {usual}");
    assert!(removal <= REMOVAL_BYTES_MAX, "{removal} bytes");
}

const REMOVAL_BYTES_MAX: usize = 25_000;
