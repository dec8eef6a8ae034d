//! Bodies of the REST API; the relay's OpenAPI document is generated from these.

use crate::channel::Channel;
use crate::config::{Colour, Link, Manner, QueueRef, Role, SystemPause, Tone, Unattended, UserRef};
use crate::id::{ConnectorId, DispositionId, InteractionId, NoticeId, PauseId, QueueId, UserId};
use crate::interaction::{Disconnection, Phase};
use crate::thread::Entry;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use utoipa::ToSchema;

/// A login.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct SessionRequest {
    /// The name to log in with.
    pub login: String,
    /// The password, at most 1,024 bytes.
    pub password: String,
    /// How the session is carried; a cookie when absent.
    #[serde(default)]
    pub kind: SessionKind,
}

/// How a session is carried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SessionKind {
    /// A cookie that scripts cannot read.
    #[default]
    Cookie,
    /// A token in the answer, to be sent as `Authorization: Bearer`.
    Bearer,
}

/// Who is logged in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct SessionAnswer {
    /// The token, for a bearer session only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The person.
    pub user: UserBody,
}

/// A person as the API shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct UserBody {
    /// The id.
    pub id: UserId,
    /// The name to log in with.
    pub login: String,
    /// The name shown to colleagues.
    pub name: String,
    /// What they may do in general.
    pub role: Role,
}

/// One interaction in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct InteractionRow {
    /// The id.
    pub id: InteractionId,
    /// The channel.
    pub channel: Channel,
    /// Where it stands.
    pub phase: Phase,
    /// The customer's name, or what stands in for it.
    pub customer: String,
    /// The queue it is in or was in last.
    pub queue: Option<QueueRef>,
    /// Who works or last worked on it.
    pub owner: Option<UserRef>,
    /// When it began.
    pub entered_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it ended.
    pub disconnection: Option<Disconnection>,
    /// The chosen status of its last activity.
    pub status: Option<String>,
    /// The newest message, cut to 120 characters.
    pub preview: Option<String>,
}

/// A page of interactions, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct InteractionPage {
    /// The rows.
    pub interactions: Vec<InteractionRow>,
    /// Pass as `before` for the next page; none at the end.
    pub next: Option<String>,
}

/// A page of history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct HistoryPage {
    /// The lines.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub entries: Vec<Entry>,
    /// Pass as `before` for the page before this one; none at the beginning.
    pub before: Option<u64>,
}

/// What an agent did in a day; `GET /api/v1/me/day`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct DayBody {
    /// Chats they took, or began themselves.
    pub accepted: u32,
    /// Chats they were done with.
    pub closed: u32,
    /// Messages they wrote.
    pub sent: u32,
    /// Offers that rang out at them.
    pub missed: u32,
    /// Chats they have open now.
    pub open: u32,
    /// From accepting to their first words, in milliseconds: the median over the chats they accepted; none without one.
    pub first_reply_ms: Option<u64>,
}

/// A connector to create or replace; secrets are written and never read back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct ConnectorBody {
    /// The id; ignored on writing, the address names it.
    #[serde(default)]
    pub id: Option<ConnectorId>,
    /// The channel.
    pub channel: Channel,
    /// The name shown to agents.
    pub title: String,
    /// The provider's id of the account.
    pub account: String,
    /// The Meta app; empty for Viber.
    #[serde(default)]
    pub app: String,
    /// The provider's address when it is not its own.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Where its customers go first.
    #[serde(default)]
    pub queue: Option<QueueId>,
    /// Whether it takes and sends messages.
    pub enabled: bool,
    /// Whether the account may answer a customer for 7 days; Messenger and Instagram, after the provider's review.
    #[serde(default)]
    pub human_agent: bool,
    /// The account above it: the WhatsApp business account that the number belongs to, the Page through which an
    /// Instagram account is reached.
    #[serde(default)]
    pub business: Option<String>,
    /// What greets a customer who opens the conversation and has not written yet; Viber alone.
    #[serde(default)]
    pub welcome: Option<String>,
    /// The access token, for writing only; absent leaves the stored one.
    #[serde(default, skip_serializing)]
    pub token: Option<String>,
    /// Whether a token is stored; for reading only.
    #[serde(default)]
    pub has_token: bool,
}

/// A queue to create or replace, with its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct QueueBody {
    /// The id; ignored on writing, the address names it.
    #[serde(default)]
    pub id: Option<QueueId>,
    /// The number people call it by; unique and fixed.
    pub number: u32,
    /// The name.
    pub title: String,
    /// The channel.
    pub channel: Channel,
    /// Whether new customers enter.
    pub enabled: bool,
    /// 0 is served first, 10 last.
    #[serde(default)]
    pub priority: u8,
    /// How long an offer rings, in milliseconds, 5,000 to 60,000.
    pub ring: Span,
    /// How long the same agent is not asked again, in milliseconds, 5,000 to 60,000.
    pub sleep: Span,
    /// How long a customer waits at the most, in milliseconds, 5,000 to 3,600,000; absent = without limit.
    #[serde(default)]
    pub max_wait: Option<Span>,
    /// The pause for a missed or rejected offer.
    #[serde(default)]
    pub automatic_pause: Option<PauseId>,
    /// Whether a status must be chosen before closing.
    pub disposition_required: bool,
    /// The statuses, in order.
    #[serde(default)]
    pub dispositions: Vec<DispositionId>,
    /// What happens to a waiting customer while nobody is there.
    pub unattended: Unattended,
    /// The people with rights to the queue.
    #[serde(default)]
    pub members: Vec<MemberBody>,
    /// What an agent may open beside the chat, 8 at the most; the first is the white button of the offer card.
    #[serde(default)]
    pub links: Vec<Link>,
    /// How its chats come to agents and how its offers are refused.
    #[serde(default)]
    pub manner: Manner,
}

/// One member of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct MemberBody {
    /// Who.
    pub user: UserId,
    /// Higher is asked later.
    #[serde(default)]
    pub penalty: u8,
}

/// A status to create or replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct DispositionBody {
    /// The id; ignored on writing, the address names it.
    #[serde(default)]
    pub id: Option<DispositionId>,
    /// The name.
    pub title: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// When to choose it, in a sentence of at most 500 characters.
    #[serde(default)]
    pub description: String,
    /// The colour of its mark; grey when absent.
    #[serde(default)]
    pub colour: Colour,
    /// The status it belongs under, 4 levels at the most; whatever has others under it cannot be chosen itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<DispositionId>,
}

/// A kind of pause to create or replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct PauseBody {
    /// The id; ignored on writing, the address names it.
    #[serde(default)]
    pub id: Option<PauseId>,
    /// The name.
    pub title: String,
    /// Whether its time is paid.
    pub paid: bool,
    /// Whether agents may choose it.
    pub choosable: bool,
    /// Whether it is in use.
    pub enabled: bool,
    /// How long it may last in all within 24 hours, in milliseconds, 60,000 to 86,400,000; absent = as long as they like.
    /// Who is longer on it is moved to the pause whose `system` is `inactive`, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<Span>,
    /// What the system uses it for; one pause for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemPause>,
}

/// A notice on the dashboard to put up or replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(ToSchema))]
pub struct NoticeBody {
    /// The id; ignored on writing, the address names it.
    #[serde(default)]
    pub id: Option<NoticeId>,
    /// The words, from 1 to 500 characters.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// When it comes down by itself, in milliseconds since 1970; absent = not until somebody takes it down.
    #[serde(default)]
    pub until: Option<Timestamp>,
}
