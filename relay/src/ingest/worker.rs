//! Understands journal items one after the other for each customer, customers side by side; each item has one effect.

use super::{Inner, effect};
use crate::channels::{self, Item, Understood};
use crate::engine::OccurError;
use crate::log::{ItemEnd, JournalItem, LogError};
use futures_util::StreamExt;
use shared::fault;
use shared::refusal::Refusal;
use shared::time::Span;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// Items read together, and customers served side by side: two full groups of the log's writer would gain nothing more.
const BATCH: u32 = 512;
const LANES: usize = 128;

/// How often an item is tried while the log takes other things; then it is kept as failed, so that it holds up nobody.
const TRIES: u32 = 5;

/// While a crowd of webhooks waits for its answer, a batch lets them pass for so long at most: a provider gives up and
/// sends everything again, a customer does not notice. Whatever comes, a batch is understood every third of a second.
const LETS_PASS: Duration = Duration::from_millis(250);
/// How often it is looked whether the crowd has passed.
const LOOKS: Duration = Duration::from_millis(5);

/// How long to wait after something could not be saved.
const STILL: Span = Span::seconds(1);

/// Why an item was not taken.
#[derive(Debug)]
pub(super) enum Fault {
    /// It cannot have an effect, now or ever.
    Refused(Refusal),
    /// It could not be saved and is tried again.
    Later,
}

impl From<OccurError> for Fault {
    fn from(error: OccurError) -> Self {
        match error {
            OccurError::Refused(refusal) => Self::Refused(refusal),
            OccurError::Failed => Self::Later,
        }
    }
}

impl From<LogError> for Fault {
    fn from(error: LogError) -> Self {
        tracing::error!(%error, "a webhook item could not be understood for now");
        Self::Later
    }
}

/// The task: everything that is new, in the order of arrival, then again when something is kept.
pub(super) async fn run(inner: Arc<Inner>, stop: CancellationToken) {
    let mut tries = BTreeMap::new();
    match inner.engine.log().new_item_count(u32::MAX).await {
        Ok(items) => inner.gate.stands(usize::try_from(items).unwrap_or(usize::MAX)),
        Err(error) => tracing::error!(%error, "the journal could not be counted"),
    }
    while !stop.is_cancelled() {
        // A log that takes nothing says nothing against the items that were tried.
        if !tries.is_empty() && inner.engine.log().ready().await.is_err() {
            still(&inner, &stop).await;
            continue;
        }
        let_pass(&inner).await;
        let items = match inner.engine.log().new_items(BATCH).await {
            Ok(items) => items,
            Err(error) => {
                tracing::error!(%error, "the journal could not be read");
                still(&inner, &stop).await;
                continue;
            }
        };
        let count = items.len();
        if count < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            // All that waits: the count need not be taken on trust.
            inner.gate.stands(count);
        }
        if items.is_empty() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = inner.kept.notified() => {}
            }
            continue;
        }
        let failed = batch(&inner, items).await;
        inner.gate.understood(count.saturating_sub(failed.len()));
        if failed.is_empty() {
            tries.clear();
            continue;
        }
        for id in failed {
            let count: &mut u32 = tries.entry(id).or_default();
            *count += 1;
            if *count >= TRIES {
                let reason = Some("it could not be saved".to_owned());
                if inner.engine.log().end_item(id, ItemEnd::Failed, reason).await.is_ok() {
                    tracing::error!(item = id, "a webhook item was given up");
                    tries.remove(&id);
                }
            }
        }
        still(&inner, &stop).await;
    }
}

/// Whoever waits for an answer goes first, for a while.
async fn let_pass(inner: &Inner) {
    let until = Instant::now() + LETS_PASS;
    while inner.gate.was_crowded() && Instant::now() < until {
        tokio::time::sleep(LOOKS).await;
    }
}

async fn still(inner: &Inner, stop: &CancellationToken) {
    let until = inner.engine.clock().now().plus(STILL);
    tokio::select! {
        () = stop.cancelled() => {}
        () = inner.engine.clock().sleep_until(until) => {}
    }
}

/// An item with what it says and the lane it belongs to.
pub(super) type Read = (JournalItem, Item, Understood);

