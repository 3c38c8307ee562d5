//! QR codes as SVG, the same on screen and paper.

use fast_qr::convert::Builder as _;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};

/// The text does not fit a QR code that a phone reads from paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("text too long for a QR code")]
pub struct QrError;

/// Longest text, bytes: beyond this the modules of a printed code get too small.
pub const QR_BYTES_MAX: usize = 300;

/// SVG markup of a QR code, error correction M, dark on white with the quiet zone of four modules that readers need.
///
/// # Errors
/// [`QrError`] beyond [`QR_BYTES_MAX`].
pub fn svg(text: &str) -> Result<String, QrError> {
    if text.len() > QR_BYTES_MAX {
        return Err(QrError);
    }
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| QrError)?;
    Ok(SvgBuilder::default().margin(4).to_str(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_gives_the_same_picture() {
        let link = format!("https://kita.example/#j={}.{}", "0".repeat(52), "0".repeat(28));
        let picture = svg(&link).unwrap();
        assert!(picture.starts_with("<svg"), "{picture:.80}");
        assert!(!picture.contains("http://") || picture.contains("http://www.w3.org/2000/svg"));
        assert!(!picture.contains("style="), "the content security policy forbids inline styles");
        assert_eq!(picture, svg(&link).unwrap());
        assert_ne!(picture, svg("https://kita.example/").unwrap());
    }

    #[test]
    fn the_limit_and_one_past_it() {
        assert!(svg(&"a".repeat(QR_BYTES_MAX)).is_ok());
        assert_eq!(svg(&"a".repeat(QR_BYTES_MAX + 1)), Err(QrError));
    }
}
