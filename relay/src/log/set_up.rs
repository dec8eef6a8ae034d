//! What was seen of the set-up of accounts, and when each last brought something; keeps no secret.

use super::db::{query, query_scalar};
use super::{Log, LogError};
use shared::channel::Channel;
use shared::time::Timestamp;

impl Log {
    /// Notes that something of the set-up was seen; the names are in the table's description.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn saw_set_up(&self, what: String, at: Timestamp) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let sql = "INSERT INTO set_up (what, at) VALUES ($1, $2) \
                           ON CONFLICT (what) DO UPDATE SET at = excluded.at";
                query(sql).bind(what).bind(at.0).execute(on).await.map(drop)
            })
        })
        .await
    }

    /// Everything that was seen of the set-up, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_up(&self) -> Result<Vec<(String, Timestamp)>, LogError> {
        let rows = query("SELECT what, at FROM set_up ORDER BY what").fetch_all(self.readers()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, Timestamp(row.try_get(1)?)))).collect()
    }

    /// When a webhook last brought something of an account, and when something of it last became a message of a chat.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_of_account(
        &self,
        channel: Channel,
        account: &str,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>), LogError> {
        let any =
            "SELECT received_at FROM journal WHERE target = $1 AND channel = $2 ORDER BY id DESC LIMIT 1";
        let message = "SELECT received_at FROM journal WHERE target = $1 AND channel = $2 AND message IS NOT NULL \
                       ORDER BY id DESC LIMIT 1";
        let mut found = [None, None];
        for (sql, place) in [any, message].into_iter().zip(&mut found) {
            let row = query_scalar(sql).bind(account).bind(channel.key());
            *place = row.fetch_optional(self.readers()).await?.map(Timestamp);
        }
        Ok(found.into())
    }
}
