//! What stands in documents: immutable items and editable profiles.
//!
//! An immutable item is one byte value, CBOR `{0: kind, 1: body}` with integer keys; unknown keys are skipped and
//! unknown kinds ignored, so that a newer app can add both. A profile ([`profile`]) is an Automerge map of scalars, so
//! that two people may correct different fields at the same time. `at` is the time the author's device claimed: shown,
//! used to sort, never decides anything. Who wrote an item follows from its document's side and its change's device,
//! never from a field.

mod attendance;
mod contacts;
mod erase;
mod intake;
mod later;
mod media;
pub mod profile;

use minicbor::{Decode, Encode};
use nestpost_protocol::codec;
use nestpost_protocol::id::{CircleId, Hash, InviteKey, ItemId, PersonId};

use super::day::Day;
use crate::document::Value;

pub use attendance::{ALLERGIES_CHARS_MAX, Attendance, REPLACES_MAX};
pub use contacts::{CONTACTS_CHARS_MAX, CONTACTS_REPLACES_MAX, Contacts};
pub use erase::{Restriction, Wish};
pub use intake::Handled;
pub use later::{How, Orders, PlanEnd, Planned, Proposal, ProposalEnd, Told, What};
pub use media::{
    ALT_CHARS_MAX, BlobRef, Description, FILE_BYTES_MAX, FILE_NAME_CHARS_MAX, File, HASH_BYTES_MAX,
    PICTURE_BYTES_MAX, Photo, Removal, SIDE_PIXELS_MAX, THUMB_BYTES_MAX,
};

/// Longest name of a person, child, group or house, characters.
pub const NAME_CHARS_MAX: usize = 120;
/// Longest name of a person's own device.
pub const DEVICE_NAME_CHARS_MAX: usize = 40;
/// Longest heading of a bulletin, characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// Longest message or bulletin, characters.
pub const TEXT_CHARS_MAX: usize = 10_000;
/// Longest note on an absence, characters.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Longest Art. 13 notice, characters: at four bytes each it still fits into a sealed greeting.
pub const NOTICE_CHARS_MAX: usize = 5_000;
/// Longest help line (a telephone number with a word or two), characters.
pub const HELP_LINE_CHARS_MAX: usize = 120;
/// Items that one seen mark may name.
pub const SEEN_ITEMS_MAX: usize = 256;
/// Longest immutable item, bytes: the longest text at four bytes a character, its heading, and the frame.
pub const ITEM_BYTES_MAX: usize = 48 << 10;

/// Latest time that an item may claim, milliseconds: the end of the year 9999. No page can show a later one, and one item of
/// somebody else must not take all others from view.
pub const AT_MAX: u64 = 253_402_300_799_999;

/// Why a child is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum AbsenceKind {
    /// Sick.
    #[n(0)]
    Sick,
    /// Away for another reason.
    #[n(1)]
    Away,
}

/// A notice of the house or of a group to its families. In `house` or `group`, class `year`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bulletin {
    /// Heading.
    #[n(0)]
    pub title: String,
    /// Text.
    #[n(1)]
    pub body: String,
    /// Claimed time, milliseconds.
    #[n(2)]
    pub at: u64,
    /// The pictures and files that go with it.
    #[n(3)]
    pub set: Option<ItemId>,
}

/// A message in the thread of one guardian about one child. In `private`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Message {
    /// Text; may be empty where there is a set.
    #[n(0)]
    pub text: String,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
    /// The pictures and files that go with it.
    #[n(2)]
    pub set: Option<ItemId>,
}

/// A child will not come. A guardian's stands in their `private` circle, the house's own in `child`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Absence {
    /// Why.
    #[n(0)]
    pub kind: AbsenceKind,
    /// First day.
    #[n(1)]
    pub from: Day,
    /// Last day, inclusive.
    #[n(2)]
    pub to: Day,
    /// For whoever reads the circle; may be empty.
    #[n(3)]
    pub note: String,
    /// Claimed time, milliseconds.
    #[n(4)]
    pub at: u64,
}

/// An absence of the same circle and side no longer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Withdrawal {
    /// The absence.
    #[n(0)]
    pub absence: ItemId,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
}

/// The writer has seen these items on screen. In `private`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Seen {
    /// Which, at most [`SEEN_ITEMS_MAX`].
    #[n(0)]
    pub items: Vec<ItemId>,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
}

