//! What may not stand in a crate's dependency tree.

use anyhow::Result;
use cargo_metadata::{Metadata, Package};

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

/// What is shipped, each as it is built. Rules can be taken out of none of it.
const SHIPPED: [(&str, &[&str]); 3] = [
    ("nestpost-server", &[]),
    ("nestpost-client", &[]),
    ("nestpost-wasm", &["--target", "wasm32-unknown-unknown"]),
];
/// The feature that lets rules be taken out, who has it, and the one crate that may ask for it.
const MUTANTS: &str = "mutants";
const MUTABLE: [&str; 2] = ["nestpost-core", "nestpost-protocol"];
const TESTS: &str = "nestpost-tests";

pub(crate) fn check(workspace: &Workspace, metadata: &Metadata) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (package, options) in SHIPPED {
        let mut cargo = cargo(workspace.root());
        cargo
            .args(["tree", "--locked", "--prefix", "none", "--format", "{p} {f}", "-e", "normal,build"])
            .args(["-p", package])
            .args(options);
        findings.extend(check_features(package, &output(&mut cargo)?));
    }
    findings.extend(metadata.workspace_packages().into_iter().flat_map(check_manifest));
    for tree in &TREES {
        let mut cargo = cargo(workspace.root());
        cargo
            .args(["tree", "--locked", "--prefix", "none", "--format", "{p}", "-p", tree.package])
            .args(tree.options);
        findings.extend(check_tree(tree, &output(&mut cargo)?));
    }
    Ok(findings)
}

/// Lines of `package vX (path) feature,feature`.
fn check_features(package: &'static str, printed: &str) -> Vec<Finding> {
    let finding = |message: String| Finding::new("Cargo.lock", package, message);
    let names = |line: &str| line.split([' ', ',']).any(|word| word == MUTANTS);
    if !MUTABLE.iter().any(|name| printed.lines().any(|line| line.starts_with(name))) {
        return vec![finding("cargo tree printed something else".to_owned())];
    }
    let wrong = printed.lines().filter(|line| names(line));
    wrong
        .map(|line| finding(format!("is built with rules that can be taken out: {line} (mutants)")))
        .collect()
}

/// No feature leads to it but the one of that name, which is nobody's default; none but the tests has it of their own.
fn check_manifest(package: &Package) -> Vec<Finding> {
    let has = |features: &[String]| features.iter().any(|f| f.split(['/', '?']).any(|word| word == MUTANTS));
    let dependencies = package.dependencies.iter().filter(|dependency| has(&dependency.features));
    let features = package.features.iter().filter(|(name, leads)| {
        let may = *name == MUTANTS && (package.name == TESTS || MUTABLE.contains(&package.name.as_str()));
        !may && (*name == MUTANTS || has(leads))
    });
    let wrong = dependencies.map(|dependency| &dependency.name).chain(features.map(|(name, _)| name));
    wrong
        .map(|what| {
            let message = format!("{what} switches on what only tests may (mutants)");
            Finding::new("Cargo.toml", package.name.as_str(), message)
        })
        .collect()
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
    use super::{TREES, check_features, check_tree};

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
    fn what_is_built_with_rules_that_can_be_taken_out_is_found() {
        let clean = "nestpost-server v0.1.0 (path) default\nnestpost-protocol v0.1.0 (path) \nmutants-free v1.0.0 std\n";
        assert!(check_features("nestpost-server", clean).is_empty());
        for wrong in
            ["nestpost-protocol v0.1.0 (path) mutants", "nestpost-core v0.1.0 (path) a,mutants,b (*)"]
        {
            assert_eq!(check_features("nestpost-server", &format!("{clean}{wrong}\n")).len(), 1, "{wrong}");
        }
        assert_eq!(check_features("nestpost-server", "").len(), 1);
    }

    #[test]
    fn tree_that_was_not_understood_is_a_finding() {
        assert_eq!(check_tree(&TREES[0], "").len(), 1);
    }
}
