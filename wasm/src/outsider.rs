//! The class of an outsider who hands in one message.

use nestpost_core::inquiry::{self, OutsiderStep, Words};
use serde_bytes::ByteBuf;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::convert::{DoorOut, timestamp, to_js};
use crate::error::Failure;

/// Writes to a house by its public link, without belonging to it.
#[wasm_bindgen]
pub struct Outsider {
    inner: inquiry::Outsider,
}

#[wasm_bindgen]
impl Outsider {
    /// From the link and what was typed.
    ///
    /// # Errors
    /// `code_mistyped`, `empty`, `too_long`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        origin: &str,
        link: &str,
        name: &str,
        contact: &str,
        text: &str,
        now: f64,
    ) -> Result<Outsider, JsValue> {
        let words = Words::new(name, contact, text, timestamp(now)).map_err(Failure::from)?;
        Ok(Self { inner: inquiry::Outsider::new(origin, link, words).map_err(Failure::from)? })
    }

    /// Takes one frame of the relay. Returns `{type: 'send', bytes}` or `{type: 'sent'}`.
    ///
    /// # Errors
    /// The codes of `DoorError`; close the line.
    pub fn received(&mut self, bytes: &[u8]) -> Result<JsValue, JsValue> {
        match self.inner.received(bytes).map_err(Failure::from)? {
            OutsiderStep::Send(bytes) => to_js(&DoorOut::Send { bytes: ByteBuf::from(bytes) }),
            OutsiderStep::Sent => to_js(&DoorOut::Sent {}),
        }
    }
}
