//! Makes frames: signs entries, makes epochs and wraps, seals batches.
//!
//! A [`Builder`] works on copies of the log and the epochs, so that every step sees what the frame has said so far and
//! nothing is believed before the relay has admitted it.

use nestpost_protocol::blob::HoldBody;
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::complaint::ComplaintHead;
use nestpost_protocol::epoch::{
    Addressee, EpochBody, HorizonLink, KeyEpoch, Reader, ReaderList, Wrap, WrapHead,
};
use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::erase::EraseBody;
use nestpost_protocol::id::{
    BlobId, CircleId, DeviceId, DocumentId, Hash, PersonId, Recipient, RecordId, Salt,
};
use nestpost_protocol::log::entry::{Cosignature, ENTRY_VERSION};
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::member::{History, Who};
use nestpost_protocol::log::state::Circle;
use nestpost_protocol::log::{Body, Entry, EntryBody, LogState, OpenEntry};
use nestpost_protocol::message::{EpochReaders, Frame};
use nestpost_protocol::record::{HEADER_VERSION, Header, Kind, Position, Record, Sealing, Side, Suite};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::sorted::{SortedMap, SortedSet};
use nestpost_protocol::{access, label, limit, stands};

use crate::app::{self, IntakeChange};
use crate::batch::{Batch, Kept};
use crate::crypto::{self, EpochKeys, EpochSecret};
use crate::store::Chain;

use super::Engine;
use super::outbox::Intent;

/// Changes of one document that one record carries.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) keys: Vec<u64>,
    start: [u8; 16],
    changes: Vec<Vec<u8>>,
}

/// Why a membership change comes to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obsolete {
    /// Somebody else has brought it about.
    Done,
    /// The rules do not allow it (any more).
    Refused,
}

/// A frame in the making.
pub(super) struct Builder<'a> {
    engine: &'a mut Engine,
    log: LogState,
    epochs: Epochs,
    chains: SortedMap<CircleId, Chain>,
    fresh: SortedMap<CircleId, (u32, EpochSecret, EpochKeys)>,
    /// Circles whose next epoch is to be a horizon.
    cut: SortedSet<CircleId>,
    /// What a director wants of the intake.
    pub(super) change: Option<IntakeChange>,
    frame: Frame,
}

impl<'a> Builder<'a> {
    pub(super) fn new(engine: &'a mut Engine) -> Self {
        let (log, epochs) = (engine.house.log.clone(), engine.house.epochs.clone());
        Self {
            engine,
            log,
            epochs,
            chains: SortedMap::new(),
            fresh: SortedMap::new(),
            cut: SortedSet::new(),
            change: None,
            frame: Frame::default(),
        }
    }

    pub(super) fn finish(self) -> Frame {
        self.frame
    }

    pub(super) const fn record_count(&self) -> usize {
        self.frame.records.len()
    }

    pub(super) const fn engine(&self) -> &Engine {
        self.engine
    }

    pub(super) const fn log(&self) -> &LogState {
        &self.log
    }

    pub(super) fn me(&self) -> DeviceId {
        self.engine.house.me
    }

    // ---- entries ----

    /// Entries of a membership change, with every epoch and wrap that follows from them. What somebody else has brought
    /// about already is passed over. `None` when the rules (no longer) allow it, or nothing is left to do.
    pub(super) fn membership(mut self, intent: &Intent) -> Result<Frame, Obsolete> {
        let before = self.log.clone();
        self.change = intent.intake;
        self.entries(&intent.bodies, &intent.cosignatures).ok_or(Obsolete::Refused)?;
        if self.frame.entries.is_empty() {
            return Err(Obsolete::Done);
        }
        for body in &intent.bodies {
            if let Body::Protect(protect) = body
                && protect.on
            {
                self.mask(&before, &protect.person).ok_or(Obsolete::Refused)?;
            }
        }
        // That stands alone: nothing else is taken with it.
        if !intent.restores() {
            self.rekey(&before).ok_or(Obsolete::Refused)?;
        }
        Ok(self.frame)
    }

