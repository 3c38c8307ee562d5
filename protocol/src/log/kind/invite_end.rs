//! `invite-end`: an invite, and a join that is not confirmed yet, are void.

use minicbor::{Decode, Encode};

/// Body of `invite-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InviteEnd {
    /// Seq of the `invite` entry.
    #[n(0)]
    pub invite: u64,
}
