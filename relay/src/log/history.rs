//! The visible history of an interaction, a page at a time, words beside facts; erased words stay away.

use super::db::{Snapshot, query, query_scalar};
use super::fill::fill;
use super::identities::StoredName;
use super::{Log, LogError, keys};
use shared::event::{Change, Stream};
use shared::id::{IdentityId, InteractionId, MessageId};
use shared::interaction::{Interaction, InteractionChange};
use shared::thread::{Body, Content, Entry};
use shared::time::Timestamp;
use shared::wire::{Customer, HistoryPage, InteractionSnapshot};

impl Log {
    /// The page of history that ends before `before`, oldest line first; the newest page without it.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn history(
        &self,
        id: InteractionId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<HistoryPage, LogError> {
        let mut reader = self.readers().begin().await?;
        let entries = page(&mut reader, id, before, limit).await?;
        let before = entries.first().map(|entry| entry.seq).filter(|first| *first > 1);
        Ok(HistoryPage { entries, before })
    }

    /// An interaction in full with the newest page of its history, all as of one instant. Which chat its customer had
    /// before depends on who asks: [`Self::earlier`].
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn snapshot(
        &self,
        id: InteractionId,
        limit: u32,
    ) -> Result<Option<InteractionSnapshot>, LogError> {
        let mut instant = self.readers().begin().await?;
        let state: Option<String> = query_scalar("SELECT state FROM streams WHERE stream = $1")
            .bind(keys::stream(Stream::Interaction(id)))
            .fetch_optional(&mut instant)
            .await?;
        let Some(state) = state else { return Ok(None) };
        let interaction: Interaction = keys::parse(&state, "interaction")?;
        let customer = customer(&mut instant, interaction.identity).await?;
        let entries = page(&mut instant, id, None, limit).await?;
        Ok(Some(InteractionSnapshot { interaction, customer, entries, earlier: None }))
    }

    /// The name and the last words of the customer, for interactions that ring or wait.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn last_words(
        &self,
        id: InteractionId,
        identity: IdentityId,
    ) -> Result<(Customer, Option<(MessageId, String)>), LogError> {
        let mut reader = self.readers().begin().await?;
        let customer = customer(&mut reader, identity).await?;
        let row = query(
            "SELECT messages.id, contents.body, messages.kind FROM messages \
             LEFT JOIN contents ON contents.owner = 'message:' || messages.id \
             WHERE messages.interaction = $1 AND messages.direction = 'in' ORDER BY messages.seq DESC LIMIT 1",
        )
        .bind(id.to_string())
        .fetch_optional(&mut reader)
        .await?;
        let Some(row) = row else { return Ok((customer, None)) };
        let message = keys::id(&row.text(0)?, "message id")?;
        let text = keys::words(row.try_get(1)?, &row.text(2)?)?;
        Ok((customer, Some((message, text))))
    }
}

/// A customer's name and handle; one whose name was erased is known by nothing.
async fn customer(on: &mut Snapshot, identity: IdentityId) -> Result<Customer, LogError> {
    let body: Option<Option<String>> = query_scalar("SELECT body FROM contents WHERE owner = $1")
        .bind(keys::identity(identity))
        .fetch_optional(on)
        .await?;
    let Some(body) = body.flatten() else {
        return Ok(Customer { identity, name: None, handle: String::new(), avatar: None });
    };
    let StoredName { name, handle, avatar } = keys::parse(&body, "name")?;
    Ok(Customer { identity, name, handle, avatar })
}

/// The lines before `before`, oldest first, each message with its words and how far it has come.
async fn page(
    on: &mut Snapshot,
    id: InteractionId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Entry>, LogError> {
    let rows = query(
        "SELECT seq, at, actor, change FROM events WHERE stream = $1 AND seq IS NOT NULL AND seq < $2 \
         ORDER BY seq DESC LIMIT $3",
    )
    .bind(keys::stream(Stream::Interaction(id)))
    .bind(before.map_or(i64::MAX, keys::int))
    .bind(limit)
    .fetch_all(&mut *on)
    .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows.iter().rev() {
        let change = match keys::parse(&row.text(3)?, "change")? {
            Change::Interaction(change) => change,
            Change::Agent(_) | Change::Config(_) => return Err(LogError::Unreadable("change")),
        };
        let actor = keys::parse(&row.text(2)?, "actor")?;
        lines.push((keys::count(row.try_get(0)?), Timestamp(row.try_get(1)?), actor, change));
    }
    let entry = |(seq, at, actor, change): (u64, Timestamp, _, InteractionChange)| Entry {
        seq,
        at,
        actor,
        body: Body::of(&change, &[]),
    };
    let mut entries: Vec<Entry> = lines.into_iter().map(entry).collect();
    fill(on, &mut entries).await?;
    Ok(entries)
}

/// The words of a customer as content beside an event.
#[must_use]
pub fn named(customer: &Customer) -> Content {
    Content::Name {
        identity: customer.identity,
        name: customer.name.clone(),
        handle: customer.handle.clone(),
        avatar: customer.avatar,
    }
}
