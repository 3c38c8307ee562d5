//! Who comes to hold, to fetch and to release a blob, in any house and after any history: against a model that asks for
//! sets of readers where the rules ask for one.

use std::collections::{BTreeMap, BTreeSet};

use nestpost_protocol::access;
use nestpost_protocol::blob::{BlobFact, HoldFact, may_fetch, may_release};
use nestpost_protocol::id::*;
use nestpost_protocol::log::LogState;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::message::RefusalCode;
use nestpost_protocol::record::Side;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::house::*;
use crate::views::act;

const BLOBS: u64 = 6;

/// One record of a frame. What is said at random is nearly always refused.
#[derive(Debug, Clone)]
struct Said {
    author: prop::sample::Index,
    circle: prop::sample::Index,
    blobs: Vec<u64>,
    release: bool,
    /// One blob, by somebody who could, where they write or where it is held.
    likely: bool,
}

#[derive(Debug, Clone)]
enum Step {
    /// The log moves on.
    Entry(u8, u8, u8),
    /// Holds and releases in one frame.
    Frame(Vec<Said>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = any::<prop::sample::Index>;
    let blobs = prop::collection::vec(1..=BLOBS + 1, 1..3);
    let said = (index(), index(), blobs, prop::bool::weighted(0.3), prop::bool::weighted(0.8))
        .prop_map(|(author, circle, blobs, release, likely)| Said { author, circle, blobs, release, likely });
    let step = prop_oneof![
        1 => any::<(u8, u8, u8)>().prop_map(|(choice, a, b)| Step::Entry(choice, a, b)),
        3 => prop::collection::vec(said, 1..4).prop_map(Step::Frame),
    ];
    prop::collection::vec(step, 1..40)
}

/// A blob as the model knows it.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    reserver: PersonId,
    complete: bool,
    holds: BTreeMap<(CircleId, Side), PersonId>,
}

#[derive(Clone)]
struct Model {
    blobs: BTreeMap<u64, Known>,
    /// Everyone who ever could have had the bytes.
    met: BTreeMap<u64, BTreeSet<PersonId>>,
}

impl Model {
    fn readers(log: &LogState, known: &Known) -> BTreeSet<PersonId> {
        known.holds.keys().flat_map(|(circle, _)| access::readers(log, circle)).collect()
    }

    /// What a record must be answered, and what it changes.
    fn say(
        &mut self,
        log: &LogState,
        author: &Key,
        circle: CircleId,
        numbers: &[u64],
        release: bool,
    ) -> Result<(), RefusalCode> {
        let Some(side) = access::side_of(log, &author.id(), &circle) else {
            return Err(RefusalCode::NotAllowed);
        };
        let (me, role) = access::role_of(log, &author.id()).unwrap();
        let place = (circle, side);
        let ended = |of: &(CircleId, Side), holder: &PersonId| match role {
            Role::Director => of.0 == circle,
            _ => *of == place && *holder == me,
        };
        for number in numbers {
            let known = self.blobs.get(number).ok_or(RefusalCode::Blob)?;
            let may = if release {
                known.holds.iter().any(|(of, holder)| ended(of, holder))
            } else if known.holds.is_empty() || side != Side::Staff {
                known.complete && known.reserver == me
            } else {
                Self::readers(log, known).contains(&me)
            };
            if !may {
                return Err(RefusalCode::Blob);
            }
        }
        for number in numbers {
            let holds = &mut self.blobs.get_mut(number).unwrap().holds;
            if release {
                holds.retain(|of, holder| !ended(of, holder));
            } else {
                holds.entry(place).or_insert(me);
            }
        }
        Ok(())
    }

    fn choose<'k>(
        &self,
        log: &LogState,
        said: &Said,
        keys: &[&'k Key],
        circles: &[CircleId],
    ) -> (&'k Key, CircleId, Vec<u64>) {
        let any = (
            keys[said.author.index(keys.len())],
            circles[said.circle.index(circles.len())],
            said.blobs.clone(),
        );
        let number = said.blobs[0];
        let Some(known) = self.blobs.get(&number).filter(|_| said.likely) else { return any };
        let of = |key: &Key| log.device(&key.id()).map(|device| device.person);
        let able: Vec<&Key> = keys
            .iter()
            .copied()
            .filter(|key| {
                let person = of(key);
                // A guardian reads what they may not keep.
                if known.holds.is_empty() {
                    person == Some(known.reserver)
                } else {
                    person.is_some_and(|person| Self::readers(log, known).contains(&person))
                }
            })
            .collect();
        if able.is_empty() {
            return any;
        }
        let key = able[said.author.index(able.len())];
        let writes = |circle: &CircleId| access::side_of(log, &key.id(), circle).is_some();
        let held = |circle: &CircleId| !said.release || known.holds.keys().any(|(held, _)| held == circle);
        let places: Vec<CircleId> =
            circles.iter().filter(|circle| writes(circle) && held(circle)).copied().collect();
        if places.is_empty() {
            return any;
        }
        (key, places[said.circle.index(places.len())], vec![number])
    }

    fn meet(&mut self, log: &LogState) {
        for (number, known) in &self.blobs {
            self.met.get_mut(number).unwrap().extend(Self::readers(log, known));
        }
    }
}

#[derive(Default)]
struct Count {
    held: usize,
    shared: usize,
    released: usize,
    refused: usize,
}

