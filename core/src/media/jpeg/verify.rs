//! The second look at a cleaned JPEG, by a walk of its own that knows nothing of how it was cleaned (ITU-T T.81, annex B).

use super::START;

/// Width and height of a JPEG that has the one JFIF header, then only well-formed tables, one frame and its scans, and ends
/// with its last byte. `None` for every other.
pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(START)?;
    let mut frame = None;
    let mut scans = 0;
    loop {
        let (&[0xff, marker], after) = rest.split_first_chunk()? else { return None };
        if marker == 0xd9 {
            return frame
                .filter(|_| scans > 0 && after.is_empty())
                .map(|frame: Frame| (frame.width, frame.height));
        }
        let (&length, after) = after.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(length)).checked_sub(2)?;
        let (body, after) = after.split_at_checked(length)?;
        rest = after;
        match (marker, &frame) {
            (0xdb, _) => all(body, quantisation_table)?,
            (0xc4, _) => all(body, huffman_table)?,
            (0xdd, _) if body.len() == 2 => {}
            (0xc0..=0xc2, None) => frame = Some(Frame::read(body)?),
            (0xda, Some(frame)) => {
                check_scan(body, frame)?;
                let data = entropy_bytes(rest);
                rest = rest.get(data..).filter(|_| data > 0)?;
                scans += 1;
            }
            _ => return None,
        }
    }
}

struct Frame {
    width: u32,
    height: u32,
    components: u8,
}

impl Frame {
    /// Eight bits a sample, some lines and columns, one component (grey) or three (colour), three bytes for each.
    fn read(body: &[u8]) -> Option<Self> {
        let (&[8, h1, h0, w1, w0, components], rest) = body.split_first_chunk()? else { return None };
        let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
        let sound = matches!(components, 1 | 3) && rest.len() == 3 * usize::from(components);
        (sound && width > 0 && height > 0).then(|| Self {
            width: width.into(),
            height: height.into(),
            components,
        })
    }
}

/// Not more components than the frame has, two bytes for each, and three that say which coefficients it brings.
fn check_scan(body: &[u8], frame: &Frame) -> Option<()> {
    let (&components, rest) = body.split_first()?;
    let sound = (1..=frame.components).contains(&components) && rest.len() == 2 * usize::from(components) + 3;
    sound.then_some(())
}

/// Tables one after the other, to the last byte.
fn all(mut body: &[u8], table: fn(&[u8]) -> Option<usize>) -> Option<()> {
    while !body.is_empty() {
        body = body.get(table(body)?..)?;
    }
    Some(())
}

/// 64 numbers of one or two bytes.
fn quantisation_table(body: &[u8]) -> Option<usize> {
    match *body.first()? {
        0x00..=0x03 => Some(1 + 64),
        0x10..=0x13 => Some(1 + 128),
        _ => None,
    }
}

/// How many codes of each of 16 lengths there are, and a symbol for each.
fn huffman_table(body: &[u8]) -> Option<usize> {
    let (&[class, ref counts @ ..], _) = body.split_first_chunk::<17>()?;
    let symbols: usize = counts.iter().copied().map(usize::from).sum();
    (matches!(class, 0x00..=0x03 | 0x10..=0x13) && symbols <= 256).then_some(17 + symbols)
}

