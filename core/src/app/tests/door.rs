//! Letters, joins, confirmations.

use nestpost_protocol::limit::INVITE_DAYS_MAX;

use super::Family;
use crate::app::command::{NoArgs, StaffRole};
use crate::app::fixture::{DAY, MORNING, World, view};
use crate::app::view::{InviteStage, Letter, PersonEntry, PersonStage, Role};
use crate::app::{AppError, Command, Greeting, Query};
use crate::code::InviteCode;
use crate::crypto::DeviceKeys;

/// A house with a group, a child and a guardian nobody has invited yet.
fn house() -> (World, DeviceKeys, String) {
    let mut world = World::found();
    let group = world.group("Igel");
    let child = world.child("Mila", &group);
    let guardian = world.guardian("Maren Mother", &child);
    let director = world.director.clone();
    (world, director, guardian)
}

fn guardian(world: &World, device: &DeviceKeys) -> PersonEntry {
    view!(world, device, People, Query::People(NoArgs {})).children[0].guardians[0].clone()
}

fn stage(world: &World, device: &DeviceKeys) -> (PersonStage, Option<InviteStage>) {
    let entry = guardian(world, device);
    (entry.stage, entry.invite.map(|i| i.stage))
}

#[test]
fn a_letter_says_what_a_parent_needs_and_its_greeting_says_the_same() {
    let (mut world, director, person) = house();
    let letter = world.letter(&director, &person);
    assert_eq!(letter.person_name, "Maren Mother");
    assert_eq!(letter.child_names, ["Mila"]);
    assert_eq!(letter.role, Role::Guardian);
    assert_eq!(letter.house_name, "Kita Spatzennest");
    assert_eq!(letter.help_line, "0341 123456");
    assert_eq!(letter.valid_until, MORNING + 14 * DAY);
    assert!(letter.link.starts_with("https://kita.example/#j="), "{}", letter.link.len());
    assert!(letter.qr_svg.starts_with("<svg"));

    let typed = InviteCode::parse(&letter.code).expect("the code is read");
    let scanned = InviteCode::parse(&letter.link).expect("the link is read");
    assert_eq!(typed.secret, scanned.secret);
    assert_eq!(scanned.house, world.log.house());
    let fact = world.log.invite_by_key(&typed.secret.key()).expect("the invite is in the log");
    assert_eq!(fact.body.person.to_string(), person);
    let house = world.log.house().expect("founded");
    assert!(typed.secret.authenticates(&house, &fact.body.mac));
    let opened = typed.secret.open_greeting(&fact.body.greeting).expect("the secret opens the greeting");
    let greeting = Greeting::decode(&opened).expect("a greeting");
    assert_eq!(
        greeting,
        Greeting {
            house_name: "Kita Spatzennest".into(),
            notice: "Art. 13".into(),
            help_line: "0341 123456".into(),
            role: Role::Guardian,
            days: 14,
            valid_until: letter.valid_until,
            devices: Vec::new(),
            device_name: String::new(),
            pin: None,
        }
    );
}

#[test]
fn a_letter_is_not_printed_in_a_log_line() {
    let (mut world, director, person) = house();
    let letter = world.letter(&director, &person);
    let debug = format!("{letter:?}");
    for secret in [&letter.code, &letter.link, &letter.qr_svg, &letter.person_name] {
        assert!(!debug.contains(secret.as_str()));
    }
}

#[test]
fn a_person_comes_from_letter_to_member() {
    let (mut world, director, person) = house();
    assert_eq!(stage(&world, &director), (PersonStage::None, None));
    let letter = world.letter(&director, &person);
    assert_eq!(stage(&world, &director), (PersonStage::Invited, Some(InviteStage::Open)));
    let (_, join) = world.present(&letter);
    assert_eq!(stage(&world, &director), (PersonStage::Joining, Some(InviteStage::Used)));
    let joins = view!(world, &director, PendingJoins, Query::PendingJoins(NoArgs {}));
    assert_eq!(joins.len(), 1);
    assert_eq!((joins[0].name.as_str(), joins[0].role), ("Maren Mother", Role::Guardian));
    assert_eq!(joins[0].child_names, ["Mila"]);
    assert_eq!(joins[0].id, join);
    assert_eq!(joins[0].digits.len(), 6);
    assert!(joins[0].digits.iter().all(|d| d.len() == 3 && d.bytes().all(|b| b.is_ascii_digit())));
    world.act(&director, Command::ConfirmJoin { join: join.clone() });
    assert_eq!(stage(&world, &director), (PersonStage::Member, Some(InviteStage::Used)));
    assert!(view!(world, &director, PendingJoins, Query::PendingJoins(NoArgs {})).is_empty());
    let before = world.log.len();
    world.act(&director, Command::ConfirmJoin { join: join.clone() });
    assert_eq!(world.log.len(), before, "a second time is nothing");
    assert_eq!(world.attempt(&director, &Command::DeclineJoin { join }), Err(AppError::LostRace));
}

