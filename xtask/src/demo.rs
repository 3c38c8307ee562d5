//! A house to try: built, founded, filled, served.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::command::command;
use crate::progress::Step;
use crate::setup::{self, Needs};
use crate::verdict::{Verdict, WrongUse};
use crate::workspace::Workspace;
use crate::{ConsentArgs, relay, wasm, web};

/// A relay that takes longer to come up does not come up.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// A relay that takes longer to stop is killed.
const STOP_PATIENCE: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(50);

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// The port of the relay on this machine.
    #[arg(long, default_value_t = 8787, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// The folder for the relay's data and the demo's devices [default: demo-data in the repository].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Throw the folder's demo house away and found a new one.
    #[arg(long)]
    fresh: bool,
    /// A folder of JPEG and PNG files for the demo house to show [default: drawn ones].
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// `cargo xtask demo`: returns when the relay was stopped.
pub(crate) fn run(workspace: &Workspace, args: &DemoArgs) -> Result<Verdict> {
    let data = args.data.clone().unwrap_or_else(|| workspace.root().join("demo-data"));
    let folder = DemoFolder { path: std::path::absolute(&data)? };
    if let Some(photos) = args.photos.as_deref() {
        check_photos(photos)?;
    }
    check_port(args.port)?;
    folder.check_ours()?;

    let needs = Needs { wasm: true, node: true, ..Needs::default() };
    let tools = setup::prepare(workspace, needs, args.consent)?;
    wasm::build(workspace, &tools)?;
    web::build(workspace)?;
    relay::build_release(workspace)?;

    folder.prepare(args.fresh)?;
    let stop = stop_signal()?;
    let url = format!("http://localhost:{}", args.port);
    let stopped = Ok(Verdict::ok().with("url", &url));

    let mut relay =
        Running::start("relay", relay_command(workspace, &folder, args.port), &folder.relay_log())?;
    if !wait_until_ready(&mut relay, args.port, &stop)? {
        relay.stop()?;
        return stopped;
    }
    let photos = args.photos.as_deref().map(std::path::absolute).transpose()?;
    let filler = || filler_command(workspace, &folder, &url, photos.as_deref());
    let Some(invites) = fill(filler(), &folder, &stop)? else {
        relay.stop()?;
        return stopped;
    };
    let mut door = Running::start("demo house's door", filler(), &folder.door_log())?;
    print!("{}", welcome(&invites, &url));
    std::io::stdout().flush()?;

    wait_for_an_end(&mut relay, &mut door, &stop)?;
    eprintln!();
    door.stop()?;
    relay.stop()?;
    stopped
}

/// The folder that holds one demo house. A file marks it as ours, so that `--fresh` never throws away anything else.
#[derive(Debug)]
struct DemoFolder {
    path: PathBuf,
}

impl DemoFolder {
    fn marker(&self) -> PathBuf {
        self.path.join("nestpost-demo")
    }

    /// There once the house is full.
    fn full(&self) -> PathBuf {
        self.path.join("full")
    }

    fn relay(&self) -> PathBuf {
        self.path.join("relay")
    }

    fn relay_log(&self) -> PathBuf {
        self.path.join("relay.log")
    }

    /// The house's own devices.
    fn house(&self) -> PathBuf {
        self.path.join("house")
    }

    fn door_log(&self) -> PathBuf {
        self.path.join("door.log")
    }

    fn is_full(&self) -> bool {
        self.full().is_file()
    }

    /// Refuses a folder that holds something else.
    fn check_ours(&self) -> Result<()> {
        if self.marker().is_file() || !self.path.exists() {
            return Ok(());
        }
        let empty = fs::read_dir(&self.path).is_ok_and(|mut entries| entries.next().is_none());
        if empty {
            return Ok(());
        }
        let path = self.path.display();
        Err(WrongUse(format!("{path} holds something other than a demo house; choose another --data")).into())
    }

    /// Makes the folder, and empties it of a house that is not wanted or was never finished.
    fn prepare(&self, fresh: bool) -> Result<()> {
        fs::create_dir_all(&self.path).with_context(|| self.path.display().to_string())?;
        fs::write(self.marker(), "This folder belongs to `cargo xtask demo`.\n")?;
        if fresh || !self.is_full() {
            // First the mark: a run that dies in between leaves an unfinished house, not half a full one.
            remove(fs::remove_file(self.full()), &self.full())?;
            for folder in [self.relay(), self.house()] {
                remove(fs::remove_dir_all(&folder), &folder)?;
            }
        }
        fs::create_dir_all(self.relay())?;
        fs::create_dir_all(self.house())?;
        Ok(())
    }
}

/// What was not there need not be removed.
fn remove(result: std::io::Result<()>, path: &Path) -> Result<()> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| path.display().to_string())
        }
        _ => Ok(()),
    }
}

fn check_photos(dir: &Path) -> Result<()> {
    if !dir.is_dir() {
        return Err(WrongUse(format!("--photos {}: no such folder", dir.display())).into());
    }
    Ok(())
}

/// Before the long build rather than after it.
fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(WrongUse(format!("port {port} is not free ({error}); choose another --port")).into())
        }
    }
}

