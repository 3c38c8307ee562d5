//! Node and what the PWA is built with.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::command::{command, find_program, output, run};
use crate::progress::{Step, skipped};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// The oldest Node that Vite 8 and eslint 10 run on.
const NODE_MIN: Version = Version(20, 19, 0);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32, u32);

/// npm in the PWA's folder. It never runs the scripts of packages: what we use works without, and a script is someone else's program.
pub(crate) fn npm(workspace: &Workspace) -> Command {
    let mut npm = command("npm", &workspace.web());
    npm.env("npm_config_ignore_scripts", "true")
        .env("npm_config_update_notifier", "false")
        .env("npm_config_fund", "false")
        .env("npm_config_audit", "false")
        // Summaries are read by `counts`, which knows no colours.
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR");
    npm
}

/// `npm run SCRIPT` in the PWA's folder. `--ignore-scripts` would skip nothing here but `pre` and `post` scripts.
pub(crate) fn npm_run(workspace: &Workspace, script: &str) -> Command {
    let mut npm = npm(workspace);
    npm.args(["run", "--silent", script]);
    npm
}

pub(crate) fn check_version(workspace: &Workspace) -> Result<()> {
    let Version(major, minor, _) = NODE_MIN;
    if find_program("node").is_none() || find_program("npm").is_none() {
        bail!(
            "Node {major}.{minor} or newer, with npm, is needed to build the app; there is none on the path"
        );
    }
    let text = output(command("node", workspace.root()).arg("--version"))?;
    let found = parse_version(&text).with_context(|| format!("node --version said {text:?}"))?;
    if found < NODE_MIN {
        bail!("Node {major}.{minor} or newer is needed to build the app; here is {}", text.trim());
    }
    Ok(())
}

/// Installs what `package-lock.json` says, unless that very file was installed before.
pub(crate) fn install_dependencies(workspace: &Workspace) -> Result<()> {
    const TITLE: &str = "npm ci in web-demo";
    let lock = workspace.web().join("package-lock.json");
    if !lock.is_file() {
        bail!("web-demo/package-lock.json is missing");
    }
    let stamp = Stamp::of(workspace, "node-modules", &[lock], &[])?;
    if stamp.is_fresh() && workspace.web().join("node_modules").is_dir() {
        skipped(TITLE, "unchanged");
        return Ok(());
    }
    let step = Step::start(TITLE);
    stamp.forget();
    run(npm(workspace).args(["ci", "--ignore-scripts"]))?;
    stamp.set()?;
    step.done();
    Ok(())
}

/// `v20.20.2` → (20, 20, 2)
fn parse_version(text: &str) -> Option<Version> {
    let mut parts = text.trim().strip_prefix('v')?.split(['.', '-']).map(str::parse);
    Some(Version(parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::{NODE_MIN, Version, parse_version};

    #[test]
    fn node_versions_compare_by_number() {
        assert_eq!(parse_version("v20.20.2\n"), Some(Version(20, 20, 2)));
        assert_eq!(parse_version("20.20.2"), None);
        assert!(parse_version("v20.9.0").unwrap() < NODE_MIN);
        assert!(parse_version("v18.19.1").unwrap() < NODE_MIN);
        assert!(parse_version("v24.0.0-nightly").unwrap() > NODE_MIN);
    }
}
