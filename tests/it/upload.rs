//! What it costs to remove one of many: bytes that go to the relay until everybody else can read the next bulletin.

use nestpost_core::app::command::{NoArgs, StaffRole};
use nestpost_core::app::view::GroupSymbol;
use nestpost_core::app::{Command, Query, Reply, View};
use nestpost_core::crypto::DeviceKeys;
use nestpost_protocol::id::{CircleId, InviteKey, PersonId, Salt};
use nestpost_protocol::log::entry::{ENTRY_VERSION, Entry, EntryBody, OpenEntry};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::confirm::Confirm;
use nestpost_protocol::log::kind::device_add::{self, DeviceAdd};
use nestpost_protocol::log::kind::invite::Invite;
use nestpost_protocol::log::kind::join::{Join, proof_input};
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::log::{Body, LogState};
use nestpost_protocol::message::Frame;
use nestpost_protocol::{access, codec, label};
use nestpost_tests::world::World;

use crate::engine::{admit, id, person};

const GROUPS: usize = 20;
const FAMILIES_PER_GROUP: usize = 25;
const BYTES_MAX: usize = 25_000;
/// Where everybody has two devices: the group's parents are given their new keys on each, 409 bytes. Of these 221 are sealed (96 of an age header,
/// 125 of the secret and what it is for), 66 the signature, 77 on average the stanza that age adds at random, 37 the device.
const BYTES_OF_TWO_DEVICES_MAX: usize = 35_000;

/// Writes many people into the log as one director and their devices would.
struct Scribe {
    log: LogState,
    director: DeviceKeys,
    entries: Vec<OpenEntry>,
    frames: Vec<Frame>,
    count: u64,
}

impl Scribe {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        self.count += 1;
        let hash = codec::sha256(&[b"scribe", &self.count.to_be_bytes()]);
        std::array::from_fn(|i| hash[i])
    }

    fn say(&mut self, author: &DeviceKeys, body: &Body) -> u64 {
        let (class, _) = self.log.classify(body);
        let (kind, bytes) = body.encode();
        let head = self.log.head().unwrap();
        let signed = codec::encode(&EntryBody {
            version: ENTRY_VERSION,
            house: self.log.house(),
            seq: head.seq + 1,
            prev: Some(head.hash),
            class,
            kind,
            author: author.id(),
            body: bytes.into(),
            before: self.log.before(body),
        });
        let signature = author.sign(label::ENTRY, &signed);
        let entry = codec::encode(&Entry { signed: signed.into(), signature, cosignatures: Vec::new() });
        let open = OpenEntry { entry: entry.into(), salt: Salt::new(self.bytes()) };
        self.log.admit(&open.link().unwrap(), Some(&open)).expect("an entry that holds");
        self.entries.push(open);
        if self.entries.len() == 60 {
            self.cut();
        }
        head.seq + 1
    }

    fn cut(&mut self) {
        let entries = std::mem::take(&mut self.entries);
        self.frames.push(Frame { entries, ..Frame::default() });
    }

    /// Somebody with a role, a place among these readers, and devices.
    fn person(&mut self, role: Role, circle: CircleId, devices: usize) {
        let director = self.director.clone();
        let person = PersonId::new(self.bytes());
        self.say(&director, &Body::Role(RoleGrant { person, role }));
        let circle_seq = self.log.circle(&circle).unwrap().seq;
        let who = Who::Person(person);
        self.say(&director, &Body::Member(Member { circle, circle_seq, who, history: History::All }));
        let secret = DeviceKeys::from_seed(self.bytes());
        let (key, mac) =
            (InviteKey::new(*secret.id().as_bytes()), nestpost_protocol::id::Hash::new(self.bytes()));
        let invite = self.say(
            &director,
            &Body::Invite(Invite { key, person, mac, greeting: vec![1; 40].into(), days: 14 }),
        );
        let device = DeviceKeys::from_seed(self.bytes());
        let card = device.card();
        let proof = secret.sign(label::JOIN, &proof_input(self.log.house().unwrap(), invite, card));
        let join = self.say(&device, &Body::Join(Join { invite, device: card, proof }));
        let commitment = self.log.link(join).unwrap().commitment;
        self.say(&director, &Body::Confirm(Confirm { join, commitment }));
        for _ in 1..devices {
            let other = DeviceKeys::from_seed(self.bytes());
            let input = device_add::proof_input(self.log.house().unwrap(), person, other.card());
            let proof = other.sign(label::DEVICE_ADD, &input);
            self.say(
                &device,
                &Body::DeviceAdd(DeviceAdd { person, device: other.card(), proof, sheet: None }),
            );
        }
    }
}

fn circle(log: &LogState, sort: Sort, team: CircleId) -> CircleId {
    log.circles().find(|circle| circle.sort == sort && circle.team == Some(team)).unwrap().id
}

