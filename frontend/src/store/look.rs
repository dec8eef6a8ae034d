//! What can be read of all that was told; nothing here changes anything.

use super::conversation::Conversation;
use super::held::{EndedRing, Held};
use super::lists::Lists;
use super::status::Session;
use shared::agent::{Agent, Ringing};
use shared::event::Stream;
use shared::flat::FlatSet;
use shared::id::{ActivityId, AttachmentId, IdentityId, InteractionId, MessageId, OfferId};
use shared::thread::{Body, Content};
use shared::wire::{DeskConfig, Position};

impl Held {
    /// Whether this interaction is one of the agent's tabs.
    #[must_use]
    pub fn is_open(&self, id: InteractionId) -> bool {
        self.agent.as_ref().is_some_and(|agent| agent.open.iter().any(|held| held.interaction == id))
    }

    /// Where every held stream stands, for the next hello; stale ones are left out, so that they are fetched anew.
    #[must_use]
    pub fn positions(&self) -> Vec<Position> {
        let agent = self
            .agent
            .iter()
            .filter(|_| !self.agent_stale)
            .map(|agent| Position { stream: Stream::Agent(agent.user), version: agent.version });
        let open = self.conversations.values().filter(|one| !one.stale).map(|one| Position {
            stream: Stream::Interaction(one.interaction.id),
            version: one.interaction.version,
        });
        let config =
            self.session.iter().map(|_| Position { stream: Stream::Config, version: self.config.version });
        agent.chain(open).chain(config).collect()
    }

    /// What has to be fetched: tabs that are not held, and conversations with missing events.
    #[must_use]
    pub fn wanted(&self) -> FlatSet<InteractionId> {
        let open = self.agent.iter().flat_map(|agent| agent.open.iter().map(|held| held.interaction));
        let missing = open.filter(|id| !self.conversations.contains_key(id));
        let stale = self.conversations.iter().filter(|(_, one)| one.stale).map(|(id, _)| *id);
        missing.chain(stale).collect()
    }

    /// The version of a stream; none when it is not held.
    #[must_use]
    pub fn version(&self, stream: Stream) -> Option<u64> {
        match stream {
            Stream::Interaction(id) => self.conversations.get(&id).map(|one| one.interaction.version),
            Stream::Agent(user) => {
                self.agent.as_ref().filter(|agent| agent.user == user).map(|agent| agent.version)
            }
            Stream::Config => None,
        }
    }

    /// Whether a message stands in a held history.
    #[must_use]
    pub fn has_message(&self, id: InteractionId, message: MessageId) -> bool {
        self.conversations.get(&id).is_some_and(|one| {
            let is_it = |body: &Body| matches!(body, Body::Message(held) if held.id == message);
            one.thread.entries().rev().any(|entry| is_it(&entry.body))
        })
    }

    /// What to call the customer of a ringing offer: the row of the Waiting list is newer than the ring's own words.
    #[must_use]
    pub fn caller(&self, ringing: &Ringing) -> Option<String> {
        if let Some(row) = self.lists.waiting.get(&ringing.activity) {
            return Some(row.customer.clone());
        }
        self.named(ringing.identity)
    }

    /// What to call a customer who was named.
    #[must_use]
    pub fn named(&self, identity: IdentityId) -> Option<String> {
        let Some(Content::Name { name, handle, .. }) = self.names.get(&identity) else { return None };
        let name = name.as_deref().filter(|name| !name.trim().is_empty());
        Some(name.unwrap_or(handle).to_owned())
    }

    /// Phone number, user name or provider id of the customer of a ringing offer.
    #[must_use]
    pub fn address(&self, ringing: &Ringing) -> Option<&str> {
        match self.names.get(&ringing.identity)? {
            Content::Name { handle, .. } => Some(handle),
            _ => None,
        }
    }

    /// The picture of a customer who was named.
    #[must_use]
    pub fn avatar(&self, identity: IdentityId) -> Option<AttachmentId> {
        match self.names.get(&identity) {
            Some(Content::Name { avatar, .. }) => *avatar,
            _ => None,
        }
    }

    /// The customer's last words, as far as they are known for a ringing offer.
    #[must_use]
    pub fn preview(&self, offer: OfferId, activity: ActivityId) -> Option<&str> {
        if !self.config.workspace.preview {
            return None;
        }
        let row = self.lists.waiting.get(&activity).and_then(|row| row.preview.as_deref());
        row.or_else(|| self.previews.get(&offer).map(String::as_str))
    }

    /// Who is logged in.
    #[must_use]
    pub const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The agent's own stream.
    #[must_use]
    pub const fn agent(&self) -> Option<&Agent> {
        self.agent.as_ref()
    }

    /// Whether events of the agent's own stream are missing.
    #[must_use]
    pub const fn agent_is_stale(&self) -> bool {
        self.agent_stale
    }

    /// What of the configuration a desk needs.
    #[must_use]
    pub const fn config(&self) -> &DeskConfig {
        &self.config
    }

    /// A conversation, as long as it is held.
    #[must_use]
    pub fn conversation(&self, id: InteractionId) -> Option<&Conversation> {
        self.conversations.get(&id)
    }

    /// Every conversation held.
    pub fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.conversations.values()
    }

    /// The rows of the lists.
    #[must_use]
    pub const fn lists(&self) -> &Lists {
        &self.lists
    }

    /// The last rings that ended, oldest first.
    #[must_use]
    pub fn ended(&self) -> &[EndedRing] {
        &self.ended
    }
}
