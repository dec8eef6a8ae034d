//! What admins have set about how desks behave: the workspace, and the manner of a queue. It sets nothing itself.

use super::Desk;
use super::conversation::configured;
use crate::store::Part;
use shared::config::{Focus, Manner, Workspace};
use shared::id::{InteractionId, QueueId};

impl Desk {
    /// What holds for the whole workspace; tells of changes.
    #[must_use]
    pub fn workspace(self) -> Workspace {
        self.store.read(Part::Config, |held| held.config().workspace)
    }

    /// How offers of a queue are refused and how its chats come; tells of changes.
    #[must_use]
    pub fn manner(self, queue: QueueId) -> Manner {
        self.store.read(Part::Config, |held| {
            configured(held, queue).map(|queue| queue.manner.clone()).unwrap_or_default()
        })
    }

    /// Whether a chat that just opened comes to the front by itself: as its queue says.
    #[must_use]
    pub fn comes_forward(self, id: InteractionId) -> bool {
        let (queue, alone) = self.store.peek(|held| {
            let open = held.agent().map(|agent| agent.open.as_slice()).unwrap_or_default();
            let queue = open.iter().find(|one| one.interaction == id).map(|one| one.queue);
            (queue, open.len() <= 1)
        });
        match queue.map(|queue| self.manner(queue).focus).unwrap_or_default() {
            Focus::Alone => alone,
            Focus::Always => true,
            Focus::Never => false,
        }
    }
}
