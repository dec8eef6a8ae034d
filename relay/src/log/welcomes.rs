//! Messages that greeted customers before there was a chat: each opening of a conversation is answered once; never when one is due.

use super::db::{Connection, query, with_list};
use super::{Log, LogError, keys};
use shared::command::Welcome;
use shared::id::{ConnectorId, MessageId};
use shared::interaction::Delivery;
use shared::time::Timestamp;

/// An opening of a conversation, with the words that answer it.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// The account.
    pub connector: ConnectorId,
    /// The provider's id of the opening.
    pub token: String,
    /// The provider's id of the customer.
    pub customer: String,
    /// The new message.
    pub message: MessageId,
    /// The words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

impl Log {
    /// Writes down that an opening is answered with these words; durable when it returns. False when it was told before,
    /// or when the customer was greeted and has not written since: then it is not to be answered with them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn greet(&self, opening: Opening) -> Result<bool, LogError> {
        self.write(move |on| Box::pin(async move { greet(on, &opening).await })).await
    }

    /// Takes back what was written down and not said.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn not_greeted(&self, message: MessageId) -> Result<(), LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let sql = "DELETE FROM welcomes WHERE message = $1 AND interaction IS NULL";
                query(sql).bind(message.to_string()).execute(&mut *on).await?;
                let sql = "DELETE FROM contents WHERE owner = $1";
                query(sql).bind(keys::message(message)).execute(on).await.map(drop)
            })
        })
        .await
    }

    /// What greeted a customer and is not a line of a chat yet, oldest first.
    ///
    /// # Errors
    /// When the database fails or holds what cannot be read.
    pub async fn welcomes(
        &self,
        connector: ConnectorId,
        aliases: &[String],
    ) -> Result<Vec<Welcome>, LogError> {
        let rows = query(with_list!(
            "SELECT message, at, again, token FROM welcomes WHERE interaction IS NULL AND connector = $1 \
             AND customer IN ",
            "$2",
            " ORDER BY at"
        ))
        .bind(connector.to_string())
        .bind(aliases)
        .fetch_all(self.by_key())
        .await?;
        let welcome = |row: &super::db::Row| {
            let again = row.try_get::<i64>(2)? != 0;
            Ok(Welcome {
                message: keys::id(&row.text(0)?, "message id")?,
                sent_at: Timestamp(row.try_get(1)?),
                delivery: if again { Delivery::Unknown } else { Delivery::Sent },
                external_id: row.try_get(3)?,
            })
        };
        rows.iter().map(welcome).collect()
    }
}

async fn greet(on: &mut Connection, opening: &Opening) -> Result<bool, sqlx::Error> {
    let (connector, message) = (opening.connector.to_string(), opening.message.to_string());
    let again = query("UPDATE welcomes SET again = 1 WHERE connector = $1 AND token = $2")
        .bind(&connector)
        .bind(&opening.token)
        .execute(&mut *on)
        .await?;
    if again > 0 {
        return Ok(false);
    }
    let made = query(
        "INSERT INTO welcomes (connector, token, customer, message, at, again) SELECT $1, $2, $3, $4, $5, 0 \
         WHERE NOT EXISTS (SELECT 1 FROM welcomes WHERE connector = $1 AND customer = $3 \
         AND interaction IS NULL AND again = 0) ON CONFLICT DO NOTHING",
    )
    .bind(&connector)
    .bind(&opening.token)
    .bind(&opening.customer)
    .bind(&message)
    .bind(opening.at.0)
    .execute(&mut *on)
    .await?;
    if made == 1 {
        query("INSERT INTO contents (owner, body) VALUES ($1, $2)")
            .bind(keys::message(opening.message))
            .bind(&opening.text)
            .execute(on)
            .await?;
    }
    Ok(made == 1)
}
