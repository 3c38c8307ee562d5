//! Sick notes: told to the team, published for the other guardian, taken back.

use nestpost_protocol::id::{CircleId, ItemId, PersonId};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::member_end::MemberEnd;

use super::Family;
use crate::app::command::NoArgs;
use crate::app::fixture::{DAY, TODAY, TOMORROW, id, view};
use crate::app::item::{self, Item, NOTE_CHARS_MAX};
use crate::app::view::{Absence, AbsenceKind, DayStatus, GroupDay, ItemState, ReportedBy};
use crate::app::{AppError, Command, Query, about};
use crate::crypto::DeviceKeys;

fn report(child: &str, kind: AbsenceKind, from: &str, to: &str, note: &str) -> Command {
    Command::ReportAbsence { child: child.into(), kind, from: from.into(), to: to.into(), note: note.into() }
}

impl Family {
    fn sick(&mut self, device: &DeviceKeys, note: &str) -> String {
        let child = self.child.clone();
        id(self.world.act(device, report(&child, AbsenceKind::Sick, TODAY, TOMORROW, note)))
    }

    fn absences(&self, device: &DeviceKeys) -> Vec<Absence> {
        view!(self.world, device, Absences, Query::Absences { child: self.child.clone() })
    }

    fn day(&self, day: &str) -> GroupDay {
        view!(
            self.world,
            &self.educator,
            GroupDay,
            Query::GroupDay { group: self.group.clone(), day: day.into() }
        )
    }
}

#[test]
fn a_sick_note_reaches_the_groups_list_with_its_note() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    assert_eq!(family.day(TODAY).children[0].status, DayStatus::Expected);
    let sick = family.sick(&mother, "Fieber");
    for day in [TODAY, TOMORROW] {
        let list = family.day(day);
        assert_eq!((list.expected, list.sick, list.away), (0, 1, 0), "{day}");
        let absence = &list.children[0].absences[0];
        assert_eq!((absence.id.as_str(), absence.note.as_deref()), (sick.as_str(), Some("Fieber")));
        assert_eq!(
            (absence.by, absence.by_name.as_deref()),
            (ReportedBy::OtherGuardian, Some("Maren Mother"))
        );
    }
    assert_eq!(family.day("2026-11-23").children[0].status, DayStatus::Expected);
    let own = family.absences(&mother);
    assert_eq!((own[0].by, own[0].state), (ReportedBy::Me, ItemState::Relay));
    assert_eq!(
        view!(
            family.world,
            &family.stranger,
            Absences,
            Query::Absences { child: family.other_child.clone() }
        ),
        []
    );
}

#[test]
fn the_other_guardian_learns_of_it_through_the_house_and_without_the_note() {
    let mut family = Family::new();
    let (mother, father, educator) = (family.mother.clone(), family.father.clone(), family.educator.clone());
    family.sick(&mother, "Fieber");
    assert!(family.absences(&father).is_empty());
    assert_eq!(family.world.duty(&educator), 1);
    let told = family.absences(&father).remove(0);
    assert_eq!((told.by, told.by_name.as_deref()), (ReportedBy::OtherGuardian, Some("Maren Mother")));
    assert_eq!((told.note, told.state), (None, ItemState::House));
    assert_eq!((told.from.as_str(), told.to.as_str()), (TODAY, TOMORROW));
    // Nobody sees it twice.
    assert_eq!(family.absences(&mother).len(), 1);
    assert_eq!(family.absences(&educator).len(), 1);
    assert_eq!(family.absences(&educator)[0].note.as_deref(), Some("Fieber"));
}

#[test]
fn publishing_twice_agrees_and_again_is_nothing() {
    let mut family = Family::new();
    let (mother, educator, director) =
        (family.mother.clone(), family.educator.clone(), family.director.clone());
    family.sick(&mother, "Fieber");
    // Two devices that have not heard of each other yet: the same id, the same bytes.
    let now = family.world.now;
    let [one, other] = [&educator, &director].map(|d| crate::app::duties(&family.world.house(d), now));
    assert_eq!(one, other);
    assert_eq!(one.len(), 1);
    assert_eq!(family.world.duty(&educator), 1);
    assert_eq!(family.world.duty(&educator), 0);
    assert_eq!(family.world.duty(&director), 0);
    for device in [&mother, &family.father, &family.stranger] {
        assert!(crate::app::duties(&family.world.house(device), now).is_empty(), "guardians publish nothing");
    }
}

