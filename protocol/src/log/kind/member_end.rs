//! `member-end`: a person or a key circle no longer reads a circle.

use minicbor::{Decode, Encode};

use super::member::Who;
use crate::id::CircleId;

/// Body of `member-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MemberEnd {
    /// Which circle.
    #[n(0)]
    pub circle: CircleId,
    /// Who.
    #[n(1)]
    pub who: Who,
}
