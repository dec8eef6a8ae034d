//! The writer's task: groups what waits into one transaction, and comes back after a server went away; guesses no commit's end.

use super::LogError;
use super::db::{self, Connection};
use super::file;
use super::fold::Folding;
use super::server::Server;
use super::write::{Fallible, Job, Order, Shared};
use crate::metrics;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

/// The most jobs of one transaction: above 128 a group gains nothing measurable, and its first job waits for its last.
const GROUP: usize = 128;

/// Groups that are written with care after a job failed that had been foreseen to succeed: whoever comes again with it
/// is not harmed a second time.
const CAREFUL: u32 = 64;

/// 5 s without anything to write, and the server is asked whether it still knows this connection.
const BEAT: Duration = Duration::from_secs(5);

/// How long to wait before a server is tried again, at first and at most: a restart takes a second or two.
const AGAIN: Duration = Duration::from_millis(50);
const LATER: Duration = Duration::from_secs(1);

/// What keeps other relays from writing.
pub(super) enum Hold {
    /// The lock beside a file, and who brings its write-ahead log into it.
    File(file::Held, Folding),
    /// The lock in the database, which the writer's connection has.
    Server(Arc<Server>),
}

/// The writer's task.
pub(super) struct Task {
    hold: Hold,
    orders: mpsc::Receiver<Order>,
    shared: Arc<Shared>,
    tell_gone: watch::Sender<Option<LogError>>,
    stopped: Option<oneshot::Sender<()>>,
    /// Groups in which every job has its savepoint, after one failed that had been foreseen to succeed.
    careful: u32,
}

/// How far a group came.
#[derive(Default)]
struct Progress {
    /// The transaction's number on a server.
    number: Option<i64>,
    /// Whether the commit was asked for.
    committing: bool,
    /// Whether a job failed that had been foreseen to succeed.
    broken: bool,
}

/// A group whose commit was asked for and never answered.
struct Held {
    jobs: Vec<Box<dyn Job>>,
    number: i64,
    error: LogError,
}

impl Task {
    pub(super) fn new(
        hold: Hold,
        orders: mpsc::Receiver<Order>,
        shared: Arc<Shared>,
        tell_gone: watch::Sender<Option<LogError>>,
    ) -> Self {
        Self { hold, orders, shared, tell_gone, stopped: None, careful: 0 }
    }

