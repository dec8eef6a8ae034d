//! A whole database taken from a server into a file, and from a file to a server; the tables are the same in both, and so is what stands in them.
//!
//! Rows are read as they are at one instant and written many at a time; what arrives is there as a whole or not at all.
//! Only here are statements built, and from names alone: those that the migrations gave to tables and columns.

use super::db::{Connection, respelt};
use super::file::{BUSY, discard, keep};
use super::open::{POSTGRES, SQLITE};
use super::server::Server;
use super::{LogError, file};
use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe, ColumnIndex, ConnectOptions, Connection as _, Decode, Row, Type};
use std::path::Path;

/// Values that one statement binds at the most; SQLite takes 32,766, PostgreSQL 65,535.
const BOUND: usize = 4_000;

/// A table with its columns in order.
struct Table {
    name: String,
    columns: Vec<Column>,
}

/// A column, and whether it holds numbers.
struct Column {
    name: String,
    number: bool,
}

/// What stands in one column of one row.
enum Cell {
    Number(Option<i64>),
    Text(Option<String>),
}

/// Copies the database at this address as it is at one instant into a new file, also while a relay writes to it. The
/// copy is synced; one that could not be finished is removed.
///
/// # Errors
/// When a newer version wrote the database, the file exists, or what either database or the disk says.
pub async fn save(address: &str, to: &Path) -> Result<(), LogError> {
    if to.exists() {
        return Err(LogError::Io(std::io::ErrorKind::AlreadyExists));
    }
    let server = Server::new(address)?;
    let version = server.about().await?.version;
    let unfinished = to.with_added_extension("unfinished");
    // What an earlier copy left that was broken off.
    discard(&unfinished);
    match fill(&server, version, &unfinished).await {
        Ok(()) => keep(&unfinished, to),
        Err(error) => {
            discard(&unfinished);
            Err(error)
        }
    }
}

async fn fill(server: &Server, version: i64, file: &Path) -> Result<(), LogError> {
    let Connection::Postgres(mut from) = server.connect().await? else { return Err(LogError::Address) };
    let mut to = writable(file, true).await?;
    // The tables as they are there, of an earlier version too.
    SQLITE.run_to(version, &mut to).await.map_err(sqlx::Error::from)?;
    // Nobody waits for this transaction, however slow the disk is that the copy goes to.
    sqlx::query("SET idle_in_transaction_session_timeout = 0").execute(&mut from).await?;
    sqlx::query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY").execute(&mut from).await?;
    let mut filling = to.begin().await?;
    for table in tables(&mut filling).await? {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {}", quoted(&table.name))))
            .execute(&mut *filling)
            .await?;
        let mut rows = sqlx::query(AssertSqlSafe(table.select())).fetch(&mut from);
        let mut cells = Vec::new();
        while let Some(row) = rows.try_next().await? {
            table.read(&row, &mut cells)?;
            if cells.len() + table.columns.len() > BOUND {
                into_file(&mut filling, &table, std::mem::take(&mut cells)).await?;
            }
        }
        into_file(&mut filling, &table, cells).await?;
    }
    filling.commit().await?;
    sqlx::query("COMMIT").execute(&mut from).await?;
    from.close().await?;
    Ok(to.close().await?)
}

/// Puts a file in the place of the database at this address, all of it or nothing. The tables that were there are kept
/// in a schema of this name.
///
/// # Errors
/// [`LogError::InUse`] when a relay has it; [`LogError::Occupied`] when there are tables and no name for where to keep
/// them; whatever either database says.
pub async fn put(file: &Path, address: &str, kept: Option<&str>) -> Result<bool, LogError> {
    let mut from = writable(file, false).await?;
    // A file of an earlier version is brought to this one first: both have the same tables then.
    SQLITE.run(&mut from).await.map_err(sqlx::Error::from)?;
    let server = Server::new(address)?;
    let mut taken = server.take().await?;
    let occupied = file::applied(&mut taken).await?.is_some();
    let Connection::Postgres(mut to) = taken else { return Err(LogError::Address) };
    let kept = match (occupied, kept) {
        (true, None) => return Err(LogError::Occupied),
        (true, Some(name)) => Some(name),
        (false, _) => None,
    };
    let tables = tables(&mut from).await?;
    sqlx::query("SET idle_in_transaction_session_timeout = 0").execute(&mut to).await?;
    let mut all = to.begin().await?;
    if let Some(name) = kept {
        set_aside(&mut all, &tables, name).await?;
    }
    POSTGRES.run(&mut *all).await.map_err(sqlx::Error::from)?;
    let here = tables_here(&mut all).await?;
    if !tables.iter().all(|table| here.contains(&table.name)) {
        return Err(LogError::Unreadable("table that is none of ours"));
    }
    for table in &tables {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {}", quoted(&table.name)))).execute(&mut *all).await?;
        let mut rows = sqlx::query(AssertSqlSafe(table.select())).fetch(&mut from);
        let mut cells = Vec::new();
        while let Some(row) = rows.try_next().await? {
            table.read(&row, &mut cells)?;
            if cells.len() + table.columns.len() > BOUND {
                into_server(&mut all, table, std::mem::take(&mut cells)).await?;
            }
        }
        into_server(&mut all, table, cells).await?;
    }
    go_on_counting(&mut all).await?;
    all.commit().await?;
    to.close().await?;
    from.close().await?;
    Ok(occupied)
}

