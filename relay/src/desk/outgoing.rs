//! The way out to one desk: frames in order, bounded by their size; a desk that takes nothing for too long is given up.

use crate::config::Limits;
use crate::metrics;
use axum::extract::ws::{Message, WebSocket};
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use shared::wire::RelayFrame;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The desk does not read, or is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalled;

/// 1 s for the last words and for closing: whoever takes no longer is not waited for.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What waits for the desk: frames with the room they take, then perhaps the last words, which need none.
type Waiting = (Message, Option<Room>);

/// The room that a frame takes until it is written.
type Room = (OwnedSemaphorePermit, metrics::Waiting);

/// The sending half; frames wait here until the desk takes them.
pub struct Outgoing {
    frames: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
    limits: Limits,
    hush: CancellationToken,
}

/// Starts the writer of a socket; it ends when the sending half is dropped and everything is written.
pub fn start(
    mut sink: SplitSink<WebSocket, Message>,
    limits: Limits,
) -> (Outgoing, tokio::task::JoinHandle<()>) {
    let (frames, mut queue) = mpsc::unbounded_channel::<Waiting>();
    let room = Arc::new(Semaphore::new(limits.socket_queue));
    let hush = CancellationToken::new();
    let (full, hushed) = (Arc::clone(&room), hush.clone());
    let writer = tokio::spawn(async move {
        while let Some((message, room)) = queue.recv().await {
            let last_words = room.is_none();
            if hushed.is_cancelled() && !last_words {
                continue;
            }
            let longest = if last_words { LAST_WORDS } else { limits.stall() };
            if !matches!(timeout(longest, sink.send(message)).await, Ok(Ok(()))) {
                break;
            }
        }
        full.close();
        // The desk may be gone already.
        let _ = timeout(LAST_WORDS, sink.close()).await;
    });
    (Outgoing { frames, room, limits, hush }, writer)
}

impl Outgoing {
    /// Puts a frame behind those that wait; waits for room first.
    ///
    /// # Errors
    /// When there was no room for [`Limits::stall`], or the socket is gone.
    pub async fn send(&self, frame: &RelayFrame) -> Result<(), Stalled> {
        let text = written(frame)?;
        let size = text.len();
        self.put(Message::Text(text.into()), size).await
    }

    /// Says the last words, behind what waits; with `hush`, in place of what waits and was not begun yet.
    pub fn part(&self, frame: &RelayFrame, hush: bool) {
        if hush {
            self.hush.cancel();
        }
        if let Ok(text) = written(frame) {
            // An error means that the socket is gone already.
            let _ = self.frames.send((Message::Text(text.into()), None));
        }
    }

    /// Asks whether the desk is there.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn ping(&self) -> Result<(), Stalled> {
        self.put(Message::Ping(axum::body::Bytes::new()), 1).await
    }

    async fn put(&self, message: Message, bytes: usize) -> Result<(), Stalled> {
        let size = u32::try_from(bytes.clamp(1, self.limits.socket_queue)).unwrap_or(1);
        let room = timeout(self.limits.stall(), Arc::clone(&self.room).acquire_many_owned(size)).await;
        let room = room.map_err(|_| Stalled)?.map_err(|_| Stalled)?;
        let waiting = metrics::Waiting::begin(bytes.min(self.limits.socket_queue));
        self.frames.send((message, Some((room, waiting)))).map_err(|_| Stalled)
    }
}

fn written(frame: &RelayFrame) -> Result<String, Stalled> {
    serde_json::to_string(frame).map_err(|error| {
        tracing::error!(%error, "a frame could not be written");
        Stalled
    })
}
