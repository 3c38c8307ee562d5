//! A text and a piece of a picture put in clear on purpose, beside what is searched: a search that does not find them proves
//! nothing.

use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use data_encoding::BASE64;
use flate2::Compression;

use super::places;
use super::search::Needles;
use super::traffic::{ACCEPTED, AppFiles, masked_message, read};

/// What is planted, and the needles of which one must be found then.
#[derive(Debug, Clone)]
pub(crate) struct Planted<'a> {
    pub(crate) seed: Seed<'a>,
    pub(crate) needles: Range<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Seed<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl<'a> Seed<'a> {
    fn bytes(self) -> &'a [u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }

    /// How it is found where it lies as it is.
    fn plain(self) -> &'static str {
        match self {
            Self::Text(_) => "utf-8",
            Self::Bytes(_) => "raw",
        }
    }
}

/// Bytes in which something lies, and how.
struct Sample {
    encoding: &'static str,
    bytes: Vec<u8>,
}

/// Whether what is planted is found in each of the ways it is planted in. Each way that fails is named.
pub(crate) fn missed(needles: &Needles, planted: &Planted<'_>) -> Result<Vec<&'static str>> {
    let seed = planted.seed;
    let is_found = |bytes: &[u8], starts: &[usize], encoding: &str| {
        needles
            .search(bytes, starts)
            .iter()
            .any(|found| planted.needles.contains(&found.needle) && found.encoding.contains(encoding))
    };
    let mut missed = Vec::new();
    for Sample { encoding, bytes } in samples(seed)? {
        if !is_found(&bytes, &[0], encoding) {
            missed.push(encoding);
        }
    }
    let bytes = seed.bytes();
    let upload = format!("PUT /blob/00/0 HTTP/1.1\r\ncontent-length: {}\r\n\r\n", bytes.len());
    for (way, browser) in
        [("masked frame", masked_message(bytes)), ("upload", [upload.as_bytes(), bytes].concat())]
    {
        let recorded = read(&browser, ACCEPTED, &AppFiles::default());
        if !recorded.sides.iter().any(|side| is_found(&side.bytes, &side.starts, seed.plain())) {
            missed.push(way);
        }
    }
    Ok(missed)
}

/// Places on a disk into which it is planted.
const ON_DISK: [&str; 4] = ["database", "blobs", "logs", "backup"];

/// The same in the very files that the drill has searched: copies of them, each with what is planted at its end, are searched the
/// same way. Each place in which it is not found is named.
pub(crate) fn missed_on_disk(
    work: &Path,
    needles: &Needles,
    planted: &Planted<'_>,
) -> Result<Vec<&'static str>> {
    let copy = tempfile::tempdir()?;
    for folder in ["data", "logs", "backup"] {
        for file in places::files(&work.join(folder))? {
            let to = copy.path().join(file.strip_prefix(work)?);
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            let bytes = [fs::read(&file)?.as_slice(), planted.seed.bytes()].concat();
            fs::write(&to, bytes)?;
        }
    }
    let searched = places::search(copy.path(), needles, &AppFiles::default())?;
    let is_found = |wanted: &str| {
        searched
            .found
            .iter()
            .any(|(place, found)| *place == wanted && planted.needles.contains(&found.needle))
    };
    Ok(ON_DISK.into_iter().filter(|place| !is_found(place)).collect())
}

