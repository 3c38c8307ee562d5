//! Compressed streams, wherever they begin.

use std::io::Read;

use flate2::{Decompress, FlushDecompress};

/// Most that is taken from one stream.
const OUTPUT_BYTES_MAX: usize = 8 << 20;
/// Most that is taken from what merely might be a stream: brotli has no checks and random bytes may swell.
const GUESS_BYTES_MAX: usize = 1 << 20;
/// Less cannot give a text away.
const OUTPUT_BYTES_MIN: usize = 6;

const GZIP: [u8; 3] = [0x1f, 0x8b, 0x08];

/// Where deflate and brotli are tried: they have no beginning to know them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// Where something is known to begin.
    Starts,
    /// Also where CBOR says that a string begins.
    StartsAndStrings,
}

/// Hands over what every stream in `bytes` unpacks to, as far as it does. gzip and zlib are found by their beginnings anywhere;
/// deflate and brotli are tried at `starts`, ascending, and wherever `guess` says.
pub(crate) fn each(bytes: &[u8], starts: &[usize], guess: Guess, mut visit: impl FnMut(&'static str, &[u8])) {
    let mut unpack = Unpack::default();
    for (offset, pair) in bytes.windows(2).enumerate() {
        let Some(rest) = bytes.get(offset..) else { continue };
        if rest.starts_with(&GZIP) {
            unpack.reader("gzip", flate2::bufread::GzDecoder::new(rest), OUTPUT_BYTES_MAX, &mut visit);
        }
        if begins_zlib(pair) {
            unpack.deflate("zlib", rest, &mut visit);
        }
        if starts.binary_search(&offset).is_ok() {
            unpack.deflate("deflate", rest, &mut visit);
            unpack.brotli(rest, &mut visit);
        }
        if guess == Guess::StartsAndStrings
            && let Some(string) = begin_string(rest)
        {
            unpack.deflate("deflate", string, &mut visit);
            if may_be_brotli(string) {
                unpack.brotli(string, &mut visit);
            }
        }
    }
}

/// What a body with this `Content-Encoding` unpacks to; `None`: unknown, or not what it says.
pub(crate) fn decode(encoding: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match encoding {
        "gzip" => flate2::bufread::GzDecoder::new(bytes).read_to_end(&mut out).ok()?,
        "deflate" => flate2::bufread::ZlibDecoder::new(bytes).read_to_end(&mut out).ok()?,
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut out).ok()?,
        _ => return None,
    };
    Some(out)
}

