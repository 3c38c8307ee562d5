//! Every size and count limit of the protocol. Each is tested at the limit and one past it.

/// One message on the WebSocket, bytes.
pub const MESSAGE_BYTES_MAX: usize = 1 << 20;
/// A file of evidence, bytes.
pub const EVIDENCE_BYTES_MAX: usize = 4 << 20;
/// Cases in it, and moves: each case is checked under each key that they name.
pub const EVIDENCE_CASES_MAX: usize = 32;
/// Records of a circle, or links, that are given back under one signature.
pub const GIVEN_BACK_MAX: usize = 8192;
/// Numbers of one chain that a device asks about at a time.
pub const ASKED_MAX: usize = 64;
/// One record's body, bytes.
pub const RECORD_BODY_BYTES_MAX: usize = 512 << 10;
/// A record's header, bytes.
pub const RECORD_HEADER_BYTES_MAX: usize = 1024;
/// One signed log entry, bytes (a greeting carries the house's Art. 13 notice).
pub const ENTRY_BYTES_MAX: usize = 32 << 10;
/// The sealed greeting inside an invite, bytes.
pub const GREETING_BYTES_MAX: usize = 24 << 10;
/// Entries in one frame.
pub const FRAME_ENTRIES_MAX: usize = 64;
/// Records in one frame.
pub const FRAME_RECORDS_MAX: usize = 256;
/// Wraps in one frame.
pub const FRAME_WRAPS_MAX: usize = 2048;
/// Cosignatures on one entry.
pub const COSIGNATURES_MAX: usize = 4;
/// One wrap's age file, bytes (suite 1 needs about 500; suite 2 about 2,200).
pub const WRAP_BYTES_MAX: usize = 4096;
/// Readers in one epoch's list.
pub const READERS_MAX: usize = 2048;
/// Key-circle epochs named by one epoch.
pub const EPOCH_KEYS_MAX: usize = 128;
/// Links in one epoch.
pub const EPOCH_LINKS_MAX: usize = 4;
/// How many epochs a link may lead back, where its maker cannot open those between.
pub const EPOCH_LINK_BACK_MAX: u32 = 4;
/// A complaint, bytes.
pub const COMPLAINT_BYTES_MAX: usize = 256;
/// Directors whose word on a copy a relay keeps.
pub const WORDS_MAX: usize = 32;
/// Complaints about one circle that a relay keeps.
pub const COMPLAINTS_MAX: usize = 64;
/// Devices of one person at a time.
pub const DEVICES_PER_PERSON_MAX: usize = 4;
/// First members that a `circle` entry names.
pub const CIRCLE_PERSONS_MAX: usize = 64;
/// Staff whom a `protect` entry names.
pub const PROTECT_NAMED_MAX: usize = 64;
/// Circles of one house.
pub const CIRCLES_MAX: usize = 8192;
/// Cursors in one message.
pub const CURSORS_MAX: usize = 8192;
/// Rows in one page of records, links or wraps.
pub const PAGE_ROWS_MAX: usize = 512;
/// Target size of one page, bytes; a page holds at least one row.
pub const PAGE_BYTES_TARGET: usize = 256 << 10;
/// Devices that a snapshot names.
pub const SNAPSHOT_DEVICES_MAX: usize = 512;
/// Snapshots that one message carries; their sizes bound it before that.
pub const SNAPSHOTS_MAX: usize = 64;
/// One part of a blob, bytes; the last may be shorter.
pub const BLOB_PART_BYTES: usize = 1 << 20;
/// Parts of one blob.
pub const BLOB_PARTS_MAX: usize = 32;
/// One blob, sealed, bytes.
pub const BLOB_BYTES_MAX: u64 = (BLOB_PARTS_MAX * BLOB_PART_BYTES) as u64;
/// A reservation, and the answer to it, bytes.
pub const BLOB_RESERVE_BYTES_MAX: usize = 4096;
/// Blobs that one hold or release names.
pub const HOLD_BLOBS_MAX: usize = 64;
/// Items that one erasure takes out of a document.
pub const ERASE_ITEMS_MAX: usize = 1024;
/// A ticket for blobs, bytes.
pub const TICKET_BYTES_MAX: usize = 512;
/// Origin of a relay in `restored`, bytes.
pub const ORIGIN_BYTES_MAX: usize = 256;
/// Longest life of an invite, days.
pub const INVITE_DAYS_MAX: u16 = 90;
/// What an outsider writes to an intake, sealed, bytes.
pub const INQUIRY_BYTES_MAX: usize = 12 << 10;
/// Epochs of an intake that a public link outlives.
pub const INTAKE_STEPS_MAX: usize = 256;
/// Zero bits that a relay may ask outsiders for: more than a phone does in a minute is refused.
pub const INTAKE_WORK_BITS_MAX: u8 = 24;
