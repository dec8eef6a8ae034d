//! One conversation as its widgets read it: who, where, how far, and its lines. Writing in it is next door.

use super::offers::{WebLink, filled};
use super::{Asked, Desk, Lines, lines};
use crate::outbox::Wish;
use crate::reading::Reading;
use crate::store::{Conversation, Held, Link, Part};
use shared::channel::{Channel, WindowState};
use shared::config::{DispositionRef, Link as Configured, QueueRef};
use shared::id::{ActivityId, AttachmentId, InteractionId, MessageId, QueueId};
use shared::interaction::{Activity, ActivityState, Direction, Disconnection, Phase};
use shared::link::Values;
use shared::thread::{Body, Entry, Message};
use shared::time::Timestamp;
use shared::wire::{DeskQueue, StatusNote};

/// The facts of a conversation.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, true beside any of the others")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chat {
    /// The interaction.
    pub id: InteractionId,
    /// The channel.
    pub channel: Channel,
    /// The customer's name, or what stands in for it.
    pub customer: String,
    /// Phone number, user name or provider id.
    pub handle: String,
    /// Where their picture is.
    pub picture: Option<String>,
    /// The queue.
    pub queue: Option<QueueRef>,
    /// Where it stands.
    pub phase: Phase,
    /// When it began.
    pub entered_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Why it ended.
    pub disconnection: Option<Disconnection>,
    /// This agent's piece of work in it, open or done; nothing when they never had one.
    pub activity: Option<ActivityId>,
    /// Whether that is open.
    pub open: bool,
    /// The admin's links for whoever works on it, with what is known of the customer filled in.
    pub links: Vec<WebLink>,
    /// Those of them that open by themselves when it was just accepted.
    pub beside: Vec<WebLink>,
    /// The chosen statuses, in the order of choosing.
    pub chosen: Vec<DispositionRef>,
    /// Whether there can be more than one.
    pub several: bool,
    /// The statuses to choose from.
    pub statuses: Vec<DispositionRef>,
    /// What is to be known of those beyond their titles.
    pub status_notes: Vec<StatusNote>,
    /// Whether one must be chosen before closing.
    pub status_required: bool,
    /// The number of the newest line.
    pub newest: u64,
    /// The number of the customer's last message: hand it to [`Desk::viewed`] or leave it to it.
    pub last_customer_seq: u64,
    /// The number up to which it was looked at.
    pub viewed: u64,
    /// Whether it may lack what happened meanwhile: it is being fetched anew.
    pub stale: bool,
}

/// What can be seen of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is being fetched: draw a skeleton.
    Loading,
    /// It could not be fetched; the sentence says why. [`Desk::open`] tries again.
    Failed(String),
    /// It is here.
    Here,
}

impl Desk {
    /// Whether a conversation is here.
    #[must_use]
    pub fn look(self, id: InteractionId) -> Reading<Look> {
        Reading::of(move || {
            if self.store.read(Part::Conversation(id), |held| held.conversation(id).is_some()) {
                return Look::Here;
            }
            let failed = self.store.unreachable.with(|all| all.get(&id).cloned());
            failed.map_or(Look::Loading, Look::Failed)
        })
    }

    /// The facts of a conversation; nothing while it is not here.
    #[must_use]
    pub fn chat(self, id: InteractionId) -> Reading<Option<Chat>> {
        Reading::of(move || {
            self.store.track(Part::Config);
            let user = self.user();
            self.store.read(Part::Conversation(id), |held| {
                held.conversation(id).map(|conversation| chat(held, conversation, user))
            })
        })
    }

    /// The numbers of the blocks of a conversation's lines, oldest first.
    #[must_use]
    pub fn blocks(self, id: InteractionId) -> Reading<Vec<u64>> {
        Reading::of(move || {
            self.store.track(Part::Conversation(id));
            self.outbox.read(|pile| {
                self.store.peek(|held| {
                    let conversation = held.conversation(id);
                    conversation.map(|one| lines::blocks(one, pile.rows())).unwrap_or_default()
                })
            })
        })
    }

    /// The lines of a block, oldest first, the agent's pending messages last; read it to be told of changes.
    ///
    /// Rows keyed by [`super::Line::key`] keep their element while a message goes from pending to seen.
    #[must_use]
    pub fn lines(self, id: InteractionId, block: u64) -> Lines {
        let connected = self.store.link.get() == Link::Live;
        self.store.track(Part::Session);
        self.store.track(Part::Conversation(id));
        self.outbox.read(|pile| {
            self.store.peek(|held| {
                let me = held.session().map(|session| &session.user);
                let conversation = held.conversation(id);
                let block = |one| lines::block(one, pile.rows(), me, connected, block);
                conversation.map(block).unwrap_or_default()
            })
        })
    }

    /// How many messages of the customer came after a line; read it to be told of more.
    #[must_use]
    pub fn came_after(self, id: InteractionId, seq: u64) -> usize {
        let incoming =
            |entry: &&Entry| matches!(&entry.body, Body::Message(one) if one.direction == Direction::In);
        self.store.read(Part::Conversation(id), |held| {
            let conversation = held.conversation(id);
            conversation.map_or(0, |one| one.thread.entries_from(seq + 1).filter(incoming).count())
        })
    }

