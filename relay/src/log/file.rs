//! What is done with a database file as a whole: held, looked over, copied, begun anew after a restore; reads no event.

use super::LogError;
use super::db::{Connection, Readers, either, file_options, query, query_scalar, vfs};
use super::open::SQLITE;
use super::wal;
use crate::durable::sync_folder_of;
use shared::event::SCHEMA;
use shared::fault;
use shared::time::Timestamp;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// How long a statement waits for another connection's lock: only checkpoints ever hold one.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// A database file that no other process may use as long as this is kept.
pub struct Held {
    lock: File,
}

/// Lets it go at once, also while a child that is just being started shares the handle.
impl Drop for Held {
    fn drop(&mut self) {
        // Where this fails, the end of the handle lets it go.
        drop(self.lock.unlock());
    }
}

impl Held {
    /// Takes the lock beside the file; it is let go when this is dropped, also by a crash.
    ///
    /// # Errors
    /// [`LogError::InUse`] when another process holds it.
    pub fn take(path: &Path) -> Result<Self, LogError> {
        let io = |error: std::io::Error| LogError::Io(error.kind());
        let name = path.with_added_extension("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(name).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { lock: file }),
            Err(TryLockError::WouldBlock) => Err(LogError::InUse),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }

    /// Whether another process holds this file at the moment; makes no lock where there is none.
    ///
    /// # Errors
    /// When the lock cannot be looked at.
    pub fn elsewhere(path: &Path) -> Result<bool, LogError> {
        if !path.with_added_extension("lock").exists() {
            return Ok(false);
        }
        match Self::take(path) {
            Ok(_) => Ok(false),
            Err(LogError::InUse) => Ok(true),
            Err(error) => Err(error),
        }
    }
}

/// What a database file is, as read without changing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The number of the newest migration that was applied.
    pub version: i64,
    /// Migrations of this program that are missing in it.
    pub pending: Vec<i64>,
    /// The schema of its events.
    pub schema: u16,
    /// Its epoch.
    pub epoch: String,
    /// When the newest thing in it happened: an event, or a webhook that was kept.
    pub newest_at: Option<Timestamp>,
    /// How many events it holds.
    pub events: i64,
}

impl About {
    /// Looks a database file over.
    ///
    /// # Errors
    /// [`LogError::Newer`] when a newer version wrote it; when it is no database of ours.
    pub async fn read(path: &Path) -> Result<Self, LogError> {
        let mut on = reading(path).await?;
        let about = Self::read_on(&mut on).await;
        on.close().await?;
        about
    }

    /// The same on a connection that is open.
    pub(super) async fn read_on(on: &mut Connection) -> Result<Self, LogError> {
        let applied = applied(on).await?.ok_or(LogError::Unreadable("table of migrations"))?;
        let version = applied.last().copied().unwrap_or_default();
        if let Some(unknown) = applied.iter().find(|one| !SQLITE.version_exists(**one)) {
            return Err(LogError::Newer(u16::try_from(*unknown).unwrap_or(u16::MAX)));
        }
        let fact = "SELECT value FROM meta WHERE key = $1";
        let schema: String = query_scalar(fact).bind("schema").fetch_one(&mut *on).await?;
        let schema: u16 = schema.parse().map_err(|_| LogError::Unreadable("schema number"))?;
        if schema > SCHEMA {
            return Err(LogError::Newer(schema));
        }
        let newest = "SELECT max(at) FROM (SELECT at FROM (SELECT at FROM events ORDER BY pos DESC LIMIT 1) AS event \
                      UNION ALL SELECT at FROM (SELECT received_at AS at FROM journal ORDER BY id DESC LIMIT 1) AS kept) AS newest";
        Ok(Self {
            version,
            pending: pending(&applied),
            schema,
            epoch: query_scalar(fact).bind("epoch").fetch_one(&mut *on).await?,
            newest_at: query_scalar::<Option<i64>>(newest).fetch_one(&mut *on).await?.map(Timestamp),
            events: query_scalar("SELECT count(*) FROM events").fetch_one(&mut *on).await?,
        })
    }
}

/// Whether the pages of a file carry sums, by its first page; a log that was not folded in may know better.
///
/// # Errors
/// When it cannot be read.
pub fn is_summed(path: &Path) -> Result<bool, LogError> {
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(100).read_to_end(&mut first));
    read.map_err(|error| LogError::Io(error.kind()))?;
    Ok(vfs::Header::of(&first).is_some_and(|header| header.summed))
}

/// The pages of a file that this process found damaged so far, counted from 1.
#[must_use]
pub fn damaged(path: &Path) -> Vec<u64> {
    vfs::damaged(path)
}

/// How the write-ahead log beside a file is; nothing is said of one that a relay is writing.
///
/// # Errors
/// When it cannot be read.
pub fn log_beside(path: &Path) -> Result<wal::Found, LogError> {
    if Held::elsewhere(path)? {
        return Ok(wal::Found::Whole);
    }
    wal::look(path).map_err(|error| LogError::Io(error.kind()))
}

/// What SQLite's own check finds wrong with a file; empty when nothing is. It reads every page that holds anything, and
/// so compares the sum of each.
///
/// # Errors
/// When it cannot even be opened.
pub async fn check(path: &Path) -> Result<Vec<String>, LogError> {
    let mut on = reading(path).await?;
    let found: Result<Vec<String>, _> = query_scalar("PRAGMA integrity_check(10)").fetch_all(&mut on).await;
    on.close().await?;
    Ok(found?.into_iter().filter(|line| line != "ok").collect())
}