/// Ctrl-C and a polite `kill` arrive here; more than one is one.
fn stop_signal() -> Result<Receiver<()>> {
    let (sender, receiver) = channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more: we are stopping already.
        let _ = sender.send(());
    })?;
    Ok(receiver)
}

fn relay_command(workspace: &Workspace, folder: &DemoFolder, port: u16) -> Command {
    let mut relay = command(relay::release_binary(workspace, relay::RELAY), workspace.root());
    // The demo's relay is the demo's: a relay of one's own may be configured in the environment.
    for (key, _) in std::env::vars_os().filter(|(key, _)| key.to_string_lossy().starts_with("NESTPOST_")) {
        relay.env_remove(key);
    }
    relay.arg("serve").args(["--listen", &format!("127.0.0.1:{port}")]).arg("--data").arg(folder.relay());
    relay
}

/// The filler ends once the house is full when told `--once`; else it stays at the house's door and lets joiners in.
fn filler_command(workspace: &Workspace, folder: &DemoFolder, url: &str, photos: Option<&Path>) -> Command {
    let mut filler = command(relay::release_binary(workspace, relay::DEMO_FILLER), workspace.root());
    filler.args(["--relay", url]).arg("--data").arg(folder.house());
    if let Some(photos) = photos {
        filler.arg("--photos").arg(photos);
    }
    filler
}

/// A program that runs until we stop it.
struct Running {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Running {
    fn start(name: &'static str, mut command: Command, log: &Path) -> Result<Self> {
        use std::os::unix::process::CommandExt as _;
        let output = File::create(log).with_context(|| log.display().to_string())?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            // A group of its own: a Ctrl-C in the terminal reaches us, and we stop it, once.
            .process_group(0)
            .spawn()
            .with_context(|| format!("could not start the {name}"))?;
        Ok(Self { name, child, log: log.to_owned() })
    }

    /// An error when it has ended by itself.
    fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the {} ended ({status}): {}", self.name, last_lines(&self.log));
        }
        Ok(())
    }

    fn stop(&mut self) -> Result<()> {
        use wait_timeout::ChildExt as _;
        let step = Step::start(format!("{} stops", self.name));
        if self.child.try_wait()?.is_none() {
            interrupt(&self.child)?;
        }
        match self.child.wait_timeout(STOP_PATIENCE)? {
            Some(status) if status.success() => step.done(),
            Some(status) => {
                bail!("the {} did not stop cleanly ({status}): {}", self.name, last_lines(&self.log))
            }
            None => bail!("the {} did not stop in {} s", self.name, STOP_PATIENCE.as_secs()),
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whatever went wrong, nothing is left behind; what has ended already is no error here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `false`: asked to stop meanwhile.
fn wait_until_ready(relay: &mut Running, port: u16, stop: &Receiver<()>) -> Result<bool> {
    let step = Step::start("relay starts");
    let begun = Instant::now();
    while !is_healthy(port) {
        relay.check()?;
        if begun.elapsed() > START_PATIENCE {
            bail!("the relay did not answer in {} s: {}", START_PATIENCE.as_secs(), last_lines(&relay.log));
        }
        if asked_to_stop(stop, POLL) {
            step.done();
            return Ok(false);
        }
    }
    step.done();
    Ok(true)
}

/// Returns when asked to stop; an error when one of the two ended by itself.
fn wait_for_an_end(relay: &mut Running, door: &mut Running, stop: &Receiver<()>) -> Result<()> {
    while !asked_to_stop(stop, POLL) {
        relay.check()?;
        door.check()?;
    }
    Ok(())
}

/// Founds and fills the house through the client core, unless it is there, and returns its invites.
/// `None`: asked to stop meanwhile.
fn fill(mut filler: Command, folder: &DemoFolder, stop: &Receiver<()>) -> Result<Option<String>> {
    let step =
        Step::start(if folder.is_full() { "demo house opens" } else { "demo house is founded and filled" });
    let printed = folder.path.join("invites.txt");
    let mut child = filler
        .arg("--once")
        .stdin(Stdio::null())
        .stdout(File::create(&printed)?)
        .spawn()
        .context("could not start the demo's filler")?;
    match wait_unless_stopped(&mut child, stop)? {
        Some(status) if status.success() => {}
        Some(status) => bail!("the demo house could not be filled ({status})"),
        None => {
            child.kill()?;
            child.wait()?;
            step.done();
            return Ok(None);
        }
    }
    fs::write(folder.full(), "")?;
    step.done();
    Ok(Some(fs::read_to_string(&printed)?))
}

fn welcome(invites: &str, url: &str) -> String {
    format!(
        "\n{}\n\nThe app: {url}\n\
         Each invite is one person: open it in a window of its own, private ones included. An invite works once;\n\
         `cargo xtask demo --fresh` founds a new house. Ctrl-C stops the relay.\n",
        invites.trim_end()
    )
}

fn wait_unless_stopped(child: &mut Child, stop: &Receiver<()>) -> Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if asked_to_stop(stop, POLL) {
            return Ok(None);
        }
    }
}

