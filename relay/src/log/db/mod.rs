//! SQLite and PostgreSQL behind one way to speak: statements, values and rows are the same to whoever is outside.
//!
//! A statement is one text for both wherever both understand it. What differs is in [`Sql`] with two texts, in the
//! steps of a transaction and in how an error is read; nothing else of the relay asks which database it is.

mod connection;
mod direct;
mod error;
mod keyed;
mod query;
mod row;
mod sql;
mod transaction;
mod value;
pub(in crate::log) mod vfs;

pub use connection::Connection;
pub(in crate::log) use connection::On;
pub(in crate::log) use connection::file_options;
pub(in crate::log) use connection::{Readers, Snapshot};
pub(in crate::log) use direct::Direct;
pub(in crate::log) use error::{is_broken, is_damage, is_unique, met};
pub(in crate::log) use keyed::Keyed;
pub(in crate::log) use query::{Query, query, query_scalar};
pub(in crate::log) use row::Row;
pub(in crate::log) use sql::{Sql, either, with_list};
pub(in crate::log) use value::respelt;
