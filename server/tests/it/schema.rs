//! The threat model lists every column the relay stores, and no other.

use std::collections::BTreeSet;

use nestpost_server::store::Store as _;
use nestpost_server::store::sqlite::{SqliteOptions, SqliteStore};

const DOCUMENT: &str = include_str!("../../../docs/threat-model.md");
const SECTION: &str = "## Everything the relay stores";

/// Rows `| `table.column` | what it reveals |` of the section.
fn documented() -> Vec<(String, String)> {
    let section = DOCUMENT.split_once(SECTION).expect("the section is there").1;
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.strip_suffix('|')?.splitn(2, "` |");
        Some((cells.next()?.to_owned(), cells.next()?.trim().to_owned()))
    });
    rows.collect()
}

#[tokio::test]
async fn every_column_is_in_the_threat_model_and_every_row_is_a_column() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions { path: folder.path().join("nestpost.sqlite"), pages_max: None };
    assert!(SqliteStore::columns_of(&options.path).await.is_err());
    SqliteStore::open(&options).await.unwrap().close().await;
    let live: BTreeSet<String> = SqliteStore::columns_of(&options.path).await.unwrap().into_iter().collect();
    assert!(live.contains("records.body"), "{live:?}");
    let rows = documented();
    let named: BTreeSet<String> = rows.iter().map(|(column, _)| column.clone()).collect();
    assert_eq!(named.len(), rows.len(), "a column stands there twice");
    let missing: Vec<_> = live.difference(&named).collect();
    let gone: Vec<_> = named.difference(&live).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not documented: {missing:?}; not there: {gone:?}");
    for (column, reveals) in rows {
        assert!(reveals.len() >= 10, "{column} does not say what it reveals");
    }
}
