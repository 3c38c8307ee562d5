//! Every signature context and hash label of the wire format, in one place.
//!
//! A signature covers `context ‖ 0x00 ‖ message`; no context is a prefix of another. Labels of key derivation stand
//! in `core/src/crypto/label.rs`.

/// Author of a log entry.
pub const ENTRY: &[u8] = b"nestpost/1 entry";
/// Cosignature of a log entry.
pub const COSIGN: &[u8] = b"nestpost/1 cosign";
/// What somebody orders for a later day.
pub const ORDER: &[u8] = b"nestpost/1 order";
/// Possession of an invite's secret, over a device that joins.
pub const JOIN: &[u8] = b"nestpost/1 join";
/// A new device accepts to belong to a person.
pub const DEVICE_ADD: &[u8] = b"nestpost/1 device-add";
/// Author of a record.
pub const RECORD: &[u8] = b"nestpost/1 record";
/// Somebody else of the staff agrees that an item is erased.
pub const ERASE: &[u8] = b"nestpost/1 erase";
/// Author of the changes of a batch: of the last one, and with it of all that it builds upon.
pub const TIP: &[u8] = b"nestpost/1 tip";
/// Maker of a wrap.
pub const WRAP: &[u8] = b"nestpost/1 wrap";
/// A device that cannot open an epoch.
pub const COMPLAINT: &[u8] = b"nestpost/1 complaint";
/// Login.
pub const HELLO: &[u8] = b"nestpost/1 hello";
/// Possession of an invite's secret, at the relay's door.
pub const INVITE_HELLO: &[u8] = b"nestpost/1 invite-hello";
/// The relay's signature over a position.
pub const POSITION: &[u8] = b"nestpost/1 position";
/// The relay's signature over a ticket for blobs.
pub const TICKET: &[u8] = b"nestpost/1 ticket";

/// An epoch of an intake, under a key of the one before.
pub const INTAKE_STEP: &[u8] = b"nestpost/1 intake-step";

/// Hash of a link; link 0's is the house id.
pub const LINK_HASH: &[u8] = b"nestpost/1 link";
/// Commitment of a link to its signed entry.
pub const COMMITMENT: &[u8] = b"nestpost/1 commitment";
/// Id of a record.
pub const RECORD_ID: &[u8] = b"nestpost/1 record-id";
/// Id of a blob.
pub const BLOB_ID: &[u8] = b"nestpost/1 blob-id";
/// Id of a wrap.
pub const WRAP_ID: &[u8] = b"nestpost/1 wrap-id";
/// Accumulator of a circle.
pub const ACCUMULATOR: &[u8] = b"nestpost/1 accumulator";
/// Root of an epoch's reader list.
pub const READER_ROOT: &[u8] = b"nestpost/1 reader-root";
/// Digest over the entries of the log that all staff see.
pub const STAFF_LOG: &[u8] = b"nestpost/1 staff-log";
/// Positions that stand in `restored`.
pub const RESTORED: &[u8] = b"nestpost/1 restored";
/// Summary of everything a device holds, in `hello`.
pub const STATE: &[u8] = b"nestpost/1 state";
/// What a public link carries of an intake's keys.
pub const INTAKE_MARK: &[u8] = b"nestpost/1 intake-mark";
/// Work that a relay asks of outsiders.
pub const INTAKE_WORK: &[u8] = b"nestpost/1 intake-work";
/// Digits compared at the door.
pub const JOIN_DIGITS: &[u8] = b"nestpost/1 join-digits";
/// Fingerprint of a house on paper.
pub const FINGERPRINT: &[u8] = b"nestpost/1 fingerprint";
/// Checksum of a typed code.
pub const CODE_CHECK: &[u8] = b"nestpost/1 code-check";

/// Every context and label, for the test that none is a prefix of another.
pub const ALL: &[&[u8]] = &[
    ENTRY,
    COSIGN,
    ORDER,
    JOIN,
    DEVICE_ADD,
    RECORD,
    ERASE,
    TIP,
    WRAP,
    COMPLAINT,
    HELLO,
    INVITE_HELLO,
    POSITION,
    TICKET,
    INTAKE_STEP,
    LINK_HASH,
    COMMITMENT,
    RECORD_ID,
    BLOB_ID,
    WRAP_ID,
    ACCUMULATOR,
    READER_ROOT,
    STAFF_LOG,
    RESTORED,
    STATE,
    INTAKE_MARK,
    INTAKE_WORK,
    JOIN_DIGITS,
    FINGERPRINT,
    CODE_CHECK,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_begins_another() {
        // The separator byte follows each context, so equality up to it is what must not happen.
        for (i, a) in ALL.iter().enumerate() {
            for (j, b) in ALL.iter().enumerate() {
                let with_separator = [a, &[0][..]].concat();
                assert!(i == j || !b.starts_with(&with_separator), "{a:?} begins {b:?}");
                assert!(i == j || a != b, "twice: {a:?}");
            }
        }
    }
}
