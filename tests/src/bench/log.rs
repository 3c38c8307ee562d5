//! A log that a device has stored and never checked in this life: every signature and every rule, from its rows.

use std::time::Instant;

use data_encoding::BASE64;
use nestpost_core::store::{Loaded, Table};
use serde_json::{Value, json};

use super::{BigHouse, Figure};

/// What the director's device, which sees every entry, and a parent's take for the log of this house.
#[must_use]
pub fn cold_logs(house: &BigHouse, runs: u32) -> Vec<Figure> {
    [("log_cold", "dora"), ("log_cold_parent", "mona")]
        .map(|(figure, device)| {
            Figure::of(figure, runs, || {
                let rows = log_rows(house, device);
                let started = Instant::now();
                let engine = house.world.open(device, rows).expect("a log that was stored");
                let took = started.elapsed();
                assert_eq!(engine.house().log.len(), house.entries());
                took
            })
        })
        .into()
}

/// The same for whoever opens it elsewhere: `{entries, devices: {name: {seed, local, rows: [[table, key, value]]}}}`, bytes in base64.
#[must_use]
pub fn exported(house: &BigHouse) -> Value {
    let device = |name: &str| {
        let rows: Vec<_> = log_rows(house, name)
            .iter()
            .map(|row| json!([row.table.name(), BASE64.encode(&row.key), BASE64.encode(&row.value)]))
            .collect();
        let (seed, local) = house.world.secrets_of(name);
        json!({ "seed": BASE64.encode(&seed), "local": BASE64.encode(&local), "rows": rows })
    };
    json!({ "entries": house.entries(), "devices": { "staff": device("dora"), "parent": device("mona") } })
}

fn log_rows(house: &BigHouse, device: &str) -> Vec<Loaded> {
    let mut rows = house.world.rows(device);
    rows.retain(|row| matches!(row.table, Table::Meta | Table::Log));
    rows
}