    /// One after the other, but what is so already; none: the rules do not take them.
    pub(super) fn entries(&mut self, bodies: &[Body], cosignatures: &[(usize, Cosignature)]) -> Option<()> {
        for (place, body) in bodies.iter().enumerate() {
            if !self.holds(body) {
                let with = cosignatures.iter().filter(|(at, _)| *at == place).map(|(_, c)| c.clone());
                self.entry(body, with.collect())?;
            }
        }
        Some(())
    }

    /// Whether what an entry would bring about is so already.
    fn holds(&self, body: &Body) -> bool {
        match body {
            Body::Confirm(confirm) => self.log.joins().any(|j| {
                j.seq == confirm.join && j.commitment == confirm.commitment && j.confirmed.is_some()
            }),
            _ => app::brought_about(&self.log, body),
        }
    }

    /// Signs one entry onto the head and admits it to the copy.
    pub(super) fn entry(&mut self, body: &Body, cosignatures: Vec<Cosignature>) -> Option<OpenEntry> {
        let body = self.with_circle_seq(body)?;
        let (class, _) = self.log.classify(&body);
        let (kind, bytes) = body.encode();
        let head = self.log.head();
        let signed = codec::encode(&EntryBody {
            version: ENTRY_VERSION,
            house: self.log.house(),
            seq: head.map_or(0, |h| h.seq + 1),
            prev: head.map(|h| h.hash),
            class,
            kind,
            author: self.me(),
            body: bytes.into(),
            before: self.log.before(&body),
        });
        let signature = self.engine.secrets.keys.sign(label::ENTRY, &signed);
        let entry = codec::encode(&Entry { signed: signed.into(), signature, cosignatures });
        let open = OpenEntry { entry: entry.into(), salt: Salt::new(crypto::random::bytes()) };
        let link = open.link().ok()?;
        self.log.admit(&link, Some(&open)).ok()?;
        self.frame.entries.push(open.clone());
        Some(open)
    }

    /// `member` names the seq of its circle's entry, which is known only now when both stand in one frame.
    fn with_circle_seq(&self, body: &Body) -> Option<Body> {
        Some(match body {
            Body::Member(member) => {
                let mut member = *member;
                member.circle_seq = self.log.circle(&member.circle)?.seq;
                Body::Member(member)
            }
            other => other.clone(),
        })
    }

    // ---- epochs and wraps ----

    /// New keys for the teams of a guardian who comes under protection, and for all their children: one child's stale keys
    /// would tell whom it concerns.
    fn mask(&mut self, before: &LogState, person: &PersonId) -> Option<()> {
        let who = Who::Person(*person);
        let read = before.circles().filter(|c| c.sort == Sort::Child && c.members.contains_key(&who));
        let nested = |log: &LogState, child: &CircleId| access::epoch_targets(log, child).keys;
        let teams: SortedSet<CircleId> =
            read.flat_map(|c| nested(before, &c.id).into_iter().chain(nested(&self.log, &c.id))).collect();
        let children: Vec<CircleId> = self
            .log
            .circles()
            .filter(|c| c.sort == Sort::Child)
            .map(|c| c.id)
            .filter(|child| !nested(&self.log, child).is_disjoint(&teams))
            .collect();
        for circle in teams.into_iter().chain(children) {
            self.rotate(&circle)?;
        }
        Some(())
    }

