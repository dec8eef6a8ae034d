//! The one writer: groups what waits into one transaction and answers after its sync; knows nothing of what it writes.

use super::file::Held;
use super::{Log, LogError};
use crate::metrics;
use futures_util::future::BoxFuture;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};

/// The most jobs of one transaction: above 128 a group gains nothing measurable, and its first job waits for its last.
const GROUP: usize = 128;

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

/// One thing to write within a savepoint of its own.
pub(super) trait Job: Send {
    /// Writes; false takes back everything of this job and nothing of its neighbours.
    fn run<'a>(&'a mut self, on: &'a mut SqliteConnection) -> BoxFuture<'a, bool>;
    /// Tells whoever waits, once the group is durable or lost.
    fn end(self: Box<Self>, saved: Result<(), LogError>);
}

/// The way to the writer task.
pub(super) struct Writer {
    jobs: mpsc::Sender<Order>,
    #[cfg_attr(not(test), expect(dead_code, reason = "its figures are read by tests alone so far"))]
    shared: Arc<Shared>,
}

enum Order {
    Write(Box<dyn Job>),
    Stop(oneshot::Sender<()>),
}

#[derive(Default)]
struct Shared {
    written: AtomicU64,
    commits: AtomicU64,
    /// Commits that are made to fail.
    #[cfg(test)]
    fail_next: AtomicU64,
}

impl Writer {
    /// Starts the task; it holds the lock of the file until the connection is closed.
    pub(super) fn start(connection: SqliteConnection, lock: Held) -> Self {
        let (jobs, orders) = mpsc::channel(WAITING);
        let shared = Arc::new(Shared::default());
        tokio::spawn(run(connection, lock, orders, Arc::clone(&shared)));
        Self { jobs, shared }
    }

    /// A writer that has stopped: everything handed to it is refused.
    pub(super) fn closed() -> Self {
        Self { jobs: mpsc::channel(1).0, shared: Arc::default() }
    }

    /// Hands a job in; jobs are written in the order in which they were handed in.
    pub(super) async fn send(&self, job: Box<dyn Job>) -> Result<(), LogError> {
        self.jobs.send(Order::Write(job)).await.map_err(|_| LogError::Closed)
    }

    /// How many jobs wait, and how many may.
    pub(super) fn waiting(&self) -> (usize, usize) {
        let cap = self.jobs.max_capacity();
        (cap - self.jobs.capacity(), cap)
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
    /// What the closure's statements said, or why the commit failed; nothing of it was written then.
    pub async fn write<T, F>(&self, work: F) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Fallible<T>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Small { work: Some(work), result: None, reply };
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
    result: Option<Fallible<T>>,
    reply: oneshot::Sender<Result<T, LogError>>,
}

impl<T, F> Job for Small<T, F>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Fallible<T>> + Send + 'static,
{
    fn run<'a>(&'a mut self, on: &'a mut SqliteConnection) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else { return false };
            let result = work(on).await;
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        })
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

/// The task: takes what waits, writes it as one transaction, answers, and again.
async fn run(
    mut connection: SqliteConnection,
    lock: Held,
    mut orders: mpsc::Receiver<Order>,
    shared: Arc<Shared>,
) {
    let mut waiting = Vec::with_capacity(GROUP);
    let mut stopped = None;
    while stopped.is_none() && orders.recv_many(&mut waiting, GROUP).await > 0 {
        let mut jobs = Vec::with_capacity(waiting.len());
        for order in waiting.drain(..) {
            match order {
                Order::Write(job) => jobs.push(job),
                Order::Stop(done) => stopped = Some(done),
            }
        }
        if !jobs.is_empty() {
            let began = Instant::now();
            let saved = group(&mut connection, &mut jobs, &shared).await;
            metrics::commit(jobs.len(), began.elapsed());
            if let Err(error) = &saved {
                tracing::error!(jobs = jobs.len(), %error, "a transaction of the log failed");
                // Fails when SQLite has rolled back by itself, which is as good.
                let _ = sqlx::query("ROLLBACK").execute(&mut connection).await;
            }
            for job in jobs {
                job.end(saved.clone());
            }
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "closing the database failed");
    }
    drop(lock);
    if let Some(done) = stopped {
        let _ = done.send(());
    }
}

/// Writes all jobs in one transaction, each in its savepoint; the commit syncs once for all of them.
async fn group(
    on: &mut SqliteConnection,
    jobs: &mut [Box<dyn Job>],
    shared: &Shared,
) -> Result<(), LogError> {
    let mut kept = 0;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *on).await?;
    for job in jobs {
        sqlx::query("SAVEPOINT job").execute(&mut *on).await?;
        if job.run(on).await {
            kept += 1;
        } else {
            // Where SQLite has given up the whole transaction this fails too, and with it the group.
            sqlx::query("ROLLBACK TO job").execute(&mut *on).await?;
        }
        sqlx::query("RELEASE job").execute(&mut *on).await?;
    }
    #[cfg(test)]
    break_commit(on, shared).await?;
    sqlx::query("COMMIT").execute(&mut *on).await?;
    shared.written.fetch_add(kept, Ordering::Relaxed);
    shared.commits.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// Leaves a foreign key unmet, which SQLite finds when it commits.
#[cfg(test)]
async fn break_commit(on: &mut SqliteConnection, shared: &Shared) -> Result<(), LogError> {
    let wanted =
        shared.fail_next.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if wanted.is_ok() {
        for statement in [
            "CREATE TEMP TABLE IF NOT EXISTS parents (id INTEGER PRIMARY KEY)",
            "CREATE TEMP TABLE IF NOT EXISTS orphans (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO temp.orphans VALUES (1)",
        ] {
            sqlx::query(statement).execute(&mut *on).await?;
        }
    }
    Ok(())
}
