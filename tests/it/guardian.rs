//! What a guardian's device opens, not only what it is sent: nothing in it names another family. Of the other guardian of a child it
//! names who reported something, in the child's circle, and neither devices nor circles.

use nestpost_core::app::Command;
use nestpost_core::app::view::AbsenceKind;
use nestpost_core::document::{Scalar, Value};
use nestpost_core::engine::Engine;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::Who;

use crate::engine::{DAY, Kita, kita};

/// All that was opened in circles of the given sorts: ids and values of items, their documents, and who wrote them.
fn opened(engine: &Engine, of: impl Fn(Sort) -> bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut add = |part: &[u8]| bytes.extend_from_slice(part);
    for (document, held) in engine.house().docs.all() {
        if !engine.house().log.circle(&held.fact.circle).is_some_and(|circle| of(circle.sort)) {
            continue;
        }
        add(document.as_bytes());
        add(&held.document.save());
        held.actors.values().for_each(|device| add(device.as_bytes()));
        for (item, value, actor) in held.document.items() {
            add(item.as_bytes());
            add(&actor);
            match value {
                Value::Bytes(value) => add(&value),
                Value::Map(fields) => {
                    for (name, scalar) in fields {
                        add(name.as_bytes());
                        match scalar {
                            Scalar::Text(text) => add(text.as_bytes()),
                            Scalar::Bytes(value) => add(&value),
                            Scalar::Int(_) | Scalar::Bool(_) => {}
                        }
                    }
                }
            }
        }
    }
    bytes
}

/// Person, device and circles that concern `name` alone, as their own device knows them.
fn own_ids(engine: &Engine, with_child: bool) -> Vec<(&'static str, Vec<u8>)> {
    let house = engine.house();
    let (person, _) = house.person().expect("a member");
    let mut ids = vec![("person", person.as_bytes().to_vec()), ("device", house.me.as_bytes().to_vec())];
    for circle in house.log.circles() {
        let is_hers = circle.members.contains_key(&Who::Person(person));
        match circle.sort {
            Sort::Private if is_hers => ids.push(("private circle", circle.id.as_bytes().to_vec())),
            Sort::Child if is_hers && with_child => ids.push(("child", circle.id.as_bytes().to_vec())),
            _ => {}
        }
    }
    assert_eq!(ids.len(), if with_child { 4 } else { 3 });
    ids
}

fn found(haystack: &[u8], ids: &[(&'static str, Vec<u8>)]) -> Vec<&'static str> {
    let holds = |needle: &[u8]| haystack.windows(needle.len()).any(|window| window == needle);
    ids.iter()
        .filter(|(_, id)| {
            let hex = data_encoding::HEXLOWER.encode(id);
            holds(id) || holds(hex.as_bytes()) || holds(hex.to_uppercase().as_bytes())
        })
        .map(|(what, _)| *what)
        .collect()
}

#[test]
fn what_a_guardian_opens_names_no_other_family() {
    let Kita { mut world, group, child } = kita();
    let sick = |child: String| Command::ReportAbsence {
        child,
        kind: AbsenceKind::Sick,
        from: DAY.into(),
        to: DAY.into(),
        note: "Fieber".into(),
    };
    let cards = |world: &nestpost_tests::world::World, name: &str| {
        let query = nestpost_core::app::Query::ParentHome { day: DAY.into() };
        match world.query(name, &query).unwrap() {
            nestpost_core::app::View::ParentHome(home) => home.children[0].id.clone(),
            other => panic!("{other:?}"),
        }
    };
    let otto = cards(&world, "olga");
    assert_ne!(otto, child);
    for (name, child) in [("frank", child.clone()), ("olga", otto), ("maria", child)] {
        world.command(name, sick(child)).unwrap();
        world.settle();
    }
    let post = Command::PostBulletin {
        group: Some(group),
        title: "Laternen".into(),
        body: "Am Tor.".into(),
        set: None,
    };
    world.command("erik", post).unwrap();
    world.settle();

    let [maria, frank, olga, erik] = ["maria", "frank", "olga", "erik"].map(|name| world.engine(name));
    let all = |engine| opened(engine, |_| true);
    let hers = all(maria);
    assert_eq!(found(&hers, &own_ids(olga, true)), [""; 0], "of another family");
    assert_eq!(found(&hers, &own_ids(frank, false)), ["person"], "of the other guardian");
    assert_eq!(found(&opened(maria, |sort| sort != Sort::Child), &own_ids(frank, false)), [""; 0]);
    // It can be found: with staff, who know whose device wrote what.
    assert!(found(&all(erik), &own_ids(olga, true)).contains(&"device"));
    assert!(found(&all(erik), &own_ids(frank, false)).contains(&"device"));
    assert!(found(&hers, &own_ids(maria, true)).contains(&"device"));
}
