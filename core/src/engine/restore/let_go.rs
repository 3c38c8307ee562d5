//! What this device lets go of: the end of the log that a relay takes back from nobody here.

use nestpost_protocol::log::Body;
use nestpost_protocol::message::{LOG, log_position};
use nestpost_protocol::record::LogHead;

use super::Length;
use crate::engine::Engine;

impl Engine {
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
