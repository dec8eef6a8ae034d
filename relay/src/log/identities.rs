//! Customers by the ids under which a provider knows them, and their names; never who they are to a person.

use super::{Log, LogError, keys};
use serde::Deserialize;
use shared::id::{ConnectorId, IdentityId};
use shared::time::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

/// A customer's stored name.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct StoredName {
    /// The profile name, when known.
    pub name: Option<String>,
    /// What stands in for it.
    pub handle: String,
}

impl Log {
    /// The customer known under the first of these ids that is known; none when none is.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn identity_of(
        &self,
        connector: ConnectorId,
        aliases: &[String],
    ) -> Result<Option<IdentityId>, LogError> {
        for alias in aliases {
            let sql = "SELECT identity FROM identity_aliases WHERE connector = ? AND alias = ?";
            let found: Option<String> = sqlx::query_scalar(sql)
                .bind(connector.to_string())
                .bind(alias)
                .fetch_optional(self.readers())
                .await?;
            if let Some(found) = found {
                return keys::id(&found, "identity id").map(Some);
            }
        }
        Ok(None)
    }

    /// The customer known under these ids, made under the id `fresh` when there is none. Every id that is new is
    /// kept as one more of theirs; one that belongs to somebody else stays there. The address is the newest given.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn identify(
        &self,
        connector: ConnectorId,
        aliases: &[String],
        address: &str,
        fresh: IdentityId,
        now: Timestamp,
    ) -> Result<IdentityId, LogError> {
        if let Some(known) = self.settled(connector, aliases, address).await? {
            return keys::id(&known, "identity id");
        }
        let (connector, aliases, address) = (connector.to_string(), aliases.to_vec(), address.to_owned());
        let fresh = fresh.to_string();
        let found = self
            .write(move |on| {
                Box::pin(async move {
                    let known = first(on, &connector, &aliases).await?;
                    let identity = known.clone().unwrap_or(fresh);
                    if known.is_some() {
                        let sql = "UPDATE identities SET address = ? WHERE id = ?";
                        sqlx::query(sql).bind(&address).bind(&identity).execute(&mut *on).await?;
                    } else {
                        let sql = "INSERT INTO identities (id, connector, address, subscribed, created_at) \
                                   VALUES (?, ?, ?, 1, ?)";
                        let query = sqlx::query(sql).bind(&identity).bind(&connector).bind(&address);
                        query.bind(now.0).execute(&mut *on).await?;
                    }
                    alias(on, &connector, &aliases, &identity).await?;
                    Ok(identity)
                })
            })
            .await?;
        keys::id(&found, "identity id")
    }

    /// The customer, when nothing about their ids is new.
    async fn settled(
        &self,
        connector: ConnectorId,
        aliases: &[String],
        address: &str,
    ) -> Result<Option<String>, LogError> {
        let rows = sqlx::query(
            "SELECT identity_aliases.alias, identity, address FROM identity_aliases \
             JOIN identities ON identities.id = identity \
             WHERE identity_aliases.connector = ? AND alias IN (SELECT value FROM json_each(?))",
        )
        .bind(connector.to_string())
        .bind(keys::json(&aliases, "list")?)
        .fetch_all(self.readers())
        .await?;
        let mut found = None;
        for row in &rows {
            let alias: &str = row.try_get(0)?;
            let stored: &str = row.try_get(2)?;
            if aliases.first().is_some_and(|first| first == alias) && stored == address {
                found = Some(row.try_get(1)?);
            }
        }
        Ok(found.filter(|_| rows.len() == aliases.len()))
    }

    /// The stored name of a customer; none when none is stored or it was erased.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn stored_name(&self, id: IdentityId) -> Result<Option<StoredName>, LogError> {
        let sql = "SELECT body FROM contents WHERE owner = ? AND body IS NOT NULL";
        let body: Option<String> =
            sqlx::query_scalar(sql).bind(keys::identity(id)).fetch_optional(self.readers()).await?;
        body.map(|body| keys::parse(&body, "name")).transpose()
    }
}

async fn first(
    on: &mut SqliteConnection,
    connector: &str,
    aliases: &[String],
) -> Result<Option<String>, sqlx::Error> {
    for alias in aliases {
        let sql = "SELECT identity FROM identity_aliases WHERE connector = ? AND alias = ?";
        let found = sqlx::query_scalar(sql).bind(connector).bind(alias).fetch_optional(&mut *on).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

async fn alias(
    on: &mut SqliteConnection,
    connector: &str,
    aliases: &[String],
    identity: &str,
) -> Result<(), sqlx::Error> {
    for alias in aliases {
        let sql = "INSERT INTO identity_aliases (connector, alias, identity) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(connector).bind(alias).bind(identity).execute(&mut *on).await?;
    }
    Ok(())
}
