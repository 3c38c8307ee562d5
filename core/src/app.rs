//! The Kita domain: commands in, views out. Pure functions of [`House`], nothing is kept here.
//!
//! [`plan`] turns a command into log entries and edits, which the engine signs, seals and sends; [`query`] reads a view;
//! [`duties`] says what a device of the house writes unasked. `docs/domain.md` lists what stands where.

pub mod command;
pub mod day;
pub(crate) mod decision;
pub mod duty;
mod error;
pub mod item;
mod plan;
mod query;
mod scene;
pub mod view;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

use minicbor::{Decode, Encode};
use nestpost_protocol::id::{CircleId, ItemId};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::entry::Cosignature;
use nestpost_protocol::retention::Class;

use crate::document::Value;
use crate::transfers::TransferEdit;

pub use command::{Command, Query};
pub use duty::duties;
pub use error::AppError;
pub use plan::contacts::still_said;
pub use plan::erase::{Erasure, Wished, erasures, may_erase};
pub use plan::found::{check_found, found_plan};
pub use plan::greeting::{Greeting, GreetingError, NamedDevice};
pub use plan::people::{renewal, sheet};
#[cfg(test)]
use plan::rebase;
pub use plan::{brought_about, later, plan};
pub use query::{about, deleted_inquiries, directors, media_index, media_refs, proposals, query};
pub use view::{Reply, View};

/// The intake opens, with links that begin now, or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IntakeChange {
    /// The circle.
    #[n(0)]
    pub circle: CircleId,
    /// Whether outsiders may write from now on; links of before end either way.
    #[n(1)]
    pub open: bool,
}

/// One item to write. Its side follows from the writer, its document from circle, side, class and month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Where.
    pub circle: CircleId,
    /// How long it is kept.
    pub class: Class,
    /// Under which id.
    pub item: ItemId,
    /// What.
    pub value: Value,
}

/// What a second director is to agree to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The item that tells them.
    pub item: ItemId,
    /// What is to be.
    pub body: Body,
    /// From when on, where not at once.
    pub day: Option<day::Day>,
}

/// What a command comes to. The entries travel in one frame, all or none; the edits follow them, for they may write
/// into circles that the entries make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Bodies of log entries, in order, fitted to the log as it was. Whoever signs them later fits them again: the seq of
    /// a `circle` that `member` names may have moved.
    pub entries: Vec<Body>,
    /// Second signatures, each with the place of its entry.
    pub cosignatures: Vec<(usize, Cosignature)>,
    /// What a second director is to agree to: the engine signs it.
    pub proposes: Option<Proposed>,
    /// What the person wants to be erased: the engine signs it.
    pub wishes: Vec<Wished>,
    /// A circle whose readers to come read from now on only.
    pub horizon: Option<CircleId>,
    /// What is to become of the intake.
    pub intake: Option<IntakeChange>,
    /// Items to write, in order.
    pub edits: Vec<Edit>,
    /// Pictures and files that set out, come further, or go no further.
    pub transfers: Vec<TransferEdit>,
    /// What the page is told once all of it is stored.
    pub reply: Reply,
}
