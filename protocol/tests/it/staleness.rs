//! When a circle's keys have to be renewed.

use nestpost_protocol::access;
use nestpost_protocol::epoch::{Addressee, EpochBody, KeyEpoch};
use nestpost_protocol::epochs::{EpochError, Staleness};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::{Body, LogState};
use nestpost_protocol::record::Side;
use nestpost_protocol::sorted::SortedSet;

use crate::house::*;

fn stale(house: &House, circle: nestpost_protocol::id::CircleId) -> Option<Staleness> {
    house.epochs.stale(&house.log, &circle)
}

#[test]
fn a_fresh_house_is_fresh_everywhere() {
    let kita = Kita::new();
    for circle in kita.circles() {
        assert_eq!(stale(&kita.house, circle), None);
    }
}

#[test]
fn a_circle_without_epoch_counts_as_stale() {
    let mut kita = Kita::new();
    kita.house.say(&kita.anna, &Body::Circle(circle(circle_id(50), Sort::Child)));
    assert_eq!(stale(&kita.house, circle_id(50)), Some(Staleness::Missing));
}

#[test]
fn a_new_reader_does_not_make_it_stale_but_leaving_does() {
    let mut kita = Kita::new();
    let second = Key::new(70);
    let body = device_add(kita.house.id(), person(4), &second);
    kita.house.say(&kita.cem, &body);
    assert_eq!(stale(&kita.house, kita.child), None);
    // It stands in no reader list, yet it may have been given a wrap that only the two ends know of.
    kita.house.say(&kita.cem, &Body::DeviceEnd(DeviceEnd { device: second.id() }));
    for circle in [kita.child, kita.parents, kita.private_cem] {
        assert_eq!(stale(&kita.house, circle), Some(Staleness::Device(second.id())));
    }
    assert_eq!(stale(&kita.house, kita.private_dana), None);
    // Who nests what has gone stale has gone stale.
    for circle in [kita.group, kita.all] {
        assert_eq!(stale(&kita.house, circle), Some(Staleness::Device(second.id())));
    }
}

#[test]
fn who_came_and_left_before_the_epoch_does_not_count() {
    let mut kita = Kita::new();
    let second = Key::new(70);
    let body = device_add(kita.house.id(), person(4), &second);
    kita.house.say(&kita.cem, &body);
    kita.house.say(&kita.cem, &Body::DeviceEnd(DeviceEnd { device: second.id() }));
    let mut desk = kita.house.desk();
    desk.epoch(&kita.anna, kita.parents).epoch(&kita.anna, kita.child);
    kita.house.submit(desk.done()).unwrap();
    assert_eq!(stale(&kita.house, kita.child), None);
    assert_eq!(stale(&kita.house, kita.parents), None);
    assert_eq!(stale(&kita.house, kita.group), Some(Staleness::Device(second.id())));
}

#[test]
fn an_ended_role_ends_reading_everywhere() {
    let mut kita = Kita::new();
    kita.house.say(&kita.anna, &Body::RoleEnd(RoleEnd { person: person(5) }));
    for circle in [kita.child, kita.parents, kita.private_dana] {
        assert_eq!(stale(&kita.house, circle), Some(Staleness::Device(kita.dana.id())));
        assert!(!access::reads(&kita.house.log, &kita.dana.id(), &circle));
    }
    assert!(access::visible(&kita.house.log, &kita.dana.id()).is_empty());
}

#[test]
fn a_renewed_team_makes_what_names_it_stale() {
    let mut kita = Kita::new();
    let mut desk = kita.house.desk();
    desk.epoch(&kita.ben, kita.team);
    kita.house.submit(desk.done()).unwrap();
    for circle in [kita.child, kita.group, kita.parents, kita.private_cem, kita.all, kita.staff] {
        assert_eq!(stale(&kita.house, circle), Some(Staleness::Key(kita.team)));
    }
    assert_eq!(stale(&kita.house, kita.directors), None);
}

#[test]
fn an_author_who_left_makes_it_stale() {
    let mut kita = Kita::new();
    let mut desk = kita.house.desk();
    desk.epoch(&kita.tablet, kita.parents);
    kita.house.submit(desk.done()).unwrap();
    let mut desk = kita.house.desk();
    desk.say(&kita.anna, &Body::RoleEnd(RoleEnd { person: person(7) }));
    desk.epoch(&kita.anna, kita.team);
    kita.house.submit(desk.done()).unwrap();
    assert_eq!(stale(&kita.house, kita.parents), Some(Staleness::Author(kita.tablet.id())));
}