/// One per family of encodings; streams begin at the start or have a beginning of their own.
fn samples(seed: Seed<'_>) -> Result<Vec<Sample>> {
    const BEFORE: &[u8] = b"\x00\xff\x17";
    let around = |bytes: &[u8]| [BEFORE, bytes, b"\xfe\x01"].concat();
    let bytes = seed.bytes();
    let clear = around(bytes);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    let mut samples = vec![
        Sample { encoding: seed.plain(), bytes: clear.clone() },
        Sample { encoding: "hex", bytes: around(hex.as_bytes()) },
    ];
    if let Seed::Text(text) = seed {
        let units: Vec<u16> = text.encode_utf16().collect();
        let escaped: String = units.iter().map(|unit| format!("\\u{unit:04X}")).collect();
        let percent: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
        samples.extend([
            Sample {
                encoding: "utf-16le",
                bytes: around(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>()),
            },
            Sample {
                encoding: "utf-16be",
                bytes: around(&units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>()),
            },
            Sample { encoding: "percent", bytes: around(percent.as_bytes()) },
            Sample { encoding: "json", bytes: around(escaped.as_bytes()) },
        ]);
    }
    for alignment in 0..3 {
        let shifted = [BEFORE.get(..alignment).unwrap_or_default(), bytes, b"?>~"].concat();
        samples.push(Sample { encoding: "base64", bytes: around(BASE64.encode(&shifted).as_bytes()) });
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&clear)?;
    samples.push(Sample { encoding: "gzip", bytes: around(&gzip.finish()?) });
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(&clear)?;
    samples.push(Sample { encoding: "zlib", bytes: around(&zlib.finish()?) });
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
    deflate.write_all(&clear)?;
    samples.push(Sample { encoding: "deflate", bytes: deflate.finish()? });
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    brotli.write_all(&clear)?;
    brotli.flush()?;
    samples.push(Sample { encoding: "brotli", bytes: brotli.into_inner() });
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::{Planted, Seed, missed, missed_on_disk, samples};
    use crate::leak_drill::search::{Needle, Needles};

    fn needles(texts: &[&str]) -> Needles {
        let texts: Vec<Needle> = texts.iter().map(|text| Needle::text("", (*text).to_owned())).collect();
        Needles::new(&texts).unwrap()
    }

    fn text(text: &str, needle: usize) -> Planted<'_> {
        Planted { seed: Seed::Text(text), needles: needle..needle + 1 }
    }

    #[test]
    fn planted_text_is_found_in_every_way_it_is_planted() {
        for one in ["Käthe Go\u{308}lzenleuchter", "🦊🐌 Fuchsbande", "0170-23125-443", "ليلى الحداد"]
        {
            let needles = needles(&["another one", one]);
            assert_eq!(missed(&needles, &text(one, 1)).unwrap(), Vec::<&str>::new(), "{one}");
        }
    }

    #[test]
    fn planted_bytes_are_found_in_every_way_they_are_planted_by_any_of_their_needles() {
        let bytes: Vec<u8> = (0..=255).collect();
        let slices = [Needle::bytes("a slice", b"is not there"), Needle::bytes("a slice", &bytes[100..120])];
        let planted = Planted { seed: Seed::Bytes(&bytes), needles: 0..2 };
        assert_eq!(missed(&Needles::new(&slices).unwrap(), &planted).unwrap(), Vec::<&str>::new());
        let others = Planted { needles: 0..1, ..planted };
        assert!(missed(&Needles::new(&slices).unwrap(), &others).unwrap().contains(&"upload"));
    }

    #[test]
    fn text_in_the_files_themselves_is_found_and_a_place_that_is_not_there_is_missed() {
        let work = tempfile::tempdir().unwrap();
        for file in ["data/nestpost.sqlite", "data/blobs/ab", "logs/relay.log"] {
            std::fs::create_dir_all(work.path().join(file).parent().unwrap()).unwrap();
            std::fs::write(work.path().join(file), "nothing to read").unwrap();
        }
        let needles = needles(&["Emma Brandt"]);
        let missed = missed_on_disk(work.path(), &needles, &text("Emma Brandt", 0)).unwrap();
        assert_eq!(missed, ["backup"]);
        let missed = missed_on_disk(work.path(), &needles, &text("Elif", 0)).unwrap();
        assert_eq!(missed, ["database", "blobs", "logs", "backup"]);
    }

    #[test]
    fn search_for_something_else_misses_every_way() {
        let needles = needles(&["another one"]);
        let ways = samples(Seed::Text("Emma Brandt")).unwrap().len() + 2;
        assert_eq!(missed(&needles, &text("Emma Brandt", 0)).unwrap().len(), ways);
    }
}
