//! Pictures and files before they are sealed: what they are, what is taken out of them, and why one is set aside.
//!
//! Pure functions over bytes. Sealing and opening is [`crate::crypto::blob`]'s.

mod fault;

pub use fault::MediaFault;

pub use crate::crypto::blob::{BlobOpener, BlobSealer, Sealed};
