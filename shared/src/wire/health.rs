//! How accounts stand, as admins see it over REST; secrets and message text are never in it.

use crate::channel::Channel;
use crate::id::ConnectorId;
use crate::interaction::FailureKind;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use utoipa::ToSchema;

/// How long before its end a token is spoken of, 14 days: time enough to find who can renew it.
pub const TOKEN_ENDS_SOON: Span = Span::hours(14 * 24);

/// How one account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ConnectorHealth {
    /// The account.
    pub connector: ConnectorId,
    /// Its name.
    pub title: String,
    /// Its channel.
    pub channel: Channel,
    /// The short of it.
    pub state: HealthState,
    /// What is wrong and where it is mended; none while all is well.
    pub sentence: Option<String>,
    /// Since when nothing leaves, and why.
    pub paused: Option<PausedBody>,
    /// When the last webhook came.
    pub last_webhook_at: Option<Timestamp>,
    /// When the provider last took a message.
    pub last_sent_at: Option<Timestamp>,
    /// The last refusal.
    pub last_error: Option<ErrorBody>,
    /// The last look at the account.
    pub checked: Option<CheckBody>,
}

/// The short of how an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum HealthState {
    /// It is switched off.
    Off,
    /// All is well, as far as is known.
    Good,
    /// It works, and something needs a person soon.
    Warning,
    /// Nothing leaves.
    Paused,
}

/// Why nothing leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct PausedBody {
    /// Since when.
    pub since: Timestamp,
    /// When it is tried again by itself.
    pub next_at: Timestamp,
    /// What the provider said.
    pub why: ErrorBody,
}

/// What a provider refused, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ErrorBody {
    /// When.
    pub at: Timestamp,
    /// The class.
    pub kind: FailureKind,
    /// The provider's own code.
    pub code: Option<String>,
}

/// What a look at an account found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct CheckBody {
    /// When.
    pub at: Timestamp,
    /// What the provider says of the token.
    pub token: TokenState,
    /// When the token ends; none when it does not, or the provider does not say.
    pub expires_at: Option<Timestamp>,
    /// Permissions that the token lacks.
    pub missing: Vec<String>,
    /// The account's name at the provider.
    pub name: Option<String>,
    /// WhatsApp's rating of the number.
    pub quality: Option<String>,
    /// Whether its webhooks come here; none when the provider does not say.
    pub subscribed: Option<bool>,
    /// Why something could not be looked at: the provider's own code.
    pub error: Option<String>,
}

/// What a provider says of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum TokenState {
    /// It is taken.
    Valid,
    /// It is refused.
    Refused,
    /// The provider could not be asked.
    Unknown,
}
