//! The visible history of one interaction as a desk keeps it: messages and events in one order, words beside facts.

use crate::config::UserRef;
use crate::event::{Actor, Change, Event};
use crate::flat::FlatMap;
use crate::id::{IdentityId, MessageId};
use crate::interaction::{Delivery, Direction, InteractionChange, MessageKind};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1 without holes.
    pub seq: u64,
    /// When, by the relay's clock.
    pub at: Timestamp,
    /// Who made it happen.
    pub actor: Actor,
    /// What it shows.
    pub body: Body,
}

/// What a line of the history shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// A message.
    Message(Message),
    /// Something that happened.
    Event {
        /// What.
        change: InteractionChange,
    },
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Who wrote to whom.
    pub direction: Direction,
    /// What it is.
    pub kind: MessageKind,
    /// The words; none when there are none or they were erased.
    pub text: Option<String>,
    /// Who wrote it, for outgoing ones.
    pub author: Option<UserRef>,
    /// How far it has come, for outgoing ones.
    pub delivery: Option<Delivery>,
    /// When the customer sent it, by the provider's clock, for incoming ones.
    pub sent_at: Option<Timestamp>,
}

/// Words that belong to facts; kept apart from events so that they can be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// The words of a message.
    Text {
        /// The message.
        message: MessageId,
        /// The words.
        text: String,
    },
    /// A customer's name and address as the channel shows them.
    Name {
        /// The customer.
        identity: IdentityId,
        /// The profile name, when known.
        name: Option<String>,
        /// Phone number, user name or provider id: what stands in when there is no name.
        handle: String,
    },
}

/// A stretch of history ending at the newest line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    entries: FlatMap<u64, Entry>,
}

impl Thread {
    /// Takes in lines read from the relay; of lines already held, only a delivery that climbed further is taken over.
    pub fn adopt(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for entry in entries {
            if let Body::Message(Message { id, delivery: Some(delivery), .. }) = &entry.body {
                self.deliver(*id, delivery);
            }
            self.entries.or_insert_with(entry.seq, || entry);
        }
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values()
    }

    /// The number of the oldest line held.
    #[must_use]
    pub fn first(&self) -> Option<u64> {
        self.entries.keys().next().copied()
    }

    /// The number of the newest line held.
    #[must_use]
    pub fn last(&self) -> Option<u64> {
        self.entries.keys().next_back().copied()
    }

    /// How many lines are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no line is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes in an event of the same interaction with the words that came beside it; the same event twice changes nothing.
    pub fn apply(&mut self, event: &Event, content: &[Content]) {
        let Change::Interaction(change) = &event.change else { return };
        if let InteractionChange::DeliveryChanged { message, delivery, .. } = change {
            self.deliver(*message, delivery);
        } else if let Some(seq) = event.seq {
            let entry = Entry { seq, at: event.at, actor: event.actor, body: Body::of(change, content) };
            self.entries.or_insert_with(seq, || entry);
        }
    }

    /// Lets a message climb; a step that is none changes nothing.
    fn deliver(&mut self, id: MessageId, to: &Delivery) {
        for entry in self.entries.values_mut().rev() {
            if let Body::Message(message) = &mut entry.body
                && message.id == id
            {
                if message.delivery.as_ref().is_some_and(|from| from.climbs_to(to)) {
                    message.delivery = Some(to.clone());
                }
                return;
            }
        }
    }
}

impl Body {
    /// What a visible change shows, with its words taken from `content`.
    #[must_use]
    pub fn of(change: &InteractionChange, content: &[Content]) -> Self {
        let words = |id: MessageId| {
            content.iter().find_map(|one| match one {
                Content::Text { message, text } if *message == id => Some(text.clone()),
                _ => None,
            })
        };
        match change {
            InteractionChange::CustomerWrote { message, kind, sent_at } => Self::Message(Message {
                id: *message,
                direction: Direction::In,
                kind: *kind,
                text: words(*message),
                author: None,
                delivery: None,
                sent_at: Some(*sent_at),
            }),
            InteractionChange::AgentWrote { message, author, .. } => Self::Message(Message {
                id: *message,
                direction: Direction::Out,
                kind: MessageKind::Text,
                text: words(*message),
                author: Some(author.clone()),
                delivery: Some(Delivery::Queued),
                sent_at: None,
            }),
            other => Self::Event { change: other.clone() },
        }
    }
}
