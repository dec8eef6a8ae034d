//! Items that wait for something else to be there, and letting them go on; never looks into one.

use super::db::{query, with_list};
use super::{Log, LogError};
use crate::metrics;
use shared::id::{ConnectorId, MessageId};
use shared::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keys that are remembered; with more, letting go asks the database again.
const REMEMBERED: usize = 50_000;

/// What parked items wait for, so that letting go of what nobody waits for needs no reading: nearly every message and
/// every step of one. It may name what is not parked, never the other way round.
#[derive(Default)]
pub(super) struct Parked(Mutex<Keys>);

#[derive(Default)]
struct Keys {
    /// Whether what an earlier run parked was let go.
    whole: bool,
    all: BTreeSet<String>,
}

impl Parked {
    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, key: &str) {
        let mut known = self.keys();
        if known.all.len() >= REMEMBERED {
            *known = Keys::default();
        }
        known.all.insert(key.to_owned());
    }

    /// Those of the keys for which something may wait, which are taken off: who lets go lets all go.
    fn take(&self, keys: Vec<String>) -> Vec<String> {
        let mut known = self.keys();
        let whole = known.whole;
        keys.into_iter().filter(|key| known.all.remove(key) || !whole).collect()
    }

    fn all_known(&self) {
        self.keys().whole = true;
    }
}

/// What a receipt waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwaitedMessage {
    /// That a message with this provider's id is known.
    External(ConnectorId, String),
    /// That the provider call of a message ends.
    Call(ConnectorId, MessageId),
}

impl AwaitedMessage {
    fn key(&self) -> String {
        match self {
            Self::External(connector, id) => format!("{connector}/{id}"),
            Self::Call(connector, id) => format!("{connector}/message:{id}"),
        }
    }
}

impl Log {
    /// Parks a receipt until what it is about is there; false when it is there already, and nothing was parked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn park_item(&self, id: i64, awaited: AwaitedMessage) -> Result<bool, LogError> {
        let key = awaited.key();
        // Before it is written: whoever lets go after that sees it, whoever did before is seen by the statement.
        self.inner.parked.add(&key);
        let parked = self.write(move |on| {
            Box::pin(async move {
                let query = match &awaited {
                    AwaitedMessage::External(connector, external) => query(
                        "UPDATE journal SET state = 'parked', key = $1 WHERE id = $2 AND NOT EXISTS \
                         (SELECT 1 FROM messages WHERE connector = $3 AND external_id = $4)",
                    )
                    .bind(key)
                    .bind(id)
                    .bind(connector.to_string())
                    .bind(external),
                    AwaitedMessage::Call(_, message) => query(
                        "UPDATE journal SET state = 'parked', key = $1 WHERE id = $2 AND EXISTS \
                         (SELECT 1 FROM outbox WHERE message = $3 AND state = 'sending')",
                    )
                    .bind(key)
                    .bind(id)
                    .bind(message.to_string()),
                };
                Ok(query.execute(on).await? == 1)
            })
        });
        let parked = parked.await?;
        if parked {
            metrics::item(metrics::Item::Parked);
        }
        Ok(parked)
    }

    /// Lets parked receipts be looked at again; returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_items(&self, awaited: &[AwaitedMessage]) -> Result<u64, LogError> {
        let keys: Vec<String> = awaited.iter().map(AwaitedMessage::key).collect();
        let keys = self.inner.parked.take(keys);
        if keys.is_empty() {
            return Ok(0);
        }
        let again = keys.clone();
        let released = self.write(move |on| {
            Box::pin(async move {
                let sql = with_list!(
                    "UPDATE journal SET state = 'new', key = NULL WHERE state = 'parked' AND key IN ",
                    "$1",
                    ""
                );
                query(sql).bind(keys.as_slice()).execute(on).await
            })
        });
        let released = released.await;
        if released.is_err() {
            for key in &again {
                self.inner.parked.add(key);
            }
        }
        released
    }

    /// Ends what has waited since before an instant: what it is about never came. Returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expire_items(&self, before: Timestamp) -> Result<u64, LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let sql = "UPDATE journal SET state = 'done', key = NULL, reason = 'what it is about never came' \
                           WHERE state = 'parked' AND received_at < $1";
                query(sql).bind(before.0).execute(on).await
            })
        })
        .await
    }

    /// Lets every parked receipt be looked at again, after nobody listened for a while.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_all_items(&self) -> Result<u64, LogError> {
        let released = self.write(|on| {
            Box::pin(async move {
                let sql = "UPDATE journal SET state = 'new', key = NULL WHERE state = 'parked'";
                query(sql).execute(on).await
            })
        });
        let released = released.await?;
        self.inner.parked.all_known();
        Ok(released)
    }
}
