//! Nestpost: server.
