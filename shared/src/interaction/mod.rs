//! The state of one interaction: who wrote, where it waits, who works on it; bounded, and without a word of what was said.

mod activity;
mod amendment;
mod apply;
mod attachment;
mod change;
mod message;
mod offer;
#[cfg(test)]
mod tests;

pub use activity::{Activity, ActivityKind, ActivityState, CloseReason, Lost, LostBecause, Withheld};
pub use amendment::{Amended, Amendment};
pub use attachment::{Attachment, AttachmentKind, AttachmentState, MediaFault, Pixels};
pub use change::InteractionChange;
pub use message::{
    Delivery, Direction, Failure, FailureKind, MessageFacts, MessageKind, Notice, Pricing, ReplyTo,
};
pub use offer::{Offer, OfferKind, OfferState, WithdrawnBecause};

use crate::channel::{Channel, WindowState};
use crate::id::{ActivityId, ConnectorId, IdentityId, InteractionId, MessageId, OfferId, UserId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A customer's session on one channel identity, from routing to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// Its id.
    pub id: InteractionId,
    /// Number of changes applied so far; the place of the newest event in its stream.
    pub version: u64,
    /// Number of the newest entry of the visible history.
    pub seq: u64,
    /// The channel it runs on.
    pub channel: Channel,
    /// The account it runs through.
    pub connector: ConnectorId,
    /// The customer, as that connector knows them.
    pub identity: IdentityId,
    /// Who began it.
    pub direction: Direction,
    /// Where it stands; always what [`Interaction::derived_phase`] says.
    pub phase: Phase,
    /// When it began.
    pub entered_at: Timestamp,
    /// When it first entered its present queue.
    pub queue_entered_at: Option<Timestamp>,
    /// When the customer first wrote in it (relay's clock).
    pub first_customer_at: Option<Timestamp>,
    /// When the customer last wrote, by the provider's clock: the messaging window counts from here.
    pub last_customer_at: Option<Timestamp>,
    /// The history number of the customer's last message; zero before the first.
    pub last_customer_seq: u64,
    /// Whether an agent ever accepted it.
    pub answered: bool,
    /// Whether the customer can still be written to (Viber: has not unsubscribed).
    pub subscribed: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it ended.
    pub disconnection: Option<Disconnection>,
    /// Its pieces of work, oldest first.
    pub activities: Vec<Activity>,
    /// The last offer of each waiting activity to each agent; emptied when the activity stops waiting.
    pub offers: Vec<Offer>,
    /// Whether the account may answer for longer than its channel's window.
    #[serde(default)]
    pub human_agent: bool,
    /// Failed and unknown messages that a person took care of, the newest last; bounded.
    #[serde(default)]
    pub settled: Vec<MessageId>,
}

/// Where an interaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Arrived; no piece of work exists yet.
    Routing,
    /// No activity is open and at least one waits.
    Queued,
    /// At least one activity is open.
    Active,
    /// Ended with nobody answering; final.
    Missed,
    /// Ended; final.
    Ended,
}

/// Why an interaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Disconnection {
    /// An agent closed it.
    Agent,
    /// The customer left.
    Customer,
    /// The longest waiting time was over.
    Timeout,
    /// Nobody could ever have taken it.
    NotAvailable,
    /// The queue was out of its hours.
    OutOfHours,
}

impl Phase {
    /// Whether nothing leads out of it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Missed | Self::Ended)
    }
}

impl Interaction {
    /// Whether it still runs.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        !self.phase.is_final()
    }

    /// The activity with this id.
    #[must_use]
    pub fn activity(&self, id: ActivityId) -> Option<&Activity> {
        self.activities.iter().find(|activity| activity.id == id)
    }

    /// The offer with this id, as long as it is remembered.
    #[must_use]
    pub fn offer(&self, id: OfferId) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.id == id)
    }

    /// The open activity of this person.
    #[must_use]
    pub fn open_of(&self, user: UserId) -> Option<&Activity> {
        self.activities.iter().find(|a| a.state == ActivityState::Open && a.owner == Some(user))
    }

    /// The activity that waits for somebody, if any.
    #[must_use]
    pub fn waiting(&self) -> Option<&Activity> {
        self.activities.iter().find(|a| a.state == ActivityState::Wait)
    }

    /// The offers of this activity that ring now.
    pub fn ringing(&self, activity: ActivityId) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(move |o| o.activity == activity && o.state == OfferState::Ringing)
    }

    /// Whether and how long free text may be sent at `now`.
    #[must_use]
    pub fn window(&self, now: Timestamp) -> WindowState {
        let window = self.channel.capabilities().window.of_account(self.human_agent);
        window.state(self.last_customer_at, self.subscribed, now)
    }

    /// The phase that its activities imply; a missed interaction is one that ended with nobody having answered.
    #[must_use]
    pub fn derived_phase(&self) -> Phase {
        let any = |state| self.activities.iter().any(|a| a.state == state);
        if any(ActivityState::Open) {
            Phase::Active
        } else if any(ActivityState::Wait) {
            Phase::Queued
        } else if self.activities.is_empty() {
            Phase::Routing
        } else if self.answered {
            Phase::Ended
        } else {
            Phase::Missed
        }
    }
}
