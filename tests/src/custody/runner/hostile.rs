//! What a modified app could try: frames with true signatures that say what their author may not. A relay must refuse each.

use std::collections::BTreeSet;

use nestpost_core::code;
use nestpost_core::crypto::DeviceKeys;
use nestpost_protocol::access;
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::epoch::{Addressee, EpochBody, KeyEpoch, Reader, ReaderList, Wrap, WrapHead};
use nestpost_protocol::epochs::EpochPlan;
use nestpost_protocol::id::{CircleId, DeviceId, DocumentId, Hash, InviteKey, Nonce, PersonId, Salt};
use nestpost_protocol::label;
use nestpost_protocol::log::entry::{Cosignature, ENTRY_VERSION, cosign_input};
use nestpost_protocol::log::kind::circle::{CircleNew, Sort};
use nestpost_protocol::log::kind::device_add::{DeviceAdd, proof_input};
use nestpost_protocol::log::kind::device_end::DeviceEnd;
use nestpost_protocol::log::kind::invite::Invite;
use nestpost_protocol::log::kind::member::{History, Member, Who};
use nestpost_protocol::log::kind::member_end::MemberEnd;
use nestpost_protocol::log::kind::order::{Order, order_input};
use nestpost_protocol::log::kind::protect::Protect;
use nestpost_protocol::log::kind::role::{Role, RoleGrant};
use nestpost_protocol::log::kind::role_end::RoleEnd;
use nestpost_protocol::log::{Body, Entry, EntryBody, LogState, OpenEntry};
use nestpost_protocol::message::{EpochReaders, Frame};
use nestpost_protocol::record::{
    HEADER_VERSION, Header, Kind, LogHead, Position, Record, Sealing, Side, Suite,
};
use nestpost_protocol::retention::{Class, expiry};

use super::Runner;
use crate::custody::model::{Kind as Job, Model};
use crate::relay::MemoryRelay;

/// One attempt, in words.
struct Attempt {
    what: String,
    frame: Frame,
    /// What the log itself has to refuse, whatever keys come with it.
    alone: bool,
}

impl Attempt {
    fn is_taken(&self, relay: &mut MemoryRelay) -> bool {
        if !self.alone {
            return relay.forge(&self.frame).is_ok();
        }
        let mut log = relay.log().clone();
        self.frame.entries.iter().all(|open| log.admit(&open.link().unwrap(), Some(open)).is_ok())
    }
}

fn invite(person: PersonId) -> Body {
    let (key, mac) = (InviteKey::new([0x45; 32]), Hash::new([0x46; 32]));
    Body::Invite(Invite { key, person, mac, greeting: vec![0; 32].into(), days: 14 })
}

/// Somebody's device and what it could sign.
struct Hand<'a> {
    relay: &'a MemoryRelay,
    keys: DeviceKeys,
}

