//! What a file is, by its first bytes. Its name and the type that a browser derives from it say nothing.

/// What matters here of all the things that a file can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF; of a moving one, the first picture.
    Gif,
    /// AV1 picture.
    Avif,
    /// HEIC and other pictures in its container.
    Heic,
    /// TIFF; so are many cameras' raw formats.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// A picture that browsers do not decode: JPEG XL, JPEG 2000, JPEG XR, Photoshop, Canon's raw format.
    OtherPicture,
    /// PDF.
    Pdf,
    /// SVG: a picture, and a program.
    Svg,
    /// HTML, or other text that a browser would take for it.
    Html,
    /// Anything else.
    Other,
}

/// Brands of the HEIF container (ISO 23008-12, annex B) that are no AVIF. `infer` knows two of them.
const HEIC_BRANDS: [&[u8; 4]; 11] =
    [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"];

/// How far into a text its first `<svg` may stand: behind an XML declaration, a document type and a comment.
const SVG_HEAD_BYTES: usize = 1024;

impl Format {
    /// The name at the edge.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Avif => "avif",
            Self::Heic => "heic",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
            Self::OtherPicture => "other_picture",
            Self::Pdf => "pdf",
            Self::Svg => "svg",
            Self::Html => "html",
            Self::Other => "other",
        }
    }
}

/// The format of a file that begins like this.
#[must_use]
pub fn sniff(head: &[u8]) -> Format {
    use infer::{archive, image};

    let formats: [(infer::Matcher, Format); 16] = [
        (image::is_jpeg, Format::Jpeg),
        (image::is_png, Format::Png),
        (is_webp, Format::Webp),
        (is_gif, Format::Gif),
        (image::is_avif, Format::Avif),
        (is_heic, Format::Heic),
        (image::is_cr2, Format::OtherPicture),
        (image::is_tiff, Format::Tiff),
        (is_bmp, Format::Bmp),
        (image::is_jxl, Format::OtherPicture),
        (image::is_jpeg2000, Format::OtherPicture),
        (image::is_jxr, Format::OtherPicture),
        (image::is_psd, Format::OtherPicture),
        (is_svg, Format::Svg),
        (is_html, Format::Html),
        (archive::is_pdf, Format::Pdf),
    ];
    formats.into_iter().find(|(is, _)| is(head)).map_or(Format::Other, |(_, format)| format)
}

/// `infer` looks for `WEBP` alone, which any text may have there.
fn is_webp(head: &[u8]) -> bool {
    head.starts_with(b"RIFF") && infer::image::is_webp(head)
}

/// `infer` looks for three letters; there are two versions.
fn is_gif(head: &[u8]) -> bool {
    head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a")
}

/// `infer` looks for `BM` alone. The two reserved fields behind the length are zero.
fn is_bmp(head: &[u8]) -> bool {
    infer::image::is_bmp(head) && head.get(6..10) == Some(&[0; 4])
}

fn is_heic(head: &[u8]) -> bool {
    let brand = head.get(8..12);
    head.get(4..8) == Some(b"ftyp") && HEIC_BRANDS.iter().any(|known| brand == Some(&known[..]))
}

/// Text that begins with a tag and has `<svg` near its beginning. No parser: whatever else it may be, it is no photo.
fn is_svg(head: &[u8]) -> bool {
    let text = without_lead(head);
    let near = text.get(..SVG_HEAD_BYTES).unwrap_or(text);
    text.first() == Some(&b'<') && near.windows(4).any(|tag| tag.eq_ignore_ascii_case(b"<svg"))
}

/// As browsers tell it (WHATWG MIME Sniffing, 7.1), also behind a byte order mark.
fn is_html(head: &[u8]) -> bool {
    infer::text::is_html(without_lead(head))
}

/// Without byte order mark and white space.
fn without_lead(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::media::sample;
    use crate::testing::cases;

    #[test]
    fn files_are_what_their_first_bytes_say() {
        let (png, webp, gif, bmp) = (
            sample::encoded(8, 8, image::ImageFormat::Png),
            sample::webp(8, 8),
            sample::gif(8, 8),
            sample::encoded(8, 8, image::ImageFormat::Bmp),
        );
        let jpeg = sample::jpeg(8, 8);
        let (heic, avif) = (sample::heif(b"heic", 8, 8), sample::heif(b"avif", 8, 8));
        let (mif, movie) = (sample::heif(b"mif1", 8, 8), sample::heif(b"qt  ", 8, 8));
        let files: [(&[u8], Format); 34] = [
            (&jpeg, Format::Jpeg),
            (&png, Format::Png),
            (&webp, Format::Webp),
            (&gif, Format::Gif),
            (&bmp, Format::Bmp),
            (b"MM\0*\0\0\0\x08\0\x01\0\0", Format::Tiff),
            (&heic, Format::Heic),
            (&mif, Format::Heic),
            (&avif, Format::Avif),
            (&movie, Format::Other),
            (b"II*\0\x08\0\0\0\x01\0\0", Format::Tiff),
            (b"II*\0\x10\0\0\0CR\x02\0", Format::OtherPicture),
            (b"\xff\x0a\0\0", Format::OtherPicture),
            (b"8BPS\0\x01", Format::OtherPicture),
            (b"\0\0\0\x0cjP  \x0d\x0a\x87\x0a\0\0", Format::OtherPicture),
            (b"%PDF-1.7\n", Format::Pdf),
            (b"\nfrom the scanner\n%PDF-1.4\n", Format::Pdf),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", Format::Svg),
            (b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- c --><SVG>", Format::Svg),
            (b"<!DOCTYPE html><html>", Format::Html),
            (b"\xef\xbb\xbf<html ><svg>", Format::Svg),
            (b"  <HTML>%PDF-1.7", Format::Html),
            (b"<script >%PDF-1.7", Format::Html),
            (b"\xef\xbb\xbf<!-- -->", Format::Html),
            (b"<?xml version='1.0'?><kml>", Format::Other),
            (b"BMW fahren", Format::Other),
            (b"GIFs for mum", Format::Other),
            (b"the 1st WEBP of mine", Format::Other),
            (b"12345678WEBP", Format::Other),
            (b"\x7fELF", Format::Other),
            (b"MZ\x90\0", Format::Other),
            (b"PK\x03\x04", Format::Other),
            (b"a text", Format::Other),
            (b"", Format::Other),
        ];
        for (bytes, format) in files {
            assert_eq!(sniff(bytes), format, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(40)]));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]

        #[test]
        fn arbitrary_bytes_are_something(
            begin in prop::sample::select(vec![
                &b""[..], b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x20ftyp", b"II*\0", b"<", b"<svg", b"%PDF-1.", b"BM", b"GIF89a",
            ]),
            rest in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let bytes = [begin, &rest].concat();
            for end in 0..bytes.len() {
                let _ = sniff(&bytes[..end]).name();
            }
        }
    }
}
