//! From what somebody chose to what may leave the device: a picture is decoded, turned upright and encoded anew in two sizes, so
//! that nothing of the original file remains, then stripped and checked by the core; an attachment is checked.
//!
//! JPEG and PNG only: a native device has no browser that decodes the others. A colour profile is not applied.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use nestpost_core::media::limit::{
    PDF_HEAD_BYTES, PDF_TAIL_BYTES, PICTURE_BYTES_MAX, PICTURE_SIDE_MAX, PIXELS_MAX, THUMB_BYTES_MAX,
    THUMB_SIDE_MAX,
};
use nestpost_core::media::{
    CleanJpeg, Format, MediaFault, PictureInfo, check_pdf, check_picture, clean_jpeg,
};
use nestpost_core::transfers::MediaKind;

/// What a master is to come to; what does not get there at the lowest quality may be longer, up to the limit.
const PICTURE_BYTES_AIM: usize = 350_000;
const PICTURE_QUALITIES: [u8; 5] = [82, 76, 70, 65, 60];
const THUMB_QUALITIES: [u8; 4] = [75, 65, 55, 45];
/// ThumbHash takes no more.
const HASH_SIDE_MAX: u32 = 100;

/// A picture in two sizes, ready to be sealed.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) full: CleanJpeg,
    pub(crate) thumb: CleanJpeg,
    /// ThumbHash.
    pub(crate) hash: Vec<u8>,
}

/// Whether a file may be taken in.
pub(crate) fn check(kind: MediaKind, bytes: &[u8]) -> Result<(), MediaFault> {
    match kind {
        MediaKind::Picture => picture_info(bytes).map(|_| ()),
        MediaKind::File => {
            let head = bytes.get(..PDF_HEAD_BYTES).unwrap_or(bytes);
            let tail = bytes.get(bytes.len().saturating_sub(PDF_TAIL_BYTES)..).unwrap_or(bytes);
            check_pdf(head, tail, bytes.len() as u64)
        }
    }
}

/// Both sizes of a picture, and what shows until they are there.
pub(crate) fn picture(bytes: &[u8]) -> Result<Picture, MediaFault> {
    let image = decode(bytes)?;
    let aim = PICTURE_BYTES_AIM;
    let (full, master) = fit(&image, PICTURE_SIDE_MAX, aim, PICTURE_BYTES_MAX, &PICTURE_QUALITIES)?;
    let (thumb, small) = fit(&full, THUMB_SIDE_MAX, THUMB_BYTES_MAX, THUMB_BYTES_MAX, &THUMB_QUALITIES)?;
    let tiny = DynamicImage::from(scaled(&thumb, HASH_SIDE_MAX)).into_rgba8();
    let hash = thumbhash::rgba_to_thumb_hash(tiny.width() as usize, tiny.height() as usize, &tiny);
    Ok(Picture { full: master, thumb: small, hash })
}

fn picture_info(bytes: &[u8]) -> Result<(PictureInfo, ImageFormat), MediaFault> {
    let info = check_picture(bytes, bytes.len() as u64)?.ok_or(MediaFault::Undecodable)?;
    match info.format {
        Format::Jpeg => Ok((info, ImageFormat::Jpeg)),
        Format::Png => Ok((info, ImageFormat::Png)),
        _ => Err(MediaFault::FormatUnsupported),
    }
}

/// Upright, on white where it is transparent.
fn decode(bytes: &[u8]) -> Result<RgbImage, MediaFault> {
    let (info, format) = picture_info(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    // What the header says was checked; the decoder must not be told anything else by the rest.
    (limits.max_image_width, limits.max_image_height) = (Some(info.width), Some(info.height));
    limits.max_alloc = Some(8 * PIXELS_MAX);
    reader.limits(limits);
    let undecodable = |_| MediaFault::Undecodable;
    let mut decoder = reader.into_decoder().map_err(undecodable)?;
    let orientation = decoder.orientation().map_err(undecodable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(undecodable)?;
    image.apply_orientation(orientation);
    if !image.color().has_alpha() {
        return Ok(image.into_rgb8());
    }
    let image = image.into_rgba8();
    Ok(RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        Rgb([red, green, blue].map(|colour| over_white(colour, alpha)))
    }))
}

fn over_white(colour: u8, alpha: u8) -> u8 {
    let mixed = u32::from(colour) * u32::from(alpha) + 255 * u32::from(255 - alpha);
    u8::try_from((mixed + 127) / 255).unwrap_or(u8::MAX)
}

