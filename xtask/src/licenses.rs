//! Licences and sources of everything that is built into what we ship, and of the tools that build it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::camino::Utf8Path;
use cargo_metadata::{Metadata, Package};
use serde::Deserialize;

use crate::tidy::Finding;

/// What may be linked into a program under MIT OR Apache-2.0. All are permissive, MPL-2.0 within its own files.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "NCSA",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Licences of things that are not linked into anything: fonts, and data of development tools.
const ALLOWED_NPM_EXTRA: [&str; 4] = ["CC-BY-4.0", "CC-BY-3.0", "OFL-1.1", "Python-2.0"];

/// The one place crates come from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks every crate in the lock file, for every target and feature.
pub(crate) fn check_crates(metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &metadata.packages {
        if let Err(reason) = check_source(package, &metadata.workspace_root) {
            findings.push(Finding::new(
                "Cargo.lock",
                format!("{} {}", package.name, package.version),
                reason,
            ));
        }
        if let Err(reason) = check_licence(package.license.as_deref()) {
            findings.push(Finding::new(
                "Cargo.lock",
                format!("{} {}", package.name, package.version),
                reason,
            ));
        }
    }
    findings
}

fn check_source(package: &Package, workspace: &Utf8Path) -> Result<(), String> {
    match &package.source {
        // A path: a folder of this workspace, or nothing that belongs here.
        None if package.manifest_path.starts_with(workspace) => Ok(()),
        None => Err("is a path outside the workspace".to_owned()),
        Some(source) if source.repr == CRATES_IO => Ok(()),
        Some(source) => Err(format!("comes from {}", source.repr)),
    }
}

fn check_licence(licence: Option<&str>) -> Result<(), String> {
    check_expression(licence, &[])
}

fn check_expression(licence: Option<&str>, extra: &[&str]) -> Result<(), String> {
    let Some(text) = licence else { return Err("states no licence".to_owned()) };
    let expression = spdx::Expression::parse_mode(text, spdx::ParseMode::LAX)
        .map_err(|error| format!("states the licence {text:?}: {}", error.reason))?;
    let allowed = expression.evaluate(|requirement| {
        let Some(id) = requirement.license.id() else { return false };
        let exception = requirement.addition.as_ref().map(ToString::to_string);
        let known = ALLOWED.contains(&id.name) || extra.contains(&id.name);
        match exception.as_deref() {
            None => known,
            // The exception only gives more freedom.
            Some("LLVM-exception") => id.name == "Apache-2.0",
            Some(_) => false,
        }
    });
    if allowed { Ok(()) } else { Err(format!("has the licence {text}, which is not on the list")) }
}

/// The parts of `package-lock.json` that say what is installed from where.
#[derive(Debug, Deserialize)]
struct PackageLock {
    packages: BTreeMap<String, NpmPackage>,
}

#[derive(Debug, Deserialize)]
struct NpmPackage {
    version: Option<String>,
    license: Option<String>,
    resolved: Option<String>,
    integrity: Option<String>,
    #[serde(default)]
    link: bool,
}

/// Checks every npm package in a lock file: known licence, and bytes pinned by their hash.
pub(crate) fn check_npm(lock: &Path) -> Result<Vec<Finding>> {
    let text = std::fs::read_to_string(lock).with_context(|| lock.display().to_string())?;
    check_npm_lock(&text)
}

fn check_npm_lock(text: &str) -> Result<Vec<Finding>> {
    const FILE: &str = "web-demo/package-lock.json";
    let lock: PackageLock = serde_json::from_str(text).context(FILE)?;
    let mut findings = Vec::new();
    for (path, package) in &lock.packages {
        // The empty path is the app itself.
        if path.is_empty() {
            continue;
        }
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let what = format!("{name} {}", package.version.as_deref().unwrap_or("?"));
        if let Err(reason) = check_expression(package.license.as_deref(), &ALLOWED_NPM_EXTRA) {
            findings.push(Finding::new(FILE, what.clone(), reason));
        }
        if package.integrity.is_none() || package.link {
            findings.push(Finding::new(FILE, what.clone(), "is not pinned by a hash"));
        }
        if let Some(resolved) = &package.resolved
            && !resolved.starts_with("https://registry.npmjs.org/")
        {
            findings.push(Finding::new(FILE, what, "does not come from the npm registry"));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::{check_licence, check_npm_lock};

    #[test]
    fn permissive_licences_pass_and_others_do_not() {
        let good = [
            "MIT",
            "MIT OR GPL-3.0",
            "Apache-2.0 WITH LLVM-exception",
            "MIT/Apache-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
        ];
        for licence in good {
            assert_eq!(check_licence(Some(licence)), Ok(()), "{licence}");
        }
        let bad = [
            "GPL-3.0",
            "MIT AND AGPL-3.0",
            "LGPL-2.1",
            "GPL-2.0 WITH Classpath-exception-2.0",
            "see LICENSE",
            "LicenseRef-own",
        ];
        for licence in bad {
            assert!(check_licence(Some(licence)).is_err(), "{licence}");
        }
        assert!(check_licence(None).is_err());
    }

    #[test]
    fn npm_packages_need_licence_hash_and_registry() {
        let lock = r#"{ "packages": {
            "": { "version": "1.0.0" },
            "node_modules/good": { "version": "1.0.0", "license": "MIT", "integrity": "sha512-x",
                "resolved": "https://registry.npmjs.org/good/-/good-1.0.0.tgz" },
            "node_modules/a/node_modules/bad": { "version": "2.0.0", "license": "AGPL-3.0",
                "resolved": "https://example.org/bad.tgz" }
        } }"#;
        let findings: Vec<String> = check_npm_lock(lock).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(findings.len(), 3, "{findings:?}");
        assert!(findings.iter().all(|finding| finding.contains("bad 2.0.0")), "{findings:?}");
    }
}
