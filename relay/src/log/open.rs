//! Opening the log, in a file or on a server: one relay, every commit synced, tables in place; never opens what it cannot keep safe.

use super::db::{self, Connection, Direct, Keyed, Readers, file_options, query, query_scalar};
use super::file::{self, BUSY, Held};
use super::fold::Folding;
use super::parked::Parked;
use super::secrets::Cache;
use super::server::Server;
use super::task::Hold;
use super::write::Writer;
use super::{Inner, Log, LogError, wal};
use crate::utc;
use shared::event::SCHEMA;
use shared::fault;
use shared::time::Timestamp;
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Connections that read at the same time; more than a small machine has cores only wait for each other.
const READERS: u32 = 4;

/// The value of `PRAGMA synchronous` that syncs every commit.
const FULL: i64 = 2;

/// The tables of a file, version by version.
pub(super) static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");

/// The same tables on a server.
pub(super) static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// The value of `PRAGMA journal_mode` with a write-ahead log.
const WAL: &str = "wal";

/// What opening an existing database changed in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The number of the newest migration there was.
    pub from: i64,
    /// The numbers of those that were applied, in order.
    pub applied: Vec<i64>,
    /// The copy of the database as it was before; a server makes none.
    pub backup: Option<PathBuf>,
}

impl Log {
    /// Opens the log in this file, and makes it when there is none. Before an existing one is changed, a copy is made
    /// beside it; without the copy nothing is changed.
    ///
    /// # Errors
    /// [`LogError::InUse`] when another process has it open; [`LogError::NotDurable`] when commits would not be
    /// synced; [`LogError::Newer`] when a newer version wrote it; [`LogError::NoBackup`] when the copy could not be
    /// made; [`LogError::Damaged`] and [`LogError::LogDamaged`] when it does not hold what was written to it; whatever
    /// the file system or SQLite says.
    pub async fn open(path: &Path) -> Result<Self, LogError> {
        let held = Held::take(path)?;
        wal::mend(path)?;
        Direct::create(path)?;
        let options = options(path)?;
        let connection = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await?;
        let mut first = Connection::Sqlite(connection);
        assert_durable(&mut first).await?;
        let migrated = migrate(&mut first, Some(path)).await?;
        let epoch = facts(&mut first).await?;
        let mut direct = Direct::open(path, BUSY)?;
        first.close().await?;
        give_sums(&mut direct, path)?;
        let mut connection = Connection::Direct(direct);
        assert_durable(&mut connection).await?;
        if fault!("commits-not-synced") {
            query("PRAGMA synchronous = NORMAL").execute(&mut connection).await?;
        }
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let keyed = Keyed::open(path, BUSY, READERS)?;
        let writer = Writer::start(connection, Hold::File(held, Folding::start(path, BUSY)?));
        Ok(Self::of(Readers::Sqlite(readers), Some(keyed), writer, epoch, migrated))
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
        let migrated = migrate(&mut connection, None).await?;
        let epoch = facts(&mut connection).await?;
        server.sign(&mut connection).await?;
        let readers = server.readers();
        let writer = Writer::start(connection, Hold::Server(server));
        Ok(Self::of(readers, None, writer, epoch, migrated))
    }

    /// Opens an existing log for reading alone, also while another process holds it. Whatever would write finds it
    /// closed.
    ///
    /// # Errors
    /// When it is no database of this version, or cannot be opened.
    pub async fn look(path: &Path) -> Result<Self, LogError> {
        let epoch = file::About::read(path).await?.epoch;
        let readers = SqlitePoolOptions::new().max_connections(1);
        let readers = Readers::Sqlite(readers.connect_with(options(path)?.read_only(true)).await?);
        Ok(Self::of(readers, None, Writer::closed(), epoch, None))
    }

    /// Opens an existing log on a server for reading alone, as [`Self::look`] does.
    ///
    /// # Errors
    /// When it cannot be reached, or is no database of this version.
    pub async fn look_at(address: &str) -> Result<Self, LogError> {
        let server = Server::new(address)?;
        let epoch = server.about().await?.epoch;
        let readers = server.readers();
        Ok(Self::of(readers, None, Writer::closed(), epoch, None))
    }

    fn of(
        readers: Readers,
        keyed: Option<Keyed>,
        writer: Writer,
        epoch: String,
        migrated: Option<Migrated>,
    ) -> Self {
        let inner = Inner {
            readers,
            keyed,
            secrets: Cache::default(),
            parked: Parked::default(),
            writer,
            epoch,
            migrated,
        };
        Self { inner: Arc::new(inner), keys: Arc::default() }
    }

