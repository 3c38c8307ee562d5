//! System packages: named, asked for, installed with apt-get.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::Command;

use anyhow::{Result, bail};

use crate::ConsentArgs;
use crate::command::{command, find_program, run, succeeds};
use crate::progress::Step;
use crate::verdict::WrongUse;
use crate::workspace::Workspace;

/// A Debian package, and the reason a person reads before they say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SystemPackage {
    pub(crate) package: &'static str,
    pub(crate) why: &'static str,
}

/// How the person at the keyboard answers, found out before anything is touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Consent {
    Given,
    Ask,
    Impossible,
}

impl Consent {
    fn find(args: ConsentArgs) -> Self {
        let ci = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
        let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        Self::from_parts(args.yes || ci, terminal)
    }

    fn from_parts(given: bool, terminal: bool) -> Self {
        match (given, terminal) {
            (true, _) => Self::Given,
            (false, true) => Self::Ask,
            (false, false) => Self::Impossible,
        }
    }
}

/// Installs `missing`, once someone agreed.
///
/// # Errors
/// [`WrongUse`] when nobody can be asked or the answer is no; another error when the packages cannot be installed here.
pub(crate) fn install(workspace: &Workspace, missing: &[SystemPackage], args: ConsentArgs) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|package| package.package).collect();
    let by_hand = format!("apt-get install {}", names.join(" "));
    if find_program("apt-get").is_none() {
        bail!("missing here: {}. This is no Debian; please install what they hold by hand", names.join(", "));
    }
    match Consent::find(args) {
        Consent::Given => eprint!("{}", list(missing)),
        Consent::Ask => {
            eprint!("{}Install them with `{by_hand}`? [y/N] ", list(missing));
            std::io::stderr().flush()?;
            let mut answer = String::new();
            std::io::stdin().lock().read_line(&mut answer)?;
            if !matches!(answer.trim(), "y" | "Y" | "yes" | "j" | "ja") {
                return Err(WrongUse(format!("not installed: {}", names.join(", "))).into());
            }
        }
        Consent::Impossible => return Err(WrongUse(refusal(&names, &by_hand)).into()),
    }

    let step = Step::start(&by_hand);
    let mut install = apt_get(workspace)?;
    install.args(["install", "--yes", "--no-install-recommends"]).args(&names);
    // A machine's package lists may be missing or too old to find the packages: refresh them only then.
    if !succeeds(&mut install)? {
        run(apt_get(workspace)?.arg("update"))?;
        run(&mut install)?;
    }
    step.done();
    Ok(())
}

fn refusal(names: &[&str], by_hand: &str) -> String {
    format!(
        "missing system packages: {}. Nobody can be asked here: run again with --yes or CI=true to let this command \
         install them, or run `{by_hand}` yourself",
        names.join(", ")
    )
}

fn list(missing: &[SystemPackage]) -> String {
    let mut text = "Missing system packages:\n".to_owned();
    for package in missing {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:<16} {}", package.package, package.why);
    }
    text
}

/// apt-get, through sudo unless we are root already.
fn apt_get(workspace: &Workspace) -> Result<Command> {
    let mut apt_get = if nix::unistd::geteuid().is_root() {
        command("apt-get", workspace.root())
    } else if find_program("sudo").is_some() {
        let mut sudo = command("sudo", workspace.root());
        // sudo drops the environment, so that the variable goes through `env`.
        sudo.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    } else {
        bail!("installing system packages needs root, and there is no sudo here");
    };
    apt_get.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(apt_get)
}

#[cfg(test)]
mod tests {
    use super::{Consent, SystemPackage, list, refusal};

    #[test]
    fn nobody_is_asked_where_nobody_can_answer() {
        assert_eq!(Consent::from_parts(true, false), Consent::Given);
        assert_eq!(Consent::from_parts(true, true), Consent::Given);
        assert_eq!(Consent::from_parts(false, true), Consent::Ask);
        assert_eq!(Consent::from_parts(false, false), Consent::Impossible);
    }

    #[test]
    fn refusal_names_packages_and_how_to_consent() {
        let text = refusal(&["age", "chromium"], "apt-get install age chromium");
        for part in ["age, chromium", "--yes", "CI=true", "`apt-get install age chromium`"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn list_gives_a_reason_per_package() {
        let text = list(&[SystemPackage { package: "age", why: "opens" }]);
        assert_eq!(text, "Missing system packages:\n  age              opens\n");
    }
}
