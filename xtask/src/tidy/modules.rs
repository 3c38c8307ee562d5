//! Rust files that no `mod` reaches: they look like code and are never compiled.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cargo_metadata::Metadata;

use crate::tidy::tokens::{Token, tokens};
use crate::tidy::{Finding, Source};
use crate::workspace::Workspace;

pub(crate) fn check(workspace: &Workspace, sources: &[Source], metadata: &Metadata) -> Result<Vec<Finding>> {
    let mut roots = Vec::new();
    let mut folders = Vec::new();
    for package in metadata.workspace_packages() {
        let folder = package.manifest_path.parent().context("a manifest has a folder")?;
        folders.push(relative(workspace, folder.as_std_path()));
        for target in &package.targets {
            roots.push(relative(workspace, target.src_path.as_std_path()));
        }
    }
    let in_members = |source: &&Source| {
        let path = Path::new(&source.path);
        source.has_extension(&["rs"])
            && folders.iter().any(|folder| path.starts_with(folder))
            && !is_in_nested_package(path, &folders, sources)
    };
    let rust: Vec<&Source> = sources.iter().filter(in_members).collect();
    unreached(&rust, roots)
}

/// A folder with a manifest of its own below a member (a fuzz crate, say) is another workspace's matter.
fn is_in_nested_package(path: &Path, members: &[PathBuf], sources: &[Source]) -> bool {
    path.ancestors()
        .skip(1)
        .take_while(|folder| !members.iter().any(|member| member == folder))
        .any(|folder| sources.iter().any(|source| Path::new(&source.path) == folder.join("Cargo.toml")))
}

fn unreached(sources: &[&Source], roots: Vec<PathBuf>) -> Result<Vec<Finding>> {
    let mut reached: BTreeSet<PathBuf> = BTreeSet::new();
    let mut open: Vec<(PathBuf, bool)> = roots.into_iter().map(|root| (root, true)).collect();
    while let Some((file, is_root)) = open.pop() {
        let Some(source) = sources.iter().find(|source| Path::new(&source.path) == file) else { continue };
        if !reached.insert(file.clone()) {
            continue;
        }
        let tokens = tokens(&source.text).with_context(|| source.path.clone())?;
        let children = named_files(&tokens, &file, is_root);
        open.extend(children.into_iter().map(|child| {
            let is_mod_file = child.file_name().is_some_and(|name| name == "mod.rs");
            (child, is_mod_file)
        }));
    }
    Ok(sources
        .iter()
        .filter(|source| !reached.contains(Path::new(&source.path)))
        .map(|source| Finding::at(source, 1, "no `mod` reaches this file (modules)"))
        .collect())
}

/// The files that the `mod name;`, `#[path = "…"] mod name;` and `include!("…")` of a file may mean.
fn named_files(tokens: &[Token], file: &Path, is_root: bool) -> Vec<PathBuf> {
    let beside = file.parent().unwrap_or(Path::new("")).to_owned();
    // `lib.rs` has its modules beside it, `foo.rs` in `foo/`.
    let below = if is_root { beside.clone() } else { file.with_extension("") };
    let mut files = Vec::new();
    let mut path_attribute: Option<&str> = None;
    // Names of the inline modules around, and the depth of braces at which each ends.
    let mut inline: Vec<(&str, usize)> = Vec::new();
    let mut depth = 0;
    let text = |index: usize| tokens.get(index).map_or("", |token| token.text.as_str());
    for index in 0..tokens.len() {
        match text(index) {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inline.retain(|(_, ends)| *ends <= depth);
            }
            "path" if text(index + 1) == "=" => path_attribute = unquote(text(index + 2)),
            "include" if text(index + 1) == "!" => {
                files.extend(unquote(text(index + 3)).map(|name| beside.join(name)))
            }
            "mod" if text(index + 2) == "{" => inline.push((text(index + 1), depth + 1)),
            "mod" if text(index + 2) == ";" => {
                if let Some(name) = path_attribute.take() {
                    files.push(beside.join(name));
                    continue;
                }
                let folder = inline.iter().fold(below.clone(), |folder, (name, _)| folder.join(name));
                files.push(folder.join(format!("{}.rs", text(index + 1))));
                files.push(folder.join(text(index + 1)).join("mod.rs"));
            }
            _ => {}
        }
    }
    files
}

fn unquote(literal: &str) -> Option<&str> {
    literal.strip_prefix('"')?.strip_suffix('"')
}

fn relative(workspace: &Workspace, path: &Path) -> PathBuf {
    path.strip_prefix(workspace.root()).unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{is_in_nested_package, unreached};
    use crate::tidy::Source;

    fn unreached_of(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::fixture(path, text)).collect();
        let findings =
            unreached(&sources.iter().collect::<Vec<_>>(), vec![PathBuf::from("a/src/lib.rs")]).unwrap();
        findings.into_iter().map(|finding| finding.file).collect()
    }

    #[test]
    fn file_without_a_mod_is_found() {
        let files = [
            (
                "a/src/lib.rs",
                "pub mod wire;\n// mod lost;\nmod inline { mod deep; }\n#[path = \"odd.rs\"]\nmod even;",
            ),
            ("a/src/wire.rs", "mod frame;"),
            ("a/src/wire/frame.rs", ""),
            ("a/src/inline/deep.rs", ""),
            ("a/src/odd.rs", ""),
            ("a/src/lost.rs", ""),
            ("a/src/frame.rs", ""),
        ];
        assert_eq!(unreached_of(&files), ["a/src/lost.rs", "a/src/frame.rs"]);
    }

    #[test]
    fn inline_module_ends_with_its_brace() {
        let files = [
            ("a/src/lib.rs", "mod inline { fn f() { {} } } mod after;"),
            ("a/src/after.rs", ""),
            ("a/src/inline/after.rs", ""),
        ];
        assert_eq!(unreached_of(&files), ["a/src/inline/after.rs"]);
    }

    #[test]
    fn nested_package_is_left_alone() {
        let sources = [Source::fixture("tests/fuzz/Cargo.toml", "")];
        let members = [PathBuf::from("tests")];
        assert!(is_in_nested_package(Path::new("tests/fuzz/targets/a.rs"), &members, &sources));
        assert!(!is_in_nested_package(Path::new("tests/it/main.rs"), &members, &sources));
    }
}
