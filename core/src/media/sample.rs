//! Pictures for tests.

use std::io::Cursor;

use base16ct::lower as hex;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbImage};

/// 24 × 16 pixels in ten scans, from libjpeg.
const PROGRESSIVE: [&str; 12] = [
    "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d30",
    "42605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffdb0043011c1e1e282328",
    "4e2b2b4ea46e5d6ea4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4",
    "a4a4a4a4a4a4a4a4ffc20011080010001803012200021101031101ffc4001600010101000000000000000000000000000304",
    "00ffc400160101010100000000000000000000000000020004ffda000c03010002100310000001891d419f59ad3fffc40018",
    "10010003010000000000000000000000000001021211ffda0008010100010502cb2ca2a8ab8fffc400171100030100000000",
    "00000000000000000000010302ffda0008010301013f01cd0543ffc400181100020300000000000000000000000000000102",
    "1121ffda0008010201013f015a5c4fffc40014100100000000000000000000000000000020ffda0008010100063f025fffc4",
    "00161001010100000000000000000000000000010010ffda0008010100013f21210d817fffda000c03010002000300000010",
    "f3efffc400161101010100000000000000000000000000000111ffda0008010301013f1056c7ffc400161101010100000000",
    "000000000000000000010011ffda0008010201013f10711716ffc40018100101010101000000000000000000000000610111",
    "41ffda0008010100013f109269208b1cf3baffd9",
];

/// 32 × 8 grey pixels with a restart after every eight, from libjpeg.
const RESTARTS: [&str; 4] = [
    "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d30",
    "42605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffc0000b08000800200101",
    "1100ffc4001500010100000000000000000000000000000504ffc4001c100002020203000000000000000000000000020461",
    "03212451b1ffdd00040001ffda0008010100003f001923d1ffd0392351ffd19922d1ffd2373c4e436baf0fffd9",
];

pub(super) fn progressive() -> Vec<u8> {
    hex::decode_vec(PROGRESSIVE.concat().as_bytes()).unwrap()
}

pub(super) fn with_restarts() -> Vec<u8> {
    hex::decode_vec(RESTARTS.concat().as_bytes()).unwrap()
}

fn picture(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| image::Rgb([x * 7, y * 5, x * y].map(|value| value.to_le_bytes()[0]));
    RgbImage::from_fn(width, height, pixel).into()
}

/// A baseline JPEG in colour.
pub(super) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture(width, height).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 80)).unwrap();
    bytes
}

pub(super) fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture(width, height).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A small JPEG whose frame says another size.
pub(super) fn resized_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(8, 8);
    let frame = bytes.windows(4).position(|window| window == [0xff, 0xc0, 0, 17]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A small PNG whose header says another size.
pub(super) fn resized_png(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = encoded(8, 8, ImageFormat::Png);
    bytes[16..20].copy_from_slice(&u32::from(width).to_be_bytes());
    bytes[20..24].copy_from_slice(&u32::from(height).to_be_bytes());
    bytes
}

/// What a GIF and a WebP say of themselves, and no picture behind it.
pub(super) fn gif(width: u16, height: u16) -> Vec<u8> {
    [&b"GIF89a"[..], &width.to_le_bytes(), &height.to_le_bytes(), &[0; 3]].concat()
}

pub(super) fn webp(width: u32, height: u32) -> Vec<u8> {
    let [width, height] = [width, height].map(|side| (side - 1).to_le_bytes());
    [&b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0"[..], &width[..3], &height[..3]].concat()
}

/// The boxes of a HEIF file that say its brand and size, and nothing behind them.
pub(super) fn heif(brand: &[u8; 4], width: u32, height: u32) -> Vec<u8> {
    let boxed = |name: &[u8; 4], body: &[u8]| {
        [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), &name[..], body].concat()
    };
    let size = boxed(b"ispe", &[&[0; 4][..], &width.to_be_bytes(), &height.to_be_bytes()].concat());
    let properties = boxed(b"iprp", &boxed(b"ipco", &size));
    let kind = boxed(b"ftyp", &[&brand[..], &[0; 4], &brand[..]].concat());
    [kind, boxed(b"meta", &[&[0; 4], &properties[..]].concat()), boxed(b"mdat", &[0; 16])].concat()
}

/// A segment as it stands in a JPEG.
pub(super) fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    [&[0xff, marker], &u16::try_from(body.len() + 2).unwrap().to_be_bytes()[..], body].concat()
}

/// A JPEG with more segments behind its start.
pub(super) fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let more: Vec<u8> = segments.iter().flat_map(|(marker, body)| segment(*marker, body)).collect();
    [&jpeg[..2], &more, &jpeg[2..]].concat()
}
