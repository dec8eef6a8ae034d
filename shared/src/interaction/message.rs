//! The facts of a message without its words, and how far its delivery may climb.

use crate::id::{MessageId, UserId};
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
    /// A picture, or several files of which the first is one.
    Image,
    /// A film.
    Video,
    /// A sound file.
    Audio,
    /// A recorded voice message.
    Voice,
    /// Any other file.
    File,
    /// A sticker.
    Sticker,
    /// A place.
    Location,
    /// Somebody's contact card.
    Contact,
    /// A tap on a button, a quick reply or a row of a list; its title is the text.
    Tap,
    /// An order.
    Order,
    /// A shared post, reel, product or link.
    Share,
    /// An answer to a story of ours, or a mention of us in theirs.
    Story,
    /// Something this version does not draw; its raw form is kept in the journal.
    Unsupported,
}

impl MessageKind {
    /// What stands for a message without words.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "Message",
            Self::Image => "Photo",
            Self::Video => "Video",
            Self::Audio => "Audio",
            Self::Voice => "Voice message",
            Self::File => "File",
            Self::Sticker => "Sticker",
            Self::Location => "Location",
            Self::Contact => "Contact",
            Self::Tap => "Button",
            Self::Order => "Order",
            Self::Share => "Shared post",
            Self::Story => "Story",
            Self::Unsupported => "Message that cannot be shown",
        }
    }
}

/// What a message answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplyTo {
    /// A message that is in the log.
    Message(MessageId),
    /// One that is not: from before this account was connected.
    Elsewhere,
}

/// What a provider charges for a message, where it says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// Whether it costs anything.
    pub billable: bool,
    /// The provider's word for what it is charged as: `service`, `utility`, `marketing`…
    pub category: String,
}

/// Something about the customer or the conversation that is no message and is worth a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The customer has a new phone number or user id.
    NumberChanged,
    /// The customer's keys changed: it may be another person or device.
    IdentityChanged,
    /// The customer came in through a link or an advertisement.
    Referral {
        /// The provider's word for where from.
        source: String,
    },
    /// The customer agreed to be written to.
    OptedIn,
    /// The customer wants no marketing messages any more.
    MarketingStopped,
    /// The customer takes marketing messages again.
    MarketingResumed,
    /// Another app took the conversation over.
    HandedOver,
    /// The conversation came back to us.
    HandedBack,
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// Whether what it costs is known.
    #[serde(default)]
    pub priced: bool,
    /// Whoever of ours wrote it; read for a step that went wrong, which they may have to be told of.
    #[serde(default)]
    pub author: Option<UserId>,
}

impl MessageFacts {
    /// A message that has come so far, of which nothing else is known.
    #[must_use]
    pub const fn new(id: MessageId, delivery: Delivery) -> Self {
        Self { id, delivery, priced: false, author: None }
    }
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

    /// Whether it did not get there, or nobody knows: a person has to look at it.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Unknown)
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
