//! What outsiders write to a house's intake: sealed in their browser, without a house, opened by staff.
//!
//! [`Outsider`] is the whole conversation with the relay, [`seal`] its one decision. What comes in is one plain structure of
//! limited length; nothing of it is ever merged or carried out.

use std::fmt;

use minicbor::{Decode, Encode};
use nestpost_protocol::codec::{self, sha256};
use nestpost_protocol::id::{CircleId, DeviceId, Hash, HouseId, Nonce};
use nestpost_protocol::intake;
use nestpost_protocol::message::{
    ByeCode, ClientMessage, Inquiry as Sent, IntakeHello, IntakeInfo, RefusalCode, RelayMessage, Versions,
};
use nestpost_protocol::record::{
    HEADER_VERSION, Header, Kind, LogHead, Position, Record, Sealing, Side, Suite,
};
use nestpost_protocol::retention::{Class, Month};
use nestpost_protocol::{label, limit};

use crate::app::item::{AT_MAX, fits};
use crate::code::IntakeLink;
use crate::crypto::{self, DeviceKeys};
use crate::door::DoorError;
use crate::time::Timestamp;

/// Longest name of an outsider, characters.
pub const INQUIRY_NAME_CHARS_MAX: usize = 100;
/// Longest contact (a telephone number, an address), characters.
pub const INQUIRY_CONTACT_CHARS_MAX: usize = 200;
/// Longest text, characters.
pub const INQUIRY_TEXT_CHARS_MAX: usize = 2_000;

/// What somebody outside wrote. All of it is what they say.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Inquiry {
    /// House of the header: age has no associated data.
    #[n(0)]
    pub house: HouseId,
    /// Circle of the header.
    #[n(1)]
    pub circle: CircleId,
    /// Author of the header, a key made for this record.
    #[n(2)]
    pub author: DeviceId,
    /// Epoch of the header.
    #[n(3)]
    pub epoch: u32,
    /// Who they are.
    #[n(4)]
    pub name: String,
    /// How to reach them; may be empty.
    #[n(5)]
    pub contact: String,
    /// What they want.
    #[n(6)]
    pub text: String,
    /// Claimed time, milliseconds.
    #[n(7)]
    pub at: u64,
}

impl fmt::Debug for Inquiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inquiry")
            .field("circle", &self.circle)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

/// A record of an intake on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Month at whose end it goes.
    pub month: Month,
    /// Its content; `None`: it does not open, or is not what it should be.
    pub inquiry: Option<Inquiry>,
}

impl Inquiry {
    /// Decodes what was opened and compares it with its header.
    #[must_use]
    pub fn open(plaintext: &[u8], header: &Header) -> Option<Self> {
        let inquiry: Self = codec::decode(plaintext, limit::INQUIRY_BYTES_MAX).ok()?;
        let matches = inquiry.house == header.house
            && inquiry.circle == header.circle
            && inquiry.author == header.author
            && inquiry.epoch == header.epoch;
        let sound = fits(&inquiry.name, INQUIRY_NAME_CHARS_MAX)
            && fits(&inquiry.contact, INQUIRY_CONTACT_CHARS_MAX)
            && fits(&inquiry.text, INQUIRY_TEXT_CHARS_MAX)
            && inquiry.at <= AT_MAX;
        (matches && sound).then_some(inquiry)
    }
}

/// What an outsider types.
#[derive(Clone)]
pub struct Words {
    name: String,
    contact: String,
    text: String,
    at: u64,
}

impl Words {
    /// Checks the limits.
    ///
    /// # Errors
    /// [`DoorError::Empty`] without name or text, [`DoorError::TooLong`].
    pub fn new(name: &str, contact: &str, text: &str, now: Timestamp) -> Result<Self, DoorError> {
        let [name, contact, text] = [name, contact, text].map(|words| words.trim().to_owned());
        if name.is_empty() || text.is_empty() {
            return Err(DoorError::Empty);
        }
        let all = fits(&name, INQUIRY_NAME_CHARS_MAX)
            && fits(&contact, INQUIRY_CONTACT_CHARS_MAX)
            && fits(&text, INQUIRY_TEXT_CHARS_MAX);
        if all { Ok(Self { name, contact, text, at: now.millis() }) } else { Err(DoorError::TooLong) }
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words(…)")
    }
}

