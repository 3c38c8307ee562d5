//! Decisions about guardians and children wait with what is written for them, and are looked at again before they go out.

use minicbor::{Decode, Encode};
use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::log::Body;
use nestpost_protocol::retention::Class;

use crate::app::decision::Decision;
use crate::app::{self, AppError, Edit};
use crate::document::{Scalar, Value};
use crate::store::{Blob, Table, Write, number_key};
use crate::time::Timestamp;

use super::Engine;
use super::frame::Obsolete;
use super::outbox::Intent;

/// An edit, as stored.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct EditRow {
    #[n(0)]
    circle: CircleId,
    #[n(1)]
    class: Class,
    #[n(2)]
    item: ItemId,
    #[n(3)]
    bytes: Option<Blob>,
    #[n(4)]
    fields: Vec<(String, Scalar)>,
}

impl From<&Edit> for EditRow {
    fn from(edit: &Edit) -> Self {
        let Edit { circle, class, item, .. } = *edit;
        let (bytes, fields) = match &edit.value {
            Value::Bytes(bytes) => (Some(bytes.clone().into()), Vec::new()),
            Value::Map(map) => (None, map.iter().map(|(key, value)| (key.clone(), value.clone())).collect()),
        };
        Self { circle, class, item, bytes, fields }
    }
}

impl From<EditRow> for Edit {
    fn from(row: EditRow) -> Self {
        let EditRow { circle, class, item, bytes, fields } = row;
        let value = match bytes {
            Some(bytes) => Value::Bytes(bytes.to_vec()),
            None => Value::Map(fields.into_iter().collect()),
        };
        Self { circle, class, item, value }
    }
}

impl Engine {
    /// It goes out by itself; what is written for it follows once it is admitted, and is shown here until then.
    pub(super) fn decide(
        &mut self,
        decision: Decision,
        bodies: Vec<Body>,
        edits: Vec<Edit>,
    ) -> Result<(), AppError> {
        if bodies.is_empty() && edits.is_empty() {
            return Ok(());
        }
        let intent = Intent { decision: Some(decision), edits, ..self.new_intent(bodies) };
        self.keep_intent(intent)
    }

    /// What waits, for views.
    pub(super) fn show_decided(&mut self) {
        self.house.decided = self.intents.iter().flat_map(|intent| intent.edits.iter().cloned()).collect();
    }

    /// The house may have become another since: what is decided is made anew for what is so now.
    pub(super) fn look_again(&mut self, now: Timestamp, intent: Intent) -> Result<Intent, Obsolete> {
        let Some(decision) = &intent.decision else {
            // Another sheet may have come meanwhile; one is to count.
            let bodies = match intent.bodies.last() {
                Some(Body::DeviceAdd(add)) if add.sheet == Some(true) => app::renewal(&self.house, *add),
                _ => return Ok(intent),
            };
            return Ok(Intent { bodies, ..intent });
        };
        let shown = std::mem::take(&mut self.house.decided);
        let plan = decision.plan(&self.house, now);
        let is_overtaken = decision.is_overtaken(&self.house);
        self.house.decided = shown;
        let plan = plan.map_err(|_| Obsolete::Refused)?;
        if plan.entries.is_empty() && plan.edits.is_empty() {
            return Err(Obsolete::Done);
        }
        if is_overtaken {
            return Err(Obsolete::Refused);
        }
        let anew = Intent { bodies: plan.entries, edits: plan.edits, ..intent };
        let sealed = self.secrets.local.seal(&anew.encode()).map_err(|_| Obsolete::Refused)?;
        self.writes.push(Write::put(Table::Intent, number_key(anew.key), sealed));
        if let Some(kept) = self.intents.iter_mut().find(|kept| kept.key == anew.key) {
            kept.clone_from(&anew);
        }
        self.show_decided();
        Ok(anew)
    }

    /// Writes what was waiting for a decision that is so now.
    pub(super) fn write_decided(&mut self, now: Timestamp, key: u64) {
        let decided = self.intents.iter().find(|intent| intent.key == key);
        for edit in decided.map(|intent| intent.edits.clone()).unwrap_or_default() {
            let _ = self.write(now, &edit);
        }
    }
}
