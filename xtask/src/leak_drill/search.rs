//! Looks for texts in bytes, in every encoding at once, and inside compressed streams.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use anyhow::{Context as _, Result};

use super::encodings::patterns;
use super::streams::{self, Guess};

/// A stream within a stream is the last that is opened.
const DEPTH_MAX: usize = 2;

/// A text was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Its place among the texts searched for.
    pub(crate) text: usize,
    /// E.g. `gzip, base64 of utf-8 nfc`.
    pub(crate) encoding: String,
}

/// All patterns of all texts.
pub(crate) struct Needles {
    automaton: AhoCorasick,
    /// By pattern: which text, in which encoding.
    meanings: Vec<Found>,
}

impl Needles {
    pub(crate) fn new(texts: &[String]) -> Result<Self> {
        let mut meanings = Vec::new();
        let mut bytes = Vec::new();
        for (text, one) in texts.iter().enumerate() {
            for pattern in patterns(one) {
                meanings.push(Found { text, encoding: pattern.encoding });
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
                found.insert(Found { text: meaning.text, encoding: format!("{path}{}", meaning.encoding) });
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

    use super::{Found, Needles};
    use crate::leak_drill::streams::tests::brotli;

    fn needles() -> Needles {
        Needles::new(&["Emma Brandt".to_owned(), "Emma Brandtner".to_owned(), "Größe".to_owned()]).unwrap()
    }

    fn found(bytes: &[u8]) -> Vec<(usize, String)> {
        needles().search(bytes, &[0]).into_iter().map(|Found { text, encoding }| (text, encoding)).collect()
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
