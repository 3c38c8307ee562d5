//! Messages on a WebSocket: one CBOR value per binary frame.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use nestpost_protocol::message::{ByeCode, ClientMessage, RelayMessage};
use nestpost_protocol::{codec, limit};
use tokio::time::Instant;
use tungstenite::Error;
use tungstenite::error::ProtocolError;

use super::End;

/// How long the relay reads on after its goodbye, so that the goodbye arrives.
const LINGER: Duration = Duration::from_secs(1);
/// How long the goodbye itself may take.
const GOODBYE: Duration = Duration::from_secs(1);

pub(super) struct Wire {
    socket: WebSocket,
    send_within: Duration,
    heard: Instant,
}

impl Wire {
    pub(super) fn new(socket: WebSocket, send_within: Duration) -> Self {
        Self { socket, send_within, heard: Instant::now() }
    }

    /// Since the last sign of life.
    pub(super) fn silent_for(&self) -> Duration {
        self.heard.elapsed()
    }

    /// Sends one message. Nothing is queued: whoever does not read is cut off and may come back.
    pub(super) async fn send(&mut self, message: &RelayMessage) -> Result<(), End> {
        self.send_frame(Message::Binary(codec::encode(message).into())).await
    }

    pub(super) async fn ping(&mut self) -> Result<(), End> {
        self.send_frame(Message::Ping(axum::body::Bytes::new())).await
    }

    async fn send_frame(&mut self, frame: Message) -> Result<(), End> {
        match tokio::time::timeout(self.send_within, self.socket.send(frame)).await {
            Err(_) => Err(End::Slow),
            Ok(Err(_)) => Err(End::Gone),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// The next message. Safe to drop and call again.
    pub(super) async fn receive(&mut self) -> Result<ClientMessage, End> {
        loop {
            let frame = match self.socket.recv().await {
                None => return Err(End::Gone),
                Some(Err(error)) => return Err(lost(error)),
                Some(Ok(frame)) => frame,
            };
            self.heard = Instant::now();
            match frame {
                Message::Binary(bytes) => {
                    return codec::decode(&bytes, limit::MESSAGE_BYTES_MAX)
                        .map_err(|_| End::Bye(ByeCode::Malformed));
                }
                Message::Text(_) => return Err(End::Bye(ByeCode::Malformed)),
                Message::Close(_) => return Err(End::Gone),
                Message::Ping(_) | Message::Pong(_) => {}
            }
        }
    }

    /// Says goodbye and reads on for a moment: closing a socket with unread bytes would destroy the goodbye.
    pub(super) async fn bye(mut self, code: ByeCode) {
        let goodbye = async {
            let bye = codec::encode(&RelayMessage::Bye(code));
            self.socket.send(Message::Binary(bye.into())).await?;
            let status =
                if matches!(code, ByeCode::Shutdown) { close_code::AWAY } else { close_code::NORMAL };
            self.socket.send(Message::Close(Some(CloseFrame { code: status, reason: "".into() }))).await
        };
        if !matches!(tokio::time::timeout(GOODBYE, goodbye).await, Ok(Ok(()))) {
            return;
        }
        let drain = async { while let Some(Ok(_)) = self.socket.recv().await {} };
        // Either way the socket is dropped now.
        let _ = tokio::time::timeout(LINGER, drain).await;
    }
}

/// A frame over the limit, or none at all, ends the session like any malformed message; a broken connection is only
/// gone.
fn lost(error: axum::Error) -> End {
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => End::Gone,
        Some(Error::Capacity(_) | Error::Protocol(_) | Error::Utf8(_)) => End::Bye(ByeCode::Malformed),
        _ => End::Gone,
    }
}
