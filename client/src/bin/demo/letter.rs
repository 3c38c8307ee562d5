//! The demo's attachment: a letter of one page, as a word processor would print it.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str};

/// DIN A4, in points.
const PAGE: Rect = Rect { x1: 0.0, y1: 0.0, x2: 595.0, y2: 842.0 };

const LINES: [&str; 14] = [
    "Liebe Eltern,",
    "",
    "unser Laternenfest beginnt am Donnerstag um 17 Uhr am Tor.",
    "",
    "Bitte bringen Sie mit:",
    "   -  die Laterne Ihres Kindes und einen Leuchtstab,",
    "   -  eine warme Jacke, Mütze und Handschuhe,",
    "   -  einen Becher für den Kinderpunsch.",
    "",
    "Der Umzug geht durch den Park und endet gegen 18.30 Uhr im Garten der Kita.",
    "Bei starkem Regen feiern wir drinnen; wir sagen bis 15 Uhr Bescheid.",
    "",
    "Wir freuen uns auf Sie!",
    "Das Team der Kita Spatzennest",
];

/// A PDF.
pub(crate) fn lantern_walk() -> Vec<u8> {
    let [catalog, pages, page, plain, bold, text] = [1, 2, 3, 4, 5, 6].map(Ref::new);
    let (regular, heavy) = (Name(b"F1"), Name(b"F2"));
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.media_box(PAGE).parent(pages).contents(text);
    sheet.resources().fonts().pair(regular, plain).pair(heavy, bold);
    sheet.finish();
    for (font, name) in [(plain, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let mut content = Content::new();
    content.begin_text().set_font(heavy, 20.0).next_line(72.0, 740.0).show(Str(&latin("Laternenfest")));
    content.set_font(regular, 11.5).next_line(0.0, -22.0);
    for line in LINES {
        content.next_line(0.0, -20.0).show(Str(&latin(line)));
    }
    content.end_text();
    pdf.stream(text, &content.finish());
    pdf.finish()
}

/// As `WinAnsiEncoding` has it: the letters of German are where Latin-1 has them.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use nestpost_core::media::check_pdf;

    use super::*;

    #[test]
    fn the_letter_is_an_attachment_and_has_all_of_its_letters() {
        let pdf = lantern_walk();
        assert_eq!(check_pdf(&pdf, &pdf, pdf.len() as u64), Ok(()));
        assert!(LINES.iter().all(|line| line.chars().all(|letter| u32::from(letter) < 256)));
        assert_eq!(latin("Mütze"), b"M\xfctze");
    }
}
