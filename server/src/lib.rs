//! The Nestpost relay: admits, orders, stores, fans out, expires. It never opens.
//!
//! A relay keeps log entries, records, wraps and blobs exactly as it was given them, checks them by the rules of
//! [`nestpost_protocol`], and delivers them to whom the house log allows. Nothing in its dependencies could open a
//! sealed byte. It keeps no names, addresses or IP addresses, and logs no ids.
//!
//! Reading order: [`config`] → [`store`] (what is kept) → `house` (how a frame comes in) → `session` (how a device is
//! served) → `http` (what is around it). [`serve`] ties them together; the caller binds the listener, so a test can
//! connect at once.

#![forbid(unsafe_code)]

use std::io;
use std::pin::pin;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::store::StoreError;
use crate::store::sqlite::SqliteStore;

mod blobs;
pub mod clock;
pub mod config;
pub mod evidence;
mod house;
mod http;
pub mod moving;
mod relay;
pub mod relay_key;
mod session;
pub mod store;
mod ticket;

pub use blobs::FOLDER as BLOBS_FOLDER;
pub use config::Config;
pub use relay::{DATABASE_FILE, OpenError, Relay, SweepError};

/// Why serving ended with an error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The data folder, key or database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The listener is none.
    #[error("the listener failed")]
    Listen(#[source] io::Error),
}

/// Opens the relay and serves it on `listener` until `shutdown` resolves; then says goodbye to every session and
/// closes the store.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    serve_relay(listener, Relay::open(config).await?, shutdown).await
}

/// Every column of the database in the data folder, as `table.column`, sorted. A relay may be running on it.
///
/// # Errors
/// [`StoreError`] when there is no database, or it cannot be read.
pub async fn columns(config: &Config) -> Result<Vec<String>, StoreError> {
    SqliteStore::columns_of(&config.data.join(DATABASE_FILE)).await
}

/// [`serve`] for a relay that is open already.
///
/// # Errors
/// [`ServeError::Listen`].
pub async fn serve_relay(
    listener: TcpListener,
    relay: Arc<Relay>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    // One that was closed would be asked for connections for ever.
    listener.local_addr().map_err(ServeError::Listen)?;
    if relay.config.setup_code.is_none() {
        tracing::warn!("no setup code: whoever reaches this relay may found a house on it");
    }
    let sweeper = tokio::spawn(Arc::clone(&relay).sweep_forever());
    let closing = Arc::clone(&relay);
    let (stopped, wait_stopped) = tokio::sync::oneshot::channel::<()>();
    let closer = tokio::spawn(async move {
        // An error means that serving ended without a shutdown.
        let _ = wait_stopped.await;
        closing.close().await;
    });
    let patience = relay.config.limits.shutdown();
    let limits = relay.config.limits.clone();
    let serving = http::serve(listener, http::router(relay), &limits, async move {
        shutdown.await;
        // Sessions end while the server waits for its connections.
        let _ = stopped.send(());
    });
    let ended = async {
        if closer.await.is_err() || sweeper.await.is_err() {
            tracing::error!("a task of the relay ended unexpectedly");
        }
    };
    let (mut serving, mut ended) = (pin!(serving), pin!(ended));
    tokio::select! {
        () = &mut serving => ended.await,
        // Whoever does not take what is being sent to them is not waited for any longer.
        () = &mut ended => {
            let _ = tokio::time::timeout(patience, serving).await;
        }
    }
    Ok(())
}
