//! Commands of the person, and what the house's devices do unasked.

use minicbor::{Decode, Encode};
use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, DocumentId, ItemId};
use nestpost_protocol::log::{Body, Cosignature};
use nestpost_protocol::record::Side;
use nestpost_protocol::retention::{Class, Month, expiry};
use nestpost_protocol::stands;

use crate::app::decision::Decision;
use crate::app::view::RecoverySheet;
use crate::app::{self, AppError, Command, Edit, Proposed, Reply};
use crate::crypto::DeviceKeys;
use crate::docs::{DocumentFact, Pending};
use crate::document::{Document, Value};
use crate::house::{LinkState, Stage};
use crate::store::{Blob, Table, Write, number_key};
use crate::time::Timestamp;
use crate::transfers::{Transfer, TransferEdit};

use super::frame::Builder;
use super::outbox::Intent;
use super::{After, Engine, Output};

/// A change on this device that the relay has not acknowledged, as stored under the local key.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub(super) struct PendingRow {
    #[n(0)]
    pub(super) circle: CircleId,
    #[n(1)]
    pub(super) document: DocumentId,
    #[n(2)]
    pub(super) side: Side,
    #[n(3)]
    pub(super) class: Class,
    #[n(4)]
    pub(super) month: Month,
    #[n(5)]
    pub(super) item: ItemId,
    #[n(6)]
    pub(super) start: Blob,
    #[n(7)]
    pub(super) change: Blob,
}

impl Engine {
    pub(super) fn command(&mut self, now: Timestamp, id: u64, command: &Command) {
        match self.carry_out(now, command) {
            Ok(reply) if !stands!(DoneWhenStored) => {
                self.out.push_back(Output::Done { id, result: Ok(reply) })
            }
            Ok(reply) => self.after.push(After::Done(id, Box::new(reply))),
            Err(error) => self.out.push_back(Output::Done { id, result: Err(error) }),
        }
    }

    fn carry_out(&mut self, now: Timestamp, command: &Command) -> Result<Reply, AppError> {
        if self.house.stage != Stage::Member {
            return Err(AppError::NotAllowed);
        }
        if matches!(command, Command::RecoverySheet(..)) {
            return self
                .recovery_sheet(now)
                .map(|sheet| Reply::Sheet(Box::new(sheet)))
                .ok_or(AppError::NotFound);
        }
        if matches!(command, Command::ConfirmSheetPrinted(..)) {
            self.meta.sheet_open = false;
            self.meta.sheet_seed = None;
            self.write_meta();
            self.changed = true;
            return Ok(Reply::empty());
        }
        if let Command::ForgetOvertaken { id } = command {
            self.house.overtaken.retain(|lost| lost.key != *id);
            self.write_meta();
            self.changed = true;
            return Ok(Reply::empty());
        }
        if matches!(command, Command::RetryUnsent(..)) {
            self.try_again(now);
            return Ok(Reply::empty());
        }
        if let Command::PauseMedia { paused } = command {
            self.pause_media(*paused);
            return Ok(Reply::empty());
        }
        let decision = Decision::of(command, &self.house, &mut self.rng);
        let plan = match &decision {
            Some(decision) => decision.plan(&self.house, now)?,
            None => app::plan(command, &self.house, now, &mut self.rng)?,
        };
        // What the rules forbid now nobody else was faster with. After what waits they are asked when it goes out.
        if self.intents.is_empty() && !plan.entries.is_empty() && !self.says_with_less(&plan.entries) {
            let taken = Builder::new(self).entries(&plan.entries, &plan.cosignatures);
            taken.ok_or(AppError::NotAllowed)?;
        }
        if let Some(decision) = decision {
            self.decide(decision, plan.entries, plan.edits)?;
            self.changed = true;
            self.duties_due = true;
            return Ok(plan.reply);
        }
        if let Command::NameDevice { device, name } = command
            && let Ok(device) = device.parse()
        {
            self.house.names.insert(device, name.trim().to_owned());
            self.write_meta();
        }
        if let (Command::RenewSheet { .. }, Some(Body::DeviceAdd(add))) = (command, plan.entries.last()) {
            self.house.names.insert(add.device.device, String::new());
            self.house.printed = Some((add.device.device, now));
            self.write_meta();
        }
        for edit in &plan.edits {
            self.write(now, edit)?;
        }
        for edit in plan.transfers {
            self.change_transfer(edit)?;
        }
        for wish in &plan.wishes {
            self.wish(now, wish)?;
        }
        match &plan.proposes {
            Some(Proposed { body: Body::Restored(body), .. }) => self.give_word(now, body),
            Some(proposed) => self.propose(now, proposed)?,
            // Nothing is written of a word that is taken back.
            None if matches!(command, Command::Decline { .. })
                && plan.edits.is_empty()
                && plan.wishes.is_empty() =>
            {
                self.take_word_back()
            }
            None => {}
        }
        if let Some(change) = plan.intake {
            self.intend_intake(plan.entries, change)?;
        } else if !plan.entries.is_empty() || plan.horizon.is_some() {
            self.intend(plan.entries, plan.cosignatures, plan.horizon)?;
        }
        self.changed = true;
        self.duties_due = true;
        Ok(plan.reply)
    }

