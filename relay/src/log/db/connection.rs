//! Connections of either database: the writer's own, the pool of readers, and a reader that sees one instant.

use super::direct::Direct;
use super::keyed::Keyed;
use super::query::within;
use super::vfs;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::path::Path;
use std::time::Duration;

/// The connection that writes.
pub enum Connection {
    /// To a file, for what is done once.
    Sqlite(SqliteConnection),
    /// To a file, for what is written all the time; for a thread that may wait for the disk.
    Direct(Direct),
    /// To a server.
    Postgres(PgConnection),
}

/// Connections that read and cannot write.
#[derive(Clone)]
pub enum Readers {
    /// To a file.
    Sqlite(SqlitePool),
    /// To a server.
    Postgres(PgPool),
}

/// A reader to which everything stays as it was at its first statement; ends when it is dropped.
pub enum Snapshot {
    /// Of a file.
    Sqlite(Transaction<'static, Sqlite>),
    /// Of a server.
    Postgres(Transaction<'static, Postgres>),
}

/// Where a statement is run.
pub enum On<'c> {
    /// On one connection to a file.
    Sqlite(&'c mut SqliteConnection),
    /// On the writer's own to a file.
    Direct(&'c mut Direct),
    /// On any reader by key of a file.
    Keyed(&'c Keyed),
    /// On one connection to a server.
    Postgres(&'c mut PgConnection),
    /// On any reader of a file.
    SqliteAny(&'c SqlitePool),
    /// On any reader of a server.
    PostgresAny(&'c PgPool),
}

impl<'c> From<&'c mut Connection> for On<'c> {
    fn from(connection: &'c mut Connection) -> Self {
        match connection {
            Connection::Sqlite(one) => Self::Sqlite(one),
            Connection::Direct(one) => Self::Direct(one),
            Connection::Postgres(one) => Self::Postgres(one),
        }
    }
}

impl<'c> From<&'c mut Snapshot> for On<'c> {
    fn from(snapshot: &'c mut Snapshot) -> Self {
        match snapshot {
            Snapshot::Sqlite(one) => Self::Sqlite(one),
            Snapshot::Postgres(one) => Self::Postgres(one),
        }
    }
}

impl<'c> From<&'c Readers> for On<'c> {
    fn from(readers: &'c Readers) -> Self {
        match readers {
            Readers::Sqlite(pool) => Self::SqliteAny(pool),
            Readers::Postgres(pool) => Self::PostgresAny(pool),
        }
    }
}

/// How a file is connected to, whoever does: through the layer that compares sums.
pub fn file_options(path: &Path, busy: Duration) -> Result<SqliteConnectOptions, sqlx::Error> {
    vfs::install().map_err(|code| sqlx::Error::Protocol(format!("SQLite takes no layer: code {code}")))?;
    Ok(SqliteConnectOptions::new().filename(path).busy_timeout(busy).disable_statement_logging())
}

impl Connection {
    /// Closes it in good order.
    pub async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(one) => one.close().await,
            Self::Direct(one) => one.close(),
            Self::Postgres(one) => one.close().await,
        }
    }
}

impl Readers {
    /// Begins to read as of one instant. PostgreSQL's readers are set to repeatable read when they connect.
    pub async fn begin(&self) -> Result<Snapshot, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Snapshot::Sqlite(pool.begin().await?),
            Self::Postgres(pool) => Snapshot::Postgres(within(pool.begin()).await?),
        })
    }

    /// Closes all of them.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
