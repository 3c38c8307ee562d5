//! The shapes of everything that crosses to JavaScript. `web-demo/src/engine/edge.ts` declares the same ones; both are
//! held to `wasm/golden/*.json`.

use nestpost_core::app::{Command, Greeting, Query, Reply, view};
use nestpost_core::code;
use nestpost_core::crypto::{DeviceKeys, InviteSecret, LocalKey};
use nestpost_core::door::Visitor;
use nestpost_core::engine::{Config, FoundArgs, Input, Output, Secrets};
use nestpost_core::store::{Loaded, Table, Write};
use nestpost_core::time::Timestamp;
use nestpost_protocol::id::HouseId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use wasm_bindgen::JsValue;
use zeroize::Zeroize as _;

use crate::error::{Failure, SHAPE};

/// Plain objects with `null` for what is missing; numbers stay numbers.
const SERIALIZER: serde_wasm_bindgen::Serializer =
    serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true);

pub(crate) fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value.serialize(&SERIALIZER).map_err(|_| SHAPE.into())
}

pub(crate) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|_| SHAPE.into())
}

/// `Date.now()`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float saturates when it is cast"
)]
pub(crate) fn timestamp(ms: f64) -> Timestamp {
    Timestamp::from_millis(ms as u64)
}

/// Secrets of a device in one house.
#[derive(Serialize, Deserialize)]
pub(crate) struct SecretsIn {
    #[serde(with = "serde_bytes")]
    pub(crate) seed: [u8; 32],
    #[serde(with = "serde_bytes")]
    pub(crate) local: [u8; 32],
}

impl Drop for SecretsIn {
    fn drop(&mut self) {
        self.seed.zeroize();
        self.local.zeroize();
    }
}

impl SecretsIn {
    pub(crate) fn secrets(&self) -> Secrets {
        Secrets { keys: DeviceKeys::from_seed(self.seed), local: LocalKey::from_bytes(self.local) }
    }
}

/// What an engine is told once. Its seed is drawn inside: it is no secret, but nobody else needs it.
pub(crate) fn config(origin: String) -> Config {
    Config { origin, seed: nestpost_core::crypto::random::bytes() }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundIn {
    house_name: String,
    director_name: String,
    help_line: String,
    notice: String,
    #[serde(default)]
    setup_code: Option<String>,
}

impl From<FoundIn> for FoundArgs {
    fn from(args: FoundIn) -> Self {
        Self {
            house_name: args.house_name,
            director_name: args.director_name,
            help_line: args.help_line,
            notice: args.notice,
            setup_code: args.setup_code,
        }
    }
}

/// A row as storage holds it.
#[derive(Serialize, Deserialize)]
pub(crate) struct RowIn {
    table: String,
    key: ByteBuf,
    value: ByteBuf,
}

impl TryFrom<RowIn> for Loaded {
    type Error = Failure;
    fn try_from(row: RowIn) -> Result<Self, Failure> {
        let table = Table::from_name(&row.table).ok_or(SHAPE)?;
        Ok(Self { table, key: row.key.into_vec(), value: row.value.into_vec() })
    }
}

/// [`Input`] as `{name: fields}`, or the bare name. Tags inside the object would have serde buffer every received byte in a
/// shape of its own, with the code to do so.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", expecting = "an input")]
pub(crate) enum InputIn {
    Stored { id: u64 },
    StoreFailed { id: u64 },
    LinkUp,
    LinkDown,
    Received { bytes: ByteBuf },
    Command { id: u64, command: Command },
    TicketWanted,
    Tick,
}

impl From<InputIn> for Input {
    fn from(input: InputIn) -> Self {
        match input {
            InputIn::Stored { id } => Self::Stored(id),
            InputIn::StoreFailed { id } => Self::StoreFailed(id),
            InputIn::LinkUp => Self::LinkUp,
            InputIn::LinkDown => Self::LinkDown,
            InputIn::Received { bytes } => Self::Received(bytes.into_vec()),
            InputIn::Command { id, command } => Self::Command { id, command },
            InputIn::TicketWanted => Self::TicketWanted,
            InputIn::Tick => Self::Tick,
        }
    }
}

/// [`Output`] as an object with a `type`. `idle` is always the last of a list.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum OutputOut {
    Store { id: u64, writes: Vec<WriteOut> },
    Send { bytes: ByteBuf },
    Close,
    Restart,
    Done { id: u64, result: DoneOut },
    Changed,
    Ticket { bytes: ByteBuf },
    Idle { until: Option<u64> },
}

