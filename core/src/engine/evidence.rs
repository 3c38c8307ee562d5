//! What this device could show of a relay that lied, or of a member that did not keep to the rules. Signatures, headers and
//! ids only; who reads them elsewhere learns no names and no contents.

use nestpost_protocol::codec;
use nestpost_protocol::evidence::{Case, History, SignedHeader};
use nestpost_protocol::id::{CircleId, RecordId};
use nestpost_protocol::limit;
use nestpost_protocol::log::Body;
use nestpost_protocol::message::{LOG, SignedPosition};
use nestpost_protocol::record::{Header, Kind, Position, Record, Sealing};

use crate::house::Alarm;
use crate::store::{Loaded, Table, Write};

use super::load::LogRow;
use super::{CircleState, Engine};

/// Of [the cases that are kept](limit::EVIDENCE_CASES_MAX), about members: who breaks rules again and again does not crowd out what a relay signed.
const MEMBERS_MAX: usize = 16;
/// Records between two positions of a case.
const IDS_MAX: usize = 1_024;
/// A body in clear that is kept with its header.
const BODY_BYTES_MAX: usize = 64 << 10;
const CASES_KEY: &[u8] = b"proof";
const SIGNED_KEY: &[u8] = b"signed";

/// Rows of [`Table::Meta`] about a circle, and about all.
pub(super) fn row_keys<'a>(
    circles: impl Iterator<Item = &'a CircleId>,
) -> impl Iterator<Item = (Table, Vec<u8>)> {
    circles.chain([&LOG]).map(signed_key).chain([CASES_KEY.to_vec()]).map(|key| (Table::Meta, key))
}

fn signed_key(circle: &CircleId) -> Vec<u8> {
    [SIGNED_KEY, circle.as_bytes()].concat()
}

impl CircleState {
    /// The position with this number, as it was shown here.
    pub(super) fn at(&self, n: u64) -> Option<Position> {
        let index = usize::try_from(n.checked_sub(1)?).ok()?;
        self.accumulators.get(index).map(|acc| Position { n, acc: *acc })
    }

    /// The record that stands here at this number.
    pub(super) fn id_at(&self, n: u64) -> Option<RecordId> {
        self.ids.get(usize::try_from(n.checked_sub(1)?).ok()?).copied()
    }

    /// The circle from a position on, as far as the relay signed it; only the position where it has not.
    fn history(&self, circle: CircleId, n: u64) -> Option<History> {
        let from = self.at(n)?;
        let to = self.signed.filter(|signed| signed.claim.n >= n);
        let between = to.and_then(|signed| {
            let range = usize::try_from(n).ok()?..usize::try_from(signed.claim.n).ok()?;
            self.ids.get(range).filter(|ids| ids.len() <= IDS_MAX)
        });
        let (ids, signed) = between.map_or((Vec::new(), None), |ids| (ids.to_vec(), to));
        Some(History { circle, from, ids, signed })
    }

    /// Whether a position is another one than was shown here.
    fn contradicts(&self, seen: Position) -> bool {
        self.at(seen.n).is_some_and(|ours| ours.acc != seen.acc)
    }
}

impl Engine {
    /// Another device named a position of this circle: it must be one that we were shown too.
    pub(super) fn compare_claim(&mut self, header: &Header, record: &Record) {
        let (circle, seen) = (header.circle, header.seen);
        if self.circles.get(&circle).is_some_and(|state| state.contradicts(seen)) {
            let ours = self.circles.get(&circle).and_then(|state| state.history(circle, seen.n));
            let case = ours.map(|ours| Case::Seen(ours, SignedHeader::of(record)));
            self.suspend(circle, case);
        }
        // The same of the log.
        let link = self.house.log.link(header.log.seq).filter(|_| header.kind != Kind::Inquiry);
        if let Some(link) = link.copied()
            && !self.house.log.knows_head(&header.log)
        {
            self.suspend(LOG, Some(Case::Head(SignedHeader::of(record), link)));
        }
    }

    /// The relay signed a position: it must be ours.
    pub(super) fn compare_signed(&mut self, signed: &SignedPosition) {
        let claim = &signed.claim;
        let circle = claim.circle;
        let theirs = Position { n: claim.n, acc: claim.acc };
        let renewed = self.meta.renewed;
        let is_later = |last: Option<SignedPosition>| {
            // While something may have to be given back, nothing less takes the place of what was signed in the life before.
            last.is_none_or(|last| {
                let other = last.claim.incarnation != claim.incarnation;
                last.claim.n < claim.n || (other && (!renewed || last.claim.n == claim.n))
            })
        };
        let is_ours = self.chain_at(&circle, claim.n) == Some(theirs.acc)
            && self.meta.incarnation == Some(claim.incarnation);
        if circle == LOG {
            if is_ours && is_later(self.log_signed) {
                self.log_signed = Some(*signed);
                self.writes.push(Write::put(Table::Meta, signed_key(&circle), codec::encode(signed)));
            }
            if !renewed && self.chain_at(&LOG, claim.n).is_some_and(|ours| ours != theirs.acc) {
                self.contradicted(signed, self.log_signed, self.log_history(claim.n));
            }
            return;
        }
        let Some(state) = self.circles.get(&circle) else { return };
        let is_other = state.suspended || state.contradicts(theirs) || state.position().n > theirs.n;
        if is_other && self.lets_go_of_unsigned(signed) {
            return;
        }
        let Some(state) = self.circles.get_mut(&circle) else { return };
        // After a backup another history may stand here, until both are brought together.
        if !renewed && state.contradicts(theirs) {
            let (last, ours) = (state.signed, state.history(circle, claim.n));
            return self.contradicted(signed, last, ours);
        }
        if is_ours && is_later(state.signed) {
            state.signed = Some(*signed);
            self.writes.push(Write::put(Table::Meta, signed_key(&circle), codec::encode(signed)));
        }
    }

