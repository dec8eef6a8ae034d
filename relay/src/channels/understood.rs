//! What one webhook item says, in one closed form for all providers; never what comes of it.

use serde::{Deserialize, Serialize};
use shared::card::{Card, CardKind};
use shared::id::MessageId;
use shared::interaction::{AttachmentKind, Direction, Failure, MessageKind, Notice, Pricing};
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
    /// Somebody wrote to the customer from elsewhere; it joins a chat and never starts one.
    Elsewhere(Elsewhere),
    /// Something happened to a message; it never starts a chat.
    Amends(Amends),
    /// Something about the customer or the conversation that is no message; it never starts a chat.
    Noted {
        /// Who.
        customer: Aliases,
        /// What.
        notice: Notice,
    },
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
        /// Where their picture is.
        avatar: Option<String>,
    },
    /// The customer is known under a new id from now on.
    Moved {
        /// Who.
        customer: Aliases,
        /// The new id.
        to: Aliases,
        /// What is said of it in the chat; nothing where that is said by itself.
        notice: Option<Notice>,
    },
    /// The customer said whether they take marketing messages.
    Preferred {
        /// Who.
        customer: Aliases,
        /// Whether they do.
        marketing: bool,
        /// When, by the provider's clock.
        at: Timestamp,
    },
    /// The provider looks whether anybody is there.
    Check,
    /// Understood, and nothing is to be done about it: notices about accounts, comments, groups.
    Ignored {
        /// What it is, for whoever reads the journal.
        why: &'static str,
    },
    /// What no rule of this version understands; kept as it came and listed.
    Unsupported {
        /// Why, for whoever lists the journal.
        why: &'static str,
    },
}

/// What a message holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it is.
    pub kind: MessageKind,
    /// The words, also a caption.
    pub text: Option<String>,
    /// What stands beside the words.
    pub cards: Vec<Card>,
    /// Files to fetch.
    pub media: Vec<Media>,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
}

/// A file that a provider keeps for us, for minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// What the provider says it is.
    pub kind: AttachmentKind,
    /// Where it is.
    pub source: Source,
    /// The name under which it was sent.
    pub name: Option<String>,
}

/// Where a file is; stored until it is fetched, and never shown to anybody: an address may carry a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// At this address.
    Url(String),
    /// Under this id at the provider, who gives the address away on demand.
    Id(String),
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
    /// Where their picture is, where the item carries it.
    pub avatar: Option<String>,
    /// What.
    pub said: Said,
    /// When, by the provider's clock; when it came, where that makes no sense.
    pub sent_at: Timestamp,
    /// Whether another app leads the conversation: then it may join a chat and starts none.
    pub aside: bool,
}

/// Something that was written to a customer, not by us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The provider's id of it.
    pub external_id: String,
    /// To whom.
    pub to: Aliases,
    /// What.
    pub said: Said,
    /// When, by the provider's clock.
    pub sent_at: Timestamp,
}

/// Something that happened to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amends {
    /// With whom.
    pub customer: Aliases,
    /// Whose doing it is.
    pub by: Direction,
    /// To which message, by the provider's id.
    pub about: String,
    /// What.
    pub how: How,
    /// When, by the provider's clock.
    pub at: Timestamp,
}

/// What happened to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// This emoji was put on it; none when it was taken off.
    Reacted(Option<String>),
    /// These are its words now.
    Edited(String),
    /// It was taken back.
    Unsent,
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
    /// What it costs, where it is said.
    pub pricing: Option<Pricing>,
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

impl Said {
    /// A message of a kind, with nothing in it yet.
    #[must_use]
    pub const fn new(kind: MessageKind) -> Self {
        Self { kind, text: None, cards: Vec::new(), media: Vec::new(), reply_to: None }
    }

    /// A message that is not drawn, with what it is where that is known.
    #[must_use]
    pub fn unsupported(what: Option<String>) -> Self {
        let card = Card { title: what, ..Card::new(CardKind::Unsupported) };
        Self { cards: vec![card], ..Self::new(MessageKind::Unsupported) }
    }

    /// Adds a card; the first one says what the message is, unless a file or a tap did.
    pub fn card(&mut self, kind: MessageKind, card: Card) {
        self.cards.push(card);
        self.lead(kind);
    }

    /// Adds a file; the first one says what the message is.
    pub fn file(&mut self, media: Media) {
        self.lead(match media.kind {
            AttachmentKind::Image => MessageKind::Image,
            AttachmentKind::Video => MessageKind::Video,
            AttachmentKind::Audio => MessageKind::Audio,
            AttachmentKind::Voice => MessageKind::Voice,
            AttachmentKind::File => MessageKind::File,
            AttachmentKind::Sticker => MessageKind::Sticker,
        });
        self.media.push(media);
    }

    fn lead(&mut self, kind: MessageKind) {
        if matches!(self.kind, MessageKind::Text) {
            self.kind = kind;
        }
    }

    /// Calls a message in which nothing was found what it is.
    #[must_use]
    pub fn settled(self) -> Self {
        let empty = self.text.is_none() && self.media.is_empty() && self.cards.is_empty();
        if empty { Self { reply_to: self.reply_to, ..Self::unsupported(None) } } else { self }
    }
}

impl Receipt {
    /// A receipt of messages by their provider ids.
    #[must_use]
    pub fn of(step: Step, external_ids: Vec<String>, customer: Option<Aliases>) -> Self {
        Self { step, external_ids, until: None, ours: None, customer, pricing: None }
    }
}
