//! Reads rows out of a SQLite database file as it lies on the disk (<https://www.sqlite.org/fileformat2.html>).
//!
//! A value longer than a page is spread over pages of its own: whoever searches the bare file misses what lies across their
//! borders. This puts rows together again; pages that make no sense are passed over, the bare file is searched besides.

use std::collections::BTreeMap;

/// No row of the relay is longer.
const ROW_BYTES_MAX: usize = 64 << 20;
const WAL_HEAD_BYTES: usize = 32;
const FRAME_HEAD_BYTES: usize = 24;

/// A row as stored, its columns one after another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) bytes: Vec<u8>,
    /// Where columns begin, ascending.
    pub(crate) starts: Vec<usize>,
}

/// Every row of every table and index, of deleted versions too as far as the log still has them.
///
/// `None`: this is no database.
pub(crate) fn rows(database: &[u8], wal: &[u8]) -> Option<Vec<Row>> {
    let file = File::open(database, wal)?;
    let mut rows = Vec::new();
    for (number, page) in file.versions() {
        file.rows_of(number, page, &mut rows);
    }
    Some(rows)
}

struct File<'a> {
    page_size: usize,
    /// Without what is reserved at the end of each page.
    usable: usize,
    base: &'a [u8],
    /// Frames of the log in their order.
    frames: Vec<(usize, &'a [u8])>,
    /// The frame that counts, by page.
    latest: BTreeMap<usize, &'a [u8]>,
}

impl<'a> File<'a> {
    fn open(database: &'a [u8], wal: &'a [u8]) -> Option<Self> {
        // A young database may stand in its log alone.
        let head = if database.is_empty() { wal.get(WAL_HEAD_BYTES + FRAME_HEAD_BYTES..)? } else { database };
        if !head.starts_with(b"SQLite format 3\0") {
            return None;
        }
        let page_size = match u16::from_be_bytes(*head.get(16..)?.first_chunk()?) {
            1 => 1 << 16,
            size => usize::from(size),
        };
        if page_size < 512 {
            return None;
        }
        let usable = page_size.checked_sub(usize::from(*head.get(20)?))?;
        let mut file =
            Self { page_size, usable, base: database, frames: Vec::new(), latest: BTreeMap::new() };
        file.read_wal(wal);
        Some(file)
    }

    fn read_wal(&mut self, wal: &'a [u8]) {
        let Some((head, frames)) = wal.split_at_checked(WAL_HEAD_BYTES) else { return };
        let salts = head.get(16..24);
        for frame in frames.chunks_exact(FRAME_HEAD_BYTES + self.page_size) {
            let Some((head, page)) = frame.split_at_checked(FRAME_HEAD_BYTES) else { continue };
            let Some(number) = be32(head, 0) else { continue };
            self.frames.push((number, page));
            // Frames of an earlier round stand behind the current ones, with other salts.
            if head.get(8..16) == salts {
                self.latest.insert(number, page);
            }
        }
    }

    fn versions(&self) -> impl Iterator<Item = (usize, &'a [u8])> {
        let base = self.base.chunks_exact(self.page_size).enumerate().map(|(index, page)| (index + 1, page));
        base.chain(self.frames.iter().copied())
    }

    fn page(&self, number: usize) -> Option<&'a [u8]> {
        if let Some(page) = self.latest.get(&number) {
            return Some(page);
        }
        let start = number.checked_sub(1)?.checked_mul(self.page_size)?;
        self.base.get(start..start.checked_add(self.page_size)?)
    }

    fn rows_of(&self, number: usize, page: &[u8], rows: &mut Vec<Row>) {
        // The first page begins with the file's own head.
        let head = if number == 1 { 100 } else { 0 };
        let (cells_at, before_payload) = match page.get(head) {
            Some(0x0d) => (head + 8, Before::LengthAndRowId),
            Some(0x0a) => (head + 8, Before::Length),
            Some(0x02) => (head + 12, Before::ChildAndLength),
            _ => return,
        };
        let Some(count) = be16(page, head + 3) else { return };
        for index in 0..count {
            let Some(cell) = be16(page, cells_at + 2 * index) else { return };
            if let Some(row) = self.row(page, cell, before_payload) {
                rows.push(row);
            }
        }
    }

    fn row(&self, page: &[u8], cell: usize, before: Before) -> Option<Row> {
        let mut at = cell;
        if before == Before::ChildAndLength {
            at += 4;
        }
        let length =
            usize::try_from(varint(page, &mut at)?).ok().filter(|length| *length <= ROW_BYTES_MAX)?;
        if before == Before::LengthAndRowId {
            varint(page, &mut at)?;
        }
        let local = self.local_bytes(length, before == Before::LengthAndRowId);
        let mut bytes = page.get(at..at + local)?.to_vec();
        if local < length {
            let mut next = be32(page, at + local)?;
            while bytes.len() < length && next != 0 {
                let overflow = self.page(next)?;
                let take = (length - bytes.len()).min(self.usable - 4);
                bytes.extend_from_slice(overflow.get(4..4 + take)?);
                next = be32(overflow, 0)?;
            }
        }
        let starts = columns(&bytes);
        Some(Row { bytes, starts })
    }

    /// How much of a row stays on its page.
    fn local_bytes(&self, length: usize, is_table: bool) -> usize {
        let usable = self.usable;
        let max = if is_table { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
        if length <= max {
            return length;
        }
        let min = (usable - 12) * 32 / 255 - 23;
        let wanted = min + (length - min) % (usable - 4);
        if wanted <= max { wanted } else { min }
    }
}

