//! What people ask for (commands) and what befalls the system (occurrences); both are decided, neither is a fact yet.

mod occurrence;

pub use occurrence::{IdentityFacts, Occurrence, OutgoingFacts, Welcome};

use crate::channel::Outgoing;
use crate::id::{ActivityId, DispositionId, IdentityId, InteractionId, MessageId, OfferId, PauseId, QueueId};
use serde::{Deserialize, Serialize};

/// A wish of an agent's desk. Ids of new things are made by the desk, so a repeated wish names the same things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Take a waiting activity: with the offer from the card, without one from the Waiting list.
    Accept {
        /// The interaction.
        interaction: InteractionId,
        /// The waiting activity.
        activity: ActivityId,
        /// The offer on the card; the expectation of this command.
        offer: Option<OfferId>,
    },
    /// Refuse an offer.
    Reject {
        /// The interaction.
        interaction: InteractionId,
        /// The offer; the expectation of this command.
        offer: OfferId,
        /// Why, one of the queue's reasons; none where it has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Send text to the customer.
    Send {
        /// The interaction.
        interaction: InteractionId,
        /// The new message.
        message: MessageId,
        /// The words.
        text: String,
        /// The last message of the customer the agent had seen; kept beside the message, never a reason to refuse.
        seen: u64,
    },
    /// Send the words of a failed or unknown message once more, as a new message.
    Resend {
        /// The interaction.
        interaction: InteractionId,
        /// The message that failed or whose answer was lost.
        message: MessageId,
        /// The new message.
        again: MessageId,
        /// The last message of the customer the agent had seen; kept beside the message, never a reason to refuse.
        seen: u64,
    },
    /// Let a failed or unknown message be.
    Dismiss {
        /// The interaction.
        interaction: InteractionId,
        /// The message.
        message: MessageId,
    },
    /// Choose a status, or take the choice back.
    ChooseDisposition {
        /// The interaction.
        interaction: InteractionId,
        /// The activity.
        activity: ActivityId,
        /// The status.
        disposition: Option<DispositionId>,
        /// Further statuses, in queues that allow several.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<DispositionId>,
    },
    /// Close an activity.
    Close {
        /// The interaction.
        interaction: InteractionId,
        /// The activity.
        activity: ActivityId,
        /// The last message of the customer the agent had seen; the expectation of this command.
        seen: u64,
    },
    /// Start a chat with a customer who has written before.
    StartChat {
        /// The new interaction.
        interaction: InteractionId,
        /// The new activity.
        activity: ActivityId,
        /// The queue to book it on.
        queue: QueueId,
        /// The customer.
        identity: IdentityId,
    },
    /// Send a single message to a customer who has written before, and be done with it.
    SendOnce {
        /// The new interaction.
        interaction: InteractionId,
        /// The new activity.
        activity: ActivityId,
        /// The queue to book it on.
        queue: QueueId,
        /// The customer.
        identity: IdentityId,
        /// The status; demanded where the queue demands one.
        disposition: Option<DispositionId>,
        /// The new message.
        message: MessageId,
        /// The words.
        text: String,
    },
    /// Log in to a queue.
    JoinQueue {
        /// Which.
        queue: QueueId,
    },
    /// Log out of a queue.
    LeaveQueue {
        /// Which.
        queue: QueueId,
    },
    /// Go on a pause.
    Pause {
        /// Which.
        pause: PauseId,
    },
    /// Go back to work.
    Resume,
    /// A wish this version does not know; always refused.
    #[serde(other)]
    Unknown,
}

/// A message of an agent that is more than plain words; made by a composer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Composed {
    /// The interaction.
    pub interaction: InteractionId,
    /// The new message.
    pub message: MessageId,
    /// What is said.
    pub content: Outgoing,
    /// The last message of the customer the agent had seen; kept beside the message, never a reason to refuse.
    pub seen: u64,
}

impl Command {
    /// The message of ours that it takes care of; the decision needs to know how far that has come.
    #[must_use]
    pub const fn settles(&self) -> Option<MessageId> {
        match self {
            Self::Resend { message, .. } | Self::Dismiss { message, .. } => Some(*message),
            _ => None,
        }
    }

    /// The interaction it is about, if it is about one.
    #[must_use]
    pub const fn interaction(&self) -> Option<InteractionId> {
        match self {
            Self::Accept { interaction, .. }
            | Self::Reject { interaction, .. }
            | Self::Send { interaction, .. }
            | Self::Resend { interaction, .. }
            | Self::Dismiss { interaction, .. }
            | Self::ChooseDisposition { interaction, .. }
            | Self::Close { interaction, .. }
            | Self::StartChat { interaction, .. }
            | Self::SendOnce { interaction, .. } => Some(*interaction),
            Self::JoinQueue { .. }
            | Self::LeaveQueue { .. }
            | Self::Pause { .. }
            | Self::Resume
            | Self::Unknown => None,
        }
    }
}
