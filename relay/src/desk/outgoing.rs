//! The way out to one desk: frames in order, bounded by their size; a desk that takes nothing for too long is given up.

use crate::config::Limits;
use crate::metrics;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use futures_util::stream::SplitSink;
use shared::wire::RelayFrame;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, mpsc};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Frames that wait are written together, so many at the most: one call of the system for all of them.
const TOGETHER: usize = 16;

/// The desk does not read, or is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalled;

/// 1 s for the last words and for closing: whoever takes no longer is not waited for.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What waits for the desk: frames with the room they take, then perhaps the last words, which need none. Boxed: a
/// channel keeps room for 32 of them even while nothing waits, in every desk.
type Waiting = Box<(Message, Option<Room>)>;

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
        let mut waiting = Vec::with_capacity(1);
        while queue.recv_many(&mut waiting, TOGETHER).await > 0 {
            if write(&mut sink, waiting.drain(..), &hushed, limits.stall()).await.is_err() {
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
        self.send_text(written(frame)?.into()).await
    }

    /// Puts a frame that is written already behind those that wait; waits for room first.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn send_text(&self, text: Utf8Bytes) -> Result<(), Stalled> {
        let size = text.len();
        self.put(Message::Text(text), size).await
    }

    /// Says the last words, behind what waits; with `hush`, in place of what waits and was not begun yet.
    pub fn part(&self, frame: &RelayFrame, hush: bool) {
        if hush {
            self.hush.cancel();
        }
        if let Ok(text) = written(frame) {
            // An error means that the socket is gone already.
            let _ = self.frames.send(Box::new((Message::Text(text.into()), None)));
        }
    }

    /// Asks whether the desk is there.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn ping(&self) -> Result<(), Stalled> {
        self.put(Message::Ping(axum::body::Bytes::new()), 1).await
    }

    async fn wait(&self, size: u32) -> Result<OwnedSemaphorePermit, Stalled> {
        let room = timeout(self.limits.stall(), Arc::clone(&self.room).acquire_many_owned(size)).await;
        room.map_err(|_| Stalled)?.map_err(|_| Stalled)
    }

    async fn put(&self, message: Message, bytes: usize) -> Result<(), Stalled> {
        let size = u32::try_from(bytes.clamp(1, self.limits.socket_queue)).unwrap_or(1);
        let room = match Arc::clone(&self.room).try_acquire_many_owned(size) {
            Ok(room) => room,
            Err(TryAcquireError::Closed) => return Err(Stalled),
            Err(TryAcquireError::NoPermits) => Box::pin(self.wait(size)).await?,
        };
        let waiting = metrics::Waiting::begin(bytes.min(self.limits.socket_queue));
        self.frames.send(Box::new((message, Some((room, waiting))))).map_err(|_| Stalled)
    }
}

/// Writes what waits, by one flush for all of it. Whoever is hushed gets no more than what was begun and the last words.
async fn write(
    sink: &mut SplitSink<WebSocket, Message>,
    waiting: impl Iterator<Item = Waiting>,
    hushed: &CancellationToken,
    stall: Duration,
) -> Result<(), Stalled> {
    // Only what is written makes room again.
    let mut taken = Vec::new();
    let mut longest = stall;
    for one in waiting {
        let (message, room) = *one;
        match room {
            Some(_) if hushed.is_cancelled() => continue,
            Some(room) => taken.push(room),
            None => longest = LAST_WORDS,
        }
        in_time(stall, sink.feed(message)).await?;
    }
    in_time(longest, sink.flush()).await
}

async fn in_time(
    longest: Duration,
    step: impl Future<Output = Result<(), axum::Error>>,
) -> Result<(), Stalled> {
    timeout(longest, step).await.map_err(|_| Stalled)?.map_err(|_| Stalled)
}

fn written(frame: &RelayFrame) -> Result<String, Stalled> {
    serde_json::to_string(frame).map_err(|error| {
        tracing::error!(%error, "a frame could not be written");
        Stalled
    })
}
