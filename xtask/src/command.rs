//! Child processes: what they print goes to standard error, so that standard output holds results alone.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// A command that starts in `dir`.
pub(crate) fn command(program: impl AsRef<OsStr>, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir);
    command
}

/// The cargo that runs us, else the one on the path.
pub(crate) fn cargo(dir: &Path) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), dir);
    // `cargo run` describes the package xtask to us in these; a build below must not take them for its own.
    for (key, _) in std::env::vars_os() {
        let is_package_key = key.to_str().is_some_and(|key| key.starts_with("CARGO_PKG_"));
        if is_package_key || key == "CARGO_MANIFEST_DIR" || key == "CARGO_MANIFEST_PATH" {
            cargo.env_remove(key);
        }
    }
    cargo
}

/// Runs a command to its end. An error names the command when it cannot start or says no.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    if succeeds(command)? {
        return Ok(());
    }
    bail!("`{}` failed", describe(command))
}

/// Runs a command to its end and says whether it exited with 0.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    let status = command
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("could not start `{}`", describe(command)))?;
    Ok(status.success())
}

/// Runs a command to its end and hands each line of its standard output to `line` as well as to standard error.
/// Returns whether it exited with 0.
pub(crate) fn tee(command: &mut Command, line: impl FnMut(&str)) -> Result<bool> {
    let mut child = start(command.stdout(Stdio::piped()))?;
    child.stdout.take().map_or(Ok(()), |stdout| repeat(stdout, line))?;
    Ok(child.wait()?.success())
}

/// The same with its standard error.
pub(crate) fn tee_errors(command: &mut Command, line: impl FnMut(&str)) -> Result<bool> {
    let mut child = start(command.stdout(std::io::stderr()).stderr(Stdio::piped()))?;
    child.stderr.take().map_or(Ok(()), |stderr| repeat(stderr, line))?;
    Ok(child.wait()?.success())
}

fn start(command: &mut Command) -> Result<Child> {
    let description = describe(command);
    command.stdin(Stdio::null()).spawn().with_context(|| format!("could not start `{description}`"))
}

fn repeat(from: impl Read, mut line: impl FnMut(&str)) -> Result<()> {
    let mut reader = BufReader::new(from);
    let mut bytes = Vec::new();
    // Bytes, not `lines()`: a test that prints something else than UTF-8 must not end the reading.
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_end_matches(['\n', '\r']);
        eprintln!("{text}");
        line(text);
        bytes.clear();
    }
    Ok(())
}

/// What a command prints on standard output; an error when it does not exit with 0.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start `{}`", describe(command)))?;
    if !output.status.success() {
        bail!("`{}` failed", describe(command));
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` printed no UTF-8", describe(command)))
}

/// The full path of a program, if it is on the path.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|candidate| is_executable(candidate))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{command, find_program, output, run, tee, tee_errors};

    #[test]
    fn failing_command_is_an_error_that_names_it() {
        let error = run(command("false", Path::new("/")).arg("now")).unwrap_err();
        assert_eq!(error.to_string(), "`false now` failed");
        assert!(run(&mut command("true", Path::new("/"))).is_ok());
    }

    #[test]
    fn missing_program_is_an_error() {
        let error = output(&mut command("no-such-program-here", Path::new("/"))).unwrap_err();
        assert!(error.to_string().contains("could not start"), "{error}");
        assert_eq!(find_program("no-such-program-here"), None);
    }

    #[test]
    fn tee_hands_over_every_line() {
        let mut lines = Vec::new();
        let mut shell = command("sh", Path::new("/"));
        shell.args(["-c", "printf 'one\\ntwo\\377'; exit 3"]);
        let holds = tee(&mut shell, |line| lines.push(line.to_owned())).unwrap();
        assert!(!holds);
        assert_eq!(lines, ["one", "two\u{fffd}"]);
        lines.clear();
        shell = command("sh", Path::new("/"));
        shell.args(["-c", "echo out; echo one >&2"]);
        assert!(tee_errors(&mut shell, |line| lines.push(line.to_owned())).unwrap());
        assert_eq!(lines, ["one"]);
    }
}
