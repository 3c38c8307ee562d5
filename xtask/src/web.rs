//! The PWA, built into `web-demo/dist`.

use anyhow::{Result, bail};

use crate::command::run as run_command;
use crate::notices;
use crate::progress::{Step, skipped};
use crate::setup::npm_run;
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// Builds the PWA, unless nothing it is made from has changed. The WASM module must be there.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    const TITLE: &str = "PWA";
    let stamp = Stamp::of(workspace, "web", &[workspace.web(), workspace.root().join("Cargo.lock")], &[])?;
    let index = workspace.web_dist().join("index.html");
    if stamp.is_fresh() && index.is_file() {
        skipped(TITLE, "unchanged");
        return Ok(());
    }
    let step = Step::start(TITLE);
    stamp.forget();
    run_command(&mut npm_run(workspace, "build"))?;
    if !index.is_file() {
        bail!("the build left no web-demo/dist/index.html");
    }
    notices::write(workspace)?;
    stamp.set()?;
    step.done();
    Ok(())
}
