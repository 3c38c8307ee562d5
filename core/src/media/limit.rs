//! Limits of pictures and files.

/// Longest picture that is taken in, bytes: raw scans and panoramas of today's phones have up to 30 MB.
pub const ORIGINAL_BYTES_MAX: u64 = 40 << 20;
/// Most pixels that a browser is asked to decode: four bytes each make 256 MiB, which an old phone just has. Sensors of
/// 50 and 64 megapixels (9,248 × 6,936) stay below; one of 108 does not.
pub const PIXELS_MAX: u64 = 64 << 20;

/// Longest side of a prepared picture, pixels: fills a phone's screen and a sheet of 13 cm in print.
pub const PICTURE_SIDE_MAX: u32 = 1600;
/// Longest side of a thumbnail, pixels: a column of a phone's screen at its own density.
pub const THUMB_SIDE_MAX: u32 = 720;
/// Longest prepared picture, bytes. It is aimed at a quarter of this; noise and foliage need more.
pub const PICTURE_BYTES_MAX: usize = 1536 << 10;
/// Longest thumbnail, bytes: a month of pictures must come through a bad line.
pub const THUMB_BYTES_MAX: usize = 100_000;

/// Longest attachment, bytes: scanned letters of many pages. Sealed, it is a blob that a relay takes.
pub const FILE_BYTES_MAX: u64 = 25 << 20;

/// How much of a picture's beginning is looked at first: cameras put up to 64 KiB of EXIF and as much of a colour profile
/// before what says how large it is.
pub const HEAD_BYTES: usize = 256 << 10;
/// How far into a file a PDF's header may stand: ISO 32000-2, 7.5.2 puts it first; readers search the first 1,024 bytes.
pub const PDF_HEAD_BYTES: usize = 1024;
/// How far before its end a PDF's `%%EOF` may stand: readers search the last 1,024 bytes (PDF Reference 1.7, appendix H, 3.4.4);
/// twice that, for what web servers append.
pub const PDF_TAIL_BYTES: usize = 2048;

#[cfg(test)]
mod tests {
    use nestpost_protocol::limit::BLOB_BYTES_MAX;

    use super::*;
    use crate::crypto::blob::sealed_bytes;

    #[test]
    fn a_relay_takes_whatever_is_within_the_limits() {
        for bytes in [FILE_BYTES_MAX, PICTURE_BYTES_MAX as u64, THUMB_BYTES_MAX as u64] {
            assert!(sealed_bytes(bytes).unwrap() <= BLOB_BYTES_MAX, "{bytes}");
        }
        assert!(sealed_bytes(ORIGINAL_BYTES_MAX).is_some());
    }
}
