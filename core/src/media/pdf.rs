//! Whether an attachment is a PDF.

use super::limit::{FILE_BYTES_MAX, PDF_HEAD_BYTES, PDF_TAIL_BYTES};
use super::{Format, MediaFault, sniff};

/// Looks at the first [`PDF_HEAD_BYTES`] and the last [`PDF_TAIL_BYTES`] of a file of `bytes`: it has a PDF's header and end, and is
/// nothing else before the header. Not guaranteed: that what is between can be read, or does not run a script in a reader that
/// lets it.
///
/// # Errors
/// [`MediaFault::Empty`], [`MediaFault::TooLarge`], [`MediaFault::NotAPdf`].
pub fn check_pdf(head: &[u8], tail: &[u8], bytes: u64) -> Result<(), MediaFault> {
    if bytes == 0 {
        return Err(MediaFault::Empty);
    }
    if bytes > FILE_BYTES_MAX {
        return Err(MediaFault::TooLarge);
    }
    let head = head.get(..PDF_HEAD_BYTES).unwrap_or(head);
    let tail = tail.get(tail.len().saturating_sub(PDF_TAIL_BYTES)..).unwrap_or(tail);
    let header = find(head, b"%PDF-1.").or_else(|| find(head, b"%PDF-2."));
    // What a scanner writes before the header is not sniffed as anything, and has no tag that a browser could go on from.
    let before = header.and_then(|at| head.get(..at)).is_some_and(|before| !before.contains(&b'<'));
    let sound = before && sniff(head) == Format::Pdf && find(tail, b"%%EOF").is_some();
    if sound { Ok(()) } else { Err(MediaFault::NotAPdf) }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(bytes: &[u8]) -> Result<(), MediaFault> {
        check_pdf(bytes, bytes, bytes.len() as u64)
    }

    fn between(before: &[u8], after: &[u8]) -> Vec<u8> {
        [before, b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nstartxref\n9\n%%EOF", after].concat()
    }

    #[test]
    fn a_pdf_has_a_header_and_an_end() {
        assert_eq!(whole(&between(b"", b"\n")), Ok(()));
        assert_eq!(whole(&between(b"from the scanner\n", b"")), Ok(()));
        assert_eq!(whole(&between(&[b' '; PDF_HEAD_BYTES - 7], b"")), Ok(()));
        assert_eq!(whole(&between(&[b' '; PDF_HEAD_BYTES - 6], b"")), Err(MediaFault::NotAPdf));
        assert_eq!(whole(&between(b"", &[b' '; PDF_TAIL_BYTES - 5])), Ok(()));
        assert_eq!(whole(&between(b"", &[b' '; PDF_TAIL_BYTES - 4])), Err(MediaFault::NotAPdf));
        assert_eq!(whole(b"%PDF-1.7\ncut off"), Err(MediaFault::NotAPdf));
        assert_eq!(whole(b"%PDF-nonsense %%EOF"), Err(MediaFault::NotAPdf));
        assert_eq!(whole(b"%PDF-2.0 %%EOF"), Ok(()));
        assert_eq!(whole(b"a text %%EOF"), Err(MediaFault::NotAPdf));
    }

    #[test]
    fn what_is_something_else_before_is_none() {
        for before in [
            &b"<html><script>alert(1)</script>"[..],
            b"<svg onload='alert(1)'>",
            b"hello <script>",
            b"\xef\xbb\xbf<?xml version='1.0'?>",
            b"\xff\xd8\xff\xe0",
            b"\x89PNG\r\n",
            b"GIF89a",
        ] {
            assert_eq!(whole(&between(before, b"")), Err(MediaFault::NotAPdf), "{before:?}");
        }
    }

    #[test]
    fn an_attachment_is_as_long_as_its_limit_and_not_a_byte_longer() {
        let pdf = between(b"", b"");
        assert_eq!(check_pdf(&pdf, &pdf, FILE_BYTES_MAX), Ok(()));
        assert_eq!(check_pdf(&pdf, &pdf, FILE_BYTES_MAX + 1), Err(MediaFault::TooLarge));
        assert_eq!(check_pdf(b"", b"", 0), Err(MediaFault::Empty));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_no_pdf(head in prop::collection::vec(any::<u8>(), 0..2000), tail in prop::collection::vec(any::<u8>(), 0..3000)) {
            prop_assert!(check_pdf(&head, &tail, 5000).is_err());
        }
    }
}
