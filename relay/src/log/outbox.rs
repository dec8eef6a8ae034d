//! Provider calls to make: which is next in each chat, and what it needs; the steps themselves are written with events.

use super::db::{Row, query, query_scalar, with_list};
use super::{Log, LogError, keys};
use shared::channel::Outgoing;
use shared::event::Actor;
use shared::id::{ConnectorId, IdentityId, InteractionId, MessageId, UserId};
use shared::interaction::MessageFacts;
use shared::time::Timestamp;

/// The oldest call of one chat that is not done, while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxHead {
    /// The message.
    pub message: MessageId,
    /// The chat; its later messages wait behind this one.
    pub interaction: InteractionId,
    /// The account.
    pub connector: ConnectorId,
    /// The customer.
    pub identity: IdentityId,
    /// Whether it is a file.
    pub media: bool,
    /// When to make the call.
    pub next_at: Timestamp,
}

/// Which heads are wanted, and how many at the most.
#[derive(Clone, Copy, Debug)]
pub enum Heads<'a> {
    /// Those of one account.
    Of(ConnectorId, u32),
    /// Those of all accounts but these.
    AllBut(&'a [ConnectorId], u32),
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
    /// What is said; none when it was erased.
    pub content: Option<Outgoing>,
    /// How far the message has come.
    pub message: MessageFacts,
    /// Whether a person wrote it; only then may it claim what is a person's to claim.
    pub by_person: bool,
    /// When it was written.
    pub written_at: Timestamp,
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
    pub async fn outbox_heads(&self, wanted: &Heads<'_>) -> Result<Vec<OutboxHead>, LogError> {
        let (named, among, limit) = match wanted {
            Heads::Of(one, limit) => (std::slice::from_ref(one), 1_i64, *limit),
            Heads::AllBut(all, limit) => (*all, 0, *limit),
        };
        let named: Vec<String> = named.iter().map(ToString::to_string).collect();
        let sql = with_list!(
            "SELECT message, interaction, connector, identity, next_at, contents.body FROM outbox AS head \
             LEFT JOIN contents ON contents.owner = 'outgoing:' || head.message \
             WHERE head.state <> 'done' AND head.state = 'waiting' AND CASE WHEN head.connector IN ",
            "$1",
            " THEN 1 ELSE 0 END = $2 AND NOT EXISTS \
             (SELECT 1 FROM outbox AS before WHERE before.state <> 'done' \
             AND before.interaction = head.interaction AND before.place < head.place) \
             ORDER BY next_at, place LIMIT $3"
        );
        let rows =
            query(sql).bind(named.as_slice()).bind(among).bind(limit).fetch_all(self.readers()).await?;
        let head = |row: &Row| {
            Ok::<_, LogError>(OutboxHead {
                message: keys::id(&row.text(0)?, "message id")?,
                interaction: keys::id(&row.text(1)?, "interaction id")?,
                connector: keys::id(&row.text(2)?, "connector id")?,
                identity: keys::id(&row.text(3)?, "identity id")?,
                next_at: Timestamp(row.try_get(4)?),
                media: rich(row.try_get(5)?)?.is_some_and(|content| content.is_media()),
            })
        };
        rows.iter().map(head).collect()
    }

    /// Lets a waiting call wait longer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn postpone(&self, message: MessageId, until: Timestamp) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                query("UPDATE outbox SET next_at = $1 WHERE message = $2 AND state = 'waiting'")
                    .bind(until.0)
                    .bind(message.to_string())
                    .execute(on)
                    .await
                    .map(drop)
            })
        })
        .await
    }

    /// How many messages beside this one went to a customer since an instant and did not fail, and when the first of
    /// them did.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sent_since(
        &self,
        identity: IdentityId,
        since: Timestamp,
        but: MessageId,
    ) -> Result<(u32, Option<Timestamp>), LogError> {
        let row = query(
            "SELECT count(*), min(began_at) FROM messages WHERE identity = $1 AND direction = 'out' \
             AND began_at > $2 AND id <> $3 AND delivery NOT LIKE '{\"failed\"%'",
        )
        .bind(identity.to_string())
        .bind(since.0)
        .bind(but.to_string())
        .fetch_one(self.readers())
        .await?;
        Ok((row.try_get(0)?, row.try_get::<Option<i64>>(1)?.map(Timestamp)))
    }

    /// A message to this customer whose provider call is under way at this moment.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn calling(&self, identity: IdentityId) -> Result<Option<MessageId>, LogError> {
        let sql =
            "SELECT message FROM outbox WHERE identity = $1 AND state = 'sending' ORDER BY place LIMIT 1";
        let found: Option<String> =
            query_scalar(sql).bind(identity.to_string()).fetch_optional(self.by_key()).await?;
        found.map(|id| keys::id(&id, "message id")).transpose()
    }

    /// What the call of a message needs; none once it is done.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn outbox_call(&self, id: MessageId) -> Result<Option<OutboxCall>, LogError> {
        let row = query(
            "SELECT outbox.interaction, outbox.connector, outbox.identity, identities.address, words.body, \
             messages.delivery, messages.began_at, outbox.attempts, messages.at, rich.body, wrote.actor FROM outbox \
             JOIN messages ON messages.id = outbox.message \
             LEFT JOIN events AS wrote \
             ON wrote.stream = 'interaction:' || messages.interaction AND wrote.seq = messages.seq \
             LEFT JOIN identities ON identities.id = outbox.identity \
             LEFT JOIN contents AS words ON words.owner = $1 \
             LEFT JOIN contents AS rich ON rich.owner = $2 \
             WHERE outbox.message = $3 AND outbox.state = 'waiting'",
        )
        .bind(keys::message(id))
        .bind(keys::outgoing(id))
        .bind(id.to_string())
        .fetch_optional(self.by_key())
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(OutboxCall {
            interaction: keys::id(&row.text(0)?, "interaction id")?,
            connector: keys::id(&row.text(1)?, "connector id")?,
            identity: keys::id(&row.text(2)?, "identity id")?,
            address: row.try_get(3)?,
            content: said(row.try_get(4)?, row.try_get(9)?)?,
            message: MessageFacts::new(id, keys::parse(&row.text(5)?, "delivery")?),
            began_at: row.try_get::<Option<i64>>(6)?.map(Timestamp),
            attempts: row.try_get(7)?,
            by_person: person(row.try_get(10)?)?.is_some(),
            written_at: Timestamp(row.try_get(8)?),
        }))
    }
}

/// Whoever of ours made it happen; none when no person did.
pub(super) fn person(actor: Option<String>) -> Result<Option<UserId>, LogError> {
    let actor: Option<Actor> = actor.map(|json| keys::parse(&json, "actor")).transpose()?;
    Ok(match actor {
        Some(Actor::User(user)) => Some(user),
        _ => None,
    })
}

/// What a message says: its rich form where it has one, else its words.
pub(super) fn said(words: Option<String>, body: Option<String>) -> Result<Option<Outgoing>, LogError> {
    Ok(rich(body)?.or(words.map(Outgoing::text)))
}

fn rich(body: Option<String>) -> Result<Option<Outgoing>, LogError> {
    body.map(|json| keys::parse(&json, "message")).transpose()
}
