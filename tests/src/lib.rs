//! Nestpost: tests.
