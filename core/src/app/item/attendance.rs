//! Who came and who left.

use minicbor::{Decode, Encode};
use nestpost_protocol::id::ItemId;

use crate::app::day::Day;
use crate::app::view::AttendanceEvent;

/// Longest line on allergies, characters.
pub const ALLERGIES_CHARS_MAX: usize = 80;
/// Items that one event may replace.
pub const REPLACES_MAX: usize = 16;

/// A child came or left, without who brought or collected it. In `child`, class `short`. What corrects an earlier one names it;
/// what two tablets say without knowing of each other stands side by side.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Attendance {
    /// On which day.
    #[n(0)]
    pub day: Day,
    /// What happened.
    #[n(1)]
    pub event: AttendanceEvent,
    /// Claimed time, milliseconds; absent where the house keeps none for this child.
    #[n(2)]
    pub at: Option<u64>,
    /// Earlier ones that do not count any more, at most [`REPLACES_MAX`].
    #[n(3)]
    pub replaces: Vec<ItemId>,
}
