//! What is reached over HTTP: the app, `/healthz`, blobs, and the door to a session, `/ws`.

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use nestpost_protocol::limit;

use crate::config::{Config, Origin};
use crate::relay::Relay;
use crate::session;

mod blob;
mod headers;
mod listen;
mod web;

use headers::Headers;
pub(crate) use listen::serve;

/// Per connection; axum's 128 KiB would cost a relay with 10,000 phones more than a gigabyte.
const READ_BUFFER_BYTES: usize = 4096;
const WRITE_BUFFER_BYTES: usize = 4096;

/// Everything the relay answers, with the same security headers on all of it.
pub(crate) fn router(relay: Arc<Relay>) -> Router {
    let headers = Arc::new(Headers::new(&relay.config));
    let dress = move |request: Request, next: Next| {
        let headers = Arc::clone(&headers);
        async move {
            let path = request.uri().path().to_owned();
            let mut response = next.run(request).await;
            headers.put_on(&path, response.headers_mut());
            response
        }
    };
    Router::new()
        .route("/ws", get(connect))
        .route("/healthz", get(health))
        // One handler for whatever a path below may be: nothing else may answer there.
        .route(blob::PATH, any(blob::serve))
        .route(&format!("{}/", blob::PATH), any(blob::serve))
        .route(&format!("{}/{{*rest}}", blob::PATH), any(blob::serve))
        .with_state(relay)
        .merge(web::router())
        .layer(middleware::from_fn(dress))
}

async fn health(State(relay): State<Arc<Relay>>) -> Response {
    match relay.store.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "store unavailable\n").into_response()
        }
    }
}

async fn connect(State(relay): State<Arc<Relay>>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if is_foreign(&relay.config, &headers) {
        return foreign_origin();
    }
    let host = host(&headers).map(str::to_owned);
    let Ok(permit) = Arc::clone(&relay.connections).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, TOO_MANY).into_response();
    };
    let sessions = relay.sessions.clone();
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(limit::MESSAGE_BYTES_MAX)
        .max_frame_size(limit::MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| {
            sessions.track_future(async move {
                session::run(relay, socket, host).await;
                drop(permit);
            })
        })
}

const TOO_MANY: &str = "too many connections\n";

fn foreign_origin() -> Response {
    (StatusCode::FORBIDDEN, "foreign origin\n").into_response()
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

/// Browsers say where a page came from: pages of others may not talk to this relay.
fn is_foreign(config: &Config, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return false };
    let Some(origin) = origin.to_str().ok().and_then(Origin::parse) else { return true };
    if config.origins.is_empty() {
        return !host(headers).is_some_and(|host| host.eq_ignore_ascii_case(origin.authority()));
    }
    !config.origins.contains(&origin)
}
