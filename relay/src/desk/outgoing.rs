//! The way out to one desk: frames in order, bounded by their size; a desk that takes nothing for too long is given up.

use crate::config;
use crate::metrics;
use axum::extract::ws::{Message, WebSocket};
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use shared::wire::RelayFrame;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::timeout;

/// The desk does not read, or is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalled;

/// The sending half; frames wait here until the desk takes them.
pub struct Outgoing {
    frames: mpsc::UnboundedSender<(Message, Room)>,
    room: Arc<Semaphore>,
}

/// The room that a frame takes until it is written.
type Room = (OwnedSemaphorePermit, metrics::Waiting);

/// Starts the writer of a socket; it ends when the sending half is dropped and everything is written.
pub fn start(mut sink: SplitSink<WebSocket, Message>) -> (Outgoing, tokio::task::JoinHandle<()>) {
    let (frames, mut queue) = mpsc::unbounded_channel::<(Message, Room)>();
    let room = Arc::new(Semaphore::new(config::SOCKET_QUEUE));
    let full = Arc::clone(&room);
    let writer = tokio::spawn(async move {
        while let Some((message, _room)) = queue.recv().await {
            if !matches!(timeout(config::SOCKET_STALL, sink.send(message)).await, Ok(Ok(()))) {
                break;
            }
        }
        full.close();
        // The desk may be gone already.
        let _ = timeout(config::HEAD_TIMEOUT, sink.close()).await;
    });
    (Outgoing { frames, room }, writer)
}

impl Outgoing {
    /// Puts a frame behind those that wait; waits for room first.
    ///
    /// # Errors
    /// When there was no room for [`config::SOCKET_STALL`], or the socket is gone.
    pub async fn send(&self, frame: &RelayFrame) -> Result<(), Stalled> {
        let text = serde_json::to_string(frame).map_err(|error| {
            tracing::error!(%error, "a frame could not be written");
            Stalled
        })?;
        let size = text.len();
        self.put(Message::Text(text.into()), size).await
    }

    /// Asks whether the desk is there.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn ping(&self) -> Result<(), Stalled> {
        self.put(Message::Ping(axum::body::Bytes::new()), 1).await
    }

    async fn put(&self, message: Message, bytes: usize) -> Result<(), Stalled> {
        let size = u32::try_from(bytes.clamp(1, config::SOCKET_QUEUE)).unwrap_or(1);
        let room = timeout(config::SOCKET_STALL, Arc::clone(&self.room).acquire_many_owned(size)).await;
        let room = room.map_err(|_| Stalled)?.map_err(|_| Stalled)?;
        let waiting = metrics::Waiting::begin(config::SOCKET_QUEUE.min(bytes));
        self.frames.send((message, (room, waiting))).map_err(|_| Stalled)
    }
}
