//! The `nestpost` program itself: its commands, a crash, a lock.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use nestpost_protocol::message::ByeCode;
use nestpost_server::clock::{Clock as _, SystemClock};

use crate::support::Client;
use crate::support::client::{holds, nothing};

fn nestpost() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nestpost"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NESTPOST_") || name == "RUST_LOG")
    {
        command.env_remove(name);
    }
    command
}

/// A running relay; killed when dropped.
struct Running {
    child: Child,
    address: SocketAddr,
}

impl Running {
    fn start(data: &Path) -> Self {
        let mut child = nestpost()
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--data"])
            .arg(data)
            .env("RUST_LOG", "nestpost=trace,nestpost_server=trace,sqlx=info")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("nestpost: listening on http://").expect("an address").parse().unwrap();
        Self { child, address }
    }

    /// As a power cut would.
    fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Output {
    nestpost().args(arguments).output().unwrap()
}

#[test]
fn commands_and_exit_codes() {
    let version = run(&["--version"]);
    assert!(version.status.success());
    assert!(String::from_utf8_lossy(&version.stdout).starts_with("nestpost "));
    assert!(run(&["serve", "--help"]).status.success());
    let good = run(&["--check-config", "--listen", "127.0.0.1:1"]);
    assert!(good.status.success());
    assert!(String::from_utf8_lossy(&good.stdout).starts_with("config: ok, listen=127.0.0.1:1"));
    for bad in [
        &["--check-config", "--origin", "kita"][..],
        &["--listen", "nowhere", "serve"],
        &["--check-config", "--config", "/no/such/file"],
        &[],
    ] {
        assert_eq!(run(bad).status.code(), Some(2), "{bad:?}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let relay = Running::start(data.path());
    let mut house = Client::new_house(relay.address).await;
    house.now.month = SystemClock.month();
    let director = house.names.director.clone();
    let mut desk = Client::member(relay.address, &house, &director).await;
    let mut frames = Vec::new();
    for _ in 0..25 {
        let mut draft = house.draft();
        draft.batch(&director, house.names.house, 1000);
        frames.push(draft.frame.clone());
        desk.commit(&mut house, draft).await;
    }
    let log = relay.kill();

    // Nothing in the log names anybody.
    assert!(log.contains("relay starts"), "{log}");
    for id in [house.id().to_string(), director.id().to_string(), director.person.to_string()] {
        assert!(!log.contains(id.get(..8).unwrap()), "an id in the log");
    }
    assert!(!log.contains("127.0.0.1"), "an address in the log");

    let relay = Running::start(data.path());
    let mut client = Client::connect(relay.address).await;
    assert_eq!(client.challenge.relay, house.now.log.relay().unwrap(), "another relay key");
    let held =
        holds(&house.now, &[house.names.team, house.names.directors, house.names.staff, house.names.house]);
    assert!(client.login(house.id(), &director, &held).await.equal);
    // Sent again after the crash, for lack of an answer: acknowledged, not written twice.
    for frame in frames {
        client.submit(frame).await.unwrap();
    }
    let mut reader = Client::connect(relay.address).await;
    reader.catch_up(house.id(), &house.names.sheet, nothing()).await;
    assert_eq!(reader.inbox.rows.get(&house.names.house).unwrap().len(), 26);
}

#[tokio::test]
async fn one_data_folder_has_one_relay() {
    let data = tempfile::tempdir().unwrap();
    let first = Running::start(data.path());
    let second =
        nestpost().args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data.path()).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another relay uses"));
    Client::connect(first.address).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_polite_stop_says_goodbye_and_exits_with_0() {
    let data = tempfile::tempdir().unwrap();
    let mut relay = Running::start(data.path());
    let mut client = Client::connect(relay.address).await;
    let id = relay.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(client.bye().await, ByeCode::Shutdown);
    assert!(relay.child.wait().unwrap().success());
}