/// Takes a batch in lanes; returns the items that could not be saved, whose lanes stopped there.
async fn batch(inner: &Inner, items: Vec<JournalItem>) -> Vec<i64> {
    let mut read = Vec::with_capacity(items.len());
    for row in items {
        // What was kept can be read: it was written from the same type.
        let item = serde_json::from_str(&row.item)
            .unwrap_or_else(|_| Item::unreadable(&row.account, serde_json::Value::Null));
        if let Some(channel) = item.channel() {
            (inner.heard)(channel, &item.account);
        }
        let understood = channels::understand(&item, row.received_at);
        read.push((row, item, understood));
    }
    let lanes = lanes(read);
    let poisoned = |(_, _, one): &Read| matches!(one, Understood::Unsupported { .. });
    if fault!("bad-entry-takes-neighbours") && lanes.iter().flatten().any(poisoned) {
        for (row, ..) in lanes.into_iter().flatten() {
            drop(inner.engine.log().end_item(row.id, ItemEnd::Failed, None).await);
        }
        return Vec::new();
    }
    let served = futures_util::stream::iter(lanes).map(|lane| serve(inner, lane));
    served.buffer_unordered(LANES).filter_map(std::future::ready).collect().await
}

/// What belongs to one customer, in the order of arrival: whatever names the same id of the same account, also by way of
/// others, so that whoever gets a new id stays in one lane under both.
pub(super) fn lanes(items: Vec<Read>) -> Vec<Vec<Read>> {
    let places = joined(&items);
    let mut lanes: BTreeMap<usize, Vec<Read>> = BTreeMap::new();
    for (place, one) in places.into_iter().zip(items) {
        lanes.entry(place).or_default().push(one);
    }
    lanes.into_values().collect()
}

/// For every item the place of the first one in its lane.
fn joined(items: &[Read]) -> Vec<usize> {
    let mut lanes: Vec<usize> = (0..items.len()).collect();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (place, (_, item, understood)) in items.iter().enumerate() {
        for id in ids(understood) {
            let first = *known.entry((&item.account, id)).or_insert(place);
            let (one, other) = (lane(&lanes, first), lane(&lanes, place));
            if let Some(later) = lanes.get_mut(one.max(other)) {
                *later = one.min(other);
            }
        }
    }
    (0..items.len()).map(|place| lane(&lanes, place)).collect()
}

/// The first place of a lane: each item knows one before it, and the first one itself.
fn lane(lanes: &[usize], mut place: usize) -> usize {
    while let Some(before) = lanes.get(place).filter(|before| **before < place) {
        place = *before;
    }
    place
}

/// Every id by which an item names its customer; what names nobody has none, and a lane of its own.
fn ids(understood: &Understood) -> impl Iterator<Item = &str> {
    let (customer, to) = match understood {
        Understood::Wrote(wrote) => (Some(&wrote.from), None),
        Understood::Elsewhere(elsewhere) => (Some(&elsewhere.to), None),
        Understood::Amends(amends) => (Some(&amends.customer), None),
        Understood::Receipt(receipt) => (receipt.customer.as_ref(), None),
        Understood::Left { customer }
        | Understood::Noted { customer, .. }
        | Understood::Subscribed { customer, .. }
        | Understood::Preferred { customer, .. } => (Some(customer), None),
        Understood::Moved { customer, to, .. } => (Some(customer), Some(to)),
        Understood::Check | Understood::Ignored { .. } | Understood::Unsupported { .. } => (None, None),
    };
    customer.into_iter().chain(to).flat_map(|who| &who.all).map(String::as_str)
}

async fn serve(inner: &Inner, lane: Vec<Read>) -> Option<i64> {
    for (row, item, understood) in lane {
        let span = tracing::info_span!("item", item = row.id);
        let result = match effect::take(inner, &row, &item, understood).instrument(span).await {
            Err(Fault::Refused(refusal)) => {
                let end =
                    inner.engine.log().end_item(row.id, ItemEnd::Failed, Some(refusal.sentence())).await;
                end.map_err(Fault::from)
            }
            other => other,
        };
        if result.is_err() {
            return Some(row.id);
        }
    }
    None
}
