//! Records that a relay lost for good, as far as those know who were there to give it back the rest: whoever has one brings it later.

use nestpost_protocol::id::CircleId;
use nestpost_protocol::message::{ClientMessage, RecordPage, WantedRows};

use super::restore::GIVEN_BYTES_TARGET;
use super::{After, Engine};

impl Engine {
    /// What is here is brought; whether it is, the next engine finds out when it reads what is stored.
    pub(super) fn hear_lacks(&mut self, lacks: Vec<WantedRows>) {
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
            self.restore.fills.clear();
            self.meta.wanted.clone_from(&wanted);
            self.write_meta();
        }
        if is_new {
            return self.after.push(After::Restart);
        }
        for of in wanted {
            let here = self
                .restore
                .fills
                .iter()
                .filter(|(circle, row)| *circle == of.circle && of.rows.contains(&row.n));
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
            for rows in pages.into_iter().filter(|page| !page.is_empty()) {
                self.send(&ClientMessage::Fill(RecordPage { circle: of.circle, rows }));
            }
        }
    }
}

pub(super) fn wants(wanted: &[WantedRows], circle: &CircleId, n: u64) -> bool {
    wanted.iter().any(|of| of.circle == *circle && of.rows.contains(&n))
}