fn prepared() -> (Kita, Model) {
    let mut kita = Kita::new();
    let mut model = Model { blobs: BTreeMap::new(), met: BTreeMap::new() };
    kita.house.blobs.clear();
    let owners = [&kita.ben, &kita.cem, &kita.dana, &kita.tablet, &kita.anna, &kita.ben];
    for (number, owner) in (1..=BLOBS).zip(owners) {
        let complete = number < BLOBS;
        let reserver = kita.house.log.device(&owner.id()).unwrap().person;
        let fact = BlobFact { complete, reserver: owner.id(), holds: Vec::new() };
        kita.house.blobs.insert(blob(number), fact);
        model.blobs.insert(number, Known { reserver, complete, holds: BTreeMap::new() });
        model.met.insert(number, BTreeSet::from([reserver]));
    }
    (kita, model)
}

/// The house's blobs as the model would have them.
fn as_known(house: &House) -> BTreeMap<u64, Known> {
    let person = |device: &DeviceId| house.log.device(device).unwrap().person;
    (1..=BLOBS)
        .filter_map(|number| {
            let fact = house.blobs.get(&blob(number))?;
            let hold = |hold: &HoldFact| ((hold.circle, hold.side), person(&hold.author));
            let holds: BTreeMap<_, _> = fact.holds.iter().map(hold).collect();
            assert_eq!(holds.len(), fact.holds.len(), "a side holds a blob once");
            Some((number, Known { reserver: person(&fact.reserver), complete: fact.complete, holds }))
        })
        .collect()
}

fn run(steps: &[Step], count: &mut Count) -> Result<(), TestCaseError> {
    let (kita, mut model) = prepared();
    let mut house = kita.house.clone();
    let stranger = Key::new(60);
    let keys: Vec<&Key> = kita.keys().iter().map(|(_, key)| *key).chain([&stranger]).collect();
    let circles = kita.circles();
    for step in steps {
        match step {
            Step::Entry(choice, a, b) => {
                act(&kita, &mut house, *choice, *a, *b);
            }
            Step::Frame(said) => {
                let (mut desk, mut next, mut answer) = (house.desk(), model.clone(), Ok(()));
                let mut named = BTreeSet::new();
                for said in said {
                    let (key, circle, numbers) = next.choose(&house.log, said, &keys, &circles);
                    named.extend(numbers.iter().copied());
                    let (numbers, release) = (numbers.as_slice(), &said.release);
                    let met = next.met.clone();
                    let first = numbers.iter().all(|n| next.blobs.get(n).is_some_and(|b| b.holds.is_empty()));
                    if *release {
                        desk.release(key, circle, numbers);
                    } else {
                        desk.hold(key, circle, numbers, |_| {});
                    }
                    answer = answer.and_then(|()| next.say(&house.log, key, circle, numbers, *release));
                    if answer.is_ok() && !release {
                        let me = house.log.device(&key.id()).unwrap().person;
                        prop_assert!(numbers.iter().all(|n| met[n].contains(&me)), "never had the bytes");
                        next.meet(&house.log);
                    }
                    match (answer, release, first) {
                        (Err(_), ..) => count.refused += 1,
                        (Ok(()), true, _) => count.released += 1,
                        (Ok(()), false, true) => count.held += 1,
                        (Ok(()), false, false) => count.shared += 1,
                    }
                }
                let got = house.submit(desk.done()).map(|_| ()).map_err(|refusal| refusal.code);
                prop_assert_eq!(got, answer);
                if answer.is_ok() {
                    model = next;
                    model.blobs.retain(|number, known| !named.contains(number) || !known.holds.is_empty());
                }
            }
        }
        prop_assert_eq!(&as_known(&house), &model.blobs);
        model.meet(&house.log);
        for (number, known) in &model.blobs {
            let readers = Model::readers(&house.log, known);
            for (device, fact) in house.log.devices() {
                let expected = fact.is_live() && readers.contains(&fact.person);
                prop_assert_eq!(may_fetch(&house.log, device, &house.blobs[&blob(*number)]), expected);
            }
            prop_assert!(!may_fetch(&house.log, &stranger.id(), &house.blobs[&blob(*number)]));
        }
    }
    Ok(())
}

/// Nobody who reads no circle that holds a blob makes another circle hold it, or fetches it; and who does, fetches it and,
/// of the staff, shares it. No guardian keeps what others put there.
#[test]
fn only_readers_of_a_holding_circle_share_and_fetch() {
    let config =
        ProptestConfig { cases: crate::cases(64), failure_persistence: None, ..ProptestConfig::default() };
    let count = std::cell::RefCell::new(Count::default());
    let mut runner = TestRunner::new(config);
    let result = runner.run(&steps(), |steps| run(&steps, &mut count.borrow_mut()));
    if let Err(error) = result {
        panic!("{error}");
    }
    // A property of nothing but refusals would prove nothing.
    let Count { held, shared, released, refused } = count.into_inner();
    println!("{held} held, {shared} shared, {released} released, {refused} refused");
    assert!(held > 20 && shared > 10 && released > 5 && refused > 100);
}

/// Nobody keeps what no director could take away.
#[test]
fn a_director_releases_every_hold_and_everybody_else_their_own() {
    let kita = Kita::new();
    let hold = |side, author: &Key| HoldFact { circle: kita.private_cem, side, author: author.id() };
    let may = |key: &Key, hold: &HoldFact| may_release(&kita.house.log, &key.id(), hold);
    let (staff, cems) = (hold(Side::Staff, &kita.ben), hold(Side::Person(person(4)), &kita.cem));
    for (name, key) in kita.keys() {
        assert_eq!(may(key, &staff), ["anna", "eva", "ben"].contains(&name), "{name}");
        assert_eq!(may(key, &cems), ["anna", "eva", "cem"].contains(&name), "{name}");
    }
    assert!(!may(&Key::new(60), &staff) && !may(&Key::new(60), &cems));
}
