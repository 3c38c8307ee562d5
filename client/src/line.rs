//! The line to the relay: one WebSocket, binary frames.

use futures_util::{SinkExt, StreamExt};
use nestpost_protocol::limit::MESSAGE_BYTES_MAX;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// An open line.
pub(crate) struct Line(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Line {
    /// Connects to the relay at `origin` (`http://…` or `https://…`).
    pub(crate) async fn open(origin: &str) -> Option<Self> {
        let url = format!("{}/ws", origin.replacen("http", "ws", 1).trim_end_matches('/'));
        let mut config = WebSocketConfig::default();
        config.max_message_size = Some(MESSAGE_BYTES_MAX);
        config.max_frame_size = Some(MESSAGE_BYTES_MAX);
        let (socket, _) = connect_async_with_config(url, Some(config), true).await.ok()?;
        Some(Self(socket))
    }

    /// The next binary frame; `None` once the line is gone. Safe to drop while waiting.
    pub(crate) async fn receive(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.0.next().await? {
                Ok(Message::Binary(bytes)) => return Some(bytes.into()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Sends one binary frame. `false` once the line is gone.
    pub(crate) async fn send(&mut self, bytes: Vec<u8>) -> bool {
        self.0.send(Message::Binary(bytes.into())).await.is_ok()
    }

    /// Says goodbye.
    pub(crate) async fn close(mut self) {
        let _ = self.0.close(None).await;
    }
}