/// RFC 1950: method 8, window up to 32 KiB, no preset dictionary, check bits.
fn begins_zlib(pair: &[u8]) -> bool {
    let &[first, second] = pair else { return false };
    first & 0x0f == 8
        && first >> 4 <= 7
        && second & 0x20 == 0
        && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

/// The CBOR byte or text string of 24 bytes or more that `rest` begins with.
fn begin_string(rest: &[u8]) -> Option<&[u8]> {
    let (&first, tail) = rest.split_first()?;
    let (head, length): (usize, usize) = match first {
        0x58 | 0x78 => (2, usize::from(*tail.first()?)),
        0x59 | 0x79 => (3, usize::from(u16::from_be_bytes(*tail.first_chunk()?))),
        0x5a | 0x7a => (5, usize::try_from(u32::from_be_bytes(*tail.first_chunk()?)).ok()?),
        _ => return None,
    };
    if length < 24 { None } else { rest.get(head..head.checked_add(length)?) }
}

/// Whether a string could be brotli (RFC 7932, section 9): its first block promises some output, and not wildly much. Most random
/// bytes promise megabytes, and every attempt would make room for them.
fn may_be_brotli(string: &[u8]) -> bool {
    let Some(head) = string.first_chunk().map(|head| u64::from_le_bytes(*head)) else { return false };
    let window_bits = match head & 0x7f {
        bits if bits & 1 == 0 => 1,
        bits if bits & 0xe != 0 => 4,
        0x11 => return false,
        _ => 7,
    };
    let is_last = head >> window_bits & 1 == 1;
    if is_last && head >> (window_bits + 1) & 1 == 1 {
        return false;
    }
    let at = window_bits + if is_last { 2 } else { 1 };
    let nibbles = head >> at & 3;
    let length = head >> (at + 2) & ((1 << (16 + 4 * nibbles)) - 1);
    let length_max = u64::try_from(string.len()).unwrap_or(u64::MAX).saturating_mul(64).saturating_add(4096);
    nibbles < 3 && length < length_max
}

/// One set of buffers for many attempts.
struct Unpack {
    inflate: Decompress,
    zlib: Decompress,
    out: Vec<u8>,
}

impl Default for Unpack {
    fn default() -> Self {
        Self { inflate: Decompress::new(false), zlib: Decompress::new(true), out: Vec::new() }
    }
}

impl Unpack {
    /// What was unpacked before an error counts: a stream may be cut off.
    fn reader(
        &mut self,
        kind: &'static str,
        reader: impl Read,
        bytes_max: usize,
        visit: &mut impl FnMut(&'static str, &[u8]),
    ) {
        self.out.clear();
        // An error ends the stream, that is all.
        let _ = reader.take(u64::try_from(bytes_max).unwrap_or(u64::MAX)).read_to_end(&mut self.out);
        if self.out.len() >= OUTPUT_BYTES_MIN {
            visit(kind, &self.out);
        }
    }

    fn brotli(&mut self, input: &[u8], visit: &mut impl FnMut(&'static str, &[u8])) {
        self.reader("brotli", brotli::Decompressor::new(input, 4096), GUESS_BYTES_MAX, visit);
    }

    fn deflate(&mut self, kind: &'static str, input: &[u8], visit: &mut impl FnMut(&'static str, &[u8])) {
        let has_head = kind == "zlib";
        let state = if has_head { &mut self.zlib } else { &mut self.inflate };
        state.reset(has_head);
        self.out.clear();
        let mut chunk = [0; 4096];
        while self.out.len() < OUTPUT_BYTES_MAX {
            let consumed = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
            let produced = state.total_out();
            let Some(rest) = input.get(consumed..) else { break };
            let result = state.decompress(rest, &mut chunk, FlushDecompress::None);
            let new = usize::try_from(state.total_out() - produced).unwrap_or(0);
            self.out.extend_from_slice(chunk.get(..new).unwrap_or_default());
            match result {
                Ok(flate2::Status::Ok) if new > 0 => {}
                _ => break,
            }
        }
        if self.out.len() >= OUTPUT_BYTES_MIN {
            visit(kind, &self.out);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write as _;

    use flate2::Compression;

    use super::{Guess, decode, each, may_be_brotli};

    pub(crate) fn brotli(text: &[u8]) -> Vec<u8> {
        let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
        writer.write_all(text).unwrap();
        writer.into_inner()
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn deflate(text: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    const TEXT: &[u8] = b"Neurodermitis an beiden Ellenbeugen, Neurodermitis an beiden Knien";

    fn kinds(bytes: &[u8], starts: &[usize]) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        each(bytes, starts, Guess::StartsAndStrings, |kind, out| {
            if out.windows(13).any(|window| window == b"Neurodermitis") {
                kinds.push(kind);
            }
        });
        kinds
    }

    #[test]
    fn streams_with_a_beginning_are_found_anywhere_even_when_cut_off() {
        for (kind, stream) in [("gzip", gzip(TEXT)), ("zlib", zlib(TEXT))] {
            let around = [&[0xa5; 37][..], &stream, &[0xa5; 11][..]].concat();
            assert!(kinds(&around, &[]).contains(&kind), "{kind}");
            assert!(kinds(&around[..37 + stream.len() - 9], &[]).contains(&kind), "{kind} cut off");
        }
    }

    #[test]
    fn streams_without_a_beginning_are_found_where_something_begins() {
        for (kind, stream) in [("deflate", deflate(TEXT)), ("brotli", brotli(TEXT))] {
            let around = [&[0xa5; 37][..], &stream, &[0xa5; 11][..]].concat();
            assert_eq!(kinds(&around, &[37]), [kind]);
            assert!(kinds(&around, &[0]).is_empty(), "{kind}");
            let length = u8::try_from(stream.len()).unwrap();
            let cbor = [&[0x82, 0x01, 0x58, length][..], &stream].concat();
            assert_eq!(kinds(&cbor, &[]), [kind]);
        }
    }

    #[test]
    fn brotli_of_every_size_may_be_brotli() {
        for repeats in [1, 3, 10, 100] {
            for quality in [0, 1, 5, 11] {
                for window in [10, 16, 17, 18, 22, 24] {
                    let text = TEXT.repeat(repeats);
                    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, quality, window);
                    writer.write_all(&text).unwrap();
                    assert!(may_be_brotli(&writer.into_inner()), "{repeats} {quality} {window}");
                }
            }
        }
        assert!(!may_be_brotli(&[0xff; 100]));
        assert!(!may_be_brotli(b""));
    }

    #[test]
    fn bodies_unpack_as_their_head_says() {
        assert_eq!(decode("br", &brotli(TEXT)).unwrap(), TEXT);
        assert_eq!(decode("gzip", &gzip(TEXT)).unwrap(), TEXT);
        assert_eq!(decode("deflate", &zlib(TEXT)).unwrap(), TEXT);
        assert_eq!(decode("gzip", b"not gzip"), None);
        assert_eq!(decode("zstd", TEXT), None);
    }
}
