//! Pictures and files before they are sealed: what they are, what is taken out of them, and why one is set aside.
//!
//! Pure functions over bytes, for the media worker. None decodes a picture: the browser does, which was written for
//! pictures from strangers and keeps its decoders apart. Sealing and opening is [`crate::crypto::blob`]'s.

mod fault;
mod jpeg;
pub mod limit;
mod pdf;
mod picture;
mod sniff;

pub use fault::MediaFault;
pub use jpeg::{CleanJpeg, clean_jpeg};
pub use pdf::check_pdf;
pub use picture::{PictureInfo, check_picture};
pub use sniff::{Format, sniff};

pub use crate::crypto::blob::{BlobOpener, BlobSealer, Sealed};

#[cfg(test)]
mod sample;