/// Waits for `patience` at most.
fn asked_to_stop(stop: &Receiver<()>, patience: Duration) -> bool {
    !matches!(stop.recv_timeout(patience), Err(RecvTimeoutError::Timeout))
}

/// As Ctrl-C would.
fn interrupt(child: &Child) -> Result<()> {
    let id = i32::try_from(child.id()).context("a process id beyond 31 bits")?;
    kill(Pid::from_raw(id), Signal::SIGINT).context("could not interrupt a child")
}

fn is_healthy(port: u16) -> bool {
    let probe = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.take(1024).read_to_end(&mut answer)?;
        Ok(answer.starts_with(b"HTTP/1.1 200"))
    };
    probe().unwrap_or(false)
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(5)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::net::TcpListener;
    use std::path::Path;
    use std::process::Command;
    use std::sync::mpsc::channel;

    use super::{DemoFolder, Running, check_port, fill, wait_for_an_end, welcome};
    use crate::command::command;
    use crate::verdict::WrongUse;

    fn shell(script: &str) -> Command {
        // A shell cannot trap what was ignored before it began, and whoever runs us in the background ignores SIGINT.
        let mut shell = command("env", Path::new("/"));
        shell.args(["--default-signal=INT", "sh", "-c", script]);
        shell
    }

    #[test]
    fn folder_of_something_else_is_never_touched() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DemoFolder { path: dir.path().join("data") };
        assert!(folder.check_ours().is_ok());
        fs::create_dir(&folder.path).unwrap();
        assert!(folder.check_ours().is_ok());
        fs::write(folder.path.join("thesis.txt"), "years of work").unwrap();
        assert!(folder.check_ours().unwrap_err().is::<WrongUse>());
    }

    #[test]
    fn full_house_stays_and_a_fresh_or_unfinished_one_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DemoFolder { path: dir.path().join("data") };
        let record = folder.relay().join("record");
        let put = || fs::write(&record, "sealed").unwrap();

        folder.prepare(false).unwrap();
        put();
        folder.prepare(false).unwrap();
        assert!(!record.exists(), "an unfinished house was kept");

        put();
        fs::write(folder.full(), "").unwrap();
        folder.prepare(false).unwrap();
        assert!(record.exists() && folder.is_full());
        assert!(folder.check_ours().is_ok());

        folder.prepare(true).unwrap();
        assert!(!record.exists() && !folder.is_full());
    }

    #[test]
    fn house_is_full_only_when_the_filler_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DemoFolder { path: dir.path().join("data") };
        folder.prepare(false).unwrap();
        let (_sender, stop) = channel();
        assert!(fill(shell("echo half; exit 1"), &folder, &stop).is_err());
        assert!(!folder.is_full());
        assert_eq!(fill(shell("echo invites"), &folder, &stop).unwrap().as_deref(), Some("invites\n"));
        assert!(folder.is_full());
    }

    #[test]
    fn asked_to_stop_while_filling_leaves_an_unfinished_house() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DemoFolder { path: dir.path().join("data") };
        folder.prepare(false).unwrap();
        let (sender, stop) = channel();
        sender.send(()).unwrap();
        assert_eq!(fill(shell("exec sleep 600"), &folder, &stop).unwrap(), None);
        assert!(!folder.is_full());
    }

    #[test]
    fn relay_that_ends_by_itself_is_an_error_with_its_last_words() {
        let dir = tempfile::tempdir().unwrap();
        let (_sender, stop) = channel();
        let mut relay =
            Running::start("relay", shell("echo disk full; exit 1"), &dir.path().join("a.log")).unwrap();
        let mut door = Running::start("door", shell("exec sleep 600"), &dir.path().join("b.log")).unwrap();
        let error = wait_for_an_end(&mut relay, &mut door, &stop).unwrap_err();
        assert!(error.to_string().contains("disk full"), "{error}");
    }

    #[test]
    fn what_runs_is_interrupted_and_must_end_cleanly() {
        let dir = tempfile::tempdir().unwrap();
        // Ready when the log says so: a signal before the trap is set would kill the shell.
        let start = |script: &str, log: &str| {
            let log = dir.path().join(log);
            let running = Running::start("relay", shell(script), &log).unwrap();
            while !fs::read_to_string(&log).unwrap().contains("ready") {
                std::thread::yield_now();
            }
            running
        };
        let loop_forever = "while :; do sleep 0.05; done";
        let mut polite = start(&format!("trap 'exit 0' INT; echo ready; {loop_forever}"), "a.log");
        assert!(polite.stop().is_ok());
        let mut rude = start(&format!("trap 'exit 7' INT; echo ready; {loop_forever}"), "b.log");
        assert!(rude.stop().unwrap_err().to_string().contains("cleanly"));
    }

    #[test]
    fn taken_port_is_wrong_use() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(check_port(port).unwrap_err().is::<WrongUse>());
        drop(listener);
        assert!(check_port(port).is_ok());
    }

    #[test]
    fn welcome_names_invites_and_address() {
        let text = welcome("Director: http://localhost:1/#j\n", "http://localhost:1");
        assert!(text.contains("Director: http://localhost:1/#j\n"), "{text}");
        assert!(text.contains("--fresh"), "{text}");
    }
}
