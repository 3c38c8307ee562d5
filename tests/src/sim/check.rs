//! What must hold once everything works again.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::Decode;
use nestpost_core::docs::{Docs, ItemRef, Sent};
use nestpost_core::document::{Scalar, Value};
use nestpost_core::door::DoorError;
use nestpost_core::engine::Engine;
use nestpost_core::house::Alarm;
use nestpost_core::store::Table;
use nestpost_protocol::id::{CircleId, DeviceId, ItemId, RecordId};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::message::Row;
use nestpost_protocol::record::Kind;
use nestpost_protocol::retention::{Month, expired};
use nestpost_protocol::{access, codec, limit};

use super::hostile::FORBIDDEN;
use super::ledger::Text;
use super::phone::Phone;
use super::plan::{Plan, Trouble};
use super::stage::Stage;

/// A stored record, as far as it is looked at.
#[derive(Decode)]
#[cbor(map)]
pub(super) struct StoredRow {
    #[n(0)]
    pub(super) circle: CircleId,
    #[n(1)]
    pub(super) row: Row,
}

type Items = BTreeMap<ItemId, Value>;

impl Stage {
    /// All of it. The first thing that does not hold is kept.
    pub(super) fn check(&mut self, plan: &Plan) {
        self.count_alarms();
        // Of a relay that has lied it is only asked whether those whom it lied to have noticed.
        if plan.is_mended() {
            self.check_idle();
            self.check_converged();
            self.check_texts();
            self.check_keys();
            self.check_removed();
            self.check_decided();
            self.check_restricted();
            self.check_spared();
            self.check_alarms(plan);
        }
        self.check_erased();
        self.check_forbidden();
        self.check_wiped();
        self.check_rows();
    }

    /// A person that was made is there, one that was removed is not, and a letter opens, unless whoever did it was removed
    /// first, or their device lost it.
    fn check_decided(&mut self) {
        let mut found = Vec::new();
        let members: BTreeSet<usize> = self.members().into_iter().map(|(number, _)| number).collect();
        for (phone, code) in std::mem::take(&mut self.ledger.papers) {
            let obsolete =
                self.phone(phone).engine.as_ref().is_some_and(|engine| !engine.given_up().is_empty());
            // Opening one takes as long as half a world: those of the guests were there before.
            let is_a_guests = self.house.papers.contains(&code);
            let may_be_lost =
                self.phone(phone).forgets || !members.contains(&phone) || obsolete || is_a_guests;
            if !may_be_lost && matches!(self.visit(&code), Err(DoorError::Unknown)) {
                found.push(format!("a letter that {} wrote does not open", self.phone(phone).name));
            }
        }
        for (phone, person) in &self.ledger.made {
            let may_be_lost = self.phone(*phone).forgets || !members.contains(phone);
            if !may_be_lost && self.truth().person(person).is_none() {
                found.push(format!("a person that {} made is not there", self.phone(*phone).name));
            }
        }
        for (phone, person) in &self.ledger.removed {
            // Somebody else was first, and the person has heard of it.
            let engine = self.phone(*phone).engine.as_ref();
            let overtaken = engine.is_some_and(|engine| !engine.house().overtaken.is_empty());
            let may_be_lost = self.phone(*phone).forgets || !members.contains(phone) || overtaken;
            if !may_be_lost && self.truth().person(person).is_none_or(|known| known.role_ended.is_none()) {
                found.push(format!("a person that {} removed is still there", self.phone(*phone).name));
            }
        }
        self.judge("decided", found);
    }

    /// Nobody sees what a member may not write, and nobody's item is another's.
    fn check_forbidden(&mut self) {
        let mut found = Vec::new();
        for (number, _) in self.members() {
            found.extend(self.forbidden(number));
        }
        self.judge("forbidden", found);
    }

    /// What a device holds of what a member may not write.
    pub(super) fn forbidden(&self, phone: usize) -> Option<String> {
        let docs = &self.phone(phone).engine.as_ref()?.house().docs;
        let mut items = self.truth().circles().flat_map(|circle| docs.items(&circle.id));
        // What somebody writes in a document of their own is theirs, whatever it says.
        let is_theirs = |author: &DeviceId| self.hostile_devices.contains(author);
        let found =
            items.any(|at| contains(at.value, FORBIDDEN) && !at.author.as_ref().is_some_and(is_theirs));
        found.then(|| format!("{} sees it as another's", self.phone(phone).name))
    }