async fn writable(file: &Path, fresh: bool) -> Result<SqliteConnection, LogError> {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(fresh).busy_timeout(BUSY);
    Ok(options.disable_statement_logging().connect().await?)
}

/// The tables of a file, but for what SQLite and the migrations keep for themselves.
async fn tables(on: &mut SqliteConnection) -> Result<Vec<Table>, LogError> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' \
               AND name <> '_sqlx_migrations' ORDER BY name";
    let names: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *on).await?;
    let mut tables = Vec::with_capacity(names.len());
    for name in names {
        let sql = "SELECT name, type = 'INTEGER' FROM pragma_table_info($1) ORDER BY cid";
        let columns: Vec<(String, bool)> = sqlx::query_as(sql).bind(&name).fetch_all(&mut *on).await?;
        if !std::iter::once(&name).chain(columns.iter().map(|(name, _)| name)).all(|name| plain(name)) {
            return Err(LogError::Unreadable("name of a table"));
        }
        let columns = columns.into_iter().map(|(name, number)| Column { name, number }).collect();
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

impl Table {
    /// The columns, between commas.
    fn list(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| quoted(&column.name)).collect();
        names.join(", ")
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.list(), quoted(&self.name))
    }

    /// Puts what stands in a row of either database behind what was read before.
    fn read<'r, R>(&self, row: &'r R, cells: &mut Vec<Cell>) -> Result<(), sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
        Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    {
        for (place, column) in self.columns.iter().enumerate() {
            cells.push(if column.number {
                Cell::Number(row.try_get(place)?)
            } else {
                Cell::Text(row.try_get(place)?)
            });
        }
        Ok(())
    }

    /// The statement that writes so many rows.
    fn insert(&self, rows: usize) -> String {
        let width = self.columns.len();
        let row = |row: usize| {
            let places: Vec<String> = (1..=width).map(|place| format!("${}", row * width + place)).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("INSERT INTO {} ({}) VALUES {}", quoted(&self.name), self.list(), rows.join(", "))
    }
}

/// Whether this is a name as the migrations give them; whoever made a file themselves could have written anything.
fn plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}

/// A plain name as both databases read it.
fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

async fn into_file(to: &mut SqliteConnection, table: &Table, cells: Vec<Cell>) -> Result<(), LogError> {
    let Some(rows) = cells.len().checked_div(table.columns.len()).filter(|rows| *rows > 0) else {
        return Ok(());
    };
    let mut bound = SqliteArguments::default();
    for cell in cells {
        let added = match cell {
            Cell::Number(number) => bound.add(number),
            Cell::Text(text) => bound.add(text.map(respelt)),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    sqlx::query_with(AssertSqlSafe(table.insert(rows)), bound).execute(to).await?;
    Ok(())
}

async fn into_server(to: &mut PgConnection, table: &Table, cells: Vec<Cell>) -> Result<(), LogError> {
    let Some(rows) = cells.len().checked_div(table.columns.len()).filter(|rows| *rows > 0) else {
        return Ok(());
    };
    let mut bound = PgArguments::default();
    for cell in cells {
        let added = match cell {
            Cell::Number(number) => bound.add(number),
            Cell::Text(text) => bound.add(text.map(respelt)),
        };
        added.map_err(sqlx::Error::Encode)?;
    }
    sqlx::query_with(AssertSqlSafe(table.insert(rows)), bound).execute(to).await?;
    Ok(())
}

/// The tables of a server's database that are ours to write.
async fn tables_here(on: &mut PgConnection) -> Result<Vec<String>, LogError> {
    let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()";
    Ok(sqlx::query_scalar(sql).fetch_all(on).await?)
}

/// Moves the tables that are there into a schema of their own, with their indexes and counters.
async fn set_aside(on: &mut PgConnection, tables: &[Table], name: &str) -> Result<(), LogError> {
    sqlx::query(AssertSqlSafe(format!("CREATE SCHEMA {}", quoted(name)))).execute(&mut *on).await?;
    let here = tables_here(on).await?;
    let ours = |one: &&String| *one == "_sqlx_migrations" || tables.iter().any(|table| table.name == **one);
    for table in here.iter().filter(ours) {
        let sql = format!("ALTER TABLE {} SET SCHEMA {}", quoted(table), quoted(name));
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *on).await?;
    }
    Ok(())
}

/// Lets every counter of the server go on after the largest number that was written.
async fn go_on_counting(on: &mut PgConnection) -> Result<(), LogError> {
    let sql = "SELECT table_name::text, column_name::text FROM information_schema.columns \
               WHERE table_schema = current_schema() AND is_identity = 'YES'";
    let counters: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut *on).await?;
    for (table, column) in counters {
        // The function reads its first argument as a statement would, its second as it stands.
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{place}', '{column}'), \
             (SELECT coalesce(max({counted}), 0) + 1 FROM {place}), false)",
            place = quoted(&table),
            counted = quoted(&column)
        );
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *on).await?;
    }
    Ok(())
}
