//! Who comes to the relay in memory without belonging: to found a house, with a public link, or with a letter.

use std::collections::{BTreeMap, BTreeSet};

use nestpost_protocol::epochs::Epochs;
use nestpost_protocol::id::{Incarnation, InviteKey};
use nestpost_protocol::log::LogState;
use nestpost_protocol::log::state::fact::InviteProgress;
use nestpost_protocol::message::{
    Ack, ByeCode, Frame, Inquiry, IntakeHello, IntakeInfo, InviteHello, InviteInfo, InviteStage, RefusalCode,
    Refused, RelayMessage,
};
use nestpost_protocol::retention::{Class, expiry};
use nestpost_protocol::verify::verify;
use nestpost_protocol::{intake, label};

use super::{House, MemoryRelay, SessionId, State};

/// Work that it asks of outsiders: little, as tests wait for it.
const WORK_BITS: u8 = 4;

impl MemoryRelay {
    /// The first frame of a house founds it.
    pub(super) fn found(&mut self, frame: &Frame) {
        if self.house.is_none() {
            let link = frame.entries.first().unwrap().link().unwrap();
            self.house = Some(House {
                id: link.founds(),
                log: LogState::new(),
                epochs: Epochs::new(),
                entries: Vec::new(),
                circles: BTreeMap::new(),
                documents: BTreeMap::new(),
                last: BTreeMap::new(),
                wraps: Vec::new(),
                acknowledged: BTreeSet::new(),
                blobs: BTreeMap::new(),
                snapshots: BTreeMap::new(),
                complaints: BTreeMap::new(),
                words: Vec::new(),
                lost: BTreeSet::new(),
                incarnation: Incarnation::new([1; 16]),
                past: None,
                awaits: false,
                history: BTreeMap::new(),
            });
        }
    }

    pub(super) fn intake_hello(&mut self, session: SessionId, hello: &IntakeHello) {
        let house = self.house.as_ref().filter(|house| house.id == hello.house);
        let shown = house.and_then(|house| intake::steps(&house.log, &house.epochs, &hello.mark));
        let Some((circle, steps)) = shown else { return self.bye(session, ByeCode::NotFound) };
        let month = expiry(Class::Short, self.month);
        let info = IntakeInfo { version: 1, circle, steps, month, bits: WORK_BITS };
        self.sessions.get_mut(&session).unwrap().state = State::Caller;
        self.send(session, &RelayMessage::IntakeInfo(info));
    }

    pub(super) fn inquiry(&mut self, session: SessionId, inquiry: &Inquiry) {
        let Inquiry { id, record, work } = inquiry;
        let nonce = self.sessions.get(&session).unwrap().nonce;
        let admitted = if intake::is_worked(&nonce, &record.id(), *work, WORK_BITS) {
            let frame = Frame { records: vec![record.clone()], ..Frame::default() };
            let admitted = self.admit(&frame).map_err(|refusal| refusal.code);
            admitted.inspect_err(|code| self.refusals.push(*code))
        } else {
            Err(RefusalCode::Work)
        };
        let answer = match admitted {
            Ok(_) => RelayMessage::Ack(Ack { id: *id, placed: Vec::new(), positions: Vec::new() }),
            Err(code) => {
                let (circle, seq, prev, record) = (None, None, None, None);
                RelayMessage::Refused(Refused { id: *id, code, circle, seq, prev, record })
            }
        };
        self.push_all();
        self.send(session, &answer);
    }

    pub(super) fn invite_hello(&mut self, session: SessionId, hello: &InviteHello) {
        let nonce = self.sessions.get(&session).unwrap().nonce;
        let input = InviteHello::signing_input(&hello.origin, hello.key, nonce);
        let signed = verify(hello.key.as_bytes(), label::INVITE_HELLO, &input, &hello.signature).is_ok();
        let Some(info) = self.invite_info(&hello.key).filter(|_| signed) else {
            return self.bye(session, ByeCode::NotFound);
        };
        self.sessions.get_mut(&session).unwrap().state = State::Door { key: hello.key, frames: 0 };
        self.send(session, &RelayMessage::InviteInfo(info));
    }

    /// What the holder of an invite's secret may know now.
    pub(super) fn invite_info(&self, key: &InviteKey) -> Option<InviteInfo> {
        let house = self.house.as_ref()?;
        let fact = house.log.invite_by_key(key)?;
        let stage = match fact.stage {
            InviteProgress::Open => InviteStage::Open,
            InviteProgress::Revoked | InviteProgress::Void => InviteStage::Revoked,
            _ => InviteStage::Used,
        };
        Some(InviteInfo {
            version: 1,
            house: house.id,
            head: house.log.head()?,
            entry: house.entries.get(usize::try_from(fact.seq).unwrap())?.clone(),
            stage,
        })
    }
}
