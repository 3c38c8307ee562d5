//! Which branches were taken. A binary that is built with `-Cpasses=sancov-module` and counters (`cargo xtask fuzz` does) hands their
//! addresses over at its start; any other has none, and every input looks alike.
#![allow(unsafe_code, reason = "the compiler's interface")]

use std::sync::{Mutex, PoisonError};

static COUNTERS: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

/// Called once for each module that was built so, before `main`.
///
/// # Safety
/// `start` and `stop` bound one array of counters that stays where it is as long as the program runs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, stop: *mut u8) {
    let range = (start as usize, stop as usize);
    let mut counters = COUNTERS.lock().unwrap_or_else(PoisonError::into_inner);
    if range.0 < range.1 && !counters.contains(&range) {
        counters.push(range);
    }
}

/// What was seen so far, by counter: a bit for each magnitude.
#[derive(Debug, Default)]
pub struct Seen(Vec<u8>);

/// Forgets what was counted.
pub fn reset() {
    each(|_, counter| *counter = 0);
}

impl Seen {
    /// Whether the last input did what none did before; that is counted as seen, and the counters begin anew.
    #[must_use]
    pub fn is_new(&mut self) -> bool {
        let mut is_new = false;
        each(|at, counter| {
            let bit = match *counter {
                0 => return,
                1 => 1,
                2 => 2,
                3 => 4,
                4..8 => 8,
                8..16 => 16,
                16..32 => 32,
                32..128 => 64,
                _ => 128,
            };
            *counter = 0;
            if self.0.len() <= at {
                self.0.resize(at + 1, 0);
            }
            if let Some(seen) = self.0.get_mut(at).filter(|seen| **seen & bit == 0) {
                *seen |= bit;
                is_new = true;
            }
        });
        is_new
    }

    /// How many counters were ever above zero.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.iter().filter(|seen| **seen > 0).count()
    }
}

fn each(mut with: impl FnMut(usize, &mut u8)) {
    let counters = COUNTERS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut at = 0;
    for (start, stop) in counters.iter() {
        // SAFETY: as the caller of the function above promises; only this thread runs what is counted.
        let counters = unsafe { std::slice::from_raw_parts_mut(*start as *mut u8, stop - start) };
        for chunk in counters.chunks_mut(8) {
            // Nearly all are zero.
            if chunk != [0; 8] && chunk.iter().any(|counter| *counter != 0) {
                chunk.iter_mut().enumerate().for_each(|(n, counter)| with(at + n, counter));
            }
            at += chunk.len();
        }
    }
}
