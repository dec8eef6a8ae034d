//! One attempt to hand a waiting activity to one agent.

use crate::id::{ActivityId, OfferId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One attempt to hand a waiting activity to one agent; it rings and ends in exactly one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// What is offered.
    pub activity: ActivityId,
    /// To whom.
    pub agent: UserId,
    /// On whose account.
    pub kind: OfferKind,
    /// When it began to ring.
    pub offered_at: Timestamp,
    /// When it stops ringing by itself.
    pub expires_at: Timestamp,
    /// How it stands.
    pub state: OfferState,
    /// Until when the same agent is not asked again.
    pub sleep_until: Option<Timestamp>,
}

/// On whose account an offer rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    /// The queue's distribution.
    Queue,
}

/// How an offer stands; all but `Ringing` are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// It rings.
    Ringing,
    /// The agent took it.
    Accepted,
    /// The agent refused it.
    Rejected,
    /// Nobody answered in time.
    Expired,
    /// It became pointless; never the agent's fault.
    Withdrawn {
        /// What made it so.
        because: WithdrawnBecause,
    },
}

/// What made an offer pointless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawnBecause {
    /// Somebody else took the activity.
    Taken,
    /// The customer left.
    CustomerLeft,
    /// The longest waiting time was over.
    MaxWait,
    /// The agent lost the right to the queue, or was deactivated.
    NoRights,
}

impl OfferState {
    /// Whether nothing can change it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Ringing)
    }
}
