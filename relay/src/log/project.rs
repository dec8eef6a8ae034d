//! What the events of an append come to in the tables that the relay reads by key; can be made anew from the events.

use super::append::{Append, AppendError, Duplicate, State};
use super::rows::{failed, is_unique, unique};
use super::{LogError, keys};
use shared::event::{Change, Event, Stream};
use shared::interaction::{Delivery, Interaction, InteractionChange, MessageKind};
use sqlx::sqlite::SqliteConnection;

/// One row that follows from an event.
pub(super) enum Projection {
    /// A message of a customer.
    Came { row: MessageRow, kind: &'static str, external_id: Option<String>, sent_at: i64 },
    /// A message to a customer, with its place in the outbox.
    Goes { row: MessageRow, delivery: String },
    /// A message climbed.
    Climbed { message: String, delivery: String, external_id: Option<String>, began_at: Option<i64> },
    /// A customer cannot be written to.
    Left { identity: String },
    /// An interaction began for a customer.
    Began { connector: String, identity: String, interaction: String },
    /// An interaction ended.
    Ended { connector: String, identity: String, interaction: String },
    /// The row of an interaction for lists.
    Listed(Box<Listed>),
}

/// What both kinds of message have.
pub(super) struct MessageRow {
    id: String,
    interaction: String,
    seq: i64,
    connector: String,
    identity: String,
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

impl Projection {
    /// The rows that follow from an append.
    pub(super) fn of(append: &Append) -> Result<Vec<Self>, LogError> {
        let mut all = Vec::new();
        for state in &append.states {
            if let State::Interaction(one) = &state.state {
                let mut last_message = None;
                let mut listed = false;
                let changes =
                    append.events.iter().filter(|event| event.stream == Stream::Interaction(one.id));
                for event in changes {
                    let Change::Interaction(change) = &event.change else { continue };
                    listed |= change.is_visible();
                    if let InteractionChange::CustomerWrote { message, .. }
                    | InteractionChange::AgentWrote { message, .. } = change
                    {
                        last_message = Some(message.to_string());
                    }
                    all.extend(Self::event(append, one, event, change)?);
                }
                if listed {
                    all.push(Self::Listed(Box::new(Listed::of(one, last_message)?)));
                }
            }
        }
        Ok(all)
    }

    /// What follows from one event of an interaction.
    fn event(
        append: &Append,
        one: &Interaction,
        event: &Event,
        change: &InteractionChange,
    ) -> Result<Option<Self>, LogError> {
        let key = || (one.connector.to_string(), one.identity.to_string(), one.id.to_string());
        Ok(match change {
            InteractionChange::Began { .. } => {
                let (connector, identity, interaction) = key();
                Some(Self::Began { connector, identity, interaction })
            }
            InteractionChange::CustomerWrote { message, kind, sent_at } => Some(Self::Came {
                row: MessageRow::of(one, event, message.to_string()),
                kind: match kind {
                    MessageKind::Text => "text",
                    MessageKind::Unsupported => "unsupported",
                },
                external_id: append.beside.external_id.clone(),
                sent_at: sent_at.0,
            }),
            InteractionChange::AgentWrote { message, .. } => Some(Self::Goes {
                row: MessageRow::of(one, event, message.to_string()),
                delivery: keys::json(&Delivery::Queued, "delivery")?,
            }),
            InteractionChange::DeliveryChanged { message, delivery, external_id } => Some(Self::Climbed {
                message: message.to_string(),
                delivery: keys::json(delivery, "delivery")?,
                external_id: external_id.clone(),
                began_at: (*delivery == Delivery::Sending).then_some(event.at.0),
            }),
            InteractionChange::CustomerLeft => Some(Self::Left { identity: one.identity.to_string() }),
            InteractionChange::Missed { .. }
            | InteractionChange::SentOnce { .. }
            | InteractionChange::Closed { .. }
                if !one.is_live() =>
            {
                let (connector, identity, interaction) = key();
                Some(Self::Ended { connector, identity, interaction })
            }
            _ => None,
        })
    }