    /// After entries: epochs for new circles and for key circles that somebody left, wraps for whoever came.
    pub(super) fn rekey(&mut self, before: &LogState) -> Option<()> {
        let mut circles: Vec<(u8, CircleId)> = self.log.circles().map(|c| (order(c.sort), c.id)).collect();
        circles.sort_unstable();
        let cut = self.cut_for_newcomers(before);
        let log = self.log.clone();
        let arrivals = access::Arrivals::between(before, &log);
        for (_, circle) in circles {
            let sort = self.log.circle(&circle)?.sort;
            let now = access::epoch_targets(&self.log, &circle);
            if self.epochs.current(&circle).is_none() {
                if access::may_rotate(&self.log, &self.me(), &circle) {
                    self.rotate(&circle)?;
                }
                continue;
            }
            let then = access::epoch_targets(before, &circle);
            let left = then.devices.difference(&now.devices).next().is_some();
            if (left && matches!(sort, Sort::Team | Sort::Directors)) || cut.contains(&circle) {
                self.rotate(&circle)?;
                continue;
            }
            let mut devices: SortedSet<DeviceId> = now.devices.difference(&then.devices).copied().collect();
            let newcomers = arrivals.of(&circle);
            devices.extend(self.left_out(&newcomers, &circle));
            self.wrap_behind_horizons(before, &newcomers, &circle);
            let devices: Vec<DeviceId> = devices.into_iter().collect();
            let keys: SortedSet<CircleId> = now
                .keys
                .iter()
                .filter(|key| !then.keys.contains(*key) || self.fresh.contains_key(*key))
                .copied()
                .collect();
            self.wrap_current(&circle, &devices, &keys);
        }
        Some(())
    }

    /// Circles that somebody came to who reads from now on only, and those that nest them: they get new keys at once.
    fn cut_for_newcomers(&self, before: &LogState) -> SortedSet<CircleId> {
        let is_new = |since: Option<u64>| since.is_some_and(|seq| seq >= before.len());
        let came = |circle: &&Circle| circle.members.values().any(|membership| is_new(membership.since()));
        let mut cut: SortedSet<CircleId> = self.log.circles().filter(came).map(|circle| circle.id).collect();
        if cut.is_empty() {
            return cut;
        }
        let nesting = |circle: &&Circle| !access::epoch_targets(&self.log, &circle.id).keys.is_disjoint(&cut);
        let nesting: Vec<CircleId> = self.log.circles().filter(nesting).map(|circle| circle.id).collect();
        cut.extend(nesting);
        cut
    }

    /// Devices that read `circle` from now on and would find no way to its current epoch: it was wrapped to a key circle's
    /// epoch that they are not given, or to others' devices in its place.
    fn left_out(&self, newcomers: &[DeviceId], circle: &CircleId) -> Vec<DeviceId> {
        let Some(epoch) = self.epochs.current(circle) else { return Vec::new() };
        let fresh_keys: Vec<CircleId> = epoch
            .body
            .keys
            .iter()
            .filter(|key| self.epochs.current(&key.circle).is_some_and(|now| now.number == key.epoch))
            .map(|key| key.circle)
            .collect();
        newcomers
            .iter()
            .copied()
            .filter(|device| !fresh_keys.iter().any(|key| access::reads(&self.log, device, key)))
            .collect()
    }

    /// A new device of somebody who read here before a horizon is led back behind it.
    fn wrap_behind_horizons(&mut self, before: &LogState, newcomers: &[DeviceId], circle: &CircleId) {
        let horizons: Vec<(u32, u64)> = self
            .engine
            .house
            .epochs
            .of(circle)
            .filter(|epoch| epoch.body.horizon.is_some())
            .map(|epoch| (epoch.number, epoch.body.log.seq))
            .collect();
        if horizons.is_empty() {
            return;
        }
        for device in newcomers.iter().copied() {
            let Some((person, recipient)) = self.log.device(&device).map(|d| (d.person, d.card.recipient))
            else {
                continue;
            };
            for (number, at) in &horizons {
                let older = number.saturating_sub(1);
                let Some(made) = self.epochs.get(circle, older).map(|fact| fact.body.log.seq) else {
                    continue;
                };
                let came = self.came_from_now(circle, made, *at).unwrap_or(*at);
                let was_here = access::read_at(&self.log, &person, circle, came.saturating_sub(1))
                    && access::reads(before, &self.me(), circle);
                // Whoever reads from now on is led back by staff alone.
                let is_cut = access::is_before_horizon(&self.log, circle, &Addressee::Device(device), made);
                if is_cut && !access::is_staff(&self.log, &self.me()) {
                    continue;
                }
                if let Some(bytes) = self.secret_bytes(circle, older).filter(|_| was_here) {
                    let secret = EpochSecret::from_bytes(bytes);
                    self.wrap(circle, older, &secret, Addressee::Device(device), &recipient);
                }
            }
        }
    }

