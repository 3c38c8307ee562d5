//! How a text, or a stretch of bytes, may look on a disk or on a wire: the byte patterns to search for.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use unicode_normalization::UnicodeNormalization as _;

/// One way to find one text or stretch of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// E.g. `base64 of utf-8 nfc`.
    pub(crate) encoding: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every pattern of a text, each byte string once.
pub(crate) fn patterns(text: &str) -> Vec<Pattern> {
    let mut patterns: Vec<Pattern> = Vec::new();
    for (form, text) in forms(text) {
        for (encoding, bytes) in encode(&text) {
            if !patterns.iter().any(|known| known.bytes == bytes) {
                patterns.push(Pattern { encoding: format!("{encoding} {form}"), bytes });
            }
        }
    }
    patterns
}

/// Every pattern of bytes that are no text, each byte string once.
pub(crate) fn patterns_of_bytes(bytes: &[u8]) -> Vec<Pattern> {
    let mut patterns = vec![Pattern { encoding: "raw".to_owned(), bytes: bytes.to_vec() }];
    for (name, bytes) in written_out(bytes) {
        if !patterns.iter().any(|known| known.bytes == bytes) {
            patterns.push(Pattern { encoding: name.to_owned(), bytes });
        }
    }
    patterns
}

/// Bytes in the characters of every alphabet for them.
fn written_out(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    for (name, alphabet) in [("base64", &BASE64_NOPAD), ("base64url", &BASE64URL_NOPAD)] {
        for alignment in 0..3 {
            all.push((name, base64_core(alphabet, bytes, alignment).into_bytes()));
        }
    }
    all.push(("hex", HEXLOWER.encode(bytes).into_bytes()));
    all.push(("hex", HEXUPPER.encode(bytes).into_bytes()));
    all
}

