//! Connections, each with an end: whoever does not ask in time, or does not take what they asked for, is cut off.
//!
//! Not bounded here: how many connections are open that ask for nothing, or for the app alone.

use std::pin::pin;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Limits;

/// What a connection holds of a request's head, or of an answer; hyper's 400 KiB would be too much for everybody.
const BUFFER_BYTES: usize = 64 << 10;

/// The connection that a request came in on, for whoever answers it.
#[derive(Debug, Clone)]
pub(super) struct Line(CancellationToken);

impl Line {
    /// Closes it at once, whatever is under way there.
    pub(super) fn cut(&self) {
        self.0.cancel();
    }
}

/// Serves until `shutdown` resolves, then until every connection has its answer.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: &Limits,
    shutdown: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head()).max_buf_size(BUFFER_BYTES);
    let (connections, closing) = (TaskTracker::new(), CancellationToken::new());
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, _) = tokio::select! {
            () = &mut shutdown => break,
            // Waits where no connection can be had, and tries again.
            accepted = Listener::accept(&mut listener) => accepted,
        };
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.stall()));
        let line = Line(CancellationToken::new());
        let (cut, inner) = (line.0.clone(), TowerToHyperService::new(router.clone()));
        let service = service_fn(move |mut request| {
            request.extensions_mut().insert(line.clone());
            inner.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service).with_upgrades();
        let closing = closing.clone();
        connections.spawn(cut.run_until_cancelled_owned(async move {
            let mut connection = pin!(connection);
            // How it ends is the client's matter.
            tokio::select! {
                _ = connection.as_mut() => return,
                () = closing.cancelled() => connection.as_mut().graceful_shutdown(),
            }
            let _ = connection.await;
        }));
    }
    drop(listener);
    closing.cancel();
    connections.close();
    connections.wait().await;
}
