//! At the door: logins, invites, new houses.

use std::sync::Arc;

use nestpost_protocol::id::{DeviceId, HouseId, Incarnation, InviteKey, Nonce, Signature};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::state::InviteProgress;
use nestpost_protocol::message::{
    ByeCode, ClientMessage, FoundHouse, Hello, InviteHello, InviteInfo, InviteStage, RefusalCode,
    RelayMessage, Versions,
};
use nestpost_protocol::{label, verify};
use tokio::time::Instant;

use super::{End, Session, answer, even_out};
use crate::config::Origin;
use crate::house::{Accepted, Author, House, SubmitError, entry_body, refusal};
use crate::relay::Relay;
use crate::session::feed::{Standing, farewell, standing};
use crate::session::intake::Caller;
use crate::store::{PageLimit, StoreError};

/// What a message at the door led to.
pub(super) enum Entered {
    /// A device is in.
    Device { house: Arc<House>, device: DeviceId, version: u16, hello: Box<Hello> },
    /// Somebody holds an invite.
    Invite(Box<Visit>),
    /// Somebody holds a public link.
    Caller(Caller),
    /// Answered; still at the door.
    Nothing,
}

/// Somebody with the secret of an invite.
pub(super) struct Visit {
    pub(super) house: Arc<House>,
    pub(super) key: InviteKey,
    pub(super) version: u16,
}

/// Turned away at the door, in one and the same way.
pub(super) struct NotFound;

impl Session<'_> {
    pub(super) async fn enter(
        &mut self,
        nonce: Nonce,
        message: ClientMessage,
        began: Instant,
    ) -> Result<Entered, End> {
        let step = self.relay.config.limits.refusal();
        match message {
            ClientMessage::Hello(hello) => {
                let version = common_version(hello.versions)?;
                match self.porch().hello(nonce, &hello).await? {
                    Ok((house, device)) if standing(&house.state().log, &device) == Standing::Ended => {
                        farewell(self.relay, &house, &device, self.wire).await
                    }
                    Ok((house, device)) => {
                        Ok(Entered::Device { house, device, version, hello: Box::new(hello) })
                    }
                    Err(NotFound) => {
                        even_out(began, step).await;
                        Err(End::Bye(ByeCode::NotFound))
                    }
                }
            }
            ClientMessage::InviteHello(hello) => {
                let version = common_version(hello.versions)?;
                let Ok((visit, info)) = self.porch().invite_hello(nonce, &hello, version).await? else {
                    even_out(began, step).await;
                    return Err(End::Bye(ByeCode::NotFound));
                };
                self.wire.send(&RelayMessage::InviteInfo(info)).await?;
                Ok(Entered::Invite(Box::new(visit)))
            }
            ClientMessage::IntakeHello(hello) => {
                let version = common_version(hello.versions)?;
                let Ok((caller, info)) = self.porch().intake_hello(nonce, &hello, version).await? else {
                    even_out(began, step).await;
                    return Err(End::Bye(ByeCode::NotFound));
                };
                self.wire.send(&RelayMessage::IntakeInfo(info)).await?;
                Ok(Entered::Caller(caller))
            }
            ClientMessage::Found(found) => {
                common_version(found.versions)?;
                let id = found.id;
                let (house, outcome) = self.porch().found(found).await?;
                let message = match house {
                    Some(house) => answer(self.relay, &house, id, outcome)?,
                    None => refused(id, &outcome),
                };
                self.wire.send(&message).await?;
                Ok(Entered::Nothing)
            }
            ClientMessage::Cursors(_)
            | ClientMessage::Submit(_)
            | ClientMessage::WrapAck(_)
            | ClientMessage::Inquiry(_)
            | ClientMessage::Ticket
            | ClientMessage::Complaint(_)
            | ClientMessage::Lost(_)
            | ClientMessage::Compare(_)
            | ClientMessage::GiveBack(_)
            | ClientMessage::Snapshot(_)
            | ClientMessage::Rows(_)
            | ClientMessage::Words(_)
            | ClientMessage::Fill(_) => Err(End::Bye(ByeCode::Malformed)),
        }
    }

    fn porch(&self) -> Porch<'_> {
        Porch { relay: self.relay, host: self.host.as_deref() }
    }
}

/// A session without its socket.
pub(super) struct Porch<'a> {
    pub(super) relay: &'a Arc<Relay>,
    host: Option<&'a str>,
}

