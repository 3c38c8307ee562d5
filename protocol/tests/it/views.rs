//! A guardian's device sees every link and its own entries: that must be enough to know about itself what the relay
//! knows, and no rule may fail for what is hidden.

use nestpost_protocol::access;
use nestpost_protocol::epoch::Addressee;
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::id::*;
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::found::Second;
use nestpost_protocol::log::kind::member::Who;
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::protect::Protect;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::{Body, Class, EntryError, Link, LogError, LogState, OpenEntry, RuleError};
use nestpost_protocol::sorted::SortedSet;
use proptest::prelude::*;

use crate::house::*;

/// The log as this device is shown it: what it may see today, in one go.
fn shown(house: &House, device: &DeviceId) -> LogState {
    let mut view = LogState::new();
    for (seq, entry) in house.entries.iter().enumerate() {
        let seen = access::sees_entry(&house.log, device, seq as u64);
        view.admit(house.log.link(seq as u64).unwrap(), seen.then_some(entry)).unwrap();
    }
    view
}

/// What a device can know about itself.
#[derive(Debug, PartialEq)]
struct Facts {
    role: Option<(PersonId, Role)>,
    circles: Vec<(CircleId, bool, bool, Option<nestpost_protocol::record::Side>, bool)>,
    visible: SortedSet<CircleId>,
    seen: Vec<u64>,
    wraps: Vec<bool>,
    last: Option<u64>,
}

/// Of all circles that there are, whether or not the device knows them.
fn facts(log: &LogState, circles: &[CircleId], device: &DeviceId) -> Facts {
    let now = access::role_of(log, device);
    Facts {
        role: now,
        circles: circles
            .iter()
            .map(|circle| {
                (
                    *circle,
                    access::reads(log, device, circle),
                    access::may_rotate(log, device, circle),
                    access::side_of(log, device, circle),
                    access::sees_reader_list(log, device, circle),
                )
            })
            .collect(),
        visible: access::visible(log, device),
        seen: (0..log.len()).filter(|seq| access::sees_entry(log, device, *seq)).collect(),
        wraps: circles
            .iter()
            .map(|circle| access::may_wrap(log, device, circle, &Addressee::Device(*device)))
            .collect(),
        last: now.and_then(|(person, _)| log.last_concerning(&person)),
    }
}

fn compare(house: &House, device: &DeviceId) {
    let circles: Vec<CircleId> = house.log.circles().map(|circle| circle.id).collect();
    // Who has no role is shown nothing at all.
    if access::role_of(&house.log, device).is_none() {
        return;
    }
    let view = shown(house, device);
    assert_eq!(facts(&view, &circles, device), facts(&house.log, &circles, device));
    assert_eq!(view.withheld(device).count(), 0, "an honest relay withholds nothing");
    let head = house.log.len() - 1;
    if access::role_of(&house.log, device).unwrap().1 != Role::Guardian {
        assert_eq!(view.staff_digest(head), house.log.staff_digest(head), "staff see what all staff see");
    }
    // Where it writes, it knows whom it must wrap to and whether the keys are stale.
    for circle in circles {
        if access::may_rotate(&house.log, device, &circle) {
            assert_eq!(access::epoch_targets(&view, &circle), access::epoch_targets(&house.log, &circle));
        }
    }
}

#[test]
fn everyone_knows_about_themselves_what_the_relay_knows() {
    let kita = Kita::new();
    for (name, key) in kita.keys() {
        println!("{name}");
        compare(&kita.house, &key.id());
    }
}

#[test]
fn a_link_that_everybody_sees_needs_its_entry() {
    let kita = Kita::new();
    let mut view = LogState::new();
    let mut held_back = 0;
    for seq in 0..kita.house.log.len() {
        let link = kita.house.log.link(seq).unwrap();
        if seq > 0 && link.class == Class::All {
            assert_eq!(view.admit(link, None), Err(LogError::Withheld), "{seq}");
            held_back += 1;
        }
        view.admit(link, Some(&kita.house.entries[seq as usize])).unwrap();
    }
    assert!(held_back > 3);
    assert_eq!(view.hidden().count(), 0);
}

