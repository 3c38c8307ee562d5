//! Pictures as they were chosen, and what of them must be readable nowhere: what they say about place, camera and owner, and every
//! stretch of their bytes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use exif::{Exif, Field, In, Rational, Tag, Value};
use serde::Deserialize;

use crate::verdict::WrongUse;

use super::jpeg;
use super::search::Needle;

/// What a phone calls a picture.
const EXTENSIONS: [&str; 10] = ["jpg", "jpeg", "png", "webp", "gif", "avif", "heic", "heif", "tif", "tiff"];
/// More would take hours.
const PHOTOS_MAX: usize = 500;
/// A stretch of bytes that is searched for.
const SLICE_BYTES: usize = 16;
/// How far apart they lie at least, and how many there are at most: more would take too much memory.
const SLICE_EVERY_BYTES: usize = 2048;
const SLICES_MAX: usize = 40_000;
/// A stretch of fewer different bytes is filling, not a picture.
const TELLING_BYTES_MIN: usize = 8;
/// Shorter texts turn up by chance.
const TEXT_BYTES_MIN: usize = 6;

/// What no sealed byte looks like: beginnings of pictures and of what is written into them.
const MARKS: [(&str, &[u8]); 8] = [
    ("the mark of EXIF", b"Exif\0\0"),
    ("the mark of XMP", b"http://ns.adobe.com/xap"),
    ("the mark of IPTC", b"Photoshop 3.0"),
    ("the mark of a colour profile", b"ICC_PROFILE"),
    ("the mark of a second picture", b"MPF\0MM\0*"),
    ("the mark of a second picture", b"MPF\0II*\0"),
    ("the beginning of a JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ("the beginning of a PDF", b"%PDF-1."),
];

/// The pictures of a folder, by name.
///
/// # Errors
/// [`WrongUse`]: there is none, or there are too many.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let name = folder.display();
    let unusable = |why: String| WrongUse(format!("--photos {name}: {why}"));
    let entries = fs::read_dir(folder).map_err(|error| unusable(format!("cannot be read ({error})")))?;
    let mut photos = Vec::new();
    for entry in entries {
        let path = std::path::absolute(entry?.path())?;
        if path.is_file() && is_named_as_picture(&path) {
            photos.push(path);
        }
    }
    photos.sort();
    match photos.len() {
        0 => Err(unusable("there is no picture in it".to_owned()).into()),
        count if count > PHOTOS_MAX => Err(unusable(format!("more than {PHOTOS_MAX} pictures")).into()),
        _ => Ok(photos),
    }
}

fn is_named_as_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
}

/// What became of a file that was chosen in a browser.
#[derive(Debug, Deserialize)]
pub(crate) struct Offered {
    /// As it was chosen.
    pub(crate) original: PathBuf,
    pub(crate) state: State,
    /// What came to another person's browser.
    #[serde(default)]
    pub(crate) received: Vec<PathBuf>,
    /// Stretches of the pixels that another person saw, as red, green, blue and alpha in hex.
    #[serde(default)]
    pub(crate) pixels: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Another person has it, as it was.
    Delivered,
    /// The app said why not.
    Refused,
    Lost,
}

/// Marks that stand for no picture in particular.
pub(crate) fn marks() -> Vec<Needle> {
    MARKS.iter().map(|(what, bytes)| Needle::bytes(what, bytes)).collect()
}

/// How far apart the stretches lie that are searched for.
pub(crate) fn spacing<'a>(offered: impl Iterator<Item = &'a Offered>) -> Result<usize> {
    let mut bytes = 0;
    for path in offered.flat_map(|one| std::iter::once(&one.original).chain(&one.received)) {
        bytes += fs::metadata(path).with_context(|| path.display().to_string())?.len();
    }
    Ok(SLICE_EVERY_BYTES.max(usize::try_from(bytes)? / SLICES_MAX))
}

