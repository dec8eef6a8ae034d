//! The parts of a configuration, and the short references to them that changes carry.

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
}

/// A person as changes and lists name them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserRef {
    /// The id.
    pub id: UserId,
    /// The name at that time.
    pub name: String,
}

/// A queue as changes and lists name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueRef {
    /// The id.
    pub id: QueueId,
    /// The number.
    pub number: u32,
    /// The name at that time.
    pub title: String,
}

/// A status as changes name it; the title stays readable after the status is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DispositionRef {
    /// The id.
    pub id: DispositionId,
    /// The name at that time.
    pub title: String,
}

/// A pause as changes name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PauseRef {
    /// The id.
    pub id: PauseId,
    /// The name at that time.
    pub title: String,
    /// Whether its time is paid.
    pub paid: bool,
}

impl User {
    /// The short reference.
    #[must_use]
    pub fn reference(&self) -> UserRef {
        UserRef { id: self.id, name: self.name.clone() }
    }
}

impl Connector {
    /// The words that greet a customer who opens the conversation; whoever is subscribed or in the middle of a chat
    /// has no need of them.
    #[must_use]
    pub fn greets(&self, subscribed: bool, in_chat: bool) -> Option<&str> {
        self.welcome.as_deref().filter(|_| self.enabled && !subscribed && !in_chat)
    }
}

impl Queue {
    /// The short reference.
    #[must_use]
    pub fn reference(&self) -> QueueRef {
        QueueRef { id: self.id, number: self.number, title: self.title.clone() }
    }
}

impl Disposition {
    /// The short reference.
    #[must_use]
    pub fn reference(&self) -> DispositionRef {
        DispositionRef { id: self.id, title: self.title.clone() }
    }
}

impl Pause {
    /// The short reference.
    #[must_use]
    pub fn reference(&self) -> PauseRef {
        PauseRef { id: self.id, title: self.title.clone(), paid: self.paid }
    }
}
