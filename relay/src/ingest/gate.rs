//! How many webhooks are taken at a time: bytes in memory, bodies that wait for the log, items nobody understood yet; a full gate answers 503 and keeps nothing.

use crate::config::{self, Limits};
use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use shared::fault;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bodies being kept at a time from which on they have the way first: a provider that sends one after the other, or a few
/// side by side, never has so many.
const CROWD: usize = 16;

/// The gate in front of the journal.
pub(super) struct Gate {
    bytes: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// The most bodies that waited for the log at once since somebody asked.
    most: AtomicUsize,
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
            most: AtomicUsize::new(0),
            backlog: AtomicUsize::new(0),
            limits,
        }
    }

    pub(super) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads a body, as long as there is room for what comes.
    pub(super) async fn read(&self, body: Body) -> Result<Whole, Unread> {
        if self.backlog.load(Ordering::Relaxed) >= self.limits.backlog && !fault!("flood-without-cap") {
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
        if fault!("flood-without-cap") {
            return Arc::new(Semaphore::new(1)).try_acquire_owned().ok();
        }
        let place = Arc::clone(&self.waiting).try_acquire_owned().ok()?;
        self.most.fetch_max(self.taken(), Ordering::Relaxed);
        Some(place)
    }

    /// Whether, since the last time it was asked, so many bodies were being kept at once that they have the way first.
    /// All of a group are answered together: just then nobody waits, though all come again at once.
    pub(super) fn was_crowded(&self) -> bool {
        self.most.swap(0, Ordering::Relaxed).max(self.taken()) >= CROWD
    }

    /// How many bodies wait for the log.
    fn taken(&self) -> usize {
        self.limits.webhooks.saturating_sub(self.waiting.available_permits())
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

#[cfg(test)]
mod tests {
    use super::{CROWD, Gate};
    use crate::config::Limits;

    #[test]
    fn a_crowd_is_known_while_it_waits_and_once_after_it_was_answered() {
        let gate = Gate::new(Limits::default());
        assert!(!gate.was_crowded());
        let few: Vec<_> = (1..CROWD).map(|_| gate.place().unwrap()).collect();
        assert!(!gate.was_crowded());
        let last = gate.place().unwrap();
        assert!(gate.was_crowded() && gate.was_crowded());
        drop((few, last));
        let one = gate.place().unwrap();
        assert!(!gate.was_crowded());
        let crowd: Vec<_> = (1..CROWD).map(|_| gate.place().unwrap()).collect();
        drop((one, crowd));
        assert!(gate.was_crowded());
        assert!(!gate.was_crowded());
    }
}
