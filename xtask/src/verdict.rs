//! What a chore says at its end.

use std::fmt::{self, Display, Write as _};

/// The closing line of a chore: whether all that was asked for holds, and figures that other tools read.
///
/// Keys are never renamed. A value has no spaces and no commas.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    holds: bool,
    fields: Vec<(&'static str, String)>,
}

impl Verdict {
    pub(crate) fn ok() -> Self {
        Self::when(true)
    }

    pub(crate) fn failed() -> Self {
        Self::when(false)
    }

    pub(crate) fn when(holds: bool) -> Self {
        Self { holds, fields: Vec::new() }
    }

    pub(crate) fn with(mut self, key: &'static str, value: impl Display) -> Self {
        self.fields.push((key, value.to_string()));
        self
    }

    pub(crate) fn holds(&self) -> bool {
        self.holds
    }

    /// `NAME: ok, key=value, …`
    pub(crate) fn line(&self, name: &str) -> String {
        let mut line = format!("{name}: {}", if self.holds { "ok" } else { "failed" });
        for (key, value) in &self.fields {
            // Writing to a String cannot fail.
            let _ = write!(line, ", {key}={value}");
        }
        line
    }
}

/// The caller asked for something that cannot be done as asked: exit code 2.
#[derive(Debug)]
pub(crate) struct WrongUse(pub(crate) String);

impl Display for WrongUse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WrongUse {}

#[cfg(test)]
mod tests {
    use super::{Verdict, WrongUse};

    #[test]
    fn closing_line_names_state_and_figures() {
        let line = Verdict::when(false).with("passed", 3).with("failed", 1).line("test");
        assert_eq!(line, "test: failed, passed=3, failed=1");
        assert_eq!(Verdict::ok().line("ci"), "ci: ok");
    }

    #[test]
    fn wrong_use_survives_as_an_error_with_context() {
        let error = anyhow::Error::new(WrongUse("no".to_owned())).context("while setting up");
        assert!(error.is::<WrongUse>());
    }
}