    /// Writes the row.
    pub(super) async fn write(&self, on: &mut SqliteConnection) -> Result<(), AppendError> {
        match self {
            Self::Came { row, kind, external_id, sent_at } => {
                row.insert(on, "in", kind, external_id.as_deref(), None).await?;
                came(on, &row.identity, *sent_at).await
            }
            Self::Goes { row, delivery } => {
                row.insert(on, "out", "text", None, Some(delivery)).await?;
                row.send(on).await
            }
            Self::Climbed { message, delivery, external_id, began_at } => {
                climbed(on, message, delivery, external_id.as_deref(), *began_at).await
            }
            Self::Left { identity } => {
                let sql = "UPDATE identities SET subscribed = 0 WHERE id = ?";
                sqlx::query(sql).bind(identity).execute(on).await.map_err(failed)?;
                Ok(())
            }
            Self::Began { connector, identity, interaction } => {
                sqlx::query(
                    "INSERT INTO live_identities (connector, identity, interaction) VALUES (?, ?, ?)",
                )
                .bind(connector)
                .bind(identity)
                .bind(interaction)
                .execute(on)
                .await
                .map_err(|error| unique(error, Duplicate::LiveIdentity))?;
                Ok(())
            }
            Self::Ended { connector, identity, interaction } => {
                sqlx::query(
                    "DELETE FROM live_identities WHERE connector = ? AND identity = ? AND interaction = ?",
                )
                .bind(connector)
                .bind(identity)
                .bind(interaction)
                .execute(on)
                .await
                .map_err(failed)?;
                Ok(())
            }
            Self::Listed(listed) => listed.write(on).await,
        }
    }
}

/// A customer wrote: whoever writes can be written to.
async fn came(on: &mut SqliteConnection, identity: &str, sent_at: i64) -> Result<(), AppendError> {
    sqlx::query(
        "UPDATE identities SET subscribed = 1, last_customer_at = max(coalesce(last_customer_at, ?), ?) \
         WHERE id = ?",
    )
    .bind(sent_at)
    .bind(sent_at)
    .bind(identity)
    .execute(on)
    .await
    .map_err(failed)?;
    Ok(())
}

async fn climbed(
    on: &mut SqliteConnection,
    message: &str,
    delivery: &str,
    external_id: Option<&str>,
    began_at: Option<i64>,
) -> Result<(), AppendError> {
    sqlx::query(
        "UPDATE messages SET delivery = ?, external_id = coalesce(?, external_id), \
         began_at = coalesce(?, began_at) WHERE id = ?",
    )
    .bind(delivery)
    .bind(external_id)
    .bind(began_at)
    .bind(message)
    .execute(on)
    .await
    .map_err(|error| unique(error, Duplicate::ExternalId))?;
    Ok(())
}

impl MessageRow {
    fn of(one: &Interaction, event: &Event, id: String) -> Self {
        Self {
            id,
            interaction: one.id.to_string(),
            seq: keys::int(event.seq.unwrap_or_default()),
            connector: one.connector.to_string(),
            identity: one.identity.to_string(),
            at: event.at.0,
        }
    }

    async fn insert(
        &self,
        on: &mut SqliteConnection,
        direction: &str,
        kind: &str,
        external_id: Option<&str>,
        delivery: Option<&str>,
    ) -> Result<(), AppendError> {
        sqlx::query(
            "INSERT INTO messages (id, interaction, seq, connector, identity, direction, kind, external_id, \
             delivery, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            let external = error.as_database_error().is_some_and(|e| e.message().contains("external_id"));
            match (is_unique(&error), external) {
                (true, true) => AppendError::Duplicate(Duplicate::ExternalId),
                (true, false) => AppendError::Duplicate(Duplicate::Message),
                (false, _) => failed(error),
            }
        })?;
        Ok(())
    }

    /// Puts it into the outbox.
    async fn send(&self, on: &mut SqliteConnection) -> Result<(), AppendError> {
        sqlx::query(
            "INSERT INTO outbox (message, interaction, connector, identity, state, attempts, next_at) \
             VALUES (?, ?, ?, ?, 'waiting', 0, ?)",
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
    fn of(one: &Interaction, last_message: Option<String>) -> Result<Self, LogError> {
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

    async fn write(&self, on: &mut SqliteConnection) -> Result<(), AppendError> {
        sqlx::query(
            "INSERT INTO interactions (id, channel, connector, identity, phase, queue, owner, entered_at, ended_at, \
             last_message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET \
             phase = excluded.phase, queue = excluded.queue, owner = excluded.owner, ended_at = excluded.ended_at, \
             last_message = coalesce(excluded.last_message, last_message)",
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
