//! Items that wait for something else to be there, and letting them go on; never looks into one.

use super::db::{query, with_list};
use super::{Log, LogError};
use crate::metrics;
use shared::id::{ConnectorId, MessageId};
use shared::time::Timestamp;
use std::collections::BTreeMap;
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
    /// Each with how many items are just being parked under it.
    all: BTreeMap<String, usize>,
}

impl Parked {
    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An item is about to be parked under a key, which stays until that has [ended](Self::ended): whether it is let go
    /// before or after, it is found.
    fn begin(&self, key: &str) {
        let mut known = self.keys();
        if known.all.len() >= REMEMBERED {
            *known = Keys::default();
        }
        *known.all.entry(key.to_owned()).or_default() += 1;
    }

    fn ended(&self, key: &str) {
        if let Some(under_way) = self.keys().all.get_mut(key) {
            *under_way = under_way.saturating_sub(1);
        }
    }

    /// Those of the keys for which something may wait, which are taken off: who lets go lets all go but what is only
    /// just being parked.
    fn take(&self, keys: Vec<String>) -> Vec<String> {
        let mut known = self.keys();
        let whole = known.whole;
        let mut waits = |key: &String| {
            let there = known.all.contains_key(key);
            if known.all.get(key) == Some(&0) {
                known.all.remove(key);
            }
            there || !whole
        };
        keys.into_iter().filter(|key| waits(key)).collect()
    }

    /// They could not be let go.
    fn put_back(&self, keys: Vec<String>) {
        let mut known = self.keys();
        for key in keys {
            known.all.entry(key).or_default();
        }
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
        self.inner.parked.begin(&key);
        let stored = key.clone();
        let parked = self.write(move |on| {
            Box::pin(async move {
                let query = match &awaited {
                    AwaitedMessage::External(connector, external) => query(
                        "UPDATE journal SET state = 'parked', key = $1 WHERE id = $2 AND NOT EXISTS \
                         (SELECT 1 FROM messages WHERE connector = $3 AND external_id = $4)",
                    )
                    .bind(stored)
                    .bind(id)
                    .bind(connector.to_string())
                    .bind(external),
                    AwaitedMessage::Call(_, message) => query(
                        "UPDATE journal SET state = 'parked', key = $1 WHERE id = $2 AND EXISTS \
                         (SELECT 1 FROM outbox WHERE message = $3 AND state = 'sending')",
                    )
                    .bind(stored)
                    .bind(id)
                    .bind(message.to_string()),
                };
                Ok(query.execute(on).await? == 1)
            })
        });
        let parked = parked.await;
        self.inner.parked.ended(&key);
        let parked = parked?;
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
            self.inner.parked.put_back(again);
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

#[cfg(test)]
mod tests {
    use super::Parked;

    #[test]
    fn a_key_stays_while_something_is_being_parked_under_it() {
        let (parked, key) = (Parked::default(), || vec!["k".to_owned()]);
        assert_eq!(parked.take(key()), key(), "what an earlier run left is not known");
        parked.all_known();
        assert!(parked.take(key()).is_empty());
        parked.begin("k");
        assert_eq!(parked.take(key()), key());
        parked.ended("k");
        assert_eq!(parked.take(key()), key(), "it may have been parked after it was let go");
        assert!(parked.take(key()).is_empty());
        parked.put_back(key());
        assert_eq!(parked.take(key()), key());
    }
}
