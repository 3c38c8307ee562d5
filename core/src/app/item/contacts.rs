//! Whom to call for a child.

use minicbor::{Decode, Encode};
use nestpost_protocol::id::{CircleId, ItemId};

/// Longest text on whom to call that is entered, characters.
pub const CONTACTS_CHARS_MAX: usize = 300;
/// Texts that one may replace.
pub const CONTACTS_REPLACES_MAX: usize = 32;

/// Whom to call for a child. In `child`, class `long`: its guardians read it too; and what went from there when a guardian came under
/// protection, in their `guarded` circle. Whatever none replaces counts; what two devices say without knowing of each other stands side
/// by side.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Contacts {
    /// The child.
    #[n(0)]
    pub child: CircleId,
    /// Whom; may be empty.
    #[n(1)]
    pub text: String,
    /// Earlier ones that do not count any more, at most [`CONTACTS_REPLACES_MAX`].
    #[n(2)]
    pub replaces: Vec<ItemId>,
}
