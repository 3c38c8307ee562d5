//! The relay over real sockets, driven by hand-signed messages.

mod support;

mod admission;
mod binary;
mod door;
mod fan_out;
mod http;
mod limits;
mod retention;
mod schema;
