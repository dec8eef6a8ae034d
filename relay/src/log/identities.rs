//! Customers by the ids under which a provider knows them, and their names; never who they are to a person.

use super::db::{Connection, query, query_scalar, with_list};
use super::{Log, LogError, keys};
use serde::Deserialize;
use shared::id::{AttachmentId, ConnectorId, IdentityId};
use shared::time::Timestamp;

/// A customer's stored name.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct StoredName {
    /// The profile name, when known.
    pub name: Option<String>,
    /// What stands in for it.
    pub handle: String,
    /// The picture, once it is here.
    #[serde(default)]
    pub avatar: Option<AttachmentId>,
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
            let sql = "SELECT identity FROM identity_aliases WHERE connector = $1 AND alias = $2";
            let found: Option<String> = query_scalar(sql)
                .bind(connector.to_string())
                .bind(alias)
                .fetch_optional(self.by_key())
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
                        let sql = "UPDATE identities SET address = $1 WHERE id = $2";
                        query(sql).bind(&address).bind(&identity).execute(&mut *on).await?;
                    } else {
                        let sql = "INSERT INTO identities (id, connector, address, subscribed, created_at) \
                                   VALUES ($1, $2, $3, 1, $4)";
                        let made = query(sql).bind(&identity).bind(&connector).bind(&address);
                        made.bind(now.0).execute(&mut *on).await?;
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
        let rows = query(with_list!(
            "SELECT identity_aliases.alias, identity, address FROM identity_aliases \
             JOIN identities ON identities.id = identity \
             WHERE identity_aliases.connector = $1 AND alias IN ",
            "$2",
            ""
        ))
        .bind(connector.to_string())
        .bind(aliases)
        .fetch_all(self.by_key())
        .await?;
        let mut found = None;
        for row in &rows {
            let (alias, stored) = (row.text(0)?, row.text(2)?);
            if aliases.first().is_some_and(|first| *first == alias) && stored == address {
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
        let sql = "SELECT body FROM contents WHERE owner = $1 AND body IS NOT NULL";
        let body: Option<String> =
            query_scalar(sql).bind(keys::identity(id)).fetch_optional(self.by_key()).await?;
        body.map(|body| keys::parse(&body, "name")).transpose()
    }
}

async fn first(
    on: &mut Connection,
    connector: &str,
    aliases: &[String],
) -> Result<Option<String>, sqlx::Error> {
    for alias in aliases {
        let sql = "SELECT identity FROM identity_aliases WHERE connector = $1 AND alias = $2";
        let found = query_scalar(sql).bind(connector).bind(alias).fetch_optional(&mut *on).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

async fn alias(
    on: &mut Connection,
    connector: &str,
    aliases: &[String],
    identity: &str,
) -> Result<(), sqlx::Error> {
    for alias in aliases {
        let sql = "INSERT INTO identity_aliases (connector, alias, identity) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        query(sql).bind(connector).bind(alias).bind(identity).execute(&mut *on).await?;
    }
    Ok(())
}
