//! The facts of a message without its words, and how far its delivery may climb.

use crate::id::MessageId;
use serde::{Deserialize, Serialize};

/// Who wrote to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the customer.
    In,
    /// To the customer.
    Out,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageKind {
    /// Plain text; the words are a content row.
    Text,
    /// Something this version does not draw; its raw form is kept in the journal.
    Unsupported,
}

/// How far an outgoing message has come; it only climbs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// Accepted by the relay, waits for its turn.
    Queued,
    /// On its way to the provider, retried for as long as the provider asks for patience.
    Sending,
    /// The provider may or may not have it: the answer was lost. Never sent again without a person.
    Unknown,
    /// The provider has it.
    Sent,
    /// It is on the customer's device.
    Delivered,
    /// The customer saw it.
    Seen,
    /// It did not get there; final.
    Failed(Failure),
}

/// Why a message did not get there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The class of the reason, which decides the next step shown to the agent.
    pub kind: FailureKind,
    /// The provider's own code, for support; never the words of the message.
    pub code: Option<String>,
}

/// Classes of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The messaging window was closed.
    Window,
    /// The customer blocked us, left, or cannot be reached.
    Unreachable,
    /// The account's token or permission was refused.
    Account,
    /// The provider refused this content.
    Content,
    /// The provider's limits were still exceeded after the last retry.
    Limit,
    /// The provider did not work after the last retry.
    Provider,
}

/// What the log knows of an outgoing message; read together with its interaction when a receipt is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageFacts {
    /// The message.
    pub id: MessageId,
    /// How far it has come.
    pub delivery: Delivery,
}

impl Delivery {
    /// The height of the step; failure stands apart.
    const fn rank(&self) -> u8 {
        match self {
            Self::Queued => 0,
            Self::Sending => 1,
            Self::Unknown => 2,
            Self::Sent => 3,
            Self::Delivered => 4,
            Self::Seen => 5,
            Self::Failed(_) => 6,
        }
    }

    /// Whether going from here to `next` is a climb. Failure is final, and what reached the customer cannot fail.
    #[must_use]
    pub const fn climbs_to(&self, next: &Self) -> bool {
        match (self, next) {
            (Self::Failed(_) | Self::Delivered | Self::Seen, Self::Failed(_)) => false,
            _ => next.rank() > self.rank(),
        }
    }
}
