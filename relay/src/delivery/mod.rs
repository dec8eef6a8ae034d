//! Works off the outbox: one provider call after the other in each chat, chats side by side; decides nothing.

mod call;
mod patience;
#[cfg(test)]
mod tests;

use crate::channels::Providers;
use crate::engine::Engine;
use crate::log::{LogError, OutboxHead};
use shared::event::Change;
use shared::id::InteractionId;
use shared::interaction::InteractionChange;
use shared::time::{Span, Timestamp};
use std::collections::BTreeSet;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// Calls under way at a time: a provider takes 80 to 300 messages a second, so this is not what slows a desk down.
const AT_ONCE: usize = 32;

/// Waiting chats looked at together; those that are due come first.
const LOOK: u32 = 256;

/// How long to wait after the log failed.
const STILL: Span = Span::seconds(1);

/// The running worker.
pub struct Delivery {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Delivery {
    /// Starts sending what waits, and whatever comes to wait.
    #[must_use]
    pub fn start(engine: Engine, providers: Providers) -> Self {
        let stop = CancellationToken::new();
        let worker = Worker { engine, providers, busy: BTreeSet::new(), calls: JoinSet::new() };
        Self { task: tokio::spawn(worker.run(stop.clone())), stop }
    }

    /// Begins no more calls and waits for those under way, so that none of them ends as unknown.
    pub async fn stop(self) {
        self.stop.cancel();
        // An error means that the worker panicked: what it was sending becomes unknown at the next start.
        let _ = self.task.await;
    }
}

struct Worker {
    engine: Engine,
    providers: Providers,
    /// The chats with a call under way.
    busy: BTreeSet<InteractionId>,
    calls: JoinSet<InteractionId>,
}

impl Worker {
    async fn run(mut self, stop: CancellationToken) {
        let mut events = self.engine.events();
        let mut look = true;
        let mut next = None;
        while !stop.is_cancelled() {
            if look {
                next = match self.begin().await {
                    Ok(next) => next,
                    Err(error) => {
                        tracing::error!(%error, "the outbox could not be read");
                        Some(self.engine.clock().now().plus(STILL))
                    }
                };
                look = false;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                Some(ended) = self.calls.join_next() => {
                    match ended {
                        Ok(chat) => { self.busy.remove(&chat); }
                        // Not reached without a fault of ours; no chat may be held by it for good.
                        Err(error) => {
                            tracing::error!(%error, "a call ended in a fault");
                            self.busy.clear();
                        }
                    }
                    look = true;
                }
                event = events.recv() => look = match event {
                    Ok(event) => is_new(&event.event.change),
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => break,
                },
                () = wait(&self.engine, next) => look = true,
            }
        }
        while self.calls.join_next().await.is_some() {}
    }

    /// Begins every call that is due and has a place; returns when the next falls due.
    async fn begin(&mut self) -> Result<Option<Timestamp>, LogError> {
        let heads = self.engine.log().outbox_heads(LOOK).await?;
        let now = self.engine.clock().now();
        for OutboxHead { message, interaction, next_at } in heads {
            if self.busy.contains(&interaction) {
                continue;
            }
            if next_at > now {
                return Ok(Some(next_at));
            }
            if self.busy.len() >= AT_ONCE {
                return Ok(None);
            }
            self.busy.insert(interaction);
            let (engine, providers) = (self.engine.clone(), self.providers.clone());
            self.calls.spawn(async move {
                call::make(&engine, &providers, message).await;
                interaction
            });
        }
        Ok(None)
    }
}

fn is_new(change: &Change) -> bool {
    matches!(change, Change::Interaction(InteractionChange::AgentWrote { .. }))
}

async fn wait(engine: &Engine, until: Option<Timestamp>) {
    match until {
        Some(at) => engine.clock().sleep_until(at).await,
        None => std::future::pending().await,
    }
}
