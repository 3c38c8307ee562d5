//! `nestpost-then`: today's relay, or today's native device, on the clock of another day. What is kept for weeks only is there
//! again: so browser tests open the folders of an earlier version years later.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nestpost_client::{Clock, Device, Options};
use nestpost_core::app::command::NoArgs;
use nestpost_core::app::{Command, Query, View};
use nestpost_server::{Config, Relay, serve_relay};
use serde_json::json;
use tokio::net::TcpListener;

#[derive(Parser)]
#[command(name = "nestpost-then", about = "Today's relay or native device on the clock of another day")]
enum Cli {
    /// Serves a relay, until it is told to stop.
    Relay(RelayArgs),
    /// Opens a native device that reads one thread, or lets one join; prints what it has seen as JSON.
    Device(DeviceArgs),
}

#[derive(Args)]
struct RelayArgs {
    /// What it takes for the present, e.g. 2026-11-21T08:00:00Z.
    #[arg(long)]
    now: Timestamp,
    #[arg(long)]
    data: PathBuf,
    #[arg(long)]
    listen: SocketAddr,
}

#[derive(Args)]
struct DeviceArgs {
    /// What it takes for the present.
    #[arg(long)]
    now: Timestamp,
    /// The device's own folder.
    #[arg(long)]
    folder: PathBuf,
    /// Origin of the relay.
    #[arg(long)]
    origin: String,
    /// Join with this code first; prints the digits to compare and waits.
    #[arg(long)]
    code: Option<String>,
    /// Wait until the thread holds this message.
    #[arg(long)]
    until: Vec<String>,
    /// Then write this.
    #[arg(long)]
    say: Option<String>,
    /// Without the relay: what is written stays on the device.
    #[arg(long)]
    offline: bool,
}

/// The machine's clock, shifted.
struct Then(SignedDuration);

impl nestpost_server::clock::Clock for Then {
    fn today(&self) -> Date {
        (Timestamp::now() + self.0).to_zoned(TimeZone::UTC).date()
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    match Cli::parse() {
        Cli::Relay(args) => relay(args).await,
        Cli::Device(args) => device(args).await,
    }
}

async fn relay(args: RelayArgs) -> Result<()> {
    let clock = Then(args.now.duration_since(Timestamp::now()));
    let listener = TcpListener::bind(args.listen).await?;
    let address = listener.local_addr()?;
    let relay = Relay::open_at(Config::new(args.data), Arc::new(clock)).await?;
    // The words of `nestpost serve`: whoever starts either looks for them.
    println!("nestpost: listening on http://{address}");
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    serve_relay(listener, relay, async move {
        terminate.recv().await;
    })
    .await?;
    Ok(())
}

async fn device(args: DeviceArgs) -> Result<()> {
    let clock = Clock::system();
    clock.shift(i64::try_from(args.now.duration_since(Timestamp::now()).as_millis())?);
    let options = Options { origin: args.origin.clone(), folder: args.folder.clone(), clock };
    let device = match &args.code {
        Some(code) => join(options, code).await?,
        None => Device::open(options)?,
    };
    device.set_offline(args.offline).await?;
    let thread = only_thread(&device).await?;
    let query = || Query::Thread { id: thread.clone() };
    device
        .until_view(query(), |view| {
            let said = said(view);
            args.until.iter().all(|text| said.contains(text))
        })
        .await?;
    if let Some(text) = args.say {
        device.command(Command::SendMessage { thread: thread.clone(), text, set: None }).await?;
    }
    let summary = if args.offline {
        device.summary()
    } else {
        device.until(|house| house.link == "online" && house.waiting == 0).await?
    };
    let bulletins = match device.query(Query::Bulletins(NoArgs {})).await? {
        View::Bulletins(bulletins) => bulletins.into_iter().map(|bulletin| bulletin.title).collect(),
        _ => Vec::new(),
    };
    let seen = json!({
        "bulletins": bulletins,
        "messages": said(&device.query(query()).await?),
        "waiting": summary.waiting,
        "alarms": summary.alarms.iter().map(|alarm| alarm.code).collect::<Vec<_>>(),
    });
    println!("{seen}");
    device.close().await;
    Ok(())
}

async fn join(options: Options, code: &str) -> Result<Device> {
    let device = Device::join(options, code).await?;
    let joining = device.until(|house| house.digits.is_some() || house.failed.is_some()).await?;
    let Some(digits) = joining.digits else {
        bail!("joining failed: {}", joining.failed.unwrap_or_default());
    };
    println!("{}", json!({ "digits": digits }));
    std::io::stdout().flush()?;
    device.until(|house| house.stage == "member" && house.link == "online" && house.waiting == 0).await?;
    Ok(device)
}

async fn only_thread(device: &Device) -> Result<String> {
    let there = |view: &View| matches!(view, View::Threads(threads) if !threads.is_empty());
    match device.until_view(Query::Threads(NoArgs {}), there).await? {
        View::Threads(threads) => threads.into_iter().next().map(|thread| thread.id).context("no thread"),
        _ => bail!("not a list of threads"),
    }
}

fn said(view: &View) -> Vec<String> {
    match view {
        View::Thread(thread) => thread.messages.iter().map(|message| message.text.clone()).collect(),
        _ => Vec::new(),
    }
}
