//! What befalls the system, and what the log knows beside it for a decision.

use crate::channel::Outgoing;
use crate::config::ConfigChange;
use crate::id::{ActivityId, ConnectorId, IdentityId, InteractionId, MessageId, OfferId, UserId};
use crate::interaction::{
    Amended, Amendment, Attachment, Delivery, MessageFacts, MessageKind, Notice, Pricing, ReplyTo, Withheld,
};
use crate::lost::Absence;
use crate::routing::Explanation;
use crate::time::Timestamp;

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
        /// What greeted them before they wrote, oldest first.
        welcomes: Vec<Welcome>,
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
        reason: Option<Withheld>,
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
    /// The owner of an open activity is missing, or there again.
    OwnerMissed {
        /// The interaction.
        interaction: InteractionId,
        /// The open activity.
        activity: ActivityId,
        /// How they are missing; none while a desk of theirs is connected.
        absence: Option<Absence>,
    },
    /// The owner of an open activity was missing for too long.
    OwnerLost {
        /// The interaction.
        interaction: InteractionId,
        /// The open activity.
        activity: ActivityId,
        /// Whether a desk of theirs is connected; who is back in time keeps it.
        reachable: bool,
    },
    /// The time of an agent's pause is over.
    PauseOver {
        /// Whose.
        agent: UserId,
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

/// A message that greeted a customer before there was a chat to write it into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    /// The message.
    pub message: MessageId,
    /// When.
    pub sent_at: Timestamp,
    /// How far it has come.
    pub delivery: Delivery,
    /// The provider's id of it.
    pub external_id: String,
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
