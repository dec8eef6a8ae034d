//! Files of customers: fetched from their provider at once, looked at, stored, handed to desks by id; says of each in the log where it stands.
//!
//! # Layout, in reading order
//!
//! * [`guard`]: which addresses may be asked. [`fetch`]: asking them.
//! * [`sort`]: what bytes are. [`preview`]: pictures made anew from their pixels.
//! * [`blob`]: where they lie. [`worker`]: one file after the other from due to done.

pub mod blob;
pub mod fetch;
mod guard;
#[cfg(test)]
mod junk;
mod picture;
pub mod preview;
mod sort;
#[cfg(test)]
mod tests;
mod worker;

pub use blob::{BlobError, Blobs, Part};
pub use fetch::Fetcher;
pub use guard::Guard;
pub use picture::picture;

use crate::channels::Providers;
use crate::engine::Engine;
use std::sync::Arc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The running worker.
pub struct Media {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// What fetching a file needs.
#[derive(Clone)]
pub struct Means {
    /// Decides and remembers.
    pub engine: Engine,
    /// Knows where a provider keeps a file of which it told an id.
    pub providers: Providers,
    /// Asks for it.
    pub fetcher: Fetcher,
    /// Stores it.
    pub blobs: Blobs,
}

impl Media {
    /// Starts fetching what an earlier run left, and then what comes.
    #[must_use]
    pub fn start(means: Means) -> Self {
        let stop = CancellationToken::new();
        // Listening begins before the first look, so that no file is missed.
        let events = means.engine.events();
        let task = tokio::spawn(worker::run(Arc::new(means), events, stop.clone()));
        Self { stop, task }
    }

    /// Begins nothing more and lets go of what is under way: it is fetched anew at the next start.
    pub async fn stop(self) {
        self.stop.cancel();
        // An error means that the worker panicked; what it was fetching is still due.
        let _ = self.task.await;
    }
}
