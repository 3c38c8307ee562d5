//! Snapshots: kept if they fit what the house is now, and otherwise not. Nobody waits for the answer.

use std::sync::PoisonError;

use nestpost_protocol::id::DeviceId;
use nestpost_protocol::message::Frame;
use nestpost_protocol::record::Record;
use nestpost_protocol::retention::Class;
use nestpost_protocol::snapshot::admit_snapshot;

use super::held::Held;
use super::{Desk, House};
use crate::store::{Elsewhere, NewSnapshot, StoreError};

impl House {
    /// Keeps a snapshot that its author hands in, in place of the one before. Whether it did.
    pub(crate) async fn take_snapshot(
        &self,
        desk: &Desk<'_>,
        author: DeviceId,
        record: Record,
    ) -> Result<bool, StoreError> {
        let _door = self.admission.lock().await;
        let Ok(header) = record.check() else { return Ok(false) };
        let (Some(document), true) = (header.document, header.author == author) else { return Ok(false) };
        let written = desk.store.written(self.id, header.circle, document).await?;
        let frame = Frame { records: vec![record], ..Frame::default() };
        let held = Held::gather(self, desk, &frame).await?;
        let Some(record) = frame.records.into_iter().next() else { return Ok(false) };
        let new = {
            let state = self.state();
            let admitted =
                admit_snapshot(&state.log, &state.epochs, &record, &held.with(&state), &written, held.months);
            let Ok(admitted) = admitted else { return Ok(false) };
            let expires = (header.class != Class::Long).then_some(header.month);
            let (house, circle) = (self.id, header.circle);
            let new = NewSnapshot { house, circle, document, covers: admitted.covers, record, expires };
            // The records come first: a cache takes none of their room.
            let is_full = state.bytes.saturating_add(new.bytes()) > desk.quota_bytes / 8 * 7;
            if is_full || state.elsewhere != Elsewhere::Here {
                return Ok(false);
            }
            new
        };
        let (added, freed) = match desk.store.keep_snapshot(new).await {
            Err(StoreError::Full) => return Ok(false),
            other => other?,
        };
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.bytes = state.bytes.saturating_add(added).saturating_sub(freed);
        Ok(true)
    }
}
