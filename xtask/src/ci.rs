//! What must hold before a change is taken.

use anyhow::Result;

use crate::setup::{self, Needs};
use crate::verdict::Verdict;
use crate::workspace::Workspace;
use crate::{ConsentArgs, lint, test, tidy};

/// `cargo xtask ci`: format, lint, tidy, test. What fails is told at once; the rest runs all the same.
pub(crate) fn run(workspace: &Workspace, args: ConsentArgs) -> Result<Verdict> {
    let tools = setup::prepare(workspace, Needs::EVERYTHING, args)?;
    let lints_failed = lint::run_checks(workspace, &tools)?;
    let findings = tidy::check_all(workspace)?;
    let counts = test::run_stages(workspace, &tools, false)?;
    println!();
    println!("{} passed, {} failed", counts.passed, counts.failed);
    Ok(Verdict::when(lints_failed == 0 && findings == 0 && counts.failed == 0)
        .with("lints_failed", lints_failed)
        .with("findings", findings)
        .with("passed", counts.passed)
        .with("failed", counts.failed))
}
