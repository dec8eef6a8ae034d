//! A change that happened, with its place in its stream; the only thing that is stored, sent and applied.

use crate::agent::AgentChange;
use crate::config::ConfigChange;
use crate::id::{InteractionId, UserId};
use crate::interaction::InteractionChange;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The form in which events are stored; raised together with an upcaster when a stored variant changes its meaning.
pub const SCHEMA: u16 = 1;

/// One ordered line of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// One interaction.
    Interaction(InteractionId),
    /// One agent.
    Agent(UserId),
    /// The configuration of the workspace.
    Config,
}

/// A change, by the kind of stream it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Of an interaction.
    Interaction(InteractionChange),
    /// Of an agent.
    Agent(AgentChange),
    /// Of the configuration. Desks are told that there is another one and fetch it whole, so nothing that reads a change
    /// of it travels to browsers.
    #[cfg_attr(target_arch = "wasm32", serde(skip))]
    Config(ConfigChange),
}

/// Who made something happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// Routing, clocks, deliveries.
    System,
    /// The customer of the interaction.
    Customer,
    /// A person who is logged in.
    User(UserId),
}

/// A change that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The stream it belongs to.
    pub stream: Stream,
    /// Its place in the stream, from 1 without holes.
    pub version: u64,
    /// Its number in the visible history of the interaction, from 1 without holes; none for what is not a line of it.
    pub seq: Option<u64>,
    /// When it happened, by the relay's clock.
    pub at: Timestamp,
    /// Who made it happen.
    pub actor: Actor,
    /// What happened.
    pub change: Change,
}
