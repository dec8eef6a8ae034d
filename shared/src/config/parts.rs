//! The parts of a configuration.

use super::Manner;
use crate::channel::Channel;
use crate::id::{ConnectorId, DispositionId, PauseId, QueueId, UserId};
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person may do in general.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Answers customers.
    Agent,
    /// Also sees and helps other agents.
    Supervisor,
    /// Also edits the configuration.
    Admin,
}

/// A person who may log in; the password's hash is kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The name to log in with, unique without regard to case.
    pub login: String,
    /// The name shown to colleagues.
    pub name: String,
    /// What they may do in general.
    pub role: Role,
    /// Whether they may log in.
    pub active: bool,
    /// The most activities that distribution gives them at a time, open and ringing together; 0 = no limit.
    pub capacity: u16,
}

/// One account at one provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Connector {
    /// The id.
    pub id: ConnectorId,
    /// The channel.
    pub channel: Channel,
    /// The name shown to agents.
    pub title: String,
    /// The provider's id of the account: page, Instagram account, phone number id, or the bot's name in our address.
    pub account: String,
    /// The Meta app whose webhooks bring its messages; empty for Viber.
    pub app: String,
    /// The provider's address, when it is not the provider's own; for demos and tests.
    pub base_url: Option<String>,
    /// Where its customers go first.
    pub queue: Option<QueueId>,
    /// Whether it takes and sends messages.
    pub enabled: bool,
    /// Whether the account may answer a customer for 7 days (Messenger and Instagram, after the provider's review).
    #[serde(default)]
    pub human_agent: bool,
    /// The account above it: the WhatsApp business account that the number belongs to, whose webhooks are subscribed
    /// there; the Page through which an Instagram account is reached.
    #[serde(default)]
    pub business: Option<String>,
    /// What greets a customer who opens the conversation and has not written yet; Viber alone tells of that.
    #[serde(default)]
    pub welcome: Option<String>,
}

/// A work line of one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(from = "super::stored::StoredQueue")]
pub struct Queue {
    /// The id.
    pub id: QueueId,
    /// The number people call it by; unique and fixed.
    pub number: u32,
    /// The name.
    pub title: String,
    /// The channel whose customers wait here.
    pub channel: Channel,
    /// Whether new customers enter.
    pub enabled: bool,
    /// 0 is served first, 10 last.
    pub priority: u8,
    /// How long an offer rings, 5 to 60 seconds.
    pub ring: Span,
    /// How long the same agent is not asked again, 5 to 60 seconds.
    pub sleep: Span,
    /// How long a customer waits at the most; none = without limit.
    pub max_wait: Option<Span>,
    /// The pause an agent is put on for an offer they miss or reject; none = they are not.
    pub automatic_pause: Option<PauseId>,
    /// Whether a status must be chosen before closing; void while the queue has none.
    pub disposition_required: bool,
    /// The statuses to choose from, in order.
    pub dispositions: Vec<DispositionId>,
    /// What happens to a waiting customer while nobody is there.
    pub unattended: Unattended,
    /// The people with rights to the queue.
    pub members: BTreeMap<UserId, Member>,
    /// What an agent may open beside the chat: the first is the white button of the offer card.
    #[serde(default)]
    pub links: Vec<Link>,
    /// How its chats come to agents and how its offers are refused.
    #[serde(default)]
    pub manner: Manner,
}

/// What happens to a waiting customer while nobody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Unattended {
    /// They wait.
    Wait,
    /// The interaction ends as missed at once.
    Close,
}

/// One person's place in a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Higher is asked later; doubles as a skill level.
    pub penalty: u8,
}

/// An address an agent may open beside the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The button's words.
    pub title: String,
    /// An http or https address; may hold variables behind its host, as [`crate::link`] fills them.
    pub url: String,
    /// Whether it opens by itself once the chat was accepted.
    #[serde(default)]
    pub opens: bool,
    /// The window it opens in; none = a tab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Size>,
}

/// The size of a window, in pixels of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Size {
    /// How wide, 200 to 4,000.
    pub width: u16,
    /// How high, 200 to 4,000.
    pub height: u16,
}

/// An outcome an agent chooses, shown as "Status".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disposition {
    /// The id.
    pub id: DispositionId,
    /// The name.
    pub title: String,
    /// Whether it can still be chosen.
    pub enabled: bool,
    /// When to choose it, in a sentence; may be empty.
    #[serde(default)]
    pub description: String,
    /// The colour of its mark.
    #[serde(default)]
    pub colour: Colour,
    /// The status it belongs under; whatever has others under it is a heading and cannot be chosen itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<DispositionId>,
}

/// The colour of a mark; which shade that is depends on the theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Quiet.
    #[default]
    Grey,
    /// As what is good.
    Green,
    /// As what needs care.
    Amber,
    /// As what went wrong.
    Red,
    /// Something else.
    Blue,
    /// Something else again.
    Violet,
}

/// A kind of pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pause {
    /// The id.
    pub id: PauseId,
    /// The name.
    pub title: String,
    /// Whether its time is paid.
    pub paid: bool,
    /// Whether agents may choose it; the automatic one they may not.
    pub choosable: bool,
    /// Whether it is in use.
    pub enabled: bool,
    /// How long it may last in all within 24 hours; who is longer on it is moved to the inactive pause. None = as long
    /// as they like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<Span>,
    /// What the system uses it for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemPause>,
}

/// What the system puts agents on a pause for; each has one pause at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SystemPause {
    /// They were longer on a pause than it may last.
    Inactive,
    /// They closed a chat of a queue that leaves time after it.
    WrapUp,
}

impl Connector {
    /// The words that greet a customer who opens the conversation; whoever is subscribed or in the middle of a chat
    /// has no need of them.
    #[must_use]
    pub fn greets(&self, subscribed: bool, in_chat: bool) -> Option<&str> {
        self.welcome.as_deref().filter(|_| self.enabled && !subscribed && !in_chat)
    }
}

impl Disposition {
    /// A status that can be chosen, grey and under no other.
    #[must_use]
    pub fn new(id: DispositionId, title: impl Into<String>) -> Self {
        let (title, description) = (title.into(), String::new());
        Self { id, title, enabled: true, description, colour: Colour::default(), under: None }
    }
}

impl Pause {
    /// An unpaid pause that agents may choose, without an end.
    #[must_use]
    pub fn new(id: PauseId, title: impl Into<String>) -> Self {
        let title = title.into();
        Self { id, title, paid: false, choosable: true, enabled: true, longest: None, system: None }
    }
}
