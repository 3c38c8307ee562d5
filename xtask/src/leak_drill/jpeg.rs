//! The parts a JPEG consists of (ITU-T T.81, annex B).

const START: [u8; 2] = [0xff, 0xd8];
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const QUANTISATION: u8 = 0xdb;
const JFIF: u8 = 0xe0;
/// Without a thumbnail.
const JFIF_BYTES: usize = 14;

/// A marker with what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment<'a> {
    marker: u8,
    content: &'a [u8],
}

/// All segments, and what follows the end; `None`: this is no JPEG, or one that was cut off.
fn segments(bytes: &[u8]) -> Option<(Vec<Segment<'_>>, &[u8])> {
    let mut segments = Vec::new();
    let mut rest = bytes.strip_prefix(&START)?;
    loop {
        let (&[0xff, marker], after) = rest.split_first_chunk()? else { return None };
        if marker == END {
            return Some((segments, after));
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
        let (content, after) = after.split_at_checked(length)?;
        segments.push(Segment { marker, content: content.get(2..)? });
        rest = if marker == SCAN { after.get(scan_bytes(after)?..)? } else { after };
    }
}

/// How far a scan goes: to the next marker that is none of its own.
fn scan_bytes(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(2)
        .position(|pair| matches!(pair, [0xff, marker] if !matches!(marker, 0 | 0xd0..=0xd7 | 0xff)))
}

/// What a JPEG has that it can be shown without, in words; nothing of a clean one.
pub(crate) fn spare(bytes: &[u8]) -> Vec<String> {
    let Some((segments, after)) = segments(bytes) else { return vec!["no whole JPEG".to_owned()] };
    let mut spare: Vec<String> = segments
        .iter()
        .filter(|segment| !is_needed(segment))
        .map(|segment| format!("a segment {:02x}", segment.marker))
        .collect();
    if !after.is_empty() {
        spare.push("bytes behind the picture".to_owned());
    }
    spare
}

/// Tables, frame, scan, and the head that every decoder expects.
fn is_needed(segment: &Segment<'_>) -> bool {
    match segment.marker {
        0xc0..=0xc2 | 0xc4 | 0xdd | SCAN | QUANTISATION => true,
        JFIF => segment.content.len() == JFIF_BYTES && segment.content.starts_with(b"JFIF\0"),
        _ => false,
    }
}

/// Quantisation tables, without their heads: they tell one encoder and setting from others.
pub(crate) fn quantisation(bytes: &[u8]) -> Vec<&[u8]> {
    let (segments, _) = segments(bytes).unwrap_or_default();
    let tables = segments.iter().filter(|segment| segment.marker == QUANTISATION);
    tables.flat_map(|segment| tables_of(segment.content)).collect()
}

fn tables_of(mut content: &[u8]) -> Vec<&[u8]> {
    let mut tables = Vec::new();
    while let Some((&head, rest)) = content.split_first() {
        let length = if head >> 4 == 0 { 64 } else { 128 };
        let Some((table, rest)) = rest.split_at_checked(length) else { break };
        tables.push(table);
        content = rest;
    }
    tables
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{quantisation, spare};

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap();
        [&[0xff, marker], &length.to_be_bytes()[..], content].concat()
    }

    /// As much of a JPEG as is looked at, with `more` before its scan.
    pub(crate) fn jpeg(more: &[u8]) -> Vec<u8> {
        let table: Vec<u8> = (0..65).map(|at| at * 3).collect();
        [
            &[0xff, 0xd8][..],
            &segment(0xe0, b"JFIF\0\x01\x02\0\0\x48\0\x48\0\0"),
            &segment(0xdb, &[table.clone(), table].concat()),
            more,
            &segment(0xda, &[1, 2, 3]),
            &[0x12, 0xff, 0x00, 0x34, 0xff, 0xd3, 0x56, 0xff, 0xd9],
        ]
        .concat()
    }

    #[test]
    fn clean_picture_has_nothing_to_spare() {
        assert!(spare(&jpeg(b"")).is_empty());
        assert_eq!(quantisation(&jpeg(b"")).len(), 2);
    }

    #[test]
    fn whatever_is_said_beside_the_picture_is_named() {
        assert_eq!(spare(&jpeg(&segment(0xe1, b"Exif\0\0"))), ["a segment e1"]);
        assert_eq!(spare(&jpeg(&segment(0xfe, b"taken by"))), ["a segment fe"]);
        let with_thumbnail = [&b"JFIF\0\x01\x02\0\0\x48\0\x48\x01\x01"[..], &[1, 2, 3]].concat();
        assert_eq!(spare(&jpeg(&segment(0xe0, &with_thumbnail))), ["a segment e0"]);
        assert_eq!(spare(&[jpeg(b""), jpeg(b"")].concat()), ["bytes behind the picture"]);
    }

    #[test]
    fn anything_else_is_no_whole_picture() {
        let whole = jpeg(b"");
        for cut in [0, 1, 3, 10, 30, whole.len() - 1] {
            assert_eq!(spare(&whole[..cut]), ["no whole JPEG"], "{cut}");
        }
        assert_eq!(spare(b"<svg>"), ["no whole JPEG"]);
    }
}
