//! Copies what the write-ahead log of a file holds into the file, beside the writer, so that commits do not wait for it; the log begins anew only by the writer.
//!
//! SQLite would do all of it within a commit, once the log has a thousand pages: whoever came just then waited for a few
//! hundred pages and the sync of the file. Here it is done meanwhile, and the writer finds little left to do when the
//! log has become eight times as long ([`super::db::Direct::open`]).

use super::LogError;
use super::db::Direct;
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;
use tokio::task::JoinHandle;

/// So many jobs come to some two thousand pages; of those that are written again and again the last is copied alone.
const JOBS: usize = 512;

/// The thread that copies.
pub(super) struct Folding {
    due: SyncSender<()>,
    thread: JoinHandle<()>,
    jobs: usize,
}

impl Folding {
    /// Starts the thread on a connection of its own; it ends when this does.
    ///
    /// # Errors
    /// Whatever SQLite says of the file.
    pub(super) fn start(path: &Path, busy: Duration) -> Result<Self, LogError> {
        let mut on = Direct::open(path, busy)?;
        let (due, told) = sync_channel(1);
        let thread = tokio::task::spawn_blocking(move || {
            while told.recv().is_ok() {
                if let Err(error) = on.fold_beside() {
                    tracing::warn!(%error, "the write-ahead log was not copied into the file; it is tried again");
                }
            }
            if let Err(error) = on.close() {
                tracing::warn!(%error, "closing the database failed");
            }
        });
        Ok(Self { due, thread, jobs: 0 })
    }

    /// So many jobs more are in the log.
    pub(super) fn wrote(&mut self, jobs: usize) {
        self.jobs += jobs;
        if self.jobs >= JOBS {
            self.jobs = 0;
            // Where it is told already, it copies these too.
            let _ = self.due.try_send(());
        }
    }

    /// Waits until its connection is closed.
    pub(super) async fn end(self) {
        drop(self.due);
        if let Err(error) = self.thread.await {
            tracing::error!(%error, "the thread that copies the write-ahead log broke off");
        }
    }
}
