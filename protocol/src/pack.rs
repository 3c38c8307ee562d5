//! A frame as it is sent: an epoch's wraps stand with its reader list, and what the record or the form of an age file says
//! already is not said again. A house with many families makes many wraps at once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use minicbor::{Decode, Encode};

use crate::codec::{self, Bytes, DecodeError, sha256};
use crate::epoch::{Addressee, EpochBody, KeyEpoch, Reader, ReaderList, Wrap, WrapHead};
use crate::id::{Hash, Salt, Signature};
use crate::limit;
use crate::message::{EpochReaders, Frame};
use crate::record::{Header, Record};
use crate::sorted::SortedMap;

/// Reader list and wraps of an epoch, all by the author of its record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pack {
    /// Place of the epoch record among the frame's records.
    #[n(0)]
    pub record: u64,
    /// The list's salt.
    #[n(1)]
    pub salt: Salt,
    /// The list's rows, each with its wrap.
    #[n(2)]
    pub rows: Vec<PackedWrap>,
    /// The list's staff digest.
    #[n(3)]
    pub staff: Option<Hash>,
}

/// A row of a reader list and its wrap.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PackedWrap {
    /// Who. Absent: the next of the key circles that the epoch names.
    #[n(0)]
    pub addressee: Option<Addressee>,
    /// Under the wrap's head.
    #[n(1)]
    pub signature: Signature,
    /// Of an X25519 file: the share, the sealed file key and the header's MAC, 32 bytes each, and what follows the header.
    /// Of any other, the file.
    #[n(2)]
    pub sealed: Bytes,
    /// Of an X25519 file, its other stanzas. Absent: it is another file.
    #[n(3)]
    pub others: Option<Vec<Stanza>>,
}

/// A stanza of an age header.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Stanza {
    /// Type and arguments, with single blanks between them.
    #[n(0)]
    pub line: String,
    /// Its body.
    #[n(1)]
    pub body: Bytes,
}

impl Frame {
    /// The same frame, shorter. What cannot be said shorter stays as it is.
    #[must_use]
    pub fn packed(mut self) -> Self {
        let mut packs = Vec::new();
        let mut left: SortedMap<Vec<u8>, Wrap> =
            self.wraps.drain(..).map(|wrap| (wrap.head.to_vec(), wrap)).collect();
        self.readers.retain(|readers| match pack(&self.records, readers, &mut left) {
            Some(pack) => {
                packs.push(pack);
                false
            }
            None => true,
        });
        self.wraps = left.into_values().collect();
        self.packs = (!packs.is_empty()).then_some(packs);
        self
    }

    /// The frame that a packed one stands for.
    ///
    /// # Errors
    /// [`DecodeError`] where a pack is of no epoch, says what cannot be, or there are too many wraps.
    pub fn unpacked(mut self) -> Result<Self, DecodeError> {
        for pack in self.packs.take().unwrap_or_default() {
            let place = usize::try_from(pack.record).map_err(|_| DecodeError::OutOfRange)?;
            let record = self.records.get(place).ok_or(DecodeError::OutOfRange)?;
            let (header, keys) = epoch(record)?;
            if self.wraps.len().saturating_add(pack.rows.len()) > limit::FRAME_WRAPS_MAX {
                return Err(DecodeError::OutOfRange);
            }
            let mut keys = keys.into_iter();
            let mut rows = Vec::with_capacity(pack.rows.len());
            for PackedWrap { addressee, signature, sealed, others } in pack.rows {
                let next = || keys.next().map(Addressee::Epoch);
                let addressee = addressee.or_else(next).ok_or(DecodeError::OutOfRange)?;
                let file = match others {
                    None => sealed,
                    Some(others) => age_file(&sealed, &others).ok_or(DecodeError::OutOfRange)?.into(),
                };
                let wrap = Hash::new(sha256(&[&file]));
                rows.push(Reader { addressee, wrap });
                self.wraps.push(Wrap { head: head(&header, addressee, wrap).into(), signature, file });
            }
            let list = ReaderList { salt: pack.salt, rows, staff: pack.staff };
            self.readers.push(EpochReaders { record: record.id(), list });
        }
        Ok(self)
    }
}

fn pack(records: &[Record], readers: &EpochReaders, left: &mut SortedMap<Vec<u8>, Wrap>) -> Option<Pack> {
    let place = records.iter().position(|record| record.id() == readers.record)?;
    let (header, keys) = epoch(records.get(place)?).ok()?;
    let list = &readers.list;
    let heads: Vec<Vec<u8>> = list.rows.iter().map(|row| head(&header, row.addressee, row.wrap)).collect();
    if !heads.iter().all(|head| left.contains_key(head)) {
        return None;
    }
    let mut keys = keys.into_iter().peekable();
    let rows = list.rows.iter().zip(&heads).filter_map(|(row, head)| {
        let Wrap { signature, file, .. } = left.remove(head)?;
        let follows = keys.next_if(|key| row.addressee == Addressee::Epoch(*key)).is_some();
        let addressee = (!follows).then_some(row.addressee);
        let (sealed, others) = match parts(&file) {
            Some((sealed, others)) => (sealed.into(), Some(others)),
            None => (file, None),
        };
        Some(PackedWrap { addressee, signature, sealed, others })
    });
    let rows = rows.collect();
    Some(Pack { record: place as u64, salt: list.salt, rows, staff: list.staff })
}

