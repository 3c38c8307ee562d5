//! What the compiler cannot check.
//!
//! A line that must break a rule says so, with a reason, on the same line or the one above: `tidy: allow(RULE): reason`.

mod dependencies;
mod modules;
mod rust;
mod text;
mod tokens;
mod web;
mod wire_hash;

use std::fmt::{self, Display};
use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::MetadataCommand;
use clap::Args;

use crate::command::{command, output};
use crate::progress::Step;
use crate::verdict::Verdict;
use crate::workspace::Workspace;
use crate::{licenses, wasm};

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct TidyArgs {
    /// Write the wire sources' present hash into docs/protocol.md, once the document says what they do.
    #[arg(long)]
    bless: bool,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    file: String,
    place: String,
    message: String,
}

impl Finding {
    pub(crate) fn new(file: impl Into<String>, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), place: place.into(), message: message.into() }
    }

    /// A finding in a line, counted from 1.
    pub(crate) fn at(source: &Source, line: usize, message: impl Into<String>) -> Self {
        Self::new(&source.path, line.to_string(), message)
    }
}

impl Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.place, self.message)
    }
}

/// A text file of the repository.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// From the repository's root, with `/`.
    path: String,
    text: String,
}

impl Source {
    #[cfg(test)]
    fn fixture(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn has_extension(&self, extensions: &[&str]) -> bool {
        let extension = Path::new(&self.path).extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| extensions.contains(&extension))
    }

    /// Tests may do what shipped code may not.
    fn is_test(&self) -> bool {
        let path = &self.path;
        path.starts_with("tests/")
            || ["/tests/", "/test/", "/e2e/", "/benches/", ".test.ts"].iter().any(|part| path.contains(part))
            || path.ends_with("/tests.rs")
    }

    /// Whether the line (counted from 1) or the one above allows `rule`, with a reason.
    fn allows(&self, line: usize, rule: &str) -> bool {
        let marker = format!("tidy: allow({rule}):");
        let reasoned =
            |text: &str| text.split_once(&marker).is_some_and(|(_, reason)| !reason.trim().is_empty());
        self.text.lines().skip(line.saturating_sub(2)).take(2.min(line)).any(reasoned)
    }
}

/// `cargo xtask tidy`
pub(crate) fn run(workspace: &Workspace, args: &TidyArgs) -> Result<Verdict> {
    if args.bless {
        let sources = read_sources(workspace)?;
        wire_hash::bless(workspace, &sources)?;
    }
    let findings = check_all(workspace)?;
    Ok(Verdict::when(findings == 0).with("findings", findings))
}

/// Prints every finding and counts them.
pub(crate) fn check_all(workspace: &Workspace) -> Result<usize> {
    let step = Step::start("tidy");
    let sources = read_sources(workspace)?;
    let metadata = MetadataCommand::new()
        .current_dir(workspace.root())
        .other_options(["--locked".to_owned()])
        .exec()
        .context("cargo metadata")?;

    let mut findings = Vec::new();
    findings.extend(dependencies::check(workspace, &metadata)?);
    findings.extend(rust::check(&sources)?);
    findings.extend(modules::check(workspace, &sources, &metadata)?);
    findings.extend(web::check(&sources));
    findings.extend(text::check(&sources));
    findings.extend(wire_hash::check(&sources));
    findings.extend(licenses::check_crates(&metadata));
    findings.extend(licenses::check_npm(&workspace.web().join("package-lock.json"))?);
    findings.extend(check_wasm_size(workspace));

    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        step.done();
    }
    Ok(findings.len())
}

/// A module that was never built here is weighed by the chores that build it.
fn check_wasm_size(workspace: &Workspace) -> Option<Finding> {
    check_gzip_bytes(wasm::built_gzip_bytes(workspace)?)
}

fn check_gzip_bytes(bytes: u64) -> Option<Finding> {
    let message = format!("{bytes} bytes gzipped, budget {} (wasm-size)", wasm::GZIP_BYTES_MAX);
    (bytes > wasm::GZIP_BYTES_MAX).then(|| Finding::new("web-demo/src/wasm", "module", message))
}

/// Every text file that git tracks or would track.
fn read_sources(workspace: &Workspace) -> Result<Vec<Source>> {
    let mut git = command("git", workspace.root());
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let list = output(&mut git).context("tidy needs a git checkout")?;
    let mut sources: Vec<Source> = list
        .split('\0')
        .filter(|path| !path.is_empty())
        // Deleted files are listed too, and pictures are no text.
        .filter_map(|path| {
            let bytes = std::fs::read(workspace.root().join(path)).ok()?;
            Some(Source { path: path.to_owned(), text: String::from_utf8(bytes).ok()? })
        })
        .collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::{Source, check_gzip_bytes};
    use crate::wasm::GZIP_BYTES_MAX;

    #[test]
    fn module_over_its_budget_is_found() {
        assert_eq!(check_gzip_bytes(GZIP_BYTES_MAX), None);
        assert!(check_gzip_bytes(GZIP_BYTES_MAX + 1).is_some());
    }

    #[test]
    fn exception_needs_its_rule_and_a_reason() {
        let source = Source::fixture(
            "a.rs",
            "// tidy: allow(clock): shown to people only\nnow()\nnow()\nnow() // tidy: allow(clock):\nnow() // tidy: allow(clock): because\n",
        );
        let allowed: Vec<bool> = (1..=5).map(|line| source.allows(line, "clock")).collect();
        assert_eq!(allowed, [true, true, false, false, true]);
        assert!(!source.allows(2, "randomness"));
    }

    #[test]
    fn test_code_is_known_by_its_place() {
        for path in [
            "tests/it/main.rs",
            "server/tests/http.rs",
            "web-demo/test/e2e/join.test.ts",
            "core/src/wire/tests.rs",
        ] {
            assert!(Source::fixture(path, "").is_test(), "{path}");
        }
        for path in ["core/src/lib.rs", "xtask/src/test.rs", "web-demo/src/main.ts"] {
            assert!(!Source::fixture(path, "").is_test(), "{path}");
        }
    }
}