/// What the child's other guardian may know of an absence. In `child`, written by any device of the house under
/// [`super::duty::published_id`]. It depends on the source item alone (no note, no time, no publisher), so that two
/// tablets that publish it twice agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Published {
    /// The child.
    #[n(0)]
    pub child: CircleId,
    /// Why.
    #[n(1)]
    pub kind: AbsenceKind,
    /// First day.
    #[n(2)]
    pub from: Day,
    /// Last day, inclusive.
    #[n(3)]
    pub to: Day,
    /// Who reported it; absent where the reporter is protected.
    #[n(4)]
    pub reporter: Option<PersonId>,
}

/// A published absence no longer holds; published in the same way from the withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PublishedEnd {
    /// Id of the published absence.
    #[n(0)]
    pub absence: ItemId,
}

/// That a letter was printed: the log has no dates, so staff tell each other in `staff`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Letter {
    /// The invite on it.
    #[n(0)]
    pub invite: InviteKey,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
    /// Days it is valid.
    #[n(2)]
    pub days: u16,
}

/// That a device was let in: the log has no dates, so whoever did it tells the staff in `staff`. Of a protected guardian
/// nobody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LetIn {
    /// Commitment of the join, which everybody sees and of which only its audience knows what it is.
    #[n(0)]
    pub join: Hash,
    /// Claimed time, milliseconds.
    #[n(1)]
    pub at: u64,
}

/// An immutable item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is documented at its type")]
pub enum Item {
    Bulletin(Bulletin),
    Message(Message),
    Absence(Absence),
    Withdrawal(Withdrawal),
    Seen(Seen),
    Published(Published),
    PublishedEnd(PublishedEnd),
    Letter(Letter),
    Photo(Photo),
    File(File),
    Removal(Removal),
    Description(Description),
    Planned(Planned),
    Orders(Orders),
    PlanEnd(PlanEnd),
    Proposal(Proposal),
    ProposalEnd(ProposalEnd),
    Told(Told),
    LetIn(LetIn),
    Attendance(Attendance),
    Contacts(Contacts),
    InquiryTaken(Handled),
    InquiryDeleted(Handled),
    Wish(Wish),
    Restriction(Restriction),
}

/// Numbers of the kinds on the wire; never reused.
mod kind {
    pub(super) const BULLETIN: u16 = 1;
    pub(super) const MESSAGE: u16 = 2;
    pub(super) const ABSENCE: u16 = 3;
    pub(super) const WITHDRAWAL: u16 = 4;
    pub(super) const SEEN: u16 = 5;
    pub(super) const PUBLISHED: u16 = 6;
    pub(super) const PUBLISHED_END: u16 = 7;
    pub(super) const LETTER: u16 = 8;
    pub(super) const PHOTO: u16 = 9;
    pub(super) const FILE: u16 = 10;
    pub(super) const REMOVAL: u16 = 11;
    pub(super) const DESCRIPTION: u16 = 12;
    pub(super) const PLANNED: u16 = 13;
    pub(super) const ORDERS: u16 = 14;
    pub(super) const PLAN_END: u16 = 15;
    pub(super) const PROPOSAL: u16 = 16;
    pub(super) const PROPOSAL_END: u16 = 17;
    pub(super) const TOLD: u16 = 18;
    pub(super) const LET_IN: u16 = 19;
    pub(super) const ATTENDANCE: u16 = 20;
    pub(super) const CONTACTS: u16 = 21;
    pub(super) const INQUIRY_TAKEN: u16 = 25;
    pub(super) const INQUIRY_DELETED: u16 = 26;
    pub(super) const WISH: u16 = 30;
    pub(super) const RESTRICTION: u16 = 31;
}

