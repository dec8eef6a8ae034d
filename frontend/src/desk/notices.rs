//! What the agent should read: refusals that came after the click, as sentences for toasts.

use super::{Asked, Desk, Notice};
use crate::reading::Reading;
use crate::store::Part;
use shared::id::InteractionId;

impl Desk {
    /// The notices, oldest first; each stays until it is dismissed.
    #[must_use]
    pub fn notices(self) -> Reading<Vec<Notice>> {
        self.outbox.notices().into()
    }

    /// Takes a notice away.
    pub fn dismiss(self, number: u64) {
        self.outbox.notices().update(|notices| notices.retain(|one| one.number != number));
    }

    /// The chats of the agent's messages that did not arrive when they had left the chat, one for each message.
    #[must_use]
    pub fn undelivered(self) -> Reading<Vec<InteractionId>> {
        Reading::of(move || {
            self.store.read(Part::Agent, |held| {
                held.agent()
                    .into_iter()
                    .flat_map(|agent| &agent.undelivered)
                    .map(|one| one.interaction)
                    .collect()
            })
        })
    }

    /// The customer of such a chat, when known.
    #[must_use]
    pub fn undelivered_to(self, id: InteractionId) -> Option<String> {
        self.store.peek(|held| {
            let one = held.agent()?.undelivered.iter().find(|one| one.interaction == id)?;
            held.named(one.identity)
        })
    }

    /// The newest refusal of something asked in a conversation, such as `NewMessage` for a close: show it beside the
    /// control. It goes when dismissed.
    #[must_use]
    pub fn refused(self, id: InteractionId, what: Asked) -> Reading<Option<Notice>> {
        let notices = self.outbox.notices();
        Reading::of(move || {
            let is_it = |one: &&Notice| one.about == Some(id) && one.asked == Some(what);
            notices.with(|notices| notices.iter().rev().find(is_it).cloned())
        })
    }
}
