//! The intake: whoever holds its public link writes to a house, without belonging to it; staff read.
//!
//! The link names the house and, by a hash (the *mark*), the keys of one epoch of the `intake` circle. Epochs come and go
//! with the staff. So each is signed under a key of the one before, and whoever holds the link follows these *steps* from
//! the keys that it names to the present ones: a relay has no way to put in a recipient of its own. Not guaranteed: that
//! somebody who once held such an epoch, together with a relay that lies, does not do it. An epoch that nobody signed ends
//! all links of before.

use std::collections::VecDeque;

use minicbor::{Decode, Encode};

use crate::codec::{self, sha256};
use crate::epoch::IntakeKeys;
use crate::epochs::{EpochFact, Epochs};
use crate::id::{CircleId, Hash, HouseId, Nonce, Recipient, RecordId};
use crate::log::LogState;
use crate::log::kind::circle::Sort;
use crate::{label, limit, verify};

/// The keys of one epoch of an intake, as outsiders are shown them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IntakeStep {
    /// Number of the epoch.
    #[n(0)]
    pub number: u32,
    /// What is written is sealed to it.
    #[n(1)]
    pub recipient: Recipient,
    /// As in [`crate::epoch::EpochBody::intake`].
    #[n(2)]
    pub keys: IntakeKeys,
}

#[derive(Encode)]
#[cbor(map)]
struct StepInput<'a> {
    #[n(0)]
    house: &'a HouseId,
    #[n(1)]
    circle: &'a CircleId,
    #[n(2)]
    number: u32,
    #[n(3)]
    recipient: &'a Recipient,
    #[n(4)]
    key: &'a Hash,
}

impl IntakeStep {
    fn of(epoch: &EpochFact) -> Option<Self> {
        let keys = epoch.body.intake?;
        Some(Self { number: epoch.number, recipient: epoch.body.recipient, keys })
    }

    /// What the key of the epoch before signs, context [`label::INTAKE_STEP`].
    #[must_use]
    pub fn signing_input(&self, house: &HouseId, circle: &CircleId) -> Vec<u8> {
        let Self { number, recipient, keys } = self;
        codec::encode(&StepInput { house, circle, number: *number, recipient, key: &keys.key })
    }

    /// What a public link carries of this epoch.
    #[must_use]
    pub fn mark(&self, house: &HouseId, circle: &CircleId) -> Hash {
        Hash::new(sha256(&[label::INTAKE_MARK, &[0], &self.signing_input(house, circle)]))
    }

    /// Whether the key of the epoch before signed this one.
    #[must_use]
    pub fn follows(&self, house: &HouseId, circle: &CircleId, before: &Hash) -> bool {
        self.keys.by.is_some_and(|by| {
            let input = self.signing_input(house, circle);
            verify::verify(before.as_bytes(), label::INTAKE_STEP, &input, &by).is_ok()
        })
    }
}

/// The steps from the epoch that a link marks to the present one: what a relay shows to whoever holds the link. `None`: no
/// open intake, or not with this mark, or too long ago; strangers are answered alike.
#[must_use]
pub fn steps(log: &LogState, epochs: &Epochs, mark: &Hash) -> Option<(CircleId, Vec<IntakeStep>)> {
    let house = log.house().filter(|_| log.dissolved().is_none())?;
    let circle = log.circles().find(|circle| circle.sort == Sort::Intake)?.id;
    let all: Vec<&EpochFact> = epochs.of(&circle).collect();
    let mut steps = VecDeque::new();
    for epoch in all.into_iter().rev().take(limit::INTAKE_STEPS_MAX) {
        let step = IntakeStep::of(epoch)?;
        steps.push_front(step);
        if step.mark(&house, &circle) == *mark {
            return Some((circle, steps.into()));
        }
        step.keys.by?;
    }
    None
}

/// What the public link of a house carries now; `None`: it has no open intake.
#[must_use]
pub fn mark(log: &LogState, epochs: &Epochs) -> Option<Hash> {
    let circle = log.circles().find(|circle| circle.sort == Sort::Intake)?.id;
    Some(IntakeStep::of(epochs.current(&circle)?)?.mark(&log.house()?, &circle))
}

/// The present keys, if these steps lead to them from what a link marks.
#[must_use]
pub fn follow(house: &HouseId, circle: &CircleId, mark: &Hash, steps: &[IntakeStep]) -> Option<IntakeStep> {
    let (first, rest) = steps.split_first().filter(|_| steps.len() <= limit::INTAKE_STEPS_MAX)?;
    if first.mark(house, circle) != *mark {
        return None;
    }
    rest.iter().try_fold(*first, |before, step| {
        let next = before.number.checked_add(1) == Some(step.number);
        (next && step.follows(house, circle, &before.keys.key)).then_some(*step)
    })
}

/// Whether the work was done that a relay asks of outsiders: SHA-256 over label, the relay's nonce, the record's id and the
/// answer begins with this many zero bits. Neither record nor nonce can be used for another piece of work.
#[must_use]
pub fn is_worked(nonce: &Nonce, record: &RecordId, answer: u64, bits: u8) -> bool {
    let hash =
        sha256(&[label::INTAKE_WORK, &[0], nonce.as_bytes(), record.as_bytes(), &answer.to_be_bytes()]);
    let mut zeros = 0;
    for byte in hash {
        zeros += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    zeros >= u32::from(bits)
}

/// Does that work. `None`: a relay asks for more than [`limit::INTAKE_WORK_BITS_MAX`].
#[must_use]
pub fn work(nonce: &Nonce, record: &RecordId, bits: u8) -> Option<u64> {
    if bits > limit::INTAKE_WORK_BITS_MAX {
        return None;
    }
    (0..u64::MAX).find(|answer| is_worked(nonce, record, *answer, bits))
}
