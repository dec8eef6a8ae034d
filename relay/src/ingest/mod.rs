//! Webhooks: verify over the raw bytes, keep the items durably, answer 200, understand them in the background; decides nothing.

mod amends;
mod depth;
mod effect;
mod gate;
mod messages;
mod names;
mod receipts;
mod refused;
mod routes;
#[cfg(test)]
mod tests;
mod welcome;
mod worker;

pub use routes::router;

use crate::channels::Provider;
use crate::config::Limits;
use crate::engine::Engine;
use crate::media::Means;
use gate::Gate;
use names::Names;
use refused::Refused;
use shared::channel::Channel;
use shared::event::Change;
use shared::id::InteractionId;
use shared::interaction::{Delivery, InteractionChange};
use shared::time::{Span, Timestamp};
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::log::{AwaitedMessage, Published};
use shared::event::Stream;

/// How long a receipt waits for what it is about: a day longer than any provider repeats what it could not deliver.
const WAITS: Span = Span::hours(8 * 24);

/// How often it is looked whether some have waited too long.
const SWEEP: Span = Span::hours(1);

/// Is told the channel and the provider's id of an account of which something came.
pub type Heard = Box<dyn Fn(Channel, &str) + Send + Sync>;

/// What the routes and the workers share.
#[derive(Clone)]
pub struct Ingest {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    names: Names,
    /// How much is taken at a time.
    gate: Gate,
    /// Told of every account of which something came.
    heard: Heard,
    /// Told whenever the journal has something new.
    kept: Notify,
    /// Signatures that did not fit.
    refused: Refused,
}

/// The running workers.
pub struct Running {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Ingest {
    /// Starts understanding: what an earlier run left first, then what comes.
    #[must_use]
    pub fn start(means: Means, limits: Limits, heard: Heard) -> (Self, Running) {
        let stop = CancellationToken::new();
        let engine = means.engine.clone();
        let names = Names::new(means);
        let (gate, kept, refused) = (Gate::new(limits), Notify::new(), Refused::default());
        let ingest = Self { inner: Arc::new(Inner { engine, names, gate, heard, kept, refused }) };
        // Listening begins before the first item is read, so that no step of a message is missed.
        let events = ingest.inner.engine.events();
        let tasks = vec![
            tokio::spawn(worker::run(Arc::clone(&ingest.inner), stop.clone())),
            tokio::spawn(release(Arc::clone(&ingest.inner), events, stop.clone())),
        ];
        (ingest, Running { stop, tasks })
    }

    /// Lets the workers look for items that are new again; so many are.
    pub fn wake(&self, items: usize) {
        self.inner.gate.kept(items);
        self.inner.kept.notify_one();
    }

    /// When a webhook of a known app or bot was last refused because its signature did not fit, since the start.
    #[must_use]
    pub fn refused_at(&self, provider: Provider, account: &str) -> Option<Timestamp> {
        self.inner.refused.last(provider, account)
    }
}

impl Running {
    /// Ends after the items under way; the others are understood at the next start.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            // An error means that a worker panicked; its items are in the journal.
            let _ = task.await;
        }
    }
}

/// Lets parked receipts go on once what they wait for is there.
async fn release(
    inner: Arc<Inner>,
    mut events: tokio::sync::broadcast::Receiver<Arc<Published>>,
    stop: CancellationToken,
) {
    let log = inner.engine.log();
    // Whatever an earlier run parked may have been waiting for what happened at its end.
    let mut released = log.release_all_items().await;
    let mut sweep = inner.engine.clock().now().plus(SWEEP);
    loop {
        match released {
            Ok(0) => {}
            Ok(items) => {
                inner.gate.kept(usize::try_from(items).unwrap_or(usize::MAX));
                inner.kept.notify_one();
            }
            Err(error) => tracing::error!(%error, "parked receipts could not be released"),
        }
        let event = tokio::select! {
            () = stop.cancelled() => return,
            event = events.recv() => event,
            () = inner.engine.clock().sleep_until(sweep) => {
                let now = inner.engine.clock().now();
                sweep = now.plus(SWEEP);
                if let Err(error) = log.expire_items(now.plus(Span(-WAITS.0))).await {
                    tracing::error!(%error, "receipts that waited too long could not be ended");
                }
                released = Ok(0);
                continue;
            }
        };
        released = match event {
            Ok(event) => match awaited(&inner, &event) {
                awaited if awaited.is_empty() => Ok(0),
                awaited => log.release_items(&awaited).await,
            },
            Err(RecvError::Lagged(_)) => log.release_all_items().await,
            Err(RecvError::Closed) => return,
        };
    }
}

/// What an event brings that a receipt may wait for.
fn awaited(inner: &Inner, event: &Published) -> Vec<AwaitedMessage> {
    let Stream::Interaction(id) = event.event.stream else { return Vec::new() };
    let Change::Interaction(InteractionChange::DeliveryChanged { message, delivery, external_id, .. }) =
        &event.event.change
    else {
        return Vec::new();
    };
    if *delivery == Delivery::Sending {
        return Vec::new();
    }
    connector(inner, id)
        .into_iter()
        .flat_map(|connector| {
            let external = external_id.clone().map(|external| AwaitedMessage::External(connector, external));
            external.into_iter().chain([AwaitedMessage::Call(connector, *message)])
        })
        .collect()
}

/// The account of a chat: nearly always one, of which the committed world says which. A chat that has ended and was let
/// go is looked for on every account.
fn connector(inner: &Inner, id: InteractionId) -> Vec<shared::id::ConnectorId> {
    inner.engine.look(|world| match world.interaction(id) {
        Some(one) => vec![one.connector],
        None => world.config.connectors.keys().copied().collect(),
    })
}
