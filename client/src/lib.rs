//! A native driver of the Nestpost engine: tokio for time and network, one file on disk for rows, and sealed pictures and
//! files beside it.
//!
//! [`Device`] is one device in one house: a task that owns the engine, performs its outputs and keeps a line to the
//! relay, and another that prepares and sends pictures and files. Demo, tests, load and benchmarks use it; an office
//! connector and mobile bindings would.

#![forbid(unsafe_code)]

mod clock;
mod device;
mod disk;
mod line;
mod media;

pub use clock::Clock;
pub use device::{ClientError, Device, Options};
pub use disk::DiskError;
pub use media::{ChosenFile, Size};
