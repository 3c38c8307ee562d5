//! Skipping what is up to date: a stamp holds the hash of everything a step was made from.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use crate::workspace::Workspace;

/// A step's inputs, hashed, beside the hash they had when it last succeeded.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// Hashes `inputs` (files, or folders with everything below them) and `extra`. Paths that do not exist count as absent.
    pub(crate) fn of(workspace: &Workspace, name: &str, inputs: &[PathBuf], extra: &[&str]) -> Result<Self> {
        let file = workspace.state().join(format!("{name}.stamp"));
        Ok(Self { file, hash: hash_inputs(workspace.root(), inputs, extra)? })
    }

    /// Whether the step succeeded on these very inputs.
    pub(crate) fn is_fresh(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
    }

    /// To be called before the step: a step that dies half-way leaves no stamp.
    pub(crate) fn forget(&self) {
        // Absent is what we want; any other failure shows in `set`.
        let _ = std::fs::remove_file(&self.file);
    }

    /// To be called after the step succeeded.
    pub(crate) fn set(&self) -> Result<()> {
        if let Some(dir) = self.file.parent() {
            std::fs::create_dir_all(dir)?;
        }
        std::fs::write(&self.file, &self.hash).with_context(|| self.file.display().to_string())
    }
}

/// Every file below `dir`, sorted, without what is installed or generated.
pub(crate) fn files_below(dir: &Path) -> Vec<PathBuf> {
    const GENERATED: [&str; 5] = ["node_modules", "target", "dist", "test-results", ".svelte-kit"];
    WalkDir::new(dir)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !GENERATED.iter().any(|name| entry.file_name() == *name))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

fn hash_inputs(root: &Path, inputs: &[PathBuf], extra: &[&str]) -> Result<String> {
    let mut hasher = Sha256::new();
    for text in extra {
        add(&mut hasher, text.as_bytes());
    }
    for input in inputs {
        for file in files_below(input) {
            let bytes = std::fs::read(&file).with_context(|| file.display().to_string())?;
            let name = file.strip_prefix(root).unwrap_or(&file);
            add(&mut hasher, name.as_os_str().as_encoded_bytes());
            add(&mut hasher, &bytes);
        }
    }
    Ok(HEXLOWER.encode(&hasher.finalize()))
}

/// Length first, so that no two lists of inputs look alike.
pub(crate) fn add(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Stamp;
    use crate::workspace::Workspace;

    #[test]
    fn stamp_is_fresh_only_for_the_inputs_it_was_set_on() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(dir.path());
        let source = dir.path().join("src");
        fs::create_dir(&source).unwrap();
        fs::write(source.join("a.rs"), "one").unwrap();
        let stamp = || Stamp::of(&workspace, "step", std::slice::from_ref(&source), &["v1"]).unwrap();

        assert!(!stamp().is_fresh());
        stamp().set().unwrap();
        assert!(stamp().is_fresh());

        fs::write(source.join("a.rs"), "two").unwrap();
        assert!(!stamp().is_fresh());
        fs::write(source.join("a.rs"), "one").unwrap();
        assert!(stamp().is_fresh());
        fs::rename(source.join("a.rs"), source.join("b.rs")).unwrap();
        assert!(!stamp().is_fresh());
        fs::rename(source.join("b.rs"), source.join("a.rs")).unwrap();
        assert!(!Stamp::of(&workspace, "step", std::slice::from_ref(&source), &["v2"]).unwrap().is_fresh());
        stamp().forget();
        assert!(!stamp().is_fresh());
    }

    #[test]
    fn installed_and_generated_folders_do_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(dir.path());
        let inputs = [dir.path().join("web")];
        fs::create_dir_all(dir.path().join("web/node_modules")).unwrap();
        Stamp::of(&workspace, "web", &inputs, &[]).unwrap().set().unwrap();
        fs::write(dir.path().join("web/node_modules/x"), "x").unwrap();
        assert!(Stamp::of(&workspace, "web", &inputs, &[]).unwrap().is_fresh());
    }
}