#[derive(Decode)]
#[cbor(map)]
struct Head {
    #[n(0)]
    kind: u16,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Envelope<T> {
    #[n(0)]
    kind: u16,
    #[n(1)]
    body: T,
}

fn seal<T: Encode<()>>(kind: u16, body: &T) -> Vec<u8> {
    codec::encode(&Envelope { kind, body })
}

fn open<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Option<T> {
    codec::decode::<Envelope<T>>(bytes, ITEM_BYTES_MAX).ok().map(|e| e.body)
}

impl Item {
    /// The item as it stands in a document.
    #[must_use]
    pub fn value(&self) -> Value {
        Value::Bytes(match self {
            Self::Bulletin(b) => seal(kind::BULLETIN, b),
            Self::Message(b) => seal(kind::MESSAGE, b),
            Self::Absence(b) => seal(kind::ABSENCE, b),
            Self::Withdrawal(b) => seal(kind::WITHDRAWAL, b),
            Self::Seen(b) => seal(kind::SEEN, b),
            Self::Published(b) => seal(kind::PUBLISHED, b),
            Self::PublishedEnd(b) => seal(kind::PUBLISHED_END, b),
            Self::Letter(b) => seal(kind::LETTER, b),
            Self::Photo(b) => seal(kind::PHOTO, b),
            Self::File(b) => seal(kind::FILE, b),
            Self::Removal(b) => seal(kind::REMOVAL, b),
            Self::Description(b) => seal(kind::DESCRIPTION, b),
            Self::Planned(b) => seal(kind::PLANNED, b),
            Self::Orders(b) => seal(kind::ORDERS, b),
            Self::PlanEnd(b) => seal(kind::PLAN_END, b),
            Self::Proposal(b) => seal(kind::PROPOSAL, b),
            Self::ProposalEnd(b) => seal(kind::PROPOSAL_END, b),
            Self::Told(b) => seal(kind::TOLD, b),
            Self::LetIn(b) => seal(kind::LET_IN, b),
            Self::Attendance(b) => seal(kind::ATTENDANCE, b),
            Self::Contacts(b) => seal(kind::CONTACTS, b),
            Self::InquiryTaken(b) => seal(kind::INQUIRY_TAKEN, b),
            Self::InquiryDeleted(b) => seal(kind::INQUIRY_DELETED, b),
            Self::Wish(b) => seal(kind::WISH, b),
            Self::Restriction(b) => seal(kind::RESTRICTION, b),
        })
    }

    /// Reads an item that somebody wrote. `None`: no immutable item, of a kind this build does not know, malformed or
    /// over its limits; views leave it out.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let Value::Bytes(bytes) = value else { return None };
        let head: Head = codec::decode(bytes, ITEM_BYTES_MAX).ok()?;
        let item = match head.kind {
            kind::BULLETIN => Self::Bulletin(open(bytes)?),
            kind::MESSAGE => Self::Message(open(bytes)?),
            kind::ABSENCE => Self::Absence(open(bytes)?),
            kind::WITHDRAWAL => Self::Withdrawal(open(bytes)?),
            kind::SEEN => Self::Seen(open(bytes)?),
            kind::PUBLISHED => Self::Published(open(bytes)?),
            kind::PUBLISHED_END => Self::PublishedEnd(open(bytes)?),
            kind::LETTER => Self::Letter(open(bytes)?),
            kind::PHOTO => Self::Photo(open(bytes)?),
            kind::FILE => Self::File(open(bytes)?),
            kind::REMOVAL => Self::Removal(open(bytes)?),
            kind::DESCRIPTION => Self::Description(open(bytes)?),
            kind::PLANNED => Self::Planned(open(bytes)?),
            kind::ORDERS => Self::Orders(open(bytes)?),
            kind::PLAN_END => Self::PlanEnd(open(bytes)?),
            kind::PROPOSAL => Self::Proposal(open(bytes)?),
            kind::PROPOSAL_END => Self::ProposalEnd(open(bytes)?),
            kind::TOLD => Self::Told(open(bytes)?),
            kind::LET_IN => Self::LetIn(open(bytes)?),
            kind::ATTENDANCE => Self::Attendance(open(bytes)?),
            kind::CONTACTS => Self::Contacts(open(bytes)?),
            kind::INQUIRY_TAKEN => Self::InquiryTaken(open(bytes)?),
            kind::INQUIRY_DELETED => Self::InquiryDeleted(open(bytes)?),
            kind::WISH => Self::Wish(open(bytes)?),
            kind::RESTRICTION => Self::Restriction(open(bytes)?),
            _ => return None,
        };
        item.within_limits().then_some(item)
    }

    /// Whether this may be a removal or a description, at a glance.
    pub(super) fn is_remark(value: &Value) -> bool {
        matches!(Self::glance(value), Some(kind::REMOVAL | kind::DESCRIPTION))
    }

    /// Whether this may say whom to call, at a glance.
    pub(super) fn is_contacts(value: &Value) -> bool {
        Self::glance(value) == Some(kind::CONTACTS)
    }

