//! The visible history of one interaction as a desk keeps it: messages and events in one order, words beside facts; long because a message and what may happen to it belong together.

use crate::card::{Card, FileName};
use crate::config::UserRef;
use crate::event::{Actor, Change, Event};
use crate::flat::FlatMap;
use crate::id::{AttachmentId, IdentityId, MessageId};
use crate::interaction::{
    Amendment, Attachment, AttachmentState, Delivery, Direction, InteractionChange, MessageKind, Pricing,
    ReplyTo,
};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
    /// Who wrote it, for outgoing ones; none for what no person of ours wrote.
    pub author: Option<UserRef>,
    /// Whether the system wrote it by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// How far it has come, for outgoing ones.
    pub delivery: Option<Delivery>,
    /// When it was sent, by the provider's clock, for those that we did not send in that moment.
    pub sent_at: Option<Timestamp>,
    /// Its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The names under which they were sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<FileName>,
    /// What stands beside the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<ReplyTo>,
    /// The emoji that stand on it, at most one of each side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// When its words were last replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// When it was taken back; then it has no words and no files any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsent_at: Option<Timestamp>,
    /// What it costs, for outgoing ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
}

/// An emoji on a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Who put it there.
    pub by: Direction,
    /// Which.
    pub emoji: String,
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
    /// What stands beside the words of a message, and the names of its files.
    Cards {
        /// The message.
        message: MessageId,
        /// What stands there.
        cards: Vec<Card>,
        /// The names of its files.
        names: Vec<FileName>,
    },
    /// A customer's name and address as the channel shows them.
    Name {
        /// The customer.
        identity: IdentityId,
        /// The profile name, when known.
        name: Option<String>,
        /// Phone number, user name or provider id: what stands in when there is no name.
        handle: String,
        /// The picture, once it is here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        avatar: Option<AttachmentId>,
    },
}

/// A stretch of history ending at the newest line.
///
/// Each line stands in a place of its own: older ones that come in before ten thousand others move their addresses alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    entries: FlatMap<u64, Arc<Entry>>,
}

impl Thread {
    /// Takes in lines read from the relay. An event may have overtaken the reading, so of a message that is held
    /// already nothing is taken back: no step of a delivery, no edit, no unsend, no file that is here.
    pub fn adopt(&mut self, entries: impl IntoIterator<Item = Entry>) {
        for mut entry in entries {
            if let Body::Message(read) = &mut entry.body
                && let Some(Body::Message(held)) = self.entries.get(&entry.seq).map(|held| &held.body)
            {
                read.catch_up(held);
            }
            self.entries.insert(entry.seq, Arc::new(entry));
        }
    }

    /// The lines, oldest first.
    #[must_use]
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values().map(|entry| &**entry)
    }

    /// The lines from this number on, oldest first.
    #[must_use]
    pub fn entries_from(&self, seq: u64) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values_from(&seq).map(|entry| &**entry)
    }

    /// A message that is held; looked for from the newest, of which most is still said.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.entries().rev().find_map(|entry| match &entry.body {
            Body::Message(message) if message.id == id => Some(message),
            _ => None,
        })
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
        if let InteractionChange::DeliveryChanged { message, delivery, pricing, .. } = change {
            self.deliver(*message, delivery);
            if let (Some(pricing), Some(message)) = (pricing, self.message_mut(*message)) {
                message.pricing = Some(pricing.clone());
            }
        } else if let InteractionChange::Amended { message, amendment, at } = change {
            if let Some(message) = self.message_mut(*message) {
                message.amend(amendment, *at, content);
            }
        } else if let Some(seq) = event.seq {
            let entry = Entry { seq, at: event.at, actor: event.actor, body: Body::of(change, content) };
            self.entries.or_insert_with(seq, || Arc::new(entry));
        }
    }

    /// Lets a message climb; a step that is none changes nothing.
    fn deliver(&mut self, id: MessageId, to: &Delivery) {
        if let Some(message) = self.message_mut(id)
            && message.delivery.as_ref().is_some_and(|from| from.climbs_to(to))
        {
            message.delivery = Some(to.clone());
        }
    }

    /// A message that is held, to be changed.
    fn message_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        let is_it = |entry: &Entry| matches!(&entry.body, Body::Message(message) if message.id == id);
        let entry = self.entries.values_mut().rev().find(|entry| is_it(entry))?;
        match &mut Arc::make_mut(entry).body {
            Body::Message(message) => Some(message),
            Body::Event { .. } => None,
        }
    }
}

