//! Secrets by name, and the hashes of passwords; hands them to whoever asks by name and writes them into no message.

use super::db::{query, query_scalar};
use super::{Log, LogError};
use shared::id::UserId;

impl Log {
    /// A secret; the names are in the table's description.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret(&self, name: &str) -> Result<Option<String>, LogError> {
        let sql = "SELECT value FROM secrets WHERE name = $1";
        Ok(query_scalar(sql).bind(name).fetch_optional(self.readers()).await?)
    }

    /// Which of the secrets exist whose name begins so; never their values.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret_names(&self, beginning: &str) -> Result<Vec<String>, LogError> {
        let sql = "SELECT name FROM secrets WHERE substr(name, 1, length($1)) = $1 ORDER BY name";
        Ok(query_scalar(sql).bind(beginning).fetch_all(self.readers()).await?)
    }

    /// Stores a secret under its name, in place of the one that was there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_secret(&self, name: String, value: String) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                query(
                    "INSERT INTO secrets (name, value) VALUES ($1, $2) \
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                )
                .bind(name)
                .bind(value)
                .execute(on)
                .await
                .map(drop)
            })
        })
        .await
    }

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
