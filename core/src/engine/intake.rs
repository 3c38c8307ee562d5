//! The intake on this device: its keys, and what outsiders wrote.

use nestpost_protocol::access;
use nestpost_protocol::epoch::IntakeKeys;
use nestpost_protocol::epochs::Staleness;
use nestpost_protocol::id::{CircleId, Recipient};
use nestpost_protocol::intake::IntakeStep;
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::circle::Sort;
use nestpost_protocol::log::kind::role::Role;

use crate::app::{self, AppError, IntakeChange};
use crate::crypto::{self, EpochSecret, IntakeKey};
use crate::inquiry::{Inquiry, Received};

use super::frame::{Builder, Obsolete};
use super::inbox::Verdict;
use super::noted::Arrived;
use super::outbox::{Outgoing, Purpose};
use super::{Engine, Place};

impl Engine {
    /// Whatever comes from outside is taken: that it does not open is for the list to say, no fault of the house's.
    pub(super) fn take_inquiry(&mut self, Arrived { header, record, .. }: &Arrived) -> Verdict {
        if !access::is_from_outside(&self.house.log, header) {
            return Verdict::Quarantined;
        }
        let Some(state) = self.circles.get(&header.circle) else { return Verdict::Quarantined };
        let Some(keyring) = state.keys.get(&header.epoch) else { return Verdict::Locked };
        let opened = crypto::open_inquiry(&keyring.keys, &record.body).ok();
        let inquiry = opened.and_then(|plaintext| Inquiry::open(&plaintext, header));
        self.house.inquiries.insert(record.id(), Received { month: header.month, inquiry });
        self.changed = true;
        Verdict::Taken
    }

    /// What staff deleted goes from this device, sealed or not.
    pub(super) fn forget_inquiries(&mut self) {
        if self.house.inquiries.is_empty() {
            return;
        }
        for id in app::deleted_inquiries(&self.house) {
            if self.house.inquiries.remove(&id).is_none() {
                continue;
            }
            let rows = self.hold_rows.values_mut().flat_map(|rows| rows.extract_if(.., |row| row.id == id));
            let gone: Vec<Place> = rows.collect();
            self.forget_records(gone);
            self.changed = true;
        }
    }

    /// Opens an intake, closes it, or ends its links.
    pub(super) fn intend_intake(&mut self, bodies: Vec<Body>, change: IntakeChange) -> Result<(), AppError> {
        let intent = self.new_intent(bodies);
        self.keep_intent(super::outbox::Intent { intake: Some(change), ..intent })
    }

    /// New keys for an intake that is open and stale: outsiders cannot make them.
    pub(super) fn build_intake(&mut self) -> Option<Outgoing> {
        let circle = self.house.sole(Sort::Intake)?;
        let is_open = self.house.epochs.current(&circle)?.body.intake.is_some();
        match self.house.epochs.stale(&self.house.log, &circle) {
            Some(Staleness::Missing) | None => return None,
            Some(_) if !is_open => return None,
            Some(_) => {}
        }
        let mut builder = Builder::new(self);
        builder.ready(&circle).then(|| Outgoing::new(Purpose::Content, builder.finish()))
    }
}

impl Builder<'_> {
    /// A new epoch that says what a director wants of the intake.
    pub(super) fn intake(
        mut self,
        change: IntakeChange,
    ) -> Result<nestpost_protocol::message::Frame, Obsolete> {
        let circle = change.circle;
        self.change = Some(change);
        if self.renew(&circle) { Ok(self.finish()) } else { Err(Obsolete::Refused) }
    }

    /// Field 8 of a new epoch, signed under the key of the one before, where there is one that was open. `None`: it cannot be
    /// made here.
    pub(super) fn intake_keys(
        &self,
        circle: &CircleId,
        number: u32,
        secret: &EpochSecret,
        recipient: Recipient,
    ) -> Option<Option<IntakeKeys>> {
        if self.log().circle(circle)?.sort != Sort::Intake {
            return Some(None);
        }
        let house = self.log().house()?;
        let key = IntakeKey::of(secret, &house, circle, number).public();
        let unsigned = IntakeKeys { key, by: None };
        let was_open = self.current_intake(circle);
        match self.change.filter(|change| change.circle == *circle) {
            Some(change) => return Some(change.open.then_some(unsigned)),
            None if !was_open => return Some(None),
            None => {}
        }
        let before = number.checked_sub(1)?;
        let Some(bytes) = self.secret_bytes(circle, before) else {
            // Whoever directs the house may go on without; links of before end.
            let directs =
                access::role_of(self.log(), &self.me()).is_some_and(|(_, role)| role == Role::Director);
            return directs.then_some(Some(unsigned));
        };
        let signer = IntakeKey::of(&EpochSecret::from_bytes(bytes), &house, circle, before);
        let step = IntakeStep { number, recipient, keys: unsigned };
        let by = Some(signer.sign(&step.signing_input(&house, circle)));
        Some(Some(IntakeKeys { key, by }))
    }
}
