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

    /// Makes two customers one, where an id of the one turned out to be the other's too and both were known: whoever has
    /// a live chat keeps it and gets the ids of the other. Two live chats stay two.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn join(
        &self,
        connector: ConnectorId,
        one: &[String],
        other: &[String],
    ) -> Result<(), LogError> {
        let known = (self.identity_of(connector, one).await?, self.identity_of(connector, other).await?);
        let (Some(one), Some(other)) = known else { return Ok(()) };
        if one == other {
            return Ok(());
        }
        let (connector, one, other) = (connector.to_string(), one.to_string(), other.to_string());
        self.write(move |on| {
            Box::pin(async move {
                let (first, second) =
                    (is_live(on, &connector, &one).await?, is_live(on, &connector, &other).await?);
                if first && second {
                    return Ok(());
                }
                let (kept, gone) = if second { (other, one) } else { (one, other) };
                let sql = "UPDATE identity_aliases SET identity = $1 WHERE connector = $2 AND identity = $3";
                query(sql).bind(&kept).bind(&connector).bind(&gone).execute(&mut *on).await?;
                let sql = "UPDATE identities SET last_customer_at = CASE WHEN last_customer_at >= \
                           coalesce((SELECT last_customer_at FROM identities WHERE id = $1), 0) \
                           THEN last_customer_at ELSE \
                           (SELECT last_customer_at FROM identities WHERE id = $1) END WHERE id = $2";
                query(sql).bind(&gone).bind(&kept).execute(on).await.map(drop)
            })
        })
        .await
    }

    /// Whether it is news that a customer takes marketing messages, or takes none any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_news(&self, id: IdentityId, marketing: bool, at: Timestamp) -> Result<bool, LogError> {
        let sql = "SELECT marketing, marketing_at FROM identities WHERE id = $1";
        let row = query(sql).bind(id.to_string()).fetch_optional(self.by_key()).await?;
        let Some(row) = row else { return Ok(false) };
        let (known, since): (Option<i64>, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        Ok(known != Some(i64::from(marketing)) && since.is_none_or(|since| since <= at.0))
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

async fn is_live(on: &mut Connection, connector: &str, identity: &str) -> Result<bool, sqlx::Error> {
    let sql = "SELECT 1 FROM live_identities WHERE connector = $1 AND identity = $2";
    Ok(query(sql).bind(connector).bind(identity).fetch_optional(on).await?.is_some())
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
