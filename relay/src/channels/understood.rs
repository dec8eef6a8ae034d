//! What one webhook item says, in one closed form for all providers; never what comes of it.

use shared::id::MessageId;
use shared::interaction::{Failure, MessageKind};
use shared::time::Timestamp;

/// The provider ids under which one customer is known to one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aliases {
    /// Every id, the most lasting one first; never empty.
    pub all: Vec<String>,
    /// The one to write to.
    pub address: String,
    /// What stands in for a name until one is known: phone number, user name, or the end of the id.
    pub handle: String,
}

/// What an item says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Understood {
    /// The customer wrote something; it starts or joins a chat, also when it is nothing we draw.
    Wrote(Wrote),
    /// Something became of messages we sent.
    Receipt(Receipt),
    /// The customer can no longer be written to.
    Left {
        /// Who.
        customer: Aliases,
    },
    /// The customer can be written to, without having written.
    Subscribed {
        /// Who.
        customer: Aliases,
        /// Their name.
        name: Option<String>,
    },
    /// The customer is known under a new id from now on.
    Moved {
        /// Who.
        customer: Aliases,
        /// The new id.
        to: Aliases,
    },
    /// The provider looks whether anybody is there.
    Check,
    /// Nothing that makes or changes a message in this version; kept as it came.
    Unsupported {
        /// Why, for whoever lists the journal.
        why: &'static str,
    },
}

/// Something a customer wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrote {
    /// The provider's id of it; where there is none, a digest of the item, so that a repetition is still known.
    pub external_id: String,
    /// Who.
    pub from: Aliases,
    /// Their name, where the item carries it.
    pub name: Option<String>,
    /// What it is.
    pub kind: MessageKind,
    /// The words, also the caption of something we do not draw.
    pub text: Option<String>,
    /// When, by the provider's clock; when it came, where that makes no sense.
    pub sent_at: Timestamp,
}

/// What became of messages we sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What.
    pub step: Step,
    /// Of which messages, by the provider's ids.
    pub external_ids: Vec<String>,
    /// Of every message to this customer that was sent up to this instant.
    pub until: Option<Timestamp>,
    /// Our own id of the message, where the provider gives it back.
    pub ours: Option<MessageId>,
    /// The customer, where it is said.
    pub customer: Option<Aliases>,
}

/// A step of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The provider has it.
    Accepted,
    /// It is on the customer's device.
    Delivered,
    /// The customer saw it.
    Seen,
    /// It did not get there.
    Failed(Failure),
}

/// How much of an id stands in for a name.
const SHORT_ID: usize = 8;

impl Aliases {
    /// A customer known under one id that is no address a person would recognise.
    #[must_use]
    pub fn one(id: String) -> Self {
        let skip = id.chars().count().saturating_sub(SHORT_ID);
        let handle =
            if skip == 0 { id.clone() } else { format!("…{}", id.chars().skip(skip).collect::<String>()) };
        Self { all: vec![id.clone()], address: id, handle }
    }
}

impl Receipt {
    /// A receipt of messages by their provider ids.
    #[must_use]
    pub fn of(step: Step, external_ids: Vec<String>, customer: Option<Aliases>) -> Self {
        Self { step, external_ids, until: None, ours: None, customer }
    }
}
