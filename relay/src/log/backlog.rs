//! How much waits in the log and since when: items to be understood, messages to be sent; reads no item and no message.

use super::db::{query, query_scalar};
use super::{Log, LogError, keys};
use shared::time::Timestamp;

/// What waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Webhook items that nobody has understood yet.
    pub open_items: i64,
    /// When the oldest of them came.
    pub oldest_item: Option<Timestamp>,
    /// Receipts that wait for what they are about.
    pub parked_items: i64,
    /// Messages that are not with their provider yet.
    pub unsent: i64,
    /// When the oldest of them was written.
    pub oldest_unsent: Option<Timestamp>,
}

impl Log {
    /// How many items nobody has understood yet; counts no further than `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_item_count(&self, most: u32) -> Result<u64, LogError> {
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM journal WHERE state = 'new' LIMIT $1) AS waiting";
        let count: i64 = query_scalar(sql).bind(most).fetch_one(self.readers()).await?;
        Ok(keys::count(count))
    }

    /// What waits at the moment; each count walks over what waits and nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn backlog(&self) -> Result<Backlog, LogError> {
        let sql = "SELECT count(*), min(received_at) FROM journal WHERE state = 'new'";
        let open = query(sql).fetch_one(self.readers()).await?;
        let sql = "SELECT count(*) FROM journal WHERE state = 'parked'";
        let parked_items = query_scalar(sql).fetch_one(self.readers()).await?;
        let sql = "SELECT count(*), min(messages.at) FROM outbox \
                   JOIN messages ON messages.id = outbox.message WHERE outbox.state <> 'done'";
        let unsent = query(sql).fetch_one(self.readers()).await?;
        Ok(Backlog {
            open_items: open.try_get(0)?,
            oldest_item: open.try_get::<Option<i64>>(1)?.map(Timestamp),
            parked_items,
            unsent: unsent.try_get(0)?,
            oldest_unsent: unsent.try_get::<Option<i64>>(1)?.map(Timestamp),
        })
    }
}
