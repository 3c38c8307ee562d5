//! How much work a change of somebody else may cause, found out before Automerge unpacks it.
//!
//! Automerge inflates compressed chunks and walks runs of repeated values without a bound: sixty bytes can claim thousands of
//! millions of operations, half a megabyte can unpack to half a gigabyte. So only uncompressed change chunks are taken, which is
//! what [`super::Document::put`] writes, and no column may speak of more than [`CHANGE_OPS_MAX`] operations.
//!
//! Layout: <https://automerge.org/automerge-binary-format-spec/> (chunk header, change chunk, column types).

/// Operations of one change. An item has at most 64 fields.
pub const CHANGE_OPS_MAX: u64 = 4_096;
/// Operations of one document, and its changes.
pub const DOCUMENT_OPS_MAX: u64 = 1 << 18;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHECKSUM_BYTES: u64 = 4;
const NUMBER_BYTES_MAX: u64 = 10;
const DOCUMENT_CHUNK: u8 = 0;
const CHANGE_CHUNK: u8 = 1;
const HASH_BYTES: u64 = 32;
/// Column specification: bits 0 to 2 are the type, bit 3 says that the column is compressed.
const TYPE_BITS: u64 = 0b0111;
const COMPRESSED_BIT: u64 = 0b1000;

/// Whether these bytes are one uncompressed change chunk of bounded work. Says nothing about whether it is a good one.
pub(super) fn is_bounded(chunk: &[u8]) -> bool {
    Reader(chunk).change().is_some()
}

/// Whether these bytes are one uncompressed document chunk of bounded work, and nothing else.
pub(super) fn is_bounded_document(chunk: &[u8]) -> bool {
    Reader(chunk).document().is_some()
}

