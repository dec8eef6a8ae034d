//! How accounts stand, as JSON by connector; never reads what is in it.

use super::db::{Row, query};
use super::{Log, LogError, keys};
use shared::id::ConnectorId;

impl Log {
    /// What was kept of every account.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn standings(&self) -> Result<Vec<(ConnectorId, String)>, LogError> {
        let sql = "SELECT connector, standing FROM connector_health";
        let rows = query(sql).fetch_all(self.readers()).await?;
        let read = |row: &Row| {
            Ok::<_, LogError>((keys::id(&row.text(0)?, "connector id")?, row.try_get::<String>(1)?))
        };
        rows.iter().map(read).collect()
    }

    /// Keeps how accounts stand, in place of what was kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_standings(&self, all: Vec<(ConnectorId, String)>) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                for (connector, standing) in all {
                    query(
                        "INSERT INTO connector_health (connector, standing) VALUES ($1, $2) \
                         ON CONFLICT (connector) DO UPDATE SET standing = excluded.standing",
                    )
                    .bind(connector.to_string())
                    .bind(standing)
                    .execute(&mut *on)
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }
}