/// What stands before the payload of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    LengthAndRowId,
    Length,
    ChildAndLength,
}

/// Where the columns of a row begin.
fn columns(row: &[u8]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = 0;
    let Some(head) = varint(row, &mut at).and_then(|head| usize::try_from(head).ok()) else { return starts };
    let mut column = head;
    while at < head && column < row.len() {
        let Some(sort) = varint(row, &mut at).and_then(|sort| usize::try_from(sort).ok()) else { break };
        starts.push(column);
        column = column.saturating_add(match sort {
            0 | 8 | 9 | 10 | 11 => 0,
            1..=4 => sort,
            5 => 6,
            6 | 7 => 8,
            _ => (sort - 12) / 2,
        });
    }
    starts.dedup();
    starts
}

fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?)))
}

fn be32(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok()
}

/// Seven bits per byte, the most significant first; a ninth byte counts whole.
fn varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for index in 0..9 {
        let byte = u64::from(*bytes.get(*at)?);
        *at += 1;
        if index == 8 {
            return Some(value << 8 | byte);
        }
        value = value << 7 | (byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::{columns, rows, varint};

    /// A database of one table leaf whose only row is one blob of `length` bytes, spread as SQLite does, written by hand.
    fn database(blob: &[u8]) -> Vec<u8> {
        const SIZE: usize = 512;
        let sort = u64::try_from(blob.len() * 2 + 12).unwrap();
        let mut row = vec![3, u8::try_from(sort >> 7 | 0x80).unwrap(), u8::try_from(sort & 0x7f).unwrap()];
        row.extend_from_slice(blob);
        let length = u64::try_from(row.len()).unwrap();
        let max = SIZE - 35;
        let min = (SIZE - 12) * 32 / 255 - 23;
        let wanted = min + (row.len() - min) % (SIZE - 4);
        let local = if row.len() <= max {
            row.len()
        } else if wanted <= max {
            wanted
        } else {
            min
        };

        let mut first = vec![0; SIZE];
        first[..16].copy_from_slice(b"SQLite format 3\0");
        first[16..18].copy_from_slice(&512_u16.to_be_bytes());
        let cell = 112;
        first[100] = 0x0d;
        first[103..105].copy_from_slice(&1_u16.to_be_bytes());
        first[108..110].copy_from_slice(&(cell as u16).to_be_bytes());
        first[cell] = u8::try_from(length >> 7 | 0x80).unwrap();
        first[cell + 1] = u8::try_from(length & 0x7f).unwrap();
        first[cell + 2] = 1;
        first[cell + 3..cell + 3 + local].copy_from_slice(&row[..local]);
        let mut file = first;
        if local < row.len() {
            file[cell + 3 + local..cell + 7 + local].copy_from_slice(&2_u32.to_be_bytes());
            let chunks: Vec<&[u8]> = row[local..].chunks(SIZE - 4).collect();
            for (index, chunk) in chunks.iter().enumerate() {
                let next = if index + 1 < chunks.len() { u32::try_from(index + 3).unwrap() } else { 0 };
                let mut page = next.to_be_bytes().to_vec();
                page.extend_from_slice(chunk);
                page.resize(SIZE, 0);
                file.extend_from_slice(&page);
            }
        }
        file
    }

    fn blob(length: usize) -> Vec<u8> {
        (0..length).map(|index| u8::try_from(index % 251).unwrap()).collect()
    }

    #[test]
    fn long_value_is_put_together_across_pages() {
        for length in [250, 700, 1800, 5200] {
            let blob = blob(length);
            let file = database(&blob);
            let found = rows(&file, &[]).unwrap();
            assert_eq!(found.len(), 1, "{length}");
            assert_eq!(found[0].starts, [3]);
            assert_eq!(found[0].bytes[3..], blob, "{length}");
        }
        let file = database(&blob(1800));
        assert!(!file.windows(1800).any(|window| window == blob(1800)), "the bare file has it in pieces");
    }

    #[test]
    fn young_database_is_read_from_its_log() {
        let file = database(&blob(1800));
        let salts = *b"salt1234";
        let mut wal = vec![0; 32];
        wal[16..24].copy_from_slice(&salts);
        for (index, page) in file.chunks(512).enumerate() {
            let mut head = vec![0; 24];
            head[..4].copy_from_slice(&u32::try_from(index + 1).unwrap().to_be_bytes());
            head[8..16].copy_from_slice(&salts);
            wal.extend_from_slice(&head);
            wal.extend_from_slice(page);
        }
        assert_eq!(rows(&[], &wal).unwrap()[0].bytes[3..], blob(1800));
    }

    #[test]
    fn damaged_file_yields_less_and_never_an_error() {
        assert_eq!(rows(b"something else", &[]), None);
        let file = database(&blob(1800));
        for cut in [20, 105, 512, 700] {
            let _ = rows(&file[..cut], &[]);
        }
        let mut circle = file.clone();
        circle[512..516].copy_from_slice(&2_u32.to_be_bytes());
        let _ = rows(&circle, &[]);
    }

    #[test]
    fn columns_begin_where_the_row_says() {
        // Head of 4 bytes; an integer of 1 byte, a blob of 2, a text of 1.
        assert_eq!(columns(&[4, 1, 16, 15, 7, 8, 8, 9]), [4, 5, 7]);
        let mut at = 0;
        assert_eq!(varint(&[0xff; 9], &mut at), Some(u64::MAX));
    }
}
