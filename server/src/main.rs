//! `nestpost`: the relay with the app inside.

#![forbid(unsafe_code)]

use std::fs::File;
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use nestpost_protocol::limit;
use nestpost_server::config::LogFormat;
use nestpost_server::config::cli::{Cli, Command};
use nestpost_server::{Config, moving};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Whoever reads a file that they were handed has no relay.
    if let Some(Command::Evidence { file }) = &cli.command {
        return evidence(file);
    }
    let config = match cli.options.resolve() {
        Ok(config) => config,
        Err(error) => {
            eprintln!("nestpost: {:#}", anyhow::Error::from(error));
            return ExitCode::from(2);
        }
    };
    if cli.check_config {
        let open = if config.setup_code.is_some() { "setup code set" } else { "new houses are open" };
        println!("config: ok, listen={}, data={}, {open}", config.listen, config.data.display());
        return ExitCode::SUCCESS;
    }
    match cli.command {
        Some(Command::Serve) => {}
        Some(Command::Evidence { file }) => return evidence(&file),
        Some(Command::Columns) => return columns(&config),
        Some(Command::ExportHouse { house, file }) => return moved(moving::export(&config, &house, &file)),
        Some(Command::ImportHouse { file }) => return moved(moving::import(&config, &file)),
        Some(Command::ReopenHouse { house }) => return moved(moving::reopen(&config, &house)),
        None => {
            eprintln!("nestpost: nothing to do; try `nestpost serve` or `nestpost --help`");
            return ExitCode::from(2);
        }
    }
    log_to_stderr(config.log_format);
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(config: Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), data = %config.data.display(), "relay starts");
    // On standard output, alone: whoever starts the relay on port 0 reads the port here.
    println!("nestpost: listening on http://{address}");
    nestpost_server::serve(listener, config, stop_signal()).await?;
    tracing::info!("relay stopped");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn columns(config: &Config) -> ExitCode {
    match nestpost_server::columns(config).await {
        Ok(columns) => {
            columns.iter().for_each(|column| println!("{column}"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("nestpost: {}: {:#}", config.data.display(), anyhow::Error::from(error));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn moved(step: impl Future<Output = Result<String, moving::MoveError>>) -> ExitCode {
    match step.await {
        Ok(house) => {
            println!("house {house}: ok");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("nestpost: {:#}", anyhow::Error::from(error));
            ExitCode::FAILURE
        }
    }
}

fn evidence(file: &Path) -> ExitCode {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit::EVIDENCE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    if let Err(error) = File::open(file).and_then(|open| open.take(most).read_to_end(&mut bytes)) {
        eprintln!("nestpost: {}: {error}", file.display());
        return ExitCode::from(2);
    }
    match nestpost_server::evidence::report(&bytes) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("nestpost: {}: {:#}", file.display(), anyhow::Error::from(error));
            ExitCode::FAILURE
        }
    }
}

async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
    tracing::info!("shutting down");
}

fn log_to_stderr(format: LogFormat) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,memory_serve=warn"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
