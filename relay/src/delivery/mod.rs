//! Works off the outbox: one provider call after the other in each chat, chats side by side; decides nothing.
//!
//! A chat's messages leave in the order of typing. The first one holds up those behind it for as long as it is tried;
//! once it failed, or nobody knows what became of it, it says so on the screen and those behind it go on, visibly after
//! it. What waits for its account or for a rate holds up no other account and no other chat.

mod call;
mod limiter;
#[cfg(test)]
mod limits;
mod patience;
mod ready;
#[cfg(test)]
mod tests;

use crate::channels::Providers;
use crate::engine::Engine;
use crate::health::{Gate, Health};
use crate::log::{Heads, LogError, OutboxHead};
use limiter::{Admission, Door, Limiter, Wanted};
use shared::channel::Channel;
use shared::event::Change;
use shared::id::{ConnectorId, InteractionId};
use shared::interaction::InteractionChange;
use shared::time::{Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// Waiting chats looked at together; those that are due come first.
const LOOK: u32 = 256;

/// How long to wait after the log failed.
const STILL: Span = Span::seconds(1);

/// How often what waits for a paused account is looked at: a window that closes meanwhile must be told.
const STALE: Span = Span::minutes(1);

/// The running worker.
pub struct Delivery {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Delivery {
    /// Starts sending what waits, and whatever comes to wait.
    #[must_use]
    pub fn start(engine: Engine, providers: Providers, health: Health) -> Self {
        let stop = CancellationToken::new();
        let worker = Worker {
            engine,
            providers,
            health,
            busy: BTreeSet::new(),
            limiter: Limiter::default(),
            calls: JoinSet::new(),
            swept_at: Timestamp(0),
        };
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
    health: Health,
    /// The chats with a call under way.
    busy: BTreeSet<InteractionId>,
    limiter: Limiter,
    calls: JoinSet<Ended>,
    /// When what waits for paused accounts was last looked at.
    swept_at: Timestamp,
}

/// A call that ended.
struct Ended {
    chat: InteractionId,
    connector: ConnectorId,
    /// Until when its whole account is to be left alone.
    hold: Option<Timestamp>,
}

impl Worker {
    async fn run(mut self, stop: CancellationToken) {
        let mut events = self.engine.events();
        let mut gates = self.health.changes();
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
                        Ok(ended) => self.ended(&ended),
                        // Not reached without a fault of ours; no chat may be held by it for good.
                        Err(error) => {
                            tracing::error!(%error, "a call ended in a fault");
                            self.busy.clear();
                            self.limiter.none_under_way();
                        }
                    }
                    look = true;
                }
                event = events.recv() => look = match event {
                    Ok(event) => is_new(&event.event.change),
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => break,
                },
                _ = gates.changed() => look = true,
                () = wait(&self.engine, next) => look = true,
            }
        }
        while self.calls.join_next().await.is_some() {}
    }

    fn ended(&mut self, ended: &Ended) {
        self.busy.remove(&ended.chat);
        self.limiter.ended(ended.connector);
        if let Some(until) = ended.hold {
            self.limiter.hold(ended.connector, until);
        }
        if self.health.gate(ended.connector) == Gate::Paused {
            // It waits with the others now, and was not among them when they were last looked at.
            self.swept_at = Timestamp(0);
        }
    }

    /// Begins every call that is due and has a place; returns when the next falls due.
    async fn begin(&mut self) -> Result<Option<Timestamp>, LogError> {
        let now = self.engine.clock().now();
        let accounts: BTreeMap<ConnectorId, Channel> = self
            .engine
            .look(|world| world.config.connectors.values().map(|one| (one.id, one.channel)).collect());
        let mut next = self.sweep(&accounts, now).await?;
        loop {
            let mut closed = Vec::new();
            for id in accounts.keys() {
                let gate = self.health.gate(*id);
                match self.limiter.door(*id, gate == Gate::Trial, now) {
                    Door::ClosedUntil(at) => {
                        closed.push(*id);
                        next = earlier(next, Some(at));
                    }
                    Door::Full => closed.push(*id),
                    Door::Open if gate == Gate::Paused => closed.push(*id),
                    Door::Open => {}
                }
            }
            let heads = self.engine.log().outbox_heads(&Heads::AllBut(&closed, LOOK)).await?;
            let full = u32::try_from(heads.len()).unwrap_or(u32::MAX) >= LOOK;
            let mut shut = false;
            for head in heads {
                if self.busy.contains(&head.interaction) {
                    continue;
                }
                if head.next_at > now {
                    return Ok(earlier(next, Some(head.next_at)));
                }
                let trial = self.health.gate(head.connector) == Gate::Trial;
                match self.limiter.door(head.connector, trial, now) {
                    Door::Open => {}
                    Door::Full => {
                        shut = true;
                        continue;
                    }
                    Door::ClosedUntil(at) => {
                        next = earlier(next, Some(at));
                        shut = true;
                        continue;
                    }
                }
                // An account that is no more is found out by the call.
                let channel = accounts.get(&head.connector).copied().unwrap_or(Channel::Viber);
                let OutboxHead { connector, identity, media, .. } = head;
                match self.limiter.admit(channel, &Wanted { connector, identity, media }, now) {
                    Admission::Go => self.spawn(head),
                    Admission::Account(at) => {
                        self.limiter.hold(head.connector, at);
                        next = earlier(next, Some(at));
                        shut = true;
                    }
                    Admission::Message(at) => {
                        self.engine.log().postpone(head.message, at).await?;
                        next = earlier(next, Some(at));
                    }
                }
            }
            // Behind a full page of an account that takes nothing now, others may be due.
            if !(full && shut) {
                return Ok(next);
            }
        }
    }

    fn spawn(&mut self, head: OutboxHead) {
        self.busy.insert(head.interaction);
        let post = call::Post {
            engine: self.engine.clone(),
            providers: self.providers.clone(),
            health: self.health.clone(),
        };
        self.calls.spawn(async move {
            let hold = post.make(head.message).await;
            Ended { chat: head.interaction, connector: head.connector, hold }
        });
    }

    /// Looks at what waits for paused accounts: what can no longer be sent says so instead of waiting on. Returns when
    /// to look again.
    async fn sweep(
        &mut self,
        accounts: &BTreeMap<ConnectorId, Channel>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, LogError> {
        let paused: Vec<ConnectorId> =
            accounts.keys().filter(|id| self.health.gate(**id) == Gate::Paused).copied().collect();
        if paused.is_empty() {
            return Ok(None);
        }
        if now < self.swept_at.plus(STALE) {
            return Ok(Some(self.swept_at.plus(STALE)));
        }
        self.swept_at = now;
        for connector in paused {
            for head in self.engine.log().outbox_heads(&Heads::Of(connector, LOOK)).await? {
                if !self.busy.contains(&head.interaction) {
                    let post = call::Post {
                        engine: self.engine.clone(),
                        providers: self.providers.clone(),
                        health: self.health.clone(),
                    };
                    post.give_up_late(head.message).await?;
                }
            }
        }
        Ok(Some(now.plus(STALE)))
    }
}

/// The earlier of two instants, where there are any.
fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
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
