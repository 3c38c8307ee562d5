//! One WebSocket, from the challenge to the last goodbye.
//!
//! ```text
//! Challenge → Hello ─────→ Welcome (→ Cursors → pages → Synced) → live: Submit, WrapAck, Ticket; pages as they come
//!           → InviteHello → InviteInfo → Submit (one join)
//!           → IntakeHello → IntakeInfo → Inquiry
//!           → Found ─────→ Ack | Refused → Hello
//! ```
//! Whatever goes wrong at the door is answered alike: not a member, no such house, no such invite, no open
//! intake with this mark, a signature that does not hold, a foreign origin.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::WebSocket;
use nestpost_protocol::access;
use nestpost_protocol::complaint::ComplaintError;
use nestpost_protocol::id::DeviceId;
use nestpost_protocol::limit;
use nestpost_protocol::log::kind::role::Role;
use nestpost_protocol::message::{
    Ack, ByeCode, Challenge, ClientMessage, Frame, RefusalCode, Refused, RelayMessage, Submit, Versions,
};
use nestpost_protocol::record::Record;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::house::sessions::Seat;
use crate::house::{Accepted, Author, House, SubmitError, refusal};
use crate::relay::{Relay, stopped};
use crate::store::StoreError;

mod door;
mod feed;
mod intake;
mod wire;

use door::Entered;
use feed::Feed;
use wire::Wire;

/// Somebody with a letter may take this long to read the house's notice.
const AT_THE_DOOR: Duration = Duration::from_secs(600);

/// Frames that one session at the door may hand in.
const DOOR_FRAMES_MAX: usize = 5;

/// How often a device may ask in one session where chains stand.
const COMPARED_MAX: usize = 64;

/// Why a session ends.
#[derive(Debug)]
pub(crate) enum End {
    /// The relay says goodbye.
    Bye(ByeCode),
    /// The other side is gone.
    Gone,
    /// The other side does not read.
    Slow,
    /// The store does not answer: come back later.
    Store(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Runs a session to its end.
pub(crate) async fn run(relay: Arc<Relay>, socket: WebSocket, host: Option<String>) {
    let mut wire = Wire::new(socket, relay.config.limits.send());
    let end = match Session::new(&relay, &mut wire, host).run().await {
        Ok(never) => match never {},
        Err(end) => end,
    };
    let code = match end {
        End::Gone => return,
        End::Bye(code) => code,
        End::Slow => ByeCode::Slow,
        End::Store(error) => {
            tracing::error!(%error, "a session ended because the store failed");
            ByeCode::Busy
        }
    };
    tracing::debug!(?code, "session ends");
    wire.bye(code).await;
}

/// Never made: a session only ends.
enum Never {}

struct Session<'a> {
    relay: &'a Arc<Relay>,
    wire: &'a mut Wire,
    stopping: watch::Receiver<bool>,
    host: Option<String>,
}

impl<'a> Session<'a> {
    fn new(relay: &'a Arc<Relay>, wire: &'a mut Wire, host: Option<String>) -> Self {
        Self { relay, wire, stopping: relay.stopping(), host }
    }

    async fn run(mut self) -> Result<Never, End> {
        let nonce = nestpost_protocol::id::Nonce::new(rand::random());
        let challenge = Challenge { nonce, versions: Versions::OURS, relay: self.relay.key.public() };
        self.wire.send(&RelayMessage::Challenge(challenge)).await?;
        let deadline = Instant::now() + self.relay.config.limits.hello();
        loop {
            let message = self.receive_until(deadline).await?;
            let began = Instant::now();
            match self.enter(nonce, message, began).await? {
                Entered::Nothing => {}
                Entered::Invite(visit) => return self.serve_invite(*visit).await,
                Entered::Caller(caller) => return self.serve_caller(caller).await,
                Entered::Device { house, device, version, hello } => {
                    // Whoever connects again and again waits like whoever writes too much.
                    self.relay.rates.device.until_key_ready(&device).await;
                    let limits = &self.relay.config.limits;
                    let seat = house
                        .sessions
                        .enter(device, limits.device_sessions_max, limits.house_sessions_max)
                        .ok_or(End::Bye(ByeCode::Busy))?;
                    let feed = Feed::new(Arc::clone(self.relay), house, device, &hello);
                    return self.serve_device(feed, seat, version, &hello).await;
                }
            }
        }
    }

