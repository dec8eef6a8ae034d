//! Webhook items as they came and what became of each; never looks into one.

use super::db::{Row, query, query_scalar, with_list};
use super::{Log, LogError};
use crate::metrics;
use shared::channel::Channel;
use shared::id::{ConnectorId, MessageId};
use shared::time::Timestamp;

/// An item to keep, as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct NewItem {
    /// The channel of the account it is about; none for what belongs to no account.
    pub channel: Option<Channel>,
    /// The provider's id of that account.
    pub target: String,
    /// The item, as JSON.
    pub item: String,
}

/// An item that waits to be understood.
#[derive(Clone, PartialEq, Eq)]
pub struct JournalItem {
    /// Its id, in the order of arrival.
    pub id: i64,
    /// The app or bot of the address it came to.
    pub account: String,
    /// When it came.
    pub received_at: Timestamp,
    /// The item, as JSON.
    pub item: String,
}

/// Where an item ends that makes no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemEnd {
    /// Nothing is left to do.
    Done,
    /// Kept: this version does nothing with it.
    Unsupported,
    /// Kept: it could not be taken.
    Failed,
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
    /// Keeps all items of one webhook body, all of them or none; durable when it returns.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_items(
        &self,
        provider: &'static str,
        account: String,
        received_at: Timestamp,
        items: Vec<NewItem>,
    ) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                for item in items {
                    query(
                        "INSERT INTO journal (provider, account, received_at, channel, target, item, state) \
                         VALUES ($1, $2, $3, $4, $5, $6, 'new')",
                    )
                    .bind(provider)
                    .bind(&account)
                    .bind(received_at.0)
                    .bind(item.channel.map(Channel::key))
                    .bind(item.target)
                    .bind(item.item)
                    .execute(&mut *on)
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Items nobody has understood yet, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_items(&self, limit: u32) -> Result<Vec<JournalItem>, LogError> {
        let sql =
            "SELECT id, account, received_at, item FROM journal WHERE state = 'new' ORDER BY id LIMIT $1";
        let rows = query(sql).bind(limit).fetch_all(self.readers()).await?;
        let item = |row: &Row| {
            Ok::<_, LogError>(JournalItem {
                id: row.try_get(0)?,
                account: row.try_get(1)?,
                received_at: Timestamp(row.try_get(2)?),
                item: row.try_get(3)?,
            })
        };
        rows.iter().map(item).collect()
    }

    /// Ends an item that makes no event.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_item(&self, id: i64, end: ItemEnd, reason: Option<String>) -> Result<(), LogError> {
        let (state, counted) = match end {
            ItemEnd::Done => ("done", metrics::Item::Understood),
            ItemEnd::Unsupported => ("unsupported", metrics::Item::Unsupported),
            ItemEnd::Failed => ("failed", metrics::Item::Failed),
        };
        self.write(move |on| {
            Box::pin(async move {
                let sql = "UPDATE journal SET state = $1, reason = $2, key = NULL WHERE id = $3";
                query(sql).bind(state).bind(reason).bind(id).execute(on).await.map(drop)
            })
        })
        .await?;
        metrics::item(counted);
        Ok(())
    }

    /// Parks a receipt until what it is about is there; false when it is there already, and nothing was parked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn park_item(&self, id: i64, awaited: AwaitedMessage) -> Result<bool, LogError> {
        let key = awaited.key();
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
        let waits =
            with_list!("SELECT EXISTS (SELECT 1 FROM journal WHERE state = 'parked' AND key IN ", "$1", ")");
        if !query_scalar::<bool>(waits).bind(keys.as_slice()).fetch_one(self.readers()).await? {
            return Ok(0);
        }
        self.write(move |on| {
            Box::pin(async move {
                let sql = with_list!(
                    "UPDATE journal SET state = 'new', key = NULL WHERE state = 'parked' AND key IN ",
                    "$1",
                    ""
                );
                query(sql).bind(keys.as_slice()).execute(on).await
            })
        })
        .await
    }

    /// Lets every parked receipt be looked at again, after nobody listened for a while.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_all_items(&self) -> Result<u64, LogError> {
        self.write(|on| {
            Box::pin(async move {
                let sql = "UPDATE journal SET state = 'new', key = NULL WHERE state = 'parked'";
                query(sql).execute(on).await
            })
        })
        .await
    }
}
