//! Understands journal items one after the other for each customer, customers side by side; each item has one effect.

use super::{Inner, receipts};
use crate::channels::{self, Aliases, Form, Item, Understood, Wrote};
use crate::engine::OccurError;
use crate::log::{Beside, IdentityTouch, ItemEnd, JournalDone, JournalItem, LogError};
use futures_util::StreamExt;
use shared::command::Occurrence;
use shared::config::Connector;
use shared::id::IdentityId;
use shared::refusal::Refusal;
use shared::thread::Content;
use shared::time::Span;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// Items read together, and customers served side by side: two full groups of the log's writer would gain nothing more.
const BATCH: u32 = 256;
const LANES: usize = 64;

/// How often an item is tried while the log takes other things; then it is kept as failed, so that it holds up nobody.
const TRIES: u32 = 5;

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
    while !stop.is_cancelled() {
        let items = match inner.engine.log().new_items(BATCH).await {
            Ok(items) => items,
            Err(error) => {
                tracing::error!(%error, "the journal could not be read");
                still(&inner, &stop).await;
                continue;
            }
        };
        if items.is_empty() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = inner.kept.notified() => {}
            }
            continue;
        }
        let failed = batch(&inner, items).await;
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

async fn still(inner: &Inner, stop: &CancellationToken) {
    let until = inner.engine.clock().now().plus(STILL);
    tokio::select! {
        () = stop.cancelled() => {}
        () = inner.engine.clock().sleep_until(until) => {}
    }
}

/// An item with what it says and the lane it belongs to.
type Read = (JournalItem, Item, Understood);

/// Takes a batch in lanes; returns the items that could not be saved, whose lanes stopped there.
async fn batch(inner: &Inner, items: Vec<JournalItem>) -> Vec<i64> {
    let mut lanes: BTreeMap<(String, String), Vec<Read>> = BTreeMap::new();
    for row in items {
        // What was kept can be read: it was written from the same type.
        let item = serde_json::from_str(&row.item)
            .unwrap_or_else(|_| Item::unreadable(&row.account, serde_json::Value::Null));
        let understood = channels::understand(&item, row.received_at);
        let lane = (item.account.clone(), customer(&understood));
        lanes.entry(lane).or_default().push((row, item, understood));
    }
    let served = futures_util::stream::iter(lanes.into_values()).map(|lane| serve(inner, lane));
    served.buffer_unordered(LANES).filter_map(std::future::ready).collect().await
}

fn customer(understood: &Understood) -> String {
    let customer = match understood {
        Understood::Wrote(said) => Some(&said.from),
        Understood::Receipt(receipt) => receipt.customer.as_ref(),
        Understood::Left { customer }
        | Understood::Subscribed { customer, .. }
        | Understood::Moved { customer, .. } => Some(customer),
        Understood::Check | Understood::Unsupported { .. } => None,
    };
    customer.and_then(|customer| customer.all.first().cloned()).unwrap_or_default()
}

async fn serve(inner: &Inner, lane: Vec<Read>) -> Option<i64> {
    for (row, item, understood) in lane {
        let span = tracing::info_span!("item", item = row.id);
        let result = match take(inner, &row, &item, understood).instrument(span).await {
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

/// Lets one item have its effect; it is done in the same append.
async fn take(inner: &Inner, row: &JournalItem, item: &Item, understood: Understood) -> Result<(), Fault> {
    let end = |end, reason: Option<&str>| {
        let reason = reason.map(ToOwned::to_owned);
        async move { inner.engine.log().end_item(row.id, end, reason).await.map_err(Fault::from) }
    };
    match &understood {
        Understood::Check => return end(ItemEnd::Done, None).await,
        Understood::Unsupported { why } if item.form == Form::Unreadable => {
            return end(ItemEnd::Failed, Some(why)).await;
        }
        Understood::Unsupported { why } => return end(ItemEnd::Unsupported, Some(why)).await,
        _ => {}
    }
    let Some(connector) = connector(inner, row, item) else {
        return end(ItemEnd::Failed, Some("no account of ours is switched on for it")).await;
    };
    let journal = |message| Some(JournalDone { item: row.id, message });
    match understood {
        Understood::Wrote(said) => wrote(inner, &connector, row, said).await,
        Understood::Receipt(receipt) => receipts::take(&inner.engine, &connector, row.id, &receipt).await,
        Understood::Left { customer } => {
            let Some(identity) = inner.engine.log().identity_of(connector.id, &customer.all).await? else {
                return end(ItemEnd::Done, None).await;
            };
            let touch = IdentityTouch { identity, last_customer_at: None, subscribed: Some(false) };
            let beside = Beside { journal: journal(None), identity: Some(touch), ..Beside::default() };
            let left = Occurrence::CustomerLeft { connector: connector.id, identity };
            inner.engine.occur(left, beside).await?;
            Ok(())
        }
        Understood::Subscribed { customer, name } => {
            let identity = identify(inner, &connector, &customer).await?;
            let content = inner.names.told(&connector, identity, &customer, name.as_ref()).await?;
            let touch = IdentityTouch { identity, last_customer_at: None, subscribed: Some(true) };
            let content = content.into_iter().collect();
            let beside =
                Beside { content, journal: journal(None), identity: Some(touch), ..Beside::default() };
            let named = Occurrence::CustomerNamed { connector: connector.id, identity };
            inner.engine.occur(named, beside).await?;
            Ok(())
        }
        Understood::Moved { customer, to } => {
            let all = Aliases { all: [customer.all, to.all].concat(), ..to };
            identify(inner, &connector, &all).await?;
            end(ItemEnd::Done, None).await
        }
        Understood::Check | Understood::Unsupported { .. } => Ok(()),
    }
}

/// A customer wrote: their message, its words and their name go into one append.
async fn wrote(inner: &Inner, connector: &Connector, row: &JournalItem, said: Wrote) -> Result<(), Fault> {
    let engine = &inner.engine;
    let identity = identify(inner, connector, &said.from).await?;
    let name = inner.names.told(connector, identity, &said.from, said.name.as_ref()).await?;
    let message = engine.fresh_message();
    let text = said.text.map(|text| Content::Text { message, text });
    let occurrence = Occurrence::CustomerWrote {
        connector: connector.id,
        identity,
        message,
        kind: said.kind,
        sent_at: said.sent_at,
        known: false,
        fresh: (engine.fresh_interaction(), engine.fresh_activity()),
    };
    let beside = Beside {
        content: text.into_iter().chain(name).collect(),
        external_id: Some(said.external_id),
        journal: Some(JournalDone { item: row.id, message: Some(message) }),
        ..Beside::default()
    };
    engine.occur(occurrence, beside).await?;
    inner.names.ask(connector, identity, &said.from).await;
    Ok(())
}

async fn identify(inner: &Inner, connector: &Connector, who: &Aliases) -> Result<IdentityId, Fault> {
    let (fresh, now) = (inner.engine.fresh_identity(), inner.engine.clock().now());
    Ok(inner.engine.log().identify(connector.id, &who.all, &who.address, fresh, now).await?)
}

/// The account an item belongs to: of its channel, with its id, and for Meta of the app whose address it came to.
fn connector(inner: &Inner, row: &JournalItem, item: &Item) -> Option<Connector> {
    let channel = item.channel()?;
    inner.engine.look(|world| {
        let fits = |one: &&Connector| {
            let app = channel == shared::channel::Channel::Viber || one.app == row.account;
            one.enabled && one.channel == channel && one.account == item.account && app
        };
        world.config.connectors.values().find(fits).cloned()
    })
}
