//! A PostgreSQL server: how it is reached, what it must grant, and that one relay alone writes; never shows a password.
//!
//! The writer's own connection holds an advisory lock, so whoever can write has the lock. The database remembers who
//! took it last: a relay that lost its connection goes on only when nobody else was there in between.

use super::LogError;
use super::db::{Connection, Readers, is_broken, query, query_scalar};
use super::file::About;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::str::FromStr;
use std::time::Duration;

/// The advisory lock of a database's only relay: the bytes of "Signalbo".
const LOCK: i64 = 0x5369_676e_616c_626f;

/// Connections that read at the same time: each waits for the way to the server more than it works.
const READERS: u32 = 8;

/// 3 s until a connection must be there: whoever waits longer for an answer is told that there is none.
const CONNECT: Duration = Duration::from_secs(3);

/// 5 s for the session of a relay that was killed to end at the server, so that the next may start at once.
const LEAVING: Duration = Duration::from_secs(5);

/// What every session is set to. A writer that stops in the middle (its machine sleeps) is cut off after 5 s and cannot
/// hold the database up; one whose machine is gone is noticed after 25 s.
const SESSION: [(&str, &str); 5] = [
    ("synchronous_commit", "on"),
    ("idle_in_transaction_session_timeout", "5s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
];

/// What readers are set to besides: they cannot write, and a transaction of theirs sees one instant.
const READER: [(&str, &str); 2] =
    [("default_transaction_read_only", "on"), ("default_transaction_isolation", "repeatable read")];

/// The parts an address may have after `?`. Others are refused: the driver would write them into its log.
const PARTS: [&str; 15] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
];

/// A database on a server.
pub(super) struct Server {
    options: PgConnectOptions,
    /// Who this relay is to the database, for as long as it runs.
    holder: String,
}

impl Server {
    /// The database at this address; nothing is connected yet.
    pub(super) fn new(address: &str) -> Result<Self, LogError> {
        let parts = address.split_once('?').map_or("", |(_, parts)| parts);
        let known = |part: &str| PARTS.contains(&part.split('=').next().unwrap_or_default());
        if !parts.split('&').filter(|part| !part.is_empty()).all(known) {
            return Err(LogError::Address);
        }
        let options = PgConnectOptions::from_str(address).map_err(|_| LogError::Address)?;
        let options = options.application_name("signalbox").options(SESSION).disable_statement_logging();
        Ok(Self { options, holder: uuid::Uuid::now_v7().to_string() })
    }

    /// Connects the writer for the first time, and waits a moment for one that was killed to be gone.
    pub(super) async fn take(&self) -> Result<Connection, LogError> {
        let mut connection = self.connect().await?;
        assert_fit(&mut connection).await?;
        let until = tokio::time::Instant::now() + LEAVING;
        while !lock(&mut connection).await? {
            if tokio::time::Instant::now() > until {
                return Err(LogError::InUse);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(connection)
    }

    /// Writes down that this relay has the database; after the tables are in place.
    pub(super) async fn sign(&self, connection: &mut Connection) -> Result<(), LogError> {
        let sql = "INSERT INTO meta (key, value) VALUES ('holder', $1) \
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        query(sql).bind(&self.holder).execute(connection).await?;
        Ok(())
    }

    /// Connects the writer again after its connection was lost, and says whether the transaction with this number was
    /// committed.
    ///
    /// # Errors
    /// [`LogError::Taken`] when another relay was or is there; [`LogError::InUse`] while the server still has the old
    /// session; otherwise why the server cannot be had.
    pub(super) async fn again(&self, number: Option<i64>) -> Result<(Connection, bool), LogError> {
        let mut connection = self.connect().await?;
        assert_fit(&mut connection).await?;
        let locked = lock(&mut connection).await?;
        let holder: Option<String> = query_scalar("SELECT value FROM meta WHERE key = 'holder'")
            .fetch_optional(&mut connection)
            .await?;
        if holder.as_ref() != Some(&self.holder) {
            return Err(LogError::Taken);
        }
        if !locked {
            return Err(LogError::InUse);
        }
        let Some(number) = number else { return Ok((connection, false)) };
        // A transaction ends before its session's lock is let go, so this one is over. A server that was restored from
        // a copy may not have come to this number yet, and says so by an error: then it is not there either.
        match query_scalar::<Option<String>>("SELECT txid_status($1)")
            .bind(number)
            .fetch_one(&mut connection)
            .await
        {
            Ok(status) => Ok((connection, status.as_deref() == Some("committed"))),
            Err(error) if is_broken(&error) => Err(error.into()),
            Err(_) => Ok((connection, false)),
        }
    }

    /// Looks the database over and changes nothing, also while a relay has it.
    ///
    /// # Errors
    /// When it cannot be reached, would not keep everything, or is no database of ours.
    pub(super) async fn about(&self) -> Result<About, LogError> {
        let mut connection = self.connect().await?;
        assert_fit(&mut connection).await?;
        let about = About::read_on(&mut connection).await;
        connection.close().await?;
        about
    }

    /// Whether a relay has the database at the moment.
    ///
    /// # Errors
    /// When the server cannot be had.
    pub(super) async fn taken(&self) -> Result<bool, LogError> {
        let mut connection = self.connect().await?;
        // An advisory lock of one number is listed as its two halves.
        let sql = "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database \
                   WHERE locktype = 'advisory' AND granted AND datname = current_database() \
                   AND (classid::bigint << 32) + objid::bigint = $1)";
        let taken = query_scalar(sql).bind(LOCK).fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(taken)
    }

    /// Connections that read; each is made when it is first needed, and anew when it was lost.
    pub(super) fn readers(&self) -> Readers {
        let options = PgPoolOptions::new().max_connections(READERS).acquire_timeout(CONNECT);
        Readers::Postgres(options.connect_lazy_with(self.options.clone().options(READER)))
    }

    /// Connects once.
    pub(super) async fn connect(&self) -> Result<Connection, LogError> {
        let connected = tokio::time::timeout(CONNECT, self.options.connect()).await;
        let connected =
            connected.unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())));
        connected
            .map(Connection::Postgres)
            .map_err(|error| LogError::Connect { place: self.place(), error: error.into() })
    }

    /// Host, database and user, for a person; a password is no part of it.
    fn place(&self) -> String {
        let host = match self.options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => format!("{}:{}", self.options.get_host(), self.options.get_port()),
        };
        let user = self.options.get_username();
        format!("{host}, database {}, user {user}", self.options.get_database().unwrap_or(user))
    }
}

async fn lock(connection: &mut Connection) -> Result<bool, LogError> {
    Ok(query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(connection).await?)
}

/// Reads back what was asked for: a wish that was not granted would lose acknowledged messages on power loss, or text.
pub(super) async fn assert_fit(connection: &mut Connection) -> Result<(), LogError> {
    for (setting, sql) in [
        ("synchronous_commit", "SHOW synchronous_commit"),
        ("fsync", "SHOW fsync"),
        ("server_encoding", "SHOW server_encoding"),
    ] {
        let value: String = query_scalar(sql).fetch_one(&mut *connection).await?;
        match (setting, value.as_str()) {
            ("server_encoding", "UTF8") | ("synchronous_commit" | "fsync", "on") => {}
            ("server_encoding", _) => return Err(LogError::Encoding(value)),
            _ => return Err(LogError::NotDurable { setting, value }),
        }
    }
    Ok(())
}