    /// A device that has heard that it was ended holds nothing any more.
    fn check_wiped(&mut self) {
        let mut found = Vec::new();
        for phone in &self.phones {
            let known = self.truth().device(&phone.id);
            let ended = known.is_some_and(|device| device.ended.is_some() && device.joining.is_none());
            // Whose end it could not judge leaves what it has sealed.
            let heard = phone
                .engine
                .as_ref()
                .is_some_and(|engine| engine.summary().stage == "ended" && engine.house().log.is_empty());
            let rows = phone.disk.load().into_iter().filter(|row| row.table != Table::Meta);
            let left: BTreeSet<&str> = rows.map(|row| row.table.name()).collect();
            if ended && heard && !left.is_empty() {
                found.push(format!("{} has rows left: {left:?}", phone.name));
            }
        }
        self.judge("wiped", found);
    }

    /// What devices have stored of a circle is what the relay has, row by row.
    fn check_rows(&mut self) {
        let mut found = Vec::new();
        let relay = self.relays.first().expect("there is a relay");
        for (number, engine) in self.members() {
            let phone = self.phone(number);
            // One that lied and then died takes itself for one that was put back.
            let noticed = [Alarm::RelayRewound, Alarm::RelayGarbage, Alarm::RelayRestored];
            let rewound = noticed.iter().any(|alarm| engine.house().alarms.contains_key(alarm));
            let mut rows: BTreeMap<CircleId, Vec<(u64, RecordId)>> = BTreeMap::new();
            for stored in self.rows_of(number) {
                rows.entry(stored.circle).or_default().push((stored.row.n, stored.row.id));
            }
            for (circle, rows) in rows {
                let truth = relay.ids(&circle);
                let is_true = rows
                    .iter()
                    .enumerate()
                    .all(|(index, (n, id))| *n == index as u64 + 1 && truth.get(index) == Some(id));
                if !is_true && !rewound {
                    found.push(format!("{} holds what the relay does not", phone.name));
                }
            }
        }
        self.judge("rows", found);
    }

    /// Whoever was at the door of a relay that then forgot it needs another letter; so does a copy of a device that was at
    /// the door, once the other one has used theirs up.
    fn needs_letter(&self, phone: &Phone, engine: &Engine) -> bool {
        let never_came_in = engine.summary().stage == "ended" && engine.house().log.is_empty();
        never_came_in && (self.kept.put_back || phone.forgets)
    }

    /// Records that a device has stored.
    pub(super) fn rows_of(&self, phone: usize) -> Vec<StoredRow> {
        let rows = self.phone(phone).disk.load().into_iter().filter(|row| row.table == Table::Record);
        rows.filter_map(|row| codec::decode(&row.value, limit::MESSAGE_BYTES_MAX).ok()).collect()
    }

    /// Devices that belong, with their engines.
    pub(super) fn members(&self) -> Vec<(usize, &Engine)> {
        let log = self.truth();
        let engines = self.phones.iter().enumerate();
        engines
            .filter(|(_, phone)| !phone.lost && access::role_of(log, &phone.id).is_some())
            .filter_map(|(number, phone)| Some((number, phone.engine.as_ref()?)))
            .filter(|(number, engine)| !self.needs_letter(self.phone(*number), engine))
            .collect()
    }

    pub(super) fn truth(&self) -> &nestpost_protocol::log::LogState {
        self.relays.first().expect("there is a relay").log()
    }

    fn count_alarms(&mut self) {
        for phone in &self.phones {
            for alarm in phone.engine.iter().flat_map(|engine| engine.house().alarms.keys()) {
                *self.tally.alarms.entry(alarm.code()).or_default() += 1;
            }
        }
        for relay in &self.relays {
            for refusal in &relay.refusals {
                *self.tally.refusals.entry(format!("{refusal:?}")).or_default() += 1;
            }
        }
    }

    /// Everybody is there, and nothing waits.
    fn check_idle(&mut self) {
        let mut found = Vec::new();
        for (number, phone) in self.phones.iter().enumerate().filter(|(_, phone)| !phone.lost) {
            let Some(engine) = &phone.engine else {
                found.push(format!("{} is off", phone.name));
                continue;
            };
            let summary = engine.summary();
            let belongs =
                access::role_of(self.truth(), &phone.id).is_some() && !self.needs_letter(phone, engine);
            if belongs && (summary.stage != "member" || summary.link != "online") {
                found.push(format!("{} is {} and {}", phone.name, summary.stage, summary.link));
            }
            if belongs && !self.is_done(engine) {
                found.push(format!("{} has {}", phone.name, self.waits(engine)));
            }
            if belongs && self.is_silent(engine) {
                found.push(format!("{} does not say that something cannot be sent", phone.name));
            }
            if engine.set_aside() > 0 {
                found.push(format!("{} has set records aside", phone.name));
            }
            if belongs && phone.disk.waiting() > 0 {
                found.push(format!("device {number} has not stored everything"));
            }
        }
        self.judge("stuck", found);
    }

