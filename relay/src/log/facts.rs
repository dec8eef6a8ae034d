//! Single facts that a decision or its repetition asks for by key; never a list and never a word of what was said.

use super::db::{query, query_scalar};
use super::{Log, LogError, keys};
use shared::command::{IdentityFacts, OutgoingFacts};
use shared::id::{CommandId, ConnectorId, IdentityId, InteractionId, MessageId};
use shared::interaction::{Delivery, MessageFacts};
use shared::time::Timestamp;
use shared::wire::Outcome;

/// The answer of a command as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// SHA-256 of who wished what, in hexadecimal.
    pub digest: String,
    /// The answer.
    pub outcome: Outcome,
}

impl Log {
    /// What is known of a customer.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn identity_facts(&self, id: IdentityId) -> Result<Option<IdentityFacts>, LogError> {
        let row = query("SELECT connector, last_customer_at, subscribed FROM identities WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.by_key())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(IdentityFacts {
            id,
            connector: keys::id(&row.text(0)?, "connector id")?,
            last_customer_at: row.try_get::<Option<i64>>(1)?.map(Timestamp),
            subscribed: row.try_get(2)?,
        }))
    }

    /// What is known of an outgoing message, with whoever of ours wrote it; none for one that is not there or came from a
    /// customer.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn message_facts(&self, id: MessageId) -> Result<Option<MessageFacts>, LogError> {
        let row = query(
            "SELECT delivery, pricing IS NOT NULL, wrote.actor FROM messages LEFT JOIN events AS wrote \
             ON wrote.stream = 'interaction:' || messages.interaction AND wrote.seq = messages.seq \
             WHERE messages.id = $1",
        )
        .bind(id.to_string())
        .fetch_optional(self.by_key())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(delivery) = row.try_get::<Option<String>>(0)? else { return Ok(None) };
        let delivery: Delivery = keys::parse(&delivery, "delivery")?;
        let author = super::outbox::person(row.try_get(2)?)?;
        Ok(Some(MessageFacts { priced: row.try_get(1)?, author, ..MessageFacts::new(id, delivery) }))
    }

    /// What a person needs to know of an outgoing message to take care of it; none for one that is not there.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn outgoing_facts(&self, id: MessageId) -> Result<Option<OutgoingFacts>, LogError> {
        let row = query(
            "SELECT messages.interaction, messages.delivery, words.body, rich.body FROM messages \
             LEFT JOIN contents AS words ON words.owner = $1 \
             LEFT JOIN contents AS rich ON rich.owner = $2 WHERE messages.id = $3 AND messages.direction = 'out'",
        )
        .bind(keys::message(id))
        .bind(keys::outgoing(id))
        .bind(id.to_string())
        .fetch_optional(self.by_key())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let delivery = keys::parse(&row.text(1)?, "delivery")?;
        Ok(Some(OutgoingFacts {
            interaction: keys::id(&row.text(0)?, "interaction id")?,
            message: MessageFacts::new(id, delivery),
            content: super::outbox::said(row.try_get(2)?, row.try_get(3)?)?,
        }))
    }

    /// Whether a connector's message with this provider's id is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn knows(&self, connector: ConnectorId, external_id: &str) -> Result<bool, LogError> {
        let found: Option<i64> =
            query_scalar("SELECT 1 FROM messages WHERE connector = $1 AND external_id = $2")
                .bind(connector.to_string())
                .bind(external_id)
                .fetch_optional(self.by_key())
                .await?;
        Ok(found.is_some())
    }

    /// The stored answer of a command that was done or refused.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn answered(&self, id: CommandId) -> Result<Option<Answered>, LogError> {
        let row = query("SELECT digest, outcome FROM commands WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.by_key())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let outcome = keys::parse(&row.text(1)?, "answer")?;
        Ok(Some(Answered { digest: row.try_get(0)?, outcome }))
    }

    /// Messages whose provider call began and was never heard of again, oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn left_sending(&self) -> Result<Vec<(InteractionId, MessageFacts)>, LogError> {
        let rows = query(
            "SELECT outbox.interaction, outbox.message, messages.delivery FROM outbox \
             JOIN messages ON messages.id = outbox.message WHERE outbox.state = 'sending' ORDER BY outbox.place",
        )
        .fetch_all(self.readers())
        .await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let interaction = keys::id(&row.text(0)?, "interaction id")?;
            let id = keys::id(&row.text(1)?, "message id")?;
            let delivery = keys::parse(&row.text(2)?, "delivery")?;
            all.push((interaction, MessageFacts::new(id, delivery)));
        }
        Ok(all)
    }
}