/// Copies a database as it is at one instant, also while a relay writes to it. The copy is synced; one that could not be
/// finished is removed.
///
/// # Errors
/// When there is one already; when what is read is damaged, so that no copy ever holds damage; or what SQLite or the file
/// system says, most often that the disk is full.
pub async fn copy(from: &Path, to: &Path) -> Result<(), LogError> {
    match log_beside(from)? {
        wal::Found::Whole => {}
        wal::Found::Flipped { frame, .. } | wal::Found::Broken { frame } => {
            return Err(LogError::LogDamaged(frame));
        }
    }
    let mut on = reading(from).await?;
    let copied = copy_on(&mut on, to).await;
    on.close().await?;
    copied
}

/// The same on a connection that is open.
pub(super) async fn copy_on(on: &mut Connection, to: &Path) -> Result<(), LogError> {
    if to.exists() {
        return Err(LogError::Io(std::io::ErrorKind::AlreadyExists));
    }
    let unfinished = to.with_added_extension("unfinished");
    // What an earlier copy left that was broken off.
    discard(&unfinished);
    let name = unfinished.to_str().ok_or(LogError::Unreadable("file name"))?;
    if let Err(error) = query("VACUUM INTO $1").bind(name).execute(on).await {
        discard(&unfinished);
        return Err(error.into());
    }
    keep(&unfinished, to)
}

/// Syncs a copy that was finished and gives it its name.
pub(super) fn keep(finished: &Path, to: &Path) -> Result<(), LogError> {
    let kept = File::open(finished)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(finished, to))
        .and_then(|()| sync_folder_of(to));
    kept.map_err(|error| LogError::Io(error.kind()))
}

/// Removes a copy that was not finished, with its journal; it may not have come to a file at all.
pub(super) fn discard(unfinished: &Path) {
    let mut journal = unfinished.as_os_str().to_owned();
    journal.push("-journal");
    for part in [unfinished.as_os_str(), &journal] {
        let _ = std::fs::remove_file(part);
    }
}

/// What a restore brings about in the database beyond what was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anew {
    /// Messages that may have reached the customer after the backup was taken; nobody can tell.
    pub uncertain: u64,
    /// Sessions that were ended: some may have been logged out since.
    pub sessions: u64,
}

/// Begins a restored database anew, all of it or nothing: desks that held the old one fetch everything, whoever was
/// logged in logs in again, and no message that may have been sent since is sent a second time: its call counts as begun
/// and not heard of, which the next start makes unknown.
///
/// # Errors
/// When the database fails.
pub async fn begin_anew(path: &Path) -> Result<Anew, LogError> {
    let options = file_options(path, BUSY)?.journal_mode(SqliteJournalMode::Wal);
    let mut all = Connection::Sqlite(options.connect().await?);
    all.begin().await?;
    all.begin_job().await?;
    let epoch = if fault!("restored-in-the-same-epoch") {
        "UPDATE meta SET value = value WHERE key = 'epoch' AND $1 <> ''"
    } else {
        "UPDATE meta SET value = $1 WHERE key = 'epoch'"
    };
    query(epoch).bind(uuid::Uuid::now_v7().to_string()).execute(&mut all).await?;
    let waiting = "UPDATE outbox SET state = 'sending' WHERE state = 'waiting'";
    query(waiting).execute(&mut all).await?;
    let count = "SELECT count(*) FROM outbox WHERE state = 'sending'";
    let uncertain: i64 = query_scalar(count).fetch_one(&mut all).await?;
    let sessions = query("DELETE FROM sessions").execute(&mut all).await?;
    all.end_job(true, false).await?;
    all.commit().await?;
    all.close().await?;
    Ok(Anew { uncertain: super::keys::count(uncertain), sessions })
}

/// Folds the write-ahead log into the file, so that nothing of what a page held before is left.
/// A server has no such file.
pub(super) async fn fold(readers: &Readers) -> Result<(), LogError> {
    let Readers::Sqlite(readers) = readers else { return Ok(()) };
    let options = SqliteConnectOptions::clone(&readers.connect_options()).read_only(false);
    let mut on = Connection::Sqlite(options.connect().await?);
    query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut on).await?;
    Ok(on.close().await?)
}

/// The migrations that were applied, oldest first; none when the file is not of ours, or empty.
pub(super) async fn applied(on: &mut Connection) -> Result<Option<Vec<i64>>, LogError> {
    let there = either(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'",
        "SELECT (to_regclass('_sqlx_migrations') IS NOT NULL)::int",
    );
    if query_scalar::<i64>(there).fetch_one(&mut *on).await? == 0 {
        return Ok(None);
    }
    let sql = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    Ok(Some(query_scalar(sql).fetch_all(on).await?))
}

/// The migrations of this program that are missing.
pub(super) fn pending(applied: &[i64]) -> Vec<i64> {
    SQLITE.iter().map(|one| one.version).filter(|version| !applied.contains(version)).collect()
}

async fn reading(path: &Path) -> Result<Connection, LogError> {
    Ok(Connection::Sqlite(file_options(path, BUSY)?.read_only(true).connect().await?))
}
