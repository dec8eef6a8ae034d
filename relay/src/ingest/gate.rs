//! How many webhooks are taken at a time: bytes in memory, bodies that wait for the log, items nobody understood yet; a full gate answers 503 and keeps nothing.

use crate::config::{self, Limits};
use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The gate in front of the journal.
pub(super) struct Gate {
    bytes: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Items in the journal that nobody understood yet, nearly exactly.
    backlog: AtomicUsize,
    limits: Limits,
}

/// A body that was read whole, with the room it takes in memory.
pub(super) struct Whole {
    /// As it came.
    pub raw: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// There is no room for it just now.
    Full,
    /// It is larger than [`config::WEBHOOK_LIMIT`].
    TooLarge,
    /// It broke off, or came too slowly.
    Broken,
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            bytes: Arc::new(Semaphore::new(limits.webhook_bytes)),
            waiting: Arc::new(Semaphore::new(limits.webhooks)),
            backlog: AtomicUsize::new(0),
            limits,
        }
    }

    pub(super) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads a body, as long as there is room for what comes.
    pub(super) async fn read(&self, body: Body) -> Result<Whole, Unread> {
        if self.backlog.load(Ordering::Relaxed) >= self.limits.backlog {
            return Err(Unread::Full);
        }
        let (mut raw, mut room) = (Vec::new(), None::<OwnedSemaphorePermit>);
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Unread::Broken)?;
            if raw.len() + chunk.len() > config::WEBHOOK_LIMIT {
                return Err(Unread::TooLarge);
            }
            // Below the limit, so that it fits.
            let size = u32::try_from(chunk.len()).map_err(|_| Unread::TooLarge)?;
            let more = Arc::clone(&self.bytes).try_acquire_many_owned(size).map_err(|_| Unread::Full)?;
            match &mut room {
                Some(room) => room.merge(more),
                None => room = Some(more),
            }
            raw.extend_from_slice(&chunk);
        }
        Ok(Whole { raw: raw.into(), _room: room })
    }

    /// A place among those who wait for the log.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.waiting).try_acquire_owned().ok()
    }

    /// So many items more wait to be understood.
    pub(super) fn kept(&self, items: usize) {
        self.backlog.fetch_add(items, Ordering::Relaxed);
    }

    /// So many items wait no more.
    pub(super) fn understood(&self, items: usize) {
        // Never fails: the closure always gives a value.
        let _ = self.backlog.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| {
            Some(waiting.saturating_sub(items))
        });
    }

    /// The log was asked: so many wait.
    pub(super) fn stands(&self, items: usize) {
        self.backlog.store(items, Ordering::Relaxed);
    }
}
