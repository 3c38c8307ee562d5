use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use nestpost_server::clock::Clock;
use nestpost_server::{Config, Relay, ServeError, serve_relay};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A clock that stands until it is set.
#[derive(Debug)]
pub(crate) struct StillClock(Mutex<Date>);

impl StillClock {
    pub(crate) fn set(&self, date: Date) {
        *self.0.lock().unwrap() = date;
    }
}

impl Clock for StillClock {
    fn today(&self) -> Date {
        *self.0.lock().unwrap()
    }
}

/// A relay in this process.
pub(crate) struct TestRelay {
    pub(crate) address: SocketAddr,
    pub(crate) relay: Arc<Relay>,
    pub(crate) clock: Arc<StillClock>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), ServeError>>,
    pub(crate) folder: TempDir,
}

/// Every test relay begins on this day.
pub(crate) const TODAY: Date = Date::constant(2026, 9, 14);

impl TestRelay {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(adjust: impl FnOnce(&mut Config)) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), adjust).await
    }

    pub(crate) async fn start_in(folder: TempDir, adjust: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(folder.path());
        config.limits.refusal_millis = 50;
        adjust(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let clock = Arc::new(StillClock(Mutex::new(TODAY)));
        let relay = Relay::open_at(config, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve_relay(listener, Arc::clone(&relay), async {
            let _ = stopped.await;
        }));
        Self { address, relay, clock, stop, served, folder }
    }

    /// Stops in good order and hands back the data folder.
    pub(crate) async fn stop(self) -> TempDir {
        let _ = self.stop.send(());
        self.served.await.unwrap().unwrap();
        drop(self.relay);
        self.folder
    }
}
