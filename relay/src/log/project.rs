//! What the events of an append come to in the tables that the relay reads by key; can be made anew from the events.

use super::append::{Append, AppendError, Duplicate, State};
use super::db::{Connection, query};
use super::project_rows::{Listed, MessageRow};
use super::rows::{failed, unique};
use super::{LogError, MediaRow, amend, drafts, keys, media};
use shared::agent::AgentChange;
use shared::event::{Change, Event, Stream};
use shared::interaction::{Amendment, Delivery, Interaction, InteractionChange};
use shared::time::Timestamp;

/// One row that follows from an event.
pub(super) enum Projection {
    /// A message of a customer.
    Came { row: MessageRow, kind: String, external_id: Option<String>, sent_at: i64 },
    /// A message to a customer that was not sent by us.
    Elsewhere { row: MessageRow, kind: String, external_id: Option<String>, delivery: String },
    /// A message that the system wrote by itself, before there was a chat.
    Greeted { row: MessageRow, external_id: Option<String>, delivery: String },
    /// A message to a customer, with its place in the outbox.
    Goes { row: MessageRow, delivery: String },
    /// A file of a message.
    File { row: MediaRow, interaction: String, connector: String, at: i64 },
    /// A message climbed.
    Climbed {
        message: String,
        delivery: String,
        external_id: Option<String>,
        began_at: Option<i64>,
        pricing: Option<String>,
    },
    /// Something happened to a message.
    Amended { message: String, amendment: Amendment, at: Timestamp, now: Timestamp },
    /// A customer cannot be written to.
    Left { identity: String },
    /// An interaction began for a customer.
    Began { connector: String, identity: String, interaction: String },
    /// An interaction ended.
    Ended { connector: String, identity: String, interaction: String },
    /// An agent is done with an interaction: what they had written in it and not sent goes with it.
    Released { user: String, interaction: String },
    /// The row of an interaction for lists.
    Listed(Box<Listed>),
}

