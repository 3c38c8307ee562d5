//! Nestpost: protocol.