    /// A membership change that goes out by itself.
    pub(super) fn intend(
        &mut self,
        bodies: Vec<Body>,
        cosignatures: Vec<(usize, Cosignature)>,
        horizon: Option<CircleId>,
    ) -> Result<(), AppError> {
        let intent = self.new_intent(bodies);
        self.keep_intent(Intent { cosignatures, horizon, ..intent })
    }

    pub(super) fn new_intent(&mut self, bodies: Vec<Body>) -> Intent {
        let since = self.house.log.len();
        Intent {
            key: self.next_key(),
            bodies,
            cosignatures: Vec::new(),
            horizon: None,
            intake: None,
            decision: None,
            edits: Vec::new(),
            since,
        }
    }

    pub(super) fn keep_intent(&mut self, intent: Intent) -> Result<(), AppError> {
        let sealed = self.secrets.local.seal(&intent.encode()).map_err(|_| AppError::Internal)?;
        if stands!(IntentStored) {
            self.writes.push(Write::put(Table::Intent, number_key(intent.key), sealed));
        }
        self.intents.push_back(intent);
        self.show_decided();
        Ok(())
    }

    /// The sheet, while it is not confirmed as printed.
    fn recovery_sheet(&self, now: Timestamp) -> Option<RecoverySheet> {
        let seed: [u8; 32] = self.meta.sheet_seed.as_ref()?.as_slice().try_into().ok()?;
        let house = self.house.id.as_ref()?;
        app::sheet(&self.house, house, &DeviceKeys::from_seed(seed), now).ok()
    }

    /// Writes an item here; it goes out by itself.
    pub(super) fn write(&mut self, now: Timestamp, edit: &Edit) -> Result<(), AppError> {
        self.write_until(now, edit, None)
    }

    /// Writes an item that is kept until the end of this month, where it is said.
    pub(super) fn write_until(
        &mut self,
        now: Timestamp,
        edit: &Edit,
        month: Option<Month>,
    ) -> Result<(), AppError> {
        let side = self.side().ok_or(AppError::NotAllowed)?;
        self.write_on(now, side, edit, month)
    }

    /// The first items of a house that the relay does not have yet.
    pub(super) fn write_as_founder(&mut self, now: Timestamp, edit: &Edit) -> Result<(), AppError> {
        self.write_on(now, Side::Staff, edit, None)
    }

    fn write_on(
        &mut self,
        now: Timestamp,
        side: Side,
        edit: &Edit,
        month: Option<Month>,
    ) -> Result<(), AppError> {
        let month = month.unwrap_or(expiry(edit.class, now.month()));
        let fact = DocumentFact { circle: edit.circle, side, class: edit.class, month };
        // What is edited in place stays in its document while that takes writes.
        let home = match edit.value {
            Value::Map(_) => self.house.docs.home(&edit.circle, &edit.item, self.horizon_of(&edit.circle)),
            Value::Bytes(_) => None,
        };
        let home = home
            .filter(|d| self.house.docs.get(d).is_some_and(|h| h.fact.side == side && h.fact.month == month));
        let document = match home.or_else(|| self.house.docs.place(&fact, self.horizon_of(&edit.circle))) {
            Some(document) => document,
            None => DocumentId::new(self.random()),
        };
        self.put(document, fact, edit.item, &edit.value)
    }

