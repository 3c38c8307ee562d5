//! Benchmarks of the core: a house as large as they get, and what its devices do with it. Budgets stand in `xtask/src/bench.rs`.

mod house;
mod log;

use serde::Serialize;

pub use house::BigHouse;
pub use log::{cold_logs, exported};

/// How long something took, each time.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// Its name, a key of the report.
    pub name: &'static str,
    /// Milliseconds, one value per run.
    pub ms: Vec<f64>,
}

impl Figure {
    fn of(name: &'static str, runs: u32, mut run: impl FnMut() -> std::time::Duration) -> Self {
        Self { name, ms: (0..runs).map(|_| run().as_secs_f64() * 1_000.0).collect() }
    }
}