    /// Number of the first entry, after one epoch of a circle and up to the next, with which somebody came to read from now on.
    fn came_from_now(&self, circle: &CircleId, made: u64, next: u64) -> Option<u64> {
        let keys = access::epoch_targets(&self.log, circle).keys;
        (made + 1..=next).find(|seq| match self.log.entry(*seq).map(|entry| entry.kind.act()) {
            Some(Body::Member(member)) => {
                member.history == History::FromNow
                    && (member.circle == *circle || keys.contains(&member.circle))
            }
            _ => false,
        })
    }

    /// A horizon of `circle`. The parents' circles that it nests are renewed too: what was wrapped to their present keys lies
    /// before it, and whoever comes is given those they have then.
    pub(super) fn horizon(mut self, circle: &CircleId) -> Result<Frame, Obsolete> {
        self.cut.insert(*circle);
        for key in access::epoch_targets(&self.log, circle).keys {
            let is_parents = self.log.circle(&key).is_some_and(|key| key.sort == Sort::Parents);
            if is_parents && self.rotate(&key).is_none() {
                return Err(Obsolete::Refused);
            }
        }
        if access::may_rotate(&self.log, &self.me(), circle) && self.rotate(circle).is_some() {
            Ok(self.frame)
        } else {
            Err(Obsolete::Refused)
        }
    }

    /// Wraps of the current epoch of `circle`, where its secret is known here.
    fn wrap_current(&mut self, circle: &CircleId, devices: &[DeviceId], keys: &SortedSet<CircleId>) {
        let Some(number) = self.epochs.current(circle).map(|fact| fact.body.number) else { return };
        if self.fresh.contains_key(circle) {
            return;
        }
        let Some(bytes) = self.secret_bytes(circle, number) else { return };
        let secret = EpochSecret::from_bytes(bytes);
        for device in devices {
            if let Some(recipient) = self.log.device(device).map(|d| d.card.recipient) {
                self.wrap(circle, number, &secret, Addressee::Device(*device), &recipient);
            }
        }
        for key in keys {
            if let Some((epoch, recipient)) = self.recipient_of(key) {
                self.wrap(
                    circle,
                    number,
                    &secret,
                    Addressee::Epoch(KeyEpoch { circle: *key, epoch }),
                    &recipient,
                );
            }
        }
    }

    fn recipient_of(&self, key: &CircleId) -> Option<(u32, Recipient)> {
        self.epochs.current(key).map(|fact| (fact.body.number, fact.body.recipient))
    }

    pub(super) fn secret_bytes(&self, circle: &CircleId, number: u32) -> Option<[u8; 32]> {
        if let Some((fresh, secret, _)) = self.fresh.get(circle)
            && *fresh == number
        {
            return Some(*secret.expose_bytes());
        }
        let keyring = self.engine.circles.get(circle)?.keys.get(&number)?;
        Some(*keyring.secret.expose_bytes())
    }

    fn wrap(
        &mut self,
        circle: &CircleId,
        number: u32,
        secret: &EpochSecret,
        to: Addressee,
        recipient: &Recipient,
    ) {
        if let Some((wrap, _)) = self.make_wrap(circle, number, secret, to, recipient) {
            self.frame.wraps.push(wrap);
        }
    }

