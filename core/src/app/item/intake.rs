//! What staff do about what outsiders wrote. In `staff`, class `short`, as long as that at least.

use minicbor::{Decode, Encode};
use nestpost_protocol::id::RecordId;

/// Somebody sees to it, or it is deleted: the item's kind says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Handled {
    /// The outsider's record.
    #[n(0)]
    pub inquiry: RecordId,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
}
