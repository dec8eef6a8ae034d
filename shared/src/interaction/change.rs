//! Everything that can happen to an interaction; each change carries its instants and titles, so applying it reads nothing else; long because all that can happen is one list.

use super::{
    ActivityKind, Amendment, Attachment, Delivery, Direction, Disconnection, Lost, LostBecause, MessageKind,
    Notice, OfferKind, OfferState, Pricing, ReplyTo, Withheld,
};
use crate::channel::Channel;
use crate::config::{DispositionRef, QueueRef, UserRef};
use crate::id::{ActivityId, ConnectorId, IdentityId, MessageId, OfferId};
use crate::routing::Explanation;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// One thing that happened to an interaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionChange {
    /// It began (E-route for an inbound one).
    Began {
        /// The channel.
        channel: Channel,
        /// The account.
        connector: ConnectorId,
        /// The account's title at that time.
        connector_title: String,
        /// The customer.
        identity: IdentityId,
        /// Who began it.
        direction: Direction,
        /// When the customer last wrote to this connector before, for the window of an outbound chat.
        last_customer_at: Option<Timestamp>,
        /// Whether the account may answer for longer than its channel's window.
        #[serde(default)]
        human_agent: bool,
    },
    /// An activity began to wait in a queue (T-01, E-queue).
    Queued {
        /// The new activity.
        activity: ActivityId,
        /// The queue.
        queue: QueueRef,
        /// When waiting is over at the latest.
        max_wait_until: Option<Timestamp>,
    },
    /// The customer wrote.
    CustomerWrote {
        /// The message.
        message: MessageId,
        /// What it is.
        kind: MessageKind,
        /// When, by the provider's clock.
        sent_at: Timestamp,
        /// Its files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<ReplyTo>,
    },
    /// Somebody wrote to the customer from elsewhere: the page's own inbox, the phone of the shop, another app.
    SentElsewhere {
        /// The message.
        message: MessageId,
        /// What it is.
        kind: MessageKind,
        /// When, by the provider's clock.
        sent_at: Timestamp,
        /// Its files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
    },
    /// The system wrote by itself.
    SentAutomatically {
        /// The message.
        message: MessageId,
        /// When.
        sent_at: Timestamp,
        /// How far it has come by now.
        delivery: Delivery,
        /// The provider's id of it.
        external_id: Option<String>,
    },
    /// An agent wrote.
    AgentWrote {
        /// The message.
        message: MessageId,
        /// The activity it was written in.
        activity: ActivityId,
        /// Who.
        author: UserRef,
        /// The last message of the customer the agent had seen.
        seen: u64,
    },
    /// A message climbed a step; not a line of the history.
    DeliveryChanged {
        /// The message.
        message: MessageId,
        /// Where it is now.
        delivery: Delivery,
        /// The provider's id of it, when this step brought it.
        external_id: Option<String>,
        /// What it costs, when this step brought that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pricing: Option<Pricing>,
    },
    /// Something happened to a message that is there; not a line of the history.
    Amended {
        /// The message.
        message: MessageId,
        /// What.
        amendment: Amendment,
        /// When, by the provider's clock.
        at: Timestamp,
    },
    /// Something about the customer or the conversation that is no message.
    Noted {
        /// What.
        notice: Notice,
    },
    /// A person took care of a message that failed or whose answer was lost; not a line of the history.
    MessageSettled {
        /// The message.
        message: MessageId,
        /// Who.
        by: UserRef,
        /// The message that says the same again; none when it was let be.
        again: Option<MessageId>,
    },
    /// The customer's name became known or changed; the name itself is a content row.
    CustomerNamed {
        /// The customer.
        identity: IdentityId,
    },
    /// An offer rings (T-02, E-offer).
    Offered {
        /// The offer.
        offer: OfferId,
        /// What is offered.
        activity: ActivityId,
        /// To whom.
        agent: UserRef,
        /// On whose account.
        kind: OfferKind,
        /// When it stops ringing by itself.
        expires_at: Timestamp,
        /// Why this agent.
        because: Explanation,
    },
    /// An offer ended other than by being accepted (T-03, T-04; E-noanswer, E-reject).
    OfferEnded {
        /// The offer.
        offer: OfferId,
        /// What was offered.
        activity: ActivityId,
        /// To whom.
        agent: UserRef,
        /// How it ended.
        state: OfferState,
        /// Until when the same agent is not asked again.
        sleep_until: Option<Timestamp>,
        /// How long it rang.
        rang: Span,
        /// Why it was rejected, where the queue asks for that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Nobody can be offered it now, and why; the reason changed.
    Withheld {
        /// The waiting activity.
        activity: ActivityId,
        /// The reason; none once somebody can be offered it again.
        reason: Option<Withheld>,
    },
    /// An agent took it (T-05, T-06; E-accept).
    Accepted {
        /// The activity.
        activity: ActivityId,
        /// The offer that was accepted; none when it was taken from the Waiting list.
        offer: Option<OfferId>,
        /// The new owner.
        owner: UserRef,
        /// How long the customer waited.
        waited: Span,
    },
    /// It ended while waiting (T-07 to T-09; E-timeout, E-unavailable, E-left).
    Missed {
        /// The activity that waited.
        activity: ActivityId,
        /// Why.
        disconnection: Disconnection,
    },
    /// The customer cannot be written to any more (unsubscribed, blocked); a running chat stays open for its agent.
    CustomerLeft,
    /// An agent began it (T-10, E-start).
    Started {
        /// The new activity.
        activity: ActivityId,
        /// The queue it is booked on.
        queue: QueueRef,
        /// Who.
        owner: UserRef,
    },
    /// A single message was sent and the activity closed with it (T-11, E-sent).
    SentOnce {
        /// The activity.
        activity: ActivityId,
        /// The queue it is booked on.
        queue: QueueRef,
        /// Who.
        owner: UserRef,
        /// The chosen outcome, where the queue has any.
        disposition: Option<DispositionRef>,
    },
    /// An outcome was chosen (E-status).
    DispositionChosen {
        /// The activity.
        activity: ActivityId,
        /// The outcome; none when it was taken back.
        disposition: Option<DispositionRef>,
        /// Further outcomes, in queues that allow several.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<DispositionRef>,
        /// Who chose.
        by: UserRef,
    },
    /// An agent closed their activity (T-12, E-close).
    Closed {
        /// The activity.
        activity: ActivityId,
        /// Who closed it.
        by: UserRef,
        /// The outcome it was closed with.
        disposition: Option<DispositionRef>,
        /// Further outcomes it was closed with.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<DispositionRef>,
        /// Whether it was the last one, so that the interaction ends with it.
        last: bool,
    },
    /// Its owner is missing, for another reason than before, or there again; not a line of the history.
    OwnerMissed {
        /// The open activity.
        activity: ActivityId,
        /// Why and when it goes back to its queue; none when it stays. Not for browsers, as in the activity.
        #[cfg_attr(target_arch = "wasm32", serde(skip))]
        lost: Option<Lost>,
    },
    /// Its owner was lost and it waits in its queue again, before all others (T-22, E-requeue).
    Requeued {
        /// The activity.
        activity: ActivityId,
        /// Who owned it.
        owner: UserRef,
        /// Why they do no more.
        because: LostBecause,
        /// When waiting is over at the latest.
        max_wait_until: Option<Timestamp>,
    },
}

