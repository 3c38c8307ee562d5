//! The relay and the demo's filler: the binaries that are run rather than tested.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::command::{cargo, run as run_command};
use crate::progress::Step;
use crate::workspace::Workspace;

/// The relay's binary.
pub(crate) const RELAY: &str = "nestpost";
/// The program that founds and fills the demo house through the client core.
pub(crate) const DEMO_FILLER: &str = "nestpost-demo";
/// The relay and the native device on the clock of another day, for browser tests.
pub(crate) const THEN: &str = "nestpost-then";

/// cargo, so that a relay built by it embeds the PWA.
pub(crate) fn cargo_with_web(workspace: &Workspace) -> Command {
    let mut cargo = cargo(workspace.root());
    cargo.env("NESTPOST_WEB_DIST", workspace.web_dist());
    cargo
}

/// Builds the relay with the PWA inside and the demo's filler, in one go so that they share what they share.
pub(crate) fn build_release(workspace: &Workspace) -> Result<()> {
    let step = Step::start("relay and demo filler (release)");
    run_command(cargo_with_web(workspace).args([
        "build",
        "--locked",
        "--release",
        "--package",
        "nestpost-server",
        "--package",
        "nestpost-client",
        "--bin",
        RELAY,
        "--bin",
        DEMO_FILLER,
    ]))?;
    step.done();
    Ok(())
}

pub(crate) fn release_binary(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.target().join("release").join(name)
}

pub(crate) fn debug_binary(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.target().join("debug").join(name)
}
