//! How many tests passed and failed, read from what test runners print.

use std::sync::LazyLock;

use regex::Regex;

/// Tests that ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    /// Adds what `line` says, if it is a summary of libtest, vitest or node's own runner.
    pub(crate) fn read(&mut self, line: &str) {
        let line = ANSI.replace_all(line, "");
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("test result:") {
            // libtest: `test result: ok. 3 passed; 0 failed; 1 ignored; …`
            self.passed += number_before(rest, "passed");
            self.failed += number_before(rest, "failed");
        } else if let Some(rest) = line.strip_prefix("Tests ") {
            // vitest: `Tests  1 failed | 3 passed (4)`
            self.passed += number_before(rest, "passed");
            self.failed += number_before(rest, "failed");
        } else if let Some(captures) = NODE.captures(line) {
            // node --test: `ℹ pass 3`, or `# pass 3`
            let count = captures.name("count").and_then(|count| count.as_str().parse().ok()).unwrap_or(0);
            match captures.name("what").map(|what| what.as_str()) {
                Some("pass") => self.passed += count,
                _ => self.failed += count,
            }
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

static ANSI: LazyLock<Regex> = LazyLock::new(|| pattern("\u{1b}\\[[0-9;]*m"));
static NODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^[#ℹ] (?<what>pass|fail|cancelled) (?<count>\d+)$"));

/// Compiles a pattern that stands in the source.
#[expect(clippy::expect_used, reason = "the patterns are constants, each used by a test")]
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// `3 passed` → 3; 0 when the word is absent.
fn number_before(text: &str, word: &str) -> u64 {
    let mut words = text.split([' ', ';', '|', '(', ')', '.']).filter(|part| !part.is_empty());
    let mut previous = "";
    words
        .find_map(|part| {
            let number = if part == word { previous.parse().ok() } else { None };
            previous = part;
            number
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn read(lines: &[&str]) -> (u64, u64) {
        let mut counts = Counts::default();
        for line in lines {
            counts.read(line);
        }
        (counts.passed, counts.failed)
    }

    #[test]
    fn libtest_summaries_add_up() {
        let lines = [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.03s",
            "test store::tests::passed ... ok",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        ];
        assert_eq!(read(&lines), (15, 2));
    }

    #[test]
    fn vitest_counts_tests_and_not_files() {
        let lines = [
            " Test Files  1 failed | 2 passed (3)",
            "\u{1b}[2m      Tests \u{1b}[22m 1 failed | 7 passed | 2 skipped (10)",
        ];
        assert_eq!(read(&lines), (7, 1));
        assert_eq!(read(&["      Tests  9 passed (9)"]), (9, 0));
    }

    #[test]
    fn node_runner_counts_cancelled_tests_as_failed() {
        assert_eq!(read(&["ℹ tests 6", "ℹ pass 4", "ℹ fail 1", "ℹ cancelled 1"]), (4, 2));
        assert_eq!(read(&["# pass 4", "# fail 0"]), (4, 0));
    }
}
