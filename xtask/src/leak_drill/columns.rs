//! What the relay keeps in columns, next to what the threat model says of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::command::{command, output};
use crate::workspace::Workspace;

const DOCUMENT: &str = "docs/threat-model.md";
const SECTION: &str = "## Everything the relay stores";

/// Prints every column of the relay's database with what it reveals.
///
/// Returns what is missing on either side.
pub(crate) fn compare(workspace: &Workspace, relay: &Path, data: &Path) -> Result<Vec<String>> {
    let live = output(command(relay, workspace.root()).arg("columns").arg("--data").arg(data))?;
    let live: BTreeSet<&str> = live.lines().collect();
    let document = fs::read_to_string(workspace.root().join(DOCUMENT)).context(DOCUMENT)?;
    let documented = documented(&document);
    for column in &live {
        println!("stored: {column:<28} {}", documented.get(column).unwrap_or(&"?"));
    }
    Ok(differences(&live, &documented))
}

/// Rows `| `table.column` | what it reveals |` of the section.
fn documented(document: &str) -> BTreeMap<&str, &str> {
    let section = document.split_once(SECTION).map_or("", |(_, section)| section);
    let section = section.split("\n## ").next().unwrap_or_default();
    section
        .lines()
        .filter_map(|line| {
            let (column, reveals) = line.strip_prefix("| `")?.strip_suffix('|')?.split_once("` |")?;
            Some((column, reveals.trim()))
        })
        .collect()
}

fn differences(live: &BTreeSet<&str>, documented: &BTreeMap<&str, &str>) -> Vec<String> {
    let unsaid = live.iter().filter(|column| !documented.contains_key(*column));
    let gone = documented.keys().filter(|column| !live.contains(*column));
    unsaid
        .map(|column| format!("the relay stores {column}, of which {DOCUMENT} says nothing"))
        .chain(gone.map(|column| format!("{DOCUMENT} names {column}, which the relay does not store")))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{differences, documented};

    #[test]
    fn both_sides_are_held_against_each_other() {
        let document = "## Before\n| `a.x` | no |\n## Everything the relay stores\n| column | what |\n| `a.b` | when |\n\
                        | `a.c` | who |\n## After\n| `a.y` | no |\n";
        let documented = documented(document);
        assert_eq!(documented.into_iter().collect::<Vec<_>>(), [("a.b", "when"), ("a.c", "who")]);
    }

    #[test]
    fn neither_side_may_have_more() {
        let documented = [("a.b", ""), ("a.c", "")].into_iter().collect();
        assert!(differences(&BTreeSet::from(["a.b", "a.c"]), &documented).is_empty());
        assert_eq!(differences(&BTreeSet::from(["a.b", "a.d"]), &documented).len(), 2);
    }
}
