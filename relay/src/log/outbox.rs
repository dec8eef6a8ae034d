//! Provider calls to make: which is next in each chat, and what it needs; the steps themselves are written with events.

use super::db::{Row, query, query_scalar};
use super::{Log, LogError, keys};
use shared::id::{ConnectorId, IdentityId, InteractionId, MessageId};
use shared::interaction::MessageFacts;
use shared::time::Timestamp;

/// The oldest call of one chat that is not done, while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxHead {
    /// The message.
    pub message: MessageId,
    /// The chat; its later messages wait behind this one.
    pub interaction: InteractionId,
    /// When to make the call.
    pub next_at: Timestamp,
}

/// Everything a call needs.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboxCall {
    /// The chat.
    pub interaction: InteractionId,
    /// The account.
    pub connector: ConnectorId,
    /// The customer.
    pub identity: IdentityId,
    /// The customer's id at the provider; none when the customer is gone.
    pub address: Option<String>,
    /// The words; none when they were erased.
    pub text: Option<String>,
    /// How far the message has come.
    pub message: MessageFacts,
    /// When the first call began.
    pub began_at: Option<Timestamp>,
    /// How many calls began.
    pub attempts: u32,
}

impl Log {
    /// The waiting head of every chat, those that are due first before the others.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn outbox_heads(&self, limit: u32) -> Result<Vec<OutboxHead>, LogError> {
        let rows = query(
            "SELECT message, interaction, next_at FROM outbox AS head \
             WHERE head.state <> 'done' AND head.state = 'waiting' AND NOT EXISTS \
             (SELECT 1 FROM outbox AS before WHERE before.state <> 'done' \
             AND before.interaction = head.interaction AND before.place < head.place) \
             ORDER BY next_at, place LIMIT $1",
        )
        .bind(limit)
        .fetch_all(self.readers())
        .await?;
        let head = |row: &Row| {
            Ok::<_, LogError>(OutboxHead {
                message: keys::id(&row.text(0)?, "message id")?,
                interaction: keys::id(&row.text(1)?, "interaction id")?,
                next_at: Timestamp(row.try_get(2)?),
            })
        };
        rows.iter().map(head).collect()
    }

    /// A message to this customer whose provider call is under way at this moment.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn calling(&self, identity: IdentityId) -> Result<Option<MessageId>, LogError> {
        let sql =
            "SELECT message FROM outbox WHERE identity = $1 AND state = 'sending' ORDER BY place LIMIT 1";
        let found: Option<String> =
            query_scalar(sql).bind(identity.to_string()).fetch_optional(self.readers()).await?;
        found.map(|id| keys::id(&id, "message id")).transpose()
    }

    /// What the call of a message needs; none once it is done.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn outbox_call(&self, id: MessageId) -> Result<Option<OutboxCall>, LogError> {
        let row = query(
            "SELECT outbox.interaction, outbox.connector, outbox.identity, identities.address, contents.body, \
             messages.delivery, messages.began_at, outbox.attempts FROM outbox \
             JOIN messages ON messages.id = outbox.message \
             LEFT JOIN identities ON identities.id = outbox.identity \
             LEFT JOIN contents ON contents.owner = $1 \
             WHERE outbox.message = $2 AND outbox.state = 'waiting'",
        )
        .bind(keys::message(id))
        .bind(id.to_string())
        .fetch_optional(self.readers())
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(OutboxCall {
            interaction: keys::id(&row.text(0)?, "interaction id")?,
            connector: keys::id(&row.text(1)?, "connector id")?,
            identity: keys::id(&row.text(2)?, "identity id")?,
            address: row.try_get(3)?,
            text: row.try_get(4)?,
            message: MessageFacts { id, delivery: keys::parse(&row.text(5)?, "delivery")?, priced: false },
            began_at: row.try_get::<Option<i64>>(6)?.map(Timestamp),
            attempts: row.try_get(7)?,
        }))
    }
}