    /// A message of a conversation as it is held now.
    #[must_use]
    pub fn message(self, id: InteractionId, message: MessageId) -> Option<Message> {
        self.store.peek(|held| held.conversation(id)?.thread.message(message).cloned())
    }

    /// Whether and until when free text may be sent; nothing while the conversation is not here.
    #[must_use]
    pub fn window(self, id: InteractionId) -> Reading<Option<WindowState>> {
        Reading::of(move || {
            let now = self.store.now.get();
            self.store.read(Part::Conversation(id), |held| {
                held.conversation(id).map(|conversation| conversation.interaction.window(now))
            })
        })
    }

    /// Whether something was asked of this conversation and not yet answered.
    #[must_use]
    pub fn asked(self, id: InteractionId, what: Asked) -> Reading<bool> {
        Reading::of(move || self.asked_of(id, what))
    }

    /// Has a conversation fetched that is not one of the agent's tabs, to read it.
    pub fn open(self, id: InteractionId) {
        self.store.unreachable.update(|all| drop(all.remove(&id)));
        self.outbox.wishes.add(Wish::Open(id));
    }

    /// Has a file fetched once more that could not be had.
    pub fn fetch_again(self, id: AttachmentId) {
        self.outbox.wishes.add(Wish::FetchAgain(id));
    }

    /// Where a history was left that was not at its end: a block of it, and how far below the upper edge that began.
    #[must_use]
    pub fn left_at(self, id: InteractionId) -> Option<(u64, i32)> {
        self.store.left_at.with_untracked(|all| all.get(&id).copied())
    }

    /// A history is left here; nothing for its end.
    pub fn leave_at(self, id: InteractionId, place: Option<(u64, i32)>) {
        self.store.left_at.update(|all| {
            all.remove(&id);
            all.extend(place.map(|place| (id, place)));
        });
    }

    /// The agent looked at everything there is: call it when the newest line is in sight and the window has the focus.
    pub fn viewed(self, id: InteractionId) {
        let newest = self.store.peek(|held| {
            let one = held.conversation(id)?;
            (one.viewed < one.interaction.seq).then_some(one.interaction.seq)
        });
        if let Some(seq) = newest {
            self.store.view(id, seq);
            self.outbox.wishes.add(Wish::KeepViewed(id));
        }
    }
}

fn links(
    conversation: &Conversation,
    activity: Option<&Activity>,
    queue: Option<&DeskQueue>,
    wanted: fn(&&Configured) -> bool,
) -> Vec<WebLink> {
    let (Some(activity), Some(queue)) = (activity, queue) else { return Vec::new() };
    let interaction = &conversation.interaction;
    let values = Values {
        activity: Some(activity.id),
        interaction: Some(interaction.id),
        contact: Some(interaction.identity),
        name: Some(conversation.customer.title()),
        address: Some(&conversation.customer.handle),
        queue: Some(activity.queue.number),
        channel: Some(interaction.channel),
    };
    filled(queue.links.iter().filter(wanted), &values).collect()
}

fn chat(held: &Held, conversation: &Conversation, user: Option<shared::id::UserId>) -> Chat {
    let interaction = &conversation.interaction;
    let activity = user.and_then(|user| conversation.activity_of(user));
    let queue = activity.map(|activity| &activity.queue).or_else(|| conversation.queue());
    let configured = queue.and_then(|queue| configured(held, queue.id));
    Chat {
        id: interaction.id,
        channel: interaction.channel,
        customer: conversation.customer.title().to_owned(),
        handle: conversation.customer.handle.clone(),
        picture: conversation.customer.avatar.map(picture),
        queue: queue.cloned(),
        phase: interaction.phase,
        entered_at: interaction.entered_at,
        ended_at: interaction.ended_at,
        disconnection: interaction.disconnection,
        activity: activity.map(|activity| activity.id),
        open: activity.is_some_and(|activity| activity.state == ActivityState::Open),
        links: links(conversation, activity, configured, |_| true),
        beside: links(conversation, activity, configured, |link| link.opens),
        chosen: activity.map(|activity| activity.outcomes().cloned().collect()).unwrap_or_default(),
        several: configured.is_some_and(|queue| queue.manner.several),
        statuses: configured.map(|queue| queue.dispositions.clone()).unwrap_or_default(),
        status_notes: configured.map(|queue| queue.status_notes.clone()).unwrap_or_default(),
        status_required: configured.is_some_and(requires),
        newest: interaction.seq,
        last_customer_seq: interaction.last_customer_seq,
        viewed: conversation.viewed,
        stale: conversation.stale,
    }
}

/// Where a customer's picture is; it never changes under its id.
pub(super) fn picture(id: AttachmentId) -> String {
    ["api/v1/avatars/", &id.to_string()].concat()
}

/// A queue as the desk knows it.
pub(super) fn configured(held: &Held, id: QueueId) -> Option<&DeskQueue> {
    held.config().queues.iter().find(|one| one.queue.id == id)
}

/// Whether a queue demands a status; void while it has none to choose from.
pub(super) fn requires(queue: &DeskQueue) -> bool {
    queue.disposition_required && !queue.dispositions.is_empty()
}
