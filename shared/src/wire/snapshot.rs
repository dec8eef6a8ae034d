//! What a desk fetches over HTTP: its whole start, and one interaction in full.

use crate::agent::Agent;
use crate::channel::Channel;
use crate::config::{
    Colour, DispositionRef, Link, Manner, PauseRef, Posted, QueueRef, Role, UserRef, Workspace,
};
use crate::flat::FlatMap;
use crate::id::{AttachmentId, DispositionId, IdentityId, InteractionId, PauseId};
use crate::interaction::Interaction;
use crate::thread::{Content, Entry};
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// Everything a desk begins with; `GET /api/v1/desk`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSnapshot {
    /// The epoch of the log.
    pub epoch: String,
    /// The relay's clock.
    pub now: Timestamp,
    /// Who is logged in.
    pub user: UserRef,
    /// What they may do in general.
    pub role: Role,
    /// When they logged in.
    pub logged_in_at: Timestamp,
    /// Their own stream, whole.
    pub agent: Agent,
    /// Names and last words that belong to what rings at them.
    pub content: Vec<Content>,
    /// What of the configuration a desk needs.
    pub config: DeskConfig,
    /// The interactions they have open, with the newest page of history each.
    pub interactions: Vec<InteractionSnapshot>,
    /// What they have written in those and not sent, on whichever desk.
    #[serde(default)]
    pub drafts: Vec<Draft>,
}

/// What an agent has written in a chat and not sent; no event, and no part of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The chat.
    pub interaction: InteractionId,
    /// The words.
    pub text: String,
    /// When they were written, by the relay's clock.
    pub at: Timestamp,
}

/// What of the configuration a desk needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskConfig {
    /// Its version.
    pub version: u64,
    /// The queues this person has rights to.
    pub queues: Vec<DeskQueue>,
    /// The pauses they may choose.
    pub pauses: Vec<PauseRef>,
    /// How long those of them may last in 24 hours that may not last for ever.
    #[serde(default)]
    pub longest: FlatMap<PauseId, Span>,
    /// What is put up on the dashboard, the oldest first; each comes down by itself once its `until` has passed.
    #[serde(default)]
    pub notices: Vec<Posted>,
    /// What holds for the whole workspace.
    #[serde(default)]
    pub workspace: Workspace,
}

/// A queue as a desk needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskQueue {
    /// The queue.
    pub queue: QueueRef,
    /// Its channel.
    pub channel: Channel,
    /// Whether new customers enter.
    pub enabled: bool,
    /// Whether a status must be chosen before closing.
    pub disposition_required: bool,
    /// The statuses to choose from.
    pub dispositions: Vec<DispositionRef>,
    /// What is to be known of those that are more than a title.
    #[serde(default)]
    pub status_notes: Vec<StatusNote>,
    /// What an agent may open beside a chat of this queue; [`crate::link::fill`] makes an address of each.
    #[serde(default)]
    pub links: Vec<Link>,
    /// How its chats come to agents and how its offers are refused.
    #[serde(default)]
    pub manner: Manner,
}

/// What is to be known of a status beyond its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusNote {
    /// The status.
    pub id: DispositionId,
    /// When to choose it; may be empty.
    pub description: String,
    /// The colour of its mark.
    pub colour: Colour,
    /// The titles of what it belongs under, the outermost first.
    pub path: Vec<String>,
}

/// One interaction in full; `GET /api/v1/interactions/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractionSnapshot {
    /// The facts, at their version.
    pub interaction: Interaction,
    /// The customer.
    pub customer: Customer,
    /// The newest page of the history, oldest first.
    pub entries: Vec<Entry>,
    /// The chat that the same customer had before and that is over, the newest that whoever asks may read; none when
    /// there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<InteractionId>,
}

/// A customer as one connector knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The identity.
    pub identity: IdentityId,
    /// The profile name, when known.
    pub name: Option<String>,
    /// Phone number, user name or provider id.
    pub handle: String,
    /// The picture, once it is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<AttachmentId>,
}

impl Customer {
    /// The name, or what stands in for it.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&self.handle)
    }
}
