//! What agents have written and not sent: one text for each person and chat, as long as the chat is open at them; no part of any history.

use super::db::{Connection, Row, query};
use super::{Log, LogError, keys};
use shared::id::{InteractionId, UserId};
use shared::time::Timestamp;
use shared::wire::Draft;

impl Log {
    /// Keeps drafts in place of those that were kept, all in one commit; an empty one is removed. One of a chat that is
    /// not open at its person any more is not kept: it would come too late to be removed with the chat.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_drafts(&self, all: Vec<(UserId, Draft)>) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                for (user, draft) in all {
                    keep(on, user, &draft).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// A person's drafts, in no order that means anything.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn drafts_of(&self, user: UserId) -> Result<Vec<Draft>, LogError> {
        let sql = "SELECT interaction, text, at FROM drafts WHERE \"user\" = $1";
        let rows = query(sql).bind(user.to_string()).fetch_all(self.by_key()).await?;
        rows.iter().map(draft).collect()
    }
}

async fn keep(on: &mut Connection, user: UserId, draft: &Draft) -> Result<(), sqlx::Error> {
    if draft.text.is_empty() {
        return remove(on, &user.to_string(), &draft.interaction.to_string()).await;
    }
    query(
        "INSERT INTO drafts (\"user\", interaction, text, at) \
         SELECT $1, $2, $3, $4 FROM interactions WHERE id = $2 AND owner = $1 AND ended_at IS NULL \
         ON CONFLICT (\"user\", interaction) DO UPDATE SET text = excluded.text, at = excluded.at",
    )
    .bind(user.to_string())
    .bind(draft.interaction.to_string())
    .bind(&draft.text)
    .bind(draft.at.0)
    .execute(on)
    .await
    .map(drop)
}

/// Removes a person's draft of a chat, if there is one.
pub(super) async fn remove(on: &mut Connection, user: &str, interaction: &str) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM drafts WHERE \"user\" = $1 AND interaction = $2";
    query(sql).bind(user).bind(interaction).execute(on).await.map(drop)
}

fn draft(row: &Row) -> Result<Draft, LogError> {
    let interaction: InteractionId = keys::id(&row.text(0)?, "interaction id")?;
    Ok(Draft { interaction, text: row.try_get(1)?, at: Timestamp(row.try_get(2)?) })
}
