//! What people ask for (commands) and what befalls the system (occurrences); both are decided, neither is a fact yet.

use crate::channel::Outgoing;
use crate::config::ConfigChange;
use crate::id::{
    ActivityId, ConnectorId, DispositionId, IdentityId, InteractionId, MessageId, OfferId, PauseId, QueueId,
    UserId,
};
use crate::interaction::{
    Amended, Amendment, Attachment, Delivery, MessageFacts, MessageKind, Notice, Pricing, ReplyTo,
};
use crate::routing::Explanation;
use crate::time::Timestamp;
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

/// Something that befell the system: a customer, a clock, a provider, routing, an admin's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// A customer wrote. Joins their live interaction or begins a new one.
    CustomerWrote {
        /// The account.
        connector: ConnectorId,
        /// The customer.
        identity: IdentityId,
        /// The new message.
        message: MessageId,
        /// What it is.
        kind: MessageKind,
        /// When, by the provider's clock.
        sent_at: Timestamp,
        /// Its files.
        attachments: Vec<Attachment>,
        /// What it answers.
        reply_to: Option<ReplyTo>,
        /// Whether the log holds a message with the same provider id already.
        known: bool,
        /// Ids for a new interaction and its activity, should it take one; none for what joins a live interaction and
        /// never begins one: words to another app that leads the conversation, and words from long ago.
        fresh: Option<(InteractionId, ActivityId)>,
    },
    /// Somebody wrote to a customer from elsewhere; a line of their live interaction, nothing without one.
    SentElsewhere {
        /// The account.
        connector: ConnectorId,
        /// The customer.
        identity: IdentityId,
        /// The new message.
        message: MessageId,
        /// What it is.
        kind: MessageKind,
        /// When, by the provider's clock.
        sent_at: Timestamp,
        /// Its files.
        attachments: Vec<Attachment>,
        /// Whether the log holds a message with the same provider id already.
        known: bool,
    },
    /// Something happened to a message that is there, also after the end.
    Amended {
        /// Its interaction.
        interaction: InteractionId,
        /// What the log knows of the message.
        message: Amended,
        /// What happened.
        amendment: Amendment,
        /// When, by the provider's clock.
        at: Timestamp,
    },
    /// Something about a customer or their conversation; a line of their live interaction, nothing without one.
    Noted {
        /// The account.
        connector: ConnectorId,
        /// The customer.
        identity: IdentityId,
        /// What.
        notice: Notice,
    },
    /// A customer's name became known or changed.
    CustomerNamed {
        /// The account.
        connector: ConnectorId,
        /// The customer.
        identity: IdentityId,
    },
    /// A customer can no longer be written to.
    CustomerLeft {
        /// The account.
        connector: ConnectorId,
        /// The customer.
        identity: IdentityId,
    },
    /// Routing chose an agent.
    Offer {
        /// The new offer.
        offer: OfferId,
        /// The interaction.
        interaction: InteractionId,
        /// The waiting activity.
        activity: ActivityId,
        /// The chosen agent.
        agent: UserId,
        /// Why.
        because: Explanation,
    },
    /// Routing found nobody, or somebody again.
    Withhold {
        /// The interaction.
        interaction: InteractionId,
        /// The waiting activity.
        activity: ActivityId,
        /// Why; none once somebody can be offered it again.
        reason: Option<crate::interaction::Withheld>,
    },
    /// The ring time of an offer is over.
    RingOver {
        /// The interaction.
        interaction: InteractionId,
        /// The offer.
        offer: OfferId,
        /// Whether the agent's desk was connected; who was not is never put on a pause.
        reachable: bool,
    },
    /// The longest waiting time is over.
    WaitOver {
        /// The interaction.
        interaction: InteractionId,
        /// The waiting activity.
        activity: ActivityId,
    },
    /// Nobody is there and the queue ends such interactions.
    Unattended {
        /// The interaction.
        interaction: InteractionId,
        /// The waiting activity.
        activity: ActivityId,
    },
    /// An outgoing message climbed a step: a send began or ended, a receipt came.
    Delivered {
        /// The interaction.
        interaction: InteractionId,
        /// What the log knows of the message.
        message: MessageFacts,
        /// The step.
        to: Delivery,
        /// The provider's id of it, when this step brought it.
        external_id: Option<String>,
        /// What it costs, when this step says so.
        pricing: Option<Pricing>,
    },
    /// An admin's page, a command line or the demo saves a part of the configuration.
    Configure {
        /// Who; none for the command line and the demo.
        by: Option<UserId>,
        /// The part.
        change: ConfigChange,
    },
}

/// What the log knows of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityFacts {
    /// The customer.
    pub id: IdentityId,
    /// The account that knows them.
    pub connector: ConnectorId,
    /// When they last wrote, by the provider's clock; none = never.
    pub last_customer_at: Option<Timestamp>,
    /// Whether they can be written to.
    pub subscribed: bool,
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

/// What the log knows of a message to a customer that a person takes care of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingFacts {
    /// Its interaction.
    pub interaction: InteractionId,
    /// How far it has come.
    pub message: MessageFacts,
    /// What was said; none when it was erased.
    pub content: Option<Outgoing>,
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