    /// The next message, unless the relay stops or the deadline passes first.
    async fn receive_until(&mut self, deadline: Instant) -> Result<ClientMessage, End> {
        tokio::select! {
            biased;
            () = stopped(&mut self.stopping) => Err(End::Bye(ByeCode::Shutdown)),
            message = self.wire.receive() => message,
            () = tokio::time::sleep_until(deadline) => Err(End::Bye(ByeCode::Idle)),
        }
    }

    async fn serve_device(
        mut self,
        mut feed: Feed,
        mut seat: Seat,
        version: u16,
        hello: &nestpost_protocol::message::Hello,
    ) -> Result<Never, End> {
        // Before the first look at the state: what comes after it wakes the session.
        let mut changes = feed.house().watch();
        let welcome = feed.welcome(version, hello);
        self.wire.send(&RelayMessage::Welcome(welcome)).await?;
        if !welcome.equal {
            let deadline = Instant::now() + self.relay.config.limits.hello();
            // Before it says what it holds, a device may ask where things stand, a few times over.
            let mut asked = 0;
            let cursors = loop {
                match self.receive_until(deadline).await? {
                    ClientMessage::Cursors(cursors) => break cursors,
                    ClientMessage::Compare(points) if feed.is_member() && asked < COMPARED_MAX => {
                        asked += 1;
                        let within = points.iter().all(|point| point.at.len() <= limit::ASKED_MAX);
                        if !within || points.len() > limit::CURSORS_MAX {
                            return Err(End::Bye(ByeCode::Malformed));
                        }
                        let (store, device) = (&*self.relay.store, feed.device());
                        let found = feed.house().compare(store, &device, points).await?;
                        self.wire.send(&RelayMessage::Compared(found)).await?;
                    }
                    ClientMessage::Lost(signed) if feed.is_member() => {
                        feed.house().shown(&self.relay.desk(), &signed).await?;
                        return Err(End::Bye(ByeCode::Busy));
                    }
                    _ => return Err(End::Bye(ByeCode::Malformed)),
                }
            };
            feed.catch_up(self.wire, &cursors).await?;
        }
        let idle = self.relay.config.limits.idle();
        let mut pings = tokio::time::interval(idle / 3);
        pings.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        pings.reset();
        feed.pump(self.wire, false).await?;
        loop {
            tokio::select! {
                biased;
                () = stopped(&mut self.stopping) => return Err(End::Bye(ByeCode::Shutdown)),
                () = seat.evicted() => return Err(End::Bye(ByeCode::Busy)),
                changed = changes.changed() => {
                    // The house outlives its sessions, so the sender is there.
                    changed.map_err(|_| End::Bye(ByeCode::Shutdown))?;
                    feed.pump(self.wire, false).await?;
                }
                message = self.wire.receive() => self.serve_message(&mut feed, message?).await?,
                _ = pings.tick() => {
                    if self.wire.silent_for() >= idle {
                        return Err(End::Bye(ByeCode::Idle));
                    }
                    self.wire.ping().await?;
                }
            }
        }
    }

