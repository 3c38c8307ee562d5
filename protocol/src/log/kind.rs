//! The kinds of entries. One kind, one file: its body and the rule that admits it.

pub mod circle;
pub mod confirm;
pub mod device_add;
pub mod device_end;
pub mod dissolve;
pub mod found;
pub mod invite;
pub mod invite_end;
pub mod join;
pub mod member;
pub mod member_end;
pub mod order;
pub mod protect;
pub mod restored;
pub mod role;
pub mod role_end;

use minicbor::{Decode, Encode};

use crate::codec::{self, DecodeError};
use crate::limit;

/// Number of a kind on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
#[non_exhaustive]
pub enum KindNumber {
    /// [`found::Found`]
    #[n(0)]
    Found,
    /// [`invite::Invite`]
    #[n(1)]
    Invite,
    /// [`join::Join`]
    #[n(2)]
    Join,
    /// [`confirm::Confirm`]
    #[n(3)]
    Confirm,
    /// [`device_add::DeviceAdd`]
    #[n(4)]
    DeviceAdd,
    /// [`device_end::DeviceEnd`]
    #[n(5)]
    DeviceEnd,
    /// [`role::RoleGrant`]
    #[n(6)]
    Role,
    /// [`role_end::RoleEnd`]
    #[n(7)]
    RoleEnd,
    /// [`circle::CircleNew`]
    #[n(8)]
    Circle,
    /// [`member::Member`]
    #[n(9)]
    Member,
    /// [`member_end::MemberEnd`]
    #[n(10)]
    MemberEnd,
    /// [`invite_end::InviteEnd`]
    #[n(11)]
    InviteEnd,
    /// [`order::Order`]
    #[n(12)]
    Order,
    /// [`restored::Restored`]
    #[n(13)]
    Restored,
    /// [`dissolve::Dissolve`]
    #[n(14)]
    Dissolve,
    /// [`protect::Protect`]
    #[n(15)]
    Protect,
}

/// Decoded body of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each variant is documented at its type")]
pub enum Body {
    Found(found::Found),
    Invite(invite::Invite),
    Join(join::Join),
    Confirm(confirm::Confirm),
    DeviceAdd(device_add::DeviceAdd),
    DeviceEnd(device_end::DeviceEnd),
    Role(role::RoleGrant),
    RoleEnd(role_end::RoleEnd),
    Circle(circle::CircleNew),
    Member(member::Member),
    MemberEnd(member_end::MemberEnd),
    InviteEnd(invite_end::InviteEnd),
    Protect(protect::Protect),
    Dissolve(dissolve::Dissolve),
    Restored(restored::Restored),
    /// And what it does, decoded.
    Order(order::Order, Box<Self>),
}

impl Body {
    /// Decodes the body of an entry of the given kind.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn decode(kind: KindNumber, bytes: &[u8]) -> Result<Self, DecodeError> {
        let max = limit::ENTRY_BYTES_MAX;
        Ok(match kind {
            KindNumber::Found => Self::Found(codec::decode(bytes, max)?),
            KindNumber::Invite => Self::Invite(codec::decode(bytes, max)?),
            KindNumber::Join => Self::Join(codec::decode(bytes, max)?),
            KindNumber::Confirm => Self::Confirm(codec::decode(bytes, max)?),
            KindNumber::DeviceAdd => {
                let add: device_add::DeviceAdd = codec::decode(bytes, max)?;
                // What is not so is left out: one thing has one encoding.
                if add.sheet == Some(false) {
                    return Err(DecodeError::OutOfRange);
                }
                Self::DeviceAdd(add)
            }
            KindNumber::DeviceEnd => Self::DeviceEnd(codec::decode(bytes, max)?),
            KindNumber::Role => Self::Role(codec::decode(bytes, max)?),
            KindNumber::RoleEnd => Self::RoleEnd(codec::decode(bytes, max)?),
            KindNumber::Circle => Self::Circle(codec::decode(bytes, max)?),
            KindNumber::Member => Self::Member(codec::decode(bytes, max)?),
            KindNumber::MemberEnd => Self::MemberEnd(codec::decode(bytes, max)?),
            KindNumber::InviteEnd => Self::InviteEnd(codec::decode(bytes, max)?),
            KindNumber::Protect => Self::Protect(codec::decode(bytes, max)?),
            KindNumber::Order => {
                let order: order::Order = codec::decode(bytes, max)?;
                let act = order.act()?;
                Self::Order(order, Box::new(act))
            }
            KindNumber::Dissolve => Self::Dissolve(codec::decode(bytes, max)?),
            KindNumber::Restored => Self::Restored(codec::decode(bytes, max)?),
        })
    }

    /// What it brings about: of an order, what was ordered.
    #[must_use]
    pub fn act(&self) -> &Self {
        match self {
            Self::Order(_, act) => act,
            other => other,
        }
    }

    /// Whether it says who somebody is, and on which devices: what those need who wrap keys to them.
    pub(crate) fn identifies(&self) -> bool {
        match self {
            Self::Invite(_) | Self::Join(_) | Self::Confirm(_) | Self::InviteEnd(_) => true,
            Self::Role(_) | Self::RoleEnd(_) | Self::DeviceAdd(_) | Self::DeviceEnd(_) => true,
            Self::Found(_) | Self::Circle(_) | Self::Member(_) | Self::MemberEnd(_) => false,
            Self::Protect(_) | Self::Dissolve(_) | Self::Restored(_) => false,
            Self::Order(_, act) => act.identifies(),
        }
    }

    /// Number and CBOR of the body, for whoever writes an entry.
    #[must_use]
    pub fn encode(&self) -> (KindNumber, Vec<u8>) {
        match self {
            Self::Found(b) => (KindNumber::Found, codec::encode(b)),
            Self::Invite(b) => (KindNumber::Invite, codec::encode(b)),
            Self::Join(b) => (KindNumber::Join, codec::encode(b)),
            Self::Confirm(b) => (KindNumber::Confirm, codec::encode(b)),
            Self::DeviceAdd(b) => (KindNumber::DeviceAdd, codec::encode(b)),
            Self::DeviceEnd(b) => (KindNumber::DeviceEnd, codec::encode(b)),
            Self::Role(b) => (KindNumber::Role, codec::encode(b)),
            Self::RoleEnd(b) => (KindNumber::RoleEnd, codec::encode(b)),
            Self::Circle(b) => (KindNumber::Circle, codec::encode(b)),
            Self::Member(b) => (KindNumber::Member, codec::encode(b)),
            Self::MemberEnd(b) => (KindNumber::MemberEnd, codec::encode(b)),
            Self::InviteEnd(b) => (KindNumber::InviteEnd, codec::encode(b)),
            Self::Protect(b) => (KindNumber::Protect, codec::encode(b)),
            Self::Dissolve(b) => (KindNumber::Dissolve, codec::encode(b)),
            Self::Restored(b) => (KindNumber::Restored, codec::encode(b)),
            Self::Order(b, _) => (KindNumber::Order, codec::encode(b)),
        }
    }
}
