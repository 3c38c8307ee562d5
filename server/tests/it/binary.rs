//! The `nestpost` program itself: its commands, a crash, a lock.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use nestpost_protocol::codec;
use nestpost_protocol::evidence::{Case, Evidence, History, SignedHeader, TITLE};
use nestpost_protocol::id::{Accumulator, Hash, Incarnation};
use nestpost_protocol::log::Body;
use nestpost_protocol::log::kind::restored::Restored;
use nestpost_protocol::message::{ByeCode, ClientMessage, PositionClaim, Submit};
use nestpost_protocol::record::Position;
use nestpost_server::clock::{Clock as _, SystemClock};
use nestpost_server::relay_key::RelayKey;
use tokio::io::AsyncWriteExt as _;

use crate::support::client::{holds, nothing};
use crate::support::house::{Device, House};
use crate::support::http::try_request;
use crate::support::{Blob, Client, Courier, Kita};

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
            .env("RUST_LOG", "nestpost=trace,nestpost_server=trace,object_store=trace,sqlx=info")
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

#[test]
fn evidence_is_read_with_nothing_but_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let relay = RelayKey::open(folder.path()).unwrap();
    let house = House::found(relay.public());
    let circle = house.names.house;
    let claim = |life: u8, acc: u8| {
        let (acc, incarnation) = (Accumulator::new([acc; 32]), Incarnation::new([life; 16]));
        let claim = PositionClaim { house: house.id(), incarnation, circle, n: 7, acc, start: None };
        let from = Position { n: 7, acc };
        History { circle, from, ids: Vec::new(), signed: Some(relay.sign(claim)) }
    };
    let read = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let output = run(&["evidence", file.to_str().unwrap()]);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let found = house.now.frame.entries.first().unwrap().clone();
    let file = |one: History, other: History| {
        let cases = vec![Case::Histories(one, other)];
        codec::encode(&Evidence::new(house.id(), found.clone(), Vec::new(), cases))
    };

    let (code, said, _) = read("lie.evidence", &file(claim(1, 8), claim(1, 9)));
    assert_eq!(code, Some(0), "{said}");
    for part in [
        nestpost_server::moving::fingerprint(&house.id()),
        relay.public().to_string(),
        format!("circle {circle}"),
        format!("at position 7: {}", Accumulator::new([8; 32])),
        format!("at position 7: {}", Accumulator::new([9; 32])),
        "so: proven: the relay signed two histories".to_owned(),
        "contradictions: 1, proven against the relay: 1".to_owned(),
    ] {
        assert!(said.contains(&part), "{part} is not in {said}");
    }

    // What only the one who shows it says is told as that.
    let (code, said, _) = read("word.evidence", &file(claim(1, 8), History { signed: None, ..claim(1, 9) }));
    assert!(code == Some(0) && said.contains("shown, not signed") && said.contains("relay: 0"), "{said}");

    // A restore from a backup is no lie, and a word that was changed nobody's.
    let mut forged = claim(1, 9);
    forged.signed = forged.signed.map(|mut signed| {
        signed.claim.start = Some(Incarnation::new([3; 16]));
        signed
    });
    for (bytes, why) in [
        (file(claim(1, 8), claim(2, 9)), "no contradiction"),
        (file(claim(1, 8), claim(1, 8)), "no contradiction"),
        (file(claim(1, 8), forged), "signature"),
        (b"a letter".to_vec(), "malformed"),
        (
            codec::encode(&Evidence::new(house.id(), found.clone(), Vec::new(), Vec::new())),
            "no contradiction",
        ),
    ] {
        let (code, said, wrong) = read("nothing.evidence", &bytes);
        assert_eq!((code, said.as_str()), (Some(1), ""), "{wrong}");
        assert!(wrong.contains(why), "{wrong}");
    }
    assert_eq!(run(&["evidence", "/no/such/file"]).status.code(), Some(2));
    let lie = folder.path().join("lie.evidence");
    let elsewhere = run(&["--config", "/no/such/file", "evidence", lie.to_str().unwrap()]);
    assert!(elsewhere.status.success(), "whoever was handed a file has no relay");

    // Whoever has the first entry can sign that the house went on with a relay of their own: that is no proof.
    let own = RelayKey::open(tempfile::tempdir().unwrap().path()).unwrap();
    let forgers = [Device::new("forger"), Device::new("another")];
    let log = house.now.log.head().unwrap();
    let (incarnation, positions, relay) = (Incarnation::new([1; 16]), Hash::new([0; 32]), Some(own.public()));
    let body = Body::Restored(Restored { incarnation, log, positions, relay, origin: None });
    let entry = house.draft().signed_entry(&forgers[0], &body, Some(&forgers[1]));
    let resigned = |history: History| {
        let signed = history.signed.map(|signed| own.sign(signed.claim));
        History { signed, ..history }
    };
    let pair = Case::Histories(resigned(claim(1, 8)), resigned(claim(1, 9)));
    let moved = |moves: usize, cases: usize| {
        let (moves, cases) = (vec![entry.clone(); moves], vec![pair.clone(); cases]);
        let title = TITLE.to_owned();
        codec::encode(&Evidence { title, house: house.id(), found: found.clone(), cases, moves })
    };
    let (code, said, _) = read("moved.evidence", &moved(1, 1));
    let [one, other] = [forgers[0].id(), forgers[1].id()];
    let only = format!("so: proven only if the house's directing devices {one}, {other} named this key");
    assert!(code == Some(0) && said.contains(&only), "{said}");

    // Of many moves those stand in the file that its cases rest on; who named a key again is said too.
    let named_by = |key, by: &[Device; 2]| {
        let body = Restored { incarnation, log, positions, relay: Some(key), origin: None };
        house.draft().signed_entry(&by[0], &Body::Restored(body), Some(&by[1]))
    };
    let late = [Device::new("late"), Device::new("later")];
    let mut moves = vec![entry.clone()];
    moves.extend((0..40).map(|n| named_by(nestpost_protocol::id::RelayKey::new([n; 32]), &late)));
    let many = Evidence::new(house.id(), found.clone(), moves.clone(), vec![pair.clone()]);
    assert_eq!(many.moves.len(), 32);
    let (code, said, wrong) = read("many.evidence", &codec::encode(&many));
    assert!(code == Some(0) && said.contains(&only), "{said}{wrong}");
    let again = vec![entry.clone(), named_by(own.public(), &late)];
    let again = Evidence::new(house.id(), found.clone(), again, vec![pair.clone()]);
    let (_, said, _) = read("again.evidence", &codec::encode(&again));
    let [first, second] = &late;
    let [first, second] = [first.id(), second.id()];
    assert!(
        said.contains(&format!("{one}, {other}")) && said.contains(&format!("{first}, {second}")),
        "{said}"
    );
    let line = said.lines().find(|line| line.contains("so: proven only if")).unwrap();
    assert!(
        line.contains(&format!("{one}, {other}")) && line.contains(&format!("{first}, {second}")),
        "{line}"
    );
    let (_, said, _) = read("moved.evidence", &moved(1, 1));
    assert!(said.contains("proven against the relay: 0") && !said.contains("so: proven: "), "{said}");
    assert_eq!(read("most.evidence", &moved(32, 32)).0, Some(0));
    for (moves, cases) in [(33, 1), (1, 33)] {
        let (code, _, wrong) = read("hostile.evidence", &moved(moves, cases));
        assert!(code == Some(1) && wrong.contains("more than 32"), "{wrong}");
    }

    // Any record has such a signature: it contradicts nothing.
    let record = house.now.frame.records.first().unwrap();
    let wrap = house.now.frame.wraps.first().unwrap().clone();
    let cases = vec![Case::Record(SignedHeader::of(record), None), Case::Wrap(wrap)];
    let bytes = codec::encode(&Evidence::new(house.id(), found, Vec::new(), cases));
    let (code, said, _) = read("record.evidence", &bytes);
    assert!(code == Some(0) && said.matches("contradicts nothing by itself").count() == 2, "{said}");
    assert!(said.contains("contradictions: 0, proven against the relay: 0"), "{said}");
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