impl InteractionChange {
    /// Whether it is a line of the visible history and so takes the next history number.
    #[must_use]
    pub const fn is_visible(&self) -> bool {
        match self {
            Self::Began { .. }
            | Self::Queued { .. }
            | Self::CustomerWrote { .. }
            | Self::SentElsewhere { .. }
            | Self::SentAutomatically { .. }
            | Self::AgentWrote { .. }
            | Self::Noted { .. }
            | Self::Accepted { .. }
            | Self::Missed { .. }
            | Self::CustomerLeft
            | Self::Started { .. }
            | Self::SentOnce { .. }
            | Self::DispositionChosen { .. }
            | Self::Closed { .. }
            | Self::Requeued { .. } => true,
            Self::OfferEnded { state, .. } => matches!(state, OfferState::Rejected | OfferState::Expired),
            Self::DeliveryChanged { .. }
            | Self::Amended { .. }
            | Self::MessageSettled { .. }
            | Self::CustomerNamed { .. }
            | Self::Offered { .. }
            | Self::Withheld { .. }
            | Self::OwnerMissed { .. } => false,
        }
    }

    /// The kind of activity a change brings into being, if it does.
    #[must_use]
    pub const fn creates(&self) -> Option<(ActivityId, ActivityKind)> {
        match self {
            Self::Queued { activity, .. } => Some((*activity, ActivityKind::Inbound)),
            Self::Started { activity, .. } => Some((*activity, ActivityKind::Outbound)),
            Self::SentOnce { activity, .. } => Some((*activity, ActivityKind::OneShot)),
            _ => None,
        }
    }
}
