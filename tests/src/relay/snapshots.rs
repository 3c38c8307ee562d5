//! Snapshots that the relay in memory keeps, and the records that they spare.

use std::collections::BTreeMap;

use nestpost_protocol::id::{CircleId, DeviceId, DocumentId};
use nestpost_protocol::message::{ByeCode, RecordPage, RelayMessage, Row, WantedRows};
use nestpost_protocol::record::{Kind, Record};
use nestpost_protocol::retention::Months;
use nestpost_protocol::snapshot::{AdmittedSnapshot, LastRecord, Written, admit_snapshot};
use nestpost_protocol::{access, limit};

use super::{House, MemoryRelay, SessionId};

impl House {
    /// Every device's last record in a document.
    fn written(&self, document: &DocumentId) -> Vec<Written> {
        let mut written: BTreeMap<DeviceId, Written> = BTreeMap::new();
        for row in self.circles.values().flatten() {
            let Some(header) = row.record.as_ref().map(|record| record.check().unwrap()) else { continue };
            if header.document == Some(*document) && matches!(header.kind, Kind::Batch | Kind::Rewrite) {
                let last = LastRecord { device: row.author, seq: header.seq, record: row.id };
                written.insert(row.author, Written { last, n: row.position.n });
            }
        }
        written.into_values().collect()
    }

    /// Snapshots of a circle, for somebody who holds nothing of it.
    pub(super) fn snapshots_of(
        &self,
        circle: &CircleId,
    ) -> BTreeMap<DocumentId, &(Record, AdmittedSnapshot)> {
        let of = self.snapshots.iter().filter(|(_, (_, admitted))| admitted.header.circle == *circle);
        of.map(|(document, kept)| (*document, kept)).collect()
    }
}

impl MemoryRelay {
    /// A snapshot is handed in; whether it is kept.
    pub fn keep_snapshot(&mut self, record: Record) -> bool {
        let Some(house) = &mut self.house else { return false };
        let written = record.check().ok().and_then(|header| header.document);
        let written = written.map(|document| house.written(&document)).unwrap_or_default();
        let months = Months::within(self.month);
        match admit_snapshot(&house.log, &house.epochs, &record, house, &written, months) {
            Ok(admitted) if !house.awaits => {
                house.snapshots.insert(admitted.header.document.unwrap(), (record, admitted));
                true
            }
            Ok(_) => false,
            Err(refusal) => {
                self.snapshots_refused.push(refusal.code);
                false
            }
        }
    }

    pub(super) fn send_rows(&mut self, session: SessionId, wanted: &WantedRows) {
        let Some(device) = self.device(session) else { return };
        let Some(house) = &self.house else { return };
        let circle = wanted.circle;
        let is_sorted = wanted.rows.is_sorted_by(|one, next| one < next);
        let within = !wanted.rows.is_empty() && wanted.rows.len() <= limit::PAGE_ROWS_MAX && is_sorted;
        if !access::reads(&house.log, &device, &circle) || !within {
            return self.bye(session, ByeCode::Malformed);
        }
        let stored = house.circles.get(&circle);
        let rows = wanted.rows.iter().filter_map(|n| {
            let row = stored?.get(usize::try_from(*n).unwrap().checked_sub(1)?)?;
            let (record, gone) = (row.record.clone(), row.record.is_none());
            let lost = house.lost.contains(&(circle, *n));
            Some(Row { n: *n, id: row.id, record, gone, readers: None, document: None, lost })
        });
        let rows: Vec<Row> = rows.take(self.rows_per_page).collect();
        self.rows_sent += rows.len();
        self.send(session, &RelayMessage::Rows(RecordPage { circle, rows }));
    }

    /// The snapshots that it keeps.
    pub fn snapshots(&self) -> impl Iterator<Item = (&DocumentId, &Record)> {
        self.house.iter().flat_map(|house| &house.snapshots).map(|(document, (record, _))| (document, record))
    }

    /// The relay lies: it keeps this snapshot, whatever is in it.
    pub fn lie_with(&mut self, record: Record) {
        let header = record.check().unwrap();
        let (document, covers) = (header.document.unwrap(), header.seen.n);
        self.house
            .as_mut()
            .unwrap()
            .snapshots
            .insert(document, (record, AdmittedSnapshot { header, covers }));
    }
}
