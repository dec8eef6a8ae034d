//! What a customer wrote about before: their chat before another one, of those that are over and that a person may read; decides no rights itself.

use super::db::{Sql, query};
use super::filtered::{readable, texts};
use super::{Log, LogError, keys};
use shared::id::{QueueId, UserId};
use shared::interaction::Interaction;

/// 1,000 chats of one customer are looked through for one that may be read: some milliseconds, and more than anybody has.
#[cfg(not(test))]
const REACH: u32 = 1_000;
/// So few that tests get there.
#[cfg(test)]
const REACH: u32 = 20;

/// The newest of a customer's chats that are over, among those before a place in the list.
macro_rules! before {
    ($database:ident) => {
        concat!(
            "SELECT streams.state FROM (SELECT id, entered_at FROM interactions \
             WHERE identity = $1 AND (entered_at, id) < ($2, $3) AND phase IN ('missed', 'ended') \
             ORDER BY entered_at DESC, id DESC LIMIT $4) AS listed \
             JOIN streams ON streams.stream = 'interaction:' || listed.id WHERE ",
            readable!($database, "$5", "$6"),
            " ORDER BY listed.entered_at DESC, listed.id DESC LIMIT 1"
        )
    };
}

/// The statement on either database.
const BEFORE: Sql = Sql { sqlite: before!(sqlite), postgres: before!(postgres) };

impl Log {
    /// The chat that the same customer had before this one on the same account and that is over: the newest that this
    /// person worked on or that went through one of these queues.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn earlier(
        &self,
        than: &Interaction,
        user: UserId,
        queues: &[QueueId],
    ) -> Result<Option<Interaction>, LogError> {
        let row = query(BEFORE)
            .bind(than.identity.to_string())
            .bind(than.entered_at.0)
            .bind(than.id.to_string())
            .bind(REACH)
            .bind(user.to_string())
            .bind(texts(queues).as_slice())
            .fetch_optional(self.readers())
            .await?;
        row.map(|row| keys::parse(&row.text(0)?, "interaction")).transpose()
    }
}
