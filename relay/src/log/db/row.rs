//! A row of either database, read by place; what a column holds is checked, never guessed.

use super::direct::Cell;
use super::value;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use std::borrow::Cow;

/// A row; columns count from 0.
pub enum Row {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of SQLite, as the writer reads it.
    Direct(Vec<Cell>),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

/// What a column may be read as.
pub trait Column<'r>: Sized {
    /// Reads it.
    fn read(row: &'r Row, column: usize) -> Result<Self, sqlx::Error>;
}

impl Row {
    /// The value of a column.
    pub fn try_get<'r, T: Column<'r>>(&'r self, column: usize) -> Result<T, sqlx::Error> {
        T::read(self, column)
    }

    /// The text of a column, without a copy where none is needed.
    pub fn text(&self, column: usize) -> Result<Cow<'_, str>, sqlx::Error> {
        self.try_get(column)
    }

    fn stored(&self, column: usize) -> Result<Option<&str>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Direct(row) => match cell(row, column)? {
                Cell::Null => Ok(None),
                Cell::Text(text) => Ok(Some(text)),
                Cell::Int(_) => Err(other(column)),
            },
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// A number; PostgreSQL's truths and its literals, which are short integers, count as numbers.
    fn number(&self, column: usize) -> Result<Option<i64>, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Direct(row) => match cell(row, column)? {
                Cell::Null => Ok(None),
                Cell::Int(number) => Ok(Some(*number)),
                Cell::Text(_) => Err(other(column)),
            },
            Self::Postgres(row) => row
                .try_get(column)
                .or_else(|_| row.try_get::<Option<bool>, _>(column).map(|truth| truth.map(i64::from)))
                .or_else(|_| row.try_get::<Option<i32>, _>(column).map(|short| short.map(i64::from))),
        }
    }
}

fn cell(row: &[Cell], column: usize) -> Result<&Cell, sqlx::Error> {
    row.get(column).ok_or(sqlx::Error::ColumnIndexOutOfBounds { index: column, len: row.len() })
}

fn other(column: usize) -> sqlx::Error {
    let source = "the column is of another type".into();
    sqlx::Error::ColumnDecode { index: column.to_string(), source }
}

fn there<T>(value: Option<T>, column: usize) -> Result<T, sqlx::Error> {
    value.ok_or_else(|| sqlx::Error::ColumnDecode {
        index: column.to_string(),
        source: Box::new(sqlx::error::UnexpectedNullError),
    })
}

impl<'r> Column<'r> for Option<Cow<'r, str>> {
    fn read(row: &'r Row, column: usize) -> Result<Self, sqlx::Error> {
        Ok(row.stored(column)?.map(value::read))
    }
}

impl<'r> Column<'r> for Cow<'r, str> {
    fn read(row: &'r Row, column: usize) -> Result<Self, sqlx::Error> {
        there(row.stored(column)?, column).map(value::read)
    }
}

impl Column<'_> for Option<String> {
    fn read(row: &Row, column: usize) -> Result<Self, sqlx::Error> {
        Ok(row.stored(column)?.map(|text| value::read(text).into_owned()))
    }
}

impl Column<'_> for String {
    fn read(row: &Row, column: usize) -> Result<Self, sqlx::Error> {
        row.text(column).map(Cow::into_owned)
    }
}

impl Column<'_> for Option<i64> {
    fn read(row: &Row, column: usize) -> Result<Self, sqlx::Error> {
        row.number(column)
    }
}

impl Column<'_> for i64 {
    fn read(row: &Row, column: usize) -> Result<Self, sqlx::Error> {
        there(row.number(column)?, column)
    }
}

impl Column<'_> for Option<bool> {
    fn read(row: &Row, column: usize) -> Result<Self, sqlx::Error> {
        Ok(row.number(column)?.map(|number| number != 0))
    }
}

impl Column<'_> for bool {
    fn read(row: &Row, column: usize) -> Result<Self, sqlx::Error> {
        Ok(there(row.number(column)?, column)? != 0)
    }
}

impl Column<'_> for u32 {
    fn read(row: &Row, column: usize) -> Result<Self, sqlx::Error> {
        let number: i64 = row.try_get(column)?;
        number.try_into().map_err(|error: std::num::TryFromIntError| sqlx::Error::ColumnDecode {
            index: column.to_string(),
            source: error.into(),
        })
    }
}
