//! The class of a conversation at the relay's door.

use nestpost_core::door::{self, DoorStep};
use serde_bytes::ByteBuf;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::convert::{self, DoorOut, VisitorIn, to_js};
use crate::error::Failure;

/// Opens an invite without consuming it.
#[wasm_bindgen]
pub struct Door {
    inner: door::Door,
}

#[wasm_bindgen]
impl Door {
    /// From what was typed or scanned.
    ///
    /// # Errors
    /// `code_mistyped`.
    #[wasm_bindgen(constructor)]
    pub fn new(origin: &str, code: &str) -> Result<Door, JsValue> {
        Ok(Self { inner: door::Door::new(origin, code).map_err(Failure::from)? })
    }

    /// Takes one frame of the relay. Returns `{type: 'send', bytes}` or `{type: 'opened', visitor, greeting}`.
    ///
    /// # Errors
    /// The codes of `DoorError`; close the line.
    pub fn received(&mut self, bytes: &[u8]) -> Result<JsValue, JsValue> {
        match self.inner.received(bytes).map_err(Failure::from)? {
            DoorStep::Send(bytes) => to_js(&DoorOut::Send { bytes: ByteBuf::from(bytes) }),
            DoorStep::Opened(opened) => {
                let (visitor, greeting) = *opened;
                let greeting = convert::greeting(&visitor.house, greeting);
                to_js(&DoorOut::Opened { visitor: VisitorIn::from(&visitor), greeting })
            }
        }
    }
}