    async fn serve_message(&mut self, feed: &mut Feed, message: ClientMessage) -> Result<(), End> {
        match message {
            ClientMessage::Submit(submit) => self.serve_submit(feed, submit).await,
            ClientMessage::WrapAck(ids) => {
                if ids.len() > limit::FRAME_WRAPS_MAX {
                    return Err(End::Bye(ByeCode::Malformed));
                }
                let (house, device) = (feed.house().id(), feed.device());
                match self.relay.store.acknowledge(house, device, &ids).await {
                    // They will be delivered again; nothing is lost.
                    Err(StoreError::Full) => Ok(()),
                    other => Ok(other?),
                }
            }
            ClientMessage::Snapshot(record) if feed.is_member() => self.serve_snapshot(feed, record).await,
            ClientMessage::Rows(wanted) if feed.is_member() => {
                self.relay.rates.device.until_key_ready(&feed.device()).await;
                feed.send_rows(self.wire, &wanted).await
            }
            ClientMessage::Words(said) if feed.is_member() => {
                self.relay.rates.device.until_key_ready(&feed.device()).await;
                let makes_sense = feed.house().say(&self.relay.desk(), &feed.device(), said);
                if makes_sense { Ok(()) } else { Err(End::Bye(ByeCode::Malformed)) }
            }
            ClientMessage::Complaint(complaint) if feed.is_member() => {
                self.relay.rates.device.until_key_ready(&feed.device()).await;
                match feed.house().complain(complaint, feed.device()) {
                    Err(ComplaintError::Decode(_) | ComplaintError::Signature) => {
                        Err(End::Bye(ByeCode::Malformed))
                    }
                    // Of what is over by now nobody needs to hear.
                    Ok(()) | Err(_) => Ok(()),
                }
            }
            ClientMessage::Lost(signed) if feed.is_member() => {
                self.relay.rates.device.until_key_ready(&feed.device()).await;
                feed.house().shown(&self.relay.desk(), &signed).await?;
                // Whoever shows it hears nothing more on this line.
                Err(End::Bye(ByeCode::Busy))
            }
            ClientMessage::GiveBack(back) if feed.is_member() => {
                self.relay.rates.device.until_key_ready(&feed.device()).await;
                let given = feed.house().give_back(&self.relay.desk(), &feed.device(), back).await?;
                self.wire.send(&RelayMessage::Given(given)).await
            }
            ClientMessage::Fill(page) if feed.is_member() => {
                self.relay.rates.device.until_key_ready(&feed.device()).await;
                Ok(feed.house().fill(&self.relay.desk(), &feed.device(), page).await?)
            }
            ClientMessage::Ticket if feed.is_member() => {
                self.relay.rates.device.until_key_ready(&feed.device()).await;
                let ticket = self.relay.ticket(feed.house().id(), feed.device());
                self.wire.send(&RelayMessage::Ticket(ticket)).await
            }
            _ => Err(End::Bye(ByeCode::Malformed)),
        }
    }

    async fn serve_submit(&mut self, feed: &mut Feed, submit: Submit) -> Result<(), End> {
        let house = Arc::clone(feed.house());
        let device = feed.device();
        // Slows the sender down instead of turning it away: the socket is not read meanwhile.
        self.relay.rates.device.until_key_ready(&device).await;
        self.relay.rates.house.until_key_ready(&house.id()).await;
        let outcome = match submit.frame.unpacked() {
            _ if !feed.is_member() => Err(refusal(RefusalCode::NotAllowed).into()),
            Err(_) => Err(refusal(RefusalCode::Malformed).into()),
            Ok(frame) if !self.has_room(&house, &device, &frame) => Err(refusal(RefusalCode::Quota).into()),
            Ok(frame) => house
                .submit(&self.relay.desk(), Author::Device(device), frame, false)
                .await
                .map_err(SubmitError::without_stages),
        };
        let answer = answer(self.relay, &house, submit.id, outcome)?;
        // The rows first, and what proves a refusal. Who has just ended their own device still hears that it worked.
        let pumped = feed.pump(self.wire, true).await;
        if matches!(pumped, Ok(()) | Err(End::Bye(ByeCode::Ended))) {
            self.wire.send(&answer).await?;
        }
        pumped
    }

