//! Opening the file: one process per file, every commit synced, tables in place; never opens what it cannot keep safe.

use super::file::{self, BUSY, Held};
use super::write::Writer;
use super::{Inner, Log, LogError};
use crate::utc;
use shared::event::SCHEMA;
use shared::time::Timestamp;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Connections that read at the same time; more than a small machine has cores only wait for each other.
const READERS: u32 = 4;

/// The value of `PRAGMA synchronous` that syncs every commit.
const FULL: i64 = 2;

/// The value of `PRAGMA journal_mode` with a write-ahead log.
const WAL: &str = "wal";

/// What brings a database of any earlier version to this one; each runs in a transaction of its own.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// What opening an existing database changed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The number of the newest migration there was.
    pub from: i64,
    /// The numbers of those that were applied, in order.
    pub applied: Vec<i64>,
    /// The copy of the database as it was before.
    pub backup: PathBuf,
}

impl Log {
    /// Opens the log in this file, and makes it when there is none. Before an existing one is changed, a copy is made
    /// beside it; without the copy nothing is changed.
    ///
    /// # Errors
    /// [`LogError::InUse`] when another process has it open; [`LogError::NotDurable`] when commits would not be
    /// synced; [`LogError::Newer`] when a newer version wrote it; [`LogError::NoBackup`] when the copy could not be
    /// made; whatever the file system or SQLite says.
    pub async fn open(path: &Path) -> Result<Self, LogError> {
        let held = Held::take(path)?;
        let options = options(path);
        let mut connection = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // What was erased or sealed is overwritten where that costs no further page.
            .pragma("secure_delete", "fast")
            .connect()
            .await?;
        assert_durable(&mut connection).await?;
        let migrated = migrate(&mut connection, path).await?;
        let epoch = facts(&mut connection).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let writer = Writer::start(connection, held);
        let inner = Inner { readers, writer, epoch, migrated };
        Ok(Self { inner: Arc::new(inner), keys: Arc::default() })
    }

    /// Opens an existing log for reading alone, also while another process holds it. Whatever would write finds it
    /// closed.
    ///
    /// # Errors
    /// When it is no database of this version, or cannot be opened.
    pub async fn look(path: &Path) -> Result<Self, LogError> {
        let epoch = file::About::read(path).await?.epoch;
        let readers = SqlitePoolOptions::new().max_connections(1);
        let readers = readers.connect_with(options(path).read_only(true)).await?;
        let inner = Inner { readers, writer: Writer::closed(), epoch, migrated: None };
        Ok(Self { inner: Arc::new(inner), keys: Arc::default() })
    }

    /// Whether the file keeps a write-ahead log, without which a commit would not be synced as it has to be.
    ///
    /// # Errors
    /// [`LogError::NotDurable`] when it does not.
    pub async fn is_durable(&self) -> Result<(), LogError> {
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(self.readers()).await?;
        if journal == WAL { Ok(()) } else { Err(LogError::NotDurable { journal, synchronous: FULL }) }
    }

    /// What opening it changed, when the file was of an earlier version.
    #[must_use]
    pub fn migrated(&self) -> Option<&Migrated> {
        self.inner.migrated.as_ref()
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging()
}

/// Brings the tables to this version; an existing database is copied first.
async fn migrate(on: &mut SqliteConnection, path: &Path) -> Result<Option<Migrated>, LogError> {
    let applied = file::applied(on).await?.unwrap_or_default();
    let pending = file::pending(&applied);
    let mut migrated = None;
    if let (Some(from), false) = (applied.last().copied(), pending.is_empty()) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = Timestamp(i64::try_from(since.as_millis()).unwrap_or_default());
        let backup = path.with_added_extension(format!("version-{from}-{}", utc::compact(now)));
        file::copy_on(on, &backup).await.map_err(|error| LogError::NoBackup(Box::new(error)))?;
        tracing::info!(backup = %backup.display(), ?pending, "the database is brought to this version");
        migrated = Some(Migrated { from, applied: pending, backup });
    }
    MIGRATIONS.run(on).await.map_err(sqlx::Error::from)?;
    Ok(migrated)
}

/// Reads back what the pragmas came to: a wish that was not granted would lose acknowledged messages on power loss.
pub(super) async fn assert_durable(connection: &mut SqliteConnection) -> Result<(), LogError> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await?;
    if journal == WAL && synchronous == FULL {
        Ok(())
    } else {
        Err(LogError::NotDurable { journal, synchronous })
    }
}

/// Reads the facts about the log itself, and makes them on first opening.
async fn facts(connection: &mut SqliteConnection) -> Result<String, LogError> {
    let mut transaction = connection.begin().await?;
    let fresh = uuid::Uuid::now_v7().to_string();
    for (key, value) in [("epoch", fresh), ("schema", SCHEMA.to_string())] {
        sqlx::query("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING")
            .bind(key)
            .bind(value)
            .execute(&mut *transaction)
            .await?;
    }
    let read = "SELECT value FROM meta WHERE key = ?";
    let schema: String = sqlx::query_scalar(read).bind("schema").fetch_one(&mut *transaction).await?;
    let schema: u16 = schema.parse().map_err(|_| LogError::Unreadable("schema number"))?;
    if schema > SCHEMA {
        return Err(LogError::Newer(schema));
    }
    let epoch = sqlx::query_scalar(read).bind("epoch").fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(epoch)
}