impl Porch<'_> {
    async fn hello(
        &self,
        nonce: Nonce,
        hello: &Hello,
    ) -> Result<Result<(Arc<House>, DeviceId), NotFound>, End> {
        let Hello { origin, house, device, incarnation, signature, .. } = hello;
        let input = Hello::signing_input(origin, *house, *incarnation, *device, nonce);
        let signed = holds(device.as_bytes(), label::HELLO, &input, signature);
        let here = self.is_own_origin(origin);
        // Looked up whatever the signature says, so that a wrong one takes as long as a right one.
        let found = self.relay.house(*house).await?;
        let Some(house) = found.filter(|_| signed && here) else { return Ok(Err(NotFound)) };
        let stands = standing(&house.state().log, device);
        match stands {
            // Whoever proves a key that did belong may know that it does not any more.
            Standing::Member | Standing::Joining | Standing::Ended => Ok(Ok((house, *device))),
            Standing::Stranger => Ok(Err(NotFound)),
        }
    }

    async fn invite_hello(
        &self,
        nonce: Nonce,
        hello: &InviteHello,
        version: u16,
    ) -> Result<Result<(Visit, InviteInfo), NotFound>, End> {
        let input = InviteHello::signing_input(&hello.origin, hello.key, nonce);
        let signed = holds(hello.key.as_bytes(), label::INVITE_HELLO, &input, &hello.signature);
        let invite = self.relay.store.invite(hello.key).await?;
        let Some(invite) = invite.filter(|_| signed && self.is_own_origin(&hello.origin)) else {
            return Ok(Err(NotFound));
        };
        let Some(house) = self.relay.house(invite.house).await? else { return Ok(Err(NotFound)) };
        let visit = Visit { house, key: hello.key, version };
        let info = invite_info(self.relay, &visit).await?;
        Ok(info.map(|info| (visit, info)).ok_or(NotFound))
    }

    /// Whether the client reached this relay and not one that passes its login on.
    pub(super) fn is_own_origin(&self, origin: &str) -> bool {
        let Some(origin) = Origin::parse(origin) else { return false };
        let origins = &self.relay.config.origins;
        if origins.is_empty() {
            return self.host.is_some_and(|host| host.eq_ignore_ascii_case(origin.authority()));
        }
        origins.contains(&origin)
    }

    async fn found(
        &self,
        found: FoundHouse,
    ) -> Result<(Option<Arc<House>>, Result<Accepted, SubmitError>), End> {
        if self.relay.rates.founding.check().is_err() {
            return Err(End::Bye(ByeCode::Busy));
        }
        let code = found.setup_code.as_deref().unwrap_or_default();
        if self.relay.config.setup_code.as_ref().is_some_and(|needed| !needed.matches(code)) {
            return Ok((None, Err(refusal(RefusalCode::Closed).into())));
        }
        let Some((id, device)) = founder(self.relay, &found) else {
            return Ok((None, Err(refusal(RefusalCode::Malformed).into())));
        };
        let author = Author::Device(device);
        let _one_at_a_time = self.relay.founding.lock().await;
        if let Some(house) = self.relay.house(id).await? {
            let outcome = house.submit(&self.relay.desk(), author, found.frame, false).await;
            return Ok((Some(house), outcome));
        }
        let draft = Arc::new(House::draft(id, Incarnation::new(rand::random())));
        let outcome = draft.submit(&self.relay.desk(), author, found.frame, true).await;
        if outcome.is_err() {
            return Ok((None, outcome));
        }
        tracing::info!("a house was founded");
        Ok((self.relay.house(id).await?, outcome))
    }
}

/// House and author of a founding frame that names this relay.
fn founder(relay: &Relay, found: &FoundHouse) -> Option<(HouseId, DeviceId)> {
    let open = found.frame.entries.first()?;
    let link = open.link().ok()?;
    let entry = entry_body(open)?;
    let Ok(Body::Found(body)) = Body::decode(entry.kind, &entry.body) else { return None };
    (link.seq == 0 && body.relay == relay.key.public()).then(|| (link.founds(), entry.author))
}

/// Without a house there is nothing to sign.
fn refused(id: u64, outcome: &Result<Accepted, SubmitError>) -> RelayMessage {
    let refusal = match outcome {
        Err(SubmitError::Refused(refusal)) => *refusal,
        Err(SubmitError::Store(error)) => {
            tracing::error!(%error, "a new house could not be stored");
            refusal(RefusalCode::Full)
        }
        Ok(_) => refusal(RefusalCode::Full),
    };
    RelayMessage::Refused(refusal.refused(id))
}

/// What the holder of an invite's secret may know now; `None`: there is no such invite.
pub(super) async fn invite_info(relay: &Relay, visit: &Visit) -> Result<Option<InviteInfo>, StoreError> {
    let (seq, stage, head) = {
        let state = visit.house.state();
        let Some(invite) = state.log.invite_by_key(&visit.key) else { return Ok(None) };
        let stage = match invite.stage {
            InviteProgress::Open if state.invite_expired(invite.seq, relay.desk().clock.day()) => {
                InviteStage::Expired
            }
            InviteProgress::Open => InviteStage::Open,
            InviteProgress::Used { .. } | InviteProgress::Confirmed { .. } => InviteStage::Used,
            InviteProgress::Revoked | InviteProgress::Void => InviteStage::Revoked,
        };
        let Some(head) = state.log.head() else { return Ok(None) };
        (invite.seq, stage, head)
    };
    let house = visit.house.id();
    let entries = relay.store.entries(house, &[seq], PageLimit { rows_max: 1, bytes_target: 1 }).await?;
    let (_, entry) = entries.into_iter().next().ok_or(StoreError::Corrupt)?;
    Ok(Some(InviteInfo { version: visit.version, house, head, entry, stage }))
}

fn common_version(theirs: Versions) -> Result<u16, End> {
    Versions::OURS.common(theirs).ok_or(End::Bye(ByeCode::Version))
}

fn holds(key: &[u8; 32], context: &[u8], message: &[u8], signature: &Signature) -> bool {
    verify::verify(key, context, message, signature).is_ok()
}