    /// Whether nothing waits that could go anywhere. What was written where one does not write any more stays for its author.
    fn is_done(&self, engine: &Engine) -> bool {
        let docs = engine.house().docs.all();
        let mut waits = docs.filter(|(_, held)| !held.pending.is_empty());
        engine.intents().is_empty() && !waits.any(|(_, held)| self.writes(engine, &held.fact.circle))
    }

    fn writes(&self, engine: &Engine, circle: &CircleId) -> bool {
        access::side_of(self.truth(), &engine.house().me, circle).is_some()
    }

    /// Whether what cannot go anywhere stays without a word.
    fn is_silent(&self, engine: &Engine) -> bool {
        let docs = engine.house().docs.all();
        let mut stays = docs.filter(|(_, held)| !held.pending.is_empty());
        stays.any(|(_, held)| !self.writes(engine, &held.fact.circle))
            && !engine.house().alarms.contains_key(&Alarm::Refused)
    }

    /// What waits on a device, in words.
    fn waits(&self, engine: &Engine) -> String {
        let intents = engine.intents().len();
        let docs = &engine.house().docs;
        let documents = docs.all().filter(|(_, held)| !held.pending.is_empty()).map(|(_, held)| {
            let circle = self.truth().circle(&held.fact.circle);
            let reads = access::reads(self.truth(), &engine.house().me, &held.fact.circle);
            format!("{:?} {:?} (reads: {reads})", circle.map(|circle| circle.sort), held.fact.side)
        });
        format!("{intents} decisions and texts in {:?} waiting", documents.collect::<Vec<_>>())
    }

    pub(super) fn judge(&mut self, check: &'static str, found: Vec<String>) {
        self.tally.check(check);
        if !found.is_empty() {
            self.violated(check, found.join("; "));
        }
    }

    /// Whoever reads a circle sees the same in it. Whoever came with a horizon sees less: of what two see, the
    /// same.
    fn check_converged(&mut self) {
        let mut found = Vec::new();
        let circles: Vec<CircleId> = self.truth().circles().map(|circle| circle.id).collect();
        // Somebody's clock may have been a day ahead.
        let soon = self.now.months().tomorrow;
        for circle in circles {
            let mut views: Vec<(usize, bool, Items)> = Vec::new();
            for (number, engine) in self.members() {
                if access::reads(self.truth(), &engine.house().me, &circle) {
                    let current = self.relays.first().and_then(|relay| relay.epoch(&circle));
                    let whole = (1..=current.unwrap_or(1)).all(|epoch| engine.holds_epoch(&circle, epoch));
                    views.push((number, whole, items(&engine.house().docs, &circle, soon)));
                }
            }
            let Some((first, _, reference)) = views.iter().find(|(_, whole, _)| *whole) else { continue };
            for (number, whole, items) in &views {
                if let Some(what) = differs(reference, items, *whole) {
                    let (one, other) = (&self.phone(*first).name, &self.phone(*number).name);
                    let author = self.author(&circle, &what.0);
                    found.push(format!("{one} and {other}, by {author:?}: {}", what.1));
                }
            }
        }
        self.judge("converged", found);
    }

    /// Name of the device that wrote an item, and how many changes of the circle wait for one that has not come, by device.
    fn author(&self, circle: &CircleId, item: &ItemId) -> (Option<&str>, Vec<(&str, usize)>) {
        let (mut author, mut missing) = (None, Vec::new());
        for (number, engine) in self.members() {
            let docs = &engine.house().docs;
            let by = docs.items(circle).find(|at| at.item == *item).and_then(|at| at.author);
            let phone = self.phones.iter().find(|phone| Some(phone.id) == by);
            author = author.or(phone.map(|phone| phone.name.as_str()));
            let of = docs.all().filter(|(_, held)| held.fact.circle == *circle);
            let waits = of.map(|(_, held)| held.document.missing()).sum();
            missing.extend((waits > 0).then_some((self.phone(number).name.as_str(), waits)));
        }
        (author, missing)
    }

