//! The way to the one writer: hands it what is to be written and waits for the sync; knows nothing of what it writes.

use super::db::Connection;
use super::task::{Hold, Task};
use super::{Log, LogError};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
#[cfg(test)]
use std::sync::atomic::Ordering;
use tokio::sync::{mpsc, oneshot, watch};

/// The most jobs that wait; whoever comes then waits for a place. Larger than every pipeline in front of it.
const WAITING: usize = 1_024;

/// What a small write resolves to.
pub type Fallible<T> = Result<T, sqlx::Error>;

/// How much was written.
#[cfg(test)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Jobs that were committed.
    pub jobs: u64,
    /// Transactions that were committed; each is one sync.
    pub commits: u64,
}

/// One thing to write: it stands or falls by itself.
pub(super) trait Job: Send {
    /// Writes; false takes back everything of this job and nothing of its neighbours.
    fn run<'a>(&'a mut self, on: &'a mut Connection) -> BoxFuture<'a, bool>;
    /// Whether it can tell before it writes that it will be written whole; then it needs no savepoint.
    fn is_sure(&self) -> bool;
    /// Looks whether it can be written whole; a failure of it after that is the whole group's.
    fn foresee<'a>(&'a mut self, on: &'a mut Connection) -> BoxFuture<'a, bool>;
    /// Tells whoever waits, once the group is durable or lost.
    fn end(self: Box<Self>, saved: Result<(), LogError>);
}

/// The way to the writer task.
pub(super) struct Writer {
    jobs: mpsc::Sender<Order>,
    /// Why nothing can be written any more, once that is so.
    gone: watch::Receiver<Option<LogError>>,
    #[cfg_attr(not(test), expect(dead_code, reason = "its figures are read by tests alone so far"))]
    shared: Arc<Shared>,
}

/// What the writer is told.
pub(super) enum Order {
    Write(Box<dyn Job>),
    Stop(oneshot::Sender<()>),
}

/// What the writer counts.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) written: AtomicU64,
    pub(super) commits: AtomicU64,
    /// Commits that are made to fail.
    #[cfg(test)]
    pub(super) fail_next: AtomicU64,
}

impl Writer {
    /// Starts the task; it keeps its hold of the database until the connection is closed.
    pub(super) fn start(connection: Connection, hold: Hold) -> Self {
        let (jobs, orders) = mpsc::channel(WAITING);
        let (tell_gone, gone) = watch::channel(None);
        let shared = Arc::new(Shared::default());
        let task = Task::new(hold, orders, Arc::clone(&shared), tell_gone);
        match &connection {
            Connection::Direct(_) => {
                // It waits for the disk, which nobody else should: a thread of its own. A runtime that ends waits for it.
                let runtime = tokio::runtime::Handle::current();
                tokio::task::spawn_blocking(move || runtime.block_on(task.run(connection)));
            }
            Connection::Sqlite(_) | Connection::Postgres(_) => drop(tokio::spawn(task.run(connection))),
        }
        Self { jobs, gone, shared }
    }

    /// A writer that has stopped: everything handed to it is refused.
    pub(super) fn closed() -> Self {
        Self { jobs: mpsc::channel(1).0, gone: watch::channel(None).1, shared: Arc::default() }
    }

    /// How many jobs wait, and how many may.
    pub(super) fn waiting(&self) -> (usize, usize) {
        let cap = self.jobs.max_capacity();
        (cap - self.jobs.capacity(), cap)
    }

    /// Hands a job in; jobs are written in the order in which they were handed in.
    pub(super) async fn send(&self, job: Box<dyn Job>) -> Result<(), LogError> {
        self.jobs.send(Order::Write(job)).await.map_err(|_| LogError::Closed)
    }

    /// Resolves when nothing can be written any more though nobody closed the log.
    pub(super) async fn gone(&self) -> LogError {
        let mut gone = self.gone.clone();
        let found = gone.wait_for(Option::is_some).await.ok().and_then(|error| error.clone());
        match found {
            Some(error) => error,
            // The task ended because the log was closed.
            None => std::future::pending().await,
        }
    }

    #[cfg(test)]
    pub(super) fn counts(&self) -> Counts {
        Counts {
            jobs: self.shared.written.load(Ordering::Relaxed),
            commits: self.shared.commits.load(Ordering::Relaxed),
        }
    }

    pub(super) async fn stop(&self) {
        let (done, ended) = oneshot::channel();
        if self.jobs.send(Order::Stop(done)).await.is_ok() {
            // An error means that the task is gone already.
            let _ = ended.await;
        }
    }

    /// Makes the next so many commits fail, as a full disk would.
    #[cfg(test)]
    pub(super) fn fail_next(&self, commits: u64) {
        self.shared.fail_next.store(commits, Ordering::SeqCst);
    }
}

impl Log {
    /// Writes something that is no event: a session, a secret, a journal item. Durable when it returns.
    ///
    /// The closure runs inside the writer's transaction, in a savepoint of its own; it must not begin one itself.
    /// It may read what it needs to write, and must not wait for anything but the connection.
    ///
    /// # Errors
    /// What the closure's statements said, or why the commit failed; nothing of it was written then. Only where the
    /// relay ends while a server is away ([`LogError::Closed`], [`LogError::Taken`]) it may have been.
    pub async fn write<T, F>(&self, work: F) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Fallible<T>> + Send + 'static,
    {
        self.hand_in(work, false).await
    }

    /// The same for what has no reason of its own to fail, as rows have that nothing else names: it needs no savepoint.
    ///
    /// # Errors
    /// As [`Self::write`]; what is written beside it is lost with it then.
    pub(super) async fn write_surely<T, F>(&self, work: F) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Fallible<T>> + Send + 'static,
    {
        self.hand_in(work, true).await
    }

    async fn hand_in<T, F>(&self, work: F, sure: bool) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Fallible<T>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Small { work: Some(work), sure, result: None, reply };
        self.inner.writer.send(Box::new(job)).await?;
        answer.await.unwrap_or(Err(LogError::Closed))
    }

    /// How many writes wait for their commit, and how many may.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        self.inner.writer.waiting()
    }

    /// Makes the next so many commits fail, as a full disk would.
    #[cfg(test)]
    pub fn fail_next(&self, commits: u64) {
        self.inner.writer.fail_next(commits);
    }
}

/// A write of a closure.
struct Small<T, F> {
    work: Option<F>,
    sure: bool,
    result: Option<Fallible<T>>,
    reply: oneshot::Sender<Result<T, LogError>>,
}

impl<T, F> Job for Small<T, F>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Fallible<T>> + Send + 'static,
{
    fn run<'a>(&'a mut self, on: &'a mut Connection) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else { return false };
            let result = work(on).await;
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        })
    }

    fn is_sure(&self) -> bool {
        self.sure
    }

    fn foresee<'a>(&'a mut self, _on: &'a mut Connection) -> BoxFuture<'a, bool> {
        Box::pin(std::future::ready(true))
    }

    fn end(self: Box<Self>, saved: Result<(), LogError>) {
        let result = match (self.result, saved) {
            (Some(Err(own)), _) => Err(own.into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(group)) => Err(group),
            (None, Ok(())) => Err(LogError::Closed),
        };
        // Nobody waits any more: the write stands all the same.
        drop(self.reply.send(result));
    }
}
