//! Opening the file: one process per file, every commit synced, tables in place; never opens what it cannot keep safe.

use super::write::Writer;
use super::{Inner, Log, LogError};
use shared::event::SCHEMA;
use shared::fault;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Connections that read at the same time; more than a small machine has cores only wait for each other.
const READERS: u32 = 4;

/// How long a statement waits for another connection's lock: only checkpoints ever hold one.
const BUSY: Duration = Duration::from_secs(5);

/// The value of `PRAGMA synchronous` that syncs every commit.
const FULL: i64 = 2;

impl Log {
    /// Opens the log in this file, and makes it when there is none.
    ///
    /// # Errors
    /// [`LogError::InUse`] when another process has it open; [`LogError::NotDurable`] when commits would not be
    /// synced; [`LogError::Newer`] when a newer version wrote it; whatever the file system or SQLite says.
    pub async fn open(path: &Path) -> Result<Self, LogError> {
        let lock = lock(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .disable_statement_logging();
        let mut connection = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await?;
        assert_durable(&mut connection).await?;
        if fault!("commits-not-synced") {
            sqlx::query("PRAGMA synchronous = NORMAL").execute(&mut connection).await?;
        }
        sqlx::migrate!("./migrations").run(&mut connection).await.map_err(sqlx::Error::from)?;
        let epoch = facts(&mut connection).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let writer = Writer::start(connection, lock);
        Ok(Self { inner: Arc::new(Inner { readers, writer, epoch }) })
    }
}

/// Takes the lock beside the file; it is let go when the handle is dropped, also by a crash.
fn lock(path: &Path) -> Result<File, LogError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|error| LogError::Io(error.kind()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LogError::InUse),
        Err(TryLockError::Error(error)) => Err(LogError::Io(error.kind())),
    }
}

/// Reads back what the pragmas came to: a wish that was not granted would lose acknowledged messages on power loss.
pub(super) async fn assert_durable(connection: &mut SqliteConnection) -> Result<(), LogError> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await?;
    if journal == "wal" && synchronous == FULL {
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
