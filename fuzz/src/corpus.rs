//! Inputs on disk: a file for each target, a line of hex for each input.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use data_encoding::HEXLOWER;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// All inputs of a target; none where it has no file.
///
/// # Errors
/// The file is not what [`write`] wrote.
pub fn read(name: &str) -> Result<Vec<Vec<u8>>> {
    let path = folder().join(name).with_extension("txt");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path).with_context(|| name.to_owned())?;
    text.lines().map(|line| HEXLOWER.decode(line.as_bytes()).with_context(|| name.to_owned())).collect()
}

/// Puts these inputs in place of those that were there.
///
/// # Errors
/// File system.
pub fn write(name: &str, inputs: &[Vec<u8>]) -> Result<()> {
    let mut lines: Vec<String> = inputs.iter().map(|input| HEXLOWER.encode(input)).collect();
    lines.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    lines.dedup();
    lines.push(String::new());
    std::fs::create_dir_all(folder())?;
    std::fs::write(folder().join(name).with_extension("txt"), lines.join("\n"))
        .with_context(|| name.to_owned())
}

/// The targets that have a file, sorted.
///
/// # Errors
/// File system.
pub fn names() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder())? {
        let path = entry?.path();
        names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