/// Everything hangs on it: the house is the hash of link 0, and only its entry says whose house that is.
#[test]
fn link_0_comes_with_the_entry_that_founds_the_house() {
    let kita = Kita::new();
    let (link, entry) = (kita.house.log.link(0).unwrap(), &kita.house.entries[0]);
    let mut view = LogState::new();
    assert_eq!(view.admit(link, None), Err(RuleError::Unfounded.into()));
    let restricted = Link { class: Class::Restricted, ..*link };
    assert_eq!(view.admit(&restricted, None), Err(RuleError::Unfounded.into()));
    assert_eq!(view.admit(&restricted, Some(entry)), Err(EntryError::Commitment.into()));
    let later = kita.house.log.link(1).unwrap();
    assert_eq!(view.admit(later, Some(&kita.house.entries[1])), Err(LogError::Head));
    let moved = Link { house: None, seq: 0, prev: None, ..*later };
    assert_eq!(view.admit(&moved, Some(&kita.house.entries[1])), Err(EntryError::Commitment.into()));
    assert!(view.is_empty() && view.house().is_none() && view.relay().is_none());
    view.admit(link, Some(entry)).unwrap();
    assert_eq!(view.house(), Some(HouseId::new(*link.hash().as_bytes())));
    // One house, once: link 0 of another does not go on from here, nor does it stand in for this one.
    let other = House::empty();
    let second = Second::Sheet(person(2), kita.sheet.card());
    let founding = other.draft(&kita.eva, &found(&kita.eva, second), &[&kita.sheet], |_| {});
    let foreign = founding.link().unwrap();
    assert_eq!(view.admit(&foreign, Some(&founding)), Err(LogError::Head));
    let mut another = LogState::new();
    another.admit(&foreign, Some(&founding)).unwrap();
    assert_ne!(another.house(), view.house());
    assert_eq!(another.admit(later, Some(&kita.house.entries[1])), Err(LogError::House));
}

