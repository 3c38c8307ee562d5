//! The protocol's document may not lag behind its sources: it names their hash, and whoever changes them reads it again.

use anyhow::{Context as _, Result, bail};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::stamp::add;
use crate::tidy::{Finding, Source};
use crate::workspace::Workspace;

const DOCUMENT: &str = "docs/protocol.md";
const MARK: &str = "wire-hash: ";

pub(crate) fn check(sources: &[Source]) -> Vec<Finding> {
    let Some(document) = sources.iter().find(|source| source.path == DOCUMENT) else {
        return vec![Finding::new(DOCUMENT, "1", "is missing (wire-hash)")];
    };
    let hash = hash(sources);
    match document.text.lines().enumerate().find_map(|(index, line)| Some((index + 1, pinned(line)?))) {
        Some((_, found)) if found == hash => Vec::new(),
        Some((line, _)) => vec![Finding::at(
            document,
            line,
            "protocol/src changed: bring this document up to date, then run `cargo xtask tidy --bless` (wire-hash)",
        )],
        None => vec![Finding::at(document, 1, format!("has no line `{MARK}…` (wire-hash)"))],
    }
}

/// Writes the sources' hash into the document's line.
pub(crate) fn bless(workspace: &Workspace, sources: &[Source]) -> Result<()> {
    let document =
        sources.iter().find(|source| source.path == DOCUMENT).context("docs/protocol.md is missing")?;
    let Some(blessed) = blessed(&document.text, &hash(sources)) else {
        bail!("{DOCUMENT} has no line `{MARK}…`");
    };
    std::fs::write(workspace.root().join(DOCUMENT), blessed).context(DOCUMENT)
}

fn blessed(text: &str, hash: &str) -> Option<String> {
    let old = text.lines().find_map(pinned)?;
    Some(text.replacen(&format!("{MARK}{old}"), &format!("{MARK}{hash}"), 1))
}

/// `` `wire-hash: 00ff…` `` or `<!-- wire-hash: 00ff… -->` → the hash.
fn pinned(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(MARK)?;
    let end = rest.find(|character: char| !character.is_ascii_hexdigit()).unwrap_or(rest.len());
    rest.get(..end)
}

/// SHA-256 over name and content of every Rust file below protocol/src, by name.
fn hash(sources: &[Source]) -> String {
    let mut wire: Vec<&Source> = sources
        .iter()
        .filter(|source| source.path.starts_with("protocol/src/") && source.has_extension(&["rs"]))
        .collect();
    wire.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hasher = Sha256::new();
    for source in wire {
        add(&mut hasher, source.path.as_bytes());
        add(&mut hasher, source.text.as_bytes());
    }
    HEXLOWER.encode(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::{blessed, check, hash};
    use crate::tidy::Source;

    fn sources(document: &str, wire: &str) -> Vec<Source> {
        vec![
            Source::fixture("docs/protocol.md", document),
            Source::fixture("protocol/src/header.rs", wire),
            Source::fixture("core/src/lib.rs", "unrelated"),
        ]
    }

    #[test]
    fn document_lags_when_a_wire_source_changes() {
        let hash_one = hash(&sources("", "one"));
        let document = format!("# Protocol\n<!-- wire-hash: {hash_one} -->\n");
        assert!(check(&sources(&document, "one")).is_empty());
        assert_eq!(check(&sources(&document, "two")).len(), 1);
        let blessed = blessed(&document, &hash(&sources("", "two"))).unwrap();
        assert!(check(&sources(&blessed, "two")).is_empty());
    }

    #[test]
    fn document_without_the_line_is_a_finding() {
        assert_eq!(check(&sources("# Protocol\n", "one")).len(), 1);
        assert_eq!(check(&[]).len(), 1);
        assert_eq!(blessed("# Protocol\n", "00"), None);
        assert_eq!(blessed("wire-hash: \n", "00").as_deref(), Some("wire-hash: 00\n"));
    }
}