    /// What the database on a server is, as read without changing it.
    ///
    /// # Errors
    /// When it cannot be reached, would not keep everything, or is no database of ours.
    pub async fn about(address: &str) -> Result<file::About, LogError> {
        Server::new(address)?.about().await
    }

    /// Whether a relay has the database on a server at the moment.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn taken(address: &str) -> Result<bool, LogError> {
        Server::new(address)?.taken().await
    }

    /// Whether a commit is synced as it has to be: a file keeps a write-ahead log; a server that is not set to is not
    /// opened at all.
    ///
    /// # Errors
    /// [`LogError::NotDurable`] when it is not.
    pub async fn is_durable(&self) -> Result<(), LogError> {
        match self.readers() {
            Readers::Sqlite(_) => {
                let value: String = query_scalar("PRAGMA journal_mode").fetch_one(self.readers()).await?;
                let setting = "journal_mode";
                if value == WAL { Ok(()) } else { Err(LogError::NotDurable { setting, value }) }
            }
            Readers::Postgres(_) => Ok(()),
        }
    }

    /// Whether nothing that was read of a file was damaged so far.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when something was.
    pub(super) fn whole(&self) -> Result<(), LogError> {
        let Readers::Sqlite(readers) = self.readers() else { return Ok(()) };
        match file::damaged(readers.connect_options().get_filename()).first() {
            Some(page) => Err(LogError::Damaged(format!("its page {page}"))),
            None => Ok(()),
        }
    }

    /// What opening it changed, when it was of an earlier version.
    #[must_use]
    pub fn migrated(&self) -> Option<&Migrated> {
        self.inner.migrated.as_ref()
    }
}

fn options(path: &Path) -> Result<SqliteConnectOptions, LogError> {
    Ok(file_options(path, BUSY)?.foreign_keys(true))
}

/// Gives sums to the pages of a file of an earlier version, or of one that another program wrote anew. What keeps it
/// from that, most often a full disk, keeps nobody from working.
fn give_sums(on: &mut Direct, path: &Path) -> Result<(), LogError> {
    if file::is_summed(path)? {
        return Ok(());
    }
    tracing::info!(
        "the pages of the database get checksums; this takes a while, and as much room again as it has"
    );
    let later = "the pages of the database carry no checksums; the next start tries again";
    match on.begin_sums() {
        Ok(true) => {}
        Ok(false) => tracing::warn!("somebody else is reading the database: {later}"),
        Err(error) if db::is_damage(&error) => return Err(error.into()),
        Err(error) => tracing::warn!(%error, "{later}"),
    }
    Ok(())
}

/// Brings the tables to this version; an existing file is copied first.
async fn migrate(on: &mut Connection, path: Option<&Path>) -> Result<Option<Migrated>, LogError> {
    let applied = file::applied(on).await?.unwrap_or_default();
    let pending = file::pending(&applied);
    let mut migrated = None;
    if let (Some(from), false) = (applied.last().copied(), pending.is_empty()) {
        let backup = match path {
            Some(path) => Some(copy_before(on, path, from).await?),
            None => None,
        };
        tracing::info!(?backup, ?pending, "the database is brought to this version");
        migrated = Some(Migrated { from, applied: pending, backup });
    }
    let moved = match on {
        Connection::Sqlite(one) => SQLITE.run(one).await,
        // Only what was opened for once changes tables.
        Connection::Direct(_) => return Ok(migrated),
        Connection::Postgres(one) => POSTGRES.run(one).await,
    };
    moved.map_err(sqlx::Error::from)?;
    Ok(migrated)
}

/// Copies a file before it is changed.
async fn copy_before(on: &mut Connection, path: &Path, from: i64) -> Result<PathBuf, LogError> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Timestamp(i64::try_from(since.as_millis()).unwrap_or_default());
    let backup = path.with_added_extension(format!("version-{from}-{}", utc::compact(now)));
    file::copy_on(on, &backup).await.map_err(|error| LogError::NoBackup(Box::new(error)))?;
    Ok(backup)
}

/// Reads back what the pragmas came to: a wish that was not granted would lose acknowledged messages on power loss.
pub(super) async fn assert_durable(connection: &mut Connection) -> Result<(), LogError> {
    let journal: String = query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    let synchronous: i64 = query_scalar("PRAGMA synchronous").fetch_one(connection).await?;
    let not = |setting, value| Err(LogError::NotDurable { setting, value });
    match (journal.as_str(), synchronous) {
        (WAL, FULL) => Ok(()),
        (WAL, _) => not("synchronous", synchronous.to_string()),
        _ => not("journal_mode", journal),
    }
}

/// Reads the facts about the log itself, which are made on first opening. Returns the epoch.
async fn facts(connection: &mut Connection) -> Result<String, LogError> {
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