    pub(super) fn put(
        &mut self,
        document: DocumentId,
        fact: DocumentFact,
        item: ItemId,
        value: &Value,
    ) -> Result<(), AppError> {
        let me = self.house.me;
        let actor = Document::actor(&me, &document, &self.start);
        let fact = self.house.docs.get(&document).map_or(fact, |held| held.fact);
        let key = self.next_key();
        let start = self.start;
        let held = self.house.docs.begin(document, fact, actor).ok_or(AppError::Internal)?;
        held.know(actor, me, start);
        let change = held.put(&item, value).map_err(|_| AppError::Internal)?;
        let row = PendingRow {
            circle: fact.circle,
            document,
            side: fact.side,
            class: fact.class,
            month: fact.month,
            item,
            start: start.to_vec().into(),
            change: change.clone().into(),
        };
        held.pending.push(Pending { key, item, start, change });
        let sealed = self.secrets.local.seal(&codec::encode(&row)).map_err(|_| AppError::Internal)?;
        if stands!(PendingStored) {
            self.writes.push(Write::put(Table::Pending, number_key(key), sealed));
        }
        Ok(())
    }

    /// Number of the latest horizon of a circle. What is written goes into documents begun since: whoever came with the
    /// horizon could not build on older ones.
    pub(super) fn horizon_of(&self, circle: &CircleId) -> u32 {
        let horizons = self.house.epochs.of(circle).filter(|epoch| epoch.body.horizon.is_some());
        horizons.map(|epoch| epoch.number).max().unwrap_or(0)
    }

    /// Names and the like are written again where they lie behind a horizon.
    fn carry_over(&mut self, now: Timestamp) {
        let circles: Vec<(CircleId, u32)> = self
            .house
            .log
            .circles()
            .filter(|circle| {
                access::side_of(&self.house.log, &self.house.me, &circle.id) == Some(Side::Staff)
            })
            .map(|circle| (circle.id, self.horizon_of(&circle.id)))
            .filter(|(_, horizon)| *horizon > 0)
            .collect();
        for (circle, horizon) in circles {
            for (item, class, value) in self.house.docs.left_behind(&circle, horizon) {
                if self.write(now, &Edit { circle, class, item, value }).is_ok() {
                    self.changed = true;
                }
            }
        }
    }

    /// The side this device writes on.
    fn side(&self) -> Option<Side> {
        let (person, role) = self.house.person()?;
        Some(if role.is_staff() { Side::Staff } else { Side::Person(person) })
    }

    /// Whatever waits in `document` is written anew into a document of the present month.
    pub(super) fn write_anew(&mut self, document: &DocumentId, now: Timestamp) {
        if !stands!(WrittenAnew) {
            return;
        }
        let Some(held) = self.house.docs.get_mut(document) else { return };
        let fact = held.fact;
        let pending = std::mem::take(&mut held.pending);
        let mut values = Vec::new();
        for change in &pending {
            if let Some((value, _)) = held.document.item(&change.item)
                && !values.iter().any(|(item, _)| *item == change.item)
                && (values.is_empty() || stands!(AllAnew))
            {
                let again = ItemId::new([change.key.to_le_bytes(); 2].concat().try_into().unwrap_or([0; 16]));
                values.push((if stands!(SameItem) { change.item } else { again }, value));
            }
        }
        for change in pending {
            self.writes.push(Write::delete(Table::Pending, number_key(change.key)));
        }
        let month = expiry(fact.class, now.month());
        let fresh = DocumentFact { month, ..fact };
        // A new one each time: another that has room may have been refused too, and may hold these very items.
        let target = DocumentId::new(self.random());
        if !self.rows.contains_key(document) && !self.snapshots.writers.contains_key(document) {
            // Nothing of it ever left this device.
            self.house.docs.forget(document);
        } else if !values.is_empty() && stands!(OldTakenOut) {
            // Nothing can be taken out of it; read anew it does not have them.
            self.after.push(After::Restart);
        }
        for (item, value) in values {
            // A picture goes no further than its hold: both are made anew.
            if let Some(again) = Transfer::again(item, &fact, &value) {
                let _ = self.change_transfer(TransferEdit::Put(Box::new(again)));
                continue;
            }
            // An edit that could be made once can be made again; only the document differs.
            let _ = self.put(target, fresh, item, &value);
        }
        self.changed = true;
    }

    /// What a house device does unasked, e.g. publishing an absence to the other guardian.
    pub(super) fn do_duties(&mut self, now: Timestamp) {
        let is_over = self.house.log.dissolved().is_some();
        if self.house.stage != Stage::Member || self.house.link != LinkState::Online || is_over {
            return;
        }
        self.review_transfers();
        self.carry_over(now);
        for edit in app::duties(&self.house, now) {
            if self.write(now, &edit).is_ok() {
                self.changed = true;
            }
        }
        self.erasures.due = app::erasures(&self.house, now);
        self.do_plans(now);
        self.forget_inquiries();
        self.house.docs.refresh();
    }
}