    async fn serve_snapshot(&mut self, feed: &Feed, record: Record) -> Result<(), End> {
        let (house, device) = (feed.house(), feed.device());
        self.relay.rates.device.until_key_ready(&device).await;
        self.relay.rates.house.until_key_ready(&house.id()).await;
        if record.check().is_err() {
            return Err(End::Bye(ByeCode::Malformed));
        }
        let frame = Frame { records: vec![record], ..Frame::default() };
        if self.has_room(house, &device, &frame)
            && let Some(record) = frame.records.into_iter().next()
        {
            let kept = house.take_snapshot(&self.relay.desk(), device, record).await?;
            tracing::debug!(kept, "snapshot");
        }
        Ok(())
    }

    /// Whether a guardian has handed in no more than their share of today.
    fn has_room(&self, house: &House, device: &DeviceId, frame: &Frame) -> bool {
        let guardian = match access::role_of(&house.state().log, device) {
            Some((person, Role::Guardian)) => person,
            _ => return true,
        };
        self.relay.rates.guardian_may(&guardian, weight(frame))
    }

    async fn serve_invite(mut self, visit: door::Visit) -> Result<Never, End> {
        // One join, and a lost race run again; whoever goes on only keeps the house busy.
        for _ in 0..DOOR_FRAMES_MAX {
            let message = self.receive_until(Instant::now() + AT_THE_DOOR).await?;
            let ClientMessage::Submit(Submit { id, frame }) = message else {
                return Err(End::Bye(ByeCode::Malformed));
            };
            self.relay.rates.house.until_key_ready(&visit.house.id()).await;
            let author = Author::Invite(visit.key);
            let outcome = visit.house.submit(&self.relay.desk(), author, frame, false).await;
            if outcome.is_err() {
                // With the new head, so that a lost race can be run again.
                let info = door::invite_info(self.relay, &visit).await?.ok_or(End::Bye(ByeCode::NotFound))?;
                self.wire.send(&RelayMessage::InviteInfo(info)).await?;
            }
            let answer = answer(self.relay, &visit.house, id, outcome)?;
            self.wire.send(&answer).await?;
        }
        Err(End::Bye(ByeCode::Busy))
    }
}

/// Bytes of what a frame carries.
fn weight(frame: &Frame) -> u64 {
    let entries = frame.entries.iter().map(|open| open.entry.len());
    let records = frame.records.iter().map(|record| record.header.len() + record.body.len());
    let wraps = frame.wraps.iter().map(|wrap| wrap.head.len() + wrap.file.len());
    entries.chain(records).chain(wraps).sum::<usize>() as u64
}

/// What a client hears of its frame. A store that cannot keep it is a refusal too: nothing is lost, try later.
fn answer(
    relay: &Relay,
    house: &Arc<House>,
    id: u64,
    outcome: Result<Accepted, SubmitError>,
) -> Result<RelayMessage, End> {
    match outcome {
        Ok(Accepted { placed, circles }) => {
            let positions =
                circles.into_iter().map(|(circle, position)| relay.sign(house, circle, position)).collect();
            Ok(RelayMessage::Ack(Ack { id, placed, positions }))
        }
        Err(SubmitError::Refused(refusal)) => {
            tracing::debug!(code = ?refusal.code, "frame refused");
            Ok(RelayMessage::Refused(refusal.refused(id)))
        }
        Err(SubmitError::Store(error)) => {
            tracing::error!(%error, "a frame could not be stored");
            Ok(RelayMessage::Refused(full(id)))
        }
    }
}

fn full(id: u64) -> Refused {
    refusal(RefusalCode::Full).refused(id)
}

/// Waits until a whole number of `step`s has passed since `began`, so that answers at the door do not tell by their
/// time how far a login came.
pub(crate) async fn even_out(began: Instant, step: Duration) {
    if step.is_zero() {
        return;
    }
    let steps = began.elapsed().as_millis() / step.as_millis().max(1) + 1;
    let steps = u32::try_from(steps).unwrap_or(u32::MAX);
    tokio::time::sleep_until(began + step.saturating_mul(steps)).await;
}
