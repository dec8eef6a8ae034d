//! The chats a customer had before, above one another as the agent had them shown: which are here, which are let go of. It fetches nothing.

use super::conversation::Conversation;
use super::held::Held;
use super::part::Part;
use shared::event::Stream;
use shared::flat::FlatSet;
use shared::id::InteractionId;
use shared::wire::InteractionSnapshot;

/// Conversations kept after their work is done, so that a tab closes calmly; the oldest goes first, and with it what
/// stands above it.
const RESTING: usize = 12;

impl Held {
    /// A conversation with those above it, the oldest first and itself the last; nothing while it is not here.
    #[must_use]
    pub fn chain(&self, id: InteractionId) -> Vec<&Conversation> {
        let mut chain = Vec::new();
        let mut next = self.conversations.get(&id);
        while let Some(one) = next {
            chain.push(one);
            let above = one.above().and_then(|id| self.conversations.get(&id));
            // Only ever further back, whatever was told: so there is an end to it.
            next = above.filter(|above| place(above) < place(one));
        }
        chain.reverse();
        chain
    }

    /// Takes in the chat before the one that stands on top, and puts it there; whether that is still here.
    pub fn unroll(
        &mut self,
        top: InteractionId,
        earlier: InteractionSnapshot,
        touched: &mut FlatSet<Part>,
    ) -> bool {
        let Some(one) = self.conversations.get_mut(&top) else { return false };
        one.unrolled = true;
        touched.insert(Part::Conversation(top));
        self.adopt(earlier, None, touched);
        true
    }

    /// Lets go of the oldest conversations nobody works on here, beyond a handful. What stands above another one counts
    /// as a part of it.
    pub fn thin_out(&mut self, touched: &mut FlatSet<Part>) -> Vec<InteractionId> {
        let mut gone = Vec::new();
        loop {
            let parts: FlatSet<InteractionId> =
                self.conversations.values().filter_map(Conversation::above).collect();
            let rests = |id: &&InteractionId| !self.is_open(**id) && !parts.contains(id);
            let resting: Vec<InteractionId> = self.conversations.keys().filter(rests).copied().collect();
            match resting.first() {
                Some(oldest) if resting.len() > RESTING => {
                    self.forget(Stream::Interaction(*oldest), touched);
                    gone.push(*oldest);
                }
                _ => return gone,
            }
        }
    }
}

/// Where a chat stands among those of its customer.
const fn place(one: &Conversation) -> (i64, InteractionId) {
    (one.interaction.entered_at.0, one.interaction.id)
}
