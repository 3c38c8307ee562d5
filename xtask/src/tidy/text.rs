//! Files as text: length, trailing blanks, paths of one machine.

use std::sync::LazyLock;

use regex::Regex;

use crate::counts::pattern;
use crate::tidy::{Finding, Source};

/// Longer files are split.
const LINES_MAX: usize = 800;
const CODE: [&str; 9] = ["rs", "ts", "js", "mjs", "svelte", "css", "sql", "cddl", "html"];

/// Home and working folders of somebody's machine.
static MACHINE_PATH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[^\w.-])/(?:work|root|home/[a-z]\w*|Users/[A-Za-z]\w*)/"));

pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    sources.iter().flat_map(check_file).collect()
}

fn check_file(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = source.text.lines().count();
    if lines > LINES_MAX
        && !is_recorded(source)
        && source.has_extension(&CODE)
        && !source.allows(1, "long")
        && !source.allows(2, "long")
    {
        findings.push(Finding::at(source, lines, format!("{lines} lines; split at {LINES_MAX} (long)")));
    }
    for (index, line) in source.text.lines().enumerate() {
        let number = index + 1;
        if line.ends_with([' ', '\t', '\r']) && !is_recorded(source) {
            findings.push(Finding::at(source, number, "blanks at the end of the line (trailing)"));
        }
        if MACHINE_PATH.is_match(line) && !source.allows(number, "machine-path") {
            findings.push(Finding::at(source, number, "a path of one machine (machine-path)"));
        }
    }
    findings
}

/// What a tool wrote is kept as it is.
fn is_recorded(source: &Source) -> bool {
    source.has_extension(&["snap"])
        || ["/vectors/", "/fixtures/", "/corpus/", ".gen.", ".golden."]
            .iter()
            .any(|part| source.path.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{LINES_MAX, check};
    use crate::tidy::Source;

    fn count(path: &str, text: &str) -> usize {
        check(&[Source::fixture(path, text)]).len()
    }

    #[test]
    fn file_is_split_one_line_past_the_limit() {
        assert_eq!(count("a.rs", &"x\n".repeat(LINES_MAX)), 0);
        assert_eq!(count("a.rs", &"x\n".repeat(LINES_MAX + 1)), 1);
        assert_eq!(count("a.md", &"x\n".repeat(LINES_MAX + 1)), 0);
        assert_eq!(count("a.gen.ts", &"x\n".repeat(LINES_MAX + 1)), 0);
        assert_eq!(
            count("a.rs", &format!("// tidy: allow(long): one table\n{}", "x\n".repeat(LINES_MAX))),
            0
        );
    }

    #[test]
    fn trailing_blanks_are_found() {
        assert_eq!(count("a.md", "one \ntwo\t\nthree\n"), 2);
        assert_eq!(count("tests/vectors/a.txt", "one \n"), 0);
    }

    #[test]
    fn machine_paths_are_found_and_look_alikes_pass() {
        // Put together here, so that this file has none itself.
        for folder in ["root", "work", "home/maria", "Users/maria"] {
            assert_eq!(count("a.md", &format!("see /{folder}/notes")), 1, "{folder}");
            assert_eq!(count("a.md", &format!("file:///{folder}/notes")), 1, "{folder}");
        }
        assert_eq!(
            count("a.md", "src/work/a.rs ./root/b.rs /var/lib/nestpost/ https://kita.example/home/"),
            0
        );
    }
}
