//! Everything that can happen to an agent's own stream.

use crate::channel::Channel;
use crate::config::{Link, PauseRef, QueueRef, UserRef};
use crate::id::{ActivityId, ConnectorId, IdentityId, InteractionId, MessageId, OfferId, QueueId};
use crate::interaction::{LostBecause, OfferKind, OfferState};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that happened to an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentChange {
    /// They logged in to a queue.
    JoinedQueue {
        /// Which.
        queue: QueueId,
    },
    /// They logged out of a queue: nothing of it is pushed to them any more.
    LeftQueue {
        /// Which.
        queue: QueueId,
    },
    /// They are on a pause.
    Paused {
        /// Which.
        pause: PauseRef,
        /// What put them on it.
        cause: PauseCause,
        /// When it ends by itself; none when it does not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// They are ready again.
    Resumed {
        /// What ended the pause.
        cause: ResumeCause,
    },
    /// An offer rings at them.
    Rang(Ringing),
    /// An offer rings no longer.
    RingEnded {
        /// Which.
        offer: OfferId,
        /// Its interaction.
        interaction: InteractionId,
        /// How it ended.
        state: OfferState,
        /// Who took the activity instead, if somebody did.
        taken_by: Option<UserRef>,
    },
    /// They opened an activity: a tab.
    Took {
        /// Its interaction.
        interaction: InteractionId,
        /// The activity.
        activity: ActivityId,
        /// Its queue.
        queue: QueueId,
    },
    /// They are done with an activity, or it went back to its queue because they were lost.
    Released {
        /// Its interaction.
        interaction: InteractionId,
        /// The activity.
        activity: ActivityId,
        /// Its queue.
        queue: QueueId,
        /// Why they were lost; none when they are done with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lost: Option<LostBecause>,
    },
    /// A message of theirs did not arrive, or may not have, when they had the chat no longer open.
    Undelivered(Undelivered),
    /// Somebody took care of such a message, or it arrived after all.
    UndeliveredEnded(MessageId),
}

/// A message that did not arrive, or may not have, when its author had the chat no longer open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// The message.
    pub message: MessageId,
    /// Its interaction.
    pub interaction: InteractionId,
    /// The customer.
    pub identity: IdentityId,
}

/// What put an agent on a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseCause {
    /// They chose it.
    Chosen,
    /// They let an offer expire.
    NoAnswer {
        /// The offer.
        offer: OfferId,
    },
    /// They rejected an offer.
    Rejected {
        /// The offer.
        offer: OfferId,
    },
    /// They were longer on another pause than that may last.
    TooLong,
    /// They closed a chat of a queue that leaves time after it.
    WrapUp,
}

/// What ended a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResumeCause {
    /// They went back to work.
    Chosen,
    /// The time after a chat is over.
    WrapUpOver,
    /// They accepted, late, the very offer that had put them on it.
    LateAccept {
        /// The offer.
        offer: OfferId,
    },
}

/// An offer as the agent it rings at sees it; the customer's name and words are content beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ringing {
    /// The offer.
    pub offer: OfferId,
    /// The interaction.
    pub interaction: InteractionId,
    /// The activity that waits.
    pub activity: ActivityId,
    /// On whose account it rings.
    pub kind: OfferKind,
    /// The channel.
    pub channel: Channel,
    /// The account.
    pub connector: ConnectorId,
    /// The customer.
    pub identity: IdentityId,
    /// The queue.
    pub queue: QueueRef,
    /// When the customer entered the queue.
    pub queued_at: Timestamp,
    /// When it began to ring.
    pub offered_at: Timestamp,
    /// When it stops by itself.
    pub expires_at: Timestamp,
    /// The first link of its queue, as it was when it began to ring.
    pub link: Option<Link>,
}