    /// The relay signed something else than it showed here, and signed `last`.
    fn contradicted(&mut self, signed: &SignedPosition, last: Option<SignedPosition>, ours: Option<History>) {
        let SignedPosition { claim, .. } = signed;
        // It was started again since: perhaps from a backup.
        let restarted = last.filter(|old| {
            old.claim.incarnation == claim.incarnation
                && old.claim.start != claim.start
                && old.claim.n >= claim.n
        });
        if let Some(lost) = restarted {
            return self.show_lost(lost);
        }
        let (circle, from) = (claim.circle, Position { n: claim.n, acc: claim.acc });
        let other = History { circle, from, ids: Vec::new(), signed: Some(*signed) };
        self.suspend(circle, ours.map(|ours| Case::Histories(ours, other)));
    }

    /// The log with so many links, as it was shown here; with the relay's word if it gave that for just these.
    fn log_history(&self, n: u64) -> Option<History> {
        let from = Position { n, acc: self.chain_at(&LOG, n)? };
        let signed = self.log_signed.filter(|signed| signed.claim.n == n);
        Some(History { circle: LOG, from, ids: Vec::new(), signed })
    }

    /// Whether this device changes nothing about who belongs, because it was shown two logs.
    pub(super) fn is_log_doubted(&self) -> bool {
        self.meta.suspended.contains(&LOG)
    }

    /// Whether the relay's word for the end of a circle falls behind what it has shown already.
    pub(super) fn is_rewound(&self, signed: &SignedPosition) -> bool {
        self.circles.get(&signed.claim.circle).is_some_and(|state| signed.claim.n < state.position().n)
    }

    /// Nothing more is taken or sent in this circle, until the house goes on with another life of its history; everything
    /// else goes on. Of the log: this device says nothing more about who belongs. What others say behind the log that is here
    /// is taken, for what they write rests on it.
    pub(super) fn suspend(&mut self, circle: CircleId, case: Option<Case>) {
        if circle == LOG {
            self.alarm(Alarm::LogDoubted);
        } else {
            self.circles.entry(circle).or_default().suspended = true;
            self.alarm(Alarm::RelayRewound);
        }
        if !self.noted.loading && !self.meta.suspended.contains(&circle) {
            self.meta.suspended.push(circle);
            self.write_meta();
        }
        if let Some(case) = case {
            self.note_case(case);
        }
    }

    /// A start changes nothing about that.
    pub(super) fn load_suspended(&mut self) {
        for circle in self.meta.suspended.clone() {
            self.suspend(circle, None);
        }
    }

    /// What names a key of the relay is kept as it came, for whoever checks what the relay signed.
    pub(super) fn note_relay(&mut self, row: LogRow) {
        let said = self.house.log.entry(row.link.seq).map(|entry| &entry.kind);
        match said {
            Some(Body::Found(_)) => self.house.founding = row.entry,
            Some(Body::Restored(body)) if body.relay.is_some() => self.house.moves.extend(row.entry),
            _ => {}
        }
    }

    /// A record that its author should not have made.
    pub(super) fn note_record(&mut self, header: &Header, record: &Record) {
        let is_small = record.body.len() <= BODY_BYTES_MAX;
        let body = (header.sealing == Sealing::Clear && is_small).then(|| record.body.clone());
        self.note_case(Case::Record(SignedHeader::of(record), body));
    }

    pub(super) fn note_case(&mut self, case: Case) {
        let cases = &mut self.house.evidence;
        let is_member = |case: &Case| matches!(case, Case::Record(..) | Case::Wrap(..));
        let members = cases.iter().filter(|case| is_member(case)).count();
        let is_full =
            cases.len() >= limit::EVIDENCE_CASES_MAX || (is_member(&case) && members >= MEMBERS_MAX);
        if is_full || cases.contains(&case) {
            return;
        }
        cases.push(case);
        self.writes.push(Write::put(Table::Meta, CASES_KEY.to_vec(), codec::encode(cases)));
        self.changed = true;
    }

    /// The house goes on with another life of its history: what was signed before says nothing of it.
    pub(super) fn forget_signed(&mut self) {
        let life = self.meta.incarnation;
        let of_life = |signed: &SignedPosition| Some(signed.claim.incarnation) == life;
        self.log_signed = self.log_signed.filter(of_life);
        for state in self.circles.values_mut() {
            state.signed = state.signed.filter(of_life);
            state.suspended = false;
        }
        self.meta.suspended.clear();
        self.clear_alarm(Alarm::LogDoubted);
    }

    pub(super) fn load_evidence(&mut self, row: &Loaded) {
        if row.key == CASES_KEY {
            self.house.evidence = codec::decode(&row.value, limit::EVIDENCE_BYTES_MAX).unwrap_or_default();
        } else if row.key.starts_with(SIGNED_KEY)
            && let Ok(signed) = codec::decode::<SignedPosition>(&row.value, limit::RECORD_HEADER_BYTES_MAX)
            && (self.meta.renewed || self.meta.incarnation == Some(signed.claim.incarnation))
        {
            if signed.claim.circle == LOG {
                self.log_signed = Some(signed);
            } else {
                self.circles.entry(signed.claim.circle).or_default().signed = Some(signed);
            }
        }
    }
}
