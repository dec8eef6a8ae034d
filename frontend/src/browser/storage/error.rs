//! Why something was not stored, as a sentence for a person. It carries no content of a record.

use indexed_db_futures::error::{DomException, Error, OpenDbError, UnexpectedDataError};
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};

/// A refusal of the browser's storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorageError {
    /// The page is not a secure context, or the browser has no storage here: nothing is kept.
    NotSecure,
    /// Another tab holds the database open in an older form, or keeps it from being deleted.
    Blocked,
    /// This handle was closed: wiped, or another tab needed a newer form.
    Closed,
    /// The device has no room left for this site.
    Quota,
    /// The transaction was rolled back by the browser; nothing of it was kept.
    Aborted,
    /// A record was written under another key or was altered: it cannot be read.
    Unreadable(String),
    /// The record's order is not a finite number, so that it has no place in a list.
    Unordered,
    /// Any other refusal, by its DOM name.
    Refused(String),
}

impl fmt::Display for StorageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSecure => {
                out.write_str("Nothing is kept on this device, because this page is not secure.")
            }
            Self::Blocked => {
                out.write_str("Another tab holds the storage. Close the other tabs of the desk.")
            }
            Self::Closed => out.write_str("The storage was closed by another tab. Reload the desk."),
            Self::Quota => out.write_str("This device has no room left for the desk."),
            Self::Aborted => out.write_str("The browser could not finish writing. The device may be full."),
            Self::Unreadable(id) => write!(out, "The stored record {id} cannot be read."),
            Self::Unordered => out.write_str("The record has no place in the order."),
            Self::Refused(name) => write!(out, "The browser refused to store ({name})."),
        }
    }
}

impl std::error::Error for StorageError {}

/// The error for an exception's DOM name.
#[must_use]
pub fn from_name(name: &str) -> StorageError {
    match name {
        "QuotaExceededError" => StorageError::Quota,
        "AbortError" => StorageError::Aborted,
        "InvalidStateError" => StorageError::Closed,
        "SecurityError" => StorageError::NotSecure,
        other => StorageError::Refused(other.to_owned()),
    }
}

/// The error for what the browser threw; nothing in particular means that there is no storage here.
pub(super) fn from_exception(thrown: JsValue) -> StorageError {
    match thrown.dyn_into::<web_sys::DomException>() {
        Ok(exception) => from_name(&exception.name()),
        Err(_) => StorageError::NotSecure,
    }
}

impl From<DomException> for StorageError {
    fn from(error: DomException) -> Self {
        from_name(&web_sys::DomException::from(error).name())
    }
}

impl From<Error> for StorageError {
    fn from(error: Error) -> Self {
        match error {
            Error::DomException(error) => error.into(),
            Error::MissingData(UnexpectedDataError::TransactionAborted) => Self::Aborted,
            // Its own words would bring the formatting of every number with them; what the browser refuses comes as above.
            Error::MissingData(_) => Self::Refused("MissingData".to_owned()),
            _ => Self::Refused("IndexedDB".to_owned()),
        }
    }
}

impl From<OpenDbError> for StorageError {
    fn from(error: OpenDbError) -> Self {
        match error {
            OpenDbError::Base(error) => error.into(),
            OpenDbError::NullFactory | OpenDbError::UnsupportedEnvironment => Self::NotSecure,
            OpenDbError::VersionZero => Self::Refused("VersionZero".to_owned()),
        }
    }
}
