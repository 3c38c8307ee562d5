//! Epochs that do not open. Nobody but its maker sees to whom a wrap or a link opens; so whoever is left out says so, and
//! whoever may wraps again, or makes new keys if nobody can open the present ones.

use nestpost_protocol::access;
use nestpost_protocol::codec;
use nestpost_protocol::complaint::{Complaint, ComplaintHead};
use nestpost_protocol::id::CircleId;
use nestpost_protocol::label;
use nestpost_protocol::message::ClientMessage;
use nestpost_protocol::sorted::{SortedMap, SortedSet};

use crate::house::Stage;

use super::Engine;
use super::frame::Builder;
use super::outbox::{Outgoing, Purpose};
use super::session::Session;

/// What does not open here, and what others say does not open there.
#[derive(Debug, Clone, Default)]
pub(super) struct Repairs {
    /// Epochs that this device may read and finds no way to; whether there was one and it did not open.
    lost: SortedMap<(CircleId, u32), bool>,
    /// Said on this line.
    said: SortedSet<(CircleId, u32)>,
    /// Others' complaints on this line that wait.
    asked: SortedSet<ComplaintHead>,
    /// Those that were looked at.
    answered: SortedSet<ComplaintHead>,
    /// Everything is here: what is missing now is missing.
    look: bool,
}

impl Repairs {
    /// Whether there is no way to an epoch, as far as this device has noticed.
    pub(super) fn is_lost(&self, circle: &CircleId, epoch: u32) -> bool {
        self.lost.contains_key(&(*circle, epoch))
    }

    /// Whether somebody made a way that leads nowhere.
    pub(super) fn is_spoiled(&self, circle: &CircleId, epoch: u32) -> bool {
        self.lost.get(&(*circle, epoch)) == Some(&true)
    }

    /// A wrap or link that should lead to an epoch does not open.
    pub(super) fn spoiled(&mut self, circle: CircleId, epoch: u32) {
        self.lost.insert((circle, epoch), true);
    }

    pub(super) fn found(&mut self, circle: &CircleId, epoch: u32) {
        self.lost.remove(&(*circle, epoch));
    }

    /// On a line that has caught up.
    pub(super) fn look(&mut self) {
        self.look = true;
    }

    /// What is said and heard on one line is said and heard again on the next.
    pub(super) fn new_line(&mut self) {
        *self = Self { lost: std::mem::take(&mut self.lost), ..Self::default() };
    }
}

impl Engine {
    /// Tells the others of what does not open, once on each line.
    pub(super) fn complain(&mut self) {
        if self.session != Session::Live || self.house.stage != Stage::Member {
            return;
        }
        let Some(house) = self.house.id else { return };
        if std::mem::take(&mut self.repairs.look) {
            self.look_for_lost();
        }
        let new: Vec<(CircleId, u32)> =
            self.repairs.lost.keys().filter(|lost| !self.repairs.said.contains(*lost)).copied().collect();
        for (circle, epoch) in new {
            self.repairs.said.insert((circle, epoch));
            let head = ComplaintHead { house, circle, epoch, device: self.house.me };
            // What was spoiled long ago may be none of its business any more.
            if head.holds(&self.house.log, &self.house.epochs).is_err() {
                self.repairs.found(&circle, epoch);
                continue;
            }
            let head = codec::encode(&head);
            let signature = self.secrets.keys.sign(label::COMPLAINT, &head);
            self.send(&ClientMessage::Complaint(Complaint { head: head.into(), signature }));
        }
    }

    /// Present epochs of circles that it reads and has no secret of.
    fn look_for_lost(&mut self) {
        let log = &self.house.log;
        let lost: Vec<(CircleId, u32)> = access::visible(log, &self.house.me)
            .into_iter()
            .filter_map(|circle| Some((circle, self.house.epochs.current(&circle)?.number)))
            .filter(|(circle, epoch)| !self.holds_epoch(circle, *epoch))
            .filter(|(circle, _)| access::reads(log, &self.house.me, circle))
            .collect();
        for lost in lost {
            self.repairs.lost.entry(lost).or_insert(false);
        }
    }

    pub(super) fn take_complaints(&mut self, complaints: &[Complaint]) {
        for complaint in complaints {
            match complaint.check() {
                Ok(head) if self.repairs.answered.contains(&head) => {}
                Ok(head) => {
                    self.repairs.asked.insert(head);
                }
                Err(_) => return self.garbage(),
            }
        }
    }

    /// Wraps for those who complained, and new keys where this device finds no way to the present ones either.
    pub(super) fn build_repairs(&mut self) -> Option<Outgoing> {
        let asked = std::mem::take(&mut self.repairs.asked);
        if asked.is_empty() {
            return None;
        }
        self.repairs.answered.extend(&asked);
        let mut builder = Builder::new(self);
        for head in asked {
            builder.repair(&head);
        }
        let frame = builder.finish();
        let is_empty = frame.wraps.is_empty() && frame.records.is_empty();
        (!is_empty).then(|| Outgoing::new(Purpose::Content, frame))
    }
}