/// Everything to search for of one file; stretches of it lie at most `every` bytes apart.
pub(crate) fn secrets(offered: &Offered, every: usize) -> Result<Vec<Needle>> {
    let read = |path: &PathBuf| fs::read(path).with_context(|| path.display().to_string());
    let original = read(&offered.original)?;
    let mut secrets = name(&offered.original);
    // What cannot be read says nothing; its bytes are searched for all the same.
    if let Some(exif) = read_exif(&original) {
        secrets.extend(said(&exif, every));
        secrets.extend(thumbnail(&exif).map(|bytes| slices("a thumbnail", bytes, every)).unwrap_or_default());
    }
    secrets.extend(of_picture("the original", &original, every));
    for path in &offered.received {
        secrets.extend(of_picture("what was delivered", &read(path)?, every));
    }
    for pixels in &offered.pixels {
        let rgba = data_encoding::HEXLOWER_PERMISSIVE.decode(pixels.as_bytes())?;
        let rgb: Vec<u8> = rgba.chunks(4).flat_map(|pixel| pixel.iter().copied().take(3)).collect();
        secrets.extend(
            [rgba, rgb].iter().filter(|bytes| is_telling(bytes)).map(|bytes| Needle::bytes("pixels", bytes)),
        );
    }
    Ok(secrets)
}

/// Whatever is there beside a picture that another person got: nothing may be.
pub(crate) fn spare(offered: &Offered) -> Result<Vec<String>> {
    let mut spare = Vec::new();
    for path in &offered.received {
        spare.extend(jpeg::spare(&fs::read(path)?));
    }
    Ok(spare)
}

fn name(path: &Path) -> Vec<Needle> {
    let part =
        |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).unwrap_or_default().to_owned();
    let stem = part(path.file_stem());
    let name = if stem.len() < TEXT_BYTES_MIN { part(path.file_name()) } else { stem };
    vec![Needle::text("its name", name)]
}

fn of_picture(what: &'static str, bytes: &[u8], every: usize) -> Vec<Needle> {
    let tables = jpeg::quantisation(bytes).into_iter().filter_map(|table| table.get(..2 * SLICE_BYTES));
    let tables =
        tables.filter(|table| is_telling(table)).map(|table| Needle::bytes("a quantisation table", table));
    slices(what, bytes, every).into_iter().chain(tables).collect()
}

/// Stretches all over, some of them of the smallest file.
fn slices(what: &'static str, bytes: &[u8], every: usize) -> Vec<Needle> {
    let every = every.min(bytes.len() / 4).max(SLICE_BYTES);
    let slices = bytes.chunks(every).filter_map(|chunk| chunk.get(..SLICE_BYTES));
    slices.filter(|slice| is_telling(slice)).map(|slice| Needle::bytes(what, slice)).collect()
}

fn is_telling(bytes: &[u8]) -> bool {
    bytes.iter().collect::<BTreeSet<_>>().len() >= TELLING_BYTES_MIN
}

fn read_exif(bytes: &[u8]) -> Option<Exif> {
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    match reader.read_from_container(&mut Cursor::new(bytes)) {
        Ok(exif) => Some(exif),
        Err(exif::Error::PartialResult(partial)) => Some(partial.into_inner().0),
        Err(_) => None,
    }
}

fn thumbnail(exif: &Exif) -> Option<&[u8]> {
    let number = |tag| {
        exif.get_field(tag, In::THUMBNAIL)?.value.get_uint(0).and_then(|value| usize::try_from(value).ok())
    };
    let start = number(Tag::JPEGInterchangeFormat)?;
    exif.buf().get(start..start.checked_add(number(Tag::JPEGInterchangeFormatLength)?)?)
}

/// Every text and every place.
fn said(exif: &Exif, every: usize) -> Vec<Needle> {
    let mut said = Vec::new();
    for field in exif.fields() {
        match &field.value {
            Value::Ascii(lines) => said.extend(lines.iter().filter_map(|line| text(line))),
            Value::Undefined(bytes, _) if field.tag == Tag::UserComment => {
                said.extend(bytes.get(8..).and_then(text));
            }
            Value::Undefined(bytes, _) if field.tag == Tag::MakerNote => {
                said.extend(slices("what its maker noted", bytes, every))
            }
            _ => {}
        }
        if matches!(field.tag, Tag::GPSLatitude | Tag::GPSLongitude) {
            said.extend(place(field));
        }
    }
    said
}

