//! The writer's way to a file: every statement runs at once on the thread that asks, which must be one that may wait for the disk.
//!
//! A driver that is asked from elsewhere costs two changes of thread a statement, and a message takes a dozen
//! statements; run here, a statement costs what SQLite makes of it.

use super::sql::Sql;
use super::value::Value;
use super::vfs;
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql, ffi};
use sqlx::error::{DatabaseError, ErrorKind};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// 8,000 pages of 4 KiB in the write-ahead log, and a commit brings the rest of it into the file, so that it begins anew.
const LONGEST_LOG: u32 = 8_000;

/// 32 MiB of pages are kept at hand, told in KiB below zero: what a large log's indexes are written to again and again. With
/// SQLite's own 2 MiB a transaction of a hundred messages would be written out in the middle.
const AT_HAND: i32 = -32_768;

/// Statements that stay prepared; the log has fewer.
const PREPARED: usize = 256;

/// A connection to a file that writes.
pub struct Direct(Connection);

/// A column of a row that was read.
pub enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

impl Direct {
    /// Makes a file with a write-ahead log whose pages carry sums; one that is there and not empty stays as it is.
    pub fn create(path: &Path) -> Result<(), sqlx::Error> {
        if std::fs::metadata(path).is_ok_and(|about| about.len() > 0) {
            return Ok(());
        }
        let one = plain(path, OpenFlags::default())?;
        vfs::reserve(&one).map_err(coded)?;
        one.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).map_err(error)?;
        Self(one).close()
    }

    /// Gives sums to the pages of a file whose pages carry none, by writing it anew within itself. False when another
    /// process reads it just now: then it stays as it is.
    pub fn begin_sums(&mut self) -> Result<bool, sqlx::Error> {
        // What the log still holds has no sums.
        if !self.fold()? {
            return Ok(false);
        }
        vfs::reserve(&self.0).map_err(coded)?;
        vfs::begin(&self.0, true).map_err(coded)?;
        let written = self.step("VACUUM");
        vfs::begin(&self.0, false).map_err(coded)?;
        written?;
        self.fold()
    }

    /// Folds the whole write-ahead log into the file; false when another connection was in the way.
    fn fold(&mut self) -> Result<bool, sqlx::Error> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let rows = self.fetch(sql.into(), Vec::new(), 1)?;
        Ok(matches!(rows.first().and_then(|row| row.first()), Some(Cell::Int(0))))
    }

    /// Copies of the write-ahead log into the file what no reader is in the way of; the writer writes on meanwhile.
    pub fn fold_beside(&mut self) -> Result<(), sqlx::Error> {
        self.fetch("PRAGMA wal_checkpoint(PASSIVE)".into(), Vec::new(), 1).map(drop)
    }

    /// Connects to a file that is there already, as a writer: every commit is synced, what was erased is overwritten
    /// where that costs no further page.
    pub fn open(path: &Path, busy: Duration) -> Result<Self, sqlx::Error> {
        let one = plain(path, OpenFlags::default())?;
        let set_up = || {
            one.busy_timeout(busy)?;
            steady(&one)?;
            one.pragma_update(None, "foreign_keys", true)?;
            one.pragma_update(None, "synchronous", "full")?;
            one.pragma_update(None, "cache_size", AT_HAND)?;
            // These answer with what they came to.
            one.pragma_update_and_check(None, "wal_autocheckpoint", LONGEST_LOG, |_| Ok(()))?;
            one.pragma_update_and_check(None, "secure_delete", "fast", |_| Ok(()))
        };
        set_up().map_err(error)?;
        Ok(Self(one))
    }

    /// Connects to a file that is there already, as a reader that cannot write.
    pub fn read_only(path: &Path, busy: Duration) -> Result<Self, sqlx::Error> {
        let one = plain(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        steady(&one).map_err(error)?;
        one.busy_timeout(busy).map_err(error)?;
        Ok(Self(one))
    }

    /// Runs a statement and returns how many rows it touched.
    pub fn execute(&mut self, sql: Sql, values: Vec<Value<'_>>) -> Result<u64, sqlx::Error> {
        self.each(sql, values, usize::MAX, |_| {})?;
        Ok(self.0.changes())
    }

    /// The first rows of a statement, at most so many.
    pub fn fetch(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
        most: usize,
    ) -> Result<Vec<Vec<Cell>>, sqlx::Error> {
        let mut rows = Vec::new();
        self.each(sql, values, most, |row| rows.push(row))?;
        Ok(rows)
    }

    /// Runs one of the steps of a transaction.
    pub fn step(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        self.execute(sql.into(), Vec::new()).map(drop)
    }

    /// Closes it in good order.
    pub fn close(self) -> Result<(), sqlx::Error> {
        self.0.close().map_err(|(_, why)| error(why))
    }

    fn each(
        &mut self,
        sql: Sql,
        values: Vec<Value<'_>>,
        most: usize,
        mut tell: impl FnMut(Vec<Cell>),
    ) -> Result<(), sqlx::Error> {
        let mut statement = self.0.prepare_cached(sql.sqlite).map_err(error)?;
        bind(&mut statement, values)?;
        let columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut told = 0;
        while told < most
            && let Some(row) = rows.next().map_err(error)?
        {
            let cells = (0..columns).map(|column| Cell::read(row, column)).collect::<Result<_, _>>()?;
            tell(cells);
            told += 1;
        }
        Ok(())
    }
}

