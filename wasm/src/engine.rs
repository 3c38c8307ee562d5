//! The engine's class.

use nestpost_core::door::Visitor;
use nestpost_core::engine::{self, Output};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::convert::{
    self, FoundIn, InputIn, OutputOut, QueryIn, RowIn, SecretsIn, VisitorIn, from_js, timestamp, to_js,
};
use crate::error::{Failure, SHAPE};

/// The engine of one house on one device.
#[wasm_bindgen]
pub struct Engine {
    inner: engine::Engine,
}

#[wasm_bindgen]
impl Engine {
    /// A new house. `args`: `{houseName, directorName, helpLine, notice, setupCode?}`. Feed it a `tick` first.
    ///
    /// # Errors
    /// `empty`, `too_long`.
    pub fn found(origin: String, secrets: JsValue, args: JsValue) -> Result<Engine, JsValue> {
        let secrets: SecretsIn = from_js(secrets)?;
        let args: FoundIn = from_js(args)?;
        let founded = engine::Engine::found(&convert::config(origin), secrets.secrets(), args.into())
            .map_err(Failure::from)?;
        Ok(Self { inner: founded.engine })
    }

    /// A device that joins with what [`crate::door::Door`] opened. Feed it a `tick` first.
    ///
    /// # Errors
    /// `app_mixed` when the objects have another shape.
    pub fn join(origin: String, secrets: JsValue, visitor: JsValue) -> Result<Engine, JsValue> {
        let secrets: SecretsIn = from_js(secrets)?;
        let visitor: VisitorIn = from_js(visitor)?;
        let visitor = Visitor::try_from(&visitor)?;
        Ok(Self { inner: engine::Engine::join(&convert::config(origin), secrets.secrets(), &visitor) })
    }

    /// A device that the recovery sheet is to add to a person, both in hex. Feed it a `tick` first.
    ///
    /// # Errors
    /// `app_mixed` when the objects have another shape.
    pub fn pair(origin: String, secrets: JsValue, house: &str, person: &str) -> Result<Engine, JsValue> {
        let secrets: SecretsIn = from_js(secrets)?;
        let house = house.parse().map_err(|_| SHAPE)?;
        let person = person.parse().map_err(|_| SHAPE)?;
        Ok(Self { inner: engine::Engine::pair(&convert::config(origin), secrets.secrets(), house, person) })
    }

    /// The recovery sheet as a device of its own. Nothing that it asks to store is to be stored.
    ///
    /// # Errors
    /// `code_mistyped`.
    #[wasm_bindgen(js_name = unfoldSheet)]
    pub fn unfold_sheet(origin: String, house: &str, sheet: &str) -> Result<Engine, JsValue> {
        let inner = engine::Engine::unfold_sheet(&convert::config(origin), house, sheet);
        Ok(Self { inner: inner.map_err(Failure::from)? })
    }

    /// What a device answers that is to be added.
    #[must_use]
    pub fn answer(&self) -> Option<String> {
        self.inner.pairing().map(|(answer, _)| answer)
    }

    /// From all rows `{table, key, value}` of a storage, in the order of [`crate::tables`] and of their keys.
    ///
    /// # Errors
    /// `internal` when these are not the rows of an engine with these secrets.
    pub fn open(origin: String, secrets: JsValue, rows: JsValue) -> Result<Engine, JsValue> {
        let secrets: SecretsIn = from_js(secrets)?;
        let rows: Vec<RowIn> = from_js(rows)?;
        let rows = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<_>, _>>()?;
        let inner =
            engine::Engine::open(&convert::config(origin), secrets.secrets(), rows).map_err(Failure::from)?;
        Ok(Self { inner })
    }

    /// Takes one input and returns all outputs that follow; the last is `idle`. `now` is `Date.now()`.
    ///
    /// # Errors
    /// `app_mixed` when the input has another shape; nothing has happened then.
    pub fn handle(&mut self, now: f64, input: JsValue) -> Result<JsValue, JsValue> {
        let input: InputIn = from_js(input)?;
        self.inner.handle(timestamp(now), input.into());
        let mut outputs = Vec::new();
        loop {
            let output = self.inner.poll_output();
            let idle = matches!(output, Output::Idle { .. });
            outputs.push(OutputOut::from(output));
            if idle {
                return to_js(&outputs);
            }
        }
    }

    /// Answers a question `{name: args}` from what is on this device.
    ///
    /// # Errors
    /// The codes of `AppError`.
    pub fn query(&self, now: f64, query: JsValue) -> Result<JsValue, JsValue> {
        let query: QueryIn = from_js(query)?;
        to_js(&self.inner.query(timestamp(now), &query).map_err(Failure::from)?)
    }

    /// The house as the page's header shows it, less its slot.
    ///
    /// # Errors
    /// None in practice.
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.summary())
    }

    /// Pictures and files of this device on their way, in the order of sending.
    ///
    /// # Errors
    /// None in practice.
    pub fn transfers(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.transfers())
    }

    /// What opens a picture or file; `null` when it is gone, or not for this device.
    ///
    /// # Errors
    /// None in practice.
    pub fn media(&self, item: &str) -> Result<JsValue, JsValue> {
        to_js(&item.parse().ok().and_then(|item| self.inner.media(&item)))
    }

    /// All pictures and files that this device reads, newest first.
    ///
    /// # Errors
    /// None in practice.
    #[wasm_bindgen(js_name = mediaIndex)]
    pub fn media_index(&self) -> Result<JsValue, JsValue> {
        to_js(&self.inner.media_index())
    }

    /// The house's id in hex, once it has one.
    #[must_use]
    pub fn house(&self) -> Option<String> {
        self.inner.house_id().map(|id| id.to_string())
    }
}