/// A team that was wrapped to later is named by no epoch; when one of its devices leaves, the circle is stale all the
/// same.
#[test]
fn a_team_that_came_later_counts() {
    let mut kita = Kita::new();
    let (team, educator) = (circle_id(50), Key::new(70));
    let mut desk = kita.house.desk();
    desk.say(&kita.anna, &role(person(20), Role::Educator));
    let body = device_add(desk.house.id(), person(20), &educator);
    desk.say(&kita.sheet, &body);
    desk.say(&kita.anna, &Body::Circle(circle(team, Sort::Team)));
    for who in [1, 20] {
        let body = member(&desk.house.log, team, Who::Person(person(who)));
        desk.say(&kita.anna, &body);
    }
    let body = member(&desk.house.log, kita.child, Who::Circle(team));
    desk.say(&kita.anna, &body);
    desk.epoch(&kita.anna, team);
    let key = Addressee::Epoch(desk.key(team));
    desk.give(&kita.anna, kita.all, key).give(&kita.anna, kita.staff, key).give(&kita.anna, kita.child, key);
    kita.house.submit(desk.done()).unwrap();
    assert_eq!(stale(&kita.house, kita.child), None);
    let mut desk = kita.house.desk();
    desk.say(&kita.anna, &Body::DeviceEnd(DeviceEnd { device: educator.id() }));
    desk.epoch(&kita.anna, team);
    kita.house.submit(desk.done()).unwrap();
    assert_eq!(stale(&kita.house, kita.child), Some(Staleness::Device(educator.id())));
    assert_eq!(stale(&kita.house, kita.team), None);
}

/// A circle that is no reader any more must not be given what comes, even if everybody in it reads by another way.
#[test]
fn a_team_that_was_taken_out_counts() {
    let mut kita = Kita::new();
    let team = circle_id(50);
    let mut desk = kita.house.desk();
    desk.say(&kita.anna, &Body::Circle(circle(team, Sort::Team)));
    let body = member(&desk.house.log, team, Who::Person(person(1)));
    desk.say(&kita.anna, &body);
    let body = member(&desk.house.log, kita.child, Who::Circle(team));
    desk.say(&kita.anna, &body);
    desk.epoch(&kita.anna, team).epoch(&kita.anna, kita.child).epoch(&kita.anna, kita.all);
    desk.epoch(&kita.anna, kita.staff);
    kita.house.submit(desk.done()).unwrap();
    assert_eq!(stale(&kita.house, kita.child), None);
    kita.house.say(&kita.anna, &Body::MemberEnd(MemberEnd { circle: kita.child, who: Who::Circle(team) }));
    assert_eq!(stale(&kita.house, kita.child), Some(Staleness::Key(team)));
}

/// Devices that stand in for a stale `parents` circle are listed, and count when they leave.
#[test]
fn stand_ins_count() {
    let mut kita = Kita::new();
    kita.house
        .say(&kita.anna, &Body::MemberEnd(MemberEnd { circle: kita.parents, who: Who::Person(person(5)) }));
    let mut desk = kita.house.desk();
    let keys = vec![KeyEpoch { circle: kita.team, epoch: 1 }];
    desk.epoch_for(&kita.ben, kita.group, keys, SortedSet::from([kita.cem.id()]), |_| {});
    kita.house.submit(desk.done()).unwrap();
    assert_eq!(stale(&kita.house, kita.group), None);
    kita.house
        .say(&kita.anna, &Body::MemberEnd(MemberEnd { circle: kita.parents, who: Who::Person(person(4)) }));
    assert_eq!(stale(&kita.house, kita.group), Some(Staleness::Device(kita.cem.id())));
}

/// Who reads from now on is not to be written for under keys whose links lead back.
#[test]
fn somebody_who_reads_from_now_on_counts() {
    let mut kita = Kita::new();
    kita.house.say(&kita.anna, &role(person(20), Role::Guardian));
    let from_now = |log: &LogState, circle| {
        let Body::Member(whole) = member(log, circle, Who::Person(person(20))) else { panic!() };
        Body::Member(Member { history: History::FromNow, ..whole })
    };
    let body = from_now(&kita.house.log, kita.child);
    kita.house.say(&kita.anna, &body);
    assert_eq!(stale(&kita.house, kita.child), Some(Staleness::Horizon));
    assert_eq!(stale(&kita.house, kita.group), None);
    let body = from_now(&kita.house.log, kita.parents);
    kita.house.say(&kita.anna, &body);
    for circle in [kita.parents, kita.group, kita.all] {
        assert_eq!(stale(&kita.house, circle), Some(Staleness::Horizon));
    }
    assert!(kita.house.epochs.plan(&kita.house.log, &kita.child).unwrap().horizon);
    let mut desk = kita.house.desk();
    for circle in [kita.parents, kita.child, kita.group, kita.all] {
        desk.epoch(&kita.anna, circle);
    }
    kita.house.submit(desk.done()).unwrap();
    for circle in kita.circles() {
        assert_eq!(stale(&kita.house, circle), None);
        assert!(!kita.house.epochs.plan(&kita.house.log, &circle).unwrap().horizon);
    }
}

