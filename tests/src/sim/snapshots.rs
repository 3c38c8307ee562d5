//! Snapshots that no honest device makes, or no honest relay hands out any more, and what devices take on trust.

use std::collections::BTreeSet;

use nestpost_core::document::{Document, Value, change_hash};
use nestpost_core::snapshot::{Snapshot, Start, Tip};
use nestpost_protocol::access;
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::id::{Hash, ItemId};
use nestpost_protocol::label;
use nestpost_protocol::record::{Header, Record};
use nestpost_protocol::snapshot::SnapshotBody;

use super::hostile::FORBIDDEN;
use super::phone::Phone;
use super::stage::Stage;

/// What somebody makes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MadeUp {
    /// Something in another device's name.
    Another,
    /// Something of their own that they never sent.
    Own,
    /// What came last is left out.
    Less,
    /// No document at all.
    Garbage,
}

const ALL: [(MadeUp, &str); 4] = [
    (MadeUp::Another, "snapshot in another's name"),
    (MadeUp::Own, "snapshot of what was never sent"),
    (MadeUp::Less, "snapshot without the last"),
    (MadeUp::Garbage, "snapshot of garbage"),
];
/// How often it is an honest one, only older, in a thousand.
const STALE: u32 = 250;

impl Stage {
    /// The relay keeps another snapshot than it should.
    pub(super) fn lie_with_snapshot(&mut self) {
        let kept: Vec<Record> = self.relay_mut(0).snapshots().map(|(_, record)| record.clone()).collect();
        let Some(record) = self.dice.pick(&kept).cloned() else { return };
        let before = self.kept.snapshot.replace(record.clone());
        let of = |record: &Record| record.check().ok().and_then(|header| header.document);
        let before = before.filter(|before| of(before) == of(&record) && before.id() != record.id());
        if let Some(old) = before.clone().filter(|_| self.dice.chance(STALE)) {
            let last = |record: &Record| SnapshotBody::decode(&record.body).map(|body| body.last).ok();
            let is_stale = last(&old) != last(&record);
            self.lied("old snapshot");
            if is_stale && self.relay_mut(0).keep_snapshot(old.clone()) {
                self.violated("refused", "the relay took a snapshot without somebody's last record".into());
            }
            return self.relay_mut(0).lie_with(old);
        }
        let members: Vec<usize> =
            (0..self.phones.len()).filter(|phone| self.phone(*phone).is_member()).collect();
        let Some(liar) = self.dice.pick(&members).copied() else { return };
        let Some((made_up, name)) = self.dice.pick(&ALL).copied() else { return };
        let item = self.dice.bytes().first_chunk().copied().map(ItemId::new);
        let Some(made) = item.and_then(|item| self.make_up(liar, made_up, &record, before.as_ref(), item))
        else {
            return;
        };
        let Ok(header) = made.check() else { return };
        self.lied(name);
        self.kept.made_up = true;
        self.hostile.insert(header.circle);
        let log = self.relay_mut(0).log().clone();
        self.harmed.extend(access::readers(&log, &header.circle).iter().copied());
        self.hostile_devices.insert(header.author);
        self.relay_mut(0).lie_with(made);
    }

    /// A snapshot as somebody with the keys makes it who wants something else to be in it.
    fn make_up(
        &self,
        liar: usize,
        made_up: MadeUp,
        record: &Record,
        before: Option<&Record>,
        item: ItemId,
    ) -> Option<Record> {
        let (header, mut snapshot, body) = self.open_snapshot(record)?;
        let device = self.phone(liar);
        let epoch = self.relays.first()?.epoch(&header.circle)?;
        let header = Header { author: device.id, epoch, ..header };
        (snapshot.author, snapshot.epoch) = (device.id, epoch);
        match made_up {
            MadeUp::Another => {
                let other = snapshot.devices.iter().find(|vouched| vouched.device != device.id)?.device;
                let by = self.phones.iter().find(|phone| phone.id == other)?;
                slip_in(&mut snapshot, &header, by, item, false)?;
            }
            MadeUp::Own => slip_in(&mut snapshot, &header, device, item, true)?,
            MadeUp::Less => {
                let (_, old, _) = self.open_snapshot(before?)?;
                (snapshot.changes, snapshot.devices) = (old.changes, old.devices);
            }
            MadeUp::Garbage => snapshot.changes = b"no document".to_vec().into(),
        }
        let sealed = self.keys_of(&header)?.seal(&codec::encode(&snapshot)).ok()?.into();
        let body = codec::encode(&SnapshotBody { sealed, ..body });
        let header = Header {
            body_hash: Hash::new(sha256(&[&body])),
            body_len: u32::try_from(body.len()).ok()?,
            ..header
        };
        let bytes = codec::encode(&header);
        let signature = device.keys().sign(label::RECORD, &bytes);
        Some(Record { header: bytes.into(), signature, body: body.into() })
    }