/// A copy whose longest side is at most this; never larger than the original.
fn scaled(image: &RgbImage, side_max: u32) -> RgbImage {
    let (width, height) = image.dimensions();
    let longest = width.max(height).max(1);
    if longest <= side_max {
        return image.clone();
    }
    let side = |side: u32| {
        let scaled = (u64::from(side) * u64::from(side_max) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(side_max).max(1)
    };
    image::imageops::resize(image, side(width), side(height), FilterType::CatmullRom)
}

/// The largest and finest JPEG within the limits, without anything but the picture.
fn fit(
    from: &RgbImage,
    side_max: u32,
    bytes_aim: usize,
    bytes_max: usize,
    qualities: &[u8],
) -> Result<(RgbImage, CleanJpeg), MediaFault> {
    let mut side = side_max;
    loop {
        let image = scaled(from, side);
        let mut jpeg = Vec::new();
        for quality in qualities {
            jpeg.clear();
            image
                .write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, *quality))
                .map_err(|_| MediaFault::Undecodable)?;
            if jpeg.len() <= bytes_aim {
                break;
            }
        }
        if jpeg.len() <= bytes_max || side == 1 {
            return clean_jpeg(&jpeg, side_max, bytes_max).map(|clean| (image, clean));
        }
        side = (side * 4 / 5).max(1);
    }
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView as _, Rgba, RgbaImage};

    use super::*;

    const RED: [u8; 3] = [220, 30, 30];
    const BLUE: [u8; 3] = [30, 30, 220];

    /// Red on the left, blue on the right.
    fn two_coloured(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| Rgb(if x < width / 2 { RED } else { BLUE }))
    }

    fn jpeg(image: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 95)).unwrap();
        bytes
    }

    /// With what a camera says: this orientation, and a place.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"GPS 51.0504 N 13.7373 E");
        let len = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &len, &exif, &jpeg[2..]].concat()
    }

    fn is_near(pixel: [u8; 4], colour: [u8; 3]) -> bool {
        pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 30)
    }

    #[test]
    fn a_picture_is_turned_upright_and_nothing_else_is_left_of_it() {
        // 6: the top of the scene is on the right side of what is stored.
        let stored = with_exif(&jpeg(&two_coloured(400, 300)), 6);
        let made = picture(&stored).unwrap();
        for (clean, size) in [(&made.full, (300, 400)), (&made.thumb, (300, 400))] {
            assert_eq!((clean.width, clean.height), size);
            let image = image::load_from_memory(&clean.bytes).unwrap();
            assert_eq!(image.dimensions(), size);
            assert!(is_near(image.get_pixel(150, 20).0, RED) && is_near(image.get_pixel(150, 380).0, BLUE));
            assert!(!clean.bytes.windows(4).any(|window| window == b"Exif" || window == b"GPS "));
        }
        assert!((5..=25).contains(&made.hash.len()), "{} bytes", made.hash.len());
    }

    #[test]
    fn a_large_picture_becomes_two_within_the_limits() {
        let mut state = 7u32;
        let noise = RgbImage::from_fn(1700, 1300, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgb([state >> 24, state >> 16 & 255, state >> 8 & 255].map(|value| u8::try_from(value).unwrap()))
        });
        let made = picture(&jpeg(&noise)).unwrap();
        assert!(made.full.width.max(made.full.height) <= PICTURE_SIDE_MAX);
        assert!(made.full.bytes.len() <= PICTURE_BYTES_MAX);
        assert!(made.thumb.bytes.len() <= THUMB_BYTES_MAX);
        let calm = picture(&jpeg(&two_coloured(2600, 2000))).unwrap();
        assert_eq!((calm.full.width, calm.full.height), (1600, 1231));
        assert_eq!((calm.thumb.width, calm.thumb.height), (720, 554));
        assert!(calm.full.bytes.len() <= PICTURE_BYTES_AIM);
    }

    #[test]
    fn what_is_transparent_lies_on_white() {
        let clear = RgbaImage::from_fn(40, 40, |x, _| Rgba([0, 0, 0, if x < 20 { 0 } else { 255 }]));
        let mut png = Cursor::new(Vec::new());
        clear.write_to(&mut png, ImageFormat::Png).unwrap();
        let image = image::load_from_memory(&picture(png.get_ref()).unwrap().full.bytes).unwrap();
        assert!(is_near(image.get_pixel(5, 20).0, [255; 3]) && is_near(image.get_pixel(35, 20).0, [0; 3]));
    }

    #[test]
    fn a_picture_is_not_made_larger_and_may_be_one_pixel() {
        for (width, height) in [(1, 1), (3, 700), (1600, 2)] {
            let made = picture(&jpeg(&two_coloured(width, height))).unwrap();
            assert_eq!((made.full.width, made.full.height), (width, height));
        }
    }

    #[test]
    fn what_is_damaged_is_set_aside() {
        let whole = jpeg(&two_coloured(200, 200));
        assert_eq!(picture(&whole[..300]).unwrap_err(), MediaFault::Undecodable);
        assert_eq!(picture(b"").unwrap_err(), MediaFault::Empty);
        assert_eq!(picture(b"<svg>").unwrap_err(), MediaFault::NotAPicture);
        assert_eq!(check(MediaKind::File, b"%PDF-1.7 %%EOF"), Ok(()));
        assert_eq!(check(MediaKind::File, &whole), Err(MediaFault::NotAPdf));
    }
}
