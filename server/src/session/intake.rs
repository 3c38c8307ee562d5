//! Outsiders: whoever holds a house's public link and writes to its intake, without belonging to it.
//!
//! They learn what they need to seal, and of what they wrote whether it is kept: no number, no position, nothing of the
//! log. Each message costs work that the relay asks for, and a house takes so many a day.

use std::sync::Arc;

use nestpost_protocol::admit::Refusal;
use nestpost_protocol::id::Nonce;
use nestpost_protocol::intake;
use nestpost_protocol::limit;
use nestpost_protocol::message::{
    Ack, ByeCode, ClientMessage, Frame, Inquiry, IntakeHello, IntakeInfo, RefusalCode, RelayMessage,
};
use nestpost_protocol::retention::{Class, expiry};
use tokio::time::Instant;

use super::door::{NotFound, Porch};
use super::{AT_THE_DOOR, DOOR_FRAMES_MAX, End, Never, Session, full};
use crate::house::{Author, House, SubmitError, refusal};
use crate::relay::Relay;

/// Somebody with a public link.
pub(super) struct Caller {
    house: Arc<House>,
    nonce: Nonce,
    bits: u8,
}

impl Porch<'_> {
    pub(super) async fn intake_hello(
        &self,
        nonce: Nonce,
        hello: &IntakeHello,
        version: u16,
    ) -> Result<Result<(Caller, IntakeInfo), NotFound>, End> {
        let found = self.relay.house(hello.house).await?.filter(|_| self.is_own_origin(&hello.origin));
        let Some(house) = found else { return Ok(Err(NotFound)) };
        let shown = {
            let state = house.state();
            intake::steps(&state.log, &state.epochs, &hello.mark)
        };
        let Some((circle, steps)) = shown else { return Ok(Err(NotFound)) };
        let bits = self.relay.config.limits.intake_work_bits.min(limit::INTAKE_WORK_BITS_MAX);
        let month = expiry(Class::Short, self.relay.desk().clock.month());
        Ok(Ok((Caller { house, nonce, bits }, IntakeInfo { version, circle, steps, month, bits })))
    }
}

impl Session<'_> {
    pub(super) async fn serve_caller(mut self, caller: Caller) -> Result<Never, End> {
        for _ in 0..DOOR_FRAMES_MAX {
            let message = self.receive_until(Instant::now() + AT_THE_DOOR).await?;
            let ClientMessage::Inquiry(inquiry) = message else { return Err(End::Bye(ByeCode::Malformed)) };
            let id = inquiry.id;
            let answer = match take_inquiry(self.relay, &caller, inquiry).await {
                Ok(()) => RelayMessage::Ack(Ack { id, placed: Vec::new(), positions: Vec::new() }),
                // Where it would have stood is nobody's business out there.
                Err(SubmitError::Refused(Refusal { code, .. })) => {
                    tracing::debug!(?code, "inquiry refused");
                    RelayMessage::Refused(refusal(code).refused(id))
                }
                Err(SubmitError::Store(error)) => {
                    tracing::error!(%error, "an inquiry could not be stored");
                    RelayMessage::Refused(full(id))
                }
            };
            self.wire.send(&answer).await?;
        }
        Err(End::Bye(ByeCode::Busy))
    }
}

async fn take_inquiry(relay: &Relay, caller: &Caller, inquiry: Inquiry) -> Result<(), SubmitError> {
    let Inquiry { record, work, .. } = inquiry;
    if !intake::is_worked(&caller.nonce, &record.id(), work, caller.bits) {
        return Err(refusal(RefusalCode::Work).into());
    }
    let house = &caller.house;
    if !relay.rates.intake_may(&house.id()) {
        return Err(refusal(RefusalCode::Quota).into());
    }
    relay.rates.house.until_key_ready(&house.id()).await;
    let frame = Frame { records: vec![record], ..Frame::default() };
    house.submit(&relay.desk(), Author::Outsider, frame, false).await.map(|_| ())
}