    /// What a person was told is stored is with everybody who read there then and does so now, once; unless its device lost it
    /// before it was sent, or was ended before.
    fn check_texts(&mut self) {
        let (mut lost, mut double, mut stuck) = (Vec::new(), Vec::new(), Vec::new());
        let members: BTreeMap<usize, &Engine> = self.members().into_iter().collect();
        for text in &self.ledger.texts {
            let Some((circle, item)) = text.place else { continue };
            if text.taken_back || self.has_expired(text) {
                continue;
            }
            let sent = |engine: &&Engine| shown(&engine.house().docs, &circle, &item, text);
            let somewhere = members.values().any(|engine| sent(engine) == Some(Sent::Relay));
            let author = members
                .get(&text.phone)
                .filter(|engine| !text.excused && access::reads(self.truth(), &engine.house().me, &circle));
            if author.is_some() && !somewhere {
                stuck.push(text.says.clone());
            }
            if author.is_none() && !somewhere {
                continue;
            }
            for (number, engine) in &members {
                let person = access::role_of(self.truth(), &engine.house().me).map(|(person, _)| person);
                let read = person.is_some_and(|person| text.readers.contains(&person));
                let reads = access::reads(self.truth(), &engine.house().me, &circle);
                if read && reads && sent(engine).is_none() {
                    lost.push(format!("{} at {}", text.says, self.phone(*number).name));
                }
                let count = copies(&engine.house().docs, &circle, text);
                if count > 1 {
                    double.push(format!("{} at {}: {count} times", text.says, self.phone(*number).name));
                }
            }
        }
        self.judge("lost", [stuck, lost].concat());
        self.judge("twice", double);
    }

    pub(super) fn has_expired(&self, text: &Text) -> bool {
        expired(text.kept.0, text.kept.1, self.now.month())
    }

    /// A reader has the keys of every epoch that content stands under, from the first one they have.
    fn check_keys(&mut self) {
        let mut found = Vec::new();
        let relay = self.relays.first().expect("there is a relay");
        for (number, engine) in self.members() {
            for circle in access::visible(self.truth(), &engine.house().me) {
                if !access::reads(self.truth(), &engine.house().me, &circle) {
                    continue;
                }
                let under: BTreeSet<u32> = relay
                    .records(&circle)
                    .into_iter()
                    .filter_map(|record| record.check().ok())
                    .filter(|header| header.kind == Kind::Batch)
                    .map(|header| header.epoch)
                    .collect();
                let current = relay.epoch(&circle).unwrap_or_default();
                let first = (1..=current).find(|epoch| engine.holds_epoch(&circle, *epoch));
                let Some(first) = first else {
                    if current > 0 {
                        found.push(format!("{} has no key of a circle", self.phone(number).name));
                    }
                    continue;
                };
                let cut = relay.epochs().of(&circle).any(|epoch| epoch.body.horizon.is_some());
                // What key circles had before leads to nothing that their readers are to have.
                let keys_only = matches!(
                    self.truth().circle(&circle).map(|circle| circle.sort),
                    Some(Sort::Team | Sort::Directors | Sort::Parents)
                );
                if first > 1 && !cut && !keys_only {
                    found.push(format!("{} cannot open what came first", self.phone(number).name));
                }
                if under.range(first..).any(|epoch| !engine.holds_epoch(&circle, *epoch)) {
                    found.push(format!("{} cannot open everything", self.phone(number).name));
                }
            }
        }
        self.judge("undecryptable", found);
    }

    /// Nobody writes, and nobody is given keys, after they were removed.
    fn check_removed(&mut self) {
        let mut found = Vec::new();
        let log = self.truth();
        let ended: Vec<(DeviceId, u64)> = log
            .devices()
            .filter_map(|(id, device)| {
                let role = log.person(&device.person).and_then(|person| person.role_ended);
                Some((*id, device.ended.into_iter().chain(role).min()?))
            })
            .collect();
        let relay = self.relays.first().expect("there is a relay");
        for (frame, length) in relay.frames.iter().zip(&relay.lengths) {
            for record in &frame.records {
                let Ok(header) = record.check() else { continue };
                let gone = ended.iter().any(|(device, seq)| *device == header.author && *seq < *length);
                if gone && frame.entries.is_empty() {
                    found.push("a record was taken from somebody who had been removed".to_owned());
                }
            }
        }
        for (device, seq) in &ended {
            let Some(phone) = self.phones.iter().find(|phone| phone.id == *device) else { continue };
            let Some(engine) = &phone.engine else { continue };
            for circle in log.circles() {
                let newer = relay.epochs().of(&circle.id).filter(|epoch| epoch.body.log.seq >= *seq);
                if newer.into_iter().any(|epoch| engine.holds_epoch(&circle.id, epoch.number)) {
                    found.push(format!("{} has a key of after its end", phone.name));
                }
            }
        }
        self.judge("removed", found);
    }

