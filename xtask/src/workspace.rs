//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The checkout that this command belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Cargo names the manifest's folder when it runs us; the folder of compilation is the fallback for a binary started by hand.
    pub(crate) fn find() -> Result<Self> {
        let manifest_dir =
            std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest_dir).parent().context("xtask has no parent folder")?.to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => std::path::absolute(Path::new(&dir)).context("CARGO_TARGET_DIR")?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The PWA's folder.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web-demo")
    }

    /// The built PWA.
    pub(crate) fn web_dist(&self) -> PathBuf {
        self.web().join("dist")
    }

    /// The generated JavaScript edge of the core, an input of the PWA's build.
    pub(crate) fn web_wasm(&self) -> PathBuf {
        self.web().join("src").join("wasm")
    }

    /// Cargo's output for the machine this runs on.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Cargo's output for WASM: its own folder, because another toolchain may build it, and each would throw away what the other made.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// Stamps and reports of the chores themselves.
    pub(crate) fn state(&self) -> PathBuf {
        self.target.join("xtask")
    }

    #[cfg(test)]
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned(), target: root.join("target") }
    }
}