/// Connects through the layer that compares sums.
fn plain(path: &Path, flags: OpenFlags) -> Result<Connection, sqlx::Error> {
    vfs::install().map_err(coded)?;
    Connection::open_with_flags(path, flags).map_err(error)
}

/// Statements are prepared once: without the promise of steady plans, those with a limit are prepared anew for every value.
fn steady(one: &Connection) -> rusqlite::Result<()> {
    one.set_prepared_statement_cache_capacity(PREPARED);
    one.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// Binds by the number in a placeholder: to SQLite `$2` is a name, and names count in the order in which they appear.
fn bind(statement: &mut CachedStatement<'_>, values: Vec<Value<'_>>) -> Result<(), sqlx::Error> {
    let values = values.into_iter().map(bound).collect::<Result<Vec<_>, _>>()?;
    for place in 1..=statement.parameter_count() {
        let name = statement.parameter_name(place).and_then(|name| name.strip_prefix('$'));
        let number = name.and_then(|name| name.parse::<usize>().ok()).unwrap_or_default();
        let value = number.checked_sub(1).and_then(|place| values.get(place));
        let value =
            value.ok_or_else(|| sqlx::Error::Protocol(format!("nothing is bound to place {place}")))?;
        statement.raw_bind_parameter(place, value).map_err(error)?;
    }
    Ok(())
}

/// What SQLite is bound for a value.
enum Bound<'q> {
    Text(Cow<'q, str>),
    Int(i64),
    Nothing,
}

fn bound(value: Value<'_>) -> Result<Bound<'_>, sqlx::Error> {
    Ok(match value {
        Value::Text(text) => Bound::Text(text),
        Value::Int(number) => Bound::Int(number),
        Value::NoText | Value::NoInt => Bound::Nothing,
        Value::List(list) => {
            let json = serde_json::to_string(&list).map_err(|error| sqlx::Error::Encode(error.into()))?;
            Bound::Text(json.into())
        }
    })
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match self {
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Nothing => ValueRef::Null,
        }))
    }
}

impl Cell {
    fn read(row: &rusqlite::Row<'_>, column: usize) -> Result<Self, sqlx::Error> {
        let wrong = |source: Box<dyn Error + Send + Sync>| sqlx::Error::ColumnDecode {
            index: column.to_string(),
            source,
        };
        match row.get_ref(column).map_err(error)? {
            ValueRef::Null => Ok(Self::Null),
            ValueRef::Integer(number) => Ok(Self::Int(number)),
            ValueRef::Text(text) => {
                String::from_utf8(text.to_vec()).map(Self::Text).map_err(|error| wrong(error.into()))
            }
            other => Err(wrong(format!("a value of the type {} is not expected", other.data_type()).into())),
        }
    }
}

/// An error as whoever is outside knows it, whichever way the statement went.
fn error(error: rusqlite::Error) -> sqlx::Error {
    match error {
        rusqlite::Error::SqliteFailure(code, said) => {
            let message = said.unwrap_or_else(|| code.to_string());
            sqlx::Error::Database(Box::new(Refused { code: code.extended_code, message }))
        }
        other => sqlx::Error::Protocol(other.to_string()),
    }
}

/// The same of a code of SQLite's without words.
fn coded(code: i32) -> sqlx::Error {
    error(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
}

/// What SQLite refused, as [`DatabaseError`]s are.
#[derive(Debug)]
struct Refused {
    code: i32,
    message: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(code: {}) {}", self.code, self.message)
    }
}

impl Error for Refused {}

impl DatabaseError for Refused {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        match self.code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => ErrorKind::UniqueViolation,
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ErrorKind::ForeignKeyViolation,
            ffi::SQLITE_CONSTRAINT_NOTNULL => ErrorKind::NotNullViolation,
            ffi::SQLITE_CONSTRAINT_CHECK => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}