#[test]
fn a_declined_join_voids_the_letter() {
    let (mut world, director, person) = house();
    let letter = world.letter(&director, &person);
    let (keys, join) = world.present(&letter);
    world.act(&director, Command::DeclineJoin { join: join.clone() });
    assert_eq!(stage(&world, &director), (PersonStage::None, Some(InviteStage::Revoked)));
    assert_eq!(world.attempt(&director, &Command::ConfirmJoin { join }), Err(AppError::NotFound));
    assert_eq!(world.ask(&keys, &Query::Threads(NoArgs {})), Err(AppError::NotAllowed));
}

#[test]
fn a_new_letter_voids_the_old_one() {
    let (mut world, director, person) = house();
    let first = world.letter(&director, &person);
    let second = world.letter(&director, &person);
    let open = |world: &World, letter: &Letter| {
        let secret = InviteCode::parse(&letter.code).expect("read").secret;
        world.log.invite_by_key(&secret.key()).expect("known").stage
            == nestpost_protocol::log::state::InviteProgress::Open
    };
    assert!(!open(&world, &first));
    assert!(open(&world, &second));
    assert_eq!(guardian(&world, &director).invite.expect("an invite").id, second.invite);
}

#[test]
fn a_letter_is_revoked_once_and_shown_as_expired_by_its_date() {
    let (mut world, director, person) = house();
    let letter = world.letter(&director, &person);
    world.pass(14 * DAY + 1);
    assert_eq!(stage(&world, &director), (PersonStage::None, Some(InviteStage::Expired)));
    let revoke = Command::RevokeInvite { invite: letter.invite };
    world.act(&director, revoke.clone());
    let before = world.log.len();
    world.act(&director, revoke);
    assert_eq!(world.log.len(), before);
    assert_eq!(stage(&world, &director), (PersonStage::None, Some(InviteStage::Revoked)));
}

#[test]
fn days_of_a_letter_have_limits() {
    let (mut world, director, person) = house();
    let invite = |days| Command::CreateInvite { person: person.clone(), valid_days: days };
    assert_eq!(world.attempt(&director, &invite(0)), Err(AppError::BadDay));
    assert_eq!(world.attempt(&director, &invite(INVITE_DAYS_MAX + 1)), Err(AppError::BadDay));
    world.act(&director, invite(1));
    world.act(&director, invite(INVITE_DAYS_MAX));
}

#[test]
fn educators_let_guardians_in_and_nobody_else() {
    let mut family = Family::new();
    let educator = family.educator.clone();
    let guardian = family.world.guardian("Gesa", &family.child);
    let letter = family.world.letter(&educator, &guardian);
    let (_, join) = family.world.present(&letter);
    let joins = view!(family.world, &educator, PendingJoins, Query::PendingJoins(NoArgs {}));
    assert_eq!(joins.iter().map(|j| j.name.as_str()).collect::<Vec<_>>(), ["Gesa"]);
    family.world.act(&educator, Command::ConfirmJoin { join });

    let colleague = family.world.staff("Kai", StaffRole::Educator, &[]);
    let invite = Command::CreateInvite { person: colleague.clone(), valid_days: 14 };
    assert_eq!(family.world.attempt(&educator, &invite), Err(AppError::NotAllowed));
    let director = family.director.clone();
    let letter = family.world.letter(&director, &colleague);
    let revoke = Command::RevokeInvite { invite: letter.invite.clone() };
    assert_eq!(family.world.attempt(&educator, &revoke), Err(AppError::NotAllowed));
    let (_, join) = family.world.present(&letter);
    assert_eq!(family.world.attempt(&educator, &Command::ConfirmJoin { join }), Err(AppError::NotAllowed));
    assert!(view!(family.world, &educator, PendingJoins, Query::PendingJoins(NoArgs {})).is_empty());
    let mother = family.mother.clone();
    let invite = Command::CreateInvite { person: guardian, valid_days: 14 };
    assert_eq!(family.world.attempt(&mother, &invite), Err(AppError::NotAllowed));
}

#[test]
fn ids_that_name_nothing_are_not_found() {
    let (mut world, director, _) = house();
    let nobody = "00".repeat(16);
    for id in ["", "zz", &nobody, &nobody.to_uppercase(), &"00".repeat(32)] {
        let id = id.to_owned();
        for command in [
            Command::CreateInvite { person: id.clone(), valid_days: 14 },
            Command::RevokeInvite { invite: id.clone() },
            Command::ConfirmJoin { join: id.clone() },
            Command::DeclineJoin { join: id.clone() },
            Command::CreateChild { name: "A".into(), group: id.clone() },
            Command::CreateGuardian { name: "A".into(), child: id.clone(), relation: None },
            Command::SendMessage { thread: id.clone(), text: "A".into(), set: None },
            Command::WithdrawAbsence { absence: id.clone() },
            Command::PostBulletin { group: Some(id.clone()), title: "A".into(), body: "B".into(), set: None },
        ] {
            assert_eq!(world.attempt(&director, &command), Err(AppError::NotFound), "{command:?}");
        }
    }
}
