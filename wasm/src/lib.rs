//! The JavaScript edge of `nestpost-core`.

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of this module, as in the workspace's `Cargo.toml`.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
