//! Readers of a file for what is found by its key: a statement of microseconds runs at once where it is asked.
//!
//! To hand such a statement to another thread and to be woken by its answer takes many times longer than to run it.
//! What walks over many rows goes to [`super::Readers`] instead: there it keeps nobody from working.

use super::direct::Direct;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Connections that read by key; none of them is ever waited for by an answer of another thread.
pub struct Keyed(Vec<Mutex<Option<Direct>>>);

impl Keyed {
    /// So many connections to a file that is there.
    pub fn open(path: &Path, busy: Duration, count: u32) -> Result<Self, sqlx::Error> {
        (0..count)
            .map(|_| Ok(Mutex::new(Some(Direct::read_only(path, busy)?))))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Reads on whichever connection is free; an error once they are closed.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut Direct) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let mut free = self.0.iter().find_map(|one| one.try_lock().ok());
        if free.is_none() {
            free = self.0.first().map(|one| one.lock().unwrap_or_else(PoisonError::into_inner));
        }
        match free.as_deref_mut() {
            Some(Some(one)) => work(one),
            Some(None) | None => Err(sqlx::Error::PoolClosed),
        }
    }

    /// Closes all of them.
    pub fn close(&self) {
        for one in &self.0 {
            let one = one.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(Err(error)) = one.map(Direct::close) {
                tracing::warn!(%error, "closing a reader of the database failed");
            }
        }
    }
}
