//! Webhook items as they came and what became of each; never looks into one.

use super::db::{Row, query};
use super::{Log, LogError};
use crate::metrics;
use shared::channel::Channel;
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
        self.write_surely(move |on| {
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
        let rows = query(sql).bind(limit).fetch_all(self.by_key()).await?;
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
}
