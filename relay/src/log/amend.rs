//! What the log knows of a message that something happens to, and what becomes of its row; never its words.

use super::db::{Connection, query};
use super::rows::failed;
use super::{AppendError, Log, LogError, keys, media};
use shared::id::{ConnectorId, InteractionId, MessageId};
use shared::interaction::{Amended, Amendment, Direction};
use shared::time::Timestamp;
use std::borrow::Cow;

/// A message that something may happen to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendable {
    /// The message.
    pub id: MessageId,
    /// Its chat.
    pub interaction: InteractionId,
    edited_at: Option<Timestamp>,
    unsent: bool,
    reactions: [Option<(Timestamp, Option<String>)>; 2],
}

impl Amendable {
    /// What a decision about an amendment of its words or reactions is told.
    #[must_use]
    pub fn facts(&self, amendment: &Amendment) -> Amended {
        let [customers, ours] = &self.reactions;
        let reacted = match amendment {
            Amendment::Reacted { by: Direction::In, .. } => customers.clone(),
            Amendment::Reacted { by: Direction::Out, .. } => ours.clone(),
            _ => None,
        };
        let (edited_at, unsent) = (self.edited_at, self.unsent);
        Amended { id: self.id, edited_at, reacted, unsent, attachment: None }
    }
}

impl Log {
    /// The message of either direction that has this id at the provider.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn amendable(
        &self,
        connector: ConnectorId,
        external_id: &str,
    ) -> Result<Option<Amendable>, LogError> {
        let row = query(
            "SELECT id, interaction, edited_at, unsent_at, reacted_in_at, reacted_in, reacted_out_at, reacted_out \
             FROM messages WHERE connector = $1 AND external_id = $2",
        )
        .bind(connector.to_string())
        .bind(external_id)
        .fetch_optional(self.by_key())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let at = |column| Ok::<_, LogError>(row.try_get::<Option<i64>>(column)?.map(Timestamp));
        let reaction = |column| {
            let emoji: Option<Cow<'_, str>> = row.try_get(column + 1)?;
            Ok::<_, LogError>(at(column)?.map(|at| (at, emoji.map(Cow::into_owned))))
        };
        Ok(Some(Amendable {
            id: keys::id(&row.text(0)?, "message id")?,
            interaction: keys::id(&row.text(1)?, "interaction id")?,
            edited_at: at(2)?,
            unsent: at(3)?.is_some(),
            reactions: [reaction(4)?, reaction(6)?],
        }))
    }
}

/// Something happened to a message: its row follows, and what was taken back is erased.
pub(super) async fn amend(
    on: &mut Connection,
    message: &str,
    amendment: &Amendment,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), AppendError> {
    let run = match amendment {
        Amendment::Reacted { by, emoji } => {
            let sql = match by {
                Direction::In => "UPDATE messages SET reacted_in_at = $1, reacted_in = $2 WHERE id = $3",
                Direction::Out => "UPDATE messages SET reacted_out_at = $1, reacted_out = $2 WHERE id = $3",
            };
            query(sql).bind(at.0).bind(emoji).bind(message)
        }
        Amendment::Edited => {
            query("UPDATE messages SET edited_at = $1 WHERE id = $2").bind(at.0).bind(message)
        }
        Amendment::Unsent => {
            query("UPDATE contents SET body = NULL, erased_at = $1 WHERE owner IN ('message:' || $2, 'cards:' || $2)")
                .bind(now.0)
                .bind(message)
                .execute(&mut *on)
                .await
                .map_err(failed)?;
            media::erase(on, message).await?;
            query("UPDATE messages SET unsent_at = $1 WHERE id = $2").bind(at.0).bind(message)
        }
        Amendment::Attached { attachment, state } => return media::moved(on, *attachment, state, now).await,
    };
    run.execute(on).await.map_err(failed)?;
    Ok(())
}
