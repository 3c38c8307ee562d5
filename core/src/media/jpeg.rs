//! A JPEG of which nothing but the picture is left.
//!
//! For what a browser's canvas wrote, as the last look before it is sealed: browsers differ in what they write beside the
//! picture, and one could begin to write where it was taken. What stays is a list, not what goes: start, one JFIF header
//! that says nothing, quantisation tables, frame, Huffman tables, restart interval, scans, end. [`verify`] then walks over the
//! result with code of its own.
//!
//! Not guaranteed: that it decodes. A colour profile and the orientation go too (a canvas has applied both); CMYK and what
//! no browser writes is refused.

mod verify;

use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};

use super::MediaFault;

/// Start of image and a JFIF header (version 1.01, square pixels, no thumbnail) that is the same in every picture.
const START: &[u8; 20] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00";
/// Start of image, alone.
const SOI: &[u8] = b"\xff\xd8";
/// End of image.
const END: &[u8; 2] = b"\xff\xd9";
/// Scans of a progressive picture; encoders write about ten. Each costs one pass over what follows.
const SCANS_MAX: usize = 64;

/// A JPEG without anything but the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanJpeg {
    /// The file.
    pub bytes: Vec<u8>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Takes everything out of a JPEG that is not the picture.
///
/// # Errors
/// [`MediaFault::Empty`]; [`MediaFault::Undecodable`] for what is no sound JPEG; [`MediaFault::TooManyPixels`] when a side is longer
/// than `side_max`, [`MediaFault::TooLarge`] when what is left is longer than `bytes_max`.
pub fn clean_jpeg(bytes: &[u8], side_max: u32, bytes_max: usize) -> Result<CleanJpeg, MediaFault> {
    if bytes.is_empty() {
        return Err(MediaFault::Empty);
    }
    let bytes = keep_picture(bytes).ok_or(MediaFault::Undecodable)?;
    let (width, height) = verify::dimensions(&bytes).ok_or(MediaFault::Undecodable)?;
    if width.max(height) > side_max {
        return Err(MediaFault::TooManyPixels);
    }
    if bytes.len() > bytes_max {
        return Err(MediaFault::TooLarge);
    }
    Ok(CleanJpeg { bytes, width, height })
}

/// Copies what makes the picture, up to the end of the first one: what follows is a second picture, a film, or worse.
fn keep_picture(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = START.to_vec();
    let mut rest = Bytes::copy_from_slice(bytes);
    for _ in 0..=SCANS_MAX {
        // Reads up to the end of the image, or to a scan: what follows the scan's header is that segment's, unread.
        let jpeg = Jpeg::from_bytes(rest.clone()).ok()?;
        let mut at = SOI.len();
        for segment in jpeg.segments() {
            let begin = marker_at(&rest, at, segment.marker())?;
            at = begin + segment.len();
            if is_picture(segment.marker()) {
                kept.extend_from_slice(rest.get(begin..at)?);
            }
        }
        if !jpeg.segments().last().is_some_and(JpegSegment::has_entropy) {
            marker_at(&rest, at, markers::EOI)?;
            kept.extend_from_slice(END);
            return Some(kept);
        }
        let later = keep_scan(rest.get(at..)?, &mut kept)?;
        rest = Bytes::from([SOI, later].concat());
    }
    None
}

/// Where a marker stands that is the next thing in a file: `Jpeg` passes over whatever is between segments, but in a sound
/// file that is bytes 0xff alone.
fn marker_at(bytes: &[u8], at: usize, marker: u8) -> Option<usize> {
    let lead = bytes.get(at..)?.iter().take_while(|byte| **byte == markers::P).count();
    let found = at + lead;
    (lead > 0 && bytes.get(found) == Some(&marker)).then_some(found - 1)
}

fn is_picture(marker: u8) -> bool {
    use markers::{DHT, DQT, DRI, SOF0, SOF1, SOF2, SOS};
    matches!(marker, DQT | SOF0 | SOF1 | SOF2 | DHT | DRI | SOS)
}

/// Copies a scan's data, up to the first marker that is no restart, and returns what follows. A byte 0xff of the data is
/// followed by a zero; of several before a marker or a zero, all but the last only fill the room.
fn keep_scan<'a>(mut bytes: &'a [u8], kept: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        match *bytes {
            [markers::P, markers::P, ..] => {}
            [markers::P, second @ (markers::Z | markers::RST0..=markers::RST7), ..] => {
                kept.extend_from_slice(&[markers::P, second]);
                bytes = bytes.get(1..)?;
            }
            [markers::P, ..] => return Some(bytes),
            [byte, ..] => kept.push(byte),
            [] => return None,
        }
        bytes = bytes.get(1..)?;
    }
}

#[cfg(test)]
mod tests;