fn bulletins(world: &World, name: &str) -> usize {
    match world.query(name, &Query::Bulletins(NoArgs {})).unwrap() {
        View::Bulletins(all) => all.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn removing_one_of_500_guardians_uploads_little_before_the_next_bulletin() {
    remove_one_of_500(1, BYTES_MAX);
}

#[test]
fn with_two_devices_each_it_is_less_than_twice_as_much() {
    remove_one_of_500(2, BYTES_OF_TWO_DEVICES_MAX);
}

/// All but those who are looked at have so many devices.
fn remove_one_of_500(devices: usize, bytes_max: usize) {
    let mut world = World::new();
    world.found("dora");
    let mut teams: Vec<CircleId> = Vec::new();
    for number in 0..GROUPS {
        let name = format!("Gruppe {number}");
        let reply = world.command("dora", Command::CreateGroup { name, symbol: GroupSymbol::Fox }).unwrap();
        teams.push(id(reply).parse().unwrap());
        world.settle();
    }
    // Those whose screens are looked at have a device of their own; the others stand in the log as they would.
    let mut real = Vec::new();
    for (name, group) in [("maria", 0), ("olga", 0), ("frank", 1)] {
        let group = teams[group].to_string();
        let child = id(world.command("dora", Command::CreateChild { name: name.into(), group }).unwrap());
        world.settle();
        let guardian = Command::CreateGuardian { name: name.into(), child, relation: None };
        let guardian = person(world.command("dora", guardian).unwrap());
        world.settle();
        admit(&mut world, name, &guardian);
        real.push(guardian);
    }
    let staff = Command::CreateStaff {
        name: "erik".into(),
        role: StaffRole::Educator,
        groups: vec![teams[1].to_string()],
        until: None,
    };
    let erik = person(world.command("dora", staff).unwrap());
    world.settle();
    admit(&mut world, "erik", &erik);

    for name in ["dora", "maria", "olga", "frank", "erik"] {
        world.set_offline(name, true);
    }
    let log = world.relay.log().clone();
    let mut scribe =
        Scribe { log, director: world.keys("dora"), entries: Vec::new(), frames: Vec::new(), count: 0 };
    for (place, team) in teams.iter().enumerate() {
        scribe.person(Role::Educator, *team, 1);
        let parents = circle(&scribe.log, Sort::Parents, *team);
        for _ in [2, 1].get(place).copied().unwrap_or(0)..FAMILIES_PER_GROUP {
            scribe.person(Role::Guardian, parents, devices);
        }
    }
    scribe.cut();
    for frame in scribe.frames {
        world.relay.forge(&frame).expect("the fixture holds");
    }
    for name in ["dora", "maria", "olga", "frank", "erik"] {
        world.set_offline(name, false);
    }
    world.settle();
    let guardians = |log: &LogState| {
        let all = log.persons().filter(|(_, person)| person.role == Some(Role::Guardian));
        all.filter(|(_, person)| !person.devices.is_empty()).count()
    };
    assert_eq!(guardians(world.relay.log()), 500);
    let bulletin = |title: &str| Command::PostBulletin {
        group: None,
        title: title.into(),
        body: "Am Freitag ist das Haus ab zwei Uhr geschlossen.".into(),
        set: None,
    };
    world.command("dora", bulletin("Vorher")).unwrap();
    world.settle();
    assert_eq!(["maria", "frank", "erik"].map(|name| bulletins(&world, name)), [1, 1, 1]);

    let before = world.relay.received.len();
    let refused = world.relay.refusals.len();
    let remove = Command::RemovePerson { person: real[0].clone(), sheet: None };
    assert_eq!(world.command("dora", remove), Ok(Reply::empty()));
    world.command("dora", bulletin("Nachher")).unwrap();
    world.settle();
    let bytes = world.relay.uploaded.last().unwrap() - before;
    println!("{} bytes with all acknowledgements", world.relay.received.len() - before);
    assert_eq!(world.relay.refusals.len(), refused);
    // Everybody else reads it: in the group, in others, and a team by way of its parents' keys.
    assert_eq!(["olga", "frank", "erik"].map(|name| bulletins(&world, name)), [2, 2, 2]);
    let house = world.engine("dora").house();
    let circle = house.sole(Sort::House).unwrap();
    let current = world.relay.epoch(&circle).unwrap();
    assert!(!world.engine("maria").holds_epoch(&circle, current), "who was removed has no key to it");
    assert!(!access::reads(world.relay.log(), &world.engine("maria").house().me, &circle));
    println!("{bytes} bytes");
    assert!(bytes <= bytes_max, "{bytes} bytes");
    // Nothing of it is owed: the next one is as small as a bulletin is.
    let before = world.relay.received.len();
    world.command("erik", bulletin("Danach")).unwrap();
    world.settle();
    assert_eq!(bulletins(&world, "olga"), 3);
    assert!(world.relay.received.len() - before < 4_000);
}