    /// Whether this may be about erasing something, at a glance.
    pub(super) fn ends_something(value: &Value) -> bool {
        let kinds = [kind::REMOVAL, kind::DESCRIPTION, kind::WISH, kind::RESTRICTION, kind::PUBLISHED_END];
        Self::glance(value).is_some_and(|kind| kinds.contains(&kind))
    }

    /// Whether this may be a plan, its orders or its end, at a glance.
    pub(super) fn is_of_plans(value: &Value) -> bool {
        matches!(Self::glance(value), Some(kind::PLANNED | kind::ORDERS | kind::PLAN_END))
    }

    /// The kind, which stands in the third byte of the only form that is read, or behind it.
    fn glance(value: &Value) -> Option<u16> {
        let Value::Bytes(bytes) = value else { return None };
        match bytes.as_slice() {
            [_, 0, 0x18, kind, ..] | [_, 0, kind, ..] => Some(u16::from(*kind)),
            _ => None,
        }
    }

    /// When its author claims to have written it.
    const fn at(&self) -> Option<u64> {
        match self {
            Self::Bulletin(b) => Some(b.at),
            Self::Message(b) => Some(b.at),
            Self::Absence(b) => Some(b.at),
            Self::Withdrawal(b) => Some(b.at),
            Self::Seen(b) => Some(b.at),
            Self::Letter(b) => Some(b.at),
            Self::Photo(b) => Some(b.at),
            Self::File(b) => Some(b.at),
            Self::Removal(b) => Some(b.at),
            Self::Description(b) => Some(b.at),
            Self::Planned(b) => Some(b.at),
            Self::Orders(b) => Some(b.at),
            Self::Proposal(b) => Some(b.at),
            Self::ProposalEnd(b) => Some(b.at),
            Self::Told(b) => Some(b.at),
            Self::LetIn(b) => Some(b.at),
            Self::Attendance(b) => b.at,
            Self::InquiryTaken(b) | Self::InquiryDeleted(b) => Some(b.at),
            Self::Wish(b) => Some(b.at),
            Self::Restriction(b) => Some(b.at),
            Self::Published(_) | Self::PublishedEnd(_) | Self::PlanEnd(_) | Self::Contacts(_) => None,
        }
    }

    fn within_limits(&self) -> bool {
        self.at().is_none_or(|at| at <= AT_MAX) && self.fits()
    }

    fn fits(&self) -> bool {
        match self {
            Self::Bulletin(b) => fits(&b.title, TITLE_CHARS_MAX) && fits(&b.body, TEXT_CHARS_MAX),
            Self::Message(b) => fits(&b.text, TEXT_CHARS_MAX),
            Self::Absence(b) => fits(&b.note, NOTE_CHARS_MAX) && b.from <= b.to,
            Self::Published(b) => b.from <= b.to,
            Self::Seen(b) => b.items.len() <= SEEN_ITEMS_MAX,
            Self::Photo(b) => b.within_limits(),
            Self::File(b) => b.within_limits(),
            Self::Description(b) => fits(&b.text, ALT_CHARS_MAX),
            Self::Planned(b) => b.fits(),
            Self::Orders(b) => b.fits(),
            Self::PlanEnd(b) => b.fits(),
            Self::Told(b) => fits(&b.title, TITLE_CHARS_MAX) && fits(&b.body, TEXT_CHARS_MAX),
            Self::Proposal(_) | Self::ProposalEnd(_) | Self::LetIn(_) => true,
            Self::InquiryTaken(_) | Self::InquiryDeleted(_) | Self::Wish(_) => true,
            Self::Restriction(_) => true,
            Self::Attendance(b) => b.replaces.len() <= REPLACES_MAX,
            // What several said and what went of it may be longer than what is entered.
            Self::Contacts(b) => fits(&b.text, TEXT_CHARS_MAX) && b.replaces.len() <= CONTACTS_REPLACES_MAX,
            Self::Withdrawal(_) | Self::PublishedEnd(_) | Self::Letter(_) | Self::Removal(_) => true,
        }
    }
}

/// Whether a text has at most `max` characters (Unicode scalar values).
#[must_use]
pub fn fits(text: &str, max: usize) -> bool {
    text.len() <= max || text.chars().count() <= max
}

#[cfg(test)]
mod tests;