    fn make_wrap(
        &self,
        circle: &CircleId,
        number: u32,
        secret: &EpochSecret,
        addressee: Addressee,
        recipient: &Recipient,
    ) -> Option<(Wrap, Hash)> {
        let house = self.log.house()?;
        let file = crypto::wrap_epoch(secret, &house, circle, number, recipient).ok()?;
        let file_hash = Hash::new(sha256(&[&file]));
        let head = codec::encode(&WrapHead {
            house,
            circle: *circle,
            epoch: number,
            suite: Suite::X25519,
            addressee,
            maker: self.me(),
            file_hash,
        });
        let signature = self.engine.secrets.keys.sign(label::WRAP, &head);
        Some((Wrap { head: head.into(), signature, file: file.into() }, file_hash))
    }

    /// Whether content of `circle` can be sealed: a current epoch that is not stale and whose secret is known. Makes
    /// a new epoch where that is what it takes and this device may.
    pub(super) fn ready(&mut self, circle: &CircleId) -> bool {
        if self.engine.circles.get(circle).is_some_and(|s| s.suspended) || self.log.circle(circle).is_none() {
            return false;
        }
        let stale = self.epochs.stale(&self.log, circle).is_some() && stands!(FreshKeys);
        if stale || self.has_strangers(circle) {
            return access::may_rotate(&self.log, &self.me(), circle) && self.rotate(circle).is_some();
        }
        let Some(number) = self.epochs.current(circle).map(|fact| fact.body.number) else { return false };
        if self.secret_bytes(circle, number).is_some() {
            return true;
        }
        // Nobody may be here who could wrap it again.
        let spoiled = self.engine.repairs.is_spoiled(circle, number);
        spoiled && access::may_rotate(&self.log, &self.me(), circle) && self.rotate(circle).is_some()
    }

    /// Wraps an epoch again for whoever complained of it. Where this device finds no way to it either, and it is the present
    /// one, a new one.
    pub(super) fn repair(&mut self, complaint: &ComplaintHead) {
        let ComplaintHead { circle, epoch, device, .. } = complaint;
        let me = self.me();
        if complaint.holds(&self.log, &self.epochs).is_err() || !complaint.is_for(&self.log, &me) {
            return;
        }
        let recipient = self.log.device(device).map(|known| known.card.recipient);
        match (self.secret_bytes(circle, *epoch), recipient) {
            (Some(bytes), Some(recipient)) => {
                let secret = EpochSecret::from_bytes(bytes);
                self.wrap(circle, *epoch, &secret, Addressee::Device(*device), &recipient);
            }
            _ => {
                let is_current = self.epochs.current(circle).is_some_and(|fact| fact.body.number == *epoch);
                let lost = self.engine.repairs.is_lost(circle, *epoch);
                if is_current && lost && access::may_rotate(&self.log, &me, circle) {
                    let _ = self.rotate(circle);
                }
            }
        }
    }

    /// The epoch before the next one, with its secret; where there is no way to that, the latest to which there is.
    fn latest_known(&self, circle: &CircleId, before: u32) -> Option<(u32, [u8; 32])> {
        if let Some(bytes) = self.secret_bytes(circle, before) {
            return Some((before, bytes));
        }
        let lost = self.engine.repairs.is_lost(circle, before);
        let reach = before.saturating_sub(limit::EPOCH_LINK_BACK_MAX - 1);
        let older = (reach.max(1)..before).rev().filter(|_| lost);
        older.into_iter().find_map(|number| Some((number, self.secret_bytes(circle, number)?)))
    }

    /// Whether somebody's new device came into a circle that whoever let it in does not read: nobody has wrapped for it.
    fn has_strangers(&self, circle: &CircleId) -> bool {
        let named = self.log.circle(circle).is_some_and(|c| matches!(c.sort, Sort::Guarded | Sort::Council));
        let listed = self.epochs.current(circle).and_then(|epoch| epoch.devices.as_ref());
        let targets = access::epoch_targets(&self.log, circle).devices;
        named && listed.is_some_and(|listed| targets.iter().any(|device| !listed.contains(device)))
    }

