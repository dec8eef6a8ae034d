//! What the relay told this desk, with a signal for every part that changes alone. It never asks for anything.
//!
//! [`Held`] is the plain data and the only place where events are applied; [`Store`] lends it out and says what changed.
//! A reader never writes and a writer tells nobody before it has let go, so no lock is ever taken twice.

mod conversation;
mod earlier;
mod held;
mod lists;
mod look;
mod part;
mod status;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests;

pub use conversation::Conversation;
pub use held::{EndedRing, Held};
pub use lists::{List, Lists};
pub use part::Part;
pub use status::{Activities, Day, Demo, DemoLogin, Filter, Keeping, Link, Login, Session};

use crate::reading::Slot;
use leptos::prelude::*;
use shared::event::{Event, Stream};
use shared::flat::{FlatMap, FlatSet};
use shared::id::InteractionId;
use shared::thread::Content;
use shared::time::Timestamp;
use shared::wire::{DeskSnapshot, HistoryPage, InteractionSnapshot, ListUpdate};
use shared::world::Applied;
use std::sync::{Mutex, PoisonError, RwLock};

/// What the relay told, and how things stand with it. One per page; lives as long as the page.
#[derive(Default)]
pub struct Store {
    held: RwLock<Held>,
    parts: Mutex<FlatMap<Part, ArcTrigger>>,
    /// How the connection stands.
    pub link: Slot<Link>,
    /// Whether somebody is logged in.
    pub login: Slot<Login>,
    /// Why the last login was refused, as a sentence.
    pub login_refused: Slot<Option<String>>,
    /// What the device keeps.
    pub keeping: Slot<Keeping>,
    /// Whether another tab of this person makes the sounds, as the relay says.
    pub heard_elsewhere: Slot<bool>,
    /// The list of activities.
    pub activities: Slot<Activities>,
    /// What is to be seen of them.
    pub activities_filter: Slot<Filter>,
    /// What is to be seen of those who wait.
    pub waiting_filter: Slot<Filter>,
    /// The tabs in the order this device shows them; those that are not named stand behind, oldest first.
    pub tab_order: Slot<Vec<InteractionId>>,
    /// The chat whose close button was pressed from elsewhere: by a key, or in the palette.
    pub close_wished: Slot<Option<InteractionId>>,
    /// Chats that are about to be closed, with the instant at which they are; until then it can be taken back.
    pub closing: Slot<FlatMap<InteractionId, Timestamp>>,
    /// Since when there is no connection; none while there is one.
    pub cut_off_at: Slot<Option<Timestamp>>,
    /// Where a history was left that was not at its end: a block of it, and how far its top was above the upper edge.
    pub left_at: Slot<FlatMap<InteractionId, (u64, i32)>>,
    /// The agent's day in numbers.
    pub day: Slot<Day>,
    /// What a demo relay offers; none elsewhere.
    pub demo: Slot<Option<Demo>>,
    /// The relay's time, told by the measured offset; moves once a second.
    pub now: Slot<Timestamp>,
    /// Conversations whose older lines are on their way.
    pub fetching_older: Slot<FlatSet<InteractionId>>,
    /// Conversations that could not be fetched, with the reason as a sentence.
    pub unreachable: Slot<FlatMap<InteractionId, String>>,
}

impl Store {
    /// Lends the data out; the caller's view is told when `part` changes. The closure must not write.
    pub fn read<T>(&self, part: Part, look: impl FnOnce(&Held) -> T) -> T {
        self.trigger(part).track();
        self.peek(look)
    }

    /// Lends the data out once, without telling of changes. The closure must not write.
    pub fn peek<T>(&self, look: impl FnOnce(&Held) -> T) -> T {
        look(&self.held.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks to be told when `part` changes.
    pub fn track(&self, part: Part) {
        self.trigger(part).track();
    }

    /// Takes in an event with its words: the only way in for events.
    pub fn apply(&self, event: &Event, content: &[Content]) -> Applied {
        self.change(|held, touched| held.apply(event, content, touched))
    }

    /// Takes in a whole start.
    pub fn load(&self, snapshot: DeskSnapshot) {
        self.change(|held, touched| held.load(snapshot, touched));
    }

    /// Takes in one interaction in full; `viewed` when it is known how far it was looked at.
    pub fn adopt(&self, snapshot: InteractionSnapshot, viewed: Option<u64>) {
        self.change(|held, touched| held.adopt(snapshot, viewed, touched));
    }

    /// Takes in an older page of a history.
    pub fn prepend(&self, id: InteractionId, page: HistoryPage) {
        self.change(|held, touched| held.prepend(id, page, touched));
    }

    /// Takes in the chat before the one that stands on top, and puts it there; whether that is still here.
    #[must_use]
    pub fn unroll(&self, top: InteractionId, earlier: InteractionSnapshot) -> bool {
        self.change(|held, touched| held.unroll(top, earlier, touched))
    }

    /// Takes in changed rows of a list.
    pub fn rows(&self, update: ListUpdate) {
        self.change(|held, touched| held.rows(update, touched));
    }

    /// Notes how far a conversation was looked at.
    pub fn view(&self, id: InteractionId, seq: u64) {
        self.change(|held, touched| held.view(id, seq, touched));
    }

    /// Marks a stream as one that must be fetched anew.
    pub fn mark_stale(&self, stream: Stream) {
        self.change(|held, touched| {
            held.mark_stale(stream);
            touched.insert(Part::of(stream));
        });
    }

    /// Drops a stream.
    pub fn forget(&self, stream: Stream) {
        self.change(|held, touched| held.forget(stream, touched));
    }

    /// Drops everything that was told.
    pub fn forget_all(&self) {
        self.change(Held::forget_all);
        self.activities.set(Activities::default());
        self.closing.set(FlatMap::new());
        self.left_at.set(FlatMap::new());
    }

    /// Lets go of the oldest conversations nobody works on here; the caller stops watching them.
    #[must_use]
    pub fn thin_out(&self) -> Vec<InteractionId> {
        self.change(Held::thin_out)
    }

    fn change<T>(&self, write: impl FnOnce(&mut Held, &mut FlatSet<Part>) -> T) -> T {
        let mut touched = FlatSet::new();
        let result = write(&mut self.held.write().unwrap_or_else(PoisonError::into_inner), &mut touched);
        for part in touched {
            let trigger = self.parts.lock().unwrap_or_else(PoisonError::into_inner).get(&part).cloned();
            if let Some(trigger) = trigger {
                trigger.notify();
            }
        }
        result
    }

    fn trigger(&self, part: Part) -> ArcTrigger {
        self.parts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .or_insert_with(part, Default::default)
            .clone()
    }
}
