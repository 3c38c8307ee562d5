//! The driver's clock: the system's, shifted by as much as a test or the demo wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use nestpost_core::time::Timestamp;

/// A clock that several devices may share. Clones shift together.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    shift_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Shifts the clock from now on; negative is the past.
    pub fn shift(&self, ms: i64) {
        self.shift_ms.store(ms, Ordering::Relaxed);
    }

    /// The present, as this clock claims.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        let shifted = ms.saturating_add(self.shift_ms.load(Ordering::Relaxed));
        Timestamp::from_millis(u64::try_from(shifted).unwrap_or(0))
    }
}
