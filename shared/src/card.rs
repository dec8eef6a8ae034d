//! What a message shows beside its words and files: a place, a contact, an order, a link; plain lines that any desk can draw.

use crate::id::AttachmentId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing beside the words. All of it is a customer's words: a content row, never part of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What it is.
    pub kind: CardKind,
    /// Its headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where it leads; `https` or `http` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
}

/// A line of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it says.
    pub label: String,
    /// The value beside it; empty where the label says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The instant beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

impl Row {
    /// A line that says it all by itself.
    #[must_use]
    pub const fn of(label: String) -> Self {
        Self { label, value: String::new(), at: None }
    }
}

/// What a card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CardKind {
    /// A place: name, address, coordinates in a row, an address of a map.
    Location,
    /// A person's card: name, phone numbers in rows.
    Contact,
    /// An order: products in rows.
    Order,
    /// A shared post, reel, product or page.
    Share,
    /// The answer to a story of ours.
    StoryReply,
    /// A mention of us in the customer's story.
    StoryMention,
    /// The advertisement that brought the customer.
    Ad,
    /// Filled in fields of a form, in rows.
    Form,
    /// A booked appointment: start, end and state in rows.
    Appointment,
    /// It was forwarded.
    Forwarded,
    /// A kind of message that is not drawn; what it is stands in the title.
    Unsupported,
    /// A kind this version does not know.
    #[serde(other)]
    Unknown,
}

/// The name under which a customer sent a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileName {
    /// The file.
    pub attachment: AttachmentId,
    /// Its name, for display and for saving; never a path.
    pub name: String,
}

impl Card {
    /// A card with nothing on it yet.
    #[must_use]
    pub const fn new(kind: CardKind) -> Self {
        Self { kind, title: None, text: None, url: None, rows: Vec::new() }
    }
}