    /// Whether there is a new epoch of `circle` now.
    pub(super) fn renew(&mut self, circle: &CircleId) -> bool {
        access::may_rotate(&self.log, &self.me(), circle) && self.rotate(circle).is_some()
    }

    /// Whether the intake is open at its present epoch.
    pub(super) fn current_intake(&self, circle: &CircleId) -> bool {
        self.epochs.current(circle).is_some_and(|fact| fact.body.intake.is_some())
    }

    /// A new epoch of `circle`, and first of the key circles it needs, for the readers at the frame's log head.
    fn rotate(&mut self, circle: &CircleId) -> Option<()> {
        if self.fresh.contains_key(circle) {
            return Some(());
        }
        let house = self.log.house()?;
        let sort = self.log.circle(circle)?.sort;
        let targets = access::epoch_targets(&self.log, circle);
        for key in &targets.keys {
            let stale = self.epochs.stale(&self.log, key).is_some();
            if stale && access::may_rotate(&self.log, &self.me(), key) {
                self.rotate(key)?;
            }
        }
        let before = self.epochs.current(circle).map(|fact| fact.body.number);
        let number = before.map_or(1, |n| n + 1);
        let secret = EpochSecret::generate();
        let keys = secret.keys(&house, circle, number);

        let mut plan = self.epochs.plan(&self.log, circle)?;
        if !plan.horizon && !self.cut.contains(circle) {
            let covered = self.epochs.covered(&self.log, circle, &plan.keys);
            plan.keys.retain(|key| !covered.contains(&key.circle));
        }
        let mut rows = Vec::new();
        let mut wraps = Vec::new();
        for device in &plan.devices {
            let recipient = self.log.device(device)?.card.recipient;
            let to = Addressee::Device(*device);
            let (wrap, hash) = self.make_wrap(circle, number, &secret, to, &recipient)?;
            rows.push(Reader { addressee: to, wrap: hash });
            wraps.push(wrap);
        }
        for key in &plan.keys {
            let recipient = self.epochs.get(&key.circle, key.epoch)?.body.recipient;
            let to = Addressee::Epoch(*key);
            let (wrap, hash) = self.make_wrap(circle, number, &secret, to, &recipient)?;
            rows.push(Reader { addressee: to, wrap: hash });
            wraps.push(wrap);
        }
        rows.sort_unstable();
        let head = self.log.head()?;
        let staff = access::lists_are_for_staff(sort).then(|| self.log.staff_digest(head.seq)).flatten();
        let list = ReaderList { salt: Salt::new(crypto::random::bytes()), rows, staff };

        // A horizon leads staff back, and nobody else.
        let old = before.and_then(|before| self.latest_known(circle, before));
        let is_horizon = before.is_some() && (plan.horizon || self.cut.contains(circle));
        let leads = before.is_some() && sort != Sort::Parents;
        // While a way to it may still come, nothing is made without.
        if leads && old.is_none() && before.is_some_and(|n| !self.engine.repairs.is_lost(circle, n)) {
            return None;
        }
        let mut horizon = is_horizon.then(Vec::new);
        if let (Some(back), Some((older, bytes))) = (&mut horizon, old) {
            let old = EpochSecret::from_bytes(bytes);
            for key in &plan.staff {
                let recipient = self.epochs.get(&key.circle, key.epoch)?.body.recipient;
                let link = crypto::seal_link(&old, &house, circle, older, &recipient).ok()?;
                back.push(HorizonLink { to: *key, link: link.into() });
            }
        }
        // A `parents` epoch leads nowhere: who joins in September does not get last year's key circle with it.
        let links = match old.filter(|_| leads && !is_horizon) {
            Some((older, bytes)) => {
                let old = EpochSecret::from_bytes(bytes);
                let link = crypto::seal_link(&old, &house, circle, older, &keys.recipient()).ok()?;
                vec![link.into()]
            }
            None => Vec::new(),
        };
        let intake = self.intake_keys(circle, number, &secret, keys.recipient())?;
        let body = EpochBody {
            number,
            log: head,
            recipient: keys.recipient(),
            commitment: keys.commitment(),
            root: list.root(),
            keys: plan.keys,
            links,
            horizon,
            intake,
        };
        let bytes = codec::encode(&body);
        let side = access::side_of(&self.log, &self.me(), circle).unwrap_or(Side::Staff);
        let header = self.header(circle, Kind::Epoch, number, side)?;
        let (record, header) = self.sign_record(header, bytes)?;
        self.epochs.admit_new(&self.log, &header, body, &list).ok()?;
        self.frame.readers.push(EpochReaders { record, list });
        self.frame.wraps.extend(wraps);
        self.fresh.insert(*circle, (number, secret, keys));
        Some(())
    }

