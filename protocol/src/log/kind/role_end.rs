//! `role-end`: a person's role has ended; they read nothing any more, without a `member-end` per circle.

use minicbor::{Decode, Encode};

use crate::id::PersonId;

/// Body of `role-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RoleEnd {
    /// Who.
    #[n(0)]
    pub person: PersonId,
}