    /// No alarm is up that nothing gave reason for.
    fn check_alarms(&mut self, plan: &Plan) {
        let mut found = Vec::new();
        let causes = [Trouble::Copy, Trouble::PutBack, Trouble::Wipe, Trouble::Power];
        // Own rows come without their bytes: whoever hears of them after the answer to them takes them for lost.
        let order = [Trouble::Overtake, Trouble::Lose, Trouble::Twice];
        let forgot = plan.lie.is_some() || causes.iter().chain(&order).any(|trouble| plan.has(*trouble));
        for (number, engine) in self.members() {
            for alarm in engine.house().alarms.keys() {
                let explained = match alarm {
                    Alarm::DeviceCopied => forgot || self.phone(number).forgets,
                    // Whoever reads where somebody wrote what makes no sense.
                    Alarm::Quarantined => {
                        let me = engine.house().me;
                        let person = access::role_of(self.truth(), &me).map(|(person, _)| person);
                        person.is_some_and(|person| self.harmed.contains(&person))
                            || self.hostile.iter().any(|circle| access::reads(self.truth(), &me, circle))
                    }
                    Alarm::Overtaken | Alarm::Refused => plan.has(Trouble::Members),
                    // An old word that comes late sounds like a relay that has forgotten the newer one.
                    Alarm::RelayRewound | Alarm::LogDoubted => {
                        plan.has(Trouble::Overtake)
                            || plan.has(Trouble::Twice)
                            || plan.lie.is_some()
                            || self.kept.put_back
                    }
                    Alarm::SheetMissing | Alarm::OneDirector | Alarm::DeviceNew | Alarm::Proposal => true,
                    _ => false,
                };
                if !explained {
                    found.push(format!("{}: {}", self.phone(number).name, alarm.code()));
                }
            }
        }
        self.judge("alarms", found);
    }
}

/// What a circle shows, item by item. (In a document behind a horizon an author keeps what was written anew after it.)
fn items(docs: &Docs, circle: &CircleId, soon: Month) -> Items {
    let stays = |at: &ItemRef<'_>| {
        docs.get(&at.document).is_some_and(|held| !expired(held.fact.class, held.fact.month, soon))
    };
    let ids: BTreeSet<ItemId> = docs.items(circle).filter(stays).map(|at| at.item).collect();
    ids.into_iter().filter_map(|id| Some((id, docs.item(circle, &id)?.value.clone()))).collect()
}

fn differs(reference: &Items, other: &Items, whole: bool) -> Option<(ItemId, String)> {
    let ids = reference.keys().chain(other.keys()).collect::<BTreeSet<_>>();
    let found = ids.into_iter().find(|id| {
        let (one, two) = (reference.get(*id), other.get(*id));
        one != two && (whole || (one.is_some() && two.is_some()))
    })?;
    Some((*found, format!("{:?} and {:?}", reference.get(found), other.get(found))))
}

fn texts_of(value: &Value) -> Vec<&[u8]> {
    match value {
        Value::Bytes(bytes) => vec![bytes],
        Value::Map(fields) => fields
            .values()
            .filter_map(|field| match field {
                Scalar::Text(text) => Some(text.as_bytes()),
                Scalar::Bytes(bytes) => Some(bytes.as_slice()),
                Scalar::Int(_) | Scalar::Bool(_) => None,
            })
            .collect(),
    }
}

fn mentions(value: &Value, text: &Text) -> bool {
    contains(value, &text.says)
}

fn contains(value: &Value, says: &str) -> bool {
    let says = says.as_bytes();
    texts_of(value).into_iter().any(|bytes| bytes.windows(says.len()).any(|window| window == says))
}

/// Where a circle shows it. Somebody else may have put something under the same id, in a document of their own.
fn shown(docs: &Docs, circle: &CircleId, item: &ItemId, text: &Text) -> Option<Sent> {
    docs.items(circle).find(|at| at.item == *item && mentions(at.value, text)).map(|at| at.sent)
}

/// Under how many ids a circle holds it.
fn copies(docs: &Docs, circle: &CircleId, text: &Text) -> usize {
    let ids: BTreeSet<ItemId> =
        docs.items(circle).filter(|at| mentions(at.value, text)).map(|at| at.item).collect();
    ids.len()
}
