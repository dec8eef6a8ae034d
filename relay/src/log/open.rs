//! Opening the log, in a file or on a server: one relay, every commit synced, tables in place; never opens what it cannot keep safe.

use super::db::{Connection, Readers, query, query_scalar};
use super::server::Server;
use super::task::Hold;
use super::write::Writer;
use super::{Inner, Log, LogError};
use shared::event::SCHEMA;
use shared::fault;
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
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

/// The tables of a file, version by version.
pub(super) static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");

/// The same tables on a server.
pub(super) static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

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
        let connection = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await?;
        let mut connection = Connection::Sqlite(connection);
        assert_durable(&mut connection).await?;
        if fault!("commits-not-synced") {
            query("PRAGMA synchronous = NORMAL").execute(&mut connection).await?;
        }
        let epoch = prepare(&mut connection).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let writer = Writer::start(connection, Hold::File(lock));
        Ok(Self { inner: Arc::new(Inner { readers: Readers::Sqlite(readers), writer, epoch }) })
    }

    /// Opens the log in a database of PostgreSQL, `postgres://user:password@host/database`; its tables are made when
    /// there are none.
    ///
    /// # Errors
    /// [`LogError::Address`] and [`LogError::Connect`] when it cannot be reached; [`LogError::InUse`] when another
    /// relay has it; [`LogError::NotDurable`], [`LogError::Encoding`] when it would not keep everything;
    /// [`LogError::Newer`] when a newer version wrote it.
    pub async fn connect(address: &str) -> Result<Self, LogError> {
        let server = Arc::new(Server::new(address)?);
        let mut connection = server.take().await?;
        let epoch = prepare(&mut connection).await?;
        server.sign(&mut connection).await?;
        let readers = server.readers();
        let writer = Writer::start(connection, Hold::Server(server));
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
pub(super) async fn assert_durable(connection: &mut Connection) -> Result<(), LogError> {
    let journal: String = query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    let synchronous: i64 = query_scalar("PRAGMA synchronous").fetch_one(connection).await?;
    let not = |setting, value| Err(LogError::NotDurable { setting, value });
    match (journal.as_str(), synchronous) {
        ("wal", FULL) => Ok(()),
        ("wal", _) => not("synchronous", synchronous.to_string()),
        _ => not("journal_mode", journal),
    }
}

/// Brings the tables up to date, and reads the facts about the log itself, which are made on first opening. Returns
/// the epoch.
async fn prepare(connection: &mut Connection) -> Result<String, LogError> {
    let moved = match connection {
        Connection::Sqlite(one) => SQLITE.run(one).await,
        Connection::Postgres(one) => POSTGRES.run(one).await,
    };
    moved.map_err(sqlx::Error::from)?;
    let fresh = uuid::Uuid::now_v7().to_string();
    for (key, value) in [("epoch", fresh), ("schema", SCHEMA.to_string())] {
        query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING")
            .bind(key)
            .bind(value)
            .execute(&mut *connection)
            .await?;
    }
    let read = "SELECT value FROM meta WHERE key = $1";
    let schema: String = query_scalar(read).bind("schema").fetch_one(&mut *connection).await?;
    let schema: u16 = schema.parse().map_err(|_| LogError::Unreadable("schema number"))?;
    if schema > SCHEMA {
        return Err(LogError::Newer(schema));
    }
    Ok(query_scalar(read).bind("epoch").fetch_one(connection).await?)
}
