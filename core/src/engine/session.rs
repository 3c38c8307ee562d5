//! The conversation with the relay, from challenge to live.

use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, Nonce, RelayKey, WrapId};
use nestpost_protocol::log::kind::restored::positions;
use nestpost_protocol::message::{
    ByeCode, Challenge, ClientMessage, Cursor, Cursors, Hello, InviteHello, LOG, RelayMessage,
    Stage as RelayStage, Synced, Versions, Welcome, log_position, state_hash,
};
use nestpost_protocol::{access, label, limit, stands};

use crate::crypto::InviteSecret;
use crate::house::{Alarm, Copied, LinkState, Stage};
use crate::time::Timestamp;

use super::{Engine, Output};

/// Where the conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Session {
    /// No line.
    Down,
    /// A line; the relay speaks first.
    Connected,
    /// At the door with an invite's secret.
    AtDoor,
    /// `found` is under way.
    Founding,
    /// Login sent.
    Greeted,
    /// Logged in; finding out where the relay's history and this one part.
    Comparing,
    /// Logged in, catching up.
    CatchingUp,
    /// Everything there is, is here.
    Live,
    /// The same, of a copy that nothing is written to before two have said that the house goes on with it.
    Elsewhere,
}

impl Engine {
    pub(super) fn link_up(&mut self) {
        self.session = Session::Connected;
        self.restore.new_line();
        self.repairs.new_line();
        self.set_link(LinkState::Connecting);
    }

    pub(super) fn link_down(&mut self) {
        self.session = Session::Down;
        self.early.clear();
        if let Some(outgoing) = &mut self.outgoing {
            outgoing.in_flight = false;
        }
        if !stands!(SameBytes) {
            self.outgoing = None;
        }
        #[cfg(feature = "mutants")]
        if !stands!(OutboxKept) {
            self.house.docs.drop_waiting();
        }
        // It may come back with room.
        if self.house.alarms.contains_key(&Alarm::QuotaFull) {
            self.retry_at = None;
        }
        self.ask_ticket_again();
        self.snapshots.line_is_down();
        self.await_no_erasures();
        self.set_link(LinkState::Offline);
    }

    pub(super) fn set_link(&mut self, link: LinkState) {
        if self.house.link != link {
            self.house.link = link;
            self.changed = true;
        }
    }

    pub(super) fn send(&mut self, message: &ClientMessage) {
        self.out.push_back(Output::Send(codec::encode(message)));
    }

    pub(super) fn close(&mut self) {
        self.session = Session::Down;
        self.out.push_back(Output::Close);
    }

    /// The relay said something that no relay says: the line ends, the engine does not.
    pub(super) fn garbage(&mut self) {
        self.alarm(Alarm::RelayGarbage);
        self.close();
    }

