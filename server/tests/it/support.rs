//! A relay on a free port, raw clients, and a house to fill it with.

pub(crate) mod blobs;
pub(crate) mod client;
pub(crate) mod house;
pub(crate) mod http;
pub(crate) mod relay;

pub(crate) use blobs::{Blob, Courier, Kita};
pub(crate) use client::Client;
pub(crate) use house::{Device, Draft, House};
pub(crate) use relay::TestRelay;
