//! Third-party notices: the licence texts of everything that stands in the app and in the relay, one file beside the app.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, MetadataCommand, PackageId};
use serde_json::Value;

use crate::setup::WASM_TARGET;
use crate::workspace::Workspace;

/// Served by the relay under this name; the app links to it.
const FILE_NAME: &str = "third-party.txt";

/// A licence text, and who publishes under these very words.
type ByText = BTreeMap<String, BTreeSet<String>>;

/// Writes the notices into the built app.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let mut by_text = ByText::new();
    add_crates(workspace, "nestpost-server", None, &mut by_text)?;
    add_crates(workspace, "nestpost-wasm", Some(WASM_TARGET), &mut by_text)?;
    add_npm(workspace, &mut by_text)?;
    let path = workspace.web_dist().join(FILE_NAME);
    fs::write(&path, render(&by_text)).with_context(|| path.display().to_string())
}

/// Everything that `root` links on a target; `None`: the machine's own.
fn add_crates(workspace: &Workspace, root: &str, target: Option<&str>, by_text: &mut ByText) -> Result<()> {
    let host = target.is_none().then(|| host(workspace)).transpose()?;
    let platform = target.or(host.as_deref()).context("no platform")?;
    let metadata = MetadataCommand::new()
        .current_dir(workspace.root())
        .other_options(["--locked".to_owned(), "--filter-platform".to_owned(), platform.to_owned()])
        .exec()?;
    let resolve = metadata.resolve.as_ref().context("cargo metadata resolved nothing")?;
    let root = metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.name == root)
        .context("no such package")?;

    let mut linked: BTreeSet<&PackageId> = BTreeSet::new();
    let mut open = vec![&root.id];
    while let Some(id) = open.pop() {
        if !linked.insert(id) {
            continue;
        }
        let node = resolve.nodes.iter().find(|node| node.id == *id).context("a package without a node")?;
        let normal = |dependency: &&cargo_metadata::NodeDep| {
            dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
        };
        open.extend(node.deps.iter().filter(normal).map(|dependency| &dependency.pkg));
    }
    for package in
        metadata.packages.iter().filter(|package| linked.contains(&package.id) && package.source.is_some())
    {
        let folder = package.manifest_path.parent().context("a manifest has a folder")?;
        let name = format!("{} {}", package.name, package.version);
        add(&name, package.license.as_deref(), folder.as_std_path(), by_text);
    }
    Ok(())
}

fn host(workspace: &Workspace) -> Result<String> {
    let text = crate::command::output(crate::command::command("rustc", workspace.root()).arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    Ok(host.to_owned())
}

/// Everything of npm that is not only a tool.
fn add_npm(workspace: &Workspace, by_text: &mut ByText) -> Result<()> {
    let lock: Value = serde_json::from_str(&fs::read_to_string(workspace.web().join("package-lock.json"))?)?;
    let packages =
        lock.get("packages").and_then(Value::as_object).context("package-lock.json has no packages")?;
    for (path, package) in packages {
        let is = |key: &str| package.get(key).and_then(Value::as_bool).unwrap_or(false);
        // svelte is a tool by its place and a library by what it leaves in the app.
        let linked = !is("dev") || path == "node_modules/svelte";
        if path.is_empty() || !linked {
            continue;
        }
        let text = |key: &str| package.get(key).and_then(Value::as_str);
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let name = format!("{name} {}", text("version").unwrap_or_default());
        add(&name, text("license"), &workspace.web().join(path), by_text);
    }
    Ok(())
}

fn add(name: &str, licence: Option<&str>, folder: &Path, by_text: &mut ByText) {
    let mut texts = licence_texts(folder);
    if texts.is_empty() {
        texts.push(format!("Licence: {} (the package has no licence file)\n", licence.unwrap_or("unknown")));
    }
    for text in texts {
        by_text.entry(text).or_default().insert(name.to_owned());
    }
}

/// The licence and notice files in a package's folder, by name.
fn licence_texts(folder: &Path) -> Vec<String> {
    const STARTS: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().to_uppercase();
            STARTS.iter().any(|start| name.starts_with(start))
        })
        .map(|entry| entry.path())
        .collect();
    files.sort();
    // A folder of that name, or bytes that are no text, say nothing.
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).map(|text| normal(&text)).collect()
}

/// The same words with the same line ends, so that equal licences are printed once.
fn normal(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}

fn render(by_text: &ByText) -> String {
    let mut out = "Nestpost contains work of others, under these licences.\n".to_owned();
    let mut entries: Vec<_> = by_text.iter().collect();
    entries.sort_by_key(|(_, names)| names.first());
    for (text, names) in entries {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        // Writing to a String cannot fail.
        let _ = write!(out, "\n{}\n{}\n\n{text}", "=".repeat(80), names.join(", "));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{ByText, add, render};

    #[test]
    fn equal_texts_are_printed_once_with_every_name() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [("a", "Free to use.\r\n"), ("b", "Free to use.")] {
            fs::create_dir(dir.path().join(name)).unwrap();
            fs::write(dir.path().join(name).join("LICENSE"), text).unwrap();
        }
        let mut by_text = ByText::new();
        add("a 1.0.0", Some("MIT"), &dir.path().join("a"), &mut by_text);
        add("b 2.0.0", Some("MIT"), &dir.path().join("b"), &mut by_text);
        add("c 3.0.0", Some("ISC"), &dir.path().join("none"), &mut by_text);
        let text = render(&by_text);
        assert_eq!(text.matches("Free to use.").count(), 1, "{text}");
        assert!(text.contains("a 1.0.0, b 2.0.0\n"), "{text}");
        assert!(text.contains("Licence: ISC"), "{text}");
    }
}
