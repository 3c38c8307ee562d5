//! Texts put in clear on purpose, beside what is searched: a search that does not find them proves nothing.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Result;
use data_encoding::BASE64;
use flate2::Compression;

use super::places;
use super::search::Needles;
use super::traffic::{ACCEPTED, AppFiles, masked_message, read};

/// Bytes in which the text lies, and how.
struct Sample {
    encoding: &'static str,
    bytes: Vec<u8>,
}

/// Whether `text`, number `index` among the needles, is found in each of the ways it is planted in. Each way that fails is named.
pub(crate) fn missed(needles: &Needles, index: usize, text: &str) -> Result<Vec<&'static str>> {
    let is_found = |bytes: &[u8], starts: &[usize], encoding: &str| {
        needles
            .search(bytes, starts)
            .iter()
            .any(|found| found.text == index && found.encoding.contains(encoding))
    };
    let mut missed = Vec::new();
    for Sample { encoding, bytes } in samples(text)? {
        if !is_found(&bytes, &[0], encoding) {
            missed.push(encoding);
        }
    }
    let recorded = read(&masked_message(text.as_bytes()), ACCEPTED, &AppFiles::default());
    if !recorded.sides.iter().any(|side| is_found(&side.bytes, &side.starts, "utf-8")) {
        missed.push("masked frame");
    }
    Ok(missed)
}

/// Places on a disk into which the text is planted.
const ON_DISK: [&str; 3] = ["database", "logs", "backup"];

/// The same in the very files that the drill has searched: copies of them, each with the text at its end, are searched the same
/// way. Each place in which it is not found is named.
pub(crate) fn missed_on_disk(
    work: &Path,
    needles: &Needles,
    index: usize,
    text: &str,
) -> Result<Vec<&'static str>> {
    let copy = tempfile::tempdir()?;
    for folder in ["data", "logs", "backup"] {
        for file in places::files(&work.join(folder))? {
            let to = copy.path().join(file.strip_prefix(work)?);
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            let bytes = [fs::read(&file)?.as_slice(), text.as_bytes()].concat();
            fs::write(&to, bytes)?;
        }
    }
    let searched = places::search(copy.path(), needles, &AppFiles::default())?;
    let is_found =
        |wanted: &str| searched.found.iter().any(|(place, found)| *place == wanted && found.text == index);
    Ok(ON_DISK.into_iter().filter(|place| !is_found(place)).collect())
}

/// One per family of encodings; streams begin at the start or have a beginning of their own.
fn samples(text: &str) -> Result<Vec<Sample>> {
    const BEFORE: &[u8] = b"\x00\xff\x17";
    let around = |bytes: &[u8]| [BEFORE, bytes, b"\xfe\x01"].concat();
    let clear = around(text.as_bytes());
    let units: Vec<u16> = text.encode_utf16().collect();
    let escaped: String = units.iter().map(|unit| format!("\\u{unit:04X}")).collect();
    let percent: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let hex: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
    let mut samples = vec![
        Sample { encoding: "utf-8", bytes: clear.clone() },
        Sample {
            encoding: "utf-16le",
            bytes: around(&units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<_>>()),
        },
        Sample {
            encoding: "utf-16be",
            bytes: around(&units.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>()),
        },
        Sample { encoding: "percent", bytes: around(percent.as_bytes()) },
        Sample { encoding: "hex", bytes: around(hex.as_bytes()) },
        Sample { encoding: "json", bytes: around(escaped.as_bytes()) },
    ];
    for alignment in 0..3 {
        let shifted = [BEFORE.get(..alignment).unwrap_or_default(), text.as_bytes(), b"?>~"].concat();
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
    use super::{missed, missed_on_disk, samples};
    use crate::leak_drill::search::Needles;

    #[test]
    fn planted_text_is_found_in_every_way_it_is_planted() {
        for text in ["Käthe Go\u{308}lzenleuchter", "🦊🐌 Fuchsbande", "0170-23125-443", "ليلى الحداد"]
        {
            let needles = Needles::new(&["another one".to_owned(), text.to_owned()]).unwrap();
            assert_eq!(missed(&needles, 1, text).unwrap(), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn text_in_the_files_themselves_is_found_and_a_place_that_is_not_there_is_missed() {
        let work = tempfile::tempdir().unwrap();
        for file in ["data/nestpost.sqlite", "logs/relay.log"] {
            std::fs::create_dir_all(work.path().join(file).parent().unwrap()).unwrap();
            std::fs::write(work.path().join(file), "nothing to read").unwrap();
        }
        let needles = Needles::new(&["Emma Brandt".to_owned()]).unwrap();
        let missed = missed_on_disk(work.path(), &needles, 0, "Emma Brandt").unwrap();
        assert_eq!(missed, ["backup"]);
        let missed = missed_on_disk(work.path(), &needles, 0, "Elif").unwrap();
        assert_eq!(missed, ["database", "logs", "backup"]);
    }

    #[test]
    fn search_for_something_else_misses_every_way() {
        let needles = Needles::new(&["another one".to_owned()]).unwrap();
        let ways = samples("Emma Brandt").unwrap().len() + 1;
        assert_eq!(missed(&needles, 0, "Emma Brandt").unwrap().len(), ways);
    }
}
