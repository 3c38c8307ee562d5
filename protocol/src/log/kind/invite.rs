//! `invite`: a one-time secret may admit one device of one person.

use minicbor::{Decode, Encode};

use crate::codec::Bytes;
use crate::id::{Hash, InviteKey, PersonId};

/// Body of `invite`. The person must hold a role. It carries no keys of circles.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Invite {
    /// Public half of the signing key that the secret derives.
    #[n(0)]
    pub key: InviteKey,
    /// The person a joining device will belong to.
    #[n(1)]
    pub person: PersonId,
    /// HMAC-SHA256 over the house id under a key that the secret derives: even a typed code authenticates the house.
    #[n(2)]
    pub mac: Hash,
    /// Greeting (house name, Art. 13 notice, validity) sealed under a key that the secret derives.
    #[n(3)]
    pub greeting: Bytes,
    /// Days the relay keeps the door open, from admission, 1 to [`crate::limit::INVITE_DAYS_MAX`].
    #[n(4)]
    pub days: u16,
}