impl Projection {
    /// The rows that follow from an append.
    pub(super) fn of(append: &Append) -> Result<Vec<Self>, LogError> {
        let mut all: Vec<Self> = append.events.iter().filter_map(Self::released).collect();
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
                    | InteractionChange::SentElsewhere { message, .. }
                    | InteractionChange::SentAutomatically { message, .. }
                    | InteractionChange::AgentWrote { message, .. } = change
                    {
                        last_message = Some(message.to_string());
                    }
                    all.extend(Self::event(append, one, event, change)?);
                    if let InteractionChange::CustomerWrote { .. } | InteractionChange::SentElsewhere { .. } =
                        change
                    {
                        all.extend(append.beside.media.iter().map(|row| Self::File {
                            row: row.clone(),
                            interaction: one.id.to_string(),
                            connector: one.connector.to_string(),
                            at: event.at.0,
                        }));
                    }
                }
                if listed {
                    all.push(Self::Listed(Box::new(Listed::of(one, last_message)?)));
                }
            }
        }
        Ok(all)
    }

    /// What follows from an agent who is done with an interaction.
    fn released(event: &Event) -> Option<Self> {
        match (event.stream, &event.change) {
            (Stream::Agent(user), Change::Agent(AgentChange::Released { interaction, .. })) => {
                Some(Self::Released { user: user.to_string(), interaction: interaction.to_string() })
            }
            _ => None,
        }
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
            InteractionChange::CustomerWrote { message, kind, sent_at, .. } => Some(Self::Came {
                row: MessageRow::of(one, event, message.to_string()),
                kind: keys::word(kind, "message kind")?,
                external_id: append.beside.external_id.clone(),
                sent_at: sent_at.0,
            }),
            InteractionChange::AgentWrote { message, .. } => Some(Self::Goes {
                row: MessageRow::of(one, event, message.to_string()),
                delivery: keys::json(&Delivery::Queued, "delivery")?,
            }),
            InteractionChange::SentElsewhere { message, kind, .. } => Some(Self::Elsewhere {
                row: MessageRow::of(one, event, message.to_string()),
                kind: keys::word(kind, "message kind")?,
                external_id: append.beside.external_id.clone(),
                delivery: keys::json(&Delivery::Sent, "delivery")?,
            }),
            InteractionChange::SentAutomatically { message, delivery, external_id, .. } => {
                Some(Self::Greeted {
                    row: MessageRow::of(one, event, message.to_string()),
                    external_id: external_id.clone(),
                    delivery: keys::json(delivery, "delivery")?,
                })
            }
            InteractionChange::DeliveryChanged { message, delivery, external_id, pricing } => {
                Some(Self::Climbed {
                    message: message.to_string(),
                    delivery: keys::json(delivery, "delivery")?,
                    external_id: external_id.clone(),
                    began_at: (*delivery == Delivery::Sending).then_some(event.at.0),
                    pricing: pricing.as_ref().map(|one| keys::json(one, "pricing")).transpose()?,
                })
            }
            InteractionChange::Amended { message, amendment, at } => Some(Self::Amended {
                message: message.to_string(),
                amendment: amendment.clone(),
                at: *at,
                now: event.at,
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
    pub(super) async fn write(&self, on: &mut Connection) -> Result<(), AppendError> {
        match self {
            Self::Came { row, kind, external_id, sent_at } => {
                row.insert(on, "in", kind, external_id.as_deref(), None).await?;
                came(on, &row.identity, *sent_at).await
            }
            Self::Elsewhere { row, kind, external_id, delivery } => {
                row.insert(on, "out", kind, external_id.as_deref(), Some(delivery)).await
            }
            Self::Greeted { row, external_id, delivery } => {
                row.insert(on, "out", "text", external_id.as_deref(), Some(delivery)).await?;
                row.greeted(on).await
            }
            Self::File { row, interaction, connector, at } => {
                media::insert(on, row, interaction, connector, *at).await
            }
            Self::Amended { message, amendment, at, now } => {
                amend::amend(on, message, amendment, *at, *now).await
            }
            Self::Goes { row, delivery } => {
                row.insert(on, "out", "text", None, Some(delivery)).await?;
                row.send(on).await
            }
            Self::Climbed { message, delivery, external_id, began_at, pricing } => {
                let brought = (external_id.as_deref(), pricing.as_deref());
                climbed(on, message, delivery, brought, *began_at).await
            }
            Self::Left { identity } => {
                let sql = "UPDATE identities SET subscribed = 0 WHERE id = $1";
                query(sql).bind(identity).execute(on).await.map_err(failed)?;
                Ok(())
            }
            Self::Began { connector, identity, interaction } => {
                query("INSERT INTO live_identities (connector, identity, interaction) VALUES ($1, $2, $3)")
                    .bind(connector)
                    .bind(identity)
                    .bind(interaction)
                    .execute(on)
                    .await
                    .map_err(|error| unique(error, Duplicate::LiveIdentity))?;
                Ok(())
            }
            Self::Ended { connector, identity, interaction } => {
                query(
                    "DELETE FROM live_identities WHERE connector = $1 AND identity = $2 AND interaction = $3",
                )
                .bind(connector)
                .bind(identity)
                .bind(interaction)
                .execute(on)
                .await
                .map_err(failed)?;
                Ok(())
            }
            Self::Released { user, interaction } => {
                drafts::remove(on, user, interaction).await.map_err(failed)
            }
            Self::Listed(listed) => listed.write(on).await,
        }
    }
}

/// A customer wrote: whoever writes can be written to.
async fn came(on: &mut Connection, identity: &str, sent_at: i64) -> Result<(), AppendError> {
    query(
        "UPDATE identities SET subscribed = 1, \
         last_customer_at = CASE WHEN last_customer_at > $1 THEN last_customer_at ELSE $1 END WHERE id = $2",
    )
    .bind(sent_at)
    .bind(identity)
    .execute(on)
    .await
    .map_err(failed)?;
    Ok(())
}

async fn climbed(
    on: &mut Connection,
    message: &str,
    delivery: &str,
    (external_id, pricing): (Option<&str>, Option<&str>),
    began_at: Option<i64>,
) -> Result<(), AppendError> {
    query(
        "UPDATE messages SET delivery = $1, external_id = coalesce($2, external_id), \
         began_at = coalesce($3, began_at), pricing = coalesce($4, pricing) WHERE id = $5",
    )
    .bind(delivery)
    .bind(external_id)
    .bind(began_at)
    .bind(pricing)
    .bind(message)
    .execute(on)
    .await
    .map_err(|error| unique(error, Duplicate::ExternalId))?;
    Ok(())
}
