//! Secrets by name, sealed before they are written and opened for whoever asks by name; writes no value into any message.

use super::db::{Connection, Row, query, query_scalar};
use super::write::Fallible;
use super::{Log, LogError};
use crate::seal::{Keyring, SealError, Sealed, Secret};
use futures_util::future::BoxFuture;
use shared::id::ConnectorId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All secrets as they are stored, sealed, so that a webhook's signature is checked without a reading. Whatever changes
/// them makes it void; nobody but this process changes them while it holds the database.
#[derive(Default)]
pub(super) struct Cache(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// How often it was made void: what was read before then is not kept.
    changes: u64,
    all: Option<Arc<BTreeMap<String, Stored>>>,
}

/// A secret's value and the key that sealed it; none when it is not sealed.
type Stored = (String, Option<String>);

impl Cache {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn void(&self) {
        let mut known = self.known();
        known.changes += 1;
        known.all = None;
    }
}

/// The name of an account's access token among the secrets.
#[must_use]
pub fn token_name(connector: ConnectorId) -> String {
    format!("connector:{connector}:token")
}

/// What became of a row that was to be sealed anew.
type Sealing = Result<bool, SealError>;

impl Log {
    /// The same log with the keys of its secrets. Without them it reads and writes everything but secrets.
    #[must_use]
    pub fn with_keys(self, keys: Keyring) -> Self {
        Self { keys: Arc::new(keys), ..self }
    }

    /// The keys of its secrets.
    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// A secret; the names are in the table's description.
    ///
    /// # Errors
    /// When the database fails, or the secret cannot be opened.
    pub async fn secret(&self, name: &str) -> Result<Option<Secret>, LogError> {
        let all = self.stored().await?;
        let Some((value, key)) = all.get(name).cloned() else { return Ok(None) };
        // Rows that are not sealed are sealed before anything runs.
        let key = key.ok_or(LogError::Unreadable("secret that is not sealed"))?;
        Ok(Some(self.keys.open(name, &Sealed { key, value })?))
    }

    /// The access token of an account.
    ///
    /// # Errors
    /// As [`Self::secret`].
    pub async fn token(&self, connector: ConnectorId) -> Result<Option<Secret>, LogError> {
        self.secret(&token_name(connector)).await
    }