impl Message {
    /// A message about which nothing is known but these.
    #[must_use]
    pub const fn new(id: MessageId, direction: Direction, kind: MessageKind) -> Self {
        Self {
            id,
            direction,
            kind,
            text: None,
            author: None,
            automatic: false,
            delivery: None,
            sent_at: None,
            attachments: Vec::new(),
            names: Vec::new(),
            cards: Vec::new(),
            reply_to: None,
            reactions: Vec::new(),
            edited_at: None,
            unsent_at: None,
            pricing: None,
        }
    }

    /// Brings a message that was read to where the same message is held.
    fn catch_up(&mut self, held: &Self) {
        if held.unsent_at > self.unsent_at {
            *self = held.clone();
            return;
        }
        if let (Some(from), Some(to)) = (&self.delivery, &held.delivery)
            && from.climbs_to(to)
        {
            self.delivery.clone_from(&held.delivery);
        }
        if held.edited_at > self.edited_at {
            self.edited_at = held.edited_at;
            self.text.clone_from(&held.text);
        }
        for file in &mut self.attachments {
            let same = held.attachments.iter().find(|one| one.id == file.id);
            if let Some(here) = same.filter(|one| matches!(one.state, AttachmentState::Ready { .. })) {
                file.state = here.state.clone();
            }
        }
    }

    /// Takes the words that belong to it from `content`.
    #[must_use]
    pub fn with_words(mut self, content: &[Content]) -> Self {
        for one in content {
            match one {
                Content::Text { message, text } if *message == self.id => self.text = Some(text.clone()),
                Content::Cards { message, cards, names } if *message == self.id => {
                    self.cards.clone_from(cards);
                    self.names.clone_from(names);
                }
                _ => {}
            }
        }
        self
    }

    /// Lets something happen to it; new words come from `content`.
    pub fn amend(&mut self, amendment: &Amendment, at: Timestamp, content: &[Content]) {
        match amendment {
            // What was taken back stays so.
            _ if self.unsent_at.is_some() => {}
            Amendment::Reacted { by, emoji } => {
                self.reactions.retain(|one| one.by != *by);
                self.reactions.extend(emoji.iter().map(|emoji| Reaction { by: *by, emoji: emoji.clone() }));
            }
            Amendment::Edited => {
                self.edited_at = Some(at);
                let words = Self::new(self.id, self.direction, self.kind).with_words(content);
                if words.text.is_some() {
                    self.text = words.text;
                }
            }
            Amendment::Unsent => {
                self.unsent_at = Some(at);
                self.text = None;
                self.cards.clear();
                self.names.clear();
                self.attachments.clear();
            }
            Amendment::Attached { attachment, state } => {
                for one in self.attachments.iter_mut().filter(|one| one.id == *attachment) {
                    one.state = state.clone();
                }
            }
        }
    }
}

impl Body {
    /// What a visible change shows, with its words taken from `content`.
    #[must_use]
    pub fn of(change: &InteractionChange, content: &[Content]) -> Self {
        let message = match change {
            InteractionChange::CustomerWrote { message, kind, sent_at, attachments, reply_to } => Message {
                sent_at: Some(*sent_at),
                attachments: attachments.clone(),
                reply_to: *reply_to,
                ..Message::new(*message, Direction::In, *kind)
            },
            InteractionChange::SentElsewhere { message, kind, sent_at, attachments } => Message {
                delivery: Some(Delivery::Sent),
                sent_at: Some(*sent_at),
                attachments: attachments.clone(),
                ..Message::new(*message, Direction::Out, *kind)
            },
            InteractionChange::SentAutomatically { message, sent_at, delivery, .. } => Message {
                automatic: true,
                delivery: Some(delivery.clone()),
                sent_at: Some(*sent_at),
                ..Message::new(*message, Direction::Out, MessageKind::Text)
            },
            InteractionChange::AgentWrote { message, author, .. } => Message {
                author: Some(author.clone()),
                delivery: Some(Delivery::Queued),
                ..Message::new(*message, Direction::Out, MessageKind::Text)
            },
            other => return Self::Event { change: other.clone() },
        };
        Self::Message(message.with_words(content))
    }
}
