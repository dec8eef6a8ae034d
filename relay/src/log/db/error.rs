//! How an error of either database is read: is there one already, and of what; is the connection gone.

use rusqlite::ffi;
use sqlx::error::ErrorKind;
use std::error::Error;

/// Whether a statement met a row that may exist once.
pub fn is_unique(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.kind() == ErrorKind::UniqueViolation)
}

/// Whether the row that may exist once is one of this index: PostgreSQL names the index, SQLite its last column.
pub fn met(error: &sqlx::Error, index: &str, column: &str) -> bool {
    error.as_database_error().is_some_and(|error| match error.constraint() {
        Some(name) => name == index,
        None => error.message().ends_with(column),
    })
}

/// Whether the server did not answer: what it did of the last statement is not known then. An answer, be it an error,
/// is an answer, but for the one with which a server that is being stopped ends a session.
pub fn is_broken(error: &sqlx::Error) -> bool {
    /// PostgreSQL's classes of "operator intervention" (the server stops, the session is ended) and of connections.
    const ENDED: [&str; 2] = ["57P", "08"];
    match error {
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| ENDED.iter().any(|class| code.starts_with(class)))
        }
        sqlx::Error::RowNotFound
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::Encode(_)
        | sqlx::Error::TypeNotFound { .. } => false,
        _ => true,
    }
}

/// Whether the file does not hold what was written to it: a sum that does not fit, or what cannot be a database.
pub fn is_damage(error: &sqlx::Error) -> bool {
    // A migration that fails wraps what the database said.
    let first: &(dyn Error + 'static) = error;
    let mut causes = std::iter::successors(Some(first), |error| (*error).source());
    causes.any(|cause| {
        let cause = cause.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
        // SQLite's codes are numbers of up to four digits, PostgreSQL's have five characters.
        let code = cause.and_then(sqlx::error::DatabaseError::code).filter(|code| code.len() < 5);
        let code = code.and_then(|code| code.parse::<i32>().ok());
        code.is_some_and(|code| {
            code == ffi::SQLITE_IOERR_DATA || matches!(code & 0xFF, ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB)
        })
    })
}