    /// Takes what waits, writes it as one transaction, answers, and again.
    pub(super) async fn run(mut self, connection: Connection) {
        let mut connection = Some(connection);
        while let (Some(on), None) = (connection.as_mut(), &self.stopped) {
            let Some(jobs) = self.next().await else { break };
            let whole = if jobs.is_empty() { Self::beat(on).await } else { self.save(on, jobs).await };
            if let Err(held) = whole {
                connection = self.regain(held).await;
            }
        }
        if let Some(connection) = connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "closing the database failed");
        }
        self.refuse_all().await;
        if let Hold::File(held, folding) = self.hold {
            folding.end().await;
            drop(held);
        }
        if let Some(done) = self.stopped {
            let _ = done.send(());
        }
    }

    /// The jobs of the next group; empty when a server was not spoken to for a while, none at the end.
    async fn next(&mut self) -> Option<Vec<Box<dyn Job>>> {
        let mut waiting = Vec::with_capacity(GROUP);
        let came = self.orders.recv_many(&mut waiting, GROUP);
        let came = match &self.hold {
            Hold::File(..) => came.await,
            Hold::Server(_) => match tokio::time::timeout(BEAT, came).await {
                Ok(came) => came,
                Err(_) => return Some(Vec::new()),
            },
        };
        if came == 0 {
            return None;
        }
        let mut jobs = Vec::with_capacity(waiting.len());
        for order in waiting {
            match order {
                Order::Write(job) => jobs.push(job),
                Order::Stop(done) => self.stopped = Some(done),
            }
        }
        Some(jobs)
    }

    /// Looks whether the server still knows this connection: with it the hold is lost too, also while nothing happens.
    async fn beat(on: &mut Connection) -> Result<(), Option<Held>> {
        db::query("SELECT 1").execute(on).await.map(drop).map_err(|_| None)
    }

    /// Writes a group and tells whoever waits. An error means that the connection is gone, perhaps with a group whose
    /// end nobody knows; nobody has been told of that one yet.
    async fn save(&mut self, on: &mut Connection, mut jobs: Vec<Box<dyn Job>>) -> Result<(), Option<Held>> {
        let mut progress = Progress::default();
        let began = Instant::now();
        let careful = self.careful > 0;
        self.careful = self.careful.saturating_sub(1);
        let saved = group(on, &mut jobs, &self.shared, &mut progress, careful).await;
        metrics::commit(jobs.len(), began.elapsed());
        let Err(error) = saved else {
            if let Hold::File(_, folding) = &mut self.hold {
                folding.wrote(jobs.len());
            }
            end(jobs, &Ok(()));
            return Ok(());
        };
        tracing::error!(jobs = jobs.len(), %error, "a transaction of the log failed");
        if progress.broken {
            self.careful = CAREFUL;
        }
        let broken = matches!(self.hold, Hold::Server(_)) && db::is_broken(&error);
        let error = LogError::from(error);
        if broken
            && progress.committing
            && let Some(number) = progress.number
        {
            return Err(Some(Held { jobs, number, error }));
        }
        let whole = !broken && on.rollback().await.is_ok();
        end(jobs, &Err(error));
        if whole { Ok(()) } else { Err(None) }
    }

    /// Connects to the server again and takes the database again, and then tells the jobs of a group whose end nobody
    /// knew. Until then what comes is not saved. None when it was asked to stop, or another relay has the database.
    async fn regain(&mut self, held: Option<Held>) -> Option<Connection> {
        let Hold::Server(server) = &self.hold else { return None };
        let server = Arc::clone(server);
        let mut pause = AGAIN;
        let why = loop {
            let number = held.as_ref().map(|held| held.number);
            let Some(tried) = self.meanwhile(server.again(number)).await else { break LogError::Closed };
            match tried {
                Ok((connection, committed)) => {
                    tracing::info!("the database is back");
                    if let Some(Held { jobs, error, .. }) = held {
                        end(jobs, &if committed { Ok(()) } else { Err(error) });
                    }
                    return Some(connection);
                }
                Err(error @ LogError::Taken) => {
                    self.tell_gone.send_replace(Some(error.clone()));
                    break error;
                }
                Err(error) => tracing::warn!(%error, "the database is away"),
            }
            if self.meanwhile(tokio::time::sleep(pause)).await.is_none() {
                break LogError::Closed;
            }
            pause = LATER.min(pause * 2);
        };
        if let Some(Held { jobs, .. }) = held {
            tracing::error!(jobs = jobs.len(), "whether a transaction was saved is not known");
            end(jobs, &Err(why));
        }
        None
    }

    /// Waits for something and refuses what comes meanwhile; none when it is asked to stop before.
    async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Some(done),
                order = self.orders.recv() => match order {
                    Some(Order::Write(job)) => job.end(Err(LogError::Away)),
                    Some(Order::Stop(done)) => {
                        self.stopped = Some(done);
                        return None;
                    }
                    None => return None,
                }
            }
        }
    }

    /// After the connection is gone for good: nothing is saved until somebody closes the log.
    async fn refuse_all(&mut self) {
        while self.stopped.is_none()
            && let Some(order) = self.orders.recv().await
        {
            match order {
                Order::Write(job) => {
                    job.end(Err(self.tell_gone.borrow().clone().unwrap_or(LogError::Closed)));
                }
                Order::Stop(done) => self.stopped = Some(done),
            }
        }
    }
}

/// Tells everybody in a group the same.
fn end(jobs: Vec<Box<dyn Job>>, saved: &Result<(), LogError>) {
    for job in jobs {
        job.end(saved.clone());
    }
}

/// Writes all jobs in one transaction, each in its savepoint unless it needs none; the commit syncs once for all of them.
async fn group(
    on: &mut Connection,
    jobs: &mut [Box<dyn Job>],
    shared: &Shared,
    progress: &mut Progress,
    careful: bool,
) -> Fallible<()> {
    let mut kept = 0;
    progress.number = on.begin().await?;
    let mut left = jobs.len();
    for job in jobs {
        left -= 1;
        if !careful && on.savepoints_cost() && job.is_sure() {
            if job.foresee(on).await {
                progress.broken = !job.run(on).await;
                if progress.broken {
                    let why = "a write failed that was foreseen to succeed";
                    return Err(sqlx::Error::Protocol(why.to_owned()));
                }
                kept += 1;
            }
            continue;
        }
        on.begin_job().await?;
        let keep = job.run(on).await;
        kept += u64::from(keep);
        on.end_job(keep, left > 0).await?;
    }
    #[cfg(test)]
    break_commit(on, shared).await?;
    progress.committing = true;
    on.commit().await?;
    shared.written.fetch_add(kept, Ordering::Relaxed);
    shared.commits.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// Leaves a foreign key unmet, which the database finds when it commits.
#[cfg(test)]
async fn break_commit(on: &mut Connection, shared: &Shared) -> Fallible<()> {
    let wanted =
        shared.fail_next.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if wanted.is_ok() {
        for statement in [
            "CREATE TEMP TABLE IF NOT EXISTS parents (id BIGINT PRIMARY KEY)",
            "CREATE TEMP TABLE IF NOT EXISTS orphans (parent BIGINT REFERENCES parents DEFERRABLE INITIALLY DEFERRED)",
            "INSERT INTO orphans VALUES (1)",
        ] {
            db::query(statement).execute(&mut *on).await?;
        }
    }
    Ok(())
}
