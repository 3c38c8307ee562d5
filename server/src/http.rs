//! What is reached over HTTP: the app, `/healthz`, and the door to a session, `/ws`.

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use nestpost_protocol::limit;

use crate::config::{Config, Origin};
use crate::relay::Relay;
use crate::session;

mod headers;
mod web;

use headers::Headers;

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
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    if let Some(origin) = headers.get(ORIGIN)
        && !origin.to_str().is_ok_and(|origin| may_connect(&relay.config, origin, host.as_deref()))
    {
        return (StatusCode::FORBIDDEN, "foreign origin\n").into_response();
    }
    let Ok(permit) = Arc::clone(&relay.connections).try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many connections\n").into_response();
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

/// Browsers say where a page came from: pages of others may not talk to this relay.
fn may_connect(config: &Config, origin: &str, host: Option<&str>) -> bool {
    let Some(origin) = Origin::parse(origin) else { return false };
    if config.origins.is_empty() {
        return host.is_some_and(|host| host.eq_ignore_ascii_case(origin.authority()));
    }
    config.origins.contains(&origin)
}
