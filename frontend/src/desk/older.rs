//! What came before the lines that are here: older ones of the same chat, then the customer's earlier chats above it, read and never written in.

use super::Desk;
use crate::outbox::Wish;
use crate::reading::Reading;
use crate::store::{Conversation, Part};
use shared::config::QueueRef;
use shared::id::{AttachmentId, InteractionId};
use shared::interaction::{AttachmentState, Disconnection, Phase};
use shared::thread::Body;
use shared::time::Timestamp;

/// An earlier chat, as the line above it tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The queue it was in last.
    pub queue: QueueRef,
    /// When it began.
    pub began: Timestamp,
    /// Why nobody answered, where nobody did.
    pub missed: Option<Disconnection>,
    /// The chosen status.
    pub status: Option<String>,
}

impl Desk {
    /// A chat with the earlier ones that are shown above it, the oldest first and itself the last.
    #[must_use]
    pub fn chats(self, id: InteractionId) -> Reading<Vec<InteractionId>> {
        Reading::of(move || {
            self.along(id, |chain| chain.iter().map(|one| one.interaction.id).collect::<Vec<_>>())
        })
    }

    /// What the line above an earlier chat tells; nothing while it is not here.
    #[must_use]
    pub fn earlier(self, id: InteractionId) -> Reading<Option<Earlier>> {
        Reading::of(move || {
            self.store.read(Part::Conversation(id), |held| {
                let chat = &held.conversation(id)?.interaction;
                let last = chat.activities.last()?;
                let missed = (chat.phase == Phase::Missed).then_some(chat.disconnection).flatten();
                let status =
                    Some(shared::config::titles(last.outcomes())).filter(|titles| !titles.is_empty());
                Some(Earlier { queue: last.queue.clone(), began: chat.entered_at, missed, status })
            })
        })
    }

    /// Whether there is anything older: lines of the chat on top, or a chat before it.
    #[must_use]
    pub fn has_older(self, id: InteractionId) -> Reading<bool> {
        Reading::of(move || self.along(id, older))
    }

    /// Whether older lines are on their way.
    #[must_use]
    pub fn loading_older(self, id: InteractionId) -> Reading<bool> {
        let fetching = self.store.fetching_older.clone();
        Reading::of(move || fetching.with(|all| all.contains(&id)))
    }

    /// Fetches older lines.
    pub fn load_older(self, id: InteractionId) {
        let may = self.store.peek(|held| older(&held.chain(id)));
        if may && !self.store.fetching_older.with_untracked(|all| all.contains(&id)) {
            self.store.fetching_older.update(|all| {
                all.insert(id);
            });
            self.outbox.wishes.add(Wish::Older(id));
        }
    }

    /// All pictures that are here of a conversation and those above it, oldest first, and what they are called; read it to
    /// be told of more.
    #[must_use]
    pub fn pictures(self, id: InteractionId) -> Vec<(AttachmentId, Option<String>)> {
        self.along(id, |chain| {
            let messages =
                chain.iter().flat_map(|one| one.thread.entries()).filter_map(|entry| match &entry.body {
                    Body::Message(message) => Some(message),
                    Body::Event { .. } => None,
                });
            let of = messages.flat_map(|message| message.attachments.iter().map(move |file| (message, file)));
            of.filter(|(_, file)| matches!(file.state, AttachmentState::Ready { pixels: Some(_), .. }))
                .map(|(message, file)| {
                    let name = message.names.iter().find(|one| one.attachment == file.id);
                    (file.id, name.map(|one| one.name.clone()))
                })
                .collect()
        })
    }

    /// Looks at a conversation and those above it; tells of changes in any of them.
    fn along<T>(self, id: InteractionId, look: impl Fn(&[&Conversation]) -> T) -> T {
        self.store.track(Part::Conversation(id));
        self.store.peek(|held| {
            let chain = held.chain(id);
            for one in &chain {
                self.store.track(Part::Conversation(one.interaction.id));
            }
            look(&chain)
        })
    }
}

/// Whether anything stands before what is on top.
fn older(chain: &[&Conversation]) -> bool {
    chain.first().is_some_and(|top| top.has_older || top.earlier.is_some())
}