fn epoch(record: &Record) -> Result<(Header, Vec<KeyEpoch>), DecodeError> {
    let header = codec::decode(&record.header, limit::RECORD_HEADER_BYTES_MAX)?;
    Ok((header, EpochBody::decode(&record.body)?.keys))
}

fn head(epoch: &Header, addressee: Addressee, file_hash: Hash) -> Vec<u8> {
    codec::encode(&WrapHead {
        house: epoch.house,
        circle: epoch.circle,
        epoch: epoch.epoch,
        suite: epoch.suite,
        addressee,
        maker: epoch.author,
        file_hash,
    })
}

const BEGIN: &str = "age-encryption.org/v1\n-> X25519 ";
const MAC: &str = "--- ";
const STANZA: &str = "-> ";
/// Share, sealed file key, MAC.
const KEYS_BYTES: usize = 96;
/// Characters of a full line of a body.
const LINE: usize = 64;

/// An X25519 file without what is the same in all of them. None: it is none, or not in its one form.
fn parts(file: &[u8]) -> Option<(Vec<u8>, Vec<Stanza>)> {
    let mut rest = file.strip_prefix(BEGIN.as_bytes())?;
    let mut sealed = STANDARD_NO_PAD.decode(line(&mut rest)?).ok()?;
    sealed.extend(STANDARD_NO_PAD.decode(line(&mut rest)?).ok()?);
    let mut others = Vec::new();
    loop {
        let first = line(&mut rest)?;
        if let Some(mac) = first.strip_prefix(MAC.as_bytes()) {
            sealed.extend(STANDARD_NO_PAD.decode(mac).ok()?);
            break;
        }
        let said = String::from_utf8(first.strip_prefix(STANZA.as_bytes())?.to_vec()).ok()?;
        let mut body = Vec::new();
        loop {
            let text = line(&mut rest)?;
            body.extend(STANDARD_NO_PAD.decode(text).ok()?);
            if text.len() < LINE {
                break;
            }
        }
        others.push(Stanza { line: said, body: body.into() });
    }
    if sealed.len() != KEYS_BYTES {
        return None;
    }
    sealed.extend_from_slice(rest);
    // Only what comes back the same.
    (age_file(&sealed, &others)? == file).then_some((sealed, others))
}

fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let (line, after) = rest.split_at_checked(end)?;
    *rest = after.get(1..)?;
    Some(line)
}

fn age_file(sealed: &[u8], others: &[Stanza]) -> Option<Vec<u8>> {
    let (keys, payload) = sealed.split_at_checked(KEYS_BYTES)?;
    let mut keys = keys.chunks(32).map(|key| STANDARD_NO_PAD.encode(key));
    let (share, key, mac) = (keys.next()?, keys.next()?, keys.next()?);
    let mut header = [BEGIN, &share, "\n", &key, "\n"].concat();
    for Stanza { line, body } in others {
        let body = STANDARD_NO_PAD.encode(&body[..]);
        header.extend([STANZA, line, "\n"]);
        let mut rest = body.as_str();
        while let Some((full, after)) = rest.split_at_checked(LINE) {
            header.extend([full, "\n"]);
            rest = after;
        }
        header.extend([rest, "\n"]);
    }
    header.extend([MAC, &mac, "\n"]);
    Some([header.as_bytes(), payload].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(others: &str) -> Vec<u8> {
        let [share, key, mac] = [1, 2, 3].map(|byte| STANDARD_NO_PAD.encode([byte; 32]));
        let header = format!("{BEGIN}{share}\n{key}\n{others}{MAC}{mac}\n");
        [header.as_bytes(), &[0, 10, 255]].concat()
    }

    #[test]
    fn an_age_file_comes_back_byte_for_byte() {
        for bytes in [0, 1, 47, 48, 49, 96, 100] {
            let body = STANDARD_NO_PAD.encode(vec![7; bytes]);
            let lines: Vec<&str> =
                body.as_bytes().chunks(64).map(|l| std::str::from_utf8(l).unwrap()).collect();
            let mut text = lines.join("\n");
            if bytes % 48 == 0 && bytes > 0 {
                text.push('\n');
            }
            let whole = file(&format!("-> x-grease a b\n{text}\n"));
            let (sealed, others) = parts(&whole).unwrap_or_else(|| panic!("{bytes} bytes"));
            assert_eq!((others.len(), sealed.len()), (1, 99));
            assert_eq!(age_file(&sealed, &others), Some(whole));
        }
        assert_eq!(parts(&file("")).map(|(sealed, others)| (sealed.len(), others.len())), Some((99, 0)));
    }

    #[test]
    fn what_is_no_such_file_is_sent_as_it_is() {
        let plain = file("");
        let no_end = plain.iter().copied().filter(|byte| *byte != b'\n').collect();
        let padded = String::from_utf8_lossy(&plain).replace("AQE\n", "AQF\n").into_bytes();
        for other in [b"none".to_vec(), Vec::new(), no_end, padded, file("-> x\n====\n")] {
            assert_eq!(parts(&other), None);
        }
    }
}