/// The relay is not believed: who replays history asks for the horizon as well.
#[test]
fn a_horizon_is_asked_for_in_replay() {
    let mut kita = Kita::new();
    kita.house.say(&kita.anna, &role(person(20), Role::Guardian));
    let Body::Member(whole) = member(&kita.house.log, kita.child, Who::Person(person(20))) else { panic!() };
    kita.house.say(&kita.anna, &Body::Member(Member { history: History::FromNow, ..whole }));
    let replayed = |make: &dyn Fn(&mut Desk)| {
        let mut desk = kita.house.desk();
        make(&mut desk);
        let frame = desk.done();
        let header = frame.records[0].check().unwrap();
        let body = EpochBody::decode(&frame.records[0].body).unwrap();
        // The log has moved on since, and the one who came has gone again.
        let mut later = kita.house.clone();
        later.say(&kita.anna, &Body::RoleEnd(RoleEnd { person: person(20) }));
        let mut epochs = later.epochs.clone();
        epochs.admit(&later.log, &header, body, Some(&frame.readers[0].list))
    };
    let child = kita.child;
    assert_eq!(
        replayed(&|desk| {
            desk.epoch(&kita.anna, child);
        }),
        Ok(())
    );
    let plain = replayed(&|desk| {
        desk.plain_epoch(&kita.anna, child);
    });
    assert_eq!(plain, Err(EpochError::Horizon));
    let directors = KeyEpoch { circle: kita.directors, epoch: 1 };
    let elsewhere = replayed(&|desk| {
        desk.horizon(&kita.anna, child, &[directors]);
    });
    assert_eq!(elsewhere, Err(EpochError::Links));
}

/// A tablet that is open to whoever stands before it: it writes for the day and holds no key that leads to a thread.
#[test]
fn a_place_by_name_writes_for_its_children_and_reads_no_thread() {
    let mut kita = Kita::new();
    let (open, tablet) = (person(20), Key::new(70));
    let mut desk = kita.house.desk();
    desk.say(&kita.anna, &role(open, Role::Place));
    let body = device_add(desk.house.id(), open, &tablet);
    desk.say(&kita.sheet, &body);
    let circles = [kita.child, kita.group, kita.all];
    for circle in circles {
        let body = member(&desk.house.log, circle, Who::Person(open));
        desk.say(&kita.anna, &body);
        desk.give(&kita.anna, circle, Addressee::Device(tablet.id()));
    }
    kita.house.submit(desk.done()).unwrap();
    for circle in circles {
        let log = &kita.house.log;
        assert_eq!(stale(&kita.house, circle), None);
        assert_eq!(access::side_of(log, &tablet.id(), &circle), Some(Side::Staff));
        // It renews them by itself, and everybody else finds their way in.
        let mut desk = kita.house.desk();
        desk.epoch(&tablet, circle);
        kita.house.submit(desk.done()).unwrap();
    }
    for circle in [kita.private_cem, kita.team, kita.parents, kita.directors, kita.staff] {
        assert!(!access::reads(&kita.house.log, &tablet.id(), &circle));
        assert!(!access::may_rotate(&kita.house.log, &tablet.id(), &circle));
    }
    // Its end leaves no note of a parent waiting for new keys.
    let mut desk = kita.house.desk();
    desk.say(&kita.anna, &Body::DeviceEnd(DeviceEnd { device: tablet.id() }));
    kita.house.submit(desk.done()).unwrap();
    for circle in circles {
        assert!(matches!(stale(&kita.house, circle), Some(Staleness::Author(_) | Staleness::Device(_))));
    }
    for circle in [kita.private_cem, kita.private_dana, kita.team, kita.parents, kita.staff] {
        assert_eq!(stale(&kita.house, circle), None);
    }
}
