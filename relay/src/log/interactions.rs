//! Interactions as rows of a list, newest first, only those a person may read; decides no rights itself.

use super::db::{Sql, query};
use super::identities::StoredName;
use super::{Log, LogError, keys};
use shared::id::{InteractionId, QueueId, UserId};
use shared::interaction::{Interaction, Phase};
use shared::time::Timestamp;
use std::borrow::Cow;

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The person: what they worked on is theirs to read.
    pub user: UserId,
    /// The queues they have rights to.
    pub queues: Vec<QueueId>,
    /// Where the page ends: rows entered before this, and at the same time with a smaller id.
    pub before: Option<(Timestamp, InteractionId)>,
    /// Only this phase.
    pub phase: Option<Phase>,
    /// The most rows.
    pub limit: u32,
}

/// A row with the words beside it.
#[derive(Clone)]
pub struct Found {
    /// The facts.
    pub interaction: Interaction,
    /// The customer's name, when known.
    pub name: Option<String>,
    /// What stands in for it.
    pub handle: String,
    /// The newest message's words.
    pub text: Option<String>,
}

/// A page of rows; `$activities` walks over the activities in an interaction's state and names their owner and queue.
macro_rules! page {
    ($activities:literal, $queues:literal) => {
        concat!(
            "SELECT streams.state, names.body, words.body FROM interactions AS listed \
             JOIN streams ON streams.stream = 'interaction:' || listed.id \
             LEFT JOIN contents AS names ON names.owner = 'identity:' || listed.identity \
             LEFT JOIN contents AS words ON words.owner = 'message:' || listed.last_message \
             WHERE (listed.entered_at, listed.id) < ($1, $2) AND ($3 IS NULL OR listed.phase = $3) \
             AND EXISTS (SELECT 1 FROM ",
            $activities,
            " AS activity WHERE owner = $4 OR queue IN ",
            $queues,
            ") ORDER BY listed.entered_at DESC, listed.id DESC LIMIT $6"
        )
    };
}

/// The two databases read JSON by other words. PostgreSQL's refuses U+0000, which JSON spells in letters and a title
/// may hold; it is left out for this reading alone.
const PAGE: Sql = Sql {
    sqlite: page!(
        "(SELECT value ->> '$.owner' AS owner, value ->> '$.queue.id' AS queue \
         FROM json_each(streams.state, '$.activities'))",
        "(SELECT value FROM json_each($5))"
    ),
    postgres: page!(
        r"(SELECT value ->> 'owner' AS owner, value #>> '{queue,id}' AS queue FROM json_array_elements(
         regexp_replace(streams.state, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json -> 'activities') AS value)",
        "(SELECT unnest($5::text[]))"
    ),
};

impl Log {
    /// A page of interactions, newest first.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn interactions(&self, wanted: &Wanted) -> Result<Vec<Found>, LogError> {
        let phase = wanted.phase.map(|phase| keys::json(&phase, "phase")).transpose()?;
        let phase = phase.map(|json| json.trim_matches('"').to_owned());
        let (at, id) = match wanted.before {
            Some((at, id)) => (at.0, id.to_string()),
            None => (i64::MAX, String::new()),
        };
        let queues: Vec<String> = wanted.queues.iter().map(ToString::to_string).collect();
        let rows = query(PAGE)
            .bind(at)
            .bind(id)
            .bind(phase)
            .bind(wanted.user.to_string())
            .bind(queues.as_slice())
            .bind(wanted.limit)
            .fetch_all(self.readers())
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let name: Option<Cow<'_, str>> = row.try_get(1)?;
            let name = name.map(|json| keys::parse::<StoredName>(&json, "name")).transpose()?;
            let (name, handle) = name.map_or((None, String::new()), |name| (name.name, name.handle));
            let interaction = keys::parse(&row.text(0)?, "interaction")?;
            found.push(Found { interaction, name, handle, text: row.try_get(2)? });
        }
        Ok(found)
    }

    /// Whether the log can be written, by writing.
    ///
    /// # Errors
    /// Why not.
    pub async fn ready(&self) -> Result<(), LogError> {
        // A transaction that writes nothing needs no disk: only one that does says whether the disk takes it.
        let sql = "INSERT INTO meta (key, value) VALUES ('ready', '0') \
                   ON CONFLICT (key) DO UPDATE SET value = CASE meta.value WHEN '0' THEN '1' ELSE '0' END";
        self.write(move |on| Box::pin(async move { query(sql).execute(on).await.map(drop) })).await?;
        self.whole()
    }
}