impl Hand<'_> {
    fn log(&self) -> &LogState {
        self.relay.log()
    }

    fn open(&self, log: &LogState, body: &Body, cosignatures: Vec<Cosignature>) -> OpenEntry {
        let (kind, bytes) = body.encode();
        let head = log.head().unwrap();
        let signed = codec::encode(&EntryBody {
            version: ENTRY_VERSION,
            house: log.house(),
            seq: head.seq + 1,
            prev: Some(head.hash),
            class: log.classify(body).0,
            kind,
            author: self.keys.id(),
            body: bytes.into(),
            before: log.before(body),
        });
        let signature = self.keys.sign(label::ENTRY, &signed);
        let entry = codec::encode(&Entry { signed: signed.into(), signature, cosignatures });
        OpenEntry { entry: entry.into(), salt: Salt::new([5; 32]) }
    }

    fn entry(&self, body: &Body) -> Frame {
        self.cosigned(body, Vec::new())
    }

    fn cosigned(&self, body: &Body, cosignatures: Vec<Cosignature>) -> Frame {
        Frame { entries: vec![self.open(self.log(), body, cosignatures)], ..Frame::default() }
    }

    /// Entries one after the other. As far as the rules let them follow.
    fn entries(&self, bodies: &[Body]) -> Frame {
        let mut log = self.log().clone();
        let mut entries = Vec::new();
        for body in bodies {
            let open = self.open(&log, body, Vec::new());
            let _ = log.admit(&open.link().unwrap(), Some(&open));
            entries.push(open);
        }
        Frame { entries, ..Frame::default() }
    }

    fn cosign(&self, body: &Body, nonce: u8) -> Cosignature {
        let nonce = Nonce::new([nonce; 32]);
        let (kind, bytes) = body.encode();
        let input = cosign_input(self.log().house(), kind, &bytes, nonce);
        Cosignature { device: self.keys.id(), nonce, signature: self.keys.sign(label::COSIGN, &input) }
    }

    /// Something for a later day, for others to carry out.
    fn order(&self, act: &Body, nonce: u8) -> Body {
        let nonce = Nonce::new([nonce; 32]);
        let (kind, body) = act.encode();
        let input = order_input(self.log().house().unwrap(), kind, &body, nonce);
        let signature = self.keys.sign(label::ORDER, &input);
        let device = self.keys.id();
        let order = Order { kind, body: body.into(), nonce, device, signature, cosignatures: None };
        Body::Order(order, Box::new(act.clone()))
    }

    fn header(&self, circle: &CircleId, kind: Kind, side: Side) -> Header {
        let last = self.relay.last(circle, &self.keys.id());
        Header {
            version: HEADER_VERSION,
            suite: Suite::X25519,
            sealing: if kind == Kind::Epoch { Sealing::Clear } else { Sealing::Content },
            house: self.log().house().unwrap(),
            circle: *circle,
            epoch: self.relay.epoch(circle).unwrap_or(1),
            document: (kind != Kind::Epoch).then(|| DocumentId::new([0x77; 16])),
            side,
            kind,
            author: self.keys.id(),
            seq: last.map_or(0, |(seq, _)| seq) + 1,
            prev: last.map(|(_, id)| id),
            log: self.log().head().unwrap(),
            seen: Position::START,
            class: if kind == Kind::Epoch { Class::Long } else { Class::Short },
            month: if kind == Kind::Epoch {
                expiry(Class::Long, self.relay.month)
            } else {
                expiry(Class::Short, self.relay.month)
            },
            body_hash: Hash::new([0; 32]),
            body_len: 0,
        }
    }

    fn sign(&self, mut header: Header, body: Vec<u8>) -> Record {
        header.body_hash = Hash::new(sha256(&[&body]));
        header.body_len = u32::try_from(body.len()).unwrap();
        let bytes = codec::encode(&header);
        let signature = self.keys.sign(label::RECORD, &bytes);
        Record { header: bytes.into(), signature, body: body.into() }
    }

    fn content(&self, circle: &CircleId, side: Side, change: impl FnOnce(&mut Header)) -> Frame {
        let mut header = self.header(circle, Kind::Batch, side);
        change(&mut header);
        Frame { records: vec![self.sign(header, vec![9; 1_200])], ..Frame::default() }
    }

    fn make_wrap(&self, circle: &CircleId, epoch: u32, addressee: Addressee) -> Wrap {
        let file = b"age-encryption.org/v1\nnobody opens this".to_vec();
        let head = codec::encode(&WrapHead {
            house: self.log().house().unwrap(),
            circle: *circle,
            epoch,
            suite: Suite::X25519,
            addressee,
            maker: self.keys.id(),
            file_hash: Hash::new(sha256(&[&file])),
        });
        let signature = self.keys.sign(label::WRAP, &head);
        Wrap { head: head.into(), signature, file: file.into() }
    }

    fn wrap(&self, circle: &CircleId, to: DeviceId) -> Frame {
        let epoch = self.relay.epoch(circle).unwrap_or(1);
        let wraps = vec![self.make_wrap(circle, epoch, Addressee::Device(to))];
        Frame { wraps, ..Frame::default() }
    }

    /// A new epoch of a circle as it ought to be, but for what `plan` and `body` change.
    fn epoch(
        &self,
        circle: &CircleId,
        side: Side,
        plan: impl FnOnce(&mut EpochPlan),
        change: impl FnOnce(&mut EpochBody),
    ) -> Option<Frame> {
        let epochs = self.relay.epochs();
        let mut planned = epochs.plan(self.log(), circle)?;
        plan(&mut planned);
        let mut body = epochs.current(circle)?.body.clone();
        body.number += 1;
        body.log = self.log().head()?;
        body.links = Vec::new();
        body.horizon = planned.horizon.then(Vec::new);
        change(&mut body);
        let devices = planned.devices.iter().map(|device| Addressee::Device(*device));
        let to: Vec<Addressee> =
            devices.chain(planned.keys.iter().map(|key| Addressee::Epoch(*key))).collect();
        let wraps: Vec<Wrap> = to.iter().map(|to| self.make_wrap(circle, body.number, *to)).collect();
        let mut rows: Vec<Reader> = to
            .iter()
            .zip(&wraps)
            .map(|(to, wrap)| Reader { addressee: *to, wrap: Hash::new(sha256(&[&wrap.file])) })
            .collect();
        rows.sort_unstable();
        let staff_only = access::lists_are_for_staff(self.log().circle(circle).map(|c| c.sort)?);
        let staff = staff_only.then(|| self.log().staff_digest(body.log.seq)).flatten();
        let list = ReaderList { salt: Salt::new([6; 32]), rows, staff };
        body.root = list.root();
        body.keys = planned.keys;
        let mut header = self.header(circle, Kind::Epoch, side);
        header.epoch = body.number;
        let record = self.sign(header, codec::encode(&body));
        let readers = vec![EpochReaders { record: record.id(), list }];
        Some(Frame { records: vec![record], readers, wraps, ..Frame::default() })
    }
}

