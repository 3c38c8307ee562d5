//! Whether a chosen picture may be handed to the browser's decoder.

use img_parts::Bytes;
use img_parts::jpeg::Jpeg;

use super::limit::{ORIGINAL_BYTES_MAX, PIXELS_MAX};
use super::{Format, MediaFault, sniff};

/// A picture that may be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureInfo {
    /// What it is.
    pub format: Format,
    /// Pixels, as stored, before it is turned upright.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Why it is set aside if the browser does not decode it.
    pub fault: MediaFault,
}

/// Looks at a file of `bytes` that begins with `head`. `None`: this much does not say how large the picture is; ask again with more.
/// What does not say it with all its bytes is not handed to a decoder.
///
/// # Errors
/// [`MediaFault`].
pub fn check_picture(head: &[u8], bytes: u64) -> Result<Option<PictureInfo>, MediaFault> {
    if bytes == 0 {
        return Err(MediaFault::Empty);
    }
    if bytes > ORIGINAL_BYTES_MAX {
        return Err(MediaFault::TooLarge);
    }
    let format = sniff(head);
    let fault = undecodable(format);
    if fault == MediaFault::NotAPicture || matches!(format, Format::Tiff | Format::OtherPicture) {
        return Err(fault);
    }
    match dimensions(format, head) {
        Some((width, height)) if width == 0 || height == 0 => Err(fault),
        Some((width, height)) if u64::from(width) * u64::from(height) > PIXELS_MAX => {
            Err(MediaFault::TooManyPixels)
        }
        Some((width, height)) => Ok(Some(PictureInfo { format, width, height, fault })),
        None if head.len() as u64 >= bytes => Err(fault),
        None => Ok(None),
    }
}

/// What it means when a browser does not decode a format: that it does not know it, or that the file is damaged. TIFF, which
/// one family of browsers knows, is not tried.
fn undecodable(format: Format) -> MediaFault {
    match format {
        Format::Jpeg | Format::Png | Format::Webp | Format::Gif | Format::Bmp => MediaFault::Undecodable,
        Format::Avif | Format::Heic | Format::Tiff | Format::OtherPicture => MediaFault::FormatUnsupported,
        Format::Pdf | Format::Svg | Format::Html | Format::Other => MediaFault::NotAPicture,
    }
}

