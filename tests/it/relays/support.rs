//! Hand-signed frames, and a client that says exactly what it is told to: those of the real relay's own tests.

#![allow(dead_code, reason = "the list needs some of it")]

#[path = "../../../server/tests/it/support/blobs.rs"]
pub(crate) mod blobs;
#[path = "../../../server/tests/it/support/client.rs"]
pub(crate) mod client;
#[path = "../../../server/tests/it/support/house.rs"]
pub(crate) mod house;
#[path = "../../../server/tests/it/support/http.rs"]
pub(crate) mod http;
#[path = "../../../server/tests/it/support/relay.rs"]
pub(crate) mod relay;

pub(crate) use blobs::Kita;
pub(crate) use client::Client;
pub(crate) use house::{Device, Draft, House};
pub(crate) use relay::TestRelay;