/// The text composed, decomposed, and as it was written should that be neither.
fn forms(text: &str) -> [(&'static str, String); 3] {
    [("nfc", text.nfc().collect()), ("nfd", text.nfd().collect()), ("as written", text.to_owned())]
}

fn encode(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |encoding: String, bytes: Vec<u8>| all.push((encoding, bytes));
    for (charset, bytes) in charsets(text) {
        add(charset.to_owned(), bytes.clone());
        for (name, bytes) in written_out(&bytes) {
            add(format!("{name} of {charset}"), bytes);
        }
    }
    for percent in [percent_lower, percent_upper] {
        // Everything escaped, as in a URL's part, as in a URL's path, as in a form.
        add("percent".to_owned(), escape(text, percent, |_| false));
        add("percent".to_owned(), escape(text, percent, is_unreserved));
        add(
            "percent".to_owned(),
            escape(text, percent, |byte| is_unreserved(byte) || b"/:@,;+=&$".contains(&byte)),
        );
        let form = escape(text, percent, |byte| is_unreserved(byte) || byte == b' ');
        add(
            "percent".to_owned(),
            form.into_iter().map(|byte| if byte == b' ' { b'+' } else { byte }).collect(),
        );
    }
    for unit in [unit_lower, unit_upper] {
        add("json".to_owned(), json(text, unit, |c| c.is_ascii()));
        add("json".to_owned(), json(text, unit, |_| false));
    }
    add("json".to_owned(), json(text, unit_lower, |_| true));
    all
}

fn charsets(text: &str) -> [(&'static str, Vec<u8>); 3] {
    [
        ("utf-8", text.as_bytes().to_vec()),
        ("utf-16le", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("utf-16be", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ]
}

/// What stays the same in base64 whatever stands before (`alignment` bytes, modulo 3) and after.
fn base64_core(alphabet: &data_encoding::Encoding, bytes: &[u8], alignment: usize) -> String {
    let mut padded = vec![0; alignment];
    padded.extend_from_slice(bytes);
    let text = alphabet.encode(&padded);
    // A character holds 6 bits: those that share bits with the neighbours are left out.
    let first = (alignment * 8).div_ceil(6);
    let end = padded.len() * 8 / 6;
    text.get(first..end).unwrap_or_default().to_owned()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!*'()".contains(&byte)
}

fn percent_lower(byte: u8) -> String {
    format!("%{byte:02x}")
}

fn percent_upper(byte: u8) -> String {
    format!("%{byte:02X}")
}

fn escape(text: &str, percent: fn(u8) -> String, is_kept: impl Fn(u8) -> bool) -> Vec<u8> {
    text.bytes()
        .flat_map(|byte| if is_kept(byte) { vec![byte] } else { percent(byte).into_bytes() })
        .collect()
}

fn unit_lower(unit: u16) -> String {
    format!("\\u{unit:04x}")
}

fn unit_upper(unit: u16) -> String {
    format!("\\u{unit:04X}")
}

/// A JSON string's inside: quotes and backslashes always escaped, characters that are not kept as UTF-16 units.
fn json(text: &str, unit: fn(u16) -> String, is_kept: impl Fn(char) -> bool) -> Vec<u8> {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            _ if !is_kept(c) => out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|one| unit(*one))),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, BASE64URL};

    use super::patterns;

    /// The first encoding under which `haystack` gives `text` away.
    fn found(text: &str, haystack: &[u8]) -> Option<String> {
        patterns(text)
            .into_iter()
            .find(|pattern| haystack.windows(pattern.bytes.len()).any(|window| window == pattern.bytes))
            .map(|pattern| pattern.encoding)
    }

    const TEXT: &str = "Jörn \"Ö\" Weiß 🦊";

    #[test]
    fn text_in_clear_is_found_composed_and_decomposed() {
        assert_eq!(found(TEXT, "xxJörn \"Ö\" Weiß 🦊yy".as_bytes()).unwrap(), "utf-8 nfc");
        let decomposed = "Jo\u{308}rn \"O\u{308}\" Weiß 🦊";
        assert_eq!(found(TEXT, decomposed.as_bytes()).unwrap(), "utf-8 nfd");
        assert_eq!(found(decomposed, TEXT.as_bytes()).unwrap(), "utf-8 nfc");
        assert_eq!(found("Jo\u{308}rn Größe", "Jo\u{308}rn Größe".as_bytes()).unwrap(), "utf-8 as written");
    }

    #[test]
    fn other_texts_are_not_found() {
        assert_eq!(found(TEXT, "Jörn \"Ö\" Weis 🦊".as_bytes()), None);
        assert_eq!(found(TEXT, b""), None);
    }

    #[test]
    fn utf_16_is_found_in_both_byte_orders() {
        let units: Vec<u16> = format!("a{TEXT}b").encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        assert_eq!(found(TEXT, &little).unwrap(), "utf-16le nfc");
        assert_eq!(found(TEXT, &big).unwrap(), "utf-16be nfc");
    }

    #[test]
    fn base64_is_found_whatever_stands_around() {
        for before in 0..7 {
            for after in 0..4 {
                let around = [&vec![0xfb; before][..], TEXT.as_bytes(), &vec![0xff; after][..]].concat();
                let standard = BASE64.encode(&around);
                assert_eq!(found(TEXT, standard.as_bytes()).unwrap(), "base64 of utf-8 nfc");
                let url = BASE64URL.encode(&around);
                assert!(found(TEXT, url.as_bytes()).unwrap().starts_with("base64"), "{before} {after}");
            }
        }
        // A text whose base64 needs the characters in which the alphabets differ.
        let text = "ÿÿÿÿ~~~???";
        assert_eq!(
            found(text, BASE64URL.encode(text.as_bytes()).as_bytes()).unwrap(),
            "base64url of utf-8 nfc"
        );
    }

    #[test]
    fn base64_of_utf_16_is_found() {
        let bytes: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(found(TEXT, BASE64.encode(&bytes).as_bytes()).unwrap(), "base64 of utf-16le nfc");
    }

    #[test]
    fn hex_is_found_in_both_cases() {
        let lower: String = TEXT.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found(TEXT, lower.as_bytes()).unwrap(), "hex of utf-8 nfc");
        assert_eq!(found(TEXT, lower.to_uppercase().as_bytes()).unwrap(), "hex of utf-8 nfc");
    }

    #[test]
    fn percent_is_found_in_its_dialects() {
        let text = "Jörn/Weiß 3";
        for escaped in [
            "J%C3%B6rn%2FWei%C3%9F%203",
            "J%c3%b6rn%2fWei%c3%9f%203",
            "J%C3%B6rn/Wei%C3%9F%203",
            "J%C3%B6rn%2FWei%C3%9F+3",
            "%4A%C3%B6%72%6E%2F%57%65%69%C3%9F%20%33",
        ] {
            assert_eq!(found(text, escaped.as_bytes()).as_deref(), Some("percent nfc"), "{escaped}");
        }
    }

    #[test]
    fn json_is_found_with_all_some_and_no_escapes() {
        let some = serde_json::to_string(TEXT).unwrap();
        assert_eq!(found(TEXT, some.as_bytes()).unwrap(), "json nfc");
        for escaped in [
            "J\\u00f6rn \\\"\\u00d6\\\" Wei\\u00df \\ud83e\\udd8a",
            "J\\u00F6rn \\\"\\u00D6\\\" Wei\\u00DF \\uD83E\\uDD8A",
        ] {
            assert_eq!(found(TEXT, escaped.as_bytes()).unwrap(), "json nfc", "{escaped}");
        }
        let all: String = TEXT.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        assert_eq!(found(TEXT, all.as_bytes()).unwrap(), "json nfc");
    }

    #[test]
    fn patterns_are_long_enough_to_mean_something() {
        for text in ["Asthma", "Mia Ö.", "Ayşe Y"] {
            assert!(patterns(text).iter().all(|pattern| pattern.bytes.len() >= 5), "{text}");
        }
    }
}