    /// All secrets as they are stored.
    async fn stored(&self) -> Result<Arc<BTreeMap<String, Stored>>, LogError> {
        let cache = &self.inner.secrets;
        let changes = {
            let known = cache.known();
            if let Some(all) = &known.all {
                return Ok(Arc::clone(all));
            }
            known.changes
        };
        let rows = query("SELECT name, value, key_id FROM secrets").fetch_all(self.readers()).await?;
        let row = |row: &Row| Ok::<_, LogError>((row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?)));
        let all: Arc<BTreeMap<_, _>> = Arc::new(rows.iter().map(row).collect::<Result<_, _>>()?);
        let mut known = cache.known();
        if known.changes == changes {
            known.all = Some(Arc::clone(&all));
        }
        Ok(all)
    }

    /// Writes to the secrets. Goes on when nobody waits any more, so that what is known is void once it is written.
    async fn change<T, F>(&self, work: F) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Fallible<T>> + Send + 'static,
    {
        let log = self.clone();
        let written = tokio::spawn(async move {
            let written = log.write(work).await;
            log.inner.secrets.void();
            written
        });
        written.await.unwrap_or(Err(LogError::Closed))
    }

    /// Which of the secrets exist whose name begins so; never their values.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn secret_names(&self, beginning: &str) -> Result<Vec<String>, LogError> {
        let sql = "SELECT name FROM secrets WHERE substr(name, 1, length($1)) = $1 ORDER BY name";
        Ok(query_scalar(sql).bind(beginning).fetch_all(self.readers()).await?)
    }

    /// Seals a secret and stores it under its name, in place of the one that was there.
    ///
    /// # Errors
    /// When there is no key, or the database fails.
    pub async fn save_secret(&self, name: String, value: impl Into<Secret>) -> Result<(), LogError> {
        let sealed = self.keys.seal(&name, &value.into())?;
        self.change(move |on| {
            Box::pin(async move {
                query(
                    "INSERT INTO secrets (name, value, key_id) VALUES ($1, $2, $3) \
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value, key_id = excluded.key_id",
                )
                .bind(name)
                .bind(sealed.value)
                .bind(sealed.key)
                .execute(on)
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Forgets a secret; true when there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_secret(&self, name: String) -> Result<bool, LogError> {
        self.change(move |on| {
            Box::pin(async move {
                let sql = "DELETE FROM secrets WHERE name = $1";
                Ok(query(sql).bind(name).execute(on).await? == 1)
            })
        })
        .await
    }

    /// How many secrets each key has sealed; the empty name counts those that are not sealed yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sealing_keys(&self) -> Result<BTreeMap<String, i64>, LogError> {
        let sql = "SELECT coalesce(key_id, ''), count(*) FROM secrets GROUP BY 1";
        let rows = query(sql).fetch_all(self.readers()).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// What is wrong with the secrets that do not open; empty when all do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn closed_secrets(&self) -> Result<Vec<(String, SealError)>, LogError> {
        let sql = "SELECT name, value, key_id FROM secrets WHERE key_id IS NOT NULL ORDER BY name";
        let mut closed = Vec::new();
        for row in query(sql).fetch_all(self.readers()).await? {
            let (name, value, key): (String, _, _) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            if let Err(error) = self.keys.open(&name, &Sealed { key, value }) {
                closed.push((name, error));
            }
        }
        Ok(closed)
    }

    /// Seals every secret under the first key that is not yet; returns how many it sealed. Each row is sealed by itself:
    /// wherever this is broken off, every secret opens under one of the keys. Those that do not open are left as they are.
    ///
    /// # Errors
    /// When there is no key, or the database fails.
    pub async fn seal_secrets(&self) -> Result<u64, LogError> {
        let Some(first) = self.keys.ids().into_iter().next() else { return Err(SealError::NoKey.into()) };
        let sql = "SELECT name FROM secrets WHERE key_id IS NULL OR key_id <> $1 ORDER BY name";
        let names: Vec<String> = query_scalar(sql).bind(&first).fetch_all(self.readers()).await?;
        let mut sealed = 0;
        for name in names {
            let (keys, first, shown) = (Arc::clone(&self.keys), first.clone(), name.clone());
            let done = self
                .change(move |on| Box::pin(async move { seal_anew(on, &keys, &first, &name).await }))
                .await?;
            match done {
                Ok(true) => sealed += 1,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, secret = shown, "a secret was not sealed anew"),
            }
        }
        Ok(sealed)
    }
}

/// Seals one row under the first key, unless somebody did or the secret is gone. Within the writer nobody comes between.
async fn seal_anew(
    on: &mut Connection,
    keys: &Keyring,
    first: &str,
    name: &str,
) -> Result<Sealing, sqlx::Error> {
    let sql = "SELECT value, key_id FROM secrets WHERE name = $1";
    let Some(row) = query(sql).bind(name).fetch_optional(&mut *on).await? else { return Ok(Ok(false)) };
    let (value, key): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
    if key.as_deref() == Some(first) {
        return Ok(Ok(false));
    }
    let plain = match key {
        None => Ok(Secret::from(value)),
        Some(key) => keys.open(name, &Sealed { key, value }),
    };
    let sealed = match plain.and_then(|plain| keys.seal(name, &plain)) {
        Ok(sealed) => sealed,
        Err(error) => return Ok(Err(error)),
    };
    let sql = "UPDATE secrets SET value = $1, key_id = $2 WHERE name = $3";
    query(sql).bind(sealed.value).bind(sealed.key).bind(name).execute(on).await?;
    Ok(Ok(true))
}
