//! Blobs over real sockets: from the reservation to the last hold.

mod life;
mod limits;
mod rights;
mod stalls;
mod upload;