/// Seals one message for the house that a link names, under a signing key of its own that is forgotten at once.
///
/// # Errors
/// [`DoorError::Foreign`] when the keys that the relay shows are not those that the link leads to.
pub fn seal(link: &IntakeLink, info: &IntakeInfo, words: &Words) -> Result<Record, DoorError> {
    let IntakeLink { house, mark } = *link;
    let step = intake::follow(&house, &info.circle, &mark, &info.steps).ok_or(DoorError::Foreign)?;
    let keys = DeviceKeys::generate();
    let Words { name, contact, text, at } = words.clone();
    let (circle, author, epoch) = (info.circle, keys.id(), step.number);
    let plaintext = codec::encode(&Inquiry { house, circle, author, epoch, name, contact, text, at });
    let body = crypto::seal_inquiry(&step.recipient, &plaintext).map_err(|_| DoorError::Foreign)?;
    let header = codec::encode(&Header {
        version: HEADER_VERSION,
        suite: Suite::X25519,
        sealing: Sealing::Recipient,
        house,
        circle,
        epoch,
        document: None,
        side: Side::Staff,
        kind: Kind::Inquiry,
        author,
        seq: 1,
        prev: None,
        log: LogHead::founding(&house),
        seen: Position::START,
        class: Class::Short,
        month: info.month,
        body_hash: Hash::new(sha256(&[&body])),
        body_len: u32::try_from(body.len()).map_err(|_| DoorError::TooLong)?,
    });
    let signature = keys.sign(label::RECORD, &header);
    Ok(Record { header: header.into(), signature, body: body.into() })
}

/// What the driver does next.
#[derive(Debug)]
pub enum OutsiderStep {
    /// Send this frame and wait for the next.
    Send(Vec<u8>),
    /// The relay keeps it; close the line.
    Sent,
}

/// A conversation of somebody outside with the relay, to hand in one message. The work that the relay asks for is done while a
/// frame is taken: a second or so.
#[derive(Debug)]
pub struct Outsider {
    origin: String,
    link: IntakeLink,
    words: Words,
    nonce: Option<Nonce>,
}

impl Outsider {
    /// From a public link. `origin` is that of the relay the app was loaded from.
    ///
    /// # Errors
    /// [`DoorError::Mistyped`].
    pub fn new(origin: &str, link: &str, words: Words) -> Result<Self, DoorError> {
        let link = IntakeLink::parse(link).map_err(|_| DoorError::Mistyped)?;
        Ok(Self { origin: origin.to_owned(), link, words, nonce: None })
    }

    /// Takes one frame of the relay.
    ///
    /// # Errors
    /// [`DoorError`]; close the line. Nothing was kept, unless the line broke before the answer.
    pub fn received(&mut self, bytes: &[u8]) -> Result<OutsiderStep, DoorError> {
        let message: RelayMessage =
            codec::decode(bytes, limit::MESSAGE_BYTES_MAX).map_err(|_| DoorError::Garbage)?;
        match message {
            RelayMessage::Challenge(challenge) => {
                if Versions::OURS.common(challenge.versions).is_none() {
                    return Err(DoorError::Outdated);
                }
                self.nonce = Some(challenge.nonce);
                let IntakeLink { house, mark } = self.link;
                let hello =
                    IntakeHello { versions: Versions::OURS, origin: self.origin.clone(), house, mark };
                Ok(OutsiderStep::Send(codec::encode(&ClientMessage::IntakeHello(hello))))
            }
            RelayMessage::IntakeInfo(info) => {
                let nonce = self.nonce.ok_or(DoorError::Garbage)?;
                let record = seal(&self.link, &info, &self.words)?;
                let work = intake::work(&nonce, &record.id(), info.bits).ok_or(DoorError::Garbage)?;
                let inquiry = Sent { id: 1, record, work };
                Ok(OutsiderStep::Send(codec::encode(&ClientMessage::Inquiry(inquiry))))
            }
            RelayMessage::Ack(_) => Ok(OutsiderStep::Sent),
            RelayMessage::Refused(refused) => Err(match refused.code {
                RefusalCode::Quota | RefusalCode::Full => DoorError::Full,
                // Closed since, or the house is over.
                RefusalCode::NotAllowed => DoorError::Unknown,
                _ => DoorError::Busy,
            }),
            RelayMessage::Bye(ByeCode::NotFound) => Err(DoorError::Unknown),
            RelayMessage::Bye(ByeCode::Version) => Err(DoorError::Outdated),
            RelayMessage::Bye(_) => Err(DoorError::Busy),
            _ => Err(DoorError::Garbage),
        }
    }
}
