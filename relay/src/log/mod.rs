//! The event log on SQLite: every statement of SQL of the relay is under here, and no rule of the domain is.
//!
//! One process holds the file. All writes go through one writer task that groups what waits into one transaction and
//! answers after its sync; reads come from a pool of their own and see what was committed.

mod append;
mod backlog;
mod content;
mod credentials;
mod facts;
pub mod file;
mod history;
mod identities;
mod interactions;
mod journal;
mod keys;
mod messages;
mod open;
mod outbox;
mod project;
mod project_rows;
mod read_world;
mod rows;
mod secrets;
mod sessions;
#[cfg(test)]
pub(crate) mod tests;
mod unlock;
mod write;

pub use append::{
    Append, AppendError, Beside, CommandRow, Duplicate, IdentityTouch, JournalDone, OutboxStep, Pending,
    State, StreamState,
};
pub use content::Published;
pub use history::named;
pub use interactions::{Found, Wanted};
pub use journal::{AwaitedMessage, ItemEnd, JournalItem};
pub use messages::Addressed;
pub use open::Migrated;
pub use outbox::{OutboxCall, OutboxHead};
pub use sessions::Session;
pub use unlock::UnlockError;
#[cfg(test)]
pub use write::Counts;

use crate::seal::{Keyring, SealError};
use sqlx::SqlitePool;
use std::sync::Arc;
use write::Writer;

/// The log of one workspace: a pool of readers and one writer. Copies share both.
#[derive(Clone)]
pub struct Log {
    inner: Arc<Inner>,
    keys: Arc<Keyring>,
}

struct Inner {
    readers: SqlitePool,
    writer: Writer,
    epoch: String,
    migrated: Option<Migrated>,
}

/// What can go wrong with the log; never holds a value of a row.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogError {
    /// Another process holds the file.
    #[error("another process is using this database")]
    InUse,
    /// The file or its lock could not be opened.
    #[error("the database file cannot be opened: {0}")]
    Io(std::io::ErrorKind),
    /// The database refused something.
    #[error("the database failed: {0}")]
    Database(#[from] Arc<sqlx::Error>),
    /// No copy could be made before the database would have been changed.
    #[error(
        "the database is of an earlier version and no copy of it could be made, so nothing was changed: {0}"
    )]
    NoBackup(Box<LogError>),
    /// A commit would not be durable: `PRAGMA synchronous` or `PRAGMA journal_mode` did not take.
    #[error("the database does not sync every commit (journal_mode {journal}, synchronous {synchronous})")]
    NotDurable {
        /// What `PRAGMA journal_mode` says.
        journal: String,
        /// What `PRAGMA synchronous` says; 2 is wanted.
        synchronous: i64,
    },
    /// The log was written by a newer version.
    #[error("the database was written by a newer version (schema {0})")]
    Newer(u16),
    /// Something stored cannot be read back.
    #[error("the database holds a {0} that cannot be read")]
    Unreadable(&'static str),
    /// A secret cannot be sealed or opened.
    #[error(transparent)]
    Secret(#[from] SealError),
    /// The writer has stopped.
    #[error("the log is closed")]
    Closed,
}

impl From<sqlx::Error> for LogError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl Log {
    /// Changes when the log was restored: whatever was read before is void then.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.inner.epoch
    }

    /// Connections that read; they cannot write.
    pub(super) fn readers(&self) -> &SqlitePool {
        &self.inner.readers
    }

    #[cfg(test)]
    /// How much was written since the start, and in how many commits.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.inner.writer.counts()
    }

    /// Writes down what waits, and closes the file.
    pub async fn close(&self) {
        // The last connection folds the write-ahead log into the file, which one that only reads cannot.
        self.inner.readers.close().await;
        self.inner.writer.stop().await;
    }
}
