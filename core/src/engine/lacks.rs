//! Records that a relay lost for good, as far as those know who were there to give it back the rest: whoever has one brings it later.

use nestpost_protocol::id::CircleId;
use nestpost_protocol::limit;
use nestpost_protocol::message::{ClientMessage, RecordPage, Row, WantedRows};
use nestpost_protocol::stands;

use crate::time::Timestamp;

use super::restore::{GIVEN_BYTES_TARGET, Restore};
use super::{After, Engine};

/// Between two times that what is stored is read for it.
const READ_AGAIN_MS: u64 = 600_000;

impl Engine {
    /// What is here is brought; whether it is, the next engine finds out when it reads what is stored.
    pub(super) fn hear_lacks(&mut self, now: Timestamp, lacks: Vec<WantedRows>) {
        let is_in_order = |of: &WantedRows| {
            of.rows.len() <= limit::PAGE_ROWS_MAX && of.rows.is_sorted_by(|one, next| one < next)
        };
        if !lacks.iter().all(is_in_order) || !lacks.is_sorted_by(|one, next| one.circle < next.circle) {
            return self.garbage();
        }
        self.snapshots.hear_lacks(&lacks);
        let mut wanted = lacks;
        for of in &mut wanted {
            let (circle, end) = (of.circle, self.chain_end(&of.circle).n);
            of.rows.retain(|n| *n <= end && !self.snapshots.is_bare(circle, *n));
        }
        wanted.retain(|of| !of.rows.is_empty());
        let is_known = |of: &WantedRows| of.rows.iter().all(|n| wants(&self.meta.wanted, &of.circle, *n));
        let (is_over, is_new) = (wanted.is_empty(), !wanted.iter().all(is_known));
        if is_new || (is_over && !self.meta.wanted.is_empty()) {
            self.meta.wanted.clone_from(&wanted);
            // However often the relay names others: stored bodies are read again only now and then.
            let is_due = is_new && now.millis().abs_diff(self.meta.wanted_at) >= READ_AGAIN_MS;
            if is_due {
                self.meta.wanted_at = now.millis();
            }
            self.write_meta();
            if is_due {
                self.restore.fills.clear();
                return self.after.push(After::Restart);
            }
        }
        for of in wanted {
            let Restore { fills, brought, .. } = &mut self.restore;
            // Once on a line: the relay says each time what is left.
            let here = fills.iter().filter(|(circle, row)| {
                *circle == of.circle && of.rows.contains(&row.n) && brought.insert((of.circle, row.n))
            });
            let (mut pages, mut bytes) = (vec![Vec::new()], 0);
            for (_, row) in here {
                let size = row.record.as_ref().map_or(0, |record| record.body.len());
                if bytes > 0 && bytes + size > GIVEN_BYTES_TARGET {
                    pages.push(Vec::new());
                    bytes = 0;
                }
                bytes += size;
                pages.last_mut().into_iter().for_each(|page| page.push(row.clone()));
            }
            for rows in pages.into_iter().filter(|page| !page.is_empty() && stands!(LackBrought)) {
                self.send(&ClientMessage::Fill(RecordPage { circle: of.circle, rows }));
            }
        }
    }

    /// A stored record, if the relay wants it; a page of them at most.
    pub(super) fn keep_wanted(&mut self, circle: CircleId, row: &Row) {
        let fills = &mut self.restore.fills;
        if row.record.is_some()
            && fills.len() < limit::PAGE_ROWS_MAX
            && wants(&self.meta.wanted, &circle, row.n)
        {
            fills.push((circle, row.clone()));
        }
    }
}

fn wants(wanted: &[WantedRows], circle: &CircleId, n: u64) -> bool {
    let of = wanted.binary_search_by(|of| of.circle.cmp(circle)).ok().and_then(|at| wanted.get(at));
    of.is_some_and(|of| of.rows.binary_search(&n).is_ok())
}
