//! The texts that must not leave the devices readable.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::verdict::WrongUse;

/// More would take hours.
const CANARIES_MAX: usize = 1000;
/// What a sick note takes.
const CHARS_MAX: usize = 1800;
/// Shorter texts turn up by chance in a few megabytes of sealed bytes.
const TELLING_BYTES_MIN: usize = 6;

/// Whatever stands in a Kita's post: names, addresses, telephone numbers, accounts, diagnoses, in several scripts and both
/// forms of umlauts. Invented; numbers are from ranges set aside for fiction, accounts are the registry's examples.
const DEFAULT: &[&str] = &[
    "Mathilda Brombeer-Osterkamp",
    "Verdacht auf Scharlach, Abstrich am Freitag",
    "Finkenschlag 117b, 04177 Leipzig-Lindenau",
    "+49 30 23125 8874",
    "DE89 3704 0044 0532 0130 00",
    "Jörn Rüdiger Weißäcker",
    // The same sort of name, decomposed as some keyboards send it.
    "Käthe Go\u{308}lzenleuchter",
    "Лев Аркадьевич Снегирёв",
    "ليلى عبد الرحمن الحداد",
    "Şükrü Yıldızoğlu",
    "Ελένη Παπακωνσταντίνου",
    "Nguyễn Thị Bích Phượng",
    "עינב בן־שושן",
    "佐々木 陽菜子",
    "Wrócławska-Żółkiewicz",
    "Zöliakie, streng glutenfrei",
    "Fieberkrampf am 3. März, Notfallmedikament Diazepam 5 mg",
    "Neurodermitis an beiden Ellenbeugen",
    "Type-1 diabetes, insulin pump since September",
    "Trisomie 21, Frühförderung montags",
    "Sorgerecht allein bei der Mutter (Beschluss 12 F 4711/25)",
    "Abholung nur durch Oma Irmtraud Kesselring",
    "Kopflausbefall bestätigt",
    "м. Київ, вул. Хрещатик, буд. 22, кв. 7",
    "Atatürk Bulvarı No: 42/3, 06050 Altındağ/Ankara",
    "GB29 NWBK 6016 1331 9268 19",
    "FR14 2004 1010 0505 0001 3M02 606",
    "0170-23125-443",
    "irmtraud.kesselring@familie.example",
    "\"Zitat\" <b>&amp; Sonderzeichen</b> C:\\Kita\\Liste; 100 %",
    "🦊🐌 Fuchsbande 🦔",
    "Kindergeldnummer 115FK204938",
];

/// What is written for each canary, in the file's order.
///
/// # Errors
///
/// [`WrongUse`]: unreadable, not UTF-8, empty, too many or too long lines, control characters.
pub(crate) fn read(file: Option<&Path>) -> Result<Vec<String>> {
    let Some(file) = file else {
        return Ok(DEFAULT.iter().map(|text| (*text).to_owned()).collect());
    };
    let name = file.display();
    let bytes = fs::read(file)
        .map_err(|error| WrongUse(format!("--canaries {name}: could not be read ({error})")))?;
    let text =
        String::from_utf8(bytes).map_err(|_| WrongUse(format!("--canaries {name}: must be UTF-8 text")))?;
    Ok(parse(&text).map_err(|problem| WrongUse(format!("--canaries {name}: {problem}")))?)
}

/// One canary per line; empty lines do not count. What is wrong is named by its line, never by its text.
fn parse(text: &str) -> Result<Vec<String>, String> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let mut canaries = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        let line = line.trim_matches(blank);
        if line.is_empty() {
            continue;
        }
        let number = index + 1;
        if line.contains(|c: char| c.is_control() && c != '\t') {
            return Err(format!("line {number} has control characters"));
        }
        if line.chars().count() > CHARS_MAX {
            return Err(format!("line {number} has more than {CHARS_MAX} characters"));
        }
        canaries.push(telling(line, number));
    }
    match canaries.len() {
        0 => Err("there is no canary in it".to_owned()),
        count if count > CANARIES_MAX => Err(format!("more than {CANARIES_MAX} canaries")),
        _ => Ok(canaries),
    }
}

/// A text too short to be told from chance is written, and searched for, with its line's number.
fn telling(line: &str, number: usize) -> String {
    if line.len() < TELLING_BYTES_MIN { format!("{line} (Zeile {number})") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{CANARIES_MAX, CHARS_MAX, DEFAULT, parse, read};
    use crate::verdict::WrongUse;

    #[test]
    fn canaries_are_the_lines_that_say_something() {
        assert_eq!(
            parse("\u{feff}Emma Brandt\r\n\n  Masern-Verdacht \n").unwrap(),
            ["Emma Brandt", "Masern-Verdacht"]
        );
        assert_eq!(parse("HIV\n").unwrap(), ["HIV (Zeile 1)"]);
    }

    #[test]
    fn limits_hold_at_the_limit_and_not_one_past_it() {
        assert!(parse(&"ä".repeat(CHARS_MAX)).is_ok());
        assert!(parse(&"ä".repeat(CHARS_MAX + 1)).is_err());
        assert_eq!(parse(&"Emma Brandt\n".repeat(CANARIES_MAX)).unwrap().len(), CANARIES_MAX);
        assert!(parse(&"Emma Brandt\n".repeat(CANARIES_MAX + 1)).is_err());
    }

    #[test]
    fn problem_names_the_line_and_not_its_text() {
        let problem = parse("Emma Brandt\nMasern\u{0}\n").unwrap_err();
        assert!(problem.contains("line 2") && !problem.contains("Masern"), "{problem}");
    }

    #[test]
    fn unusable_file_is_wrong_use() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("canaries.txt");
        assert!(read(Some(&file)).unwrap_err().is::<WrongUse>());
        for bytes in [&b""[..], b" \n\n", b"\xff\xfe"] {
            fs::write(&file, bytes).unwrap();
            assert!(read(Some(&file)).unwrap_err().is::<WrongUse>(), "{bytes:?}");
        }
    }

    #[test]
    fn default_set_is_sound() {
        let canaries = read(None).unwrap();
        assert_eq!(parse(&DEFAULT.join("\n")).unwrap(), canaries);
        assert!(canaries.iter().any(|text| text.contains('\u{308}')), "one is decomposed");
    }
}
