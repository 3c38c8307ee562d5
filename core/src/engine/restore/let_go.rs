//! What this device lets go of because nobody can show that the relay ever had it: the end of a circle that the relay sent and
//! did not sign before it started again, and the end of the log that it takes back from nobody here.

use nestpost_protocol::log::Body;
use nestpost_protocol::message::{LOG, SignedPosition, log_position};
use nestpost_protocol::record::{LogHead, Record};

use super::{Length, length};
use crate::engine::Engine;

impl Engine {
    /// What the relay sent of a circle and never signed, and does not have since it started again: nobody can show that it was
    /// there, and nobody else will ever see it. What it signs now takes its place. If that does not fit what it signed last
    /// either, it is shown that. Whether anything came of it.
    pub(in crate::engine) fn lets_go_of_unsigned(&mut self, signed: &SignedPosition) -> bool {
        let claim = &signed.claim;
        let Some(state) = self.circles.get(&claim.circle) else { return false };
        let Some(last) = state.signed else { return false };
        let restarted = last.claim.incarnation == claim.incarnation && last.claim.start != claim.start;
        if self.meta.renewed || !restarted || last.claim.n > claim.n {
            return false;
        }
        if length(&self.meta.cut, &claim.circle).is_some() {
            return true;
        }
        if let Some((_, shown)) = self.restore.let_go.iter_mut().find(|(of, _)| *of == claim.circle) {
            let is_new = !std::mem::replace(shown, true);
            if is_new {
                self.show_lost(last);
            }
            return is_new;
        }
        if last.claim.n == state.position().n {
            return false;
        }
        self.meta.suspended.retain(|circle| *circle != claim.circle);
        // Own records come without their bytes else.
        self.meta.full = true;
        self.cut(vec![Length { circle: claim.circle, n: last.claim.n }]);
        true
    }

    /// Of one life: whether what is under way may have been admitted, as it does not stand on what is cut.
    pub(super) fn may_have_been_admitted(&self, cut: &[Length]) -> bool {
        let is_cut =
            |record: &Record| record.check().is_ok_and(|header| length(cut, &header.circle).is_some());
        let outgoing = self.outgoing.as_ref().filter(|_| !self.meta.renewed);
        outgoing.is_some_and(|outgoing| !outgoing.frame.records.iter().any(is_cut))
    }

    /// This engine is the one without what was cut.
    pub(super) fn note_let_go(&mut self, cut: &[Length]) {
        if !self.meta.renewed {
            self.restore.let_go = cut.iter().map(|length| (length.circle, false)).collect();
        }
    }

    /// Where the relay's log ends, if it is the one that is here, as far as it was asked; or the beginning of it, and the rest
    /// cannot be given back from here.
    pub(in crate::engine) fn head_of_copy(&self) -> Option<LogHead> {
        let end = self.restore.end(&LOG).unwrap_or_else(|| log_position(&self.house.log));
        if self.restore.fork.is_some() || self.chain_at(&LOG, end.n) != Some(end.acc) {
            return None;
        }
        let is_all = end.n == self.house.log.len();
        let is_left = || self.restore.done.contains(&LOG) || self.piece(LOG).is_none();
        let seq = end.n.checked_sub(1).filter(|_| is_all || is_left())?;
        Some(LogHead { seq, hash: self.house.log.link(seq)?.hash() })
    }

    /// Number of the last link that the copy has, where this device has more.
    fn more_log(&self) -> Option<u64> {
        self.head_of_copy().map(|head| head.seq + 1).filter(|n| *n < self.house.log.len())
    }

    /// Whether what is said of the copy stands on less than is here.
    pub(in crate::engine) fn says_with_less(&self, bodies: &[Body]) -> bool {
        bodies.iter().any(|body| matches!(body, Body::Restored(_))) && self.more_log().is_some()
    }

    /// What this device is about to say stands right behind the relay's log: what is here beyond that goes, as the person
    /// has agreed to. Whether there was something.
    pub(in crate::engine) fn lets_go_of_log(&mut self) -> bool {
        let more = self.more_log();
        if let Some(n) = more {
            self.cut(vec![Length { circle: LOG, n }]);
        }
        more.is_some()
    }

    /// Whether this engine ends as soon as that is stored, and another one goes on without what is cut.
    pub(in crate::engine) fn is_to_go(&self) -> bool {
        !self.meta.cut.is_empty()
    }
}
