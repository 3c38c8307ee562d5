//! A relay that lies.

use std::collections::BTreeMap;

use nestpost_protocol::id::{CircleId, RecordId};
use nestpost_protocol::message::RelayMessage;
use nestpost_protocol::record::Record;
use nestpost_protocol::{codec, limit};

use super::plan::Lie;
use super::stage::Stage;
use crate::relay::Backup;

/// What a lying relay keeps for later.
#[derive(Default)]
pub(super) struct Kept {
    backup: Option<(Backup, usize)>,
    /// What an honest relay will be put back to.
    pub(super) copy: Option<Backup>,
    /// It was, at least once.
    pub(super) put_back: bool,
    /// What the relay had before that, and who had how much of it, and would give it back.
    pub(super) before: BTreeMap<CircleId, Vec<RecordId>>,
    pub(super) backed: Vec<(usize, CircleId, usize)>,
    /// A snapshot of before.
    pub(super) snapshot: Option<Record>,
    /// Somebody made one up.
    pub(super) made_up: bool,
    /// What it told somebody once.
    said: Option<(usize, Vec<u8>)>,
}

impl Stage {
    /// One lie. Most take two steps: first something is put aside.
    pub(super) fn lie(&mut self, lie: Lie) {
        match lie {
            Lie::Rewind => self.rewind(),
            Lie::Fork => self.fork(),
            Lie::Replay => self.replay(),
            Lie::Withhold => self.withhold(),
        }
    }

    fn rewind(&mut self) {
        let frames = self.relay_mut(0).frames.len();
        let Some((backup, then)) = self.kept.backup.take() else {
            let backup = self.relay_mut(0).backup();
            self.kept.backup = Some((backup, frames));
            return;
        };
        if then < frames {
            self.lied("relay rewinds");
            self.kept.put_back = true;
            self.drop_all_lines(0);
            self.relay_mut(0).rewind(&backup, then);
        } else {
            self.kept.backup = Some((backup, then));
        }
    }

    /// Half of the devices are served another history from here.
    fn fork(&mut self) {
        if self.relays.len() > 1 {
            return;
        }
        self.lied("relay forks");
        let fork = self.relay_mut(0).fork();
        self.relays.push(fork);
        for phone in 0..self.phones.len() {
            if self.dice.chance(500) {
                self.drop_line(phone);
                self.phone_mut(phone).relay = 1;
            }
        }
    }

    /// Something that was said once is said again. (That something has arrived is for the relay to say: whoever says so
    /// without having it could drop it as well.)
    fn replay(&mut self) {
        let Some((phone, bytes)) = self.kept.said.take() else {
            let on: Vec<(usize, Vec<u8>)> = self
                .phones
                .iter()
                .enumerate()
                .filter_map(|(number, phone)| Some((number, phone.line.as_ref()?.down.front()?.clone())))
                .filter(|(_, bytes)| !is_answer(bytes))
                .collect();
            self.kept.said = self.dice.pick(&on).cloned();
            return;
        };
        if self.phone(phone).line.is_some() {
            self.lied("relay says again");
            self.tell(phone, bytes);
        }
    }

    /// Records are kept from a device; all else goes on.
    fn withhold(&mut self) {
        let lines = self.phones.iter_mut().filter_map(|phone| phone.line.as_mut());
        let mut withheld = 0;
        for line in lines.take(2) {
            let before = line.down.len();
            line.down.retain(|bytes| !is_records(bytes));
            withheld += before - line.down.len();
        }
        if withheld > 0 {
            self.lied("relay withholds");
        }
    }

    pub(super) fn lied(&mut self, name: &'static str) {
        self.tally.fault(name);
        self.note(usize::MAX, name);
    }
}

pub(super) fn is_answer(bytes: &[u8]) -> bool {
    let message = codec::decode::<RelayMessage>(bytes, limit::MESSAGE_BYTES_MAX);
    matches!(message, Ok(RelayMessage::Ack(_) | RelayMessage::Refused(_)))
}

fn is_records(bytes: &[u8]) -> bool {
    let message = codec::decode::<RelayMessage>(bytes, limit::MESSAGE_BYTES_MAX);
    matches!(message, Ok(RelayMessage::Records(_)))
}
