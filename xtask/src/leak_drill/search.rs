//! Looks for texts and stretches of bytes, in every encoding at once, and inside compressed streams.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use anyhow::{Context as _, Result};

use super::encodings::{Pattern, patterns, patterns_of_bytes};
use super::streams::{self, Guess};

/// A stream within a stream is the last that is opened.
const DEPTH_MAX: usize = 2;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Needle {
    /// In words, before the encoding; may be empty.
    what: &'static str,
    sought: Sought,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Sought {
    Text(String),
    Bytes(Vec<u8>),
}

impl Needle {
    pub(crate) fn text(what: &'static str, text: String) -> Self {
        Self { what, sought: Sought::Text(text) }
    }

    pub(crate) fn bytes(what: &'static str, bytes: &[u8]) -> Self {
        Self { what, sought: Sought::Bytes(bytes.to_vec()) }
    }

    fn patterns(&self) -> Vec<Pattern> {
        let mut all = match &self.sought {
            Sought::Text(text) => patterns(text),
            Sought::Bytes(bytes) => patterns_of_bytes(bytes),
        };
        if !self.what.is_empty() {
            for pattern in &mut all {
                pattern.encoding = format!("{}, {}", self.what, pattern.encoding);
            }
        }
        all
    }
}

/// Something was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Its place among what is searched for.
    pub(crate) needle: usize,
    /// E.g. `gzip, base64 of utf-8 nfc`.
    pub(crate) encoding: String,
}

/// All patterns of everything that is searched for.
pub(crate) struct Needles {
    automaton: AhoCorasick,
    /// By pattern: which needle, in which encoding.
    meanings: Vec<Found>,
}

impl Needles {
    pub(crate) fn new(needles: &[Needle]) -> Result<Self> {
        let mut meanings = Vec::new();
        let mut bytes = Vec::new();
        for (needle, one) in needles.iter().enumerate() {
            for pattern in one.patterns() {
                meanings.push(Found { needle, encoding: pattern.encoding });
                bytes.push(pattern.bytes);
            }
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(aho_corasick::AhoCorasickKind::ContiguousNFA))
            .build(bytes)
            .context("too many patterns")?;
        Ok(Self { automaton, meanings })
    }

    /// Everything found in `bytes`. `starts`, ascending: where something begins and an unmarked stream may.
    pub(crate) fn search(&self, bytes: &[u8], starts: &[usize]) -> BTreeSet<Found> {
        let mut found = BTreeSet::new();
        self.collect(bytes, starts, "", 0, &mut found);
        found
    }

    fn collect(&self, bytes: &[u8], starts: &[usize], path: &str, depth: usize, found: &mut BTreeSet<Found>) {
        for hit in self.automaton.find_overlapping_iter(bytes) {
            if let Some(meaning) = self.meanings.get(hit.pattern().as_usize()) {
                found.insert(Found {
                    needle: meaning.needle,
                    encoding: format!("{path}{}", meaning.encoding),
                });
            }
        }
        if depth < DEPTH_MAX {
            // Strings are where our own format puts them, not inside of what somebody has packed, or of what chance unpacks to.
            let guess = if depth == 0 { Guess::StartsAndStrings } else { Guess::Starts };
            streams::each(bytes, starts, guess, |kind, out| {
                self.collect(out, &[0], &format!("{path}{kind}, "), depth + 1, found);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Found, Needle, Needles};
    use crate::leak_drill::streams::tests::brotli;

    fn needles() -> Needles {
        let mut needles =
            ["Emma Brandt", "Emma Brandtner", "Größe"].map(|text| Needle::text("", text.to_owned())).to_vec();
        needles.push(Needle::bytes("a slice", b"\xff\xd8\x01\x02\xff\xd9"));
        Needles::new(&needles).unwrap()
    }

    fn found(bytes: &[u8]) -> Vec<(usize, String)> {
        needles()
            .search(bytes, &[0])
            .into_iter()
            .map(|Found { needle, encoding }| (needle, encoding))
            .collect()
    }

    #[test]
    fn bytes_are_found_as_they_are_and_written_out() {
        let slice = [0xff, 0xd8, 0x01, 0x02, 0xff, 0xd9];
        assert_eq!(found(&slice), [(3, "a slice, raw".to_owned())]);
        assert_eq!(found(&slice[1..]), []);
        assert_eq!(found(b"xFFD80102FFD9x"), [(3, "a slice, hex".to_owned())]);
        assert_eq!(found(b"_9gBAv_Z"), [(3, "a slice, base64url".to_owned())]);
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert!(found(b"").is_empty());
        assert!(found(&[0; 10_000]).is_empty());
        assert!(found("Emma Brand, Groß".as_bytes()).is_empty());
    }

    #[test]
    fn texts_that_share_a_beginning_are_both_found() {
        let both = [(0, "utf-8 nfc".to_owned()), (1, "utf-8 nfc".to_owned())];
        assert_eq!(found(b"xxEmma Brandtner"), both);
    }

    #[test]
    fn streams_are_opened_even_within_streams() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(b"to Emma Brandt, base64 R3LDtsOfZQ==").unwrap();
        let gzip = gzip.finish().unwrap();
        let once = found(&[b"head", &gzip[..]].concat());
        assert!(once.contains(&(0, "gzip, utf-8 nfc".to_owned())), "{once:?}");
        assert!(once.contains(&(2, "gzip, base64 of utf-8 nfc".to_owned())), "{once:?}");
        let twice = found(&brotli(&gzip));
        assert!(twice.contains(&(0, "brotli, gzip, utf-8 nfc".to_owned())), "{twice:?}");
    }
}