/// A refuge, a court's order: who no longer reads about the child does not tell the other guardian either.
#[test]
fn nothing_is_told_of_a_guardian_who_is_not_in_the_childs_circle() {
    let mut family = Family::new();
    let (mother, father, educator) = (family.mother.clone(), family.father.clone(), family.educator.clone());
    let circle: CircleId = family.child.parse().expect("an id");
    let person: PersonId = about(&family.world.house(&mother)).person.parse().expect("an id");
    let end = Body::MemberEnd(MemberEnd { circle, who: Who::Person(person) });
    let thread = view!(family.world, &mother, Threads, Query::Threads(NoArgs {})).remove(0).id;
    let director = family.director.clone();
    family.world.append(&director, &end, Vec::new());
    let day = TODAY.parse().expect("a day");
    let (kind, note) = (item::AbsenceKind::Sick, String::new());
    let absence = Item::Absence(item::Absence { kind, from: day, to: day, note, at: 0 }).value();
    family.world.forge(&mother, thread.parse().expect("an id"), ItemId::new([1; 16]), absence);
    assert_eq!(family.world.duty(&educator), 0);
    assert!(family.absences(&father).is_empty());
    assert_eq!(family.day(TODAY).sick, 1, "the team knows");
}

#[test]
fn an_absence_in_a_thread_is_its_guardians_word() {
    let mut family = Family::new();
    let (mother, educator) = (family.mother.clone(), family.educator.clone());
    let thread = view!(family.world, &mother, Threads, Query::Threads(NoArgs {})).remove(0).id;
    let day = TODAY.parse().expect("a day");
    let (kind, note) = (item::AbsenceKind::Sick, String::new());
    let absence = Item::Absence(item::Absence { kind, from: day, to: day, note, at: 0 }).value();
    family.world.forge(&educator, thread.parse().expect("an id"), ItemId::new([1; 16]), absence);
    assert!(family.absences(&mother).is_empty());
    assert_eq!(family.world.duty(&educator), 0);
}

#[test]
fn a_withdrawal_is_published_like_the_absence() {
    let mut family = Family::new();
    let (mother, father, educator) = (family.mother.clone(), family.father.clone(), family.educator.clone());
    let sick = family.sick(&mother, "");
    family.world.duty(&educator);
    family.world.act(&mother, Command::WithdrawAbsence { absence: sick.clone() });
    assert!(family.absences(&mother)[0].withdrawn);
    assert_eq!(family.day(TODAY).children[0].status, DayStatus::Expected);
    assert!(family.day(TODAY).children[0].absences[0].withdrawn, "it stays in sight, as taken back");
    assert!(!family.absences(&father)[0].withdrawn);
    assert_eq!(family.world.duty(&educator), 1);
    assert!(family.absences(&father)[0].withdrawn);
    assert_eq!(family.world.duty(&educator), 0);
    // Again: nothing.
    family.world.act(&mother, Command::WithdrawAbsence { absence: sick });
    assert_eq!(family.world.duty(&educator), 0);
}

#[test]
fn reports_of_both_guardians_stand_side_by_side() {
    let mut family = Family::new();
    let (mother, father, educator) = (family.mother.clone(), family.father.clone(), family.educator.clone());
    family.sick(&mother, "Fieber");
    family.world.pass(1000);
    let child = family.child.clone();
    family.world.act(&father, report(&child, AbsenceKind::Away, TODAY, TODAY, "bei Oma"));
    family.world.duty(&educator);
    let list = family.day(TODAY);
    assert_eq!((list.sick, list.away), (1, 0), "sick outweighs away; one child counts once");
    let reports: Vec<_> =
        list.children[0].absences.iter().map(|a| (a.by_name.as_deref(), a.kind, a.note.as_deref())).collect();
    assert_eq!(
        reports,
        [
            (Some("Maren Mother"), AbsenceKind::Sick, Some("Fieber")),
            (Some("Falk Father"), AbsenceKind::Away, Some("bei Oma"))
        ]
    );
    // Each guardian: their own with its note, the other's without.
    let notes = |device: &DeviceKeys| {
        let mut all: Vec<_> = family.absences(device).into_iter().map(|a| (a.by, a.note)).collect();
        all.sort();
        all
    };
    assert_eq!(notes(&mother), [(ReportedBy::Me, Some("Fieber".into())), (ReportedBy::OtherGuardian, None)]);
    assert_eq!(notes(&father), [(ReportedBy::Me, Some("bei Oma".into())), (ReportedBy::OtherGuardian, None)]);
}

#[test]
fn what_the_house_enters_stands_in_the_childs_circle() {
    let mut family = Family::new();
    let (educator, father, director) =
        (family.educator.clone(), family.father.clone(), family.director.clone());
    let sick = family.sick(&educator, "");
    let told = family.absences(&father).remove(0);
    assert_eq!((told.by, told.by_name.as_deref()), (ReportedBy::House, Some("Eva Educator")));
    assert_eq!(family.absences(&educator)[0].state, ItemState::Relay);
    family.world.act(&father, Command::MarkSeen { items: vec![told.id] });
    assert_eq!(family.absences(&educator)[0].state, ItemState::House);
    let withdraw = Command::WithdrawAbsence { absence: sick };
    assert_eq!(family.world.attempt(&father, &withdraw), Err(AppError::NotAllowed));
    family.world.act(&director, withdraw);
    assert!(family.absences(&father)[0].withdrawn, "any of the staff may take it back");
    assert_eq!(family.world.duty(&educator), 0, "what stands there is not published");
}

