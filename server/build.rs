//! Embeds the PWA: the folder that NESTPOST_WEB_DIST names, or, without it, one page that says the app is missing.
//! Release builds compress text and WASM with brotli here.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=NESTPOST_WEB_DIST");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let dist = env::var_os("NESTPOST_WEB_DIST").filter(|value| !value.is_empty()).map(PathBuf::from);
    if dist.as_deref().is_some_and(|dist| dist.is_relative()) {
        return Err("NESTPOST_WEB_DIST must be an absolute path".into());
    }
    let folder = dist.unwrap_or_else(|| root.join("web"));
    if !folder.join("index.html").is_file() {
        return Err(format!("no index.html in {}", folder.display()).into());
    }
    rerun_below(&folder)?;
    let assets = memory_serve::assets_to_code("web", &fs::canonicalize(&folder)?, &out, true, |_| {});
    fs::write(out.join("memory_serve_assets.rs"), format!("&[(\"web\", {assets})]"))?;
    Ok(())
}

/// A folder's own time stamp does not move when a file in it is rewritten: name every file.
fn rerun_below(folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            rerun_below(&path)?;
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    Ok(())
}