impl Runner {
    /// What was tried and not refused. After it the house is what nobody wants it to be.
    pub(in crate::custody) fn attempts(&mut self, model: &Model) -> Vec<String> {
        let mut all = Vec::new();
        for name in self.persons.keys() {
            self.attempts_of(name, model, &mut all);
        }
        self.attempts_of_a_director(model, &mut all);
        let mut found: Vec<String> = self.who_should_be_gone(model);
        let taken = all.into_iter().filter(|attempt| attempt.is_taken(&mut self.world.relay));
        found.extend(taken.map(|attempt| attempt.what));
        found
    }

    /// Whoever has no role is in no circle, so that none of it comes back with a role.
    fn who_should_be_gone(&self, model: &Model) -> Vec<String> {
        let is_in = |who: Who| self.world.relay.log().circles().any(|c| c.members.contains_key(&who));
        let gone = self.persons.iter().filter(|(name, _)| model.is_gone(name));
        gone.filter(|(_, p)| is_in(Who::Person(p.id)))
            .map(|(name, _)| format!("{name} is a member"))
            .collect()
    }

    fn hand(&self, device: &str) -> Hand<'_> {
        Hand { relay: &self.world.relay, keys: self.world.keys(device) }
    }

    fn named_circles(&self, model: &Model) -> Vec<(String, CircleId)> {
        let circles = model.circles().into_iter();
        circles.filter_map(|name| Some((name.clone(), self.circle(&name.parse().ok()?).ok()?))).collect()
    }

    fn parents_of(&self, group: &CircleId) -> Option<CircleId> {
        let mut all = self.world.relay.log().circles();
        all.find(|c| c.sort == Sort::Parents && c.team == Some(*group)).map(|c| c.id)
    }

    /// Each device of somebody, those that have ended too: writing, saying who belongs, making keys.
    fn attempts_of(&self, name: &str, model: &Model, all: &mut Vec<Attempt>) {
        let Some(person) = self.persons.get(name) else { return };
        let live: BTreeSet<usize> = model.devices(name).into_iter().collect();
        let job = model.kind(name);
        let director = self.persons.iter().find(|(other, _)| model.kind(other) == Some(Job::Director));
        let Some((_, director)) = director else { return };
        let Some(first) = director.devices.first() else { return };
        for (number, device) in person.devices.iter().enumerate() {
            let hand = self.hand(device);
            let is_live = live.contains(&number) && model.belongs(name);
            let is_guardian = job == Some(Job::Guardian);
            let side = if is_guardian { Side::Person(person.id) } else { Side::Staff };
            let other = if is_guardian { Side::Staff } else { Side::Person(PersonId::new([1; 16])) };
            let who = format!("{name}#{number}");
            let mut tries = |what: &str, frame: Frame| {
                all.push(Attempt { what: format!("{who} {what}"), frame, alone: false });
            };
            for (circle, id) in self.named_circles(model) {
                if !is_live || !model.writes(name, &circle) {
                    tries(&format!("writes in {circle}"), hand.content(&id, side, |_| {}));
                    // Staff make the keys of what outsiders write into.
                    if circle == "intake" && is_live && model.reads(name, &circle) {
                        continue;
                    }
                    if let Some(frame) = hand.epoch(&id, side, |_| {}, |_| {}) {
                        tries(&format!("makes keys of {circle}"), frame);
                    }
                    for (reader, devices) in self.persons.iter().map(|(n, p)| (n, &p.devices)) {
                        let reads = reader != name && model.reads(reader, &circle) && model.belongs(reader);
                        if let Some(to) = devices.last().filter(|_| reads) {
                            let frame = hand.wrap(&id, self.world.engine(to).house().me);
                            tries(&format!("gives keys of {circle} to {reader}"), frame);
                            break;
                        }
                    }
                }
                tries(&format!("writes in {circle} as others"), hand.content(&id, other, |_| {}));
            }
            if is_live && job == Some(Job::Director) {
                continue;
            }
            for (other, them) in self.strangers_to(name, model) {
                tries(&format!("invites {other}"), hand.entry(&invite(them)));
            }
            let somebody = PersonId::new([0x42; 16]);
            let them = director.id;
            let directs = self.world.engine(first).house().me;
            let grant = |role| Body::Role(RoleGrant { person: somebody, role });
            tries("makes a director", hand.entry(&grant(Role::Director)));
            if is_live && job == Some(Job::Educator) {
                tries("ends an educator", hand.entry(&Body::RoleEnd(RoleEnd { person: person.id })));
            } else {
                tries("makes a guardian", hand.entry(&grant(Role::Guardian)));
                tries("carries out an order", {
                    let act = Body::RoleEnd(RoleEnd { person: person.id });
                    hand.entry(&self.hand(first).order(&act, 0x31))
                });
            }
            let circle = CircleNew::new(CircleId::new([0x43; 16]), Sort::Child);
            tries("begins a circle", hand.entry(&Body::Circle(circle)));
            tries("ends a director's device", hand.entry(&Body::DeviceEnd(DeviceEnd { device: directs })));
            let hide = Protect { person: somebody, named: Vec::new(), on: true };
            tries("protects", hand.entry(&Body::Protect(hide)));
            let log = self.world.relay.log();
            for child in self.children.values() {
                let Some(known) = log.circle(child) else { continue };
                if let Some(member) = known.members.keys().find(|who| matches!(who, Who::Person(_))) {
                    let end = Body::MemberEnd(MemberEnd { circle: *child, who: *member });
                    tries("ends a member", hand.entry(&end));
                    // Said as an order that somebody entitled carries out.
                    tries("orders an end", self.hand(first).entry(&hand.order(&end, 0x32)));
                } else if is_guardian && model.belongs(name) {
                    let (circle, who) = (*child, Who::Person(person.id));
                    let member = Member { circle, circle_seq: known.seq, who, history: History::All };
                    tries("lets themselves in", hand.entry(&Body::Member(member)));
                }
            }
            let new = DeviceKeys::from_seed([0x44; 32]);
            let input = proof_input(log.house().unwrap(), them, new.card());
            let proof = new.sign(label::DEVICE_ADD, &input);
            let add = DeviceAdd { person: them, device: new.card(), proof, sheet: None };
            tries("adds a director's device", hand.entry(&Body::DeviceAdd(add)));
        }
    }

    /// Guardians with whom somebody of the house reads nothing, and who are not protected: those they may not let in.
    fn strangers_to(&self, name: &str, model: &Model) -> Vec<(&String, PersonId)> {
        let log = self.world.relay.log();
        let circles = model.circles();
        let knows = |other: &String| {
            let mut shared = circles.iter().filter(|c| c.starts_with("child:") || c.starts_with("private:"));
            shared.any(|circle| model.reads(name, circle) && model.reads(other, circle))
        };
        let is_guardian = |n: &String| model.kind(n) == Some(Job::Guardian) && model.belongs(n);
        let guardians = self
            .persons
            .iter()
            .filter(|(n, p)| n.as_str() != name && is_guardian(n) && !log.is_protected(&p.id) && !knows(n));
        guardians.map(|(n, person)| (n, person.id)).collect()
    }

    /// Who may nearly everything, and not this.
    fn attempts_of_a_director(&self, model: &Model, all: &mut Vec<Attempt>) {
        let Some((name, dora)) = self.persons.iter().find(|(n, _)| model.kind(n) == Some(Job::Director))
        else {
            return;
        };
        let Some(device) = dora.devices.first() else { return };
        let hand = self.hand(device);
        let log = self.world.relay.log();
        let mut tries = |what: &str, frame: Frame| {
            // What is refused for want of new keys as well is asked of the log.
            let alone = what == "protects somebody among others";
            all.push(Attempt { what: format!("{name} {what}"), frame, alone });
        };
        self.attempts_at_content(&hand, model, &mut tries);
        self.attempts_at_keys(&hand, model, &mut tries);

        // Without the keys that belong to it.
        let guardian =
            |p: &&super::Person| log.person(&p.id).is_some_and(|known| known.role == Some(Role::Guardian));
        for (other, person) in &self.persons {
            if model.kind(other) == Some(Job::Educator) && model.belongs(other) {
                let end = Body::RoleEnd(RoleEnd { person: person.id });
                tries("ends a role without new keys", hand.entry(&end));
            }
        }
        for child in self.children.values() {
            let Some(known) = log.circle(child) else { continue };
            let mut groups = self.groups.values();
            if let Some(team) = groups.find(|team| !known.members.contains_key(&Who::Circle(**team))) {
                let (circle_seq, who) = (known.seq, Who::Circle(*team));
                let member = Member { circle: *child, circle_seq, who, history: History::All };
                tries("lets a team in without keys", hand.entry(&Body::Member(member)));
            }
            for person in self.persons.values().filter(guardian) {
                let who = Who::Person(person.id);
                if !known.members.contains_key(&who) {
                    continue;
                }
                let protect = Body::Protect(Protect { person: person.id, named: Vec::new(), on: true });
                tries("protects somebody among others", hand.entry(&protect));
                let read = log.circles().filter(|c| c.sort != Sort::Private && c.members.contains_key(&who));
                let mut bodies: Vec<Body> =
                    read.map(|c| Body::MemberEnd(MemberEnd { circle: c.id, who })).collect();
                let threads = log.circles().filter(|c| c.guardian == Some(person.id));
                bodies.extend(threads.filter(|c| c.members.contains_key(&who)).flat_map(|c| {
                    let team = c.members.keys().find(|who| matches!(who, Who::Circle(_)));
                    team.map(|team| Body::MemberEnd(MemberEnd { circle: c.id, who: *team }))
                }));
                bodies.push(protect);
                tries("protects without new keys", hand.entries(&bodies));
            }
        }
        // Last, since the first of them is in order.
        let end = self.persons.values().filter(guardian).find_map(|person| {
            let who = Who::Person(person.id);
            let child = self
                .children
                .values()
                .find(|child| log.circle(child).is_some_and(|known| known.members.contains_key(&who)))?;
            Some((*child, who, log.circle(child)?.seq))
        });
        let twice = end.map(|(circle, who, circle_seq)| {
            let order = hand.order(&Body::MemberEnd(MemberEnd { circle, who }), 0x33);
            let again = Body::Member(Member { circle, circle_seq, who, history: History::All });
            hand.entries(&[order.clone(), again, order])
        });
        // Alone, or with nobody left.
        let sheet = code::parse_sheet(&self.world.sheet).unwrap();
        let end_sheet = Body::DeviceEnd(DeviceEnd { device: sheet.id() });
        let itself = hand.cosign(&end_sheet, 0x21);
        let leave = Body::RoleEnd(RoleEnd { person: dora.id });
        let second = Hand { relay: &self.world.relay, keys: sheet }.cosign(&leave, 0x22);
        let directs = |n: &String| n != name && model.kind(n) == Some(Job::Director) && model.belongs(n);
        let others = self.persons.keys().any(directs);
        for (what, frame) in [
            ("ends the sheet alone", hand.entry(&end_sheet)),
            ("ends the sheet, and cosigns", hand.cosigned(&end_sheet, vec![itself])),
            ("leaves the house to nobody", hand.cosigned(&leave, vec![second])),
        ] {
            if others && what == "leaves the house to nobody" {
                continue;
            }
            all.push(Attempt { what: format!("{name} {what}"), frame, alone: true });
        }
        if let Some(frame) = twice {
            all.push(Attempt { what: format!("{name} carries out an order twice"), frame, alone: false });
        }
    }

    fn attempts_at_content(&self, hand: &Hand<'_>, model: &Model, tries: &mut impl FnMut(&str, Frame)) {
        for (circle, id) in self.named_circles(model) {
            let Some(epoch) = self.world.relay.epoch(&id) else { continue };
            let mut content = |what: &str, change: &dyn Fn(&mut Header)| {
                tries(&format!("writes in {circle} {what}"), hand.content(&id, Side::Staff, change));
            };
            if epoch > 1 {
                content("under old keys", &|header| header.epoch -= 1);
            }
            content("under keys to come", &|header| header.epoch += 1);
            content("out of turn", &|header| header.seq += 1);
            content("after what never was", &|header| header.seen.n = 1_000);
            content("of another history", &|header| header.log.seq += 1);
            content("in clear", &|header| header.sealing = Sealing::Clear);
            let another = self.world.relay.documents().find(|(_, fact)| fact.circle != id);
            if let Some((document, _)) = another {
                content("into another's document", &|header| header.document = Some(document));
            }
            if self.world.relay.epochs().stale(self.world.relay.log(), &id).is_some() {
                content("under keys that somebody has who left", &|_| {});
            }
        }
        for group in self.groups.values() {
            tries("writes where only keys are", hand.content(group, Side::Staff, |_| {}));
        }
    }

    fn attempts_at_keys(&self, hand: &Hand<'_>, model: &Model, tries: &mut impl FnMut(&str, Frame)) {
        let log = self.world.relay.log();
        let strangers: Vec<DeviceId> =
            log.devices().filter(|(_, d)| d.is_live()).map(|(id, _)| *id).collect();
        for (circle, id) in self.named_circles(model) {
            let make = |plan: &dyn Fn(&mut EpochPlan), body: &dyn Fn(&mut EpochBody)| {
                hand.epoch(&id, Side::Staff, plan, body)
            };
            let reads = |device: &DeviceId| {
                let owner = self.persons.iter().find(|(_, p)| {
                    p.devices.iter().any(|known| self.world.engine(known).house().me == *device)
                });
                owner.is_none_or(|(name, _)| model.reads(name, &circle))
            };
            let stranger = strangers.iter().find(|device| !reads(device)).copied();
            let mut attempt = |what: &str, frame: Option<Frame>| {
                if let Some(frame) = frame {
                    tries(&format!("makes keys of {circle} {what}"), frame);
                }
            };
            attempt("out of turn", make(&|_| {}, &|body| body.number += 1));
            attempt("once more", make(&|_| {}, &|body| body.number -= 1));
            attempt("without parents whose own keys are stale", {
                let direct = access::epoch_targets(log, &id).devices;
                let plan = self.world.relay.epochs().plan(log, &id);
                let has = plan.is_some_and(|plan| plan.devices.len() > direct.len());
                make(&|plan| plan.devices.retain(|device| direct.contains(device)), &|_| {}).filter(|_| has)
            });
            let before = log.head().and_then(|head| head.seq.checked_sub(1));
            let before = before.and_then(|seq| Some(LogHead { seq, hash: log.link(seq)?.hash() }));
            attempt("for an older house", before.and_then(|head| make(&|_| {}, &|body| body.log = head)));
            attempt("without a reader", {
                let has =
                    self.world.relay.epochs().plan(log, &id).is_some_and(|plan| !plan.devices.is_empty());
                make(
                    &|plan| {
                        plan.devices.pop_first();
                    },
                    &|_| {},
                )
                .filter(|_| has)
            });
            let without_key = |plan: &mut EpochPlan| {
                plan.keys.pop();
            };
            // Parents' keys lead a team to those of the house.
            let has_keys = self.world.relay.epochs().plan(log, &id).is_some_and(|plan| !plan.keys.is_empty());
            if circle != "house" && has_keys {
                attempt("without a team", make(&without_key, &|_| {}));
            }
            attempt("with old keys", {
                let old = |key: &mut KeyEpoch| key.epoch -= 1;
                let has = self
                    .world
                    .relay
                    .epochs()
                    .plan(log, &id)
                    .is_some_and(|plan| plan.keys.iter().any(|key| key.epoch > 1));
                make(&|plan| plan.keys.iter_mut().filter(|key| key.epoch > 1).for_each(old), &|_| {})
                    .filter(|_| has)
            });
            attempt("without a wrap", {
                let mut frame = make(&|_| {}, &|_| {});
                frame.as_mut().map(|frame| frame.wraps.pop());
                frame
            });
            if let Some(stranger) = stranger {
                attempt(
                    "for a stranger",
                    make(
                        &|plan| {
                            plan.devices.insert(stranger);
                        },
                        &|_| {},
                    ),
                );
                tries(&format!("gives a stranger keys of {circle}"), hand.wrap(&id, stranger));
            }
        }
        for group in self.groups.values() {
            if let Some(parents) = self.parents_of(group) {
                let link = |body: &mut EpochBody| body.links = vec![vec![1; 200].into()];
                if let Some(frame) = hand.epoch(&parents, Side::Staff, |_| {}, link) {
                    tries("leads parents back", frame);
                }
            }
        }
    }
}
