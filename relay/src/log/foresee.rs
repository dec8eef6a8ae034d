//! Whether an append can be written whole, asked before its first statement; changes nothing.
//!
//! In a file, a savepoint for each append costs a quarter of its writing: SQLite keeps every page aside that is touched.
//! What can stand in the way of an append is known by key, so it is asked first, and no savepoint is needed.

use super::append::{AppendError, Duplicate, OutboxStep};
use super::db::{Connection, query, query_scalar};
use super::project::Projection;
use super::rows::{Rows, failed};

impl Rows {
    /// Finds what would stop the writing, with the error that the writing would end in.
    pub(super) async fn foresee(&self, on: &mut Connection) -> Result<(), AppendError> {
        for (stream, version) in self.rests_on() {
            let sql = "SELECT version FROM streams WHERE stream = $1";
            let now: Option<i64> =
                query_scalar(sql).bind(stream).fetch_optional(&mut *on).await.map_err(failed)?;
            if now.unwrap_or_default() != version {
                return Err(AppendError::Conflict);
            }
        }
        if let Some(command) = &self.command {
            let sql = "SELECT 1 FROM commands WHERE id = $1";
            absent(on, query(sql).bind(command.id.to_string()), Duplicate::Command).await?;
        }
        for projection in &self.projections {
            projection.foresee(on).await?;
        }
        if let Some(step) = self.outbox {
            let (message, wanted) = match step {
                OutboxStep::Claim { message } => (message, Some("waiting")),
                OutboxStep::Retry { message, .. } => (message, Some("sending")),
                OutboxStep::Done { message } => (message, None),
            };
            let sql = "SELECT state FROM outbox WHERE message = $1";
            let state: Option<String> =
                query_scalar(sql).bind(message.to_string()).fetch_optional(on).await.map_err(failed)?;
            if state.is_none_or(|state| wanted.is_some_and(|wanted| state != wanted)) {
                return Err(AppendError::Conflict);
            }
        }
        Ok(())
    }
}

impl Projection {
    async fn foresee(&self, on: &mut Connection) -> Result<(), AppendError> {
        match self {
            Self::Came { row, external_id, .. }
            | Self::Elsewhere { row, external_id, .. }
            | Self::Greeted { row, external_id, .. } => {
                let sql = "SELECT EXISTS (SELECT 1 FROM messages WHERE connector = $1 AND external_id = $2), \
                           EXISTS (SELECT 1 FROM messages WHERE id = $3)";
                let there = query(sql).bind(&row.connector).bind(external_id).bind(&row.id);
                let there = there.fetch_one(on).await.map_err(failed)?;
                match (there.try_get(0).map_err(failed)?, there.try_get(1).map_err(failed)?) {
                    (true, _) => Err(AppendError::Duplicate(Duplicate::ExternalId)),
                    (_, true) => Err(AppendError::Duplicate(Duplicate::Message)),
                    (false, false) => Ok(()),
                }
            }
            // Its id was made by a desk, which may name one that is there.
            Self::Goes { row, .. } => {
                let sql = "SELECT 1 FROM messages WHERE id = $1";
                absent(on, query(sql).bind(&row.id), Duplicate::Message).await
            }
            Self::Climbed { message, external_id: Some(external_id), .. } => {
                let sql = "SELECT 1 FROM messages WHERE external_id = $1 AND id <> $2 \
                           AND connector = (SELECT connector FROM messages WHERE id = $2)";
                absent(on, query(sql).bind(external_id).bind(message), Duplicate::ExternalId).await
            }
            Self::Began { connector, identity, .. } => {
                let sql = "SELECT 1 FROM live_identities WHERE connector = $1 AND identity = $2";
                absent(on, query(sql).bind(connector).bind(identity), Duplicate::LiveIdentity).await
            }
            _ => Ok(()),
        }
    }
}

/// There must be no such row.
async fn absent(on: &mut Connection, row: super::db::Query<'_>, what: Duplicate) -> Result<(), AppendError> {
    match row.fetch_optional(on).await.map_err(failed)? {
        None => Ok(()),
        Some(_) => Err(AppendError::Duplicate(what)),
    }
}