    pub(super) fn received(&mut self, now: Timestamp, bytes: &[u8]) {
        let Ok(message) = codec::decode::<RelayMessage>(bytes, limit::MESSAGE_BYTES_MAX) else {
            return self.garbage();
        };
        match (self.session, message) {
            (Session::Down, _) => {}
            (_, message) if self.restore.is_silent() && !matches!(message, RelayMessage::Bye(_)) => {}
            (Session::Connected, RelayMessage::Challenge(challenge)) => self.challenged(now, &challenge),
            (Session::AtDoor, RelayMessage::InviteInfo(info)) => self.at_door(&info),
            // Instead of a welcome, or in the midst of a session: why there will be none.
            (
                Session::Greeted
                | Session::Comparing
                | Session::CatchingUp
                | Session::Live
                | Session::Elsewhere,
                RelayMessage::Log(page),
            ) if self.take_farewell(&page) => {}
            (Session::Greeted, RelayMessage::Welcome(welcome)) => self.welcomed(&welcome),
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Log(page)) => {
                self.take_log(page)
            }
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Records(page)) => {
                self.take_records(page)
            }
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Wraps(wraps)) => {
                self.take_wraps(wraps)
            }
            // Once more when the house has confirmed this device and everything has come.
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Synced(synced)) => {
                self.synced(&synced)
            }
            (
                Session::AtDoor | Session::Founding | Session::Live | Session::Elsewhere,
                RelayMessage::Ack(ack),
            ) => self.acknowledged(now, &ack),
            (
                Session::AtDoor | Session::Founding | Session::Live | Session::Elsewhere,
                RelayMessage::Refused(refused),
            ) => {
                self.refused(now, &refused);
            }
            (Session::Comparing, RelayMessage::Compared(stands)) => self.compared(stands),
            (Session::Elsewhere, RelayMessage::Given(end)) => self.given(&end),
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Signed(positions)) => {
                self.take_signed(&positions);
            }
            (Session::Live, RelayMessage::Ticket(bytes)) => self.take_ticket(bytes),
            (
                Session::CatchingUp | Session::Live | Session::Elsewhere,
                RelayMessage::Complaints(complaints),
            ) => {
                self.take_complaints(&complaints);
            }
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Snapshots(records)) => {
                self.take_snapshots(records)
            }
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Rows(page)) => {
                self.take_rows(page)
            }
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Words(words)) => {
                self.take_words(words)
            }
            (Session::CatchingUp | Session::Live | Session::Elsewhere, RelayMessage::Lacks(lacks)) => {
                self.hear_lacks(now, lacks)
            }
            (_, RelayMessage::Bye(code)) => self.bye(code),
            _ => self.garbage(),
        }
    }

    fn challenged(&mut self, now: Timestamp, challenge: &Challenge) {
        if Versions::OURS.common(challenge.versions).is_none() {
            self.alarm(Alarm::AppOutdated);
            return self.close();
        }
        match self.house.stage {
            Stage::Founding => self.found_at(now, challenge.relay),
            // A join that was sent may have been taken although no answer came: ask as its device first.
            Stage::Presenting if !self.join_was_sent() => self.present(challenge.nonce),
            // A device that heard that it ended asks again: nobody signs that word, and only the log is proof.
            Stage::Presenting | Stage::Joining | Stage::Member | Stage::Ended => {
                self.log_in(challenge.nonce, challenge.relay)
            }
        }
    }

    fn present(&mut self, nonce: Nonce) {
        let Some(secret) = self.invite_secret() else { return self.close() };
        let input = InviteHello::signing_input(&self.house.origin, secret.key(), nonce);
        let signature = secret.sign(label::INVITE_HELLO, &input);
        let hello = InviteHello {
            versions: Versions::OURS,
            origin: self.house.origin.clone(),
            key: secret.key(),
            signature,
        };
        self.session = Session::AtDoor;
        self.send(&ClientMessage::InviteHello(hello));
    }

    fn log_in(&mut self, nonce: Nonce, relay: RelayKey) {
        let Some(house) = self.house.id else { return self.close() };
        // Another one than the log names has it in its log that the house goes on there, or is written nothing.
        self.relay = Some(relay);
        let device = self.house.me;
        let input = Hello::signing_input(&self.house.origin, house, self.meta.incarnation, device, nonce);
        let signature = self.secrets.keys.sign(label::HELLO, &input);
        let hello = Hello {
            versions: Versions::OURS,
            origin: self.house.origin.clone(),
            house,
            device,
            incarnation: self.meta.incarnation,
            state: state_hash(&self.cursors()),
            full: self.meta.full,
            signature,
            snapshots: true,
        };
        self.session = Session::Greeted;
        self.send(&ClientMessage::Hello(hello));
    }

    /// What this device holds: the log head, and every visible circle that has records.
    pub(super) fn cursors(&self) -> Cursors {
        let visible = access::visible(&self.house.log, &self.house.me);
        let circles = visible
            .iter()
            .filter_map(|circle| {
                let position = self.circles.get(circle)?.position?;
                Some(Cursor { circle: *circle, position })
            })
            .collect();
        Cursors { log: self.house.log.head(), circles }
    }

    fn welcomed(&mut self, welcome: &Welcome) {
        if welcome.version < Versions::OURS.min || welcome.version > Versions::OURS.max {
            self.alarm(Alarm::AppOutdated);
            return self.close();
        }
        self.clear_alarm(Alarm::AppOutdated);
        self.clear_alarm(Alarm::HouseUnknown);
        if self.meta.incarnation != Some(welcome.incarnation) {
            self.meta.renewed |= self.meta.incarnation.is_some();
            self.meta.incarnation = Some(welcome.incarnation);
            self.write_meta();
        }
        self.restore.begin(welcome.log);
        self.house.words.clear();
        match (self.house.stage, welcome.stage) {
            (Stage::Presenting, RelayStage::Joining) => self.set_stage(Stage::Joining),
            (Stage::Ended, RelayStage::Member) if self.house.person().is_some() => {
                self.set_stage(Stage::Member)
            }
            _ => {}
        }
        if welcome.equal {
            self.live();
        } else if self.meta.renewed && welcome.stage == RelayStage::Member {
            self.compare();
        } else if !self.shows_lost(|engine, circle| (*circle == LOG).then(|| engine.restore.shown())) {
            self.catch_up();
        }
    }

    fn catch_up(&mut self) {
        self.session = Session::CatchingUp;
        let cursors = self.cursors();
        self.send(&ClientMessage::Cursors(cursors));
    }

    fn synced(&mut self, synced: &Synced) {
        self.take_signed(&synced.positions);
        if self.is_to_go() || !self.check_log() || self.follows_fork() {
            return;
        }
        if !self.meta.renewed {
            let behind = synced.log.is_some_and(|theirs| theirs.seq + 1 < self.house.log.len());
            if behind || synced.positions.iter().any(|position| self.is_rewound(position)) {
                self.alarm(Alarm::RelayRewound);
            }
            let ends = |_: &Self, circle: &CircleId| {
                let found = synced.positions.iter().find(|position| position.claim.circle == *circle);
                Some(found.map_or(0, |position| position.claim.n))
            };
            if synced.log.is_some() && self.shows_lost(ends) {
                return;
            }
        }
        if self.meta.full {
            self.meta.full = false;
            self.write_meta();
        }
        self.live();
    }

    /// Everything there is, is here.
    fn live(&mut self) {
        self.snapshots.all_came();
        self.clear_alarm(Alarm::RelayGarbage);
        if self.house.log.relay().is_some_and(|known| Some(known) != self.relay) {
            return self.wait_for_word();
        }
        if self.meta.renewed {
            if !self.is_agreed() {
                return self.wait_for_word();
            }
            if self.has_other() {
                // It goes on without them: on a new line both are brought together.
                return self.close();
            }
            if self.wakes_circles() {
                return;
            }
        }
        self.go_live();
    }

    /// Whether two have said that the house goes on with the relay's present life of its history.
    pub(super) fn is_agreed(&self) -> bool {
        self.meta.incarnation.is_some_and(|life| self.house.log.goes_on(&life))
    }

    /// The relay has a copy of the house. It can be read; a director may say, with a second one, that it goes on there.
    pub(super) fn wait_for_word(&mut self) {
        self.session = Session::Elsewhere;
        self.set_link(LinkState::Connecting);
        if self.restore.cursors().is_none() {
            // It has what is here, and did not say so circle by circle.
            let log = Cursor { circle: LOG, position: log_position(&self.house.log) };
            for cursor in self.cursors().circles.iter().chain([&log]) {
                self.restore.set_end(cursor);
            }
        }
        self.look_at_copy();
        self.clear_alarm(Alarm::RelayRewound);
        self.give_back();
    }

    /// What this device sees of it, and what it lacks.
    pub(super) fn look_at_copy(&mut self) {
        let Some(incarnation) = self.meta.incarnation else { return };
        let circles = self.restore.cursors().unwrap_or_else(|| self.cursors().circles);
        let positions = positions(&incarnation, &circles);
        let relay = self.relay.filter(|key| self.house.log.relay() != Some(*key));
        let missing = self.missing();
        if relay.is_none() {
            let count = u32::try_from(missing).unwrap_or(u32::MAX);
            self.house.alarms.insert(Alarm::RelayRestored, count);
        } else {
            self.house.alarms.insert(Alarm::RelayMoved, 1);
        }
        // What is said stands right behind the log that is there.
        self.house.missing = self.missing_by_day();
        let copied = |log| Copied { incarnation, relay, log, positions, missing };
        self.house.copy = self.head_of_copy().map(copied);
        self.say_word();
        self.changed = true;
    }

    /// Two have said so.
    pub(super) fn hear_word(&mut self) {
        if self.session == Session::Elsewhere && self.is_agreed() && self.house.log.relay() == self.relay {
            if self.has_other() {
                // It goes on without them: on a new line both are brought together.
                return self.close();
            }
            if !self.wakes_circles() {
                self.go_live();
            }
        }
    }

    fn go_live(&mut self) {
        self.house.copy = None;
        self.house.missing.clear();
        self.house.words.clear();
        if self.meta.said.take().is_some() {
            self.write_meta();
        }
        self.clear_alarm(Alarm::RelayMoved);
        self.clear_alarm(Alarm::RelayRestored);
        self.session = Session::Live;
        self.set_link(LinkState::Online);
        self.repairs.look();
        self.duties_due = true;
    }

    pub(super) fn ack_wraps(&mut self, ids: Vec<WrapId>) {
        if matches!(self.session, Session::CatchingUp | Session::Live | Session::Elsewhere) && !ids.is_empty()
        {
            self.send(&ClientMessage::WrapAck(ids));
        }
    }

    fn bye(&mut self, code: ByeCode) {
        match code {
            ByeCode::Version => self.alarm(Alarm::AppOutdated),
            ByeCode::Ended if self.session == Session::Down || self.session == Session::Connected => {}
            ByeCode::Ended => self.set_stage(Stage::Ended),
            ByeCode::NotFound => self.not_found(),
            ByeCode::Malformed => self.alarm(Alarm::RelayGarbage),
            _ => {}
        }
        self.close();
    }

    /// The relay knows neither this house nor this device (the answers are one and the same).
    fn not_found(&mut self) {
        match (self.session, self.house.stage) {
            (Session::AtDoor, _) => self.join_failed("code_unknown"),
            (_, Stage::Presenting) => self.forget_sent_join(),
            (_, Stage::Joining) => self.join_failed("code_revoked"),
            // Whoever was removed hears `Ended`. A relay that does not know the house has lost it, perhaps until its data is
            // put back: that is no reason to give up what was written here.
            (_, Stage::Member) if self.house.log.dissolved().is_none() => self.alarm(Alarm::HouseUnknown),
            _ => {}
        }
    }

    /// The invite behind the code this device joins with.
    pub(super) fn invite_secret(&self) -> Option<InviteSecret> {
        let bytes: &[u8] = &self.meta.joining.as_ref()?.secret;
        bytes.try_into().ok().map(InviteSecret::from_bytes)
    }
}
