//! What may not stand in a crate's dependency tree.

use anyhow::Result;

use crate::command::{cargo, output};
use crate::tidy::Finding;
use crate::workspace::Workspace;

/// A crate, how its tree is drawn, and the crates that must not be in it.
struct Tree {
    package: &'static str,
    options: &'static [&'static str],
    forbidden: &'static [&'static str],
    why: &'static str,
}

const RUNTIMES: [&str; 7] = ["axum", "js-sys", "sqlx", "tokio", "wasm-bindgen", "web-sys", "reqwest"];

const TREES: [Tree; 3] = [
    Tree {
        package: "nestpost-server",
        options: &["-e", "normal,build", "--all-features", "--target", "all"],
        forbidden: &["age", "automerge", "nestpost-core"],
        why: "the relay could open what it stores",
    },
    Tree {
        package: "nestpost-core",
        options: &["-e", "normal", "--all-features"],
        forbidden: &RUNTIMES,
        why: "core does no input and output",
    },
    Tree {
        package: "nestpost-protocol",
        options: &["-e", "normal", "--all-features"],
        forbidden: &RUNTIMES,
        why: "protocol does no input and output",
    },
];

pub(crate) fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for tree in &TREES {
        let mut cargo = cargo(workspace.root());
        cargo
            .args(["tree", "--locked", "--prefix", "none", "--format", "{p}", "-p", tree.package])
            .args(tree.options);
        findings.extend(check_tree(tree, &output(&mut cargo)?));
    }
    Ok(findings)
}

fn check_tree(tree: &Tree, printed: &str) -> Vec<Finding> {
    let names: Vec<&str> = printed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let finding = |message: String| Finding::new("Cargo.lock", tree.package, message);
    // A tree that does not begin with the crate was not understood, and then nothing in it can be forbidden.
    if names.first() != Some(&tree.package) {
        return vec![finding("cargo tree printed something else".to_owned())];
    }
    tree.forbidden
        .iter()
        .filter(|forbidden| names.contains(forbidden))
        .map(|forbidden| finding(format!("depends on {forbidden}: {} (dependencies)", tree.why)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{TREES, check_tree};

    #[test]
    fn relay_that_could_open_is_found_by_exact_name() {
        let relay = &TREES[0];
        assert_eq!(relay.package, "nestpost-server");
        let clean =
            "nestpost-server v0.1.0 (path)\nnestpost-protocol v0.1.0\nsqlx v0.9.0\nautomerge-free v1.0.0\n";
        assert!(check_tree(relay, clean).is_empty());
        for forbidden in ["age v0.12.1", "automerge v0.12.0", "nestpost-core v0.1.0 (path) (*)"] {
            assert_eq!(check_tree(relay, &format!("{clean}{forbidden}\n")).len(), 1, "{forbidden}");
        }
    }

    #[test]
    fn tree_that_was_not_understood_is_a_finding() {
        assert_eq!(check_tree(&TREES[0], "").len(), 1);
    }
}
