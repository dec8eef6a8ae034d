//! All live state together and the one way it changes: events applied in order; never decides anything.

use crate::agent::Agent;
use crate::config::{Config, User};
use crate::event::{Actor, Change, Event, Stream};
use crate::id::{ConnectorId, IdentityId, InteractionId, UserId};
use crate::interaction::Interaction;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// The configuration, every agent, and every interaction that lives or was adopted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct World {
    /// The configuration.
    pub config: Config,
    agents: BTreeMap<UserId, Agent>,
    interactions: BTreeMap<InteractionId, Interaction>,
    live: BTreeMap<(ConnectorId, IdentityId), InteractionId>,
}

/// What applying an event came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The state moved on.
    Yes,
    /// The event was known already; nothing changed.
    Known,
    /// Events before it are missing; nothing changed and the stream must be fetched anew.
    Gap,
}

impl World {
    /// The interaction, as long as it is held here.
    #[must_use]
    pub fn interaction(&self, id: InteractionId) -> Option<&Interaction> {
        self.interactions.get(&id)
    }

    /// The live interaction of a customer on a connector; there is never more than one.
    #[must_use]
    pub fn live_of(&self, connector: ConnectorId, identity: IdentityId) -> Option<&Interaction> {
        self.live.get(&(connector, identity)).and_then(|id| self.interactions.get(id))
    }

    /// Every interaction held here, oldest id first.
    pub fn interactions(&self) -> impl Iterator<Item = &Interaction> {
        self.interactions.values()
    }

    /// The agent's state; of whom nothing has happened is as [`Agent::new`] makes them.
    #[must_use]
    pub fn agent(&self, user: UserId) -> Agent {
        self.agents.get(&user).cloned().unwrap_or_else(|| Agent::new(user))
    }

    /// The agent's state, if anything ever happened to them.
    #[must_use]
    pub fn known_agent(&self, user: UserId) -> Option<&Agent> {
        self.agents.get(&user)
    }

    /// Every agent to whom anything ever happened.
    pub fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.agents.values()
    }

    /// The person, if they exist and are active.
    #[must_use]
    pub fn active_user(&self, user: UserId) -> Option<&User> {
        self.config.users.get(&user).filter(|user| user.active)
    }

    /// Takes in an interaction read from storage.
    pub fn adopt(&mut self, interaction: Interaction) {
        if interaction.is_live() {
            self.live.insert((interaction.connector, interaction.identity), interaction.id);
        }
        self.interactions.insert(interaction.id, interaction);
    }

    /// Takes in an agent read from storage.
    pub fn adopt_agent(&mut self, agent: Agent) {
        self.agents.insert(agent.user, agent);
    }

    /// Lets go of an interaction that has ended; a live one stays.
    pub fn release(&mut self, id: InteractionId) {
        if self.interactions.get(&id).is_some_and(|one| !one.is_live()) {
            self.interactions.remove(&id);
        }
    }

    /// The version of a stream; zero for one of which nothing has happened.
    #[must_use]
    pub fn version(&self, stream: Stream) -> u64 {
        match stream {
            Stream::Interaction(id) => self.interactions.get(&id).map_or(0, |one| one.version),
            Stream::Agent(user) => self.agents.get(&user).map_or(0, |one| one.version),
            Stream::Config => self.config.version,
        }
    }

    /// Makes a change happen: gives it the next place in its stream and applies it.
    ///
    /// Returns nothing when the change does not belong to the stream, or the stream's first change is not a beginning.
    pub fn record(&mut self, stream: Stream, change: Change, actor: Actor, at: Timestamp) -> Option<Event> {
        let mut event = Event { stream, version: self.version(stream) + 1, seq: None, at, actor, change };
        if self.apply(&event) != Applied::Yes {
            return None;
        }
        if let (Stream::Interaction(id), Change::Interaction(change)) = (stream, &event.change)
            && change.is_visible()
        {
            event.seq = self.interactions.get(&id).map(|one| one.seq);
        }
        Some(event)
    }

    /// Applies an event that happened.
    pub fn apply(&mut self, event: &Event) -> Applied {
        let version = self.version(event.stream);
        if event.version <= version {
            return Applied::Known;
        }
        if event.version != version + 1 {
            return Applied::Gap;
        }
        match (event.stream, &event.change) {
            (Stream::Interaction(id), Change::Interaction(change)) => {
                if let Some(interaction) = self.interactions.get_mut(&id) {
                    let key = (interaction.connector, interaction.identity);
                    interaction.apply(event.at, change);
                    if !interaction.is_live() && self.live.get(&key) == Some(&id) {
                        self.live.remove(&key);
                    }
                } else if let Some(interaction) = Interaction::begin(id, event.at, change) {
                    self.adopt(interaction);
                } else {
                    return Applied::Gap;
                }
            }
            (Stream::Agent(user), Change::Agent(change)) => {
                self.agents.entry(user).or_insert_with(|| Agent::new(user)).apply(event.at, change);
            }
            (Stream::Config, Change::Config(change)) => self.config.apply(change),
            _ => return Applied::Gap,
        }
        Applied::Yes
    }
}