    fn open_snapshot(&self, record: &Record) -> Option<(Header, Snapshot, SnapshotBody)> {
        let header = record.check().ok()?;
        let body = SnapshotBody::decode(&record.body).ok()?;
        let plaintext = self.keys_of(&header)?.open(&body.sealed).ok()?;
        Some((header.clone(), Snapshot::open(&plaintext, &header)?, body))
    }

    fn keys_of(&self, header: &Header) -> Option<&nestpost_core::crypto::EpochKeys> {
        let engines = self.phones.iter().filter_map(|phone| phone.engine.as_ref());
        engines.into_iter().find_map(|engine| engine.epoch_keys(&header.circle, header.epoch))
    }

    /// Not even until the records are looked at anybody is shown what somebody said in another's name.
    pub(super) fn look_at_trust(&mut self, phone: usize) {
        let trusts =
            |stage: &Self| stage.phone(phone).engine.as_ref().is_some_and(|engine| engine.bare_rows() > 0);
        if self.kept.made_up && trusts(self) {
            self.tally.check("trusted");
            if let Some(what) = self.forbidden(phone) {
                self.violated("trusted", what);
            }
        }
    }

    /// What was spared is looked at in the end, and what the relay lacks comes with whoever has it.
    pub(super) fn check_spared(&mut self) {
        let (mut found, mut lacks) = (Vec::new(), Vec::new());
        let lost: BTreeSet<_> =
            self.relays.first().into_iter().flat_map(|relay| relay.lost()).copied().collect();
        for (number, engine) in self.members() {
            let bare = engine.bare_rows();
            if bare > 0 && lost.is_empty() {
                found.push(format!("{} takes {bare} records on trust", self.phone(number).name));
            }
            let has = |stored: &super::check::StoredRow| {
                lost.contains(&(stored.circle, stored.row.n)) && stored.row.record.is_some()
            };
            let rows = self.rows_of(number);
            if let Some(stored) = rows.iter().find(|stored| has(stored)) {
                lacks.push(format!("{} has number {}", self.phone(number).name, stored.row.n));
            }
        }
        self.judge("spared", found);
        self.judge("lacked", lacks);
    }

    /// What was erased does not come back.
    pub(super) fn check_erased(&mut self) {
        let relay = self.relays.first().expect("there is a relay");
        let moved: BTreeSet<_> =
            relay.documents().filter(|(_, fact)| fact.moved).map(|(document, _)| document).collect();
        let circles: Vec<_> = relay.log().circles().map(|circle| circle.id).collect();
        let records = circles.iter().flat_map(|circle| relay.records(circle));
        let headers = records.filter_map(|record| record.check().ok());
        let back = headers.filter(|header| {
            use nestpost_protocol::record::Kind;
            matches!(header.kind, Kind::Batch | Kind::Rewrite)
                && header.document.is_some_and(|document| moved.contains(&document))
        });
        let found: Vec<String> = back.map(|_| "the relay has a record that was erased".to_owned()).collect();
        self.judge("erased", found);
    }
}

/// One more item in a snapshot, by an actor of this device; whether it signs that.
fn slip_in(snapshot: &mut Snapshot, header: &Header, by: &Phone, item: ItemId, signed: bool) -> Option<()> {
    let start = [9; 16];
    let actor = Document::actor(&by.id, &snapshot.document, &start);
    let mut document = Document::from_snapshot(actor, &snapshot.changes).ok()?;
    let change = document.put(&item, &Value::Bytes(FORBIDDEN.as_bytes().to_vec())).ok()?;
    snapshot.changes = document.snapshot().into();
    let vouched = snapshot.devices.iter_mut().find(|vouched| vouched.device == by.id)?;
    vouched.starts.push(Start { start, placed: vec![(0, header.log.seq)] });
    if signed {
        let (seq, hash) = (vouched.tips.iter().map(|tip| tip.seq).max()?, change_hash(&change).ok()?);
        let signature = by.keys().sign(label::TIP, &Tip::signing_input(header, seq, hash)?);
        vouched.tips = vec![Tip { seq, hash: Hash::new(hash), signature }];
    }
    Some(())
}