    // ---- content ----

    /// Signs a hold or release, in clear: the relay must read it. Returns its id; none where this device has no side.
    pub(super) fn hold(
        &mut self,
        kind: Kind,
        circle: &CircleId,
        (class, month): (Class, Month),
        blobs: Vec<BlobId>,
    ) -> Option<RecordId> {
        let side = access::side_of(&self.log, &self.me(), circle)?;
        let epoch = self.epochs.current(circle)?.body.number;
        let mut header = self.header(circle, kind, epoch, side)?;
        header.class = class;
        header.month = month;
        let (record, _) = self.sign_record(header, HoldBody::new(blobs).encode())?;
        Some(record)
    }

    /// What waits in a document, by the engine start that wrote it: a batch carries the changes of one start.
    pub(super) fn waiting_batches(&self, document: &DocumentId) -> Vec<Waiting> {
        let Some(held) = self.engine.house.docs.get(document) else { return Vec::new() };
        let mut batches: Vec<Waiting> = Vec::new();
        for pending in &held.pending {
            match batches.last_mut().filter(|b| b.start == pending.start || !stands!(StartSealed)) {
                Some(batch) => {
                    batch.keys.push(pending.key);
                    batch.changes.push(pending.change.clone());
                }
                None => batches.push(Waiting {
                    keys: vec![pending.key],
                    start: pending.start,
                    changes: vec![pending.change.clone()],
                }),
            }
        }
        batches
    }

    /// Seals a batch into a record. Returns its id and the size of its body.
    pub(super) fn batch(
        &mut self,
        circle: &CircleId,
        document: &DocumentId,
        waiting: &Waiting,
    ) -> Option<(RecordId, usize)> {
        let fact = self.engine.house.docs.get(document)?.fact;
        let epoch = self.epochs.current(circle)?.body.number;
        let mut header = self.header(circle, Kind::Batch, epoch, fact.side)?;
        header.sealing = Sealing::Content;
        header.document = Some(*document);
        header.class = fact.class;
        header.month = fact.month;
        let keys = &self.engine.secrets.keys;
        let batch = Batch::new(&header, waiting.start, waiting.changes.clone()).ok()?;
        let plaintext = batch.vouched(&header, |input| keys.sign(label::TIP, input)).encode();
        let body = self.seal(circle, epoch, &plaintext)?;
        let size = body.len();
        let (record, _) = self.sign_record(header, body)?;
        Some((record, size))
    }

