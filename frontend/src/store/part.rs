//! The parts of the store that change on their own, so that only what shows them is drawn again.

use shared::event::Stream;
use shared::id::InteractionId;

/// A part of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Who is logged in.
    Session,
    /// The agent's own stream: pause, rings, tabs.
    Agent,
    /// Queues with statuses, pauses.
    Config,
    /// The Waiting list.
    Waiting,
    /// The rows of the queues.
    Queues,
    /// The rows of the colleagues.
    Colleagues,
    /// What is wrong with accounts.
    Accounts,
    /// One conversation.
    Conversation(InteractionId),
}

impl Part {
    /// The part a stream is shown in.
    #[must_use]
    pub const fn of(stream: Stream) -> Self {
        match stream {
            Stream::Interaction(id) => Self::Conversation(id),
            Stream::Agent(_) => Self::Agent,
            Stream::Config => Self::Config,
        }
    }
}