/// Bytes up to a marker that is neither a stuffed 0xff nor a restart.
fn entropy_bytes(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (0xff, Some(0x00 | 0xd0..=0xd7)) => at += 2,
            (0xff, _) => break,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::{clean_jpeg, tests::places};
    use super::*;
    use crate::media::sample;

    fn cleaned() -> [Vec<u8>; 3] {
        let pictures = [sample::jpeg(40, 30), sample::progressive(), sample::with_restarts()];
        pictures.map(|picture| clean_jpeg(&picture, 100, usize::MAX).unwrap().bytes)
    }

    #[test]
    fn the_size_is_the_frames() {
        assert_eq!(cleaned().map(|bytes| dimensions(&bytes)), [(40, 30), (24, 16), (32, 8)].map(Some));
    }

    #[test]
    fn no_other_segment_stands_anywhere() {
        for bytes in cleaned() {
            for (at, _) in places(&bytes) {
                let with = |more: &[u8]| dimensions(&[&bytes[..at], more, &bytes[at..]].concat());
                for marker in
                    (0xc0..=0xfe).filter(|marker| !matches!(marker, 0xc0..=0xc2 | 0xc4 | 0xd0..=0xdd))
                {
                    assert_eq!(with(&sample::segment(marker, &[0; 14])), None, "{marker:x} at {at}");
                }
                for lone in [0xd8, 0xd9, 0xff, 0x01] {
                    assert_eq!(with(&[0xff, lone]), None, "{lone:x} at {at}");
                }
            }
        }
    }

    /// One table, one frame, one scan.
    fn made(table: &[u8], frame: &[u8], scan: &[u8], data: &[u8]) -> Vec<u8> {
        let segments = [(0xc4, table), (0xc0, frame), (0xda, scan)];
        let segments: Vec<u8> =
            segments.into_iter().flat_map(|(marker, body)| sample::segment(marker, body)).collect();
        [&START[..], &segments, data, b"\xff\xd9"].concat()
    }

    #[test]
    fn tables_frames_and_scans_have_their_forms_and_no_other() {
        let table = |class: u8, counts: &[u8], symbols: usize| {
            let mut body = vec![class];
            body.extend(counts);
            body.resize(17 + symbols, 0);
            body
        };
        let (codes, grey, scan, data) =
            (table(0, &[1; 16], 16), [8, 0, 9, 0, 7, 1, 1, 0x11, 0], [1, 1, 0, 0, 63, 0], [0x55]);
        let with_table = |table: &[u8]| dimensions(&made(table, &grey, &scan, &data));
        let mut most = [0; 16];
        (most[0], most[1]) = (255, 1);
        assert_eq!(with_table(&codes), Some((7, 9)));
        assert_eq!(with_table(&table(0x13, &most, 256)), Some((7, 9)));
        most[1] = 2;
        assert_eq!(with_table(&table(0, &most, 257)), None, "more symbols than there are");
        for class in [0x04, 0x14, 0x20, 0xff] {
            assert_eq!(with_table(&table(class, &[1; 16], 16)), None, "{class:x}");
        }
        let with_frame = |frame: &[u8]| dimensions(&made(&codes, frame, &scan, &data));
        for components in [0, 2, 4] {
            let frame = [&[8, 0, 9, 0, 7, components][..], &vec![1; 3 * usize::from(components)]].concat();
            assert_eq!(with_frame(&frame), None, "{components} components");
        }
        let with_scan = |scan: &[u8], data: &[u8]| dimensions(&made(&codes, &grey, scan, data));
        assert_eq!(with_scan(&[0, 0, 63, 0], &data), None, "of nothing");
        assert_eq!(with_scan(&[2, 1, 0, 1, 0, 0, 63, 0], &data), None, "of more than there is");
        assert_eq!(with_scan(&scan, &[]), None, "with nothing in it");
    }

    #[test]
    fn nothing_is_missing_and_nothing_follows() {
        for bytes in cleaned() {
            assert_eq!(dimensions(&[&bytes[..], &[0]].concat()), None);
            for len in 0..bytes.len() {
                assert_eq!(dimensions(&bytes[..len]), None, "cut to {len}");
            }
            let scan = places(&bytes).into_iter().find(|(_, marker)| *marker == 0xda).unwrap().0;
            assert_eq!(dimensions(&[&bytes[..scan], b"\xff\xd9"].concat()), None, "no scan");
            let mut dense = bytes.clone();
            dense[15] = 72;
            assert_eq!(dimensions(&dense), None, "another JFIF header");
        }
    }
}
