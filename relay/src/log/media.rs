//! Files of messages: which are to be fetched, where they stand, whose they are; never their bytes.

use super::db::{Connection, query, query_scalar};
use super::rows::failed;
use super::{AppendError, Log, LogError, keys};
use shared::id::{AttachmentId, ConnectorId, InteractionId, MessageId};
use shared::interaction::{AttachmentKind, AttachmentState};
use shared::thread::Content;
use shared::time::Timestamp;

/// A file that a message brings, as it is written beside the message.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaRow {
    /// Its id.
    pub id: AttachmentId,
    /// Its message.
    pub message: MessageId,
    /// What it is said to be.
    pub kind: AttachmentKind,
    /// Where the provider keeps it, as JSON; may carry a signature.
    pub source: String,
}

/// A file that is to be fetched.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaDue {
    /// Its id.
    pub id: AttachmentId,
    /// Its message.
    pub message: MessageId,
    /// Its chat.
    pub interaction: InteractionId,
    /// The account it came through.
    pub connector: ConnectorId,
    /// What it is said to be.
    pub kind: AttachmentKind,
    /// Where the provider keeps it, as JSON.
    pub source: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is to be tried.
    pub next_at: Timestamp,
}

/// A file as somebody asks for it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredMedia {
    /// Its message.
    pub message: MessageId,
    /// Its chat; who may read that may have the file.
    pub interaction: InteractionId,
    /// Where it stands.
    pub state: AttachmentState,
    /// Whether its message was taken back.
    pub erased: bool,
    /// The name under which it was sent.
    pub name: Option<String>,
}

/// To be fetched.
const FETCH: i64 = 1;
/// Its bytes are to be removed.
const REMOVE: i64 = 2;

impl Log {
    /// Files to fetch, those that are due first before the others.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn media_due(&self, limit: u32) -> Result<Vec<MediaDue>, LogError> {
        let rows = query(
            "SELECT id, message, interaction, connector, kind, source, attempts, next_at FROM media \
             WHERE open = $1 AND source IS NOT NULL ORDER BY next_at LIMIT $2",
        )
        .bind(FETCH)
        .bind(limit)
        .fetch_all(self.readers())
        .await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(MediaDue {
                id: keys::id(&row.text(0)?, "attachment id")?,
                message: keys::id(&row.text(1)?, "message id")?,
                interaction: keys::id(&row.text(2)?, "interaction id")?,
                connector: keys::id(&row.text(3)?, "connector id")?,
                kind: keys::parse(&row.text(4)?, "attachment kind")?,
                source: row.try_get(5)?,
                attempts: row.try_get(6)?,
                next_at: Timestamp(row.try_get(7)?),
            });
        }
        Ok(all)
    }

    /// Puts a file off that could not be fetched for now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn media_later(&self, id: AttachmentId, at: Timestamp) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                query("UPDATE media SET attempts = attempts + 1, next_at = $1 WHERE id = $2")
                    .bind(at.0)
                    .bind(id.to_string())
                    .execute(on)
                    .await
                    .map(drop)
            })
        })
        .await
    }

    /// Files whose bytes are to be removed because their message was taken back.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn media_to_remove(&self, limit: u32) -> Result<Vec<AttachmentId>, LogError> {
        let ids: Vec<String> = query_scalar("SELECT id FROM media WHERE open = $1 ORDER BY next_at LIMIT $2")
            .bind(REMOVE)
            .bind(limit)
            .fetch_all(self.readers())
            .await?;
        ids.iter().map(|id| keys::id(id, "attachment id")).collect()
    }

    /// Notes that the bytes of a file were removed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn media_removed(&self, id: AttachmentId) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let sql = "UPDATE media SET open = 0 WHERE id = $1 AND open = $2";
                query(sql).bind(id.to_string()).bind(REMOVE).execute(on).await.map(drop)
            })
        })
        .await
    }

    /// A file as somebody asks for it; none when there is none.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn media(&self, id: AttachmentId) -> Result<Option<StoredMedia>, LogError> {
        let row = query(
            "SELECT media.message, media.interaction, media.state, messages.unsent_at IS NOT NULL, contents.body \
             FROM media JOIN messages ON messages.id = media.message \
             LEFT JOIN contents ON contents.owner = 'cards:' || media.message WHERE media.id = $1",
        )
        .bind(id.to_string())
        .fetch_optional(self.readers())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let message = keys::id(&row.text(0)?, "message id")?;
        let cards: Option<String> = row.try_get(4)?;
        let names = match cards.map(|body| keys::cards(message, &body)).transpose()? {
            Some(Content::Cards { names, .. }) => names,
            _ => Vec::new(),
        };
        Ok(Some(StoredMedia {
            message,
            interaction: keys::id(&row.text(1)?, "interaction id")?,
            state: keys::parse(&row.text(2)?, "attachment state")?,
            erased: row.try_get(3)?,
            name: names.into_iter().find(|name| name.attachment == id).map(|name| name.name),
        }))
    }
}

/// A file comes with its message.
pub(super) async fn insert(
    on: &mut Connection,
    row: &MediaRow,
    interaction: &str,
    connector: &str,
    at: i64,
) -> Result<(), AppendError> {
    query(
        "INSERT INTO media (id, message, interaction, connector, kind, source, state, open, attempts, next_at, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9)",
    )
    .bind(row.id.to_string())
    .bind(row.message.to_string())
    .bind(interaction)
    .bind(connector)
    .bind(keys::json(&row.kind, "attachment kind")?)
    .bind(&row.source)
    .bind(keys::json(&AttachmentState::Pending, "attachment state")?)
    .bind(FETCH)
    .bind(at)
    .execute(on)
    .await
    .map_err(failed)?;
    Ok(())
}

/// A file came, or did not, or is asked for again. Where it was is forgotten once it is here.
pub(super) async fn moved(
    on: &mut Connection,
    id: AttachmentId,
    state: &AttachmentState,
    at: Timestamp,
) -> Result<(), AppendError> {
    let sql = match state {
        AttachmentState::Pending => {
            "UPDATE media SET state = $1, open = 1, attempts = 0, next_at = $2 WHERE id = $3 AND open <> 2"
        }
        AttachmentState::Ready { .. } => {
            "UPDATE media SET state = $1, open = 0, source = NULL, next_at = $2 WHERE id = $3 AND open <> 2"
        }
        AttachmentState::Failed { .. } => {
            "UPDATE media SET state = $1, open = 0, next_at = $2 WHERE id = $3 AND open <> 2"
        }
    };
    query(sql)
        .bind(keys::json(state, "attachment state")?)
        .bind(at.0)
        .bind(id.to_string())
        .execute(on)
        .await
        .map_err(failed)?;
    Ok(())
}

/// The files of a message that was taken back are to be removed.
pub(super) async fn erase(on: &mut Connection, message: &str) -> Result<(), AppendError> {
    query("UPDATE media SET open = 2, source = NULL WHERE message = $1")
        .bind(message)
        .execute(on)
        .await
        .map_err(failed)?;
    Ok(())
}

/// What a message brings is never printed: a source may carry a signature.
impl std::fmt::Debug for MediaRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaRow").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}