/// What is left to read. Every method is `None` where it does not go on.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(count).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let mut value = 0_i64;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let is_negative = byte & 0x40 != 0;
                return Some(if is_negative { value - (1_i64 << (shift + 7)) } else { value });
            }
        }
        None
    }

    fn prefixed(&mut self) -> Option<()> {
        let length = self.unsigned()?;
        self.take(length).map(|_| ())
    }

    /// The head of the only chunk.
    fn chunk(&mut self, kind: u8) -> Option<()> {
        if self.take(4)? != MAGIC {
            return None;
        }
        self.take(CHECKSUM_BYTES)?;
        (self.byte()? == kind && self.unsigned()? == self.0.len() as u64).then_some(())
    }

    fn change(&mut self) -> Option<()> {
        self.chunk(CHANGE_CHUNK)?;
        let dependencies = self.unsigned()?;
        self.take(dependencies.checked_mul(HASH_BYTES)?)?;
        self.prefixed()?; // actor
        for _ in ["sequence", "first operation", "time"] {
            self.any_number()?;
        }
        self.prefixed()?; // message
        for _ in 0..self.unsigned()? {
            self.prefixed()?; // another actor
        }
        let columns = self.columns()?;
        self.data(columns, CHANGE_OPS_MAX)
    }

    fn document(&mut self) -> Option<()> {
        self.chunk(DOCUMENT_CHUNK)?;
        for _ in 0..self.unsigned()? {
            self.prefixed()?; // an actor
        }
        let heads = self.unsigned()?;
        self.take(heads.checked_mul(HASH_BYTES)?)?;
        let changes = self.columns()?;
        let operations = self.columns()?;
        self.data(changes, DOCUMENT_OPS_MAX)?;
        self.data(operations, DOCUMENT_OPS_MAX)?;
        // Where the heads stand: at most one number each.
        (self.0.len() as u64 <= heads.saturating_mul(NUMBER_BYTES_MAX)).then_some(())
    }

    /// Specification and length of each column.
    fn columns(&mut self) -> Option<Vec<(u64, u64)>> {
        let mut columns = Vec::new();
        for _ in 0..self.unsigned()? {
            columns.push((self.unsigned()?, self.unsigned()?));
        }
        Some(columns)
    }

    fn data(&mut self, columns: Vec<(u64, u64)>, operations_max: u64) -> Option<()> {
        for (specification, length) in columns {
            let data = Reader(self.take(length)?);
            let is_good = data.column(specification & TYPE_BITS, operations_max);
            if specification & COMPRESSED_BIT != 0 || !is_good {
                return None;
            }
        }
        Some(())
    }

    /// Numbers of ten bytes are possible, and of no interest.
    fn any_number(&mut self) -> Option<()> {
        for _ in 0..NUMBER_BYTES_MAX {
            if self.byte()? & 0x80 == 0 {
                return Some(());
            }
        }
        None
    }

    fn column(self, kind: u64, operations_max: u64) -> bool {
        let operations = match kind {
            4 => self.booleans(),
            5 => self.runs(Self::prefixed),
            7 => Some(0), // bytes of values, as many as are there
            _ => self.runs(Self::any_number),
        };
        operations.is_some_and(|operations| operations <= operations_max)
    }

    /// Lengths of runs, of false and true in turn.
    fn booleans(mut self) -> Option<u64> {
        let mut operations = 0_u64;
        while !self.0.is_empty() {
            operations = operations.saturating_add(self.unsigned()?);
        }
        Some(operations)
    }

    /// Runs of one value, runs of nothing, and stretches of single values, which are as long as they say.
    fn runs(mut self, value: fn(&mut Self) -> Option<()>) -> Option<u64> {
        let mut operations = 0_u64;
        while !self.0.is_empty() {
            let length = self.signed()?;
            let count = match length {
                0 => self.unsigned()?,
                1.. => {
                    value(&mut self)?;
                    length.unsigned_abs()
                }
                _ => {
                    for _ in 0..length.unsigned_abs() {
                        value(&mut self)?;
                    }
                    length.unsigned_abs()
                }
            };
            operations = operations.saturating_add(count);
        }
        Some(operations)
    }
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable as _;
    use automerge::{Automerge, Change, ROOT};

    use super::{CHANGE_OPS_MAX, DOCUMENT_OPS_MAX, MAGIC, is_bounded, is_bounded_document};

    fn change(fields: u64, value: &str) -> Change {
        let mut document = Automerge::new();
        let mut transaction = document.transaction();
        for field in 0..fields {
            transaction.put(ROOT, format!("field {field}"), value).unwrap();
        }
        transaction.commit();
        document.get_changes(&[]).into_iter().next().unwrap()
    }

    /// A change chunk with one column of this specification.
    fn chunk(specification: u8, column: &[u8]) -> Vec<u8> {
        let mut data = vec![0, 1, 7, 1, 1, 0, 0, 0, 1, specification, u8::try_from(column.len()).unwrap()];
        data.extend_from_slice(column);
        let mut chunk = MAGIC.to_vec();
        chunk.extend_from_slice(&[0; 4]);
        chunk.extend_from_slice(&[1, u8::try_from(data.len()).unwrap()]);
        chunk.extend_from_slice(&data);
        chunk
    }

    #[test]
    fn real_changes_up_to_the_limit_are_taken_and_no_further() {
        for fields in [1, 64, CHANGE_OPS_MAX] {
            assert!(is_bounded(change(fields, "Fieber").raw_bytes()), "{fields}");
        }
        assert!(!is_bounded(change(CHANGE_OPS_MAX + 1, "Fieber").raw_bytes()));
    }

    #[test]
    fn compressed_changes_are_not_unpacked() {
        let mut change = change(1, &"a".repeat(100_000));
        assert!(is_bounded(change.raw_bytes()));
        let compressed = change.bytes().into_owned();
        assert!(compressed.len() < 1_000 && Change::from_bytes(compressed.clone()).is_ok());
        assert!(!is_bounded(&compressed));
        // A column can be compressed by itself.
        assert!(is_bounded(&chunk(0x42, &[1, 1])));
        assert!(!is_bounded(&chunk(0x4a, &[1, 1])));
    }

    #[test]
    fn few_bytes_that_claim_many_operations_are_refused() {
        let many = [0xff, 0xff, 0xff, 0xff, 0x07];
        let of_one_value = [&many[..], &[1]].concat();
        let of_nothing = [&[0][..], &many].concat();
        for specification in [0x40, 0x41, 0x42, 0x43, 0x45, 0x46] {
            assert!(!is_bounded(&chunk(specification, &of_one_value)), "{specification:x}");
            assert!(!is_bounded(&chunk(specification, &of_nothing)), "{specification:x}");
        }
        assert!(!is_bounded(&chunk(0x44, &many)));
        assert!(is_bounded(&chunk(0x44, &[3, 2])));
    }

    #[test]
    fn cut_and_spoiled_chunks_end_quietly() {
        let good = change(3, "Fieber");
        let good = good.raw_bytes();
        for length in 0..good.len() {
            assert!(!is_bounded(&good[..length]), "{length}");
        }
        for position in 0..good.len() {
            let mut spoiled = good.to_vec();
            spoiled[position] ^= 0xff;
            let _ = is_bounded(&spoiled);
        }
    }

    fn document(items: u64) -> Automerge {
        let mut document = Automerge::new();
        for item in 0..items {
            let mut transaction = document.transaction();
            transaction.put(ROOT, format!("item {item}"), "Fieber ".repeat(20)).unwrap();
            transaction.commit();
        }
        document
    }

    #[test]
    fn whole_documents_are_taken_uncompressed_and_alone() {
        for items in [1, 3, 200] {
            let document = document(items);
            let bytes = document.save_nocompress();
            assert!(is_bounded_document(&bytes), "{items}");
            assert!(!is_bounded(&bytes));
            assert!(!is_bounded_document(&[bytes.as_slice(), &bytes].concat()));
            assert!(!is_bounded_document(document.get_changes(&[])[0].raw_bytes()));
        }
        let bytes = document(200).save();
        assert!(!is_bounded_document(&bytes), "compressed");
    }

    #[test]
    fn documents_that_claim_many_operations_are_refused() {
        let claims = |count: u64| {
            // No actors, no heads, no columns of changes, one of operations: a run of nothing.
            let mut column = vec![0];
            let mut left = count;
            while left > 0 {
                column.push(u8::try_from(left & 0x7f).unwrap() | if left > 0x7f { 0x80 } else { 0 });
                left >>= 7;
            }
            let mut data = vec![0, 0, 0, 1, 0x42, u8::try_from(column.len()).unwrap()];
            data.extend(column);
            [&MAGIC[..], &[0; 4], &[0, u8::try_from(data.len()).unwrap()], &data].concat()
        };
        assert!(is_bounded_document(&claims(DOCUMENT_OPS_MAX)));
        assert!(!is_bounded_document(&claims(DOCUMENT_OPS_MAX + 1)));
    }

    #[test]
    fn cut_and_spoiled_documents_end_quietly() {
        let good = document(5).save_nocompress();
        for length in 0..good.len() {
            assert!(!is_bounded_document(&good[..length]), "{length}");
        }
        for position in 0..good.len() {
            let mut spoiled = good.clone();
            spoiled[position] ^= 0xff;
            let _ = is_bounded_document(&spoiled);
        }
    }
}
