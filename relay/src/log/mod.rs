//! The event log on SQLite or PostgreSQL: every statement of SQL of the relay is under here, and no rule of the domain is.
//!
//! One process holds the database. All writes go through one writer task that groups what waits into one transaction and
//! answers after its sync; reads come from a pool of their own and see what was committed.

mod amend;
mod append;
mod backlog;
mod content;
mod credentials;
mod day;
mod db;
mod drafts;
mod earlier;
mod facts;
pub mod file;
mod fill;
mod filtered;
mod fold;
mod foresee;
mod health;
mod history;
mod identities;
mod interactions;
mod journal;
mod kept;
mod keys;
mod media;
mod messages;
mod open;
mod outbox;
mod parked;
mod project;
mod project_rows;
mod read_world;
mod rows;
mod secrets;
mod server;
mod sessions;
mod set_up;
mod sounds;
mod task;
#[cfg(test)]
pub(crate) mod tests;
pub mod transfer;
mod unlock;
pub mod wal;
mod welcomes;
mod write;

pub use append::{
    Append, AppendError, Beside, CommandRow, Duplicate, IdentityTouch, JournalDone, OutboxStep, Pending,
    State, StreamState,
};
pub use content::Published;
pub use history::named;
pub use identities::StoredName;
pub use interactions::{Filter, Found, Place, Wanted};
pub use journal::{ItemEnd, JournalItem, NewItem};
pub use kept::{Again, WantedItems, Whose};
pub use media::{MediaDue, MediaRow, StoredMedia};
pub use messages::Addressed;
pub use open::Migrated;
pub use outbox::{Heads, OutboxCall, OutboxHead};
pub use parked::AwaitedMessage;
pub use secrets::token_name;
pub use sessions::Session;
pub use sounds::StoredSound;
pub use unlock::UnlockError;
pub use welcomes::Opening;
#[cfg(test)]
pub use write::Counts;

use crate::seal::{Keyring, SealError};
use db::{Keyed, On, Readers};
use std::sync::Arc;
use write::Writer;

/// The log of one workspace: a pool of readers and one writer. Copies share both.
#[derive(Clone)]
pub struct Log {
    inner: Arc<Inner>,
    keys: Arc<Keyring>,
}

struct Inner {
    readers: Readers,
    /// Of a file.
    keyed: Option<Keyed>,
    secrets: secrets::Cache,
    parked: parked::Parked,
    writer: Writer,
    epoch: String,
    migrated: Option<Migrated>,
}

/// What can go wrong with the log; never holds a value of a row.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogError {
    /// Another process holds the database.
    #[error("another process is using this database")]
    InUse,
    /// The file or its lock could not be opened.
    #[error("the database file cannot be opened: {0}")]
    Io(std::io::ErrorKind),
    /// The address of a server is none; it may hold a password and is not repeated.
    #[error("the database's address is not right; expected postgres://user:password@host/database")]
    Address,
    /// The server does not let us in.
    #[error("cannot use PostgreSQL at {place}: {error}")]
    Connect {
        /// Host, database and user.
        place: String,
        /// Why.
        error: Arc<sqlx::Error>,
    },
    /// The database refused something.
    #[error("the database failed: {0}")]
    Database(Arc<sqlx::Error>),
    /// The file does not hold what was written to it.
    #[error("the database is damaged ({0}); run `signalbox doctor`")]
    Damaged(String),
    /// Its write-ahead log does not hold what was written to it.
    #[error("the write-ahead log of the database is damaged at its frame {0}; run `signalbox doctor`")]
    LogDamaged(u64),
    /// The server cannot be reached for the moment; nothing was written.
    #[error("the database cannot be reached just now")]
    Away,
    /// Another relay has taken the database while this one was cut off from it.
    #[error("another relay has taken over this database")]
    Taken,
    /// No copy could be made before the database would have been changed.
    #[error(
        "the database is of an earlier version and no copy of it could be made, so nothing was changed: {0}"
    )]
    NoBackup(Box<LogError>),
    /// A commit would not be durable: a setting did not take.
    #[error("the database does not sync every commit: its {setting} is {value}")]
    NotDurable {
        /// The setting.
        setting: &'static str,
        /// What it is.
        value: String,
    },
    /// The database cannot hold every text.
    #[error("the database has the encoding {0}; make one with the encoding UTF8")]
    Encoding(String),
    /// The log was written by a newer version.
    #[error("the database was written by a newer version (schema {0})")]
    Newer(u16),
    /// There is a workspace where another one is to be put.
    #[error("there is a workspace in it already")]
    Occupied,
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
        if db::is_damage(&error) { Self::Damaged(error.to_string()) } else { Self::Database(Arc::new(error)) }
    }
}

impl Log {
    /// Changes when the log was restored: whatever was read before is void then.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.inner.epoch
    }

    /// Connections that read; they cannot write.
    fn readers(&self) -> &Readers {
        &self.inner.readers
    }

    /// Connections that read what is found by its key, which in a file costs no way to another thread.
    fn by_key(&self) -> On<'_> {
        self.inner.keyed.as_ref().map_or_else(|| self.readers().into(), On::Keyed)
    }

    /// Resolves when nothing can be written any more though nobody closed the log: then the relay has to end.
    pub async fn gone(&self) -> LogError {
        self.inner.writer.gone().await
    }

    #[cfg(test)]
    /// How much was written since the start, and in how many commits.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.inner.writer.counts()
    }

    /// Writes down what waits, and closes the database.
    pub async fn close(&self) {
        if let Some(keyed) = &self.inner.keyed {
            keyed.close();
        }
        if let Readers::Sqlite(readers) = self.readers() {
            // The last connection folds the write-ahead log into the file, which one that only reads cannot.
            readers.close().await;
        }
        self.inner.writer.stop().await;
        self.inner.readers.close().await;
    }
}
