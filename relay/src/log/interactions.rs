//! Interactions as rows of a list, newest first, only those a person may read; decides no rights itself.

use super::{Log, LogError, keys};
use shared::id::{InteractionId, QueueId, UserId};
use shared::interaction::{Interaction, Phase};
use shared::time::Timestamp;
use sqlx::Row;

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

#[derive(serde::Deserialize)]
struct Name {
    name: Option<String>,
    handle: String,
}

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
        let rows = sqlx::query(
            "SELECT streams.state, names.body, words.body FROM interactions AS row \
             JOIN streams ON streams.stream = 'interaction:' || row.id \
             LEFT JOIN contents AS names ON names.owner = 'identity:' || row.identity \
             LEFT JOIN contents AS words ON words.owner = 'message:' || row.last_message \
             WHERE (row.entered_at, row.id) < (?1, ?2) AND (?3 IS NULL OR row.phase = ?3) \
             AND EXISTS (SELECT 1 FROM json_each(streams.state, '$.activities') AS activity \
             WHERE activity.value ->> '$.owner' = ?4 \
             OR activity.value ->> '$.queue.id' IN (SELECT value FROM json_each(?5))) \
             ORDER BY row.entered_at DESC, row.id DESC LIMIT ?6",
        )
        .bind(at)
        .bind(id)
        .bind(phase)
        .bind(wanted.user.to_string())
        .bind(keys::json(&wanted.queues, "list")?)
        .bind(wanted.limit)
        .fetch_all(self.readers())
        .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let name: Option<&str> = row.try_get(1)?;
            let name = name.map(|json| keys::parse::<Name>(json, "name")).transpose()?;
            let (name, handle) = name.map_or((None, String::new()), |name| (name.name, name.handle));
            let interaction = keys::parse(row.try_get(0)?, "interaction")?;
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
        self.write(move |on| Box::pin(async move { sqlx::query(sql).execute(on).await.map(drop) })).await
    }
}
