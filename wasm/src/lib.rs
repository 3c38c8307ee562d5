//! The JavaScript edge of `nestpost-core`: one class for the engine, one for the door, a few functions.
//!
//! Nothing is decided here. Exports are synchronous and never call back into JavaScript, so nothing can be entered
//! twice. Data goes in and out as plain objects (bytes as `Uint8Array`) whose shapes stand in `convert.rs` alone.
//! A panic is a trap without a text: the instance is dead then, and whoever supervises the worker starts a new one from
//! storage.

#![forbid(unsafe_code)]

mod convert;
mod door;
mod engine;
mod error;
pub mod media;

use nestpost_core::code::{self, CodeState};
use nestpost_core::crypto::{DeviceKeys, LocalKey};
use nestpost_core::store::Table;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use convert::SecretsIn;

/// The version of this module, as in the workspace's `Cargo.toml`.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Names of the storage's tables, in the order in which [`engine::Engine::open`] wants their rows.
#[wasm_bindgen]
#[must_use]
pub fn tables() -> Vec<String> {
    Table::ALL.iter().map(|table| table.name().to_owned()).collect()
}

/// Fresh secrets of a device in one house: `{seed, local}`, 32 bytes each, for the platform's key store.
///
/// # Errors
/// None in practice; the conversion has a fallible signature.
#[wasm_bindgen(js_name = newSecrets)]
pub fn new_secrets() -> Result<JsValue, JsValue> {
    let (keys, local) = (DeviceKeys::generate(), LocalKey::generate());
    convert::to_js(&SecretsIn { seed: *keys.expose_seed(), local: *local.expose_bytes() })
}

/// How an invite code stands while it is typed: `partial`, `mistyped` or `complete`.
#[wasm_bindgen(js_name = checkCode)]
#[must_use]
pub fn check_code(text: &str) -> String {
    match code::state(text) {
        CodeState::Partial => "partial",
        CodeState::Mistyped => "mistyped",
        CodeState::Complete => "complete",
    }
    .to_owned()
}