#[test]
fn a_guardian_learns_of_no_other_guardian() {
    let kita = Kita::new();
    let view = shown(&kita.house, &kita.cem.id());
    assert!(view.person(&person(5)).is_none());
    assert!(view.device(&kita.dana.id()).is_none());
    assert!(view.circle(&kita.private_dana).is_none());
    assert!(view.circle(&kita.child).is_some(), "delivered with the membership");
    let bytes: Vec<u8> = (0..view.len())
        .filter_map(|seq| Some((seq, view.entry(seq)?)))
        .flat_map(|(seq, _)| kita.house.entries[seq as usize].entry.to_vec())
        .collect();
    for secret in [&person(5).as_bytes()[..], kita.dana.id().as_bytes(), kita.private_dana.as_bytes()] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

#[test]
fn a_joining_device_sees_its_invite_and_its_join() {
    let mut kita = Kita::new();
    let (secret, device) = (Key::new(50), Key::new(61));
    let invited = kita.house.say(&kita.anna, &invite(&secret, person(4)));
    let joined = kita.house.say(&device, &join(kita.house.id(), invited, &secret, &device));
    let seen: Vec<u64> = (0..kita.house.log.len())
        .filter(|seq| access::sees_entry(&kita.house.log, &device.id(), *seq))
        .collect();
    assert_eq!(seen, [invited, joined]);
    assert!(access::visible(&kita.house.log, &device.id()).is_empty());
    let before = kita.house.log.clone();
    let body = confirm(&kita.house.log, joined);
    kita.house.say(&kita.anna, &body);
    let new = access::newly_seen(&before, &kita.house.log, &device.id());
    let all: Vec<u64> = (0..kita.house.log.len())
        .filter(|seq| access::sees_entry(&kita.house.log, &device.id(), *seq))
        .collect();
    assert_eq!(
        [new, vec![invited, joined]].concat().into_iter().collect::<SortedSet<_>>(),
        all.into_iter().collect()
    );
    compare(&kita.house, &device.id());
}

/// A circle that existed long before: its entries come with the membership, and are filled in in any order.
#[test]
fn older_entries_are_filled_in() {
    let mut kita = Kita::new();
    let second = circle_id(50);
    kita.house.say(&kita.anna, &Body::Circle(circle(second, Sort::Child)));
    let body = member(&kita.house.log, second, Who::Circle(kita.team));
    kita.house.say(&kita.anna, &body);
    let mut view = shown(&kita.house, &kita.cem.id());
    assert!(view.circle(&second).is_none());
    let before = kita.house.log.clone();
    let body = member(&kita.house.log, second, Who::Person(person(4)));
    let seq = kita.house.say(&kita.anna, &body);
    let new = access::newly_seen(&before, &kita.house.log, &kita.cem.id());
    assert_eq!(new, [seq - 2, seq - 1, seq]);
    // The membership first: it rests on a hidden circle and has no effect yet.
    view.admit(kita.house.log.link(seq).unwrap(), Some(&kita.house.entries[seq as usize])).unwrap();
    assert!(!access::reads(&view, &kita.cem.id(), &second));
    for seq in [seq - 1, seq - 2] {
        view.fill(seq, &kita.house.entries[seq as usize]).unwrap();
    }
    assert!(access::reads(&view, &kita.cem.id(), &second));
    assert_eq!(access::direct_readers(&view, &second).len(), 2);
    // A second time is nothing; another entry there is refused and changes nothing.
    view.fill(seq - 1, &kita.house.entries[seq as usize - 1]).unwrap();
    assert!(view.fill(seq - 1, &kita.house.entries[0]).is_err());
    assert!(view.fill(seq + 1, &kita.house.entries[0]).is_err());
    assert!(access::reads(&view, &kita.cem.id(), &second));
}

#[test]
fn withholding_shows() {
    let mut kita = Kita::new();
    kita.house
        .say(&kita.anna, &Body::MemberEnd(MemberEnd { circle: kita.parents, who: Who::Person(person(4)) }));
    let hidden = kita.house.log.len() - 1;
    kita.house.say(&kita.anna, &invite(&Key::new(50), person(4)));
    let mut view = LogState::new();
    for (seq, entry) in kita.house.entries.iter().enumerate() {
        let seq = seq as u64;
        let seen = access::sees_entry(&kita.house.log, &kita.cem.id(), seq) && seq != hidden;
        view.admit(kita.house.log.link(seq).unwrap(), seen.then_some(entry)).unwrap();
    }
    assert_eq!(view.withheld(&kita.cem.id()).collect::<Vec<_>>(), [hidden]);
    view.fill(hidden, &kita.house.entries[hidden as usize]).unwrap();
    assert_eq!(view.withheld(&kita.cem.id()).count(), 0);
}

fn guarded(house: &mut House, author: &Key, id: CircleId, numbers: &[u64]) -> u64 {
    let persons: SortedSet<PersonId> = numbers.iter().map(|number| person(*number)).collect();
    let persons = Some(persons.into_iter().collect());
    house.say(author, &Body::Circle(CircleNew { persons, ..CircleNew::new(id, Sort::Guarded) }))
}

#[test]
fn what_is_guarded_is_shown_to_its_members_alone() {
    let mut kita = Kita::new();
    let id = circle_id(50);
    let made = guarded(&mut kita.house, &kita.anna, id, &[3, 4]);
    let body = member(&kita.house.log, id, Who::Person(person(6)));
    let came = kita.house.say(&kita.ben, &body);
    for (name, key) in kita.keys() {
        println!("{name}");
        let in_it = ["ben", "cem", "eva"].contains(&name);
        for seq in [made, came] {
            assert_eq!(access::sees_entry(&kita.house.log, &key.id(), seq), in_it);
        }
        assert_eq!(shown(&kita.house, &key.id()).circle(&id).is_some(), in_it);
        assert_eq!(access::visible(&kita.house.log, &key.id()).contains(&id), in_it);
        compare(&kita.house, &key.id());
    }
    // Whoever goes has seen it to the end, and sees no more.
    let left = Body::MemberEnd(MemberEnd { circle: id, who: Who::Person(person(3)) });
    let left = kita.house.say(&kita.eva, &left);
    let body = member(&kita.house.log, id, Who::Person(person(1)));
    let later = kita.house.say(&kita.eva, &body);
    let ben = kita.ben.id();
    assert!(
        access::sees_entry(&kita.house.log, &ben, made) && access::sees_entry(&kita.house.log, &ben, left)
    );
    assert!(!access::sees_entry(&kita.house.log, &ben, later));
    assert!(access::sees_entry(&kita.house.log, &kita.anna.id(), made), "she is in it now");
    for (_, key) in kita.keys() {
        compare(&kita.house, &key.id());
    }
}

/// They write for each other, so each knows whom to wrap to; of the rest of each other's entries they see nothing.
#[test]
fn who_sits_in_a_council_knows_the_others_devices_and_no_more() {
    let mut kita = Kita::new();
    let id = circle_id(50);
    let persons = SortedSet::from([person(4), person(5)]).into_iter().collect();
    let new = CircleNew { persons: Some(persons), ..CircleNew::new(id, Sort::Council) };
    kita.house.say(&kita.anna, &Body::Circle(new));
    for (_, key) in kita.keys() {
        compare(&kita.house, &key.id());
    }
    let (cem, second) = (kita.cem.id(), Key::new(70));
    let view = shown(&kita.house, &cem);
    assert_eq!(access::epoch_targets(&view, &id).devices, SortedSet::from([cem, kita.dana.id()]));
    assert!(view.circle(&kita.private_dana).is_none());
    let private = view.circle(&kita.child).unwrap().members.contains_key(&Who::Person(person(5)));
    assert!(!private, "whose child it is, is nobody's business");
    let body = device_add(kita.house.id(), person(5), &second);
    kita.house.say(&kita.dana, &body);
    assert!(shown(&kita.house, &cem).device(&second.id()).is_some());
    // Up to the end of her being in it, and not beyond.
    let left = Body::RoleEnd(RoleEnd { person: person(5) });
    let left = kita.house.say(&kita.anna, &left);
    let again = kita.house.say(&kita.anna, &role(person(5), Role::Guardian));
    assert!(access::sees_entry(&kita.house.log, &cem, left));
    assert!(!access::sees_entry(&kita.house.log, &cem, again));
    let view = shown(&kita.house, &cem);
    assert_eq!(access::epoch_targets(&view, &id).devices, SortedSet::from([cem]));
    assert_eq!(view.withheld(&cem).count(), 0);
    for (_, key) in kita.keys() {
        compare(&kita.house, &key.id());
    }
}

/// A guardian who was under protection before they were anything is nobody to all but directors and the staff named.
#[test]
fn a_protected_guardian_does_not_exist_for_others() {
    let mut kita = Kita::new();
    let (anna, secret, phone, private) = (&kita.anna, Key::new(50), Key::new(61), circle_id(50));
    let (protected, first) = (person(20), kita.house.log.len());
    let house = &mut kita.house;
    house.say(anna, &Body::Protect(Protect { person: protected, named: vec![person(3)], on: true }));
    house.say(anna, &role(protected, Role::Guardian));
    let new =
        CircleNew { child: Some(kita.child), guardian: Some(protected), ..circle(private, Sort::Private) };
    house.say(anna, &Body::Circle(new));
    for who in [Who::Circle(kita.directors), Who::Person(protected)] {
        let body = member(&house.log, private, who);
        house.say(anna, &body);
    }
    let invited = house.say(anna, &invite(&secret, protected));
    let joined = house.say(&phone, &join(house.id(), invited, &secret, &phone));
    let body = confirm(&house.log, joined);
    house.say(anna, &body);
    for (name, key) in kita.keys() {
        println!("{name}");
        let knows = ["anna", "eva", "ben", "sheet"].contains(&name);
        let view = shown(&kita.house, &key.id());
        assert_eq!(view.person(&protected).is_some(), knows);
        assert_eq!(view.device(&phone.id()).is_some(), knows);
        assert_eq!(view.circle(&private).is_some(), knows);
        assert_eq!((first..kita.house.log.len()).any(|seq| view.entry(seq).is_some()), knows);
        assert_eq!(view.withheld(&key.id()).count(), 0);
        compare(&kita.house, &key.id());
    }
    compare(&kita.house, &phone.id());
    // What all staff see is the same for all staff, and says nothing of it.
    let digest = kita.house.log.staff_digest(kita.house.log.len() - 1);
    for key in [&kita.anna, &kita.ben, &kita.tablet] {
        assert_eq!(shown(&kita.house, &key.id()).staff_digest(kita.house.log.len() - 1), digest);
    }
    assert_eq!(digest, kita.house.log.staff_digest(first - 1));
}

#[test]
fn the_end_of_protection_shows_the_past_to_all_staff() {
    let mut kita = Kita::new();
    let (protected, first) = (person(20), kita.house.log.len());
    kita.house.say(&kita.anna, &Body::Protect(Protect { person: protected, named: vec![], on: true }));
    kita.house.say(&kita.anna, &role(protected, Role::Guardian));
    let before = kita.house.log.clone();
    let (ben, cem) = (kita.ben.id(), kita.cem.id());
    let mut view = shown(&kita.house, &ben);
    let body = Body::Protect(Protect { person: protected, named: vec![person(3)], on: true });
    let named = kita.house.say(&kita.anna, &body);
    assert_eq!(access::newly_seen(&before, &kita.house.log, &ben), (first..=named).collect::<Vec<_>>());
    let body = Body::Protect(Protect { person: protected, named: vec![], on: true });
    kita.house.say(&kita.anna, &body);
    assert!(!access::sees_entry(&kita.house.log, &ben, first));
    let body = Body::Protect(Protect { person: protected, named: vec![], on: false });
    let off = kita.house.say(&kita.anna, &body);
    let past: Vec<u64> = (first..=off).collect();
    assert_eq!(access::newly_seen(&before, &kita.house.log, &ben), past);
    assert_eq!(access::late(&kita.house.log, &ben, kita.house.log.len()), past);
    assert_eq!(access::newly_seen(&before, &kita.house.log, &cem), [] as [u64; 0]);
    for seq in before.len()..=off {
        view.admit(kita.house.log.link(seq).unwrap(), None).unwrap();
    }
    for seq in past {
        view.fill(seq, &kita.house.entries[seq as usize]).unwrap();
    }
    assert_eq!(facts(&view, &kita.circles(), &ben), facts(&kita.house.log, &kita.circles(), &ben));
    assert_eq!(view.person(&protected).unwrap().role, Some(Role::Guardian));
    for (_, key) in kita.keys() {
        compare(&kita.house, &key.id());
    }
}

/// They write for each other already; else the circle could not be given new keys.
#[test]
fn who_was_in_a_guarded_circle_before_protection_goes_on_knowing() {
    let mut kita = Kita::new();
    let (id, second) = (circle_id(50), Key::new(70));
    guarded(&mut kita.house, &kita.ben, id, &[3, 4]);
    for (circle, who) in [
        (kita.child, Who::Person(person(4))),
        (kita.parents, Who::Person(person(4))),
        (kita.private_cem, Who::Circle(kita.team)),
    ] {
        kita.house.say(&kita.anna, &Body::MemberEnd(MemberEnd { circle, who }));
    }
    kita.house.say(&kita.anna, &Body::Protect(Protect { person: person(4), named: vec![], on: true }));
    let body = device_add(kita.house.id(), person(4), &second);
    let added = kita.house.say(&kita.cem, &body);
    let ben = kita.ben.id();
    assert!(access::sees_entry(&kita.house.log, &ben, added));
    let view = shown(&kita.house, &ben);
    let devices = SortedSet::from([ben, kita.cem.id(), second.id()]);
    assert_eq!(access::epoch_targets(&view, &id).devices, devices);
    assert!(!access::sees_entry(&kita.house.log, &kita.tablet.id(), added));
    for (name, key) in kita.keys() {
        println!("{name}");
        compare(&kita.house, &key.id());
        let head = kita.house.log.len() - 1;
        let view = shown(&kita.house, &key.id());
        if access::role_of(&view, &key.id()).unwrap().1 != Role::Guardian {
            assert_eq!(view.staff_digest(head), kita.house.log.staff_digest(head));
        }
    }
}

/// Who comes to see older entries is sent them, online or not.
#[test]
fn staff_are_sent_what_they_come_to_see() {
    let mut kita = Kita::new();
    let id = circle_id(50);
    let made = guarded(&mut kita.house, &kita.anna, id, &[3]);
    let before = kita.house.log.clone();
    let eva = kita.eva.id();
    let mut view = shown(&kita.house, &eva);
    assert_eq!(access::late(&before, &eva, before.len()), [] as [u64; 0]);
    let body = member(&before, id, Who::Person(person(6)));
    let came = kita.house.say(&kita.ben, &body);
    assert_eq!(access::newly_seen(&before, &kita.house.log, &eva), [made, came]);
    assert_eq!(access::late(&kita.house.log, &eva, before.len()), [made]);
    view.admit(kita.house.log.link(came).unwrap(), Some(&kita.house.entries[came as usize])).unwrap();
    assert!(!access::reads(&view, &eva, &id));
    view.fill(made, &kita.house.entries[made as usize]).unwrap();
    assert!(access::reads(&view, &eva, &id));
    // A guardian is sent again all that is not for everybody.
    let cem = kita.cem.id();
    let late = access::late(&kita.house.log, &cem, kita.house.log.len());
    assert!(late.iter().all(|seq| access::sees_entry(&kita.house.log, &cem, *seq)));
    assert!(late.len() > 5 && !late.contains(&made));
}

/// Staff do not see every entry any more; what all of them see is digested in the reader lists of each other's epochs.
#[test]
fn staff_notice_what_is_kept_from_them() {
    let mut kita = Kita::new();
    guarded(&mut kita.house, &kita.anna, circle_id(50), &[3]);
    let gone = MemberEnd { circle: kita.child, who: Who::Person(person(4)) };
    let withheld = kita.house.say(&kita.anna, &Body::MemberEnd(gone));
    let digest = |house: &House| house.log.staff_digest(house.log.len() - 1);
    let mut desk = kita.house.desk();
    desk.staff = digest(&kita.house);
    desk.epoch(&kita.ben, kita.staff);
    let frame = desk.done();
    let eva = kita.eva.id();
    let view_without = |seq: Option<u64>| {
        let mut view = LogState::new();
        for (at, entry) in kita.house.entries.iter().enumerate() {
            let at = at as u64;
            let seen = access::sees_entry(&kita.house.log, &eva, at) && Some(at) != seq;
            view.admit(kita.house.log.link(at).unwrap(), seen.then_some(entry)).unwrap();
        }
        view
    };
    let replayed = |view: &LogState| {
        let mut epochs = kita.house.epochs.clone();
        let header = frame.records[0].check().unwrap();
        let body = nestpost_protocol::epoch::EpochBody::decode(&frame.records[0].body).unwrap();
        epochs.admit(view, &header, body, Some(&frame.readers[0].list)).unwrap();
        epochs
    };
    let view = view_without(None);
    assert_eq!(view.hidden().count(), 1, "the guarded circle");
    assert!(!replayed(&view).contradicts(&view));
    let mut view = view_without(Some(withheld));
    assert!(access::reads(&view, &kita.cem.id(), &kita.child), "believes what is no more");
    assert!(replayed(&view).contradicts(&view));
    view.fill(withheld, &kita.house.entries[withheld as usize]).unwrap();
    assert!(!replayed(&view).contradicts(&view));
}

/// Epochs as a guardian replays them, with a log that is ahead of them.
#[test]
fn a_guardian_replays_epochs() {
    let mut kita = Kita::new();
    let mut desk = kita.house.desk();
    desk.say(&kita.anna, &Body::RoleEnd(RoleEnd { person: person(3) }));
    desk.epoch(&kita.anna, kita.team);
    kita.house.submit(desk.done()).unwrap();
    let mut desk = kita.house.desk();
    desk.epoch(&kita.cem, kita.private_cem);
    kita.house.submit(desk.done()).unwrap();
    let view = shown(&kita.house, &kita.cem.id());
    let visible = access::visible(&view, &kita.cem.id());
    assert_eq!(visible.len(), 7, "house, group, child, private, team, parents and directors' keys");
    for backwards in [false, true] {
        let mut epochs = Epochs::new();
        let mut order: Vec<CircleId> = visible.iter().copied().collect();
        if backwards {
            order.reverse();
        }
        for circle in order {
            for frame in &kita.house.frames {
                for record in &frame.records {
                    let header = record.check().unwrap();
                    if header.circle == circle {
                        let body = nestpost_protocol::epoch::EpochBody::decode(&record.body).unwrap();
                        let list = frame.readers.iter().find(|list| list.record == record.id());
                        let list = access::sees_reader_list(&view, &kita.cem.id(), &circle)
                            .then(|| &list.unwrap().list);
                        epochs.admit(&view, &header, body, list).unwrap();
                    }
                }
            }
        }
        for circle in &visible {
            let number = kita.house.epochs.current(circle).unwrap().number;
            assert_eq!(epochs.current(circle).unwrap().number, number);
        }
        for circle in [kita.private_cem, kita.team] {
            assert_eq!(epochs.stale(&view, &circle), kita.house.epochs.stale(&kita.house.log, &circle));
        }
        assert!(epochs.stale(&view, &kita.child).is_some(), "names the team's old epoch");
    }
}

/// Nobody was written into the circle, or into the team.
#[test]
fn whoever_holds_a_key_circle_comes_with_it() {
    let kita = Kita::new();
    let mut house = kita.house.clone();
    let (ben, team) = (house.log.device(&kita.ben.id()).unwrap().person, circle_id(90));
    let say = |house: &mut House, body: &Body| {
        let entry = house.draft(&kita.anna, body, &[], |_| {});
        house.take(entry).unwrap();
    };
    say(&mut house, &Body::MemberEnd(MemberEnd { circle: kita.team, who: Who::Person(ben) }));
    say(&mut house, &Body::Circle(circle(team, Sort::Team)));
    let body = member(&house.log, team, Who::Person(ben));
    say(&mut house, &body);
    let before = house.log.clone();
    let body = member(&house.log, kita.child, Who::Circle(team));
    say(&mut house, &body);
    let arrivals = access::Arrivals::between(&before, &house.log);
    assert_eq!(arrivals.of(&kita.child), [kita.ben.id()]);
    assert!(arrivals.of(&kita.group).is_empty());
}

/// One random act on a house; most are refused, which is as good.
pub fn act(kita: &Kita, house: &mut House, choice: u8, a: u8, b: u8) -> Option<OpenEntry> {
    let keys = kita.keys();
    let author = if choice.is_multiple_of(3) { keys[a as usize % keys.len()].1 } else { &kita.anna };
    let who = person(1 + u64::from(a % 9));
    let circles: Vec<CircleId> = house.log.circles().map(|circle| circle.id).collect();
    let place = circles[b as usize % circles.len()];
    let body = match choice % 11 {
        0 => role(who, [Role::Educator, Role::Guardian, Role::Place][b as usize % 3]),
        1 => Body::RoleEnd(RoleEnd { person: who }),
        2 | 3 => member(&house.log, place, Who::Person(who)),
        4 => member(&house.log, place, Who::Circle(circles[a as usize % circles.len()])),
        5 => Body::MemberEnd(MemberEnd { circle: place, who: Who::Person(who) }),
        6 => invite(&Key::new(1000 + u64::from(a) * 256 + u64::from(b)), who),
        7 => {
            let key = Key::new(5000 + u64::from(a) * 256 + u64::from(b));
            let own = keys[a as usize % keys.len()].1;
            let mine = house.log.device(&own.id())?.person;
            let entry = house.draft(own, &device_add(house.id(), mine, &key), &[], |_| {});
            return house.take(entry.clone()).ok().map(|_| entry);
        }
        8 => {
            let id = circle_id(2000 + house.log.len());
            let persons = SortedSet::from([who, person(1 + u64::from(b % 9))]).into_iter().collect();
            let sort = if choice.is_multiple_of(4) { Sort::Council } else { Sort::Guarded };
            Body::Circle(CircleNew { persons: Some(persons), ..CircleNew::new(id, sort) })
        }
        9 => {
            let named = SortedSet::from([person(1 + u64::from(b % 9))]).into_iter();
            let on = !choice.is_multiple_of(4);
            let named = named.filter(|_| on && b.is_multiple_of(2)).collect();
            Body::Protect(Protect { person: who, named, on })
        }
        _ => Body::DeviceEnd(DeviceEnd { device: keys[a as usize % keys.len()].1.id() }),
    };
    let cosigners: &[&Key] = if choice.is_multiple_of(4) { &[&kita.sheet] } else { &[] };
    let entry = house.draft(author, &body, cosigners, |_| {});
    house.take(entry.clone()).ok().map(|_| entry)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::cases(48), ..ProptestConfig::default() })]

    /// After any history, every device's view gives the same facts about that device.
    #[test]
    fn a_partial_view_is_enough(acts in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 0..40)) {
        let kita = Kita::new();
        let mut house = kita.house.clone();
        for (choice, a, b) in acts {
            act(&kita, &mut house, choice, a, b);
        }
        for (_, key) in kita.keys() {
            compare(&house, &key.id());
        }
    }

    /// Whoever reads a circle was made a reader of it or of a key circle in it, and holds a role; nobody else is ever
    /// a target of its epochs.
    #[test]
    fn targets_are_readers(acts in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 0..40)) {
        let kita = Kita::new();
        let mut house = kita.house.clone();
        for (choice, a, b) in acts {
            act(&kita, &mut house, choice, a, b);
        }
        for circle in house.log.circles().map(|circle| circle.id) {
            let readers = access::readers(&house.log, &circle);
            for device in access::epoch_targets(&house.log, &circle).devices {
                prop_assert!(access::reads(&house.log, &device, &circle));
                prop_assert!(readers.contains(&house.log.device(&device).unwrap().person));
            }
            for reader in readers {
                prop_assert!(house.log.person(&reader).unwrap().role.is_some());
            }
        }
    }

    /// Who came to read a circle is found without asking all devices about all circles.
    #[test]
    fn nobody_who_came_is_passed_over(
        first in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 0..20),
        then in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 1..12),
    ) {
        let kita = Kita::new();
        let mut house = kita.house.clone();
        for (choice, a, b) in first {
            act(&kita, &mut house, choice, a, b);
        }
        let before = house.log.clone();
        for (choice, a, b) in then {
            act(&kita, &mut house, choice, a, b);
            let arrivals = access::Arrivals::between(&before, &house.log);
            for circle in house.log.circles().map(|circle| circle.id) {
                let came: Vec<DeviceId> = house
                    .log
                    .devices()
                    .map(|(id, _)| *id)
                    .filter(|device| access::reads(&house.log, device, &circle) && !access::reads(&before, device, &circle))
                    .collect();
                prop_assert_eq!(arrivals.of(&circle), came);
            }
        }
    }
}
