//! Messages by the provider's id, by ours, and by when they were sent; never their words.

use super::db::{Row, query};
use super::{Log, LogError, keys};
use shared::id::{ConnectorId, IdentityId, InteractionId, MessageId};
use shared::interaction::{Delivery, MessageFacts};
use shared::time::Timestamp;
use std::borrow::Cow;

/// A message that a receipt is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// Its chat.
    pub interaction: InteractionId,
    /// What is known of it; none for a customer's, of which nothing can become.
    pub message: Option<MessageFacts>,
    /// Whether the provider's id is known.
    pub named: bool,
    /// Whether its provider call is under way at this moment.
    pub calling: bool,
}

impl Log {
    /// The message that has this id at the provider.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn message_by_external(
        &self,
        connector: ConnectorId,
        external_id: &str,
    ) -> Result<Option<Addressed>, LogError> {
        let row = query(
            "SELECT messages.id, messages.interaction, delivery, external_id IS NOT NULL, \
             outbox.state = 'sending', pricing IS NOT NULL FROM messages LEFT JOIN outbox ON outbox.message = messages.id \
             WHERE messages.connector = $1 AND external_id = $2",
        )
        .bind(connector.to_string())
        .bind(external_id)
        .fetch_optional(self.by_key())
        .await?;
        row.as_ref().map(addressed).transpose()
    }

    /// A message of ours on this connector.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn message_by_id(
        &self,
        connector: ConnectorId,
        id: MessageId,
    ) -> Result<Option<Addressed>, LogError> {
        let row = query(
            "SELECT messages.id, messages.interaction, delivery, external_id IS NOT NULL, \
             outbox.state = 'sending', pricing IS NOT NULL FROM messages LEFT JOIN outbox ON outbox.message = messages.id \
             WHERE messages.id = $1 AND messages.connector = $2 AND direction = 'out'",
        )
        .bind(id.to_string())
        .bind(connector.to_string())
        .fetch_optional(self.by_key())
        .await?;
        row.as_ref().map(addressed).transpose()
    }

    /// The messages to a customer whose call began up to an instant and that the provider may still tell something
    /// of, oldest first. Of one whose answer was lost a watermark proves nothing, so it is not among them.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn messages_until(
        &self,
        identity: IdentityId,
        until: Timestamp,
    ) -> Result<Vec<Addressed>, LogError> {
        let rows = query(
            "SELECT messages.id, messages.interaction, delivery, external_id IS NOT NULL, \
             outbox.state = 'sending', pricing IS NOT NULL FROM messages LEFT JOIN outbox ON outbox.message = messages.id \
             WHERE messages.identity = $1 AND direction = 'out' AND began_at <= $2 \
             AND (delivery IN ($3, $4) OR outbox.state = 'sending') ORDER BY at, seq",
        )
        .bind(identity.to_string())
        .bind(until.0)
        .bind(keys::json(&Delivery::Sent, "delivery")?)
        .bind(keys::json(&Delivery::Delivered, "delivery")?)
        .fetch_all(self.readers())
        .await?;
        rows.iter().map(addressed).collect()
    }
}

fn addressed(row: &Row) -> Result<Addressed, LogError> {
    let id = keys::id(&row.text(0)?, "message id")?;
    let delivery: Option<Cow<'_, str>> = row.try_get(2)?;
    let delivery: Option<Delivery> = delivery.map(|text| keys::parse(&text, "delivery")).transpose()?;
    let priced = row.try_get(5)?;
    Ok(Addressed {
        interaction: keys::id(&row.text(1)?, "interaction id")?,
        message: delivery.map(|delivery| MessageFacts { priced, ..MessageFacts::new(id, delivery) }),
        named: row.try_get(3)?,
        calling: row.try_get::<Option<bool>>(4)?.unwrap_or_default(),
    })
}
