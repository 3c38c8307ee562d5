//! Nestpost: core.
