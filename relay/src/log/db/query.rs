//! A statement with what is bound to it, run on whichever database there is; says nothing of what it means.

use super::connection::On;
use super::direct::Direct;
use super::row::{Column, Row};
use super::sql::Sql;
use super::value::Value;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, Postgres, Sqlite};
use std::future::Future;
use std::marker::PhantomData;
use std::time::Duration;

/// 20 s for an answer of a server, far above the slowest disk: a connection through a dead network is silent for
/// minutes otherwise.
const PATIENCE: Duration = Duration::from_secs(20);

/// A statement; prepared once per connection.
pub struct Query<'q> {
    sql: Sql,
    values: Vec<Value<'q>>,
}

/// A statement of which one column is wanted.
pub struct Scalar<'q, T> {
    query: Query<'q>,
    column: PhantomData<fn() -> T>,
}

/// A statement.
pub fn query<'q>(sql: impl Into<Sql>) -> Query<'q> {
    Query { sql: sql.into(), values: Vec::new() }
}

/// A statement whose first column is wanted.
pub fn query_scalar<'q, T: for<'r> Column<'r>>(sql: impl Into<Sql>) -> Scalar<'q, T> {
    Scalar { query: query(sql), column: PhantomData }
}

/// Runs a query by the same method on any of them; the writer's own way to a file has its own.
macro_rules! run {
    ($query:expr, $on:expr, $method:ident, $direct:expr) => {
        match $on {
            On::Direct(one) => $direct(one, $query).map(Found),
            On::Keyed(any) => any.read(|one| $direct(one, $query)).map(Found),
            On::Sqlite(one) => $query.sqlite()?.$method(one).await.map(Found::from),
            On::SqliteAny(pool) => $query.sqlite()?.$method(pool).await.map(Found::from),
            On::Postgres(one) => within($query.postgres()?.$method(one)).await.map(Found::from),
            On::PostgresAny(pool) => within($query.postgres()?.$method(pool)).await.map(Found::from),
        }
    };
}

impl<'q> Query<'q> {
    /// Binds the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Runs it and returns how many rows it touched.
    pub async fn execute(self, on: impl Into<On<'_>>) -> Result<u64, sqlx::Error> {
        run!(self, on.into(), execute, |on: &mut Direct, Self { sql, values }| on.execute(sql, values))
            .map(|Found(count)| count)
    }

    /// The only row.
    pub async fn fetch_one(self, on: impl Into<On<'_>>) -> Result<Row, sqlx::Error> {
        run!(self, on.into(), fetch_one, |on, it| Self::first(on, it)?.ok_or(sqlx::Error::RowNotFound))
            .map(|Found(row)| row)
    }

    /// The only row, if there is one.
    pub async fn fetch_optional(self, on: impl Into<On<'_>>) -> Result<Option<Row>, sqlx::Error> {
        run!(self, on.into(), fetch_optional, Self::first).map(|Found(row)| row)
    }

    /// All rows.
    pub async fn fetch_all(self, on: impl Into<On<'_>>) -> Result<Vec<Row>, sqlx::Error> {
        run!(self, on.into(), fetch_all, |on, it| Self::rows(on, it, usize::MAX)).map(|Found(rows)| rows)
    }

    fn first(on: &mut Direct, it: Self) -> Result<Option<Row>, sqlx::Error> {
        Ok(Self::rows(on, it, 1)?.pop())
    }

    fn rows(on: &mut Direct, it: Self, most: usize) -> Result<Vec<Row>, sqlx::Error> {
        Ok(on.fetch(it.sql, it.values, most)?.into_iter().map(Row::Direct).collect())
    }

    fn sqlite(self) -> Result<sqlx::query::Query<'static, Sqlite, SqliteArguments>, sqlx::Error> {
        let mut bound = SqliteArguments::default();
        for value in self.values {
            match value {
                Value::Text(text) => Arguments::add(&mut bound, text.into_owned()),
                Value::NoText | Value::NoInt => Arguments::add(&mut bound, None::<i64>),
                Value::Int(number) => Arguments::add(&mut bound, number),
                Value::List(list) => match serde_json::to_string(&list) {
                    Ok(json) => Arguments::add(&mut bound, json),
                    Err(error) => Err(error.into()),
                },
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok(sqlx::query_with(self.sql.sqlite, bound))
    }

    fn postgres(self) -> Result<sqlx::query::Query<'static, Postgres, PgArguments>, sqlx::Error> {
        let mut bound = PgArguments::default();
        for value in self.values {
            match value {
                Value::Text(text) => Arguments::add(&mut bound, text.as_ref()),
                Value::NoText => Arguments::add(&mut bound, None::<&str>),
                Value::Int(number) => Arguments::add(&mut bound, number),
                Value::NoInt => Arguments::add(&mut bound, None::<i64>),
                Value::List(list) => Arguments::add(&mut bound, list),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        Ok(sqlx::query_with(self.sql.postgres, bound))
    }
}

impl<'q, T: for<'r> Column<'r>> Scalar<'q, T> {
    /// Binds the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// The column of the only row.
    pub async fn fetch_one(self, on: impl Into<On<'_>>) -> Result<T, sqlx::Error> {
        self.query.fetch_one(on).await?.try_get(0)
    }

    /// The column of the only row, if there is one.
    pub async fn fetch_optional(self, on: impl Into<On<'_>>) -> Result<Option<T>, sqlx::Error> {
        self.query.fetch_optional(on).await?.map(|row| row.try_get(0)).transpose()
    }

    /// The column of all rows.
    pub async fn fetch_all(self, on: impl Into<On<'_>>) -> Result<Vec<T>, sqlx::Error> {
        self.query.fetch_all(on).await?.iter().map(|row| row.try_get(0)).collect()
    }
}

/// Waits for a server's answer; one that does not come in time is an error like a lost connection.
pub async fn within<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    let late = |_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()));
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(late)
}

/// What either database answers, made the same.
struct Found<T>(T);

impl From<sqlx::sqlite::SqliteQueryResult> for Found<u64> {
    fn from(done: sqlx::sqlite::SqliteQueryResult) -> Self {
        Self(done.rows_affected())
    }
}

impl From<sqlx::postgres::PgQueryResult> for Found<u64> {
    fn from(done: sqlx::postgres::PgQueryResult) -> Self {
        Self(done.rows_affected())
    }
}

impl From<sqlx::sqlite::SqliteRow> for Found<Row> {
    fn from(row: sqlx::sqlite::SqliteRow) -> Self {
        Self(Row::Sqlite(row))
    }
}

impl From<sqlx::postgres::PgRow> for Found<Row> {
    fn from(row: sqlx::postgres::PgRow) -> Self {
        Self(Row::Postgres(row))
    }
}

impl<R> From<Option<R>> for Found<Option<Row>>
where
    Found<Row>: From<R>,
{
    fn from(row: Option<R>) -> Self {
        Self(row.map(|row| Found::<Row>::from(row).0))
    }
}

impl<R> From<Vec<R>> for Found<Vec<Row>>
where
    Found<Row>: From<R>,
{
    fn from(rows: Vec<R>) -> Self {
        Self(rows.into_iter().map(|row| Found::<Row>::from(row).0).collect())
    }
}
