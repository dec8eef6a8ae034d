//! The two rows that most events come to: a message with its place in the outbox, and an interaction for lists.

use super::append::{AppendError, Duplicate};
use super::db::{Connection, met, query};
use super::rows::{failed, unique};
use super::{LogError, keys};
use shared::event::Event;
use shared::interaction::Interaction;

/// What both kinds of message have.
pub(super) struct MessageRow {
    pub(super) id: String,
    interaction: String,
    seq: i64,
    pub(super) connector: String,
    pub(super) identity: String,
    at: i64,
}

/// An interaction as a row.
pub(super) struct Listed {
    id: String,
    channel: &'static str,
    connector: String,
    identity: String,
    phase: String,
    queue: Option<String>,
    owner: Option<String>,
    entered_at: i64,
    ended_at: Option<i64>,
    last_message: Option<String>,
}

impl MessageRow {
    pub(super) fn of(one: &Interaction, event: &Event, id: String) -> Self {
        Self {
            id,
            interaction: one.id.to_string(),
            seq: keys::int(event.seq.unwrap_or_default()),
            connector: one.connector.to_string(),
            identity: one.identity.to_string(),
            at: event.at.0,
        }
    }

    pub(super) async fn insert(
        &self,
        on: &mut Connection,
        direction: &str,
        kind: &str,
        external_id: Option<&str>,
        delivery: Option<&str>,
    ) -> Result<(), AppendError> {
        query(
            "INSERT INTO messages (id, interaction, seq, connector, identity, direction, kind, external_id, \
             delivery, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(&self.id)
        .bind(&self.interaction)
        .bind(self.seq)
        .bind(&self.connector)
        .bind(&self.identity)
        .bind(direction)
        .bind(kind)
        .bind(external_id)
        .bind(delivery)
        .bind(self.at)
        .execute(on)
        .await
        .map_err(|error| {
            let external = met(&error, "messages_external", "external_id");
            unique(error, if external { Duplicate::ExternalId } else { Duplicate::Message })
        })?;
        Ok(())
    }

    /// What greeted the customer is a line of this chat now.
    pub(super) async fn greeted(&self, on: &mut Connection) -> Result<(), AppendError> {
        let sql = "UPDATE welcomes SET interaction = $1 WHERE message = $2";
        query(sql).bind(&self.interaction).bind(&self.id).execute(on).await.map_err(failed)?;
        Ok(())
    }

    /// Puts it into the outbox.
    pub(super) async fn send(&self, on: &mut Connection) -> Result<(), AppendError> {
        query(
            "INSERT INTO outbox (message, interaction, connector, identity, state, attempts, next_at) \
             VALUES ($1, $2, $3, $4, 'waiting', 0, $5)",
        )
        .bind(&self.id)
        .bind(&self.interaction)
        .bind(&self.connector)
        .bind(&self.identity)
        .bind(self.at)
        .execute(on)
        .await
        .map_err(|error| unique(error, Duplicate::Message))?;
        Ok(())
    }
}

impl Listed {
    pub(super) fn of(one: &Interaction, last_message: Option<String>) -> Result<Self, LogError> {
        let newest = one.activities.last();
        let owner = one.activities.iter().rev().find_map(|activity| activity.owner);
        let phase = serde_json::to_value(one.phase).ok();
        let phase = phase.as_ref().and_then(|phase| phase.as_str()).ok_or(LogError::Unreadable("phase"))?;
        Ok(Self {
            id: one.id.to_string(),
            channel: one.channel.key(),
            connector: one.connector.to_string(),
            identity: one.identity.to_string(),
            phase: phase.to_owned(),
            queue: newest.map(|activity| activity.queue.id.to_string()),
            owner: owner.map(|user| user.to_string()),
            entered_at: one.entered_at.0,
            ended_at: one.ended_at.map(|at| at.0),
            last_message,
        })
    }

    pub(super) async fn write(&self, on: &mut Connection) -> Result<(), AppendError> {
        query(
            "INSERT INTO interactions (id, channel, connector, identity, phase, queue, owner, entered_at, ended_at, \
             last_message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET \
             phase = excluded.phase, queue = excluded.queue, owner = excluded.owner, ended_at = excluded.ended_at, \
             last_message = coalesce(excluded.last_message, interactions.last_message)",
        )
        .bind(&self.id)
        .bind(self.channel)
        .bind(&self.connector)
        .bind(&self.identity)
        .bind(&self.phase)
        .bind(&self.queue)
        .bind(&self.owner)
        .bind(self.entered_at)
        .bind(self.ended_at)
        .bind(&self.last_message)
        .execute(on)
        .await
        .map_err(failed)?;
        Ok(())
    }
}
