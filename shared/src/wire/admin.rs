//! Bodies of the admin's own REST routes: how far accounts are connected, and the webhook items nobody understood.

use crate::channel::Channel;
use crate::id::ConnectorId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use utoipa::ToSchema;

/// How far accounts are connected: what the relay itself has seen, so that nothing is kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct SetupBody {
    /// The address by which providers reach the relay, without a slash at the end; absent while it is not set.
    #[serde(default)]
    pub public_url: Option<String>,
    /// The relay's clock.
    pub now: Timestamp,
    /// The Meta apps that are known, by name.
    pub apps: Vec<AppSetup>,
    /// All connectors.
    pub connectors: Vec<ConnectorSetup>,
}

/// How far a Meta app is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct AppSetup {
    /// Its name in the webhook address.
    pub app: String,
    /// Whether its secret is stored.
    pub has_secret: bool,
    /// Whether a verify token is stored.
    pub has_verify: bool,
    /// When Meta last asked for our address with the right verify token.
    #[serde(default)]
    pub verified_at: Option<Timestamp>,
    /// When a webhook was last refused because its signature did not fit, since the relay started.
    #[serde(default)]
    pub refused_at: Option<Timestamp>,
}

/// How far a connector is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ConnectorSetup {
    /// The connector.
    pub connector: ConnectorId,
    /// When the provider last took our wish to be told of this account's messages.
    #[serde(default)]
    pub subscribed_at: Option<Timestamp>,
    /// When a webhook last brought something of this account.
    #[serde(default)]
    pub webhook_at: Option<Timestamp>,
    /// When a customer's message of this account last became part of a chat.
    #[serde(default)]
    pub message_at: Option<Timestamp>,
    /// When a webhook was last refused because its signature did not fit, since the relay started; Viber only.
    #[serde(default)]
    pub refused_at: Option<Timestamp>,
}

/// A verify token that was just made. It is told this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct VerifyToken {
    /// The token.
    pub verify: String,
}

/// Why an item of a webhook has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// It waits to be looked at.
    New,
    /// It waits for something else to come.
    Parked,
    /// It had its effect.
    Done,
    /// This version does nothing with it.
    Unsupported,
    /// It could not be taken.
    Failed,
    /// A state this version does not know.
    #[serde(other)]
    Unknown,
}

/// Items that were not understood for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ItemGroup {
    /// The channel; absent for what belongs to none.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// Whether it is unsupported or failed.
    pub state: ItemState,
    /// The reason, as a clause.
    pub reason: String,
    /// How many items.
    pub count: u64,
    /// When the newest came.
    pub newest_at: Timestamp,
}

/// One webhook item without what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ItemRow {
    /// Its id; ids rise with time.
    pub id: i64,
    /// The channel; absent for what belongs to none.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// The provider's id of the account it is about.
    pub account: String,
    /// The app or bot of the address it came to.
    pub address: String,
    /// When it came.
    pub received_at: Timestamp,
    /// Where it stands.
    pub state: ItemState,
    /// Why, when it was not understood.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A page of items that were not understood, newest first, with how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ItemPage {
    /// All groups, the one with the newest item first; whatever the page is narrowed to.
    pub groups: Vec<ItemGroup>,
    /// How many items wait to be looked at just now.
    pub waiting: u64,
    /// The items.
    pub items: Vec<ItemRow>,
    /// Pass as `before` for the next page; absent at the end.
    #[serde(default)]
    pub next: Option<i64>,
}

/// One webhook item with what is in it; that may be a customer's words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ItemBody {
    /// What it is.
    pub row: ItemRow,
    /// The item as it came, as indented JSON.
    pub raw: String,
}

/// Which items to try again: those named, or those of a group; all that were not understood when neither is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct RetryRequest {
    /// These items, at most 1,000.
    #[serde(default)]
    pub ids: Vec<i64>,
    /// The items of this group.
    #[serde(default)]
    pub group: Option<RetryGroup>,
}

/// A group of items by what they have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct RetryGroup {
    /// The channel; absent for what belongs to none.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// The reason.
    pub reason: String,
}

/// How many items are tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct RetryAnswer {
    /// So many.
    pub retried: u64,
}