#[test]
fn nobody_takes_back_what_another_said() {
    let mut family = Family::new();
    let (mother, father, educator) = (family.mother.clone(), family.father.clone(), family.educator.clone());
    let sick = family.sick(&mother, "");
    family.world.duty(&educator);
    let published = family.absences(&father)[0].id.clone();
    assert_ne!(published, sick);
    let withdraw = |absence: &str| Command::WithdrawAbsence { absence: absence.into() };
    assert_eq!(family.world.attempt(&father, &withdraw(&published)), Err(AppError::NotAllowed));
    assert_eq!(family.world.attempt(&father, &withdraw(&sick)), Err(AppError::NotFound));
    assert_eq!(family.world.attempt(&educator, &withdraw(&sick)), Err(AppError::NotAllowed));
}

#[test]
fn an_absence_far_ahead_outlives_the_message_that_told_it() {
    let mut family = Family::new();
    let (mother, father, educator) = (family.mother.clone(), family.father.clone(), family.educator.clone());
    let child = family.child.clone();
    family.world.act(&mother, report(&child, AbsenceKind::Away, "2027-07-20", "2027-08-09", "Ferien"));
    family.world.duty(&educator);
    family.world.pass(120 * DAY);
    family.world.expire();
    let own = family.absences(&mother).remove(0);
    assert_eq!((own.by, own.note.as_deref()), (ReportedBy::Me, None), "the note went with the message");
    assert_eq!(family.day("2027-07-21").away, 1);
    // It can still be taken back, by its reporter alone.
    let withdraw = Command::WithdrawAbsence { absence: own.id };
    assert_eq!(family.world.attempt(&father, &withdraw), Err(AppError::NotAllowed));
    family.world.act(&mother, withdraw);
    assert!(family.absences(&mother)[0].withdrawn);
    assert_eq!(family.world.duty(&educator), 1);
    assert_eq!(family.day("2027-07-21").away, 0);
    assert!(family.absences(&father)[0].withdrawn);
}

#[test]
fn a_sick_note_is_part_of_its_thread() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    family.sick(&mother, "Fieber");
    let threads = view!(family.world, &family.educator, Threads, Query::Threads(NoArgs {}));
    let thread = threads.iter().find(|t| t.guardian_name == "Maren Mother").expect("her thread");
    assert_eq!(thread.unread, 1);
    let last = thread.last.as_ref().expect("a message");
    assert_eq!(last.text, "Fieber");
    assert_eq!(last.absence.as_ref().map(|a| a.kind), Some(AbsenceKind::Sick));
}

#[test]
fn a_guardians_home_shows_today_and_what_is_coming() {
    let mut family = Family::new();
    let (mother, educator) = (family.mother.clone(), family.educator.clone());
    let child = family.child.clone();
    family.sick(&mother, "");
    family.world.act(&mother, report(&child, AbsenceKind::Away, "2026-12-24", "2026-12-24", ""));
    family.world.act(&mother, report(&child, AbsenceKind::Away, "2026-11-01", "2026-11-02", ""));
    let thread = view!(family.world, &mother, Threads, Query::Threads(NoArgs {})).remove(0).id;
    family.world.act(&educator, Command::SendMessage { thread, text: "Gute Besserung".into(), set: None });
    let home = view!(family.world, &mother, ParentHome, Query::ParentHome { day: TODAY.into() });
    let card = &home.children[0];
    let days = |all: &[Absence]| all.iter().map(|a| a.from.clone()).collect::<Vec<_>>();
    assert_eq!(days(&card.today), [TODAY]);
    assert_eq!(days(&card.upcoming), ["2026-12-24"]);
    assert_eq!(card.unread, 1);
}

#[test]
fn days_and_notes_have_limits() {
    let mut family = Family::new();
    let mother = family.mother.clone();
    let child = family.child.clone();
    let away = |from: &str, to: &str| report(&child, AbsenceKind::Away, from, to, "");
    for (from, to) in [
        (TOMORROW, TODAY),
        ("2026-11-31", "2026-11-31"),
        ("", TODAY),
        ("2026-10-20", "2026-10-20"),
        (TODAY, "2027-11-23"),
        ("21.11.2026", "21.11.2026"),
    ] {
        assert_eq!(family.world.attempt(&mother, &away(from, to)), Err(AppError::BadDay), "{from} to {to}");
    }
    family.world.act(&mother, away("2026-10-21", "2027-11-22"));
    let note = |n| report(&child, AbsenceKind::Sick, TODAY, TODAY, &"ü".repeat(n));
    assert_eq!(family.world.attempt(&mother, &note(NOTE_CHARS_MAX + 1)), Err(AppError::TooLong));
    family.world.act(&mother, note(NOTE_CHARS_MAX));
    let foreign = report(&family.other_child.clone(), AbsenceKind::Sick, TODAY, TODAY, "");
    assert_eq!(family.world.attempt(&mother, &foreign), Err(AppError::NotFound));
    let bad = Query::ParentHome { day: "heute".into() };
    assert_eq!(family.world.ask(&mother, &bad), Err(AppError::BadDay));
}
