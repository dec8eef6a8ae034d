//! Events with the words that belong to them: what a desk is sent when they happen and when it resumes; erased words stay away.

use super::db::{query, with_list};
use super::identities::StoredName;
use super::{Log, LogError, keys};
use shared::agent::{AgentChange, Undelivered};
use shared::event::{Change, Event, Stream};
use shared::id::{IdentityId, InteractionId, MessageId};
use shared::interaction::{Amendment, InteractionChange};
use shared::thread::Content;
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// An event as desks get it.
#[derive(Clone, PartialEq, Eq)]
pub struct Published {
    /// What happened.
    pub event: Event,
    /// The words that belong to it.
    pub content: Vec<Content>,
}

/// The place of an event and how many words came with it, but none of them.
impl std::fmt::Debug for Published {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Published")
            .field("stream", &self.event.stream)
            .field("version", &self.event.version)
            .field("content", &self.content.len())
            .finish_non_exhaustive()
    }
}

/// Words an event asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Words {
    Text(MessageId),
    Cards(MessageId),
    Name(IdentityId),
    Newest(InteractionId),
}

impl Log {
    /// The events of a stream after a version, oldest first, with their words.
    ///
    /// # Errors
    /// When the database fails or holds an event that cannot be read.
    pub async fn events_after(
        &self,
        stream: Stream,
        version: u64,
        limit: u32,
    ) -> Result<Vec<Published>, LogError> {
        let rows = query(
            "SELECT version, seq, at, actor, change FROM events WHERE stream = $1 AND version > $2 \
             ORDER BY version LIMIT $3",
        )
        .bind(keys::stream(stream))
        .bind(keys::int(version))
        .bind(limit)
        .fetch_all(self.by_key())
        .await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            events.push(Event {
                stream,
                version: keys::count(row.try_get(0)?),
                seq: row.try_get::<Option<i64>>(1)?.map(keys::count),
                at: Timestamp(row.try_get(2)?),
                actor: keys::parse(&row.text(3)?, "actor")?,
                change: keys::parse(&row.text(4)?, "change")?,
            });
        }
        self.with_words(events, &[]).await
    }

    /// Puts words beside events: from `own` where it has them, else from storage.
    pub(crate) async fn with_words(
        &self,
        events: Vec<Event>,
        own: &[Content],
    ) -> Result<Vec<Published>, LogError> {
        let mut found: BTreeMap<Words, Content> =
            own.iter().map(|content| (Words::of(content), content.clone())).collect();
        let missing: BTreeSet<Words> =
            events.iter().flat_map(Words::asked).filter(|words| !found.contains_key(words)).collect();
        self.owned(&missing, &mut found).await?;
        self.newest(&missing, &mut found).await?;
        let publish = |event: Event| {
            let content = Words::asked(&event).iter().filter_map(|words| found.get(words).cloned()).collect();
            Published { event, content }
        };
        Ok(events.into_iter().map(publish).collect())
    }

    /// How these customers are called; nothing of those whose names were erased.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn names(&self, of: impl Iterator<Item = IdentityId>) -> Result<Vec<Content>, LogError> {
        let mut found = BTreeMap::new();
        self.owned(&of.map(Words::Name).collect(), &mut found).await?;
        Ok(found.into_values().collect())
    }

    /// Reads texts and names by their owner.
    async fn owned(
        &self,
        missing: &BTreeSet<Words>,
        found: &mut BTreeMap<Words, Content>,
    ) -> Result<(), LogError> {
        let owners: BTreeMap<String, Words> =
            missing.iter().filter_map(|words| Some((words.owner()?, *words))).collect();
        if owners.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = owners.keys().cloned().collect();
        let rows = query(with_list!(
            "SELECT owner, body FROM contents WHERE body IS NOT NULL AND owner IN ",
            "$1",
            ""
        ))
        .bind(names.as_slice())
        .fetch_all(self.by_key())
        .await?;
        for row in rows {
            let body: String = row.try_get(1)?;
            let content = match owners.get(row.text(0)?.as_ref()) {
                Some(Words::Text(message)) => Content::Text { message: *message, text: body },
                Some(Words::Cards(message)) => keys::cards(*message, &body)?,
                Some(Words::Name(identity)) => {
                    let StoredName { name, handle, avatar } = keys::parse(&body, "name")?;
                    Content::Name { identity: *identity, name, handle, avatar }
                }
                Some(Words::Newest(_)) | None => continue,
            };
            found.insert(Words::of(&content), content);
        }
        Ok(())
    }

    /// Reads the customer's last text of interactions, for offer cards.
    async fn newest(
        &self,
        missing: &BTreeSet<Words>,
        found: &mut BTreeMap<Words, Content>,
    ) -> Result<(), LogError> {
        let of = |words: &Words| match words {
            Words::Newest(id) => Some(id.to_string()),
            Words::Text(_) | Words::Cards(_) | Words::Name(_) => None,
        };
        let interactions: Vec<String> = missing.iter().filter_map(of).collect();
        if interactions.is_empty() {
            return Ok(());
        }
        let rows = query(with_list!(
            "SELECT asked.value, messages.id, contents.body, messages.kind FROM ",
            "$1",
            " AS asked JOIN messages ON messages.id = (SELECT newest.id FROM messages AS newest \
             WHERE newest.interaction = asked.value AND newest.direction = 'in' ORDER BY newest.seq DESC LIMIT 1) \
             LEFT JOIN contents ON contents.owner = 'message:' || messages.id"
        ))
        .bind(interactions.as_slice())
        .fetch_all(self.by_key())
        .await?;
        for row in rows {
            let interaction = keys::id(&row.text(0)?, "interaction id")?;
            let message = keys::id(&row.text(1)?, "message id")?;
            let text = keys::words(row.try_get(2)?, &row.text(3)?)?;
            found.insert(Words::Newest(interaction), Content::Text { message, text });
        }
        Ok(())
    }
}

impl Words {
    fn of(content: &Content) -> Self {
        match content {
            Content::Text { message, .. } => Self::Text(*message),
            Content::Cards { message, .. } => Self::Cards(*message),
            Content::Name { identity, .. } => Self::Name(*identity),
        }
    }

    /// The words that belong to an event: an offer card shows who waits and what they last wrote.
    fn asked(event: &Event) -> Vec<Self> {
        match &event.change {
            Change::Interaction(
                InteractionChange::CustomerWrote { message, .. }
                | InteractionChange::SentElsewhere { message, .. },
            ) => vec![Self::Text(*message), Self::Cards(*message)],
            Change::Interaction(
                InteractionChange::AgentWrote { message, .. }
                | InteractionChange::SentAutomatically { message, .. }
                | InteractionChange::Amended { message, amendment: Amendment::Edited, .. },
            ) => vec![Self::Text(*message)],
            Change::Interaction(
                InteractionChange::Began { identity, .. } | InteractionChange::CustomerNamed { identity },
            )
            | Change::Agent(AgentChange::Undelivered(Undelivered { identity, .. })) => {
                vec![Self::Name(*identity)]
            }
            Change::Agent(AgentChange::Rang(ringing)) => {
                vec![Self::Name(ringing.identity), Self::Newest(ringing.interaction)]
            }
            _ => Vec::new(),
        }
    }

    fn owner(self) -> Option<String> {
        match self {
            Self::Text(message) => Some(keys::message(message)),
            Self::Cards(message) => Some(keys::beside(message)),
            Self::Name(identity) => Some(keys::identity(identity)),
            Self::Newest(_) => None,
        }
    }
}