/// Fields are filled up with blanks, or hold nothing but those. One that is too short to be told from chance counts with its end.
fn text(bytes: &[u8]) -> Option<Needle> {
    const WHAT: &str = "a text in it";
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if text.chars().collect::<BTreeSet<_>>().len() < 3 {
        return None;
    }
    match text.len() {
        0..=4 => None,
        5 => Some(Needle::bytes(WHAT, format!("{text}\0").as_bytes())),
        _ => Some(Needle::text(WHAT, text.to_owned())),
    }
}

/// As in the file, in either order of bytes, as a number, and as people write it.
fn place(field: &Field) -> Vec<Needle> {
    const WHAT: &str = "a place";
    let Value::Rational(parts) = &field.value else { return Vec::new() };
    let &[degrees, minutes, seconds] = parts.as_slice() else { return Vec::new() };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    if !value.is_normal() {
        return Vec::new();
    }
    let raw = |bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
        parts.iter().flat_map(|Rational { num, denom }| [bytes(*num), bytes(*denom)]).flatten().collect()
    };
    let mut needles = vec![
        Needle::bytes(WHAT, &raw(u32::to_be_bytes)),
        Needle::bytes(WHAT, &raw(u32::to_le_bytes)),
        Needle::bytes(WHAT, &value.to_be_bytes()),
        Needle::bytes(WHAT, &value.to_le_bytes()),
    ];
    // Rounded, and as it stands at the beginning of a longer one.
    let cut = (value * 10_000.0).trunc() / 10_000.0;
    let (degrees, minutes, seconds) = (degrees.to_f64().trunc(), minutes.to_f64(), seconds.to_f64());
    let minutes = minutes + seconds / 60.0;
    let (whole, seconds) = (minutes.trunc(), minutes.fract() * 60.0);
    let mut texts = BTreeSet::from([
        format!("{value:.4}"),
        format!("{cut:.4}"),
        format!("{degrees}°{whole}'{seconds:.0}"),
        format!("{degrees}° {whole}' {seconds:.0}"),
        format!("{degrees}°{whole}′{seconds:.0}"),
        format!("{degrees}° {whole}′ {seconds:.0}"),
        format!("{degrees}° {minutes:.3}"),
        format!("{degrees},{minutes:.4}"),
    ]);
    texts.extend([value, cut].map(|value| format!("{value:.4}").replace('.', ",")));
    needles.extend(texts.into_iter().map(|text| Needle::text(WHAT, text)));
    needles
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Cursor;
    use std::path::Path;

    use exif::experimental::Writer;
    use exif::{Field, In, Rational, Tag, Value};

    use super::{Offered, PHOTOS_MAX, SLICE_EVERY_BYTES, State, list, marks, secrets, spare};
    use crate::leak_drill::jpeg::tests::jpeg;
    use crate::leak_drill::search::Needles;
    use crate::verdict::WrongUse;

    fn rational(num: u32, denom: u32) -> Rational {
        Rational { num, denom }
    }

    /// A picture taken in a garden, by somebody.
    fn photo() -> Vec<u8> {
        let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
        let fields = [
            field(Tag::Make, Value::Ascii(vec![b"NIKON".to_vec()])),
            field(Tag::Model, Value::Ascii(vec![b"Nestkamera 3".to_vec()])),
            field(Tag::ImageDescription, Value::Ascii(vec![b"            ".to_vec()])),
            field(
                Tag::GPSLatitude,
                Value::Rational(vec![rational(51, 1), rational(2, 1), rational(1013, 100)]),
            ),
        ];
        let mut writer = Writer::new();
        for field in &fields {
            writer.push_field(field);
        }
        let mut tiff = Cursor::new(b"Exif\0\0".to_vec());
        tiff.set_position(6);
        let mut body = Cursor::new(Vec::new());
        writer.write(&mut body, false).unwrap();
        let content = [tiff.into_inner(), body.into_inner()].concat();
        let length = u16::try_from(content.len() + 2).unwrap();
        let noise: Vec<u8> =
            (0_u32..9000).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8 & 0x7f).collect();
        let mut jpeg = jpeg(&[&[0xff, 0xe1][..], &length.to_be_bytes(), &content].concat());
        let end = jpeg.split_off(jpeg.len() - 2);
        [jpeg, noise, end].concat()
    }

    fn offer(folder: &Path) -> Offered {
        let original = folder.join("IMG_20250614.jpg");
        fs::write(&original, photo()).unwrap();
        let received = folder.join("received.jpg");
        fs::write(&received, jpeg(b"")).unwrap();
        let pixels = vec!["102030ff405060ff708090ffa0b0c0ff".to_owned()];
        Offered { original, state: State::Delivered, received: vec![received], pixels }
    }

    fn found(bytes: &[u8]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let all = [secrets(&offer(dir.path()), SLICE_EVERY_BYTES).unwrap(), marks()].concat();
        Needles::new(&all).unwrap().search(bytes, &[0]).into_iter().map(|found| found.encoding).collect()
    }

    #[test]
    fn whatever_a_picture_says_is_searched_for() {
        assert_eq!(found(b"nothing of it"), Vec::<String>::new());
        for (text, what) in [
            ("of Nestkamera 3, 2025", "a text in it, utf-8 nfc"),
            ("NIKON\0", "a text in it, raw"),
            ("GET /IMG_20250614", "its name, utf-8 nfc"),
            ("lat=51.03614722", "a place, utf-8 nfc"),
            ("51,0361", "a place, utf-8 nfc"),
            ("51° 2' 10.13\"", "a place, utf-8 nfc"),
            ("Exif\0\0", "the mark of EXIF, raw"),
            ("%PDF-1.7", "the beginning of a PDF, raw"),
        ] {
            assert!(
                found(text.as_bytes()).iter().any(|found| found == what),
                "{text}: {:?}",
                found(text.as_bytes())
            );
        }
        let place = [51_u32, 1, 2, 1, 1013, 100];
        for bytes in [place.map(u32::to_be_bytes).concat(), place.map(u32::to_le_bytes).concat()] {
            assert_eq!(found(&bytes), ["a place, raw"]);
        }
        assert_eq!(
            found(&[0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xa0, 0xb0, 0xc0]),
            ["pixels, raw"]
        );
    }

    #[test]
    fn a_piece_of_a_picture_is_found_wherever_it_was_cut_out() {
        let photo = photo();
        for start in (0..photo.len() - 4096).step_by(511) {
            let piece = &photo[start..start + 4096];
            assert!(found(piece).contains(&"the original, raw".to_owned()), "{start}");
            let hex = data_encoding::HEXLOWER.encode(piece);
            assert!(found(hex.as_bytes()).contains(&"the original, hex".to_owned()), "{start}");
        }
        assert!(found(&jpeg(b"")).contains(&"a quantisation table, raw".to_owned()));
    }

    #[test]
    fn what_is_delivered_beside_a_picture_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let offered = offer(dir.path());
        assert!(spare(&offered).unwrap().is_empty());
        fs::copy(&offered.original, &offered.received[0]).unwrap();
        assert_eq!(spare(&offered).unwrap(), ["a segment e1"]);
    }

    #[test]
    fn a_folder_has_pictures_by_their_names_some_and_not_too_many() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str| fs::write(dir.path().join(name), "").unwrap();
        put("README.md");
        fs::create_dir(dir.path().join("more.jpg")).unwrap();
        assert!(list(dir.path()).unwrap_err().is::<WrongUse>());
        put("b.HEIC");
        put("a.jpg");
        let names: Vec<_> =
            list(dir.path()).unwrap().iter().map(|path| path.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["a.jpg", "b.HEIC"]);
        for more in 2..=PHOTOS_MAX {
            put(&format!("{more}.jpg"));
        }
        assert!(list(dir.path()).unwrap_err().is::<WrongUse>());
        fs::remove_file(dir.path().join("a.jpg")).unwrap();
        assert_eq!(list(dir.path()).unwrap().len(), PHOTOS_MAX);
    }
}
