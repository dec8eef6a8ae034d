//! Looks at the accounts by itself: paused ones when their pause is over, all of them at the start and at intervals.

use super::Health;
use shared::config::{ConfigChange, Connector};
use shared::event::{Change, Event, Stream};
use shared::id::ConnectorId;
use shared::interaction::{Delivery, FailureKind, InteractionChange};
use shared::time::{Span, Timestamp};
use std::collections::BTreeMap;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Between two looks at an account that works. A lost subscription costs every message until it is found; a look costs
/// three calls.
const REGULAR: Span = Span::hours(1);

/// How often what changes with every message is written down.
const KEEP: Span = Span::minutes(1);

/// The running watch.
pub struct Watch {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Watch {
    /// Starts watching.
    #[must_use]
    pub fn start(health: Health) -> Self {
        let stop = CancellationToken::new();
        Self { task: tokio::spawn(run(health, stop.clone())), stop }
    }

    /// Ends, and writes down how the accounts stand.
    pub async fn stop(self) {
        self.stop.cancel();
        // An error means that the watch panicked; the accounts start anew then.
        let _ = self.task.await;
    }
}

async fn run(health: Health, stop: CancellationToken) {
    let mut events = health.inner.engine.events();
    let mut changes = health.changes();
    let mut kept = BTreeMap::new();
    while !stop.is_cancelled() {
        let now = health.clock().now();
        tokio::select! {
            () = stop.cancelled() => break,
            () = look(&health, now) => {}
        }
        keep(&health, &mut kept).await;
        let wake = next(&health, now);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = health.clock().sleep_until(wake) => break,
                _ = changes.changed() => break,
                event = events.recv() => match event {
                    Ok(event) => {
                        hear(&health, &event.event);
                    }
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => stop.cancel(),
                },
            }
        }
    }
    keep(&health, &mut kept).await;
}

/// Who saves an account wants it tried at once; and a message that was taken may come back for a reason that holds for
/// the whole account.
fn hear(health: &Health, event: &Event) {
    match (&event.change, event.stream) {
        (Change::Config(ConfigChange::ConnectorSaved(connector)), _) => health.mended(connector.id),
        (
            Change::Interaction(InteractionChange::DeliveryChanged {
                delivery: Delivery::Failed(failure),
                ..
            }),
            Stream::Interaction(id),
        ) if failure.kind == FailureKind::Account && failure.code.is_some() => {
            let chat = health.inner.engine.look(|world| world.interaction(id).map(|one| one.connector));
            if let Some(connector) = chat {
                health.broke(connector, failure);
            }
        }
        _ => {}
    }
}

/// When an account is looked at next; now for one that was not looked at since the start.
fn due(health: &Health, connector: ConnectorId) -> Timestamp {
    let all = health.all();
    let Some(standing) = all.get(&connector) else { return Timestamp(0) };
    match (&standing.kept.pause, &standing.checked) {
        (Some(pause), _) => pause.next_at,
        (None, Some((at, _))) => at.plus(REGULAR),
        (None, None) => Timestamp(0),
    }
}

fn watched(health: &Health) -> Vec<Connector> {
    health
        .inner
        .engine
        .look(|world| world.config.connectors.values().filter(|one| one.enabled).cloned().collect())
}

/// Looks at every account that is due, one after the other: a provider that hangs holds up no message.
async fn look(health: &Health, now: Timestamp) {
    for connector in watched(health) {
        if due(health, connector.id) > now {
            continue;
        }
        if let Err(error) = health.test(connector.id).await {
            tracing::error!(%error, "an account could not be looked at");
        }
    }
}

/// When to wake: for the first account that is due, or to write down.
fn next(health: &Health, now: Timestamp) -> Timestamp {
    let all = watched(health);
    let first = all.iter().map(|one| due(health, one.id)).min();
    // Not at once again, should a look have come to nothing.
    first.unwrap_or(now.plus(KEEP)).max(now.plus(Span::seconds(1))).min(now.plus(KEEP))
}

/// Writes down what changed since it was last written.
async fn keep(health: &Health, kept: &mut BTreeMap<ConnectorId, String>) {
    let standings: Vec<(ConnectorId, String)> = {
        let all = health.all();
        let spell = |(id, standing): (&ConnectorId, &super::Standing)| {
            Some((*id, serde_json::to_string(&standing.kept).ok()?))
        };
        all.iter().filter_map(spell).filter(|(id, text)| kept.get(id) != Some(text)).collect()
    };
    if standings.is_empty() {
        return;
    }
    match health.inner.engine.log().keep_standings(standings.clone()).await {
        Ok(()) => kept.extend(standings),
        Err(error) => tracing::error!(%error, "how accounts stand could not be kept"),
    }
}