/// How far one blob had come when the relay was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Killed {
    Never,
    Reserved,
    InAPart,
    WithAPart,
    Complete,
    WithTheHold,
}

#[tokio::test]
async fn forty_blobs_arrive_once_each_though_the_relay_is_killed_in_between() {
    let data = tempfile::tempdir().unwrap();
    let mut relay = Running::start(data.path());
    let mut kita = Kita::at(relay.address).await;
    kita.house.now.month = SystemClock.month();
    let child = kita.child;
    let mut courier = kita.courier(relay.address).await;
    let blobs: Vec<Blob> = (0..40)
        .map(|n| Blob::new(&format!("picture {n}"), if n % 5 == 0 { (1 << 20) + 5000 } else { 40_000 + n }))
        .collect();
    let mut log = String::new();
    for (n, blob) in blobs.iter().enumerate() {
        let killed = match n {
            3 => Killed::Reserved,
            10 => Killed::InAPart,
            15 | 20 | 21 | 22 => Killed::WithAPart,
            30 => Killed::Complete,
            35..=37 => Killed::WithTheHold,
            _ => Killed::Never,
        };
        let missing = courier.missing(child, blob).await;
        if killed != Killed::Reserved {
            for part in missing {
                let path = blob.part_path(part as usize);
                let extra = format!("Authorization: Bearer {}\r\n", courier.ticket);
                let bytes = blob.part(part as usize);
                let cut = if killed == Killed::InAPart { &bytes[..1000] } else { bytes };
                match killed {
                    Killed::InAPart => {
                        let mut stream = tokio::net::TcpStream::connect(relay.address).await.unwrap();
                        let head = format!(
                            "PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{extra}\r\n",
                            bytes.len()
                        );
                        stream.write_all(head.as_bytes()).await.unwrap();
                        stream.write_all(cut).await.unwrap();
                    }
                    Killed::WithAPart => {
                        let (address, cut) = (relay.address, cut.to_vec());
                        tokio::spawn(async move { try_request(address, "PUT", &path, &extra, &cut).await });
                        // Until it has begun; how far it comes is chance.
                        tokio::task::yield_now().await;
                    }
                    _ => assert_eq!(courier.put(blob, part as usize).await.status, 204),
                }
            }
        }
        let mut draft = kita.house.draft();
        draft.hold(&kita.director, child, &[blob.id()]);
        match killed {
            Killed::Never => {
                kita.desk.commit(&mut kita.house, draft).await;
                continue;
            }
            Killed::WithTheHold => {
                let submit = Submit { id: 1000, frame: draft.frame.clone() };
                kita.desk.send(&ClientMessage::Submit(submit)).await;
            }
            _ => {}
        }
        log += &relay.kill();
        relay = Running::start(data.path());
        kita.desk = Client::member(relay.address, &kita.house, &kita.director).await;
        courier = kita.courier(relay.address).await;
        courier.send(child, blob).await;
        // The same frame, for lack of an answer.
        kita.desk.commit(&mut kita.house, draft).await;
    }
    let stranger = Courier::for_device(relay.address, &kita.house, &kita.stranger).await;
    assert_eq!(stranger.get(blobs.first().unwrap()).await.status, 404);
    let parent = Courier::for_device(relay.address, &kita.house, &kita.parent).await;
    let mut reader = Client::member(relay.address, &kita.house, &kita.parent).await;
    let rows = reader.inbox.rows.remove(&child).unwrap();
    assert_eq!(rows.len(), 41, "an epoch and forty holds");
    for blob in &blobs {
        assert!(parent.get(blob).await.body == blob.sealed);
        let files = std::fs::read_dir(blob.folder(data.path(), &kita.house)).unwrap();
        let whole = files.filter(|file| {
            let name = file.as_ref().unwrap().file_name();
            // What a write that was cut off leaves goes with its blob.
            !name.to_string_lossy().contains('#')
        });
        assert_eq!(whole.count(), blob.manifest.parts.len());
    }
    log += &relay.kill();
    let secret = courier.ticket.get(..40).unwrap().to_owned();
    let ids = blobs.iter().map(|blob| blob.id().to_string());
    let others = [kita.house.id().to_string(), kita.director.id().to_string(), child.to_string(), secret];
    for id in ids.chain(others) {
        assert!(!log.contains(id.get(..8).unwrap()), "an id in the log");
    }
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
