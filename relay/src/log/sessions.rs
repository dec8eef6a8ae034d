//! Sessions by the digest of their token; stores no token and ends none by itself.

use super::db::{Row, query};
use super::{Log, LogError, keys};
use shared::id::UserId;
use shared::time::{Span, Timestamp};

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The SHA-256 of the token, in hex.
    pub digest: String,
    /// Who is logged in.
    pub user: UserId,
    /// When they logged in.
    pub created_at: Timestamp,
    /// The last sign of a person.
    pub seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// What the browser or program called itself.
    pub device: String,
    /// The client's address when it began.
    pub address: String,
}

impl Session {
    /// Whether it is over: its time is up, or for longer than `idle` there was no sign of the person.
    #[must_use]
    pub fn is_over(&self, now: Timestamp, idle: Span) -> bool {
        now >= self.expires_at || now.since(self.seen_at) > idle
    }
}

impl Log {
    /// The session with this digest, also one that is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, digest: &str) -> Result<Option<Session>, LogError> {
        let sql = "SELECT digest, \"user\", created_at, seen_at, expires_at, device, address \
                   FROM sessions WHERE digest = $1";
        let row = query(sql).bind(digest).fetch_optional(self.by_key()).await?;
        row.as_ref().map(session).transpose()
    }

    /// All sessions of a person, the newest first, also those that are over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>, LogError> {
        let sql = "SELECT digest, \"user\", created_at, seen_at, expires_at, device, address \
                   FROM sessions WHERE \"user\" = $1 ORDER BY created_at DESC, digest";
        let rows = query(sql).bind(user.to_string()).fetch_all(self.readers()).await?;
        rows.iter().map(session).collect()
    }

    /// Stores a new session, and forgets those that ended or were last seen before `stale`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_session(&self, session: Session, stale: Timestamp) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                query("DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2")
                    .bind(session.created_at.0)
                    .bind(stale.0)
                    .execute(&mut *on)
                    .await?;
                query(
                    "INSERT INTO sessions (digest, \"user\", created_at, seen_at, expires_at, device, address) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(session.digest)
                .bind(session.user.to_string())
                .bind(session.created_at.0)
                .bind(session.seen_at.0)
                .bind(session.expires_at.0)
                .bind(session.device)
                .bind(session.address)
                .execute(on)
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Remembers a sign of the person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn touch_session(&self, digest: String, at: Timestamp) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let sql = "UPDATE sessions SET seen_at = CASE WHEN seen_at > $1 THEN seen_at ELSE $1 END WHERE digest = $2";
                query(sql).bind(at.0).bind(digest).execute(on).await.map(drop)
            })
        })
        .await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, digest: String) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let sql = "DELETE FROM sessions WHERE digest = $1";
                query(sql).bind(digest).execute(on).await.map(drop)
            })
        })
        .await
    }

    /// Ends every session of a person but the one with this digest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_other_sessions(&self, user: UserId, but: String) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let sql = "DELETE FROM sessions WHERE \"user\" = $1 AND digest <> $2";
                query(sql).bind(user.to_string()).bind(but).execute(on).await.map(drop)
            })
        })
        .await
    }

    /// Ends every session of a person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_sessions_of(&self, user: UserId) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let sql = "DELETE FROM sessions WHERE \"user\" = $1";
                query(sql).bind(user.to_string()).execute(on).await.map(drop)
            })
        })
        .await
    }
}

fn session(row: &Row) -> Result<Session, LogError> {
    Ok(Session {
        digest: row.try_get(0)?,
        user: keys::id(&row.text(1)?, "user id")?,
        created_at: Timestamp(row.try_get(2)?),
        seen_at: Timestamp(row.try_get(3)?),
        expires_at: Timestamp(row.try_get(4)?),
        device: row.try_get(5)?,
        address: row.try_get(6)?,
    })
}
