//! The hashes of passwords, apart from the configuration; never sees a password.

use super::db::{query, query_scalar};
use super::{Log, LogError};
use shared::id::UserId;

impl Log {
    /// The hash of a person's password, as a PHC string.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credential(&self, user: UserId) -> Result<Option<String>, LogError> {
        let sql = "SELECT hash FROM credentials WHERE \"user\" = $1";
        Ok(query_scalar(sql).bind(user.to_string()).fetch_optional(self.readers()).await?)
    }

    /// Stores the hash of a person's password, in place of the one that was there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_credential(&self, user: UserId, hash: String) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                query(
                    "INSERT INTO credentials (\"user\", hash) VALUES ($1, $2) \
                     ON CONFLICT (\"user\") DO UPDATE SET hash = excluded.hash",
                )
                .bind(user.to_string())
                .bind(hash)
                .execute(on)
                .await
                .map(drop)
            })
        })
        .await
    }
}
