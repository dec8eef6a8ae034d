//! The webhook items that nobody understood, for admins: counted, listed, shown raw, tried again; never looks into one.

use super::db::{Row, query, query_scalar, with_list};
use super::{Log, LogError, keys};
use shared::channel::Channel;
use shared::time::Timestamp;
use shared::wire::{ItemBody, ItemGroup, ItemRow, ItemState};
use std::borrow::Cow;

/// What was not understood.
const KEPT: [ItemState; 2] = [ItemState::Unsupported, ItemState::Failed];

/// Items of which channel are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Of any, or of none.
    #[default]
    Anybodys,
    /// Of this one.
    Channel(Channel),
    /// Of none.
    Nobodys,
}

/// Which items that were not understood are wanted.
#[derive(Clone, Debug, Default)]
pub struct WantedItems {
    /// Only this state; unsupported and failed ones when absent.
    pub state: Option<ItemState>,
    /// Only those of this channel.
    pub whose: Whose,
    /// Only this reason.
    pub reason: Option<String>,
    /// Only ids below.
    pub before: Option<i64>,
    /// The most rows.
    pub limit: u32,
}

/// Which items to look at again.
#[derive(Clone, Debug)]
pub enum Again {
    /// These.
    Ids(Vec<i64>),
    /// Those of a channel, or of none, that have this reason.
    Group(Option<Channel>, String),
    /// All that were not understood.
    All,
}

impl Log {
    /// Items that were not understood, by channel, state and reason; the group with the newest item first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept_groups(&self) -> Result<Vec<ItemGroup>, LogError> {
        let sql = "SELECT channel, state, COALESCE(reason, ''), COUNT(*), MAX(received_at), MAX(id) FROM journal \
                   WHERE state IN ('unsupported', 'failed') GROUP BY channel, state, COALESCE(reason, '') \
                   ORDER BY MAX(id) DESC";
        let rows = query(sql).fetch_all(self.readers()).await?;
        let group = |row: &Row| {
            Ok(ItemGroup {
                channel: channel(row.try_get::<Option<Cow<'_, str>>>(0)?.as_deref()),
                state: state(&row.text(1)?),
                reason: row.try_get(2)?,
                count: keys::count(row.try_get(3)?),
                newest_at: Timestamp(row.try_get(4)?),
            })
        };
        rows.iter().map(group).collect()
    }

    /// How many items wait to be looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_items(&self) -> Result<u64, LogError> {
        let sql = "SELECT COUNT(*) FROM journal WHERE state = 'new'";
        let count: i64 = query_scalar(sql).fetch_one(self.readers()).await?;
        Ok(keys::count(count))
    }

    /// Items that were not understood, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept_items(&self, wanted: &WantedItems) -> Result<Vec<ItemRow>, LogError> {
        let sql = "SELECT id, channel, target, account, received_at, state, reason FROM journal \
                   WHERE state IN ('unsupported', 'failed') AND id < $1 \
                   AND ($2 IS NULL OR state = $2) AND ($3 = 0 OR COALESCE(channel, '') = $4) \
                   AND ($5 IS NULL OR COALESCE(reason, '') = $5) ORDER BY id DESC LIMIT $6";
        let rows = query(sql)
            .bind(wanted.before.unwrap_or(i64::MAX))
            .bind(wanted.state.filter(|state| KEPT.contains(state)).map(key))
            .bind(i64::from(wanted.whose != Whose::Anybodys))
            .bind(if let Whose::Channel(channel) = wanted.whose { channel.key() } else { "" })
            .bind(&wanted.reason)
            .bind(wanted.limit)
            .fetch_all(self.readers())
            .await?;
        rows.iter().map(|row| self::row(row).map_err(LogError::from)).collect()
    }

    /// One item, whatever became of it, with what is in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn item(&self, id: i64) -> Result<Option<ItemBody>, LogError> {
        let sql = "SELECT id, channel, target, account, received_at, state, reason, item FROM journal WHERE id = $1";
        let found = query(sql).bind(id).fetch_optional(self.readers()).await?;
        let body = |row: &Row| {
            let raw: String = row.try_get(7)?;
            // Indented for people; what cannot be read is shown as it was kept.
            let value = serde_json::from_str::<serde_json::Value>(&raw);
            let indented = value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok());
            Ok::<_, LogError>(ItemBody { row: self::row(row)?, raw: indented.unwrap_or(raw) })
        };
        found.as_ref().map(body).transpose()
    }

    /// Lets items that were not understood be looked at again; returns how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retry_items(&self, again: Again) -> Result<u64, LogError> {
        self.write(move |on| {
            Box::pin(async move {
                let ids: Vec<String>;
                let query = match again {
                    Again::Ids(numbers) => {
                        ids = numbers.iter().map(ToString::to_string).collect();
                        let sql = with_list!(
                            "UPDATE journal SET state = 'new', reason = NULL WHERE state IN ('unsupported', 'failed') \
                             AND id IN (SELECT CAST(value AS BIGINT) FROM ",
                            "$1",
                            " AS named)"
                        );
                        query(sql).bind(ids.as_slice())
                    }
                    Again::Group(channel, reason) => query(
                        "UPDATE journal SET state = 'new', reason = NULL WHERE state IN ('unsupported', 'failed') \
                         AND COALESCE(channel, '') = $1 AND COALESCE(reason, '') = $2",
                    )
                    .bind(channel.map_or("", Channel::key))
                    .bind(reason),
                    Again::All => query(
                        "UPDATE journal SET state = 'new', reason = NULL WHERE state IN ('unsupported', 'failed')",
                    ),
                };
                query.execute(on).await
            })
        })
        .await
    }
}

fn row(row: &Row) -> Result<ItemRow, sqlx::Error> {
    Ok(ItemRow {
        id: row.try_get(0)?,
        channel: channel(row.try_get::<Option<Cow<'_, str>>>(1)?.as_deref()),
        account: row.try_get::<Option<String>>(2)?.unwrap_or_default(),
        address: row.try_get(3)?,
        received_at: Timestamp(row.try_get(4)?),
        state: state(&row.text(5)?),
        reason: row.try_get(6)?,
    })
}

fn channel(key: Option<&str>) -> Option<Channel> {
    Channel::ALL.into_iter().find(|channel| key == Some(channel.key()))
}

const fn key(state: ItemState) -> &'static str {
    match state {
        ItemState::New => "new",
        ItemState::Parked => "parked",
        ItemState::Done => "done",
        ItemState::Unsupported => "unsupported",
        ItemState::Failed => "failed",
        ItemState::Unknown => "",
    }
}

fn state(key: &str) -> ItemState {
    let all = [ItemState::New, ItemState::Parked, ItemState::Done, ItemState::Unsupported, ItemState::Failed];
    all.into_iter().find(|state| self::key(*state) == key).unwrap_or(ItemState::Unknown)
}
