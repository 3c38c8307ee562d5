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
mod outsider;

use nestpost_core::code::{self, CodeState};
use nestpost_core::crypto::secret::Secret;
use nestpost_core::crypto::{DeviceKeys, LocalKey, pin};
use nestpost_core::store::Table;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use zeroize::Zeroizing;

use convert::SecretsIn;
use error::Failure;

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

/// Seals the secrets of a device under a PIN and 32 bytes of this tablet, as a stock age passphrase file.
///
/// # Errors
/// None in practice; the conversion has a fallible signature.
#[wasm_bindgen(js_name = sealPin)]
pub fn seal_pin(secrets: JsValue, pin: &str, tablet: &[u8]) -> Result<Vec<u8>, JsValue> {
    let secrets: SecretsIn = convert::from_js(secrets)?;
    let plain = Zeroizing::new([secrets.seed, secrets.local].concat());
    pin::seal(&plain, pin, &tablet_of(tablet)).map_err(|_| Failure("internal").into())
}

/// Opens what a PIN sealed: `{seed, local}`; `undefined` if it is another PIN.
///
/// # Errors
/// None in practice; the conversion has a fallible signature.
#[wasm_bindgen(js_name = openPin)]
pub fn open_pin(file: &[u8], pin: &str, tablet: &[u8]) -> Result<JsValue, JsValue> {
    let plain = pin::open(file, pin, &tablet_of(tablet)).map(Zeroizing::new).unwrap_or_default();
    match plain.as_chunks::<32>() {
        ([seed, local], []) => convert::to_js(&SecretsIn { seed: *seed, local: *local }),
        _ => Ok(JsValue::UNDEFINED),
    }
}

/// Whether a PIN may be chosen.
#[wasm_bindgen(js_name = isPinFit)]
#[must_use]
pub fn is_pin_fit(pin: &str) -> bool {
    pin::is_fit(pin)
}

fn tablet_of(bytes: &[u8]) -> Secret<32> {
    Secret::new(bytes.try_into().unwrap_or_default())
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
