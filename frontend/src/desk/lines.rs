//! The lines of a conversation: the history with the agent's pending messages behind it, each with a key for life, in blocks that are read one by one.

use crate::outbox::{Pending, Stage};
use crate::store::Conversation;
use shared::config::UserRef;
use shared::event::Actor;
use shared::id::{InteractionId, MessageId};
use shared::interaction::{Delivery, Direction, InteractionChange, MessageKind};
use shared::refusal::Refusal;
use shared::thread::{Body, Entry, Message};
use shared::time::Timestamp;

/// One line of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its key; the same from the first drawing of a pending message to its last receipt.
    pub key: LineKey,
    /// When, by the relay's clock.
    pub at: Timestamp,
    /// Who made it happen; nothing for a message that is not yet in the history.
    pub actor: Option<Actor>,
    /// What it shows.
    pub body: LineBody,
}

/// What names a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineKey {
    /// A message, pending or not.
    Message(MessageId),
    /// An event, by its number.
    Event(u64),
}

impl LineKey {
    /// The key as a bare number. No id of a message, whose first bits are a time, is as small as the number of an event.
    #[must_use]
    pub const fn number(self) -> u128 {
        match self {
            Self::Message(id) => id.0.as_u128(),
            Self::Event(number) => number as u128,
        }
    }

    /// The key of a number.
    #[must_use]
    pub fn of(number: u128) -> Self {
        u64::try_from(number).map_or_else(|_| Self::Message(MessageId::from_u128(number)), Self::Event)
    }
}

/// What a line shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineBody {
    /// A message.
    Message(Box<Said>),
    /// Something that happened.
    Event(InteractionChange),
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What is known of it.
    pub message: Message,
    /// How far it has come, for outgoing ones.
    pub progress: Option<Progress>,
    /// Its chat, when it went wrong and nobody took care of it yet: [`super::Desk::resend`] or
    /// [`super::Desk::dismiss_message`].
    pub unsettled: Option<InteractionId>,
    /// Whether the agent has that chat open: only then it can be sent again.
    pub open: bool,
}

/// How far an outgoing message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// On its way to the relay.
    Sending,
    /// There is no connection: it waits on this device.
    WaitsForConnection,
    /// It waited too long, or the answer said nothing: a person has to look, and may send it again or discard it.
    Unclear,
    /// The relay refused it; its words can be taken back into the composer, or it is sent again.
    Refused(Refusal),
    /// The relay has it; this is how far it has come to the customer.
    Delivery(Delivery),
}

/// So many numbers of the history are one block. A view draws the blocks that are near, whatever else there is.
const BLOCK: u64 = 64;

/// One block of the lines, and what stands next to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// The line above.
    pub above: Option<Line>,
    /// Its own, oldest first.
    pub own: Vec<Line>,
    /// The line below.
    pub below: Option<Line>,
}

impl Lines {
    /// The lines of a chat that is read and not worked on: nothing to take care of, and nothing but what happened.
    #[must_use]
    pub fn to_read(mut self) -> Self {
        self.own.retain(|line| line.actor.is_some());
        for line in &mut self.own {
            if let LineBody::Message(said) = &mut line.body {
                said.unsettled = None;
            }
        }
        self
    }
}

/// The agent's messages in this conversation that the history does not hold yet.
fn hopes<'a>(
    conversation: &Conversation,
    pending: impl Iterator<Item = &'a Pending>,
) -> Vec<(&'a Pending, MessageId)> {
    let own = |one: &'a Pending| {
        let (interaction, message) = one.message()?;
        (interaction == conversation.interaction.id).then_some((one, message))
    };
    pending.filter_map(own).filter(|(_, id)| conversation.thread.message(*id).is_none()).collect()
}

/// The numbers of all blocks, oldest first.
pub(super) fn blocks<'a>(
    conversation: &Conversation,
    pending: impl Iterator<Item = &'a Pending>,
) -> Vec<u64> {
    let thread = &conversation.thread;
    let hoped = hopes(conversation, pending).len() as u64;
    let end = thread.last().unwrap_or_default() + hoped;
    let first = thread.first().unwrap_or(1);
    if end < first { Vec::new() } else { (first / BLOCK..=end / BLOCK).collect() }
}

/// The lines of a block. A message that waits to be sent stands where its line will: in the number after the last.
pub(super) fn block<'a>(
    conversation: &Conversation,
    pending: impl Iterator<Item = &'a Pending>,
    me: Option<&UserRef>,
    connected: bool,
    number: u64,
) -> Lines {
    let pending: Vec<&Pending> = pending.collect();
    let chat = &conversation.interaction;
    let unsettled = |message: &Message| {
        let wrong = message.delivery.as_ref().is_some_and(Delivery::is_wrong);
        let asked = || pending.iter().any(|one| one.command.settles() == Some(message.id));
        (wrong && !chat.settled.contains(&message.id) && !asked()).then_some(chat.id)
    };
    let open = me.is_some_and(|me| chat.open_of(me.id).is_some());
    let thread = &conversation.thread;
    let (from, to) = (number * BLOCK, number * BLOCK + BLOCK);
    let next = thread.last().unwrap_or_default() + 1;
    let near = thread.entries_from(from.saturating_sub(1)).take_while(|entry| entry.seq <= to);
    let behind = (next..).zip(hopes(conversation, pending.iter().copied()));
    let all = near
        .map(|entry| (entry.seq, stored(entry, open, unsettled)))
        .chain(behind.map(|(seq, (one, message))| (seq, hoped(one, message, me, connected))));
    let mut lines = Lines::default();
    for (seq, line) in all {
        match seq {
            _ if seq + 1 == from => lines.above = Some(line),
            _ if seq == to => lines.below = Some(line),
            _ if (from..to).contains(&seq) => lines.own.push(line),
            _ => {}
        }
    }
    lines
}

fn stored(entry: &Entry, open: bool, unsettled: impl Fn(&Message) -> Option<InteractionId>) -> Line {
    let (key, body) = match &entry.body {
        Body::Message(message) => {
            let progress = message.delivery.clone().map(Progress::Delivery);
            let unsettled = unsettled(message);
            let open = open && unsettled.is_some();
            let said = Said { message: message.clone(), progress, unsettled, open };
            (LineKey::Message(message.id), LineBody::Message(Box::new(said)))
        }
        Body::Event { change } => (LineKey::Event(entry.seq), LineBody::Event(change.clone())),
    };
    Line { key, at: entry.at, actor: Some(entry.actor), body }
}

fn hoped(pending: &Pending, id: MessageId, me: Option<&UserRef>, connected: bool) -> Line {
    let progress = match &pending.stage {
        Stage::Waiting if !connected => Progress::WaitsForConnection,
        Stage::Waiting | Stage::Sent => Progress::Sending,
        // Its event is on the way: nothing more can go wrong before the provider.
        Stage::Settled { .. } => Progress::Delivery(Delivery::Queued),
        Stage::Refused { refusal } => Progress::Refused(refusal.clone()),
        Stage::Unknown => Progress::Unclear,
    };
    let message = Message {
        text: pending.text().map(str::to_owned),
        author: me.cloned(),
        ..Message::new(id, Direction::Out, MessageKind::Text)
    };
    let said = Said { message, progress: Some(progress), unsettled: None, open: false };
    Line {
        key: LineKey::Message(id),
        at: pending.asked_at,
        actor: None,
        body: LineBody::Message(Box::new(said)),
    }
}
