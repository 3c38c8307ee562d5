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
use crate::progress::{Step, skipped};
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
    /// A folder of pictures for the demo house's galleries.
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// `cargo xtask demo`: returns when the relay was stopped.
pub(crate) fn run(workspace: &Workspace, args: &DemoArgs) -> Result<Verdict> {
    let data = args.data.clone().unwrap_or_else(|| workspace.root().join("demo-data"));
    let folder = DemoFolder { path: std::path::absolute(&data)? };
    let photos = args.photos.as_deref().map(check_photos).transpose()?;
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
    let mut relay = Relay::start(workspace, &folder, args.port)?;
    if !relay.wait_until_ready(args.port, &stop)?
        || !fill(workspace, &folder, &url, photos.as_deref(), &stop)?
    {
        relay.stop()?;
        return Ok(Verdict::ok().with("url", url));
    }
    print!("{}", welcome(&folder.welcome()?, &url));
    std::io::stdout().flush()?;
    let status = relay.wait_for_end(&stop)?;
    if let Some(status) = status {
        bail!("the relay ended by itself ({status}); its log is {}", folder.log().display());
    }
    eprintln!();
    relay.stop()?;
    Ok(Verdict::ok().with("url", url))
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

    /// What the filler printed; there once the house is full.
    fn welcome_file(&self) -> PathBuf {
        self.path.join("welcome.txt")
    }

    fn log(&self) -> PathBuf {
        self.path.join("relay.log")
    }

    fn relay(&self) -> PathBuf {
        self.path.join("relay")
    }

    fn devices(&self) -> PathBuf {
        self.path.join("devices")
    }

    fn is_full(&self) -> bool {
        self.welcome_file().is_file()
    }

    fn welcome(&self) -> Result<String> {
        fs::read_to_string(self.welcome_file()).context("the demo's links and codes")
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
            for folder in [self.relay(), self.devices()] {
                remove_folder(&folder)?;
            }
            let _ = fs::remove_file(self.welcome_file());
        }
        fs::create_dir_all(self.relay())?;
        fs::create_dir_all(self.devices())?;
        Ok(())
    }
}

fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| folder.display().to_string())
        }
        _ => Ok(()),
    }
}

fn check_photos(dir: &Path) -> Result<PathBuf> {
    if !dir.is_dir() {
        return Err(WrongUse(format!("--photos {}: no such folder", dir.display())).into());
    }
    Ok(std::path::absolute(dir)?)
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

/// The relay as a child of ours.
struct Relay {
    child: Child,
    log: PathBuf,
}

impl Relay {
    fn start(workspace: &Workspace, folder: &DemoFolder, port: u16) -> Result<Self> {
        use std::os::unix::process::CommandExt as _;
        let log = folder.log();
        let output = File::create(&log).with_context(|| log.display().to_string())?;
        let child = command(relay::release_binary(workspace, relay::RELAY), workspace.root())
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .arg("--data")
            .arg(folder.relay())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            // A group of its own: a Ctrl-C in the terminal reaches us, and we stop it, once.
            .process_group(0)
            .spawn()
            .context("could not start the relay")?;
        Ok(Self { child, log })
    }

    /// `false`: asked to stop meanwhile.
    fn wait_until_ready(&mut self, port: u16, stop: &Receiver<()>) -> Result<bool> {
        let step = Step::start("relay starts");
        let begun = Instant::now();
        while !is_healthy(port) {
            if let Some(status) = self.child.try_wait()? {
                bail!("the relay did not start ({status}): {}", last_lines(&self.log));
            }
            if begun.elapsed() > START_PATIENCE {
                self.stop()?;
                bail!(
                    "the relay did not answer in {} s: {}",
                    START_PATIENCE.as_secs(),
                    last_lines(&self.log)
                );
            }
            if asked_to_stop(stop, POLL) {
                return Ok(false);
            }
        }
        step.done();
        Ok(true)
    }

    /// `None`: asked to stop. Else the relay ended by itself.
    fn wait_for_end(&mut self, stop: &Receiver<()>) -> Result<Option<ExitStatus>> {
        wait_unless_stopped(&mut self.child, stop)
    }

    fn stop(&mut self) -> Result<()> {
        use wait_timeout::ChildExt as _;
        let step = Step::start("relay stops");
        if self.child.try_wait()?.is_none() {
            terminate(&self.child)?;
        }
        match self.child.wait_timeout(STOP_PATIENCE)? {
            Some(status) if status.success() => step.done(),
            Some(status) => bail!("the relay did not stop cleanly ({status}): {}", last_lines(&self.log)),
            None => bail!("the relay did not stop in {} s", STOP_PATIENCE.as_secs()),
        }
        Ok(())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Whatever went wrong, no relay is left behind; one that has ended is no error here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Founds and fills the house through the client core, unless the folder holds a full one. `false`: asked to stop meanwhile.
fn fill(
    workspace: &Workspace,
    folder: &DemoFolder,
    url: &str,
    photos: Option<&Path>,
    stop: &Receiver<()>,
) -> Result<bool> {
    const TITLE: &str = "demo house";
    if folder.is_full() {
        skipped(TITLE, "is there; --fresh founds a new one");
        return Ok(true);
    }
    let step = Step::start(TITLE);
    let printed = folder.path.join("welcome.part");
    let mut filler: Command = command(relay::release_binary(workspace, relay::DEMO_FILLER), workspace.root());
    filler.args(["--relay", url]).arg("--data").arg(folder.devices());
    if let Some(photos) = photos {
        filler.arg("--photos").arg(photos);
    }
    let mut child = filler
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
            return Ok(false);
        }
    }
    fs::rename(&printed, folder.welcome_file())?;
    step.done();
    Ok(true)
}

fn welcome(links: &str, url: &str) -> String {
    format!(
        "\n{}\n\nThe app: {url}\nEvery person above is one browser: open each link in a window of its own (or a private one).\n\
         Each code works once; `cargo xtask demo --fresh` founds a new house. Ctrl-C stops the relay.\n",
        links.trim_end()
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

fn terminate(child: &Child) -> Result<()> {
    let id = i32::try_from(child.id()).context("a process id beyond 31 bits")?;
    kill(Pid::from_raw(id), Signal::SIGTERM).context("could not stop the relay")
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

    use super::{DemoFolder, check_port, welcome};
    use crate::verdict::WrongUse;

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
        fs::write(folder.welcome_file(), "links").unwrap();
        folder.prepare(false).unwrap();
        assert!(record.exists() && folder.is_full());
        assert!(folder.check_ours().is_ok());

        folder.prepare(true).unwrap();
        assert!(!record.exists() && !folder.is_full());
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
    fn welcome_names_links_and_address() {
        let text = welcome("Director: http://localhost:1/#j\n", "http://localhost:1");
        assert!(text.contains("Director: http://localhost:1/#j\n"), "{text}");
        assert!(text.contains("--fresh"), "{text}");
    }
}
