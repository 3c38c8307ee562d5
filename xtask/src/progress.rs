//! Progress on standard error: one line when a step begins, one when it ends.

use std::time::Instant;

/// A step under way. Dropping it without [`Step::done`] says that it failed.
#[derive(Debug)]
pub(crate) struct Step {
    title: String,
    started: Instant,
    ended: bool,
}

impl Step {
    pub(crate) fn start(title: impl Into<String>) -> Self {
        let title = title.into();
        eprintln!("==> {title}");
        Self { title, started: Instant::now(), ended: false }
    }

    /// Seconds since the step began.
    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    pub(crate) fn done(mut self) {
        self.ended = true;
        eprintln!("  ok {} ({:.1} s)", self.title, self.seconds());
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.ended {
            eprintln!("  FAILED {} ({:.1} s)", self.title, self.seconds());
        }
    }
}

/// Says that a step was not needed, and why.
pub(crate) fn skipped(title: &str, why: &str) {
    eprintln!("  ok {title} ({why})");
}

/// A line that belongs to the step under way.
pub(crate) fn note(text: &str) {
    eprintln!("     {text}");
}