fn dimensions(format: Format, head: &[u8]) -> Option<(u32, u32)> {
    if format == Format::Jpeg {
        // As it is read when it is cleaned: `imagesize` gives up where bytes fill the room between segments. A frame without a
        // height that can be read is no frame.
        let jpeg = Jpeg::from_bytes(Bytes::copy_from_slice(head)).ok()?;
        let (width, height) = jpeg.dimensions().unwrap_or_default();
        return Some((width.into(), height.into()));
    }
    let size = imagesize::blob_size(head).ok()?;
    let [width, height] = [size.width, size.height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    // A bitmap that is stored from the top down says so by a negative height.
    let height = if format == Format::Bmp { height.cast_signed().unsigned_abs() } else { height };
    Some((width, height))
}

#[cfg(test)]
mod tests {
    use image::ImageFormat;
    use proptest::prelude::*;

    use super::*;
    use crate::media::sample;
    use crate::testing::cases;

    fn whole(bytes: &[u8]) -> Result<Option<(Format, u32, u32)>, MediaFault> {
        let info = check_picture(bytes, bytes.len() as u64)?;
        Ok(info.map(|info| (info.format, info.width, info.height)))
    }

    #[test]
    fn every_format_says_how_large_it_is() {
        let formats = [
            (sample::jpeg(37, 21), Format::Jpeg),
            (sample::encoded(37, 21, ImageFormat::Png), Format::Png),
            (sample::encoded(37, 21, ImageFormat::Bmp), Format::Bmp),
            (sample::webp(37, 21), Format::Webp),
            (sample::gif(37, 21), Format::Gif),
            (sample::heif(b"heic", 37, 21), Format::Heic),
            (sample::heif(b"avif", 37, 21), Format::Avif),
        ];
        for (bytes, format) in formats {
            assert_eq!(whole(&bytes), Ok(Some((format, 37, 21))));
        }
        let mut upside_down = sample::encoded(37, 21, ImageFormat::Bmp);
        upside_down[22..26].copy_from_slice(&(-21i32).to_le_bytes());
        assert_eq!(whole(&upside_down), Ok(Some((Format::Bmp, 37, 21))));
    }

    #[test]
    fn a_picture_of_too_many_pixels_is_refused_by_its_first_bytes() {
        let largest = [(12_000, 5_592), (8_192, 8_192), (9_248, 6_936)];
        let too_large = [(12_000, 9_000), (8_192, 8_193), (65_535, 65_535)];
        let headers: [fn(u16, u16) -> Vec<u8>; 4] = [
            |w, h| sample::resized_jpeg(w, h),
            |w, h| sample::resized_png(w, h),
            |w, h| sample::heif(b"heic", w.into(), h.into()),
            |w, h| sample::heif(b"avif", w.into(), h.into()),
        ];
        for header in headers {
            for (width, height) in largest {
                assert!(whole(&header(width, height)).unwrap().is_some(), "{width} × {height}");
            }
            for (width, height) in too_large {
                assert_eq!(
                    whole(&header(width, height)),
                    Err(MediaFault::TooManyPixels),
                    "{width} × {height}"
                );
            }
        }
    }

    #[test]
    fn more_is_asked_for_while_there_is_more() {
        let bytes = sample::with_segments(&sample::jpeg(40, 30), &[(0xe1, vec![7; 60_000])]);
        let len = bytes.len() as u64;
        assert_eq!(check_picture(&bytes[..50_000], len), Ok(None));
        assert_eq!(check_picture(&bytes[..50_000], 50_000), Err(MediaFault::Undecodable));
        let info = check_picture(&bytes, len).unwrap().unwrap();
        assert_eq!((info.width, info.height, info.fault), (40, 30, MediaFault::Undecodable));
        let heic = sample::heif(b"heic", 40, 30);
        assert_eq!(check_picture(&heic[..40], heic.len() as u64), Ok(None));
        assert_eq!(check_picture(&heic[..40], 40), Err(MediaFault::FormatUnsupported));
    }

    #[test]
    fn what_is_no_picture_is_refused_at_once() {
        for text in [&b"a text"[..], b"<svg >", b"<html >", b"%PDF-1.7", b"MZ"] {
            assert_eq!(check_picture(text, 1_000_000), Err(MediaFault::NotAPicture));
        }
        for other in [&b"8BPS\0\x01"[..], b"II*\0\x08\0\0\0\x01\0\0"] {
            assert_eq!(check_picture(other, 1_000_000), Err(MediaFault::FormatUnsupported));
        }
        assert_eq!(check_picture(b"", 0), Err(MediaFault::Empty));
        let jpeg = sample::jpeg(8, 8);
        assert!(check_picture(&jpeg, ORIGINAL_BYTES_MAX).is_ok());
        assert_eq!(check_picture(&jpeg, ORIGINAL_BYTES_MAX + 1), Err(MediaFault::TooLarge));
        assert_eq!(whole(&sample::resized_jpeg(0, 8)), Err(MediaFault::Undecodable));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]

        #[test]
        fn arbitrary_bytes_never_panic(
            begin in prop::sample::select(vec![
                sample::jpeg(8, 8),
                sample::encoded(8, 8, ImageFormat::Png),
                sample::encoded(8, 8, ImageFormat::Bmp),
                sample::webp(8, 8),
                sample::gif(8, 8),
                sample::heif(b"heic", 8, 8),
                Vec::new(),
            ]),
            cut: prop::sample::Index,
            rest in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let cut = if begin.is_empty() { 0 } else { cut.index(begin.len()) };
            let bytes = [&begin[..cut], &rest].concat();
            let _ = whole(&bytes);
            let _ = check_picture(&bytes, 1_000_000);
        }
    }
}
