//! The steps of a group of writes as each database takes them; decides nothing about what is written.
//!
//! SQLite's statements cost no way, PostgreSQL's one each: there, neighbouring steps travel together.

use super::connection::Connection;
use super::query::within;
use sqlx::Row as _;

impl Connection {
    /// Begins a transaction. PostgreSQL gives it a number by which its end can be asked for should the answer to the
    /// commit be lost; SQLite's answer cannot be.
    pub async fn begin(&mut self) -> Result<Option<i64>, sqlx::Error> {
        match self {
            Self::Sqlite(one) => {
                sqlx::query("BEGIN IMMEDIATE").execute(one).await?;
                Ok(None)
            }
            Self::Direct(one) => {
                one.step("BEGIN IMMEDIATE")?;
                Ok(None)
            }
            Self::Postgres(one) => {
                let begun = sqlx::raw_sql("BEGIN; SELECT txid_current(); SAVEPOINT job").fetch_one(one);
                let row = within(begun).await?;
                row.try_get(0).map(Some)
            }
        }
    }

    /// Whether a job that can tell before it writes should do without a savepoint. PostgreSQL's cost next to nothing,
    /// and a statement that fails there takes the transaction with it.
    pub fn savepoints_cost(&self) -> bool {
        matches!(self, Self::Direct(_))
    }

    /// Begins a job's savepoint; on PostgreSQL it began with the transaction or with the end of the job before.
    pub async fn begin_job(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(one) => sqlx::query("SAVEPOINT job").execute(one).await.map(drop),
            Self::Direct(one) => one.step("SAVEPOINT job"),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Ends a job, keeping or taking back what it wrote.
    pub async fn end_job(&mut self, keep: bool, more: bool) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(one) => {
                if !keep {
                    // Where SQLite has given up the whole transaction this fails, and with it the group.
                    sqlx::query("ROLLBACK TO job").execute(&mut *one).await?;
                }
                sqlx::query("RELEASE job").execute(one).await?;
            }
            Self::Direct(one) => {
                if !keep {
                    one.step("ROLLBACK TO job")?;
                }
                one.step("RELEASE job")?;
            }
            Self::Postgres(one) => {
                if !keep {
                    // The savepoint stays and serves the next job.
                    within(sqlx::raw_sql("ROLLBACK TO job").execute(one)).await?;
                } else if more {
                    within(sqlx::raw_sql("RELEASE job; SAVEPOINT job").execute(one)).await?;
                }
            }
        }
        Ok(())
    }

    /// Makes everything that was kept durable. PostgreSQL would answer the commit of a broken transaction well and
    /// keep nothing of it; releasing the last savepoint first is refused there.
    pub async fn commit(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(one) => sqlx::query("COMMIT").execute(one).await.map(drop),
            Self::Direct(one) => one.step("COMMIT"),
            Self::Postgres(one) => within(sqlx::raw_sql("RELEASE job; COMMIT").execute(one)).await.map(drop),
        }
    }

    /// Takes everything back.
    pub async fn rollback(&mut self) -> Result<(), sqlx::Error> {
        match self {
            // Fails when SQLite has rolled back by itself, which is as good.
            Self::Sqlite(one) => sqlx::query("ROLLBACK").execute(one).await.map(drop).or(Ok(())),
            Self::Direct(one) => one.step("ROLLBACK").or(Ok(())),
            Self::Postgres(one) => within(sqlx::raw_sql("ROLLBACK").execute(one)).await.map(drop),
        }
    }
}