    /// Says what goes from a document, and writes what remains of it into a new one.
    pub(super) fn erasure(
        &mut self,
        circle: &CircleId,
        old: &DocumentId,
        body: &EraseBody,
        start: [u8; 16],
        changes: Vec<Vec<u8>>,
        kept: Vec<Kept>,
    ) -> Option<()> {
        let fact = self.engine.house.docs.get(old)?.fact;
        let epoch = self.epochs.current(circle)?.body.number;
        let mut header = self.header(circle, Kind::Erase, epoch, fact.side)?;
        (header.document, header.class, header.month) = (Some(*old), fact.class, fact.month);
        self.sign_record(header, body.encode())?;
        let mut header = self.header(circle, Kind::Rewrite, epoch, fact.side)?;
        (header.document, header.class, header.month) = (Some(body.to), fact.class, fact.month);
        header.sealing = Sealing::Content;
        let batch = Batch::new(&header, start, changes).ok()?;
        let plaintext = Batch { kept: Some(kept), ..batch }.encode();
        let body = self.seal(circle, body.epoch.unwrap_or(epoch), &plaintext)?;
        self.sign_record(header, body)?;
        Some(())
    }

    fn seal(&self, circle: &CircleId, epoch: u32, plaintext: &[u8]) -> Option<Vec<u8>> {
        match self.fresh.get(circle) {
            Some((number, _, keys)) if *number == epoch => keys.seal(plaintext).ok(),
            _ => self.engine.circles.get(circle)?.keys.get(&epoch)?.keys.seal(plaintext).ok(),
        }
    }

    fn chain(&self, circle: &CircleId) -> Chain {
        self.chains
            .get(circle)
            .copied()
            .or_else(|| self.engine.circles.get(circle).map(|s| s.chain))
            .unwrap_or_default()
    }

    /// A header in clear and without a document; the caller sets what differs.
    fn header(&self, circle: &CircleId, kind: Kind, epoch: u32, side: Side) -> Option<Header> {
        let chain = self.chain(circle);
        Some(Header {
            version: HEADER_VERSION,
            suite: Suite::X25519,
            sealing: Sealing::Clear,
            house: self.log.house()?,
            circle: *circle,
            epoch,
            document: None,
            side,
            kind,
            author: self.me(),
            seq: if stands!(ChainGoesOn) { chain.seq + 1 } else { chain.seq.max(1) },
            prev: chain.prev.filter(|_| stands!(ChainNamed)),
            log: self.log.head()?,
            seen: self.engine.circles.get(circle).map_or(Position::START, super::CircleState::position),
            class: Class::Long,
            month: Month::NEVER,
            body_hash: Hash::new([0; 32]),
            body_len: 0,
        })
    }

    /// Header of a snapshot, which has no place in this device's chain. None where nothing can be sealed at present.
    pub(super) fn snapshot_header(&self, circle: &CircleId, side: Side) -> Option<Header> {
        let is_open = self.engine.circles.get(circle).is_some_and(|state| !state.suspended)
            && self.epochs.stale(&self.log, circle).is_none();
        let epoch = self.epochs.current(circle).filter(|_| is_open)?.body.number;
        let header = self.header(circle, Kind::Snapshot, epoch, side)?;
        Some(Header { seq: 1, prev: None, ..header })
    }

    /// Signs a record that is not sent in a frame.
    pub(super) fn sign_apart(mut self, header: Header, body: Vec<u8>) -> Option<Record> {
        self.sign_record(header, body)?;
        self.frame.records.pop()
    }

    fn sign_record(&mut self, mut header: Header, body: Vec<u8>) -> Option<(RecordId, Header)> {
        header.body_hash = Hash::new(sha256(&[&body]));
        header.body_len = u32::try_from(body.len()).ok()?;
        let bytes = codec::encode(&header);
        let signature = self.engine.secrets.keys.sign(label::RECORD, &bytes);
        let record = Record { header: bytes.into(), signature, body: body.into() };
        let id = record.id();
        self.chains.insert(header.circle, Chain { seq: header.seq, prev: Some(id) });
        self.frame.records.push(record);
        Some((id, header))
    }
}

/// Key circles before what nests them.
pub(super) const fn order(sort: Sort) -> u8 {
    match sort {
        Sort::Directors => 0,
        Sort::Team => 1,
        Sort::Parents => 2,
        _ => 3,
    }
}
