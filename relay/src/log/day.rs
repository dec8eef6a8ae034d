//! The events of an agent's last hours: their own stream from its end backwards, and what they did in chats; bounded, and without words.

use super::db::{Row, query, with_list};
use super::{Log, LogError, keys};
use shared::event::{Actor, Event, Stream};
use shared::id::{InteractionId, UserId};
use shared::time::Timestamp;

/// 500 events of an agent are read at a time.
const STRETCH: u32 = 500;
/// 20 times: 10,000 events are some hundreds of chats.
const STRETCHES: usize = 20;
/// 1,000 chats: nobody works on more in two days.
const CHATS: u32 = 1_000;

impl Log {
    /// What happened to an agent since then, newest first.
    ///
    /// # Errors
    /// When the database fails or holds an event that cannot be read.
    pub async fn agent_since(&self, user: UserId, from: Timestamp) -> Result<Vec<Event>, LogError> {
        let stream = Stream::Agent(user);
        let (mut events, mut before) = (Vec::new(), i64::MAX);
        for _ in 0..STRETCHES {
            let sql = "SELECT stream, version, seq, at, actor, change FROM events \
                       WHERE stream = $1 AND version < $2 ORDER BY version DESC LIMIT $3";
            let rows = query(sql).bind(keys::stream(stream)).bind(before).bind(STRETCH);
            let rows = rows.fetch_all(self.readers()).await?;
            let whole = rows.len() == usize::try_from(STRETCH).unwrap_or(usize::MAX);
            for row in &rows {
                let event = event(row, stream)?;
                before = keys::int(event.version);
                if event.at < from {
                    return Ok(events);
                }
                events.push(event);
            }
            if !whole {
                break;
            }
        }
        Ok(events)
    }

    /// The chats that began since then and are or were last this person's.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn begun_with(&self, user: UserId, from: Timestamp) -> Result<Vec<InteractionId>, LogError> {
        let sql = "SELECT id FROM interactions WHERE entered_at >= $1 AND owner = $2 \
                   ORDER BY entered_at DESC, id DESC LIMIT $3";
        let rows = query(sql).bind(from.0).bind(user.to_string()).bind(CHATS);
        let rows = rows.fetch_all(self.readers()).await?;
        rows.iter().map(|row| keys::id(&row.text(0)?, "interaction id")).collect()
    }

    /// What a person did in these chats since then, chat by chat, oldest first.
    ///
    /// # Errors
    /// When the database fails or holds an event that cannot be read.
    pub async fn done_by(
        &self,
        user: UserId,
        chats: &[InteractionId],
        from: Timestamp,
    ) -> Result<Vec<Event>, LogError> {
        let streams: Vec<String> = chats.iter().map(|id| keys::stream(Stream::Interaction(*id))).collect();
        let rows = query(with_list!(
            "SELECT stream, version, seq, at, actor, change FROM events WHERE stream IN ",
            "$1",
            " AND at >= $2 AND actor = $3 ORDER BY stream, version"
        ))
        .bind(streams.as_slice())
        .bind(from.0)
        .bind(keys::json(&Actor::User(user), "actor")?)
        .fetch_all(self.readers())
        .await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = row.text(0)?;
            let id = id.strip_prefix("interaction:").ok_or(LogError::Unreadable("stream"))?;
            events.push(event(row, Stream::Interaction(keys::id(id, "interaction id")?))?);
        }
        Ok(events)
    }
}

fn event(row: &Row, stream: Stream) -> Result<Event, LogError> {
    Ok(Event {
        stream,
        version: keys::count(row.try_get(1)?),
        seq: row.try_get::<Option<i64>>(2)?.map(keys::count),
        at: Timestamp(row.try_get(3)?),
        actor: keys::parse(&row.text(4)?, "actor")?,
        change: keys::parse(&row.text(5)?, "change")?,
    })
}
