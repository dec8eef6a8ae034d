//! Sums over the pages of a database file: put in where SQLite writes a page, compared where it reads one, so that damage is met as an error and never as data.
//!
//! SQLite lets a program stand between it and the system's files. Every connection of this process, whichever crate it
//! is of, goes through the layer that [`install`] puts there. A database made by us leaves eight bytes on every page, by
//! SQLite's own means (`SQLITE_FCNTL_RESERVE_BYTES`), and any SQLite can read it; one that writes to it without this
//! layer leaves sums that do not fit.
//!
//! Pages in the write-ahead log have the same sums, since frames are compared by SQLite itself only where it recovers.
//! What recovery would pass over in silence is found by [`super::super::wal`].

mod damage;
mod ffi;
mod file;
pub mod frame;
mod page;
#[cfg(test)]
mod tests;

pub use damage::damaged;
pub use ffi::{begin, reserve};
pub use file::Code;
pub use page::Header;

use std::sync::OnceLock;

/// Puts the layer there, once for the process; before the first connection.
///
/// # Errors
/// What SQLite says.
pub fn install() -> Result<(), Code> {
    static DONE: OnceLock<Result<(), Code>> = OnceLock::new();
    *DONE.get_or_init(ffi::install)
}