/// A row to set; `value: null` deletes.
#[derive(Serialize)]
pub(crate) struct WriteOut {
    table: &'static str,
    key: ByteBuf,
    value: Option<ByteBuf>,
}

/// `{ok: …}` or `{error: code}`.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DoneOut {
    Ok(Reply),
    Error(&'static str),
}

impl From<Write> for WriteOut {
    fn from(write: Write) -> Self {
        Self {
            table: write.table.name(),
            key: ByteBuf::from(write.key),
            value: write.value.map(ByteBuf::from),
        }
    }
}

impl From<Output> for OutputOut {
    fn from(output: Output) -> Self {
        match output {
            Output::Store { id, writes } => {
                Self::Store { id, writes: writes.into_iter().map(WriteOut::from).collect() }
            }
            Output::Send(bytes) => Self::Send { bytes: ByteBuf::from(bytes) },
            Output::Close => Self::Close,
            Output::Restart => Self::Restart,
            Output::Done { id, result } => Self::Done {
                id,
                result: result.map_or_else(|error| DoneOut::Error(error.code()), DoneOut::Ok),
            },
            Output::Changed => Self::Changed,
            Output::Ticket(bytes) => Self::Ticket { bytes: ByteBuf::from(bytes) },
            Output::Idle { until } => Self::Idle { until: until.map(Timestamp::millis) },
        }
    }
}

/// A query's `{name: args}` stands in `core/src/app/command.rs`.
pub(crate) type QueryIn = Query;

/// An opened invite: what the page shows, and what [`crate::engine::Engine::join`] takes back.
#[derive(Serialize, Deserialize)]
pub(crate) struct VisitorIn {
    house: String,
    secret: ByteBuf,
    greeting: ByteBuf,
}

impl Drop for VisitorIn {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl From<&Visitor> for VisitorIn {
    fn from(visitor: &Visitor) -> Self {
        Self {
            house: visitor.house.to_string(),
            secret: ByteBuf::from(visitor.secret.expose_bytes().to_vec()),
            greeting: ByteBuf::from(visitor.greeting.clone()),
        }
    }
}

impl TryFrom<&VisitorIn> for Visitor {
    type Error = Failure;
    fn try_from(visitor: &VisitorIn) -> Result<Self, Failure> {
        let house: HouseId = visitor.house.parse().map_err(|_| SHAPE)?;
        let secret: [u8; 16] = visitor.secret.as_slice().try_into().map_err(|_| SHAPE)?;
        Ok(Self { house, secret: InviteSecret::from_bytes(secret), greeting: visitor.greeting.to_vec() })
    }
}

/// What the door wants next.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum DoorOut {
    Send { bytes: ByteBuf },
    Opened { visitor: VisitorIn, greeting: view::InviteGreeting },
    Sent {},
}

/// The greeting as the page shows it.
pub(crate) fn greeting(house: &HouseId, greeting: Greeting) -> view::InviteGreeting {
    view::InviteGreeting {
        house_name: greeting.house_name,
        fingerprint: code::fingerprint(house),
        notice: greeting.notice,
        valid_until: greeting.valid_until,
        role: greeting.role,
        pin: greeting.pin == Some(true),
        device_name: Some(greeting.device_name).filter(|name| !name.is_empty()),
        help_line: greeting.help_line,
    }
}

#[cfg(test)]
mod tests;
