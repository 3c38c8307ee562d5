//! Nestpost: client.
