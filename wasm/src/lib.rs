//! The JavaScript edge of `nestpost-core`.
