//! Bulletins.

use super::Family;
use crate::app::command::NoArgs;
use crate::app::fixture::{DAY, view};
use crate::app::item::{TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use crate::app::view::{Audience, Bulletin, ItemState};
use crate::app::{AppError, Command, Query};
use crate::crypto::DeviceKeys;

fn post(group: Option<&str>, title: &str) -> Command {
    Command::PostBulletin {
        group: group.map(Into::into),
        title: title.into(),
        body: "Text".into(),
        set: None,
    }
}

fn bulletins(family: &Family, device: &DeviceKeys) -> Vec<Bulletin> {
    view!(family.world, device, Bulletins, Query::Bulletins(NoArgs {}))
}

fn titles(family: &Family, device: &DeviceKeys) -> Vec<String> {
    bulletins(family, device).into_iter().map(|b| b.title).collect()
}

#[test]
fn bulletins_reach_their_audience_newest_first() {
    let mut family = Family::new();
    let (director, educator) = (family.director.clone(), family.educator.clone());
    family.world.act(&director, post(None, "Haus"));
    family.world.pass(1);
    let group = family.group.clone();
    family.world.act(&educator, post(Some(&group), "Igel"));
    assert_eq!(titles(&family, &family.mother), ["Igel", "Haus"]);
    assert_eq!(titles(&family, &family.stranger), ["Haus"]);
    assert_eq!(titles(&family, &educator), ["Igel", "Haus"]);
    let seen = bulletins(&family, &family.mother);
    assert_eq!((seen[0].audience, seen[0].group_name.as_deref()), (Audience::Group, Some("Igel")));
    assert_eq!((seen[1].audience, seen[1].group_name.as_deref()), (Audience::House, None));
    assert_eq!((seen[0].author.as_str(), seen[0].mine, seen[0].read), ("Eva Educator", false, false));
    assert_eq!(seen[0].seen_by_families, None, "families learn nothing of each other");
}

#[test]
fn seen_by_families_counts_families_and_not_guardians() {
    let mut family = Family::new();
    let (director, mother, father, stranger) =
        (family.director.clone(), family.mother.clone(), family.father.clone(), family.stranger.clone());
    family.world.act(&director, post(None, "Haus"));
    let id = bulletins(&family, &director)[0].id.clone();
    let now = |family: &Family| {
        let bulletin = bulletins(family, &family.director).remove(0);
        (bulletin.state, bulletin.seen_by_families)
    };
    assert_eq!(now(&family), (ItemState::Relay, Some(0)));
    for (device, families) in [(&mother, 1), (&father, 1), (&stranger, 2)] {
        family.world.act(device, Command::MarkSeen { items: vec![id.clone(), "no id".into()] });
        assert_eq!(now(&family), (ItemState::House, Some(families)));
    }
    assert!(bulletins(&family, &mother)[0].read);
    let before =
        family.world.house(&mother).docs.all().map(|(_, d)| d.document.change_count()).sum::<usize>();
    family.world.act(&mother, Command::MarkSeen { items: vec![id.clone()] });
    let after = family.world.house(&mother).docs.all().map(|(_, d)| d.document.change_count()).sum::<usize>();
    assert_eq!(before, after, "what is marked is not marked again");
    // Staff leave no trace of what they read of each other.
    let educator = family.educator.clone();
    family.world.act(&educator, Command::MarkSeen { items: vec![id] });
    assert_eq!(now(&family), (ItemState::House, Some(2)));
}

#[test]
fn a_bulletin_written_offline_is_only_here() {
    let mut family = Family::new();
    let director = family.director.clone();
    family.world.set_offline(&director, true);
    family.world.act(&director, post(None, "Haus"));
    assert_eq!(bulletins(&family, &director)[0].state, ItemState::Local);
    assert!(titles(&family, &family.mother).is_empty());
    family.world.set_offline(&director, false);
    assert_eq!(bulletins(&family, &director)[0].state, ItemState::Relay);
}

#[test]
fn what_was_read_in_spring_is_not_new_in_summer() {
    let mut family = Family::new();
    let (director, mother) = (family.director.clone(), family.mother.clone());
    family.world.act(&director, post(None, "Haus"));
    let id = bulletins(&family, &mother)[0].id.clone();
    family.world.act(&mother, Command::MarkSeen { items: vec![id] });
    family.world.pass(80 * DAY);
    family.world.expire();
    let old = bulletins(&family, &mother).remove(0);
    assert!(old.read, "the mark has expired, the bulletin has not");
    assert_eq!(bulletins(&family, &director)[0].seen_by_families, None, "no count rather than a falling one");
}

#[test]
fn bulletins_are_written_by_staff_to_their_own_groups() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    let group = family.group.clone();
    assert_eq!(family.world.attempt(&mother, &post(Some(&group), "X")), Err(AppError::NotAllowed));
    assert_eq!(family.world.attempt(&mother, &post(None, "X")), Err(AppError::NotAllowed));
    let groups = view!(family.world, &family.director, Groups, Query::Groups(NoArgs {}));
    let other = groups.iter().find(|g| g.name == "Eulen").expect("the other group").id.clone();
    let educator = family.educator.clone();
    assert_eq!(family.world.attempt(&educator, &post(Some(&other), "X")), Err(AppError::NotFound));
}

#[test]
fn texts_of_bulletins_have_limits() {
    let mut family = Family::new();
    let director = family.director.clone();
    let post = |title: usize, body: usize| Command::PostBulletin {
        group: None,
        title: "t".repeat(title),
        body: "b".repeat(body),
        set: None,
    };
    assert_eq!(family.world.attempt(&director, &post(0, 1)), Err(AppError::Empty));
    assert_eq!(family.world.attempt(&director, &post(1, 0)), Err(AppError::Empty));
    assert_eq!(family.world.attempt(&director, &post(TITLE_CHARS_MAX + 1, 1)), Err(AppError::TooLong));
    assert_eq!(family.world.attempt(&director, &post(1, TEXT_CHARS_MAX + 1)), Err(AppError::TooLong));
    family.world.act(&director, post(TITLE_CHARS_MAX, TEXT_CHARS_MAX));
    assert_eq!(bulletins(&family, &director).len(), 1);
}
