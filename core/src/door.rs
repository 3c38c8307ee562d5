//! Opening an invite before there is a house on this device: proves the secret, fetches the greeting, consumes nothing.

use nestpost_protocol::id::HouseId;
use nestpost_protocol::message::{ByeCode, ClientMessage, InviteHello, InviteStage, RelayMessage, Versions};
use nestpost_protocol::{codec, label, limit};

use crate::app::Greeting;
use crate::code::InviteCode;
use crate::crypto::InviteSecret;
use crate::engine::check_invite;

/// An opened invite: what [`crate::engine::Engine::join`] needs.
#[derive(Debug)]
pub struct Visitor {
    /// The house that the invite is of.
    pub house: HouseId,
    /// The invite's secret.
    pub secret: InviteSecret,
    /// CBOR of the greeting, as the house wrote it.
    pub greeting: Vec<u8>,
}

/// Why a code does not open anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DoorError {
    /// Not a code; the checksum does not hold.
    #[error("code mistyped")]
    Mistyped,
    /// The relay knows no such invite.
    #[error("code unknown")]
    Unknown,
    /// Another device joined with it.
    #[error("code used")]
    Used,
    /// Its days are over.
    #[error("code expired")]
    Expired,
    /// The house has withdrawn it.
    #[error("code revoked")]
    Revoked,
    /// The entry behind it is not of the house that it names.
    #[error("code of another house")]
    Foreign,
    /// The relay speaks no version that this app speaks.
    #[error("app outdated")]
    Outdated,
    /// The relay said something that no relay says.
    #[error("relay makes no sense")]
    Garbage,
    /// The relay is too busy; try again.
    #[error("relay busy")]
    Busy,
    /// The house takes no more messages from outside today.
    #[error("house takes no more today")]
    Full,
    /// A text that must say something says nothing.
    #[error("a text is missing")]
    Empty,
    /// A text is over its limit.
    #[error("text too long")]
    TooLong,
}

impl DoorError {
    /// Stable code of the page's contract.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mistyped => "code_mistyped",
            Self::Unknown => "code_unknown",
            Self::Used => "code_used",
            Self::Expired => "code_expired",
            Self::Revoked => "code_revoked",
            Self::Foreign => "code_foreign",
            Self::Outdated => "app_outdated",
            Self::Garbage => "relay_garbage",
            Self::Busy => "relay_refused",
            Self::Full => "quota_full",
            Self::Empty => "empty",
            Self::TooLong => "too_long",
        }
    }
}

/// What the driver does next.
#[derive(Debug)]
pub enum DoorStep {
    /// Send this frame and wait for the next.
    Send(Vec<u8>),
    /// Done; close the line.
    Opened(Box<(Visitor, Greeting)>),
}

/// A conversation at the relay's door.
#[derive(Debug)]
pub struct Door {
    origin: String,
    code: InviteCode,
}

impl Door {
    /// From what was typed or scanned. `origin` is that of the relay the app was loaded from.
    ///
    /// # Errors
    /// [`DoorError::Mistyped`].
    pub fn new(origin: &str, code: &str) -> Result<Self, DoorError> {
        let code = InviteCode::parse(code).map_err(|_| DoorError::Mistyped)?;
        Ok(Self { origin: origin.to_owned(), code })
    }

    /// Takes one frame of the relay.
    ///
    /// # Errors
    /// [`DoorError`]; close the line.
    pub fn received(&mut self, bytes: &[u8]) -> Result<DoorStep, DoorError> {
        let message: RelayMessage =
            codec::decode(bytes, limit::MESSAGE_BYTES_MAX).map_err(|_| DoorError::Garbage)?;
        match message {
            RelayMessage::Challenge(challenge) => {
                if Versions::OURS.common(challenge.versions).is_none() {
                    return Err(DoorError::Outdated);
                }
                let key = self.code.secret.key();
                let input = InviteHello::signing_input(&self.origin, key, challenge.nonce);
                let signature = self.code.secret.sign(label::INVITE_HELLO, &input);
                let hello =
                    InviteHello { versions: Versions::OURS, origin: self.origin.clone(), key, signature };
                Ok(DoorStep::Send(codec::encode(&ClientMessage::InviteHello(hello))))
            }
            RelayMessage::InviteInfo(info) => {
                match info.stage {
                    InviteStage::Open => {}
                    InviteStage::Used => return Err(DoorError::Used),
                    InviteStage::Expired => return Err(DoorError::Expired),
                    InviteStage::Revoked => return Err(DoorError::Revoked),
                }
                if self.code.house.is_some_and(|house| house != info.house) {
                    return Err(DoorError::Foreign);
                }
                let (_, bytes) = check_invite(&self.code.secret, &info).ok_or(DoorError::Foreign)?;
                let greeting = Greeting::decode(&bytes).map_err(|_| DoorError::Foreign)?;
                let secret = InviteSecret::from_bytes(*self.code.secret.expose_bytes());
                let visitor = Visitor { house: info.house, secret, greeting: bytes };
                Ok(DoorStep::Opened(Box::new((visitor, greeting))))
            }
            RelayMessage::Bye(ByeCode::NotFound) => Err(DoorError::Unknown),
            RelayMessage::Bye(ByeCode::Version) => Err(DoorError::Outdated),
            RelayMessage::Bye(_) => Err(DoorError::Busy),
            _ => Err(DoorError::Garbage),
        }
    }
}
